"""A reader before the dashboard: starts it, opens it, looks, presses keys and clicks."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect

from geo import dates, serving, style
from geo.timeline import Timeline

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30_000
"""Milliseconds after which what should have shown itself is missing."""

FIRST = date(2021, 5, 1)
"""The first day of the bundled study."""

DESK = {"width": 1366, "height": 768}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

_TRIED = "//[^/]+/[a-z]+/_stcore/"

MAP = 'iframe[title*="st_folium"]'
"""The frame of a map."""

expect.set_options(timeout=PATIENCE)


def installed() -> str | None:
    """Where a browser is, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def answers(address: str, server: subprocess.Popen, seconds: float = 60) -> bool:
    """Wait until a server answers there; False when it stops first, or never does."""
    deadline = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=2):
                return True
        except OSError:
            time.sleep(0.1)
    return False


@contextmanager
def serve(study: Path | None = None, tz: str | None = None) -> Iterator[str]:
    """Run the dashboard, of the bundled study or of another folder, and yield its address."""
    port = free_port()
    options = {"headless": "true", "address": "127.0.0.1", "port": str(port)}
    flags = [part for name, value in options.items() for part in (f"--server.{name}", value)]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", *flags]
    told = ({"TZ": tz} if tz else {}) | ({serving.STUDY: str(study)} if study else {})
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | told, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            if not answers(f"http://127.0.0.1:{port}/_stcore/health", server):
                log.seek(0)
                raise RuntimeError(f"the dashboard did not start:\n{log.read().decode()}")
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


_CONTEXTS: dict[tuple[Browser, str], BrowserContext] = {}


def _context(browser: Browser, **options: Any) -> BrowserContext:
    """What pages of the same kind share: what one has loaded, the next need not load again."""
    key = (browser, repr(sorted(options.items())))
    if key not in _CONTEXTS:
        _CONTEXTS[key] = browser.new_context(**options)
        _CONTEXTS[key].set_default_timeout(PATIENCE)
    return _CONTEXTS[key]


