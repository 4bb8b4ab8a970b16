"""Hedges and guesses in what a speaker states; a hedge in a question asks politely and guesses nothing."""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.normaliser import BOUNDARIES
from . import Found
from .clauses import clause_moments
from .phrases import standing

# After these the hedge belongs to a question or a condition: "do you think it might", "if it could".
_ASKS = frozenset(
    ("do", "did", "does", "would", "could", "can", "is", "are", "was", "if", "whether", "what", "which", "where", "when", "how", "why")
)
# Unpunctuated speech: a clause that begins so is a question.
_CLAUSE_START = frozenset(("and", "so", "but", "okay", "or", "well", "right", "now"))


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of hedging, at most one a clause."""
    hits = standing(call, behaviour)
    return Found(clause_moments(call, behaviour.id, [h for h in hits if not _asked(call, h)]), [])


def _asked(call: Call, hit: Hit) -> bool:
    """Whether the sentence around a hit asks."""
    words = call.words
    if "?" in words[hit.last : call.bounds[hit.turn][1]]:
        end = hit.last
        while words[end] not in BOUNDARIES:
            end += 1
        if words[end] == "?":
            return True
    begin = hit.first
    while words[begin - 1] not in BOUNDARIES and hit.first - begin < 4:
        begin -= 1
    while words[begin] in _CLAUSE_START and begin < hit.first:
        begin += 1
    return words[begin] in _ASKS and words[begin - 1] in BOUNDARIES and begin < hit.first
