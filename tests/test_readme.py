"""The README's commands run as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import ROOT, answers, free_port

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [block.strip() for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)]


def in_place(command: str) -> str:
    """The command without its first half, which installs uv where it is missing."""
    if not shutil.which("uv"):
        pytest.skip("uv is not installed")
    return command.removeprefix("pip install uv && ")


def test_two_commands_do_everything():
    assert COMMANDS == [
        "pip install uv && uv run streamlit run dashboard.py",
        "pip install uv && uv run pytest",
    ]


def test_first_command_opens_the_dashboard():
    port = free_port()
    quiet = {
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_PORT": str(port),
    }
    server = subprocess.Popen(
        in_place(COMMANDS[0]).split(), cwd=ROOT, env=os.environ | quiet, stdout=subprocess.DEVNULL
    )
    try:
        assert answers(f"http://127.0.0.1:{port}/_stcore/health", server)
    finally:
        server.terminate()
        server.wait(10)


def test_second_command_finds_the_tests():
    command = [*in_place(COMMANDS[1]).split(), "--collect-only", "-q", "tests/test_dates.py"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "test_dates.py" in found.stdout


def test_files_the_readme_points_to_are_there():
    links = re.findall(r"\]\(((?!https?:)[^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not Path(ROOT, link).exists()] == []


def sessions():
    """Each command of the shell sessions, and what stands below it."""
    blocks = "".join(re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL))
    steps = re.split(r"^\$ ", blocks, flags=re.MULTILINE)[1:]
    return [(step.splitlines()[0], step.splitlines()[1:]) for step in steps]


@pytest.mark.parametrize("command, shown", sessions(), ids=lambda step: str(step)[:40])
def test_shell_sessions_print_what_they_show(command, shown, tmp_path):
    bin_folder = Path(sys.executable).parent
    run = subprocess.run(
        command,
        shell=True,
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (run.stdout + run.stderr).splitlines() == shown


def test_every_command_is_in_the_readme():
    from geo.cli import app

    names = [command.callback.__name__ for command in app.registered_commands]
    assert [name for name in names if f"`{name}`" not in TEXT] == []
