"""A study and a timeline as the browser is told them: plain JSON, nothing of it HTML or script.

The *study* (outlines, names, styles, days) never changes while it is on the screen; the
*timeline* (for each area the days on which its state changes) does, when other sources or
another known-on day are asked for. Tables go in, dictionaries ready for JSON come out.
"""

import json
from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import events, measures, outlines, style, words
from geo.study import Study
from geo.timeline import Timeline


def study_payload(study: Study) -> dict[str, Any]:
    """What the map needs to know of a study, once.

    Returns
    -------
    dict
        Ready for JSON: ``days`` (ISO), ``controls`` (their place in the list is their code),
        ``legend`` (the codes that it lists), ``areas`` and ``places`` (columns) in the study's
        order, ``context``, ``grid`` (degrees: what the numbers of outlines count, see
        :func:`geo.outlines.encoded`),
        ``bounds`` (south-west, north-east), ``events`` (:func:`geo.events.payload`), and the
        words of the legend. Outlines of a large study are simplified
        (:func:`geo.outlines.simplified`), and only polygons stand behind it.
    """
    settings = study.settings
    west, south, east, north = study.areas.total_bounds.tolist()
    codes = {control: code for code, control in enumerate(study.controls)}
    behind = study.context[study.context.geom_type.isin(["Polygon", "MultiPolygon"])]
    return {
        "title": settings.title,
        "days": pd.date_range(settings.start, settings.end).strftime("%Y-%m-%d").tolist(),
        "area_unit": settings.area_unit,
        "rule": words.rule(study),
        "controls": [_control(control) for control in study.controls.values()],
        "legend": [codes[control.id] for control in study.legend],
        "areas": [
            {"id": area_id, "name": name, "shape": shape}
            for area_id, name, shape in zip(
                study.areas["area_id"], study.areas["name"], _shapes(study.areas), strict=True
            )
        ],
        "places": _places(study),
        "groups": style.GROUPS,
        "context": _shapes(behind),
        "grid": outlines.GRID,
        "bounds": [[south, west], [north, east]],
        "events": events.payload(study.events, settings.start, settings.end),
    }


def _shapes(table: gpd.GeoDataFrame) -> list[Any]:
    return outlines.encoded(outlines.simplified(table.geometry.to_numpy()))


def _control(control: style.Control) -> dict[str, Any]:
    return control.model_dump() | {
        "fill": style.ground(control),
        "pale": style.ground(control, claimed=True),
        "lines": style.lines(control),
        "pale_lines": style.lines(control, claimed=True),
    }


def _places(study: Study) -> dict[str, Any]:
    """Columns, one entry a place; what many places have in common stands once, as their sort.

    ``rank`` says which are named first, the least of all; ``at`` is a flat list of steps from
    place to place, as those of outlines are.
    """
    places = study.places
    sorts, sort = _once(zip(places["kind"], places["is_capital"].tolist(), strict=True))
    return {
        "id": places["place_id"].tolist(),
        "name": places["name"].tolist(),
        "sorts": [_sort(kind, is_capital) for kind, is_capital in sorts],
        "sort": sort,
        "rank": np.argsort(study.ranked).tolist(),
        "at": outlines.stepped(places.geometry.to_numpy()),
    }


def _sort(kind: str, is_capital: bool) -> dict[str, Any]:
    """What places of one kind, capitals or not, look like."""
    return {
        "kind": style.kind_label(kind),
        "shape": style.shape(kind),
        "group": style.group(kind, is_capital),
        "capital": is_capital,
    }


def timeline_payload(timeline: Timeline) -> dict[str, Any]:
    """What the map needs to know of a timeline: the days on which something changes.

    Returns
    -------
    dict
        ``areas`` and ``places``: for each unit a flat list of runs, four numbers each (first
        day, state, change in force, change pending); ``changes`` (columns) and ``sources``
        behind them; ``silent`` (the first silent day or None) and the words for it.
    """
    study = timeline.study
    codes = {control: code for code, control in enumerate(study.controls)}
    start = study.settings.start
    shown = shown_sources(timeline)
    return {
        "areas": _runs(timeline.spells("areas"), codes, len(study.areas)),
        "places": _runs(timeline.spells("places"), codes, len(study.places)),
        "changes": _changes(timeline, codes, shown.index),
        "sources": [
            {"name": words.source_name(source), "title": source["title"], "url": source["url"]}
            for _, source in shown.iterrows()
        ],
        "silent": None if timeline.silent_from is None else (timeline.silent_from - start).days,
        "silence": words.silence(timeline),
    }


