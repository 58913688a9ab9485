"""What stands around a picture's map: title, legend, the day's changes, notes, credit.

Each function sets one of them on a sheet, inside the box it is given, and returns the
artists it made; those that grow with their text say where they end, so that the map can
take what is left.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.text import Text

from geo import style, words
from geo.measures import UNITS
from geo.printmap import (
    CAPITAL,
    CAPITAL_RIM,
    CHANGED,
    CHANGED_RIM,
    DASHED,
    DOTTED,
    MARKER,
    Markers,
    fill,
    outline,
    path,
)
from geo.study import Study
from geo.typeset import INK, LEADING, LINE, SOFT, Sheet

EDGE = 40
"""Around everything, in units like all lengths here."""

TITLE, SITUATION, HEADING, BODY, SMALL = 36, 27, 20, 17, 15.5
ROW = 30
"""Of the legend."""

SWATCH = (36, 20)
UNIT_HEADINGS = {"km2": "area", "people": "people"}
NUMBERS_FROM_RIGHT = {"areas": 208, "km2": 104, "people": 0}

KIND_LABELS = {"crossing": "border crossing", "base": "military base"}
FOOTER_LINES, NOTE_LINES = 3, 4


class Density(NamedTuple):
    """How closely the day's changes are set."""

    size: float
    gap: float
    sources: int
    lines: int


DENSITIES = (
    Density(17.5, 13, 5, 3),
    Density(17, 10, 4, 2),
    Density(16, 8, 3, 2),
    Density(15.5, 6, 2, 1),
)
"""The first in which all fit is taken; the last one gives up what does not."""


class Entry(NamedTuple):
    """One of the day's changes, in words."""

    name: str
    shape: str
    control: style.Control
    move: str
    sure: str
    publishers: list[str]


def draw_header(sheet: Sheet, title: str, basis: str) -> tuple[list[Artist], Text]:
    """Title, day, and what the picture rests on; the day's artist is handed back to be set."""
    wide = sheet.width - 2 * EDGE
    size = TITLE
    while size > HEADING and sheet.measure(title, size, True) > wide:
        size -= 1
    day = sheet.text(EDGE, 116, "", SITUATION, INK)
    drawn = [
        sheet.text(EDGE, 74, sheet.cut(title, size, wide, True), size, INK, bold=True),
        sheet.text(EDGE, 146, sheet.cut(basis, BODY, wide), BODY, SOFT),
    ]
    return drawn, day


def draw_footer(sheet: Sheet, study: Study, projection_name: str) -> tuple[list[Artist], float]:
    """Disclaimer, credit and projection below a line; returns where it begins."""
    settings = study.settings
    maker = "made with controlmap"
    right = sheet.width - EDGE
    wide = right - EDGE - sheet.measure(maker, SMALL) - 40
    told = [settings.disclaimer, _told(settings.credit), f"Projection: {projection_name}."]
    lines = sheet.wrap(" ".join(text for text in told if text), SMALL, wide)
    lines = sheet.cut_lines(lines, FOOTER_LINES, SMALL, wide)
    top = sheet.height - EDGE + 12 - len(lines) * SMALL * LEADING
    drawn, _ = sheet.paragraph(EDGE, top, lines, SMALL)
    rule = sheet.line([EDGE, right], [top - 8, top - 8])
    return [*drawn, rule, sheet.text(right, top + SMALL, maker, SMALL, SOFT, align="right")], top - 8


def _told(text: str) -> str:
    return text if not text or text.rstrip()[-1] in ".!?" else f"{text.rstrip()}."


