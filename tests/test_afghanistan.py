"""The bundled study, row by row, and what it says against lists made by others.

The days on which the capitals fell are those that the press of the time and later chronicles
give: where they differ by a day, both are allowed.
"""

import csv
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geo import checks, dates, measures, schemas
from geo.study import BUNDLED
from geo.timeline import Timeline
from tests.tiny import assert_table


def records(name: str) -> list[dict[str, str]]:
    with (BUNDLED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def properties(name: str) -> list[dict]:
    collection = json.loads((BUNDLED / name).read_text(encoding="utf-8"))
    return [feature["properties"] for feature in collection["features"]]


REPORTS, SOURCES = records("reports.csv"), records("sources.csv")
AREAS, PLACES = properties("areas.geojson"), properties("places.geojson")
PUBLISHED = {source["source_id"]: source["published"] for source in SOURCES}


def day(text: str) -> date:
    """``13 Aug`` of 2021."""
    number, month = text.split()
    return date(2021, {"May": 5, "Jul": 7, "Aug": 8, "Sep": 9}[month], int(number))


@pytest.fixture(scope="module")
def article(bundled):
    """The study through one newspaper article alone."""
    return Timeline(bundled, sources=["clarin_0813"])


# Every row.


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["report_id"])
def test_a_report_says_where_who_when_and_on_whose_word(report, bundled):
    when = dates.parse_when(report["when"])
    places = set(bundled.places["place_id"]) | set(bundled.areas["area_id"])
    assert report["place_id"] in places
    assert report["control"] in set(bundled.controls) - {"unknown"}
    assert report["source_id"] in PUBLISHED
    assert report["claimant_side"] in set(bundled.controls) | {""}
    assert report["confidence"] in schemas.CONFIDENCE
    assert report["verdict"] in schemas.VERDICTS
    assert bundled.settings.start <= when.last and when.first <= bundled.settings.end
    assert report["evidence"].endswith(".") and report["locator"]
    published = PUBLISHED[report["source_id"]]
    assert not published or when.first <= dates.parse_when(published).last
    assert None not in report and None not in report.values()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["source_id"])
def test_a_source_says_what_it_is_and_reports_something(source):
    assert source["publisher"] and source["origin"] and source["title"] and source["language"]
    assert source["kind"] in schemas.SOURCE_KINDS
    assert source["reliability"] in schemas.RELIABILITY
    assert (
        source["url"].startswith(("http://", "https://"))
        or source["kind"] == "assumption"
        or (source["source_id"] == "clarin_0813")
    )
    if source["published"]:
        assert dates.parse_when(source["published"]).form in ("day", "month")
    assert source["source_id"] in {report["source_id"] for report in REPORTS}


def test_ids_are_never_used_twice_and_stay_in_their_series():
    ids = [report["report_id"] for report in REPORTS]
    assert len(set(ids)) == len(ids)
    assert all(key.startswith("afg-") and key[4:].isdigit() for key in ids)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["place_id"])
def test_a_place_is_told_of_by_a_report_before_and_after(place):
    mine = [report for report in REPORTS if report["place_id"] == place["place_id"]]
    controls = {report["control"] for report in mine if report["verdict"] == "used"}
    assert len(controls) > 1
    assert any(report["source_id"] == "baseline_2021" for report in mine)


def test_the_study_loads_with_no_more_than_known_oddities(bundled):
    found = [(problem.file, problem.row, problem.column) for problem in bundled.warnings]
    assert found == [
        ("reports.csv", 4, "place_id"),  # the report on Logar, an area
        ("sources.csv", 6, "kind"),  # an explainer that is a map
        ("places.geojson", 42, "geometry"),  # four crossings, on the border
        ("places.geojson", 45, "geometry"),
        ("places.geojson", 46, "geometry"),
        ("places.geojson", 48, "geometry"),
    ]


# The ground.


@pytest.fixture(scope="module")
def provinces(bundled):
    return bundled.areas.set_index("area_id").geometry


def test_there_are_34_provinces_each_with_a_capital_and_people():
    assert len(AREAS) == 34
    assert len({area["area_id"] for area in AREAS}) == 34
    assert all(area["area_id"].startswith("AF-") and area["population"] > 0 for area in AREAS)
    assert all(area["population_source"] for area in AREAS)
    capitals = [place["area_id"] for place in PLACES if place["is_capital"]]
    assert sorted(capitals) == sorted(area["area_id"] for area in AREAS)


def test_provinces_are_valid_polygons(provinces):
    assert provinces.is_valid.all()
    assert set(provinces.geom_type) <= {"Polygon", "MultiPolygon"}


def test_provinces_share_their_borders_point_by_point(provinces):
    shapes = provinces.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_empty(shapely.coverage_invalid_edges(shapes)).all()


def test_provinces_tile_the_country_without_gaps_or_overlaps(provinces):
    country = shapely.union_all(provinces.to_numpy())
    assert country.geom_type == "Polygon"
    assert len(country.interiors) == 0
    assert sum(shape.area for shape in provinces) == pytest.approx(country.area, rel=1e-12)


