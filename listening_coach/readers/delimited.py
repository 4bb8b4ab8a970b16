"""CSV and TSV with a header."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from .draft import Draft
from .rows import Columns, draft
from .source import MAX_LINE, Document

_DELIMITERS = ",\t;|"


def _header(doc: Document) -> tuple[list[str], str] | None:
    """The first line's fields and their delimiter, where they name a text and who says it or when."""
    first = next((line for line in doc.start_text.split("\n") if line.strip()), "")
    best: tuple[list[str], str] | None = None
    for delimiter in _DELIMITERS:
        if delimiter in first:
            fields = next(csv.reader([first], delimiter=delimiter))
            columns = Columns(fields)
            if (
                columns.text is not None
                and (columns.speaker is not None or columns.start is not None)
                and (best is None or len(fields) > len(best[0]))
            ):
                best = fields, delimiter
    return best


def is_delimited(doc: Document) -> bool:
    """The first line names a column for the text and one for the speaker or the time."""
    return not doc.looks_json and _header(doc) is not None


def parse_delimited(doc: Document) -> Iterator[Draft]:
    """The calls of a table, a turn a row; together by call id where there is such a column.

    Raises:
        ReadError: a row has more or fewer fields than the header, or is no turn.
    """
    found = _header(doc)
    if found is None:
        raise doc.fail(
            "the first line names no column for the text", at="line 1", remedy="Name the columns, such as: speaker,text,start,end."
        )
    header, delimiter = found
    # The module's limit for a field is for the whole process and smaller than a long turn; raising it harms nobody.
    if csv.field_size_limit() < MAX_LINE:
        csv.field_size_limit(MAX_LINE)
    columns = Columns(header)
    reader = csv.reader((line + "\n" for _, line in doc.lines()), delimiter=delimiter)
    rows: list[dict[str, str]] = []
    places: list[str] = []
    current: str | None = None
    done: set[str | None] = set()
    seen_header = False
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise doc.fail(f"the row cannot be read: {error}", at=f"line {line}", remedy="Check its quotation marks.") from None
        if not any(field.strip() for field in fields):
            continue
        if not seen_header:
            seen_header = True
            continue
        # Spreadsheets leave out or add empty fields at a row's end.
        if any(field.strip() for field in fields[len(header) :]) or len(fields) <= header.index(columns.text or header[0]):
            raise doc.fail(
                f"the row has {len(fields)} fields where the header has {len(header)}",
                at=f"line {line}",
                remedy=f"Put a text that holds {delimiter!r} in quotation marks.",
            )
        row = dict(zip(header, [*fields, *[""] * (len(header) - len(fields))], strict=False))
        call = row[columns.call].strip() if columns.call else None
        if rows and call != current:
            done.add(current)
            yield draft(doc, rows, places, columns=columns, call=current)
            rows, places = [], []
        if call in done:
            raise doc.fail(f"rows of the call {call!r} stand apart", at=f"line {line}", remedy=f"Sort the rows by {columns.call}.")
        current = call
        rows.append(row)
        places.append(f"line {line}")
    if rows:
        yield draft(doc, rows, places, columns=columns, call=current)
