"""How long pictures and films take, beside drawing every day anew.

Run with ``uv run python -m tests.benchmarks.bench_pictures``. The alternative is a figure of
its own for each day, as a script with matplotlib would have it, one after the other.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from geo import study, webmap
from geo.animation import animate, days_of
from geo.snapshot import Snapshots, render
from geo.timeline import Timeline

FIRST = date(2021, 7, 20)
DAYS = [FIRST + timedelta(days=at) for at in range(30)]


def took(work: Callable[[], Any]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def peak(frames: int, to: str) -> float:
    """The most memory that a film of so many frames takes in a process of its own, in MB."""
    asked = [sys.executable, "-m", __spec__.name, str(frames), to]
    return float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def film_of(frames: int, to: Path) -> None:
    """Draw so many frames, the study's days again and again, and print the peak of memory."""
    timeline = Timeline(study.load())
    days = days_of(timeline)
    animate(timeline, [days[at % len(days)] for at in range(frames)], to, workers=1)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print every measurement beside its goal."""
    timeline = Timeline(study.load())
    pictures = Snapshots(timeline)
    for day in DAYS[:3]:
        pictures.draw(day)
    further = [took(lambda day=day: pictures.draw(day)) for day in DAYS]
    anew = statistics.median(took(lambda day=day: render(timeline, day)) for day in DAYS[:8])
    mean = statistics.mean(further)
    print(f"PNG 1600 × 1200, a further day  {mean:6.0f} ms  (120)  {anew / mean:.1f} × anew")
    for format in ("svg", "pdf"):
        some = statistics.median(took(lambda d=d, f=format: pictures.draw(d, f)) for d in DAYS[:5])
        print(f"{format.upper()}, a further day              {some:6.0f} ms")
    days = days_of(timeline)
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".mp4", ".gif", ".zip"):
            to = Path(folder) / f"film{suffix}"
            seconds = took(lambda to=to: animate(timeline, days, to)) / 1000
            size, ratio = to.stat().st_size / 1e6, anew / 1000 * len(days) / seconds
            told = f"{len(days)} frames to {suffix[1:].upper()}"
            print(f"{told:30s}  {seconds:6.1f} s  (12)  {size:5.1f} MB  {ratio:.1f} × anew")
        to = f"{folder}/film.mp4"
        print(f"memory: 30 frames {peak(30, to):.0f} MB, 390 frames {peak(390, to):.0f} MB")
    page = webmap.page(timeline, timeline.study.settings.opens_on)
    print(f"page of its own                 {len(page.encode()) / 1e3:6.0f} kB  (1000)")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        film_of(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        main()
