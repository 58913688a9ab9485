"""The screen and the picture say the same of every place and area, on every kind of day."""

from datetime import date

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from geo import style
from geo.print import symbols
from geo.snapshot import Snapshots
from geo.timeline import Timeline

DAYS = [date(2021, 5, 1), date(2021, 7, 31), date(2021, 8, 6), date(2021, 8, 13), date(2021, 8, 15)]
"""The start; contested and uncertain ones; many changes."""


@pytest.fixture(scope="module", params=DAYS, ids=str)
def both(request, left_open, timeline):
    """The browser on a day, and the figure of that day."""
    pictures = Snapshots(timeline, (800, 600))
    pictures.draw(request.param)
    left_open.go(request.param)
    return left_open, pictures


def drawn_areas(pictures, area_ids):
    """Each area's fill and outline on the figure, in the words of :meth:`Reader.painted`."""
    drawn = pictures.map.areas
    number = {id(outline): at for at, outline in enumerate(drawn.outlines)}

    def those(shapes):
        return [number[id(outline)] for outline in shapes.get_paths()]

    found = {}
    for shapes in drawn.fills.values():
        look = to_hex(shapes.get_facecolor()[0]) if len(shapes.get_paths()) else ""
        if shapes.get_hatch() and look:
            look += f" hatched {to_hex(shapes.get_edgecolor()[0])}"
        found |= {at: [look, "plain"] for at in those(shapes)}
    for line, which in drawn.doubt.items():
        for at in np.flatnonzero(which):
            found[at][1] = line
    return {area_ids[at]: tuple(look) for at, look in found.items()}


def drawn_markers(pictures, place_ids):
    """Each place's colour, and whether its rim is dashed."""
    found = {}
    for which, markers in pictures.map.markers:
        body, _, rim = markers.artists
        dashes = [pattern is not None for _, pattern in rim.get_linestyle()]
        colours = [to_hex(colour) for colour in body.get_facecolor()]
        found |= dict(zip(place_ids[which], zip(colours, dashes, strict=True), strict=True))
    return found


def test_areas_have_the_same_colour_hatch_and_outline(both, bundled):
    reader, pictures = both
    assert drawn_areas(pictures, list(bundled.areas["area_id"])) == reader.painted()


def test_places_have_the_same_colour_and_doubt(both, bundled):
    reader, pictures = both
    opacity = "e => Number(getComputedStyle(e).fillOpacity)"
    pale = reader.frame.locator(".controlmap-claimed .controlmap-marker-body")
    assert all(body.evaluate(opacity) == style.CLAIMED_STRENGTH for body in pale.all())
    screen = {
        place: (style.tint(colour, style.CLAIMED_STRENGTH if claimed else 1), uncertain)
        for place, (colour, _, uncertain, claimed) in reader.markers().items()
    }
    assert drawn_markers(pictures, bundled.places["place_id"].to_numpy()) == screen


def test_places_have_the_same_sign(both, bundled, timeline):
    """One control, one sign, on the screen as in the picture."""
    reader, pictures = both
    screen = {place: sign for place, (_, sign, _, _) in reader.markers().items()}
    held = timeline.control(date.fromisoformat(str(reader.query["day"])), "places")["control"]
    signs = dict(zip(bundled.controls, reader.signs(), strict=True))
    assert screen == {place: signs[control] for place, control in held.items()}
    for which, markers in pictures.map.markers:
        shapes = np.asarray(markers.shapes)
        wanted = [
            symbols.sign(shape, bundled.controls[control].marker)
            for shape, control in zip(shapes, held[which], strict=True)
        ]
        assert markers.artists[1].get_paths() == wanted


def test_counts_are_the_same(both, bundled):
    reader, pictures = both
    told = [text.get_text() for text in pictures.page.told if isinstance(text, Text)]
    counts = [text.removesuffix(" of 34") for text in told if text.endswith(" of 34")]
    assert dict(zip(reader.legend(), map(int, counts), strict=True)) == reader.legend()
    still = [text.get_text() for text in pictures.page.still if isinstance(text, Text)]
    labels = list(reader.legend())
    assert [text for text in still if text in labels][: len(counts)] == labels


@pytest.mark.parametrize("day", [date(2021, 8, 13), date(2021, 8, 20)])
def test_one_source_alone_looks_the_same(visit, bundled, day):
    """On the article's own day, and when it is silent."""
    reader = visit(f"?sources=clarin_0813&day={day}")
    reader.settled(day)
    pictures = Snapshots(Timeline(bundled, sources=["clarin_0813"]), (800, 600))
    pictures.draw(day)
    assert drawn_areas(pictures, list(bundled.areas["area_id"])) == reader.painted()


def test_names_are_the_same(both, bundled):
    reader, pictures = both
    shown = set(reader.frame.locator(".controlmap-label:not([hidden])").all_text_contents())
    named = {text.get_text() for text in pictures.map.over if isinstance(text, Text)}
    assert len(shown) > 25
    assert shown <= set(bundled.places["name"]) and len(shown - named) <= 3
