"""A .zip is looked at before it is read: what it names, and how much it would become."""

import io
import stat
import struct
import zipfile

import pytest

from geo.archive import Archive
from geo.limits import Limits
from geo.problems import Refused
from geo.study import StudyError, load
from tests import tiny

FEW = Limits(files=10, unpacked_mb=1)


def zipped(**files: str | bytes) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    content.seek(0)
    return content


def opened(content: io.BytesIO, limits: Limits = FEW) -> Archive:
    return Archive(content, limits)


@pytest.mark.parametrize(
    "name",
    ["../study.toml", "a/../../b", "/etc/passwd", "\\\\host\\share", "..\\b", "C:\\b", "C:b"],
)
def test_a_path_that_leads_out_of_it(name):
    with pytest.raises(Refused, match=r"leads out of the \.zip"):
        opened(zipped(**{"study.toml": "", name: ""}))


def test_a_link():
    link = zipfile.ZipInfo("areas.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Refused, match=r"“areas\.geojson” is a link or a device"):
        opened(content)


def test_more_files_than_the_limit():
    with pytest.raises(Refused, match=r"holds 10,000 files; .*\(CONTROLMAP_MAX_FILES\)"):
        opened(zipped(**{f"f{number}": "" for number in range(10_000)}), Limits())


def test_a_bomb_is_known_by_what_it_says_of_itself():
    with pytest.raises(Refused, match=r"unpacked, the \.zip is larger than 1 MB"):
        opened(zipped(bomb=b"\0" * 2**21))


def test_a_bomb_that_lies_is_read_no_further_than_the_limit():
    content = bytearray(zipped(bomb=b"\0" * 2**21).getvalue())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 5)
    archive = opened(io.BytesIO(bytes(content)))
    with pytest.raises(Refused) as refused:
        archive.read("bomb")
    assert "cannot be read" in refused.value.wrong or "larger than" in refused.value.wrong


def test_all_files_together_count():
    archive = opened(zipped(one=b"\0" * 2**19, two=b"\0" * 2**19))
    assert len(archive.read("one")) + len(archive.read("two")) == 2**20
    with pytest.raises(Refused, match="larger than 1 MB"):
        archive.read("one")


def test_a_file_that_stands_twice():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("study.toml", "one")
        archive.writestr("study.toml", "two")
    with pytest.raises(Refused, match=r"“study\.toml” stands in the \.zip twice"):
        opened(content)


def test_a_password():
    content = bytearray(zipped(**{"study.toml": "x"}).getvalue())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 8] |= 1
    with pytest.raises(Refused, match="wants a password"):
        opened(io.BytesIO(bytes(content)))


def test_a_damaged_member_is_a_problem_of_its_file(tmp_path):
    content = bytearray(tiny.files().zipped())
    at = content.index(b"reports.csv") + len("reports.csv")
    content[at + 20] ^= 1
    with pytest.raises(StudyError) as refused:
        load("tiny.zip", io.BytesIO(bytes(content)))
    (problem,) = refused.value.problems
    assert problem.file == "reports.csv"
    assert problem.wrong.startswith("the file cannot be read: Bad CRC-32")


def test_no_zip_at_all():
    with pytest.raises(StudyError) as refused:
        load("tiny.zip", io.BytesIO(b"nothing of the kind"))
    (problem,) = refused.value.problems
    assert problem[:5] == ("error", "tiny.zip", None, "", "this is neither a folder nor a .zip")


def test_a_study_in_memory_is_the_same_as_on_disk(tmp_path):
    content = tiny.files().zipped("tiny/")
    (tmp_path / "tiny.zip").write_bytes(content)
    found = load("tiny.zip", io.BytesIO(content), Limits())
    assert (found.id, found.digest) == ("tiny", load(tmp_path / "tiny.zip").digest)
