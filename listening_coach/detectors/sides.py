"""Who speaks beside whom: for each turn the nearest turn of somebody else, for the detectors that look at what was answered."""

from __future__ import annotations

from ..language.call import Call
from ..transcript import AGENT


def others_before(call: Call) -> list[int]:
    """For each turn the nearest turn before it by somebody else, -1 where there is none; not to be changed.

    Worked out once a call, since a search from each turn would take as long as one speaker goes on.
    """
    return call.memo("nearest other turn before", lambda: _before(call))


def agents_next(call: Call, turn: int, count: int, within: int | None = None) -> list[int]:
    """The agent's next turns from ``turn`` on, at most ``count``; ``within`` bounds how many turns are looked at."""
    found: list[int] = []
    for i in range(turn, len(call.turns) if within is None else min(turn + within, len(call.turns))):
        if call.turns[i].role is AGENT:
            found.append(i)
            if len(found) == count:
                break
    return found


def _before(call: Call) -> list[int]:
    found: list[int] = []
    other = -1
    last: str | None = None
    for turn, at in enumerate(call.turns):
        if at.speaker != last:
            other, last = turn - 1, at.speaker
        found.append(other)
    return found
