"""A study whose every text is an attack: it reaches the page as text, and nothing runs."""

import csv
import json
import re
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from geo import study
from tests.browser import Reader, area, download, place, serve

OPENS = date(2021, 8, 13)

ATTACKS = (
    "![x](https://tracker.invalid/x.png)[y](javascript:alert(1))[z](https://tracker.invalid)",
    "<script>window.pwned=1</script>",
    "</script><img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>&lt;b&gt;",
    "\"' onmouseover=window.pwned=1 x='",
    "${window.pwned=1}{{7*7}}{% raw %}`\\u003cb>",
    "<a href='javascript:window.pwned=1'>z</a>",
    "שלום \u202etxet\u202c مرحبا",
    "🚩 $e=mc^2$ :red[r] **b** \\",
)
ALL = " ".join(ATTACKS)
TALL = {"width": 1366, "height": 2400}
"""Room for a heading and a sidebar of such texts above and beside the map."""

URL = "javascript:alert(1)"


def planted(folder: Path) -> Path:
    """The bundled study, an attack in every text that is free."""
    shutil.copytree(study.BUNDLED, folder)
    _plant_settings(folder / "study.toml")
    _plant_features(folder / "areas.geojson", ("name", "alt_names", "population_source"))
    _plant_features(folder / "places.geojson", ("name", "alt_names"))
    _plant_features(folder / "context.geojson", ("name",))
    _plant_table(folder / "reports.csv", ("evidence", "claimant", "locator"))
    _plant_table(folder / "sources.csv", ("publisher", "origin", "title", "language"), url=URL)
    return folder


def _plant_settings(file: Path) -> None:
    keys = "title|lead_label|label|definition|credit|disclaimer|projection_name"
    text = file.read_text(encoding="utf-8")
    text = re.sub(rf'(?m)^({keys}) = ".*"$', lambda m: f"{m[1]} = {_toml(m[1])}", text)
    text = re.sub(r'(?s)(description) = """.*?"""', lambda m: f"{m[1]} = {_toml(m[1])}", text)
    text = text.replace('["province", "provinces"]', f'["province", {_toml("provinces")}]')
    file.write_text(text, encoding="utf-8")


def _toml(key: str) -> str:
    """A basic string, which escapes as JSON does."""
    return json.dumps(f"{key} {ALL}", ensure_ascii=False)


def _plant_features(file: Path, keys: tuple[str, ...]) -> None:
    collection = json.loads(file.read_text(encoding="utf-8"))
    for at, feature in enumerate(collection["features"]):
        for key in set(keys) & set(feature["properties"]):
            feature["properties"][key] = f"{at} {ATTACKS[at % len(ATTACKS)]}"
    file.write_text(json.dumps(collection), encoding="utf-8")


def _plant_table(file: Path, columns: tuple[str, ...], **fixed: str) -> None:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for at, row in enumerate(rows):
        row |= {column: f"{column} {at} {ALL}" for column in columns} | fixed
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return planted(tmp_path_factory.mktemp("hostile") / "afghanistan-2021")


@pytest.fixture(scope="module")
def hostile(folder):
    return study.load(folder)


@pytest.fixture(scope="module")
def victim(folder, browser):
    """A reader of the planted study."""
    with serve(folder) as url:
        reader = Reader(browser, url, viewport=TALL)
        yield reader
        reader.close()


@pytest.fixture(autouse=True)
def nothing_ran(victim):
    """Whatever a test does: no script of the study has run, no link or request leads away."""
    yield
    victim.show_day()
    for frame in victim.page.frames:
        assert frame.evaluate("window.pwned") is None
        links = frame.locator("a").evaluate_all("(all) => all.map((a) => a.href)")
        assert [link for link in links if not re.match(r"https?:|$", link)] == []
    strangers, faults = victim.strangers(), victim.faults.copy()
    victim.asked.clear()
    victim.faults.clear()
    assert strangers == []
    assert faults == []


def spaced(text: str) -> str:
    """As the screen shows it: runs of spaces are one."""
    return " ".join(text.split())


def test_it_is_the_planted_study(victim, hostile):
    assert victim.day == "13 August 2021"
    assert ALL in hostile.settings.title
    assert (hostile.sources["url"] == URL).all()


