"""The tables that people take away: whose columns, which rows, in which order."""

import re

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from geo import tables
from geo.study import load
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import assert_table, august

LEDGER = """
    place_id  control    when                   source_id  claimant_side
    alpha     blue       ../2021-08-01          wire       -
    beta      blue       ../2021-08-01          paper      -
    alpha     red        2021-08-08/2021-08-10  wire       red
    beta      red        2021-08-05             paper      -
    beta      red        2021-08-07             radio      -
    beta      red        ../2021-08-20          wire       -
"""


def timeline(ledger=LEDGER, sources=None, known_on=None, **settings):
    """What chosen reports of a ledger say."""
    return Timeline(tiny.study(ledger, **settings), sources, known_on)


def iso(table):
    """A table's days as text, missing ones blank."""
    days = table.select_dtypes("datetime").columns
    texts = {day: table[day].dt.strftime("%Y-%m-%d").fillna("").astype(str) for day in days}
    return table.assign(**texts)


def test_control_on_a_day_in_the_studys_order():
    found = tables.control_table(timeline(), august(9))
    assert tuple(found) == tables.CONTROL
    expected = tiny.table("""
        id   name  control  since       earliest    latest      uncertain  disputed
        X-W  West  blue     2021-08-01  2021-08-01  2021-08-01  yes        no
        X-E  East  red      2021-08-05  2021-08-05  2021-08-07  no         yes
    """)
    assert_frame_equal(found, expected)


def test_control_of_places_is_blank_while_unknown():
    found = iso(tables.control_table(timeline(), august(9), "places"))
    assert found["id"].tolist() == ["alpha", "beta", "gamma", "delta", "fort"]
    assert found.loc[2, ["control", "since", "earliest", "latest"]].tolist() == [
        "unknown",
        "",
        "",
        "",
    ]


def test_changes_by_day_with_what_is_behind_them():
    found = tables.changes_table(timeline())
    assert tuple(found) == tables.CHANGES
    found["reports"] = found["reports"].str.replace(" ", "+")
    found["sources"] = found["sources"].str.replace(" ", "+")
    expected = tiny.table("""
        place_id  place  day         control  previous  earliest    latest      disputed  reports   sources
        alpha     Alpha  2021-08-01  blue     unknown   2021-08-01  2021-08-01  no        r1        wire
        beta      Beta   2021-08-01  blue     unknown   2021-08-01  2021-08-01  no        r2        paper
        beta      Beta   2021-08-05  red      blue      2021-08-05  2021-08-07  yes       r4+r5+r6  paper+radio+wire
        alpha     Alpha  2021-08-10  red      blue      2021-08-08  2021-08-10  no        r3        wire
    """)  # noqa: E501
    assert_frame_equal(found, expected)


def test_changes_of_some_days():
    found = timeline()
    days = {
        (first, last): tables.changes_table(found, first, last)["place_id"].tolist()
        for first in (None, august(5), august(6))
        for last in (None, august(9), august(10))
    }
    assert days == {
        (None, None): ["alpha", "beta", "beta", "alpha"],
        (None, august(9)): ["alpha", "beta", "beta"],
        (None, august(10)): ["alpha", "beta", "beta", "alpha"],
        (august(5), None): ["beta", "alpha"],
        (august(5), august(9)): ["beta"],
        (august(5), august(10)): ["beta", "alpha"],
        (august(6), None): ["alpha"],
        (august(6), august(9)): [],
        (august(6), august(10)): ["alpha"],
    }


def test_a_change_on_a_day_of_silence_is_left_out_as_on_the_map():
    ledger = """
        place_id  control  when        source_id
        alpha     blue     2021-08-03  wire
        beta      red      2021-08     wire
    """
    found = timeline(ledger, known_on=august(20))
    assert found.changes["day"].dt.day.tolist() == [3, 31]
    assert tables.changes_table(found)["place_id"].tolist() == ["alpha"]


