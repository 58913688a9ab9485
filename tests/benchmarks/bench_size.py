"""The largest study we promise, on the real dashboard: 12,000 districts × 800 days.

Run with ``uv run python -m tests.benchmarks.bench_size [SCALE [PLACES]]``, SCALE being the screen's
pixels for each CSS pixel (1). The alternative in the same run is what a page would do without much
thought: all outlines as GeoJSON, a state for every day, Leaflet's own canvas restyled whole. With
PLACES the study is one of so many places, with ten reports each, and there is no alternative.
"""

import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, sync_playwright

from geo import study as studies
from geo import webmap
from geo.timeline import Timeline
from tests.benchmarks import districts, large
from tests.benchmarks.bench_map import component_frames, percentiles, served
from tests.browser import FLAGS, installed, serve

SCREEN = {"width": 1440, "height": 900}
STEPS = 24
PACE = 1.0
"""Seconds between two steps: the page behind the map has followed by then."""

# From the key to the end of the frame it leads to, its canvas drawn to the last pixel.
_PROBE = """() => {
  window.__steps = [];
  document.addEventListener("keydown", (event) => requestAnimationFrame(() => {
    for (const canvas of document.querySelectorAll("canvas.leaflet-zoom-animated")) {
      canvas.getContext("2d").getImageData(0, 0, 1, 1);
    }
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.__steps.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(0);
  }), true);
}"""

# Every frame's length from now on.
_FRAMES = """() => {
  window.__frames = [];
  let before = performance.now();
  const tick = (now) => {
    window.__frames.push(now - before);
    before = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""

_DRAWN = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""

_NAIVE = """<!doctype html><link rel=stylesheet href="leaflet/leaflet.css">
<script src="leaflet/leaflet.js"></script>
<div id=map style="height: 560px; width: 920px"></div>
<script>(async () => {
  const { shapes, days, colours, opens } = await (await fetch("study.json")).json();
  const map = L.map("map", { preferCanvas: true, keyboard: false });
  let day = opens;
  const style = (feature) => ({
    color: "#fff", weight: 0.9, fillOpacity: 1, fillColor: colours[days[day][feature.id]],
  });
  const layer = L.geoJSON(shapes, { style, smoothFactor: 0 }).addTo(map);
  map.fitBounds(layer.getBounds());
  document.addEventListener("keydown", ({ key }) => {
    day = { ArrowRight: day + 1, ArrowLeft: day - 1, End: days.length - 1, Home: 0 }[key] ?? day;
    layer.setStyle(style);
  });
  window.naive = true;
})();</script>"""


def naive(folder: Path, timeline: Timeline) -> None:
    """Write the alternative's page and data."""
    study = timeline.study
    codes = {control: code for code, control in enumerate(study.controls)}
    held = timeline.matrix("areas").control.replace(codes)
    shapes = json.loads(study.areas[["name", "geometry"]].to_json())
    for at, feature in enumerate(shapes["features"]):
        feature["id"] = at
    data = {
        "shapes": shapes,
        "days": held.T.to_numpy().tolist(),
        "colours": [control.colour for control in study.controls.values()],
        "opens": (study.settings.opens_on - study.settings.start).days,
    }
    (folder / "study.json").write_text(json.dumps(data))
    (folder / "index.html").write_text(_NAIVE)
    shutil.copytree(webmap.LEAFLET, folder / "leaflet")


def press(page: Page, frame: Frame, keys: list[str], pause: float) -> list[float]:
    """Press keys, and read how long each took to show, in milliseconds."""
    frame.evaluate("window.__steps = []")
    for key in keys:
        page.keyboard.press(key)
        time.sleep(pause)
    times = frame.evaluate("window.__steps")
    assert len(times) == len(keys)
    return times