def draw_notes(
    sheet: Sheet, study: Study, left: float, right: float, bottom: float
) -> tuple[list[Artist], float]:
    """What counts as each control, in two columns that end at `bottom`; returns their top."""
    gap = 28
    wide = (right - left - gap) / 2
    notes = []
    for control in study.controls.values():
        label = sheet.cut(control.label, SMALL, wide / 2, True)
        indent = sheet.measure(label, SMALL, True) + 7
        lines = sheet.wrap(control.definition, SMALL, wide, indent=indent)
        notes.append((label, indent, sheet.cut_lines(lines, NOTE_LINES, SMALL, wide)))
    heights = [len(lines) * SMALL * LEADING + 4 for *_, lines in notes]
    split = min(
        range(len(notes) + 1), key=lambda at: max(sum(heights[:at]), sum(heights[at:]))
    )
    top = bottom - max(sum(heights[:split]), sum(heights[split:]))
    drawn: list[Artist] = []
    for x, column in ((left, notes[:split]), (left + wide + gap, notes[split:])):
        y = top
        for label, indent, lines in column:
            drawn.append(sheet.text(x, y + SMALL, label, SMALL, INK, bold=True))
            drawn.append(sheet.text(x + indent, y + SMALL, lines[0], SMALL, SOFT))
            more, y = sheet.paragraph(x, y + SMALL * LEADING, lines[1:], SMALL)
            drawn += more
            y += 4
    return drawn, top


def draw_signs(
    sheet: Sheet, study: Study, left: float, right: float, bottom: float
) -> tuple[list[Artist], float]:
    """What outlines, shapes and rings mean, in rows that end at `bottom`; returns their top."""
    items = _sign_items(study)
    widths = [icon + 8 + sheet.measure(label, SMALL) + 24 for label, icon, _ in items]
    rows: list[list[int]] = [[]]
    for i, wide in enumerate(widths):
        if rows[-1] and sum(widths[j] for j in rows[-1]) + wide - 24 > right - left:
            rows.append([])
        rows[-1].append(i)
    height = 28
    top = bottom - height * len(rows)
    drawn: list[Artist] = []
    for r, row in enumerate(rows):
        x, middle = left, top + height * (r + 0.5)
        for i in row:
            label, icon, draw = items[i]
            drawn += draw(sheet, x, middle)
            drawn.append(sheet.text(x + icon + 8, middle + SMALL * 0.36, label, SMALL, INK))
            x += widths[i]
    return drawn, top


def _sign_items(study: Study) -> list[tuple]:
    """Label, width and drawing of each sign that the study's maps may show."""
    example = next(iter(study.controls.values()))
    kinds = list(dict.fromkeys(study.places["kind"]))
    items = [
        ("uncertain on this day", SWATCH[0], _outlined(example, DASHED, 2.8, False)),
        ("claimed by its side only", SWATCH[0], _outlined(example, DOTTED, 2.8, True)),
    ]
    if study.places["is_capital"].any():
        items.append(("capital", CAPITAL, _marker("circle", example, CAPITAL, CAPITAL_RIM)))
    items += [
        (KIND_LABELS.get(kind, kind), MARKER, _marker(style.shape(kind), example))
        for kind in kinds
        if not study.places.loc[study.places["kind"] == kind, "is_capital"].all()
    ]
    return [*items, ("changed on this day", 30, _ring)]


def _outlined(control: style.Control, dashes: tuple, width: float, claimed: bool):
    def draw(sheet: Sheet, x: float, y: float) -> list[Artist]:
        box = _swatch(x, y)
        return [
            sheet.shapes([box], **fill(control, claimed)),
            sheet.shapes(
                [box], edgecolor=INK, linewidth=width, linestyle=dashes, capstyle=_cap(dashes)
            ),
        ]

    return draw


def _cap(dashes: tuple) -> str:
    return "round" if dashes is DOTTED else "butt"


def _marker(shape: str, control: style.Control, size: float = MARKER, rim: float = 1.5):
    def draw(sheet: Sheet, x: float, y: float) -> list[Artist]:
        markers = Markers(sheet, np.array([[x + size / 2, y]]), [shape], size, rim)
        markers.paint([control.model_copy(update={"colour": "#ffffff", "marker": "open"})])
        return markers.artists

    return draw


def _ring(sheet: Sheet, x: float, y: float) -> list[Artist]:
    look = {"offsets": [(x + 15, y)], "offset_transform": sheet.units}
    ring = sheet.shapes(
        [outline("circle")],
        transform=sheet.stamp(CHANGED),
        edgecolor=INK,
        linewidth=CHANGED_RIM,
        **look,
    )
    return [ring]


def _swatch(x: float, y: float):
    return path(shapely.box(x, y - SWATCH[1] / 2, x + SWATCH[0], y + SWATCH[1] / 2))


