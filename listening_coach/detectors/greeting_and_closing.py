"""The two ends of a call: the greeting and the goodbye, where they stand and not only in which words.

A "hello" opens a turn. An introduction or an offer of help is a greeting of its own where the agent's opening holds no
hello; else it is a detail of the hello. A goodbye, once one side has begun it, runs to the end: the short turns that
answer it ("you too", "all right then") belong to it.
"""

from __future__ import annotations

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.language import WordClasses
from ..language.normaliser import BOUNDARIES
from ..moments import Moment
from ..transcript import CUSTOMER
from . import Found, setting, word_sets
from .phrases import standing

# "Good evening" is a goodbye among so many last turns of a call that has had so many before them.
_LAST_TURNS = 3
_BEGUN_TURNS = 5


def detect_greeting(call: Call, behaviour: Behaviour) -> Found:
    """Moments of greeting; reads ``closing`` for the introductions that are part of a goodbye."""
    return Found(_greeting(call, behaviour, standing(call, behaviour)), [])


def detect_closing(call: Call, behaviour: Behaviour) -> Found:
    """Moments of closing; reads ``greeting`` for the "good evening" that ends a call."""
    return Found(_closing(call, behaviour, standing(call, behaviour)), [])


def _greeting(call: Call, behaviour: Behaviour, hits: list[Hit]) -> list[Moment]:
    own, most = word_sets(call, behaviour), int(setting(behaviour, "quote_words"))
    opening = int(setting(behaviour, "opening_turns"))
    leaving = {h.turn for h in call.hits_of(behaviour.reads_from("closing")) if h.rule.kind == "farewell"}
    first_turn: dict[str, int] = {}
    for turn in range(min(opening, len(call.turns)) - 1, -1, -1):
        first_turn[call.turns[turn].speaker] = turn
    hellos = [h for h in hits if h.rule.kind == "hello" and _opens(call, h, own) and not _ends_call(call, h)]
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
            and (h.turn == 0 or h.rule.pattern in own["named"])
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
        out.append(call.moment(behaviour.id, h.turn, h.first, _whole(call, h, own, most), kind=h.rule.kind, rule=h.rule.pattern, **details))
    return out


def _whole(call: Call, h: Hit, own: WordClasses, most: int) -> int:
    """Where the quote ends: with the name in "this is Marta", with the offer in "anything else I can do for you"."""
    if h.rule.kind not in own["runs_on"]:
        return h.last
    last, stops = h.last, own["stops"]
    while last < h.last + most and call.words[last] not in BOUNDARIES and call.words[last] not in stops and (last - 1) not in call.marks:
        last += 1
    return last


def _place(h: Hit) -> tuple[int, int]:
    return h.turn, h.first


def _opens(call: Call, h: Hit, own: WordClasses) -> bool:
    before = call.words[h.first - 1]
    if call.words[h.first] not in own["only_first"]:
        return True
    return before in BOUNDARIES or before in own["leads"] or (h.first - 1) in call.marks


def _ends_call(call: Call, h: Hit) -> bool:
    """Whether "good evening" is the goodbye: near the end of a call that had its beginning."""
    times_of_day = call.language.words["speech.times_of_day"]
    return call.words[h.last - 1] in times_of_day and h.turn >= _BEGUN_TURNS and h.turn >= len(call.turns) - _LAST_TURNS


def _closing(call: Call, behaviour: Behaviour, hits: list[Hit]) -> list[Moment]:
    own = word_sets(call, behaviour)
    most, opening, opens_too = int(setting(behaviour, "quote_words")), int(setting(behaviour, "opening_turns")), tuple(own["opens_too"])
    answer_words = int(setting(behaviour, "answer_words"))
    last = len(call.turns)
    late = last - int(setting(behaviour, "goodbye_turns"))
    # "Thanks for calling" closes a call at its end; at its start it opens it.
    hits = [
        h
        for h in hits
        if h.rule.kind != "leave_taking" or (h.turn >= late and not (h.turn < opening and h.rule.pattern.startswith(opens_too)))
    ]
    out = [call.moment(behaviour.id, h.turn, h.first, _whole(call, h, own, most), kind=h.rule.kind, rule=h.rule.pattern) for h in hits]
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
        if turn not in said and 0 < len(words) <= answer_words and all(w in own["answers"] for w in words):
            out.append(call.moment(behaviour.id, turn, first, end, kind="reply", rule="a short answer within the goodbye"))
    return out
