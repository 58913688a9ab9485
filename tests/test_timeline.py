"""Control on a day: what is drawn, what is silent, whose reports count, and whose area it is."""

from dataclasses import replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from geo.timeline import Timeline
from tests import tiny
from tests.tiny import assert_table, august, story


def timeline(ledger, sources=None, known_on=None, **settings):
    """What chosen reports of a ledger say."""
    return Timeline(tiny.study(ledger, **settings), sources, known_on)


def told(ledger, place="alpha", sources=None, known_on=None, **settings):
    """A place's month in words."""
    return story(timeline(ledger, sources, known_on, **settings).matrix("places"), place)


def area_told(ledger, area="X-W", **settings):
    """An area's month in words."""
    return story(timeline(ledger, **settings).matrix("areas"), area)


# Rule 5: drawn. The last look, on the 31st, keeps the month from falling silent.


def test_control_on_a_day_is_control_at_its_end():
    ledger = """
        place_id  control    when
        alpha     blue       ../2021-08-01
        alpha     contested  2021-08-10
        alpha     red        2021-08-10
        alpha     red        ../2021-08-31
    """
    assert told(ledger) == "1-9 blue, 10-31 red"


def test_a_place_is_unknown_until_its_first_report():
    ledger = """
        place_id  control  when
        alpha     red      ../2021-08-10
        alpha     red      ../2021-08-31
    """
    assert told(ledger) == "1-9 unknown, 10-31 red"
    assert told(ledger, "beta") == "1-31 unknown"


def test_a_report_of_before_the_study_holds_from_its_first_day():
    ledger = """
        place_id  control  when
        alpha     red      ../2021-07-10
        alpha     red      ../2021-08-31
    """
    assert told(ledger) == "1-31 red"


def test_a_place_is_uncertain_from_the_earliest_day_until_the_latest():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      2021-08-08/2021-08-12
        alpha     red      ../2021-08-31
        beta      blue     ../2021-08-01
        beta      red      2021-08-10~
        beta      red      ../2021-08-31
    """
    assert told(ledger) == "1-7 blue, 8-11 blue?, 12-31 red"
    assert told(ledger, "beta") == "1-6 blue, 7-9 blue?, 10-12 red?, 13-31 red"


def test_a_place_is_uncertain_from_the_last_look_to_the_next():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-05
        alpha     red      ../2021-08-09
        alpha     red      ../2021-08-31
    """
    assert told(ledger) == "1-4 unknown, 5 blue, 6-8 blue?, 9-31 red"


def test_a_place_may_be_uncertain_while_unknown():
    ledger = """
        place_id  control  when
        alpha     red      2021-08-08/2021-08-12
        alpha     red      ../2021-08-31
    """
    assert told(ledger) == "1-7 unknown, 8-11 unknown?, 12-31 red"


def test_at_most_max_window_days_are_drawn_uncertain():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      ../2021-08-30
        alpha     red      ../2021-08-31
    """
    assert told(ledger) == "1-15 blue, 16-29 blue?, 30-31 red"
    assert told(ledger, max_window=3) == "1-26 blue, 27-29 blue?, 30-31 red"
    assert told(ledger, max_window=60) == "1 blue, 2-29 blue?, 30-31 red"


def test_at_most_max_window_days_are_drawn_after_the_change_too():
    ledger = """
        place_id  control  when        confidence
        alpha     red      2021-08-05  high
        alpha     red      2021-08-30  low
        alpha     red      ../2021-08-31  low
    """
    assert told(ledger, max_window=4) == "1-4 unknown, 5-8 red?, 9-31 red"


def test_tables_keep_the_true_bounds():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      ../2021-08-30
    """
    assert_table(
        timeline(ledger, max_window=3).changes,
        """
        place_id  control  earliest    latest
        alpha     blue     2021-08-01  2021-08-01
        alpha     red      2021-08-02  2021-08-30
        """,
    )


# Rule 7: silence.


def test_after_the_last_usable_report_everything_is_unknown():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      2021-08-10
        beta      blue     ../2021-08-13
    """
    found = timeline(ledger)
    assert found.silent_from == august(14)
    assert told(ledger) == "1-9 blue, 10-13 red, 14-31 unknown"
    assert told(ledger, "beta") == "1-12 unknown, 13 blue, 14-31 unknown"
    assert story(found.matrix("areas"), "X-W") == "1-9 blue, 10-13 red, 14-31 unknown"


def test_no_window_is_drawn_on_silent_days():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      2021-08-10~
    """
    assert told(ledger) == "1-6 blue, 7-9 blue?, 10 red?, 11-31 unknown"