class Legend:
    """Controls with their swatches, and how much each holds on the day.

    Attributes
    ----------
    artists : list of matplotlib.artist.Artist
        What no day changes.
    bottom : float
        Where the next thing may begin.
    """

    def __init__(
        self, sheet: Sheet, study: Study, totals: dict[str, float], left: float, top: float, right: float
    ) -> None:
        self._sheet, self._right, self._top = sheet, right, top + 58
        self._controls = list(study.controls)
        self._totals = totals
        many = study.settings.area_unit[1]
        headings = {"areas": many, **UNIT_HEADINGS}
        narrow = right - NUMBERS_FROM_RIGHT["areas"] - 76 - (left + 78)
        self.artists: list[Artist] = [
            sheet.text(left, top + HEADING, f"Control of {many}", HEADING, INK, bold=True),
            sheet.line([left, right], [top + 54, top + 54]),
        ]
        for unit in UNITS:
            at = right - NUMBERS_FROM_RIGHT[unit]
            head = sheet.cut(headings[unit], SMALL, 96)
            self.artists.append(sheet.text(at, top + 46, head, SMALL, SOFT, align="right"))
        for row, control in enumerate(study.controls.values()):
            middle = self._middle(row)
            box = _swatch(left, middle)
            self.artists += [
                sheet.shapes([box], **fill(control)),
                sheet.shapes([box], edgecolor="#7b8591", linewidth=1.2),
            ]
            markers = Markers(sheet, np.array([[left + 54, middle]]), ["circle"], CAPITAL)
            markers.paint([control])
            self.artists += markers.artists
            label = sheet.cut(control.label, BODY, narrow, True)
            self.artists.append(sheet.text(left + 74, middle + 6, label, BODY, INK, bold=True))
        end = self._middle(len(self._controls)) - ROW / 2
        self.artists += [
            sheet.line([left, right], [end + 2, end + 2]),
            sheet.text(left + 74, end + 22, "Whole", SMALL, SOFT),
        ]
        for unit, told in _totals_told(totals).items():
            at = right - NUMBERS_FROM_RIGHT[unit]
            self.artists.append(sheet.text(at, end + 22, told, SMALL, SOFT, align="right"))
        rule = sheet.wrap(words.rule(study), SMALL, right - left)
        drawn, self.bottom = sheet.paragraph(left, end + 36, rule, SMALL)
        self.artists += drawn

    def _middle(self, row: int) -> float:
        return self._top + ROW * (row + 0.5)

    def draw_day(self, balance: pd.DataFrame) -> list[Artist]:
        """The numbers of :func:`geo.measures.on_day`."""
        drawn: list[Artist] = []
        for row, control in enumerate(self._controls):
            held = balance.loc[control] if control in balance.index else None
            count = 0 if held is None else int(held["areas"])
            told = {"areas": f"{count} of {self._totals['areas']:.0f}"}
            for unit in ("km2", "people"):
                told[unit] = "–" if held is None else words.share(held[f"{unit}_share"])
            for unit, text in told.items():
                at, y = self._right - NUMBERS_FROM_RIGHT[unit], self._middle(row) + 6
                colour = INK if count else SOFT
                drawn.append(
                    self._sheet.text(at, y, text, BODY, colour, unit == "areas" and count > 0, "right")
                )
        return drawn


def _totals_told(totals: dict[str, float]) -> dict[str, str]:
    people = totals["people"]
    told = "not given" if not people else f"{people / 1e6:.1f} million"
    if 0 < people < 1e6:
        told = f"{people:,.0f}"
    return {"areas": f"{totals['areas']:.0f}", "km2": f"{totals['km2']:,.0f} km²", "people": told}


