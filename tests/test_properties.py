"""What holds for every ledger, tried on ledgers that nobody would think of.

The slow computation of ``tests/slow.py``, written from the rules' text, is the judge.
"""

from datetime import timedelta

import pandas as pd
from hypothesis import assume, given, note
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

from geo.agreement import agreement
from geo.differences import behind, differences
from geo.timeline import Timeline
from tests import slow, tiny
from tests.tiny import august

PLACES = ["alpha", "beta", "gamma", "delta", "fort"]
SOURCES = tiny.bibliography()
ORIGIN = dict(zip(SOURCES["source_id"], SOURCES["origin"], strict=True))
PUBLISHED = dict(zip(SOURCES["source_id"], SOURCES["published"], strict=True))

days = st.integers(-3, 34).map(august)
close_days = st.integers(5, 14).map(august)


@st.composite
def whens(draw, day=close_days):
    """One of the five forms, near the middle of the month more often than not."""
    first = draw(day)
    form = draw(
        st.sampled_from(["day", "day", "interval", "interval", "by", "by", "about", "month"])
    )
    if form == "interval":
        return f"{first}/{first + timedelta(days=draw(st.integers(0, 9)))}"
    return {
        "day": f"{first}",
        "by": f"../{first}",
        "about": f"{first}~",
        "month": f"{first:%Y-%m}",
    }[form]


@st.composite
def ledgers(draw, units=tuple(PLACES), most=12, corrections=False):
    """A ledger of a few places on which a few sources differ."""
    count = draw(st.integers(0, most))
    rows = []
    for number in range(count):
        rows.append(
            tiny.REPORT
            | {
                "report_id": f"r{number}",
                "place_id": draw(st.sampled_from(units)),
                "control": draw(st.sampled_from(["blue", "red", "red", "green", "contested"])),
                "when": draw(st.one_of(whens(), whens(), whens(days))),
                "source_id": draw(st.sampled_from(list(ORIGIN))),
                "claimant_side": draw(st.sampled_from(["", "blue", "red"])),
                "confidence": draw(st.sampled_from(list(slow.WEIGHTS))),
                "verdict": draw(st.sampled_from(["used"] * 5 + ["disputed"])),
            }
        )
    if corrections:
        for number, row in enumerate(rows[1:], 1):
            earlier = [r["report_id"] for r in rows[:number] if r["place_id"] == row["place_id"]]
            row["supersedes"] = draw(st.sampled_from([""] * 6 + earlier))
    return pd.DataFrame(rows, columns=["report_id", "place_id", "control", "when", *tiny.REPORT])


def timeline_of(ledger, sources=None, known_on=None, **chosen):
    """What a ledger says, the ledger shown in full should a test fail."""
    telling = ["place_id", "control", "when", "source_id", "confidence", "verdict", "supersedes"]
    note(ledger[telling].to_string())
    return Timeline(tiny.study(ledger, **chosen), sources, known_on)


def read(ledger):
    """The ledger for the slow computation."""
    return [
        slow.read(row, cells, ORIGIN[cells["source_id"]], PUBLISHED[cells["source_id"]])
        for row, cells in enumerate(ledger.to_dict("records"))
    ]


def by_place(reports, units):
    """The slow computation's changes of each place."""
    return {unit: slow.changes([r for r in reports if r.place == unit]) for unit in units}


@given(ledgers())
def test_changes_are_those_of_the_slow_computation(ledger):
    found = timeline_of(ledger).changes
    expected = [
        (place, c.control, *map(str, (c.day, c.earliest, c.latest)), c.disputed, c.claimed)
        for place, history in by_place(slow.usable(read(ledger), None, None), PLACES).items()
        for c in history
    ]
    text = found.assign(
        **{c: found[c].dt.strftime("%Y-%m-%d") for c in ("day", "earliest", "latest")}
    )
    columns = ["place_id", "control", "day", "earliest", "latest", "disputed", "claimed"]
    assert list(text[columns].itertuples(index=False, name=None)) == expected


