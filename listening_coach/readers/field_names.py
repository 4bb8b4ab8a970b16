"""Turns from rows: mappings with the field names people use, as in JSON lists, CSV, spreadsheets and data frames."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ..transcript import Role
from . import times
from .roles import is_bot, role_of_field

# How many rows are looked at to find out which field holds what.
SAMPLE_ROWS = 30
# How deep in a row its parts may stand.
_DEPTH = 4
# Fewer rows than this may have a name of their own each.
_FEW_ROWS = 4


_TRUTHS = frozenset(("true", "false", "yes", "no", "y", "n", "1", "0", "1.0", "0.0"))


class Names(NamedTuple):
    """The names of fields, as fields.toml has them."""

    ranks: Mapping[str, Mapping[str, int]]
    within: Mapping[str, frozenset[str]]
    transparent: frozenset[str]
    wrapping: frozenset[str]
    word_text: tuple[str, ...]
    flags: Mapping[str, frozenset[str]]
    kind_fields: tuple[str, ...]
    kinds: Mapping[str, frozenset[str]]
    lists: Mapping[str, tuple[str, ...]]
    words_within: Mapping[str, frozenset[str]]
    never_within: Mapping[str, frozenset[str]]


@cache
def names() -> Names:
    """The names of fields, read when the first row is."""
    data = tomllib.loads((Path(__file__).parent / "fields.toml").read_text(encoding="utf-8"))
    kinds = data["kinds"]
    lists = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
    return Names(
        ranks={key: {name: rank for rank, name in enumerate(values)} for key, values in lists.items()},
        within={key: frozenset(values) for key, values in data["within"].items()},
        transparent=frozenset(lists["transparent"]),
        wrapping=frozenset(lists["wrapping"]),
        word_text=lists["word_text"],
        flags={key: frozenset(values) for key, values in data["flags"].items()},
        kind_fields=tuple(kinds["fields"]),
        kinds={key: frozenset(values) for key, values in kinds.items()},
        lists=lists,
        words_within={key: frozenset(values) for key, values in data["words_within"].items() if key != "never"},
        never_within={key: frozenset(values) for key, values in data["words_within"]["never"].items()},
    )


def plain_key(key: object) -> str:
    """A field's name in small letters with underscores: startTime, Start Time, START-TIME and "Start (s)" alike."""
    return _plain_key(str(key))


@lru_cache(maxsize=4096)
def _plain_key(key: str) -> str:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.strip().lstrip("\ufeff"))
    return re.sub(r"[^0-9a-z]+", "_", split.casefold()).strip("_")


# --------------------------------------------------------------------------------------------------------------- nesting

_IN = "."


def flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose parts stand in objects of their own, as one of many fields: ``sender.role``, ``timespan.start``."""
    found: dict[str, Any] = {}
    _flatten(row, "", _DEPTH, found)
    return found


def _flatten(row: Mapping[str, Any], prefix: str, depth: int, found: dict[str, Any]) -> None:
    for key, value in row.items():
        name = f"{prefix}{_IN}{key}" if prefix else str(key)
        if type(value) is str and value.startswith('{"') and value.endswith("}"):
            value = written_object(value)
        if type(value) is dict and len(value) == 1 and not _TYPED.isdisjoint(value):
            value = next(iter(value.values()))
        if isinstance(value, Mapping) and depth:
            _flatten(value, name, depth - 1, found)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping | str | list) and not _is_word_list(key, value):
            holds = plain_key(key) in names().ranks["text"] or plain_key(key) in names().within["text"]
            text = _parts_text(value) if holds and plain_key(key) not in _GUESSES else None
            if text is not None:
                found[name] = text
            elif depth and isinstance(value[0], Mapping) and (plain_key(key) in _GUESSES or not _are_timed(value)):
                found[name] = value
                _flatten(value[0], name, depth - 1, found)
            else:
                found[name] = value
        else:
            found[name] = value


def written_object(text: str) -> Any:
    """The object that a text holds as JSON, as payloads come; else the text."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _is_word_list(key: str, value: list[Any]) -> bool:
    """Whether a list holds timed words, which stay together."""
    if plain_key(key) not in names().ranks["words"]:
        return False
    first = value[0]
    if isinstance(first, Mapping):
        return any(k in first for k in names().word_text) and any(_starts(plain_key(k)) for k in first)
    return isinstance(first, list) and len(first) >= 3


def _are_timed(value: list[Any]) -> bool:
    """Whether a list holds several objects with times, which are turns or words of their own."""
    return len(value) > 1 and any(_starts(plain_key(k)) for k in value[0])


def _starts(name: str) -> bool:
    return name in names().ranks["start"] or name in names().ranks["end"]


