"""The words beside the map as HTML: the day, the balance, what changed and who says so.

Every text of a study enters through :class:`markupsafe.Markup`, which escapes it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from geo import dates, measures, style, words
from geo.study import Study
from geo.timeline import Timeline
from pages import memory, shared

LEGIBLE = 0.15
"""A part of a bar smaller than this has no room for its figure; hovering tells it."""

MANY = 12
"""More first reports than this on one day are folded away: the state a study opens with."""

MOST = 60
"""Cards shown one below another: on one day of a large study hundreds of places change."""

_SAID = ["source_id", "evidence", "when", "confidence", "claimant", "locator"]
"""The columns of a report that its evidence is told from."""

_HATCHED = Markup(
    "background:repeating-linear-gradient(45deg,#fff 0 2px,{0} 2px 4px);border:1px solid {0}"
)
_FILLED = Markup("background:{0}")


def swatch(control: style.Control) -> Markup:
    """A sample of a control's look."""
    return Markup('<i class="cm-swatch" style="{}"></i>').format(_look(control))


def _look(control: style.Control) -> Markup:
    """The same colour as on the map, as CSS; contested hatched, and unknown with an edge."""
    if control.id == style.CONTESTED:
        return _HATCHED.format(control.colour)
    edge = ";border:1px solid #7b8591" if control.id == style.UNKNOWN else ""
    return _FILLED.format(style.ground(control)) + edge


def heading(timeline: Timeline, day: date, answers: str) -> Markup:
    """The day in words, under which eyes it is seen, and what the page answers."""
    said = " · ".join([*notes(timeline, day), answers])
    return Markup('<h1 class="cm-day">{} <b>{}</b></h1><p class="cm-notes">{}</p>').format(
        dates.weekday(day), dates.in_words(day), said
    )


def notes(timeline: Timeline, day: date) -> list[str]:
    """Under which eyes a day is seen, where they are not everybody's."""
    said = []
    if timeline.known_on:
        said.append(f"as known on {dates.in_words(timeline.known_on)}")
    if timeline.sources is not None:
        said.append(_whose(timeline))
    if timeline.claimants is not None:
        said.append(words.claimed_by(timeline))
    if timeline.is_silent(day):
        said.append(words.silence(timeline))
    return said


def _whose(timeline: Timeline) -> str:
    sources = timeline.study.sources
    chosen = sorted(timeline.sources or ())
    if len(chosen) == 1:
        return f"{sources.loc[chosen[0], 'publisher']} alone"
    return f"{len(chosen)} of {len(sources)} sources"


@memory.remember
def balance(timeline: Timeline, day: date) -> Markup:
    """Three bars: how many areas, how much ground, how many people each side holds."""
    found = shared.balances(timeline)
    today = measures.on_day(found, day)
    controls, (_, many) = timeline.study.controls, timeline.study.settings.area_unit
    keys = Markup(" ").join(
        Markup('<span class="cm-key">{}<b>{}</b> {}</span>').format(
            swatch(controls[control]), f"{int(row.areas):,}", controls[control].label
        )
        for control, row in today.iterrows()
    )
    totals: dict[measures.Unit, str] = {
        "areas": f"{found['areas'].total:,.0f} {many}",
        "km2": f"{found['km2'].total:,.0f} km²",
        "people": words.people(found["people"].total),
    }
    bars = Markup("").join(
        _bar(timeline, today, unit, total) for unit, total in totals.items() if found[unit].total
    )
    return Markup(
        '<div class="cm-balance"><div class="cm-keys">{} <span class="cm-soft">of {} {}</span>'
        "</div>{}</div>"
    ).format(keys, f"{found['areas'].total:,.0f}", many, bars)


