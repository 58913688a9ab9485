"""How long a step of the slider takes, from the key press to the repainted areas.

Run with ``uv run python -m tests.benchmarks.bench_map``. Ours and the naive way (a new folium
map for each run of the page) are measured in one run, in headless Chromium on this machine:
trust the ratios more than the milliseconds.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import shapely
from playwright.sync_api import Frame, Page, expect, sync_playwright

from geo import outlines, webmap
from geo import payload as payloads
from geo import study as studies
from tests.browser import FLAGS, ROOT, free_port, installed, serve

STEPS = 60
SIDE = {400: 20, 3000: 60}

NAIVE = """
import json, streamlit as st, folium
import streamlit.components.v1 as components
from geo.study import load
from geo.webmap import LEAFLET
from geo.timeline import Timeline
from streamlit_folium import st_folium
@st.cache_resource
def at_hand():
    found = load()
    timeline = Timeline(found)
    return found, timeline, json.loads(found.areas[["area_id", "geometry"]].to_json())
found, timeline, shapes = at_hand()
day = st.slider("Day", min_value=timeline.days[0].date(), max_value=timeline.days[-1].date(),
                value=timeline.days[96].date())
held = timeline.control(day)["control"]
colours = {c.id: c.colour for c in found.controls.values()}
leaflet = "../" + components.declare_component("leaflet", path=str(LEAFLET)).name
world = folium.Map(tiles=None)
# Folium's own links lead to content networks; without them no map is drawn at all.
world.default_js = [("leaflet", f"{leaflet}/leaflet.js")]
world.default_css = [("leaflet_css", f"{leaflet}/leaflet.css")]
folium.GeoJson(shapes, style_function=lambda f: {
    "fillColor": colours[held[f["properties"]["area_id"]]], "fillOpacity": 0.85}).add_to(world)
