"""The sources page and the method page without a browser."""

from datetime import date

import pytest
from markupsafe import Markup

from geo.agreement import agreement
from geo.timeline import Timeline
from tests import pages

DAY = date(2021, 8, 13)


@pytest.fixture(scope="module")
def opening():
    """The sources page as it opens; tests only look at it."""
    return pages.run("sources")


def table(app):
    """The page's own table, not the curator's notes."""
    [found] = [t.value for t in app.dataframe if "row" not in t.value]
    return found


def test_the_article_comes_first_and_then_who_tells_most(opening, timeline):
    assert not opening.exception
    shown = table(opening)
    found = agreement(timeline)
    assert shown["name"].iloc[0] == "Clarín"
    assert shown["reports"].iloc[1:].is_monotonic_decreasing
    assert len(shown) == (found["reports"] > 0).sum()
    assert shown["reports"].sum() == found["reports"].sum()


@pytest.mark.parametrize("typed", ["clarin", "CLARÍN", "clarin news"])
def test_a_source_is_found_however_it_is_spelt(typed):
    assert table(pages.run("sources", find=typed))["name"].tolist() == ["Clarín"]


def test_nothing_found_says_what_to_change():
    app = pages.run("sources", find="zzzz")
    assert "No source is called so" in pages.said(app)
    assert pages.address(app)["find"] == "zzzz"


def test_claimants_are_listed_with_their_reports(bundled):
    shown = table(pages.run("sources", section="Claimants"))
    count = bundled.reports["claimant"].value_counts()
    assert shown["claimant"].iloc[0] == "the source itself"
    assert (
        dict(zip(shown["claimant"], shown["reports"], strict=True))["the Taliban"]
        == (count["the Taliban"])
    )


def test_places_that_one_source_speaks_for_are_listed(timeline):
    shown = table(pages.run("sources", section="One source only", day=DAY))
    state = timeline.control(DAY, "places")
    lone = state[(state["change"] >= 0) & timeline.lone.to_numpy()[state["change"]]]
    assert shown["Place"].tolist() == lone["name"].tolist()
    assert 0 < len(lone) < len(state)


def test_known_on_narrows_what_is_counted(bundled):
    then = Timeline(bundled, known_on=date(2021, 8, 10))
    shown = table(pages.run("sources", known_on="2021-08-10"))
    assert shown["reports"].sum() == agreement(then)["reports"].sum()


def test_the_method_is_told_with_the_studys_own_cases():
    app = pages.run("method")
    assert not app.exception
    told = Markup(" ".join(e.proto.body for e in app.get("html"))).striptags()
    assert "Kandahar: Contested → Taliban, on 12 August; disputed" in told
    assert "Taken and retaken Qala-e Naw" in told.replace("retakenQala", "retaken Qala")
    assert "NSIA" in told
