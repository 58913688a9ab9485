"""What a picture's colours and signs mean, and how much each control holds on the day.

Controls with their counts stand in the column; signs and definitions under the map, each
growing upwards from the line it is given and telling where it begins, so that the map can
take what is left.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations_with_replacement, pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.path import Path

from geo import style, words
from geo.measures import Unit
from geo.print import events, symbols
from geo.print.ground import Box
from geo.print.symbols import Markers, fill, outline, path
from geo.print.typeset import INK, LEADING, SOFT, Sheet
from geo.study import Study

HEADING, BODY, SMALL = 20, 17, 15.5
ROW, LEAST_ROW = 30, 20
MOST_OF_BOX = 0.5
"""Of the box's height, for the rows: with many controls they stand closer."""

SWATCH = (32, 19)
SWATCH_LINE = "#7b8591"
MARK, LABEL = 50, 70
"""Where a row's marker and its label stand, from the left."""

COUNTS = (158, 78, 0)
"""Where the three columns of counts end, from the right."""

COUNT_WIDTHS = (110, 74, 72)
NOTE_LINES = 5

NOTES_WIDTH, NOTES_GAP, MOST_COLUMNS, MOST_NOTE_LINES = 500, 28, 4, 4
MOST_OF_SHEET = 0.21
"""Of the sheet's height, for the definitions."""

SIGN_ROW, SIGN_GAP, ICON_GAP = 28, 14, 7


class Legend:
    """Controls with their swatches, and three columns of counts.

    Parameters
    ----------
    sheet : geo.print.typeset.Sheet
    study : geo.study.Study
    heads : sequence of str
        Of the three columns.
    notes : sequence of str
        What is said below: the rule, the denominators.
    box : geo.print.ground.Box
    strong : int
        How many of the columns are set in bold.

    Attributes
    ----------
    artists : list of matplotlib.artist.Artist
        What no day changes.
    bottom : float
        Where it ends.
    """

    def __init__(
        self,
        sheet: Sheet,
        study: Study,
        heads: Sequence[str],
        notes: Sequence[str],
        box: Box,
        strong: int = 1,
    ) -> None:
        self._sheet, self._right, self._strong = sheet, box.right, strong
        self._controls = [control.id for control in study.legend]
        left, top, right, _ = box
        room = box.height * MOST_OF_BOX / len(self._controls)
        self._row = min(max(room, LEAST_ROW), ROW)
        self._top = top + 58
        end = self._top + self._row * len(self._controls) + 4
        title = sheet.cut(f"Control of {study.settings.area_unit[1]}", HEADING, box.width, True)
        self.artists: list[Artist] = [
            sheet.text(left, top + HEADING, title, HEADING, INK, bold=True),
            sheet.line([left, right], [top + 54, top + 54]),
        ]
        for head, back, wide in zip(heads, COUNTS, COUNT_WIDTHS, strict=True):
            head, x = sheet.cut(head, SMALL, wide), right - back
            self.artists.append(sheet.text(x, top + 46, head, SMALL, SOFT, align="right"))
        for row, control in enumerate(study.legend):
            self.artists += self._draw_control(control, left, self._middle(row))
        lines = [line for text in notes for line in sheet.wrap(text, SMALL, box.width)]
        lines = sheet.cut_lines(lines, NOTE_LINES, SMALL, box.width)
        self.artists.append(sheet.line([left, right], [end, end]))
        self.artists += sheet.paragraph(left, end + 8, lines, SMALL)
        self.bottom = end + 8 + len(lines) * SMALL * LEADING

    def _middle(self, row: int) -> float:
        return self._top + self._row * (row + 0.5)

    def _draw_control(self, control: style.Control, left: float, middle: float) -> list[Artist]:
        sheet, box = self._sheet, _swatch(left, middle)
        markers = Markers(sheet, np.array([[left + MARK, middle]]), ["circle"], capital=True)
        markers.paint([control])
        wide = self._right - COUNTS[0] - COUNT_WIDTHS[0] - left - LABEL
        label = sheet.cut(control.label, BODY, wide, True)
        return [
            sheet.shapes([box], **fill(sheet, control)),
            sheet.shapes([box], edgecolor=SWATCH_LINE, linewidth=1.2),
            *markers.artists,
            sheet.text(left + LABEL, middle + 6, label, BODY, INK, bold=True),
        ]

    def draw_counts(self, counts: dict[str, Sequence[str]], nothing: Sequence[str]) -> list[Artist]:
        """Fill the columns with three texts for each control, those of `nothing` for the rest."""
        drawn: list[Artist] = []
        for row, control in enumerate(self._controls):
            for at, told in enumerate(counts.get(control, nothing)):
                x, y = self._right - COUNTS[at], self._middle(row) + 6
                some = told != nothing[at]
                look = (INK if some else SOFT, some and at < self._strong)
                drawn.append(self._sheet.text(x, y, told, BODY, *look, "right"))
        return drawn


