"""A timeline → what each report did to it, and the history of one place or area.

The ledger says who said what, the changes what that comes to; here the two are held against
each other. A report supports a change, or one stands against it; it corrects another, or is
corrected. All of it is asked of a :class:`geo.timeline.Timeline`, and so is answered under
its eyes.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo import spells, style, tables, words
from geo.study import Study
from geo.timeline import TOWNS, Timeline

LINKS = tuple("report_id use supports disputes another_day corrects corrected_by".split())
CHANGES = tuple("place_id control previous day earliest latest disputed claimed words".split())
BANDS = tuple("first last control uncertain claimed disputed change pending".split())
MARKS = tuple("report_id place_id control form first last named".split()) + LINKS[1:]

_DAY = "datetime64[D]"


@dataclass(frozen=True)
class History:
    """What became of one place or area, and who says so.

    Attributes
    ----------
    unit, name : str
        Its id and its name.
    what : str
        What it is: ``capital of Kunduz``, ``airport in Kunduz``, ``province``.
    changes : pandas.DataFrame
        :data:`CHANGES` by row of ``timeline.changes``, in the order of days.
    bands : pandas.DataFrame
        :data:`BANDS`: runs of days on which nothing changes, as the map draws them, with
        their first and last day. They have every day of the study once.
    marks : pandas.DataFrame
        :data:`MARKS` by place in the ledger, in the order of the days named: every report of
        it, dissent included. ``first`` is missing where it is open.
    """

    unit: str
    name: str
    what: str
    changes: pd.DataFrame
    bands: pd.DataFrame
    marks: pd.DataFrame

    @property
    def left_out(self) -> pd.DataFrame:
        """The marks that move nothing."""
        return self.marks[self.marks["use"] != "used"]


def links(timeline: Timeline) -> pd.DataFrame:
    """What each report of the ledger did to the changes, and to other reports.

    A report that is left out **disputes** the change that stands against it: the one in force
    at the end of the day it names, if that gives the place to another. If it gives the same
    control, the report agrees, unless it is dated (not ``../``) and its days leave out the
    change's: then it disputes the day. A report whose days hold a change to its own control
    always agrees, and where nothing is known yet there is nothing to dispute. A report on an
    area that moves nothing is held against no change, since the area has none of its own.

    Returns
    -------
    pandas.DataFrame
        :data:`LINKS` in the ledger's order and on its index: ``use`` as in
        :func:`geo.tables.reports_table`; ``supports`` and ``disputes``, rows of
        ``timeline.changes`` (Int64, missing if none); ``another_day`` (bool): the report
        leaves out the day of the change it supports, or disputes only the day;
        ``corrects`` and ``corrected_by``, report_ids (the latter with a space between two).
    """
    reports = timeline.study.reports
    supports = timeline.reports["change"].reindex(reports.index).astype("Int64")
    disputes, only_day = _against(timeline, supports.isna().to_numpy())
    day = timeline.changes["day"].reindex(supports.fillna(-1)).to_numpy(_DAY)
    leaves_out = _dated(reports) & ~_allows(reports, day) & ~np.isnat(day)
    corrections = reports[reports["supersedes"] != ""]
    corrected_by = {
        report: " ".join(by) for report, by in corrections.groupby("supersedes")["report_id"]
    }
    return pd.DataFrame(
        {
            "report_id": reports["report_id"],
            "use": tables.uses(timeline),
            "supports": supports,
            "disputes": pd.array(disputes, dtype="Int64"),
            "another_day": leaves_out | only_day,
            "corrects": reports["supersedes"],
            "corrected_by": [corrected_by.get(report, "") for report in reports["report_id"]],
        },
        index=reports.index,
    )


def _dated(reports: pd.DataFrame) -> np.ndarray:
    return (reports["form"] != "by").to_numpy()


def _allows(reports: pd.DataFrame, day: np.ndarray) -> np.ndarray:
    return (reports["first"].to_numpy(_DAY) <= day) & (day <= reports["last"].to_numpy(_DAY))


def _against(timeline: Timeline, asked: np.ndarray) -> tuple[pd.arrays.IntegerArray, np.ndarray]:
    """For each report asked, the change that stands against it, and whether only by its day."""
    reports, changes = timeline.study.reports, timeline.changes
    found = pd.array(np.full(len(reports), -1), dtype="Int64")
    only_day = np.zeros(len(reports), dtype=bool)
    units = pd.Index(changes["place_id"].unique())
    unit = units.get_indexer(reports["place_id"])
    rows = np.flatnonzero(asked & (unit >= 0))
    if rows.size:
        reports, unit = reports.iloc[rows], unit[rows]
        force = _last_change(changes, units, unit, reports["named"].to_numpy(_DAY))
        known = force >= 0
        same = known & (changes["control"].to_numpy()[force] == reports["control"].to_numpy())
        day = changes["day"].to_numpy(_DAY)[force]
        other_day = same & _dated(reports) & ~_allows(reports, day)
        stands = known & (~same | other_day) & ~_taken_within(changes, reports)
        found[rows] = np.where(stands, force, -1)
        only_day[rows] = stands & other_day
    found[found == -1] = pd.NA
    return found, only_day


def _last_change(
    changes: pd.DataFrame, units: pd.Index, unit: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """The change in force at the end of a day: changes stand by place and then by day."""
    at, start = changes["day"].to_numpy(_DAY), min(changes["day"].to_numpy(_DAY).min(), day.min())
    span = int((max(at.max(), day.max()) - start).astype(int)) + 1
    of = units.get_indexer(changes["place_id"])
    keys = of * span + (at - start).astype(int)
    force = np.searchsorted(keys, unit * span + (day - start).astype(int), side="right") - 1
    return np.where((force >= 0) & (of[force] == unit), force, -1)


def _taken_within(changes: pd.DataFrame, reports: pd.DataFrame) -> np.ndarray:
    """Whether a change to a report's own control stands on a day that it allows."""
    both = reports.reset_index(drop=True).rename_axis("row").reset_index()
    both = both[["row", "place_id", "control", "first", "last"]].merge(
        changes[["place_id", "control", "day"]], on=["place_id", "control"]
    )
    inside = (both["first"] <= both["day"]) & (both["day"] <= both["last"])
    within = np.zeros(len(reports), dtype=bool)
    within[both["row"][inside].unique()] = True
    return within


