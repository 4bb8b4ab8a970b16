"""Names: learned from the talk, used by others, and told from words."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Transcript
from listening_coach.detectors import Found


@functools.cache
def coach() -> Coach:
    return Coach()


def found(*turns: tuple[str, str]) -> Found:
    return coach().find_by_rules(Transcript.from_turns(turns))


def used(*turns: tuple[str, str]) -> list[tuple[int, str]]:
    return [(m.turn, m.quote) for m in found(*turns).moments if m.behaviour == "name_use"]


@pytest.mark.parametrize(
    ("told", "use", "quote"),
    [
        ("Hi, my name is Ines Duarte.", "Right, Ines, let's see.", "Ines"),
        ("my name is ines duarte", "right ines let's see", "ines"),
        ("Hello, this is Gareth Pugh.", "So what did it say, Mr Pugh?", "Mr Pugh"),
        ("Kwame Mensah speaking.", "Thank you, Kwame.", "Kwame"),
        ("It's Denise here, about the flat.", "And the flat, Denise, is it let?", "Denise"),
        ("My name's Rose.", "I see, Rose.", "Rose"),
        ("Yes, this is Mrs. O'Dowd.", "Mrs. O'Dowd, I've found it.", "Mrs. O'Dowd"),
    ],
)
def test_learned_from_its_owner(told: str, use: str, quote: str) -> None:
    """A name that its owner gives is found when the other side says it."""
    assert used(("customer", told), ("agent", use)) == [(1, quote)]


def test_learned_from_the_answer() -> None:
    """The answer to a question for the name is a name, listed or not."""
    assert used(("agent", "Can I take your last name?"), ("customer", "Wzgarda."), ("agent", "Okay, Ms Wzgarda.")) == [(2, "Ms Wzgarda")]
    assert used(("agent", "who am i speaking to"), ("customer", "dale"), ("agent", "okay dale one moment")) == [(2, "dale")]


def test_ones_own_name_is_no_use() -> None:
    """Who introduces himself uses nobody's name; the other side may then use it."""
    assert used(("agent", "This is Marcus, how can I help?"), ("customer", "Hi, Marcus.")) == [(1, "Marcus")]


@pytest.mark.parametrize(
    "text",
    [
        "there is a red mark on the lid",
        "it will be june at the earliest",
        "you can grant access there",
        "Dr Patel is away until Monday.",
        "Ask for Karen in accounts.",
        "Miss it and there's a fee.",
    ],
)
def test_words_and_third_parties(text: str) -> None:
    """Words that are names too, and people who are not on the call, are no use of a name."""
    assert used(("customer", "hello it's about my phone"), ("agent", text)) == []


def test_occasion_is_the_name_given() -> None:
    """A customer who gives a name gives an occasion, met by any use after it; without a name there is none."""

    def occasions(*turns: tuple[str, str]) -> list[tuple[int, bool]]:
        return [(o.turn, o.met) for o in found(*turns).occasions if o.behaviour == "name_use"]

    assert occasions(("customer", "My name is Ines Duarte."), ("agent", "What can I do for you?")) == [(0, False)]
    assert occasions(("customer", "My name is Ines Duarte."), ("agent", "What can I do for you, Ines?")) == [(0, True)]
    assert occasions(("customer", "My bins were missed."), ("agent", "Which street?")) == []


@pytest.mark.parametrize("text", ["", "my name is", "Mr", "this is", "speaking", "🙂", "<b>Mr Lane</b>"])
def test_scraps(text: str) -> None:
    """Names cut short, empty turns, emoji and mark-up raise nothing."""
    for turn, quote in used(("customer", text), ("agent", text)):
        assert quote in ("Mr Lane",)
        assert turn in (0, 1)
