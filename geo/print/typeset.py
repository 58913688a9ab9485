"""Plain text on a figure: cleaned, measured, wrapped, cut to what fits.

A picture is laid out in its own units, counted from the upper left corner, of which it has
at least 1600 × 1200 (upright 1200 × 1600) whatever its size in pixels: a larger one is the
same picture, finer.
Text goes in as written by anyone and comes out as plain lines that stay in their box.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedBbox

FONT = "DejaVu Sans"
"""Comes with matplotlib, so that every machine draws the same letters."""

DESIGN = (1600, 1200)
"""The least length of a sheet's longer and of its shorter side, in units."""

LEADING = 1.3
"""From one line of a text to the next, in sizes of its letters."""

HATCH_WIDTH = 2.1
HATCHES = 1 / 75
"""How often a sign of a hatch is repeated for each unit of an inch: matplotlib spreads a
sign's lines over an inch, whatever the size of the picture."""

INK, SOFT, LINE = "#1c2430", "#55606e", "#d5dae1"

KEPT_TEXTS = 400

Align = Literal["left", "center", "right"]

_JOINERS = "\u200c\u200d"
_REPLACEMENT = "\ufffd"
_LEFT_TO_RIGHT = "\u200e"
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
_PAD = 3
"""About a text's pixels: some letters reach beyond their own width."""


@lru_cache
def _letters(bold: bool) -> frozenset[int]:
    face = FontProperties(family=FONT, weight="bold" if bold else "normal")
    return frozenset(get_font(findfont(face)).get_charmap())


def plain(text: str) -> str:
    r"""Text as one line that the font can draw.

    Line breaks and control characters become spaces, marks that turn the writing direction
    or show nothing are left out, and what the font has no sign for becomes ``U+FFFD``.

    Examples
    --------
    >>> plain("Pul-e\n Alam\u202e ")
    'Pul-e Alam'
    """
    kept = []
    for letter in unicodedata.normalize("NFC", str(text)):
        category = unicodedata.category(letter)
        if category == "Cc":
            kept.append(" ")
        elif letter in _JOINERS or category[0] == "Z":
            kept.append(letter)
        elif category not in ("Cf", "Cs") and not 0xFE00 <= ord(letter) <= 0xFE0F:
            kept.append(letter if ord(letter) in _letters(False) else _REPLACEMENT)
    return " ".join("".join(kept).split())


def _from_left(text: str) -> str:
    """A line of ours that begins with a name written from the right still runs from the left."""
    ways = {unicodedata.bidirectional(letter) for letter in text}
    return f"{_LEFT_TO_RIGHT}{text}" if "L" in ways and ways & {"R", "AL"} else text