class Reader:
    """One page open on the dashboard, and the frame of its map.

    Attributes
    ----------
    asked : list of str
        Every address the page asked for, the map's frame included.
    faults : list of str
        Errors the browser met.
    """

    def __init__(self, browser: Browser, url: str, query: str = "", **context: Any) -> None:
        self.url = url
        self.asked: list[str] = []
        self.faults: list[str] = []
        self.page: Page = _context(browser, **({"viewport": DESK} | context)).new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._listen)
        self.open(query)

    def _listen(self, message: Any) -> None:
        # On any page but the first Streamlit looks for its server there before it does at the root.
        if message.type == "error" and not re.search(_TRIED, message.location["url"]):
            self.faults.append(message.text)

    def open(self, query: str = "") -> None:
        """Go to an address of the dashboard, and on its first page wait for the map."""
        self.page.goto(self.url + query, wait_until="commit")
        if not query or query[0] in "?#":
            self.wait()

    def wait(self) -> None:
        """Wait for the map and for the panels of its day."""
        day = self.page.frame_locator(MAP).locator("output.controlmap-day")
        expect(day).to_have_text(re.compile(r"\d"))
        self.frame: Frame = self.page.locator(MAP).element_handle().content_frame()
        expect(self.heading).to_have_text(self.day)

    def close(self) -> None:
        self.page.close()

    def strangers(self) -> list[str]:
        """The addresses asked for that are not the dashboard's own."""
        home = urlsplit(self.url).netloc
        split = ((address, urlsplit(address)) for address in self.asked)
        return [a for a, at in split if at.scheme not in ("blob", "data") and at.netloc != home]

    def was_quiet(self) -> None:
        """Nothing went wrong, and no other host was asked for anything."""
        assert not self.strangers(), f"other hosts were asked: {self.strangers()}"
        assert not self.faults, f"the browser met errors: {self.faults}"

    # What there is to see on the page.

    @property
    def heading(self) -> Locator:
        return self.page.locator("h1.cm-day b")

    def changed(self) -> list[str]:
        """The names of the places in the list “On this day”."""
        cards = self.page.locator(".cm-change:not(.cm-learned *) > div > b")
        return sorted(cards.all_text_contents())

    def balance(self) -> list[str]:
        """Who holds how many areas: ``18 Taliban``."""
        return self.page.locator(".cm-key").all_inner_texts()

    @property
    def query(self) -> dict[str, str]:
        here = self.page.evaluate("location.search")
        return {key: value for key, [value] in parse_qs(here.removeprefix("?")).items()}

    # What there is to see on the map.

    @property
    def day(self) -> str:
        """The day in words under the map."""
        return self.frame.locator("output.controlmap-day").inner_text()

    @property
    def slider(self) -> Locator:
        return self.frame.locator("input[type=range]")

    def painted(self) -> dict[str, tuple[str, str]]:
        """What the eye meets: each area's fill (a colour or a hatch's) and outline."""
        return {area: (_hex(fill), line) for area, fill, line in self.frame.evaluate(_PAINTED)}

    def walk(self, key: str, steps: int) -> list[tuple[str, dict[str, tuple[str, str]]]]:
        """Press a key so often; the day and :meth:`painted` before each press."""
        return [
            (day, {area: (_hex(fill), line) for area, fill, line in areas})
            for day, areas in self.frame.evaluate(f"([key, steps]) => {_WALK}", [key, steps])
        ]

    def markers(self) -> dict[str, tuple[str, str, bool, bool]]:
        """Each place's marker: its colour, its sign, whether uncertain, whether claimed."""
        return {place: tuple(look) for place, look in self.frame.evaluate(_MARKERS)}

    def signs(self) -> list[str]:
        """The sign of each control in the legend."""
        return self.frame.evaluate(
            "[...document.querySelectorAll('.controlmap-row .controlmap-marker')]"
            ".map((drawing) => drawing.children[2].getAttribute('d'))"
        )

    def legend(self) -> dict[str, int]:
        rows = self.frame.locator(".controlmap-row").all_text_contents()
        counts = self.frame.locator(".controlmap-count").all_text_contents()
        return {
            row.removesuffix(count): int(count.replace(",", ""))
            for row, count in zip(rows, counts, strict=True)
        }

    def box(self, selector: str) -> dict[str, float]:
        """Where something of the map stands on the screen."""
        box = self.frame.locator(selector).first.bounding_box()
        assert box, f"{selector} is not on the screen"
        return box

    def boxes(self, selector: str) -> list[list[float]]:
        """Left, top, right and bottom of everything visible in the frame."""
        return self.frame.evaluate(_BOXES, selector)

    def view(self) -> list[list[float]]:
        """Where every place stands on the screen: the map's centre and zoom together."""
        return self.boxes("svg.controlmap-marker[data-place]")

    def spot(self, selector: str) -> tuple[float, float]:
        """A point of the screen where the pointer meets this thing and nothing over it."""
        self.page.locator(MAP).scroll_into_view_if_needed()
        inside = self.frame.evaluate(_SPOT, selector)
        assert inside, f"nothing of {selector} is in sight"
        frame = self.page.locator(MAP).bounding_box()
        assert frame
        return frame["x"] + inside[0], frame["y"] + inside[1]

    # What there is to do.

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, day: date) -> None:
        """Move the slider to a day of the bundled study and wait for the panels."""
        self.slider.fill(str((day - FIRST).days))
        self.settled(day)

    def show_day(self) -> None:
        """Close a place's history, where one is open: beside the map stands the day again."""
        back = self.page.locator(".st-key-back button")
        if back.count():
            back.click()
            expect(back).to_have_count(0)

    def settled(self, day: date) -> None:
        """Wait until map, heading and address say this day."""
        expect(self.frame.locator("output.controlmap-day")).to_have_text(dates.in_words(day))
        expect(self.heading).to_have_text(dates.in_words(day))
        self.page.wait_for_url(f"**day={day}*")

    def hover(self, selector: str) -> str:
        """Rest the pointer on an area or a place; what the tooltip says."""
        tip = self.frame.locator(".leaflet-tooltip")
        self.page.mouse.move(1, 1)
        expect(tip).to_have_count(0)  # the one before fades away
        self.page.mouse.move(*self.spot(selector))
        return tip.inner_text()

    def click(self, selector: str) -> Locator:
        """Click an area or a place; the popup."""
        popup = self.frame.locator(".leaflet-popup-content")
        for close in self.frame.locator(".leaflet-popup-close-button").all():
            close.click()
        expect(popup).to_have_count(0)  # the one before fades away
        self.page.mouse.click(*self.spot(selector))
        expect(popup).to_have_count(1)
        return popup


