"""What Speechmatics writes (json-v2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import times
from .models import Lax, build, dig
from .parsed_call import ParsedCall
from .source import Document
from .word_timing import CHANNEL_PAUSE_S, Item, stretches


class _Alternative(Lax):
    content: str
    speaker: str | None = None


class _Result(Lax):
    type: str
    alternatives: tuple[_Alternative, ...] | None = None
    start_time: float | None = None
    end_time: float | None = None
    attaches_to: str | None = None
    channel: str | None = None


class _Job(Lax):
    id: str | None = None
    data_name: str | None = None


class _Speechmatics(Lax):
    results: tuple[_Result, ...]
    metadata: dict[str, Any] | None = None
    job: _Job | None = None


def is_speechmatics(doc: Document) -> bool:
    """Results that are words and punctuation, beside a format's number or a job."""
    value = doc.value
    if not isinstance(value, dict) or not isinstance(value.get("results"), list):
        return False
    typed = any(
        isinstance(r, dict) and r.get("type") in ("word", "punctuation", "entity", "speaker_change", "audio_event")
        for r in value["results"][:5]
    )
    return typed or (isinstance(value.get("format"), str) and "job" in value)


def _delimiter(call: _Speechmatics) -> str:
    """What stands between words: as the service says, but never nothing between words of letters that are written apart."""
    told = dig(call.metadata, "language_pack_info", "word_delimiter")
    if not isinstance(told, str):
        return " "
    said = "".join(r.alternatives[0].content for r in call.results[:50] if r.alternatives and r.type == "word")
    return told or (" " if said.isascii() else "")


def speechmatics(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn a stretch of one speaker's words, punctuation joined the way the service says."""
    version = doc.value.get("format")
    if isinstance(version, str) and not version.startswith("2."):
        raise doc.fail(
            f"the format's version is {version!r}",
            at="$.format",
            remedy="Only json-v2 (2.x) is read: fetch the transcript again as json-v2.",
        )
    call = build(doc, doc.value, _Speechmatics)
    delimiter = _delimiter(call)
    channels = list(dict.fromkeys(r.channel for r in call.results if r.alternatives))
    two = len(channels) > 1
    turns: list[dict[str, Any]] = []
    for channel in channels:
        items = []
        stretch = 0
        speaker: str | None = None
        for index, result in enumerate(call.results):
            if result.type == "speaker_change":
                stretch += 1
            if not result.alternatives or result.channel != channel:
                continue
            best = result.alternatives[0]
            mark = result.type == "punctuation"
            # A mark has the speaker of its word, whatever it says.
            speaker = speaker if mark and speaker is not None else best.speaker
            items.append(
                Item(
                    best.content,
                    result.start_time,
                    result.end_time,
                    (stretch, channel if two else None, speaker),
                    mark=mark and result.attaches_to != "none",
                    before=result.attaches_to == "next",
                    space=delimiter,
                    place=f"$.results[{index}]",
                )
            )
        for found in stretches(items, pause_s=CHANNEL_PAUSE_S if two else None):
            _, of_channel, speaker = found.key
            turns.append(found.record(speaker=of_channel if of_channel and speaker in (None, "UU") else speaker))
    job = call.job or _Job()
    created = times.moment(dig(call.metadata, "created_at"))
    yield ParsedCall(
        turns,
        id=job.id,
        metadata={
            "language": dig(call.metadata, "transcription_config", "language"),
            "audio": job.data_name,
            "transcribed_at": created.isoformat() if created else None,
        },
        by_time=two,
    )
