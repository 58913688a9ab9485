"""The rules that turn reports into changes: one test a sentence of the study format.

Each ledger is small enough to be worked out by eye.
"""

import pytest
from pandas.testing import assert_frame_equal

from tests.tiny import assert_table, changes

COLUMNS = "place_id control previous day earliest latest form disputed claimed".split()

# Rule 1: order.


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("2021-08-10", "2021-08-09", "2021-08-11"),
        ("2021-08-05/2021-08-10", "2021-08-09", "2021-08-11"),
        ("2021-08-10~", "2021-08-09", "2021-08-11"),
        ("../2021-08-10", "2021-08-09", "2021-08-11"),
        ("2021-07", "2021-07-30", "2021-08-01"),
    ],
    ids=["exact", "interval", "about", "by", "month"],
)
def test_reports_are_ordered_by_the_day_they_name(text, before, after):
    found = changes(f"""
        place_id  control  when
        alpha     blue     {after}
        alpha     red      {text}
        alpha     blue     {before}
    """)
    assert found["control"].tolist() == ["blue", "red", "blue"]


def test_on_one_day_the_control_already_held_comes_first():
    assert_table(
        changes("""
            place_id  control  when
            alpha     blue     ../2021-08-01
            alpha     red      2021-08-10
            alpha     blue     2021-08-10
        """),
        """
        place_id  control  previous  day
        alpha     blue     unknown   2021-08-01
        alpha     red      blue      2021-08-10
        """,
    )


def test_on_one_day_contested_comes_before_a_new_holder():
    assert_table(
        changes("""
            place_id  control    when
            alpha     blue       ../2021-08-01
            alpha     red        2021-08-10
            alpha     contested  2021-08-10
        """),
        """
        place_id  control    previous   day
        alpha     blue       unknown    2021-08-01
        alpha     contested  blue       2021-08-10
        alpha     red        contested  2021-08-10
        """,
    )


def test_on_one_day_the_control_already_held_comes_before_contested():
    assert_table(
        changes("""
            place_id  control    when
            alpha     red        2021-08-10
            alpha     contested  2021-08-10
            alpha     blue       2021-08-10
            alpha     blue       ../2021-08-01
        """),
        """
        place_id  control    previous   day
        alpha     blue       unknown    2021-08-01
        alpha     contested  blue       2021-08-10
        alpha     red        contested  2021-08-10
        """,
    )


@pytest.mark.parametrize(("one", "other"), [("red", "green"), ("green", "red")])
def test_on_one_day_other_holders_stand_in_the_ledgers_order(one, other):
    assert_table(
        changes(f"""
            place_id  control  when
            alpha     blue     ../2021-08-01
            alpha     {one}    2021-08-10
            alpha     {other}  2021-08-10
        """),
        f"""
        place_id  control  previous  day
        alpha     blue     unknown   2021-08-01
        alpha     {one}    blue      2021-08-10
        alpha     {other}  {one}     2021-08-10
        """,
    )


def test_no_other_use_is_made_of_the_order_of_rows():
    lines = [
        "alpha  blue       ../2021-08-01",
        "alpha  contested  2021-08-10",
        "alpha  red        2021-08-08/2021-08-12",
        "alpha  red        2021-08-10",
        "beta   green      2021-08-03",
        "beta   red        2021-08-07~",
    ]
    header = "place_id  control  when\n"
    forwards = changes(header + "\n".join(lines))
    backwards = changes(header + "\n".join(reversed(lines)))
    assert_frame_equal(forwards, backwards)


# Rule 2: group.


def test_neighbours_with_the_same_control_are_one_change():
    assert_table(
        changes("""
            place_id  control  when
            alpha     blue     ../2021-08-01
            alpha     blue     ../2021-08-04
            alpha     red      2021-08-10
            alpha     red      ../2021-08-12
            alpha     red      2021-08-14
        """),
        """
        place_id  control  previous  day
        alpha     blue     unknown   2021-08-01
        alpha     red      blue      2021-08-10
        """,
    )


