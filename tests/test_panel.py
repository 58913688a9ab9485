"""A table of observed states becomes a study that says what the table says, and no more."""

import gzip
import zipfile
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import cells, study, tables
from geo.importers import draft, panel
from geo.importers.refusal import TableError
from geo.timeline import Timeline
from tests import panels, tiny
from tests.panels import MAPPING, PLACES, STATES, control, drafted, of_files, reports, states, told


def refused(folder, *texts, **how):
    """What is said of a table that is not taken."""
    with pytest.raises(TableError) as error:
        drafted(folder, *texts, **how)
    return error.value


def only(error):
    """The one problem of a refusal."""
    (problem,) = error.problems
    return problem


# What a table says.


def test_a_run_is_two_reports_its_first_day_and_its_last(tmp_path):
    assert reports(drafted(tmp_path, states(STATES))) == [
        "alpha blue ../2021-08-01",
        "alpha blue ../2021-08-03",
        "alpha red ../2021-08-04",
        "beta blue ../2021-08-01",
        "beta red ../2021-08-04",
    ]


def test_a_gap_between_two_states_stays_a_window(tmp_path):
    found = drafted(tmp_path, states(STATES))
    timeline = Timeline(study.load(draft.write(found, tmp_path / "made")))
    falls = timeline.changes[timeline.changes["control"] == "red"]
    assert falls["earliest"].dt.day.tolist() == [4, 2]
    assert falls["latest"].dt.day.tolist() == [4, 4]


def test_a_gap_between_equal_states_has_lasted_and_is_listed(tmp_path):
    found = drafted(
        tmp_path,
        states("""
            alpha  2021-08-01  Gov
            alpha  2021-08-05  Gov
            alpha  2021-08-06  NR
            alpha  2021-08-07  Gov
        """),
    )
    assert reports(found) == ["alpha blue ../2021-08-01", "alpha blue ../2021-08-07"]
    assert told(found, "guessed")[-2:] == [
        "2: “alpha” has no state from 2021-08-02 to 2021-08-04: blue, before and after, is taken "
        "to have lasted",
        "3: “alpha” has no state on 2021-08-06: blue, before and after, is taken to have lasted",
    ]
    evidence = (
        "The table has blue from 2021-08-01 to 2021-08-07, with 4 of these days without a state."
    )
    assert found.reports["evidence"].unique().tolist() == [evidence]


def test_what_is_not_reported_stays_unknown(tmp_path):
    found = drafted(
        tmp_path,
        states("""
            alpha  2021-08-01  NR
            alpha  2021-08-02  Gov
            alpha  2021-08-03  -
            beta   2021-08-01  NR
            beta   2021-08-04  NR
        """),
    )
    assert reports(found) == ["alpha blue ../2021-08-02"]
    days = control(found, tmp_path / "made")
    assert days.loc["beta"].tolist() == ["unknown"] * 4
    assert days.loc["alpha"].tolist() == ["unknown", "blue", "unknown", "unknown"]
    assert "-: without a state on any day: 1, which stay unknown" in told(found)


def test_two_states_on_one_day_are_both_kept_and_listed(tmp_path):
    found = drafted(
        tmp_path,
        states("""
            alpha  2021-08-01  Gov
            alpha  2021-08-02  Gov
            alpha  2021-08-02  Reb
            alpha  2021-08-03  Gov
            alpha  2021-08-04  Gov
        """),
    )
    assert reports(found) == [
        "alpha blue ../2021-08-01",
        "alpha blue ../2021-08-02",
        "alpha red ../2021-08-02",
        "alpha blue ../2021-08-03",
        "alpha blue ../2021-08-04",
    ]
    assert told(found, "noticed")[0] == (
        "4: “alpha” has two states on 2021-08-02, “blue” since row 2 and “red” in row 4: both are "
        "kept, and the study's rules order them"
    )
    assert control(found, tmp_path / "made").loc["alpha"].tolist() == [
        "blue",
        "red",
        "blue",
        "blue",
    ]


def test_a_day_on_which_one_state_ends_and_another_begins_has_two(tmp_path):
    found = drafted(
        tmp_path,
        states("""
            alpha  2021-08-01  Gov
            alpha  2021-08-02  Gov
            alpha  2021-08-02  Reb
            alpha  2021-08-03  Reb
        """),
    )
    said = "3: “alpha” has two states on 2021-08-02, “blue” in row 3 and “red” in row 4: both are"
    assert said in told(found, "noticed")[0]


