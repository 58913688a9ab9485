"""The filters of the reports page: its widgets, what they ask, and what to loosen.

Every filter lives in the session under its name in the address.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from geo import history, schemas, tables
from geo.ledger import ORDERS, Asked, Ledger, loosened
from geo.search import LONGEST, Index
from geo.study import Study
from pages import address, memory, reading, shared

KEYS = {
    "words": "q",
    "place": "place",
    "source": "source",
    "claimant": "claimant",
    "control": "control",
    "confidence": "confidence",
    "verdict": "verdict",
    "use": "use",
}
"""The filters, and what each is called in the session and in the address."""

WHERE = "where"
"""The widget of the place, which other pages set: no key of a widget can be set below it."""

DAYS = ("from", "to")

CALLED = {
    "words": "the search",
    "place": "the place",
    "source": "the source",
    "claimant": "the claimant",
    "control": "the control",
    "confidence": "the confidence",
    "verdict": "the verdict",
    "use": "what it rests on",
    "days": "the days",
}

SORTED = {"newest": "Newest first", "oldest": "Oldest first", "ledger": "As in the ledger"}

FOLDED = ("source", "claimant", "confidence", "verdict", "days")
"""The filters under “More filters”."""


@memory.remember
def index(study: Study) -> Index:
    """What can be found in a study."""
    return Index(study)


@memory.remember
def _labels(study: Study) -> dict[str, str]:
    """Every place and area as it is offered, the more important first; none of them first."""
    names, whats = study.names, history.whats(study)
    ids = [*study.places.loc[study.ranked, "place_id"], *study.areas["area_id"]]
    return {"": "Everywhere"} | {unit: f"{names[unit]} · {whats[unit]}" for unit in ids}


@memory.remember
def _claimants(study: Study) -> list[str]:
    return sorted(set(study.reports["claimant"]) - {""}, key=str.casefold)


@memory.remember
def _sources(study: Study) -> dict[str, str]:
    return {source: reading.source_label(row) for source, row in study.sources.iterrows()}


def first_page() -> None:
    """What is asked has changed: its answer begins at its beginning."""
    st.session_state["page"] = 1


def ask(book: Ledger) -> tuple[Asked, str]:
    """Draw the filters and answer what they ask for, and the order of rows."""
    study = book.timeline.study
    options = _seed(study)
    columns = st.container(key="filters").columns([4, 3, 2, 2], vertical_alignment="bottom")
    columns[0].text_input(
        "Search",
        key="q",
        type="search",
        icon=":material/search:",
        max_chars=LONGEST,
        placeholder="Place, evidence, claimant, source …",
        help="Every word must occur. Accents, case and spelling of names don't matter.",
        persist_state="session",
        on_change=first_page,
    )
    labels = _labels(study)
    st.session_state[WHERE] = st.session_state["place"]
    columns[1].selectbox(
        "Place",
        list(labels),
        format_func=lambda unit: labels.get(unit, unit),
        key=WHERE,
        accept_new_options=True,
        on_change=_placed,
        args=(study,),
    )
    controls = {key: control.label for key, control in study.controls.items()}
    _any(columns[2], "Control", "control", options["control"], lambda key: controls.get(key, key))
    _any(columns[3], "What a change rests on", "use", options["use"])
    asked = _asked()
    opened = bool(set(FOLDED) & set(asked.filters))
    with st.expander("More filters", expanded=opened, icon=":material/tune:"):
        above = st.columns(4)
        sources = _sources(study)
        _any(above[0], "Source", "source", options["source"], lambda key: sources[key])
        _any(above[1], "Claimant", "claimant", options["claimant"])
        _any(above[2], "Confidence", "confidence", options["confidence"])
        _any(above[3], "Verdict", "verdict", options["verdict"])
        below = st.columns(4, vertical_alignment="bottom")
        reach = _reach(study)
        for column, key, label in zip(below, DAYS, ("From", "To"), strict=False):
            column.date_input(
                label,
                value=None,
                min_value=reach[0],
                max_value=reach[1],
                key=key,
                format="YYYY-MM-DD",
                persist_state="session",
                on_change=first_page,
            )
        below[2].selectbox(
            "Order",
            ORDERS,
            format_func=SORTED.__getitem__,
            key="order",
            persist_state="session",
            on_change=first_page,
        )
    return _asked(), st.session_state["order"]


def _seed(study: Study) -> dict[str, list[str]]:
    """Bring every filter's state from the address, and answer what each may be."""
    known = _labels(study)

    def named(said: list[str]) -> str:
        return said[0] if said[0] in known else index(study).place(said[0])

    options = {
        "source": list(_sources(study)),
        "claimant": _claimants(study),
        "control": [control for control in study.controls if control != "unknown"],
        "confidence": list(schemas.CONFIDENCE),
        "verdict": list(schemas.VERDICTS),
        "use": list(tables.USES),
    }
    address.text("q")
    address.seed("place", "", named)
    for key, words in options.items():
        address.choices(key, words)
    first, last = _reach(study)
    for key in DAYS:
        address.seed(key, None, lambda said: _day(said[0], first, last), _iso)
    address.choice("order", list(ORDERS), ORDERS[0])
    return options


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(said: str, first: date, last: date) -> date:
    return min(max(date.fromisoformat(said), first), last)


