"""What a scorer sees of a turn: its words and word classes, those of the turns around it, and signs.

Words are those of the language's normaliser without the ends of sentences, so that punctuated and plain text read alike.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, pairwise
from typing import NamedTuple

from ..detectors.content_keys import said
from ..language.call import Call
from ..language.normaliser import BOUNDARIES
from ..moments import Moment, Occasion
from ..transcript import AGENT, CUSTOMER

# The parts of a feature's name: where the words stand, seen from the turn that is scored.
SELF, BEFORE, REPLY, NEXT, PREVIOUS, SIGN = "self", "before", "reply", "next", "previous", "sign"
PARTS = (SELF, BEFORE, REPLY, NEXT, PREVIOUS)
# Longest runs of words that are looked at in the turn itself and in the turns around it.
LONGEST, LONGEST_AROUND = 3, 2
# How far away a turn may stand to count as what came before, the reply, or the speaker's own next or previous turn.
_REACH_BEFORE, _REACH_AFTER = 3, 2
# Findings of rules are signs in the turn itself and this many turns around it.
_REACH_FINDINGS = 2
# Where a language keeps its word classes.
CLASSES_FILE = "classes.toml"
# How a turn's beginning and end are written among its words.
BEGIN, END = "^", "$"
_LENGTHS = (1, 2, 4, 7, 12, 20, 35)
_SHARES = (0.25, 0.5, 0.75, 1.0)
_COUNTS = (1, 2, 3, 5, 8)
_PLACES = (0.1, 0.3, 0.6, 0.85)
# How much of one of so many of a speaker's earlier turns is said again.
_AGAIN, _EARLIER_TURNS = (0.4, 0.6, 0.8), 12
_NO_KEYS: frozenset[str] = frozenset()
_NO_NAMES: tuple[str, ...] = ()


class Neighbours(NamedTuple):
    """The turns around a turn: up to two of the other side before, its reply, and the speaker's own next and previous turn; -1 for none."""

    before: tuple[int, ...]
    reply: int
    next: int
    previous: int


# The names of several features.
Names = tuple[str, ...]
# The names of a turn's features by part.
TurnFeatures = Mapping[str, Collection[str]]


def features(call: Call, moments: Iterable[Moment], occasions: Iterable[Occasion], classes: Classes) -> list[TurnFeatures]:
    """The features of each turn of a call in which the rules found these moments and occasions; a feature may stand twice in a part."""
    around = neighbours(call)
    named = [set(chain.from_iterable(groups)) for groups in signs(call, around, moments, occasions)]
    said_as = [(own, classes.of(own)) for own in turn_words(call)]
    words = [grams(*each) for each in said_as]
    near_words = [grams_around(*each) for each in said_as]
    nothing: set[str] = set()
    return [
        {
            SELF: words[i],
            BEFORE: [name for j in near.before for name in near_words[j]],
            REPLY: near_words[near.reply] if near.reply >= 0 else nothing,
            NEXT: near_words[near.next] if near.next >= 0 else nothing,
            PREVIOUS: near_words[near.previous] if near.previous >= 0 else nothing,
            SIGN: named[i],
        }
        for i, near in enumerate(around)
    ]


def neighbours(call: Call) -> list[Neighbours]:
    """The turns around each turn of a call."""
    # A letter a role: their names begin with different ones.
    roles = "".join([turn.role[0] for turn in call.turns])
    found = []
    for i in range(len(roles)):
        begin = max(0, i - _REACH_BEFORE)
        before, reply, after, previous = _in_window(roles[begin : i + 1 + 2 * _REACH_AFTER], i - begin)
        # Each place is told from the turn itself; 0 stands for none.
        found.append(
            Neighbours(
                tuple([i + step for step in before]),
                i + reply if reply else -1,
                i + after if after else -1,
                i + previous if previous else -1,
            )
        )
    return found


@cache
def _in_window(roles: str, turn: int) -> tuple[tuple[int, ...], int, int, int]:
    """How far from a turn its neighbours are, given the roles around it, as ``Neighbours`` has them; 0 for none."""
    role = roles[turn]
    earlier = range(turn - 1, -1, -1)
    before = [j - turn for j in earlier if roles[j] != role]
    previous = next((j - turn for j in earlier if roles[j] == role), 0)
    reply = next((step for step in range(1, _REACH_AFTER + 1) if roles[turn + step : turn + step + 1] not in ("", role)), 0)
    after = 0
    if reply:
        after = next((step for step in range(reply + 1, reply + 1 + _REACH_AFTER) if roles[turn + step : turn + step + 1] == role), 0)
    return tuple(before[:2]), reply, after, previous


