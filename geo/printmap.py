"""The map of a picture: areas, places and their names on a sheet, repainted for each day.

What :mod:`geo.webmap` is to the browser, in the same shapes, signs and colours. Geometry is
projected once, into the sheet's units; a day changes only which shapes a style holds.
"""

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.affinity
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.patheffects import Stroke
from pyproj import CRS, Transformer

from geo import labels, style
from geo.study import WGS84, Study
from geo.typeset import INK, LINE, Sheet, plain, points

SEA, LAND, LAND_LINE, LAND_NAME = "#eef1f4", "#e2e5e9", "#c3c9d1", "#7b8591"
WATER = ("lake", "sea", "water")
BORDER, RIM = "#8a94a1", "#10151c"

MARGIN = 26
"""Between the areas and the frame, in units."""

MARKER, CAPITAL = 15, 18
RIM_WIDTH, CAPITAL_RIM = 1.5, 2.6
CHANGED, CHANGED_RIM = 37, 2.2
"""The ring about a place that changed hands on the day."""

NAME, MINOR_NAME = 16, 14.5
MOST_NAMES = 120
"""More names than this make a map of names."""

DASHED, DOTTED = (0, (3.2, 2.2)), (0, (0.1, 2.2))
"""In widths of the line."""


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
    where = f"{abs(lat):.1f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.1f}° {'E' if lon >= 0 else 'W'}"
    return crs, f"Lambert azimuthal equal-area, centred on {where}"


@dataclass(frozen=True)
class Frame:
    """Where the map stands on its sheet, in units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def polygon(self) -> shapely.Polygon:
        return shapely.box(self.left, self.top, self.right, self.bottom)


class Ground:
    """A study's geometry in a sheet's units.

    Attributes
    ----------
    areas, places, context : numpy.ndarray of shapely.Geometry
        In the study's order.
    km : float
        How many units a kilometre is, in the middle of the map.
    north : float
        Where north is in the middle of the map, in degrees clockwise from up.
    """

    def __init__(self, study: Study, frame: Frame) -> None:
        crs, self.projection_name = projection(study)
        areas = study.areas.to_crs(crs).geometry
        west, south, east, north = areas.total_bounds
        room = (frame.right - frame.left - 2 * MARGIN, frame.bottom - frame.top - 2 * MARGIN)
        scale = min(room[0] / (east - west), room[1] / (north - south))
        middle = np.array([(west + east) / 2, (south + north) / 2])
        centre = np.array([(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2])

        def to_units(xy: np.ndarray) -> np.ndarray:
            return (xy - middle) * [scale, -scale] + centre

        def lay(table: gpd.GeoDataFrame) -> np.ndarray:
            return shapely.transform(table.to_crs(crs).geometry.to_numpy(), to_units)

        self.areas = shapely.transform(areas.to_numpy(), to_units)
        self.places = shapely.get_coordinates(lay(study.places))
        context = lay(study.context) if len(study.context) else np.empty(0, object)
        self.context = _clip(context, frame)
        unit = crs.axis_info[0].unit_conversion_factor
        self.km = 1000 * scale / unit
        self.north = _north(crs, middle)


def _clip(shapes: np.ndarray, frame: Frame) -> np.ndarray:
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=-1)
    shapes = np.where(finite, shapes, shapely.Polygon())
    return shapely.clip_by_rect(
        shapely.make_valid(shapes), frame.left, frame.top, frame.right, frame.bottom
    )


def _north(crs: CRS, middle: np.ndarray) -> float:
    there = Transformer.from_crs(crs, WGS84, always_xy=True)
    lon, lat = there.transform(*middle)
    back = Transformer.from_crs(WGS84, crs, always_xy=True)
    x, y = np.subtract(back.transform(lon, lat + 0.01), middle)
    return float(np.degrees(np.arctan2(x, y)))


def path(geometry: shapely.Geometry) -> Path:
    """A polygon, or several, as one of matplotlib's paths."""
    rings = shapely.get_rings(shapely.get_parts(geometry))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(points):
        return Path(np.empty((0, 2)))
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    fresh = np.flatnonzero(np.diff(ring, prepend=-1))
    codes[fresh] = Path.MOVETO
    codes[np.append(fresh[1:], len(points)) - 1] = Path.CLOSEPOLY
    return Path(points, codes)


