"""Where a call lost its points, in words: the ledger, how the matter ended, and what was too uncertain to count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from ..ledger import Entry, LossKind
from ..moments import Moment, Occasion
from ..outcome import OutcomeValue
from ..scoring import ItemScore, counts_if_sure
from ..transcript import Role, Turn
from .beside import nearest, nods
from .reasons import plain
from .texts import Quote, Spoken, clean, cut, exact, place, quoted, sentence, who

if TYPE_CHECKING:
    from . import Report

LEFT_OPEN = "left open"
UNANSWERED = "called for it, did not get it"
# What an occasion that the agent's own words gave, and that was not met, was left without, by its kind.
LEFT_OPEN_BY_KIND: Mapping[str, str] = {
    "undated": "a promise without a date",
    "recap": "the call ends without a recap",
    "announced": "a silence without a word before it",
    "thanked": "a wait without thanks after it",
    "long_wait": "a long wait without a word in it",
    "refused": "a request turned away without a way forward",
}
# What would have earned the points of such an occasion.
_EARNED_BY_KIND: Mapping[str, str] = {
    "undated": "a day or an hour by which it will be done",
    "recap": "a short recap of what was agreed",
    "announced": "a word before the silence: what it is for, and how long",
    "thanked": "thanks after the wait",
    "long_wait": "a word on the way: how far it is, and how long it will still take",
    "refused": "a step that can be taken instead",
}
_OUTCOMES: Mapping[OutcomeValue, str] = {
    OutcomeValue.RESOLVED: "settled",
    OutcomeValue.PARTLY: "settled in part",
    OutcomeValue.NOT: "not settled",
    OutcomeValue.UNCLEAR: "unclear",
}
_FAIR = "This is what the customer was left with. Not all of it may have been in the agent's hands."
# From this confidence on a finding needs no remark on how sure it is.
_SURE = 0.9
# The turns beside a finding: how far away they may be, and how many characters are shown.
_NEAR_TURNS, _MOST_BESIDE = 6, 220
# What is less likely than this is not told as "perhaps", and no more than so many are, the likeliest.
_LEAST_PERHAPS, _MOST_TOLD_AS_PERHAPS = 0.3, 12
# Characters of an uncertain finding within a line of the ledger.
_MOST_PERHAPS = 90


class Lost(NamedTuple):
    """One line of the ledger. ``before`` and ``after`` are the turns around the quote; ``sure`` is empty where it is certain."""

    points: str
    said: Quote | None
    where: str
    what: str
    before: Spoken | None
    after: tuple[Spoken, ...]
    earned_by: str
    sure: str
    why: tuple[str, ...]


class LostItem(NamedTuple):
    """What one item lost: its points, its part of all that was lost in per cent, and the places; ``worst`` is the costliest.

    ``earned_by`` is what would have earned the points, where it is the same at all places.
    """

    id: str
    title: str
    points: str
    part: float
    sentence: str
    lines: tuple[Lost, ...]
    worst: Lost
    earned_by: str


class Ending(NamedTuple):
    """How the matter ended: in a word, as a sentence with how sure that is, and the quotes it rests on."""

    word: str
    sentence: str
    remark: str
    quotes: tuple[Quote, ...]


class Perhaps(NamedTuple):
    """A finding too uncertain to count."""

    title: str
    said: Quote
    what: str
    sure: str
    why: tuple[str, ...]


def ledger(report: Report) -> Iterator[LostItem]:
    """What was lost, by item, the costliest first; within an item in the order of the call."""
    groups: dict[str, list[Entry]] = {}
    for entry in report.ledger:
        groups.setdefault(entry.item, []).append(entry)
    sums = {name: round(fsum(e.points for e in entries), 1) for name, entries in groups.items()}
    whole = fsum(sums.values()) or 1.0
    moments = {(m.behaviour, m.turn, m.start, m.end): m for m in report.moments}
    passed = nods(report.moments)
    occasions = {(o.behaviour, o.turn, o.start, o.end): o for o in report.occasions}
    for name in sorted(groups, key=lambda each: -sums[each]):
        entries = sorted(groups[name], key=_in_order)
        places = [(e.item, -1 if e.turn is None else e.turn, e.start, e.end) for e in entries]
        lines = tuple(_line(report, e, moments.get(at), occasions.get(at), passed) for e, at in zip(entries, places, strict=True))
        item = report.items.get(name)
        reason = _reason(report, entries, item)
        worst = lines[max(range(len(lines)), key=lambda i: entries[i].points)]
        ways = {line.earned_by for line in lines}
        same = ways.pop() if len(ways) == 1 else ""
        if same:
            lines = tuple(line._replace(earned_by="") for line in lines)
        yield LostItem(name, clean(entries[0].title), exact(sums[name]), 100 * sums[name] / whole, reason, lines, worst, same)


def _in_order(entry: Entry) -> tuple[int, int]:
    return (1 << 30 if entry.turn is None else entry.turn), entry.start


def total(report: Report) -> str:
    """The sum by which anybody can check the ledger."""
    if report.score is None:
        return ""
    lost = round(fsum(entry.points for entry in report.ledger), 1)
    return f"100 − {exact(lost)} lost = {exact(report.score)}"


def _line(report: Report, entry: Entry, moment: Moment | None, occasion: Occasion | None, passed: Set[int]) -> Lost:
    found = _place(report, entry)
    before, after = _beside(report.transcript.turns, entry.turn, passed) if found else (None, ())
    where = found.when if found else "the whole call"
    why = plain(report, moment, single_words=False) if moment else ()
    what = _what(report, entry, moment, occasion)
    earned_by = _earned_by(report, entry, occasion)
    # How sure the outcome is stands beside it.
    sure = "" if entry.kind is LossKind.OUTCOME else certainty(entry.confidence)
    return Lost(exact(entry.points), found, where, what, before, after, earned_by, sure, why)


def _earned_by(report: Report, entry: Entry, occasion: Occasion | None) -> str:
    """What would have earned the points; what the agent left open has its own way of being closed."""
    if occasion is not None and occasion.role is Role.AGENT and (way := _EARNED_BY_KIND.get(occasion.kind or "")):
        return way
    if entry.kind is LossKind.OUTCOME and report.outcome is not None and report.outcome.value is OutcomeValue.RESOLVED:
        return "an ending that shows more plainly that the matter is settled; these points are lost to doubt"
    about = report.about.get(entry.item)
    if entry.kind is LossKind.ABSENT and report.items[entry.item].hits:
        return "doing this once more in the call"
    if entry.kind is LossKind.MEASURE and about is not None:
        return "more of this" if about.helps else "less of this"
    return clean(entry.earned_by)


def _place(report: Report, entry: Entry) -> Quote | None:
    turns = report.transcript.turns
    if entry.turn is None or not 0 <= entry.turn < len(turns):
        return None
    turn = turns[entry.turn]
    return Quote(place(entry.turn, entry.time_s), who(turn.speaker, turn.role), cut(clean(entry.quote)), entry.turn + 1)


def _what(report: Report, entry: Entry, moment: Moment | None, occasion: Occasion | None) -> str:
    if entry.kind is LossKind.MISSED:
        return unmet_text(occasion) if occasion else UNANSWERED
    if entry.kind is LossKind.BREACH:
        return kind_of(report, moment) if moment else ""
    if entry.kind is LossKind.ABSENT:
        return _absent(report, report.items[entry.item])
    if entry.kind is LossKind.CAP:
        return "the rubric names it as critical, and it holds the score down"
    item = report.items.get(entry.item)
    return "" if item is not None and item.reason == entry.reason else clean(entry.reason)


def _reason(report: Report, entries: Sequence[Entry], item: ItemScore | None) -> str:
    """What an item rests on; of one that the call holds too little of, also what was too uncertain to count; and the only sentence not said."""
    if item is None:
        return ""
    entry = entries[0]
    if entry.kind is LossKind.UNSAID and len(entries) == 1 and entry.turn is None:
        return f"{sentence(item.reason)} {sentence(entry.reason)}"
    if entry.kind is not LossKind.ABSENT:
        return sentence(item.reason)
    if _unsure(report, item) is None:
        return sentence(item.reason if item.hits else _sentence_for_none(report, item) or item.reason)
    found = sentence(_absent(report, item))
    return f"{sentence(item.reason)} {found}" if item.hits else found


def _sentence_for_none(report: Report, item: ItemScore) -> str:
    """The sentence of the behaviour's file for a call that has none of it."""
    about = report.about.get(item.id)
    return about.absent if about else ""


