"""CSV and TSV, with a header or with columns whose values tell what they are; tables in Markdown."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..errors import ReadError
from ..transcript import Role
from . import times
from .parsed_call import ParsedCall
from .roles import is_bot, role_of
from .source import MAX_LINE, Document
from .tabular import Row, calls, columns_of

_DELIMITERS = ",\t;|"
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
# How far down the header may stand below a title, and a table of Markdown below other text.
_TITLE_LINES = 8
_HEADER_LINES = 200
# How many rows are looked at to find out what columns without a header hold.
_LOOKED_AT = 30
# Start and end in one column: lines of text rather than a table.
_TWO_NUMBERS = re.compile(r"\d+(?:\.\d+)?\s+\d+(?:\.\d+)?")
_SPEAKER = re.compile(r"(?:speaker|spk|channel|ch|s|participant)[ _-]?\d{1,2}|[AB]", re.IGNORECASE)


def _first_lines(doc: Document, most: int) -> list[str]:
    """The first lines with text; the last of a text that goes on may be cut, and is left out."""
    lines = [line for line in doc.start_text.lstrip("\ufeff").split("\n") if line.strip()]
    return lines[:most]


def _fields(line: str, delimiter: str) -> list[str]:
    if delimiter == "|":
        line = line.strip().strip("|")
        return [field.strip() for field in line.split("|")]
    return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])


class _Head(NamedTuple):
    """The header of a table: its fields, their delimiter, and the number of the line on which it stands, from 1."""

    fields: list[str]
    delimiter: str
    line: int


def _header(doc: Document) -> _Head | None:
    """The header of a table of turns: the first line, or one further down below a title or above a rule of Markdown."""
    if "header" not in doc.found:
        doc.found["header"] = _find_header(doc)
    found: _Head | None = doc.found["header"]
    return found


def _find_header(doc: Document) -> _Head | None:
    lines = [(n, line) for n, line in enumerate(doc.start_text.lstrip("\ufeff").split("\n")[:_HEADER_LINES], 1) if line.strip()]
    tabular = doc.suffix in (".csv", ".tsv", ".tab")
    for at, (number, line) in enumerate(lines):
        ruled = at + 1 < len(lines) and "|" in line and _RULE.match(lines[at + 1][1]) is not None
        if at and not ruled and not (tabular and at < _TITLE_LINES):
            continue
        best: _Head | None = None
        for delimiter in "|" if ruled and at else _DELIMITERS:
            if delimiter in line:
                fields = _fields(line, delimiter)
                if _names_fields(fields) and columns_of(fields) is not None and (best is None or len(fields) > len(best.fields)):
                    best = _Head(fields, delimiter, number)
        if best is not None:
            return best
    return None


def _names_fields(fields: Sequence[str]) -> bool:
    """Whether fields are short, as the names of columns are, and no sentence."""
    return all(len(field) <= 60 and not field.rstrip().endswith((".", "?", "!")) for field in fields)


def _table(doc: Document) -> _Head | None:
    """The header that a table has, or the one that its values tell, which stands before the first line."""
    return _header(doc) or _guessed(doc)


def _guessed(doc: Document) -> _Head | None:
    """Names for the columns of a table without a header, where one of them says who speaks and one what; else None."""
    lines = _first_lines(doc, _LOOKED_AT)
    for delimiter in _DELIMITERS:
        rows = [_fields(line, delimiter) for line in lines if delimiter in line]
        if len(rows) < 2 or len(rows) < len(lines) or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
            continue
        columns = list(zip(*rows, strict=True))
        timed = any(_are_times(values) for values in columns)
        speaker = next((n for n, values in enumerate(columns) if _are_speakers(values, timed=timed)), None)
        text = max(range(len(columns)), key=lambda n: sum(map(len, columns[n])))
        if speaker is None or speaker == text or any(all(_TWO_NUMBERS.fullmatch(v.strip()) for v in values) for values in columns):
            continue
        named = [f"({n + 1})" for n in range(len(columns))]
        named[speaker], named[text] = "speaker", "text"
        clocks = [n for n, values in enumerate(columns) if n not in (speaker, text) and _are_times(values)]
        for n, name in zip(clocks, ("start", "end"), strict=False):
            named[n] = name
        return _Head(named, delimiter, 0)
    return None


def _are_speakers(values: Sequence[str], *, timed: bool = False) -> bool:
    """Whether a column's values are speakers; in a table with times, names may be in small letters."""
    plain = {v.strip() for v in values}
    if any(":" in v for v in plain):
        return False  # lines with names, and no table
    counts = Counter(v.strip() for v in values)
    named = all(
        count > 1 and len(name.split()) <= 4 and (timed or name[:1].isupper()) and not any(c.isdigit() for c in name)
        for name, count in counts.items()
    )
    if 2 <= len(counts) <= 6 and named:
        return True
    return 2 <= len(plain) <= 6 and all(role_of(v) is not Role.UNKNOWN or is_bot(v) or _SPEAKER.fullmatch(v) for v in plain)


