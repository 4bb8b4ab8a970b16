"""Which strengths to praise and which one or two things to coach next, each with the quote it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..language import Call
from ..moments import Moment, Occasion
from ..scoring import ItemScore, Scorecard
from ..transcript import Role
from . import About, Evidence, Focus, Strength

# An item from this score up is a strength, below it may be a focus.
_STRONG = 75.0
_WEAK = 60.0
_MOST_STRENGTHS = 3
_MOST_FOCUSES = 2
# Words of the same turn shown on either side of a quote.
_AROUND_CHARS = 160


def strengths(
    call: Call, card: Scorecard, moments: Sequence[Moment], occasions: Sequence[Occasion], about: Mapping[str, About]
) -> tuple[Strength, ...]:
    """Up to three strengths, the weightiest first."""
    found = []
    for item in sorted(_scored(card), key=_by_weight):
        info = about.get(item.id)
        if item.score is None or item.score < _STRONG or info is None or not info.helps:
            continue
        best = _best(m for m in moments if m.behaviour == item.id and m.role is Role.AGENT and not m.inferred)
        if best is not None:
            found.append(Strength(item.id, item.title, item.score, _praise(item, info), evidence(call, best)))
    return tuple(found[:_MOST_STRENGTHS])


def focuses(
    call: Call, card: Scorecard, moments: Sequence[Moment], occasions: Sequence[Occasion], about: Mapping[str, About]
) -> tuple[Focus, ...]:
    """One or two things to coach next: where most of the score was lost, with a quote wherever there is one."""
    found = []
    for item in sorted(_scored(card), key=_by_loss):
        info = about.get(item.id)
        if item.score is None or item.score >= _WEAK or info is None or not item.weight:
            continue
        shown, missed = _evidence_of(call, item, info, moments, occasions)
        found.append(Focus(item.id, item.title, item.score, item.reason, shown, missed, info.why, info.advice, info.instead))
    # What rests on a quote is easier to talk about than what never happened.
    found.sort(key=_without_quote)
    return tuple(found[:_MOST_FOCUSES])


def _evidence_of(
    call: Call, item: ItemScore, info: About, moments: Sequence[Moment], occasions: Sequence[Occasion]
) -> tuple[Evidence | None, bool]:
    if not info.helps:
        worst = next(
            (m for m in moments if m.behaviour == item.id and m.role is Role.AGENT and not m.inferred and not m.details.get("softened")),
            None,
        )
        worst = worst or next((m for m in moments if m.behaviour == item.id and m.role is Role.AGENT and not m.inferred), None)
        return (evidence(call, worst), False) if worst else (None, False)
    unmet = [o for o in occasions if o.behaviour == item.id and not o.met]
    if unmet:
        chosen = max(unmet, key=_length)
        return evidence(call, chosen), chosen.role is not Role.AGENT
    return None, False


def evidence(call: Call, place: Moment | Occasion) -> Evidence:
    """A quote with the words of its turn around it."""
    text = call.turns[place.turn].text
    before, after = text[: place.start], text[place.end :]
    if len(before) > _AROUND_CHARS:
        before = "…" + before[-_AROUND_CHARS:].partition(" ")[2]
    if len(after) > _AROUND_CHARS:
        after = after[:_AROUND_CHARS].rpartition(" ")[0] + "…"
    return Evidence(place.turn, place.quote, place.speaker, place.time_s, before, after)


def _scored(card: Scorecard) -> Iterable[ItemScore]:
    return (i for i in card.items.values() if i.score is not None)


def _best(moments: Iterable[Moment]) -> Moment | None:
    return max(moments, key=_length, default=None)


def _length(place: Moment | Occasion) -> int:
    return len(place.quote)


def _by_weight(item: ItemScore) -> tuple[float, float]:
    return -item.weight, -(item.score or 0.0)


def _by_loss(item: ItemScore) -> float:
    return -item.weight * (100.0 - (item.score or 0.0))


def _without_quote(focus: Focus) -> bool:
    return focus.evidence is None


def _praise(item: ItemScore, info: About) -> str:
    return f"{info.title}: {item.reason}."
