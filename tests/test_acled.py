"""An export of ACLED's becomes reports: who took which place, how precisely, known since when.

The tables are made up in ACLED's layout; nothing of ACLED's is in them.
"""

from datetime import date

import pytest

from geo import cells, study
from geo.importers import acled, actors, draft
from geo.importers.refusal import TableError
from tests import tiny

ROW = {
    "event_id_cnty": "TST1",
    "event_date": "2021-08-13",
    "time_precision": "1",
    "event_type": "Battles",
    "sub_event_type": "Non-state actor overtakes territory",
    "actor1": "Reds",
    "inter1": "2",
    "actor2": "Military Forces of Testland (2004-2021)",
    "inter2": "1",
    "country": "Testland",
    "admin1": "West",
    "admin2": "",
    "admin3": "",
    "location": "Alpha",
    "latitude": "30.5",
    "longitude": "60.5",
    "geo_precision": "1",
    "source": "Radio One; The Paper",
    "notes": "Reds walked in.",
    "timestamp": "1629072000",  # 16 August 2021
}


def write(folder, *rows, name="export.csv", separator=",", upper=False, without=()):
    """Rows of an export, each given by what is unlike ROW."""
    full = [ROW | row for row in rows or [{}]]
    columns = [column for column in ROW if column not in without]
    lines = [[column.upper() if upper else column for column in columns]]
    lines += [[row[column] for column in columns] for row in full]
    text = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def read(tmp_path):
    """Import rows and answer the draft."""
    areas = tmp_path / "areas.geojson"
    areas.write_text(tiny.as_json(tiny.areas()), encoding="utf-8")

    def read(*rows, mapping="", notes=False, **how):
        asked = tmp_path / "map.toml"
        asked.write_text(mapping, encoding="utf-8")
        return acled.draft([write(tmp_path, *rows, **how)], areas, asked, notes=notes)

    return read


def told(made, what):
    """Row and text of the findings of a kind."""
    return [(said.row, said.text) for said in made.findings if said.what == what]


def test_an_overtaken_town_becomes_a_report(read):
    made = read()
    (report,) = made.reports.to_dict("records")
    assert report == {
        "report_id": report["report_id"],
        "place_id": "alpha",
        "control": "reds",
        "when": "2021-08-13",
        "source_id": report["source_id"],
        "claimant": "",
        "claimant_side": "",
        "confidence": "medium",
        "verdict": "used",
        "evidence": ("ACLED has “Non-state actor overtakes territory” at Alpha, West, by Reds."),
        "locator": "event TST1, geo precision 1, time precision 1",
        "supersedes": "",
    }
    (source,) = made.sources.to_dict("records")
    assert source["source_id"] == report["source_id"]
    assert source["origin"] == "Radio One"
    assert source["title"] == "ACLED event data, after Radio One, The Paper"
    assert source["published"] == "2021-08-16"
    assert made.places[["place_id", "area_id"]].values.tolist() == [["alpha", "X-W"]]


def test_a_drafted_export_is_a_study(read, tmp_path):
    made = read({}, {"event_id_cnty": "TST2", "location": "Beta", "longitude": "61.5"})
    found = study.load(draft.write(made, tmp_path / "made"))
    assert found.settings.area_rule == "majority"
    assert list(found.controls) == ["reds", "contested", "unknown"]
    assert "ACLED" in found.settings.credit
    assert found.sources["known_on"].dt.date.tolist() == [date(2021, 8, 16)]


def test_notes_stay_out_unless_asked_for(read):
    assert "walked" not in cells.to_csv(read().reports)
    assert read(notes=True).reports["evidence"].tolist() == ["Reds walked in."]


def test_the_same_export_gives_the_same_ids_in_any_order(read):
    rows = {}, {"event_id_cnty": "TST2", "location": "Beta", "longitude": "61.5"}
    first, again = read(*rows), read(*rows[::-1])
    assert first.reports.equals(again.reports)
    assert first.places.equals(again.places)


# Layouts.


@pytest.mark.parametrize(
    "text", ["2021-08-13", "13 August 2021", "13-Aug-21", "13/08/2021", "13-August-2021"]
)
def test_days_are_read_in_each_of_the_exports_spellings(read, text):
    assert read({"event_date": text}).reports["when"].tolist() == ["2021-08-13"]


def test_columns_are_known_in_any_case_between_semicolons(read):
    assert len(read(separator=";", upper=True).reports) == 1


