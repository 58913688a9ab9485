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

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks import large
from tests.browser import FLAGS, PATIENCE, Reader, installed, serve

TIMES = 9

# From now on the page notes when it last came to rest.
_WATCH = """() => {
  const app = document.querySelector("[data-test-script-state]");
  window.rests = [];
  new MutationObserver(() => {
    if (app.dataset.testScriptState === "notRunning") window.rests.push(performance.now());
  }).observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
}"""

Work = Callable[[Reader, int], None]


def option(name: str, words: list[str]) -> Work:
    """Choose one after another of some options."""
    return lambda reader, turn: reader.page.get_by_role("radio", name=words[turn % 2]).click()


def typed(label: str, words: list[str]) -> Work:
    """Type one after another of some words."""

    def work(reader: Reader, turn: int) -> None:
        field = reader.page.get_by_role("textbox", name=label)
        field.fill(words[turn % len(words)])
        field.press("Enter")

    return work


def row(reader: Reader, turn: int) -> None:
    """Select a row of the first table."""
    table = reader.page.locator("[data-testid=stDataFrame]").first.bounding_box()
    assert table
    reader.page.mouse.click(table["x"] + 16, table["y"] + 35 * (2 + turn % 6) + 17)


def step(reader: Reader, turn: int) -> None:
    """A day on, with the key."""
    reader.page.keyboard.press("ArrowRight")


def right_step(reader: Reader, turn: int) -> None:
    """A day on, on the right map."""
    reader.page.frame_locator('iframe[title*="st_folium"]').last.get_by_role(
        "button", name="Day on (→)"
    ).click()


def button(name: str) -> Work:
    return lambda reader, turn: reader.page.get_by_role("button", name=name).first.click()


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
    reader = Reader(browser, url)
    reader.page.goto(url + path)
    reader.page.locator("h1").wait_for()
    reader.page.wait_for_timeout(6000)
    reader.page.evaluate(_WATCH)
    waits = []
    for turn in range(TIMES + 1):
        begun = reader.page.evaluate("window.rests = [], performance.now()")
        work(reader, turn)
        deadline = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < deadline:
            reader.page.wait_for_timeout(700)
            if reader.page.evaluate("rests.length > 0"):
                break
        waits.append(reader.page.evaluate("rests.at(-1)") - begun)
    reader.close()
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
