// Draws areas and places on the Leaflet map, and repaints only what a step changes.
(function (controlmap) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const { UNCERTAIN, CLAIMED, controlOf } = controlmap;

  function svg(name, attributes = {}) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  // One repeat of matplotlib's hatch signs, on a 10 × 10 tile.
  const HATCHES = {
    "/": "M-1,1 L1,-1 M0,10 L10,0 M9,11 L11,9",
    "\\": "M-1,9 L1,11 M0,0 L10,10 M9,-1 L11,1",
    "|": "M5,0 V10",
    "-": "M0,5 H10",
    "+": "M5,0 V10 M0,5 H10",
    x: "M0,0 L10,10 M0,10 L10,0",
    ".": "M5,5 h0.01",
    o: "M5,3 a2,2 0 1,0 0.01,0",
  };

  const HATCH_WIDTH = { ".": 3 };
  const tileSize = (control) => 10 / (0.5 + Math.min(control.hatch.length, 4) / 4);

  function hatchPattern(id, control, ground, lines) {
    const size = tileSize(control);
    const pattern = svg("pattern", {
      id, width: size, height: size, viewBox: "0 0 10 10", patternUnits: "userSpaceOnUse",
    });
    pattern.append(svg("rect", { width: 10, height: 10, fill: ground }));
    for (const sign of new Set(control.hatch)) {
      pattern.append(svg("path", {
        d: HATCHES[sign], stroke: lines, fill: "none",
        "stroke-width": HATCH_WIDTH[sign] ?? 2.2, "stroke-linecap": "round",
      }));
    }
    return pattern;
  }

  /** A hidden drawing that holds every control's hatch, for all others to refer to. */
  function hatchSheet(controls) {
    const sheet = svg("svg", { width: 0, height: 0, "aria-hidden": "true" });
    sheet.style.position = "absolute";
    const defs = svg("defs");
    controls.forEach((control, code) => {
      if (!control.hatch) return;
      const id = `controlmap-hatch-${code}`;
      defs.append(
        hatchPattern(id, control, control.fill, control.lines),
        hatchPattern(`${id}-pale`, control, control.pale, control.pale_lines));
    });
    sheet.append(defs);
    return sheet;
  }

  /** The same hatch for a canvas, which knows nothing of the sheet. */
  function hatchTile(control, ground, lines) {
    const scale = window.devicePixelRatio || 1;
    const size = tileSize(control);
    const tile = document.createElement("canvas");
    tile.width = tile.height = Math.round(size * scale);
    const pen = tile.getContext("2d");
    pen.fillStyle = ground;
    pen.fillRect(0, 0, tile.width, tile.height);
    pen.scale(tile.width / 10, tile.height / 10);
    pen.strokeStyle = lines;
    pen.lineCap = "round";
    for (const sign of new Set(control.hatch)) {
      pen.lineWidth = HATCH_WIDTH[sign] ?? 2.2;
      pen.stroke(new Path2D(HATCHES[sign]));
    }
    const pattern = pen.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().scale(size / tile.width));
    return pattern;
  }

  const INK = "#1c2430";
  const LINES = {
    plain: { stroke: "#ffffff", "stroke-width": 0.9, "stroke-dasharray": "none" },
    unknown: { stroke: "#9aa3ae", "stroke-width": 0.9, "stroke-dasharray": "none" },
    claimed: { stroke: INK, "stroke-width": 1.8, "stroke-dasharray": "0.1 4.5" },
    uncertain: { stroke: INK, "stroke-width": 2.2, "stroke-dasharray": "7 5" },
  };

  const dashes = (text) => (text === "none" ? [] : text.split(" ").map(Number));

  /** What each state looks like, worked out once: state number → SVG attributes. */
  function areaStyles(controls) {
    return controls.flatMap((control, code) =>
      Array.from({ length: 8 }, (_, flags) => {
        const claimed = flags & CLAIMED;
        const plain = control.id === "unknown" ? "unknown" : "plain";
        const line = flags & UNCERTAIN ? "uncertain" : claimed ? "claimed" : plain;
        const tinted = claimed ? control.pale : control.fill;
        return {
          ...LINES[line],
          fill: control.hatch ? `url(#controlmap-hatch-${code}${claimed ? "-pale" : ""})` : tinted,
          class: `controlmap-area controlmap-${line} leaflet-interactive`,
          dashes: dashes(LINES[line]["stroke-dasharray"]),
          front: line === "uncertain" || line === "claimed",
          claimed: Boolean(claimed),
          code,
        };
      }));
  }

  const PAINTED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "class"];

  /** Sets only the attributes that differ: a DOM write costs more than the comparison. */
  function repaint(element, before, after) {
    for (const name of PAINTED) {
      if (before?.[name] !== after[name]) element.setAttribute(name, after[name]);
    }
  }

  /** One element an area: crisp, and each can be found in the page. */
  const asElements = {
    renderer: (pane) => L.svg({ pane, padding: 0.5 }),
    add(layer, id) {
      const element = layer.getElement();
      element.dataset.area = id;
      // Chromium lets Tab stop at every path that listens for focus, as Leaflet makes them do.
      element.tabIndex = -1;
    },
    paint(repaints) {
      for (const { layer, before, after } of repaints) {
        repaint(layer.getElement(), before, after);
        // A dashed outline must lie over its neighbours' borders to be seen.
        if (after.front) layer.bringToFront();
      }
    },
  };

  const MANY = 1000;

  // At 3,000 areas the browser takes longer over elements' styles than a canvas over drawing.
  // Leaflet's canvas knows no hatch, and redraws all that lies between the areas that changed:
  // here an area takes its look just before it is drawn, and is drawn over its old self.
  const AreaCanvas = L.Canvas.extend({
    _fillStroke(pen, layer) {
      const { look } = layer.options;
      if (!look) return;
      pen.fillStyle = this.options.hatches[look.claimed ? "pale" : "full"][look.code] ?? look.fill;
      pen.fill("evenodd");
      pen.setLineDash(look.dashes);
      pen.lineWidth = look["stroke-width"];
      pen.strokeStyle = look.stroke;
      pen.lineJoin = "round";
      pen.stroke();
    },

    drawOver(layers) {
      this._drawing = true;
      for (const layer of layers) layer._updatePath();
      this._drawing = false;
    },
  });

  const asCanvas = (controls) => {
    const hatched = (ground, lines) => controls.map((control) =>
      (control.hatch ? hatchTile(control, control[ground], control[lines]) : undefined));
    const hatches = { full: hatched("fill", "lines"), pale: hatched("pale", "pale_lines") };
    let canvas;
    return {
      renderer(pane) {
        canvas = new AreaCanvas({ pane, hatches });
        return canvas;
      },
      add() {},
      paint(repaints) {
        for (const { layer, before, after } of repaints) {
          layer.options.look = after;
          if (after.front) layer.bringToFront();
          // What is left of a heavier outline lies outside the area.
          else if (before?.front) layer.redraw();
        }
        canvas.drawOver(repaints.map(({ layer }) => layer));
      },
    };
  };

  class Areas {
    constructor(map, study, describe, open) {
      const pane = "controlmap-areas";
      map.createPane(pane).style.zIndex = 400;
      this.styles = areaStyles(study.controls);
      this.states = new Int32Array(study.areas.length).fill(-1);
      this.painter = study.areas.length > MANY ? asCanvas(study.controls) : asElements;
      const renderer = this.painter.renderer(pane);
      this.layers = study.areas.map((area, unit) => {
        const [layer] = L.geoJSON(area.geometry, {
          renderer, pane, smoothFactor: 0, style: { fillOpacity: 1 },
        }).getLayers();
        layer.bindTooltip(() => describe(unit), { sticky: true, className: "controlmap-tip" });
        layer.on("click", (event) => {
          layer.closeTooltip();
          open(unit, event.latlng);
        });
        layer.addTo(map);
        this.painter.add(layer, area.id);
        return layer;
      });
    }

    paint(spells, units, day) {
      const repaints = [];
      for (const unit of units) {
        const state = spells.state(unit, day);
        const before = this.states[unit];
        if (state === before) continue;
        repaints.push({
          layer: this.layers[unit], before: this.styles[before], after: this.styles[state],
        });
        this.states[unit] = state;
      }
      this.painter.paint(repaints);
    }
  }

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
          "controlmap-lone", Boolean(changes[force]?.lone));
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

  /** A sample of an area's style for the legend. */
  function swatch(style) {
    const drawing = svg("svg", { viewBox: "0 0 26 16", class: "controlmap-swatch" });
    const box = svg("rect", { x: 1.5, y: 1.5, width: 23, height: 13 });
    repaint(box, undefined, style);
    drawing.append(box);
    return drawing;
  }

  Object.assign(controlmap, { svg, Areas, Places, Labels, hatchSheet, marker, swatch });
})((window.controlmap ??= {}));
