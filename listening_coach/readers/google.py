"""What Google writes: Speech-to-Text v1 and v2, and Contact Center AI conversations, uploaded and exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ..safe_text import excerpt
from . import times
from .models import Lax, build
from .parsed_call import ParsedCall
from .rows import speaker_name
from .source import Document
from .word_timing import Item, align, stretches

# Fields are likeThis in JSON and like_this where a client library wrote it, so keys are brought to one form first.
_SNAKE = {
    "startTime": "start_time", "endTime": "end_time", "startOffset": "start_time", "endOffset": "end_time", "start_offset": "start_time",
    "end_offset": "end_time", "speakerTag": "speaker", "speaker_tag": "speaker", "speakerLabel": "speaker", "speaker_label": "speaker",
    "channelTag": "channel_tag", "languageCode": "language_code", "resultEndTime": "end_time", "resultEndOffset": "end_time",
    "result_end_time": "end_time", "result_end_offset": "end_time", "transcriptSegments": "transcript_segments", "messageTime": "message_time",
    "segmentParticipant": "segment_participant", "userId": "user_id", "agentId": "agent_id", "callMetadata": "call_metadata",
    "customerChannel": "customer_channel", "agentChannel": "agent_channel", "startTimestampUsec": "start_timestamp_usec",
}  # fmt: skip


def _snake(value: Any) -> Any:
    if isinstance(value, dict):
        return {_SNAKE.get(k, k): _snake(v) for k, v in value.items()}
    return [_snake(v) for v in value] if isinstance(value, list) else value


def _seconds(doc: Document, value: Any, place: str) -> float | None:
    """A duration as "1.200s", as seconds and nanos, or as a number."""
    if isinstance(value, Mapping):
        try:
            return float(value.get("seconds") or 0) + float(value.get("nanos") or 0) * 1e-9
        except (TypeError, ValueError, OverflowError):
            raise doc.fail(f"{excerpt(value)} is no duration", at=place, remedy="Write seconds and nanos, or '1.200s'.") from None
    try:
        stamp = times.stamp(value)
    except (TypeError, ValueError):
        raise doc.fail(f"{excerpt(value)} is no duration", at=place, remedy="Write it as '1.200s'.") from None
    return None if stamp is None else stamp.value


class _Word(Lax):
    word: str
    start_time: Any = None
    end_time: Any = None
    speaker: str | int | None = None


class _Alternative(Lax):
    transcript: str | None = None
    words: tuple[_Word, ...] | None = None


class _Result(Lax):
    alternatives: tuple[_Alternative, ...] | None = None
    channel_tag: int | None = None
    end_time: Any = None
    language_code: str | None = None


class _Speech(Lax):
    results: tuple[_Result, ...]


def _results(value: Any) -> tuple[Any, str] | None:
    """The object with the list of results, and its path: as it is, an operation's response, or a batch's file."""
    for path, inner in (("$", value), *((f"$.{k}", value.get(k)) for k in ("response", "transcript", "result") if isinstance(value, dict))):
        if not isinstance(inner, dict):
            continue
        results = inner.get("results")
        if isinstance(results, list) and any(isinstance(r, dict) and _is_result(r) for r in results[:20]):
            return inner, path
        if isinstance(results, dict) and results and all(isinstance(f, dict) for f in results.values()):
            # A batch: results by file, each with its transcript inside.
            for name, file in results.items():
                found = _results(file.get("inlineResult", file)) if len(results) == 1 else None
                if found:
                    return found[0], f"{path}.results[{name!r}]"
    return None


def _is_result(result: Mapping[str, Any]) -> bool:
    alternatives = result.get("alternatives")
    if not isinstance(alternatives, list) or "final" in result or "type" in result:
        return False
    first = alternatives[0] if alternatives else {}
    return isinstance(first, dict) and ("transcript" in first or "words" in first) and "timestamps" not in first


def is_speech(doc: Document) -> bool:
    """A list results of alternatives with a transcript or words each."""
    return isinstance(doc.value, dict) and "speaker_labels" not in doc.value and _results(doc.value) is not None


def speech(doc: Document) -> Iterator[ParsedCall]:
    """The call of a recognition: a turn a result, or a turn a speaker where words name speakers."""
    found = _results(doc.value)
    if found is None:
        raise doc.fail("it has no list results with alternatives", at="$", remedy="Save the recognition's whole answer.")
    value, path = found
    call = build(doc, _snake(value), _Speech, at=path)
    results = [(n, r, r.alternatives[0]) for n, r in enumerate(call.results) if r.alternatives]
    last = results[-1] if results else None
    turns: list[dict[str, Any]] = []
    if last is not None and _sums_up(results):
        # Version 1 tells speakers apart at the end: its last result lists all words again, each with its speaker.
        turns = _by_speaker(doc, last[2], f"{path}.results[{last[0]}].alternatives[0]", last[1].channel_tag)
    else:
        for number, result, best in results:
            place = f"{path}.results[{number}].alternatives[0]"
            if any(w.speaker for w in best.words or ()):
                turns += _by_speaker(doc, best, place, result.channel_tag)
            elif (best.transcript or "").strip() or best.words:
                turns.append(_as_shown(doc, result, best, place))
    _in_seconds(turns, [w.start_time for _, _, best in results for w in best.words or ()])
    channels = {r.channel_tag for _, r, _ in results if r.channel_tag}
    language = next((r.language_code for _, r, _ in results if r.language_code), None)
    yield ParsedCall(turns, metadata={"language": language}, by_time=len(channels) > 1)


def _in_seconds(turns: list[dict[str, Any]], written: list[Any]) -> None:
    """Makes seconds of bare numbers that are milliseconds, as services with Google's interface write them."""
    numbers = [times.Stamp(times.Kind.NUMBER, float(v)) for v in written if isinstance(v, int | float) and not isinstance(v, bool)]
    if not numbers or len(numbers) < sum(v is not None for v in written):
        return
    factor = times.zero(numbers, sum(len(turn["text"]) for turn in turns)).factor
    if factor == 1.0:
        return
    for turn in turns:
        turn["words"] = [(text, round(start * factor, 6), round(end * factor, 6)) for text, start, end in turn.get("words") or ()]
        for key in ("start", "end"):
            if turn.get(key) is not None:
                turn[key] = round(turn[key] * factor, 6)


