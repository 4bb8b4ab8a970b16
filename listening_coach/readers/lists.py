"""JSON of nobody's in particular: a list of turn objects, an object that holds one, JSON Lines of either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import times
from .draft import Draft
from .rows import CALL, LANGUAGE, STARTED, Columns, draft, plain_key
from .source import Document

# Where an object keeps its turns, best first.
_HOLDERS = (
    "turns", "utterances", "transcript", "segments", "messages", "conversation", "dialogue", "dialog", "transcription", "transcripts", "entries",
    "items", "lines", "sentences", "phrases", "results", "records", "monologues", "chat", "content", "events", "data", "rows",
)  # fmt: skip
# Objects that wrap the one of interest.
_WRAPPERS = (
    "call",
    "conversation",
    "data",
    "result",
    "results",
    "transcript",
    "transcription",
    "response",
    "payload",
    "body",
    "interaction",
    "recording",
)


def is_turns(value: Any) -> bool:
    """A list of objects with a text each, and who says it or when."""
    if not isinstance(value, list) or not value or not all(isinstance(v, Mapping) for v in value[:20]):
        return False
    columns = Columns(dict.fromkeys(k for v in value[:20] for k in v), sample=_sample(value))
    return (columns.text is not None or columns.words is not None) and (columns.speaker is not None or columns.start is not None)


def _sample(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """For each field the first value that is one."""
    found: dict[str, Any] = {}
    for row in rows[:50]:
        for key, value in row.items():
            if found.get(key) is None:
                found[key] = value
    return found


def find_turns(value: Any, path: str = "$", depth: int = 3) -> tuple[list[Any], str, list[Mapping[str, Any]]] | None:
    """The list of turns in ``value``, its path, and the objects around it from the outside in; None where there is none."""
    if isinstance(value, list):
        return (value, path, []) if is_turns(value) else None
    if not isinstance(value, Mapping) or not depth:
        return None
    keys = {plain_key(k): k for k in value}
    for name in _HOLDERS:
        if name in keys and is_turns(value[keys[name]]):
            return value[keys[name]], f"{path}.{keys[name]}", [value]
    for name in _WRAPPERS:
        if name in keys:
            found = find_turns(value[keys[name]], f"{path}.{keys[name]}", depth - 1)
            if found:
                return found[0], found[1], [value, *found[2]]
    return None


def _empty_holder(value: Any) -> str | None:
    """The key of an empty list where turns belong."""
    if isinstance(value, Mapping):
        return next((str(k) for k in value if plain_key(k) in _HOLDERS[:14] and value[k] == []), None)
    return None


def is_list(doc: Document) -> bool:
    """JSON that is a list of turns, or holds one under a usual name."""
    value = doc.value
    return value is not None and (
        find_turns(value) is not None or _empty_holder(value) is not None or value == [] or _nearly(value) is not None
    )


def _nearly(value: Any) -> tuple[list[Any], str, list[Mapping[str, Any]]] | None:
    """A list that is meant to be turns and is not right: it is worth saying what is wrong with it."""
    if isinstance(value, Mapping):
        keys = {plain_key(k): k for k in value}
        name = next((n for n in ("turns", "utterances", "messages", "transcript") if n in keys and isinstance(value[keys[n]], list)), None)
        return (value[keys[name]], f"$.{keys[name]}", [value]) if name else None
    if isinstance(value, list) and value and any(isinstance(v, Mapping) for v in value):
        columns = Columns(dict.fromkeys(k for v in value[:20] if isinstance(v, Mapping) for k in v))
        if columns.text is not None or columns.speaker is not None:
            return value, "$", []
    return None


def parse_list(doc: Document) -> Iterator[Draft]:
    """The call in a JSON document."""
    found = from_value(doc, doc.value)
    if found is None:
        raise doc.fail("no list of turns is in the JSON", at="$", remedy='Write {"turns": [{"speaker": …, "text": …}]}.')
    yield found


def from_value(doc: Document, value: Any, line: int | None = None) -> Draft | None:
    """The call in a parsed value; ``line`` is its place in JSON Lines. None where it holds no list of turns."""
    found = find_turns(value) or _nearly(value)
    if found is None:
        return Draft([]) if _empty_holder(value) is not None or value == [] else None
    turns, path, around = found
    before = "" if line is None else f"line {line}, "
    for index, turn in enumerate(turns):
        if not isinstance(turn, Mapping):
            raise doc.fail(
                f"{turn!r} stands where a turn belongs"[:120],
                at=f"{before}{path}[{index}]",
                remedy='Each turn is an object: {"speaker": …, "text": …}.',
            )
    if not turns:
        return Draft([])
    columns = Columns(dict.fromkeys(k for v in turns for k in v), sample=_sample(turns))
    result = draft(doc, turns, [f"{before}{path}[{index}]" for index in range(len(turns))], columns=columns)
    for outer in reversed(around):
        _about(result, outer, turns)
    if result.id is None and columns.call is not None:
        ids = {str(t.get(columns.call)) for t in turns if t.get(columns.call) is not None}
        result.id = ids.pop() if len(ids) == 1 else None
    return result


def _about(result: Draft, outer: Mapping[str, Any], turns: list[Any]) -> None:
    """What the object around the turns says of the call: its id, its date, its language, the rest as metadata."""
    keys = {plain_key(k): k for k in outer}

    def first(names: Sequence[str]) -> Any:
        return next(
            (outer[keys[n]] for n in names if n in keys and isinstance(outer[keys[n]], str | int | float) and outer[keys[n]] != ""), None
        )

    own = first(("id", *CALL, "name"))
    if result.id is None and own is not None:
        result.id = str(own)
    if result.started_at is None:
        result.started_at = next((d for n in STARTED if n in keys and (d := times.moment(outer[keys[n]])) is not None), None)
    language = first(LANGUAGE)
    if language is not None:
        result.metadata.setdefault("language", str(language))
    inner = outer.get("metadata")
    for key, value in (inner if isinstance(inner, Mapping) else {}).items():
        result.metadata.setdefault(str(key), value)
    for key, value in outer.items():
        if value is not turns and isinstance(value, str | int | float) and plain_key(key) not in ("id", *LANGUAGE):
            result.metadata.setdefault(str(key), value)


def is_lines(doc: Document) -> bool:
    """Several lines, each a JSON value of its own."""
    return doc.looks_json_lines


def parse_lines(doc: Document) -> Iterator[Draft]:
    """The calls of JSON Lines: a turn a line, together by call id where there is one, or a call a line."""
    rows: list[Mapping[str, Any]] = []
    places: list[str] = []
    current: Any = None
    done: set[Any] = set()
    key: str | None = None
    for number, line in doc.lines():
        if not line.strip():
            continue
        value = doc.parse_json(line, number)
        if not rows and (not isinstance(value, Mapping) or find_turns(value) is not None or not _is_turn(value)):  # a call of its own
            yield from _whole(doc, value, number, line)
            continue
        if not isinstance(value, Mapping):
            raise doc.fail(
                f"{line[:60]!r} stands where a turn belongs", at=f"line {number}", remedy='Each line is a turn: {"speaker": …, "text": …}.'
            )
        key = key or next((k for n in CALL for k in value if plain_key(k) == n), None)
        call = value.get(key) if key else None
        if rows and call != current:
            done.add(current)
            yield _rows(doc, rows, places, current)
            rows, places = [], []
        if call in done:
            raise doc.fail(f"turns of the call {call!r} stand apart", at=f"line {number}", remedy=f"Sort the lines by {key}.")
        current = call
        rows.append(value)
        places.append(f"line {number}")
    if rows:
        yield _rows(doc, rows, places, current)


def _is_turn(value: Mapping[str, Any]) -> bool:
    columns = Columns(value.keys(), sample=value)
    return columns.text is not None or (columns.speaker is not None and not any(isinstance(v, list | dict) for v in value.values()))


def _rows(doc: Document, rows: list[Mapping[str, Any]], places: list[str], call: Any) -> Draft:
    columns = Columns(dict.fromkeys(k for row in rows for k in row), sample=_sample(rows))
    return draft(doc, rows, places, columns=columns, call=None if call is None else str(call))


def _whole(doc: Document, value: Any, number: int, line: str) -> Iterator[Draft]:
    """A line that is a call of its own, in any format of JSON that the table knows."""
    from .table import find_json

    yield from find_json(doc, value, number, line)
