"""The export page: a picture, a film, a page of its own or data, as it will leave.

Each section asks what the engine can be asked, shows what comes, and gives one download.
"""

import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import animation, cells, exports, snapshot, webmap
from geo.print.captions import Captions
from geo.print.ground import View
from geo.print.page import FORMATS
from geo.snapshot import Paper
from geo.timeline import Timeline
from pages import address, choices, memory, reading, shared

CHOICES = [2, 3]  # of the width: what is asked, what comes of it

SHOWN = 200
"""Rows of a table's preview."""

UNITS = ["both", "areas", "places"]

few = partial(memory.remember, max_entries=8)
"""Remembers a few files, which are large."""

MIME = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


def _picture(timeline: Timeline) -> None:
    left, right = st.columns(CHOICES, gap="large")
    with left:
        day = choices.day(timeline, "Day", "picture-day", st.session_state["day"])
        other = None
        if st.toggle("Beside another day", key="picture-beside"):
            other = choices.day(
                timeline, "The other day", "picture-other", timeline.study.settings.end
            )
            if other == day:
                st.info("Choose another day than the first.")
                other = None
        paper = choices.paper("picture")
        format = st.segmented_control(
            "Format",
            FORMATS,
            default="png",
            required=True,
            format_func=str.upper,
            key="picture-format",
        )
        view = choices.view(timeline, "picture")
    captions = Captions(timeline)
    told = captions.alt_text_beside(day, captions, other) if other else captions.alt_text(day)
    with right:
        st.image(_drawn(timeline, day, other, choices.small(paper), "png", view), alt=told)
        st.caption("Alt text, for those who cannot see the picture; it also stands in the file.")
        st.code(told, language=None, wrap_lines=True)
    with left:
        if format == "png":
            size = choices.expected("png", paper)
        else:
            size = len(_drawn(timeline, day, other, paper, format, view))
        st.download_button(
            f"Download the {format.upper()}, about {choices.about(size)}",
            data=lambda: _drawn(timeline, day, other, paper, format, view),
            file_name=snapshot.file_name(timeline, day, format, other),
            mime=MIME[format],
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )


@few
def _drawn(
    timeline: Timeline, day: date, other: date | None, paper: Paper, format: str, view: View
) -> bytes:
    size, dpi = paper
    look: dict[str, Any] = {"size": size, "dpi": dpi, "format": format, "view": view}
    if other:
        return snapshot.beside(timeline, day, timeline, other, **look)
    if max(size) <= choices.PREVIEW:
        return shared.snapshots(timeline, paper, view).draw(day, format)
    # A large figure takes a hundred megabytes: it is not kept for another day.
    return snapshot.render(timeline, day, **look)


def _film(timeline: Timeline) -> None:
    left, right = st.columns(CHOICES, gap="large")
    settings = timeline.study.settings
    kinds = {".mp4": "MP4", ".gif": "GIF", ".zip": "Frames (PNG)"}
    with left:
        period = st.date_input(
            "From and to",
            value=(settings.start, settings.end),
            min_value=settings.start,
            max_value=settings.end,
            format="YYYY-MM-DD",
            key="film-period",
        )
        if len(period) < 2:
            st.info("Choose the last day, too.")
            return
        only = st.toggle("Only days with a change", key="film-only")
        speed = st.slider("Days a second", 0.5, 10.0, animation.SPEED, 0.5, key="film-speed")
        paper = choices.paper("film")
        suffix = st.segmented_control(
            "Format",
            kinds,
            default=".mp4",
            required=True,
            format_func=kinds.__getitem__,
            key="film-format",
        )
        view = choices.view(timeline, "film")
        days = animation.days_of(timeline, *period, only)
        size = choices.expected(suffix, paper) * len(days)
        lasts = len(days) / speed + animation.HOLD
        st.caption(f"{len(days)} frames · {lasts:,.0f} seconds · about {choices.about(size)}")
        asked = (memory.identity(timeline), tuple(days), speed, paper, suffix, view)
        made = _make(timeline, days, asked)
        if made:
            st.download_button(
                f"Download the film, {choices.about(made.stat().st_size)}",
                data=made.read_bytes,
                file_name=made.name,
                type="primary",
                icon=":material/download:",
                on_click="ignore",
            )
    with right:
        if made and suffix == ".mp4":
            st.video(str(made), autoplay=True, muted=True, loop=True)
        elif made and suffix == ".gif":
            st.image(str(made), alt=f"The film, {len(days)} days")
        else:
            preview = _drawn(timeline, days[-1], None, choices.small(paper), "png", view)
            told = snapshot.alt_text(timeline, days[-1])
            st.image(preview, caption="The last frame", alt=told)


