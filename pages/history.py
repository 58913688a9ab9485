"""The history of a place or area: its line of time, its changes, and what moved nothing.

Drawn into whatever container is at hand, wide on the reports page, narrow beside the map.
A reader's click says which day they want to see; where that is shown is the caller's.
"""

from datetime import date, timedelta

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo import dates, history, words
from geo.history import History
from geo.ledger import Ledger
from geo.timeline import Timeline
from pages import line, memory, panels
from pages.strip import Stretch

CLOSE = 10
"""Days on either side of the day shown, close up."""

MOST = 24
"""Changes shown as cards: an area of many towns has hundreds."""

WHOLE, NEAR = "Whole period", "Close up"

WHY = {
    "moves nothing": "on the {area} itself, which follows its capital or towns: moves nothing",
    "not chosen": "left out: its source or claimant is not among those chosen",
    "undated": "left out: its source has no date of publication",
    "not yet known": "left out: published later",
    "disputed": "kept as dissent, moves nothing",
    "superseded": "corrected by {by}",
}


@memory.remember
def ledger(timeline: Timeline) -> Ledger:
    """The ledger under a timeline's eyes."""
    return Ledger(timeline)


@memory.remember
def _told(timeline: Timeline, unit: str) -> History:
    return history.history(timeline, unit, ledger(timeline).links)


def show(timeline: Timeline, unit: str, day: date, key: str) -> date | None:
    """Draw a place's or an area's history into the current container.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    unit : str
        A ``place_id`` or an ``area_id`` of the study.
    day : datetime.date
        The day shown elsewhere: a line marks it.
    key : str
        Of the widgets: another for each history on a page.

    Returns
    -------
    datetime.date or None
        The day that the reader has just asked to see on the map.
    """
    told = _told(timeline, unit)
    st.html(_heading(timeline, told))
    asked = _line_of_time(timeline, told, day, key)
    st.html(_legend(timeline, told))
    asked = _cards(timeline, told, key) or asked
    if not told.left_out.empty:
        st.html(_left_out(timeline, told))
    return asked


def _heading(timeline: Timeline, told: History) -> Markup:
    count = len(told.changes)
    said = f"{words.number(len(told.marks), 'report')}, {words.number(count, 'change')}"
    if told.marks.empty:
        said = "no report"
    return Markup('<h2 class="cm-h2">{} <span class="cm-soft">{} · {}</span></h2>').format(
        told.name, told.what, said
    )


def _line_of_time(timeline: Timeline, told: History, day: date, key: str) -> date | None:
    """The chart; the day of a mark just clicked."""
    length = len(timeline.days)
    stretch = Stretch(0, length)
    if length > 4 * CLOSE:
        chosen = st.segmented_control(
            "Days drawn",
            [WHOLE, NEAR],
            default=WHOLE,
            required=True,
            key=f"{key}-stretch",
            label_visibility="collapsed",
        )
        if chosen == NEAR:
            at = (day - timeline.study.settings.start).days
            first = min(max(at - CLOSE, 0), length - 2 * CLOSE - 1)
            stretch = Stretch(first, first + 2 * CLOSE + 1)
    st.vega_lite_chart(
        line.chart(timeline, told, day, stretch),
        on_select=lambda: _picked(timeline, key),
        selection_mode="picked",
        key=f"{key}-line",
        width="stretch",
    )
    return st.session_state.pop(f"{key}-picked", None)


def _picked(timeline: Timeline, key: str) -> None:
    """A click says a day once: what was clicked before is no news in the next run."""
    picked = st.session_state[f"{key}-line"]["selection"]["picked"]
    if picked:
        settings = timeline.study.settings
        day = settings.start + timedelta(days=int(picked[0]["at"]))
        st.session_state[f"{key}-picked"] = min(max(day, settings.start), settings.end)


