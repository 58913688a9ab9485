"""A table of someone else's, as a file → its cells as text, by the row a spreadsheet shows.

CSV with commas, semicolons or tabs, plain, gzipped or alone in a .zip, or the only sheet of a
workbook. Columns are known by their names in any case. What cannot be read is refused with its
row.
"""

import csv
import gzip
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from geo.importers import workbooks
from geo.importers.refusal import refuse

SEPARATORS = ",;\t"

HEADER = 1
"""The row of a spreadsheet on which the columns' names stand."""


def read(paths: Sequence[Path], needed: Iterable[str], optional: Iterable[str]) -> pd.DataFrame:
    """Read files of one layout as one table.

    Parameters
    ----------
    paths : sequence of pathlib.Path
    needed, optional : iterable of str
        Columns, in small letters. Those that a file may lack are blank there; all others are
        left unread.

    Returns
    -------
    pandas.DataFrame
        The columns as text without spaces about it, and ``file`` and ``row`` (a spreadsheet's:
        the header is 1). Blank lines are left out.

    Raises
    ------
    geo.importers.refusal.TableError
        When a file is no such table.
    """
    needed = list(needed)
    return pd.concat([_read_one(path, needed, list(optional)) for path in paths], ignore_index=True)


def columns(path: Path) -> list[str]:
    """The names of a file's columns, in small letters.

    Raises
    ------
    geo.importers.refusal.TableError
    """
    return _header(path, next(_rows(path)))


def _read_one(path: Path, needed: list[str], optional: list[str]) -> pd.DataFrame:
    rows = _rows(path)
    names = _header(path, next(rows))
    if missing := [name for name in needed if name not in names]:
        has = ", ".join(f"“{name}”" for name in names)
        listed = ", ".join(f"“{name}”" for name in missing)
        raise refuse(path.name, f"no column {listed}", f"it; the file has {has}", row=HEADER)
    wanted = {name: names.index(name) for name in [*needed, *optional] if name in names}
    kept: dict[str, list[str]] = {name: [] for name in wanted}
    numbers = []
    for number, row in enumerate(rows, HEADER + 1):
        if not any(row):
            continue
        if len(row) != len(names):
            wrong = f"{len(row)} cells under {len(names)} columns"
            right = "as many cells as columns; a cell with a separator in it wants quotes"
            raise refuse(path.name, wrong, right, row=number)
        numbers.append(number)
        for name, at in wanted.items():
            kept[name].append(row[at].strip())
    blank = [""] * len(numbers)
    cells = {name: kept.get(name, blank) for name in [*needed, *optional]}
    return pd.DataFrame(cells, dtype=str).assign(file=path.name, row=numbers)


def _header(path: Path, row: list[str]) -> list[str]:
    names = ["_".join(name.lower().split()) for name in row]
    twice = [name for name, count in Counter(names).items() if count > 1 and name]
    if twice:
        wrong = f"two columns are named “{twice[0]}”"
        raise refuse(path.name, wrong, "each column once", row=HEADER)
    return names


def _rows(path: Path) -> Iterator[list[str]]:
    """The rows of a file, blank lines among them, header first."""
    text = _decode(path)
    header = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            yield row
    except csv.Error as error:
        right = "comma-separated values (RFC 4180)"
        raise refuse(path.name, f"not CSV: {error}", right, row=number + 1) from None


def _decode(path: Path) -> str:
    try:
        content = _bytes(path)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise refuse(path.name, f"the file cannot be read: {error}", "one that opens") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = io.StringIO(content[: error.start].decode("latin-1") + "x", newline="")
        row = sum(1 for _ in csv.reader(before))
        right = "a file saved as “CSV UTF-8”, or as it was exported"
        raise refuse(path.name, f"byte {error.start} is not UTF-8", right, row=row) from None
    if not text.strip():
        raise refuse(path.name, "the file is empty", "a header, and a row for each event or place")
    return text


def _bytes(path: Path) -> bytes:
    if workbooks.is_workbook(path):
        return workbooks.as_csv(path, workbooks.sheet_of(path))
    if not zipfile.is_zipfile(path):
        content = path.read_bytes()
        return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    with zipfile.ZipFile(path) as archive:
        inside = [name for name in archive.namelist() if name.lower().endswith((".csv", ".tsv"))]
        inside = [name for name in inside if not name.startswith("__MACOSX")]
        if len(inside) != 1:
            raise refuse(path.name, f"{len(inside)} tables are in the .zip", "one .csv in it")
        return archive.read(inside[0])
