"""A chunk of a table of states → its runs.

Rows are never looked at one by one: their columns come dictionary-encoded, each distinct text
is read once, and days in a row become a run by one sort of the chunk.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.importers import daywords
from geo.importers.batches import Batch, batches
from geo.importers.chunks import SIZE, Chunk
from geo.importers.runs import (
    BETWEEN,
    LOOK,
    ROWS,
    SPAN,
    Reading,
    Runs,
    Tallies,
    Tally,
    fold,
    joined,
    merge,
    tallied,
)

_MANY = 8
"""Batches whose runs are merged at a time."""


def of_chunk(chunk: Chunk, reading: Reading, size: int = SIZE) -> Runs:
    """The runs of one chunk of a table.

    Parameters
    ----------
    chunk : geo.importers.chunks.Chunk
    reading : geo.importers.runs.Reading
    size : int
        As in :func:`geo.importers.batches.batches`.
    """
    parts: list[Runs] = []
    for batch in batches(chunk, reading.wanted, size):
        parts.append(_of_batch(batch, chunk, reading))
        if len(parts) == _MANY:
            parts = [merge(parts)]
    return merge(parts) if parts else _nothing(chunk)


def _nothing(chunk: Chunk) -> Runs:
    nobody = np.array([], dtype=object)
    empty = np.array([], dtype=np.int64)
    table = joined(*[empty] * 6)
    return Runs(nobody, table, tallied(nobody, empty, empty), {}, {}, {chunk.number: 0})


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
    return tallied(np.array(looks, dtype=object), at[firsts], rows)


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
    return joined(place, control, first, key[ends] - unit * SPAN, at[begins], at[ends])


def _renumbered(table: pd.DataFrame, keys: np.ndarray) -> tuple[np.ndarray, pd.DataFrame]:
    """Runs on the keys that have some."""
    used = np.flatnonzero(np.bincount(table["place"], minlength=len(keys)))
    number = np.zeros(len(keys), dtype=np.int32)
    number[used] = np.arange(len(used))
    return keys[used], table.assign(place=number[table["place"].to_numpy()])
