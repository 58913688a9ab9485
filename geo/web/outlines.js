// Outlines and places from what Python wrote compactly: whole numbers, columns, each thing once.
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

  /** A study's places, from columns: what many have in common stands once, as their sort. */
  controlmap.placeTable = ({ id, name, sorts, sort, rank, at }, { grid }) =>
    points(at, grid).map((latlng, unit) => (
      { ...sorts[sort[unit]], id: id[unit], name: name[unit], rank: rank[unit], latlng }));

  /** @returns of each polygon its rings, of [latitude, longitude] */
  controlmap.polygons = (shape, grid) =>
    shape.map((rings) => rings.map((steps) => points(steps, grid)));
})((window.controlmap ??= {}));