@given(
    ledger=ledgers(corrections=True),
    max_window=st.sampled_from([1, 3, 14, 60]),
    sources=st.none() | st.sets(st.sampled_from(list(ORIGIN)), min_size=1),
    known_on=st.none() | days,
)
def test_every_place_on_every_day_is_as_the_slow_computation_says(
    ledger, max_window, sources, known_on
):
    timeline = timeline_of(ledger, sources, known_on, max_window=max_window)
    start, end = timeline.study.settings.start, timeline.study.settings.end
    reports = slow.usable(read(ledger), sources, known_on)
    silent = slow.silent_from(reports, known_on, start, end)
    assert timeline.silent_from == silent
    matrix = timeline.matrix("places")
    for place, history in by_place(reports, PLACES).items():
        states = [slow.state(history, d.date(), silent, max_window) for d in timeline.days]
        assert matrix.control.loc[place].tolist() == [control for control, _ in states]
        assert matrix.uncertain.loc[place].tolist() == [uncertain for _, uncertain in states]


@given(
    ledger=ledgers(units=("alpha", "gamma", "X-W", "X-E")),
    rule=st.sampled_from(["capital", "reported"]),
)
def test_every_area_on_every_day_is_as_the_slow_computation_says(ledger, rule):
    timeline = timeline_of(ledger, area_rule=rule)
    start, end = timeline.study.settings.start, timeline.study.settings.end
    reports = slow.usable(read(ledger), None, None)
    silent = slow.silent_from(reports, None, start, end)
    follows = {"X-W": "alpha", "X-E": "beta"} if rule == "capital" else {"X-W": "X-W", "X-E": "X-E"}
    matrix = timeline.matrix("areas")
    for area, unit in follows.items():
        history = slow.changes([r for r in reports if r.place == unit])
        states = [slow.state(history, d.date(), silent, 14) for d in timeline.days]
        assert matrix.control.loc[area].tolist() == [control for control, _ in states]
        assert matrix.uncertain.loc[area].tolist() == [uncertain for _, uncertain in states]


@given(ledgers(units=("alpha", "gamma", "delta")))
def test_every_majority_on_every_day_is_as_the_slow_computation_says(ledger):
    timeline = timeline_of(ledger, area_rule="majority")
    start, end = timeline.study.settings.start, timeline.study.settings.end
    reports = slow.usable(read(ledger), None, None)
    silent = slow.silent_from(reports, None, start, end)
    towns = by_place(reports, ["alpha", "gamma", "delta"]).values()
    states = [
        slow.majority([slow.state(history, d.date(), silent, 14) for history in towns])
        for d in timeline.days
    ]
    matrix = timeline.matrix("areas")
    assert matrix.control.loc["X-W"].tolist() == [control for control, _ in states]
    assert matrix.uncertain.loc["X-W"].tolist() == [uncertain for _, uncertain in states]
    assert set(matrix.control.loc["X-E"]) == {"unknown"}


@given(ledgers())
def test_days_are_inside_their_windows_and_changes_in_the_order_of_days(ledger):
    found = timeline_of(ledger).changes
    assert (found["earliest"] <= found["day"]).all()
    assert (found["day"] <= found["latest"]).all()
    for _, history in found.groupby("place_id"):
        assert history["day"].is_monotonic_increasing
        assert (history["control"] != history["previous"]).all()
        assert history["previous"].tolist() == ["unknown", *history["control"][:-1]]
        assert (history["earliest"][1:].to_numpy() >= history["day"][:-1].to_numpy()).all()


