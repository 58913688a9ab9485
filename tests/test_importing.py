"""``controlmap import panel``: what a newcomer is told, and gets on with."""

import pytest

from geo import study
from tests import panels
from tests.panels import STATES_TEXT as TEXT
from tests.test_cli import one_line, run

__all__ = ["run"]


@pytest.fixture
def asked(tmp_path):
    """The arguments of an import, but for its output."""
    (tmp_path / "panel.csv").write_text(TEXT)
    return tmp_path / "panel.csv", "--areas", panels.boundaries(tmp_path)


def test_a_panel_becomes_a_study_and_what_was_read_is_told(run, asked, tmp_path):
    (tmp_path / "map.toml").write_text(panels.MAPPING)
    said = run("import", "panel", *asked, "--map", tmp_path / "map.toml", "-o", tmp_path / "made")
    assert (said.status, said.out) == (0, "")
    assert "“Gov” is read as blue" in said.err
    assert said.err.endswith(
        f"wrote {tmp_path}/made: five reports on two places; controlmap check {tmp_path}/made says "
        "what is worth a second look\n"
    )
    assert len(study.load(tmp_path / "made").reports) == 5


def test_what_is_printed_when_words_are_strange_is_the_mapping_that_helps(run, asked, tmp_path):
    said = run("import", "panel", *asked, "-o", tmp_path / "made")
    assert said.status == 1
    assert "“Gov” stands in 4 rows and means no control" in said.err
    assert "save it, read it over, name it with --map" in said.err
    assert not (tmp_path / "made").exists()
    (tmp_path / "map.toml").write_text(said.out)
    again = run("import", "panel", *asked, "--map", tmp_path / "map.toml", "-o", tmp_path / "made")
    assert again.status == 0


def test_a_mapping_that_lacks_words_is_offered_their_lines(run, asked, tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text('[study]\ntitle = "Mine"\n')
    said = run("import", "panel", *asked, "--map", mapping, "-o", tmp_path / "made")
    assert said.out == '[control]\n"Gov" = "gov"  # 4 rows\n"Reb" = "reb"  # 2 rows\n'
    mapping.write_text(mapping.read_text() + said.out)
    assert run("import", "panel", *asked, "--map", mapping, "-o", tmp_path / "made").status == 0
    assert study.load(tmp_path / "made").settings.title == "Mine"


def test_a_folder_that_is_not_empty_is_refused_before_anything_is_read(run, asked, tmp_path):
    (tmp_path / "panel.csv").write_text("not read")
    said = one_line(run("import", "panel", *asked, "-o", tmp_path))
    assert said == f"{tmp_path} is not empty; --force replaces files of the same names"


def test_force_imports_again_and_gives_the_same_ids(run, asked, tmp_path):
    (tmp_path / "map.toml").write_text(panels.MAPPING)
    wanted = "import", "panel", *asked, "--map", tmp_path / "map.toml", "-o", tmp_path / "made"
    run(*wanted)
    first = (tmp_path / "made" / "reports.csv").read_bytes()
    assert run(*wanted, "--force").status == 0
    assert (tmp_path / "made" / "reports.csv").read_bytes() == first


def test_a_file_that_is_not_there_is_named(run, asked, tmp_path):
    to = "-o", tmp_path / "made"
    assert one_line(run("import", "panel", tmp_path / "x.csv", *asked[1:], *to)).endswith("x.csv")
    said = one_line(run("import", "panel", *asked, "--map", tmp_path / "m.toml", *to))
    assert said == f"there is no file {tmp_path}/m.toml; leave --map out, and one is offered"
