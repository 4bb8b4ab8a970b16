"""Which strengths to praise and which one or two things to coach next, each with the quote it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from math import fsum
from typing import NamedTuple

from ..language.call import Call
from ..ledger import Entry, LossKind
from ..moments import Moment, Occasion
from ..rubric import Rubric
from ..scoring import ItemScore, Scorecard, counts_if_sure, found_times, is_counted
from ..transcript import AGENT, CUSTOMER, Role
from .beside import nearest, nods
from .choice import LIKELY_NEARLY, MOST_STRENGTHS, to_coach, worth_praise
from .texts import clean, cut, place
from .values import BehaviourInfo, Context, Evidence, Focus, Strength

# Characters of the same turn shown on either side of a quote, and of the turn before it or after it.
_AROUND_CHARS = 160
# Characters of a quote within the advice.
_MOST_ADVISED = 90
# How far away the turn that a quote answers, or the reply to it, may be.
_NEAR_TURNS = 4
# Fewer words than these are nothing to praise.
_LEAST_PRAISED_WORDS, _LEAST_NEARLY_WORDS = 3, 4
_NOT_ENOUGH = "it is not enough to stand out"
# These answer what the customer says: where they lack, a turn of the customer's of at least this many words was a place for one.
_ANSWERS_SPEECH = frozenset(("summary", "understanding_check"))
_LONG_WORDS = 20
# Signs that end a sentence.
_ENDS = tuple(".!?…")
# What hinders here is not how a turn of the customer's was answered, so advice does not begin with that turn.
_STAND_ALONE = frozenset(("repeat_question", "hedging"))
# The words of the customer's that speak against what was said just before.
_CONTRADICTS = "replies.contradicts"
_REPEATS = "customer_repeats"


class Praise(NamedTuple):
    """The strengths of a call, or what comes closest to one."""

    strengths: tuple[Strength, ...] = ()
    closest: Strength | None = None


class _Candidate(NamedTuple):
    """The best moment of an item: how much speaks for praising it, and what speaks against it."""

    weight: float
    item: ItemScore
    moment: Moment
    against: str

    def strength(self, call: Call, passed: Set[int]) -> Strength:
        """The moment as a strength."""
        item = self.item
        # An item that was also missed elsewhere tells of that in its reason; here it tells what there is.
        reason = found_times(item.hits) if item.occasions > item.met else item.reason
        return Strength(item.id, item.title, item.score or 0.0, reason, evidence(call, self.moment, passed), self.against)


def praised(
    call: Call,
    card: Scorecard,
    moments: Sequence[Moment],
    occasions: Sequence[Occasion],
    about: Mapping[str, BehaviourInfo],
    rubric: Rubric,
) -> Praise:
    """The strengths, what is praised most likely first, each item once; what comes closest where there is none."""
    passed = nods(moments)
    found = sorted(_candidates(call, card, moments, occasions, about, rubric, passed), key=lambda each: (-each.weight, each.moment.turn))
    kept = [candidate for candidate in found if not candidate.against][:MOST_STRENGTHS]
    if kept:
        return Praise(tuple(candidate.strength(call, passed) for candidate in kept))
    return Praise(closest=next((candidate.strength(call, passed) for candidate in found if _nearly(candidate, rubric)), None))


def _nearly(candidate: _Candidate, rubric: Rubric) -> bool:
    """Whether a moment may be held up as nearly good: likely enough, of some length, with nothing against it but that it does not stand out."""
    if candidate.against != _NOT_ENOUGH or len(candidate.moment.quote.split()) < _LEAST_NEARLY_WORDS:
        return False
    return not rubric.strengths or candidate.weight >= LIKELY_NEARLY


def _candidates(
    call: Call,
    card: Scorecard,
    moments: Sequence[Moment],
    occasions: Sequence[Occasion],
    about: Mapping[str, BehaviourInfo],
    rubric: Rubric,
    passed: Set[int],
) -> Iterator[_Candidate]:
    """Each item that helps and was found, with its best moment: the one against which least speaks, then the surest and longest."""
    items = card.items
    hindering = {m.turn: about[m.behaviour].title for m in moments if _hinders(m, about) and is_counted(m, items.get(m.behaviour))}
    against = _against(moments, occasions)
    coached = to_coach(card.ledger, items, about.keys(), rubric)
    asked = {(o.behaviour, o.answer): o.weight * o.confidence for o in occasions if o.met and not o.perhaps}
    by_item: dict[str, list[Moment]] = {}
    for m in moments:
        if m.role is AGENT and not m.inferred and m.behaviour in about and about[m.behaviour].helps:
            by_item.setdefault(m.behaviour, []).append(m)
    for name, made in by_item.items():
        item = items.get(name)
        if item is None or item.score is None or not item.weight or name in coached:
            continue
        made = [m for m in made if (not item.kinds or m.kind in item.kinds) and len(m.quote.split()) >= _LEAST_PRAISED_WORDS]
        weight, enough = worth_praise(item, made, card.score or 0.0, rubric)
        if not weight or not made:
            continue
        remarks = [_remark(call, m, hindering, against, passed) for m in made]
        best = max(
            range(len(made)),
            key=lambda i: (
                not remarks[i],
                not made[i].perhaps,
                asked.get((name, made[i].turn), 0.0),
                made[i].confidence,
                len(made[i].quote),
            ),
        )
        yield _Candidate(weight, item, made[best], remarks[best] or ("" if enough else _NOT_ENOUGH))


def _remark(call: Call, moment: Moment, hindering: Mapping[int, str], against: set[int], passed: Set[int]) -> str:
    """What speaks against praising a moment; empty where nothing does."""
    if moment.perhaps:
        return "it is too uncertain to be counted"
    if moment.turn in hindering:
        return f"the same turn also hinders (“{hindering[moment.turn]}”)"
    reply = _next(call, moment.turn, CUSTOMER, passed)
    if reply is not None and (reply in against or _contradicts(call, reply)):
        return "the customer's next words speak against it"
    return ""


def _against(moments: Sequence[Moment], occasions: Sequence[Occasion]) -> set[int]:
    """The customer's turns that show that they are upset or had to say something twice."""
    upset = {o.turn for o in occasions if o.behaviour == "empathy" and o.role is CUSTOMER and not o.perhaps}
    return upset | {m.turn for m in moments if m.behaviour == _REPEATS and m.role is CUSTOMER and not m.perhaps}


