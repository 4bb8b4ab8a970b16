"""What every page says, in words: a report turned into plain texts and rows, which the renderings only lay out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import fsum
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from ..agents import lost
from ..metrics import SILENCE_S
from ..moments import Moment, Occasion
from ..scoring import ItemScore, SectionScore, Status, is_counted
from ..sentiment import Sentiment
from ..transcript import EvidenceTier, Role
from .lost import LEFT_OPEN_BY_KIND, Ending, LostItem, Perhaps, certainty, ending, kind_of, ledger, named_kind, perhaps, total, unmet_text
from .people import People, people
from .texts import Quote, clean, clock, cut, day, exact, listed, name_of, place, plural, quoted, sentence, who, whole
from .values import Focus, Strength

if TYPE_CHECKING:
    from . import Report

# How a status is written on a page.
STATUS_WORDS: Mapping[Status, str] = {status: status.value.replace("_", " ") for status in Status}
NOT_MEASURABLE = STATUS_WORDS[Status.NOT_MEASURABLE]
_MOST_FACT = 120

LIMITS = (
    "This report describes wording and timing in this one call. Its findings are indicators, not a judgement of a person.",
    "It cannot hear tone of voice, warmth or irony, and it cannot know what anyone felt. Read the quote before acting on a point.",
)

PERHAPS = "These may be there, but are too uncertain to count. They cost nothing and earn nothing."

_TIERS: Mapping[EvidenceTier, str] = {
    EvidenceTier.WORDS: "Every word is timed. Interruptions, silences and pace are measured from these times.",
    EvidenceTier.TURNS: "Each turn has its start and end time. Interruptions, silences and pace are measured from these times.",
    EvidenceTier.STARTS: "Each turn has its start time only.",
    EvidenceTier.NONE: "Moments are placed by the number of their turn, as there are no times.",
}
_TIMED = (EvidenceTier.WORDS, EvidenceTier.TURNS)


class Fact(NamedTuple):
    """A label and its value, as in the head of the report."""

    label: str
    value: str


class Number(NamedTuple):
    """One of the call's figures: its name, the value as shown, and what it means."""

    label: str
    value: str
    remark: str


class Line(NamedTuple):
    """One moment in a list: the words, what kind they are, and remarks on them."""

    said: Quote
    kind: str
    remarks: tuple[str, ...]


class Item(NamedTuple):
    """A line of the scorecard. ``cost`` is the points it lost and those it could have lost.

    ``shown`` is the score as a whole number, "not called for" or "not measurable".
    """

    title: str
    effect: str
    cost: str
    score: float | None
    shown: str
    found: str
    called_for: str
    why: str


class Section(NamedTuple):
    """A section of the scorecard with its items.

    ``cost`` is the points its items lost and those they could have lost. ``remark`` says where a critical item has capped the section.
    """

    title: str
    cost: str
    score: float | None
    shown: str
    remark: str
    items: tuple[Item, ...]


class Point(NamedTuple):
    """A strength or a focus: what, how it scored, the quote, and what to say about it. ``points`` is what it cost the call."""

    title: str
    shown: str
    sentence: str
    lead: str
    said: Quote | None
    why: str
    advice: str
    points: str = ""


class Action(NamedTuple):
    """A row of the table of what was agreed."""

    who: str
    what: str
    when_due: str
    firmness: str
    said: Quote
    again: str


class Recap(NamedTuple):
    """What a closing recap covered, and the customer's points that it left out."""

    said: Quote
    sentence: str
    missed: tuple[str, ...]


class Turning(NamedTuple):
    """A point at which the customer's mood turned: it "rises" or "falls"."""

    said: Quote
    direction: str


class AgentRow(NamedTuple):
    """The part of one of several agents: who, when they speak, their score or why there is none, and what their part lost most on."""

    who: str
    when: str
    shown: str
    lost: str