@given(ledgers(corrections=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_two_holders_on_one_day(ledger, random):
    reports = slow.usable(read(ledger), None, None)
    assume(not any(two_holders_on_one_day([r for r in reports if r.place == p]) for p in PLACES))
    order = list(ledger.index)
    random.shuffle(order)
    shuffled = ledger.loc[order].reset_index(drop=True)
    one, other = timeline_of(ledger), timeline_of(shuffled)
    assert_frame_equal(one.changes, other.changes)
    supports = [t.reports.set_index("report_id")["change"].sort_index() for t in (one, other)]
    assert_series_equal(*supports)


def two_holders_on_one_day(reports):
    """Whether the ledger's order decides who held a place at the end of some day."""
    standing = slow.standing_days(reports)
    holders = {(standing[r.row], r.control) for r in reports if r.control != "contested"}
    return len(holders) > len({day for day, _ in holders})


@given(ledger=ledgers(corrections=True), known_on=days)
def test_a_report_known_later_never_changes_an_earlier_view(ledger, known_on):
    reports = read(ledger)
    later = [r.row for r in reports if r.known_on is not None and r.known_on > known_on]
    before = ledger.drop(later).reset_index(drop=True)
    before["supersedes"] = before["supersedes"].where(
        before["supersedes"].isin(before["report_id"]), ""
    )
    views = [timeline_of(table, known_on=known_on) for table in (before, ledger)]
    assert views[0].silent_from == views[1].silent_from
    assert views[0].undated == views[1].undated
    assert_frame_equal(views[0].changes, views[1].changes)
    for of in ("areas", "places"):
        one, other = (view.matrix(of) for view in views)
        assert_frame_equal(one.control, other.control)
        assert_frame_equal(one.uncertain, other.uncertain)


@given(ledger=ledgers(corrections=True), known_on=days)
def test_a_view_as_known_names_no_day_after_it(ledger, known_on):
    timeline = timeline_of(ledger, known_on=known_on)
    after = timeline.days.date > known_on
    assert (timeline.matrix("places").control.loc[:, after] == "unknown").all(axis=None)
    assert not timeline.matrix("places").uncertain.loc[:, after].any(axis=None)


@given(ledgers(corrections=True))
def test_a_run_is_of_the_change_in_force_and_in_the_window_of_the_one_pending(ledger):
    timeline = timeline_of(ledger)
    for of in ("areas", "places"):
        spells = timeline.spells(of)
        state = ["unit", "control", "uncertain", "claimed", "disputed", "change", "pending"]
        assert not (spells[state] == spells[state].shift()).all(axis=1).any()
        assert (spells["unit"].is_monotonic_increasing) and (spells["first"] >= 0).all()
        known = spells[spells["change"] >= 0]
        at = timeline.changes.loc[known["change"]]
        assert known["control"].tolist() == at["control"].tolist()
        assert (spells["change"] < 0).eq(spells["control"] == "unknown").all()
        assert (spells["pending"] >= 0).eq(spells["uncertain"]).all()
        inside = spells[spells["uncertain"]]
        window, day = timeline.changes.loc[inside["pending"]], timeline.days[inside["first"]]
        assert (window["earliest"] <= day).all()
        assert (day < window["latest"]).all()


@given(ledgers(corrections=True), st.integers(1, 31).map(august))
def test_a_day_as_a_table_is_that_day_of_the_matrix(ledger, day):
    timeline = timeline_of(ledger)
    for of in ("areas", "places"):
        matrix, table = timeline.matrix(of), timeline.control(day, of)
        assert table["control"].tolist() == matrix.control[pd.Timestamp(day)].tolist()
        assert table["uncertain"].tolist() == matrix.uncertain[pd.Timestamp(day)].tolist()
        assert table["since"].isna().eq(table["control"] == "unknown").all()
        assert not (table["since"] > pd.Timestamp(day)).any()


@given(ledger=ledgers(corrections=True), known_on=days)
def test_how_far_sources_agree_never_depends_on_a_report_known_later(ledger, known_on):
    later = [r.row for r in read(ledger) if r.known_on is not None and r.known_on > known_on]
    before = ledger.drop(later).reset_index(drop=True)
    views = [timeline_of(table, known_on=known_on) for table in (before, ledger)]
    assert_frame_equal(*map(agreement, views))
    assert_series_equal(views[0].lone, views[1].lone)


@given(
    ledger=ledgers(corrections=True),
    known_on=days,
    day=st.integers(1, 31).map(august),
    to=st.integers(1, 31).map(august),
)
def test_what_differs_is_what_is_not_the_same_and_reports_explain_it(ledger, known_on, day, to):
    then, now = timeline_of(ledger, known_on=known_on), timeline_of(ledger)
    assume(not then.is_silent(day) and not now.is_silent(to))
    left, right = then.control(day, "places"), now.control(to, "places")
    table = differences(then, day, now, to)
    same = (left["control"] == right["control"]) & (
        left["since"].eq(right["since"]) | left["since"].isna()
    )
    assert set(table.index) == set(same.index[~same])
    reports = behind(then, day, now, to, table)
    both = set(then.reports.index) & set(now.reports.index)
    assert not both & {row for rows in reports.values() for row in rows}
    if day == to:
        assert set(reports) == set(table.index)
