"""The map and the page around it, as a reader meets them in a browser."""

import io
import re
from collections import Counter
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from PIL import Image
from playwright.sync_api import expect

from geo import dates, words
from geo.timeline import Timeline
from tests.browser import (
    MAP,
    PHONE,
    Reader,
    area,
    change_days,
    changed,
    counts,
    eventually,
    markers,
    overlaps,
    painted,
    place,
    serve,
    stands,
)

OPENS = date(2021, 8, 13)
FIRST, LAST = date(2021, 5, 1), date(2021, 9, 6)
ONE = timedelta(days=1)

# Opening state, handovers, sieges, windows, the fall of most capitals, Panjshir, quiet days.
DAYS = [
    date.fromisoformat(day)
    for day in (
        "2021-05-01 2021-05-02 2021-06-22 2021-07-09 2021-07-30 2021-08-06 2021-08-09 2021-08-12 "
        "2021-08-13 2021-08-14 2021-08-15 2021-08-20 2021-08-31 2021-09-06"
    ).split()
]


def filled(reader):
    """How much of the map the study takes, of the side that it takes more of; above 1 it is cut."""
    land = reader.boxes("path.controlmap-area")
    [[west, north, east, south]] = reader.boxes(".controlmap-map")
    left, top = min(box[0] for box in land), min(box[1] for box in land)
    right, bottom = max(box[2] for box in land), max(box[3] for box in land)
    if left < west or top < north or right > east or bottom > south:
        return 2.0
    return max((right - left) / (east - west), (bottom - top) / (south - north))


# The opening view.


def test_first_view_is_the_day_the_study_opens_on_and_the_whole_region(visit):
    reader = visit()
    assert reader.day == "13 August 2021"
    assert reader.page.locator("h1.cm-day").inner_text() == "Friday 13 August 2021"
    assert len(reader.boxes("path.controlmap-area")) == 34
    assert 0.8 < filled(reader) <= 1


def test_map_and_slider_fit_the_screen_at_once(reader):
    for selector in (".controlmap-map", ".controlmap-bar", "output.controlmap-day"):
        box = reader.box(selector)
        assert box["y"] >= 0 and box["y"] + box["height"] <= 768


def test_no_label_covers_another_or_the_controls(reader):
    labels = reader.boxes(".controlmap-label")
    assert len(labels) >= 30
    assert overlaps(labels) == []
    assert overlaps(labels, reader.boxes(".controlmap-map .leaflet-control")) == []


# What is painted is what the engine says.


def test_every_day_of_the_study_is_painted_as_the_engine_says(reader, timeline):
    wanted = [(dates.in_words(day), painted(timeline, day)) for day in timeline.days.date]
    reader.go(FIRST)
    assert reader.walk("ArrowRight", len(wanted)) == wanted
    assert reader.walk("ArrowLeft", len(wanted)) == wanted[::-1]
    lines = {line for _, areas in wanted for _, line in areas.values()}
    assert lines == {"plain", "dashed", "dotted"}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_map_legend_and_panels_agree_with_the_engine(reader, timeline, day):
    reader.go(day)
    held = counts(timeline, day)
    signs = dict(zip(timeline.study.controls, reader.signs(), strict=True))
    assert reader.painted() == painted(timeline, day)
    assert reader.markers() == markers(timeline, day, signs)
    assert reader.legend() == held
    eventually(reader.balance, [f"{count} {label}" for label, count in held.items() if count])
    eventually(reader.changed, changed(timeline, day))


def test_each_control_has_a_sign_of_its_own(reader):
    signs = reader.signs()
    plain = Counter(signs).pop("")
    assert plain == 2  # full in its own colour, and open for unknown
    assert len(set(signs)) == len(signs) - 1


