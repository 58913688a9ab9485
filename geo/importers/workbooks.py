"""A workbook of Excel or LibreOffice → its table, as the CSV that a spreadsheet would save.

Cells are what is stored in them, formulas what they last gave, and days are ISO days, however
the spreadsheet shows them.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from geo.importers.refusal import refuse

_OLD = b"\xd0\xcf\x11\xe0"  # .xls
_INSIDE = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}  # .xlsx, .xlsb, .ods
_OF_CELLS = SheetTypeEnum.WorkSheet


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by its content.

    Raises
    ------
    OSError, zipfile.BadZipFile
        When it cannot be read, or is half a .zip.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != b"PK\3\4":
        return magic == _OLD
    with zipfile.ZipFile(path) as archive:
        return not _INSIDE.isdisjoint(archive.namelist())


def sheet_of(path: Path) -> str:
    """The name of the only sheet of a workbook that has cells.

    Raises
    ------
    geo.importers.refusal.TableError
        When there is none, or more than one.
    """
    with _opened(path) as book:
        sheets = [sheet.name for sheet in book.sheets_metadata if sheet.typ == _OF_CELLS]
        if len(sheets) > 1:
            sheets = [name for name in sheets if book.get_sheet_by_name(name).height]
    if len(sheets) == 1:
        return sheets[0]
    listed = ", ".join(f"“{name}”" for name in sheets)
    wrong = f"{len(sheets)} of its sheets have cells: {listed}" if sheets else "it has no cells"
    raise refuse(path.name, wrong, "a workbook with the table alone, or its sheet saved as CSV")


def as_csv(path: Path, sheet: str) -> bytes:
    """A sheet as UTF-8 with commas, its rows on the rows that the spreadsheet shows.

    Raises
    ------
    geo.importers.refusal.TableError
        When it cannot be read.
    """
    return _as_csv(path, sheet, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _as_csv(path: Path, sheet: str, changed: int) -> bytes:
    """An importer looks at a table's header, then at its beginning, then at all of it."""
    with _opened(path) as book:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            yield book
    except CalamineError as error:
        right = "a workbook that opens without a password, or its sheet saved as CSV"
        raise refuse(path.name, f"it cannot be read: {error}", right) from None


def _text(cell: Any) -> str:
    match cell:
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ")
        case date() | time():
            return cell.isoformat()
    return str(cell)