def test_two_states_of_two_files_are_told_with_their_rows(tmp_path):
    one, other = "alpha 2021-08-02 Gov", "beta 2021-08-02 Gov\nalpha 2021-08-02 Reb"
    found = drafted(tmp_path, states(one), states(other))
    assert "“blue” in row 2 and “red” in row 3 of 1-panel.csv:" in told(found, "noticed")[0]


def test_no_state_lasts_beyond_a_day_of_two(tmp_path):
    found = drafted(
        tmp_path,
        states("""
            alpha  2021-08-01  Gov
            alpha  2021-08-02  Reb
            alpha  2021-08-02  Gov
            alpha  2021-08-09  Reb
        """),
    )
    assert not [text for text in told(found) if "to have lasted" in text]
    assert found.reports["evidence"].str.contains("without a state").sum() == 0


def test_a_row_said_twice_counts_once_and_is_told(tmp_path):
    found = drafted(tmp_path, states(STATES), states(STATES))
    assert reports(found) == reports(drafted(tmp_path, states(STATES)))
    said = "-: rows that say again what another says of the same place and day count once"
    assert said in told(found, "noticed")


def test_a_report_says_in_which_row_it_stands(tmp_path):
    found = drafted(tmp_path, states(STATES), size=64)
    assert found.reports["locator"].tolist() == [
        "row 2 of panel.csv",
        "row 4 of panel.csv",
        "row 5 of panel.csv",
        "row 6 of panel.csv",
        "row 7 of panel.csv",
    ]


def test_ids_of_reports_come_from_what_they_say(tmp_path):
    once = drafted(tmp_path, states(STATES)).reports
    again = drafted(tmp_path, states(STATES)).reports
    longer = drafted(tmp_path, states(STATES + "alpha 2021-08-05 Gov")).reports
    assert once.equals(again)
    assert once["report_id"].is_unique
    assert set(once["report_id"]) <= set(longer["report_id"])


# Files of every kind say the same.


def everything(found):
    """What a draft says, but for the names of its files."""
    return found.reports.drop(columns=["locator", "report_id", "source_id"])


def test_wide_says_what_long_says(tmp_path):
    wide = panels.table("""
        id     name   lat   lon   2021-08-01  2021-08-02  2021-08-03  2021-08-04
        alpha  Alpha  30.5  60.5  Gov         Gov         Gov         Reb
        beta   Beta   30.5  61.5  Gov         -           -           Reb
    """)
    found = drafted(tmp_path, wide)
    assert everything(found).equals(everything(drafted(tmp_path, states(STATES))))
    assert "1: 4 columns are days, 2021-08-01 the first of them" in told(found, "guessed")


@pytest.mark.parametrize("kind", ["gz", "zip", "parquet", "parquet with types", "semicolons"])
def test_a_file_of_any_kind_says_the_same(tmp_path, kind):
    text = states(STATES)
    path = tmp_path / f"panel.{kind.split()[0]}"
    frame = pd.read_csv(tmp_path_of(tmp_path, text))
    if kind == "gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("inside/panel.csv", text)
            archive.writestr("readme.md", "words")
    elif kind == "semicolons":
        path.write_text("\ufeff" + text.replace(",", ";").replace("30.5", "30,5"), "utf-8")
    else:
        if "types" in kind:
            frame["day"] = pd.to_datetime(frame["day"])
            frame["status"] = frame["status"].astype("category")
        frame.to_parquet(path, row_group_size=2)
    expected = everything(drafted(tmp_path, text))
    assert everything(of_files(tmp_path, [path])).equals(expected)


def tmp_path_of(folder, text):
    path = folder / "plain.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_break_within_quotes_ends_no_row(tmp_path):
    text = (
        "id,name,lat,lon,note,day,status\n"
        'alpha,"Al\npha",30.5,60.5,"one\ntwo ""three""\n",2021-08-01,Gov\n'
        'alpha,"Al\npha",30.5,60.5,"\n\n",2021-08-02,Reb\n'
        'beta,Beta,30.5,61.5,"a, b",2021-08-02,Gov\n'
    )
    whole = drafted(tmp_path, text)
    assert reports(whole) == [
        "alpha blue ../2021-08-01",
        "alpha red ../2021-08-02",
        "beta blue ../2021-08-02",
    ]
    assert whole.reports["locator"].str.split().str[1].tolist() == ["2", "3", "4"]
    assert whole.places["name"].tolist() == ["Al pha", "Beta"]
    for size in range(10, 90, 7):
        assert drafted(tmp_path, text, size=size).reports.equals(whole.reports)