def counts_of_day(balance: pd.DataFrame, whole: float) -> dict[str, Sequence[str]]:
    """A day's counts, :func:`geo.measures.on_day`: areas of all areas, shares of km² and people."""
    return {
        str(control): (
            f"{int(held['areas'])} of {whole:.0f}",
            words.share(float(held["km2_share"])),
            words.share(float(held["people_share"])),
        )
        for control, held in balance.iterrows()
    }


def counts_of_two(
    left: pd.DataFrame, right: pd.DataFrame, comparable: bool
) -> dict[str, Sequence[str]]:
    """Areas on the one side, on the other, and how many more or fewer where that says anything."""
    held = pd.DataFrame({"left": left["areas"], "right": right["areas"]}).fillna(0).astype(int)
    return {
        str(row.Index): (
            str(row.left),
            str(row.right),
            words.signed(row.right - row.left) if comparable else "–",
        )
        for row in held.itertuples()
    }


def shares_of(totals: dict[Unit, float]) -> str:
    """The denominators: ``Shares of 642,180 km² and 31.9 million people.``"""
    people = totals["people"]
    also = f" and {words.people(people)}" if people else "; people not given"
    return f"Shares of {totals['km2']:,.0f} km²{also}."


def _swatch(x: float, middle: float) -> Path:
    wide, high = SWATCH
    return path(shapely.box(x, middle - high / 2, x + wide, middle + high / 2))


def draw_notes(sheet: Sheet, study: Study, box: Box) -> tuple[list[Artist], float]:
    """What counts as each control, in columns at the foot of a box; returns their top."""
    count = min(max(round(box.width / NOTES_WIDTH), 1), MOST_COLUMNS)
    wide = (box.width - NOTES_GAP * (count - 1)) / count
    room = min(sheet.height * MOST_OF_SHEET, box.height)
    controls = [control for control in study.legend if control.definition.strip()]
    for most in range(MOST_NOTE_LINES, 0, -1):
        notes = [_note(sheet, control, wide, most) for control in controls]
        heights = [len(note.lines) * SMALL * LEADING + 4 for note in notes]
        ends = _ends(heights, count)
        tall = max(sum(heights[a:b]) for a, b in pairwise([0, *ends]))
        if tall <= room:
            break
    drawn: list[Artist] = []
    for column, (first, end) in enumerate(pairwise([0, *ends])):
        x, y = box.left + (wide + NOTES_GAP) * column, box.bottom - tall
        for note, height in zip(notes[first:end], heights[first:end], strict=True):
            drawn.append(sheet.text(x, y + SMALL, note.label, SMALL, INK, bold=True))
            drawn.append(sheet.text(x + note.indent, y + SMALL, note.lines[0], SMALL, SOFT))
            drawn += sheet.paragraph(x, y + SMALL * LEADING, note.lines[1:], SMALL)
            y += height
    return drawn, box.bottom - tall


class _Note(NamedTuple):
    label: str
    indent: float
    lines: list[str]


def _note(sheet: Sheet, control: style.Control, wide: float, most: int) -> _Note:
    label = sheet.cut(control.label, SMALL, wide / 2, True)
    indent = sheet.measure(label, SMALL, True) + 7
    lines = sheet.wrap(control.definition, SMALL, wide, indent=indent)
    return _Note(label, indent, sheet.cut_lines(lines, most, SMALL, wide, indent))


