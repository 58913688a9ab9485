"""A table of observed states, one row (or column) a place and a day → a draft of a study.

The files are cut into chunks (:mod:`geo.importers.chunks`), each becomes runs
(:mod:`geo.importers.runs`) on this machine or a cluster (:mod:`geo.importers.spread`), and
runs become places (:mod:`geo.importers.gazetteer`) and reports. Memory holds chunks and runs,
never the table.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import style
from geo.importers import areas as boundaries
from geo.importers import chunks as pieces
from geo.importers import (
    columns,
    gazetteer,
    ledger,
    mapping,
    planning,
    runs,
    sightings,
    spread,
    states,
)
from geo.importers.draft import Draft, Finding
from geo.importers.mapping import Mapping
from geo.importers.naming import Names, folded, slug
from geo.importers.refusal import TableError, refuse
from geo.importers.rows import Rows, listed
from geo.importers.runs import Reading, Runs
from geo.problems import ERROR, Problem

MOST = 50
"""How many status words without a meaning are listed: a column of states has few."""


def read(
    files: list[Path],
    areas_file: Path,
    mapping_file: Path | None = None,
    scheduler: str = "",
    workers: int | None = None,
    size: int = pieces.SIZE,
    progress: Callable[[int, int], None] | None = None,
) -> Draft:
    """Read a panel.

    Parameters
    ----------
    files : list of pathlib.Path
        CSV (plain, gzip or in a zip), Parquet or workbooks, of the same columns.
    areas_file : pathlib.Path
        Boundaries.
    mapping_file : pathlib.Path, optional
        :class:`geo.importers.mapping.Mapping`; all is guessed if left out.
    scheduler : str
        Of a Dask cluster to read on; this machine if blank.
    workers, size : int
        How many processes of this machine, and bytes of a chunk.
    progress : callable, optional
        As in :func:`geo.importers.spread.over`.

    Raises
    ------
    geo.importers.refusal.TableError
        When it cannot become a study.
    """
    told = mapping.read(mapping_file) if mapping_file else Mapping()
    areas, findings = boundaries.read(areas_file, told.areas)
    chunks = pieces.cut(files, told.encoding, told.delimiter, size)
    over = partial(spread.over, scheduler=scheduler, workers=workers)
    plan = planning.plan(chunks, told, areas, over)
    reading = plan.reading
    part = partial(states.of_chunk, reading=reading, size=size)
    whole: Runs = over(chunks, part, runs.merge, progress=progress)
    rows = Rows(chunks, whole.rows)
    _check_words(whole, reading, rows, told, mapping_file)
    if whole.table.empty:
        raise refuse(chunks[0].file, *_empty(whole, reading))
    if plan.on_areas:
        places = None
        ids, meant, doubts = _on_areas(whole, areas, reading, rows)
    else:
        places, meant, doubts = gazetteer.read(whole, reading, areas, rows)
        ids = places["place_id"].to_numpy(dtype=object)
    table = _of_units(whole, ids, meant)
    if table.empty:
        column = reading.columns[reading.key[0]]
        raise refuse(chunks[0].file, "no row is about a place that is known", "one", column)
    units = f"{table['place'].nunique():,} {'areas' if plan.on_areas else 'places'}"
    counted = Finding("read", rows.file, None, "", f"{rows.total:,} rows of {units}", rows.total)
    findings = [*plan.findings, *findings, counted, *_words_read(whole, reading, rows)]
    seen = sightings.of_runs(table)
    called = _called(ids, meant) if plan.on_areas else ids
    findings += [*doubts, *ledger.doubts(seen, table, called, reading, rows)]
    return ledger.draft(
        ledger.Imported(told, files, reading, areas, places, ids, table, seen, rows), findings
    )


def _check_words(
    whole: Runs, reading: Reading, rows: Rows, told: Mapping, mapping_file: Path | None
) -> None:
    """Refuse status words that mean nothing, with a mapping file that has them."""
    strange = {word: tally for (control, word), tally in whole.words.items() if not control}
    if not strange:
        return
    column = reading.columns.get("status", "")
    file = mapping_file.name if mapping_file else "a mapping file"
    right = f"a control for it in [control] of {file}"
    problems = []
    for word, tally in sorted(strange.items(), key=lambda item: -item[1].rows):
        file, row = rows.of(tally.at)
        wrong = f"“{word}” stands in {tally.rows:,} row{'' if tally.rows == 1 else 's'}"
        problems.append(Problem(ERROR, file, row, column, f"{wrong} and means no control", right))
    raise TableError(problems[:MOST], *_offered(whole, reading, told, mapping_file))


def _offered(
    whole: Runs, reading: Reading, told: Mapping, mapping_file: Path | None
) -> tuple[str, str]:
    """A mapping file that has the words of a table, or what one lacks; and what to do with it."""
    every = sorted(whole.words.items(), key=lambda item: -item[1].rows)
    offered = {
        word: (control or _proposed(word), tally.rows)
        for (control, word), tally in every
        if not (control and told.control)
    }
    if not mapping_file:
        advice = "A mapping file to begin with: save it, read it over, name it with --map."
        return mapping.text(reading.columns, reading.day_format, offered), advice
    advice = f"Lines for [control] of {mapping_file.name}: add them, and read them over."
    return ("" if told.control else "[control]\n") + mapping.words(offered), advice


def _proposed(word: str) -> str:
    """A control id for a status word, to be read over."""
    if runs.fold(word) in planning.SILENT:
        return style.UNKNOWN
    found = slug(word)
    return found if found[:1].isalpha() else f"control-{found}".strip("-")


def _words_read(whole: Runs, reading: Reading, rows: Rows) -> list[Finding]:
    """What was read, and what was dropped of it."""
    findings = []
    column = reading.columns.get("status", "")
    for (control, word), tally in sorted(whole.words.items(), key=lambda item: item[1].at):
        silent = control == style.UNKNOWN
        text = f"“{word}” says nothing of a place" if silent else f"“{word}” is read as {control}"
        findings.append(rows.finding("read", tally.at, column, text, tally.rows))
    day, key = (reading.columns.get(role, "") for role in ("day", reading.key[0]))
    format = reading.day_format
    texts = {
        "day": (day, lambda text: f"“{text}” is no day written as {format}" if text else "no day"),
        "key": (key, lambda text: _unkeyed(text, reading)),
        "ragged": ("", lambda text: text),
    }
    for kind, (column, words) in texts.items():
        odd = [(text, tally) for (each, text), tally in whole.odd.items() if each == kind]
        odd.sort(key=lambda item: item[1].at)
        findings += listed(
            (rows.finding("dropped", t.at, column, words(text), t.rows) for text, t in odd),
            "of that kind",
        )
    stated = sum(tally.rows for tally in whole.words.values())
    distinct = int((whole.table["last"] - whole.table["first"] + 1).sum())
    if stated > distinct:
        text = "rows that say again what another says of the same place and day count once"
        findings.append(Finding("noticed", rows.file, None, "", text, stated - distinct))
    return findings


def _unkeyed(text: str, reading: Reading) -> str:
    if not text or len(reading.key) == 1:
        return f"no {columns.SAID.get(reading.key[0], reading.key[0])}"
    rest = " and ".join(columns.SAID.get(role, role) for role in reading.key[1:])
    return f"“{text}” is ambiguous without {rest}"


def _empty(whole: Runs, reading: Reading) -> tuple[str, str]:
    days = [text for kind, text in whole.odd if kind == "day"]
    if days:
        return (
            f"no row has a day written as {reading.day_format}: “{days[0]}”",
            "day_format in the mapping file",
        )
    return "no row has a place, a day and a state", "at least one"


def _on_areas(
    whole: Runs, areas: gpd.GeoDataFrame, reading: Reading, rows: Rows
) -> tuple[np.ndarray, dict[str, str], list[Finding]]:
    """The areas' ids, the id that each key means, and the keys that mean none."""
    names = Names(areas)
    meant = {key: area for key in whole.keys if (area := names.find(key))}
    told = gazetteer.looks(whole).groupby("key").agg(at=("at", "min"), rows=("rows", "sum"))
    lost = told[~told.index.isin(meant)].sort_values("at")
    column = reading.columns[reading.key[0]]

    def why(name: str) -> str:
        if folded(name) in names.shared:
            return "several areas"
        near = " or ".join(f"“{each}”" for each in names.near(name))
        return f"no area: did you mean {near}?" if near else "no area"

    found = (
        rows.finding("dropped", row.at, column, f"“{row.Index}” names {why(row.Index)}", row.rows)
        for row in lost.itertuples()
    )

    return areas["area_id"].to_numpy(dtype=object), meant, listed(found, "that are no area")


def _called(ids: np.ndarray, meant: dict[str, str]) -> np.ndarray:
    """Areas as the table itself calls them, whose reader may not know their ids."""
    words = {area: key for key, area in sorted(meant.items(), reverse=True)}
    return np.array([words.get(area, area) for area in ids], dtype=object)


def _of_units(whole: Runs, ids: np.ndarray, meant: dict[str, str]) -> pd.DataFrame:
    """Runs of places by their position in ids: keys that mean one place are one."""
    number = {key: place for place, key in enumerate(ids)}
    place = np.array([number.get(meant.get(key, ""), -1) for key in whole.keys], dtype=np.int64)
    place = place[whole.table["place"].to_numpy()]
    return runs.join(whole.table.assign(place=place)[place >= 0])
