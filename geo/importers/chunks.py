"""Files of a table → chunks, each of which is read on its own, in any order, on any machine.

A CSV is cut by bytes where a row ends, which a line break within quotes is not; Parquet by its
row groups; what is compressed is one chunk, read as a stream (:mod:`geo.importers.batches`), and
so is the sheet of a workbook.
"""

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from geo.importers import workbooks
from geo.importers.refusal import TableError, refuse

SIZE = 32 << 20
"""Bytes of a chunk."""


class Chunk(NamedTuple):
    """A part of a file.

    Attributes
    ----------
    number : int
        Its place among all chunks.
    path : str
        As a worker opens it.
    kind : {"csv", "gzip", "zip", "parquet", "workbook"}
    member : str
        The file inside a zip, the sheet of a workbook.
    begin, end : int
        Bytes of a CSV, or row groups of Parquet.
    header : tuple of str
    delimiter, encoding : str
    quoted : bool
        Whether a cell may hold line breaks.
    """

    number: int
    path: str
    kind: str
    member: str
    begin: int
    end: int
    header: tuple[str, ...]
    delimiter: str
    encoding: str
    quoted: bool

    @property
    def file(self) -> str:
        """What findings call it."""
        name = Path(self.path).name
        return f"{name}/{self.member}" if self.member else name


def cut(
    paths: list[Path], encoding: str = "utf-8", delimiter: str = "", size: int = SIZE
) -> list[Chunk]:
    """Cut files into chunks.

    Parameters
    ----------
    paths : list of pathlib.Path
    encoding : str
        One in which a byte that is a line feed, a quote or a comma is nothing else.
    delimiter : str
        Found in each header where blank.
    size : int
        Bytes of a chunk of CSV.

    Raises
    ------
    geo.importers.refusal.TableError
        When a file is no table.
    """
    found: list[Chunk] = []
    for path in paths:
        found += _cut_one(path.resolve(), encoding, delimiter, size)
    return [chunk._replace(number=number) for number, chunk in enumerate(found)]


def _cut_one(path: Path, encoding: str, delimiter: str, size: int) -> list[Chunk]:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        if magic == b"PAR1":
            return _cut_parquet(path)
        if workbooks.is_workbook(path):
            sheet = workbooks.sheet_of(path)
            return [_headed(Chunk(0, str(path), "workbook", sheet, 0, 0, (), ",", "utf-8", True))]
        if magic == b"PK\3\4":
            return _cut_zip(path, encoding, delimiter)
        kind = "gzip" if magic[:2] == b"\x1f\x8b" else "csv"
        chunk = Chunk(0, str(path), kind, "", 0, 0, (), delimiter, encoding, True)
        chunk = _headed(chunk)
        return [chunk] if kind == "gzip" else list(_cut_csv(chunk, size))
    except OSError as error:
        raise refuse(path.name, f"it cannot be read: {error.strerror or error}", "a file") from None
    except (pa.ArrowException, zipfile.BadZipFile, EOFError) as error:
        raise refuse(path.name, f"it cannot be read: {error}", "a whole file") from None


def _cut_parquet(path: Path) -> list[Chunk]:
    with pq.ParquetFile(path) as file:
        header = tuple(file.schema_arrow.names)
        groups = range(file.num_row_groups)
    _check_header(path.name, header)
    chunk = Chunk(0, str(path), "parquet", "", 0, 0, header, "", "", False)
    return [chunk._replace(begin=group, end=group + 1) for group in groups]


def _cut_zip(path: Path, encoding: str, delimiter: str) -> list[Chunk]:
    with zipfile.ZipFile(path) as archive:
        names = [
            entry.filename
            for entry in archive.infolist()
            if not entry.is_dir() and entry.filename.lower().endswith((".csv", ".tsv", ".txt"))
            if not entry.filename.startswith("__MACOSX")
        ]
    if not names:
        raise refuse(path.name, "there is no .csv in it", "a zip of tables")
    chunk = Chunk(0, str(path), "zip", "", 0, 0, (), delimiter, encoding, True)
    return [_headed(chunk._replace(member=name)) for name in sorted(names)]


