"""Closing recaps: which of the customer's points there are, which a recap covers, and which it leaves out.

A recap stands in the last part of a call. Most say what they are ("just to recap", "let me run back over that"); one that
does not gathers several of the customer's points. A point is a clause of the customer's that carries a wish, trouble, a
number or date, a name, or what the call keeps coming back to.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call
from ..language.normaliser import SENTENCE_ENDS
from ..moments import Moment
from ..transcript import Role
from .content_keys import asks, clauses, is_number, key, key_row, keys, keys_in, said, sentences, turn_sentences

# Words of a clause beyond which a point is quoted in part.
_LONGEST_POINT = 14
# A letter that is no small one; those of other alphabets are looked at closer.
_CAPITAL = re.compile(r"(?!I\b)[^\W\d_a-z]")
_POINT_OPENERS = frozenset(("and", "but", "so", "because", "or", "well", "yeah", "oh", "okay", "yes", "no", "right", "then"))
_OPENERS = frozenset(
    (*SENTENCE_ENDS, "okay", "right", "yeah", "great", "lovely", "all", "perfect", "brilliant", "oh", "yes", "well", "and", "alrighty")
)
_BEFORE_QUESTION = _OPENERS | frozenset(("so", "but", "because", "or"))
_TELLS_OTHERWISE = frozenset(("if", "unless", "wondering", "whether"))
# A recap has at least so many words, one that does not say what it is more, and the latter covers so much unless "so" opens it.
_LEAST, _LEAST_UNSAID, _MOST = 5, 8, 0.5


class Point(NamedTuple):
    """Something the customer said that a recap should hold: where, their words, what they are compared by, and its weight.

    Any of the ``striking`` keys, which are names and longer numbers, tells by itself that a recap takes the point up.
    """

    turn: int
    text: str
    keys: frozenset[str]
    striking: frozenset[str]
    weight: float


def points(call: Call, behaviour: Behaviour) -> list[Point]:
    """The customer's points, in the order in which they were said."""
    return call.memo(f"points {behaviour.id}", lambda: _points(call, behaviour))


def recaps(call: Call, behaviour: Behaviour) -> list[Moment]:
    """Closing recaps of the agent: those that say what they are, or else the one statement near the end that gathers most."""
    roles = {t.role for t in call.turns}
    if Role.CUSTOMER not in roles or Role.AGENT not in roles:
        return []
    settings = behaviour.settings
    late, very_late = (settings[name] * len(call.words) for name in ("recap_from", "short_recap_from"))
    found: list[Moment] = []
    taken = -1
    for hit in call.hits_of(behaviour.id, "recap"):
        if hit.turn > taken and hit.first >= late and call.turns[hit.turn].role is Role.AGENT:
            end = _statement_end(call, hit.turn, hit.first)
            if end - hit.first >= _LEAST:
                taken, moment, _ = _recap(call, behaviour, hit.turn, hit.first, end, hit.rule.pattern)
                found.append(moment)
    if found:
        return found
    best: tuple[float, Moment] | None = None
    for turn in range(len(call.bounds) - 1, -1, -1):
        first, last = call.bounds[turn]
        if first < very_late:
            break
        if last - first < _LEAST_UNSAID or call.turns[turn].role is not Role.AGENT or not _may_gather(call, turn):
            continue
        while first < last and call.words[first] in _OPENERS:
            first += 1
        end = _statement_end(call, turn, first)
        if end - first < _LEAST or not _TELLS_OTHERWISE.isdisjoint(call.words[first:end]):
            continue
        _, moment, covered = _recap(call, behaviour, turn, first, end, "gathers the customer's points")
        so = call.words[first] == "so"
        needed = 1.0 if so and any(map(is_number, keys(call, turn, first, end))) else settings["recap_points"]
        weight = sum(p.weight for p in covered)
        if len(covered) >= needed and (so or moment.details["coverage"] >= _MOST) and (best is None or weight > best[0]):
            best = weight, moment
    return [best[1]] if best else []