def _changes(timeline: Timeline, codes: dict[str, int], shown: pd.Index) -> dict[str, Any]:
    """Columns, one entry a change; what many changes have in common stands once.

    ``unit`` says whose change it is, as steps: position among the study's places and, after
    them, its areas. ``sure`` and ``by`` are positions in ``texts`` (when it was, in words) and
    ``lists`` (positions of sources), ``lone`` holds the numbers of the changes that one source
    alone speaks for, ``outside`` the dates of those before or after the study's days.
    """
    study, table = timeline.study, timeline.changes
    source = shown.get_indexer(timeline.reports["source_id"])
    marked = not (timeline.sources and len(timeline.sources) == 1)
    unit = study.names.index.get_indexer(table["place_id"])
    at = (table["day"] - pd.Timestamp(study.settings.start)).dt.days.to_numpy()
    beyond = table["day"][(at < 0) | (at >= len(timeline.days))]
    texts, sure = _once(words.all_sure(timeline))
    behind = (timeline.positions[number] for number in table.index)
    lists, by = _once(tuple(dict.fromkeys(source[rows].tolist())) for rows in behind)
    return {
        "unit": np.diff(unit, prepend=0).tolist(),
        "day": at.tolist(),
        "outside": dict(zip(beyond.index.tolist(), beyond.dt.strftime("%Y-%m-%d"), strict=True)),
        "from": table["previous"].map(codes).tolist(),
        "to": table["control"].map(codes).tolist(),
        "sure": sure,
        "texts": texts,
        "by": by,
        "lists": lists,
        "lone": np.flatnonzero(timeline.lone.to_numpy() & marked).tolist(),
    }


def _once(values: Iterable[Hashable]) -> tuple[list[Any], list[int]]:
    """Each different value once, and for each value its position among them."""
    positions: dict[Hashable, int] = {}
    told = [positions.setdefault(value, len(positions)) for value in values]
    return list(positions), told


def shown_sources(timeline: Timeline) -> pd.DataFrame:
    """The rows of a study's sources that a timeline rests on, in the order it is told them."""
    sources = timeline.study.sources
    return sources.loc[sources.index.isin(timeline.reports["source_id"].unique())]


def page_payload(timeline: Timeline, day: date) -> dict[str, Any]:
    """What a page of its own holds: the map's payloads, and all that stands around the map.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    day : datetime.date
        The day it opens on.

    Returns
    -------
    dict
        Ready for JSON: ``study``, ``timeline``, ``day`` (ISO), ``weekday`` (of the study's
        first day, Monday is 0), ``weights`` (for each area what it counts: areas, km²,
        people), ``behind`` (for each change its place and its reports), ``published`` (for
        each source), and ``found`` (what a search finds, by which names, and where).
    """
    study = timeline.study
    weights = measures.weights(study)[list(measures.UNITS)].fillna(0).round(3)
    return {
        "study": study_payload(study),
        "timeline": timeline_payload(timeline),
        "day": day.isoformat(),
        "weekday": study.settings.start.weekday(),
        "weights": weights.to_numpy().tolist(),
        "behind": _behind(timeline),
        "published": shown_sources(timeline)["published"].tolist(),
        "found": [*_places_found(study), *_areas_found(study)],
    }


_CLAIM = ["source", "when", "confidence", "claimant", "locator", "evidence"]


def _behind(timeline: Timeline) -> list[dict[str, Any]]:
    study = timeline.study
    position = {source: at for at, source in enumerate(shown_sources(timeline).index)}
    reports = timeline.reports.assign(source=timeline.reports["source_id"].map(position))
    claims = {
        change: rows[_CLAIM].to_dict("records")
        for change, rows in reports.dropna(subset="change").groupby("change")
    }
    places = study.places.set_index("place_id")
    where = dict(zip(places.index, _where(study), strict=True))
    capitals = set(places.index[places["is_capital"]])
    return [
        {
            "where": where.get(change.place_id, ""),
            "capital": change.place_id in capitals,
            "reports": claims[change.Index],
        }
        for change in timeline.changes.itertuples()
    ]


def _where(study: Study) -> list[str]:
    """Of each place the area it lies in: ``capital of Kunduz``."""
    names = study.places["area_id"].map(study.areas.set_index("area_id")["name"]).fillna("")
    capital = study.places["is_capital"] & (names != "")
    return names.where(~capital, "capital of " + names).tolist()


def _places_found(study: Study) -> list[dict[str, Any]]:
    places = study.places
    kinds = places["kind"].map(style.kind_label)
    whats = [", ".join(filter(None, each)) for each in zip(kinds, _where(study), strict=True)]
    told = [
        {"of": "places", "unit": at, "name": name, "also": _names(also), "what": what, "at": spot}
        for at, (name, also, what, spot) in enumerate(
            zip(
                *(places["name"], places["alt_names"], whats),
                shapely.get_coordinates(places.geometry)[:, ::-1].tolist(),
                strict=True,
            )
        )
    ]
    return [told[at] for at in study.ranked]


def _areas_found(study: Study) -> list[dict[str, Any]]:
    """Areas are found at a point inside, where their card opens."""
    inside = study.areas.representative_point()
    return [
        {
            "of": "areas",
            "unit": at,
            "name": area["name"],
            "also": _names(area["alt_names"]),
            "what": study.settings.area_unit[0],
            "at": [round(inside[at].y, 4), round(inside[at].x, 4)],
        }
        for at, area in study.areas.iterrows()
    ]


def _names(written: str) -> list[str]:
    return [name for part in written.split(";") if (name := part.strip())]


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
    # Of no units at all there is one part all the same.
    return [run.ravel().tolist() for run in np.split(rows, ends)][:count]


def as_json(payload: dict[str, Any]) -> bytes:
    """A payload as it is sent: UTF-8, nothing spare."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
