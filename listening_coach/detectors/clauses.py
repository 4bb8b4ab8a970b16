"""Behaviours that words show and whose quote is the clause they stand in: "because" alone tells nobody what was explained."""

from __future__ import annotations

from collections.abc import Iterable

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.normaliser import BOUNDARIES, word_set
from ..moments import Moment
from . import Found
from .phrases import standing

_JOINTS = word_set("and but so because or then which although though while if when since however okay well unless")
_SUBJECTS = word_set("i we you they he she it that there let this my your our the please if when what then")
_PAUSES = (",", "—", "…")
# A clause may run on for ever where nothing is punctuated.
_MOST_WORDS = 16
# They close a clause without belonging to it.
_CLOSERS = frozenset(("okay", "yeah", "right", "then", "and", "so", "but", "bye", "thanks", "please", "sorry"))


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of a behaviour by its phrases, each reaching to the end of its clause."""
    hits = standing(call, behaviour)
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
    words = call.words
    end = min(_end_of_clause(call, hit.turn, hit.last - 1, hit.first + _MOST_WORDS), hit.first + _MOST_WORDS)
    while end > hit.last and words[end - 1] in _CLOSERS:
        end -= 1
    return max(hit.last, end)


def _end_of_clause(call: Call, turn: int, word: int, limit: int) -> int:
    """Where the clause of a word ends, looked for up to ``limit``; a sentence's sign stands in no clause.

    Clauses are sentences cut, at the third word or later, where a new clause may begin.
    """
    words, marks = call.words, call.marks
    first, last = call.bounds[turn]
    if words[word] in BOUNDARIES:
        return last
    # Of words side by side that may each begin a clause every other one does: where they begin says which.
    at = word
    while at > first and words[at - 1] not in BOUNDARIES and _begins_clause(words, at, last, marks.get(at - 1)):
        at -= 1
    begin = at if at == first or words[at - 1] in BOUNDARIES else at - 1
    for i in range(at + 1, min(limit, last)):
        if words[i] in BOUNDARIES:
            return i
        if i - begin >= 2 and _begins_clause(words, i, last, marks.get(i - 1)):
            if i > word:
                return i
            begin = i
    return min(limit, last)


def _begins_clause(words: list[str], i: int, last: int, mark: str | None) -> bool:
    """Whether a word may begin a clause: a joint before a subject, or either of them behind a comma or dash."""
    word = words[i]
    after = words[i + 1] if i + 1 < last else ""
    if mark in _PAUSES and (word in _SUBJECTS or word in _JOINTS):
        return True
    return word in _JOINTS and after in _SUBJECTS
