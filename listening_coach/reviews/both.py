"""Both scores of a call side by side: the library's, and the one with people's verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import fsum
from statistics import fmean
from types import MappingProxyType

from ..ledger import DIGITS
from ..scoring import ItemScore, Scorecard
from .matching import Attached, Match, Place, attach
from .values import Review, Reviews, Status, Verdict


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
    people. ``status`` is that of each review by its id. ``returned`` are points that came back, as people do not see the moments that cost them.
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


def both(card: Scorecard, places: Sequence[Place], reviews: Reviews) -> Reviewed:
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
    returned = fsum(
        i.points * loss.share
        for i in card.items.values()
        for loss in i.losses
        if loss.turn is not None and (i.id, loss.turn, loss.start) in spots
    )
    score = _score(card, items, spots)
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


_Spots = Set[tuple[str, int, int]]


def _score(card: Scorecard, items: Mapping[str, ReviewedItem], spots: _Spots) -> float | None:
    """The call's score with people's items, and without what was lost at ``spots``: the library's, moved by as much as they move it."""
    if card.score is None:
        return None
    before, after = _value(card, {}, frozenset()), _value(card, items, spots)
    if before is None or after is None:
        return after
    return round(min(100.0, max(0.0, card.score + after - before)), DIGITS)


def _value(card: Scorecard, items: Mapping[str, ReviewedItem], spots: _Spots) -> float | None:
    """The score before caps: 100 less what items cost where their weights are points, else the mean by weights."""
    all_items = list(card.items.values())
    if all(item.points == item.counts_as for item in all_items):
        cost = fsum(item.points * (1.0 - _scored(item, items.get(item.id), spots) / 100.0) for item in all_items)
        return max(0.0, 100.0 - cost)
    total = weights = 0.0
    for section in card.sections.values():
        pairs = [(_scored(item, items.get(item.id), spots), _counts(item, items.get(item.id))) for item in section.items]
        inside = fsum(weight for _, weight in pairs)
        whole = fsum(item.weight for item in section.items)
        if inside and whole:
            weight = section.weight * inside / whole
            total += weight * fsum(score * weight for score, weight in pairs) / inside
            weights += weight
    return total / weights if weights else None


def _scored(item: ItemScore, people: ReviewedItem | None, spots: _Spots) -> float:
    """An item's score by people, else the library's without what was lost at the spots; full marks where there is none."""
    if people is not None and people.not_applicable:
        return 100.0
    if people is not None and people.people is not None:
        return people.people
    if item.score is None:
        return 100.0
    back = fsum(loss.share for loss in item.losses if loss.turn is not None and (item.id, loss.turn, loss.start) in spots)
    return min(100.0, item.score + 100.0 * back)


def _counts(item: ItemScore, people: ReviewedItem | None) -> float:
    """An item's weight in effect where weights are shares: none where people say that it does not apply."""
    if people is not None and people.not_applicable:
        return 0.0
    return item.counts_as or (item.weight if people is not None and people.people is not None else 0.0)
