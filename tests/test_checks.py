"""A study that is wrong never draws a wrong map: each way to be wrong is told by file and row.

Every test takes the tiny study, breaks one thing, and reads what its curator would.
"""

import tomllib
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import Point, Polygon

from geo import schemas
from geo.checks import check_changes
from geo.problems import ERROR, WARNING, Problem, to_frame
from geo.study import load
from geo.tiling import distance_km
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import problems


@pytest.fixture
def files():
    return tiny.files()


@pytest.fixture
def told(files, tmp_path):
    """What is wrong with the files as they are now: (level, file, row, column, wrong)."""

    def tell():
        found = problems(files.write(tmp_path / "tiny"))
        assert all(problem.right for problem in found)
        return [problem[:5] for problem in found]

    return tell


def error(file, row, column, wrong):
    return (ERROR, file, row, column, wrong)


def warning(file, row, column, wrong):
    return (WARNING, file, row, column, wrong)


def test_nothing_is_wrong_with_the_tiny_study(told):
    assert told() == []


# reports.csv


def broken(table, key, cells):
    """A table whose every row is its second one, each with another wrong cell."""
    rows = [table.iloc[1].to_dict() | {key: f"x{n}", column: cell} for n, (column, cell) in cells]
    return pd.DataFrame([table.iloc[0].to_dict(), *rows], columns=table.columns)


def test_every_wrong_cell_of_a_report_is_told_with_its_row(files, told):
    wrong = [
        ("report_id", "", "the cell is empty"),
        ("place_id", "", "the cell is empty"),
        ("place_id", "atlantis", "“atlantis” is no place or area of the study"),
        ("place_id", "Alpha", "“Alpha” is no place or area of the study"),
        ("control", "", "the cell is empty"),
        ("control", "purple", "“purple” is not a control that a report can give"),
        ("control", "unknown", "“unknown” is not a control that a report can give"),
        ("control", "Red", "“Red” is not a control that a report can give"),
        ("when", "", "the date is missing"),
        ("when", "13.08.2021", "“13.08.2021” is not a date in EDTF"),
        ("when", "2021-08-32", "“2021-08-32” is not a day of the calendar"),
        ("when", "2021-08-13/2021-08-12", "“2021-08-13/2021-08-12” ends before it begins"),
        ("when", "2021-22", "“2021-22” is a season or quarter"),
        ("source_id", "", "the cell is empty"),
        ("source_id", "rumour", "“rumour” is no source of the study"),
        ("claimant_side", "purple", "“purple” is not a control of study.toml"),
        ("confidence", "certain", "“certain” is not allowed here"),
        ("confidence", "", "the cell is empty"),
        ("verdict", "maybe", "“maybe” is not allowed here"),
        ("supersedes", "r99", "“r99” is no report of the study"),
    ]
    files.reports = broken(files.reports, "report_id", enumerate(w[:2] for w in wrong))
    assert sorted(told()) == sorted(
        error("reports.csv", row, column, words)
        for row, (column, _, words) in enumerate(wrong, start=3)
    )


def test_a_report_that_corrects_one_on_another_place(files, told):
    files.reports.loc[1, "supersedes"] = "r3"
    assert told() == [error("reports.csv", 3, "supersedes", "“r3” is a report on another place")]


def test_two_reports_with_one_id(files, told):
    files.reports.loc[2, "report_id"] = "r1"
    assert told() == [
        error("reports.csv", 2, "report_id", "“r1” stands more than once"),
        error("reports.csv", 4, "report_id", "“r1” stands more than once"),
    ]


def test_reports_that_correct_each_other_in_a_circle(files, told):
    files.reports = tiny.ledger("""
        report_id  place_id  control  when           supersedes
        r1         alpha     blue     ../2021-08-01  r3
        r2         alpha     red      2021-08-05     r1
        r3         alpha     red      2021-08-06     r2
        r4         alpha     red      2021-08-07     r3
    """)
    assert told() == [
        error("reports.csv", row, "supersedes", f"“{r}” corrects itself, by way of 3 report(s)")
        for row, r in [(2, "r1"), (3, "r2"), (4, "r3")]
    ]


def test_a_report_that_corrects_itself(files, told):
    files.reports.loc[1, "supersedes"] = "r2"
    assert told() == [
        error("reports.csv", 3, "supersedes", "“r2” corrects itself, by way of 1 report(s)")
    ]


