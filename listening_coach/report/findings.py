"""Which strengths to praise and which one or two things to coach next, each with the quote it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..language.call import Call
from ..moments import Moment, Occasion
from ..scoring import ItemScore, Scorecard, is_counted
from ..transcript import AGENT, CUSTOMER, Role
from .values import BehaviourInfo, Context, Evidence, Focus, Strength

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
    call: Call, card: Scorecard, moments: Sequence[Moment], occasions: Sequence[Occasion], about: Mapping[str, BehaviourInfo]
) -> tuple[Strength, ...]:
    """Up to three strengths, the weightiest first."""
    found: list[Strength] = []
    by_behaviour = _by_behaviour(moments)
    for item, _ in sorted(_weighed(card), key=_by_weight):
        info = about.get(item.id)
        if item.score is None or item.score < _STRONG or info is None or not info.helps:
            continue
        best = max(_made(item, by_behaviour), key=_length, default=None)
        if best is not None:
            found.append(Strength(item.id, item.title, item.score, item.reason, evidence(call, best)))
            if len(found) == _MOST_STRENGTHS:
                break
    return tuple(found)


def focuses(
    call: Call, card: Scorecard, moments: Sequence[Moment], occasions: Sequence[Occasion], about: Mapping[str, BehaviourInfo]
) -> tuple[Focus, ...]:
    """One or two things to coach next: where most of the score was lost, with a quote wherever there is one."""
    found: list[tuple[_Shown, ItemScore, float, BehaviourInfo]] = []
    by_behaviour = _by_behaviour(moments)
    quoted = 0
    for item, _ in sorted(_weighed(card), key=_by_loss):
        info = about.get(item.id)
        if item.score is None or item.score >= _WEAK or info is None or not item.weight:
            continue
        shown = _shown_by(call, item, info, by_behaviour, occasions)
        found.append((shown, item, item.score, info))
        quoted += shown.is_quote
        if quoted == _MOST_FOCUSES:
            break
    # What rests on a quote is easier to talk about than what never happened.
    found.sort(key=_without_quote)
    return tuple(
        Focus(item.id, item.title, score, item.reason, shown.quoted(call), shown.shows, info.why, info.advice, info.instead, shown.kind)
        for shown, item, score, info in found[:_MOST_FOCUSES]
    )


class _Shown(NamedTuple):
    """What shows best what to work on: the moment, the occasion or the turn, what it is, as ``Focus.shows`` says it, and its kind."""

    place: Moment | Occasion | int | None = None
    shows: str = ""
    kind: str | None = None

    @property
    def is_quote(self) -> bool:
        """Whether it is an occurrence of what went wrong."""
        return self.shows not in ("", "example")

    def quoted(self, call: Call) -> Evidence | None:
        """The quote itself."""
        if self.place is None:
            return None
        return _whole_turn(call, self.place) if isinstance(self.place, int) else evidence(call, self.place)


def _shown_by(
    call: Call, item: ItemScore, info: BehaviourInfo, by_behaviour: Mapping[str, Sequence[Moment]], occasions: Sequence[Occasion]
) -> _Shown:
    made = _made(item, by_behaviour)
    if not info.helps:
        if not made:
            return _Shown()
        worst = max(made, key=_gravity)
        return _Shown(worst, "said", worst.kind)
    unmet = [o for o in occasions if o.behaviour == item.id and not o.met]
    if unmet:
        chosen = max(unmet, key=_length)
        return _Shown(chosen, "open" if chosen.role is AGENT else "unanswered", chosen.kind)
    if item.id in _ANSWERS_SPEECH and (at := _place_for(call, {m.turn for m in made})) is not None:
        return _Shown(at, "place")
    if not made:
        return _Shown()
    best = max(made, key=_length)
    return _Shown(best, "example", best.kind)


def _place_for(call: Call, done: set[int]) -> int | None:
    """The customer's longest turn that the agent did not take up in this way."""
    best: int | None = None
    least = _LONG_WORDS  # that a turn must have to be the longest
    for i, (turn, (first, last)) in enumerate(zip(call.turns, call.bounds, strict=True)):
        # To count what is spoken takes longer than to see that a turn is too short whatever of it is signs.
        if turn.role is not CUSTOMER or last - first < least or (spoken := call.spoken(i)) < least:
            continue
        answer = _next(call, i, AGENT)
        if answer is not None and done.isdisjoint(range(i, answer + 3)):
            best, least = i, spoken + 1
    return best


def _whole_turn(call: Call, index: int) -> Evidence:
    turn = call.turns[index]
    shown = _end_of(turn.text.strip())
    # The mark of what is left out stands before the quote: a quote is what was said.
    quote = shown.removeprefix("…")
    before = shown[: len(shown) - len(quote)]
    return Evidence(index, quote, turn.speaker, turn.start, before, reply=_context(call, _next(call, index, AGENT), _beginning_of))


def evidence(call: Call, place: Moment | Occasion) -> Evidence:
    """A quote with the words of its turn around it, and the turn before it or the reply to it."""
    text = call.turns[place.turn].text
    before, after = text[: place.start], text[place.end :]
    if len(before) > _AROUND_CHARS:
        before = _end_of(before)
    if len(after) > _AROUND_CHARS:
        after = _beginning_of(after)
    prior = reply = None
    if place.role is AGENT:
        of = place.details.get("of_turn") if isinstance(place, Moment) else None
        prior = _context(call, of if isinstance(of, int) and 0 <= of < len(call.turns) else _before(call, place.turn), _end_of)
    else:
        reply = _context(call, _next(call, place.turn, AGENT), _beginning_of)
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


def _by_behaviour(moments: Sequence[Moment]) -> dict[str, list[Moment]]:
    found: dict[str, list[Moment]] = {}
    for m in moments:
        if m.behaviour in found:
            found[m.behaviour].append(m)
        else:
            found[m.behaviour] = [m]
    return found


def _made(item: ItemScore, by_behaviour: Mapping[str, Sequence[Moment]]) -> list[Moment]:
    """The agent's moments that count for an item."""
    return [m for m in by_behaviour.get(item.id, ()) if is_counted(m, item)]


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


def _without_quote(found: tuple[_Shown, ItemScore, float, BehaviourInfo]) -> bool:
    return not found[0].is_quote
