// A place's marker as a small picture, drawn once for each look: what `marker` is as SVG.
(function (controlmap) {
  "use strict";

  const { SHAPES, SIGNS, UNCERTAIN, CLAIMED, controlOf, markerSize } = controlmap;

  const ROOM = 8; // pixels around a marker, for its rim and the small 1

  // As controlmap.css has them.
  const INK = "#10151c";
  const RIM = { plain: 1.6, capital: 2.4 };
  const DASHES = [3, 2];
  const FAINT = 0.45;

  function body(pen, shape, control, flags) {
    pen.globalAlpha = flags & CLAIMED ? FAINT : 1;
    pen.fillStyle = control.colour;
    pen.fill(shape);
    pen.globalAlpha = 1;
  }

  function sign(pen, shape, control) {
    const path = new Path2D(SIGNS[control.marker]);
    pen.save();
    pen.clip(shape);
    pen.lineWidth = 1.7;
    pen.fillStyle = pen.strokeStyle = "#ffffff";
    if (control.marker === "cross") pen.stroke(path);
    else pen.fill(path);
    pen.restore();
  }

  function rim(pen, shape, flags, capital) {
    pen.strokeStyle = INK;
    pen.lineWidth = capital ? RIM.capital : RIM.plain;
    pen.setLineDash(flags & UNCERTAIN ? DASHES : []);
    pen.stroke(shape);
  }

  /** The small 1 of what only one source says, at the marker's upper right. */
  function one(pen, size, sharp) {
    pen.font = "700 9px system-ui, sans-serif";
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillStyle = INK;
    Object.assign(pen, { shadowColor: "#ffffff", shadowBlur: 2 * sharp });
    for (let layer = 0; layer < 3; layer += 1) pen.fillText("1", size + 5, 0);
  }

  class Sprites {
    constructor(controls) {
      Object.assign(this, { controls, kept: new Map() });
    }

    /** @param sharp pixels of the screen for each of the page's */
    of(place, state, lone, sharp) {
      const key = [place.shape, place.capital, state, lone, sharp].join(" ");
      if (!this.kept.has(key)) this.kept.set(key, this.drawn(place, state, lone, sharp));
      return this.kept.get(key);
    }

    drawn(place, state, lone, sharp) {
      const size = markerSize(place);
      const picture = document.createElement("canvas");
      picture.width = picture.height = Math.ceil((size + 2 * ROOM) * sharp);
      const pen = picture.getContext("2d");
      pen.scale(sharp, sharp);
      pen.translate(ROOM, ROOM);
      const [control, shape] = [this.controls[controlOf(state)], new Path2D(SHAPES[place.shape])];
      pen.save();
      pen.scale(size / 18, size / 18);
      pen.translate(1, 1);
      body(pen, shape, control, state);
      sign(pen, shape, control);
      rim(pen, shape, state, place.capital);
      pen.restore();
      if (lone) one(pen, size, sharp);
      return picture;
    }

    /** From a marker's middle to its picture's edge, in the page's pixels. */
    static reach(place) {
      return markerSize(place) / 2 + ROOM;
    }
  }

  controlmap.Sprites = Sprites;
})((window.controlmap ??= {}));
