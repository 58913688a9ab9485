"""The commands ``controlmap import …``: other people's tables become a study.

One command for each kind of table. What was read, guessed and dropped is a table on stderr,
and stands in the study's ``import.csv``. A table that cannot be taken is a list of problems
and status 1; a question that cannot be answered is one line and status 2.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from geo import asked, options
from geo.files import check_vacant

if TYPE_CHECKING:
    from geo.importers.draft import Draft
    from geo.importers.refusal import TableError

app = typer.Typer(help="Make a study of other people's tables.")

SHOWN = 30
"""How many kinds of findings are shown; ``import.csv`` has all of them."""


@app.callback(invoke_without_command=True)
def _common(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def panel(
    files: options.Files,
    areas: options.Areas,
    to: options.NewStudy,
    map: options.Map = None,
    force: options.Force = False,
    scheduler: options.Scheduler = "",
    quiet: options.Quiet = False,
) -> None:
    """Observed states: one row a place and a day, or a column for each day."""
    from geo import terminal
    from geo.importers import panel as importer

    bar = terminal.progress(quiet, "Reading", "parts")
    with _reading(files, areas, map, to, force), bar as progress:
        drafted = importer.read(files, areas, map, scheduler, progress=progress)
    _write(drafted, to, force)


@app.command()
def acled(
    files: options.Tables,
    areas: options.Areas,
    to: options.NewStudy,
    map: options.Map = None,
    title: options.Title = "",
    notes: options.Notes = False,
    force: options.Force = False,
) -> None:
    """ACLED's events that moved territory: a study of who took which place."""
    from geo.importers import acled

    with _reading(files, areas, map, to, force):
        drafted = acled.draft(files, areas, map, title, notes)
    _write(drafted, to, force)


@app.command()
def ucdp(
    files: options.Tables,
    areas: options.Areas,
    to: options.NewStudy,
    title: options.Title = "",
    force: options.Force = False,
) -> None:
    """UCDP GED's events, as context beside control."""
    from geo.importers import ucdp

    with _reading(files, areas, None, to, force):
        drafted = ucdp.draft(files, areas, title)
    _write(drafted, to, force)


@app.command()
def points(
    files: options.Tables,
    areas: options.Areas,
    to: options.NewStudy,
    first: options.LedgerFirst = None,
    last: options.LedgerLast = None,
    title: options.Title = "",
    force: options.Force = False,
) -> None:
    """Named points: a study with an empty ledger, to curate from."""
    from geo.importers import points

    start = first or last or date.today()
    end = last or start
    if start > end:
        raise asked.Refusal(f"--from {start} is later than --to {end}")
    with _reading(files, areas, None, to, force):
        drafted = points.draft(files, areas, start, end, title)
    _write(drafted, to, force)


@contextmanager
def _reading(
    files: list[Path], areas: Path, map: Path | None, to: Path, force: bool
) -> Iterator[None]:
    """What keeps files from being imported ends the command, before a long import or after it."""
    from geo.importers.refusal import TableError

    for file in [*files, areas, *([map] if map else [])]:
        if not file.is_file():
            hint = "; leave --map out, and one is offered" if file == map else ""
            raise asked.Refusal(f"there is no file {file}{hint}")
    with asked.writing(to):
        check_vacant(to, force)
    try:
        yield
    except TableError as error:
        _refuse(error)


def _refuse(error: "TableError") -> None:
    """Say why a table is not taken, and answer with a mapping file that would help."""
    from geo import terminal

    terminal.show_problems(error.problems)
    if error.mapping:
        terminal.say(error.advice)
        terminal.answer(error.mapping)
    raise typer.Exit(1)


def _write(drafted: "Draft", folder: Path, force: bool) -> None:
    from geo import terminal, words
    from geo.importers import draft

    with asked.writing(folder):
        draft.write(drafted, folder, force)
    summary = draft.summary(drafted.findings)
    terminal.show_beside(summary.head(SHOWN))
    more = f"{len(summary) - SHOWN:,} more kinds, and " if len(summary) > SHOWN else ""
    terminal.say(f"{folder / 'import.csv'} lists {more}every one of them")
    count = words.number(len(drafted.reports), "report")
    if drafted.events is not None:
        count = f"{words.number(len(drafted.events), 'event')}, {count}"
    places = drafted.areas if drafted.places is None else drafted.places
    units = words.number(len(places), "area" if drafted.places is None else "place")
    terminal.say(
        f"wrote {folder}: {count} on {units}; controlmap check {folder} says what is worth a "
        "second look"
    )
