"""The line of time of a place: a band of control, and under it every report as a mark.

Here are its data; :mod:`pages.strip` draws them. Across, days are positions on a plain scale,
so that no browser's time zone can move them; down, the scale is pixels.
"""

from datetime import date
from typing import Any

import pandas as pd

from geo import dates, style, words
from geo.history import History
from geo.timeline import Timeline
from pages.strip import BAND_END, BAND_TOP, LANE, MARKS_TOP, Stretch, drawing

MOST_LANES = 24
"""Lanes of marks; what finds none free stands in the last."""

ROOM = 0.026
"""How much of the width a mark takes, so that two do not stand upon each other."""

OPEN = 0.035
"""How far the open line of a sighting reaches to the left, as a share of the width."""

LABELLED = 0.14
"""A band narrower than this share has no room for its name."""

SHAPES = {
    "used": "circle",
    "moves nothing": "triangle-right",
    "not chosen": "square",
    "undated": "triangle-down",
    "not yet known": "triangle-up",
    "disputed": "diamond",
    "superseded": "cross",
}
"""The shape of a report's mark by its use: told apart without colour."""

HOLLOW = "#ffffff"
_STRIPES = 70  # hatched lines through the width


def chart(timeline: Timeline, told: History, day: date, stretch: Stretch) -> dict[str, Any]:
    """The line of time of a place or area.

    Returns
    -------
    dict
        Vega-Lite; a click on a mark selects ``at`` (the position of the day it names) of the
        selection ``picked``.
    """
    data = _data(timeline, told, stretch)
    lanes = 1 + max([mark["lane"] for mark in data["marks"]], default=0)
    height = MARKS_TOP + lanes * LANE
    start = timeline.study.settings.start
    shown = (day - start).days
    inside = stretch.first <= shown < stretch.end
    data["shown"] = [{"x": shown + 0.5, "y": 0, "y2": height}] if inside else []
    spec = drawing(timeline.study.settings.start, stretch, height)
    told_in_words = (
        f"{told.name} through the period: {len(told.changes)} changes, {len(told.marks)} reports"
    )
    return spec | {"datasets": data, "description": told_in_words}


def _data(timeline: Timeline, told: History, stretch: Stretch) -> dict[str, list[dict]]:
    bands, hatches, names = _bands(timeline, told, stretch)
    marks, spans, ends = _marks(timeline, told, stretch)
    return {
        "bands": [band for band in bands if not band["uncertain"]],
        "uncertain": [band for band in bands if band["uncertain"]],
        "hatches": hatches,
        "names": names,
        "windows": _windows(timeline, told, stretch),
        "spans": spans,
        "ends": ends,
        "marks": marks,
    }


def _position(timeline: Timeline, day: pd.Timestamp) -> int:
    return (day.date() - timeline.study.settings.start).days


def _span(first: pd.Timestamp, last: pd.Timestamp) -> str:
    if first == last:
        return dates.in_words(first.date())
    return f"{dates.in_words(first.date())} to {dates.in_words(last.date())}"


def _bands(
    timeline: Timeline, told: History, stretch: Stretch
) -> tuple[list[dict], list[dict], list[dict]]:
    """The bands, the lines that hatch contested ones, and the names on wide ones."""
    bands, hatches, names = [], [], []
    for run in told.bands.itertuples():
        control = timeline.study.controls[run.control]
        x = max(_position(timeline, run.first), stretch.first)
        x2 = min(_position(timeline, run.last) + 1, stretch.end)
        if x >= x2:
            continue
        contested = control.id == style.CONTESTED
        ground = style.ground(control, run.claimed)
        bands.append(
            {
                "x": x,
                "x2": x2,
                "uncertain": bool(run.uncertain),
                "fill": style.tint(control.colour, 0.35)
                if run.uncertain and not contested
                else ground,
                "edge": "#7b8591" if control.id == style.UNKNOWN else control.colour,
                "control": control.label + (" (uncertain)" if run.uncertain else ""),
                "days": _span(run.first, run.last),
            }
        )
        if contested:
            hatches += _hatched(x, x2, stretch, style.lines(control))
        if x2 - x >= LABELLED * stretch.length and not run.uncertain:
            names.append({"x": (x + x2) / 2, "name": control.label})
    return bands, hatches, names


