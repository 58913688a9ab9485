"""How long the ledger takes to become control by day, beside the slow and obvious way.

Run with ``uv run python -m tests.benchmarks.bench_engine``. The alternative is the plain
Python that the tests compare the engine with; both are measured in one run.
"""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo import changes, dates, measures, spells, study
from geo.timeline import Timeline
from tests import slow

PLACES, REPORTS, DAYS = 10_000, 100_000, 365
START = date(2021, 1, 1)


def best(times: int, work: Callable[[], Any]) -> float:
    """The shortest of some runs, in milliseconds."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    return min(took)


def made_up(reports: int, places: int) -> pd.DataFrame:
    """A ledger with every form of date: half exact, a fifth sightings, the rest wider."""
    dice = np.random.default_rng(1)
    offset = dice.integers(0, DAYS, reports)
    day = pd.Series(pd.Timestamp(START) + pd.to_timedelta(offset, unit="D")).dt.strftime("%Y-%m-%d")
    later = pd.Series(pd.Timestamp(START) + pd.to_timedelta(offset + 5, unit="D"))
    kind = dice.integers(0, 10, reports)
    when = np.select(
        [kind < 5, kind < 7, kind < 8, kind < 9],
        [day, "../" + day, day + "/" + later.dt.strftime("%Y-%m-%d"), day + "~"],
        day.str[:7],
    )
    table = pd.DataFrame(
        {
            "report_id": [f"r{row}" for row in range(reports)],
            "place_id": [f"p{number}" for number in dice.integers(0, places, reports)],
            "control": dice.choice(["north", "south", "contested"], reports),
            "when": when,
            "source_id": "one",
            "origin": dice.choice(list("abcdefgh"), reports),
            "claimant_side": "",
            "confidence": dice.choice(["high", "medium", "low"], reports),
            "verdict": "used",
            "supersedes": "",
        }
    )
    return table.join(dates.parse_whens(table["when"])[0])


def the_slow_way(table: pd.DataFrame) -> None:
    """Plain Python, place by place."""
    columns = ["report_id", "place_id", "control", "when", "source_id", "claimant_side"]
    columns += ["confidence", "verdict", "supersedes"]
    rows = table[columns].to_dict("records")
    origins = table["origin"].tolist()
    by_place: dict[str, list[slow.Report]] = {}
    for number, (row, origin) in enumerate(zip(rows, origins, strict=True)):
        by_place.setdefault(row["place_id"], []).append(slow.read(number, row, origin, ""))
    for reports in by_place.values():
        slow.changes(reports)


def main() -> None:
    """Print every measurement beside its goal."""
    found = study.load()
    timeline = Timeline(found)
    print(f"bundled: load and check     {best(5, study.load):7.0f} ms  (1000)")
    print(f"bundled: reports → changes  {best(5, lambda: Timeline(found)):7.1f} ms  (50)")
    print(f"bundled: matrix and balance {best(5, lambda: measures.balances(timeline)):7.1f} ms")
    table = made_up(REPORTS, PLACES)
    ids = sorted(table["place_id"].unique())
    ours = best(3, lambda: changes.from_reports(table, ids))
    answer, _ = changes.from_reports(table, ids)
    drawn = best(3, lambda: spells.of_changes(answer, np.array(ids), START, DAYS, 14, None))
    obvious = best(1, lambda: the_slow_way(table))
    print(
        f"100,000 reports → changes   {ours:7.0f} ms  (2000)  {obvious / ours:.0f} × the slow way"
    )
    print(f"… → spells of 10,000 places {drawn:7.0f} ms")


if __name__ == "__main__":
    main()