def test_areas_look_as_painted(visit, timeline):
    """Nothing lies over the colours: the picture's own pixels are the engine's answer."""
    reader = visit()
    _layers(reader).get_by_label("Labels").uncheck()
    for name in ("Capitals", "Airports and bases", "Border crossings"):
        _layers(reader).get_by_label(name).uncheck()
    reader.page.mouse.move(5, 5)
    wanted = {
        area_id: fill
        for area_id, (fill, _) in painted(timeline, OPENS).items()
        if "hatched" not in fill
    }
    spots = {area_id: reader.spot(area(area_id)) for area_id in wanted}
    screen = Image.open(io.BytesIO(reader.page.screenshot())).convert("RGB")
    seen = {
        area_id: "#{:02x}{:02x}{:02x}".format(*screen.getpixel((round(x), round(y))))
        for area_id, (x, y) in spots.items()
    }
    assert seen == wanted


# Stepping.


def test_keys_step_days_and_changes(reader, timeline):
    days = change_days(timeline)
    start = date(2021, 7, 14)
    reader.go(start)
    for key, day in (
        ("ArrowRight", start + ONE),
        ("ArrowLeft", start),
        ("Shift+ArrowRight", min(d for d in days if d > start)),
        ("Shift+ArrowRight", min(d for d in days if d > date(2021, 7, 29))),
        ("Shift+ArrowLeft", date(2021, 7, 29)),
        ("Shift+ArrowLeft", start),
        ("Home", FIRST),
        ("ArrowLeft", FIRST),
        ("End", LAST),
        ("ArrowRight", LAST),
    ):
        reader.press(key)
        assert reader.day == dates.in_words(day), key
    reader.settled(LAST)


def test_keys_step_wherever_the_focus_is(reader):
    reader.go(OPENS)
    reader.frame.locator(".controlmap-map").click(position={"x": 5, "y": 300})
    reader.press("ArrowRight")
    assert reader.day == "14 August 2021"
    reader.page.locator("h1.cm-day").click()
    reader.press("ArrowRight")
    assert reader.day == "15 August 2021"
    reader.slider.focus()
    reader.press("ArrowRight")
    assert reader.day == "16 August 2021"


def test_keys_that_mean_something_else_do_not_step(reader):
    reader.go(OPENS)
    reader.page.get_by_text("All sources", exact=True).click()
    reader.press("Home", "Control+ArrowLeft")
    reader.page.get_by_role("spinbutton", name="month").focus()
    reader.press("ArrowLeft", "ArrowRight", "Home", "End")
    assert reader.day == "13 August 2021"


def test_buttons_step_days_and_changes(reader):
    reader.go(date(2021, 7, 15))
    for name, day in (
        ("Day on", "16 July 2021"),
        ("Day back", "15 July 2021"),
        ("Next change", "29 July 2021"),
        ("Previous change", "14 July 2021"),
        ("Last day", "6 September 2021"),
        ("First day", "1 May 2021"),
    ):
        reader.frame.get_by_role("button", name=re.compile(f"^{name}")).click()
        assert reader.day == day, name


def test_play_shows_every_day_until_paused(reader):
    reader.go(OPENS)
    reader.frame.get_by_role("button", name="Speed").click()
    expect(reader.frame.get_by_role("button", name="Speed")).to_have_text("5 days/s")
    reader.frame.evaluate(_NOTE_DAYS)
    reader.page.locator("h1.cm-day").click()  # on a button, the space bar presses the button
    reader.press("Space")
    expect(reader.frame.get_by_role("button", name="Pause")).to_be_visible()
    eventually(lambda: len(reader.frame.evaluate("window.days")) >= 3, True)
    reader.press("Space")
    expect(reader.frame.get_by_role("button", name="Play")).to_be_visible()
    shown = reader.frame.evaluate("window.days")
    assert shown == [dates.in_words(OPENS + n * ONE) for n in range(1, len(shown) + 1)]
    reader.page.wait_for_timeout(500)
    assert reader.frame.evaluate("window.days") == shown


_NOTE_DAYS = """() => {
  const day = document.querySelector("output.controlmap-day");
  window.days = [];
  new MutationObserver(() => window.days.push(day.textContent)).observe(day, { childList: true });
}"""


def test_play_stops_on_the_last_day(reader):
    reader.go(LAST - ONE)
    reader.frame.get_by_role("button", name="Play").click()
    expect(reader.frame.locator("output.controlmap-day")).to_have_text("6 September 2021")
    expect(reader.frame.get_by_role("button", name="Play")).to_be_visible()


