"""What a picture says in words: what it rests on, what the day changed, its alt text.

Computed from the timeline alone, nothing is drawn here. A :class:`Captions` looks up once
what all days share.
"""

import re
from datetime import date
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from geo import events, style, words
from geo.dates import in_words
from geo.differences import SIDES, differences
from geo.timeline import Of, Timeline


class Entry(NamedTuple):
    """One change, in words."""

    day: date
    name: str
    shape: str
    control: style.Control
    move: str
    sure: str
    publishers: list[str]


class Difference(NamedTuple):
    """A place or area that two timelines' days show under different control."""

    id: str
    name: str
    shape: str
    control: style.Control
    move: str


class Captions:
    """The words of one timeline's pictures.

    Parameters
    ----------
    timeline : geo.timeline.Timeline
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline, self.study = timeline, timeline.study
        self._told: dict[date, list[Entry]] = {}

    @cached_property
    def _names(self) -> dict[str, str]:
        return self.study.names.to_dict()

    @cached_property
    def _shapes(self) -> dict[str, str]:
        places = self.study.places
        return dict(zip(places["place_id"], places["kind"].map(style.shape), strict=True))

    @cached_property
    def _rank(self) -> dict[str, int]:
        """Where each place stands among all: :attr:`geo.study.Study.ranked`."""
        return {
            place: at
            for at, place in enumerate(self.study.places["place_id"].loc[self.study.ranked])
        }

    @cached_property
    def _behind(self) -> dict[int, list[str]]:
        """The sources behind each change."""
        reports = self.timeline.reports.dropna(subset="change")
        return reports.groupby("change")["source_id"].unique().map(list).to_dict()

    @cached_property
    def basis(self) -> list[str]:
        """What the pictures rest on: known when, from which sources; one sentence each."""
        timeline, total = self.timeline, len(self.study.sources)
        used = list(timeline.reports["source_id"].unique())
        said = []
        if timeline.known_on:
            said.append(f"As known on {in_words(timeline.known_on)}.")
        if not used:
            said.append("From no source.")
        elif timeline.sources is not None:
            chosen = "one source alone" if len(used) == 1 else f"{len(used)} chosen sources"
            said.append(f"From {chosen}: {some(self._publishers(used), 5)}.")
        elif total == 1:
            said.append(f"From the study's only source: {some(self._publishers(used), 1)}.")
        elif timeline.known_on:
            said.append(f"From {len(used)} of the study's {total} sources.")
        else:
            said.append(f"From all {total} sources of the study.")
        if timeline.claimants is not None:
            said.append(f"{sentence(words.claimed_by(timeline))}.")
        if timeline.undated:
            reports = sentence(words.number(timeline.undated, "report"))
            said.append(f"{reports} of unknown date of publication left out.")
        return said

    @cached_property
    def _source_names(self) -> dict[str, str]:
        """What stands in brackets after a name is for the table of sources."""
        sources = self.study.sources
        names = words.source_names(sources)
        return {
            source: re.sub(r"\s*\([^()]*\)\s*$", "", name) or name for source, name in names.items()
        }

    def _publishers(self, sources: list[str]) -> list[str]:
        """The names of sources, each once."""
        return list(dict.fromkeys(self._source_names[source] for source in sources))

    def silence(self, day: date) -> str:
        """Words for a day of which no usable report speaks any more; else blank."""
        return sentence(words.silence(self.timeline)) if self.timeline.is_silent(day) else ""

    def entries(self, day: date) -> list[Entry]:
        """The changes of a day, the capitals of the most people first.

        The state in which a study starts is no event: it is told by control, not by place.
        """
        if day not in self._told:
            self._told[day] = self._entries(day)
        return self._told[day]

    def _entries(self, day: date) -> list[Entry]:
        changes = self.timeline.changes_on(day)
        if day == self.study.settings.start:
            return self._start(day, changes)
        ids = changes["place_id"].to_dict()
        order = sorted(ids, key=lambda change: self._rank.get(ids[change], len(self._rank)))
        return [self._entry(change, day, ids[change]) for change in order]

    def earlier(self, day: date, most: int) -> list[tuple[date, str, list[str]]]:
        """The last changes before a day and after the start, the latest first.

        Returns
        -------
        list of tuple
            The day, who holds them since, and the places, for at most so many such groups.
        """
        changes = self.timeline.changes
        at, start = pd.Timestamp(day), pd.Timestamp(self.study.settings.start)
        days = changes["day"][(changes["day"] < at) & (changes["day"] > start)].unique()
        found: list[tuple[date, str, list[str]]] = []
        for before in sorted(days, reverse=True):
            groups: dict[str, list[str]] = {}
            for entry in self.entries(before.date()):
                groups.setdefault(entry.control.label, []).append(entry.name)
            found += [(before.date(), label, names) for label, names in groups.items()]
            if len(found) >= most:
                break
        return found[:most]

    def differences(self, day: date, other: "Captions", to: date) -> list[Difference]:
        """What is under another control on another day, or in the eyes of others.

        Places, those of the most people first, and areas where reports name them. A day of
        silence differs from nothing: no report speaks of it.
        """
        kinds: list[Of] = ["places"]
        if self.study.settings.area_rule == "reported":
            kinds.append("areas")
        found = []
        for of in kinds:
            table = differences(self.timeline, day, other.timeline, to, of)
            for unit, row in table[table["moved"]].iterrows():
                left, right = (self.study.controls[row[f"control_{side}"]] for side in SIDES)
                shape = self._shapes.get(str(unit), style.OTHER_KIND)
                move = f"{left.label} → {right.label}"
                found.append(Difference(str(unit), row["name"], shape, right, move))
        return sorted(found, key=lambda one: self._rank.get(one.id, len(self._rank)))

    def redated(self, day: date, other: "Captions", to: date) -> int:
        """How many places are under the same control, but since another day."""
        return int((~differences(self.timeline, day, other.timeline, to)["moved"]).sum())

    def _entry(self, change: int, day: date, place: str) -> Entry:
        control = self.study.controls[self.timeline.changes.at[change, "control"]]
        return Entry(
            day,
            self._names[place],
            self._shapes.get(place, style.OTHER_KIND),
            control,
            words.from_to(self.timeline, change),
            words.how_sure(self.timeline, change),
            self._publishers(self._behind.get(change, [])),
        )

    def _start(self, day: date, changes: pd.DataFrame) -> list[Entry]:
        found = []
        for control in self.study.controls.values():
            same = changes.index[changes["control"] == control.id]
            if not len(same):
                continue
            sources = dict.fromkeys(source for c in same for source in self._behind.get(c, []))
            name = f"{len(same)} place{'' if len(same) == 1 else 's'}"
            said = self._publishers(list(sources))
            at = "as the study starts"
            found.append(Entry(day, name, "circle", control, control.label, at, said))
        return found

    def alt_text(self, day: date) -> str:
        """What the day's picture shows, for those who cannot see it."""
        said = [f"{self.study.settings.title}: map of control as of {in_words(day)}."]
        said += self._state(day)
        changes = [f"{entry.name} ({entry.move})" for entry in self.entries(day)]
        said.append(
            f"Changes on this day: {', '.join(changes)}." if changes else "No change on this day."
        )
        return _one_line([*said, *self.basis])

    def no_difference(self, day: date, other: "Captions", to: date) -> str:
        """Why nothing is said to differ between two days."""
        sides = ((self, day), (other, to))
        silences = {words.silence(s.timeline) for s, at in sides if s.timeline.is_silent(at)}
        return f"nothing to compare, {' and '.join(sorted(silences))}" if silences else "nothing"

    def alt_text_beside(self, day: date, other: "Captions", to: date) -> str:
        """What a picture of two maps side by side shows."""
        differs = [f"{one.name} ({one.move})" for one in self.differences(day, other, to)]
        said = [
            f"{self.study.settings.title}: two maps of control side by side.",
            f"Left, {in_words(day)}:",
            *self._state(day),
            f"Right, {in_words(to)}:",
            *other._state(to),
            f"What differs: {', '.join(differs) or self.no_difference(day, other, to)}.",
        ]
        same = self.basis == other.basis
        basis = self.basis if same else ["Left:", *self.basis, "Right:", *other.basis]
        return _one_line([*said, *basis])

    def _state(self, day: date) -> list[str]:
        one, many = self.study.settings.area_unit
        state = self.timeline.control(day)
        held = state["control"].value_counts().to_dict()
        counts = [f"{c.label} {held[c.id]}" for c in self.study.controls.values() if c.id in held]
        said = [f"Of {len(state)} {one if len(state) == 1 else many}: {', '.join(counts)}."]
        for column, what in (("uncertain", "Uncertain"), ("claimed", "Claimed by one side only")):
            names = state["name"][state[column].to_numpy(bool)]
            if len(names):
                said.append(f"{what}: {', '.join(names)}.")
        if silence := self.silence(day):
            said.append(f"{silence}.")
        happened = events.on_day(self.study.events, day)
        if len(happened):
            said.append(f"Context of that day: {events.in_words(happened)}.")
        return said


def _one_line(said: list[str]) -> str:
    return " ".join(" ".join(said).split())


def some(names: list[str], most: int) -> str:
    """The first few of some names, and how many more there are.

    Examples
    --------
    >>> some(["TASS", "VOI", "VOA News"], 2)
    'TASS and 2 more'
    """
    if len(names) <= most:
        return ", ".join(names)
    shown = max(most - 1, 1)
    return f"{', '.join(names[:shown])} and {len(names) - shown} more"


def sentence(text: str) -> str:
    """A text with a capital at its start."""
    return text[:1].upper() + text[1:]
