"""A cell opens in a spreadsheet as text, and comes back as it was."""

import csv
import re

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo import cells
from geo.study import StudyError, load
from tests import tiny

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\nx",
    " =1",
    "\u00a0\u3000-1",
    "\ufeff@x",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "-",
]
HARMLESS = ["", "a=b", "2021-08-13", "../2021-08-13", "'", "'tis", "it's -1", "–", "#adm1+code"]

TEXTS = st.text(alphabet=st.sampled_from("=+-@＝'\"\t\r\n\0,; aé") | st.characters(codec="utf-8"))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_stands_behind_an_apostrophe(text):
    assert cells.guard(text) == f"'{text}"
    assert cells.guard(f"'{text}") == f"''{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stands_as_it_is(text):
    assert cells.guard(text) == cells.unguard(text) == text


@given(TEXTS)
@example("''=1")
@example("'")
def test_every_text_comes_back_and_none_written_is_a_formula(text):
    written = cells.guard(text)
    assert cells.unguard(written) == text
    assert not re.match(r"\s*[=+\-@＝＋－＠]|[\t\r\n]", written)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1))
@example([("a\rb", "a\n"), ("\r", "")])
def test_every_table_of_texts_comes_back(rows):
    table = pd.DataFrame(rows, columns=["=one", "two"], dtype=object)
    assert cells.read(cells.to_csv(table)) == [["=one", "two"], *map(list, rows)]


def test_numbers_days_and_truths_are_no_text():
    table = pd.DataFrame(
        {
            "lon": [-71.25, None],
            "people": pd.array([-1, None], dtype="Int64"),
            "day": pd.to_datetime(["2021-08-13", None]).astype("datetime64[s]"),
            "sure": [True, False],
            "text": ["-71.25", None],
        }
    )
    assert cells.to_csv(table) == (
        "lon,people,day,sure,text\n-71.25,-1,2021-08-13,true,'-71.25\n,,,false,\n"
    )


def test_plain_values_are_those_of_json():
    table = pd.DataFrame(
        {
            "lon": [-71.5, None],
            "people": pd.array([-1, None], dtype="Int64"),
            "day": pd.to_datetime(["2021-08-13", None]).astype("datetime64[s]"),
            "sure": [True, False],
            "text": ["=x", ""],
        }
    )
    assert cells.plain(table).to_numpy().tolist() == [
        [-71.5, -1, "2021-08-13", True, "=x"],
        [None, None, None, False, ""],
    ]


def test_what_is_no_csv_is_refused():
    with pytest.raises(csv.Error):
        cells.read('a,b\n"x"y,z\n')


@pytest.mark.parametrize(
    ("row", "tags"),
    [
        (["#adm1+code", "#date +start"], True),
        ([" #adm1", ""], True),
        (["", ""], False),
        ([], False),
        (["#adm1", "alpha"], False),
    ],
)
def test_a_tag_row_has_hashtags_and_nothing_else(row, tags):
    assert cells.is_tags(row) is tags


def guarded(frame):
    """A ledger as controlmap writes it, with a row of hashtags."""
    return cells.to_csv(frame, ["#x_" + name for name in frame])


def test_a_study_reads_guarded_cells_and_skips_the_tag_row(tmp_path):
    files = tiny.files()
    files.reports["evidence"] = ["=1+1", "'-2", "plain"]
    folder = files.write(tmp_path / "tiny")
    (folder / "reports.csv").write_text(guarded(files.reports), encoding="utf-8")
    (folder / "sources.csv").write_text(guarded(files.sources), encoding="utf-8")
    found = load(folder)
    assert found.reports["evidence"].tolist() == ["=1+1", "'-2", "plain"]
    assert_frame_equal(found.reports[list(files.reports)].reset_index(drop=True), files.reports)
    assert found.sources["source_id"].tolist() == files.sources["source_id"].tolist()


def test_a_problem_names_the_row_of_the_file_under_a_tag_row_too(tmp_path):
    files = tiny.files()
    files.reports.loc[1, "control"] = "purple"
    folder = files.write(tmp_path / "tiny")
    (folder / "reports.csv").write_text(guarded(files.reports), encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        load(folder)
    assert [problem.row for problem in refused.value.problems] == [4]


def test_a_ragged_row_under_a_tag_row_is_named_too(tmp_path):
    files = tiny.files()
    folder = files.write(tmp_path / "tiny")
    (folder / "reports.csv").write_text(guarded(files.reports) + "r9,alpha\n", encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        load(folder)
    assert [problem.row for problem in refused.value.problems] == [6]