def test_stepping_never_mounts_the_map_again(reader, timeline):
    reader.go(date(2021, 8, 6))
    reader.frame.evaluate("window.mark = 'mine'")
    mounted = []
    reader.page.on("frameattached", lambda frame: mounted.append(frame.url))
    for _ in range(8):
        reader.press("ArrowRight")
        reader.page.wait_for_timeout(200)  # long enough for the page to be told each day
    reader.settled(date(2021, 8, 14))
    eventually(reader.changed, changed(timeline, date(2021, 8, 14)))
    assert reader.frame.evaluate("window.mark") == "mine"
    assert mounted == []


def test_live_region_says_what_changed(reader, timeline):
    said = reader.frame.locator("[aria-live=polite]")
    for day in (date(2021, 7, 29), date(2021, 7, 31)):
        reader.go(day)
        moved = [
            f"{timeline.study.names[row.place_id]}: "
            f"{words.control_label(timeline, row.previous)} to "
            f"{words.control_label(timeline, row.control)}"
            for row in timeline.changes_on(day).itertuples()
        ]
        expect(said).to_have_text(f"{dates.in_words(day)}: {'; '.join(moved) or 'no change'}")


def test_tab_reaches_the_slider_soon_and_every_stop_has_a_name(visit):
    reader = visit()
    stops = []
    for _ in range(80):
        reader.press("Tab")
        if stop := reader.frame.evaluate(_FOCUSED):
            stops.append(stop)
        if stops and stops[-1].startswith("Speed"):
            break
    assert [stop.partition(" (")[0] for stop in stops] == [
        "Zoom in", "Zoom out", "Layers", "34 provinces", "Signs and what counts",
        "Day", "First day", "Previous change", "Day back", "Play", "Day on", "Next change",
        "Last day", "Speed: 2 days/s",
    ]  # fmt: skip


_FOCUSED = """() => {
  const at = document.activeElement;
  if (!document.hasFocus() || at === document.body) return "";
  return at.ariaLabel || at.title || at.textContent.trim() || `unnamed ${at.localName}`;
}"""


# Addresses.


@pytest.mark.parametrize(
    ("day", "known_on", "sources"),
    [
        (date(2021, 8, 15), date(2021, 8, 10), None),
        (date(2021, 8, 13), None, ("clarin_0813",)),
        (date(2021, 8, 14), date(2021, 8, 20), ("aa_gercekizmir_0808", "clarin_0813")),
    ],
)
def test_address_shows_that_view(visit, bundled, day, known_on, sources):
    asked = {"day": day, "known_on": known_on, "sources": sources and ",".join(sources)}
    reader = visit("?" + urlencode({key: value for key, value in asked.items() if value}))
    view = Timeline(bundled, sources, known_on)
    reader.settled(day)
    assert reader.painted() == painted(view, day)
    assert reader.legend() == counts(view, day)
    eventually(reader.changed, changed(view, day))
    shown = reader.page.locator("[data-testid=stDateInput] input")
    expect(shown).to_have_value(known_on.isoformat() if known_on else "")
    told = {key: str(value) for key, value in asked.items() if value}
    eventually(lambda: {key: reader.query.get(key) for key in told}, told)
    assert reader.query.keys() <= told.keys() | {"study", "view"}
    silence = reader.frame.locator(".controlmap-silence")
    if view.is_silent(day):
        expect(silence).to_have_text(words.silence(view))
    else:
        expect(silence).to_be_hidden()


def test_known_on_is_typed_in_the_sidebar(visit, bundled):
    reader = visit("?day=2021-08-12")
    reader.page.get_by_role("spinbutton", name="year").focus()
    reader.page.keyboard.type("20210812")
    reader.page.locator("h1.cm-day").click()  # a date is done when the focus leaves it
    reader.page.wait_for_url("**known_on=2021-08-12*")
    day = date(2021, 8, 12)
    then = Timeline(bundled, known_on=day)
    eventually(reader.painted, painted(then, day))
    expect(reader.page.locator(".cm-notes")).to_contain_text("as known on 12 August 2021")
    assert reader.day == "12 August 2021"


