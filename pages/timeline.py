"""The timeline page: the map with its slider, and beside it what follows the day."""

from datetime import date, timedelta

import streamlit as st
from streamlit_folium import st_folium

from geo import webmap
from geo.print.ground import View
from geo.timeline import Timeline
from pages import panels, shared
from pages.chart import control_chart

MAP_SHARE = [7, 3]  # of the width: the map, the list


def _go(day: date) -> None:
    """Ask the map for a day of the page's own choice.

    The map is asked only then: what it says itself stays out of the message to it, since a
    message that stays the same goes over the wire as its hash.
    """
    _, turn = st.session_state["asked"]
    st.session_state["day"] = day
    st.session_state["asked"] = (day, turn + 1)


def _clicked(timeline: Timeline) -> None:
    picked = st.session_state["chart"]["selection"]["day"]
    if picked:
        _go(timeline.study.settings.start + timedelta(days=int(picked[0]["at"])))


def _stepped(key: str) -> None:
    """Take what the map says: the day its reader went to, and what is in sight.

    A day that it said before is no news: it may be older than one asked for since.
    """
    said = st.session_state.get(key)
    if not said:
        return
    if said["day"] != st.session_state.get("said"):
        st.session_state["day"] = date.fromisoformat(said["day"])
        st.session_state["said"] = said["day"]
    st.session_state["look"] = View(said["bounds"] and tuple(said["bounds"]), tuple(said["hidden"]))


@st.fragment
def _view(timeline: Timeline) -> None:
    """All that follows the day. Only the panels are drawn anew: the map keeps its frame."""
    day = shared.day(timeline)
    st.query_params["day"] = day.isoformat()
    head = st.container(key="head")
    left, middle, right = head.columns([5, 7, 2], vertical_alignment="center")
    left.html(panels.heading(timeline, day))
    middle.html(panels.balance(timeline, day))
    # A switch of pages by st.switch_page would clear the address, which it may not.
    right.page_link(
        "pages/export.py",
        label="Snapshot",
        icon=":material/photo_camera:",
        width="stretch",
        help="This day and view as a picture, a film, a page or data",
    )
    beside = st.columns(MAP_SHARE)
    with beside[0]:
        _map(timeline)
    with beside[1].container(height=webmap.HEIGHT, border=True, key="on-this-day"):
        st.html(panels.changes(timeline, day))
    many = shared.plain(timeline.study.settings.area_unit[1].capitalize())
    st.caption(f"{many} under each control through the period. Click to go to a day.")
    st.vega_lite_chart(
        control_chart(timeline, day),
        on_select=lambda: _clicked(timeline),
        selection_mode="day",
        key="chart",
        width="stretch",
    )


def _map(timeline: Timeline) -> None:
    at = shared.addresses(timeline)
    key = f"map-{timeline.study.digest}"
    world = webmap.build_map(at.study, at.links)
    theme = st.context.theme.type or "light"
    asked, turn = st.session_state["asked"]
    st_folium(
        world,
        key=key,
        height=webmap.HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=webmap.update(at.timeline, asked, turn, theme),
        on_change=lambda: _stepped(key),
    )


_view(shared.ask())
