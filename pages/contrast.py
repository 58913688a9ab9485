"""Two readings in words, as HTML: what differs between them, and the reports that did it.

Every text of a study enters through :class:`markupsafe.Markup`, which escapes it.
"""

from datetime import date

import pandas as pd
from markupsafe import Markup

from geo import dates, measures, words
from geo.differences import behind, differences
from geo.timeline import Of, Timeline
from pages import panels, shared


def learned(timeline: Timeline, today: Timeline, then: date, day: date) -> Markup:
    """“What we learned later”: where a day looks different now, and the reports that did it."""
    known_on = dates.in_words(then)
    head = Markup('<h2 class="cm-h2">What we learned later{}</h2>')
    if timeline.is_silent(day):
        text = f"On {known_on} nothing was known of this day yet."
        return head.format("") + Markup('<p class="cm-soft">{}</p>').format(text)
    table = differences(timeline, day, today, day)
    told = (
        "Places whose control, or its day, looks different today."
        if len(table)
        else f"Nothing: what was known on {known_on} of this day is what is known today."
    )
    told_of = table.head(panels.MOST)
    reports = behind(timeline, day, today, day, told_of)
    rows = [
        _difference(timeline, today, place, row, reports.get(place, []))
        for place, row in told_of.iterrows()
    ]
    if len(table) > panels.MOST:
        more = f"And {len(table) - panels.MOST:,} more: the compare page lists them all."
        rows.append(Markup('<p class="cm-soft">{}</p>').format(more))
    count = f" · {len(table):,} place{'' if len(table) == 1 else 's'}" if len(table) else ""
    told = Markup('<p class="cm-soft">{}</p>').format(told)
    body = head.format(count) + told + Markup("").join(rows)
    return Markup('<section class="cm-learned">{}</section>').format(body)


def _difference(
    then: Timeline, now: Timeline, place: str, row: pd.Series, reports: list[int]
) -> Markup:
    controls, ledger = then.study.controls, now.study.reports
    return Markup(
        '<article class="cm-change">{}<div><b>{}</b>'
        "<div>then: {}</div><div>now: <b>{}</b></div>"
        "<details><summary>{}</summary>{}</details></div></article>"
    ).format(
        panels.swatch(controls[row["control_right"]]),
        row["name"],
        held(then, row["control_left"], row["change_left"]),
        held(now, row["control_right"], row["change_right"]),
        f"{words.number(len(reports), 'report').capitalize()} made the difference",
        Markup("").join(panels.evidence(now, ledger.loc[at]) for at in reports),
    )


def held(timeline: Timeline, control: str, change: int) -> str:
    """Who holds a place, and since when: ``Taliban, between 12 and 13 August``."""
    return all_held(timeline, [(control, change)])[0]


def all_held(timeline: Timeline, rows: list[tuple[str, int]]) -> list[str]:
    """:func:`held` of many: the control, and the change in force or −1."""
    sure = panels.sure(timeline)
    labels = {key: control.label for key, control in timeline.study.controls.items()}
    return [
        labels[control] + (f", {sure[change]}" if change >= 0 else "") for control, change in rows
    ]


def side(timeline: Timeline, day: date) -> Markup:
    """Over one of two maps: its day, and under which eyes it is seen."""
    notes = panels.notes(timeline, day) or ["all sources, as known today"]
    return Markup('<h2 class="cm-side"><b>{}</b> <span class="cm-soft">{}</span></h2>').format(
        dates.in_words(day), " · ".join(notes)
    )


def balance_of_two(left: Timeline, day: date, right: Timeline, to: date) -> Markup:
    """What each side holds on two days, or in two readings, and the difference."""
    found = [
        measures.on_day(shared.balances(timeline), at)
        for timeline, at in ((left, day), (right, to))
    ]
    controls, (_, many) = left.study.controls, left.study.settings.area_unit
    totals = shared.balances(left)
    units: dict[measures.Unit, str] = {"areas": many, "km2": "km²", "people": "people"}
    units = {unit: name for unit, name in units.items() if totals[unit].total}
    heads = Markup("").join(
        Markup('<th colspan="3" scope="colgroup">{}, of {:,.0f}</th>').format(
            name, totals[unit].total
        )
        for unit, name in units.items()
    )
    under = Markup('<th scope="col">left</th><th scope="col">right</th><th scope="col">±</th>')
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}{}</th>{}</tr>').format(
            panels.swatch(controls[control]),
            controls[control].label,
            Markup("").join(_two(found, control, unit) for unit in units),
        )
        for control in controls
        if any(control in table.index for table in found)
    )
    return Markup(
        '<div class="cm-scroll"><table class="cm-table"><thead><tr><td></td>{}</tr>'
        "<tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(heads, under * len(units), rows)


def _two(found: list[pd.DataFrame], control: str, unit: measures.Unit) -> Markup:
    left, right = (round(float(table[unit].get(control, 0))) for table in found)
    return Markup("<td>{:,}</td><td>{:,}</td><td><b>{}</b></td>").format(
        left, right, words.signed(right - left)
    )


def two_sides(left: Timeline, day: date, right: Timeline, to: date, unit: str) -> Markup:
    """One place or area on both sides: who holds it, since when, and who says so."""
    names = left.study.names
    parts = Markup("").join(
        Markup('<section><h4 class="cm-soft">{}</h4>{}</section>').format(
            f"{name}, {dates.in_words(at)}", _state(timeline, at, unit)
        )
        for name, timeline, at in (("Left", left, day), ("Right", right, to))
    )
    return Markup('<h3 class="cm-h2">{}</h3><div class="cm-two">{}</div>').format(
        names[unit], parts
    )


def _state(timeline: Timeline, day: date, unit: str) -> Markup:
    """Who holds a unit on a day, and the reports behind it."""
    of: Of = "places" if unit in set(timeline.study.places["place_id"]) else "areas"
    row = timeline.control(day, of).loc[unit]
    reports = timeline.reports[timeline.reports["change"].isin({row["change"], row["pending"]})]
    note = "uncertain on this day" if row["uncertain"] else ""
    return Markup(
        '<div class="cm-change">{}<div><b>{}</b> <span class="cm-soft">{}</span>{}</div></div>'
    ).format(
        panels.swatch(timeline.study.controls[row["control"]]),
        held(timeline, row["control"], row["change"]),
        note,
        Markup("").join(panels.evidence(timeline, report) for _, report in reports.iterrows())
        or Markup('<p class="cm-soft">No report behind it.</p>'),
    )
