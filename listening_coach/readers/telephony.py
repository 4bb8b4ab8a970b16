"""What phone systems write: Twilio Voice Intelligence, Genesys Cloud, Harper Valley."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import times
from .models import Camel, Lax, build
from .parsed_call import ParsedCall
from .rows import speaker_name
from .source import Document
from .word_timing import align

# -------------------------------------------------------------------------------------------- Twilio Voice Intelligence


class _TwilioWord(Lax):
    word: str
    start_time: float | None = None
    end_time: float | None = None


class _Sentence(Lax):
    transcript: str
    media_channel: int | None = None
    sentence_index: int | None = None
    start_time: float | None = None
    end_time: float | None = None
    sid: str | None = None
    words: tuple[_TwilioWord, ...] | None = None


class _TwilioParticipant(Lax):
    channel_participant: int | None = None
    role: str | None = None
    full_name: str | None = None


class _TwilioChannel(Lax):
    participants: tuple[_TwilioParticipant, ...] | None = None


class _Twilio(Lax):
    sentences: tuple[_Sentence, ...]
    channel: _TwilioChannel | None = None
    sid: str | None = None
    transcript_sid: str | None = None


def _twilio_value(value: Any) -> Any:
    """The object with the sentences; a bare list of them counts as one."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "media_channel" in value[0] and "transcript" in value[0]:
        return {"sentences": value}
    return value


def is_twilio(doc: Document) -> bool:
    """Sentences with a media_channel."""
    value = _twilio_value(doc.value)
    sentences = value.get("sentences") if isinstance(value, dict) else None
    return isinstance(sentences, list) and any(
        isinstance(s, dict) and "transcript" in s and ("media_channel" in s or "sentence_index" in s) for s in sentences[:3]
    )


