"""A change in words: the same on the map, in the panels, on the picture and in tables."""

from datetime import date

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
    if row["disputed"]:
        dated, dissent = _told_apart(timeline, change, day)
        text = f"{'by' if dated.empty else 'on'} {_short(day)}; disputed: {_in_words(dissent)}"
    elif earliest < latest:
        text = f"between {span_in_words(earliest, latest)}"
    else:
        text = f"{'by' if row['form'] == 'by' else 'on'} {_short(day)}"
    if row["claimed"]:
        label = timeline.study.controls[row["control"]].label
        text += f"; claimed by {label} only"
    return text


def _short(day: date) -> str:
    return in_words(day, year=False)


def _told_apart(timeline: Timeline, change: int, day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The dated reports behind a change that allow its day, and those that give another."""
    behind = timeline.reports[timeline.reports["change"] == change]
    dated, at = behind[behind["form"] != "by"], pd.Timestamp(day)
    allows = (dated["first"] <= at) & (dated["last"] >= at)
    return dated[allows], dated[~allows]


def _in_words(dissent: pd.DataFrame) -> str:
    """Who gives another day: ``two sources say 13 August``."""
    said = []
    for _, same in dissent.groupby(["first", "last", "form"], observed=True, sort=True):
        count = same["source_id"].nunique()
        verb = "says" if count == 1 else "say"
        said.append(f"{number(count, 'source')} {verb} {when(same.iloc[0])}")
    return ", ".join(said)


def when(report: pd.Series) -> str:
    """The days a report allows: ``13 August``, ``by 13 August``, ``between 12 and 13 August``."""
    if report["form"] == "by":
        return f"by {_short(report['last'].date())}"
    first, last = report["first"].date(), report["last"].date()
    if report["form"] == "about":
        return f"about {_short(report['named'].date())}"
    return _short(first) if first == last else f"between {span_in_words(first, last)}"


def source_name(source: pd.Series) -> str:
    """Where the news came from and who published it: ``AP via Yahoo``.

    Parameters
    ----------
    source : pandas.Series
        A row of ``sources.csv``.
    """
    origin, publisher = source["origin"], source["publisher"]
    if not origin or origin.casefold() in publisher.casefold():
        return publisher
    return f"{origin} via {publisher}"


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


def signed(count: int) -> str:
    """A difference with its sign: ``+5``, ``−5,000``, ``0``."""
    return f"{count:+,d}".replace("-", "−") if count else "0"


def control_label(timeline: Timeline, control: str) -> str:
    """What a control is called on the screen."""
    return timeline.study.controls.get(control, timeline.study.controls[style.UNKNOWN]).label
