"""A map of more than a thousand areas and places, drawn on canvases: what the eye meets."""

import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from geo import outlines, style, webmap
from geo.payload import study_payload
from tests import tiny
from tests.browser import stands

ACROSS, DOWN = 34, 33
DAYS = ["2021-08-01", "2021-08-02", "2021-08-03"]
CONTROLS = ["blue", "red", "green", "contested"]
ROOM = {"width": 1366, "height": 900}


def held(unit: int, day: int) -> int:
    """The code of who holds a square, and the place in its middle: each goes to the next."""
    return (unit + day) % len(CONTROLS)


def made_up() -> tuple[dict, dict]:
    """Squares of half a degree, a place in each; on every day each changes hands."""
    side, count = round(0.5 / outlines.GRID), ACROSS * DOWN
    corners = [(x * side, y * side) for y in range(DOWN) for x in range(ACROSS)]
    middles = np.array(corners) + side // 2
    sort = {"kind": "town", "shape": "circle", "group": "others", "capital": False}
    study = study_payload(tiny.study()) | {
        "days": DAYS,
        "areas": [
            {
                "id": f"A{unit}",
                "name": f"Area {unit}",
                "shape": [[[x, y, side, 0, 0, side, -side, 0]]],
            }
            for unit, (x, y) in enumerate(corners)
        ],
        "places": {
            "id": [f"p{unit}" for unit in range(count)],
            "name": [f"Town {unit}" for unit in range(count)],
            "sorts": [sort],
            "sort": [0] * count,
            "rank": list(range(count)),
            "at": np.diff(middles, axis=0, prepend=[[0, 0]]).ravel().tolist(),
        },
        "context": [],
        "bounds": [[0, 0], [DOWN / 2, ACROSS / 2]],
    }
    runs = [
        [number for day in range(len(DAYS)) for number in (day, held(unit, day) * 8, -1, -1)]
        for unit in range(count)
    ]
    nothing = ("unit", "day", "from", "to", "sure", "texts", "by", "lists", "lone")
    timeline = {
        "areas": runs,
        "places": runs,
        "changes": {column: [] for column in nothing} | {"outside": {}},
        "sources": [],
        "silent": None,
        "silence": "",
    }
    return study, timeline


class Map:
    """The saved map before a reader."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def at(self, unit: int, east: float = 0.5, north: float = 0.5) -> tuple[float, float]:
        """A point of a square on the screen, in parts of its side."""
        lng, lat = (unit % ACROSS + east) / 2, (unit // ACROSS + north) / 2
        point = f"{self.name}.latLngToContainerPoint([{lat}, {lng}])"
        return tuple(self.page.evaluate(f"[{point}.x, {point}.y]"))

    def patch(self, unit: int) -> np.ndarray:
        """The pixels of a square, its lines left out."""
        (left, bottom), (right, top) = self.at(unit, 0.15, 0.15), self.at(unit, 0.85, 0.85)
        return self._pixels(left, top, right, bottom)

    def marker(self, unit: int) -> np.ndarray:
        """The pixels across the middle of a place's marker."""
        x, y = self.at(unit)
        return self._pixels(x - 3, y, x + 3, y + 1)

    def _pixels(self, *box: float) -> np.ndarray:
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        return np.array(picture.crop(tuple(map(round, box))), dtype=int).reshape(-1, 3)

    def card(self, unit: int, east: float, north: float) -> str:
        """What the card says that a click there opens."""
        self.page.mouse.click(*self.at(unit, east, north))
        title = self.page.locator(".leaflet-popup-content strong")
        expect(title).to_have_count(1)
        return title.inner_text()


@pytest.fixture
def crowded(browser: Browser, tmp_path: Path) -> Iterator[Map]:
    shutil.copytree(webmap.LEAFLET, tmp_path / "leaflet")
    (tmp_path / "map.js").write_bytes(webmap.script())
    shutil.copy(webmap.STYLE, tmp_path / "map.css")
    study, timeline = made_up()
    world = webmap.build_map(study, webmap.Links("leaflet", "map.js", "map.css"))
    world.add_child(webmap.update(timeline, date.fromisoformat(DAYS[0]), 0))
    world.save(str(tmp_path / "index.html"))
    page = browser.new_page(viewport=ROOM)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((tmp_path / "index.html").as_uri())
    page.wait_for_function("window.controlmap?.ready")
    yield Map(page, world.get_name())
    page.close()
    assert faults == []


CENTRE = ACROSS * (DOWN // 2) + ACROSS // 2
FOUR = range(CENTRE, CENTRE + 4)


def shown(pixels: np.ndarray, colour: str) -> bool:
    """Whether some pixel has a colour, but for what its neighbours lend it."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return bool((abs(pixels - wanted).max(axis=1) <= 12).any())


def looks_right(crowded: Map, day: int) -> None:
    """Squares and markers in the middle have the colours of who holds them on a day."""
    controls = tiny.study().controls
    for unit in FOUR:
        square, marker = crowded.patch(unit), crowded.marker(unit)
        now = controls[CONTROLS[held(unit, day)]]
        for control in (controls[name] for name in CONTROLS):
            assert shown(marker, control.colour) == (control == now), (unit, control.id)
        assert shown(square, style.ground(now))
        if now.id == style.CONTESTED:
            assert shown(square, style.lines(now))


def test_squares_and_markers_have_the_colours_of_their_control_day_by_day(crowded):
    assert crowded.page.locator("path.controlmap-area, [data-place]").count() == 0
    for day in range(len(DAYS)):
        looks_right(crowded, day)
        crowded.page.keyboard.press("ArrowRight")


def test_a_click_opens_the_card_of_what_is_there(crowded):
    assert crowded.card(CENTRE, 0.5, 0.5) == f"Town {CENTRE}"
    crowded.page.keyboard.press("Escape")
    assert crowded.card(CENTRE + ACROSS * 9, 0.1, 0.1) == f"Area {CENTRE + ACROSS * 9}"


def test_hovering_a_marker_names_its_place_and_hovering_beside_it_its_square(crowded):
    tip = crowded.page.locator(".controlmap-tip strong")
    for east, name in ((0.5, "Town"), (0.1, "Area"), (0.5, "Town")):
        crowded.page.mouse.move(*crowded.at(CENTRE, east))
        expect(tip.last).to_have_text(f"{name} {CENTRE}")


def test_at_a_small_scale_the_important_have_room_and_the_map_says_that_not_all_are_shown(crowded):
    rest = crowded.page.locator(".controlmap-rest")
    expect(rest).to_be_hidden()
    crowded.page.evaluate(
        f"{crowded.name}.setZoom({crowded.name}.getZoom() - 1, {{animate: false}})"
    )
    expect(rest).to_have_text(
        f"{(ACROSS // 2) * (DOWN // 2 + 1):,} of {ACROSS * DOWN:,} places shown, the important "
        "first; zoom in for the rest"
    )


def test_a_group_switched_off_has_no_markers(crowded):
    colour = tiny.study().controls[CONTROLS[held(CENTRE, 0)]].colour
    assert shown(crowded.marker(CENTRE), colour)
    corner = stands(crowded.page.locator(".leaflet-control-layers-toggle"))
    crowded.page.mouse.move(corner["x"] + 9, corner["y"] + 9)
    for name in ("Labels", "Other places"):
        crowded.page.get_by_role("checkbox", name=name).uncheck()
    crowded.page.mouse.move(5, 600)
    assert not shown(crowded.marker(CENTRE), colour)
    assert crowded.card(CENTRE, 0.5, 0.5) == f"Area {CENTRE}"
