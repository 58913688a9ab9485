"""What each file of a study must be on its own: keys, columns, and cells.

pydantic reads ``study.toml``, pandera the tables; what they find becomes
:class:`geo.problems.Problem` rows. Rules across tables are :mod:`geo.checks`'s.
"""

import difflib
from datetime import date
from typing import Annotated, Any, Literal

import pandas as pd
import pandera.pandas as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo import style
from geo.problems import ERROR, WARNING, Level, Problem, row_number

CONFIDENCE = ("high", "medium", "low")
VERDICTS = ("used", "disputed")
SOURCE_KINDS = ("news", "agency", "official", "party", "map", "dataset", "assumption")
RELIABILITY = ("A", "B", "C", "D", "E", "F")

LISTED = 8
"""How many columns of a table are named where one is missing."""


class Settings(BaseModel):
    """``study.toml``: what a study is about, and how it wants to be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    start: date
    end: date
    opens_on: date
    area_rule: Literal["capital", "reported", "majority"] = "capital"
    area_unit: tuple[str, str] = ("area", "areas")
    max_window: Annotated[int, Field(ge=1)] = 14
    lead_source: str = ""
    lead_label: str = ""
    projection: str = ""
    projection_name: str = ""
    credit: str = ""
    disclaimer: str = ""
    control: Annotated[list[style.Control], Field(min_length=1)]

    @model_validator(mode="after")
    def _agrees(self) -> "Settings":
        if self.start > self.end:
            raise ValueError(f"start ({self.start}) is later than end ({self.end})")
        if not self.start <= self.opens_on <= self.end:
            raise ValueError(f"opens_on ({self.opens_on}) is outside {self.start} to {self.end}")
        ids = [control.id for control in self.control]
        if len(set(ids)) < len(ids):
            raise ValueError("a control id stands twice")
        if self.projection:
            try:
                CRS.from_user_input(self.projection)
            except CRSError:
                raise ValueError(f"PROJ does not know the projection “{self.projection}”") from None
        return self


def check_settings(raw: dict[str, Any]) -> tuple[Settings | None, list[Problem]]:
    """Read the parsed ``study.toml``; its problems name the key."""
    try:
        return Settings.model_validate(raw), []
    except ValidationError as refused:
        return None, [
            Problem(
                ERROR,
                "study.toml",
                None,
                ".".join(str(part) for part in error["loc"]),
                error["msg"].removeprefix("Value error, "),
                "see the study format",
            )
            for error in refused.errors()
        ]


def _required(right: str) -> pa.Check:
    return pa.Check(lambda cells: cells != "", error=right)


def _one_of(words: tuple[str, ...]) -> pa.Check:
    return pa.Check(lambda cells: cells.isin(words), error="one of " + ", ".join(words))


def _key(right: str) -> pa.Column:
    return pa.Column(checks=_required(right), unique=True)


_ANY = pa.Column(nullable=True)
_OPTIONAL = pa.Column(nullable=True, required=False)
SCHEMAS = {
    "areas.geojson": pa.DataFrameSchema(
        {
            "area_id": _key("an ISO 3166-2 code or P-code"),
            "name": pa.Column(checks=_required("the area's common name")),
            "alt_names": _OPTIONAL,
            "population": _OPTIONAL,
            "population_source": _OPTIONAL,
        }
    ),
    "places.geojson": pa.DataFrameSchema(
        {
            "place_id": _key("a slug such as puli-alam"),
            "name": pa.Column(checks=_required("the place's name")),
            "alt_names": _OPTIONAL,
            "kind": pa.Column(checks=_required("city, airport, crossing, base …")),
            "area_id": _OPTIONAL,
            "is_capital": _OPTIONAL,
            "population": _OPTIONAL,
        }
    ),
    "reports.csv": pa.DataFrameSchema(
        {
            "report_id": _key("an id of its own that never changes"),
            "place_id": pa.Column(checks=_required("a place_id of places.geojson")),
            "control": pa.Column(checks=_required("a control of study.toml")),
            "when": _ANY,
            "source_id": pa.Column(checks=_required("a source_id of sources.csv")),
            "claimant": _OPTIONAL,
            "claimant_side": _OPTIONAL,
            "confidence": pa.Column(checks=_one_of(CONFIDENCE)),
            "verdict": pa.Column(checks=_one_of(VERDICTS)),
            "evidence": _OPTIONAL,
            "locator": _OPTIONAL,
            "supersedes": _OPTIONAL,
        }
    ),
    "sources.csv": pa.DataFrameSchema(
        {
            "source_id": _key("an id of its own that never changes"),
            "publisher": pa.Column(checks=_required("who published it")),
            "origin": _OPTIONAL,
            "kind": pa.Column(checks=_one_of(SOURCE_KINDS)),
            "reliability": pa.Column(checks=_one_of((*RELIABILITY, "")), required=False),
            "title": _OPTIONAL,
            "url": _OPTIONAL,
            "published": _OPTIONAL,
            "retrieved": _OPTIONAL,
            "language": _OPTIONAL,
        }
    ),
}
"""The columns of each table, and what a cell on its own must be."""


def check_table(file: str, table: pd.DataFrame, may_be_empty: bool = False) -> list[Problem]:
    """Check one table against its schema.

    Parameters
    ----------
    file : str
        A key of :data:`SCHEMAS`.
    table : pandas.DataFrame
        As read, indexed 0, 1, 2 … by place in the file; text cells, blank for empty.
    may_be_empty : bool
        Whether no rows are worth a warning and no error.
    """
    problems = _check_spelling(file, table)
    if table.empty:
        level: Level = WARNING if may_be_empty else ERROR
        right = "at least one row"
        problems.append(Problem(level, file, None, "", "the file has no rows", right))
    if table.empty and not may_be_empty:
        return problems
    try:
        SCHEMAS[file].validate(table, lazy=True)
    except pa.errors.SchemaErrors as found:
        cases = found.failure_cases.itertuples()
        problems = [_from_pandera(file, case, _own(file, table)) for case in cases] + problems
    return problems


def _check_spelling(file: str, table: pd.DataFrame) -> list[Problem]:
    """A column of the curator's own may be one that the study has, misspelt."""
    missing = [name for name in SCHEMAS[file].columns if name not in table]
    own = _own(file, table)
    near = {name: difflib.get_close_matches(name.lower(), missing, 1, 0.8) for name in own}
    return [
        Problem(WARNING, file, None, name, "the column is none of the study's", meant[0])
        for name, meant in near.items()
        if meant
    ]


