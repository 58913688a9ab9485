"""What the rows of a table say of their places → the places of a study, and doubts about them.

A place is what its key says it is, never its name: two towns of one name are two. Where rows
differ on a place the first one is kept. A position whose latitude and longitude look swapped
is turned round, and a place far outside the area it names is taken to be where it stands.
"""

import hashlib
import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Geod

from geo.importers import placing
from geo.importers.draft import Finding
from geo.importers.naming import Names, folded, slug
from geo.importers.refusal import refuse
from geo.importers.rows import Rows, listed
from geo.importers.runs import BETWEEN, LOOK, Reading, Runs
from geo.importers.states import coordinate
from geo.tiling import OUTSIDE_KM, distance_km

MOVED_KM = 0.1
"""How far apart two positions of one place are before that is told."""

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def looks(runs: Runs) -> pd.DataFrame:
    """What rows say of places: ``key``, the columns of :data:`LOOK`, ``at``, ``rows``.

    By key, and by the first row that says so.
    """
    parts = [look.rsplit(BETWEEN, len(LOOK)) for look in runs.looks["look"]]
    table = pd.DataFrame(parts, columns=["key", *LOOK], dtype=object)
    table["at"], table["rows"] = runs.looks["at"].to_numpy(), runs.looks["rows"].to_numpy()
    return table.sort_values(["key", "at"], ignore_index=True)


def read(
    runs: Runs, reading: Reading, areas: gpd.GeoDataFrame, rows: Rows
) -> tuple[gpd.GeoDataFrame, dict[str, str], list[Finding]]:
    """The places of a table.

    Returns
    -------
    places : geopandas.GeoDataFrame
        ``place_id, name, kind, area_id``, points in WGS 84.
    ids : dict of str to str
        The place_id of each key; those that stand nowhere have none.
    findings : list of geo.importers.draft.Finding

    Raises
    ------
    geo.importers.refusal.TableError
        When hardly a place stands in the areas.
    """
    table = looks(runs)
    table["lat"], table["lon"] = table["lat"].map(coordinate), table["lon"].map(coordinate)
    findings = [*_differing(table, reading, rows)]
    turned = (table["lat"].abs() > 90) & (table["lon"].abs() <= 90) & (table["lat"].abs() <= 180)
    table.loc[turned, ["lat", "lon"]] = table.loc[turned, ["lon", "lat"]].to_numpy()
    right = table["lat"].between(-90, 90) & table["lon"].between(-180, 180)
    places = _firsts(table, right)
    lost = places[places["lat"].isna()]
    where = reading.columns["lat"]
    findings += listed(
        (
            rows.finding(
                "dropped", row.at, where, f"“{row.name}” has no position on earth", row.rows
            )
            for row in lost.itertuples(index=False)
        ),
        "places without one",
    )
    places = places[places["lat"].notna()]
    turned_keys = set(table["key"][turned & right])
    points, doubts = _placed(places, turned_keys, reading, areas, rows)
    findings += doubts
    alike = _alike(points, reading)
    points = points[(points["key"] == alike.to_numpy()).to_numpy()].reset_index(drop=True)
    points["place_id"] = _ids(points, reading, set(areas["area_id"]))
    findings += _shared_names(points, reading, rows)
    by_key = points.set_index("key")["place_id"]
    ids = {key: by_key[same] for key, same in alike.items()}
    return points[["place_id", "name", "kind", "area_id", "geometry"]], ids, findings


def _alike(points: gpd.GeoDataFrame, reading: Reading) -> pd.Series:
    """For each key the first that is the same place: without ids, of one name at one spot."""
    keys = points["key"].set_axis(points["key"])
    if reading.key == ("id",):
        return keys
    spot = [points.geometry.x.round(3), points.geometry.y.round(3)]
    same = points.sort_values("at").groupby([points["name"].map(folded), "area_id", *spot])["key"]
    return same.transform("first").reindex(points.index).set_axis(points["key"])


def _firsts(table: pd.DataFrame, right: pd.Series) -> pd.DataFrame:
    """One row a key: the first that says something, of each column."""
    texts = table[["name", "area", "kind"]].replace("", None)
    degrees = table[["lat", "lon"]].where(right)
    whole = pd.concat([table["key"], texts, degrees], axis=1)
    groups = whole.groupby("key", sort=True)
    places = groups.first()
    tallies = table.groupby("key", sort=True).agg(at=("at", "min"), rows=("rows", "sum"))
    places = places.join(tallies).reset_index()
    places[["area", "kind"]] = places[["area", "kind"]].fillna("")
    places["name"] = places["name"].fillna(places["key"].str.replace(BETWEEN, " "))
    return places