def fill(control: style.Control, claimed: bool = False) -> dict[str, str | None]:
    """How matplotlib fills an area, or its swatch: as in the browser."""
    colour = control.colour or "#ffffff"
    if control.hatch:
        lines = style.tint(colour, style.CLAIMED_STRENGTH) if claimed else colour
        # With lines of no width the edge's colour is only the hatch's.
        return {"facecolor": "white", "edgecolor": lines, "hatch": control.hatch}
    strength = style.CLAIMED_STRENGTH if claimed else style.FILL_STRENGTH
    return {"facecolor": style.tint(colour, strength), "edgecolor": "none", "hatch": None}


_OUTLINES = {
    "circle": shapely.Point(8, 8).buffer(6, quad_segs=16),
    "square": shapely.box(3, 3, 13, 13),
    "triangle": shapely.Polygon([(8, 1.5), (14.5, 13.5), (1.5, 13.5)]),
    "diamond": shapely.Polygon([(8, 1), (15, 8), (8, 15), (1, 8)]),
    "pentagon": shapely.Polygon([(8, 1.5), (14.5, 6.5), (12, 14), (4, 14), (1.5, 6.5)]),
}
_SIGNS = {
    "half": shapely.box(8, 0, 16, 16),
    "dot": shapely.Point(8, 8).buffer(2),
    "cross": shapely.MultiLineString([[(3, 3), (13, 13)], [(3, 13), (13, 3)]]).buffer(
        1, cap_style="flat"
    ),
    "ring": shapely.Point(8, 8).buffer(3.5),
}


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
    """Places' markers of one size: body, sign and rim."""

    def __init__(
        self,
        sheet: Sheet,
        at: np.ndarray,
        shapes: list[str],
        size: float = MARKER,
        rim: float = RIM_WIDTH,
    ) -> None:
        self._shapes = shapes
        look = {"offsets": at, "offset_transform": sheet.units, "transform": sheet.stamp(size)}
        outlines = [outline(shape) for shape in shapes]
        self._body = sheet.shapes(outlines, **look)
        self._sign = sheet.shapes(outlines, facecolor="white", **look)
        self._edge = sheet.shapes(outlines, edgecolor=RIM, linewidth=rim, **look)
        self.artists = [self._body, self._sign, self._edge]

    def paint(
        self,
        controls: list[style.Control],
        claimed: np.ndarray | None = None,
        uncertain: np.ndarray | None = None,
    ) -> None:
        """Give each marker its control's colour and sign."""
        never = np.zeros(len(controls), dtype=bool)
        pale = np.where(never if claimed is None else claimed, style.CLAIMED_STRENGTH, 1.0)
        self._body.set_facecolor([style.tint(c.colour, p) for c, p in zip(controls, pale, strict=True)])
        self._sign.set_paths(
            [sign(shape, c.marker) for shape, c in zip(self._shapes, controls, strict=True)]
        )
        shaky = never if uncertain is None else uncertain
        self._edge.set_linestyle([(0, (2, 1.2)) if dashed else "-" for dashed in shaky])


class AreaFills:
    """Areas by style: each day sorts the same outlines into other styles."""

    def __init__(self, sheet: Sheet, outlines: list[Path], controls: dict[str, style.Control]):
        self._outlines = np.empty(len(outlines), dtype=object)
        self._outlines[:] = outlines
        self._fills: dict[tuple[str, bool], PathCollection] = {
            (name, claimed): sheet.shapes([], **fill(control, claimed))
            for name, control in controls.items()
            for claimed in (False, True)
        }
        self._borders = sheet.shapes(outlines, edgecolor="white", linewidth=1.4)
        self._empty = sheet.shapes([], edgecolor=BORDER, linewidth=1)
        self._dotted = sheet.shapes(
            [], edgecolor=INK, linewidth=3, linestyle=DOTTED, capstyle="round"
        )
        self._dashed = sheet.shapes([], edgecolor=INK, linewidth=3.2, linestyle=DASHED)
        self.artists = [
            *self._fills.values(), self._borders, self._empty, self._dotted, self._dashed
        ]  # fmt: skip

    def paint(self, state: pd.DataFrame) -> None:
        """Show one day of :meth:`geo.timeline.Timeline.control`."""
        control, claimed = state["control"].to_numpy(), state["claimed"].to_numpy(bool)
        uncertain = state["uncertain"].to_numpy(bool)
        for (name, pale), collection in self._fills.items():
            collection.set_paths(list(self._outlines[(control == name) & (claimed == pale)]))
        self._empty.set_paths(list(self._outlines[control == style.UNKNOWN]))
        self._dotted.set_paths(list(self._outlines[claimed & ~uncertain]))
        self._dashed.set_paths(list(self._outlines[uncertain]))