def test_the_same_control_after_another_is_a_change_of_its_own():
    assert_table(
        changes("""
            place_id  control  when
            alpha     blue     2021-08-02
            alpha     red      2021-08-10
            alpha     blue     2021-08-12
        """),
        """
        place_id  control  previous  day
        alpha     blue     unknown   2021-08-02
        alpha     red      blue      2021-08-10
        alpha     blue     red       2021-08-12
        """,
    )


def test_places_change_on_their_own():
    assert_table(
        changes("""
            place_id  control  when
            beta      red      2021-08-03
            alpha     red      2021-08-02
            beta      blue     2021-08-02
        """),
        """
        place_id  control  previous  day
        alpha     red      unknown   2021-08-02
        beta      blue     unknown   2021-08-02
        beta      red      blue      2021-08-03
        """,
    )


@pytest.mark.parametrize("wide", ["2021-08-04/2021-08-10", "2021-08-08~", "2021-08"])
def test_a_wide_report_joins_a_change_of_its_control_on_a_day_it_allows(wide):
    assert_table(
        changes(f"""
            place_id  control  when
            alpha     red      2021-08-05
            alpha     blue     2021-08-08
            alpha     red      {wide}
        """),
        """
        place_id  control  previous  day
        alpha     red      unknown   2021-08-05
        alpha     blue     red       2021-08-08
        """,
    )


@pytest.mark.parametrize("wide", ["2021-08-06/2021-08-10", "2021-08-09~"])
def test_a_wide_report_that_allows_no_such_day_makes_a_change(wide):
    assert_table(
        changes(f"""
            place_id  control  when
            alpha     red      2021-08-05
            alpha     blue     2021-08-08
            alpha     red      {wide}
        """),
        f"""
        place_id  control  previous  day
        alpha     red      unknown   2021-08-05
        alpha     blue     red       2021-08-08
        alpha     red      blue      {"2021-08-10" if "/" in wide else "2021-08-09"}
        """,
    )


def test_a_wide_report_joins_no_change_of_another_control():
    assert_table(
        changes("""
            place_id  control  when
            alpha     blue     2021-08-05
            alpha     red      2021-08-04/2021-08-10
        """),
        """
        place_id  control  previous  day
        alpha     blue     unknown   2021-08-05
        alpha     red      blue      2021-08-10
        """,
    )


def test_a_wide_report_joins_no_change_of_another_place():
    assert_table(
        changes("""
            place_id  control  when
            alpha     red      2021-08-06
            alpha     red      2021-08-04/2021-08-10
            beta      blue     2021-08-08
            beta      red      2021-08-04/2021-08-10
        """),
        """
        place_id  control  previous  day
        alpha     red      unknown   2021-08-06
        beta      blue     unknown   2021-08-08
        beta      red      blue      2021-08-10
        """,
    )


def test_a_wide_report_joins_the_change_that_another_wide_report_makes():
    assert_table(
        changes("""
            place_id  control  when
            alpha     red      2021-08-06~
            alpha     red      2021-08-05/2021-08-10
            alpha     blue     2021-08-08
        """),
        """
        place_id  control  previous  day         earliest    latest
        alpha     red      unknown   2021-08-06  2021-08-03  2021-08-10
        alpha     blue     red       2021-08-08  2021-08-08  2021-08-08
        """,
    )


def test_a_sighting_is_of_its_day_and_joins_nothing_earlier():
    assert_table(
        changes("""
            place_id  control  when
            alpha     red      2021-08-05
            alpha     blue     2021-08-08
            alpha     red      ../2021-08-10
        """),
        """
        place_id  control  previous  day
        alpha     red      unknown   2021-08-05
        alpha     blue     red       2021-08-08
        alpha     red      blue      2021-08-10
        """,
    )


# Rule 3: day.


def test_wide_reports_count_only_where_there_is_no_exact_one():
    assert_table(
        changes("""
            place_id  control  when                   confidence  source_id
            alpha     red      2021-08-10             low         wire
            alpha     red      2021-08-09/2021-08-12  high        paper
            alpha     red      2021-08-09/2021-08-12  high        radio
        """),
        """
        place_id  control  day         form  disputed
        alpha     red      2021-08-10  day   no
        """,
    )


