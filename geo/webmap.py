"""A folium map with the time slider: its script and style are in ``geo/web/``.

The map knows two things, the study and the timeline (:mod:`geo.payload`). Both are kept out
of the map's own script: that script must stay the same, or streamlit-folium mounts the frame
anew, and nothing that came from a file may ever stand in a script. Restyling happens in the
browser.
"""

import base64
import hashlib
import re
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import folium
import js_lib_leaflet
from branca.element import Figure, MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from jinja2 import Template as Page
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from geo import words
from geo.payload import page_payload, shown_sources
from geo.print.captions import Captions
from geo.timeline import Timeline

WEB = Path(__file__).parent / "web"
"""The folder of the map's own scripts and style."""

LEAFLET = Path(js_lib_leaflet.__file__).parent / "static" / "js_lib_leaflet"
"""The folder of Leaflet, from the wheel ``django-js-lib-leaflet``."""

STYLE = WEB / "controlmap.css"
"""The map's look."""

SCRIPTS = (
    *("timeline.js", "outlines.js", "paint.js", "sheet.js", "canvas.js", "areas.js"),
    *("markers.js", "sprites.js", "spots.js", "places.js", "labels.js"),
    *("panels.js", "legend.js", "events.js", "slider.js", "tiles.js", "pair.js"),
    *("view.js", "mount.js"),
)
"""In the order in which they build on one another."""

PAGE_SCRIPTS = (
    *(name for name in SCRIPTS if name not in ("tiles.js", "pair.js")),
    *("balance.js", "news.js", "search.js", "page.js"),
)
"""Those of a page of its own, which has one map and may ask no tile server."""

HEIGHT = 620
"""Of map and slider together on a wide screen, in CSS pixels."""


@cache
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
    pair : {"left", "right", ""}
        Which of two maps on one page it is, that are moved and zoomed together.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "controlmap.mount({{ this._parent.get_name() }}, {{ this.base }});"
        "{% endmacro %}"
    )

    def __init__(
        self,
        study: str | dict[str, Any],
        links: Links,
        height: int = HEIGHT,
        pair: Literal["left", "right", ""] = "",
    ) -> None:
        super().__init__()
        self._name = "TimeSlider"
        self.base = _literal({"study": study, "height": height, "pair": pair})
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


def _world() -> folium.Map:
    return folium.Map(
        tiles=None,
        control_scale=True,
        zoom_snap=0.25,
        keyboard=False,
        bounce_at_zoom_limits=False,
        track_resize=False,  # the view does it
    )


def build_map(
    study: str | dict[str, Any],
    links: Links,
    height: int = HEIGHT,
    pair: Literal["left", "right", ""] = "",
) -> folium.Map:
    """An empty folium map with the time slider, which asks no other host for anything.

    Parameters
    ----------
    study, links, height, pair
        As :class:`TimeSlider` has them.
    """
    world = _world()
    # Folium links ten files on content networks; the slider needs Leaflet alone.
    world.default_js = [("leaflet", f"{links.leaflet}/leaflet.js")]
    world.default_css = [("leaflet_css", f"{links.leaflet}/leaflet.css")]
    world.add_child(TimeSlider(study, links, height, pair))
    return world


def update(
    timeline: str | dict[str, Any],
    day: date,
    turn: int,
    view: str = "",
    opened: str = "",
    theme: str = "light",
    together: bool = False,
) -> folium.FeatureGroup:
    """The message that changes what the map shows without mounting it anew.

    streamlit-folium runs it when, and only when, it differs from the one before.

    Parameters
    ----------
    timeline : str or dict
        :func:`geo.payload.timeline_payload`, or where the browser finds it.
    day : datetime.date
        The day to go to, when `turn` is a new number; else the reader's own day stays.
    turn : int
    view : str
        Latitude, longitude and zoom to go to with a new turn, as the map told them.
    opened : str
        The id of a place or an area to bring into sight with a new turn.
    theme : {"light", "dark"}
    together : bool
        Whether the days of two paired maps move together.
    """
    message = {
        "timeline": timeline,
        "day": {"iso": day.isoformat(), "n": turn},
        "view": view,
        "open": opened,
        "theme": theme,
        "together": together,
    }
    group = folium.FeatureGroup()
    group.add_child(_Update(message))
    return group


