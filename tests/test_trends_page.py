"""The trends page: every choice is drawn and told; the pointer, a click, keys and files."""

import json
from datetime import date

import pytest
from markupsafe import Markup
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from geo import cells, chartsheet, trends
from geo.measures import UNITS, balances
from geo.trends import Trend
from tests import tiny
from tests.browser import FIRST, ROOT, download, eventually, stands

DAY = date(2021, 8, 13)
NAMES = {"areas": "Provinces", "km2": "km²", "people": "People"}


@pytest.fixture
def page():
    """The trends page, under an address."""

    def at(**query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        app.switch_page("pages/trends.py").run()
        assert not app.exception
        return app

    return at


def trend(timeline, unit="areas"):
    return Trend(timeline, unit, balances(timeline)[unit])


def said(app: AppTest) -> str:
    """All that the page says outside its widgets."""
    html = [Markup(e.proto.body).striptags() for e in app.main if e.type == "html"]
    html += [Markup(e.proto.body).striptags() for e in app.get("html")]
    return " ".join([*html, *(caption.value for caption in app.caption)])


def spec(app: AppTest) -> str:
    [chart] = app.get("vega_lite_chart")
    return json.dumps(json.loads(chart.proto.spec), ensure_ascii=False)


def test_opens_with_the_provinces_and_says_what_it_answers(page, timeline):
    app = page()
    assert app.button_group(key="unit").value == "areas"
    assert app.button_group(key="as").value == "count"
    text = said(app)
    assert "How much each side held through the period" in text
    assert "Of 34 provinces." in text
    assert "Taliban, uncertain" in text
    assert trend(timeline).alt_text in spec(app)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("how", ["count", "share"])
def test_every_choice_is_drawn(page, timeline, unit, how):
    app = page()
    app.button_group(key="unit").set_value(unit).run()
    app.button_group(key="as").set_value(how).run()
    assert not app.exception
    whole = trend(timeline, unit).whole
    title = f"Share of {whole}" if how == "share" else NAMES[unit]
    assert title in spec(app)
    assert f"Of {whole}." in said(app)
    assert [button.proto.label for button in app.get("download_button")] == [
        "Download the PNG",
        "Download the SVG",
        "Download the CSV",
    ]


def test_the_address_says_unit_and_share(page):
    app = page(unit="people", **{"as": "share"})
    assert app.button_group(key="unit").value == "people"
    assert "Share of 31.9 million people" in spec(app)
    app = page(unit="miles", **{"as": "<b>"})
    assert app.button_group(key="unit").value == "areas"


def test_people_name_source_year_and_denominator(page):
    text = said(page(unit="people"))
    assert "Of 31.9 million people." in text
    assert "NSIA 1400 (2021-22)" in text
    assert "All 34 provinces have a figure" in text


def test_a_day_is_told_in_words_and_opens_on_the_map(page, timeline):
    app = page(day=str(DAY))
    assert trend(timeline).day((DAY - FIRST).days) in said(app)
    other = date(2021, 8, 15)
    app.date_input(key=f"trend-day-{DAY}").set_value(other).run()
    assert trend(timeline).day((other - FIRST).days) in said(app)
    app.button(key="trend-open").click().run()
    assert not app.exception
    assert "Sunday 15 August 2021" in said(app)
    assert app.session_state["day"] == other


def test_the_busiest_days_open_on_the_map(page, timeline):
    app = page()
    days = trend(timeline).busiest()
    assert [app.button(key=f"busy-{day}").label for day, _ in days][-1] == "15 Aug · 12 changes"
    app.button(key=f"busy-{days[0][0]}").click().run()
    assert app.session_state["day"] == days[0][0]


def test_silence_is_said_and_a_silent_day_has_no_numbers(page):
    app = page(day="2021-08-20")
    app.radio(key="read").set_value("lead").run()
    text = said(app)
    assert "No report after 13 August 2021: those days are left empty." in text
    assert "Friday 20 August 2021. No report after 13 August 2021." in text


def test_with_no_usable_report_it_says_what_to_change(page):
    app = page()
    app.radio(key="read").set_value("chosen").run()
    assert not app.exception
    assert "Choose other sources" in app.info[0].value
    assert not app.get("vega_lite_chart") and not app.get("download_button")


def test_without_population_it_says_what_to_change(page, tmp_path, monkeypatch):
    files = tiny.files()
    for area in files.areas["features"]:
        area["properties"] |= {"population": None, "population_source": ""}
    monkeypatch.setenv("CONTROLMAP_STUDY", str(files.write(tmp_path / "tiny")))
    app = page(unit="people")
    assert "Choose another unit" in app.info[0].value


def test_the_table_tells_the_days_on_which_something_changes(page):
    [table] = page().main.dataframe
    assert {"day", "label", "areas", "share", "uncertain", "changes"} <= set(table.value)
    assert "2021-08-15" in set(table.value["day"])


# In a browser.


@pytest.fixture
def desk(visit):
    """The page in a browser, once its chart is drawn."""
    reader = visit(f"?day={DAY}")
    reader.page.get_by_role("link", name="Trends").click()
    expect(reader.page.locator("svg.marks")).to_be_visible()
    return reader


def spot(desk, day: date) -> tuple[float, float]:
    """Where a day stands on the screen, in the upper part."""
    box = stands(desk.page.locator("svg.marks .mark-rect.role-mark").last)
    days = (date(2021, 9, 6) - FIRST).days + 1
    return box["x"] + box["width"] * ((day - FIRST).days + 0.5) / days, box["y"] + 60


def test_marks_are_filled_with_the_maps_hatches(desk):
    def fills():
        return desk.page.evaluate(
            "[...new Set([...document.querySelectorAll('svg.marks path[fill^=url]')]"
            ".map((path) => path.getAttribute('fill').slice(5, -1)))]"
        )

    wanted = {"cm-hatch-government", "cm-hatch-government-pale", "cm-hatch-contested"}
    eventually(lambda: wanted <= set(fills()), True)
    for name in fills():
        tile = desk.page.locator(f"pattern#{name}")
        expect(tile).to_have_count(1)
        assert tile.evaluate("(tile) => tile.ownerDocument === document && tile.isConnected")


def test_pointing_at_a_day_tells_its_numbers(desk, timeline):
    found, day = trend(timeline), date(2021, 8, 14)
    desk.page.mouse.move(*spot(desk, day))
    tip = desk.page.locator("#vg-tooltip-element")
    expect(tip).to_contain_text("Saturday 14 August 2021")
    for control in ("government", "taliban"):
        expect(tip).to_contain_text(found.in_words(control, (day - FIRST).days))
    expect(tip).to_contain_text("Taliban 8, Contested 3")


def test_a_click_opens_the_day_on_the_map(desk):
    day = date(2021, 8, 6)
    desk.page.mouse.click(*spot(desk, day))
    desk.wait()
    expect(desk.heading).to_have_text("6 August 2021")
    expect(desk.frame.locator("output.controlmap-day")).to_have_text("6 August 2021")


def test_keys_alone_open_a_day(desk):
    button = desk.page.get_by_role("button", name="15 Aug · 12 changes")
    button.focus()
    desk.press("Enter")
    desk.wait()
    expect(desk.heading).to_have_text("15 August 2021")


def test_the_chart_has_a_text_alternative(desk, timeline):
    chart = desk.page.locator(".st-key-trend [role=graphics-document]")
    expect(chart).to_have_attribute("aria-label", trend(timeline).alt_text)


def test_what_is_saved_is_what_the_engine_draws(desk, timeline):
    found = trend(timeline)
    wanted = {
        "png": chartsheet.render(found, False),
        "svg": chartsheet.render(found, False, "svg"),
        "csv": cells.to_csv(trends.table(found)).encode(),
    }
    for suffix, content in wanted.items():
        button = desk.page.get_by_role("button", name=f"Download the {suffix.upper()}")
        name = f"afghanistan-2021_trends-areas_20210501-20210906.{suffix}"
        assert download(desk.page, button) == (name, content)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Kabul"])
def test_no_time_zone_moves_a_day(visit, zone):
    reader = visit(f"?day={DAY}", timezone_id=zone)
    reader.page.get_by_role("link", name="Trends").click()
    expect(reader.page.locator("svg.marks")).to_be_visible()
    reader.page.mouse.move(*spot(reader, FIRST))
    expect(reader.page.locator("#vg-tooltip-element")).to_contain_text("Saturday 1 May 2021")


def test_nothing_is_wider_than_a_phone(desk):
    desk.page.set_viewport_size({"width": 390, "height": 844})
    eventually(lambda: stands(desk.page.locator("svg.marks"))["width"] <= 390, True)
    box = stands(desk.page.locator("svg.marks"))
    assert box["x"] >= 0 and 300 < box["x"] + box["width"] <= 390