def test_a_higher_confidence_weighs_more():
    ledger = """
        place_id  control  when        confidence  source_id
        alpha     red      2021-08-10  {}          wire
        alpha     red      2021-08-11  {}          paper
    """
    days = {
        pair: changes(ledger.format(*pair))["day"].dt.day.tolist()
        for pair in [("low", "medium"), ("medium", "high"), ("high", "medium"), ("medium", "low")]
    }
    assert days == {
        ("low", "medium"): [11],
        ("medium", "high"): [11],
        ("high", "medium"): [10],
        ("medium", "low"): [10],
    }


def test_two_of_medium_outweigh_one_of_high():
    assert_table(
        changes("""
            place_id  control  when        confidence  source_id
            alpha     red      2021-08-10  high        wire
            alpha     red      2021-08-11  medium      paper
            alpha     red      2021-08-11  medium      radio
        """),
        """
        place_id  control  day
        alpha     red      2021-08-11
        """,
    )


def test_low_and_medium_equal_high_and_the_tie_goes_to_the_earlier():
    ledger = """
        place_id  control  when          confidence  source_id
        alpha     red      2021-08-{0}   high        wire
        alpha     red      2021-08-{1}   medium      paper
        alpha     red      2021-08-{1}   low         radio
    """
    assert changes(ledger.format(11, 10))["day"].dt.day.tolist() == [10]
    assert changes(ledger.format(10, 11))["day"].dt.day.tolist() == [10]


def test_each_origin_votes_once_a_day():
    # The wire and its reprint have one origin: 2, not 4, against 3.
    assert_table(
        changes("""
            place_id  control  when        confidence  source_id
            alpha     red      2021-08-10  medium      wire
            alpha     red      2021-08-10  medium      reprint
            alpha     red      2021-08-11  high        paper
        """),
        """
        place_id  control  day
        alpha     red      2021-08-11
        """,
    )


def test_an_origins_vote_is_its_surest_report():
    # 3 against 2: the wire's low report does not stand in the way of its reprint's high one.
    assert_table(
        changes("""
            place_id  control  when        confidence  source_id
            alpha     red      2021-08-11  low         wire
            alpha     red      2021-08-11  high        reprint
            alpha     red      2021-08-10  medium      paper
        """),
        """
        place_id  control  day
        alpha     red      2021-08-11
        """,
    )


def test_an_origin_may_vote_for_two_days():
    # 10 August: 2. 11 August: the wire's 2 and the paper's 1.
    assert_table(
        changes("""
            place_id  control  when        confidence  source_id
            alpha     red      2021-08-10  medium      wire
            alpha     red      2021-08-11  medium      wire
            alpha     red      2021-08-11  low         paper
        """),
        """
        place_id  control  day
        alpha     red      2021-08-11
        """,
    )


def test_a_tie_goes_to_the_earlier_day():
    assert_table(
        changes("""
            place_id  control  when        source_id
            alpha     red      2021-08-12  wire
            alpha     red      2021-08-11  paper
        """),
        """
        place_id  control  day
        alpha     red      2021-08-11
        """,
    )


def test_sources_without_an_origin_are_each_their_own():
    # 2 + 2 against 3.
    assert_table(
        changes(
            """
            place_id  control  when        confidence  source_id
            alpha     red      2021-08-11  medium      one
            alpha     red      2021-08-11  medium      two
            alpha     red      2021-08-10  high        three
            """,
            sources="""
            source_id  origin  published
            one        -       -
            two        -       -
            three      -       -
            """,
        ),
        """
        place_id  control  day
        alpha     red      2021-08-11
        """,
    )


def test_without_an_exact_report_wide_ones_elect_the_day_they_name():
    assert_table(
        changes("""
            place_id  control  when                   confidence  source_id
            alpha     red      2021-08-08/2021-08-12  medium      wire
            alpha     red      2021-08-11~            high        paper
        """),
        """
        place_id  control  day         form  disputed
        alpha     red      2021-08-11  wide  no
        """,
    )


def test_a_wide_report_that_excludes_the_day_makes_the_change_disputed():
    ledger = """
        place_id  control  when                    source_id
        alpha     red      2021-08-10              wire
        alpha     red      2021-08-{}/2021-08-15   paper
    """
    assert changes(ledger.format("10"))["disputed"].tolist() == [False]
    assert changes(ledger.format("11"))["disputed"].tolist() == [True]


