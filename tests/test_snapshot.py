"""One day's picture as a file: right colours, all the words, nothing cut, nothing overlapping."""

import io
import itertools
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import matplotlib
import numpy as np
import pytest
import shapely
from matplotlib.text import Text
from matplotlib_scalebar.scalebar import ScaleBar
from PIL import Image
from shapely.affinity import translate

from geo.measures import weights
from geo.print.typeset import Sheet, plain
from geo.snapshot import Snapshots, alt_text, file_name, render
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import august

QUIET, OPENING, BUSIEST = date(2021, 5, 20), date(2021, 5, 1), date(2021, 8, 15)

HOSTILE = {
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "$x^2$ \\frac{1}{2}": "$x^2$ \\frac{1}{2}",
    "\"double\" & 'single'": "\"double\" & 'single'",
    "two\nlines\tand a tab": "two lines and a tab",
    "\u202eturned round\u202c": "turned round",
    "جلال‌آباد": "جلال‌آباد",
    "中 and \U0001fae8": "\ufffd and \ufffd",
}
"""Names as a study may hold them, and as they stand on the picture."""


@pytest.fixture(scope="module")
def pictures(timeline):
    return Snapshots(timeline)


@pytest.fixture(scope="module")
def article(bundled):
    return Timeline(bundled, sources=["clarin_0813"])


@pytest.fixture(scope="module")
def articles(article):
    return Snapshots(article, (1280, 960))


@pytest.fixture(scope="module")
def doubtful():
    """West: blue, contested, red within the 9th and 11th. East: red from the 10th, red says."""
    reports = tiny.ledger("""
        place_id  control    when                   claimant_side
        alpha     blue       ../2021-08-01          -
        alpha     contested  2021-08-05             -
        alpha     red        2021-08-10             -
        alpha     red        2021-08-11             -
        beta      blue       ../2021-08-01          -
        beta      red        2021-08-10             red
        gamma     red        ../2021-08-30          -
    """)
    return Timeline(tiny.study(reports))


@pytest.fixture(scope="module")
def small(doubtful):
    return Snapshots(doubtful)


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def texts(artists):
    return [artist for artist in artists if isinstance(artist, Text) and artist.get_text()]


def said(pictures):
    """All that stands around the map, of the day drawn last."""
    return [text.get_text() for text in texts([*pictures.page.still, *pictures.page.told])]


def named(pictures):
    """All names on the map."""
    return [text.get_text() for text in texts(pictures.map.over)]


def pixels_of(pictures, image, area):
    """The colours within an area, its border left out: n × 3."""
    inner = shapely.buffer(shapely.transform(area, lambda xy: xy * pictures.page.sheet.scale), -4)
    left, top, right, bottom = np.round(inner.bounds).astype(int)
    x, y = (axis.ravel() for axis in np.meshgrid(range(left, right), range(top, bottom)))
    within = shapely.contains_xy(inner, x + 0.5, y + 0.5)
    return np.asarray(image)[y[within], x[within]]


def share(pixels, colour):
    return (abs(pixels.astype(int) - colour) <= 2).all(axis=1).mean()


def blended(hexadecimal, strength):
    channels = np.array([int(hexadecimal[at : at + 2], 16) for at in (1, 3, 5)])
    return channels * strength + 255 * (1 - strength)


# The file.


@pytest.mark.parametrize("size", [(801, 601), (900, 1200)])
def test_a_picture_is_a_png_of_the_size_asked_for(size):
    image = opened(render(Timeline(tiny.study()), august(6), size=size, dpi=300))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", size)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_the_same_inputs_give_the_same_bytes(pictures, timeline):
    first = pictures.draw(QUIET)
    pictures.draw(BUSIEST)
    assert pictures.draw(QUIET) == first
    assert render(timeline, QUIET) == first


