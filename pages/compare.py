"""The compare page: two maps side by side, each with a day and a reading of its own.

So two days, one day as known then and now, or one day as two sources have it. The left side
is the timeline's own state; that of the right has keys of its own.
"""

from datetime import date, timedelta

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo import snapshot, words
from geo.differences import SIDES, differences
from geo.study import Study
from geo.timeline import Of, Timeline
from pages import address, contrast, maps, memory, panels, reading, shared
from pages.maps import SECOND

HEIGHT = 520
"""Of each map with its slider, in CSS pixels."""

MOST = 420
"""Of the table of what differs, in CSS pixels."""

WEEK = timedelta(days=7)

PICTURE = (2000, 1300)
"""In pixels: two maps want more than one."""


def _then_and_now() -> None:
    reading.copy("", SECOND)
    st.session_state["known_on"] = st.session_state["day"]
    st.session_state[f"known_on{SECOND}"] = None
    _same_day()


def _lead_and_all() -> None:
    reading.copy("", SECOND)
    st.session_state["read"], st.session_state[f"read{SECOND}"] = reading.LEAD, reading.ALL
    _same_day()


def _same_day() -> None:
    maps.go(st.session_state["day"], SECOND)
    st.session_state["together"] = True


def _a_week_apart(found: Study) -> None:
    reading.copy("", SECOND)
    maps.go(min(st.session_state["day"] + WEEK, found.settings.end), SECOND)


def _swap() -> None:
    left, right = st.session_state["day"], st.session_state[f"day{SECOND}"]
    reading.swap("", SECOND)
    maps.go(right)
    maps.go(left, SECOND)


@st.fragment
def _compare(found: Study) -> None:
    day, place = st.session_state["day"], shared.place(found)
    # Side by side at first: the day shown on the map, and a week later.
    to = shared.day(found, SECOND, min(day + WEEK, found.settings.end))
    view = maps.view(paired=True)
    address.seed("together", False, lambda said: said[0] == "yes", lambda _: "yes")
    if address.came():
        maps.go(day, view=view)
        maps.go(to, SECOND, view=view)
    st.html('<h1 class="cm-day">Compare</h1>')
    shared.answers("What differs between two days, between then and now, or between two sources.")
    picture = _ways(found)
    columns = st.columns(2)
    left, right = (
        _side(found, side, column) for side, column in zip(maps.FRAMES, columns, strict=True)
    )
    with picture:
        _picture(left, day, right, to)
    st.html(contrast.balance_of_two(left, day, right, to))
    _what_differs(left, day, right, to, place)
    address.write()


def _ways(found: Study) -> st.delta_generator.DeltaGenerator:
    """The usual comparisons, one click each; where the picture's button goes."""
    ways = st.container(horizontal=True, vertical_alignment="center", key="ways")
    lead = found.settings.lead_source
    ways.button(
        "Known then and now", on_click=_then_and_now, icon=":material/history:", key="then-and-now"
    )
    ways.button(
        "A week apart",
        on_click=_a_week_apart,
        args=(found,),
        icon=":material/date_range:",
        key="a-week-apart",
    )
    if lead:
        label = shared.plain(found.settings.lead_label or lead)
        ways.button(
            f"{label} and all",
            on_click=_lead_and_all,
            icon=":material/newspaper:",
            key="lead-and-all",
        )
    ways.button("Swap", on_click=_swap, icon=":material/swap_horiz:", key="swap")
    ways.toggle(
        "Step both days together",
        key="together",
        persist_state="session",
        help="A step on one map, or an arrow key, moves both.",
    )
    return ways.container(width="content")


def _side(found: Study, side: str, column: st.delta_generator.DeltaGenerator) -> Timeline:
    """One map, over it its day and the choice of what it reads."""
    with column:
        head = st.container(horizontal=True, vertical_alignment="center", key=f"side{side}")
        title = head.empty()
        with head.popover("Whose reports, known when", icon=":material/tune:", type="tertiary"):
            timeline = reading.choose(found, side)
        title.html(contrast.side(timeline, st.session_state[f"day{side}"]))
        maps.draw(timeline, side, HEIGHT, True, st.session_state["together"])
    return timeline


