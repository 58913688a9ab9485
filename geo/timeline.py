"""Reports → changes → control of places and areas on a day; the whole matrix.

A :class:`Timeline` chooses reports (only these sources, only what was known by that day),
has :mod:`geo.changes` date what they say, and spreads the changes over the study's days as
spells: runs of days on which nothing changes. Everything is computed from the ledger, so it
can be asked again under other eyes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from geo import changes, style
from geo.study import Study

TOWNS = ("city", "town")
"""The kinds of place that have a vote under the area rule ``majority``."""

Of = Literal["areas", "places"]

_DAY = "datetime64[D]"
_DATED = {"since": "day", "earliest": "earliest", "latest": "latest"}
_STATE = ["control", "uncertain", "claimed", "disputed", "change", "pending"]


class Timeline:
    """What chosen reports of a study say together.

    Parameters
    ----------
    study : geo.study.Study
    sources : iterable of str, optional
        Only the reports of these ``source_id``; all if left out.
    known_on : datetime.date, optional
        Only what had been published by this day; everything if left out.

    Attributes
    ----------
    reports : pandas.DataFrame
        The usable reports: chosen, not disputed, not superseded; with ``known_on``,
        ``origin`` and the number of the ``change`` they support (missing for a report on an
        area that the study's rule does not let move anything).
    undated : int
        How many reports were left out because their source has no date of publication.
    changes : pandas.DataFrame
        One row a change, by place (in the study's order) and day, with ``place_id, control,
        previous`` (control ids), ``day, earliest, latest`` (datetime64[s]), ``form`` (how
        the deciding reports were dated: day, wide or by), ``disputed, claimed`` (bool).
    silent_from : datetime.date or None
        The first day of the study of which no usable report speaks any more.

    Examples
    --------
    >>> from geo.study import load
    >>> article = Timeline(load(), sources=["clarin_0813"])
    >>> article.control(date(2021, 8, 13)).loc["AF-KAN", "control"]
    'taliban'
    """

    def __init__(
        self,
        study: Study,
        sources: Iterable[str] | None = None,
        known_on: date | None = None,
    ) -> None:
        self.study = study
        self.sources = None if sources is None else frozenset(sources)
        self.known_on = known_on
        chosen, self.undated = choose(study, self.sources, known_on)
        self.changes, self.reports = changes.from_reports(chosen, self._movable())
        self.silent_from = self._silence()

    def _movable(self) -> list[str]:
        """The ids whose reports move something, in the study's order."""
        if self.study.settings.area_rule == "reported":
            return [*self.study.places["place_id"], *self.study.areas["area_id"]]
        return list(self.study.places["place_id"])

    def _silence(self) -> date | None:
        settings = self.study.settings
        known = [self.known_on] if self.known_on else []
        if not self.reports.empty:
            known.append(self.reports["named"].max().date())
        heard = min(known) if known else None
        if self.reports.empty or heard is None or heard < settings.start:
            return settings.start
        if heard >= settings.end:
            return None
        return (pd.Timestamp(heard) + pd.Timedelta(days=1)).date()

    def changes_on(self, day: date) -> pd.DataFrame:
        """The changes of one day (:attr:`changes`), none on a day of silence."""
        if self.is_silent(day):
            return self.changes.iloc[:0]
        return self.changes[self.changes["day"] == pd.Timestamp(day)]

    def is_silent(self, day: date) -> bool:
        """Whether no usable report speaks of a day any more."""
        return self.silent_from is not None and day >= self.silent_from

    @cached_property
    def days(self) -> pd.DatetimeIndex:
        """The study's days."""
        settings = self.study.settings
        return pd.date_range(settings.start, settings.end, unit="s")

    def spells(self, of: Of = "areas") -> pd.DataFrame:
        """Runs of days on which nothing changes: what maps are drawn from.

        Parameters
        ----------
        of : {"areas", "places"}

        Returns
        -------
        pandas.DataFrame
            ``unit`` (position in the study's table), ``first`` (position of the run's first
            day in :attr:`days`; it lasts until the unit's next row), ``control`` (id),
            ``uncertain, claimed, disputed`` (bool), ``change`` (the change in force) and
            ``pending`` (the change whose window the run lies in), both rows of
            :attr:`changes` or −1. Every unit has a run from day 0.
        """
        return self._area_spells if of == "areas" else self._place_spells

    @cached_property
    def _place_spells(self) -> pd.DataFrame:
        return self._spells_of(self.study.places["place_id"])

    @cached_property
    def _area_spells(self) -> pd.DataFrame:
        rule, areas = self.study.settings.area_rule, self.study.areas["area_id"]
        if rule == "majority":
            return self._majority()
        if rule == "reported":
            return self._spells_of(areas)
        places = self.study.places
        capitals = places[places["is_capital"] & places["area_id"].isin(areas)]
        capitals = capitals.drop_duplicates("area_id").set_index("area_id")["place_id"]
        return self._spells_of(areas.map(capitals))

    def _spells_of(self, ids: pd.Series) -> pd.DataFrame:
        return spells(
            self.changes,
            ids.to_numpy(),
            self.study.settings.start,
            len(self.days),
            self.study.settings.max_window,
            self.silent_from,
        )

    def _majority(self) -> pd.DataFrame:
        towns = self.study.places["kind"].isin(TOWNS).to_numpy()
        area_ids = pd.Index(self.study.areas["area_id"])
        area = area_ids.get_indexer(self.study.places["area_id"])
        held = self.matrix("places")
        inside = towns & (area >= 0)
        return majority_spells(
            area[inside],
            held.control.to_numpy()[inside],
            held.uncertain.to_numpy()[inside],
            list(self.study.controls),
            len(area_ids),
        )

    def control(self, day: date, of: Of = "areas") -> pd.DataFrame:
        """Control at the end of one day.

        Parameters
        ----------
        day : datetime.date
            One of :attr:`days`.
        of : {"areas", "places"}

        Returns
        -------
        pandas.DataFrame
            By ``area_id`` or ``place_id``, in the study's order: ``name, control, since,
            earliest, latest, uncertain, disputed, claimed, change, pending``; the days
            (datetime64[s]) are missing where control is unknown.
        """
        table, ids = self._table(of)
        position = (day - self.study.settings.start).days
        if not 0 <= position < len(self.days):
            raise ValueError(f"{day} is not a day of the study")
        runs = self.spells(of)
        begins = runs["unit"].to_numpy() * len(self.days) + runs["first"].to_numpy()
        wanted = np.arange(len(ids)) * len(self.days) + position
        now = np.searchsorted(begins, wanted, side="right") - 1
        state = {name: runs[name].array.take(now) for name in _STATE}
        if of == "areas" and self.study.settings.area_rule == "majority":
            dated = dict.fromkeys(_DATED, self._since(position).array)
        else:
            told = np.append(np.arange(len(self.changes)), -1)[np.asarray(state["change"])]
            dated = {
                name: self.changes[column].array.take(told, allow_fill=True)
                for name, column in _DATED.items()
            }
        table = pd.DataFrame({"name": table["name"].array, **state, **dated}, index=ids)
        unknown = table["control"] == style.UNKNOWN
        if unknown.any():
            table.loc[unknown, list(_DATED)] = pd.NaT
        return table[["name", "control", *_DATED, *_STATE[1:]]]

    def _since(self, position: int) -> pd.Series:
        """For the majority rule: the first day of each area's present control."""
        runs = self.spells("areas")
        runs = runs[runs["first"] <= position]
        fresh = (runs["unit"] != runs["unit"].shift()) | (
            runs["control"] != runs["control"].shift()
        )
        last = runs[fresh].drop_duplicates("unit", keep="last").sort_values("unit")
        return pd.Series(self.days[last["first"]])

    def matrix(self, of: Of = "areas") -> "Matrix":
        """Control and certainty of every unit on every day.

        Returns
        -------
        Matrix
            Two tables, units × days.
        """
        _, ids = self._table(of)
        runs = self.spells(of)
        cells = len(ids) * len(self.days)
        starts = (runs["unit"] * len(self.days) + runs["first"]).to_numpy()
        lengths = np.diff(starts, append=cells)

        def spread(column: str) -> pd.DataFrame:
            values = np.repeat(runs[column].to_numpy(), lengths).reshape(len(ids), -1)
            return pd.DataFrame(values, index=ids, columns=self.days)

        return Matrix(spread("control"), spread("uncertain"))

    def _table(self, of: Of) -> tuple[pd.DataFrame, pd.Index]:
        table, key = (
            (self.study.areas, "area_id") if of == "areas" else (self.study.places, "place_id")
        )
        return table, pd.Index(table[key], name=key)


@dataclass(frozen=True)
class Matrix:
    """Units × days: ``control`` holds control ids, ``uncertain`` booleans."""

    control: pd.DataFrame
    uncertain: pd.DataFrame


def choose(
    study: Study, sources: frozenset[str] | None, known_on: date | None
) -> tuple[pd.DataFrame, int]:
    """The usable reports: of the sources asked for, known by then, not disputed, not corrected.

    Returns
    -------
    reports : pandas.DataFrame
        Rows of ``study.reports`` with ``known_on`` and ``origin`` (the source's own id where
        blank) of their sources.
    undated : int
        How many were left out because their source has no date of publication.
    """
    reports = study.reports
    about = study.sources[["known_on", "origin"]].reindex(reports["source_id"])
    origin = about["origin"].to_numpy()
    reports = reports.assign(
        known_on=about["known_on"].to_numpy(),
        origin=np.where(origin == "", reports["source_id"], origin),
    )
    if sources is not None:
        reports = reports[reports["source_id"].isin(sources)]
    undated = 0
    if known_on is not None:
        undated = int(reports["known_on"].isna().sum())
        reports = reports[reports["known_on"] <= pd.Timestamp(known_on)]
    reports = reports[reports["verdict"] == "used"]
    return reports[~reports["report_id"].isin(reports["supersedes"])], undated


def spells(
    table: pd.DataFrame,
    ids: np.ndarray,
    start: date,
    length: int,
    max_window: int,
    silent_from: date | None,
) -> pd.DataFrame:
    """Changes → runs of days on which a unit's state stays the same.

    Parameters
    ----------
    table : pandas.DataFrame
        As :attr:`Timeline.changes`.
    ids : numpy.ndarray of str
        Whose changes each unit follows: its own id, its capital's, or missing for nobody's.
    start : datetime.date
        The study's first day.
    length : int
        How many days it has.
    max_window : int
        The longest window drawn, in days.
    silent_from : datetime.date or None
        From here on every unit is unknown again.

    Returns
    -------
    pandas.DataFrame
        As :meth:`Timeline.spells`.
    """
    named = np.flatnonzero(pd.notna(ids))
    moved = pd.unique(table["place_id"])
    found = pd.Index(ids[named]).get_indexer(moved)
    unit_of = pd.Series(np.where(found >= 0, np.append(named, -1)[found], -1), index=moved)
    unit = unit_of.reindex(table["place_id"]).to_numpy(dtype=int)
    mine = np.flatnonzero(unit >= 0)
    mine = mine[np.argsort(unit[mine], kind="stable")]
    unit = unit[mine]
    table = table.iloc[mine]

    def position(column: str) -> np.ndarray:
        return (table[column].to_numpy(_DAY) - np.datetime64(start)).astype(int)

    day, earliest, latest = position("day"), position("earliest"), position("latest")
    opens = np.maximum(earliest, day - max_window)
    closes = np.minimum(latest, opens + max_window)
    silent = length if silent_from is None else (silent_from - start).days

    low = min(0, *day.tolist(), *opens.tolist()) if len(day) else 0
    span = max(length, int(max(day.max(initial=0), closes.max(initial=0)))) - low + 1

    def keyed(units: np.ndarray, days: np.ndarray) -> np.ndarray:
        return units * span + days - low

    everyone = np.arange(len(ids))
    marks = np.concatenate(
        [
            keyed(everyone, np.zeros(len(ids), dtype=int)),
            keyed(everyone, np.full(len(ids), min(silent, length))),
            *(keyed(unit, np.maximum(days, 0)) for days in (day, opens, closes)),
        ]
    )
    marks = np.unique(marks)
    at_unit, at_day = np.divmod(marks, span)
    at_day = at_day + low
    within = at_day < length
    marks, at_unit, at_day = marks[within], at_unit[within], at_day[within]

    force = np.searchsorted(keyed(unit, day), marks, side="right") - 1
    changed = (force >= 0) & (np.append(unit, -1)[force] == at_unit) & (at_day < silent)
    force = np.where(changed, force, len(day))
    opening = np.argsort(keyed(unit, opens), kind="stable")
    opened = np.searchsorted(keyed(unit, opens)[opening], marks, side="right")
    closed = np.searchsorted(np.sort(keyed(unit, closes)), marks, side="right")
    uncertain = (opened > closed) & (at_day < silent)
    # The window that a mark lies in is the one opened last, or one before that is still open.
    last = opened - 1
    while (shut := uncertain & (np.append(closes[opening], 0)[last] <= at_day)).any():
        last = last - shut
    pending = np.where(uncertain, np.append(opening, -1)[last], -1)

    controls = np.append(table["control"].to_numpy(), style.UNKNOWN)
    rows = np.append(mine, -1)
    runs = pd.DataFrame(
        {
            "unit": at_unit,
            "first": at_day,
            "control": controls[force],
            "uncertain": uncertain,
            "claimed": np.append(table["claimed"].to_numpy(), False)[force],
            "disputed": np.append(table["disputed"].to_numpy(), False)[force],
            "change": rows[force],
            "pending": np.where(pending >= 0, rows[pending], -1),
        }
    )
    same = (runs[["unit", *_STATE]] == runs[["unit", *_STATE]].shift()).all(axis=1)
    return runs[~same].reset_index(drop=True)


def majority_spells(
    area: np.ndarray,
    control: np.ndarray,
    uncertain: np.ndarray,
    controls: list[str],
    count: int,
) -> pd.DataFrame:
    """The plurality of each area's towns: runs of days as :meth:`Timeline.spells`.

    Towns of unknown control have no vote; a tie is contested. An area is uncertain when its
    uncertain towns, all of them against the leader, could tie with it or overtake it.

    Parameters
    ----------
    area : numpy.ndarray of int
        The area of each town.
    control, uncertain : numpy.ndarray
        Towns × days, control ids and booleans.
    controls : list of str
        Every control id.
    count : int
        How many areas.
    """
    length = control.shape[1]
    held = [c for c in controls if c != style.UNKNOWN]
    votes = np.zeros((len(held), count, length), dtype=int)
    unsure = np.zeros_like(votes)
    for votes_of, unsure_of, name in zip(votes, unsure, held, strict=True):
        np.add.at(votes_of, area, control == name)
        np.add.at(unsure_of, area, (control == name) & uncertain)
    open_votes = np.zeros((count, length), dtype=int)
    np.add.at(open_votes, area, uncertain)

    leader = votes.argmax(axis=0)
    top = votes.max(axis=0)
    tied = (votes == top).sum(axis=0) > 1
    firm = np.take_along_axis(votes - unsure, leader[None], axis=0)[0]
    rivals = votes - unsure + open_votes
    np.put_along_axis(rivals, leader[None], -1, axis=0)
    shaky = (open_votes > 0) & ((rivals.max(axis=0) >= firm) | tied)

    names = np.array(held, dtype=object)[leader]
    names = np.where(tied, style.CONTESTED, names)
    names = np.where(top == 0, style.UNKNOWN, names)
    fresh = np.ones((count, length), dtype=bool)
    fresh[:, 1:] = (names[:, 1:] != names[:, :-1]) | (shaky[:, 1:] != shaky[:, :-1])
    unit, first = np.nonzero(fresh)
    return pd.DataFrame(
        {
            "unit": unit,
            "first": first,
            "control": names[fresh],
            "uncertain": shaky[fresh],
            "claimed": False,
            "disputed": False,
            "change": -1,
            "pending": -1,
        }
    )