def _sums_up(results: list[tuple[int, _Result, _Alternative]]) -> bool:
    """Whether the last result repeats the words of those before it, to say who spoke them."""
    *before, (_, _, last) = results
    words = last.words or ()
    if not before or not words or not any(w.speaker for w in words):
        return False
    first = before[0][2].words or ()
    if first:
        return (words[0].word, words[0].start_time) == (first[0].word, first[0].start_time)
    earlier = sum(len((a.transcript or "").split()) for _, _, a in before)
    return len(words) >= earlier > 0


def _timed(doc: Document, best: _Alternative, place: str) -> list[tuple[_Word, float | None, float | None]]:
    found = []
    for n, word in enumerate(best.words or ()):
        at = f"{place}.words[{n}]"
        end = _seconds(doc, word.end_time, at)
        # Nil is left out where a client library wrote the file.
        start = _seconds(doc, word.start_time, at) if word.start_time is not None else (0.0 if end is not None else None)
        found.append((word, start, end))
    return found


def _by_speaker(doc: Document, best: _Alternative, place: str, channel: int | None) -> list[dict[str, Any]]:
    items = [
        Item(w.word.replace("▁", " "), start, end, w.speaker, place=f"{place}.words[{n}]")
        for n, (w, start, end) in enumerate(_timed(doc, best, place))
    ]
    return [s.record(speaker=_name(s.key, channel)) for s in stretches(items)]


def _as_shown(doc: Document, result: _Result, best: _Alternative, place: str) -> dict[str, Any]:
    timed = [(w.word, start, end) for w, start, end in _timed(doc, best, place) if start is not None and end is not None]
    text = (best.transcript or " ".join(w for w, _, _ in timed)).strip()
    return {
        "place": place,
        "speaker": _name(None, result.channel_tag),
        "text": text,
        "words": align(text, timed),
        "end": None if timed else _seconds(doc, result.end_time, place),
    }


def _name(speaker: str | int | None, channel: int | None) -> str | None:
    if speaker not in (None, "", 0):
        return speaker_name(speaker)
    return speaker_name(channel, "channel") if channel else None


# ------------------------------------------------------------------------------------------------- Contact Center AI

_ROLES = {
    "HUMAN_AGENT": "agent", "AGENT": "agent", "END_USER": "customer", "CUSTOMER": "customer", "AUTOMATED_AGENT": "other", "ANY_AGENT": "agent",
}  # fmt: skip


class _Entry(Lax):
    text: str
    role: str | None = None
    user_id: str | int | None = None
    start_timestamp_usec: float | None = None


class _Upload(Lax):
    entries: tuple[_Entry, ...]
    conversation_info: dict[str, Any] | None = None


