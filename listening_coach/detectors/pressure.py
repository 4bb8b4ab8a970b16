"""The detector of pressure: an offer pressed again after a no, and pleading.

Pleading shows in words alone. Pressing shows in what came before: the speaker made an offer, the other side said no, and
the speaker comes back to it, with another offer or with words that press ("are you sure", "it's only today").
"""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.clauses import quotes
from ..moments import Moment
from . import Found, setting
from .phrases import longest, unblocked


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of pressure of every speaker; a pressing moment's details quote the ``refusal`` and tell its turn."""
    blockers = call.hits_of(behaviour.id, "blockers")
    found = unblocked(call.hits_of(behaviour.id), blockers)
    refusals: dict[int, Hit] = {}
    if call.hits_of(behaviour.id, "offer") and call.hits_of(behaviour.id, "refusal"):
        pressed = _pressed(call, behaviour)
        refusals = {hit.turn: no for hit, no in pressed}
        found += unblocked([hit for hit, _ in pressed], blockers)
    if not found:
        return Found([], [])
    return Found([_moment(call, behaviour, hit, clause, refusals.get(hit.turn)) for hit, clause in quotes(call, longest(found))], [])


def _pressed(call: Call, behaviour: Behaviour) -> list[tuple[Hit, Hit]]:
    """What presses, the first of each turn, with the no that it goes against."""
    offer_turns = int(setting(behaviour, "offer_turns"))
    no_turns = int(setting(behaviour, "no_turns"))
    first_of: dict[int, dict[str, Hit]] = {}
    for group in ("offer", "refusal", "pressing", "insisting", "acceptance"):
        for hit in longest(call.hits_of(behaviour.id, group)):
            first_of.setdefault(hit.turn, {}).setdefault(group, hit)
    # By speaker: the turn in which they last offered or pressed, and the other side's no to it.
    live: dict[str, int] = {}
    refused: dict[str, Hit] = {}
    found = []
    for turn in sorted(first_of):
        here, speaker = first_of[turn], call.turns[turn].speaker
        no = refused.get(speaker)
        if no is not None:
            again = here.get("insisting")
            if again is None and turn - max(no.turn, live[speaker]) <= no_turns:
                again = here.get("pressing") or here.get("offer")
            if again is not None:
                found.append((again._replace(rule=again.rule._replace(kind="pressing")), no))
                live[speaker] = turn
        # What one says no to is the other side's offer; one's own stays on the table.
        for other, at in live.items():
            if other != speaker and turn - at <= offer_turns:
                if "refusal" in here:
                    refused[other] = here["refusal"]
                elif "acceptance" in here:
                    refused.pop(other, None)
        if "offer" in here:
            live[speaker] = turn
    return found


def _moment(call: Call, behaviour: Behaviour, hit: Hit, clause: tuple[int, int], no: Hit | None) -> Moment:
    if no is None or hit.rule.kind != "pressing":
        return call.moment(behaviour.id, hit.turn, *clause, kind=hit.rule.kind, rule=hit.rule.pattern)
    start, end = call.span(no.turn, no.first, no.last)
    return call.moment(
        behaviour.id, hit.turn, *clause, kind=hit.rule.kind, rule=hit.rule.pattern,
        refusal=call.turns[no.turn].text[start:end], refusal_turn=no.turn,
    )  # fmt: skip