# What is guessed, and what is asked for.


def test_columns_are_guessed_by_name_and_said(tmp_path):
    text = states(STATES).replace(
        "id,name,lat,lon,day,status", "Place_ID,Settlement,Latitude,Long,Date,Control status"
    )
    found = drafted(tmp_path, text)
    assert reports(found) == reports(drafted(tmp_path, states(STATES)))
    assert told(found, "guessed")[:4] == [
        "1: “Place_ID” is taken for the column of id",
        "1: “Settlement” is taken for the column of name",
        "1: “Latitude” is taken for the column of latitude",
        "1: “Long” is taken for the column of longitude",
    ]


def test_a_mapping_names_columns_that_nobody_would_guess(tmp_path):
    text = states(STATES).replace("day,status", "x1,x2")
    asked = 'day = "x1"\nstatus = "x2"\n' + MAPPING
    assert reports(drafted(tmp_path, text, mapping=asked))
    lost = only(refused(tmp_path, text))
    assert lost.wrong == "no column looks like the days"
    assert lost.right == (
        'a mapping file (--map) that says day = "…", one of: id, name, lat, lon, x1, x2'
    )
    stranger = only(refused(tmp_path, text, mapping='day = "x3"\n' + MAPPING))
    assert (stranger.row, stranger.column, stranger.wrong) == (1, "day", "there is no column “x3”")


def test_a_column_of_weeks_is_one_of_days(tmp_path):
    text = states(STATES).replace("day,status", "Week of,Who controls?")
    assert reports(drafted(tmp_path, text)) == reports(drafted(tmp_path, states(STATES)))


def test_words_that_mean_no_control_are_refused_with_a_mapping_to_save(tmp_path):
    error = refused(tmp_path, states(STATES), mapping=None)
    assert [(p.row, p.column, p.wrong) for p in error.problems] == [
        (2, "status", "“Gov” stands in 4 rows and means no control"),
        (5, "status", "“Reb” stands in 2 rows and means no control"),
    ]
    assert error.mapping == (
        'id = "id"\nname = "name"\nlat = "lat"\nlon = "lon"\nday = "day"\nstatus = "status"\n'
        'day_format = "%Y-%m-%d"\n\n'
        '[control]\n"Gov" = "gov"  # 4 rows\n"Reb" = "reb"  # 2 rows\n'
    )
    saved = drafted(tmp_path, states(STATES), mapping=error.mapping)
    assert saved.reports["control"].unique().tolist() == ["gov", "reb"]


def test_a_new_word_is_refused_by_a_mapping_too(tmp_path):
    error = refused(tmp_path, states(STATES + "beta 2021-08-05 Nobody"))
    assert only(error).wrong == "“Nobody” stands in 1 row and means no control"
    assert error.mapping == '"Nobody" = "nobody"  # 1 row\n'
    assert error.advice == "Lines for [control] of map.toml: add them, and read them over."


def test_a_doubtful_word_is_offered_with_what_else_it_may_mean(tmp_path):
    text = """
        alpha  2021-08-01  TB
        alpha  2021-08-02  TB??
        alpha  2021-08-03  Unclear
        alpha  2021-08-04  unknown?
        alpha  2021-08-05  ?
    """
    error = refused(tmp_path, states(text), mapping=None)
    doubt = '; doubtful: "contested", "unknown", or the control that you are sure of'
    assert error.mapping.split("[control]\n")[1].splitlines() == [
        '"TB"       = "tb"  # 1 row',
        f'"TB??"     = "tb"  # 1 row{doubt}',
        f'"Unclear"  = "unclear"  # 1 row{doubt}',
        '"unknown?" = "unknown"  # 1 row',
        '"?"        = "unknown"  # 1 row',
    ]


