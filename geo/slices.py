"""What the chart of a trend is drawn from: corners of its slices, bars, words for the pointer.

Tables alone, and small: days between which nothing changes are told once.
"""

from typing import Any

import numpy as np
import pandas as pd

from geo import dates, words
from geo.trends import Trend

LEAST_SHARE = 1e-9
"""Of the whole; thinner is an error of adding floats."""

GAP = 0.08
"""Between a bar and the edge of its day, in days."""


def pieces(trend: Trend, unit: float = 1) -> pd.DataFrame:
    """The stack as slices, with nothing where nothing is held.

    Parameters
    ----------
    trend : geo.trends.Trend
    unit : float
        What amounts are divided by.

    Returns
    -------
    pandas.DataFrame
        One row a corner: ``control``, ``uncertain``, ``piece`` (a number for each run of days
        in which there is some of it), ``at`` (position of a day, from which on), ``low`` and
        ``high``. A piece's last row is where it ends.
    """
    breaks, controls = trend.breaks, trend.controls
    held, unsure = (
        frame[controls].to_numpy()[breaks[:-1]] / unit for frame in (trend.held, trend.uncertain)
    )
    thick = np.stack([held - unsure, unsure], axis=2).reshape(len(held), -1)
    high = thick.cumsum(axis=1)
    low = high - thick
    there = thick > trend.balance.total / unit * LEAST_SHARE
    rows: list[tuple] = []
    piece = 0
    for slice in range(thick.shape[1]):
        control, uncertain = controls[slice // 2], bool(slice % 2)
        edges = np.flatnonzero(np.diff(there[:, slice], prepend=False, append=False))
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            bounds = np.stack([low[first:end, slice], high[first:end, slice]], axis=1).round(6)
            moved = np.flatnonzero((np.diff(bounds, axis=0) != 0).any(axis=1)) + 1
            for at in (0, *moved):
                rows.append((control, uncertain, piece, int(breaks[first + at]), *bounds[at]))
            rows.append((control, uncertain, piece, int(breaks[end]), *bounds[-1]))
            piece += 1
    return pd.DataFrame(rows, columns=["control", "uncertain", "piece", "at", "low", "high"])


def bars(trend: Trend) -> pd.DataFrame:
    """Changes per day, stacked by the control that gained.

    Returns
    -------
    pandas.DataFrame
        One row a part of a bar: ``at`` and ``end`` (positions), ``low``, ``high`` and ``look``
        (the control's id).
    """
    gained = trend.gained[trend.controls].to_numpy()
    high = gained.cumsum(axis=1)
    day, control = np.nonzero(gained)
    return pd.DataFrame(
        {
            "at": day + GAP,
            "end": day + 1 - GAP,
            "low": (high - gained)[day, control],
            "high": high[day, control],
            "look": np.array(trend.controls, dtype=object)[control],
        }
    )


def told(trend: Trend) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each day in words, and the numbers of each run of days with the same ones.

    Returns
    -------
    days : pandas.DataFrame
        Each day of the study: ``at`` (its position), ``run``, ``day`` and ``changes`` in words.
    numbers : pandas.DataFrame
        By ``run``: ``told0``, ``told1`` … for each control of the legend.
    """
    controls = trend.timeline.study.controls
    silence = words.silence(trend.timeline)
    numbers: list[dict[str, Any]] = []
    for run, at in enumerate(trend.breaks[:-1]):
        texts = [trend.in_words(control, at) for control in trend.controls]
        numbers.append({"run": run, **{f"told{rank}": text for rank, text in enumerate(texts)}})
    silent = dict.fromkeys((f"told{rank}" for rank in range(len(trend.controls))), "–")
    numbers.append({"run": len(numbers), **silent})
    run_of = np.repeat(np.arange(len(numbers) - 1), np.diff(trend.breaks))
    gained = trend.gained[trend.controls].to_numpy()
    labels = [controls[control].label for control in trend.controls]
    rows = []
    for at, day in enumerate(trend.timeline.days):
        text = f"{dates.weekday(day.date())} {dates.in_words(day.date())}"
        if at >= trend.heard:
            rows.append((at, len(numbers) - 1, f"{text}: {silence}", "–"))
            continue
        won = [f"{label} {n}" for label, n in zip(labels, gained[at], strict=True) if n]
        rows.append((at, int(run_of[at]), text, ", ".join(won) or "none"))
    return pd.DataFrame(rows, columns=["at", "run", "day", "changes"]), pd.DataFrame(numbers)
