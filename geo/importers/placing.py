"""Points and areas → which area each point lies in.

Other people's tables say where a place is and seldom in which area of these boundaries. A
spatial join answers that; a point in none is listed with the area nearest to it, since a
coast drawn coarsely and a wrong coordinate want different remedies.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.importers.draft import Finding
from geo.tiling import distance_km

POLE = 89.9
"""Degrees of latitude beyond which a degree of longitude is taken to be no shorter."""


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
    point, area = ranked.sindex.query(points, predicate="intersects", sort=True)
    found = np.full(len(places), -1)
    found[point[::-1]] = area[::-1]
    ids = np.append(ranked["area_id"].to_numpy(dtype=object), "")

    findings = []
    for at in np.flatnonzero((np.bincount(point, minlength=len(places)) > 1) | (found < 0)):
        if found[at] < 0:
            text = _astray(points[at], shapes, ranked)
        else:
            shared = " and ".join(f"“{name}”" for name in ranked["name"].iloc[area[point == at]])
            text = f"lies on the border of {shared}; taken as in “{ranked['name'].iloc[found[at]]}”"
        row = None if rows is None else int(rows.iloc[at])
        place = places.iloc[at]
        findings.append(Finding("noticed", file, row, "", f"“{place['name']}” {text}"))
    return pd.Series(ids[found], index=places.index, dtype=object), findings


def _astray(point: shapely.Point, shapes: np.ndarray, areas: gpd.GeoDataFrame) -> str:
    if point is None or point.is_empty:
        return "has no coordinates, and so no area"
    where = f"at {point.y:g}, {point.x:g} lies in no area"
    if not len(shapes):
        return where
    # Degrees of longitude shrink towards the poles: what is nearest in degrees only says how
    # far to look.
    reach = areas.sindex.nearest(point, return_all=False, return_distance=True)[1][0]
    reach /= np.cos(np.radians(min(abs(point.y), POLE)))
    near = areas.sindex.query(point, predicate="dwithin", distance=reach * 1.000001)
    km, at = min((distance_km(point, shapes[at]), at) for at in near)
    name, area_id = areas["name"].iloc[at], areas["area_id"].iloc[at]
    return f"{where}; the nearest is “{name}” ({area_id}), {km:,.1f} km away"