def test_sessions_draw_at_once():
    ours = Timeline(tiny.study())
    days = [august(day) for day in (2, 5)]
    shared = Snapshots(ours, (800, 600))
    alone = {day: shared.draw(day) for day in days}
    with ThreadPoolExecutor(3) as sessions:
        assert list(sessions.map(shared.draw, days * 2)) == [alone[day] for day in days] * 2
        own = sessions.map(lambda day: render(ours, day, size=(800, 600)), days)
        assert list(own) == [alone[day] for day in days]


def test_matplotlibs_settings_neither_change_nor_count():
    ours = Timeline(tiny.study())
    plainly = render(ours, august(6))
    odd = {
        "font.family": "serif",
        "font.size": 30,
        "hatch.linewidth": 9,
        "patch.linewidth": 9,
        "figure.facecolor": "red",
        "lines.marker": "o",
    }
    with matplotlib.rc_context(odd):
        before = dict(matplotlib.rcParams)
        assert render(ours, august(6)) == plainly
        assert dict(matplotlib.rcParams) == before


def test_the_file_is_named_after_study_and_day(bundled, timeline):
    assert file_name(bundled, BUSIEST) == "afghanistan-2021_control_20210815.png"
    assert file_name(timeline, QUIET, "svg") == "afghanistan-2021_control_20210520.svg"
    strange = replace(tiny.study(), id="../../a b/“c”")
    assert file_name(strange, august(6)) == "a-b-c_control_20210806.png"


def test_what_cannot_be_drawn_is_refused():
    ours = Timeline(tiny.study())
    with pytest.raises(ValueError, match="not a day of the study"):
        render(ours, date(2020, 1, 1))
    with pytest.raises(ValueError, match="“bmp”"):
        render(ours, august(6), format="bmp")


def test_the_file_tells_what_it_shows(pictures, timeline, bundled):
    told = opened(pictures.draw(BUSIEST)).text
    assert told["Description"] == alt_text(timeline, BUSIEST)
    assert (told["Software"], told["Title"]) == ("controlmap", bundled.settings.title)
    assert not [keyword for keyword in told if "time" in keyword.lower()]


def test_the_alt_text_counts_and_tells_the_changes(doubtful):
    told = alt_text(doubtful, august(10))
    assert told == (
        "Tiny: map of control as of 10 August 2021. Of 2 areas: Red 2. "
        "Uncertain: West. Claimed by one side only: East. "
        "Changes on this day: Alpha (Contested → Red), Beta (Blue → Red). "
        "From all 5 sources of the study."
    )
    assert "No change on this day." in alt_text(doubtful, august(7))
    silent = alt_text(doubtful, august(31))
    assert "Of 2 areas: Unknown 2. No report after 30 August 2021." in silent


# The map.


@pytest.mark.parametrize("day", [OPENING, QUIET, BUSIEST])
def test_areas_have_their_controls_colour(pictures, timeline, bundled, day):
    image = opened(pictures.draw(day))
    held = timeline.control(day)["control"]
    for area, control in zip(pictures.map.ground.areas, held, strict=True):
        colour = blended(bundled.controls[control].colour, 0.85)
        assert share(pixels_of(pictures, image, area), colour) > 0.25


def test_the_same_area_through_all_states(small):
    def west(day):
        return pixels_of(small, opened(small.draw(august(day))), small.map.ground.areas[0])

    def east(day):
        return pixels_of(small, opened(small.draw(august(day))), small.map.ground.areas[1])

    assert share(west(1), blended("#0072B2", 0.85)) > 0.8
    assert share(west(7), blended("#6B6B6B", 1)) > 0.1
    assert share(west(7), blended("#FFFFFF", 1)) > 0.3
    assert share(west(20), blended("#D55E00", 0.85)) > 0.6
    assert share(west(20), blended("#D55E00", 0.4)) > 0.03
    assert share(west(31), blended("#FFFFFF", 0.85)) > 0.8
    assert share(east(9), blended("#0072B2", 0.85)) > 0.8
    assert share(east(10), blended("#D55E00", 0.45)) > 0.6