def test_address_follows_the_day_and_can_be_reloaded(visit):
    reader = visit("?day=2021-07-09")
    reader.press("ArrowRight", "ArrowRight")
    reader.settled(date(2021, 7, 11))
    eventually(lambda: reader.query, {"study": "afghanistan-2021", "day": "2021-07-11"})
    reader.page.reload()
    reader.wait()
    assert reader.day == "11 July 2021"


def test_an_address_names_a_part_only_where_its_reader_went_to_it(visit):
    reader = visit("?day=2021-07-09")
    reader.page.set_viewport_size(PHONE["viewport"])
    eventually(lambda: reader.box(".controlmap-map")["width"] < 390, True)
    eventually(lambda: 0.8 < filled(reader) <= 1, True)
    reader.press("ArrowRight")
    reader.settled(date(2021, 7, 10))
    assert "view" not in reader.query
    reader.frame.locator(".leaflet-control-zoom-in").click()
    eventually(lambda: "view" in reader.query, True)
    assert filled(reader) > 1
    reader.page.set_viewport_size({"width": 600, "height": 844})
    eventually(lambda: reader.box(".controlmap-map")["width"] > 390, True)
    assert filled(reader) > 1


def test_other_reports_keep_the_day_the_view_and_the_map(visit, bundled, timeline):
    reader = visit()
    reader.press("ArrowLeft")
    reader.settled(OPENS - ONE)
    reader.page.mouse.move(*reader.spot(area("AF-KAN")))
    framed = reader.view()
    reader.page.mouse.wheel(0, -240)
    reader.page.wait_for_timeout(600)  # the zoom's own movement
    reader.frame.evaluate("window.mark = 'mine'")
    view = reader.view()
    assert view != framed

    reader.page.get_by_text("The article alone", exact=True).click()
    alone = Timeline(bundled, ["clarin_0813"])
    eventually(reader.painted, painted(alone, OPENS - ONE))
    eventually(reader.legend, counts(alone, OPENS - ONE))
    eventually(reader.changed, changed(alone, OPENS - ONE))
    assert reader.day == "12 August 2021"
    eventually(lambda: reader.query.get("sources"), "clarin_0813")
    assert reader.frame.evaluate("window.mark") == "mine"
    assert reader.view() == view

    reader.slider.focus()  # on the choice of reports, arrows choose
    reader.press("ArrowRight")
    reader.settled(OPENS)
    assert reader.painted() == painted(alone, OPENS)
    reader.page.get_by_text("All sources", exact=True).click()
    eventually(reader.painted, painted(timeline, OPENS))
    assert reader.frame.evaluate("window.mark") == "mine"
    assert reader.view() == view


# Asking the map.


def test_tooltip_tells_who_holds_an_area_and_since_when(reader, timeline):
    reader.go(OPENS)
    lines = reader.hover(area("AF-LOG")).splitlines()
    assert lines[:3] == ["Logar", "Taliban", "since 13 August 2021"]
    helmand = timeline.control(OPENS).loc["AF-HEL", "change"]
    assert "disputed" in words.how_sure(timeline, helmand)
    assert words.how_sure(timeline, helmand) in reader.hover(area("AF-HEL"))


def test_tooltip_tells_what_is_uncertain(reader, timeline):
    day, area_id, pending = _uncertain(timeline)
    reader.go(day)
    to = words.control_label(timeline, timeline.changes.loc[pending, "control"])
    sure = words.how_sure(timeline, pending)
    assert f"Uncertain: {to} {sure}" in reader.hover(area(area_id))


def _uncertain(timeline):
    """A day, an area in doubt on it, and the change it waits for."""
    spells = timeline.spells()
    waiting = spells[(spells["pending"] >= 0) & (spells["pending"] != spells["change"])].iloc[0]
    day = timeline.days[waiting["first"]].date()
    return day, timeline.study.areas["area_id"][waiting["unit"]], waiting["pending"]