def test_a_wide_report_that_excludes_the_day_of_a_wide_one_makes_the_change_disputed():
    assert_table(
        changes("""
            place_id  control  when                   source_id
            alpha     red      2021-08-05/2021-08-07  wire
            alpha     red      2021-08-09/2021-08-12  paper
        """),
        """
        place_id  control  day         disputed
        alpha     red      2021-08-07  yes
        """,
    )


def test_a_second_exact_day_makes_the_change_disputed():
    assert_table(
        changes("""
            place_id  control  when        source_id
            alpha     red      2021-08-10  wire
            alpha     red      2021-08-10  paper
            beta      red      2021-08-10  wire
            beta      red      2021-08-11  paper
        """),
        """
        place_id  control  day         disputed
        alpha     red      2021-08-10  no
        beta      red      2021-08-10  yes
        """,
    )


def test_a_later_sighting_disputes_nothing():
    assert_table(
        changes("""
            place_id  control  when
            alpha     red      2021-08-10
            alpha     red      ../2021-08-20
        """),
        """
        place_id  control  day         latest      disputed
        alpha     red      2021-08-10  2021-08-10  no
        """,
    )


def test_a_change_never_stands_later_than_its_first_sighting():
    assert_table(
        changes("""
            place_id  control  when                   confidence
            alpha     red      ../2021-08-10          low
            alpha     red      2021-08-12             high
            beta      red      ../2021-08-10          low
            beta      red      2021-08-08/2021-08-12  high
        """),
        """
        place_id  control  day
        alpha     red      2021-08-10
        beta      red      2021-08-10
        """,
    )


# Rule 4: window.


def test_the_window_spans_the_exact_reports():
    assert_table(
        changes("""
            place_id  control  when                   confidence  source_id
            alpha     red      2021-08-10             low         wire
            alpha     red      2021-08-12             high        paper
            alpha     red      2021-08-13             low         radio
            alpha     red      2021-08-01/2021-08-20  high        undated
        """),
        """
        place_id  control  day         earliest    latest
        alpha     red      2021-08-12  2021-08-10  2021-08-13
        """,
    )


def test_else_it_spans_the_wide_ones():
    assert_table(
        changes("""
            place_id  control  when
            alpha     blue     ../2021-08-01
            alpha     red      2021-08-07/2021-08-09
            alpha     red      2021-08-09~
        """),
        """
        place_id  control  day         earliest    latest      form
        alpha     blue     2021-08-01  2021-08-01  2021-08-01  by
        alpha     red      2021-08-09  2021-08-06  2021-08-12  wide
        """,
    )


def test_with_only_sightings_it_runs_from_the_day_after_the_other_was_last_seen():
    assert_table(
        changes("""
            place_id  control  when
            alpha     blue     2021-08-02
            alpha     blue     ../2021-08-05
            alpha     red      ../2021-08-10
            alpha     red      ../2021-08-12
        """),
        """
        place_id  control  day         earliest    latest      form
        alpha     blue     2021-08-02  2021-08-02  2021-08-02  day
        alpha     red      2021-08-10  2021-08-06  2021-08-10  by
        """,
    )


def test_after_unknown_a_sighting_has_no_window():
    assert_table(
        changes("""
            place_id  control  when
            alpha     red      ../2021-08-05
            beta      red      ../2021-08-10
        """),
        """
        place_id  control  previous  day         earliest    latest      form
        alpha     red      unknown   2021-08-05  2021-08-05  2021-08-05  by
        beta      red      unknown   2021-08-10  2021-08-10  2021-08-10  by
        """,
    )


def test_a_sighting_the_day_after_the_other_was_seen_has_no_window():
    assert_table(
        changes("""
            place_id  control  when
            alpha     blue     ../2021-08-09
            alpha     red      ../2021-08-10
        """),
        """
        place_id  control  day         earliest    latest
        alpha     blue     2021-08-09  2021-08-09  2021-08-09
        alpha     red      2021-08-10  2021-08-10  2021-08-10
        """,
    )


