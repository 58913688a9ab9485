"""Runs of a whole table → sightings: the reports that say the same as all its rows.

A row says that a place was seen under a control at the end of a day. Of rows that agree only
the first and the last say anything more: two sightings. What lies between two different ones
stays open. What lies between two equal ones is taken to have lasted, and is told. Days on
which the table says two things keep a sighting of each, and the rows around them theirs, so
that the study's rules see there what they would see in the whole table.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.importers.runs import UNKNOWN

NOWHERE = -1
"""The row of what no row is known of: a day in the middle of a run."""

_RUN = ["place", "control", "first", "last", "first_at", "last_at"]


class Held(NamedTuple):
    """One of several states of a place on the same days.

    Attributes
    ----------
    control : int
    at : int
        A row of those days that says so; where only the ends of its run are known, the first.
    on_day : bool
        Whether it is of those days.
    """

    control: int
    at: int
    on_day: bool


Doubles = list[tuple[int, int, int, int, list[Held]]]


class Sightings(NamedTuple):
    """What a table says, in as few words as say it.

    Attributes
    ----------
    spans : pandas.DataFrame
        ``place, control, first, last, first_at, last_at`` as in
        :class:`geo.importers.runs.Runs`, and ``without``: how many days in it have no state.
        By place, day and control. Each is two sightings, or one where it is one day long.
    doubled : pandas.DataFrame
        ``place, first, last, at, held``: days on which the table has two states of a place, the
        row of one of them, and a :class:`Held` for each. They are in `spans` day by day.
    gaps : pandas.DataFrame
        ``place, control, after, before, after_at``: the last day seen before days without a
        state, and the first after them, the states on both being equal.
    """

    spans: pd.DataFrame
    doubled: pd.DataFrame
    gaps: pd.DataFrame


def of_runs(table: pd.DataFrame) -> Sightings:
    """The sightings of a table.

    Parameters
    ----------
    table : pandas.DataFrame
        :attr:`geo.importers.runs.Runs.table` of all of it.
    """
    known = table[table["control"] != UNKNOWN]
    known = known.sort_values(["place", "first", "control"], ignore_index=True)
    split = _doubled_places(known)
    doubles: Doubles = []
    pieces = [known[~split].assign(alone=True)]
    if split.any():
        told = [
            piece
            for place, runs in known[split].groupby("place", sort=True)
            for piece in _split(int(place), runs, doubles)
        ]
        pieces.append(pd.DataFrame(told, columns=[*_RUN, "alone"]))
    every = pd.concat(pieces, ignore_index=True).astype({"alone": bool})
    every = every.sort_values(["place", "first", "control"], ignore_index=True)
    doubled = pd.DataFrame(doubles, columns=["place", "first", "last", "at", "held"])
    spans, gaps = _bridged(every)
    return Sightings(spans, doubled, gaps)


def _doubled_places(known: pd.DataFrame) -> np.ndarray:
    """Whose runs lie upon each other."""
    place, first, last = (known[name].to_numpy() for name in ("place", "first", "last"))
    if not len(place):
        return np.zeros(0, dtype=bool)
    line = place.astype(np.int64) << 23
    reach = np.maximum.accumulate(line + last)
    upon = np.append(False, (line + first)[1:] <= reach[:-1])
    return np.isin(place, place[upon])


def _split(place: int, runs: pd.DataFrame, doubles: Doubles) -> Iterator:
    """Runs of one place cut where another begins or ends; days of two states one by one."""
    rows = [tuple(int(cell) for cell in row) for row in runs[_RUN].itertuples(index=False)]
    cuts = sorted({day for _, _, first, last, _, _ in rows for day in (first, last + 1)})
    for begin, end in pairwise(cuts):
        held = [row for row in rows if row[2] <= begin and row[3] >= end - 1]
        if len(held) == 1:
            yield (*_piece(held[0], begin, end - 1), True)
        elif held:
            told = [_held(row, begin, end - 1) for row in held]
            # A cut is made where a run begins, or after one ends: its row is known, if not here.
            first = next((each for each in told if each.on_day), told[0])
            doubles.append((place, begin, end - 1, first.at, told))
            for day in range(begin, end):
                for row in held:
                    yield (*_piece(row, day, day), False)


def _held(row: tuple[int, ...], first: int, last: int) -> Held:
    known = [at for at in _piece(row, first, last)[4:] if at >= 0]
    return Held(row[1], (known or [row[4]])[0], bool(known))


def _piece(row: tuple[int, ...], first: int, last: int) -> tuple[int, ...]:
    place, control, begin, end, first_at, last_at = row
    known = {begin: first_at, end: last_at}
    return place, control, first, last, known.get(first, NOWHERE), known.get(last, NOWHERE)


def _bridged(every: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Spans: neighbours of one state made one, and the gaps that were between them."""
    place, control, alone = (every[name].to_numpy() for name in ("place", "control", "alone"))
    first, last = every["first"].to_numpy(), every["last"].to_numpy()
    same = (place[1:] == place[:-1]) & (control[1:] == control[:-1]) & alone[1:] & alone[:-1]
    fresh = np.append(True, ~same)[: len(every)]
    begins = np.flatnonzero(fresh)
    ends = np.append(begins[1:], len(every)) - 1 if len(begins) else begins
    without = np.append(0, np.where(same, first[1:] - last[:-1] - 1, 0))[: len(every)]
    spans = every.iloc[begins][_RUN].reset_index(drop=True)
    spans["last"], spans["last_at"] = last[ends], every["last_at"].to_numpy()[ends]
    spans["without"] = np.add.reduceat(without, begins) if len(begins) else begins
    before = np.flatnonzero(~fresh & (without > 0))
    gaps = pd.DataFrame(
        {
            "place": place[before],
            "control": control[before],
            "after": last[before - 1],
            "before": first[before],
            "after_at": every["last_at"].to_numpy()[before - 1],
        }
    )
    return spans, gaps
