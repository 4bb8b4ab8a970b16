"""Behaviours that words show and whose quote is the clause they stand in: "because" alone tells nobody what was explained."""

from __future__ import annotations

from collections.abc import Iterable

from ..behaviours import Behaviour
from ..language import Call, Hit
from ..moments import Moment
from . import Found
from .phrases import longest, unblocked

# A clause may run on for ever where nothing is punctuated.
_MOST_WORDS = 16
# They close a clause without belonging to it.
_CLOSERS = frozenset(("okay", "yeah", "right", "then", "and", "so", "but", "bye", "thanks", "please", "sorry"))


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of a behaviour by its phrases, each reaching to the end of its clause."""
    hits = longest(unblocked(call.found(behaviour.id), call.found(behaviour.id, "blockers")))
    return Found(clause_moments(call, behaviour.id, hits), [])


def clause_moments(call: Call, behaviour: str, hits: Iterable[Hit]) -> list[Moment]:
    """A moment for each hit, from its first word to the end of its clause; hits within one moment are one."""
    found: list[Moment] = []
    turn, covered = -1, -1
    for hit in hits:
        if hit.turn == turn and hit.first < covered:
            continue
        turn, covered = hit.turn, clause_end(call, hit)
        found.append(call.moment(behaviour, hit.turn, hit.first, covered, kind=hit.rule.kind, rule=hit.rule.pattern))
    return found


def clause_end(call: Call, hit: Hit) -> int:
    """The word behind the clause in which a hit ends, at most some words on."""
    end = min(call.clause_of(hit.turn, hit.last - 1)[1], hit.first + _MOST_WORDS)
    while end > hit.last and call.words[end - 1] in _CLOSERS:
        end -= 1
    return max(hit.last, end)
