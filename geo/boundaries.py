"""A file of outlines or points, in any of five formats and any CRS → a table in WGS 84.

GeoJSON is read by Python alone; GeoPackage, zipped shapefile, FlatGeobuf and KML by GDAL.
What a file is, its content tells and never its name: GDAL takes some texts for orders to read
other files and addresses, so nothing reaches it but these four, and from each of them first
goes whatever could be such an order.
"""

import io
import json
import re
import sqlite3
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry import shape

from geo.archive import BROKEN, members
from geo.limits import Limits, setting
from geo.problems import Refused

WGS84 = "EPSG:4326"

FORMATS = "GeoJSON, GeoPackage, zipped shapefile, FlatGeobuf or KML"
"""What is read, in words."""

SUFFIXES = (".geojson", ".json", ".gpkg", ".zip", ".fgb", ".kml")
"""How their names usually end."""

_GEOJSON = "a GeoJSON FeatureCollection (RFC 7946)"
_DEGREES = ("EPSG:4326", "OGC:CRS84")


def read(content: bytes, limits: Limits | None = None) -> gpd.GeoDataFrame:
    """Read a file's features.

    Parameters
    ----------
    content : bytes
        Of the file.
    limits : geo.limits.Limits, optional
        Those of features and corners; none if left out.

    Returns
    -------
    geopandas.GeoDataFrame
        In the file's order, with its own columns (those of a shapefile and of KML in lower
        case) and ``geometry`` in WGS 84, two dimensions.

    Raises
    ------
    geo.problems.Refused
        When it is none of :data:`FORMATS`, cannot be read, names a CRS that PROJ does not
        know or wants a file for, or is larger than the limits.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on details that no study has
        table = _reader(content)(content, limits)
    table = table.set_geometry(shapely.force_2d(table.geometry.to_numpy()), crs=table.crs)
    return _in_degrees(_within(table, limits))


def _reader(content: bytes) -> Callable[[bytes, Limits | None], gpd.GeoDataFrame]:
    """What reads a content that begins like this."""
    if content.startswith(b"SQLite format 3\0"):
        return _geopackage
    if content.startswith(b"fgb\x03fgb"):
        return _flatgeobuf
    if content.startswith(b"PK\x03\x04"):
        return _shapefile
    if content.startswith(b"\0\0\x27\x0a"):
        right = "a .zip of it and its .shx, .dbf and .prj, which lie beside it"
        raise Refused("this is one part of a shapefile", right)
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        return _kml
    if b"\0" in head:
        raise Refused(f"this is none of {FORMATS}", f"one of them; {_GEOJSON} is the simplest")
    return _geojson


def _geojson(content: bytes, limits: Limits | None) -> gpd.GeoDataFrame:
    try:
        text = content.decode("utf-8-sig")
        collection = json.loads(text, parse_constant=_no_number)
        features = collection["features"]
        _few(len(features), limits)
        rows = [feature["properties"] or {} for feature in features]
        # JSON can spell half of a letter, which no file can hold.
        json.dumps(rows, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise Refused(f"byte {error.start} is not UTF-8", "text saved as UTF-8", row) from error
    except UnicodeEncodeError as error:
        wrong = "a text holds half of a letter (a lone surrogate)"
        raise Refused(wrong, "whole letters") from error
    except RecursionError as error:
        raise Refused("not GeoJSON: it is nested too deeply", _GEOJSON) from error
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(f"not GeoJSON: {error!r}", _GEOJSON) from error
    crs = _named_crs(collection.get("crs"))
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=_shapes(features), crs=crs)


def _shapes(features: list[Any]) -> list[shapely.Geometry]:
    shapes, odd = [], []
    for number, feature in enumerate(features, 1):
        try:
            shapes.append(shape(feature["geometry"]))
        except Exception as error:  # shapely raises many kinds for a geometry that is none
            odd.append((number, error))
    if odd:
        number, why = odd[0]
        more = f", nor can those of {len(odd) - 1} more" if len(odd) > 1 else ""
        raise Refused(f"the geometry cannot be read{more}: {why}", _GEOJSON, number)
    return shapes


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is not a number in JSON")


def _named_crs(member: Any) -> CRS:
    """The CRS of a GeoJSON file: that of RFC 7946, or one that an older file names."""
    if member is None:
        return CRS(WGS84)
    name = str(member)
    try:
        name = str(member["properties"]["name"])
        if not re.fullmatch(r"[\w:.]+", name):
            raise CRSError("not the name of a CRS")
        return CRS.from_user_input(name)
    except (CRSError, KeyError, TypeError) as error:
        right = "none (WGS 84), or a name that PROJ knows: EPSG:32642"
        raise Refused(f"the coordinates are in “{name}”", right) from error


def _geopackage(content: bytes, limits: Limits | None) -> gpd.GeoDataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.gpkg"
        path.write_bytes(content)
        _check_tables_alone(path)
        return _from_gdal(path, "GPKG", limits)


def _check_tables_alone(path: Path) -> None:
    """Refuse a database that computes: a view or a virtual table can call what reads files."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
            sql = "SELECT name, type, sql FROM sqlite_master"
            found = database.execute(sql).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise Refused(f"not a GeoPackage: {error}", "a whole .gpkg") from error
    for name, kind, made in found:
        order = (made or "").upper()
        virtual = order.lstrip().startswith("CREATE VIRTUAL") and " USING RTREE" not in order
        if kind == "view" or virtual:
            what = "view" if kind == "view" else "virtual table"
            raise Refused(f"the GeoPackage has a {what}, “{name}”", "a GeoPackage of plain tables")


