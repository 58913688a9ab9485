"""How long the reports page takes, from a reader's action to the answer on the screen.

Run with ``uv run python -m tests.benchmarks.bench_reports``: the bundled study, and one of
10,000 places and 100,000 reports. Beside the page stand the engine's own parts.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from geo import history, study, tables
from geo.ledger import Ledger
from geo.search import Index
from geo.timeline import Timeline
from tests.benchmarks import large
from tests.benchmarks.bench_engine import best
from tests.browser import DESK, FLAGS, installed, serve

TIMES = 7


def until(page: Page, act: Callable[[], None], text: str) -> float:
    """Milliseconds until the count above the table is another one, and says so."""
    begun = time.perf_counter()
    act()
    page.wait_for_function(
        "text => new RegExp(text).test(document.querySelector('.cm-count')?.innerText)",
        arg=text,
        timeout=60_000,
    )
    return (time.perf_counter() - begun) * 1000


def walk(page: Page, word: str, goal: int) -> None:
    """Print the median time of each interaction."""
    box = page.get_by_placeholder("Place, evidence")
    took: dict[str, list[float]] = {}

    def step(name: str, act: Callable[[], None], text: str) -> None:
        took.setdefault(name, []).append(until(page, act, text))

    for _ in range(TIMES):
        step("next page", lambda: page.get_by_role("button", name="Next").click(), "^101–")
        step("previous page", lambda: page.get_by_role("button", name="Previous").click(), "^1–")
        box.fill(word)
        step("search", lambda: box.press("Enter"), "in the ledger")
        step("clear", lambda: page.get_by_role("button", name="Clear").last.click(), r"^[^(]*$")
    for name, times in took.items():
        print(f"  {name:22} {statistics.median(times):7.0f} ms  ({goal})")


def main() -> None:
    """Print every measurement beside its goal."""
    with tempfile.TemporaryDirectory() as folder:
        large.write(Path(folder))
        found = study.load(folder)
        timeline = Timeline(found)
        index, ledger = Index(found), Ledger(timeline)
        unit = found.places["place_id"][5]
        print(f"index of names and texts   {best(1, lambda: Index(found)):7.0f} ms")
        for query in ("kunduz", "governor market bridge", "Kundus after nightfall", "r-777"):
            took = best(3, lambda query=query: index.reports(query))
            print(f"search “{query}” {took:7.0f} ms  (150)")
        print(
            f"table of reports           {best(3, lambda: tables.reports_table(timeline)):7.0f} ms"
        )
        print(f"links                      {best(3, lambda: history.links(timeline)):7.0f} ms")
        told = best(3, lambda: history.history(timeline, unit, ledger.links))
        print(f"history of a place         {told:7.0f} ms")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
            for name, path, word, goal in (
                ("bundled", None, "kunduz", 300),
                ("large", Path(folder), "governor", 1000),
            ):
                with serve(path) as url:
                    page = browser.new_page(viewport=DESK)
                    page.goto(f"{url}reports")
                    page.wait_for_selector(".cm-count", timeout=90_000)
                    print(name)
                    walk(page, word, goal)
            browser.close()


if __name__ == "__main__":
    main()
