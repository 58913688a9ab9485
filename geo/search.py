"""A study → an index that finds places, areas and reports, however they are spelt.

Names are folded and slips forgiven by the rules of the search on the map
(``geo/web/search.js``). An index is made once for a study; it holds the ledger's texts folded,
each text of a source or a place once.
"""

import unicodedata
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.study import Study

SAME = {
    **{"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه"},
    **{"ß": "ss", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"},
}
"""Letters that no decomposition makes one: Persian and Arabic forms, and Latin with strokes."""

LONGEST = 200
"""Signs of a query that are read; the rest is passed over."""

_RUN = 3  # words that may be one name together: Mazar-e Sharif city
_OF_AREA = 0.5  # a place found by its area's name stands behind one found by its own


class _Letters(dict[int, str | int | None]):
    """What becomes of each sign, worked out when first met: :meth:`str.translate` is quick."""

    def __missing__(self, sign: int) -> str | int | None:
        kind = unicodedata.category(chr(sign))[0]
        self[sign] = SAME.get(chr(sign), sign) if kind in "LN" else None
        return self[sign]


class _Words(_Letters):
    """The same, but blanks are kept."""

    def __missing__(self, sign: int) -> str | int | None:
        return " " if chr(sign).isspace() else super().__missing__(sign)


_LETTERS, _WORDS = _Letters(), _Words()


def fold(text: str) -> str:
    """A name without case, accents, blanks and signs, its letters in one form.

    Examples
    --------
    >>> fold("Pul-e Khumrī"), fold("كندز") == fold("کندز")
    ('pulekhumri', True)
    """
    return unicodedata.normalize("NFKD", text.lower()).translate(_LETTERS)


def fold_words(text: str) -> str:
    """The same, with one blank between two words.

    Examples
    --------
    >>> fold_words("The city of  Pul-e Khumrī.")
    'the city of pule khumri'
    """
    text = unicodedata.normalize("NFKD", text.lower()).translate(_WORDS)
    return " ".join(text.split())


def allowed(length: int) -> int:
    """How many slips a text of this length may have and still be meant."""
    return 0 if length < 4 else 1 if length < 7 else 2


class Index:
    """What can be found in a study.

    Parameters
    ----------
    study : geo.study.Study
    """

    def __init__(self, study: Study) -> None:
        self._ids = [
            *study.places.loc[study.ranked, "place_id"],
            *study.areas["area_id"],
        ]
        self._own, self._names, of_area = _names(study)
        self._rank = np.repeat(np.arange(len(self._ids)), [len(n) for n in self._own])
        self._far = np.array(of_area) * _OF_AREA
        reports, sources = study.reports, study.sources
        self._place = pd.Index(self._ids).get_indexer(reports["place_id"])
        self._source = sources.index.get_indexer(reports["source_id"])
        self._said = _folded(reports, ["report_id", "claimant", "evidence", "locator"])
        self._sources = _folded(sources, ["publisher", "origin", "title"])
        self._spellings = _called(study, self._ids)
        self._called = pa.array([" ".join(names) for names in self._spellings])
        self._kin: dict[int, np.ndarray] = {}

    def places(self, query: str, most: int = 8) -> list[str]:
        """The places and areas that answer to a name, the best first.

        By a name of their own, any part or beginning of it, with a slip or two; places also
        by the name of their area.

        Returns
        -------
        list of str
            Their ids.
        """
        typed = fold(query[:LONGEST])
        if not typed:
            return []
        far = self._distances(typed) + self._far
        best = pd.Series(far).groupby(self._rank).min()
        best = best[np.isfinite(best)].sort_values(kind="stable")
        return [self._ids[rank] for rank in best.index[:most]]

    def place(self, query: str) -> str:
        """The one place or area meant, or blank."""
        return next(iter(self.places(query, 1)), "")

    def _distances(self, typed: str) -> np.ndarray:
        """How well each name answers: smaller is better, infinite is not at all."""
        starts = [name[: len(typed)] for name in self._names]
        wrong = np.minimum(_slips([typed], self._names), _slips([typed], starts))[0]
        far = np.where(wrong <= allowed(len(typed)), 2.0 + wrong, np.inf)
        for at, name in enumerate(self._names):
            if typed in name:
                far[at] = 0 if name == typed else 1 if name.startswith(typed) else 2
        return far

    def reports(self, query: str) -> np.ndarray:
        """The reports in which every word of a query occurs.

        In the names of the place, the evidence, the claimant, the source's publisher, origin
        and title, the locator or the report_id. Words that name a place or an area, also
        misspelt, stand for each of its spellings.

        Returns
        -------
        numpy.ndarray of bool
            One for each report, in the ledger's order. All are found by no words at all.
        """
        asked = fold_words(query[:LONGEST]).split()
        left = np.arange(len(self._place))
        for word, meant in zip(asked, self._meant(asked), strict=True):
            meant[:-1] |= _occurs(self._called, word)
            source = np.append(_occurs(self._sources, word), False)
            known = meant[self._place[left]] | source[self._source[left]]
            known[~known] = _occurs(self._said.take(left[~known]), word)
            left = left[known]
        found = np.zeros(len(self._place), dtype=bool)
        found[left] = True
        return found

    def _meant(self, asked: list[str]) -> np.ndarray:
        """Which units each word names, alone or with its neighbours: words × units and none."""
        meant = np.zeros((len(asked), len(self._ids) + 1), dtype=bool)
        runs = [
            (first, last)
            for first in range(len(asked))
            for last in range(first + 1, min(first + _RUN, len(asked)) + 1)
        ]
        typed = ["".join(asked[first:last]) for first, last in runs]
        own = np.flatnonzero(self._far == 0)
        wrong = _slips(typed, [self._names[at] for at in own])
        for (first, last), text, slips in zip(runs, typed, wrong, strict=True):
            named = self._rank[own[slips <= allowed(len(text))]]
            for unit in np.unique(named):
                meant[first:last, :-1] |= self._spelt_as(unit)
        return meant

    def _spelt_as(self, unit: int) -> np.ndarray:
        """The units called as this one in any of its spellings: Kunduz Airport for Qunduz."""
        if unit not in self._kin:
            kin = [_occurs(self._called, name) for name in self._spellings[unit]]
            self._kin[unit] = np.any(kin, axis=0)
        return self._kin[unit]


def _slips(typed: list[str], names: list[str]) -> np.ndarray:
    """The letters to add, drop, change or swap between texts and names; 3 is too many."""
    return process.cdist(typed, names, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)


def _called(study: Study, ids: list[str]) -> list[list[str]]:
    """Each unit's names as they are written, folded by word."""
    tables = [(study.places, "place_id"), (study.areas, "area_id")]
    called = {
        unit: [fold_words(part) for part in (name, *_also(also))]
        for table, key in tables
        for unit, name, also in zip(table[key], table["name"], table["alt_names"], strict=True)
    }
    return [called[unit] for unit in ids]


def _names(study: Study) -> tuple[list[list[str]], list[str], list[bool]]:
    """The folded names of each unit; all of them in one list; which are only its area's."""
    areas = study.areas.set_index("area_id")
    area_names = {
        area: [fold(part) for part in (name, *_also(also))]
        for area, name, also in zip(areas.index, areas["name"], areas["alt_names"], strict=True)
    }
    own, of_area = [], []
    places = study.places.loc[study.ranked]
    for name, also, area in zip(
        places["name"], places["alt_names"], places["area_id"], strict=True
    ):
        names = list(dict.fromkeys(fold(part) for part in (name, *_also(also))))
        borrowed = [name for name in area_names.get(area, []) if name not in names]
        own.append(names + borrowed)
        of_area += [False] * len(names) + [True] * len(borrowed)
    for names in area_names.values():
        own.append(names)
        of_area += [False] * len(names)
    return own, [name for names in own for name in names], of_area


def _also(names: Any) -> list[str]:
    """The other names of a unit; a feature may leave them out."""
    return [part for part in names.split(";") if part.strip()] if isinstance(names, str) else []


def _folded(table: pd.DataFrame, columns: list[str]) -> pa.Array:
    texts = table[columns[0]].astype(str)
    for column in columns[1:]:
        texts = texts + " " + table[column].astype(str)
    return pa.array([fold_words(text) for text in texts], type=pa.large_string())


def _occurs(texts: pa.Array, word: str) -> np.ndarray:
    return pc.match_substring(texts, word).to_numpy(zero_copy_only=False)
