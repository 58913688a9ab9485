"""What axe-core finds on every page, and on the map within it: nothing serious."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser import DESK, MAP, at_rest, eventually

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
    "studies": "Studies",
}

GRAVE = ("serious", "critical")


def findings(frame: Frame) -> Iterator[str]:
    """What is grave in one document, frames within it left aside."""
    frame.evaluate(f"{AXE_SCRIPT}; 0")
    told = frame.evaluate("axe.run(document, { iframes: false }).then((found) => found.violations)")
    for rule in told:
        if rule["impact"] in GRAVE:
            yield f"{rule['id']}: " + " | ".join(node["html"][:160] for node in rule["nodes"])


@pytest.fixture(scope="module")
def page(browser: Browser, dashboard: str) -> Iterator[Page]:
    """One page that goes from address to address."""
    one = browser.new_page(viewport=DESK, base_url=dashboard)
    yield one
    one.close()


@pytest.mark.parametrize("address", PAGES)
def test_nothing_grave_on(address, page):
    page.goto(address)
    expect(page.locator("h1")).to_contain_text(PAGES[address])
    for frame in page.locator(MAP).all():
        expect(frame.content_frame.locator("output.controlmap-day")).to_have_text(re.compile("\\d"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(700)  # colours change by and by
        at_rest(page)
        # What is fading in is too pale for a moment.
        eventually(lambda: [finding for frame in shown(page) for finding in findings(frame)], [])


def shown(page):
    """The page and the maps in it."""
    return [frame for frame in page.frames if frame.url.startswith("http")]