class Group(NamedTuple):
    """Everything found of one behaviour: the agent's moments, occasions left unanswered, and other speakers' moments."""

    id: str
    title: str
    helps: bool
    effect: str
    meaning: str
    reliability: str
    scored: bool
    occasions: str
    lines: tuple[Line, ...]
    missed: tuple[Line, ...]
    others: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A report in words, in the order in which the pages show it."""

    title: str
    facts: tuple[Fact, ...]
    score: float | None
    shown: str
    band: str
    not_scored: str
    score_remark: str
    people: People | None
    outcome: Ending | None
    agents: tuple[AgentRow, ...]
    agents_remark: str
    hand_overs: tuple[str, ...]
    ledger: tuple[LostItem, ...]
    total: str
    perhaps: tuple[Perhaps, ...]
    perhaps_remark: str
    focus: tuple[Point, ...]
    focus_remark: str
    no_focus: str
    strengths: tuple[Point, ...]
    no_strengths: str
    closest: Point | None
    actions: tuple[Action, ...]
    no_actions: str
    recaps: tuple[Recap, ...]
    sections: tuple[Section, ...]
    scorecard_remark: str
    mood: str
    turnings: tuple[Turning, ...]
    numbers: tuple[Number, ...]
    groups: tuple[Group, ...]
    evidence: tuple[str, ...]
    limits: tuple[str, ...]


def view(report: Report) -> View:
    """The report in words, masked as it says."""
    report = report.masked
    scored = report.score is not None
    return View(
        title=name_of(report.transcript.id) if report.transcript.id else "Call",
        facts=tuple(_facts(report)),
        score=report.score,
        shown=exact(report.score) if report.score is not None else "not scored",
        band=clean(report.band or ""),
        not_scored=sentence(report.not_scored or ""),
        score_remark=_capped(report, report.scorecard.capped_by, "score") if scored else "",
        people=people(report),
        outcome=ending(report) if scored else None,
        agents=tuple(_agents(report)),
        agents_remark=AGENTS_REMARK,
        hand_overs=tuple(_hand_overs(report)) if report.agents else (),
        ledger=tuple(ledger(report)) if scored else (),
        total=total(report),
        perhaps=tuple(perhaps(report)),
        perhaps_remark=PERHAPS,
        focus=tuple(_focus(report)),
        focus_remark=_focus_remark(report),
        no_focus="Nothing in this call stands out to work on."
        if scored
        else "The call is not scored, so nothing is picked out to work on.",
        strengths=tuple(_strength(report, strength) for strength in report.strengths),
        no_strengths="Nothing stands out to praise." if scored else "The call is not scored, so no strength is picked out.",
        closest=_strength(report, report.closest) if report.closest else None,
        actions=tuple(_actions(report)),
        no_actions="No promise of a next step was found.",
        recaps=tuple(_recaps(report)),
        sections=tuple(_section(report, s) for s in report.sections.values()) if scored else (),
        scorecard_remark=(
            "An item costs the call at most so many points, and the call's score is 100 less what all of them lost; beyond 70 points, more costs "
            "less. What was not called for, or cannot be measured, costs nothing."
            if scored
            else "The call is not scored, so its sections and items are not either. What was found is listed below."
        ),
        mood=_mood(report.sentiment),
        turnings=tuple(_turnings(report)),
        numbers=tuple(_numbers(report)),
        groups=tuple(_groups(report)),
        evidence=(_TIERS[report.evidence_tier], *(sentence(n) for n in report.notes)),
        limits=LIMITS,
    )


AGENTS_REMARK = (
    "The score above is that of the whole call. Each agent's own counts what they said and what was called for while they served the customer. How the matter "
    "ended counts for the agent who spoke last."
)
# So many items of what an agent's part lost are named.
_MOST_LOST = 3


def _agents(report: Report) -> Iterator[AgentRow]:
    turns = report.transcript.turns
    for part in report.agents:
        first, last = (place(at, turns[at].start) for at in (part.first_turn, part.last_turn))
        shown = sentence(part.not_scored or "") if part.score is None else f"{exact(part.score)}, {clean(part.band or '')}"
        items = [f"{clean(title)} −{exact(points)}" for title, points in islice(lost(part), _MOST_LOST)]
        yield AgentRow(name_of(part.speaker), f"{first} to {last}, {plural(part.turns, 'turn')}", shown, ", ".join(items) or "nothing")


def _hand_overs(report: Report) -> Iterator[str]:
    for each in report.hand_overs:
        at = "At" if each.time_s is not None else "In"
        yield f"{at} {place(each.turn, each.time_s)} {name_of(each.before)} handed over to {name_of(each.after)}."


def _cost(report: Report, *items: ItemScore) -> str:
    """The points that items cost the call, of those that they could have cost: "2.5 of 12"; empty where they could cost nothing."""
    most = fsum(item.points for item in items)
    ids = {item.id for item in items}
    lost = fsum(entry.points for entry in report.ledger if entry.item in ids)
    return f"{_points(lost)} of {_points(most)}" if most and report.score is not None else ""


def _points(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# --- parts ---------------------------------------------------------------------------------------------------------


def _facts(report: Report) -> Iterator[Fact]:
    call = report.transcript
    for role in (Role.AGENT, Role.CUSTOMER):
        names = list(dict.fromkeys(t.speaker for t in call.turns if t.role is role))
        shown = [name_of(n) for n in names if name_of(n).casefold() != role.value]
        if shown:
            yield Fact(role.value.capitalize(), listed(shown[:4]) + (" and others" if len(shown) > 4 else ""))
    if call.started_at is not None:
        yield Fact("Date", day(call.started_at) + call.started_at.strftime(", %H:%M"))
    if call.duration_s is not None:
        yield Fact("Length", f"{clock(call.duration_s)}, {plural(len(call.turns), 'turn')}")
    else:
        yield Fact("Length", plural(len(call.turns), "turn"))
    for key, value in call.metadata.items():
        if (
            key in _SHOWN_ABOVE
            or value is None
            or isinstance(value, bool)
            or not isinstance(value, (str, int, float))
            or not str(value).strip()
        ):
            continue
        shown_value = PurePath(str(value)).name if key == "source" else str(value)
        yield Fact(_FACT_NAMES.get(key, _label(str(key))), cut(clean(shown_value), _MOST_FACT))
    yield Fact("Rubric", f"{name_of(report.rubric)}, version {report.rubric_version}")


# Keys of the metadata that say what the head says anyway.
_SHOWN_ABOVE = ("id", "call_id", "started_at", "duration_s")
_FACT_NAMES = {"source": "File", "format": "Format", "language": "Language"}


def _label(key: str) -> str:
    return name_of(key.replace("_", " ")).capitalize()


_LEADS: Mapping[str, str] = {
    "said": "What was said:",
    "unanswered": "What called for it, and what followed:",
    "open": "What was left open:",
    "place": "A place where it would have fitted, and what followed:",
    "example": "It was done here; more of this would help:",
    "": "",
}


def _lead(focus: Focus) -> str:
    """The words that stand before a focus's quote."""
    if focus.evidence is None:
        return _LEADS[""]
    left_open = LEFT_OPEN_BY_KIND.get(focus.kind or "")
    if focus.shows == "open" and left_open:
        return f"{sentence(left_open).rstrip('.')}:"
    return _LEADS[focus.shows]


