"""What a picture's colours and signs mean, and how much each control holds on the day.

Controls with their counts stand in the column; signs and definitions under the map, each
growing upwards from the line it is given and telling where it begins, so that the map can
take what is left.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.path import Path

from geo import style, words
from geo.measures import UNITS, Unit
from geo.print import symbols
from geo.print.ground import Box
from geo.print.symbols import Markers, fill, outline, path
from geo.print.typeset import INK, LEADING, SOFT, Sheet
from geo.study import Study

HEADING, BODY, SMALL = 20, 17, 15.5
ROW, LEAST_ROW = 30, 20
MOST_OF_COLUMN = 0.5
"""Of the column's height, for the rows: with many controls they stand closer."""

SWATCH = (32, 19)
SWATCH_LINE = "#7b8591"
MARK, LABEL = 50, 70
"""Where a row's marker and its label stand, from the left."""

FROM_RIGHT = {"areas": 158, "km2": 78, "people": 0}
COUNT_WIDTH = 90
RULE_LINES = 5

NOTES_GAP, MOST_NOTE_LINES = 28, 4
MOST_OF_SHEET = 0.2
"""Of the sheet's height, for the definitions."""

SIGN_ROW, SIGN_GAP, ICON_GAP = 28, 14, 7


class Legend:
    """Controls with their swatches, and how much each holds on the day.

    Parameters
    ----------
    sheet : geo.print.typeset.Sheet
    study : geo.study.Study
    totals : dict of float
        The whole in each of :data:`geo.measures.UNITS`.
    column : geo.print.ground.Box

    Attributes
    ----------
    artists : list of matplotlib.artist.Artist
        What no day changes.
    bottom : float
        Where it ends.
    """

    def __init__(self, sheet: Sheet, study: Study, totals: dict[Unit, float], column: Box) -> None:
        self._sheet, self._right, self._whole = sheet, column.right, f"{totals['areas']:.0f}"
        self._controls = list(study.controls)
        left, top, right, _ = column
        room = column.height * MOST_OF_COLUMN / len(self._controls)
        self._row = min(max(room, LEAST_ROW), ROW)
        self._top = top + 58
        end = self._top + self._row * len(self._controls) + 4
        self.artists = self._draw_head(study.settings.area_unit[1], left, top)
        for row, control in enumerate(study.controls.values()):
            self.artists += self._draw_control(control, left, self._middle(row))
        said = [_shares_of(totals), words.rule(study)]
        lines = [line for text in said for line in sheet.wrap(text, SMALL, column.width)]
        lines = sheet.cut_lines(lines, RULE_LINES, SMALL, column.width)
        self.artists.append(sheet.line([left, right], [end, end]))
        self.artists += sheet.paragraph(left, end + 8, lines, SMALL)
        self.bottom = end + 8 + len(lines) * SMALL * LEADING

    def _middle(self, row: int) -> float:
        return self._top + self._row * (row + 0.5)

    def _draw_head(self, many: str, left: float, top: float) -> list[Artist]:
        sheet, right = self._sheet, self._right
        title = sheet.cut(f"Control of {many}", HEADING, right - left, True)
        drawn: list[Artist] = [
            sheet.text(left, top + HEADING, title, HEADING, INK, bold=True),
            sheet.line([left, right], [top + 54, top + 54]),
        ]
        for unit, name in {"areas": many, "km2": "km²", "people": "people"}.items():
            name = sheet.cut(name, SMALL, COUNT_WIDTH)
            x = right - FROM_RIGHT[unit]
            drawn.append(sheet.text(x, top + 46, name, SMALL, SOFT, align="right"))
        return drawn

    def _draw_control(self, control: style.Control, left: float, middle: float) -> list[Artist]:
        sheet, box = self._sheet, _swatch(left, middle)
        markers = Markers(sheet, np.array([[left + MARK, middle]]), ["circle"], capital=True)
        markers.paint([control])
        wide = self._right - FROM_RIGHT["areas"] - COUNT_WIDTH - left - LABEL
        label = sheet.cut(control.label, BODY, wide, True)
        return [
            sheet.shapes([box], **fill(control)),
            sheet.shapes([box], edgecolor=SWATCH_LINE, linewidth=1.2),
            *markers.artists,
            sheet.text(left + LABEL, middle + 6, label, BODY, INK, bold=True),
        ]

    def draw_day(self, balance: pd.DataFrame) -> list[Artist]:
        """The numbers of a day, :func:`geo.measures.on_day`; returns their artists."""
        drawn: list[Artist] = []
        for row, control in enumerate(self._controls):
            held = balance.loc[control] if control in balance.index else None
            count = 0 if held is None else int(held["areas"])
            for unit in UNITS:
                told = f"{count} of {self._whole}" if unit == "areas" else "–"
                if held is not None and unit != "areas":
                    # Sums of floats: all of it may be a hair less than all.
                    told = words.share(float(held[f"{unit}_share"]))
                x, y = self._right - FROM_RIGHT[unit], self._middle(row) + 6
                bold = unit == "areas" and count > 0
                colour = INK if count else SOFT
                drawn.append(self._sheet.text(x, y, told, BODY, colour, bold, "right"))
        return drawn


