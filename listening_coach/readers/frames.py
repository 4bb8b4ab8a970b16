"""Tables of turns in memory: pandas, polars, Arrow, and whatever gives itself as Arrow."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import MissingExtraError, ReadError
from .parsed_call import ParsedCall
from .source import Document
from .tabular import Row, calls

_TABLES = ("DataFrame", "LazyFrame", "Table", "RecordBatch", "RecordBatchReader")
# Rows are turned into Python objects so many at a time.
_SLICE = 10_000


def is_frame(source: object) -> bool:
    """Whether the source is a table: a frame of pandas or polars, an Arrow table or batch, or a list of mappings."""
    library = type(source).__module__.split(".")[0]
    if library in ("pandas", "polars", "pyarrow") and type(source).__name__ in _TABLES:
        return True
    if isinstance(source, list | tuple):
        return bool(source) and all(isinstance(row, Mapping) for row in source[:20])
    return hasattr(source, "__arrow_c_stream__")


def parse(source: Any) -> tuple[Document, Iterator[ParsedCall | ReadError]]:
    """A document to name in errors, and the calls of a table.

    Raises:
        ReadError: no column holds the text.
        MissingExtraError: pyarrow is needed to read the table and not installed.
    """
    doc = Document(f"<{type(source).__name__}>", io.BytesIO)
    header, slices = _slices(source)
    return doc, calls(doc, header, _rows(slices))


def records(source: Any) -> Iterator[Mapping[str, Any]]:
    """The rows of a table as mappings; what is missing is None or unequal to itself.

    Raises:
        MissingExtraError: pyarrow is needed to read the table and not installed.
    """
    _, slices = _slices(source)
    for rows in slices:
        yield from rows


def _rows(slices: Iterator[Sequence[Mapping[str, Any]]]) -> Iterator[Row]:
    number = 0
    for rows in slices:
        for row in rows:
            yield f"row {number}", {key: None if value is None or value != value else value for key, value in row.items()}
            number += 1


def _slices(source: Any) -> tuple[list[str], Iterator[Sequence[Mapping[str, Any]]]]:
    library = type(source).__module__.split(".")[0]
    if isinstance(source, list | tuple):
        return list(dict.fromkeys(str(k) for row in source for k in row)), iter([source])
    if library == "polars" and hasattr(source, "collect"):
        source = source.collect()
    if library == "pandas":
        frame = source.rename(columns=str)
        return list(frame.columns), (_records(frame.iloc[n : n + _SLICE]) for n in range(0, len(frame), _SLICE))
    if library == "polars":
        return list(source.columns), (piece.to_dicts() for piece in source.iter_slices(_SLICE))
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError.of("pyarrow", "batch", f"Reading a {type(source).__name__}") from error
    if isinstance(source, pyarrow.RecordBatch):
        source = pyarrow.Table.from_batches([source])
    elif not isinstance(source, pyarrow.Table):
        reader = source if isinstance(source, pyarrow.RecordBatchReader) else pyarrow.RecordBatchReader.from_stream(source)
        return list(reader.schema.names), (batch.to_pylist() for batch in reader)
    return list(source.column_names), (batch.to_pylist() for batch in source.to_batches(max_chunksize=_SLICE))


def _records(frame: Any) -> list[dict[str, Any]]:
    """Rows of a pandas frame; what is missing is None, words that a column holds as arrays are lists."""
    rows: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{k: v.tolist() if type(v).__module__ == "numpy" and hasattr(v, "tolist") else v for k, v in row.items()} for row in rows]