class Classes:
    """Word classes: which class a word, or several words together, belong to.

    ``lists`` holds the entries of each class as canonical words. An entry that stands in two classes belongs to the first.
    """

    def __init__(self, lists: Mapping[str, Iterable[Sequence[str]]]) -> None:
        self.names = frozenset(lists)
        self._one: dict[str, str] = {}
        # Entries of several words, and how long those are that begin with two words, the longest first.
        self._several: dict[tuple[str, ...], str] = {}
        lengths: dict[tuple[str, ...], set[int]] = {}
        for name, entries in lists.items():
            for entry in map(tuple, entries):
                if len(entry) == 1:
                    self._one.setdefault(entry[0], f"@{name}")
                elif entry:
                    self._several.setdefault(entry, f"@{name}")
                    lengths.setdefault(entry[:2], set()).add(len(entry))
        self._lengths = {words: tuple(sorted(sizes, reverse=True)) for words, sizes in lengths.items()}

    def of_word(self, word: str) -> str:
        """The name of a word's class, or the word itself where it has none."""
        return self._one.get(word, word)

    def openings(self) -> Collection[tuple[str, ...]]:
        """The two words with which entries of several words begin."""
        return self._lengths.keys()

    def of(self, words: Sequence[str]) -> list[str]:
        """The words with those that belong to a class replaced by its name."""
        return [name for name in self.in_place(words) if name is not None]

    def in_place(self, words: Sequence[str]) -> list[str | None]:
        """What ``of`` gives, each at the place of its word: a class of several words stands at the first of them, and None at the others."""
        found: list[str | None] = list(map(self._one.get, words, words))
        for i, size, name in self.several(words, [i for i, pair in enumerate(pairwise(words)) if pair in self._lengths]):
            found[i : i + size] = [name] + [None] * (size - 1)
        return found

    def several(self, words: Sequence[str], places: Iterable[int]) -> Iterator[tuple[int, int, str]]:
        """Entries of several words that stand at ``places``, which are in order: the first word, how many they are, and the class.

        Of entries that begin at a word the longest stands; a word belongs to the first entry that holds it.
        """
        free = 0
        for i in places:
            if i < free:
                continue
            for size in self._lengths.get((words[i], words[i + 1]), ()):
                run = tuple(words[i : i + size])
                name = self._several.get(run)
                if name is not None:
                    free = i + len(run)
                    yield i, len(run), name
                    break


def runs(words: Sequence[str], longest: int) -> Iterator[str]:
    """All runs of up to ``longest`` words."""
    yield from words
    for size in range(2, longest + 1):
        yield from map(" ".join, zip(*(words[i:] for i in range(size)), strict=False))


def turn_words(call: Call) -> list[list[str]]:
    """The words of each turn without the ends of sentences; not to be changed."""
    return call.memo(
        "words of turns", lambda: [[word for word in call.words[first:last] if word not in BOUNDARIES] for first, last in call.bounds]
    )


def grams(words: Sequence[str], classes: Sequence[str]) -> set[str]:
    """The runs of a turn's words and classes, and how the turn begins and ends."""
    framed = [BEGIN, *classes, END] if words else []
    return {*runs(words, LONGEST), *runs(framed, LONGEST)} - {BEGIN, END}


def grams_around(words: Sequence[str], classes: Sequence[str]) -> set[str]:
    """The shorter runs of a turn's words and classes, which count in the turns around it."""
    return {*runs(words, LONGEST_AROUND), *runs(classes, LONGEST_AROUND)}


def signs(call: Call, around: Sequence[Neighbours], moments: Iterable[Moment], occasions: Iterable[Occasion]) -> list[list[Names]]:
    """The signs of each turn by name, in groups of signs that go together: the same few groups come again and again."""
    found = [[*groups] for groups in zip(_places(call), *_pairs(call, around), strict=True)]
    # With turns before the first and behind the last, so that none has too few around it.
    edge: list[list[Names]] = [[] for _ in range(_REACH_FINDINGS)]
    padded = [*edge, *found, *edge]
    for turn, name in {*_findings(moments, occasions)}:
        for own, near in zip(padded[turn : turn + 2 * _REACH_FINDINGS + 1], _near(name), strict=True):
            own.append(near)
    return found


@cache
def _near(name: str) -> tuple[Names, ...]:
    """The signs of a finding in the turns around it, from the one farthest before it to the one farthest behind."""
    return tuple((f"{step:+d} {name}",) for step in range(_REACH_FINDINGS, -_REACH_FINDINGS - 1, -1))