def test_a_report_outside_the_studys_days_is_odd(files, told):
    outside = ["2021-07-31", "2021-09-01", "2021-07", "../2021-07-30"]
    reaching_in = ["2021-07-25/2021-08-01", "2021-09-03~", "2021-08"]
    cells = [("when", text) for text in outside + reaching_in]
    files.reports = broken(files.reports, "report_id", enumerate(cells))
    assert told() == [
        warning(
            "reports.csv",
            row,
            "when",
            f"“{text}” is outside the study's days (2021-08-01 to 2021-08-31)",
        )
        for row, text in enumerate(outside, start=3)
    ]


@pytest.mark.parametrize("rule", ["capital", "majority"])
def test_a_report_on_an_area_that_moves_nothing_is_odd(files, told, rule):
    files.settings = f'area_rule = "{rule}"\n' + files.settings
    files.reports.loc[1, "place_id"] = "X-W"
    wrong = f"a report on the area “X-W” moves nothing under the rule “{rule}”"
    assert told() == [warning("reports.csv", 3, "place_id", wrong)]


def test_a_report_on_an_area_is_fine_where_reports_name_areas(files, told):
    files.settings = 'area_rule = "reported"\n' + files.settings
    files.reports.loc[1, "place_id"] = "X-W"
    assert told() == []


# sources.csv


def test_every_wrong_cell_of_a_source_is_told_with_its_row(files, told):
    wrong = [
        ("source_id", "", "the cell is empty"),
        ("publisher", "", "the cell is empty"),
        ("kind", "blog", "“blog” is not allowed here"),
        ("reliability", "G", "“G” is not allowed here"),
        ("published", "soon", "“soon” is neither a day nor a month"),
        ("published", "../2021-08-01", "“../2021-08-01” is neither a day nor a month"),
        ("published", "2021-08-01~", "“2021-08-01~” is neither a day nor a month"),
        ("retrieved", "1.9.2021", "“1.9.2021” is neither a day nor a month"),
    ]
    files.sources = broken(files.sources, "source_id", enumerate(w[:2] for w in wrong))
    assert sorted(told()) == sorted(
        error("sources.csv", row, column, words)
        for row, (column, _, words) in enumerate(wrong, start=3)
    )


def test_two_sources_with_one_id(files, told):
    files.sources.loc[3, "source_id"] = "paper"
    wrong = "“paper” stands more than once"
    assert told() == [error("sources.csv", row, "source_id", wrong) for row in (4, 5)]


def test_an_address_that_is_no_web_address_is_odd(files, told):
    odd = ["javascript:alert(1)", "www.example.org", "ftp://example.org"]
    cells = [("url", url) for url in [*odd, "", "HTTP://example.org"]]
    files.sources = broken(files.sources, "source_id", enumerate(cells))
    assert told() == [
        warning("sources.csv", row, "url", f"“{url}” is no web address and is shown as text")
        for row, url in enumerate(odd, start=3)
    ]


def test_a_source_that_is_itself_a_map_is_odd(files, told):
    files.sources.loc[0, "kind"] = "map"
    wrong = "a map is a source: it has reports of its own behind it"
    assert told() == [warning("sources.csv", 2, "kind", wrong)]


# Tables as a whole.


NEEDED = {
    "reports.csv": ["place_id", "control", "when", "source_id", "confidence", "verdict"],
    "sources.csv": ["publisher", "kind"],
    "areas.geojson": ["name"],
    "places.geojson": ["name", "kind"],
}
"""The columns that no table may leave out, beside its key."""


@pytest.mark.parametrize("file", ["reports.csv", "sources.csv"])
def test_every_missing_column_is_named(files, tmp_path, file):
    name = file.removesuffix(".csv")
    key, *_ = schemas.SCHEMAS[file].columns
    setattr(files, name, getattr(files, name)[[key]])
    assert problems(files.write(tmp_path / "tiny")) == [
        Problem(ERROR, file, None, column, "the column is missing", f"a column named {column}")
        for column in NEEDED[file]
    ]


@pytest.mark.parametrize("file", ["areas.geojson", "places.geojson"])
def test_every_missing_property_is_named(files, told, file):
    for feature in getattr(files, file.removesuffix(".geojson"))["features"]:
        key, *_ = feature["properties"]
        feature["properties"] = {key: feature["properties"][key]}
    assert told()[: len(NEEDED[file])] == [
        error(file, None, column, "the column is missing") for column in NEEDED[file]
    ]


def test_all_other_columns_may_be_left_out(tmp_path):
    files = tiny.files()
    for name in ("reports", "sources"):
        key, *_ = schemas.SCHEMAS[f"{name}.csv"].columns
        setattr(files, name, getattr(files, name)[[key, *NEEDED[f"{name}.csv"]]])
    for feature in files.areas["features"]:
        feature["properties"] = {key: feature["properties"][key] for key in ("area_id", "name")}
    found = load(files.write(tmp_path / "tiny"))
    assert found.reports["supersedes"].tolist() == ["", "", ""]
    assert found.sources["published"].tolist() == [""] * 5
    assert found.areas["alt_names"].tolist() == ["", ""]
    assert found.areas["population"].isna().all()


