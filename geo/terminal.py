"""What the command line says: answers on stdout, all else on stderr.

Tables and plain values come in; nothing that a study says is read as markup, as a command of
the terminal or as anything but words.
"""

import io
import json
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import pandas as pd

from geo import cells
from geo.problems import Problem, to_frame

_COMMANDS = re.compile("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""What a terminal obeys instead of showing it: controls, and orders to write backwards."""

_ROOM = 100_000
"""Columns of a page that is no terminal: a table is as wide there as it is."""


def plain(text: object) -> str:
    """A text on one line that no terminal obeys.

    Examples
    --------
    >>> plain("a" + chr(27) + "[2J")
    'a [2J'
    """
    return _COMMANDS.sub(" ", str(text)).strip()


def say(text: object) -> None:
    """One line beside the answer, on stderr."""
    print(plain(text), file=sys.stderr)


def answer(text: str) -> None:
    """The answer on stdout, its bytes as they are: UTF-8, and lines that end in a line feed."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def show(table: pd.DataFrame, format: str, title: str = "", notes: Iterable[str] = ()) -> None:
    """Answer with a table.

    Parameters
    ----------
    table : pandas.DataFrame
    format : {"table", "csv", "json"}
        ``json`` is a list of objects, keyed by column.
    title, notes
        Above and below, in a table for people only.
    """
    if format == "csv":
        answer(cells.to_csv(table))
    elif format == "json":
        rows = cells.plain(table).to_dict("records")
        answer(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        _draw(table, sys.stdout, title, notes)


def show_problems(problems: list[Problem]) -> None:
    """A study's problems beside the answer, on stderr."""
    show_beside(to_frame(problems))


def show_beside(table: pd.DataFrame) -> None:
    """A table beside the answer, on stderr."""
    _draw(table, sys.stderr)


def _draw(table: pd.DataFrame, file: IO[str], title: str = "", notes: Iterable[str] = ()) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if isinstance(file, io.TextIOWrapper):
        file.reconfigure(errors="replace")  # a terminal of few letters still shows the rest
    console = Console(file=file)
    if not file.isatty():
        console.width = _ROOM
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in table:
        right = pd.api.types.is_numeric_dtype(table[name]) and table[name].dtype != bool
        drawn.add_column(Text(plain(name)), justify="right" if right else "left")
    for row in cells.plain(table).to_numpy():
        drawn.add_row(*(Text(_cell(value)) for value in row))
    if title:
        console.print(Text(plain(title), style="bold"))
    if len(table):
        console.print(drawn)
    for note in notes:
        console.print(Text(plain(note)), soft_wrap=True)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else plain(value)


@contextmanager
def progress(
    quiet: bool, doing: str = "Drawing", what: str = "days"
) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr to be told how many are done, and of how many; None where nobody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = doing, BarColumn(), MofNCompleteColumn(), what, TimeRemainingColumn()
    # Left to refresh itself the bar has a thread, and only a process of a single one can be
    # copied to draw (geo.animation).
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("")
        yield lambda done, of: bar.update(task, completed=done, total=of, refresh=True)


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed. Pressed again it interrupts at once.

    A terminal sends it to every process that draws, too: those inherit the note-taking, and
    die with their parent instead of each on its own.
    """
    pressed = []

    def note(*_: object) -> None:
        pressed.append(True)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