def _bar(timeline: Timeline, today: pd.DataFrame, unit: measures.Unit, total: str) -> Markup:
    controls = timeline.study.controls
    parts = Markup("").join(
        Markup('<i style="width:{:.2f}%;{}" title="{}: {}">{}</i>').format(
            share * 100,
            _look(controls[control]),
            controls[control].label,
            words.share(share),
            Markup("<b>{}</b>").format(words.share(share)) if share >= LEGIBLE else "",
        )
        for control, share in today[f"{unit}_share"].items()
    )
    told = ", ".join(
        f"{controls[control].label} {words.share(share)}"
        for control, share in today[f"{unit}_share"].items()
    )
    return Markup(
        '<div class="cm-barrow"><div class="cm-bar" role="img" aria-label="{}">{}</div>'
        '<span class="cm-soft">{}</span></div>'
    ).format(f"{told} of {total}", parts, total)


def _since_yesterday(timeline: Timeline, day: date) -> str:
    """What each side won and lost since the day before."""
    settings = timeline.study.settings
    if day == settings.start:
        return "The study's first day."
    found = shared.balances(timeline)
    before = day - timedelta(days=1)
    held = found["areas"].held
    moved = held.loc[pd.Timestamp(day)] - held.loc[pd.Timestamp(before)]
    people = found["people"].held
    swing = people.loc[pd.Timestamp(day)] - people.loc[pd.Timestamp(before)]
    parts = []
    for control, count in moved[moved != 0].astype(int).items():
        unit = settings.area_unit[abs(count) != 1]
        share = abs(swing[control]) / (found["people"].total or 1)
        note = f" ({words.share(share)} of the population)" if share else ""
        label = words.control_label(timeline, control)
        parts.append(f"{label} {words.signed(count)} {unit}{note}")
    since = f"Since {dates.in_words(before, year=False)}: "
    return since + ("; ".join(parts) or f"no {settings.area_unit[0]} changed hands") + "."


@memory.remember
def changes(timeline: Timeline, day: date) -> Markup:
    """“On this day”: each change, how sure it is, and the evidence of its sources."""
    today = timeline.changes_on(day)
    fresh = today["previous"] == style.UNKNOWN
    folded = fresh.sum() > MANY
    count = len(today) - folded * int(fresh.sum())
    head = Markup('<h2 class="cm-h2">On this day{}</h2>').format(
        f" · {count} change{'' if count == 1 else 's'}" if count else ""
    )
    head += Markup('<p class="cm-soft">{}</p>').format(_since_yesterday(timeline, day))
    if today.empty:
        return head + _nothing(timeline, day)
    units = _units(timeline.study)

    def written(rows: pd.DataFrame) -> Markup:
        # Capitals first.
        ids = sorted(rows["place_id"].items(), key=lambda item: not units[item[1]].capital)
        cards = [
            card(timeline, number, units[unit].name, units[unit].aside)
            for number, unit in ids[:MOST]
        ]
        if len(ids) > MOST:
            more = f"And {len(ids) - MOST:,} more: the export page has them all, as a table."
            cards.append(Markup('<p class="cm-soft">{}</p>').format(more))
        return Markup("").join(cards)

    if not folded:
        return head + written(today)
    opening = Markup("<details><summary>First known state of {} places</summary>{}</details>")
    return head + written(today[~fresh]) + opening.format(int(fresh.sum()), written(today[fresh]))


class _Unit(NamedTuple):
    name: str
    aside: str
    capital: bool


@memory.remember
def _units(found: Study) -> dict[str, _Unit]:
    """Every place and area by its id. An area has nothing aside, and can change itself."""
    areas, places = found.areas, found.places
    names = dict(zip(areas["area_id"], areas["name"], strict=True))
    units = {unit: _Unit(name, "", False) for unit, name in names.items()}
    for unit, name, area, capital in zip(
        *(places[column] for column in ("place_id", "name", "area_id", "is_capital")), strict=True
    ):
        where = names.get(area, "")
        aside = f"{'capital of ' if capital and where else ''}{where}"
        units[unit] = _Unit(name, aside, capital)
    return units


