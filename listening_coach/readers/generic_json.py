"""JSON of nobody's in particular: a list of turn objects, an object that holds one, JSON Lines of either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ..errors import ReadError
from ..transcript import Role
from . import times
from .field_names import Columns, flatten, is_nested, names, plain_key
from .parsed_call import ParsedCall
from .plain import is_one_line_talk, is_talk
from .registry import find_json, find_text, find_value, knows
from .roles import is_bot, role_of, role_of_field
from .rows import Person, call_of, columns_of_rows, flagged, flat, sample
from .sniff import looks_like, nearest
from .source import Document

# Where an object keeps its turns.
_HOLDERS = frozenset((
    "turns", "utterances", "transcript", "segments", "messages", "conversation", "dialogue", "dialog", "transcription", "transcripts", "entries",
    "conversational_transcript", "conversation_transcript", "call_transcript", "history", "chat_history", "conversation_history", "exchanges", "parts",
    "items", "lines", "sentences", "phrases", "results", "records", "monologues", "chat", "content", "events", "data", "rows", "log", "logs", "timeline",
    "message_records", "conversation_entries", "transcript_entries", "conversation_parts", "transcript_object", "conversation_items", "comments", "replies",
    "interactions", "captions", "cues", "speech", "statements", "blocks", "nodes", "edges", "value", "original", "trace", "chat_messages", "chat_transcript",
))  # fmt: skip
_DEEPEST = 8
# How many of a list's objects are looked into for lists of their own.
_LOOKED_INTO = 6
# A list with less of the text than this share of the largest holds extracts.
_MOST_OF_TEXT = 0.6
_TIERS = {"words": 3.0, "turns": 2.0, "starts": 1.0, "none": 0.0}
# In so many of the rows the speaker changes where a field tells the speaker.
_FEWEST_CHANGES = 0.3
_MOST_SPEAKERS = 8


@dataclass(slots=True)
class Found:
    """A list of turn-like objects in JSON: its rows as one level of fields, where it stands, and the objects around it from the outside in."""

    rows: Sequence[Mapping[str, Any]]
    path: str
    around: list[Mapping[str, Any]]
    columns: Columns
    score: tuple[float, ...] = ()
    letters: int = 0
    merged: bool = False
    places: list[str] = field(default_factory=list)

    def place(self, number: int) -> str:
        """Where a row stands."""
        return self.places[number] if self.places else f"{self.path}[{number}]"


def find_turns(value: Any) -> Found | None:
    """The best list of turns in a value, at any reasonable depth; None where there is none.

    Of several the one with a speaker, most of the text and the finest times is taken.
    """
    candidates = [found for found in _candidates(value, "$", [], _DEEPEST) if found is not None]
    spoken = [c for c in candidates if c.columns.speaker is not None] or candidates
    if len(spoken) == 1:
        return spoken[0]
    for candidate in spoken:
        # The text as it is shown, with capitals, before the one as it was recognised.
        candidate.score = (*candidate.score[:2], _capitals(candidate), *candidate.score[3:])
    most = max((c.letters for c in spoken), default=0)
    return max((c for c in spoken if c.letters >= _MOST_OF_TEXT * most), key=lambda c: c.score, default=None)


def _capitals(found: Found) -> float:
    """The share of capitals in the first texts."""
    key = found.columns.text or ""
    text = "".join(v for row in flat([r for r in found.rows[:10] if isinstance(r, Mapping)]) if isinstance(v := row.get(key), str))
    return round(sum(map(str.isupper, text)) / max(1, len(text)), 2)


def _candidates(value: Any, path: str, around: list[Mapping[str, Any]], depth: int) -> Iterator[Found | None]:
    if not isinstance(value, list | Mapping) or not value or depth < 0:
        return
    rows = _as_rows(value)
    if isinstance(rows, list):
        found = _as_turns(rows, path, around)
        if found is not None:
            yield found
            if all(isinstance(v, str | int | float | list | None) for v in rows[0].values()):
                return
        if isinstance(value, list):
            together = _side_by_side(value, path, around, depth)
            if together is not None:
                yield together
            elif len(value) == 1 or found is not None:
                for number, inner in enumerate(value[:1]):
                    yield from _inside(inner, f"{path}[{number}]", around, depth)
            return
    if isinstance(value, Mapping):
        yield from _inside(value, path, around, depth)


def _inside(value: Any, path: str, around: list[Mapping[str, Any]], depth: int) -> Iterator[Found | None]:
    if isinstance(value, Mapping):
        for key, inner in list(value.items())[:200]:
            if isinstance(inner, list | Mapping):
                yield from _candidates(inner, f"{path}.{key}", [*around, value], depth - 1)


def _as_turns(rows: list[Any], path: str, around: list[Mapping[str, Any]]) -> Found | None:
    """A list as turns: objects with a text each, and who says it or when."""
    if not all(isinstance(v, Mapping) for v in rows[:20]):
        return None
    mappings = [row for row in rows if isinstance(row, Mapping)]
    some = flat(sample(mappings))
    if not some:
        return None
    columns = columns_of_rows(some)
    if columns.text is None and columns.words is None:
        return None
    if columns.speaker is None:
        _speaker_by_values(columns, some)
    if columns.speaker is None and columns.start is None and columns.words is None:
        return None
    if columns.text is not None and _are_talks(some, columns):
        return None
    found = Found(mappings if len(mappings) == len(rows) else rows, path, around, columns)
    _grade(found, some)
    return found


def _are_talks(rows: Sequence[Mapping[str, Any]], columns: Columns) -> bool:
    """Whether the rows' texts are whole transcripts, so that each row is a call."""
    texts = [v for row in rows[:6] if isinstance(v := row.get(columns.text or ""), str)]
    return bool(texts) and all(("\n" in t.strip() and is_talk(t)) or is_one_line_talk(t) for t in texts)


