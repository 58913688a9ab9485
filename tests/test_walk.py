"""From a colour on the map to the sentence of evidence behind it, and back, in a browser."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from geo.differences import differences
from geo.timeline import Timeline
from tests.browser import (
    MAP,
    PHONE,
    Reader,
    area,
    at_rest,
    download,
    drawn,
    eventually,
    place,
    stands,
)

DAY = date(2021, 8, 12)


def evidence(study, report):
    [found] = study.reports.loc[study.reports["report_id"] == report, "evidence"]
    return found


def panel(reader):
    return reader.page.locator(".st-key-on-this-day")


def zoomed_in(reader):
    """Zoom in on the west; where every place stands then, and what the address says of it."""
    reader.slider.focus()
    for _ in range(2):
        reader.frame.locator(".leaflet-control-zoom-in").click()
        reader.page.wait_for_timeout(500)
    reader.page.wait_for_url(re.compile("view="))
    eventually(lambda: reader.query.get("view", "").endswith(",8"), True)
    return reader.view(), reader.query["view"]


def test_from_a_colour_to_its_evidence_and_back(visit, bundled):
    reader = visit(f"?day={DAY}")
    places, view = zoomed_in(reader)
    reader.click(place("puli-alam"))
    expect(panel(reader).locator("h2")).to_contain_text("Puli Alam")
    eventually(lambda: reader.query.get("place"), "puli-alam")
    [summary] = panel(reader).locator(".cm-change summary").all()[-1:]
    summary.click()
    expect(panel(reader).get_by_text(evidence(bundled, "afg-171"))).to_be_visible()
    opened = reader.view()  # moved a little, so that the whole card is in sight

    panel(reader).get_by_role("link", name="Its reports").click()
    expect(reader.page.locator("h1")).to_have_text("Reports")
    expect(reader.page.locator(".st-key-place-history h2")).to_contain_text("Puli Alam")
    reader.page.go_back()
    reader.wait()
    expect(panel(reader).locator("h2")).to_contain_text("Puli Alam")
    reader.settled(DAY)
    eventually(reader.view, opened)

    reader.page.go_back()
    expect(panel(reader).locator("h2").first).to_contain_text("On this day")
    eventually(lambda: (reader.query.get("view"), reader.query.get("place")), (view, None))
    eventually(reader.view, places)


def test_what_the_map_said_before_a_step_back_is_no_news_after_it(visit):
    reader = visit(f"?day={DAY}")
    _, view = zoomed_in(reader)
    reader.click(place("puli-alam"))
    eventually(lambda: reader.query.get("place"), "puli-alam")
    reader.frame.evaluate(
        """() => {
          const send = Streamlit.setComponentValue;
          Streamlit.setComponentValue = (value) => send((window.late = value));
        }"""
    )
    reader.frame.locator(".leaflet-control-zoom-out").click()
    eventually(lambda: reader.query["view"].endswith(",7"), True)
    reader.page.go_back()
    eventually(lambda: (reader.query["view"], reader.query.get("place")), (view, None))
    # As if it had been under way meanwhile: the same again, of a day before.
    reader.frame.evaluate("Streamlit.setComponentValue({ ...late, day: '2021-07-01' })")
    reader.page.get_by_text("The article alone", exact=True).click()
    eventually(lambda: reader.query.get("sources"), "clarin_0813")
    assert (reader.query["day"], reader.query["view"]) == (str(DAY), view)


def test_what_the_map_says_while_its_reader_leaves_is_no_question_of_the_next_page(visit):
    reader = visit(f"?day={DAY}")
    reader.frame.evaluate(
        """() => {
          parent.document.querySelector('a[href$="export"]').click();
          Streamlit.setComponentValue({ turn: -1, view: "", bounds: null, hidden: [] });
        }"""
    )
    expect(reader.page.locator("h1")).to_have_text("Take it with you")
    drawn(reader.page)
    expect(reader.page.get_by_role("button", name="Download the PNG")).to_be_visible()


def test_the_days_stepped_through_are_no_steps_back(visit):
    reader = visit(f"?day={DAY}")
    steps = reader.page.evaluate("history.length")
    for day in (13, 14, 15):
        reader.press("ArrowRight")
        reader.settled(date(2021, 8, day))
    assert reader.page.evaluate("history.length") == steps


def test_an_area_opens_the_history_of_what_decides_it(visit):
    reader = visit(f"?day={DAY}")
    reader.click(area("AF-HER"))
    expect(panel(reader).locator("h2")).to_contain_text("Herat")
    eventually(lambda: reader.query.get("place"), "AF-HER")
    panel(reader).get_by_role("button", name="On this day").click()
    expect(panel(reader).locator("h2").first).to_contain_text("On this day")
    eventually(lambda: "place" in reader.query, False)


def test_a_place_stays_open_while_the_days_go_on(visit):
    reader = visit(f"?day={DAY}&place=kandahar")
    expect(panel(reader).locator("h2")).to_contain_text("Kandahar")
    expect(reader.frame.locator(".leaflet-popup-content")).to_contain_text("Kandahar")
    reader.press("ArrowRight")
    reader.settled(date(2021, 8, 13))
    expect(panel(reader).locator("h2")).to_contain_text("Kandahar")


def test_from_a_history_to_the_map_on_that_day(visit):
    reader = visit("reports?place=kunduz")
    reader.page.wait_for_url("**study=*")
    before = reader.page.evaluate("history.length")
    reader.page.get_by_role("button", name="On the map: 8 August").click()
    reader.wait()
    reader.settled(date(2021, 8, 8))
    expect(reader.frame.locator(".leaflet-popup-content")).to_contain_text("Kunduz")
    assert reader.page.evaluate("history.length") == before + 1
    at_rest(reader.page)
    reader.page.go_back()
    expect(reader.page.locator("h1")).to_have_text("Reports")


def test_what_one_source_alone_says_is_marked(visit, timeline):
    reader = visit(f"?day={DAY}")
    state = timeline.control(DAY, "places")
    lone = timeline.lone.to_numpy()[state["change"]] & (state["change"] >= 0)
    marked = reader.frame.locator(".controlmap-lone svg").evaluate_all(
        "drawings => drawings.map(drawing => drawing.dataset.place)"
    )
    assert set(marked) == set(state.index[lone]) and marked
    assert "Only one source says so." in reader.hover(place("mazar-i-sharif"))


def test_a_known_on_day_keeps_the_view_and_the_day(visit, bundled):
    reader = visit(f"?day={DAY}")
    places, _ = zoomed_in(reader)
    reader.page.get_by_role("button", name="As known on the day shown").click()
    expect(panel(reader)).to_contain_text("What we learned later")
    expect(panel(reader)).to_contain_text("Qala-e Naw")
    eventually(lambda: reader.query.get("known_on"), str(DAY))
    reader.settled(DAY)
    assert reader.view() == places


def test_on_a_phone_the_history_stands_below_the_map(visit):
    reader = visit(f"?day={DAY}&place=kandahar", **PHONE)
    expect(panel(reader).locator("h2")).to_contain_text("Kandahar")
    overflow = reader.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


class Pair:
    """The compare page and the two frames on it."""

    def __init__(self, reader: Reader) -> None:
        self.page = reader.page
        self.reader = reader
        days = [self._frame(side).locator("output.controlmap-day") for side in (0, 1)]
        for day in days:
            expect(day).to_have_text(re.compile(r"\d"))
        eventually(lambda: len(self._paired()), 2)
        self.frames = self._paired()
        self.frames.sort(key=lambda frame: frame.frame_element().bounding_box()["x"])

    def _paired(self):
        told = "Boolean(window.controlmap && window.controlmap.paired)"
        return [frame for frame in self.page.frames if frame.evaluate(told)]

    def _frame(self, side):
        return self.page.frame_locator(MAP).nth(side)

    def days(self):
        return [frame.locator("output.controlmap-day").inner_text() for frame in self.frames]

    def views(self):
        told = "(() => { const { map } = controlmap.paired; const { lat, lng } = map.getCenter();"
        told += " return [lat.toFixed(3), lng.toFixed(3), map.getZoom()]; })()"
        return [frame.evaluate(told) for frame in self.frames]

    def row(self, number):
        """Choose a row of the table of what differs."""
        table = self.page.locator("[data-testid=stDataFrame]").last
        table.scroll_into_view_if_needed()
        box = stands(table)
        self.page.mouse.click(box["x"] + 16, box["y"] + 35 * (number + 1) + 17)


@pytest.fixture
def pair(visit):
    """The same day known then and now, side by side."""
    reader = visit(f"compare?day={DAY}&day_2={DAY}&known_on={DAY}&together=yes")
    expect(reader.page.locator(".cm-side").first).to_contain_text("as known on 12 August 2021")
    return Pair(reader)


def test_two_maps_are_moved_and_zoomed_together(pair):
    def moved_together(before):
        now = pair.views()
        return now[0] == now[1] != before[0]

    left, right = pair.frames
    before = pair.views()
    assert before[0] == before[1]
    for frame in (left, right):
        frame.locator(".leaflet-control-zoom-in").click()
        pair.page.wait_for_timeout(600)  # the zoom's own movement
        eventually(lambda before=before: moved_together(before), True)
        before = pair.views()
    box = stands(right.locator(".controlmap-map"))
    pair.page.mouse.move(box["x"] + 200, box["y"] + 200)
    pair.page.mouse.down()
    pair.page.mouse.move(box["x"] + 120, box["y"] + 160, steps=5)
    pair.page.mouse.up()
    eventually(lambda: moved_together(before), True)


def test_days_move_together_or_apart(pair):
    pair.page.locator("h1").click()
    pair.page.keyboard.press("ArrowLeft")
    eventually(pair.days, ["11 August 2021", "11 August 2021"])
    pair.page.get_by_text("Step both days together").click()
    together = "controlmap.paired.pair.together"
    eventually(lambda: [frame.evaluate(together) for frame in pair.frames], [False, False])
    pair.frames[1].locator("input[type=range]").focus()
    pair.page.keyboard.press("ArrowRight")
    eventually(pair.days, ["11 August 2021", "12 August 2021"])
    eventually(lambda: pair.reader.query["day_2"], "2021-08-12")
    eventually(lambda: pair.reader.query["day"], "2021-08-11")


def test_a_row_leads_to_the_place_on_both_maps(pair, bundled, timeline):
    table = differences(Timeline(bundled, known_on=DAY), DAY, timeline, DAY)
    at = table.index.get_loc("qala-e-naw")
    pair.row(at)
    for frame in pair.frames:
        expect(frame.locator(".leaflet-popup-content")).to_contain_text("Qala-e Naw")
    expect(pair.page.get_by_text(evidence(bundled, "afg-182"))).to_be_visible()
    eventually(lambda: pair.reader.query.get("place"), "qala-e-naw")


def test_a_comparison_is_found_again_at_its_address(pair, visit):
    query = pair.page.evaluate("location.search")
    again = visit(f"compare{query}")
    expect(again.page.locator(".cm-side").first).to_contain_text("as known on 12 August 2021")
    eventually(Pair(again).days, ["12 August 2021", "12 August 2021"])


def test_its_picture_is_one_click_away(pair):
    name, content = download(
        pair.page, pair.page.get_by_role("button", name="Download the picture")
    )
    assert name == "afghanistan-2021_control_20210812_20210812.png"
    assert content.startswith(b"\x89PNG")