def test_a_column_that_is_misspelt_is_worth_a_second_look(files, told):
    files.reports = files.reports.rename(columns={"claimant_side": "Claiment_side"})
    wrong = "the column is none of the study's"
    assert told() == [warning("reports.csv", None, "Claiment_side", wrong)]


FILES = ["study.toml", "areas.geojson", "places.geojson", "reports.csv", "sources.csv"]


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file(files, tmp_path, file):
    folder = files.write(tmp_path / "tiny")
    (folder / file).unlink()
    assert [problem[:5] for problem in problems(folder)] == [
        error(file, None, "", "the file is missing")
    ]


def test_a_folder_without_any_of_the_files(tmp_path):
    assert sorted(problem.file for problem in problems(tmp_path)) == sorted(FILES)


@pytest.mark.parametrize("content", ["", " \n", "\ufeff"])
def test_empty_files(files, tmp_path, content):
    folder = files.write(tmp_path / "tiny")
    for file in FILES:
        (folder / file).write_text(content, encoding="utf-8")
    assert [problem[:5] for problem in problems(folder)] == [
        error(file, None, "", "the file is empty") for file in FILES
    ]


def test_files_that_are_not_utf_8(files, tmp_path):
    folder = files.write(tmp_path / "tiny")
    for file in FILES:
        (folder / file).write_bytes("first\nHérat".encode("latin-1"))
    assert [problem[:5] for problem in problems(folder)] == [
        error(file, 2, "", "byte 7 is not UTF-8") for file in FILES
    ]


@pytest.mark.parametrize("file", ["reports.csv", "sources.csv"])
def test_a_ledger_that_is_not_begun(files, tmp_path, file):
    folder = files.write(tmp_path / "tiny")
    header = (folder / file).read_text(encoding="utf-8").splitlines()[0]
    (folder / file).write_text(header, encoding="utf-8")
    assert warning(file, None, "", "the file has no rows") in [p[:5] for p in problems(folder)]


def test_a_table_of_one_word_is_no_ledger(files, tmp_path):
    folder = files.write(tmp_path / "tiny")
    (folder / "reports.csv").write_text("nonsense", encoding="utf-8")
    missing = [one.column for one in problems(folder) if one.wrong == "the column is missing"]
    assert missing == ["report_id", *NEEDED["reports.csv"]]


def test_without_a_report_everything_is_unknown(files, tmp_path):
    folder = files.write(tmp_path / "tiny")
    for name, table in (("reports", files.reports), ("sources", files.sources)):
        (folder / f"{name}.csv").write_text(",".join(table.columns), encoding="utf-8")
    timeline = Timeline(load(folder))
    assert set(timeline.matrix("areas").control.to_numpy().ravel()) == {"unknown"}
    assert timeline.silent_from == timeline.study.settings.start


def test_where_reports_name_areas_there_may_be_no_places(files, tmp_path):
    files.settings = 'area_rule = "reported"\n' + files.settings
    files.reports["place_id"] = ["X-W", "X-W", "X-E"]
    folder = files.write(tmp_path / "tiny")
    (folder / "places.geojson").unlink()
    found = load(folder)
    assert (len(found.places), found.warnings) == (0, [])
    assert Timeline(found).control(date(2021, 8, 5))["control"].tolist() == ["red", "blue"]


