"""A timeline → cases of its own that show how reports become a map, for the method page."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from geo import style
from geo.timeline import Timeline


class Examples(NamedTuple):
    """Rows of ``timeline.changes``, and of the study's ledger; None where there is no such case.

    Attributes
    ----------
    disputed : int or None
        The change whose day is disputed that most reports speak of.
    retaken : str or None
        The place that was lost and held again: the one of most changes, then the soonest back.
    window : int or None
        The change dated only within some days that most reports speak of.
    seen : int or None
        The change that was only seen to hold, with the longest window.
    claimed : int or None
        The first change that only the gaining side asserts.
    dissent : int or None
        The first report that the curators set aside, of a place that others speak of.
    corrected : int or None
        The first report that corrects another.
    """

    disputed: int | None
    retaken: str | None
    window: int | None
    seen: int | None
    claimed: int | None
    dissent: int | None
    corrected: int | None


def examples(timeline: Timeline) -> Examples:
    """Choose the cases."""
    table, ledger = timeline.changes, timeline.study.reports
    count = timeline.reports.groupby("change").size().reindex(table.index, fill_value=0)
    length = (table["latest"] - table["earliest"]).dt.days
    open_ = (length > 0) & (table["previous"] != style.UNKNOWN)
    spoken = ledger["place_id"].isin(timeline.reports["place_id"])
    return Examples(
        disputed=_most(count[table["disputed"]]),
        retaken=_retaken(table),
        window=_most(count[open_ & (table["form"] == "wide")]),
        seen=_most(length[open_ & (table["form"] == "by")]),
        claimed=_most(count[table["claimed"]] * 0),
        dissent=_first(ledger.index[(ledger["verdict"] == "disputed") & spoken]),
        corrected=_first(ledger.index[ledger["supersedes"] != ""]),
    )


def _most(found: pd.Series) -> int | None:
    return None if found.empty else int(found.idxmax())


def _first(found: pd.Index) -> int | None:
    return None if found.empty else int(found[0])


def _retaken(table: pd.DataFrame) -> str | None:
    """The place that came back to the holder before last."""
    place, control = table["place_id"], table["control"]
    back = (place == place.shift(2)) & (control == control.shift(2))
    soon = (table["day"] - table["day"].shift()).dt.days.where(back)
    if not back.any():
        return None
    changes = place.map(place.value_counts())
    order = np.lexsort((soon[back], -changes[back]))
    return str(place[back].iloc[order[0]])
