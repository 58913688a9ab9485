"""How a line of time is drawn: all but its data, as Vega-Lite that Altair writes.

It depends on nothing but the days drawn and the height, and so is written once for these.
Down, the scale is pixels; across, days are positions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from geo import dates
from pages import memory

WINDOW_TOP, BAND_TOP, BAND_END, MARKS_TOP, LANE = 3, 12, 40, 56, 17
AXIS = 49
"""What Streamlit's padding and the axis take of a chart's height, in pixels."""

INK = "#10151c"

_TOLD = {
    "what": "Says",
    "where": "Of",
    "source": "Source",
    "claimant": "Claimant",
    "use": "Use",
    "evidence": "Evidence",
}


@dataclass(frozen=True)
class Stretch:
    """The days drawn: positions of the first, and of the one after the last."""

    first: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.first

    def meets(self, first: float, end: float) -> bool:
        """Whether something from `first` to `end` is in sight."""
        return first < self.end and end > self.first


@memory.remember
def drawing(start: date, stretch: Stretch, height: int) -> dict[str, Any]:
    """All but the data, which are named."""
    across = alt.Scale(domain=[stretch.first, stretch.end], nice=False)
    x = alt.X("x:Q", axis=_days(start, stretch), scale=across)
    down = alt.Scale(domain=[0, height], reverse=True, nice=False)

    def y(field: str | None = None, at: float = 0) -> alt.Y:
        if field:
            return alt.Y(f"{field}:Q", scale=down, axis=None)
        return alt.Y(datum=at, scale=down, axis=None, type="quantitative")

    def of(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name))

    edge = alt.Stroke("edge:N", scale=None, legend=None)
    fill = alt.Fill("fill:N", scale=None, legend=None)
    band = {"x": x, "x2": "x2:Q", "y": y(at=BAND_TOP), "y2": alt.Y2Datum(BAND_END), "fill": fill}
    hover = [alt.Tooltip("control:N", title="Control"), alt.Tooltip("days:N", title="Days")]
    window = {"x": x, "tooltip": alt.Tooltip("text:N", title="Window")}
    grey = "#7b8591"
    pick = alt.selection_point("picked", fields=["at"], on="click", empty=False, clear="mouseout")
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in _TOLD.items()]
    lane = {"x": x, "x2": "x2:Q", "y": y("y"), "stroke": edge}
    closed, opened = "!datum.open", "datum.open"
    layers = [
        of("bands").mark_rect(clip=True).encode(**band, tooltip=hover),
        of("uncertain")
        .mark_rect(clip=True, strokeDash=[4, 3], strokeWidth=1.5)
        .encode(**band, stroke=edge, tooltip=hover),
        of("hatches")
        .mark_rule(clip=True, strokeWidth=1.6)
        .encode(x=x, x2="x2:Q", y=y("y"), y2="y2:Q", stroke=edge),
        of("names")
        .mark_text(fontSize=11, fontWeight=600, stroke="#ffffff", strokeWidth=3)
        .encode(x=x, y=y(at=(BAND_TOP + BAND_END) / 2), text="name:N"),
        of("names")
        .mark_text(fontSize=11, fontWeight=600, color=INK)
        .encode(x=x, y=y(at=(BAND_TOP + BAND_END) / 2), text="name:N"),
        of("windows")
        .mark_rule(strokeWidth=2, color=grey, clip=True)
        .encode(**window, x2="x2:Q", y=y(at=WINDOW_TOP)),
        of("windows")
        .mark_rule(strokeWidth=1.2, color=grey, strokeDash=[3, 2])
        .encode(**window, y=y(at=WINDOW_TOP), y2=alt.Y2Datum(BAND_END + 4)),
        of("windows")
        .mark_rule(strokeWidth=1.2, color=grey, strokeDash=[3, 2])
        .encode(
            **(window | {"x": alt.X("x2:Q", axis=_days(start, stretch), scale=across)}),
            y=y(at=WINDOW_TOP),
            y2=alt.Y2Datum(BAND_END + 4),
        ),
        of("shown").mark_rule(size=4, color="#ffffff").encode(x=x, y=y("y"), y2="y2:Q"),
        of("shown").mark_rule(size=2, color=INK).encode(x=x, y=y("y"), y2="y2:Q"),
        of("spans").transform_filter(closed).mark_rule(strokeWidth=2, clip=True).encode(**lane),
        of("spans")
        .transform_filter(opened)
        .mark_rule(strokeWidth=2, strokeDash=[2, 2], clip=True)
        .encode(**lane),
        of("ends")
        .mark_rule(strokeWidth=2, clip=True)
        .encode(x=x, y=y("y"), y2="y2:Q", stroke=edge),
        of("marks")
        .mark_point(size=85, strokeWidth=2, opacity=1, cursor="pointer")
        .encode(
            x=x,
            y=y("y"),
            stroke=edge,
            fill=fill,
            shape=alt.Shape("shape:N", scale=None, legend=None),
            tooltip=tooltip,
        )
        .add_params(pick),
    ]
    drawn = alt.layer(*layers).properties(height=height + AXIS).configure_view(stroke=None)
    return drawn.to_dict(validate=False)


def _days(start: date, stretch: Stretch) -> alt.Axis:
    """Months, or where the stretch is short days, or where it is long years."""
    days = pd.date_range(
        pd.Timestamp(start) + pd.Timedelta(days=stretch.first), periods=stretch.length, unit="s"
    )
    if stretch.length <= 45:
        step = -(-stretch.length // 8)
        ticks = {at: dates.in_brief(day.date()) for at, day in enumerate(days) if at % step == 0}
    else:
        long = stretch.length > 800
        ticks = {
            at: str(day.year)
            if long or (day.month == 1 and stretch.length > 200)
            else dates.in_brief(day.date()).split()[1]
            for at, day in enumerate(days)
            if day.day == 1 and (day.month == 1 or not long)
        }
    named = {str(at + stretch.first): text for at, text in ticks.items()}
    return alt.Axis(
        values=[int(at) for at in named],
        labelExpr=f"({pd.Series(named, dtype=object).to_json()})[datum.value]",
        labelAlign="left",
        labelOverlap=True,
        title=None,
        grid=False,
    )
