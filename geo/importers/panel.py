"""A table of observed states, one row (or column) a place and a day → a draft of a study.

The files are cut into chunks (:mod:`geo.importers.chunks`), each becomes runs
(:mod:`geo.importers.runs`) on this machine or a cluster (:mod:`geo.importers.spread`), and
runs become places (:mod:`geo.importers.gazetteer`) and reports. Memory holds chunks and runs,
never the table.
"""

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
) -> Draft:
    """Read a panel.

    Parameters
    ----------
    files : list of pathlib.Path
        CSV (plain, gzip or in a zip) or Parquet, of the same columns.
    areas_file : pathlib.Path
        Boundaries.
    mapping_file : pathlib.Path, optional
        :class:`geo.importers.mapping.Mapping`; all is guessed if left out.
    scheduler : str
        Of a Dask cluster to read on; this machine if blank.
    workers, size : int
        How many processes of this machine, and bytes of a chunk.

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
    whole: Runs = over(chunks, partial(states.of_chunk, reading=reading, size=size), runs.merge)
    rows = Rows(chunks, whole.rows)
    _check_words(whole, reading, rows, mapping_file)
    findings = [*plan.findings, *findings, *_read(whole, reading, rows)]
    if whole.table.empty:
        raise refuse(chunks[0].file, *_empty(whole, reading))
    if plan.on_areas:
        ids, places, whole, doubts = _on_areas(whole, areas, reading, rows)
    else:
        places, doubts = gazetteer.read(whole, reading, areas, rows)
        ids = places["place_id"].reindex(whole.keys).to_numpy(dtype=object)
        places = gpd.GeoDataFrame(
            places[["place_id", "name", "kind", "area_id", "geometry"]], crs=areas.crs
        ).reset_index(drop=True)
    table = whole.table[pd.notna(ids[whole.table["place"]])]
    seen = sightings.of_runs(table)
    findings += [*doubts, *ledger.doubts(seen, table, ids, reading, rows)]
    return ledger.draft(
        ledger.Imported(told, files, reading, areas, places, ids, table, seen, rows), findings
    )


def _check_words(whole: Runs, reading: Reading, rows: Rows, mapping_file: Path | None) -> None:
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
    known = {word: (control, tally.rows) for (control, word), tally in whole.words.items()}
    offered = {
        word: (control or _proposed(word), count)
        for word, (control, count) in sorted(known.items(), key=lambda item: -item[1][1])
    }
    raise TableError(problems[:MOST], mapping.text(reading.columns, reading.day_format, offered))


def _proposed(word: str) -> str:
    """A control id for a status word, to be read over."""
    if runs.fold(word) in planning.SILENT:
        return style.UNKNOWN
    found = slug(word)
    return found if found[:1].isalpha() else f"control-{found}".strip("-")


def _read(whole: Runs, reading: Reading, rows: Rows) -> list[Finding]:
    """What was read, and what was dropped of it."""
    what = (
        f"{len(whole.keys):,} places" if "lat" in reading.columns else f"{len(whole.keys):,} areas"
    )
    file = ", ".join(dict.fromkeys(rows.files))
    findings = [Finding("read", file, None, "", f"{rows.total:,} rows of {what}", rows.total)]
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
        text = "say what another row says of the same place and day"
        findings.append(Finding("noticed", file, None, "", text, stated - distinct))
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
) -> tuple[np.ndarray, None, Runs, list[Finding]]:
    """Runs of areas: several ways to write one are one, and what names none is dropped."""
    names = Names(areas)
    meant = [names.find(key) for key in whole.keys]
    ids = areas["area_id"].to_numpy(dtype=object)
    number = dict(zip(ids, range(len(ids)), strict=True))
    column = reading.columns[reading.key[0]]
    told = gazetteer.looks(whole).groupby("key").agg(at=("at", "min"), rows=("rows", "sum"))
    lost = told.loc[[key for key, area in zip(whole.keys, meant, strict=True) if not area]]
    findings = listed(
        (
            rows.finding(
                "dropped",
                row.at,
                column,
                f"“{row.Index}” names "
                + ("several areas" if folded(row.Index) in names.shared else "no area"),
                row.rows,
            )
            for row in lost.itertuples()
        ),
        "that are no area",
    )
    place = np.array([number.get(area, -1) for area in meant])[whole.table["place"].to_numpy()]
    table = runs.join(whole.table.assign(place=place)[place >= 0])
    if table.empty:
        raise refuse(
            rows.files[0], "no row is about an area of the boundaries", "their ids", column
        )
    return ids, None, Runs(ids, table, whole.looks, whole.words, whole.odd, whole.rows), findings
