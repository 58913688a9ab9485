"""The study format is told with examples that are true."""

import re

from geo import schemas, starting
from geo.limits import Limits
from tests.browser import ROOT

FORMAT = (ROOT / "docs" / "study.md").read_text(encoding="utf-8")


def test_each_example_stands_in_the_study_that_new_writes():
    written = "\n".join(file.read_text(encoding="utf-8") for file in starting.STARTER.iterdir())
    examples = re.findall(r"```\w+\n(.*?)```", FORMAT, re.DOTALL)
    assert len(examples) == 6
    for line in "".join(examples).splitlines():
        assert line in written.splitlines()


def test_every_file_column_and_key_is_told():
    columns = {name for schema in schemas.SCHEMAS.values() for name in schema.columns}
    keys = set(schemas.Settings.model_fields) - {"control"}
    told = set(re.findall(r"`([a-z_]+)`", FORMAT))
    assert columns | keys <= told | set(re.findall(r'"([a-z_]+)":', FORMAT))


def test_every_limit_is_told_with_what_it_usually_is():
    for name, field in Limits.model_fields.items():
        [row] = [
            line for line in FORMAT.splitlines() if line.startswith("|") and f"`{name}`" in line
        ]
        assert f"{field.default:,}" in row