class Sheet:
    """A figure with units of its own, and what measures text on it.

    Parameters
    ----------
    size : tuple of int
        Width and height in pixels.
    dpi : float
        Pixels an inch: how large the picture is on paper.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    canvas : matplotlib.backends.backend_agg.FigureCanvasAgg
    width, height : float
        In units.
    scale : float
        Pixels a unit.
    units : matplotlib.transforms.Transform
        Units → the figure's own coordinates, for every kind of output.
    """

    def __init__(self, size: tuple[int, int], dpi: float) -> None:
        self.scale = min(max(size) / DESIGN[0], min(size) / DESIGN[1])
        self.width, self.height = size[0] / self.scale, size[1] / self.scale
        self._inch = inch = dpi / self.scale
        # A hundredth of a pixel more: Agg cuts 1599.9999 down to 1599.
        inches = ((size[0] + 0.01) / dpi, (size[1] + 0.01) / dpi)
        self.figure = Figure(figsize=inches, dpi=dpi, facecolor="white", edgecolor="none")
        self.canvas = FigureCanvasAgg(self.figure)
        flip = Affine2D().scale(1 / inch, -1 / inch).translate(0, inches[1])
        self.units = flip + self.figure.dpi_scale_trans
        self._widths: dict[tuple[str, float, bool], float] = {}
        self._bitmap = lru_cache(maxsize=KEPT_TEXTS)(self._rasterise)

    def points(self, units: Any) -> Any:
        """Units as the points in which matplotlib counts letters and the width of lines."""
        return units * 72 / self._inch

    def hatch(self, signs: str) -> str:
        """Signs of a hatch, as often as makes it as close on every size of paper."""
        return signs * max(1, round(HATCHES * self._inch))

    def _face(self, text: str, size: float, bold: bool) -> FontProperties:
        """The font of a text: the bold one lacks some letters that the plain one has."""
        bold = bold and all(ord(letter) in _letters(True) for letter in text)
        return _font(self.points(size), bold)

    def axes(self, frame: Sequence[float], per_unit: float) -> Axes:
        """Axes over a rectangle, with nothing of their own to see.

        Parameters
        ----------
        frame : sequence of float
            Left, top, right and bottom, in units.
        per_unit : float
            Units to one of the axes' own, which count from the lower left corner.
        """
        left, top, right, bottom = frame
        width, height = right - left, bottom - top
        place = (left / self.width, 1 - bottom / self.height)
        axes = self.figure.add_axes((*place, width / self.width, height / self.height))
        axes.set_axis_off()
        axes.set(xlim=(0, width / per_unit), ylim=(0, height / per_unit))
        return axes

    def stamp(self, size: float) -> Transform:
        """Transforms a drawing in a box of 16 × 16, y down, to `size` units about its middle."""
        step = size / 16 / self._inch
        return Affine2D().translate(-8, -8).scale(step, -step) + self.figure.dpi_scale_trans

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str = INK,
        bold: bool = False,
        align: Align = "left",
    ) -> Text:
        """One line of plain text on its baseline; returns the artist."""
        text = _from_left(plain(text))
        artist = Text(
            x,
            y,
            text,
            color=colour,
            fontproperties=self._face(text, size, bold),
            horizontalalignment=align,
            verticalalignment="baseline",
            usetex=False,
            parse_math=False,
            transform=self.units,
        )
        self.figure.add_artist(artist)
        return artist

    def line(
        self, x: Sequence[float], y: Sequence[float], colour: str = LINE, width: float = 1.5
    ) -> Line2D:
        """A line through points; returns the artist."""
        artist = Line2D(
            x,
            y,
            color=colour,
            linewidth=self.points(width),
            linestyle="-",
            marker="",
            solid_capstyle="butt",
            transform=self.units,
        )
        self.figure.add_artist(artist)
        return artist

    def box(self, left: float, top: float, right: float, bottom: float) -> TransformedBbox:
        """A rectangle given in units, for artists to be clipped to."""
        inches = Bbox.from_extents(
            left / self._inch,
            (self.height - bottom) / self._inch,
            right / self._inch,
            (self.height - top) / self._inch,
        )
        return TransformedBbox(inches, self.figure.dpi_scale_trans)

    def shapes(
        self, paths: list[Path], clip: TransformedBbox | None = None, **look: Any
    ) -> PathCollection:
        """Paths in units, drawn alike; `linewidth` and `offsets` are too. Returns the artist."""
        look = {"facecolor": "none", "edgecolor": "none", "linewidth": 0, **look}
        look["linewidth"] = self.points(np.asarray(look["linewidth"]))
        look.setdefault("transform", self.units)
        if "offsets" in look:
            look["offset_transform"] = self.units
        artist = PathCollection(paths, sizes=None, **look)
        artist.set_clip_box(clip)
        artist.set_hatch_linewidth(self.points(HATCH_WIDTH))
        self.figure.add_artist(artist)
        return artist

    def draw(self, artist: Artist) -> None:
        """Draw on the canvas; texts that were drawn before are only copied there.

        Shaping and drawing letters would be most of the work of a picture.
        """
        renderer = self.canvas.get_renderer()
        if not isinstance(artist, Text) or artist.get_path_effects():
            artist.draw(renderer)
        elif artist.get_text():
            face, colour = artist.get_fontproperties(), str(artist.get_color())
            letters, width, below = self._bitmap(artist.get_text(), face, colour)
            x, y = self.units.transform(artist.get_position())
            left = x - width * _BEFORE[artist.get_horizontalalignment()]
            renderer.draw_image(renderer.new_gc(), round(left) - _PAD, round(y) - below, letters)

    def _rasterise(
        self, text: str, face: FontProperties, colour: str
    ) -> tuple[np.ndarray, float, int]:
        """A text's pixels, the lowest row first; its width, and how far it reaches below."""
        dpi = self.figure.dpi
        renderer = self.canvas.get_renderer()
        width, height, descent = renderer.get_text_width_height_descent(text, face, False)
        below = ceil(descent) + _PAD
        rows = ceil(height) + 2 * _PAD
        letters = RendererAgg(ceil(width) + 2 * _PAD, rows, dpi)
        pen = letters.new_gc()
        pen.set_foreground(colour)
        letters.draw_text(pen, _PAD, rows - below, text, face, 0)
        return np.array(letters.buffer_rgba())[::-1].copy(), width, below

    def measure(self, text: str, size: float, bold: bool = False) -> float:
        """How wide one line is, in units, once drawn."""
        key = (text, size, bold)
        if key not in self._widths:
            clean = plain(text)
            renderer = self.canvas.get_renderer()
            face = self._face(clean, size, bold)
            pixels = renderer.get_text_width_height_descent(clean, face, False)[0] if clean else 0
            self._widths[key] = pixels / self.scale
        return self._widths[key]

    def wrap(
        self, text: str, size: float, width: float, bold: bool = False, indent: float = 0
    ) -> list[str]:
        """Break a text into lines of a width; the first leaves room for an `indent`."""
        space = self.measure("n n", size, bold) - self.measure("nn", size, bold)
        lines: list[str] = []
        line, used = "", indent
        for word in plain(text).split(" "):
            for piece in self._pieces(word, size, width, bold):
                wide = self.measure(piece, size, bold)
                gap = space if line else 0
                if used + gap + wide > width and (line or used):
                    lines.append(line)
                    line, used, gap = "", 0, 0
                line = f"{line} {piece}" if line else piece
                used += gap + wide
        return [*lines, line]

    def _pieces(self, word: str, size: float, width: float, bold: bool) -> list[str]:
        """A word, or what a word wider than its line must be broken into."""
        pieces = []
        while self.measure(word, size, bold) > width and len(word) > 1:
            fits = self._fitting(word, size, width, bold)
            pieces.append(word[:fits])
            word = word[fits:]
        return [*pieces, word]

    def _fitting(self, text: str, size: float, width: float, bold: bool) -> int:
        """How many of a text's first letters fit; at least one."""
        low, high = 1, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.measure(text[:middle], size, bold) <= width
            low, high = (middle, high) if fits else (low, middle - 1)
        return low

    def cut(self, text: str, size: float, width: float, bold: bool = False) -> str:
        """A text that fits a width, its end given up for ``…`` where it must."""
        text = plain(text)
        if self.measure(text, size, bold) <= width:
            return text
        room = width - self.measure("…", size, bold)
        return text[: self._fitting(text, size, room, bold)].rstrip() + "…"

    def cut_lines(
        self, lines: list[str], most: int, size: float, width: float, indent: float = 0
    ) -> list[str]:
        """At most so many lines, the last one ending in ``…`` where some are given up."""
        if len(lines) <= most:
            return lines
        room = width - (indent if most == 1 else 0)
        return [*lines[: most - 1], self.cut(f"{lines[most - 1]} {lines[most]}…", size, room)]

    def paragraph(
        self, x: float, top: float, lines: list[str], size: float, colour: str = SOFT
    ) -> list[Text]:
        """Lines below one another, :data:`LEADING` sizes each; returns their artists."""
        step = size * LEADING
        return [
            self.text(x, top + step * row + size, line, size, colour)
            for row, line in enumerate(lines)
            if line
        ]


@lru_cache(maxsize=256)
def _font(points: float, bold: bool) -> FontProperties:
    return FontProperties(
        family=FONT, style="normal", weight="bold" if bold else "normal", size=points
    )
