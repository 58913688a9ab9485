"""Many viewers at once on one server process, each stepping through the days once a second.

Run with ``uv run python -m tests.benchmarks.bench_viewers [VIEWERS] [MINUTES]`` (30, 10). A viewer
is a true session of Streamlit's: it speaks the protocol that its page speaks, and sends what the
map sends. Thirty browsers on one machine would measure the browsers. The alternative in the same
run is one viewer alone.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.bench_map import percentiles
from tests.browser import serve

FIRST, LAST = date(2021, 6, 1), date(2021, 8, 25)
PACE = 1.0
"""Seconds from one step of a viewer to the next."""

PATIENCE = 30.0
"""Seconds after which an answer that has not come is an error."""

FAILED = (ForwardMsg.FINISHED_WITH_COMPILE_ERROR,)
PASSING = (ForwardMsg.FINISHED_EARLY_FOR_RERUN,)


class Viewer:
    """One session: its days, how long each step took, and what went wrong."""

    def __init__(self, address: str, dice: random.Random) -> None:
        self.address, self.dice = address, dice
        self.waits: list[float] = []
        self.errors: list[str] = []
        self.map = self.fragment = ""

    async def open(self) -> None:
        """Connect, ask for the page, and wait until it is all there."""
        host = urlsplit(self.address).netloc
        self.socket: ClientConnection = await connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=["streamlit"],
            origin=f"http://{host}",
            max_size=None,
            ping_interval=None,
        )
        await self.socket.send(self._ask().SerializeToString())
        await asyncio.wait_for(self._finished(), PATIENCE)
        assert self.map, "the page has no map"

    async def step_until(self, end: float) -> None:
        """A step each second, to a day on or a day back, at a moment of its own."""
        day = FIRST + timedelta(days=self.dice.randrange((LAST - FIRST).days))
        await asyncio.sleep(self.dice.random() * PACE)
        way = timedelta(days=1)
        while time.monotonic() < end:
            way = way if FIRST < day + way < LAST else -way
            day += way
            begun = time.perf_counter()
            try:
                await self.socket.send(self._ask(day).SerializeToString())
                await asyncio.wait_for(self._finished(), PATIENCE)
            except Exception as error:
                self.errors.append(repr(error))
                return
            took = time.perf_counter() - begun
            self.waits.append(took * 1000)
            await asyncio.sleep(max(0.0, PACE - took))

    async def close(self) -> None:
        with suppress(Exception):
            await self.socket.close()

    def _ask(self, day: date | None = None) -> BackMsg:
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        asked.rerun_script.context_info.timezone = "UTC"
        if day:
            asked.rerun_script.fragment_id = self.fragment
            told = {"day": str(day), "bounds": None, "hidden": [], "picked": None}
            state = asked.rerun_script.widget_states.widgets.add()
            state.id = self.map
            state.json_value = json.dumps(told | {"view": "33.939,67.71,6"})
        return asked

    async def _finished(self) -> None:
        while True:
            said = ForwardMsg.FromString(await self.socket.recv())
            kind = said.WhichOneof("type")
            if kind == "delta":
                self._note(said)
            elif kind == "session_event" and said.session_event.HasField("script_compilation_exc"):
                self.errors.append("the script does not compile")
            elif kind == "script_finished" and said.script_finished not in PASSING:
                if said.script_finished in FAILED:
                    self.errors.append("the script failed")
                return

    def _note(self, said: ForwardMsg) -> None:
        """Keep what the map is called; an exception or an error box is an error."""
        element = said.delta.new_element
        kind = element.WhichOneof("type")
        if (
            kind == "component_instance"
            and "st_folium" in element.component_instance.component_name
        ):
            self.map, self.fragment = element.component_instance.id, said.delta.fragment_id
        elif kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)


def server() -> int:
    """The dashboard's process: the one that this one started."""
    [child] = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return int(child)


def memory(process: int) -> float:
    """What a process holds, in MB."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def busy(process: int) -> float:
    """How long a process has had a processor to itself, in milliseconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1000


async def watch(viewers: list[Viewer], seconds: float) -> None:
    """Open all, one after another, and have them step."""
    for viewer in viewers:
        await viewer.open()
    end = time.monotonic() + seconds
    await asyncio.gather(*(viewer.step_until(end) for viewer in viewers))


def counted(viewers: list[Viewer]) -> Iterator[float]:
    for viewer in viewers:
        yield from viewer.waits


async def measure(address: str, count: int, minutes: float) -> None:
    """Print what one viewer meets alone, then what many meet together."""
    process, dice = server(), random.Random(1)
    first = Viewer(address, dice)
    await watch([first], 20)
    alone = memory(process)
    print(f"1 viewer     {percentiles(first.waits)}   server {alone:.0f} MB", flush=True)
    others = [Viewer(address, dice) for _ in range(count - 1)]
    first.waits.clear()
    for viewer in others:
        await viewer.open()
    everybody = [first, *others]
    begun = busy(process)
    end = time.monotonic() + minutes * 60
    await asyncio.gather(*(viewer.step_until(end) for viewer in everybody))
    grown = (memory(process) - alone) / max(count - 1, 1)
    waits = list(counted(everybody))
    errors = [error for viewer in everybody for error in viewer.errors]
    print(f"{count} viewers   {percentiles(waits)}   (500 at p95)")
    print(f"memory       {grown:.1f} MB for each further viewer   (15)")
    print(f"steps        {len(waits):,} of {count * minutes * 60 / PACE:,.0f} in {minutes:g} min")
    print(
        f"processor    {(busy(process) - begun) / len(waits):.1f} ms of the server's for each step"
    )
    print(f"errors       {len(errors)} (0) {'; '.join(sorted(set(errors)))}")
    print(f"load         {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    for viewer in everybody:
        await viewer.close()


def main() -> None:
    """Measure on the bundled study."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    with serve() as address:
        asyncio.run(measure(address, count, minutes))


if __name__ == "__main__":
    main()