def _make(timeline: Timeline, days: list[date], asked: tuple) -> Path | None:
    """The film asked for, once it is made; it lives as long as the reader's session."""
    _, _, speed, paper, suffix, view = asked
    before = st.session_state.get("film")
    if before and before[0] == asked:
        return before[1]
    if before:
        del st.session_state["film"]
        before[1].unlink(missing_ok=True)
    if not st.button("Make the film", type="primary", icon=":material/movie:"):
        return None
    # A click on it starts another run, which ends this one and what it has half made.
    st.button("Cancel", key="film-cancel")
    bar = st.progress(0.0, "Starting")
    folder = st.session_state.setdefault(
        "film-folder", tempfile.TemporaryDirectory(prefix="controlmap-")
    )
    to = Path(folder.name) / animation.film_name(timeline, days, suffix)

    def advance(done: int, of: int) -> None:
        bar.progress(done / of, f"Frame {done} of {of}")

    animation.animate(
        timeline,
        days,
        to,
        paper=paper,
        view=view,
        speed=speed,
        progress=advance,
    )
    st.session_state["film"] = (asked, to)
    st.rerun()


def _page(timeline: Timeline) -> None:
    left, right = st.columns(CHOICES, gap="large")
    with left:
        day = choices.day(timeline, "Opens on", "page-day", st.session_state["day"])
        page = _written(timeline, day)
        st.write(
            "One file with the time slider, the changes and their sources, and a search. It "
            "opens on a machine with no internet, and a web server can give it to any number "
            "of readers."
        )
        st.download_button(
            f"Download the page, {choices.about(len(page.encode()))}",
            data=page,
            file_name=snapshot.file_name(timeline, day, "html"),
            mime="text/html",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )
    with right:
        st.iframe(page, height=900)


@few
def _written(timeline: Timeline, day: date) -> str:
    return webmap.page(timeline, day)


def _data(timeline: Timeline) -> None:
    left, right = st.columns(CHOICES, gap="large")
    whats: dict[exports.What, str] = {
        "control": "Control of areas and places",
        "changes": "Changes",
        "reports": "Reports",
        "matrix": "Matrix of areas and days",
    }
    with left:
        what = st.radio("What", whats, format_func=whats.__getitem__, key="data-what")
        day = None
        if what in ("control", "changes"):
            when = st.radio(
                "When", ["The whole period", "One day"], horizontal=True, key="data-when"
            )
            if when == "One day":
                day = choices.day(timeline, "Day", "data-day", st.session_state["day"])
        formats = [suffix for suffix, kind in exports.FORMATS.items() if what in kind.what]
        suffix = st.segmented_control(
            "Format",
            formats,
            default=formats[0],
            required=True,
            format_func=lambda suffix: exports.FORMATS[suffix].label,
            key=f"data-format-{what}",
        )
        order: dict[str, Any] = {"day": day, "what": what}
        if what in ("control", "matrix"):
            units = ["areas", "places"] if what == "matrix" or suffix == "parquet" else UNITS
            order["of"] = st.radio("Of", units, horizontal=True, key="data-of")
        if suffix == "csv":
            order["hxl"] = st.toggle("A row of HXL hashtags", key="data-hxl")
        content = _file(timeline, suffix, **order)
        st.download_button(
            f"Download the {exports.FORMATS[suffix].label}, {choices.about(len(content))}",
            data=content,
            file_name=exports.file_name(timeline, suffix, day, what),
            mime=exports.FORMATS[suffix].mime,
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )
    with right:
        table = _table(timeline, what, day, order.get("of", "areas"))
        st.caption(f"{len(table):,} rows of {table.shape[1]} columns; the first {SHOWN}:")
        st.dataframe(cells.plain(table.head(SHOWN)), hide_index=True)


@few
def _file(timeline: Timeline, suffix: str, **order: Any) -> bytes:
    return exports.as_bytes(timeline, suffix, **order)


@few
def _table(timeline: Timeline, what: exports.What, day: date | None, of: Any) -> pd.DataFrame:
    found = exports.table(timeline, day, what, of)
    return found.drop(columns="geometry", errors="ignore")


SECTIONS: dict[str, Callable[[Timeline], None]] = {
    "Picture": _picture,
    "Film": _film,
    "Page": _page,
    "Data": _data,
}


def _export(timeline: Timeline) -> None:
    st.html('<h1 class="cm-day">Take it with you</h1>')
    shared.answers("What the map shows, as a picture, a film, a page or data: under the same eyes.")
    address.choice("take", list(SECTIONS), "Picture")
    section = st.segmented_control(
        "What",
        list(SECTIONS),
        required=True,
        key="take",
        persist_state="session",
        label_visibility="collapsed",
    )
    address.write()
    SECTIONS[section or "Picture"](timeline)


_export(reading.ask())