def _own(file: str, table: pd.DataFrame) -> list[str]:
    """The columns that a table has and the study does not know."""
    known = {*SCHEMAS[file].columns, "geometry"}
    return [str(name) for name in table if name not in known]


def _from_pandera(file: str, case: Any, own: list[str]) -> Problem:
    if case.check == "column_in_dataframe":
        column = str(case.failure_case)
        wrong, right = "the column is missing", f"a column named {column}"
        if own:
            more = " …" if len(own) > LISTED else ""
            right += f"; is it one of {', '.join(own[:LISTED])}{more}?"
        return Problem(ERROR, file, None, column, wrong, right)
    row = row_number(file, int(case.index))
    if case.check == "field_uniqueness":
        wrong, right = f"“{case.failure_case}” stands more than once", "an id of its own"
    elif case.failure_case == "":
        wrong, right = "the cell is empty", case.check
    else:
        wrong, right = f"“{case.failure_case}” is not allowed here", case.check
    return Problem(ERROR, file, row, str(case.column), wrong, right)


def usable(file: str, table: Any, may_be_empty: bool = False) -> Any:
    """The table when rules can read it, else None: it has rows and every column it needs."""
    needed = {name for name, column in SCHEMAS[file].columns.items() if column.required}
    if table is None or (table.empty and not may_be_empty) or not needed <= set(table):
        return None
    return complete(file, table)


_BLANK = {"is_capital": False, "population": None}


def complete(file: str, table: Any) -> Any:
    """A table with the columns that it may leave out, blank."""
    left_out = [name for name in SCHEMAS[file].columns if name not in table]
    return table.assign(**{name: _BLANK.get(name, "") for name in left_out})
