"""Outlines as the browser is told them: no finer than a screen shows, and as whole numbers.

Polygons in WGS 84 go in; out come polygons with fewer points, or lists ready for JSON. Only
the web map draws these: pictures, tables and map files take the study's own outlines.
"""

import numpy as np
import shapely

GRID = 1e-5
"""Degrees: outlines are rounded to it, about a metre. A pixel is that small at zoom 17 only."""

BUDGET = 200_000
"""Points of all outlines together above which they are simplified: a browser draws so many."""

FINEST = 1 / 20_000
"""Of the study's extent: the least tolerance, a small part of a pixel where it fills a screen."""

CLOSE = 0.7
"""Of the budget: more points than this are not worth another try."""

TRIES = 8


def simplified(shapes: np.ndarray, budget: int = BUDGET) -> np.ndarray:
    """The same shapes with fewer points, if they have more than a budget.

    What two shapes share as a border they share afterwards: the line between them is
    simplified once (Visvalingam and Whyatt's method on a coverage, as GEOS has it). No shape
    is lost. Where shapes do not meet point by point, each keeps a border of its own.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry
        Polygons and multipolygons.
    budget : int
        Points of all shapes together. The finest of a few tolerances that keeps to it is
        taken; a budget below what triangles need is not kept.

    Returns
    -------
    numpy.ndarray of shapely.Geometry
        In the same order; the very same shapes if they keep to the budget as they are.
    """
    if _points(shapes) <= budget:
        return shapes
    extent = float(np.ptp(shapely.total_bounds(shapes).reshape(2, 2), axis=0).max())
    fine, coarse = np.log([extent * FINEST, extent])
    found = None
    for _ in range(TRIES):
        middle = (fine + coarse) / 2
        tried = _coverage(shapes, float(np.exp(middle)))
        if _points(tried) > budget:
            fine = middle
            continue
        coarse, found = middle, tried
        if _points(tried) > CLOSE * budget:
            break
    return _coverage(shapes, extent) if found is None else found


def _points(shapes: np.ndarray) -> int:
    return int(shapely.get_num_coordinates(shapes).sum())


def _coverage(shapes: np.ndarray, tolerance: float) -> np.ndarray:
    """Simplified together; a shape that did not come through this well stays as it was."""
    found = shapely.coverage_simplify(shapes, tolerance)
    spoilt = shapely.is_empty(found) | ~shapely.is_valid(found)
    return np.where(spoilt, shapes, found)


def encoded(shapes: np.ndarray) -> list[list[list[list[int]]]]:
    """Polygons as whole numbers, each ring as steps from point to point.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely.Geometry
        Polygons and multipolygons; a point that two of them share is the same in both.

    Returns
    -------
    list
        For each shape its polygons, for each of those its rings (the outline counter-clockwise,
        then the holes clockwise), for each of those a flat list: longitude and latitude of its
        first point in units of :data:`GRID`, then of each further one what is to be added. The
        last point, which is the first again, is left out.
    """
    if not len(shapes):
        return []
    polygons, shape = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.rint(points / GRID).astype(int)
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    steps = np.diff(steps, axis=0, prepend=0)
    steps[first] = np.rint(points[first] / GRID)
    lines = np.split(steps.ravel(), 2 * first[1:])
    told: list[list[list[list[int]]]] = [[] for _ in shapes]
    for at, outline in enumerate(lines):
        of = told[shape[polygon[at]]]
        if at == 0 or polygon[at] != polygon[at - 1]:
            of.append([])
        of[-1].append(outline[:-2].tolist())
    return told


def stepped(places: np.ndarray) -> list[int]:
    """Points as whole numbers: a flat list as :func:`encoded` has one for each ring.

    Examples
    --------
    >>> stepped(shapely.points([[60.5, 30.2], [60.50001, 30.1]]))
    [6050000, 3020000, 1, -10000]
    """
    points = np.rint(shapely.get_coordinates(places) / GRID).astype(int)
    return np.diff(points, axis=0, prepend=np.zeros((1, 2), int)).ravel().tolist()
