"""A file of boundaries → the areas of a study, its columns of ids and names found by name.

GeoJSON, GeoPackage, zipped shapefile, FlatGeobuf or KML, in any coordinates that the file
names.
"""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.boundaries import read as read_features
from geo.importers.draft import Finding, Met
from geo.importers.refusal import refuse
from geo.problems import Refused

IDS = (
    "area_id|iso_3166_2|iso_3166-2|adm[0-9]_pcode|shapeid|gid_[0-9]|pcode|id|"
    "adm[0-9]_code|code|name"
).split("|")
NAMES = (
    "name|name_en|adm[0-9]_en|shapename|name_[0-9]|adm[0-9]_[a-z]{2}|adm[0-9]_name|admin_name"
).split("|")
"""What such columns are called, the likeliest first: controlmap's own, ISO, OCHA's, geoBoundaries'
and GADM's."""

KEPT = ("alt_names", "population", "population_source")


def read(path: Path) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read the areas of a study.

    Returns
    -------
    areas : geopandas.GeoDataFrame
        ``area_id, name, alt_names, population, population_source, geometry`` in WGS 84.
    findings : list of Finding
        Which columns were taken for ids and names.

    Raises
    ------
    geo.importers.refusal.TableError
        When the file has no boundaries, or no ids that are each one area's.
    """
    table = _features(path)
    polygons = table.geom_type.isin(["Polygon", "MultiPolygon"])
    if not len(table) or not polygons.all():
        row = int(polygons.argmin()) + 1 if len(table) else None
        raise refuse(path.name, "not every feature is a polygon", "boundaries of areas", row=row)
    area_id, name = _column(path, table, IDS, "ids"), _column(path, table, NAMES, "names")
    ids = _text(table[area_id])
    bad = (ids == "") | ids.duplicated()
    if bad.any():
        wrong = f"“{ids[bad].iloc[0]}” is no id of its own" if ids[bad].iloc[0] else "a blank id"
        raise refuse(path.name, wrong, "an id for each area", area_id, int(bad.argmax()) + 1)
    said = f"{len(table)} areas, their ids from “{area_id}”, their names from “{name}”"
    what: Met = "read" if (area_id, name) == ("area_id", "name") else "guessed"
    known = {name: _text(table[name]) for name in KEPT if name in table}
    people = pd.to_numeric(known.get("population", pd.Series("", table.index)), errors="coerce")
    names = _text(table[name])
    areas = gpd.GeoDataFrame(
        {
            "area_id": ids,
            "name": names.where(names != "", ids),
            "alt_names": known.get("alt_names", ""),
            "population": people.round().astype("Int64"),
            "population_source": known.get("population_source", ""),
        },
        geometry=table.geometry,
        crs=4326,
    )
    return areas, [Finding(what, path.name, None, "", said, len(table))]


def _features(path: Path) -> gpd.GeoDataFrame:
    """A file's features in WGS 84, with its own columns.

    Raises
    ------
    geo.importers.refusal.TableError
    """
    try:
        return read_features(path.read_bytes())
    except Refused as refused:
        raise refuse(path.name, refused.wrong, refused.right, row=refused.row) from None


def _column(path: Path, table: pd.DataFrame, known: list[str], what: str) -> str:
    columns = [str(column) for column in table.columns if column != table.geometry.name]
    for pattern in known:
        # The finest level of several is the one that the boundaries are of.
        found = sorted(column for column in columns if re.fullmatch(pattern, column, re.I))
        if found:
            return found[-1]
    has = ", ".join(f"“{column}”" for column in columns)
    raise refuse(path.name, f"no column of {what} among {has}", "columns area_id and name")


def _text(cells: pd.Series) -> pd.Series:
    """Cells as text without spaces about it, blank where they are missing."""
    return cells.astype(object).where(cells.notna(), "").astype(str).str.strip()
