"""A file of boundaries → the areas of a study.

Which column holds their ids and which their names is named by the mapping file or guessed,
and said: the files that countries, GADM, geoBoundaries and the UN publish call them alike.
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo import boundaries, problems
from geo.importers.draft import Finding
from geo.importers.mapping import AreaColumns
from geo.importers.naming import folded
from geo.importers.refusal import TableError, refuse
from geo.problems import Refused

IDS = (
    "area_id areaid adm4_pcode adm3_pcode adm2_pcode adm1_pcode admin4pcode admin3pcode "
    "admin2pcode admin1pcode pcode p_code shapeid gid_5 gid_4 gid_3 gid_2 gid_1 iso_3166_2 "
    "iso3166_2 shapeiso hasc_2 hasc_1 adm2_code adm1_code code id"
).split()
"""What ids of areas are called, the finer level before the coarser."""

NAMES = (
    "name adm4_en adm3_en adm2_en adm1_en admin4name_en admin3name_en admin2name_en "
    "admin1name_en adm4_name adm3_name adm2_name adm1_name shapename name_5 name_4 name_3 "
    "name_2 name_1 name_en area_name district province"
).split()
"""What names of areas are called; one of the id's own level is preferred."""

PEOPLE = ("population", "pop", "pop_total", "population_total")


def read(path: Path, wanted: AreaColumns) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """The areas of a file of boundaries.

    Returns
    -------
    areas : geopandas.GeoDataFrame
        ``area_id, name, alt_names, population, population_source``, polygons in WGS 84.
    findings : list of geo.importers.draft.Finding

    Raises
    ------
    geo.importers.refusal.TableError
        When the file cannot be read, or has no column of ids that are whole and unique.
    """
    table = _open(path)
    if table.empty:
        raise refuse(path.name, "there is no area in it", "a file of polygons")
    columns, findings = _columns(table, wanted, path.name)
    ids = table[columns["id"]].map(_text)
    _check_ids(path.name, columns["id"], ids)
    names = table[columns["name"]].map(_text) if "name" in columns else ids
    people = (
        pd.to_numeric(table[columns["population"]], errors="coerce")
        if ("population" in columns)
        else pd.Series(float("nan"), index=table.index)
    )
    shapes, mended = _mended(table.geometry)
    if mended:
        text = f"{mended} outlines cross themselves and were mended"
        findings.append(Finding("noticed", path.name, None, "geometry", text, mended))
    sourced = people.notna()
    areas = gpd.GeoDataFrame(
        {
            "area_id": ids,
            "name": names.where(names != "", ids),
            "alt_names": "",
            "population": people.round().astype("Int64"),
            "population_source": sourced.map({True: path.name, False: ""}),
        },
        geometry=shapes,
        crs="EPSG:4326",
    ).reset_index(drop=True)
    return areas, findings


def _open(path: Path) -> gpd.GeoDataFrame:
    try:
        return boundaries.read(path.read_bytes())
    except OSError as error:
        wrong = f"it cannot be read: {error.strerror}"
        raise refuse(path.name, wrong, f"a file: {boundaries.FORMATS}") from None
    except Refused as refused:
        raise refuse(path.name, refused.wrong, refused.right, row=refused.row) from None


def _text(cell: object) -> str:
    if pd.isna(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a column of whole numbers and a blank
    return " ".join(str(cell).split())


def _columns(
    table: gpd.GeoDataFrame, wanted: AreaColumns, file: str
) -> tuple[dict[str, str], list[Finding]]:
    names = [str(name) for name in table.columns if name != table.geometry.name]
    found: dict[str, str] = {}
    findings = []
    for role in ("id", "name", "population"):
        named = _named(getattr(wanted, role), names, role, file)
        guess = "" if named else _guess(role, table, names, found)
        if role == "id" and not (named or guess):
            has = ", ".join(names) or "none"
            right = f'[areas] id = "…" in the mapping file, one of its columns: {has}'
            raise refuse(file, "no column has an id of its own for each area", right)
        if guess:
            text = f"“{guess}” is taken for the areas' {role}"
            findings.append(Finding("guessed", file, None, guess, text))
        if named or guess:
            found[role] = named or guess
    return found, findings


def _named(wished: str | None, names: list[str], role: str, file: str) -> str:
    """The column that the mapping file means, in any case: formats and programs change it."""
    if not wished or wished in names:
        return wished or ""
    alike = [name for name in names if name.casefold() == wished.casefold()]
    if len(alike) != 1:
        raise refuse(file, f"there is no column “{wished}”", f"one of {', '.join(names)}", role)
    return alike[0]


def _guess(role: str, table: gpd.GeoDataFrame, names: list[str], found: dict[str, str]) -> str:
    if role == "id":
        return _first_whole(table, names)
    return _first(names, _names_for(found["id"]) if role == "name" else PEOPLE)


def _names_for(column: str) -> tuple[str, ...]:
    """Names, those of the level of a column of ids first: ADM2_EN beside ADM2_PCODE."""
    digits = [letter for letter in column if letter.isdigit()]
    level = digits[0] if digits else ""
    return tuple(sorted(NAMES, key=lambda name: not (level and level in name)))


def _first(names: list[str], usual: tuple[str, ...]) -> str:
    by_fold = {folded(name): name for name in reversed(names)}
    return next((by_fold[folded(each)] for each in usual if folded(each) in by_fold), "")


def _first_whole(table: gpd.GeoDataFrame, names: list[str]) -> str:
    """The first column of usual ids whose cells are filled and differ; else one of names."""
    by_fold = {folded(name): name for name in reversed(names)}
    for each in (*IDS, *NAMES):
        name = by_fold.get(folded(each), "")
        if name:
            cells = table[name].map(_text)
            if (cells != "").all() and cells.is_unique:
                return name
    return ""


def _check_ids(file: str, column: str, ids: pd.Series) -> None:
    right = "an id of its own for each area"
    numbered = pd.DataFrame({column: ids.to_numpy()})
    feature = f"{file}.geojson"  # rows of boundaries are features, numbered from 1
    told = problems.flag(feature, numbered, column, ids == "", "an area has no id", right)
    twice = ids.duplicated(keep=False) & (ids != "")
    told += problems.flag(feature, numbered, column, twice, "“{}” stands more than once", right)
    if told:
        raise TableError([problem._replace(file=file) for problem in told])


def _mended(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, int]:
    """Outlines, those that cross themselves made valid."""
    broken = ~shapes.is_valid
    return shapes.make_valid() if broken.any() else shapes, int(broken.sum())