def test_doubt_is_seen_on_the_outline(small):
    def inked(day, unit):
        """How much of an area's outline is dark."""
        edge = shapely.segmentize(small.map.ground.areas[unit].exterior, 1)
        x, y = np.floor(shapely.get_coordinates(edge) * small.page.sheet.scale).astype(int).T
        return share(np.asarray(opened(small.draw(august(day))))[y, x], (28, 36, 48))

    sure, uncertain, claimed = inked(20, 0), inked(10, 0), inked(20, 1)
    assert sure < 0.4 * claimed
    assert 0.2 < claimed < uncertain < 0.8


def test_a_border_of_two_uncertain_areas_is_dashed_once():
    """Dashes upon dashes would make a line."""
    both = tiny.ledger("""
        place_id  control  when
        alpha     blue     ../2021-08-01
        alpha     red      2021-08-09/2021-08-11
        beta      blue     ../2021-08-01
        beta      red      2021-08-09/2021-08-11
    """)
    pictures = Snapshots(Timeline(tiny.study(both)))
    pictures.draw(august(10))
    west, east = pictures.map.ground.areas[:2]
    shared = shapely.length(shapely.intersection(west.boundary, east.boundary))
    assert shared > 0
    [dashed] = pictures.map.areas.dashed.get_paths()
    drawn = sum(shapely.LineString(line).length for line in dashed.to_polygons(closed_only=False))
    assert drawn == pytest.approx(west.length + east.length - shared)


def test_a_place_that_changed_is_ringed(small):
    pictures = small
    pictures.draw(august(10))
    alpha, beta = pictures.map.ground.places[:2].tolist()
    assert pictures.map.ring.get_offsets().tolist() == [alpha, beta]
    pictures.draw(august(1))
    assert len(pictures.map.ring.get_offsets()) == 0


def test_every_capital_is_named(pictures, bundled):
    capitals = bundled.places["name"][bundled.places["is_capital"]]
    assert set(capitals) <= set(named(pictures))
    assert "PAKISTAN" in named(pictures)


def test_a_study_may_name_no_projection():
    study = tiny.study()
    pictures = Snapshots(Timeline(study))
    assert "Lambert azimuthal equal-area, centred on 30.5° N, 61.0° E." in " ".join(said(pictures))
    west, east = study.areas.geometry
    far = replace(study, areas=study.areas.set_geometry([west, translate(east, yoff=20)]))
    drawn = shapely.area(Snapshots(Timeline(far)).map.ground.areas)
    assert drawn[1] / drawn[0] == pytest.approx(
        np.divide(*weights(far)["km2"].iloc[::-1]), rel=2e-3
    )


# The words.


def test_a_study_of_one_source_names_it():
    ours = tiny.study(sources="source_id  origin  published\nwire  Wire  2021-08-05")
    for known_on in (None, august(30)):
        told = alt_text(Timeline(ours, known_on=known_on), august(6))
        assert told.endswith(" From the study's only source: Wire via A publisher.")


def test_a_picture_says_all_that_a_reader_needs(pictures, timeline, bundled):
    pictures.draw(BUSIEST)
    told = " ".join(said(pictures))
    settings, sources = bundled.settings, len(bundled.sources)
    held = timeline.control(BUSIEST)["control"].eq("taliban").sum()
    for part in (
        settings.title,
        "Situation as of 15 August 2021",
        f"From all {sources} sources of the study.",
        f"{held} of 34",
        "Shares of 642,180 km² and 31.9 million people.",
        "A province takes the colour of whoever holds its capital",
        "Kabul Government → Taliban on 15 August · ",
        settings.disclaimer,
        settings.credit,
        settings.projection_name,
        "made with controlmap",
        *(control.definition for control in bundled.controls.values()),
    ):
        assert part in told, part
    assert "N" in named(pictures)
    assert any(isinstance(artist, ScaleBar) for artist in pictures.map.over)


