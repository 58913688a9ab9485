"""The map of a picture: drawn once, repainted for each day.

Three layers: what lies under the day's colours, those, and what stands over them. A day
changes only which shapes each style holds.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
import shapely.affinity
from matplotlib.artist import Artist
from matplotlib.patheffects import Stroke
from matplotlib_scalebar.scalebar import ScaleBar

from geo import style
from geo.print import events, labels, symbols
from geo.print.areas import Areas
from geo.print.ground import EVERYTHING, Box, Ground, View
from geo.print.symbols import Markers, outline, path
from geo.print.typeset import INK, LINE, Sheet, plain
from geo.study import Study

SEA, LAND, LAND_LINE, LAND_NAME = "#eef1f4", "#e2e5e9", "#c3c9d1", "#6f7985"
WATER = ("lake", "sea", "water")

NAME, MINOR_NAME, BANNER = 16, 14.5, 20
FULL_HEIGHT, LEAST_NAME = 640, 0.8
"""Names keep their size on maps so high, and are never smaller than this share of it."""

MOST_NAMES = 120
"""More names than this make a map of names."""

FULL_SIZE, LEAST_SCALE = 45, 0.35
"""Markers keep their size while places are so far apart, and are never smaller than this."""

SCALE_LENGTH = 0.24
"""Of the map's width, at most, for the scale bar."""

SCALE_SIZE, BANNER_SIZE = (290, 62), (430, 44)
"""Kept free of names, for the scale bar and arrow, and for a banner on days of silence."""


class ControlMap:
    """The map of a study.

    Parameters
    ----------
    sheet : geo.print.typeset.Sheet
    study : geo.study.Study
    frame : geo.print.ground.Box
    view : geo.print.ground.View
    first : collection of str, optional
        The ``place_id`` of what alone is named, with the largest capital; all places if left
        out, capitals before others.

    Attributes
    ----------
    ground : geo.print.ground.Ground
    under, day, over : list of matplotlib.artist.Artist
        The three layers.
    areas : Areas
    markers : list of tuple
        Which places of the study, and their markers: small ones, then capitals.
    ring : matplotlib.collections.PathCollection
        About each place that changed hands on the day.
    banner : geo.print.ground.Box
        Where a banner stands on days of silence.
    events : geo.print.events.Marks, optional
        Where the study has any, and they are not hidden.
    """

    def __init__(
        self,
        sheet: Sheet,
        study: Study,
        frame: Box,
        view: View = EVERYTHING,
        first: Collection[str] | None = None,
    ) -> None:
        self._sheet, self._controls = sheet, study.controls
        self.ground = ground = Ground(study, frame, view.bounds)
        capital = study.places["is_capital"].to_numpy(bool)
        groups = [style.group(*place) for place in zip(study.places["kind"], capital, strict=True)]
        self._shown = ground.inside & ~np.isin(groups, list(view.hidden))
        corner = ground.roomiest(frame.inside(16).corners(*SCALE_SIZE))
        self.banner = ground.roomiest(frame.inside(12).along_top(*BANNER_SIZE))
        scale = min(max(ground.spacing / FULL_SIZE, LEAST_SCALE), 1)
        self.under: list[Artist] = draw_context(sheet, study, ground)
        self.areas = Areas(sheet, ground, study.controls)
        self.ring = sheet.shapes(
            [outline("circle")],
            offsets=np.empty((0, 2)),
            transform=sheet.stamp(symbols.RING * scale),
            edgecolor=INK,
            linewidth=symbols.RING_WIDTH,
        )
        shapes = study.places["kind"].map(style.shape).to_numpy()
        self.markers: list[tuple[np.ndarray, Markers]] = []
        for large in (False, True):
            which = self._shown & (capital == large)
            markers = Markers(sheet, ground.places[which], shapes[which], large, scale)
            self.markers.append((which, markers))
        self.day: list[Artist] = [*self.areas.artists, self.ring]
        self.events = events.Marks(sheet, study, ground) if shows_events(study, view) else None
        self.day += self.events.artists if self.events else []
        for _, markers in self.markers:
            self.day += markers.artists
        named = self._shown & ("labels" not in view.hidden)
        major = capital
        if first is not None:
            # Of two small maps each says what it is about, and where that is.
            major = study.places["place_id"].isin(first).to_numpy(copy=True)
            major[study.ranked[:1]] = True
            named &= major
        self.over = draw_names(sheet, study, ground, [corner, self.banner], named, major)
        self.over += draw_scale(sheet, ground, corner)

    def paint(
        self,
        areas: pd.DataFrame,
        places: pd.DataFrame,
        changed: set[str],
        day: date | None = None,
    ) -> None:
        """Show one day.

        Parameters
        ----------
        areas, places : pandas.DataFrame
            As :meth:`geo.timeline.Timeline.control`.
        changed : set of str
            The ``place_id`` of what changed hands on the day.
        day : datetime.date, optional
            Whose events are shown; none if left out.
        """
        self.areas.paint(areas)
        if self.events and day:
            self.events.paint(day)
        for which, markers in self.markers:
            part = places[which]
            markers.paint(
                [self._controls[control] for control in part["control"]],
                part["claimed"].to_numpy(bool),
                part["uncertain"].to_numpy(bool),
            )
        self.ring.set_offsets(self.ground.places[self._shown & places.index.isin(changed)])

    def draw_banner(self, text: str) -> list[Artist]:
        """Say over the map that nothing is known; returns the artists."""
        sheet, box = self._sheet, self.banner
        x, y = box.middle
        said = sheet.cut(text, BANNER, box.width - 30, True)
        return [
            sheet.shapes([path(box.polygon)], facecolor=INK),
            sheet.text(x, y + BANNER * 0.36, said, BANNER, "white", bold=True, align="center"),
        ]


