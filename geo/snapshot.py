"""One day's picture as a file: the map, and all a reader needs to judge it.

A timeline and a day go in, the bytes of a picture come out; the same in always gives the
same out. :class:`Snapshots` keeps the figure between the days of one timeline and changes
only what a day changes. It never touches pyplot or matplotlib's settings, so that several
sessions may draw at once.
"""

import io
import re
from datetime import date
from threading import Lock
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from geo import measures
from geo.print import legend, margins, news
from geo.print.captions import Captions
from geo.print.ground import Box, projection
from geo.print.legend import Legend
from geo.print.map import ControlMap
from geo.print.margins import EDGE
from geo.print.typeset import Sheet
from geo.study import Study
from geo.timeline import Timeline

SIZE = (1600, 1200)
DPI = 150
FORMATS = ("png",)

COLUMN, GUTTER = 486, 30
"""The right column's width, and what parts it from the map, in units."""

TOP = 168
"""Where map and column begin."""

SOFTWARE = "controlmap"

COMPRESSION = 1
"""More takes longer than all the drawing, for a few hundredths of the size."""


def render(
    timeline: Timeline,
    day: date,
    *,
    size: tuple[int, int] = SIZE,
    dpi: float = DPI,
    format: str = "png",
) -> bytes:
    """Draw one day; for many of one timeline, keep a :class:`Snapshots`.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    day : datetime.date
        One of the study's days.
    size : tuple of int
        Width and height in pixels. A larger picture of the same proportions is the same
        picture, finer.
    dpi : float
        Pixels an inch, which the file tells a printer.
    format : {"png"}

    Returns
    -------
    bytes
        A whole file.

    Raises
    ------
    ValueError
        When `day` is not a day of the study, or `format` is none of :data:`FORMATS`.
    """
    if format not in FORMATS:
        raise ValueError(f"no picture format “{format}”; it is one of {', '.join(FORMATS)}")
    return Snapshots(timeline, size, dpi).png(day)


def file_name(of: Timeline | Study, day: date, suffix: str = "png") -> str:
    """What a day's picture is called: ``afghanistan-2021_control_20210813.png``."""
    study = of.study if isinstance(of, Timeline) else of
    name = re.sub(r"[^A-Za-z0-9-]+", "-", study.id).strip("-") or "study"
    return f"{name}_control_{day:%Y%m%d}.{suffix}"


def alt_text(timeline: Timeline, day: date) -> str:
    """What a day's picture shows, for those who cannot see it."""
    return Captions(timeline).alt_text(day)


class Snapshots:
    """The pictures of one timeline, day after day, on one figure.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    size : tuple of int
        Width and height in pixels.
    dpi : float
        Pixels an inch, which the file tells a printer.

    Attributes
    ----------
    sheet : geo.print.typeset.Sheet
        The figure, its units, its canvas.
    map : geo.print.map.ControlMap
    still, told : list of matplotlib.artist.Artist
        What stands around the map on every day, and for the day that was drawn last.
    news : geo.print.ground.Box
        Where the day's changes stand.
    """

    def __init__(self, timeline: Timeline, size: tuple[int, int] = SIZE, dpi: float = DPI) -> None:
        self._timeline, self._dpi, self._lock = timeline, dpi, Lock()
        self._captions = Captions(timeline)
        self._balances = measures.balances(timeline)
        self.sheet = sheet = Sheet(size)
        study = timeline.study
        basis = " ".join(self._captions.basis)
        header = margins.draw_header(sheet, study.settings.title, basis)
        footer, foot = margins.draw_footer(sheet, study.settings, projection(study)[1])
        right, bottom = sheet.width - EDGE, foot - 16
        column = Box(right - COLUMN, TOP, right, bottom)
        side = column.left - GUTTER
        notes, top = legend.draw_notes(sheet, study, EDGE, side, bottom)
        signs, top = legend.draw_signs(sheet, study, EDGE, side, top - 8)
        self.map = ControlMap(sheet, study, Box(EDGE, TOP, side, top - 8))
        totals = {unit: balance.total for unit, balance in self._balances.items()}
        self._legend = Legend(sheet, study, totals, column)
        self.news = column._replace(top=self._legend.bottom + 20)
        self.still = [*header, *footer, *notes, *signs, *self._legend.artists]
        self.told: list[Artist] = []
        self._below, self._above = self._draw_still()

    def _draw_still(self) -> tuple[Any, np.ndarray]:
        """Draw once what no day changes: what lies below the day's colours, and above."""
        canvas = self.sheet.canvas
        renderer = canvas.get_renderer()
        renderer.clear()
        for artist in self.map.over:
            self.sheet.draw(artist)
        # Agg takes images upside down.
        above = np.array(canvas.buffer_rgba())[::-1].copy()
        renderer.clear()
        for artist in (self.sheet.figure.patch, *self.still, *self.map.under):
            self.sheet.draw(artist)
        return canvas.copy_from_bbox(self.sheet.figure.bbox), above

    def _show(self, day: date) -> None:
        """Put one day on the figure."""
        timeline, captions = self._timeline, self._captions
        areas, places = timeline.control(day), timeline.control(day, "places")
        # The state in which a study starts is no event of that day.
        opening = day == timeline.study.settings.start
        changed = set() if opening else set(timeline.changes_on(day)["place_id"])
        self.map.paint(areas, places, changed)
        for artist in self.told:
            artist.remove()
        self.told = [margins.draw_day(self.sheet, day)]
        self.told += self._legend.draw_day(measures.on_day(self._balances, day))
        self.told += news.draw_changes(self.sheet, captions, day, self.news)
        if silence := captions.silence(day):
            self.told += self.map.draw_banner(silence)

    def png(self, day: date) -> bytes:
        """One day as a PNG, with its alt text in the file's ``Description``."""
        with self._lock:
            self._show(day)
            canvas = self.sheet.canvas
            renderer = canvas.get_renderer()
            canvas.restore_region(self._below)
            for artist in self.map.day:
                artist.draw(renderer)
            renderer.draw_image(renderer.new_gc(), 0, 0, self._above)
            for artist in self.told:
                self.sheet.draw(artist)
            return self._file(day)

    def _file(self, day: date) -> bytes:
        """What is on the canvas, as a PNG that says what it shows and holds no clock's time."""
        settings = self._timeline.study.settings
        about = PngInfo()
        for keyword, text in {
            "Title": settings.title,
            "Description": self._captions.alt_text(day),
            "Copyright": settings.credit,
            "Software": SOFTWARE,
        }.items():
            if text:
                about.add_itxt(keyword, text)
        picture = Image.fromarray(np.asarray(self.sheet.canvas.buffer_rgba())).convert("RGB")
        file = io.BytesIO()
        dpi = (self._dpi, self._dpi)
        picture.save(file, "PNG", compress_level=COMPRESSION, dpi=dpi, pnginfo=about)
        return file.getvalue()