def _legend(timeline: Timeline, told: History) -> Markup:
    """What the colours and shapes on this line mean."""
    controls = timeline.study.controls
    seen = {*told.bands["control"], *told.marks["control"]}
    keys = [
        Markup('<span class="cm-key">{}{}</span>').format(panels.swatch(control), control.label)
        for control in controls.values()
        if control.id in seen
    ]
    uses = dict.fromkeys(line.in_a_word(mark) for _, mark in told.marks.iterrows())
    keys += [Markup('<span class="cm-key">{}{}</span>').format(sign(use), use) for use in uses]
    if "by" in set(told.marks["form"]):
        keys.append(Markup('<span class="cm-key">{}seen by then</span>').format(_sign("┈●")))
    if told.bands["uncertain"].any():
        keys.append(
            Markup(
                '<span class="cm-key"><i class="cm-swatch cm-maybe"></i>'
                "within the window of a change</span>"
            )
        )
    return Markup('<div class="cm-keys cm-soft">{}</div>').format(Markup(" ").join(keys))


SIGNS = {
    "used": "●",
    "used, but gives another day": "○",
    "moves nothing": "▷",
    "not chosen": "□",
    "undated": "▽",
    "not yet known": "△",
    "disputed": "◇",
    "superseded": "✚",
}
"""The marks of the line of time as letters."""


def sign(use: str) -> Markup:
    """The mark of a use, without its colour."""
    return _sign(SIGNS[use])


def _sign(letters: str) -> Markup:
    return Markup('<span class="cm-sign" aria-hidden="true">{}</span>').format(letters)


def _cards(timeline: Timeline, told: History, key: str) -> date | None:
    """The changes, each with a way to the map on its day."""
    if told.changes.empty:
        st.caption("No usable report says who holds it: on the map it is unknown throughout.")
        return None
    asked = None
    names = timeline.study.names
    with st.container(key=f"{key}-cards"):
        for number, change in told.changes.head(MOST).iterrows():
            on = change["day"].date()
            own = change["place_id"] == told.unit
            with st.container(key=f"{key}-change-{number}", gap="xxsmall"):
                st.html(
                    panels.card(
                        timeline,
                        int(number),
                        dates.in_words(on),
                        "" if own else names[change["place_id"]],
                    )
                )
                if _to_map(timeline, on, f"{key}-to-{number}"):
                    asked = on
    if len(told.changes) > MOST:
        rest = len(told.changes) - MOST
        st.caption(f"The first {MOST}; {rest} more are in the data of the export page.")
    return asked


def _to_map(timeline: Timeline, day: date, key: str) -> bool:
    settings = timeline.study.settings
    return st.button(
        f"On the map: {dates.in_words(day, year=False)}",
        key=key,
        icon=":material/map:",
        type="tertiary",
        disabled=not settings.start <= day <= settings.end,
    )


def _left_out(timeline: Timeline, told: History) -> Markup:
    """The reports that move nothing, each with the reason and what stands against it."""
    reports = timeline.study.reports
    parts = [
        Markup(
            '<article class="cm-change">{}<div><b>{}</b> {}<div>{}</div>{}</div></article>'
        ).format(
            panels.swatch(timeline.study.controls[mark["control"]]),
            words.control_label(timeline, mark["control"]),
            words.when(mark),
            why(timeline, mark) + _against(timeline, mark),
            panels.evidence(timeline, reports.loc[row]),
        )
        for row, mark in told.left_out.iterrows()
    ]
    return Markup(
        '<h3 class="cm-h3">Dissent and left out</h3><div class="cm-grid">{}</div>'
    ).format(Markup("").join(parts))


def why(timeline: Timeline, mark: pd.Series) -> str:
    """Why a report that is not used moves nothing."""
    area = timeline.study.settings.area_unit[0]
    text = WHY[mark["use"]].format(area=area, by=mark["corrected_by"] or "another report")
    return text[:1].upper() + text[1:]


def _against(timeline: Timeline, mark: pd.Series) -> str:
    """The change that a report disputes, in words; blank if none."""
    if pd.isna(mark["disputes"]):
        return ""
    number = int(mark["disputes"])
    told = f"{words.from_to(timeline, number)} {words.how_sure(timeline, number)}"
    verb = "gives another day than" if mark["another_day"] else "against it stands"
    return f"; {verb} {told}"
