"""Calls in pieces: they are judged as if each speaker's words in a row were one turn, and told in the turns as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from listening_coach import Coach, Transcript
from listening_coach.fitting.labelled import load
from listening_coach.joined import joined

GOLD = Path(__file__).resolve().parents[1] / "data" / "gold"
CALLS = [call.transcript() for call in list(load(GOLD / "round_8.jsonl"))[::6]]


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach("default")


def pieces(call: Transcript) -> Transcript:
    """The call with each message of six words and more in two."""

    def cut() -> Iterator[tuple[str, str, str]]:
        for turn in call.turns:
            words = turn.text.split()
            at = len(words) // 2 if len(words) >= 6 else len(words)
            yield from ((turn.speaker, str(turn.role), " ".join(part)) for part in (words[:at], words[at:]) if part)

    return Transcript.from_turns(cut(), id=call.id)


def test_a_call_in_pieces_scores_alike(coach: Coach) -> None:
    """A call whose messages are all cut in two has nearly the score of the call as it was."""
    scores = [(coach.review(call).score, coach.review(pieces(call)).score) for call in CALLS]
    moved = [abs(one - two) for one, two in scores if one is not None and two is not None]
    assert len(moved) == len(CALLS)
    assert sum(moved) / len(moved) <= 2.0


def test_places_are_those_of_the_call(coach: Coach) -> None:
    """Every quote of a call in pieces stands where the report says, and an answer is an agent's turn."""
    for call in CALLS:
        report = coach.review(pieces(call))
        turns = report.transcript.turns
        for found in (*report.moments, *report.occasions):
            assert turns[found.turn].text[found.start : found.end] == found.quote
            assert turns[found.turn].speaker == found.speaker
        for occasion in report.occasions:
            assert occasion.answer is None or turns[occasion.answer].role == "agent"
        assert report.outcome is not None
        for quote in report.outcome.quotes:
            assert turns[quote.turn].text[quote.start : quote.end] == quote.quote


def call_of(*turns: tuple[str, str, float, float]) -> Transcript:
    return Transcript.from_turns([(who, who, text, start, end) for who, text, start, end in turns])


def test_what_is_joined() -> None:
    """Turns of one speaker in a row are joined, but not over a silence in which something was waited for; whole calls stay as they are."""
    cut = call_of(
        ("agent", "So it is", 0, 1), ("agent", "the wheel.", 1.2, 2), ("agent", "Thanks for waiting.", 40, 42), ("customer", "Yes.", 43, 44)
    )
    whole = joined(cut)
    assert whole is not None
    assert [turn.text for turn in whole.call.turns] == ["So it is the wheel.", "Thanks for waiting.", "Yes."]
    assert whole.place(0, 3, 19) == (1, 0, 10)
    assert whole.place(0, 0, 8) == (0, 0, 8)
    assert whole.each([0.1, 0.2, 0.3]) == [0.1, 0.1, 0.2, 0.3]
    assert joined(call_of(("agent", "Hello.", 0, 1), ("customer", "Hi.", 2, 3), ("agent", "Yes?", 4, 5))) is None
    assert joined(Transcript.from_turns([])) is None
