"""The command line answers as the engine does, and refuses in one line."""

import csv
import io
import json
import os
import re
import runpy
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pytest
from PIL import Image

from geo import (
    cells,
    checks,
    cli,
    exports,
    serving,
    snapshot,
    style,
    tables,
    terminal,
    webmap,
    words,
)
from geo.print.captions import Captions
from geo.problems import Problem
from geo.study import BUNDLED, load
from geo.timeline import Timeline
from tests import tiny
from tests.browser import ROOT, free_port

LEDGER = """
    place_id  control  when                   source_id
    alpha     blue     ../2021-08-01          wire
    alpha     red      2021-08-05             wire
    alpha     red      2021-08-07             paper
    beta      blue     ../2021-08-01          undated
    beta      red      2021-08-10/2021-08-12  radio
"""
COMMANDS = "dashboard check control changes snapshot animate html export".split()
WRITERS = {"snapshot": "png", "animate": "gif", "html": "html", "export": "csv"}
SMALL = ["--size", "400x400"]
TOLD = ["--sources", "wire,paper", "--known-on", "2021-08-12"]


class Said(NamedTuple):
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capfd):
    def run(*arguments):
        status = cli.main([str(argument) for argument in arguments])
        return Said(status, *capfd.readouterr())

    return run


@pytest.fixture
def folder(tmp_path):
    return tiny.files(LEDGER).write(tmp_path / "tiny")


@pytest.fixture
def timeline(folder):
    return Timeline(load(folder))


@pytest.fixture
def chosen(folder):
    """The study through the eyes of TOLD."""
    return Timeline(load(folder), ["wire", "paper"], date(2021, 8, 12))


def one_line(said):
    """The line that a refused command says."""
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("controlmap: ")
    assert said.err.count("\n") == 1
    return said.err.removeprefix("controlmap: ").rstrip("\n")


# Tables.


def test_control_as_csv_has_the_columns_that_others_build_on(run, folder):
    assert run("control", folder, "--on", "2021-08-11", "--format", "csv") == Said(
        0,
        "id,name,control,since,earliest,latest,uncertain,disputed\n"
        "X-W,West,red,2021-08-05,2021-08-05,2021-08-07,false,true\n"
        "X-E,East,blue,2021-08-01,2021-08-01,2021-08-01,true,false\n",
        "",
    )


def test_changes_as_csv_have_the_columns_that_others_build_on(run, folder):
    period = "--from", "2021-08-02", "--to", "2021-08-31"
    assert run("changes", folder, *period, "--format", "csv") == Said(
        0,
        "place_id,place,day,control,previous,earliest,latest,disputed,reports,sources\n"
        "alpha,Alpha,2021-08-05,red,blue,2021-08-05,2021-08-07,true,r2 r3,wire paper\n"
        "beta,Beta,2021-08-12,red,blue,2021-08-10,2021-08-12,false,r5,radio\n",
        "",
    )


@pytest.mark.parametrize("of", ["areas", "places"])
def test_control_is_the_engines(run, folder, chosen, of):
    on = "--on", "2021-08-05"
    expected = tables.control_table(chosen, date(2021, 8, 5), of)
    said = run("control", folder, *on, "--of", of, "--format", "csv", *TOLD)
    assert said.out == cells.to_csv(expected)
    said = run("control", folder, *on, "--of", of, "--format", "json", *TOLD)
    assert json.loads(said.out) == cells.plain(expected).to_dict("records")


def test_changes_are_the_engines(run, folder, chosen):
    expected = tables.changes_table(chosen)
    assert run("changes", folder, "--format", "csv", *TOLD).out == cells.to_csv(expected)
    found = json.loads(run("changes", folder, "--format", "json", *TOLD).out)
    assert found == cells.plain(expected).to_dict("records")


def test_a_table_for_people_says_whose_control_and_on_what_it_rests(run, folder):
    said = run("control", folder, "--on", "2021-08-05", *TOLD)
    assert said.out.startswith("Tiny: situation as of 5 August 2021\n")
    assert said.out.split("\n")[4].split()[:3] == ["X-W", "West", "red"]
    assert "As known on 12 August 2021. From one source alone: Wire via A publisher." in said.out
    said = run("control", folder, "--on", "2021-08-31")
    assert "No report after 12 August 2021" in said.out


