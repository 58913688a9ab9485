"""Sightings of a table → the reports, sources and settings of a draft.

An id of a report is made of what it says, so that the same table gives the same ids again,
and a longer one keeps those of what it says as before.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import style
from geo.importers.draft import Draft, Finding
from geo.importers.mapping import Mapping
from geo.importers.naming import slug
from geo.importers.refusal import refuse
from geo.importers.rows import Rows, listed
from geo.importers.runs import UNKNOWN, Reading
from geo.importers.sightings import Held, Sightings

ID_LETTERS = 16
"""Hexadecimal digits of a report's id: among millions of reports no two are likely alike."""


@dataclass(frozen=True)
class Imported:
    """What was imported, and from what.

    Attributes
    ----------
    told : geo.importers.mapping.Mapping
    files : list of pathlib.Path
    reading : geo.importers.runs.Reading
    areas, places : geopandas.GeoDataFrame
        Places are None where rows are about areas.
    ids : numpy.ndarray of str
        The place_id (or area_id) of each place of `table`.
    table : pandas.DataFrame
        Runs of the whole table.
    seen : geo.importers.sightings.Sightings
    rows : geo.importers.rows.Rows
    """

    told: Mapping
    files: list[Path]
    reading: Reading
    areas: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None
    ids: np.ndarray
    table: pd.DataFrame
    seen: Sightings
    rows: Rows


def doubts(
    seen: Sightings, table: pd.DataFrame, called: np.ndarray, reading: Reading, rows: Rows
) -> list[Finding]:
    """Days of two states, gaps that were taken to have lasted, and places that fall silent.

    Parameters
    ----------
    called : numpy.ndarray
        What the places are called, by their number.
    """
    column = reading.columns.get("status", "")
    doubled = (
        rows.finding(
            "noticed",
            row.at,
            column,
            f"“{called[row.place]}” has two states {_days(row.first, row.last)}, "
            f"{_states(row.held, row.at, reading, rows)}: both are kept, and the study's rules "
            "order them",
            row.last - row.first + 1,
        )
        for row in seen.doubled.itertuples()
    )
    gaps = (
        rows.finding(
            "guessed",
            row.after_at,
            column,
            f"“{called[row.place]}” has no state {_days(row.after + 1, row.before - 1)}: "
            f"{reading.controls[row.control]}, before and after, is taken to have lasted",
            row.before - row.after - 1,
        )
        for row in seen.gaps.itertuples()
    )
    days = int((seen.doubled["last"] - seen.doubled["first"] + 1).sum())
    between = int((seen.gaps["before"] - seen.gaps["after"] - 1).sum())
    found = [
        *listed(doubled, "with two states on a day", len(seen.doubled), days),
        *listed(gaps, "gaps between equal states", len(seen.gaps), between),
    ]
    last = table["last"].max()
    known = table[table["control"] != UNKNOWN].groupby("place")["last"].max()
    silent = int((known < last).sum())
    if silent:
        text = (
            f"last seen before the table's last day: {silent:,} of {len(known):,}, whose last "
            "state is drawn on, as no report says otherwise"
        )
        found.append(Finding("noticed", rows.files[0], None, column, text, silent))
    never = table["place"].nunique() - len(known)
    if never:
        text = f"without a state on any day: {never:,}, which stay unknown"
        found.append(Finding("noticed", rows.files[0], None, column, text, never))
    return found


def _states(held: list[Held], at: int, reading: Reading, rows: Rows) -> str:
    """``“blue” in row 3 and “red” in row 4``; “since” where a row is of an earlier day."""
    here, _ = rows.of(at)
    told = []
    for state in held:
        file, row = rows.of(state.at)
        where = f"row {row}" if file == here else f"row {row} of {file}"
        said = "in" if state.on_day else "since"
        told.append(f"“{reading.controls[state.control]}” {said} {where}")
    return " and ".join(told)


def _days(first: int, last: int) -> str:
    begin, end = date.fromordinal(first), date.fromordinal(last)
    return f"on {begin}" if first == last else f"from {begin} to {end}"


def draft(imported: Imported, findings: list[Finding]) -> Draft:
    """The draft of a study."""
    source = _source(imported)
    if not source["published"].iloc[0]:
        text = (
            "the table's date of publication is not stated ([source] published = … in the mapping "
            "file): it has no part in what was known by a past day"
        )
        findings = [*findings, Finding("noticed", "", None, "", text)]
    if imported.seen.spans.empty:
        raise refuse(imported.rows.files[0], "no row says who holds a place", "a state, in words")
    return Draft(
        settings=_settings(imported),
        areas=imported.areas,
        places=imported.places,
        reports=_reports(imported, source["source_id"].iloc[0]),
        sources=source,
        about=_about(imported),
        findings=findings,
    )


def _title(imported: Imported) -> str:
    stem = imported.files[0].name.split(".")[0]
    return imported.told.study.title or stem.replace("_", " ").replace("-", " ").strip() or "Panel"


