"""Closing recaps: which of the customer's points there are, which a recap covers, and which it leaves out.

A recap stands in the last part of a call. Most say what they are ("just to recap", "let me run back over that"); one that
does not gathers several of the customer's points. A point is a clause of the customer's that carries a wish, trouble, a
number or date, a name, or what the call keeps coming back to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from math import fsum
from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call
from ..language.clauses import asks, clauses, sentences, turn_sentences
from ..language.language import Language
from ..moments import Moment
from ..transcript import Role
from . import lists_of, per_behaviour, setting
from .content_keys import is_number, key_row, keys, keys_in, keys_of, said

# A turn of no more words, its closing sign among them, is a nod.
NOD_WORDS = 3
# A recap may go on in so many turns behind its first.
_GOES_ON_TURNS = 4
# Of the topics that a point touches so many count.
_MOST_TOPICS = 3
# A letter that is no small one; those of other alphabets are looked at closer.
_CAPITAL = re.compile(r"(?!I\b)[^\W\d_a-z]")


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
    lists = _lists(behaviour, call.language)
    late = setting(behaviour, "recap_from") * len(call.words)
    least = setting(behaviour, "recap_least_words")
    found: list[Moment] = []
    taken = -1
    for hit in call.hits_of(behaviour.id, "recap"):
        if hit.turn > taken and hit.first >= late and call.turns[hit.turn].role is Role.AGENT:
            end = _statement_end(call, hit.turn, hit.first, lists)
            if end - hit.first >= least:
                taken, moment, _ = _recap(call, behaviour, hit.turn, hit.first, end, hit.rule.pattern)
                found.append(moment)
    return found or _gathered(call, behaviour, lists)


def _gathered(call: Call, behaviour: Behaviour, lists: _Lists) -> list[Moment]:
    """The one statement near the end that gathers most of the customer's points without saying that it does."""
    very_late = setting(behaviour, "short_recap_from") * len(call.words)
    least, least_unsaid, covers = (setting(behaviour, name) for name in ("recap_least_words", "unsaid_recap_words", "recap_covers"))
    best: tuple[float, Moment] | None = None
    for turn in range(len(call.bounds) - 1, -1, -1):
        first, last = call.bounds[turn]
        if first < very_late:
            break
        if last - first < least_unsaid or call.turns[turn].role is not Role.AGENT or not _may_gather(call, turn):
            continue
        while first < last and call.words[first] in lists.recap_openers:
            first += 1
        end = _statement_end(call, turn, first, lists)
        if end - first < least or not lists.tells_otherwise.isdisjoint(call.words[first:end]):
            continue
        _, moment, covered = _recap(call, behaviour, turn, first, end, "gathers the customer's points")
        so = call.words[first] == "so"
        needed = 1.0 if so and any(map(is_number, keys(call, turn, first, end))) else setting(behaviour, "recap_points")
        weight = fsum(p.weight for p in covered)
        if len(covered) >= needed and (so or moment.details["coverage"] >= covers) and (best is None or weight > best[0]):
            best = weight, moment
    return [best[1]] if best else []


