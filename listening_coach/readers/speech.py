"""Further services: ElevenLabs, IBM Watson, Vosk and Kaldi, Gladia, Recall.ai, Gong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import times
from .models import Camel, Lax, build
from .parsed_call import ParsedCall
from .rows import speaker_name
from .source import Document
from .word_timing import Item, align, stretches

# ---------------------------------------------------------------------------------------------------------- ElevenLabs


class _ScribeWord(Lax):
    text: str
    start: float | None = None
    end: float | None = None
    type: str = "word"
    speaker_id: str | None = None
    channel_index: int | None = None


class _Scribe(Lax):
    words: tuple[_ScribeWord, ...]
    text: str | None = None
    language_code: str | None = None
    channel_index: int | None = None
    transcription_id: str | None = None


def is_elevenlabs(doc: Document) -> bool:
    """Words typed word, spacing or audio_event."""
    words = doc.value.get("words") if isinstance(doc.value, dict) else None
    return (
        isinstance(words, list)
        and bool(words)
        and isinstance(words[0], dict)
        and words[0].get("type") in ("word", "spacing", "audio_event")
    )


def elevenlabs(doc: Document) -> Iterator[ParsedCall]:
    """The call of ElevenLabs Scribe: a turn a stretch of one speaker's words."""
    call = build(doc, doc.value, _Scribe)
    items = [Item(w.text, w.start, w.end, w.speaker_id, place=f"$.words[{n}]") for n, w in enumerate(call.words) if w.type != "spacing"]
    turns = [s.record(speaker=s.key) for s in stretches(items)]
    yield ParsedCall(turns, id=call.transcription_id, metadata={"language": call.language_code})


# ---------------------------------------------------------------------------------------------------------- IBM Watson


class _WatsonAlternative(Lax):
    transcript: str
    timestamps: tuple[tuple[str, float, float], ...] | None = None


class _WatsonResult(Lax):
    alternatives: tuple[_WatsonAlternative, ...]
    final: bool = True


class _WatsonLabel(Lax, rename={"start": "from"}):
    start: float
    speaker: int | str


class _Watson(Lax):
    results: tuple[_WatsonResult, ...]
    speaker_labels: tuple[_WatsonLabel, ...] | None = None


def is_watson(doc: Document) -> bool:
    """Results with a final alternative and timestamps, or with speaker_labels beside."""
    results = doc.value.get("results") if isinstance(doc.value, dict) else None
    if (
        not isinstance(results, list)
        or not results
        or not isinstance(results[0], dict)
        or not isinstance(results[0].get("alternatives"), list)
    ):
        return False
    first = results[0]["alternatives"][0] if results[0]["alternatives"] else {}
    return "result_index" in doc.value or "final" in results[0] or (isinstance(first, dict) and "timestamps" in first)


def watson(doc: Document) -> Iterator[ParsedCall]:
    """The call of IBM Watson Speech to Text: a turn a result, or a turn a speaker where they are told apart."""
    call = build(doc, doc.value, _Watson)
    speakers = {label.start: label.speaker for label in call.speaker_labels or ()}
    turns: list[dict[str, Any]] = []
    for index, result in enumerate(call.results):
        if not result.final or not result.alternatives:
            continue
        place = f"$.results[{index}].alternatives[0]"
        best = result.alternatives[0]
        timed = best.timestamps or ()
        if speakers and timed:
            items = [Item(word, start, end, speakers.get(start), place=place) for word, start, end in timed]
            turns += [s.record(speaker=None if s.key is None else speaker_name(s.key)) for s in stretches(items)]
        elif best.transcript.strip():
            turns.append({"place": place, "text": best.transcript.strip(), "words": align(best.transcript, list(timed))})
    yield ParsedCall(turns)


# -------------------------------------------------------------------------------------------------------- Vosk and Kaldi


class _VoskWord(Lax):
    word: str
    start: float
    end: float


class _Vosk(Lax):
    text: str = ""
    result: tuple[_VoskWord, ...] | None = None


def _vosk_values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def is_vosk(doc: Document) -> bool:
    """Objects with a text and its result of words with conf."""
    values = _vosk_values(doc.value)
    return any(
        isinstance(v, dict)
        and isinstance(v.get("result"), list)
        and v["result"]
        and isinstance(v["result"][0], dict)
        and {"word", "start", "end"} <= v["result"][0].keys()
        for v in values[:5]
    )


def vosk(doc: Document) -> Iterator[ParsedCall]:
    """The call of Vosk: a turn an utterance."""
    turns = []
    for index, value in enumerate(_vosk_values(doc.value)):
        place = f"$[{index}]" if isinstance(doc.value, list) else "$"
        said = build(doc, value, _Vosk, at=place)
        timed = [(w.word, w.start, w.end) for w in said.result or ()]
        text = said.text.strip() or " ".join(w for w, _, _ in timed)
        if text:
            turns.append({"place": place, "text": text, "words": align(text, timed)})
    yield ParsedCall(turns)


# --------------------------------------------------------------------------------------------------------------- Gladia


class _GladiaWord(Lax):
    word: str
    start: float | None = None
    end: float | None = None


class _GladiaUtterance(Lax):
    text: str
    start: float | None = None
    end: float | None = None
    speaker: int | str | None = None
    channel: int | None = None
    words: tuple[_GladiaWord, ...] | None = None


