"""A page of its own, as a reader meets it: opened from a file, with no internet."""

import io
import re
from datetime import date
from unicodedata import normalize

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from geo import dates, measures, study, webmap, words
from geo.timeline import Timeline
from tests.browser import (
    FIRST,
    PHONE,
    FileReader,
    area,
    change_days,
    changed,
    counts,
    eventually,
    markers,
    overlaps,
    painted,
)
from tests.test_hostile import ALL, ATTACKS, planted, spaced

OPENS = date(2021, 8, 13)
DAYS = ["2021-05-01", "2021-06-22", "2021-08-06", "2021-08-13", "2021-08-15", "2021-09-06"]


def saved(folder, timeline, day=OPENS):
    """The page in a file of its own."""
    file = folder / "page.html"
    file.write_text(webmap.page(timeline, day), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory, timeline):
    return saved(tmp_path_factory.mktemp("page"), timeline)


@pytest.fixture
def visit(browser):
    """Open a page as a new reader; nothing may go wrong or be asked for meanwhile."""
    readers = []

    def open_at(file, fragment="", **context):
        readers.append(FileReader(browser, file, fragment, **context))
        return readers[-1]

    yield open_at
    for reader in readers:
        reader.close()
        reader.was_quiet()


@pytest.fixture(scope="module")
def reader(browser, file):
    """One page left open for tests that only step it, far from the study's own time zone."""
    one = FileReader(browser, file, timezone_id="America/Los_Angeles")
    yield one
    one.close()
    one.was_quiet()


def unfold(reader):
    reader.page.locator("details").evaluate_all("(all) => all.forEach((e) => { e.open = true; })")


# What it shows.


def test_it_opens_on_its_day_and_asks_for_nothing_but_itself(visit, file):
    reader = visit(file)
    assert reader.page.locator(".cm-day").inner_text() == "Friday 13 August 2021"
    assert reader.page.title() == "13 August 2021 – Afghanistan, summer 2021"
    assert len(reader.boxes("path.controlmap-area")) == 34
    reader.press("ArrowRight", "ArrowLeft")
    reader.settled(OPENS)
    assert reader.asked == [reader.url]


@pytest.mark.parametrize("day", DAYS)
def test_map_legend_list_and_balance_agree_with_the_engine(reader, timeline, day):
    day = date.fromisoformat(day)
    reader.go(day)
    held = counts(timeline, day)
    signs = dict(zip(timeline.study.controls, reader.signs(), strict=True))
    assert reader.painted() == painted(timeline, day)
    assert reader.markers() == markers(timeline, day, signs)
    assert reader.legend() == held
    assert reader.changed() == changed(timeline, day)
    assert [key.split() for key in reader.balance()] == [
        [str(count), *label.split()] for label, count in held.items() if count
    ]
    today = measures.on_day(measures.balances(timeline), day)
    told = [bar.get_attribute("aria-label") for bar in reader.page.locator(".cm-bar").all()]
    for unit, text in zip(measures.UNITS, told, strict=True):
        shares = today[f"{unit}_share"]
        parts = [f"{words.control_label(timeline, c)} {words.share(s)}" for c, s in shares.items()]
        assert text.startswith(f"{', '.join(parts)} of ")


def test_shares_are_rounded_as_the_engine_rounds_them(reader):
    shares = [part / 1000 for part in range(1001)] + [0.0001, 0.9999]
    told = reader.page.evaluate("(all) => all.map(controlmap.share)", shares)
    assert told == [words.share(share) for share in shares]


def test_every_change_of_the_list_gives_its_words_and_its_evidence(reader, timeline):
    reader.go(OPENS)
    for number, row in timeline.changes_on(OPENS).iterrows():
        name = timeline.study.names[row["place_id"]]
        shown = reader.page.locator(".cm-change").filter(has=reader.page.get_by_text(name, exact=1))
        expect(shown).to_contain_text(words.from_to(timeline, number))
        expect(shown).to_contain_text(words.how_sure(timeline, number))
        behind = timeline.reports[timeline.reports["change"] == number]
        expect(shown.locator(".cm-evidence").first).to_be_hidden()
        shown.locator("summary").click()
        said = shown.locator(".cm-evidence")
        expect(said).to_have_count(len(behind))
        for evidence, report in zip(said.all(), behind.itertuples(), strict=True):
            source = timeline.study.sources.loc[report.source_id]
            expect(evidence).to_contain_text(report.evidence)
            expect(evidence).to_contain_text(report.locator)
            expect(evidence).to_contain_text(source["published"] or "undated")
            links = evidence.locator("a").all()
            assert [link.get_attribute("href") for link in links] == [source["url"]][: len(links)]
            assert len(links) == bool(source["url"])
            assert all("noopener" in link.get_attribute("rel") for link in links)


def test_what_it_rests_on_stands_below(reader, timeline):
    foot = reader.page.locator(".cm-foot")
    settings = timeline.study.settings
    for text in (words.rule(timeline.study), settings.disclaimer, settings.credit):
        expect(foot).to_contain_text(text)
    assert foot.locator("li").count() == timeline.reports["source_id"].nunique()


