"""Turns what was found in a call into a scorecard. Pure functions; they see neither the call nor a model.

A score is the weighted mean of the items. An item that was not called for or cannot be measured has the score None and a status
that says so, never 0; the rubric says whether it is left out or keeps full marks. What an item lost is split among the places where
it was lost, so that the ledger adds up to 100 less the score.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from .ledger import DIGITS, Entry, Loss, LossKind, settled
from .metrics import Metrics
from .moments import Moment, Occasion
from .outcome import Outcome, OutcomeValue
from .rubric import ItemRule, Rubric, SectionRule
from .said import Place
from .transcript import AGENT, EvidenceTier

# One occasion met or missed says little; from this many on, an item of occasions counts in full.
FULL_OCCASIONS = 3
# So many points are lost in full.
_FULL_COST = 70.0
_TIERS = (EvidenceTier.NONE, EvidenceTier.STARTS, EvidenceTier.TURNS, EvidenceTier.WORDS)
# The kinds of evidence that a call of each tier holds.
_SHOWN = {tier: frozenset(t.value for t in _TIERS[: at + 1]) for at, tier in enumerate(_TIERS)}
# The signs of plain text; to leave them out first is five times faster than to look at each letter.
_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}


class Status(StrEnum):
    """What became of an item. It prints as its bare word.

    ``scored``: the item has a score, which counts. ``not_called_for``: nothing in the call called for it.
    ``not_measurable``: the transcript lacks the evidence that it needs. ``not_counted``: the item has a score, but its weight
    in the rubric is 0, so the score is shown and does not count.
    """

    SCORED = "scored"
    NOT_CALLED_FOR = "not_called_for"
    NOT_MEASURABLE = "not_measurable"
    NOT_COUNTED = "not_counted"


class NotScoredCode(StrEnum):
    """Why a call has no score, as a code for programs. It prints as its bare word."""

    NO_TURNS = "no_turns"
    NO_AGENT = "no_agent"
    NO_CUSTOMER = "no_customer"
    TOO_SHORT = "too_short"
    NOTHING_APPLIES = "nothing_applies"
    OTHER_LANGUAGE = "other_language"


class Refusal(NamedTuple):
    """Why a call is not scored: a code for programs and a sentence for people."""

    code: NotScoredCode
    reason: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one behaviour; tallies of several calls add.

    ``hits`` counts moments, ``distinct`` those that were not said in the same words before, ``occasions`` where it was
    called for and ``met`` how many of these were answered. ``kinds`` holds hits and distinct hits by kind.
    """

    hits: int = 0
    distinct: int = 0
    occasions: int = 0
    met: int = 0
    kinds: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        kinds = dict(self.kinds)
        for kind, (hits, distinct) in other.kinds.items():
            mine = kinds.get(kind, (0, 0))
            kinds[kind] = (mine[0] + hits, mine[1] + distinct)
        return Tally(self.hits + other.hits, self.distinct + other.distinct, self.occasions + other.occasions, self.met + other.met, kinds)


# The shared tally of a behaviour that does not occur.
_NONE = Tally()