def _recap(call: Call, behaviour: Behaviour, turn: int, begin: int, end: int, rule: str) -> tuple[int, Moment, list[Point]]:
    """A recap from ``begin``, going on in the agent's next turns where the customer only nods: its last turn, its moment, what it covers."""
    recapped = keys(call, turn, begin, end)
    last_turn = turn
    for later in range(turn + 1, min(len(call.turns), turn + 5)):
        first, last = call.bounds[later]
        if call.turns[later].role is Role.AGENT:
            last_turn = later
            recapped |= keys(call, later, first, _statement_end(call, later, first))
        elif last - first > 4:
            break
    before = [p for p in points(call, behaviour) if p.turn < turn]
    covered = [p for p in before if _covers(p, recapped)]
    weight = sum(p.weight for p in before)
    moment = call.moment(
        behaviour.id, turn, begin, end, kind="recap", rule=rule, because=("sums up what was said and agreed",),
        coverage=round(sum(p.weight for p in covered) / weight, 2) if weight else None,
        covered=tuple(p.text for p in covered), missed=tuple(p.text for p in before if p not in covered),
    )  # fmt: skip
    return last_turn, moment, covered


def _covers(point: Point, recapped: set[str]) -> bool:
    """Whether a recap takes up a point: something striking of it, two of its words, or half of them."""
    shared = len(point.keys & recapped)
    return shared >= 2 or (shared == 1 and len(point.keys) <= 2) or not point.striking.isdisjoint(recapped)


def _may_gather(call: Call, turn: int) -> bool:
    """Whether a turn may be a recap without saying so: it opens with "so", or holds two numbers or dates."""
    first = call.bounds[turn][0]
    return "so" in call.words[first : first + 4] or sum(map(is_number, said(call)[turn])) >= 2


def _statement_end(call: Call, turn: int, begin: int) -> int:
    """Where the statements from ``begin`` end: at the first question of the turn, or at its end."""
    end = begin
    words = call.words
    for first, last in sentences(call, begin, call.bounds[turn][1]):
        body = first
        while body < last and words[body] in _BEFORE_QUESTION:
            body += 1
        if body < last and first > begin and (words[last] == "?" or asks(words[body:last])):
            break
        end = last
    return end


class _Lists(NamedTuple):
    """The behaviour file's lists that tell points; ``weak`` holds keys, among them that of words without content."""

    trouble: frozenset[str]
    dates: frozenset[str]
    telling: frozenset[str]
    courtesy: frozenset[str]
    weak: frozenset[str]


@lru_cache(maxsize=8)
def _lists(trouble: tuple[str, ...], dates: tuple[str, ...], courtesy: tuple[str, ...], weak: tuple[str, ...]) -> _Lists:
    return _Lists(
        frozenset(trouble), frozenset(dates), frozenset(trouble + dates), frozenset(courtesy), frozenset(("", *map(key, weak)))
    )  # fmt: skip


# A clause that may be a point, before its words are quoted: its weight, turn, words, keys and the names among these.
_Candidate = tuple[float, int, int, int, set[str], set[str]]


def _points(call: Call, behaviour: Behaviour) -> list[Point]:
    most = int(behaviour.settings["most_points"])
    kept: list[_Candidate] = []
    # The weightiest first, of two the earlier one; one that says much the same as one before is left out.
    for candidate in sorted(_candidates(call, behaviour), key=_weightiest):
        if len(kept) == most:
            break
        own = candidate[4]
        if not any(len(own & other[4]) * 2 > min(len(own), len(other[4])) for other in kept):
            kept.append(candidate)
    kept.sort(key=_by_turn)
    return [
        Point(
            turn, _phrase(call, turn, first, last), frozenset(own),
            frozenset(names.union(k for k in own if is_number(k) and len(k) > 1)), weight,
        )
        for weight, turn, first, last, own, names in kept
    ]  # fmt: skip


def _weightiest(candidate: _Candidate) -> tuple[float, int]:
    return -candidate[0], candidate[1]


def _by_turn(candidate: _Candidate) -> int:
    return candidate[1]


