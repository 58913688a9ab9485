"""A change in words: the same on the map, in the panels, on the picture and in tables."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from geo import style
from geo.dates import in_words, span_in_words
from geo.study import Study
from geo.timeline import Timeline

NUMBERS = "no one two three four five six seven eight nine ten".split()


def number(count: int, noun: str) -> str:
    """A count in words: ``two sources``, ``1 source`` never."""
    text = NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"
    return f"{text} {noun}" + ("" if count == 1 else "s")


def how_sure(timeline: Timeline, change: int) -> str:
    """When a change was, and how sure that is.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    change : int
        A row of ``timeline.changes``.

    Returns
    -------
    str
        ``on 8 August``, ``by 13 August``, ``between 12 and 13 August``, with ``disputed: two
        sources say 13 August`` and ``claimed by the Taliban only`` where they apply.
    """
    row = timeline.changes.loc[change]
    day, earliest, latest = (row[c].date() for c in ("day", "earliest", "latest"))
    return _sure(
        _Change(day, earliest, latest, row["form"], row["control"], row["claimed"]),
        timeline.study.controls,
        _claims(timeline.behind(change)) if row["disputed"] else None,
    )


def all_sure(timeline: Timeline) -> list[str]:
    """:func:`how_sure` of every change, in the order of ``timeline.changes``."""
    table, controls = timeline.changes, timeline.study.controls
    days = [table[column].dt.date.tolist() for column in ("day", "earliest", "latest")]
    rest = [table[column].tolist() for column in ("form", "control", "claimed")]
    claims = _claims(timeline.reports) if table["disputed"].any() else []
    disputed = table["disputed"].tolist()
    return [
        _sure(
            change,
            controls,
            [claims[at] for at in timeline.positions[number]] if disputed[number] else None,
        )
        for number, change in enumerate(map(_Change, *days, *rest))
    ]


class _Change(NamedTuple):
    day: date
    earliest: date
    latest: date
    form: str
    control: str
    claimed: bool


class _Claim(NamedTuple):
    """What a report says of the day, and which source says it."""

    first: date
    last: date
    form: str
    named: date
    source: str


def _claims(reports: pd.DataFrame) -> list[_Claim]:
    first, last, named = (reports[c].dt.date.tolist() for c in ("first", "last", "named"))
    form, source = reports["form"].tolist(), reports["source_id"].tolist()
    return list(map(_Claim, first, last, form, named, source))


def _sure(change: _Change, controls: dict[str, style.Control], behind: list[_Claim] | None) -> str:
    """A change in words; with the reports behind it where its day is disputed."""
    day = change.day
    if behind is not None:
        dated = [claim for claim in behind if claim.form != "by"]
        dissent = [claim for claim in dated if not claim.first <= day <= claim.last]
        agreed = len(dissent) < len(dated)
        text = f"{'on' if agreed else 'by'} {_short(day)}; disputed: {_in_words(dissent)}"
    elif change.earliest < change.latest:
        text = f"between {span_in_words(change.earliest, change.latest)}"
    else:
        text = f"{'by' if change.form == 'by' else 'on'} {_short(day)}"
    if change.claimed:
        text += f"; claimed by {controls[change.control].label} only"
    return text


def _short(day: date) -> str:
    return in_words(day, year=False)


def _in_words(dissent: list[_Claim]) -> str:
    """Who gives another day: ``two sources say 13 August``."""
    said = []
    for _, same in groupby(sorted(dissent), key=lambda claim: claim[:3]):
        claims = list(same)
        count = len({claim.source for claim in claims})
        verb = "says" if count == 1 else "say"
        one = claims[0]
        told = _when(one.form, one.first, one.last, one.named)
        said.append(f"{number(count, 'source')} {verb} {told}")
    return ", ".join(said)


def when(report: pd.Series) -> str:
    """The days a report allows: ``13 August``, ``by 13 August``, ``between 12 and 13 August``."""
    return _when(report["form"], *(report[c].date() for c in ("first", "last", "named")))


def _when(form: str, first: date, last: date, named: date) -> str:
    if form == "by":
        return f"by {_short(last)}"
    if form == "about":
        return f"about {_short(named)}"
    return _short(first) if first == last else f"between {span_in_words(first, last)}"


def source_name(source: Mapping[Any, Any] | pd.Series) -> str:
    """Where the news came from and who published it: ``AP via Yahoo``.

    Parameters
    ----------
    source : mapping of str or pandas.Series
        A row of ``sources.csv``.
    """
    origin, publisher = source["origin"], source["publisher"]
    if not origin or origin.casefold() in publisher.casefold():
        return publisher
    return f"{origin} via {publisher}"


def source_names(sources: pd.DataFrame) -> pd.Series:
    """:func:`source_name` of each row of ``sources.csv``; there may be none."""
    names = [source_name(source) for source in sources.to_dict("records")]
    return pd.Series(names, index=sources.index, dtype=object)


def claimed_by(timeline: Timeline) -> str:
    """Whose claims alone are read: ``only what the Taliban and two other claimants said``."""
    first, *others = sorted(timeline.claimants or (), key=lambda name: (name == "", name))
    more = f" and {number(len(others), 'other claimant')}" if others else ""
    return f"only what {first or 'the sources themselves'}{more} said"


def from_to(timeline: Timeline, change: int) -> str:
    """From whom to whom: ``Government → Taliban``."""
    controls, row = timeline.study.controls, timeline.changes.loc[change]
    return f"{controls[row['previous']].label} → {controls[row['control']].label}"


def rule(study: Study) -> str:
    """The area rule in words, for the legend: a province is more than its capital."""
    one, many = study.settings.area_unit
    an = "An" if one[:1].lower() in "aeiou" else "A"
    return {
        "capital": f"{an} {one} takes the colour of whoever holds its capital: "
        "it says nothing of the countryside around it.",
        "reported": f"{an} {one} takes the colour that reports give to the {one} itself.",
        "majority": f"{an} {one} takes the colour of whoever holds most of its cities and towns; "
        f"a tie is contested. It does not weigh the countryside of the {many}.",
    }[study.settings.area_rule]


def silence(timeline: Timeline) -> str:
    """``no report after 13 August 2021``, or blank where every day is spoken of."""
    if timeline.silent_from is None:
        return ""
    if timeline.reports.empty:
        return "no usable report"
    heard = (pd.Timestamp(timeline.silent_from) - pd.Timedelta(days=1)).date()
    return f"no report after {in_words(heard)}"


def share(value: float) -> str:
    """A share in whole per cent, never 0 % or 100 % where it is not."""
    if pd.isna(value):
        return "–"
    value = round(value, 9)  # shares are sums of floats
    text = f"{value:.0%}".replace("%", " %")
    if value > 0 and text == "0 %":
        return "<1 %"
    if value < 1 and text == "100 %":
        return ">99 %"
    return text


def people(count: float) -> str:
    """So many people: ``31.9 million people``, ``212,000 people``."""
    return f"{count / 1e6:,.1f} million people" if count >= 1e6 else f"{count:,.0f} people"


def signed(count: int) -> str:
    """A difference with its sign: ``+5``, ``−5,000``, ``0``."""
    return f"{count:+,d}".replace("-", "−") if count else "0"


def control_label(timeline: Timeline, control: str) -> str:
    """What a control is called on the screen."""
    return timeline.study.controls.get(control, timeline.study.controls[style.UNKNOWN]).label