def _unsure(report: Report, item: ItemScore) -> Moment | None:
    """The surest moment of an item that is too uncertain to count, if any."""
    unsure = [m for m in report.moments if m.behaviour == item.id and counts_if_sure(m, item)]
    return max(unsure, key=lambda m: (m.confidence, -m.turn), default=None)


def _absent(report: Report, item: ItemScore) -> str:
    """What is said of an item of which the call holds too little: the surest moment that is too uncertain to count is named."""
    best = _unsure(report, item)
    if best is None:
        return "too little of it in the call" if item.hits else _sentence_for_none(report, item) or "nowhere in the call"
    where = place(best.turn, best.time_s)
    words = cut(clean(best.quote), _MOST_PERHAPS)
    found = "too little that is certain enough" if item.hits else "nothing certain enough"
    return f"{found}; perhaps {'at' if best.time_s is not None else 'in'} {where}: “{words}”"


def named_kind(report: Report, occasion: Occasion) -> str:
    """What a customer's words told, where the behaviour's file names that kind; empty for what the agent's own words gave."""
    about = report.about.get(occasion.behaviour)
    return clean(about.kinds.get(occasion.kind or "", "")) if about and occasion.role is not Role.AGENT else ""


def kind_of(report: Report, moment: Moment) -> str:
    """A moment's kind in plain English, empty where it has none."""
    about = report.about.get(moment.behaviour)
    return clean((about.kinds if about else {}).get(moment.kind) or moment.kind.replace("_", " ")) if moment.kind else ""