@memory.remember
def _reach(study: Study) -> tuple[date, date]:
    """The days that it has, and those that its reports speak of."""
    reports, settings = study.reports, study.settings
    if reports.empty:
        return settings.start, settings.end
    first, last = reports["first"].min().date(), reports["last"].max().date()
    return min(first, settings.start), max(last, settings.end)


def _any(
    column: Any, label: str, key: str, options: list[str], say: Callable[[str], str] = str
) -> None:
    column.multiselect(
        label,
        options,
        format_func=say,
        key=key,
        placeholder="Any",
        persist_state="session",
        on_change=first_page,
    )


def _placed(study: Study) -> None:
    """A name that was typed is the place it means, however it is spelt."""
    first_page()
    typed = st.session_state[WHERE] or ""
    meant = typed if typed in _labels(study) else index(study).place(typed)
    st.session_state["place"] = meant
    if typed and not meant:
        st.toast(shared.plain(f"No place or area is called “{typed}”."))


def _asked() -> Asked:
    state = st.session_state
    several = {
        name: tuple(state.get(key, ()))
        for name, key in KEYS.items()
        if name not in ("words", "place")
    }
    words, place = (state["q"] or "")[:LONGEST].strip(), state["place"] or ""
    return Asked(words, place, **several, first=state.get("from"), last=state.get("to"))


def clear() -> None:
    """Ask for every report again."""
    for name in [*KEYS, "days"]:
        loosen(name)


def loosen(name: str) -> None:
    """Take one filter away."""
    first_page()
    if name == "days":
        st.session_state["from"] = st.session_state["to"] = None
    else:
        st.session_state[KEYS[name]] = "" if name in ("words", "place") else []


def show_nothing(asked: Asked, masks: dict[str, Any]) -> None:
    """An empty answer says which filter to loosen, and does so at a click."""
    without = loosened(masks)
    said = f"Nothing matches “{asked.words}”" if asked.words else "No report is like this"
    if asked.words and len(masks) > 1:
        said += " under these filters"
    told = ", ".join(f"without {CALLED[name]} there are {n:,}" for name, n in without.items())
    said += f". {told[:1].upper()}{told[1:]}." if told else ". Loosen more than one filter."
    st.info(shared.plain(said), icon=":material/search_off:")
    with st.container(horizontal=True):
        for name in without:
            st.button(
                f"Without {CALLED[name]}", key=f"without-{name}", on_click=loosen, args=(name,)
            )
        st.button("Clear the filters", key="clear", on_click=clear)
