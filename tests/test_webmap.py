"""What the map is told: the same control as the engine's, nothing from elsewhere, only text."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from geo import webmap
from geo.payload import as_json, page_payload, study_payload, timeline_payload
from geo.timeline import Timeline
from geo.webmap import Links, build_map
from tests import tiny
from tests.tiny import august

LINKS = Links("../leaflet", "../map/script.js", "../map/style.css")

LEDGER = """
place_id  control    when                   source_id  claimant_side  confidence
alpha     blue       ../2021-08-01          wire       -              low
alpha     red        2021-08-08/2021-08-10  wire       red            low
beta      contested  2021-08-05             wire       -              high
beta      contested  2021-08-07             paper      -              low
gamma     green      ../2021-08-12          reprint    -              low
gamma     blue       2021-08-20             radio      -              low
"""

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>",
    "]]>",
    "\"'`&lt;${alert(1)}\\",
    "{{ 7 * 7 }}{{{ 7 }}}{% set x = 1 %}{# gone #}",
    "javascript:alert(1)",
    "\u202eelbaton\u202c \u2028\u2029\ufeff",
    "🏴‍☠️ کندهار 喀布尔",
]


def decoded(runs, payload):
    """Control and certainty of every unit on every day, read as a browser reads them."""
    length = len(payload["days"])
    ids = [control["id"] for control in payload["controls"]]
    control, uncertain = [], []
    for run in runs:
        firsts, states = run[0::4], run[1::4]
        assert firsts[0] == 0
        assert firsts == sorted(set(firsts))
        days = np.repeat(states, np.diff([*firsts, length]))
        control.append([ids[state >> 3] for state in days])
        uncertain.append([bool(state & 1) for state in days])
    return control, uncertain


def ids(units):
    """Of areas, one thing each; of places, which are columns."""
    return units["id"] if isinstance(units, dict) else [unit["id"] for unit in units]


def assert_decodes(timeline):
    """The map paints on every day what the engine says."""
    study = study_payload(timeline.study)
    told = timeline_payload(timeline)
    for of in ("areas", "places"):
        control, uncertain = decoded(told[of], study)
        matrix = timeline.matrix(of)
        expected = {"index": matrix.control.index, "columns": matrix.control.columns}
        assert_frame_equal(matrix.control, pd.DataFrame(control, dtype="str", **expected))
        assert_frame_equal(matrix.uncertain, pd.DataFrame(uncertain, **expected))
        assert ids(study[of]) == matrix.control.index.tolist()
    assert study["days"] == timeline.days.strftime("%Y-%m-%d").tolist()


@pytest.mark.parametrize("rule", ["capital", "reported", "majority"])
def test_the_map_paints_on_every_day_what_the_engine_says(rule):
    assert_decodes(Timeline(tiny.study(LEDGER, area_rule=rule)))


@pytest.mark.parametrize("asked", [{}, {"sources": ["clarin_0813"]}, {"known_on": august(10)}])
def test_it_does_so_for_the_bundled_study_too(bundled, asked):
    assert_decodes(Timeline(bundled, **asked))


def test_a_runs_four_numbers():
    timeline = Timeline(tiny.study(LEDGER))
    codes = {"blue": 0, "red": 1, "contested": 3, "unknown": 4}
    uncertain, claimed, disputed = 1, 2, 4
    assert timeline_payload(timeline)["areas"] == [
        [
            *(0, codes["blue"] * 8, 0, -1),
            *(7, codes["blue"] * 8 + uncertain, 0, 1),
            *(9, codes["red"] * 8 + claimed, 1, -1),
            *(20, codes["unknown"] * 8, -1, -1),
        ],
        [
            *(0, codes["unknown"] * 8, -1, -1),
            *(4, codes["contested"] * 8 + disputed + uncertain, 2, 2),
            *(6, codes["contested"] * 8 + disputed, 2, -1),
            *(20, codes["unknown"] * 8, -1, -1),
        ],
    ]


def test_changes_are_columns_and_say_once_what_many_have_in_common():
    told = timeline_payload(Timeline(tiny.study(LEDGER)))
    assert told["changes"] == {
        "unit": [0, 0, 1, 1, 0],  # steps: Alpha twice, then Beta, then Gamma twice
        "day": [0, 9, 4, 11, 19],
        "outside": {},
        "from": [4, 0, 4, 4, 2],
        "to": [0, 1, 3, 2, 0],
        "sure": [0, 1, 2, 3, 4],
        "texts": [
            "by 1 August",
            "between 8 and 10 August; claimed by Red only",
            "on 5 August; disputed: one source says 7 August",
            "by 12 August",
            "on 20 August",
        ],
        "by": [0, 0, 1, 2, 3],
        "lists": [(0,), (0, 2), (1,), (3,)],
        "lone": [0, 1, 3, 4],
    }
    assert [told["sources"][at]["name"] for at in told["changes"]["lists"][1]] == [
        "Wire via A publisher",
        "Paper via A publisher",
    ]


def test_only_a_day_outside_the_studys_has_its_date_in_letters():
    early = "place_id  control  when\nalpha  red  2021-07-30\nalpha  blue  2021-08-02\n"
    told = timeline_payload(Timeline(tiny.study(early)))["changes"]
    assert (told["day"], told["outside"]) == ([-2, 1], {0: "2021-07-30"})


def test_silence_is_a_day_and_words():
    told = timeline_payload(Timeline(tiny.study(LEDGER)))
    assert (told["silent"], told["silence"]) == (20, "no report after 20 August 2021")
    spoken = timeline_payload(Timeline(tiny.study(LEDGER.replace("2021-08-20", "2021-08-31"))))
    assert (spoken["silent"], spoken["silence"]) == (None, "")


def test_the_study_is_told_once_in_its_own_order_and_words():
    told = study_payload(tiny.study())
    assert told["bounds"] == [[30, 60], [31, 62]]
    assert [area["name"] for area in told["areas"]] == ["West", "East"]
    places = told["places"]
    assert (places["id"][4], places["name"][4]) == ("fort", "Fort")
    assert places["sorts"][places["sort"][4]] == {
        "kind": "military base",
        "shape": "square",
        "group": "bases",
        "capital": False,
    }
    at = np.cumsum(np.reshape(places["at"], (-1, 2)), axis=0) * told["grid"]
    assert at[4] == pytest.approx([60.5, 30.2])
    assert [c["id"] for c in told["controls"]] == ["blue", "red", "green", "contested", "unknown"]
    assert told["legend"] == [0, 1, 4]


def test_capitals_are_labelled_first_and_those_of_more_people_before():
    places = study_payload(tiny.study())["places"]
    told = dict(zip(places["id"], places["rank"], strict=True))
    assert (told["alpha"], told["beta"]) == (0, 1)


def test_payloads_are_plain_json(bundled, timeline):
    for payload in (study_payload(bundled), timeline_payload(timeline)):
        assert json.loads(as_json(payload)) == json.loads(json.dumps(payload))
        json.dumps(payload, allow_nan=False)


# Nothing from elsewhere.


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and the scripts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self._inside = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag == "script"

    def handle_endtag(self, tag):
        self._inside = False

    def handle_data(self, data):
        if self._inside:
            self.scripts.append(data)


def test_the_base_map_links_its_own_three_files_and_no_other_host(bundled):
    page = Page(build_map("study.json", LINKS).get_root().render())
    links = [attrs.get("src") or attrs.get("href") for _, attrs in page.tags]
    assert sorted(link for link in links if link) == [
        "../leaflet/leaflet.css",
        "../leaflet/leaflet.js",
        "../map/script.js",
        "../map/style.css",
    ]


def test_the_base_map_names_no_address_at_all():
    html = build_map("study.json", LINKS).get_root().render()
    assert not re.search(r"https?:|//[a-z]", html)


def test_the_base_map_does_not_change_with_the_day_or_the_sources():
    one, other = (build_map("study.json", LINKS).get_root().render() for _ in range(2))
    nameless = re.compile(r"_[0-9a-f]{32}")
    assert nameless.sub("", one) == nameless.sub("", other)


def test_the_styles_ask_no_other_host():
    css = webmap.STYLE.read_text(encoding="utf-8")
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", css)


def test_leaflet_is_at_hand():
    assert (webmap.LEAFLET / "leaflet.js").is_file()
    assert (webmap.LEAFLET / "leaflet.css").is_file()


# A page of its own.


@pytest.fixture(scope="module")
def own(timeline):
    return webmap.page(timeline, date(2021, 8, 13))


def test_a_page_of_the_bundled_study_is_at_most_a_megabyte(own):
    assert len(own.encode()) <= 1_000_000


def test_a_page_is_the_same_whenever_it_is_made(own, bundled):
    assert webmap.page(Timeline(bundled), date(2021, 8, 13)) == own


def test_a_page_fetches_nothing_and_knows_no_tile_server(own):
    page = Page(own)
    assert [tag for tag, attrs in page.tags if "src" in attrs or tag in ("link", "base")] == []
    linked = [(tag, attrs) for tag, attrs in page.tags if attrs.get("href")]
    assert {tag for tag, _ in linked} == {"a"}
    assert all("noopener" in attrs["rel"] for _, attrs in linked)
    assert "tile.openstreetmap" not in own
    assert "sourceMappingURL" not in own
    assert not re.search(r"url\((?!data:|#)", own)


def test_a_pages_policy_lets_its_own_script_and_style_run_and_nothing_else(own):
    [policy] = [attrs["content"] for _, attrs in Page(own).tags if "http-equiv" in attrs]
    allowed = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert allowed["default-src"] == "'none'"
    assert allowed["img-src"] == "data:"
    assert set(allowed) == {
        *("default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"),
    }
    for element, rule in (("script", "script-src"), ("style", "style-src")):
        [content] = re.findall(rf"<{element}>(.*?)</{element}>", own, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert allowed[rule] == f"'sha256-{digest}'"


def test_a_page_opens_on_a_day_of_the_study_only(timeline):
    with pytest.raises(ValueError, match="2022-01-01 is not a day of the study"):
        webmap.page(timeline, date(2022, 1, 1))


@pytest.mark.parametrize("rule", ["capital", "reported", "majority"])
def test_a_page_tells_the_reports_behind_each_change(rule):
    ledger = LEDGER + "X-W red 2021-08-20 paper - low\n"
    timeline = Timeline(tiny.study(ledger, area_rule=rule))
    told = page_payload(timeline, august(10))
    areas = [area["name"] for area in told["study"]["areas"]]
    units = told["study"]["places"]["name"] + areas
    names = [units[at] for at in np.cumsum(told["timeline"]["changes"]["unit"])]
    where = dict(zip(names, (behind["where"] for behind in told["behind"]), strict=True))
    assert where == {"Alpha": "capital of West", "Beta": "capital of East", "Gamma": "West"} | (
        {"West": ""} if rule == "reported" else {}
    )
    assert told["behind"][0] == {
        "where": "capital of West",
        "capital": True,
        "reports": [
            {
                "source": 0,
                "when": "../2021-08-01",
                "confidence": "low",
                "claimant": "",
                "locator": "para 1",
                "evidence": "Somebody says so.",
            }
        ],
    }


def test_a_page_finds_places_before_areas_and_knows_their_other_names():
    study = tiny.study()
    study.areas["alt_names"] = ["Gharb; غرب ;", ""]
    told = page_payload(Timeline(study), august(10))
    assert [found["name"] for found in told["found"]] == [
        *("Alpha", "Beta", "Gamma", "Delta", "Fort"),
        *("West", "East"),
    ]
    assert told["found"][5] == {
        "of": "areas",
        "unit": 0,
        "name": "West",
        "also": ["Gharb", "غرب"],
        "what": "area",
        "at": [30.5, 60.5],
    }


# Only text.


def hostile_study(text):
    """The tiny study with the same text wherever a curator writes words."""
    found = tiny.study(
        LEDGER,
        title=text,
        disclaimer=text,
        credit=text,
        area_unit=(text, text),
        control=[
            {"id": key, "label": text, "definition": text} for key in ("blue", "red", "green")
        ],
    )
    for column in ("evidence", "locator", "claimant"):
        found.reports[column] = text
    for column in ("publisher", "origin", "title", "url"):
        found.sources[column] = text
    found.areas["name"] = text
    places = found.places.assign(name=text, kind=text)
    return replace(found, places=places)


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_study_reach_the_map_as_text(text):
    study = hostile_study(text)
    payload = study_payload(study)
    page = Page(build_map(payload, LINKS).get_root().render())
    harmless = Page(build_map("study.json", LINKS).get_root().render())
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in harmless.tags]
    (mounted,) = re.findall(r"controlmap\.mount\(map_\w+, (.*)\);", page.scripts[-1])
    assert json.loads(mounted)["study"] == json.loads(json.dumps(payload))


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_reports_and_sources_reach_the_map_as_text(text):
    payload = timeline_payload(Timeline(hostile_study(text)))
    world = build_map("study.json", LINKS)
    webmap.update(payload, august(10), 1, "light").add_to(world)
    page = Page(world.get_root().render())
    harmless = Page(build_map("study.json", LINKS).get_root().render())
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in harmless.tags]
    (updated,) = re.findall(r"controlmap\.update\(map_\w+, (.*)\);", page.scripts[-1])
    message = json.loads(updated)
    assert message["timeline"] == json.loads(json.dumps(payload))
    assert (message["day"], message["theme"]) == ({"iso": "2021-08-10", "n": 1}, "light")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sign_that_could_end_a_script_stands_in_it(text):
    study = hostile_study(text)
    world = build_map(study_payload(study), LINKS)
    webmap.update(timeline_payload(Timeline(study)), august(10), 1, "dark").add_to(world)
    script = Page(world.get_root().render()).scripts[-1]
    words = re.findall(r'"(?:[^"\\]|\\.)*"', script)
    assert not any(sign in "".join(words) for sign in "<>&'")


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_study_reach_a_page_of_its_own_as_text(text):
    timeline = Timeline(hostile_study(text))
    page, harmless = (
        Page(webmap.page(each, august(10))) for each in (timeline, Timeline(hostile_study("plain")))
    )
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in harmless.tags]
    data, code = page.scripts
    assert json.loads(data) == json.loads(json.dumps(page_payload(timeline, august(10))))
    assert code == harmless.scripts[1]


def test_a_published_file_is_named_by_its_content(tmp_path):
    names = [webmap.publish(content, ".json", tmp_path) for content in (b"one", b"two", b"one")]
    assert names[0] == names[2] != names[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(set(names))
    assert (tmp_path / names[0]).read_bytes() == b"one"