def test_usual_words_need_no_mapping(tmp_path):
    text = states("alpha 2021-08-01 Government\nalpha 2021-08-02 CONTESTED\nbeta 2021-08-02 n/a")
    found = drafted(tmp_path, text, mapping=None)
    assert reports(found) == ["alpha government ../2021-08-01", "alpha contested ../2021-08-02"]
    assert "2: “Government” is read as government" in told(found, "read")
    assert "4: “n/a” says nothing of a place" in told(found, "read")


@pytest.mark.parametrize(
    ("days", "format"),
    [
        ("13/08/2021 14/08/2021", "%d/%m/%Y"),
        ("08/13/2021 08/14/2021", "%m/%d/%Y"),
        ("20210813 20210814", "%Y%m%d"),
        ("13-Aug-2021 14-Aug-2021", "%d-%b-%Y"),
        ("2021-08-13T00:00:00 2021-08-14T00:00:00", "%Y-%m-%dT%H:%M:%S"),
    ],
)
def test_how_days_are_written_is_found_and_said(tmp_path, days, format):
    first, last = days.split()
    found = drafted(tmp_path, states(f"alpha {first} Gov\nalpha {last} Gov"))
    assert reports(found) == ["alpha blue ../2021-08-13", "alpha blue ../2021-08-14"]
    assert f"-: days are read as {format}" in told(found, "guessed")


def test_a_day_that_is_two_is_asked_for(tmp_path):
    text = states("alpha 01/08/2021 Gov\nalpha 02/08/2021 Gov")
    problem = only(refused(tmp_path, text))
    assert (
        problem.wrong == "“01/08/2021” is two days: 2021-08-01 as %d/%m/%Y, 2021-01-08 as %m/%d/%Y"
    )
    assert 'day_format = "%d/%m/%Y"' in problem.right
    stated = drafted(tmp_path, text, mapping='day_format = "%m/%d/%Y"\n' + MAPPING)
    assert reports(stated) == ["alpha blue ../2021-01-08", "alpha blue ../2021-02-08"]


def test_a_later_day_tells_what_the_first_ones_leave_open(tmp_path):
    text = states("alpha 01/08/2021 Gov\nalpha 02/08/2021 Gov\nalpha 13/08/2021 Gov")
    found = drafted(tmp_path, text, size=40)
    assert reports(found) == ["alpha blue ../2021-08-01", "alpha blue ../2021-08-13"]


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ("13/08/21 14/08/21", "“13/08/21” has two digits of a year, which leave the century open"),
        ("44421 44422", "“44421” is a spreadsheet's number of a day, which counts from 1900 in"),
        ("13/08/2021 08/14/2021", "“13/08/2021” is written as %d/%m/%Y, “08/14/2021” as %m/%d/%Y"),
        ("soon later", "“later” is a day in no form that is known"),
    ],
)
def test_days_that_cannot_be_told_are_refused_in_words(tmp_path, days, wrong):
    first, last = days.split()
    problem = only(refused(tmp_path, states(f"alpha {first} Gov\nalpha {last} Gov")))
    assert problem.wrong.startswith(wrong)
    assert problem.column == "day"


def test_two_digits_of_a_year_cannot_be_stated_either(tmp_path):
    problem = only(refused(tmp_path, states(STATES), mapping='day_format = "%d/%m/%y"\n' + MAPPING))
    assert (problem.file, problem.column) == ("map.toml", "day_format")
    assert "leave the century open" in problem.wrong


def test_rows_without_a_day_are_dropped_and_listed(tmp_path):
    found = drafted(tmp_path, states(STATES + "beta yesterday Gov\nbeta - Gov\nbeta yesterday Reb"))
    assert told(found, "dropped") == [
        "8: “yesterday” is no day written as %Y-%m-%d",
        "9: no day",
    ]
    assert [each.rows for each in found.findings if each.what == "dropped"] == [2, 1]


def test_no_day_at_all_is_an_error(tmp_path):
    stated = 'day_format = "%d.%m.%Y"\n' + MAPPING
    problem = only(refused(tmp_path, states(STATES), mapping=stated))
    assert problem.wrong == "no row has a day written as %d.%m.%Y: “2021-08-01”"


def test_ragged_and_blank_rows_keep_the_count_of_rows(tmp_path):
    lines = states(STATES).splitlines()
    text = "\n".join([*lines[:2], "", "alpha,Alpha,30.5", *lines[2:], ""])
    found = drafted(tmp_path, text)
    assert told(found, "dropped") == ["4: 3 cells under 6 columns"]
    assert found.reports["locator"].str.split().str[1].tolist() == ["2", "6", "7", "8", "9"]
    for size in (30, 60, 90):
        assert drafted(tmp_path, text, size=size).reports.equals(found.reports)


