"""Which reading is asked for, on a page without a browser, and what was learned later."""

from datetime import date

import pytest
from markupsafe import Markup

from geo.differences import differences
from geo.timeline import Timeline
from tests import pages

OPENS = date(2021, 8, 13)
THEN = date(2021, 8, 12)


def learned(app):
    """What stands under “What we learned later”."""
    return Markup(pages.html(app, "What we learned later")).striptags()


@pytest.fixture(scope="module")
def then():
    """The page on 12 August, as known on that day; tests only look at it."""
    return pages.run(day=THEN, known_on=THEN)


def test_what_was_learned_later_names_each_place_then_and_now(then, bundled, timeline):
    table = differences(Timeline(bundled, known_on=THEN), THEN, timeline, THEN)
    told = learned(then)
    assert f"What we learned later · {len(table)} places" in told
    assert all(name in told for name in table["name"])
    assert "Qala-e Naw" in told
    assert "then: Contested, between 9 July and 11 August" in told
    assert "now: Taliban, on 12 August" in told


def test_the_reports_that_made_the_difference_stand_with_their_evidence(then, bundled):
    told = learned(then)
    for report in ("afg-182", "afg-183"):
        [evidence] = bundled.reports.loc[bundled.reports["report_id"] == report, "evidence"]
        assert evidence in told


def test_nothing_was_learned_later_where_all_is_known():
    with pytest.raises(ValueError):
        learned(pages.run(day=THEN))


def test_a_day_after_the_known_on_day_was_not_known_of_yet():
    told = learned(pages.run(day="2021-08-15", known_on=THEN))
    assert told.endswith("On 12 August 2021 nothing was known of this day yet.")


def test_one_click_reads_the_day_as_it_was_known_then():
    app = pages.run(day=THEN)
    app.button(key="known-then").click().run()
    assert app.date_input(key="known_on").value == THEN
    assert pages.address(app)["known_on"] == "2021-08-12"


def test_the_address_says_the_reading_and_is_read_again(bundled):
    app = pages.run(day=THEN)
    app.radio(key="read").set_value("chosen").run()
    app.multiselect(key="picked").set_value(["clarin_0813", "amu_2023"]).run()
    app.multiselect(key="claimants").set_value(["officials", ""]).run()
    said = pages.address(app)
    assert said["sources"] == "amu_2023,clarin_0813"
    again = pages.run(**said | {"claimants": ["officials", ""]})
    assert again.multiselect(key="picked").value == ["amu_2023", "clarin_0813"]
    assert sorted(again.multiselect(key="claimants").value) == ["", "officials"]
    chosen = Timeline(bundled, ["clarin_0813", "amu_2023"], None, ["officials", ""])
    assert f"{len(chosen.reports)} usable report" in pages.said(again)


def test_a_known_on_day_out_of_reach_is_the_nearest_there_is():
    app = pages.run(known_on="1999-01-01")
    assert app.date_input(key="known_on").value == app.date_input(key="known_on").min
    assert not pages.run(known_on="soon").date_input(key="known_on").value


def test_whose_claims_are_read_is_said_over_the_map():
    app = pages.run(claimants="the Taliban")
    assert "only what the Taliban said" in Markup(pages.html(app, "<h1 class=")).striptags()


def test_a_claimant_nobody_knows_is_passed_over():
    assert pages.run(claimants="nobody").multiselect(key="claimants").value == []


def test_without_a_source_the_page_says_what_to_do():
    app = pages.run()
    app.radio(key="read").set_value("chosen").run()
    assert "Choose at least one" in pages.said(app)


@pytest.mark.parametrize("view", ["34.5,69.2,7", "34.5,69.2"])
def test_the_address_may_name_a_view(view):
    app = pages.run(view=view)
    assert not app.exception
    assert pages.address(app).get("view") == (view if view.count(",") == 2 else None)


def test_another_page_reads_the_same():
    app = pages.run(known_on=THEN, claimants="officials", sources="amu_2023,clarin_0813")
    app.switch_page("pages/reports.py").run()
    assert pages.address(app) == {
        "study": "afghanistan-2021",
        "day": str(OPENS),
        "sources": "amu_2023,clarin_0813",
        "claimants": "officials",
        "known_on": str(THEN),
    }
    app.switch_page("pages/method.py").run()
    app.switch_page("pages/trends.py").run()
    assert pages.address(app)["sources"] == "amu_2023,clarin_0813"
    assert pages.address(app)["known_on"] == str(THEN)
