"""The beginning of a table and its mapping file → how all of it is to be read.

Which columns play which part, what tells one place from another, how days are written, and
what status words mean: stated, or guessed and said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import geopandas as gpd

from geo import style
from geo.importers import columns, daywords, runs
from geo.importers.batches import batches
from geo.importers.chunks import Chunk
from geo.importers.draft import Finding
from geo.importers.mapping import Mapping
from geo.importers.naming import Names
from geo.importers.refusal import refuse
from geo.importers.runs import Reading

USUAL = ("government", "opposition", style.CONTESTED, style.UNKNOWN)
"""Status words that say themselves which control they mean."""

SILENT = (
    "",
    "not reported",
    "not available",
    "no data",
    "no information",
    "missing",
    "n/a",
    "na",
    "nan",
    "nr",
    "none",
    "null",
    "-",
    "?",
)
"""Status words that say nothing of a place."""


Over = Callable[..., Any]


@dataclass(frozen=True)
class Plan:
    """How a table is to be read.

    Attributes
    ----------
    reading : geo.importers.runs.Reading
    on_areas : bool
        Whether its places are areas.
    findings : list of geo.importers.draft.Finding
        What was guessed.
    """

    reading: Reading
    on_areas: bool
    findings: list[Finding]


def plan(chunks: list[Chunk], told: Mapping, areas: gpd.GeoDataFrame, over: Over) -> Plan:
    """Find out how a table is to be read.

    Parameters
    ----------
    chunks : list of geo.importers.chunks.Chunk
    told : geo.importers.mapping.Mapping
        What it leaves out is guessed.
    areas : geopandas.GeoDataFrame
        ``area_id, name``.
    over : callable
        :func:`geo.importers.spread.over`, should the whole table have to be asked.

    Raises
    ------
    geo.importers.refusal.TableError
        When something can be neither read nor guessed.
    """
    first = chunks[0]
    found, findings = columns.find(first.header, told, first.file)
    wide = _wide(first, told, found)
    if wide:
        found = {role: name for role, name in found.items() if role not in ("day", "status")}
        findings = [each for each in findings if each.column in found.values()]
        text = f"{len(wide):,} columns are days, {next(iter(wide))} the first of them"
        findings.append(Finding("guessed", first.file, 1, "", text))
    _check_columns(chunks, found, wide)
    sample = next(batches(first, list(found.values())), None)
    if sample is None or not len(sample.rows):
        raise refuse(first.file, "it has no rows", "a row for each place and day")
    texts = {role: sample.columns[name].dictionary.to_pylist() for role, name in found.items()}
    key, on_areas, more = _key(found, texts, areas, first.file)
    findings += more
    kept = ("day", "status") if on_areas else tuple(found)
    found = {role: name for role, name in found.items() if role in (*kept, *key)}
    format = told.day_format or ""
    if not wide and not format:
        format = _day_format(chunks, found["day"], texts["day"], over)
        text = f"days are read as {format}"
        findings.append(Finding("guessed", first.file, None, found["day"], text))
    controls, words = _words(told)
    reading = Reading(found, key, format, controls, words, wide)
    return Plan(reading, on_areas, findings)


def _wide(chunk: Chunk, told: Mapping, found: dict[str, str]) -> dict[str, int]:
    """The columns that are days, where the mapping names none for a day."""
    if told.day or told.status:
        return {}
    taken = [name for role, name in found.items() if role not in ("day", "status")]
    try:
        return columns.days(chunk.header, taken, told.day_format)
    except daywords.Undecided as error:
        right = 'a mapping file (--map) that says day_format = "%d/%m/%Y", or "%m/%d/%Y"'
        raise refuse(chunk.file, f"the days of its header: {error}", right, row=1) from None


def _check_columns(chunks: list[Chunk], found: dict[str, str], wide: dict[str, int]) -> None:
    first = chunks[0]
    if not wide:
        for role, what in (("day", "the days"), ("status", "the states")):
            if role not in found:
                wrong = f"no column looks like {what}"
                has = ", ".join(name for name in first.header if name)
                right = f'a mapping file (--map) that says {role} = "…", one of: {has}'
                raise refuse(first.file, wrong, right, role, 1)
    wanted = [*found.values(), *wide]
    for chunk in chunks:
        missing = [name for name in wanted if name not in chunk.header]
        if missing:
            wrong = f"it has no column “{missing[0]}”"
            raise refuse(chunk.file, wrong, f"the columns of {first.file}", missing[0], 1)


def _key(
    found: dict[str, str], texts: dict[str, list[str]], areas: gpd.GeoDataFrame, file: str
) -> tuple[tuple[str, ...], bool, list[Finding]]:
    """The roles that tell places apart, and whether the places are areas."""
    half = [role for role in ("lat", "lon") if role in found]
    if len(half) == 1:
        other = {"lat": "lon", "lon": "lat"}[half[0]]
        raise refuse(file, f"it has {half[0]} and no {other}", f'{other} = "…" in the mapping file')
    if not half:
        return _key_of_areas(found, texts, areas, file)
    if "id" in found:
        return ("id",), False, []
    if "name" not in found:
        right = 'id = "…" or name = "…" in the mapping file'
        raise refuse(file, "no column tells one place from another", right)
    key = ("name", "area", "lat", "lon") if "area" in found else ("name", "lat", "lon")
    text = "places have no ids: they are told apart by " + ", ".join(
        columns.SAID.get(role, role) for role in key
    )
    return key, False, [Finding("guessed", file, None, found["name"], text)]


def _key_of_areas(
    found: dict[str, str], texts: dict[str, list[str]], areas: gpd.GeoDataFrame, file: str
) -> tuple[tuple[str, ...], bool, list[Finding]]:
    names = Names(areas)
    share = {}
    for role in ("id", "area", "name"):
        values = [" ".join(text.split()) for text in texts.get(role, []) if text.strip()]
        share[role] = sum(bool(names.find(text)) for text in values) / max(len(values), 1)
    role = max(share, key=lambda each: share[each])
    if not share[role]:
        right = "columns of latitude and longitude, or of areas that the boundaries have: " + (
            ", ".join(areas["area_id"].iloc[:3]) + " …"
        )
        raise refuse(file, "its places have no position, and are no areas", right)
    text = f"“{found[role]}” names areas: each row is about one"
    return (role,), True, [Finding("guessed", file, None, found[role], text)]


def _day_format(chunks: list[Chunk], column: str, texts: list[str], over: Over) -> str:
    try:
        try:
            return daywords.guess(" ".join(text.split()) for text in texts)
        except daywords.Ambiguous:
            # What the beginning leaves open, a later day may tell.
            every = over(chunks, partial(_days_of, column=column), _all_days)
            return daywords.guess(every)
    except daywords.Undecided as error:
        right = 'a mapping file (--map) that says day_format = "%d/%m/%Y", or "%m/%d/%Y" …'
        raise refuse(chunks[0].file, str(error), right, column) from None


def _days_of(chunk: Chunk, column: str) -> frozenset[str]:
    texts = (batch.columns[column].dictionary.to_pylist() for batch in batches(chunk, [column]))
    return frozenset(" ".join(text.split()) for text in chain.from_iterable(texts))


def _all_days(parts: list[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*parts)


def _words(told: Mapping) -> tuple[tuple[str, ...], dict[str, int]]:
    """Controls, ``unknown`` first, and the control that each status word means."""
    meaning = dict(told.control)
    if not meaning:
        meaning = dict.fromkeys(SILENT, style.UNKNOWN) | {word: word for word in USUAL}
        for control in told.controls:
            meaning |= {control.label: control.id, control.id: control.id}
    meaning.setdefault("", style.UNKNOWN)
    declared = [control.id for control in told.controls]
    controls = tuple(dict.fromkeys([style.UNKNOWN, *declared, *meaning.values()]))
    number = {control: place for place, control in enumerate(controls)}
    folds = {runs.fold(word): number[control] for word, control in meaning.items()}
    return controls, folds | {word: number[control] for word, control in meaning.items()}
