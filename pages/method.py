"""The method page: how reports become the map, in plain words and with the study's own cases."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo import dates, words
from geo.examples import examples
from geo.timeline import Timeline
from pages import address, panels, shared


def _method(timeline: Timeline) -> None:
    cases, study = examples(timeline), timeline.study
    many = study.settings.area_unit[1]
    st.html('<h1 class="cm-day">Method</h1>')
    st.caption("How reports become the map, with cases from this study.")
    _say(
        "Reports",
        "A report is one claim of one source: this place was under this control, at this date. "
        "It keeps the date as precise as the source was, who said it inside the source, one "
        "sentence of evidence and where to find it. Reports are added to the ledger and never "
        "changed. Everything you see is worked out from it, each time anew: therefore you can "
        "ask for one source alone, or for what was known on a past day.",
    )
    _say(
        "Which reports count",
        "First come the sources and claimants you chose, and what had been published by the day "
        "you ask for. A report that another corrects is left out. So is one that the curators "
        "judged disputed: it moves nothing, but stays in the history of its place as dissent.",
        _report(timeline, cases.dissent, "Set aside"),
        _report(timeline, cases.corrected, "A correction"),
    )
    _say(
        "From reports to changes",
        "The reports of a place are put in order of the day they name. Neighbours that name the "
        "same control are one change. On one day, what was held already comes first, then "
        "contested, then the others: so a place that falls and is retaken keeps both.",
        _story(timeline, cases.retaken),
    )
    _say(
        "The day of a change",
        "Reports of an exact day decide, by weight: high confidence counts three, medium two, "
        "low one, and reports of one origin count once a day. A tie goes to the earlier day. "
        "Where another report gives another day, the change is called disputed and says who.",
        _ballot(timeline, cases.disputed),
    )
    window = f"at most {words.number(study.settings.max_window, 'day')}"
    _say(
        "How sure",
        "Where sources say only “within these days”, or were seen to find a place already "
        "taken, the map does not invent a day. From the first to the last possible day the "
        f"place is uncertain: its outline is dashed ({window} of it are drawn), and its card "
        "says between which days.",
        _change(timeline, cases.window, "Within some days"),
        _change(timeline, cases.seen, "Seen to hold"),
    )
    _say(
        "Who says so",
        "A change that only the gaining side asserts is drawn paler and dotted, and says so. A "
        "small 1 beside a marker says that only one source speaks for what it shows.",
        _change(timeline, cases.claimed, "Claimed by one side"),
    )
    _say(
        f"From places to {many}",
        f"{words.rule(study)} Balances count {many}, their km² in an equal-area projection "
        f"and their people; what no figure is known of is in no share.",
        _people(timeline),
    )
    _say(
        "What was known then",
        "“As known on” a day leaves out every report whose source was published later, or whose "
        "date of publication is not known; it says how many. Verdicts and confidence are "
        "today's: the curators do not forget what they know.",
    )
    _say(
        "Silence",
        "After the last usable report nothing is drawn: the slider's track is hatched, the map "
        "says since when no report speaks, and control is unknown again. No report is never "
        "the same as any side's control.",
    )
    _say(
        "How far sources agree",
        "A source agrees with the rest on a change when a source of another origin tells of it, "
        "too: a paper that prints an agency's news does not confirm the agency. Its day is "
        "compared with the day that the others alone would elect.",
    )
    if study.settings.disclaimer:
        _say("Limits", study.settings.disclaimer)
    address.write()


def _say(title: str, text: str, *cases: tuple[Markup, str] | None) -> None:
    paragraph = Markup('<section class="cm-prose"><h2 class="cm-h2">{}</h2><p>{}</p></section>')
    st.html(paragraph.format(title, text))
    for number, case in enumerate(filter(None, cases)):
        told, place = case
        with st.container(border=True, key=f"case-{title}-{number}".lower().replace(" ", "-")):
            st.html(told)
            if place:
                st.page_link(
                    "pages/reports.py",
                    label="Its history",
                    icon=":material/timeline:",
                    query_params={"place": place},
                )


def _head(label: str, name: str) -> Markup:
    return Markup('<p class="cm-soft">{}</p><b>{}</b>').format(label, name)


def _change(timeline: Timeline, change: int | None, label: str) -> tuple[Markup, str] | None:
    if change is None:
        return None
    row = timeline.changes.loc[change]
    told = Markup("{}: {}, {}.{}").format(
        _head(label, timeline.study.names[row["place_id"]]),
        words.from_to(timeline, change),
        words.how_sure(timeline, change),
        _behind(timeline, change),
    )
    return told, row["place_id"]


def _behind(timeline: Timeline, change: int) -> Markup:
    reports = timeline.behind(change)
    return Markup("<details><summary>{}</summary>{}</details>").format(
        panels.publishers(timeline)[change],
        Markup("").join(panels.evidence(timeline, report) for _, report in reports.iterrows()),
    )


def _story(timeline: Timeline, place: str | None) -> tuple[Markup, str] | None:
    """All changes of a place, one below another."""
    if place is None:
        return None
    rows = timeline.changes.index[timeline.changes["place_id"] == place]
    steps = Markup("").join(
        Markup("<li>{}, {}{}</li>").format(
            words.from_to(timeline, change),
            words.how_sure(timeline, change),
            _behind(timeline, change),
        )
        for change in rows
    )
    head = _head("Taken and retaken", timeline.study.names[place])
    return Markup("{}<ol>{}</ol>").format(head, steps), place


def _ballot(timeline: Timeline, change: int | None) -> tuple[Markup, str] | None:
    """Which days the reports of a disputed change name, and what weighs for each."""
    if change is None:
        return None
    row = timeline.changes.loc[change]
    reports = timeline.behind(change)
    exact = reports[reports["form"] == "day"]
    lines = Markup("").join(
        Markup("<li><b>{}</b>: {}</li>").format(dates.in_words(day.date()), _voters(timeline, same))
        for day, same in exact.groupby("named")
    )
    head = _head("A disputed day", timeline.study.names[row["place_id"]])
    told = Markup("{}: {}, {}.<ul>{}</ul>{}").format(
        head,
        words.from_to(timeline, change),
        words.how_sure(timeline, change),
        lines,
        _behind(timeline, change),
    )
    return told, row["place_id"]


def _voters(timeline: Timeline, reports: pd.DataFrame) -> str:
    sources = timeline.study.sources
    return "; ".join(
        f"{words.source_name(sources.loc[report.source_id])} ({report.confidence})"
        for report in reports.itertuples()
    )


def _report(timeline: Timeline, at: int | None, label: str) -> tuple[Markup, str] | None:
    if at is None:
        return None
    report = timeline.study.reports.loc[at]
    head = _head(label, timeline.study.names[report["place_id"]])
    held = words.control_label(timeline, report["control"])
    told = Markup("{}: {}?{}").format(head, held, panels.evidence(timeline, report))
    return told, report["place_id"]


def _people(timeline: Timeline) -> tuple[Markup, str] | None:
    """Whose figures the people are."""
    areas = timeline.study.areas
    if "population_source" not in areas or areas["population"].isna().all():
        return None
    said = " · ".join(dict.fromkeys(filter(None, areas["population_source"])))
    total = f"{areas['population'].sum():,} people"
    return Markup("{}: {}").format(_head("Population", total), said), ""


_method(shared.timeline_of(shared.open_study_alone()))
