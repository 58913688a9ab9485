"""Names → ids: the same name gives the same id, and no two names of a table share one."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

DIGITS = 12
"""Of a hash in an id: 48 bits, among which a million ids meet with odds of one in 560."""


def slug(text: str) -> str:
    """A name as an id: small letters without marks, digits and hyphens.

    A name of which nothing is left that way, as one in another script, gets a hash.

    Examples
    --------
    >>> slug("Qalʿah-ye Naw"), slug("Pul-e Alam (city)")
    ('qalah-ye-naw', 'pul-e-alam-city')
    """
    marked = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o"))
    bare = "".join(letter for letter in marked if letter.isascii() or letter.isspace())
    bare = re.sub(r"['`’]", "", bare).lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-") or f"x{digest(text)}"


def digest(*parts: str) -> str:
    """A short hash of some texts, each distinct from its neighbours."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:DIGITS]


def unique(
    table: pd.DataFrame, names: Iterable[str], key: Iterable[str], taken: Iterable[str] = ()
) -> pd.Series:
    """An id for each row, as short as tells it from the others.

    Parameters
    ----------
    table : pandas.DataFrame
        Text columns; the rows differ in `key`.
    names : iterable of str
        Columns: the first alone makes the id, where that is enough; where not, the next is
        added, and so on.
    key : iterable of str
        What is hashed where all of them are not enough. The order of rows never matters.
    taken : iterable of str
        Ids that others have.
    """
    names = list(names)
    ids = table[names[0]].map(slug)
    for name in names[1:]:
        more = table[name].map(lambda text: slug(text) if text else "")
        ids = ids.where(~ids.duplicated(keep=False) | (more == ""), ids + "-" + more)
    rows = table[list(key)].astype(str).itertuples(index=False)
    hashed = pd.Series([digest(*row)[:6] for row in rows], index=table.index, dtype=object)
    shared = ids.duplicated(keep=False) | ids.isin(list(taken))
    return ids.where(~shared, ids + "-" + hashed)