# Places.


def test_places_that_share_a_name_are_not_one(tmp_path):
    found = drafted(
        tmp_path,
        panels.table("""
            id  name   lat   lon   day         status
            a1  Alpha  30.5  60.5  2021-08-01  Gov
            a2  alpha  30.5  61.5  2021-08-01  Reb
        """),
    )
    assert found.places["place_id"].tolist() == ["a1", "a2"]
    assert found.places["area_id"].tolist() == ["X-W", "X-E"]
    assert "2: “Alpha” is the name of 2 places, its ids tell them apart: a1, a2" in told(found)


def test_without_ids_places_are_told_apart_by_where_they_are(tmp_path):
    found = drafted(
        tmp_path,
        panels.table("""
            name   province  lat   lon   day         status
            Alpha  West      30.5  60.5  2021-08-01  Gov
            Alpha  East      30.5  61.5  2021-08-01  Reb
            Beta   East      30.2  61.5  2021-08-01  Reb
            Beta   East      30.2  61.5  2021-08-02  Reb
            Beta   -         30.2  61.5  2021-08-03  Reb
        """),
    )
    assert found.places["place_id"].tolist() == ["alpha-east", "alpha-west", "beta"]
    assert (
        "2: “Alpha” is the name of 2 places, told apart by where they are, for want of ids: "
        in ("\n".join(told(found, "guessed")))
    )
    assert told(found, "dropped") == [
        "6: “Beta” is ambiguous without area and latitude and longitude"
    ]


def test_coordinates_that_moved_are_listed(tmp_path):
    text = states("alpha 2021-08-01 Gov\nalpha 2021-08-02 Gov").replace(
        "30.5,60.5,2021-08-02", "30.6,60.5,2021-08-02"
    )
    found = drafted(tmp_path, text)
    assert "3: “alpha” has moved by 11.1 km: its first position is kept" in told(found, "noticed")
    assert found.places.geometry.y.tolist() == [30.5]


def test_a_place_without_an_id_that_is_swapped_in_one_row_stays_one(tmp_path):
    found = drafted(
        tmp_path,
        panels.table("""
            name   province  lat   lon   day         status
            Alpha  West      30.5  60.5  2021-08-01  Gov
            Alpha  X-W       60.5  30.5  2021-08-02  Gov
            Alpha  West      30.5  60.5  2021-08-03  Gov
        """),
    )
    assert found.places["place_id"].tolist() == ["alpha"]
    assert reports(found) == ["alpha blue ../2021-08-01", "alpha blue ../2021-08-03"]
    assert not [text for text in told(found) if "has no state" in text]


def test_an_id_that_is_swapped_in_one_row_keeps_its_first_position(tmp_path):
    text = states("alpha 2021-08-01 Gov\nalpha 2021-08-02 Gov").replace(
        "30.5,60.5,2021-08-02", "60.5,30.5,2021-08-02"
    )
    swapped = "3: “alpha” has latitude and longitude swapped, it seems: its first position is kept"
    assert swapped in told(drafted(tmp_path, text), "noticed")


def test_coordinates_that_look_swapped_are_turned_round_and_listed(tmp_path):
    text = panels.table("""
        id     name   lat   lon    day         status
        alpha  Alpha  30.5  60.5   2021-08-01  Gov
        beta   Beta   61.5  30.5   2021-08-01  Gov
        gamma  Gamma  30.2  60.2   2021-08-01  Gov
        delta  Delta  900   60.2   2021-08-01  Gov
        eps    Eps    -     -      2021-08-01  Gov
        zeta   Zeta   10    10     2021-08-01  Gov
    """)
    found = drafted(tmp_path, text)
    swapped = "3: “Beta” has latitude and longitude swapped, it seems: they are turned round"
    assert swapped in told(found, "guessed")
    assert told(found, "dropped") == [
        "5: “Delta” has no position on earth",
        "6: “Eps” has no position on earth",
    ]
    assert "7: “Zeta” stands in no area" in told(found, "noticed")
    beta = found.places.set_index("place_id").loc["beta"]
    assert (beta["area_id"], beta.geometry.x, beta.geometry.y) == ("X-E", 61.5, 30.5)
    assert study.load(draft.write(found, tmp_path / "made"))


