"""One day's picture as a file: the map, and all a reader needs to judge it.

A timeline and a day go in, the bytes of a picture come out; the same in always gives the
same out. :class:`Snapshots` keeps the figure between the days of one timeline and changes
only what a day changes; :func:`beside` sets two days, or two readings of one, next to each
other. Nothing here touches pyplot, so that several sessions may draw at once.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from threading import Lock
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist

from geo import measures, words
from geo.dates import in_brief, in_words
from geo.files import stem
from geo.print import ground, legend, margins, news
from geo.print.captions import Captions, sentence
from geo.print.ground import EVERYTHING, Box, View
from geo.print.legend import Legend
from geo.print.map import ControlMap, shows_events
from geo.print.page import About, Page
from geo.print.plan import GUTTER, plan
from geo.print.typeset import INK, LEADING, Sheet
from geo.study import Study
from geo.timeline import Timeline


class Paper(NamedTuple):
    """A picture's width and height in pixels, and how many of them make an inch."""

    size: tuple[int, int]
    dpi: float


PRESETS = {
    "screen": Paper((1600, 1200), 150),
    "slide": Paper((1920, 1080), 144),
    "a4-landscape": Paper((3508, 2480), 300),
    "a4-portrait": Paper((2480, 3508), 300),
    "square": Paper((1600, 1600), 150),
}
"""Papers by name: a slide of 16:9 is 13⅓ × 7½ inches, as presentations have it."""

SIZE, DPI = PRESETS["screen"]

CAPTION, CAPTION_SIZE, NOTE_SIZE, MOST_NOTES = 40, 21, 15.5, 3
"""Above each of two maps: its day, and in a few lines what it rests on."""


def render(
    timeline: Timeline,
    day: date,
    *,
    size: tuple[int, int] = SIZE,
    dpi: float = DPI,
    format: str = "png",
    view: View = EVERYTHING,
) -> bytes:
    """Draw one day; for many of one timeline, keep a :class:`Snapshots`.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    day : datetime.date
        One of the study's days.
    size : tuple of int
        Width and height in pixels. A larger picture of the same proportions is the same
        picture, finer.
    dpi : float
        Pixels an inch: how large the picture is on paper.
    format : {"png", "svg", "pdf"}
    view : geo.print.ground.View
        Which part of the study, and what on it.

    Returns
    -------
    bytes
        A whole file.

    Raises
    ------
    ValueError
        When `day` is not a day of the study, or `format` is none of :data:`geo.print.page.FORMATS`.
    """
    return Snapshots(timeline, size, dpi, view).draw(day, format)


def file_name(
    of: Timeline | Study, day: date, suffix: str = "png", other: date | None = None
) -> str:
    """What a day's picture is called: ``afghanistan-2021_control_20210813.png``.

    With two days side by side: ``afghanistan-2021_control_20210806_20210813.png``.
    """
    study = of.study if isinstance(of, Timeline) else of
    days = "_".join(f"{one:%Y%m%d}" for one in (day, other) if one)
    return f"{stem(study.id)}_control_{days}.{suffix}"


def alt_text(timeline: Timeline, day: date) -> str:
    """What a day's picture shows, for those who cannot see it."""
    return Captions(timeline).alt_text(day)


class Snapshots:
    """The pictures of one timeline, day after day, on one figure.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    size, dpi, view
        As in :func:`render`.

    Attributes
    ----------
    page : geo.print.page.Page
    map : geo.print.map.ControlMap
    news : geo.print.ground.Box
        Where the day's changes stand.
    """

    def __init__(
        self,
        timeline: Timeline,
        size: tuple[int, int] = SIZE,
        dpi: float = DPI,
        view: View = EVERYTHING,
    ) -> None:
        self._timeline, self._lock = timeline, Lock()
        self._captions = Captions(timeline)
        self._balances = measures.balances(timeline)
        sheet, study = Sheet(size, dpi), timeline.study
        basis = [*self._captions.basis, *_part(view)]
        totals = {unit: balance.total for unit, balance in self._balances.items()}
        notes = [legend.shares_of(totals), words.rule(study)]
        heads = [study.settings.area_unit[1], "km²", "people"]
        key = partial(Legend, sheet, study, heads, notes)
        frame = _Frame(sheet, study, " ".join(basis), view, key, "changed this day")
        self.map = ControlMap(sheet, study, frame.map, view)
        self._legend, self.news = frame.legend, frame.news
        self.page = Page(sheet, dpi, [self.map], frame.artists)

    def _show(self, day: date) -> None:
        """Put one day on the figure."""
        timeline, sheet = self._timeline, self.page.sheet
        areas, places = timeline.control(day), timeline.control(day, "places")
        # The state in which a study starts is no event of that day.
        opening = day == timeline.study.settings.start
        changed = set() if opening else set(timeline.changes_on(day)["place_id"])
        self.map.paint(areas, places, changed, day)
        situation = f"Situation as of {in_words(day)}"
        told: list[Artist] = [margins.draw_situation(sheet, situation)]
        whole = self._balances["areas"].total
        counts = legend.counts_of_day(measures.on_day(self._balances, day), whole)
        told += self._legend.draw_counts(counts, (f"0 of {whole:.0f}", "–", "–"))
        told += news.draw_changes(sheet, self._captions, day, self.news)
        if silence := self._captions.silence(day):
            told += self.map.draw_banner(silence)
        self.page.tell(told)

    def draw(self, day: date, format: str = "png") -> bytes:
        """One day as a whole file, with its alt text in it.

        Raises
        ------
        ValueError
            As :func:`render`.
        """
        about = _about(self._timeline.study, self._captions.alt_text(day))
        with self._lock:
            self._show(day)
            return self.page.write(format, about)

    def pixels(self, day: date) -> np.ndarray:
        """One day's PNG as rows of pixels: height × width × 3, uint8."""
        with self._lock:
            self._show(day)
            return self.page.pixels()


