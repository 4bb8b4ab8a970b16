"""Occasions once all is found: how much they matter by kind, and who answered them, how soon and how surely."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Role, Transcript
from listening_coach.behaviours import Behaviour, builtin
from listening_coach.behaviours.file import OccasionWeights
from listening_coach.moments import Moment, Occasion
from listening_coach.occasions import completed

AGENT, CUSTOMER = Role.AGENT, Role.CUSTOMER
TURNS = Transcript.from_turns(
    [("Ann", "customer", "The dog is gone.", 1.0, 3.0), ("Bo", "agent", "Oh dear.", 4.0, 5.0), ("Bo", "agent", "I am sorry.", 8.0, 9.0)]
).turns
UNTIMED = Transcript.from_turns([(turn.speaker, turn.role.value, turn.text) for turn in TURNS]).turns
GONE = Occasion("empathy", 0, 8, 15, "is gone", "blow", True, 1, "Ann", CUSTOMER, 2.0)


def empathy(turn: int, confidence: float, behaviour: str = "empathy", speaker: str = "Bo") -> Moment:
    return Moment(behaviour, turn, 0, 2, "Oh", speaker=speaker, role=AGENT, time_s=TURNS[turn].start, confidence=confidence)


def weighing(**weights: object) -> dict[str, Behaviour]:
    return {"empathy": replace(builtin()["empathy"], weights=OccasionWeights(**weights))}  # type: ignore[arg-type]  # what a file holds


def told(occasion: Occasion) -> tuple[object, ...]:
    return occasion.answered_by, occasion.answer_after_turns, occasion.answer_after_s, occasion.answer_confidence


def test_the_answer() -> None:
    """An answer has its speaker, how many turns and seconds after the words it came, and the confidence of the surest moment there."""
    moments = [empathy(1, 0.4), empathy(1, 0.7), empathy(1, 0.9, "greeting"), empathy(2, 1.0)]
    (found,) = completed(TURNS, moments, [GONE], builtin())
    assert told(found) == ("Bo", 1, 2.0, 0.7)
    (late,) = completed(TURNS, moments, [replace(GONE, answer=2)], builtin())
    assert told(late) == ("Bo", 2, 6.0, 1.0)


def test_without_times() -> None:
    """Without times nobody knows how many seconds it took."""
    (found,) = completed(UNTIMED, [replace(empathy(1, 0.7), time_s=None)], [replace(GONE, time_s=None)], builtin())
    assert told(found) == ("Bo", 1, None, 0.7)


def test_what_only_a_rule_answers() -> None:
    """Where an answer is no moment of the behaviour a rule alone has found it, and it is certain; what is not met has no answer."""
    (ruled, missed) = completed(TURNS, [empathy(1, 0.4, "apology")], [GONE, replace(GONE, met=False, answer=None)], builtin())
    assert told(ruled) == ("Bo", 1, 2.0, 1.0)
    assert told(missed) == (None, None, None, 0.0)


def test_what_answers_in_a_situation() -> None:
    """A promise answers a customer who calls again, as the file on ownership says, and its confidence is that of the answer."""
    (found,) = completed(TURNS, [empathy(1, 0.4, "action_point")], [replace(GONE, behaviour="ownership")], builtin())
    assert found.answer_confidence == 0.4


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, [1.0, 1.0, 1.0, 1.0]),
        ({"kinds": {"blow": 1.5}}, [1.0, 1.5, 1.0, 1.5]),
        # The first that is certain weighs more, but no less than its kind does.
        ({"first": 1.25}, [1.0, 1.25, 1.0, 1.0]),
        ({"kinds": {"blow": 1.5}, "first": 1.25}, [1.0, 1.5, 1.0, 1.5]),
        ({"kinds": {"blow": 0.5}, "first": 1.25}, [1.0, 1.25, 1.0, 0.5]),
    ],
)
def test_weights(weights: dict[str, object], expected: list[float]) -> None:
    """A file weighs occasions by kind, and the first certain one of a call."""
    occasions = [replace(GONE, kind="trouble", perhaps=True), GONE, replace(GONE, kind=None), GONE]
    assert [o.weight for o in completed(TURNS, [], occasions, weighing(**weights))] == expected


def test_a_detectors_own_weight() -> None:
    """A weight that a detector gave is multiplied; occasions of a behaviour that is not loaded keep it."""
    own = replace(GONE, weight=2.0)
    assert [o.weight for o in completed(TURNS, [], [own], weighing(kinds={"blow": 1.5}))] == [3.0]
    assert [o.weight for o in completed(TURNS, [], [own], {})] == [2.0]


@given(st.lists(st.floats(0, 1), max_size=4), st.sampled_from([None, 1, 2]))
def test_nothing_else_changes(confidences: list[float], answer: int | None) -> None:
    """Place, kind, confidence and whether it was met stay as they were found."""
    given_ = replace(GONE, answer=answer, met=answer is not None)
    (found,) = completed(TURNS, [empathy(1, each) for each in confidences], [given_], builtin())
    plain = replace(found, weight=1.0, answered_by=None, answer_after_turns=None, answer_after_s=None, answer_confidence=0.0)
    assert plain == given_
    assert 0.0 <= found.answer_confidence <= 1.0
