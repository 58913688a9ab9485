"""Rows of a table, by where they stand in its files as a spreadsheet counts them.

While chunks are read, a row is known by its chunk and its place there; when all are counted,
by its file and number: the header is 1.
"""

from collections.abc import Iterable
from itertools import islice

import numpy as np
import pandas as pd

from geo.importers.chunks import Chunk
from geo.importers.draft import Finding, Met
from geo.importers.runs import ROWS

MOST = 1000
"""How many findings of a kind are listed before the rest is counted."""


class Rows:
    """Where rows stand.

    Parameters
    ----------
    chunks : list of geo.importers.chunks.Chunk
    counts : dict of int to int
        How many rows each chunk has.

    Attributes
    ----------
    files : list of str
        The name of each chunk's file.
    file : str
        Those of all, each once.
    total : int
        How many rows there are.
    """

    def __init__(self, chunks: list[Chunk], counts: dict[int, int]) -> None:
        self.files = [chunk.file for chunk in chunks]
        paths = pd.Series([(chunk.path, chunk.member) for chunk in chunks])
        count = pd.Series([counts.get(chunk.number, 0) for chunk in chunks])
        before = count.groupby(paths).cumsum() - count
        self._offsets = before.to_numpy() + 2  # the header is row 1
        self.total = int(count.sum())
        self.file = ", ".join(dict.fromkeys(self.files))

    def of(self, at: int) -> tuple[str, int]:
        """File and number of a row."""
        chunk, row = divmod(int(at), ROWS)
        return self.files[chunk], int(self._offsets[chunk]) + row

    def words(self, at: np.ndarray) -> pd.Series:
        """``row 17 of panel.csv`` for each row, blank where it is not known."""
        chunk, row = np.divmod(at, ROWS)
        known = at >= 0
        number = pd.Series(np.where(known, self._offsets[chunk * known] + row, 0)).astype(str)
        file = pd.Series(self.files, dtype=str).iloc[chunk * known].reset_index(drop=True)
        return ("row " + number + " of " + file).where(known, "")

    def finding(self, what: Met, at: int, column: str, text: str, rows: int = 1) -> Finding:
        """What became of rows, the first of which is known."""
        if at < 0:
            return Finding(what, "", None, column, text, rows)
        file, row = self.of(at)
        return Finding(what, file, row, column, text, rows)


def listed(
    findings: Iterable[Finding], rest: str, count: int | None = None, rows: int = 0
) -> list[Finding]:
    """The first :data:`MOST` of some findings, and how many more there are, in words of `rest`.

    Where there may be millions, their `count` and that of their `rows` are given, and no more
    are made than are listed.
    """
    every = iter(findings)
    first = list(islice(every, MOST))
    if count is None:
        others = [finding.rows for finding in every]
        count, rows = len(first) + len(others), sum(each.rows for each in first) + sum(others)
    if count <= len(first):
        return first
    last = first[-1]
    text = f"and {count - len(first):,} more {rest}"
    more = rows - sum(finding.rows for finding in first)
    return [*first, Finding(last.what, last.file, None, last.column, text, more)]