class ControlMap:
    """The map of a study, drawn once, repainted for each day.

    Parameters
    ----------
    sheet : geo.typeset.Sheet
    study : geo.study.Study
    frame : Frame

    Attributes
    ----------
    ground : Ground
    under, paint, over : list of matplotlib.artist.Artist
        What stands below the day's colours, those, and what stands above them.
    """

    def __init__(self, sheet: Sheet, study: Study, frame: Frame) -> None:
        self.frame, self._controls = frame, study.controls
        self.ground = ground = Ground(study, frame)
        corner = roomy_corner(ground, frame)
        self.under: list[Artist] = draw_context(sheet, study, ground, frame)
        self._areas = AreaFills(sheet, [path(area) for area in ground.areas], study.controls)
        nation = shapely.coverage_union_all(ground.areas)
        rim = sheet.shapes([path(nation)], edgecolor=BORDER, linewidth=1.2)
        self._capital = study.places["is_capital"].to_numpy(bool)
        self._halo = sheet.shapes(
            [outline("circle")],
            offsets=np.empty((0, 2)),
            offset_transform=sheet.units,
            transform=sheet.stamp(CHANGED),
            edgecolor=INK,
            linewidth=CHANGED_RIM,
        )
        shapes = [style.shape(kind) for kind in study.places["kind"]]
        self._markers = {}
        for capital, size, rim_width in ((False, MARKER, RIM_WIDTH), (True, CAPITAL, CAPITAL_RIM)):
            which = np.flatnonzero(self._capital == capital)
            self._markers[capital] = Markers(
                sheet, ground.places[which], [shapes[i] for i in which], size, rim_width
            )
        self.day: list[Artist] = [*self._areas.artists, self._halo]
        for markers in self._markers.values():
            self.day += markers.artists
        self.day.insert(len(self._areas.artists) - 2, rim)
        self.over = draw_names(sheet, study, ground, frame, corner)
        self.over += draw_scale(sheet, ground, corner)

    def paint(self, areas: pd.DataFrame, places: pd.DataFrame, changed: set[str]) -> None:
        """Show one day: two tables of :meth:`geo.timeline.Timeline.control`, what changed."""
        self._areas.paint(areas)
        for capital, markers in self._markers.items():
            part = places[self._capital == capital]
            markers.paint(
                [self._controls[name] for name in part["control"]],
                part["claimed"].to_numpy(bool),
                part["uncertain"].to_numpy(bool),
            )
        self._halo.set_offsets(self.ground.places[places.index.isin(changed)])


def roomy_corner(ground: Ground, frame: Frame) -> Frame:
    """The corner of the map with the least of the areas in it, for scale bar and north arrow."""
    wide, high, gap = 290, 62, 16
    lefts = (frame.left + gap, frame.right - gap - wide)
    tops = (frame.bottom - gap - high, frame.top + gap)
    corners = [Frame(x, y, x + wide, y + high) for y in tops for x in lefts]
    covered = [shapely.intersection(ground.areas, c.polygon) for c in corners]
    return corners[int(np.argmin([shapely.area(parts).sum() for parts in covered]))]


def draw_context(sheet: Sheet, study: Study, ground: Ground, frame: Frame) -> list[Artist]:
    """The sea, the neighbours and their lakes, behind all else."""
    clip = sheet.box(frame.left, frame.top, frame.right, frame.bottom)
    sea = sheet.shapes([path(frame.polygon)], facecolor=SEA)
    water = study.context["kind"].isin(WATER).to_numpy(bool)
    looks = ((~water, LAND), (water, SEA))
    drawn = [
        sheet.shapes(
            [path(shape) for shape in ground.context[which]],
            clip=clip,
            facecolor=colour,
            edgecolor=LAND_LINE,
            linewidth=1.4,
        )
        for which, colour in looks
    ]
    edge = sheet.shapes([path(frame.polygon)], edgecolor=LINE, linewidth=1.5)
    return [sea, *drawn, edge]