def test_known_on_and_silence_are_told(visit, tmp_path, bundled):
    then = Timeline(bundled, known_on=date(2021, 8, 12))
    reader = visit(saved(tmp_path, then))
    assert reader.painted() == painted(then, OPENS)
    expect(reader.page.locator(".cm-head")).to_contain_text("As known on 12 August 2021")
    expect(reader.page.locator(".controlmap-silence")).to_have_text(words.silence(then))
    expect(reader.page.locator(".cm-news")).to_contain_text(
        "No report after 12 August 2021: nothing is drawn for this day."
    )


# Stepping, and the day in the address.


def test_keys_and_buttons_step_days_and_changes(reader, timeline):
    days = change_days(timeline)
    start = date(2021, 7, 14)
    reader.go(start)
    reader.press("ArrowRight")
    reader.settled(date(2021, 7, 15))
    later = min(day for day in days if day > start)
    reader.press("Shift+ArrowRight")
    reader.settled(later)
    assert reader.changed() == changed(timeline, later)
    reader.page.get_by_role("button", name="Previous change").click()
    reader.settled(start)
    reader.press("Home")
    reader.settled(FIRST)


def test_the_address_opens_a_day_and_follows_it(visit, file, timeline):
    day = date(2021, 8, 6)
    reader = visit(file, f"#{day}")
    reader.settled(day)
    assert reader.painted() == painted(timeline, day)
    entries = reader.page.evaluate("history.length")
    reader.press("ArrowRight", "ArrowRight")
    reader.settled(date(2021, 8, 8))
    reader.page.reload()
    reader.wait()
    reader.settled(date(2021, 8, 8))
    assert reader.page.evaluate("history.length") == entries


def test_an_address_of_no_day_opens_on_the_pages_own(visit, file):
    assert visit(file, "#<img src=x>").day == "13 August 2021"


def test_a_quiet_day_links_to_the_next_change_and_back_returns(visit, file):
    reader = visit(file, "#2021-07-15")
    news = reader.page.locator(".cm-news")
    expect(news).to_contain_text("No change reported. The next is on 29 July")
    news.get_by_role("link", name="29 July").click()
    reader.settled(date(2021, 7, 29))
    reader.page.go_back()
    reader.settled(date(2021, 7, 15))


# Search.


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Qunduz", "Kunduz"),
        ("kunduz", "Kunduz"),
        ("کندز", "Kunduz"),
        ("كندز", "Kunduz"),  # with the Arabic kaf
        ("كا", "Kabul"),
        ("FĀRĀH", "Farah"),
        ("kandhar", "Kandahar"),
        ("mazar e sharif", "Mazar-i-Sharif"),
        ("Vardak", "Maidan Wardak"),
    ],
)
def test_search_finds_a_place_however_it_is_spelt(reader, typed, found):
    box = reader.page.get_by_role("combobox", name="Search")
    box.fill(typed)
    expect(reader.page.get_by_role("option").first).to_contain_text(found)
    reader.press("Enter")
    popup = reader.page.locator(".leaflet-popup-content")
    expect(popup.locator("strong")).to_have_text([found])
    expect(popup).to_be_in_viewport(ratio=1)
    expect(reader.page.locator("[aria-live=polite]")).to_contain_text(f"{found}: ")


