"""What the customer had to say twice: by their own words for it, and by questions that were asked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from ..behaviours import Behaviour
from ..language.call import Call
from ..moments import Moment
from ..transcript import AGENT
from . import Found, setting, word_sets
from .phrases import standing
from .questions import Question, questions


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments in which someone repeats what they said or asked before; reads ``open_question`` and ``closed_question``."""
    hits = standing(call, behaviour)
    moments = [call.moment(behaviour.id, h.turn, h.first, h.last, kind=h.rule.kind, rule=h.rule.pattern) for h in hits]
    moments += _asked_again(call, behaviour, {m.turn for m in moments})
    # The agent's own "as I said" is no burden on the customer.
    return Found([m for m in moments if m.role is not AGENT], [])


def _asked_again(call: Call, behaviour: Behaviour, told: set[int]) -> list[Moment]:
    share, least = setting(behaviour, "same_share"), setting(behaviour, "same_words")
    own, not_heard = word_sets(call, behaviour), int(setting(behaviour, "not_heard_turns"))
    asked: _Asked = {}
    found = []
    # Questions of the turn at hand, which are not compared with each other.
    turn, of_turn = -1, list[tuple[Question, frozenset[str]]]()
    for q in questions(call, behaviour.reads_from("open_question"), behaviour.reads_from("closed_question")):
        # The agent's are no burden on the customer, whose patience this is about.
        if q.kind in ("tag", "opening", "check") or call.turns[q.turn].role is AGENT:
            continue
        words = _words(call, q, own["telling"])
        if len(words) < least:
            continue
        if q.turn != turn:
            _remember(of_turn, call, asked)
            turn, of_turn = q.turn, []
        of_turn.append((q, words))
        earlier, places = asked.setdefault(call.turns[q.turn].speaker, ([], {}))
        for at in _sharing(words, places, ceil(max(least, share * len(words)))):
            before, same = earlier[at]
            shared = len(words & same)
            if (
                shared >= least
                and shared >= share * max(len(words), len(same))
                and not (q.turn - before.turn <= not_heard and _not_heard(call, before.turn, q.turn, own["pardon"]))
            ):
                if q.turn not in told:
                    found.append(
                        call.moment(
                            behaviour.id,
                            q.turn,
                            q.first,
                            q.last,
                            kind="asked_again",
                            rule="the words of an earlier question",
                            of_turn=before.turn,
                        )
                    )
                break
    return found


# By speaker: what they asked, and for each word the places there of the questions that hold it.
_Asked = dict[str, tuple[list[tuple[Question, frozenset[str]]], dict[str, list[int]]]]


def _remember(given: Sequence[tuple[Question, frozenset[str]]], call: Call, asked: _Asked) -> None:
    """Adds the questions of a turn to those that later ones are compared with."""
    for q, words in given:
        earlier, places = asked.setdefault(call.turns[q.turn].speaker, ([], {}))
        for word in words:
            places.setdefault(word, []).append(len(earlier))
        earlier.append((q, words))


# A question is compared with so many that share a word with it and were asked last: a call may hold thousands.
_MOST_COMPARED = 200


def _sharing(words: frozenset[str], places: Mapping[str, Sequence[int]], need: int) -> list[int]:
    """The places, latest first, of all that share ``need`` of the words, and of some that do not.

    Whatever shares so many holds at least one of the rarest few, so that in a long call a question is not compared with all before.
    """
    known = sorted((places.get(word, ())[-_MOST_COMPARED:] for word in words), key=len)
    return sorted(set().union(*known[: max(0, len(words) - need + 1)]), reverse=True)


def _words(call: Call, q: Question, telling: frozenset[str]) -> frozenset[str]:
    """Stems of a question's words of content, with its question word."""
    words = call.words[q.first : q.last]
    language = call.language
    return frozenset(map(language.stem, filter(language.is_content, words))) | telling.intersection(words)


def _not_heard(call: Call, first: int, again: int, pardon: frozenset[str]) -> bool:
    """Whether nothing but a "sorry?" stands between two askings."""
    return all(call.spoken(t) <= 2 and (call.spoken(t) == 0 or call.turn_words(t)[0] in pardon) for t in range(first + 1, again))
