"""What the export page asks for more than once: a day, a paper, a part of the map."""

from datetime import date

import streamlit as st

from geo.print.ground import View
from geo.snapshot import PRESETS, Paper
from geo.style import GROUPS, group
from geo.timeline import Timeline
from pages import maps

PREVIEW = 1100
"""The longer side of a preview, in pixels."""

PAPERS = {
    "screen": "Screen, 4:3",
    "slide": "Slide, 16:9",
    "a4-landscape": "A4 landscape",
    "a4-portrait": "A4 portrait",
    "square": "Square",
}
OWN = "own"
LEAST_SIDE, MOST_SIDE, LONGEST = 400, 6000, 4
"""In pixels (a picture takes twelve bytes of memory a pixel while it is drawn), and how many
times longer than wide it may be."""

WHOLE, IN_SIGHT = "The whole study", "What the map shows"


DAY_BYTES = {"png": 480e3, ".zip": 440e3, ".mp4": 12e3, ".gif": 11.5e3}
"""What a day takes in a file of 1600 × 1200, as measured on the bundled study."""

GROWTH = 0.6
"""More pixels are more of the same colours: a file grows by this power of theirs (measured)."""


def expected(kind: str, asked: Paper) -> float:
    """About how many bytes a day takes."""
    usual = PRESETS["screen"].size
    return DAY_BYTES[kind] * (asked.size[0] * asked.size[1] / (usual[0] * usual[1])) ** GROWTH


def about(size: float) -> str:
    """A size in bytes as people say it."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.0f} kB"


def day(timeline: Timeline, label: str, key: str, value: date) -> date:
    """One of the study's days."""
    settings = timeline.study.settings
    return st.date_input(
        label,
        value=value,
        min_value=settings.start,
        max_value=settings.end,
        format="YYYY-MM-DD",
        key=key,
    )


def paper(key: str) -> Paper:
    """A preset, or a size of the reader's own."""
    names = {**PAPERS, OWN: "A size of your own"}
    name = st.selectbox("Paper", names, format_func=names.__getitem__, key=f"{key}-paper")
    if name != OWN:
        (width, height), dpi = PRESETS[name]
        st.caption(f"{width} × {height} pixels, {dpi:g} to the inch")
        return PRESETS[name]
    across, down, dots = st.columns(3)
    width = across.number_input("Width", LEAST_SIDE, MOST_SIDE, 1600, key=f"{key}-width")
    height = down.number_input("Height", LEAST_SIDE, MOST_SIDE, 1200, key=f"{key}-height")
    dpi = dots.number_input("Per inch", 50, 1200, 150, key=f"{key}-dpi")
    if max(width, height) > LONGEST * min(width, height):
        st.warning(f"A picture may be {LONGEST} times longer than wide, not more.")
        st.stop()
    return Paper((int(width), int(height)), float(dpi))


def view(timeline: Timeline, key: str) -> View:
    """The part and the layers that the map showed last, unless changed here."""
    look = maps.look()
    bounds = look.bounds
    if bounds and st.radio("Part", [IN_SIGHT, WHOLE], horizontal=True, key=f"{key}-part") == WHOLE:
        bounds = None
    places = timeline.study.places
    there = {group(*place) for place in zip(places["kind"], places["is_capital"], strict=True)}
    layers = {**{name: GROUPS[name] for name in GROUPS if name in there}, "labels": "Names"}
    if len(timeline.study.events):
        layers["events"] = "Events"
    shown = st.pills(
        "Layers",
        list(layers),
        format_func=layers.__getitem__,
        selection_mode="multi",
        default=[name for name in layers if name not in look.hidden],
        key=f"{key}-layers",
    )
    return View(bounds, tuple(sorted(set(layers) - set(shown))))


def small(asked: Paper) -> Paper:
    """The same composition in fewer pixels, for a preview."""
    scale = min(PREVIEW / max(asked.size), 1)
    width, height = asked.size
    return Paper((round(width * scale), round(height * scale)), asked.dpi * scale)
