"""The customer's mood: from their words alone, with the words that show it; never the agent's."""

from __future__ import annotations

import pytest

from listening_coach import Coach, Transcript
from listening_coach.sentiment import Sentiment


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach()


def mood(coach: Coach, *customer: str, agent: str = "okay") -> Sentiment:
    turns = [pair for text in customer for pair in (("customer", text), ("agent", agent))]
    return coach.review(Transcript.from_turns(turns)).sentiment


def test_a_mood_that_lifts(coach: Coach) -> None:
    """A customer who begins upset and ends pleased has a low start, a high end and a turning point with its words."""
    got = mood(
        coach,
        "this is absolutely awful, I am really angry about it",
        "it is a terrible mess and nobody helps",
        "I placed the order on Monday",
        "it was order 4431",
        "oh that is wonderful",
        "brilliant, I am very happy with that",
    )
    assert got.start is not None
    assert got.end is not None
    assert got.start < -0.3 < 0.3 < got.end
    assert got.change == pytest.approx(got.end - got.start)
    assert [p.turn for p in got.turning_points] == [0, 8]
    assert "wonderful" in got.turning_points[-1].quote


@pytest.mark.parametrize(
    "text", ["it was order 4431", "okay right sure", "the third one on the left", "the second of March", "well I'm not sure"]
)
def test_plain_talk_shows_no_mood(coach: Coach, text: str) -> None:
    """Words that agree, count or point carry no mood."""
    assert mood(coach, text, text, text).moods == ()


def test_negation(coach: Coach) -> None:
    """A good word denied is no good mood."""
    (first, *_) = mood(coach, "that is not good at all", "yes", "no").moods
    assert first.value < 0


def test_the_agents_words_do_not_count(coach: Coach) -> None:
    """Whatever the agent says, the customer's mood is the customer's."""
    calm = ("it was order 4431", "yes", "two weeks ago", "on Monday")
    assert mood(coach, *calm, agent="that is terrible and awful") == mood(coach, *calm, agent="that is wonderful")


def test_too_little_said(coach: Coach) -> None:
    """Of a customer who says less than three turns no mood is told."""
    got = mood(coach, "this is awful")
    assert (got.start, got.end, got.change) == (None, None, None)
    assert Sentiment.word(got.start) == "not shown"


@pytest.mark.parametrize(("value", "word"), [(-1.0, "low"), (-0.1, "even"), (0.0, "even"), (0.5, "high"), (None, "not shown")])
def test_words_for_moods(value: float | None, word: str) -> None:
    """A mood is told as a word."""
    assert Sentiment.word(value) == word
