"""A written date says exactly what its author meant, or is refused by name."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from pandas.testing import assert_frame_equal

from geo.dates import in_words, parse_when, parse_whens, span_in_words, weekday


def days(text):
    """Form, first, last and named day as text."""
    when = parse_when(text)
    return [when.form, *(day.isoformat() for day in when[1:])]


@pytest.mark.parametrize(
    ("text", "form", "first", "last", "named"),
    [
        ("2021-08-13", "day", "2021-08-13", "2021-08-13", "2021-08-13"),
        ("2021-08-12/2021-08-13", "interval", "2021-08-12", "2021-08-13", "2021-08-13"),
        ("2021-08-13/2021-08-13", "interval", "2021-08-13", "2021-08-13", "2021-08-13"),
        ("../2021-08-13", "by", "2021-08-13", "2021-08-13", "2021-08-13"),
        ("2021-07-22~", "about", "2021-07-19", "2021-07-25", "2021-07-22"),
        ("2021-07", "month", "2021-07-01", "2021-07-31", "2021-07-31"),
        ("2020-02", "month", "2020-02-01", "2020-02-29", "2020-02-29"),
        ("2020-02-29", "day", "2020-02-29", "2020-02-29", "2020-02-29"),
        ("2020-03-01~", "about", "2020-02-27", "2020-03-04", "2020-03-01"),
        ("2020-12-31/2021-01-02", "interval", "2020-12-31", "2021-01-02", "2021-01-02"),
    ],
)
def test_each_form_gives_its_first_last_and_named_day(text, form, first, last, named):
    assert days(text) == [form, first, last, named]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "the date is missing"),
        ("2021", "no day or month"),
        ("2021-08-13?", "an uncertain date, or an approximate month or year"),
        ("2021-07~", "an uncertain date, or an approximate month or year"),
        ("2021-22", "a season or quarter"),
        ("2021-XX", "a date with unspecified digits"),
        ("2021-08-XX", "a date with unspecified digits"),
        ("[2021-08-12,2021-08-13]", "a set of dates"),
        ("{2021-08-12,2021-08-13}", "a set of dates"),
        ("2021-08-13/..", "an interval that is open"),
        ("2021-08/2021-09", "an interval of anything but two plain days"),
        ("2021-08-12~/2021-08-13", "an interval"),
        ("2021-08-13/2021-08-12", "ends before it begins"),
        ("2021-02-29", "not a day of the calendar"),
        ("../2021-02-30", "not a day of the calendar"),
        ("9999-12-31~", "not a day of the calendar"),
        ("0000-05", "not a day of the calendar"),
        ("2021-13", "not a date in EDTF"),
        ("13.08.2021", "not a date in EDTF"),
        ("08/13/2021", "not a date in EDTF"),
        ("20210813", "not a date in EDTF"),
        ("2021-8-13", "not a date in EDTF"),
        ("2021-08-13T10:00", "not a date in EDTF"),
        ("yesterday", "not a date in EDTF"),
        ("٢٠٢١-٠٨-١٣", ""),
        ("٢٠٢١-08", ""),
    ],
)
def test_everything_else_is_refused_in_words(text, wrong):
    with pytest.raises(ValueError) as refused:
        parse_when(text)
    assert wrong in str(refused.value)
    assert text in str(refused.value)


@given(some.text("01289-/.~?%uxXTZyE^,[]{} :", max_size=14))
@example("../20x4-06-01")
@example("2021-0X/../")
def test_whatever_looks_like_a_date_is_read_or_refused_in_words(text):
    days, refused = parse_whens(pd.Series([text]))
    assert days["named"].isna().tolist() == [text in refused]


@pytest.mark.parametrize("text", ["../20x4-06-01", "2021-0X/../"])
def test_what_is_refused_is_not_printed_beside(text, capsys):
    parse_whens(pd.Series([text]))
    assert capsys.readouterr().out == ""


def test_a_time_of_day_is_refused_as_a_time_of_day():
    with pytest.raises(ValueError, match="is a time of day"):
        parse_when("2021-08-13T10:00:00Z")


def test_a_column_of_dates_keeps_its_index_and_names_what_it_refuses():
    texts = pd.Series(["2021-08-13", "soon", "2021-08", "2021-08-13"], index=[7, 3, 5, 9])
    found, refused = parse_whens(texts)
    expected = pd.DataFrame(
        {
            "form": pd.Categorical(
                ["day", None, "month", "day"], ["day", "interval", "by", "about", "month"]
            ),
            "first": ["2021-08-13", None, "2021-08-01", "2021-08-13"],
            "last": ["2021-08-13", None, "2021-08-31", "2021-08-13"],
            "named": ["2021-08-13", None, "2021-08-31", "2021-08-13"],
        },
        index=[7, 3, 5, 9],
    )
    expected = expected.astype(dict.fromkeys(["first", "last", "named"], "datetime64[s]"))
    assert_frame_equal(found, expected)
    assert refused == {"soon": "“soon” is not a date in EDTF"}


def test_a_column_holds_days_of_any_century():
    found, refused = parse_whens(pd.Series(["1066-10-14", "9999-12-31"]))
    assert found["first"].dt.strftime("%Y-%m-%d").tolist() == ["1066-10-14", "9999-12-31"]
    assert not refused


def test_a_blank_in_a_column_is_a_missing_date():
    assert parse_whens(pd.Series(["", None]))[1] == {"": "the date is missing"}


def test_days_in_words():
    assert in_words(date(2021, 8, 3)) == "3 August 2021"
    assert in_words(date(2021, 12, 31), year=False) == "31 December"
    assert weekday(date(2021, 8, 13)) == "Friday"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2021, 8, 12), date(2021, 8, 13), "12 and 13 August"),
        (date(2021, 7, 31), date(2021, 8, 2), "31 July and 2 August"),
        (date(2020, 12, 31), date(2021, 1, 2), "31 December 2020 and 2 January 2021"),
        (date(2020, 8, 1), date(2021, 8, 2), "1 August 2020 and 2 August 2021"),
    ],
)
def test_two_days_in_words(first, last, words):
    assert span_in_words(first, last) == words