def _grade(found: Found, some: Sequence[Mapping[str, Any]]) -> None:
    """Sets how good a list of turns is."""
    columns = found.columns
    texts = [v for row in some if columns.text is not None and isinstance(v := row.get(columns.text), str)]
    letters = sum(map(len, texts)) * max(1, len(found.rows)) // max(1, len(some))
    if not texts and columns.words is not None:
        letters = (
            sum(5 * len(w) for row in some if isinstance(w := row.get(columns.words), list)) * max(1, len(found.rows)) // max(1, len(some))
        )
    timed = columns.end is not None or columns.duration is not None
    tier = "words" if columns.words else "turns" if columns.start and timed else "starts" if columns.start else "none"
    name = plain_key(found.path.rpartition(".")[2].partition("[")[0])
    known = 2.0 if columns.speaker is not None else 0.0
    found.letters = letters
    found.score = (known + _TIERS[tier], name in _HOLDERS, 0.0, letters, -found.path.count("."))


def _speaker_by_values(columns: Columns, rows: Sequence[Mapping[str, Any]]) -> None:
    """Takes for the speaker a field of no known name with few values that change from row to row."""
    used = {columns.text, columns.words, *columns.starts, *columns.ends, columns.duration, columns.id, columns.call, *columns.kinds}
    for key in columns.by_name.values():
        values = [row.get(key) for row in rows]
        if (
            key in used
            or len(values) < 4
            or not all(isinstance(v, str | int) and not isinstance(v, bool) and len(str(v)) <= 40 for v in values)
        ):
            continue
        distinct = {str(v) for v in values}
        changes = sum(a != b for a, b in pairwise(values))
        if 2 <= len(distinct) <= min(_MOST_SPEAKERS, len(values) // 2) and changes >= _FEWEST_CHANGES * (len(values) - 1):
            columns.speaker = key
            return


def _side_by_side(value: list[Any], path: str, around: list[Mapping[str, Any]], depth: int) -> Found | None:
    """The turns of speakers who have a list each: participants with their segments, channels with their words."""
    holders = [v for v in value if isinstance(v, Mapping)]
    if len(holders) < 2 or len(holders) != len(value) or len(holders) > _MOST_SPEAKERS:
        return None
    inner = [
        max((c for c in _inside(v, f"{path}[{n}]", around, depth - 1) if c is not None), key=lambda c: c.score, default=None)
        for n, v in enumerate(holders)
    ]
    lists = [c for c in inner if c is not None]
    if len(lists) < 2 or any(
        (c.columns.speaker is not None and len(_distinct(c)) > 1) or (c.columns.start is None and c.columns.words is None) for c in lists
    ):
        return None
    rows: list[Mapping[str, Any]] = []
    places: list[str] = []
    for number, (holder, found) in enumerate(zip(holders, inner, strict=True)):
        if found is None:
            continue
        outside = columns_of_rows([*[flatten(h) for h in holders]])
        known = flatten(holder)
        name = known.get(outside.speaker or "", known.get(outside.role or ""))
        for at, row in enumerate(flat([r for r in found.rows if isinstance(r, Mapping)])):
            rows.append({**row, "speaker": f"speaker {number}" if name is None else name})
            places.append(found.place(at))
    merged = Found(rows, path, around, columns_of_rows(rows), merged=True, places=places)
    _grade(merged, sample(rows))
    return merged


def _distinct(found: Found) -> set[str]:
    return {
        str(v)
        for row in flat(sample([r for r in found.rows if isinstance(r, Mapping)]))
        if (v := row.get(found.columns.speaker or "")) is not None
    }


def _as_rows(value: Any) -> Any:
    """A list of objects, whichever way a program has turned it: pairs, numbered objects, or a list for each field."""
    if isinstance(value, list):
        if value and all(isinstance(v, list) and 2 <= len(v) <= 4 and isinstance(v[0], str) and isinstance(v[1], str) for v in value):
            return [dict(zip(("speaker", "text", "start", "end"), v, strict=False)) for v in value]
        if value and all(isinstance(v, Mapping) and len(v) == 1 and isinstance(next(iter(v.values())), str) for v in value):
            # {"agent": "Hello"}: whoever speaks is the field.
            pairs = [next(iter(v.items())) for v in value]
            if 1 < len({k for k, _ in pairs}) <= _MOST_SPEAKERS:
                return [{"speaker": k, "text": t} for k, t in pairs]
        return _one_by_one(value)
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
        return [{name: column[number] for name, column in value.items()} for number in sorted(inner[0], key=int)]
    if len(inner) > 1 and all(isinstance(v, Mapping) for v in inner) and _is_tree(value):
        return _branch(value)
    return value


def _one_by_one(value: list[Any]) -> list[Any]:
    """A list of exchanges, with a field for what each side said, as a turn a side; another list as it is."""
    if len(value) < 2 or not all(isinstance(v, Mapping) for v in value[:20]):
        return value
    sides = [k for k in value[0] if _side(str(k)) and any(isinstance(v.get(k), str) and " " in v[k].strip() for v in value[:20])]
    if len(sides) < 2 or len({_side(str(k)) for k in sides}) < 2:
        return value
    return [
        {**{k: v for k, v in row.items() if k not in sides}, "speaker": _side(str(side)), "text": row[side]}
        for row in value
        if isinstance(row, Mapping)
        for side in sides
        if isinstance(row.get(side), str) and row[side].strip()
    ]


_ASKED, _ANSWERED = (
    frozenset(("input", "prompt", "question", "query", "request")),
    frozenset(("output", "completion", "answer", "response", "reply")),
)


def _side(key: str) -> str:
    """The side whose words a field of an exchange holds: user_message, bot_response, question, answer; empty where it tells none."""
    plain = plain_key(key)
    base = next(
        (
            plain.removesuffix(end)
            for end in ("_message", "_text", "_response", "_utterance", "_input", "_output", "_turn", "_said")
            if plain.endswith(end)
        ),
        plain,
    )
    if is_bot(base.replace("_", " ")):
        return "bot"
    role = role_of_field(base.replace("_", " ")) if base not in ("name", "source", "origin") else Role.UNKNOWN
    if role in (Role.AGENT, Role.CUSTOMER):
        return role.value
    return "user" if plain in _ASKED else "assistant" if plain in _ANSWERED else ""


def _is_tree(value: Mapping[str, Any]) -> bool:
    """Whether objects name each other as parents, as the messages of a saved chat with a model do."""
    return sum(isinstance(v, Mapping) and ("parent" in v or "children" in v) for v in value.values()) == len(value)


def _branch(value: Mapping[str, Any]) -> list[Any]:
    """The objects of a tree from its root to its last leaf."""
    parents = {str(v.get("parent")) for v in value.values()}
    leaf = next((k for k in reversed(list(value)) if k not in parents), None)
    found: list[Any] = []
    while leaf is not None and leaf in value and len(found) <= len(value):
        found.append(value[leaf])
        leaf = value[leaf].get("parent")
    return found[::-1]


def _empty_holder(value: Any) -> str | None:
    """The key of an empty list where turns belong."""
    if isinstance(value, Mapping):
        return next((str(k) for k in value if plain_key(k) in _HOLDERS and value[k] == []), None)
    return None


def is_list(doc: Document) -> bool:
    """JSON that is a list of turns, or holds one."""
    value = doc.value
    if value is None:
        return False
    found = _turns_of(doc)
    if found is not None:
        return not _text_tells_more(value, found)
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


def people_around(around: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], columns: Columns) -> dict[str, Person]:
    """What lists of speakers around the turns tell of those whom the turns name by an id."""
    if columns.speaker is None:
        return {}
    wanted = {str(v) for row in rows if (v := row.get(columns.speaker)) is not None and isinstance(v, str | int)}
    if all(role_of(name) is not Role.UNKNOWN for name in wanted):
        return {}
    for holder in reversed(around):
        for value in _lists_of_people(holder, 2):
            found = _people(value, wanted)
            if found:
                return found
    return {}


