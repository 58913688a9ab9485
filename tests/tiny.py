"""A study small enough to check by eye: two square areas, five places, three sides, August 2021.

``alpha`` is the capital of the western area ``X-W``, ``beta`` of the eastern one ``X-E``;
``gamma`` and ``delta`` are towns in the west, ``fort`` a base there. Ledgers and expected
tables are written as text, one row a line, ``-`` for an empty cell::

    place_id  control  when
    alpha     blue     ../2021-08-01
    alpha     red      2021-08-05
"""

import copy
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pandas.testing import assert_frame_equal
from shapely.geometry import Point, box, mapping

from geo import dates, style
from geo.problems import Problem
from geo.schemas import Settings
from geo.study import Study, StudyError, load
from geo.timeline import Matrix, Timeline

SETTINGS = """
title = "Tiny"
start = 2021-08-01
end = 2021-08-31
opens_on = 2021-08-10
area_unit = ["area", "areas"]
projection = "+proj=aea +lat_1=30 +lat_2=31 +lat_0=30.5 +lon_0=61 +datum=WGS84 +units=m +no_defs"

[[control]]
id = "blue"
label = "Blue"

[[control]]
id = "red"
label = "Red"

[[control]]
id = "green"
label = "Green"
"""

SOURCES = """
source_id  origin  published
wire       Wire    2021-08-05
reprint    Wire    2021-08-10
paper      Paper   2021-08-15
radio      Radio   2021-08-31
undated    -       -
"""

REPORTS = """
place_id  control  when
alpha     blue     ../2021-08-01
alpha     red      2021-08-05
beta      blue     ../2021-08-01
"""

REPORT = {
    "source_id": "wire",
    "claimant": "",
    "claimant_side": "",
    "confidence": "medium",
    "verdict": "used",
    "evidence": "Somebody says so.",
    "locator": "para 1",
    "supersedes": "",
}
"""The cells of a report that a ledger leaves out."""

SOURCE = {
    "publisher": "A publisher",
    "kind": "news",
    "reliability": "B",
    "title": "A title",
    "url": "https://example.org/page",
    "retrieved": "",
    "language": "en",
}

_AREAS = [("X-W", "West", box(60, 30, 61, 31), 300), ("X-E", "East", box(61, 30, 62, 31), 100)]
_PLACES = [
    ("alpha", "Alpha", "city", "X-W", True, Point(60.5, 30.5)),
    ("beta", "Beta", "city", "X-E", True, Point(61.5, 30.5)),
    ("gamma", "Gamma", "town", "X-W", False, Point(60.2, 30.2)),
    ("delta", "Delta", "town", "X-W", False, Point(60.8, 30.8)),
    ("fort", "Fort", "base", "X-W", False, Point(60.5, 30.2)),
]


