"""The day's changes on a picture: place, from whom to whom, how sure, who says so.

Set wide where there are few, closer where there are many, and cut with a count of the rest
where even that is not enough. Space that is left tells what changed before. Where two days
stand side by side, the places that differ, a line each.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist

from geo.dates import in_words
from geo.print import plan
from geo.print.captions import Captions, Difference, Entry, some
from geo.print.ground import Box
from geo.print.symbols import Markers
from geo.print.typeset import INK, LEADING, SOFT, Sheet

HEADING, BODY, SMALL = 20, 17, 15.5
HEAD = 48
"""From the top of the box to its first line."""

INDENT, APART = 26, 10
"""Of an entry's text, behind its marker, and between a name and what follows it."""

MOST_PUBLISHERS = 6
LEAST_EARLIER, MOST_EARLIER = 3, 10
DIFFERENCE = BODY * LEADING + 4
EARLIER_ROW = SMALL * LEADING + 3


class Density(NamedTuple):
    """How closely changes are set; `apart`, their sources have `lines` of their own."""

    size: float
    gap: float
    apart: bool
    lines: int

    @property
    def least(self) -> float:
        """The height of a change whose words take a line each."""
        return (self.size + (self.size - 1) * (1 + self.apart)) * LEADING + self.gap


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
    drawn = _draw_heading(sheet, heading, box)
    columns = plan.columns(box._replace(top=box.top + HEAD))
    entries = captions.entries(day)
    if entries:
        used, artists = _draw_blocks(sheet, _fitting(sheet, entries, columns), columns)
        drawn += artists
        end = used[-1] + 8
    else:
        silence = captions.silence(day)
        told = f"{silence}." if silence else "No change reported on this day."
        lines = sheet.wrap(told, BODY, columns[0].width)
        drawn += sheet.paragraph(columns[0].left, columns[0].top, lines, BODY, INK)
        used, end = [0.0], columns[0].top + len(lines) * BODY * LEADING + 12
    # What came before begins a column of its own where there is one.
    rest = columns[len(used) :]
    room = rest[0] if rest else columns[-1]._replace(top=end)
    return drawn + _draw_earlier(sheet, captions, day, room, ruled=not rest)