def test_each_change_tells_how_sure_and_who_says_so(small):
    small.draw(august(10))
    told = " ".join(said(small))
    assert "Alpha Contested → Red on 10 August; disputed: one source says 11 August" in told
    assert "Beta Blue → Red on 10 August; claimed by Red only Source: Wire via A publisher" in told
    assert "Earlier changes 5 August Alpha → Contested" in told


def test_a_picture_says_what_it_rests_on(articles):
    known = Snapshots(
        Timeline(tiny.study(tiny.REPORTS + "gamma red ../2021-08-12"), known_on=august(10))
    )
    assert "As known on 10 August 2021. From 1 of the study's 5 sources." in said(known)
    assert "From one source alone: Clarín." in said(articles)


def test_a_day_without_change_says_so(pictures):
    pictures.draw(QUIET)
    assert "No change reported on this day." in said(pictures)
    assert "Kandahar Airfield → Government" in said(pictures)


def test_the_legend_has_no_line_for_a_control_that_no_report_gives():
    pictures = Snapshots(Timeline(tiny.study()))
    pictures.draw(august(5))
    labels = [text for text in said(pictures) if text in ("Blue", "Red", "Green", "Contested")]
    assert labels == ["Blue", "Red"]


def test_the_state_at_the_start_is_no_news(small):
    small.draw(august(1))
    told = " ".join(said(small))
    assert "The state at the start 2 places Blue as the study starts Source: Wire via" in told
    assert "Changes on this day" not in told


def test_silence_is_written_over_the_map(articles):
    pictures = articles
    pictures.draw(date(2021, 8, 13))
    assert "No report after 13 August 2021" not in said(pictures)
    image = opened(pictures.draw(date(2021, 8, 14)))
    assert "No report after 13 August 2021" in said(pictures)
    banner = shapely.box(*pictures.map.banner)
    assert share(pixels_of(pictures, image, banner), (28, 36, 48)) > 0.7


def test_changes_that_do_not_fit_are_counted(bundled):
    fallen = bundled.reports["control"] == "taliban"
    when = bundled.reports["when"].where(~fallen, "2021-08-15")
    days = {name: bundled.reports[name].where(~fallen, "2021-08-15") for name in ("first", "last")}
    reports = bundled.reports.assign(when=when, form="day", **days, named=days["last"])
    reports = reports[fallen | (bundled.reports["source_id"] == "baseline_2021")]
    timeline = Timeline(replace(bundled, reports=reports))
    pictures = Snapshots(timeline)
    room = pictures.news
    for lower in range(0, 60, 12):
        pictures.news = room._replace(bottom=room.bottom - lower)
        pictures.draw(BUSIEST)
        (rest,) = [text for text in texts(pictures.page.told) if text.get_text().startswith("and ")]
        shown = sum(text.endswith("→ Taliban") for text in said(pictures))
        assert shown >= 10
        assert rest.get_text() == f"and {len(timeline.changes_on(BUSIEST)) - shown} more"
        assert rest.get_position()[1] < pictures.news.bottom
    assert_in_place(pictures)


def test_the_busiest_day_of_the_study_fits_whole(pictures, timeline, bundled):
    pictures.draw(BUSIEST)
    told = said(pictures)
    assert len(timeline.changes_on(BUSIEST)) >= 10
    assert {bundled.names[place] for place in timeline.changes_on(BUSIEST)["place_id"]} <= set(told)
    assert not [text for text in told if text.startswith("and ")]


