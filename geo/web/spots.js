// Thousands of places on one canvas: those that have room at this scale, the important first.
(function (controlmap) {
  "use strict";

  const { Sheet, Sprites, markerSize } = controlmap;

  const PANE = "controlmap-places";
  const APART = 16; // pixels between two markers' middles: one with its small 1 is so wide
  const AROUND = [-1, 0, 1];

  /** Which points have room, each in its turn: none is nearer to one before it than `apart`. */
  function thinned(turns, xs, ys, apart) {
    const cells = new Map(); // a square of this side has room for one
    const square = (column, row) => row * 2 ** 26 + column;
    return turns.filter((unit) => {
      const [column, row] = [Math.floor(xs[unit] / apart), Math.floor(ys[unit] / apart)];
      for (const down of AROUND) {
        for (const across of AROUND) {
          const other = cells.get(square(column + across, row + down));
          if (other !== undefined && Math.abs(xs[unit] - xs[other]) < apart &&
              Math.abs(ys[unit] - ys[other]) < apart) return false;
        }
      }
      cells.set(square(column, row), unit);
      return true;
    });
  }

  const PlaceCanvas = Sheet.extend({
    /**
     * @param groups,describe,open as `PlaceElements` has them
     * @param looks of each place its state × 2, and 1 more if one source alone speaks for it
     * @param told called with how many places have a marker, and of how many that are in sight
     */
    initialize(map, study, { groups, looks, describe, open, told }) {
      Sheet.prototype.initialize.call(this, { pane: PANE });
      Object.assign(this, { groups, looks, told, places: study.places, preferred: -1 });
      Object.assign(map.createPane(PANE).style, { zIndex: 600, pointerEvents: "none" });
      this.sprites = new Sprites(study.controls);
      this.lay(map, study);
      this.addTo(map);
      map.on("overlayadd overlayremove", () => this._update());
      this.listen(map, describe, open);
    },

    /** Where each place is, in pixels from the study's corner, and the two orders they have. */
    lay(map, study) {
      const { places } = study;
      this.anchor(map, study);
      const points = places.map(({ latlng }) => this.from(map, latlng));
      this.xs = Float64Array.from(points, ({ x }) => x);
      this.ys = Float64Array.from(points, ({ y }) => y);
      const units = [...places.keys()];
      this.byRank = [...units].sort((a, b) => places[a].rank - places[b].rank);
      // The southern over the northern, as Leaflet has its markers.
      this.bySouth = units.sort((a, b) => this.ys[a] - this.ys[b]);
    },

    renew() {
      const open = this.open();
      this.room = this.roomy(open);
      this.lefts = this.xs.map((x) => Math.round(x * this.scale + this.shift.x));
      this.tops = this.ys.map((y) => Math.round(y * this.scale + this.shift.y));
      this.seen = this.bySouth.filter((unit) => this.room.has(unit) && this.near(unit));
      this.count(open);
      this.draw();
    },

    /** The groups that are switched on. */
    open() {
      return new Set(Object.keys(this.groups).filter((name) => this._map.hasLayer(this.groups[name])));
    },

    /** The places that have room: kept, since moving the map does not change them. */
    roomy(open) {
      const { _map: map, preferred, places, scale } = this;
      const key = [scale, preferred, ...open].join(" ");
      if (this.keptFor === key) return this.room;
      this.keptFor = key;
      const turns = this.byRank.filter((unit) => open.has(places[unit].group));
      if (open.has(places[preferred]?.group)) turns.unshift(preferred);
      // At the deepest zoom nothing may be left out: what still has no room lies on another.
      if (map.getZoom() >= map.getMaxZoom()) return new Set(turns);
      return new Set(thinned(turns, this.xs, this.ys, APART / scale));
    },

    near(unit) {
      const [x, y, reach] = [this.lefts[unit], this.tops[unit], Sprites.reach(this.places[unit])];
      return this.inSight([x - reach, y - reach, x + reach, y + reach]);
    },

    /** How many of those in sight have a marker; the canvas reaches beyond what is in sight. */
    count(open) {
      const { places, room } = this;
      const corner = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
      const { x: width, y: height } = this._map.getSize();
      let [shown, all] = [0, 0];
      places.forEach(({ group }, unit) => {
        const [x, y] = [this.lefts[unit] - corner.x, this.tops[unit] - corner.y];
        if (x < 0 || y < 0 || x > width || y > height || !open.has(group)) return;
        all += 1;
        shown += Number(room.has(unit));
      });
      this.told(shown, all);
    },

    paint(changed) {
      const seen = new Set(this.seen);
      if (changed.some(({ unit }) => seen.has(unit))) this.draw();
    },

    draw() {
      const { looks, pen, places, sharp, sprites } = this;
      pen.clearRect(0, 0, this._container.width, this._container.height);
      for (const unit of this.seen) {
        const look = looks[unit];
        if (look < 0) continue;
        const reach = Sprites.reach(places[unit]);
        pen.drawImage(sprites.of(places[unit], look >> 1, Boolean(look & 1), sharp),
          Math.round((this.lefts[unit] - reach) * sharp), Math.round((this.tops[unit] - reach) * sharp));
      }
    },

    /** The numbers of the places that stand on the canvas. */
    standing() {
      return this.seen;
    },

    /** This place has its marker, whatever else is near. */
    prefer(unit) {
      if (this.room.has(unit)) return;
      this.preferred = unit;
      this._update();
    },

    /** The place whose marker the pointer is on; −1 for none. */
    under(event) {
      if (event.target.closest(".leaflet-control, .leaflet-popup")) return -1;
      const { x, y } = this._map.mouseEventToLayerPoint(event).subtract(this._bounds.min);
      return this.seen.findLast((unit) => {
        const half = markerSize(this.places[unit]) / 2;
        return Math.abs(x - this.lefts[unit]) <= half && Math.abs(y - this.tops[unit]) <= half;
      }) ?? -1;
    },

    /**
     * One unseen marker goes to the place that the pointer is on, before the pointer meets what
     * lies there: hovered and clicked as any other marker is.
     */
    listen(map, describe, open) {
      let over = -1;
      const size = markerSize({ capital: true });
      const hand = L.marker([0, 0], {
        icon: L.divIcon({ className: "controlmap-hand", iconSize: [size, size] }), keyboard: false,
      });
      const leave = () => {
        over = -1;
        hand.remove();
      };
      hand.bindTooltip(() => describe(over), { className: "controlmap-tip" });
      hand.on("click", () => {
        hand.closeTooltip();
        open(over, this.places[over].latlng);
      });
      const reach = (event) => {
        const unit = this.under(event);
        if (unit === over) return;
        leave();
        if (unit < 0) return;
        over = unit;
        hand.setLatLng(this.places[unit].latlng).addTo(map);
      };
      const container = map.getContainer();
      container.addEventListener("mousemove", (event) => {
        if (event.buttons) return;
        reach(event);
        if (over < 0 || hand.isTooltipOpen()) return;
        // The area below has been met already: it must not speak as well.
        event.stopPropagation();
        map.fire("mouseout");
        hand.openTooltip();
      }, true);
      // A finger comes without moving: its click is to meet the marker.
      container.addEventListener("pointerdown", reach, true);
      container.addEventListener("mouseleave", leave);
      map.on("zoomstart overlayremove", leave);
    },
  });

  controlmap.PlaceCanvas = PlaceCanvas;
})((window.controlmap ??= {}));
