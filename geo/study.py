"""A folder or a .zip → a :class:`Study`: areas, places, reports, sources, controls.

Files are read as text (tables as :mod:`geo.cells` writes them) and features, checked whole
(:mod:`geo.schemas`, :mod:`geo.checks`), and only then given types. A study with an error is
refused with all its problems; one with warnings is a study.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import geopandas as gpd
import pandas as pd

from geo import boundaries, checks, dates, events, schemas, style
from geo.archive import Archive, Files, Folder
from geo.boundaries import WGS84
from geo.limits import Limits, setting
from geo.problems import ERROR, Problem, Refused
from geo.reader import Reader
from geo.schemas import Settings

_HERE = Path(__file__).resolve().parent
_PLACES = [folder / "data" / "afghanistan-2021" for folder in (_HERE, _HERE.parent)]
BUNDLED = next((place for place in _PLACES if place.exists()), _PLACES[-1])
"""The study that comes with controlmap: within the package in a wheel, beside it in a checkout."""


class StudyError(Exception):
    """A study that cannot be drawn.

    Attributes
    ----------
    problems : list of geo.problems.Problem
        All that is wrong with it, warnings included.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = sum(problem.level == ERROR for problem in problems)
        super().__init__(f"the study has {count} error(s); the first: {problems[0]}")


@dataclass(frozen=True, eq=False)
class Study:
    """One region, one period, its ledger.

    Attributes
    ----------
    id : str
        The folder's name: ``afghanistan-2021``.
    settings : geo.schemas.Settings
        ``study.toml``.
    controls : dict of str to geo.style.Control
        In the order of the legend, every style filled in.
    areas : geopandas.GeoDataFrame
        ``area_id, name, alt_names, population, population_source, geometry`` (WGS 84).
    places : geopandas.GeoDataFrame
        ``place_id, name, alt_names, kind, area_id, is_capital, population, geometry`` (WGS 84).
    reports : pandas.DataFrame
        ``reports.csv`` in the ledger's order, indexed by place in the file, with ``form,
        first, last, named`` of its date (:class:`geo.dates.When`).
    sources : pandas.DataFrame
        ``sources.csv`` by ``source_id``, with ``known_on``, the last day that ``published``
        allows (missing where blank).
    context : geopandas.GeoDataFrame
        ``name, kind, geometry``: neighbours and lakes, drawn behind; may be empty.
    warnings : list of geo.problems.Problem
    digest : str
        Of the files' bytes: two studies with the same digest are the same.
    events : pandas.DataFrame
        ``events.csv`` as :func:`geo.events.typed` has it: context, which moves nothing; may be
        empty.
    """

    id: str
    settings: Settings
    controls: dict[str, style.Control]
    areas: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    reports: pd.DataFrame
    sources: pd.DataFrame
    context: gpd.GeoDataFrame
    warnings: list[Problem]
    digest: str
    events: pd.DataFrame = field(default_factory=events.none)

    @property
    def legend(self) -> list[style.Control]:
        """The controls that can be met in this study, whatever the day and the sources.

        Those that some report gives, be it disputed; and unknown, which needs none, as
        contested does where a tie is contested. All of them while there is no report.
        """
        given = {*self.reports["control"], style.UNKNOWN}
        given |= {style.CONTESTED} if self.settings.area_rule == "majority" else set()
        every = list(self.controls.values())
        return [each for each in every if each.id in given] if len(self.reports) else every

    @property
    def ranked(self) -> pd.Index:
        """The rows of places: capitals before others, those of areas with more people first."""
        people = self.places["area_id"].map(self.areas.set_index("area_id")["population"])
        order = pd.DataFrame({"minor": ~self.places["is_capital"], "people": -people.fillna(0)})
        return order.sort_values(["minor", "people"], kind="stable").index

    @property
    def known_on(self) -> pd.Series:
        """For each report of the ledger the day on which it became public."""
        source = self.reports["source_id"]
        return self.sources["known_on"].reindex(source).set_axis(source.index)

    @property
    def names(self) -> pd.Series:
        """The name to show of every place and area, by id."""
        places = self.places.set_index("place_id")["name"]
        return pd.concat([places, self.areas.set_index("area_id")["name"]])


