"""A page's state in its address: who reloads it, shares it or goes back sees the same.

The session holds the state, and the address repeats it. Streamlit's own ``st.query_params``
adds a step to the browser's history at every writing, so that going back would take a step
for each day looked at: here the address of the present page is rewritten in place. It is
read when a reader arrives: with the first run of a page's state, and on the browser's back
and forward.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

T = TypeVar("T")
Said = str | list[str]

_SCRIPT = Path(__file__).parent / "address.js"
_SEEDED, _PAGE = "address-seeded", "address-page"
_CAME, _SWITCHED = "address-came", "address-switched"


def arrive() -> None:
    """Once a run of a page, before any state is seeded."""
    context = get_script_run_ctx()
    page = context and context.page_script_hash
    st.session_state[_SEEDED] = {}
    st.session_state[_CAME] = _went_back() or st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page


def came() -> bool:
    """Whether the reader has just come to this page, or back to a state of it."""
    return st.session_state[_CAME]


def _went_back() -> bool:
    context = get_script_run_ctx()
    # A fragment's run is never one of going back, but has the context of the run before.
    return bool(context and context.is_history_navigation and not context.fragment_ids_this_run)


def speaks(key: str) -> bool:
    """Whether the state of a key is the address's to say.

    It is at first, after the browser's back and forward, and where a link to this page names it.
    """
    linked = st.session_state[_CAME] and not st.session_state.get(_SWITCHED)
    return key not in st.session_state or _went_back() or (linked and key in st.query_params)


def seed(
    key: str,
    default: T,
    read: Callable[[list[str]], T],
    say: Callable[[T], Said] = str,
    always: bool = False,
) -> T:
    """The state of a key: the session's, else what the address says, else the default.

    Parameters
    ----------
    key : str
        In the session (a widget may have the same key, if it comes later) and in the address.
    default : object
        What the address need not say.
    read : callable
        What the address says, one text or more → the state. A ValueError, KeyError or
        StopIteration says that it means nothing.
    say : callable
        The state → what the address says.
    always : bool
        Whether the address says even the default.
    """
    st.session_state[_SEEDED][key] = (None if always else default, say)
    if speaks(key):
        said = st.query_params.get_all(key)
        try:
            st.session_state[key] = read(said) if said else default
        except (ValueError, KeyError, StopIteration):
            st.session_state[key] = default
    keep(key)
    return st.session_state[key]


def keep(key: str) -> None:
    """Hand the state of a widget on to the one of the same key on the page just come to.

    Streamlit knows the widget there by another id, and would give it its default for a run.
    """
    if st.session_state[_CAME] and key in st.session_state:
        st.session_state[key] = st.session_state[key]


def choice(key: str, options: list[str], default: str) -> str:
    """The state of a key that is one of a few words."""
    return seed(key, default, lambda said: options[options.index(said[0])])


def choices(key: str, options: list[str]) -> list[str]:
    """The state of a key that is any of some words; what is none of them is left out."""
    known = set(options)
    return seed(key, [], lambda said: [word for word in said if word in known], list)


def text(key: str) -> str:
    """The state of a key that is any text."""
    return seed(key, "", lambda said: said[0])


def written() -> dict[str, Said]:
    """What the address says of the state seeded in this run."""
    state: dict[str, Any] = {
        key: (st.session_state.get(key, default), default, say)
        for key, (default, say) in st.session_state[_SEEDED].items()
    }
    return {key: say(value) for key, (value, default, say) in state.items() if value != default}


def write() -> None:
    """Rewrite the address of the page, when all its state is known; once a page.

    Another place is a step of the browser's history, from which back leads here again.
    """
    keeper = st.components.v2.component("address", js=_SCRIPT.read_text(encoding="utf-8"))
    keeper(data=urlencode(written(), doseq=True), key="address")
    st.session_state[_CAME] = st.session_state[_SWITCHED] = False


def switch(page: str, **state: Any) -> None:
    """Go to another page with some of its state set, as a click on a link to it would.

    The address given is the present page's own: any other would be one more step back.
    """
    here = written()
    for key, value in state.items():
        st.session_state[key] = value
    st.session_state[_SWITCHED] = True
    st.switch_page(page, query_params=here)
