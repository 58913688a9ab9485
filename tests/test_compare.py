"""The compare page without a browser: two readings, what differs, and its address."""

from datetime import date

import pytest
from markupsafe import Markup

from geo.differences import differences
from geo.timeline import Timeline
from tests import pages

THEN = date(2021, 8, 12)


@pytest.fixture(scope="module")
def week():
    """The page as it opens; tests only look at it."""
    return pages.run("compare", day="2021-08-06")


def rows(app):
    """The names in the table of what differs."""
    tables = [table.value for table in app.dataframe if "Name" in table.value]
    return tables[0]["Name"].tolist() if tables else []


def sides(app):
    return [
        Markup(e.proto.body).striptags()
        for e in app.get("html")
        if '<h2 class="cm-side"' in e.proto.body
    ]


def test_it_opens_with_the_day_shown_and_a_week_later(week, timeline):
    assert not week.exception
    assert [side.split("all")[0].strip() for side in sides(week)] == [
        "6 August 2021",
        "13 August 2021",
    ]
    table = differences(timeline, date(2021, 8, 6), timeline, date(2021, 8, 13))
    assert rows(week) == table["name"].tolist()


def test_its_address_says_both_sides(week):
    said = pages.address(week)
    assert (said["day"], said["day_2"]) == ("2021-08-06", "2021-08-13")


def test_the_balance_of_both_and_the_difference(week, timeline):
    left, right = (
        int((timeline.control(day)["control"] == "government").sum())
        for day in (date(2021, 8, 6), date(2021, 8, 13))
    )
    row = pages.html(week, "<table").partition("Government")[2].partition("</tr>")[0]
    cells = Markup(row.replace("</td>", " </td>")).striptags().split()
    assert cells[:3] == [str(left), str(right), f"−{left - right}"]


def test_known_then_and_now(bundled, timeline):
    app = pages.run("compare", day=THEN)
    app.button(key="then-and-now").click().run()
    then = Timeline(bundled, known_on=THEN)
    assert rows(app) == differences(then, THEN, timeline, THEN)["name"].tolist()
    assert "Qala-e Naw" in rows(app)
    assert pages.address(app) | {"of": ""} == {
        "study": "afghanistan-2021",
        "day": "2021-08-12",
        "day_2": "2021-08-12",
        "known_on": "2021-08-12",
        "together": "yes",
        "of": "",
    }


def test_an_address_is_read_again(bundled, timeline):
    app = pages.run("compare", day=THEN, day_2="2021-08-12", known_on=THEN, of="areas")
    then = Timeline(bundled, known_on=THEN)
    assert rows(app) == differences(then, THEN, timeline, THEN, "areas")["name"].tolist()


def test_the_article_beside_all(bundled, timeline):
    app = pages.run("compare")
    app.button(key="lead-and-all").click().run()
    article, day = Timeline(bundled, ["clarin_0813"]), date(2021, 8, 13)
    assert rows(app) == differences(article, day, timeline, day)["name"].tolist()
    assert "Clarín alone" in sides(app)[0]


def test_sides_are_swapped():
    app = pages.run("compare", day=THEN, day_2="2021-08-20", known_on="2021-08-31")
    before = sides(app)
    app.button(key="swap").click().run()
    assert sides(app) == before[::-1]


def test_nothing_differs_says_what_to_do():
    app = pages.run("compare", day=THEN, day_2=str(THEN))
    assert rows(app) == []
    assert "both maps show the same" in pages.said(app)


def test_silence_is_no_difference():
    app = pages.run("compare", day="2021-08-20", day_2="2021-08-20", known_on=THEN)
    assert rows(app) == []
    assert "on the left, no report after 12 August 2021" in pages.said(app)


def test_a_place_in_the_address_is_shown_from_both_sides(bundled):
    app = pages.run("compare", day=THEN, day_2=str(THEN), known_on=THEN, place="qala-e-naw")
    told = Markup(pages.html(app, '<div class="cm-two">')).striptags()
    assert "Contested, between 9 July and 11 August" in told
    assert "Taliban, on 12 August" in told
    [evidence] = bundled.reports.loc[bundled.reports["report_id"] == "afg-182", "evidence"]
    assert evidence in told