def rows(text: str) -> pd.DataFrame:
    """A table written as text; every cell is text, ``-`` is blank."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    cells = [["" if cell == "-" else cell for cell in line] for line in lines]
    return pd.DataFrame(cells, columns=header, dtype=str)


def ledger(text: str) -> pd.DataFrame:
    """A ``reports.csv`` from the columns that matter to a test."""
    table = rows(text)
    table = table.assign(**{name: cell for name, cell in REPORT.items() if name not in table})
    if "report_id" not in table:
        table["report_id"] = [f"r{number}" for number in range(1, len(table) + 1)]
    return table


def bibliography(text: str = SOURCES) -> pd.DataFrame:
    """A ``sources.csv`` from the columns that matter to a test."""
    table = rows(text)
    return table.assign(**{name: cell for name, cell in SOURCE.items() if name not in table})


def _features(table: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": mapping(row.pop("geometry")), "properties": row}
            for row in table
        ],
    }


def areas() -> dict[str, Any]:
    """The two areas as GeoJSON."""
    return _features(
        [
            {
                "area_id": key,
                "name": name,
                "alt_names": "",
                "population": people,
                "population_source": "a census",
                "geometry": shape,
            }
            for key, name, shape, people in _AREAS
        ]
    )


def places() -> dict[str, Any]:
    """The five places as GeoJSON."""
    return _features(
        [
            {
                "place_id": key,
                "name": name,
                "alt_names": "",
                "kind": kind,
                "area_id": area,
                "is_capital": capital,
                "population": None,
                "geometry": point,
            }
            for key, name, kind, area, capital, point in _PLACES
        ]
    )


def _frame(collection: dict[str, Any]) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame.from_features(collection, crs="EPSG:4326")
    return table[[*table.columns.drop("geometry"), "geometry"]]


_GEO_AREAS = _frame(areas()).astype({"population": "Int64"})
_GEO_PLACES = _frame(places())
_CONTROLS = [
    style.Control(id=key, label=label)
    for key, label in (("blue", "Blue"), ("red", "Red"), ("green", "Green"))
]


@cache
def _dated(sources: str) -> pd.DataFrame:
    """Sources as a study holds them; the same few serve thousands of ledgers."""
    table = bibliography(sources)
    known_on = dates.parse_whens(table["published"])[0]["last"]
    return table.assign(known_on=known_on).set_index("source_id", drop=False)


def study(
    reports: str | pd.DataFrame = REPORTS,
    sources: str = SOURCES,
    **settings: Any,
) -> Study:
    """The tiny study in memory, without its files: for tests of many ledgers."""
    reports = ledger(reports) if isinstance(reports, str) else reports
    chosen = {
        "title": "Tiny",
        "start": date(2021, 8, 1),
        "end": date(2021, 8, 31),
        "opens_on": date(2021, 8, 10),
        "control": _CONTROLS,
    }
    checked = Settings.model_validate(chosen | settings)
    return Study(
        id="tiny",
        settings=checked,
        controls=style.styles(checked.control),
        areas=_GEO_AREAS.copy(),
        places=_GEO_PLACES.copy(),
        reports=reports.join(dates.parse_whens(reports["when"])[0]),
        sources=_dated(sources).copy(),
        context=gpd.GeoDataFrame({"name": [], "kind": []}, geometry=[], crs="EPSG:4326"),
        warnings=[],
        digest="tiny",
    )


@dataclass
class Files:
    """The files of the tiny study, valid as they come, to be broken one at a time."""

    settings: str
    areas: dict[str, Any]
    places: dict[str, Any]
    reports: pd.DataFrame
    sources: pd.DataFrame

    def area(self, key: str) -> dict[str, Any]:
        """The feature of an area."""
        return next(f for f in self.areas["features"] if f["properties"]["area_id"] == key)

    def place(self, key: str) -> dict[str, Any]:
        """The feature of a place."""
        return next(f for f in self.places["features"] if f["properties"]["place_id"] == key)

    def texts(self) -> dict[str, str]:
        """Each file's name and content."""
        return {
            "study.toml": self.settings,
            "areas.geojson": as_json(self.areas),
            "places.geojson": as_json(self.places),
            "reports.csv": self.reports.to_csv(index=False),
            "sources.csv": self.sources.to_csv(index=False),
        }

    def write(self, folder: Path) -> Path:
        """Write them into a folder."""
        folder.mkdir(exist_ok=True)
        for name, text in self.texts().items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    def zipped(self, inside: str = "", extra: dict[str, str] | None = None) -> bytes:
        """The same as the bytes of a .zip, in its root or in a folder of it."""
        named = {inside + name: text for name, text in self.texts().items()}
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for name, text in (named | (extra or {})).items():
                archive.writestr(name, text)
        return content.getvalue()


def files(reports: str = REPORTS) -> Files:
    """The files of the tiny study."""
    return Files(SETTINGS, areas(), places(), ledger(reports), bibliography())


def as_json(collection: dict[str, Any]) -> str:
    """A collection of features as a file holds it."""
    return json.dumps(collection, ensure_ascii=False)


def clone(feature: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """A feature like another, some of its properties changed."""
    twin = copy.deepcopy(feature)
    twin["properties"] |= properties
    return twin


def problems(folder: Path) -> list[Problem]:
    """All that is wrong or odd in a study's folder."""
    try:
        return load(folder).warnings
    except StudyError as error:
        return error.problems


_DAYS = ("day", "earliest", "latest", "since", "since_left", "since_right")
_YES = ("disputed", "claimed", "uncertain", "usable")
_NUMBERS = ("unit", "first", "change", "pending", "areas")


def table(text: str) -> pd.DataFrame:
    """An expected table, its columns typed by their names."""
    cells = rows(text)
    for name in cells:
        if name in _DAYS:
            cells[name] = pd.to_datetime(cells[name]).astype("datetime64[s]")
        elif name in _YES:
            cells[name] = cells[name].map({"yes": True, "no": False})
        elif name in _NUMBERS:
            cells[name] = cells[name].astype("int64")
    return cells


def assert_table(found: pd.DataFrame, expected: str) -> None:
    """Every row is as written, in the columns that the text names."""
    wanted = table(expected)
    assert_frame_equal(found[list(wanted)].reset_index(drop=True), wanted)


def changes(reports: str, **settings: Any) -> pd.DataFrame:
    """What all reports of a ledger say together."""
    return Timeline(study(reports, **settings)).changes


def story(matrix: Matrix, unit: str) -> str:
    """A unit's month in words: ``1-4 unknown, 5-9 blue, 10-12 blue?, 13-31 red``.

    A question mark says that the days are uncertain.
    """
    states = matrix.control.loc[unit] + matrix.uncertain.loc[unit].map({True: "?", False: ""})
    told = []
    for state, run in states.groupby((states != states.shift()).cumsum()):
        first, last = run.index[0].day, run.index[-1].day
        told.append(f"{first}-{last} {run.iloc[0]}" if first < last else f"{first} {run.iloc[0]}")
        assert last - first + 1 == len(run), state
    return ", ".join(told)


def august(day: int) -> date:
    """A day of the tiny study's month."""
    return date(2021, 8, 1) + timedelta(days=day - 1)
