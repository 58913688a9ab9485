"""A draft of a study → its folder.

An importer makes a draft: the study's tables, and findings, which say what of the files was
read, guessed, dropped and why. Written, it is a folder that :func:`geo.study.load` reads,
with the findings beside the tables for whoever curates it on. The same draft gives the same
bytes.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
import tomli_w
from shapely.geometry import mapping

from geo import cells
from geo.files import filling

DEGREES = 6
"""Decimals of a coordinate: a tenth of a metre."""

_OWN = r"“[^”]*”|\d[\d,.-]*"
"""What of a finding is its own, and not its kind."""

EXAMPLES = 3
"""How many of what findings of a kind are about stand in a summary."""

Met = Literal["read", "guessed", "dropped", "noticed"]


class Finding(NamedTuple):
    """What became of a part of an imported file.

    Attributes
    ----------
    what : {"read", "guessed", "dropped", "noticed"}
        Taken as it is; taken for what it seems to be; left out; taken, and worth a look.
    file : str
        The file's name.
    row : int or None
        A spreadsheet's row (its header is 1): the first one, where there are more.
    column : str
        Blank where it is not about one.
    text : str
        What, and why.
    rows : int
        Of how many rows it is true.
    """

    what: Met
    file: str
    row: int | None
    column: str
    text: str
    rows: int = 1


def to_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a table, in their order."""
    return pd.DataFrame(list(findings), columns=Finding._fields).astype({"row": "Int64"})


def summary(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings that differ only in what stands in quotes and in numbers, a few for all.

    Returns
    -------
    pandas.DataFrame
        As :func:`to_frame`, with ``alike``: how many there are, where there are more. The text
        is that of the first, and names what the next ones are about.
    """
    table = to_frame(findings)
    kind = table["text"].str.replace(_OWN, "…", regex=True)
    groups = table.groupby(["what", "file", "column", kind], sort=False)
    first = table.loc[groups.head(1).index].copy()
    first["rows"] = groups["rows"].sum().to_numpy()
    first["text"] += _others(table["text"], groups.ngroup()).to_numpy()
    alike = pd.Series(groups.size().to_numpy(), index=first.index, dtype="Int64")
    first["alike"] = alike.where(alike > 1)
    return first.reset_index(drop=True)


def _others(texts: pd.Series, group: pd.Series) -> pd.Series:
    """For each group what its next findings are about, by what they quote first."""
    about = texts.str.extract("(“[^”]*”)", expand=False)
    distinct = pd.DataFrame({"group": group, "about": about}).drop_duplicates()
    named = distinct.groupby("group")["about"].agg(lambda each: list(each.dropna()[1:EXAMPLES]))
    return named.map(lambda each: f"; so with {', '.join(each)}" if each else "")


@dataclass(frozen=True)
class Draft:
    """A study before it is one.

    Attributes
    ----------
    settings : dict
        The keys of ``study.toml`` (:class:`geo.schemas.Settings`), days as dates.
    areas : geopandas.GeoDataFrame
        ``area_id, name``, and what else ``areas.geojson`` may have; WGS 84.
    places : geopandas.GeoDataFrame or None
        ``place_id, name, kind``, and what else ``places.geojson`` may have; WGS 84. None where
        reports name areas.
    reports, sources : pandas.DataFrame
        The columns of ``reports.csv`` and ``sources.csv``, as text.
    about : str
        A paragraph for the study's README.md: what was imported, and by which rules.
    findings : list of Finding
    events : pandas.DataFrame, optional
        The columns of ``events.csv`` (:mod:`geo.events`).
    """

    settings: dict[str, Any]
    areas: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None
    reports: pd.DataFrame
    sources: pd.DataFrame
    about: str
    findings: list[Finding] = field(default_factory=list)
    events: pd.DataFrame | None = None


def write(draft: Draft, folder: Path, force: bool = False) -> Path:
    """Write a draft's files into a folder, all of them or none.

    Parameters
    ----------
    draft : Draft
    folder : pathlib.Path
        New or empty, unless `force` is given: then files of the same names are replaced, and
        others stay.
    force : bool

    Raises
    ------
    FileExistsError
        When the folder has something in it and `force` is not given.
    """
    with filling(folder, force) as part:
        (part / "study.toml").write_text(tomli_w.dumps(draft.settings), encoding="utf-8")
        _write_features(part / "areas.geojson", draft.areas)
        if draft.places is not None:
            _write_features(part / "places.geojson", draft.places)
        _write_table(part / "reports.csv", draft.reports)
        _write_table(part / "sources.csv", draft.sources)
        if draft.events is not None:
            _write_table(part / "events.csv", draft.events)
        _write_table(part / "import.csv", to_frame(draft.findings))
        (part / "README.md").write_text(_readme(draft), encoding="utf-8")
    return folder


def _write_table(path: Path, table: pd.DataFrame) -> None:
    path.write_bytes(cells.to_csv(table).encode())


def _write_features(path: Path, table: gpd.GeoDataFrame) -> None:
    """GeoJSON with a feature a line, so that a change of one is one line of a diff."""
    shapes = shapely.set_precision(table.geometry.to_numpy(), 10.0**-DEGREES, mode="pointwise")
    rows = cells.plain(pd.DataFrame(table.drop(columns="geometry"))).to_dict("records")
    lines = [
        json.dumps(
            {"type": "Feature", "properties": row, "geometry": mapping(shape)}, ensure_ascii=False
        )
        for row, shape in zip(rows, shapes, strict=True)
    ]
    body = ",\n".join(lines)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n', "utf-8")


def _readme(draft: Draft) -> str:
    told = [f"- {finding.what}: {_where(finding)}{finding.text}" for finding in draft.findings[:50]]
    more = len(draft.findings) - len(told)
    rest = [f"- and {more} more"] if more else []
    lines = [
        f"# {draft.settings['title']}",
        "",
        draft.about,
        "",
        "## What the import found",
        "",
        "`import.csv` lists all of it, with rows.",
        "",
        *told,
        *rest,
    ]
    return "\n".join(lines) + "\n"


def _where(finding: Finding) -> str:
    row = f" row {finding.row}" if finding.row else ""
    more = f" and {finding.rows - 1} more" if finding.row and finding.rows > 1 else ""
    return f"{finding.file}{row}{more}: " if finding.file else ""