def _flatgeobuf(content: bytes, limits: Limits | None) -> gpd.GeoDataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.fgb"
        path.write_bytes(content)
        return _from_gdal(path, "FlatGeobuf", limits)


_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
"""The parts of a shapefile that are read."""


def _shapefile(content: bytes, limits: Limits | None) -> gpd.GeoDataFrame:
    right = "a .zip of one shapefile: .shp, .shx, .dbf and .prj"
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = members(archive, limits or Limits())
        found = {Path(one.filename).suffix.lower(): one for one in parts}
        shapes = [one for one in parts if one.filename.lower().endswith(".shp")]
        if len(shapes) != 1 or not {".shx", ".dbf"} <= set(found):
            raise Refused(f"the .zip holds {len(shapes)} shapefiles, or not all parts", right)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "layer.shp"
            for suffix in set(_PARTS) & set(found):
                path.with_suffix(suffix).write_bytes(archive.read(found[suffix]))
            return _from_gdal(path, "ESRI Shapefile", limits)
    except BROKEN as error:
        raise Refused(f"the .zip cannot be read: {error}", right) from error


_KML_NAMES = ("http://www.opengis.net/kml/", "http://earth.google.com/kml/")
_KML_BESIDE = ("http://www.google.com/kml/ext/", "http://www.w3.org/2005/Atom")


def _kml(content: bytes, limits: Limits | None) -> gpd.GeoDataFrame:
    """KML as Python's own parser understood it: no entity, comment or foreign element is left."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise Refused("the XML declares entities of its own", "KML without a <!DOCTYPE>")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refused(f"not XML: {error}", f"one of {FORMATS}") from error
    if not root.tag.startswith(tuple(f"{{{name}" for name in _KML_NAMES)):
        raise Refused(f"the XML is “{root.tag}”, not KML", f"one of {FORMATS}")
    known = tuple(f"{{{name}" for name in (*_KML_NAMES, *_KML_BESIDE))
    stranger = next((one.tag for one in root.iter() if not one.tag.startswith(known)), None)
    if stranger:
        raise Refused(f"the KML holds an element that is none of KML's: “{stranger}”", "KML alone")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.kml"
        ElementTree.register_namespace("", root.tag[1:].partition("}")[0])
        path.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
        return _from_gdal(path, "LIBKML", limits)


def _from_gdal(path: Path, driver: str, limits: Limits | None) -> gpd.GeoDataFrame:
    import pyogrio

    try:
        layers = pyogrio.list_layers(path)
        shown = [name for name, kind in layers if kind]
        if len(shown) != 1:
            wrong = f"the file holds {len(shown)} layers with geometry: {', '.join(shown[:5])}"
            raise Refused(wrong.rstrip(": "), "a file with one layer")
        about = pyogrio.read_info(path, layer=shown[0], force_feature_count=True)
        if about["driver"] not in (driver, "KML"):
            raise Refused(f"GDAL takes this for {about['driver']}", f"one of {FORMATS}")
        _few(about["features"], limits)
        table = pyogrio.read_dataframe(path, layer=shown[0])
    except Refused:
        raise
    except Exception as error:  # GDAL, pyogrio and shapely raise many kinds for a torn file
        why = str(error).replace(str(path), "the file")
        raise Refused(f"not readable as {driver}: {why}", f"one of {FORMATS}") from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise Refused("the file has a table and no geometry", "outlines or points")
    if driver not in ("GPKG", "FlatGeobuf"):  # whose formats change the case of names
        table = table.rename(columns=str.lower)
    empty = table.geometry.isna().to_numpy()
    if empty.any():
        row = int(np.flatnonzero(empty)[0]) + 1
        raise Refused("the feature has no geometry", "outlines or points for all", row)
    return _of_known_crs(table)


def _of_known_crs(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if table.crs is not None:
        if re.search(r"grids=(?!@null)|PARAMETERFILE", table.crs.to_wkt(), re.IGNORECASE):
            raise Refused("the CRS wants a file of its own (a grid)", "a CRS with an EPSG code")
        return table
    west, south, east, north = table.total_bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        wrong = "the file names no CRS, and its coordinates are not degrees"
        raise Refused(wrong, "a CRS in the file; a shapefile has it in its .prj")
    return table.set_crs(WGS84)


def _few(features: int, limits: Limits | None) -> None:
    if limits and features > limits.rows:
        right = f"{limits.rows:,} at most ({setting('rows')})"
        raise Refused(f"the layer has {features:,} features", right)


def _within(table: gpd.GeoDataFrame, limits: Limits | None) -> gpd.GeoDataFrame:
    corners = int(shapely.get_num_coordinates(table.geometry.to_numpy()).sum())
    if limits and corners > limits.corners:
        right = f"{limits.corners:,} at most ({setting('corners')}); simplify them first"
        raise Refused(f"the outlines have {corners:,} corners", right)
    return table


def _in_degrees(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if any(table.crs == CRS(crs) for crs in _DEGREES):
        return table.set_crs(WGS84, allow_override=True)
    try:
        turned = table.to_crs(WGS84)
    except ProjError as error:
        raise Refused(f"the coordinates cannot be turned to WGS 84: {error}", WGS84) from error
    shapes = turned.geometry.to_numpy()
    odd = ~np.isfinite(shapely.bounds(shapes)).all(axis=1) & ~shapely.is_empty(shapes)
    if odd.any():
        row = int(np.flatnonzero(odd)[0]) + 1
        wrong = f"coordinates that {table.crs.name} does not have"
        raise Refused(wrong, "coordinates in the CRS that the file names", row)
    return turned
