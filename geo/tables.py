"""A timeline → the tables that people take away: control, spells, changes, reports, a matrix.

Each function asks a :class:`geo.timeline.Timeline` and gives a plain table; :mod:`geo.exports`
writes them to files. :data:`COLUMNS` says of every column what it holds, and by which HXL
hashtag a humanitarian tool finds it.
"""

import re
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo import style, words
from geo.dates import When
from geo.timeline import Of, Timeline


class Column(NamedTuple):
    """What a column holds, and its hashtag (HXL 1.1).

    Core hashtags and attributes where the dictionary has one
    (https://hxlstandard.org/standard/1-1final/dictionary/), own attributes elsewhere.
    """

    tag: str
    meaning: str


COLUMNS = {
    "unit": Column("#loc+type", "area or place"),
    "id": Column("#loc+code", "area_id or place_id"),
    "name": Column("#loc+name", "its name"),
    "kind": Column("#loc+kind", "city, airport, crossing, base …; blank for an area"),
    "place_id": Column("#loc+code", "the place (or area) spoken of"),
    "place": Column("#loc+name", "its name"),
    "lon": Column("#geo+lon", "of a place, degrees east, WGS 84; blank for an area"),
    "lat": Column("#geo+lat", "of a place, degrees north, WGS 84; blank for an area"),
    "begin": Column("#date+start", "first day of the spell"),
    "end": Column("#date+end", "last day of the spell, itself included"),
    "day": Column("#date+occurred", "the day from whose end on the new control holds"),
    "control": Column("#status+control", "control id; unknown where no report says"),
    "previous": Column("#status+control+previous", "control id before the change"),
    "label": Column("#status+control+label", "the control as the screen names it"),
    "since": Column("#date+since", "the day of the change in force; blank while unknown"),
    "earliest": Column("#date+earliest", "first day on which it can have been; blank if open"),
    "latest": Column("#date+latest", "last day on which it can have been"),
    "uncertain": Column("#status+uncertain", "true: the day lies in the window of a change"),
    "claimed": Column("#status+claimed", "true: only the gaining side says so"),
    "disputed": Column("#status+disputed", "true: sources exclude the day chosen"),
    "reports": Column("#meta+id+report+list", "report_ids, a space between two"),
    "sources": Column("#meta+id+source+list", "source_ids, a space between two"),
    "report_id": Column("#meta+id+report", "as in the ledger"),
    "when": Column("#date+edtf", "as in the ledger"),
    "source_id": Column("#meta+id+source", "as in the ledger"),
    "claimant": Column("#meta+claimant", "as in the ledger"),
    "claimant_side": Column("#meta+claimant+side", "as in the ledger"),
    "confidence": Column("#meta+confidence", "as in the ledger"),
    "verdict": Column("#meta+verdict", "as in the ledger"),
    "evidence": Column("#description+evidence", "as in the ledger"),
    "locator": Column("#meta+locator", "as in the ledger"),
    "supersedes": Column("#meta+id+supersedes", "as in the ledger"),
    "use": Column("#meta+use", "what became of the report: see uses"),
    "change_day": Column("#date+occurred", "the day of the change it supports, blank if none"),
    "known_on": Column("#date+published", "the day it became public, blank if not known"),
    "source": Column("#meta+source", "where the news came from and who published it"),
    "url": Column("#meta+url", "of the source"),
}
"""Every column of the tables; a matrix has a column of control ids for each ISO day too."""

CONTROL = tuple("id name control since earliest latest uncertain disputed".split())
CHANGES = tuple(
    "place_id place day control previous earliest latest disputed reports sources".split()
)
SPELLS = tuple(
    "unit id name kind begin end control label since earliest latest"
    " uncertain claimed disputed sources".split()
)
ADDED = tuple("use change_day earliest latest known_on place source url".split())
"""What :func:`reports_table` adds to the ledger's own columns."""

USES = (
    "used",
    "moves nothing",
    "not chosen",
    "undated",
    "not yet known",
    "disputed",
    "superseded",
)
"""What may become of a report: see :func:`uses`."""

