"""The studies page: those at hand, and a reader's own, opened for them alone."""

import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from geo import cells, checks, confined, dates, limits, serving, starting, words
from geo.problems import ERROR, Problem, to_frame
from geo.study import Study, StudyError
from geo.timeline import Timeline
from pages import address, memory, shared, shelf

SHOWN = ("title", "description", "start", "end")
"""What is said of a study before it is opened."""

TIMELINE = "pages/timeline.py"


def _studies(shown: str) -> None:
    st.html('<h1 class="cm-day">Studies</h1>')
    st.caption("Which studies can be opened here, and how your own becomes a map.")
    st.html('<h2 class="cm-h2">At hand</h2>')
    with st.container(key="studies-cards"):
        for name, path in serving.studies().items():
            _card(name, _about(path, shelf.stamp(path)), shown)
    _own(shown)
    _format()
    address.write()


def _card(name: str, about: dict[str, Any], shown: str) -> None:
    """A study in a few words, and the way to its map."""
    with st.container(border=True):
        period = ""
        if "start" in about and "end" in about:
            period = f"{dates.in_words(about['start'])} to {dates.in_words(about['end'])}"
        told = "Its study.toml cannot be read; open it to see why." if not about else ""
        st.html(
            Markup(
                '<h3 class="cm-h3">{}</h3><p class="cm-soft">{}</p><p class="cm-told">{}</p>'
            ).format(about.get("title", name), period, told or about.get("description", ""))
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            _open(name, "Open", f"open-{name}")
            if name == shown:
                st.caption("shown now", width="content")


def _open(name: str, label: str, key: str, own: Study | None = None) -> None:
    if st.button(label, key=key, icon=":material/map:"):
        shelf.show(name, own)
        st.switch_page(TIMELINE)


@memory.remember
def _about(path: Path, stamp: int) -> dict[str, Any]:
    """The settings of a study that is not opened; nothing where they cannot be read."""
    try:
        root = path if path.is_dir() else zipfile.Path(path)
        inside = [one for one in root.iterdir() if one.is_dir()]
        file = root / "study.toml" if (root / "study.toml").is_file() else inside[0] / "study.toml"
        about = tomllib.loads(file.read_text(encoding="utf-8"))
        return {name: about[name] for name in SHOWN if name in about}
    except (OSError, ValueError, LookupError, zipfile.BadZipFile):
        return {}


def _own(shown: str) -> None:
    st.html('<h2 class="cm-h2">Your own</h2>')
    bounds = limits.at_hand()
    st.caption(
        "A folder with study.toml, boundaries, places, reports and sources, packed as a .zip. It "
        "is checked, and shown to you alone: it stays in this session, is written nowhere, and is "
        "gone when you close or reload the page. A spreadsheet of districts and days becomes such "
        "a folder on your own computer: `controlmap import panel --help` says how."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            "A small study to start from",
            starting.as_zip,
            "my-study.zip",
            mime="application/zip",
            icon=":material/download:",
        )
    sent = st.file_uploader(
        "Open your own",
        type="zip",
        max_upload_size=bounds.upload_mb,
        key="upload",
        help=f"A .zip of {bounds.upload_mb} MB at most.",
    )
    if sent is not None:
        _checked(sent.name, sent.file_id, sent.getvalue(), bounds)
    elif (mine := memory.own()) is not None:
        st.html(
            Markup('<p class="cm-told">Opened before: <b>{}</b></p>').format(mine.settings.title)
        )
        if shown == shelf.UPLOADED:
            st.caption("shown now")
        _open(shelf.UPLOADED, "See it on the map", "see-again")


def _checked(name: str, number: str, content: bytes, bounds: limits.Limits) -> None:
    """What is wrong or odd in an upload; a sound one can be seen on the map."""
    before = st.session_state.get("checked")
    if before is None or before[0] != number:
        with st.spinner("Reading and checking it …"):
            try:
                answer: Study | list[Problem] = confined.read(name, content, bounds)
            except StudyError as error:
                answer = error.problems
        st.session_state["checked"] = before = (number, answer)
    answer = before[1]
    if isinstance(answer, list):
        if [problem.file for problem in answer] == [Path(name).name]:
            # Of the whole .zip: a sentence, which a table would cut.
            st.error(shared.plain(f"{answer[0].wrong}. What would be right: {answer[0].right}."))
            return
        errors = sum(problem.level == ERROR for problem in answer)
        st.error(
            f"{words.number(errors, 'error').capitalize()} must be mended first: a map drawn from "
            "a wrong study would be wrong."
        )
        _problems(answer, name)
        return
    timeline = Timeline(answer)
    settings = answer.settings
    counted = [
        words.number(len(answer.areas), "area"),
        words.number(len(answer.places), "place"),
        words.number(len(answer.reports), "report"),
        words.number(len(answer.sources), "source"),
        words.number(len(timeline.changes), "change"),
    ]
    days = f"{dates.in_words(settings.start)} to {dates.in_words(settings.end)}"
    st.success(shared.plain(f"“{settings.title}”, {days}: {', '.join(counted)}."))
    _open(shelf.UPLOADED, "See it on the map", "see", answer)
    _problems(answer.warnings + checks.check_changes(timeline.changes, timeline.reports), name)


ROWS = "Rows are counted as a spreadsheet does, the header being 1; of features, their numbers."


def _problems(problems: list[Problem], name: str) -> None:
    """Errors, and apart from them the warnings; all of them as one CSV."""
    table = to_frame(problems)
    for level, title in (("error", "Errors"), ("warning", "Worth a second look")):
        some = table[table["level"] == level].drop(columns="level")
        if some.empty:
            continue
        st.html(Markup('<h3 class="cm-h3">{} ({})</h3>').format(title, f"{len(some):,}"))
        st.dataframe(
            # A problem of a whole file has no row: said by a blank, not by the word None.
            some.assign(row=some["row"].astype("string").fillna("")).head(shared.NOTED),
            hide_index=True,
            height=shared.height(min(len(some), shared.NOTED), 420),
            column_config={
                "wrong": st.column_config.TextColumn("what is wrong", width="large"),
                "right": st.column_config.TextColumn("what would be right", width="large"),
            },
        )
    if len(table):
        st.caption(ROWS)
        st.download_button(
            "All of them as CSV",
            lambda: cells.to_csv(table).encode(),
            f"{Path(name).stem}_problems.csv",
            mime="text/csv",
            icon=":material/download:",
        )


def _format() -> None:
    with st.expander("What a study holds"):
        st.dataframe(FILES, hide_index=True)


FILES = pd.DataFrame(
    [
        ("study.toml", "title, first and last day, the rule of areas, and one [[control]] a side"),
        ("areas.geojson", "outlines that tile: area_id, name"),
        ("places.geojson", "points: place_id, name, kind, area_id, is_capital"),
        ("reports.csv", "the ledger, a claim a row: report_id, place_id, control, when, source_id"),
        ("sources.csv", "what was read: source_id, publisher, kind, published"),
        ("context.geojson", "optional: neighbours and lakes, drawn behind"),
    ],
    columns=["file", "holds"],
)

shared.open_any_study()
_studies(st.session_state["study"])
