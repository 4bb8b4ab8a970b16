"""Both scores of a call side by side: the library's, and the one with people's verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from types import MappingProxyType
from typing import Protocol

from ..ledger import DIGITS
from ..scoring import ItemScore, Scorecard
from .matching import Attached, Match, Place, attach
from .values import Review, Reviews, Status, Verdict


class Lost(Protocol):
    """An entry of the ledger: points that the call lost at a place."""

    @property
    def item(self) -> str:
        """The item's id."""

    @property
    def turn(self) -> int | None:
        """The turn's index."""

    @property
    def start(self) -> int:
        """The first character of its quote."""

    @property
    def points(self) -> float:
        """Points of the call's score."""


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """An item by the library and by people.

    ``library`` and ``people`` are scores, 0 to 100, None where there is none; ``people`` is the mean where several judged.
    ``not_applicable`` tells that people want it not to count. ``agreed`` tells whether they agree with the library, None where they are
    not of one mind. ``by`` names them.
    """

    id: str
    library: float | None
    people: float | None
    not_applicable: bool
    agreed: bool | None
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What people say of a call, beside what the library says.

    ``score`` is the call's score with their verdicts, ``library`` the one without, both 0 to 100 or None. ``items`` are those that
    people judged. ``attached`` are all reviews with what they are about, ``orphans`` those of which that is no longer there, ``by`` the
    people. ``status`` is that of each review by its id. ``returned`` are points of the ledger that came back, as people do not see the moments that cost them.
    """

    score: float | None
    library: float | None
    items: Mapping[str, ReviewedItem]
    attached: tuple[Attached, ...]
    status: Mapping[str, Status]
    by: tuple[str, ...]
    returned: float = 0.0

    @property
    def orphans(self) -> tuple[Attached, ...]:
        """The reviews of which what they are about is no longer there, each with the reason."""
        return tuple(a for a in self.attached if a.match is Match.ORPHAN)


def both(card: Scorecard, places: Sequence[Place], ledger: Sequence[Lost], reviews: Reviews) -> Reviewed:
    """The verdicts of one call's reviews beside the library's; those of orphans are kept and change nothing.

    A score for the whole call is the call's; else items count with people's scores in the place of the library's, and points that were
    lost at moments with which they disagree come back.
    """
    attached = attach(reviews, card.items, places)
    lost = {a.review.id for a in attached if a.match is Match.ORPHAN}
    counting = [r for r in reviews.counting if r.id not in lost]
    items = {
        name: _item(item, given)
        for name, item in card.items.items()
        if (given := [r for r in counting if r.item == name and r.moment is None])
    }
    places_of = {a.review.id: places[a.place] for a in attached if a.place is not None}
    denied = [places_of[r.id] for r in counting if r.id in places_of and r.verdict in (Verdict.DISAGREE, Verdict.NOT_APPLICABLE)]
    spots = {(place.behaviour, place.turn, place.start) for place in denied if place.behaviour not in items}
    returned = sum(entry.points for entry in ledger if (entry.item, entry.turn, entry.start) in spots)
    score = _score(card, items, returned)
    whole = [r for r in counting if r.item is None and r.moment is None]
    scores = [s for r in whole if (s := _given(r, card.score)) is not None]
    if scores:
        score = fmean(scores)
    elif any(r.verdict is Verdict.NOT_APPLICABLE for r in whole):
        score = None
    return Reviewed(
        score, card.score, MappingProxyType(items), attached, reviews.statuses, tuple(dict.fromkeys(r.by for r in counting)), returned
    )


def _given(review: Review, library: float | None) -> float | None:
    """The score that a verdict stands for."""
    return review.score if review.verdict is Verdict.SCORE else library if review.verdict is Verdict.AGREE else None


def _item(item: ItemScore, given: Sequence[Review]) -> ReviewedItem:
    out = [r.verdict is Verdict.NOT_APPLICABLE or (r.verdict is Verdict.AGREE and item.score is None) for r in given]
    scores = [s for r in given if (s := _given(r, item.score)) is not None]
    views = {r.verdict is Verdict.AGREE for r in given}
    people = fmean(scores) if scores else None
    return ReviewedItem(
        item.id,
        item.score,
        people,
        sum(out) * 2 > len(given),
        views.pop() if len(views) == 1 else None,
        tuple(dict.fromkeys(r.by for r in given)),
    )


def _score(card: Scorecard, items: Mapping[str, ReviewedItem], returned: float) -> float | None:
    """The call's score with people's items: the library's, moved by as much as they move the weighted mean."""
    if card.score is None:
        return None
    before, after = _mean(card, {}), _mean(card, items)
    if before is None or after is None:
        return after
    return round(min(100.0, max(0.0, card.score + after - before + returned)), DIGITS)


def _mean(card: Scorecard, items: Mapping[str, ReviewedItem]) -> float | None:
    """The mean of the sections by their weights in effect, with people's scores where they gave one."""
    # Where an item without a score weighs something, the rubric lets it keep full marks.
    keeps = any(item.score is None and item.counts_as for item in card.items.values())
    total = weights = 0.0
    for section in card.sections.values():
        pairs = [_pair(item, items.get(item.id), keeps) for item in section.items]
        inside = sum(weight for _, weight in pairs)
        whole = sum(item.weight for item in section.items)
        if inside and whole:
            weight = section.weight * inside / whole
            total += weight * sum(score * weight for score, weight in pairs) / inside
            weights += weight
    return total / weights if weights else None


def _pair(item: ItemScore, people: ReviewedItem | None, keeps: bool) -> tuple[float, float]:
    """An item's score and its weight in effect; ``keeps`` tells that what is not called for has full marks."""
    if people is not None and people.not_applicable:
        return 100.0, item.counts_as if keeps else 0.0
    if people is not None and people.people is not None:
        return people.people, item.counts_as or item.weight
    return 100.0 if item.score is None else item.score, item.counts_as
