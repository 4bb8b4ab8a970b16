"""Finds the list of turn-like objects in JSON, wherever it stands and whatever its fields are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ..transcript import Role
from .field_names import Columns, flatten, plain_key, written_object
from .plain import is_one_line_talk, is_talk
from .roles import is_bot, role_of_field
from .rows import columns_of_rows, flat, sample

# Where an object keeps its turns.
HOLDERS = frozenset((
    "turns", "utterances", "transcript", "segments", "messages", "conversation", "dialogue", "dialog", "transcription", "transcripts", "entries",
    "conversational_transcript", "conversation_transcript", "call_transcript", "history", "chat_history", "conversation_history", "exchanges", "parts",
    "items", "lines", "sentences", "phrases", "results", "records", "monologues", "chat", "content", "events", "data", "rows", "log", "logs", "timeline",
    "message_records", "conversation_entries", "transcript_entries", "conversation_parts", "transcript_object", "conversation_items", "comments", "replies",
    "interactions", "captions", "cues", "speech", "statements", "blocks", "nodes", "edges", "value", "original", "trace", "chat_messages", "chat_transcript",
))  # fmt: skip


DEEPEST = 8


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
    candidates = [found for found in _candidates(value, "$", [], DEEPEST) if found is not None]
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
        sides = [
            {"speaker": key, "turns": inner}
            for key, inner in value.items()
            if isinstance(inner, list | Mapping) and inner and _side(str(key))
        ]
        together = _side_by_side(sides, path, around, depth) if len(sides) > 1 else None
        if together is not None:
            yield together
        for key, inner in list(value.items())[:200]:
            if type(inner) is str and inner.startswith(("[{", '{"')):
                inner = written_object(inner)
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
    if columns.text is not None and (_are_talks(some, columns) or _are_things(some, columns)):
        return None
    found = Found(mappings if len(mappings) == len(rows) else rows, path, around, columns)
    _grade(found, some)
    return found


_OF_THINGS = frozenset(("name", "id", "label", "title", "key"))


def _are_things(rows: Sequence[Mapping[str, Any]], columns: Columns) -> bool:
    """Whether rows are things with a name and a text, each under a name of its own that no person has, and no turns."""
    if columns.start is not None or plain_key((columns.speaker or "").rpartition(".")[2]) not in _OF_THINGS:
        return False
    called = [str(row.get(columns.speaker or "")) for row in rows]
    return len(set(called)) == len(called) and (len(called) == 1 or any(not name[:1].isupper() or "_" in name for name in called))


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
    found.score = (known + _TIERS[tier], name in HOLDERS, 0.0, letters, -found.path.count("."))


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
    if (numbers := _numbers(value)) is not None and all(isinstance(v, Mapping) for v in inner):
        return [v for _, v in sorted(zip(numbers, inner, strict=True), key=lambda item: item[0])]
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


_NUMBERED = re.compile(r"(\D*)(\d{1,9})")


def _numbers(value: Mapping[str, Any]) -> list[int] | None:
    """The numbers of fields that are numbered throughout: "0", "1" or "turn_1", "turn_2"; else None."""
    matches = [_NUMBERED.fullmatch(str(key)) for key in value]
    if None in matches or len({m[1] for m in matches if m is not None}) != 1:
        return None
    return [int(m[2]) for m in matches if m is not None]


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
            for end in ("_message", "_text", "_response", "_utterance", "_input", "_output", "_turn", "_said", "_transcript", "_speech")
            if plain.endswith(end)
        ),
        plain,
    )
    if is_bot(base.replace("_", " ")):
        return "bot"
    role = role_of_field(base.replace("_", " ")) if base not in ("name", "source", "origin") else Role.UNKNOWN
    if role in (Role.AGENT, Role.CUSTOMER):
        return role.value
    return "user" if base in _ASKED else "assistant" if base in _ANSWERED else ""


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
