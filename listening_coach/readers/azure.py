"""What Azure writes: batch and fast transcription, and the input of its conversation analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import times
from .models import Camel, build
from .parsed_call import ParsedCall
from .rows import speaker_name
from .source import Document
from .word_timing import align

_TICK = 1e-7


class _Timed(Camel):
    """A time in ticks, in milliseconds, or as an ISO duration; all versions of the service have one of them."""

    offset: str | float | None = None
    duration: str | float | None = None
    offset_in_ticks: float | None = None
    duration_in_ticks: float | None = None
    offset_milliseconds: float | None = None
    duration_milliseconds: float | None = None


class _Word(_Timed):
    word: str | None = None
    text: str | None = None
    display_text: str | None = None


class _Best(Camel):
    display: str | None = None
    lexical: str | None = None
    words: tuple[_Word, ...] | None = None
    display_words: tuple[_Word, ...] | None = None


class _Phrase(_Timed):
    n_best: tuple[_Best, ...] | None = None
    channel: int | None = None
    speaker: int | str | None = None
    recognition_status: str | None = None
    locale: str | None = None
    text: str | None = None
    words: tuple[_Word, ...] | None = None


class _Batch(Camel):
    recognized_phrases: tuple[_Phrase, ...]
    source: str | None = None


class _Fast(Camel):
    phrases: tuple[_Phrase, ...]


def is_batch(doc: Document) -> bool:
    """A list recognizedPhrases."""
    return isinstance(doc.value, dict) and isinstance(doc.value.get("recognizedPhrases"), list)


def is_fast(doc: Document) -> bool:
    """A list phrases beside combinedPhrases, or of texts with an offset in milliseconds."""
    value = doc.value
    if not isinstance(value, dict) or not isinstance(value.get("phrases"), list):
        return False
    timed = {"offsetMilliseconds", "durationMilliseconds", "offset"}
    return "combinedPhrases" in value or any(isinstance(p, dict) and "text" in p and timed & p.keys() for p in value["phrases"][:3])


def _span(doc: Document, value: _Timed, place: str) -> tuple[float | None, float | None]:
    """Start and end in seconds."""
    start = _seconds(doc, value.offset_in_ticks, value.offset_milliseconds, value.offset, f"{place}.offset")
    length = _seconds(doc, value.duration_in_ticks, value.duration_milliseconds, value.duration, f"{place}.duration")
    return start, None if start is None or length is None else round(start + length, 7)


def _seconds(doc: Document, ticks: float | None, millis: float | None, written: str | float | None, place: str) -> float | None:
    if ticks is not None:
        return round(ticks * _TICK, 7)
    if millis is not None:
        return millis / 1000
    if isinstance(written, int | float):
        # The first version of the fast service wrote milliseconds without saying so.
        return written / 1000
    try:
        stamp = times.stamp(written)
    except ValueError:
        raise doc.fail(f"{written!r} is no duration", at=place, remedy="Write it as PT1.2S.") from None
    return None if stamp is None else stamp.value * (1e-3 if stamp.kind is times.Kind.NUMBER else 1.0)


def batch(doc: Document) -> Iterator[ParsedCall]:
    """The call of a batch transcription, a turn a recognised phrase."""
    call = build(doc, doc.value, _Batch)
    two = len({p.channel for p in call.recognized_phrases}) > 1
    turns = []
    for index, phrase in enumerate(call.recognized_phrases):
        if not phrase.n_best:
            continue
        best = phrase.n_best[0]
        text = best.display or best.lexical or ""
        place = f"$.recognizedPhrases[{index}]"
        if text.strip() or phrase.recognition_status in (None, "Success"):
            words = best.display_words or best.words or ()
            turns.append(_turn(doc, phrase, text, words, f"{place}.nBest[0]", place, two))
    locale = next((p.locale for p in call.recognized_phrases if p.locale), None)
    yield ParsedCall(turns, metadata={"language": locale, "audio": call.source}, by_time=two)


def fast(doc: Document) -> Iterator[ParsedCall]:
    """The call of a fast transcription, a turn a phrase."""
    call = build(doc, doc.value, _Fast)
    two = len({p.channel for p in call.phrases}) > 1
    turns = []
    for index, phrase in enumerate(call.phrases):
        place = f"$.phrases[{index}]"
        turns.append(_turn(doc, phrase, phrase.text or "", phrase.words or (), place, place, two))
    yield ParsedCall(turns, metadata={"language": next((p.locale for p in call.phrases if p.locale), None)}, by_time=two)


def _turn(doc: Document, phrase: _Phrase, text: str, words: tuple[_Word, ...], words_place: str, place: str, two: bool) -> dict[str, Any]:
    start, end = _span(doc, phrase, place)
    timed = []
    for n, word in enumerate(words):
        first, last = _span(doc, word, f"{words_place}.words[{n}]")
        shown = word.display_text or word.text or word.word or ""
        if first is not None and last is not None and shown.strip():
            timed.append((shown.strip(), first, last))
    text = text.strip()
    speaker = None
    if two and phrase.channel is not None:
        speaker = speaker_name(phrase.channel, "channel")
    elif phrase.speaker is not None:
        speaker = speaker_name(phrase.speaker)
    elif phrase.channel is not None:
        speaker = speaker_name(phrase.channel, "channel")
    return {"place": place, "speaker": speaker, "text": text, "start": start, "end": end, "words": align(text, timed)}


class _Audio(Camel):
    word: str
    offset: float | None = None
    duration: float | None = None


class _ConversationItem(Camel):
    text: str | None = None
    display: str | None = None
    lexical: str | None = None
    participant_id: str | int | None = None
    role: str | None = None
    id: str | int | None = None
    audio_timings: tuple[_Audio, ...] | None = None
    word_level_timings: tuple[_Audio, ...] | None = None
    conversation_item_level_timing: _Audio | None = None


class _Conversation(Camel):
    conversation_items: tuple[_ConversationItem, ...]
    id: str | int | None = None
    language: str | None = None
    modality: str | None = None


def _conversations(value: Any) -> tuple[list[Any], str] | None:
    for path, holder in (("$.analysisInput", value.get("analysisInput")), ("$", value)):
        if isinstance(holder, dict) and isinstance(holder.get("conversations"), list):
            return holder["conversations"], f"{path}.conversations"
    return ([value], "") if isinstance(value.get("conversationItems"), list) else None


def is_conversation(doc: Document) -> bool:
    """Conversations with conversationItems, alone or as the input of an analysis."""
    found = _conversations(doc.value) if isinstance(doc.value, dict) else None
    return found is not None and any(isinstance(c, dict) and "conversationItems" in c for c in found[0][:3])


def conversation(doc: Document) -> Iterator[ParsedCall]:
    """The calls in the input of a conversation analysis."""
    found = _conversations(doc.value)
    for number, value in enumerate(found[0] if found else ()):
        path = f"{found[1]}[{number}]" if found and found[1] else "$"
        call = build(doc, value, _Conversation, at=path)
        turns = []
        for index, item in enumerate(call.conversation_items):
            place = f"{path}.conversationItems[{index}]"
            text = next((t for t in (item.text, item.display, item.lexical) if t), "")
            timed = [
                (w.word, w.offset * _TICK, (w.offset + w.duration) * _TICK)
                for w in item.audio_timings or item.word_level_timings or ()
                if w.offset is not None and w.duration is not None
            ]
            participant = item.participant_id if item.participant_id is not None else item.role
            turns.append(
                {
                    "place": place,
                    "speaker": None if participant is None else speaker_name(participant),
                    "role": item.role,
                    "text": text.strip(),
                    "words": align(text, timed),
                    "id": None if item.id is None else str(item.id),
                }
            )
        yield ParsedCall(turns, id=None if call.id is None else str(call.id), metadata={"language": call.language})
