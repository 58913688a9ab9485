"""A trend as Vega-Lite, written by Altair: for the page, and the same for files.

Control stands above, stacked in the order of the legend; what is uncertain of each lies beside
its control as a slice of its own. Changes per day stand below, on the same days. Both are parts
of one view with two scales of their own, so that one pointer, one mark and one click serve both.

A day is a band of width 1 on a plain scale, from its position to the next: no time zone of a
browser can move it. Fills are colours, or references to the patterns of :mod:`geo.hatches`,
which only Vega's SVG renderer takes.
"""

from datetime import date
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from geo import dates, hatches, slices, words
from geo.trends import MILLIONS_FROM, Trend

MONTHS_FROM = 63
"""A study of fewer days is marked by weeks."""

OUTLINED = 300
"""The bars of so many days are too thin for an outline."""


class Look(NamedTuple):
    """Sizes in pixels, and the colours of what is not control."""

    ink: str
    soft: str
    line: str
    upper: int = 300
    gap: int = 50
    lower: int = 90
    letters: float = 12.5
    font: str | None = None

    @property
    def height(self) -> int:
        """Of both parts."""
        return self.upper + self.gap + self.lower


LOOKS = {
    "light": Look("#1c2430", "#4c5765", "#d5dae1"),
    "dark": Look("#eef1f5", "#b9c2cd", "#39424e"),
}
"""By the theme of the page; text on its background has a contrast of 7:1 and more."""


class _Axes(NamedTuple):
    """What the layers of a chart share."""

    trend: Trend
    share: bool
    look: Look
    x: alt.X
    data: dict[str, list[dict[str, Any]]]

    def named(self, name: str, table: pd.DataFrame) -> alt.NamedData:
        """A dataset of the chart. Altair copies what stands in a layer many times over."""
        self.data[name] = table.to_dict("records")
        return alt.NamedData(name)

    @property
    def last(self) -> int:
        return len(self.trend.timeline.days)

    @property
    def unit(self) -> float:
        """What amounts are divided by."""
        return self.trend.balance.total if self.share else 1


def chart(trend: Trend, share: bool, look: Look, *, width: float | None = None) -> dict[str, Any]:
    """The chart of a trend that is not empty.

    Parameters
    ----------
    trend : geo.trends.Trend
    share : bool
        Whether amounts are shares of the whole.
    look : Look
    width : float, optional
        Of the plot in pixels, for a file. Without it the chart is one to point at in a page: a
        click selects ``at`` (the position of a day) of the selection ``day``, and a mark stands
        on the day of its dataset ``shown`` (:func:`shown`), which the page must give it.

    Returns
    -------
    dict
        Vega-Lite.
    """
    days = trend.timeline.days
    scale = alt.Scale(domain=[0, len(days)], nice=False)
    axes = _Axes(trend, share, look, alt.X("at:Q", axis=_days(days), scale=scale), {})
    layers: list[Any] = [_control(axes), _changes(axes)]
    if trend.heard < len(days):
        layers.append(_silence(axes))
    if width is None:
        layers += [_mark(axes), _pointed(axes)]
    # All at once: Altair copies the whole chart for each property set later.
    drawn = alt.LayerChart(
        layer=layers,
        resolve=alt.Resolve(scale={"y": "independent"}),
        # The height is the plot's own: both parts stand on it.
        autosize=alt.AutoSizeParams(type="pad" if width else "fit-x", contains="padding"),
        height=look.height,
        width=width or alt.Undefined,
        description=trend.alt_text,
        config=_config(look),
    )
    return drawn.to_dict() | {"datasets": axes.data}


def shown(trend: Trend, day: date) -> list[dict[str, Any]]:
    """The dataset of the mark on a day."""
    at = (day - trend.timeline.study.settings.start).days
    return [{"at": at + 0.5, "label": f"On the map: {dates.in_brief(day)}"}]