def test_a_table_swapped_throughout_is_refused(tmp_path):
    text = states(STATES).replace("lat,lon", "lon,lat")
    problem = only(refused(tmp_path, text))
    assert problem.wrong == "2 of 2 places stand in the areas only if swapped"


def test_a_place_far_outside_its_area_is_taken_for_where_it_stands(tmp_path):
    text = panels.table("""
        id     name   province  lat   lon   day         status
        alpha  Alpha  East      30.5  60.5  2021-08-01  Gov
        beta   Beta   X-E       30.5  61.5  2021-08-01  Gov
        gamma  Gamma  Nowhere   30.5  61.5  2021-08-01  Gov
    """)
    found = drafted(tmp_path, text)
    assert found.places["area_id"].tolist() == ["X-W", "X-E", "X-E"]
    assert "2: “Alpha” stands 48 km outside X-E: taken for one of X-W" in told(found, "guessed")
    assert "4: “Nowhere” names no area: its places are taken to be where they stand" in told(found)
    assert study.load(draft.write(found, tmp_path / "made"))


def test_rows_may_be_about_areas(tmp_path):
    text = panels.table("""
        district  day         status
        West      2021-08-01  Gov
        X-W       2021-08-02  Gov
        WEST      2021-08-03  Reb
        East      2021-08-01  Reb
        Sea       2021-08-01  Reb
    """)
    found = drafted(tmp_path, text)
    assert found.places is None
    assert found.settings["area_rule"] == "reported"
    assert told(found, "dropped") == ["6: “Sea” names no area"]
    days = control(found, tmp_path / "made")
    assert days.loc["X-W"].tolist() == ["blue", "blue", "red"]


def test_doubts_call_an_area_as_the_table_does(tmp_path):
    text = "district,day,status\nWest,2021-08-01,Gov\nEast,2021-08-01,Gov\nWest,2021-08-01,Reb\n"
    told_of = [text for text in told(drafted(tmp_path, text), "noticed") if "two states" in text]
    assert told_of == [
        "2: “West” has two states on 2021-08-01, “blue” in row 2 and “red” in row 4: both are "
        "kept, and the study's rules order them"
    ]


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("Wets North", "no area: did you mean “West (North)”?"),
        ("West", "no area: did you mean “West (North)” or “West (South)”?"),
        ("Sea", "no area"),
    ],
)
def test_a_name_of_no_area_is_told_those_it_may_mean(slip, said, tmp_path):
    areas = tiny.areas()
    for feature, side in zip(areas["features"], ("North", "South"), strict=True):
        feature["properties"]["name"] = f"West ({side})"
    (tmp_path / "sides.geojson").write_text(tiny.as_json(areas))
    (tmp_path / "map.toml").write_text(MAPPING)
    text = f"district,day,status\nWest (South),2021-08-01,Gov\n{slip},2021-08-01,Gov\n"
    (tmp_path / "panel.csv").write_text(text)
    found = panel.read([tmp_path / "panel.csv"], tmp_path / "sides.geojson", tmp_path / "map.toml")
    assert told(found, "dropped") == [f"3: “{slip}” names {said}"]


def test_columns_of_boundaries_are_found_in_any_case(tmp_path):
    # Of a shapefile they are read in small letters, however the file has them.
    asked = MAPPING + '[areas]\nid = "AREA_ID"\nname = "Name"\n'
    assert drafted(tmp_path, states(STATES), mapping=asked).areas["name"].tolist() == [
        "West",
        "East",
    ]
    wrong = only(refused(tmp_path, states(STATES), mapping=MAPPING + '[areas]\nid = "P_CODE"'))
    assert wrong.wrong == "there is no column “P_CODE”"
    assert wrong.right.startswith("one of area_id, name")


def test_a_name_of_two_areas_is_ambiguous(tmp_path):
    areas = tiny.areas()
    areas["features"][1]["properties"]["name"] = "West"
    (tmp_path / "twins.geojson").write_text(tiny.as_json(areas))
    (tmp_path / "map.toml").write_text(MAPPING)
    text = "district,day,status\nWest,2021-08-01,Gov\nX-E,2021-08-01,Gov\n"
    (tmp_path / "panel.csv").write_text(text)
    found = panel.read([tmp_path / "panel.csv"], tmp_path / "twins.geojson", tmp_path / "map.toml")
    assert told(found, "dropped") == ["2: “West” names several areas"]


