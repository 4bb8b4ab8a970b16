"""Holds and silences: asking to wait, thanks after it, and the silences that nobody announced.

Where turns have ends, a gap between them is a silence. It is the waiting side's if the other side, who is at work,
breaks it or had just spoken; a silence after an open question is the answering side's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call
from ..moments import Moment, Occasion
from ..transcript import AGENT
from . import Found
from .phrases import standing
from .sides import agents_next

ASK = "ask"
RETURN = "return"
# Silences are told to the hundredth.
_FINEST_S = 0.01


class WaitingTalk(NamedTuple):
    """The ids of the behaviours that tell what is said around a wait: holds, status updates and action points."""

    hold: str
    status_update: str
    action_point: str


class Wait(NamedTuple):
    """A silence in which the customer waited for the agent: between the turns ``before`` and ``after``, in seconds."""

    before: int
    after: int
    silence_s: float


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Asking to wait and thanking for it; occasions: silences announced or not, holds thanked for or not.

    Reads ``status_update`` and ``action_point``, whose wording tells what the agent is about to do.
    """
    least = behaviour.settings.get("silence_s", 12.0)
    within = int(behaviour.settings.get("within_turns", 2))
    gaps = _gaps(call)
    moments: list[Moment] = []
    for hit in standing(call, behaviour):
        silence = _silence_after(call, gaps, hit.turn) if hit.rule.kind == ASK and gaps else None
        details: dict[str, Any] = {} if silence is None else {"silence_s": silence}
        moments.append(call.moment(behaviour.id, hit.turn, hit.first, hit.last, kind=hit.rule.kind, rule=hit.rule.pattern, **details))
    talk = WaitingTalk(behaviour.id, behaviour.reads_from("status_update"), behaviour.reads_from("action_point"))
    return Found(moments, _occasions(call, talk, moments, waits(call, talk, least), within))


def waits(call: Call, talk: WaitingTalk, least_s: float) -> list[Wait]:
    """The silences of at least ``least_s`` seconds in which the customer waited for the agent; none without ends of turns."""
    long = [(i, round(gap, 2)) for i, gap in _gaps(call).items() if gap > least_s - _FINEST_S]
    return [Wait(i, i + 1, gap) for i, gap in long if gap >= least_s and gap > 0 and _agent_at_work(call, talk, i)]


def _gaps(call: Call) -> dict[int, float]:
    """The silence behind each turn in seconds, not rounded, where there is one and the end is known."""
    return call.memo("silences", lambda: _measure(call))


def _measure(call: Call) -> dict[int, float]:
    found: dict[int, float] = {}
    latest: float | None = None
    for i, (turn, after) in enumerate(pairwise(call.turns)):
        end, start = turn.end, after.start
        # Without this turn's own end the gap would hold its speech.
        if end is None:
            continue
        if latest is None or end > latest:
            latest = end
        if start is not None and start > latest:
            found[i] = start - latest
    return found


def _agent_at_work(call: Call, talk: WaitingTalk, before: int) -> bool:
    """Whether in the silence behind a turn it is the agent who is waited for."""
    if call.turns[before].role is not AGENT and call.hits_in(before, talk.status_update):
        return False  # "it's coming up now": both wait for something else
    roles = [call.turns[i].role for i in (before, before + 1)]
    asked = next((i for i in range(before, max(before - 3, -1), -1) if call.hits_in(i, talk.hold)), None)
    if asked is not None and call.turns[asked].role is not AGENT:
        return False  # the customer went to look for something
    if roles[0] is AGENT and asked is None and _asks(call, talk, before):
        return False
    if roles[1] is AGENT:
        return True
    # The customer breaks it: they were doing what the agent had asked for, unless the agent was at work or they call out.
    at_work = roles[0] is AGENT and (asked is not None or _says_what_they_do(call, talk, before))
    return at_work or bool(call.hits_in(before + 1, talk.hold, "calling_out"))


def _asks(call: Call, talk: WaitingTalk, turn: int) -> bool:
    """Whether a turn ends in a question that is no request to hold."""
    first, last = call.bounds[turn]
    if last <= first or call.words[last - 1] != "?":
        return False
    return not call.hits_in(turn, talk.hold)


def _silence_after(call: Call, gaps: dict[int, float], turn: int) -> float | None:
    """The longest silence between a request to wait and the speaker's next turn, in seconds; None where there is none."""
    longest_s = None
    for i in range(turn, len(call.turns) - 1):
        if i > turn and call.turns[i].speaker == call.turns[turn].speaker:
            break
        gap = gaps.get(i)
        if gap is not None and (longest_s is None or gap > longest_s):
            longest_s = gap
    return None if longest_s is None else round(longest_s, 2) or None


def stretches(silences: Iterable[Wait]) -> list[list[Wait]]:
    """Silences in groups that are one wait: at most two turns lie between one and the next."""
    found: list[list[Wait]] = []
    for wait in silences:
        if found and wait.before - found[-1][-1].after <= 1:
            found[-1].append(wait)
        else:
            found.append([wait])
    return found


def _occasions(call: Call, talk: WaitingTalk, moments: list[Moment], silences: list[Wait], within: int) -> list[Occasion]:
    """For each silence: was it announced? For each wait, in silence or parked: was there thanks after it?"""
    asked = {m.turn for m in moments if m.kind == ASK and m.role is AGENT}
    returned = {m.turn for m in moments if m.kind == RETURN and m.role is AGENT}
    found: list[Occasion] = []
    for wait in silences:
        at = agents_last(call, wait.before)
        announced = at is not None and (at in asked or _says_what_they_do(call, talk, at))
        place = wait.before if at is None else at
        found.append(
            call.occasion(talk.hold, place, *call.bounds[place], kind="announced", met=announced, answer=at if announced else None)
        )
    # Where a wait began, and the turn that ended it.
    waited = {}
    for stretch in stretches(silences):
        at = agents_last(call, stretch[0].before)
        waited[stretch[0].before if at is None else at] = stretch[-1].after
    for turn in sorted(asked):
        if call.hits_in(turn, talk.hold, "parked") and not any(begin - 2 <= turn <= end for begin, end in waited.items()):
            waited[turn] = turn + 1
    for begin, end in sorted(waited.items()):
        answers = agents_next(call, end, within)
        if answers:  # else the call ends in the hold
            answer = next((t for t in answers if t in returned), None)
            found.append(call.occasion(talk.hold, begin, *call.bounds[begin], kind="thanked", met=answer is not None, answer=answer))
    return found


def agents_last(call: Call, turn: int) -> int | None:
    """The agent's last turn at ``turn`` or up to two before it."""
    return next((i for i in range(turn, max(turn - 3, -1), -1) if call.turns[i].role is AGENT), None)


# Lists of an action point's heads that tell what the speaker does now.
_WORKING = ("let", "meanwhile", "will", "doing")


def _says_what_they_do(call: Call, talk: WaitingTalk, turn: int) -> bool:
    """Whether a turn tells what its speaker is about to do: "let me check that" is a word before a silence too."""
    return any(call.hits_in(turn, talk.action_point, group) for group in _WORKING) or bool(call.hits_in(turn, talk.status_update))
