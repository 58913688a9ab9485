"""How long a reader waits for each page's answer, beside a page that asks the server nothing new.

Run with ``uv run python -m tests.benchmarks.bench_pages``. Each interaction is done in a real
browser: from the click or the key to the moment the page is at rest again. The alternative in
the same run is the quickest answer that Streamlit has: a toggle that changes nothing drawn.
"""

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.benchmarks import large
from tests.browser import DESK, FLAGS, MAP, PATIENCE, installed, serve

TIMES = 9

# From now on the page notes when it last came to rest.
_WATCH = """() => {
  const app = document.querySelector("[data-test-script-state]");
  window.rests = [];
  new MutationObserver(() => {
    if (app.dataset.testScriptState === "notRunning") window.rests.push(performance.now());
  }).observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
}"""

Work = Callable[[Page, int], None]


def option(name: str, words: list[str]) -> Work:
    """Choose one after another of some options."""
    return lambda page, turn: page.get_by_role("radio", name=words[turn % 2], exact=True).click()


def typed(label: str, words: list[str]) -> Work:
    """Type one after another of some words."""

    def work(page: Page, turn: int) -> None:
        field = page.get_by_role("searchbox", name=label)
        field.fill(words[turn % len(words)])
        field.press("Enter")

    return work


def row(page: Page, turn: int) -> None:
    """Select a row of the first table."""
    table = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    assert table
    page.mouse.click(table["x"] + 16, table["y"] + 35 * (2 + turn % 6) + 17)


def step(page: Page, turn: int) -> None:
    """A day on, with the key."""
    page.keyboard.press("ArrowRight")


def right_step(page: Page, turn: int) -> None:
    """A day on, on the right map."""
    page.frame_locator(MAP).last.get_by_role("button", name="Day on (→)").click()


def button(name: str) -> Work:
    return lambda page, turn: page.get_by_role("button", name=name).first.click()


INTERACTIONS: list[tuple[str, str, Work]] = [
    ("", "step a day (150 ms of it are waited for)", step),
    ("?known_on={then}", "step a day, with what was learned later", step),
    ("compare", "step one of two days (150 ms waited)", right_step),
    ("compare", "swap the sides", button("Swap")),
    ("trends", "another unit", option("unit", ["km²", "People"])),
    ("reports", "search", typed("Search", ["taliban", "police", "road", "market"])),
    ("reports", "open a report", row),
    ("sources", "another section", option("section", ["Claimants", "Sources"])),
]


def measure(browser: Browser, url: str, path: str, work: Work) -> float:
    """The median wait in milliseconds."""
    page = browser.new_page(viewport=DESK)
    page.set_default_timeout(120_000)
    page.goto(url + path)
    page.locator("h1").wait_for()
    if path in ("", "compare") or path.startswith("?"):
        days = page.frame_locator(MAP).last.locator("output.controlmap-day")
        expect(days).to_have_text(re.compile("[0-9]"), timeout=120_000)
    page.wait_for_timeout(6000)
    page.evaluate(_WATCH)
    waits = []
    for turn in range(TIMES + 1):
        begun = page.evaluate("window.rests = [], performance.now()")
        work(page, turn)
        deadline = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < deadline:
            page.wait_for_timeout(700)
            if page.evaluate("rests.length > 0"):
                break
        waits.append(page.evaluate("rests.at(-1)") - begun)
    page.close()
    return statistics.median(waits[1:])


def main() -> None:
    """Print every wait beside its goal: of the bundled study, then of a large one."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        only = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
        studies: list[tuple[str, Path | None, int, str]] = [
            ("bundled", None, 300, "2021-08-12"),
            ("large", large.write(Path(folder) / "large"), 1000, "2021-06-01"),
        ]
        for name, study, goal, then in studies:
            with serve(study) as url:
                for path, what, work in INTERACTIONS:
                    if not only.search(f"{name} {path} {what}"):
                        continue
                    wait = measure(browser, url, path.format(then=then), work)
                    print(f"{name:8} {path:22} {what:42} {wait:6.0f} ms ({goal})", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
