"""A folder or a .zip becomes a study; files are read as they are."""

import shutil
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geo.study import StudyError, load
from tests import tiny


@pytest.fixture
def written(tmp_path):
    return tiny.files().write(tmp_path / "tiny")


def assert_same_study(one, other):
    """All that was read is the same."""
    assert one.settings == other.settings
    assert one.controls == other.controls
    assert_geodataframe_equal(one.areas, other.areas)
    assert_geodataframe_equal(one.places, other.places)
    assert_frame_equal(one.reports, other.reports[list(one.reports)])
    assert_frame_equal(one.sources, other.sources[list(one.sources)])


def test_a_valid_study_has_no_warnings(written):
    assert load(written).warnings == []


def test_the_studies_of_these_tests_in_memory_are_those_of_their_files(written):
    settings = load(written).settings.model_dump(exclude={"control"})
    assert_same_study(tiny.study(**settings), load(written))


def test_a_study_is_named_after_its_folder(written):
    assert load(written).id == "tiny"
    assert load(str(written)).id == "tiny"


def test_reports_carry_their_dates_in_the_ledgers_order(tmp_path):
    files = tiny.files("""
        place_id  control  when
        beta      blue     ../2021-08-01
        alpha     red      2021-08-10~
        alpha     red      2021-08
    """)
    reports = load(files.write(tmp_path / "tiny")).reports
    days = reports[["first", "last", "named"]].map(lambda day: day.date().isoformat())
    found = reports[["report_id", "place_id"]].assign(form=reports["form"].astype(str)).join(days)
    assert found.to_numpy().tolist() == [
        ["r1", "beta", "by", "2021-08-01", "2021-08-01", "2021-08-01"],
        ["r2", "alpha", "about", "2021-08-07", "2021-08-13", "2021-08-10"],
        ["r3", "alpha", "month", "2021-08-01", "2021-08-31", "2021-08-31"],
    ]


def test_sources_carry_the_last_day_on_which_they_can_have_been_published(tmp_path):
    files = tiny.files()
    files.sources.loc[3, "published"] = "2021-02"
    known_on = load(files.write(tmp_path / "tiny")).sources["known_on"]
    assert known_on["wire"] == pd.Timestamp(2021, 8, 5)
    assert known_on["radio"] == pd.Timestamp(2021, 2, 28)
    assert pd.isna(known_on["undated"])


def test_names_are_those_of_places_and_areas(written):
    names = load(written).names
    assert (names["alpha"], names["X-W"]) == ("Alpha", "West")


@pytest.mark.parametrize("inside", ["", "some-folder/"])
def test_a_zip_of_a_study_loads_the_same_as_its_folder(tmp_path, written, inside):
    archive = tmp_path / "tiny.zip"
    archive.write_bytes(tiny.files().zipped(inside))
    folder, zipped = load(written), load(archive)
    assert_same_study(zipped, folder)
    assert (zipped.id, zipped.digest) == (folder.id, folder.digest)


def test_a_zip_made_on_a_mac_loads_too(tmp_path, written):
    files = tiny.files()
    archive = tmp_path / "tiny.zip"
    archive.write_bytes(files.zipped("tiny/", extra={"__MACOSX/tiny/._study.toml": "\0"}))
    assert load(archive).digest == load(written).digest


def test_the_digest_tells_two_studies_apart(tmp_path, written):
    files = tiny.files()
    files.reports.loc[0, "confidence"] = "low"
    assert load(files.write(tmp_path / "other")).digest != load(written).digest
    assert load(tiny.files().write(tmp_path / "same")).digest == load(written).digest


def test_a_file_saved_by_a_spreadsheet_with_a_mark_and_windows_lines_is_read(written):
    plain = load(written)
    text = (written / "reports.csv").read_text(encoding="utf-8")
    (written / "reports.csv").write_bytes(
        b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8")
    )
    assert_frame_equal(load(written).reports, plain.reports)


def test_cells_are_text_and_never_become_something_else(tmp_path):
    files = tiny.files()
    files.reports["evidence"] = ["NA", "0012", "a, “b”\nand c"]
    files.reports["claimant"] = ["null", "True", "1e5"]
    reports = load(files.write(tmp_path / "tiny")).reports
    assert reports["evidence"].tolist() == ["NA", "0012", "a, “b”\nand c"]
    assert reports["claimant"].tolist() == ["null", "True", "1e5"]


def test_columns_of_the_curators_own_are_kept(tmp_path):
    files = tiny.files()
    files.reports["note"] = ["one", "", "three"]
    assert load(files.write(tmp_path / "tiny")).reports["note"].tolist() == ["one", "", "three"]


def test_blank_lines_count_as_rows_of_the_file(written):
    header, first, *others = (written / "reports.csv").read_text(encoding="utf-8").splitlines()
    (written / "reports.csv").write_text("\n".join([header, first, "", *others]), encoding="utf-8")
    assert load(written).reports.index.tolist() == [0, 2, 3]


@pytest.mark.parametrize("people", [None, "", 0, 300, "300", 300.0])
def test_a_population_is_a_whole_number_or_missing(tmp_path, people):
    files = tiny.files()
    files.area("X-W")["properties"]["population"] = people
    found = load(files.write(tmp_path / "tiny")).areas["population"]
    assert str(found.dtype) == "Int64"
    assert pd.isna(found[0]) if people in (None, "") else found[0] == int(people)


