"""Schemas and rules across a study's tables → problems.

A study that is wrong never draws a wrong map. Every check runs and all problems come back
at once, each with its file, row, column, what is wrong and what would be right. Tables come
in as read (text, or features), :class:`Problem` rows go out; nothing is mended in silence.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError

from geo import dates, style

CONFIDENCE = ("high", "medium", "low")
VERDICTS = ("used", "disputed")
SOURCE_KINDS = ("news", "agency", "official", "party", "map", "dataset", "assumption")
RELIABILITY = ("A", "B", "C", "D", "E", "F")

OUTSIDE_KM = 5.0
"""A place farther than this from its own area is an error; nearer, a warning."""

SLIVER_KM2 = 1.0
"""Two areas that share more ground than this overlap; less is drawing's tolerance."""

CONTESTED_DAYS = 21
"""A place contested for longer than this without another word is worth a second look."""

FLIP_DAYS = 2
"""A place that changes hands twice within so many days is worth a second look."""


Level = Literal["error", "warning"]
ERROR: Level = "error"
WARNING: Level = "warning"


class Problem(NamedTuple):
    """One thing wrong (or odd) in a study, in words for its curator."""

    level: Level
    file: str
    row: int | None
    column: str
    wrong: str
    right: str


def to_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """Problems as a table, errors first, then by file and row."""
    table = pd.DataFrame(list(problems), columns=Problem._fields).astype({"row": "Int64"})
    return table.sort_values(["level", "file", "row"], kind="stable", ignore_index=True)