def beside(
    left: Timeline,
    day: date,
    right: Timeline,
    to: date,
    *,
    size: tuple[int, int] = SIZE,
    dpi: float = DPI,
    format: str = "png",
    view: View = EVERYTHING,
) -> bytes:
    """Draw two maps side by side, and what differs: two days, or two readings of a day.

    Parameters
    ----------
    left, right : geo.timeline.Timeline
        Of one study; the same one for two days.
    day, to : datetime.date
        Of the left map and of the right one.
    size, dpi, format, view
        As in :func:`render`.

    Raises
    ------
    ValueError
        As :func:`render`.
    """
    captions, others = Captions(left), Captions(right)
    page = side_by_side(captions, day, others, to, Sheet(size, dpi), dpi, view)
    return page.write(format, _about(left.study, captions.alt_text_beside(day, others, to)))


def side_by_side(
    captions: Captions, day: date, others: Captions, to: date, sheet: Sheet, dpi: float, view: View
) -> Page:
    """The page of :func:`beside`."""
    study, sides = captions.study, (captions, others)
    same = captions.basis == others.basis
    basis = [*(captions.basis if same else []), *_part(view)]
    heads = [in_brief(day), in_brief(to)] if day != to else ["left", "right"]
    key = partial(Legend, sheet, study, [*heads, "change"], [words.rule(study)], strong=2)
    frame = _Frame(sheet, study, " ".join(basis), view, key, "differs", maps=2)
    differences = captions.differences(day, others, to)
    changed = {difference.id for difference in differences}
    situation = f"{in_words(day)} beside {in_words(to)}"
    if day == to:
        situation = f"{in_words(day)} in two readings"
    told: list[Artist] = [margins.draw_situation(sheet, situation)]
    notes = [[] if same else _notes(sheet, side, frame.halves[0].width) for side in sides]
    above = CAPTION + max(map(len, notes)) * NOTE_SIZE * LEADING
    maps = []
    for half, side, at, said in zip(frame.halves, sides, (day, to), notes, strict=True):
        told.append(sheet.text(half.left, half.top + 24, in_words(at), CAPTION_SIZE, INK, True))
        told += sheet.paragraph(half.left, half.top + CAPTION - 8, said, NOTE_SIZE)
        world = ControlMap(sheet, study, half._replace(top=half.top + above), view, changed)
        control = side.timeline.control
        world.paint(control(at), control(at, "places"), changed, at)
        if silence := side.silence(at):
            told += world.draw_banner(silence)
        maps.append(world)
    held = [
        measures.on_day(measures.balances(side.timeline), at)
        for side, at in ((captions, day), (others, to))
    ]
    silent = bool(captions.silence(day) or others.silence(to))
    told += frame.legend.draw_counts(
        legend.counts_of_two(held[0], held[1], not silent), ("0", "0", "–" if silent else "0")
    )
    many = f"{len(differences):,} place{'' if len(differences) == 1 else 's'}"
    heading = f"{many} under another control" if differences else "What differs"
    if redated := captions.redated(day, others, to):
        heading += f", {redated:,} more since another day"
    nothing = f"{sentence(captions.no_difference(day, others, to))}."
    told += news.draw_differences(sheet, differences, heading, nothing, frame.news)
    page = Page(sheet, dpi, maps, frame.artists)
    page.tell(told)
    return page


def _notes(sheet: Sheet, side: Captions, width: float) -> list[str]:
    """What one of two maps rests on, in a few lines."""
    lines = sheet.wrap(" ".join(side.basis), NOTE_SIZE, width)
    return sheet.cut_lines(lines, MOST_NOTES, NOTE_SIZE, width)


class _Frame:
    """What stands around the maps of every picture, and the room it leaves."""

    def __init__(
        self,
        sheet: Sheet,
        study: Study,
        basis: str,
        view: View,
        key: Callable[[Box], Legend],
        ringed: str,
        maps: int = 1,
    ) -> None:
        header = margins.draw_header(sheet, study.settings.title, basis)
        name = ground.projection(study)[1]
        footer, foot = margins.draw_footer(sheet, study.settings, name)
        room = plan(sheet, ground.aspect(study, view.bounds), foot - 16, maps)
        self.legend = key(room.legend)
        after = self.legend.bottom + 20
        self.news = room.news._replace(top=after) if room.news == room.legend else room.news
        notes_in = room.notes._replace(top=after) if room.notes == room.legend else room.notes
        notes, top = legend.draw_notes(sheet, study, notes_in)
        left, _, right, bottom = room.ground
        end = top - 8 if room.notes == room.ground else bottom
        signs, top = legend.draw_signs(
            sheet, study, left, right, end, ringed, shows_events(study, view)
        )
        self.artists = [*header, *footer, *self.legend.artists, *notes, *signs]
        self.map: Box = room.ground._replace(bottom=top - 8)
        middle = self.map.middle[0]
        self.halves = [
            self.map._replace(right=middle - GUTTER / 2),
            self.map._replace(left=middle + GUTTER / 2),
        ]


def _part(view: View) -> Sequence[str]:
    """A map of a part says so: counts and changes are the whole study's."""
    return ["The map shows a part; counts and changes are of the whole."] if view.bounds else []


def _about(study: Study, alt_text: str) -> About:
    return About(study.settings.title, alt_text, study.settings.credit)