def test_the_context_is_optional_and_drawn_behind(written):
    assert load(written).context.empty
    lake = tiny.clone(tiny.files().area("X-E"), name="A lake", kind="lake")
    collection = {"type": "FeatureCollection", "features": [lake]}
    (written / "context.geojson").write_text(tiny.as_json(collection), encoding="utf-8")
    context = load(written).context
    assert context[["name", "kind"]].to_numpy().tolist() == [["A lake", "lake"]]
    assert list(context) == ["name", "kind", "geometry"]


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_a_geojson_may_name_the_crs_it_must_have_anyway(tmp_path, crs):
    files = tiny.files()
    files.areas["crs"] = {"type": "name", "properties": {"name": crs}}
    assert load(files.write(tmp_path / "tiny")).warnings == []


def test_settings_are_those_of_the_file(written):
    settings = load(written).settings
    assert (settings.start, settings.end) == (date(2021, 8, 1), date(2021, 8, 31))
    assert (settings.area_rule, settings.max_window) == ("capital", 14)
    assert list(load(written).controls) == ["blue", "red", "green", "contested", "unknown"]


@pytest.mark.parametrize(
    ("ledger", "rule", "listed"),
    [
        ("place_id control when", "capital", ["blue", "red", "green", "contested", "unknown"]),
        (tiny.REPORTS, "capital", ["blue", "red", "unknown"]),
        (tiny.REPORTS, "majority", ["blue", "red", "contested", "unknown"]),
        (
            "place_id control when verdict\nalpha green 2021-08 disputed",
            "capital",
            ["green", "unknown"],
        ),
    ],
)
def test_the_legend_lists_controls_that_can_be_met(ledger, rule, listed):
    found = tiny.study(ledger, area_rule=rule).legend
    assert [control.id for control in found] == listed


@pytest.mark.parametrize("content", [None, b"not a zip"])
def test_what_is_no_study_says_so(tmp_path, content):
    path = tmp_path / "study.zip"
    if content:
        path.write_bytes(content)
    with pytest.raises(StudyError) as refused:
        load(path)
    assert refused.value.problems[0].file == "study.zip"
    assert refused.value.problems[0].wrong == (
        "this is neither a folder nor a .zip" if content else "no study is here"
    )


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize(
    ("files", "wrong", "right"),
    [
        (("west.dbf", "west.shp"), "“west.shp” has outlines or points", "controlmap new FOLDER"),
        (("west.gpkg",), "“west.gpkg” has outlines or points", "controlmap new FOLDER"),
        (("areas.geojson",), "“areas.geojson” has outlines or points", "controlmap new FOLDER"),
        (("days.csv", "west.kml"), "“days.csv” is a table", "controlmap import panel TABLE"),
        (("days.xlsx",), "“days.xlsx” is a table", "controlmap import panel TABLE"),
    ],
)
def test_boundaries_or_a_table_alone_are_told_from_a_study(tmp_path, files, wrong, right, zipped):
    path = tmp_path / "west"
    path.mkdir()
    for name in files:
        (path / name).write_bytes(b"whatever")
    if zipped:
        path = Path(shutil.make_archive(str(path), "zip", path))
    with pytest.raises(StudyError) as refused:
        load(path)
    (problem,) = refused.value.problems
    assert (problem.file, problem.wrong.split(",")[0]) == (path.name, wrong)
    assert problem.right.startswith(f"a study; {right}")


@pytest.mark.parametrize("inside", [("[Content_Types].xml", "xl/any.xml"), ("content.xml",)])
def test_a_workbook_is_told_from_a_study(tmp_path, inside):
    with zipfile.ZipFile(tmp_path / "west.xlsx", "w") as book:
        for name in inside:
            book.writestr(name, "<any/>")
    with pytest.raises(StudyError) as refused:
        load(tmp_path / "west.xlsx")
    (problem,) = refused.value.problems
    assert problem.wrong.startswith("this is a workbook")
    assert "controlmap import panel TABLE" in problem.right


@pytest.mark.parametrize("file", ["reports.csv", "study.toml"])
def test_a_file_saved_in_another_format_is_named(written, file):
    other = file.partition(".")[0].capitalize() + ".xlsx"
    (written / file).rename(written / other)
    with pytest.raises(StudyError) as refused:
        load(written)
    told = {problem.file: problem.right for problem in refused.value.problems}
    assert told[file].startswith(f"“{other}” saved as {file.partition('.')[2].upper()}")


def test_a_zip_that_was_damaged_on_its_way_says_so(tmp_path):
    archive = tmp_path / "tiny.zip"
    content = tiny.files().zipped()
    archive.write_bytes(content.replace(b"opens_on", b"opens_no", 1))
    with pytest.raises(StudyError):
        load(archive)


def test_the_refusal_tells_the_first_problem_and_how_many_there_are(written):
    (written / "study.toml").unlink()
    (written / "sources.csv").unlink()
    with pytest.raises(StudyError, match=r"2 error\(s\); .*study.toml"):
        load(written)