def _contradicts(call: Call, turn: int) -> bool:
    """Whether a turn begins with words that speak against what was said before."""
    first, last = call.bounds[turn]
    rows = call.language.rows[_CONTRADICTS]
    longest = max(map(len, rows), default=0)
    begin = tuple(call.words[first : min(last, first + longest)])
    return any(begin[: len(row)] == row for row in rows) or begin[:1] in {(word,) for word in call.language.words[_CONTRADICTS]}


def _hinders(moment: Moment, about: Mapping[str, BehaviourInfo]) -> bool:
    info = about.get(moment.behaviour)
    return info is not None and not info.helps and not moment.details.get("softened")


def focuses(
    call: Call,
    card: Scorecard,
    moments: Sequence[Moment],
    occasions: Sequence[Occasion],
    about: Mapping[str, BehaviourInfo],
    rubric: Rubric,
) -> tuple[Focus, ...]:
    """What to coach next: where most points were lost with most certainty, with a quote wherever there is one."""
    items = card.items
    passed = nods(moments)
    found = []
    for name in to_coach(card.ledger, items, about.keys(), rubric):
        item, info = items[name], about[name]
        entries = [entry for entry in card.ledger if entry.item == name]
        shown = _shown_by(call, item, info, entries, moments, occasions, passed)
        quoted = shown.quoted(call, passed)
        points = round(fsum(entry.points for entry in entries), 1)
        reason = (_lacks(item, entries, moments) and info.absent) or item.reason
        advice = " ".join(text for text in (_situation(quoted, shown.shows, item.id), info.advice) if text)
        found.append(
            Focus(item.id, item.title, item.score or 0.0, reason, quoted, shown.shows, info.why, advice, info.instead, shown.kind, points)
        )
    return tuple(found)


