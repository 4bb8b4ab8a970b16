"""What Amazon writes: Transcribe, Call Analytics, Connect Contact Lens, Post Call Analytics, Bedrock Data Automation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from . import times
from .models import Camel, Lax, Pascal, build
from .parsed_call import ParsedCall
from .source import Document
from .word_timing import CHANNEL_PAUSE_S, Item, align, stretches

# ---------------------------------------------------------------------------------- Call Analytics and Contact Lens


class _Item(Pascal):
    content: str
    type: str = "pronunciation"
    begin_offset_millis: float | None = None
    end_offset_millis: float | None = None


class _Turn(Pascal):
    content: str | None = None
    type: str | None = None
    begin_offset_millis: float | None = None
    end_offset_millis: float | None = None
    absolute_time: str | None = None
    time: dict[str, Any] | None = None
    participant_role: str | None = None
    participant_id: str | None = None
    display_name: str | None = None
    id: str | None = None
    items: tuple[_Item, ...] | None = None


class _Participant(Pascal):
    participant_role: str | None = None
    participant_id: str | None = None


class _CallAnalytics(Pascal):
    transcript: tuple[_Turn, ...]
    participants: tuple[_Participant, ...] | None = None
    job_name: str | None = None
    language_code: str | None = None
    contact_id: str | None = None
    conversation_characteristics: dict[str, Any] | None = None
    categories: dict[str, Any] | None = None
    content_metadata: dict[str, Any] | None = None
    customer_metadata: dict[str, Any] | None = None


class _Segment(Pascal):
    transcript: _Turn | None = None
    utterance: dict[str, Any] | None = None
    categories: dict[str, Any] | None = None
    post_contact_summary: dict[str, Any] | None = None


class _Segments(Pascal):
    segments: tuple[_Segment, ...] | None = None
    contact_id: str | None = None
    language_code: str | None = None
    event_type: str | None = None


# What a turn may carry of the service's own findings, kept by turn id.
_FINDINGS = {
    "IssuesDetected": "issues",
    "OutcomesDetected": "outcomes",
    "ActionItemsDetected": "action_items",
    "PointsOfInterest": "points_of_interest",
    "Redaction": "redactions",
    "Sentiment": "sentiment",
}


def _is_transcript(doc: Document) -> bool:
    value = doc.value
    if not isinstance(value, dict) or not isinstance(value.get("Transcript"), list):
        return False
    return (
        "Participants" in value
        or "ConversationCharacteristics" in value
        or any(isinstance(t, dict) and "Content" in t for t in value["Transcript"][:3])
    )


def is_contact_lens(doc: Document) -> bool:
    """A Transcript whose turns or file are marked as Connect's."""
    if not _is_transcript(doc):
        return False
    turns = doc.value["Transcript"]
    return "Version" in doc.value or "CustomerMetadata" in doc.value or any(isinstance(t, dict) and "ParticipantId" in t for t in turns[:3])


def is_call_analytics(doc: Document) -> bool:
    """A list Transcript of turns with ParticipantRole."""
    return _is_transcript(doc)


def call_analytics(doc: Document) -> Iterator[ParsedCall]:
    """The call of a Call Analytics or Contact Lens file: the service's turns, roles, words and findings."""
    call = build(doc, doc.value, _CallAnalytics)
    roles = {p.participant_id: p.participant_role for p in call.participants or () if p.participant_id}
    draft = _turns(doc, [(f"$.Transcript[{n}]", t) for n, t in enumerate(call.transcript)], roles)
    characteristics = call.conversation_characteristics or {}
    vendor: dict[str, Any] = {
        "interruptions": characteristics.get("Interruptions"),
        "categories": call.categories,
        "characteristics": characteristics,
        "content": call.content_metadata,
    }
    for name, plain in _FINDINGS.items():
        vendor[plain] = {str(t.get("Id", n)): t[name] for n, t in enumerate(doc.value["Transcript"]) if t.get(name)}
    draft.id = call.contact_id or (call.customer_metadata or {}).get("ContactId") or call.job_name
    draft.metadata = {"language": call.language_code, "vendor": {k: v for k, v in vendor.items() if v}}
    yield draft


