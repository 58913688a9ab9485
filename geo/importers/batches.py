"""A chunk of a table → its rows, a batch at a time, as dictionary-encoded text.

No file is ever held whole. Rows are counted within their chunk, those left out among them:
where a chunk begins is known when those before it are counted.
"""

import zipfile
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from geo.importers.chunks import SIZE, Chunk, badly_encoded, opened
from geo.importers.refusal import refuse

BATCH = 500_000
"""Rows of a batch of Parquet."""

LONGEST = 1 << 30
"""Bytes of a batch that the reader takes."""

_TEXT = pa.dictionary(pa.int32(), pa.string())


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
        if str(error) == "Empty CSV file":  # a header alone
            return
        if "UTF8" in str(error):
            raise badly_encoded(chunk) from None
        raise refuse(chunk.file, f"it cannot be read: {error}", "a table of plain cells") from None
    except UnicodeDecodeError:
        raise badly_encoded(chunk) from None
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

    with opened(chunk) as stream:
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
                block_size=min(size, LONGEST),
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
    """Cells of any plain type as dictionary-encoded text; days are ISO, blank is none.

    What is distinct is written as text once, not in every row.
    """
    if not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode()
    words = cells.dictionary
    if pa.types.is_timestamp(words.type):
        words = words.cast(pa.timestamp("us", words.type.tz), safe=False).cast(pa.date32(), False)
    texts = pa.concat_arrays([words.cast(pa.string()), pa.array([""])])
    codes = cells.indices.cast(pa.int32()).fill_null(len(texts) - 1)
    return pa.DictionaryArray.from_arrays(codes, texts)
