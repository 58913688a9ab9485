"""Tables ↔ the text of a CSV file that is safe to open in a spreadsheet.

A spreadsheet runs a cell as a formula when its text starts with the wrong sign. Such a text
is written behind an apostrophe, and one that already has apostrophes before the sign gets one
more, so that every text comes back as it was. An HXL tag row may stand under the header
(https://hxlstandard.org/standard/1-1final/tagging/). Tables go out as text, and text comes in
as rows; types are for others.
"""

import csv
import io
import re
from datetime import date, datetime
from typing import Any

import pandas as pd

_RUNS = re.compile("[\\s\0\ufeff\u200b']*[-=+@＝＋－＠]|'*[\t\r\n\0]")
"""Text that a spreadsheet may run, whatever apostrophes stand before it.

The signs and control characters are those of OWASP's *CSV Injection*, among them the
full-width signs that East Asian spreadsheets read as plain ones; blanks before a sign are
skipped by some.
"""


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run.

    Examples
    --------
    >>> guard("=1+1"), guard("'=1+1"), guard("a = b")
    ("'=1+1", "''=1+1", 'a = b')
    """
    return f"'{text}" if _RUNS.match(text) else text


def unguard(text: str) -> str:
    """Take :func:`guard`'s apostrophe away again."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """A table's cells as plain values, as JSON has them.

    Returns
    -------
    pandas.DataFrame
        Days as ISO text, numbers and booleans as they are, None where a cell is missing.
    """
    values = {name: [_plain(cell) for cell in table[name]] for name in table}
    return pd.DataFrame(values, index=table.index, columns=table.columns, dtype=object)


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return str(cell)
    if pd.isna(cell):
        return None
    if isinstance(cell, date):  # a Timestamp is one too
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    return cell.item() if hasattr(cell, "item") else cell


def to_csv(table: pd.DataFrame, tags: list[str] | None = None) -> str:
    """A table as the text of a CSV file.

    Parameters
    ----------
    table : pandas.DataFrame
        Its index is left out.
    tags : list of str, optional
        An HXL tag for each column, blank where it has none: the second row.

    Returns
    -------
    str
        Lines end in a line feed. Days are ISO, booleans ``true`` and ``false``, numbers plain,
        a missing cell is blank, and text is guarded (:func:`guard`).
    """
    columns = [[_text(cell) for cell in cells] for _, cells in table.items()]
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow([guard(str(name)) for name in table.columns])
    if tags is not None:
        writer.writerow(tags)
    writer.writerows(zip(*columns, strict=True))
    return "".join(lines)


class _Lines(list[str]):
    r"""Lines of CSV that end in a line feed.

    The writer is left its own ``\r\n``: before Python 3.13 a lone carriage return inside a
    cell is quoted only then, and would else be read as the row's end.
    """

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + "\n")


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return guard(cell)
    value = _plain(cell)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


class NotCsv(csv.Error):
    """A text that is not CSV, from a row on: a spreadsheet's row, the header being 1."""

    def __init__(self, why: str, row: int) -> None:
        super().__init__(why)
        self.row = row


def read(text: str, longest: int | None = None) -> list[list[str]]:
    """The rows of a CSV file, header and tag row among them, as they were before guarding.

    Parameters
    ----------
    text : str
    longest : int, optional
        Characters that a cell may have; 131,072 if left out.

    Raises
    ------
    NotCsv
        When the text is not CSV (RFC 4180), or a cell is longer.
    """
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            if longest and max(map(len, row), default=0) > longest:
                raise csv.Error(f"a cell has more than {longest:,} characters")
            rows.append([unguard(cell) for cell in row])
    except csv.Error as error:
        raise NotCsv(str(error), len(rows) + 1) from None
    return rows


def is_tags(row: list[str]) -> bool:
    """Whether a row is an HXL tag row: it has cells, and all that are not blank are hashtags."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
