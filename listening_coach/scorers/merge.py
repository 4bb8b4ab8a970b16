"""Joins the scores with what the rules found: one list of moments and occasions, each with its confidence.

For a behaviour with a scorer, its confidence decides whether an agent's turn holds the behaviour; what a rule found there gives kind, quote
and rule, else the clause that weighs most is quoted. Where a behaviour has no scorer, or nobody is known to be the agent, the rules decide
alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from ..action_points import DATED, IMMEDIATE, PROMISE, UNDATED
from ..behaviours import Behaviour
from ..detectors import Found
from ..detectors.sides import agents_next
from ..language.call import Call
from ..language.clauses import readable
from ..moments import Details, Moment, Occasion
from ..transcript import AGENT, CUSTOMER
from .kinds import kind_of, placed
from .scorer import Reason, Scores
from .situations import situations
from .weights import Weights

# The targets of scorers that look for the occasions of a behaviour, and for the day that a promise names.
OCCASION, DUE = "occasion", "due"
# Word classes that make a promise soft.
_HEDGES = frozenset(("@hedge_think", "@hedge_maybe", "@hedge_should"))
# What a scorer found is told as this rule.
RULE = "weighed words and signs"
# A recap is told by where it stands and what it covers. Where a rule has found one it is shown, however little its words weigh.
RECAP = "recap"
# An occasion is answered in one of the agent's next turns, so many of them and so many turns away.
_ANSWERING_TURNS, _ANSWER_WITHIN = 2, 5


def merged(call: Call, found: Found, scores: Scores, behaviours: Mapping[str, Behaviour]) -> Found:
    """What rules and scorers found together."""
    weights = scores.weights
    by_behaviour: dict[str, list[Moment]] = {}
    for moment in found.moments:
        by_behaviour.setdefault(moment.behaviour, []).append(moment)
    moments: list[Moment] = []
    for name, behaviour in behaviours.items():
        own = by_behaviour.get(name, [])
        if name in weights and behaviour.scorer is not False:
            moments += _decided(call, behaviour, own, scores)
        else:
            moments += own
    occasions = [occasion for occasion in found.occasions if f"{occasion.behaviour}.{OCCASION}" not in weights]
    for name, behaviour in behaviours.items():
        target = f"{name}.{OCCASION}"
        if target not in weights:
            continue
        own_occasions = [occasion for occasion in found.occasions if occasion.behaviour == name]
        if behaviour.scorer is False:
            occasions += own_occasions
        else:
            occasions += _called_for(call, behaviour, target, own_occasions, moments, scores)
    dated = {(m.behaviour, m.turn, m.start, m.end) for m in moments if m.details.get("due_text")}
    occasions = [_closed(occasion, dated) for occasion in occasions]
    return Found(moments, occasions + situations(call, scores.classes, behaviours, moments, occasions))


def _closed(occasion: Occasion, dated: Set[tuple[str, int, int, int]]) -> Occasion:
    """A promise of the agent's that rules left without a day is no longer open where its scorer has read one."""
    if occasion.met or occasion.kind != UNDATED or (occasion.behaviour, occasion.turn, occasion.start, occasion.end) not in dated:
        return occasion
    return replace(occasion, kind=DATED, met=True, answer=occasion.turn)


def _least(behaviour: Behaviour, weights: Weights, by_rule: bool) -> float:
    """The confidence from which on a behaviour is shown: its file's, else the fitted one; less is asked of what a rule has found."""
    if behaviour.scorer is True:
        return weights.keep if by_rule else weights.show
    return float(behaviour.scorer)


def _decided(call: Call, behaviour: Behaviour, own: Sequence[Moment], scores: Scores) -> list[Moment]:
    """The moments of one behaviour: those of speakers who are not scored as they are, in scored turns what the confidence decides."""
    name = behaviour.id
    weights = scores.weights[name]
    role = AGENT if weights.side == "agent" else CUSTOMER
    confidence = scores.of(name)
    due = scores.of(f"{name}.{DUE}") if f"{name}.{DUE}" in scores.weights else None
    least_due = scores.weights[f"{name}.{DUE}"].show if due else 1.0
    kept = [moment for moment in own if moment.role is not role or moment.inferred]
    by_turn: dict[int, list[Moment]] = {}
    for moment in own:
        if moment.role is role and not moment.inferred:
            if moment.kind == IMMEDIATE:
                kept.append(moment)
            else:
                by_turn.setdefault(moment.turn, []).append(moment)
    least = _least(behaviour, weights, by_rule=False)
    others = [(scores.of(other), scores.weights[other].show) for other in behaviour.outweighed_by if other in scores.weights]
    for turn in sorted({*by_turn, *(i for i, sure in enumerate(confidence) if sure >= least)}):
        if call.turns[turn].role is not role or not call.spoken(turn):
            continue
        sure = confidence[turn]
        there = by_turn.get(turn, [])
        recap = any(moment.kind == RECAP for moment in there)
        if any(other[turn] >= max(show, sure) for other, show in others):
            continue
        if sure < _least(behaviour, weights, bool(there)) and not recap:
            # An honest limit is no breach, but the report may tell it as one that was softened.
            kept += [_believed(moment, confidence=sure) for moment in there if moment.details.get("softened")]
            continue
        why = scores.reasons(turn, name)
        perhaps = sure < weights.count
        if there:
            changed = [_believed(moment, confidence=sure, why=why, perhaps=perhaps) for moment in there]
        else:
            changed = [_learned(call, behaviour, turn, scores, sure, why, PROMISE if due else None, perhaps)]
        if due:
            changed = [_dated(call, moment, due[turn], least_due) for moment in changed]
        kept += changed
    return kept