def test_popup_of_an_area_links_to_those_who_say_so(reader, timeline):
    reader.go(OPENS)
    popup = reader.click(area("AF-ZAB"))
    expect(popup).to_contain_text("Zabul")
    expect(popup).to_contain_text("Who says so:")
    change = timeline.control(OPENS).loc["AF-ZAB", "change"]
    behind = timeline.reports[timeline.reports["change"] == change]["source_id"].unique()
    sources = timeline.study.sources.loc[behind]
    links = popup.locator("a").all()
    assert {link.get_attribute("href") for link in links} == set(sources["url"])
    for link in links:
        [publisher] = sources["publisher"][sources["url"] == link.get_attribute("href")]
        assert publisher in link.inner_text()
        assert link.get_attribute("target") == "_blank"
        assert "noopener" in link.get_attribute("rel")


def test_tooltip_and_popup_of_a_place(reader, timeline):
    day = date(2021, 8, 13)
    reader.go(day)
    sure = words.how_sure(timeline, timeline.control(day, "places").loc["lashkar-gah", "change"])
    for text in (
        reader.hover(place("lashkar-gah")),
        reader.click(place("lashkar-gah")).inner_text(),
    ):
        assert text.startswith("Lashkar Gah")
        assert sure in text


def test_a_step_closes_the_popup_of_the_day_before(reader):
    reader.go(OPENS)
    popup = reader.click(area("AF-ZAB"))
    expect(popup).to_be_visible()
    reader.press("ArrowRight")
    expect(popup).to_have_count(0)


def test_list_gives_evidence_and_its_source(reader, timeline):
    reader.go(OPENS)
    eventually(reader.changed, changed(timeline, OPENS))
    change = reader.page.locator(".cm-change", has_text="Qalat")
    change.locator("summary").click()
    number = timeline.control(OPENS).loc["AF-ZAB", "change"]
    behind = timeline.reports[timeline.reports["change"] == number]
    said = change.locator(".cm-evidence")
    expect(said).to_have_count(len(behind))
    for shown, report in zip(said.all(), behind.itertuples(), strict=True):
        expect(shown).to_contain_text(report.evidence)
        url = timeline.study.sources.loc[report.source_id, "url"]
        assert shown.locator("a").get_attribute("href") == url


# Layers.


def _layers(reader: Reader):
    control = reader.frame.locator(".leaflet-control-layers")
    if "leaflet-control-layers-expanded" not in control.get_attribute("class"):
        control.hover()
    return control


def test_layers_can_be_switched_off_and_on(visit, timeline):
    reader = visit()
    places, labels = "svg.controlmap-marker[data-place]", ".controlmap-label"
    capitals = int(timeline.study.places["is_capital"].sum())
    all_places, all_labels = len(reader.boxes(places)), len(reader.boxes(labels))
    assert all_places == len(timeline.study.places)

    _layers(reader).get_by_label("Labels").uncheck()
    assert reader.boxes(labels) == []
    _layers(reader).get_by_label("Labels").check()
    reader.page.mouse.move(5, 5)
    eventually(lambda: len(reader.boxes(labels)), all_labels)

    _layers(reader).get_by_label("Capitals").uncheck()
    assert len(reader.boxes(places)) == all_places - capitals
    assert reader.frame.locator(place("kandahar")).count() == 0
    names = set(timeline.study.places["name"][timeline.study.places["is_capital"]])
    visible = reader.frame.locator(f"{labels}:visible").all_inner_texts()
    assert visible and not names & set(visible)

    reader.press("ArrowRight")
    reader.settled(OPENS + ONE)
    _layers(reader).get_by_label("Capitals").check()
    signs = dict(zip(timeline.study.controls, reader.signs(), strict=True))
    assert reader.markers() == markers(timeline, OPENS + ONE, signs)


def test_tiles_are_asked_for_only_when_turned_on(visit):
    reader = visit()
    tile = io.BytesIO()
    Image.new("RGB", (256, 256), "#abcdef").save(tile, "PNG")
    served = {"body": tile.getvalue(), "content_type": "image/png"}
    reader.page.route("https://tile.openstreetmap.org/**", lambda route: route.fulfill(**served))
    tiles = _layers(reader).get_by_label(re.compile("tiles"))
    expect(tiles).not_to_be_checked()
    assert reader.strangers() == []
    tiles.check()
    expect(reader.frame.locator("img.leaflet-tile-loaded").first).to_be_visible()
    assert {address.split("/")[2] for address in reader.strangers()} == {"tile.openstreetmap.org"}
    tiles.uncheck()
    expect(reader.frame.locator("img.leaflet-tile")).to_have_count(0)
    reader.asked.clear()


