"""A day, or the whole period, as a file: GeoJSON, GeoPackage, KML, CSV, Parquet.

A timeline goes in, :mod:`geo.tables` and :mod:`geo.layers` give the tables, and here they
become a file, whose format is its name's ending. A file appears whole or not at all. The same
in gives the same bytes, on one machine with the same versions.
"""

import json
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import mapping

from geo import cells, kml
from geo.files import replacing, stem
from geo.layers import UNITS, Units, about, features, shaped
from geo.tables import SPELLS, changes_table, control_table, matrix_table, reports_table, tags
from geo.timeline import Of, Timeline

__all__ = [
    "FORMATS",
    "WHAT",
    "as_bytes",
    "changes_table",
    "control_table",
    "features",
    "file_name",
    "matrix_table",
    "reports_table",
    "write",
]

What = Literal["control", "changes", "reports", "matrix"]
WHAT: tuple[What, ...] = ("control", "changes", "reports", "matrix")


class Format(NamedTuple):
    """One kind of file.

    Attributes
    ----------
    label : str
        Its name on the screen.
    mime : str
        Its media type (IANA's register).
    what : tuple of str
        What it can hold.
    """

    label: str
    mime: str
    what: tuple[What, ...]


FORMATS = {
    "geojson": Format("GeoJSON", "application/geo+json", ("control",)),
    "gpkg": Format("GeoPackage", "application/geopackage+sqlite3", ("control",)),
    "kml": Format("KML", "application/vnd.google-earth.kml+xml", ("control",)),
    "csv": Format("CSV", "text/csv", WHAT),
    "parquet": Format("Parquet", "application/vnd.apache.parquet", WHAT),
}
"""By a file name's ending."""

_BOTH = ("gpkg", "kml")
"""The formats that keep areas and places apart, and so hold both unless asked otherwise."""


def write(
    timeline: Timeline,
    path: Path | str,
    day: date | None = None,
    what: What = "control",
    of: Units | None = None,
    hxl: bool = False,
) -> Path:
    """Write a file; a file that was there is replaced only by a whole one.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    path : pathlib.Path or str
        Ends in one of :data:`FORMATS`.
    day : datetime.date, optional
        Of control and of changes: only this day's; else the whole period's.
    what : {"control", "changes", "reports", "matrix"}
        A GeoPackage of control holds changes and reports as tables beside it.
    of : {"areas", "places", "both"}, optional
        Of control and of a matrix. Left out, it is both in a GeoPackage and in KML, else areas.
    hxl : bool
        A row of HXL hashtags under the header of a CSV.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        When the ending is none of a format, the format cannot hold what is asked for, or
        `day` is not a day of the study.
    """
    path = Path(path)
    suffix = path.suffix.lower().removeprefix(".")
    units: Units = of or ("both" if suffix in _BOTH else "areas")
    order = _Order(timeline, day, what, units, hxl)
    _check(order, path.name, suffix)
    with replacing(path) as part:
        _WRITERS[suffix](part, order)
    return path


def as_bytes(
    timeline: Timeline,
    suffix: str,
    day: date | None = None,
    what: What = "control",
    of: Units | None = None,
    hxl: bool = False,
) -> bytes:
    """The bytes of the file that :func:`write` writes: for a download.

    Parameters
    ----------
    suffix : str
        One of :data:`FORMATS`; all else as :func:`write` has it.
    """
    with tempfile.TemporaryDirectory() as folder:
        return write(timeline, f"{folder}/file.{suffix}", day, what, of, hxl).read_bytes()


def file_name(
    timeline: Timeline, suffix: str, day: date | None = None, what: What = "control"
) -> str:
    """What a file is called: ``afghanistan-2021_control_20210813.gpkg``.

    Without a day it names the first and last day of the study, and reports name none.
    """
    settings = timeline.study.settings
    study = stem(timeline.study.id)
    days = f"{day:%Y%m%d}" if day else f"{settings.start:%Y%m%d}-{settings.end:%Y%m%d}"
    return "_".join([study, what, *([] if what == "reports" else [days])]) + f".{suffix}"


class _Order(NamedTuple):
    """What a file is to hold."""

    timeline: Timeline
    day: date | None
    what: What
    of: Units
    hxl: bool


