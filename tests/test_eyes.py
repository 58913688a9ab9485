"""Every control is told from every other, printed in grey and by eyes that see fewer colours."""

from itertools import combinations

import numpy as np
import pytest
import shapely
from colorspacious import cspace_convert

from geo.print.ground import View
from geo.snapshot import Snapshots
from geo.style import GROUPS
from tests.test_snapshot import QUIET

SEVERE = 100
EYES = ["full", "grey", "deuteranomaly", "protanomaly", "tritanomaly"]
PATCH = 36
"""Pixels; several times the distance of a hatch's lines."""


@pytest.fixture(scope="module")
def patches(timeline, bundled):
    """What an area of each control looks like in a picture: squares of pixels."""
    pictures = Snapshots(timeline, view=View(hidden={*GROUPS, "labels"}))
    areas = pictures.map.ground.areas
    largest = np.argsort(-shapely.area(areas))
    state, places = timeline.control(QUIET), timeline.control(QUIET, "places")
    found = {}
    for claimed in (False, True):
        for control, area in zip(bundled.controls, largest, strict=False):
            unit = state.index[area]
            state.loc[unit, ["control", "claimed"]] = control, claimed
        pictures.map.paint(state, places, set())
        pixels = pictures.page.pixels()
        for control, area in zip(bundled.controls, largest, strict=False):
            circle = shapely.maximum_inscribed_circle(areas[area])
            x, y = np.round(shapely.get_coordinates(circle)[0]).astype(int) - PATCH // 2
            found[control, claimed] = pixels[y : y + PATCH, x : x + PATCH]
    return found


def seen(patch, eyes):
    """A patch as these eyes see it, in a space where distances are differences: lightness first."""
    colours = patch / 255
    if eyes == "grey":
        lightness = cspace_convert(colours, "sRGB1", "CAM02-UCS")[..., :1]
        return np.concatenate([lightness, np.zeros_like(lightness), np.zeros_like(lightness)], -1)
    if eyes != "full":
        space = {"name": "sRGB1+CVD", "cvd_type": eyes, "severity": SEVERE}
        colours = np.clip(cspace_convert(colours, space, "sRGB1"), 0, 1)
    return cspace_convert(colours, "sRGB1", "CAM02-UCS")


def ground(patch):
    """The colour that most of a patch has."""
    return np.median(patch.reshape(-1, 3), axis=0)


def texture(patch):
    """How much lightness varies from row to row, from column to column, and in all."""
    light = patch[..., 0]
    return np.array([light.mean(axis=1).std(), light.mean(axis=0).std(), light.std()])


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("claimed", [False, True])
def test_every_control_is_told_from_every_other(patches, bundled, eyes, claimed):
    looks = {control: seen(patches[control, claimed], eyes) for control in bundled.controls}
    for one, other in combinations(bundled.controls, 2):
        colour = np.linalg.norm(ground(looks[one]) - ground(looks[other]))
        lines = abs(texture(looks[one]) - texture(looks[other])).max()
        assert colour > 15 or lines > 2.5, (one, other, colour, lines)


def test_colour_alone_would_not_do(patches):
    """In grey the two sides' colours are as good as the same: the hatch tells them apart."""
    grey = [seen(patches[side, False], "grey") for side in ("government", "taliban")]
    assert np.linalg.norm(ground(grey[0]) - ground(grey[1])) < 15
    assert abs(texture(grey[0]) - texture(grey[1])).max() > 5
