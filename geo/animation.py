"""A figure for each day: numbered frames, a GIF, an MP4.

A timeline and days go in; every day is drawn by :class:`geo.snapshot.Snapshots`, so a frame
is that day's snapshot. Several processes draw where there are many days, one at a time goes
on to the file, and no more than a few wait: a film of years takes the memory of one of days.
The file appears when it is whole.
"""

import multiprocessing
import os
import subprocess
import tempfile
import threading
import zipfile
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

import imageio_ffmpeg
import loky
import numpy as np
from PIL import Image

from geo import style
from geo.files import replacing
from geo.print.ground import EVERYTHING, View
from geo.print.map import BORDER, LAND, LAND_LINE, LAND_NAME, SEA
from geo.print.typeset import INK, LINE, SOFT
from geo.snapshot import PRESETS, Paper, Snapshots, file_name
from geo.study import Study
from geo.timeline import Timeline

SUFFIXES = (".mp4", ".gif", ".zip")
"""A film's kinds of file, and frames in one file; a path without suffix is a folder of them."""

SPEED = 2.0
"""Days a second."""

HOLD = 2.0
"""Seconds for which a film stays on its last day."""

WORTH_COPIES, WORTH_STARTING = 8, 240
"""Fewer frames are drawn sooner than other processes are ready: those that begin as copies of
this one, and those that must start anew."""

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
    write = _writer(timeline.study, to, paper, speed)
    stills = to.suffix not in (".mp4", ".gif")
    frames = _drawn(_Order(timeline, paper, view, stills), days, workers)
    with write as add, closing(frames):
        for done, (day, frame) in enumerate(frames, 1):
            if cancelled and cancelled():
                raise Cancelled
            add(day, frame)
            if progress:
                progress(done, len(days))


# Drawing.


class _Order(NamedTuple):
    """What is drawn the same way on each day."""

    timeline: Timeline
    paper: Paper
    view: View
    stills: bool

    @property
    def pixels(self) -> tuple[int, int, int]:
        width, height = self.paper.size
        return height, width, 3


