"""The export page in a real browser: what is chosen is what arrives, byte for byte."""

from datetime import date

import pytest
from playwright.sync_api import Locator, expect

from geo import exports, webmap
from geo.snapshot import alt_text, beside, render
from geo.timeline import Timeline
from tests.browser import download, drawn, eventually, serve

DAY, LAST = date(2021, 8, 15), date(2021, 9, 6)


def arrive(reader):
    """From the map to the export page by the button that says so."""
    reader.page.get_by_role("link", name="Snapshot").click()
    expect(reader.page.get_by_role("heading", name="Take it with you")).to_be_visible()


def choose(reader, name: str) -> None:
    reader.page.get_by_test_id("stMain").get_by_text(name, exact=True).first.click()
    drawn(reader.page)


def download_button(reader, name: str) -> Locator:
    # While the page is drawn anew the button before may still stand there.
    return reader.page.get_by_role("button", name=f"Download the {name}").last


def saved(reader, name: str) -> tuple[str, bytes]:
    return download(reader.page, download_button(reader, name))


@pytest.fixture
def desk(reader):
    """The export page on 15 August, as its address opens it."""
    reader.page.goto(f"{reader.url}export?day={DAY}", wait_until="commit")
    expect(download_button(reader, "PNG")).to_be_visible()
    return reader


# Pictures.


def test_snapshot_opens_with_the_day_and_gives_its_picture(visit, timeline):
    desk = visit(f"?day={DAY}")
    desk.settled(DAY)
    arrive(desk)
    expect(desk.page.get_by_test_id("stImage").locator("img")).to_be_visible()
    eventually(lambda: desk.query.get("day"), str(DAY))
    name, content = saved(desk, "PNG")
    assert name == "afghanistan-2021_control_20210815.png"
    assert content == render(timeline, DAY)
    expect(desk.page.get_by_test_id("stCode")).to_contain_text(alt_text(timeline, DAY)[:200])


def test_every_format_is_one_download(desk, timeline):
    for format in ("svg", "pdf"):
        choose(desk, format.upper())
        name, content = saved(desk, format.upper())
        assert name == f"afghanistan-2021_control_20210815.{format}"
        assert content == render(timeline, DAY, format=format)


def test_two_days_side_by_side(desk, timeline):
    choose(desk, "Beside another day")
    expect(desk.page.get_by_test_id("stCode")).to_contain_text("two maps of control")
    named = "afghanistan-2021_control_20210815_20210906.png"
    wanted = beside(timeline, DAY, timeline, LAST)
    eventually(lambda: saved(desk, "PNG") == (named, wanted), True)


def test_snapshot_shows_the_part_and_the_layers_in_sight(visit):
    reader = visit(f"?day={DAY}")
    reader.settled(DAY)
    reader.frame.locator(".leaflet-control-layers").hover()
    reader.frame.get_by_label("Border crossings").uncheck()
    reader.frame.locator(".leaflet-control-zoom-in").click()
    eventually(lambda: reader.query.get("view", "").endswith(",7"), True)
    arrive(reader)
    expect(reader.page.get_by_role("radio", name="What the map shows")).to_be_checked()
    choose(reader, "SVG")
    _, part = saved(reader, "SVG")
    assert b"The map shows a part" in part
    assert b">Torkham<" not in part and b">Kabul<" in part
    choose(reader, "The whole study")
    eventually(lambda: b"The map shows a part" in saved(reader, "SVG")[1], False)


def test_the_same_eyes_on_every_page(visit, bundled):
    reader = visit("?sources=clarin_0813&known_on=2021-08-20&day=2021-08-13")
    arrive(reader)
    article = Timeline(bundled, sources=["clarin_0813"], known_on=date(2021, 8, 20))
    assert saved(reader, "PNG")[1] == render(article, date(2021, 8, 13))
    reader.page.get_by_role("link", name="Timeline").click()
    expect(reader.heading).to_have_text("13 August 2021")
    expect(reader.page.get_by_role("radio", name="The article alone")).to_be_checked()
    reader.page.wait_for_url("**known_on=2021-08-20*")


def test_the_first_reader_of_a_server_may_come_to_any_page(browser):
    with serve() as url:
        page = browser.new_page()
        page.goto(f"{url}export?day={DAY}")
        expect(page.get_by_role("button", name="Download the PNG")).to_be_visible()
        links = page.get_by_test_id("stSidebarNavLink").all_inner_texts()
        assert [links[0].split()[-1], links[-1].split()[-1]] == ["Timeline", "Method"]
        page.close()


# Films.


def test_a_film_is_made_shown_and_downloaded(desk):
    choose(desk, "Film")
    choose(desk, "Only days with a change")
    desk.page.get_by_role("button", name="Make the film").click()
    expect(desk.page.get_by_text("Frame", exact=False).first).to_be_visible()
    expect(download_button(desk, "film")).to_be_visible(timeout=60_000)
    expect(desk.page.locator("video")).to_be_visible()
    name, content = saved(desk, "film")
    assert name == "afghanistan-2021_control_20210501_20210906.mp4"
    assert content[4:8] == b"ftyp"


def test_a_film_can_be_given_up(desk):
    choose(desk, "Film")
    desk.page.get_by_role("button", name="Make the film").click()
    expect(desk.page.get_by_text("Frame 1", exact=False).first).to_be_visible()
    desk.page.get_by_role("button", name="Cancel").click()
    expect(desk.page.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(desk.page.get_by_role("button", name="Make the film")).to_be_visible()
    assert download_button(desk, "film").count() == 0


# Pages and data.


def test_the_page_is_shown_as_it_will_be(desk, timeline):
    choose(desk, "Page")
    name, content = saved(desk, "page")
    assert name == "afghanistan-2021_control_20210815.html"
    assert content.decode() == webmap.page(timeline, DAY)
    shown = desk.page.frame_locator("iframe").locator("output.controlmap-day")
    expect(shown).to_have_text("15 August 2021")


def test_data_is_what_the_engine_writes(desk, timeline):
    choose(desk, "Data")
    assert saved(desk, "GeoJSON")[1] == exports.as_bytes(timeline, "geojson", of="both")
    choose(desk, "One day")
    choose(desk, "CSV")
    choose(desk, "A row of HXL hashtags")
    wanted = exports.as_bytes(timeline, "csv", DAY, of="both", hxl=True)
    named = "afghanistan-2021_control_20210815.csv"
    eventually(lambda: saved(desk, "CSV") == (named, wanted), True)
    choose(desk, "Reports")
    eventually(lambda: saved(desk, "CSV")[0], "afghanistan-2021_reports.csv")


def test_an_address_opens_its_section(desk):
    choose(desk, "Film")
    desk.page.wait_for_url("**take=Film*")
    desk.page.reload(wait_until="commit")
    expect(desk.page.get_by_role("button", name="Make the film")).to_be_visible()


def test_all_of_it_fits_a_phone(visit):
    reader = visit(viewport={"width": 390, "height": 844})
    arrive(reader)
    expect(download_button(reader, "PNG")).to_be_visible()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not reader.page.evaluate(wide)
