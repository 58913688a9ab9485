"""Two readings of one study, each on a day of its own → what differs, and which reports did it.

So two days are compared, or one day as known then and now, or as two sources have it. Places
come one below another as the study ranks them.
"""

from datetime import date

import numpy as np
import pandas as pd

from geo.timeline import Of, Timeline

SIDES = ("left", "right")

_SIDE = ["control", "since", "earliest", "latest", "uncertain", "change", "pending"]


def differences(
    left: Timeline, day: date, right: Timeline, to: date, of: Of = "places"
) -> pd.DataFrame:
    """The places (or areas) whose control, or the day it dates from, is not the same.

    Parameters
    ----------
    left, right : geo.timeline.Timeline
        Of one study.
    day, to : datetime.date
        The day looked at on the left, and on the right.
    of : {"areas", "places"}

    Returns
    -------
    pandas.DataFrame
        By ``place_id`` or ``area_id``: ``name``, ``moved`` (whether the control differs, not
        only its day), and for each side ``control, since, earliest, latest, uncertain, change,
        pending`` as :meth:`geo.timeline.Timeline.control` has them, with ``_left`` and
        ``_right``. Empty where one day is silent: it differs from nothing.

    Raises
    ------
    ValueError
        When a day is not one of the study's.
    """
    here, there = left.control(day, of), right.control(to, of)
    moved = here["control"] != there["control"]
    dated = ~moved & here["since"].ne(there["since"]) & here["since"].notna()
    differs = moved | dated
    if left.is_silent(day) or right.is_silent(to):
        differs[:] = False
    table = here.loc[differs, ["name"]].assign(moved=moved[differs])
    for side, state in zip(SIDES, (here, there), strict=True):
        table = table.join(state.loc[differs, _SIDE].add_suffix(f"_{side}"))
    return _ranked(left, table) if of == "places" else table


def _ranked(timeline: Timeline, table: pd.DataFrame) -> pd.DataFrame:
    study = timeline.study
    ranked = study.places["place_id"].loc[study.ranked]
    return table.loc[ranked[ranked.isin(table.index)]]


def behind(
    left: Timeline, day: date, right: Timeline, to: date, table: pd.DataFrame
) -> dict[str, list[int]]:
    """The reports that made each difference: those that only one of two readings rests on.

    Parameters
    ----------
    left, day, right, to
        As :func:`differences` had them.
    table : pandas.DataFrame
        Its answer for places.

    Returns
    -------
    dict of str to list of int
        For each place rows of ``study.reports``, in the ledger's order. They are those behind
        the change in force, or pending, on either side. Where all of these are known to both
        readings, the others that one of them alone has of the place, up to the day looked at;
        and where there is none of those either, the later ones.
    """
    own = pd.concat([_own(left, day, right, table, "left"), _own(right, to, left, table, "right")])
    nearest = own.groupby("place_id")["far"].transform("min")
    own = own[own["far"] == nearest].sort_index()
    return {place: list(rows.index) for place, rows in own.groupby("place_id")}


def _own(
    reading: Timeline, day: date, other: Timeline, table: pd.DataFrame, side: str
) -> pd.DataFrame:
    """What only this reading has of the places, and how far that is from what it shows."""
    reports = reading.reports
    own = reports[~reports.index.isin(other.reports.index)]
    own = own[own["place_id"].isin(table.index)]
    change = own["change"].fillna(-1).to_numpy(int)
    shown = [
        table[f"{which}_{side}"].reindex(own["place_id"]).to_numpy(int)
        for which in ("change", "pending")
    ]
    tells = (change >= 0) & np.any([change == number for number in shown], axis=0)
    later = (own["named"] > pd.Timestamp(day)).to_numpy()
    far = np.select([tells, ~later], [0, 1], 2)
    return pd.DataFrame({"place_id": own["place_id"], "far": far}, index=own.index)
