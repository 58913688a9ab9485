"""The method page's cases are the study's own."""

from geo.examples import examples
from geo.timeline import Timeline
from tests import tiny

LEDGER = """
place_id  control  when                   source_id  verdict   claimant_side  supersedes
alpha     blue     ../2021-08-01          wire       used      -              -
alpha     red      2021-08-04             wire       used      -              -
alpha     red      2021-08-05             paper      used      -              -
alpha     blue     2021-08-07             paper      used      blue           -
beta      blue     ../2021-08-01          wire       used      -              -
beta      red      2021-08-03/2021-08-09  wire       used      -              -
beta      blue     ../2021-08-11          radio      disputed  -              -
gamma     blue     ../2021-08-01          wire       used      -              -
gamma     red      ../2021-08-20          paper      used      -              -
delta     red      2021-08-02             wire       used      -              -
delta     red      2021-08-03             paper      used      -              r10
"""


def test_each_case_is_found():
    timeline = Timeline(tiny.study(LEDGER))
    found, table = examples(timeline), timeline.changes

    def change(row):
        return table.at[row, "place_id"], table.at[row, "control"]

    assert change(found.disputed) == ("alpha", "red")
    assert found.retaken == "alpha"
    assert change(found.window) == ("beta", "red")
    assert change(found.seen) == ("gamma", "red")
    assert change(found.claimed) == ("alpha", "blue")
    ids = timeline.study.reports["report_id"]
    assert (ids[found.dissent], ids[found.corrected]) == ("r7", "r11")


def test_a_plain_study_has_none_of_them():
    plain = """
    place_id  control  when
    alpha     red      2021-08-04
    """
    assert set(examples(Timeline(tiny.study(plain)))) == {None}


def test_the_real_study_tells_of_kandahars_night_and_of_qala_e_naw(timeline):
    found = examples(timeline)
    assert timeline.changes.at[found.disputed, "place_id"] == "kandahar"
    assert found.retaken == "qala-e-naw"
    assert None not in found[:6]
