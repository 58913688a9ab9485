"""What every page needs: the study and timeline at hand, the sidebar, files for the browser."""

import atexit
import gc
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st
import streamlit.components.v1 as components
from markupsafe import Markup

from geo import checks, measures, payload, serving, study, webmap, words
from geo.print.ground import View
from geo.problems import Problem, to_frame
from geo.snapshot import Paper, Snapshots
from geo.study import Study, StudyError
from geo.timeline import Timeline
from pages import address

ICON = str(Path(__file__).parent / "icon.svg")
ABOUT = (
    "**controlmap** draws who held what, on which day, and who says so: from sourced reports "
    "to a time-slider map, with no internet."
)
_STYLE = Path(__file__).parent / "style.css"

ALL, LEAD, CHOSEN = "all", "lead", "chosen"


def _published() -> Path:
    """A folder of this process for the map's data, gone when the server stops."""
    folder = Path(tempfile.mkdtemp(prefix="controlmap-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_FOLDER = _published()


def plain(text: str) -> str:
    """A text as Streamlit's Markdown shows it unread: each sign that could mean something escaped.

    Without it a study's own words could fetch a picture from another host.
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def identity(timeline: Timeline) -> str:
    """A different text for every different answer: what caches know a timeline by."""
    chosen = "*" if timeline.sources is None else ",".join(sorted(timeline.sources))
    return f"{timeline.study.digest} {timeline.known_on} {chosen}"


remember = partial(
    st.cache_resource,
    max_entries=64,
    show_spinner=False,
    hash_funcs={Study: lambda found: found.digest, Timeline: identity},
)
"""Decorates a function whose answer all readers share."""


def prepare() -> None:
    """Once a run, before anything is drawn."""
    _freeze()
    st.html(_STYLE)


@remember
def _freeze() -> None:
    # Streamlit collects garbage after every rerun; walking pandas' own objects each time
    # takes longer than the rerun itself (measured: 75 to 90 ms of it).
    gc.collect()
    gc.freeze()


def warm() -> None:
    """Import what pages need and read the study, before the first reader comes.

    Not streamlit-folium: it registers itself when imported, which only a page's run can do.
    """
    from pages.chart import control_chart

    path = serving.study_at_hand()
    try:
        found = _load(path, _stamp(path))
    except StudyError:
        return  # the page tells its reader
    timeline = _timeline(found, None, None)
    control_chart(timeline, found.settings.opens_on)
    _publish_study(found)
    _publish_timeline(timeline)


@remember
def _load(path: Path, stamp: int) -> Study:
    return study.load(path)


@remember
def _timeline(found: Study, sources: tuple[str, ...] | None, known_on: date | None) -> Timeline:
    return Timeline(found, sources, known_on)


@remember
def balances(timeline: Timeline) -> dict[measures.Unit, measures.Balance]:
    """Control through the period in each unit."""
    return measures.balances(timeline)


@partial(remember, max_entries=8)
def snapshots(timeline: Timeline, paper: Paper, view: View) -> Snapshots:
    """The pictures of a timeline's days on one paper, whose figure is drawn once."""
    return Snapshots(timeline, *paper, view)


@remember
def _publish_study(found: Study) -> str:
    return webmap.publish(payload.as_json(payload.study_payload(found)), ".json", _FOLDER)


@remember
def _publish_timeline(timeline: Timeline) -> str:
    return webmap.publish(payload.as_json(payload.timeline_payload(timeline)), ".json", _FOLDER)


@remember
def _served(name: str, path: Path) -> str:
    """Serve a folder: where the map's frame finds it, relative, whatever the base path.

    Streamlit serves the folder of a component, and registers one only while it runs a page.
    """
    return f"../{components.declare_component(name, path=str(path)).name}"


@dataclass(frozen=True)
class Addresses:
    """Where the map's frame finds its data and all that it is made of."""

    study: str
    timeline: str
    links: webmap.Links


def addresses(timeline: Timeline) -> Addresses:
    """Publish what the map needs, where that is not done yet."""
    published = _served("published", _FOLDER)
    return Addresses(
        study=f"{published}/{_publish_study(timeline.study)}",
        timeline=f"{published}/{_publish_timeline(timeline)}",
        links=webmap.Links(
            leaflet=_served("leaflet", webmap.LEAFLET),
            script=f"{published}/{webmap.publish(webmap.script(), '.js', _FOLDER)}",
            style=f"{published}/{webmap.publish(webmap.STYLE.read_bytes(), '.css', _FOLDER)}",
        ),
    )


def _stamp(path: Path) -> int:
    return max(file.stat().st_mtime_ns for file in (path, *path.glob("*")))


def day(timeline: Timeline) -> date:
    """The day shown: the reader's last, else the address's, else the study's first view."""
    settings = timeline.study.settings

    def read(said: list[str]) -> date:
        return min(max(date.fromisoformat(said[0]), settings.start), settings.end)

    return address.seed("day", settings.opens_on, read, date.isoformat, always=True)


def go(day: date) -> None:
    """Show a day of the page's own choice: the map is asked for it."""
    st.session_state["day"] = day
    st.session_state["asked"] = (day, st.session_state.get("asked", (day, 0))[1] + 1)


def to_map(day: date, unit: str = "") -> None:
    """Open the map on a day, on a place or an area if one is named (its id)."""
    go(day)
    address.switch("pages/timeline.py", place=unit)


def ask() -> Timeline:
    """Draw the sidebar and answer what it asks for; a study with errors stops the page."""
    path = serving.study_at_hand()
    try:
        found = _load(path, _stamp(path))
    except StudyError as error:
        show_problems(path.name, error.problems)
        st.stop()
    wished = st.query_params.get("study", found.id)
    if wished != found.id:
        st.warning(plain(f"No study “{wished}” is at hand; this is “{found.settings.title}”."))
    st.query_params["study"] = found.id
    with st.sidebar:
        _about(found)
        sources = _choose_sources(found)
        known_on = _choose_known_on(found)
        timeline = _timeline(found, sources, known_on)
        _left_out(timeline)
        _small_print(found)
    return timeline


def show_problems(name: str, problems: list[Problem]) -> None:
    """A study's problems as a table: where each is, what is wrong, what would be right."""
    table = to_frame(problems)
    errors = int((table["level"] == "error").sum())
    st.header(plain(f"“{name}” cannot be shown yet"))
    st.write(
        f"{words.number(errors, 'error').capitalize()} must be mended first: a map drawn from "
        "a wrong study would be wrong. Rows are counted as a spreadsheet does, the header "
        "being 1; in GeoJSON they are the features' numbers."
    )
    st.dataframe(table, hide_index=True)


def _about(found: Study) -> None:
    settings = found.settings
    st.html(
        Markup('<h2 class="cm-title">{}</h2><p class="cm-soft">{}</p>').format(
            settings.title, settings.description
        )
    )


def _choose_sources(found: Study) -> tuple[str, ...] | None:
    """The ``source_id`` chosen, or None for all of them; kept in the address as ids."""
    settings, sources = found.settings, found.sources
    lead = settings.lead_source
    _recall_sources(found)
    options = [ALL, *([LEAD] if lead else []), CHOSEN]
    labels = {
        ALL: "All sources",
        LEAD: plain(settings.lead_label or lead),
        CHOSEN: "Chosen sources",
    }
    which = st.radio(
        "Whose reports",
        options,
        format_func=labels.__getitem__,
        key="read",
        persist_state="session",
    )
    chosen: tuple[str, ...] | None = None
    if which == LEAD:
        chosen = (lead,)
    elif which == CHOSEN:
        chosen = _pick_sources(sources)
    if chosen:
        st.query_params["sources"] = ",".join(chosen)
    else:
        st.query_params.pop("sources", None)
    return _without_assumptions(sources) if which == ALL else chosen


def _recall_sources(found: Study) -> None:
    """Take the sources of the address once, before the reader has chosen any."""
    if "read" in st.session_state:
        return
    wished = st.query_params.get("sources", "").split(",")
    wished = [source for source in wished if source in found.sources.index]
    lead = [found.settings.lead_source]
    st.session_state["read"] = LEAD if wished == lead else CHOSEN if wished else ALL
    st.session_state["sources"] = wished


def _pick_sources(sources: pd.DataFrame) -> tuple[str, ...]:
    chosen = st.multiselect(
        "Sources",
        list(sources.index),
        format_func=lambda source: source_label(sources.loc[source]),
        placeholder=f"Choose among {len(sources)} sources",
        key="sources",
        persist_state="session",
        label_visibility="collapsed",
    )
    return tuple(sorted(chosen))


def _without_assumptions(sources: pd.DataFrame) -> tuple[str, ...] | None:
    assumed = sources.index[sources["kind"] == "assumption"]
    if assumed.empty or st.toggle(
        "Include the curators' assumptions",
        value=True,
        key="assumed",
        bind="query-params",
        persist_state="session",
        help="The state before the first report, where no source is at hand.",
    ):
        return None
    return tuple(sources.index.difference(assumed))


def source_label(source: pd.Series) -> str:
    """A source in one line: publisher, date of publication, title."""
    parts = (words.source_name(source), source["published"], source["title"])
    return " · ".join(part for part in parts if part)


def _choose_known_on(found: Study) -> date | None:
    published = [day.date() for day in found.sources["known_on"].dropna()]
    return st.date_input(
        "As known on",
        value=None,
        min_value=min([found.settings.start, *published]),
        max_value=max([found.settings.end, *published]),
        key="known_on",
        bind="query-params",
        persist_state="session",
        format="YYYY-MM-DD",
        help="Only what had been published by the end of this day. Empty: everything known today.",
    )


def _left_out(timeline: Timeline) -> None:
    used = len(timeline.reports)
    text = f"{used:,} usable report{'' if used == 1 else 's'}"
    if timeline.known_on:
        text += (
            f". Left out for want of a date of publication: {timeline.undated:,}. "
            "Verdicts and confidence are today's."
        )
    st.caption(text)


def _small_print(found: Study) -> None:
    st.divider()
    settings = found.settings
    st.html(
        Markup('<p class="cm-soft">{}</p><p class="cm-soft">{}</p>').format(
            settings.disclaimer, settings.credit
        )
    )
    everything = _timeline(found, None, None)
    warnings = found.warnings + checks.check_changes(everything.changes, everything.reports)
    if warnings:
        with st.popover(f"Notes to the curator ({len(warnings)})", type="tertiary"):
            st.caption("Nothing here stops the map; each is worth a second look.")
            st.dataframe(to_frame(warnings).drop(columns="level"), hide_index=True)
