// A canvas as large as what is in sight and a little more, laid anew when the map has moved.
(function (controlmap) {
  "use strict";

  const ZOOM = 12; // what is drawn is counted in its pixels: a canvas knows them to a small part

  /** Small squares of a canvas: those in which something has changed. */
  class Squares {
    static SIDE = 2;

    constructor({ x: width, y: height }) {
      this.across = Math.ceil(width / Squares.SIDE);
      this.down = Math.ceil(height / Squares.SIDE);
      this.marked = new Uint8Array(this.across * this.down);
    }

    mark([left, top, right, bottom]) {
      const [west, north] = [this.square(left, this.across), this.square(top, this.down)];
      const [east, south] = [this.square(right, this.across), this.square(bottom, this.down)];
      for (let row = north; row <= south; row += 1) {
        this.marked.fill(1, row * this.across + west, row * this.across + east + 1);
      }
    }

    touches([left, top, right, bottom]) {
      const [west, north] = [this.square(left, this.across), this.square(top, this.down)];
      const [east, south] = [this.square(right, this.across), this.square(bottom, this.down)];
      for (let row = north; row <= south; row += 1) {
        for (let at = row * this.across + west; at <= row * this.across + east; at += 1) {
          if (this.marked[at]) return true;
        }
      }
      return false;
    }

    /** The row or column that a pixel lies in, or the nearest of the canvas. */
    square(pixel, count) {
      return Math.max(0, Math.min(count - 1, Math.floor(pixel / Squares.SIDE)));
    }

    /** What is marked, each run of squares in a row as one rectangle. */
    outline() {
      const { SIDE } = Squares;
      const { across, marked } = this;
      const path = new Path2D();
      for (let from = marked.indexOf(1); from >= 0;) {
        const left = from % across;
        const gap = marked.indexOf(0, from);
        const to = Math.min(gap < 0 ? marked.length : gap, from - left + across);
        path.rect(left * SIDE, ((from - left) / across) * SIDE, (to - from) * SIDE, SIDE);
        from = marked.indexOf(1, to);
      }
      return path;
    }
  }

  /** Whoever draws on it anchors it before it is added, and says what to do anew (`renew`). */
  const Sheet = L.Renderer.extend({
    options: { padding: 0.2 },

    initialize({ pane }) {
      L.Renderer.prototype.initialize.call(this, { pane });
    },

    /** Where the study's corner is, from which all is counted. */
    anchor(map, { bounds: [[south, west], [north]] }) {
      this.origin = map.project([north, west], ZOOM);
    },

    /** A place of the earth in pixels from the study's corner. */
    from(map, latlng) {
      return map.project(latlng, ZOOM).subtract(this.origin);
    },

    _initContainer() {
      this._container = document.createElement("canvas");
      this.pen = this._container.getContext("2d");
    },

    _destroyContainer() {
      this._container.remove();
    },

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const { min } = this._bounds;
      const size = this._bounds.getSize();
      const sharp = window.devicePixelRatio;
      L.DomUtil.setPosition(this._container, min);
      Object.assign(this._container, { width: size.x * sharp, height: size.y * sharp });
      Object.assign(this._container.style, { width: `${size.x}px`, height: `${size.y}px` });
      Object.assign(this, { size, sharp });
      this.scale = this._map.getZoomScale(this._map.getZoom(), ZOOM);
      this.shift = this.origin.multiplyBy(this.scale)
        .subtract(this._map.getPixelOrigin()).subtract(min);
      this.renew();
    },

    inSight([left, top, right, bottom]) {
      return right > 0 && bottom > 0 && left < this.size.x && top < this.size.y;
    },
  });

  Object.assign(controlmap, { Sheet, Squares });
})((window.controlmap ??= {}));
