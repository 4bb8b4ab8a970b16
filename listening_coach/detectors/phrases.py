"""The detector of every behaviour that words alone show: its phrases, less what its blockers touch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from ..behaviours import Behaviour
from ..language import Call, Hit
from . import Found


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of a behaviour by its phrases."""
    hits = unblocked(call.found(behaviour.id), call.found(behaviour.id, "blockers"))
    return Found([call.moment(behaviour.id, h.turn, h.first, h.last, kind=h.rule.kind, rule=h.rule.pattern) for h in longest(hits)], [])


def unblocked(hits: Iterable[Hit], blockers: Iterable[Hit]) -> list[Hit]:
    """The hits that no blocker shares a word with."""
    # By turn: where blockers begin, in order, and how far those up to each reach. A look-up instead of a pass over all
    # of them, since one turn may hold thousands.
    begins: dict[int, list[int]] = {}
    reaches: dict[int, list[int]] = {}
    for b in sorted(blockers, key=_place):
        reach = reaches.setdefault(b.turn, [])
        begins.setdefault(b.turn, []).append(b.first)
        reach.append(max(b.last, reach[-1]) if reach else b.last)
    if not begins:
        return list(hits)
    kept = []
    for hit in hits:
        before = bisect_left(begins.get(hit.turn, ()), hit.last)
        if not before or reaches[hit.turn][before - 1] <= hit.first:
            kept.append(hit)
    return kept


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that share words the longest, of equals the first; in the order of the call."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=_place):
        if kept and hit.turn == kept[-1].turn and hit.first < kept[-1].last:
            if hit.last - hit.first > kept[-1].last - kept[-1].first:
                kept[-1] = hit
        else:
            kept.append(hit)
    return kept


def _place(hit: Hit) -> tuple[int, int, int]:
    return hit.turn, hit.first, -hit.last
