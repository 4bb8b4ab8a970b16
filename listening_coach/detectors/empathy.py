"""The detector of empathy: what is said for the other person's sake, and where it was called for.

Most empathy is wording that stands for itself ("you've done the right thing"); a feeling is named by a frame and a word
that the detector joins ("that must be" + "really" + "frustrating"). Some wording is empathy only as an answer to somebody
who has just shown that something is wrong ("I understand", "I'm so sorry about that"): the lists ``charged_…`` among the
cues. An upset turn is one with a cue of the lists ``blow``, ``anger``, ``worry`` or ``distress``, or a weaker hint in words
that TextBlob's lexicon calls negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ..behaviours import Behaviour
from ..language.automaton import Rule
from ..language.call import Call, Hit
from ..language.clauses import quotes, sentence
from ..language.language import Language
from ..moments import Moment, Occasion
from ..transcript import AGENT, CUSTOMER, UNKNOWN
from . import Found, in_context, per_behaviour, setting, word_sets
from .phrases import longest, unblocked

# What weighs most first: a turn that holds several is an occasion of the first.
UPSET_KINDS = ("blow", "anger", "worry", "distress")
_UPSET_WORDS = {"anger": "anger_words", "worry": "worry_words", "distress": "upset_words"}
# Lists of wording that counts only as an answer to an upset turn, with the kind it is; those that do not answer a blow.
_ANSWERS = {
    "charged_feeling": "feeling",
    "charged_perspective": "perspective",
    "charged_sympathy": "sympathy",
    "charged_apology": "sympathy",
    "charged_reassurance": "reassurance",
}
_TOO_LITTLE = ("charged_perspective", "charged_apology")
# Frames and words that make one phrase together; where the word may be said of a road or a form as well, only "for you"
# and the like, or an upset turn before, make it a feeling.
_FEELINGS = (
    ("it_surely", "ordeal", False),
    ("it_surely", "hard", False),
    ("it_is", "ordeal", False),
    ("it_is", "hard", True),
    ("it_might", "ordeal", False),
    ("it_might", "hard", True),
    ("you_surely", "felt", False),
    ("you_surely", "perhaps_felt", False),
    ("you_are", "felt", False),
    ("your_feeling", "emotion", False),
)


class Upset(NamedTuple):
    """A turn that calls for empathy: its kind, the clause (words ``first`` to before ``last``) that shows it, and the cue in it."""

    turn: int
    kind: str
    first: int
    last: int
    cue: str


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of empathy of every speaker, and the customer's upset turns with whether they were answered.

    Reads ``apology`` and ``ownership``, which together answer anger.

    A moment that answers an upset turn carries ``because`` (its words), ``because_turn`` and ``because_kind`` among its
    details; understanding that a "but" follows at once
    carries ``taken_back``.
    """
    upset = upset_turns(call, behaviour)
    found = _said(call, behaviour, upset)
    if not found and not upset:
        return Found([], [])
    back = int(setting(behaviour, "remembered_turns"))
    moments = [
        _moment(call, behaviour, hit, clause, _called_for(call, behaviour, hit.turn, upset, back)) for hit, clause in quotes(call, found)
    ]
    return Found(moments, _occasions(call, behaviour, upset, found))


def upset_turns(call: Call, behaviour: Behaviour) -> dict[int, Upset]:
    """The upset turns of a call by index, every speaker's."""
    found: dict[int, Upset] = {}
    for kind in UPSET_KINDS:
        hits = call.hits_of(behaviour.id, kind)
        if kind in _UPSET_WORDS:
            hits = [*hits, *joined(call, behaviour, "i_am", _UPSET_WORDS[kind], kind)]
        for hit in in_context(call, behaviour, hits):
            if hit.turn not in found:
                ((_, clause),) = quotes(call, [hit])
                found[hit.turn] = Upset(hit.turn, kind, *clause, " ".join(call.words[hit.first : hit.last]))
    limit, near = setting(behaviour, "upset_polarity"), int(setting(behaviour, "hint_words"))
    hints = [hit for hit in call.hits_of(behaviour.id, "hints") if hit.turn not in found and call.turns[hit.turn].role is not AGENT]
    for hit in in_context(call, behaviour, hints):
        if hit.turn not in found:
            first, last = sentence(call, hit, near)
            start, end = call.span(hit.turn, first, last)
            if _polarity(call.language, call.turns[hit.turn].text[start:end]) <= limit:
                ((_, clause),) = quotes(call, [hit])
                found[hit.turn] = Upset(hit.turn, "distress", *clause, call.words[hit.first])
    return found


