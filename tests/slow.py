"""The rules of the study format, the slow and obvious way: plain Python, one step after another.

Written from the rules' text alone, to be compared with the fast computation in ``geo``.
"""

import calendar
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WEIGHTS = {"high": 3, "medium": 2, "low": 1}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Report:
    """One claim, its date read."""

    row: int
    id: str
    place: str
    control: str
    form: str
    first: date
    last: date
    named: date
    source: str
    origin: str
    known_on: date | None
    side: str
    weight: int
    disputed: bool
    supersedes: str


@dataclass
class Change:
    """What neighbouring reports of one control say together."""

    control: str
    reports: list[Report]
    day: date
    earliest: date
    latest: date
    disputed: bool
    claimed: bool


def read(row: int, cells: dict[str, str], origin: str, published: str) -> Report:
    """A row of a ledger, and what its source adds."""
    return Report(
        row,
        cells["report_id"],
        cells["place_id"],
        cells["control"],
        *when(cells["when"]),
        source=cells["source_id"],
        origin=origin or cells["source_id"],
        known_on=when(published)[2] if published else None,
        side=cells["claimant_side"],
        weight=WEIGHTS[cells["confidence"]],
        disputed=cells["verdict"] == "disputed",
        supersedes=cells["supersedes"],
    )


def when(text: str) -> tuple[str, date, date, date]:
    """Form, first, last and named day of a written date."""
    if text.startswith("../"):
        day = date.fromisoformat(text[3:])
        return "by", day, day, day
    if text.endswith("~"):
        day = date.fromisoformat(text[:-1])
        return "about", day - 3 * DAY, day + 3 * DAY, day
    if "/" in text:
        first, last = (date.fromisoformat(part) for part in text.split("/"))
        return "interval", first, last, last
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        last = date(year, month, calendar.monthrange(year, month)[1])
        return "month", last.replace(day=1), last, last
    day = date.fromisoformat(text)
    return "day", day, day, day


def usable(
    reports: list[Report], sources: Iterable[str] | None, known_on: date | None
) -> list[Report]:
    """Only the sources asked for, only what was known; then not disputed, not superseded."""
    if sources is not None:
        reports = [r for r in reports if r.source in sources]
    if known_on is not None:
        reports = [r for r in reports if r.known_on is not None and r.known_on <= known_on]
    reports = [r for r in reports if not r.disputed]
    corrected = {r.supersedes for r in reports}
    return [r for r in reports if r.id not in corrected]


def changes(reports: list[Report]) -> list[Change]:
    """The changes of one place, from its usable reports in the ledger's order."""
    return _dated(_groups(reports, standing_days(reports)))


def standing_days(reports: list[Report]) -> dict[int, date]:
    """The day on which each report stands: the one it names, or that of the change it joins.

    Reports wider than a day wait until a change of their control stands on a day they allow
    (the latest, if there are several); when none does, the earliest of them makes its own.
    """
    standing = {r.row: r.named for r in reports if not _wide(r)}
    while len(standing) < len(reports):
        waiting = [r for r in reports if r.row not in standing]
        known = _dated(_groups([r for r in reports if r.row in standing], standing))
        joined = {}
        for r in waiting:
            days = [c.day for c in known if c.control == r.control and r.first <= c.day <= r.last]
            if days:
                joined[r.row] = max(days)
        if not joined:
            earliest = min(r.named for r in waiting)
            joined = {r.row: r.named for r in waiting if r.named == earliest}
        standing |= joined
    return standing


def _groups(
    reports: list[Report], standing: dict[int, date]
) -> list[tuple[str, list[Report], date]]:
    """Neighbours of one control, with the last day on which each group stands (rules 1, 2)."""
    groups: list[tuple[str, list[Report], date]] = []
    for day in sorted({standing[r.row] for r in reports}):
        today = [r for r in reports if standing[r.row] == day]
        held = groups[-1][0] if groups else None
        controls = list(dict.fromkeys(r.control for r in today))
        controls.sort(key=lambda control: (control != held, control != "contested"))
        for control in controls:
            mine = [r for r in today if r.control == control]
            if groups and groups[-1][0] == control:
                mine = groups.pop()[1] + mine
            groups.append((control, mine, day))
    return groups


def _dated(groups: list[tuple[str, list[Report], date]]) -> list[Change]:
    """Day, window and marks of each group (rules 3, 4 and 6)."""
    found: list[Change] = []
    last_seen = None
    for control, reports, stands in groups:
        before = found[-1].day if found else None
        exact = [r for r in reports if r.form == "day"]
        dated = exact or [r for r in reports if _wide(r)]
        sightings = [r.named for r in reports if r.form == "by"]
        day = min([*([_elected(dated)] if dated else []), *sightings])
        day = max(day, before) if before else day
        if dated:
            earliest, latest = min(r.first for r in dated), max(r.last for r in dated)
        else:
            earliest, latest = (last_seen + DAY if last_seen else day), day
        earliest, latest = min(earliest, day), max(latest, day)
        earliest = max(earliest, before) if before else earliest
        found.append(
            Change(
                control,
                reports,
                day,
                earliest,
                latest,
                disputed=any(r.form != "by" and not r.first <= day <= r.last for r in reports),
                claimed=all(r.side == control for r in reports),
            )
        )
        last_seen = stands
    return found


def _elected(reports: list[Report]) -> date:
    """The day of the greatest weight; each origin votes once a day; a tie to the earlier."""
    votes: dict[tuple[date, str], int] = {}
    for r in reports:
        ballot = (r.named, r.origin)
        votes[ballot] = max(votes.get(ballot, 0), r.weight)
    weight: Counter[date] = Counter()
    for (day, _), vote in votes.items():
        weight[day] += vote
    return min(weight, key=lambda day: (-weight[day], day))


def _wide(report: Report) -> bool:
    return report.form in ("interval", "about", "month")


def silent_from(
    reports: list[Report], known_on: date | None, start: date, end: date
) -> date | None:
    """The first day of which no usable report speaks (rule 7)."""
    if not reports:
        return start
    heard = max(r.named for r in reports)
    heard = min(heard, known_on) if known_on else heard
    return None if heard >= end else max(start, heard + DAY)


def state(
    history: list[Change], day: date, silent: date | None, max_window: int
) -> tuple[str, bool]:
    """Control of a place at the end of a day, and whether that is uncertain (rules 5 and 7)."""
    if silent and day >= silent:
        return "unknown", False
    control, uncertain = "unknown", False
    for change in history:
        if change.day <= day:
            control = change.control
        opens = max(change.earliest, change.day - max_window * DAY)
        closes = min(change.latest, opens + max_window * DAY)
        uncertain = uncertain or opens <= day < closes
    return control, uncertain


def majority(towns: list[tuple[str, bool]]) -> tuple[str, bool]:
    """Control of an area by its towns' control and certainty; a tie is contested.

    Uncertain when the uncertain towns, all against the leader, could tie with or overtake it.
    """
    votes = Counter(control for control, _ in towns if control != "unknown")
    sure = Counter(control for control, shaky in towns if control != "unknown" and not shaky)
    shaky = sum(uncertain for _, uncertain in towns)
    leaders = [control for control in votes if votes[control] == max(votes.values())]
    if not leaders:
        return "unknown", shaky > 0
    if len(leaders) > 1:
        return "contested", shaky > 0
    rivals = {"blue", "red", "green", "contested"} - set(leaders)
    best = max(sure[rival] for rival in rivals)
    return leaders[0], shaky > 0 and best + shaky >= sure[leaders[0]]
