"""Reviews brought together with a call's findings, which may have changed since the review was made."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from .values import Review


class Place(Protocol):
    """A finding with its place: a moment or an occasion."""

    @property
    def behaviour(self) -> str:
        """The behaviour's id."""

    @property
    def turn(self) -> int:
        """The turn's index."""

    @property
    def start(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """The character after the last."""

    @property
    def quote(self) -> str:
        """What stands there."""


class Match(StrEnum):
    """How a review was brought together with a finding. It prints as its bare word.

    ``exact``: as it was made. ``moved``: by its quote, as the place has changed. ``orphan``: what it is about is no longer there.
    """

    EXACT = "exact"
    MOVED = "moved"
    ORPHAN = "orphan"


class Attached(NamedTuple):
    """A review with what it is about: ``place`` is the number of the finding, None for an item, a call, or an orphan, whose ``reason`` says why."""

    review: Review
    match: Match
    place: int | None = None
    reason: str = ""


def attach(reviews: Iterable[Review], items: Container[str], places: Sequence[Place]) -> tuple[Attached, ...]:
    """Each of a call's reviews with what it is about; ``items`` are the rubric's items, ``places`` the call's moments and occasions."""
    return tuple(_attached(review, items, places) for review in reviews)


def _attached(review: Review, items: Container[str], places: Sequence[Place]) -> Attached:
    if review.moment is None:
        if review.item is None or review.item in items:
            return Attached(review, Match.EXACT)
        return Attached(review, Match.ORPHAN, None, f"the rubric has no item {review.item!r}")
    spot = review.moment
    same = [n for n, p in enumerate(places) if p.behaviour == spot.behaviour]
    for n in same:
        place = places[n]
        if (place.turn, place.start, place.end) == (spot.turn, spot.start, spot.end) and _bare(place.quote) == _bare(spot.quote):
            return Attached(review, Match.EXACT, n)
    quote = _bare(spot.quote)
    alike = [n for n in same if quote and _bare(places[n].quote) == quote]
    if not alike:
        near = [n for n in same if places[n].turn == spot.turn]
        alike = [n for n in near if quote and (quote in _bare(places[n].quote) or _bare(places[n].quote) in quote) and places[n].quote]
    if alike:
        return Attached(review, Match.MOVED, min(alike, key=lambda n: (abs(places[n].turn - spot.turn), abs(places[n].start - spot.start))))
    other = next((p.behaviour for p in places if p.turn == spot.turn and quote and _bare(p.quote) == quote), None)
    if other is not None:
        return Attached(review, Match.ORPHAN, None, f"the words are now found as {other}, no longer as {spot.behaviour}")
    return Attached(review, Match.ORPHAN, None, f"no {spot.behaviour} is found there any more: {spot.quote[:80]!r}")


def _bare(quote: str) -> str:
    """A quote by its letters and digits: signs and capitals may have changed."""
    return "".join(filter(str.isalnum, quote.casefold()))
