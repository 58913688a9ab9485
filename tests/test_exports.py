"""What is written is read back by the tools of others, whole and equal."""

import json
import re
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from pandas.testing import assert_frame_equal
from shapely.geometry import LinearRing

from geo import exports, tables
from geo.study import load
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import august

LEDGER = """
    place_id  control    when                   source_id  claimant_side
    alpha     blue       ../2021-08-01          wire       -
    beta      blue       ../2021-08-01          paper      -
    alpha     red        2021-08-08/2021-08-10  wire       red
    beta      contested  2021-08-05             paper      -
    beta      contested  2021-08-07             radio      -
    beta      contested  ../2021-08-20          wire       -
"""
HOSTILE = "<script>alert(1)</script>&amp;\"'>]]> $[id] \x08"
KML = {"k": "http://www.opengis.net/kml/2.2"}
DAY = date(2021, 8, 13)
DATED = ["begin", "end", "since", "earliest", "latest"]


@pytest.fixture(scope="module")
def small():
    return Timeline(tiny.study(LEDGER))


@pytest.fixture(params=["a tiny study", "the bundled study"])
def either(request, small, timeline):
    """A timeline to be written and read back."""
    return small if request.param == "a tiny study" else timeline


def as_written(found):
    """Columns as plain text, days as ISO: what any reader's own types come down to."""
    table = pd.DataFrame(found)
    for name in DATED:
        table[name] = pd.to_datetime(table[name]).dt.strftime("%Y-%m-%d")
    return table.astype(object).where(table.notna(), None)


def assert_same(found, written):
    """Same rows, columns, days, ids, CRS and shapes."""
    assert found.crs == written.crs == "EPSG:4326"
    assert found.geometry.geom_equals(written.geometry).all()
    assert found.total_bounds.tolist() == written.total_bounds.tolist()
    assert_frame_equal(
        as_written(found.drop(columns="geometry")), as_written(written.drop(columns="geometry"))
    )


# Control with its shapes.


def test_a_days_features_are_one_a_unit(small):
    found = exports.features(small, august(9), "both")
    assert list(found) == [*tables.SPELLS, "geometry"]
    assert found.crs == "EPSG:4326"
    assert found["id"].tolist() == ["X-W", "X-E", "alpha", "beta", "gamma", "delta", "fort"]
    assert found["unit"].tolist() == ["area"] * 2 + ["place"] * 5
    assert found["kind"].tolist() == ["", "", "city", "city", "town", "town", "base"]
    assert found["label"].tolist()[:2] == ["Blue", "Contested"]
    assert found.geom_type.tolist() == ["Polygon"] * 2 + ["Point"] * 5
    assert found.geometry[2].coords[0] == (60.5, 30.5)


def test_each_spell_has_its_own_units_shape(small):
    found = exports.features(small)
    shapes = small.study.areas.set_index("area_id").geometry
    assert len(found) > len(shapes)
    assert all(found.geometry == shapes[found["id"]].reset_index(drop=True))


# Read back.


@pytest.mark.parametrize("day", [None, DAY])
@pytest.mark.parametrize("of", ["areas", "places", "both"])
def test_geojson_comes_back_by_gdal(tmp_path, either, day, of):
    path = exports.write(either, tmp_path / "control.geojson", day, of=of)
    found = gpd.read_file(path)
    for flag in ("uncertain", "claimed", "disputed"):
        found[flag] = found[flag].astype(bool)
    assert_same(found, exports.features(either, day, of))


def test_geojson_is_as_rfc_7946_wants_it(tmp_path, small):
    collection = json.loads(exports.write(small, tmp_path / "control.geojson").read_bytes())
    assert "crs" not in collection
    first = collection["features"][0]
    assert (first["properties"]["begin"], first["properties"]["end"]) == (
        "2021-08-01",
        "2021-08-07",
    )
    ring = first["geometry"]["coordinates"][0]
    assert LinearRing(ring).is_ccw


@pytest.mark.parametrize("day", [None, DAY])
def test_geopackage_comes_back_by_gdal(tmp_path, either, day):
    path = exports.write(either, tmp_path / "control.gpkg", day)
    layers = pyogrio.list_layers(path)[:, 0].tolist()
    assert layers == ["areas", "places", "changes", "reports"]
    for of in ("areas", "places"):
        assert_same(gpd.read_file(path, layer=of), exports.features(either, day, of))
        info = pyogrio.read_info(path, layer=of)
        types = dict(zip(info["fields"], info["ogr_types"], strict=True))
        assert {types[name] for name in DATED} == {"OFTDate"}
    for layer, written in (
        ("changes", exports.changes_table(either, day, day)),
        ("reports", exports.reports_table(either)),
    ):
        found = pyogrio.read_dataframe(path, layer=layer)
        assert not isinstance(found, gpd.GeoDataFrame)
        days = written.select_dtypes("datetime").columns
        found = found.astype(dict.fromkeys(days, "datetime64[s]"))
        assert_frame_equal(found, written, check_dtype=False)


