"""Runs of a table of states, and runs of several chunks of it → runs.

A run is days in a row on each of which a place is seen under one control. Runs of one place
under one control never touch; those of two may lie upon each other, where the table says two
things. That makes them a set of days, written briefly: which chunk a row stood in, in which
order chunks are merged, and in which groups, all make no difference. Nothing is said here of
days between runs (:mod:`geo.importers.sightings`): another chunk may hold them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

ROWS = 1 << 36
"""More rows than a chunk has: a row is its chunk's number times this, and its place there."""

SPAN = 1 << 22
"""More days than a calendar has."""

UNKNOWN = 0
"""The number of the control that says nothing of a place."""

LOOK = ("name", "lat", "lon", "area", "kind")
"""What rows say of a place beside its state, in the order of a look."""

BETWEEN = "\x1f"
"""What stands between the parts of a key or a look: no text of a table holds it."""


@dataclass(frozen=True)
class Reading:
    """How rows are read.

    Attributes
    ----------
    columns : dict of str to str
        The column of each role: ``id, name, lat, lon, area, kind, day, status``.
    key : tuple of str
        The roles that tell one place from another.
    day_format : str
    controls : tuple of str
        Control ids; the first is ``unknown``.
    words : dict of str to int
        Each status word, as written and folded, and the number of its control.
    wide : dict of str to int
        The columns that are days, with their ordinals; empty for a table with a row a day.
    """

    columns: dict[str, str]
    key: tuple[str, ...]
    day_format: str
    controls: tuple[str, ...]
    words: dict[str, int]
    wide: dict[str, int] = field(default_factory=dict)

    @property
    def wanted(self) -> list[str]:
        """The columns to read, each once."""
        return list(dict.fromkeys([*self.columns.values(), *self.wide]))


class Tally(NamedTuple):
    """In how many rows something stands, and the first of them."""

    at: int
    rows: int


Tallies = dict[tuple[str, str], Tally]


@dataclass(frozen=True)
class Runs:
    """What chunks say.

    Attributes
    ----------
    keys : numpy.ndarray of str
        Places, sorted.
    table : pandas.DataFrame
        ``place`` (position in `keys`), ``control`` (number), ``first``, ``last`` (ordinals of
        days), ``first_at``, ``last_at`` (the first row that says so); sorted by the first
        three.
    looks : pandas.DataFrame
        ``look`` (a key and :data:`LOOK`, with :data:`BETWEEN` between), ``at``, ``rows``.
    words : dict
        By control (blank where it has none) and status word.
    odd : dict
        By what is wrong (``day``, ``key``, ``ragged``) and the text that is.
    rows : dict of int to int
        How many each chunk has.
    """

    keys: np.ndarray
    table: pd.DataFrame
    looks: pd.DataFrame
    words: Tallies
    odd: Tallies
    rows: dict[int, int]


def fold(word: str) -> str:
    """A status word whatever its blanks and its case."""
    return " ".join(word.split()).casefold()


def merge(parts: Iterable[Runs]) -> Runs:
    """The runs of several chunks.

    Commutative and associative, and a part merged with itself is itself but for its counts of
    rows.
    """
    parts = list(parts)
    lengths = np.cumsum([0, *(len(part.keys) for part in parts)])
    codes, keys = pd.factorize(np.concatenate([part.keys for part in parts]), sort=True)
    tables = [
        part.table.assign(place=codes[begin:end][part.table["place"].to_numpy()])
        for part, begin, end in zip(parts, lengths[:-1], lengths[1:], strict=True)
    ]
    table = pd.concat(tables, ignore_index=True)
    looks = pd.concat([part.looks for part in parts], ignore_index=True)
    rows: dict[int, int] = {}
    for part in parts:
        for chunk, count in part.rows.items():
            rows[chunk] = max(rows.get(chunk, 0), count)
    return Runs(
        keys=keys,
        table=join(table),
        looks=tallied(*(looks[name].to_numpy() for name in ("look", "at", "rows"))),
        words=_added(part.words for part in parts),
        odd=_added(part.odd for part in parts),
        rows=dict(sorted(rows.items())),
    )


def _added(tallies: Iterable[Tallies]) -> Tallies:
    total: Tallies = {}
    for part in tallies:
        for name, tally in part.items():
            known = total.get(name, Tally(tally.at, 0))
            total[name] = Tally(min(known.at, tally.at), known.rows + tally.rows)
    return dict(sorted(total.items()))


def tallied(look: np.ndarray, at: np.ndarray, rows: np.ndarray) -> pd.DataFrame:
    """Looks, those that are alike made one (:attr:`Runs.looks`)."""
    codes, distinct = pd.factorize(look, sort=True)
    first = np.full(len(distinct), np.iinfo(np.int64).max)
    np.minimum.at(first, codes, at)
    count = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(count, codes, rows)
    return pd.DataFrame({"look": distinct.astype(object), "at": first, "rows": count})


def join(table: pd.DataFrame) -> pd.DataFrame:
    """Runs, those of one place under one control that touch or overlap made one."""
    return joined(
        *(
            table[name].to_numpy(np.int64)
            for name in ("place", "control", "first", "last", "first_at", "last_at")
        )
    )


def joined(
    place: np.ndarray,
    control: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    first_at: np.ndarray,
    last_at: np.ndarray,
) -> pd.DataFrame:
    """Runs of these columns (:attr:`Runs.table`), as :func:`join` makes them."""
    kinds = int(control.max(initial=0)) + 1
    line = (place * kinds + control) * SPAN  # days of all places and controls, end to end
    begin, end = line + first, line + last
    order = np.lexsort((first_at, begin))
    begin, end, first_at, last_at = begin[order], end[order], first_at[order], last_at[order]
    reach = np.maximum.accumulate(end) if len(end) else end
    fresh = np.append(True, begin[1:] > reach[:-1] + 1)[: len(begin)]
    starts = np.flatnonzero(fresh)
    if len(starts):
        until = np.maximum.reduceat(end, starts)
        is_last = end == np.repeat(until, np.diff(np.append(starts, len(end))))
        told = np.where(is_last, last_at, np.iinfo(np.int64).max)
        last_at = np.minimum.reduceat(told, starts)
    else:
        until = end
    unit, first = np.divmod(begin[starts], SPAN)
    place, control = np.divmod(unit, kinds)
    return pd.DataFrame(
        {
            "place": place.astype(np.int32),
            "control": control.astype(np.int16),
            "first": first.astype(np.int32),
            "last": (until - unit * SPAN).astype(np.int32),
            "first_at": first_at[starts],
            "last_at": last_at,
        }
    ).sort_values(["place", "first", "control"], ignore_index=True)
