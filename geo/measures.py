"""How many areas, km² and people are under each control, by day.

The three units in which the Special Inspector General for Afghanistan Reconstruction
reported control to the United States Congress. Shares are of the study's whole: people of
an area without a figure are counted in none of them, and the denominator says so.
"""

from datetime import date
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.study import Study
from geo.timeline import Timeline

Unit = Literal["areas", "km2", "people"]
UNITS: tuple[Unit, ...] = ("areas", "km2", "people")

EQUAL_AREA = "EPSG:6933"
"""EASE-Grid 2.0, an equal-area projection of the whole globe: km² are taken in it."""


def weights(study: Study) -> pd.DataFrame:
    """What each area counts in each unit.

    Returns
    -------
    pandas.DataFrame
        By ``area_id``, columns ``areas`` (1), ``km2`` and ``people`` (missing where the study
        has no figure).
    """
    areas: gpd.GeoDataFrame = study.areas
    return pd.DataFrame(
        {
            "areas": 1.0,
            "km2": areas.to_crs(EQUAL_AREA).area.to_numpy() / 1e6,
            "people": areas["population"].to_numpy(float, na_value=np.nan),
        },
        index=pd.Index(areas["area_id"]),
    )


class Balance(NamedTuple):
    """Control in one unit over the study's days.

    Attributes
    ----------
    held, uncertain : pandas.DataFrame
        Days × controls (in the order of the legend): how much is under each control, and how
        much of that on a day when it is uncertain.
    total : float
        The denominator: the sum over the areas that have a figure.
    """

    held: pd.DataFrame
    uncertain: pd.DataFrame
    total: float


def balances(timeline: Timeline, weigh: pd.DataFrame | None = None) -> dict[Unit, Balance]:
    """Control through the period in each unit.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    weigh : pandas.DataFrame, optional
        :func:`weights` of its study, where they are at hand.
    """
    weigh = weights(timeline.study) if weigh is None else weigh
    controls = list(timeline.study.controls)
    runs, length = timeline.spells("areas"), len(timeline.days)
    unit, first = runs["unit"].to_numpy(), runs["first"].to_numpy()
    after = np.append(first[1:], length)
    after[np.append(unit[1:] != unit[:-1], True)] = length
    shaky = runs["uncertain"].to_numpy(bool)
    held = pd.Index(controls).get_indexer(runs["control"])

    def summed(amount: np.ndarray, some: np.ndarray) -> pd.DataFrame:
        """What comes with each run and goes with its end, added up over the days."""
        begins, ends = held[some] * (length + 1) + first[some], held[some] * (length + 1)
        cells = len(controls) * (length + 1)
        moved = np.bincount(begins, amount[unit[some]], cells)
        moved -= np.bincount(ends + after[some], amount[unit[some]], cells)
        sums = moved.reshape(len(controls), -1)[:, :length].cumsum(axis=1)
        # What should be nothing is a rest of adding floats: no unit is counted so finely.
        return pd.DataFrame(sums.round(6).T + 0.0, index=timeline.days, columns=controls)

    found: dict[Unit, Balance] = {}
    for name in UNITS:
        amount = np.nan_to_num(weigh[name].to_numpy())
        whole = np.ones(len(runs), dtype=bool)
        found[name] = Balance(summed(amount, whole), summed(amount, shaky), float(amount.sum()))
    return found


def on_day(found: dict[Unit, Balance], day: date) -> pd.DataFrame:
    """One day's balance.

    Returns
    -------
    pandas.DataFrame
        By control, in the order of the legend: ``areas, km2, people`` and the share of each
        (``areas_share`` …, 0 to 1), leaving out what holds nothing.
    """
    held = found["areas"].held
    at = held.index.get_loc(pd.Timestamp(day))
    amounts = {unit: balance.held.to_numpy()[at] for unit, balance in found.items()}
    shares = {f"{unit}_share": amounts[unit] / (found[unit].total or np.nan) for unit in amounts}
    some = amounts["areas"] > 0
    columns = {name: amount[some] for name, amount in (amounts | shares).items()}
    columns["areas"] = columns["areas"].astype(int)
    return pd.DataFrame(columns, index=held.columns[some])