@pytest.mark.parametrize("not_usable", ["disputed    -", "used        r9"])
def test_a_report_left_out_does_not_break_the_silence(not_usable):
    found = timeline(f"""
        report_id  place_id  control  when           verdict       supersedes
        r1         alpha     blue     ../2021-08-01  used          -
        r9         alpha     red      2021-08-20     disputed      -
        r2         alpha     red      2021-08-05     {not_usable}
    """)
    assert found.silent_from == (august(2) if "disputed" in not_usable else august(6))


def test_past_the_known_on_day_everything_is_unknown():
    ledger = """
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  wire
        alpha     red      ../2021-08-20  wire
    """
    assert timeline(ledger, known_on=august(9)).silent_from == august(10)
    assert told(ledger, known_on=august(9)) == "1-5 blue, 6-9 blue?, 10-31 unknown"


def test_a_study_heard_of_to_its_end_is_never_silent():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     blue     ../2021-08-31
    """
    found = timeline(ledger)
    assert found.silent_from is None
    assert not any(found.is_silent(day.date()) for day in found.days)


def test_without_usable_reports_all_is_silent_from_the_start():
    ledger = """
        place_id  control  when        verdict
        alpha     red      2021-08-10  disputed
    """
    assert timeline(ledger).silent_from == august(1)
    assert told(ledger) == "1-31 unknown"


def test_reports_of_before_the_study_alone_leave_it_silent_from_the_start():
    ledger = """
        place_id  control  when
        alpha     red      2021-07-10
    """
    assert timeline(ledger).silent_from == august(1)
    assert told(ledger) == "1-31 unknown"


def test_a_silent_day_has_no_changes():
    found = timeline(
        """
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  wire
        alpha     red      2021-08-20     wire
        """,
        known_on=august(9),
    )
    assert found.changes_on(august(20)).empty
    assert len(found.changes_on(august(1))) == 1


def test_the_changes_of_a_day():
    found = timeline("""
        place_id  control    when
        alpha     blue       ../2021-08-01
        alpha     contested  2021-08-10
        alpha     red        2021-08-10
        beta      red        2021-08-11
    """)
    assert_table(
        found.changes_on(august(10)),
        """
        place_id  control    previous
        alpha     contested  blue
        alpha     red        contested
        """,
    )
    assert found.changes_on(august(12)).empty


# First choose.


def test_disputed_reports_move_nothing():
    ledger = """
        place_id  control  when           verdict
        alpha     blue     ../2021-08-01  used
        alpha     red      2021-08-10     disputed
        alpha     blue     ../2021-08-31  used
    """
    assert told(ledger) == "1-31 blue"


def test_a_superseded_report_is_left_out():
    found = timeline("""
        report_id  place_id  control  when        supersedes
        r1         alpha     red      2021-08-10  -
        r2         alpha     red      2021-08-12  r1
    """)
    assert found.reports["report_id"].tolist() == ["r2"]
    assert found.changes["day"].dt.day.tolist() == [12]


def test_of_a_chain_of_corrections_the_last_remains():
    found = timeline("""
        report_id  place_id  control  when        supersedes
        r1         alpha     red      2021-08-10  -
        r2         alpha     red      2021-08-12  r1
        r3         alpha     red      2021-08-14  r2
    """)
    assert found.reports["report_id"].tolist() == ["r3"]


def test_a_disputed_correction_corrects_nothing():
    found = timeline("""
        report_id  place_id  control  when        verdict   supersedes
        r1         alpha     red      2021-08-10  used      -
        r2         alpha     red      2021-08-12  disputed  r1
    """)
    assert found.reports["report_id"].tolist() == ["r1"]


def test_a_correction_of_a_source_not_asked_for_corrects_nothing():
    ledger = """
        report_id  place_id  control  when        source_id  supersedes
        r1         alpha     red      2021-08-10  wire       -
        r2         alpha     red      2021-08-12  paper      r1
    """
    assert timeline(ledger, sources=["wire"]).reports["report_id"].tolist() == ["r1"]
    assert timeline(ledger).reports["report_id"].tolist() == ["r2"]


def test_a_correction_not_yet_known_corrects_nothing_yet():
    ledger = """
        report_id  place_id  control  when        source_id  supersedes
        r1         alpha     red      2021-08-04  wire       -
        r2         alpha     red      2021-08-03  paper      r1
    """
    before, after = (timeline(ledger, known_on=august(day)) for day in (14, 15))
    assert before.reports["report_id"].tolist() == ["r1"]
    assert after.reports["report_id"].tolist() == ["r2"]


def test_only_the_sources_asked_for():
    ledger = """
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  wire
        alpha     red      2021-08-10     paper
        alpha     red      ../2021-08-31  wire
    """
    assert told(ledger) == "1-9 blue, 10-31 red"
    assert told(ledger, sources={"paper"}) == "1-9 unknown, 10 red, 11-31 unknown"
    assert told(ledger, sources=["wire"]) == "1-16 blue, 17-30 blue?, 31 red"
    assert told(ledger, sources=[]) == "1-31 unknown"


def test_only_what_was_known_by_the_day():
    # The wire was published on the 5th, its reprint on the 10th, the paper on the 15th.
    found = {
        day: timeline(
            """
            place_id  control  when           source_id
            alpha     blue     ../2021-08-01  wire
            alpha     red      2021-08-04     reprint
            alpha     green    2021-08-09     paper
            """,
            known_on=august(day),
        )
        .changes["control"]
        .tolist()
        for day in (4, 5, 9, 10, 14, 15)
    }
    assert found == {
        4: [],
        5: ["blue"],
        9: ["blue"],
        10: ["blue", "red"],
        14: ["blue", "red"],
        15: ["blue", "red", "green"],
    }


def test_a_source_dated_by_its_month_is_known_on_the_months_last_day():
    ledger = """
        place_id  control  when        source_id
        alpha     red      2021-08-04  monthly
    """
    study = tiny.study(
        ledger,
        """
        source_id  origin  published
        monthly    -       2021-08
        """,
    )
    assert Timeline(study, known_on=august(30)).changes.empty
    assert len(Timeline(study, known_on=august(31)).changes) == 1


def test_a_source_without_a_date_takes_no_part_in_a_past_view_and_is_counted():
    ledger = """
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  wire
        alpha     red      2021-08-04     undated
        beta      red      2021-08-04     undated
    """
    today, past = timeline(ledger), timeline(ledger, known_on=august(31))
    assert (today.undated, past.undated) == (0, 2)
    assert len(today.changes) == 3
    assert past.changes["control"].tolist() == ["blue"]


def test_only_sources_asked_for_are_counted_as_undated():
    ledger = """
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  wire
        alpha     red      2021-08-04     undated
    """
    assert timeline(ledger, sources=["wire"], known_on=august(31)).undated == 0


def test_usable_reports_name_the_change_they_support():
    found = timeline("""
        place_id  control  when           verdict   source_id
        beta      red      2021-08-12     used      wire
        alpha     blue     ../2021-08-01  used      paper
        alpha     red      2021-08-10     used      undated
        alpha     blue     2021-08-11     disputed  paper
        X-W       red      2021-08-11     used      wire
        alpha     red      ../2021-08-12  used      wire
    """)
    assert found.reports["report_id"].tolist() == ["r1", "r2", "r3", "r5", "r6"]
    assert found.reports["change"].tolist() == [2, 0, 1, pd.NA, 1]
    assert found.changes["control"].tolist() == ["blue", "red", "red"]


def test_a_ledger_of_observed_states_needs_only_a_runs_first_and_last():
    held = dict.fromkeys(range(1, 10), "blue") | dict.fromkeys(range(13, 32), "red")
    header = "place_id control when\n"
    every = [f"alpha {control} ../2021-08-{day:02}" for day, control in held.items()]
    ends = [line for day, line in zip(held, every, strict=True) if day in (1, 9, 13, 31)]
    assert told(header + "\n".join(every)) == "1-9 blue, 10-12 blue?, 13-31 red"
    assert told(header + "\n".join(ends)) == "1-9 blue, 10-12 blue?, 13-31 red"


# Whose area it is.


def test_capital_an_area_is_held_by_whoever_holds_its_capital():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      2021-08-08/2021-08-10
        gamma     green    2021-08-05
        beta      red      ../2021-08-31
    """
    assert area_told(ledger) == "1-7 blue, 8-9 blue?, 10-31 red"
    assert area_told(ledger, "X-E") == "1-30 unknown, 31 red"


