"""Panels small enough to check by eye, and the boundaries they lie in.

Two squares of one degree: ``X-W`` (West) from 60 to 61 degrees east, ``X-E`` (East) from there
to 62, both from 30 to 31 north. Tables are written as text, one row a line, ``-`` for an empty
cell, ``_`` for a blank within one.
"""

import json
from pathlib import Path

import pandas as pd

from geo import cells, study
from geo.importers import draft, panel
from geo.importers.draft import Draft
from geo.timeline import Timeline
from tests import tiny

PLACES = """
    id     name   lat   lon
    alpha  Alpha  30.5  60.5
    beta   Beta   30.5  61.5
"""

MAPPING = """
[control]
Gov = "blue"
Reb = "red"
Both = "contested"
NR = "unknown"
"""


def boundaries(folder: Path) -> Path:
    """The two squares."""
    path = folder / "areas.geojson"
    path.write_text(json.dumps(tiny.areas()), encoding="utf-8")
    return path


def table(text: str) -> str:
    """Lines of words as CSV."""
    rows = [line.split() for line in text.strip().splitlines()]
    return cells.to_csv(
        pd.DataFrame(
            [[cell.replace("_", " ") if cell != "-" else "" for cell in row] for row in rows[1:]],
            columns=rows[0],
        )
    )


def states(text: str, places: str = PLACES) -> str:
    """A long panel from lines of id, day and status; the rest is those of the places."""
    known = {line.split()[0]: line.split() for line in places.strip().splitlines()}
    rows = [line.split() for line in text.strip().splitlines()]
    full = [[*known[row[0]], *row[1:]] for row in rows]
    lines = [" ".join(row) for row in [[*known["id"], "day", "status"], *full]]
    return table("\n".join(lines))


def drafted(
    folder: Path, *texts: str, mapping: str | None = MAPPING, name: str = "panel.csv", **how: object
) -> Draft:
    """The draft of tables, through files."""
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / (f"{number}-{name}" if number else name))
        paths[-1].write_text(text, encoding="utf-8")
    return of_files(folder, paths, mapping, **how)


def of_files(
    folder: Path, paths: list[Path], mapping: str | None = MAPPING, **how: object
) -> Draft:
    """The draft of files; in one process, unless more are asked for."""
    told = None
    how = {"workers": 1} | how
    if mapping is not None:
        told = folder / "map.toml"
        told.write_text(mapping, encoding="utf-8")
    return panel.read(paths, boundaries(folder), told, **how)  # type: ignore[arg-type]


def reports(found: Draft) -> list[str]:
    """The reports of a draft as ``place control when``."""
    told = found.reports[["place_id", "control", "when"]]
    return [" ".join(row) for row in told.itertuples(index=False)]


def told(found: Draft, *what: str) -> list[str]:
    """The findings of a draft as ``row: text``."""
    return [
        f"{each.row or '-'}: {each.text}"
        for each in found.findings
        if not what or each.what in what
    ]


def control(found: Draft, folder: Path) -> pd.DataFrame:
    """Control of every unit on every day, of the study that a draft becomes."""
    loaded = study.load(draft.write(found, folder, force=True))
    timeline = Timeline(loaded)
    of = "areas" if found.places is None else "places"
    return timeline.matrix(of).control.set_axis(timeline.days.strftime("%Y-%m-%d"), axis=1)


STATES = """
    alpha  2021-08-01  Gov
    alpha  2021-08-02  Gov
    alpha  2021-08-03  Gov
    alpha  2021-08-04  Reb
    beta   2021-08-01  Gov
    beta   2021-08-04  Reb
"""
STATES_TEXT = states(STATES)
