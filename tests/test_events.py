"""Context events: checked, shown on the days they may have been on, and moving nothing."""

import re
from datetime import date
from typing import NamedTuple

import pandas as pd
import pytest
from playwright.sync_api import expect

from geo import events, snapshot, study, webmap
from geo.payload import as_json, study_payload
from geo.print.captions import Captions
from geo.print.ground import View
from geo.schemas import Settings
from geo.timeline import Timeline
from pages import happenings
from tests import tiny

EVENTS = """
event_id  when                   lat   lon   name   deaths  deaths_low  deaths_high
clash     2021-08-05             30.5  60.5  Alpha  30      10          50
raid      2021-08-04/2021-08-06  30.7  60.2  Gamma  7       -           -
shots     2021-08-05             30.5  61.5  Beta   -       -           -
later     2021-08-20~            30.5  61.5  Beta   1       1           1
"""


def happened(text=EVENTS):
    return events.typed(tiny.rows(text))


@pytest.fixture
def folder(tmp_path):
    """The tiny study's files, with events."""
    written = tiny.files().write(tmp_path / "tiny")
    tiny.rows(EVENTS).to_csv(written / "events.csv", index=False)
    return written


# The file.


def test_a_study_reads_its_events(folder):
    found = study.load(folder)
    assert found.events["event_id"].tolist() == ["clash", "raid", "shots", "later"]
    assert found.events["deaths"].tolist()[:2] == [30, 7]
    assert found.warnings == study.load(tiny.files().write(folder.parent / "bare")).warnings


def test_a_study_without_the_file_has_none(bundled):
    assert bundled.events.empty
    assert study_payload(bundled)["events"] is None


def test_other_events_are_another_study(folder):
    before = study.load(folder).digest
    tiny.rows(EVENTS.replace("30 ", "31 ")).to_csv(folder / "events.csv", index=False)
    assert study.load(folder).digest != before


def test_events_move_nothing(folder):
    with_them = Timeline(study.load(folder))
    (folder / "events.csv").unlink()
    without = Timeline(study.load(folder))
    pd.testing.assert_frame_equal(with_them.changes, without.changes)
    for day in with_them.days.date:
        pd.testing.assert_frame_equal(with_them.control(day), without.control(day))


def test_a_wrong_file_keeps_the_study_from_being_drawn(folder):
    tiny.rows(EVENTS.replace("30.5", "305")).to_csv(folder / "events.csv", index=False)
    found = [problem for problem in tiny.problems(folder) if problem.file == "events.csv"]
    assert [(one.level, one.row, one.column) for one in found] == [
        ("error", 2, "lat"),
        ("error", 4, "lat"),
        ("error", 5, "lat"),
    ]


SETTINGS = Settings.model_validate(
    {"title": "T", "start": date(2021, 8, 1), "end": date(2021, 8, 31)}
    | {"opens_on": date(2021, 8, 1), "control": [{"id": "a", "label": "A"}]}
)


@pytest.mark.parametrize(
    ("column", "cell", "level", "wrong"),
    [
        ("event_id", "", "error", "the cell is empty"),
        ("event_id", "raid", "error", "“raid” stands more than once"),
        ("when", "soon", "error", "“soon” is not a date in EDTF"),
        ("when", "../2021-08-05", "error", "has no first day"),
        ("when", "2020-01-01", "warning", "1 event outside the study's days"),
        ("lat", "91", "error", "“91” is no place on earth"),
        ("lon", "east", "error", "“east” is no place on earth"),
        ("deaths", "many", "error", "“many” is no number of deaths"),
        ("deaths", "-1", "error", "“-1” is no number of deaths"),
        ("deaths", "1e30", "error", "“1e30” is no number of deaths"),
        ("deaths", "60", "error", "“60” is not between the least and the most"),
        ("deaths_low", "31", "error", "“30” is not between the least and the most"),
        ("url", "page 4", "warning", "“page 4” is no web address"),
    ],
)
def test_each_cell_is_held_to_what_it_must_be(column, cell, level, wrong):
    table = tiny.rows(EVENTS).assign(url="")
    table.loc[0, column] = cell
    (problem, *_) = events.check(SETTINGS, table)
    assert problem.level == level
    assert wrong in problem.wrong