def test_every_report_says_what_became_of_it():
    found = timeline(
        """
        report_id  place_id  control  when                   source_id  verdict   supersedes
        b1         beta      blue     ../2021-08-01          wire       used      -
        a1         alpha     blue     ../2021-08-01          wire       used      -
        a2         alpha     red      2021-08-08/2021-08-10  wire       used      -
        a3         alpha     red      2021-08-09             wire       used      a2
        a4         alpha     green    2021-08-09             wire       disputed  -
        w1         X-W       red      2021-08                reprint    used      -
        a5         alpha     red      2021-08-11             radio      used      -
        a6         alpha     red      2021-08-12             undated    used      -
        a7         alpha     red      2021-08-12~            paper      used      -
        """,
        sources=["wire", "reprint", "radio", "undated"],
        known_on=august(20),
    )
    table = tables.reports_table(found)
    ledger = list(found.study.reports)[: -len(("form", "first", "last", "named"))]
    assert list(table) == [*ledger, *tables.ADDED]
    table = iso(table)
    table["use"] = table["use"].str.replace(" ", "_")
    added = "report_id use change_day earliest latest known_on place".split()
    expected = tiny.rows("""
        report_id  use            change_day  earliest    latest      known_on    place
        b1         used           2021-08-01  -           2021-08-01  2021-08-05  Beta
        a1         used           2021-08-01  -           2021-08-01  2021-08-05  Alpha
        a2         superseded     -           2021-08-08  2021-08-10  2021-08-05  Alpha
        a3         used           2021-08-09  2021-08-09  2021-08-09  2021-08-05  Alpha
        a4         disputed       -           2021-08-09  2021-08-09  2021-08-05  Alpha
        w1         moves_nothing  -           2021-08-01  2021-08-31  2021-08-10  West
        a5         not_yet_known  -           2021-08-11  2021-08-11  2021-08-31  Alpha
        a6         undated        -           2021-08-12  2021-08-12  -           Alpha
        a7         not_chosen     -           2021-08-09  2021-08-15  2021-08-15  Alpha
    """)
    assert_frame_equal(table[added], expected, check_dtype=False)
    assert table["source"].tolist()[0] == "Wire via A publisher"
    assert set(table["url"]) == {"https://example.org/page"}


def test_reports_taken_from_exported_reports_are_the_same(tmp_path):
    files = tiny.files(LEDGER)
    first = tables.reports_table(Timeline(load(files.write(tmp_path / "tiny"))))
    files.reports = iso(first)
    again = tables.reports_table(Timeline(load(files.write(tmp_path / "tiny"))))
    assert_frame_equal(again, first)


def test_a_matrix_is_units_by_days():
    found = tables.matrix_table(timeline("place_id control when\nalpha blue ../2021-08-03"))
    days = [f"2021-08-{day:02}" for day in range(1, 32)]
    assert list(found) == ["id", "name", *days]
    assert found["id"].tolist() == ["X-W", "X-E"]
    assert found["name"].tolist() == ["West", "East"]
    assert found.loc[0, days].tolist() == ["unknown"] * 2 + ["blue"] + ["unknown"] * 28
    places = tables.matrix_table(timeline(), "places")
    assert places.loc[1, ["name", "2021-08-04", "2021-08-05"]].tolist() == ["Beta", "blue", "red"]


