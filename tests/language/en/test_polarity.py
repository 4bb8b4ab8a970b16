"""The polarity of words is TextBlob's, to the tenth digit: its own last bits differ between versions of Python."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textblob import TextBlob
from textblob.en import sentiment

from listening_coach.language.en import polarity

# Modifiers, negations, words known and not known, short ones that keep a negation, faces and signs.
WORDS = (  # noqa: SIM905 - reads as words
    "good bad terrible really very extremely not never no n't happy happily awful fine hardly slightly a an so it of the house van delivered "
    "card's ' & 0 ! (!) :) :( <3 :-d ... perfect useless absolutely barely less"
).split()


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_words_as_textblob(words: list[str]) -> None:
    """Any row of words has the polarity that TextBlob reckons for it."""
    assert polarity.of_words(words) == pytest.approx(sentiment(list(words))[0], abs=1e-10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I'm really not happy with this.",
        "That's absolutely brilliant, thank you so much!",
        "It wasn't a very good van (!) :-)",
        "NOT GOOD. The parcel's late, and the box is damaged!!",
        "um, well - it's okay, I suppose... 3 out of 10",
    ],
)
def test_text_as_textblob(text: str) -> None:
    """A text as written has the polarity that TextBlob gives it."""
    assert polarity.of_text(text) == pytest.approx(TextBlob(text).sentiment.polarity, abs=1e-10)


@pytest.mark.parametrize(
    ("words", "expected"), [("good", 0.7), ("not good", -0.35), ("very good", 0.91), ("house", 0.0), ("terrible", -1.0), ("", 0.0)]
)
def test_known_values(words: str, expected: float) -> None:
    """A word has its weight, a negation turns and halves it, a modifier strengthens it, and what is not known weighs nothing."""
    assert polarity.of_words(words.split()) == pytest.approx(expected)
