"""A folder or a .zip → a :class:`Study`: areas, places, reports, sources, controls.

Files are read as text (tables as :mod:`geo.cells` writes them) and features, checked whole
(:mod:`geo.schemas`, :mod:`geo.checks`), and only then given types. A study with an error is
refused with all its problems; one with warnings is a study.
"""

import csv
import hashlib
import json
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.geometry import shape

from geo import cells, checks, dates, schemas, style
from geo.problems import ERROR, Problem, row_number
from geo.schemas import Settings

_HERE = Path(__file__).resolve().parent
_PLACES = [folder / "data" / "afghanistan-2021" for folder in (_HERE, _HERE.parent)]
BUNDLED = next((place for place in _PLACES if place.exists()), _PLACES[-1])
"""The study that comes with controlmap: within the package in a wheel, beside it in a checkout."""

WGS84 = "EPSG:4326"
_DEGREES = ("EPSG:4326", "OGC:CRS84")


class StudyError(Exception):
    """A study that cannot be drawn.

    Attributes
    ----------
    problems : list of geo.problems.Problem
        All that is wrong with it, warnings included.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = sum(problem.level == ERROR for problem in problems)
        super().__init__(f"the study has {count} error(s); the first: {problems[0]}")


@dataclass(frozen=True, eq=False)
class Study:
    """One region, one period, its ledger.

    Attributes
    ----------
    id : str
        The folder's name: ``afghanistan-2021``.
    settings : geo.schemas.Settings
        ``study.toml``.
    controls : dict of str to geo.style.Control
        In the order of the legend, every style filled in.
    areas : geopandas.GeoDataFrame
        ``area_id, name, alt_names, population, population_source, geometry`` (WGS 84).
    places : geopandas.GeoDataFrame
        ``place_id, name, alt_names, kind, area_id, is_capital, population, geometry`` (WGS 84).
    reports : pandas.DataFrame
        ``reports.csv`` in the ledger's order, indexed by place in the file, with ``form,
        first, last, named`` of its date (:class:`geo.dates.When`).
    sources : pandas.DataFrame
        ``sources.csv`` by ``source_id``, with ``known_on``, the last day that ``published``
        allows (missing where blank).
    context : geopandas.GeoDataFrame
        ``name, kind, geometry``: neighbours and lakes, drawn behind; may be empty.
    warnings : list of geo.problems.Problem
    digest : str
        Of the files' bytes: two studies with the same digest are the same.
    """

    id: str
    settings: Settings
    controls: dict[str, style.Control]
    areas: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    reports: pd.DataFrame
    sources: pd.DataFrame
    context: gpd.GeoDataFrame
    warnings: list[Problem]
    digest: str

    @property
    def ranked(self) -> pd.Index:
        """The rows of places: capitals before others, those of areas with more people first."""
        people = self.places["area_id"].map(self.areas.set_index("area_id")["population"])
        order = pd.DataFrame({"minor": ~self.places["is_capital"], "people": -people.fillna(0)})
        return order.sort_values(["minor", "people"], kind="stable").index

    @property
    def names(self) -> pd.Series:
        """The name to show of every place and area, by id."""
        places = self.places.set_index("place_id")["name"]
        return pd.concat([places, self.areas.set_index("area_id")["name"]])


def load(path: Path | str = BUNDLED) -> Study:
    """Read and check a study.

    Parameters
    ----------
    path : pathlib.Path or str
        A folder, or a .zip that holds one.

    Raises
    ------
    StudyError
        With every problem, when at least one is an error.
    """
    path = Path(path)
    reader = _Reader(_open(path))
    raw_settings = reader.toml("study.toml")
    areas, places = reader.features("areas.geojson"), reader.features("places.geojson")
    reports, sources = reader.table("reports.csv"), reader.table("sources.csv")
    context = reader.features("context.geojson", optional=True)
    problems, settings = reader.problems, None
    if raw_settings is not None:
        settings, found = schemas.check_settings(raw_settings)
        problems += found
    tables = {
        "areas.geojson": areas,
        "places.geojson": places,
        "reports.csv": reports,
        "sources.csv": sources,
    }
    for file, table in tables.items():
        problems += [] if table is None else schemas.check_table(file, table)
    problems += checks.check_tables(
        settings, *(schemas.usable(file, table) for file, table in tables.items())
    )
    if not settings or any(problem.level == ERROR for problem in problems):
        raise StudyError(sorted(problems, key=lambda problem: problem.level))
    return Study(
        id=path.stem if path.suffix == ".zip" else path.resolve().name,
        settings=settings,
        controls=style.styles(settings.control),
        areas=areas.assign(population=pd.to_numeric(areas["population"]).astype("Int64")),
        places=places.assign(is_capital=places["is_capital"].astype(bool)),
        reports=reports.join(dates.parse_whens(reports["when"])[0]),
        sources=_with_known_on(sources),
        context=_context(context),
        warnings=problems,
        digest=reader.digest,
    )


def _with_known_on(sources: pd.DataFrame) -> pd.DataFrame:
    known_on = dates.parse_whens(sources["published"])[0]["last"]
    return sources.assign(known_on=known_on).set_index("source_id", drop=False)


def _context(features: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    if features is None or features.empty:
        return gpd.GeoDataFrame({"name": [], "kind": []}, geometry=[], crs=WGS84)
    return features.reindex(columns=["name", "kind", "geometry"])


def _open(path: Path) -> Path | zipfile.Path:
    """The folder that holds ``study.toml``: this one, the zip's root, or its only folder."""
    if path.is_dir():
        return path
    try:
        root = zipfile.Path(path)
    except (OSError, zipfile.BadZipFile):
        wrong = "no study is here" if not path.exists() else "this is neither a folder nor a .zip"
        right = "a folder or .zip with study.toml"
        raise StudyError([Problem(ERROR, path.name, None, "", wrong, right)]) from None
    inside = [entry for entry in root.iterdir() if entry.is_dir() and entry.name != "__MACOSX"]
    return inside[0] if not (root / "study.toml").exists() and len(inside) == 1 else root


