"""One day's picture as a file: the map, and all a reader needs to judge it.

A timeline and a day go in, the bytes of a picture come out; the same in always gives the
same out. :class:`Snapshots` keeps the figure between the days of one timeline and changes
only what a day changes. It never touches pyplot or matplotlib's settings, so that several
sessions may draw at once.
"""

import io
import re
from datetime import date
from threading import Lock

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from geo import marginalia, measures, printmap, style, words
from geo.dates import in_words
from geo.marginalia import EDGE, Entry, some
from geo.study import Study
from geo.timeline import Timeline
from geo.typeset import INK, Sheet, plain

SIZE = (1600, 1200)
DPI = 150
FORMATS = ("png",)

COLUMN, GUTTER = 486, 30
"""The right column's width, and what parts it from the map, in units."""

TOP = 168
"""Where map and column begin."""

SOFTWARE = "controlmap"


def render(
    timeline: Timeline,
    day: date,
    *,
    size: tuple[int, int] = SIZE,
    dpi: float = DPI,
    format: str = "png",
) -> bytes:
    """Draw one day.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    day : datetime.date
        One of the study's days.
    size : tuple of int
        Width and height in pixels. A larger picture of the same proportions is the same
        picture, finer.
    dpi : float
        Pixels an inch, which the file tells a printer.
    format : {"png"}

    Returns
    -------
    bytes
        A whole file.
    """
    if format not in FORMATS:
        raise ValueError(f"no picture format “{format}”; it is one of {', '.join(FORMATS)}")
    return Snapshots(timeline, size, dpi).png(day)


def file_name(of: Timeline | Study, day: date, suffix: str = "png") -> str:
    """What a day's picture is called: ``afghanistan-2021_control_20210813.png``."""
    study = of.study if isinstance(of, Timeline) else of
    name = re.sub(r"[^A-Za-z0-9-]+", "-", study.id).strip("-") or "study"
    return f"{name}_control_{day:%Y%m%d}.{suffix}"


def alt_text(timeline: Timeline, day: date) -> str:
    """What a day's picture shows, for those who cannot see it."""
    study = timeline.study
    one, many = study.settings.area_unit
    state = timeline.control(day)
    held = state["control"].value_counts()
    counts = [f"{c.label} {held[c.id]}" for c in study.controls.values() if c.id in held]
    said = [
        f"{study.settings.title}: map of control as of {in_words(day)}.",
        f"Of {len(state)} {many if len(state) != 1 else one}: {', '.join(counts)}.",
    ]
    for column, what in (("uncertain", "Day uncertain"), ("claimed", "Claimed by one side only")):
        if state[column].any():
            said.append(f"{what}: {', '.join(state['name'][state[column]])}.")
    if timeline.is_silent(day):
        said.append(f"{_sentence(words.silence(timeline))}.")
    changes = [f"{entry.name} ({entry.move})" for entry in entries(timeline, day)]
    said.append(
        f"Changes on this day: {', '.join(changes)}." if changes else "No change on this day."
    )
    return " ".join([*said, *basis(timeline)])


def basis(timeline: Timeline) -> list[str]:
    """What a picture rests on: what was known when, from which sources; one sentence each."""
    study = timeline.study
    used = timeline.reports["source_id"].unique()
    said = []
    if timeline.known_on:
        said.append(f"As known on {in_words(timeline.known_on)}.")
    publishers = _unlike(study.sources["publisher"].reindex(used))
    if timeline.sources is None and not timeline.known_on:
        said.append(f"From all {len(study.sources)} sources of the study.")
    elif len(used) == 0:
        said.append("From no source.")
    elif timeline.sources is None:
        said.append(f"From {len(used)} of the study's {len(study.sources)} sources.")
    else:
        names = some(publishers, 4)
        alone = "one source alone" if len(used) == 1 else f"{len(used)} chosen sources"
        said.append(f"From {alone}: {names}.")
    if timeline.undated:
        reports = words.number(timeline.undated, "report")
        said.append(f"{_sentence(reports)} of unknown date of publication left out.")
    return said


def entries(timeline: Timeline, day: date) -> list[Entry]:
    """The changes of a day, the capitals of the most people first.

    The state in which a study starts is no event: its changes are told by control, not by
    place.
    """
    changes = timeline.changes_on(day)
    if day == timeline.study.settings.start:
        return _start(timeline, changes)
    study = timeline.study
    places = study.places.set_index("place_id")
    people = places["area_id"].map(study.areas.set_index("area_id")["population"])
    rank = pd.DataFrame({"minor": ~places["is_capital"], "people": -people.fillna(0)})
    rank = rank.sort_values(["minor", "people"], kind="stable").index
    at = pd.Index(rank).get_indexer(changes["place_id"])
    order = changes.index[np.lexsort((at, at < 0))]
    return [
        Entry(
            study.names[changes.at[change, "place_id"]],
            style.shape(places["kind"].get(changes.at[change, "place_id"], "")),
            study.controls[changes.at[change, "control"]],
            words.from_to(timeline, change),
            words.how_sure(timeline, change),
            _publishers(timeline, [change]),
        )
        for change in order
    ]