def _differing(table: pd.DataFrame, reading: Reading, rows: Rows) -> Iterator[Finding]:
    """Rows that say something else of a place than its first one."""
    again = table["key"].duplicated()
    if not again.any():
        return
    first = table[~again].set_index("key")
    others = table[again]
    before = first.loc[others["key"]].reset_index()
    what = {"name": "is called", "area": "stands in", "kind": "is a"}
    for role, words in what.items():
        theirs, own = before[role].to_numpy(), others[role].to_numpy()
        differ = (theirs != own) & (own != "") & (theirs != "")
        yield from listed(
            (
                rows.finding(
                    "noticed",
                    row.at,
                    reading.columns[role],
                    f"“{_shown(row.key)}” {words} “{getattr(row, role)}”, and “{was}” before: "
                    "the first is kept",
                    row.rows,
                )
                for row, was in zip(others[differ].itertuples(), theirs[differ], strict=True)
            ),
            "like it",
        )
    turned = before.rename(columns={"lat": "lon", "lon": "lat"})
    swapped = _km(turned, others, far=np.inf) <= MOVED_KM
    yield from listed(
        (
            rows.finding(
                "noticed",
                row.at,
                reading.columns["lat"],
                f"“{_shown(row.key)}” has latitude and longitude swapped, it seems: its first "
                "position is kept",
                row.rows,
            )
            for row in others[swapped].itertuples()
        ),
        "swapped",
    )
    km = _km(before, others)
    moved = (km > MOVED_KM) & ~swapped
    yield from listed(
        (
            rows.finding(
                "noticed",
                row.at,
                reading.columns["lat"],
                f"“{_shown(row.key)}” has moved by {far:,.1f} km: its first position is kept",
                row.rows,
            )
            for row, far in zip(others[moved].itertuples(), km[moved], strict=True)
        ),
        "that moved",
    )


def _shown(key: str) -> str:
    return key.replace(BETWEEN, ", ")


def _km(before: pd.DataFrame, others: pd.DataFrame, far: float = 0) -> np.ndarray:
    """How far apart positions are; `far` where one is none."""
    a, b = before[["lon", "lat"]].to_numpy(float), others[["lon", "lat"]].to_numpy(float)
    sound = (np.abs(np.hstack([a, b])) <= [180, 90, 180, 90]).all(axis=1)
    km = np.full(len(a), float(far))
    km[sound] = Geod(ellps="WGS84").inv(*a[sound].T, *b[sound].T)[2] / 1000
    return km


