"""Can-do and can't-do wording: phrases whose quote runs on to the end of their clause, so that a report shows what was said."""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call
from ..language.normaliser import BOUNDARIES
from . import Found
from .phrases import standing

# Kinds whose phrase only begins what is said: "I can …", "you'll have to …". A bare "certainly" is whole.
_RUNS_ON = frozenset(("can_do", "cannot", "have_to", "problem", "unfortunately"))
_JOINTS = frozenset(("and", "but", "so", "because", "or", "if", "when", "until", "unless", "is", "okay", "then"))
_AFTER_JOINT = frozenset(
    ("i", "we", "you", "they", "he", "she", "it", "that", "there", "the", "then", "let", "this", "my", "your", "if", "what", "please")
)
# A quote is cut after this many words behind its phrase.
_LONGEST = 10


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of a behaviour by its phrases, each quoted to the end of its clause."""
    hits = standing(call, behaviour)
    moments = []
    done = (-1, -1)
    for h in hits:
        if (h.turn, h.first) < done:
            continue  # within the clause that is quoted already
        last = clause_end(call, h.last, _LONGEST) if h.rule.kind in _RUNS_ON or h.rule.pattern.endswith(" to") else h.last
        done = (h.turn, last)
        moments.append(call.moment(behaviour.id, h.turn, h.first, last, kind=h.rule.kind, rule=h.rule.pattern))
    return Found(moments, [])


def clause_end(call: Call, last: int, limit: int) -> int:
    """Where the clause ends that goes on at the word ``last``, at most ``limit`` words on."""
    words, marks = call.words, call.marks
    for i in range(last, last + limit):
        word = words[i]
        if word in BOUNDARIES or ((i - 1) in marks and i > last) or (i > last and word in _JOINTS and words[i + 1] in _AFTER_JOINT):
            return i
    return last + limit
