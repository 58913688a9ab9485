"""Places and reports are found however they are spelt."""

import re

import pytest

from geo.search import SAME, Index, fold, fold_words
from tests import tiny
from tests.browser import ROOT


@pytest.fixture(scope="module")
def index(bundled):
    return Index(bundled)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pul-e Khumri", "pul e khumrī"),
        ("كندز", "کندز"),
        ("فیض‌آباد", "فيض آباد"),
        ("Łódź", "lodz"),
        ("STRASSE", "straße"),
    ],
)
def test_spellings_fold_to_one(one, other):
    assert fold(one) == fold(other)


def test_folded_words_stay_words():
    assert fold_words("  The  city of Pul-e Khumrī.") == "the city of pule khumri"


def test_letters_are_folded_as_on_the_map():
    script = (ROOT / "geo" / "web" / "search.js").read_text(encoding="utf-8")
    [listed] = re.findall(r"const SAME = \{(.*?)\};", script, flags=re.S)
    assert dict(re.findall(r'(\S+): "(\w+)"', listed)) == SAME


@pytest.mark.parametrize(
    "name", ["Kunduz", "Qunduz", "کندز", "كندز", "KONDUZ", "Kundus", "kunduz city", "Kunudz"]
)
def test_every_spelling_finds_kunduz(index, bundled, name):
    assert index.place(name) == "kunduz"
    found = bundled.reports[index.reports(name)]
    mine = bundled.reports["place_id"] == "kunduz"
    assert set(bundled.reports["report_id"][mine]) <= set(found["report_id"])


def test_a_place_is_found_by_its_area_behind_the_area(index):
    assert index.places("Helmand") == ["AF-HEL", "lashkar-gah"]
    assert index.places("Lashkargah")[0] == "lashkar-gah"


def test_every_name_of_every_place_finds_it(index, bundled):
    for table, key in ((bundled.places, "place_id"), (bundled.areas, "area_id")):
        for unit, name, also in zip(table[key], table["name"], table["alt_names"], strict=True):
            for called in filter(None, (name, *also.split(";"))):
                assert unit in index.places(called, 5), called


def test_nothing_is_found_by_nonsense_or_by_nothing(index):
    assert index.places("xyzq") == index.places("  - ") == []
    assert not index.reports("xyzq").any()
    assert index.reports("  - ").all()


LEDGER = """
    report_id  place_id  control  when        source_id  claimant  locator  evidence
    first-1    alpha     red      2021-08-05  wire       governor  page-7   Entered-at-dawn.
    second-2   beta      red      2021-08-05  paper      -         -        Left-for-Alpha.
    third-3    gamma     red      2021-08-05  radio      -         -        Nobody-knows.
"""


def found(query: str) -> str:
    """The ids of the reports found in the tiny ledger."""
    study = tiny.study(LEDGER)
    return " ".join(study.reports["report_id"][Index(study).reports(query)])


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("dawn", "first-1"),
        ("alpha", "first-1 second-2"),
        ("Alhpa", "first-1"),
        ("ALPHA dawn", "first-1"),
        ("dawn governor page-7", "first-1"),
        ("dawn nobody", ""),
        ("second-2", "second-2"),
        ("Wire", "first-1"),
        ("publisher", "first-1 second-2 third-3"),
        ("A publisher gamma", "third-3"),
    ],
)
def test_every_word_must_occur_somewhere(query, ids):
    assert found(query) == ids
