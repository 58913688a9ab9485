"""Files of a table → chunks, each of which is read on its own, in any order, on any machine.

A CSV is cut by bytes where a row ends, which a line break within quotes is not; Parquet by its
row groups; what is compressed is one chunk, read as a stream. A chunk becomes tables of
dictionary-encoded text, a batch at a time, so that no file is ever held whole. Rows are
counted within their chunk: where a chunk begins is known when those before it are counted.
"""

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from geo.importers.refusal import refuse

SIZE = 32 << 20
"""Bytes of a chunk, and of a batch of what is read as a stream."""

BATCH = 500_000
"""Rows of a batch of Parquet."""

_TEXT = pa.dictionary(pa.int32(), pa.string())
_WIDE_OPEN = 1 << 30


class Chunk(NamedTuple):
    """A part of a file.

    Attributes
    ----------
    number : int
        Its place among all chunks.
    path : str
        As a worker opens it.
    kind : {"csv", "gzip", "zip", "parquet"}
    member : str
        The file inside a zip.
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


class Batch(NamedTuple):
    """Rows of a chunk.

    Attributes
    ----------
    columns : dict of str to pyarrow.DictionaryArray
    rows : numpy.ndarray of int
        The place of each row in the chunk, from 0.
    ragged : dict of int to int
        Rows left out, with how many cells they have.
    end : int
        How many rows of the chunk have been read, those left out among them.
    """

    columns: dict[str, pa.DictionaryArray]
    rows: np.ndarray
    ragged: dict[int, int]
    end: int


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
    with _stream(chunk) as stream:
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
        raise _badly_encoded(chunk, row if not chunk.begin else None) from None


def _badly_encoded(chunk: Chunk, row: int | None = None) -> Exception:
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
def _stream(chunk: Chunk) -> Iterator[IO[bytes]]:
    if chunk.kind == "gzip":
        with gzip.open(chunk.path) as unzipped:
            yield unzipped  # type: ignore[misc]
    elif chunk.kind == "zip":
        with zipfile.ZipFile(chunk.path) as archive, archive.open(chunk.member) as member:
            yield member
    else:
        with open(chunk.path, "rb") as file:
            yield file


def batches(chunk: Chunk, columns: list[str], size: int = SIZE) -> Iterator[Batch]:
    """The rows of a chunk.

    Parameters
    ----------
    chunk : Chunk
    columns : list of str
        Those to read.
    size : int
        Bytes of a batch of what is read as a stream.

    Raises
    ------
    geo.importers.refusal.TableError
        When the file is not what its beginning says.
    """
    try:
        if chunk.kind == "parquet":
            yield from _from_parquet(chunk, columns)
        else:
            yield from _from_csv(chunk, columns, size)
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise _badly_encoded(chunk) from None
        raise refuse(chunk.file, f"it cannot be read: {error}", "a table of plain cells") from None
    except UnicodeDecodeError:
        raise _badly_encoded(chunk) from None
    except FileNotFoundError:
        right = "it, on storage that every worker has at the same path"
        raise refuse(chunk.file, f"there is no {chunk.path} where it is read", right) from None
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise refuse(chunk.file, f"it cannot be read: {error}", "a whole file") from None


def _from_csv(chunk: Chunk, columns: list[str], size: int) -> Iterator[Batch]:
    skipped: dict[int, int] = {}

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        skipped[row.number - 1] = row.actual_columns
        return "skip"

    with _stream(chunk) as stream:
        stream.seek(chunk.begin)
        if chunk.kind == "csv":
            content = stream.read(chunk.end - chunk.begin)
            stream, size = pa.BufferReader(content), len(content) + 1
            if not content:
                return
        # A cell that no column asks for may hold anything; named by place, none stands twice.
        names = [str(number) for number in range(len(chunk.header))]
        wanted = {name: names[chunk.header.index(name)] for name in columns}
        reader = pa.csv.open_csv(
            stream,
            pa.csv.ReadOptions(
                column_names=names,
                use_threads=False,
                block_size=min(size, _WIDE_OPEN),
                encoding=chunk.encoding,
            ),
            pa.csv.ParseOptions(
                delimiter=chunk.delimiter,
                newlines_in_values=chunk.quoted,
                invalid_row_handler=skip,
                ignore_empty_lines=False,
            ),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(wanted.values(), _TEXT),
                include_columns=list(wanted.values()),
                strings_can_be_null=False,
            ),
        )
        end = 0
        for batch in reader:
            # The reader may look a batch ahead: rows after this one's are the next one's.
            rows, end = _numbered(len(batch), end, skipped)
            ragged = {row: skipped.pop(row) for row in sorted(skipped) if row < end}
            cells = {name: batch.column(place) for name, place in wanted.items()}
            yield Batch(cells, rows, ragged, end)
        if skipped:
            end = max(skipped) + 1
            yield Batch({name: _none() for name in wanted}, np.zeros(0, int), dict(skipped), end)


def _none() -> pa.DictionaryArray:
    return pa.array([], pa.string()).dictionary_encode()


def _numbered(count: int, begin: int, skipped: dict[int, int]) -> tuple[np.ndarray, int]:
    """The places of so many rows from one on, those left out passed over."""
    if not skipped:
        return np.arange(begin, begin + count), begin + count
    rows = np.arange(begin, begin + count + len(skipped))
    rows = rows[~np.isin(rows, list(skipped))][:count]
    return rows, int(rows[-1]) + 1 if count else begin


def _from_parquet(chunk: Chunk, columns: list[str]) -> Iterator[Batch]:
    end = 0
    with pq.ParquetFile(chunk.path, read_dictionary=columns) as file:
        groups = range(chunk.begin, chunk.end)
        for batch in file.iter_batches(BATCH, row_groups=list(groups), columns=columns):
            rows = np.arange(end, end + len(batch))
            end += len(batch)
            yield Batch({name: _as_text(batch[name]) for name in columns}, rows, {}, end)


def _as_text(cells: pa.Array) -> pa.DictionaryArray:
    """Cells of any plain type as dictionary-encoded text; days are ISO, blank is none."""
    if pa.types.is_dictionary(cells.type):
        if not pa.types.is_string(cells.type.value_type):
            cells = cells.cast(pa.dictionary(pa.int32(), cells.type.value_type))
            words = _as_text(cells.dictionary).cast(pa.string())
            return (
                pa.DictionaryArray.from_arrays(cells.indices, words)
                .cast(pa.string())
                .fill_null("")
                .dictionary_encode()
            )
        if not cells.null_count:
            return cells.cast(_TEXT)
        return cells.cast(pa.string()).fill_null("").dictionary_encode()
    if pa.types.is_timestamp(cells.type):
        cells = cells.cast(pa.timestamp("us", cells.type.tz), safe=False).cast(pa.date32(), False)
    return cells.cast(pa.string()).fill_null("").dictionary_encode()