def test_the_country_is_as_large_as_it_is(bundled):
    weigh = measures.weights(bundled)
    assert weigh["km2"].sum() == pytest.approx(652_000, rel=0.02)
    assert weigh["people"].sum() == pytest.approx(32_900_000, rel=0.05)


@pytest.mark.parametrize(
    "capital",
    [place for place in PLACES if place["is_capital"]],
    ids=lambda place: place["place_id"],
)
def test_a_capital_lies_inside_its_own_province(capital, provinces, bundled):
    point = bundled.places.set_index("place_id").geometry[capital["place_id"]]
    inside = provinces.index[provinces.covers(point)].tolist()
    assert inside == [capital["area_id"]]


# The article alone.


def test_the_article_alone_says_this_and_nothing_else(article):
    assert_table(
        article.changes,
        """
        place_id        control     previous   day         earliest    latest      form  disputed
        herat           taliban     unknown    2021-08-13  2021-08-13  2021-08-13  by    no
        kabul           government  unknown    2021-08-13  2021-08-13  2021-08-13  by    no
        kandahar        contested   unknown    2021-07-22  2021-07-19  2021-07-25  wide  no
        kandahar        taliban     contested  2021-08-12  2021-08-12  2021-08-12  day   no
        kunduz-airport  taliban     unknown    2021-08-13  2021-08-13  2021-08-13  by    no
        lashkar-gah     taliban     unknown    2021-08-13  2021-08-13  2021-08-13  by    no
        puli-alam       taliban     unknown    2021-08-13  2021-08-12  2021-08-13  wide  no
        """,
    )


@pytest.mark.parametrize(
    ("on", "held", "uncertain"),
    [
        ("18 Jul", {}, []),
        ("19 Jul", {}, ["kandahar"]),
        ("22 Jul", {"kandahar": "contested"}, ["kandahar"]),
        ("25 Jul", {"kandahar": "contested"}, []),
        ("11 Aug", {"kandahar": "contested"}, []),
        ("12 Aug", {"kandahar": "taliban"}, ["puli-alam"]),
        (
            "13 Aug",
            {
                "kandahar": "taliban",
                "herat": "taliban",
                "lashkar-gah": "taliban",
                "puli-alam": "taliban",
                "kunduz-airport": "taliban",
                "kabul": "government",
            },
            [],
        ),
        ("14 Aug", {}, []),
        ("6 Sep", {}, []),
    ],
)
def test_the_article_alone_by_day(article, on, held, uncertain):
    table = article.control(day(on), "places")
    known = table[table["control"] != "unknown"]
    assert known["control"].to_dict() == held
    assert table.index[table["uncertain"]].tolist() == uncertain


def test_the_article_alone_colours_five_provinces(article):
    provinces = article.control(day("13 Aug"))["control"]
    assert provinces[provinces != "unknown"].to_dict() == {
        "AF-HEL": "taliban",
        "AF-HER": "taliban",
        "AF-KAB": "government",
        "AF-KAN": "taliban",
        "AF-LOG": "taliban",
    }


def test_after_the_article_nothing_is_claimed(article):
    assert article.silent_from == day("14 Aug")
    matrix = article.matrix("places")
    after = matrix.control.columns >= pd.Timestamp(day("14 Aug"))
    assert (matrix.control.loc[:, after] == "unknown").all(axis=None)
    assert not matrix.uncertain.loc[:, after].any(axis=None)


def test_the_articles_report_on_logar_is_kept_and_moves_nothing(article):
    report = article.reports.set_index("report_id").loc["afg-003"]
    assert (report["place_id"], report["control"]) == ("AF-LOG", "contested")
    assert pd.isna(report["change"])


# All sources.

FELL = {
    "zaranj": ("6 Aug", "7 Aug"),
    "sheberghan": ("7 Aug", "8 Aug"),
    "sar-e-pol": ("8 Aug", "8 Aug"),
    "kunduz": ("8 Aug", "8 Aug"),
    "taloqan": ("8 Aug", "8 Aug"),
    "aybak": ("9 Aug", "9 Aug"),
    "pul-e-khumri": ("10 Aug", "10 Aug"),
    "farah": ("10 Aug", "10 Aug"),
    "faizabad": ("10 Aug", "11 Aug"),
    "ghazni": ("12 Aug", "12 Aug"),
    "herat": ("12 Aug", "13 Aug"),
    "kandahar": ("12 Aug", "13 Aug"),
    "qala-e-naw": ("12 Aug", "13 Aug"),
    "lashkar-gah": ("12 Aug", "13 Aug"),
    "feroz-koh": ("12 Aug", "13 Aug"),
    "qalat": ("12 Aug", "13 Aug"),
    "tarinkot": ("13 Aug", "13 Aug"),
    "puli-alam": ("13 Aug", "13 Aug"),
    "sharana": ("14 Aug", "14 Aug"),
    "asadabad": ("14 Aug", "14 Aug"),
    "gardez": ("14 Aug", "15 Aug"),
    "mazar-i-sharif": ("14 Aug", "14 Aug"),
    "maymana": ("14 Aug", "14 Aug"),
    "mehtarlam": ("14 Aug", "15 Aug"),
    "nili": ("14 Aug", "15 Aug"),
    "maidan-shahr": ("14 Aug", "15 Aug"),
    "jalalabad": ("15 Aug", "15 Aug"),
    "khost": ("15 Aug", "15 Aug"),
    "bamyan": ("14 Aug", "15 Aug"),
    "mahmud-i-raqi": ("14 Aug", "15 Aug"),
    "charikar": ("15 Aug", "15 Aug"),
    "parun": ("14 Aug", "15 Aug"),
    "kabul": ("15 Aug", "15 Aug"),
    "bazarak": ("6 Sep", "6 Sep"),
}


