"""The export page without a browser: every choice is drawn, and tells what will come."""

import re
from datetime import date
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from geo import animation, exports, options
from geo.print.captions import Captions
from geo.print.page import FORMATS
from geo.snapshot import PRESETS, alt_text, render
from pages import choices
from tests.browser import ROOT

DAY = date(2021, 8, 13)


@pytest.fixture
def page():
    """The export page, at a section."""

    def at(section: str = "Picture") -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        app.run()
        app.switch_page("pages/export.py").run()
        app.button_group(key="take").set_value(section).run()
        assert not app.exception
        return app

    return at


def labels(app: AppTest) -> list[str]:
    """What may be downloaded."""
    return [button.proto.label for button in app.get("download_button")]


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_tells_its_size_and_its_alt_text(page, timeline, format):
    app = page()
    app.button_group(key="picture-format").set_value(format).run()
    [label] = labels(app)
    assert re.fullmatch(rf"Download the {format.upper()}, about [\d.]+ [kM]B", label)
    assert app.code[0].value == alt_text(timeline, DAY)


def test_papers_tell_their_pixels(page):
    app = page()
    app.selectbox(key="picture-paper").set_value("a4-portrait").run()
    assert "2480 × 3508 pixels, 300 to the inch" in captions(app)
    app.selectbox(key="picture-paper").set_value("own").run()
    app.number_input(key="picture-width").set_value(640).run()
    assert not app.exception and labels(app)


def test_the_other_day_is_in_the_alt_text(page, timeline):
    app = page()
    app.toggle(key="picture-beside").set_value(True).run()
    app.date_input(key="picture-other").set_value(date(2021, 8, 6)).run()
    both = Captions(timeline)
    assert app.code[0].value == both.alt_text_beside(DAY, both, date(2021, 8, 6))


def test_a_film_tells_frames_seconds_and_size(page, timeline):
    app = page("Film")
    assert "129 frames · 66 seconds · about 1.5 MB" in captions(app)
    app.date_input(key="film-period").set_value((date(2021, 8, 6), date(2021, 8, 15))).run()
    assert "10 frames · 7 seconds" in captions(app)
    app.toggle(key="film-only").set_value(True).run()
    few = animation.days_of(timeline, date(2021, 8, 6), date(2021, 8, 15), only_changes=True)
    assert f"{len(few)} frames" in captions(app)
    app.slider(key="film-speed").set_value(5.0).run()
    assert f"{len(few) / 5 + animation.HOLD:,.0f} seconds" in captions(app)


def test_half_a_period_asks_for_the_rest(page):
    app = page("Film")
    app.date_input(key="film-period").set_value((date(2021, 8, 6),)).run()
    assert app.info[0].value == "Choose the last day, too."
    assert not app.exception and not labels(app)


@pytest.mark.parametrize("what", exports.WHAT)
def test_all_data_is_offered_in_all_its_formats(page, what):
    app = page("Data")
    app.radio(key="data-what").set_value(what).run()
    formats = [suffix for suffix, kind in exports.FORMATS.items() if what in kind.what]
    for suffix in formats:
        app.button_group(key=f"data-format-{what}").set_value(suffix).run()
        assert not app.exception
        [label] = labels(app)
        assert label.startswith(f"Download the {exports.FORMATS[suffix].label}, ")
    assert re.search(r"[\d,]+ rows of \d+ columns", captions(app))


def test_sizes_are_said_as_people_say_them():
    assert [choices.about(size) for size in (900, 99_400, 120_000, 2_345_678)] == [
        "1 kB",
        "99 kB",
        "0.1 MB",
        "2.3 MB",
    ]


@pytest.mark.parametrize("name", ["screen", "a4-landscape", "slide"])
def test_the_size_foreseen_is_about_the_size_there_is(timeline, name):
    paper = PRESETS[name]
    size = len(render(timeline, DAY, size=paper.size, dpi=paper.dpi))
    assert 0.75 < choices.expected("png", paper) / size < 1.35


def test_every_paper_has_a_name_on_the_page_and_in_the_help():
    assert list(choices.PAPERS) == list(PRESETS)
    (told,) = [part for part in get_args(options.Preset) if hasattr(part, "help")]
    assert all(name in told.help for name in PRESETS)
