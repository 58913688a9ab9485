"""Control through the period: worked out by hand, drawn, and as files that stand alone."""

import io
import json
import re
import xml.etree.ElementTree as ET
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from PIL import Image

from geo import cells, charts, chartsheet, hatches, slices, style, trends
from geo.measures import UNITS, balances
from geo.print.captions import Captions
from geo.timeline import Timeline
from geo.trends import Trend
from tests import tiny
from tests.browser import ROOT
from tests.tiny import august

LEDGER = """
place_id  control  when
alpha     blue     ../2021-08-01
alpha     red      2021-08-08/2021-08-10
beta      blue     ../2021-08-01
beta      green    2021-08-12
gamma     red      2021-08-12
fort      red      ../2021-08-14
"""
"""West (300 people) is blue, uncertain on 8 and 9 August, then red; East (100) turns green."""

SVG = "{http://www.w3.org/2000/svg}"


def trend(ledger=LEDGER, unit="areas", study=None, **eyes):
    timeline = Timeline(study or tiny.study(ledger), **eyes)
    return Trend(timeline, unit, balances(timeline)[unit])


@pytest.fixture
def found():
    return trend()


def corners(trend, unit=1):
    """The stack as text: ``blue? 8-10 1..2`` for each step of each piece."""
    told = []
    for _, piece in slices.pieces(trend, unit).groupby("piece"):
        name = piece["control"].iat[0] + ("?" if piece["uncertain"].iat[0] else "")
        rows = list(piece[["at", "low", "high"]].itertuples(index=False))
        told += [
            f"{name} {here.at + 1}-{after.at} {here.low:g}..{here.high:g}"
            for here, after in pairwise(rows)
        ]
    return told


# The numbers.


def test_the_table_tells_each_day_and_control(found):
    table = trends.table(found)
    days = table[table["day"].between("2021-08-09", "2021-08-12")].drop(columns="label")
    expected = pd.DataFrame(
        [
            # day, control, areas, share, uncertain, uncertain_share, changes
            ("2021-08-09", "blue", 2, 1.0, 1, 0.5, 0),
            ("2021-08-09", "red", 0, 0.0, 0, 0.0, 0),
            ("2021-08-09", "green", 0, 0.0, 0, 0.0, 0),
            ("2021-08-10", "blue", 1, 0.5, 0, 0.0, 0),
            ("2021-08-10", "red", 1, 0.5, 0, 0.0, 1),
            ("2021-08-10", "green", 0, 0.0, 0, 0.0, 0),
            ("2021-08-11", "blue", 1, 0.5, 0, 0.0, 0),
            ("2021-08-11", "red", 1, 0.5, 0, 0.0, 0),
            ("2021-08-11", "green", 0, 0.0, 0, 0.0, 0),
            ("2021-08-12", "blue", 0, 0.0, 0, 0.0, 0),
            ("2021-08-12", "red", 1, 0.5, 0, 0.0, 1),
            ("2021-08-12", "green", 1, 0.5, 0, 0.0, 1),
        ],
        columns=["day", "control", "areas", "share", "uncertain", "uncertain_share", "changes"],
    ).astype({"day": "datetime64[s]"})
    assert_frame_equal(days.reset_index(drop=True), expected, check_dtype=False)
    assert table["label"].unique().tolist() == ["Blue", "Red", "Green"]


def test_people_are_counted_by_area_and_share_of_all():
    table = trends.table(trend(unit="people")).set_index(["day", "control"])
    row = table.loc[(pd.Timestamp("2021-08-09"), "blue")]
    assert row[["people", "share", "uncertain", "uncertain_share"]].tolist() == [400, 1, 300, 0.75]
    row = table.loc[(pd.Timestamp("2021-08-10"), "red")]
    assert row[["people", "share", "uncertain"]].tolist() == [300, 0.75, 0]


def test_days_of_silence_have_no_row(found):
    assert found.timeline.silent_from == august(15)
    assert found.heard == 14
    assert trends.table(found)["day"].max() == pd.Timestamp("2021-08-14")
    assert not trends.table(found)["control"].isin(["unknown"]).any()