def test_search_is_told_by_keys_or_by_a_click(visit, file):
    reader = visit(file)
    box = reader.page.get_by_role("combobox", name="Search")
    options = reader.page.get_by_role("option")
    box.press_sequentially("kunduz")
    assert options.all_inner_texts()[:3] == [
        "Kunduz city, capital of Kunduz",
        "Kunduz province",
        "Kunduz Airport airport, Kunduz",
    ]
    reader.press("ArrowDown", "ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    marked = options.nth(1).get_attribute("id")
    expect(box).to_have_attribute("aria-activedescendant", marked)
    reader.press("Enter")
    expect(options).to_have_count(0)
    popup = reader.page.locator(".leaflet-popup-content")
    expect(popup.locator("strong")).to_have_text("Kunduz")
    reader.press("ArrowRight")  # out of the field, the keys step days again
    reader.settled(date(2021, 8, 14))
    box.fill("herat air")
    options.first.click()
    expect(popup.locator("strong")).to_have_text(["Herat Airport"])


def test_search_says_when_nothing_is_found(visit, file):
    reader = visit(file)
    box = reader.page.get_by_role("combobox", name="Search")
    box.fill("<b>Atlantis")
    said = reader.page.locator(".cm-said")
    expect(said).to_have_text("No place or area is called “<b>Atlantis”.")
    expect(box).to_have_attribute("aria-expanded", "false")
    reader.press("Escape")
    expect(said).to_be_empty()
    assert reader.day == "13 August 2021"


# Paper, phones, the dark.

CHROME = (".cm-search", ".controlmap-bar", ".leaflet-control-zoom", ".leaflet-control-layers")


def test_print_has_the_map_and_the_list_and_none_of_the_buttons(visit, file, timeline):
    reader = visit(file, color_scheme="dark")
    reader.page.emulate_media(media="print", color_scheme="dark")
    for selector in CHROME:
        expect(reader.page.locator(selector)).to_be_hidden()
    for selector in (".cm-day", ".controlmap-legend", ".cm-news"):
        expect(reader.page.locator(selector)).to_be_visible()
    assert reader.changed() == changed(timeline, OPENS)
    expect(reader.page.locator(".cm-change summary").first).to_be_visible()
    paper = reader.page.locator("body").evaluate("(e) => getComputedStyle(e).backgroundColor")
    assert paper == "rgb(255, 255, 255)"

    def all_areas_are_on_the_map() -> bool:
        [[west, north, east, south]] = reader.boxes(".controlmap-map")
        return all(
            west <= left < right <= east and north <= top < bottom <= south
            for left, top, right, bottom in reader.boxes("path.controlmap-area")
        )

    eventually(all_areas_are_on_the_map, True)
    reader.page.emulate_media(media="screen", color_scheme="dark")
    expect(reader.page.locator(".controlmap-bar")).to_be_visible()
    assert reader.painted() == painted(timeline, OPENS)


@pytest.mark.parametrize("day", [OPENS, date(2021, 8, 15)], ids=str)
def test_a_day_fits_on_a_sheet_of_paper(visit, file, timeline, day):
    reader = visit(file, f"#{day}")
    view = reader.view()
    for paper in ("A4", "Letter"):
        pdf = PdfReader(io.BytesIO(reader.page.pdf(format=paper)))
        assert len(pdf.pages) == 1
        text = normalize("NFKC", " ".join(pdf.pages[0].extract_text().split()))
        for wanted in (dates.in_words(day), *changed(timeline, day), "Made by controlmap"):
            assert wanted in text
        assert "Search" not in text
    eventually(reader.view, view)


def test_phone_shows_map_slider_and_list_in_this_order_and_cuts_nothing(visit, file):
    reader = visit(file, **PHONE)
    assert reader.page.locator("html").evaluate("(e) => e.scrollWidth - e.clientWidth") == 0
    tops = [reader.box(s)["y"] for s in (".controlmap-map", ".controlmap-bar", ".cm-news")]
    assert tops == sorted(tops)
    expect(reader.slider).to_be_in_viewport(ratio=1)
    assert overlaps(reader.boxes(".controlmap-bar button")) == []
    for selector in (".cm-head > *", ".cm-news", ".controlmap-bar button", ".cm-barrow > *"):
        for left, _, right, _ in reader.boxes(selector):
            assert 0 <= left < right <= 390
    reader.page.get_by_role("combobox", name="Search").fill("a")
    for left, _, right, _ in reader.boxes(".cm-found"):
        assert 0 <= left < right <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit, file, scheme):
    reader = visit(file, color_scheme=scheme)
    expect(reader.page.locator("html")).to_have_attribute("data-theme", scheme)
    unfold(reader)
    reader.page.get_by_role("combobox", name="Search").fill("kun")
    faint = reader.page.evaluate(_FAINT)
    assert faint == []


# WCAG 2's contrast of each text with the first opaque ground behind it; 4.5 is its level AA.
_FAINT = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    const clear = parts(colour).length === 4 && parts(colour)[3] < 0.9;
    return clear || !colour.startsWith("rgb") ? ground(element.parentElement) : colour;
  };
  return [...document.querySelectorAll(".cm-head *, .cm-news *, .cm-foot *")]
    .filter((e) => !e.closest("svg") && e.checkVisibility())
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .map((e) => {
      const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
      return [e.textContent, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    })
    .filter(([, contrast]) => contrast < 4.5);
}"""


# Only text.


def test_a_study_of_attacks_is_shown_as_text(visit, tmp_path):
    hostile = study.load(planted(tmp_path / "afghanistan-2021"))
    reader = visit(saved(tmp_path, Timeline(hostile)), viewport={"width": 1440, "height": 2400})
    unfold(reader)
    shown = spaced(reader.page.locator("body").inner_text())
    settings = hostile.settings
    for text in (settings.title, settings.disclaimer, settings.credit):
        assert spaced(text) in shown
    for column in ("evidence", "title", "publisher", "says claimant", "locator"):
        assert re.search(rf"{column} \d+ {re.escape(spaced(ALL))}", shown), column
    box = reader.page.get_by_role("combobox", name="Search")
    for attack in ATTACKS[1:4]:
        box.fill(attack)
        expect(reader.page.get_by_role("option").first).to_contain_text(attack[:8])
    reader.press("Enter")
    reader.click(area("AF-KAN"))
    assert reader.page.evaluate("window.pwned") is None
    page = reader.page.locator(".cm-head, .cm-news, .cm-foot, .leaflet-popup-pane")
    expect(page.locator("img, script, iframe")).to_have_count(0)
    links = reader.page.locator("a").evaluate_all("(all) => all.map((a) => a.href)")
    assert [link for link in links if not re.match(r"file:|$", link)] == []
