"""What was agreed: the action points of a call, each once, from the moments that promise them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .moments import Moment


@dataclass(frozen=True, slots=True)
class ActionPoint:
    """Who does what by when.

    ``owner`` is "agent", "customer" or another speaker's name; ``due_text`` the date as said and ``due`` the same as an
    ISO date where the call's own date is known. ``firmness`` is "firm" or "soft". ``said_again`` holds the turns that repeat it.
    """

    owner: str
    action: str
    due_text: str | None
    due: str | None
    firmness: str
    quote: str
    turn: int
    time_s: float | None = None
    said_again: tuple[int, ...] = ()


def action_points(moments: Iterable[Moment]) -> tuple[ActionPoint, ...]:
    """The action points among moments, in order."""
    return tuple(
        ActionPoint(
            str(m.details.get("owner", m.role)), str(m.details.get("action", m.quote)), m.details.get("due_text"), m.details.get("due"),
            str(m.details.get("firmness", "firm")), m.quote, m.turn, m.time_s,
        )
        for m in moments
        if m.behaviour == "action_point"
    )  # fmt: skip