def test_a_table_is_never_wrapped_where_no_terminal_is(run, tmp_path, monkeypatch):
    files = tiny.files()
    files.place("alpha")["properties"]["name"] = "Alpha of the " + "very " * 60 + "long name"
    monkeypatch.setenv("FORCE_COLOR", "1")
    said = run("changes", files.write(tmp_path / "tiny"))
    assert "Alpha of the " + "very " * 60 + "long name" in said.out


def test_reports_without_a_date_of_publication_are_counted_beside_the_answer(run, folder):
    said = run("control", folder, "--on", "2021-08-11", "--known-on", "2021-08-31", "--format=csv")
    assert said.err == "one report of unknown date of publication left out\n"


def test_the_bundled_study_is_asked_where_none_is_named(run):
    expected = tables.control_table(Timeline(load()), date(2021, 8, 13))
    assert run("control", "--on", "2021-08-13", "--format", "csv").out == cells.to_csv(expected)


def test_a_zip_is_a_study_too(run, folder, tmp_path):
    (tmp_path / "tiny.zip").write_bytes(tiny.files(LEDGER).zipped())
    command = "control", "--on", "2021-08-11", "--format", "csv"
    assert run(*command, tmp_path / "tiny.zip") == run(*command, folder)


# Words of a study are words.

MARKUP = "[red]Alpha[/red] [link=https://tracker.invalid]x[/link] :boom: [/]"
ORDERS = "\x1b[31mAlpha\x07\x1b]8;;https://x.invalid\x1b\\ \u202ea"


@pytest.fixture
def planted(tmp_path):
    """A study that would colour, link, beep and run a formula if it could."""
    files = tiny.files(LEDGER)
    files.area("X-W")["properties"]["name"] = MARKUP
    files.area("X-E")["properties"]["name"] = "=1+1"
    files.place("alpha")["properties"]["name"] = (
        "\x1b[31mAlpha\x07\x1b]8;;https://x.invalid\x1b\\ \u202ea"
    )
    return files.write(tmp_path / "tiny")


def test_markup_in_a_name_is_shown_and_not_obeyed(run, planted):
    assert MARKUP in run("control", planted, "--on", "2021-08-11").out
    assert "]8;;https://x.invalid" in (said := run("changes", planted).out)
    assert not set("\x1b\x07\u202e") & set(said)


def test_a_formula_in_a_name_stays_text(run, planted):
    said = run("control", planted, "--on", "2021-08-11", "--format", "csv")
    assert "\nX-E,'=1+1,blue" in said.out
    assert MARKUP in next(csv.reader(io.StringIO(said.out.split("\n")[1])))


# Checking a study.


def test_a_study_with_warnings_passes_and_they_are_listed(run, folder, timeline):
    warnings = checks.check_changes(timeline.changes, timeline.reports)
    assert warnings
    said = run("check", folder, "--format", "json")
    assert (said.status, said.err) == (0, "")
    found = [Problem(**row) for row in json.loads(said.out)]
    assert sorted(found, key=str) == sorted(warnings, key=str)
    assert f"no errors, {words.number(len(warnings), 'warning')}" in run("check", folder).out


def test_checking_looks_at_the_changes_of_the_sources_asked_for(run, folder):
    rows = json.loads(run("check", folder, "--sources", "undated", "--format", "json").out)
    assert rows == []


def test_claimants_are_named_one_by_one(run, bundled):
    names = ["the Taliban", "officials"]
    asked = [part for name in names for part in ("--claimant", name)]
    said = run("control", "--on", "2021-08-13", *asked, "--format", "csv")
    table = tables.control_table(Timeline(bundled, claimants=names), date(2021, 8, 13))
    assert said.out == cells.to_csv(table)


@pytest.fixture
def broken(tmp_path):
    files = tiny.files()
    files.reports.loc[1, "control"] = "[red]purple"
    return files.write(tmp_path / "broken")


