// Outlines from the whole numbers that Python wrote: polygons, of rings, of [latitude, longitude].
(function (controlmap) {
  "use strict";

  /** A ring's points: the first as it stands, each further one a step from the one before. */
  function points(steps, grid) {
    const ring = new Array(steps.length / 2);
    let [x, y] = [0, 0];
    for (let at = 0; at < ring.length; at += 1) {
      x += steps[2 * at];
      y += steps[2 * at + 1];
      ring[at] = [y * grid, x * grid];
    }
    return ring;
  }

  controlmap.polygons = (shape, grid) =>
    shape.map((rings) => rings.map((steps) => points(steps, grid)));
})((window.controlmap ??= {}));