def _turns(doc: Document, turns: Iterable[tuple[str, _Turn]], roles: Mapping[str, str | None]) -> ParsedCall:
    """Turns of Connect or Call Analytics; events such as "joined the chat" are none."""
    records: list[dict[str, Any]] = []
    dates: list[times.Stamp | None] = []
    for place, turn in turns:
        if turn.type in ("EVENT", "ATTACHMENT"):
            continue
        role = turn.participant_role or roles.get(turn.participant_id or "") or turn.participant_id
        absolute = turn.absolute_time or (turn.time or {}).get("AbsoluteTime")
        date = times.moment(absolute) if absolute else None
        dates.append(None if date is None else times.stamp(date))
        records.append(
            {
                "place": place,
                "speaker": turn.display_name or (turn.participant_role if _is_uuid(turn.participant_id) else turn.participant_id) or role,
                "role": role,
                "text": (turn.content or "").strip(),
                "start": _milli(turn.begin_offset_millis),
                "end": _milli(turn.end_offset_millis),
                "words": _joined(turn.items or ()),
                "id": turn.id,
            }
        )
    draft = ParsedCall(records)
    known = [d for d in dates if d is not None]
    if known and all(r["start"] is None for r in records):
        # A chat has times of the day only.
        zero = times.zero(known, 0)
        draft.started_at = zero.date
        for record, date_stamp in zip(records, dates, strict=True):
            record["start"] = zero.seconds(date_stamp)
    return draft


def _is_uuid(text: str | None) -> bool:
    return text is not None and len(text) == 36 and text.count("-") == 4


def _milli(value: float | None) -> float | None:
    return None if value is None else value / 1000


def _joined(items: Iterable[_Item]) -> list[tuple[str, float, float]]:
    whole = stretches(
        Item(i.content, _milli(i.begin_offset_millis), _milli(i.end_offset_millis), mark=i.type == "punctuation") for i in items
    )
    return [word for stretch in whole for word in stretch.words]


def is_stream(doc: Document) -> bool:
    """Lines of a stream's events, each with the contact that it belongs to."""
    first = next((line for line in doc.start_text.split("\n") if line.strip()), "") if doc.looks_json_lines else ""
    return '"ContactId"' in first and '"EventType"' in first


def is_realtime(doc: Document) -> bool:
    """Segments of Contact Lens in real time: an answer of the service, or a list of a stream's events."""
    value = doc.value
    if isinstance(value, list) and value and isinstance(value[0], dict) and "EventType" in value[0]:
        value = next((v for v in value if isinstance(v, dict) and v.get("Segments")), value[0])
    if not isinstance(value, dict) or not isinstance(value.get("Segments"), list):
        return False
    return "EventType" in value or any(isinstance(s, dict) and ("Transcript" in s or "Utterance" in s) for s in value["Segments"][:10])


def realtime(doc: Document) -> Iterator[ParsedCall]:
    """The calls of real-time segments, one for each contact."""
    for contact, events in groupby(_events(doc), key=lambda event: event[1].contact_id):
        turns: list[tuple[str, _Turn]] = []
        partial: list[tuple[str, dict[str, Any]]] = []
        vendor: dict[str, Any] = {}
        language = None
        for place, event in events:
            language = event.language_code or language
            for index, segment in enumerate(event.segments or ()):
                at = f"{place}.Segments[{index}]"
                if segment.transcript is not None:
                    turns.append((f"{at}.Transcript", segment.transcript))
                elif segment.utterance is not None:
                    partial.append((f"{at}.Utterance", segment.utterance))
                if segment.categories:
                    vendor.setdefault("categories", []).append(segment.categories)
                if segment.post_contact_summary:
                    vendor["summary"] = segment.post_contact_summary
        if not turns:
            turns = [(at, build(doc, {**u, "Content": u.get("PartialContent")}, _Turn, at=at)) for at, u in partial]
        draft = _turns(doc, turns, {})
        draft.id = contact
        draft.metadata = {"language": language, **({"vendor": vendor} if vendor else {})}
        draft.by_time = True
        yield draft


