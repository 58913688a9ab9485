"""How long a panel takes to become a study, and how much memory, beside plain pandas.

Run with ``uv run python -m tests.benchmarks.bench_import [YEARS]``: 33,000 places
on each day of so many years (1 if left out), 12 million rows a year. The alternative is
what a notebook does: ``read_csv``, sort, and keep rows whose state differs from that of the
row before or after. Both are measured in one run, memory over the whole tree of processes.
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import psutil
from shapely.geometry import box

PLACES, DAYS = 33_000, 365
SIDE = 6
WORDS = ["Government", "Taliban", "Contested", "Not reported"]
MAPPING = """
[control]
Government = "government"
Taliban = "taliban"
Contested = "contested"
"Not reported" = "unknown"
"""
MEGABYTE = 1 << 20


class Took(NamedTuple):
    """What some work took: seconds, and megabytes at its peak."""

    seconds: float
    megabytes: float


def squares(path: Path) -> Path:
    """36 provinces."""
    corners = [(60 + i * 2, 28 + j * 2) for i in range(SIDE) for j in range(SIDE)]
    table = {
        "ADM1_PCODE": [f"P{number:02d}" for number in range(len(corners))],
        "ADM1_EN": [f"Province {number}" for number in range(len(corners))],
    }
    shapes = [box(x, y, x + 2, y + 2) for x, y in corners]
    gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326").to_file(path, driver="GeoJSON")
    return path


def panel(path: Path, years: int) -> int:
    """A panel by day, as most are published; a place changes hands twice a year."""
    dice = np.random.default_rng(1)
    lon, lat = dice.uniform(60, 72, PLACES).round(4), dice.uniform(28, 40, PLACES).round(4)
    province = ((lon - 60) // 2 * SIDE + (lat - 28) // 2).astype(int)
    heads = [
        f"AF{number:05d},Settlement {number},{y},{x},Province {area},"
        for number, (x, y, area) in enumerate(zip(lon, lat, province, strict=True))
    ]
    state = dice.integers(0, 3, PLACES)
    with path.open("w") as file:
        file.write("id,name,lat,lon,province,date,status\n")
        for number in range(DAYS * years):
            changes = dice.random(PLACES) < 2 / DAYS
            state = np.where(changes, dice.integers(0, 3, PLACES), state)
            silent = dice.random(PLACES) < 0.0005
            day = (date(2019, 1, 1) + timedelta(days=number)).isoformat()
            words = np.where(silent, 3, state).tolist()
            file.write(
                "".join(
                    f"{head}{day},{WORDS[word]}\n" for head, word in zip(heads, words, strict=True)
                )
            )
    return PLACES * DAYS * years


def measured(work: Callable[[], object]) -> Took:
    """Run work in processes of its own, and watch their memory."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], _memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.perf_counter()
    work()
    took = time.perf_counter() - begun
    done.set()
    watcher.join()
    return Took(took, peak[0])


def _memory() -> float:
    """Megabytes of all processes that this one has started; what they share is counted once."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / MEGABYTE


def ours(table: Path, areas: Path, told: Path, to: Path) -> None:
    """The command, as a user gives it."""
    command = [sys.executable, "-c", "import sys; from geo.cli import main; sys.exit(main())"]
    options = ["--areas", areas, "--map", told, "-o", to]
    asked = [*command, "import", "panel", table, *options]
    subprocess.run([str(each) for each in asked], check=True, stderr=subprocess.DEVNULL)


NOTEBOOK = """
import sys
import pandas as pd
table = pd.read_csv(sys.argv[1], parse_dates=["date"])
table = table[table["status"] != "Not reported"].sort_values(["id", "date"])
status = table.groupby("id")["status"]
ends = (table["status"] != status.shift()) | (table["status"] != status.shift(-1))
table[ends].to_csv(sys.argv[2], index=False)
"""


def notebook(table: Path, to: Path) -> None:
    """Plain pandas."""
    subprocess.run([sys.executable, "-c", NOTEBOOK, table, to], check=True)


def main(years: int) -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        areas, told = squares(at / "areas.geojson"), at / "map.toml"
        told.write_text(MAPPING)
        rows = panel(at / "panel.csv", years)
        size = (at / "panel.csv").stat().st_size / MEGABYTE
        print(f"{rows:,} rows, {size:,.0f} MB, {psutil.cpu_count()} cores")
        mine = measured(lambda: ours(at / "panel.csv", areas, told, at / "study"))
        print(f"import panel  {mine.seconds:6.1f} s  {mine.megabytes:6,.0f} MB  (25 s, 4,096 MB)")
        theirs = measured(lambda: notebook(at / "panel.csv", at / "runs.csv"))
        print(
            f"plain pandas  {theirs.seconds:6.1f} s  {theirs.megabytes:6,.0f} MB  "
            f"{theirs.seconds / mine.seconds:.1f} × the time, "
            f"{theirs.megabytes / mine.megabytes:.1f} × the memory"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
