"""Understanding checks: one side asks whether it understood the other, or what the other means.

Phrases show most of them ("have I got that right?", "do you mean …"). The rest are short statements that give the other
side's own words back with a question mark or a closing "yes?", "right?", "is it?": "so it's the 14th?".
"""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call
from ..language.clauses import asks, ends_in_tag, sentences
from ..language.normaliser import SENTENCE_ENDS
from ..moments import Moment
from . import Found, in_context, setting, word_sets
from .content_keys import is_number, key_at, keys, need_settings, said
from .phrases import longest, unblocked

# A sentence that ends so asks for nothing.
_TELLS = frozenset(SENTENCE_ENDS) - {"?"}
_SETTINGS = frozenset(("share", "longest"))
_RULE = "gives their words back for a yes"


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of checking one's own understanding.

    Raises:
        BehaviourError: the behaviour's file lacks a setting.
    """
    need_settings(behaviour, _SETTINGS)
    after = in_context(call, behaviour, call.hits_of(behaviour.id, "after_statement"))
    hits = longest(unblocked([*call.hits_of(behaviour.id), *after], call.hits_of(behaviour.id, "blockers")))
    moments = [call.moment(behaviour.id, h.turn, h.first, h.last, kind=h.rule.kind or "confirm", rule=h.rule.pattern) for h in hits]
    taken: dict[int, list[int]] = {}
    for h in hits:
        taken.setdefault(h.turn, []).append(h.first)
    return Found(moments + _restated(call, behaviour, taken), [])


def _restated(call: Call, behaviour: Behaviour, taken: dict[int, list[int]]) -> list[Moment]:
    """Short statements that give the other side's words back and wait for a yes."""
    most, enough, shortest = int(setting(behaviour, "longest")), setting(behaviour, "share"), int(setting(behaviour, "shortest_tagged"))
    language, leads = call.language, word_sets(call, behaviour)["leads"]
    words, heard = call.words, said(call)
    found: list[Moment] = []
    out = call.left_out(behaviour)
    for turn, (first, last) in enumerate(call.bounds):
        if not turn or turn in out or not ("?" in words[first:last] or ends_in_tag(language, words, first, last, shortest)):
            continue
        before: set[str] | None = None
        for begin, end in sentences(call, first, last):
            if words[end] in _TELLS:
                continue
            tagged = ends_in_tag(language, words, begin, end, shortest)
            if words[end] != "?" and not tagged:
                continue
            body = begin
            while body < end and words[body] in leads:
                body += 1
            if (
                body == end
                or end - body > most
                or asks(language, words[body:end], tagged)
                or any(body <= at < end for at in taken.get(turn, ()))
            ):
                continue
            if before is None:
                before = _heard_before(call, turn, heard)
            own = keys(call, turn, body, end)
            shared = own & before
            if shared and (len(shared) >= enough * len(own) or any(map(is_number, shared))):
                overlap = tuple(sorted(call.raw(turn, i).lower() for i in range(body, end) if key_at(call, turn, i) in shared))
                found.append(call.moment(behaviour.id, turn, body, end, kind="restated", rule=_RULE, overlap=overlap))
    return found


def _heard_before(call: Call, turn: int, heard: list[set[str]]) -> set[str]:
    """The words of the other side's last two turns with content."""
    turns = call.turns
    speaker = turns[turn].speaker
    near = [heard[i] for i in range(turn - 1, max(-1, turn - 7), -1) if heard[i] and turns[i].speaker != speaker]
    return set().union(*near[:2])
