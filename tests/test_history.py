"""What each report does to the changes, and the history of one place or area."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import history
from geo.timeline import Timeline
from tests import tiny
from tests.test_properties import ORIGIN, days, ledgers, timeline_of

LEDGER = """
    place_id  control  when                   verdict   supersedes
    alpha     blue     ../2021-08-01          used      -
    alpha     red      2021-08-05             used      -
    alpha     red      2021-08-07             used      -
    alpha     blue     2021-08-09             disputed  -
    alpha     red      2021-08-12             disputed  -
    alpha     red      ../2021-08-12          disputed  -
    alpha     red      2021-08-04/2021-08-06  disputed  -
    alpha     green    ../2021-07-20          disputed  -
    beta      blue     ../2021-08-01          used      -
    beta      red      2021-08-03             used      -
    beta      red      2021-08-04             used      r10
    X-W       red      2021-08-05             used      -
"""
"""Alpha is blue and then, on the 5th, red; beta red on the 4th, by a corrected report."""


def linked(timeline: Timeline) -> list[str]:
    """The links of each report, a row a line; a dot for none."""
    table = history.links(timeline).astype(object)
    return [
        " ".join("." if cell is False or pd.isna(cell) or cell == "" else str(cell) for cell in row)
        for row in table.itertuples(index=False)
    ]


def test_what_each_report_does_to_the_changes():
    assert linked(Timeline(tiny.study(LEDGER))) == [
        "r1 used 0 . . . .",
        "r2 used 1 . . . .",
        "r3 used 1 . True . .",  # the 7th, where the 5th is chosen
        "r4 disputed . 1 . . .",  # blue on the 9th: red is in force
        "r5 disputed . 1 True . .",  # red, but on another day
        "r6 disputed . . . . .",  # red seen: no dissent
        "r7 disputed . . . . .",  # allows the 5th: no dissent
        "r8 disputed . . . . .",  # before anything is known
        "r9 used 2 . . . .",
        "r10 superseded . 2 . . r11",
        "r11 used 3 . . r10 .",
        "r12 moves nothing . . . . .",
    ]


def test_a_source_not_chosen_is_held_against_those_that_are():
    study = tiny.study("""
        place_id  control  when        source_id
        alpha     blue     2021-08-02  wire
        alpha     red      2021-08-05  paper
        alpha     blue     2021-08-05  radio
    """)
    assert linked(Timeline(study, ["wire"])) == [
        "r1 used 0 . . . .",
        "r2 not chosen . 0 . . .",
        "r3 not chosen . 0 True . .",
    ]


def test_what_is_seen_later_or_overtaken_is_no_dissent():
    study = tiny.study("""
        place_id  control  when                   verdict
        alpha     blue     ../2021-08-01          used
        alpha     red      2021-08-05             used
        alpha     red      ../2021-08-06          used
        alpha     green    2021-08-07             used
        alpha     red      2021-08-04/2021-08-08  disputed
        alpha     blue     2021-08-05             disputed
    """)
    assert linked(Timeline(study)) == [
        "r1 used 0 . . . .",
        "r2 used 1 . . . .",
        "r3 used 1 . . . .",  # a sighting leaves out no day before it
        "r4 used 2 . . . .",
        "r5 disputed . . . . .",  # red was taken within its days, though green holds on the 8th
        "r6 disputed . 1 . . .",  # at the end of the 5th it is red
    ]


def told(unit: str, reports: str = LEDGER, **settings) -> history.History:
    return history.history(Timeline(tiny.study(reports, **settings)), unit)


def test_the_history_of_a_place():
    alpha = told("alpha")
    assert (alpha.name, alpha.what) == ("Alpha", "capital of West")
    tiny.assert_table(
        alpha.changes,
        """
        place_id  control  previous  day         earliest    latest      disputed
        alpha     blue     unknown   2021-08-01  2021-08-01  2021-08-01  no
        alpha     red      blue      2021-08-05  2021-08-05  2021-08-07  yes
        """,
    )
    assert list(alpha.changes["words"]) == [
        "by 1 August",
        "on 5 August; disputed: one source says 7 August",
    ]
    bands = alpha.bands.assign(**{c: alpha.bands[c].dt.day for c in ("first", "last")})
    assert bands[["first", "last", "control", "uncertain"]].to_numpy().tolist() == [
        [1, 4, "blue", False],
        [5, 6, "red", True],
        [7, 7, "red", False],
        [8, 31, "unknown", False],  # no usable report speaks of these days
    ]
    assert list(alpha.marks["report_id"]) == "r8 r1 r2 r7 r3 r4 r5 r6".split()
    assert list(alpha.left_out["report_id"]) == "r8 r7 r4 r5 r6".split()
    assert alpha.marks["first"].isna().tolist() == list(alpha.marks["form"] == "by")


def test_an_area_has_its_capitals_changes_and_the_reports_on_itself():
    west = told("X-W")
    assert (west.name, west.what) == ("West", "area")
    assert list(west.changes["place_id"]) == ["alpha", "alpha"]
    assert "r12" in set(west.marks["report_id"]) and "r2" in set(west.marks["report_id"])
    assert west.bands.equals(told("alpha").bands)


def test_an_area_has_its_towns_changes_under_the_majority_rule():
    reports = """
        place_id  control  when
        alpha     red      2021-08-02
        gamma     red      2021-08-03
        fort      blue     2021-08-04
        delta     blue     ../2021-08-31
    """
    west = told("X-W", reports, area_rule="majority")
    assert list(west.changes["place_id"]) == ["alpha", "gamma", "delta"]
    assert list(west.marks["place_id"]) == ["alpha", "gamma", "delta"]
    assert list(west.bands["control"]) == ["unknown", "red"]


def test_an_area_has_its_own_changes_under_the_rule_reported():
    west = told("X-W", area_rule="reported")
    assert list(west.changes["place_id"]) == list(west.marks["place_id"]) == ["X-W"]


@pytest.mark.parametrize("unit", ["gamma", "fort", "X-E"])
def test_a_place_with_no_report_is_unknown_throughout(unit):
    quiet = told(unit, "place_id control when\nalpha blue ../2021-08-01")
    assert quiet.changes.empty and quiet.marks.empty
    assert list(quiet.bands["control"]) == ["unknown"]
    assert list(quiet.bands["last"].dt.date) == [date(2021, 8, 31)]


def test_no_place_has_no_history():
    with pytest.raises(KeyError):
        told("atlantis")


def test_what_each_unit_is():
    study = tiny.study()
    assert history.whats(study) == {unit: history.what(study, unit) for unit in study.names.index}
    assert history.what(study, "fort") == "military base in West"


@given(
    ledger=ledgers(units=("alpha", "gamma", "X-W"), corrections=True),
    sources=st.none() | st.sets(st.sampled_from(list(ORIGIN)), min_size=1),
    known_on=st.none() | days,
    rule=st.sampled_from(["capital", "reported"]),
)
def test_every_used_report_supports_one_change_of_its_place_and_no_other_does(
    ledger, sources, known_on, rule
):
    timeline = timeline_of(ledger, sources, known_on, area_rule=rule)
    links, reports = history.links(timeline), timeline.study.reports
    assert list(links["report_id"]) == list(ledger["report_id"])
    assert (links["use"].eq("used") == links["supports"].notna()).all()
    for column in ("supports", "disputes"):
        held = links[column].dropna().astype(int)
        at = timeline.changes["place_id"].loc[held]
        assert at.tolist() == reports["place_id"].loc[held.index].tolist()
    assert not (links["supports"].notna() & links["disputes"].notna()).any()
    assert set(links["supports"].dropna()) == set(timeline.changes.index)


@given(ledger=ledgers(units=("alpha", "gamma", "X-W"), corrections=True))
def test_a_history_is_drawn_as_the_map_is(ledger):
    timeline = timeline_of(ledger)
    for unit, of in (("alpha", "places"), ("gamma", "places"), ("X-W", "areas")):
        bands = history.history(timeline, unit).bands
        lengths = (bands["last"] - bands["first"]).dt.days + 1
        matrix = timeline.matrix(of)
        assert bands["control"].repeat(lengths).tolist() == matrix.control.loc[unit].tolist()
        assert bands["uncertain"].repeat(lengths).tolist() == matrix.uncertain.loc[unit].tolist()
        known = bands[bands["change"] >= 0]
        at = timeline.changes["control"].loc[known["change"]]
        assert at.tolist() == known["control"].tolist()
        window = bands[bands["pending"] >= 0]
        assert bands["pending"].ge(0).eq(bands["uncertain"]).all()
        pending = timeline.changes.loc[window["pending"]]
        assert (pending["earliest"].to_numpy() <= window["first"].to_numpy()).all()
        assert (window["last"].to_numpy() < pending["latest"].to_numpy()).all()
        assert pending["place_id"].eq("gamma" if unit == "gamma" else "alpha").all()
