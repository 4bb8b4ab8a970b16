"""Checks of one's own understanding: asking whether it is right, what is meant, and giving words back for a yes."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Moment, Transcript
from listening_coach.behaviours import builtin
from listening_coach.detectors import understanding
from listening_coach.language.call import PhraseFinder

CHECK = builtin()["understanding_check"]


@functools.cache
def language() -> PhraseFinder:
    return PhraseFinder({"understanding_check": CHECK})


def last(*lines: str) -> list[Moment]:
    call = Transcript.from_turns([(speaker, text) for speaker, _, text in (line.partition(": ") for line in lines)])
    return [m for m in understanding.detect(language().call(call), CHECK).moments if m.turn == len(lines) - 1]


@pytest.mark.parametrize(
    ("lines", "kind", "quote"),
    [
        (["agent: It's the side gate that sticks, have I got that right?"], "confirm", "have I got that right"),
        (["agent: Two nights in June, is that correct?"], "confirm", "is that correct"),
        (["agent: Just to confirm, it's the upstairs radiator."], "confirm", "Just to confirm"),
        (["agent: When you say slow, do you mean the search or the checkout?"], "clarification", "When you say"),
        (["customer: It's the grey one.", "agent: The grey one?"], "restated", "The grey one"),
        (["customer: it was forty pounds", "agent: forty pounds yeah"], "restated", "forty pounds yeah"),
        (["agent: It leaves at 7:45.", "customer: So it's 7:45, yes?"], "restated", "it's 7:45, yes"),
    ],
)
def test_checks(lines: list[str], kind: str, quote: str) -> None:
    """Each kind of check is found, on the words that do it."""
    assert (kind, quote) in [(m.kind, m.quote) for m in last(*lines)]


@pytest.mark.parametrize(
    "lines",
    [
        ["agent: Is that right?"],
        ["agent: What did you say the street was?"],
        ["agent: Could you say that again?"],
        ["agent: What do you mean?"],
        ["agent: Can you confirm your postcode?"],
        ["customer: It's the grey one.", "agent: Is it the grey one or the black one?"],
        ["customer: It's the grey one.", "agent: Where did you buy the grey one?"],
        ["customer: It's the grey one.", "agent: Anything else?"],
        ["agent: The grey one?"],
    ],
)
def test_no_checks(lines: list[str]) -> None:
    """A question for something new, a request to repeat, and words that nobody said before check nothing."""
    assert last(*lines) == []


def test_restated_names_words() -> None:
    """A check that gives words back tells which."""
    (moment,) = last("customer: I left the silver case on the bus.", "agent: The silver case?")
    assert moment.details["overlap"] == ("case", "silver")


@pytest.mark.parametrize("text", ["", "?", "🙂?", "<b>right?</b>", "yes " * 300 + "right?"])
def test_odd_turns(text: str) -> None:
    """Empty turns, signs, emoji, markup and endless turns raise nothing."""
    assert isinstance(last("customer: It is the right one.", f"agent: {text}"), list)
