"""The mapping file of a table: what its columns are called, and what its words mean.

TOML comes in, a :class:`Mapping` goes out, or problems that name the key. It goes the other
way too: what was guessed of a table becomes the text of a mapping file, to be read over.
"""

import difflib
import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from geo import schemas, style
from geo.importers import daywords
from geo.importers.refusal import TableError
from geo.problems import ERROR, Problem

COLUMNS = ("id", "name", "lat", "lon", "area", "kind", "day", "status")
"""What a column can be, in the order of a mapping file."""

Column = Annotated[str | None, Field()]

_DOUBT = re.compile(
    r"[?？؟]|\b(unclear|uncertain|unsure|doubt\w*|unconfirmed|unverified|maybe|perhaps"
    r"|possibl[ey]|probabl[ey]|likely|presum\w+|suspected)\b",
    re.IGNORECASE,
)
"""What in a status word says that whoever wrote it was not sure."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AreaColumns(_Part):
    """What the columns of the boundaries are called; guessed where left out."""

    id: str | None = None
    name: str | None = None
    population: str | None = None


class About(_Part):
    """What the study's ``study.toml`` is to say; the rest is computed."""

    title: str = ""
    description: str = ""
    opens_on: date | None = None
    area_unit: tuple[str, str] = ("area", "areas")
    max_window: Annotated[int, Field(ge=1)] = 14
    projection: str = ""
    projection_name: str = ""
    credit: str = ""
    disclaimer: str = ""


class Source(_Part):
    """What was imported, as ``sources.csv`` has it."""

    source_id: str = ""
    publisher: str = ""
    origin: str = ""
    kind: str = "dataset"
    reliability: str = ""
    title: str = ""
    url: str = ""
    published: str = ""
    retrieved: str = ""
    language: str = ""
    confidence: Literal["high", "medium", "low"] = "medium"

    @field_validator("published", "retrieved", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    @field_validator("kind")
    @classmethod
    def _kind(cls, value: str) -> str:
        return _one_of(value, schemas.SOURCE_KINDS)

    @field_validator("reliability")
    @classmethod
    def _reliability(cls, value: str) -> str:
        return _one_of(value, (*schemas.RELIABILITY, ""))


class Mapping(_Part):
    """A mapping file.

    Attributes
    ----------
    id, name, lat, lon, area, kind, day, status : str, optional
        The names of columns: guessed where left out, none where blank.
    day_format : str, optional
        How days are written, as a pattern of ``strptime``.
    encoding, delimiter : str, optional
        UTF-8, and found in the header, where left out.
    control : dict of str to str
        From each status word to the id of a control; ``unknown`` says nothing of the place.
    controls : list of geo.style.Control
        Labels, colours and definitions, where ids alone would not do.
    areas, study, source
    """

    id: Column = None
    name: Column = None
    lat: Column = None
    lon: Column = None
    area: Column = None
    kind: Column = None
    day: Column = None
    status: Column = None
    day_format: str | None = None
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(max_length=1)] = ""
    areas: AreaColumns = AreaColumns()
    study: About = About()
    source: Source = Source()
    controls: list[style.Control] = []
    control: dict[str, str] = {}

    @field_validator("day_format")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value and (wrong := daywords.check(value)):
            raise ValueError(wrong)
        return value

    @field_validator("encoding")
    @classmethod
    def _byte_by_byte(cls, value: str) -> str:
        try:
            plain = '\n\r,;\t"A'.encode(value) == b'\n\r,;\t"A'
        except LookupError:
            raise ValueError(f"Python knows no encoding “{value}”; utf-8, cp1252 …") from None
        if not plain:
            raise ValueError(f"“{value}” takes more than a byte a letter; save it as UTF-8")
        return value

    @field_validator("control")
    @classmethod
    def _ids(cls, value: dict[str, str]) -> dict[str, str]:
        for word, control in value.items():
            style.Control(id=control, label=word.strip() or control)
        return value


def _one_of(value: str, words: tuple[str, ...]) -> str:
    if value not in words:
        raise ValueError(f"“{value}” is none of {', '.join(filter(None, words))}")
    return value


def read(path: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    geo.importers.refusal.TableError
        With each key that is unknown (and the nearest one that is not) or has a wrong value.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refused(path, "", f"it cannot be read: {error.strerror}", "a file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        right = 'TOML saved as UTF-8: keys such as status = "Control", words in quotes'
        raise _refused(path, "", f"not TOML: {error}", right) from error
    try:
        return Mapping.model_validate(raw)
    except ValidationError as refused:
        problems = [_problem(path, dict(error)) for error in refused.errors()]
        raise TableError(problems) from None


def _refused(path: Path, key: str, wrong: str, right: str) -> TableError:
    return TableError([Problem(ERROR, path.name, None, key, wrong, right)])


def _problem(path: Path, error: dict[str, Any]) -> Problem:
    *parents, key = [str(part) for part in error["loc"]] or [""]
    where = ".".join([*parents, key])
    if error["type"] != "extra_forbidden":
        wrong = error["msg"].removeprefix("Value error, ")
        right = "an id of small letters, digits, - and _" if "pattern" in wrong else "see the docs"
        return Problem(ERROR, path.name, None, where, wrong, right)
    known = list(_model(parents).model_fields)
    near = difflib.get_close_matches(key.lower(), known, 1, 0.5)
    right = near[0] if near else f"one of {', '.join(known)}"
    return Problem(ERROR, path.name, None, where, f"there is no key “{key}”", right)


def _model(parents: list[str]) -> type[BaseModel]:
    """The part of the file that a key stands in."""
    model: type[BaseModel] = Mapping
    for part in parents:
        annotation = model.model_fields[part].annotation if part in model.model_fields else model
        inner = get_args(annotation)
        model = next((each for each in (*inner, annotation) if isinstance(each, type)), model)
    return model


def text(columns: dict[str, str], day_format: str, control: dict[str, tuple[str, int]]) -> str:
    """The text of a mapping file, for whoever makes one of a table.

    Parameters
    ----------
    columns : dict of str to str
        The column of each of :data:`COLUMNS` that the table has.
    day_format : str
        Blank where it is not known.
    control : dict of str to (str, int)
        The control of each status word, and in how many rows it stands.
    """
    lines = [f"{key} = {_quoted(columns[key])}" for key in COLUMNS if key in columns]
    lines += [f"day_format = {_quoted(day_format)}"] if day_format else []
    return "\n".join([*lines, "", "[control]", words(control)])


def words(control: dict[str, tuple[str, int]]) -> str:
    """The lines of ``[control]``, those of doubtful words with what else they may mean."""
    lines = []
    wide = max((len(_quoted(word)) for word in control), default=0)
    for word, (meaning, rows) in control.items():
        said = f"{_quoted(word):{wide}} = {_quoted(meaning)}"
        said += f"  # {rows:,} row{'' if rows == 1 else 's'}"
        if meaning != style.UNKNOWN and _DOUBT.search(word):
            said += '; doubtful: "contested", "unknown", or the control that you are sure of'
        lines.append(said)
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    """A text as TOML writes it; its escapes are among JSON's."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