def _check(order: _Order, name: str, suffix: str) -> None:
    """Refuse what no file can hold, in words that name what would be right."""
    timeline, day, what, of, hxl = order
    if suffix not in FORMATS:
        raise ValueError(f"“{name}” ends in no format; it is one of .{', .'.join(FORMATS)}")
    if what not in WHAT:
        raise ValueError(f"no table “{what}”; it is one of {', '.join(WHAT)}")
    if of not in UNITS:
        raise ValueError(f"no units “{of}”; they are one of {', '.join(UNITS)}")
    if what not in FORMATS[suffix].what:
        fits = " or ".join(f".{key}" for key, found in FORMATS.items() if what in found.what)
        beside = "; a .gpkg of control has the changes and reports too" if suffix == "gpkg" else ""
        raise ValueError(f"{FORMATS[suffix].label} cannot hold {_NAMES[what]}: use {fits}{beside}")
    if hxl and suffix != "csv":
        raise ValueError(f"HXL hashtags stand in a .csv, not in {FORMATS[suffix].label}")
    if what == "matrix" and of == "both":
        raise ValueError("a matrix is of areas or of places, not of both")
    if day and what in ("reports", "matrix"):
        raise ValueError(f"{_NAMES[what]} is of the whole period: leave the day out")
    if day and pd.Timestamp(day) not in timeline.days:
        raise ValueError(f"{day} is not a day of the study")


_NAMES = {
    "control": "control",
    "changes": "a table of changes",
    "reports": "a table of reports",
    "matrix": "a matrix",
}


def table(
    timeline: Timeline, day: date | None = None, what: What = "control", of: Units = "areas"
) -> pd.DataFrame:
    """What a file holds, as a table: of control with its ``geometry``.

    Parameters
    ----------
    timeline, day, what, of
        As :func:`write` has them.
    """
    if what == "changes":
        return changes_table(timeline, day, day)
    if what == "reports":
        return reports_table(timeline)
    if what == "matrix":
        return matrix_table(timeline, "places" if of == "places" else "areas")
    return features(timeline, day, of)


def _write_csv(path: Path, order: _Order) -> None:
    found = _ordered(order)
    if order.what == "control":
        points = found.geometry.where(found.geom_type == "Point")
        found = pd.DataFrame(found.drop(columns="geometry"))
        if order.of != "areas":
            found = found.assign(lon=points.x, lat=points.y)
    owner: Of | None = "areas" if order.of == "areas" else None
    text = cells.to_csv(found, tags(found, owner) if order.hxl else None)
    path.write_bytes(text.encode())


def _write_parquet(path: Path, order: _Order) -> None:
    _with_dates(_ordered(order)).to_parquet(path, index=False)


def _ordered(order: _Order) -> Any:
    return table(order.timeline, order.day, order.what, order.of)


def _write_geojson(path: Path, order: _Order) -> None:
    """RFC 7946: WGS 84 without saying so, outer rings counterclockwise."""
    table = features(order.timeline, order.day, order.of)
    shapes = shapely.orient_polygons(table.geometry.to_numpy())
    rows = cells.plain(pd.DataFrame(table.drop(columns="geometry"))).to_dict("records")
    collection = {
        "type": "FeatureCollection",
        "name": "control",
        "description": about(order.timeline, order.day),
        "features": [
            {"type": "Feature", "properties": row, "geometry": mapping(shape)}
            for row, shape in zip(rows, shapes, strict=True)
        ],
    }
    path.write_bytes(json.dumps(collection, ensure_ascii=False, allow_nan=False).encode())


def _write_kml(path: Path, order: _Order) -> None:
    layers = shaped(order.timeline, order.day, order.of)
    path.write_bytes(kml.document(order.timeline, layers, about(order.timeline, order.day)))


_CLOCK = Lock()
"""GDAL's clock is one for all threads."""


def _write_gpkg(path: Path, order: _Order) -> None:
    timeline, day = order.timeline, order.day
    layers: dict[str, pd.DataFrame] = {
        name: spells[[*SPELLS, "geometry"]]
        for name, spells in shaped(timeline, day, order.of).items()
    }
    layers["changes"] = changes_table(timeline, day, day)
    layers["reports"] = reports_table(timeline)
    # GDAL stamps each layer with the clock; the study's last day makes the same file again.
    stamp = f"{timeline.study.settings.end}T00:00:00.000Z"
    with _CLOCK:
        _write_layers(path, layers, stamp, about(order.timeline, order.day))


def _write_layers(path: Path, layers: dict[str, pd.DataFrame], stamp: str, told: str) -> None:
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": stamp})
    try:
        for name, table in layers.items():
            drawn = isinstance(table, gpd.GeoDataFrame)
            pyogrio.write_dataframe(
                _with_dates(table),
                path,
                layer=name,
                driver="GPKG",
                use_arrow=True,
                promote_to_multi=drawn and table.geom_type.nunique() > 1,
                DESCRIPTION=told,
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


_WRITERS: dict[str, Callable[[Path, _Order], None]] = {
    "geojson": _write_geojson,
    "gpkg": _write_gpkg,
    "kml": _write_kml,
    "csv": _write_csv,
    "parquet": _write_parquet,
}


def _with_dates(table: Any) -> Any:
    """Days as dates, which files tell from instants."""
    import pyarrow as pa

    days = table.select_dtypes("datetime").columns
    return table.astype(dict.fromkeys(days, pd.ArrowDtype(pa.date32())))
