"""The map in its frame, between the reader and the page: what is asked of it, what it tells.

A page may show two, paired: the keys of the second, in the session as in the address, end in
:data:`SECOND`, and so do those of what both have in sight.
"""

from datetime import date
from typing import Literal, NamedTuple

import folium
import streamlit as st
from streamlit_folium import st_folium

from geo import webmap
from geo.print.ground import View
from geo.timeline import Timeline
from pages import address, shared

SECOND = "_2"

FRAMES: dict[str, Literal["left", "right"]] = {"": "left", SECOND: "right"}


class Asked(NamedTuple):
    """What the page asks of the map: anew only with another turn.

    The map is asked only then: what it says itself stays out of the message to it, since a
    message that stays the same goes over the wire as its hash.
    """

    day: date
    turn: int
    view: str
    opened: str


def go(day: date, side: str = "", view: str = "", opened: str = "") -> None:
    """Show a day of the page's own choice, and perhaps a view and a place."""
    before: Asked | None = st.session_state.get(f"asked{side}")
    st.session_state[f"day{side}"] = day
    turn = before.turn + 1 if before else 0
    st.session_state[f"asked{side}"] = Asked(day, turn, view, opened)


def to_map(day: date, unit: str = "") -> None:
    """Open the timeline's map on a day, on a place or an area if one is named (its id)."""
    address.switch("pages/timeline.py", day=day, place=unit)


def view(paired: bool = False) -> str:
    """Latitude, longitude and zoom of what is in sight; blank for the whole study."""
    return address.seed(f"view{SECOND if paired else ''}", "", _read_view)


def look(paired: bool = False) -> View:
    """What a picture of the map would show."""
    return st.session_state.get(f"look{SECOND if paired else ''}", View())


def _read_view(said: list[str]) -> str:
    latitude, longitude, zoom = map(float, said[0].split(","))
    if not (abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= zoom <= 24):
        raise ValueError("no view of the earth")
    return f"{latitude:g},{longitude:g},{zoom:g}"


def draw(
    timeline: Timeline,
    side: str = "",
    height: int = webmap.HEIGHT,
    paired: bool = False,
    together: bool = False,
) -> None:
    """Draw the map with its slider, of which only the frame is ever drawn anew.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    side : str
        Blank, or :data:`SECOND`.
    height : int
        Of map and slider, in CSS pixels.
    paired, together : bool
        Whether it moves with the other map, and whether their days move together, too.
    """
    at = shared.data(timeline)
    key = f"map-{timeline.study.digest}{side}{'-paired' if paired else ''}"
    pair = FRAMES[side] if paired else ""
    world = webmap.build_map(at.study, at.links, height, pair)
    asked: Asked = st.session_state[f"asked{side}"]
    message = webmap.update(
        at.timeline,
        asked.day,
        asked.turn,
        asked.view,
        asked.opened,
        theme=st.context.theme.type or "light",
        together=together,
    )
    _unrendered(world, message)
    st_folium(
        world,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=message,
        render=False,
        on_change=lambda: _told(key, side, SECOND if paired else ""),
    )


def _nothing(**_: object) -> str:
    return ""


def _unrendered(*parts: folium.Element) -> None:
    """Leave out the page that folium writes around a map: its frame takes the scripts alone.

    A fifth of what a step costs the server would go into it, each piece being a template that
    is compiled anew (measured), though streamlit-folium is told to render nothing.
    """
    for part in parts:
        part.render = _nothing  # type: ignore[method-assign]


def _told(key: str, side: str, seen: str) -> None:
    """Take what the map says: the day its reader went to, what is in sight, what was clicked.

    What it said before it heard of the last asking is no news of what was asked for there, nor
    is a click that it told before.
    """
    said = st.session_state.get(key)
    if not said:
        return
    asked: Asked = st.session_state[f"asked{side}"]
    heard = said["turn"] == asked.turn
    if heard:
        st.session_state[f"day{side}"] = date.fromisoformat(said["day"])
        if said["picked"] and said["picked"] != st.session_state.get(f"clicked{side}"):
            st.session_state["place"] = said["picked"][0]
            st.session_state[f"clicked{side}"] = said["picked"]
    if heard or not asked.view:
        st.session_state[f"view{seen}"] = said["view"]
        bounds = said["bounds"] and tuple(said["bounds"])
        st.session_state[f"look{seen}"] = View(bounds, tuple(said["hidden"]))
