"""What Streamlit does otherwise than its readers need, put right once for the whole server.

Each mend reaches for a part of Streamlit that it doesn't promise; a test in a real browser meets
the fault that each is there for.
"""

from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner


def mend() -> None:
    """Before the first reader comes."""
    _keep_pages_to_their_navigation()
    _let_left_pages_be()


def _keep_pages_to_their_navigation() -> None:
    """Run no file of ``pages/`` alone.

    Until its first ``st.navigation`` Streamlit takes each of them for a page of its own, and runs
    it for a reader whose address names it. No option of Streamlit's says so.
    """
    PagesManager.uses_pages_directory = False


def _let_left_pages_be() -> None:
    """Take no message of a page that its reader has just left for a question of the page there.

    What a map says while the next page is on its way (its reader stepped on, or it told what is
    in sight) names the page before and a fragment of it. Streamlit hears it after the next page
    is drawn, finds no such fragment, and tells the browser that a run of the page before has
    ended: the browser then clears away all that the reader came for.
    """
    run = ScriptRunner._run_script

    def run_unless_left(self: ScriptRunner, rerun_data: RerunData) -> None:
        # A runner's first run has drawn no page yet: which one it is of, the browser knows.
        drawn = self._get_script_run_ctx().page_script_hash
        if rerun_data.fragment_id_queue and drawn not in ("", rerun_data.page_script_hash):
            return
        run(self, rerun_data)

    ScriptRunner._run_script = run_unless_left  # type: ignore[method-assign]
