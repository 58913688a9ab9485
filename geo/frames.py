"""Days drawn in several processes: the frames of a film, in order, one at a time.

A few frames wait, however many there are to come: a film of years takes the memory of one of
days. Plain pixels lie in memory that the processes share; to send them would take longer than
to draw them.
"""

import multiprocessing
import os
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import loky
import numpy as np

from geo.print.ground import View
from geo.snapshot import Paper, Snapshots
from geo.timeline import Timeline

WORTH_COPIES, WORTH_STARTING = 8, 240
"""Fewer frames are drawn sooner than other processes are ready: those that begin as copies of
this one, and those that must start anew."""


class Order(NamedTuple):
    """What is drawn the same way on each day; `stills`, as PNG files."""

    timeline: Timeline
    paper: Paper
    view: View
    stills: bool

    @property
    def pixels(self) -> tuple[int, int, int]:
        width, height = self.paper.size
        return height, width, 3


def drawn(
    order: Order, days: list[date], workers: int | None
) -> Generator[tuple[date, bytes | np.ndarray]]:
    """Draw days in order.

    Parameters
    ----------
    order : Order
    days : list of datetime.date
    workers : int or None
        How many processes draw; 1 is this one. As many as there are cores if None, where that
        is worth their start.

    Yields
    ------
    tuple of (datetime.date, bytes or numpy.ndarray)
        A PNG file, or plain pixels (height × width × 3) that are good until the next day.
    """
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
    def new(cls, folder: Path, order: Order, slots: int) -> "_Desk":
        shape = (slots, *order.pixels)
        file = folder / "frames"
        with file.open("wb") as empty:
            empty.truncate(int(np.prod(shape)))
        return cls(file, shape)

    def __reduce__(self) -> Any:
        return _Desk, (self._file, self._shape)


@contextmanager
def _pool(workers: int, copied: bool, given: tuple[Order, _Desk]) -> Iterator[Executor]:
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


_at_work: tuple[Snapshots, Order, _Desk]
"""Of a process that draws."""


def _open(order: Order, desk: _Desk) -> None:
    global _at_work
    _at_work = Snapshots(order.timeline, *order.paper, order.view), order, desk


def _draw(day: date, slot: int) -> tuple[int, bytes]:
    pictures, order, desk = _at_work
    if order.stills:
        return slot, pictures.draw(day)
    desk.frames[slot] = pictures.pixels(day)
    return slot, b""
