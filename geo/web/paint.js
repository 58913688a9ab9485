// How each state of an area looks: colours, hatches and outlines, as SVG says them.
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
          line,
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

  /** A sample of an area's style for the legend. */
  function swatch(style) {
    const drawing = svg("svg", { viewBox: "0 0 26 16", class: "controlmap-swatch" });
    const box = svg("rect", { x: 1.5, y: 1.5, width: 23, height: 13 });
    repaint(box, undefined, style);
    drawing.append(box);
    return drawing;
  }

  Object.assign(controlmap, {
    svg, HATCHES, HATCH_WIDTH, tileSize, areaStyles, repaint, hatchSheet, swatch,
  });
})((window.controlmap ??= {}));