def test_the_old_layout_has_the_kind_in_the_event_type(read):
    row = {"event_type": "Battle-Government regains territory"}
    made = read(row, without=["sub_event_type", "timestamp", "admin3"])
    assert made.reports["control"].tolist() == ["government"]
    assert made.sources["published"].tolist() == [""]


def test_the_new_layout_has_actors_kinds_in_words(read):
    made = read({"inter1": "State forces", "actor1": ROW["actor2"], "actor2": "", "inter2": "",
                 "sub_event_type": "Non-violent transfer of territory"})  # fmt: skip
    assert made.reports["control"].tolist() == ["government"]


# Precision.


@pytest.mark.parametrize(
    ("precision", "when"),
    [("1", "2021-08-13"), ("2", "2021-08-10/2021-08-16"), ("3", "2021-08")],
)
def test_time_precision_becomes_edtf(read, precision, when):
    assert read({"time_precision": precision}).reports["when"].tolist() == [when]


def test_a_week_ends_when_acled_told_of_it(read):
    made = read({"time_precision": "2", "timestamp": "1628985600"})  # 15 August
    assert made.reports["when"].tolist() == ["2021-08-10/2021-08-15"]


def test_a_location_that_stands_for_a_region_is_kept_with_low_confidence(read):
    made = read({"geo_precision": "3"})
    assert made.reports["confidence"].tolist() == ["low"]
    assert "geo precision 3" in made.reports["locator"].iloc[0]
    assert told(made, "noticed") == [(2, "TST1: “Alpha” stands for a region; low confidence")]


# Who gained.


@pytest.mark.parametrize("turned", [False, True], ids=["as told", "actors turned round"])
@pytest.mark.parametrize(
    ("kind", "control"), [(actors.OVERTAKEN, "reds"), (actors.REGAINED, "government")]
)
def test_who_gained_does_not_hang_on_the_order_of_actors(read, kind, control, turned):
    row = {"sub_event_type": kind}
    if turned:
        row |= {"actor1": ROW["actor2"], "inter1": "1", "actor2": "Reds", "inter2": "2"}
    assert read(row).reports["control"].tolist() == [control]


REBELS = {"event_id_cnty": "TST2", "actor2": "Greens", "inter2": "2"}


def test_of_two_who_may_have_gained_none_is_guessed(read):
    made = read({}, REBELS)
    assert len(made.reports) == 1
    assert told(made, "dropped") == [
        (
            3,
            "TST2: “Non-state actor overtakes territory”: “Reds” or “Greens” may have gained, and "
            "their order has no meaning; [gains] of a mapping file can say who",
        )
    ]


def test_a_mapping_file_says_who_gained(read):
    made = read({}, REBELS, mapping='[gains]\nTST2 = "greens"')
    assert sorted(made.reports["control"]) == ["greens", "reds"]
    made = read(REBELS, mapping="actor1_gains = true")
    assert made.reports["control"].tolist() == ["reds"]
    assert "mapping file says" in str(told(made, "guessed"))


def test_a_mapping_file_names_the_control_of_an_actor(read):
    made = read(mapping='[control]\n"Reds" = "north"')
    assert made.reports["control"].tolist() == ["north"]
    assert (None, "“Reds” is the control “north”") in told(made, "read")


@pytest.mark.parametrize("actor", ["Unidentified Armed Group (Testland)", "Reds and/or Greens"])
def test_nobody_in_particular_holds_nothing(read, actor):
    made = read({}, {"event_id_cnty": "TST2", "actor1": actor})
    assert len(made.reports) == 1
    assert f"“{actor}” is nobody in particular" in told(made, "dropped")[0][1]


def test_a_regime_that_overthrew_another_is_not_taken_for_it(read):
    back = {"sub_event_type": actors.REGAINED}
    fallen = {"event_id_cnty": "TST2", "actor2": "Military Forces of Testland (2021-)"}
    assert sorted(read(back, back | fallen).reports["control"]) == [
        "government-testland-2004-2021",
        "government-testland-2021",
    ]


def test_units_and_police_of_a_regime_are_its_government(read):
    back = {"sub_event_type": actors.REGAINED}
    police = {"event_id_cnty": "TST2",
              "actor2": "Police Forces of Testland (2004-2021) Border Guard"}  # fmt: skip
    assert set(read(back, back | police).reports["control"]) == {"government"}


def test_a_foreign_army_is_not_the_government(read):
    foreign = {"actor1": "Military Forces of Otherland (2000-)", "inter1": "8"}
    made = read(foreign)
    assert made.reports["control"].tolist() == ["military-forces-of-otherland"]


# Versions.