def moved(page: Page, frame: Frame) -> dict[str, list[float]]:
    """How long frames last while the map is dragged, and while the wheel zooms it."""
    box = page.locator("iframe").first.bounding_box() if page.locator("iframe").count() else None
    x, y = (box["x"] + 480, box["y"] + 260) if box else (480, 260)
    found = {}
    frame.evaluate(_FRAMES)

    def drag() -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        for at in range(40):
            page.mouse.move(x + 6 * at, y + 2 * at)
        page.mouse.up()
        time.sleep(0.5)

    def zoom(notches: int) -> None:
        page.mouse.move(x, y)
        for _ in range(abs(notches)):
            page.mouse.wheel(0, -120 if notches > 0 else 120)
            time.sleep(0.45)

    for name, work in (
        ("drag at first", drag),
        ("zoom in", lambda: zoom(6)),
        ("drag, zoomed in", drag),
        ("zoom out", lambda: zoom(-6)),
    ):
        frame.evaluate("window.__frames.length = 0")
        work()
        found[name] = frame.evaluate("window.__frames.slice(1)")
    return found


def report(name: str, page: Page, frame: Frame) -> float:
    """Print steps and movements; the median step."""
    frame.evaluate(_PROBE)
    if frame.locator("input[type=range]").count():
        frame.locator("input[type=range]").focus()
    days = ["ArrowRight" if at % 8 < 5 else "ArrowLeft" for at in range(STEPS)]
    steps = press(page, frame, days, PACE)
    whole = press(page, frame, ["End", "Home"] * 4, 1.5)
    print(f"{name:9} a step, 1 % changes     {percentiles(steps)}   (50)")
    print(f"{name:9} a step, all change      p50 {statistics.median(whole):6.1f} ms")
    for what, frames in moved(page, frame).items():
        long = sum(length > 50 for length in frames)
        print(f"{name:9} {what:23} {percentiles(frames)}   longest {max(frames):4.0f} ms, "
              f"{long} of {len(frames)} frames over 50 ms")  # fmt: skip
    return statistics.median(steps)


def open_page(browser: Browser, scale: float) -> tuple[Page, list[int]]:
    """A page, and the bytes of each file of data that it is sent."""
    page = browser.new_page(viewport=SCREEN, device_scale_factor=scale)
    page.set_default_timeout(120_000)
    sizes: list[int] = []

    def note(response) -> None:
        if re.search(r"/[0-9a-f]{24}\.json$", response.url):
            sizes.append(len(response.body()))

    page.on("response", note)
    return page, sizes


def ours(browser: Browser, folder: Path, scale: float) -> float:
    begun = time.perf_counter()
    with serve(folder) as address:
        print(f"ours      server is up after      {time.perf_counter() - begun:.1f} s")
        page, sizes = open_page(browser, scale)
        asked = time.perf_counter()
        page.goto(address)
        page.locator("iframe").first.wait_for()
        (frame,) = component_frames(page)
        frame.wait_for_function("window.controlmap?.ready")
        frame.evaluate(_DRAWN)
        took = time.perf_counter() - asked
        print(f"ours      first map               {took:.2f} s (5)")
        time.sleep(6)
        print(f"ours      payload                 {sum(sizes) / 1e6:.2f} MB (8)")
        median = report("ours", page, frame)
        page.close()
    return median


def other(browser: Browser, folder: Path, scale: float) -> float:
    naive(folder, Timeline(studies.load(folder.parent / "study")))
    with served(folder) as address:
        page, _ = open_page(browser, scale)
        asked = time.perf_counter()
        page.goto(f"{address}/index.html")
        page.wait_for_function("window.naive")
        page.evaluate(_DRAWN)
        print(f"naive     first map               {time.perf_counter() - asked:.2f} s")
        time.sleep(3)
        payload = (folder / "study.json").stat().st_size
        print(f"naive     payload                 {payload / 1e6:.2f} MB")
        return report("naive", page, page.main_frame)


def main() -> None:
    """Print every measurement beside its goal."""
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    places = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "study"
        if places:
            large.write(folder, places, 10 * places)
        else:
            districts.write(folder)
        (Path(name) / "naive").mkdir()
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        mine = ours(browser, folder, scale)
        if places:
            return
        theirs = other(browser, Path(name) / "naive", scale)
        print(f"a step is {theirs / mine:.0f} × quicker than the naive one")
        browser.close()


if __name__ == "__main__":
    main()