def test_capital_a_report_on_an_area_moves_nothing():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        X-W       red      2021-08-10
        alpha     blue     ../2021-08-31
    """
    assert area_told(ledger) == "1-31 blue"
    assert told(ledger) == "1-31 blue"


def test_reported_an_area_is_held_as_reports_on_it_say():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        X-W       red      2021-08-08/2021-08-10
        X-W       red      ../2021-08-31
    """
    assert area_told(ledger, area_rule="reported") == "1-7 unknown, 8-9 unknown?, 10-31 red"
    assert area_told(ledger, "X-E", area_rule="reported") == "1-31 unknown"
    assert told(ledger, area_rule="reported") == "1-31 blue"


def test_majority_an_area_is_held_by_whoever_holds_most_of_its_towns():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        gamma     blue     ../2021-08-01
        delta     red      ../2021-08-01
        gamma     red      2021-08-10
        gamma     red      ../2021-08-31
    """
    assert area_told(ledger, area_rule="majority") == "1-9 blue, 10-31 red"


def test_majority_a_plurality_is_enough_and_unknown_towns_have_no_vote():
    ledger = """
        place_id  control  when
        alpha     blue     2021-08-05
        alpha     blue     ../2021-08-31
    """
    assert area_told(ledger, area_rule="majority") == "1-4 unknown, 5-31 blue"


def test_majority_a_tie_is_contested():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        gamma     red      2021-08-10
        delta     red      2021-08-20
        delta     red      ../2021-08-31
    """
    assert area_told(ledger, area_rule="majority") == "1-9 blue, 10-19 contested, 20-31 red"


