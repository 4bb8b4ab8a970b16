"""What AssemblyAI writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .models import Lax, build
from .parsed_call import ParsedCall
from .rows import speaker_name
from .source import Document
from .word_timing import Item, align, stretches


class _Word(Lax):
    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | int | None = None
    channel: str | int | None = None


class _Utterance(_Word):
    words: tuple[_Word, ...] | None = None


class _Transcript(Lax):
    utterances: tuple[_Utterance, ...] | None = None
    words: tuple[_Word, ...] | None = None
    text: str | None = None
    id: str | None = None
    status: str | None = None
    error: str | None = None
    language_code: str | None = None
    audio_channels: int | None = None
    multichannel: bool | None = None
    dual_channel: bool | None = None


def is_assemblyai(doc: Document) -> bool:
    """Words or utterances beside the job's own fields."""
    value = doc.value
    if not isinstance(value, dict) or not ({"words", "utterances"} & value.keys()):
        return False
    marks = {
        "acoustic_model",
        "language_model",
        "audio_duration",
        "audio_url",
        "speech_model",
        "speech_models",
        "webhook_status_code",
        "speaker_labels",
    }
    return len(marks & value.keys()) > 1


def assemblyai(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn an utterance; without utterances, a turn a stretch of one speaker's words. Times are milliseconds."""
    call = build(doc, doc.value, _Transcript)
    if call.status not in (None, "completed"):
        why = f": {call.error}" if call.error else ""
        raise doc.fail(f"the job's status is {call.status!r}{why}", at="$.status", remedy="Fetch the transcript once it is completed.")
    turns: list[dict[str, Any]] = []
    for index, said in enumerate(call.utterances or ()):
        text = said.text.strip()
        turns.append(
            {
                "place": f"$.utterances[{index}]",
                "speaker": _name(said),
                "text": text,
                "start": _milli(said.start),
                "end": _milli(said.end),
                "words": align(
                    text, [(w.text, w.start / 1000, w.end / 1000) for w in said.words or () if w.start is not None and w.end is not None]
                ),
            }
        )
    if not turns and call.words:
        items = [Item(w.text, _milli(w.start), _milli(w.end), _name(w), place=f"$.words[{n}]") for n, w in enumerate(call.words)]
        turns = [s.record(speaker=s.key) for s in stretches(items)]
    if not turns and (call.text or "").strip():
        turns = [{"place": "$.text", "text": (call.text or "").strip()}]
    two = bool(call.dual_channel or call.multichannel)
    yield ParsedCall(turns, id=call.id, metadata={"language": call.language_code}, by_time=two)


def _milli(value: float | None) -> float | None:
    return None if value is None else value / 1000


def _name(word: _Word) -> str | None:
    if word.speaker is not None:
        text = str(word.speaker)
        return f"speaker {text}" if len(text) <= 2 else text
    return None if word.channel is None else speaker_name(word.channel, "channel")