def test_walk_through_the_map_asks_no_other_host(reader):
    reader.press("Home", "Shift+ArrowRight", "End")
    reader.go(OPENS)
    reader.hover(area("AF-KAN"))
    expect(reader.click(area("AF-KAN"))).to_be_visible()
    assert len(reader.asked) > 20
    assert reader.strangers() == []


@pytest.mark.parametrize("part", ["areas", "changes"])
def test_data_that_does_not_arrive_is_told_in_the_maps_place(visit, part):
    """Of the study, which has outlines, and of the timeline, which has changes."""
    reader = visit()
    told = [a for a in reader.asked if re.search(r"/[0-9a-f]{24}\.json$", a)]
    [missing] = [a for a in told if _is_timeline(reader, a) == (part == "changes")]
    reader.page.route(missing, lambda route: route.fulfill(status=503, body="restarting"))
    reader.page.reload(wait_until="commit")
    fault = reader.page.frame_locator("iframe").get_by_role("alert")
    expect(fault).to_be_visible()
    expect(fault).to_contain_text("The map cannot be shown")
    expect(fault).to_contain_text("Reload the page")
    reader.press("ArrowRight", "Shift+ArrowRight")
    assert reader.faults and all("503" in fault for fault in reader.faults)
    reader.faults.clear()
    reader.page.unroute(missing)
    reader.page.reload()
    reader.wait()
    assert reader.day == "13 August 2021"
    expect(fault).to_have_count(0)


def _click_chart(reader: Reader, day: date) -> None:
    chart = reader.page.locator("[data-testid=stVegaLiteChart]").last
    chart.scroll_into_view_if_needed()
    plot = stands(chart.locator("svg path.background").first)
    across = (day - FIRST).days / (LAST - FIRST).days
    reader.page.mouse.click(plot["x"] + across * plot["width"], plot["y"] + plot["height"] / 2)


def test_click_on_the_chart_goes_to_its_day(reader, timeline):
    reader.go(OPENS)
    for day in (date(2021, 7, 9), date(2021, 5, 14), date(2021, 7, 9)):
        _click_chart(reader, day)
        reader.settled(day)
        assert reader.painted() == painted(timeline, day)
    reader.press("ArrowRight")
    reader.settled(date(2021, 7, 10))


def test_click_on_the_chart_counts_while_the_map_still_loads(visit, timeline):
    reader = visit()
    [slow] = [a for a in reader.asked if a.endswith(".json") and _is_timeline(reader, a)]
    held = []
    reader.page.route(slow, lambda route: held.append(route))
    reader.page.reload(wait_until="commit")
    expect(reader.page.frame_locator("iframe").locator(".controlmap-bar")).to_be_visible()
    _click_chart(reader, date(2021, 7, 9))
    expect(reader.heading).to_have_text("9 July 2021")
    held.pop().continue_()
    reader.wait()
    reader.settled(date(2021, 7, 9))
    assert reader.painted() == painted(timeline, date(2021, 7, 9))


def _is_timeline(reader: Reader, address: str) -> bool:
    return "changes" in reader.page.request.get(address).json()


# Other screens.


@pytest.fixture(scope="module")
def phone(browser, dashboard):
    one = Reader(browser, dashboard, **PHONE)
    yield one
    one.close()
    one.was_quiet()


def test_phone_shows_day_map_and_slider_at_once_and_cuts_nothing(phone):
    expect(phone.heading).to_be_in_viewport(ratio=1)
    expect(phone.slider).to_be_in_viewport(ratio=1)
    for selector in (".controlmap-map", ".controlmap-bar"):
        box = phone.box(selector)
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert box["y"] >= 0 and box["y"] + box["height"] <= 844
    [[left, top, right, bottom]] = phone.boxes(".controlmap-bar")
    buttons = phone.boxes(".controlmap-bar button")
    assert len(buttons) == 8
    for box in buttons:
        assert left <= box[0] < box[2] <= right and top <= box[1] < box[3] <= bottom
        assert box[2] - box[0] >= 24 and box[3] - box[1] >= 24  # WCAG 2.2, target size
    assert overlaps(buttons) == []
    sideways = "(e) => e.scrollWidth - e.clientWidth"
    assert phone.page.locator("html").evaluate(sideways) == 0
    assert phone.page.locator("[data-testid=stMain]").evaluate(sideways) == 0
    assert phone.frame.locator("html").evaluate(sideways) == 0
    assert overlaps(phone.boxes(".controlmap-label")) == []