def test_a_broken_study_is_told_on_stdout_by_check(run, broken):
    said = run("check", broken, "--format", "csv")
    assert said.status == 1
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [(row["level"], row["file"], row["row"], row["column"]) for row in rows] == [
        ("error", "reports.csv", "3", "control")
    ]
    assert "“[red]purple” is not a control" in run("check", broken).out


@pytest.mark.parametrize("command", sorted({*COMMANDS} - {"check"}))
def test_a_broken_study_is_told_on_stderr_by_every_other_command(run, broken, tmp_path, command):
    more = ["--on", "2021-08-05"] if command in ("control", "snapshot") else []
    more += ["-o", tmp_path / f"a.{WRITERS[command]}"] if command in WRITERS else []
    said = run(command, broken, *more)
    assert (said.status, said.out) == (1, "")
    assert "“[red]purple” is not a control that a report can give" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["broken"]


# Pictures.


def test_a_snapshot_is_the_engines_picture(run, folder, chosen, tmp_path):
    to = tmp_path / "map.png"
    said = run("snapshot", folder, "--on", "2021-08-11", "-o", to, *SMALL, *TOLD)
    assert said == Said(0, "", f"wrote {to}\n")
    day = date(2021, 8, 11)
    assert to.read_bytes() == snapshot.render(chosen, day, size=(400, 400), dpi=150)