def _config(look: Look) -> dict[str, Any]:
    return {
        "background": "#ffffff00",
        "view": {"stroke": None},
        # The chart has a text alternative as a whole: a reader hears that, not each of its marks.
        "mark": {"aria": False},
        "axis": {
            "aria": False,
            "labelColor": look.ink,
            "titleColor": look.ink,
            "gridColor": look.line,
            "domainColor": look.soft,
            "tickColor": look.soft,
            "labelFontSize": look.letters,
            "titleFontSize": look.letters + 0.5,
            "titleFontWeight": "bold",
        },
    } | ({"font": look.font} if look.font else {})


def _days(days: pd.DatetimeIndex) -> alt.Axis:
    """An axis of months, or of weeks in a short study."""
    labels: dict[str, str] = {}
    year = None
    for at, day in enumerate(days):
        if len(days) < MONTHS_FROM and at % 7 == 0:
            labels[str(at)] = dates.in_brief(day.date())
        elif len(days) >= MONTHS_FROM and day.day == 1:
            month = dates.in_brief(day.date()).split()[1]
            labels[str(at)] = month if day.year == year else f"{month} {day.year}"
            year = day.year
    return alt.Axis(
        values=[int(at) for at in labels],
        labelExpr=f"({pd.Series(labels, dtype=object).to_json(force_ascii=True)})[datum.value]",
        labelAlign="left",
        labelOverlap="greedy",
        title=None,
        grid=False,
    )


# Control.


def _control(axes: _Axes) -> alt.LayerChart:
    stack = slices.pieces(axes.trend, axes.unit)
    top = axes.trend.balance.total / axes.unit
    scale = alt.Scale(domain=[0, top], nice=False, range=[axes.look.upper, 0])
    y = alt.Y("low:Q", scale=scale, axis=_amounts(axes))
    return alt.LayerChart(
        layer=[
            _slices(axes, stack[~stack["uncertain"]], y, False),
            _slices(axes, stack[stack["uncertain"]], y, True),
        ]
    )


def _slices(axes: _Axes, stack: pd.DataFrame, y: alt.Y, uncertain: bool) -> alt.Chart:
    line: dict[str, Any] = {"stroke": "#ffffff", "strokeWidth": 0.5}
    if uncertain:
        dashes = [int(part) for part in hatches.DASHES.split()]
        line = {"stroke": hatches.INK, "strokeWidth": 1.1, "strokeDash": dashes}
    looks = stack.assign(look=stack["control"] + ("?" if uncertain else ""))
    looks = looks[["look", "piece", "at", "low", "high"]]
    return (
        alt.Chart(axes.named("uncertain" if uncertain else "control", looks))
        .mark_area(interpolate="step-after", **line)
        .encode(x=axes.x, y=y, y2="high:Q", detail="piece:N", fill=_fills(axes.trend))
    )


def _fills(trend: Trend) -> alt.Fill:
    """What slices and bars are filled with: one scale, since layers share it."""
    controls = [trend.timeline.study.controls[control] for control in trend.controls]
    looks = {control.id: hatches.fill(control) for control in controls}
    looks |= {f"{control.id}?": hatches.fill(control, pale=True) for control in controls}
    scale = alt.Scale(domain=list(looks), range=list(looks.values()))
    return alt.Fill("look:N", scale=scale, legend=None)


def _amounts(axes: _Axes) -> alt.Axis:
    trend, total = axes.trend, axes.trend.balance.total
    if axes.share:
        label, text = f"Share of {trend.whole}", "format(datum.value * 100, 'd') + ' %'"
    elif trend.unit == "people" and total >= MILLIONS_FROM:
        label = f"People in millions (of {total / 1e6:,.1f})"
        text = "format(datum.value / 1e6, ',~g')"
    else:
        label, text = f"{trend.label} (of {total:,.0f})", "format(datum.value, ',~f')"
    step = {"tickMinStep": 1} if trend.unit == "areas" and not axes.share else {}
    return _titled(label, -14, labelExpr=text, tickCount=5, **step)


def _titled(title: str, y: float, **rest: Any) -> alt.Axis:
    """An axis whose title lies level above it."""
    return alt.Axis(
        title=title,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="start",
        titleBaseline="bottom",
        titleX=0,
        titleY=y,
        titleLimit=600,
        orient="left",
        **rest,
    )


# Changes per day.


