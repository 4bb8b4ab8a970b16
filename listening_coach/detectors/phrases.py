"""The detector of every behaviour that words alone show: its phrases, less what its blockers touch."""

from __future__ import annotations

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
    spans: dict[int, list[tuple[int, int]]] = {}
    for b in blockers:
        spans.setdefault(b.turn, []).append((b.first, b.last))
    if not spans:
        return list(hits)
    return [h for h in hits if not any(a < h.last and h.first < b for a, b in spans.get(h.turn, ()))]


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
