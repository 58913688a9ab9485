"""Control through the study's period, and what changed on each of its days, in numbers.

A :class:`Trend` is one timeline in one unit, from :func:`geo.measures.balances`. Days of which
no report speaks are left out everywhere: they are no data. :mod:`geo.charts` draws it, and
:func:`table` is its file of numbers.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from geo import words
from geo.dates import in_words
from geo.files import stem
from geo.measures import Balance, Unit
from geo.study import Study
from geo.style import Control
from geo.timeline import Timeline

MILLIONS_FROM = 2e6
"""So many people and more are counted in millions where there is little room."""

MOST_SOURCES = 5
"""So many sources of population figures are named, and how many more there are."""


@dataclass(frozen=True)
class Trend:
    """Control in one unit over the study's days.

    Attributes
    ----------
    timeline : geo.timeline.Timeline
    unit : {"areas", "km2", "people"}
    balance : geo.measures.Balance
        Of that unit.
    """

    timeline: Timeline
    unit: Unit
    balance: Balance

    @cached_property
    def heard(self) -> int:
        """How many days, from the first, a report speaks of."""
        silent, start = self.timeline.silent_from, self.timeline.study.settings.start
        return len(self.timeline.days) if silent is None else (silent - start).days

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no report speaks, or the study has no figure."""
        return not self.heard or not self.balance.total

    @cached_property
    def controls(self) -> list[str]:
        """The controls that ever hold or gain anything, in the order of the legend."""
        there = (self.held > 0).any() | (self.gained > 0).any()
        return list(there.index[there])

    @cached_property
    def held(self) -> pd.DataFrame:
        """Days that a report speaks of × controls: how much is under each."""
        return self.balance.held.iloc[: self.heard]

    @cached_property
    def uncertain(self) -> pd.DataFrame:
        """The same: how much of that is uncertain."""
        return self.balance.uncertain.iloc[: self.heard]

    @cached_property
    def gained(self) -> pd.DataFrame:
        """The same: how many changes of the day went to each control.

        The state in which a study starts is no event: its first day has none.
        """
        changes, controls = self.timeline.changes, list(self.held)
        position = self.held.index.get_indexer(changes["day"])
        event = position > 0
        counts = np.zeros(self.held.shape, dtype=int)
        won = pd.Index(controls).get_indexer(changes["control"])
        np.add.at(counts, (position[event], won[event]), 1)
        return pd.DataFrame(counts, index=self.held.index, columns=controls)

    @cached_property
    def breaks(self) -> np.ndarray:
        """Positions of the days on which any amount changes, and of the day after the last."""
        values = np.hstack([self.held.to_numpy(), self.uncertain.to_numpy()])
        moved = np.flatnonzero((np.diff(values, axis=0) != 0).any(axis=1)) + 1
        return np.concatenate([[0], moved, [self.heard]])

    def busiest(self, most: int = 5) -> list[tuple[date, int]]:
        """The days with the most changes and how many they have, in the order of the days."""
        counts = self.gained.sum(axis=1)
        counts = counts[counts > 0].sort_values(ascending=False, kind="stable")[:most]
        return [(day.date(), int(count)) for day, count in counts.sort_index().items()]

    def in_words(self, control: str, position: int) -> str:
        """A control's numbers of a day: ``18 (53 %), 2 of it uncertain``."""
        held = self.held[control].iat[position]
        unsure = self.uncertain[control].iat[position]
        text = f"{held:,.0f} ({words.share(held / self.balance.total)})"
        return f"{text}, {unsure:,.0f} of it uncertain" if unsure else text

    def legend(self) -> list[tuple[Control, bool, str]]:
        """Each control, its uncertain part where it ever has one, and what they are called."""
        entries = []
        for control in self.controls:
            style = self.timeline.study.controls[control]
            entries.append((style, False, style.label))
            if (self.uncertain[control] > 0).any():
                entries.append((style, True, f"{style.label}, uncertain"))
        return entries

    def notes(self) -> list[str]:
        """What a reader must know to read the numbers, one sentence or more each."""
        silence = words.silence(self.timeline)
        told = [
            words.rule(self.timeline.study),
            note(self.timeline.study, self.unit),
            f"{silence[:1].upper()}{silence[1:]}: those days are left empty." if silence else "",
            "The state in which the study starts is no change.",
        ]
        return [part for part in told if part]

    @property
    def whole(self) -> str:
        """The denominator: ``34 provinces``, ``643,000 km²``, ``31.9 million people``."""
        total, (one, many) = self.balance.total, self.timeline.study.settings.area_unit
        if self.unit == "people":
            return words.people(total)
        noun = {"areas": one if total == 1 else many, "km2": "km²"}
        return f"{total:,.0f} {noun[self.unit]}"

    @property
    def label(self) -> str:
        """What the unit is called: ``Provinces``, ``km²``, ``People``."""
        return unit_label(self.timeline.study, self.unit)

    @property
    def period(self) -> str:
        """``1 May to 6 September 2021``."""
        start, end = self.timeline.study.settings.start, self.timeline.study.settings.end
        return f"{in_words(start, year=start.year != end.year)} to {in_words(end)}"

    def day(self, position: int) -> str:
        """All of a day in one sentence, for who cannot see the chart."""
        labels = self.timeline.study.controls
        told = [
            f"{labels[control].label} {self.in_words(control, position)}"
            for control in self.controls
            if self.held[control].iat[position] > 0
        ]
        return f"Of {self.whole}: {'; '.join(told)}."

    @property
    def alt_text(self) -> str:
        """What the chart shows, for who cannot see it."""
        days = self.held.index
        said = [
            f"{self.timeline.study.settings.title}: {self.label} under each control, {self.period}."
        ]
        if self.is_empty:
            return f"{said[0]} Nothing to show."
        for position in dict.fromkeys((0, len(days) - 1)):
            said.append(f"{in_words(days[position].date())}: {self.day(position)}")
        most = ", ".join(f"{in_words(day)} ({count})" for day, count in self.busiest())
        said.append(f"Most changes: {most}." if most else "No change after the first day.")
        if silence := words.silence(self.timeline):
            said.append(f"{silence[:1].upper()}{silence[1:]}.")
        return " ".join(said)


