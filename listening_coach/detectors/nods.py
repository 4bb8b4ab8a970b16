"""Verbal nods: the short words by which a listener shows that they follow, without taking the floor.

A nod stands as a turn of its own, or opens a reply to what was just said. The same word is no nod where it answers a
question ("yes"), tags the speaker's own words ("…, right?"), or carries on the speaker's own speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.clauses import turn_ends_asking
from ..language.language import WordClasses
from ..language.normaliser import BOUNDARIES, SENTENCE_ENDS
from ..moments import Moment
from ..transcript import UNKNOWN
from . import Found, setting, word_sets
from .phrases import standing
from .sides import others_before


class _Run(NamedTuple):
    """Nods side by side in one turn: its words from ``first`` to before ``last`` and the phrase that is longest."""

    first: int
    last: int
    best: Hit


class _Nodding(NamedTuple):
    """What is looked up for each nod of a call.

    ``own`` are the file's lists of words, ``alone`` the turns that are nothing but a nod, ``meeting`` whether several speak
    without roles, ``others`` for each turn the nearest before it of somebody else; then the file's settings.
    """

    call: Call
    own: WordClasses
    alone: set[int]
    meeting: bool
    others: list[int]
    same_breath_s: float
    no_breath_s: float
    near_turns: int


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments in which a listener nods in words, every speaker's."""
    runs = _runs(call, standing(call, behaviour))
    own = word_sets(call, behaviour)
    beside = own["beside"] | BOUNDARIES
    alone = {turn for turn, found in runs.items() if len(found) == 1 and _is_all(call, turn, found[0], beside)}
    nodding = _Nodding(
        call, own, alone, _is_meeting(call), others_before(call),
        setting(behaviour, "same_breath_s"), setting(behaviour, "no_breath_s"), int(setting(behaviour, "near_turns")),
    )  # fmt: skip
    soon = int(setting(behaviour, "soon_words"))
    moments: list[Moment] = []
    for turn, found in runs.items():
        latest = call.bounds[turn][0] + soon
        for run in found:
            if run.first > latest and turn not in alone:
                break  # none of the turn's further runs is a nod either
            place = _place(nodding, turn, run)
            if place:
                first, last, (_, _, _, rule) = run
                moments.append(call.moment(behaviour.id, turn, first, last, kind=rule.kind, rule=rule.pattern, place=place))
    return Found(moments, [])


def _place(nodding: _Nodding, turn: int, run: _Run) -> str:
    """Where a nod stands: it is the "turn", its "opening", or comes "later" in it; empty where it is no nod."""
    call, own = nodding.call, nodding.own
    if turn in nodding.alone:
        return "" if _own_speech(nodding, turn, run) or _answers(nodding, turn, run) else "turn"
    begin, end, _ = run
    if begin == call.bounds[turn][0]:
        return "opening" if _opens(nodding, turn, run) and not _answers(nodding, turn, run) else ""
    words = call.words
    if words[begin - 1] not in SENTENCE_ENDS or words[end] not in BOUNDARIES:
        return ""
    # "Thursday. Okay." takes in what was said; "Thursday. Yes." confirms it.
    return "later" if words[end - 1] not in own["yes"] and not _is_only(call, run, own["alone"]) else ""


def _is_only(call: Call, run: _Run, phrases: frozenset[str]) -> bool:
    """Whether a run of nods is one of these phrases."""
    return " ".join(w for w in call.words[run.first : run.last] if w not in BOUNDARIES) in phrases


def _runs(call: Call, hits: Sequence[Hit]) -> dict[int, list[_Run]]:
    """The hits by turn, with those side by side joined; signs between them do not part them."""
    words = call.words
    runs: dict[int, list[_Run]] = {}
    of_turn: list[_Run] = []
    at = -1
    for hit in hits:
        turn, first, last, _ = hit
        if turn != at:
            at, of_turn = turn, []
            runs[turn] = of_turn
        elif BOUNDARIES.issuperset(words[of_turn[-1].last : first]):
            begin, _, best = of_turn[-1]
            longer = last - first > best.last - best.first
            of_turn[-1] = _Run(begin, last, hit if longer else best)
            continue
        of_turn.append(_Run(first, last, hit))
    return runs


