"""A study's geometry on a sheet: projected once, in the sheet's own units.

WGS 84 goes in; polygons and points come out that can be drawn, measured and kept clear of
one another.
"""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Transformer

from geo.study import WGS84, Study

APART = 15
"""Places nearer to one another than this are moved apart: a marker covers another's sign."""

MOST_APART = 300
"""Among more places a little room is not to be had."""

MARGIN, RIM = 26, 12
"""Between the areas and the frame, and between it and places that are shown, in units."""


class Box(NamedTuple):
    """A rectangle on a sheet, in units from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def polygon(self) -> shapely.Polygon:
        return shapely.box(*self)

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def inside(self, by: float) -> "Box":
        """The same, smaller by so much on every side."""
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)

    def corners(self, width: float, height: float) -> list["Box"]:
        """Boxes of a size in the four corners, the lower ones first."""
        return [
            Box(x, y, x + width, y + height)
            for y in (self.bottom - height, self.top)
            for x in (self.left, self.right - width)
        ]

    def along_top(self, width: float, height: float) -> list["Box"]:
        """Boxes of a size at the upper edge: in its middle, left and right."""
        lefts = (self.middle[0] - width / 2, self.left, self.right - width)
        return [Box(x, self.top, x + width, self.top + height) for x in lefts]


def projection(study: Study) -> tuple[CRS, str]:
    """The projection of a study's map, and what it is called.

    The study's own; where it names none (or one in degrees), Lambert's azimuthal equal-area
    projection about the middle of its areas.
    """
    settings = study.settings
    if settings.projection and (crs := CRS.from_user_input(settings.projection)).is_projected:
        method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
        return crs, settings.projection_name or method or crs.name
    west, south, east, north = study.areas.total_bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    crs = CRS.from_proj4(f"+proj=laea +lat_0={lat:.3f} +lon_0={lon:.3f} +datum=WGS84 +units=m")
    sides = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    where = f"{abs(lat):.1f}° {sides[0]}, {abs(lon):.1f}° {sides[1]}"
    return crs, f"Lambert azimuthal equal-area, centred on {where}"


class View(NamedTuple):
    """Which part of a study a map shows, and what on it.

    Attributes
    ----------
    bounds : tuple of float or None
        West, south, east and north in degrees (WGS 84); the whole study if None.
    hidden : tuple of str
        Of :data:`geo.style.GROUPS`, ``labels`` and ``events``: what is left out.
    """

    bounds: tuple[float, float, float, float] | None = None
    hidden: tuple[str, ...] = ()


EVERYTHING = View()
"""The whole study, with all its places and names."""


class Ground:
    """A study's geometry, fitted into a frame on a sheet.

    Parameters
    ----------
    study : geo.study.Study
    frame : Box
    bounds : tuple of float, optional
        As :attr:`View.bounds`.

    Attributes
    ----------
    areas, context : numpy.ndarray of shapely.Geometry
        In the study's order; the context is cut at the frame.
    places : numpy.ndarray
        n × 2, in the study's order; :func:`spread` where they would hide one another.
    inside : numpy.ndarray of bool
        Which places lie in the frame.
    spacing : float
        How far apart places would stand, were they spread evenly.
    km : float
        How many units a kilometre is, in the middle of the map.
    north : float
        Where north is in the middle of the map, in degrees clockwise from up.
    lay : callable
        Turns the geometry of a table in WGS 84 into units.
    """

    def __init__(
        self, study: Study, frame: Box, bounds: tuple[float, float, float, float] | None = None
    ) -> None:
        self.frame = frame
        crs, _ = projection(study)
        areas = study.areas.to_crs(crs).geometry
        west, south, east, north = areas.total_bounds if bounds is None else _within(bounds, crs)
        room = frame.inside(MARGIN) if bounds is None else frame
        scale = min(room.width / (east - west), room.height / (north - south))
        middle = np.array([(west + east) / 2, (south + north) / 2])

        def to_units(xy: np.ndarray) -> np.ndarray:
            return (xy - middle) * [scale, -scale] + frame.middle

        def lay(table: gpd.GeoDataFrame) -> np.ndarray:
            return shapely.transform(table.to_crs(crs).geometry.to_numpy(), to_units)

        self.lay = lay
        self.areas = shapely.transform(areas.to_numpy(), to_units)
        self.places = spread(
            shapely.get_coordinates(lay(study.places)), study.places["is_capital"].to_numpy(bool)
        )
        self.context = _clip(lay(study.context), frame) if len(study.context) else np.empty(0, "O")
        x, y = self.places.T
        within = frame.inside(RIM)
        self.inside = (
            (x > within.left) & (x < within.right) & (y > within.top) & (y < within.bottom)
        )
        shown = max(int(self.inside.sum()), 1)
        self.spacing = float(np.sqrt(frame.width * frame.height / shown))
        self.km = 1000 * scale / crs.axis_info[0].unit_conversion_factor
        self.north = _north(crs, middle)

    def roomiest(self, boxes: list[Box]) -> Box:
        """The box with the least of the areas in it; the first of equals."""
        covered = [
            shapely.area(shapely.intersection(self.areas, box.polygon)).sum() for box in boxes
        ]
        return boxes[int(np.argmin(covered))]


def spread(points: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Move points that others would hide a little away, each the way it lies.

    Parameters
    ----------
    points : numpy.ndarray
        n × 2, in units.
    fixed : numpy.ndarray of bool
        Those that stay.

    Returns
    -------
    numpy.ndarray
        n × 2; a point that cannot be freed stays, too.
    """
    spread = points.copy()
    if len(points) > MOST_APART:
        return spread
    settled = list(np.flatnonzero(fixed))
    turns = np.radians([0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180])
    for at in np.flatnonzero(~fixed):
        others = spread[settled]
        away = points[at] - others
        distance = np.hypot(*away.T)
        if len(others) and distance.min() < APART:
            nearest = others[distance.argmin()]
            dx, dy = away[distance.argmin()]
            angle = np.arctan2(dy, dx) + turns
            tried = nearest + APART * np.column_stack([np.cos(angle), np.sin(angle)])
            room = np.hypot(*(tried[:, None] - others[None]).transpose(2, 0, 1)).min(axis=1)
            free = np.flatnonzero(room > APART - 1e-6)
            if free.size:
                spread[at] = tried[free[0]]
        settled.append(at)
    return spread


