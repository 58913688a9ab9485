"""A page of the dashboard without a browser, and what it says."""

import json
from typing import Any
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

from tests.browser import ROOT


def run(page: str = "", **query: object) -> AppTest:
    """Open a page (``compare``; blank for the first) at an address."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    if page:
        # The pages are known only after a run.
        app.run().switch_page(f"pages/{page}.py")
    for name, value in query.items():
        app.query_params[name] = value if isinstance(value, list) else str(value)
    return app.run()


def address(app: AppTest) -> dict[str, str]:
    """What the page would have the browser's address say."""
    [keeper] = [
        element.proto
        for element in app.get("bidi_component")
        if element.proto.component_name == "address"
    ]
    return dict(parse_qsl(json.loads(keeper.json)))


def html(app: AppTest, opening: str) -> str:
    """The HTML element that holds this opening."""
    [found] = [e.proto.body for e in app.get("html") if opening in e.proto.body]
    return found


def said(app: AppTest) -> str:
    """Every plain text on the page."""
    parts: list[Any] = [*app.caption, *app.markdown, *app.info, *app.warning]
    return "\n".join(part.value for part in parts)
