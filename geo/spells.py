"""Changes → spells: runs of days on which the state of an area or a place stays the same.

Maps, tables and balances are drawn from them. All units are worked out at once, as arrays
with one entry for each day on which something may change.
"""

from datetime import date

import numpy as np
import pandas as pd

from geo import style

STATE = ["control", "uncertain", "claimed", "disputed", "change", "pending"]
"""What a spell says, the same on all of its days."""

_DAY = "datetime64[D]"


def of_changes(
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
        As :attr:`geo.timeline.Timeline.changes`.
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
        As :meth:`geo.timeline.Timeline.spells`.
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
    same = (runs[["unit", *STATE]] == runs[["unit", *STATE]].shift()).all(axis=1)
    return runs[~same].reset_index(drop=True)


def of_majority(
    area: np.ndarray,
    control: np.ndarray,
    uncertain: np.ndarray,
    controls: list[str],
    count: int,
) -> pd.DataFrame:
    """The plurality of each area's towns: runs of days as :meth:`geo.timeline.Timeline.spells`.

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
