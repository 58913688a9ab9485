"""A hostile upload is refused with a reason, and takes nobody down."""

import io
import zipfile

import pytest

from geo import confined
from geo.limits import Limits, at_hand
from geo.study import StudyError, load
from tests import tiny

USUAL = Limits()


def told(content: bytes, limits: Limits = USUAL) -> list[tuple[str, int | None, str]]:
    """File, row and what is wrong."""
    with pytest.raises(StudyError) as refused:
        confined.read("theirs.zip", content, limits)
    return [(problem.file, problem.row, problem.wrong) for problem in refused.value.problems]


def replaced(**files: str | bytes) -> bytes:
    """The tiny study with other content in some of its files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (tiny.files().texts() | files).items():
            archive.writestr(name, text)
    return content.getvalue()


def test_a_study_comes_back_as_it_would_be_read_here(tmp_path):
    found = confined.read("tiny.zip", tiny.files().zipped(), USUAL)
    here = load(tiny.files().write(tmp_path / "tiny"))
    assert (found.id, found.digest) == (here.id, here.digest)
    assert found.reports.equals(here.reports)


def test_a_cell_of_fifty_megabytes():
    rows = tiny.files().reports
    rows.loc[1, "evidence"] = "x" * 50_000_000
    wrong = "not CSV: field larger than field limit (131072)"
    assert told(replaced(**{"reports.csv": rows.to_csv(index=False)})) == [
        ("reports.csv", 3, wrong)
    ]


def test_a_polygon_of_a_million_corners():
    ring = [[60 + at / 1e6, 30] for at in range(1_000_000)]
    huge = tiny.areas()
    huge["features"][0]["geometry"]["coordinates"] = [[*ring, [60, 31], ring[0]]]
    few = Limits(corners=100_000)
    (found,) = told(replaced(**{"areas.geojson": tiny.as_json(huge)}), few)
    assert found == ("areas.geojson", None, "the outlines have 1,000,007 corners")


def test_more_rows_or_days_than_the_limits():
    few = Limits(rows=2, days=7)
    assert told(replaced(), few) == [
        ("study.toml", None, "31 days"),
        ("places.geojson", None, "the layer has 5 features"),
        ("reports.csv", None, "the table has 3 rows"),
        ("sources.csv", None, "the table has 5 rows"),
    ]


def test_more_megabytes_than_the_limit():
    content = b"\0" * (2**20 + 1)
    assert told(content, Limits(upload_mb=1)) == [("theirs.zip", None, "the .zip has 1 MB")]


def test_memory_is_bounded():
    deep = '{"features": [' + '{"properties": {}, "geometry": null},' * 3_000_000 + "1]}"
    (found,) = told(replaced(**{"areas.geojson": deep}), Limits(memory_mb=1_024, rows=10**7))
    assert found[2] == "reading it broke off, or needed more than 1,024 MB of memory"


def test_time_is_bounded():
    """Thousands of wide reports that contradict one another take the rules longest."""
    lines = [
        f"alpha {control} {1000 + year}-01-{day:02}/{1000 + year}-01-{day + 1:02}"
        for year in range(700)
        for day, control in enumerate(["red", "blue"] * 14, 1)
    ]
    text = "place_id control when\n" + "\n".join(lines)
    content = replaced(**{"reports.csv": tiny.ledger(text).to_csv(index=False)})
    (found,) = told(content, Limits(seconds=5))
    assert found == ("theirs.zip", None, "reading it took longer than 5 seconds")


def test_the_environment_sets_limits(monkeypatch):
    monkeypatch.setenv("CONTROLMAP_MAX_ROWS", "7")
    assert (at_hand().rows, at_hand().files) == (7, USUAL.files)
    monkeypatch.setenv("CONTROLMAP_MAX_ROWS", "many")
    with pytest.raises(ValueError, match=r"CONTROLMAP_MAX_ROWS is “many”: .* valid integer"):
        at_hand()
