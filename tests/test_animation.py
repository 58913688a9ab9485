"""Films: every frame is its day's snapshot, and a file is there whole or not at all."""

import io
import os
import zipfile
from datetime import date, timedelta

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image, ImageSequence

from geo import animation, encoding, frames
from geo.animation import Cancelled, animate, days_of, film_name
from geo.encoding import palette
from geo.snapshot import Paper, Snapshots
from geo.timeline import Timeline
from tests import tiny
from tests.tiny import august

PAPER = Paper((801, 601), 75)
"""Odd, as no H.264 film can be."""

DAYS = [august(day) for day in range(3, 11)]
"""Some with a change, some without, the last two of silence."""


@pytest.fixture(scope="module")
def ours():
    return Timeline(
        tiny.study(
            tiny.ledger("""
                place_id  control    when
                alpha     blue       ../2021-08-01
                alpha     contested  2021-08-05
                alpha     red        2021-08-08
                beta      blue       ../2021-08-01
            """)
        )
    )


@pytest.fixture(scope="module")
def stills(ours):
    pictures = Snapshots(ours, *PAPER)
    return {day: pictures.draw(day) for day in DAYS}


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """As in a shell: no thread beside, so that a process may be copied."""
    monkeypatch.setattr(frames.threading, "active_count", lambda: 1)


def pixels(still):
    return np.asarray(Image.open(io.BytesIO(still)).convert("RGB")).astype(int)


def decoded(file):
    """A film's frames as an independent reader gives them, and what it says of the file."""
    frames = imageio_ffmpeg.read_frames(str(file))
    about = next(frames)
    width, height = about["size"]
    shape = (height, width, 3)
    return [np.frombuffer(f, np.uint8).reshape(shape).astype(int) for f in frames], about


def left_in(folder):
    return sorted(entry.name for entry in folder.iterdir())


# Days.


def test_a_film_has_every_day_or_those_with_a_change(ours):
    assert days_of(ours, august(3), august(10)) == DAYS
    changes = [august(day) for day in (3, 5, 8, 10)]
    assert days_of(ours, august(3), august(10), only_changes=True) == changes
    settings = ours.study.settings
    assert days_of(ours)[0] == settings.start and days_of(ours)[-1] == settings.end
    assert len(days_of(ours)) == (settings.end - settings.start).days + 1


@pytest.mark.parametrize("first, last", [(august(9), august(3)), (date(2020, 1, 1), august(3))])
def test_a_period_is_one_of_the_study(ours, first, last):
    with pytest.raises(ValueError, match="is not a period of the study"):
        days_of(ours, first, last)


def test_a_film_is_named_after_its_days(timeline):
    days = [date(2021, 8, 6), date(2021, 8, 15)]
    assert film_name(timeline, days, ".mp4") == "afghanistan-2021_control_20210806_20210815.mp4"


# Frames.


@pytest.mark.parametrize("workers", [1, 2])
def test_frames_are_the_days_snapshots_byte_for_byte(ours, stills, tmp_path, workers):
    folder = tmp_path / "frames"
    animate(ours, DAYS, folder, paper=PAPER, workers=workers)
    assert left_in(folder) == [
        f"{number:04d}_tiny_control_{day:%Y%m%d}.png" for number, day in enumerate(DAYS, 1)
    ]
    for file, day in zip(sorted(folder.iterdir()), DAYS, strict=True):
        assert file.read_bytes() == stills[day]
    assert left_in(tmp_path) == ["frames"]


def test_frames_go_in_one_file(ours, stills, tmp_path):
    animate(ours, DAYS, tmp_path / "film.zip", paper=PAPER)
    with zipfile.ZipFile(tmp_path / "film.zip") as file:
        assert [file.read(name) for name in file.namelist()] == [stills[day] for day in DAYS]
        assert file.namelist()[0] == "0001_tiny_control_20210803.png"


def test_processes_that_start_anew_draw_the_same(ours, stills, tmp_path, monkeypatch):
    """As in the dashboard, whose threads forbid copies of the process."""
    monkeypatch.setattr(frames.threading, "active_count", lambda: 2)
    animate(ours, DAYS, tmp_path / "film.zip", paper=PAPER, workers=2)
    with zipfile.ZipFile(tmp_path / "film.zip") as file:
        assert [file.read(name) for name in file.namelist()] == [stills[day] for day in DAYS]


# Films.


