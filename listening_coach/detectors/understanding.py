"""Understanding checks: one side asks whether it understood the other, or what the other means.

Phrases show most of them ("have I got that right?", "do you mean …"). The rest are short statements that give the other
side's own words back with a question mark or a closing "yes?", "right?", "is it?": "so it's the 14th?".
"""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language import Call
from ..moments import Moment
from ..text import SENTENCE_ENDS
from . import Found
from .phrases import longest, unblocked
from .said import asks, ends_in_tag, is_number, keys, said, sentences

# What a restated point may begin with.
_LEADS = frozenset(
    ("okay", "so", "and", "but", "yeah", "right", "well", "oh", "yes", "no", "then", "all", "sorry", "now", "great", "lovely")
    + ("perfect",)
)
# A check that asks about a statement needs one of at least so many words before it.
_STATEMENT_WORDS = 3


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of checking one's own understanding."""
    after = [h for h in call.found(behaviour.id, "after_statement") if h.first - call.bounds[h.turn][0] >= _STATEMENT_WORDS]
    hits = longest(unblocked([*call.found(behaviour.id), *after], call.found(behaviour.id, "blockers")))
    moments = [call.moment(behaviour.id, h.turn, h.first, h.last, kind=h.rule.kind or "confirm", rule=h.rule.pattern) for h in hits]
    taken = {(h.turn, h.first) for h in hits}
    return Found(moments + _restated(call, behaviour, taken), [])


def _restated(call: Call, behaviour: Behaviour, taken: set[tuple[int, int]]) -> list[Moment]:
    """Short statements that give the other side's words back and wait for a yes."""
    longest_words, enough = int(behaviour.settings["longest"]), behaviour.settings["share"]
    words, heard = call.words, said(call)
    found: list[Moment] = []
    for turn, (first, last) in enumerate(call.bounds):
        if last - first < 2 or not turn:
            continue
        asked = "?" in words[first:last]
        if not asked and not ends_in_tag(words, first, last):
            continue
        before = _heard_before(call, turn, heard)
        if not before:
            continue
        for begin, end in sentences(call, first, last):
            if words[end] != "?" and not (end == last and words[end] not in SENTENCE_ENDS and ends_in_tag(words, begin, end)):
                continue
            body = begin
            while body < end and words[body] in _LEADS:
                body += 1
            if body == end or end - body > longest_words or asks(words[body:end], ends_in_tag(words, body, end)):
                continue
            own = keys(call, turn, body, end)
            shared = own & before
            if not shared or any(t == turn and body <= at < end for t, at in taken):
                continue
            if len(shared) >= enough * len(own) or any(map(is_number, shared)):
                found.append(
                    call.moment(
                        behaviour.id,
                        turn,
                        body,
                        end,
                        kind="restated",
                        rule="their words with a question mark",
                        overlap=tuple(sorted(shared)),
                    )
                )
    return found


def _heard_before(call: Call, turn: int, heard: list[set[str]]) -> set[str]:
    """The words of the other side's last two turns with content."""
    speaker = call.turns[turn].speaker
    near = [heard[i] for i in range(turn - 1, max(-1, turn - 7), -1) if heard[i] and call.turns[i].speaker != speaker][:2]
    return set().union(*near)
