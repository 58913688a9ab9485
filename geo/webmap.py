"""A folium map with the time slider: its script and style are in ``geo/web/``.

The map knows two things. The *study* (outlines, names, styles, days) never changes while it
is on the screen; the *timeline* (for each area the days on which its state changes) does,
when other sources or another known-on day are asked for. Both are plain JSON, kept out of
the map's own script: that script must stay the same, or streamlit-folium mounts the frame
anew, and nothing that came from a file may ever stand in a script. Restyling happens in the
browser.
"""

import hashlib
import json
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import folium
import js_lib_leaflet
import numpy as np
import pandas as pd
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps
from shapely.geometry import mapping

from geo import style, words
from geo.study import Study
from geo.timeline import Timeline

WEB = Path(__file__).parent / "web"
"""The folder of the map's own scripts and style."""

LEAFLET = Path(js_lib_leaflet.__file__).parent / "static" / "js_lib_leaflet"
"""The folder of Leaflet, from the wheel ``django-js-lib-leaflet``."""

STYLE = WEB / "controlmap.css"
"""The map's look."""

SCRIPTS = ("timeline.js", "paint.js", "panels.js", "slider.js", "mount.js")
"""In the order in which they build on one another."""

HEIGHT = 620
"""Of map and slider together on a wide screen, in CSS pixels."""


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
    return control.model_dump() | {
        "fill": style.ground(control),
        "pale": style.ground(control, claimed=True),
        "lines": style.lines(control),
        "pale_lines": style.lines(control, claimed=True),
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
            "group": style.group(place["kind"], place["is_capital"]),
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


def script() -> bytes:
    """The map's own scripts as one, in the order in which they build on one another."""
    return b"\n".join((WEB / name).read_bytes() for name in SCRIPTS)


def publish(content: bytes, suffix: str, folder: Path) -> str:
    """Write a file where the browser can fetch it, under a name that is its content's hash.

    Parameters
    ----------
    content : bytes
    suffix : str
        With its dot.
    folder : pathlib.Path
        The folder that is served.

    Returns
    -------
    str
        The file's name: the same content has the same name, so a browser may keep it for good.
    """
    target = folder / f"{hashlib.sha256(content).hexdigest()[:24]}{suffix}"
    if not target.exists():
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            part.write(content)
        Path(part.name).replace(target)
    return target.name


class Links(NamedTuple):
    """Where the browser finds what the map is made of, relative to its own page.

    Attributes
    ----------
    leaflet : str
        The folder :data:`LEAFLET`.
    script, style : str
        :func:`script` and :data:`STYLE`.
    """

    leaflet: str
    script: str
    style: str


def _literal(value: Any) -> str:
    """JSON that may stand in a script, and in the template that branca makes of every script.

    Outside its strings JSON never has a brace followed by a sign of Jinja's.
    """
    return re.sub(r"\{(?=[{%#])", r"\\u007b", str(htmlsafe_json_dumps(value)))


class TimeSlider(JSCSSMixin, MacroElement):
    """The time slider of a folium map.

    Parameters
    ----------
    study : str or dict
        :func:`study_payload`, or where the browser finds it.
    links : Links
    height : int
        Of map and slider together, in CSS pixels.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "controlmap.mount({{ this._parent.get_name() }}, {{ this.base }});"
        "{% endmacro %}"
    )

    def __init__(self, study: str | dict[str, Any], links: Links, height: int = HEIGHT) -> None:
        super().__init__()
        self._name = "TimeSlider"
        self.base = _literal({"study": study, "height": height})
        self.default_js = [("controlmap", links.script)]
        self.default_css = [("controlmap_css", links.style)]


class _Update(MacroElement):
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "controlmap.update({{ this._parent._parent.get_name() }}, {{ this.message }});"
        "{% endmacro %}"
    )

    def __init__(self, message: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Update"
        self.message = _literal(message)


def build_map(study: str | dict[str, Any], links: Links) -> folium.Map:
    """An empty folium map with the time slider, which asks no other host for anything.

    Parameters
    ----------
    study : str or dict
        :func:`study_payload`, or where the browser finds it.
    links : Links
    """
    world = folium.Map(
        tiles=None, control_scale=True, zoom_snap=0.25, keyboard=False, bounce_at_zoom_limits=False
    )
    # Folium links ten files on content networks; the slider needs Leaflet alone.
    world.default_js = [("leaflet", f"{links.leaflet}/leaflet.js")]
    world.default_css = [("leaflet_css", f"{links.leaflet}/leaflet.css")]
    world.add_child(TimeSlider(study, links))
    return world


def update(timeline: str | dict[str, Any], day: date, turn: int, theme: str) -> folium.FeatureGroup:
    """The message that changes what the map shows without mounting it anew.

    streamlit-folium runs it when, and only when, it differs from the one before.

    Parameters
    ----------
    timeline : str or dict
        :func:`timeline_payload`, or where the browser finds it.
    day : datetime.date
        The day to go to, when `turn` is a new number; else the reader's own day stays.
    turn : int
    theme : {"light", "dark"}
    """
    message = {
        "timeline": timeline,
        "day": {"iso": day.isoformat(), "n": turn},
        "theme": theme,
    }
    group = folium.FeatureGroup()
    group.add_child(_Update(message))
    return group