def test_a_later_version_supersedes_the_earlier(read):
    later = {"timestamp": "1629331200", "event_date": "2021-08-12"}  # 19 August
    made = read(later, {})
    old, new = (made.reports[made.reports["when"] == f"2021-08-{day}"] for day in (13, 12))
    assert new["supersedes"].tolist() == old["report_id"].tolist()
    assert sorted(made.sources["published"]) == ["2021-08-16", "2021-08-19"]


@pytest.mark.parametrize(
    "later",
    [{"location": "Beta", "longitude": "61.5"}, {"event_id_cnty": "TST1", "actor2": "Greens",
                                                  "inter2": "2", "admin1": "x"}],
    ids=["elsewhere", "left out"],
)  # fmt: skip
def test_what_a_later_version_takes_back_is_left_out(read, later):
    made = read({}, later | {"timestamp": "1629331200"}, {"event_id_cnty": "TST9"})
    assert "a later version" in str(told(made, "dropped"))
    assert "event TST1, geo precision 1, time precision 1" not in set(
        made.reports[made.reports["place_id"] == "alpha"]["locator"]
    ) - {"event TST9, geo precision 1, time precision 1"}


def test_a_row_that_stands_twice_counts_once(read):
    made = read({}, {})
    assert len(made.reports) == 1
    assert told(made, "dropped") == [(3, "TST1: the same row as one above")]


# Places.


def test_a_name_elsewhere_is_another_place(read):
    made = read({}, {"event_id_cnty": "TST2", "longitude": "61.5", "admin1": "East"})
    assert sorted(made.places["place_id"]) == ["alpha-east", "alpha-west"]
    assert "“Alpha” lies in 2 positions" in told(made, "noticed")[0][1]


def test_a_place_in_no_area_is_told_the_nearest(read):
    made = read({"longitude": "62.1"})
    assert told(made, "noticed") == [
        (2, "“Alpha” at 30.5, 62.1 lies in no area; the nearest is “East” (X-E), 9.6 km away")
    ]


# What is left out.


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"sub_event_type": "Armed clash"}, "“Armed clash” moves nothing"),
        ({"event_date": "soon"}, "TST2: “soon” is no day such as 2021-08-13"),
        ({"event_date": "31/02/2021"}, "TST2: “31/02/2021” is no day such as 2021-08-13"),
        ({"time_precision": "4"}, "TST2: “4” is no time precision (1-3)"),
        ({"latitude": "305"}, "TST2: “Alpha” at “305”, “60.5” is no place"),
        ({"location": ""}, "TST2: “” at “30.5”, “60.5” is no place"),
    ],
)
def test_a_row_that_says_nothing_is_left_out_with_its_reason(read, row, why):
    made = read({}, {"event_id_cnty": "TST2"} | row)
    assert len(made.reports) == 1
    assert told(made, "dropped") == [(3, why)]


# Files that are refused.


def refused(call):
    with pytest.raises(TableError) as error:
        call()
    (problem,) = error.value.problems
    return problem


def test_a_file_of_another_layout_is_refused_by_its_missing_columns(read):
    problem = refused(lambda: read(without=["actor1", "location"]))
    assert (problem.file, problem.row) == ("export.csv", 1)
    assert problem.wrong == "no column “actor1”, “location”"


def test_months_first_are_refused(read):
    problem = refused(lambda: read({}, {"event_date": "08/13/2021"}))
    assert (problem.row, problem.column) == (3, "event_date")
    assert "has the month first" in problem.wrong


def test_an_export_without_territory_is_refused(read):
    problem = refused(lambda: read({"sub_event_type": "Attack"}))
    assert problem.wrong == (
        "no row is left to import; the last was left out since “Attack” moves nothing"
    )


def test_other_encodings_are_refused_with_their_row(read, tmp_path):
    def broken():
        path = write(tmp_path, {"location": "one\ntwo"}, {"location": "Zürich"})
        path.write_bytes(path.read_text("utf-8").encode("latin-1"))
        return acled.draft([path], tmp_path / "areas.geojson")

    problem = refused(broken)
    assert problem.row == 3
    assert "is not UTF-8" in problem.wrong


@pytest.mark.parametrize(
    ("mapping", "key", "wrong"),
    [
        ("[control", "", "not TOML"),
        ("[controls]\nx = 'y'", "controls", "no key “controls”"),
        ("[control]\nReds = 'The Reds'", "id", "String should match"),
    ],
)
def test_a_mapping_file_that_cannot_be_meant_is_refused(read, mapping, key, wrong):
    problem = refused(lambda: read(mapping=mapping))
    assert (problem.file, problem.column) == ("map.toml", key)
    assert wrong in problem.wrong
