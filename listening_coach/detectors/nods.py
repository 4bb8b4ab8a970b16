"""Verbal nods: the short words by which a listener shows that they follow, without taking the floor.

A nod stands as a turn of its own, or opens a reply to what was just said. The same word is no nod where it answers a
question ("yes"), tags the speaker's own words ("…, right?"), or carries on the speaker's own speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.normaliser import BOUNDARIES, SENTENCE_ENDS, TURN_END
from ..moments import Moment
from ..transcript import UNKNOWN
from . import Found, per_behaviour
from .phrases import standing
from .sides import others_before

# Words that may stand beside nods in a turn that is nothing else.
_BESIDE = frozenset(("then", "and", "well", "so", "but", "sir", "madam", "love", "mate", "oh", "ah"))
_BESIDE_OR_END = _BESIDE | BOUNDARIES
# What answers a question that wants a yes or a no; "right" and "okay" take an answer in instead.
_YES = frozenset(("yes", "yeah", "yep", "sure", "uh-huh", "mm-hmm", "aye", "exactly", "absolutely", "course"))
# Sounds that nobody uses to carry on their own speech.
_SOUNDS = frozenset(("uh-huh", "mm-hmm", "mm", "hmm"))
# After the speaker's own words these ask for a nod rather than give one.
_TAGS = ("right", "huh", "okay")
# A speaker who has spoken, or speaks on, within this time holds the floor.
_SAME_BREATH_S = 0.6
_NO_BREATH_S = 0.1
# How many turns to either side may lie between a nod and its speaker's next words, or somebody else's speech around it.
_NEAR_TURNS = 8

_AUXILIARIES = frozenset(
    ("do", "did", "does", "have", "has", "had", "can", "could", "would", "will", "shall", "should", "is", "are", "am", "was", "were", "may")
)
_BE = frozenset(("is", "are", "am", "was", "were", "have", "has", "had"))
_SUBJECTS = frozenset(("you", "i", "we", "he", "she", "they", "it", "that", "this", "there", "the", "your", "anyone", "anybody"))
_TAG_SUBJECTS = frozenset(("you", "i", "we", "he", "she", "they", "it", "there"))
_SPOKEN_TO = frozenset(("you", "i", "we"))
_BEFORE_QUESTIONS = frozenset(
    ("and", "so", "but", "or", "well", "okay", "yeah", "right", "oh", "then", "now", "yes", "no", "just", "please", "sorry", "also")
)
_NOT_ASKING_AFTER = frozenset(("so", "neither", "nor", "as", "than", "like", "only", "that"))
_WH = frozenset(("what", "how", "when", "where", "who", "why", "which", "whose"))
# Before these a yes grants or asks.
_NOT_AFTER_YES = frozenset(("please", "certainly", "no"))
# A nod that follows a word or two of one's own, such as what is repeated, stands within so many words of the turn's beginning.
_SOON_WORDS = 8
# A question in text without signs lies among a turn's last words.
_REACH_WORDS = 14


class _Run(NamedTuple):
    """Nods side by side in one turn: its words from ``first`` to before ``last`` and the phrase that is longest."""

    first: int
    last: int
    best: Hit


class _Nodding(NamedTuple):
    """What is looked up for each nod of a call: the turns ``alone`` that are nothing but a nod, whether several speak without
    roles, and for each turn the nearest before it of somebody else."""

    call: Call
    alone: set[int]
    only_alone: frozenset[str]
    meeting: bool
    others: list[int]


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments in which a listener nods in words, every speaker's."""
    runs = _runs(call, standing(call, behaviour))
    alone = {turn for turn, found in runs.items() if len(found) == 1 and _is_all(call, turn, found[0])}
    nodding = _Nodding(call, alone, _only_alone(behaviour), _is_meeting(call), others_before(call))
    moments: list[Moment] = []
    for turn, found in runs.items():
        latest = call.bounds[turn][0] + _SOON_WORDS
        for run in found:
            if run.first > latest and turn not in alone:
                break  # none of the turn's further runs is a nod either
            place = _place(nodding, turn, run)
            if place:
                first, last, (_, _, _, rule) = run
                moments.append(call.moment(behaviour.id, turn, first, last, kind=rule.kind, rule=rule.pattern, place=place))
    return Found(moments, [])


@per_behaviour
def _only_alone(behaviour: Behaviour) -> frozenset[str]:
    """The phrases that are nods only where nothing is said besides."""
    return frozenset(behaviour.words.get("alone", ()))


def _place(nodding: _Nodding, turn: int, run: _Run) -> str:
    """Where a nod stands: it is the "turn", its "opening", or comes "later" in it; empty where it is no nod."""
    call, alone, only_alone, _, _ = nodding
    if turn in alone:
        return "" if _own_speech(call, turn, run, alone) or _answers(nodding, turn, run) else "turn"
    begin, end, _ = run
    if begin == call.bounds[turn][0]:
        return "opening" if _opens(nodding, turn, run) and not _answers(nodding, turn, run) else ""
    words = call.words
    if words[begin - 1] not in SENTENCE_ENDS or words[end] not in BOUNDARIES:
        return ""
    # "Thursday. Okay." takes in what was said; "Thursday. Yes." confirms it.
    return "later" if words[end - 1] not in _YES and not _is_only(call, run, only_alone) else ""


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