def _drawn(
    order: _Order, days: list[date], workers: int | None
) -> Generator[tuple[date, bytes | np.ndarray]]:
    """The days in order, each as a PNG file or as plain pixels, good until the next one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    # Only a process of a single thread can be copied as it stands; others must start anew.
    copied = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
    worth_it = len(days) >= (WORTH_COPIES if copied else WORTH_STARTING)
    workers = workers or (cores or 1 if worth_it else 1)
    if workers == 1:
        pictures = Snapshots(order.timeline, *order.paper, order.view)
        for day in days:
            yield day, pictures.draw(day) if order.stills else pictures.pixels(day)
        return
    with tempfile.TemporaryDirectory(prefix="controlmap-") as folder:
        desk = _Desk.new(Path(folder), order, 2 * workers)
        with _pool(workers, copied, (order, desk)) as pool:
            rest = enumerate(days)
            waiting = deque(
                (day, pool.submit(_draw, day, at % desk.slots))
                for at, day in islice(rest, desk.slots)
            )
            while waiting:
                day, frame = waiting.popleft()
                slot, still = frame.result()
                yield day, still if order.stills else desk.frames[slot]
                for _, later in islice(rest, 1):
                    waiting.append((later, pool.submit(_draw, later, slot)))


class _Desk:
    """A file in memory on which processes lay pixels: to send them would take longer."""

    def __init__(self, file: Path, shape: tuple[int, ...]) -> None:
        self._file, self._shape = file, shape
        self.slots = shape[0]
        self.frames = np.memmap(file, dtype=np.uint8, mode="r+", shape=shape)

    @classmethod
    def new(cls, folder: Path, order: _Order, slots: int) -> "_Desk":
        shape = (slots, *order.pixels)
        file = folder / "frames"
        with file.open("wb") as empty:
            empty.truncate(int(np.prod(shape)))
        return cls(file, shape)

    def __reduce__(self) -> Any:
        return _Desk, (self._file, self._shape)


@contextmanager
def _pool(workers: int, copied: bool, given: tuple[_Order, _Desk]) -> Iterator[Executor]:
    if copied:
        context = multiprocessing.get_context("fork")
        pool: Executor = ProcessPoolExecutor(workers, context, initializer=_open, initargs=given)
    else:
        # The standard library would run the main script again, which in the dashboard is a
        # server.
        pool = loky.ProcessPoolExecutor(workers, initializer=_open, initargs=given)
    try:
        yield pool
    finally:
        if copied:
            pool.shutdown(cancel_futures=True)
        else:
            pool.shutdown(kill_workers=True)  # type: ignore[call-arg]


_at_work: tuple[Snapshots, _Order, _Desk]
"""Of a process that draws."""


def _open(order: _Order, desk: _Desk) -> None:
    global _at_work
    _at_work = Snapshots(order.timeline, *order.paper, order.view), order, desk


def _draw(day: date, slot: int) -> tuple[int, bytes]:
    pictures, order, desk = _at_work
    if order.stills:
        return slot, pictures.draw(day)
    desk.frames[slot] = pictures.pixels(day)
    return slot, b""


# Writing.


def _writer(study: Study, to: Path, paper: Paper, speed: float) -> Any:
    if to.suffix == ".zip":
        return _zipped(study, to)
    if not to.suffix:
        return _numbered(study, to)
    if to.suffix in SUFFIXES:
        return _film(study, to, paper, speed)
    raise ValueError(
        f"no film “{to.suffix}”; it is one of {', '.join(SUFFIXES)}, or a folder for frames"
    )


Add = Callable[[date, Any], None]


def _frame_name(study: Study, number: int, day: date) -> str:
    return f"{number:04d}_{file_name(study, day)}"


@contextmanager
def _numbered(study: Study, to: Path) -> Iterator[Add]:
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise FileExistsError(f"{to} is there already; frames want a folder that is new or empty")
    with replacing(to) as folder:
        folder.mkdir()
        numbers = count(1)
        yield lambda day, frame: _write(folder / _frame_name(study, next(numbers), day), frame)


def _write(file: Path, content: bytes) -> None:
    file.write_bytes(content)


@contextmanager
def _zipped(study: Study, to: Path) -> Iterator[Add]:
    with replacing(to) as part, zipfile.ZipFile(part, "w") as file:
        numbers = count(1)
        # A ZipInfo has a time of its own that never changes: the same frames, the same file.
        yield lambda day, frame: file.writestr(
            zipfile.ZipInfo(_frame_name(study, next(numbers), day)), frame
        )


@contextmanager
def _film(study: Study, to: Path, paper: Paper, speed: float) -> Iterator[Add]:
    """Feed an encoder with frames as plain pixels."""
    with replacing(to) as part, tempfile.TemporaryFile() as said:
        command = _command(study, part, paper, speed)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said) as encoder:
            try:
                yield lambda _, frame: _feed(encoder, frame)
            except BaseException:
                encoder.kill()
                raise
        if encoder.returncode:
            said.seek(0)
            raise OSError(f"no film was written: {said.read().decode(errors='replace').strip()}")


def _feed(encoder: subprocess.Popen[bytes], frame: np.ndarray) -> None:
    assert encoder.stdin
    # What stops the encoder is told by itself, at the end.
    with suppress(BrokenPipeError):
        encoder.stdin.write(frame.data)


_RESTING = f"tpad=stop_mode=clone:stop_duration={HOLD}"
_EVEN = "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white"
"""H.264 wants even sides."""

_MP4 = ["-vf", f"{_RESTING},{_EVEN}", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18"]
_MP4 += ["-tune", "stillimage", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
_GIF = ["-lavfi", "paletteuse=dither=none", "-final_delay", f"{HOLD * 100:.0f}"]


def _command(study: Study, part: Path, paper: Paper, speed: float) -> list[str]:
    """What the encoder is asked to do with pixels that come through a pipe."""
    width, height = paper.size
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}"]
    command += ["-framerate", f"{speed:g}", "-i", "pipe:0"]
    if part.suffix == ".gif":
        colours = part.with_name("palette.png")
        Image.fromarray(palette(study).reshape(16, 16, 3)).save(colours)
        command += ["-i", str(colours), *_GIF]
    else:
        command += _MP4
    # Neither the encoder's version nor the time of day stands in the file.
    command += ["-fflags", "+bitexact", "-flags", "+bitexact"]
    return [*command, "-metadata", f"title={study.settings.title}", str(part)]


COLOURS = 256
"""As many as a GIF has."""


def palette(study: Study) -> np.ndarray:
    """A GIF's colours, the same for all frames: the controls', mixed with paper and ink.

    Returns
    -------
    numpy.ndarray
        256 × 3, uint8.
    """
    whole = [SEA, LAND, LAND_LINE, LINE, BORDER, LAND_NAME, SOFT]
    for control in study.controls.values():
        for claimed in (False, True):
            whole += [style.ground(control, claimed), style.lines(control, claimed)]
        whole.append(control.colour)
    whole = list(dict.fromkeys(colour.lower() for colour in whole))[: COLOURS // 2]
    pure = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in whole])
    white, ink = np.full(3, 255), np.array([int(INK[at : at + 2], 16) for at in (1, 3, 5)])
    greys = ink + (white - ink) * np.linspace(0, 1, 24)[:, None]
    found = [pure, greys]
    for share in (0.5, 0.25, 0.75):
        found += [pure + (white - pure) * share, pure + (ink - pure) * share]
    distinct = np.unique(np.round(np.vstack(found)).astype(np.uint8), axis=0, return_index=True)
    kept = np.vstack(found)[np.sort(distinct[1])][:COLOURS]
    spare = np.zeros((COLOURS - len(kept), 3))
    return np.round(np.vstack([kept, spare])).astype(np.uint8)
