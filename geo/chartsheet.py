"""A trend as a picture that can stand alone in a report: SVG, and the PNG drawn from it.

The chart comes from :mod:`geo.charts` through vl-convert, which needs no browser and no
internet. Around it stand the words that a reader needs: of what, how much of what whole, as
known when and from which sources, under which rule, by whose credit. They are measured and
wrapped by the same :class:`geo.print.typeset.Sheet` as the map's pictures.
"""

import io
from pathlib import Path

import altair as alt
import matplotlib
import numpy as np
import vl_convert
from markupsafe import Markup
from PIL import Image

from geo import charts, hatches
from geo.print.captions import Captions
from geo.print.margins import BASIS, EDGE, FOOT, MAKER, MOST_FOOT, SITUATION, TITLE
from geo.print.page import SOFTWARE, About, as_png
from geo.print.typeset import FONT, INK, LEADING, LINE, SOFT, Sheet
from geo.trends import Trend

SIZE = (1600, 1200)
DPI = 150
"""As the map's picture for the screen: they stand side by side on a page."""

LEGEND, NOTES = 18, 15.5
"""Sizes of letters, in units like all lengths here."""

AXIS = 96
"""Room for the labels left of the plot, at first sight."""

FORMATS = ("png", "svg")

VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""The version that Altair writes, as vl-convert names it."""

_FAMILY = f"'{FONT}', Verdana, sans-serif"

_TEXT = Markup(
    '<text x="{:.1f}" y="{:.1f}" font-size="{:g}" fill="{}" font-weight="{}" '
    'text-anchor="{}">{}</text>'
)
_LINE = Markup('<path d="M{} {:.1f}H{}" stroke="{}" stroke-width="1.5"></path>')
_FILE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" font-family="{2}">'
    "<title>{3}</title><desc>{4}</desc>"
    "<metadata>{5}</metadata>"
    "<defs>{6}</defs>"
    '<rect width="{0}" height="{1}" fill="#ffffff"></rect>{7}</svg>\n'
)


def render(trend: Trend, share: bool, format: str = "png") -> bytes:
    """The picture of a trend that is not empty.

    Parameters
    ----------
    trend : geo.trends.Trend
    share : bool
        Whether amounts are shares of the whole.
    format : {"png", "svg"}

    Returns
    -------
    bytes
        A whole file, with its alt text in it.
    """
    drawn = _Sheet(trend, share).svg()
    if format == "svg":
        return drawn.encode()
    study = trend.timeline.study
    about = About(study.settings.title, trend.alt_text, study.settings.credit)
    # The letters of matplotlib's own font, whatever this machine has installed.
    vl_convert.register_font_directory(str(Path(matplotlib.get_data_path()) / "fonts/ttf"))
    picture = Image.open(io.BytesIO(vl_convert.svg_to_png(drawn)))
    return as_png(np.asarray(picture.convert("RGB")), DPI, about)


class _Sheet:
    """What is written on the sheet so far, from above and from below."""

    def __init__(self, trend: Trend, share: bool) -> None:
        self.trend, self.share = trend, share
        self.study = trend.timeline.study
        self.ruler = Sheet(SIZE, DPI)
        self.wide = SIZE[0] - 2 * EDGE
        self.parts: list[Markup] = []

    def svg(self) -> str:
        top = self._legend(self._head())
        bottom = self._notes(self._foot())
        self._chart(top + 44, bottom - 24)
        return str(
            _FILE.format(
                *SIZE,
                _FAMILY,
                self.study.settings.title,
                self.trend.alt_text,
                f"{SOFTWARE}. {self.study.settings.credit}",
                hatches.patterns(self.study.controls.values()),
                Markup("").join(self.parts),
            )
        )

    def _text(
        self, x: float, y: float, text: str, size: float, colour: str = INK, **look: str
    ) -> None:
        weight, anchor = look.get("weight", "normal"), look.get("anchor", "start")
        self.parts.append(_TEXT.format(x, y, size, colour, weight, anchor, text))

    def _head(self) -> float:
        """Title, of what and when, what it rests on; returns where that ends."""
        cut = self.ruler.cut
        self._text(
            EDGE, 74, cut(self.study.settings.title, TITLE, self.wide, True), TITLE, weight="bold"
        )
        how = f"as shares of {self.trend.whole}" if self.share else f"of {self.trend.whole}"
        said = f"{self.trend.label} under each control, {how}, {self.trend.period}"
        self._text(EDGE, 116, cut(said, SITUATION, self.wide), SITUATION)
        basis = " ".join(Captions(self.trend.timeline).basis)
        self._text(EDGE, 146, cut(basis, BASIS, self.wide), BASIS, SOFT)
        return 146

    def _legend(self, top: float) -> float:
        x, y = float(EDGE), top + 42
        for control, uncertain, label in self.trend.legend():
            label = self.ruler.cut(label, LEGEND, self.wide - 40)
            room = 34 + self.ruler.measure(label, LEGEND) + 30
            if x > EDGE and x + room - 30 > EDGE + self.wide:
                x, y = float(EDGE), y + LEGEND * 1.6
            self.parts.append(hatches.swatch(control, uncertain, x, y - 14))
            self._text(x + 34, y, label, LEGEND)
            x += room
        return y

    def _foot(self) -> float:
        """Disclaimer and credit below a line; returns where that stands."""
        settings, ruler = self.study.settings, self.ruler
        room = self.wide - ruler.measure(MAKER, FOOT) - 40
        text = " ".join(_ended(part) for part in (settings.disclaimer, settings.credit) if part)
        lines = ruler.cut_lines(ruler.wrap(text, FOOT, room), MOST_FOOT, FOOT, room)
        top = SIZE[1] - EDGE + 12 - len(lines) * FOOT * LEADING
        self.parts.append(_LINE.format(EDGE, top - 8, SIZE[0] - EDGE, LINE))
        self._text(SIZE[0] - EDGE, top + FOOT, MAKER, FOOT, SOFT, anchor="end")
        for row, line in enumerate(lines):
            self._text(EDGE, top + FOOT + row * FOOT * LEADING, line, FOOT, SOFT)
        return top - 8

    def _notes(self, bottom: float) -> float:
        """The rule and where figures come from, above the foot; returns where they begin."""
        lines = self.ruler.wrap(" ".join(self.trend.notes()), NOTES, self.wide)
        lines = self.ruler.cut_lines(lines, 6, NOTES, self.wide)
        top = bottom - 14 - len(lines) * NOTES * LEADING
        for row, line in enumerate(lines):
            self._text(EDGE, top + NOTES + row * NOTES * LEADING, line, NOTES)
        return top

    def _chart(self, top: float, bottom: float) -> None:
        room = bottom - top - 60
        lower = round(room * 0.22)
        look = charts.LOOKS["light"]._replace(
            upper=round(room - lower - 70), gap=70, lower=lower, letters=16, font=FONT
        )
        # How wide the labels beside the plot are shows only once they are drawn.
        first = _drawn(self.trend, self.share, look, self.wide - AXIS)
        inner = _drawn(self.trend, self.share, look, 2 * self.wide - AXIS - _width(first))
        place = f'<svg x="{EDGE}" y="{top:.1f}" '
        self.parts.append(Markup(inner[inner.index("<svg") :].replace("<svg ", place, 1)))


def _drawn(trend: Trend, share: bool, look: charts.Look, width: float) -> str:
    spec = charts.chart(trend, share, look, width=width)
    return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)


def _width(drawn: str) -> float:
    """How wide a drawing is, in its own first words."""
    return float(drawn.split('width="', 1)[1].split('"', 1)[0])


def _ended(text: str) -> str:
    """A sentence with a full stop."""
    text = text.rstrip()
    return text if text[-1:] in ".!?" else f"{text}."