_DATED = ["since", "earliest", "latest"]
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def tags(table: pd.DataFrame, of: Of | None = None) -> list[str]:
    """The HXL hashtag of each column, blank for a column of the curator's own.

    Parameters
    ----------
    table : pandas.DataFrame
        Of this module.
    of : {"areas", "places"}, optional
        Whose ids and names they are: those of areas are tagged ``#adm1``.
    """
    found = {name: column.tag for name, column in COLUMNS.items()}
    if of == "areas":
        found |= {"id": "#adm1+code", "name": "#adm1+name"}
    for name in table:
        if _DAY.fullmatch(str(name)):
            found[name] = f"#status+control+d{str(name).replace('-', '')}"
    return [found.get(name, "") for name in table]


def control_table(timeline: Timeline, day: date, of: Of = "areas") -> pd.DataFrame:
    """Control at the end of one day.

    Returns
    -------
    pandas.DataFrame
        :data:`CONTROL`, in the study's order; days are datetime64[s], missing while unknown.

    Raises
    ------
    ValueError
        When `day` is not a day of the study.
    """
    return timeline.control(day, of).rename_axis("id").reset_index()[list(CONTROL)]


def changes_table(
    timeline: Timeline, first: date | None = None, last: date | None = None
) -> pd.DataFrame:
    """The changes, by day and then in the study's order of places.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    first, last : datetime.date, optional
        Only the changes of these days and of those between.

    Returns
    -------
    pandas.DataFrame
        :data:`CHANGES`. A change on a day of silence is left out, as on the map.
    """
    table = timeline.changes
    day = table["day"]
    shown = day >= (day.min() if first is None else pd.Timestamp(first))
    if last is not None:
        shown &= day <= pd.Timestamp(last)
    if timeline.silent_from is not None:
        shown &= day < pd.Timestamp(timeline.silent_from)
    table = table[shown].sort_values("day", kind="stable")
    table = table.assign(
        place=table["place_id"].map(timeline.study.names),
        reports=_behind(timeline, table.index, "report_id"),
        sources=_behind(timeline, table.index, "source_id"),
    )
    return table[list(CHANGES)].reset_index(drop=True)


def _behind(timeline: Timeline, changes: pd.Index | pd.Series, column: str) -> np.ndarray:
    """The ids behind each change, in the ledger's order, a space between two; blank for −1."""
    joined: dict[int, str] = {}
    reports = timeline.reports.dropna(subset="change")
    for change, same in reports.groupby("change")[column]:
        joined[change] = " ".join(same.unique())
    return np.array([joined.get(change, "") for change in changes], dtype=object)


def uses(timeline: Timeline) -> np.ndarray:
    """What became of each report of the ledger, in its order: one of :data:`USES`.

    It is ``used``; ``moves nothing`` (a report on an area that the study's rule does not let
    move anything); or why it was left out, the first that applies: ``not chosen`` (its
    source or claimant), ``undated`` or ``not yet known`` (by the day asked for), ``disputed``,
    ``superseded``.
    """
    study, reports = timeline.study, timeline.study.reports
    known_on = study.known_on
    asked = pd.Series(True, index=reports.index)
    if timeline.sources is not None:
        asked &= reports["source_id"].isin(timeline.sources)
    if timeline.claimants is not None:
        asked &= reports["claimant"].isin(timeline.claimants)
    undated = late = pd.Series(False, index=reports.index)
    if timeline.known_on is not None:
        undated, late = known_on.isna(), known_on > pd.Timestamp(timeline.known_on)
    return np.select(
        [
            reports.index.isin(timeline.reports.index[timeline.reports["change"].notna()]),
            reports.index.isin(timeline.reports.index),
            ~asked,
            undated,
            late,
            reports["verdict"] == "disputed",
        ],
        list(USES[:-1]),
        USES[-1],
    ).astype(object)


