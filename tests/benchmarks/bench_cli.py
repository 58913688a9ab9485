"""How long a shell waits for help and for a first picture, beside the imports both rest on.

Run with ``uv run python -m tests.benchmarks.bench_cli``. Each is a process of its own, as in a
shell; the ratio to the bare imports tells a slow machine from a slow command.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TIMES = 5
_UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
BARE = [sys.executable, "-c", "import pandas, geopandas, matplotlib.figure"]
COMMAND = [sys.executable, "-c", "import sys; from geo.cli import main; sys.exit(main())"]


def median(command: list[str]) -> float:
    """The middle of some runs of a process, in milliseconds, after one that nobody counts."""
    # The first run leaves compiled modules behind, which every later one finds.
    environment = {name: text for name, text in os.environ.items() if name != _UNCOMPILED}
    took = []
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took[1:])


def main() -> None:
    """Print every measurement beside its goal and its ratio to the bare imports."""
    bare = median(BARE)
    print(f"imports alone              {bare:6.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        picture = str(Path(folder) / "picture.png")
        for name, goal, arguments in (
            ("controlmap --help", 500, ["--help"]),
            ("control, as CSV", 2000, ["control", "--on", "2021-08-13", "--format", "csv"]),
            ("a first PNG, 1600 × 1200", 2500, ["snapshot", "--on", "2021-08-13", "-o", picture]),
        ):
            took = median([*COMMAND, *arguments])
            print(f"{name:26s} {took:6.0f} ms  ({goal})  {took / bare:.2f} × the imports")


if __name__ == "__main__":
    main()
