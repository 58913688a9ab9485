"""A picture's head and foot: title and day above, disclaimer and credit below."""

from matplotlib.artist import Artist
from matplotlib.text import Text

from geo.print.typeset import INK, LEADING, SOFT, Sheet
from geo.schemas import Settings

EDGE = 40
"""Around everything, in units like all lengths here."""

TOP = 168
"""Where the maps begin."""

TITLE, LEAST_TITLE, SITUATION, BASIS, LEAST_BASIS, FOOT = 36, 20, 27, 17, 13, 15.5
MOST_FOOT = 3
"""Lines of the foot."""

MAKER = "made with controlmap"


def draw_header(sheet: Sheet, title: str, basis: str) -> list[Artist]:
    """Title and what the picture rests on; returns the artists."""
    wide = sheet.width - 2 * EDGE
    size = _fitting(sheet, title, TITLE, LEAST_TITLE, wide, True)
    small = _fitting(sheet, basis, BASIS, LEAST_BASIS, wide)
    return [
        sheet.text(EDGE, 74, sheet.cut(title, size, wide, True), size, INK, bold=True),
        sheet.text(EDGE, 146, sheet.cut(basis, small, wide), small, SOFT),
    ]


def _fitting(
    sheet: Sheet, text: str, size: float, least: float, wide: float, bold: bool = False
) -> float:
    """The largest size, but at least the least, in which a text fits a width."""
    while size > least and sheet.measure(text, size, bold) > wide:
        size -= 1
    return size


def draw_situation(sheet: Sheet, situation: str) -> Text:
    """Of which day or days the picture is, between title and basis; returns the artist."""
    return sheet.text(EDGE, 116, situation, SITUATION, INK)


def draw_footer(
    sheet: Sheet, settings: Settings, projection_name: str
) -> tuple[list[Artist], float]:
    """Disclaimer, credit and projection below a line; returns where that stands."""
    right = sheet.width - EDGE
    wide = right - EDGE - sheet.measure(MAKER, FOOT) - 40
    said = [settings.disclaimer, settings.credit, f"Projection: {projection_name}"]
    text = " ".join(_ended(part) for part in said if part.strip())
    lines = sheet.cut_lines(sheet.wrap(text, FOOT, wide), MOST_FOOT, FOOT, wide)
    top = sheet.height - EDGE + 12 - len(lines) * FOOT * LEADING
    drawn: list[Artist] = [
        sheet.line([EDGE, right], [top - 8, top - 8]),
        sheet.text(right, top + FOOT, MAKER, FOOT, SOFT, align="right"),
    ]
    drawn += sheet.paragraph(EDGE, top, lines, FOOT)
    return drawn, top - 8


def _ended(text: str) -> str:
    """A sentence with a full stop."""
    text = text.rstrip()
    return text if text[-1] in ".!?" else f"{text}."