def test_majority_counts_cities_and_towns_and_nothing_else():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        fort      red      ../2021-08-01
        beta      red      ../2021-08-01
        fort      red      ../2021-08-31
    """
    assert area_told(ledger, area_rule="majority") == "1-31 blue"


def test_majority_is_uncertain_if_a_deciding_town_is():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        gamma     blue     ../2021-08-01
        delta     red      ../2021-08-01
        gamma     red      2021-08-08/2021-08-10
        gamma     red      ../2021-08-31
    """
    assert area_told(ledger, area_rule="majority") == "1-7 blue, 8-9 blue?, 10-31 red"


def test_majority_is_certain_if_the_uncertain_town_decides_nothing():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        gamma     blue     ../2021-08-01
        delta     green    ../2021-08-01
        delta     red      2021-08-08/2021-08-10
        alpha     blue     ../2021-08-31
    """
    assert told(ledger, "delta") == "1-7 green, 8-9 green?, 10-31 red"
    assert area_told(ledger, area_rule="majority") == "1-31 blue"


def test_majority_a_tie_is_uncertain_if_any_town_is():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        gamma     red      ../2021-08-01
        delta     green    2021-08-08/2021-08-10
        alpha     blue     ../2021-08-31
    """
    assert (
        area_told(ledger, area_rule="majority") == "1-7 contested, 8-9 contested?, 10-31 contested"
    )


def test_areas_without_a_capital_stay_unknown():
    found = tiny.study("""
        place_id  control  when
        alpha     blue     ../2021-08-01
        beta      blue     ../2021-08-31
    """)
    bare = found.places.assign(is_capital=False)
    matrix = Timeline(replace(found, places=bare)).matrix("areas")
    assert {story(matrix, area) for area in ("X-W", "X-E")} == {"1-31 unknown"}


def test_capitals_of_no_area_colour_nothing():
    found = tiny.study("""
        place_id  control  when
        alpha     blue     ../2021-08-01
        fort      red      ../2021-08-01
        beta      blue     ../2021-08-31
    """)
    abroad = found.places["place_id"].isin(["gamma", "fort"])
    places = found.places.assign(
        is_capital=found.places["is_capital"] | abroad,
        area_id=found.places["area_id"].mask(abroad, ""),
    )
    matrix = Timeline(replace(found, places=places)).matrix("areas")
    assert story(matrix, "X-W") == "1-31 blue"


