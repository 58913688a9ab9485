"""A written date → the first and last day it allows.

Reports say when with five forms of EDTF (ISO 8601-2). This module reads them and refuses
everything else by name, so that a date is never taken for what its author did not mean.
Data flows one way: text in, days out; no clock and no time zone anywhere.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
from edtf import parse_edtf
from edtf.parser import parser_classes

APPROXIMATE_DAYS = 3
"""How far ``~`` reaches either way: controlmap's own rule, EDTF leaves it open."""

FORMS = ("day", "interval", "by", "about", "month")
"""The five forms, in the order of the study format's documentation."""

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PATTERNS = {
    "day": re.compile(_DAY),
    "interval": re.compile(f"{_DAY}/{_DAY}"),
    "by": re.compile(rf"\.\./({_DAY})"),
    "about": re.compile(f"({_DAY})~"),
    "month": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
}
_REFUSED = {
    "Date": "no day or month",
    "Season": "a season or quarter",
    "UncertainOrApproximate": "an uncertain date, or an approximate month or year",
    "PartialUncertainOrApproximate": "a date with an uncertain part",
    "Interval": "an interval of anything but two plain days",
    "Level1Interval": "an interval that is open, or of anything but two plain days",
    "Level2Interval": "an interval of anything but two plain days",
    "Unspecified": "a date with unspecified digits",
    "PartialUnspecified": "a date with unspecified digits",
    "OneOfASet": "a set of dates",
    "MultipleDates": "a set of dates",
    "DateAndTime": "a time of day",
}
"""EDTF that is not one of the five forms, by the name of the edtf library's class."""


# Of texts it half knows the library prints what it fails at: not into a command's answer.
parser_classes.print = lambda *_: None  # type: ignore[attr-defined]


class When(NamedTuple):
    """What a written date allows.

    Attributes
    ----------
    form : str
        One of :data:`FORMS`.
    first, last : datetime.date
        The first and last possible day. For ``by`` both are the day seen: the first is open.
    named : datetime.date
        The day that orders a report among others: the day itself, the last day of an
        interval or month, the middle of ``~``, the day seen of ``../``.
    """

    form: str
    first: date
    last: date
    named: date


def parse_when(text: str) -> When:
    """Read one written date.

    Parameters
    ----------
    text : str
        ``2021-08-13``, ``2021-08-12/2021-08-13``, ``../2021-08-13``, ``2021-07-22~``
        or ``2021-07``.

    Raises
    ------
    ValueError
        In words for a curator, when the text is none of the five forms.

    Examples
    --------
    >>> parse_when("2021-07-22~")[1:3]
    (datetime.date(2021, 7, 19), datetime.date(2021, 7, 25))
    """
    form = next((f for f, pattern in _PATTERNS.items() if pattern.fullmatch(text)), None)
    if form is None:
        raise ValueError(_refusal(text))
    try:
        first, last, named = _bounds(form, text)
    except (ValueError, OverflowError):
        raise ValueError(f"“{text}” is not a day of the calendar") from None
    if first > last:
        raise ValueError(f"“{text}” ends before it begins")
    return When(form, first, last, named)


def _bounds(form: str, text: str) -> tuple[date, date, date]:
    """First, last and named day; plain days bypass EDTF's parser, which takes milliseconds."""
    if form == "month":
        month = parse_edtf(text)
        first, last = date(*month.lower_strict()[:3]), date(*month.upper_strict()[:3])
        return first, last, last
    if form == "about":
        middle = date.fromisoformat(text[:-1])
        reach = timedelta(days=APPROXIMATE_DAYS)
        return middle - reach, middle + reach, middle
    days = [date.fromisoformat(part) for part in text.removeprefix("../").split("/")]
    return days[0], days[-1], days[-1]


def parse_whens(texts: pd.Series) -> tuple[pd.DataFrame, dict[str, str]]:
    """Read a column of written dates, each distinct text once.

    Parameters
    ----------
    texts : pandas.Series of str

    Returns
    -------
    days : pandas.DataFrame
        Columns ``form`` (categorical) and ``first``, ``last``, ``named`` (datetime64[s]),
        on the index of `texts`; missing where the text was refused.
    refused : dict
        Each refused text and what is wrong with it.
    """
    codes, distinct = pd.factorize(texts.fillna("").astype(str))
    read: dict[str, When] = {}
    refused: dict[str, str] = {}
    for text in distinct:
        try:
            read[text] = parse_when(text)
        except ValueError as error:
            refused[text] = str(error)
    table = pd.DataFrame([read.get(t, (None,) * 4) for t in distinct], columns=When._fields)
    table["form"] = pd.Categorical(table["form"], FORMS)
    for column in ("first", "last", "named"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    return table.iloc[codes].set_axis(texts.index), refused


def _refusal(text: str) -> str:
    if not text:
        return "the date is missing"
    try:
        name = type(parse_edtf(text)).__name__
    except Exception:  # it fails at texts it half knows with errors of any kind
        return f"“{text}” is not a date in EDTF"
    return f"“{text}” is {_REFUSED.get(name, 'EDTF of a form that reports do not use')}"


def in_words(day: date, year: bool = True) -> str:
    """A day as people say it: ``13 August 2021``, in English whatever the locale."""
    text = f"{day.day} {_MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def in_brief(day: date) -> str:
    """A day where there is little room: ``13 Aug``."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def span_in_words(first: date, last: date) -> str:
    """Two days as people say them: ``12 and 13 August``, ``31 July and 2 August``."""
    same_month = (first.year, first.month) == (last.year, last.month)
    start = str(first.day) if same_month else in_words(first, year=first.year != last.year)
    return f"{start} and {in_words(last, year=first.year != last.year)}"


def weekday(day: date) -> str:
    """The English name of a day of the week."""
    return _WEEKDAYS[day.weekday()]


_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
