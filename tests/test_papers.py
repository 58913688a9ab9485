"""Pictures on every paper, in every format, of a part, and two side by side."""

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image
from pypdf import PdfReader

from geo.print.captions import Captions
from geo.print.ground import APART, View, spread
from geo.print.typeset import Sheet
from geo.snapshot import PRESETS, Snapshots, alt_text, beside, file_name, render, side_by_side
from geo.timeline import Timeline
from tests import tiny
from tests.test_snapshot import BUSIEST, QUIET, assert_in_place, named, said
from tests.tiny import august

BEFORE, AFTER = date(2021, 8, 6), date(2021, 8, 13)
DAY_AFTER = date(2021, 8, 15)
SVG, DC = "{http://www.w3.org/2000/svg}", "{http://purl.org/dc/elements/1.1/}"
NAMES = {"alpha": "جلال‌آباد", "beta": "Мазари-Шариф", "gamma": "Pul-e ʿAlam"}
"""Persian, Cyrillic, and Latin with a letter of its own."""


@pytest.fixture(scope="module", params=PRESETS)
def paper(request):
    return PRESETS[request.param]


def on_a_small_sheet(paper):
    """The same composition, fewer pixels."""
    scale = 1200 / max(paper.size)
    return tuple(round(side * scale) for side in paper.size), paper.dpi * scale


@pytest.fixture(scope="module")
def pictures(timeline, paper):
    return Snapshots(timeline, *on_a_small_sheet(paper))


def paired(captions, day, to, size=(800, 600), dpi=75):
    return side_by_side(captions, day, captions, to, Sheet(size, dpi), dpi, View())


def written(page):
    return [artist.get_text() for artist in page.told if isinstance(artist, Text)]


# Papers.


@pytest.mark.parametrize("day", [QUIET, date(2021, 8, 12), BUSIEST])
def test_nothing_overlaps_or_is_cut_on_any_paper(pictures, timeline, bundled, day):
    pictures.draw(day)
    assert_in_place(pictures)
    told = said(pictures)
    changed = {bundled.names[place] for place in timeline.changes_on(day)["place_id"]}
    assert changed <= set(told)
    assert not [text for text in told if text.endswith("…") or text.startswith("and ")]
    capitals = bundled.places["name"][bundled.places["is_capital"]]
    assert set(capitals) <= set(named(pictures))


def test_the_map_is_large_on_every_paper(pictures):
    sheet, frame = pictures.page.sheet, pictures.map.ground.frame
    assert frame.width * frame.height > 0.38 * sheet.width * sheet.height


def test_paper_has_its_size_in_print():
    width, height = (72 * side / 300 for side in PRESETS["a4-portrait"].size)
    assert (round(width), round(height)) == (595, 842)  # A4 in points
    ours = Timeline(tiny.study())
    content = render(ours, august(6), size=(620, 877), dpi=75, format="pdf")
    box = PdfReader(io.BytesIO(content)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    image = Image.open(io.BytesIO(render(ours, august(6), size=(620, 877), dpi=75)))
    assert image.size == (620, 877)
    assert [round(one) for one in image.info["dpi"]] == [75, 75]


# Formats.


def test_svg_keeps_text_as_text(timeline, bundled):
    root = ET.fromstring(render(timeline, AFTER, format="svg"))
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"Situation as of 13 August 2021", "18 of 34", "Puli Alam"} <= set(texts)
    capitals = bundled.places["name"][bundled.places["is_capital"]]
    assert set(capitals) <= set(texts)
    assert root.find(f"{SVG}title").text == bundled.settings.title
    assert root.find(f".//{DC}description").text == alt_text(timeline, AFTER)


def test_svg_and_pdf_draw_what_png_draws(timeline):
    """The map's colours come out in all of them, the maps' lower layers below the upper."""
    svg = render(timeline, AFTER, format="svg").decode()
    sea, areas = svg.rindex("fill: #eef1f4"), svg.rindex("fill: #db7626")
    assert sea < areas < svg.index(">Kandahar<") < svg.index("200 km")


