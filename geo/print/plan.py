"""Where the parts of a picture stand: the maps, what is said about them, the day's changes.

A sheet's proportions and a country's decide, so that the maps are as large as they can be:
with the words beside them, or below.
"""

from typing import NamedTuple

from geo.print.ground import Box
from geo.print.margins import EDGE, TOP
from geo.print.typeset import Sheet

COLUMN, MOST_COLUMN, GUTTER = 486, 720, 30
"""The column beside a map, at least and at most, and what parts it from others, in units."""

LEAST_COLUMN = 426
"""Of several columns of changes."""

KEY = 190
"""About what signs and definitions take below a map."""

SIGNS = 40
"""About what signs alone take."""

STRIP, PAIRED_STRIP = 640, 340
"""The height of the words below one map (definitions among them), and below two, at least."""

SLACK = 1.12
"""How much wider or higher than its country a map's frame may be where others need room."""


class Plan(NamedTuple):
    """Where the parts of a picture stand.

    Attributes
    ----------
    ground : geo.print.ground.Box
        For the maps, and the signs at its foot.
    legend, news, notes : geo.print.ground.Box
        For the legend, the changes and the definitions. In a shared box one begins where
        the other ends: the changes below the legend, the definitions at the foot.
    """

    ground: Box
    legend: Box
    news: Box
    notes: Box


def plan(sheet: Sheet, aspect: float, bottom: float, maps: int = 1) -> Plan:
    """Choose the arrangement in which the maps are largest.

    Parameters
    ----------
    sheet : geo.print.typeset.Sheet
    aspect : float
        How many times wider than high the maps are.
    bottom : float
        Where the foot begins.
    maps : int
        Two stand side by side, the words below.
    """
    right = sheet.width - EDGE
    wide, high = right - EDGE, bottom - TOP - KEY
    beside = min((wide - COLUMN - GUTTER) / aspect, high)
    below = min(wide / aspect, high + KEY - SIGNS - STRIP)
    if maps == 1 and beside >= below:
        spare = wide - GUTTER - high * aspect * SLACK
        column = min(max(COLUMN, spare), MOST_COLUMN)
        words = Box(right - column, TOP, right, bottom)
        world = Box(EDGE, TOP, words.left - GUTTER, bottom)
        return Plan(world, words, words, world)
    spare = bottom - TOP - SIGNS - wide / maps / aspect * SLACK
    apart = maps == 1 or spare >= STRIP
    strip = max(STRIP, spare) if apart else max(PAIRED_STRIP, spare + SIGNS - KEY)
    top = bottom - strip
    legend = Box(EDGE, top, EDGE + COLUMN, bottom)
    news = Box(legend.right + GUTTER, top, right, bottom)
    world = Box(EDGE, TOP, right, top - 14)
    return Plan(world, legend, news, legend if apart else world)


def columns(box: Box, least: float = LEAST_COLUMN) -> list[Box]:
    """A box as columns of text, as many as it is wide enough for, each at least so wide."""
    count = max(int((box.width + GUTTER) // (least + GUTTER)), 1)
    wide = (box.width - GUTTER * (count - 1)) / count
    lefts = [box.left + (wide + GUTTER) * at for at in range(count)]
    return [box._replace(left=left, right=left + wide) for left in lefts]
