"""What Deepgram writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .models import Lax, build
from .parsed_call import ParsedCall
from .rows import speaker_name
from .source import Document
from .word_timing import CHANNEL_PAUSE_S, Item, align, stretches


class _Word(Lax):
    word: str
    start: float | None = None
    end: float | None = None
    punctuated_word: str | None = None
    speaker: int | str | None = None


class _Utterance(Lax):
    transcript: str
    start: float | None = None
    end: float | None = None
    channel: int | None = None
    speaker: int | str | None = None
    words: tuple[_Word, ...] | None = None
    id: str | None = None


class _Alternative(Lax):
    transcript: str = ""
    words: tuple[_Word, ...] | None = None


class _Channel(Lax):
    alternatives: tuple[_Alternative, ...] | None = None
    detected_language: str | None = None


class _Results(Lax):
    channels: tuple[_Channel, ...] | None = None
    utterances: tuple[_Utterance, ...] | None = None


class _Metadata(Lax):
    request_id: str | None = None
    created: str | None = None


class _Deepgram(Lax):
    results: _Results
    metadata: _Metadata | None = None


def is_deepgram(doc: Document) -> bool:
    """An object results with channels of alternatives, or with utterances."""
    results = doc.value.get("results") if isinstance(doc.value, dict) else None
    return isinstance(results, dict) and (isinstance(results.get("channels"), list) or isinstance(results.get("utterances"), list))


def deepgram(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn an utterance; without utterances, a turn a stretch of one speaker's words."""
    call = build(doc, doc.value, _Deepgram)
    channels = call.results.channels or ()
    turns = _utterances(call.results.utterances, len(channels) > 1) if call.results.utterances else _from_words(channels)
    language = next((c.detected_language for c in channels if c.detected_language), None)
    yield ParsedCall(
        turns, id=call.metadata.request_id if call.metadata else None, metadata={"language": language}, by_time=len(channels) > 1
    )


def _shown(word: _Word) -> str:
    return word.punctuated_word or word.word


def _name(speaker: int | str | None, channel: int | None, two: bool) -> str | None:
    if speaker is not None and not two:
        return speaker_name(speaker)
    if channel is not None and two:
        return speaker_name(channel, "channel")
    return None if speaker is None else speaker_name(speaker)


def _utterances(utterances: tuple[_Utterance, ...], two: bool) -> list[dict[str, Any]]:
    turns = []
    for index, said in enumerate(utterances):
        words = [(_shown(w), w.start, w.end) for w in said.words or () if w.start is not None and w.end is not None]
        text = said.transcript.strip()
        turns.append(
            {
                "place": f"$.results.utterances[{index}]",
                "speaker": _name(said.speaker, said.channel, two),
                "text": text,
                "start": said.start,
                "end": said.end,
                "words": align(text, words),
                "id": said.id,
            }
        )
    return turns


def _from_words(channels: tuple[_Channel, ...]) -> list[dict[str, Any]]:
    two = len(channels) > 1
    turns: list[dict[str, Any]] = []
    for number, channel in enumerate(channels):
        if not channel.alternatives:
            continue
        best = channel.alternatives[0]
        place = f"$.results.channels[{number}].alternatives[0]"
        if not best.words:
            if best.transcript.strip():
                turns.append({"place": place, "speaker": _name(None, number, two), "text": best.transcript.strip()})
            continue
        items = [Item(_shown(w), w.start, w.end, w.speaker, place=f"{place}.words[{n}]") for n, w in enumerate(best.words)]
        turns += [s.record(speaker=_name(s.key, number, two)) for s in stretches(items, pause_s=CHANNEL_PAUSE_S if two else None)]
    return turns
