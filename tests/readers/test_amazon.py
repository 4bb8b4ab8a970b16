"""What Amazon writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import ReadError
from listening_coach.readers import read
from listening_coach.transcript import EvidenceTier, Role


def _item(text: str, start: int | None = None, end: int | None = None) -> dict[str, Any]:
    if start is None:
        return {"Type": "punctuation", "Content": text, "Confidence": 0.0}
    return {"Type": "pronunciation", "Content": text, "Confidence": 0.98, "BeginOffsetMillis": start, "EndOffsetMillis": end}


def call_analytics() -> dict[str, Any]:
    """A short call in the shape of Transcribe Call Analytics."""
    return {
        "JobStatus": "COMPLETED",
        "LanguageCode": "en-GB",
        "JobName": "job-7",
        "AccountId": "1",
        "Channel": "VOICE",
        "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
        "ContentMetadata": {"Output": "Redacted", "RedactionTypes": ["PII"]},
        "Categories": {"MatchedCategories": ["late"], "MatchedDetails": {"late": {"PointsOfInterest": []}}},
        "ConversationCharacteristics": {"Interruptions": {"TotalCount": 1, "TotalTimeMillis": 400}, "TotalConversationDurationMillis": 3200},
        "Transcript": [
            {
                "Id": "t1", "ParticipantRole": "AGENT", "Content": "Hello, [PII].", "BeginOffsetMillis": 40, "EndOffsetMillis": 1200, "Sentiment": "NEUTRAL",
                "Items": [_item("Hello", 40, 500), _item(","), _item("[PII]", 600, 1200), _item(".")],
            },
            {
                "Id": "t2", "ParticipantRole": "CUSTOMER", "Content": "It's late.", "BeginOffsetMillis": 1100, "EndOffsetMillis": 3200,
                "Items": [_item("It's", 1100, 1500), _item("late", 2800, 3200), _item(".")],
                "IssuesDetected": [{"CharacterOffsets": {"Begin": 0, "End": 10}}],
            },
        ],
    }  # fmt: skip


def test_call_analytics() -> None:
    """Turns, roles, words with their punctuation, and the service's own findings kept apart."""
    call = read(json.dumps(call_analytics()))
    assert [(t.speaker, t.role, t.text, t.start, t.end, t.id) for t in call.turns] == [
        ("AGENT", Role.AGENT, "Hello, [PII].", 0.04, 1.2, "t1"),
        ("CUSTOMER", Role.CUSTOMER, "It's late.", 1.1, 3.2, "t2"),
    ]
    assert [tuple(w) for t in call.turns for w in t.words] == [
        ("Hello,", 0.04, 0.5),
        ("[PII].", 0.6, 1.2),
        ("It's", 1.1, 1.5),
        ("late.", 2.8, 3.2),
    ]
    assert (call.id, call.evidence_tier) == ("job-7", EvidenceTier.WORDS)
    vendor = call.metadata["vendor"]
    assert vendor["interruptions"]["TotalCount"] == 1
    assert vendor["categories"]["MatchedCategories"] == ["late"]
    assert list(vendor["issues"]) == ["t2"]
    assert call.metadata["language"] == "en-GB"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("Transcript", 1, "BeginOffsetMillis"),
            "soon",
            r"\$\.Transcript\[1\]\.BeginOffsetMillis: Expected `float \| null`, got `str` \(found 'soon'\)",
        ),
        (
            ("Transcript", 0, "Items", 2, "EndOffsetMillis"),
            10,
            r"\$\.Transcript\[0\], word 1: it ends at 0\.01 s, before it starts at 0\.6 s",
        ),
        (("Transcript",), [], "it holds no turns"),
    ],
)
def test_broken(path: tuple[Any, ...], value: Any, message: str) -> None:
    """A field that is wrong is named by its path, with the format that the file was taken for."""
    document = call_analytics()
    inner: Any = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(ReadError, match=message) as caught:
        read(json.dumps(document))
    assert "read as Amazon Transcribe Call Analytics" in str(caught.value)


_WORD = st.text(st.characters(codec="utf-8", categories=("L",)), min_size=1, max_size=8)
_TURNS = st.lists(
    st.tuples(
        st.sampled_from(["AGENT", "CUSTOMER"]),
        st.lists(st.tuples(_WORD, st.integers(0, 800), st.sampled_from(["", ",", ".", "?"])), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=10,
)


@given(_TURNS)
def test_round_trip(turns: list[tuple[str, list[tuple[str, int, str]]]]) -> None:
    """Random calls in the shape are read back: speakers, text, and every word with its punctuation and time."""
    document: dict[str, Any] = {"JobStatus": "COMPLETED", "Participants": [{"ParticipantRole": "AGENT"}], "Transcript": []}
    expected = []
    at = 0
    for role, words in turns:
        items: list[dict[str, Any]] = []
        timed = []
        for text, length, mark in words:
            items += [_item(text, at, at + length), *([_item(mark)] if mark else [])]
            timed.append((text + mark, at / 1000, (at + length) / 1000))
            at += length
        content = " ".join(w for w, _, _ in timed)
        document["Transcript"].append(
            {"ParticipantRole": role, "Content": content, "BeginOffsetMillis": timed[0][1] * 1000, "EndOffsetMillis": at, "Items": items}
        )
        expected.append((role, content, timed))
    call = read(json.dumps(document))
    assert [(t.speaker, t.text, [tuple(w) for w in t.words]) for t in call.turns] == expected
