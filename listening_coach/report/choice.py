"""Which items are coached next and which are praised: the one place that decides it, from the ledger, the scorecard and the rubric's tables.

Where a rubric has tables (``focus``, ``strengths``), they say how likely a coach is to pick an item. Without them the points decide.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from ..ledger import Entry, LossKind
from ..moments import Moment
from ..rubric import Rubric
from ..scoring import ItemScore

MOST_FOCUSES, MOST_STRENGTHS = 2, 3
# A coach is at least so likely to praise what is praised, or has so good an item in a rubric without a table.
_LIKELY_PRAISE = 0.25
# Where nothing is, what comes closest is at least so likely.
LIKELY_NEARLY = 0.12
_STRONG = 75.0
# In a rubric without a table, what the outcome lost counts towards the first of these that lost points too, and these are not praised.
_STANDS_IN = ("ownership", "policy_hiding")
_NEVER_PRAISED = frozenset(("greeting", "gratitude", "closing", "verbal_nod", "name_use"))
# An item that cost less than this waits; where breaches of one item were severe, one that cost less than the last number.
_LEAST_POINTS = 1.0
_SEVERE_POINTS, _LIGHT_POINTS = 10.0, 6.0
# The summed confidence at which more of the same says no more, for moments that count and for those that are shown.
_FULL_COUNTED, _FULL_SHOWN = 4.0, 5.0


def to_coach(ledger: Iterable[Entry], items: Mapping[str, ItemScore], behaviours: Collection[str], rubric: Rubric) -> list[str]:
    """The ids of the items to coach next, the first one first.

    Only ``behaviours`` that lost points are chosen. Those in the rubric's table come before others, by their likelihood; others follow by
    points lost times confidence. What cost little waits where breaches were severe.
    """
    weighed: dict[str, float] = {}
    breaches: dict[str, float] = {}
    elsewhere = unhelped = 0.0
    for entry in ledger:
        if entry.item in behaviours:
            weighed[entry.item] = weighed.get(entry.item, 0.0) + entry.points * entry.confidence
            if entry.kind in (LossKind.BREACH, LossKind.CAP):
                breaches[entry.item] = breaches.get(entry.item, 0.0) + entry.points
        elif entry.kind is LossKind.OUTCOME:
            elsewhere += entry.points * entry.confidence
            unhelped = _lost(items[entry.item])
    stand_in = next((name for name in _STANDS_IN if name in weighed), None)
    if stand_in is not None and not rubric.focus:
        weighed[stand_in] += elsewhere

    least = _LIGHT_POINTS if any(points >= _SEVERE_POINTS for points in breaches.values()) else _LEAST_POINTS

    def rank(name: str) -> tuple[bool, bool, float, str]:
        rule = rubric.focus.get(name)
        waits = weighed[name] < least
        if rule is None:
            return waits, True, -weighed[name], name
        return waits, False, -(rule.base + rule.lost * _lost(items[name]) + rule.unhelped * unhelped), name

    return sorted(weighed, key=rank)[:MOST_FOCUSES]


def _lost(item: ItemScore) -> float:
    """What an item lost, 0 to 1."""
    return 0.0 if item.score is None else 1.0 - item.score / 100.0


def praise_signs(moments: Iterable[Moment], score: float) -> tuple[float, float, float, float]:
    """What a rubric's table of strengths weighs, each 0 to 1: how much was found that counts, how much in all, the surest, and the call's score."""
    moments = list(moments)
    sure = {m.turn: m.confidence for m in moments if not m.perhaps}
    shown = {m.turn: m.confidence for m in moments}
    return (
        min(1.0, math.fsum(sure.values()) / _FULL_COUNTED),
        min(1.0, math.fsum(shown.values()) / _FULL_SHOWN),
        max(shown.values(), default=0.0),
        score / 100.0,
    )


def worth_praise(item: ItemScore, moments: Sequence[Moment], score: float, rubric: Rubric) -> tuple[float, bool]:
    """How much speaks for praising an item, and whether it is enough; ``moments`` are the agent's of it, also those too uncertain to count."""
    rule = rubric.strengths.get(item.id)
    if rubric.strengths:
        if rule is None:
            return 0.0, False
        signs = praise_signs(moments, score)
        odds = rule.base + math.fsum(
            weight * sign for weight, sign in zip((rule.counted, rule.shown, rule.surest, rule.score), signs, strict=True)
        )
        likely = 1.0 / (1.0 + math.exp(-odds))
        return likely, likely >= _LIKELY_PRAISE
    if item.id in _NEVER_PRAISED or item.score is None:
        return 0.0, False
    return item.points * item.score / 100.0, item.score >= _STRONG