def is_unit(study: Study, unit: str) -> bool:
    """Whether an id is a place or an area of the study."""
    return bool((study.places["place_id"] == unit).any() or (study.areas["area_id"] == unit).any())


def follows(study: Study, unit: str) -> list[str]:
    """The ids whose changes make a unit's history: its own, its capital's, its towns'."""
    places, rule = study.places, study.settings.area_rule
    if rule == "reported" or not (study.areas["area_id"] == unit).any():
        return [unit]
    inside = places["area_id"] == unit
    if rule == "majority":
        return list(places.loc[inside & places["kind"].isin(TOWNS), "place_id"])
    return list(places.loc[inside & places["is_capital"], "place_id"][:1])


def what(study: Study, unit: str) -> str:
    """What a place or an area is, in a few words: ``capital of Kunduz``."""
    return (
        next(iter(_whats(study, study.places[study.places["place_id"] == unit]).values()), "")
        or (study.settings.area_unit[0])
    )


def whats(study: Study) -> dict[str, str]:
    """What each place and area is, by id."""
    areas = dict.fromkeys(study.areas["area_id"], study.settings.area_unit[0])
    return _whats(study, study.places) | areas


def _whats(study: Study, places: pd.DataFrame) -> dict[str, str]:
    where = places["area_id"].map(study.areas.set_index("area_id")["name"]).fillna("")
    return {
        place: _what(kind, capital, area)
        for place, kind, capital, area in zip(
            places["place_id"], places["kind"], places["is_capital"], where, strict=True
        )
    }


def _what(kind: str, capital: bool, area: str) -> str:
    if capital and area:
        return f"capital of {area}"
    label = style.kind_label(kind)
    return f"{label} in {area}" if area else label


def history(timeline: Timeline, unit: str, linked: pd.DataFrame | None = None) -> History:
    """What became of one place or area.

    An area's history is that of whoever decides for it under the study's rule
    (:func:`follows`), and has the reports on the area itself besides.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    unit : str
        A ``place_id`` or an ``area_id``.
    linked : pandas.DataFrame, optional
        Its :func:`links`, if they are at hand.

    Raises
    ------
    KeyError
        When the study has no such place or area.
    """
    study = timeline.study
    if not is_unit(study, unit):
        raise KeyError(unit)
    ids = follows(study, unit)
    linked = links(timeline) if linked is None else linked
    return History(
        unit=unit,
        name=study.names[unit],
        what=what(study, unit),
        changes=_changes(timeline, ids),
        bands=_bands(timeline, unit, ids),
        marks=_marks(study, {*ids, unit}, linked),
    )


def _changes(timeline: Timeline, ids: list[str]) -> pd.DataFrame:
    mine = timeline.changes[timeline.changes["place_id"].isin(ids)]
    mine = mine.sort_values("day", kind="stable")
    told = [words.how_sure(timeline, row) for row in mine.index]
    return mine.assign(words=pd.Series(told, index=mine.index, dtype=object))[list(CHANGES)]


def _bands(timeline: Timeline, unit: str, ids: list[str]) -> pd.DataFrame:
    settings, days = timeline.study.settings, timeline.days
    if settings.area_rule == "majority" and ids != [unit]:
        runs = timeline.spells("areas")
        area = np.flatnonzero(timeline.study.areas["area_id"] == unit)[0]
        runs = runs[runs["unit"] == area]
    else:
        # All spells of a large study take a second; those of one unit nothing.
        mine = timeline.changes[timeline.changes["place_id"].isin(ids)]
        start, silent = settings.start, timeline.silent_from
        unit_ids = np.array(ids or [unit], dtype=object)
        runs = spells.of_changes(mine, unit_ids, start, len(days), settings.max_window, silent)
        rows = np.append(mine.index.to_numpy(), -1)
        runs = runs.assign(change=rows[runs["change"]], pending=rows[runs["pending"]])
    first = runs["first"].to_numpy()
    last = np.append(first[1:], len(days)) - 1
    runs = runs.assign(first=days[first], last=days[last])
    return runs[list(BANDS)].reset_index(drop=True)


def _marks(study: Study, ids: set[str], linked: pd.DataFrame) -> pd.DataFrame:
    reports = study.reports[study.reports["place_id"].isin(ids)]
    marks = reports.assign(first=reports["first"].where(reports["form"] != "by"))
    marks = marks.join(linked.loc[reports.index, list(LINKS[1:])])
    return marks[list(MARKS)].sort_values("named", kind="stable")
