"""Where a call lost its points: each missed occasion and each breach with its place, so that anybody can recompute the score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

# Points are shown, and add up, to this many digits behind the point.
DIGITS = 1


class LossKind(StrEnum):
    """What a loss is. It prints as its bare word.

    ``missed``: the customer's words called for something that did not come. ``breach``: the agent said something that hinders.
    ``absent``: something that every such call needs was nowhere. ``measure``: a metric of the whole call. ``outcome``: how the matter
    ended. ``late``: something that had to come within a time came outside it or not at all. ``unsaid``: a sentence that had to be said was not, or not in time or in
    its place. ``cap``: a critical item holds the whole score down.
    """

    MISSED = "missed"
    BREACH = "breach"
    ABSENT = "absent"
    MEASURE = "measure"
    OUTCOME = "outcome"
    LATE = "late"
    UNSAID = "unsaid"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Loss:
    """A part of an item that was lost at one place.

    ``share`` is the part of the item, 0 to 1. ``turn``, ``start``, ``end`` and ``quote`` say where, as in a moment; ``turn`` is None where the
    loss has no place.
    """

    kind: LossKind
    share: float
    turn: int | None = None
    start: int = 0
    end: int = 0
    quote: str = ""
    time_s: float | None = None
    detail: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: the item, the place, the points that were lost there, why, and what would have earned them.

    The points of all entries add up to 100 less the score.
    """

    item: str
    title: str
    section: str
    kind: LossKind
    points: float
    reason: str
    earned_by: str
    turn: int | None = None
    start: int = 0
    end: int = 0
    quote: str = ""
    time_s: float | None = None
    confidence: float = 1.0


def settled(entries: Iterable[Entry], total: float) -> tuple[Entry, ...]:
    """The entries with points rounded so that they add up to ``total`` to the last digit shown; the heaviest first, those of no points left out.

    Each is rounded down, and what is then missing goes, a last digit each, to those that lost most by rounding.
    """
    scale = 10**DIGITS
    ordered = sorted(entries, key=lambda entry: (-entry.points, entry.turn if entry.turn is not None else -1, entry.item))
    target = round(total * scale)
    whole = [int(entry.points * scale + 1e-9) for entry in ordered]
    left = target - sum(whole)
    by_rest = sorted(range(len(ordered)), key=lambda i: (whole[i] - ordered[i].points * scale, i))
    for i in _steps(by_rest, left):
        whole[i] += 1 if left > 0 else -1
    return tuple(replace(entry, points=points / scale) for entry, points in zip(ordered, whole, strict=True) if points > 0)


def _steps(order: Sequence[int], left: int) -> Iterable[int]:
    """Which entries give or take a last digit, one each, again from the first if need be."""
    return (order[k % len(order)] for k in range(abs(left))) if order else ()
