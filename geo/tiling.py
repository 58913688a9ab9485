"""Rules of a study's geometry: areas that tile, and places that lie in their own.

Polygons and points in WGS 84 go in, :class:`geo.problems.Problem` rows come out.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod, Transformer

from geo.problems import ERROR, WARNING, Problem, flag, row_number
from geo.schemas import Settings

OUTSIDE_KM = 5.0
"""A place farther than this from its own area is an error; nearer, a warning."""

SLIVER_KM2 = 1.0
"""Two areas that share more ground than this overlap; less is drawing's tolerance."""


def check_areas(settings: Settings | None, areas: gpd.GeoDataFrame) -> list[Problem]:
    file, shapes = "areas.geojson", areas.geometry
    is_polygon = shapes.geom_type.isin(["Polygon", "MultiPolygon"]) & ~shapes.is_empty
    problems = flag(file, areas, "area_id", ~is_polygon, "“{}” is not a polygon", "a polygon")
    valid = shapes.is_valid | ~is_polygon
    why = dict(zip(areas["area_id"], shapes.is_valid_reason(), strict=True))
    problems += flag(
        file,
        areas,
        "area_id",
        ~valid,
        lambda cell: f"“{cell}” is not a valid polygon: {why[cell]}",
        "rings that close and do not cross themselves",
    )
    if is_polygon.all() and valid.all():
        astray = _check_on_earth(file, areas, "area_id")
        astray = astray or (_check_swapped(settings, areas) if settings else [])
        problems += astray or _check_overlaps(areas)
    return problems + _check_population(file, areas)


def _check_population(file: str, table: pd.DataFrame) -> list[Problem]:
    people = table["population"]
    number = pd.to_numeric(people, errors="coerce")
    odd = people.notna() & (people != "") & ~((number >= 0) & (number % 1 == 0))
    right = "a whole number, or null"
    return flag(file, table, "population", odd, "“{}” is no number of people", right)


def _check_on_earth(file: str, table: gpd.GeoDataFrame, key: str) -> list[Problem]:
    bounds = table.geometry.bounds
    off = (
        (bounds["minx"] < -180)
        | (bounds["maxx"] > 180)
        | (bounds["miny"] < -90)
        | (bounds["maxy"] > 90)
    )
    right = "WGS 84 (EPSG:4326): longitude −180 to 180, then latitude −90 to 90, in degrees"
    return flag(file, table, key, off, "“{}” has coordinates that are not degrees", right)


def _check_swapped(settings: Settings, areas: gpd.GeoDataFrame) -> list[Problem]:
    """Both files swapped look right together; the study's projection knows where they belong."""
    if not settings.projection:
        return []
    to_degrees = Transformer.from_crs(settings.projection, "EPSG:4326", always_xy=True)
    centre = np.array(to_degrees.transform(0, 0))
    west, south, east, north = areas.total_bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    if np.linalg.norm(middle[::-1] - centre) < np.linalg.norm(middle - centre) / 4:
        wrong = "latitude and longitude look swapped: the map's projection is centred elsewhere"
        return [Problem(ERROR, "areas.geojson", None, "", wrong, "longitude, then latitude")]
    return []


def _check_overlaps(areas: gpd.GeoDataFrame) -> list[Problem]:
    shapes = areas.geometry.to_numpy()
    if shapely.coverage_is_valid(shapes):
        return []
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared = gpd.GeoSeries(shapely.intersection(shapes[left], shapes[right]), crs=areas.crs)
    km2 = shared.to_crs("EPSG:6933").area.to_numpy() / 1e6
    names = areas["area_id"].to_numpy()
    return [
        Problem(
            ERROR,
            "areas.geojson",
            row_number("areas.geojson", int(right[i])),
            "area_id",
            f"“{names[right[i]]}” overlaps “{names[left[i]]}” by {km2[i]:,.0f} km²",
            "areas that share borders and no ground",
        )
        for i in np.flatnonzero(km2 > SLIVER_KM2)
    ]


def check_places(places: gpd.GeoDataFrame) -> list[Problem]:
    file = "places.geojson"
    is_point = _are_points(places)
    problems = flag(file, places, "place_id", ~is_point, "“{}” is not a point", "a point")
    said = places["is_capital"].isin([True, False])
    problems += flag(file, places, "is_capital", ~said, "“{}” is no yes or no", "true or false")
    return problems + _check_on_earth(file, places[is_point], "place_id")


def _are_points(places: gpd.GeoDataFrame) -> pd.Series:
    return (places.geometry.geom_type == "Point") & ~places.geometry.is_empty


def check_places_in_areas(
    settings: Settings | None, areas: gpd.GeoDataFrame, places: gpd.GeoDataFrame
) -> list[Problem]:
    file, area = "places.geojson", places["area_id"]
    known = area.isin(areas["area_id"])
    stranger = ~known & area.notna() & (area != "")
    problems = flag(file, places, "area_id", stranger, "“{}” is no area of the study", "an area_id")
    both = places["place_id"].isin(areas["area_id"])
    right = "an id that no area has"
    problems += flag(file, places, "place_id", both, "“{}” is an area's id too", right)
    capital = places["is_capital"].eq(True) & known
    twice = area.where(capital).duplicated() & capital
    right = "one capital for each area"
    problems += flag(file, places, "is_capital", twice, "a second capital of its area", right)
    if settings and settings.area_rule == "capital":
        bare = ~areas["area_id"].isin(area[capital])
        wrong, right = "“{}” has no capital and stays unknown", "one place with is_capital true"
        problems += flag("areas.geojson", areas, "area_id", bare, wrong, right, WARNING)
    sound = areas[areas.geometry.is_valid & areas.geometry.geom_type.str.endswith("Polygon")]
    sound = sound[~sound.geometry.is_empty]
    placed = places[_are_points(places) & area.isin(sound["area_id"])]
    return problems + _check_inside(sound, placed)


def _check_inside(areas: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> list[Problem]:
    first = areas.drop_duplicates("area_id").set_index("area_id").geometry
    own = first.reindex(places["area_id"]).to_numpy()
    points = places.geometry.to_numpy()
    problems = []
    for i in np.flatnonzero(~shapely.covers(own, points)):
        place = places.iloc[i]
        if shapely.covers(own[i], shapely.Point(points[i].y, points[i].x)):
            level, wrong = ERROR, "latitude and longitude look swapped"
        else:
            km = distance_km(points[i], own[i])
            level = ERROR if km > OUTSIDE_KM else WARNING
            wrong = f"“{place['place_id']}” lies {km:,.1f} km outside {place['area_id']}"
        row = row_number("places.geojson", int(places.index[i]))
        right = f"a point (longitude, latitude) within {OUTSIDE_KM:g} km of its area"
        problems.append(Problem(level, "places.geojson", row, "geometry", wrong, right))
    return problems


def distance_km(point: shapely.Point, shape: shapely.Geometry) -> float:
    """From a point to the nearest point of a shape, along the WGS 84 ellipsoid."""
    stretch = np.array([max(np.cos(np.radians(point.y)), 0.01), 1.0])
    line = shapely.shortest_line(
        shapely.transform(point, lambda xy: xy * stretch),
        shapely.transform(shape, lambda xy: xy * stretch),
    )
    return (
        Geod(ellps="WGS84").geometry_length(shapely.transform(line, lambda xy: xy / stretch)) / 1000
    )
