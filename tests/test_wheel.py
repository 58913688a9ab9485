"""The wheel holds all it needs: installed elsewhere, it answers and opens the bundled study."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from urllib.request import urlopen

import pytest

from geo import cells, tables
from geo.timeline import Timeline
from tests.browser import ROOT, Reader, answers, free_port

ARTICLE = date(2021, 8, 13)


@pytest.fixture(scope="module")
def uv():
    found = shutil.which("uv")
    if not found:
        message = "uv is not installed: pip install uv"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return found


@pytest.fixture(scope="module")
def wheel(uv, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT], check=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(uv, wheel, tmp_path_factory):
    """An environment of its own with the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, wheel], check=True)
    return folder


@pytest.fixture
def away(tmp_path, monkeypatch):
    """An empty folder, in which whoever starts a command there stands."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(installed: Path, *arguments: str) -> str:
    command = [installed / "bin" / "controlmap", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_nothing_stands_loose_beside_the_package(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"geo", "controlmap-0.1.0.dist-info"}
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


def test_the_wheel_has_the_page_its_options_and_the_whole_bundled_study(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    study = ROOT / "data" / "afghanistan-2021"
    shipped = [
        ROOT / "dashboard.py",
        *(ROOT / "pages").glob("*.*"),
        *(ROOT / ".streamlit").iterdir(),
    ]
    wanted = {f"geo/app/{path.relative_to(ROOT).as_posix()}" for path in shipped}
    wanted |= {f"geo/data/{study.name}/{path.name}" for path in study.iterdir() if path.is_file()}
    wanted |= {f"geo/web/{path.name}" for path in (ROOT / "geo" / "web").iterdir()}
    assert wanted - held == set()


def test_the_command_answers_away_from_the_repository(installed, away, bundled):
    assert "Open the map in a browser" in said(installed, "--help")
    expected = tables.control_table(Timeline(bundled), ARTICLE)
    found = said(installed, "control", "--on", ARTICLE.isoformat(), "--format", "csv")
    assert found == cells.to_csv(expected)


@pytest.fixture(scope="module")
def opened(installed, tmp_path_factory):
    """The dashboard's address, started from an empty folder, and that folder."""
    away, port = tmp_path_factory.mktemp("away"), free_port()
    command = [installed / "bin" / "controlmap", "dashboard", "--port", str(port), "--no-browser"]
    told = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, cwd=away, env=told, stdout=log, stderr=subprocess.STDOUT)
        try:
            if not answers(f"http://127.0.0.1:{port}/_stcore/health", server):
                log.seek(0)
                pytest.fail(f"the dashboard did not start:\n{log.read().decode()}")
            yield f"http://127.0.0.1:{port}/", away
        finally:
            server.terminate()
            server.wait(10)


def test_the_dashboard_answers_away_from_the_repository(opened):
    address, away = opened
    with urlopen(address, timeout=10) as page:
        assert b"<title>Streamlit</title>" in page.read()
    assert list(away.iterdir()) == []


def test_the_dashboard_opens_the_bundled_study_with_its_own_look(opened, browser):
    reader = Reader(browser, opened[0])
    assert reader.page.locator("h1").inner_text().startswith("Friday 13 August 2021")
    size = "getComputedStyle(document.documentElement).fontSize"
    assert reader.page.evaluate(size) == "15px"
    reader.close()
    reader.was_quiet()
