"""Names beside their points, kept apart: where each of many labels may stand.

Boxes and points in, boxes out; the same in always gives the same out. A box is
``left, top, right, bottom`` with y down, all in one unit of length.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

NEAR = (0.0, 5.0)
"""Distances from a point's marker at which a name plainly belongs to it."""

FAR = (14.0, 24.0, 36.0, 50.0, 66.0)
"""Distances at which a name needs a line to its point."""

GAP = 3.0
"""Kept between a name and anything else."""

SWEEPS = 3
"""How often each name looks again for a better spot among the others."""

FEW = 10

CONFUSING = 30.0
"""A name nearer than this to another's marker may be taken for its name."""

MISREAD, UNPLACED = 16.0, 300.0
"""What it costs to stand at another's marker, and to be left out."""

_TURNS = np.arange(16) * np.pi / 8
_AWKWARD = np.array([0, 1, 2, 3, 4, 3, 2, 1.5, 0.8, 1.8, 2.4, 3, 3.5, 3, 2, 1])
"""How little a direction is liked: right first, then left, then slanting."""


class Spot(NamedTuple):
    """Where a name stands: its box, and the line to its point where it needs one."""

    box: tuple[float, float, float, float]
    line: tuple[tuple[float, float], tuple[float, float]] | None


def place(
    points: np.ndarray,
    sizes: np.ndarray,
    radii: np.ndarray,
    clear: float,
    frame: Sequence[float],
    taken: np.ndarray,
    minor: np.ndarray,
) -> list[Spot | None]:
    """Find a spot for each name.

    Parameters
    ----------
    points : numpy.ndarray
        n × 2; a name's order is its rank.
    sizes : numpy.ndarray
        n × 2, width and height.
    radii : numpy.ndarray
        n, of the markers, which no name covers.
    clear : float
        The least distance of a name from its own point.
    frame : sequence of float
        The box that all names stay in.
    taken : numpy.ndarray
        k × 4, boxes that are not free.
    minor : numpy.ndarray of bool
        n, names that may only stand near, and give way to the others.

    Returns
    -------
    list of Spot or None
        None where no spot is free.
    """
    if not len(points):
        return []
    markers = np.column_stack([points - radii[:, None], points + radii[:, None]])
    choices = [
        _Choices(
            points[i],
            sizes[i],
            clear,
            frame,
            np.delete(markers, i, axis=0),
            np.delete(np.where(minor, MISREAD / 4, MISREAD), i),
            taken,
            minor[i],
        )
        for i in range(len(points))
    ]
    best = min((_settle(choices, order) for order in _orders(points, minor)), key=lambda s: s[0])
    return [
        None if at is None else choice.spot(at) for choice, at in zip(choices, best[1], strict=True)
    ]


def _orders(points: np.ndarray, minor: np.ndarray) -> list[np.ndarray]:
    """Several turns in which names may choose: the first to choose has it easiest."""
    rank = np.arange(len(points))
    crowd = (np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) < 90).sum(axis=1)
    x, y = points.T
    keys = (rank, -crowd, x, -x, y, -y)
    return [np.lexsort((rank, key, minor)) for key in keys]


def _settle(choices: list["_Choices"], order: np.ndarray) -> tuple[float, list[int | None]]:
    """Let each name choose in turn, again and again; returns what all the choices cost."""
    chosen: list[int | None] = [None] * len(choices)
    for _ in range(SWEEPS):
        for i in order:
            others = [
                choices[j].solid(at) for j, at in enumerate(chosen) if at is not None and j != i
            ]
            chosen[i] = choices[i].best(np.vstack(others) if others else np.empty((0, 4)))
    cost = sum(choice.cost(at) for choice, at in zip(choices, chosen, strict=True))
    return float(cost), chosen


