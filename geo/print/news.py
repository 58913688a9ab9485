"""The day's changes on a picture: place, from whom to whom, how sure, who says so.

Set wide where there are few, closer where there are many, and cut with a count of the rest
where even that is not enough. Space that is left tells what changed before.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist

from geo.dates import in_words
from geo.print.captions import Captions, Entry, some
from geo.print.ground import Box
from geo.print.symbols import Markers
from geo.print.typeset import INK, LEADING, SOFT, Sheet

HEADING, BODY, SMALL = 20, 17, 15.5
INDENT = 26
"""Of an entry's text, behind its marker."""

MOST_PUBLISHERS = 6
LEAST_EARLIER, MOST_EARLIER = 3, 10
EARLIER_ROW = SMALL * LEADING + 3


class Density(NamedTuple):
    """How closely changes are set; `apart`, their sources have `lines` of their own."""

    size: float
    gap: float
    apart: bool
    lines: int


DENSITIES = (
    Density(17.5, 13, True, 3),
    Density(17, 8, True, 2),
    Density(16.5, 8, True, 1),
    Density(16.5, 7, False, 2),
    Density(16, 6, False, 1),
)
"""The first in which all fit is taken; the last one gives up what does not."""


def draw_changes(sheet: Sheet, captions: Captions, day: date, box: Box) -> list[Artist]:
    """Fill a box with the changes of a day and, where room is left, those before."""
    opening = day == captions.study.settings.start
    heading = "The state at the start" if opening else "Changes on this day"
    drawn: list[Artist] = [
        sheet.line([box.left, box.right], [box.top, box.top], INK, 2),
        sheet.text(box.left, box.top + 31, heading, HEADING, INK, bold=True),
    ]
    top = box.top + 48
    entries = captions.entries(day)
    if entries:
        blocks = _fitting(sheet, entries, box._replace(top=top))
        drawn += _draw_blocks(sheet, blocks, box._replace(top=top))
        end = top + sum(block.height for block in blocks) + 8
    else:
        silence = captions.silence(day)
        told = f"{silence}." if silence else "No change reported on this day."
        lines = sheet.wrap(told, BODY, box.width)
        drawn += sheet.paragraph(box.left, top, lines, BODY, INK)
        end = top + len(lines) * BODY * LEADING + 12
    return drawn + _draw_earlier(sheet, captions, day, box._replace(top=end))


class _Block(NamedTuple):
    """One change as it is set: `below`, from and to stand under the name."""

    entry: Entry
    size: float
    name: str
    move: str
    below: bool
    details: list[str]
    height: float


def _fitting(sheet: Sheet, entries: list[Entry], box: Box) -> list[_Block]:
    """The changes at the widest density in which they all fit."""
    for density in DENSITIES:
        blocks = [_block(sheet, entry, density, box.width - INDENT) for entry in entries]
        if box.top + sum(block.height for block in blocks) <= box.bottom:
            break
    return blocks


def _block(sheet: Sheet, entry: Entry, density: Density, wide: float) -> _Block:
    size = density.size
    name = sheet.cut(entry.name, size, wide, True)
    move = sheet.cut(entry.move, size, wide)
    below = sheet.measure(name, size, True) + 10 + sheet.measure(move, size) > wide
    details = _details(sheet, entry, density, wide)
    height = size * LEADING * (1 + below) + (size - 1) * LEADING * len(details) + density.gap
    return _Block(entry, size, name, move, below, details, height)


def _details(sheet: Sheet, entry: Entry, density: Density, wide: float) -> list[str]:
    """How sure, and who says so: as many publishers as the lines hold."""
    size, most = density.size - 1, density.lines
    sure: list[str] = []
    begin = f"{entry.sure} · "
    if density.apart or not entry.publishers:
        sure = sheet.cut_lines(sheet.wrap(entry.sure, size, wide), 2, size, wide)
        begin = f"Source{'s' if len(entry.publishers) > 1 else ''}: "
    if not entry.publishers:
        return sure
    for count in range(MOST_PUBLISHERS, 0, -1):
        lines = sheet.wrap(begin + some(entry.publishers, count), size, wide)
        if len(lines) <= most:
            break
    # A second line rather than half a name where the first is taken up by doubts.
    return sure + sheet.cut_lines(lines, max(most, 2), size, wide)


def _draw_blocks(sheet: Sheet, blocks: list[_Block], box: Box) -> list[Artist]:
    """As many blocks as fit, and a count of the rest."""
    ends = box.top + np.cumsum([block.height for block in blocks])
    shown = int((ends <= box.bottom).sum())
    rest_height = blocks[0].size * LEADING
    while shown < len(blocks) and shown and ends[shown - 1] + rest_height > box.bottom:
        shown -= 1
    drawn: list[Artist] = []
    x, y = box.left + INDENT, box.top
    marks = []
    for block in blocks[:shown]:
        size, line = block.size, block.size * LEADING
        marks.append((box.left + 9, y + size * 0.64))
        drawn.append(sheet.text(x, y + size, block.name, size, INK, bold=True))
        after = 0 if block.below else sheet.measure(block.name, size, True) + 10
        drawn.append(sheet.text(x + after, y + size + line * block.below, block.move, size, INK))
        details = y + line * (1 + block.below)
        drawn += sheet.paragraph(x, details, block.details, size - 1)
        y += block.height
    if marks:
        entries = [block.entry for block in blocks[:shown]]
        markers = Markers(sheet, np.array(marks), [entry.shape for entry in entries])
        markers.paint([entry.control for entry in entries])
        drawn += markers.artists
    if shown < len(blocks):
        rest = f"and {len(blocks) - shown} more"
        drawn.append(sheet.text(x, y + blocks[0].size, rest, blocks[0].size, SOFT))
    return drawn


def _draw_earlier(sheet: Sheet, captions: Captions, day: date, box: Box) -> list[Artist]:
    """The latest changes before the day, a line for all that went to one side on a day."""
    room = int((box.bottom - box.top - 34) // EARLIER_ROW)
    groups = captions.earlier(day, min(room, MOST_EARLIER)) if room >= LEAST_EARLIER else []
    if not groups:
        return []
    drawn: list[Artist] = [
        sheet.line([box.left, box.right], [box.top, box.top]),
        sheet.text(box.left, box.top + 26, "Earlier changes", SMALL, SOFT, bold=True),
    ]
    dates = [in_words(before, year=False) for before, *_ in groups]
    x = box.left + max(sheet.measure(text, SMALL) for text in dates) + 14
    for row, (_, label, names) in enumerate(groups):
        y = box.top + 34 + EARLIER_ROW * row + SMALL
        if row == 0 or dates[row] != dates[row - 1]:
            drawn.append(sheet.text(box.left, y, dates[row], SMALL, SOFT))
        told = _longest(sheet, names, f" → {label}", box.right - x)
        drawn.append(sheet.text(x, y, told, SMALL, SOFT))
    return drawn


def _longest(sheet: Sheet, names: list[str], end: str, width: float) -> str:
    """As many of the names as stand on one line before its `end`."""
    for most in range(len(names), 0, -1):
        told = some(names, most) + end
        if sheet.measure(told, SMALL) <= width:
            return told
    return sheet.cut(told, SMALL, width)
