"""Which study is shown: a registered one, which an address can name, or the reader's own.

The studies at hand come from :mod:`geo.serving`; one uploaded lives in its reader's session
alone (:mod:`pages.memory`), and its address says no more than that.
"""

from pathlib import Path

import streamlit as st

from geo import serving, study
from geo.study import Study, StudyError
from pages import address, memory
from pages.memory import remember

UPLOADED = "uploaded"
"""What an address says in the place of a study that nobody else can open."""


class Broken(Exception):
    """A registered study that has errors."""

    def __init__(self, name: str, error: StudyError) -> None:
        self.name = name
        self.problems = error.problems
        super().__init__(str(error))


def pick() -> tuple[Study, str]:
    """The study asked for, and what to tell a reader who asked for another than there is.

    Raises
    ------
    Broken
        When the study asked for has errors.
    """
    registered = serving.studies()
    usual = next(iter(registered))
    wished = address.seed("study", usual, lambda said: said[0], str, always=True)
    mine = memory.own()
    if wished == UPLOADED and mine:
        return mine, ""
    if wished in registered:
        return opened(registered[wished]), ""
    st.session_state["study"] = usual
    found = opened(registered[usual])
    if wished == UPLOADED:
        return found, "The study uploaded here went with its session: open it again under Studies."
    return found, f"No study “{wished}” is at hand; this is “{found.settings.title}”."


def opened(path: Path) -> Study:
    """A registered study, read when its files have changed."""
    try:
        return _load(path, stamp(path))
    except StudyError as error:
        raise Broken(path.stem, error) from None


def stamp(path: Path) -> int:
    """A number that changes with the study's files."""
    return max(file.stat().st_mtime_ns for file in (path, *path.glob("*")))


@remember
def _load(path: Path, stamp: int) -> Study:
    return study.load(path)


def show(wished: str, own: Study | None = None) -> None:
    """Have a study shown from the next run on, as if its reader had just come.

    Parameters
    ----------
    wished : str
        The id of a registered study, or :data:`UPLOADED`.
    own : geo.study.Study, optional
        The reader's own; the one they have is kept if left out.
    """
    kept = own or memory.own()
    for key in list(st.session_state):
        del st.session_state[key]
    if kept:
        st.session_state[memory.OWN] = kept
    st.session_state["study"] = wished