def test_pdf_embeds_its_fonts_and_tells_what_it_shows(timeline, bundled):
    pdf = PdfReader(io.BytesIO(render(timeline, AFTER, format="pdf")))
    (page,) = pdf.pages
    fonts = page["/Resources"]["/Font"].get_object().values()
    inner = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]
    assert inner and all("/FontFile2" in font["/FontDescriptor"].get_object() for font in inner)
    assert "Situation as of 13 August 2021" in page.extract_text()
    assert pdf.metadata.title == bundled.settings.title
    assert pdf.metadata.subject == alt_text(timeline, AFTER)


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
def test_the_same_inputs_give_the_same_bytes_in_every_format(format):
    ours = Timeline(tiny.study())
    shared = Snapshots(ours, (800, 600))
    first = shared.draw(august(6), format)
    for other in ("png", "svg", "pdf"):
        shared.draw(august(2), other)
    assert shared.draw(august(6), format) == first
    assert render(ours, august(6), size=(800, 600), format=format) == first


@pytest.mark.parametrize("format", ["svg", "pdf"])
def test_every_script_has_its_letters(format):
    study = tiny.study()
    places = study.places.assign(name=study.places["place_id"].map(NAMES).fillna("Delta"))
    ours = Timeline(replace(study, places=places))
    content = render(ours, august(6), format=format)
    if format == "svg":
        texts = {"".join(t.itertext()) for t in ET.fromstring(content).iter(f"{SVG}text")}
        assert set(NAMES.values()) <= texts
    else:
        text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        assert NAMES["beta"] in text and NAMES["gamma"] in text


# A part, and less on it.


def test_a_view_shows_its_part(timeline, bundled):
    around_kabul = View(bounds=(68.0, 33.8, 70.6, 35.6))
    pictures = Snapshots(timeline, (1000, 750), view=around_kabul)
    pictures.draw(BUSIEST)
    assert_in_place(pictures)
    names = set(named(pictures))
    assert {"Kabul", "Charikar", "Maidan Shahr"} <= names
    assert not {"Herat", "Kandahar", "Kunduz"} & names
    assert "The map shows a part; counts and changes are of the whole." in " ".join(said(pictures))
    assert "33 of 34" in said(pictures)
    frame, ground = pictures.map.ground.frame, pictures.map.ground
    kabul = ground.places[list(bundled.places["place_id"]).index("kabul")]
    assert frame.left < kabul[0] < frame.right and frame.top < kabul[1] < frame.bottom


def test_hidden_layers_stay_hidden(timeline, bundled):
    bare = Snapshots(timeline, (800, 600), view=View(hidden={"bases", "crossings", "labels"}))
    bare.draw(BUSIEST)
    assert not set(bundled.places["name"]) & set(named(bare))
    shown = sum(len(markers.at) for _, markers in bare.map.markers)
    assert shown == bundled.places["kind"].isin(["city"]).sum()


# Side by side.


def test_two_days_stand_side_by_side(timeline, bundled):
    svg = beside(timeline, BEFORE, timeline, AFTER, format="svg")
    texts = ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]
    here, there = (timeline.control(day, "places")["control"] for day in (BEFORE, AFTER))
    differing = list(here.index[here != there])
    assert f"{len(differing)} places under another control" in texts
    capitals = set(bundled.places["place_id"][bundled.places["is_capital"]])
    for place in differing:
        # In the list, and on both maps but for an airport beside its city.
        least = 2 if place in capitals else 1
        assert texts.count(bundled.names[place]) >= least, place
    assert texts.count("6 August 2021") == texts.count("13 August 2021") == 1
    held = [timeline.control(day)["control"].value_counts() for day in (BEFORE, AFTER)]
    row = texts.index("Government")
    counts = [str(one["government"]) for one in held]
    assert counts == ["25", "15"] and "−10" in texts and row > 0


