"""Apologies by their phrases, without the "sorry" that asks to hear something again or mends one's own words.

"Sorry" at the head of a turn is either. It asked for a repetition where the speaker goes on with the other's own words
("sorry, an alarm call?"), or where the other side then says again what they had said.
"""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call, Hit, is_content
from ..language.normaliser import BOUNDARIES, word_set
from . import Found
from .phrases import standing

# What may stand before a bare "sorry" that opens a clause.
_LEADS = word_set("oh ah no yeah yes well okay right and but so really anyway anyways hmm mm god gosh dear")
_ASKING = word_set("what who where when which how")
# "Sorry" with this many words of its turn behind it or fewer may be a request to hear it again.
_SHORT = 7


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of apology."""
    hits = standing(call, behaviour)
    return Found(
        [
            call.moment(behaviour.id, h.turn, h.first, _close(call, h), kind=h.rule.kind, rule=h.rule.pattern)
            for h in hits
            if not _mends(call, h) and not _asks_again(call, h)
        ],
        [],
    )


def _close(call: Call, h: Hit) -> int:
    """Where the apology ends: "I'm sorry" of "I'm sorry, but" and "I'm sorry you had"; what follows says more than sorry."""
    for i in range(h.first, h.last):
        if call.words[i] == "sorry" and i + 1 < h.last and call.words[i + 1] not in ("about", "for", "to"):
            return i + 1
    return h.last


def _mends(call: Call, h: Hit) -> bool:
    """Whether a bare "sorry" stands in the middle of speech, to mend a word: "flat four, sorry, flat five"."""
    before, word = call.words[h.first - 1], call.words[h.first]
    if word != "sorry" or h.rule.kind not in ("small", "mistake") or before in BOUNDARIES or before in _LEADS:
        return False
    return call.words[h.last] not in BOUNDARIES or not call.marks.get(h.first - 1)


def _asks_again(call: Call, h: Hit) -> bool:
    """Whether a "sorry" at the head of a turn asks the other side to say it again."""
    words = call.words
    first, last = call.bounds[h.turn]
    if (
        last - first > _SHORT
        or h.first > first + 1
        or h.rule.kind in ("wait", "before_no")
        or words[h.first] in _LEADS
        or words[first] in _LEADS
    ):
        return False
    rest = [w for w in words[h.first : last] if w not in BOUNDARIES and w not in ("i", "am", "sorry", "sir", "madam", "love")]
    before = call.other_side_before(h.turn, 1)
    if not before or (h.rule.kind == "trouble" and "sorry" not in words[h.first : h.first + 1]):
        return False
    said = _content(call, before[0])
    if rest:
        return rest[-1] in _ASKING or rest[0] in _ASKING or bool(said & set(rest))
    if words[last - 1] == "?":
        return True
    after = h.turn + 1
    return after < len(call.turns) and bool(said & _content(call, after))


def _content(call: Call, turn: int) -> set[str]:
    return {w for w in call.turn_words(turn) if is_content(w)}
