"""The report as plain data: its keys, that it is JSON, and that nothing unscored turns into a number."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hand_made import ATTACK, OUTCOME, SECTIONS, hostile, item, moment, report, transcript, unscored, untimed, worldly
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Report, Transcript
from listening_coach.errors import ReportError
from listening_coach.moments import Details
from listening_coach.report.as_dict import jsonable
from listening_coach.transcript import Role, Turn, Word

KEYS = [
    "schema_version", "call", "rubric", "score", "band", "not_scored", "not_scored_code", "capped_by", "outcome", "ledger", "sections", "items",
    "focus", "strengths", "closest", "action_points", "metrics", "sentiment", "moments", "occasions", "behaviours", "made_by", "masking", "agents",
    "hand_overs", "notes", "limits",
]  # fmt: skip


def values(data: Any) -> Iterator[Any]:
    """Every value in nested plain data, keys included."""
    yield data
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from values(value)
    elif isinstance(data, list):
        for value in data:
            yield from values(value)


@pytest.mark.parametrize("made", [report, unscored, untimed, hostile, worldly])
def test_plain(made: Any) -> None:
    """Every value is of a type that JSON has, exactly, and the JSON reads back to the same data."""
    data = made().to_dict()
    assert {type(v) for v in values(data)} <= {dict, list, str, int, float, bool, type(None)}
    assert json.loads(made().to_json()) == data


@pytest.mark.parametrize("made", [report, unscored, untimed])
def test_keys(made: Any) -> None:
    """The keys are these, in this order, for every report, and the schema's version comes first."""
    data = made().to_dict()
    assert list(data) == KEYS
    assert data["schema_version"] == "2.0"


@pytest.mark.parametrize("made", [report, unscored, untimed, hostile, worldly])
def test_round_trip(made: Any) -> None:
    """A report that is read back is the same in every part, but for behaviours that did not matter, and renders the same."""
    whole: Report = made()
    back = Report.from_json(whole.to_json())
    assert back == replace(whole.masked, about=back.about)
    assert back.about.items() <= whole.about.items()
    assert back.to_dict() == whole.to_dict()
    assert (str(back), back.to_markdown(), back.to_html()) == (str(whole), whole.to_markdown(), whole.to_html())


TIMES = st.floats(0, 5000)
ENCODABLE = st.text(st.characters(exclude_categories=("Cs",)))
TRANSCRIPTS = st.builds(
    Transcript,
    turns=st.lists(
        st.builds(
            Turn,
            speaker=ENCODABLE,
            text=ENCODABLE,
            role=st.sampled_from(Role),
            start=st.none() | TIMES,
            end=st.none() | TIMES,
            words=st.lists(st.tuples(ENCODABLE, TIMES, TIMES).map(lambda word: Word(*word))).map(tuple),
            id=st.none() | ENCODABLE,
        )
    ).map(tuple),
    id=st.none() | ENCODABLE,
    started_at=st.none() | st.datetimes(timezones=st.none() | st.just(UTC)),
    metadata=st.dictionaries(ENCODABLE, st.none() | st.booleans() | st.integers() | ENCODABLE),
)


@given(TRANSCRIPTS)
def test_round_trip_of_any_transcript(call: Transcript) -> None:
    """Whatever a transcript holds, down to the times of its words, is read back exactly."""
    made = report(transcript=call, moments=(), occasions=(), action_points=(), focus=(), strengths=(), mask=False)
    assert Report.from_json(made.to_json()).transcript == call


def without(*path: Any) -> dict[str, Any]:
    """The hand-made report's data without one key."""
    data: Any = report().to_dict()
    place = data
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return dict(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "report: schema_version: the value is ''. This library reads reports of version 2.0."),
        ({"schema_version": "1.0"}, "report: schema_version: the value is '1.0'."),
        (without("moments"), "report: moments: this key is missing. Add it: a list"),
        (without("moments", 0, "turn"), "report: moments[0].turn: this key is missing. Add it: a whole number."),
        (without("items", "empathy"), "report: sections.empathy.items: there is no item 'empathy'. Add it to items."),
        ({**report().to_dict(), "score": "high"}, "report: score: the value is 'high'. Write a number."),
        (
            {**report().to_dict(), "call": {**report().to_dict()["call"], "started_at": "noon"}},
            "report: call.started_at: the value is 'noon'. Write a date and time in ISO 8601.",
        ),
    ],
)
def test_what_is_no_report(data: dict[str, Any], message: str) -> None:
    """Data that is no report is refused with the key, the value and the remedy."""
    with pytest.raises(ReportError, match=f"^{re.escape(message)}"):
        Report.from_dict(data)


def test_what_is_no_json() -> None:
    """A text that is not JSON is refused as such."""
    with pytest.raises(ReportError, match="it is not JSON"):
        Report.from_json("{")


def test_new_keys_are_passed_over() -> None:
    """A key that a later version of the library added is no reason to refuse a report."""
    assert Report.from_dict({**report().to_dict(), "weather": "fair"}).to_dict() == report().to_dict()


