"""What is known of an occasion once all of a call is found: how much it mattered, and how it was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .behaviours import Behaviour
from .moments import Moment, Occasion
from .transcript import Turn


def completed(
    turns: Sequence[Turn], moments: Iterable[Moment], occasions: Iterable[Occasion], behaviours: Mapping[str, Behaviour]
) -> list[Occasion]:
    """Occasions with their weight, and with who answered them, how soon and how surely."""
    made: dict[int, list[Moment]] = {}
    for moment in moments:
        made.setdefault(moment.turn, []).append(moment)
    found = []
    first: set[str] = set()
    for occasion in occasions:
        behaviour = behaviours.get(occasion.behaviour)
        weight = occasion.weight
        if behaviour is not None:
            weights = behaviour.weights
            factor = weights.kinds.get(occasion.kind or "", 1.0)
            if not occasion.perhaps and occasion.behaviour not in first:
                first.add(occasion.behaviour)
                factor = max(factor, weights.first)
            weight *= factor
        found.append(replace(occasion, weight=weight, **_answer(turns, made, occasion, behaviour)))
    return found


def _answer(turns: Sequence[Turn], made: Mapping[int, Sequence[Moment]], occasion: Occasion, behaviour: Behaviour | None) -> dict[str, Any]:
    """The fields of an occasion that tell of its answer."""
    at = occasion.answer
    if at is None:
        # What is met at no place that is known was met for certain all the same, as where a promise names its day in the same words.
        return {"answer_confidence": 1.0 if occasion.met else 0.0}
    answering = {
        occasion.behaviour,
        *((name.partition(".")[0] for each in behaviour.situations for name in each.answered_by) if behaviour else ()),
    }
    turn = turns[at]
    best = max((m for m in made.get(at, ()) if m.behaviour in answering and m.speaker == turn.speaker), key=_sure, default=None)
    said_s = turn.start if best is None else best.time_s
    return {
        "answered_by": turn.speaker,
        "answer_after_turns": at - occasion.turn,
        "answer_after_s": None if said_s is None or occasion.time_s is None else round(max(0.0, said_s - occasion.time_s), 2),
        # Where only a rule found the answer, it is certain.
        "answer_confidence": 1.0 if best is None else best.confidence,
    }


def _sure(moment: Moment) -> float:
    return moment.confidence