def _focus_remark(report: Report) -> str:
    """Why what cost less stands before what cost more, where it does."""
    points = [focus.points for focus in report.focus]
    return "What a coach would most likely take up stands first, whatever it cost." if points != sorted(points, reverse=True) else ""


def _focus(report: Report) -> Iterator[Point]:
    for focus in report.focus:
        said = quoted(report, focus.evidence) if focus.evidence else None
        yield Point(
            clean(focus.title), whole(focus.score), sentence(focus.sentence), _lead(focus), said,
            sentence(focus.why), sentence(focus.advice), exact(focus.points) if focus.points else "",
        )  # fmt: skip


def _strength(report: Report, strength: Strength) -> Point:
    said = quoted(report, strength.evidence) if strength.evidence else None
    about = report.about.get(strength.item)
    lead = f"This came closest, but {clean(strength.remark)}." if strength.remark else "What was said:"
    why = sentence(about.why) if about else ""
    return Point(clean(strength.title), whole(strength.score), sentence(strength.sentence), lead, said, why, "")


def _actions(report: Report) -> Iterator[Action]:
    for point in report.action_points:
        turn = report.transcript.turns[point.turn]
        role = Role.of(point.owner)
        if point.owner == "we":
            owner = "The agent's side"
        elif role in (Role.AGENT, Role.CUSTOMER):
            names = dict.fromkeys(t.speaker for t in report.transcript.turns if t.role is role)
            # With one agent the name is clear; with several it is whoever said it, where that is one of them.
            name = next(iter(names)) if len(names) == 1 else turn.speaker if turn.role is role else point.owner
            owner = who(name, role)
        else:
            owner = "Someone else" if point.owner in ("other", "unknown") else name_of(point.owner)
        due = clean(point.due_text or "")
        if point.due:
            due = f"{due} ({point.due})" if due else point.due
        again = listed([place(t, report.transcript.turns[t].start) for t in point.said_again])
        said = Quote(place(point.turn, point.time_s), who(turn.speaker, turn.role), cut(clean(point.quote)), point.turn + 1)
        yield Action(
            owner, cut(clean(point.action)), due or "no date given", clean(point.firmness), said, f"said again at {again}" if again else ""
        )


