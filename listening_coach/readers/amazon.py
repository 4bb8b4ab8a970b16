"""Transcripts that Amazon writes: Transcribe Call Analytics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .draft import Draft
from .models import Lax, build, join
from .source import Document


class _Item(Lax):
    Content: str
    Type: str = "pronunciation"
    BeginOffsetMillis: float | None = None
    EndOffsetMillis: float | None = None


class _Turn(Lax):
    Content: str
    BeginOffsetMillis: float | None = None
    EndOffsetMillis: float | None = None
    ParticipantRole: str | None = None
    ParticipantId: str | None = None
    Id: str | None = None
    Items: tuple[_Item, ...] = ()


class _Participant(Lax):
    ParticipantRole: str | None = None
    ParticipantId: str | None = None


class _CallAnalytics(Lax):
    Transcript: tuple[_Turn, ...]
    Participants: tuple[_Participant, ...] = ()
    JobName: str | None = None
    LanguageCode: str | None = None
    ContactId: str | None = None
    ConversationCharacteristics: dict[str, Any] | None = None
    Categories: dict[str, Any] | None = None
    ContentMetadata: dict[str, Any] | None = None
    CustomerMetadata: dict[str, Any] | None = None
    JobStatus: str | None = None


# What a turn may carry of the service's own findings, kept by turn id.
_FINDINGS = ("IssuesDetected", "OutcomesDetected", "ActionItemsDetected", "PointsOfInterest", "Redaction")


def is_call_analytics(doc: Document) -> bool:
    """A list Transcript of turns with ParticipantRole or ParticipantId."""
    value = doc.value
    if not isinstance(value, dict) or not isinstance(value.get("Transcript"), list):
        return False
    return (
        "Participants" in value
        or "ConversationCharacteristics" in value
        or any(isinstance(t, dict) and "Content" in t for t in value["Transcript"][:3])
    )


def call_analytics(doc: Document) -> Iterator[Draft]:
    """The call of a Call Analytics or Contact Lens file: the service's turns, roles, words and findings."""
    call = build(doc, doc.value, _CallAnalytics)
    roles = {p.ParticipantId: p.ParticipantRole for p in call.Participants if p.ParticipantId}
    turns = []
    for index, turn in enumerate(call.Transcript):
        role = turn.ParticipantRole or roles.get(turn.ParticipantId or "") or turn.ParticipantId
        turns.append(
            {
                "place": f"$.Transcript[{index}]",
                "speaker": turn.ParticipantId or turn.ParticipantRole,
                "role": role,
                "text": turn.Content.strip(),
                "start": None if turn.BeginOffsetMillis is None else turn.BeginOffsetMillis / 1000,
                "end": None if turn.EndOffsetMillis is None else turn.EndOffsetMillis / 1000,
                "words": join((i.Content, i.BeginOffsetMillis, i.EndOffsetMillis, i.Type == "punctuation") for i in turn.Items),
                "id": turn.Id,
            }
        )
    characteristics = call.ConversationCharacteristics or {}
    vendor: dict[str, Any] = {
        "interruptions": characteristics.get("Interruptions"),
        "categories": call.Categories or None,
        "characteristics": characteristics or None,
        "content": call.ContentMetadata or None,
    }
    raw = doc.value["Transcript"]
    for name in _FINDINGS:
        found = {str(t.get("Id", n)): t[name] for n, t in enumerate(raw) if t.get(name)}
        vendor[_plain(name)] = found or None
    yield Draft(
        turns,
        id=call.ContactId or _contact(call.CustomerMetadata or {}) or call.JobName,
        metadata={"language": call.LanguageCode, "vendor": {k: v for k, v in vendor.items() if v is not None}},
    )


def _contact(metadata: dict[str, Any]) -> str | None:
    found = metadata.get("ContactId")
    return str(found) if found else None


def _plain(name: str) -> str:
    return {
        "IssuesDetected": "issues",
        "OutcomesDetected": "outcomes",
        "ActionItemsDetected": "action_items",
        "PointsOfInterest": "points_of_interest",
        "Redaction": "redactions",
    }[name]
