"""Reports → changes: the rules that order, group and date what sources say.

They are those of the study format's method section, in its order: the reports of a place
are ordered by the day they name, neighbours of one control become one change, and its
reports decide its day and its window. All places are worked out at once, as arrays with one
entry a report; only days on which a place has more than one control are settled one by one.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo import style

WEIGHTS = {"high": 3, "medium": 2, "low": 1}
"""What a report's confidence counts when exact days disagree."""

_DAY = "datetime64[D]"


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
    moving = np.flatnonzero(unit >= 0)
    ledger = _Ledger(reports.iloc[moving], unit[moving])
    change = _group(ledger, _place(ledger))
    table = _decide(ledger, change)
    table.insert(0, "place_id", np.asarray(ids, dtype=object)[table.pop("unit")])
    supports = pd.array([pd.NA] * len(reports), dtype="Int64")
    supports[moving] = change.number
    return table, reports.assign(change=supports)


class _Ledger:
    """The columns that the rules read, as arrays: one entry a report, in the ledger's order."""

    def __init__(self, reports: pd.DataFrame, unit: np.ndarray) -> None:
        self.unit = unit
        self.control, self.controls = pd.factorize(reports["control"])
        self.contested = self.controls.get_indexer([style.CONTESTED])[0]
        self.first = reports["first"].to_numpy(_DAY)
        self.last = reports["last"].to_numpy(_DAY)
        self.named = reports["named"].to_numpy(_DAY)
        form = reports["form"]
        self.exact = (form == "day").to_numpy()
        self.seen = (form == "by").to_numpy()
        self.wide = ~self.exact & ~self.seen
        self.weight = reports["confidence"].map(WEIGHTS).to_numpy()
        self.origin = pd.factorize(reports["origin"])[0]
        self.own_claim = (reports["claimant_side"] == reports["control"]).to_numpy()

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, which: np.ndarray) -> "_Ledger":
        part = object.__new__(_Ledger)
        part.controls, part.contested = self.controls, self.contested
        for name, values in vars(self).items():
            if name not in ("controls", "contested"):
                setattr(part, name, values[which])
        return part


@dataclass(frozen=True)
class _Grouping:
    """Which change each report belongs to, and the day that put it there."""

    number: np.ndarray
    standing: np.ndarray


def _place(ledger: _Ledger) -> np.ndarray:
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
        day = _fitting(ledger, waiting, around, standing)
        fits = ~np.isnat(day)
        standing[waiting[fits]] = day[fits]
        placed[waiting[fits]] = True
        if not fits.any():
            named = pd.Series(ledger.named[waiting]).groupby(ledger.unit[waiting])
            placed[waiting[named.transform("min").to_numpy(_DAY) == ledger.named[waiting]]] = True
    return standing


def _fitting(
    ledger: _Ledger, waiting: np.ndarray, around: np.ndarray, standing: np.ndarray
) -> np.ndarray:
    """For each waiting report the latest day it allows on which a change of its control stands."""
    known = ledger.take(around)
    table = _decide(known, _group(known, standing[around]))
    stands = pd.DataFrame(
        {
            "unit": table["unit"].to_numpy(),
            "control": known.controls.get_indexer(table["control"]),
            "day": table["day"].to_numpy("datetime64[s]"),
        }
    ).sort_values("day", kind="stable")
    stands["stands"] = stands["day"]
    asked = pd.DataFrame(
        {
            "unit": ledger.unit[waiting],
            "control": ledger.control[waiting],
            "day": ledger.last[waiting].astype("datetime64[s]"),
            "at": np.arange(len(waiting)),
        }
    ).sort_values("day", kind="stable")
    found = pd.merge_asof(asked, stands, on="day", by=["unit", "control"]).sort_values("at")
    day = found["stands"].to_numpy(_DAY)
    return np.where(day >= ledger.first[waiting], day, np.datetime64("NaT"))


