"""Turns from rows: mappings with the field names people use, as in JSON lists, CSV, spreadsheets and data frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ..transcript import Role
from . import times
from .parsed_call import ParsedCall
from .source import Document

# Field names in small letters with underscores, best first.
TEXT = (
    "text", "transcript", "utterance", "content", "message", "sentence", "transcription", "utterance_text", "message_text", "turn_text",
    "display_text", "human_transcript", "body", "speech", "dialogue", "phrase", "line", "caption", "said", "comment", "words", "turn", "value",
    "raw_text", "clean_text", "cleaned_text", "msg", "segment", "conversation_text", "transcript_text", "utt", "response",
)  # fmt: skip
SPEAKER = (
    "speaker", "speaker_name", "speaker_label", "speaker_id", "participant", "participant_name", "participant_id", "author", "sender",
    "sender_name", "name", "user", "user_name", "username", "from", "who", "person", "spk", "talker", "speaker_tag", "party", "party_name",
    "actor", "source", "role", "speaker_role", "channel", "channel_id", "channel_tag", "channel_index", "side",
)  # fmt: skip
ROLE = (
    "role", "speaker_role", "participant_role", "participant_type", "speaker_type", "sender_type", "author_type", "author_role", "user_type",
    "role_name", "party_role", "speaker_category", "sender_role", "user_role", "type", "purpose", "direction",
)  # fmt: skip
START = (
    "start", "start_time", "begin", "begin_time", "start_s", "start_sec", "start_secs", "start_seconds", "start_ms", "start_time_ms", "start_time_s",
    "start_millis", "start_offset", "begin_offset", "begin_offset_millis", "start_offset_ms", "offset", "offset_ms", "offset_seconds", "offset_s",
    "timestamp", "time", "time_stamp", "ts", "start_timestamp", "from_time", "time_start", "t_start", "xmin", "onset", "start_at", "started_at",
    "begin_s", "begin_ms", "timestamp_ms", "timestamp_s", "time_s", "time_ms", "time_seconds", "start_time_seconds", "start_time_millis", "time_in",
    "in", "created_at", "sent_at", "date_time", "datetime", "t0", "tmin", "start_sample_time", "start_position", "offset_millis", "offset_in_ticks",
    "offset_milliseconds", "start_milliseconds", "audio_start", "start_date", "turn_start",
)  # fmt: skip
END = (
    "end", "end_time", "stop", "stop_time", "finish", "end_s", "end_sec", "end_secs", "end_seconds", "end_ms", "end_time_ms", "end_time_s",
    "end_millis", "end_offset", "end_offset_millis", "end_offset_ms", "end_timestamp", "to_time", "time_end", "t_end", "xmax", "end_at", "ended_at",
    "end_time_seconds", "end_time_millis", "time_out", "out", "t1", "tmax", "stop_s", "stop_ms", "end_position", "end_milliseconds", "audio_end",
    "end_date", "turn_end",
)  # fmt: skip
DURATION = (
    "duration", "duration_s", "duration_sec", "duration_secs", "duration_seconds", "duration_ms", "duration_millis", "duration_milliseconds",
    "dur", "length_s", "length_ms", "duration_in_ticks", "length_seconds",
)  # fmt: skip
ID = (
    "id",
    "turn_id",
    "utterance_id",
    "segment_id",
    "message_id",
    "sentence_id",
    "uid",
    "index",
    "idx",
    "turn_index",
    "turn_no",
    "turn_number",
    "no",
)
CALL = (
    "call_id", "conversation_id", "callid", "conversation", "dialogue_id", "dialog_id", "dialogid", "transcript_id", "session_id", "interaction_id",
    "recording_id", "file_name", "filename", "file", "call", "conv_id", "root", "audio_id", "session", "ticket_id",
    "document_id", "doc_id", "chat_id", "thread_id", "meeting_id",
)  # fmt: skip
WORDS = ("words", "word_list", "tokens", "word_timings", "items", "word_timestamps", "word_segments", "word_level")
STARTED = (
    "started_at", "start_datetime", "call_date", "call_start", "call_start_time", "date", "datetime", "start_date", "created_at", "created", "timestamp",
    "start_time", "call_time", "call_datetime", "conversation_start", "recorded_at", "begin_time", "conversation_time",
)  # fmt: skip
LANGUAGE = ("language", "language_code", "lang", "locale")
# Each name's place in its list; a bare "type" is a role only where its value is one.
_RANKS = {
    kind: {name: rank for rank, name in enumerate(names) if (kind, name) != ("ROLE", "type")}
    for kind, names in {
        "TEXT": TEXT, "SPEAKER": SPEAKER, "ROLE": ROLE, "START": START, "END": END, "DURATION": DURATION, "ID": ID, "CALL": CALL, "WORDS": WORDS,
    }.items()
}  # fmt: skip
_WORD_TEXT = ("punctuated_word", "word", "text", "content", "value", "w", "token", "display", "t")


def plain_key(key: object) -> str:
    """A field's name in small letters with underscores: startTime, Start Time, START-TIME and "Start (s)" alike."""
    return _plain_key(str(key))