def test_changes_count_places_and_not_the_state_at_the_start(found):
    gained = found.gained[found.gained.sum(axis=1) > 0]
    assert [day.day for day in gained.index] == [10, 12, 14]
    assert gained[["blue", "red", "green"]].to_numpy().tolist() == [[0, 1, 0], [0, 1, 1], [0, 1, 0]]
    assert found.busiest(2) == [(august(10), 1), (august(12), 2)]


def test_a_control_that_only_gains_places_is_in_the_legend():
    found = trend("place_id control when\nalpha blue ../2021-08-01\nfort red 2021-08-05")
    assert found.controls == ["blue", "red", "unknown"]
    assert [label for _, _, label in found.legend()] == ["Blue", "Red", "Unknown"]


def test_the_legend_names_what_is_uncertain(found):
    assert [label for _, _, label in found.legend()] == [
        "Blue",
        "Blue, uncertain",
        "Red",
        "Green",
    ]


def test_a_day_and_the_whole_in_words(found):
    assert found.day(8) == "Of 2 areas: Blue 2 (100 %), 1 of it uncertain."
    assert found.alt_text == (
        "Tiny: Areas under each control, 1 August to 31 August 2021. "
        "1 August 2021: Of 2 areas: Blue 2 (100 %). "
        "14 August 2021: Of 2 areas: Red 1 (50 %); Green 1 (50 %). "
        "Most changes: 10 August 2021 (1), 12 August 2021 (2), 14 August 2021 (1). "
        "No report after 14 August 2021."
    )


def test_nothing_heard_is_empty():
    nothing = trend(sources=["nobody"])
    assert nothing.is_empty and nothing.heard == 0
    assert nothing.controls == [] and trends.table(nothing).empty
    assert nothing.alt_text.endswith("Nothing to show.")


def test_people_without_a_figure_are_said_to_be_left_out():
    study = tiny.study(LEDGER)
    study.areas["population"] = pd.array([300, pd.NA], dtype="Int64")
    assert trends.note(study, "people") == (
        "Population: a census. 1 of 2 areas have a figure; "
        "people of the others are counted in none."
    )
    study.areas["population"] = pd.array([pd.NA, pd.NA], dtype="Int64")
    assert trend(unit="people", study=study).is_empty


def test_several_sources_of_population_say_how_many_areas_each():
    study = tiny.study(LEDGER)
    study.areas["population_source"] = ["census 1979", "estimate 2021"]
    assert trends.note(study, "people") == (
        "Population: census 1979 (1 area) · estimate 2021 (1 area). All 2 areas have a figure."
    )


def test_the_bundled_study_names_its_sources_years_and_whole(timeline):
    found = Trend(timeline, "people", balances(timeline)["people"])
    assert found.whole == "31.9 million people"
    assert "NSIA 1400 (2021-22)" in trends.note(timeline.study, "people")
    assert Trend(timeline, "areas", balances(timeline)["areas"]).whole == "34 provinces"


def test_a_file_says_study_unit_and_period(found, timeline):
    bundled = Trend(timeline, "areas", balances(timeline)["areas"])
    name = "afghanistan-2021_trends-areas_20210501-20210906.png"
    assert trends.file_name(bundled, "png") == name
    assert trends.file_name(found, "svg", True) == "tiny_trends-areas-share_20210801-20210831.svg"


# The chart.


def test_the_stack_stands_in_the_order_of_the_legend_with_its_uncertain_part_apart(found):
    assert corners(found) == [
        "blue 1-7 0..2",
        "blue 8-11 0..1",
        "blue? 8-9 1..2",
        "red 10-11 1..2",
        "red 12-14 0..1",
        "green 12-14 1..2",
    ]


def test_shares_are_of_the_whole():
    found = trend(unit="people")
    assert corners(found, found.balance.total)[2:4] == ["blue? 8-9 0.25..1", "red 10-11 0.25..1"]


def test_only_days_on_which_something_changes_are_sent(timeline):
    found = Trend(timeline, "areas", balances(timeline)["areas"])
    spec = charts.chart(found, False, charts.LOOKS["light"])
    assert len(spec["datasets"]["numbers"]) < len(timeline.days) / 2
    assert len(json.dumps(spec)) < 60_000