def is_ccai_upload(doc: Document) -> bool:
    """A list entries of texts with a role or a start in microseconds."""
    entries = doc.value.get("entries") if isinstance(doc.value, dict) else None
    return isinstance(entries, list) and any(
        isinstance(e, dict) and "text" in e and {"role", "user_id", "start_timestamp_usec"} & e.keys() for e in entries[:3]
    )


def ccai_upload(doc: Document) -> Iterator[ParsedCall]:
    """A conversation as it is uploaded to Contact Center AI."""
    call = build(doc, _snake(doc.value), _Upload)
    stamps = [None if e.start_timestamp_usec is None else times.Stamp(times.Kind.NUMBER, e.start_timestamp_usec) for e in call.entries]
    zero = times.zero([s for s in stamps if s is not None], 0, 1e-6)
    turns = [
        {
            "place": f"$.entries[{n}]",
            "speaker": entry.role or speaker_name(entry.user_id if entry.user_id is not None else "unknown"),
            "role": _ROLES.get(entry.role or ""),
            "text": entry.text.strip(),
            "start": zero.seconds(stamp),
        }
        for n, (entry, stamp) in enumerate(zip(call.entries, stamps, strict=True))
    ]
    about = call.conversation_info or {}
    info = about if isinstance(about, dict) else {}
    yield ParsedCall(
        turns,
        id=_text(info.get("conversation_id")),
        started_at=zero.date,
        metadata={k: v for k, v in info.items() if k != "conversation_id"},
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


class _Participant(Lax):
    role: str | None = None
    user_id: str | int | None = None


class _Segment(Lax):
    text: str = ""
    words: tuple[_Word, ...] | None = None
    message_time: Any = None
    channel_tag: int | None = None
    segment_participant: _Participant | None = None


class _Segments(Lax):
    transcript_segments: tuple[_Segment, ...]


class _CallMetadata(Lax):
    customer_channel: int | None = None
    agent_channel: int | None = None


class _Conversation(Lax):
    transcript: _Segments
    name: str | None = None
    start_time: Any = None
    language_code: str | None = None
    agent_id: str | None = None
    call_metadata: _CallMetadata | None = None
    labels: dict[str, Any] = msgspec.field(default_factory=dict)


def is_ccai_conversation(doc: Document) -> bool:
    """An object transcript with transcriptSegments."""
    transcript = doc.value.get("transcript") if isinstance(doc.value, dict) else None
    return isinstance(transcript, dict) and isinstance(transcript.get("transcriptSegments", transcript.get("transcript_segments")), list)


def ccai_conversation(doc: Document) -> Iterator[ParsedCall]:
    """A conversation as Contact Center AI exports it."""
    call = build(doc, _snake(doc.value), _Conversation)
    channels = call.call_metadata or _CallMetadata()
    started = times.moment(call.start_time)
    turns: list[dict[str, Any]] = []
    dates: list[times.Stamp | None] = []
    for n, segment in enumerate(call.transcript.transcript_segments):
        place = f"$.transcript.transcriptSegments[{n}]"
        best = _Alternative(segment.text, segment.words)
        timed = [(w.word, start, end) for w, start, end in _timed(doc, best, place) if start is not None and end is not None]
        participant = segment.segment_participant or _Participant()
        role = _ROLES.get(participant.role or "") or _channel_role(segment.channel_tag, channels)
        said = times.moment(segment.message_time)
        dates.append(None if said is None else times.stamp(said))
        speaker = participant.role or (speaker_name(segment.channel_tag, "channel") if segment.channel_tag else None)
        words = align(segment.text, timed)
        turns.append({"place": place, "speaker": speaker, "role": role, "text": segment.text.strip(), "words": words})
    known = [d for d in dates if d is not None]
    if known and not any(t["words"] for t in turns):
        first = times.stamp(started)
        zero = times.zero([first, *known] if first is not None else known, 0)
        for turn, date in zip(turns, dates, strict=True):
            turn["start"] = zero.seconds(date)
        started = started or zero.date
    draft = ParsedCall(turns, id=(call.name or "").rsplit("/", 1)[-1] or None, started_at=started)
    draft.by_time = len({s.channel_tag for s in call.transcript.transcript_segments}) > 1
    draft.metadata = {"language": call.language_code, "agent": call.agent_id, "labels": call.labels or None}
    yield draft


def _channel_role(tag: int | None, channels: _CallMetadata) -> str | None:
    if tag is None or tag == 0:
        return None
    return {channels.agent_channel: "agent", channels.customer_channel: "customer"}.get(tag)
