"""A figure for each day: numbered frames, a GIF, an MP4.

A timeline and days go in; every day is drawn (:mod:`geo.frames`) by
:class:`geo.snapshot.Snapshots`, so a frame is that day's snapshot, and goes on to the file
(:mod:`geo.encoding`), which appears when it is whole.
"""

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from geo import encoding, frames
from geo.encoding import HOLD, SUFFIXES
from geo.print.ground import EVERYTHING, View
from geo.snapshot import PRESETS, Paper, file_name
from geo.timeline import Timeline

__all__ = ["HOLD", "SUFFIXES", "Cancelled", "animate", "days_of", "film_name"]

SPEED = 2.0
"""Days a second."""

Progress = Callable[[int, int], None]


class Cancelled(Exception):
    """The film was given up on request; nothing of it is left."""


def days_of(
    timeline: Timeline,
    first: date | None = None,
    last: date | None = None,
    only_changes: bool = False,
) -> list[date]:
    """The days of a film.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    first, last : datetime.date, optional
        Both are in it; the study's own if left out.
    only_changes : bool
        Leave out days on which nothing changes, but for the first and the last.

    Raises
    ------
    ValueError
        When no day is left, or one is not of the study.
    """
    settings = timeline.study.settings
    first, last = first or settings.start, last or settings.end
    if not settings.start <= first <= last <= settings.end:
        raise ValueError(
            f"{first} to {last} is not a period of the study, which has {settings.start} to "
            f"{settings.end}"
        )
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    if not only_changes:
        return days
    return [day for day in days if day in (first, last) or not timeline.changes_on(day).empty]


def film_name(timeline: Timeline, days: list[date], suffix: str) -> str:
    """What a film is called: ``afghanistan-2021_control_20210806_20210813.mp4``."""
    return file_name(timeline, days[0], suffix.removeprefix("."), days[-1])


def animate(
    timeline: Timeline,
    days: list[date],
    to: Path,
    *,
    paper: Paper = PRESETS["screen"],
    view: View = EVERYTHING,
    speed: float = SPEED,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int | None = None,
) -> None:
    """Draw days and write them as a film, or as frames.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    days : list of datetime.date
        :func:`days_of`.
    to : pathlib.Path
        A file with one of :data:`SUFFIXES`, or a folder that is new or empty. It is replaced
        when all is drawn, and left alone when that fails.
    paper, view
        As in :class:`geo.snapshot.Snapshots`.
    speed : float
        Days a second.
    progress : callable, optional
        Told after each frame how many are done, and of how many.
    cancelled : callable, optional
        Asked before each frame whether to give up.
    workers : int, optional
        How many processes draw; 1 is this one. As many as there are cores if left out, where
        that is worth their start.

    Raises
    ------
    ValueError
        When the suffix is none of :data:`SUFFIXES`, or there is no day.
    FileExistsError
        When the folder has something in it.
    Cancelled
        When asked to give up.
    """
    if not days:
        raise ValueError("a film needs at least one day")
    write = encoding.writing(timeline.study, to, paper, speed)
    stills = to.suffix.lower() not in encoding.FILMS
    drawn = frames.drawn(frames.Order(timeline, paper, view, stills), days, workers)
    with write as add, closing(drawn):
        for done, (day, frame) in enumerate(drawn, 1):
            if cancelled and cancelled():
                raise Cancelled
            add(day, frame)
            if progress:
                progress(done, len(days))
