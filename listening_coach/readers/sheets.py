"""Excel workbooks (.xlsx): the first sheet with a table of turns."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ..errors import MissingExtraError, ReadError
from .parsed_call import ParsedCall
from .source import Document
from .tabular import Row, calls, columns_of
from .walker import WORKBOOK, holds_member

# How far down a sheet its header may stand, below titles.
_HEADER_ROWS = 20


def is_sheet(doc: Document) -> bool:
    """A zip archive that holds a workbook."""
    return doc.head.startswith(b"PK\x03\x04") and holds_member(doc.data, WORKBOOK)


def parse(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The calls of a workbook.

    Raises:
        ReadError: no sheet has a header that names the text, or the workbook is broken.
        MissingExtraError: openpyxl is not installed.
    """
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError.of("openpyxl", "excel", "Reading Excel") from error
    with doc.opened() as stream:
        data = stream.read()
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:
        raise doc.fail(f"the workbook cannot be read: {error}", remedy="Save it anew in Excel, or as CSV.") from error
    try:
        for sheet in book.worksheets:
            rows = ((number, list(row)) for number, row in enumerate(sheet.iter_rows(values_only=True), 1))
            for number, values in rows:
                header = [str(v).strip() if v is not None else f"({n})" for n, v in enumerate(values, 1)]
                if columns_of(header) is not None:
                    yield from calls(doc, header, _rows(sheet.title, header, rows))
                    return
                if number >= _HEADER_ROWS:
                    break
    finally:
        book.close()
    raise doc.fail("no sheet has a header that names the text", remedy="Name the columns, such as: speaker, text, start, end.")


def _rows(title: str, header: list[str], rows: Iterator[tuple[int, list[Any]]]) -> Iterator[Row]:
    for number, values in rows:
        if any(v is not None and str(v).strip() for v in values):
            yield f"sheet {title}, row {number}", dict(zip(header, map(_plain, values), strict=False))


def _plain(value: Any) -> Any:
    """A cell's value; a time of the day, which a sheet makes of mm:ss, as it is written."""
    import datetime

    return value.isoformat() if isinstance(value, datetime.time) else value
