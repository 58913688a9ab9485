"""Spells with their shapes: what map files are made of, and the words that travel with them."""

from datetime import date
from typing import Literal

import geopandas as gpd
import pandas as pd

from geo import words
from geo.dates import in_words
from geo.print.captions import Captions, sentence
from geo.study import WGS84
from geo.tables import SPELLS, spells_table
from geo.timeline import Of, Timeline

Units = Literal["areas", "places", "both"]
UNITS: tuple[Units, ...] = ("areas", "places", "both")

_EACH: tuple[Of, ...] = ("areas", "places")


def features(timeline: Timeline, day: date | None = None, of: Units = "areas") -> gpd.GeoDataFrame:
    """Control with its shapes: one day's, or the whole period's.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    day : datetime.date, optional
        One row a unit, its state at the end of that day; else one row a spell, a run of days
        on which nothing changes.
    of : {"areas", "places", "both"}

    Returns
    -------
    geopandas.GeoDataFrame
        :data:`geo.tables.SPELLS` and ``geometry`` in WGS 84: polygons of areas, points of
        places. ``begin`` and ``end`` are the spell's first and last day, or both `day`.
        After the last usable report control is ``unknown``.

    Raises
    ------
    ValueError
        When `day` is not a day of the study.
    """
    found = pd.concat(shaped(timeline, day, of).values(), ignore_index=True)
    return found[[*SPELLS, "geometry"]]


def shaped(timeline: Timeline, day: date | None, of: Units) -> dict[str, gpd.GeoDataFrame]:
    """The spells (:func:`geo.tables.spells_table`) of areas, of places, or of each, with shapes."""
    shapes = {"areas": timeline.study.areas, "places": timeline.study.places}
    found = {}
    for one in _EACH:
        if of in (one, "both"):
            spells = spells_table(timeline, one, day)
            geometry = shapes[one].geometry.array[spells.index]
            found[str(one)] = gpd.GeoDataFrame(spells, geometry=geometry, crs=WGS84)
    return found


def about(timeline: Timeline, day: date | None = None) -> str:
    """What a file of one day, or of the whole period, shows and rests on."""
    settings = timeline.study.settings
    first, last = in_words(settings.start), in_words(settings.end)
    days = f"on {in_words(day)}" if day else f"from {first} to {last}"
    silence = words.silence(timeline)
    said = [
        f"{settings.title}: control {days}.",
        *Captions(timeline).basis,
        f"{sentence(silence)}." if silence else "",
        words.rule(timeline.study),
        settings.disclaimer,
        settings.credit,
    ]
    return " ".join(" ".join(said).split())