@pytest.mark.parametrize("day", [None, DAY])
@pytest.mark.parametrize("of", ["areas", "places", "both"])
def test_parquet_comes_back_by_geopandas(tmp_path, either, day, of):
    path = exports.write(either, tmp_path / "control.parquet", day, of=of)
    found = gpd.read_parquet(path)
    assert isinstance(found["begin"][0], date)
    assert_same(found, exports.features(either, day, of))


@pytest.mark.parametrize("what", ["changes", "reports", "matrix"])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_tables_come_back_by_pandas(tmp_path, either, what, suffix):
    written = {
        "changes": exports.changes_table,
        "reports": exports.reports_table,
        "matrix": exports.matrix_table,
    }[what](either)
    path = exports.write(either, tmp_path / f"table.{suffix}", what=what)
    if suffix == "csv":
        texts = {name: str for name in written.select_dtypes("str").columns}
        found = pd.read_csv(path, keep_default_na=False, dtype=texts)
    else:
        found = pd.read_parquet(path)
    for name in written.select_dtypes("datetime"):
        found[name] = pd.to_datetime(found[name]).astype("datetime64[s]")
    assert_frame_equal(found, written, check_dtype=False)


@pytest.mark.parametrize("day", [None, DAY])
def test_csv_of_control_comes_back_by_pandas(tmp_path, either, day):
    path = exports.write(either, tmp_path / "control.csv", day, of="both")
    found = pd.read_csv(path, keep_default_na=False, na_values={"lon": "", "lat": ""})
    written = exports.features(either, day, "both")
    assert list(found) == [*tables.SPELLS, "lon", "lat"]
    expected = as_written(written.drop(columns="geometry")).fillna("")
    assert_frame_equal(found[list(tables.SPELLS)], expected, check_dtype=False)
    points = written[written["unit"] == "place"]
    assert found["lon"].dropna().tolist() == points.geometry.x.tolist()
    assert found["lat"].dropna().tolist() == points.geometry.y.tolist()
    assert found["lon"].isna().equals(written["unit"] == "area")


def test_csv_of_areas_has_no_points(tmp_path, small):
    path = exports.write(small, tmp_path / "control.csv", august(9))
    assert path.read_text(encoding="utf-8").splitlines() == [
        ",".join(tables.SPELLS),
        "area,X-W,West,,2021-08-09,2021-08-09,blue,Blue,2021-08-01,2021-08-01,2021-08-01,"
        "true,false,false,wire",
        "area,X-E,East,,2021-08-09,2021-08-09,contested,Contested,2021-08-05,2021-08-05,"
        "2021-08-07,false,false,true,paper radio wire",
    ]


def test_a_row_of_hashtags_on_request(tmp_path, small):
    path = exports.write(small, tmp_path / "changes.csv", what="changes", hxl=True)
    header, hashtags, first = path.read_text(encoding="utf-8").splitlines()[:3]
    assert header.split(",") == list(tables.CHANGES)
    assert hashtags.split(",") == tables.tags(exports.changes_table(small))
    assert first.startswith("alpha,")
    control = exports.as_bytes(small, "csv", hxl=True).decode().splitlines()[1]
    assert control.startswith("#loc+type,#adm1+code,#adm1+name")
    places = exports.as_bytes(small, "csv", of="places", hxl=True).decode().splitlines()[1]
    assert places.startswith("#loc+type,#loc+code,#loc+name")


@pytest.mark.parametrize("hxl", [False, True])
def test_exported_reports_are_a_ledger_again(tmp_path, hxl):
    files = tiny.files(LEDGER)
    files.reports["evidence"] = ["=1+1", "'=1+1", "-", "+1 –", "a,\r\nb", '"@"']
    folder = files.write(tmp_path / "tiny")
    before = load(folder).reports
    exports.write(Timeline(load(folder)), folder / "reports.csv", what="reports", hxl=hxl)
    after = load(folder).reports[list(before)]
    assert_frame_equal(after.reset_index(drop=True), before)
    assert not re.search(r'(^|,)"?[=+\-@]', (folder / "reports.csv").read_text(encoding="utf-8"))


# KML.


def placemarks(text, folder):
    top = ET.fromstring(text)
    return top.findall(f"k:Document/k:Folder[k:name='{folder}']/k:Placemark", KML)


