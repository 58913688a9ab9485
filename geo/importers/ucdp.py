"""UCDP's georeferenced events → a study of context events, or events for another study.

The Georeferenced Event Dataset (GED) says where organised violence cost a life, when, between
whom, and how many died; never who held a place after it. So its rows become ``events.csv``,
which moves nothing. Columns and codes are those of the UCDP GED Codebook (Högbladh, Department
of Peace and Conflict Research, Uppsala University, https://ucdp.uu.se/downloads/), versions 17
to 25.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.importers import areas as boundaries
from geo.importers import sheets
from geo.importers.draft import Draft, Finding
from geo.importers.mapping import AreaColumns
from geo.importers.refusal import refuse
from geo.schemas import SCHEMAS

NEEDED = "id type_of_violence latitude longitude date_start date_end best high low".split()
OPTIONAL = (
    "conflict_name dyad_name side_a side_b number_of_sources source_article source_office "
    "source_original where_prec where_coordinates adm_1 adm_2 country date_prec event_clarity"
).split()

VIOLENCE = {"1": "state-based conflict", "2": "non-state conflict", "3": "one-sided violence"}

PLACED = {
    "1": "exact place",
    "2": "within about 25 km",
    "3": "somewhere in the district",
    "4": "somewhere in the province",
    "5": "somewhere along a line or in a loose region",
    "6": "somewhere in the country",
    "7": "at sea or in the air",
}
"""``where_prec``: how far the point may be from where it was (codebook, *Geographic precision*)."""

DATED = {
    "1": "exact day",
    "2": "within two to six days",
    "3": "within a week",
    "4": "within a month",
    "5": "within a year",
}
"""``date_prec``: how long the days between ``date_start`` and ``date_end`` are (*Temporal
precision*)."""

UNCLEAR = "told of in sums of several events"
"""``event_clarity`` 2: reports allow no event of its own to be told apart."""

NEAR = 0.25
"""Degrees about the areas in which an event is still of the study: a border's other side."""

URL = "https://ucdp.uu.se/downloads/"
CREDIT = (
    "Events: UCDP Georeferenced Event Dataset, Uppsala Conflict Data Program, CC BY 4.0; please "
    "cite Sundberg & Melander 2013, “Introducing the UCDP Georeferenced Event Dataset”, Journal "
    "of Peace Research 50(4), and the release used."
)
ABOUT = (
    "Events of the UCDP Georeferenced Event Dataset, as context: they say where people died in "
    "organised violence, and nothing of who held a place. The map therefore shows no control "
    "until reports.csv has reports. Dates span date_start to date_end; deaths are UCDP's best, "
    "low and high estimates.\n\n"
    "To lay the events over another study's control, copy this folder's events.csv into the "
    "other study's folder, beside its reports.csv, and add the credit line of study.toml to its "
    "own. Events outside its days are shown on none.\n\n"
    "UCDP GED is published under CC BY 4.0 and asks to be cited: Sundberg, Ralph, and Erik "
    "Melander, 2013, “Introducing the UCDP Georeferenced Event Dataset”, Journal of Peace "
    "Research 50(4); and, for the release, the article that its download page names."
)

_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T].*)?")


def draft(paths: list[Path], areas: Path, title: str = "") -> Draft:
    """Make a study of UCDP GED's events.

    Parameters
    ----------
    paths : list of pathlib.Path
        GED's CSV, as downloaded (a .zip will do) or cut out of it.
    areas : pathlib.Path
        Boundaries (:func:`geo.importers.areas.read`); events far from them are left out.
    title : str

    Raises
    ------
    geo.importers.refusal.TableError
    """
    found, findings = boundaries.read(areas, AreaColumns())
    table = sheets.read(paths, NEEDED, OPTIONAL)
    for file, rows in table.groupby("file", sort=False):
        findings.append(Finding("read", str(file), None, "", f"{len(rows)} events", len(rows)))
    for step in (_once, _placed, _dated, _counted):
        table, said = step(table)
        findings += said
    table, said = _nearby(table, found)
    findings += said
    if table.empty:
        right = "events in the areas; are both of the same country?"
        raise refuse(paths[0].name, "no event is left to import", right)
    table = table.sort_values(["date_start", "date_end", "id"], ignore_index=True)
    start, end = table["date_start"].min(), table["date_end"].max()
    countries = ", ".join(sorted(set(table["country"]) - {""})[:3])
    return Draft(
        settings={
            "title": title or f"{countries or 'UCDP GED'}: events of organised violence",
            "start": date.fromisoformat(start),
            "end": date.fromisoformat(end),
            "opens_on": date.fromisoformat(start),
            "area_rule": "reported",
            "credit": CREDIT,
            "control": [{"id": "government", "label": "Government"}],
        },
        areas=found,
        places=None,
        reports=pd.DataFrame(columns=list(SCHEMAS["reports.csv"].columns)),
        sources=pd.DataFrame(columns=list(SCHEMAS["sources.csv"].columns)),
        about=ABOUT,
        findings=findings,
        events=_events(table),
    )