@dataclass(frozen=True, slots=True)
class Exposure:
    """What hits are counted against: the agent's and customer's turns and words, and minutes."""

    agent_turns: int
    customer_turns: int
    agent_words: int
    customer_words: int
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a call holds that counts: the agent's moments and the occasions by behaviour, and how the matter ended.

    ``said`` holds where the agent says each sentence of an item that asks for some, and ``span_s`` when the call begins and ends, in seconds.
    ``perhaps`` holds what is too uncertain to count, by behaviour: the reasons of items tell of it, and an item that is wanted once in a call
    loses only what the likeliest of it leaves.
    """

    moments: Mapping[str, Sequence[Moment]] = field(default_factory=dict)
    occasions: Mapping[str, Sequence[Occasion]] = field(default_factory=dict)
    outcome: Outcome | None = None
    perhaps: Mapping[str, Sequence[Moment | Occasion]] = field(default_factory=dict)
    said: Mapping[str, Sequence[Sequence[Place]]] = field(default_factory=dict)
    span_s: tuple[float, float | None] | None = None


_NOTHING_SEEN = Seen()


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One line of the scorecard: the score (0 to 100 or None), what it rests on, and why.

    ``status`` says what became of the item and ``reason`` explains it in words. ``kinds`` are the kinds of hits that count; it is
    empty where all of them do. ``counts_as`` is the effective weight: an item of occasions reaches its full ``weight`` at
    ``FULL_OCCASIONS`` of them, and an item without a score weighs nothing. ``losses`` are the places where it lost something; their
    shares add up to what is missing from full marks. ``points`` is the most that the item could cost this call.
    """

    id: str
    title: str
    section: str
    weight: float
    score: float | None
    hits: int
    occasions: int
    met: int
    reason: str
    status: Status
    helps: bool
    kinds: tuple[str, ...] = ()
    counts_as: float = 0.0
    losses: tuple[Loss, ...] = ()
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class SectionScore:
    """A section's score: the mean of its items' scores by their effective weights, or None where no item has a score.

    ``counts_as`` is the section's effective weight: its ``weight`` times the share of its items' weights that is in effect.
    """

    id: str
    title: str
    weight: float
    score: float | None
    items: tuple[ItemScore, ...]
    capped_by: str | None = None
    counts_as: float = 0.0


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The call's score and band, its sections, and why there is no score where there is none.

    ``not_scored`` is the reason in words and ``not_scored_code`` the same as a code; both are None where the call is scored. The points of
    the ``ledger`` add up to 100 less the score.
    """

    score: float | None
    band: str | None
    not_scored: str | None
    sections: Mapping[str, SectionScore]
    capped_by: str | None = None
    not_scored_code: NotScoredCode | None = None
    ledger: tuple[Entry, ...] = ()

    @property
    def items(self) -> dict[str, ItemScore]:
        """Every item by its id."""
        return {item.id: item for section in self.sections.values() for item in section.items}


def is_counted(moment: Moment, item: ItemScore | None) -> bool:
    """Whether a moment counts towards its item: the agent's, neither inferred nor uncertain, and of a kind that the rubric counts."""
    return not moment.perhaps and _would_count(moment, item)


def counts_if_sure(moment: Moment, item: ItemScore | None) -> bool:
    """Whether a moment is too uncertain to count towards its item, and would count if it were certain."""
    return moment.perhaps and _would_count(moment, item)


def _would_count(moment: Moment, item: ItemScore | None) -> bool:
    return moment.role is AGENT and not moment.inferred and (item is None or not item.kinds or moment.kind in item.kinds)


def seen(moments: Iterable[Moment], occasions: Iterable[Occasion], outcome: Outcome | None = None) -> Seen:
    """What counts of what was found in a call."""
    made: dict[str, list[Moment]] = {}
    unsure: dict[str, list[Moment | Occasion]] = {}
    for moment in moments:
        if is_counted(moment, None):
            made.setdefault(moment.behaviour, []).append(moment)
        elif counts_if_sure(moment, None):
            unsure.setdefault(moment.behaviour, []).append(moment)
    had: dict[str, list[Occasion]] = {}
    for occasion in occasions:
        if occasion.perhaps:
            unsure.setdefault(occasion.behaviour, []).append(occasion)
        else:
            had.setdefault(occasion.behaviour, []).append(occasion)
    return Seen(made, had, outcome, unsure)


def tally(moments: Iterable[Moment], occasions: Iterable[Occasion]) -> dict[str, Tally]:
    """The agent's tallies by behaviour: moments that the agent made, occasions that the agent had.

    What was only inferred is not counted.
    """
    # By behaviour, and there by kind, the quotes in order.
    said: dict[str, dict[str | None, list[str]]] = {}
    for moment in moments:
        if is_counted(moment, None):
            said.setdefault(moment.behaviour, {}).setdefault(moment.kind, []).append(moment.quote)
    had: dict[str, list[bool]] = {}
    for occasion in occasions:
        if not occasion.perhaps:
            had.setdefault(occasion.behaviour, []).append(occasion.met)
    tallies = {}
    for name in {**said, **had}:
        kinds = {kind: (len(quotes), _distinct(quotes)) for kind, quotes in said.get(name, {}).items()}
        met = had.get(name, ())
        tallies[name] = Tally(
            sum(hits for hits, _ in kinds.values()), sum(distinct for _, distinct in kinds.values()), len(met), sum(met),
            {kind: counts for kind, counts in kinds.items() if kind},
        )  # fmt: skip
    return tallies