@pytest.mark.parametrize("file", ["areas.geojson", "places.geojson"])
def test_a_collection_without_features(files, tmp_path, file):
    folder = files.write(tmp_path / "tiny")
    (folder / file).write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    assert [problem[:5] for problem in problems(folder)] == [
        error(file, None, "", "the file has no rows")
    ]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("r9,alpha", "2 cells under 12 columns"),
        (
            "r9,alpha,red,2021-08-09,wire,,,low,used,It fell, at last.,,",
            "13 cells under 12 columns",
        ),
    ],
)
def test_rows_that_are_shorter_or_longer_than_the_header(files, tmp_path, line, wrong):
    folder = files.write(tmp_path / "tiny")
    with (folder / "reports.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert [problem[:5] for problem in problems(folder)] == [error("reports.csv", 5, "", wrong)]


def test_a_quote_that_never_closes(files, tmp_path):
    folder = files.write(tmp_path / "tiny")
    with (folder / "reports.csv").open("a", encoding="utf-8") as file:
        file.write('r9,"alpha')
    (problem,) = problems(folder)
    assert (problem.file, problem.wrong) == ("reports.csv", "not CSV: unexpected end of data")


def test_two_columns_of_one_name(files, tmp_path):
    folder = files.write(tmp_path / "tiny")
    text = (folder / "reports.csv").read_text(encoding="utf-8")
    (folder / "reports.csv").write_text(text.replace("locator", "when"), encoding="utf-8")
    assert [problem[:5] for problem in problems(folder)] == [
        error("reports.csv", 1, "", "two columns are named “when”")
    ]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("places.geojson", "{"),
        ("context.geojson", "{"),
        *(
            ("areas.geojson", text)
            for text in ("{", "[]", "{}", "null", '{"features": 3}', '{"features": [1]}')
        ),
        ("areas.geojson", '{"features": [{}]}'),
    ],
)
def test_a_file_that_is_not_geojson(files, tmp_path, file, content):
    folder = files.write(tmp_path / "tiny")
    (folder / file).write_text(content, encoding="utf-8")
    (problem,) = problems(folder)
    assert problem[:4] == (ERROR, file, None, "")
    assert problem.wrong.startswith("not GeoJSON")


def test_half_of_a_letter_is_refused(files, tmp_path):
    """JSON can spell it, and no file could hold it again."""
    folder = files.write(tmp_path / "tiny")
    text = (folder / "areas.geojson").read_text(encoding="utf-8")
    (folder / "areas.geojson").write_text(text.replace("East", "E\\ud800st"), encoding="utf-8")
    (problem,) = problems(folder)
    assert problem[:4] == (ERROR, "areas.geojson", None, "")
    assert "lone surrogate" in problem.wrong


# areas.geojson: the second feature is the eastern area.

SQUARE = [[61, 30], [62, 30], [62, 31], [61, 31], [61, 30]]


def polygon(*ring):
    return {"type": "Polygon", "coordinates": [list(ring)]}


def test_two_areas_with_one_id(files, told):
    files.areas["features"].append(files.area("X-E"))
    wrong = "“X-E” stands more than once"
    assert told()[:2] == [error("areas.geojson", row, "area_id", wrong) for row in (2, 3)]


def test_areas_that_overlap(files, told):
    ring = [[60.9, 30], [62, 30], [62, 31], [60.9, 31], [60.9, 30]]
    files.area("X-E")["geometry"] = polygon(*ring)
    (found,) = told()
    assert found[:4] == (ERROR, "areas.geojson", 2, "area_id")
    assert found[4] == "“X-E” overlaps “X-W” by 1,064 km²"


def test_an_area_inside_another(files, told):
    ring = [[60.1, 30.1], [60.2, 30.1], [60.2, 30.2], [60.1, 30.2], [60.1, 30.1]]
    enclave = tiny.clone(files.area("X-E"), area_id="X-S", name="South")
    files.areas["features"].append(enclave | {"geometry": polygon(*ring)})
    found = [problem for problem in told() if problem[0] == ERROR]
    assert found == [error("areas.geojson", 3, "area_id", "“X-S” overlaps “X-W” by 107 km²")]


def test_a_border_that_is_drawn_a_little_differently_is_tolerated(files, told):
    ring = [[61.000001, 30], [62, 30], [62, 31], [61.000001, 31], [61.000001, 30]]
    files.area("X-E")["geometry"] = polygon(*ring)
    assert told() == []


def test_an_area_that_crosses_itself(files, told):
    files.area("X-E")["geometry"] = polygon([61, 30], [62, 31], [62, 30], [61, 31], [61, 30])
    (found,) = [problem for problem in told() if "valid" in problem[4]]
    assert found[:4] == (ERROR, "areas.geojson", 2, "area_id")
    assert found[4].startswith("“X-E” is not a valid polygon: Self-intersection")


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [61.5, 30.5]},
        {"type": "LineString", "coordinates": SQUARE},
        {"type": "Polygon", "coordinates": []},
    ],
)
def test_an_area_that_is_no_polygon(files, told, geometry):
    files.area("X-E")["geometry"] = geometry
    assert error("areas.geojson", 2, "area_id", "“X-E” is not a polygon") in told()


@pytest.mark.parametrize("geometry", [None, {}, {"type": "Potato"}, {"type": "Polygon"}])
def test_a_geometry_that_cannot_be_read(files, told, geometry):
    files.area("X-E")["geometry"] = geometry
    (found,) = told()
    assert found[:4] == (ERROR, "areas.geojson", 2, "")
    assert found[4].startswith("the geometry cannot be read")


