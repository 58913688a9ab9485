"""The timeline page: the map with its slider, and beside it what follows the day."""

from datetime import date, timedelta

import streamlit as st

from geo import webmap
from geo.timeline import Timeline
from pages import address, contrast, happenings, history, maps, panels, reading, shared
from pages.chart import control_chart, draw_hatches

MAP_SHARE = [7, 3]  # of the width: the map, the list

ANSWERS = "Who held what at the end of this day, what changed, and who says so."


def _clicked(timeline: Timeline) -> None:
    picked = st.session_state["chart"]["selection"]["day"]
    if picked:
        maps.go(timeline.study.settings.start + timedelta(days=int(picked[0]["at"])))


@st.fragment
def _view(timeline: Timeline) -> None:
    """All that follows the day. Only the panels are drawn anew: the map keeps its frame."""
    shared.freeze()
    day, place, view = st.session_state["day"], shared.place(timeline.study), maps.view()
    if address.came():
        maps.go(day, view=view, opened=place)
    head = st.container(key="head")
    left, middle, right = head.columns([5, 7, 2], vertical_alignment="center")
    left.html(panels.heading(timeline, day, ANSWERS))
    middle.html(panels.balance(timeline, day))
    with right:
        _leave()
    beside = st.columns(MAP_SHARE)
    with beside[0]:
        maps.draw(timeline)
    with beside[1].container(height=webmap.HEIGHT, border=True, key="on-this-day"):
        if place:
            _history(timeline, place, day)
        else:
            st.html(panels.changes(timeline, day) + happenings.on_day(timeline.study, day))
            if timeline.known_on:
                today = shared.as_known_today(timeline)
                st.html(contrast.learned(timeline, today, timeline.known_on, day))
    many = shared.plain(timeline.study.settings.area_unit[1].capitalize())
    st.caption(f"{many} under each control through the period. Click to go to a day.")
    draw_hatches(timeline)
    st.vega_lite_chart(
        control_chart(timeline, day),
        on_select=lambda: _clicked(timeline),
        selection_mode="day",
        key="chart",
        width="stretch",
    )
    address.write()


def _leave() -> None:
    """Ways on from this day. A link's address is left to the page it leads to."""
    st.page_link(
        "pages/export.py",
        label="Snapshot",
        icon=":material/photo_camera:",
        width="stretch",
        help="This day and view as a picture, a film, a page or data",
    )
    st.page_link(
        "pages/compare.py",
        label="Compare",
        icon=":material/compare:",
        width="stretch",
        help="This day beside another day, or beside what was known then, or in other eyes",
    )
    st.page_link(
        "pages/method.py",
        label="Method",
        icon=":material/help:",
        width="stretch",
        help="How reports become the map",
    )


def _history(timeline: Timeline, place: str, day: date) -> None:
    """A place's history in the panel, until its reader goes back to the day."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("On this day", icon=":material/arrow_back:", key="back", on_click=_close)
        st.page_link("pages/reports.py", label="Its reports", icon=":material/list_alt:")
    asked = history.show(timeline, place, day, "panel")
    if asked:
        maps.go(asked, opened=place)
        st.rerun(scope="fragment")


def _close() -> None:
    st.session_state["place"] = ""


_view(reading.ask())
