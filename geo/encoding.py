"""Frames as a file: an MP4 or a GIF by an encoder, a folder or a .zip of pictures.

Each writer takes frames one by one, and its file appears when all have come.
"""

import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
from PIL import Image

from geo import style
from geo.files import replacing
from geo.print.areas import BORDER
from geo.print.map import LAND, LAND_LINE, LAND_NAME, SEA
from geo.print.typeset import INK, LINE, SOFT
from geo.snapshot import Paper, file_name
from geo.study import Study

FILMS, SUFFIXES = (".mp4", ".gif"), (".mp4", ".gif", ".zip")
"""What is made of pixels; and all kinds of file, those of pictures among them."""

HOLD = 2.0
"""Seconds for which a film stays on its last day."""

Add = Callable[[date, Any], None]
"""Takes the next frame: its day, and pixels or a whole picture."""


def writing(study: Study, to: Path, paper: Paper, speed: float) -> AbstractContextManager[Add]:
    """What takes the frames of a film.

    Parameters
    ----------
    study : geo.study.Study
    to : pathlib.Path
        A file with one of :data:`SUFFIXES`, or a folder that is new or empty.
    paper : geo.snapshot.Paper
    speed : float
        Days a second.

    Raises
    ------
    ValueError
        When the suffix is none of :data:`SUFFIXES`.
    FileExistsError
        On entering, when the folder has something in it.
    OSError
        On leaving, when the encoder failed.
    """
    kind = to.suffix.lower()
    if kind == ".zip":
        return _zipped(study, to)
    if not kind:
        return _numbered(study, to)
    if kind in SUFFIXES:
        return _film(study, to, paper, speed)
    raise ValueError(
        f"no film “{to.suffix}”; it is one of {', '.join(SUFFIXES)}, or a folder for frames"
    )


def _frame_name(study: Study, number: int, day: date) -> str:
    return f"{number:04d}_{file_name(study, day)}"


@contextmanager
def _numbered(study: Study, to: Path) -> Iterator[Add]:
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise FileExistsError(f"{to} is there already; frames want a folder that is new or empty")
    with replacing(to) as folder:
        folder.mkdir()
        numbers = count(1)
        yield lambda day, frame: _write(folder / _frame_name(study, next(numbers), day), frame)


def _write(file: Path, content: bytes) -> None:
    file.write_bytes(content)


@contextmanager
def _zipped(study: Study, to: Path) -> Iterator[Add]:
    with replacing(to) as part, zipfile.ZipFile(part, "w") as file:
        numbers = count(1)
        # A ZipInfo has a time of its own that never changes: the same frames, the same file.
        yield lambda day, frame: file.writestr(
            zipfile.ZipInfo(_frame_name(study, next(numbers), day)), frame
        )


class _Stopped(Exception):
    """The encoder takes no more frames."""


@contextmanager
def _film(study: Study, to: Path, paper: Paper, speed: float) -> Iterator[Add]:
    """Feed an encoder with frames as plain pixels."""
    with replacing(to) as part, tempfile.TemporaryFile() as said:
        command = _command(study, part, paper, speed)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said) as encoder:
            try:
                yield lambda _, frame: _feed(encoder, frame)
            except _Stopped:
                pass  # it says why itself
            except BaseException:
                encoder.kill()
                raise
            with suppress(BrokenPipeError):
                encoder.communicate()
        if encoder.returncode:
            said.seek(0)
            raise OSError(f"no film was written: {said.read().decode(errors='replace').strip()}")


def _feed(encoder: subprocess.Popen[bytes], frame: np.ndarray) -> None:
    assert encoder.stdin
    try:
        encoder.stdin.write(frame.data)
    except BrokenPipeError:
        encoder.wait()
        raise _Stopped from None


_RESTING = f"tpad=stop_mode=clone:stop_duration={HOLD}"
_EVEN = "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white"
"""H.264 wants even sides."""

_MP4 = ["-vf", f"{_RESTING},{_EVEN}", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18"]
_MP4 += ["-tune", "stillimage", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
_GIF = ["-lavfi", "paletteuse=dither=none", "-final_delay", f"{HOLD * 100:.0f}"]


def _command(study: Study, part: Path, paper: Paper, speed: float) -> list[str]:
    """What the encoder is asked to do with pixels that come through a pipe."""
    width, height = paper.size
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}"]
    command += ["-framerate", f"{speed:g}", "-i", "pipe:0"]
    if part.suffix.lower() == ".gif":
        colours = part.with_name("palette.png")
        Image.fromarray(palette(study).reshape(16, 16, 3)).save(colours)
        command += ["-i", str(colours), *_GIF]
    else:
        command += _MP4
    # Neither the encoder's version nor the time of day stands in the file.
    command += ["-fflags", "+bitexact", "-flags", "+bitexact"]
    return [*command, "-metadata", f"title={study.settings.title}", str(part)]


COLOURS = 256
"""As many as a GIF has."""


def palette(study: Study) -> np.ndarray:
    """A GIF's colours, the same for all frames: the controls', mixed with paper and ink.

    Returns
    -------
    numpy.ndarray
        256 × 3, uint8.
    """
    whole = [SEA, LAND, LAND_LINE, LINE, BORDER, LAND_NAME, SOFT]
    for control in study.controls.values():
        for claimed in (False, True):
            whole += [style.ground(control, claimed), style.lines(control, claimed)]
        whole.append(control.colour)
    whole = list(dict.fromkeys(colour.lower() for colour in whole))[: COLOURS // 2]
    pure = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in whole])
    white, ink = np.full(3, 255), np.array([int(INK[at : at + 2], 16) for at in (1, 3, 5)])
    greys = ink + (white - ink) * np.linspace(0, 1, 24)[:, None]
    found = [pure, greys]
    for share in (0.5, 0.25, 0.75):
        found += [pure + (white - pure) * share, pure + (ink - pure) * share]
    distinct = np.unique(np.round(np.vstack(found)).astype(np.uint8), axis=0, return_index=True)
    kept = np.vstack(found)[np.sort(distinct[1])][:COLOURS]
    spare = np.zeros((COLOURS - len(kept), 3))
    return np.round(np.vstack([kept, spare])).astype(np.uint8)
