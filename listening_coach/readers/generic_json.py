"""JSON of nobody's in particular: a list of turn objects, an object that holds one, JSON Lines of either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ..errors import ReadError
from ..transcript import Role
from . import times
from .field_names import Columns, flatten, is_nested, names, plain_key
from .parsed_call import ParsedCall
from .people import people_around
from .plain import is_one_line_talk, is_talk
from .registry import find_json, find_text, find_value, knows
from .roles import role_of
from .rows import call_of, columns_of_rows, flat, sample
from .sniff import looks_like, nearest
from .source import Document
from .turn_search import DEEPEST, HOLDERS, Found, find_turns


def _empty_holder(value: Any) -> str | None:
    """The key of an empty list where turns belong."""
    if isinstance(value, Mapping):
        return next((str(k) for k in value if plain_key(k) in HOLDERS and value[k] == []), None)
    return None


def is_list(doc: Document) -> bool:
    """JSON that is a list of turns, or holds one."""
    value = doc.value
    if value is None:
        return False
    found = _turns_of(doc)
    if found is not None:
        return not _text_tells_more(value, found) and _calls_by_id(value) is None
    whole = isinstance(value, Mapping) and _whole_text(value) is not None
    return value == [] or (not whole and looks_like(doc) is None and (_empty_holder(value) is not None or _nearly(value) is not None))


def _text_tells_more(value: Any, found: Found) -> bool:
    """Whether an object holds the whole transcript as text, and the list only a part of it."""
    if not isinstance(value, Mapping) or (key := _whole_text(value)) is None:
        return False
    return found.letters < 0.5 * len(_as_text(value[key]) or "")


def _turns_of(doc: Document) -> Found | None:
    """``find_turns`` of the document's value, looked for once."""
    if "turns" not in doc.found:
        doc.found["turns"] = find_turns(doc.value)
    found: Found | None = doc.found["turns"]
    return found


def _nearly(value: Any) -> Found | None:
    """A list that is meant to be turns and is not right: it is worth saying what is wrong with it."""
    rows: Any = None
    path, around = "$", []
    if isinstance(value, Mapping):
        keys = {plain_key(k): k for k in value}
        name = next((n for n in ("turns", "utterances", "messages", "transcript") if n in keys and isinstance(value[keys[n]], list)), None)
        if name:
            rows, path, around = value[keys[name]], f"$.{keys[name]}", [value]
    elif isinstance(value, list) and value and any(isinstance(v, Mapping) for v in value):
        columns = Columns(dict.fromkeys(k for v in value[:20] if isinstance(v, Mapping) for k in v))
        if columns.speaker is not None and (columns.text is not None or _only_speakers(value)):
            rows = value
    if not rows:
        return None
    mappings = [row for row in rows if isinstance(row, Mapping)]
    return Found(rows, path, around, columns_of_rows(flat(sample(mappings))))


def _only_speakers(value: list[Any]) -> bool:
    return any(isinstance(v, Mapping) and "speaker" in v for v in value)


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
        raise doc.fail(
            f"no list of turns is in the JSON ({nearest(doc.value)})", at="$", remedy='Write {"turns": [{"speaker": …, "text": …}]}.'
        )
    for index, turn in enumerate(found.rows):
        if not isinstance(turn, Mapping):
            raise doc.fail(
                f"{turn!r} stands where a turn belongs"[:120],
                at=found.place(index),
                remedy='Each turn is an object: {"speaker": …, "text": …}.',
            )
    rows = flat(found.rows)
    columns = found.columns
    places = [found.place(n) for n in range(len(rows))]
    opening = _opening(found, rows)
    if opening is not None:
        rows, places = [opening[0], *rows], [opening[1], *places]
    people = people_around(found.around, rows, columns)
    of_call = _by_call(rows, columns)
    for call, indexes in of_call.items():
        try:
            result = call_of(
                doc,
                [rows[n] for n in indexes],
                [places[n] for n in indexes],
                columns=columns,
                call=None if call is None else str(call),
                people=people,
            )
            result.by_time = found.merged
            if len(of_call) == 1:
                for outer in reversed(found.around):
                    _about(result, outer)
                _named_sides(result, found.around)
            yield result
        except ReadError as error:
            yield error


