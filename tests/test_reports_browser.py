"""The reports page as a reader walks it: from a search to the evidence to the map and back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, at_rest, download, stands


@pytest.fixture
def ledger(browser, dashboard):
    """Open the reports page as a new reader; nothing may go wrong meanwhile."""
    faults: list[str] = []
    contexts = []

    def open_at(query: str = "", **context: object) -> Page:
        contexts.append(browser.new_context(**({"viewport": DESK} | context)))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{dashboard}reports{query}")
        expect(page.locator(".cm-count, [data-testid=stAlert]").first).to_be_visible()
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert not faults


def says(page: Page, *parts: str) -> None:
    """The address comes to name all of these."""
    for part in parts:
        page.wait_for_function("part => location.search.includes(part)", arg=part)


def search(page: Page, text: str) -> None:
    box = page.get_by_placeholder("Place, evidence")
    box.fill(text)
    box.press("Enter")


def pick(page: Page, row: int) -> None:
    """Select a row of the table, which is drawn on a canvas."""
    at_rest(page)
    table = page.locator("[data-testid=stDataFrame] .stDataFrameGlideDataEditor").first
    table.scroll_into_view_if_needed()
    expect(table.locator("tbody tr").first).to_be_attached()
    stands(table)
    page.wait_for_timeout(300)
    table.click(position={"x": 17, "y": 33 * (row + 1) + 16})


def test_from_a_search_to_the_evidence_to_the_history_to_the_map(ledger):
    page = ledger()
    search(page, "کندز")
    expect(page.locator(".cm-count")).to_contain_text("of 12 reports")
    pick(page, 1)
    expect(page.locator(".cm-facts")).to_contain_text("afg-121")
    says(page, "report=afg-121")
    page.get_by_role("button", name="History of Kunduz Airport").click()
    expect(page.locator(".st-key-place-history")).to_contain_text("airport in Kunduz")
    says(page, "place=kunduz-airport")
    page.locator(".st-key-place-history").get_by_role("button", name="11 August").click()
    expect(page.locator("h1.cm-day b")).to_have_text("11 August 2021")
    says(page, "place=kunduz-airport", "day=2021-08-11")


def test_a_mark_on_the_line_of_time_leads_to_the_map(ledger):
    page = ledger("?place=kunduz-airport")
    line = page.locator("[data-testid=stVegaLiteChart]")
    expect(line.locator("svg.marks, canvas.marks")).to_be_visible()
    line.scroll_into_view_if_needed()
    stands(line)
    at_rest(page)
    line.hover(position={"x": 10, "y": 58})
    tooltip = page.locator("#vg-tooltip-element")
    expect(tooltip).to_contain_text("Taken to be run by the government")
    line.click(position={"x": 10, "y": 58})
    expect(page.locator("h1.cm-day b")).to_have_text("1 May 2021")


@pytest.mark.parametrize("typed", ["Qandahar", "قندهار"])
def test_a_place_is_chosen_however_it_is_typed(ledger, typed):
    page = ledger()
    box = page.get_by_role("combobox", name=re.compile("Place"))
    box.click()
    box.press_sequentially(typed)
    box.press("Enter")
    expect(page.locator(".st-key-place-history")).to_contain_text("capital of Kandahar")
    says(page, "place=kandahar")


def test_an_address_shared_shows_the_same(ledger):
    page = ledger("?q=kandahar&use=used&report=afg-121&order=oldest")
    expect(page.locator(".cm-facts")).to_contain_text("afg-121")
    says(page, "q=kandahar", "use=used", "report=afg-121", "order=oldest")


def test_what_is_filtered_is_downloaded(ledger):
    page = ledger("?use=disputed")
    expect(page.locator(".cm-count")).to_contain_text("of 11 reports")
    button = page.get_by_test_id("stDownloadButton").get_by_role("button")
    name, content = download(page, button)
    assert name == "afghanistan-2021_reports.csv"
    header, *lines = content.decode().splitlines()
    assert header.startswith("report_id,place_id") and len(lines) == 11


def test_on_a_phone_the_report_opens_above_the_table(ledger):
    page = ledger("?report=afg-042", **PHONE)
    table, report = page.locator("[data-testid=stDataFrame]"), page.locator(".cm-facts")
    expect(report).to_be_visible()
    assert stands(report)["y"] < stands(table)["y"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["viewport"]["width"]


def test_on_a_phone_no_row_of_a_table_lies_under_what_follows(ledger):
    page = ledger(**PHONE)
    holder = page.locator("[data-testid=stElementContainer]:has([data-testid=stDataFrame])")
    table, room = stands(holder.locator("[data-testid=stDataFrame]")), stands(holder)
    assert table["y"] + table["height"] <= room["y"] + room["height"] + 1
