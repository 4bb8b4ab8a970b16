"""The vCon container and the World Transcription Format inside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..transcript import Role
from . import times
from .models import Lax, build
from .parsed_call import ParsedCall
from .registry import find_value
from .roles import role_of
from .rows import speaker_name
from .source import Document
from .word_timing import Item, align, stretches


class _Word(Lax):
    text: str
    start: float | None = None
    end: float | None = None
    speaker: int | str | None = None
    is_punctuation: bool = False
    id: int | None = None


class _Segment(Lax):
    text: str
    start: float | None = None
    end: float | None = None
    speaker: int | str | None = None
    id: int | str | None = None
    words: tuple[int, ...] | None = None


class _About(Lax):
    text: str | None = None
    language: str | None = None


class _Speaker(Lax):
    label: str | None = None


class _Wtf(Lax):
    transcript: _About
    segments: tuple[_Segment, ...]
    words: tuple[_Word, ...] | None = None
    speakers: dict[str, _Speaker] | None = None
    metadata: dict[str, Any] | None = None


def is_wtf(doc: Document) -> bool:
    """An object transcript with the text, and a list of segments."""
    return isinstance(doc.value, dict) and _is_wtf(doc.value)


def _is_wtf(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("transcript"), dict) and isinstance(value.get("segments"), list) and "text" in value["transcript"]


def wtf(doc: Document) -> Iterator[ParsedCall]:
    """The call in the World Transcription Format."""
    yield _from_wtf(doc, doc.value, "$")


def _from_wtf(doc: Document, value: Any, at: str) -> ParsedCall:
    call = build(doc, value, _Wtf, at=at)
    words = call.words or ()
    by_id = {word.id: word for word in words if word.id is not None}
    labels = {key: speaker.label for key, speaker in (call.speakers or {}).items() if speaker.label}
    turns = []
    for index, segment in enumerate(call.segments):
        if segment.words is not None:
            spoken = [word for n in segment.words if (word := by_id.get(n) or (words[n] if 0 <= n < len(words) else None)) is not None]
        else:
            last = index + 1 == len(call.segments)
            spoken = [
                w
                for w in words
                if w.start is not None
                and segment.start is not None
                and segment.end is not None
                and segment.start <= w.start
                and (w.start < segment.end or (last and w.start <= segment.end))
                and (w.speaker is None or segment.speaker is None or str(w.speaker) == str(segment.speaker))
            ]
        text = segment.text.strip()
        joined = stretches(Item(w.text, w.start, w.end, mark=w.is_punctuation) for w in spoken)
        timed = [word for stretch in joined for word in stretch.words]
        name = None if segment.speaker is None else labels.get(str(segment.speaker)) or speaker_name(segment.speaker)
        turns.append(
            {
                "place": f"{at}.segments[{index}]",
                "speaker": name,
                "party": segment.speaker,
                "text": text,
                "start": segment.start,
                "end": segment.end,
                "words": align(text, timed),
                "id": None if segment.id is None else str(segment.id),
            }
        )
    about = call.metadata or {}
    return ParsedCall(
        turns, metadata={"language": call.transcript.language, "provider": about.get("provider"), "model": about.get("model")}
    )


# ------------------------------------------------------------------------------------------------------- the container


class _Party(Lax):
    name: str | None = None
    role: str | None = None
    tel: str | None = None
    mailto: str | None = None
    meta: dict[str, Any] | None = None


class _Dialog(Lax):
    type: str | None = None
    start: Any = None
    duration: float | None = None
    parties: Any = None
    originator: int | None = None
    mimetype: str | None = None
    mediatype: str | None = None
    body: Any = None
    encoding: str | None = None


class _Analysis(Lax):
    type: str | None = None
    purpose: str | None = None
    dialog: Any = None
    vendor: str | None = None
    product: str | None = None
    encoding: str | None = None
    body: Any = None


class _Vcon(Lax):
    parties: tuple[_Party, ...] | None = None
    dialog: tuple[_Dialog, ...] | None = None
    analysis: tuple[_Analysis, ...] | None = None
    attachments: tuple[_Analysis, ...] | None = None
    uuid: str | None = None
    subject: str | None = None
    created_at: str | None = None


def is_vcon(doc: Document) -> bool:
    """A version vcon with parties, dialog or analysis."""
    return isinstance(doc.value, dict) and "vcon" in doc.value and bool({"parties", "dialog", "analysis"} & doc.value.keys())


def vcon(doc: Document) -> Iterator[ParsedCall]:
    """The call in a container: its transcript among the analyses, else the messages of its dialog."""
    call = build(doc, doc.value, _Vcon)
    parties = call.parties or ()
    drafts: list[ParsedCall] = []
    for holder, entries in (("analysis", call.analysis or ()), ("attachments", call.attachments or ())):
        for index, entry in enumerate(entries):
            kind = f"{entry.type or ''} {entry.purpose or ''}".casefold()
            if "transcript" not in kind or (drafts and _dialog_of(entry) in {d.metadata.get("dialog") for d in drafts}):
                continue
            found = _transcript(doc, _body(doc, entry.body, f"$.{holder}[{index}].body"), f"$.{holder}[{index}].body")
            if found is not None and found.turns:
                found.metadata["dialog"] = _dialog_of(entry)
                found.metadata["provider"] = found.metadata.get("provider") or entry.vendor
                drafts.append(found)
    if not drafts:
        drafts = [_messages(doc, call, parties)]
    result = drafts[0]
    for more in drafts[1:]:
        result.turns += _shifted(more, call, result)
    for turn in result.turns:
        _party(turn, parties)
    dialogs = call.dialog or ()
    started = next((d for d in (times.moment(x.start) for x in dialogs) if d is not None), None)
    result.id = call.uuid
    result.started_at = result.started_at or started or times.moment(call.created_at)
    result.metadata.pop("dialog", None)
    result.metadata["subject"] = call.subject
    yield result


def _dialog_of(entry: _Analysis) -> int:
    dialog = entry.dialog[0] if isinstance(entry.dialog, list) and entry.dialog else entry.dialog
    return dialog if isinstance(dialog, int) else 0


def _body(doc: Document, body: Any, at: str) -> Any:
    """A body, parsed where it is JSON in a string."""
    if isinstance(body, str) and body.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(body)
        except ValueError as error:
            raise doc.fail(f"the JSON in the body is broken: {error}", at=at, remedy="Export the container again.") from None
    return body


def _transcript(doc: Document, body: Any, at: str) -> ParsedCall | None:
    """The transcript in an analysis: in the World Transcription Format, or in any other format that is known."""
    if isinstance(body, dict) and _is_wtf(body):
        return _from_wtf(doc, body, at)
    if isinstance(body, dict) and isinstance(body.get("transcript"), str) and not any(isinstance(v, list) for v in body.values()):
        return ParsedCall([{"place": at, "text": body["transcript"].strip()}])
    if isinstance(body, str):
        return ParsedCall([{"place": at, "text": body.strip()}]) if body.strip() else None
    return next(find_value(doc, body, at), None)


def _messages(doc: Document, call: _Vcon, parties: tuple[_Party, ...]) -> ParsedCall:
    """The text messages of a dialog."""
    turns: list[dict[str, Any]] = []
    stamps: list[times.Stamp | None] = []
    for index, dialog in enumerate(call.dialog or ()):
        body = dialog.body
        kind = dialog.mimetype or dialog.mediatype or "text/plain"
        if dialog.type not in ("text", "message") or not isinstance(body, str) or not kind.startswith("text/"):
            continue
        who = dialog.originator
        if who is None:
            who = dialog.parties if isinstance(dialog.parties, int) else next((p for p in dialog.parties or () if isinstance(p, int)), None)
        date = times.moment(dialog.start)
        stamps.append(None if date is None else times.stamp(date))
        turns.append({"place": f"$.dialog[{index}]", "party": who, "text": body.strip()})
    if not turns:
        raise doc.fail(
            "it holds neither a transcript among its analyses nor messages in its dialog",
            at="$",
            remedy="Add the transcript to the container.",
        )
    zero = times.zero([s for s in stamps if s is not None], 0)
    for turn, stamp in zip(turns, stamps, strict=True):
        turn["start"] = zero.seconds(stamp)
    return ParsedCall(turns, started_at=zero.date)


def _shifted(more: ParsedCall, call: _Vcon, first: ParsedCall) -> list[dict[str, Any]]:
    """The turns of a later recording, counted from the start of the first."""
    dialogs = call.dialog or ()
    starts = [
        times.moment(dialogs[n].start) if 0 <= n < len(dialogs) else None
        for n in (first.metadata.get("dialog", 0), more.metadata.get("dialog", 0))
    ]
    shift = (starts[1] - starts[0]).total_seconds() if starts[0] is not None and starts[1] is not None else 0.0
    for turn in more.turns:
        for key in ("start", "end"):
            turn[key] = None if turn.get(key) is None else max(0.0, turn[key] + shift)
        turn["words"] = [(w, max(0.0, a + shift), max(0.0, b + shift)) for w, a, b in turn.get("words") or ()]
    return more.turns


def _party(turn: dict[str, Any], parties: tuple[_Party, ...]) -> None:
    """Name and role of the party that a turn's speaker counts."""
    who = turn.pop("party", None)
    number = int(who) if isinstance(who, int) or (isinstance(who, str) and who.isdigit()) else None
    if number is None or not 0 <= number < len(parties):
        return
    party = parties[number]
    turn["speaker"] = party.name or party.tel or party.mailto or turn.get("speaker") or f"party {number}"
    role = party.role or (party.meta or {}).get("role")
    if isinstance(role, str) and role_of(role) is not Role.UNKNOWN:
        turn["role"] = role