def test_places_without_a_position_are_refused(tmp_path):
    problem = only(refused(tmp_path, "name,day,status\nAlpha,2021-08-01,Gov\n"))
    assert problem.wrong == "its places have no position, and are no areas"
    assert problem.right.endswith("X-W, X-E …")


# The mapping file.


@pytest.mark.parametrize(
    ("text", "column", "wrong", "right"),
    [
        ('statsu = "x"', "statsu", "there is no key “statsu”", "status"),
        (
            '[source]\npublished_on = "x"',
            "source.published_on",
            "there is no key “published_on”",
            "published",
        ),
        ('[areas]\nnme = "x"', "areas.nme", "there is no key “nme”", "name"),
        (
            '[[controls]]\nid = "blue"\nlabel = "Blue"\ncolor = "#ffffff"',
            "controls.0.color",
            "there is no key “color”",
            "colour",
        ),
        ("status = 3", "status", "Input should be a valid string", "see the docs"),
        ("status", "", "not TOML: Expected '=' after a key", None),
        ('encoding = "utf-16"', "encoding", "“utf-16” takes more than a byte a letter", None),
        ('[source]\nkind = "rumour"', "source.kind", "“rumour” is none of news", None),
    ],
)
def test_a_mapping_that_is_wrong_is_told_where(tmp_path, text, column, wrong, right):
    problem = only(refused(tmp_path, states(STATES), mapping=text))
    assert (problem.file, problem.column) == ("map.toml", column)
    assert problem.wrong.startswith(wrong)
    assert right is None or problem.right == right


def test_a_mapping_says_what_the_study_is_called_and_whose_it_is(tmp_path):
    asked = """
    [study]
    title = "Two squares"
    area_unit = ["square", "squares"]
    opens_on = 2021-08-02

    [source]
    publisher = "A ministry"
    published = 2021-09-01
    reliability = "C"
    confidence = "high"

    [[controls]]
    id = "red"
    label = "The reds"
    colour = "#aa0000"

    """
    found = study.load(
        draft.write(drafted(tmp_path, states(STATES), mapping=asked + MAPPING), tmp_path / "made")
    )
    assert found.settings.title == "Two squares"
    assert found.settings.opens_on == date(2021, 8, 2)
    assert [control.id for control in found.settings.control] == ["red", "blue", "contested"]
    assert found.sources[["publisher", "published", "reliability"]].iloc[0].tolist() == [
        "A ministry",
        "2021-09-01",
        "C",
    ]
    assert found.reports["confidence"].unique().tolist() == ["high"]