@pytest.mark.parametrize("day", [None, DAY])
def test_kml_comes_back_by_gdal(tmp_path, either, day):
    path = exports.write(either, tmp_path / "control.kml", day)
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["areas", "places"]
    for of in ("areas", "places"):
        found, written = gpd.read_file(path, layer=of), exports.features(either, day, of)
        assert found.crs == "EPSG:4326"
        assert found.geometry.geom_equals(written.geometry).all()
        assert found["Name"].tolist() == written["name"].tolist()
        days = pd.Timedelta(days=1)
        assert found["begin"].tolist() == written["begin"].tolist()
        assert found["end"].tolist() == (written["end"] + days).tolist()
        for name in ("id", "control", "sources"):
            assert found[name].fillna("").tolist() == written[name].tolist()
        since = written["since"].dt.strftime("%Y-%m-%d")
        assert found["since"].fillna("").tolist() == since.fillna("").tolist()


def test_kml_spells_of_a_unit_touch_and_fill_the_period(small):
    text = exports.as_bytes(small, "kml")
    for unit in ("West", "East"):
        spans = [
            (
                mark.findtext("k:TimeSpan/k:begin", "", KML),
                mark.findtext("k:TimeSpan/k:end", "", KML),
            )
            for mark in placemarks(text, "areas")
            if mark.findtext("k:name", "", KML) == unit
        ]
        assert spans[0][0] == "2021-08-01"
        assert spans[-1][1] == "2021-09-01", "the instant at which the last day is over"
        assert all(end == begin for (_, end), (begin, _) in pairwise(spans))
        assert len(spans) > 2


def test_kml_styles_tell_controls_and_how_sure_they_are():
    study = tiny.study(LEDGER)
    top = ET.fromstring(exports.as_bytes(Timeline(study), "kml"))
    looks = {
        look.get("id"): tuple(
            look.findtext(f"k:{part}", "", KML)
            for part in (
                "PolyStyle/k:color",
                "PolyStyle/k:fill",
                "LineStyle/k:color",
                "LineStyle/k:width",
            )
        )
        for look in top.findall("k:Document/k:Style", KML)
    }
    assert looks["red"] == ("cc2676db", "1", "ff005ed5", "1"), "#db7626 and #d55e00, red last"
    assert looks["red.claimed"][0] == "cc8cb7ec", "#ecb78c, paler"
    known = [look for key, look in looks.items() if not key.startswith("unknown")]
    assert len(set(known)) == len(known), "no two look the same"
    assert looks["unknown"][1] == "0", "unknown is empty"
    assert float(looks["contested"][3]) > float(looks["red"][3]), "contested has a thick outline"
    used = {
        mark.findtext("k:styleUrl", "", KML).removeprefix("#")
        for mark in top.iter(f"{{{KML['k']}}}Placemark")
    }
    assert used <= set(looks)
    assert {"blue", "blue.uncertain", "red.claimed", "contested.uncertain", "unknown"} <= used


def test_kml_asks_no_host_for_anything(timeline):
    top = ET.fromstring(exports.as_bytes(timeline, "kml"))
    tags = {element.tag.rpartition("}")[2] for element in top.iter()}
    assert not tags & {"href", "Icon", "NetworkLink", "Link", "GroundOverlay", "ScreenOverlay"}
    balloons = "".join(top.itertext())
    assert "<img" not in balloons
    assert "src=" not in balloons


def test_kml_balloons_say_how_sure_and_who_says_so(small):
    marks = placemarks(exports.as_bytes(small, "kml", august(9)), "areas")
    said = [mark.findtext("k:description", "", KML) for mark in marks]
    assert "Uncertain: Blue → Red, between 8 and 10 August; claimed by Red only" in said[0]
    assert "Wire via A publisher — A title — 2021-08-05 — Somebody says so." in said[0]
    assert "Blue → Contested, on 5 August; disputed: one source says 7 August" in said[1]
    late = placemarks(exports.as_bytes(small, "kml", august(21)), "areas")[0]
    assert "no report after 20 August 2021" in late.findtext("k:description", "", KML)


