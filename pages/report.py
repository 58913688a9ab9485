"""One report, opened: what it says, who says so, and what it did to the changes."""

from datetime import date

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo import dates, words
from geo.ledger import Ledger
from geo.timeline import Timeline
from pages import history, line, panels, shared


def show(book: Ledger, row: int) -> date | None:
    """Draw a report of the ledger into the current container.

    Parameters
    ----------
    book : geo.ledger.Ledger
    row : int
        Its position.

    Returns
    -------
    datetime.date or None
        The day that the reader has just asked to see on the map.
    """
    timeline = book.timeline
    report = timeline.study.reports.iloc[row]
    mark = report[["place_id", "control", "form", "first", "last", "named"]]
    mark = pd.concat([mark, book.links.iloc[row]])
    top = st.container(horizontal=True, vertical_alignment="center")
    top.html(_heading(book, mark), width="stretch")
    top.button(
        "Close",
        key="report-close",
        icon=":material/close:",
        type="tertiary",
        on_click=turn_to,
        args=("",),
    )
    st.html(_facts(book, report, mark))
    _corrections(book, mark)
    day = _change(book, mark)
    name = timeline.study.names[report["place_id"]]
    st.button(
        shared.plain(f"History of {name}"),
        key="report-history",
        icon=":material/timeline:",
        on_click=place,
        args=(report["place_id"],),
    )
    return day


def turn_to(report: str) -> None:
    """Open another report, or none; the table forgets which row was selected."""
    st.session_state["report"] = report
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1


def place(unit: str) -> None:
    """Show the reports and the history of one place."""
    st.session_state["place"] = unit
    st.session_state["page"] = 1


def _heading(book: Ledger, mark: pd.Series) -> Markup:
    study = book.timeline.study
    control = study.controls[mark["control"]]
    return Markup('<h2 class="cm-h2">{}{}: {} <span class="cm-soft">{}</span></h2>').format(
        panels.swatch(control),
        study.names[mark["place_id"]],
        control.label,
        words.when(mark),
    )


def _facts(book: Ledger, report: pd.Series, mark: pd.Series) -> Markup:
    study = book.timeline.study
    source = study.sources.loc[report["source_id"]]
    side = study.controls[report["claimant_side"]].label if report["claimant_side"] else ""
    claimant = report["claimant"] or "the source itself"
    rated = [f"kind {source['kind']}", source["language"] and f"language {source['language']}"]
    if source["reliability"]:
        rated.append(f"reliability {source['reliability']}")
    facts = [
        ("Says", f"{study.controls[report['control']].label}, {words.when(mark)}"),
        ("Date as written", report["when"]),
        ("Claimant", f"{claimant} (of the side {side})" if side else claimant),
        ("Source", Markup("{}: {}").format(words.source_name(source), panels.titled(source))),
        ("", " · ".join(part for part in rated if part)),
        ("Where in it", report["locator"] or "–"),
        ("Published", _published(source)),
        ("Confidence", report["confidence"]),
        ("Verdict", report["verdict"]),
        ("Use", line.in_a_word(mark)),
        ("Report", report["report_id"]),
    ]
    rows = Markup("").join(
        Markup('<dt>{}</dt><dd dir="auto">{}</dd>').format(name, text) for name, text in facts
    )
    told = Markup('<p class="cm-said" dir="auto">{}</p>').format(report["evidence"])
    return told + Markup('<dl class="cm-facts">{}</dl>').format(rows)


def _published(source: pd.Series) -> str:
    if pd.isna(source["known_on"]):
        return "not known"
    written = source["published"]
    return dates.in_words(source["known_on"].date()) if len(written) == 10 else written


def _corrections(book: Ledger, mark: pd.Series) -> None:
    """Ways to the reports that this one corrects, and that correct it."""
    links = [("Corrects", id) for id in [mark["corrects"]] if id]
    links += [("Corrected by", id) for id in mark["corrected_by"].split()]
    for said, other in links:
        st.button(
            shared.plain(f"{said} {other}"),
            key=f"report-{said}-{other}",
            icon=":material/edit_note:",
            on_click=turn_to,
            args=(other,),
        )


def _change(book: Ledger, mark: pd.Series) -> date | None:
    """The change that it supports or disputes, and the way to it on the map."""
    timeline = book.timeline
    named, told = mark["named"], ""
    if pd.notna(mark["supports"]):
        verb = "Supports, but gives another day than" if mark["another_day"] else "Supports"
        told = _told(timeline, int(mark["supports"]))
        named = timeline.changes["day"].loc[int(mark["supports"])]
    elif pd.notna(mark["disputes"]):
        verb = "Disputes the day of" if mark["another_day"] else "Disputes"
        told = _told(timeline, int(mark["disputes"]))
    else:
        verb = "Moves nothing"
    why = "" if mark["use"] == "used" else history.why(timeline, mark)
    st.html(
        Markup(
            '<div class="cm-evidence"><p class="cm-soft">{}</p><p>{}</p><p class="cm-soft">{}</p>'
            "</div>"
        ).format(verb, told, why)
    )
    settings = timeline.study.settings
    day = named.date()
    if not settings.start <= day <= settings.end:
        return None
    label = f"On the map: {dates.in_words(day, year=False)}"
    pressed = st.button(label, key="report-map", icon=":material/map:", type="primary")
    return day if pressed else None


def _told(timeline: Timeline, number: int) -> str:
    return f"{words.from_to(timeline, number)}, {words.how_sure(timeline, number)}"
