"""Events → what stands beside a day's control: where there was fighting, and how many died.

A study may hold ``events.csv``. Its events are context: they move nothing on the map, say
nothing of who holds a place, and no choice of sources changes them. Text comes in and is
checked; the events of a day, their sum in words, and columns for the browser go out.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo import dates
from geo.problems import ERROR, WARNING, Problem, flag
from geo.schemas import Settings

FILE = "events.csv"

COLUMNS = {
    "event_id": "an id of its own that never changes",
    "when": "as in reports.csv; an event has no ../",
    "lat": "latitude in degrees, WGS 84",
    "lon": "longitude in degrees, WGS 84",
    "name": "what it is called: the two sides, or the place",
    "kind": "what happened, in a few words: state-based conflict",
    "side_a": "who fought, on one side",
    "side_b": "and on the other",
    "deaths": "the best estimate; blank where there is none",
    "deaths_low": "the least",
    "deaths_high": "the most",
    "source": "who says so",
    "url": "where it can be read",
    "precision": "how exact place and day are, in words: within 25 km",
}
"""The columns of ``events.csv``: the first four are needed, the others may be left out."""

NEEDED = ("event_id", "when", "lat", "lon")

DEATHS = ("deaths", "deaths_low", "deaths_high")

MOST_DEATHS = 100_000_000
"""More in one event are a slip of the pen."""

LEAST, MOST, STEP = 3.5, 12.0, 0.85
"""Half the width of a mark, in pixels or units: that of no deaths, and of as many as may be.
Between them it grows with the root of the deaths, as its area does with them."""

CODED = ("name", "kind", "side_a", "side_b", "source", "url", "precision")
"""Texts that many events share: the browser is told each once."""


def none() -> pd.DataFrame:
    """No events."""
    return typed(pd.DataFrame(columns=list(COLUMNS), dtype=str))


def check(settings: Settings | None, table: pd.DataFrame) -> list[Problem]:
    """Check a table of events.

    Parameters
    ----------
    settings : geo.schemas.Settings, optional
    table : pandas.DataFrame
        As read: text cells, indexed by place in the file.

    Returns
    -------
    list of Problem
        A column that is missing, an id that is blank or stands twice, a date, a place or a
        number that is none, and estimates that are not low ≤ best ≤ high. An event on no day
        of the study, and an address that is none, are worth a warning.
    """
    problems = [
        Problem(ERROR, FILE, None, name, "the column is missing", f"a column named {name}")
        for name in NEEDED
        if name not in table
    ]
    if problems:
        return problems
    table = complete(table)
    ids = table["event_id"]
    problems += flag(FILE, table, "event_id", ids == "", "the cell is empty", COLUMNS["event_id"])
    twice = ids.duplicated() & (ids != "")
    problems += flag(FILE, table, "event_id", twice, "“{}” stands more than once", "an id for each")
    for name, most in (("lat", 90), ("lon", 180)):
        off = ~pd.to_numeric(table[name], errors="coerce").between(-most, most)
        right = f"degrees between {-most} and {most}"
        problems += flag(FILE, table, name, off, "“{}” is no place on earth", right)
    problems += _check_deaths(table)
    url = table["url"]
    odd = (url != "") & ~url.str.match(r"https?://", case=False)
    wrong, right = "“{}” is no web address and is shown as text", "https://… or blank"
    problems += flag(FILE, table, "url", odd, wrong, right, WARNING)
    return problems + _check_days(settings, table)


def _check_deaths(table: pd.DataFrame) -> list[Problem]:
    problems = []
    for name in DEATHS:
        number = pd.to_numeric(table[name], errors="coerce")
        odd = (table[name] != "") & ~((number >= 0) & (number % 1 == 0) & (number <= MOST_DEATHS))
        wrong, right = "“{}” is no number of deaths", "a whole number, or blank"
        problems += flag(FILE, table, name, odd, wrong, right)
    best, low, high = (pd.to_numeric(table[name], errors="coerce") for name in DEATHS)
    turned = (low > best) | (best > high) | (low > high)
    wrong = "“{}” is not between the least and the most"
    right = "deaths_low ≤ deaths ≤ deaths_high"
    return problems + flag(FILE, table, "deaths", turned, wrong, right)


def _check_days(settings: Settings | None, table: pd.DataFrame) -> list[Problem]:
    days, refused = dates.parse_whens(table["when"])
    seen = days["form"] == "by"
    right = "2021-08-13, 2021-08-12/2021-08-13, 2021-08-13~ or 2021-08"
    no_day = days["named"].isna()
    problems = flag(FILE, table, "when", no_day, lambda text: refused[text], right)
    wrong = "“{}” has no first day, and an event was on a day"
    problems += flag(FILE, table, "when", seen, wrong, right)
    if settings is None:
        return problems
    first, last = pd.Timestamp(settings.start), pd.Timestamp(settings.end)
    outside = int(((days["last"] < first) | (days["first"] > last)).sum())
    if outside:
        wrong = f"{_number(outside, 'event')} outside the study's days, shown on none"
        right = f"events of {settings.start} to {settings.end}, or a longer study"
        problems.append(Problem(WARNING, FILE, None, "when", wrong, right))
    return problems


def complete(table: pd.DataFrame) -> pd.DataFrame:
    """A table with the columns that it may leave out, blank."""
    return table.assign(**{name: "" for name in COLUMNS if name not in table})[list(COLUMNS)]


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Events with their types.

    Parameters
    ----------
    table : pandas.DataFrame
        One that :func:`check` finds no error in.

    Returns
    -------
    pandas.DataFrame
        Its columns; ``lat`` and ``lon`` as float64, deaths as Int64, and ``form, first, last,
        named`` of the date (:class:`geo.dates.When`).
    """
    table = complete(table)
    numbers = {name: pd.to_numeric(table[name]).astype("float64") for name in ("lat", "lon")}
    numbers |= {
        name: pd.to_numeric(table[name], errors="coerce").astype("Int64") for name in DEATHS
    }
    return table.assign(**numbers).join(dates.parse_whens(table["when"])[0])


