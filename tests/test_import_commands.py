"""``controlmap import acled, ucdp, points``: a study in a folder, and what was found on the way."""

import pytest

from geo import cells, cli, study
from tests import test_acled, test_ucdp, tiny


@pytest.fixture
def run(capfd):
    def run(*arguments):
        status = cli.main([str(argument) for argument in arguments])
        return status, capfd.readouterr().err

    return run


@pytest.fixture
def given(tmp_path):
    """The tables of each kind, and boundaries."""
    (tmp_path / "areas.geojson").write_text(tiny.as_json(tiny.areas()), encoding="utf-8")
    test_acled.write(tmp_path, {}, {"event_id_cnty": "TST2", "latitude": "x"}, name="acled.csv")
    lines = [test_ucdp.ROW.keys(), test_ucdp.ROW.values()]
    ged = "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    (tmp_path / "ucdp.csv").write_text(ged, encoding="utf-8")
    (tmp_path / "points.csv").write_text("name,lat,lon\nAlpha,30.5,60.5", encoding="utf-8")
    return tmp_path


def ask(kind, given, *more):
    files = [given / f"{kind}.csv", "--areas", given / "areas.geojson"]
    return ["import", kind, *files, "-o", given / "made", *more]


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("acled", "one report on one place"),
        ("ucdp", "one event, no reports on two areas"),
        ("points", "no reports on one place"),
    ],
)
def test_an_import_makes_a_study_and_says_what_it_holds(run, given, kind, made):
    status, said = run(*ask(kind, given))
    assert status == 0
    assert f"wrote {given / 'made'}: {made}" in said
    study.load(given / "made")
    assert run("check", given / "made")[0] == 0


def test_what_was_left_out_is_told_and_stands_beside_the_study(run, given):
    _, said = run(*ask("acled", given))
    why = "TST2: “Alpha” at “x”, “60.5” is no place"
    assert why in said
    rows = cells.read((given / "made" / "import.csv").read_text(encoding="utf-8"))
    assert ["dropped", "acled.csv", "3", "", why, "1"] in rows


def test_a_table_of_another_layout_is_a_table_of_problems(run, given):
    (given / "acled.csv").write_text("a,b\n1,2", encoding="utf-8")
    status, said = run(*ask("acled", given))
    assert status == 1
    assert "no column “event_id_cnty”" in said
    assert not (given / "made").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--areas", "nowhere"], "there is no file nowhere"),
        (["--map", "nowhere"], "there is no file nowhere; leave --map out, and one is offered"),
    ],
)
def test_a_file_that_is_not_there_is_one_line(run, given, asked, said):
    assert run(*ask("acled", given, *asked)) == (2, f"controlmap: {said}\n")


def test_a_folder_with_something_in_it_is_refused_unless_forced(run, given):
    run(*ask("points", given))
    status, said = run(*ask("points", given))
    assert status == 2
    assert "is not empty; --force" in said
    assert run(*ask("points", given, "--force"))[0] == 0


def test_days_of_a_ledger_stand_the_right_way_round(run, given):
    status, said = run(*ask("points", given, "--from", "2021-08-02", "--to", "2021-08-01"))
    assert (status, said) == (2, "controlmap: --from 2021-08-02 is later than --to 2021-08-01\n")