def joined(call: Call, behaviour: Behaviour, frame: str, word: str, kind: str) -> list[Hit]:
    """Hits of a word that stands right behind a frame, with nothing but the words of the list ``very`` between them."""
    tails = call.hits_of(behaviour.id, word)
    if not tails:
        return []
    ends = call.memo(f"frames {behaviour.id} {frame}", lambda: _by_end(call.hits_of(behaviour.id, frame)))
    if not ends:
        return []
    very = _very(behaviour, call.language)
    found = []
    for tail in tails:
        at = tail.first
        while at not in ends and call.words[at - 1] in very:
            at -= 1
        if at in ends:
            said = " ".join(call.words[tail.first : tail.last])
            found.append(Hit(tail.turn, ends[at], tail.last, Rule(behaviour.id, word, kind, f"{frame} + {said}")))
    return found


def _by_end(frames: Sequence[Hit]) -> dict[int, int]:
    """The first word of the longest frame that ends before each word; frames come in the order of their first words."""
    return {hit.last: hit.first for hit in reversed(frames)}


@per_behaviour
def _very(behaviour: Behaviour, _: Language) -> frozenset[str]:
    return frozenset(word for entry in behaviour.words.get("very", ()) for word in entry.split())


def _said(call: Call, behaviour: Behaviour, upset: dict[int, Upset]) -> list[Hit]:
    """The phrases of empathy that count, in the order of the call."""
    own = word_sets(call, behaviour)
    hits = list(call.hits_of(behaviour.id))
    answers: list[Hit] = []
    for frame, word, loose in _FEELINGS:
        for hit in joined(call, behaviour, frame, word, "feeling"):
            if call.words[hit.first - 1] in own["asked"] or (word == "ordeal" and call.words[hit.last] in own["as_a_verb"]):
                continue
            if loose and " ".join(call.words[hit.last : hit.last + 2]) not in own["for_you"]:
                answers.append(hit)
            else:
                hits.append(hit)
    if upset:
        back = int(setting(behaviour, "remembered_turns"))
        hits += [hit for hit in answers if _called_for(call, behaviour, hit.turn, upset, back) is not None]
        for group, kind in _ANSWERS.items():
            for hit in call.hits_of(behaviour.id, group):
                if _called_for(call, behaviour, hit.turn, upset, back) is not None:
                    hits.append(hit._replace(rule=hit.rule._replace(kind=kind)))
    hits += _sorry_for_trouble(call, behaviour)
    if not hits:
        return []
    return longest(unblocked(hits, call.hits_of(behaviour.id, "blockers")))


def _sorry_for_trouble(call: Call, behaviour: Behaviour) -> list[Hit]:
    """Sorrow in answer to trouble that the other side reported in their last turn, upset or not."""
    sorry = [*call.hits_of(behaviour.id, "charged_sympathy"), *call.hits_of(behaviour.id, "charged_apology")]
    if not sorry:
        return []
    trouble = {hit.turn for hit in call.hits_of(behaviour.id, "trouble")}
    found = []
    for hit in sorry:
        speaker = call.turns[hit.turn].speaker
        if hit.turn - 1 in trouble and call.turns[hit.turn - 1].speaker != speaker:
            found.append(hit._replace(rule=hit.rule._replace(kind="sympathy")))
    return found


