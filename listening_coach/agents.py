"""Each agent's own part of a call in which several speak: what they said, what was called for while they served the customer, and the score of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .ledger import Entry
from .metrics import measure, waits_s
from .moments import Moment, Occasion
from .rubric import Rubric
from .scoring import NotScoredCode, Seen, score, seen, tally
from .transcript import AGENT, CUSTOMER, OTHER, Transcript

_NO_CUSTOMER = "the customer says nothing to this agent"


@dataclass(frozen=True, slots=True)
class AgentScore:
    """The part of one of several agents.

    ``first_turn`` and ``last_turn`` are their first and last turn, ``turns`` and ``words`` how much they say. ``score``, ``band``, ``not_scored`` and
    ``ledger`` are those of their part alone: what they said, and what the customer's words called for when they spoke next. How the
    matter ended counts for the agent who speaks last.
    """

    speaker: str
    first_turn: int
    last_turn: int
    turns: int
    words: int
    score: float | None
    band: str | None = None
    not_scored: str | None = None
    not_scored_code: NotScoredCode | None = None
    ledger: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """A turn at which another agent speaks for the first time: who spoke ``before`` and who speaks ``after`` it."""

    turn: int
    before: str
    after: str
    time_s: float | None = None


def hand_overs(call: Transcript) -> tuple[HandOver, ...]:
    """Where agents hand over to others."""
    found = []
    known: set[str] = set()
    last: str | None = None
    for i, turn in enumerate(call.turns):
        if turn.role is not AGENT:
            continue
        if last is not None and turn.speaker not in known:
            found.append(HandOver(i, last, turn.speaker, turn.start))
        known.add(turn.speaker)
        last = turn.speaker
    return tuple(found)


@dataclass(frozen=True, slots=True)
class WholeCall:
    """A whole call as it was judged, of which each agent gets their part.

    ``spoken`` is how many words each turn has, ``nods`` the turns that only show that somebody listens, ``saw`` what the score looks at
    beside moments and occasions. ``known`` gives the title of each behaviour and whether it helps.
    """

    call: Transcript
    moments: Sequence[Moment]
    occasions: Sequence[Occasion]
    spoken: Sequence[int]
    nods: frozenset[int]
    saw: Seen
    rubric: Rubric
    known: Mapping[str, tuple[str, bool]]


def agent_scores(whole: WholeCall) -> tuple[AgentScore, ...]:
    """The parts of the agents of a call, in the order in which they first speak; empty where fewer than two speak."""
    speakers = list(dict.fromkeys(turn.speaker for turn in whole.call.turns if turn.role is AGENT))
    if len(speakers) < 2:
        return ()
    served = _served(whole.call)
    return tuple(_part(whole, each, served) for each in speakers)


def _served(call: Transcript) -> list[str | None]:
    """Of each turn the agent who speaks in it or next, at the end the one who spoke last."""
    found: list[str | None] = [None] * len(call.turns)
    following = next((turn.speaker for turn in reversed(call.turns) if turn.role is AGENT), None)
    for i in range(len(call.turns) - 1, -1, -1):
        if call.turns[i].role is AGENT:
            following = call.turns[i].speaker
        found[i] = following
    return found


def _part(whole: WholeCall, speaker: str, served: Sequence[str | None]) -> AgentScore:
    call, saw = whole.call, whole.saw
    # Turns that belong to other agents stay where they are, so that times and places hold, but are nobody's whom the score looks at. What the
    # customer says between two agents is heard by both.
    before = [None, *served[:-1]]
    own = replace(
        call,
        turns=tuple(
            replace(turn, role=OTHER)
            if turn.role in (AGENT, CUSTOMER) and speaker not in (served[i], before[i] if turn.role is CUSTOMER else None)
            else turn
            for i, turn in enumerate(call.turns)
        ),
    )
    made = [moment for moment in whole.moments if served[moment.turn] == speaker]
    had = [occasion for occasion in whole.occasions if served[occasion.turn] == speaker]
    metrics = measure(own, whole.spoken, whole.nods, waits_s(made))
    said = {name: [tuple(p for p in places if served[p.turn] == speaker) for places in sentences] for name, sentences in saw.said.items()}
    # How the matter ended is the part of the agent who speaks last.
    outcome = saw.outcome if speaker == served[-1] else None
    mine = replace(seen(made, had, outcome), said=said, span_s=saw.span_s)
    card = score(whole.rubric, tally(made, had), metrics, call.evidence_tier, whole.known, mine)
    places = [i for i, turn in enumerate(call.turns) if turn.role is AGENT and turn.speaker == speaker]
    refused, code = card.not_scored, card.not_scored_code
    if not metrics.customer_turns:
        # There is a customer, but not in this part.
        refused, code = _NO_CUSTOMER, NotScoredCode.TOO_SHORT
    return AgentScore(
        speaker, places[0], places[-1], len(places), metrics.agent_words, card.score, card.band, refused, code, card.ledger,
    )  # fmt: skip


def lost(part: AgentScore) -> Iterator[tuple[str, float]]:
    """What an agent's part lost by item: title and points, the most first."""
    points: dict[str, float] = {}
    for entry in part.ledger:
        points[entry.title] = points.get(entry.title, 0.0) + entry.points
    yield from sorted(points.items(), key=lambda pair: -pair[1])