@pytest.mark.parametrize("people", ["many", -1, "1,000", 1234.5])
def test_a_population_that_is_no_number_of_people(files, told, people):
    files.area("X-E")["properties"]["population"] = people
    (found,) = told()
    assert found[:4] == (ERROR, "areas.geojson", 2, "population")


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_a_number_that_json_does_not_have(files, told, number):
    files.area("X-E")["properties"]["population"] = number
    files.place("delta")["geometry"]["coordinates"] = [number, number]
    assert {found[:2] for found in told()} == {
        (ERROR, "areas.geojson"),
        (ERROR, "places.geojson"),
    }


@pytest.mark.parametrize(
    ("file", "crs"),
    [
        ("areas", "nonsense"),
        ("areas", "EPSG:99999"),
        ("places", "+proj=utm +zone=42"),
    ],
)
def test_a_crs_that_proj_does_not_know(files, told, file, crs):
    getattr(files, file)["crs"] = {"type": "name", "properties": {"name": crs}}
    assert told() == [error(f"{file}.geojson", None, "", f"the coordinates are in “{crs}”")]


@pytest.mark.parametrize("member", ["EPSG:32642", {"properties": None}, {"type": "link"}, 4326])
def test_a_crs_that_cannot_be_read(files, told, member):
    files.areas["crs"] = member
    (found,) = told()
    assert found[:4] == (ERROR, "areas.geojson", None, "")


def test_coordinates_that_are_not_degrees(files, told):
    files.area("X-E")["geometry"] = polygon(
        *([x * 10_000, y * 10_000] for x, y in SQUARE),
    )
    wrong = "“X-E” has coordinates that are not degrees"
    assert error("areas.geojson", 2, "area_id", wrong) in told()


def swap(feature):
    def turned(part):
        return part[::-1] if isinstance(part[0], (int, float)) else [turned(p) for p in part]

    feature["geometry"]["coordinates"] = turned(feature["geometry"]["coordinates"])


def test_a_place_with_latitude_and_longitude_swapped(files, told):
    # The point lands in the area once it is turned around.
    for feature in files.areas["features"]:
        feature["geometry"] = polygon([30, 30], [62, 30], [62, 31], [30, 31], [30, 30])
    files.areas["features"].pop()
    files.places["features"] = [files.place("alpha"), files.place("gamma")]
    files.reports = files.reports[files.reports["place_id"] == "alpha"]
    files.place("gamma")["geometry"]["coordinates"] = [30.2, 60.2]
    assert told() == [error("places.geojson", 2, "geometry", "latitude and longitude look swapped")]


def test_all_places_with_latitude_and_longitude_swapped(files, told):
    for feature in files.places["features"]:
        swap(feature)
    wrong = "latitude and longitude look swapped"
    assert told() == [error("places.geojson", row, "geometry", wrong) for row in range(1, 6)]


def test_both_files_with_latitude_and_longitude_swapped(files, told):
    for feature in files.areas["features"] + files.places["features"]:
        swap(feature)
    wrong = "latitude and longitude look swapped: the map's projection is centred elsewhere"
    assert error("areas.geojson", None, "", wrong) in told()


def test_areas_with_latitude_and_longitude_swapped(files, told):
    for feature in files.areas["features"]:
        swap(feature)
    wrong = "latitude and longitude look swapped: the map's projection is centred elsewhere"
    assert error("areas.geojson", None, "", wrong) in told()


# places.geojson: the fourth feature is delta.


def test_two_places_with_one_id(files, told):
    files.places["features"].append(tiny.clone(files.place("delta")))
    wrong = "“delta” stands more than once"
    assert told() == [error("places.geojson", row, "place_id", wrong) for row in (4, 6)]


def test_a_place_with_the_id_of_an_area(files, told):
    files.place("delta")["properties"]["place_id"] = "X-E"
    assert told() == [error("places.geojson", 4, "place_id", "“X-E” is an area's id too")]


def test_a_place_in_no_area_of_the_study(files, told):
    files.place("delta")["properties"]["area_id"] = "X-N"
    assert told() == [error("places.geojson", 4, "area_id", "“X-N” is no area of the study")]


def test_a_place_of_no_area_is_fine(files, told):
    files.place("delta")["properties"]["area_id"] = None
    files.place("delta")["geometry"]["coordinates"] = [63, 33]
    assert told() == []


# One degree of longitude is 95.7 km at 30.8° north.


