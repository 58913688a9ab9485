"""Rules across a study's tables → problems.

A study that is wrong never draws a wrong map. Every check runs and all problems come back
at once, each with its file, row, column, what is wrong and what would be right; nothing is
mended in silence.
"""

import geopandas as gpd
import pandas as pd

from geo import dates, style
from geo.problems import ERROR, WARNING, Problem, flag, row_number
from geo.schemas import Settings
from geo.tiling import check_areas, check_places, check_places_in_areas

CONTESTED_DAYS = 21
"""A place contested for longer than this without another word is worth a second look."""

FLIP_DAYS = 2
"""A place that changes hands twice within so many days is worth a second look."""


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
        problems += check_areas(settings, areas)
    if places is not None:
        problems += check_places(places)
        if areas is not None:
            problems += check_places_in_areas(settings, areas, places)
    return problems


def _check_settings_refer(settings: Settings, sources: pd.DataFrame) -> list[Problem]:
    if not settings.lead_source or settings.lead_source in set(sources["source_id"]):
        return []
    wrong = f"“{settings.lead_source}” is not a source"
    return [Problem(ERROR, "study.toml", None, "lead_source", wrong, "a source_id of sources.csv")]


def _check_dates(settings: Settings | None, reports: pd.DataFrame) -> list[Problem]:
    file = "reports.csv"
    days, refused = dates.parse_whens(reports["when"])
    right = "2021-08-13, 2021-08-12/2021-08-13, ../2021-08-13, 2021-08-13~ or 2021-08"
    problems = flag(file, reports, "when", days["named"].isna(), refused.__getitem__, right)
    if settings is None:
        return problems
    outside = (days["last"] < pd.Timestamp(settings.start)) | (
        days["first"] > pd.Timestamp(settings.end)
    )
    wrong = f"“{{}}” is outside the study's days ({settings.start} to {settings.end})"
    right = "a report within them, or a longer study"
    return problems + flag(file, reports, "when", outside, wrong, right, WARNING)


def _check_controls(settings: Settings, reports: pd.DataFrame) -> list[Problem]:
    file = "reports.csv"
    controls = list(style.styles(settings.control))
    can_be_given = [control for control in controls if control != style.UNKNOWN]
    right = "one of " + ", ".join(can_be_given)
    undeclared = ~reports["control"].isin(can_be_given) & (reports["control"] != "")
    stranger = ~reports["claimant_side"].isin([*controls, ""])
    return [
        *flag(
            file,
            reports,
            "control",
            undeclared,
            "“{}” is not a control that a report can give",
            right,
        ),
        *flag(
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
    problems = flag(file, reports, "place_id", stranger, wrong, right)
    if settings is None or settings.area_rule == "reported":
        return problems
    wrong = f"a report on the area “{{}}” moves nothing under the rule “{settings.area_rule}”"
    right = "a report on a place; this one is kept in the area's history"
    return problems + flag(file, reports, "place_id", on_area, wrong, right, WARNING)


def _check_sourced(reports: pd.DataFrame, sources: pd.DataFrame) -> list[Problem]:
    source = reports["source_id"]
    stranger = ~source.isin(sources["source_id"]) & (source != "")
    wrong, right = "“{}” is no source of the study", "a source_id of sources.csv"
    return flag("reports.csv", reports, "source_id", stranger, wrong, right)


def _check_supersedes(reports: pd.DataFrame) -> list[Problem]:
    file, corrects = "reports.csv", reports["supersedes"]
    ids = pd.Series(reports["place_id"].to_numpy(), index=reports["report_id"])
    ids = ids[~ids.index.duplicated()]
    known = (corrects != "") & corrects.isin(ids.index)
    problems = flag(
        file,
        reports,
        "supersedes",
        (corrects != "") & ~known,
        "“{}” is no report of the study",
        "blank, or the report_id that this report corrects",
    )
    problems += flag(
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
        problems += flag(
            file,
            sources,
            column,
            (sources[column] != "") & ~days["form"].isin(["day", "month"]),
            "“{}” is neither a day nor a month",
            "2021-08-13, or 2021-08 (its last day counts), or blank",
        )
    address = sources["url"].str.match(r"https?://", case=False)
    wrong, right = "“{}” is no web address and is shown as text", "https://… or blank"
    problems += flag(file, sources, "url", (sources["url"] != "") & ~address, wrong, right, WARNING)
    wrong, right = "a map is a source: it has reports of its own behind it", "its reports' sources"
    is_map = sources["kind"] == "map"
    return problems + flag(file, sources, "kind", is_map, wrong, right, WARNING)


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
        within two days or has two holders on one day (and the row of the other change), a fall
        with a single origin or with no later look, contested for weeks on end. Where all
        reports are of one origin, that is told once for all falls.
    """
    behind = reports.dropna(subset="change").groupby("change")
    first = reports["change"].dropna().drop_duplicates()
    first_row = dict(zip(first.astype(int), first.index, strict=True))
    place = changes["place_id"].to_dict()
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
    flips = again & (since <= FLIP_DAYS * days)
    earlier = falls.index.to_series().shift()[flips].astype(int)
    alone = falls.index[behind["origin"].nunique().reindex(falls.index) == 1]
    told = []
    if len(alone) > 1 and reports["origin"].nunique() == 1:
        origin = reports["origin"].iloc[0]
        wrong = f"all {len(alone):,} falls rest on the word of a single origin, “{origin}”"
        right = "reports of another origin"
        told = [Problem(WARNING, "reports.csv", None, "source_id", wrong, right)]
        alone = alone[:0]
    found = [
        (
            falls.index[flips & (since > 0 * days)],
            f"changes hands again within {FLIP_DAYS} days of row {{before}}",
            "a second look at both reports",
        ),
        (
            falls.index[flips & (since == 0 * days)],
            "has two holders on one day, the other by row {before}",
            "the report that is right, the other disputed",
        ),
        (
            alone,
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

    def row(number: int) -> int:
        return row_number("reports.csv", int(first_row[number]))

    before_row = {number: row(before) for number, before in earlier.items()}
    return told + [
        Problem(
            WARNING,
            "reports.csv",
            row(number),
            "place_id",
            f"“{place[number]}” {wrong.format(before=before_row.get(number))}",
            right,
        )
        for numbers, wrong, right in found
        for number in numbers
    ]
