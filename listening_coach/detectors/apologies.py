"""Apologies by their phrases, without the "sorry" that asks to hear something again or mends one's own words.

"Sorry" at the head of a turn is either. It asked for a repetition where the speaker goes on with the other's own words
("sorry, an alarm call?"), or where the other side then says again what they had said.
"""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.language import WordClasses
from ..language.normaliser import BOUNDARIES
from . import Found, setting, word_sets
from .phrases import standing


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of apology."""
    own, short = word_sets(call, behaviour), int(setting(behaviour, "short_turn_words"))
    return Found(
        [
            call.moment(behaviour.id, h.turn, h.first, _close(call, h, own), kind=h.rule.kind, rule=h.rule.pattern)
            for h in standing(call, behaviour)
            if not _mends(call, h, own) and not _asks_again(call, h, own, short)
        ],
        [],
    )


def _close(call: Call, h: Hit, own: WordClasses) -> int:
    """Where the apology ends: "I'm sorry" of "I'm sorry, but" and "I'm sorry you had"; what follows says more than sorry."""
    for i in range(h.first, h.last):
        if call.words[i] == "sorry" and i + 1 < h.last and call.words[i + 1] not in own["sorry_for"]:
            return i + 1
    return h.last


def _mends(call: Call, h: Hit, own: WordClasses) -> bool:
    """Whether a bare "sorry" stands in the middle of speech, to mend a word: "flat four, sorry, flat five"."""
    before, word = call.words[h.first - 1], call.words[h.first]
    if word != "sorry" or h.rule.kind not in ("small", "mistake") or before in BOUNDARIES or before in own["before_sorry"]:
        return False
    return call.words[h.last] not in BOUNDARIES or not call.marks.get(h.first - 1)


def _asks_again(call: Call, h: Hit, own: WordClasses, short: int) -> bool:
    """Whether a "sorry" at the head of a turn asks the other side to say it again."""
    words = call.words
    first, last = call.bounds[h.turn]
    if (
        last - first > short
        or h.first > first + 1
        or h.rule.kind in ("wait", "before_no")
        or words[h.first] in own["before_sorry"]
        or words[first] in own["before_sorry"]
    ):
        return False
    rest = [w for w in words[h.first : last] if w not in BOUNDARIES and w not in own["around_sorry"]]
    before = call.other_side_before(h.turn, 1)
    if not before or (h.rule.kind == "trouble" and "sorry" not in words[h.first : h.first + 1]):
        return False
    said = _content(call, before[0])
    if rest:
        return rest[-1] in own["asks_again"] or rest[0] in own["asks_again"] or bool(said & set(rest))
    if words[last - 1] == "?":
        return True
    after = h.turn + 1
    return after < len(call.turns) and bool(said & _content(call, after))


def _content(call: Call, turn: int) -> set[str]:
    return {w for w in call.turn_words(turn) if call.language.is_content(w)}