_RIGHT_CRS = "WGS 84 (EPSG:4326), GeoJSON's only coordinates (RFC 7946)"


class _Reader:
    """Reads one study's files; what cannot be read becomes a problem and a ``None``."""

    def __init__(self, root: Path | zipfile.Path) -> None:
        self._root = root
        self._hash = hashlib.sha256()
        self.problems: list[Problem] = []

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()[:16]

    def _refuse(self, file: str, wrong: str, right: str, row: int | None = None) -> None:
        self.problems.append(Problem(ERROR, file, row, "", wrong, right))

    def _text(self, file: str, optional: bool = False) -> str | None:
        entry = self._root / file
        if not entry.is_file():
            if not optional:
                self._refuse(file, "the file is missing", f"a file {file} in the study")
            return None
        try:
            content = entry.read_bytes()
        except (OSError, zipfile.BadZipFile) as error:
            self._refuse(file, f"the file cannot be read: {error}", "a file that can be opened")
            return None
        self._hash.update(file.encode() + b"\0" + content)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = content[: error.start].count(b"\n") + 1
            self._refuse(file, f"byte {error.start} is not UTF-8", "text saved as UTF-8", row)
            return None
        if not text.strip():
            self._refuse(file, "the file is empty", "a file with content")
            return None
        return text

    def toml(self, file: str) -> dict[str, Any] | None:
        text = self._text(file)
        try:
            return None if text is None else tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._refuse(file, f"not TOML: {error}", "TOML, as in the bundled study")
            return None

    def table(self, file: str) -> Any:
        text = self._text(file)
        if text is None:
            return None
        try:
            rows = cells.read(text)
        except csv.Error as error:
            self._refuse(file, f"not CSV: {error}", "comma-separated values (RFC 4180)")
            return None
        header = [cell.strip() for cell in rows[0]]
        body = {number: row for number, row in enumerate(rows[1:]) if row}
        if cells.is_tags(body.get(0, [])):
            del body[0]
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            self._refuse(file, f"two columns are named “{twice[0]}”", "each column once", 1)
            return None
        ragged = {number: row for number, row in body.items() if len(row) != len(header)}
        for number, row in ragged.items():
            wrong = f"{len(row)} cells under {len(header)} columns"
            right = "as many cells as columns; quote a cell with a comma"
            self._refuse(file, wrong, right, row_number(file, number))
        if ragged:
            return None
        return pd.DataFrame(list(body.values()), index=list(body), columns=header, dtype=str)

    def features(self, file: str, optional: bool = False) -> Any:
        text = self._text(file, optional)
        if text is None:
            return None
        right = "a GeoJSON FeatureCollection (RFC 7946)"
        try:
            collection = json.loads(text, parse_constant=_no_number)
            features = collection["features"]
            rows = [feature["properties"] or {} for feature in features]
            # JSON can spell half of a letter, which no file can hold.
            json.dumps(rows, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            self._refuse(file, "a text holds half of a letter (a lone surrogate)", "whole letters")
            return None
        except (ValueError, TypeError, KeyError) as error:
            self._refuse(file, f"not GeoJSON: {error!r}", right)
            return None
        if not self._in_degrees(file, collection.get("crs")):
            return None
        shapes = []
        for number, feature in enumerate(features, 1):
            try:
                shapes.append(shape(feature["geometry"]))
            except Exception as error:  # shapely raises many kinds for a geometry that is none
                self._refuse(file, f"the geometry cannot be read: {error}", right, number)
        if len(shapes) < len(rows):
            return None
        table = pd.DataFrame(rows)
        texts = [c for c in table if c not in ("population", "is_capital")]
        table[texts] = table[texts].astype(object).where(table[texts].notna(), "").astype(str)
        return gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84)

    def _in_degrees(self, file: str, member: Any) -> bool:
        if member is None:
            return True
        name = str(member)
        try:
            name = str(member["properties"]["name"])
            if any(CRS.from_user_input(name) == CRS.from_user_input(crs) for crs in _DEGREES):
                return True
        except Exception:  # neither a CRS member nor a CRS that PROJ knows: a wrong one
            pass
        self._refuse(file, f"the coordinates are in “{name}”", _RIGHT_CRS)
        return False


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is not a number in JSON")
