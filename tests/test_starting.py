"""What `controlmap new` writes works at once, and is what the dashboard offers to start from."""

import io
from datetime import date

import pytest

from geo import cli, starting
from geo.problems import WARNING
from geo.study import load
from geo.timeline import Timeline
from tests.tiny import problems


def test_a_new_study_works_and_its_check_has_advice(tmp_path):
    folder = starting.new(tmp_path / "mine")
    assert {problem.level for problem in problems(folder)} <= {WARNING}
    timeline = Timeline(load(folder))
    held = timeline.control(date(2024, 6, 14))["control"]
    assert held.to_dict() == {"XV-N": "league", "XV-S": "contested"}


def test_the_starter_shows_each_form_of_a_date_that_a_report_may_have(tmp_path):
    forms = set(load(starting.new(tmp_path / "mine")).reports["form"])
    assert forms == {"by", "about", "interval", "day"}


def test_the_way_from_it_to_reports_on_areas_is_as_the_docs_tell(tmp_path):
    folder = starting.new(tmp_path / "mine")
    settings, ledger = folder / "study.toml", folder / "reports.csv"
    rule = settings.read_text("utf-8").replace('rule = "capital"', 'rule = "reported"')
    settings.write_text(rule, "utf-8")
    rows = ledger.read_text("utf-8").replace(",alta,", ",XV-N,").replace(",borgo,", ",XV-S,")
    rows = [row for row in rows.splitlines() if "ponte-crossing" not in row]
    ledger.write_text("\n".join(rows), "utf-8")
    (folder / "places.geojson").unlink()
    assert problems(folder) == []
    held = Timeline(load(folder)).control(date(2024, 6, 14))["control"]
    assert held.to_dict() == {"XV-N": "league", "XV-S": "contested"}


def test_the_download_is_the_same_study(tmp_path):
    packed = load("my-study.zip", io.BytesIO(starting.as_zip()))
    assert packed.digest == load(starting.new(tmp_path / "mine")).digest


def test_the_shell_says_what_to_do_next(tmp_path, capsys):
    assert cli.main(["new", str(tmp_path / "mine")]) == 0
    assert f"controlmap check {tmp_path / 'mine'}" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["full", "full/study.toml", "gone/mine"])
def test_nothing_of_anybodys_is_written_over(tmp_path, capsys, where):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "study.toml").write_text("mine")
    assert cli.main(["new", str(tmp_path / where)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert (tmp_path / "full" / "study.toml").read_text() == "mine"


def test_force_replaces_files_of_the_same_names_alone(tmp_path):
    (tmp_path / "study.toml").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    assert cli.main(["new", str(tmp_path), "--force"]) == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert load(tmp_path).settings.title == "My study"
