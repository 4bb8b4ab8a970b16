"""What can be counted and timed in a call without judging it: talk share, monologues, delays, pace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from .moments import Moment
from .transcript import AGENT, CUSTOMER, EvidenceTier, Role, Transcript, Turn

# A pause of both sides at least this long is a silence that a caller notices.
SILENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts and times of one call. None where the transcript cannot show it.

    ``agent_talk_share`` is the agent's part, 0 to 1, of what agent and customer say: of the time where turns are timed,
    else of the words. ``longest_monologue_*`` is the agent's longest stretch without the customer taking a turn of
    more than a nod. ``response_delay_s`` is the median time from the customer's last word to the agent's first, negative
    where the agent usually starts early; ``customer_words_a_minute`` and the agent's are measured on timed turns.
    ``silences`` are pauses of both sides of five seconds and more, ``silence_share`` is their part of the call, and ``holds`` counts those for which the agent had
    asked the customer to wait.
    """

    turns: int
    agent_turns: int
    customer_turns: int
    agent_words: int
    customer_words: int
    duration_s: float | None = None
    agent_talk_share: float | None = None
    talk_share_of: str = "words"
    longest_monologue_words: int = 0
    longest_monologue_s: float | None = None
    longest_monologue_turn: int | None = None
    response_delay_s: float | None = None
    agent_words_a_minute: float | None = None
    customer_words_a_minute: float | None = None
    overlap_share: float | None = None
    silences: int | None = None
    longest_silence_s: float | None = None
    silence_share: float | None = None
    holds: int | None = None
    longest_hold_s: float | None = None


def measure(transcript: Transcript, spoken: Sequence[int], nods: frozenset[int] = frozenset(), waits: Sequence[float] = ()) -> Metrics:
    """The metrics of a call.

    ``spoken`` holds the number of words of each turn, ``nods`` the turns that are nothing but a nod: they do not end
    the other's monologue and are no response. ``waits`` are the silences, in seconds, that follow where the agent asks to wait.
    """
    turns = transcript.turns
    timed = transcript.evidence_tier in (EvidenceTier.WORDS, EvidenceTier.TURNS)
    agent, customer = _side(turns, spoken, AGENT), _side(turns, spoken, CUSTOMER)
    of_time = timed and agent.seconds + customer.seconds > 0
    mine, theirs = (agent.seconds, customer.seconds) if of_time else (agent.words, customer.words)
    size, length_s, at = _monologue(turns, spoken, nods, timed)
    stretches = _stretches(turns) if timed else []
    silences = _silences(stretches)
    holds = [wait for wait in waits if wait >= SILENCE_S]
    length = max(end for _, end in stretches) - stretches[0][0] if stretches else 0.0
    return Metrics(
        turns=len(turns),
        agent_turns=agent.turns,
        customer_turns=customer.turns,
        agent_words=agent.words,
        customer_words=customer.words,
        duration_s=transcript.duration_s,
        agent_talk_share=mine / (mine + theirs) if mine + theirs else None,
        talk_share_of="time" if of_time else "words",
        longest_monologue_words=size,
        longest_monologue_s=length_s,
        longest_monologue_turn=at,
        response_delay_s=_delay(turns, nods) if timed else None,
        agent_words_a_minute=agent.pace if timed else None,
        customer_words_a_minute=customer.pace if timed else None,
        overlap_share=_overlap_share(stretches) if timed else None,
        silences=len(silences) if timed else None,
        longest_silence_s=max(silences, default=0.0) if timed else None,
        silence_share=min(1.0, sum(silences) / length) if timed and length > 0 else None,
        holds=len(holds) if timed else None,
        longest_hold_s=max(holds, default=0.0) if timed else None,
    )


def waits_s(moments: Iterable[Moment]) -> list[float]:
    """The silences, in seconds, that follow where the agent asks to wait, one a turn."""
    silences = {m.turn: m.details.get("silence_s") for m in moments if m.behaviour == "hold" and m.role is AGENT and not m.perhaps}
    return [float(each) for each in silences.values() if isinstance(each, int | float)]


class _Side(NamedTuple):
    """What one role says: its turns, its words, the seconds of its timed turns, and the words of those."""

    turns: int
    words: int
    seconds: float
    timed_words: int

    @property
    def pace(self) -> float | None:
        """Words a minute; pace over a few seconds says nothing."""
        return 60.0 * self.timed_words / self.seconds if self.seconds >= 10.0 else None


def _side(turns: Sequence[Turn], spoken: Sequence[int], role: Role) -> _Side:
    count = words = timed_words = 0
    seconds = 0.0
    for turn, said in zip(turns, spoken, strict=True):
        if turn.role is role:
            count += 1
            words += said
            if turn.start is not None and turn.end is not None and (length := turn.end - turn.start):
                seconds += length
                timed_words += said
    return _Side(count, words, seconds, timed_words)


def _monologue(turns: Sequence[Turn], spoken: Sequence[int], nods: frozenset[int], timed: bool) -> tuple[int, float | None, int | None]:
    """The agent's longest stretch: words, seconds, first turn."""
    best: tuple[int, float | None, int | None] = (0, 0.0 if timed else None, None)
    size, begin, first, end = 0, 0.0, None, 0.0
    for i, turn in enumerate(turns):
        if turn.role is AGENT:
            start, until = turn.start, turn.end
            if first is None:
                size, first, begin, end = 0, i, start or 0.0, 0.0
            size += spoken[i]
            if start is not None and start < begin:
                begin = start
            end = max(end, begin, 0.0 if until is None else until)
            if size > best[0]:
                best = (size, end - begin if timed else None, first)
        elif spoken[i] and i not in nods:
            first = None
    return best


def _delay(turns: Sequence[Turn], nods: frozenset[int]) -> float | None:
    """The median silence between a turn of the customer's and the agent's that follows it."""
    delays = []
    end: float | None = None  # of the customer's turn just before
    for i, turn in enumerate(turns):
        if i in nods:
            continue
        role = turn.role
        if role is AGENT and end is not None and turn.start is not None:
            delays.append(turn.start - end)
        end = turn.end if role is CUSTOMER else None
    return median(delays) if delays else None


def _stretches(turns: Sequence[Turn]) -> list[tuple[float, float]]:
    """When somebody speaks, in order: start and end in seconds."""
    return sorted([(t.start, t.end) for t in turns if t.start is not None and t.end is not None and t.end > t.start])


def _overlap_share(stretches: Sequence[tuple[float, float]]) -> float | None:
    """The share of the spoken time in which two or more speak."""
    spoken = overlapped = reach = 0.0
    for start, end in stretches:
        if end > reach:
            if start < reach:
                overlapped += reach - start
                spoken += end - reach
            else:
                spoken += end - start
            reach = end
        else:
            overlapped += end - start
    return min(1.0, overlapped / spoken) if spoken else None


def _silences(stretches: Sequence[tuple[float, float]]) -> list[float]:
    silences = []
    reach: float | None = None
    for start, end in stretches:
        if reach is not None and start - reach >= SILENCE_S:
            silences.append(start - reach)
        if reach is None or end > reach:
            reach = end
    return silences
