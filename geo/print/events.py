"""Events on paper: the marks of the day, as in the browser (``geo/web/events.js``)."""

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.path import Path

from geo import events
from geo.print.ground import Ground
from geo.print.symbols import line_path
from geo.print.typeset import Sheet
from geo.study import WGS84, Study

INK = {True: "#3d4652", False: "#6a7583"}
"""Of events on a known day, and of those that may have been on others."""

RIM = "#ffffffe6"
WIDTH, RIM_WIDTH = 1.9, 4.4

LABEL = "event: context, moves nothing"

_ARMS = np.radians([90, 30, 150])
_TIPS = np.column_stack([np.cos(_ARMS), np.sin(_ARMS)])


def mark(radius: float, x: float, y: float) -> Path:
    """Three strokes through a point, in units."""
    reach, middle = _TIPS * radius, np.array([x, y])
    return line_path(shapely.multilinestrings(np.stack([middle - reach, middle + reach], axis=1)))


class Marks:
    """A study's events on one map.

    Parameters
    ----------
    sheet : geo.print.typeset.Sheet
    study : geo.study.Study
    ground : geo.print.ground.Ground

    Attributes
    ----------
    artists : list of matplotlib.artist.Artist
        Rims, then marks: those of vague days, then of exact ones.
    """

    def __init__(self, sheet: Sheet, study: Study, ground: Ground) -> None:
        self._events = study.events
        points = gpd.points_from_xy(study.events["lon"], study.events["lat"], crs=WGS84)
        self._at = shapely.get_coordinates(ground.lay(gpd.GeoDataFrame(geometry=points)))
        frame = ground.frame
        x, y = self._at.T
        self._inside = (x > frame.left) & (x < frame.right) & (y > frame.top) & (y < frame.bottom)
        self._radius = events.radius(study.events)
        clip = sheet.box(*frame)
        look: dict[str, Any] = {"clip": clip, "capstyle": "round"}
        self._rims = sheet.shapes([], edgecolor=RIM, linewidth=RIM_WIDTH, **look)
        self._marks = {
            exact: sheet.shapes([], edgecolor=INK[exact], linewidth=WIDTH, **look)
            for exact in (False, True)
        }
        self.artists: list[Artist] = [self._rims, *self._marks.values()]

    def paint(self, day: date) -> None:
        """Show the events that may have been on a day."""
        here = events.on_day(self._events, day)
        which = self._events.index.get_indexer(here.index)
        which = which[self._inside[which]]
        exact = (self._events["first"] == self._events["last"]).to_numpy()
        paths = {at: mark(self._radius[at], *self._at[at]) for at in which}
        self._rims.set_paths(list(paths.values()))
        for known, marks in self._marks.items():
            marks.set_paths([path for at, path in paths.items() if exact[at] == known])


def draw_sign(sheet: Sheet, x: float, y: float, width: float) -> list[Artist]:
    """The same mark in the legend."""
    middle = mark(width / 2, x + width / 2, y)
    return [sheet.shapes([middle], edgecolor=INK[True], linewidth=WIDTH, capstyle="round")]