world.fit_bounds([[29.3, 60.5], [38.5, 74.9]])
st_folium(world, height=600, use_container_width=True, returned_objects=[])
st.write(str(day))
"""

# The time from the key event to the end of the first frame drawn after it.
PROBE = """() => {
  window.__steps = [];
  document.addEventListener("keydown", (event) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.__steps.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    });
  }, true);
}"""


def percentiles(times: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    cuts = statistics.quantiles(times, n=20)
    return f"p50 {statistics.median(times):6.1f} ms   p95 {cuts[18]:6.1f} ms"


def press(page: Page, frame: Frame, steps: int = STEPS) -> list[float]:
    """Press → and ← at uneven times, and read how long each took to show."""
    frame.evaluate(PROBE)
    frame.locator("input[type=range]").focus()
    for step in range(steps):
        page.keyboard.press("ArrowRight" if step % 8 < 5 else "ArrowLeft")
        time.sleep(random.uniform(0.06, 0.14))
    times = frame.evaluate("window.__steps")
    assert len(times) == steps
    return times


def grid(areas: int, days: int, share: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """A made-up study of square areas in which `share` of them change on each day."""
    side = SIDE[areas]
    rows = areas // side
    shapes = []
    for number in range(areas):
        x, y = number % side, number // side
        ring = [[x, y], [x + 0.5, y + 0.1], [x + 1, y], [x + 1.1, y + 0.5], [x + 1, y + 1]]
        ring += [[x + 0.5, y + 1.1], [x, y + 1], [x + 0.1, y + 0.5], [x, y]]
        shapes.append(shapely.Polygon([[30 + a / 4, 20 + b / 4] for a, b in ring]))
    found = studies.load()
    payload = payloads.study_payload(found) | {
        "days": [f"{2020 + d // 365}-{d % 12 + 1:02}-{d % 28 + 1:02}" for d in range(days)],
        "areas": [
            {"id": f"A{number}", "name": f"Area {number}", "shape": shape}
            for number, shape in enumerate(outlines.encoded(np.array(shapes)))
        ],
        "places": {column: [] for column in ("id", "name", "sorts", "sort", "rank", "at")},
        "context": [],
        "bounds": [[20, 30], [20 + rows / 4, 30 + side / 4]],
    }
    dice = random.Random(1)
    runs = []
    for number in range(areas):
        run = [0, 8 * (number % 2), -1, -1]
        for day in range(1, days):
            if share == 1 or dice.random() < share:
                run += [day, 8 * ((run[-3] // 8 + 1) % 5), -1, -1]
        runs.append(run)
    nothing = ("unit", "day", "from", "to", "sure", "texts", "by", "lists", "lone")
    changes = {column: [] for column in nothing} | {"outside": {}}
    timeline = {"areas": runs, "places": [], "changes": changes, "sources": []}
    return payload, timeline | {"silent": None, "silence": ""}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder on a port of this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def bench_grid(page: Page, areas: int, days: int, share: float) -> list[float]:
    """Steps on a plain page with a made-up study."""
    payload, timeline = grid(areas, days, share)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(webmap.LEAFLET, folder / "leaflet")
        (folder / "study.json").write_text(json.dumps(payload))
        (folder / "timeline.json").write_text(json.dumps(timeline))
        (folder / "map.js").write_bytes(webmap.script())
        shutil.copy(webmap.STYLE, folder / "map.css")
        links = webmap.Links("leaflet", "map.js", "map.css")
        world = webmap.build_map("study.json", links)
        first = studies.load().settings.start.replace(year=2020, month=5, day=5)
        payload["days"][4] = first.isoformat()
        world.add_child(webmap.update("timeline.json", first, 0))
        (folder / "study.json").write_text(json.dumps(payload))
        world.save(folder / "index.html")
        with served(folder) as address:
            page.goto(f"{address}/index.html")
            page.wait_for_function("window.controlmap?.ready", timeout=60_000)
            time.sleep(1)
            return press(page, page.main_frame)


def component_frames(page: Page) -> list[Frame]:
    """The frames of maps inside a Streamlit page."""
    return [frame for frame in page.frames if "st_folium" in frame.url]


def bench_dashboard(page: Page, address: str) -> tuple[list[float], list[float]]:
    """Steps on the real dashboard, and how long after the last one the panels are settled."""
    page.goto(f"{address}?day=2021-07-20")
    page.locator("iframe").first.wait_for()
    (frame,) = component_frames(page)
    frame.wait_for_function("window.controlmap?.ready")
    time.sleep(2)
    frame.evaluate("window.__mark = 1")
    times = press(page, frame)
    settled = []
    for _ in range(15):
        time.sleep(0.5)
        page.keyboard.press("ArrowRight")
        pressed = time.perf_counter()
        day = frame.locator("output.controlmap-day").inner_text()
        page.wait_for_function(
            "day => document.querySelector('h1.cm-day b')?.innerText === day", arg=day
        )
        settled.append((time.perf_counter() - pressed) * 1000)
    assert frame.evaluate("window.__mark") == 1, "the frame was mounted anew"
    return times, settled


def bench_first_map(page: Page, address: str) -> float:
    """From asking for the page to the first coloured area, in milliseconds."""
    asked = time.perf_counter()
    page.goto(address)
    page.frame_locator("iframe").first.locator("path.controlmap-area[fill^='#']").first.wait_for()
    return (time.perf_counter() - asked) * 1000


def bench_naive(page: Page) -> list[float]:
    """A new map for each step, timed to the text below it: the map itself is drawn later still."""
    with tempfile.TemporaryDirectory() as name:
        script = Path(name) / "naive.py"
        script.write_text(NAIVE)
        port = free_port()
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
        server = subprocess.Popen(
            command + options,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
        )
        try:
            return _naive_steps(page, f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait()


def _naive_steps(page: Page, address: str) -> list[float]:
    for _ in range(60):
        try:
            page.goto(address)
            break
        except Exception:
            time.sleep(0.25)
    drawn = page.frame_locator("iframe").first.locator("path.leaflet-interactive")
    drawn.first.wait_for(timeout=30_000)
    time.sleep(3)
    shown = page.locator("[data-testid=stMarkdown]").last
    page.locator("[data-testid=stSlider]").locator("input[type=range], [role=slider]").first.focus()
    times = []
    for _ in range(9):  # from 5 August on every day changes the map
        before = shown.inner_text()
        pressed = time.perf_counter()
        page.keyboard.press("ArrowRight")
        expect(shown).not_to_have_text(before)
        times.append((time.perf_counter() - pressed) * 1000)
        time.sleep(0.3)
    return times


def main() -> None:
    """Print every measurement beside its goal."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        with serve() as address:
            firsts = [bench_first_map(browser.new_page(), address) for _ in range(5)]
            steps, settled = bench_dashboard(page, address)
        print(
            f"first coloured map         {firsts[0]:.0f} ms, then {min(firsts[1:]):.0f} ms (3000)"
        )
        print(f"34 areas, dashboard        {percentiles(steps)}   (10 / 20)")
        print(f"panels settled             {percentiles(settled)}   (300)")
        for share, goal in ((1.0, 35), (0.01, 10)):
            times = bench_grid(page, 3000, 1500, share)
            print(f"3,000 × 1,500, {share:4.0%} a step  {percentiles(times)}   ({goal})")
        naive = bench_naive(page)
        ratio = statistics.median(naive) / statistics.median(steps)
        print(f"naive, without its drawing  {percentiles(naive)}   {ratio:.0f} × ours (20)")
        browser.close()


if __name__ == "__main__":
    main()