def _distinct(quotes: Sequence[str]) -> int:
    """How many of some quotes are not in the same words as one before; signs and capitals do not count."""
    if len(quotes) == 1:
        return 1
    bare = {quote.casefold().translate(_SIGNS) for quote in set(quotes)}
    return len({text if text.isalnum() else "".join(filter(str.isalnum, text)) for text in bare})


def score(
    rubric: Rubric,
    tallies: Mapping[str, Tally],
    metrics: Metrics,
    tier: EvidenceTier,
    known: Mapping[str, tuple[str, bool]],
    saw: Seen = _NOTHING_SEEN,
) -> Scorecard:
    """The scorecard of a call.

    ``known`` gives title and helpfulness of each behaviour. Items whose behaviour is not known are left out.
    """
    refused = gate(rubric, metrics)
    exposure = Exposure(
        metrics.agent_turns, metrics.customer_turns, metrics.agent_words, metrics.customer_words,
        metrics.duration_s / 60 if metrics.duration_s else None,
    )  # fmt: skip
    facts = Facts(tallies, exposure, metrics, tier, known, saw, rubric.weights_are == "points")
    sections = {}
    for name, section in rubric.sections.items():
        rules = {k: r for k, r in section.items.items() if r.measure in _OF_THE_CALL or k in known}
        if rules:
            sections[name] = _section(name, section, rules, facts)
    scored = [s for s in sections.values() if s.score is not None and s.counts_as]
    if refused is None and not scored:
        refused = Refusal(NotScoredCode.NOTHING_APPLIES, "none of the rubric's items applies to this call")
    if refused:
        return Scorecard(None, None, refused.reason, sections, not_scored_code=refused.code)
    if not facts.in_points:
        sections = _with_points(sections)
    items = [i for s in sections.values() for i in s.items]
    cost = math.fsum(i.points * loss.share for i in items for loss in i.losses)
    value = left_after(cost) if facts.in_points else _mean((s.score, s.counts_as) for s in scored)
    value, capped = _capped(rubric, sections, value)
    value = round(value, DIGITS)
    ledger = settled(_entries(sections, value, capped), 100.0 - value)
    return Scorecard(value, rubric.band(rounded(value)), None, sections, capped, ledger=ledger)


def left_after(cost: float) -> float:
    """What is left of a hundred points.

    The first ``_FULL_COST`` points are taken in full. From there on each further point takes the same share of what is left, so that
    calls which went badly can still be told apart.
    """
    rest = 100.0 - _FULL_COST
    return 100.0 - cost if cost <= _FULL_COST else rest * math.exp((_FULL_COST - cost) / rest)


# These measure the call itself and need no behaviour.
_OF_THE_CALL = frozenset(("range", "outcome", "said"))


class Facts(NamedTuple):
    """What all items of a call are scored from."""

    tallies: Mapping[str, Tally]
    exposure: Exposure
    metrics: Metrics
    tier: EvidenceTier
    known: Mapping[str, tuple[str, bool]]
    saw: Seen = _NOTHING_SEEN
    in_points: bool = False


def _with_points(sections: Mapping[str, SectionScore]) -> dict[str, SectionScore]:
    """The sections with the most points that each item could cost: its part of the hundred."""
    whole = math.fsum(s.counts_as for s in sections.values()) or 1.0
    found = {}
    for name, section in sections.items():
        total = math.fsum(i.counts_as for i in section.items) or 1.0
        part = 100.0 * section.counts_as / whole / total
        found[name] = replace(section, items=tuple(replace(i, points=part * i.counts_as) for i in section.items))
    return found