def shows_events(study: Study, view: View) -> bool:
    """Whether a map shows a study's events."""
    return len(study.events) > 0 and "events" not in view.hidden


def draw_context(sheet: Sheet, study: Study, ground: Ground) -> list[Artist]:
    """The sea, the neighbours and their lakes, behind all else."""
    frame = ground.frame
    water = study.context["kind"].isin(WATER).to_numpy(bool)
    look: dict[str, Any] = {"clip": sheet.box(*frame), "edgecolor": LAND_LINE, "linewidth": 1.4}
    return [
        sheet.shapes([path(frame.polygon)], facecolor=SEA),
        sheet.shapes([path(land) for land in ground.context[~water]], facecolor=LAND, **look),
        sheet.shapes([path(lake) for lake in ground.context[water]], facecolor=SEA, **look),
        sheet.shapes([path(frame.polygon)], edgecolor=LINE, linewidth=1.5),
    ]


def draw_scale(sheet: Sheet, ground: Ground, corner: Box) -> list[Artist]:
    """A scale bar in kilometres, true in the middle of the map, and an arrow to the north."""
    drawn: list[Artist] = []
    if shapely.intersects(ground.areas, corner.polygon).any():
        drawn.append(sheet.shapes([path(corner.polygon)], facecolor="white"))
    x, y = corner.left + 26, corner.bottom - 37
    arrow = shapely.Polygon([(0, -20), (9, 12), (0, 6), (-9, 12)])
    arrow = shapely.affinity.rotate(arrow, ground.north, origin=(0, 0))
    drawn.append(sheet.shapes([path(shapely.affinity.translate(arrow, x, y))], facecolor=INK))
    drawn.append(sheet.text(x, y + 32, "N", MINOR_NAME, INK, bold=True, align="center"))
    bar = ScaleBar(
        1,
        "km",
        length_fraction=SCALE_LENGTH,
        rotation="horizontal-only",
        location="lower left",
        pad=0,
        border_pad=0,
        sep=sheet.points(5),
        width_fraction=0.009,
        scale_loc="top",
        color=INK,
        box_alpha=0,
        font_properties={"family": "DejaVu Sans", "size": sheet.points(MINOR_NAME)},
        bbox_to_anchor=(corner.left + 66, corner.bottom - 10),
        bbox_transform=sheet.units,
    )
    sheet.axes(ground.frame, ground.km).add_artist(bar)
    return [*drawn, bar]