def _by_call(rows: Sequence[Mapping[str, Any]], columns: Columns) -> dict[Any, list[int]]:
    """The numbers of the rows of each call."""
    if columns.call is None:
        return {None: list(range(len(rows)))} if rows else {}
    found: dict[Any, list[int]] = {}
    for index, row in enumerate(rows):
        call = row.get(columns.call)
        found.setdefault(call if isinstance(call, str | int) else None, []).append(index)
    if len(found) > 1 and len(found) > 0.6 * len(rows) and len(rows) > 3:
        # A field that differs in nearly every row names the row, not the call.
        return {None: list(range(len(rows)))}
    if None in found and len(found) == 2 and len(found[None]) < len(rows):
        # Rows without the id belong to the only call there is.
        return {next(k for k in found if k is not None): list(range(len(rows)))}
    return found


def _opening(found: Found, rows: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], str] | None:
    """The message that opened the conversation and its place, where it stands beside the list of those that followed."""
    columns = found.columns
    if columns.text is None or columns.speaker is None:
        return None
    for holder in found.around:
        for key, value in holder.items():
            row = flatten(value) if isinstance(value, Mapping) else {}
            said = row.get(columns.text)
            if (
                not isinstance(said, str)
                or not said.strip()
                or columns.speaker not in row
                or any(said == other.get(columns.text) for other in rows)
            ):
                continue
            if columns.start is not None and row.get(columns.start) is None and columns.start in holder:
                row = {**row, columns.start: holder[columns.start]}
            return {k: v for k, v in row.items() if k not in columns.kinds}, f"$.{key}"
    return None


def _named_sides(result: ParsedCall, around: Sequence[Mapping[str, Any]]) -> None:
    """Gives speakers the role of the field that names them: agent_name, visitor."""
    if any(turn.get("role") for turn in result.turns):
        return
    sides: dict[str, str] = {}
    for holder in around:
        for key, value in holder.items():
            plain = plain_key(key)
            base = next(
                (
                    plain.removesuffix(end)
                    for end in ("_names", "_name", "_ids", "_id", "_email", "_phone", "_number", "s")
                    if plain.endswith(end)
                ),
                plain,
            )
            role = role_of(base.replace("_", " "))
            if role in (Role.AGENT, Role.CUSTOMER):
                values = value if isinstance(value, list) else list(value.values()) if isinstance(value, Mapping) else [value]
                sides.update({str(v).strip().casefold(): role.value for v in values if isinstance(v, str | int) and str(v).strip()})
    for turn in result.turns:
        role_value = sides.get(str(turn.get("speaker", "")).strip().casefold())
        if role_value is not None:
            turn["role"] = role_value


def is_calls(doc: Document) -> bool:
    """A list of calls, or an object that holds one, each of which is in a format of its own."""
    found = _calls(doc.value)
    return found is not None and any(knows(doc, value, "$") for value in found[0][:3] if isinstance(value, Mapping | list))


_CALL_LISTS = (
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
    "chats",
    "sessions",
    "tickets",
    "rows",
    "threads",
)


def _calls_by_id(value: Any) -> tuple[list[Any], list[str]] | None:
    """The calls that an object holds under their ids, {"calls": {"c1": …, "c2": …}}, and where they stand; None where it holds none."""
    if not isinstance(value, Mapping):
        return None
    for key, inner in value.items():
        if plain_key(key) not in _CALL_LISTS or not isinstance(inner, Mapping) or len(inner) < 2:
            continue
        held = list(inner.items())
        alike = all(isinstance(v, Mapping) and v.keys() == held[0][1].keys() for _, v in held[:20] if isinstance(held[0][1], Mapping))
        if alike and all(isinstance(v, Mapping) and find_turns(v) is not None for _, v in held[:2]):
            return [{"id": k, **v} for k, v in held if isinstance(v, Mapping)], [f"$.{key}.{k}" for k, v in held if isinstance(v, Mapping)]
    return None


_ENVELOPES = 2


def _is_list_of(value: Mapping[str, Any]) -> bool:
    """Whether an object has a list under a name for calls, or holds an object that has."""
    return any(plain_key(k) in _CALL_LISTS and isinstance(v, list) for k, v in value.items()) or any(
        _is_list_of(v) for v in value.values() if isinstance(v, Mapping)
    )


