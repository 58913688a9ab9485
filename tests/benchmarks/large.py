"""A large study that is valid: squares that tile, places inside them, a ledger of any length.

Run with ``uv run python -m tests.benchmarks.large FOLDER`` to write one of 10,000 places and
100,000 reports, and give ``CONTROLMAP_STUDY=FOLDER`` to the dashboard to see it.
"""

import json
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from shapely.geometry import box, mapping

START, DAYS = date(2021, 1, 1), 365
SIDE = 0.25
"""Degrees along each square."""

SETTINGS = f"""
title = "Large"
start = {START}
end = 2021-12-31
opens_on = 2021-07-01
area_unit = ["square", "squares"]

[[control]]
id = "north"
label = "North"

[[control]]
id = "south"
label = "South"
"""

SYLLABLES = "ba da ka la ma na qa ra sha ta kun duz ghor zar pul mir shah abad gar kot".split()
WORDS = (
    "fighters officials residents said entered held seized the governor compound market bridge "
    "police station prison airport road from with after night without a fight by evening"
).split()


def write(folder: Path, places: int = 10_000, reports: int = 100_000, sources: int = 100) -> Path:
    """Write the study into a folder, one area for every ten places."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(1)
    areas = max(places // 10, 1)
    towns = _towns(dice, places, areas)
    files = {
        "study.toml": SETTINGS,
        "areas.geojson": json.dumps(_squares(dice, areas)),
        "places.geojson": json.dumps(towns),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    ids = [feature["properties"]["place_id"] for feature in towns["features"]]
    _reports(dice, ids, reports, sources).to_csv(folder / "reports.csv", index=False)
    _sources(dice, sources).to_csv(folder / "sources.csv", index=False)
    return folder


def _name(dice: np.random.Generator) -> str:
    return "".join(dice.choice(SYLLABLES, 3)).capitalize()


def _collection(features: list[tuple[dict, dict]]) -> dict:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": geometry}
            for properties, geometry in features
        ],
    }


def _corner(area: int, areas: int) -> tuple[float, float]:
    row, column = divmod(area, int(np.ceil(np.sqrt(areas))))
    return 60 + column * SIDE, 20 + row * SIDE


def _squares(dice: np.random.Generator, areas: int) -> dict:
    features = []
    for area in range(areas):
        west, south = _corner(area, areas)
        properties = {
            "area_id": f"L-{area}",
            "name": f"{_name(dice)} {area}",
            "alt_names": "",
            "population": int(dice.integers(1_000, 500_000)),
            "population_source": "made up",
        }
        features.append((properties, mapping(box(west, south, west + SIDE, south + SIDE))))
    return _collection(features)


def _towns(dice: np.random.Generator, places: int, areas: int) -> dict:
    features = []
    for place in range(places):
        area = place % areas
        west, south = _corner(area, areas)
        x, y = (dice.uniform(0.1, 0.9, 2) * SIDE).round(4)
        properties = {
            "place_id": f"p-{place}",
            "name": f"{_name(dice)} {place}",
            "alt_names": ";".join(_name(dice) for _ in range(3)),
            "kind": str(dice.choice(["city", "town", "base", "airport"])),
            "area_id": f"L-{area}",
            "is_capital": place < areas,
            "population": None,
        }
        features.append((properties, {"type": "Point", "coordinates": [west + x, south + y]}))
    return _collection(features)


def _reports(
    dice: np.random.Generator, places: list[str], reports: int, sources: int
) -> pd.DataFrame:
    days = pd.Timestamp(START) + pd.to_timedelta(dice.integers(0, DAYS - 6, reports), unit="D")
    day, later = (pd.Series((days + pd.Timedelta(days=n)).strftime("%Y-%m-%d")) for n in (0, 5))
    form = dice.integers(0, 10, reports)
    when = np.select(
        [form < 5, form < 7, form < 8, form < 9],
        [day, "../" + day, day + "/" + later, day + "~"],
        day.str[:7],
    )
    place = dice.integers(0, len(places), reports)
    ids = [f"r-{number}" for number in range(reports)]
    # Every hundredth report corrects the one before it on its place.
    before = pd.Series(ids).groupby(place).shift().fillna("").where(form == 0, "")
    thinned = before.where(dice.integers(0, 10, reports) == 0, "")
    words = dice.choice(WORDS, (reports, 16))
    return pd.DataFrame(
        {
            "report_id": ids,
            "place_id": np.array(places)[place],
            "control": dice.choice(["north", "south", "contested"], reports),
            "when": when,
            "source_id": [f"s-{number}" for number in dice.integers(0, sources, reports)],
            "claimant": [f"speaker {number}" for number in dice.integers(0, sources, reports)],
            "claimant_side": dice.choice(["", "", "north", "south"], reports),
            "confidence": dice.choice(["high", "medium", "low"], reports),
            "verdict": dice.choice(["used"] * 19 + ["disputed"], reports),
            "evidence": [f"{' '.join(row).capitalize()}." for row in words],
            "locator": [f"para {number}" for number in dice.integers(1, 40, reports)],
            "supersedes": thinned,
        }
    )


def _sources(dice: np.random.Generator, sources: int) -> pd.DataFrame:
    published = pd.Timestamp(START) + pd.to_timedelta(dice.integers(0, DAYS, sources), unit="D")
    return pd.DataFrame(
        {
            "source_id": [f"s-{number}" for number in range(sources)],
            "publisher": [f"{_name(dice)} News" for _ in range(sources)],
            "origin": dice.choice(["AFP", "AP", "Reuters", ""], sources),
            "kind": "news",
            "reliability": "B",
            "title": [" ".join(dice.choice(WORDS, 8)) for _ in range(sources)],
            "url": [f"https://example.org/{number}" for number in range(sources)],
            "published": published.strftime("%Y-%m-%d"),
            "retrieved": "",
            "language": "en",
        }
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
