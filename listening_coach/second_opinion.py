"""A second opinion on uncertain findings: a function of the caller's, such as a local or hosted language model, that is asked about them.

Nothing is asked by default. The answer is recorded beside the library's own confidence, as the detail ``second_opinion`` of the moment; it
changes neither what is found nor the score. What is asked is masked as the coach's reports are::

    def ask(question):
        prompt = f"{question.meaning}\\n\\n{question.as_text()}\\n\\nDoes the marked turn do this? Answer yes or no."
        return my_model(prompt).strip().lower().startswith("yes")

    coach = listening_coach.Coach(second_opinion=ask)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from .errors import OpinionError, unforeseen
from .masking import mask
from .moments import Details, Moment
from .transcript import AGENT, Transcript

# Findings whose confidence lies between these are asked about: what is surer needs no second opinion, and what is less is not shown as a finding.
LEAST_CONFIDENCE, MOST_CONFIDENCE = 0.3, 0.8
# So many turns before and behind go with the question.
_TURNS_AROUND = 3
# The detail of a moment under which the answer stands.
DETAIL = "second_opinion"


@dataclass(frozen=True)
class Question:
    """One finding that is asked about.

    ``title`` and ``meaning`` tell the behaviour in words, ``quote`` what was found and ``turn`` in which turn. ``turns`` are the turns around it,
    in order, as number, role and text. ``confidence``, 0 to 1, is the library's own.
    """

    behaviour: str
    title: str
    meaning: str
    quote: str
    turn: int
    turns: tuple[tuple[int, str, str], ...]
    confidence: float

    def as_text(self) -> str:
        """The turns as lines, the one that is asked about marked by ``>``."""
        return "\n".join(f"{'>' if number == self.turn else ' '} {role}: {text}" for number, role, text in self.turns)


# Answers yes or no, or how likely it is, 0 to 1; None says nothing.
SecondOpinion = Callable[[Question], bool | float | None]


def with_second_opinions(
    moments: Iterable[Moment], transcript: Transcript, told: Mapping[str, tuple[str, str]], ask: SecondOpinion
) -> list[Moment]:
    """The moments, each of the agent's whose confidence is middling with the answer to it; ``told`` has title and meaning by behaviour.

    Raises:
        OpinionError: the function that is asked failed, or its answer is none.
    """
    return [
        _answered(moment, transcript, told[moment.behaviour], ask)
        if moment.role is AGENT and LEAST_CONFIDENCE <= moment.confidence <= MOST_CONFIDENCE and moment.behaviour in told
        else moment
        for moment in moments
    ]


def _answered(moment: Moment, transcript: Transcript, told: tuple[str, str], ask: SecondOpinion) -> Moment:
    around = range(max(0, moment.turn - _TURNS_AROUND), min(len(transcript.turns), moment.turn + _TURNS_AROUND + 1))
    turns = tuple((i, str(transcript.turns[i].role), transcript.turns[i].text) for i in around)
    # A quote that masking has changed is no part of the turns that go with it.
    quote = moment.quote if moment.quote in transcript.turns[moment.turn].text else mask(moment.quote)
    question = Question(moment.behaviour, *told, quote, moment.turn, turns, moment.confidence)
    where = f"second opinion on {moment.behaviour}, turn {moment.turn}"
    try:
        answer = ask(question)
    except Exception as error:
        raise OpinionError(
            f"the function failed: {unforeseen(error)}", where=where, remedy="Let it answer None where it cannot tell."
        ) from error
    if answer is None:
        return moment
    if not isinstance(answer, bool | int | float) or not 0 <= answer <= 1:
        raise OpinionError(f"it answered {answer!r:.60}", where=where, remedy="Answer yes or no as a bool, a share from 0 to 1, or None.")
    return replace(moment, details=Details({**moment.details, DETAIL: float(answer)}))