def unmet_text(occasion: Occasion) -> str:
    """What is said of an occasion that was not met: the customer's words went unanswered, the agent's own were left open."""
    if occasion.role is not Role.AGENT:
        return UNANSWERED
    return LEFT_OPEN_BY_KIND.get(occasion.kind or "", LEFT_OPEN)


def certainty(confidence: float) -> str:
    """How sure a finding is, where that is worth saying."""
    return "" if confidence >= _SURE else f"{confidence:.0%} sure"


def _beside(turns: Sequence[Turn], turn: int | None, passed: Set[int]) -> tuple[Spoken | None, tuple[Spoken, ...]]:
    """The turn before the agent's words and the customer's next; after the customer's words, the answer and then the customer's next."""
    if turn is None:
        return None, ()
    if turns[turn].role is Role.AGENT:
        before = nearest(turns, range(turn - 1, turn - 1 - _NEAR_TURNS, -1), Role.CUSTOMER, passed)
        after = [nearest(turns, range(turn + 1, turn + 1 + _NEAR_TURNS), Role.CUSTOMER, passed)]
    else:
        before = None
        answer = nearest(turns, range(turn + 1, turn + 1 + _NEAR_TURNS), Role.AGENT, passed)
        since = turn if answer is None else answer
        after = [answer, nearest(turns, range(since + 1, since + 1 + _NEAR_TURNS), Role.CUSTOMER, passed)]
    return _spoken(turns, before), tuple(each for at in after if (each := _spoken(turns, at)) is not None)


def _spoken(turns: Sequence[Turn], at: int | None) -> Spoken | None:
    if at is None:
        return None
    turn = turns[at]
    return Spoken(place(at, turn.start), who(turn.speaker, turn.role), cut(clean(turn.text), _MOST_BESIDE), at + 1)


def ending(report: Report) -> Ending | None:
    """How the matter ended; None where the call does not show it."""
    outcome = report.outcome
    if outcome is None:
        return None
    turns = report.transcript.turns
    quotes = tuple(
        Quote(place(q.turn, q.time_s), who(q.speaker, turns[q.turn].role), cut(clean(q.quote)), q.turn + 1) for q in outcome.quotes
    )
    sure = f"{outcome.confidence:.0%} sure"
    return Ending(
        _OUTCOMES[outcome.value],
        f"{sentence(outcome.sentence).rstrip('.')} ({sure}).",
        _FAIR if outcome.value is not OutcomeValue.RESOLVED else "",
        quotes,
    )


def perhaps(report: Report) -> Iterator[Perhaps]:
    """What is too uncertain to count, of the items that are scored, in the order of the call."""
    # A limit that comes with a way forward is no breach, not even perhaps.
    agents = (m for m in report.moments if m.perhaps and m.role is Role.AGENT and not m.details.get("softened"))
    found: list[Moment | Occasion] = [*agents]
    found += [o for o in report.occasions if o.perhaps and not o.met]
    found = sorted((each for each in found if each.confidence >= _LEAST_PERHAPS), key=lambda at: -at.confidence)[:_MOST_TOLD_AS_PERHAPS]
    for each in sorted(found, key=lambda at: (at.turn, at.start)):
        item = report.items.get(each.behaviour)
        about = report.about.get(each.behaviour)
        if item is None or not item.weight:
            continue
        what = unmet_text(each) if isinstance(each, Occasion) else kind_of(report, each)
        why = plain(report, each, single_words=False) if isinstance(each, Moment) else ()
        yield Perhaps(clean(about.title if about else item.title), quoted(report, each), what, f"{each.confidence:.0%} sure", why)
