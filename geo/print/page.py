"""A sheet as a file: drawn in layers, so that a day draws only what it changes.

What stands still is drawn once, below the day's colours and above them; a PNG of a further
day restores the one, draws the colours, lays the other on top and adds the words. SVG and
PDF are drawn whole. The same in always gives the same bytes.
"""

import io
from itertools import chain
from threading import Lock
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from geo.print.map import ControlMap
from geo.print.typeset import FONT, Sheet

FORMATS = ("png", "svg", "pdf")

SOFTWARE = "controlmap"

COMPRESSION = 1
"""More takes longer than all the drawing, for a few hundredths of the size."""

_VECTOR: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": SOFTWARE,
    "pdf.fonttype": 42,
}
"""Text stays text in SVG, its fonts are embedded whole in PDF, and no id is random."""

_SETTINGS = Lock()
"""Matplotlib takes these from settings that all threads share."""

_FALLBACK = f"'{FONT}', Verdana, sans-serif"
"""For readers' machines without the font: Verdana's letters are as wide."""


class About(NamedTuple):
    """What a file says of itself."""

    title: str
    alt_text: str
    credit: str


class Page:
    """A sheet with one map or more, and the words around them.

    Parameters
    ----------
    sheet : geo.print.typeset.Sheet
    dpi : float
        Which a PNG tells a printer.
    maps : list of geo.print.map.ControlMap
    still : list of matplotlib.artist.Artist
        What stands around the maps whatever they show.

    Attributes
    ----------
    told : list of matplotlib.artist.Artist
        What is said of what the maps show; :meth:`tell` replaces it.
    """

    def __init__(
        self, sheet: Sheet, dpi: float, maps: list[ControlMap], still: list[Artist]
    ) -> None:
        self.sheet, self.maps, self.still = sheet, maps, still
        self.told: list[Artist] = []
        self._dpi = dpi
        self._kept: tuple[Any, np.ndarray] | None = None

    def tell(self, artists: list[Artist]) -> None:
        """Say something else."""
        for artist in self.told:
            artist.remove()
        self.told = artists

    def _layers(self) -> tuple[list[Artist], list[Artist], list[Artist]]:
        """What lies below the day's colours, those, and what lies above."""
        below = [artist for world in self.maps for artist in world.under]
        day = [artist for world in self.maps for artist in world.day]
        above = [artist for world in self.maps for artist in world.over]
        return [*self.still, *below], day, above

    def _draw_still(self) -> tuple[Any, np.ndarray]:
        below, _, above = self._layers()
        canvas = self.sheet.canvas
        renderer = canvas.get_renderer()
        renderer.clear()
        for artist in above:
            self.sheet.draw(artist)
        # Agg takes images upside down.
        over = np.array(canvas.buffer_rgba())[::-1].copy()
        renderer.clear()
        for artist in (self.sheet.figure.patch, *below):
            self.sheet.draw(artist)
        return canvas.copy_from_bbox(self.sheet.figure.bbox), over

    def pixels(self) -> np.ndarray:
        """The page as rows of pixels: height × width × 3, uint8."""
        self._kept = self._kept or self._draw_still()
        below, above = self._kept
        canvas = self.sheet.canvas
        renderer = canvas.get_renderer()
        canvas.restore_region(below)
        for artist in self._layers()[1]:
            artist.draw(renderer)
        renderer.draw_image(renderer.new_gc(), 0, 0, above)
        for artist in self.told:
            self.sheet.draw(artist)
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba()))
        return np.asarray(picture.convert("RGB"))

    def write(self, format: str, about: About) -> bytes:
        """The page as a whole file of one of :data:`FORMATS`, that holds no clock's time.

        Raises
        ------
        ValueError
            When the format is none of them.
        """
        if format not in FORMATS:
            right = ", ".join(FORMATS)
            raise ValueError(f"no picture format “{format}”; it is one of {right}")
        if format == "png":
            return as_png(self.pixels(), self._dpi, about)
        write = self._svg if format == "svg" else self._pdf
        with _SETTINGS, mpl.rc_context(_VECTOR):
            return write(about)

    def _svg(self, about: About) -> bytes:
        metadata = {
            "Title": about.title,
            "Description": about.alt_text,
            "Rights": about.credit,
            "Creator": SOFTWARE,
            "Date": None,
        }
        text = self._saved("svg", metadata).decode()
        return text.replace(f"'{FONT}'", _FALLBACK).encode()

    def _pdf(self, about: About) -> bytes:
        metadata = {
            "Title": about.title,
            "Subject": about.alt_text,
            "Creator": SOFTWARE,
            "CreationDate": None,
        }
        return self._saved("pdf", metadata)

    def _saved(self, format: str, metadata: dict[str, Any]) -> bytes:
        # A whole figure is drawn by rank, not in the order of our layers.
        for rank, artist in enumerate(chain(*self._layers(), self.told)):
            artist.set_zorder(rank)
            if artist.axes:
                artist.axes.set_zorder(rank)
        file = io.BytesIO()
        self.sheet.figure.savefig(file, format=format, metadata=metadata)
        return file.getvalue()


def as_png(pixels: np.ndarray, dpi: float, about: About) -> bytes:
    """Pixels as a PNG that says what it shows, with the alt text as its ``Description``."""
    info = PngInfo()
    for keyword, text in {
        "Title": about.title,
        "Description": about.alt_text,
        "Copyright": about.credit,
        "Software": SOFTWARE,
    }.items():
        if text:
            info.add_itxt(keyword, text)
    file = io.BytesIO()
    picture = Image.fromarray(pixels)
    picture.save(file, "PNG", compress_level=COMPRESSION, dpi=(dpi, dpi), pnginfo=info)
    return file.getvalue()
