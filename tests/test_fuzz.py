"""Whatever the bytes of a study are, its reader answers: a study, or a clear list of problems."""

import io
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from geo import boundaries
from geo.limits import Limits
from geo.problems import Problem, Refused
from geo.study import StudyError, load
from geo.timeline import Timeline
from tests import tiny

TEXTS = {name: text.encode() for name, text in tiny.files().texts().items()}
WHOLE = tiny.files().zipped()
FEW = Limits(unpacked_mb=5, rows=1000, corners=10_000, days=1000)


def told(content: bytes) -> list[Problem]:
    """What is wrong or odd in a .zip of these bytes, after all of it was worked out."""
    try:
        found = load("theirs.zip", io.BytesIO(content), FEW)
    except StudyError as error:
        return error.problems
    Timeline(found).matrix("areas")
    return found.warnings


def packed(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def is_clear(problem: Problem) -> bool:
    return bool(problem.file and problem.wrong and problem.right)


@given(some.binary(max_size=200))
def test_any_bytes(content):
    assert all(map(is_clear, told(content)))
    assert told(content)


@given(
    some.lists(some.tuples(some.integers(0, len(WHOLE) - 1), some.binary(min_size=1, max_size=4)))
)
def test_a_zip_with_some_bytes_changed(changes):
    content = bytearray(WHOLE)
    for at, new in changes:
        content[at : at + len(new)] = new
    assert all(map(is_clear, told(bytes(content))))


@given(
    some.sampled_from(sorted(TEXTS)),
    some.integers(0, 10_000),
    some.integers(0, 40),
    some.one_of(some.binary(max_size=20), some.text(max_size=20).map(lambda text: text.encode())),
)
def test_a_file_with_a_part_changed(name, at, length, new):
    text = TEXTS[name]
    at %= len(text)
    changed = text[:at] + new + text[at + length :]
    assert all(map(is_clear, told(packed(TEXTS | {name: changed}))))


HEADERS = {name: text.splitlines()[0] for name, text in TEXTS.items() if name.endswith(".csv")}
HEADERS["events.csv"] = b"event_id,when,lat,lon,deaths,url"
CELL = some.one_of(
    some.sampled_from(["alpha", "X-W", "red", "unknown", "wire", "used", "high", "r1", "="]),
    some.sampled_from(["2021-08-05", "../2021-08-05", "2021-02-30", "9999-12-31", "2021-08~"]),
    some.sampled_from(["-0001-01-01", "2021-08-09/2021-08-05", "../..", "2021-W05", "1e9"]),
    some.text(max_size=8),
)


@settings(max_examples=max(settings.default.max_examples // 2, 1))
@given(some.sampled_from(sorted(HEADERS)), some.lists(some.lists(CELL, max_size=13), max_size=4))
@example("reports.csv", [["r1", "alpha", "red", "9999-12-31~", "wire", "", "", "high", "used"]])
def test_a_table_of_odd_cells(name, rows):
    width = HEADERS[name].count(b",") + 1
    full = [(row + [""] * width)[:width] for row in rows]
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in full]
    text = "\n".join([HEADERS[name].decode(), *lines]).encode("utf-8", "surrogatepass")
    assert all(map(is_clear, told(packed(TEXTS | {name: text}))))


MAGIC = [b"SQLite format 3\0", b"fgb\x03fgb\x01", b"PK\x03\x04", b"<kml", b'{"features": [']


@given(some.sampled_from(MAGIC), some.binary(max_size=300))
def test_outlines_of_any_bytes(magic, content):
    try:
        boundaries.read(magic + content, FEW)
    except Refused as refused:
        assert refused.wrong and refused.right
    else:
        raise AssertionError("random bytes are no outlines")


@pytest.fixture(scope="module")
def layers(tmp_path_factory):
    """The two areas in the formats that GDAL reads."""
    folder = tmp_path_factory.mktemp("layers")
    drivers = {".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".kml": "KML"}
    for suffix, driver in drivers.items():
        tiny.study().areas.to_file(folder / f"areas{suffix}", driver=driver)
    return [(folder / f"areas{suffix}").read_bytes() for suffix in drivers]


@given(some.data())
def test_outlines_with_some_bytes_changed(layers, data):
    """GDAL meets what is left of a file: it must not take this process down."""
    content = bytearray(data.draw(some.sampled_from(layers)))
    for at in data.draw(some.lists(some.integers(0, len(content) - 1), max_size=6)):
        content[at] ^= data.draw(some.integers(1, 255))
    try:
        boundaries.read(bytes(content), FEW)
    except Refused as refused:
        assert refused.wrong and refused.right


NUMBER = some.one_of(some.floats(-200, 200), some.sampled_from([0, 60, 61, 1e300, None, "x", []]))


@given(some.lists(some.lists(NUMBER, max_size=3), max_size=6))
def test_polygons_of_odd_numbers(ring):
    areas = tiny.areas()
    areas["features"][0]["geometry"]["coordinates"] = [ring]
    files = TEXTS | {"areas.geojson": tiny.as_json(areas).encode()}
    assert all(map(is_clear, told(packed(files))))