class FileReader(Reader):
    """One page of its own, opened from its file on a machine with no internet."""

    def __init__(self, browser: Browser, file: Path, fragment: str = "", **context: Any) -> None:
        super().__init__(browser, file.as_uri(), fragment, offline=True, **context)

    def wait(self) -> None:
        expect(self.page.locator("output.controlmap-day")).to_have_text(re.compile(r"\d"))
        self.frame = self.page.main_frame
        expect(self.heading).to_have_text(self.day)

    @property
    def heading(self) -> Locator:
        return self.page.locator("#cm-date")

    def strangers(self) -> list[str]:
        """The addresses asked for that are not the file itself."""
        return [address for address in self.asked if address.partition("#")[0] != self.url]

    def settled(self, day: date) -> None:
        """Wait until slider, heading and address say this day."""
        for shown in (self.page.locator("output.controlmap-day"), self.heading):
            expect(shown).to_have_text(dates.in_words(day))
        self.page.wait_for_url(f"{self.url}#{day}")

    def spot(self, selector: str) -> tuple[float, float]:
        inside = self.frame.evaluate(_SPOT, selector)
        assert inside, f"nothing of {selector} is in sight"
        return tuple(inside)

    def changed(self) -> list[str]:
        return sorted(
            self.page.locator(".cm-change > div > div:first-child > b").all_text_contents()
        )


def area(area_id: str) -> str:
    return f'path.controlmap-area[data-area="{area_id}"]'


def place(place_id: str) -> str:
    return f'svg.controlmap-marker[data-place="{place_id}"]'


def eventually(ask: Callable[[], Any], answer: Any) -> None:
    """The page gives this answer, at once or when it is done redrawing."""
    deadline = time.monotonic() + PATIENCE / 1000
    while (given := ask()) != answer and time.monotonic() < deadline:
        time.sleep(0.05)
    assert given == answer, f"the page says {given}, not {answer}"


def stands(thing: Locator) -> dict[str, float]:
    """Where a thing stands on the screen, once it does and moves no more."""
    deadline = time.monotonic() + PATIENCE / 1000
    before = None
    while not (box := thing.bounding_box()) or box != before:
        assert time.monotonic() < deadline, f"{thing} does not stand still on the screen"
        before = box
        time.sleep(0.1)
    return box


def at_rest(page: Page) -> None:
    """Wait until the page is drawn: what stood there before is replaced, and answers nothing."""
    state = ("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stApp")).to_have_attribute(*state)


def drawn(page: Page) -> None:
    """Wait until what was just chosen has drawn the page anew."""
    page.wait_for_timeout(300)  # the run has begun by then
    at_rest(page)


def download(page: Page, button: Locator) -> tuple[str, bytes]:
    """What a button saves, by which name; one of the page before gives nothing any more."""
    drawn(page)
    with page.expect_download() as arriving:
        button.click()
    return arriving.value.suggested_filename, Path(arriving.value.path()).read_bytes()


# What the engine says there should be to see.


def painted(timeline: Timeline, day: date) -> dict[str, tuple[str, str]]:
    """As :meth:`Reader.painted`, from the engine's answer."""
    controls = timeline.study.controls
    return {
        row.Index: (
            _fill(controls[row.control], row.claimed),
            "dashed" if row.uncertain else "dotted" if row.claimed else "plain",
        )
        for row in timeline.control(day).itertuples()
    }


def _fill(control: style.Control, claimed: bool) -> str:
    ground = style.ground(control, claimed)
    return f"{ground} hatched {style.lines(control, claimed)}" if control.hatch else ground