def _group(ledger: _Ledger, standing: np.ndarray) -> _Grouping:
    """Order the reports of each place; neighbours with the same control are one change.

    On one day: the control already held first, then contested, then the others in the
    ledger's order. What is held depends on the day before, so days with more than one
    control are settled one after another; all else is sorted at once.
    """
    turn = pd.DataFrame(
        {
            "unit": ledger.unit,
            "day": standing,
            "late": ledger.control != ledger.contested,
            "row": np.arange(len(ledger)),
            "control": ledger.control,
        }
    )
    key = ["unit", "day", "control"]
    claims = turn.drop_duplicates(key).sort_values(["unit", "day", "late", "row"])
    unit, control = claims["unit"].to_numpy(), claims["control"].to_numpy().copy()
    opens = (np.diff(unit, prepend=-1) != 0) | (claims["day"] != claims["day"].shift()).to_numpy()
    starts = np.flatnonzero(opens)
    ends = np.append(starts[1:], len(control))
    shared = ends - starts > 1
    for start, end in zip(starts[shared], ends[shared], strict=True):
        if start and unit[start - 1] == unit[start]:
            held = control[start - 1]
            at = np.flatnonzero(control[start:end] == held)
            if at.size:
                control[start + 1 : start + at[0] + 1] = control[start : start + at[0]]
                control[start] = held
    fresh = (np.diff(unit, prepend=-1) != 0) | (np.diff(control, prepend=-1) != 0)
    claims = claims.assign(control=control, number=np.cumsum(fresh) - 1)
    number = turn[key].merge(claims[[*key, "number"]], on=key, how="left")["number"]
    return _Grouping(number.to_numpy(dtype=int), standing)


def _decide(ledger: _Ledger, group: _Grouping) -> pd.DataFrame:
    """Each change's day, window, and what is to be said of it."""
    number = group.number
    count = int(number.max(initial=-1)) + 1
    unit = np.zeros(count, dtype=int)
    control = np.zeros(count, dtype=int)
    unit[number], control[number] = ledger.unit, ledger.control
    exact = np.bincount(number[ledger.exact], minlength=count) > 0
    wide = np.bincount(number[ledger.wide], minlength=count) > 0
    after_other = np.diff(unit, prepend=-1) == 0

    first_seen = _least(ledger.named, number, ledger.seen, count)
    voting = np.where(exact[number], ledger.exact, ledger.wide)
    day = np.fmin(_elected(ledger, number, voting, count), first_seen)
    day = _never_back(day, unit)

    stood = np.where(after_other, np.roll(day, 1), np.datetime64("NaT"))
    last_seen = np.roll(_most(group.standing, number, np.full(len(ledger), True), count), 1)
    follows = np.where(after_other, last_seen + np.timedelta64(1, "D"), day)
    earliest = np.where(exact | wide, _least(ledger.first, number, voting, count), follows)
    latest = np.where(exact | wide, _most(ledger.last, number, voting, count), day)
    dated = ~ledger.seen
    excludes = dated & ((ledger.first > day[number]) | (ledger.last < day[number]))
    return pd.DataFrame(
        {
            "unit": unit,
            "control": ledger.controls[control].astype(object),
            "previous": np.where(
                after_other, ledger.controls[np.roll(control, 1)], style.UNKNOWN
            ).astype(object),
            "day": day.astype("datetime64[s]"),
            "earliest": np.fmax(np.minimum(earliest, day), stood).astype("datetime64[s]"),
            "latest": np.maximum(latest, day).astype("datetime64[s]"),
            "form": np.select([exact, wide], ["day", "wide"], "by").astype(object),
            "disputed": np.bincount(number[excludes], minlength=count) > 0,
            "claimed": np.bincount(number[~ledger.own_claim], minlength=count) == 0,
        }
    )


def _elected(ledger: _Ledger, number: np.ndarray, voting: np.ndarray, count: int) -> np.ndarray:
    """The day with the greatest weight, each origin voting once a day; a tie to the earlier."""
    votes = pd.DataFrame(
        {
            "change": number[voting],
            "day": ledger.named[voting],
            "origin": ledger.origin[voting],
            "weight": ledger.weight[voting],
        }
    ).sort_values("weight", ascending=False)
    votes = votes.drop_duplicates(["change", "day", "origin"])
    tally = votes.groupby(["change", "day"], as_index=False)["weight"].sum()
    tally = tally.sort_values(["change", "weight", "day"], ascending=[True, False, True])
    winner = tally.drop_duplicates("change")
    day = np.full(count, "NaT", dtype=_DAY)
    day[winner["change"].to_numpy()] = winner["day"].to_numpy(_DAY)
    return day


def _least(days: np.ndarray, number: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    """The first of the chosen days in each change; missing where none is chosen."""
    least = np.full(count, "NaT", dtype=_DAY)
    np.fmin.at(least, number[which], days[which])
    return least


def _most(days: np.ndarray, number: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    """The last of the chosen days in each change; missing where none is chosen."""
    most = np.full(count, "NaT", dtype=_DAY)
    np.fmax.at(most, number[which], days[which])
    return most


def _never_back(day: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """No change stands before the one it follows."""
    if not day.size:
        return day
    offset = (day - day.min()).astype(int)
    span = offset.max() + 1
    return day.min() + (np.maximum.accumulate(unit * span + offset) - unit * span)
