"""A study and a timeline as the browser is told them: plain JSON, nothing of it HTML or script.

The *study* (outlines, names, styles, days) never changes while it is on the screen; the
*timeline* (for each area the days on which its state changes) does, when other sources or
another known-on day are asked for. Tables go in, dictionaries ready for JSON come out.
"""

import json
from typing import Any

import numpy as np
import pandas as pd
from shapely.geometry import mapping

from geo import style, words
from geo.study import Study
from geo.timeline import Timeline

_GROUPS = {"airport": "bases", "base": "bases", "crossing": "crossings", "city": "cities"}


def study_payload(study: Study) -> dict[str, Any]:
    """What the map needs to know of a study, once.

    Returns
    -------
    dict
        Ready for JSON: ``days`` (ISO), ``controls`` (their place in the list is their code),
        ``areas`` and ``places`` in the study's order, ``context``, ``bounds`` (south-west,
        north-east), and the words of the legend.
    """
    settings = study.settings
    west, south, east, north = study.areas.total_bounds.tolist()
    return {
        "title": settings.title,
        "days": pd.date_range(settings.start, settings.end).strftime("%Y-%m-%d").tolist(),
        "area_unit": settings.area_unit,
        "rule": words.rule(study),
        "controls": [_control(control) for control in study.controls.values()],
        "areas": [
            {"id": row.area_id, "name": row.name, "geometry": mapping(row.geometry)}
            for row in study.areas[["area_id", "name", "geometry"]].itertuples(index=False)
        ],
        "places": _places(study),
        "context": json.loads(study.context.to_json(drop_id=True)),
        "bounds": [[south, west], [north, east]],
    }


def _control(control: style.Control) -> dict[str, Any]:
    colour = control.colour or ""
    return control.model_dump() | {
        "fill": style.tint(colour, style.FILL_STRENGTH),
        "pale": style.tint(colour, style.CLAIMED_STRENGTH),
    }


def _places(study: Study) -> list[dict[str, Any]]:
    people = study.places["area_id"].map(study.areas.set_index("area_id")["population"])
    order = pd.DataFrame({"capital": ~study.places["is_capital"], "people": -people.fillna(0)})
    rank = order.sort_values(["capital", "people"], kind="stable").index
    ranks = dict(zip(rank, range(len(rank)), strict=True))
    return [
        {
            "id": place["place_id"],
            "name": place["name"],
            "kind": style.kind_label(place["kind"]),
            "shape": style.shape(place["kind"]),
            "group": "capitals" if place["is_capital"] else _GROUPS.get(place["kind"], "others"),
            "capital": bool(place["is_capital"]),
            "rank": ranks[index],
            "latlng": [place["geometry"].y, place["geometry"].x],
        }
        for index, place in study.places.iterrows()
    ]


def timeline_payload(timeline: Timeline) -> dict[str, Any]:
    """What the map needs to know of a timeline: the days on which something changes.

    Returns
    -------
    dict
        ``areas`` and ``places``: for each unit a flat list of runs, four numbers each (first
        day, state, change in force, change pending); ``changes`` and ``sources`` behind
        them; ``silent`` (the first silent day or None) and the words for it.
    """
    study = timeline.study
    codes = {control: code for code, control in enumerate(study.controls)}
    start = study.settings.start
    shown = study.sources.loc[study.sources.index.isin(timeline.reports["source_id"])]
    position = {source: at for at, source in enumerate(shown.index)}
    behind = timeline.reports.dropna(subset="change").groupby("change")["source_id"].unique()
    names = study.names
    return {
        "areas": _runs(timeline.spells("areas"), codes, len(study.areas)),
        "places": _runs(timeline.spells("places"), codes, len(study.places)),
        "changes": [
            {
                "name": names[row.place_id],
                "day": (row.day.date() - start).days,
                "iso": row.day.date().isoformat(),
                "from": codes[row.previous],
                "to": codes[row.control],
                "sure": words.how_sure(timeline, row.Index),
                "sources": [position[source] for source in behind[row.Index]],
            }
            for row in timeline.changes.itertuples()
        ],
        "sources": [
            {"name": words.source_name(source), "title": source["title"], "url": source["url"]}
            for _, source in shown.iterrows()
        ],
        "silent": None if timeline.silent_from is None else (timeline.silent_from - start).days,
        "silence": words.silence(timeline),
    }


def _runs(spells: pd.DataFrame, codes: dict[str, int], count: int) -> list[list[int]]:
    state = (
        spells["control"].map(codes) * 8
        + spells["disputed"] * 4
        + spells["claimed"] * 2
        + spells["uncertain"]
    )
    table = spells[["first", "change", "pending"]].assign(state=state)
    rows = table[["first", "state", "change", "pending"]].to_numpy(dtype=int)
    ends = np.searchsorted(spells["unit"].to_numpy(), np.arange(1, count))
    return [run.ravel().tolist() for run in np.split(rows, ends)]


def as_json(payload: dict[str, Any]) -> bytes:
    """A payload as it is sent: UTF-8, nothing spare."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
