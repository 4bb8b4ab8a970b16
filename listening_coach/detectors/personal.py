"""Personal touch: wishes, small talk and recall by their phrases, and whether an event of the customer's life was taken up.

Words that could ask about anything ("how old is he?", "lovely name") count only in the turns after an event. An event that
nobody takes up is a missed occasion.
"""

from __future__ import annotations

from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..moments import Moment, Occasion
from ..transcript import AGENT, CUSTOMER
from . import Found, setting, word_sets
from .phrases import longest, unblocked

_EVENT = "event_"


class _Event(NamedTuple):
    kind: str
    hit: Hit


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of personal touch, and the events that called for one."""
    events = _events(call, behaviour)
    hits = unblocked(call.hits_of(behaviour.id), call.hits_of(behaviour.id, "blockers"))
    reach = int(setting(behaviour, "answer_turns"))
    answering: dict[int, list[_Event]] = {}
    for event in events:
        for turn in _next_turns(call, event.hit.turn, reach):
            answering.setdefault(turn, []).append(event)
    about = []
    for h in call.hits_of(behaviour.id, "after_event"):
        if h.turn in answering:
            about.append(h)
            # One remark leads to the next: "what's her name?", "lovely name".
            for turn in _next_turns(call, h.turn, 2):
                for later in _next_turns(call, turn, 1):
                    answering.setdefault(later, answering[h.turn])
    moments = []
    for h in longest([*hits, *about]):
        kind = "event" if h.rule.group == "after_event" else h.rule.kind
        moments.append(call.moment(behaviour.id, h.turn, h.first, h.last, kind=kind, rule=h.rule.pattern))
    return Found(
        moments,
        [_occasion(call, behaviour, event, moments, reach) for event in events if call.turns[event.hit.turn].role is not AGENT],
    )


def _events(call: Call, behaviour: Behaviour) -> list[_Event]:
    """The events told, one a kind and speaker: who tells twice of one wedding tells of one event."""
    other = call.hits_of(behaviour.id, "not_events")
    found: list[_Event] = []
    seen: set[tuple[str, str]] = set()
    told = [
        _Event(group.removeprefix(_EVENT), h)
        for group in behaviour.cues
        if group.startswith(_EVENT)
        for h in unblocked(call.hits_of(behaviour.id, group), other)
    ]
    for event in sorted(told, key=_place):
        key = (event.kind, call.turns[event.hit.turn].speaker)
        if key in seen or (found and found[-1].hit.turn == event.hit.turn and found[-1].hit.last > event.hit.first):
            continue
        seen.add(key)
        found.append(event)
    return found


def _place(event: _Event) -> tuple[int, int, int]:
    return event.hit.turn, event.hit.first, -event.hit.last


def _next_turns(call: Call, turn: int, count: int) -> list[int]:
    """The next turns of the other side, up to ``count``; the agent's where roles are known."""
    speaker, role = call.turns[turn].speaker, call.turns[turn].role
    found: list[int] = []
    for i in range(turn + 1, len(call.turns)):
        if len(found) == count:
            break
        at = call.turns[i]
        if at.speaker != speaker and (role is not CUSTOMER or at.role is not CUSTOMER):
            found.append(i)
    return found


def _occasion(call: Call, behaviour: Behaviour, event: _Event, moments: list[Moment], reach: int) -> Occasion:
    h = event.hit
    soon = _next_turns(call, h.turn, reach)
    speaker = call.turns[h.turn].speaker
    language = call.language
    about = {*word_sets(call, behaviour)[f"about_{event.kind}"], *filter(language.is_content, call.words[h.first : h.last])}
    stems = set(map(language.stem, about))
    answer = None
    for m in moments:
        if m.turn > h.turn and m.speaker != speaker and m.kind != "small_talk" and (m.turn in soon or stems & _stems(call, m.turn)):
            answer = m.turn
            break
    for c in call.hits_of(behaviour.id, "condolence"):
        if c.turn in soon and (answer is None or c.turn < answer):
            answer = c.turn
    return call.occasion(behaviour.id, h.turn, h.first, h.last, kind=event.kind, met=answer is not None, answer=answer)


def _stems(call: Call, turn: int) -> set[str]:
    return set(map(call.language.stem, filter(call.language.is_content, call.turn_words(turn))))
