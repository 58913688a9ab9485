"""What tests share: the running dashboard, the browser, and readers before them."""

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from playwright.sync_api import Browser, sync_playwright

from geo import study
from geo.study import Study
from geo.timeline import Timeline
from tests.browser import BROWSERS, FLAGS, Reader, installed, serve

# Where a machine forbids it, each server and shell would compile all it imports, every time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


settings.register_profile(
    "modest",
    max_examples=int(os.environ.get("EXAMPLES", 20)),
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("modest")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser: ``-m "not browser"`` leaves it out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def bundled() -> Study:
    return study.load()


@pytest.fixture(scope="session")
def timeline(bundled: Study) -> Timeline:
    """The bundled study through all its sources."""
    return Timeline(bundled)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = installed()
    if not found:
        message = f"none of {', '.join(BROWSERS)} is here: apt-get install -y chromium"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def dashboard() -> Iterator[str]:
    """The address of the dashboard, running as a reader runs it."""
    with serve() as url:
        yield url


@pytest.fixture
def visit(browser: Browser, dashboard: str) -> Iterator[Callable[..., Reader]]:
    """Open the dashboard as a new reader; nothing may go wrong or ask another host meanwhile."""
    readers: list[Reader] = []

    def open_at(query: str = "", **context: object) -> Reader:
        readers.append(Reader(browser, dashboard, query, **context))
        return readers[-1]

    yield open_at
    for reader in readers:
        reader.close()
        reader.was_quiet()


@pytest.fixture(scope="module")
def left_open(browser: Browser, dashboard: str) -> Iterator[Reader]:
    """One page for the tests of a module."""
    one = Reader(browser, dashboard)
    yield one
    one.close()
    one.was_quiet()


@pytest.fixture
def reader(left_open: Reader) -> Iterator[Reader]:
    """A page left open for tests that only step it from day to day, and click on its map."""
    yield left_open
    left_open.show_day()
