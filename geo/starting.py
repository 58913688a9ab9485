"""A small working study to start from, as a folder or as a .zip."""

import io
import zipfile
from pathlib import Path

from geo.files import filling

STARTER = Path(__file__).parent / "starter"
"""The study that a new one begins as."""


def new(folder: Path, force: bool = False) -> Path:
    """Write the starter into a folder, all of it or nothing.

    Parameters
    ----------
    folder : pathlib.Path
        New or empty, unless `force` is given: then files of the same names are replaced, and
        others stay.
    force : bool

    Raises
    ------
    FileExistsError
        When the folder has something in it and `force` is not given.
    """
    with filling(folder, force) as part:
        for file in sorted(STARTER.iterdir()):
            (part / file.name).write_bytes(file.read_bytes())
    return folder


def as_zip() -> bytes:
    """The same as the bytes of a .zip: for a download."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(STARTER.iterdir()):
            # A fixed time: the same starter is the same file.
            entry = zipfile.ZipInfo(f"my-study/{file.name}", (2024, 1, 1, 0, 0, 0))
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()
