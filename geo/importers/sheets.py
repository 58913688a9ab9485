"""A table of someone else's, as a file → its cells as text, by the row a spreadsheet shows.

CSV with commas, semicolons or tabs, plain, gzipped or alone in a .zip. Columns are known by
their names in any case. What cannot be read is refused with its row.
"""

import csv
import gzip
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

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
    geo.importers.refusal.Refused
        When a file is no such table.
    """
    needed = list(needed)
    return pd.concat([_read_one(path, needed, list(optional)) for path in paths], ignore_index=True)


def columns(path: Path) -> list[str]:
    """The names of a file's columns, in small letters.

    Raises
    ------
    geo.importers.refusal.Refused
    """
    text = _decode(path)
    return list(_names(path, text, _separator(text)).values())


def _read_one(path: Path, needed: list[str], optional: list[str]) -> pd.DataFrame:
    text = _decode(path)
    separator = _separator(text)
    names = _names(path, text, separator)
    if missing := [name for name in needed if name not in names.values()]:
        has = ", ".join(f"“{name}”" for name in names)
        listed = ", ".join(f"“{name}”" for name in missing)
        raise refuse(path.name, f"no column {listed}", f"it; the file has {has}", row=HEADER)
    wanted = {column: name for column, name in names.items() if name in [*needed, *optional]}
    try:
        table = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            usecols=list(wanted),
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except pd.errors.ParserError as error:
        right = "as many cells in each row as there are columns"
        raise refuse(path.name, f"not CSV: {error}", right) from None
    table = table.rename(columns=wanted)
    # A row cut short has cells that are missing, not blank.
    whole = (table.fillna("") != "").any(axis=1)
    cut = whole & table.isna().any(axis=1)
    if cut.any():
        row = int(cut.idxmax()) + HEADER + 1
        raise refuse(
            path.name, "the row ends before its last columns", "a cell for each column", row=row
        )
    table = table[whole].apply(lambda cells: cells.str.strip())
    for name in optional:
        if name not in table:
            table[name] = ""
    return table[[*needed, *optional]].assign(file=path.name, row=table.index + HEADER + 1)


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
    if path.suffix.lower() == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix.lower() != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        inside = [name for name in archive.namelist() if name.lower().endswith((".csv", ".tsv"))]
        inside = [name for name in inside if not name.startswith("__MACOSX")]
        if len(inside) != 1:
            raise refuse(path.name, f"{len(inside)} tables are in the .zip", "one .csv in it")
        return archive.read(inside[0])


def _separator(text: str) -> str:
    """What parts the names of the columns most often."""
    header = text.lstrip().split("\n", 1)[0]
    return max(SEPARATORS, key=header.count)


def _names(path: Path, text: str, separator: str) -> dict[str, str]:
    """Each column as the file spells it, and as it is known: in small letters."""
    header = pd.read_csv(io.StringIO(text), sep=separator, nrows=1, header=None, dtype=str)
    spelt = header.iloc[0].fillna("").astype(str).tolist()
    known = ["_".join(name.lower().split()) for name in spelt]
    twice = [name for name, count in Counter(known).items() if count > 1 and name]
    if twice:
        raise refuse(
            path.name, f"two columns are named “{twice[0]}”", "each column once", row=HEADER
        )
    return dict(zip(spelt, known, strict=True))
