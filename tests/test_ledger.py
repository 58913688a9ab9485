"""Filters on the ledger: each on its own, together, and what to loosen."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ledger import Asked, Ledger, loosened
from geo.search import Index
from geo.timeline import Timeline
from tests import tiny
from tests.test_properties import ledgers, timeline_of

LEDGER = """
    place_id  control  when                   source_id  claimant  confidence  verdict
    alpha     blue     ../2021-08-01          wire       mayor     high        used
    alpha     red      2021-08-05             paper      -         medium      used
    beta      red      2021-08-12/2021-08-14  radio      mayor     low         disputed
    gamma     blue     2021-08-03~            wire       -         low         used
    X-W       blue     2021-08                wire       -         low         used
"""


def found(asked: Asked, order: str = "ledger") -> str:
    ledger = Ledger(Timeline(tiny.study(LEDGER)))
    masks = ledger.filters(asked, Index(ledger.timeline.study))
    return " ".join(ledger.table["report_id"].iloc[ledger.rows(masks, order)])


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (Asked(), "r1 r2 r3 r4 r5"),
        (Asked(words="mayor"), "r1 r3"),
        (Asked(place="alpha"), "r1 r2"),
        (Asked(place="X-W"), "r1 r2 r4 r5"),
        (Asked(source=("wire", "radio")), "r1 r3 r4 r5"),
        (Asked(claimant=("mayor",)), "r1 r3"),
        (Asked(control=("red",)), "r2 r3"),
        (Asked(confidence=("low",)), "r3 r4 r5"),
        (Asked(verdict=("disputed",)), "r3"),
        (Asked(use=("moves nothing",)), "r5"),
        (Asked(first=date(2021, 8, 6)), "r3 r4 r5"),
        (Asked(last=date(2021, 8, 4)), "r1 r4 r5"),
        (Asked(first=date(2021, 8, 13), last=date(2021, 8, 13)), "r3 r5"),
        (Asked(control=("red",), verdict=("used",)), "r2"),
    ],
)
def test_each_filter_on_its_own(asked, ids):
    assert found(asked) == ids


def test_orders():
    assert found(Asked(), "oldest") == "r1 r4 r2 r3 r5"
    assert found(Asked(), "newest") == "r5 r3 r2 r4 r1"


def test_what_to_loosen():
    ledger = Ledger(Timeline(tiny.study(LEDGER)))
    asked = Asked(words="mayor", control=("red",), confidence=("high",))
    masks = ledger.filters(asked, Index(ledger.timeline.study))
    assert not ledger.rows(masks).size
    assert loosened(masks) == {"control": 1, "confidence": 1}


def test_days_are_one_filter():
    assert Asked(first=date(2021, 8, 1), last=date(2021, 8, 2), words="x").filters == [
        "words",
        "days",
    ]


some = st.sets(st.sampled_from(["blue", "red", "green", "contested"]))


@given(
    ledger=ledgers(),
    place=st.sampled_from(["", "alpha", "X-W"]),
    control=some,
    days=st.tuples(st.none() | st.dates(), st.none() | st.dates()),
)
def test_an_answer_is_part_of_the_ledger_in_its_order(ledger, place, control, days):
    timeline = timeline_of(ledger)
    book = Ledger(timeline)
    asked = Asked(place=place, control=tuple(control), first=days[0], last=days[1])
    masks = book.filters(asked, Index(timeline.study))
    rows = book.rows(masks)
    assert (np.diff(rows) > 0).all()
    for order in ("oldest", "newest"):
        assert sorted(book.rows(masks, order)) == rows.tolist()
    assert all(len(rows) <= count for count in loosened(masks).values())
