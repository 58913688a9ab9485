"""A study of the largest size we promise: 12,000 districts × 800 days, with borders that wiggle.

Run with ``uv run python -m tests.benchmarks.districts FOLDER`` to write it, and give
``CONTROLMAP_STUDY=FOLDER`` to the dashboard to see it. Each district begins under a control
that a report states; on each day one in a hundred changes hands, some of them within a window,
some into contested, some by the word of the gaining side alone.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.large import WORDS, _collection, _name, _sources

START, DAYS = date(2020, 1, 1), 800
COLUMNS, ROWS = 120, 100
WEST, SOUTH = 60.0, 28.0
WIDE, TALL = 0.125, 0.1
"""Degrees along each district: about eleven kilometres."""

BENDS = 12
"""Points on each side of a district, between its corners."""

CONTROLS = ["north", "south", "contested"]


def write(folder: Path, columns: int = COLUMNS, rows: int = ROWS, days: int = DAYS) -> Path:
    """Write the study into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(1)
    ids = [f"D-{number}" for number in range(columns * rows)]
    reports = _reports(dice, ids, columns, days)
    sources = sorted(set(reports["source_id"]), key=lambda name: int(name[2:]))
    files = {
        "study.toml": _settings(days),
        "areas.geojson": json.dumps(_districts(dice, ids, columns, rows)),
        "places.geojson": json.dumps(_one_town(ids[0])),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    reports.to_csv(folder / "reports.csv", index=False)
    table = _sources(dice, 1 + max(int(name[2:]) for name in sources))
    table.to_csv(folder / "sources.csv", index=False)
    return folder


def _settings(days: int) -> str:
    return f"""
title = "Districts"
start = {START}
end = {START + timedelta(days=days - 1)}
opens_on = {START + timedelta(days=days // 2)}
area_rule = "reported"
area_unit = ["district", "districts"]

[[control]]
id = "north"
label = "North"

[[control]]
id = "south"
label = "South"
"""


def _districts(dice: np.random.Generator, ids: list[str], columns: int, rows: int) -> dict:
    """Quadrangles with bent sides; of two neighbours both have the very same points between."""
    corners = np.stack(np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0)), axis=-1)
    corners += dice.uniform(-0.16, 0.16, corners.shape)
    flat = _bent(dice, corners[:, :-1], corners[:, 1:])
    upright = _bent(dice, corners[:-1], corners[1:])
    features = []
    for number, area_id in enumerate(ids):
        row, column = divmod(number, columns)
        ring = [
            *flat[row, column][:-1],
            *upright[row, column + 1][:-1],
            *flat[row + 1, column][:0:-1],
            *upright[row, column][::-1],
        ]
        properties = {
            "area_id": area_id,
            "name": f"{_name(dice)} {number}",
            "alt_names": "",
            "population": int(dice.integers(1_000, 500_000)),
            "population_source": "made up",
        }
        outline = (np.array(ring) * [WIDE, TALL] + [WEST, SOUTH]).round(6).tolist()
        features.append((properties, {"type": "Polygon", "coordinates": [outline]}))
    return _collection(features)


def _bent(dice: np.random.Generator, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Lines from one corner to another, with bends that fade towards both."""
    along = np.linspace(0, 1, BENDS + 2)
    waves = np.arange(1, 11)
    heights = dice.normal(0, 0.026, (*begin.shape[:2], len(waves))) / waves**0.7
    aside = heights @ np.sin(np.pi * waves[:, None] * along)
    straight = begin[..., None, :] + (end - begin)[..., None, :] * along[:, None]
    across = np.stack([begin[..., 1] - end[..., 1], end[..., 0] - begin[..., 0]], axis=-1)
    return straight + across[..., None, :] * aside[..., None]


def _one_town(area_id: str) -> dict:
    properties = {
        "place_id": "town",
        "name": "Town",
        "alt_names": "",
        "kind": "town",
        "area_id": area_id,
        "is_capital": True,
        "population": None,
    }
    point = {"type": "Point", "coordinates": [WEST + WIDE / 2, SOUTH + TALL / 2]}
    return _collection([(properties, point)])


def _reports(dice: np.random.Generator, ids: list[str], columns: int, days: int) -> pd.DataFrame:
    """A front between north and south at first; then each day's changes, never to the same."""
    first = np.where(np.arange(len(ids)) % columns < columns / 2, 0, 1)
    held = first.copy()
    a_day = max(len(ids) // 100, 1)
    rows = [(area, control, f"../{START}", "s-0", "") for area, control in enumerate(first)]
    for day in range(1, days - 6):
        when = START + timedelta(days=day)
        for area in dice.choice(len(ids), a_day, replace=False):
            held[area] = (held[area] + dice.choice([1, 2], p=[0.4, 0.6])) % 3
            side = CONTROLS[held[area]] if held[area] < 2 and dice.random() < 0.1 else ""
            written = _written(when, dice.random())
            rows.append((area, held[area], written, f"s-{dice.integers(1, 300)}", side))
    area, control, when, source, side = zip(*rows, strict=True)
    words = dice.choice(WORDS, (len(rows), 12))
    return pd.DataFrame(
        {
            "report_id": [f"r-{number}" for number in range(len(rows))],
            "place_id": [ids[at] for at in area],
            "control": [CONTROLS[at] for at in control],
            "when": when,
            "source_id": source,
            "claimant": "",
            "claimant_side": side,
            "confidence": "medium",
            "verdict": "used",
            "evidence": [f"{' '.join(row).capitalize()}." for row in words],
            "locator": "",
            "supersedes": "",
        }
    )


def _written(day: date, chance: float) -> str:
    if chance < 0.1:
        return f"{day}/{day + timedelta(days=4)}"
    return f"{day}~" if chance < 0.15 else str(day)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
