"""A table of named points → a study without a word yet, to curate a ledger in.

Places come from a CSV table or any file of points; their areas from the boundaries, unless
the table names them by id.
"""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.boundaries import read as read_features
from geo.importers import areas as boundaries
from geo.importers import sheets, slugs
from geo.importers.draft import Draft, Finding
from geo.importers.mapping import AreaColumns
from geo.importers.placing import locate
from geo.importers.refusal import refuse
from geo.problems import Refused
from geo.schemas import SCHEMAS

NAMES = {
    "name": ("name", "place", "location", "town", "city", "settlement", "asciiname"),
    "lat": ("lat", "latitude", "y"),
    "lon": ("lon", "lng", "long", "longitude", "x"),
}
"""What the columns of a table are called."""

KEPT = ("place_id", "alt_names", "kind", "area_id", "population")
KIND = "city"
TABLES = (".csv", ".tsv", ".txt", ".gz")


def draft(paths: list[Path], areas: Path, start: date, end: date, title: str = "") -> Draft:
    """Make a study of places and areas.

    Parameters
    ----------
    paths : list of pathlib.Path
        Tables with a name, a latitude and a longitude (degrees, WGS 84), or files of points
        with a name; where they have ``place_id``, ``alt_names``, ``kind``, ``area_id`` and
        ``population``, those are kept.
    areas : pathlib.Path
        Boundaries (:func:`geo.importers.areas.read`).
    start, end : datetime.date
        The days that the ledger is to be of.
    title : str

    Raises
    ------
    geo.importers.refusal.TableError
    """
    found, findings = boundaries.read(areas, AreaColumns())
    tables = [_read(path) for path in paths]
    findings += [finding for _, said in tables for finding in said]
    table, said = _clean(pd.concat([table for table, _ in tables], ignore_index=True))
    findings += said
    spots = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["lon"], table["lat"], crs=4326)
    )
    area, said = _areas_of(spots, found)
    table["area"] = area.map(found.set_index("area_id")["name"]).fillna("")
    ids = slugs.unique(table, ["name", "area", "kind"], ["name", "lat", "lon"], found["area_id"])
    places = gpd.GeoDataFrame(
        {
            "place_id": table["place_id"].where(table["place_id"] != "", ids),
            "name": table["name"],
            "alt_names": table["alt_names"],
            "kind": table["kind"].where(table["kind"] != "", KIND),
            "area_id": area,
            "is_capital": False,
            "population": pd.to_numeric(table["population"], errors="coerce").astype("Int64"),
        },
        geometry=spots.geometry,
    )
    _refuse_shared(table, places["place_id"])
    return Draft(
        settings={
            "title": title or paths[0].stem,
            "start": start,
            "end": end,
            "opens_on": start,
            "area_rule": "majority",
            "control": [{"id": "government", "label": "Government"}],
        },
        areas=found,
        places=places,
        reports=pd.DataFrame(columns=list(SCHEMAS["reports.csv"].columns)),
        sources=pd.DataFrame(columns=list(SCHEMAS["sources.csv"].columns)),
        about=(
            "Places and their areas, and a ledger without a report yet: set the days and the "
            "controls in study.toml, then write a row for each source in sources.csv and a row "
            "for each claim in reports.csv."
        ),
        findings=[*findings, *said],
    )


def _read(path: Path) -> tuple[pd.DataFrame, list[Finding]]:
    """A file's points: text columns, ``lat`` and ``lon`` in degrees, ``file`` and ``row``."""
    if path.suffix.lower() in TABLES:
        columns = sheets.columns(path)
        named = {name: _named(path, columns, name) for name in NAMES}
        table = sheets.read([path], named.values(), KEPT)
        table = table.rename(columns={column: name for name, column in named.items()})
    else:
        named, table = _features(path)
    guessed = [f"{name} from “{column}”" for name, column in named.items() if name != column]
    findings = [Finding("read", path.name, None, "", f"{len(table)} points", len(table))]
    if guessed:
        findings.append(Finding("guessed", path.name, None, "", ", ".join(guessed), len(table)))
    return table, findings


def _features(path: Path) -> tuple[dict[str, str], pd.DataFrame]:
    try:
        found = read_features(path.read_bytes()).rename(columns=str.lower)
    except Refused as refused:
        raise refuse(path.name, refused.wrong, refused.right, row=refused.row) from None
    if not (found.geom_type == "Point").all():
        row = int((found.geom_type == "Point").argmin()) + 1
        raise refuse(path.name, "not every feature is a point", "a file of points alone", row=row)
    name = _named(path, list(found.columns), "name")
    table = pd.DataFrame({"name": _text(found[name])})
    for column in KEPT:
        table[column] = _text(found[column]) if column in found else ""
    at = {"lat": found.geometry.y, "lon": found.geometry.x}
    return {"name": name}, table.assign(**at, file=path.name, row=range(1, len(table) + 1))


def _text(cells: pd.Series) -> pd.Series:
    return cells.astype(object).where(cells.notna(), "").astype(str).str.strip()


def _named(path: Path, columns: list[str], name: str) -> str:
    for known in NAMES[name]:
        if known in columns:
            return known
    has = ", ".join(f"“{column}”" for column in columns)
    raise refuse(path.name, f"no column “{name}” among {has}", f"a column {name}")


def _clean(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Points that have a name and a position, each once."""
    at = table[["lat", "lon"]].apply(pd.to_numeric, errors="coerce")
    table = table.assign(**at)
    off = ~(at["lat"].between(-90, 90) & at["lon"].between(-180, 180))
    findings = []
    for bad, why in (
        (table["name"] == "", "no name"),
        (off, "no latitude and longitude in degrees"),
        (table.duplicated(["name", "lat", "lon"]), "the same name and position as above"),
    ):
        bad = bad[table.index]
        findings += dropped(table[bad], why)
        table = table[~bad]
    if table.empty:
        raise refuse(
            "", "no point is left to import", "rows with a name, a latitude and a longitude"
        )
    return table.reset_index(drop=True), findings


def dropped(rows: pd.DataFrame, why: str) -> list[Finding]:
    """A finding for each of some rows (``file``, ``row``) that are left out."""
    return [
        Finding("dropped", file, int(row), "", why)
        for file, row in zip(rows["file"], rows["row"], strict=True)
    ]


def _areas_of(spots: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> tuple[pd.Series, list[Finding]]:
    """The area that the table names, where the boundaries have it; else the one around it."""
    named = spots["area_id"]
    told = named.isin(areas["area_id"])
    findings = [
        Finding(
            "noticed",
            row.file,
            row.row,
            "area_id",
            f"“{row.area_id}” is no area; joined by where it lies",
        )
        for row in spots[~told & (named != "")].itertuples()
    ]
    area = named.where(told, "")
    for file, rest in spots[~told].groupby("file", sort=False):
        area.loc[rest.index], said = locate(rest, areas, file=str(file), rows=rest["row"])
        findings += said
    return area, findings


def _refuse_shared(table: pd.DataFrame, ids: pd.Series) -> None:
    if ids.duplicated().any():
        at = int(ids.duplicated().to_numpy().argmax())
        file, row = table["file"].iloc[at], int(table["row"].iloc[at])
        raise refuse(file, f"“{ids.iloc[at]}” stands twice", "a place_id for each", "place_id", row)
