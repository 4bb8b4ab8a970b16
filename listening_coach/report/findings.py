"""Which strengths to praise and which one or two things to coach next, each with the quote it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..language import Call
from ..moments import Moment, Occasion
from ..scoring import ItemScore, Scorecard, is_counted
from ..transcript import Role
from . import About, Context, Evidence, Focus, Strength

# An item from this score up is a strength, below it may be a focus.
_STRONG = 75.0
_WEAK = 60.0
_MOST_STRENGTHS = 3
_MOST_FOCUSES = 2
# Characters of the same turn shown on either side of a quote, and of the turn before it or after it.
_AROUND_CHARS = 160
# How far away the turn that a quote answers, or the reply to it, may be, and how many words are no more than a nod.
_NEAR_TURNS = 4
_NOD_WORDS = 2
# These answer what the customer says: where they lack, a turn of the customer's of at least this many words was a place for one.
_ANSWERS_SPEECH = frozenset(("summary", "understanding_check"))
_LONG_WORDS = 20


def strengths(
    call: Call, card: Scorecard, moments: Sequence[Moment], occasions: Sequence[Occasion], about: Mapping[str, About]
) -> tuple[Strength, ...]:
    """Up to three strengths, the weightiest first."""
    found = []
    for item, _ in sorted(_weighed(card), key=_by_weight):
        info = about.get(item.id)
        if item.score is None or item.score < _STRONG or info is None or not info.helps:
            continue
        best = _best(_made(item, moments))
        if best is not None:
            found.append(Strength(item.id, item.title, item.score, _praise(item, info), evidence(call, best)))
    return tuple(found[:_MOST_STRENGTHS])


def focuses(
    call: Call, card: Scorecard, moments: Sequence[Moment], occasions: Sequence[Occasion], about: Mapping[str, About]
) -> tuple[Focus, ...]:
    """One or two things to coach next: where most of the score was lost, with a quote wherever there is one."""
    found = []
    for item, _ in sorted(_weighed(card), key=_by_loss):
        info = about.get(item.id)
        if item.score is None or item.score >= _WEAK or info is None or not item.weight:
            continue
        shown, shows, kind = _evidence_of(call, item, info, moments, occasions)
        found.append(Focus(item.id, item.title, item.score, item.reason, shown, shows, info.why, info.advice, info.instead, kind))
    # What rests on a quote is easier to talk about than what never happened.
    found.sort(key=_without_quote)
    return tuple(found[:_MOST_FOCUSES])


def _evidence_of(
    call: Call, item: ItemScore, info: About, moments: Sequence[Moment], occasions: Sequence[Occasion]
) -> tuple[Evidence | None, str, str | None]:
    """The quote that shows best what to work on, what it is, as ``Focus.shows`` says it, and the kind of moment or occasion."""
    made = _made(item, moments)
    if not info.helps:
        if not made:
            return None, "", None
        worst = max(made, key=_gravity)
        return evidence(call, worst), "said", worst.kind
    unmet = [o for o in occasions if o.behaviour == item.id and not o.met]
    if unmet:
        chosen = max(unmet, key=_length)
        return evidence(call, chosen), "open" if chosen.role is Role.AGENT else "unanswered", chosen.kind
    if item.id in _ANSWERS_SPEECH and (at := _place_for(call, {m.turn for m in made})) is not None:
        return _whole_turn(call, at), "place", None
    if not made:
        return None, "", None
    best = max(made, key=_length)
    return evidence(call, best), "example", best.kind


def _place_for(call: Call, done: set[int]) -> int | None:
    """The customer's longest turn that the agent did not take up in this way."""
    best: int | None = None
    for i, turn in enumerate(call.turns):
        if turn.role is not Role.CUSTOMER or call.spoken(i) < _LONG_WORDS or (best is not None and call.spoken(i) <= call.spoken(best)):
            continue
        answer = _next(call, i, Role.AGENT)
        if answer is not None and done.isdisjoint(range(i, answer + 3)):
            best = i
    return best


