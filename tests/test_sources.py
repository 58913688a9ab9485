"""How far sources agree, who stands alone, and whose claims are read."""

import pytest

from geo.agreement import agreement
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import august

# The reprint prints the wire's news: both have the origin Wire.
LEDGER = """
place_id  control  when                   source_id  verdict   confidence
alpha     blue     ../2021-08-01          wire       used      medium
alpha     red      2021-08-05             wire       used      medium
alpha     red      2021-08-05             reprint    used      medium
alpha     red      2021-08-08             paper      used      high
beta      red      2021-08-06             radio      used      low
beta      red      2021-08-04/2021-08-06  paper      used      low
beta      blue     ../2021-08-07          paper      disputed  low
gamma     green    2021-08-03             wire       used      medium
gamma     green    2021-08-03             reprint    used      medium
"""


@pytest.fixture(scope="module")
def table():
    return agreement(Timeline(tiny.study(LEDGER)))


def test_reports_and_places_of_each_source(table):
    assert table[["reports", "places"]].T.to_dict("list") == {
        "wire": [3, 2],
        "reprint": [2, 2],
        "paper": [3, 2],
        "radio": [1, 1],
        "undated": [0, 0],
    }


def test_a_reprint_of_an_agency_confirms_nothing(table):
    # Alpha's fall is told by Wire and Paper; gamma's by the wire and its own reprint alone.
    assert table[["agrees", "alone", "disputed"]].T.to_dict("list") == {
        "wire": [1, 2, 0],
        "reprint": [1, 1, 0],
        "paper": [2, 0, 1],
        "radio": [1, 0, 0],
        "undated": [0, 0, 0],
    }


def test_days_apart_are_from_what_the_rest_elect(table):
    # Alpha: the 5th by Wire, the 8th by Paper. Beta: the 6th by Radio, the interval's last day too.
    assert table["apart"].drop("undated").to_dict() == {
        "wire": 3,
        "reprint": 3,
        "paper": 1.5,
        "radio": 0,
    }
    assert table["most"].drop("undated").to_dict() == {
        "wire": 3,
        "reprint": 3,
        "paper": 3,
        "radio": 0,
    }
    assert table.loc["undated", ["apart", "most"]].isna().all()


def test_the_rest_elect_by_weight():
    # For the radio the rest are Wire (medium) and Paper (high): the paper's day counts.
    ledger = """
    place_id  control  when        source_id  confidence
    alpha     red      2021-08-05  wire       medium
    alpha     red      2021-08-08  paper      high
    alpha     red      2021-08-08  radio      low
    """
    apart = agreement(Timeline(tiny.study(ledger)))["apart"]
    assert apart.dropna().to_dict() == {"wire": 3, "paper": 3, "radio": 0}


def test_only_what_was_known_is_counted():
    table = agreement(Timeline(tiny.study(LEDGER), known_on=august(10)))
    assert table["reports"].to_dict() == {
        "wire": 3,
        "reprint": 2,
        "paper": 0,
        "radio": 0,
        "undated": 0,
    }
    assert table["agrees"].sum() == 0


def test_one_source_alone_speaks_for_a_change():
    timeline = Timeline(tiny.study(LEDGER))
    lone = timeline.changes.assign(lone=timeline.lone)
    assert lone[["place_id", "control", "lone"]].to_numpy().tolist() == [
        ["alpha", "blue", True],
        ["alpha", "red", False],
        ["beta", "red", False],
        ["gamma", "green", False],
    ]


def test_an_assumption_is_no_source_that_speaks():
    found = tiny.study(LEDGER)
    found.sources.loc["wire", "kind"] = "assumption"
    timeline = Timeline(found)
    assert dict(zip(timeline.changes["place_id"], timeline.lone, strict=True))["gamma"]
    assert not timeline.lone[0]


CLAIMS = """
place_id  control  when        source_id  claimant
alpha     red      2021-08-02  wire       mayor
alpha     blue     2021-08-04  wire       -
alpha     green    2021-08-06  paper      spokesman
"""


@pytest.mark.parametrize(
    ("claimants", "reports"),
    [
        (["mayor"], ["r1"]),
        (["mayor", "spokesman"], ["r1", "r3"]),
        ([""], ["r2"]),
        ([], []),
        (None, ["r1", "r2", "r3"]),
    ],
)
def test_whose_claims(claimants, reports):
    timeline = Timeline(tiny.study(CLAIMS), claimants=claimants)
    assert timeline.reports["report_id"].tolist() == reports


def test_claimants_sources_and_the_known_on_day_narrow_together():
    timeline = Timeline(tiny.study(CLAIMS), ["wire", "paper"], august(10), ["mayor", "spokesman"])
    assert timeline.reports["report_id"].tolist() == ["r1"]
