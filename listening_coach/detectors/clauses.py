"""Behaviours that words show and whose quote is the clause they stand in: "because" alone tells nobody what was explained."""

from __future__ import annotations

from collections.abc import Iterable

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.clauses import clause_end
from ..moments import Moment
from . import Found
from .phrases import standing

# A clause may run on for ever where nothing is punctuated; the file's setting ``quote_words`` bounds it, else this.
_QUOTE_WORDS = 16.0


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of a behaviour by its phrases, each reaching to the end of its clause."""
    return Found(clause_moments(call, behaviour, standing(call, behaviour)), [])


def clause_moments(call: Call, behaviour: Behaviour, hits: Iterable[Hit]) -> list[Moment]:
    """A moment for each hit, from its first word to the end of its clause; hits within one moment are one."""
    most = int(behaviour.settings.get("quote_words", _QUOTE_WORDS))
    found: list[Moment] = []
    turn, covered = -1, -1
    for hit in hits:
        if hit.turn == turn and hit.first < covered:
            continue
        turn, covered = hit.turn, clause_end(call, hit, most)
        found.append(call.moment(behaviour.id, hit.turn, hit.first, covered, kind=hit.rule.kind, rule=hit.rule.pattern))
    return found