class _Choices:
    """The spots of one name that are free of all but other names, the best first."""

    def __init__(
        self,
        point: np.ndarray,
        size: np.ndarray,
        clear: float,
        frame: Sequence[float],
        markers: np.ndarray,
        weights: np.ndarray,
        taken: np.ndarray,
        minor: bool,
    ) -> None:
        distance = np.array(NEAR if minor else NEAR + FAR)
        reach, turn = (grid.ravel() for grid in np.meshgrid(distance, _TURNS, indexing="ij"))
        toward = np.column_stack([np.cos(turn), np.sin(turn)])
        anchor = point + toward * (clear + reach)[:, None]
        corner = anchor - size * (1 - toward) / 2
        boxes = np.hstack([corner, corner + size])
        starts = point + toward * clear * 0.6
        lines = np.where((reach > NEAR[-1])[:, None, None], _steps(starts, anchor), np.nan)
        covers = np.concatenate([_grown(boxes, GAP / 2)[:, None], _grown(lines, 1.5)], axis=1)
        inside = (boxes[:, :2] > frame[:2]).all(axis=1) & (boxes[:, 2:] < frame[2:]).all(axis=1)
        walls = np.vstack([markers, taken])
        free = inside & ~_hits(covers, walls)
        cost = reach * 0.35 + np.tile(_AWKWARD, len(distance))
        away = _distances(boxes, markers)
        cost += np.maximum(1 - away / CONFUSING, 0) @ weights
        keep = np.flatnonzero(free)[np.argsort(cost[free], kind="stable")]
        self._boxes, self.covers = boxes[keep], covers[keep]
        self._costs = cost[keep]
        self._unplaced = UNPLACED / 10 if minor else UNPLACED
        self._ends = np.stack([starts, anchor], axis=1)[keep]
        self._far = (reach > NEAR[-1])[keep]

    def best(self, others: np.ndarray) -> int | None:
        # The best few are nearly always enough.
        for start in range(0, len(self.covers), FEW):
            free = np.flatnonzero(~_hits(self.covers[start : start + FEW], others))
            if free.size:
                return start + int(free[0])
        return None

    def solid(self, at: int) -> np.ndarray:
        """What a spot keeps others from: its box, and its line where it has one."""
        return self.covers[at] if self._far[at] else self.covers[at, :1]

    def cost(self, at: int | None) -> float:
        return self._unplaced if at is None else float(self._costs[at])

    def spot(self, at: int) -> Spot:
        (x0, y0), (x1, y1) = self._ends[at].tolist()
        line = ((x0, y0), (x1, y1)) if self._far[at] else None
        return Spot(tuple(self._boxes[at].tolist()), line)


def _steps(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Points along lines as boxes of no size: spots × steps × 4."""
    share = np.linspace(0.2, 1, 5)[None, :, None]
    points = starts[:, None] * (1 - share) + ends[:, None] * share
    return np.concatenate([points, points], axis=2)


def _grown(boxes: np.ndarray, by: float) -> np.ndarray:
    return boxes + np.array([-by, -by, by, by])


def _overlaps(boxes: np.ndarray, walls: np.ndarray) -> np.ndarray:
    """Which of m boxes touch which of k: m × k. What is not a number touches nothing."""
    a, b = boxes[:, None], walls[None]
    return (
        (a[..., 0] < b[..., 2])
        & (b[..., 0] < a[..., 2])
        & (a[..., 1] < b[..., 3])
        & (b[..., 1] < a[..., 3])
    )


def _distances(boxes: np.ndarray, markers: np.ndarray) -> np.ndarray:
    """From m boxes to the middles of k markers: m × k."""
    middles = (markers[None, :, :2] + markers[None, :, 2:]) / 2
    beyond = np.maximum(boxes[:, None, :2] - middles, middles - boxes[:, None, 2:])
    return np.hypot(*np.maximum(beyond, 0).transpose(2, 0, 1))


def _hits(covers: np.ndarray, walls: np.ndarray) -> np.ndarray:
    """Which spots cover any of the walls."""
    touching = _overlaps(covers.reshape(-1, 4), walls).any(axis=1)
    return np.any(touching.reshape(covers.shape[:2]), axis=1)
