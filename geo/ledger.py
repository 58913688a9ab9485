"""A timeline → its ledger as it can be asked: filters, the order of rows, what to loosen.

A filter is one boolean for each report, in the ledger's order; each is worked out on its own,
so that an empty answer can say which of them is to blame.
"""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd

from geo import history, tables
from geo.search import Index
from geo.study import Study
from geo.timeline import Timeline

ORDERS = ("newest", "oldest", "ledger")
"""By the day a report names, or as the ledger has them."""

_WORDS = ("source", "claimant", "control", "confidence", "verdict", "use")
_COLUMN = {"source": "source_id"}


@dataclass(frozen=True)
class Asked:
    """What reports are asked for; what is blank or empty asks for nothing.

    Attributes
    ----------
    words : str
        As :meth:`geo.search.Index.reports` reads them.
    place : str
        A place, or an area with the places in it.
    source, claimant, control, confidence, verdict, use : tuple of str
        Any of these.
    first, last : datetime.date or None
        Reports that allow a day between them; a sighting (``../``) counts on its day.
    """

    words: str = ""
    place: str = ""
    source: tuple[str, ...] = ()
    claimant: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    confidence: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    @property
    def filters(self) -> list[str]:
        """The names of the filters in force; the two days are one, ``days``."""
        asked = [field.name for field in fields(self) if getattr(self, field.name)]
        days = ["days"] if {"first", "last"} & set(asked) else []
        return [name for name in asked if name not in ("first", "last")] + days


class Ledger:
    """Every report of a study, and what became of it under a timeline's eyes.

    Attributes
    ----------
    timeline : geo.timeline.Timeline
    table : pandas.DataFrame
        :func:`geo.tables.reports_table`.
    links : pandas.DataFrame
        :func:`geo.history.links`, in the same order.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.table = tables.reports_table(timeline)
        self.links = history.links(timeline)
        named = timeline.study.reports["named"].to_numpy("datetime64[D]").astype(int)
        self._order = {
            "ledger": np.arange(len(named)),
            "oldest": np.argsort(named, kind="stable"),
            "newest": np.argsort(-named, kind="stable"),
        }

    def filters(self, asked: Asked, index: Index) -> dict[str, np.ndarray]:
        """Which reports each filter in force lets through, by its name."""
        return {name: self._lets(name, asked, index) for name in asked.filters}

    def _lets(self, name: str, asked: Asked, index: Index) -> np.ndarray:
        if name == "words":
            return index.reports(asked.words)
        if name == "place":
            units = within(self.timeline.study, asked.place)
            return self.table["place_id"].isin(units).to_numpy()
        if name in _WORDS:
            return self.table[_COLUMN.get(name, name)].isin(getattr(asked, name)).to_numpy()
        reports = self.timeline.study.reports
        allows = np.full(len(reports), True)
        if asked.first:
            allows &= (reports["last"] >= pd.Timestamp(asked.first)).to_numpy()
        if asked.last:
            allows &= (reports["first"] <= pd.Timestamp(asked.last)).to_numpy()
        return allows

    def rows(self, filters: dict[str, np.ndarray], order: str = "ledger") -> np.ndarray:
        """The positions of the reports that every filter lets through, in one of the orders."""
        sorted_rows = self._order[order]
        return sorted_rows[together(filters, len(sorted_rows))[sorted_rows]]

    def row(self, report: str) -> int | None:
        """The position of a report by its id."""
        found = np.flatnonzero(self.table["report_id"] == report)
        return int(found[0]) if found.size else None


def within(study: Study, unit: str) -> list[str]:
    """A place, or an area and the places in it."""
    places = study.places
    return [unit, *places.loc[places["area_id"] == unit, "place_id"]]


def together(filters: dict[str, np.ndarray], count: int) -> np.ndarray:
    """Which of so many reports every filter lets through."""
    return np.logical_and.reduce([np.full(count, True), *filters.values()])


def loosened(filters: dict[str, np.ndarray]) -> dict[str, int]:
    """How many reports there would be without each filter, where that is any."""
    counts = {}
    for name, mask in filters.items():
        rest = {other: lets for other, lets in filters.items() if other != name}
        counts[name] = int(together(rest, len(mask)).sum())
    return {name: count for name, count in counts.items() if count}