_PART_KEYS = ("text", "transcript", "content", "value", "type")
# Of several guesses of a recogniser at the same words the first is the best.
_GUESSES = frozenset(("alternatives", "n_best", "nbest", "hypotheses"))
# What has one of these is a turn, not a part of one.
_NO_PART = frozenset(
    (
        "role",
        "speaker",
        "speaker_id",
        "speaker_label",
        "participant",
        "participant_id",
        "participant_role",
        "sender",
        "author",
        "from",
        "channel",
    )
)
# "from" and "to" are people and numbers of telephones, and times only where they are numbers of seconds.
_PLACES = ("from", "to")
_LONGEST_S = 1e6
# How many of a field's values are read to see whether they are times.
_TIMES_TRIED = 8
# Fields of these names hold the text even where it is a number.
_SURE_TEXT = 12


# Parts of a message of these types are not said.
_NO_SPEECH = frozenset(("tool", "function", "thinking", "reasoning", "image"))
# Values that databases wrap in their type: {"S": "Hello"}.
_TYPED = frozenset((
    "S", "N", "BOOL", "stringValue", "integerValue", "doubleValue", "timestampValue", "booleanValue", "$date", "$oid", "$numberLong", "$numberDouble",
))  # fmt: skip


def _parts_text(parts: list[Any]) -> str | None:
    """The text of a message in parts, as chats have them: its texts, without its pictures; None where a part is of another kind."""
    found: list[str] = []
    for part in parts:
        if isinstance(part, Mapping):
            if not _NO_SPEECH.isdisjoint(plain_key(part.get("type", "")).split("_")):
                continue
            if any(_starts(plain_key(k)) or plain_key(k) in _NO_PART for k in part) or not any(k in part for k in _PART_KEYS):
                return None
            part = next((part[k] for k in _PART_KEYS if k != "type" and k in part), None)
            if isinstance(part, Mapping):
                part = next((part[k] for k in ("content", "text", "value", "body") if isinstance(part.get(k), str)), None)
        elif not isinstance(part, str):
            return None
        if isinstance(part, str):
            found.append(part)
    # Parts that begin with a blank or end with one were cut inside a sentence.
    glue = "" if any(p[:1].isspace() or p[-1:].isspace() for p in found if p) else " "
    return glue.join(p for p in found if p)