def _start(timeline: Timeline, changes: pd.DataFrame) -> list[Entry]:
    found = []
    for control in timeline.study.controls.values():
        same = changes.index[changes["control"] == control.id]
        if len(same):
            name = f"{len(same)} place{'s' if len(same) > 1 else ''}"
            move = words.from_to(timeline, same[0])
            sources = _publishers(timeline, list(same))
            found.append(Entry(name, "circle", control, move, "as the study starts", sources))
    return found


def _publishers(timeline: Timeline, changes: list[int]) -> list[str]:
    behind = timeline.reports[timeline.reports["change"].isin(changes)]["source_id"].unique()
    return _unlike(timeline.study.sources["publisher"].reindex(behind))


def _unlike(publishers: pd.Series) -> list[str]:
    """Publishers without what stands in brackets after their name, each once."""
    return list(dict.fromkeys(re.sub(r"\s*\(.*\)\s*$", "", name) or name for name in publishers))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


class Snapshots:
    """The pictures of one timeline, day after day, on one figure.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    size : tuple of int
        Width and height in pixels.
    dpi : float
        Pixels an inch, which the file tells a printer.

    Attributes
    ----------
    sheet : geo.typeset.Sheet
    map : geo.printmap.ControlMap
    """

    def __init__(
        self, timeline: Timeline, size: tuple[int, int] = SIZE, dpi: float = DPI
    ) -> None:
        self._timeline, self._dpi, self._lock = timeline, dpi, Lock()
        self._balances = measures.balances(timeline)
        self.sheet = sheet = Sheet(size)
        study = timeline.study
        self._right = sheet.width - EDGE
        self._left = self._right - COLUMN
        map_right = self._left - GUTTER
        header, self._situation = marginalia.draw_header(
            sheet, study.settings.title, " ".join(basis(timeline))
        )
        name = printmap.projection(study)[1]
        footer, self._bottom = marginalia.draw_footer(sheet, study, name)
        self._bottom -= 18
        notes, top = marginalia.draw_notes(sheet, study, EDGE, map_right, self._bottom)
        signs, top = marginalia.draw_signs(sheet, study, EDGE, map_right, top - 8)
        self.frame = printmap.Frame(EDGE, TOP, map_right, top - 8)
        self.map = printmap.ControlMap(sheet, study, self.frame)
        totals = {unit: balance.total for unit, balance in self._balances.items()}
        self._legend = marginalia.Legend(sheet, study, totals, self._left, TOP, self._right)
        self._still = [*header, *footer, *notes, *signs, *self._legend.artists, *self.map.under]
        self._told: list[Artist] = []
        self._background, self._names = self._keep_still()

    def _keep_still(self) -> tuple[object, np.ndarray]:
        """Draw once what no day changes: what lies below the day's colours, and above."""
        canvas = self.sheet.canvas
        renderer = canvas.get_renderer()
        renderer.clear()
        for artist in self.map.over:
            artist.draw(renderer)
        above = np.array(canvas.buffer_rgba())
        renderer.clear()
        self.sheet.figure.patch.draw(renderer)
        for artist in self._still:
            artist.draw(renderer)
        return canvas.copy_from_bbox(self.sheet.figure.bbox), above

    def _show(self, day: date) -> None:
        """Put one day on the figure."""
        timeline = self._timeline
        for artist in self._told:
            artist.remove()
        changed = set(timeline.changes_on(day)["place_id"])
        starts = day == timeline.study.settings.start
        self.map.paint(
            timeline.control(day), timeline.control(day, "places"), set() if starts else changed
        )
        self._situation.set_text(f"Situation as of {in_words(day)}")
        silence = _sentence(words.silence(timeline)) if timeline.is_silent(day) else ""
        self._told = self._legend.draw_day(measures.on_day(self._balances, day))
        self._told += marginalia.draw_changes(
            self.sheet,
            entries(timeline, day),
            silence and f"{silence}.",
            self._left,
            self._legend.bottom + 18,
            self._right,
            self._bottom,
        )
        if silence:
            frame = self.frame
            self._told += marginalia.draw_banner(
                self.sheet, silence, frame.left, frame.top, frame.right
            )

    def png(self, day: date) -> bytes:
        """One day as a PNG, with its alt text in the file's ``Description``."""
        with self._lock:
            self._show(day)
            canvas = self.sheet.canvas
            renderer = canvas.get_renderer()
            canvas.restore_region(self._background)
            for artist in self.map.day:
                artist.draw(renderer)
            self._lay_names(renderer)
            for artist in (self._situation, *self._told):
                artist.draw(renderer)
            pixels = np.array(canvas.buffer_rgba())[..., :3]
        return self._encode(pixels, day)

    def _lay_names(self, renderer) -> None:
        context = renderer.new_gc()
        renderer.draw_image(context, 0, 0, self._names[::-1])
        context.restore()

    def _encode(self, pixels: np.ndarray, day: date) -> bytes:
        study = self._timeline.study
        told = PngInfo()
        about = {
            "Title": plain(study.settings.title),
            "Description": alt_text(self._timeline, day),
            "Copyright": plain(study.settings.credit),
            "Software": SOFTWARE,
        }
        for key, text in about.items():
            told.add_itxt(key, text)
        file = io.BytesIO()
        Image.fromarray(pixels).save(
            file, "png", compress_level=1, dpi=(self._dpi, self._dpi), pnginfo=told
        )
        return file.getvalue()
