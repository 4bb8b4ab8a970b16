"""Rows of small tables beside the calls, such as metadata and people's scores: CSV, JSON Lines, JSON, Parquet, Excel, or in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import MissingExtraError, ReadError, SourceNotFoundError
from ..readers.source import document
from .tables import arrow, is_table

_EXCEL = (".xlsx", ".xlsm")
_PARQUET = (".parquet", ".pq")
_JSON_LINES = (".jsonl", ".ndjson")
_DELIMITERS = ",;\t|"


class TableRow(NamedTuple):
    """A row with its place, "calls.csv, line 3"; its values by the names of the header, empty ones left out."""

    place: str
    values: Mapping[str, Any]


def table_rows(source: Any) -> list[TableRow]:
    """The rows of a file, of a table in memory, or of mappings.

    Raises:
        SourceNotFoundError: there is no such file.
        ReadError: the file cannot be read as a table, or a name stands twice in its header.
        MissingExtraError: a package that this kind of file needs is not installed.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise SourceNotFoundError("there is no such file", where=str(path), remedy="Check the path.")
        return [TableRow(place, _filled(values)) for place, values in _of_file(path)]
    if is_table(source):
        from ..readers import frames

        rows: Iterable[Any] = frames.records(source)
    elif isinstance(source, Iterable) and not isinstance(source, Mapping):
        rows = source
    else:
        raise ReadError(
            f"a {type(source).__name__} is no table",
            where="metadata",
            remedy="Give a file, a table of pandas, polars or Arrow, or mappings.",
        )
    return [TableRow(f"row {n}", _filled(_mapping(row, f"row {n}"))) for n, row in enumerate(rows, 1)]


def _filled(values: Mapping[Any, Any]) -> dict[str, Any]:
    found = {str(key).strip(): value.strip() if isinstance(value, str) else value for key, value in values.items() if key is not None}
    # What pandas has for a missing value is unequal to itself.
    return {key: value for key, value in found.items() if key and value is not None and value != "" and value == value}


def _mapping(row: Any, place: str) -> Mapping[Any, Any]:
    if not isinstance(row, Mapping):
        raise ReadError(f"a {type(row).__name__} where a row belongs", where=place, remedy="Give a mapping from names to values.")
    return row


def _of_file(path: Path) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    suffix = path.suffix.casefold()
    if suffix in _PARQUET:
        return _parquet(path)
    if suffix in _EXCEL:
        return _excel(path)
    if suffix in _JSON_LINES:
        return _json_lines(path)
    return _json(path) if suffix == ".json" else _delimited(path)


def _parquet(path: Path) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    pa = arrow()
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            rows = file.read().to_pylist()
    except (OSError, pa.ArrowException) as error:
        detail = " ".join(str(error).split())[:200]
        raise ReadError(f"the Parquet file cannot be read: {detail}", where=str(path), remedy="Write it again.") from error
    return ((f"{path}, row {n}", row) for n, row in enumerate(rows, 1))


def _excel(path: Path) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError.of("openpyxl", "excel", "Reading Excel") from error
    try:
        book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
    except Exception as error:
        raise ReadError(f"the workbook cannot be read: {error}", where=str(path), remedy="Save it anew in Excel, or as CSV.") from error
    try:
        sheet = book.worksheets[0]
        rows = [(n, list(row)) for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if any(v is not None for v in row)]
    finally:
        book.close()
    if not rows:
        return
    header = _header([None if v is None else str(v) for v in rows[0][1]], f"{path}, row {rows[0][0]}")
    for number, values in rows[1:]:
        yield f"{path}, row {number}", dict(zip(header, values, strict=False))


def _json_lines(path: Path) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    found = document(path)
    for number, line in found.lines():
        if line.strip():
            place = f"{path}, line {number}"
            yield place, _mapping(found.parse_json(line, number), place)


def _json(path: Path) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    try:
        rows = json.loads(document(path).text)
    except ValueError as error:
        raise ReadError(f"the JSON is broken: {error}", where=str(path), remedy="Correct it there, or export it again.") from error
    if not isinstance(rows, list):
        raise ReadError("it holds no list of rows", where=str(path), remedy="Write a list of objects, one for each row.")
    for number, row in enumerate(rows, 1):
        yield f"{path}, row {number}", _mapping(row, f"{path}, row {number}")


def _delimited(path: Path) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    text = document(path).text.lstrip("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=lambda sign: (first.count(sign), -_DELIMITERS.index(sign)))
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ReadError(
                f"the row cannot be read: {error}", where=f"{path}, line {line}", remedy="Check its quotation marks."
            ) from error
        if not any(field.strip() for field in fields):
            continue
        if header is None:
            header = _header(fields, f"{path}, line {line}")
        elif any(field.strip() for field in fields[len(header) :]):
            raise ReadError(
                f"the row has {len(fields)} fields where the header has {len(header)}",
                where=f"{path}, line {line}",
                remedy=f"Put a value that holds {delimiter!r} in quotation marks.",
            )
        else:
            yield f"{path}, line {line}", dict(zip(header, fields, strict=False))


def _header(fields: list[str | None] | list[str], place: str) -> list[str]:
    names = [(field or "").strip() for field in fields]
    named = [name.casefold() for name in names if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise ReadError(f"two columns are named {twice[:60]!r}", where=place, remedy="Give each column a name of its own.")
    return names