def test_what_the_pointer_meets_are_the_days_numbers(found):
    data = charts.chart(found, False, charts.LOOKS["light"])["datasets"]
    numbers = {row["run"]: row for row in data["numbers"]}
    days = {row["at"] + 1: row for row in data["days"]}
    assert days[9]["day"] == "Monday 9 August 2021"
    assert days[9]["changes"] == "none"
    assert days[12]["changes"] == "Red 1, Green 1"
    assert numbers[days[9]["run"]]["told0"] == "2 (100 %), 1 of it uncertain"
    assert numbers[days[10]["run"]]["told1"] == "1 (50 %)"
    assert days[15]["day"] == "Sunday 15 August 2021: no report after 14 August 2021"
    assert numbers[days[15]["run"]]["told0"] == "–"


def test_days_are_positions_and_no_dates(found):
    spec = charts.chart(found, False, charts.LOOKS["light"])
    assert '"temporal"' not in json.dumps(spec)
    assert charts.shown(found, august(10)) == [{"at": 9.5, "label": "On the map: 10 Aug"}]


def test_every_fill_is_the_maps(found):
    spec = json.dumps(charts.chart(found, False, charts.LOOKS["light"]))
    for control in [found.timeline.study.controls[name] for name in found.controls]:
        assert json.dumps(hatches.fill(control))[1:-1] in spec
        assert json.dumps(hatches.fill(control, pale=True))[1:-1] in spec


@pytest.mark.parametrize("theme", charts.LOOKS)
def test_letters_can_be_read_in_both_themes(theme):
    page = {"light": "#ffffff", "dark": "#12161c"}[theme]

    def luminance(colour):
        parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
        linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    for colour in (charts.LOOKS[theme].ink, charts.LOOKS[theme].soft):
        low, high = sorted([luminance(page), luminance(colour)])
        assert (high + 0.05) / (low + 0.05) >= 4.5


# Hatches.


def test_tiles_are_those_of_the_web_map():
    script = (ROOT / "geo/web/paint.js").read_text()
    block = script.split("const HATCHES = {")[1].split("};")[0]
    drawn = re.findall(r'^\s*(?:"(.+?)"|(\w)): "(.*)",$', block, re.MULTILINE)
    web = {(quoted or bare).replace("\\\\", "\\"): path for quoted, bare, path in drawn}
    assert web == hatches.TILES
    assert f'{{ ".": {hatches.DOT} }}' in script
    assert f"?? {hatches.WIDTH}" in script


def test_every_reference_has_its_pattern(bundled):
    sheet = str(hatches.sheet(bundled.controls.values()))
    for control in bundled.controls.values():
        for pale in (False, True):
            fill = hatches.fill(control, pale)
            if control.hatch:
                assert f'id="{fill[5:-1]}"' in sheet
                assert style.ground(control, pale) in sheet
                assert style.lines(control, pale) in sheet
            else:
                assert fill == style.ground(control, pale)
    assert f'id="{hatches.SILENCE[5:-1]}"' in sheet


# Files.


@pytest.fixture(scope="module")
def drawing(timeline):
    """The bundled study's chart as an SVG file."""
    found = Trend(timeline, "people", balances(timeline)["people"])
    return chartsheet.render(found, False, "svg").decode()


def said(svg: str) -> str:
    texts = ET.fromstring(svg).iter(f"{SVG}text")
    return " ".join(" ".join("".join(text.itertext()).split()) for text in texts)


def test_a_saved_chart_stands_alone(drawing, timeline):
    text, settings = said(drawing), timeline.study.settings
    assert settings.title in text
    assert "People under each control, of 31.9 million people, 1 May to 6 September 2021" in text
    assert Captions(timeline).basis[0] in text
    for words in ("Government", "Taliban, uncertain", "Contested", "People in millions (of 31.9)"):
        assert words in text
    assert "A province takes the colour of whoever holds its capital" in text
    assert "NSIA 1400 (2021-22)" in text and "All 34 provinces have a figure" in text
    assert settings.disclaimer in text and "made with controlmap" in text
    assert "Go to" not in text and "On the map" not in text


