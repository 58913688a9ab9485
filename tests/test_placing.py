"""Points find their areas; those in none are told how far the nearest one is."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from geo.importers.placing import locate

AREAS = gpd.GeoDataFrame(
    {"area_id": ["X-W", "X-E"], "name": ["West", "East"]},
    geometry=[box(60, 30, 61, 31), box(61, 30, 62, 31)],
    crs="EPSG:4326",
)


def points(*spots, index=None):
    names = {"name": [f"P{number}" for number in range(len(spots))]}
    return gpd.GeoDataFrame(names, geometry=[Point(*spot) for spot in spots], crs=4326, index=index)


def test_a_point_belongs_to_the_area_it_lies_in():
    area, findings = locate(points((60.5, 30.5), (61.5, 30.5), index=["a", "b"]), AREAS)
    pd.testing.assert_series_equal(area, pd.Series(["X-W", "X-E"], index=["a", "b"], dtype=object))
    assert findings == []


@pytest.mark.parametrize("areas", [AREAS, AREAS[::-1]], ids=["as they come", "turned round"])
def test_a_point_on_a_border_goes_to_the_id_that_comes_first(areas):
    area, (told,) = locate(points((61, 30.5)), areas)
    assert area.tolist() == ["X-E"]
    assert told.text == "“P0” lies on the border of “East” and “West”; taken as in “East”"


def test_a_point_in_no_area_is_told_the_nearest_and_how_far():
    area, (told,) = locate(points((60.5, 30.5), (62.1, 30.5)), AREAS, file="a.csv", rows=ROWS)
    assert area.tolist() == ["X-W", ""]
    assert told == (
        "noticed",
        "a.csv",
        9,
        "",
        "“P1” at 30.5, 62.1 lies in no area; the nearest is “East” (X-E), 9.6 km away",
        1,
    )


ROWS = pd.Series([4, 9])


def test_nearest_is_so_on_the_ground_and_not_in_degrees():
    # At 80° north a degree of longitude is 19 km, and one of latitude 112.
    far = gpd.GeoDataFrame(
        {"area_id": ["east", "south"], "name": ["East", "South"]},
        geometry=[box(2, 80, 3, 80.1), box(-1, 78, 1, 79)],
        crs="EPSG:4326",
    )
    _, (told,) = locate(points((0, 80.05)), far)
    assert "nearest is “East” (east), 38.6 km away" in told.text


def test_a_point_without_coordinates_has_no_area():
    area, (told,) = locate(points(()), AREAS)
    assert area.tolist() == [""]
    assert told.text == "“P0” has no coordinates, and so no area"


def test_no_places_are_no_trouble():
    area, findings = locate(points(), AREAS)
    assert area.tolist() == [] and findings == []