def on_day(events: pd.DataFrame, day: date) -> pd.DataFrame:
    """The events that may have been on a day, those with the most deaths first."""
    at = pd.Timestamp(day)
    here = events[(events["first"] <= at) & (at <= events["last"])]
    return here.sort_values("deaths", ascending=False, kind="stable", na_position="last")


def in_words(events: pd.DataFrame) -> str:
    """How many events, and how many died: ``4 events, 37 deaths (12–60)``."""
    count = _number(len(events), "event")
    known = events.dropna(subset="deaths")
    if known.empty:
        return count
    best = int(known["deaths"].sum())
    low, high = (int(known[name].fillna(known["deaths"]).sum()) for name in DEATHS[1:])
    return f"{count}, {deaths(best, low, high)}"


def deaths(best: int, low: int | None, high: int | None) -> str:
    """An estimate in words: ``37 deaths (12–60)``, ``1 death``."""
    text = _number(best, "death")
    low, high = (best if end is None else end for end in (low, high))
    return text if low == best == high else f"{text} ({low:,}–{high:,})"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def when_in_words(event: Any) -> str:
    """When an event was: ``on 13 August``, ``between 12 and 13 August``, ``in August 2021``.

    Parameters
    ----------
    event : named tuple or pandas.Series
        With ``form, first, last, named``.
    """
    first, last, named = (getattr(event, name).date() for name in ("first", "last", "named"))
    if first == last:
        return f"on {dates.in_words(named, year=False)}"
    if event.form == "about":
        return f"about {dates.in_words(named, year=False)}"
    if event.form == "month":
        return f"in {dates.in_words(named).split(maxsplit=1)[1]}"
    return f"between {dates.span_in_words(first, last)}"


def radius(events: pd.DataFrame) -> np.ndarray:
    """Half the width of each event's mark."""
    died = events["deaths"].fillna(0).to_numpy(dtype=float)
    return np.round(np.minimum(LEAST + STEP * np.sqrt(died), MOST), 1)


def payload(events: pd.DataFrame, start: date, end: date) -> dict[str, Any] | None:
    """Events as the browser is told them.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`typed`.
    start, end : datetime.date
        The study's days.

    Returns
    -------
    dict or None
        A column each: ``lat, lon`` in degrees, ``first, last`` as positions among the study's
        days, ``exact`` (whether on a single day), ``radius``, ``deaths`` and its bounds (None
        where unknown), ``when`` in words; of :data:`CODED` a position in ``texts``. None
        where no event is on one of the study's days.
    """
    days = pd.Timestamp(start), pd.Timestamp(end)
    events = events[(events["last"] >= days[0]) & (events["first"] <= days[1])]
    if events.empty:
        return None
    events = events.sort_values(["first", "event_id"], kind="stable")
    whens = events.drop_duplicates("when")
    said = {row.when: when_in_words(row) for row in whens.itertuples()}
    texts, codes = ["", *said.values()], {text: at for at, text in enumerate(said, 1)}
    columns: dict[str, Any] = {"when": events["when"].map(codes).tolist()}
    for name in CODED:
        code, distinct = pd.factorize(events[name])
        columns[name] = (code + len(texts)).tolist()
        texts += [str(text) for text in distinct]
    for name in DEATHS:
        columns[name] = [None if pd.isna(cell) else int(cell) for cell in events[name]]
    return {
        **columns,
        "texts": texts,
        "lat": events["lat"].round(4).tolist(),
        "lon": events["lon"].round(4).tolist(),
        "first": (events["first"].clip(lower=days[0]) - days[0]).dt.days.tolist(),
        "last": (events["last"].clip(upper=days[1]) - days[0]).dt.days.tolist(),
        "exact": (events["first"] == events["last"]).astype(int).tolist(),
        "radius": radius(events).tolist(),
    }
