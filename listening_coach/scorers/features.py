"""What a scorer sees of a turn: its words and word classes, those of the turns around it, and signs.

Words are those of the language's normaliser without the ends of sentences, so that punctuated and plain text read alike.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
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


class Neighbours(NamedTuple):
    """The turns around a turn: up to two of the other side before, its reply, and the speaker's own next and previous turn; -1 for none."""

    before: tuple[int, ...]
    reply: int
    next: int
    previous: int


# The names of a turn's features by part.
TurnFeatures = Mapping[str, Collection[str]]


def features(call: Call, moments: Iterable[Moment], occasions: Iterable[Occasion], classes: Classes) -> list[TurnFeatures]:
    """The features of each turn of a call in which the rules found these moments and occasions; a feature may stand twice in a part."""
    around = neighbours(call)
    named = signs(call, around, moments, occasions)
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
    roles = [turn.role for turn in call.turns]
    count = len(roles)
    found = []
    for i, role in enumerate(roles):
        before: list[int] = []
        previous = -1
        for j in range(i - 1, max(-1, i - 1 - _REACH_BEFORE), -1):
            if roles[j] is not role:
                before.append(j)
            elif previous < 0:
                previous = j
        reply = after = -1
        for j in range(i + 1, min(count, i + 1 + _REACH_AFTER)):
            if roles[j] is not role:
                reply = j
                break
        if reply >= 0:
            for j in range(reply + 1, min(count, reply + 1 + _REACH_AFTER)):
                if roles[j] is role:
                    after = j
                    break
        found.append(Neighbours(tuple(before[:2]), reply, after, previous))
    return found


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

    def of(self, words: Sequence[str]) -> list[str]:
        """The words with those that belong to a class replaced by its name."""
        return self.placed(words)[0]

    def placed(self, words: Sequence[str]) -> tuple[list[str], list[int]]:
        """The words with those that belong to a class replaced by its name, and which word each begins with."""
        get, several, lengths = self._one.get, self._several, self._lengths
        found: list[str | None] = list(map(get, words, words))
        free = 0
        for i in [i for i, pair in enumerate(pairwise(words)) if pair in lengths]:
            if i < free:
                continue
            for size in lengths[words[i], words[i + 1]]:
                run = tuple(words[i : i + size])
                name = several.get(run)
                if name is not None:
                    free = i + len(run)
                    found[i:free] = [name] + [None] * (len(run) - 1)
                    break
        return [name for name in found if name is not None], [i for i, name in enumerate(found) if name is not None]


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


def signs(call: Call, around: Sequence[Neighbours], moments: Iterable[Moment], occasions: Iterable[Occasion]) -> list[set[str]]:
    """The signs of each turn, by name and in no order."""
    found = [set(_place(call, i)) for i in range(len(call.turns))]
    for names, pairs in zip(found, _pairs(call, around), strict=True):
        names.update(pairs)
    last = len(found)
    for turn, name in {*_findings(moments, occasions)}:
        for at, near in zip(range(turn + _REACH_FINDINGS, turn - _REACH_FINDINGS - 1, -1), _near(name), strict=True):
            if 0 <= at < last:
                found[at].add(near)
    return found


@cache
def _near(name: str) -> tuple[str, ...]:
    """The signs of a finding in the turns around it, from the one farthest behind it to the one farthest before."""
    return tuple(f"{step:+d} {name}" for step in range(-_REACH_FINDINGS, _REACH_FINDINGS + 1))


def _findings(moments: Iterable[Moment], occasions: Iterable[Occasion]) -> Iterator[tuple[int, str]]:
    for moment in moments:
        yield moment.turn, moment.behaviour
        if moment.kind:
            yield moment.turn, f"{moment.behaviour}.{moment.kind}"
    for occasion in occasions:
        yield occasion.turn, f"occasion {occasion.behaviour}"


def _place(call: Call, turn: int) -> tuple[str, ...]:
    """Where in the call a turn stands, how long it is and whether it asks."""
    count = len(call.turns)
    first, last = call.bounds[turn]
    after = sum(turn > share * count for share in _PLACES)
    size = min(call.spoken(turn), _LENGTHS[-1] + 1)
    return _place_names(size, after, turn >= count - 4, turn < 3, "?" in call.words[first:last])


@cache
def _place_names(size: int, after: int, near_end: bool, near_beginning: bool, asks: bool) -> tuple[str, ...]:
    """The names for where a turn stands; ``after`` is how many of the places lie before it."""
    named = {"near the end": near_end, "near the beginning": near_beginning, "asks": asks}
    return (
        *(f"length up to {most}" for most in _LENGTHS if size <= most),
        *(f"place after {share}" for share in _PLACES[:after]),
        *(name for name, holds in named.items() if holds),
    )


def _pairs(call: Call, around: Sequence[Neighbours]) -> Iterator[list[str]]:
    """How much of what the other side said a turn takes up, and how much of what its speaker said before it repeats."""
    keys = said(call)
    told: dict[bool, set[str]] = {True: set(), False: set()}
    earlier: dict[bool, deque[set[str]]] = {True: deque(maxlen=_EARLIER_TURNS), False: deque(maxlen=_EARLIER_TURNS)}
    for i, turn in enumerate(call.turns):
        own, agent = keys[i], turn.role is AGENT
        names: list[str] = []
        before = around[i].before
        if own:
            near = keys[before[0]] if len(before) == 1 else set().union(*(keys[j] for j in before))
            names += _shared("near", own, own & near, len(near))
            if before:
                names += _shared("last", own, own & keys[before[0]], len(keys[before[0]]))
            other = told[not agent]
            names += _shared("told", own, (own & other) - near, len(other) - len(other & near))
        if len(own) > 1:
            again = max((len(own & other) / len(own | other) for other in earlier[agent] if not own.isdisjoint(other)), default=0.0)
            names += [f"own words again {share}" for share in _AGAIN if again >= share]
        if turn.role in (AGENT, CUSTOMER):
            told[agent] |= own
            if len(own) > 1:
                earlier[agent].append(own)
        yield names


def _shared(name: str, own: set[str], both: set[str], theirs: int) -> tuple[str, ...]:
    """How many of a turn's keys are also the other side's, what part of its own and of ``theirs`` that is, and how many are new."""
    new = min(len(own) - len(both), _COUNTS[-1])
    if not both:
        return _nothing_shared(name, new)
    number = any(key[0].isdigit() for key in both)
    return _some_shared(name, min(len(both), _COUNTS[-1]), new, _step(len(both) / len(own)), _step(len(both) / theirs), number)


def _step(share: float) -> float:
    """The highest of the shares that are told apart which a share reaches; 0 for none."""
    return max((least for least in _SHARES if share >= least), default=0.0)


@cache
def _nothing_shared(name: str, new: int) -> tuple[str, ...]:
    return tuple(f"{name} new {count}" for count in _COUNTS if new >= count)


@cache
def _some_shared(name: str, both: int, new: int, of_own: float, of_theirs: float, number: bool) -> tuple[str, ...]:
    """The names for what two sets share; each count and share also stands for those below it."""
    return (
        *(f"{name} shared {count}" for count in _COUNTS if both >= count),
        *(f"{name} of own {least}" for least in _SHARES if of_own >= least),
        *(f"{name} of theirs {least}" for least in _SHARES if of_theirs >= least),
        *([f"{name} number"] if number else []),
        *_nothing_shared(name, new),
    )