def twilio(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn a sentence, its channel the speaker; which channel is the agent's depends on who called whom."""
    call = build(doc, _twilio_value(doc.value), _Twilio)
    people = {p.channel_participant: p for p in (call.channel.participants if call.channel else None) or ()}
    turns = []
    for index, said in enumerate(call.sentences):
        text = said.transcript.strip()
        person = people.get(said.media_channel) or _TwilioParticipant()
        channel = None if said.media_channel is None else speaker_name(said.media_channel, "channel")
        turns.append(
            {
                "place": f"$.sentences[{index}]",
                "speaker": person.full_name or person.role or channel,
                "role": person.role,
                "text": text,
                "start": said.start_time,
                "end": said.end_time,
                "words": align(
                    text,
                    [(w.word, w.start_time, w.end_time) for w in said.words or () if w.start_time is not None and w.end_time is not None],
                ),
                "id": said.sid,
            }
        )
    timed = all(t["start"] is not None for t in turns)
    if not timed and all(s.sentence_index is not None for s in call.sentences):
        turns = [t for _, t in sorted(zip([s.sentence_index or 0 for s in call.sentences], turns, strict=True), key=lambda pair: pair[0])]
    yield ParsedCall(turns, id=call.transcript_sid or call.sid, by_time=timed)


# -------------------------------------------------------------------------------------------------------- Genesys Cloud


class _GenesysWord(Camel):
    word: str
    start_time_ms: float | None = None
    offset_ms: float | None = None
    offset: Any = None
    duration: Any = None
    duration_ms: float | None = None


class _GenesysPhrase(Camel):
    text: str | None = None
    decorated_text: str | None = None
    participant_purpose: str | None = None
    start_time_ms: float | None = None
    offset_ms: float | None = None
    offset: Any = None
    duration: Any = None
    duration_ms: float | None = None
    phrase_index: int | None = None
    words: tuple[_GenesysWord, ...] | None = None


class _GenesysTranscript(Camel):
    phrases: tuple[_GenesysPhrase, ...] | None = None
    transcript_id: str | None = None
    language: str | None = None
    analytics: dict[str, Any] | None = None


class _GenesysParticipant(Camel):
    participant_purpose: str | None = None
    start_time_ms: float | None = None
    end_time_ms: float | None = None
    user_id: str | None = None


class _Genesys(Camel):
    transcripts: tuple[_GenesysTranscript, ...]
    participants: tuple[_GenesysParticipant, ...] | None = None
    conversation_id: str | None = None
    communication_id: str | None = None
    conversation_start_time: float | None = None
    media_type: str | None = None


_PURPOSES = {"internal": "agent", "external": "customer", "user": "agent", "agent": "agent", "customer": "customer"}
_MACHINES = ("ivr", "acd", "voicemail", "fax", "workflow", "bot")


def is_genesys(doc: Document) -> bool:
    """Transcripts with phrases that have a participantPurpose, or a conversation's ids beside."""
    value = doc.value
    if not isinstance(value, dict) or not isinstance(value.get("transcripts"), list):
        return False
    phrased = any(isinstance(t, dict) and isinstance(t.get("phrases"), list) for t in value["transcripts"])
    return phrased or {"conversationId", "communicationId"} <= value.keys()


def genesys(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn a phrase, the agent internal and the customer external; parts of an IVR or queue are other's."""
    call = build(doc, doc.value, _Genesys)
    phrases = [(n, m, p) for n, t in enumerate(call.transcripts) for m, p in enumerate(t.phrases or ())]
    spoken = [(n, m, p) for n, m, p in phrases if (p.decorated_text or p.text or "").strip()]
    starts = [_genesys_start(p.start_time_ms, p.offset_ms, p.offset) for _, _, p in spoken]
    known = [times.Stamp(times.Kind.NUMBER, s) for s in starts if s is not None]
    origin = call.conversation_start_time
    if origin is not None and known and min(s.value for s in known) >= origin > 1e11:
        known.append(times.Stamp(times.Kind.NUMBER, origin))
    zero = times.zero(known, 0, 1e-3)
    turns = []
    for (n, m, phrase), start_ms in zip(spoken, starts, strict=True):
        place = f"$.transcripts[{n}].phrases[{m}]"
        text = phrase.decorated_text or phrase.text or ""
        start = None if start_ms is None else zero.seconds(times.Stamp(times.Kind.NUMBER, start_ms))
        length = _genesys_length(phrase.duration_ms, phrase.duration)
        timed = []
        for word in phrase.words or ():
            at, lasts = _genesys_start(word.start_time_ms, word.offset_ms, word.offset), _genesys_length(word.duration_ms, word.duration)
            if at is not None and lasts is not None:
                first = zero.seconds(times.Stamp(times.Kind.NUMBER, at)) or 0.0
                # Words may count from the phrase's start while the phrase counts from 1970.
                first = first if at > 1e11 or not zero.origin or start is None else start + at / 1000
                timed.append((word.word, round(first, 6), round(first + lasts, 6)))
        purpose = _machine(call, phrase, start_ms) or phrase.participant_purpose
        text = text.strip()
        turns.append(
            {
                "place": place,
                "speaker": purpose,
                "role": _PURPOSES.get((purpose or "").casefold(), purpose),
                "text": text,
                "start": start,
                "end": None if start is None or length is None else round(start + length, 6),
                "words": align(text, timed),
                "id": None if phrase.phrase_index is None else str(phrase.phrase_index),
            }
        )
    analytics = {k: v for t in call.transcripts for k, v in (t.analytics or {}).items() if v}
    draft = ParsedCall(turns, id=call.conversation_id, started_at=zero.date or times.moment(origin), by_time=bool(known))
    draft.metadata = {
        "language": next((t.language for t in call.transcripts if t.language), None),
        "communication_id": call.communication_id,
        "agent": next((p.user_id for p in call.participants or () if p.user_id), None),
        **({"vendor": analytics} if analytics else {}),
    }
    yield draft


def _machine(call: _Genesys, phrase: _GenesysPhrase, start_ms: float | None) -> str | None:
    """The IVR or queue that spoke, where the participants tell that only it was on the line's inner side then."""
    if start_ms is None or (phrase.participant_purpose or "").casefold() != "internal":
        return None
    there = [
        (p.participant_purpose or "").casefold()
        for p in call.participants or ()
        if p.start_time_ms is not None and p.end_time_ms is not None and p.start_time_ms <= start_ms < p.end_time_ms
    ]
    inner = [p for p in there if p not in ("external", "customer")]
    return inner[0] if len(inner) == 1 and inner[0] in _MACHINES else None


def _genesys_start(start_ms: float | None, offset_ms: float | None, offset: Any) -> float | None:
    return start_ms if start_ms is not None else (offset_ms if offset_ms is not None else _milliseconds(offset))


def _genesys_length(duration_ms: float | None, duration: Any) -> float | None:
    found = duration_ms if duration_ms is not None else _milliseconds(duration)
    return None if found is None else found / 1000


def _milliseconds(value: Any) -> float | None:
    """A number of milliseconds, or an object with milliseconds and nanos."""
    if isinstance(value, Mapping):
        whole = value.get("milliseconds", value.get("totalMilliseconds", value.get("millis")))
        seconds = value.get("seconds")
        if isinstance(whole, int | float):
            return float(whole)
        return float(seconds) * 1000 if isinstance(seconds, int | float) else None
    if isinstance(value, str):
        try:
            stamp = times.stamp(value)
        except ValueError:
            return None
        return None if stamp is None else stamp.value * (1.0 if stamp.kind is times.Kind.NUMBER else 1000.0)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


# -------------------------------------------------------------------------------------------------------- Harper Valley


class _Harper(Lax):
    speaker_role: str
    transcript: str | None = None
    human_transcript: str | None = None
    channel_index: int | None = None
    index: int | None = None
    offset_ms: float | None = None
    start_ms: float | None = None
    duration_ms: float | None = None
    start_timestamp_ms: float | None = None
    word_offsets_ms: tuple[float, ...] | None = None
    word_durations_ms: tuple[float, ...] | None = None


def is_harper_valley(doc: Document) -> bool:
    """A list of segments with a speaker_role and the offsets of the words."""
    value = doc.value
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and {"speaker_role", "word_offsets_ms"} <= value[0].keys()


def harper_valley(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn a segment, the text as people corrected it, with the times of the words that were recognised."""
    segments = build(doc, doc.value, tuple[_Harper, ...])
    turns = []
    for index, segment in enumerate(segments):
        place = f"$[{index}]"
        text = segment.human_transcript or segment.transcript or ""
        # The offset in the recording, not in the conversation: the two speakers' "start" count from different moments.
        offset = segment.offset_ms if segment.offset_ms is not None else segment.start_ms
        start = None if offset is None else offset / 1000
        words = []
        lengths = segment.word_durations_ms or ()
        recognised = (segment.transcript or text).split()
        if start is not None and len(recognised) == len(segment.word_offsets_ms or ()) == len(lengths):
            words = [
                (word, round(start + at / 1000, 6), round(start + (at + length) / 1000, 6))
                for word, at, length in zip(recognised, segment.word_offsets_ms or (), lengths, strict=True)
            ]
        turns.append(
            {
                "place": place,
                "speaker": segment.speaker_role,
                "text": text.strip(),
                "start": start,
                "end": None if start is None or segment.duration_ms is None else round(start + segment.duration_ms / 1000, 6),
                "words": align(text, words),
                "id": None if segment.index is None else str(segment.index),
            }
        )
    first = next(
        ((s.start_timestamp_ms, s.offset_ms) for s in segments if s.start_timestamp_ms is not None and s.offset_ms is not None), None
    )
    started = None if first is None else times.moment(first[0] - first[1])
    yield ParsedCall(turns, started_at=started, by_time=all(t["start"] is not None for t in turns))
