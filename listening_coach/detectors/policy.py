"""The detector of hiding behind policy: refusals and deflections, and whether a way forward stands beside them.

Wording that hides ("that's not my department") is always a moment. A plain limit ("I'm unable to change it"), found by the
lists ``limit_…`` among the cues, is one only where the turn leaves it at that. A moment is softened when the same turn or
the speaker's next one offers a way forward: ``details["softened"]``, and ``details["softened_by"]`` quotes it.
"""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.clauses import quotes, sentence
from ..moments import Moment
from . import Found, in_context, setting
from .phrases import longest, unblocked

_LIMITS = {
    "limit_policy": "policy",
    "limit_system": "system",
    "limit_not_my_job": "not_my_job",
    "limit_helplessness": "helplessness",
    "limit_brush_off": "brush_off",
}


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of hiding behind policy of every speaker; there are no occasions for it."""
    blockers = call.hits_of(behaviour.id, "blockers")
    hiding = unblocked(call.hits_of(behaviour.id), blockers)
    limits = [
        hit._replace(rule=hit.rule._replace(kind=kind)) for group, kind in _LIMITS.items() for hit in call.hits_of(behaviour.id, group)
    ]
    limits = in_context(call, behaviour, unblocked(limits, blockers))
    if not hiding and not limits:
        return Found([], [])
    ways = _ways(call, behaviour)
    refused = {hit.turn for hit in hiding} | {hit.turn for hit in limits}
    limits = [hit for hit in limits if hit.turn not in ways]
    again = [
        hit._replace(rule=hit.rule._replace(kind="brush_off")) for hit in call.hits_of(behaviour.id, "said_again") if hit.turn in refused
    ]
    if again:
        limits += [hit for hit in again if hit.turn not in ways]
    return Found([_moment(call, behaviour, hit, clause, ways) for hit, clause in quotes(call, longest([*hiding, *limits]))], [])


def _moment(call: Call, behaviour: Behaviour, hit: Hit, clause: tuple[int, int], ways: dict[int, Hit]) -> Moment:
    way = ways.get(hit.turn) or ways.get(_next_own(call, hit.turn))
    if way is None:
        return call.moment(behaviour.id, hit.turn, *clause, kind=hit.rule.kind, rule=hit.rule.pattern, softened=False)
    start, end = call.span(way.turn, way.first, sentence(call, way, int(setting(behaviour, "quoted_way_words")))[1])
    return call.moment(
        behaviour.id, hit.turn, *clause, kind=hit.rule.kind, rule=hit.rule.pattern,
        softened=True, softened_by=call.turns[way.turn].text[start:end], softened_turn=way.turn,
    )  # fmt: skip


def _ways(call: Call, behaviour: Behaviour) -> dict[int, Hit]:
    """The first way forward of each turn that has one."""
    found: dict[int, Hit] = {}
    for hit in unblocked(call.hits_of(behaviour.id, "way"), call.hits_of(behaviour.id, "no_way")):
        if hit.turn not in found or hit.first < found[hit.turn].first:
            found[hit.turn] = hit
    return found


def _next_own(call: Call, turn: int) -> int:
    """The speaker's next turn, with at most one turn of others between; -1 where there is none."""
    speaker = call.turns[turn].speaker
    return next((i for i in range(turn + 1, min(turn + 3, len(call.turns))) if call.turns[i].speaker == speaker), -1)