def aspect(study: Study, bounds: tuple[float, float, float, float] | None = None) -> float:
    """How many times wider than high a study's map is, or a part of it."""
    crs, _ = projection(study)
    whole = study.areas.to_crs(crs).total_bounds if bounds is None else _within(bounds, crs)
    west, south, east, north = whole
    return float((east - west) / (north - south))


def _within(bounds: tuple[float, float, float, float], crs: CRS) -> np.ndarray:
    """West, south, east and north of a box given in degrees, in the map's own CRS."""
    edges = shapely.segmentize(shapely.box(*bounds), 0.25)
    return gpd.GeoSeries([edges], crs=WGS84).to_crs(crs).total_bounds


def _clip(shapes: np.ndarray, frame: Box) -> np.ndarray:
    # What lies on the other side of the globe has no finite place in some projections.
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=-1)
    shapes = shapely.make_valid(np.where(finite, shapes, shapely.Polygon()))
    return shapely.clip_by_rect(shapes, *frame)


def _north(crs: CRS, middle: np.ndarray) -> float:
    there = Transformer.from_crs(crs, WGS84, always_xy=True)
    lon, lat = there.transform(*middle)
    back = Transformer.from_crs(WGS84, crs, always_xy=True)
    x, y = np.subtract(back.transform(lon, lat + 0.01), middle)
    return float(np.degrees(np.arctan2(x, y)))
