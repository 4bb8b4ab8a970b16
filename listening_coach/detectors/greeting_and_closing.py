"""The two ends of a call: the greeting and the goodbye, where they stand and not only in which words.

A "hello" opens a turn. An introduction or an offer of help is a greeting of its own where the agent's opening holds no
hello; else it is a detail of the hello. A goodbye, once one side has begun it, runs to the end: the short turns that
answer it ("you too", "all right then") belong to it.
"""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.normaliser import BOUNDARIES, word_set
from ..moments import Moment
from ..transcript import CUSTOMER
from . import Found
from .phrases import standing

_LEADS = word_set("oh ah yes yeah well okay right and so hey hi hello hiya sorry good morning afternoon evening there all")
_ANSWERS = word_set(
    """
    okay all right yeah yes you too thanks thank well so me uh-huh mm-hmm righty very good great same to likewise lovely sure fine
    then it has was and but now love dear i will do cheers
    """
)
# These greet only at the head of a clause; "hello" does wherever no blocker speaks against it.
_ONLY_FIRST = word_set("hi hey morning afternoon evening")
# Introductions strong enough for a turn that is not the call's first.
_NAMED = frozenset(("my name is", "(this|it) is ... (from|calling|speaking)"))

# Here a new clause begins behind a name or an offer.
_STOPS = word_set("and but how what before or so because okay can may who no yes i")
_ANSWERED = word_set("no yes yeah and but okay or")
_OPENING = 3
_TIMES_OF_DAY = word_set("evening afternoon day morning")


def detect_greeting(call: Call, behaviour: Behaviour) -> Found:
    """Moments of greeting; reads ``closing`` for the introductions that are part of a goodbye."""
    return Found(_greeting(call, behaviour, standing(call, behaviour)), [])


def detect_closing(call: Call, behaviour: Behaviour) -> Found:
    """Moments of closing; reads ``greeting`` for the "good evening" that ends a call."""
    return Found(_closing(call, behaviour, standing(call, behaviour)), [])


def _greeting(call: Call, behaviour: Behaviour, hits: list[Hit]) -> list[Moment]:
    opening = int(behaviour.settings.get("opening_turns", 2))
    leaving = {h.turn for h in call.hits_of(behaviour.reads_from("closing")) if h.rule.kind == "farewell"}
    first_turn: dict[str, int] = {}
    for turn in range(min(opening, len(call.turns)) - 1, -1, -1):
        first_turn[call.turns[turn].speaker] = turn
    hellos = [h for h in hits if h.rule.kind == "hello" and _opens(call, h) and not _ends_call(call, h)]
    # An introduction or an offer belongs to the opening in the first turn or two of the side that is not the customer's.
    opened = {"introduction": set[str](), "offer": set[str]()}
    alone: list[Hit] = []
    for h in hits:
        speaker, kind = call.turns[h.turn].speaker, h.rule.kind
        if kind not in opened or h.turn > first_turn.get(speaker, -1) + 2 or call.turns[h.turn].role is CUSTOMER:
            continue
        opened[kind].add(speaker)
        if (
            kind == "introduction"
            and first_turn.get(speaker) == h.turn
            and h.turn not in leaving
            and (h.turn == 0 or h.rule.pattern in _NAMED)
        ):
            alone.append(h)
    greeted: set[str] = set()
    out = []
    for h in sorted([*hellos, *alone], key=_place):
        speaker = call.turns[h.turn].speaker
        first = speaker not in greeted
        if h.rule.kind == "introduction" and (not first or any(k.turn == h.turn for k in hellos)):
            continue
        greeted.add(speaker)
        details = {f"with_{kind}": speaker in speakers for kind, speakers in opened.items()} if first else {}
        out.append(call.moment(behaviour.id, h.turn, h.first, _whole(call, h), kind=h.rule.kind, rule=h.rule.pattern, **details))
    return out


def _whole(call: Call, h: Hit) -> int:
    """Where the quote ends: with the name in "this is Marta", with the offer in "anything else I can do for you"."""
    if h.rule.kind not in ("introduction", "anything_else"):
        return h.last
    last = h.last
    stops = _STOPS if h.rule.kind == "introduction" else _ANSWERED
    while last < h.last + 8 and call.words[last] not in BOUNDARIES and call.words[last] not in stops and (last - 1) not in call.marks:
        last += 1
    return last


def _place(h: Hit) -> tuple[int, int]:
    return h.turn, h.first


def _opens(call: Call, h: Hit) -> bool:
    before = call.words[h.first - 1]
    if call.words[h.first] not in _ONLY_FIRST:
        return True
    return before in BOUNDARIES or before in _LEADS or (h.first - 1) in call.marks


def _ends_call(call: Call, h: Hit) -> bool:
    """Whether "good evening" is the goodbye: near the end of a call that had its beginning."""
    return call.words[h.last - 1] in _TIMES_OF_DAY and h.turn > 4 and h.turn >= len(call.turns) - 3


def _closing(call: Call, behaviour: Behaviour, hits: list[Hit]) -> list[Moment]:
    last = len(call.turns)
    late = last - int(behaviour.settings.get("goodbye_turns", 16))
    # "Thanks for calling" closes a call at its end; at its start it opens it.
    hits = [
        h
        for h in hits
        if h.rule.kind != "leave_taking"
        or (h.turn >= late and not (h.turn < _OPENING and h.rule.pattern.startswith("(thank you|thanks) for")))
    ]
    out = [call.moment(behaviour.id, h.turn, h.first, _whole(call, h), kind=h.rule.kind, rule=h.rule.pattern) for h in hits]
    out += [
        call.moment(behaviour.id, h.turn, h.first, h.last, kind="farewell", rule=h.rule.pattern)
        for h in call.hits_of(behaviour.reads_from("greeting"))
        if h.rule.kind == "hello" and _ends_call(call, h)
    ]
    begun = next((h.turn for h in hits if h.rule.kind in ("leave_taking", "wish") and h.turn >= late), last)
    said = {h.turn for h in hits}
    for turn in range(begun + 1, last):
        first, end = call.bounds[turn]
        words = [w for w in call.words[first:end] if w not in BOUNDARIES]
        if turn not in said and 0 < len(words) <= 4 and all(w in _ANSWERS for w in words):
            out.append(call.moment(behaviour.id, turn, first, end, kind="reply", rule="a short answer within the goodbye"))
    return out