def _capped(rubric: Rubric, sections: Mapping[str, SectionScore], value: float) -> tuple[float, str | None]:
    """The score after the caps of critical items, and the item that capped it."""
    capped = None
    for section in rubric.sections.values():
        for key, rule in section.items.items():
            if rule.critical != "call":
                continue
            item = next((i for s in sections.values() for i in s.items if i.id == key), None)
            if item and item.score is not None and item.score < rule.fails_below and value > rule.cap:
                value, capped = rule.cap, key
    return value, capped


def _entries(sections: Mapping[str, SectionScore], value: float, capped: str | None) -> list[Entry]:
    """The ledger before rounding."""
    items = [item for section in sections.values() for item in section.items]
    found = [_entry(item, loss, item.points * loss.share) for item in items for loss in item.losses]
    lost = math.fsum(entry.points for entry in found)
    rest = 100.0 - value - lost
    if rest < 0:
        # More was lost than there is: each loss takes its part of the hundred.
        found = [replace(entry, points=entry.points * (100.0 - value) / lost) for entry in found]
    elif rest > 0.05:
        # What caps hold back is the critical item's.
        by = next((s.capped_by for s in sections.values() if s.capped_by), None) if capped is None else capped
        found += [_entry(item, Loss(LossKind.CAP, 0.0), rest) for item in items if item.id == by]
    return found


def _entry(item: ItemScore, loss: Loss, points: float) -> Entry:
    return Entry(
        item.id, item.title, item.section, loss.kind, points, loss.detail or item.reason, _EARNED_BY[loss.kind],
        loss.turn, loss.start, loss.end, loss.quote, loss.time_s, loss.confidence,
    )  # fmt: skip


# What would have earned the points of a loss.
_EARNED_BY = {
    LossKind.MISSED: "an answer to this in one of the agent's next two turns",
    LossKind.BREACH: "leaving this out",
    LossKind.ABSENT: "doing this once in the call",
    LossKind.MEASURE: "a value within the range",
    LossKind.OUTCOME: "a solution, or a next step that the customer accepts",
    LossKind.LATE: "doing this in time",
    LossKind.UNSAID: "saying this sentence, in time and in its place",
    LossKind.CAP: "no failure of this critical item",
}


def rounded(score: float) -> int:
    """A score as it is shown and as its band is chosen: a whole number, halves rounded up."""
    # A half may be a little less than a half after arithmetic on binary fractions.
    return math.floor(score + 0.5 + 1e-9)


def gate(rubric: Rubric, metrics: Metrics) -> Refusal | None:
    """Why a call does not meet the rubric's gate, or None where it does."""
    least = rubric.gate
    if not metrics.turns:
        return Refusal(NotScoredCode.NO_TURNS, "the transcript has no turns")
    if not metrics.agent_turns:
        return Refusal(
            NotScoredCode.NO_AGENT,
            "no speaker is known to be the agent; name one, for instance roles={'spk_0': 'agent'} or --role spk_0=agent",
        )
    if not metrics.customer_turns and least.customer_turns:
        return Refusal(NotScoredCode.NO_CUSTOMER, "no speaker is known to be the customer; a one-sided call is not scored")
    for what, has, needs in (
        ("agent", (metrics.agent_turns, metrics.agent_words), (least.agent_turns, least.agent_words)),
        ("customer", (metrics.customer_turns, metrics.customer_words), (least.customer_turns, least.customer_words)),
    ):
        if has[0] < needs[0] or has[1] < needs[1]:
            return Refusal(
                NotScoredCode.TOO_SHORT,
                f"the call is too short: the {what} has {_count(has[0], 'turn')} and {_count(has[1], 'word')}, "
                f"and scoring needs {needs[0]} and {needs[1]}",
            )
    return None


