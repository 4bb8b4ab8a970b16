"""JSON of nobody's in particular: a list of turn objects, an object that holds one, JSON Lines of either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import ReadError
from . import times
from .field_names import CALL, LANGUAGE, STARTED, WORDS, Columns, draft, plain_key
from .parsed_call import ParsedCall
from .plain import is_talk
from .registry import find_json, find_text, find_value, knows
from .source import Document

# Where an object keeps its turns, best first.
_HOLDERS = (
    "turns", "utterances", "transcript", "segments", "messages", "conversation", "dialogue", "dialog", "transcription", "transcripts", "entries",
    "conversational_transcript", "conversation_transcript", "call_transcript", "history", "chat_history", "conversation_history", "exchanges", "parts",
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
    "content",
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
    for row in rows[:20]:
        for key, value in row.items():
            if found.get(key) is None:
                found[key] = value
    return found


def find_turns(value: Any, path: str = "$", depth: int = 3) -> tuple[list[Any], str, list[Mapping[str, Any]]] | None:
    """The list of turns in ``value``, its path, and the objects around it from the outside in; None where there is none."""
    if isinstance(value, list):
        rows = _as_rows(value)
        return (rows, path, []) if is_turns(rows) else None
    if not isinstance(value, Mapping) or not depth:
        return None
    keys = {plain_key(k): k for k in value}
    for name in _HOLDERS:
        if name in keys and isinstance(value[keys[name]], list | Mapping) and is_turns(rows := _as_rows(value[keys[name]])):
            return rows, f"{path}.{keys[name]}", [value]
    if is_turns(rows := _as_rows(value)):
        return rows, path, []
    for name in _WRAPPERS:
        if name in keys:
            found = find_turns(value[keys[name]], f"{path}.{keys[name]}", depth - 1)
            if found:
                return found[0], found[1], [value, *found[2]]
    return None


def _as_rows(value: Any) -> Any:
    """A list of objects, whichever way a program has turned it: pairs, numbered objects, or a list for each field."""
    if isinstance(value, list):
        if value and all(isinstance(v, list) and 2 <= len(v) <= 4 and isinstance(v[0], str) and isinstance(v[1], str) for v in value):
            return [dict(zip(("speaker", "text", "start", "end"), v, strict=False)) for v in value]
        return value
    if not isinstance(value, Mapping) or not value:
        return value
    inner = list(value.values())
    if all(str(k).isdigit() for k in value) and all(isinstance(v, Mapping) for v in inner):
        return [v for _, v in sorted(value.items(), key=lambda item: int(item[0]))]
    if (
        len(inner) > 1
        and all(isinstance(v, list) for v in inner)
        and len({len(v) for v in inner}) == 1
        and not isinstance(inner[0][:1], Mapping)
    ):
        return [dict(zip(value, row, strict=True)) for row in zip(*inner, strict=True)]
    if len(inner) > 1 and all(isinstance(v, Mapping) and v.keys() == inner[0].keys() and all(str(k).isdigit() for k in v) for v in inner):
        return [{field: column[number] for field, column in value.items()} for number in sorted(inner[0], key=int)]
    return value


def _empty_holder(value: Any) -> str | None:
    """The key of an empty list where turns belong."""
    if isinstance(value, Mapping):
        return next((str(k) for k in value if plain_key(k) in _HOLDERS and value[k] == []), None)
    return None


def is_list(doc: Document) -> bool:
    """JSON that is a list of turns, or holds one under a usual name."""
    value = doc.value
    return value is not None and (
        _turns_of(doc) is not None or _empty_holder(value) is not None or value == [] or _nearly(value) is not None
    )


def _turns_of(doc: Document) -> tuple[list[Any], str, list[Mapping[str, Any]]] | None:
    """``find_turns`` of the document's value, looked for once."""
    if "turns" not in doc.found:
        doc.found["turns"] = find_turns(doc.value)
    found: tuple[list[Any], str, list[Mapping[str, Any]]] | None = doc.found["turns"]
    return found


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


