"""Page set-up, shared sidebar and navigation: ``streamlit run dashboard.py``.

Streamlit imports this file once, for the server, and then runs it for every reader.
"""

import asyncio
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st


def main() -> None:
    """One reader's run of the page they are on."""
    from pages import shared

    st.set_page_config(
        page_title="controlmap",
        page_icon=shared.ICON,
        layout="wide",
        menu_items={"Get help": None, "Report a bug": None, "About": shared.ABOUT},
    )
    shared.prepare()
    st.navigation(
        [
            st.Page("pages/timeline.py", title="Timeline", icon=":material/map:", default=True),
            st.Page("pages/compare.py", title="Compare", icon=":material/compare:"),
            st.Page("pages/trends.py", title="Trends", icon=":material/stacked_line_chart:"),
            st.Page("pages/reports.py", title="Reports", icon=":material/list_alt:"),
            st.Page("pages/sources.py", title="Sources", icon=":material/newspaper:"),
            st.Page("pages/studies.py", title="Studies", icon=":material/folder_open:"),
            st.Page("pages/export.py", title="Export", icon=":material/download:"),
            st.Page("pages/method.py", title="Method", icon=":material/help:"),
        ]
    ).run()


@asynccontextmanager
async def ready(_app: st.App) -> AsyncIterator[None]:
    """Import and read everything before the first reader comes: it takes seconds."""
    from geo import serving
    from pages import mends, shared

    mends.mend()
    shared.warm()
    if not st.get_option("server.headless"):
        # `streamlit run` opens a browser for a plain script, not yet for an st.App.
        address = serving.address_at_hand(st.get_option("server.port"))
        asyncio.get_running_loop().call_later(0.3, webbrowser.open, address)
    yield


def told(error: Exception) -> bool:
    """A fault of ours in words a reader can act on; its traceback goes to the log."""
    st.error(
        f"This page met a fault of its own ({type(error).__name__}). Reloading it may help; "
        "if it comes back, the server's log says where."
    )
    return True


if __name__ == "__main__":
    main()
else:
    app = st.App(__file__, lifespan=ready, on_script_error=told)