def _section(name: str, section: SectionRule, rules: Mapping[str, ItemRule], facts: Facts) -> SectionScore:
    items = []
    for key, rule in rules.items():
        title, helps = facts.known.get(key, (rule.title or key, True))
        items.append(item(key, name, rule.title or title, helps, rule, facts))
    scored = [i for i in items if i.score is not None and i.counts_as]
    kept = [(i.score if i.score is not None else 100.0, i.counts_as) for i in items if i.counts_as]
    value = _mean(kept) if scored else None
    capped = None
    for i in items:
        rule = rules[i.id]
        if rule.critical == "section" and i.score is not None and i.score < rule.fails_below and value is not None and value > rule.cap:
            value, capped = rule.cap, i.id
    whole = math.fsum(i.weight for i in items)
    counts_as = section.weight * math.fsum(weight for _, weight in kept) / whole if whole and (scored or facts.in_points) else 0.0
    if value is None and facts.in_points and kept:
        value = 100.0
    return SectionScore(name, section.title, section.weight, value, tuple(items), capped, counts_as)


def item(key: str, section: str, title: str, helps: bool, rule: ItemRule, facts: Facts) -> ItemScore:
    """One item's score with its status and reason."""
    counts = facts.tallies.get(key, _NONE)
    got = _value(key, rule, counts, facts)
    status = Status.NOT_COUNTED if got.status is Status.SCORED and not rule.weight else got.status
    hits, _ = _counted(rule, counts)
    evidence = min(1.0, counts.occasions / FULL_OCCASIONS) if rule.measure == "occasions" and not facts.in_points else 1.0
    losses = got.losses
    if not losses and got.score is not None and got.score < 100.0:
        losses = (Loss(LossKind.MEASURE, 1.0 - got.score / 100.0),)
    counts_as = rule.weight * evidence if got.score is not None or facts.in_points else 0.0
    return ItemScore(
        key, title, section, rule.weight, got.score, hits, counts.occasions, counts.met, got.reason, status, helps, rule.kinds,
        counts_as, losses, counts_as if facts.in_points else 0.0,
    )  # fmt: skip


def _counted(rule: ItemRule, counts: Tally) -> tuple[int, int]:
    """Hits and distinct hits of the kinds that count."""
    if not rule.kinds or rule.measure == "share":
        return counts.hits, counts.distinct
    hits, distinct = (sum(counts.kinds.get(k, (0, 0))[n] for k in rule.kinds) for n in (0, 1))
    return hits, distinct


class _Value(NamedTuple):
    """An item's score, its status before its weight is looked at, and the reason."""

    score: float | None
    status: Status
    reason: str
    losses: tuple[Loss, ...] = ()


def _scored(score: float, reason: str, losses: tuple[Loss, ...] = ()) -> _Value:
    return _Value(score, Status.SCORED, reason, losses)


def _value(key: str, rule: ItemRule, counts: Tally, facts: Facts) -> _Value:
    if rule.evidence not in _SHOWN[facts.tier]:
        needs = _EVIDENCE[rule.evidence]
        return _Value(None, Status.NOT_MEASURABLE, f"it needs the times of {needs}, which this transcript does not have")
    if rule.measure == "range":
        return _range(rule, facts.metrics)
    if rule.measure == "outcome":
        return _outcome(facts.saw.outcome)
    if rule.measure == "said":
        return _said(rule, facts.saw.said.get(key, ()), facts.saw.span_s)
    if rule.measure == "within":
        return _within(rule, facts.saw.moments.get(key, ()), facts.saw.span_s)
    if rule.needs and not any(name in facts.saw.moments or name in facts.saw.occasions for name in rule.needs):
        return _NO_OCCASION
    unsure = _unsure(rule, facts.saw.perhaps.get(key, ()))
    if rule.measure == "breaches":
        return _breaches(rule, facts.saw.moments.get(key, ()), unsure)
    if rule.measure == "once":
        return _once(rule, facts.saw.moments.get(key, ()), facts.saw.perhaps.get(key, ()), unsure)
    if rule.measure == "occasions":
        return _weighed_occasions(rule, facts.saw.occasions.get(key, ()), unsure) if facts.in_points else _occasions(counts)
    hits, _ = _counted(rule, counts)
    if rule.needs_occasion and not counts.occasions and not hits:
        return _NO_OCCASION
    if rule.measure == "share":
        return _share(rule, counts)
    units = _UNITS_OF[rule.per or "call"](facts.exposure)
    if not units:
        return _Value(None, Status.NOT_MEASURABLE, f"the call has no {_UNITS[rule.per or 'call'][1]} to count against")
    return _rate(rule, counts, units, unsure)