def test_spells_have_a_first_and_a_last_day():
    found = tables.spells_table(timeline())
    assert list(found) == [*tables.SPELLS, "change", "pending"]
    expected = """
        id   begin       end         control  since       uncertain  claimed  disputed  sources
        X-W  2021-08-01  2021-08-07  blue     2021-08-01  no         no       no        wire
        X-W  2021-08-08  2021-08-09  blue     2021-08-01  yes        no       no        wire
        X-W  2021-08-10  2021-08-20  red      2021-08-10  no         yes      no        wire
        X-W  2021-08-21  2021-08-31  unknown  -           no         no       no        -
        X-E  2021-08-01  2021-08-04  blue     2021-08-01  no         no       no        paper
        X-E  2021-08-05  2021-08-06  red      2021-08-05  yes        no       yes       three
        X-E  2021-08-07  2021-08-20  red      2021-08-05  no         no       yes       three
        X-E  2021-08-21  2021-08-31  unknown  -           no         no       no        -
    """
    found["sources"] = found["sources"].replace("paper radio wire", "three")
    spans = {name: found[name].dt.strftime("%Y-%m-%d") for name in ("begin", "end")}
    assert_table(found.assign(**spans), expected)


@pytest.mark.parametrize("rule", ["capital", "reported", "majority"])
@pytest.mark.parametrize("of", ["areas", "places"])
def test_every_day_of_a_unit_is_in_exactly_one_spell(rule, of):
    found = timeline(area_rule=rule)
    spells = tables.spells_table(found, of)
    days = [
        (row.id, day, row.control)
        for row in spells.itertuples()
        for day in pd.date_range(row.begin, row.end)
    ]
    control = found.matrix(of).control.stack()
    assert days == [(unit, day, held) for (unit, day), held in control.items()]


@pytest.mark.parametrize("rule", ["capital", "reported", "majority"])
@pytest.mark.parametrize("of", ["areas", "places"])
def test_a_days_spells_say_what_control_on_the_day_says(rule, of):
    found = timeline(area_rule=rule)
    for day in (1, 5, 9, 10, 21, 31):
        spells = tables.spells_table(found, of, august(day))[list(tables.CONTROL)]
        control = tables.control_table(found, august(day), of)
        assert_frame_equal(spells.reset_index(drop=True), control)


def test_a_days_spells_begin_and_end_on_it():
    spells = tables.spells_table(timeline(), day=august(9))
    assert spells["begin"].tolist() == spells["end"].tolist() == [pd.Timestamp(august(9))] * 2


def test_a_day_outside_the_study_is_refused():
    with pytest.raises(ValueError, match="2021-09-01 is not a day of the study"):
        tables.spells_table(timeline(), day=august(32))


def test_a_study_without_a_usable_report_has_tables_too():
    found = timeline(sources=[])
    assert tables.changes_table(found).empty
    assert tuple(tables.changes_table(found)) == tables.CHANGES
    assert set(tables.reports_table(found)["use"]) == {"not chosen"}
    spells = tables.spells_table(found, "places")
    assert (spells["control"] == "unknown").all()
    assert len(spells) == 5


def every_table(found):
    return [
        tables.control_table(found, found.study.settings.opens_on),
        tables.changes_table(found),
        tables.reports_table(found),
        tables.matrix_table(found),
        tables.spells_table(found)[list(tables.SPELLS)].assign(lon=0.0, lat=0.0),
    ]


def test_every_column_has_a_hashtag_and_a_meaning(timeline):
    hashtag = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")
    met = set()
    for table in every_table(timeline):
        for of in ("areas", "places"):
            assert all(map(hashtag.fullmatch, tables.tags(table, of)))
        met |= set(table)
    written = {name for name in met if not name.startswith("2021-")}
    assert written == set(tables.COLUMNS)
    assert all(column.meaning for column in tables.COLUMNS.values())


def test_no_two_columns_of_a_table_have_the_same_hashtag(timeline):
    for table in every_table(timeline):
        found = tables.tags(table)
        assert len(set(found)) == len(found)


def test_hashtags_tell_areas_from_places_and_day_from_day():
    table = pd.DataFrame(columns=["id", "name", "2021-08-13", "note"])
    assert tables.tags(table, "areas") == [
        "#adm1+code",
        "#adm1+name",
        "#status+control+d20210813",
        "",
    ]
    assert tables.tags(table, "places")[:2] == ["#loc+code", "#loc+name"]