def _is_all(call: Call, turn: int, run: _Run) -> bool:
    """Whether a run of nods is all that the turn says."""
    first, last = call.bounds[turn]
    begin, end, _ = run
    if last - first == end - begin:
        return True
    return _BESIDE_OR_END.issuperset(call.words[first:begin]) and _BESIDE_OR_END.issuperset(call.words[end:last])


def _opens(nodding: _Nodding, turn: int, run: _Run) -> bool:
    """Whether nods at the beginning of a turn acknowledge what was said before it."""
    call, alone, only_alone, meeting, _ = nodding
    last, after = call.words[run.last - 1], call.words[run.last]
    if (after not in SENTENCE_ENDS or last == "oh") and _is_only(call, run, only_alone):
        return False
    if last in _YES and after in _NOT_AFTER_YES and (last, after) != ("yeah", "no"):
        return False
    if meeting:
        return False  # among several without roles nobody knows whom the word answers
    at = call.turns[turn]
    if turn and turn - 1 not in alone and at.start is not None and call.turns[turn - 1].speaker == at.speaker:
        return not _follows(call, turn - 1, turn)
    return True


def _is_meeting(call: Call) -> bool:
    """Whether more than two speak and none of them is known as agent or customer."""
    return all(t.role is UNKNOWN for t in call.turns) and len(call.transcript.speakers) > 2


def _follows(call: Call, before: int, after: int) -> bool:
    """Whether two turns of one speaker belong to one stretch of speech; without times, all do."""
    gap = call.turns[before].gap_s(call.turns[after])
    return gap is None or gap < _SAME_BREATH_S


def _own_speech(call: Call, turn: int, run: _Run, alone: set[int]) -> bool:
    """Whether a turn of nods is part of its speaker's own speech: a tag behind it, a pause within it, or its opening."""
    words = call.words[run.first : run.last]
    turns = call.turns
    if words[0] in _SOUNDS:
        return False
    if not turn:
        return words[0] not in _YES  # nothing was said yet that it could follow; a yes may answer what was not recorded
    before = _own_near(call, turn, -1, alone)
    if turns[turn].start is None or turns[turn].end is None:
        return before == turn - 1
    spoke = before is not None and _follows(call, before, turn)
    if spoke and words[-1] in _TAGS[:2]:
        return True
    after = _own_near(call, turn, 1, alone)
    if after is None or (gap := turns[turn].gap_s(turns[after])) is None or gap >= _SAME_BREATH_S:
        return False
    if gap < _NO_BREATH_S or spoke:
        return True
    return words[-1] in _TAGS and not _spoken_over(call, turn, alone)


def _own_near(call: Call, turn: int, step: int, alone: set[int]) -> int | None:
    """The next turn before or after in which the same speaker says more than a nod; None where a nod or nothing is near."""
    turns = call.turns
    speaker = turns[turn].speaker
    end = min(len(turns), turn + _NEAR_TURNS + 1) if step > 0 else max(-1, turn - _NEAR_TURNS - 1)
    for at in range(turn + step, end, step):
        if turns[at].speaker == speaker:
            return None if at in alone else at
    return None


def _spoken_over(call: Call, turn: int, alone: set[int]) -> bool:
    """Whether somebody else says more than a nod while this turn is spoken."""
    turns = call.turns
    at = turns[turn]
    near = range(max(0, turn - _NEAR_TURNS), min(len(turns), turn + _NEAR_TURNS + 1))
    return any(turns[k].speaker != at.speaker and k not in alone and (at.overlap_s(turns[k]) or 0.0) > 0 for k in near)


def _answers(nodding: _Nodding, turn: int, run: _Run) -> bool:
    """Whether a yes answers a question."""
    call = nodding.call
    words = call.words
    begin, end, _ = run
    if words[begin] not in _YES and words[end - 1] not in _YES:
        return False
    before = nodding.others[turn]
    if before < 0 or (words[begin] in _SOUNDS and words[call.bounds[before][1] - 1] != "?"):
        return False
    return asks(call, before)


def asks(call: Call, turn: int) -> bool:
    """Whether a turn ends in a question: by its sign, or where there are none by words in the order of a yes-or-no question."""
    first, last = call.bounds[turn]
    words = call.words
    if last > first and words[last - 1] in SENTENCE_ENDS:
        return words[last - 1] == "?"
    begin = max(first, last - _REACH_WORDS)
    asking = () if _AUXILIARIES.isdisjoint(words[begin:last]) else range(begin, last - 1)
    for k in asking:
        word, after = words[k], words[k + 1]
        if word not in _AUXILIARIES or after not in _SUBJECTS:
            continue
        before = words[k - 1] if k > first else TURN_END
        if k == last - 2 and before in _NOT_ASKING_AFTER:
            continue  # "so do I"
        if before in _BEFORE_QUESTIONS or before in BOUNDARIES:
            return True
        if k == last - 2 and after in _TAG_SUBJECTS:
            return True  # "…, is it"
        if after in _SPOKEN_TO and word not in _BE and before not in _WH and before not in _NOT_ASKING_AFTER:
            return True
    if last - first > 3 and words[last - 1] in _TAG_SUBJECTS and words[last - 2] == "not" and words[last - 3] in _AUXILIARIES:
        return True  # "…, isn't it"
    return last > first and words[last - 1] == "or"
