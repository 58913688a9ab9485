"""Spells → a KML file that plays in Google Earth.

Each spell is a placemark with its time span, its control's colour, and a balloon that says
how sure that is and who says so. What comes from a study is escaped twice: a balloon shows
HTML, and that HTML is text in XML. Nothing in the file asks another host for a picture, so
places are drawn as their names.
"""

import html
import re
import xml.etree.ElementTree as ET
from itertools import product
from typing import Any

import pandas as pd
import shapely

from geo import cells, style, words
from geo.dates import in_words
from geo.timeline import Timeline

NAMESPACE = "http://www.opengis.net/kml/2.2"

FILL = 0.8
"""How opaque an area's fill is: the ground shows through."""

CONTESTED_FILL = 0.35
"""The same of what is contested, which KML cannot hatch: a thick outline instead."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (its production 2), not even escaped."""

_SAID = ("control", "since", "earliest", "latest", "uncertain", "claimed", "disputed", "sources")


def document(timeline: Timeline, layers: dict[str, pd.DataFrame], about: str) -> bytes:
    """The text of a KML file.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    layers : dict of str to pandas.DataFrame
        :func:`geo.tables.spells_table` with a ``geometry`` (WGS 84), by the folder's name.
    about : str
        What the reader is to know of the whole.

    Returns
    -------
    bytes
        UTF-8. A time span ends at the instant at which the day after its last day begins, so
        that one spell gives way to the next with neither gap nor overlap.
    """
    root = ET.Element("kml", xmlns=NAMESPACE)
    top = _add(root, "Document")
    _add(top, "name", timeline.study.settings.title)
    _add(top, "description", _as_text(about))
    for control in timeline.study.controls.values():
        for claimed, uncertain in product((False, True), repeat=2):
            _add_style(top, control, claimed, uncertain)
    behind = _sources(timeline)
    for name, spells in layers.items():
        folder = _add(top, "Folder")
        _add(folder, "name", name)
        said = cells.plain(spells[["id", *_SAID]])
        rows = zip(spells.itertuples(), said.to_dict("records"), strict=True)
        for row, data in rows:
            _add_placemark(folder, row, data, _balloon(timeline, row, behind))
    ET.indent(root, " ")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = _NOT_XML.sub("�", text) or None
    return child


def _add_placemark(folder: ET.Element, row: Any, data: dict[str, Any], balloon: str) -> None:
    mark = _add(folder, "Placemark")
    _add(mark, "name", row.name)
    _add(mark, "Snippet", row.label, maxLines="1")
    _add(mark, "description", balloon)
    span = _add(mark, "TimeSpan")
    _add(span, "begin", row.begin.date().isoformat())
    _add(span, "end", (row.end + pd.Timedelta(days=1)).date().isoformat())
    _add(mark, "styleUrl", f"#{_style_id(row.control, row.claimed, row.uncertain)}")
    extended = _add(mark, "ExtendedData")
    for name, value in data.items():
        if value not in (None, ""):
            text = str(value).lower() if isinstance(value, bool) else value
            _add(_add(extended, "Data", name=name), "value", text)
    _add_shape(mark, shapely.orient_polygons(row.geometry))


def _add_shape(parent: ET.Element, shape: Any) -> None:
    if shape.geom_type == "Point":
        _add(_add(parent, "Point"), "coordinates", _coordinates(shape.coords))
        return
    if shape.geom_type == "Polygon":
        polygon = _add(parent, "Polygon")
        _add(polygon, "tessellate", "1")
        rings = [("outerBoundaryIs", shape.exterior)]
        rings += [("innerBoundaryIs", ring) for ring in shape.interiors]
        for tag, ring in rings:
            text = _coordinates(ring.coords)
            _add(_add(_add(polygon, tag), "LinearRing"), "coordinates", text)
        return
    many = _add(parent, "MultiGeometry")
    for part in shape.geoms:
        _add_shape(many, part)