def test_what_differs_is_ringed_on_both_maps():
    ours = Timeline(
        tiny.study(
            tiny.ledger("""
                place_id  control  when
                alpha     blue     ../2021-08-01
                alpha     red      2021-08-05
                beta      blue     ../2021-08-01
                gamma     red      ../2021-08-30
            """)
        )
    )
    captions = Captions(ours)
    page = paired(captions, august(2), august(9))
    alpha = page.maps[0].ground.places[0].tolist()
    assert page.maps[0].ring.get_offsets().tolist() == [alpha]
    assert [len(world.ring.get_offsets()) for world in page.maps] == [1, 1]
    assert "1 place under another control" in written(page)
    same = paired(captions, august(2), august(3))
    assert [len(world.ring.get_offsets()) for world in same.maps] == [0, 0]
    assert "Nothing." in written(same)
    told = captions.alt_text_beside(august(2), captions, august(9))
    assert "Left, 2 August 2021: Of 2 areas: Blue 2." in told
    assert "What differs: Alpha (Blue → Red)." in told


def test_two_readings_of_a_day_name_their_sources(timeline, bundled):
    article = Timeline(bundled, sources=["clarin_0813"])
    svg = beside(article, AFTER, timeline, AFTER, format="svg").decode()
    assert "From one source alone: Clarín." in svg
    assert "From all 104 sources of the study." in svg
    assert file_name(bundled, BEFORE, "svg", AFTER) == (
        "afghanistan-2021_control_20210806_20210813.svg"
    )


def test_texts_of_a_pair_stay_apart(timeline, paper):
    page = paired(Captions(timeline), BEFORE, AFTER, *on_a_small_sheet(paper))
    around = [a for a in [*page.still, *page.told] if isinstance(a, Text) and a.get_text()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in around]
    edge = page.sheet.figure.bbox
    for at, (text, box) in enumerate(boxes):
        assert edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0, text
        for other, b in boxes[:at]:
            apart = box.x1 <= b.x0 or b.x1 <= box.x0 or box.y1 <= b.y0 + 3 or b.y1 <= box.y0 + 3
            assert apart, (text, other)
    assert not [text for text, _ in boxes if text.startswith("and ") or text.endswith("…")]


def test_where_one_day_is_silent_nothing_is_said_to_differ(bundled):
    """No report speaks of it: an unknown place has not changed hands."""
    known = Timeline(bundled, known_on=date(2021, 8, 14))
    captions = Captions(known)
    page = paired(captions, AFTER, DAY_AFTER)
    assert [len(world.ring.get_offsets()) for world in page.maps] == [0, 0]
    told = written(page)
    assert "Nothing to compare, no report after 14 August 2021." in told
    assert not [text for text in told if text.startswith(("+", "−"))]
    assert "nothing to compare" in captions.alt_text_beside(AFTER, captions, DAY_AFTER)


def test_more_differences_than_lines_stand_by_who_won_from_whom(timeline, bundled):
    page = paired(Captions(timeline), BEFORE, date(2021, 8, 15), *PRESETS["screen"])
    told = written(page)
    here, there = (timeline.control(d, "places")["control"] for d in (BEFORE, date(2021, 8, 15)))
    differing = set(bundled.names[here.index[here != there]])
    assert f"{len(differing)} places under another control" in told
    assert any(re.fullmatch(r"Government → Taliban · \d+", text) for text in told)
    listed = ", ".join(told)
    assert [name for name in differing if name not in listed] == []


# Where places stand.


def test_places_that_would_hide_one_another_stand_apart(pictures, bundled):
    at = pictures.map.ground.places
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, 99)
    capital = bundled.places["is_capital"].to_numpy()
    assert apart[~capital].min() > APART - 1e-6


def test_places_move_no_further_than_they_must():
    fixed = np.array([True, False, False, True])
    points = np.array([[0, 0], [4, 0], [100, 0], [2, 0]], dtype=float)
    moved = spread(points, fixed)
    assert moved[[0, 2, 3]].tolist() == points[[0, 2, 3]].tolist()
    assert moved[1].tolist() == [17, 0]


def test_a_long_picture_is_laid_out_at_once():
    """Ways to cut its words into columns are many more than it is wide."""
    pictures = Snapshots(Timeline(tiny.study()), (2400, 600))
    pictures.draw(august(6))
    assert_in_place(pictures)
