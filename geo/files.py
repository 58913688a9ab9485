"""Files and folders: what they are called, and that they appear whole or not at all."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def stem(study_id: str) -> str:
    """How the names of a study's files begin, whatever its own name holds.

    Examples
    --------
    >>> stem("../a b/“c”")
    'a-b-c'
    """
    return re.sub(r"[^A-Za-z0-9-]+", "-", study_id).strip("-") or "study"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to instead: what stands there becomes `path` when the block ends well.

    Nothing is left of it otherwise, and `path` is as it was. It has the same name, in a
    folder of its own beside `path`, where a writer may keep what it needs on the way.

    Raises
    ------
    FileNotFoundError
        When the folder that is to hold `path` does not exist.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}")
    # Beside its target: a rename from another file system is no longer all or nothing.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".controlmap-") as folder:
        part = Path(folder) / path.name
        yield part
        part.replace(path)


def check_vacant(folder: Path, force: bool = False) -> None:
    """Refuse a folder that :func:`filling` would, before the work for it is done."""
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise FileExistsError(f"{folder} is not empty; --force replaces files of the same names")
    if not folder.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {folder.parent}")


@contextmanager
def filling(folder: Path, force: bool = False) -> Iterator[Path]:
    """A new folder to fill instead: its files become those of `folder` when the block ends well.

    Parameters
    ----------
    folder : pathlib.Path
        New or empty, unless `force` is given.
    force : bool
        Replace files of the same names; others stay.

    Raises
    ------
    FileExistsError
        When something is in the folder's way, or in the folder and `force` is not given.
    FileNotFoundError
        When the folder that is to hold `folder` does not exist.
    """
    check_vacant(folder, force)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".controlmap-") as beside:
        part = Path(beside) / folder.name
        part.mkdir()
        yield part
        folder.mkdir(exist_ok=True)
        for file in part.iterdir():
            file.replace(folder / file.name)
