"""Named points become a study to curate in; what cannot be placed is told with its row."""

import gzip
import zipfile
from datetime import date

import geopandas as gpd
import pytest
from shapely.geometry import Point

from geo import study
from geo.importers import draft, points, sheets
from geo.importers.refusal import TableError
from tests import tiny

TOWNS = """
name,lat,lon,kind
Alpha,30.5,60.5,
Beta,30.5,61.5,base
"""


@pytest.fixture
def areas(tmp_path):
    path = tmp_path / "areas.geojson"
    path.write_text(tiny.as_json(tiny.areas()), encoding="utf-8")
    return path


@pytest.fixture
def read(tmp_path, areas):
    def read(text, name="towns.csv"):
        (tmp_path / name).write_text(text.strip(), encoding="utf-8")
        return drafted(tmp_path / name, areas)

    return read


def drafted(path, areas):
    return points.draft([path], areas, date(2021, 8, 1), date(2021, 8, 31))


def told(made, what):
    return [(said.row, said.text) for said in made.findings if said.what == what]


def placed(made):
    return made.places[["place_id", "kind", "area_id"]].values.tolist()


def test_points_become_places_in_their_areas(read):
    assert placed(read(TOWNS)) == [["alpha", "city", "X-W"], ["beta", "base", "X-E"]]


def test_the_draft_is_a_study_with_an_empty_ledger(read, tmp_path):
    found = study.load(draft.write(read(TOWNS), tmp_path / "made"))
    assert (len(found.places), len(found.reports), len(found.sources)) == (2, 0, 0)
    assert (found.settings.start, found.settings.end) == (date(2021, 8, 1), date(2021, 8, 31))


def test_columns_are_guessed_by_their_names_and_said(read):
    made = read("Town;Latitude;LNG\nAlpha;30.5;60.5")
    assert placed(made) == [["alpha", "city", "X-W"]]
    guessed = (None, "name from “town”, lat from “latitude”, lon from “lng”")
    assert guessed in told(made, "guessed")


def test_ids_and_areas_of_the_table_are_kept(read):
    made = read("name,lat,lon,place_id,area_id\nAlpha,30.5,60.5,a-1,X-E\nBeta,30.5,61.5,b-1,X-Q")
    assert placed(made) == [["a-1", "city", "X-E"], ["b-1", "city", "X-E"]]
    assert told(made, "noticed") == [(3, "“X-Q” is no area; joined by where it lies")]


def test_places_that_share_a_name_are_parted_by_their_areas(read):
    made = read("name,lat,lon\nAlpha,30.5,60.5\nAlpha,30.5,61.5\nAlpha,30.6,61.5")
    first, *others = made.places["place_id"]
    assert first == "alpha-west"
    assert [name.rsplit("-", 1)[0] for name in others] == ["alpha-east"] * 2
    assert len(set(others)) == 2


def test_a_name_in_another_script_has_an_id_too(read):
    (place_id,) = read("name,lat,lon\nکابل,30.5,60.5").places["place_id"]
    assert place_id.startswith("x") and place_id.isascii()


def test_rows_without_a_place_are_left_out_with_their_reasons(read):
    made = read(TOWNS + "\n\n,30.5,60.5,\nGamma,north,60.5,\nDelta,30.5,260,\nBeta,30.5,61.5,base")
    assert told(made, "dropped") == [
        (6, "no name"),
        (7, "no latitude and longitude in degrees"),
        (8, "no latitude and longitude in degrees"),
        (9, "the same name and position as above"),
    ]


def test_a_file_of_points_will_do(tmp_path, areas):
    path = tmp_path / "towns.gpkg"
    table = gpd.GeoDataFrame({"NAME": ["Alpha"]}, geometry=[Point(60.5, 30.5)], crs=4326)
    table.to_crs(3857).to_file(path)
    assert placed(drafted(path, areas)) == [["alpha", "city", "X-W"]]


# Tables, of whatever kind.


def test_tables_may_be_compressed(tmp_path):
    text = "name\nAlpha"
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("t.csv", text)
    for name in ("t.csv.gz", "t.zip"):
        assert sheets.read([tmp_path / name], ["name"], [])["name"].tolist() == ["Alpha"]


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes('\ufeffName ,b\r\nAlpha,"two\r\nlines"\r\n\r\nBeta,NA\r\n'.encode())
    table = sheets.read([path], ["name"], ["b", "c"])
    assert table[["name", "b", "c", "row"]].values.tolist() == [
        ["Alpha", "two\r\nlines", "", 2],
        ["Beta", "NA", "", 4],
    ]


@pytest.mark.parametrize(
    ("content", "row", "wrong"),
    [
        (b"", None, "the file is empty"),
        (b"other,b\nx,y", 1, "no column “name”"),
        (b"name,Name\nx,y", 1, "two columns are named “name”"),
        (b"name,b\nx,y,z", 2, "3 cells under 2 columns"),
        (b"name,b\nx,y\n\nz", 4, "1 cells under 2 columns"),
        (b'name,b\nx,y\n"z,1', 3, "not CSV"),
        (b"name,b\nx,y\nZ\xfcrich,1", 3, "byte 12 is not UTF-8"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, content, row, wrong):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(TableError) as error:
        sheets.read([path], ["name"], ["b"])
    (problem,) = error.value.problems
    assert (problem.file, problem.row) == ("t.csv", row)
    assert wrong in problem.wrong