def _nothing(timeline: Timeline, day: date) -> Markup:
    if timeline.is_silent(day):
        silence = words.silence(timeline)
        text = f"{silence[:1].upper()}{silence[1:]}: nothing is drawn for this day."
        return Markup('<p class="cm-soft">{}</p>').format(text)
    days = timeline.changes["day"]
    later = days[days > pd.Timestamp(day)]
    text = "No change reported."
    if not later.empty:
        text += f" The next is on {dates.in_words(later.min().date(), year=False)} (Shift + →)."
    return Markup('<p class="cm-soft">{}</p>').format(text)


def card(timeline: Timeline, number: int, name: str, aside: str) -> Markup:
    """One change: from whom to whom, how sure that is, and the evidence behind it.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    number : int
        A row of ``timeline.changes``.
    name, aside : str
        Its heading, and what stands beside that in small print.
    """
    controls = timeline.study.controls
    control = controls[timeline.changes.at[number, "control"]]
    previous = controls[timeline.changes.at[number, "previous"]]
    reports = timeline.reports[_SAID].iloc[timeline.positions.get(number, [])].to_dict("records")
    return Markup(
        '<article class="cm-change">{}<div><b>{}</b> <span class="cm-soft">{}</span>'
        "<div>{} → <b>{}</b></div><div>{}</div>"
        "<details><summary>{}</summary>{}</details></div></article>"
    ).format(
        swatch(control),
        name,
        aside,
        previous.label,
        control.label,
        sure(timeline)[number],
        publishers(timeline)[number],
        Markup("").join(evidence(timeline, report) for report in reports),
    )


@memory.remember
def publishers(timeline: Timeline) -> list[str]:
    """Of each change who published the reports behind it: the first three, and how many more."""
    called = source_names(timeline.study)
    by = [called[source] for source in timeline.reports["source_id"].tolist()]
    told = []
    for number in timeline.changes.index:
        names = list(dict.fromkeys(by[at] for at in timeline.positions[number]))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        told.append(" · ".join(names[:3]) + more)
    return told


@memory.remember
def source_names(found: Study) -> dict[str, str]:
    """What each source is called: :func:`geo.words.source_name`."""
    return words.source_names(found.sources).to_dict()


@memory.remember
def sure(timeline: Timeline) -> list[str]:
    """When each change was, and how sure that is: :func:`geo.words.all_sure`."""
    return words.all_sure(timeline)


@memory.remember
def _sources(found: Study) -> dict[str, tuple[dict[str, Any], str]]:
    """The row of each source, and what it is called."""
    called = source_names(found)
    rows = found.sources.to_dict("index")
    return {str(source): (row, called[str(source)]) for source, row in rows.items()}


def evidence(timeline: Timeline, report: Mapping[str, Any] | pd.Series) -> Markup:
    """A report's sentence of evidence, and where it stands: the columns :data:`_SAID` of it."""
    source, called = _sources(timeline.study)[report["source_id"]]
    published = f", {source['published']}" if source["published"] else ", undated"
    said = [f"“{report['when']}”", f"confidence {report['confidence']}"]
    if report["claimant"]:
        said.insert(0, f"says {report['claimant']}")
    if report["locator"]:
        said.append(report["locator"])
    return Markup(
        '<div class="cm-evidence"><p dir="auto">{}</p><p class="cm-soft" dir="auto">{}{}: {}</p>'
        '<p class="cm-soft">{}</p></div>'
    ).format(
        report["evidence"],
        called,
        published,
        titled(source),
        " · ".join(said),
    )


def titled(source: Mapping[str, Any] | pd.Series) -> Markup:
    """A source's title, a link where it has an address on the web."""
    title = source["title"] or source["publisher"]
    if not source["url"].lower().startswith(("https://", "http://")):
        return Markup("{}").format(title)
    link = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
    return Markup(link).format(source["url"], title)