def _settings(imported: Imported) -> dict[str, Any]:
    told, reading, table = imported.told, imported.reading, imported.table
    start, end = (date.fromordinal(int(day)) for day in (table["first"].min(), table["last"].max()))
    opens = told.study.opens_on or end
    if not start <= opens <= end:
        wrong = f"opens_on ({opens}) is not a day of the table, which has {start} to {end}"
        raise refuse("the mapping file", wrong, "one of them, or none", "study.opens_on")
    said = {
        name: value
        for name, value in told.study.model_dump().items()
        if value and name not in ("title", "opens_on", "area_unit", "max_window")
    }
    declared = {control.id: control.model_dump() for control in told.controls}
    seen = {reading.controls[number] for number in imported.seen.spans["control"].unique()}
    used = [*declared, *(c for c in reading.controls if c in told.control.values() or c in seen)]
    controls = [
        declared.get(
            each, {"id": each, "label": each.replace("_", " ").replace("-", " ").capitalize()}
        )
        for each in dict.fromkeys(used)
        if each != style.UNKNOWN or each in declared
    ]
    return {
        "title": _title(imported),
        **said,
        "start": start,
        "end": end,
        "opens_on": opens,
        "area_rule": "reported" if imported.places is None else "majority",
        "area_unit": list(told.study.area_unit),
        "max_window": told.study.max_window,
        "control": [{k: v for k, v in control.items() if v != ""} for control in controls],
    }


def _source(imported: Imported) -> pd.DataFrame:
    told = imported.told.source
    names = ", ".join(dict.fromkeys(path.name for path in imported.files))
    known = told.model_dump(exclude={"confidence"})
    known["title"] = told.title or names
    known["publisher"] = told.publisher or f"unnamed publisher of {imported.files[0].name}"
    wish = slug(told.title or imported.files[0].name.split(".")[0])
    known["source_id"] = told.source_id or wish or "panel"
    return pd.DataFrame([known], dtype=str)


def _reports(imported: Imported, source_id: str) -> pd.DataFrame:
    """Two reports a span: its first day and its last."""
    spans, rows = imported.seen.spans, imported.rows
    long = (spans["last"] > spans["first"]).to_numpy()
    span = np.sort(np.concatenate([np.arange(len(spans)), np.flatnonzero(long)]))
    is_last = np.append(False, span[1:] == span[:-1])
    first, last, control, place = (
        spans[name].to_numpy() for name in ("first", "last", "control", "place")
    )
    iso = _IsoDays(first, last)
    day = np.where(is_last, last[span], first[span])
    at = np.where(is_last, spans["last_at"].to_numpy()[span], spans["first_at"].to_numpy()[span])
    order = np.lexsort((control[span], day, place[span]))
    span, day, at = span[order], day[order], at[order]
    labels = np.array(imported.reading.controls, dtype=object)
    table = pd.DataFrame(
        {
            "place_id": pd.Series(imported.ids[place[span]], dtype=str),
            "control": pd.Series(labels[control[span]], dtype=str),
            "when": "../" + iso.of(day),
            "source_id": source_id,
            "confidence": imported.told.source.confidence,
            "verdict": "used",
            "evidence": _evidence(spans, labels, iso).iloc[span].reset_index(drop=True),
            "locator": rows.words(at),
        }
    )
    said = zip(table["place_id"], table["control"], table["when"], strict=True)
    ids = [_report_id(place, control, when, source_id) for place, control, when in said]
    table.insert(0, "report_id", pd.Series(ids, dtype=str))
    return table


def _report_id(*said: str) -> str:
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:ID_LETTERS]


class _IsoDays:
    """Days as text, each written once."""

    def __init__(self, *days: np.ndarray) -> None:
        self._low = min((int(each.min()) for each in days if len(each)), default=1)
        high = max((int(each.max()) for each in days if len(each)), default=1)
        texts = [date.fromordinal(day).isoformat() for day in range(self._low, high + 1)]
        self._texts = pd.array(texts, dtype=pd.StringDtype(na_value=np.nan))

    def of(self, days: np.ndarray) -> pd.Series:
        return pd.Series(self._texts.take(days - self._low))


def _evidence(spans: pd.DataFrame, labels: np.ndarray, iso: _IsoDays) -> pd.Series:
    """A sentence for each span."""
    first, last = iso.of(spans["first"].to_numpy()), iso.of(spans["last"].to_numpy())
    control = pd.Series(labels[spans["control"].to_numpy()], dtype=str)
    text = "The table has " + control + " from " + first + " to " + last
    text = text.where(spans["last"] > spans["first"], "The table has " + control + " on " + first)
    without = spans["without"].astype(str)
    gap = ", with " + without + " of these days without a state"
    return text + gap.where(spans["without"] > 0, "") + "."


def _about(imported: Imported) -> str:
    names = ", ".join(dict.fromkeys(path.name for path in imported.files))
    what = "areas" if imported.places is None else "places"
    return (
        f"Imported from {names}, a table of observed states with one cell a day of each of its "
        f"{what}. A state is a sighting: it says what was seen by the end of a day, and nothing of "
        "when it came about. Of days in a row with one state the first and the last are reports. "
        "Between two different states lies a window of uncertainty; between two equal ones the "
        "state is taken to have lasted. Where the table has two states on a day both are kept, "
        "and the study's rules order them. What was not reported is no report."
    )
