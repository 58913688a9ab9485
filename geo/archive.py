"""A folder or a .zip → the files of a study, as bytes.

Nothing is ever unpacked to disk: what a .zip names is looked at before any of it is read, and
what it holds is read no further than the limits go, whatever it says of its sizes.
"""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from geo.limits import Limits, setting
from geo.problems import Refused

_MB = 2**20

BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError)
"""What reading a damaged, encrypted or oddly packed member raises."""


class Files(Protocol):
    """The files of a study."""

    def names(self) -> list[str]:
        """The names of the files, folders left out."""
        ...

    def read(self, name: str) -> bytes:
        """The content of one of them.

        Raises
        ------
        Refused
            When it cannot be read.
        """
        ...


class Folder:
    """The files of a folder on this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        return sorted(file.name for file in self._path.iterdir() if file.is_file())

    def read(self, name: str) -> bytes:
        try:
            return (self._path / name).read_bytes()
        except OSError as error:
            raise _unreadable(error) from error


class Archive:
    """The files of a .zip: those of its root, or of the only folder in it.

    Parameters
    ----------
    file : pathlib.Path or a binary file
    limits : geo.limits.Limits

    Raises
    ------
    Refused
        When it is no .zip, or holds more or else than a study has.
    """

    def __init__(self, file: Path | IO[bytes], limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except BROKEN as error:
            raise Refused("this is neither a folder nor a .zip", "a folder or .zip") from error
        self._limits = limits
        self._left = limits.unpacked_mb * _MB
        self._members = _root({one.filename: one for one in members(self._zip, limits)})

    def names(self) -> list[str]:
        return sorted(self._members)

    def read(self, name: str) -> bytes:
        try:
            with self._zip.open(self._members[name]) as member:
                content = member.read(self._left + 1)
        except BROKEN as error:
            raise _unreadable(error) from error
        self._left -= len(content)
        if self._left < 0:
            raise _too_much(self._limits)
        return content


def members(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files of a .zip, without what macOS puts beside them, before any is read.

    Raises
    ------
    Refused
        For too many members or bytes, a path that leads out of it, a link, or a password.
    """
    found = [one for one in archive.infolist() if not _of_a_mac(one.filename)]
    if len(found) > limits.files:
        wrong = f"the .zip holds {len(found):,} files"
        raise Refused(wrong, f"{limits.files:,} at most ({setting('files')})")
    for one in found:
        parts = PurePosixPath(one.filename.replace("\\", "/")).parts
        if ".." in parts or one.filename.startswith(("/", "\\")) or ":" in one.filename:
            raise Refused(f"“{one.filename}” leads out of the .zip", "names of files inside it")
        kind = stat.S_IFMT(one.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refused(f"“{one.filename}” is a link or a device", "plain files")
        if one.flag_bits & 1:
            raise Refused(f"“{one.filename}” wants a password", "files without one")
    names = [one.filename for one in found]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"“{twice}” stands in the .zip twice", "each file once")
    if sum(one.file_size for one in found) > limits.unpacked_mb * _MB:
        raise _too_much(limits)
    return [one for one in found if not one.is_dir()]


def _root(members: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The members beside ``study.toml``: of the root, or of the only folder."""
    tops = {name.partition("/")[0] for name in members}
    if "study.toml" not in members and len(tops) == 1:
        [top] = tops
        members = {name.removeprefix(f"{top}/"): one for name, one in members.items()}
    return {name: one for name, one in members.items() if "/" not in name}


def _of_a_mac(name: str) -> bool:
    """Whether macOS put it beside what was meant to be packed."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"


def _too_much(limits: Limits) -> Refused:
    right = f"{limits.unpacked_mb:,} MB at most ({setting('unpacked_mb')})"
    return Refused(f"unpacked, the .zip is larger than {limits.unpacked_mb:,} MB", right)


def _unreadable(error: Exception) -> Refused:
    return Refused(f"the file cannot be read: {error}", "a file that can be opened")