@lru_cache(maxsize=4096)
def _plain_key(key: str) -> str:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.strip().lstrip("\ufeff"))
    return re.sub(r"[^0-9a-z]+", "_", split.casefold()).strip("_")


class Columns:
    """Which field of a kind of row holds what."""

    def __init__(self, keys: Iterable[object], *, sample: Mapping[str, Any] | None = None) -> None:
        by_name: dict[str, str] = {}
        for key in keys:
            by_name.setdefault(plain_key(key), str(key))
        self.by_name = by_name
        taken: set[str] = set()

        def first(names: Mapping[str, int], accept: Any = None) -> str | None:
            ranked = sorted((names[name], key) for name, key in by_name.items() if name in names and key not in taken)
            for _, key in ranked:
                if accept is None or sample is None or accept(sample.get(key)):
                    taken.add(key)
                    return key
            return None

        self.words = first(_RANKS["WORDS"], lambda v: isinstance(v, list | tuple))
        self.text = first(_RANKS["TEXT"], _may_be_text)
        self.call = first(_RANKS["CALL"], lambda v: v is None or isinstance(v, str | int))
        self.start = first(_RANKS["START"], _may_be_time)
        self.end = first(_RANKS["END"], _may_be_time)
        self.duration = first(_RANKS["DURATION"], _may_be_time)
        self.role = first(_RANKS["ROLE"])
        if self.role is None and "type" in by_name and (sample is None or Role.of(sample.get(by_name["type"])) is not Role.UNKNOWN):
            self.role = by_name["type"]
        self.speaker = first(_RANKS["SPEAKER"]) or self.role
        self.id = first(_RANKS["ID"])


def _may_be_text(value: object) -> bool:
    if isinstance(value, list):
        return (
            bool(value)
            and all(isinstance(p, Mapping) and ("text" in p or p.get("type") in ("text", "image", "image_url")) for p in value)
            and any("text" in p and not ("start" in p or "start_time" in p) for p in value)
        )
    return value is None or isinstance(value, str | int | float)


def _may_be_time(value: object) -> bool:
    try:
        times.stamp(value)
    except (ValueError, TypeError):
        # Text in a field called "start" is an error worth naming; a mapping or a list there is another format.
        return isinstance(value, str)
    return True


