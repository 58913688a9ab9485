"""The options of the commands, and how what is typed after one becomes a value.

Read before anything heavy is imported: a day is told from no day here, and whether the study
has it in :mod:`geo.asked`.
"""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

LEAST_VIEW = 0.1
"""Degrees of the smallest part shown; outlines of areas say nothing of less."""

LONGEST = 4
"""How many times longer than wide a picture may be."""

SIDES = (400, 12_000)
"""The shortest and the longest side of a picture in pixels: smaller ones nobody can read."""


def to_day(text: str) -> date:
    """A day as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is no day; write it as 2021-08-13") from None


def to_size(text: str) -> tuple[int, int]:
    """Width and height in pixels."""
    found = re.fullmatch(r"(\d{3,5})[x×](\d{3,5})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    within = all(SIDES[0] <= side <= SIDES[1] for side in size)
    if not within or max(size) > LONGEST * min(size):
        limits = f"sides of {SIDES[0]} to {SIDES[1]} pixels, none {LONGEST} times the other"
        raise typer.BadParameter(f"“{text}” is no size; write it as 1600x1200, {limits}")
    return size


def to_bounds(text: str) -> tuple[float, float, float, float]:
    """West, south, east and north in degrees."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = 0.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        right = "write west, south, east and north in degrees: 61,29,75,39"
    elif min(east - west, north - south) < LEAST_VIEW:
        right = f"it wants at least {LEAST_VIEW} degrees each way"
    else:
        return west, south, east, north
    raise typer.BadParameter(f"“{text}” is no part of the world to show; {right}")


def to_ids(text: str) -> tuple[str, ...]:
    """Ids between commas, each once."""
    ids = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not ids:
        raise typer.BadParameter("name at least one: clarin_0813,npr_0815")
    return ids


def _option(*names: str, says: str, shown: str | None = None, parser: Any = None) -> Any:
    """An option as help shows it; what it is when left out stands in its own words."""
    return typer.Option(*names, help=says, metavar=shown, parser=parser, show_default=False)


def _day(name: str, says: str) -> Any:
    return _option(name, says=says, shown="DAY", parser=to_day)


def _output(says: str) -> Any:
    return _option("-o", "--output", says=says, shown="FILE")


def _range(*names: str, says: str, low: float, high: float) -> Any:
    return typer.Option(*names, help=says, metavar="N", min=low, max=high, show_default=False)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"controlmap {version('controlmap')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which it is.")
]

# Those that typer has no type for are Any to it; their parsers say what they become.

Study = Annotated[
    Path | None,
    typer.Argument(
        metavar="STUDY", help="A folder or .zip; the bundled study if left out.", show_default=False
    ),
]
NewFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="New, or empty.")]
Force = Annotated[
    bool, _option("--force", says="Replace files of the same names in it; others stay.")
]
Studies = Annotated[
    Path | None,
    _option("--studies", says="Offer the studies in this folder, too.", shown="FOLDER"),
]
Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILES…", help="CSV (plain, .gz or .zip), Parquet or Excel.", show_default=False
    ),
]

Tables = Annotated[
    list[Path],
    typer.Argument(metavar="FILES…", help="CSV (plain, .gz or .zip) or Excel.", show_default=False),
]
Title = Annotated[str, _option("--title", says="The study's.", shown="TEXT")]
Notes = Annotated[
    bool, _option("--notes", says="Take ACLED's notes as evidence: for your own use only.")
]
LedgerFirst = Annotated[date | None, _day("--from", "The ledger's first day: today.")]
LedgerLast = Annotated[date | None, _day("--to", "The ledger's last day: the first.")]
Sources = Annotated[
    Any,
    _option("--sources", says="Only the reports of these sources.", shown="ID,ID…", parser=to_ids),
]
Claimants = Annotated[
    list[str] | None,
    _option("--claimant", says="Only what this one claims; may be given again.", shown="NAME"),
]
KnownOn = Annotated[date | None, _day("--known-on", "Only what was published by this day.")]

On = Annotated[date, _day("--on", "The day.")]
OpensOn = Annotated[date | None, _day("--on", "The day it opens on: the study's own.")]
OnlyOn = Annotated[date | None, _day("--on", "One day; the whole period if left out.")]
Beside = Annotated[date | None, _day("--with", "A second day, beside the first.")]
First = Annotated[date | None, _day("--from", "The first day; the study's if left out.")]
Last = Annotated[date | None, _day("--to", "The last day; the study's if left out.")]

Of = Annotated[Literal["areas", "places"], _option("--of", says="Of which units: areas.")]
Format = Annotated[
    Literal["table", "csv", "json"], _option("--format", says="How to print it: table.")
]
What = Annotated[
    Literal["control", "changes", "reports", "matrix"],
    _option("--what", says="Which table: control."),
]
Units = Annotated[
    Literal["areas", "places", "both"] | None,
    _option("--of", says="Of which units: areas; both in .gpkg and .kml."),
]
Hxl = Annotated[bool, _option("--hxl", says="Put HXL hashtags into a .csv.")]

Picture = Annotated[Path, _output("A .png, .svg or .pdf.")]
Film = Annotated[Path, _output("A .mp4, .gif or .zip of frames, or a new folder for them.")]
Page = Annotated[Path, _output("An .html.")]
Data = Annotated[Path, _output("A .geojson, .gpkg, .kml, .csv or .parquet.")]

Preset = Annotated[
    str | None,
    _option(
        "--preset",
        says="The paper: screen, slide, a4-landscape, a4-portrait or square.",
        shown="NAME",
    ),
]
Size = Annotated[
    Any, _option("--size", says="Its pixels instead: 1600x1200.", shown="WxH", parser=to_size)
]
Dpi = Annotated[int | None, _range("--dpi", says="Pixels an inch: 150.", low=30, high=2400)]
Bounds = Annotated[
    Any,
    _option(
        "--view", says="Only a part, in degrees: 61,29,75,39.", shown="W,S,E,N", parser=to_bounds
    ),
]
Hide = Annotated[
    Any,
    _option(
        "--hide",
        says="Leave out: labels, capitals, cities, bases, crossings, others, events.",
        shown="NAME,…",
        parser=to_ids,
    ),
]
AltText = Annotated[
    bool, _option("--alt-text", says="Print what it shows, for those who cannot see it.")
]
OnlyChanges = Annotated[
    bool, _option("--only-changes", says="Leave out days on which nothing changes.")
]
Speed = Annotated[float | None, _range("--speed", says="Days a second: 2.", low=0.1, high=60)]
Quiet = Annotated[bool, _option("--quiet", says="Show no progress.")]

Areas = Annotated[
    Path,
    _option(
        "--areas",
        says="Boundaries: GeoJSON, GeoPackage, zipped shapefile, FlatGeobuf or KML.",
        shown="FILE",
    ),
]
Map = Annotated[
    Path | None,
    _option("--map", says="Which column is what, and what its words mean.", shown="FILE.toml"),
]
NewStudy = Annotated[
    Path, _option("-o", "--output", says="The study's folder, new or empty.", shown="FOLDER")
]
Scheduler = Annotated[
    str,
    _option("--scheduler", says="A Dask cluster to read on: tcp://10.0.0.1:8786.", shown="ADDRESS"),
]

Port = Annotated[
    int | None,
    _range("--port", says="Where it answers: 8501, or the next that is free.", low=1, high=65535),
]
Host = Annotated[
    str, _option("--address", says="To whom: 127.0.0.1, this machine alone.", shown="HOST")
]
Browser = Annotated[
    bool, _option("--browser/--no-browser", says="Open it in a browser, or leave that to you.")
]