def test_on_a_tablet_the_list_stands_below_the_map_and_nothing_over_the_day(visit):
    reader = visit(viewport={"width": 1024, "height": 768})
    map_, today = reader.page.locator(MAP), reader.page.locator(".st-key-on-this-day")
    for width in (1024, 700):
        reader.page.set_viewport_size({"width": width, "height": 768})
        eventually(lambda: stands(map_)["width"] > 0.9 * stands(today)["width"], True)
        assert stands(today)["y"] > stands(map_)["y"] + stands(map_)["height"]
    unfold = stands(reader.page.get_by_test_id("stExpandSidebarButton"))
    assert unfold["y"] + unfold["height"] <= stands(reader.page.locator("h1.cm-day"))["y"]


def test_phone_steps_by_touch(phone, timeline):
    phone.frame.get_by_role("button", name=re.compile("^Day on")).tap()
    phone.settled(OPENS + ONE)
    assert phone.painted() == painted(timeline, OPENS + ONE)


def test_dark_theme_reaches_the_map(visit, timeline):
    reader = visit(color_scheme="dark")
    expect(reader.frame.locator("html")).to_have_attribute("data-theme", "dark")
    paper = "(e) => getComputedStyle(e).backgroundColor.match(/\\d+/g)"
    ink = "(e) => getComputedStyle(e).color.match(/\\d+/g)"
    for dark in (reader.page.locator(".stApp"), reader.frame.locator(".controlmap-map")):
        assert max(map(int, dark.evaluate(paper))) < 80
    for light in (reader.heading, reader.frame.locator(".controlmap-legend")):
        assert min(map(int, light.evaluate(ink))) > 150
    assert reader.painted() == painted(timeline, OPENS)


def test_light_theme_reaches_the_map(reader):
    expect(reader.frame.locator("html")).to_have_attribute("data-theme", "light")


# Other time zones: of the server, and of the reader.


@pytest.fixture(scope="module", params=["America/Los_Angeles", "Asia/Kabul"])
def abroad(request, browser):
    with serve(tz=request.param) as url:
        one = Reader(browser, url, "?known_on=2021-08-20", timezone_id=request.param)
        yield one
        one.close()
        one.was_quiet()


@pytest.fixture(scope="module")
def known(bundled):
    return Timeline(bundled, known_on=date(2021, 8, 20))


def test_a_day_is_the_same_day_in_every_time_zone(abroad, known):
    assert abroad.day == "13 August 2021"
    eventually(lambda: abroad.query.get("day"), "2021-08-13")
    abroad.go(FIRST)
    wanted = [(dates.in_words(day), painted(known, day)) for day in known.days.date]
    assert abroad.walk("ArrowRight", len(wanted)) == wanted


@pytest.mark.parametrize("day", [FIRST, date(2021, 7, 9), OPENS, date(2021, 8, 15)], ids=str)
def test_panels_tell_the_same_in_every_time_zone(abroad, known, day):
    abroad.go(day)
    assert abroad.painted() == painted(known, day)
    assert abroad.legend() == counts(known, day)
    eventually(abroad.changed, changed(known, day))
    assert abroad.page.locator("h1.cm-day").inner_text() == (
        f"{dates.weekday(day)} {dates.in_words(day)}"
    )


def test_known_on_and_chart_keep_their_day_in_every_time_zone(abroad, known):
    shown = abroad.page.locator("[data-testid=stDateInput] input")
    expect(shown).to_have_value("2021-08-20")
    eventually(lambda: abroad.query.get("known_on"), "2021-08-20")
    _click_chart(abroad, date(2021, 7, 9))
    abroad.settled(date(2021, 7, 9))
    assert abroad.painted() == painted(known, date(2021, 7, 9))