def test_same_twice() -> None:
    """The same report gives the same JSON, letter by letter."""
    assert report().to_json() == report().to_json()


def test_call() -> None:
    """The call's part holds what is known of it, and its turns make the same transcript again."""
    call = report().to_dict()["call"]
    assert call["id"] == "call-7"
    assert call["started_at"] == "2025-06-17T16:22:00"
    assert call["duration_s"] == 75.9
    assert call["evidence_tier"] == "turns"
    assert call["metadata"] == {"format": "csv", "source": "/calls/june/call-7.csv", "queue": "repairs"}
    assert call["turns"][3] == {"speaker": "Mr Osei", "role": "customer", "text": "It's 4471.", "start": 15.4, "end": 18.0}
    assert Transcript.from_turns(call["turns"]).turns == transcript().turns


def test_scorecard() -> None:
    """Scores stay as exact as they are; what has none is None, with its status and the reason."""
    data = report().to_dict()
    assert data["score"] == 49.99
    assert data["band"] == "developing"
    assert data["not_scored"] is None
    assert data["sections"]["courtesy"] == {
        "title": "Courtesy", "weight": 10.0, "counts_as": 0.0, "score": None, "capped_by": None, "items": ["gratitude"],
    }  # fmt: skip
    assert data["items"]["summary"] == {
        "title": "Says back what they heard", "section": "listening", "weight": 4.0, "counts_as": 4.0, "effect": "helps", "score": 100.0,
        "status": "scored",
        "hits": 1, "occasions": 0, "met": 0, "kinds": [], "reason": "once, 3.3 for every 10 of the agent's turns; full marks at 3",
        "losses": [], "points": 5.0,
    }  # fmt: skip
    states = {name: (row["status"], row["score"]) for name, row in data["items"].items()}
    assert states["open_question"] == ("not_measurable", None)
    assert states["gratitude"] == ("not_called_for", None)
    assert states["empathy"] == ("scored", 0.0)
    assert list(data["items"]) == ["interruption", "summary", "balance", "open_question", "empathy", "action_point", "gratitude"]


def test_not_scored() -> None:
    """A call that is not scored has None for a score, and the reason."""
    data = unscored().to_dict()
    assert data["score"] is None
    assert data["band"] is None
    assert data["not_scored"] == "the agent says 12 words; at least 30 are needed"
    assert data["not_scored_code"] == "too_short"
    assert data["focus"] == data["strengths"] == []


def test_moment_and_occasion() -> None:
    """A moment has its place, its rule and its details; an occasion whether it was met."""
    data = report().to_dict()
    assert data["moments"][1] == {
        "behaviour": "interruption", "kind": None, "turn": 2, "start": 0, "end": 23, "quote": "What's the order number", "speaker": "Dana",
        "role": "agent", "time_s": 11.0, "rule": "takes the floor", "inferred": False, "counted": True, "confidence": 1.0, "perhaps": False,
        "details": {"of_turn": 1, "by": "Dana", "of": "Mr Osei", "overlap_s": 1.0},
    }  # fmt: skip
    assert data["occasions"][0] == {
        "behaviour": "empathy", "kind": None, "turn": 1, "start": 66, "end": 84, "quote": "I'm really worried", "speaker": "Mr Osei",
        "role": "customer", "time_s": 10.4, "met": False, "answer": None, "confidence": 1.0, "perhaps": False, "weight": 1.0,
        "answered_by": None, "answer_after_turns": None, "answer_after_s": None, "answer_confidence": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "inferred", "kinds", "counts"),
    [
        ("agent", False, (), True),
        ("agent", True, (), False),
        ("customer", False, (), False),
        ("agent", False, ("warm", "plain"), True),
        ("agent", False, ("warm",), False),
    ],
)
def test_counted(role: str, inferred: bool, kinds: tuple[str, ...], counts: bool) -> None:
    """Only what the agent did, was not merely inferred, and is of a kind that the rubric counts, counts."""
    made = replace(moment("gratitude", 5, "Thank you", inferred=inferred, kind="plain"), role=Role(role))
    scored = replace(item("gratitude", "courtesy", 1.0, 50.0, 1, 0, 0, "once"), kinds=kinds)
    card = replace(report().scorecard, sections={"courtesy": replace(SECTIONS["courtesy"], items=(scored,))})
    data = report(moments=(made,), scorecard=card).to_dict()
    assert data["moments"][0]["counted"] is counts
    assert data["items"]["gratitude"]["kinds"] == list(kinds)


