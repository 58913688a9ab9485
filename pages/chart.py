"""The small chart under the map: control over the whole period, with a mark on the day shown.

Altair writes it once for a timeline, as Vega-Lite; a step changes nothing but the mark's data.
Days are positions on a plain scale: no browser's time zone can move them.
"""

from datetime import date
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from geo import dates, hatches
from geo.study import Study
from geo.timeline import Timeline
from pages import memory, shared

HATCHED = {"usermeta": {"embedOptions": {"renderer": "svg"}}}
"""Part of a chart's Vega-Lite: only the SVG renderer fills a mark with a pattern, and Streamlit
leaves it for many marks."""

_HATCHES = (Path(__file__).parent / "hatches.js").read_text(encoding="utf-8")

HEIGHT = 116
"""Of the chart with its axis, in CSS pixels."""


def draw_hatches(timeline: Timeline) -> None:
    """Put the patterns into the page that a chart's fills refer to: st.html takes no SVG."""
    sheet = st.components.v2.component("hatches", js=_HATCHES, isolate_styles=False)
    sheet(data=_sheet(timeline.study), key="hatches")


@memory.remember
def _sheet(found: Study) -> str:
    return str(hatches.sheet(found.controls.values()))


def control_chart(timeline: Timeline, day: date) -> dict[str, Any]:
    """Areas under each control through the period.

    Returns
    -------
    dict
        Vega-Lite; a click selects ``at`` (the position of a day) of the selection ``day``.
    """
    spec = _through_the_period(timeline)
    at = (day - timeline.study.settings.start).days
    return spec | {"datasets": spec["datasets"] | {"shown": [{"at": at}]}}


@memory.remember
def _through_the_period(timeline: Timeline) -> dict[str, Any]:
    held = shared.balances(timeline)["areas"].held
    days = held.index
    width = alt.Scale(domain=[0, len(days) - 1], nice=False)
    x = alt.X("at:Q", axis=_months(days), scale=width)
    shown = alt.Chart(alt.NamedData("shown")).encode(x=x)
    chart = alt.layer(
        _areas(timeline, held, x),
        shown.mark_rule(size=5, color="#ffffff"),
        shown.mark_rule(size=2.5, color="#10151c"),
        _clickable(days, x),
    )
    styled = chart.properties(height=HEIGHT).configure_view(stroke=None)
    spec = styled.to_dict() | HATCHED
    # Streamlit makes tables of its own of all others, at every step.
    tables = {name: pa.Table.from_pylist(rows) for name, rows in spec["datasets"].items()}
    return spec | {"datasets": tables}


def _months(days: pd.DatetimeIndex) -> alt.Axis:
    firsts = {str(at): day.strftime("%b") for at, day in enumerate(days) if day.day == 1}
    return alt.Axis(
        values=[int(at) for at in firsts],
        labelExpr=f"({pd.Series(firsts).to_json()})[datum.value]",
        title=None,
        grid=False,
    )


def _areas(timeline: Timeline, held: pd.DataFrame, x: alt.X) -> alt.Chart:
    controls = timeline.study.controls
    present = [control for control in controls if held[control].any()]
    changed = (held != held.shift()).any(axis=1) | (held.index == held.index[-1])
    tall = held.loc[changed, present].reset_index(drop=True)
    tall.insert(0, "at", [at for at, flag in enumerate(changed) if flag])
    tall = tall.melt("at", var_name="control", value_name="areas")
    tall["rank"] = tall["control"].map({control: rank for rank, control in enumerate(present)})
    fills = [hatches.fill(controls[control]) for control in present]
    return (
        alt.Chart(tall)
        .mark_area(interpolate="step-after", stroke="#ffffff", strokeWidth=0.4)
        .encode(
            x=x,
            y=alt.Y("areas:Q", stack="zero", axis=None),
            order="rank:O",
            color=alt.Color("control:N", scale=alt.Scale(domain=present, range=fills), legend=None),
        )
    )


def _clickable(days: pd.DatetimeIndex, x: alt.X) -> alt.Chart:
    every = [{"at": at, "day": dates.in_words(day.date())} for at, day in enumerate(days)]
    pick = alt.selection_point("day", fields=["at"], nearest=True, on="click", empty=False)
    return (
        alt.Chart(pd.DataFrame(every))
        .mark_rule(size=6, opacity=0)
        .encode(x=x, tooltip=alt.Tooltip("day:N", title="Go to"))
        .add_params(pick)
    )