def markers(
    timeline: Timeline, day: date, signs: dict[str, str]
) -> dict[str, tuple[str, str, bool, bool]]:
    """As :meth:`Reader.markers`, from the engine's answer and the legend's signs by control."""
    controls = timeline.study.controls
    return {
        row.Index: (controls[row.control].colour, signs[row.control], row.uncertain, row.claimed)
        for row in timeline.control(day, "places").itertuples()
    }


def counts(timeline: Timeline, day: date) -> dict[str, int]:
    """How many areas are under each control, by its label, in the order of the legend."""
    held = timeline.control(day)["control"].value_counts()
    return {c.label: int(held.get(c.id, 0)) for c in timeline.study.controls.values()}


def change_days(timeline: Timeline) -> list[date]:
    days = (day.date() for day in timeline.days)
    return [day for day in days if not timeline.changes_on(day).empty]


def changed(timeline: Timeline, day: date) -> list[str]:
    """The names of the places that change on a day."""
    return sorted(timeline.study.names[timeline.changes_on(day)["place_id"]])


def overlaps(boxes: list[list[float]], others: list[list[float]] | None = None) -> list[tuple]:
    """The pairs of boxes that share ground."""
    pairs = (
        [(a, b) for i, a in enumerate(boxes) for b in boxes[:i]]
        if others is None
        else [(a, b) for a in boxes for b in others]
    )
    return [(a, b) for a, b in pairs if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]


def _hex(fill: str) -> str:
    if not fill.startswith("rgb("):
        return fill
    return "#" + "".join(f"{int(part):02x}" for part in fill[4:-1].split(","))


_PAINTED = """() =>
  [...document.querySelectorAll("path.controlmap-area")].map((path) => {
    const seen = getComputedStyle(path);
    const hatch = /^url\\("?#(.+?)"?\\)$/.exec(seen.fill);
    const pattern = hatch && document.getElementById(hatch[1]);
    const part = (name, what) => pattern.querySelector(name).getAttribute(what);
    const strong = Number(seen.fillOpacity) * Number(seen.opacity) === 1;
    const dash = parseFloat(seen.strokeDasharray);
    return [
      path.dataset.area,
      pattern ? `${part("rect", "fill")} hatched ${part("path", "stroke")}`
        : strong ? seen.fill : `${seen.fill} faded`,
      isNaN(dash) ? "plain" : dash < 1 ? "dotted" : "dashed",
    ];
  })"""

_WALK = f"""Array.from({{ length: steps }}, () => {{
  const seen = [document.querySelector("output.controlmap-day").textContent, ({_PAINTED})()];
  document.body.dispatchEvent(new KeyboardEvent("keydown", {{ key, bubbles: true }}));
  return seen;
}})"""

_MARKERS = """() =>
  [...document.querySelectorAll("svg.controlmap-marker[data-place]")].map((drawing) => [
    drawing.dataset.place,
    [
      drawing.querySelector(".controlmap-marker-body").getAttribute("fill"),
      drawing.children[2].getAttribute("d"),
      drawing.classList.contains("controlmap-uncertain"),
      drawing.classList.contains("controlmap-claimed"),
    ],
  ])"""

_BOXES = """(selector) =>
  [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility())
    .map((element) => element.getBoundingClientRect())
    .map(({ left, top, right, bottom }) => [left, top, right, bottom])"""

_SPOT = """(selector) => {
  const wanted = document.querySelector(selector);
  const box = wanted.getBoundingClientRect();
  const meets = (x, y) => document.elementFromPoint(x, y)?.closest(selector) === wanted;
  const steps = [8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14].map((sixteenth) => sixteenth / 16);
  for (const rim of [3, 1]) {
    for (const down of steps) {
      for (const across of steps) {
        const [x, y] = [box.left + across * box.width, box.top + down * box.height].map(Math.round);
        const around = [[0, 0], [rim, 0], [-rim, 0], [0, rim], [0, -rim]];
        if (around.every(([right, up]) => meets(x + right, y + up))) return [x, y];
      }
    }
  }
  return null;
}"""