def test_a_saved_chart_has_its_patterns_and_no_address(drawing):
    root = ET.fromstring(drawing)
    ids = {pattern.get("id") for pattern in root.iter(f"{SVG}pattern")}
    used = set(re.findall(r"url\(#(cm-[\w-]+)\)", drawing))
    assert {"cm-hatch-government", "cm-hatch-contested-pale"} <= used <= ids
    assert not re.findall(r'href="http|url\((?!#)', drawing)


def test_a_saved_chart_says_what_it_shows(drawing, timeline):
    found = Trend(timeline, "people", balances(timeline)["people"])
    assert ET.fromstring(drawing).find(f"{SVG}desc").text == found.alt_text


def test_silence_is_told_and_hatched_in_the_file(found):
    svg = chartsheet.render(found, True, "svg").decode()
    assert "No report after 14 August 2021: those days are left empty." in said(svg)
    assert f'fill="{hatches.SILENCE}"' in svg


def test_the_png_has_the_colours_and_the_hatches(timeline):
    found = Trend(timeline, "areas", balances(timeline)["areas"])
    picture = Image.open(io.BytesIO(chartsheet.render(found, False)))
    assert picture.size == chartsheet.SIZE
    assert picture.text["Description"] == found.alt_text
    pixels = np.asarray(picture.convert("RGB"))[300:780, 100:700].reshape(-1, 3)
    colours = {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.unique(pixels, axis=0)}
    government = timeline.study.controls["government"]
    assert style.ground(government) in colours
    # In early summer the government's colour has lighter lines: a hatch, no plain ground.
    lines = np.abs(
        pixels.astype(int) - [int(style.lines(government)[i : i + 2], 16) for i in (1, 3, 5)]
    )
    assert (lines.max(axis=1) < 12).mean() > 0.05


@pytest.mark.parametrize("format", chartsheet.FORMATS)
def test_the_same_in_gives_the_same_bytes(found, format):
    assert chartsheet.render(found, False, format) == chartsheet.render(found, False, format)


def test_a_studys_words_are_text_in_the_file():
    study = tiny.study(LEDGER, title="<script>alert(1)</script> & co")
    svg = chartsheet.render(trend(study=study), False, "svg").decode()
    assert "<script" not in svg
    assert "<script>alert(1)</script> & co" in said(svg)


def test_a_long_title_and_many_controls_stay_on_the_sheet():
    controls = [
        style.Control(id=f"side{n}", label=f"A side with a long name of its own {n}")
        for n in range(12)
    ]
    ledger = "place_id control when\n" + "\n".join(
        f"alpha side{n} 2021-08-{n + 2:02}" for n in range(12)
    )
    found = trend(study=tiny.study(ledger, control=controls, title="A very long title " * 20))
    root = ET.fromstring(chartsheet.render(found, False, "svg").decode())
    frame = next(part for part in root if part.tag == f"{SVG}svg" and part.get("class") == "marks")
    left, top = float(frame.get("x")), float(frame.get("y"))
    assert left + float(frame.get("width")) <= chartsheet.SIZE[0]
    assert top + float(frame.get("height")) < chartsheet.SIZE[1] - 60
    lowest = max(float(part.get("y")) for part in root if part.get("font-size") == "18")
    assert lowest < top


def test_numbers_as_a_file(found):
    lines = cells.to_csv(trends.table(found)).splitlines()
    assert lines[0] == "day,control,label,areas,share,uncertain,uncertain_share,changes"
    assert lines[25] == "2021-08-09,blue,Blue,2,1.0,1,0.5,0"
    assert len(lines) == 1 + 14 * 3


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_drawn(unit):
    assert chartsheet.render(trend(unit=unit), False, "svg")


def test_a_study_of_one_day():
    found = trend(study=tiny.study(LEDGER, end=date(2021, 8, 1), opens_on=date(2021, 8, 1)))
    assert found.heard == 1
    assert chartsheet.render(found, True, "svg")