def _shares_of(totals: dict[Unit, float]) -> str:
    """The denominators: ``Shares of 642,180 km² and 31.9 million people.``"""
    people = totals["people"]
    told = f"{people / 1e6:,.1f} million" if people >= 1e6 else f"{people:,.0f}"
    also = f" and {told} people" if people else "; people not given"
    return f"Shares of {totals['km2']:,.0f} km²{also}."


def _swatch(x: float, middle: float) -> Path:
    wide, high = SWATCH
    return path(shapely.box(x, middle - high / 2, x + wide, middle + high / 2))


def draw_notes(
    sheet: Sheet, study: Study, left: float, right: float, bottom: float
) -> tuple[list[Artist], float]:
    """What counts as each control, in two columns that end at `bottom`; returns their top."""
    wide = (right - left - NOTES_GAP) / 2
    controls = [control for control in study.controls.values() if control.definition.strip()]
    for most in range(MOST_NOTE_LINES, 0, -1):
        notes = [_note(sheet, control, wide, most) for control in controls]
        heights = [len(note.lines) * SMALL * LEADING + 4 for note in notes]
        split = min(range(len(notes) + 1), key=lambda at: _taller(heights, at))
        if _taller(heights, split) <= sheet.height * MOST_OF_SHEET:
            break
    top = bottom - _taller(heights, split)
    drawn: list[Artist] = []
    for x, part in ((left, slice(split)), (left + wide + NOTES_GAP, slice(split, None))):
        y = top
        for note, height in zip(notes[part], heights[part], strict=True):
            drawn.append(sheet.text(x, y + SMALL, note.label, SMALL, INK, bold=True))
            drawn.append(sheet.text(x + note.indent, y + SMALL, note.lines[0], SMALL, SOFT))
            drawn += sheet.paragraph(x, y + SMALL * LEADING, note.lines[1:], SMALL)
            y += height
    return drawn, top


class _Note(NamedTuple):
    label: str
    indent: float
    lines: list[str]


def _note(sheet: Sheet, control: style.Control, wide: float, most: int) -> _Note:
    label = sheet.cut(control.label, SMALL, wide / 2, True)
    indent = sheet.measure(label, SMALL, True) + 7
    lines = sheet.wrap(control.definition, SMALL, wide, indent=indent)
    return _Note(label, indent, sheet.cut_lines(lines, most, SMALL, wide, indent))


def _taller(heights: list[float], split: int) -> float:
    """The height of two columns, the second of which begins with the note at `split`."""
    return max(sum(heights[:split]), sum(heights[split:]))


class _Sign(NamedTuple):
    label: str
    width: float
    draw: Callable[[Sheet, float, float], list[Artist]]


def draw_signs(
    sheet: Sheet, study: Study, left: float, right: float, bottom: float
) -> tuple[list[Artist], float]:
    """What outlines, shapes and rings mean, in rows that end at `bottom`; returns their top."""
    rows: list[list[tuple[float, _Sign]]] = [[]]
    x = left
    for sign in _signs(study):
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


def _signs(study: Study) -> list[_Sign]:
    """The signs that the study's maps may show."""
    example = next(iter(study.controls.values()))
    uncertain = partial(_draw_outlined, control=example, lines=symbols.DASHED, claimed=False)
    claimed = partial(_draw_outlined, control=example, lines=symbols.DOTTED, claimed=True)
    signs = [
        _Sign("uncertain", SWATCH[0], uncertain),
        _Sign("claimed by one side", SWATCH[0], claimed),
        _Sign("changed this day", symbols.RING * 0.75, _draw_ring),
    ]
    places = study.places
    if places["is_capital"].any():
        signs.append(_Sign("capital", symbols.CAPITAL, partial(_draw_marker, capital=True)))
    for kind in dict.fromkeys(places["kind"][~places["is_capital"]]):
        draw = partial(_draw_marker, shape=style.shape(kind))
        signs.append(_Sign(style.kind_label(kind), symbols.MARKER, draw))
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
    return [sheet.shapes([box], **fill(control, claimed)), sheet.shapes([box], **lines)]


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