def _believed(moment: Moment, *, confidence: float, why: Sequence[Reason] = (), perhaps: bool = True) -> Moment:
    """A moment of a rule with its confidence and with what else spoke for it; one that a scorer believes is not softened."""
    details = dict(moment.details)
    if why:
        details["why"] = tuple(f"{reason.part}: {reason.name}" for reason in why)
        if "softened" in details:
            details["softened"] = False
    return replace(moment, confidence=round(confidence, 3), details=Details(details), perhaps=perhaps)


def _learned(
    call: Call, behaviour: Behaviour, turn: int, scores: Scores, sure: float, why: Sequence[Reason], kind: str | None, perhaps: bool
) -> Moment:
    name = behaviour.id
    clause = scores.clause(turn, name)
    # A promise is told in few words, as its quote is what was promised.
    first, last = clause if kind == PROMISE else readable(call, turn, clause)
    details: dict[str, Any] = {"why": tuple(f"{reason.part}: {reason.name}" for reason in why)}
    soft = kind == PROMISE and any(first <= at < last and each in _HEDGES for at, each in placed(call, scores.classes, turn))
    kind = kind_of(call, scores.classes, behaviour.by_class.moments, turn, (first, last)) or kind
    if soft:
        details["firmness"] = "soft"
    return call.moment(name, turn, first, last, kind=kind, rule=RULE, confidence=round(sure, 3), perhaps=perhaps, **details)


def _dated(call: Call, moment: Moment, sure: float, least: float) -> Moment:
    """A promise with the day it names, where its turn names one; a day that a rule has read stands."""
    if moment.details.get("due_text") or sure < least:
        return moment
    turn = moment.turn
    first, last = call.bounds[turn]
    words = call.words[first:last]
    found = call.language.find_dates(words) or call.language.find_lengths(words) or call.language.find_events(words)
    if not found:
        return moment
    begin, end = call.span(turn, first + found[0][0], first + found[0][1])
    due_text = call.turns[turn].text[begin:end]
    started = call.transcript.started_at
    day = call.language.resolve_date(due_text, started) if started else None
    return replace(moment, details=Details({**moment.details, "due_text": due_text, "due": day.isoformat() if day else None}))


def _called_for(
    call: Call, behaviour: Behaviour, target: str, own: Sequence[Occasion], moments: Iterable[Moment], scores: Scores
) -> list[Occasion]:
    """The customer's turns that called for a behaviour, and whether an agent's turn after them answered."""
    name, weights = behaviour.id, scores.weights[target]
    answered = {moment.turn for moment in moments if moment.behaviour == name and moment.role is AGENT}
    by_turn = {occasion.turn: occasion for occasion in own}
    found = [occasion for occasion in own if call.turns[occasion.turn].role is not CUSTOMER]
    for turn, sure in enumerate(scores.of(target)):
        if call.turns[turn].role is not CUSTOMER or not call.spoken(turn) or sure < _least(behaviour, weights, turn in by_turn):
            continue
        answer = next((i for i in agents_next(call, turn + 1, _ANSWERING_TURNS, _ANSWER_WITHIN) if i in answered), None)
        occasion = by_turn.get(turn)
        if occasion is None:
            quoted = readable(call, turn, scores.clause(turn, target))
            kind = kind_of(call, scores.classes, behaviour.by_class.occasions, turn, quoted)
            occasion = call.occasion(name, turn, *quoted, kind=kind)
        met = answer is not None or occasion.met
        found.append(
            replace(
                occasion,
                met=met,
                answer=answer if answer is not None else occasion.answer,
                confidence=round(sure, 3),
                perhaps=sure < weights.count,
            )
        )
    return found
