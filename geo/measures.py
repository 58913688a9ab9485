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
    matrix = timeline.matrix("areas")
    controls = list(timeline.study.controls)
    held, shaky = matrix.control.to_numpy(), matrix.uncertain.to_numpy()
    masks = {control: held == control for control in controls}
    found: dict[Unit, Balance] = {}
    for unit in UNITS:
        amount = np.nan_to_num(weigh[unit].to_numpy())
        sure = {control: amount @ mask for control, mask in masks.items()}
        unsure = {control: amount @ (mask & shaky) for control, mask in masks.items()}
        found[unit] = Balance(
            pd.DataFrame(sure, index=timeline.days),
            pd.DataFrame(unsure, index=timeline.days),
            float(amount.sum()),
        )
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