@pytest.mark.parametrize("column", events.NEEDED)
def test_a_column_that_is_needed_is_missed(column):
    (problem,) = events.check(SETTINGS, tiny.rows(EVENTS).drop(columns=column))
    assert (problem.column, problem.wrong) == (column, "the column is missing")


# A day.


def test_an_event_is_on_each_day_that_its_date_allows():
    found = happened()
    days = [events.on_day(found, tiny.august(day))["event_id"].tolist() for day in (3, 4, 5, 6, 7)]
    assert days == [[], ["raid"], ["clash", "raid", "shots"], ["raid"], []]


def test_the_sum_is_in_words():
    found = events.on_day(happened(), tiny.august(5))
    assert events.in_words(found) == "3 events, 37 deaths (17–57)"
    assert events.in_words(found[found["event_id"] == "shots"]) == "1 event"
    assert events.in_words(happened()[3:]) == "1 event, 1 death"


def test_when_is_in_words():
    assert [events.when_in_words(row) for row in happened().itertuples()] == [
        "on 5 August",
        "between 4 and 6 August",
        "on 5 August",
        "about 20 August",
    ]
    (month,) = happened("event_id when lat lon\nx 2021-08 30 60").itertuples()
    assert events.when_in_words(month) == "in August 2021"


# The browser.


def test_the_browser_is_told_columns_and_each_text_once():
    found = happened()
    told = events.payload(found, tiny.august(1), tiny.august(31))
    said = [
        [told["texts"][told[name][at]] for name in ("name", "when")]
        + [told[name][at] for name in ("first", "last", "exact", "deaths")]
        for at in range(4)
    ]
    assert said == [
        ["Gamma", "between 4 and 6 August", 3, 5, 0, 7],
        ["Alpha", "on 5 August", 4, 4, 1, 30],
        ["Beta", "on 5 August", 4, 4, 1, None],
        ["Beta", "about 20 August", 16, 22, 0, 1],
    ]
    assert told["texts"].count("Beta") == 1
    as_json(told)


def test_days_are_the_study_s_own():
    told = events.payload(happened(), tiny.august(5), tiny.august(17))
    assert (told["first"], told["last"]) == ([0, 0, 0, 12], [1, 0, 0, 12])
    assert events.payload(happened(), tiny.august(25), tiny.august(31)) is None


def test_more_deaths_are_a_larger_mark_up_to_a_limit():
    died = pd.DataFrame({"deaths": pd.array([0, None, 9, 100, 10_000], dtype="Int64")})
    assert events.radius(died).tolist() == [3.5, 3.5, 6.0, 12.0, 12.0]


# Panel and pictures.


def test_the_panel_sums_the_day_s_events_and_folds_their_list(folder):
    found = study.load(folder)
    told = happenings.on_day(found, tiny.august(5))
    assert "<summary>3 events, 37 deaths (17–57)</summary>" in told
    assert told.index("Alpha") < told.index("Gamma") < told.index("deaths unknown")
    assert happenings.on_day(found, tiny.august(10)) == ""


def test_the_panel_takes_an_event_s_words_for_text():
    table = happened().assign(name="<script>", url="javascript:alert(1)", source="<b>")
    told = happenings.on_day(Named(table), tiny.august(5))
    assert "<script>" not in told and "<b>" not in told.replace('<b dir="auto">', "")
    assert "javascript" not in told


class Named(NamedTuple):
    """What the panel asks of a study."""

    events: pd.DataFrame


