"""Areas on a picture by the style of their control, and the outlines of doubt about them."""

import numpy as np
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from geo import style
from geo.print import symbols
from geo.print.ground import Ground
from geo.print.symbols import fill, line_path, path
from geo.print.typeset import Sheet

BORDER = "#8a94a1"


class Areas:
    """Areas by style: each day sorts the same outlines into other styles.

    Attributes
    ----------
    outlines : numpy.ndarray of matplotlib.path.Path
        In the study's order.
    fills : dict of matplotlib.collections.PathCollection
        By control, and whether it is claimed.
    dotted, dashed : matplotlib.collections.PathCollection
        About what is claimed, and what is uncertain.
    doubt : dict of numpy.ndarray
        Which areas those two are about.
    artists : list of matplotlib.artist.Artist
    """

    def __init__(self, sheet: Sheet, ground: Ground, controls: dict[str, style.Control]) -> None:
        areas, clip = ground.areas, sheet.box(*ground.frame)
        self._areas = areas
        self._borders: dict[bytes, Path] = {}
        self.outlines = np.empty(len(areas), dtype=object)
        self.outlines[:] = [path(area) for area in areas]
        self.fills: dict[tuple[str, bool], PathCollection] = {
            (name, claimed): sheet.shapes([], clip, **fill(sheet, control, claimed))
            for name, control in controls.items()
            for claimed in (False, True)
        }
        whole = path(shapely.coverage_union_all(areas))
        borders = sheet.shapes(list(self.outlines), clip, edgecolor="white", linewidth=1.4)
        # White borders do not show between areas that are white themselves.
        self._white = [style.CONTESTED, style.UNKNOWN]
        self._grey = sheet.shapes([], clip, edgecolor=BORDER, linewidth=1.2)
        rim = sheet.shapes([whole], clip, edgecolor=BORDER, linewidth=1.2)
        self.dotted = sheet.shapes([], clip, **symbols.DOTTED)
        self.dashed = sheet.shapes([], clip, **symbols.DASHED)
        lines = [borders, self._grey, rim, self.dotted, self.dashed]
        self.artists: list[Artist] = [*self.fills.values(), *lines]

    def paint(self, state: pd.DataFrame) -> None:
        """Show one day of :meth:`geo.timeline.Timeline.control`."""
        control, claimed = state["control"].to_numpy(), state["claimed"].to_numpy(bool)
        uncertain = state["uncertain"].to_numpy(bool)
        for (name, pale), shapes in self.fills.items():
            shapes.set_paths(self._those((control == name) & (claimed == pale)))
        self._grey.set_paths(self._those(np.isin(control, self._white)))
        self.doubt = {"dotted": claimed & ~uncertain, "dashed": uncertain}
        self.dotted.set_paths(self._outlined(self.doubt["dotted"]))
        self.dashed.set_paths(self._outlined(self.doubt["dashed"]))

    def _those(self, which: np.ndarray) -> list[Path]:
        return list(self.outlines[which])

    def _outlined(self, which: np.ndarray) -> list[Path]:
        """The outlines of some, a border of two of them once: dashes upon dashes make a line."""
        if which.sum() < 2:
            return self._those(which)
        key = which.tobytes()
        if key not in self._borders:
            lines = shapely.union_all(shapely.boundary(self._areas[which]))
            self._borders[key] = line_path(shapely.line_merge(lines))
        return [self._borders[key]]
