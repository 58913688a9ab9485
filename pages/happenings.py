"""The events of a day in words, folded away below what changed hands."""

from datetime import date
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo import events
from geo.study import Study

MOST = 60
"""Events told of one by one."""


def on_day(study: Study, day: date) -> Markup:
    """How many events there were, and how many died, with the list folded; blank for none."""
    here = events.on_day(study.events, day)
    if here.empty:
        return Markup("")
    cards = Markup("").join(_card(event) for event in here.head(MOST).itertuples())
    if len(here) > MOST:
        cards += Markup('<p class="cm-soft">And {:,} more.</p>').format(len(here) - MOST)
    return Markup(
        '<details class="cm-events"><summary>{}</summary>'
        '<p class="cm-soft">Context: they move nothing on the map.</p>{}</details>'
    ).format(events.in_words(here), cards)


def _card(event: Any) -> Markup:
    sides = " – ".join(side for side in (event.side_a, event.side_b) if side)
    what = ": ".join(part for part in (event.kind, sides) if part)
    estimates = (event.deaths, event.deaths_low, event.deaths_high)
    best, low, high = (None if pd.isna(number) else int(number) for number in estimates)
    died = "deaths unknown" if best is None else events.deaths(best, low, high)
    return Markup(
        '<article class="cm-event"><b dir="auto">{}</b><div>{}</div><div>{}</div><div>{}</div>'
        '<div class="cm-soft">{}</div><div class="cm-soft">{}</div></article>'
    ).format(
        event.name or "Event",
        what,
        events.when_in_words(event),
        died,
        event.precision,
        _source(event),
    )


def _source(event: Any) -> Markup:
    if not event.url.lower().startswith(("https://", "http://")):
        return Markup("{}").format(event.source)
    link = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
    return Markup(link).format(event.url, event.source or event.url)
