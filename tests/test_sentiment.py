"""The customer's mood: from their words alone, with the words that show it; never the agent's."""

from __future__ import annotations

import pytest
from mood_cases import HALVES, cases, read

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


@pytest.mark.parametrize(
    "text",
    [
        "I fly on the ninth with the top bunk",
        "the bright yellow one with the dirty white shade",
        "good morning I would like to renew a book",
        "the sad film or the horror one at nine",
        "that would be great if you could",
        "right goodbye then",
        "great and the postcode is the same",
        "it is free and the best plan you have",
    ],
)
def test_words_that_describe(coach: Coach, text: str) -> None:
    """Words that describe things, greet, or say yes are no mood, however a lexicon weighs them."""
    assert mood(coach, text, "it is four four one", text).moods == ()


def test_thanks_for_nothing(coach: Coach) -> None:
    """Bitter thanks are a low mood, also where "thanks" is said."""
    assert mood(coach, "I wanted a refund", "so no refund at all", "well thanks for nothing").moods[-1].value < 0


def test_fraud_does_not_start_high(coach: Coach) -> None:
    """A caller who reports fraud starts low, however politely."""
    got = mood(
        coach, "good afternoon, somebody has taken all the money out of my account", "it's nine hundred pounds", "yes it's my own card"
    )
    assert Sentiment.word(got.start) == "low"


def test_thanks_are_worth_what_they_are_for(coach: Coach) -> None:
    """Thanks lift the mood where the matter is settled; after a refusal they are manners."""
    asks = ("I'd like my deposit back please", "it's booking 5512, for Saturday")
    settled = mood(coach, *asks, "okay, thanks, bye", agent="that's done, your refund is on its way and you'll have it today")
    refused = mood(coach, *asks, "okay, thanks, bye", agent="no, we can't do that, there's nothing I can do, it's our policy")
    assert settled.end is not None
    assert refused.end is not None
    assert settled.end > 0.15 > refused.end


def test_cases(coach: Coach) -> None:
    """Of sixty small calls from many trades, start and end are read as a person reads them in nine of ten, also in the half that was kept aside."""
    for half in HALVES:
        made = [case for case in cases() if case.half == half]
        found = [read(coach, case) for case in made]
        assert sum(start in case.start for case, (start, _) in zip(made, found, strict=True)) >= 27
        assert sum(end in case.end for case, (_, end) in zip(made, found, strict=True)) >= 27
    assert len(list(cases())) == 60