@pytest.mark.parametrize(
    ("longitude", "level", "wrong"),
    [
        (61.0, None, ""),
        (61.01, WARNING, "“delta” lies 1.0 km outside X-W"),
        (61.05, WARNING, "“delta” lies 4.8 km outside X-W"),
        (61.06, ERROR, "“delta” lies 5.7 km outside X-W"),
    ],
)
def test_a_place_more_than_5_km_outside_its_area_is_wrong_and_nearer_odd(
    files, told, longitude, level, wrong
):
    files.place("delta")["geometry"]["coordinates"] = [longitude, 30.8]
    expected = [(level, "places.geojson", 4, "geometry", wrong)] if level else []
    assert told() == expected


def test_the_distance_to_a_slanting_border_is_that_to_its_nearest_point():
    # In the far north a degree of longitude is a third of one of latitude.
    place, area = Point(20.5, 70.9), Polygon([(20, 70), (21, 70), (20, 71)])
    border = shapely.segmentize(area.exterior, 0.0001)
    longitudes, latitudes = shapely.get_coordinates(border).T
    _, _, metres = Geod(ellps="WGS84").inv(
        np.full_like(longitudes, place.x), np.full_like(latitudes, place.y), longitudes, latitudes
    )
    assert distance_km(place, area) == pytest.approx(metres.min() / 1000, rel=0.01)


def test_a_place_that_is_no_point(files, told):
    files.place("delta")["geometry"] = polygon(*SQUARE)
    assert told() == [error("places.geojson", 4, "place_id", "“delta” is not a point")]


def test_a_place_that_is_nowhere(files, told):
    files.place("delta")["geometry"]["coordinates"] = []
    assert told() == [error("places.geojson", 4, "place_id", "“delta” is not a point")]


def test_a_second_capital(files, told):
    files.place("delta")["properties"]["is_capital"] = True
    assert told() == [error("places.geojson", 4, "is_capital", "a second capital of its area")]


def test_an_area_without_a_capital_is_odd_where_capitals_decide(files, told):
    files.place("beta")["properties"]["is_capital"] = False
    wrong = "“X-E” has no capital and stays unknown"
    assert told() == [warning("areas.geojson", 2, "area_id", wrong)]
    files.settings = 'area_rule = "majority"\n' + files.settings
    assert told() == []


@pytest.mark.parametrize("flag", ["true", "yes", None, 2])
def test_a_flag_that_is_neither_true_nor_false(files, told, flag):
    files.place("delta")["properties"]["is_capital"] = flag
    (found,) = told()
    assert found[:4] == (ERROR, "places.geojson", 4, "is_capital")


@pytest.mark.parametrize("column", ["place_id", "name", "kind"])
def test_a_place_without_what_it_must_have(files, told, column):
    files.place("fort")["properties"][column] = None
    assert told() == [error("places.geojson", 5, column, "the cell is empty")]


# study.toml


@pytest.mark.parametrize(
    ("old", "new", "key", "wrong"),
    [
        ('title = "Tiny"', "", "title", "Field required"),
        ('title = "Tiny"', 'title = ""', "title", "at least 1 character"),
        ('title = "Tiny"', 'titel = "Tiny"', "titel", "Extra inputs are not permitted"),
        ("start = 2021-08-01", "start = 'May'", "start", "valid date"),
        ("start = 2021-08-01", "start = 2021-09-01", "", "is later than end"),
        ("opens_on = 2021-08-10", "opens_on = 2021-09-10", "", "outside"),
        ("opens_on = 2021-08-10", "opens_on = 2021-08-10\nmax_window = 0", "max_window", "1"),
        ("opens_on = 2021-08-10", "opens_on = 2021-08-10\narea_rule = 'x'", "area_rule", "capital"),
        ('["area", "areas"]', '["area"]', "area_unit.1", "required"),
        ("+proj=aea", "+proj=potato", "", "PROJ does not know the projection"),
        ('id = "red"', 'id = "blue"', "", "a control id stands twice"),
        ('id = "red"', 'id = "Red Army"', "control.1.id", "pattern"),
        ('id = "red"', 'id = "red"\ncolour = "red"', "control.1.colour", "pattern"),
        ('id = "red"', 'id = "red"\ncolor = "#ff0000"', "control.1.color", "not permitted"),
        ('id = "red"', 'id = "red"\nmarker = "star"', "control.1.marker", "full"),
        ('id = "red"', "", "control.1.id", "required"),
    ],
)
def test_a_key_of_the_settings_that_is_wrong(old, new, key, wrong):
    assert old in tiny.SETTINGS
    settings, found = schemas.check_settings(tomllib.loads(tiny.SETTINGS.replace(old, new)))
    assert settings is None
    assert {problem[:3] for problem in found} == {(ERROR, "study.toml", None)}
    assert any(problem.column == key and wrong in problem.wrong for problem in found)


