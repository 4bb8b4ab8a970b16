"""The turns beside a finding: what it answers, and what is said next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from ..moments import Moment
from ..transcript import Role, Turn

# The behaviour of short words that only show that somebody listens, and where one stands that is all that its turn says.
_NOD, _WHOLE_TURN = "verbal_nod", "turn"


def nods(moments: Iterable[Moment]) -> frozenset[int]:
    """The turns that are a nod and no more, such as "mm-hmm"."""
    return frozenset(m.turn for m in moments if m.behaviour == _NOD and m.details.get("place") == _WHOLE_TURN)


def nearest(turns: Sequence[Turn], places: Iterable[int], role: Role, passed: Set[int]) -> int | None:
    """The first of these places at which somebody in this role says more than a nod; else the first in the role. ``passed`` are the nods."""
    near = [i for i in places if 0 <= i < len(turns) and turns[i].role is role]
    return next((i for i in near if i not in passed), near[0] if near else None)
