"""A stranger's study, read by a process of its own.

Whatever is in it, a parser that runs out of memory, never ends or crashes takes that process
down and not the server. The process is given the .zip on its standard input, and answers with
the study or with its problems; nothing is written to disk.
"""

import io
import logging
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from threading import BoundedSemaphore

from geo.limits import Limits
from geo.problems import ERROR, Problem
from geo.study import Study, StudyError, load
from geo.timeline import Timeline

AT_ONCE = 2
"""How many are read at the same time; others wait for their turn."""

WORK = 10
"""Seconds that one reading may take to work out: in the server each reading takes them again."""

_LOG = logging.getLogger(__name__)
_TURNS = BoundedSemaphore(AT_ONCE)
_MB = 2**20
_ROOT = Path(__file__).resolve().parent.parent


def read(name: str, content: bytes, limits: Limits) -> Study:
    """Read and check an uploaded study.

    Parameters
    ----------
    name : str
        What the .zip is called.
    content : bytes
    limits : geo.limits.Limits

    Raises
    ------
    geo.study.StudyError
        With every problem, when at least one is an error; that the limits were met is one.
    """
    if len(content) > limits.upload_mb * _MB:
        right = f"{limits.upload_mb:,} MB at most"
        raise _refused(name, f"the .zip has {len(content) / _MB:,.0f} MB", right)
    order = pickle.dumps((name, limits)) + content
    command = [sys.executable, "-m", "geo.confined"]
    # One thread each: every further one would reserve memory of its own.
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    place = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    with _TURNS:
        try:
            done = subprocess.run(
                command,
                input=order,
                capture_output=True,
                timeout=limits.seconds,
                env=os.environ | threads | place,
            )
        except subprocess.TimeoutExpired:
            wrong = f"reading it took longer than {limits.seconds} seconds"
            raise _refused(name, wrong, "a smaller study, or simpler outlines") from None
    if done.returncode:
        _LOG.warning("%s broke off: %s", name, done.stderr.decode(errors="replace")[-2000:])
        wrong = f"reading it broke off, or needed more than {limits.memory_mb:,} MB of memory"
        raise _refused(name, wrong, "whole files; a smaller study, or simpler outlines")
    answer: Study | list[Problem] = pickle.loads(done.stdout)
    if isinstance(answer, list):
        raise StudyError(answer)
    return answer


def _refused(name: str, wrong: str, right: str) -> StudyError:
    return StudyError([Problem(ERROR, name, None, "", wrong, right)])


def _confine(limits: Limits) -> None:
    """Have the system hold this process to its memory, where it can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time is held to from outside
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_mb * _MB, limits.memory_mb * _MB))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer() -> None:
    """Read the order on the standard input, and answer on the standard output."""
    order = io.BytesIO(sys.stdin.buffer.read())
    name, limits = pickle.load(order)
    _confine(limits)
    answer: Study | list[Problem]
    try:
        answer = load(name, io.BytesIO(order.read()), limits)
        began = time.monotonic()
        Timeline(answer)
        if time.monotonic() - began > WORK:
            wrong = f"working out who held what takes longer than {WORK} seconds"
            answer = [Problem(ERROR, name, None, "", wrong, "fewer reports wider than a day")]
    except StudyError as error:
        answer = error.problems
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _answer()