def _recap(call: Call, behaviour: Behaviour, turn: int, begin: int, end: int, rule: str) -> tuple[int, Moment, list[Point]]:
    """A recap from ``begin``, going on in the agent's next turns where the customer only nods: its last turn, its moment, what it covers."""
    lists = _lists(behaviour, call.language)
    recapped = keys(call, turn, begin, end)
    last_turn = turn
    for later in range(turn + 1, min(len(call.turns), turn + 1 + _GOES_ON_TURNS)):
        first, last = call.bounds[later]
        if call.turns[later].role is Role.AGENT:
            last_turn = later
            recapped |= keys(call, later, first, _statement_end(call, later, first, lists))
        elif last - first > NOD_WORDS + 1:
            break
    before = [p for p in points(call, behaviour) if p.turn < turn]
    covered = [p for p in before if _covers(p, recapped)]
    weight = fsum(p.weight for p in before)
    moment = call.moment(
        behaviour.id, turn, begin, end, kind="recap", rule=rule, because=("sums up what was said and agreed",),
        coverage=round(fsum(p.weight for p in covered) / weight, 2) if weight else None,
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


def _statement_end(call: Call, turn: int, begin: int, lists: _Lists) -> int:
    """Where the statements from ``begin`` end: at the first question of the turn, or at its end."""
    end = begin
    words = call.words
    for first, last in sentences(call, begin, call.bounds[turn][1]):
        body = first
        while body < last and words[body] in lists.before_question:
            body += 1
        if body < last and first > begin and (words[last] == "?" or asks(call.language, words[body:last])):
            break
        end = last
    return end


class _Lists(NamedTuple):
    """The behaviour file's lists that tell points and recaps; ``weak`` holds keys, among them that of words without content."""

    trouble: frozenset[str]
    dates: frozenset[str]
    telling: frozenset[str]
    courtesy: frozenset[str]
    weak: frozenset[str]
    point_openers: frozenset[str]
    recap_openers: frozenset[str]
    before_question: frozenset[str]
    tells_otherwise: frozenset[str]


@per_behaviour
def _lists(behaviour: Behaviour, language: Language) -> _Lists:
    lists = lists_of(behaviour)
    trouble, dates, courtesy = (frozenset(lists.get(name, ())) for name in ("trouble", "dates", "courtesy"))
    weak = frozenset(("", *(keys_of(language)[word] for word in lists.get("weak", ()))))
    around = [frozenset(lists.get(name, ())) for name in ("point_openers", "recap_openers", "before_question", "tells_otherwise")]
    return _Lists(trouble, dates, trouble | dates, courtesy, weak, *around)


# A clause that may be a point, before its words are quoted: its weight, turn, words, keys and the names among these.
_Candidate = tuple[float, int, int, int, set[str], set[str]]


def _points(call: Call, behaviour: Behaviour) -> list[Point]:
    most, longest = int(setting(behaviour, "most_points")), int(setting(behaviour, "longest_point_words"))
    openers = _lists(behaviour, call.language).point_openers
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
            turn, _phrase(call, turn, first, last, openers, longest), frozenset(own),
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
    search = _PointSearch(call, behaviour)
    long_words, opening_turns = setting(behaviour, "opening_words"), setting(behaviour, "opening_turns")
    found: list[_Candidate] = []
    opening, identifying = 0, False
    for turn, (begin, stop) in enumerate(call.bounds):
        if not search.customers[turn]:
            if stop - begin > NOD_WORDS and call.turns[turn].role is Role.AGENT:
                identifying = turn in search.asking  # the answer to who is calling is no point
            continue
        if not search.heard[turn]:
            continue
        at_first = opening < opening_turns
        opening += stop - begin >= long_words and not identifying
        if at_first or search.may_tell(turn):
            found += search.of_turn(turn, at_first=at_first, identifying=identifying)
    return found


class _PointSearch:
    """What tells the customer's points in one call: the file's weights and lists, the topics, and where phrases of wishes begin."""

    def __init__(self, call: Call, behaviour: Behaviour) -> None:
        self.call = call
        self.lists = _lists(behaviour, call.language)
        self.heard = said(call)
        self.keys = key_row(call)
        self.longest = int(setting(behaviour, "longest_point_words"))
        self.weights = {of: setting(behaviour, f"point_{of}") for of in ("wish", "first", "number", "trouble", "topic", "name", "enough")}
        self.customers = [turn.role is Role.CUSTOMER for turn in call.turns]
        times = Counter(chain.from_iterable([of_turn for of_turn, is_one in zip(self.heard, self.customers, strict=True) if is_one]))
        enough_turns = setting(behaviour, "topic_turns")
        self.topics = {k for k, turns in times.items() if turns >= enough_turns} - self.lists.weak
        self.wishes = _places(call, behaviour, "wishes")
        self.unwished = _places(call, behaviour, "small_wishes", "introduces")
        self.asking = _places(call, behaviour, "identifies")

    def may_tell(self, turn: int) -> bool:
        """Whether a turn may hold a point at all: most do not."""
        begin, stop = self.call.bounds[turn]
        of_turn = self.heard[turn]
        return (
            turn in self.wishes
            or not self.lists.telling.isdisjoint(self.call.words[begin:stop])
            or len(of_turn & self.topics) > 1
            or any(map(is_number, of_turn))
        )

    def of_turn(self, turn: int, *, at_first: bool, identifying: bool) -> Iterator[_Candidate]:
        """The candidates of a turn; ``at_first`` is one of the customer's first, ``identifying`` answers who is calling."""
        wished_at, unwished_at = self.wishes.get(turn, ()), self.unwished.get(turn, ())
        for first, last in _pieces(self.call, turn, self.longest):
            wished = bool(wished_at) and any(first <= i < last for i in wished_at)
            if last - first < 2 or (identifying and not wished) or (unwished_at and any(first <= i < last for i in unwished_at)):
                continue
            if candidate := self._weighed(turn, first, last, wished=wished, at_first=at_first):
                yield candidate

    def _weighed(self, turn: int, first: int, last: int, *, wished: bool, at_first: bool) -> _Candidate | None:
        lists, weights = self.lists, self.weights
        row = self.call.words[first:last]
        if not lists.courtesy.isdisjoint(row):
            return None
        own = keys_in(self.keys, self.call.words, first, last) - lists.weak
        if not own:
            return None
        weight = (
            weights["wish"] * wished
            + weights["first"] * at_first
            + weights["number"] * (not lists.dates.isdisjoint(row) or any(map(is_number, own)))
            + weights["trouble"] * (not lists.trouble.isdisjoint(row))
            + weights["topic"] * min(_MOST_TOPICS, len(own & self.topics))
        )
        if weight + weights["name"] < weights["enough"]:
            return None
        names = _names(self.call, turn, first, last) & own
        if len(names) + 1 >= last - first and not wished:
            return None  # a name and nothing else
        weight += weights["name"] * bool(names)
        return (weight, turn, first, last, own, names) if weight >= weights["enough"] else None


def _pieces(call: Call, turn: int, longest: int) -> list[tuple[int, int]]:
    """The sentences of a turn, the long ones parted into clauses."""
    parts: list[tuple[int, int]] | None = None
    found: list[tuple[int, int]] = []
    for sentence in turn_sentences(call)[turn]:
        first, last = sentence
        if last - first <= longest:
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
    words, key = call.words, keys_of(call.language)
    return {k for i in range(first + 1, last) if words[i] != "i" and (k := key[words[i]]) and call.raw(turn, i)[:1].isupper()}


def _phrase(call: Call, turn: int, first: int, last: int, openers: frozenset[str], longest: int) -> str:
    """Words as they stand in the text, without "and", "well" before them; a long clause is cut after whole words."""
    while first < last - 1 and call.words[first] in openers:
        first += 1
    start, end = call.span(turn, first, last)
    text = call.turns[turn].text[start:end].strip()
    pieces = text.split(" ")
    return text if len(pieces) <= longest else " ".join(pieces[:longest]) + " …"
