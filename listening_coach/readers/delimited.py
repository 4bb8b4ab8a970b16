"""CSV and TSV with a header."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from ..errors import ReadError
from .parsed_call import ParsedCall
from .source import MAX_LINE, Document
from .tabular import Row, calls, columns_of

_DELIMITERS = ",\t;|"


def _header(doc: Document) -> tuple[list[str], str] | None:
    """The first line's fields and their delimiter, where they are the header of a table of turns."""
    first = next((line for line in doc.start_text.split("\n") if line.strip()), "")
    best: tuple[list[str], str] | None = None
    for delimiter in _DELIMITERS:
        if delimiter in first:
            fields = next(csv.reader([first], delimiter=delimiter))
            if columns_of(fields) is not None and (best is None or len(fields) > len(best[0])):
                best = fields, delimiter
    return best


def is_delimited(doc: Document) -> bool:
    """The first line is the header of a table of turns."""
    return not doc.looks_json and _header(doc) is not None


def parse(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The calls of a table.

    Raises:
        ReadError: a row has more fields than the header, or ends before its text.
    """
    found = _header(doc)
    if found is None:
        raise doc.fail(
            "the first line names no column for the text", at="line 1", remedy="Name the columns, such as: speaker,text,start,end."
        )
    yield from calls(doc, found[0], _rows(doc, *found))


def _rows(doc: Document, header: list[str], delimiter: str) -> Iterator[Row]:
    # The module's limit for a field is for the whole process and smaller than a long turn; raising it harms nobody.
    if csv.field_size_limit() < MAX_LINE:
        csv.field_size_limit(MAX_LINE)
    columns = columns_of(header)
    needed = header.index(columns.text) if columns is not None and columns.text is not None else 0
    reader = csv.reader((line + "\n" for _, line in doc.lines()), delimiter=delimiter)
    seen_header = False
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise doc.fail(f"the row cannot be read: {error}", at=f"line {line}", remedy="Check its quotation marks.") from None
        if not any(field.strip() for field in fields):
            continue
        if not seen_header:
            seen_header = True
            continue
        # Spreadsheets leave out or add empty fields at a row's end.
        if any(field.strip() for field in fields[len(header) :]) or len(fields) <= needed:
            raise doc.fail(
                f"the row has {len(fields)} fields where the header has {len(header)}",
                at=f"line {line}",
                remedy=f"Put a text that holds {delimiter!r} in quotation marks.",
            )
        yield f"line {line}", dict(zip(header, [*fields, *[""] * (len(header) - len(fields))], strict=False))
