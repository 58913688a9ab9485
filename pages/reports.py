"""The reports page: the ledger, searched and filtered; one report opened; a place's history.

The ledger may have a hundred thousand rows. It is filtered here, and only the page of rows
in sight goes to the browser.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo import cells, schemas, style, tables, words
from geo import history as told
from geo.ledger import Asked, Ledger
from geo.timeline import Timeline
from pages import address, filters, history, maps, memory, panels, reading, report, shared

ROWS = 100
"""Reports on a page."""

HEIGHT = 560
"""Of the table, in CSS pixels."""

CHIP = 0.4
"""How much of a control's colour its chip takes: its letters stay legible."""

FEW = 15
"""Rows that a table shows whole; a longer one scrolls."""

SHARE = [8, 5]  # of the width: the table, the report opened

NAMED = 3
"""Places that a search names, offered beside its answer."""


def _reports(timeline: Timeline) -> None:
    book = history.ledger(timeline)
    day = st.session_state["day"]
    st.html('<h1 class="cm-day">Reports</h1>')
    shared.answers("Who says what, where it stands, and what each report does to the map.")
    asked, order = filters.ask(book)
    masks = book.filters(asked, filters.index(timeline.study))
    rows = book.rows(masks, order)
    if not rows.size:
        filters.show_nothing(asked, masks)
    goes_to: tuple[date | None, str] = (None, "")
    if asked.place and told.is_unit(timeline.study, asked.place):
        with st.container(border=True, key="place-history"):
            goes_to = (history.show(timeline, asked.place, day, "history"), asked.place)
    address.text("report")
    address.seed("page", 1, lambda said: int(said[0]))
    opened = book.row(st.session_state["report"]) if st.session_state["report"] else None
    beside = st.columns(SHARE, gap="medium")
    with beside[0]:
        if rows.size:
            _page(book, asked, order, rows)
    with beside[1].container(key="report-open" if opened is not None else "report-none"):
        if opened is not None:
            with st.container(border=True):
                found = report.show(book, opened)
            goes_to = (found, book.table["place_id"].iloc[opened]) if found else goes_to
        elif rows.size:
            st.html(_summary(book, rows))
    address.write()
    if goes_to[0]:
        maps.to_map(goes_to[0], goes_to[1])


def _page(book: Ledger, asked: Asked, order: str, rows: np.ndarray) -> None:
    """One page of the rows, how many there are, and the way to the others."""
    pages = -(-len(rows) // ROWS)
    number = min(max(st.session_state["page"], 1), pages)
    st.session_state["page"] = number
    first, last = (number - 1) * ROWS, min(number * ROWS, len(rows))
    _bar(book, asked, rows, (first, last), pages)
    shown = rows[first:last]
    ids = book.table["report_id"].iloc[shown].tolist()
    opened = st.session_state["report"]
    turn = st.session_state.get("turn", 0)
    # A table is another one when its rows are: it would keep the number of the row selected.
    key = f"ledger-{turn}-{memory.identity(book.timeline)}-{hash((asked, order, number))}"
    st.dataframe(
        _readable(book, shown),
        key=key,
        hide_index=True,
        height="content" if len(shown) <= FEW else HEIGHT,
        on_select=lambda: _selected(key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [ids.index(opened)]}} if opened in ids else None,
        column_config={
            "Evidence": st.column_config.TextColumn(width="large"),
            "Place": st.column_config.TextColumn(width=120),
            "Date": st.column_config.TextColumn(width=110, help="As written in the ledger"),
            "Control": _chips(book),
            "Use": st.column_config.TextColumn(width=90, help="What a change rests on"),
            "Confidence": st.column_config.TextColumn(width=85),
        },
    )


def _chips(book: Ledger) -> Any:
    controls = [control for control in book.timeline.study.controls.values()]
    return st.column_config.MultiselectColumn(
        options=[control.label for control in controls],
        color=[style.tint(control.colour, CHIP) for control in controls],
        width=110,
    )