def _candidates(call: Call, behaviour: Behaviour) -> list[_Candidate]:
    """The clauses of the customer's that weigh enough to be points, in order."""
    settings, words, heard, row = behaviour.settings, call.words, said(call), key_row(call)
    lists = _lists(*(tuple(behaviour.words.get(name, ())) for name in ("trouble", "dates", "courtesy", "weak")))
    _, dates, telling, courtesy, weak = lists
    no_trouble = lists.trouble.isdisjoint
    customers = [turn.role is Role.CUSTOMER for turn in call.turns]
    times = Counter(chain.from_iterable([of_turn for of_turn, customer in zip(heard, customers, strict=True) if customer]))
    enough_turns = settings["topic_turns"]
    topics = {k for k, count in times.items() if count >= enough_turns} - weak
    wish, at_first_, number, trouble, topic, name, enough = (
        settings[f"point_{of}"] for of in ("wish", "first", "number", "trouble", "topic", "name", "enough")
    )
    wishes, unwished, asking = (
        _places(call, behaviour, *groups) for groups in (("wishes",), ("small_wishes", "introduces"), ("identifies",))
    )
    found: list[_Candidate] = []
    opening, identifying = 0, False
    for turn, (begin, stop) in enumerate(call.bounds):
        if not customers[turn]:
            if stop - begin > 3 and call.turns[turn].role is Role.AGENT:
                identifying = turn in asking  # the answer to who is calling is no point
            continue
        of_turn = heard[turn]
        if not of_turn:
            continue
        at_first = opening < 2
        opening += stop - begin >= 8 and not identifying
        if not (
            at_first
            or turn in wishes
            or not telling.isdisjoint(words[begin:stop])
            or len(of_turn & topics) > 1
            or any(map(is_number, of_turn))
        ):
            continue
        wished_at, unwished_at = wishes.get(turn, ()), unwished.get(turn, ())
        for first, last in _pieces(call, turn):
            wished = bool(wished_at) and any(first <= i < last for i in wished_at)
            if last - first < 2 or (identifying and not wished) or (unwished_at and any(first <= i < last for i in unwished_at)):
                continue
            said_ = words[first:last]
            if not courtesy.isdisjoint(said_):
                continue
            own = keys_in(row, words, first, last) - weak
            if not own:
                continue
            weight = (
                wish * wished
                + at_first_ * at_first
                + number * (not dates.isdisjoint(said_) or any(map(is_number, own)))
                + trouble * (not no_trouble(said_))
                + topic * min(3, len(own & topics))
            )
            if weight + name < enough:
                continue
            names = _names(call, turn, first, last) & own
            if len(names) + 1 >= last - first and not wished:
                continue  # a name and nothing else
            weight += name * bool(names)
            if weight >= enough:
                found.append((weight, turn, first, last, own, names))
    return found


def _pieces(call: Call, turn: int) -> list[tuple[int, int]]:
    """The sentences of a turn, the long ones parted into clauses."""
    parts: list[tuple[int, int]] | None = None
    found: list[tuple[int, int]] = []
    for sentence in turn_sentences(call)[turn]:
        first, last = sentence
        if last - first <= _LONGEST_POINT:
            found.append(sentence)
        else:
            parts = parts or clauses(call)[turn]
            found += [(a, b) for a, b in parts if first <= a and b <= last]
    return found


def _places(call: Call, behaviour: Behaviour, *groups: str) -> dict[int, list[int]]:
    """Where phrases of these lists begin, by turn."""
    found: dict[int, list[int]] = {}
    for group in groups:
        for hit in call.hits_of(behaviour.id, group):
            found.setdefault(hit.turn, []).append(hit.first)
    return found


def _names(call: Call, turn: int, first: int, last: int) -> set[str]:
    """The keys of the names in a range of words: those with a capital letter within a sentence that is not all capitals."""
    text = call.turns[turn].text
    start, end = call.span(turn, first, last)
    # Most clauses have no capital but the first and "I".
    if not _CAPITAL.search(text, start + 1, end) or text[start:end].isupper():
        return set()
    words = call.words
    return {k for i in range(first + 1, last) if words[i] != "i" and (k := key(words[i])) and call.raw(turn, i)[:1].isupper()}


def _phrase(call: Call, turn: int, first: int, last: int) -> str:
    """Words as they stand in the text, without "and", "well" before them; a long clause is cut after whole words."""
    while first < last - 1 and call.words[first] in _POINT_OPENERS:
        first += 1
    start, end = call.span(turn, first, last)
    text = call.turns[turn].text[start:end].strip()
    pieces = text.split(" ")
    return text if len(pieces) <= _LONGEST_POINT else " ".join(pieces[:_LONGEST_POINT]) + " …"
