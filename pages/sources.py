"""The sources page: who tells of this, how often the rest agree, and by how many days they differ.

One click reads any source, or any claimant, alone; the sidebar and every other page follow.
"""

from datetime import date

import pandas as pd
import streamlit as st

from geo import search, style, words
from geo.agreement import agreement
from geo.study import Study
from geo.timeline import Timeline
from pages import address, maps, memory, panels, reading, shared

ROWS = 460
"""The height of a table of many rows, in CSS pixels."""

COUNTS = {
    "reports": ("Reports", "How many reports of the ledger come from it."),
    "places": ("Places", "On how many places it reports."),
    "agrees": ("Agrees", "Changes it tells that a source of another origin tells, too."),
    "alone": ("Alone", "Changes that no source of another origin tells."),
    "disputed": ("Disputed", "Its reports that the curators set aside as disputed."),
    "apart": ("Days apart", "Between its day of a change and that of the rest: the median."),
    "most": ("At most", "The most days between its day of a change and that of the rest."),
}


@memory.remember
def _table(everybody: Timeline) -> pd.DataFrame:
    """The sources that speak, the study's leading one first, then by how much they tell."""
    study = everybody.study
    table = agreement(everybody)
    about = study.sources
    table.insert(0, "name", words.source_names(about))
    table.insert(1, "title", about["title"])
    table.insert(2, "published", about["published"])
    table.insert(3, "kind", about["kind"])
    told = table[["name", "title", "kind"]].agg(" ".join, axis=1) + " " + table.index
    table["folded"] = told.map(search.fold_words)
    table = table[table["reports"] > 0]
    minor = table.index != study.settings.lead_source
    order = pd.DataFrame({"minor": minor, "few": -table["reports"]}, index=table.index)
    return table.loc[order.sort_values(["minor", "few"], kind="stable").index]


def _sources(everybody: Timeline) -> None:
    table = _table(everybody)
    wanted = search.fold_words(address.text("find")).split()
    st.text_input(
        "Find a source",
        key="find",
        placeholder="Publisher, title, kind or id",
        persist_state="session",
    )
    for word in wanted:
        table = table[table["folded"].str.contains(word, regex=False)]
    if table.empty:
        st.info("No source is called so. Search for less, or clear the field.")
        return
    shown = table.assign(only="Read it alone").reset_index(drop=True)
    picked = st.dataframe(
        shown[["only", "name", *COUNTS, "published", "kind", "title"]],
        hide_index=True,
        height=shared.height(len(shown), ROWS),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"sources-table-{' '.join(wanted)}",
        column_config={
            "only": st.column_config.ButtonColumn(
                "One click",
                key="read-alone",
                on_click=lambda: _alone(table),
                width=110,
            ),
            "name": "Source",
            "title": "Title",
            "published": "Published",
            "kind": "Kind",
            **{
                name: st.column_config.NumberColumn(label, help=meaning, format="localized")
                for name, (label, meaning) in COUNTS.items()
            },
        },
    )
    chosen = [str(table.index[row]) for row in picked["selection"]["rows"]]
    with st.container(horizontal=True):
        st.button(
            f"Read the {len(chosen)} ticked alone" if chosen else "Read the ticked alone",
            on_click=reading.only,
            args=(chosen,),
            disabled=not chosen,
            help="Tick sources in the table first.",
        )
        st.button("Read all sources", on_click=reading.only, args=([],))
        if st.button("Their reports", disabled=not chosen, icon=":material/list_alt:"):
            address.switch("pages/reports.py", source=chosen)


def _alone(table: pd.DataFrame) -> None:
    reading.only([str(table.index[st.session_state["read-alone"]["row"]])])


@memory.remember
def _claimant_table(study: Study) -> pd.DataFrame:
    said = study.reports.groupby("claimant", sort=False)
    table = pd.DataFrame({"reports": said.size(), "places": said["place_id"].nunique()})
    return table.sort_values("reports", ascending=False, kind="stable")


def _claimants(study: Study) -> None:
    table = _claimant_table(study)
    shown = table.assign(only="Read it alone").reset_index()
    shown["claimant"] = shown["claimant"].replace("", reading.ITSELF)
    st.dataframe(
        shown[["only", "claimant", "reports", "places"]],
        hide_index=True,
        height=shared.height(len(shown), ROWS),
        key="claimants-table",
        column_config={
            "only": st.column_config.ButtonColumn(
                "One click",
                key="read-claimant",
                on_click=lambda: _claimant_alone(table),
                width=110,
            ),
            "claimant": "Claimant",
            "reports": st.column_config.NumberColumn("Reports", format="localized"),
            "places": st.column_config.NumberColumn("Places", format="localized"),
        },
    )
    if st.session_state.get("claimants"):
        st.button("Read everybody", on_click=_everybody)


def _claimant_alone(table: pd.DataFrame) -> None:
    st.session_state["claimants"] = [str(table.index[st.session_state["read-claimant"]["row"]])]


def _everybody() -> None:
    st.session_state["claimants"] = []


def _lone(timeline: Timeline, day: date) -> None:
    """The places whose control on the day only one source tells."""
    table = _lone_table(timeline, day)
    if table.empty:
        st.info("On this day no place rests on one source alone. Step the map to another day.")
        return
    picked = st.dataframe(
        table,
        hide_index=True,
        height=shared.height(len(table), ROWS),
        on_select="rerun",
        selection_mode="single-row",
        key=f"lone-{day}",
    )
    rows = picked["selection"]["rows"]
    if st.button("Show it on the map", disabled=not rows, icon=":material/map:"):
        maps.to_map(day, str(table.index[rows[0]]))


@memory.remember
def _lone_table(timeline: Timeline, day: date) -> pd.DataFrame:
    state = timeline.control(day, "places")
    lone = timeline.lone.to_numpy()
    sure, by = panels.sure(timeline), panels.publishers(timeline)
    state = state[state["change"] >= 0]
    state = state[lone[state["change"].to_numpy()]]
    rows = [
        {
            "Place": row.name,
            "Control": timeline.study.controls[row.control].label,
            "Since": sure[row.change],
            "Said by": by[row.change],
        }
        for row in state[state["control"] != style.UNKNOWN].itertuples()
    ]
    return pd.DataFrame(rows, index=state.index[state["control"] != style.UNKNOWN])


SECTIONS = ("Sources", "Claimants", "One source only")


def _page(timeline: Timeline) -> None:
    everybody = shared.timeline_of(timeline.study, None, timeline.known_on)
    st.html('<h1 class="cm-day">Sources</h1>')
    shared.answers(
        "Who tells of this, how often the others agree, and by how many days they differ."
    )
    section = address.choice("section", list(SECTIONS), SECTIONS[0])
    st.segmented_control(
        "Section",
        SECTIONS,
        required=True,
        key="section",
        persist_state="session",
        label_visibility="collapsed",
    )
    if timeline.study.reports.empty:
        st.info("The ledger has no report yet, and so no source speaks.")
    elif section == "Claimants":
        _claimants(timeline.study)
    elif section == "One source only":
        _lone(timeline, st.session_state["day"])
    else:
        _sources(everybody)
    address.write()


_page(reading.ask())
