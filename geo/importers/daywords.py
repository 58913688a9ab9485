"""Days as tables write them → days of the calendar, by a form that is stated or found.

A form is a pattern of ``strptime``. It is found from values that only one reading fits:
13/08/2021 can be read in one way, 08/09/2021 in two, and then the form is asked for instead
of guessed. Two digits of a year and a spreadsheet's serial numbers are refused: both need
knowledge that the table does not hold.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

ISO = "%Y-%m-%d"

_DATES = (
    (ISO, r"\d{4}-\d\d?-\d\d?"),
    ("%Y/%m/%d", r"\d{4}/\d\d?/\d\d?"),
    ("%Y.%m.%d", r"\d{4}\.\d\d?\.\d\d?"),
    ("%Y_%m_%d", r"\d{4}_\d\d?_\d\d?"),
    ("%Y%m%d", r"(?:18|19|20|21)\d{6}"),
    ("%d/%m/%Y", r"\d\d?/\d\d?/\d{4}"),
    ("%m/%d/%Y", r"\d\d?/\d\d?/\d{4}"),
    ("%d.%m.%Y", r"\d\d?\.\d\d?\.\d{4}"),
    ("%m.%d.%Y", r"\d\d?\.\d\d?\.\d{4}"),
    ("%d-%m-%Y", r"\d\d?-\d\d?-\d{4}"),
    ("%m-%d-%Y", r"\d\d?-\d\d?-\d{4}"),
    ("%d %B %Y", r"\d\d? [^\W\d]+ \d{4}"),
    ("%d %b %Y", r"\d\d? [^\W\d]+ \d{4}"),
    ("%d-%b-%Y", r"\d\d?-[^\W\d]+-\d{4}"),
    ("%B %d, %Y", r"[^\W\d]+ \d\d?, \d{4}"),
    ("%b %d, %Y", r"[^\W\d]+ \d\d?, \d{4}"),
)
_TIMES = (
    ("", ""),
    (" %H:%M:%S", r" \d\d:\d\d:\d\d"),
    ("T%H:%M:%S", r"T\d\d:\d\d:\d\d"),
    ("T%H:%M:%SZ", r"T\d\d:\d\d:\d\dZ"),
    (" %H:%M", r" \d\d?:\d\d"),
)
FORMATS = tuple(date + time for time, _ in _TIMES for date, _ in _DATES)
"""The forms looked for. A time of day is read over: a study knows days."""

_SHAPES = {
    date + time: re.compile(shape + of_time) for time, of_time in _TIMES for date, shape in _DATES
}
_SHORT_YEAR = re.compile(r"\d\d?[-/. ](?:\d\d?|[^\W\d]+)[-/. ]\d\d")
_SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d+)?")


class Undecided(ValueError):
    """Days whose form cannot be told; the message says why, in words for whoever asked."""


class Ambiguous(Undecided):
    """Days that two forms fit; more of them may tell."""


@lru_cache(maxsize=100_000)
def read(text: str, format: str) -> date | None:
    """A day written in a form, or None where it is no such day.

    Examples
    --------
    >>> read("13/08/2021", "%d/%m/%Y")
    datetime.date(2021, 8, 13)
    """
    shape = _SHAPES.get(format)
    if shape and not shape.fullmatch(text):
        return None
    # A May is whole and short at once: what was found in it must read the other months too.
    for pattern in dict.fromkeys((format, format.replace("%b", "%B"), format.replace("%B", "%b"))):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def check(format: str) -> str:
    """Why a stated form cannot be used; blank when it can."""
    directives = re.findall(r"%[-#]?(.)", format)
    if "y" in directives or "D" in directives or "x" in directives:
        return "two digits of a year leave the century open; write the days with four"
    named = {"Y", "d"} <= set(directives) and {"m", "b", "B"} & set(directives)
    if not (named or {"Y", "j"} <= set(directives) or {"G", "V", "u"} <= set(directives)):
        return "it names no day, month and year: %d, %m (or %b, %B) and %Y"
    try:
        datetime.strptime(date(2021, 8, 13).strftime(format), format)
    except ValueError as error:
        return f"it is no pattern of strptime: {error}"
    return ""


def guess(values: Iterable[str]) -> str:
    """The form of some days.

    Parameters
    ----------
    values : iterable of str
        Some may be no days at all; blanks are passed over.

    Raises
    ------
    Ambiguous
        When all of them fit two forms, which differ on some.
    Undecided
        When no form fits, or two fit a part of them each.
    """
    texts = sorted({text for text in values if text})
    if not texts:
        raise Undecided("there is no day in it")
    days = {format: [read(text, format) for text in texts] for format in FORMATS}
    fits = {format: sum(day is not None for day in found) for format, found in days.items()}
    best = max(fits, key=lambda format: fits[format])
    if 2 * fits[best] < len(texts):
        raise Undecided(_why_not(texts))
    for rival in (each for each in FORMATS if each != best and _alike(each, best)):
        readings = list(zip(texts, days[best], days[rival], strict=True))
        ours = next((text for text, mine, other in readings if mine and not other), "")
        theirs = next((text for text, mine, other in readings if other and not mine), "")
        if theirs and ours:
            raise Undecided(f"“{ours}” is written as {best}, “{theirs}” as {rival}")
        two = next((each for each in readings if each[1] != each[2]), None)
        if two and not ours:
            text, mine, other = two
            raise Ambiguous(f"“{text}” is two days: {mine} as {best}, {other} as {rival}")
    return best


def _alike(one: str, other: str) -> bool:
    """Whether two forms look the same, and name the day and the month in another order."""
    return _SHAPES[one].pattern == _SHAPES[other].pattern and "%d" in one and "%m" in one


def _why_not(texts: list[str]) -> str:
    short = [text for text in texts if _SHORT_YEAR.fullmatch(text)]
    serial = [text for text in texts if _SERIAL.fullmatch(text)]
    if 2 * len(short) > len(texts):
        return f"“{short[0]}” has two digits of a year, which leave the century open"
    if 2 * len(serial) > len(texts):
        return (
            f"“{serial[0]}” is a spreadsheet's number of a day, which counts from 1900 in some "
            "and from 1904 in others"
        )
    return f"“{texts[0]}” is a day in no form that is known"