def _are_times(values: Sequence[str]) -> bool:
    found = []
    for value in values:
        try:
            stamp = times.stamp(value)
        except ValueError:
            return False
        if stamp is None:
            return False
        found.append(stamp.value)
    return found == sorted(found) and len(set(found)) > 1


def is_delimited(doc: Document) -> bool:
    """The first line is the header of a table of turns, or the columns tell without one."""
    if doc.looks_json:
        return False
    return _table(doc) is not None or _without_header(doc) is not None or _is_other_table(doc)


_COLUMN = re.compile(r"[^\W\d_][\w .()/#-]{0,40}")


def _is_other_table(doc: Document) -> bool:
    """Whether the first line names columns, though none for the text: worth an error that says what is missing."""
    first = next(iter(_first_lines(doc, 1)), "")
    if doc.suffix not in (".csv", ".tsv", ".tab"):
        return False
    return any(all(_COLUMN.fullmatch(field.strip()) for field in _fields(first, d)) for d in _DELIMITERS if d in first)


def _without_header(doc: Document) -> int | None:
    """How many columns a table has whose first line is a turn already; None where it is no such table."""
    if doc.suffix not in (".csv", ".tsv", ".tab"):
        return None
    lines = _first_lines(doc, _LOOKED_AT)
    for delimiter in ",\t;":
        rows = [_fields(line, delimiter) for line in lines]
        widths = {len(row) for row in rows}
        if len(rows) > 1 and len(widths) == 1 and widths != {1} and any(len(f.split()) > 2 for f in rows[0]):
            return len(rows[0])
    return None


def parse(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The calls of a table.

    Raises:
        ReadError: there is no header and the columns do not tell, or a row has more fields than the header, or ends before its text.
    """
    found = _table(doc)
    if found is None:
        if _without_header(doc) is not None:
            raise doc.fail(
                "the table has no header: its first line is a turn already",
                at="line 1",
                remedy="Add a header line that names the columns, such as: speaker,text,start,end.",
            )
        first = next(iter(_first_lines(doc, 1)), "")
        raise doc.fail(
            f"the first line names no column for the text: {first[:80]!r}",
            at="line 1",
            remedy="Name the columns, such as: speaker,text,start,end.",
        )
    yield from calls(doc, found.fields, _rows(doc, found))


def _rows(doc: Document, head: _Head) -> Iterator[Row]:
    header, delimiter = head.fields, head.delimiter
    # The module's limit for a field is for the whole process and smaller than a long turn; raising it harms nobody.
    if csv.field_size_limit() < MAX_LINE:
        csv.field_size_limit(MAX_LINE)
    columns = columns_of(header)
    needed = header.index(columns.text) if columns is not None and columns.text is not None else 0
    # A table of Markdown may stand among other lines, which have no bars.
    ruled = delimiter == "|" and any(_RULE.match(line) for line in _first_lines(doc, _HEADER_LINES))
    lines = (_unbarred(line) if ruled else line + "\n" for n, line in doc.lines() if n > head.line and not (ruled and "|" not in line))
    reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE if ruled else csv.QUOTE_MINIMAL)
    while True:
        line = reader.line_num + 1 + head.line
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise doc.fail(f"the row cannot be read: {error}", at=f"line {line}", remedy="Check its quotation marks.") from None
        if not any(field.strip() for field in fields) or (delimiter == "|" and _RULE.match("|".join(fields))):
            continue
        if ruled:
            fields = [field.strip() for field in fields]
        # Spreadsheets leave out or add empty fields at a row's end.
        if any(field.strip() for field in fields[len(header) :]) or len(fields) <= needed:
            raise doc.fail(
                f"the row has {len(fields)} fields where the header has {len(header)}",
                at=f"line {line}",
                remedy=f"Put a text that holds {delimiter!r} in quotation marks.",
            )
        yield f"line {line}", dict(zip(header, [*fields, *[""] * (len(header) - len(fields))], strict=False))


def _unbarred(line: str) -> str:
    """A row of a Markdown table without the bars at its ends; an escaped bar is a bar."""
    return line.strip().removeprefix("|").removesuffix("|").replace("\\|", "\u00a6") + "\n"