def draw_scale(sheet: Sheet, ground: Ground, corner: Frame) -> list[Artist]:
    """A scale bar in kilometres, true in the middle of the map, and an arrow to the north."""
    step = _round_length(90 / ground.km)
    left, top = corner.left + 66, corner.bottom - 16
    bars = [
        (shapely.box(left + i * step * ground.km, top, left + (i + 1) * step * ground.km, top + 7), c)
        for i, c in enumerate((INK, "white"))
    ]
    drawn: list[Artist] = [
        sheet.shapes([path(bar)], facecolor=colour, edgecolor=INK, linewidth=1.4)
        for bar, colour in bars
    ]
    for i, label in enumerate(("0", f"{step:g}", f"{2 * step:g} km")):
        align = "left" if i == 2 else "center"
        at = left + i * step * ground.km - (sheet.measure(f"{2 * step:g}", 15) / 2 if i == 2 else 0)
        drawn.append(sheet.text(at, top - 7, label, 15, INK, align=align))
    x, y = corner.left + 26, corner.bottom - 30
    arrow = shapely.Polygon([(0, -20), (9, 12), (0, 6), (-9, 12)])
    turned = shapely.affinity.rotate(arrow, ground.north, origin=(0, 0))
    drawn.append(sheet.shapes([path(shapely.affinity.translate(turned, x, y))], facecolor=INK))
    drawn.append(sheet.text(x, y + 32, "N", 15, INK, bold=True, align="center"))
    return drawn


def _round_length(km: float) -> float:
    """The longest of 1, 2, 5, 10, 20, 50 … that is no longer."""
    power = 10.0 ** np.floor(np.log10(km))
    return float(max(n * power for n in (1, 2, 5) if n * power <= km))


def draw_names(
    sheet: Sheet, study: Study, ground: Ground, frame: Frame, corner: Frame
) -> list[Artist]:
    """Places' names kept apart, then the neighbours' where there is room left."""
    places = study.places
    people = places["area_id"].map(study.areas.set_index("area_id")["population"]).astype(float)
    capital = places["is_capital"].to_numpy(bool)
    order = np.lexsort((-people.fillna(0).to_numpy(), ~capital))[:MOST_NAMES]
    size = np.where(capital, NAME, MINOR_NAME)
    widths = [sheet.measure(name, s) for name, s in zip(places["name"], size, strict=True)]
    radius = np.where(capital, CAPITAL, MARKER) / 2
    spots = labels.place(
        ground.places[order],
        np.column_stack([widths, size * 1.05])[order],
        radius[order],
        (frame.left + 4, frame.top + 4, frame.right - 4, frame.bottom - 4),
        np.array([[corner.left, corner.top, corner.right, corner.bottom]]),
        ~capital[order],
    )
    drawn: list[Artist] = []
    for i, spot in zip(order, spots, strict=True):
        if spot is None:
            continue
        if spot.line:
            (x0, y0), (x1, y1) = spot.line
            drawn.append(sheet.line([x0, x1], [y0, y1], INK, 1.1))
        left, top, *_ = spot.box
        drawn += _haloed(sheet, left, top + size[i] * 0.84, places["name"].iloc[i], float(size[i]))
    boxes = [spot.box for spot in spots if spot]
    taken = [shapely.box(*box) for box in boxes] + [corner.polygon, *ground.areas]
    return drawn + _draw_neighbours(sheet, study, ground, frame, shapely.union_all(taken))


def _haloed(sheet: Sheet, x: float, y: float, text: str, size: float) -> list[Artist]:
    """A name over a white rim of its own, so that it reads on every colour."""
    rim = sheet.text(x, y, text, size, "white")
    rim.set_path_effects([Stroke(linewidth=points(4), foreground="white")])
    return [rim, sheet.text(x, y, text, size, RIM)]


def _draw_neighbours(
    sheet: Sheet, study: Study, ground: Ground, frame: Frame, taken: shapely.Geometry
) -> list[Artist]:
    """The neighbours' names, each in the widest free place of its country, if it fits there."""
    inside = shapely.box(frame.left + 10, frame.top + 10, frame.right - 10, frame.bottom - 10)
    drawn: list[Artist] = []
    for name, kind, shape in zip(
        study.context["name"], study.context["kind"], ground.context, strict=True
    ):
        if not name or kind in WATER or shapely.is_empty(shape):
            continue
        text = plain(name).upper()
        half = sheet.measure(text, MINOR_NAME) / 2 + 8
        squeeze = MINOR_NAME / half
        free = shapely.difference(shapely.intersection(shape, inside), taken)
        narrow = shapely.transform(free, lambda xy, by=squeeze: xy * [by, 1])
        if shapely.is_empty(narrow) or shapely.area(narrow) < MINOR_NAME**2:
            continue
        radius = shapely.maximum_inscribed_circle(narrow, tolerance=2)
        (x, y), _ = shapely.get_coordinates(radius)
        if shapely.length(radius) >= MINOR_NAME * 1.1:
            at = (x / squeeze, y + MINOR_NAME * 0.36)
            drawn.append(sheet.text(*at, text, MINOR_NAME, LAND_NAME, align="center"))
    return drawn