@pytest.mark.parametrize(
    ("suffix", "opening"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")]
)
def test_the_ending_says_the_format(run, folder, tmp_path, suffix, opening):
    to = tmp_path / f"map.{suffix}"
    assert run("snapshot", folder, "--on", "2021-08-11", "-o", to, *SMALL).status == 0
    assert to.read_bytes().startswith(opening)


def test_two_days_stand_side_by_side_with_their_words(run, folder, timeline, tmp_path):
    to = tmp_path / "map.png"
    days = date(2021, 8, 1), date(2021, 8, 11)
    options = "--on", days[0], "--with", days[1], "--alt-text", "--hide", "labels,bases"
    view = "--view", "60,30,61,31"
    said = run("snapshot", folder, *options, *view, *SMALL, "-o", to)
    captions = Captions(timeline)
    assert said.out == captions.alt_text_beside(days[0], captions, days[1]) + "\n"
    part = snapshot.View((60, 30, 61, 31), {"labels", "bases"})
    drawn = snapshot.beside(timeline, days[0], timeline, days[1], size=(400, 400), view=part)
    assert to.read_bytes() == drawn


def test_a_preset_is_a_paper(run, folder, tmp_path):
    to = tmp_path / "map.png"
    run("snapshot", folder, "--on", "2021-08-11", "--preset", "slide", "-o", to)
    with Image.open(to) as picture:
        assert picture.size == snapshot.PRESETS["slide"].size


def test_help_names_every_paper_and_all_that_can_be_hidden(run):
    said = run("snapshot", "--help").out
    assert [name for name in (*snapshot.PRESETS, "labels", *style.GROUPS) if name not in said] == []


# Films.


def test_frames_are_the_days_snapshots(run, folder, timeline, tmp_path):
    to = tmp_path / "frames"
    period = "--from", "2021-08-04", "--to", "2021-08-12", "--only-changes"
    assert run("animate", folder, *period, *SMALL, "-o", to) == Said(
        0, "", f"wrote {to}: three days\n"
    )
    days = [date(2021, 8, 4), date(2021, 8, 5), date(2021, 8, 12)]
    pictures = snapshot.Snapshots(timeline, (400, 400), 150)
    assert [path.read_bytes() for path in sorted(to.iterdir())] == [
        pictures.draw(day) for day in days
    ]


def test_a_film_has_the_days_and_the_speed_asked_for(run, folder, tmp_path):
    to = tmp_path / "film.gif"
    period = "--from", "2021-08-04", "--to", "2021-08-06"
    assert run("animate", folder, *period, *SMALL, "--speed", "4", "-o", to).status == 0
    with Image.open(to) as film:
        assert film.n_frames >= 3
        assert film.info["duration"] == 250


def test_frames_in_a_zip(run, folder, tmp_path):
    to = tmp_path / "film.zip"
    assert run("animate", folder, "--to", "2021-08-02", *SMALL, "-o", to).status == 0
    assert len(zipfile.ZipFile(to).namelist()) == 2


def test_progress_is_shown_to_a_terminal_alone(run, folder, tmp_path, monkeypatch):
    command = "animate", folder, "--to", "2021-08-03", *SMALL, "-o"
    assert run(*command, tmp_path / "a").err == f"wrote {tmp_path / 'a'}: three days\n"
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "3/3" in run(*command, tmp_path / "b").err
    assert "/3" not in run(*command, tmp_path / "c", "--quiet").err


def test_progress_leaves_the_process_fit_to_be_copied(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    threads = threading.active_count()
    with terminal.progress(quiet=False) as tell:
        tell(1, 2)
        assert threading.active_count() == threads


def shell(*arguments, **more):
    command = [sys.executable, "-c", "import sys; from geo.cli import main; sys.exit(main())"]
    return subprocess.Popen(
        [*command, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


@pytest.mark.parametrize(("film", "begun"), [("film.mp4", "film.mp4"), ("frames", "frames/0003_*")])
def test_ctrl_c_stops_a_film_and_leaves_nothing(folder, tmp_path, film, begun):
    work = tmp_path / "work"
    work.mkdir()
    paper = "--size", "2000x2000"
    # A terminal sends Ctrl-C to the whole group: to those that draw and to the encoder too.
    command = shell("animate", folder, *paper, "-o", work / film, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(work.glob(f".controlmap-*/{begun}")) and time.monotonic() < deadline:
        assert command.poll() is None, command.communicate()
        time.sleep(0.05)
    os.killpg(command.pid, signal.SIGINT)
    out, err = command.communicate(timeout=30)
    assert (command.returncode, out) == (130, "")
    assert err == "controlmap: stopped; nothing was written\n"
    assert list(work.iterdir()) == []


# Files.


def test_a_page_is_the_maps_and_opens_on_the_day_asked_for(run, folder, tmp_path, monkeypatch):
    # Until there is such a page: what it is asked.
    monkeypatch.setattr(
        webmap, "page", lambda timeline, day: f"{timeline.study.id} é {day}", raising=False
    )
    to = tmp_path / "map.html"
    assert run("html", folder, "-o", to) == Said(0, "", f"wrote {to}\n")
    assert to.read_text(encoding="utf-8") == "tiny é 2021-08-10"
    run("html", folder, "--on", "2021-08-12", "-o", to)
    assert to.read_text(encoding="utf-8") == "tiny é 2021-08-12"


@pytest.mark.parametrize("suffix", list(exports.FORMATS))
def test_an_export_is_the_engines_file(run, folder, chosen, tmp_path, suffix):
    to = tmp_path / f"control.{suffix}"
    assert run("export", folder, "--on", "2021-08-11", "-o", to, *TOLD).status == 0
    assert to.read_bytes() == exports.as_bytes(chosen, suffix, date(2021, 8, 11))


def test_an_export_of_another_table_with_its_hashtags(run, folder, timeline, tmp_path):
    to = tmp_path / "matrix.csv"
    run("export", folder, "--what", "matrix", "--of", "places", "--hxl", "-o", to)
    assert to.read_bytes() == exports.as_bytes(timeline, "csv", None, "matrix", "places", True)


def test_an_export_of_both_kinds_of_unit(run, folder, tmp_path):
    to = tmp_path / "control.geojson"
    run("export", folder, "--on", "2021-08-11", "--of", "both", "-o", to)
    assert len(gpd.read_file(to)) == 2 + 5


# The dashboard.


@pytest.fixture
def served(monkeypatch):
    """What the dashboard's server would have been started with."""
    monkeypatch.setenv(serving.STUDY, "")
    monkeypatch.setenv(serving._ADDRESS, "")
    monkeypatch.setattr(sys, "argv", [])
    started = []
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: started.append([name, *sys.argv]))
    return started


def test_the_dashboard_shows_the_study_and_opens_with_the_sources(run, folder, served, monkeypatch):
    monkeypatch.chdir(folder.parent)
    port = free_port()
    said = run("dashboard", "tiny", "--port", port, "--no-browser", *TOLD)
    address = f"http://127.0.0.1:{port}/?sources=wire,paper&known_on=2021-08-12"
    assert said.status == 0
    assert said.err.endswith(f"the dashboard is at {address}\n")
    flags = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    command = ["streamlit", "run", str(ROOT / "dashboard.py"), *flags]
    assert served == [["streamlit", *command, "--server.headless", "true"]]
    assert serving.study_at_hand() == folder
    assert serving.address_at_hand(port) == address


def test_the_dashboard_opens_a_browser_unless_told(run, folder, served):
    run("dashboard", folder)
    assert "--server.headless" not in served[0]


def test_without_a_word_the_dashboard_shows_the_bundled_study(monkeypatch):
    monkeypatch.delenv(serving.STUDY, raising=False)
    monkeypatch.delenv(serving._ADDRESS, raising=False)
    assert serving.study_at_hand() == BUNDLED
    assert serving.address_at_hand(8501) == "http://localhost:8501"


def test_the_dashboard_offers_the_studies_of_a_folder(run, folder, served, monkeypatch):
    monkeypatch.setenv(serving.STUDIES, "")
    assert run("dashboard", folder, "--studies", folder.parent, "--no-browser").status == 0
    assert list(serving.studies()) == ["tiny", "afghanistan-2021"]
    said = one_line(run("dashboard", folder, "--studies", "nowhere"))
    assert said == "--studies: nowhere is no folder"


def test_a_port_that_is_taken_is_told_before_anything_starts(run, folder, served):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = one_line(run("dashboard", folder, "--port", port))
    assert said.startswith(f"the dashboard cannot answer at 127.0.0.1, port {port}: ")
    assert not served


# Refusals: one line that names what would be right, and status 2.

REFUSED = """
contrl
    No such command 'contrl'. Did you mean 'control'?
control
    Missing option '--on'; see controlmap control --help
control --on 13.8.2021
    “13.8.2021” is no day; write it as 2021-08-13
control --on 2021-02-30
    “2021-02-30” is no day
control --on 2022-01-01
    --on: 2022-01-01 is not a day of the study, which has 2021-08-01 to 2021-08-31
control --on 2021-08-11 --format xml
    'xml' is not one of 'table', 'csv', 'json'
control --on 2021-08-11 --sources wire,papper
    --sources: “papper” is no source of the study; did you mean paper
control --on 2021-08-11 --sources ' , '
    name at least one
control --on 2021-08-11 --claimant zzzzzz
    “zzzzzz” is no claimant of the study; reports.csv lists them
check --sources zzzzzz
    “zzzzzz” is no source of the study; sources.csv lists them
check --known-on soon
    '--known-on': “soon” is no day
changes --from 2020-01-01
    --from: 2020-01-01 is not a day of the study
changes --from 2021-08-09 --to 2021-08-02
    --from 2021-08-09 is later than --to 2021-08-02
snapshot --on 2021-08-11
    Missing option '-o' / '--output'; see controlmap snapshot --help
snapshot --on 2021-08-11 -o a.jpg
    “a.jpg” ends in no format; it is one of .png, .svg, .pdf
snapshot --on 2021-08-11 --with 2022-01-01 -o a.png
    --with: 2022-01-01 is not a day of the study
snapshot --on 2021-08-11 --preset a5 -o a.png
    no paper “a5”; it is one of screen, slide
snapshot --on 2021-08-11 --preset slide --size 800x600 -o a.png
    --preset has a size and dpi of its own
snapshot --on 2021-08-11 --size 10x10 -o a.png
    “10x10” is no size; write it as 1600x1200
snapshot --on 2021-08-11 --size 99999x99999 -o a.png
    sides of 400 to 12000 pixels
snapshot --on 2021-08-11 --size 6000x400 -o a.png
    none 4 times the other
snapshot --on 2021-08-11 --with 2021-08-11 -o a.png
    --with 2021-08-11 is the day itself
snapshot --on 2021-08-11 --view 60.5,30.5,60.51,30.51 -o a.png
    at least 0.1 degrees
snapshot --on 2021-08-11 --view 62,30,60,31 -o a.png
    write west, south, east and north in degrees
snapshot --on 2021-08-11 --view 0,0,1,1 -o a.png
    nothing of the study, which lies within 60.0,30.0,62.0,31.0
snapshot --on 2021-08-11 --hide rivers -o a.png
    nothing “rivers”; it is any of labels, capitals
snapshot --on 2021-08-11 --size 400x400 -o nowhere/a.png
    there is no folder nowhere
snapshot --on 2021-08-11 --size 400x400 -o taken.png
    taken.png cannot be written: Is a directory
animate -o a.avi
    “a.avi” ends in no format; it is one of .mp4, .gif, .zip
animate --to 2022-01-01 -o a.gif
    --to: 2022-01-01 is not a day of the study
animate --to 2021-08-02 -o full
    frames want a folder that is new or empty
html -o a.htm
    “a.htm” ends in no format; it is one of .html
html --on 2022-01-01 -o a.html
    --on: 2022-01-01 is not a day of the study
export -o a.xls
    it is one of .geojson, .gpkg, .kml, .csv, .parquet
export --on 2022-01-01 -o a.csv
    --on: 2022-01-01 is not a day of the study
export --what matrix -o a.kml
    KML cannot hold a matrix
export -o nowhere/a.csv
    there is no folder nowhere
"""
REFUSALS = [pair.split("\n    ") for pair in re.split(r"\n(?! )", REFUSED.strip())]


@pytest.mark.parametrize(("typed", "expected"), REFUSALS)
def test_what_cannot_be_is_refused_in_one_line(run, folder, tmp_path, monkeypatch, typed, expected):
    work = tmp_path / "work"
    (work / "taken.png").mkdir(parents=True)
    (work / "full").mkdir()
    (work / "full" / "mine.txt").touch()
    monkeypatch.chdir(work)
    command, *more = shlex.split(typed)
    assert expected in one_line(run(command, folder, *more))
    left = sorted(path.relative_to(work).as_posix() for path in work.rglob("*"))
    assert left == ["full", "full/mine.txt", "taken.png"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_study_that_is_not_there_is_told_by_every_command(run, tmp_path, command, served):
    more = ["--on", "2021-08-05"] if command in ("control", "snapshot") else []
    more += ["-o", tmp_path / f"a.{WRITERS[command]}"] if command in WRITERS else []
    said = one_line(run(command, tmp_path / "nowhere", *more))
    assert said == (
        f"there is no study at {tmp_path / 'nowhere'}; name a folder or .zip that holds study.toml"
    )
    assert not served


def test_a_file_that_may_not_be_written_is_told(run, folder, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    said = one_line(run("export", folder, "-o", tmp_path / "a.csv"))
    assert said == f"{tmp_path / 'a.csv'} cannot be written: Permission denied"


# Help.


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_takes_sources_and_known_on(run, command):
    said = run(command, "--help")
    assert (said.status, said.err) == (0, "")
    assert {"--sources", "--known-on", "--claimant"} <= set(said.out.split())


def test_help_lists_the_commands(run):
    said = run("--help").out
    assert [command for command in COMMANDS if f" {command} " not in said] == []


def test_the_version_is_said(run):
    assert run("--version").out == "controlmap 0.1.0\n"


def test_help_comes_before_anything_heavy_is_imported():
    program = (
        "import sys; from geo.cli import main; main(['--help']);"
        "print([m for m in ('pandas', 'pydantic', 'matplotlib', 'shapely') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert said.stdout.endswith("\n[]\n"), said


def test_a_reader_who_has_read_enough_is_no_fault():
    command = shell("control", "--on", "2021-08-13", "--of", "places", "--format", "json")
    command.stdout.close()
    command.wait(60)
    assert command.stderr.read() == ""


def test_a_command_alone_shows_help(run):
    status, told, said = run()
    assert status == 0 and "Usage:" in told and not said