def _lacks(item: ItemScore, entries: Sequence[Entry], moments: Sequence[Moment]) -> bool:
    """Whether a call has nothing of an item that it should have once, not even perhaps."""
    if item.hits or all(entry.kind is not LossKind.ABSENT for entry in entries):
        return False
    return not any(m.behaviour == item.id and counts_if_sure(m, item) for m in moments)


class _Shown(NamedTuple):
    """What shows best what to work on: the moment, the occasion or the turn, what it is, as ``Focus.shows`` says it, and its kind."""

    place: Moment | Occasion | int | None = None
    shows: str = ""
    kind: str | None = None

    def quoted(self, call: Call, passed: Set[int]) -> Evidence | None:
        """The quote itself."""
        if self.place is None:
            return None
        return _whole_turn(call, self.place, passed) if isinstance(self.place, int) else evidence(call, self.place, passed)


def _shown_by(
    call: Call,
    item: ItemScore,
    info: BehaviourInfo,
    entries: Sequence[Entry],
    moments: Sequence[Moment],
    occasions: Sequence[Occasion],
    passed: Set[int],
) -> _Shown:
    """The place that cost most; without one, words of the item's that hinder, a place that it would have fitted, or an example of it."""
    made = [m for m in moments if m.behaviour == item.id and is_counted(m, item)]
    costs = {(entry.turn, entry.start, entry.end): entry.points * entry.confidence for entry in entries if entry.turn is not None}
    if not info.helps:
        if not made:
            return _Shown()
        worst = max(made, key=lambda m: (costs.get(_span(m), 0.0), *_gravity(m)))
        return _Shown(worst, "said", worst.kind)
    # What a call lacks altogether was lost at no place of its own.
    lacks = any(entry.kind is LossKind.ABSENT for entry in entries)
    unmet = [o for o in occasions if o.behaviour == item.id and not o.met and not o.perhaps and not lacks]
    if unmet:
        chosen = max(unmet, key=lambda o: (costs.get(_span(o), 0.0), len(o.quote)))
        return _Shown(chosen, "open" if chosen.role is AGENT else "unanswered", chosen.kind)
    if item.id in _ANSWERS_SPEECH and (at := _place_for(call, {m.turn for m in made}, passed)) is not None:
        return _Shown(at, "place")
    if not made:
        return _Shown()
    best = max(made, key=lambda m: len(m.quote))
    return _Shown(best, "example", best.kind)


def _span(found: Moment | Occasion) -> tuple[int, int, int]:
    return found.turn, found.start, found.end


def _situation(quoted: Evidence | None, shows: str, item: str) -> str:
    """What the customer said and where, as the advice begins."""
    if quoted is None or shows not in ("said", "unanswered", "place", "open"):
        return ""
    words = cut(clean(quoted.quote), _MOST_ADVISED)
    if shows == "open":
        return f"{_at(quoted)} “{words}” was left open."
    if shows != "said":
        return f"{_at(quoted)} the customer said “{words}{_stop(words, quoted.after)}”"
    if quoted.prior is None or item in _STAND_ALONE:
        return f"{_at(quoted)} the words were “{words}{_stop(words, quoted.after)}”"
    heard = f"“{words}{_stop(words, quoted.after)}”"
    return f"{_at(quoted.prior)} the customer said “{cut(clean(quoted.prior.text), _MOST_ADVISED).rstrip('.,')}”, and heard {heard}"