def draw_names(
    sheet: Sheet,
    study: Study,
    ground: Ground,
    kept: list[Box],
    named: np.ndarray,
    major: np.ndarray,
) -> list[Artist]:
    """The names of some places kept apart, then the neighbours' where there is room left.

    `named` says which, `major` which of them come first.
    """
    places = study.places
    capital = places["is_capital"].to_numpy(bool)
    # A line to its point is lost among too many points.
    crowded = ground.spacing < FULL_SIZE
    order = study.ranked.to_numpy()
    order = order[np.argsort(~major[order], kind="stable")]
    order = order[named[order]][:MOST_NAMES]
    names, size = places["name"].to_numpy(), np.where(capital, NAME, MINOR_NAME)
    size = size * min(max(ground.frame.height / FULL_HEIGHT, LEAST_NAME), 1)
    widths = [sheet.measure(name, float(s)) for name, s in zip(names, size, strict=True)]
    rest = np.delete(ground.places, order, axis=0)
    reach = symbols.MARKER * LEAST_SCALE * 0.4
    spots = labels.place(
        ground.places[order],
        np.column_stack([widths, size * 1.05])[order],
        (np.where(capital, symbols.CAPITAL, symbols.MARKER) * 0.4)[order],
        symbols.RING * 0.5,
        tuple(ground.frame.inside(4)),
        np.vstack([kept, np.hstack([rest - reach, rest + reach])]),
        ~major[order] | crowded,
    )
    drawn: list[Artist] = []
    boxes = list(kept)
    for at, spot in zip(order, spots, strict=True):
        if spot is None:
            continue
        if spot.line:
            (x0, y0), (x1, y1) = spot.line
            drawn.append(sheet.line([x0, x1], [y0, y1], INK, 1.1))
        box = Box(*spot.box)
        drawn += _haloed(sheet, box.left, box.top + size[at] * 0.84, names[at], float(size[at]))
        boxes.append(box)
    taken = shapely.union_all([*(box.polygon for box in boxes), *ground.areas])
    return drawn + _draw_neighbours(sheet, study, ground, taken)


def _haloed(sheet: Sheet, x: float, y: float, text: str, size: float) -> list[Artist]:
    """A name on a white rim, so that it reads on every colour; the name itself stays text."""
    rim, name = (sheet.text(x, y, text, size, symbols.RIM) for _ in range(2))
    rim.set_path_effects([Stroke(linewidth=sheet.points(4), foreground="white")])
    return [rim, name]


def _draw_neighbours(
    sheet: Sheet, study: Study, ground: Ground, taken: shapely.Geometry
) -> list[Artist]:
    """The neighbours' names, each in the widest free place of its country, if it fits there."""
    window = ground.frame.inside(10).polygon
    drawn: list[Artist] = []
    for name, kind, shape in zip(
        study.context["name"], study.context["kind"], ground.context, strict=True
    ):
        text = plain(name).upper()
        free = shapely.difference(shapely.intersection(shape, window), taken)
        if not text or kind in WATER or shapely.is_empty(free):
            continue
        # Squeezed until the name is as wide as high, its widest place is that of a circle.
        squeeze = MINOR_NAME / (sheet.measure(text, MINOR_NAME) / 2 + 8)
        narrow = shapely.affinity.scale(free, squeeze, 1, origin=(0, 0))
        if shapely.area(narrow) < MINOR_NAME**2:
            continue
        radius = shapely.maximum_inscribed_circle(narrow, tolerance=2)
        (x, y), _ = shapely.get_coordinates(radius)
        if shapely.length(radius) >= MINOR_NAME * 1.1:
            at = (x / squeeze, y + MINOR_NAME * 0.36)
            drawn.append(sheet.text(*at, text, MINOR_NAME, LAND_NAME, align="center"))
    return drawn