def _lists_of_people(holder: Mapping[str, Any], depth: int) -> Iterator[list[Mapping[str, Any]]]:
    for value in holder.values():
        if isinstance(value, list) and value and len(value) <= 200 and all(isinstance(v, Mapping) for v in value):
            yield [flatten(v) for v in value]
        elif isinstance(value, Mapping) and value and len(value) <= 200:
            if all(isinstance(v, Mapping) for v in value.values()):
                yield [{"id": k, **flatten(v)} for k, v in value.items()]
            elif all(isinstance(v, str) for v in value.values()):
                yield [{"id": k, "name": v} for k, v in value.items()]
            if depth:
                yield from _lists_of_people(value, depth - 1)


_IDENTS = (
    "id",
    "speaker_id",
    "speaker",
    "participant_id",
    "user_id",
    "label",
    "key",
    "channel",
    "channel_id",
    "index",
    "uid",
    "tag",
    "identity",
    "identifier",
    "sid",
    "ref",
    "email",
    "name",
)
_NAMES = (
    "name",
    "display_name",
    "full_name",
    "real_name",
    "speaker_name",
    "participant_name",
    "user_name",
    "username",
    "label",
    "email",
    "identity",
)


def _people(objects: list[Mapping[str, Any]], wanted: set[str]) -> dict[str, Person]:
    """The people in a list of objects, by the id under which the turns name them; nothing where the list does not know all of them."""
    keys = {plain_key(k): k for person in objects for k in person}
    for ident in _IDENTS:
        if ident not in keys:
            continue
        by_id = {str(person[keys[ident]]): person for person in objects if person.get(keys[ident]) is not None}
        if not wanted or not wanted <= by_id.keys():
            continue
        columns = Columns(list(keys.values()), rows=objects)
        found = {}
        for name, person in by_id.items():
            own = next(
                (str(person[keys[n]]) for n in _NAMES if n in keys and isinstance(person.get(keys[n]), str) and person[keys[n]].strip()),
                None,
            )
            role = person.get(columns.role) if columns.role is not None else None
            found[name] = Person(own, str(role) if role else flagged(person, columns))
        if any(p.role or (p.name and p.name != n) for n, p in found.items()):
            return found
    return {}


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


