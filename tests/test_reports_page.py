"""The reports page without a browser: every filter, one report opened, a place's history."""

import re
from datetime import date

import pytest
from markupsafe import Markup
from streamlit.testing.v1 import AppTest

from geo.ledger import Asked, Ledger
from geo.search import Index
from tests import pages
from tests.browser import ROOT


@pytest.fixture(scope="module")
def book(timeline):
    return Ledger(timeline)


@pytest.fixture(scope="module")
def index(bundled):
    return Index(bundled)


def opened(**query: object) -> AppTest:
    """The page as it stands; the test's own switch of pages takes a run to settle."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value if isinstance(value, list) else str(value)
    app.run()
    return app.switch_page("pages/reports.py").run().run()


def count(app: AppTest) -> int:
    """How many reports the page says there are."""
    assert not app.exception
    told = Markup(pages.html(app, 'class="cm-count"')).striptags()
    return int(re.search(r"of ([\d,]+)", told)[1].replace(",", ""))


def answer(book: Ledger, index: Index, **asked) -> list[str]:
    """The evidence of the reports that the engine finds, as the first page has them."""
    rows = book.rows(book.filters(Asked(**asked), index), "newest")
    return book.table["evidence"].iloc[rows].tolist()


def shown(app: AppTest) -> list[str]:
    return app.main.dataframe[0].value["Evidence"].tolist()


def button(app: AppTest, label: str):
    return next(b for b in app.button if b.label.startswith(label))


def test_the_page_opens_on_the_whole_ledger_a_hundred_at_a_time(book, index):
    app = opened()
    assert count(app) == len(book.table)
    assert shown(app) == answer(book, index)[:100]
    app.button(key="next").click().run()
    assert shown(app) == answer(book, index)[100:200]
    assert pages.address(app)["page"] == "2"
    app.button(key="previous").click().run()
    assert shown(app) == answer(book, index)[:100]
    assert app.button(key="previous").disabled


@pytest.mark.parametrize(
    ("key", "chosen"),
    [
        ("source", ["clarin_0813"]),
        ("claimant", ["the government in Kabul"]),
        ("control", ["resistance", "us"]),
        ("confidence", ["low"]),
        ("verdict", ["disputed"]),
        ("use", ["moves nothing"]),
    ],
)
def test_each_choice_filters_and_stands_in_the_address(book, index, key, chosen):
    app = opened()
    app.multiselect(key=key).set_value(chosen).run()
    expected = answer(book, index, **{key: tuple(chosen)})
    assert count(app) == len(expected) > 0
    assert shown(app) == expected
    assert pages.address(app)[key] == chosen[-1]
    again = opened(**{key: chosen})
    assert shown(again) == expected


def test_search_is_kept_in_the_address_and_names_the_place(book, index):
    app = opened()
    app.text_input(key="q").set_value("Qunduz").run()
    assert shown(app) == answer(book, index, words="Qunduz")
    assert pages.address(app)["q"] == "Qunduz"
    app.button(key="named-kunduz").click().run()
    assert pages.address(app)["place"] == "kunduz"
    assert "Kunduz" in pages.html(app, "capital of Kunduz")


def test_days_from_and_to(book, index):
    app = opened()
    app.date_input(key="from").set_value(date(2021, 8, 12)).run()
    app.date_input(key="to").set_value(date(2021, 8, 13)).run()
    days = {"first": date(2021, 8, 12), "last": date(2021, 8, 13)}
    assert shown(app) == answer(book, index, **days)
    address = pages.address(app)
    assert (address["from"], address["to"]) == ("2021-08-12", "2021-08-13")
    again = opened(**{"from": "2021-08-12", "to": "2021-08-13"})
    assert shown(again) == shown(app)


def test_a_place_shows_its_history(book, index):
    app = opened()
    app.selectbox(key="where").set_value("kandahar").run()
    assert pages.address(app)["place"] == "kandahar"
    assert shown(app) == answer(book, index, place="kandahar")
    assert "disputed: one source says 13 August" in pages.html(app, "12 August 2021")


def test_an_area_shows_its_capitals_history_and_the_reports_in_it(book, index):
    app = opened(place="AF-LOG")
    assert shown(app) == answer(book, index, place="AF-LOG")
    assert "follows its capital or towns" in pages.html(app, "Dissent and left out")


def test_an_address_with_nothing_of_ours_is_passed_over(book):
    app = opened(place="xyzq", control="nobody", page="x", report="none", order="<b>")
    assert count(app) == len(book.table)
    app = opened(page="99999")
    assert not app.exception and "of 234" in pages.html(app, 'class="cm-count"')


def test_an_empty_answer_says_what_to_loosen(book, index):
    app = opened(place="bazarak", q="governor mansion xyz")
    many = len(answer(book, index, place="bazarak"))
    assert not app.main.dataframe
    assert "Nothing matches “governor mansion xyz” under these filters" in app.info[0].value
    assert f"Without the search there are {many}" in app.info[0].value
    app.button(key="without-words").click().run()
    assert count(app) == many
    app.button(key="clear").click().run()
    assert count(app) == len(book.table)
    assert set(pages.address(app)) == {"study", "day"}


def test_known_on_changes_the_use(book):
    app = opened(known_on="2021-08-12", use=["not yet known"])
    assert 0 < count(app) < len(book.table)
    assert set(app.main.dataframe[0].value["Use"]) == {"not yet known"}


def test_a_report_opens_to_all_that_is_known_of_it(bundled):
    report = bundled.reports.set_index("report_id").loc["afg-042"]
    source = bundled.sources.loc[report["source_id"]]
    app = opened(report="afg-042")
    told = pages.html(app, "cm-facts")
    text = Markup(told).striptags()
    for part in (report["evidence"], report["locator"], report["claimant"], source["title"]):
        assert " ".join(part.split()) in text
    assert f'href="{Markup.escape(source["url"])}"' in told
    against = Markup(pages.html(app, 'class="cm-evidence"')).striptags()
    assert against.startswith("Disputes") and "Government → Taliban, on 10 August" in against
    app.button(key="report-history").click().run()
    assert pages.address(app)["place"] == "farah"
    app.button(key="report-close").click().run()
    assert "report" not in pages.address(app)


def test_a_report_leads_to_the_map_on_its_day():
    app = opened(report="afg-042")
    app.button(key="report-map").click().run()
    assert not app.exception
    assert pages.address(app)["place"] == "farah"
    assert pages.address(app)["day"] == "2021-08-11"


def test_a_change_leads_to_the_map_on_its_day():
    app = opened(place="qala-e-naw")
    button(app, "On the map: 8 July").click().run()
    assert not app.exception
    assert pages.address(app)["day"] == "2021-07-08"
    assert pages.address(app)["place"] == "qala-e-naw"