def _called_for(call: Call, behaviour: Behaviour, turn: int, upset: dict[int, Upset], back: int) -> Upset | None:
    """The upset turn, among the last ``back`` of the other side, that a turn may answer."""
    if not upset:
        return None
    speaker = call.turns[turn].speaker
    for i in range(turn - 1, max(-1, turn - 1 - int(setting(behaviour, "farthest_turns"))), -1):
        if call.turns[i].speaker != speaker:
            if i in upset:
                return upset[i]
            back -= 1
            if not back:
                return None
    return None


def _moment(call: Call, behaviour: Behaviour, hit: Hit, clause: tuple[int, int], because: Upset | None) -> Moment:
    details: dict[str, Any] = {}
    if because is not None:
        start, end = call.span(because.turn, because.first, because.last)
        details = {"because": call.turns[because.turn].text[start:end], "because_turn": because.turn, "because_kind": because.kind}
    if hit.rule.kind in ("feeling", "perspective") and call.words[clause[1]] in ("but", "however"):
        details["taken_back"] = True
    return call.moment(behaviour.id, hit.turn, *clause, kind=hit.rule.kind, rule=hit.rule.pattern, **details)


def _occasions(call: Call, behaviour: Behaviour, upset: dict[int, Upset], said: list[Hit]) -> list[Occasion]:
    """The upset turns as occasions, each with whether it was met.

    A turn that goes on with the trouble before the other side had its turns to answer continues the occasion; a blow
    always makes one of its own, and the same blow told again continues it. Empathy meets every kind; anger is also met by an apology together with ownership.
    """
    reach = int(setting(behaviour, "answer_turns"))
    caring = {hit.turn for hit in said}
    more = {hit.turn for hit in said if hit.rule.group not in _TOO_LITTLE}
    sorry = {hit.turn for hit in call.hits_of(behaviour.reads_from("apology"))}
    owning = {hit.turn for hit in call.hits_of(behaviour.reads_from("ownership"))}
    roles = any(turn.role in (AGENT, CUSTOMER) for turn in call.turns)
    found: list[tuple[Upset, int | None]] = []
    # By speaker: the place of their last occasion in ``found`` and the turns that were to answer it; of a blow, by its words.
    waiting: dict[str, tuple[int, set[int]]] = {}
    blows: dict[tuple[str, str], int] = {}
    for turn in sorted(upset):
        case, who = upset[turn], call.turns[turn]
        if who.role is not CUSTOMER and (roles or who.role is not UNKNOWN):
            continue
        answers = _answers(call, behaviour, turn, reach, roles)
        if not answers:
            continue
        answer = next((i for i in answers if i in (more if case.kind == "blow" else caring)), None)
        if answer is None and case.kind == "anger" and any(i in sorry for i in answers):
            answer = next((i for i in answers if i in owning), None)
        place = len(found)
        if case.kind == "blow":
            place = blows.setdefault((who.speaker, case.cue), place)
        elif who.speaker in waiting and not waiting[who.speaker][1].isdisjoint(answers):
            place = waiting[who.speaker][0]
        waiting[who.speaker] = (place, set(answers))
        if place == len(found):
            found.append((case, answer))
        elif found[place][1] is None:
            found[place] = (found[place][0], answer)
    return [
        call.occasion(behaviour.id, case.turn, case.first, case.last, kind=case.kind, met=answer is not None, answer=answer)
        for case, answer in found
    ]


def _answers(call: Call, behaviour: Behaviour, turn: int, reach: int, roles: bool) -> list[int]:
    """The next turns of the other side, as many as ``reach``; turns that are no more than a nod do not use it up."""
    speaker = call.turns[turn].speaker
    farthest, a_nod = int(setting(behaviour, "farthest_turns")), int(setting(behaviour, "nod_words"))
    found: list[int] = []
    for i in range(turn + 1, min(turn + 1 + farthest, len(call.turns))):
        other = call.turns[i]
        if other.speaker == speaker or (roles and other.role is not AGENT):
            continue
        found.append(i)
        first, last = call.bounds[i]
        reach -= last - first > a_nod + 1 or call.spoken(i) > a_nod
        if not reach:
            break
    return found


@lru_cache(maxsize=10_000)
def _polarity(language: Language, words: str) -> float:
    return language.polarity_of_text(words)