def _changes(axes: _Axes) -> alt.Chart:
    trend, look = axes.trend, axes.look
    bars = slices.bars(trend)
    most = max(1, int(bars["high"].max()) if len(bars) else 1)
    scale = alt.Scale(domain=[0, most], nice=False, range=[look.height, look.upper + look.gap])
    axis = _titled(
        "Changes per day, by who gained",
        look.upper + look.gap - 8,
        tickCount=3,
        tickMinStep=1,
        format=",d",
    )
    return (
        alt.Chart(axes.named("changes", bars))
        .mark_rect(stroke=hatches.EDGE, strokeWidth=0.4 if axes.last < OUTLINED else 0)
        .encode(
            x=axes.x,
            x2="end:Q",
            y=alt.Y("low:Q", scale=scale, axis=axis),
            y2="high:Q",
            fill=_fills(trend),
        )
    )


# What is no amount: silence, the mark, the pointer.


def _silence(axes: _Axes) -> alt.LayerChart:
    heard, last, look = axes.trend.heard, axes.last, axes.look
    text = words.silence(axes.trend.timeline)
    data = pd.DataFrame([{"at": heard, "end": last, "text": f"{text[:1].upper()}{text[1:]}"}])
    base = alt.Chart(axes.named("silence", data))
    return alt.LayerChart(
        layer=[
            base.mark_rect(fill=hatches.SILENCE).encode(x=axes.x, x2="end:Q"),
            base.mark_rule(color=look.soft, strokeDash=[2, 3]).encode(x=axes.x),
            base.mark_text(
                align="right", baseline="bottom", fontSize=look.letters, color=look.ink
            ).encode(
                x=alt.X("end:Q", axis=axes.x["axis"], scale=axes.x["scale"]),
                y=alt.value(-14),
                text="text:N",
            ),
        ]
    )


def _mark(axes: _Axes) -> alt.LayerChart:
    """A mark on the day of the dataset ``shown``, and which day that is."""
    last, look = axes.last, axes.look
    base = alt.Chart(alt.NamedData("shown")).encode(x=axes.x)
    # Beside the mark, on the side where there is more room.
    left = f"datum.at > {last / 2:g}"
    label = base.mark_text(
        align=alt.expr(f"{left} ? 'right' : 'left'"),
        dx=alt.expr(f"{left} ? -7 : 7"),
        baseline="bottom",
        fontSize=look.letters,
        color=look.ink,
    )
    return alt.LayerChart(
        layer=[
            # Thin, so that the day's own numbers are not covered.
            base.mark_rule(size=3, color="#ffffff", opacity=0.85),
            base.mark_rule(size=1.2, color="#10151c"),
            base.mark_point(shape="triangle-down", size=70, filled=True, color=look.ink).encode(
                y=alt.value(-6)
            ),
            label.encode(y=alt.value(look.upper + 18), text="label:N"),
        ]
    )


def _pointed(axes: _Axes) -> alt.Chart:
    """A band for each day: under the pointer it tells the day's numbers, a click selects it."""
    days, numbers = slices.told(axes.trend)
    controls = axes.trend.controls
    fields = [f"told{rank}" for rank in range(len(controls))]
    pick = alt.selection_point("day", fields=["at"], on="click", empty=False)
    under = alt.selection_point(
        "under", fields=["at"], on="pointerover", clear="pointerout", empty=False
    )
    labels = axes.trend.timeline.study.controls
    tooltip = [
        alt.Tooltip("day:N", title="title"),
        *(
            alt.Tooltip(f"{field}:N", title=labels[control].label)
            for field, control in zip(fields, controls, strict=True)
        ),
        alt.Tooltip("changes:N", title="Changes"),
    ]
    return (
        alt.Chart(axes.named("days", days))
        .transform_lookup("run", alt.LookupData(axes.named("numbers", numbers), "run", fields))
        .transform_calculate(end="datum.at + 1")
        .mark_rect(fill="#10151c", cursor="pointer")
        .encode(
            x=axes.x,
            x2="end:Q",
            opacity=alt.condition(under, alt.value(0.18), alt.value(0)),
            tooltip=tooltip,
        )
        .add_params(pick, under)
    )
