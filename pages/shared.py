"""What every page needs: the study and timeline at hand, the sidebar, files for the browser."""

import atexit
import gc
import re
import shutil
import tempfile
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st
import streamlit.components.v1 as components
from markupsafe import Markup

from geo import checks, measures, payload, serving, webmap, words
from geo.print.ground import View
from geo.problems import Problem, to_frame
from geo.snapshot import Paper, Snapshots
from geo.study import Study
from geo.timeline import Timeline
from pages import address, memory, shelf
from pages.memory import remember

ICON = str(Path(__file__).parent / "icon.svg")
ABOUT = (
    "**controlmap** draws who held what, on which day, and who says so: from sourced reports "
    "to a time-slider map, with no internet."
)
_STYLE = Path(__file__).parent / "style.css"

ALL, LEAD, CHOSEN = "all", "lead", "chosen"

SET_ASIDE, CLEARED = 2, 60
"""Seconds from one :func:`freeze` to the next, and from one :func:`clear_away` to the next."""

NOTED = 1000
"""Notes to the curator that are sent to the browser."""


def _published() -> Path:
    """A folder of this process for the map's data, gone when the server stops."""
    folder = Path(tempfile.mkdtemp(prefix="controlmap-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_FOLDER = _published()


def answers(question: str) -> None:
    """The one line at a page's top: what it answers, and where the method is explained."""
    with st.container(horizontal=True, vertical_alignment="center", key="answers"):
        st.caption(question, width="content")
        st.page_link("pages/method.py", label="How it is worked out", width="content")


def plain(text: str) -> str:
    """A text as Streamlit's Markdown shows it unread: each sign that could mean something escaped.

    Without it a study's own words could fetch a picture from another host.
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def prepare() -> None:
    """Once a run, before anything is drawn."""
    freeze()
    st.html(_STYLE)


@st.cache_resource(ttl=SET_ASIDE, show_spinner=False)
def freeze() -> None:
    """Keep all that lives by now out of the garbage collector's way, if it is time to.

    Streamlit collects garbage after every rerun, of a fragment too; walking all that pandas and
    the sessions of many readers hold takes longer than the rerun itself (measured: 75 to 90 ms
    of it for pandas alone). Setting it aside takes no time; what has died among it waits for
    :func:`clear_away`, which does.
    """
    clear_away()
    gc.freeze()


@st.cache_resource(ttl=CLEARED, show_spinner=False)
def clear_away() -> None:
    """Throw away what has died since the last time, set aside or not."""
    gc.unfreeze()
    gc.collect()


def warm() -> None:
    """Import what pages need and read the study, before the first reader comes.

    Not streamlit-folium: it registers itself when imported, which only a page's run can do.
    """
    from pages.chart import control_chart

    try:
        found = shelf.opened(serving.study_at_hand())
    except shelf.Broken:
        return  # the page tells its reader
    timeline = timeline_of(found)
    control_chart(timeline, found.settings.opens_on)
    _publish_study(found)
    _publish_timeline(timeline)
    _notes(found)
    freeze()


def timeline_of(
    found: Study,
    sources: tuple[str, ...] | None = None,
    known_on: date | None = None,
    claimants: tuple[str, ...] | None = None,
) -> Timeline:
    """One reading of a study."""
    return _timeline(found, sources, known_on, claimants)


# Streamlit's cache takes a default that is left out for another question than the same one said.
@remember
def _timeline(
    found: Study,
    sources: tuple[str, ...] | None,
    known_on: date | None,
    claimants: tuple[str, ...] | None,
) -> Timeline:
    return Timeline(found, sources, known_on, claimants)


def as_known_today(timeline: Timeline) -> Timeline:
    """The same sources and claimants, with all that has become known since."""
    sources, claimants = (
        None if these is None else tuple(sorted(these))
        for these in (timeline.sources, timeline.claimants)
    )
    return timeline_of(timeline.study, sources, None, claimants)


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


class Data(NamedTuple):
    """What the map's frame is made of: where it finds a thing, or the thing itself."""

    study: str | dict[str, Any]
    timeline: str | dict[str, Any]
    links: webmap.Links


def data(timeline: Timeline) -> Data:
    """What the map needs, published where that is not done yet.

    A reader's own study is published nowhere: whoever knew an address would see it.
    """
    published = _served("published", _FOLDER)
    links = webmap.Links(
        leaflet=_served("leaflet", webmap.LEAFLET),
        script=f"{published}/{webmap.publish(webmap.script(), '.js', _FOLDER)}",
        style=f"{published}/{webmap.publish(webmap.STYLE.read_bytes(), '.css', _FOLDER)}",
    )
    if memory.is_own(timeline):
        return Data(_own_study(timeline.study), _own_timeline(timeline), links)
    return Data(
        study=f"{published}/{_publish_study(timeline.study)}",
        timeline=f"{published}/{_publish_timeline(timeline)}",
        links=links,
    )


@remember
def _own_study(found: Study) -> dict[str, Any]:
    return payload.study_payload(found)


@remember
def _own_timeline(timeline: Timeline) -> dict[str, Any]:
    return payload.timeline_payload(timeline)


def day(found: Study, side: str = "", usual: date | None = None) -> date:
    """The day shown: the reader's last, else the address's, else the usual or first view's."""
    settings = found.settings

    def read(said: list[str]) -> date:
        return min(max(date.fromisoformat(said[0]), settings.start), settings.end)

    return address.seed(f"day{side}", usual or settings.opens_on, read, date.isoformat, always=True)


def place(found: Study) -> str:
    """The id of the place or area whose history is open; blank for none."""
    known = _ids(found)
    return address.seed("place", "", lambda said: said[0] if said[0] in known else "")


@remember
def _ids(found: Study) -> frozenset[str]:
    """Of all places and areas."""
    return frozenset(found.names.index)


def open_study() -> Study:
    """The study asked for, named in sidebar and address; one with errors stops the page."""
    address.arrive()
    try:
        return _open_study()
    except shelf.Broken as broken:
        show_problems(broken.name, broken.problems)
        st.page_link("pages/studies.py", label="Open another study", icon=":material/folder_open:")
        st.stop()


def _open_study() -> Study:
    found, told = shelf.pick()
    if told:
        st.warning(plain(told))
    with st.sidebar:
        _about(found)
    return found


def open_study_alone() -> Study:
    """The study at hand, for a page that asks for its reading elsewhere than in the sidebar."""
    found = open_study()
    _alone(found)
    return found


def open_any_study() -> None:
    """The same for a page that has its use without a study: one with errors is only named."""
    address.arrive()
    try:
        _alone(_open_study())
    except shelf.Broken as broken:
        st.sidebar.warning(plain(f"“{broken.name}” has errors and cannot be shown."))


def _alone(found: Study) -> None:
    with st.sidebar:
        small_print(found)
    day(found)


ROW = 35
"""Of a table's row, in CSS pixels."""


def height(rows: int, most: int) -> int:
    """Of a table that shows all its rows, or so many pixels of them, in CSS pixels."""
    return min(ROW * (rows + 1) + 3, most)


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


def small_print(found: Study) -> None:
    """Disclaimer, credit and notes, at the sidebar's end."""
    st.divider()
    settings = found.settings
    st.html(
        Markup('<p class="cm-soft">{}</p><p class="cm-soft">{}</p>').format(
            settings.disclaimer, settings.credit
        )
    )
    notes = _notes(found)
    if len(notes):
        with st.popover(f"Notes to the curator ({len(notes):,})", type="tertiary"):
            st.caption("Nothing here stops the map; each is worth a second look.")
            st.dataframe(notes.head(NOTED), hide_index=True)


@remember
def _notes(found: Study) -> pd.DataFrame:
    """What is worth a second look."""
    everything = timeline_of(found)
    warnings = found.warnings + checks.check_changes(everything.changes, everything.reports)
    return to_frame(warnings).drop(columns="level")
