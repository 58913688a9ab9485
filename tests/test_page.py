"""The page without a browser: what it says for a day, for other sources, for a broken study."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from markupsafe import Markup

from geo import dates, study
from geo.timeline import Timeline
from pages import panels
from tests import pages, tiny
from tests.browser import changed, counts

OPENS = date(2021, 8, 13)


class Page:
    """One run of the dashboard, and what it says."""

    def __init__(self, **query: object) -> None:
        self.app = pages.run(**query)

    def html(self, opening: str) -> str:
        return pages.html(self.app, opening)

    @property
    def address(self) -> dict[str, str]:
        return pages.address(self.app)

    @property
    def heading(self) -> str:
        return Markup(self.html("<h1 class=")).striptags()

    @property
    def day_list(self) -> str:
        return Markup(self.html("On this day")).striptags()

    @property
    def balance(self) -> dict[str, int]:
        keys = re.findall(
            r'class="cm-key">.*?<b>([\d,]+)</b> (.*?)</span>', self.html('class="cm-keys"')
        )
        return {Markup(label).unescape(): int(count) for count, label in keys}

    @property
    def changed(self) -> list[str]:
        names = re.findall(r'class="cm-change">.*?<b>(.*?)</b>', self.html("On this day"))
        return sorted(Markup(name).unescape() for name in names)

    @property
    def captions(self) -> str:
        return "\n".join(caption.value for caption in self.app.caption)


@pytest.fixture(scope="module")
def opening():
    """The page as it opens; tests only look at it."""
    return Page()


def held(timeline, day):
    return {label: count for label, count in counts(timeline, day).items() if count}


def test_page_runs_clean(opening):
    assert not opening.app.exception
    assert not opening.app.error
    assert not opening.app.warning


def test_page_opens_on_the_day_of_the_article(opening, timeline):
    assert opening.heading.startswith("Friday 13 August 2021")
    assert opening.balance == {"Government": 15, "Taliban": 18, "Contested": 1}
    assert "of 34 provinces" in Markup(opening.html('class="cm-keys"')).striptags()
    assert opening.changed == changed(timeline, OPENS)
    assert opening.day_list.startswith(f"On this day · {len(opening.changed)} changes")


def test_list_tells_from_whom_to_whom_and_who_says_so(opening, timeline):
    [logar] = [part for part in opening.html('class="cm-h2"').split("<article") if "Logar" in part]
    text = Markup(f"<p {logar}").striptags()
    assert "Government → Taliban" in text
    assert "Clarín" in text
    change = timeline.control(OPENS).loc["AF-LOG", "change"]
    for evidence in timeline.reports[timeline.reports["change"] == change]["evidence"]:
        assert evidence in text


def test_numbers_since_the_day_before(opening):
    assert "Since 12 August: Government −3 provinces" in opening.day_list
    assert "Taliban +5 provinces" in opening.day_list


def test_quiet_day_names_the_next_change(timeline):
    page = Page(day="2021-07-31")
    assert "No change reported. The next is on 5 August" in page.day_list
    assert page.changed == changed(timeline, date(2021, 7, 31)) == []


def test_first_day_folds_the_state_away_that_the_study_opens_with(timeline):
    page = Page(day="2021-05-01")
    first = changed(timeline, date(2021, 5, 1))
    assert page.changed == first
    assert f"First known state of {len(first)} places" in page.day_list
    assert "change" not in page.day_list.partition("First known")[0]


@pytest.mark.parametrize("day", ["2021-06-22", "2021-08-15", "2021-09-06"])
def test_address_names_the_day(day, timeline):
    page, shown = Page(day=day), date.fromisoformat(day)
    assert dates.in_words(shown) in page.heading
    assert page.balance == held(timeline, shown)
    assert page.changed == changed(timeline, shown)
    assert page.address["day"] == day


@pytest.mark.parametrize(
    ("day", "shown"),
    [("1999-01-01", "1 May 2021"), ("2031-01-01", "6 September 2021"), ("<b>", "13 August 2021")],
)
def test_address_with_no_day_of_the_study(day, shown):
    page = Page(day=day)
    assert not page.app.exception
    assert shown in page.heading


def test_address_with_no_study_of_ours_says_so():
    page = Page(study="atlantis")
    assert not page.app.exception
    assert "atlantis" in page.app.warning[0].value
    assert page.address["study"] == "afghanistan-2021"


def test_article_alone(bundled):
    alone = Timeline(bundled, ["clarin_0813"])
    page = Page()
    page.app.radio(key="read").set_value("lead").run()
    assert page.balance == held(alone, OPENS) != held(Timeline(bundled), OPENS)
    assert page.changed == changed(alone, OPENS)
    assert "Clarín alone" in page.heading
    assert page.address["sources"] == "clarin_0813"
    page.app.radio(key="read").set_value("all").run()
    assert page.balance == held(Timeline(bundled), OPENS)
    assert "sources" not in page.address


def test_article_alone_is_silent_after_its_day():
    page = Page(sources="clarin_0813", day="2021-08-20")
    assert "no report after 13 August 2021" in page.heading
    assert page.balance == {"Unknown": 34}
    assert page.changed == []


def test_known_on_changes_the_numbers_and_says_what_is_left_out(bundled):
    day = date(2021, 8, 12)
    then = Timeline(bundled, known_on=day)
    page = Page(day=day)
    before = page.balance
    page.app.date_input(key="known_on").set_value(day).run()
    assert page.balance == held(then, day) != before
    assert "as known on 12 August 2021" in page.heading
    assert then.undated > 0
    assert f"Left out for want of a date of publication: {then.undated:,}" in page.captions
    assert f"{len(then.reports):,} usable reports" in page.captions


def test_address_names_what_was_known_and_by_whom(bundled):
    sources = ("aa_gercekizmir_0808", "clarin_0813")
    view = Timeline(bundled, sources, date(2021, 8, 20))
    page = Page(day="2021-08-13", known_on="2021-08-20", sources=",".join(sources))
    assert page.balance == held(view, OPENS)
    assert page.changed == changed(view, OPENS)
    assert f"2 of {len(bundled.sources)} sources" in page.heading
    assert page.app.radio(key="read").value == "chosen"
    assert sorted(page.app.multiselect(key="picked").value) == sorted(sources)


def test_unknown_sources_in_the_address_are_passed_over():
    assert Page(sources="nobody").balance["Taliban"] == 18


def test_chosen_sources_with_none_chosen():
    page = Page()
    page.app.radio(key="read").set_value("chosen").run()
    assert not page.app.exception
    assert page.balance == {"Unknown": 34}
    assert "no usable report" in page.heading
    assert "0 usable reports" in page.captions


def test_without_the_curators_assumptions(bundled):
    assumed = bundled.sources.index[bundled.sources["kind"] == "assumption"]
    rest = Timeline(bundled, bundled.sources.index.difference(assumed))
    page = Page(day="2021-05-03")
    page.app.toggle(key="unassumed").set_value(True).run()
    assert page.balance == held(rest, date(2021, 5, 3))
    assert page.balance["Unknown"] > 0


# A study that is wrong.


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """The bundled study in a folder of its own, which the page shows instead."""
    folder = Path(shutil.copytree(study.BUNDLED, tmp_path / "copy"))
    monkeypatch.setattr(study, "BUNDLED", folder)
    st.cache_resource.clear()
    yield folder
    st.cache_resource.clear()


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_broken_study_shows_its_problems_and_no_map(copy):
    replace(copy / "reports.csv", "taliban,2021-07-09", "talliban,9 July")
    replace(copy / "study.toml", 'lead_source = "clarin_0813"', 'lead_source = "clarin"')
    page = Page()
    assert not page.app.exception
    assert page.app.header[0].value == "“copy” cannot be shown yet"
    table = page.app.dataframe[0].value
    errors = table[table["level"] == "error"]
    assert list(errors["file"]) == ["reports.csv", "reports.csv", "study.toml"]
    assert list(errors["row"][:2]) == [3, 3]
    assert set(errors["column"]) == {"control", "when", "lead_source"}
    assert any("talliban" in text for text in errors["wrong"])
    assert "Three errors must be mended first" in page.app.markdown[0].value
    assert not any("<h1" in element.proto.body for element in page.app.get("html"))


@pytest.mark.parametrize("file", ["study.toml", "areas.geojson", "reports.csv"])
def test_missing_or_mangled_file_is_told_and_never_a_traceback(copy, file):
    (copy / file).write_bytes(b"\xff\xfe not text")
    page = Page()
    assert not page.app.exception
    assert file in set(page.app.dataframe[0].value["file"])
    (copy / file).unlink()
    page = Page()
    assert not page.app.exception
    assert "the file is missing" in set(page.app.dataframe[0].value["wrong"])


def test_mended_study_is_shown_again(copy):
    good = (copy / "reports.csv").read_bytes()
    (copy / "reports.csv").write_text("nonsense")
    page = Page()
    assert page.app.header
    (copy / "reports.csv").write_bytes(good)
    page.app.run()
    assert page.balance["Taliban"] == 18


def test_changed_study_is_read_anew(copy):
    page = Page()
    replace(copy / "study.toml", 'title = "Afghanistan, summer 2021"', 'title = "Afghanistan"')
    page.app.run()
    assert '<h2 class="cm-title">Afghanistan</h2>' in page.html('<h2 class="cm-title">')


def test_texts_of_a_study_are_text(copy):
    replace(copy / "places.geojson", '"name":"Puli Alam"', '"name":"<i>Puli</i> & \\"Alam\\""')
    assert "<b>&lt;i&gt;Puli&lt;/i&gt; &amp; &#34;Alam&#34;</b>" in Page().html('class="cm-h2"')


def test_an_area_that_changes_itself_is_listed():
    """Under the rule “reported” it is an area that changes hands, not its capital."""
    reports = tiny.ledger("""
        place_id  control  when
        X-W       blue     ../2021-08-01
        X-W       red      2021-08-05
        alpha     red      2021-08-05
    """)
    timeline = Timeline(tiny.study(reports, area_rule="reported"))
    told = panels.changes(timeline, date(2021, 8, 5)).striptags()
    assert "West" in told and "Alpha" in told and "Blue → Red" in told