# What comes out.


def test_control_on_a_day_as_a_table():
    found = timeline("""
        place_id  control    when                   claimant_side
        alpha     blue       ../2021-08-01          -
        alpha     red        2021-08-08/2021-08-12  red
        beta      contested  2021-08-09             -
        beta      contested  2021-08-11             -
        beta      contested  ../2021-08-31          -
    """)
    places, areas = found.control(august(9), "places"), found.control(august(12), "areas")
    assert (
        list(places)
        == list(areas)
        == ("name control since earliest latest uncertain claimed disputed change pending".split())
    )
    assert_table(
        places.reset_index(),
        """
        place_id  name   control    since       earliest    latest
        alpha     Alpha  blue       2021-08-01  2021-08-01  2021-08-01
        beta      Beta   contested  2021-08-09  2021-08-09  2021-08-11
        gamma     Gamma  unknown    -           -           -
        delta     Delta  unknown    -           -           -
        fort      Fort   unknown    -           -           -
        """,
    )
    assert_table(
        places.reset_index(),
        """
        place_id  uncertain  claimed  disputed  change  pending
        alpha     yes        no       no        0       1
        beta      yes        no       yes       2       2
        gamma     no         no       no        -1      -1
        delta     no         no       no        -1      -1
        fort      no         no       no        -1      -1
        """,
    )
    assert_table(
        areas.reset_index(),
        """
        area_id  name  control    since       earliest    latest      claimed  change  pending
        X-W      West  red        2021-08-12  2021-08-08  2021-08-12  yes      1       -1
        X-E      East  contested  2021-08-09  2021-08-09  2021-08-11  no       2       -1
        """,
    )


def test_under_majority_a_table_says_since_when_control_is_the_same():
    found = timeline(
        """
        place_id  control  when
        alpha     blue     ../2021-08-03
        gamma     blue     2021-08-08/2021-08-12
        alpha     blue     ../2021-08-31
        """,
        area_rule="majority",
    )
    assert_table(
        found.control(august(20)).reset_index(),
        """
        area_id  name  control  since
        X-W      West  blue     2021-08-03
        X-E      East  unknown  -
        """,
    )


def test_a_day_outside_the_study_is_refused():
    found = timeline(tiny.REPORTS)
    with pytest.raises(ValueError, match="2021-09-01 is not a day of the study"):
        found.control(august(32))
    with pytest.raises(ValueError, match="2021-07-31 is not a day of the study"):
        found.control(august(0))


def test_spells_are_the_runs_on_which_nothing_changes():
    found = timeline("""
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      2021-08-08/2021-08-10
        beta      blue     ../2021-08-13
    """)
    expected = tiny.table("""
        unit  first  control  uncertain  claimed  disputed  change  pending
        0     0      blue     no         no       no        0       -1
        0     7      blue     yes        no       no        0       1
        0     9      red      no         no       no        1       -1
        0     13     unknown  no         no       no        -1      -1
        1     0      unknown  no         no       no        -1      -1
        1     12     blue     no         no       no        2       -1
        1     13     unknown  no         no       no        -1      -1
    """)
    assert_frame_equal(found.spells("areas"), expected)


def test_a_run_inside_a_window_names_the_change_whose_window_it_is():
    # Red may have come as late as the 14th; that blue came on the 12th is not in doubt.
    found = timeline("""
        place_id  control  when
        alpha     red      2021-08-10~
        alpha     red      2021-08-05/2021-08-14
        alpha     blue     2021-08-12
        alpha     blue     ../2021-08-31
    """)
    spells = found.spells("places")
    inside = spells[spells["pending"] >= 0]
    window = found.changes.loc[inside["pending"]]
    day = found.days[inside["first"]]
    assert len(inside)
    assert (window["earliest"] <= day).all()
    assert (day < window["latest"]).all()


def test_areas_under_majority_have_their_runs_too():
    found = timeline(
        """
        place_id  control  when
        alpha     blue     ../2021-08-01
        gamma     red      2021-08-10
        gamma     red      ../2021-08-31
        """,
        area_rule="majority",
    )
    assert_table(
        found.spells("areas"),
        """
        unit  first  control    uncertain
        0     0      blue       no
        0     9      contested  no
        1     0      unknown    no
        """,
    )