def _findings(moments: Iterable[Moment], occasions: Iterable[Occasion]) -> Iterator[tuple[int, str]]:
    for moment in moments:
        yield moment.turn, moment.behaviour
        if moment.kind:
            yield moment.turn, f"{moment.behaviour}.{moment.kind}"
    for occasion in occasions:
        yield occasion.turn, f"occasion {occasion.behaviour}"


def _places(call: Call) -> Iterator[Names]:
    """Where in the call each turn stands, how long it is and whether it asks."""
    count = len(call.turns)
    begins = [share * count for share in _PLACES]
    for turn, (size, asks) in enumerate(zip(call.all_spoken(), call.in_turns(_is_question_mark), strict=True)):
        after = bisect_left(begins, turn)
        yield _place_names(min(size, _LENGTHS[-1] + 1), after, turn >= count - 4, turn < 3, asks > 0)


def _is_question_mark(word: str) -> bool:
    return word == "?"


@cache
def _place_names(size: int, after: int, near_end: bool, near_beginning: bool, asks: bool) -> Names:
    """The names for where a turn stands; ``after`` is how many of the places lie before it."""
    named = {"near the end": near_end, "near the beginning": near_beginning, "asks": asks}
    return (
        *(f"length up to {most}" for most in _LENGTHS if size <= most),
        *(f"place after {share}" for share in _PLACES[:after]),
        *(name for name, holds in named.items() if holds),
    )


def _pairs(call: Call, around: Sequence[Neighbours]) -> tuple[list[Names], ...]:
    """How much of what the other side said each turn takes up, and how much of what its speaker said before it repeats."""
    keys = said(call)
    told: dict[bool, set[str]] = {True: set(), False: set()}
    earlier: dict[bool, deque[set[str]]] = {True: deque(maxlen=_EARLIER_TURNS), False: deque(maxlen=_EARLIER_TURNS)}
    in_near, in_last, in_told, again = columns = tuple([_NO_NAMES] * len(keys) for _ in range(4))
    for i, turn in enumerate(call.turns):
        own, agent = keys[i], turn.role is AGENT
        if own:
            before = around[i].before
            near = last = keys[before[0]] if before else _NO_KEYS
            if len(before) > 1:
                near = last.union(*[keys[j] for j in before[1:]])
            both = own & near
            in_near[i] = _shared("near", own, both, len(near))
            if before:
                in_last[i] = _shared("last", own, own & last, len(last))
            other = told[not agent]
            in_told[i] = _shared("told", own, (own & other) - both, len(other) - len(other & near))
        if len(own) > 1:
            again[i] = _again_names(bisect_right(_AGAIN, _most_again(own, earlier[agent])))
        if turn.role in (AGENT, CUSTOMER):
            told[agent] |= own
            if len(own) > 1:
                earlier[agent].append(own)
    return columns


def _most_again(own: set[str], earlier: Iterable[set[str]]) -> float:
    """The most that a turn's keys and those of one of its speaker's earlier turns have in common, as a share of both."""
    most = 0.0
    for other in earlier:
        if not own.isdisjoint(other):
            both = len(own & other)
            most = max(most, both / (len(own) + len(other) - both))
    return most


@cache
def _again_names(reached: int) -> Names:
    return tuple(f"own words again {share}" for share in _AGAIN[:reached])


def _shared(name: str, own: set[str], both: set[str], theirs: int) -> Names:
    """How many of a turn's keys are also the other side's, what part of its own and of ``theirs`` that is, and how many are new."""
    count = len(both)
    new = min(len(own) - count, _COUNTS[-1])
    if not count:
        return _nothing_shared(name, new)
    number = any(key[0].isdigit() for key in both)
    return _some_shared(
        name, min(count, _COUNTS[-1]), new, bisect_right(_SHARES, count / len(own)), bisect_right(_SHARES, count / theirs), number
    )


@cache
def _nothing_shared(name: str, new: int) -> Names:
    return tuple(f"{name} new {count}" for count in _COUNTS if new >= count)


@cache
def _some_shared(name: str, both: int, new: int, of_own: int, of_theirs: int, number: bool) -> Names:
    """The names for what two sets share; ``of_own`` and ``of_theirs`` tell how many of the shares are reached. Each count also stands for those below it."""
    return (
        *(f"{name} shared {count}" for count in _COUNTS if both >= count),
        *(f"{name} of own {least}" for least in _SHARES[:of_own]),
        *(f"{name} of theirs {least}" for least in _SHARES[:of_theirs]),
        *([f"{name} number"] if number else []),
        *_nothing_shared(name, new),
    )
