"""A second opinion on uncertain findings is recorded beside the library's own, and changes nothing else."""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path

import pytest

import listening_coach as lc
from listening_coach import Coach, OpinionError, Report, Transcript
from listening_coach.second_opinion import DETAIL, LEAST_CONFIDENCE, MOST_CONFIDENCE, Question

CALL = Path(__file__).parents[1] / "data" / "samples" / "shop_wrong_item.csv"


def yes(question: Question) -> bool:
    return question.confidence > 0


@cache
def without() -> Report:
    return Coach().review(CALL)


def test_what_is_asked_about() -> None:
    """Findings of middling confidence in the agent's turns are asked about, each once, with the turns around them."""
    asked: list[Question] = []
    Coach(second_opinion=asked.append).review(CALL)
    middling = [m for m in without().moments if m.role == "agent" and LEAST_CONFIDENCE <= m.confidence <= MOST_CONFIDENCE]
    assert middling
    assert [(q.behaviour, q.turn, q.confidence) for q in asked] == [(m.behaviour, m.turn, m.confidence) for m in middling]
    for question in asked:
        assert question.meaning
        assert question.title
        numbers = [number for number, _, _ in question.turns]
        assert numbers == list(range(max(0, question.turn - 3), min(len(without().transcript.turns), question.turn + 4)))
        (line,) = [line for line in question.as_text().splitlines() if line.startswith(">")]
        assert question.quote in line


@pytest.mark.parametrize(("answer", "recorded"), [(True, 1.0), (False, 0.0), (0.25, 0.25), (None, None)])
def test_the_answer_is_recorded(answer: bool | float | None, recorded: float | None) -> None:
    """The answer stands in the details of the moment, also in JSON; score, ledger and everything else stay."""
    report = Coach(second_opinion=lambda question: answer).review(CALL)
    answers = {m.details.get(DETAIL) for m in report.moments if m.role == "agent" and LEAST_CONFIDENCE <= m.confidence <= MOST_CONFIDENCE}
    assert answers == {recorded}
    assert (report.score, report.ledger, len(report.moments)) == (without().score, without().ledger, len(without().moments))
    told = {m["details"].get(DETAIL) for m in report.to_dict()["moments"] if m["role"] == "agent" and DETAIL in m["details"]}
    assert told == (set() if recorded is None else {recorded})


def test_what_is_asked_is_masked() -> None:
    """What leaves the library with a question is masked, unless the coach does not mask."""
    seen: list[str] = []
    turns = [
        ("customer", "My card is 4111 1111 1111 1111 and I am furious."),
        ("agent", "That must be a bit of a nuisance, I suppose."),
        ("customer", "It is my third call."),
        ("agent", "Well, I understand you, sort of."),
    ]
    for mask in (True, False):
        seen.clear()
        Coach(mask=mask, second_opinion=lambda question: seen.append(question.as_text())).review(Transcript.from_turns(turns))
        assert seen
        assert any("4111" in text for text in seen) is not mask


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda question: 1 / 0, r"second opinion on \w+, turn \d+: the function failed: ZeroDivisionError"),
        (lambda question: "yes", r"second opinion on \w+, turn \d+: it answered 'yes'. Answer yes or no as a bool"),
        (lambda question: 1.5, "it answered 1.5"),
        (lambda question: float("nan"), "it answered nan"),
    ],
)
def test_answers_that_are_none(ask: object, message: str) -> None:
    """A function that fails, or answers something else, is told by behaviour and turn."""
    with pytest.raises(OpinionError, match=message):
        Coach(second_opinion=ask).review(CALL)  # type: ignore[arg-type]


def test_what_cannot_be_asked() -> None:
    """Something that is no function is refused when the coach is built."""
    with pytest.raises(OpinionError, match="second_opinion is 'gpt'"):
        Coach(second_opinion="gpt")  # type: ignore[arg-type]


def test_a_coach_that_asks_can_be_sent() -> None:
    """A coach with a second opinion from a module's function crosses a process border."""
    coach = pickle.loads(pickle.dumps(Coach(second_opinion=yes)))  # noqa: S301 - our own
    assert any(DETAIL in m.details for m in coach.review(CALL).moments)
    assert issubclass(OpinionError, lc.ListeningCoachError)