def test_a_picture_shows_the_day_s_events_where_they_were(folder):
    drawn = snapshot.Snapshots(Timeline(study.load(folder)))
    shown = {}
    for day in (5, 6, 10):
        drawn._show(tiny.august(day))
        shown[day] = [len(marks.get_paths()) for marks in drawn.map.events.artists]
    # Rims, marks of vague days, marks of known ones.
    assert shown == {5: [3, 1, 2], 6: [1, 1, 0], 10: [0, 0, 0]}


def test_alt_texts_say_how_many_events_there_were(folder):
    timeline = Timeline(study.load(folder))
    here = events.in_words(events.on_day(timeline.study.events, tiny.august(5)))
    assert f"Context of that day: {here}." in snapshot.alt_text(timeline, tiny.august(5))
    assert "Context" not in snapshot.alt_text(timeline, tiny.august(10))
    captions = Captions(timeline)
    beside = captions.alt_text_beside(tiny.august(10), captions, tiny.august(5))
    assert beside.index("Right") < beside.index("Context")


def test_a_picture_leaves_events_out_when_asked_to(folder):
    timeline = Timeline(study.load(folder))
    bare = Timeline(tiny.study())
    day = tiny.august(5)
    hidden = snapshot.render(timeline, day, view=View(hidden=("events",)), format="svg")
    shown = snapshot.render(timeline, day, format="svg")
    assert b"moves nothing" in shown
    assert b"moves nothing" not in hidden
    assert snapshot.Snapshots(bare).map.events is None


# A browser.


@pytest.fixture
def saved(folder, tmp_path, browser):
    """The stand-alone page of the study with events, on its fifth day."""
    path = tmp_path / "page.html"
    path.write_text(webmap.page(Timeline(study.load(folder)), tiny.august(5)), encoding="utf-8")
    page = browser.new_page()
    faults = []
    page.on("pageerror", lambda fault: faults.append(fault))
    page.goto(path.as_uri())
    yield page
    page.close()
    assert faults == []


IN_ORDER = ["Alpha.*30 deaths", "Gamma.*7 deaths", "Beta.*deaths unknown"]

INKED = """(canvas) => canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data.some((level) => level > 0)"""


def test_the_page_draws_tells_and_hides_events(saved):
    news, canvas = saved.locator(".cm-events"), saved.locator(".leaflet-map-pane canvas")
    expect(news.locator("summary")).to_have_text("3 events, 37 deaths (17–57)")
    news.locator("summary").click()
    expect(news.locator(".controlmap-event")).to_have_text([re.compile(name) for name in IN_ORDER])
    assert canvas.evaluate(INKED)

    saved.mouse.move(*spot(saved, 30.7, 60.2))
    tip = saved.locator(".controlmap-event-tip")
    expect(tip).to_contain_text("between 4 and 6 August")
    expect(saved.locator(".controlmap-tip:not(.controlmap-event-tip)")).to_be_hidden()
    saved.mouse.click(*spot(saved, 30.7, 60.2))
    expect(saved.locator(".leaflet-popup")).to_contain_text("7 deaths")

    # A place keeps its card, though an event lies under its marker.
    saved.mouse.click(*spot(saved, 30.5, 60.5))
    expect(saved.locator(".leaflet-popup").last).to_contain_text("Red")

    saved.keyboard.press("End")
    expect(news).to_be_hidden()
    assert not canvas.evaluate(INKED)
    saved.keyboard.press("Home")
    saved.locator(".leaflet-control-layers").hover()
    saved.get_by_label("Events").uncheck()
    expect(canvas).to_have_count(0)


def spot(page, lat, lon):
    """Where a position of the map stands on the page."""
    x, y = page.evaluate(
        """([lat, lon]) => {
            const { x, y } = map_page.latLngToContainerPoint([lat, lon]);
            const { left, top } = map_page.getContainer().getBoundingClientRect();
            return [left + x, top + y];
        }""",
        [lat, lon],
    )
    return x, y
