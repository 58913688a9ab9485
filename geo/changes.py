"""Reports → changes: the rules that order, group and date what sources say.

They are those of the study format's method section, in its order: the reports of a place
are ordered by the day they name, neighbours of one control become one change, and its
reports decide its day and its window. All places are worked out at once, as arrays with one
entry a report; only days on which a place has more than one control are settled one by one.
"""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from geo import style

WEIGHTS = {"high": 3, "medium": 2, "low": 1}
"""What a report's confidence counts when exact days disagree."""

_DAY = "datetime64[D]"
_NEVER = np.datetime64("NaT", "D")


def from_reports(reports: pd.DataFrame, ids: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reports → changes.

    Parameters
    ----------
    reports : pandas.DataFrame
        Usable reports in the ledger's order (:func:`geo.timeline.choose`).
    ids : list of str
        The places (or areas) that reports move, in the order wanted.

    Returns
    -------
    changes : pandas.DataFrame
        As :attr:`geo.timeline.Timeline.changes`.
    reports : pandas.DataFrame
        `reports` with the ``change`` each supports.
    """
    unit = pd.Index(ids).get_indexer(reports["place_id"])
    moving = unit >= 0
    ledger, controls = _ledger(reports[moving], unit[moving])
    standing = _standing(ledger)
    number = _group(ledger, standing)
    supports = pd.array([pd.NA] * len(reports), dtype="Int64")
    supports[moving] = number
    table = _decide(ledger, number, standing, controls)
    table.insert(0, "place_id", np.asarray(ids, dtype=object)[table.pop("unit")])
    return table, reports.assign(change=supports)


@dataclass(frozen=True)
class _Ledger:
    """The columns that the rules read: one entry a report, in the ledger's order."""

    unit: np.ndarray
    control: np.ndarray
    contested: np.ndarray
    first: np.ndarray
    last: np.ndarray
    named: np.ndarray
    exact: np.ndarray
    seen: np.ndarray
    wide: np.ndarray
    weight: np.ndarray
    origin: np.ndarray
    own_claim: np.ndarray

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, which: np.ndarray) -> "_Ledger":
        return _Ledger(
            **{column.name: getattr(self, column.name)[which] for column in fields(self)}
        )


def _ledger(reports: pd.DataFrame, unit: np.ndarray) -> tuple[_Ledger, np.ndarray]:
    control, controls = pd.factorize(reports["control"])
    exact = (reports["form"] == "day").to_numpy()
    seen = (reports["form"] == "by").to_numpy()
    ledger = _Ledger(
        unit=unit,
        control=control,
        contested=(reports["control"] == style.CONTESTED).to_numpy(),
        first=reports["first"].to_numpy(_DAY),
        last=reports["last"].to_numpy(_DAY),
        named=reports["named"].to_numpy(_DAY),
        exact=exact,
        seen=seen,
        wide=~exact & ~seen,
        weight=reports["confidence"].map(WEIGHTS).to_numpy(int),
        origin=pd.factorize(reports["origin"])[0],
        own_claim=(reports["claimant_side"] == reports["control"]).to_numpy(),
    )
    return ledger, controls.to_numpy(dtype=object)


def _standing(ledger: _Ledger) -> np.ndarray:
    """The day on which each report stands in the order of its place.

    It is the day the report names, but for one wider than a day whose days allow a change of
    its control: it stands on that change's day, and so joins it. Where no change fits, the
    earliest such report of the place is taken at its own word, and the rest are tried again.
    """
    standing = ledger.named.copy()
    placed = ~ledger.wide
    while not placed.all():
        waiting = np.flatnonzero(~placed)
        around = np.flatnonzero(placed & np.isin(ledger.unit, ledger.unit[waiting]))
        asked = ledger.take(waiting)
        day = _fitting(asked, ledger.take(around), standing[around])
        fits = ~np.isnat(day)
        standing[waiting[fits]] = day[fits]
        if not fits.any():
            count = int(asked.unit.max()) + 1
            every = np.full(len(asked), True)
            fits = _least(asked.named, asked.unit, every, count)[asked.unit] == asked.named
        placed[waiting[fits]] = True
    return standing


def _fitting(asked: _Ledger, known: _Ledger, standing: np.ndarray) -> np.ndarray:
    """For each report asked, the latest day it allows on which a change of its control stands."""
    if not len(known):
        return np.full(len(asked), _NEVER)
    unit, control, day, _ = _stand(known, _group(known, standing))
    start = min(day.min(), asked.first.min())
    span = int((max(day.max(), asked.last.max()) - start).astype(int)) + 1
    kinds = int(max(control.max(), asked.control.max())) + 1

    def key(unit: np.ndarray, control: np.ndarray, day: np.ndarray) -> np.ndarray:
        return (unit * kinds + control) * span + (day - start).astype(int)

    stands = key(unit, control, day)
    order = np.argsort(stands)
    at = np.searchsorted(stands[order], key(asked.unit, asked.control, asked.last), "right") - 1
    found = order[at]
    fits = (at >= 0) & (unit[found] == asked.unit) & (control[found] == asked.control)
    return np.where(fits & (day[found] >= asked.first), day[found], _NEVER)