def test_names_are_plain_text_whatever_they_hold():
    study = tiny.study()
    names = list(HOSTILE)[: len(study.places)]
    labels = itertools.cycle(list(HOSTILE)[::-1])
    controls = {
        key: control.model_copy(
            update={
                "label": f"{next(labels)} and its allies",
                "definition": " ".join(HOSTILE),
            }
        )
        for key, control in study.controls.items()
    }
    settings = study.settings.model_copy(update={"title": " ".join(HOSTILE), "credit": "$" * 500})
    places = study.places.assign(name=names)
    hostile = replace(study, places=places, controls=controls, settings=settings)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures = Snapshots(Timeline(hostile))
        pictures.draw(august(5))
    assert {HOSTILE[name] for name in names} <= set(named(pictures))
    assert not any(text.get_parse_math() for text in texts(pictures.page.still + pictures.map.over))
    assert_in_place(pictures)


@pytest.mark.parametrize("written", HOSTILE)
def test_text_becomes_one_line_that_the_font_can_draw(written):
    assert plain(written) == HOSTILE[written]


@pytest.mark.parametrize(
    "text", ["one two three four five", "a" * 60, "$" * 30, "", "جلال‌آباد کابل"]
)
def test_wrapped_lines_keep_their_width_and_their_words(text):
    sheet = Sheet((1600, 1200), 150)
    lines = sheet.wrap(text, 17, 120)
    assert all(sheet.measure(line, 17) <= 121 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert sheet.measure(sheet.cut(text, 17, 120), 17) <= 120


def test_a_line_runs_from_the_left_whatever_name_it_begins_with():
    """Else “name → Red” of a Persian name would be drawn as “Red → name”."""
    sheet = Sheet((800, 600), 75)
    assert sheet.text(0, 0, "کندز → Red", 17).get_text() == "\u200eکندز → Red"
    assert sheet.text(0, 0, "کندز", 17).get_text() == "کندز"
    assert sheet.text(0, 0, "Kunduz → Red", 17).get_text() == "Kunduz → Red"


# The composition.


def extents(artists):
    return [(text, text.get_window_extent()) for text in texts(artists)]


def assert_in_place(pictures):
    """No text leaves the picture, none touches another, none around the map enters it."""
    around = extents([*pictures.page.still, *pictures.page.told])
    # A name's rim lies under the name.
    inside = extents(artist for artist in pictures.map.over if not artist.get_path_effects())
    page = pictures.page.sheet.figure.bbox
    for text, box in around + inside:
        assert page.x0 <= box.x0 and box.x1 <= page.x1, text
        assert page.y0 <= box.y0 and box.y1 <= page.y1, text
    for group in (around, inside):
        for (one, a), (other, b) in itertools.combinations(group, 2):
            apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 + 3 or b.y1 <= a.y0 + 3
            assert apart, (one, other)


@pytest.mark.parametrize("day", [OPENING, QUIET, date(2021, 8, 12), BUSIEST, date(2021, 9, 6)])
def test_nothing_overlaps_or_is_cut(pictures, day):
    pictures.draw(day)
    assert_in_place(pictures)


def test_text_is_where_it_is_said_to_be(articles):
    image = np.asarray(opened(articles.draw(date(2021, 8, 14)))).astype(int)
    for text, box in extents(articles.page.told):
        left, right = round(box.x0), round(box.x1)
        top, bottom = (round(image.shape[0] - y) for y in (box.y1, box.y0))
        crop = image[top - 2 : bottom + 2, left - 3 : right + 3]
        inked = np.flatnonzero((abs(crop - crop[0, 0]).max(axis=2) > 60).any(axis=0))
        assert inked.size, text
        assert 1 <= inked[0] <= 7 and 1 <= crop.shape[1] - 1 - inked[-1] <= 7, text


@pytest.mark.parametrize("day", [date(2021, 8, 13), date(2021, 8, 14)])
def test_nothing_overlaps_in_the_articles_own_view(articles, day):
    articles.draw(day)
    assert_in_place(articles)


def test_nothing_overlaps_on_a_wide_slide(timeline):
    pictures = Snapshots(timeline, (1280, 720))
    pictures.draw(BUSIEST)
    assert_in_place(pictures)
