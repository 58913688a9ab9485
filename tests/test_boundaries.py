"""Outlines come in five formats and any CRS, and none of them makes the reader read more."""

import io
import sqlite3
import zipfile
from contextlib import closing

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from geo import boundaries
from geo.limits import Limits
from geo.problems import Refused
from geo.study import load
from tests import tiny

DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".kml": "KML"}
NEAR = 0.001
"""Degrees; what comes back from another CRS is within a few millimetres."""


@pytest.fixture
def areas():
    """Two squares with the columns that every format holds."""
    return gpd.GeoDataFrame(
        {"area_id": ["X-W", "X-E"], "name": ["Wést", "شرق"], "population": [300, 100]},
        geometry=[box(60, 30, 61, 31), box(61, 30, 62, 31)],
        crs="EPSG:4326",
    )


@pytest.fixture
def packed(tmp_path):
    """A layer as the bytes of a file in a format."""

    def pack(layer: gpd.GeoDataFrame, suffix: str) -> bytes:
        if suffix == ".zip":
            layer.to_file(tmp_path / "any.shp", driver="ESRI Shapefile", encoding="UTF-8")
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w") as archive:
                for part in tmp_path.glob("any.*"):
                    archive.write(part, f"folder/{part.name}")
            return content.getvalue()
        path = tmp_path / f"any{suffix}"
        layer.to_file(path, driver=DRIVERS[suffix])
        return path.read_bytes()

    return pack


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32641", "EPSG:3857"])
@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".zip", ".kml"])
def test_five_formats_in_any_crs_come_back_in_degrees(areas, packed, suffix, crs):
    if suffix == ".kml" and crs != "EPSG:4326":
        pytest.skip("KML has no other coordinates")
    found = boundaries.read(packed(areas.to_crs(crs), suffix)).sort_values("area_id")
    wanted = areas.sort_values("area_id")
    assert found.crs == "EPSG:4326"
    assert found["area_id"].tolist() == ["X-E", "X-W"]
    assert found["name"].tolist() == ["شرق", "Wést"]
    assert np.abs(found.bounds.to_numpy() - wanted.bounds.to_numpy()).max() < NEAR


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".zip", ".kml"])
def test_a_study_may_hold_its_areas_in_any_of_them(packed, tmp_path, suffix):
    files = tiny.files()
    folder = files.write(tmp_path / "tiny")
    wanted = load(folder).areas
    (folder / "areas.geojson").unlink()
    layer = wanted.assign(population=wanted["population"].astype(int))
    (folder / f"areas{suffix}").write_bytes(packed(layer.drop(columns="population_source"), suffix))
    found = load(folder).areas.set_index("area_id").loc[wanted["area_id"]]
    assert found["name"].tolist() == ["West", "East"]
    assert found["population"].tolist() == [300, 100]
    assert found.geometry.normalize().tolist() == wanted.geometry.normalize().tolist()


def test_the_capitals_of_a_shapefile_which_has_no_yes_and_no(packed, tmp_path):
    files = tiny.files()
    folder = files.write(tmp_path / "tiny")
    wanted = load(folder).places
    (folder / "places.geojson").unlink()
    layer = wanted.assign(is_capital=wanted["is_capital"].astype(int), population=0)
    (folder / "places.zip").write_bytes(packed(layer, ".zip"))
    assert load(folder).places["is_capital"].tolist() == wanted["is_capital"].tolist()


def test_problems_name_the_file_that_is_there(packed, tmp_path):
    files = tiny.files()
    folder = files.write(tmp_path / "tiny")
    layer = load(folder).areas.assign(name=["West", ""], population=[1, 2])
    files.reports.loc[0, "place_id"] = "nowhere"
    files.write(folder)
    (folder / "areas.geojson").unlink()
    (folder / "areas.gpkg").write_bytes(packed(layer, ".gpkg"))
    unnamed, stranger = tiny.problems(folder)
    assert unnamed[1:5] == ("areas.gpkg", 2, "name", "the cell is empty")
    assert stranger.right == "a place_id of places.geojson or an area_id of areas.gpkg"


