"""Which items are coached next: the one place that decides it, from the ledger and the rubric's table."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..ledger import Entry, LossKind
from ..rubric import FocusRule


def to_coach(ledger: Iterable[Entry], behaviours: Collection[str], rule: FocusRule) -> list[str]:
    """The ids of the items to coach next, the first one first.

    ``behaviours`` are the items that an agent can work on; what the others lost counts towards the rule's stand-in. A metric of the whole
    call has none.
    """
    lost: dict[str, float] = {}
    weighed: dict[str, float] = {}
    elsewhere = 0.0
    for entry in ledger:
        sure = entry.points * entry.confidence
        if entry.item in behaviours:
            lost[entry.item] = lost.get(entry.item, 0.0) + entry.points
            weighed[entry.item] = weighed.get(entry.item, 0.0) + sure * rule.weights.get(entry.item, 1.0)
        elif entry.kind is not LossKind.MEASURE:
            elsewhere += sure
    stand_in = next((name for name in rule.stands_in if name in lost), None)
    if stand_in is not None:
        weighed[stand_in] += elsewhere
    chosen = [name for name, weight in weighed.items() if weight > 0 and lost[name] >= rule.least_points]
    severe = {name for name in chosen if name in rule.severe and lost[name] >= rule.severe[name]}
    return sorted(chosen, key=lambda name: (name not in severe, -weighed[name], name))[: rule.most]
