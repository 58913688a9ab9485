"""The commands ``controlmap import KIND``: other people's tables → a study's folder.

Each kind's importer makes a draft, which is written whole or not at all; what it read,
guessed, dropped and noticed is told in a table, and stands beside the study's files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo import asked, options

if TYPE_CHECKING:
    from geo.importers.draft import Draft

app = typer.Typer(help="Make a study from other people's tables.")

Files = Annotated[
    list[Path], typer.Argument(metavar="FILES…", help="The tables.", show_default=False)
]
Areas = Annotated[
    Path, typer.Option("--areas", metavar="FILE", help="The boundaries.", show_default=False)
]
Folder = Annotated[
    Path,
    typer.Option("-o", "--output", metavar="FOLDER", help="A new folder.", show_default=False),
]
Map = Annotated[
    Path | None,
    typer.Option(
        "--map", metavar="FILE.toml", help="Which name is which control.", show_default=False
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Replace files of the same names in the folder.")
]
Title = Annotated[
    str, typer.Option("--title", metavar="TEXT", help="The study's.", show_default=False)
]
Notes = Annotated[
    bool, typer.Option("--notes", help="Take ACLED's notes as evidence: for your own use only.")
]
Start = Annotated[date | None, options._day("--from", "The ledger's first day: today.")]
End = Annotated[date | None, options._day("--to", "The ledger's last day: the first.")]

SHOWN = 20
"""Findings told on the screen; all of them stand in the study's import.csv."""


@app.callback(invoke_without_command=True)
def _kinds(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def points(
    files: Files,
    areas: Areas,
    to: Folder,
    first: Start = None,
    last: End = None,
    title: Title = "",
    force: Force = False,
) -> None:
    """Named points: a study with an empty ledger, to curate from."""
    from geo.importers import points

    start = first or last or date.today()
    asked_for = (start, last or start)
    if start > asked_for[1]:
        raise asked.Refusal(f"--from {start} is later than --to {last}")
    with _reading(*files, areas):
        draft = points.draft(files, areas, *asked_for, title)
    _write(draft, to, force)


@app.command()
def acled(
    files: Files,
    areas: Areas,
    to: Folder,
    mapping: Map = None,
    title: Title = "",
    notes: Notes = False,
    force: Force = False,
) -> None:
    """ACLED's events that moved territory: a study of who took which place."""
    from geo.importers import acled

    with _reading(*files, areas, mapping):
        draft = acled.draft(files, areas, mapping, title, notes)
    _write(draft, to, force)


@app.command()
def ucdp(files: Files, areas: Areas, to: Folder, title: Title = "", force: Force = False) -> None:
    """UCDP GED's events, as context beside control."""
    from geo.importers import ucdp

    with _reading(*files, areas):
        draft = ucdp.draft(files, areas, title)
    _write(draft, to, force)


@contextmanager
def _reading(*files: Path | None) -> Iterator[None]:
    """Files that cannot be imported end the command with a table of what is wrong."""
    from geo import terminal
    from geo.importers.refusal import TableError

    for file in files:
        if file and not file.is_file():
            raise asked.Refusal(f"there is no file {file}")
    try:
        yield
    except TableError as error:
        terminal.show_problems(error.problems)
        raise typer.Exit(1) from None


def _write(draft: "Draft", to: Path, force: bool) -> None:
    from geo import terminal, words
    from geo.importers.draft import to_frame, write

    with asked.writing(to):
        write(draft, to, force)
    table = to_frame(draft.findings)
    terminal.show_beside(table.head(SHOWN))
    if len(table) > SHOWN:
        terminal.say(f"and {len(table) - SHOWN:,} more in {to / 'import.csv'}")
    made = [
        words.number(len(draft.areas), "area"),
        words.number(0 if draft.places is None else len(draft.places), "place"),
        words.number(len(draft.reports), "report"),
    ]
    if draft.events is not None:
        made.append(words.number(len(draft.events), "event"))
    terminal.say(f"wrote {to}: {', '.join(made)}")
    terminal.say(f"controlmap check {to} says what is worth a second look")