def _readable(book: Ledger, rows: np.ndarray) -> pd.DataFrame:
    table, controls = book.table.iloc[rows], book.timeline.study.controls
    return pd.DataFrame(
        {
            "Date": table["when"],
            "Place": table["place"],
            "Control": [[controls[control].label] for control in table["control"]],
            "Use": table["use"],
            "Evidence": table["evidence"],
            "Confidence": table["confidence"],
            "Source": table["source"],
            "Claimant": table["claimant"],
        }
    )


def _selected(key: str, ids: list[str]) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    st.session_state["report"] = ids[chosen[0]] if chosen and chosen[0] < len(ids) else ""


def _bar(book: Ledger, asked: Asked, rows: np.ndarray, shown: tuple[int, int], pages: int) -> None:
    """Above the table: the rows in sight of how many, to the next ones, all of them as a file."""
    number = st.session_state["page"]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ledger-bar"):
        count = f"{shown[0] + 1:,}–{shown[1]:,} of {len(rows):,}"
        whole = f" ({len(book.table):,} in the ledger)" if len(rows) < len(book.table) else ""
        st.html(
            Markup('<p class="cm-count" role="status"><b>{}</b> reports{}</p>').format(
                count, whole
            ),
            width="stretch",
        )
        if asked.filters:
            st.button(
                "Clear the filters",
                key="clear",
                on_click=filters.clear,
                type="tertiary",
                icon=":material/filter_alt_off:",
            )
        if pages > 1:
            st.button("Previous", key="previous", on_click=_turn, args=(-1,), disabled=number == 1)
            st.button("Next", key="next", on_click=_turn, args=(1,), disabled=number == pages)
        st.download_button(
            "CSV",
            data=lambda: cells.to_csv(book.table.iloc[np.sort(rows)]),
            file_name=f"{book.timeline.study.id}_reports.csv",
            mime="text/csv",
            icon=":material/download:",
            help=f"All {len(rows):,} of them, with every column",
            on_click="ignore",
        )
    _named(book, asked)


def _turn(by: int) -> None:
    st.session_state["page"] += by


def _named(book: Ledger, asked: Asked) -> None:
    """The places that a search names: one click from its history."""
    if not asked.words or asked.place:
        return
    study = book.timeline.study
    found = filters.index(study).places(asked.words, NAMED)
    if not found:
        return
    with st.container(horizontal=True, gap="small", key="named"):
        for unit in found:
            st.button(
                shared.plain(f"{study.names[unit]}, {told.what(study, unit)}"),
                key=f"named-{unit}",
                help="Its reports and its history",
                icon=":material/timeline:",
                type="tertiary",
                on_click=report.place,
                args=(unit,),
            )


def _summary(book: Ledger, rows: np.ndarray) -> Markup:
    """What the reports found say and do, until one of them is opened."""
    columns = ["place_id", "source_id", "control", "use", "confidence"]
    table, study = book.table[columns].iloc[rows], book.timeline.study
    parts = [
        Markup('<h2 class="cm-h2">Select a row to read its evidence</h2>'),
        Markup('<p class="cm-soft">{} on {}, from {}.</p>').format(
            words.number(len(table), "report"),
            words.number(table["place_id"].nunique(), "place"),
            words.number(table["source_id"].nunique(), "source"),
        ),
        _counted(
            "They say",
            table["control"],
            [
                (key, panels.swatch(control), control.label)
                for key, control in study.controls.items()
            ],
        ),
        _counted(
            "What a change rests on",
            table["use"],
            [(use, history.sign(use), use) for use in tables.USES],
        ),
        _counted(
            "Confidence",
            table["confidence"],
            [(word, Markup(""), word) for word in schemas.CONFIDENCE],
        ),
    ]
    return Markup("").join(parts)


def _counted(title: str, column: pd.Series, words_: list[tuple[str, Markup, str]]) -> Markup:
    counts = column.value_counts()
    rows = Markup("").join(
        Markup("<li>{}{} <b>{}</b></li>").format(sign, label, f"{int(counts[key]):,}")
        for key, sign, label in words_
        if key in counts
    )
    return Markup('<h3 class="cm-h3">{}</h3><ul class="cm-counts">{}</ul>').format(title, rows)


_reports(reading.ask())
