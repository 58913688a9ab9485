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

from geo import changes, spells, style
from geo.spells import STATE
from geo.study import Study

TOWNS = ("city", "town")
"""The kinds of place that have a vote under the area rule ``majority``."""

Of = Literal["areas", "places"]

_DATED = {"since": "day", "earliest": "earliest", "latest": "latest"}


class Timeline:
    """What chosen reports of a study say together.

    Parameters
    ----------
    study : geo.study.Study
    sources : iterable of str, optional
        Only the reports of these ``source_id``; all if left out.
    known_on : datetime.date, optional
        Only what had been published by this day; everything if left out.
    claimants : iterable of str, optional
        Only what these claim, as the ledger names them (blank: the source itself); all if
        left out.

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
        claimants: Iterable[str] | None = None,
    ) -> None:
        self.study = study
        self.sources = None if sources is None else frozenset(sources)
        self.claimants = None if claimants is None else frozenset(claimants)
        self.known_on = known_on
        chosen, self.undated = choose(study, self.sources, known_on, self.claimants)
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

    def behind(self, change: int) -> pd.DataFrame:
        """The reports that support a change (a row of :attr:`changes`), in the ledger's order."""
        return self.reports.iloc[self.positions.get(change, [])]

    @cached_property
    def positions(self) -> dict[int, np.ndarray]:
        """For each change the positions in :attr:`reports` of those that support it."""
        change = self.reports["change"].fillna(-1).to_numpy(int)
        order = np.argsort(change, kind="stable")
        numbers, begins = np.unique(change[order], return_index=True)
        groups = np.split(order, begins[1:])
        return dict(zip(numbers.tolist(), groups, strict=True))

    @cached_property
    def lone(self) -> pd.Series:
        """For each change, whether one source alone speaks for it; an assumption is none."""
        assumed = self.study.sources.index[self.study.sources["kind"] == "assumption"]
        behind = self.reports[~self.reports["source_id"].isin(assumed)]
        count = behind.groupby("change")["source_id"].nunique()
        return count.reindex(self.changes.index).eq(1)

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
        return spells.of_changes(
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
        return spells.of_majority(
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
        state = {name: runs[name].array.take(now) for name in STATE}
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
        return table[["name", "control", *_DATED, *STATE[1:]]]

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
    study: Study,
    sources: frozenset[str] | None,
    known_on: date | None,
    claimants: frozenset[str] | None = None,
) -> tuple[pd.DataFrame, int]:
    """The usable reports: of those asked for, known by then, not disputed, not corrected.

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
    if claimants is not None:
        reports = reports[reports["claimant"].isin(claimants)]
    undated = 0
    if known_on is not None:
        undated = int(reports["known_on"].isna().sum())
        reports = reports[reports["known_on"] <= pd.Timestamp(known_on)]
    reports = reports[reports["verdict"] == "used"]
    # Most supersede nothing: each different text is looked for once.
    return reports[~reports["report_id"].isin(reports["supersedes"].unique())], undated
