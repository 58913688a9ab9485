"""What is wrong with a study, in words for its curator: where, what, and what would be right."""

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

Level = Literal["error", "warning"]
ERROR: Level = "error"
WARNING: Level = "warning"


class Refused(Exception):
    """A file, or a part of one, that is not read: what is wrong with it, and what would be right.

    Attributes
    ----------
    wrong, right : str
    row : int or None
        As :class:`Problem` counts it.
    """

    def __init__(self, wrong: str, right: str, row: int | None = None) -> None:
        super().__init__(f"{wrong}; right would be {right}")
        self.wrong, self.right, self.row = wrong, right, row


class Problem(NamedTuple):
    """One thing wrong (or odd) in a study, in words for its curator."""

    level: Level
    file: str
    row: int | None
    column: str
    wrong: str
    right: str


def to_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """Problems as a table, errors first, then by file and row."""
    table = pd.DataFrame(list(problems), columns=Problem._fields).astype({"row": "Int64"})
    return table.sort_values(["level", "file", "row"], kind="stable", ignore_index=True)


def row_number(file: str, index: int) -> int:
    """Where a curator finds a row: a spreadsheet's row (its header is 1), a feature's number."""
    return index + (1 if file.endswith(".geojson") else 2)


def flag(
    file: str,
    table: pd.DataFrame,
    column: str,
    bad: Any,
    wrong: str | Callable[[Any], str],
    right: str,
    level: Level = ERROR,
) -> list[Problem]:
    """One problem for each row where `bad` holds; `wrong` may be made from the cell."""
    cells = table.loc[np.asarray(bad, dtype=bool), column]
    return [
        Problem(
            level,
            file,
            row_number(file, index),
            column,
            wrong(cell) if callable(wrong) else wrong.format(cell),
            right,
        )
        for index, cell in cells.items()
    ]
