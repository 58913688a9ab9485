"""Outlines for the browser: fewer points where there are too many, borders still shared."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from geo import outlines

WEST = Polygon([(0, 0), (2, 0), (2, 1.00001), (2, 3), (0, 3)])
EAST = Polygon([(2, 0), (4, 0), (4, 3), (2, 3), (2, 1.00001)])


def tiling(seed, columns, rows, bends):
    """Quadrangles with bent sides that tile, each with a hole that an island fills."""
    dice = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0)), axis=-1)
    along = np.linspace(0, 1, bends + 2)[1:-1]

    def side(begin, end):
        middle = begin + (end - begin) * along[:, None]
        aside = 0.3 * np.minimum(along, 1 - along) * dice.uniform(-1, 1, bends)
        return [begin, *(middle + (end - begin)[::-1] * aside[:, None])]

    flat = {(r, c): side(corners[r, c], corners[r, c + 1])
            for r in range(rows + 1) for c in range(columns)}  # fmt: skip
    upright = {(r, c): side(corners[r, c], corners[r + 1, c])
               for r in range(rows) for c in range(columns + 1)}  # fmt: skip
    shapes = []
    for r in range(rows):
        for c in range(columns):
            ring = [*flat[r, c], *upright[r, c + 1], corners[r + 1, c + 1],
                    *flat[r + 1, c][:0:-1], corners[r + 1, c], *upright[r, c][:0:-1]]  # fmt: skip
            island = shapely.Point(c + 0.5, r + 0.5).buffer(dice.uniform(0.001, 0.2), 16)
            shapes += [Polygon(ring).difference(island), island]
    return np.array(shapes)


def decoded(told):
    """Shapes as a browser reads them."""
    return [
        MultiPolygon(
            [
                Polygon(rings[0], rings[1:])
                for polygon in shape
                for rings in [[np.cumsum(np.reshape(r, (-1, 2)), axis=0) for r in polygon]]
            ]
        )
        for shape in told
    ]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 9999),
    st.integers(1, 6),
    st.integers(1, 6),
    st.integers(4, 30),
    st.integers(2, 8),
)
def test_simplified_areas_keep_to_the_budget_and_share_their_borders(
    seed, columns, rows, bends, part
):
    shapes = tiling(seed, columns, rows, bends)
    assert shapely.coverage_is_valid(shapes)
    budget = max(shapely.get_num_coordinates(shapes).sum() // part, 20 * len(shapes))
    found = outlines.simplified(shapes, int(budget))
    assert shapely.get_num_coordinates(found).sum() <= budget
    assert shapely.coverage_is_valid(found)
    assert shapely.is_valid(found).all()
    assert (shapely.area(found) > 0).all()
    overlap = shapely.area(shapely.intersection(found, shapes)) / shapely.area(shapes)
    assert overlap.min() > 0.1


def test_a_study_within_the_budget_is_left_exactly_alone(bundled):
    shapes = bundled.areas.geometry.to_numpy()
    assert outlines.simplified(shapes) is shapes


def test_areas_that_do_not_meet_point_by_point_are_simplified_all_the_same():
    shapes = tiling(1, 4, 3, 20)
    torn = np.array([shapely.affinity.translate(s, 1e-4 * at) for at, s in enumerate(shapes)])
    assert not shapely.coverage_is_valid(torn)
    budget = int(shapely.get_num_coordinates(torn).sum() // 3)
    found = outlines.simplified(torn, budget)
    assert shapely.get_num_coordinates(found).sum() <= budget
    assert (shapely.is_valid(found) & (shapely.area(found) > 0)).all()


def test_a_budget_below_what_triangles_need_loses_no_area():
    shapes = tiling(2, 3, 3, 10)
    found = outlines.simplified(shapes, 10)
    assert (shapely.is_valid(found) & (shapely.area(found) > 0)).all()


def test_a_ring_is_its_first_point_and_steps_in_about_a_metre():
    told = outlines.encoded(np.array([WEST, EAST]))
    assert told[0] == [[[0, 0, 200000, 0, 0, 100001, 0, 199999, -200000, 0]]]
    assert decoded(told)[0].intersection(decoded(told)[1]).length == pytest.approx(300000)


def test_parts_and_holes_stay_apart():
    holed = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    told = outlines.encoded(np.array([MultiPolygon([holed, box(5, 5, 6, 6)]), box(7, 7, 8, 8)]))
    assert [[len(polygon) for polygon in shape] for shape in told] == [[2, 1], [1]]
    assert [shape.area / 1e10 for shape in decoded(told)] == pytest.approx([9, 1])


def test_the_bundled_outlines_lose_less_than_a_metre(bundled):
    shapes = bundled.areas.geometry.to_numpy()
    told = np.array(decoded(outlines.encoded(shapes)))
    assert shapely.coverage_is_valid(np.array([shape.geoms[0] for shape in told]))
    for before, after in zip(shapes, told, strict=True):
        at = shapely.get_coordinates(after) * outlines.GRID
        assert shapely.distance(shapely.points(at), before.exterior).max() < outlines.GRID


def test_no_shapes_are_no_lists():
    assert outlines.encoded(np.array([])) == []