def _ends(heights: list[float], count: int) -> tuple[int, ...]:
    """Where each of so many columns ends, so that the tallest is as low as can be."""
    cuts = combinations_with_replacement(range(len(heights) + 1), count - 1)
    every = [(*cut, len(heights)) for cut in cuts]
    return min(every, key=lambda ends: max(sum(heights[a:b]) for a, b in pairwise([0, *ends])))


class _Sign(NamedTuple):
    label: str
    width: float
    draw: Callable[[Sheet, float, float], list[Artist]]


def draw_signs(
    sheet: Sheet,
    study: Study,
    left: float,
    right: float,
    bottom: float,
    ringed: str,
    happened: bool = False,
) -> tuple[list[Artist], float]:
    """What outlines, shapes and rings mean, in rows that end at `bottom`; returns their top.

    `ringed` says what a ring means on this picture, `happened` whether it shows events.
    """
    rows: list[list[tuple[float, _Sign]]] = [[]]
    x = left
    for sign in _signs(study, ringed, happened):
        wide = sign.width + ICON_GAP + sheet.measure(sign.label, SMALL)
        if rows[-1] and x + wide > right:
            rows.append([])
            x = left
        rows[-1].append((x, sign))
        x += wide + SIGN_GAP
    top = bottom - SIGN_ROW * len(rows)
    drawn: list[Artist] = []
    for row, signs in enumerate(rows):
        middle = top + SIGN_ROW * (row + 0.5)
        for x, sign in signs:
            drawn += sign.draw(sheet, x, middle)
            y = middle + SMALL * 0.36
            drawn.append(sheet.text(x + sign.width + ICON_GAP, y, sign.label, SMALL, INK))
    return drawn, top


def _signs(study: Study, ringed: str, happened: bool) -> list[_Sign]:
    """The signs that the study's maps may show."""
    example = next(iter(study.controls.values()))
    uncertain = partial(_draw_outlined, control=example, lines=symbols.DASHED, claimed=False)
    claimed = partial(_draw_outlined, control=example, lines=symbols.DOTTED, claimed=True)
    signs = [
        _Sign("uncertain", SWATCH[0], uncertain),
        _Sign("claimed by one side", SWATCH[0], claimed),
        _Sign(ringed, symbols.RING * 0.75, _draw_ring),
    ]
    places = study.places
    if places["is_capital"].any():
        signs.append(_Sign("capital", symbols.CAPITAL, partial(_draw_marker, capital=True)))
    for kind in dict.fromkeys(places["kind"][~places["is_capital"]]):
        draw = partial(_draw_marker, shape=style.shape(kind))
        signs.append(_Sign(style.kind_label(kind), symbols.MARKER, draw))
    if happened:
        width = symbols.MARKER
        signs.append(_Sign(events.LABEL, width, partial(events.draw_sign, width=width)))
    return signs


def _draw_outlined(
    sheet: Sheet,
    x: float,
    y: float,
    control: style.Control,
    lines: dict[str, Any],
    claimed: bool,
) -> list[Artist]:
    box = _swatch(x, y)
    return [sheet.shapes([box], **fill(sheet, control, claimed)), sheet.shapes([box], **lines)]


def _draw_marker(
    sheet: Sheet, x: float, y: float, shape: str = "circle", capital: bool = False
) -> list[Artist]:
    size = symbols.CAPITAL if capital else symbols.MARKER
    markers = Markers(sheet, np.array([[x + size / 2, y]]), [shape], capital)
    markers.paint([style.Control(id="any", label="any", colour="#ffffff", marker="open")])
    return [*markers.artists]


def _draw_ring(sheet: Sheet, x: float, y: float) -> list[Artist]:
    ring = sheet.shapes(
        [outline("circle")],
        offsets=[(x + symbols.RING * 0.375, y)],
        transform=sheet.stamp(symbols.RING),
        edgecolor=INK,
        linewidth=symbols.RING_WIDTH,
    )
    return [ring]
