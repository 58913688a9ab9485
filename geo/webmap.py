"""A folium map with the time slider: its script and style are in ``geo/web/``.

The map knows two things, the study and the timeline (:mod:`geo.payload`). Both are kept out
of the map's own script: that script must stay the same, or streamlit-folium mounts the frame
anew, and nothing that came from a file may ever stand in a script. Restyling happens in the
browser.
"""

import hashlib
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import folium
import js_lib_leaflet
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps

WEB = Path(__file__).parent / "web"
"""The folder of the map's own scripts and style."""

LEAFLET = Path(js_lib_leaflet.__file__).parent / "static" / "js_lib_leaflet"
"""The folder of Leaflet, from the wheel ``django-js-lib-leaflet``."""

STYLE = WEB / "controlmap.css"
"""The map's look."""

SCRIPTS = ("timeline.js", "paint.js", "panels.js", "slider.js", "tiles.js", "mount.js")
"""In the order in which they build on one another."""

HEIGHT = 620
"""Of map and slider together on a wide screen, in CSS pixels."""


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
        :func:`geo.payload.study_payload`, or where the browser finds it.
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
        :func:`geo.payload.study_payload`, or where the browser finds it.
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
        :func:`geo.payload.timeline_payload`, or where the browser finds it.
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
