"""The map's hatches as SVG patterns, for every drawing that is not the map itself.

A chart in the page and a chart in a file fill their marks with ``url(#…)``, a reference to
one of these patterns in the same document. Tiles, grounds and lines are those of the web map
(``geo/web/paint.js``), so that a control looks the same wherever it is met.
"""

from collections.abc import Iterable
from urllib.parse import quote

from markupsafe import Markup

from geo import style

TILES = {
    "/": "M-1,1 L1,-1 M0,10 L10,0 M9,11 L11,9",
    "\\": "M-1,9 L1,11 M0,0 L10,10 M9,-1 L11,1",
    "|": "M5,0 V10",
    "-": "M0,5 H10",
    "+": "M5,0 V10 M0,5 H10",
    "x": "M0,0 L10,10 M0,10 L10,0",
    ".": "M5,5 h0.01",
    "o": "M5,3 a2,2 0 1,0 0.01,0",
}
"""One repeat of each of matplotlib's hatch signs, on a tile of 10 × 10."""

WIDTH, DOT = 2.2, 3
"""Of a hatch's lines and of its dots, on that tile."""

EDGE = "#8a94a0"
"""Around what is as pale as the page: unknown, and contested's white."""

DASHES = "4 3"
"""The outline of what is uncertain."""

INK = "#10151c"
"""Of that outline: it always lies on a control's own light colour."""

SILENCE = "url(#cm-hatch-silence)"

_NOTHING = Markup("")

_PATTERN = Markup(
    '<pattern id="{}" width="{:g}" height="{:g}" viewBox="0 0 10 10" '
    'patternUnits="userSpaceOnUse">{}</pattern>'
)
_LINES = Markup(
    '<path d="{}" fill="none" stroke="{}" stroke-width="{:g}" stroke-linecap="round"></path>'
)
_SWATCH = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" x="{:g}" y="{:g}" '
    'width="26" height="16" viewBox="0 0 26 16" '
    'aria-hidden="true"><defs>{}</defs><rect x="1.5" y="1.5" width="23" height="13" fill="{}" '
    'stroke="{}" stroke-width="{:g}" stroke-dasharray="{}"></rect></svg>'
)


def fill(control: style.Control, pale: bool = False) -> str:
    """What a mark is filled with: a colour, or the pattern of a hatched control.

    Examples
    --------
    >>> fill(style.Control(id="north", label="North", colour="#0072B2", hatch="--"))
    'url(#cm-hatch-north)'
    """
    return f"url(#{_name(control, pale)})" if control.hatch else style.ground(control, pale)


def _name(control: style.Control, pale: bool) -> str:
    return f"cm-hatch-{control.id}{'-pale' if pale else ''}"


def patterns(controls: Iterable[style.Control]) -> Markup:
    """All that :func:`fill` and :data:`SILENCE` refer to, for a ``<defs>`` of the document."""
    hatched = [control for control in controls if control.hatch]
    found = [_pattern(control, pale) for control in hatched for pale in (False, True)]
    hush = _LINES.format(TILES["\\"], "#8a94a0", 1.2)
    return Markup("").join([*found, _PATTERN.format("cm-hatch-silence", 9, 9, hush)])


def _pattern(control: style.Control, pale: bool) -> Markup:
    # As close as on the web map: the more signs, the smaller the tile.
    size = 10 / (0.5 + min(len(control.hatch), 4) / 4)
    ground = Markup('<rect width="10" height="10" fill="{}"></rect>').format(
        style.ground(control, pale)
    )
    drawn = [
        _LINES.format(TILES[sign], style.lines(control, pale), DOT if sign == "." else WIDTH)
        for sign in dict.fromkeys(control.hatch)
    ]
    return _PATTERN.format(_name(control, pale), size, size, ground + Markup("").join(drawn))


def sheet(controls: Iterable[style.Control]) -> Markup:
    """A drawing with nothing to see that holds the patterns, for a page of HTML."""
    # Patterns of a drawing that is not displayed at all are drawn by no browser.
    return Markup(
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true">'
        "<defs>{}</defs></svg>"
    ).format(patterns(controls))


def swatch(
    control: style.Control,
    uncertain: bool = False,
    x: float = 0,
    y: float = 0,
    defs: Markup = _NOTHING,
) -> Markup:
    """A sample for a legend, 26 × 16; what is uncertain is paler, its outline dashed."""
    pale = style.tint(control.colour, style.FILL_STRENGTH)
    quiet = EDGE if control.id in (style.UNKNOWN, style.CONTESTED) else pale
    edge = (INK, 1.3, DASHES) if uncertain else (quiet, 0.9, "none")
    return _SWATCH.format(x, y, defs, fill(control, uncertain), *edge)


def picture(control: style.Control, uncertain: bool = False) -> str:
    """The same sample as the address of an image, for pages that take no SVG of their own."""
    drawn = swatch(control, uncertain, defs=patterns([control]))
    return f"data:image/svg+xml,{quote(drawn)}"