@pytest.mark.parametrize(
    ("also", "wrong"),
    [("areas.kml", "areas.geojson and areas.kml are one file too many")],
)
def test_two_files_of_areas(tmp_path, also, wrong):
    folder = tiny.files().write(tmp_path / "tiny")
    (folder / also).write_text("<kml/>")
    assert [one.wrong for one in tiny.problems(folder)] == [wrong]


def test_a_shapefile_in_loose_parts_is_told_to_be_zipped(tmp_path):
    folder = tiny.files().write(tmp_path / "tiny")
    (folder / "areas.geojson").rename(folder / "areas.shp")
    (problem,) = tiny.problems(folder)
    assert problem[1:5] == ("areas.shp", None, "", "“areas.shp” is in no format that is read")
    assert "zipped shapefile" in problem.right


def test_a_study_without_areas_is_told_how_they_may_be_called(tmp_path):
    folder = tiny.files().write(tmp_path / "tiny")
    (folder / "areas.geojson").rename(folder / "districts.zip")
    (problem,) = tiny.problems(folder)
    assert problem[1:5] == ("areas.geojson", None, "", "the file is missing")
    assert "areas.zip (shapefile)" in problem.right


def test_areas_under_other_names_of_columns_are_told_which_they_have(packed, tmp_path):
    folder = tiny.files().write(tmp_path / "tiny")
    layer = load(folder).areas[["area_id", "name", "geometry"]]
    (folder / "areas.geojson").unlink()
    layer = layer.rename(columns={"area_id": "ADM1_PCODE"})
    (folder / "areas.zip").write_bytes(packed(layer, ".zip"))
    (problem,) = tiny.problems(folder)
    assert problem[1:5] == ("areas.zip", None, "area_id", "the column is missing")
    assert problem.right == "a column named area_id; is it one of adm1_pcode?"


