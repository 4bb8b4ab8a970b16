"""Verbal nods: words that show listening, told apart from answers and from one's own speech."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.behaviours import builtin
from listening_coach.detectors.nods import detect
from listening_coach.language.call import PhraseFinder
from listening_coach.moments import Moment
from listening_coach.transcript import Transcript

BEHAVIOUR = builtin()["verbal_nod"]


@functools.cache
def language() -> PhraseFinder:
    return PhraseFinder({"verbal_nod": BEHAVIOUR})


def found(*records: Any) -> list[Moment]:
    call = language().call(Transcript.from_turns(records))
    return sorted(detect(call, BEHAVIOUR).moments, key=lambda m: (m.turn, m.start))


def last(*records: Any) -> list[Moment]:
    return [m for m in found(*records) if m.turn == len(records) - 1]


TELLING = ("customer", "The heating went off on Friday and the flat has been cold since.")


@pytest.mark.parametrize(
    ("text", "quote", "kind", "place"),
    [
        ("Uh-huh.", "Uh-huh", "acknowledgement", "turn"),
        ("mm hmm", "mm hmm", "acknowledgement", "turn"),
        ("Mhm, mhm.", "Mhm, mhm", "acknowledgement", "turn"),
        ("Right, okay.", "Right, okay", "acknowledgement", "turn"),
        ("oh right yeah", "oh right yeah", "acknowledgement", "turn"),
        ("Um, right.", "right", "acknowledgement", "turn"),
        ("I see.", "I see", "acknowledgement", "turn"),
        ("Got it.", "Got it", "acknowledgement", "turn"),
        ("Yes, sir.", "Yes", "acknowledgement", "turn"),
        ("Okay 👍", "Okay", "acknowledgement", "turn"),
        ("<b>Right.</b>", "Right", "acknowledgement", "turn"),
        ("Exactly.", "Exactly", "agreement", "turn"),
        ("You bet.", "You bet", "agreement", "turn"),
        ("Really?", "Really", "interest", "turn"),
        ("Oh, has it?", "Oh, has it", "interest", "turn"),
        ("Right, and have you looked at the boiler?", "Right", "acknowledgement", "opening"),
        ("oh i see let me get somebody out to you", "oh i see", "acknowledgement", "opening"),
        ("Okay. So it's been three days.", "Okay", "acknowledgement", "opening"),
        ("Friday. Okay. Let me have a look.", "Okay", "acknowledgement", "later"),
    ],
)
def test_nods(text: str, quote: str, kind: str, place: str) -> None:
    """A nod is found wherever it stands, quoted tightly, with its kind and place."""
    moments = last(TELLING, ("agent", text))
    assert [(m.quote, m.kind, m.details["place"]) for m in moments] == [(quote, kind, place)]
    assert moments[0].speaker == "agent"


@pytest.mark.parametrize(
    "text",
    [
        "No.",
        "Oh, I can help with that.",
        "Turn right at the lights.",
        "Right now we have nobody free.",
        "I see the flat on my list.",
        "It's okay.",
        "I'm not sure.",
        "Thank you.",
        "um",
        "",
        "🙂",
        "[inaudible]",
        "So",
        "The whole of the flat? Yes.",
    ],
)
def test_not_nods(text: str) -> None:
    """The same words in other use, other answers, and nothing at all are no nods."""
    assert last(TELLING, ("agent", text)) == []


@pytest.mark.parametrize(
    "question",
    [
        "Is it still cold?",
        "is it still cold",
        "have you got the number there",
        "so could you give me your name",
        "and you live there, do you",
        "it's the upper flat, isn't it",
        "Would you like a call back?",
        "And your postcode?",
        "do you want a text or",
    ],
)
@pytest.mark.parametrize("answer", ["Yes.", "yeah", "Yep.", "Yeah, I do.", "Sure."])
def test_answers_are_not_nods(question: str, answer: str) -> None:
    """A yes after a question answers it, written with signs or without."""
    assert last(("agent", question), ("customer", answer)) == []


@pytest.mark.parametrize("taken_in", ["Right.", "okay", "I see.", "Okay, so that's the upper flat."])
def test_taking_an_answer_in(taken_in: str) -> None:
    """Words that take in what was said are nods even after a question."""
    assert len(last(("customer", "Is it still open?"), ("agent", taken_in))) == 1


def test_tag_behind_ones_own_words() -> None:
    """A "right" right after one's own words asks for a nod and gives none."""
    records = [
        {"speaker": "s1", "text": "so that is the second file", "start": 0.0, "end": 2.0},
        {"speaker": "s1", "text": "right", "start": 2.1, "end": 2.4},
        {"speaker": "s2", "text": "mm-hmm", "start": 2.6, "end": 2.9},
    ]
    assert [m.turn for m in found(*records)] == [2]


