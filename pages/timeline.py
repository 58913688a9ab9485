"""The timeline page: the map with its slider, and beside it what follows the day."""

from datetime import date, timedelta

import streamlit as st
from streamlit_folium import st_folium

from geo import snapshot, webmap
from pages import panels, shared
from pages.chart import control_chart
from pages.shared import Asked

MAP_SHARE = [7, 3]  # of the width: the map, the list


def _day(asked: Asked) -> date:
    """The day shown: the reader's last, else the address's, else the study's first view."""
    settings = asked.study.settings
    if "day" not in st.session_state:
        try:
            wished = date.fromisoformat(st.query_params.get("day", ""))
        except ValueError:
            wished = settings.opens_on
        st.session_state["day"] = wished
        st.session_state["turn"] = 0
    return min(max(st.session_state["day"], settings.start), settings.end)


def _go(day: date) -> None:
    """Ask the map for a day of the page's own choice."""
    st.session_state["day"] = day
    st.session_state["turn"] += 1


def _clicked(asked: Asked) -> None:
    picked = st.session_state["chart"]["selection"]["day"]
    if picked:
        _go(asked.study.settings.start + timedelta(days=int(picked[0]["at"])))


def _stepped(key: str) -> None:
    said = st.session_state.get(key) or {}
    if "day" in said:
        st.session_state["day"] = date.fromisoformat(said["day"])


@st.fragment
def _view(asked: Asked) -> None:
    """All that follows the day. Only the panels are drawn anew: the map keeps its frame."""
    day = _day(asked)
    st.query_params["day"] = day.isoformat()
    timeline = asked.timeline
    head = st.container(key="head")
    left, middle, right = head.columns([5, 7, 2], vertical_alignment="center")
    left.html(panels.heading(asked, day))
    middle.html(panels.balance(asked, day))
    right.download_button(
        "Snapshot",
        data=lambda: snapshot.render(timeline, day),
        file_name=snapshot.file_name(asked.study, day),
        mime="image/png",
        icon=":material/photo_camera:",
        on_click="ignore",
        width="stretch",
        help="This day as a picture for a report (PNG, 1600 × 1200)",
    )
    beside = st.columns(MAP_SHARE)
    with beside[0]:
        _map(asked, day)
    with beside[1].container(height=webmap.HEIGHT, border=True, key="on-this-day"):
        st.html(panels.changes(asked, day))
    many = asked.study.settings.area_unit[1]
    st.caption(f"{many.capitalize()} under each control through the period. Click to go to a day.")
    st.vega_lite_chart(
        control_chart(asked, day),
        on_select=lambda: _clicked(asked),
        selection_mode="day",
        key="chart",
        width="stretch",
    )


def _map(asked: Asked, day: date) -> None:
    at = shared.addresses(asked)
    key = f"map-{asked.study.digest}"
    world = webmap.build_map(at.study, at.links)
    theme = st.context.theme.type or "light"
    # The day stands in the message only when the page asks for it: a message that stays the
    # same goes over the wire as its hash.
    first = st.session_state.setdefault("asked-day", {})
    turn = st.session_state["turn"]
    first.setdefault(turn, day)
    st_folium(
        world,
        key=key,
        height=webmap.HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=webmap.update(at.timeline, first[turn], turn, theme),
        on_change=lambda: _stepped(key),
    )


_view(shared.ask())
