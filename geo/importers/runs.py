"""A chunk of a table of states → runs, and runs of several chunks → runs.

A run is days in a row on each of which a place is seen under one control. Runs of one place
under one control never touch; those of two may lie upon each other, where the table says two
things. That makes them a set of days, written briefly: which chunk a row stood in, in which
order chunks are merged, and in which groups, all make no difference. Nothing is said here of
days between runs (:mod:`geo.importers.sightings`): another chunk may hold them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.importers import chunks, daywords
from geo.importers.chunks import Batch, Chunk

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

_MANY = 8


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


def of_chunk(chunk: Chunk, reading: Reading, size: int = chunks.SIZE) -> Runs:
    """The runs of one chunk of a table."""
    parts: list[Runs] = []
    for batch in chunks.batches(chunk, reading.wanted, size):
        parts.append(_of_batch(batch, chunk, reading))
        if len(parts) == _MANY:
            parts = [merge(parts)]
    return merge(parts) if parts else _nothing(chunk)


def _nothing(chunk: Chunk) -> Runs:
    nobody = np.array([], dtype=object)
    empty = np.array([], dtype=np.int64)
    table = _joined(*[empty] * 6)
    return Runs(nobody, table, _looks(nobody, empty, empty), {}, {}, {chunk.number: 0})


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
        looks=_looks(*(looks[name].to_numpy() for name in ("look", "at", "rows"))),
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


def _looks(look: np.ndarray, at: np.ndarray, rows: np.ndarray) -> pd.DataFrame:
    codes, distinct = pd.factorize(look, sort=True)
    first = np.full(len(distinct), np.iinfo(np.int64).max)
    np.minimum.at(first, codes, at)
    count = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(count, codes, rows)
    return pd.DataFrame({"look": distinct.astype(object), "at": first, "rows": count})


def join(table: pd.DataFrame) -> pd.DataFrame:
    """Runs, those of one place under one control that touch or overlap made one."""
    return _joined(
        *(
            table[name].to_numpy(np.int64)
            for name in ("place", "control", "first", "last", "first_at", "last_at")
        )
    )


def _joined(
    place: np.ndarray,
    control: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    first_at: np.ndarray,
    last_at: np.ndarray,
) -> pd.DataFrame:
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


class _Cells(NamedTuple):
    """A column: its distinct texts, blanks at their ends taken off, and which each row has."""

    texts: list[str]
    codes: np.ndarray


def _cells(column: pa.DictionaryArray) -> _Cells:
    texts = [" ".join(text.split()) for text in column.dictionary.to_pylist()]
    codes = column.indices.to_numpy()
    again, distinct = pd.factorize(np.array(texts, dtype=object))
    if len(distinct) < len(texts):
        return _Cells(list(distinct), again[codes])
    return _Cells(texts, codes)


def _of_batch(batch: Batch, chunk: Chunk, reading: Reading) -> Runs:
    offset = chunk.number * ROWS
    odd: Tallies = {}
    for row, count in batch.ragged.items():
        _note(odd, "ragged", f"{count} cells under {len(chunk.header)} columns", offset + row)
    cells = {role: _cells(batch.columns[name]) for role, name in reading.columns.items()}
    place, keys = _places(cells, reading)
    at = offset + batch.rows
    _tell(odd, "key", cells, place < 0, at, reading.key[0])
    look = _looks_of(cells, place, keys, at)
    states = _wide(batch, reading) if reading.wide else _long(cells, chunk, reading)
    words: Tallies = {}
    parts = []
    for day, status in states:
        known = (place >= 0) & (day.codes >= 0)
        _tell(odd, "day", {"day": day}, (place >= 0) & (day.codes < 0), at, "day")
        control = _controls(status, reading)
        _count_words(words, status, control, known, at, reading)
        told = known if (control >= 0).all() else known & (control[status.codes] >= 0)
        where = slice(None) if told.all() else told
        parts.append((place[where], control[status.codes[where]], day.ordinals[where], at[where]))
    table = _runs_of(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    used, table = _renumbered(table, keys)
    return Runs(used, table, look, words, odd, {chunk.number: batch.end})


class _Days(NamedTuple):
    """Days of rows: texts and codes as :class:`_Cells`, code −1 where a text is no day."""

    texts: list[str]
    codes: np.ndarray
    ordinals: np.ndarray
    raw: np.ndarray


def _long(cells: dict[str, _Cells], chunk: Chunk, reading: Reading) -> Iterator[tuple]:
    day = cells["day"]
    read = [_ordinal(text, reading.day_format, chunk.kind) for text in day.texts]
    ordinal = np.array(read, dtype=np.int64)
    codes = day.codes if (ordinal >= 0).all() else np.where(ordinal[day.codes] < 0, -1, day.codes)
    yield _Days(day.texts, codes, ordinal[day.codes], day.codes), cells["status"]


def _ordinal(text: str, format: str, kind: str) -> int:
    day = daywords.read(text, format)
    if day is None and kind == "parquet":
        day = daywords.read(text, daywords.ISO)  # a column of days: it needs no form
    return day.toordinal() if day else -1


def _wide(batch: Batch, reading: Reading) -> Iterator[tuple]:
    count = len(batch.rows)
    zeros = np.zeros(count, dtype=np.int64)
    for name, ordinal in reading.wide.items():
        yield _Days([name], zeros, np.full(count, ordinal), zeros), _cells(batch.columns[name])


def _controls(status: _Cells, reading: Reading) -> np.ndarray:
    """The number of each word's control; −1 where it has none."""
    words = reading.words
    found = [words.get(text, words.get(fold(text), -1)) for text in status.texts]
    return np.array(found or [-1], dtype=np.int64)