def _recaps(report: Report) -> Iterator[Recap]:
    for moment in report.moments:
        if moment.behaviour != "summary" or moment.kind != "recap" or moment.role is not Role.AGENT:
            continue
        missed = tuple(cut(clean(str(m)), _MOST_FACT) for m in moment.details.get("missed") or ())
        coverage = moment.details.get("coverage")
        if coverage is None and not missed:
            continue
        parts = []
        if isinstance(coverage, (int, float)):
            parts.append(f"It covers {coverage:.0%} of the points that the customer made.")
        parts.append("Not said back:" if missed else "Nothing that was found is left out.")
        yield Recap(quoted(report, moment), " ".join(parts), missed)


def _section(report: Report, section: SectionScore) -> Section:
    measurable = any(i.status is not Status.NOT_MEASURABLE for i in section.items)
    unscored = Status.NOT_CALLED_FOR if measurable else Status.NOT_MEASURABLE
    shown = whole(section.score) if section.score is not None else STATUS_WORDS[unscored]
    remark = _capped(report, section.capped_by, "section")
    return Section(
        clean(section.title),
        _cost(report, *section.items),
        section.score,
        shown,
        remark,
        tuple(_item(report, i) for i in section.items),
    )


def _item(report: Report, item: ItemScore) -> Item:
    behaviour = item.id in report.about
    return Item(
        title=_item_title(item, behaviour) + ("" if item.weight else " (not counted)"),
        effect=("helps" if item.helps else "hinders") if behaviour else "",
        cost=_cost(report, item) if item.score is not None else "",
        score=item.score,
        shown=whole(item.score) if item.score is not None else STATUS_WORDS[item.status],
        found=str(item.hits) if behaviour and item.status is not Status.NOT_MEASURABLE else "–",
        called_for=f"{item.met} of {item.occasions}" if item.occasions else "–",
        why=sentence(item.reason),
    )


def _item_title(item: ItemScore, behaviour: bool) -> str:
    """An item's title; of what hinders and was not found, that none was: "No policy hiding found"."""
    if behaviour and not item.helps and not item.hits and item.score is not None and item.score >= 100:
        return f"No {clean(item.id.replace('_', ' '))} found"
    return clean(item.title)


def _capped(report: Report, by: str | None, what: str) -> str:
    if by is None:
        return ""
    item = report.items.get(by)
    return f"The {what} is held down by “{clean(item.title if item else by)}”, which the rubric names as critical."


