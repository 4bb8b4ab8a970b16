"""Reads how the matter ended: a linear scorer over the last turns of a call and over what was found in all of it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ..language.call import Call
from ..outcome import Outcome, OutcomeQuote, OutcomeValue
from ..transcript import AGENT, CUSTOMER, Role
from .features import Classes, grams_around, turn_words
from .weights import Weights

if TYPE_CHECKING:
    from .scorer import Scores

# What the files of these weights are called, and the side they say.
PREFIX, SIDE = "outcome.", "call"
CUSTOMER_PART, AGENT_PART, SIGN_PART = "customer", "agent", "sign"
_SIDES = ((CUSTOMER_PART, CUSTOMER), (AGENT_PART, AGENT))
# How many of each side's last turns are read, and the last part of the call whose findings count once more.
_LAST_TURNS = 4
_LAST_PART = 0.6
_SUMS = (0.3, 0.6, 1.0, 1.6, 2.5, 4.0, 6.0)
# Fewer words than these say nothing about how a matter ended.
_LEAST_QUOTED_WORDS = 3
# A turn that weighs less than this says next to nothing about it either.
_LEAST_QUOTED_WEIGHT = 0.25


def ending_features(call: Call, confidence: Mapping[str, Sequence[float]], classes: Classes) -> dict[str, Collection[str]]:
    """What the outcome is read from, by part; ``confidence`` holds each target's confidence in each turn."""
    read = _last_turns(call, classes)
    signs: set[str] = set()
    count = len(call.turns)
    for target, column in confidence.items():
        for name, total in (("all", math.fsum(column)), ("late", math.fsum(column[int(_LAST_PART * count) :]))):
            signs.update(f"{target} {name} {least}" for least in _SUMS if total >= least)
    signs.update(f"turns {least}" for least in (10, 20, 30, 40) if count >= least)
    return {
        CUSTOMER_PART: set().union(*read[CUSTOMER_PART].values()),
        AGENT_PART: set().union(*read[AGENT_PART].values()),
        SIGN_PART: signs,
    }


def _last_turns(call: Call, classes: Classes) -> dict[str, dict[int, set[str]]]:
    """What the last turns of each side say, by part and turn; not to be changed."""
    return call.memo("last turns", lambda: {part: _read(call, classes, role) for part, role in _SIDES})


def _read(call: Call, classes: Classes, role: Role) -> dict[int, set[str]]:
    words = turn_words(call)
    last = [i for i, turn in enumerate(call.turns) if turn.role is role][-_LAST_TURNS:]
    return {i: grams_around(words[i], classes.of(words[i])) for i in last}


def _weight(weights: Weights, read: Mapping[str, Collection[str]]) -> float:
    """The summed weights of what was read. Sets come in another order in each process; an exact sum does not depend on it."""
    parts = [(weights.by_part.get(part, {}), names) for part, names in read.items()]
    return math.fsum(features[name] for features, names in parts for name in features.keys() & names)


def outcome(call: Call, scores: Scores, weights: Mapping[str, Weights]) -> Outcome | None:
    """How the matter ended, or None where the language has no weights for it or a side is missing."""
    if len(weights) < len(OutcomeValue) or {turn.role for turn in call.turns}.isdisjoint((CUSTOMER,)):
        return None
    features = ending_features(call, scores.all(), scores.classes)
    odds = {}
    for value in OutcomeValue:
        known = weights[f"{PREFIX}{value}"]
        odds[value] = known.likelihood(known.intercept + _weight(known, features))
    whole = math.fsum(odds.values())
    likely = {value: share / whole for value, share in odds.items()}
    best = max(likely, key=lambda value: likely[value])
    return Outcome(likely, _quotes(call, scores, weights[f"{PREFIX}{best}"]))


def _quotes(call: Call, scores: Scores, weights: Weights) -> tuple[OutcomeQuote, ...]:
    """What speaks most for an outcome near the end of a call: a turn of the customer's and one of the agent's, in the order of the call.

    Where nothing does, it is what the customer said last.
    """
    read = _last_turns(call, scores.classes)
    near = range(int(_LAST_PART * len(call.turns)), len(call.turns))
    slopes = [(slope, scores.of(target)) for target in scores.weights if (slope := _slope(weights, target))]
    found = []
    for part, role in _SIDES:
        weighed = []
        for i in near:
            if call.turns[i].role is not role or call.spoken(i) < _LEAST_QUOTED_WORDS:
                continue
            words = _weight(weights, {part: read[part].get(i, ())})
            weighed.append((words + math.fsum(slope * sure[i] for slope, sure in slopes), i))
        best = max(weighed, default=(0.0, 0))
        if best[0] >= _LEAST_QUOTED_WEIGHT:
            found.append(best[1])
    last = [i for i in near if call.turns[i].role is CUSTOMER and call.spoken(i) >= _LEAST_QUOTED_WORDS]
    return tuple(_quote(call, i) for i in sorted(found) or last[-1:])


def _slope(weights: Weights, target: str) -> float:
    """How much the first sure finding of a target in the last part of a call weighs for an outcome."""
    signs = weights.by_part.get(SIGN_PART, {})
    return math.fsum(signs.get(f"{target} late {least}", 0.0) for least in _SUMS if least <= 1.0)


def _quote(call: Call, turn: int) -> OutcomeQuote:
    at = call.turns[turn]
    text = at.text.strip()
    start = at.text.index(text[:1]) if text else 0
    return OutcomeQuote(turn, start, start + len(text), text, at.speaker, at.time_at(start))