_NO_OCCASION = _Value(None, Status.NOT_CALLED_FOR, "no occasion for it in this call")


def _unsure(rule: ItemRule, perhaps: Sequence[Moment | Occasion]) -> int:
    """How many findings of an item are too uncertain to count: occasions where it is measured by them, else moments."""
    kind = Occasion if rule.measure == "occasions" else Moment
    return sum(isinstance(each, kind) and (not rule.kinds or each.kind in rule.kinds) for each in perhaps)


def _none(unsure: int) -> str:
    """What an item of which nothing counts says: that there is nothing, or nothing certain."""
    return f"none certain enough to count, {unsure} uncertain" if unsure else "none found"


def _breaches(rule: ItemRule, moments: Sequence[Moment], unsure: int) -> _Value:
    """The first breach costs most and each further one less; each costs its part, by severity and confidence.

    A turn breaches once, however many of its words do: the gravest of them.
    """
    by_turn: dict[int, tuple[Moment, float]] = {}
    for m in moments:
        weight = rule.severity.get(m.kind or "", 1.0) * m.confidence
        if (not rule.kinds or m.kind in rule.kinds) and (m.turn not in by_turn or weight > by_turn[m.turn][1]):
            by_turn[m.turn] = m, weight
    weighed = list(by_turn.values())
    total = math.fsum(weight for _, weight in weighed)
    if not total:
        return _scored(100.0, _none(unsure))
    lost = 1.0 - math.exp(-total / rule.full_at)
    losses = tuple(
        Loss(LossKind.BREACH, lost * weight / total, m.turn, m.start, m.end, m.quote, m.time_s, confidence=m.confidence)
        for m, weight in weighed
    )
    return _scored(100.0 * (1.0 - lost), found_times(len(weighed)), losses)


def _weighed_occasions(rule: ItemRule, occasions: Sequence[Occasion], unsure: int) -> _Value:
    """What was missed of what was called for, by weight and confidence; little evidence costs little."""
    weighed = [(o, o.weight * o.confidence) for o in occasions if not rule.kinds or o.kind in rule.kinds]
    called = math.fsum(weight for _, weight in weighed)
    if not called:
        return _NO_OCCASION._replace(reason=f"no occasion certain enough to count, {unsure} uncertain") if unsure else _NO_OCCASION
    each = (1.0 - math.exp(-called / rule.full_at)) / called
    losses = tuple(
        Loss(LossKind.MISSED, each * weight, o.turn, o.start, o.end, o.quote, o.time_s, confidence=o.confidence)
        for o, weight in weighed if not o.met
    )  # fmt: skip
    met = sum(o.met for o, _ in weighed)
    return _scored(100.0 * (1.0 - math.fsum(loss.share for loss in losses)), f"{met} of {_count(len(weighed), 'occasion')} met", losses)


def _once(rule: ItemRule, moments: Sequence[Moment], perhaps: Sequence[Moment | Occasion], unsure: int) -> _Value:
    """Full marks for a few moments, however long the call is; confidence counts. Where too few are certain, the likeliest of what is uncertain
    stand in for those that are wanted, each for as much as it is likely.
    """
    made = [m for m in moments if not rule.kinds or m.kind in rule.kinds]
    target = rule.target or 1.0
    sure = [m.confidence for m in made]
    likely = [m.confidence for m in perhaps if isinstance(m, Moment) and (not rule.kinds or m.kind in rule.kinds)]
    wanted = sorted([*sure, *likely], reverse=True)[: math.ceil(target)]
    lost = max(0.0, 1.0 - max(math.fsum(sure), math.fsum(wanted)) / target)
    losses = (Loss(LossKind.ABSENT, lost),) if lost else ()
    return _scored(100.0 * (1.0 - lost), found_times(len(made)) if made else _none(unsure), losses)