def _calls(value: Any, depth: int = _ENVELOPES) -> tuple[list[Any], list[str]] | None:
    """The values that may be calls, and where they stand."""
    if isinstance(value, list):
        # A call is at most a list of turns that are lists.
        is_list = bool(value) and isinstance(value[0], Mapping | list) and _list_depth(value) <= _MOST_LISTS
        return (value, [f"$[{n}]" for n in range(len(value))]) if is_list else None
    by_id = _calls_by_id(value)
    if by_id is not None:
        return by_id
    if isinstance(value, Mapping):
        keys = {plain_key(k): k for k in value}
        for name in _CALL_LISTS:
            inner = value.get(keys.get(name))
            if isinstance(inner, list) and inner and isinstance(inner[0], Mapping):
                return inner, [f"$.{keys[name]}[{n}]" for n in range(len(inner))]
        for name, inner in value.items():
            # An answer's envelope: {"status": …, "response": {"calls": […]}}.
            if isinstance(inner, Mapping) and depth and (deeper := _calls(inner, depth - 1)) is not None and _is_list_of(inner):
                return deeper[0], [f"$.{name}{place[1:]}" for place in deeper[1]]
        if value and all(_is_talk(v) for v in value.values()) and len(value) > 1:
            return [{"id": k, "transcript": _as_text(v)} for k, v in value.items()], [f"$.{k}" for k in value]
        if len(value) > 1 and all(isinstance(v, Mapping | list) and v for v in value.values()):
            # Calls under their ids.
            return [v if isinstance(v, list) else {"id": k, **v} for k, v in value.items()], [f"$.{k}" for k in value]
    return None


_MOST_LISTS = 3


def _list_depth(value: Any) -> int:
    """How many lists stand one in the other, by the first of each."""
    depth = 0
    while isinstance(value, list) and value and depth <= _MOST_LISTS:
        depth, value = depth + 1, value[0]
    return depth