def test_wrong_settings_are_told_with_the_study(files, told):
    files.settings = files.settings.replace('title = "Tiny"', "")
    assert told() == [error("study.toml", None, "title", "Field required")]


def test_a_lead_source_that_is_no_source(files, told):
    files.settings = 'lead_source = "rumour"\n' + files.settings
    assert told() == [error("study.toml", None, "lead_source", "“rumour” is not a source")]


def test_settings_that_are_not_toml(files, told):
    files.settings = "title = \n" + files.settings
    (found,) = told()
    assert found[:4] == (ERROR, "study.toml", None, "")
    assert found[4].startswith("not TOML: Invalid value (at line 1, column 9)")


def test_settings_without_a_control(files, told):
    files.settings = files.settings.split("[[control]]")[0]
    assert told()[0] == error("study.toml", None, "control", "Field required")


# All at once.


def test_all_that_is_wrong_is_told_at_once(files, told):
    files.reports.loc[0, "place_id"] = "atlantis"
    files.reports.loc[1, "when"] = "soon"
    files.reports.loc[2, "confidence"] = "certain"
    files.reports.loc[2, "control"] = "purple"
    files.sources.loc[4, "kind"] = "blog"
    files.sources.loc[4, "published"] = "soon"
    files.place("delta")["geometry"]["coordinates"] = [65, 30]
    files.place("fort")["properties"]["area_id"] = "X-N"
    files.area("X-E")["properties"]["population"] = "many"
    places = {(file, row, column) for _, file, row, column, _ in told()}
    assert places >= {
        ("reports.csv", 2, "place_id"),
        ("reports.csv", 3, "when"),
        ("reports.csv", 4, "confidence"),
        ("reports.csv", 4, "control"),
        ("sources.csv", 6, "kind"),
        ("sources.csv", 6, "published"),
        ("places.geojson", 4, "geometry"),
        ("places.geojson", 5, "area_id"),
        ("areas.geojson", 2, "population"),
    }
    assert all(level == ERROR for level, *_ in told())


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda files: setattr(files, "settings", "titel = 1"), id="settings"),
        pytest.param(lambda files: files.sources.pop("kind"), id="column"),
        pytest.param(lambda files: setattr(files, "sources", files.sources[:0]), id="no rows"),
    ],
)
def test_damage_in_one_file_hides_nothing_that_is_wrong_in_another(files, told, damage):
    files.place("delta")["geometry"]["coordinates"] = [65, 30]
    files.area("X-E")["properties"]["population"] = "many"
    files.reports.loc[1, "when"] = "soon"
    damage(files)
    places = {(file, row, column) for _, file, row, column, _ in told()}
    assert places >= {
        ("places.geojson", 4, "geometry"),
        ("areas.geojson", 2, "population"),
        ("reports.csv", 3, "when"),
    }


def test_a_wrong_population_does_not_hide_that_areas_overlap(files, told):
    ring = [[60.9, 30], [62, 30], [62, 31], [60.9, 31], [60.9, 30]]
    files.area("X-E")["geometry"] = polygon(*ring)
    files.area("X-E")["properties"]["population"] = "many"
    assert {column for _, _, _, column, _ in told()} == {"population", "area_id"}


def test_problems_as_a_table_stand_by_level_file_and_row():
    found = to_frame(
        [
            Problem(WARNING, "areas.geojson", 1, "area_id", "odd", "even"),
            Problem(ERROR, "sources.csv", None, "", "missing", "a file"),
            Problem(ERROR, "reports.csv", 12, "when", "soon", "a day"),
            Problem(ERROR, "reports.csv", 3, "when", "late", "a day"),
        ]
    )
    assert list(found) == ["level", "file", "row", "column", "wrong", "right"]
    assert found["wrong"].tolist() == ["late", "soon", "missing", "odd"]


def test_a_study_with_oddities_alone_is_still_a_study(files, tmp_path):
    files.sources.loc[0, "kind"] = "map"
    found = problems(files.write(tmp_path / "tiny"))
    assert [problem.level for problem in found] == [WARNING]


# What the rules cannot judge.


def odd(ledger, **settings):
    """What a curator should look at again: (row, words)."""
    found = Timeline(tiny.study(ledger, **settings))
    told = check_changes(found.changes, found.reports)
    assert all(problem[:2] == (WARNING, "reports.csv") for problem in told)
    assert all(problem.column == "place_id" and problem.right for problem in told)
    return [(problem.row, problem.wrong) for problem in told]