def _hatched(x: float, x2: float, stretch: Stretch, colour: str) -> list[dict]:
    """Slanted lines within a band, cut where it ends."""
    step = stretch.length / _STRIPES
    tall = BAND_END - BAND_TOP
    lines = []
    low = x - step * 2
    while low < x2:
        left, right = max(low, x), min(low + step * 2, x2)
        if left < right:
            down = [BAND_END - (at - low) / (step * 2) * tall for at in (left, right)]
            lines.append({"x": left, "x2": right, "y": down[0], "y2": down[1], "edge": colour})
        low += step
    return lines


def _windows(timeline: Timeline, told: History, stretch: Stretch) -> list[dict]:
    """From the first to the last day that a change can have been on, where they differ."""
    found = []
    for row in told.changes[told.changes["earliest"] < told.changes["latest"]].itertuples():
        first, end = _position(timeline, row.earliest), _position(timeline, row.latest) + 1
        if stretch.meets(first, end):
            label = words.control_label(timeline, row.control)
            text = f"{label} {row.words}"
            ends = max(first, stretch.first), min(end, stretch.end)
            found.append({"x": ends[0], "x2": ends[1], "text": text})
    return found


def _marks(
    timeline: Timeline, told: History, stretch: Stretch
) -> tuple[list[dict], list[dict], list[dict]]:
    """The reports as points; the lines of those wider than a day; and the ends of these."""
    points, spans, ends = [], [], []
    ledger, sources = timeline.study.reports, timeline.study.sources
    taken = [float("-inf")] * MOST_LANES
    drawn = []
    for row, mark in told.marks.iterrows():
        end = _position(timeline, mark["last"]) + 1
        first = _position(timeline, mark["first"]) if mark["form"] != "by" else end - 1
        if stretch.meets(first, end):
            open_from = end - 1 - OPEN * stretch.length
            drawn.append((open_from if mark["form"] == "by" else first, first, end, row, mark))
    for left, first, end, row, mark in sorted(drawn, key=lambda each: (each[0], each[3])):
        lane = _lane(taken, left, end, stretch)
        report, source = ledger.loc[row], sources.loc[ledger.at[row, "source_id"]]
        control = timeline.study.controls[mark["control"]]
        y = MARKS_TOP + lane * LANE
        x = end - 0.5 if mark["form"] in ("by", "day") else (first + end) / 2
        point = {
            "x": min(max(x, stretch.first), stretch.end),
            "y": y,
            "lane": lane,
            "at": _position(timeline, mark["named"]),
            "shape": SHAPES[mark["use"]],
            "edge": control.colour,
            "fill": control.colour if mark["use"] == "used" and not mark["another_day"] else HOLLOW,
            "what": f"{control.label} {_said(mark)}",
            "where": timeline.study.names[mark["place_id"]],
            "source": words.source_name(source),
            "claimant": report["claimant"] or "–",
            "use": in_a_word(mark),
            "evidence": report["evidence"],
        }
        points.append(point)
        if mark["form"] == "day":
            continue
        open_left = mark["form"] == "by"
        line = {"x": left, "x2": x if open_left else end, "y": y, "edge": control.colour}
        spans.append(line | {"open": open_left})
        if not open_left:
            ends += [
                {"x": at, "y": y - 4, "y2": y + 4, "edge": control.colour} for at in (left, end)
            ]
    return points, spans, ends


def _lane(taken: list[float], left: float, end: float, stretch: Stretch) -> int:
    """The first lane with room, which is then taken."""
    room = ROOM * stretch.length
    middle = (left + end) / 2
    left, end = min(left, middle - room / 2), max(end, middle + room / 2)
    free = [lane for lane, until in enumerate(taken) if until <= left]
    lane = free[0] if free else len(taken) - 1
    taken[lane] = end
    return lane


def _said(mark: pd.Series) -> str:
    """When, as a report says it: on 13 August, by 13 August, between 12 and 13 August."""
    text = words.when(mark)
    return f"on {text}" if mark["form"] == "day" else text


def in_a_word(mark: pd.Series) -> str:
    """What became of a report, for a tooltip or a heading."""
    if mark["use"] == "used" and mark["another_day"]:
        return "used, but gives another day"
    return str(mark["use"])
