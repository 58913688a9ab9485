"""On a cluster a panel becomes the same study, byte for byte, and so it does when a worker dies."""

import subprocess
import sys
import threading
import time
from datetime import date, timedelta

import pytest
from distributed import Client

from geo.importers import chunks, draft, panel, spread
from geo.importers.refusal import TableError
from tests import panels

DAYS, PLACES, SIZE = 60, 40, 1500


def table():
    """Forty places on sixty days, in the order of the days; each changes hands now and then."""
    lines = ["id,name,lat,lon,day,status"]
    for number in range(DAYS):
        for place in range(PLACES):
            word = ["Gov", "Reb", "NR"][(number // (3 + place % 7) + place) % 3]
            spot = f"{30.1 + place * 0.02:.2f},{60.1 + place * 0.045:.3f}"
            day = date(2021, 8, 1) + timedelta(days=number)
            lines.append(f"p{place},Place {place},{spot},{day},{word}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    (folder / "panel.csv").write_text(table())
    (folder / "map.toml").write_text(panels.MAPPING)
    return folder / "panel.csv", panels.boundaries(folder), folder / "map.toml"


@pytest.fixture(scope="module")
def alone(files, tmp_path_factory):
    """What the files become on this machine, in one piece."""
    return content(
        panel.read([files[0]], *files[1:], workers=1), tmp_path_factory.mktemp("a") / "s"
    )


def content(found, folder):
    """The bytes of the study that a draft becomes."""
    made = draft.write(found, folder)
    return {file.name: file.read_bytes() for file in made.iterdir()}


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers on this machine, and the workers' processes."""
    told = tmp_path / "scheduler.json"
    here = ["--host", "127.0.0.1", "--no-dashboard"]

    def start(module, *options):
        command = [sys.executable, "-m", f"distributed.cli.{module}", *here, *options]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    processes = [start("dask_scheduler", "--port", "0", "--scheduler-file", str(told))]
    options = "--scheduler-file", str(told), "--no-nanny", "--nthreads", "1", "--memory-limit", "0"
    workers = [start("dask_worker", *options, "--local-directory", str(tmp_path)) for _ in "ab"]
    processes += workers
    try:
        while not told.exists():
            time.sleep(0.05)
        with Client(scheduler_file=str(told), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=30)
            yield client, workers
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_cluster_makes_the_same_study(files, alone, cluster, tmp_path):
    client, _ = cluster
    address = client.scheduler.address
    found = panel.read([files[0]], *files[1:], scheduler=address, size=SIZE)
    assert content(found, tmp_path / "made") == alone


def test_a_cluster_that_loses_a_worker_makes_it_too(files, alone, cluster, tmp_path):
    client, workers = cluster
    lost = []

    def lose_one():
        while not lost:
            held = client.run_on_scheduler(in_memory)
            if held >= 5:
                workers[0].kill()
                lost.append(held)

    killer = threading.Thread(target=lose_one)
    killer.start()
    found = panel.read([files[0]], *files[1:], scheduler=client.scheduler.address, size=SIZE)
    left = len(client.scheduler_info()["workers"])
    lost.append(0)
    killer.join()
    assert 5 <= lost[0] < len(chunks.cut([files[0]], size=SIZE))
    assert left == 1
    assert content(found, tmp_path / "made") == alone


def in_memory(dask_scheduler):
    """How many parts the workers hold."""
    return sum(task.state == "memory" for task in dask_scheduler.tasks.values())


def test_what_is_wrong_with_a_table_is_said_from_a_cluster_too(files, cluster, tmp_path):
    client, _ = cluster
    rows = table().count(",Reb\n")
    (tmp_path / "map.toml").write_text('[control]\nGov = "blue"\nNR = "unknown"\n')
    with pytest.raises(TableError) as error:
        panel.read(
            [files[0]],
            files[1],
            tmp_path / "map.toml",
            scheduler=client.scheduler.address,
            size=SIZE,
        )
    assert error.value.problems[0].wrong == f"“Reb” stands in {rows} rows and means no control"


def test_a_scheduler_that_does_not_answer_is_refused(files, monkeypatch):
    monkeypatch.setattr(spread, "ANSWERS", "1s")
    with pytest.raises(TableError) as error:
        panel.read([files[0]], *files[1:], scheduler="tcp://127.0.0.1:9")
    assert error.value.problems[0].wrong.startswith("no scheduler answers")
