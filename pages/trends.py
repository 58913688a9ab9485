"""The trends page: control through the study's period, and what changed on each day."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from geo import cells, charts, chartsheet, dates, hatches, trends, words
from geo.measures import UNITS, Unit
from geo.print.captions import sentence
from geo.timeline import Timeline
from geo.trends import Trend
from pages import address, chart, maps, memory, reading, shared

COUNT, SHARE = "count", "share"

few = partial(memory.remember, max_entries=8)
"""Remembers a few files, which are large."""

ROWS = 200
"""Of the table shown at first sight; the file has all."""

_BUSIEST = '<p class="cm-soft cm-told">The days with the most changes, each opening on the map</p>'

MIME = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}


@memory.remember
def _trend(timeline: Timeline, unit: Unit) -> Trend:
    return Trend(timeline, unit, shared.balances(timeline)[unit])


@memory.remember
def _chart(timeline: Timeline, unit: Unit, share: bool, theme: str) -> dict[str, Any]:
    spec = charts.chart(_trend(timeline, unit), share, charts.LOOKS[theme])
    return spec | chart.HATCHED


@few
def _file(timeline: Timeline, unit: Unit, share: bool, suffix: str) -> bytes:
    trend = _trend(timeline, unit)
    if suffix == "csv":
        return cells.to_csv(trends.table(trend)).encode()
    return chartsheet.render(trend, share, suffix)


def _choose(timeline: Timeline) -> tuple[Unit, bool]:
    """The unit, and whether its amounts are shares."""
    address.choice("unit", list(UNITS), UNITS[0])
    address.choice("as", [COUNT, SHARE], COUNT)
    study = timeline.study
    row = st.container(horizontal=True, gap="medium")
    unit = row.segmented_control(
        "Unit",
        UNITS,
        format_func=lambda unit: shared.plain(trends.unit_label(study, unit)),
        required=True,
        key="unit",
        persist_state="session",
    )
    labels = {COUNT: "Numbers", SHARE: "Shares"}
    how = row.segmented_control(
        "Shown as",
        list(labels),
        format_func=labels.__getitem__,
        required=True,
        key="as",
        persist_state="session",
    )
    return unit or UNITS[0], how == SHARE


def _legend(trend: Trend) -> Markup:
    """Each control with its sample, and beside it that of its uncertain part."""
    items = Markup("").join(
        Markup('<li><img src="{}" alt="" width="26" height="16">{}</li>').format(
            hatches.picture(control, uncertain), label
        )
        for control, uncertain, label in trend.legend()
    )
    return Markup('<ul class="cm-legend" aria-label="Legend">{}</ul>').format(items)


def _picked(timeline: Timeline) -> None:
    """Take the day clicked; only the page's own run may leave it for another."""
    picked = st.session_state["trend"]["selection"]["day"]
    if picked:
        start = timeline.study.settings.start
        st.session_state["opens"] = start + timedelta(days=int(picked[0]["at"]))


def _draw(trend: Trend, share: bool, day: date) -> None:
    timeline = trend.timeline
    theme = st.context.theme.type or "light"
    spec = _chart(timeline, trend.unit, share, theme)
    chart.draw_hatches(timeline)
    st.html(_legend(trend))
    st.vega_lite_chart(
        spec | {"datasets": spec["datasets"] | {"shown": charts.shown(trend, day)}},
        on_select=lambda: _picked(timeline),
        selection_mode="day",
        key="trend",
        width="stretch",
    )
    told = " ".join([f"Of {trend.whole}.", *trend.notes()])
    st.html(Markup('<p class="cm-soft">{}</p>').format(told))


def _days(trend: Trend, day: date) -> None:
    """A day's numbers in words and the way to it, for who cannot point at the chart."""
    settings = trend.timeline.study.settings
    st.html('<h2 class="cm-h2">A day</h2>')
    left, middle, right = st.columns([2, 2, 8], vertical_alignment="bottom")
    # Named by the day on the map, so that it starts from there each time.
    asked = left.date_input(
        "Day",
        value=day,
        min_value=settings.start,
        max_value=settings.end,
        format="YYYY-MM-DD",
        key=f"trend-day-{day}",
    )
    if middle.button("Open on the map", key="trend-open", icon=":material/map:"):
        maps.to_map(asked)
    position = (asked - settings.start).days
    if position < trend.heard:
        changes = int(trend.gained.iloc[position].sum())
        told = f"{trend.day(position)} {words.number(changes, 'change').capitalize()}."
    else:
        told = f"{sentence(words.silence(trend.timeline))}."
    right.html(
        Markup('<p class="cm-told" role="status"><b>{}</b> {}</p>').format(
            f"{dates.weekday(asked)} {dates.in_words(asked)}.", told
        )
    )
    if busiest := trend.busiest():
        st.html(_BUSIEST)
        with st.container(horizontal=True, key="busiest"):
            for one, count in busiest:
                label = f"{dates.in_brief(one)} · {words.number(count, 'change')}"
                if st.button(label, key=f"busy-{one}"):
                    maps.to_map(one)


def _take(trend: Trend, share: bool) -> None:
    st.html('<h2 class="cm-h2">Take it with you</h2>')
    with st.container(horizontal=True, key="take-trend"):
        for suffix, mime in MIME.items():
            st.download_button(
                f"Download the {suffix.upper()}",
                data=partial(_file, trend.timeline, trend.unit, share, suffix),
                file_name=trends.file_name(trend, suffix, share and suffix != "csv"),
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"trend-{suffix}",
            )
    with st.expander("The numbers as a table"):
        table = _table(trend.timeline, trend.unit)
        st.dataframe(table, hide_index=True)


@memory.remember
def _table(timeline: Timeline, unit: Unit) -> Any:
    """Only the days on which an amount changes: the file has all."""
    trend = _trend(timeline, unit)
    whole = trends.table(trend)
    moved = trend.held.index[trend.breaks[:-1]]
    shown = whole[whole["day"].isin(moved) | whole["changes"].gt(0)]
    return cells.plain(shown.drop(columns="control"))


def _why_empty(trend: Trend) -> None:
    """What to change where there is nothing to draw."""
    if trend.heard:
        st.info("This study has no figures of population. Choose another unit.")
    else:
        st.info(
            "No usable report speaks of any day. Choose other sources, or a later day under "
            "“As known on”, in the sidebar."
        )


def _trends(timeline: Timeline) -> None:
    day: date = st.session_state["day"]
    opens = st.session_state.pop("opens", None)
    if opens:
        maps.to_map(opens)
    st.html('<h1 class="cm-day">Trends</h1>')
    shared.answers(
        "How much each side held through the period, how sure that is, and on which days it "
        "changed. Point at a day for its numbers; click it to see it on the map."
    )
    unit, share = _choose(timeline)
    trend = _trend(timeline, unit)
    if trend.is_empty:
        _why_empty(trend)
    else:
        _draw(trend, share, day)
        _days(trend, day)
        _take(trend, share)
    address.write()


_trends(reading.ask())
