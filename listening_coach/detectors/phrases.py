"""The detector of every behaviour that words alone show: its phrases, less what its blockers touch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from operator import itemgetter

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from . import Found, in_context

_FIRST = itemgetter(Hit._fields.index("first"))
_LAST = itemgetter(Hit._fields.index("last"))


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of a behaviour by its phrases."""
    hits = standing(call, behaviour)
    return Found([call.moment(behaviour.id, h.turn, h.first, h.last, kind=h.rule.kind, rule=h.rule.pattern) for h in hits], [])


def standing(call: Call, behaviour: Behaviour) -> list[Hit]:
    """The hits of a behaviour's phrases that stand: no blocker touches them, of those that share words the longest, in their context."""
    hits = call.hits_of(behaviour.id)
    if out := call.left_out(behaviour):
        hits = [hit for hit in hits if hit.turn not in out]
    return in_context(call, behaviour, longest(unblocked(hits, call.hits_of(behaviour.id, "blockers"))))


def unblocked(hits: Sequence[Hit], blockers: Sequence[Hit]) -> list[Hit]:
    """The hits that no blocker shares a word with."""
    if not hits or not blockers:
        return list(hits)
    # Where blockers begin, in order, and how far those up to each reach. A look-up instead of a pass over all of them,
    # since one turn may hold thousands. Words are counted through the call, so that turns need no look.
    ordered = sorted(blockers, key=_FIRST)
    begins = list(map(_FIRST, ordered))
    reaches = list(accumulate(map(_LAST, ordered), max))
    kept = []
    for hit in hits:
        before = bisect_left(begins, hit.last)
        if not before or reaches[before - 1] <= hit.first:
            kept.append(hit)
    return kept


def longest(hits: Sequence[Hit]) -> list[Hit]:
    """Of hits that share words the longest, of equals the first; in the order of the call."""
    kept: list[Hit] = []
    begun = reach = size = -1
    for hit in hits:
        _, first, last, _ = hit
        if first < begun:  # only hits put together from several lists are out of order
            return longest(sorted(hits, key=_FIRST))
        begun = first
        if first >= reach:
            kept.append(hit)
        elif last - first > size:
            kept[-1] = hit
        else:
            continue
        reach, size = last, last - first
    return kept