class _Text(HTMLParser):
    """The tags of a piece of HTML, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = set(), ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not attrs

    def handle_data(self, data):
        self.text += data


def test_hostile_texts_reach_google_earth_as_text(tmp_path):
    files = tiny.files(LEDGER)
    files.area("X-W")["properties"]["name"] = HOSTILE
    files.place("alpha")["properties"]["name"] = HOSTILE
    files.reports["evidence"] = HOSTILE
    files.sources["title"] = files.sources["publisher"] = HOSTILE
    files.settings = files.settings.replace('"Tiny"', json.dumps(HOSTILE)).replace(
        'label = "Blue"', f"label = {json.dumps(HOSTILE)}"
    )
    hostile = Timeline(load(files.write(tmp_path / "tiny")))
    path = exports.write(hostile, tmp_path / "control.kml", august(2))
    mark = placemarks(path.read_bytes(), "areas")[0]
    shown = HOSTILE.replace("\x08", "\ufffd")
    assert mark.findtext("k:name", "", KML) == shown
    balloon = mark.findtext("k:description", "", KML)
    assert "$[" not in balloon
    read = _Text(balloon)
    assert read.tags == {"h3", "p", "b", "ul", "li"}
    assert read.text.count(shown) >= 5
    assert gpd.read_file(path, layer="areas")["Name"][0] == shown
    readers = {
        "geojson": gpd.read_file,
        "gpkg": partial(gpd.read_file, layer="areas"),
        "parquet": gpd.read_parquet,
    }
    for suffix, reader in readers.items():
        file = exports.write(hostile, tmp_path / f"control.{suffix}", august(2))
        assert reader(file)["name"][0] == HOSTILE


# Whole or not at all.


@pytest.mark.parametrize("suffix", list(exports.FORMATS))
def test_a_failed_write_leaves_what_was_there(tmp_path, small, suffix, monkeypatch):
    path = tmp_path / f"control.{suffix}"
    path.write_bytes(b"what was there")

    def half(part, order):
        part.write_bytes(b"half")
        part.with_name("part.gpkg-journal").write_bytes(b"")
        raise KeyboardInterrupt

    monkeypatch.setitem(exports._WRITERS, suffix, half)
    with pytest.raises(KeyboardInterrupt):
        exports.write(small, path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"what was there"


@pytest.mark.parametrize("suffix", list(exports.FORMATS))
def test_a_file_that_was_there_gives_way_to_a_whole_one(tmp_path, small, suffix):
    path = tmp_path / f"control.{suffix.upper()}"
    path.write_bytes(b"what was there")
    assert exports.write(small, path) == path
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == exports.as_bytes(small, suffix)


@pytest.mark.parametrize("suffix", list(exports.FORMATS))
def test_the_same_in_gives_the_same_bytes(timeline, suffix):
    first, again = (exports.as_bytes(timeline, suffix, DAY) for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"path": "control.shp"}, "“control.shp” ends in no format; it is one of .geojson, .gpkg"),
        ({"path": "control"}, "“control” ends in no format"),
        ({"path": "m.kml", "what": "matrix"}, "KML cannot hold a matrix: use .csv or .parquet"),
        (
            {"path": "c.geojson", "what": "changes"},
            "GeoJSON cannot hold a table of changes: use .c",
        ),
        ({"path": "r.gpkg", "what": "reports"}, "use .csv or .parquet; a .gpkg of control has the"),
        ({"path": "c.parquet", "hxl": True}, "HXL hashtags stand in a .csv, not in Parquet"),
        ({"path": "m.csv", "what": "matrix", "day": DAY}, "whole period: leave the day out"),
        ({"path": "r.csv", "what": "reports", "day": DAY}, "whole period: leave the day out"),
        ({"path": "m.csv", "what": "matrix", "of": "both"}, "of areas or of places, not of both"),
        ({"path": "c.csv", "what": "people"}, "no table “people”; it is one of control, changes"),
        ({"path": "c.csv", "of": "towns"}, "no units “towns”; they are one of areas, places, both"),
        ({"path": "c.csv", "day": august(32)}, "2021-09-01 is not a day of the study"),
        ({"path": "c.csv", "day": august(32), "what": "changes"}, "not a day of the study"),
    ],
)
def test_what_no_file_can_hold_is_refused_in_words(tmp_path, small, asked, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        exports.write(small, tmp_path / asked.pop("path"), **asked)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(tmp_path, small):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere"):
        exports.write(small, tmp_path / "nowhere" / "control.csv")


def test_files_say_what_they_rest_on(tmp_path):
    known = Timeline(tiny.study(LEDGER), known_on=august(15))
    collection = json.loads(exports.as_bytes(known, "geojson", august(9)))
    assert collection["description"].startswith(
        "Tiny: control on 9 August 2021. As known on 15 August 2021."
    )
    assert "No report after 15 August 2021." in collection["description"]
    path = exports.write(known, tmp_path / "control.gpkg")
    about = pyogrio.read_info(path, layer="areas")["layer_metadata"]["DESCRIPTION"]
    assert about.startswith("Tiny: control from 1 August 2021 to 31 August 2021.")


def test_files_are_named_after_study_and_day(small):
    assert exports.file_name(small, "gpkg", DAY) == "tiny_control_20210813.gpkg"
    assert exports.file_name(small, "csv", what="matrix") == "tiny_matrix_20210801-20210831.csv"
    assert exports.file_name(small, "csv", what="reports") == "tiny_reports.csv"


def test_sessions_write_at_once():
    """GDAL has one clock for all: each file still has the study's own day in it."""
    ours = Timeline(tiny.study())
    alone = exports.as_bytes(ours, "gpkg")
    with ThreadPoolExecutor(4) as sessions:
        assert set(sessions.map(lambda _: exports.as_bytes(ours, "gpkg"), range(8))) == {alone}