def draw_changes(
    sheet: Sheet,
    entries: list[Entry],
    silence: str,
    left: float,
    top: float,
    right: float,
    bottom: float,
) -> list[Artist]:
    """The day's changes in the space there is: closer set, then cut, where they are many."""
    drawn: list[Artist] = [
        sheet.line([left, right], [top, top], INK, 2),
        sheet.text(left, top + 32, "Changes on this day", HEADING, INK, bold=True),
    ]
    if entries:
        count = f"{len(entries)} in all" if len(entries) > 1 else "one"
        drawn.append(sheet.text(right, top + 32, count, SMALL, SOFT, align="right"))
    start = top + 46
    if not entries:
        told = silence or "No change reported on this day."
        lines = sheet.wrap(told, BODY, right - left)
        return drawn + sheet.paragraph(left, start, lines, BODY, INK)[0]
    settings = (_Setting(sheet, entries, left, right, density) for density in DENSITIES)
    for setting in settings:
        if start + sum(setting.heights) <= bottom:
            break
    return drawn + setting.draw(start, bottom)


class _Setting:
    """The day's changes at one density: their lines, and how high each stands."""

    INDENT = 26

    def __init__(
        self, sheet: Sheet, entries: list[Entry], left: float, right: float, density: Density
    ) -> None:
        self._sheet, self._entries, self._density = sheet, entries, density
        self._left, self._right = left, right
        self._wide = right - left - self.INDENT
        self._details = [self._detail(entry) for entry in entries]
        self._moves_apart = [self._apart(entry) for entry in entries]
        step = density.size * LEADING
        self.heights = [
            step * (1 + apart) + (density.size - 1) * LEADING * len(detail) + density.gap
            for apart, detail in zip(self._moves_apart, self._details, strict=True)
        ]

    def _detail(self, entry: Entry) -> list[str]:
        small = self._density.size - 1
        told = f"{entry.sure} · {some(entry.publishers, self._density.sources)}"
        lines = self._sheet.wrap(told, small, self._wide)
        return self._sheet.cut_lines(lines, self._density.lines, small, self._wide)

    def _apart(self, entry: Entry) -> bool:
        """Whether from and to need a line of their own."""
        size = self._density.size
        name = self._sheet.measure(entry.name, size, True)
        return name + 10 + self._sheet.measure(entry.move, size) > self._wide

    def draw(self, y: float, bottom: float) -> list[Artist]:
        size, sheet = self._density.size, self._sheet
        fits = np.flatnonzero(y + np.cumsum(self.heights) <= bottom)
        shown = len(fits)
        while shown and shown < len(self._entries) and y + sum(self.heights[:shown]) + size * LEADING > bottom:
            shown -= 1
        drawn: list[Artist] = []
        marks, x = [], self._left + self.INDENT
        for entry, detail, apart, height in zip(
            self._entries[:shown], self._details, self._moves_apart, self.heights, strict=False
        ):
            baseline = y + size
            marks.append((self._left + 9, baseline - size * 0.36))
            name = sheet.cut(entry.name, size, self._wide, True)
            drawn.append(sheet.text(x, baseline, name, size, INK, bold=True))
            after = x if apart else x + sheet.measure(name, size, True) + 10
            line = baseline + size * LEADING * apart
            move = sheet.cut(entry.move, size, self._wide)
            drawn.append(sheet.text(after, line, move, size, INK))
            top = y + size * LEADING * (1 + apart)
            drawn += sheet.paragraph(x, top, detail, size - 1)[0]
            y += height
        if marks:
            part = self._entries[:shown]
            markers = Markers(sheet, np.array(marks), [entry.shape for entry in part])
            markers.paint([entry.control for entry in part])
            drawn += markers.artists
        if shown < len(self._entries):
            rest = f"and {len(self._entries) - shown} more"
            drawn.append(sheet.text(x, y + size, rest, size, SOFT))
        return drawn


def some(names: list[str], most: int) -> str:
    """The first few of some names, and how many more there are.

    Examples
    --------
    >>> some(["TASS", "VOI", "VOA News"], 2)
    'TASS and 2 more'
    """
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def draw_banner(sheet: Sheet, text: str, left: float, top: float, right: float) -> list[Artist]:
    """A dark bar over the map's upper edge: nothing is known of this day."""
    bar = sheet.shapes([path(shapely.box(left, top, right, top + 44))], facecolor=INK)
    text = sheet.cut(text, HEADING, right - left - 40, True)
    at = (left + right) / 2
    return [bar, sheet.text(at, top + 29, text, HEADING, "white", bold=True, align="center")]