VRT = b"""<OGRVRTDataSource><OGRVRTLayer name="passwd">
<SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
KML = '<kml xmlns="http://www.opengis.net/kml/2.2">{}</kml>'


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        pytest.param(VRT, "the XML is “OGRVRTDataSource”, not KML", id="a VRT"),
        pytest.param(b"\xef\xbb\xbf" + VRT, "the XML is “OGRVRTDataSource”", id="VRT with a mark"),
        pytest.param(
            KML.format('<OGRVRTDataSource xmlns=""/>').encode(),
            "an element that is none of KML's: “OGRVRTDataSource”",
            id="a VRT within KML",
        ),
        pytest.param(
            b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>',
            "declares entities of its own",
            id="an entity",
        ),
        pytest.param(b"<kml", "not XML", id="half of an element"),
        pytest.param(KML.format("").encode(), "not readable as LIBKML", id="an empty KML"),
        pytest.param(b'{"type": "FeatureCollection"}', "not GeoJSON: KeyError", id="no features"),
        pytest.param(b"/vsicurl/http://example.org/x", "not GeoJSON", id="an address"),
        pytest.param(b'"/vsizip/x"', "not GeoJSON", id="a path as JSON"),
        pytest.param(b"[" * 100_000, "not GeoJSON: it is nested too deeply", id="deep JSON"),
        pytest.param(b"fgb\x03fgb\x00" + b"\xff" * 64, "holds 0 layers", id="torn fgb"),
        pytest.param(b"SQLite format 3\0" + b"\0" * 100, "not a GeoPackage", id="torn gpkg"),
        pytest.param(b"PK\x03\x04" + b"\0" * 40, "the .zip cannot be read", id="torn zip"),
        pytest.param(b"II*\0\x08\0\0\0", "this is none of GeoJSON", id="a picture"),
        pytest.param(b"\0\0\x27\x0a" + bytes(96), "one part of a shapefile", id="a bare .shp"),
    ],
)
def test_what_is_refused_and_why(content, wrong):
    with pytest.raises(Refused) as refused:
        boundaries.read(content)
    assert wrong in refused.value.wrong


def test_a_vrt_in_a_comment_of_kml_is_gone_before_gdal_sees_it(areas, packed):
    text = packed(areas, ".kml").decode()
    head, mark, rest = text.partition("<Document")
    found = boundaries.read(f"{head}<!-- {VRT.decode()} -->{mark}{rest}".encode())
    assert found["area_id"].tolist() == ["X-W", "X-E"]


@pytest.mark.parametrize(
    ("order", "what"),
    [
        ("CREATE VIEW spy AS SELECT 1", "view"),
        ("CREATE VIRTUAL TABLE spy USING fts5(x)", "virtual table"),
    ],
)
def test_a_geopackage_that_computes_is_refused(areas, packed, tmp_path, order, what):
    path = tmp_path / "spy.gpkg"
    path.write_bytes(packed(areas, ".gpkg"))
    with closing(sqlite3.connect(path)) as database:
        database.execute(order)
        database.commit()
    with pytest.raises(Refused, match=f"has a {what}, “spy”"):
        boundaries.read(path.read_bytes())


def test_a_zip_of_two_shapefiles(areas, packed):
    content = io.BytesIO(packed(areas, ".zip"))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("folder/other.shp", "")
    with pytest.raises(Refused, match="holds 2 shapefiles"):
        boundaries.read(content.getvalue())


def test_a_shapefile_packed_on_a_mac(areas, packed):
    content = io.BytesIO(packed(areas, ".zip"))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("__MACOSX/folder/._any.shp", "")
    assert len(boundaries.read(content.getvalue())) == len(areas)


def test_a_shapefile_whose_packing_is_damaged(areas, packed):
    plain = zipfile.ZipFile(io.BytesIO(packed(areas, ".zip")))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            archive.writestr(name, plain.read(name))
    torn = bytearray(content.getvalue())
    for one in zipfile.ZipFile(content).infolist():
        at = one.header_offset + 30 + len(one.filename)
        torn[at : at + 2] = b"\xff\xff"
    with pytest.raises(Refused, match=r"the \.zip cannot be read"):
        boundaries.read(bytes(torn))


@pytest.mark.filterwarnings("ignore:.crs. was not provided")
def test_a_layer_without_a_crs_is_in_degrees_or_refused(areas, packed, tmp_path):
    bare = areas.set_crs(None, allow_override=True)
    assert boundaries.read(packed(bare, ".zip")).crs == "EPSG:4326"
    (tmp_path / "any.prj").unlink(missing_ok=True)
    metres = areas.to_crs(32641).set_crs(None, allow_override=True)
    with pytest.raises(Refused, match="names no CRS, and its coordinates are not degrees"):
        boundaries.read(packed(metres, ".zip"))


def test_coordinates_that_the_crs_does_not_have():
    collection = tiny.areas() | {"crs": {"properties": {"name": "EPSG:32642"}}}
    collection["features"][1]["geometry"]["coordinates"] = [[[1e300, 0], [1e300, 1], [0, 1e300]]]
    collection["features"][1]["geometry"]["coordinates"][0].append([1e300, 0])
    with pytest.raises(Refused, match="coordinates that WGS 84 / UTM zone 42N does not have"):
        boundaries.read(tiny.as_json(collection).encode())


def test_more_features_or_corners_than_the_limits(areas, packed):
    for suffix in (".geojson", ".gpkg"):
        content = packed(areas, suffix)
        with pytest.raises(Refused, match=r"2 features; .* 1 at most \(CONTROLMAP_MAX_ROWS\)"):
            boundaries.read(content, Limits(rows=1))
    with pytest.raises(Refused, match=r"10 corners; .* \(CONTROLMAP_MAX_CORNERS\)"):
        boundaries.read(content, Limits(rows=5).model_copy(update={"corners": 9}))


def test_heights_are_left_out():
    collection = tiny.areas()
    ring = collection["features"][0]["geometry"]["coordinates"]
    collection["features"][0]["geometry"]["coordinates"] = [[[*xy, 7.5] for xy in ring[0]]]
    assert not boundaries.read(tiny.as_json(collection).encode()).has_z.any()