def _coordinates(points: Any) -> str:
    return " ".join(f"{x!r},{y!r}" for x, y, *_ in points)


def _style_id(control: str, claimed: bool, uncertain: bool) -> str:
    """A dot parts the words: no control's id has one."""
    return control + ".claimed" * claimed + ".uncertain" * uncertain


def _add_style(top: ET.Element, control: style.Control, claimed: bool, uncertain: bool) -> None:
    """A fill of the control's colour, paler where claimed; the outline tells the rest."""
    strength = style.CLAIMED_STRENGTH if claimed else style.FILL_STRENGTH
    fill = style.tint(control.colour, strength)
    outline, width = ("#000000", 3.0) if uncertain else (control.colour, 1.0)
    if control.id == style.CONTESTED:
        width += 3
    known = control.id != style.UNKNOWN
    drawn = _add(top, "Style", id=_style_id(control.id, claimed, uncertain))
    _add(_add(drawn, "IconStyle"), "scale", "0")
    label = _add(drawn, "LabelStyle")
    _add(label, "color", _colour(fill, 1))
    _add(label, "scale", "1.2" if control.id == style.CONTESTED else "0.9")
    line = _add(drawn, "LineStyle")
    _add(line, "color", _colour(outline if known or uncertain else "#808080", 1))
    _add(line, "width", f"{width:g}")
    polygon = _add(drawn, "PolyStyle")
    _add(polygon, "color", _colour(fill, CONTESTED_FILL if control.id == style.CONTESTED else FILL))
    _add(polygon, "fill", "1" if known else "0")
    # Google Earth's own balloon shows a placemark's name as HTML.
    _add(_add(drawn, "BalloonStyle"), "text", "$[description]")


def _colour(colour: str, opacity: float) -> str:
    """``#rrggbb`` as KML writes it: opacity first, then blue, green, red."""
    red, green, blue = (colour[at : at + 2] for at in (1, 3, 5))
    return f"{round(255 * opacity):02x}{blue}{green}{red}".lower()


def _balloon(timeline: Timeline, row: Any, behind: dict[int, str]) -> str:
    """A spell in words, as HTML: who holds it, how sure that is, who says so."""
    first, last = in_words(row.begin.date()), in_words(row.end.date())
    days = first if first == last else f"{first} to {last}"
    said = [f"<h3>{_as_text(row.name)}</h3>", f"<p><b>{_as_text(row.label)}</b>, {days}</p>"]
    if row.uncertain and row.pending >= 0:
        said.append(f"<p>Uncertain: {_told(timeline, row.pending)}</p>")
    if row.change >= 0 and row.change != row.pending:
        said.append(f"<p>{_told(timeline, row.change)}</p>")
    for change in dict.fromkeys((row.change, row.pending)):
        if change in behind:
            said.append(behind[change])
    if timeline.is_silent(row.begin.date()):
        said.append(f"<p>{_as_text(words.silence(timeline))}</p>")
    return "".join(said)


def _told(timeline: Timeline, change: int) -> str:
    return _as_text(f"{words.from_to(timeline, change)}, {words.how_sure(timeline, change)}")


def _sources(timeline: Timeline) -> dict[int, str]:
    """The reports behind each change as a list in HTML."""
    found: dict[int, list[str]] = {}
    sources = timeline.study.sources
    names = words.source_names(sources)
    for report in timeline.reports.dropna(subset="change").itertuples():
        source = sources.loc[report.source_id]
        about = [names[report.source_id], source["title"], source["published"], report.evidence]
        told = [part for part in (*about, source["url"]) if part]
        found.setdefault(report.change, []).append(f"<li>{_as_text(' — '.join(told))}</li>")
    return {change: f"<ul>{''.join(items)}</ul>" for change, items in found.items()}


def _as_text(text: str) -> str:
    """Escaped for HTML, and for Google Earth, which puts values in for ``$[name]``."""
    return html.escape(text).replace("$[", "&#36;[")
