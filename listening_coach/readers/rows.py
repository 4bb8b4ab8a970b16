"""One call from rows: mappings with the field names people use, as in JSON lists, CSV, spreadsheets and data frames."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from ..transcript import Role
from . import times
from .field_names import SAMPLE_ROWS, Columns, flatten, is_nested, names, plain_key, side_of_kind
from .furniture import is_furniture, without_markup
from .parsed_call import ParsedCall
from .roles import is_bot, role_of_field
from .source import Document
from .word_timing import CHANNEL_PAUSE_S, Item, stretches

# So many rows of one word each are a list of timed words, not of turns.
_FEWEST_WORD_ROWS = 6
_FEWEST_TOKENS = 3
# Durations that together last so many times as long as the call are in a smaller unit than the starts.
_TOO_LONG = 20.0


def sample(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Some of the rows, from the whole length, by which their fields are told apart."""
    step = max(1, len(rows) // SAMPLE_ROWS)
    return list(rows[::step][: SAMPLE_ROWS + 1])


def flat(rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The rows, as one level of fields each."""
    return [flatten(row) for row in rows] if is_nested(rows) else rows


def columns_of_rows(rows: Sequence[Mapping[str, Any]]) -> Columns:
    """Which field of the rows, which are flat, holds what."""
    some = sample(rows)
    return Columns(dict.fromkeys(key for row in some for key in row), rows=some)


class Person(NamedTuple):
    """What is known of a speaker besides the turns: a name and a role, as the source writes it."""

    name: str | None = None
    role: str | None = None


def call_of(
    doc: Document,
    rows: Sequence[Mapping[str, Any]],
    places: Sequence[str],
    *,
    columns: Columns,
    call: str | None = None,
    people: Mapping[str, Person] | None = None,
) -> ParsedCall:
    """One call from its rows, which are flat; ``places`` says where each row stands, for errors.

    Rows without speech are left out and counted in the metadata. ``people`` tells more of the speakers, by what the rows call them.

    Raises:
        ReadError: no row holds a text, or a time is none.
    """
    if columns.text is None and columns.words is None:
        if rows and any(name in columns.by_name for name in ("text", "transcript", "content", "message", "utterance", "body")):
            raise doc.fail(
                f"none of the {len(rows)} rows holds speech ({len(rows)} no text)",
                at=places[0],
                remedy="Check that the service finished and that the call has speech.",
            )
        raise doc.fail(
            f"no field holds the text; there are {', '.join(list(columns.by_name.values())[:12]) or 'none'}",
            at=places[0] if places else "",
            remedy="Name it text, transcript, utterance, content or message.",
        )
    spoken, skipped = _spoken(rows, columns)
    kept = [rows[n] for n in spoken]
    where = [places[n] for n in spoken]
    if not kept:
        raise doc.fail(
            f"none of the {len(rows)} rows holds speech ({_reasons(skipped)})" if rows else "it holds no turns",
            at=places[0] if places else "",
            remedy="Check that the service finished and that the call has speech.",
        )
    timing = _Timing(doc, kept, where, columns)
    known = dict(people or {})
    speakers: dict[Any, str] = {}
    records = []
    for number, (row, place) in enumerate(zip(kept, where, strict=True)):
        record: dict[str, Any] = {"place": place, "text": _text(row, columns)}
        _who(record, row, columns, known, speakers)
        record["start"], record["end"] = timing.starts[number], timing.ends[number]
        if columns.words is not None and row.get(columns.words):
            record["words"] = word_list(doc, row[columns.words], timing.zero, f"{place}.{columns.words}")
            if not record["text"]:
                record["text"] = " ".join(w[0] for w in record["words"])
        if columns.id is not None and _said(row.get(columns.id)):
            record["id"] = str(row[columns.id])
        records.append(record)
    if _is_of_words(columns) and columns.speaker is None and _are_tokens(records):
        raise doc.fail(
            f"it is a table of tokens: {columns.text!r} holds a word a row, without times or a speaker by which they make turns"[:200],
            at=places[0],
            remedy="Give start and end of each word in seconds, or a turn a row.",
        )
    if _is_of_words(columns) or _are_words(records):
        records = _joined_words(records, [str(row.get(columns.text or "") or "") for row in kept])
    parsed = ParsedCall(_in_order(records), id=call, started_at=timing.date)
    if skipped:
        parsed.metadata["skipped"] = dict(skipped)
    return parsed


# ------------------------------------------------------------------------------------------------------------------ speech


def _reasons(skipped: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in list(skipped.items())[:4])


def _spoken(rows: Sequence[Mapping[str, Any]], columns: Columns) -> tuple[list[int], Counter[str]]:
    """The numbers of the rows that hold speech, and how many do not, by reason."""
    reasons = [_no_speech(row, columns) for row in rows]
    told = sum(reason is None or reason == _NO_TEXT for reason in reasons)
    if not told:
        # Where each row is of a kind that is no speech, the field tells something else.
        reasons = [_NO_TEXT if reason == _NO_TEXT else None for reason in reasons]
    prompts = _prompts(rows, columns, reasons)
    told_why = ["system prompt" if n in prompts else reason for n, reason in enumerate(reasons)]
    return [n for n, why in enumerate(told_why) if why is None], Counter(why for why in told_why if why is not None)


_NO_TEXT = "no text"


def _no_speech(row: Mapping[str, Any], columns: Columns) -> str | None:
    """Why a row is no speech; None where it is."""
    for key in columns.kinds:
        value = row.get(key)
        if type(value) is str and (kind := _silent_kind(value)):
            return kind
    who = columns.role or columns.speaker
    role = row.get(who) if who is not None else None
    if type(role) is str and (machine := _machine(role)):
        return machine
    if columns.has_visibility and (
        any(row.get(key) is True for key in columns.flags["private"]) or any(row.get(key) is False for key in columns.flags["public"])
    ):
        return "not public or not final"
    value = row.get(columns.text) if columns.text is not None else None
    if isinstance(value, str):
        if value and not value.isspace():
            return "notice" if is_furniture(value) else None
    elif isinstance(value, int | float) and not isinstance(value, bool) and value == value:
        # A spreadsheet makes a number of a turn such as "42".
        return None
    return None if columns.words is not None and row.get(columns.words) else _NO_TEXT


@lru_cache(maxsize=1024)
def _silent_kind(value: str) -> str:
    """The kind, where it is none that is spoken; else nothing."""
    kinds = names().kinds
    plain = plain_key(value)
    if plain in kinds["speech"] or role_of_field(value) is not Role.UNKNOWN or is_bot(value):
        return ""
    return plain if plain in kinds["not_speech"] or not kinds["words"].isdisjoint(plain.split("_")) else ""


@lru_cache(maxsize=1024)
def _machine(role: str) -> str:
    plain = plain_key(role)
    bare = plain.rpartition("role_")[2]
    return bare if bare in names().kinds["machine_roles"] else ""


def _prompts(rows: Sequence[Mapping[str, Any]], columns: Columns, reasons: Sequence[str | None]) -> set[int]:
    """The rows that are a language model's instructions, where a bot or an agent speaks beside them."""
    key = columns.role or columns.speaker
    if key is None:
        return set()
    kinds = names().kinds
    bare = {name: plain_key(name).rpartition("role_")[2] for name in {row.get(key) for row in rows if type(row.get(key)) is str}}
    if kinds["prompts"].isdisjoint(bare.values()):
        return set()
    said = {n: bare[row[key]] for n, row in enumerate(rows) if reasons[n] is None and type(row.get(key)) is str}
    prompts = {n for n, role in said.items() if role in kinds["prompts"]}
    if not prompts:
        return set()
    others = set(said.values()) - kinds["prompts"]
    if not any(is_bot(role) or role_of_field(role) is Role.AGENT for role in others):
        return set()
    if others <= kinds["of_models"]:
        return prompts
    # Beside people "system" may be a voice that is heard; before anybody speaks it is the prompt.
    first = min((n for n in said if n not in prompts), default=0)
    return {
        n
        for n in prompts
        if n < first and re.match(r"(?i)\s*(?:you are|you're|your (?:task|role)|act as|#|system prompt)", _text(rows[n], columns))
    }


def _text(row: Mapping[str, Any], columns: Columns) -> str:
    value = row.get(columns.text) if columns.text is not None else None
    if isinstance(value, str):
        return without_markup(value.strip()) if "<" in value or "&" in value else value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return ""
    return str(int(value)) if value == int(value) else str(value)


def _is_of_words(columns: Columns) -> bool:
    """Whether the field for the text holds a word, by its name."""
    return columns.text is not None and plain_key(columns.text).rpartition("_")[2] in ("word", "token", "term", "w")


def _are_tokens(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows hold a word each and no times from which turns could be told."""
    single = sum(" " not in r["text"] for r in records)
    return len(records) >= _FEWEST_TOKENS and single >= 0.95 * len(records) and any(r["start"] is None or r["end"] is None for r in records)


# From so many rows of a word each on a field named "text" holds words.
_MANY_WORD_ROWS = 20


def _are_words(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rows are words, several of one speaker in a row, though the field's name says text."""
    if len(records) < _MANY_WORD_ROWS or sum(" " not in r["text"] for r in records) < 0.95 * len(records):
        return False
    changes = sum(bool(a.get("speaker") != b.get("speaker")) for a, b in pairwise(records))
    return changes * 4 < len(records)


def _joined_words(records: list[dict[str, Any]], raw: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a timed word each as turns; other rows as they are. ``raw`` are the words with the blanks around them."""
    single = sum(" " not in r["text"] for r in records)
    timed = all(r["start"] is not None and r["end"] is not None and not r.get("words") for r in records)
    if len(records) < _FEWEST_WORD_ROWS or not timed or single < 0.95 * len(records):
        return records
    roles = {r.get("speaker"): r.get("role") for r in records}
    # Where blanks stand in front of words, a token without one goes on with the word before.
    spaced = any(t[:1].isspace() for t in raw)
    items = [
        Item(
            r["text"],
            r["start"],
            r["end"],
            r.get("speaker"),
            mark=not any(c.isalnum() for c in r["text"]),
            space="" if spaced and not t[:1].isspace() else " ",
            place=r["place"],
        )
        for r, t in zip(records, raw, strict=True)
    ]
    turns = []
    for found in stretches(items, pause_s=None if len(roles) > 1 else CHANNEL_PAUSE_S):
        record = found.record(**({} if found.key is None else {"speaker": found.key}))
        if roles.get(found.key):
            record["role"] = roles[found.key]
        turns.append(record)
    return turns


def _in_order(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The turns as spoken: a list that begins with the newest is turned round."""
    starts = [r["start"] for r in records if r.get("start") is not None]
    pairs = list(pairwise(starts))
    later = sum(b < a for a, b in pairs)
    if len(starts) < 2 or len(starts) < len(records) or later < max(1, 0.6 * len(pairs)) or any(b > a for a, b in pairs):
        return records
    return records[::-1]


# ------------------------------------------------------------------------------------------------------------------- who


def _who(record: dict[str, Any], row: Mapping[str, Any], columns: Columns, people: Mapping[str, Person], speakers: dict[Any, str]) -> None:
    """Sets the record's speaker and role, as far as the row tells them."""
    said = row.get(columns.speaker) if columns.speaker is not None else None
    if columns.by_kind:
        of_kind = side_of_kind(str(said)) if _said(said) else ""
        record.update({"speaker": of_kind, "role": of_kind} if of_kind else {})
        return
    person = None
    if _said(said):
        person = people.get(_ident(said)) if people else None
        if type(said) is not str:
            record["speaker"] = (person and person.name) or speaker_name(said, columns.speaker or "")
        elif (name := speakers.get(said)) is not None:
            record["speaker"] = name
        else:
            record["speaker"] = speakers[said] = (person and person.name) or speaker_name(said, columns.speaker or "")
    role = row.get(columns.role) if columns.role is not None else None
    if _said(role) and (role_of_field(str(role)) is not Role.UNKNOWN or is_bot(str(role))):
        record["role"] = str(role)
    elif columns.has_flags and (side := flagged(row, columns)) is not None:
        record["role"] = side
    elif person is not None and person.role:
        record["role"] = person.role


def flagged(row: Mapping[str, Any], columns: Columns) -> str | None:
    """The role that a truth value of the row tells."""
    sides = {"agent": ("agent", "customer"), "customer": ("customer", "agent"), "own": ("agent", "customer")}
    if any(_true(row.get(key)) for key in columns.flags["bot"]):
        return "bot"
    for kind, (yes, no) in sides.items():
        for key in columns.flags[kind]:
            value = row.get(key)
            if value is not None and value != "":
                return yes if _true(value) else no
    return None


def _true(value: Any) -> bool:
    return value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in ("true", "yes", "y", "1"))


def _ident(value: Any) -> str:
    """A speaker's id as text, however it is written."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return str(value).strip()


def _said(value: object) -> bool:
    return value is not None and value != "" and value == value


def speaker_name(value: object, key: str = "") -> str:
    """A speaker's name: as it stands, a bare number with the word for what it counts."""
    if isinstance(value, Mapping):
        inner = Columns(value.keys())
        for name in ("name", "display_name", "displayname", "label", "id", "user_name", "email"):
            if _said(value.get(inner.by_name.get(name, ""))):
                return str(value[inner.by_name[name]])
        return next((str(v) for v in value.values() if _said(v)), "unknown")
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = str(value).strip()
    if "/" in text and re.fullmatch(r"[\w.-]+(?:/[\w.-]+){2,}", text):
        # A resource's path, of which the last part names the participant.
        text = text.rpartition("/")[2]
    if text.isdigit():
        return f"channel {text}" if "channel" in plain_key(key) else f"speaker {text}"
    return text


# ------------------------------------------------------------------------------------------------------------------ times


class _Timing:
    """Starts and ends of rows in seconds from the call's start, None where they have none, and the call's date where known."""

    def __init__(self, doc: Document, rows: Sequence[Mapping[str, Any]], places: Sequence[str], columns: Columns) -> None:
        stamped = {key: _stamps(doc, rows, key, places, strict=key == columns.start) for key in columns.starts[:3]}
        found = stamped[columns.start] if columns.start is not None else [None] * len(rows)
        kind = _kind(found)
        end_key = next((k for k in columns.ends if _kind(_stamps(doc, rows, k, places, strict=False)) is kind), columns.end)
        ends = _stamps(doc, rows, end_key, places)
        letters = sum(len(str(row.get(columns.text) or "")) for row in rows) if columns.text else 0
        known = [s for s in found if s is not None]
        unit = times.unit_of(columns.start) if columns.start else None
        self.zero = times.zero(known, letters, unit, [e for e in ends if e is not None and e.kind is times.Kind.NUMBER])
        self.starts = [self.zero.seconds(s) for s in found]
        self.date = self.zero.date
        dated = next((s for key, s in stamped.items() if key != columns.start and _kind(s) is times.Kind.DATE), None)
        absolute = None if dated is None else times.zero([s for s in dated if s is not None], 0)
        self.ends: list[float | None]
        if _kind(ends) is times.Kind.DATE and kind is not times.Kind.DATE and dated is not None and absolute is not None:
            self.ends = [_later(s, absolute.seconds(a), absolute.seconds(e)) for s, a, e in zip(self.starts, dated, ends, strict=True)]
        else:
            end_unit = times.unit_of(end_key) if end_key else None
            end_zero = self.zero._replace(factor=end_unit) if end_unit and not self.zero.origin else self.zero
            self.ends = [end_zero.seconds(e) for e in ends]
        if absolute is not None and dated is not None and self.date is None:
            self.date = times.before(absolute.date, next((s for s, a in zip(self.starts, dated, strict=True) if a is not None), None))
        self._from_durations(doc, rows, places, columns)

    def _from_durations(self, doc: Document, rows: Sequence[Mapping[str, Any]], places: Sequence[str], columns: Columns) -> None:
        """Ends from how long each turn lasts, where they are not told."""
        if columns.duration is None or all(e is not None for e in self.ends):
            return
        lasts = _stamps(doc, rows, columns.duration, places)
        unit = times.unit_of(columns.duration)
        if unit is None:
            unit = self.zero.factor if self.zero.factor < 1 and not self.zero.origin else self._likely_unit(lasts)
        for n, (start, last) in enumerate(zip(self.starts, lasts, strict=True)):
            if self.ends[n] is None and start is not None and last is not None:
                self.ends[n] = round(start + last.value * (unit if last.kind is times.Kind.NUMBER else 1.0), 6)

    def _likely_unit(self, lasts: Sequence[times.Stamp | None]) -> float:
        """Milliseconds where seconds would last far longer than the call does."""
        known = [s for s in self.starts if s is not None]
        numbers = [d.value for d in lasts if d is not None and d.kind is times.Kind.NUMBER]
        span = max(known) - min(known) if len(known) > 1 else 0.0
        return 1e-3 if span and numbers and sum(numbers) > _TOO_LONG * span else 1.0


def _later(start: float | None, absolute: float | None, end: float | None) -> float | None:
    """An end that is a date, as seconds from the call's start."""
    return None if start is None or absolute is None or end is None else round(start + end - absolute, 6)


def _kind(stamps: Sequence[times.Stamp | None]) -> times.Kind | None:
    first = next((s for s in stamps if s is not None), None)
    if first is not None and first.kind is times.Kind.NUMBER and first.value > times.EPOCH_FROM:
        return times.Kind.DATE
    return None if first is None else first.kind


def _stamps(
    doc: Document, rows: Sequence[Mapping[str, Any]], key: str | None, places: Sequence[str], *, strict: bool = True
) -> list[times.Stamp | None]:
    """What a field says in each row; without ``strict`` what is no time is nothing, for fields that may be used or not."""
    if key is None:
        return [None] * len(rows)
    # Most times are plain numbers, and there are many.
    number = times.Kind.NUMBER
    return [
        times.Stamp(number, value) if type(value := row.get(key)) is float and value == value else _stamp(doc, row, key, place, strict)
        for row, place in zip(rows, places, strict=True)
    ]


def _stamp(doc: Document, row: Mapping[str, Any], key: str, place: str, strict: bool) -> times.Stamp | None:
    value = row.get(key)
    if isinstance(value, list | tuple):
        # The start of each word: the first is the turn's.
        value = value[0] if value else None
    if value is None:
        return None
    try:
        return times.stamp(value)
    except (ValueError, TypeError):
        if not strict:
            return None
        raise doc.fail(
            f"the {key} {row.get(key)!r} is no time"[:160],
            at=place,
            remedy="Write seconds, hh:mm:ss or an ISO date and time, or leave it out.",
        ) from None


def word_list(doc: Document, words: object, zero: times.Zero, place: str) -> list[tuple[str, float, float]]:
    """Timed words as (text, start, end); a word without times is left to the turn's text.

    Raises:
        ReadError: a word's time is none.
    """
    found: list[tuple[str, float, float]] = []
    for index, word in enumerate(words if isinstance(words, list | tuple) else ()):
        if type(word) is dict or isinstance(word, Mapping):
            text_key, start_key, end_key, duration_key = _word_keys(tuple(word))
            text, start, end = word.get(text_key), word.get(start_key), word.get(end_key)
            duration = word.get(duration_key) if end is None else None
        elif isinstance(word, list | tuple) and len(word) >= 3:
            text, start, end, duration = word[0], word[1], word[2], None
        else:
            continue
        if not isinstance(text, str) or not (text := text.strip()):
            continue
        if type(start) is float and type(end) is float and zero.factor == 1.0 and not zero.origin:
            # Most words come so, and there are many.
            found.append((text, start, end))
            continue
        try:
            first, last = zero.seconds(times.stamp(start)), zero.seconds(times.stamp(end))
            lasts = times.stamp(duration)
        except (ValueError, TypeError):
            raise doc.fail(
                f"{word!r} has a time that is none", at=f"{place}[{index}]", remedy="Write seconds, or leave the times out."
            ) from None
        if last is None and first is not None and lasts is not None:
            last = first + lasts.value * (zero.factor if lasts.kind is times.Kind.NUMBER else 1.0)
        if first is not None and last is not None:
            found.append((text, first, last))
    return found


@lru_cache(maxsize=256)
def _word_keys(keys: tuple[str, ...]) -> tuple[str, str, str, str]:
    """The fields of a word's text, start, end and duration; an empty name for one that it lacks."""
    columns = Columns(keys)
    return next((k for k in names().word_text if k in keys), ""), columns.start or "", columns.end or "", columns.duration or ""