def _mood(sentiment: Sentiment) -> str:
    if sentiment.start is None or sentiment.end is None:
        return "The customer says too little for a mood to be read from their words."
    start, end = sentiment.word(sentiment.start), sentiment.word(sentiment.end)
    return f"By the customer's words, the mood is {start} at the start and {end} at the end."


def _turnings(report: Report) -> Iterator[Turning]:
    for mood in report.sentiment.turning_points:
        turn = report.transcript.turns[mood.turn]
        said = Quote(place(mood.turn, mood.time_s), who(turn.speaker, turn.role), cut(clean(mood.quote)), mood.turn + 1)
        yield Turning(said, "rises" if mood.value > 0 else "falls")


def _numbers(report: Report) -> Iterator[Number]:
    m = report.metrics
    timed = report.evidence_tier in _TIMED
    unknown = NOT_MEASURABLE, "too little timed speech for it" if timed else "it needs the start and end times of turns"
    yield Number(
        "Turns", f"agent {m.agent_turns}, customer {m.customer_turns}", f"words: agent {m.agent_words}, customer {m.customer_words}"
    )
    if m.agent_talk_share is None:
        yield Number("Agent's share of the talk", NOT_MEASURABLE, "neither agent nor customer says anything")
    else:
        yield Number(
            "Agent's share of the talk",
            f"{m.agent_talk_share:.0%}",
            "of the time spoken" if m.talk_share_of == "time" else "of the words spoken",
        )
    if m.longest_monologue_turn is not None:
        start = report.transcript.turns[m.longest_monologue_turn].start
        length = f", {clock(m.longest_monologue_s)}" if m.longest_monologue_s is not None else ""
        yield Number(
            "Agent's longest stretch", f"{plural(m.longest_monologue_words, 'word')}{length}",
            f"from {place(m.longest_monologue_turn, start)}, with no more than a nod from the customer",
        )  # fmt: skip
    if m.response_delay_s is None:
        yield Number("Response delay", *unknown)
    else:
        early = m.response_delay_s < 0
        yield Number(
            "Response delay", f"{m.response_delay_s:.1f} s".replace("-", "−"),
            "the median; below 0 means starting before the customer has finished" if early else "the median pause before the agent answers",
        )  # fmt: skip
    if m.agent_words_a_minute is None and m.customer_words_a_minute is None:
        yield Number("Words a minute", *unknown)
    else:
        paces = [
            f"{name} {NOT_MEASURABLE if value is None else f'{value:.0f}'}"
            for name, value in (("agent", m.agent_words_a_minute), ("customer", m.customer_words_a_minute))
        ]
        yield Number("Words a minute", ", ".join(paces), "while speaking")
    if m.silences is None:
        yield Number("Silences", *unknown)
    else:
        longest = f", the longest {clock(m.longest_silence_s)}" if m.silences and m.longest_silence_s is not None else ""
        yield Number("Silences", f"{m.silences or 'none'}{longest}", f"pauses of {SILENCE_S:g} seconds or more")
    if m.overlap_share is None:
        yield Number("Both speaking at once", *unknown)
    else:
        yield Number("Both speaking at once", f"{m.overlap_share:.0%}", "of the time spoken")


# --- moments -------------------------------------------------------------------------------------------------------


def order(report: Report) -> list[str]:
    """The behaviours that occur, or were called for, in the order of the scorecard, then by title."""
    there = {m.behaviour for m in report.moments} | {o.behaviour for o in report.occasions}
    listed = [name for name in report.items if name in there]
    rest = sorted((name for name in there if name not in report.items), key=lambda name: title_of(report, name))
    return listed + rest


def is_scored(report: Report, behaviour: str) -> bool:
    """Whether the rubric scores a behaviour, with a weight above 0."""
    item = report.items.get(behaviour)
    return item is not None and item.weight > 0