def is_nested(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether some row has parts in objects or lists of its own."""
    # A loop, for it is run over every value of every call.
    for row in rows:
        for value in row.values():
            kind = type(value)
            if kind is str:
                if value[:2] == '{"':
                    return True
            elif kind is dict or (kind is list and value and type(value[0]) in (str, dict)):
                return True
    return False


# ------------------------------------------------------------------------------------------------------- which field is which


class Columns:
    """Which field of a kind of row holds what; ``rows`` are a sample, by whose values the choice is made among fields whose names fit."""

    def __init__(self, keys: Iterable[object], *, rows: Sequence[Mapping[str, Any]] = ()) -> None:
        self._keys = tuple(map(str, keys))
        self.by_name = by_name = _by_name(self._keys)
        self._rows = rows
        self._taken: set[str] = set()
        self.words = self._first("words", self._is_words) if rows else None
        self.text = self._text()
        if not rows:
            self.words = self._first("words")
        self.call = self._first("call", lambda vs: all(isinstance(v, str | int) for v in vs))
        self.starts = self._times("start")
        self.start = self.starts[0] if self.starts else None
        self._taken.update(self.starts)
        self.ends = self._times("end")
        self.end = self.ends[0] if self.ends else None
        self._taken.update(self.ends)
        self.duration = next(iter(self._times("duration")), None)
        self.role = self._role()
        self.speaker = self._speaker() or self.role
        if self.role is not None and self.speaker not in (None, self.role) and self._says_nothing(self.role):
            self.role = None
        elif self.role is not None and self.speaker not in (None, self.role) and self._is_one_for_all(self.speaker):
            self.speaker = self.role
        self.id = self._first("id")
        kinds = {name: by_name[name] for name in names().kind_fields if name in by_name and by_name[name] != self.text}
        self.kinds = tuple(kinds.values())
        by_kind = self._kind_of_sides() if self.speaker is None else None
        self.by_kind = by_kind is not None
        if by_kind is not None:
            self.speaker = self.role = by_kind
        self.flags = {
            kind: tuple(key for key in fits if key != self.speaker and self._are_truths(key)) for kind, fits in _flags(self._keys).items()
        }
        self.has_flags = any(self.flags.values())
        self.has_visibility = bool(self.flags["private"] or self.flags["public"])

    def _values(self, key: str) -> list[Any]:
        """The values of a field in the sample that are any."""
        return [v for row in self._rows if (v := row.get(key)) is not None and v != "" and v == v]

    def _candidates(self, kind: str) -> list[str]:
        """The fields whose names fit, best first."""
        named, by_words = _fitting(kind, self._keys)
        return [key for key in named if key not in self._taken] or [key for key in by_words if key not in self._taken]

    def _first(self, kind: str, accept: Callable[[list[Any]], bool] | None = None) -> str | None:
        for key in self._candidates(kind):
            if accept is None or not self._rows or ((values := self._values(key)) and accept(values)):
                self._taken.add(key)
                return key
        return None

    def _is_words(self, values: list[Any]) -> bool:
        return any(isinstance(v, list | tuple) and v and isinstance(v[0], Mapping | list | tuple) for v in values)

    def _text(self) -> str | None:
        fits = self._candidates("text")
        if self._rows:
            fits = [key for key in fits if is_prose(self._values(key))]
            talking = [key for key in fits if _sentences(self._values(key))]
            fits = talking or fits or self._digits()
        if fits:
            self._taken.add(fits[0])
            return fits[0]
        return None

    def _digits(self) -> list[str]:
        """The field of a sure name whose texts have no letters."""
        fits = [key for key in self._candidates("text") if names().ranks["text"].get(plain_key(key), _SURE_TEXT) < _SURE_TEXT]
        return [key for key in fits if any(isinstance(v, str) for v in self._values(key))]

    def _times(self, kind: str) -> list[str]:
        """The fields with times, the best first: those that count from the call's start before dates, those that most rows have first."""
        fits = self._candidates(kind)
        if not self._rows:
            # Without values "from" is rather a speaker.
            return [key for key in fits if plain_key(key) not in ("from", "to")][:1]
        graded: list[tuple[bool, bool, int, str]] = []
        for rank, key in enumerate(fits):
            values = self._values(key)
            kinds = [k for v in values[:_TIMES_TRIED] if (k := _time_kind(v)) is not None]
            # Text in a field called "start" is an error worth naming; a mapping or a list there is another format.
            wrong = [
                v
                for v in values
                if not isinstance(v, str | int | float | datetime | timedelta | list | tuple | time) or isinstance(v, bool)
            ]
            if plain_key(key) in _PLACES and not all(isinstance(v, int | float) and v < _LONGEST_S for v in values):
                continue
            if not values or wrong or (not kinds and rank > 2):
                continue
            dated = sum(k is times.Kind.DATE for k in kinds) * 2 > len(kinds)
            if dated and len(values) > 2 and kind == "start" and len({str(v) for v in values}) == 1:
                continue  # the call's date again in every row
            sparse = len(values) * 2 < len(self._rows)
            graded.append((sparse, dated, rank, key))
        return [key for *_, key in sorted(graded)]

    def _role(self) -> str | None:
        for key in self._candidates("role"):
            if not self._rows and plain_key(key) in ("type", "kind", "who", "from", "sender", "side", "source", "origin"):
                continue
            if not self._rows:
                self._taken.add(key)
                return key
            values = self._values(key)
            told = [
                v
                for v in values
                if isinstance(v, str) and (role_of_field(v) is not Role.UNKNOWN or is_bot(v) or plain_key(v) in names().kinds["prompts"])
            ]
            named = plain_key(key).endswith("role")
            if told and (named or len(told) * 2 >= len(values) or len({str(v) for v in told}) > 1):
                if _rank("speaker", plain_key(key), key) is None or named:
                    self._taken.add(key)
                return key
        return None

    def _says_nothing(self, role: str) -> bool:
        """Whether a field for roles is the same for speakers who differ, such as "human"."""
        told = {str(v) for v in self._values(role)}
        return len(told) == 1 and len({str(v) for v in self._values(self.speaker or "")}) > 1

    def _are_truths(self, key: str) -> bool:
        """Whether a field's values are yes or no, as far as there are any."""
        return all(isinstance(v, bool) or str(v).strip().casefold() in _TRUTHS for v in self._values(key))

    def _is_one_for_all(self, speaker: str | None) -> bool:
        """Whether a field for speakers holds the same for turns whose roles differ, such as the name of the call."""
        roles = {str(v) for v in self._values(self.role or "")}
        told = all(role_of_field(r) is not Role.UNKNOWN or is_bot(r) for r in roles)
        return told and len(roles) > 1 and len({str(v) for v in self._values(speaker or "")}) == 1

    def _kind_of_sides(self) -> str | None:
        """The field for kinds whose values say whose speech it is, where both sides occur."""
        for key in self.kinds:
            if {side_of_kind(v) for v in self._values(key) if isinstance(v, str)} >= {"user", "assistant"}:
                return key
        return None

    def _speaker(self) -> str | None:
        fits = self._candidates("speaker")
        if not self._rows:
            return fits[0] if fits else None
        several: list[str] = []
        single: list[str] = []
        for key in fits:
            values = [str(v) for v in self._values(key) if isinstance(v, str | int | float) and not isinstance(v, bool)]
            distinct = set(values)
            each_its_own = (
                len(values) >= _FEW_ROWS and len(distinct) == len(values) and plain_key(key) not in ("speaker", "speaker_name", "role")
            )
            if not values or each_its_own or any("\n" in v or len(v) > 120 for v in distinct):
                continue
            (several if len(distinct) > 1 else single).append(key)
        return next(iter((*several, *single)), None)


# A file's rows have the same fields, call after call: what follows from these alone is worked out once.


@lru_cache(maxsize=512)
def _by_name(keys: tuple[str, ...]) -> Mapping[str, str]:
    """The fields by their plain names; of two with one name the first."""
    found: dict[str, str] = {}
    for key in keys:
        found.setdefault(_own_name(key), key)
    return found


@lru_cache(maxsize=4096)
def _fitting(kind: str, keys: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields whose names are of a kind, best first, and those that only hold a word of it."""
    by_name = _by_name(keys)
    ranked = sorted((rank, len(key), key) for name, key in by_name.items() if (rank := _rank(kind, name, key)) is not None)
    return tuple(key for _, _, key in ranked), tuple(key for key in by_name.values() if _has_word_of(kind, key))


@lru_cache(maxsize=512)
def _flags(keys: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The fields whose names say that they hold a yes or no, by what it says."""
    ends = {key: plain_key(key.rpartition(_IN)[2]) for key in _by_name(keys).values()}
    return {kind: tuple(key for key, end in ends.items() if end in fits) for kind, fits in names().flags.items()}


def _own_name(key: str) -> str:
    """A field's name without the objects that only wrap it."""
    parts = [plain_key(part) for part in key.split(_IN)] if _IN in key else [plain_key(key)]
    return "_".join([p for p in parts[:-1] if p not in names().transparent] + parts[-1:])


def _rank(kind: str, name: str, key: str) -> int | None:
    """How well a field's name fits, 0 best; None where it does not."""
    ranks = names().ranks[kind]
    rank = ranks.get(name)
    if rank is None and kind in ("start", "end", "duration"):
        base, _, unit = name.rpartition("_")
        rank = ranks.get(base) if base and times.unit_of(f"a_{unit}") is not None else None
    if rank is None and _IN in key:
        *holders, last = (plain_key(part) for part in key.split(_IN))
        inside = [h for h in holders if h not in names().transparent and not names().wrapping.issuperset(h.split("_"))]
        if last in ranks and all(h in names().within.get(kind, ()) for h in inside):
            rank = ranks[last] + (
                200 * len(inside) if kind != "speaker" or last not in ("name", "display_name", "real_name", "full_name") else 0
            )
    return rank


def _has_word_of(kind: str, key: str) -> bool:
    """Whether a field's name holds a word of its kind and none that makes it another: "Spoken Words", "Finish (s)"."""
    *holders, last = (plain_key(part) for part in key.split(_IN))
    if kind not in names().words_within or any(h not in names().transparent and h not in names().within.get(kind, ()) for h in holders):
        return False
    words = set(last.split("_"))
    return not words.isdisjoint(names().words_within[kind]) and words.isdisjoint(names().never_within[kind])


@lru_cache(maxsize=1024)
def side_of_kind(value: str) -> str:
    """The side whose speech a row of this kind is, "user" or "assistant": of "user_speech" and "END_USER" the user's; empty where it tells none."""
    words = set(plain_key(value).split("_"))
    user, assistant = (not words.isdisjoint(names().kinds[side]) for side in ("of_user", "of_assistant"))
    return "" if user == assistant else "user" if user else "assistant"


def is_prose(values: Sequence[Any]) -> bool:
    """Whether some values are text that somebody may have said."""
    return any(isinstance(v, str) and any(c.isalpha() for c in v) for v in values)


def _sentences(values: Sequence[Any]) -> bool:
    """Whether many values are of several words, as what is said is and names and kinds are not."""
    texts = [v for v in values if isinstance(v, str)]
    return sum(len(v.split()) > 1 for v in texts) * 5 >= len(texts) > 0


def _time_kind(value: Any) -> times.Kind | None:
    if isinstance(value, list | tuple):
        value = value[0] if value and isinstance(value[0], int | float) else None
    try:
        found = times.stamp(value)
    except (ValueError, TypeError):
        return None
    if found is None:
        return None
    return times.Kind.DATE if found.kind is times.Kind.NUMBER and found.value > times.EPOCH_FROM else found.kind