def _events(doc: Document) -> Iterator[tuple[str, _Segments]]:
    if doc.looks_json_lines:
        for number, line in doc.lines():
            if line.strip():
                yield f"line {number}, $", build(doc, doc.parse_json(line, number), _Segments, at=f"line {number}, $")
        return
    values = doc.value if isinstance(doc.value, list) else [doc.value]
    for index, value in enumerate(values):
        place = f"$[{index}]" if isinstance(doc.value, list) else "$"
        yield place, build(doc, value, _Segments, at=place)


# ------------------------------------------------------------------------------------------------ Transcribe, standard


class _Alternative(Lax):
    content: str


class _Word(Lax):
    alternatives: tuple[_Alternative, ...]
    type: str = "pronunciation"
    start_time: float | None = None
    end_time: float | None = None
    speaker_label: str | None = None
    id: int | None = None


class _Spoken(Lax):
    start_time: float | None = None
    speaker_label: str | None = None


class _Label(Lax):
    start_time: float | None = None
    end_time: float | None = None
    speaker_label: str | None = None
    items: tuple[_Spoken, ...] | None = None


class _SpeakerLabels(Lax):
    segments: tuple[_Label, ...] | None = None


class _Channel(Lax):
    channel_label: str
    items: tuple[_Word, ...] | None = None


class _ChannelLabels(Lax):
    channels: tuple[_Channel, ...] | None = None


class _Audio(Lax):
    transcript: str
    start_time: float | None = None
    end_time: float | None = None
    speaker_label: str | None = None
    channel_label: str | None = None
    items: tuple[int, ...] | None = None
    id: int | None = None


class _Results(Lax):
    items: tuple[_Word, ...] | None = None
    transcripts: tuple[dict[str, Any], ...] | None = None
    speaker_labels: _SpeakerLabels | None = None
    channel_labels: _ChannelLabels | None = None
    audio_segments: tuple[_Audio, ...] | None = None
    language_code: str | None = None


class _Transcribe(Camel):
    results: _Results
    job_name: str | None = None


def is_transcribe(doc: Document) -> bool:
    """An object results with items, and transcripts or a job's name beside."""
    value = doc.value
    results = value.get("results") if isinstance(value, dict) else None
    return isinstance(results, dict) and "items" in results and ("transcripts" in results or "jobName" in value)


def transcribe(doc: Document) -> Iterator[ParsedCall]:
    """The call of a standard Transcribe job, cut as the service cut it: audio segments, else speaker segments, else channels."""
    job = build(doc, doc.value, _Transcribe)
    results = job.results
    labelled = results.speaker_labels is not None or results.channel_labels is not None
    if results.audio_segments and (not labelled or any(a.speaker_label or a.channel_label for a in results.audio_segments)):
        turns = _from_audio_segments(results)
    elif results.channel_labels is not None and results.channel_labels.channels:
        turns = _from_channels(results.channel_labels.channels)
    else:
        turns = _from_speakers(results)
    two = len({a.channel_label for a in results.audio_segments or ()}) > 1 or results.channel_labels is not None
    yield ParsedCall(turns, id=job.job_name, metadata={"language": results.language_code}, by_time=two)


def _content(word: _Word) -> str:
    return word.alternatives[0].content if word.alternatives else ""


def _from_audio_segments(results: _Results) -> list[dict[str, Any]]:
    items = results.items or ()
    # Items of two channels are numbered across both, and found by their number.
    by_id = {item.id: item for item in items if item.id is not None}
    for channel in (results.channel_labels.channels if results.channel_labels else None) or ():
        by_id.update({item.id: item for item in channel.items or () if item.id is not None})
    turns = []
    for index, audio in enumerate(results.audio_segments or ()):
        spoken = [by_id.get(n) or (items[n] if 0 <= n < len(items) else None) for n in audio.items or ()]
        joined = stretches(Item(_content(w), w.start_time, w.end_time, mark=w.type == "punctuation") for w in spoken if w is not None)
        words = [word for stretch in joined for word in stretch.words]
        shown = audio.transcript.strip()
        turns.append(
            {
                "place": f"$.results.audio_segments[{index}]",
                "speaker": audio.speaker_label or audio.channel_label,
                "text": shown,
                "start": audio.start_time,
                "end": audio.end_time,
                "words": words if " ".join(w[0] for w in words) == shown else align(shown, words),
                "id": None if audio.id is None else str(audio.id),
            }
        )
    return turns