class _Page(MacroElement):
    """Has the page's own script do what :class:`TimeSlider` and :func:`update` ask for."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "controlmap.page({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )


def page(timeline: Timeline, day: date) -> str:
    """A page of its own: one HTML file with the map, its slider and the sources of each day.

    It holds all that it needs, asks nobody for anything, and its Content-Security-Policy
    forbids that it ever could. What comes from the study stands in it as text, or as JSON
    that no browser takes for a script. The same timeline and day give the same text.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    day : datetime.date
        The day it opens on, where its address asks for no other (``…html#2021-08-13``).

    Returns
    -------
    str
        To be saved as UTF-8.

    Raises
    ------
    ValueError
        When `day` is not a day of the study.
    """
    if day not in timeline.days.date:
        raise ValueError(f"{day} is not a day of the study")
    settings = timeline.study.settings
    figure = _drawn()
    code = Markup(_page_script() + figure.script.render())
    look = Markup(_page_style())
    template = Page((WEB / "page.html").read_text(encoding="utf-8"), autoescape=True)
    return template.render(
        settings=settings,
        basis=" ".join(Captions(timeline).basis),
        notes=_notes(timeline),
        sources=_sources(timeline),
        map=Markup(figure.html.render().strip()),
        data=_inert(page_payload(timeline, day)),
        script=code,
        script_hash=_fingerprint(code),
        style=look,
        style_hash=_fingerprint(look),
    )


def _drawn() -> Figure:
    """The folium map of the page: its element and its script."""
    world = _world()
    world._id = "page"  # folium names a map at random
    world.add_child(_Page())
    world.render()
    figure = world.get_root()
    assert isinstance(figure, Figure)
    return figure


def _page_script() -> str:
    files = [LEAFLET / "leaflet.js", *(WEB / name for name in PAGE_SCRIPTS)]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    # A browser's tools would ask for the map of its source.
    return re.sub(r"(?m)^//# sourceMappingURL=.*$", "", code)


def _page_style() -> str:
    files = [LEAFLET / "leaflet.css", STYLE, WEB / "page.css"]
    look = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r"url\((images/[^)]+)\)", _inlined, look)


def _inlined(image: re.Match[str]) -> str:
    content = base64.b64encode((LEAFLET / image[1]).read_bytes()).decode()
    return f"url(data:image/png;base64,{content})"


def _fingerprint(content: str) -> Markup:
    """What a Content-Security-Policy knows the one script, or the one style, by."""
    digest = hashlib.sha256(content.encode()).digest()
    return Markup(f"'sha256-{base64.b64encode(digest).decode()}'")


def _inert(payload: dict[str, Any]) -> Markup:
    """JSON with no sign that could end the element it stands in."""
    return htmlsafe_json_dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _notes(timeline: Timeline) -> list[str]:
    """How the page was made, in a few sentences."""
    settings = timeline.study.settings
    how = (
        "Reports say who held a place, and since when; the page shows what they say together. "
        "A dashed outline is uncertain, a dotted one claimed by the gaining side alone."
    )
    made = f"Made by controlmap from the study “{timeline.study.id}” ({timeline.study.digest})."
    notes = (words.rule(timeline.study), how, settings.disclaimer, settings.credit, made)
    return [note for note in notes if note]


def _sources(timeline: Timeline) -> list[dict[str, str]]:
    return [
        {
            "name": words.source_name(source),
            "published": source["published"],
            "title": source["title"] or source["publisher"],
            "url": source["url"] if re.match("https?://", source["url"], re.I) else "",
        }
        for _, source in shown_sources(timeline).iterrows()
    ]
