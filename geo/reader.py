"""The files of a study → settings, tables and features, or what keeps them from being read.

Tables come as text (:mod:`geo.cells`), features as :mod:`geo.boundaries` has them; what they
must be is for :mod:`geo.schemas` and :mod:`geo.checks` to say. Each file is read on its own,
so that what is wrong with one hides nothing of the others.
"""

import hashlib
import tomllib
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import boundaries, cells
from geo.archive import Files
from geo.limits import Limits, setting
from geo.problems import ERROR, Problem, Refused, row_number

_MB = 2**20


class Reader:
    """Reads one study's files; what cannot be read becomes a problem and a ``None``.

    Parameters
    ----------
    files : geo.archive.Files
    limits : geo.limits.Limits, optional
        None where the files are the reader's own.

    Attributes
    ----------
    problems : list of geo.problems.Problem
    called : dict of str to str
        What a file is called that has another format than the usual:
        ``{"areas.geojson": "areas.gpkg"}``.
    """

    def __init__(self, files: Files, limits: Limits | None = None) -> None:
        self._files = files
        self._limits = limits
        self._names = files.names()
        self._hash = hashlib.sha256()
        self.problems: list[Problem] = []
        self.called: dict[str, str] = {}

    @property
    def digest(self) -> str:
        """Of the bytes read so far."""
        return self._hash.hexdigest()[:16]

    def _refuse(self, file: str, refused: Refused) -> None:
        problem = Problem(ERROR, file, refused.row, "", refused.wrong, refused.right)
        self.problems.append(problem)

    def _content(self, file: str, needed: bool = True) -> bytes | None:
        """A file's bytes; an empty one is as wrong as none."""
        try:
            if file not in self._names:
                if not needed:
                    return None
                raise Refused("the file is missing", self._wanted(file))
            content = self._files.read(file)
            if not content.removeprefix(b"\xef\xbb\xbf").strip():
                raise Refused("the file is empty", "a file with content")
        except Refused as refused:
            self._refuse(file, refused)
            return None
        self._hash.update(file.encode() + b"\0" + content)
        return content

    def _wanted(self, file: str) -> str:
        """What to do about a file that is missing: one may have the same name but for its end."""
        stem, _, suffix = file.partition(".")
        near = [name for name in self._names if name.lower().partition(".")[0] == stem]
        if near:
            return f"“{near[0]}” saved as {suffix.upper()}, named {file}"
        return f"a file {file} in the study"

    def _text(self, file: str) -> str | None:
        content = self._content(file)
        if content is None:
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = content[: error.start].count(b"\n") + 1
            wrong = f"byte {error.start} is not UTF-8"
            self._refuse(file, Refused(wrong, "text saved as UTF-8", row))
            return None

    def toml(self, file: str) -> dict[str, Any] | None:
        """A settings file."""
        text = self._text(file)
        try:
            return None if text is None else tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            self._refuse(file, Refused(f"not TOML: {error}", "TOML, as in the bundled study"))
            return None

    def table(self, file: str) -> Any:
        """A table of text cells, indexed by place in the file."""
        text = self._text(file)
        if text is None:
            return None
        try:
            rows = cells.read(text, self._limits.cell if self._limits else None)
            return self._framed(file, rows)
        except cells.NotCsv as error:
            right = "comma-separated values (RFC 4180)"
            self._refuse(file, Refused(f"not CSV: {error}", right, error.row))
        except Refused as refused:
            self._refuse(file, refused)
        return None

    def _framed(self, file: str, rows: list[list[str]]) -> pd.DataFrame | None:
        header = [cell.strip() for cell in rows[0]]
        body = {number: row for number, row in enumerate(rows[1:]) if row}
        if cells.is_tags(body.get(0, [])):
            del body[0]
        if self._limits and len(body) > self._limits.rows:
            right = f"{self._limits.rows:,} at most ({setting('rows')})"
            raise Refused(f"the table has {len(body):,} rows", right)
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise Refused(f"two columns are named “{twice[0]}”", "each column once", 1)
        ragged = {number: row for number, row in body.items() if len(row) != len(header)}
        for number, row in ragged.items():
            wrong = f"{len(row)} cells under {len(header)} columns"
            right = "as many cells as columns; quote a cell with a comma"
            self._refuse(file, Refused(wrong, right, row_number(file, number)))
        if ragged:
            return None
        return pd.DataFrame(list(body.values()), index=list(body), columns=header, dtype=str)

    def features(self, file: str, needed: bool = True) -> Any:
        """Features in WGS 84, their cells as text but for numbers and booleans.

        Parameters
        ----------
        file : str
            As GeoJSON is called; a file of the same stem in another format will do.
        needed : bool
        """
        stem = file.partition(".")[0]
        found = [name for name in self._names if name.partition(".")[0] == stem]
        fitting = [name for name in found if name.lower().endswith(boundaries.SUFFIXES)]
        if found and not fitting:
            wrong = f"“{found[0]}” is in no format that is read"
            self._refuse(found[0], Refused(wrong, f"{boundaries.FORMATS}, named {stem}.…"))
            return None
        if len(fitting) > 1:
            wrong = f"{' and '.join(fitting)} are one file too many"
            self._refuse(file, Refused(wrong, f"one file of {stem}"))
            return None
        name = fitting[0] if fitting else file
        self.called[file] = name
        if needed and not found:
            right = f"a file {file}, {stem}.gpkg, {stem}.zip (shapefile), {stem}.fgb or {stem}.kml"
            self._refuse(file, Refused("the file is missing", right))
            return None
        content = self._content(name, needed)
        if content is None:
            return None
        try:
            return _as_text(boundaries.read(content, self._limits))
        except Refused as refused:
            self._refuse(name, refused)
            return None


_TYPED = ("population", "is_capital", "geometry")
_YES = {"1": True, "1.0": True, "true": True, "t": True, "0": False, "0.0": False}
_YES |= {"false": False, "f": False}


def _as_text(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns as a study has them, whatever types their format gave them."""
    texts = {name: table[name].map(_text).astype(str) for name in table if name not in _TYPED}
    if "is_capital" in table and not table["is_capital"].isin([True, False]).all():
        # A shapefile and KML have no booleans.
        said = table["is_capital"].map(_text)
        known = said.str.lower().map(_YES)
        texts["is_capital"] = known.where(known.notna(), said)
    return table.assign(**texts)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None or (isinstance(cell, float) and np.isnan(cell)) or cell is pd.NaT:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
