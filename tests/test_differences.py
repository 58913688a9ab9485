"""What differs between two readings, and which reports did it, on ledgers a reader can check."""

from datetime import date

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from geo.differences import behind, differences
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import assert_table, august

# Published: wire on the 5th, reprint on the 10th, paper on the 15th, radio on the 31st.
LEDGER = """
place_id  control  when           source_id
alpha     blue     ../2021-08-01  wire
alpha     red      2021-08-07     paper
beta      blue     ../2021-08-01  wire
beta      red      2021-08-04     wire
beta      red      2021-08-03     paper
beta      red      2021-08-03     radio
gamma     blue     ../2021-08-01  wire
gamma     blue     ../2021-08-31  radio
delta     green    ../2021-08-02  radio
fort      blue     ../2021-08-10  reprint
"""


@pytest.fixture(scope="module")
def now():
    return Timeline(tiny.study(LEDGER))


def known(day, ledger=LEDGER, **choice):
    return Timeline(tiny.study(ledger), known_on=august(day), **choice)


def told(left, day, right, to):
    """For each place the report_ids behind its difference."""
    table = differences(left, day, right, to)
    ids = left.study.reports["report_id"]
    return {
        place: ids.loc[rows].tolist() for place, rows in behind(left, day, right, to, table).items()
    }


def test_then_and_now(now):
    # On the 10th only the wire was known: alpha's loss, and beta's true day, came later.
    then, day = known(10), august(10)
    assert_table(
        differences(then, day, now, day).reset_index(),
        """
        place_id  name   control_left  since_left  control_right  since_right
        alpha     Alpha  blue          2021-08-01  red            2021-08-07
        beta      Beta   red           2021-08-04  red            2021-08-03
        delta     Delta  unknown       -           green          2021-08-02
        """,
    )


def test_a_place_may_differ_by_its_day_alone(now):
    moved = differences(known(10), august(10), now, august(10))["moved"]
    assert moved.to_dict() == {"alpha": True, "beta": False, "delta": True}


def test_the_reports_that_made_the_difference_are_those_known_later(now):
    assert told(known(10), august(10), now, august(10)) == {
        "alpha": ["r2"],
        "beta": ["r5", "r6"],
        "delta": ["r9"],
    }


def test_two_days_of_one_reading_rest_on_the_same_reports(now):
    table = differences(now, august(2), now, august(7))
    assert list(table.index) == ["alpha", "beta"]
    assert behind(now, august(2), now, august(7), table) == {}


def test_a_report_behind_neither_side_is_named_where_nothing_else_explains_it():
    # The paper's “blue on the 3rd” parts what the wire alone holds for one red change.
    ledger = """
    place_id  control  when        source_id
    alpha     red      2021-08-02  wire
    alpha     blue     2021-08-03  paper
    alpha     red      2021-08-04  wire
    """
    now, then = Timeline(tiny.study(ledger)), known(10, ledger)
    assert told(then, august(4), now, august(4)) == {"alpha": ["r2"]}


def test_a_correction_makes_a_difference_by_what_it_takes_away():
    ledger = """
    place_id  control  when        source_id  supersedes
    alpha     red      2021-08-03  wire       -
    alpha     red      2021-08-06  paper      r1
    beta      red      2021-08-09  wire       -
    """
    then, now = known(10, ledger), Timeline(tiny.study(ledger))
    assert differences(then, august(4), now, august(4))["control_right"].tolist() == ["unknown"]
    assert told(then, august(4), now, august(4)) == {"alpha": ["r1"]}


def test_a_silent_day_differs_from_nothing(now):
    then = known(10)
    assert then.is_silent(august(11))
    assert differences(then, august(11), now, august(11)).empty
    assert differences(now, august(11), then, august(11)).empty


def test_the_same_reading_of_the_same_day_differs_in_nothing(now):
    for of in ("places", "areas"):
        assert differences(now, august(9), now, august(9), of).empty


def test_areas_differ_as_their_capitals_do(now):
    areas = differences(known(10), august(10), now, august(10), "areas")
    assert areas.index.tolist() == ["X-W", "X-E"]
    assert areas["control_right"].tolist() == ["red", "red"]


def test_two_sources_apart():
    ledger = """
    place_id  control  when        source_id
    alpha     red      2021-08-02  wire
    alpha     red      2021-08-04  radio
    beta      blue     2021-08-02  wire
    """
    found = tiny.study(ledger)
    wire, radio = Timeline(found, ["wire"]), Timeline(found, ["radio"])
    table = differences(wire, august(2), radio, august(4))
    assert table["control_left"].to_dict() == {"alpha": "red", "beta": "blue"}
    assert table["moved"].to_dict() == {"alpha": False, "beta": True}


def test_left_and_right_mirror_each_other(now):
    then, day = known(10), august(10)
    one, other = differences(then, day, now, day), differences(now, day, then, day)
    swapped = other.rename(
        columns=lambda name: (
            name.replace("left", "x").replace("right", "left").replace("x", "right")
        )
    )
    assert_frame_equal(one, swapped[one.columns])


def test_a_day_that_is_none_of_the_studys_is_refused(now):
    with pytest.raises(ValueError, match="not a day of the study"):
        differences(now, date(2020, 1, 1), now, august(3))


@pytest.mark.parametrize(
    ("day", "places"),
    [(date(2021, 8, 12), {"qala-e-naw"}), (date(2021, 8, 15), {"charikar", "parun"})],
)
def test_what_was_learned_later_of_the_real_study(bundled, timeline, day, places):
    then = Timeline(bundled, known_on=day)
    table = differences(then, day, timeline, day)
    assert places <= set(table.index[table["moved"]])
    reports = behind(then, day, timeline, day, table)
    assert set(reports) == set(table.index)
    later = bundled.reports["source_id"].map(bundled.sources["known_on"])
    for rows in reports.values():
        published = later.loc[rows].dropna()
        assert (published > pd.Timestamp(day)).all()
