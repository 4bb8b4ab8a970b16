"""Occasions that follow from what was found of other behaviours, as the ``[[situation]]`` tables of behaviour files tell.

A customer who was charged twice and is upset about it calls for an apology; a request that was turned away calls for a way forward.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..behaviours import Behaviour
from ..behaviours.file import Situation
from ..detectors.sides import agents_next
from ..language.call import Call
from ..language.clauses import clauses, readable
from ..moments import Moment, Occasion
from ..transcript import AGENT, CUSTOMER
from .features import Classes
from .kinds import all_stand

# How many turns from the words that call for an answer the agent's next turns are looked for, for each that may answer.
_WITHIN_EACH = 3
# What calls for an answer less surely than the first is left out, less surely than the second is "perhaps".
_LEAST_SHOWN, _LEAST_SURE = 0.5, 0.6


class _Told(NamedTuple):
    """A finding that calls for a behaviour: the finding, the words of its turn that show it, and the turns that may answer."""

    found: Moment | Occasion
    words: tuple[int, int]
    answers: tuple[int, ...]


def situations(
    call: Call, classes: Classes, behaviours: Mapping[str, Behaviour], moments: Sequence[Moment], occasions: Sequence[Occasion]
) -> list[Occasion]:
    """The occasions that the situations of all behaviours make of these moments and occasions."""
    made: dict[str, list[Moment]] = {}
    for moment in moments:
        if moment.role is AGENT and not moment.inferred:
            made.setdefault(moment.behaviour, []).append(moment)
            if moment.kind:
                made.setdefault(f"{moment.behaviour}.{moment.kind}", []).append(moment)
    found: list[Occasion] = []
    for behaviour in behaviours.values():
        if behaviour.scorer is False:
            continue
        for situation in behaviour.situations:
            answering = sorted((m for name in situation.answered_by for m in made.get(name, ())), key=_place)
            told = _told(call, classes, situation, moments, occasions)
            found += _occasions(call, behaviour.id, situation, told, answering)
    return found


def _told(call: Call, classes: Classes, situation: Situation, moments: Iterable[Moment], occasions: Iterable[Occasion]) -> Iterator[_Told]:
    """What was found that the situation speaks of, in the order of the call."""
    role = CUSTOMER if situation.by == "customer" else AGENT
    every: Iterable[Moment | Occasion] = occasions if situation.found == "occasions" else moments
    for found in sorted((each for each in every if each.behaviour == situation.at), key=_place):
        if found.role is not role or (situation.kinds and found.kind not in situation.kinds):
            continue
        words = _words(call, classes, situation, found)
        if words is not None:
            yield _Told(found, words, tuple(agents_next(call, found.turn + 1, situation.turns, _WITHIN_EACH * situation.turns)))


def _words(call: Call, classes: Classes, situation: Situation, found: Moment | Occasion) -> tuple[int, int] | None:
    """The words that show the situation: those found where they hold what it needs, else the first of their turn that do."""
    first, last = call.bounds[found.turn]
    within = [i for i in range(first, last) if call.starts[i] >= found.start and call.ends[i] <= found.end]
    if not within:
        return None
    own = within[0], within[-1] + 1
    if all_stand(call, classes, situation.needs, found.turn, own):
        return own
    beside = (readable(call, found.turn, clause) for clause in clauses(call)[found.turn])
    return next((words for words in beside if all_stand(call, classes, situation.needs, found.turn, words)), None)


def _occasions(call: Call, behaviour: str, situation: Situation, told: Iterable[_Told], answering: Sequence[Moment]) -> list[Occasion]:
    """The occasions of one situation: what is told again before it is answered is one."""
    found: list[Occasion] = []
    waiting: set[int] = set()
    for each in told:
        at, likely = each.found, situation.likely
        sure = round(likely * _sure(at), 3)
        if sure < _LEAST_SHOWN:
            continue
        answer = _answer(situation, each, answering)
        again = bool(found) and (situation.once_a_call or (not found[-1].met and not waiting.isdisjoint((at.turn, *each.answers))))
        waiting = set(each.answers)
        if not again:
            found.append(call.occasion(behaviour, at.turn, *each.words, kind=situation.kind, met=answer is not None, answer=answer))
            found[-1] = replace(found[-1], confidence=sure, perhaps=_unsure(at) or sure < _LEAST_SURE)
            continue
        first = found[-1]
        if not first.met and answer is not None:
            first = replace(first, met=True, answer=answer)
        # Told twice, it is as sure as the surer telling.
        found[-1] = replace(first, confidence=max(first.confidence, sure), perhaps=first.perhaps and (_unsure(at) or sure < _LEAST_SURE))
    return found


def _answer(situation: Situation, told: _Told, answering: Sequence[Moment]) -> int | None:
    """The turn that answers: that which softens the agent's own words, the first of those that may, or where it may come late any certain one."""
    found = told.found
    if isinstance(found, Moment) and _softened(found):
        softened_turn: int = found.details.get("softened_turn", found.turn)
        return softened_turn
    # What the agent goes on to say behind their own words answers too.
    same_turn = {m.turn for m in answering if found.role is AGENT and m.turn == found.turn and m.start >= found.end}
    soon = next((m.turn for m in answering if m.turn in same_turn or m.turn in told.answers), None)
    if soon is not None or not situation.later:
        return soon
    return next((m.turn for m in answering if m.turn > found.turn and not m.perhaps), None)


def _softened(found: Moment | Occasion) -> bool:
    return isinstance(found, Moment) and bool(found.details.get("softened_by"))


def _sure(found: Moment | Occasion) -> float:
    """How sure it is that a behaviour was called for: that a refusal was softened only a rule tells."""
    return 1.0 if _softened(found) else found.confidence


def _unsure(found: Moment | Occasion) -> bool:
    return found.perhaps and not _softened(found)


def _place(found: Moment | Occasion) -> tuple[int, int]:
    return found.turn, found.start
