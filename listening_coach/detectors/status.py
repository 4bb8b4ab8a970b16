"""Word on the way: how far the work is, how long it still takes, what is done; and long waits that had none."""

from __future__ import annotations

from math import fsum

from ..behaviours import Behaviour
from ..language.call import Call
from ..moments import Occasion
from ..transcript import AGENT
from . import Found
from .clauses import clause_moments
from .hold import WaitingTalk, agents_last, stretches, waits
from .phrases import standing

_DONE = "done"


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Status updates; an occasion for each long wait, met where its length was named before or a word came in it.

    Reads ``hold`` and ``action_point``, whose wording tells who waits for whom.
    """
    talk = WaitingTalk(behaviour.reads_from("hold"), behaviour.id, behaviour.reads_from("action_point"))
    hits = standing(call, behaviour)
    moments = clause_moments(call, behaviour, hits)
    long_s = behaviour.settings.get("long_s", 45.0)
    told = {m.turn for m in moments if m.role is AGENT and m.kind != _DONE}
    occasions: list[Occasion] = []
    for stretch in stretches(waits(call, talk, behaviour.settings.get("silence_s", 12.0))):
        if fsum(w.silence_s for w in stretch) < long_s:
            continue
        before, after = stretch[0].before, stretch[-1].after
        within = [t for t in range(before + 1, after) if t in told]
        start = agents_last(call, before)
        named = start is not None and bool(call.hits_in(start, behaviour.id, "length"))
        place = before if start is None else start
        answer = within[0] if within else start if named else None
        occasions.append(call.occasion(behaviour.id, place, *call.bounds[place], kind="long_wait", met=answer is not None, answer=answer))
    return Found(moments, occasions)