def test_focus_and_strength() -> None:
    """A focus tells what its quote is, what came of it, and what to say; a strength holds its quote."""
    data = report().to_dict()
    assert data["focus"][0] == {
        "item": "empathy", "title": "Shows empathy", "score": 0.0, "sentence": "0 of 1 occasion met",
        "evidence": {
            "turn": 1, "speaker": "Mr Osei", "time_s": 10.4, "quote": "I'm really worried", "before": "I need it for work on Monday. ", "after": ".",
            "prior": None, "reply": {"turn": 2, "speaker": "Dana", "time_s": 11.0, "text": "What's the order number?"},
        },
        "shows": "unanswered", "kind": None, "missed": True, "why": "Upset people hear nothing else before.", "advice": "Name the feeling.",
        "instead": ["That must be a worry."], "points": 20.0,
    }  # fmt: skip
    assert data["focus"][1]["missed"] is False
    assert data["strengths"][0]["evidence"]["prior"] == {"turn": 3, "speaker": "Mr Osei", "time_s": 15.4, "text": "It's 4471."}
    assert untimed().to_dict()["focus"][1]["evidence"] is None


def test_ledger_and_outcome() -> None:
    """The ledger is there line by line with its points, and the outcome with its likelihoods and quotes; without one it is None."""
    data = report().to_dict()
    assert [(row["item"], row["kind"], row["points"], row["turn"]) for row in data["ledger"]] == [
        ("empathy", "missed", 20.0, 1), ("interruption", "breach", 15.5, 2), ("outcome", "outcome", 10.0, 5), ("balance", "measure", 4.5, None),
    ]  # fmt: skip
    assert data["ledger"][0] == {
        "item": "empathy", "title": "Shows empathy", "section": "empathy", "kind": "missed", "points": 20.0, "reason": "0 of 1 occasion met",
        "earned_by": "an answer to this in one of the agent's next two turns", "turn": 1, "start": 66, "end": 84, "quote": "I'm really worried",
        "time_s": 10.4, "confidence": 0.8,
    }  # fmt: skip
    assert data["outcome"] == {
        "value": "partly", "confidence": 0.6, "helped": pytest.approx(OUTCOME.helped),
        "sentence": "the matter seems to be settled in part, or to go on",
        "likely": {"resolved": 0.3, "partly": 0.6, "not": 0.05, "unclear": 0.05},
        "quotes": [{"turn": 5, "start": 0, "end": 24, "quote": "Thank you, that's great.", "speaker": "Mr Osei", "time_s": 27.5}],
    }  # fmt: skip
    assert data["moments"][3]["perhaps"] is True
    assert report(outcome=None).to_dict()["outcome"] is None


def test_reports_of_before_the_ledger_are_read() -> None:
    """A report written before there were ledger, outcome and uncertain findings is read without them."""
    data = report().to_dict()
    for key in ("outcome", "ledger", "closest"):
        del data[key]
    for moment_ in data["moments"]:
        del moment_["perhaps"]
    back = Report.from_dict(data)
    assert (back.ledger, back.outcome, back.closest) == ((), None, None)
    assert not any(m.perhaps for m in back.moments)


def test_rest() -> None:
    """Action points, metrics and mood are there by the names of their fields; behaviours only where they matter."""
    data = report().to_dict()
    assert data["action_points"][0]["owner"] == "agent"
    assert data["action_points"][0]["due"] == "2025-06-20"
    assert data["action_points"][0]["said_again"] == [5]
    assert data["metrics"]["agent_talk_share"] == 0.21
    assert data["metrics"]["customer_words_a_minute"] is None
    assert data["sentiment"]["start"] == -0.7
    assert data["sentiment"]["change"] == pytest.approx(1.1)
    assert data["sentiment"]["turning_points"] == [{"turn": 5, "value": 0.4, "quote": "Thank you", "time_s": 27.5}]
    assert "unused" not in data["behaviours"]
    assert data["behaviours"]["interruption"]["effect"] == "hinders"
    assert data["behaviours"]["summary"]["reliability"] == "fair"
    assert data["notes"] == ["a note on this call"]
    assert any("cannot hear" in text for text in data["limits"])


class Odd:
    def __str__(self) -> str:
        return "an odd thing"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (math.nan, None),
        (math.inf, None),
        (1.5, 1.5),
        (True, True),
        (7, 7),
        (Role.AGENT, "agent"),
        (datetime(2025, 1, 2, 3, 4, tzinfo=UTC), "2025-01-02T03:04:00+00:00"),
        ({"b", "a"}, ["a", "b"]),
        ((1, (2, 3)), [1, [2, 3]]),
        ({1: Details(a=(1,))}, {"1": {"a": [1]}}),
        (b"abc\xff", "abc\ufffd"),
        ("half \ud83d", "half ?"),
        (Odd(), "an odd thing"),
    ],
)
def test_jsonable(value: Any, plain: Any) -> None:
    """Whatever metadata or details hold becomes plain data."""
    found = jsonable(value)
    assert found == plain
    assert type(found) is type(plain)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_jsonable_always(value: Any) -> None:
    """Any nested value can be written as strict JSON and encoded, and is plain already the second time."""
    found = jsonable(value)
    json.dumps(found, allow_nan=False, ensure_ascii=False).encode("utf-8")
    assert jsonable(found) == found


def test_html_stays_text() -> None:
    """In data, HTML that was said is left as it was said: escaping is the pages' work."""
    assert ATTACK in hostile().to_dict()["call"]["turns"][0]["text"]