def _from_speakers(results: _Results) -> list[dict[str, Any]]:
    segments = (results.speaker_labels.segments if results.speaker_labels else None) or ()
    # A word belongs to the segment that lists its start.
    owner = {
        spoken.start_time: (number, segment.speaker_label) for number, segment in enumerate(segments) for spoken in segment.items or ()
    }
    items = []
    for index, word in enumerate(results.items or ()):
        key = owner.get(word.start_time) or (None, word.speaker_label)
        items.append(
            Item(_content(word), word.start_time, word.end_time, key, word.type == "punctuation", place=f"$.results.items[{index}]")
        )
    return [s.record(speaker=s.key[1]) for s in stretches(items)]


def _from_channels(channels: Iterable[_Channel]) -> list[dict[str, Any]]:
    turns = []
    for number, channel in enumerate(channels):
        place = f"$.results.channel_labels.channels[{number}].items"
        items = [
            Item(_content(w), w.start_time, w.end_time, mark=w.type == "punctuation", place=f"{place}[{n}]")
            for n, w in enumerate(channel.items or ())
        ]
        turns += [s.record(speaker=channel.channel_label) for s in stretches(items, pause_s=CHANNEL_PAUSE_S)]
    return turns


# ------------------------------------------------------------------------------------------------- Post Call Analytics


class _Confidence(Pascal):
    text: str
    start_time: float | None = None
    end_time: float | None = None


class _Speech(Pascal):
    segment_speaker: str | None = None
    segment_start_time: float | None = None
    segment_end_time: float | None = None
    display_text: str | None = None
    original_text: str | None = None
    word_confidence: tuple[_Confidence, ...] | None = None
    segment_interruption: bool | None = None


class _PcaLabel(Pascal):
    speaker: str
    display_text: str | None = None


class _Analytics(Pascal):
    speaker_labels: tuple[_PcaLabel, ...] | None = None
    conversation_time: str | None = None
    conversation_location: str | None = None
    language_code: str | None = None
    guid: str | None = msgspec.field(default=None, name="GUID")
    agent: str | None = None


class _PostCall(Pascal):
    speech_segments: tuple[_Speech, ...]
    conversation_analytics: _Analytics | None = None


def is_post_call(doc: Document) -> bool:
    """SpeechSegments beside ConversationAnalytics."""
    return isinstance(doc.value, dict) and isinstance(doc.value.get("SpeechSegments"), list)


def post_call(doc: Document) -> Iterator[ParsedCall]:
    """The call of AWS Post Call Analytics; the findings of the solution are kept apart."""
    call = build(doc, doc.value, _PostCall)
    about = call.conversation_analytics or _Analytics()
    labels = {label.speaker: label.display_text for label in about.speaker_labels or ()}
    turns = []
    for index, speech in enumerate(call.speech_segments):
        place = f"$.SpeechSegments[{index}]"
        text = speech.display_text or speech.original_text or ""
        words = [
            (w.text.strip(), w.start_time, max(w.start_time, w.end_time))
            for w in speech.word_confidence or ()
            if w.start_time is not None and w.end_time is not None
        ]
        text = " ".join(text.split())
        turns.append(
            {
                "place": place,
                "speaker": labels.get(speech.segment_speaker or "") or speech.segment_speaker,
                "text": text,
                "start": speech.segment_start_time,
                "end": speech.segment_end_time,
                "words": words if " ".join(w[0] for w in words) == text else align(text, words),
            }
        )
    analytics = doc.value.get("ConversationAnalytics") or {}
    vendor = {
        "categories": analytics.get("CategoriesDetected"),
        "issues": analytics.get("IssuesDetected"),
        "entities": analytics.get("CustomEntities"),
        "sentiment": analytics.get("SentimentTrends"),
        "interruptions": [n for n, s in enumerate(call.speech_segments) if s.segment_interruption],
    }
    draft = ParsedCall(turns, id=_given(about.guid), started_at=_local(about), by_time=True)
    draft.metadata = {"language": about.language_code, "agent": _given(about.agent), "vendor": {k: v for k, v in vendor.items() if v}}
    yield draft


