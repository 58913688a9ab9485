// Places on the map: their markers, repainted where a step changes them, and their names.
(function (controlmap) {
  "use strict";

  const { svg, UNCERTAIN, CLAIMED, controlOf } = controlmap;

  const SHAPES = {
    circle: "M8,2 a6,6 0 1,0 0.01,0 Z",
    square: "M3,3 H13 V13 H3 Z",
    triangle: "M8,1.5 L14.5,13.5 H1.5 Z",
    diamond: "M8,1 L15,8 L8,15 L1,8 Z",
    pentagon: "M8,1.5 L14.5,6.5 L12,14 H4 L1.5,6.5 Z",
  };

  // How a control fills a marker: its second sign, for eyes and printers without colour.
  const SIGNS = {
    full: "",
    half: "M8,0 H16 V16 H8 Z",
    dot: "M8,6 a2,2 0 1,0 0.01,0 Z",
    cross: "M3,3 L13,13 M13,3 L3,13",
    ring: "M8,4.5 a3.5,3.5 0 1,0 0.01,0 Z",
    open: "",
  };

  let clips = 0;

  /** A place's marker, or the same sign in the legend. */
  function marker(shape, control, flags = 0) {
    const drawing = svg("svg", { viewBox: "-1 -1 18 18", class: "controlmap-marker" });
    const clip = svg("clipPath", { id: `controlmap-clip-${clips++}` });
    clip.append(svg("path", { d: SHAPES[shape] }));
    const body = svg("path", { d: SHAPES[shape], class: "controlmap-marker-body" });
    const sign = svg("path", { "clip-path": `url(#${clip.id})` });
    drawing.append(clip, body, sign, svg("path", {
      d: SHAPES[shape], class: "controlmap-marker-rim", fill: "none",
    }));
    signMarker(drawing, control, flags);
    return drawing;
  }

  function signMarker(drawing, control, flags) {
    const [, body, sign] = drawing.children;
    body.setAttribute("fill", control.colour);
    sign.setAttribute("d", SIGNS[control.marker]);
    const line = control.marker === "cross";
    sign.setAttribute("fill", line ? "none" : "#ffffff");
    sign.setAttribute("stroke", line ? "#ffffff" : "none");
    sign.setAttribute("stroke-width", 1.7);
    drawing.classList.toggle("controlmap-uncertain", Boolean(flags & UNCERTAIN));
    drawing.classList.toggle("controlmap-claimed", Boolean(flags & CLAIMED));
  }

  class Places {
    constructor(map, study, groups, describe, open) {
      this.controls = study.controls;
      this.states = new Int32Array(study.places.length).fill(-1);
      this.drawings = study.places.map((place, unit) => {
        const drawing = marker(place.shape, study.controls.at(-1));
        drawing.dataset.place = place.id;
        if (place.capital) drawing.classList.add("controlmap-capital");
        const size = place.capital ? 14 : 12;
        const box = document.createElement("span");
        box.className = "controlmap-spot";
        box.append(drawing);
        const icon = L.divIcon({ html: box, className: "", iconSize: [size, size] });
        L.marker(place.latlng, { icon, keyboard: false, riseOnHover: true })
          .bindTooltip(() => describe(unit), { className: "controlmap-tip" })
          .on("click", (event) => {
            event.target.closeTooltip();
            open(unit, place.latlng);
          })
          .addTo(groups[place.group]);
        return drawing;
      });
    }

    /** @param changes those that the spells speak of, to mark what one source alone says */
    paint(spells, units, day, changes) {
      for (const unit of units) {
        const state = spells.state(unit, day);
        const { force } = spells.changes(unit, day);
        this.drawings[unit].parentNode.classList.toggle(
          "controlmap-lone", changes.lone.has(force));
        if (state === this.states[unit]) continue;
        signMarker(this.drawings[unit], this.controls[controlOf(state)], state & 7);
        this.states[unit] = state;
      }
    }
  }

  const GAP = 3;
  const LABEL_HEIGHT = 15;

  /** Names beside their markers, the important first; one that would collide is left out. */
  class Labels {
    constructor(map, places, obstacles) {
      this.map = map;
      this.places = places;
      this.obstacles = obstacles;
      const pane = map.createPane("controlmap-labels");
      pane.style.zIndex = 620;
      pane.style.pointerEvents = "none";
      this.group = L.layerGroup();
      const ruler = document.createElement("canvas").getContext("2d");
      ruler.font = "600 12px system-ui, sans-serif";
      this.elements = places.map((place) => {
        const element = document.createElement("span");
        element.className = "controlmap-label";
        element.dir = "auto";
        element.textContent = place.name;
        pane.append(element);
        return { element, width: ruler.measureText(place.name).width + 4 };
      });
      map.on("zoomend moveend resize", () => this.layOut());
    }

    layOut() {
      const shown = (place) => place.visible();
      const taken = this.places.filter(shown).map((place) => {
        const { x, y } = this.map.latLngToLayerPoint(place.latlng);
        return [x - 6, y - 6, x + 6, y + 6];
      });
      const frame = this.map.getContainer().getBoundingClientRect();
      const size = this.map.getSize();
      const corner = this.map.containerPointToLayerPoint([0, 0]);
      const view = [corner.x, corner.y, corner.x + size.x, corner.y + size.y];
      const shift = [corner.x - frame.left, corner.y - frame.top];
      for (const { left, top, right, bottom } of this.obstacles()) {
        taken.push([left + shift[0], top + shift[1], right + shift[0], bottom + shift[1]]);
      }
      const order = [...this.places.keys()].sort((a, b) => this.places[a].rank - this.places[b].rank);
      for (const at of order) {
        const { element, width } = this.elements[at];
        const place = this.places[at];
        const spot = shown(place) && this.freeSpot(place, width, taken, view);
        element.hidden = !spot;
        if (!spot) continue;
        taken.push(spot);
        L.DomUtil.setPosition(element, L.point(Math.round(spot[0]), Math.round(spot[1])));
      }
    }

    freeSpot(place, width, taken, view) {
      const { x, y } = this.map.latLngToLayerPoint(place.latlng);
      const reach = 8 + GAP;
      const half = LABEL_HEIGHT / 2;
      const corners = [
        [x + reach, y - half], [x - reach - width, y - half],
        [x - width / 2, y - reach - LABEL_HEIGHT], [x - width / 2, y + reach],
        [x + reach - 3, y - reach - half], [x + reach - 3, y + reach - half],
        [x - reach + 3 - width, y - reach - half], [x - reach + 3 - width, y + reach - half],
      ];
      const boxes = corners.map(([left, top]) => [left, top, left + width, top + LABEL_HEIGHT]);
      return boxes.find((box) =>
        within(box, view) && !taken.some((other) => overlap(box, other)));
    }
  }

  const within = (a, b) => a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3];
  const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  Object.assign(controlmap, { Places, Labels, marker });
})((window.controlmap ??= {}));