def _picture(left: Timeline, day: date, right: Timeline, to: date) -> None:
    look = maps.look(paired=True)
    st.download_button(
        "Download the picture",
        data=lambda: snapshot.beside(left, day, right, to, size=PICTURE, view=look),
        file_name=snapshot.file_name(left, day, "png", to),
        mime="image/png",
        icon=":material/photo_camera:",
        on_click="ignore",
        help="Both maps and what differs, as one PNG.",
    )


def _what_differs(left: Timeline, day: date, right: Timeline, to: date, place: str) -> None:
    """The places or areas that are not the same; one chosen is shown on both maps."""
    settings = left.study.settings
    names = {"places": "Places", "areas": settings.area_unit[1].capitalize()}
    of = address.choice("of", list(names), "places")
    table = _table(left, day, right, to, of)
    st.html(Markup('<h2 class="cm-h2">What differs</h2>'))
    st.segmented_control(
        "What differs",
        list(names),
        format_func=lambda name: shared.plain(names[name]),
        required=True,
        key="of",
        persist_state="session",
        label_visibility="collapsed",
    )
    if table.empty:
        st.info(_nothing(left, day, right, to))
    else:
        count = words.number(len(table), "row")
        st.caption(f"{count.capitalize()}. Choose one to see it on both maps, and who says so.")
        key = _key(of, table)
        st.dataframe(
            table,
            hide_index=True,
            on_select=lambda: _chosen(key, table),
            selection_mode="single-row",
            key=key,
            height=shared.height(len(table), MOST),
        )
    if place:
        st.html(contrast.two_sides(left, day, right, to, place))
        st.page_link("pages/reports.py", label="Its history", icon=":material/timeline:")


def _key(of: str, table: pd.DataFrame) -> str:
    """The table's key: another where its rows are others and one of the former is chosen.

    It would keep the number of the row chosen; but to draw a new table takes the browser long.
    """
    before, turn = st.session_state.get(f"differs-{of}", (None, 0))
    key = f"differs-{of}-{turn}"
    held = st.session_state.get(key)
    if held and held["selection"]["rows"] and before != list(table.index):
        turn += 1
    st.session_state[f"differs-{of}"] = (list(table.index), turn)
    return f"differs-{of}-{turn}"


def _chosen(key: str, table: pd.DataFrame) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    place = str(table.index[rows[0]]) if rows else ""
    st.session_state["place"] = place
    for side in maps.FRAMES:
        maps.go(st.session_state[f"day{side}"], side, opened=place)


@memory.remember
def _table(left: Timeline, day: date, right: Timeline, to: date, of: Of) -> pd.DataFrame:
    """What differs, in words: by place or area."""
    found = differences(left, day, right, to, of)
    columns = {"Name": found["name"]}
    for side, timeline in zip(SIDES, (left, right), strict=True):
        rows = list(zip(found[f"control_{side}"], found[f"change_{side}"], strict=True))
        by = panels.publishers(timeline)
        held = contrast.all_held(timeline, rows)
        columns[side.capitalize()] = pd.Series(held, index=found.index, dtype=object)
        said = [by[change] if change >= 0 else "" for _, change in rows]
        columns[f"Said by, {side}"] = pd.Series(said, index=found.index, dtype=object)
    return pd.DataFrame(columns)


def _nothing(left: Timeline, day: date, right: Timeline, to: date) -> str:
    for name, timeline, at in (("left", left, day), ("right", right, to)):
        if timeline.is_silent(at):
            return (
                f"Nothing to compare: on the {name}, {words.silence(timeline)}. Step that map "
                "back, or change what it reads."
            )
    return "Nothing: both maps show the same. Choose another day, or change what one side reads."


_compare(shared.open_study_alone())