class Settings(BaseModel):
    """``study.toml``: what a study is about, and how it wants to be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    start: date
    end: date
    opens_on: date
    area_rule: Literal["capital", "reported", "majority"] = "capital"
    area_unit: tuple[str, str] = ("area", "areas")
    max_window: Annotated[int, Field(ge=1)] = 14
    lead_source: str = ""
    lead_label: str = ""
    projection: str = ""
    projection_name: str = ""
    credit: str = ""
    disclaimer: str = ""
    control: Annotated[list[style.Control], Field(min_length=1)]

    @model_validator(mode="after")
    def _agrees(self) -> "Settings":
        if self.start > self.end:
            raise ValueError(f"start ({self.start}) is later than end ({self.end})")
        if not self.start <= self.opens_on <= self.end:
            raise ValueError(f"opens_on ({self.opens_on}) is outside {self.start} to {self.end}")
        ids = [control.id for control in self.control]
        if len(set(ids)) < len(ids):
            raise ValueError("a control id stands twice")
        if self.projection:
            try:
                CRS.from_user_input(self.projection)
            except CRSError:
                raise ValueError(f"PROJ does not know the projection “{self.projection}”") from None
        return self


def check_settings(raw: dict[str, Any]) -> tuple[Settings | None, list[Problem]]:
    """Read the parsed ``study.toml``; its problems name the key."""
    try:
        return Settings.model_validate(raw), []
    except ValidationError as refused:
        return None, [
            Problem(
                ERROR,
                "study.toml",
                None,
                ".".join(str(part) for part in error["loc"]),
                error["msg"].removeprefix("Value error, "),
                "see the study format",
            )
            for error in refused.errors()
        ]


def _required(right: str) -> pa.Check:
    return pa.Check(lambda cells: cells != "", error=right)


def _one_of(words: tuple[str, ...]) -> pa.Check:
    return pa.Check(lambda cells: cells.isin(words), error="one of " + ", ".join(words))


def _key(right: str) -> pa.Column:
    return pa.Column(checks=_required(right), unique=True)


_ANY = pa.Column(nullable=True)
SCHEMAS = {
    "areas.geojson": pa.DataFrameSchema(
        {
            "area_id": _key("an ISO 3166-2 code or P-code"),
            "name": pa.Column(checks=_required("the area's common name")),
            "alt_names": _ANY,
            "population": _ANY,
            "population_source": _ANY,
        }
    ),
    "places.geojson": pa.DataFrameSchema(
        {
            "place_id": _key("a slug such as puli-alam"),
            "name": pa.Column(checks=_required("the place's name")),
            "alt_names": _ANY,
            "kind": pa.Column(checks=_required("city, airport, crossing, base …")),
            "area_id": _ANY,
            "is_capital": _ANY,
            "population": _ANY,
        }
    ),
    "reports.csv": pa.DataFrameSchema(
        {
            "report_id": _key("an id of its own that never changes"),
            "place_id": pa.Column(checks=_required("a place_id of places.geojson")),
            "control": pa.Column(checks=_required("a control of study.toml")),
            "when": _ANY,
            "source_id": pa.Column(checks=_required("a source_id of sources.csv")),
            "claimant": _ANY,
            "claimant_side": _ANY,
            "confidence": pa.Column(checks=_one_of(CONFIDENCE)),
            "verdict": pa.Column(checks=_one_of(VERDICTS)),
            "evidence": _ANY,
            "locator": _ANY,
            "supersedes": _ANY,
        }
    ),
    "sources.csv": pa.DataFrameSchema(
        {
            "source_id": _key("an id of its own that never changes"),
            "publisher": pa.Column(checks=_required("who published it")),
            "origin": _ANY,
            "kind": pa.Column(checks=_one_of(SOURCE_KINDS)),
            "reliability": pa.Column(checks=_one_of((*RELIABILITY, ""))),
            "title": _ANY,
            "url": _ANY,
            "published": _ANY,
            "retrieved": _ANY,
            "language": _ANY,
        }
    ),
}
"""The columns of each table, and what a cell on its own must be."""


def row_number(file: str, index: int) -> int:
    """Where a curator finds a row: a spreadsheet's row (its header is 1), a feature's number."""
    return index + (1 if file.endswith(".geojson") else 2)


def check_table(file: str, table: pd.DataFrame) -> list[Problem]:
    """Check one table against its schema.

    Parameters
    ----------
    file : str
        A key of :data:`SCHEMAS`.
    table : pandas.DataFrame
        As read, indexed 0, 1, 2 … by place in the file; text cells, blank for empty.
    """
    if table.empty:
        return [Problem(ERROR, file, None, "", "the file has no rows", "at least one row")]
    try:
        SCHEMAS[file].validate(table, lazy=True)
    except pa.errors.SchemaErrors as found:
        return [_from_pandera(file, case) for case in found.failure_cases.itertuples()]
    return []


def _from_pandera(file: str, case: Any) -> Problem:
    if case.check == "column_in_dataframe":
        column = str(case.failure_case)
        wrong, right = "the column is missing", f"a column named {column}"
        return Problem(ERROR, file, None, column, wrong, right)
    row = row_number(file, int(case.index))
    if case.check == "field_uniqueness":
        wrong, right = f"“{case.failure_case}” stands more than once", "an id of its own"
    elif case.failure_case == "":
        wrong, right = "the cell is empty", case.check
    else:
        wrong, right = f"“{case.failure_case}” is not allowed here", case.check
    return Problem(ERROR, file, row, str(case.column), wrong, right)


def usable(file: str, table: Any) -> Any:
    """The table when it has rows and every column, else None: rules cannot read it."""
    whole = table is not None and not table.empty and set(SCHEMAS[file].columns) <= set(table)
    return table if whole else None


def check_tables(
    settings: Settings | None,
    areas: gpd.GeoDataFrame | None,
    places: gpd.GeoDataFrame | None,
    reports: pd.DataFrame | None,
    sources: pd.DataFrame | None,
) -> list[Problem]:
    """Check the rules across tables; one that is missing hides nothing wrong in the others.

    Parameters
    ----------
    settings : Settings, optional
    areas, places : geopandas.GeoDataFrame, optional
        Polygons and points in WGS 84.
    reports, sources : pandas.DataFrame, optional
        Text columns as in :data:`SCHEMAS`.
    """
    problems = []
    if settings is not None and sources is not None:
        problems += _check_settings_refer(settings, sources)
    if reports is not None:
        problems += _check_dates(settings, reports) + _check_supersedes(reports)
        if settings is not None:
            problems += _check_controls(settings, reports)
        if areas is not None and places is not None:
            problems += _check_reported(settings, areas, places, reports)
        if sources is not None:
            problems += _check_sourced(reports, sources)
    if sources is not None:
        problems += _check_sources(sources)
    if areas is not None:
        problems += _check_areas(settings, areas)
    if places is not None:
        problems += _check_places(places)
        if areas is not None:
            problems += _check_places_in_areas(settings, areas, places)
    return problems


def _flag(
    file: str,
    table: pd.DataFrame,
    column: str,
    bad: Any,
    wrong: str | Callable[[Any], str],
    right: str,
    level: Level = ERROR,
) -> list[Problem]:
    """One problem for each row where `bad` holds; `wrong` may be made from the cell."""
    cells = table.loc[np.asarray(bad, dtype=bool), column]
    return [
        Problem(
            level,
            file,
            row_number(file, index),
            column,
            wrong(cell) if callable(wrong) else wrong.format(cell),
            right,
        )
        for index, cell in cells.items()
    ]


def _check_settings_refer(settings: Settings, sources: pd.DataFrame) -> list[Problem]:
    if not settings.lead_source or settings.lead_source in set(sources["source_id"]):
        return []
    wrong = f"“{settings.lead_source}” is not a source"
    return [Problem(ERROR, "study.toml", None, "lead_source", wrong, "a source_id of sources.csv")]


def _check_dates(settings: Settings | None, reports: pd.DataFrame) -> list[Problem]:
    file = "reports.csv"
    days, refused = dates.parse_whens(reports["when"])
    right = "2021-08-13, 2021-08-12/2021-08-13, ../2021-08-13, 2021-08-13~ or 2021-08"
    problems = _flag(file, reports, "when", days["named"].isna(), refused.__getitem__, right)
    if settings is None:
        return problems
    outside = (days["last"] < pd.Timestamp(settings.start)) | (
        days["first"] > pd.Timestamp(settings.end)
    )
    wrong = f"“{{}}” is outside the study's days ({settings.start} to {settings.end})"
    right = "a report within them, or a longer study"
    return problems + _flag(file, reports, "when", outside, wrong, right, WARNING)


def _check_controls(settings: Settings, reports: pd.DataFrame) -> list[Problem]:
    file = "reports.csv"
    controls = list(style.styles(settings.control))
    can_be_given = [control for control in controls if control != style.UNKNOWN]
    right = "one of " + ", ".join(can_be_given)
    undeclared = ~reports["control"].isin(can_be_given) & (reports["control"] != "")
    stranger = ~reports["claimant_side"].isin([*controls, ""])
    return [
        *_flag(
            file,
            reports,
            "control",
            undeclared,
            "“{}” is not a control that a report can give",
            right,
        ),
        *_flag(
            file,
            reports,
            "claimant_side",
            stranger,
            "“{}” is not a control of study.toml",
            f"blank, or {right}",
        ),
    ]


def _check_reported(
    settings: Settings | None,
    areas: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    reports: pd.DataFrame,
) -> list[Problem]:
    file, place = "reports.csv", reports["place_id"]
    on_area = place.isin(areas["area_id"])
    stranger = ~place.isin(places["place_id"]) & ~on_area & (place != "")
    wrong = "“{}” is no place or area of the study"
    right = "a place_id of places.geojson or an area_id of areas.geojson"
    problems = _flag(file, reports, "place_id", stranger, wrong, right)
    if settings is None or settings.area_rule == "reported":
        return problems
    wrong = f"a report on the area “{{}}” moves nothing under the rule “{settings.area_rule}”"
    right = "a report on a place; this one is kept in the area's history"
    return problems + _flag(file, reports, "place_id", on_area, wrong, right, WARNING)


def _check_sourced(reports: pd.DataFrame, sources: pd.DataFrame) -> list[Problem]:
    source = reports["source_id"]
    stranger = ~source.isin(sources["source_id"]) & (source != "")
    wrong, right = "“{}” is no source of the study", "a source_id of sources.csv"
    return _flag("reports.csv", reports, "source_id", stranger, wrong, right)


def _check_supersedes(reports: pd.DataFrame) -> list[Problem]:
    file, corrects = "reports.csv", reports["supersedes"]
    ids = pd.Series(reports["place_id"].to_numpy(), index=reports["report_id"])
    ids = ids[~ids.index.duplicated()]
    known = (corrects != "") & corrects.isin(ids.index)
    problems = _flag(
        file,
        reports,
        "supersedes",
        (corrects != "") & ~known,
        "“{}” is no report of the study",
        "blank, or the report_id that this report corrects",
    )
    problems += _flag(
        file,
        reports,
        "supersedes",
        known & (corrects.map(ids) != reports["place_id"]),
        "“{}” is a report on another place",
        "a report on the same place",
    )
    following = dict(zip(reports["report_id"][known], corrects[known], strict=True))
    for start in following:
        step, seen = start, set()
        while step in following and step not in seen:
            seen.add(step)
            step = following[step]
        if step == start:
            row = row_number(file, int(reports.index[reports["report_id"] == start][0]))
            wrong = f"“{start}” corrects itself, by way of {len(seen)} report(s)"
            right = "the report that this one corrects, never the other way round"
            problems.append(Problem(ERROR, file, row, "supersedes", wrong, right))
    return problems


def _check_sources(sources: pd.DataFrame) -> list[Problem]:
    file, problems = "sources.csv", []
    for column in ("published", "retrieved"):
        days, _ = dates.parse_whens(sources[column])
        problems += _flag(
            file,
            sources,
            column,
            (sources[column] != "") & ~days["form"].isin(["day", "month"]),
            "“{}” is neither a day nor a month",
            "2021-08-13, or 2021-08 (its last day counts), or blank",
        )
    address = sources["url"].str.match(r"https?://", case=False)
    wrong, right = "“{}” is no web address and is shown as text", "https://… or blank"
    problems += _flag(
        file, sources, "url", (sources["url"] != "") & ~address, wrong, right, WARNING
    )
    wrong, right = "a map is a source: it has reports of its own behind it", "its reports' sources"
    is_map = sources["kind"] == "map"
    return problems + _flag(file, sources, "kind", is_map, wrong, right, WARNING)


def _check_areas(settings: Settings | None, areas: gpd.GeoDataFrame) -> list[Problem]:
    file, shapes = "areas.geojson", areas.geometry
    is_polygon = shapes.geom_type.isin(["Polygon", "MultiPolygon"]) & ~shapes.is_empty
    problems = _flag(file, areas, "area_id", ~is_polygon, "“{}” is not a polygon", "a polygon")
    valid = shapes.is_valid | ~is_polygon
    why = dict(zip(areas["area_id"], shapes.is_valid_reason(), strict=True))
    problems += _flag(
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
    return _flag(file, table, "population", odd, "“{}” is no number of people", right)


def _check_on_earth(file: str, table: gpd.GeoDataFrame, key: str) -> list[Problem]:
    bounds = table.geometry.bounds
    off = (
        (bounds["minx"] < -180)
        | (bounds["maxx"] > 180)
        | (bounds["miny"] < -90)
        | (bounds["maxy"] > 90)
    )
    right = "WGS 84 (EPSG:4326): longitude −180 to 180, then latitude −90 to 90, in degrees"
    return _flag(file, table, key, off, "“{}” has coordinates that are not degrees", right)


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


def _check_places(places: gpd.GeoDataFrame) -> list[Problem]:
    file = "places.geojson"
    is_point = _are_points(places)
    problems = _flag(file, places, "place_id", ~is_point, "“{}” is not a point", "a point")
    flag = places["is_capital"].isin([True, False])
    problems += _flag(file, places, "is_capital", ~flag, "“{}” is no yes or no", "true or false")
    return problems + _check_on_earth(file, places[is_point], "place_id")


def _are_points(places: gpd.GeoDataFrame) -> pd.Series:
    return (places.geometry.geom_type == "Point") & ~places.geometry.is_empty


def _check_places_in_areas(
    settings: Settings | None, areas: gpd.GeoDataFrame, places: gpd.GeoDataFrame
) -> list[Problem]:
    file, area = "places.geojson", places["area_id"]
    known = area.isin(areas["area_id"])
    stranger = ~known & area.notna() & (area != "")
    problems = _flag(
        file, places, "area_id", stranger, "“{}” is no area of the study", "an area_id"
    )
    both = places["place_id"].isin(areas["area_id"])
    right = "an id that no area has"
    problems += _flag(file, places, "place_id", both, "“{}” is an area's id too", right)
    capital = places["is_capital"].eq(True) & known
    twice = area.where(capital).duplicated() & capital
    right = "one capital for each area"
    problems += _flag(file, places, "is_capital", twice, "a second capital of its area", right)
    if settings and settings.area_rule == "capital":
        bare = ~areas["area_id"].isin(area[capital])
        wrong, right = "“{}” has no capital and stays unknown", "one place with is_capital true"
        problems += _flag("areas.geojson", areas, "area_id", bare, wrong, right, WARNING)
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


def check_changes(changes: pd.DataFrame, reports: pd.DataFrame) -> list[Problem]:
    """Warn the curator of what the rules cannot judge.

    Parameters
    ----------
    changes : pandas.DataFrame
        As :attr:`geo.timeline.Timeline.changes`, of all sources.
    reports : pandas.DataFrame
        As :attr:`geo.timeline.Timeline.reports`: ``change`` names the change supported.

    Returns
    -------
    list of Problem
        At the row of the first report behind the change: a place that changes hands twice
        within two days, two holders on one day, a fall with a single origin or with no later
        look, contested for weeks on end.
    """
    behind = reports.dropna(subset="change").groupby("change")
    first_row = behind.apply(lambda group: group.index[0], include_groups=False)
    held = changes[changes["control"] != style.CONTESTED]
    holder = held["control"].where(held["place_id"] == held["place_id"].shift(), "")
    before = held["control"].shift().where(held["place_id"] == held["place_id"].shift())
    falls = held[before.notna() & (before != holder)]
    since = falls["day"] - falls["day"].shift()
    again = falls["place_id"] == falls["place_id"].shift()
    last_look = reports.groupby("place_id")["named"].max()
    contested = changes[changes["control"] == style.CONTESTED]
    until = changes["day"].shift(-1).where(changes["place_id"] == changes["place_id"].shift(-1))
    ended = until.reindex(contested.index).fillna(reports["named"].max())
    lasted = ended - behind["named"].max().reindex(contested.index)
    days = pd.Timedelta(days=1)
    found = [
        (
            falls.index[again & (since > 0 * days) & (since <= FLIP_DAYS * days)],
            f"changes hands again within {FLIP_DAYS} days",
            "a second look at both reports",
        ),
        (
            falls.index[again & (since == 0 * days)],
            "has two holders on one day",
            "the report that is right, the other disputed",
        ),
        (
            falls.index[behind["origin"].nunique().reindex(falls.index) == 1],
            "falls on the word of a single origin",
            "a report of another origin",
        ),
        (
            falls.index[last_look.reindex(falls["place_id"]).to_numpy() <= falls["day"]],
            "has no report after its fall",
            "a later look, in case it was retaken",
        ),
        (
            contested.index[lasted > CONTESTED_DAYS * days],
            f"stays contested for more than {CONTESTED_DAYS} days without another report",
            "a report from those days",
        ),
    ]
    return [
        Problem(
            WARNING,
            "reports.csv",
            row_number("reports.csv", int(first_row[number])),
            "place_id",
            f"“{changes.loc[number, 'place_id']}” {wrong}",
            right,
        )
        for numbers, wrong, right in found
        for number in numbers
    ]