def _dropped(rows: pd.DataFrame, column: str, why: str) -> list[Finding]:
    return [
        Finding("dropped", row.file, row.row, column, f"{row.id}: {why.format(row)}")
        for row in rows.itertuples()
    ]


def _once(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Later releases mend earlier ones: of an id that stands twice the last counts."""
    blank = table["id"] == ""
    again = table.duplicated("id", keep="last") & ~blank
    said = _dropped(table[again], "id", "stands again further down, which counts")
    return table[~again & ~blank], said + _dropped(table[blank], "id", "no id")


def _placed(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    lat, lon = (pd.to_numeric(table[name], errors="coerce") for name in ("latitude", "longitude"))
    off = ~(lat.between(-90, 90) & lon.between(-180, 180))
    why = "“{0.latitude}”, “{0.longitude}” is no place on earth"
    return table.assign(lat=lat, lon=lon)[~off], _dropped(table[off], "latitude", why)


def _dated(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    days = {name: table[name].map(_day) for name in ("date_start", "date_end")}
    bad = (days["date_start"] == "") | (days["date_end"] == "")
    why = "“{0.date_start}” to “{0.date_end}” are no days such as 2021-08-13"
    said = _dropped(table[bad], "date_start", why)
    turned = ~bad & (days["date_start"] > days["date_end"])
    why = "{0.date_start} is later than {0.date_end}"
    said += _dropped(table[turned], "date_start", why)
    return table.assign(**days)[~(bad | turned)], said


def _day(text: str) -> str:
    """A day without the midnight that GED writes behind it; blank where it is none."""
    found = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(found[1]).isoformat() if found else ""
    except ValueError:
        return ""


def _counted(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    numbers = table[["low", "best", "high"]].apply(pd.to_numeric, errors="coerce")
    odd = ~((numbers >= 0) & (numbers % 1 == 0)).all(axis=1)
    odd |= (numbers["low"] > numbers["best"]) | (numbers["best"] > numbers["high"])
    why = "“{0.low}”, “{0.best}”, “{0.high}” are no low, best and high number of deaths"
    return table[~odd], _dropped(table[odd], "best", why)


def _nearby(table: pd.DataFrame, areas: gpd.GeoDataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Leave out what is elsewhere: a release of GED holds the whole world."""
    west, south, east, north = areas.total_bounds
    near = table["lon"].between(west - NEAR, east + NEAR)
    near &= table["lat"].between(south - NEAR, north + NEAR)
    points = shapely.points(table["lon"][near], table["lat"][near])
    # One pair for each area that is near enough; only that there is one matters.
    found, _ = areas.sindex.query(points, predicate="dwithin", distance=NEAR)
    inside = pd.Series(False, table.index)
    inside[table.index[near][pd.unique(found)]] = True
    far = table[~inside]
    said = []
    for file, rows in far.groupby("file", sort=False):
        first, count = int(rows["row"].iloc[0]), len(rows)
        text = f"not in the areas, nor within {NEAR} degrees of them"
        said.append(Finding("dropped", str(file), first, "latitude", text, count))
    return table[inside], said


def _events(table: pd.DataFrame) -> pd.DataFrame:
    same = table["date_start"] == table["date_end"]
    return pd.DataFrame(
        {
            "event_id": "ucdp-" + table["id"],
            "when": table["date_start"].where(same, table["date_start"] + "/" + table["date_end"]),
            "lat": table["lat"].round(5),
            "lon": table["lon"].round(5),
            "name": _told(table, _name, "where_coordinates adm_1 dyad_name conflict_name id"),
            "kind": table["type_of_violence"].map(VIOLENCE).fillna("organised violence"),
            "side_a": table["side_a"],
            "side_b": table["side_b"],
            "deaths": table["best"],
            "deaths_low": table["low"],
            "deaths_high": table["high"],
            "source": _told(table, _source, "source_office source_original"),
            "url": URL,
            "precision": _told(table, _precision, "where_prec date_prec event_clarity"),
        }
    )


def _told(table: pd.DataFrame, tell: Callable[[Any], str], columns: str) -> list[str]:
    """What some columns of each row tell; those alone are gone through, which is quicker."""
    return [tell(row) for row in table[columns.split()].itertuples()]


def _name(row: Any) -> str:
    where = ", ".join(dict.fromkeys(filter(None, (row.where_coordinates, row.adm_1))))
    return where or row.dyad_name or row.conflict_name or f"event {row.id}"


def _source(row: Any) -> str:
    """The sources that GED names: since version 18 in columns of their own."""
    named = row.source_office or row.source_original
    offices = list(dict.fromkeys(part for one in named.split(";") if (part := one.strip())))
    more = len(offices) - 3
    listed = ", ".join(offices[:3]) + (f" and {more} more" if more > 0 else "")
    return f"UCDP GED, after {listed}" if listed else "UCDP GED"


def _precision(row: Any) -> str:
    said = [PLACED.get(row.where_prec), DATED.get(row.date_prec)]
    if row.event_clarity == "2":
        said.append(UNCLEAR)
    return "; ".join(filter(None, said))
