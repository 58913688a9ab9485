// The names of places beside their markers.
(function (controlmap) {
  "use strict";

  const GAP = 3;
  const LABEL_HEIGHT = 15;
  const MOST = 400; // names at once: far more than a screen has room for among many markers
  const SIDE = 64; // pixels of the squares by which neighbours are found

  const within = (a, b) => a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3];
  const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  /** Boxes by the squares they touch: another one meets only its neighbours. */
  class Crowd {
    squares = new Map();

    * touched([left, top, right, bottom]) {
      for (let row = Math.floor(top / SIDE); row <= Math.floor(bottom / SIDE); row += 1) {
        for (let column = Math.floor(left / SIDE); column <= Math.floor(right / SIDE); column += 1) {
          yield row * 2 ** 26 + column;
        }
      }
    }

    add(box) {
      for (const square of this.touched(box)) {
        if (!this.squares.has(square)) this.squares.set(square, []);
        this.squares.get(square).push(box);
      }
    }

    meets(box) {
      for (const square of this.touched(box)) {
        if (this.squares.get(square)?.some((other) => overlap(box, other))) return true;
      }
      return false;
    }
  }

  /** Names beside their markers, the important first; one that would collide is left out. */
  class Labels {
    /**
     * @param places the study's
     * @param standing tells the numbers of those that have a marker now
     * @param obstacles tells the boxes that no name may cover, in pixels of the page
     */
    constructor(map, places, standing, obstacles) {
      Object.assign(this, { map, places, standing, obstacles });
      this.pane = map.createPane("controlmap-labels");
      this.pane.style.zIndex = 620;
      this.pane.style.pointerEvents = "none";
      this.group = L.layerGroup();
      this.ruler = document.createElement("canvas").getContext("2d");
      this.ruler.font = "600 12px system-ui, sans-serif";
      this.elements = new Map();
      this.widths = new Map();
      // Of many, names are made when they are shown, and thrown away.
      this.many = places.length > controlmap.Places.MANY;
      if (!this.many) for (const unit of places.keys()) this.element(unit);
      map.on("moveend resize", () => this.layOut());
    }

    element(unit) {
      if (!this.elements.has(unit)) {
        const element = document.createElement("span");
        element.className = "controlmap-label";
        element.dir = "auto";
        element.textContent = this.places[unit].name;
        this.pane.append(element);
        this.elements.set(unit, element);
      }
      return this.elements.get(unit);
    }

    width(unit) {
      if (!this.widths.has(unit)) {
        this.widths.set(unit, this.ruler.measureText(this.places[unit].name).width + 4);
      }
      return this.widths.get(unit);
    }

    layOut() {
      const placed = this.map.hasLayer(this.group) ? this.spots() : new Map();
      for (const [unit, [left, top]] of placed) {
        const element = this.element(unit);
        element.hidden = false;
        L.DomUtil.setPosition(element, L.point(Math.round(left), Math.round(top)));
      }
      for (const [unit, element] of this.elements) {
        if (placed.has(unit)) continue;
        element.hidden = true;
        if (!this.many) continue;
        element.remove();
        this.elements.delete(unit);
      }
    }

    /** Which names are shown, and where: number → box. */
    spots() {
      const { places } = this;
      const standing = [...this.standing()].sort((a, b) => places[a].rank - places[b].rank);
      const at = (unit) => this.map.latLngToLayerPoint(places[unit].latlng);
      const size = this.map.getSize();
      const corner = this.map.containerPointToLayerPoint([0, 0]);
      const view = [corner.x, corner.y, corner.x + size.x, corner.y + size.y];
      const taken = this.taken(standing.map(at), corner);
      const placed = new Map();
      for (const unit of standing) {
        if (placed.size === MOST) break;
        const spot = this.freeSpot(at(unit), this.width(unit), taken, view);
        if (!spot) continue;
        taken.add(spot);
        placed.set(unit, spot);
      }
      return placed;
    }

    /** What no name may cover: markers, and what stands over the map. */
    taken(markers, corner) {
      const taken = new Crowd();
      const frame = this.map.getContainer().getBoundingClientRect();
      const shift = [corner.x - frame.left, corner.y - frame.top];
      for (const { x, y } of markers) taken.add([x - 6, y - 6, x + 6, y + 6]);
      for (const { left, top, right, bottom } of this.obstacles()) {
        taken.add([left + shift[0], top + shift[1], right + shift[0], bottom + shift[1]]);
      }
      return taken;
    }

    freeSpot({ x, y }, width, taken, view) {
      const reach = 8 + GAP;
      const half = LABEL_HEIGHT / 2;
      const corners = [
        [x + reach, y - half], [x - reach - width, y - half],
        [x - width / 2, y - reach - LABEL_HEIGHT], [x - width / 2, y + reach],
        [x + reach - 3, y - reach - half], [x + reach - 3, y + reach - half],
        [x - reach + 3 - width, y - reach - half], [x - reach + 3 - width, y + reach - half],
      ];
      const boxes = corners.map(([left, top]) => [left, top, left + width, top + LABEL_HEIGHT]);
      return boxes.find((box) => within(box, view) && !taken.meets(box));
    }
  }

  controlmap.Labels = Labels;
})((window.controlmap ??= {}));
