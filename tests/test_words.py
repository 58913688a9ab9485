"""A change in words: how sure it is, who says otherwise, and what is not known."""

import pytest

from geo import words
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import august


def how_sure(ledger):
    """The words for the last change of a ledger."""
    timeline = Timeline(tiny.study(ledger))
    return words.how_sure(timeline, timeline.changes.index[-1])


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2021-08-08", "on 8 August"),
        ("2021-08-12/2021-08-13", "between 12 and 13 August"),
        ("2021-08-13/2021-08-13", "on 13 August"),
        ("../2021-08-13", "by 13 August"),
        ("2021-07-31~", "between 28 July and 3 August"),
        ("2021-08", "between 1 and 31 August"),
    ],
)
def test_a_change_is_as_sure_as_its_report(when, said):
    assert (
        how_sure(f"""
            place_id  control  when
            alpha     red      {when}
        """)
        == said
    )


def test_a_change_seen_between_two_looks():
    assert (
        how_sure("""
            place_id  control  when
            alpha     blue     ../2021-08-10
            alpha     red      ../2021-08-13
        """)
        == "between 11 and 13 August"
    )


def test_a_disputed_change_tells_who_says_otherwise():
    assert (
        how_sure("""
            place_id  control  when                   source_id  confidence
            alpha     red      2021-08-12             wire       high
            alpha     red      2021-08-12             undated    high
            alpha     red      2021-08-13             paper      medium
            alpha     red      2021-08-13             radio      medium
            alpha     red      2021-08-14/2021-08-16  reprint    low
            alpha     red      ../2021-08-13          radio      low
        """)
        == "on 12 August; disputed: two sources say 13 August, "
        "one source says between 14 and 16 August"
    )


def test_a_place_seen_to_be_held_before_the_day_that_others_give():
    # Nobody says that it fell on the 7th: it was seen to have fallen by then.
    assert (
        how_sure("""
            place_id  control  when           source_id
            alpha     red      ../2021-08-07  wire
            alpha     red      2021-08-10     paper
        """)
        == "by 7 August; disputed: one source says 10 August"
    )


def test_a_source_that_says_it_twice_is_one_source():
    assert (
        how_sure("""
            place_id  control  when        source_id  confidence
            alpha     red      2021-08-12  wire       high
            alpha     red      2021-08-13  paper      low
            alpha     red      2021-08-13  paper      low
        """)
        == "on 12 August; disputed: one source says 13 August"
    )


def test_an_approximate_day_stays_approximate_in_dissent():
    assert (
        how_sure("""
            place_id  control  when         source_id
            alpha     red      2021-08-12   wire
            alpha     red      2021-08-20~  paper
        """)
        == "on 12 August; disputed: one source says about 20 August"
    )


def test_a_claimed_change_names_who_claims_it():
    assert (
        how_sure("""
            place_id  control  when        claimant_side
            alpha     red      2021-08-08  red
        """)
        == "on 8 August; claimed by Red only"
    )


def test_from_whom_to_whom():
    timeline = Timeline(
        tiny.study("""
        place_id  control    when
        alpha     contested  2021-08-08
        alpha     red        2021-08-09
    """)
    )
    assert words.from_to(timeline, 0) == "Unknown → Contested"
    assert words.from_to(timeline, 1) == "Contested → Red"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "no sources"), (1, "one source"), (2, "two sources"), (10, "ten sources"),
     (11, "11 sources"), (1234, "1,234 sources")],
)  # fmt: skip
def test_counts_in_words(count, said):
    assert words.number(count, "source") == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("capital", "whoever holds its capital"),
        ("reported", "that reports give to the district itself"),
        ("majority", "whoever holds most of its cities and towns; a tie is contested"),
    ],
)
def test_the_legend_says_the_rule_in_words(rule, said):
    study = tiny.study(area_rule=rule, area_unit=("district", "districts"))
    assert words.rule(study).startswith("A district takes the colour")
    assert said in words.rule(study)


def test_silence_in_words():
    ledger = """
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      2021-08-{}
    """
    assert (
        words.silence(Timeline(tiny.study(ledger.format(13)))) == "no report after 13 August 2021"
    )
    assert words.silence(Timeline(tiny.study(ledger.format(31)))) == ""
    assert words.silence(Timeline(tiny.study(), sources=[])) == "no usable report"
    assert words.silence(Timeline(tiny.study(), known_on=august(4))) == "no usable report"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 %"),
        (0.001, "<1 %"),
        (0.005, "<1 %"),
        (0.0051, "1 %"),
        (0.25, "25 %"),
        (0.5, "50 %"),
        (0.99, "99 %"),
        (0.995, ">99 %"),
        (0.9999, ">99 %"),
        (1, "100 %"),
        (float("nan"), "–"),
    ],
)
def test_a_share_is_never_nothing_or_all_where_it_is_not(value, said):
    assert words.share(value) == said


def test_a_control_is_called_what_the_study_calls_it():
    timeline = Timeline(tiny.study())
    assert words.control_label(timeline, "red") == "Red"
    assert words.control_label(timeline, "purple") == "Unknown"


@pytest.mark.parametrize(
    ("origin", "publisher", "said"),
    [
        ("AP", "Yahoo News", "AP via Yahoo News"),
        ("Pajhwok", "Pajhwok Afghan News", "Pajhwok Afghan News"),
        ("VOA", "voa news", "voa news"),
        ("", "Dawn", "Dawn"),
    ],
)
def test_a_source_is_named_by_its_origin_and_its_publisher(origin, publisher, said):
    assert words.source_name({"origin": origin, "publisher": publisher}) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (400, "400 people"),
        (999_999, "999,999 people"),
        (1e6, "1.0 million people"),
        (31_890_000, "31.9 million people"),
    ],
)
def test_people_are_counted_in_millions_where_there_are_millions(count, said):
    assert words.people(count) == said