def _calls(value: Any) -> tuple[list[Any], list[str]] | None:
    """The values that may be calls, and where they stand."""
    if isinstance(value, list):
        return (value, [f"$[{n}]" for n in range(len(value))]) if value and isinstance(value[0], Mapping | list) else None
    if isinstance(value, Mapping):
        keys = {plain_key(k): k for k in value}
        for name in _CALL_LISTS:
            inner = value.get(keys.get(name, ""))
            if isinstance(inner, list) and inner and isinstance(inner[0], Mapping):
                return inner, [f"$.{keys[name]}[{n}]" for n in range(len(inner))]
        if value and all(_is_talk(v) for v in value.values()) and len(value) > 1:
            return [{"id": k, "transcript": _as_text(v)} for k, v in value.items()], [f"$.{k}" for k in value]
        if len(value) > 1 and all(isinstance(v, Mapping | list) and v for v in value.values()):
            # Calls under their ids.
            return [v if isinstance(v, list) else {"id": k, **v} for k, v in value.items()], [f"$.{k}" for k in value]
    return None


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
            if isinstance(value, Mapping) and _is_event(value):
                # What a program wrote down before anybody spoke belongs to the call.
                held.append((value, f"line {number}"))
                continue
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
        if _is_talk(value.get(keys.get(name, ""))):
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
            found = list(_texts(doc.value, "$", [], _DEEPEST))
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
