"""Points and areas → which area each point lies in.

Other people's tables say where a place is and seldom in which area of these boundaries. A
spatial join answers that; a point in none is listed with the area nearest to it, since a
coast drawn coarsely and a wrong coordinate want different remedies.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from geo.importers.draft import Finding

BAND = 0.5
"""Degrees of latitude within which a degree of longitude is taken to be equally long: where
people live, that is right to two parts in a hundred."""

POLE = 0.01
"""The least share of a degree of latitude that one of longitude is taken to be."""


def locate(
    places: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    file: str = "",
    rows: pd.Series | None = None,
) -> tuple[pd.Series, list[Finding]]:
    """Find the area of each place.

    Parameters
    ----------
    places : geopandas.GeoDataFrame
        Points in WGS 84, with ``name``.
    areas : geopandas.GeoDataFrame
        Polygons in WGS 84, with ``area_id`` and ``name``.
    file : str
        Where the places come from, for the findings.
    rows : pandas.Series of int, optional
        Their rows in that file, on the index of `places`.

    Returns
    -------
    area_id : pandas.Series of str
        On the index of `places`. A point on a border belongs to the area whose id comes
        first; one in no area has a blank.
    findings : list of Finding
        The points on a border, and those in no area, with the nearest one and how far it is.
    """
    ranked = areas.sort_values("area_id", kind="stable", ignore_index=True)
    points, shapes = places.geometry.to_numpy(), ranked.geometry.to_numpy()
    # Over the array of points, and not by sjoin, which would drag every column through a merge.
    names = places["name"].to_numpy()
    point, area = ranked.sindex.query(points, predicate="intersects", sort=True)
    found = np.full(len(places), -1)
    found[point[::-1]] = area[::-1]
    ids = np.append(ranked["area_id"].to_numpy(dtype=object), "")

    nearest = _nearest(points, shapes, np.flatnonzero(found < 0))
    findings = []
    for at in np.flatnonzero((np.bincount(point, minlength=len(places)) > 1) | (found < 0)):
        if found[at] < 0:
            text = _astray(points[at], nearest.get(int(at)), ranked)
        else:
            shared = " and ".join(f"“{name}”" for name in ranked["name"].iloc[area[point == at]])
            text = f"lies on the border of {shared}; taken as in “{ranked['name'].iloc[found[at]]}”"
        row = None if rows is None else int(rows.iloc[at])
        findings.append(Finding("noticed", file, row, "", f"“{names[at]}” {text}"))
    return pd.Series(ids[found], index=places.index, dtype=object), findings


def _nearest(
    points: np.ndarray, shapes: np.ndarray, wanted: np.ndarray
) -> dict[int, tuple[int, float]]:
    """Of some of the points the position of the nearest shape, and how far it is in kilometres.

    Degrees of longitude shrink towards the poles, so that what is nearest in degrees need not
    be so on the ground: points of about one latitude are looked up together, in degrees made
    equally long both ways.
    """
    wanted = wanted[~shapely.is_missing(points[wanted]) & ~shapely.is_empty(points[wanted])]
    if not len(wanted) or not len(shapes):
        return {}
    bands = np.floor(shapely.get_y(points[wanted]) / BAND)
    geod = Geod(ellps="WGS84")
    found: dict[int, tuple[int, float]] = {}
    for band in np.unique(bands):
        here = wanted[bands == band]
        shrunk = max(np.cos(np.radians((band + 0.5) * BAND)), POLE)
        stretched = shapely.transform(shapes, lambda xy, by=shrunk: xy * [by, 1])
        spots = shapely.transform(points[here], lambda xy, by=shrunk: xy * [by, 1])
        at = shapely.STRtree(stretched).nearest(spots)
        ends = shapely.get_coordinates(shapely.shortest_line(spots, stretched[at])) / [shrunk, 1]
        metres = geod.inv(*ends[0::2].T, *ends[1::2].T)[2]
        found |= dict(zip(here.tolist(), zip(at, metres / 1000, strict=True), strict=True))
    return found


def _astray(
    point: shapely.Point, nearest: tuple[int, float] | None, areas: gpd.GeoDataFrame
) -> str:
    if point is None or point.is_empty:
        return "has no coordinates, and so no area"
    where = f"at {point.y:g}, {point.x:g} lies in no area"
    if nearest is None:
        return where
    at, km = nearest
    name, area_id = areas["name"].iloc[at], areas["area_id"].iloc[at]
    return f"{where}; the nearest is “{name}” ({area_id}), {km:,.1f} km away"
