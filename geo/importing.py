"""The commands ``controlmap import …``: other people's tables become a study.

One command for each kind of table. What was read, guessed and dropped is a table on stderr,
and stands in the study's ``import.csv``. A table that cannot be taken is a list of problems
and status 1; a question that cannot be answered is one line and status 2.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo import asked, options
from geo.files import check_vacant

if TYPE_CHECKING:
    from geo.importers.draft import Draft
    from geo.importers.refusal import TableError

app = typer.Typer(help="Make a study of other people's tables.")

SHOWN = 30
"""How many kinds of findings are shown; ``import.csv`` has all of them."""

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILES…", help="CSV (plain, .gz or .zip) or Parquet.", show_default=False
    ),
]


@app.callback()
def _common() -> None: ...


@app.command()
def panel(
    files: Files,
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
    from geo.importers.refusal import TableError

    for file in [*files, areas, *([map] if map else [])]:
        if not file.is_file():
            hint = "; leave --map out, and one is offered" if file == map else ""
            raise asked.Refusal(f"there is no file {file}{hint}")
    with asked.writing(to):
        check_vacant(to, force)  # before a long import, not only after it
    try:
        with terminal.progress(quiet, "Reading", "parts") as progress:
            drafted = importer.read(files, areas, map, scheduler, progress=progress)
    except TableError as error:
        _refuse(error)
    _write(drafted, to, force)


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
    places = drafted.areas if drafted.places is None else drafted.places
    units = words.number(len(places), "area" if drafted.places is None else "place")
    terminal.say(
        f"wrote {folder}: {count} on {units}; controlmap check {folder} says what is worth a "
        "second look"
    )