_UNTIMED = _Value(None, Status.NOT_MEASURABLE, "it needs the times of turns, which this transcript does not have")


def _limit(rule: ItemRule, span_s: tuple[float, float | None] | None) -> tuple[float, float] | None:
    """The times between which something must come, in seconds; None where the transcript does not tell them."""
    if rule.within_s is None:
        return -math.inf, math.inf
    if span_s is None:
        return None
    start, end = span_s
    if rule.of == "start":
        return -math.inf, start + rule.within_s
    return None if end is None else (end - rule.within_s, math.inf)


def _in_time(rule: ItemRule) -> str:
    return f"within {_number(rule.within_s or 0.0)} seconds of the call's {rule.of}"


def _within(rule: ItemRule, moments: Sequence[Moment], span_s: tuple[float, float | None] | None) -> _Value:
    """All for a moment in time, nothing for none; what came at another time is named."""
    limit = _limit(rule, span_s)
    if limit is None:
        return _UNTIMED
    made = [m for m in moments if not rule.kinds or m.kind in rule.kinds]
    if any(m.time_s is not None and limit[0] <= m.time_s <= limit[1] for m in made):
        return _scored(100.0, f"done {_in_time(rule)}")
    nearest = (made[0] if rule.of == "start" else made[-1]) if made else None
    if nearest is None:
        return _scored(0.0, f"not done {_in_time(rule)}", (Loss(LossKind.LATE, 1.0),))
    loss = Loss(
        LossKind.LATE, 1.0, nearest.turn, nearest.start, nearest.end, nearest.quote, nearest.time_s, f"this is not {_in_time(rule)}"
    )
    return _scored(0.0, f"not done {_in_time(rule)}", (loss,))


def _said(rule: ItemRule, places: Sequence[Sequence[Place]], span_s: tuple[float, float | None] | None) -> _Value:
    """The share of the sentences that were said, in time and in order where the rule asks for it."""
    limit = _limit(rule, span_s)
    if limit is None:
        return _UNTIMED
    sentences = rule.sentences or ()
    last = (-1, -1)
    losses = []
    for sentence, found in zip(sentences, places, strict=True):
        timely = [p for p in found if rule.within_s is None or (p.time_s is not None and limit[0] <= p.time_s <= limit[1])]
        good = next((p for p in timely if not rule.in_order or (p.turn, p.start) > last), None)
        if good is not None:
            last = (good.turn, good.start)
            continue
        problem = "not said" if not found else f"not said {_in_time(rule)}" if not timely else "said, but not behind what comes before it"
        place = Loss(LossKind.UNSAID, 1.0 / len(sentences), detail=f"{problem}: “{sentence}”")
        if found:
            place = replace(place, turn=found[0].turn, start=found[0].start, end=found[0].end, quote=found[0].quote, time_s=found[0].time_s)
        losses.append(place)
    said = len(sentences) - len(losses)
    return _scored(100.0 * said / len(sentences), f"{said} of {_count(len(sentences), 'sentence')} said", tuple(losses))


def _outcome(outcome: Outcome | None) -> _Value:
    """How far the customer was helped, as likely as each outcome is."""
    if outcome is None:
        return _Value(None, Status.NOT_MEASURABLE, "the call does not show how it ended")
    lost = 1.0 - outcome.helped
    quote = outcome.quotes[0] if outcome.quotes else None
    place = Loss(LossKind.OUTCOME, lost, confidence=outcome.confidence)
    if quote is not None:
        place = replace(place, turn=quote.turn, start=quote.start, end=quote.end, quote=quote.quote, time_s=quote.time_s)
    unsure = f", but that is only {outcome.confidence:.0%} sure" if lost and outcome.value is OutcomeValue.RESOLVED else ""
    return _scored(100.0 * outcome.helped, outcome.sentence + unsure, (place,) if lost else ())


def _occasions(counts: Tally) -> _Value:
    if not counts.occasions:
        return _NO_OCCASION
    few = f"; counts in full from {FULL_OCCASIONS} on" if counts.occasions < FULL_OCCASIONS else ""
    return _scored(100.0 * counts.met / counts.occasions, f"{counts.met} of {_count(counts.occasions, 'occasion')} met{few}")