def test_mp4_plays_the_days_in_browsers(ours, stills, tmp_path):
    file = tmp_path / "film.mp4"
    animate(ours, DAYS, file, paper=PAPER, speed=4)
    shown, about = decoded(file)
    assert (about["codec"], about["pix_fmt"].split("(")[0]) == ("h264", "yuv420p")
    assert about["fps"] == 4
    assert about["size"] == (802, 602)  # one white row and column more
    assert len(shown) == len(DAYS) + 4 * animation.HOLD
    content = file.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # plays while it loads
    for frame, day in zip(shown, DAYS, strict=False):
        assert abs(frame[:601, :801] - pixels(stills[day])).mean() < 2
    assert abs(shown[-1][:601, :801] - pixels(stills[DAYS[-1]])).mean() < 2


def test_gif_has_the_days_colours(ours, stills, tmp_path):
    file = tmp_path / "film.gif"
    animate(ours, DAYS, file, paper=PAPER, speed=2)
    with Image.open(file) as film:
        assert film.size == PAPER.size and film.info["loop"] == 0
        frames = [
            (frame.info["duration"], np.asarray(frame.convert("RGB")).astype(int))
            for frame in ImageSequence.Iterator(film)
        ]
    assert [duration for duration, _ in frames] == [500] * (len(DAYS) - 1) + [2000]
    for (_, frame), day in zip(frames, DAYS, strict=True):
        apart = abs(frame - pixels(stills[day]))
        assert apart.mean() < 1.5 and np.quantile(apart, 0.99) < 30


def test_a_suffix_may_be_in_capitals(ours, tmp_path):
    animate(ours, DAYS[:2], tmp_path / "film.GIF", paper=PAPER)
    assert (tmp_path / "film.GIF").read_bytes().startswith(b"GIF89a")


def test_a_gifs_colours_hold_every_controls(bundled):
    found = {tuple(colour) for colour in palette(bundled).tolist()}
    assert len(palette(bundled)) == 256
    for control in bundled.controls.values():
        wanted = tuple(int(control.colour[at : at + 2], 16) for at in (1, 3, 5))
        assert wanted in found, control.id


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".zip"])
def test_the_same_days_make_the_same_film(ours, tmp_path, suffix):
    for name, workers in (("one", 1), ("two", 2)):
        animate(ours, DAYS, tmp_path / f"{name}{suffix}", paper=PAPER, workers=workers)
    one, two = (tmp_path / f"{name}{suffix}" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_progress_is_told_after_each_frame(ours, tmp_path):
    told = []
    animate(ours, DAYS, tmp_path / "f.gif", paper=PAPER, progress=lambda *at: told.append(at))
    assert told == [(done, len(DAYS)) for done in range(1, len(DAYS) + 1)]


# What goes wrong.


@pytest.mark.parametrize("name", ["film.mp4", "film.gif", "film.zip", "frames"])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_film_given_up_leaves_nothing(ours, tmp_path, name, workers):
    to = tmp_path / name
    if to.suffix:
        to.write_text("before")
    done = []
    with pytest.raises(Cancelled):
        animate(
            ours,
            DAYS,
            to,
            paper=PAPER,
            progress=lambda *at: done.append(at),
            cancelled=lambda: len(done) == 3,
            workers=workers,
        )
    assert left_in(tmp_path) == ([name] if to.suffix else [])
    assert not to.suffix or to.read_text() == "before"


def test_an_encoder_that_fails_is_told_and_leaves_nothing(ours, tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "_MP4", ["-c:v", "no-such-codec"])
    with pytest.raises(OSError, match=r"no film was written: .*no-such-codec"):
        animate(ours, DAYS, tmp_path / "film.mp4", paper=PAPER)
    assert left_in(tmp_path) == []


def test_what_cannot_be_a_film_is_refused(ours, tmp_path):
    with pytest.raises(ValueError, match=r"no film “\.avi”"):
        animate(ours, DAYS, tmp_path / "film.avi", paper=PAPER)
    with pytest.raises(ValueError, match="at least one day"):
        animate(ours, [], tmp_path / "film.mp4", paper=PAPER)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("kept")
    with pytest.raises(FileExistsError, match="new or empty"):
        animate(ours, DAYS, tmp_path / "full", paper=PAPER)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        animate(ours, DAYS, tmp_path / "nowhere" / "film.mp4", paper=PAPER)
    assert left_in(tmp_path / "full") == ["mine.txt"]


def test_a_fault_in_another_process_is_ours(ours, tmp_path):
    strange = [*DAYS, ours.study.settings.end + timedelta(days=9)]
    with pytest.raises(ValueError, match="is not a day of the study"):
        animate(ours, strange, tmp_path / "film.zip", paper=PAPER, workers=2)
    assert left_in(tmp_path) == []
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]