def title_of(report: Report, behaviour: str) -> str:
    """A behaviour's title, its id where it has none."""
    about = report.about.get(behaviour)
    return clean(about.title) if about else clean(behaviour)


def _groups(report: Report) -> Iterator[Group]:
    by_id: dict[str, list[Moment]] = {}
    for moment in report.moments:
        by_id.setdefault(moment.behaviour, []).append(moment)
    for name in order(report):
        about = report.about.get(name)
        helps = about.helps if about else True
        moments = by_id.get(name, [])
        occasions = [o for o in report.occasions if o.behaviour == name]
        counting = [o for o in occasions if not o.perhaps]
        met = sum(o.met for o in counting)
        yield Group(
            id=name,
            title=title_of(report, name),
            helps=helps,
            effect="helps" if helps else "hinders",
            meaning=sentence(about.meaning) if about else "",
            reliability=clean(about.reliability) if about else "",
            scored=is_scored(report, name),
            occasions=f"{met} of {plural(len(counting), 'occasion')} met" if counting else "",
            lines=tuple(_line(report, m) for m in moments if m.role is Role.AGENT),
            missed=tuple(Line(quoted(report, o), named_kind(report, o), tuple(_unmet(o))) for o in occasions if not o.met),
            others=tuple(_line(report, m) for m in moments if m.role is not Role.AGENT),
        )


def _unmet(occasion: Occasion) -> Iterator[str]:
    yield unmet_text(occasion)
    if occasion.perhaps:
        yield f"perhaps, {occasion.confidence:.0%} sure, not counted"


def _line(report: Report, moment: Moment) -> Line:
    return Line(quoted(report, moment), kind_of(report, moment), tuple(remarks(report, moment)))


def remarks(report: Report, moment: Moment) -> Iterator[str]:
    """What a moment's details say, in words."""
    details = moment.details
    if moment.inferred:
        yield "inferred from the text, not counted"
    elif moment.perhaps:
        yield f"perhaps, {moment.confidence:.0%} sure, not counted"
    elif moment.role is Role.AGENT and not counted(report, moment):
        yield "of a kind that does not count"
    if not moment.perhaps and (sure := certainty(moment.confidence)):
        yield sure
    if moment.behaviour == "interruption":
        yield from _interruption(report, moment)
    if details.get("softened"):
        yield "softened by what is offered next"
    if moment.behaviour == "action_point":
        if firmness := details.get("firmness"):
            yield clean(str(firmness))
        if due := details.get("due_text"):
            yield f"due {clean(str(due))}"
    if isinstance(coverage := details.get("coverage"), (int, float)):
        yield f"covers {coverage:.0%} of the customer's points"
    if missed := details.get("missed"):
        yield "leaves out " + listed([f"“{cut(clean(str(m)), _MOST_FACT)}”" for m in missed])


def _interruption(report: Report, moment: Moment) -> Iterator[str]:
    """Whom it cut off, how long both spoke, and what became of the point."""
    details = moment.details
    if isinstance(of := details.get("of"), str):
        turn = details.get("of_turn")
        known = isinstance(turn, int) and 0 <= turn < len(report.transcript.turns)
        name = who(of, report.transcript.turns[turn].role if known and isinstance(turn, int) else Role.UNKNOWN)
        yield f"while {'the ' + name.casefold() if name in ('Customer', 'Agent') else name} was speaking"
    if isinstance(overlap := details.get("overlap_s"), (int, float)):
        yield f"{overlap:.1f} s together"
    if details.get("resumed"):
        yield "the point is taken up again"
    elif details.get("left_unsaid"):
        yield "the point is left unsaid"


def counted(report: Report, moment: Moment) -> bool:
    """Whether a moment counts towards its item: the agent's, not merely inferred, and of a kind that the rubric counts."""
    return is_counted(moment, report.items.get(moment.behaviour))


def speakers(report: Report) -> Iterable[tuple[str, Role]]:
    """Each speaker with the role, in the order in which they first speak."""
    return dict.fromkeys((t.speaker, t.role) for t in report.transcript.turns)