def parse_calls(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The calls of a list."""
    found = _calls(doc.value)
    if found is None:
        raise doc.fail("no list of calls is in the JSON", at="$", remedy='Write [{"id": …, "turns": […]}, …].')
    for value, place in zip(*found, strict=True):
        try:
            drafts = list(find_value(doc, value, place))
        except ReadError as error:
            yield error
            continue
        if not drafts:
            yield doc.fail("it is a call of no format that is known", at=place, remedy='Write {"id": …, "turns": […]}.')
        yield from drafts


def _about(result: ParsedCall, outer: Mapping[str, Any]) -> None:
    """What the object around the turns says of the call: its id, its date, its language, the rest as metadata."""
    keys = {plain_key(k): k for k in outer}

    def first(names: Sequence[str]) -> Any:
        return next(
            (outer[keys[n]] for n in names if n in keys and isinstance(outer[keys[n]], str | int | float) and outer[keys[n]] != ""), None
        )

    language_names = names().lists["language"]
    own = first((*names().lists["call"], "id", "name"))
    if result.id is None and own is not None:
        result.id = str(own)
    if result.started_at is None:
        result.started_at = next(
            (d for n in names().lists["started"] if n in keys and (d := times.moment(outer[keys[n]])) is not None), None
        )
    language = first(language_names)
    if language is not None:
        result.metadata.setdefault("language", str(language))
    inner = outer.get("metadata")
    for key, value in (inner if isinstance(inner, Mapping) else {}).items():
        result.metadata.setdefault(str(key), value)
    for key, value in outer.items():
        if isinstance(value, str | int | float) and plain_key(key) not in ("id", *language_names):
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
    held: list[tuple[Mapping[str, Any], str]] = []
    begun = False
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
            if isinstance(value, Mapping) and (_is_event(value) or (not begun and _is_flat(value))):
                # What a program wrote down before anybody spoke belongs to the call.
                held.append((value, f"line {number}"))
                continue
            # Before a line that is a call, what tells of no event is a call that cannot be read.
            yield from (_no_call(doc, row, place) for row, place in held if not _is_event(row))
            held = [(row, place) for row, place in held if _is_event(row)]
            begun = True
            try:
                yield from find_json(doc, value, number, line)
            except ReadError as error:
                yield error
            continue
        if held:
            rows, places = [row for row, _ in held], [place for _, place in held]
            held = []
        if not isinstance(value, Mapping):
            raise doc.fail(
                f"{line[:60]!r} stands where a turn belongs", at=f"line {number}", remedy='Each line is a turn: {"speaker": …, "text": …}.'
            )
        key = key or next((k for n in names().lists["call"] for k in value if plain_key(k) == n), None)
        call = value.get(key) if key else None
        if call is None and rows:
            call = current
        if rows and call != current and current is not None:
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
    elif held:
        yield doc.fail(
            f"none of its {len(held)} lines is a turn ({nearest(held[0][0])})",
            remedy='Write a turn {"speaker": …, "text": …} or a call {"turns": […]} a line.',
        )


def is_turn_a_line(doc: Document) -> bool:
    """Whether the first line of JSON Lines that is no mere event is a turn, so that its neighbours are of the same call."""
    for number, line in doc.lines():
        if not line.strip():
            continue
        try:
            value = doc.parse_json(line, number)
        except ReadError:
            continue
        if isinstance(value, Mapping) and _is_turn(value):
            return True
        if not (isinstance(value, Mapping) and _is_event(value)):
            return False
    return False


def _no_call(doc: Document, value: Mapping[str, Any], place: str) -> ReadError:
    return doc.fail(
        f"the JSON is of no format that is known ({nearest(value)})",
        at=place,
        remedy='Write a turn {"speaker": …, "text": …} or a call {"turns": […]} a line.',
    )


def _is_flat(value: Mapping[str, Any]) -> bool:
    """Whether an object holds single values only and no text that somebody may have said, as a record about a call does."""
    return bool(value) and not any(
        isinstance(v, list | Mapping) or (isinstance(v, str) and len(v.split()) > _LONGEST_FIELD) for v in value.values()
    )


# A field of a record about a call has no more words than this.
_LONGEST_FIELD = 4


def _is_event(value: Mapping[str, Any]) -> bool:
    """Whether a line's object is an event without speech, as programs write them between the turns."""
    kinds = [k for k in value if plain_key(k) in names().kind_fields]
    return bool(kinds) and not any(isinstance(v, list) and v for v in value.values()) and find_turns(value) is None


def _is_turn(value: Mapping[str, Any]) -> bool:
    """Whether a line's object is a turn and no call: it has a text, and no list but of words."""
    row: Mapping[str, Any] = value
    if is_nested([value]):
        row = flatten(value)
        if not _says_itself(row):
            return False
        if any(
            isinstance(v, list) and v and isinstance(v[0], Mapping) and plain_key(k) not in names().ranks["words"] for k, v in row.items()
        ) and (find_turns(value) is not None):
            return False
    elif any(type(v) is list and v and plain_key(k) not in names().ranks["words"] and not _is_numbers(v) for k, v in value.items()):
        return False
    keys = tuple(k for k, v in row.items() if v is not None)
    columns = _columns_of_line(keys)
    text = row.get(columns.text) if columns.text is not None else None
    if columns.speaker is None and columns.start is None and _whole_text(value) is not None:
        return False
    if isinstance(text, str) and (("\n" in text.strip() and is_talk(text)) or is_one_line_talk(text)):
        return False
    if isinstance(text, str) or (isinstance(text, int | float) and columns.speaker is not None):
        return True
    return columns.words is not None or (
        columns.speaker is not None and "speaker" in row and not any(isinstance(v, list | dict) for v in value.values())
    )


def _says_itself(row: Mapping[str, Any]) -> bool:
    """Whether a line's object has a text and a speaker or a start of its own."""
    columns = _columns_of_line(tuple(k for k, v in row.items() if not isinstance(v, list)))
    spoken = columns.text is not None and isinstance(row.get(columns.text), str)
    return (spoken or columns.words is not None) and (columns.speaker is not None or columns.start is not None)


def _is_numbers(values: list[Any]) -> bool:
    return all(isinstance(v, int | float) for v in values)


@lru_cache(maxsize=256)
def _columns_of_line(keys: tuple[str, ...]) -> Columns:
    return Columns(keys)


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
        if name in keys and _is_talk(value[keys[name]]):
            return str(keys[name])
    return None


def _is_talk(value: Any) -> bool:
    text = _as_text(value)
    if text is None:
        return False
    return ("\n" in text.strip() and (is_talk(text) or text.lstrip().startswith("WEBVTT"))) or is_one_line_talk(text)


def _texts(value: Any, path: str, around: list[Mapping[str, Any]], depth: int) -> Iterator[tuple[str, str, list[Mapping[str, Any]]]]:
    """The texts in a value that are whole transcripts, with their paths and the objects around them."""
    if not isinstance(value, Mapping) or depth < 0:
        return
    for key, inner in value.items():
        if _is_talk(inner):
            yield f"{path}.{key}", _as_text(inner) or "", [*around, value]
        elif isinstance(inner, Mapping):
            yield from _texts(inner, f"{path}.{key}", [*around, value], depth - 1)
        elif isinstance(inner, list) and len(inner) == 1:
            yield from _texts(inner[0], f"{path}.{key}[0]", [*around, value], depth - 1)


def _as_text(value: Any) -> str | None:
    """A text, or the text that a list of lines makes."""
    if isinstance(value, list) and len(value) > 1 and all(isinstance(v, str) for v in value):
        return "\n".join(value)
    return value if isinstance(value, str) else None


def is_text(doc: Document) -> bool:
    """An object with a whole transcript as text in one field, at any reasonable depth."""
    return isinstance(doc.value, Mapping) and len(_found_texts(doc)) == 1


def _found_texts(doc: Document) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """The whole transcripts in a document as texts: one where a usual field holds it, else all."""
    if "texts" not in doc.found:
        key = _whole_text(doc.value)
        if key is not None:
            doc.found["texts"] = [(f"$.{key}", _as_text(doc.value[key]) or "", [doc.value])]
        else:
            found = list(_texts(doc.value, "$", [], DEEPEST))
            # The same text may stand there twice, plain and redacted.
            named = [t for t in found if plain_key(t[0].rpartition(".")[2]) in _TEXTS]
            doc.found["texts"] = named[:1] if named else found
    texts: list[tuple[str, str, list[Mapping[str, Any]]]] = doc.found["texts"]
    return texts


def parse_text(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The call whose transcript stands as text in a field of an object."""
    texts = _found_texts(doc) if isinstance(doc.value, Mapping) else []
    if not texts:
        raise doc.fail("no field holds lines with names", at="$", remedy='Write {"id": …, "transcript": "Agent: …\\nCustomer: …"}.')
    path, text, around = texts[0]
    for found in find_text(doc, text, path):
        for outer in reversed(around):
            _about(found, {k: v for k, v in outer.items() if _as_text(v) != text})
        yield found


def _rows(doc: Document, rows: list[Mapping[str, Any]], places: list[str], call: Any) -> ParsedCall | ReadError:
    flattened = flat(rows)
    columns = columns_of_rows(flattened)
    try:
        if columns.speaker is None and _is_log(rows):
            raise doc.fail(
                "it is a program's log, which does not say who speaks",
                at=places[0],
                remedy='Write a turn {"speaker": …, "text": …} a line.',
            )
        if columns.text is not None and columns.speaker is None and columns.start is None:
            raise doc.fail(
                f"no field says who speaks; there are {', '.join(list(columns.by_name.values())[:12])}",
                at=places[0],
                remedy="Add a field speaker, or give the lines a start.",
            )
        return call_of(doc, flattened, places, columns=columns, call=None if call is None else str(call))
    except ReadError as error:
        return error


_LOG_FIELDS = frozenset(("level", "severity", "levelname", "log_level", "loglevel"))
_LOG_LEVELS = frozenset(["debug", "info", "notice", "warn", "warning", "error", "critical", "fatal", "trace"])


def _is_log(rows: list[Mapping[str, Any]]) -> bool:
    """Whether lines are a program's log: they have a level each."""
    return all(
        any(plain_key(k) in _LOG_FIELDS and (str(v).casefold() in _LOG_LEVELS or isinstance(v, int)) for k, v in row.items())
        for row in rows[:20]
    )