def test_nothing_is_odd_about_a_fall_with_two_origins_and_a_later_look():
    assert (
        odd("""
            place_id  control  when           source_id
            alpha     blue     ../2021-08-01  wire
            alpha     red      2021-08-10     wire
            alpha     red      2021-08-10     paper
            alpha     red      ../2021-08-12  radio
        """)
        == []
    )


@pytest.mark.parametrize(("day", "is_odd"), [(11, True), (12, True), (13, False)])
def test_a_place_that_changes_hands_twice_within_two_days_is_odd(day, is_odd):
    found = odd(f"""
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  wire
        alpha     red      2021-08-10     wire
        alpha     red      2021-08-10     paper
        alpha     blue     2021-08-{day}  wire
        alpha     blue     2021-08-{day}  paper
        alpha     blue     ../2021-08-20  radio
    """)
    assert found == ([(5, "“alpha” changes hands again within 2 days of row 3")] if is_odd else [])


def test_fighting_in_between_does_not_hide_that_it_changes_hands_twice():
    found = odd("""
        place_id  control    when           source_id
        alpha     blue       ../2021-08-01  wire
        alpha     red        2021-08-10     wire
        alpha     red        2021-08-10     paper
        alpha     contested  2021-08-11     paper
        alpha     blue       2021-08-11     wire
        alpha     blue       2021-08-11     paper
        alpha     blue       ../2021-08-20  radio
    """)
    assert found == [(6, "“alpha” changes hands again within 2 days of row 3")]


def test_two_holders_on_one_day_are_odd():
    found = odd("""
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  wire
        alpha     red      2021-08-10     wire
        alpha     red      2021-08-10     paper
        alpha     green    2021-08-10     wire
        alpha     green    2021-08-10     paper
        alpha     green    ../2021-08-20  radio
    """)
    assert found == [(5, "“alpha” has two holders on one day, the other by row 3")]


def test_a_fall_with_a_single_origin_is_odd():
    # The reprint adds no second origin.
    found = odd("""
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  paper
        alpha     red      2021-08-10     wire
        alpha     red      ../2021-08-12  reprint
    """)
    assert found == [(3, "“alpha” falls on the word of a single origin")]


def test_a_single_origin_of_all_falls_is_told_once():
    found = Timeline(
        tiny.study("""
            place_id  control  when           source_id
            alpha     blue     ../2021-08-01  wire
            alpha     red      2021-08-10     wire
            alpha     red      ../2021-08-12  reprint
            beta      blue     ../2021-08-01  wire
            beta      red      2021-08-11     wire
            beta      red      ../2021-08-12  wire
        """)
    )
    (problem,) = check_changes(found.changes, found.reports)
    wrong = "all 2 falls rest on the word of a single origin, “Wire”"
    assert problem[:5] == warning("reports.csv", None, "source_id", wrong)


def test_a_fall_without_a_later_look_is_odd():
    found = odd("""
        place_id  control  when           source_id
        alpha     blue     ../2021-08-01  wire
        alpha     red      2021-08-10     wire
        alpha     red      2021-08-10     paper
        beta      blue     ../2021-08-20  wire
    """)
    assert found == [(3, "“alpha” has no report after its fall")]


@pytest.mark.parametrize(("day", "is_odd"), [(23, False), (24, False), (25, True)])
def test_contested_for_weeks_on_end_is_odd(day, is_odd):
    found = odd(
        f"""
        place_id  control    when            source_id
        alpha     blue       ../2021-08-01   wire
        alpha     contested  2021-08-03      wire
        alpha     red        2021-08-{day}   wire
        alpha     red        2021-08-{day}   paper
        alpha     red        ../2021-08-31   radio
        """
    )
    wrong = "“alpha” stays contested for more than 21 days without another report"
    assert found == ([(3, wrong)] if is_odd else [])


def test_contested_for_weeks_with_a_look_in_between_is_fine():
    assert (
        odd("""
            place_id  control    when           source_id
            alpha     contested  2021-08-01     wire
            alpha     contested  ../2021-08-12  wire
            alpha     red        2021-08-31     wire
        """)
        == []
    )


def test_contested_for_weeks_without_an_end_is_odd():
    found = odd("""
        place_id  control    when           source_id
        alpha     contested  2021-08-01     wire
        beta      blue       ../2021-08-31  wire
    """)
    wrong = "“alpha” stays contested for more than 21 days without another report"
    assert found == [(2, wrong)]


def test_a_first_report_is_no_fall():
    ledger = """
        place_id  control  when        source_id
        alpha     red      2021-08-10  wire
    """
    assert odd(ledger) == []