def draft(
    doc: Document,
    rows: Sequence[Mapping[str, Any]],
    places: Sequence[str],
    *,
    columns: Columns,
    default_unit: float | None = None,
    call: str | None = None,
) -> ParsedCall:
    """One call from its rows; ``places`` says where each row stands, for errors.

    Raises:
        ReadError: a row lacks its text, or a time is none.
    """
    if columns.text is None and columns.words is None:
        raise doc.fail(
            f"no field holds the text; there are {', '.join(columns.by_name.values()) or 'none'}",
            at=places[0] if places else "",
            remedy="Name it text, transcript, utterance, content or message.",
        )
    starts, ends, durations = (_stamps(doc, rows, key, places) for key in (columns.start, columns.end, columns.duration))
    letters = sum(len(str(row.get(columns.text) or "")) for row in rows) if columns.text else 0
    unit = times.unit_of(columns.start) if columns.start else None
    unit = default_unit if unit is None else unit
    known = [s for s in starts if s is not None]
    zero = times.zero(known, letters, unit, [e for e in ends if e is not None and e.kind is times.Kind.NUMBER])
    end_unit = times.unit_of(columns.end) if columns.end else None
    end_zero = zero._replace(factor=end_unit) if end_unit and not zero.origin else zero
    duration_unit = (times.unit_of(columns.duration) if columns.duration else None) or (
        zero.factor if zero.factor < 1 and not zero.origin else 1.0
    )
    records: list[dict[str, Any]] = []
    names: dict[Any, str] = {}
    for row, place, start, end, duration in zip(rows, places, starts, ends, durations, strict=True):
        record: dict[str, Any] = {"place": place, "text": _text(doc, row, columns, place)}
        if columns.speaker is not None and _said(said := row.get(columns.speaker)):
            if type(said) is not str:
                record["speaker"] = speaker_name(said, columns.speaker)
            elif (name := names.get(said)) is not None:
                record["speaker"] = name
            else:
                record["speaker"] = names[said] = speaker_name(said, columns.speaker)
        if columns.role is not None and _said(said := row.get(columns.role)) and Role.of(said) is not Role.UNKNOWN:
            record["role"] = str(said)
        record["start"] = None if start is None else zero.seconds(start)
        record["end"] = None if end is None else end_zero.seconds(end)
        if record["end"] is None and duration is not None and record["start"] is not None:
            record["end"] = record["start"] + duration.value * (duration_unit if duration.kind is times.Kind.NUMBER else 1.0)
        if columns.words is not None and row.get(columns.words):
            record["words"] = word_list(doc, row[columns.words], zero, f"{place}.{columns.words}")
            if "text" not in row and not record["text"]:
                record["text"] = " ".join(w[0] for w in record["words"])
        if columns.id is not None and _said(row.get(columns.id)):
            record["id"] = str(row[columns.id])
        records.append(record)
    return ParsedCall(records, id=call, started_at=zero.date)


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
    if text.isdigit():
        return f"channel {text}" if "channel" in plain_key(key) else f"speaker {text}"
    return text


def _text(doc: Document, row: Mapping[str, Any], columns: Columns, place: str) -> str:
    if columns.text is None or columns.text not in row:
        if columns.words is not None and row.get(columns.words):
            return ""
        raise doc.fail(
            f"the text is missing ({columns.text or 'text'})", at=place, remedy="Give every turn a text, if only an empty string."
        )
    value = row[columns.text]
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(part, str | Mapping) for part in value):
        # A message in parts, as chats with a model have: its texts, without its pictures.
        parts = [part if isinstance(part, str) else part.get("text") for part in value]
        return " ".join(part.strip() for part in parts if isinstance(part, str))
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise doc.fail(f"the text is {value!r}", at=f"{place}.{columns.text}", remedy="Give every turn a text, if only an empty string.")
    # A spreadsheet makes a number of a turn such as "42".
    return str(int(value)) if value == int(value) else str(value)


def _stamps(doc: Document, rows: Sequence[Mapping[str, Any]], key: str | None, places: Sequence[str]) -> list[times.Stamp | None]:
    if key is None:
        return [None] * len(rows)
    # Most times are plain numbers, and there are many.
    number = times.Kind.NUMBER
    return [
        times.Stamp(number, value) if type(value := row.get(key)) is float and value == value else _stamp(doc, row, key, place)
        for row, place in zip(rows, places, strict=True)
    ]


def _stamp(doc: Document, row: Mapping[str, Any], key: str, place: str) -> times.Stamp | None:
    value = row.get(key)
    if value is None:
        return None
    try:
        return times.stamp(value)
    except (ValueError, TypeError):
        raise doc.fail(
            f"the {key} {row.get(key)!r} is no time", at=place, remedy="Write seconds, hh:mm:ss or an ISO date and time, or leave it out."
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
    return next((k for k in _WORD_TEXT if k in keys), ""), columns.start or "", columns.end or "", columns.duration or ""
