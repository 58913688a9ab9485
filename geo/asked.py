"""What a command was asked, held against the study: values of the engine, or a refusal.

A refusal is one line that names what would be right. Nothing is drawn or written before the
whole question is known to have an answer.
"""

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from geo.print.ground import View
    from geo.snapshot import Paper
    from geo.study import Study
    from geo.timeline import Timeline


class Refusal(typer.TyperException):
    """What was asked for cannot be; in one line, with what would be right."""

    exit_code = 2


def in_one_line(error: typer.TyperException) -> str:
    """What was wrong with the command, and where it stands what would be right."""
    message = " ".join(error.format_message().replace("Value error, ", "").split())
    context = getattr(error, "ctx", None)
    return f"{message.rstrip('.')}; see {context.command_path} --help" if context else message


def place(path: Path | None) -> Path:
    """Where the study asked for stands."""
    from geo.study import BUNDLED

    if path is None:
        return BUNDLED
    if not path.exists():
        raise Refusal(f"there is no study at {path}; name a folder or .zip that holds study.toml")
    return path


def read(path: Path | None) -> "Study":
    """The study asked for.

    Raises
    ------
    geo.study.StudyError
        When it has errors.
    """
    from geo.study import load

    try:
        return load(place(path))
    except OSError as error:
        raise Refusal(f"the study at {path} cannot be read: {error.strerror}") from error


def look(
    study: "Study",
    sources: tuple[str, ...] | None,
    known_on: date | None,
    claimants: list[str] | None = None,
) -> "Timeline":
    """The study through the eyes asked for."""
    from geo.timeline import Timeline

    _known("--sources", sources or (), "source", list(study.sources["source_id"]), "sources.csv")
    named = list(study.reports["claimant"].unique())
    _known("--claimant", claimants or (), "claimant", named, "reports.csv")
    return Timeline(study, sources, known_on, claimants or None)


def _known(option: str, wished: Iterable[str], what: str, known: list[str], file: str) -> None:
    """Refuse what the study does not have, and say what may have been meant."""
    strangers = [name for name in wished if name not in known]
    if strangers:
        near = difflib.get_close_matches(strangers[0], known, 3, 0.5)
        right = f"did you mean {' or '.join(near)}?" if near else f"{file} lists them"
        names = ", ".join(f"“{stranger}”" for stranger in strangers)
        raise Refusal(f"{option}: {names} is no {what} of the study; {right}")


def within(timeline: "Timeline", **days: date | None) -> None:
    """Refuse a day that the study does not have; each is named as its option is."""
    settings = timeline.study.settings
    for name, asked in days.items():
        if asked and not settings.start <= asked <= settings.end:
            has = f"{settings.start} to {settings.end}"
            raise Refusal(
                f"--{name.strip('_')}: {asked} is not a day of the study, which has {has}"
            )


def different(day: date, other: date | None) -> None:
    """Refuse a day beside itself."""
    if day == other:
        raise Refusal(f"--with {other} is the day itself; name another, or leave it out")


def period(timeline: "Timeline", first: date | None, last: date | None) -> None:
    """Refuse days that are not the study's, or stand the wrong way round."""
    within(timeline, from_=first, to=last)
    if first and last and first > last:
        raise Refusal(f"--from {first} is later than --to {last}")


def paper(preset: str | None, size: tuple[int, int] | None, dpi: int | None) -> "Paper":
    """The paper of a picture."""
    from geo.snapshot import PRESETS, Paper

    if preset and (size or dpi):
        raise Refusal("--preset has a size and dpi of its own: leave out it, or them")
    if preset and preset not in PRESETS:
        raise Refusal(f"--preset: no paper “{preset}”; it is one of {', '.join(PRESETS)}")
    usual = PRESETS[preset or "screen"]
    return Paper(size or usual.size, dpi or usual.dpi)


def view(timeline: "Timeline", bounds: Any, hide: tuple[str, ...] | None) -> "View":
    """Which part of the study a picture shows, and what on it."""
    from geo.print.ground import View
    from geo.style import GROUPS

    groups = ["labels", *GROUPS, "events"]
    if strangers := [name for name in hide or () if name not in groups]:
        raise Refusal(f"--hide: nothing “{strangers[0]}”; it is any of {', '.join(groups)}")
    if bounds:
        west, south, east, north = timeline.study.areas.total_bounds
        if bounds[0] >= east or bounds[2] <= west or bounds[1] >= north or bounds[3] <= south:
            has = f"{west:.1f},{south:.1f},{east:.1f},{north:.1f}"
            raise Refusal(f"--view shows nothing of the study, which lies within {has}")
    return View(bounds, tuple(hide or ()))


def suffix(path: Path, known: tuple[str, ...]) -> str:
    """The format that a file's name asks for."""
    found = path.suffix.lower().removeprefix(".")
    if found not in known:
        raise Refusal(f"“{path.name}” ends in no format; it is one of .{', .'.join(known)}")
    return found


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What keeps a file from being written becomes a refusal: its folder, or what it is to hold.

    The engine says the latter in a ValueError, in words for whoever asked.
    """
    try:
        yield
    except OSError as error:
        why = f"{path} cannot be written: {error.strerror}" if error.strerror else str(error)
        raise Refusal(why) from error
    except ValueError as error:
        raise Refusal(str(error)) from error