def unit_label(study: Study, unit: Unit) -> str:
    """What a unit is called: ``Provinces``, ``km²``, ``People``."""
    many = study.settings.area_unit[1]
    return {"areas": many[:1].upper() + many[1:], "km2": "km²", "people": "People"}[unit]


def note(study: Study, unit: Unit) -> str:
    """Where the figures of a unit come from; blank where a count speaks for itself."""
    if unit == "areas":
        return ""
    if unit == "km2":
        return "Areas are measured from the study's outlines in an equal-area projection."
    one, many = study.settings.area_unit
    counted = study.areas["population"].notna().to_numpy()
    named = study.areas["population_source"][counted].fillna("").str.strip()
    counts = named[named != ""].value_counts()
    told = [
        source if len(counts) == 1 else f"{source} ({count:,} {one if count == 1 else many})"
        for source, count in counts.items()
    ]
    if len(told) > MOST_SOURCES:
        told[MOST_SOURCES - 1 :] = [f"{len(told) - MOST_SOURCES + 1} more"]
    text = f"Population: {' · '.join(told) or 'no source named'}."
    if counted.all():
        return f"{text} All {len(counted):,} {one if len(counted) == 1 else many} have a figure."
    return (
        f"{text} {counted.sum():,} of {len(counted):,} {many} have a figure; "
        "people of the others are counted in none."
    )


def table(trend: Trend) -> pd.DataFrame:
    """The numbers behind the chart.

    Returns
    -------
    pandas.DataFrame
        One row a day and a control that ever holds or gains anything: ``day`` (datetime64[s]),
        ``control`` (id), ``label``, the unit's amount (``areas``, ``km2`` or ``people``),
        ``share`` (0 to 1, of the study's whole), ``uncertain`` and ``uncertain_share`` (how
        much of that is uncertain) and ``changes`` (how many of the day's went to it).
        Days of silence have no row.
    """
    controls = trend.controls
    held, unsure = (frame[controls].to_numpy() for frame in (trend.held, trend.uncertain))
    total = trend.balance.total or np.nan
    labels = [trend.timeline.study.controls[control].label for control in controls]
    whole = trend.unit == "areas"
    amounts = {
        trend.unit: held if not whole else held.astype(int),
        "share": (held / total).round(6),
        "uncertain": unsure if not whole else unsure.astype(int),
        "uncertain_share": (unsure / total).round(6),
        "changes": trend.gained[controls].to_numpy(),
    }
    return pd.DataFrame(
        {
            "day": np.repeat(trend.held.index, len(controls)),
            "control": np.tile(np.array(controls, dtype=object), trend.heard),
            "label": np.tile(np.array(labels, dtype=object), trend.heard),
            **{name: values.round(6).ravel() for name, values in amounts.items()},
        }
    )


def file_name(trend: Trend, suffix: str, share: bool = False) -> str:
    """What a file is called: ``afghanistan-2021_trends-areas_20210501-20210906.png``."""
    settings = trend.timeline.study.settings
    what = f"trends-{trend.unit}{'-share' if share else ''}"
    days = f"{settings.start:%Y%m%d}-{settings.end:%Y%m%d}"
    return f"{stem(trend.timeline.study.id)}_{what}_{days}.{suffix}"