def _whole_turn(call: Call, index: int) -> Evidence:
    turn = call.turns[index]
    shown = _end_of(turn.text.strip())
    # The mark of what is left out stands before the quote: a quote is what was said.
    quote = shown.removeprefix("…")
    before = shown[: len(shown) - len(quote)]
    return Evidence(index, quote, turn.speaker, turn.start, before, reply=_context(call, _next(call, index, Role.AGENT), _beginning_of))


def evidence(call: Call, place: Moment | Occasion) -> Evidence:
    """A quote with the words of its turn around it, and the turn before it or the reply to it."""
    text = call.turns[place.turn].text
    before, after = text[: place.start], text[place.end :]
    if len(before) > _AROUND_CHARS:
        before = _end_of(before)
    if len(after) > _AROUND_CHARS:
        after = _beginning_of(after)
    prior = reply = None
    if place.role is Role.AGENT:
        of = place.details.get("of_turn") if isinstance(place, Moment) else None
        prior = _context(call, of if isinstance(of, int) and 0 <= of < len(call.turns) else _before(call, place.turn), _end_of)
    else:
        reply = _context(call, _next(call, place.turn, Role.AGENT), _beginning_of)
    return Evidence(place.turn, place.quote, place.speaker, place.time_s, before, after, prior, reply)


def _context(call: Call, index: int | None, shorten: Callable[[str], str]) -> Context | None:
    if index is None:
        return None
    turn = call.turns[index]
    return Context(index, shorten(turn.text.strip()), turn.speaker, turn.start)


def _before(call: Call, index: int) -> int | None:
    """The nearest turn before of another speaker that says something; else the nearest of another speaker."""
    near = [i for i in range(index - 1, max(-1, index - 1 - _NEAR_TURNS), -1) if call.turns[i].speaker != call.turns[index].speaker]
    return next((i for i in near if call.spoken(i) > _NOD_WORDS), near[0] if near else None)


def _next(call: Call, index: int, role: Role) -> int | None:
    """The nearest turn after of someone in this role that says something; else the nearest in the role."""
    near = [i for i in range(index + 1, min(len(call.turns), index + 1 + _NEAR_TURNS)) if call.turns[i].role is role]
    return next((i for i in near if call.spoken(i) > _NOD_WORDS), near[0] if near else None)


def _end_of(text: str) -> str:
    return text if len(text) <= _AROUND_CHARS else "…" + text[-_AROUND_CHARS:].partition(" ")[2]


def _beginning_of(text: str) -> str:
    return text if len(text) <= _AROUND_CHARS else text[:_AROUND_CHARS].rpartition(" ")[0] + "…"


def _weighed(card: Scorecard) -> Iterable[tuple[ItemScore, float]]:
    """The items that have a score, each with its part of the call's score, 0 to 1."""
    sections = [section for section in card.sections.values() if section.score is not None]
    whole = sum(section.counts_as for section in sections) or 1.0
    for section in sections:
        total = sum(i.counts_as for i in section.items) or 1.0
        yield from ((i, section.counts_as / whole * i.counts_as / total) for i in section.items if i.score is not None)


def _made(item: ItemScore, moments: Sequence[Moment]) -> list[Moment]:
    """The agent's moments that count for an item."""
    return [m for m in moments if m.behaviour == item.id and is_counted(m, item)]


def _best(moments: Iterable[Moment]) -> Moment | None:
    return max(moments, key=_length, default=None)


def _length(place: Moment | Occasion) -> int:
    return len(place.quote)


def _by_weight(weighed: tuple[ItemScore, float]) -> tuple[float, float]:
    item, part = weighed
    return -part, -(item.score or 0.0)


def _by_loss(weighed: tuple[ItemScore, float]) -> float:
    item, part = weighed
    return -part * (100.0 - (item.score or 0.0))


def _gravity(moment: Moment) -> tuple[bool, float]:
    """How much a hindering moment shows: what was not softened first, then the longest speaking over the other; the earliest of equals."""
    overlap = moment.details.get("overlap_s")
    return not moment.details.get("softened"), float(overlap) if isinstance(overlap, (int, float)) else 0.0


def _without_quote(focus: Focus) -> bool:
    return focus.shows in ("", "example")


def _praise(item: ItemScore, info: About) -> str:
    return f"{info.title}: {item.reason}."
