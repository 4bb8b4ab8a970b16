"""Tables of turns, however they come: a turn a row, a word a row, a column a speaker, or a call a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from ..errors import ReadError
from ..transcript import Role
from .field_names import SAMPLE_ROWS, Columns, plain_key
from .parsed_call import ParsedCall
from .plain import is_one_line_talk, is_talk
from .registry import find_text
from .roles import is_bot, role_of
from .rows import call_of, flat
from .source import Document

Row = tuple[str, Mapping[str, Any]]
# What follows a speaker's name in a column of what they said.
_SAID = ("_text", "_utterance", "_message", "_transcript", "_turn", "_said", "_speech", "_line")
# Words that a header has and a row of speech has not, all of them names of fields.
_FEWEST_NAMES = 2


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns of a header that names a text, and who says it, when, or in which call; or a column for each speaker."""
    columns = Columns(header)
    if columns.text is not None and any(c is not None for c in (columns.speaker, columns.start, columns.call, columns.id)):
        return columns
    return columns if len(speaker_columns(header)) > 1 else None


def speaker_columns(header: Sequence[str]) -> dict[str, str]:
    """Columns that hold what one speaker says, and the speaker's name."""
    found = {}
    for name in header:
        plain = plain_key(name)
        base = next((plain.removesuffix(end) for end in _SAID if plain.endswith(end)), plain)
        spoken = base.replace("_", " ")
        if role_of(spoken) is not Role.UNKNOWN or is_bot(spoken):
            found[name] = str(name) if base == plain else base
    # "agent_id" and "customer name" say who, "agent" and "customer" what: both kinds at once are one turn a row.
    return found


def calls(doc: Document, header: Sequence[str], rows: Iterable[Row]) -> Iterator[ParsedCall | ReadError]:
    """The calls of a table's rows, together by call id where there is such a column.

    Raises:
        ReadError: no column holds the text or says who speaks, or the rows of a call stand apart.
    """
    rows = iter(rows)
    first = list(islice(rows, SAMPLE_ROWS))
    some = flat([row for _, row in first])
    columns = Columns(dict.fromkeys(chain(header, (key for row in some for key in row))) if some else header, rows=some)
    by_header = Columns(header)
    columns.text = columns.text or by_header.text
    wide = speaker_columns(header) if columns.text is None or _is_label(columns, some) else {}
    rows = chain(first, rows)
    if columns.text is None and len(wide) < 2:
        raise doc.fail(
            f"no column holds the text; there are {', '.join(map(str, header)) or 'none'}",
            at="line 1",
            remedy="Name the columns, such as: speaker,text,start,end.",
        )
    if not wide and _are_calls(columns, some):
        yield from _call_a_row(doc, columns, rows)
        return
    if not wide and columns.speaker is None and columns.start is None:
        raise doc.fail(
            f"no column says who speaks; there are {', '.join(map(str, header))}"[:300],
            at="line 1",
            remedy="Add a column speaker: speaker,text, with start and end in seconds where they are known.",
        )
    yield from _by_call(doc, columns, wide, header, rows)


def _by_call(
    doc: Document, columns: Columns, wide: Mapping[str, str], header: Sequence[str], rows: Iterable[Row]
) -> Iterator[ParsedCall | ReadError]:
    """The calls of rows that are a turn each."""
    group: list[Row] = []
    current: Any = None
    done: set[Any] = set()
    for place, row in rows:
        call = row.get(columns.call) if columns.call else None
        call = call.strip() if isinstance(call, str) else call
        if group and call != current:
            done.add(current)
            yield _finished(doc, group, columns, wide, header, current)
            group = []
        if call in done:
            raise doc.fail(f"rows of the call {call!r} stand apart"[:160], at=place, remedy=f"Sort the rows by {columns.call}.")
        current = call
        group.append((place, row))
    if group:
        yield _finished(doc, group, columns, wide, header, current)


def _is_label(columns: Columns, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the column taken for the text is itself a speaker's, as in a table with a column for each speaker."""
    return columns.text is not None and role_of(columns.text) is not Role.UNKNOWN and bool(rows)


def _are_calls(columns: Columns, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each row is a call, with its whole transcript in a cell."""
    texts = [v for row in rows if isinstance(v := row.get(columns.text or ""), str) and v.strip()]
    talks = sum(("\n" in t.strip() and is_talk(t)) or is_one_line_talk(t) for t in texts)
    if talks * 2 > len(texts):
        return True
    if columns.speaker is not None or columns.start is not None or columns.call is None or talks:
        return bool(talks) and columns.speaker is None
    values = [row.get(columns.call) for row in rows]
    return len(set(map(str, values))) == len(values) and any("\n" in t for t in texts)


def _finished(
    doc: Document, group: list[Row], columns: Columns, wide: Mapping[str, str], header: Sequence[str], call: Any
) -> ParsedCall | ReadError:
    """One call of several: what is wrong with it does not keep the others from being read."""
    try:
        if wide:
            group, columns = _long(group, wide), _long_columns(header, wide)
        rows = flat([row for _, row in group])
        return call_of(doc, rows, [place for place, _ in group], columns=columns, call=None if call in (None, "") else str(call))
    except ReadError as error:
        return error


def _long(group: Sequence[Row], wide: Mapping[str, str]) -> list[Row]:
    """A turn for each cell that says something."""
    return [
        (f"{place}, column {name}", {**{k: v for k, v in row.items() if k not in wide}, "text": row[name], "speaker": speaker})
        for place, row in group
        for name, speaker in wide.items()
        if row.get(name) is not None and str(row[name]).strip()
    ]


def _long_columns(header: Sequence[str], wide: Mapping[str, str]) -> Columns:
    return Columns([name for name in header if name not in wide] + ["text", "speaker"])


def _call_a_row(doc: Document, columns: Columns, rows: Iterable[Row]) -> Iterator[ParsedCall | ReadError]:
    """A table whose cells hold whole transcripts."""
    for place, row in rows:
        text = row.get(columns.text or "")
        call = row.get(columns.call or "")
        try:
            for found in find_text(doc, "" if text is None else str(text), place):
                found.id = found.id or (None if call in (None, "") else str(call))
                yield found
        except ReadError as error:
            yield error
