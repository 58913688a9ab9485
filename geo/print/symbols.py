"""The signs of control on paper: fills of areas, markers of places, outlines of doubt.

The same shapes, signs and colours as in the browser (``geo/web/paint.js``); controls come
from :mod:`geo.style`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from matplotlib.path import Path

from geo import style
from geo.print.typeset import INK, Sheet

DASHED: dict[str, Any] = {
    "edgecolor": INK,
    "linewidth": 3.2,
    "linestyle": (0, (3.2, 2.2)),
}
"""About an area whose control is uncertain on the day. Dashes count in widths of the line."""

DOTTED: dict[str, Any] = {
    "edgecolor": INK,
    "linewidth": 3,
    "linestyle": (0, (0.1, 2.2)),
    "capstyle": "round",
}
"""About an area that only the gaining side claims."""

MARKER, CAPITAL = 16, 19
RIM, RIM_WIDTH, CAPITAL_RIM = "#10151c", 1.5, 2.6
SHAKY_RIM = (0, (2, 1.2))
RING, RING_WIDTH = 31, 2
"""About a place that changed hands on the day."""

_OUTLINES = {
    "circle": shapely.Point(8, 8).buffer(6, quad_segs=16),
    "square": shapely.box(3, 3, 13, 13),
    "triangle": shapely.Polygon([(8, 1.5), (14.5, 13.5), (1.5, 13.5)]),
    "diamond": shapely.Polygon([(8, 1), (15, 8), (8, 15), (1, 8)]),
    "pentagon": shapely.Polygon([(8, 1.5), (14.5, 6.5), (12, 14), (4, 14), (1.5, 6.5)]),
}
_CROSS = shapely.MultiLineString([[(3, 3), (13, 13)], [(3, 13), (13, 3)]])
_SIGNS = {
    "half": shapely.box(8, 0, 16, 16),
    "dot": shapely.Point(8, 8).buffer(2),
    "cross": _CROSS.buffer(1, cap_style="flat"),
    "ring": shapely.Point(8, 8).buffer(3.5),
}


def path(geometry: shapely.Geometry) -> Path:
    """A polygon, or several, as one of matplotlib's paths."""
    return _joined(shapely.get_rings(shapely.get_parts(geometry)), closed=True)


def line_path(geometry: shapely.Geometry) -> Path:
    """A line, or several, as one of matplotlib's paths."""
    return _joined(shapely.get_parts(geometry), closed=False)


def _joined(lines: np.ndarray, closed: bool) -> Path:
    points, line = shapely.get_coordinates(lines, return_index=True)
    if not len(points):
        return Path(np.empty((0, 2)))
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    fresh = np.flatnonzero(np.diff(line, prepend=-1))
    codes[fresh] = Path.MOVETO
    if closed:
        codes[np.append(fresh[1:], len(points)) - 1] = Path.CLOSEPOLY
    return Path(points, codes)


def fill(sheet: Sheet, control: style.Control, claimed: bool = False) -> dict[str, Any]:
    """How matplotlib fills an area, or its swatch in the legend."""
    look = {"facecolor": style.ground(control, claimed)}
    if control.hatch:
        # With lines of no width the edge's colour is only the hatch's.
        look |= {"edgecolor": style.lines(control, claimed), "hatch": sheet.hatch(control.hatch)}
    return look


@lru_cache
def outline(shape: str) -> Path:
    """The outline of a marker in a box of 16 × 16."""
    return path(_OUTLINES[shape])


@lru_cache
def sign(shape: str, marker: str) -> Path:
    """What is white inside a marker: the second sign of control, beside its colour."""
    inside = _SIGNS.get(marker, shapely.Polygon())
    return path(shapely.intersection(_OUTLINES[shape], inside))


class Markers:
    """Places' markers of one size: body, sign and rim.

    Parameters
    ----------
    sheet : geo.print.typeset.Sheet
    at : numpy.ndarray
        n × 2, in units.
    shapes : sequence of str
        n names of :data:`geo.style.KINDS`.
    capital : bool
        Larger, with a heavier rim.
    scale : float
        How large, where there are too many for their full size.

    Attributes
    ----------
    at : numpy.ndarray
    shapes : sequence of str
    artists : list of matplotlib.artist.Artist
    """

    def __init__(
        self,
        sheet: Sheet,
        at: np.ndarray,
        shapes: Sequence[str],
        capital: bool = False,
        scale: float = 1,
    ) -> None:
        self.at, self.shapes = at, shapes
        size, rim = (CAPITAL, CAPITAL_RIM * scale) if capital else (MARKER, RIM_WIDTH * scale)
        look: dict[str, Any] = {"offsets": at, "transform": sheet.stamp(size * scale)}
        outlines = [outline(shape) for shape in shapes]
        self._body = sheet.shapes(outlines, **look)
        self._sign = sheet.shapes(outlines, facecolor="white", **look)
        self._rim = sheet.shapes(outlines, edgecolor=RIM, linewidth=rim, **look)
        self.artists = [self._body, self._sign, self._rim]

    def paint(
        self,
        controls: Sequence[style.Control],
        claimed: np.ndarray | None = None,
        uncertain: np.ndarray | None = None,
    ) -> None:
        """Give each marker its control's colour and sign, and the signs of doubt."""
        never = np.zeros(len(controls), dtype=bool)
        pale = never if claimed is None else claimed
        shaky = never if uncertain is None else uncertain
        strength = np.where(pale, style.CLAIMED_STRENGTH, 1.0)
        self._body.set_facecolor(
            [style.tint(c.colour or "#ffffff", s) for c, s in zip(controls, strength, strict=True)]
        )
        self._sign.set_paths(
            [sign(shape, c.marker) for shape, c in zip(self.shapes, controls, strict=True)]
        )
        self._rim.set_linestyle([SHAKY_RIM if dashed else "-" for dashed in shaky])
