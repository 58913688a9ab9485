"""Names as people write them → what tells them apart, and ids made of them."""

import re
import unicodedata

import geopandas as gpd
from rapidfuzz import fuzz, process

NEAR = 75
"""How like a name a text must be, of 100, to be taken for a slip of it."""


def folded(text: str) -> str:
    """A name without case, accents and signs.

    Examples
    --------
    >>> folded("Área_ID ")
    'areaid'
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def slug(text: str) -> str:
    """A text as an id: small letters of ASCII, digits and hyphens; may be blank.

    Examples
    --------
    >>> slug("Pul-e ʿAlam")
    'pul-e-alam'
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub("[ʿʾ'’`]", "", plain)
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


class Names:
    """The areas that a text may mean: by id, or by a name that only one of them has."""

    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        ids = list(areas["area_id"])
        names = areas["name"].map(folded)
        self.shared = set(names[names.duplicated(keep=False)])
        self._known = dict(zip(names, ids, strict=True))
        self._known |= {folded(each): each for each in ids}
        for name in self.shared - {folded(each) for each in ids}:
            del self._known[name]
        self._ids = set(ids)
        self._names = dict(zip(names, areas["name"], strict=True))

    def find(self, text: str) -> str:
        """The area_id; blank where it is none, or one of several."""
        return text if text in self._ids else self._known.get(folded(text), "")

    def near(self, text: str, most: int = 3) -> list[str]:
        """The names that a text may have been meant for: those it begins, else the likest one."""
        fold = folded(text)
        if not fold:
            return []
        longer = [name for each, name in self._names.items() if each.startswith(fold)]
        if longer:
            return sorted(longer)[:most]
        likest = process.extractOne(fold, list(self._names), scorer=fuzz.ratio, score_cutoff=NEAR)
        return [self._names[likest[0]]] if likest else []
