"""Which reading of the evidence: the widgets that choose sources, claimants and a known-on day.

A page may ask for more than one: the keys of a further one, in the session as in the address,
end in its name.
"""

from datetime import date

import pandas as pd
import streamlit as st

from geo import words
from geo.study import Study
from geo.timeline import Timeline
from pages import address, shared

ALL, LEAD, CHOSEN = "all", "lead", "chosen"

ITSELF = "the source itself"
"""Where the ledger names no claimant."""


def ask() -> Timeline:
    """Draw the sidebar of a page with one reading, and answer what it asks for."""
    found = shared.open_study()
    shared.day(found)
    with st.sidebar:
        timeline = choose(found)
        shared.small_print(found)
    return timeline


def choose(found: Study, side: str = "") -> Timeline:
    """Draw the widgets and answer what they ask for."""
    sources = _sources(found, side)
    claimants = _claimants(found, side)
    known_on = _known_on(found, side)
    timeline = shared.timeline_of(found, sources, known_on, claimants)
    _left_out(timeline)
    return timeline


def only(sources: list[str], side: str = "") -> None:
    """Ask for these sources alone, for all of them if there is none: before the next run."""
    st.session_state[f"read{side}"] = CHOSEN if sources else ALL
    st.session_state[f"picked{side}"] = sources


_KEYS = ("read", "picked", "sources", "unassumed", "claimants", "known_on")


def copy(side: str, to: str) -> None:
    """Ask on one side for what the other reads: before the next run."""
    for key in _KEYS:
        if f"{key}{side}" in st.session_state:
            st.session_state[f"{key}{to}"] = st.session_state[f"{key}{side}"]


def swap(side: str, to: str) -> None:
    """Ask on each side for what the other reads: before the next run."""
    # Who looked at chosen sources alone was never asked about assumptions.
    before = {key: st.session_state.get(f"{key}{to}", False) for key in _KEYS}
    copy(side, to)
    for key, value in before.items():
        st.session_state[f"{key}{side}"] = value


def _sources(found: Study, side: str) -> tuple[str, ...] | None:
    """The ``source_id`` chosen, or None for all of them; the address names them."""
    settings, table = found.settings, found.sources
    lead = settings.lead_source
    key, read, picked = (f"{name}{side}" for name in ("sources", "read", "picked"))
    arriving = address.speaks(key)
    nobody: tuple[str, ...] = ()
    wished = address.seed(key, nobody, lambda said: _known(found, said[0]), ",".join)
    if arriving:
        alone = bool(lead) and wished == (lead,)
        st.session_state[read] = LEAD if alone else CHOSEN if wished else ALL
        st.session_state[picked] = [] if alone else list(wished)
    address.keep(read)
    address.keep(picked)
    labels = {ALL: "All sources", LEAD: settings.lead_label or lead, CHOSEN: "Chosen sources"}
    which = st.radio(
        "Whose reports",
        [ALL, *([LEAD] if lead else []), CHOSEN],
        format_func=lambda option: shared.plain(labels[option]),
        key=read,
        persist_state="session",
    )
    chosen: tuple[str, ...] = (lead,) if which == LEAD else ()
    if which == CHOSEN:
        chosen = _pick(table, picked)
    st.session_state[key] = chosen
    return _without_assumptions(table, side) if which == ALL else chosen


def _known(found: Study, said: str) -> tuple[str, ...]:
    return tuple(source for source in said.split(",") if source in found.sources.index)


def _pick(table: pd.DataFrame, key: str) -> tuple[str, ...]:
    chosen = st.multiselect(
        "Sources",
        list(table.index),
        format_func=lambda source: source_label(table.loc[source]),
        placeholder=f"Choose among {len(table)} sources",
        key=key,
        persist_state="session",
        label_visibility="collapsed",
    )
    if not chosen:
        st.caption("Choose at least one: without a source there is nothing to show.")
    return tuple(sorted(chosen))


def _without_assumptions(table: pd.DataFrame, side: str) -> tuple[str, ...] | None:
    assumed = table.index[table["kind"] == "assumption"]
    if assumed.empty:
        return None
    key = f"unassumed{side}"
    address.seed(key, False, lambda said: said[0] == "yes", lambda _: "yes")
    if st.toggle(
        "Leave out the curators' assumptions",
        key=key,
        persist_state="session",
        help="The state before the first report, where no source is at hand.",
    ):
        return tuple(table.index.difference(assumed))
    return None


def source_label(source: pd.Series) -> str:
    """A source in one line: publisher, date of publication, title."""
    parts = (words.source_name(source), source["published"], source["title"])
    return " · ".join(part for part in parts if part)


def _claimants(found: Study, side: str) -> tuple[str, ...] | None:
    """Whose claims, or None for everybody's."""
    count = found.reports["claimant"].value_counts()
    if set(count.index) <= {""}:
        return None
    key = f"claimants{side}"
    address.choices(key, list(count.index))
    chosen = st.multiselect(
        "Who claims it",
        list(count.index),
        format_func=lambda name: f"{name or ITSELF} ({count[name]})",
        placeholder="Anybody",
        key=key,
        persist_state="session",
        help="Who says it inside the source, and how many reports rest on their word.",
    )
    return tuple(sorted(chosen)) or None


def _known_on(found: Study, side: str) -> date | None:
    settings = found.settings
    published = [day.date() for day in found.sources["known_on"].dropna()]
    least, most = min([settings.start, *published]), max([settings.end, *published])

    def read(said: list[str]) -> date | None:
        return min(max(date.fromisoformat(said[0]), least), most)

    key = f"known_on{side}"
    address.seed(key, None, read, str)
    known_on = st.date_input(
        "As known on",
        value=None,
        min_value=least,
        max_value=most,
        key=key,
        persist_state="session",
        format="YYYY-MM-DD",
        help="Only what had been published by the end of this day. Empty: everything known today.",
    )
    st.button(
        "As known on the day shown",
        key=f"known-then{side}",
        on_click=_as_known_then,
        args=(key, f"day{side}", least, most),
        type="tertiary",
        icon=":material/history:",
    )
    return known_on


def _as_known_then(key: str, day: str, least: date, most: date) -> None:
    st.session_state[key] = min(max(st.session_state[day], least), most)


def _left_out(timeline: Timeline) -> None:
    used = len(timeline.reports)
    text = f"{used:,} usable report{'' if used == 1 else 's'}"
    if timeline.known_on:
        text += (
            f". Left out for want of a date of publication: {timeline.undated:,}. "
            "Verdicts and confidence are today's."
        )
    st.caption(text)