def _given(text: str | None) -> str | None:
    return None if text in (None, "", "None") else text


def _local(about: _Analytics) -> datetime | None:
    date = times.moment(about.conversation_time)
    if date is not None and date.tzinfo is None and about.conversation_location:
        try:
            return date.replace(tzinfo=ZoneInfo(about.conversation_location))
        except (ZoneInfoNotFoundError, ValueError):
            return date
    return date


# --------------------------------------------------------------------------------------------- Bedrock Data Automation


class _SpeakerOf(Lax):
    speaker_label: str | None = None
    speaker_name: str | None = None
    speaker_role: str | None = None


class _ChannelOf(Lax):
    channel_label: str | None = None


class _BedrockItem(Lax):
    content: str
    start_timestamp_millis: float | None = None
    end_timestamp_millis: float | None = None


class _BedrockSegment(Lax):
    text: str
    start_timestamp_millis: float | None = None
    end_timestamp_millis: float | None = None
    type: str | None = None
    speaker: _SpeakerOf | None = None
    channel: _ChannelOf | None = None
    audio_item_indices: tuple[int, ...] | None = None
    segment_index: int | None = None
    language: str | None = None


class _Bedrock(Lax):
    audio_segments: tuple[_BedrockSegment, ...]
    audio_items: tuple[_BedrockItem, ...] | None = None
    metadata: dict[str, Any] | None = None
    audio: dict[str, Any] | None = None


def is_bedrock(doc: Document) -> bool:
    """A list audio_segments of timed text at the top."""
    value = doc.value
    segments = value.get("audio_segments") if isinstance(value, dict) else None
    if not isinstance(segments, list):
        return False
    return "audio_items" in value or "metadata" in value or any(isinstance(s, dict) and "start_timestamp_millis" in s for s in segments[:3])


def bedrock(doc: Document) -> Iterator[ParsedCall]:
    """The standard output of Bedrock Data Automation for sound: its segments, with the items they are made of as words."""
    call = build(doc, doc.value, _Bedrock)
    items = call.audio_items or ()
    channels = {s.channel.channel_label for s in call.audio_segments if s.channel is not None}
    turns = []
    for index, segment in enumerate(call.audio_segments):
        if segment.type not in (None, "TRANSCRIPT"):
            continue
        spoken = [items[n] for n in segment.audio_item_indices or () if 0 <= n < len(items)]
        joined = stretches(
            Item(i.content, _milli(i.start_timestamp_millis), _milli(i.end_timestamp_millis), mark=i.start_timestamp_millis is None)
            for i in spoken
        )
        words = [word for stretch in joined for word in stretch.words]
        text = segment.text.strip()
        speaker = segment.speaker or _SpeakerOf()
        turns.append(
            {
                "place": f"$.audio_segments[{index}]",
                "speaker": speaker.speaker_name or speaker.speaker_label or (segment.channel.channel_label if segment.channel else None),
                "role": speaker.speaker_role,
                "text": text,
                "start": _milli(segment.start_timestamp_millis),
                "end": _milli(segment.end_timestamp_millis),
                "words": words if " ".join(w[0] for w in words) == text else align(text, words),
                "id": None if segment.segment_index is None else str(segment.segment_index),
            }
        )
    about = call.metadata or {}
    vendor = {k: v for k, v in {"summary": (call.audio or {}).get("summary"), "topics": doc.value.get("topics")}.items() if v}
    draft = ParsedCall(turns, by_time=len(channels) > 1)
    draft.metadata = {
        "language": about.get("dominant_asset_language"),
        "audio": about.get("s3_key"),
        **({"vendor": vendor} if vendor else {}),
    }
    yield draft
