"""The README's commands run as they stand there."""

import os
import re
import shutil
import subprocess
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
