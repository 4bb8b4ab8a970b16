"""What can be counted and timed in a call without judging it: talk share, monologues, delays, pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from .transcript import EvidenceTier, Role, Transcript, Turn

# A pause of both sides at least this long is a silence that a caller notices.
SILENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts and times of one call. None where the transcript cannot show it.

    ``agent_talk_share`` is the agent's part, 0 to 1, of what agent and customer say: of the time where turns are timed,
    else of the words. ``longest_monologue_*`` is the agent's longest stretch without the customer taking a turn of
    more than a nod. ``response_delay_s`` is the median time from the customer's last word to the agent's first, negative
    where the agent usually starts early; ``customer_words_a_minute`` and the agent's are measured on timed turns.
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


def measure(transcript: Transcript, spoken: Sequence[int], nods: frozenset[int] = frozenset()) -> Metrics:
    """The metrics of a call.

    ``spoken`` holds the number of words of each turn, ``nods`` the turns that are nothing but a nod: they do not end
    the other's monologue and are no response.
    """
    turns = transcript.turns
    timed = transcript.evidence_tier in (EvidenceTier.WORDS, EvidenceTier.TURNS)
    words = {role: sum(n for t, n in zip(turns, spoken, strict=True) if t.role is role) for role in (Role.AGENT, Role.CUSTOMER)}
    counts = {role: sum(t.role is role for t in turns) for role in words}
    seconds = {role: sum(t.duration_s or 0.0 for t in turns if t.role is role) for role in words}
    by = seconds if timed and sum(seconds.values()) > 0 else words
    total = sum(by.values())
    size, length_s, at = _monologue(turns, spoken, nods, timed)
    silences = _silences(turns) if timed else None
    return Metrics(
        turns=len(turns),
        agent_turns=counts[Role.AGENT],
        customer_turns=counts[Role.CUSTOMER],
        agent_words=words[Role.AGENT],
        customer_words=words[Role.CUSTOMER],
        duration_s=transcript.duration_s,
        agent_talk_share=by[Role.AGENT] / total if total else None,
        talk_share_of="time" if by is seconds else "words",
        longest_monologue_words=size,
        longest_monologue_s=length_s,
        longest_monologue_turn=at,
        response_delay_s=_delay(turns, nods) if timed else None,
        agent_words_a_minute=_pace(turns, spoken, Role.AGENT) if timed else None,
        customer_words_a_minute=_pace(turns, spoken, Role.CUSTOMER) if timed else None,
        overlap_share=_overlap_share(turns) if timed else None,
        silences=None if silences is None else len(silences),
        longest_silence_s=max(silences, default=0.0) if silences is not None else None,
    )


def _monologue(turns: Sequence[Turn], spoken: Sequence[int], nods: frozenset[int], timed: bool) -> tuple[int, float | None, int | None]:
    """The agent's longest stretch: words, seconds, first turn."""
    best: tuple[int, float | None, int | None] = (0, 0.0 if timed else None, None)
    size, begin, first, end = 0, 0.0, None, 0.0
    for i, turn in enumerate(turns):
        if turn.role is Role.AGENT:
            if first is None:
                size, first, begin, end = 0, i, turn.start or 0.0, 0.0
            size += spoken[i]
            begin = min(begin, begin if turn.start is None else turn.start)
            end = max(end, begin, 0.0 if turn.end is None else turn.end)
            if size > best[0]:
                best = (size, end - begin if timed else None, first)
        elif i not in nods and spoken[i]:
            first = None
    return best


def _delay(turns: Sequence[Turn], nods: frozenset[int]) -> float | None:
    delays = []
    before: Turn | None = None
    for i, turn in enumerate(turns):
        if i in nods:
            continue
        if before is not None and before.role is Role.CUSTOMER and turn.role is Role.AGENT and (gap := before.gap_s(turn)) is not None:
            delays.append(gap)
        before = turn
    return median(delays) if delays else None


def _pace(turns: Sequence[Turn], spoken: Sequence[int], role: Role) -> float | None:
    seconds = words = 0.0
    for turn, count in zip(turns, spoken, strict=True):
        if turn.role is role and turn.duration_s:
            seconds += turn.duration_s
            words += count
    # Pace over a few seconds says nothing.
    return 60.0 * words / seconds if seconds >= 10.0 else None


def _stretches(turns: Sequence[Turn]) -> list[tuple[float, float]]:
    return sorted((t.start, t.end) for t in turns if t.start is not None and t.end is not None and t.end > t.start)


def _overlap_share(turns: Sequence[Turn]) -> float | None:
    """The share of the spoken time in which two or more speak."""
    spoken = overlapped = reach = 0.0
    for start, end in _stretches(turns):
        if end > reach:
            overlapped += max(0.0, reach - start)
            spoken += end - max(start, reach)
            reach = end
        else:
            overlapped += end - start
    return min(1.0, overlapped / spoken) if spoken else None


def _silences(turns: Sequence[Turn]) -> list[float]:
    silences = []
    reach: float | None = None
    for start, end in _stretches(turns):
        if reach is not None and start - reach >= SILENCE_S:
            silences.append(start - reach)
        reach = end if reach is None else max(reach, end)
    return silences
