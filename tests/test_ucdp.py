"""Rows of UCDP's GED become context events, with their precision in words.

The tables are made up in GED's layout.
"""

import pytest

from geo import study
from geo.importers import draft, ucdp
from geo.importers.refusal import TableError
from geo.payload import timeline_payload
from geo.timeline import Timeline
from tests import tiny

ROW = {
    "id": "244657",
    "relid": "TST-2021-1-1",
    "year": "2021",
    "type_of_violence": "1",
    "conflict_name": "Testland: Government",
    "dyad_name": "Government of Testland - Reds",
    "side_a": "Government of Testland",
    "side_b": "Reds",
    "number_of_sources": "2",
    "source_article": "Radio One, 2021-08-14, “Clashes”",
    "source_office": "Radio One;The Paper;Radio One",
    "where_prec": "1",
    "where_coordinates": "Alpha town",
    "adm_1": "West",
    "adm_2": "",
    "latitude": "30.5",
    "longitude": "60.5",
    "country": "Testland",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2021-08-13 00:00:00.000",
    "date_end": "2021-08-13 00:00:00.000",
    "deaths_a": "4",
    "deaths_b": "6",
    "best": "10",
    "high": "14",
    "low": "8",
}


@pytest.fixture
def read(tmp_path):
    areas = tmp_path / "areas.geojson"
    areas.write_text(tiny.as_json(tiny.areas()), encoding="utf-8")

    def read(*rows, without=()):
        columns = [column for column in ROW if column not in without]
        lines = [columns, *([(ROW | row)[name] for name in columns] for row in rows or [{}])]
        text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
        (tmp_path / "ged.csv").write_text(text, encoding="utf-8")
        return ucdp.draft([tmp_path / "ged.csv"], areas)

    return read


def told(made, what):
    return [(said.row, said.text) for said in made.findings if said.what == what]


def test_a_row_becomes_an_event(read):
    (event,) = read().events.to_dict("records")
    assert event == {
        "event_id": "ucdp-244657",
        "when": "2021-08-13",
        "lat": 30.5,
        "lon": 60.5,
        "name": "Alpha town, West",
        "kind": "state-based conflict",
        "side_a": "Government of Testland",
        "side_b": "Reds",
        "deaths": "10",
        "deaths_low": "8",
        "deaths_high": "14",
        "source": "UCDP GED, after Radio One, The Paper",
        "url": "https://ucdp.uu.se/downloads/",
        "precision": "exact place; exact day",
    }


def test_the_window_is_from_the_first_day_to_the_last(read):
    made = read({"date_prec": "3", "date_end": "2021-08-19"})
    assert made.events["when"].tolist() == ["2021-08-13/2021-08-19"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"where_prec": "2", "date_prec": "2"}, "within about 25 km; within two to six days"),
        ({"where_prec": "4", "date_prec": "4"}, "somewhere in the province; within a month"),
        ({"event_clarity": "2"}, "exact place; exact day; told of in sums of several events"),
        ({"where_prec": "", "date_prec": ""}, ""),
    ],
)
def test_precision_is_said_in_words(read, row, words):
    assert read(row).events["precision"].tolist() == [words]


def test_a_drafted_release_is_a_study_that_says_nothing_of_control(read, tmp_path):
    found = study.load(draft.write(read(), tmp_path / "made"))
    assert len(found.events) == 1
    assert len(found.reports) == len(found.places) == 0
    assert "CC BY 4.0" in found.settings.credit
    assert timeline_payload(Timeline(found))["places"] == []
    about = (tmp_path / "made" / "README.md").read_text(encoding="utf-8")
    assert "copy this folder's events.csv into the other study's folder" in about


def test_what_is_elsewhere_is_left_out_with_its_count(read):
    made = read({}, {"id": "2", "latitude": "10"}, {"id": "3", "longitude": "63"})
    assert made.events["event_id"].tolist() == ["ucdp-244657"]
    assert told(made, "dropped") == [(3, "not in the areas, nor within 0.25 degrees of them")]
    assert [said.rows for said in made.findings if said.what == "dropped"] == [2]


def test_an_event_just_over_the_border_is_kept(read):
    assert len(read({"longitude": "62.1"}).events) == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"latitude": "305"}, "2: “305”, “60.5” is no place on earth"),
        ({"date_start": "13.8.2021"}, "2: “13.8.2021” to “2021-08-13 00:00:00.000” are no days"),
        ({"date_start": "2021-08-14"}, "2: 2021-08-14 is later than 2021-08-13"),
        ({"best": "20"}, "2: “8”, “20”, “14” are no low, best and high number of deaths"),
        ({"low": ""}, "2: “”, “10”, “14” are no low, best and high number of deaths"),
    ],
)
def test_a_row_that_cannot_be_is_left_out_with_its_reason(read, row, why):
    made = read({}, {"id": "2"} | row)
    assert len(made.events) == 1
    ((at, said),) = told(made, "dropped")
    assert at == 3
    assert said.startswith(why)


def test_of_an_event_that_stands_twice_the_last_counts(read):
    made = read({}, {"best": "11"})
    assert made.events["deaths"].tolist() == ["11"]
    assert told(made, "dropped") == [(2, "244657: stands again further down, which counts")]


def test_another_table_is_refused(read):
    with pytest.raises(TableError) as error:
        read(without=["best", "date_end"])
    assert error.value.problems[0].wrong == "no column “date_end”, “best”"