def _placed(
    places: pd.DataFrame,
    turned: set[str],
    reading: Reading,
    areas: gpd.GeoDataFrame,
    rows: Rows,
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Places as points, each with its area."""
    names = Names(areas)
    points = gpd.GeoDataFrame(
        places.reset_index(drop=True),
        geometry=gpd.points_from_xy(places["lon"], places["lat"]),
        crs="EPSG:4326",
    )
    named = points["area"].map({text: names.find(text) for text in points["area"].unique()})
    stands, findings = placing.locate(points, areas)
    column = reading.columns["lat"]

    # Where a place stands in no area, or not in its own, it may do so the other way round.
    amiss = (stands == "") | ((named != "") & (stands != named))
    other = points[amiss].set_geometry(
        gpd.points_from_xy(points["lat"][amiss], points["lon"][amiss], crs="EPSG:4326")
    )
    other = other[other.geometry.y.abs() <= 90]
    there, _ = placing.locate(other, areas)
    swapped = (there != "") & ((named[there.index] == "") | (there == named[there.index]))
    swapped = there.index[swapped]
    if len(swapped) > max(len(points) / 2, 1):
        lat, lon = reading.columns["lat"], reading.columns["lon"]
        wrong = f"{len(swapped):,} of {len(points):,} places stand in the areas only if swapped"
        right = f"lat = “{lon}” and lon = “{lat}” in the mapping file"
        raise refuse(rows.files[0], wrong, right, lat)
    points.loc[swapped, "geometry"] = other.geometry[swapped]
    stands[swapped] = there[swapped]
    told = points.index.isin(swapped) | points["key"].isin(turned)
    findings += listed(
        (
            rows.finding(
                "guessed",
                row.at,
                column,
                f"“{row.name}” has latitude and longitude swapped, it seems: they are turned round",
                row.rows,
            )
            for row in points[told].itertuples(index=False)
        ),
        "swapped",
    )
    if (stands == "").all():
        wrong = "no place stands in any of the areas"
        raise refuse(rows.files[0], wrong, "boundaries of the places' own country", column)
    points["area_id"], doubts = _in_areas(points, named, stands, reading, areas, rows)
    points["kind"] = points["kind"].str.lower().where(points["kind"] != "", "town")
    return points, [*findings, *doubts]


def _in_areas(
    points: gpd.GeoDataFrame,
    named: pd.Series,
    stands: pd.Series,
    reading: Reading,
    areas: gpd.GeoDataFrame,
    rows: Rows,
) -> tuple[pd.Series, list[Finding]]:
    """The area that a place names, unless it stands far from it."""
    shapes = areas.set_index("area_id").geometry
    findings, area = [], named.where(named != "", stands)
    column = reading.columns.get("area", "")
    for i in np.flatnonzero((named != "") & (named != stands)):
        point = points.geometry.iloc[i]
        km = distance_km(point, shapes[named.iloc[i]])
        if km <= OUTSIDE_KM:
            continue
        area.iloc[i] = stands.iloc[i]
        instead = f"taken for one of {stands.iloc[i]}" if stands.iloc[i] else "in no area"
        text = f"“{points['name'].iloc[i]}” stands {km:,.0f} km outside {named.iloc[i]}: {instead}"
        findings.append(
            rows.finding("guessed", points["at"].iloc[i], column, text, points["rows"].iloc[i])
        )
    findings = listed(findings, "outside their areas")
    strange = points[(named == "") & (points["area"] != "")]
    for text, group in strange.groupby("area"):
        why = "several areas" if folded(str(text)) in Names(areas).shared else "no area"
        said = f"“{text}” names {why}: its places are taken to be where they stand"
        findings.append(
            rows.finding("guessed", group["at"].min(), column, said, int(group["rows"].sum()))
        )
    nowhere = points[area == ""]
    findings += listed(
        (
            rows.finding(
                "noticed",
                row.at,
                reading.columns["lat"],
                f"“{row.name}” stands in no area",
                row.rows,
            )
            for row in nowhere.itertuples(index=False)
        ),
        "in no area",
    )
    return area, findings


def _ids(points: gpd.GeoDataFrame, reading: Reading, taken: set[str]) -> list[str]:
    """Place ids: the table's own where they are fit to be ids, else made of names."""
    digests = [hashlib.sha256(key.encode()).hexdigest() for key in points["key"]]
    if reading.key == ("id",):
        wished = [key if _SAFE.fullmatch(key) else slug(key) for key in points["key"]]
    else:
        short = points["name"].map(slug)
        long = (points["name"] + " " + points["area"]).map(slug)
        wished = list(long.where(short.duplicated(keep=False), short))
    shared = pd.Series(wished).str.casefold().duplicated(keep=False).to_numpy()
    if reading.key == ("id",):
        shared = shared & np.array([not _SAFE.fullmatch(key) for key in points["key"]])
    return [
        f"{wish or 'place'}-{digest[:6]}" if twice or not wish or wish in taken else wish
        for wish, digest, twice in zip(wished, digests, shared, strict=True)
    ]


def _shared_names(points: gpd.GeoDataFrame, reading: Reading, rows: Rows) -> list[Finding]:
    """Names that several places have."""
    by = points["name"].map(folded)
    shared = points[by.duplicated(keep=False) & (by != "")]
    by_id = reading.key == ("id",)
    what = "its ids tell them apart" if by_id else "told apart by where they are, for want of ids"
    found = (
        rows.finding(
            "read" if by_id else "guessed",
            group["at"].min(),
            reading.columns.get("name", ""),
            f"“{group['name'].iloc[0]}” is the name of {len(group)} places, {what}: "
            f"{', '.join(group['place_id'].iloc[:5])}{' …' if len(group) > 5 else ''}",
            int(group["rows"].sum()),
        )
        for _, group in shared.groupby(by, sort=True)
    )
    return listed(found, "names of several places")