def test_opening_ones_own_speech() -> None:
    """A word at once followed by one's own speech opens it; where the other goes on it is a nod."""
    opening = [
        {"speaker": "s1", "text": "we could do that next week", "start": 0.0, "end": 2.0},
        {"speaker": "s2", "text": "yeah", "start": 2.2, "end": 2.5},
        {"speaker": "s2", "text": "but who would do the other part", "start": 2.55, "end": 4.0},
    ]
    assert found(*opening) == []
    nod = [*opening[:2], {"speaker": "s1", "text": "or the week after that", "start": 2.6, "end": 4.0}]
    assert [m.turn for m in found(*nod)] == [1]


def test_under_the_others_speech() -> None:
    """A nod under the other's speech is a turn of its own, with its time."""
    moments = found(
        {"speaker": "customer", "text": "and then the pipe burst and the whole of the kitchen was under water", "start": 0.0, "end": 6.0},
        {"speaker": "agent", "text": "oh right", "start": 2.5, "end": 3.0},
    )
    assert [(m.turn, m.time_s) for m in moments] == [(1, 2.5)]


def test_first_turn() -> None:
    """Nothing was said that a first "okay" could take in; a first "yes" answers a greeting that was not recorded."""
    assert found(("agent", "Okay.")) == []
    assert [m.quote for m in found(("customer", "Yeah."), ("agent", "Hello?"))] == ["Yeah"]


def test_meeting_without_roles() -> None:
    """Among several without roles a word that opens a turn is left alone, since nobody knows whom it answers; a turn of its own counts."""
    meeting = [("s1", "the second one is done"), ("s2", "yeah we saw that"), ("s3", "mm-hmm")]
    assert [m.turn for m in found(*meeting)] == [2]
    call = [("agent", "the second one is done"), ("customer", "yeah we saw that"), ("supervisor", "mm-hmm")]
    assert [m.turn for m in found(*call)] == [1, 2]


def test_every_speaker() -> None:
    """Nods are found for agent, customer and anyone else alike."""
    for speaker in ("agent", "customer", "supervisor", "spk_0"):
        assert [m.speaker for m in last(("x", "it broke on the Friday"), (speaker, "uh huh"))] == [speaker]


NODS = ["right", "okay", "i see", "mm-hmm", "oh right", "got it"]
TOLD = ["the meter was read in May", "we moved in the spring of last year", "my son has the other phone"]


@given(st.lists(st.tuples(st.sampled_from(TOLD), st.sampled_from(NODS)), min_size=1, max_size=10))
def test_each_nod_once(rows: list[tuple[str, str]]) -> None:
    """In a telling with a nod after each point, each nod is found, once, and nothing else."""
    records = [r for told, nod in rows for r in (("customer", told), ("agent", nod))]
    assert [(m.turn, m.quote) for m in found(*records)] == [(2 * k + 1, nod) for k, (_, nod) in enumerate(rows)]


@given(st.sampled_from(NODS), st.sampled_from(["{}.", "{},", "Um, {}.", "uh {}", "{} um", " {} ", "[noise] {}"]))
def test_signs_and_hesitations_change_nothing(nod: str, form: str) -> None:
    """Signs, capitals, noise tags and hesitations around a nod leave it one nod."""
    for text in (form.format(nod), form.format(nod).capitalize()):
        assert [m.quote.lower() for m in last(TELLING, ("agent", text))] == [nod]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.text(max_size=40)), max_size=12))
def test_any_text(rows: list[tuple[str, str]]) -> None:
    """Whatever the text, moments quote their own turns and share no character."""
    moments = found(*rows)
    for moment in moments:
        assert rows[moment.turn][1][moment.start : moment.end] == moment.quote != ""
    for one, other in itertools.pairwise(moments):
        assert one.turn != other.turn or one.end <= other.start