def _headed(chunk: Chunk) -> Chunk:
    """The chunk with its header, and where the rows after it begin."""
    with opened(chunk) as stream:
        start = stream.read(1 << 16)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse(chunk.file, "it is written in UTF-16", "the table saved as CSV UTF-8")
    end = next(_row_ends(start), len(start))
    line = _decoded(chunk, start[:end]).removeprefix("\ufeff").strip("\r\n")
    if not line.strip():
        raise refuse(chunk.file, "it has no header", "a row of column names, then the rows")
    delimiter = chunk.delimiter or max(",;\t|", key=line.count)
    options = pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    cells = pa.csv.read_csv(
        io.BytesIO(line.encode() + b"\n"),
        pa.csv.ReadOptions(autogenerate_column_names=True, use_threads=False),
        options,
        pa.csv.ConvertOptions(strings_can_be_null=False),
    )
    header = tuple(" ".join(str(column[0].as_py() or "").split()) for column in cells.columns)
    _check_header(chunk.file, header)
    return chunk._replace(header=header, delimiter=delimiter, begin=end)


def _check_header(file: str, header: tuple[str, ...]) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise refuse(file, f"two columns are named “{twice[0]}”", "each once", twice[0], 1)


def _decoded(chunk: Chunk, content: bytes) -> str:
    try:
        return content.decode(chunk.encoding)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise badly_encoded(chunk, row if not chunk.begin else None) from None


def badly_encoded(chunk: Chunk, row: int | None = None) -> TableError:
    """That a file is written in another encoding than was taken for granted."""
    right = 'the table saved as CSV UTF-8, or encoding = "cp1252" (or another) in the mapping'
    return refuse(chunk.file, f"it is not written in {chunk.encoding}", right, row=row)


def _row_ends(content: bytes) -> Iterator[int]:
    """Where rows end, those line feeds left out that stand within quotes."""
    begin, quoted = 0, False
    while (at := content.find(b"\n", begin)) >= 0:
        quoted ^= bool(content.count(b'"', begin, at) & 1)
        begin = at + 1
        if not quoted:
            yield begin


def _cut_csv(chunk: Chunk, size: int) -> Iterator[Chunk]:
    """Pieces of about a size; quotes are counted, to know which line feeds end a row."""
    begin = chunk.begin
    any_quoted, pieces = False, []
    with open(chunk.path, "rb") as file:
        file.seek(begin)
        at, quoted, looking = begin, False, False
        while block := file.read(size):
            rest = 0
            if looking:
                for end in _ends_from(block, quoted):
                    pieces.append((begin, at + end))
                    begin, quoted, rest, looking = at + end, False, end, False
                    break
            quotes = block.count(b'"', rest)
            any_quoted |= bool(quotes)
            quoted ^= bool(quotes & 1)
            at += len(block)
            looking = True
    if at > begin:
        pieces.append((begin, at))
    for first, last in pieces or [(begin, at)]:
        yield chunk._replace(begin=first, end=last, quoted=any_quoted)


def _ends_from(block: bytes, quoted: bool) -> Iterator[int]:
    if not quoted:
        yield from _row_ends(block)
        return
    closing = block.find(b'"') + 1
    if closing:
        yield from (closing + end for end in _row_ends(block[closing:]))


@contextmanager
def opened(chunk: Chunk) -> Iterator[IO[bytes]]:
    """The file of a chunk from its beginning, uncompressed."""
    if chunk.kind == "gzip":
        with gzip.open(chunk.path) as unzipped:
            yield unzipped  # type: ignore[misc]
    elif chunk.kind == "zip":
        with zipfile.ZipFile(chunk.path) as archive, archive.open(chunk.member) as member:
            yield member
    elif chunk.kind == "workbook":
        yield io.BytesIO(workbooks.as_csv(Path(chunk.path), chunk.member))
    else:
        with open(chunk.path, "rb") as file:
            yield file
