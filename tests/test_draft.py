"""A draft becomes a folder that is a study, whole or not at all."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from geo import cells, study
from geo.importers import draft
from geo.importers.draft import Draft, Finding
from tests import tiny


@pytest.fixture
def two_squares():
    """The tiny study, as an importer would draft it."""
    sources = tiny.bibliography()
    return Draft(
        settings={
            "title": "Drafted",
            "start": date(2021, 8, 1),
            "end": date(2021, 8, 31),
            "opens_on": date(2021, 8, 10),
            "control": [{"id": "blue", "label": "Blue"}, {"id": "red", "label": "Red"}],
        },
        areas=gpd.GeoDataFrame(
            {"area_id": ["X-W"], "name": ["West"], "alt_names": [""]}
            | {"population": pd.array([300], dtype="Int64"), "population_source": ["a census"]},
            geometry=[box(60, 30, 61, 31)],
            crs="EPSG:4326",
        ),
        places=gpd.GeoDataFrame(
            {"place_id": ["alpha"], "name": ["=Alpha"], "alt_names": [""], "kind": ["city"]}
            | {"area_id": ["X-W"], "is_capital": [True], "population": [None]},
            geometry=[Point(60.5, 30.5)],
            crs="EPSG:4326",
        ),
        reports=tiny.ledger("place_id control when\nalpha blue ../2021-08-01"),
        sources=sources,
        about="A square.",
        findings=[Finding("dropped", "table.csv", 7, "day", "“yesterday” is no day", 3)],
    )


def test_a_written_draft_is_a_study(two_squares, tmp_path):
    found = study.load(draft.write(two_squares, tmp_path / "drafted"))
    assert found.settings.title == "Drafted"
    assert found.places["name"].tolist() == ["=Alpha"]
    assert found.areas["population"].tolist() == [300]
    assert found.reports["when"].tolist() == ["../2021-08-01"]


def test_its_findings_stand_beside_it(two_squares, tmp_path):
    folder = draft.write(two_squares, tmp_path / "drafted")
    header, row = cells.read((folder / "import.csv").read_text(encoding="utf-8"))
    assert header == list(Finding._fields)
    assert row == ["dropped", "table.csv", "7", "day", "“yesterday” is no day", "3"]
    told = (folder / "README.md").read_text(encoding="utf-8")
    assert "- dropped: table.csv row 7 and 2 more: “yesterday” is no day" in told


def test_the_same_draft_gives_the_same_bytes(two_squares, tmp_path):
    first, again = (draft.write(two_squares, tmp_path / name) for name in ("one", "two"))
    for file in first.iterdir():
        assert file.read_bytes() == (again / file.name).read_bytes()


def test_a_folder_with_something_in_it_is_refused_unless_forced(two_squares, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "study.toml").write_text("old")
    with pytest.raises(FileExistsError, match="not empty; --force"):
        draft.write(two_squares, tmp_path)
    assert (tmp_path / "study.toml").read_text() == "old"
    draft.write(two_squares, tmp_path, force=True)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert study.load(tmp_path).settings.title == "Drafted"


def test_nothing_is_half_written(two_squares, tmp_path):
    broken = Draft(**(vars(two_squares) | {"sources": None}))
    with pytest.raises(AttributeError):
        draft.write(broken, tmp_path / "drafted")
    assert list(tmp_path.iterdir()) == []


def test_a_summary_has_examples_of_what_is_alike():
    days = ["soon", "32/13/2021", "soon", "n.d.", "later"]
    found = draft.summary(
        [
            *(Finding("dropped", "t.csv", 2, "day", f"“{day}” is no day", 10) for day in days),
            Finding("dropped", "t.csv", 9, "id", "no place", 2),
        ]
    )
    assert found[["row", "text", "rows"]].to_numpy().tolist() == [
        [2, "“soon” is no day; so with “32/13/2021”, “n.d.”", 50],
        [9, "no place", 2],
    ]
    assert found["alike"].fillna(0).tolist() == [5, 0]
    assert draft.summary([]).empty