def reports_table(timeline: Timeline) -> pd.DataFrame:
    """Every report of the study, and what became of it under this timeline's eyes.

    Returns
    -------
    pandas.DataFrame
        The ledger's columns as they stand in ``reports.csv``, in its order, then
        :data:`ADDED`. ``use`` is one of :data:`USES`. ``earliest`` and ``latest`` are the days
        that the report's own date allows. A column of the curator's own gives way to one of
        these of the same name.
    """
    study, reports = timeline.study, timeline.study.reports
    change = timeline.reports["change"].reindex(reports.index)
    names = words.source_names(study.sources)
    added = {
        "use": uses(timeline),
        "change_day": timeline.changes["day"].reindex(change.fillna(-1)).to_numpy(),
        "earliest": reports["first"].where(reports["form"] != "by"),
        "latest": reports["last"],
        "known_on": study.known_on,
        "place": reports["place_id"].map(study.names),
        "source": names.reindex(reports["source_id"]).to_numpy(),
        "url": study.sources["url"].reindex(reports["source_id"]).to_numpy(),
    }
    computed = {*When._fields, *added}
    ledger = reports[[name for name in reports if name not in computed]]
    return ledger.assign(**added).reset_index(drop=True)


def matrix_table(timeline: Timeline, of: Of = "areas") -> pd.DataFrame:
    """Control of every unit on every day of the study.

    Returns
    -------
    pandas.DataFrame
        ``id, name`` and a column of control ids for each day, named by it (``2021-08-13``);
        units in the study's order.
    """
    table = timeline.matrix(of).control
    table = table.set_axis(timeline.days.strftime("%Y-%m-%d"), axis=1)
    units = timeline.study.areas if of == "areas" else timeline.study.places
    table.insert(0, "name", units["name"].to_numpy())
    return table.rename_axis("id").reset_index()


def spells_table(timeline: Timeline, of: Of = "areas", day: date | None = None) -> pd.DataFrame:
    """Runs of days on which nothing changes, with their first and last day.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    of : {"areas", "places"}
    day : datetime.date, optional
        Only the one run of each unit that this day lies in, cut down to it.

    Returns
    -------
    pandas.DataFrame
        :data:`SPELLS`, then ``change`` and ``pending`` (rows of ``timeline.changes``, or −1),
        indexed by position in the study's table; by unit in the study's order, and by day.
        Every unit has every day of the study in exactly one row; after the last usable
        report its control is unknown. Under the area rule ``majority`` an area has no change
        of its own: its sources are blank, and its window is the day since when it is held.

    Raises
    ------
    ValueError
        When `day` is not a day of the study.
    """
    study, days, runs = timeline.study, timeline.days, timeline.spells(of)
    units, key = (study.areas, "area_id") if of == "areas" else (study.places, "place_id")
    unit, first = runs["unit"].to_numpy(), runs["first"].to_numpy()
    goes_on = np.append(unit[1:] == unit[:-1], False)
    last = np.where(goes_on, np.append(first[1:], 0), len(days)) - 1
    units = units.iloc[unit]
    table = runs[["control", "uncertain", "claimed", "disputed", "change", "pending"]].assign(
        unit="area" if of == "areas" else "place",
        id=units[key].to_numpy(),
        name=units["name"].to_numpy(),
        kind="" if of == "areas" else units["kind"].to_numpy(),
        begin=days[first],
        end=days[last],
        label=[study.controls[control].label for control in runs["control"]],
        sources=_behind(timeline, runs["change"], "source_id"),
    )
    table[_DATED] = _dated(timeline, runs, of)
    table = table.set_index(unit)[[*SPELLS, "change", "pending"]]
    if day is None:
        return table
    at = pd.Timestamp(day)
    table = table[(table["begin"] <= at) & (at <= table["end"])]
    if table.empty:
        raise ValueError(f"{day} is not a day of the study")
    return table.assign(begin=at.as_unit("s"), end=at.as_unit("s"))


def _dated(timeline: Timeline, runs: pd.DataFrame, of: Of) -> pd.DataFrame:
    """Since when each run's control holds, and from when to when that can have been."""
    if of == "areas" and timeline.study.settings.area_rule == "majority":
        told = runs[["unit", "control"]]
        fresh = (told != told.shift()).any(axis=1).to_numpy()
        since = timeline.days[runs["first"].to_numpy()[fresh]][np.cumsum(fresh) - 1]
        dated = pd.DataFrame(dict.fromkeys(_DATED, since))
    else:
        dated = timeline.changes[["day", "earliest", "latest"]].reindex(runs["change"])
    dated = dated.set_axis(_DATED, axis=1).set_axis(runs.index)
    return dated.mask(runs["control"] == style.UNKNOWN)