def test_two_sightings_on_one_day_have_no_window():
    assert_table(
        changes("""
            place_id  control    when
            alpha     blue       ../2021-08-10
            alpha     contested  ../2021-08-10
        """),
        """
        place_id  control    day         earliest    latest
        alpha     contested  2021-08-10  2021-08-10  2021-08-10
        alpha     blue       2021-08-10  2021-08-10  2021-08-10
        """,
    )


def test_a_window_never_opens_before_the_change_it_follows():
    assert_table(
        changes("""
            place_id  control  when
            alpha     blue     2021-08-09
            alpha     red      2021-08-10~
        """),
        """
        place_id  control  day         earliest    latest
        alpha     blue     2021-08-09  2021-08-09  2021-08-09
        alpha     red      2021-08-10  2021-08-09  2021-08-13
        """,
    )


def test_the_day_chosen_is_always_inside_the_window():
    # Seen on the 7th, though the exact reports say the 10th and 11th.
    assert_table(
        changes("""
            place_id  control  when
            alpha     red      ../2021-08-07
            alpha     red      2021-08-10
            alpha     red      2021-08-11
        """),
        """
        place_id  control  day         earliest    latest
        alpha     red      2021-08-07  2021-08-07  2021-08-11
        """,
    )


def test_changes_stand_in_order_even_where_a_report_that_joined_one_names_a_later_day():
    # The second report joins the change of the 6th, and outweighs it with the 10th.
    found = changes("""
        place_id  control  when                   confidence
        alpha     red      2021-08-06~            low
        alpha     red      2021-08-05/2021-08-10  high
        alpha     blue     2021-08-08             medium
    """)
    assert found["control"].tolist() == ["red", "blue"]
    assert found["day"].is_monotonic_increasing
    assert (found["earliest"] <= found["day"]).all()
    assert (found["day"] <= found["latest"]).all()


# Rule 6: claimed.


def test_a_change_that_only_the_gaining_side_asserts_is_claimed():
    assert_table(
        changes("""
            place_id  control  when           claimant_side
            alpha     red      2021-08-10     red
            alpha     red      ../2021-08-11  red
            beta      red      2021-08-10     blue
            gamma     red      2021-08-10     -
            delta     red      2021-08-10     red
            delta     red      ../2021-08-11  -
        """),
        """
        place_id  control  claimed
        alpha     red      yes
        beta      red      no
        gamma     red      no
        delta     red      no
        """,
    )


def test_a_change_is_claimed_by_its_own_side_not_by_a_former_one():
    assert_table(
        changes("""
            place_id  control  when        claimant_side
            alpha     blue     2021-08-02  red
            alpha     red      2021-08-10  red
            alpha     blue     2021-08-12  blue
        """),
        """
        place_id  control  claimed
        alpha     blue     no
        alpha     red      yes
        alpha     blue     yes
        """,
    )


# The whole table.


def test_a_change_says_all_of_this_at_once():
    found = changes("""
        place_id  control    when                   source_id  confidence  claimant_side
        alpha     blue       ../2021-08-01          undated    low         -
        alpha     contested  2021-08-05~            paper      medium      blue
        alpha     red        2021-08-12             wire       high        red
        alpha     red        2021-08-13             radio      medium      red
        fort      blue       ../2021-08-01          undated    low         -
        fort      red        ../2021-08-20          wire       medium      blue
    """)
    assert list(found) == COLUMNS
    assert_table(
        found,
        """
        place_id  control    previous   day         earliest    latest      form
        alpha     blue       unknown    2021-08-01  2021-08-01  2021-08-01  by
        alpha     contested  blue       2021-08-05  2021-08-02  2021-08-08  wide
        alpha     red        contested  2021-08-12  2021-08-12  2021-08-13  day
        fort      blue       unknown    2021-08-01  2021-08-01  2021-08-01  by
        fort      red        blue       2021-08-20  2021-08-02  2021-08-20  by
        """,
    )
    assert_table(
        found,
        """
        place_id  control    disputed  claimed
        alpha     blue       no        no
        alpha     contested  no        no
        alpha     red        yes       yes
        fort      blue       no        no
        fort      red        no        no
        """,
    )


def test_without_reports_there_are_no_changes():
    found = changes("""
        place_id  control  when        verdict
        alpha     red      2021-08-10  disputed
    """)
    assert found.empty
    assert list(found) == COLUMNS
