"""The call as words: spans, sentences and clauses, and phrases that stay within a sentence and a turn."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Coach, Transcript
from listening_coach.behaviours import builtin
from listening_coach.language.call import Call, PhraseFinder, read_as
from listening_coach.language.language import load
from listening_coach.language.normaliser import BOUNDARIES

LANGUAGE = PhraseFinder(builtin())
TALK = st.text(alphabet=st.sampled_from("aeimsy orry'?.,— \n[]<ok"), max_size=60)


def call(*texts: str) -> Call:
    return LANGUAGE.call(Transcript.from_turns([("agent" if i % 2 else "customer", t) for i, t in enumerate(texts)]))


def test_spacy_doc_holds_the_call() -> None:
    """The call's words are one spaCy Doc whose sentences are ours."""
    c = call("I am sorry. It broke", "okay")
    assert [t.text for t in c.doc] == c.words
    assert [s.text.strip() for s in c.doc.sents if s.text.strip()] == ["i am sorry .", "it broke", "okay"]


@given(st.lists(TALK, max_size=5))
def test_offsets_quote_the_text(texts: list[str]) -> None:
    """Every moment's span lies in its turn, and its quote is what stands there."""
    transcript = Transcript.from_turns([("agent", t) for t in texts])
    for m in COACH.annotate(transcript):
        text = transcript.turns[m.turn].text
        assert 0 <= m.start <= m.end <= len(text)
        assert m.quote == text[m.start : m.end]


@given(st.lists(TALK, max_size=5))
def test_words_counted_by_turn(texts: list[str]) -> None:
    """How many words of each turn a test holds for is what counting them one by one gives; signs are not spoken."""
    c = call(*texts)
    assert c.in_turns(BOUNDARIES.__contains__) == [sum(w in BOUNDARIES for w in c.turn_words(i)) for i in range(len(texts))]
    assert c.all_spoken() == [sum(w not in BOUNDARIES for w in c.turn_words(i)) for i in range(len(texts))]


COACH = Coach()


@pytest.mark.parametrize("texts", [("i am so", "sorry about that"), ("I am so. Sorry about that",)])
def test_phrases_stay_in_their_sentence(texts: tuple[str, ...]) -> None:
    """No phrase is found across two turns or two sentences."""
    found = [m.quote for m in COACH.annotate(Transcript.from_turns([("agent", t) for t in texts]))]
    assert not [quote for quote in found if quote.lower().startswith(("i am so", "so sorry", "so. sorry"))]


@pytest.mark.parametrize(
    ("word", "same"),
    [("cancelling", "cancelled"), ("booking", "booked"), ("charges", "charged"), ("delivery", "deliveries"), ("worried", "worry")],
)
def test_stems(word: str, same: str) -> None:
    """Words of one family share a stem."""
    assert load().stem(word) == load().stem(same)


def test_content_words() -> None:
    """Function words, nods and courtesies carry no content; things and deeds do."""
    assert [w for w in "okay so the router is broken again thanks".split() if load().is_content(w)] == ["router", "broken"]  # noqa: SIM905 - reads as it is said


def test_numbers_are_stems_as_written() -> None:
    """A number is compared as it was written, without its currency sign."""
    c = call("it cost $45.20 for the router")
    assert c.stems(*c.bounds[0]) == ["cost", "45.20", "router"]


def test_a_text_as_phrases_see_it() -> None:
    """Numbers, spellings and contractions are as phrases write them; sentence ends are left out."""
    assert read_as("It's 9 November. I'd colour it, um, red?", load()) == "it is 0 november i would color it red"


def test_coach_pickles() -> None:
    """A coach crosses a process border and finds the same."""
    transcript = Transcript.from_turns(
        [("customer", "my router is broken"), ("agent", "I'm so sorry about that, I'll send you one by Friday.")]
    )
    assert pickle.loads(pickle.dumps(COACH)).annotate(transcript) == COACH.annotate(transcript)  # noqa: S301 - our own bytes


@pytest.mark.parametrize("name", builtin())
def test_our_phrases_can_be_read(name: str) -> None:
    """Every phrase of our own files can be found in what is read: a copy passes the check that users' files go through."""
    PhraseFinder({name: replace(builtin()[name])}, {name})