def _is_all(call: Call, turn: int, run: _Run, beside: frozenset[str]) -> bool:
    """Whether a run of nods is all that the turn says."""
    first, last = call.bounds[turn]
    begin, end, _ = run
    if last - first == end - begin:
        return True
    return beside.issuperset(call.words[first:begin]) and beside.issuperset(call.words[end:last])


def _opens(nodding: _Nodding, turn: int, run: _Run) -> bool:
    """Whether nods at the beginning of a turn acknowledge what was said before it."""
    call, own = nodding.call, nodding.own
    last, after = call.words[run.last - 1], call.words[run.last]
    if (after not in SENTENCE_ENDS or last == "oh") and _is_only(call, run, own["alone"]):
        return False
    if last in own["yes"] and after in own["not_after_yes"] and (last, after) != ("yeah", "no"):
        return False
    if nodding.meeting:
        return False  # among several without roles nobody knows whom the word answers
    at = call.turns[turn]
    if turn and turn - 1 not in nodding.alone and at.start is not None and call.turns[turn - 1].speaker == at.speaker:
        return not _follows(nodding, turn - 1, turn)
    return True


def _is_meeting(call: Call) -> bool:
    """Whether more than two speak and none of them is known as agent or customer."""
    return all(t.role is UNKNOWN for t in call.turns) and len(call.transcript.speakers) > 2


def _follows(nodding: _Nodding, before: int, after: int) -> bool:
    """Whether two turns of one speaker belong to one stretch of speech; without times, all do."""
    turns = nodding.call.turns
    gap = turns[before].gap_s(turns[after])
    return gap is None or gap < nodding.same_breath_s


def _own_speech(nodding: _Nodding, turn: int, run: _Run) -> bool:
    """Whether a turn of nods is part of its speaker's own speech: a tag behind it, a pause within it, or its opening."""
    own, turns = nodding.own, nodding.call.turns
    words = nodding.call.words[run.first : run.last]
    if words[0] in own["sounds"]:
        return False
    if not turn:
        return words[0] not in own["yes"]  # nothing was said yet that it could follow; a yes may answer what was not recorded
    before = _own_near(nodding, turn, -1)
    if turns[turn].start is None or turns[turn].end is None:
        return before == turn - 1
    spoke = before is not None and _follows(nodding, before, turn)
    if spoke and words[-1] in own["tags_after_speech"]:
        return True
    after = _own_near(nodding, turn, 1)
    if after is None or (gap := turns[turn].gap_s(turns[after])) is None or gap >= nodding.same_breath_s:
        return False
    if gap < nodding.no_breath_s or spoke:
        return True
    return words[-1] in own["tags"] and not _spoken_over(nodding, turn)


def _own_near(nodding: _Nodding, turn: int, step: int) -> int | None:
    """The next turn before or after in which the same speaker says more than a nod; None where a nod or nothing is near."""
    turns, near = nodding.call.turns, nodding.near_turns
    speaker = turns[turn].speaker
    end = min(len(turns), turn + near + 1) if step > 0 else max(-1, turn - near - 1)
    for at in range(turn + step, end, step):
        if turns[at].speaker == speaker:
            return None if at in nodding.alone else at
    return None


def _spoken_over(nodding: _Nodding, turn: int) -> bool:
    """Whether somebody else says more than a nod while this turn is spoken."""
    turns = nodding.call.turns
    at = turns[turn]
    near = range(max(0, turn - nodding.near_turns), min(len(turns), turn + nodding.near_turns + 1))
    return any(turns[k].speaker != at.speaker and k not in nodding.alone and (at.overlap_s(turns[k]) or 0.0) > 0 for k in near)


def _answers(nodding: _Nodding, turn: int, run: _Run) -> bool:
    """Whether a yes answers a question."""
    call, own = nodding.call, nodding.own
    words = call.words
    begin, end, _ = run
    if words[begin] not in own["yes"] and words[end - 1] not in own["yes"]:
        return False
    before = nodding.others[turn]
    if before < 0 or (words[begin] in own["sounds"] and words[call.bounds[before][1] - 1] != "?"):
        return False
    return turn_ends_asking(call, before)