def _count_words(
    words: Tallies,
    status: _Cells,
    control: np.ndarray,
    known: np.ndarray,
    at: np.ndarray,
    reading: Reading,
) -> None:
    every = known.all()
    codes, rows = (status.codes, at) if every else (status.codes[known], at[known])
    count = np.bincount(codes, minlength=len(status.texts))
    first = _firsts(codes, len(status.texts))
    for code in np.flatnonzero(count):
        meaning = reading.controls[control[code]] if control[code] >= 0 else ""
        name = (meaning, status.texts[code])
        tally = words.get(name, Tally(int(rows[first[code]]), 0))
        at_first = min(tally.at, int(rows[first[code]]))
        words[name] = Tally(at_first, tally.rows + int(count[code]))


def _firsts(codes: np.ndarray, count: int) -> np.ndarray:
    """Where each code first stands."""
    first = np.full(count, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def _note(odd: Tallies, kind: str, text: str, at: int, rows: int = 1) -> None:
    known = odd.get((kind, text), Tally(at, 0))
    odd[kind, text] = Tally(min(known.at, at), known.rows + rows)


def _tell(odd: Tallies, kind: str, cells: dict, bad: np.ndarray, at: np.ndarray, role: str) -> None:
    """Note rows that cannot be used, by what stands in a column; rows of blanks are nothing."""
    if not bad.any():
        return
    where = np.flatnonzero(bad)
    blank = np.ones(len(where), dtype=bool)
    for column in cells.values():
        texts = np.array([text == "" for text in column.texts], dtype=bool)
        codes = column.raw if isinstance(column, _Days) else column.codes
        blank &= texts[codes[where]]
    if kind == "key":
        where = where[~blank]
    column = cells[role]
    codes = (column.raw if isinstance(column, _Days) else column.codes)[where]
    count = np.bincount(codes, minlength=len(column.texts))
    first = _firsts(codes, len(column.texts))
    for code in np.flatnonzero(count):
        _note(odd, kind, column.texts[code], int(at[where[first[code]]]), int(count[code]))


def _places(cells: dict[str, _Cells], reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """The place of each row, as a position in keys; −1 where a part of its key is blank."""
    roles = reading.key
    if len(roles) == 1:
        texts, codes = cells[roles[0]]
        if "" in texts:
            codes = np.where(codes == texts.index(""), -1, codes)
        return codes, np.array(texts, dtype=object)
    codes, firsts = _together([cells[role] for role in roles])
    parts = [[cells[role].texts[cells[role].codes[at]] for at in firsts] for role in roles]
    keys = [_key(roles, each) for each in zip(*parts, strict=True)]
    number, distinct = pd.factorize(np.array(keys, dtype=object))
    number = np.where(distinct == "", -1, np.arange(len(distinct)))[number] if len(keys) else number
    return number[codes] if len(keys) else codes, distinct


def _key(roles: tuple[str, ...], texts: tuple[str, ...]) -> str:
    """A key of several parts; blank unless all are there."""
    if not all(texts):
        return ""
    return BETWEEN.join(
        coordinate_text(text) if role in ("lat", "lon") else fold(text)
        for role, text in zip(roles, texts, strict=True)
    )


def coordinate(text: str) -> float:
    """Degrees from a cell, its decimal comma read; not a number where it is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("nan")


def coordinate_text(text: str) -> str:
    """Degrees to about a hundred metres: what tells two places of one name apart."""
    return f"{coordinate(text):.3f}"


def _together(columns: list[_Cells]) -> tuple[np.ndarray, np.ndarray]:
    """Rows by what several columns hold: numbers, and the first row of each."""
    codes = columns[0].codes.astype(np.int64)
    for column in columns[1:]:
        codes, _ = pd.factorize(codes * max(len(column.texts), 1) + column.codes)
    codes, distinct = pd.factorize(codes)
    return codes, _firsts(codes, len(distinct))


def _looks_of(
    cells: dict[str, _Cells], place: np.ndarray, keys: np.ndarray, at: np.ndarray
) -> pd.DataFrame:
    """What rows say of their places, each distinct look once."""
    whole = _Cells(list(keys), place)
    columns = [cells[role] for role in LOOK if role in cells]
    known = place >= 0
    first = _firsts(place[known], len(keys))
    first = np.flatnonzero(known)[first] if known.any() else first
    # Nearly always rows of one place agree, and then nothing needs to be sorted.
    agree = all((c.codes[first[place]] == c.codes)[known].all() for c in columns)
    if agree:
        firsts = first[np.bincount(place[known], minlength=len(keys)) > 0]
        rows = np.bincount(place[known], minlength=len(keys))[place[firsts]]
    else:
        codes, firsts = _together([whole, *columns])
        rows = np.bincount(codes, minlength=len(firsts))
        rows, firsts = rows[place[firsts] >= 0], firsts[place[firsts] >= 0]
    texts = [[keys[p] for p in place[firsts]]]
    for role in LOOK:
        column = cells.get(role)
        texts.append(
            [column.texts[code] for code in column.codes[firsts]] if column else [""] * len(firsts)
        )
    looks = [BETWEEN.join(each) for each in zip(*texts, strict=True)]
    return _looks(np.array(looks, dtype=object), at[firsts], rows)


def _runs_of(
    place: np.ndarray, control: np.ndarray, day: np.ndarray, at: np.ndarray
) -> pd.DataFrame:
    """Rows → runs: days in a row become one before anything is sorted again."""
    kinds = int(control.max(initial=0)) + 1
    key = (place.astype(np.int64) * kinds + control) * SPAN + day
    order = np.argsort(key, kind="stable")
    key, at = key[order], at[order]
    fresh = np.append(True, key[1:] != key[:-1])[: len(key)]
    starts = np.flatnonzero(fresh)
    at = np.minimum.reduceat(at, starts) if len(starts) else at
    key = key[starts]
    breaks = np.append(True, key[1:] != key[:-1] + 1)[: len(key)]
    begins = np.flatnonzero(breaks)
    ends = np.append(begins[1:], len(key)) - 1 if len(begins) else begins
    unit, first = np.divmod(key[begins], SPAN)
    place, control = np.divmod(unit, kinds)
    return _joined(place, control, first, key[ends] - unit * SPAN, at[begins], at[ends])


def _renumbered(table: pd.DataFrame, keys: np.ndarray) -> tuple[np.ndarray, pd.DataFrame]:
    """Runs on the keys that have some."""
    used = np.flatnonzero(np.bincount(table["place"], minlength=len(keys)))
    number = np.zeros(len(keys), dtype=np.int32)
    number[used] = np.arange(len(used))
    return keys[used], table.assign(place=number[table["place"].to_numpy()])