class _GladiaTranscription(Lax):
    utterances: tuple[_GladiaUtterance, ...]
    languages: tuple[str, ...] | None = None


def _gladia_value(value: Any) -> tuple[Any, str] | None:
    for path in (("result", "transcription"), ("transcription",), ()):
        inner = value
        for key in path:
            inner = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get("utterances"), list) and ("full_transcript" in inner or "languages" in inner):
            return inner, ".".join(("$", *path))
    return None


def is_gladia(doc: Document) -> bool:
    """A transcription with utterances and the full_transcript."""
    return isinstance(doc.value, dict) and _gladia_value(doc.value) is not None


def gladia(doc: Document) -> Iterator[ParsedCall]:
    """The call of Gladia: a turn an utterance."""
    found = _gladia_value(doc.value)
    if found is None:
        raise doc.fail("it has no transcription with utterances", at="$", remedy="Save the whole answer of the service.")
    call = build(doc, found[0], _GladiaTranscription, at=found[1])
    two = len({u.channel for u in call.utterances}) > 1
    turns = []
    for index, said in enumerate(call.utterances):
        text = said.text.strip()
        name = (
            speaker_name(said.channel, "channel")
            if two and said.channel is not None
            else None
            if said.speaker is None
            else speaker_name(said.speaker)
        )
        words = [(w.word.strip(), w.start, w.end) for w in said.words or () if w.start is not None and w.end is not None and w.word.strip()]
        turns.append(
            {
                "place": f"{found[1]}.utterances[{index}]",
                "speaker": name,
                "text": text,
                "start": said.start,
                "end": said.end,
                "words": align(text, words),
            }
        )
    identifier = doc.value.get("id")
    yield ParsedCall(
        turns, id=identifier if isinstance(identifier, str) else None, metadata={"language": (call.languages or (None,))[0]}, by_time=two
    )


# ------------------------------------------------------------------------------------------------------------ Recall.ai


class _RecallTime(Lax):
    relative: float | None = None
    absolute: str | None = None


class _RecallWord(Lax):
    text: str
    start_timestamp: _RecallTime | float | None = None
    end_timestamp: _RecallTime | float | None = None


class _RecallParticipant(Lax):
    name: str | None = None
    id: int | str | None = None


class _RecallBlock(Lax):
    words: tuple[_RecallWord, ...]
    participant: _RecallParticipant | None = None
    speaker: str | None = None


def is_recall(doc: Document) -> bool:
    """A list of blocks with words that have a start_timestamp."""
    value = doc.value
    if (
        not isinstance(value, list)
        or not value
        or not isinstance(value[0], dict)
        or not ("participant" in value[0] or "speaker" in value[0])
    ):
        return False
    words = value[0].get("words")
    return isinstance(words, list) and bool(words) and isinstance(words[0], dict) and "start_timestamp" in words[0]


def recall(doc: Document) -> Iterator[ParsedCall]:
    """The call of a Recall.ai meeting: a turn a block."""
    turns = []
    started = None
    for index, block in enumerate(build(doc, doc.value, tuple[_RecallBlock, ...])):
        timed = [(w.text.strip(), _relative(w.start_timestamp), _relative(w.end_timestamp)) for w in block.words]
        first = block.words[0].start_timestamp if block.words else None
        if started is None and isinstance(first, _RecallTime):
            started = times.moment(first.absolute)
        who = block.participant or _RecallParticipant()
        turns.append(
            {
                "place": f"$[{index}]",
                "speaker": who.name or block.speaker or (None if who.id is None else speaker_name(who.id)),
                "text": " ".join(w for w, _, _ in timed if w),
                "words": [(w, a, b) for w, a, b in timed if w and a is not None and b is not None],
            }
        )
    yield ParsedCall(turns, started_at=started)


def _relative(value: _RecallTime | float | None) -> float | None:
    return value.relative if isinstance(value, _RecallTime) else value


# ----------------------------------------------------------------------------------------------------------------- Gong


class _GongSentence(Lax):
    text: str
    start: float | None = None
    end: float | None = None


class _GongMonologue(Camel):
    sentences: tuple[_GongSentence, ...]
    speaker_id: str | int | None = None
    topic: str | None = None


class _GongCall(Camel):
    transcript: tuple[_GongMonologue, ...]
    call_id: str | int | None = None


class _Gong(Camel):
    call_transcripts: tuple[_GongCall, ...]


def is_gong(doc: Document) -> bool:
    """A list callTranscripts."""
    return isinstance(doc.value, dict) and isinstance(doc.value.get("callTranscripts"), list)


def gong(doc: Document) -> Iterator[ParsedCall]:
    """The calls of Gong: a turn a monologue. Times are milliseconds."""
    for number, call in enumerate(build(doc, doc.value, _Gong).call_transcripts):
        turns = []
        for index, monologue in enumerate(call.transcript):
            starts = [s.start for s in monologue.sentences if s.start is not None]
            ends = [s.end for s in monologue.sentences if s.end is not None]
            turns.append(
                {
                    "place": f"$.callTranscripts[{number}].transcript[{index}]",
                    "speaker": None if monologue.speaker_id is None else speaker_name(monologue.speaker_id),
                    "text": " ".join(s.text.strip() for s in monologue.sentences),
                    "start": min(starts) / 1000 if starts else None,
                    "end": max(ends) / 1000 if ends else None,
                }
            )
        yield ParsedCall(turns, id=None if call.call_id is None else str(call.call_id))
