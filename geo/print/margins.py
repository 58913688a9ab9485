"""A picture's head and foot: title and day above, disclaimer and credit below."""

from datetime import date

from matplotlib.artist import Artist
from matplotlib.text import Text

from geo.dates import in_words
from geo.print.typeset import INK, LEADING, SOFT, Sheet
from geo.schemas import Settings

EDGE = 40
"""Around everything, in units like all lengths here."""

TITLE, LEAST_TITLE, SITUATION, BASIS, FOOT = 36, 20, 27, 17, 15.5
MOST_FOOT = 3
"""Lines of the foot."""

MAKER = "made with controlmap"


def draw_header(sheet: Sheet, title: str, basis: str) -> list[Artist]:
    """Title and what the picture rests on; returns the artists."""
    wide = sheet.width - 2 * EDGE
    size = TITLE
    while size > LEAST_TITLE and sheet.measure(title, size, True) > wide:
        size -= 1
    return [
        sheet.text(EDGE, 74, sheet.cut(title, size, wide, True), size, INK, bold=True),
        sheet.text(EDGE, 146, sheet.cut(basis, BASIS, wide), BASIS, SOFT),
    ]


def draw_day(sheet: Sheet, day: date) -> Text:
    """The day, between title and basis; returns the artist."""
    return sheet.text(EDGE, 116, f"Situation as of {in_words(day)}", SITUATION, INK)


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