def test_tooltips_of_areas_show_names_as_text(victim, hostile):
    for area_id, name in hostile.areas.set_index("area_id")["name"][: len(ATTACKS)].items():
        assert victim.hover(area(area_id)).splitlines()[0] == spaced(name)


def test_popups_of_places_show_texts_as_text(victim, hostile):
    names = hostile.places.set_index("place_id")["name"]
    for place_id in ("kandahar", "spin-boldak", "zaranj", "maymana"):
        popup = victim.click(place(place_id))
        expect(popup.locator("strong")).to_have_text(names[place_id])
        expect(popup).to_contain_text(re.compile(rf"publisher \d+ {re.escape(ALL)}"))
        expect(popup.locator("a, img, script")).to_have_count(0)


def test_labels_and_legend_show_texts_as_text(victim, hostile):
    labels = victim.frame.locator(".controlmap-label").all_text_contents()
    assert labels == list(hostile.places["name"])
    legend = victim.frame.locator(".controlmap-legend")
    for control in hostile.controls.values():
        expect(legend).to_contain_text(control.label)
        expect(legend).to_contain_text(control.definition)
    expect(legend.locator("img, script, a")).to_have_count(0)


def test_list_shows_evidence_and_sources_as_text(victim, hostile):
    changes = victim.page.locator(".cm-change")
    for summary in changes.locator("summary").all():
        summary.click()
    expect(changes.locator(".cm-evidence").first).to_be_visible()
    shown = spaced("\n".join(changes.all_inner_texts()))
    for column in ("evidence", "title", "publisher", "says claimant", "locator"):
        assert re.search(rf"{column} \d+ {re.escape(spaced(ALL))}", shown), column
    expect(changes.locator("a, img, script")).to_have_count(0)


def test_heading_and_balance_show_texts_as_text(victim, hostile):
    expect(victim.page.locator(".cm-title")).to_have_text(hostile.settings.title)
    for control in ("taliban", "government"):
        expect(victim.page.locator(".cm-keys")).to_contain_text(hostile.controls[control].label)
    expect(victim.page.locator(".cm-balance").locator("img, script, a")).to_have_count(0)


def test_sidebar_shows_texts_as_text(victim, hostile):
    sidebar = victim.page.locator("[data-testid=stSidebar]")
    for text in (hostile.settings.title, hostile.settings.description, hostile.settings.lead_label):
        expect(sidebar).to_contain_text(spaced(text))
    expect(sidebar.locator("img, strong, .katex")).to_have_count(0)


def test_other_reports_are_named_as_text(victim):
    victim.page.locator("[data-testid=stRadio] label", has_text="lead_label").click()
    victim.page.wait_for_url("**sources=clarin_0813*")
    expect(victim.page.locator(".cm-notes")).to_contain_text(ALL)
    victim.page.get_by_text("All sources", exact=True).click()
    victim.page.wait_for_url(lambda url: "sources=" not in url)


def test_a_step_is_told_as_text(victim):
    victim.go(OPENS)
    victim.press("Shift+ArrowLeft")
    expect(victim.frame.locator("[aria-live=polite]")).to_contain_text(ATTACKS[0])


def test_an_address_is_text_too(victim):
    victim.open("?" + urlencode({"study": ALL, "day": ALL, "sources": ALL}))
    expect(victim.page.locator("[data-testid=stAlert]")).to_contain_text(ALL)
    expect(victim.page.locator("[data-testid=stAlert] img")).to_have_count(0)


def test_an_export_is_made(victim):
    """The picture, and in the page's preview the study's texts as text."""
    victim.page.get_by_role("link", name="Snapshot").click()
    button = victim.page.get_by_role("button", name="Download the PNG")
    assert download(victim.page, button)[1].startswith(b"\x89PNG")
    victim.page.get_by_text("Page", exact=True).click()
    preview = victim.page.frame_locator("iframe")
    expect(preview.locator("body")).to_contain_text(ATTACKS[0])
    victim.page.get_by_text("Data", exact=True).click()
    expect(victim.page.get_by_role("button", name="Download the GeoJSON")).to_be_visible()
    victim.page.get_by_role("link", name="Timeline").click()
    victim.wait()
