// Thousands of areas on one canvas: hatched, thinly lined where they are small, drawn where it
// changed. Leaflet's own canvas knows no patterns, and works out each outline at every move.
(function (controlmap) {
  "use strict";

  const { HATCHES, HATCH_WIDTH, Sheet, Squares, tileSize, polygons } = controlmap;

  const ROOM = 40; // pixels of an area that has room for lines as wide as they should be
  const LEAST = 4; // pixels: around a smaller area there is no line
  const PARTS = 4; // as wide as it should be, or by so many parts less
  const REACH = 1.5; // pixels that the widest line reaches beyond its area, and its blur
  const FEW = 0.1; // of all areas: for more than these, everything is drawn anew

  /** A hatch as a small picture, sharp on this screen. */
  function hatchTile(control, ground, lines) {
    const size = Math.round(tileSize(control) * window.devicePixelRatio);
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = tile.getContext("2d");
    pen.fillStyle = ground;
    pen.fillRect(0, 0, size, size);
    pen.scale(size / 10, size / 10);
    pen.strokeStyle = lines;
    pen.lineCap = "round";
    for (const sign of new Set(control.hatch)) {
      pen.lineWidth = HATCH_WIDTH[sign] ?? 2.2;
      pen.stroke(new Path2D(HATCHES[sign]));
    }
    return tile;
  }

  /** Paths by what they are drawn with: drawn as one, they cost less and have no seams. */
  class Heaps extends Map {
    add(key, path, matrix) {
      if (!this.has(key)) this.set(key, new Path2D());
      this.get(key).addPath(path, matrix);
    }
  }

  const AreaCanvas = Sheet.extend({
    /**
     * @param styles,states what each state looks like, and which each area is in
     * @param describe,open as `Areas` has them
     */
    initialize(map, study, { pane, styles, states, describe, open }) {
      Sheet.prototype.initialize.call(this, { pane });
      Object.assign(this, { styles, states, controls: study.controls });
      this.probe = document.createElement("canvas").getContext("2d");
      this.lay(map, study);
      this.addTo(map);
      this.listen(map, describe, open);
    },

    /** Each area's path and its box, in pixels from the study's corner. */
    lay(map, study) {
      const { areas, grid } = study;
      this.anchor(map, study);
      this.boxes = new Float64Array(areas.length * 4);
      this.paths = areas.map(({ shape }, unit) => {
        const path = new Path2D();
        const box = [Infinity, Infinity, -Infinity, -Infinity];
        for (const ring of polygons(shape, grid).flat()) {
          ring.forEach((latlng, at) => {
            const { x, y } = this.from(map, latlng);
            if (at) path.lineTo(x, y);
            else path.moveTo(x, y);
            box[0] = Math.min(box[0], x);
            box[1] = Math.min(box[1], y);
            box[2] = Math.max(box[2], x);
            box[3] = Math.max(box[3], y);
          });
          path.closePath();
        }
        this.boxes.set(box, unit * 4);
        return path;
      });
    },

    renew() {
      this.hatch();
      this.widths = Uint8Array.from(this.paths, (_, unit) => this.lineParts(unit));
      this.spots = this.paths.map((_, unit) => this.spot(unit));
      this.seen = [...this.spots.keys()].filter((unit) => this.inSight(this.spots[unit]));
      this.draw(this.seen);
    },

    /** Hatches hang on the map, not on the canvas: they stay where they are when it is moved. */
    hatch() {
      this.tiles ??= new Map();
      this.hatches = new Map(this.controls.flatMap((control, code) => (control.hatch ? [
        [`${code}`, this.pattern(control, "fill", "lines")],
        [`${code} pale`, this.pattern(control, "pale", "pale_lines")],
      ] : [])));
    },

    pattern(control, ground, lines) {
      const { sharp } = this;
      const key = [control.id, ground, sharp].join(" ");
      if (!this.tiles.has(key)) {
        this.tiles.set(key, hatchTile(control, control[ground], control[lines]));
      }
      const pattern = this.pen.createPattern(this.tiles.get(key), "repeat");
      const size = this.tiles.get(key).width / sharp;
      const { x, y } = this.shift;
      pattern.setTransform(new DOMMatrix().translate(x % size, y % size).scale(1 / sharp));
      return pattern;
    },

    /** Where an area stands on the canvas, its lines included. */
    spot(unit) {
      const { boxes, scale, shift } = this;
      const reach = (REACH * this.widths[unit]) / PARTS + 0.5;
      return [
        boxes[unit * 4] * scale + shift.x - reach, boxes[unit * 4 + 1] * scale + shift.y - reach,
        boxes[unit * 4 + 2] * scale + shift.x + reach, boxes[unit * 4 + 3] * scale + shift.y + reach,
      ];
    },

    /** Only what changed, and so much of what lies around it as its lines touched. */
    paint(changed) {
      if (changed.length > FEW * this.paths.length) return this._update();
      const { pen, seen, sharp, size, spots } = this;
      const squares = new Squares(size);
      for (const { unit } of changed) if (this.inSight(spots[unit])) squares.mark(spots[unit]);
      pen.save();
      pen.setTransform(sharp, 0, 0, sharp, 0, 0);
      pen.clip(squares.outline());
      pen.clearRect(0, 0, size.x, size.y);
      this.draw(seen.filter((unit) => squares.touches(spots[unit])));
      pen.restore();
      return undefined;
    },

    draw(units) {
      const { pen, scale, sharp, shift } = this;
      const matrix = new DOMMatrix([scale, 0, 0, scale, shift.x, shift.y]);
      // To bring a path onto the canvas is most of the work: once for its ground and its line.
      const alike = new Heaps();
      for (const unit of units) {
        const state = this.states[unit];
        if (state < 0) continue;
        alike.add(state * (PARTS + 1) + this.widths[unit], this.paths[unit], matrix);
      }
      const [fills, lines] = [new Heaps(), new Heaps()];
      for (const [key, path] of alike) {
        const { code, claimed, fill, line } = this.styles[Math.floor(key / (PARTS + 1))];
        const width = key % (PARTS + 1);
        const hatch = `${code}${claimed ? " pale" : ""}`;
        fills.add(this.hatches.has(hatch) ? hatch : fill, path);
        if (width) lines.add(`${line} ${width / PARTS}`, path);
      }
      pen.setTransform(sharp, 0, 0, sharp, 0, 0);
      for (const [key, path] of fills) {
        pen.fillStyle = this.hatches.get(key) ?? key;
        pen.fill(path);
      }
      // Dashed outlines lie over their neighbours' borders.
      for (const front of [false, true]) this.stroke(lines, front);
    },

    stroke(lines, front) {
      const { pen } = this;
      pen.lineJoin = pen.lineCap = "round";
      for (const [key, path] of lines) {
        const [name, width] = key.split(" ");
        const line = this.styles.find((style) => style.line === name);
        if (line.front !== front) continue;
        pen.strokeStyle = line.stroke;
        pen.lineWidth = line["stroke-width"] * width;
        pen.setLineDash(line.dashes.map((length) => length * width));
        pen.stroke(path);
      }
    },

    /** Of full width, how many parts: full lines would be all there is to see of a small area. */
    lineParts(unit) {
      const { boxes } = this;
      const [across, down] = [0, 1].map((side) => boxes[unit * 4 + 2 + side] - boxes[unit * 4 + side]);
      const wide = Math.sqrt(across * down) * this.scale;
      return wide > LEAST ? Math.min(PARTS, Math.ceil((PARTS * wide) / ROOM)) : 0;
    },

    /** The area at a place; undefined for none. */
    at(latlng) {
      const { x, y } = this.from(this._map, latlng);
      const { boxes } = this;
      return this.paths.findIndex((path, unit) =>
        boxes[unit * 4] <= x && x <= boxes[unit * 4 + 2] &&
        boxes[unit * 4 + 1] <= y && y <= boxes[unit * 4 + 3] &&
        this.probe.isPointInPath(path, x, y));
    },

    /** One tooltip for all areas, which follows the pointer; a click opens the area's card. */
    listen(map, describe, open) {
      const tip = L.tooltip({ className: "controlmap-tip" });
      let over = -1;
      const leave = () => {
        over = -1;
        map.closeTooltip(tip);
        this._container.classList.remove("leaflet-interactive");
      };
      const under = ({ originalEvent, latlng }) =>
        (originalEvent.target === this._container ? this.at(latlng) : -1);
      map.on("mousemove", (event) => {
        const unit = under(event);
        if (unit < 0) return leave();
        tip.setLatLng(event.latlng);
        if (unit !== over) {
          over = unit;
          map.openTooltip(tip.setContent(describe(unit)));
          this._container.classList.add("leaflet-interactive");
        }
        return undefined;
      });
      map.on("mouseout dragstart zoomstart", leave);
      map.on("click", (event) => {
        const unit = under(event);
        leave();
        if (unit >= 0) open(unit, event.latlng);
      });
    },
  });

  controlmap.AreaCanvas = AreaCanvas;
})((window.controlmap ??= {}));