def _share(rule: ItemRule, counts: Tally) -> _Value:
    part = sum(counts.kinds.get(k, (0, 0))[0] for k in rule.kinds)
    if not counts.hits:
        return _Value(None, Status.NOT_CALLED_FOR, "nothing of the kind in this call")
    share = part / counts.hits
    return _scored(100.0 * min(1.0, share / (rule.target or 1.0)), f"{part} of {counts.hits} ({share:.0%})")


def _rate(rule: ItemRule, counts: Tally, units: float, unsure: int) -> _Value:
    """The score of a rate or a limit, from hits for each unit."""
    target = rule.target or 1.0
    hits, distinct = _counted(rule, counts)
    if rule.measure == "limit":
        rate = hits / units
        reason = f"{_rated(hits, rate, rule)}; {_number(target)} or more scores 0" if hits else _none(unsure)
        return _scored(100.0 * max(0.0, 1.0 - rate / target), reason)
    rate = (hits if rule.repeats_count else distinct) / units
    repeated = f", {hits - distinct} of them in the same words as before" if hits > distinct and not rule.repeats_count else ""
    return _scored(
        100.0 * min(1.0, rate / target), f"{_rated(hits, rate, rule) if hits else _none(unsure)}{repeated}; full marks at {_number(target)}"
    )


def _range(rule: ItemRule, metrics: Metrics) -> _Value:
    value = getattr(metrics, rule.metric or "", None)
    if value is None or rule.best is None or rule.worst is None:
        return _Value(None, Status.NOT_MEASURABLE, "this transcript does not show it")
    low, high = rule.best
    if value < low:
        score = 100.0 * max(0.0, (value - rule.worst[0]) / (low - rule.worst[0])) if low > rule.worst[0] else 0.0
    elif value > high:
        score = 100.0 * max(0.0, (rule.worst[1] - value) / (rule.worst[1] - high)) if rule.worst[1] > high else 0.0
    else:
        score = 100.0
    shown, between = (
        (f"{value:.0%}", f"{low:.0%} to {high:.0%}")
        if rule.metric and rule.metric.endswith("share")
        else (_number(value), f"{_number(low)} to {_number(high)}")
    )
    return _scored(score, f"{shown}; full marks from {between}")


_EVIDENCE = {"words": "single words", "turns": "turns, with start and end", "starts": "turns", "none": ""}
# What a rate counts against: the words that follow the rate, and its name where the call has none of it.
_UNITS = {
    "call": ("in the call", "call"),
    "10 agent turns": ("for every 10 of the agent's turns", "agent turns"),
    "10 customer turns": ("for every 10 of the customer's turns", "customer turns"),
    "100 agent words": ("for every 100 of the agent's words", "agent words"),
    "10 minutes": ("in 10 minutes", "times"),
}
# How many of each unit a call holds.
_UNITS_OF: Mapping[str, Callable[[Exposure], float]] = {
    "call": lambda exposure: 1.0,
    "10 agent turns": lambda exposure: exposure.agent_turns / 10,
    "10 customer turns": lambda exposure: exposure.customer_turns / 10,
    "100 agent words": lambda exposure: exposure.agent_words / 100,
    "10 minutes": lambda exposure: (exposure.minutes or 0.0) / 10,
}


def _rated(hits: int, rate: float, rule: ItemRule) -> str:
    times = found_times(hits)
    if (rule.per or "call") == "call":
        return times
    return f"{times}, {_number(rate)} {_UNITS[rule.per or 'call'][0]}"


def found_times(hits: int) -> str:
    """How often something was found, in words."""
    return "found once" if hits == 1 else "found twice" if hits == 2 else f"found {hits} times"


def _mean(pairs: Iterable[tuple[float | None, float]]) -> float:
    total = weights = 0.0
    for value, weight in pairs:
        if value is not None:
            total += value * weight
            weights += weight
    # Rounding must not push a mean of hundreds past 100.
    return min(100.0, max(0.0, total / weights))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
