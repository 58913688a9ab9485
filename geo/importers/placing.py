"""Points → the areas that they stand in."""

import geopandas as gpd
import pandas as pd

from geo.importers.draft import Finding


def locate(places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> tuple[pd.Series, list[Finding]]:
    """The area of each place; blank where a place stands in none.

    Parameters
    ----------
    places : geopandas.GeoDataFrame
        Points in WGS 84.
    areas : geopandas.GeoDataFrame
        ``area_id`` and polygons in WGS 84.

    Returns
    -------
    area_id : pandas.Series of str
        On the index of `places`.
    findings : list of geo.importers.draft.Finding
    """
    within = gpd.sjoin(places[["geometry"]], areas[["area_id", "geometry"]], predicate="within")
    first = within.sort_values("area_id")["area_id"]
    first = first[~first.index.duplicated()]
    return first.reindex(places.index).fillna("").astype(str), []