def test_the_list_of_falls_names_every_capital():
    assert sorted(FELL) == sorted(place["place_id"] for place in PLACES if place["is_capital"])


@pytest.mark.parametrize("place", FELL)
def test_a_capital_falls_once_on_a_day_that_others_give(timeline, place):
    mine = timeline.changes[timeline.changes["place_id"] == place]
    falls = mine[mine["control"] == "taliban"]
    assert len(falls) == 1
    assert mine.index[-1] == falls.index[0]
    first, last = (day(text) for text in FELL[place])
    assert first <= falls["day"].iloc[0].date() <= last


def control_of(timeline, place, *days):
    """Who held a place on some days."""
    row = timeline.matrix("places").control.loc[place]
    return [row[pd.Timestamp(day(text))] for text in days]


def test_every_place_is_held_by_someone_from_the_first_day(timeline):
    held = timeline.matrix("places").control
    assert (held != "unknown").all(axis=None)
    assert set(held.iloc[:, 0]) == {"government", "us"}


def test_kabul_is_the_governments_until_15_august(timeline):
    row = timeline.matrix("places").control.loc["kabul"]
    assert (row[row.index < "2021-08-15"] == "government").all()
    assert (row[row.index >= "2021-08-15"] == "taliban").all()


def test_qala_e_naw_is_entered_and_retaken_in_july(timeline):
    held = control_of(timeline, "qala-e-naw", "6 Jul", "7 Jul", "8 Jul", "10 Aug", "12 Aug")
    assert held == ["government", "contested", "government", "government", "taliban"]


def test_bazarak_resists_from_15_august_until_september(timeline):
    held = control_of(timeline, "bazarak", "14 Aug", "15 Aug", "31 Aug", "4 Sep", "6 Sep")
    assert held == ["government", "resistance", "resistance", "resistance", "taliban"]


def test_kabul_airport_is_american_from_15_to_30_august(timeline):
    row = timeline.matrix("places").control.loc["kabul-airport"]
    american = row.index[row == "us"]
    assert (american[0].date(), american[-1].date()) == (day("15 Aug"), day("30 Aug"))
    assert len(american) == 16
    assert row.iloc[-1] == "taliban"


@pytest.mark.parametrize("place", ["kandahar", "herat"])
def test_the_day_of_the_two_great_cities_is_disputed(timeline, place):
    mine = timeline.changes[timeline.changes["place_id"] == place]
    fall = mine[mine["control"] == "taliban"].iloc[0]
    assert fall["disputed"]
    bounds = [fall[name].date() for name in ("earliest", "day", "latest")]
    assert bounds == [day("12 Aug"), day("12 Aug"), day("13 Aug")]


def test_on_the_last_day_all_provinces_are_one_sides(timeline, bundled):
    assert set(timeline.control(bundled.settings.end)["control"]) == {"taliban"}


def test_provinces_held_by_the_taliban_never_become_fewer_in_august(timeline):
    held = (timeline.matrix("areas").control == "taliban").sum()
    august = held["2021-08-01":"2021-09-06"]
    assert august.is_monotonic_increasing
    assert (august.iloc[0], august["2021-08-13"], august.iloc[-1]) == (0, 18, 34)


def test_what_was_known_by_a_day_never_reaches_past_it(bundled):
    known = Timeline(bundled, known_on=day("10 Aug"))
    assert known.silent_from == day("11 Aug")
    assert known.undated == sum(not PUBLISHED[report["source_id"]] for report in REPORTS)
    assert known.control(day("10 Aug"), "places")["control"]["kabul"] == "government"


def test_the_assumptions_can_be_switched_off(bundled):
    sources = [s["source_id"] for s in SOURCES if s["kind"] != "assumption"]
    first = Timeline(bundled, sources).control(bundled.settings.start, "places")
    assert set(first["control"]) == {"unknown"}


def test_curators_are_told_what_is_odd(timeline):
    told = checks.check_changes(timeline.changes, timeline.reports)
    words = {problem.wrong for problem in told}
    assert "“charikar” falls on the word of a single origin" in words
    assert any("“kunduz” stays contested" in word for word in words)
    rows = Path(BUNDLED / "reports.csv").read_text(encoding="utf-8").splitlines()
    for problem in told:
        place = problem.wrong.split("”")[0].removeprefix("“")
        assert rows[problem.row - 1].split(",")[1] == place
