"""What axe-core finds on every page, and on the map within it: nothing serious."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame, expect

from tests.browser import Reader

PAGES = {
    "?day=2021-08-12&known_on=2021-08-12": "12 August 2021",
    "?day=2021-08-12&place=kandahar": "12 August 2021",
    "compare?day=2021-08-12&place=kandahar": "Compare",
    "trends": "Trends",
    "reports": "Reports",
    "reports?place=kandahar": "Reports",
    "sources": "Sources",
    "sources?section=Claimants": "Sources",
    "export": "Take it with you",
    "method": "Method",
}

GRAVE = ("serious", "critical")

OURS_TO_BEAR = frozenset[str]()
"""What Streamlit itself causes, by axe's name of the rule."""


def findings(frame: Frame) -> Iterator[str]:
    """What is grave in one document, frames within it left aside."""
    frame.evaluate(f"{AXE_SCRIPT}; 0")
    told = frame.evaluate("axe.run(document, { iframes: false }).then((found) => found.violations)")
    for rule in told:
        if rule["impact"] in GRAVE and rule["id"] not in OURS_TO_BEAR:
            yield f"{rule['id']}: " + " | ".join(node["html"][:160] for node in rule["nodes"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_grave_on(page, scheme, visit):
    reader: Reader = visit(color_scheme=scheme)
    reader.page.goto(reader.url + page)
    expect(reader.page.locator("h1")).to_contain_text(PAGES[page])
    reader.page.wait_for_function("!document.querySelector('[data-test-script-state=running]')")
    reader.page.wait_for_timeout(1500)
    frames = [frame for frame in reader.page.frames if frame.url.startswith("http")]
    assert [finding for frame in frames for finding in findings(frame)] == []