def _group(ledger: _Ledger, standing: np.ndarray) -> np.ndarray:
    """Order the reports of each place; neighbours with the same control are one change.

    On one day: the control already held first, then contested, then the others in the
    ledger's order. What is held depends on the day before, so days with more than one
    control are settled one after another; all else is sorted at once.

    Returns
    -------
    numpy.ndarray of int
        The number of each report's change, counted by place and then by day.
    """
    by_claim = np.lexsort((ledger.control, standing, ledger.unit))
    fresh = _differs(ledger.unit[by_claim], standing[by_claim], ledger.control[by_claim])
    claim = np.empty(len(ledger), dtype=int)
    claim[by_claim] = np.cumsum(fresh) - 1
    row = by_claim[fresh]  # the sort keeps the ledger's order: a claim's first report
    order = np.lexsort((row, ~ledger.contested[row], standing[row], ledger.unit[row]))

    unit, control, day = ledger.unit[row], ledger.control[row], standing[row]
    starts = np.flatnonzero(_differs(unit[order], day[order]))
    ends = np.append(starts[1:], len(order))
    shared = ends - starts > 1
    for start, end in zip(starts[shared], ends[shared], strict=True):
        before = order[start - 1]
        if start and unit[before] == unit[order[start]]:
            today = order[start:end]
            held = control[today] == control[before]
            order[start:end] = np.concatenate([today[held], today[~held]])
    number = np.empty(len(order), dtype=int)
    number[order] = np.cumsum(_differs(unit[order], control[order])) - 1
    return number[claim]


def _stand(ledger: _Ledger, number: np.ndarray) -> tuple[np.ndarray, ...]:
    """Each change's unit, control, day, and whether an exact report dates it."""
    count = int(number.max(initial=-1)) + 1
    unit, control = np.zeros(count, dtype=int), np.zeros(count, dtype=int)
    unit[number], control[number] = ledger.unit, ledger.control
    exact = _any(ledger.exact, number, count)
    voting = np.where(exact[number], ledger.exact, ledger.wide)
    first_seen = _least(ledger.named, number, ledger.seen, count)
    day = np.fmin(_elected(ledger, number, voting, count), first_seen)
    return unit, control, _never_back(day, unit), exact


def _decide(
    ledger: _Ledger, number: np.ndarray, standing: np.ndarray, controls: np.ndarray
) -> pd.DataFrame:
    """Each change's day, window, and what is to be said of it."""
    unit, control, day, exact = _stand(ledger, number)
    count = len(unit)
    wide = _any(ledger.wide, number, count)
    follows = ~_differs(unit)
    previous_day = np.where(follows, np.roll(day, 1), _NEVER)

    last_seen = np.roll(_most(standing, number, np.full(len(ledger), True), count), 1)
    after_other = np.where(follows, last_seen + np.timedelta64(1, "D"), day)
    voting = np.where(exact[number], ledger.exact, ledger.wide)
    dated = exact | wide
    earliest = np.where(dated, _least(ledger.first, number, voting, count), after_other)
    latest = np.where(dated, _most(ledger.last, number, voting, count), day)
    excludes = ~ledger.seen & ((ledger.first > day[number]) | (ledger.last < day[number]))
    previous = np.where(follows, controls[np.roll(control, 1)], style.UNKNOWN)
    return pd.DataFrame(
        {
            "unit": unit,
            "control": controls[control],
            "previous": previous.astype(object),
            "day": day.astype("datetime64[s]"),
            "earliest": np.fmax(np.minimum(earliest, day), previous_day).astype("datetime64[s]"),
            "latest": np.maximum(latest, day).astype("datetime64[s]"),
            "form": np.select([exact, wide], ["day", "wide"], "by").astype(object),
            "disputed": _any(excludes, number, count),
            "claimed": ~_any(~ledger.own_claim, number, count),
        }
    )


def _elected(ledger: _Ledger, number: np.ndarray, voting: np.ndarray, count: int) -> np.ndarray:
    """The day with the greatest weight, each origin voting once a day; a tie to the earlier."""
    change, day = number[voting], ledger.named[voting]
    origin, weight = ledger.origin[voting], ledger.weight[voting]
    elected = np.full(count, _NEVER)
    if not change.size:
        return elected
    order = np.lexsort((-weight, origin, day, change))
    order = order[_differs(change[order], day[order], origin[order])]
    fresh = _differs(change[order], day[order])
    change, day = change[order][fresh], day[order][fresh]
    total = np.add.reduceat(weight[order], np.flatnonzero(fresh))
    order = np.lexsort((day, -total, change))
    winner = order[_differs(change[order])]
    elected[change[winner]] = day[winner]
    return elected


def _differs(*columns: np.ndarray) -> np.ndarray:
    """Where a row of sorted columns differs from the row before; the first one does."""
    differs = np.full(len(columns[0]), True)
    differs[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return differs


def _any(which: np.ndarray, number: np.ndarray, count: int) -> np.ndarray:
    """Whether any report of each change is among the chosen."""
    return np.bincount(number[which], minlength=count) > 0


def _least(days: np.ndarray, number: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    """The first of the chosen days in each change; missing where none is chosen."""
    least = np.full(count, _NEVER)
    np.fmin.at(least, number[which], days[which])
    return least


def _most(days: np.ndarray, number: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    """The last of the chosen days in each change; missing where none is chosen."""
    most = np.full(count, _NEVER)
    np.fmax.at(most, number[which], days[which])
    return most


def _never_back(day: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """No change stands before the one it follows."""
    if not day.size:
        return day
    offset = (day - day.min()).astype(int)
    base = unit * (offset.max() + 1)
    return day.min() + (np.maximum.accumulate(base + offset) - base)
