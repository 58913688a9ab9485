"""A workbook of a spreadsheet is read as the CSV that it would have been saved as."""

import io
from datetime import date, datetime, time

import openpyxl
import pandas as pd
import pytest

from geo.importers import acled, workbooks
from geo.importers.refusal import TableError
from tests import test_acled, tiny
from tests.panels import STATES, drafted, of_files, reports, states, told


def write(path, **sheets):
    """A workbook of sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def typed(text):
    """The rows of a CSV as a spreadsheet holds them: numbers are numbers, days are days."""
    table = pd.read_csv(io.StringIO(text), parse_dates=["day"])
    rows = [
        [cell.to_pydatetime() if hasattr(cell, "to_pydatetime") else cell for cell in row]
        for row in table.astype(object).to_numpy()
    ]
    return [list(table.columns), *rows]


def only(error):
    [problem] = error.value.problems
    return problem


def test_a_panel_is_the_same_from_a_workbook_as_from_its_csv(tmp_path):
    text = states(STATES + "    alpha  2021-08-05  -\n    beta  2021-08-06  Both\n")
    path = write(tmp_path / "panel.xlsx", Data=typed(text), Empty=[])
    found, wanted = of_files(tmp_path, [path]), drafted(tmp_path, text)
    assert reports(found) == reports(wanted)
    assert told(found) == told(wanted)
    assert {each.file for each in found.findings if each.row} == {"panel.xlsx/Data"}


def test_acled_is_read_from_a_workbook(tmp_path):
    areas = tmp_path / "areas.geojson"
    areas.write_text(tiny.as_json(tiny.areas()), encoding="utf-8")
    csv = test_acled.write(tmp_path)
    row = [int(cell) if cell.isdigit() else cell for cell in test_acled.ROW.values()]
    path = write(tmp_path / "export.xlsx", Sheet=[list(test_acled.ROW), row])
    found, wanted = (acled.draft([file], areas) for file in (path, csv))
    pd.testing.assert_frame_equal(found.reports, wanted.reports)


def test_cells_are_what_is_stored_and_rows_stand_where_they_stood(tmp_path):
    path = write(
        tmp_path / "any.xlsx",
        Data=[
            ["text", "whole", "part", "true", "day", "moment", "hour", "nothing"],
            ['a "b",\nc', 7.0, 0.5, True, date(2021, 8, 1), datetime(2021, 8, 1, 12, 30), time(9)],
            [],
            ["é کندز"],
        ],
    )
    assert workbooks.as_csv(path, "Data").decode().split("\r\n") == [
        "text,whole,part,true,day,moment,hour,nothing",
        '"a ""b"",\nc",7,0.5,TRUE,2021-08-01,2021-08-01 12:30:00,09:00:00,',
        ",,,,,,,",
        "é کندز,,,,,,,",
        "",
    ]


@pytest.mark.parametrize(
    ("sheets", "wrong"),
    [
        ({"One": [["a"]], "Two": [["b"]], "Three": []}, "2 of its sheets have cells: “One”, “Two”"),
        ({"One": [], "Two": []}, "it has no cells"),
        ({"One": []}, "it has no header"),
        ({"One": [["day", "status"]]}, "it has no rows"),
    ],
)
def test_a_workbook_without_one_table_is_refused(tmp_path, sheets, wrong):
    path = write(tmp_path / "panel.xlsx", **sheets)
    with pytest.raises(TableError) as error:
        of_files(tmp_path, [path])
    assert only(error).wrong == wrong


@pytest.mark.parametrize("torn", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_torn_workbook_is_refused(tmp_path, torn):
    path = write(tmp_path / "panel.xlsx", Data=typed(states(STATES)))
    content = path.read_bytes()
    at = content.index(torn.encode()) + len(torn)
    path.write_bytes(content[: at + 20] + b"\0" * 40 + content[at + 60 :])
    with pytest.raises(TableError) as error:
        of_files(tmp_path, [path])
    assert only(error).file.startswith("panel.xlsx")
    assert only(error).wrong.startswith("it cannot be read")


def test_half_an_old_workbook_is_refused(tmp_path):
    (tmp_path / "panel.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(TableError) as error:
        of_files(tmp_path, [tmp_path / "panel.xls"])
    assert only(error).wrong.startswith("it cannot be read")