def test_a_table_in_another_encoding_says_so(tmp_path):
    path = tmp_path / "panel.csv"
    path.write_bytes(states(STATES).replace("Alpha", "Älpha").encode("cp1252"))
    with pytest.raises(TableError) as error:
        of_files(tmp_path, [path])
    assert only(error.value).wrong == "it is not written in utf-8"
    found = of_files(tmp_path, [path], 'encoding = "cp1252"\n' + MAPPING)
    assert found.places["name"].tolist() == ["Älpha", "Beta"]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "it has no header"),
        (b"id,day,status\n", "it has no rows"),
        (gzip.compress(b"id,day,status\n", mtime=0), "it has no rows"),
        (b"id,id,day\n1,2,3\n", "two columns are named “id”"),
        ("id,day\n".encode("utf-16"), "it is written in UTF-16"),
        (b"PAR1nothing", "it cannot be read"),
        (b"PK\3\4nothing", "it cannot be read"),
        (b"\x1f\x8bnothing", "it cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_told_from_one(tmp_path, content, wrong):
    path = tmp_path / "panel.csv"
    path.write_bytes(content)
    with pytest.raises(TableError) as error:
        of_files(tmp_path, [path])
    assert only(error.value).file == "panel.csv"
    assert only(error.value).wrong.startswith(wrong)


def test_what_controlmap_exports_as_a_matrix_comes_back(timeline, tmp_path):
    text = cells.to_csv(tables.matrix_table(timeline))
    ids = "\n".join(f'{control} = "{control}"' for control in timeline.study.controls)
    (tmp_path / "panel.csv").write_text(text)
    (tmp_path / "map.toml").write_text(f"[control]\n{ids}\n")
    boundaries = study.BUNDLED / "areas.geojson"
    found = panel.read([tmp_path / "panel.csv"], boundaries, tmp_path / "map.toml")
    again = Timeline(study.load(draft.write(found, tmp_path / "made")))
    before = timeline.matrix("areas").control
    pd.testing.assert_frame_equal(again.matrix("areas").control.loc[before.index], before)


def test_a_thousand_gaps_are_listed_and_the_rest_is_counted(tmp_path):
    days = [date(2015, 1, 1) + timedelta(days=2 * n) for n in range(1102)]
    found = drafted(tmp_path, states("\n".join(f"alpha {day} Gov" for day in days)))
    gaps = [each for each in found.findings if "has no state" in each.text or each.row is None]
    gaps = [each for each in gaps if (each.what, each.column) == ("guessed", "status")]
    assert (len(gaps), gaps[-2].row) == (1001, 1001)
    assert gaps[-1][4:] == ("and 101 more gaps between equal states", 101)


# What holds for every table.

DAYS = [date(2021, 8, 1) + timedelta(days=n) for n in range(9)]
rows = st.lists(
    st.tuples(
        st.sampled_from(["alpha", "beta"]),
        st.sampled_from(DAYS),
        st.sampled_from(["Gov", "Reb", "Both", "NR", "-"]),
    ),
    min_size=1,
    max_size=24,
)


def as_text(table):
    return states("\n".join(f"{place} {day} {word}" for place, day, word in table))


@given(rows, st.randoms(use_true_random=False), st.integers(20, 200))
def test_neither_the_order_of_rows_nor_chunks_make_a_difference(
    tmp_path_factory, table, dice, size
):
    folder = tmp_path_factory.mktemp("panel")
    table = [*table, ("alpha", DAYS[0], "Gov")]
    shuffled = dice.sample(table, len(table))
    whole = drafted(folder, as_text(table))
    assert reports(drafted(folder, as_text(shuffled), size=size)) == reports(whole)
    assert drafted(folder, as_text(table), size=size).findings == whole.findings


def test_processes_make_no_difference_either(tmp_path):
    text = states(STATES)
    whole = drafted(tmp_path, text)
    assert drafted(tmp_path, text, size=40, workers=2).reports.equals(whole.reports)


@given(rows)
def test_runs_say_what_every_row_would(tmp_path_factory, table):
    folder = tmp_path_factory.mktemp("panel")
    table = [*table, ("alpha", DAYS[0], "Gov")]
    found = drafted(folder, as_text(table))
    meaning = {"Gov": "blue", "Reb": "red", "Both": "contested"}
    every = sorted(
        {(p, d, meaning[w]) for p, d, w in table if w in meaning},
        key=lambda row: (*row[:2], ["blue", "red", "contested"].index(row[2])),
    )
    text = "\n".join(f"{place} {what} ../{day}" for place, day, what in every)
    by_row = tiny.ledger(f"place_id control when\n{text}").assign(source_id="panel")
    made = draft.write(found, folder / "made")
    by_runs = Timeline(study.load(made))
    (made / "reports.csv").write_text(by_row.to_csv(index=False), encoding="utf-8")
    by_rows = Timeline(study.load(made))
    columns = ["place_id", "control", "day", "earliest", "latest"]
    pd.testing.assert_frame_equal(by_runs.changes[columns], by_rows.changes[columns])


@given(rows)
def test_a_study_becomes_a_panel_and_a_study_again(tmp_path_factory, table):
    folder = tmp_path_factory.mktemp("panel")
    first = control(drafted(folder, as_text([*table, ("alpha", DAYS[0], "Gov")])), folder / "first")
    long = first.stack().rename("status").reset_index()
    long.columns = ["id", "day", "status"]
    known = pd.DataFrame(
        [line.split() for line in PLACES.split("\n")[2:4]], columns=["id", "name", "lat", "lon"]
    )
    text = long.merge(known, on="id").to_csv(index=False)
    mapping = (
        '[control]\nblue = "blue"\nred = "red"\ncontested = "contested"\nunknown = "unknown"\n'
    )
    again = control(drafted(folder, text, mapping=mapping), folder / "again")
    pd.testing.assert_frame_equal(first, again)