def draw_differences(
    sheet: Sheet, differences: list[Difference], heading: str, nothing: str, box: Box
) -> list[Artist]:
    """Fill a box with what differs between two maps: a line each, or by who won from whom."""
    drawn = _draw_heading(sheet, heading, box)
    room = box._replace(top=box.top + HEAD)
    if not differences:
        lines = sheet.wrap(nothing, BODY, room.width)
        return drawn + sheet.paragraph(room.left, room.top, lines, BODY, INK)
    wide = [
        sheet.measure(one.name, BODY, True) + APART + sheet.measure(one.move, SMALL)
        for one in differences
    ]
    columns = plan.columns(room, min(INDENT + max(wide), plan.LEAST_COLUMN))
    rows = int(room.height // DIFFERENCE)
    if len(differences) > rows * len(columns):
        return drawn + _draw_moves(sheet, differences, room)
    each = -(-len(differences) // len(columns))
    marks = []
    for at, difference in enumerate(differences):
        column, row = columns[at // each], at % each
        x, y = column.left + INDENT, column.top + DIFFERENCE * row
        marks.append((column.left + 9, y + BODY * 0.64))
        name = sheet.cut(difference.name, BODY, column.right - x, True)
        after = x + sheet.measure(name, BODY, True) + APART
        move = sheet.cut(difference.move, SMALL, column.right - after)
        drawn.append(sheet.text(x, y + BODY, name, BODY, INK, bold=True))
        drawn.append(sheet.text(after, y + BODY, move, SMALL, INK))
    markers = Markers(sheet, np.array(marks), [difference.shape for difference in differences])
    markers.paint([difference.control for difference in differences])
    return drawn + markers.artists


def _draw_moves(sheet: Sheet, differences: list[Difference], box: Box) -> list[Artist]:
    """The same by who won from whom: many names, few lines, cut where even that is too much."""
    moves: dict[str, list[Difference]] = {}
    for difference in differences:
        moves.setdefault(difference.move, []).append(difference)
    drawn: list[Artist] = []
    y = box.top
    for move, those in sorted(moves.items(), key=lambda item: -len(item[1])):
        rows = int((box.bottom - y - BODY * LEADING) // (SMALL * LEADING))
        if rows < 1:
            break
        names = ", ".join(difference.name for difference in those)
        lines = sheet.wrap(names, SMALL, box.width - INDENT)
        lines = sheet.cut_lines(lines, rows, SMALL, box.width - INDENT)
        marker = Markers(sheet, np.array([[box.left + 9, y + BODY * 0.64]]), ["circle"])
        marker.paint([those[0].control])
        head = f"{move} · {len(those)}"
        drawn += [*marker.artists, sheet.text(box.left + INDENT, y + BODY, head, BODY, INK, True)]
        y += BODY * LEADING
        drawn += sheet.paragraph(box.left + INDENT, y, lines, SMALL, INK)
        y += len(lines) * SMALL * LEADING + 6
    return drawn


def _draw_heading(sheet: Sheet, heading: str, box: Box) -> list[Artist]:
    return [
        sheet.line([box.left, box.right], [box.top, box.top], INK, 2),
        sheet.text(box.left, box.top + 31, heading, HEADING, INK, bold=True),
    ]


class _Block(NamedTuple):
    """One change as it is set: `below`, from and to stand under the name."""

    entry: Entry
    size: float
    name: str
    move: str
    below: bool
    details: list[str]
    height: float


def _fitting(sheet: Sheet, entries: list[Entry], columns: list[Box]) -> list[_Block]:
    """The changes at the widest density in which they all fit."""
    room = sum(column.height for column in columns)
    last = DENSITIES[-1]
    for density in DENSITIES:
        # To measure every word at a density that is hopeless takes longer than the drawing.
        if density.least * len(entries) > room and density is not last:
            continue
        wide = columns[0].width - INDENT
        blocks = [_block(sheet, entry, density, wide) for entry in entries]
        if len(_flow(blocks, columns)) == len(blocks):
            break
    return blocks


def _flow(blocks: list[_Block], columns: list[Box]) -> list[tuple[int, float]]:
    """The column and top of each block, as many as fit."""
    spots: list[tuple[int, float]] = []
    at, y = 0, columns[0].top
    for block in blocks:
        if y + block.height > columns[at].bottom:
            at, y = at + 1, columns[0].top
        if at == len(columns) or y + block.height > columns[at].bottom:
            break
        spots.append((at, y))
        y += block.height
    return spots


def _block(sheet: Sheet, entry: Entry, density: Density, wide: float) -> _Block:
    size = density.size
    name = sheet.cut(entry.name, size, wide, True)
    move = sheet.cut(entry.move, size, wide)
    below = sheet.measure(name, size, True) + APART + sheet.measure(move, size) > wide
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


def _draw_blocks(
    sheet: Sheet, blocks: list[_Block], columns: list[Box]
) -> tuple[list[float], list[Artist]]:
    """As many blocks as fit, and a count of the rest; also where each used column ends."""
    spots = _flow(blocks, columns)
    if len(spots) < len(blocks):
        # The last column gives a line up for the count.
        line = blocks[0].size * LEADING
        short = columns[-1]._replace(bottom=columns[-1].bottom - line)
        spots = _flow(blocks, [*columns[:-1], short])
    drawn: list[Artist] = []
    ends = [columns[0].top] * (spots[-1][0] + 1 if spots else 1)
    marks = []
    for block, (at, y) in zip(blocks, spots, strict=False):
        left, size, line = columns[at].left, block.size, block.size * LEADING
        x = left + INDENT
        marks.append((left + 9, y + size * 0.64))
        drawn.append(sheet.text(x, y + size, block.name, size, INK, bold=True))
        after = 0 if block.below else sheet.measure(block.name, size, True) + APART
        drawn.append(sheet.text(x + after, y + size + line * block.below, block.move, size, INK))
        details = y + line * (1 + block.below)
        drawn += sheet.paragraph(x, details, block.details, size - 1)
        ends[at] = y + block.height
    if marks:
        entries = [block.entry for block in blocks[: len(spots)]]
        markers = Markers(sheet, np.array(marks), [entry.shape for entry in entries])
        markers.paint([entry.control for entry in entries])
        drawn += markers.artists
    if len(spots) < len(blocks):
        rest = f"and {len(blocks) - len(spots)} more"
        x, y = columns[len(ends) - 1].left + INDENT, ends[-1] + blocks[0].size
        drawn.append(sheet.text(x, y, rest, blocks[0].size, SOFT))
        ends[-1] += blocks[0].size * LEADING
    return ends, drawn


def _draw_earlier(
    sheet: Sheet, captions: Captions, day: date, box: Box, ruled: bool
) -> list[Artist]:
    """The latest changes before the day, a line for all that went to one side on a day."""
    room = int((box.bottom - box.top - 34) // EARLIER_ROW)
    groups = captions.earlier(day, min(room, MOST_EARLIER)) if room >= LEAST_EARLIER else []
    if not groups:
        return []
    head = sheet.text(box.left, box.top + 26, "Earlier changes", SMALL, SOFT, bold=True)
    drawn: list[Artist] = [head]
    if ruled:
        drawn.append(sheet.line([box.left, box.right], [box.top, box.top]))
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
