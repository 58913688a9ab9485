"""How much is under each control, by day: areas, km² and people."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from pyproj import Geod

from geo.measures import UNITS, balances, on_day, weights
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import august

LEDGER = """
place_id  control  when
alpha     blue     ../2021-08-01
alpha     red      2021-08-08/2021-08-10
beta      blue     ../2021-08-05
beta      blue     ../2021-08-20
"""


@pytest.fixture
def found():
    return balances(Timeline(tiny.study(LEDGER)))


def test_an_area_counts_once_by_its_km2_and_by_its_people():
    weigh = weights(tiny.study())
    assert weigh.index.tolist() == ["X-W", "X-E"]
    assert weigh["areas"].tolist() == [1, 1]
    assert weigh["people"].tolist() == [300, 100]
    # A square degree between 30 and 31° north, measured on the ellipsoid.
    edge = np.linspace(60, 61, 200)
    longitudes, latitudes = [*edge, *edge[::-1]], [30] * 200 + [31] * 200
    square, _ = Geod(ellps="WGS84").polygon_area_perimeter(longitudes, latitudes)
    assert weigh["km2"].to_numpy() == pytest.approx(abs(square) / 1e6, rel=1e-4)


def test_the_balance_of_a_day(found):
    table = on_day(found, august(10))[["areas", "people", "areas_share", "people_share"]]
    expected = pd.DataFrame(
        {
            "areas": [1, 1],
            "people": [100.0, 300.0],
            "areas_share": [0.5, 0.5],
            "people_share": [0.25, 0.75],
        },
        index=["blue", "red"],
    )
    assert_frame_equal(table, expected)


def test_a_control_that_holds_nothing_is_left_out(found):
    assert on_day(found, august(9)).index.tolist() == ["blue"]
    assert on_day(found, august(1)).index.tolist() == ["blue", "unknown"]
    assert on_day(found, august(21)).index.tolist() == ["unknown"]


def test_what_is_uncertain_is_told_apart(found):
    uncertain = found["people"].uncertain
    assert uncertain.loc["2021-08-08":"2021-08-10", "blue"].tolist() == [300, 300, 0]
    assert found["people"].held.loc["2021-08-08":"2021-08-10", "blue"].tolist() == [400, 400, 100]


@pytest.mark.parametrize("unit", UNITS)
def test_every_day_adds_up_to_the_whole(found, unit):
    balance = found[unit]
    assert balance.held.index.equals(pd.date_range("2021-08-01", "2021-08-31", unit="s"))
    assert list(balance.held) == ["blue", "red", "green", "contested", "unknown"]
    assert balance.held.sum(axis=1).to_numpy() == pytest.approx(balance.total)
    assert (balance.uncertain <= balance.held).all(axis=None)


def test_people_of_an_area_without_a_figure_are_counted_in_none():
    study = tiny.study(LEDGER)
    study.areas["population"] = pd.array([300, pd.NA], dtype="Int64")
    found = balances(Timeline(study))
    assert found["people"].total == 300
    assert on_day(found, august(10))["people_share"].tolist() == [0.0, 1.0]


def test_without_any_figure_no_share_is_made_up():
    study = tiny.study(LEDGER)
    study.areas["population"] = pd.array([pd.NA, pd.NA], dtype="Int64")
    assert on_day(balances(Timeline(study)), august(10))["people_share"].isna().all()