def load(
    path: Path | str = BUNDLED, content: IO[bytes] | None = None, limits: Limits | None = None
) -> Study:
    """Read and check a study.

    Parameters
    ----------
    path : pathlib.Path or str
        A folder, or a .zip that holds one.
    content : a binary file, optional
        Of a .zip that is on no disk; `path` is then what it is called.
    limits : geo.limits.Limits, optional
        Of a stranger's study; left out, only a .zip has any, and the usual ones.

    Raises
    ------
    StudyError
        With every problem, when at least one is an error.
    """
    path = Path(path)
    files = _open(path, content, limits or Limits())
    reader = Reader(files, limits)
    settings, problems = _settings(reader, limits)
    # Where reports name areas there may be no places.
    placeless = settings is not None and settings.area_rule == "reported"
    may_be_empty = {"reports.csv", "sources.csv", *(["places.geojson"] if placeless else [])}
    read = {
        "areas.geojson": reader.features("areas.geojson"),
        "places.geojson": reader.features("places.geojson", needed=not placeless),
        "reports.csv": reader.table("reports.csv"),
        "sources.csv": reader.table("sources.csv"),
    }
    context = reader.features("context.geojson", needed=False)
    happened = reader.table(events.FILE) if events.FILE in files.names() else None
    for file, table in read.items():
        if table is not None:
            problems += schemas.check_table(file, table, file in may_be_empty)
    if placeless and reader.called["places.geojson"] not in files.names():
        read["places.geojson"] = _no_features()
    tables = [schemas.usable(file, table, file in may_be_empty) for file, table in read.items()]
    problems += reader.problems + checks.check_tables(settings, *tables)
    problems += [] if happened is None else events.check(settings, happened)
    problems = [_as_called(one, reader.called) for one in problems]
    if not settings or any(problem.level == ERROR for problem in problems):
        raise StudyError(sorted(problems, key=lambda problem: problem.level))
    areas, places, reports, sources = tables
    return Study(
        id=path.stem if content or path.suffix == ".zip" else path.resolve().name,
        settings=settings,
        controls=style.styles(settings.control),
        areas=areas.assign(population=pd.to_numeric(areas["population"]).astype("Int64")),
        places=places.assign(is_capital=places["is_capital"].astype(bool)),
        reports=reports.join(dates.parse_whens(reports["when"])[0]),
        sources=_with_known_on(sources),
        context=_context(context),
        warnings=problems,
        digest=reader.digest,
        events=events.none() if happened is None else events.typed(happened),
    )


def _as_called(problem: Problem, called: dict[str, str]) -> Problem:
    """A problem that names files as the study has them."""
    right = problem.right
    for usual, name in called.items():
        right = right.replace(usual, name)
    return problem._replace(file=called.get(problem.file, problem.file), right=right)


def _settings(reader: Reader, limits: Limits | None) -> tuple[Settings | None, list[Problem]]:
    raw = reader.toml("study.toml")
    if raw is None:
        return None, []
    settings, problems = schemas.check_settings(raw)
    days = (settings.end - settings.start).days + 1 if settings else 0
    if limits and days > limits.days:
        right = f"{limits.days:,} at most ({setting('days')})"
        problems.append(Problem(ERROR, "study.toml", None, "end", f"{days:,} days", right))
    return settings, problems


def _no_features() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"place_id": [], "name": [], "kind": []}, geometry=[], crs=WGS84)


def _with_known_on(sources: pd.DataFrame) -> pd.DataFrame:
    known_on = dates.parse_whens(sources["published"])[0]["last"]
    return sources.assign(known_on=known_on).set_index("source_id", drop=False)


def _context(features: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    if features is None or features.empty:
        return gpd.GeoDataFrame({"name": [], "kind": []}, geometry=[], crs=WGS84)
    return features.reindex(columns=["name", "kind", "geometry"])


def _open(path: Path, content: IO[bytes] | None, limits: Limits) -> Files:
    """The files of a folder or a .zip."""
    try:
        folder = content is None and path.is_dir()
        files: Files = Folder(path) if folder else Archive(content or path, limits)
        _check_begun(files.names())
        return files
    except Refused as refused:
        here = content or path.exists()
        wrong = refused.wrong if here else "no study is here"
        right = refused.right if here else "a folder or .zip with study.toml"
        raise StudyError([Problem(ERROR, path.name, None, "", wrong, right)]) from None


_OWN = {"study.toml", "reports.csv", "sources.csv"}
"""Files that nothing but a study has."""

_OFFICE = {"[Content_Types].xml", "content.xml"}
"""What a .zip of Microsoft's or of LibreOffice's has at its root."""

_TABLES = (".csv", ".tsv", ".parquet", ".xlsx", ".xlsb", ".xls", ".ods")


def _check_begun(names: list[str]) -> None:
    """Refuse boundaries or a table alone, of which a study is still to be made.

    Raises
    ------
    Refused
    """
    if _OWN & {name.lower() for name in names}:
        return
    tables = [name for name in names if name.lower().endswith(_TABLES)]
    layers = [name for name in names if name.lower().endswith((".shp", *boundaries.SUFFIXES))]
    made = "controlmap import panel TABLE --areas BOUNDARIES -o FOLDER"
    right = f"a study; {made} makes one of a table of states"
    if _OFFICE & set(names):
        raise Refused("this is a workbook or another document of an office program", right)
    if tables:
        raise Refused(f"“{tables[0]}” is a table, and no study.toml is beside it", right)
    if layers:
        right = f"a study; controlmap new FOLDER begins one for them, {made} makes one of a table"
        raise Refused(f"“{layers[0]}” has outlines or points, and no study.toml beside it", right)