def _stop(words: str, after: str = "") -> str:
    """The sign that ends a sentence, where the quote that ends it has none: the one behind it in its turn, else a stop."""
    return "" if words[-1:] in _ENDS else after[:1] if after[:1] in _ENDS else "."


def _at(said: Evidence | Context) -> str:
    where = place(said.turn, said.time_s)
    return f"At {where}" if said.time_s is not None else f"In {where}"


def _place_for(call: Call, done: set[int], passed: Set[int]) -> int | None:
    """The customer's longest turn that the agent did not take up in this way."""
    best: int | None = None
    least = _LONG_WORDS  # that a turn must have to be the longest
    for i, (turn, (first, last)) in enumerate(zip(call.turns, call.bounds, strict=True)):
        # To count what is spoken takes longer than to see that a turn is too short whatever of it is signs.
        if turn.role is not CUSTOMER or last - first < least or (spoken := call.spoken(i)) < least:
            continue
        answer = _next(call, i, AGENT, passed)
        if answer is not None and done.isdisjoint(range(i, answer + 3)):
            best, least = i, spoken + 1
    return best


def _whole_turn(call: Call, index: int, passed: Set[int]) -> Evidence:
    turn = call.turns[index]
    shown = _end_of(turn.text.strip())
    # The mark of what is left out stands before the quote: a quote is what was said.
    quote = shown.removeprefix("…")
    before = shown[: len(shown) - len(quote)]
    return Evidence(index, quote, turn.speaker, turn.start, before, reply=_context(call, _next(call, index, AGENT, passed), _beginning_of))


def evidence(call: Call, place: Moment | Occasion, passed: Set[int]) -> Evidence:
    """A quote with the words of its turn around it, and the turn before it or the reply to it; ``passed`` are turns that only nod."""
    text = call.turns[place.turn].text
    before, after = text[: place.start], text[place.end :]
    if len(before) > _AROUND_CHARS:
        before = _end_of(before)
    if len(after) > _AROUND_CHARS:
        after = _beginning_of(after)
    prior = reply = None
    if place.role is AGENT:
        of = place.details.get("of_turn") if isinstance(place, Moment) else None
        prior = _context(call, of if isinstance(of, int) and 0 <= of < len(call.turns) else _before(call, place.turn, passed), _end_of)
    else:
        reply = _context(call, _next(call, place.turn, AGENT, passed), _beginning_of)
    return Evidence(place.turn, place.quote, place.speaker, place.time_s, before, after, prior, reply)


def _context(call: Call, index: int | None, shorten: Callable[[str], str]) -> Context | None:
    if index is None:
        return None
    turn = call.turns[index]
    return Context(index, shorten(turn.text.strip()), turn.speaker, turn.start)


def _before(call: Call, index: int, passed: Set[int]) -> int | None:
    """The nearest turn before of another speaker that says something; else the nearest of another speaker."""
    near = [i for i in range(index - 1, max(-1, index - 1 - _NEAR_TURNS), -1) if call.turns[i].speaker != call.turns[index].speaker]
    return next((i for i in near if i not in passed), near[0] if near else None)


def _next(call: Call, index: int, role: Role, passed: Set[int]) -> int | None:
    """The nearest turn after of someone in this role that says something; else the nearest in the role."""
    return nearest(call.turns, range(index + 1, index + 1 + _NEAR_TURNS), role, passed)


def _end_of(text: str) -> str:
    return text if len(text) <= _AROUND_CHARS else "…" + text[-_AROUND_CHARS:].partition(" ")[2]


def _beginning_of(text: str) -> str:
    return text if len(text) <= _AROUND_CHARS else text[:_AROUND_CHARS].rpartition(" ")[0] + "…"


def _gravity(moment: Moment) -> tuple[bool, float]:
    """How much a hindering moment shows: what was not softened first, then the longest speaking over the other; the earliest of equals."""
    overlap = moment.details.get("overlap_s")
    return not moment.details.get("softened"), float(overlap) if isinstance(overlap, (int, float)) else 0.0
