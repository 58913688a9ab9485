"""Answers that are worked out once: for all readers, or for the one whose study it is.

A registered study is the same for everybody, and so are the answers about it. A study that a
reader uploaded is their own: its answers stay in their session, and go when it ends.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.study import Study
from geo.timeline import Timeline

OWN = "own-study"
"""The key of the session under which a reader's own study is."""

T = TypeVar("T")


def identity(timeline: Timeline) -> str:
    """A different text for every different answer: what caches know a timeline by."""
    chosen, by = (
        "*" if these is None else sorted(these) for these in (timeline.sources, timeline.claimants)
    )
    return f"{timeline.study.digest} {timeline.known_on} {chosen} {by}"


def own() -> Study | None:
    """The reader's own study, if they have uploaded one."""
    # The server itself, which warms up before anybody comes, has no session.
    return st.session_state.get(OWN) if get_script_run_ctx(suppress_warning=True) else None


def is_own(asked: Study | Timeline) -> bool:
    """Whether something is of the reader's own study."""
    mine = own()
    study = asked.study if isinstance(asked, Timeline) else asked
    return mine is not None and mine.digest == study.digest


def remember(answer: Callable[..., T], max_entries: int = 64) -> Callable[..., T]:
    """Decorate a function so that each question is answered once."""
    options: dict[str, Any] = {
        "max_entries": max_entries,
        "show_spinner": False,
        "hash_funcs": {Study: lambda found: found.digest, Timeline: identity},
    }
    for_all = st.cache_resource(**options)(answer)
    for_one = st.cache_resource(scope="session", **options)(answer)

    @wraps(answer)
    def ask(*asked: Any, **named: Any) -> T:
        about = [one for one in (*asked, *named.values()) if isinstance(one, Study | Timeline)]
        return (for_one if any(map(is_own, about)) else for_all)(*asked, **named)

    return ask