def parse_list(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The call in a JSON document, or the calls, where turns name theirs."""
    found = _turns_of(doc) or _nearly(doc.value)
    if found is None:
        empty = _empty_holder(doc.value)
        if empty is not None or doc.value == []:
            raise doc.fail(
                "it holds no turns",
                at=f"$.{empty}" if empty else "$",
                remedy="Check that the service finished and that the call has speech.",
            )
        raise doc.fail("no list of turns is in the JSON", at="$", remedy='Write {"turns": [{"speaker": …, "text": …}]}.')
    turns, path, around = found
    for index, turn in enumerate(turns):
        if not isinstance(turn, Mapping):
            raise doc.fail(
                f"{turn!r} stands where a turn belongs"[:120],
                at=f"{path}[{index}]",
                remedy='Each turn is an object: {"speaker": …, "text": …}.',
            )
    columns = Columns({k: None for v in turns for k in v}, sample=_sample(turns))
    of_call: dict[Any, list[int]] = {} if columns.call or not turns else {None: list(range(len(turns)))}
    for index, turn in enumerate(turns if columns.call else ()):
        call = turn.get(columns.call)
        of_call.setdefault(call if isinstance(call, str | int) else None, []).append(index)
    for call, indexes in of_call.items():
        try:
            result = draft(
                doc,
                [turns[n] for n in indexes],
                [f"{path}[{n}]" for n in indexes],
                columns=columns,
                call=None if call is None else str(call),
            )
            if len(of_call) == 1:
                for outer in reversed(around):
                    _about(result, outer, turns)
            yield result
        except ReadError as error:
            yield error


def is_calls(doc: Document) -> bool:
    """A list of calls, or an object that holds one, each of which is in a format of its own."""
    found = _calls(doc.value)
    return found is not None and any(knows(doc, value, "$") for value in found[0][:3] if isinstance(value, Mapping | list))


def _calls(value: Any) -> tuple[list[Any], str] | None:
    if isinstance(value, list):
        return (value, "$") if value and isinstance(value[0], Mapping | list) else None
    if isinstance(value, Mapping):
        keys = {plain_key(k): k for k in value}
        for name in (
            "calls",
            "conversations",
            "transcripts",
            "dialogues",
            "dialogs",
            "data",
            "results",
            "items",
            "records",
            "interactions",
            "contacts",
        ):
            if name in keys and isinstance(value[keys[name]], list) and value[keys[name]] and isinstance(value[keys[name]][0], Mapping):
                return value[keys[name]], f"$.{keys[name]}"
    return None


def parse_calls(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The calls of a list."""
    found = _calls(doc.value)
    if found is None:
        raise doc.fail("no list of calls is in the JSON", at="$", remedy='Write [{"id": …, "turns": […]}, …].')
    for index, value in enumerate(found[0]):
        place = f"{found[1]}[{index}]"
        try:
            drafts = list(find_value(doc, value, place))
        except ReadError as error:
            yield error
            continue
        if not drafts:
            yield doc.fail("it is a call of no format that is known", at=place, remedy='Write {"id": …, "turns": […]}.')
        yield from drafts


def _about(result: ParsedCall, outer: Mapping[str, Any], turns: list[Any]) -> None:
    """What the object around the turns says of the call: its id, its date, its language, the rest as metadata."""
    keys = {plain_key(k): k for k in outer}

    def first(names: Sequence[str]) -> Any:
        return next(
            (outer[keys[n]] for n in names if n in keys and isinstance(outer[keys[n]], str | int | float) and outer[keys[n]] != ""), None
        )

    own = first((*CALL, "id", "name"))
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


def parse_lines(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The calls of JSON Lines: a turn a line, together by call id where there is one, or a call a line."""
    rows: list[Mapping[str, Any]] = []
    places: list[str] = []
    current: Any = None
    done: set[Any] = set()
    key: str | None = None
    for number, line in doc.lines():
        if not line.strip():
            continue
        try:
            value = doc.parse_json(line, number)
        except ReadError as error:
            if rows:
                # A turn that cannot be read spoils its call, whose other turns may stand before and after it.
                raise
            yield error
            continue
        if not rows and (not isinstance(value, Mapping) or not _is_turn(value)):
            try:
                yield from find_json(doc, value, number, line)
            except ReadError as error:
                yield error
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
    """Whether a line's object is a turn and no call: it has a text, and no list but of words."""
    if any(isinstance(v, list) and v and plain_key(k) not in WORDS for k, v in value.items()):
        return False
    if any(isinstance(v, Mapping) for v in value.values()) and find_turns(value) is not None:
        return False
    columns = Columns(value.keys(), sample=value)
    if columns.speaker is None and columns.start is None and _whole_text(value) is not None:
        return False
    return columns.text is not None or (columns.speaker is not None and not any(isinstance(v, list | dict) for v in value.values()))


# Fields that may hold a whole transcript as text.
_TEXTS = (
    "transcript",
    "transcription",
    "conversation",
    "dialogue",
    "dialog",
    "text",
    "content",
    "transcript_text",
    "full_transcript",
    "chat",
    "body",
)


def _whole_text(value: Mapping[str, Any]) -> str | None:
    """The field that holds a whole transcript, several lines with names; None where there is none."""
    keys = {plain_key(k): k for k in value}
    for name in _TEXTS:
        text = _as_text(value.get(keys.get(name, "")))
        if text is not None and "\n" in text.strip() and is_talk(text):
            return str(keys[name])
    return None


def _as_text(value: Any) -> str | None:
    """A text, or the text that a list of lines makes."""
    if isinstance(value, list) and len(value) > 1 and all(isinstance(v, str) for v in value):
        return "\n".join(value)
    return value if isinstance(value, str) else None


def is_text(doc: Document) -> bool:
    """An object with a whole transcript as text in one field."""
    return isinstance(doc.value, Mapping) and _whole_text(doc.value) is not None


def parse_text(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The call whose transcript stands as text in a field of an object."""
    key = _whole_text(doc.value)
    if key is None:
        raise doc.fail("no field holds lines with names", at="$", remedy='Write {"id": …, "transcript": "Agent: …\\nCustomer: …"}.')
    for found in find_text(doc, _as_text(doc.value[key]) or "", f"$.{key}"):
        _about(found, {k: v for k, v in doc.value.items() if k != key}, [])
        yield found


def _rows(doc: Document, rows: list[Mapping[str, Any]], places: list[str], call: Any) -> ParsedCall | ReadError:
    columns = Columns(dict.fromkeys(k for row in rows for k in row), sample=_sample(rows))
    try:
        return draft(doc, rows, places, columns=columns, call=None if call is None else str(call))
    except ReadError as error:
        return error
