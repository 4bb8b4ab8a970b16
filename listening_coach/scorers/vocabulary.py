"""Finds the features of all words of a call at once, as numbers in arrays.

``features`` gives the same features by name, turn by turn. Scorers are fitted on those, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING, NamedTuple

from ..language.call import Call
from ..language.normaliser import BOUNDARIES
from .features import BEGIN, END, LONGEST, Classes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Stands between turns, where no word can.
_BETWEEN = "\0"


class Spoken(NamedTuple):
    """The features of a call's words: their numbers, and the turn, first word and last word of each, in the order of turns."""

    numbers: NDArray[np.intp]
    turns: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]

    def within(self, ranges: Sequence[tuple[int, int]]) -> list[NDArray[np.intp]]:
        """The numbers of one turn's features that lie within each of these ranges of words, each once and in order.

        The ranges stand in the order of the words and do not overlap.
        """
        import numpy as np

        begins, ends = np.array(ranges, np.intp).T
        at = begins.searchsorted(self.first, "right") - 1
        inside = (at >= 0) & (self.last < ends[at])
        numbers, at = self.numbers[inside], at[inside]
        order = at.argsort(kind="stable")
        return _each_once(numbers[order], at[order], len(ranges))

    def by_turn(self, count: int) -> list[NDArray[np.intp]]:
        """The numbers of the features of each of so many turns, each once and in order."""
        return _each_once(self.numbers, self.turns, count)

    def of_turn(self, turn: int) -> Spoken:
        """The features of one turn, in the order of their numbers."""
        begin, end = self.turns.searchsorted((turn, turn + 1)).tolist()
        return Spoken(*(column[begin:end] for column in self))


def _each_once(numbers: NDArray[np.intp], groups: NDArray[np.intp], count: int) -> list[NDArray[np.intp]]:
    """The numbers of each of so many groups, which stand in order, without those that come a second time."""
    import numpy as np

    new = np.ones(len(numbers), bool)
    new[1:] = (numbers[1:] != numbers[:-1]) | (groups[1:] != groups[:-1])
    return np.split(numbers[new], groups[new].searchsorted(range(1, count)))


class Vocabulary:
    """The features that scorers know, as runs of words and classes; the number of a feature is its place in ``names``."""

    def __init__(self, names: Sequence[str], classes: Classes) -> None:
        import numpy as np

        self._classes = classes
        self._count = len(names)
        runs = [name.split(" ") for name in names]
        self._tokens = {token: i for i, token in enumerate(dict.fromkeys(chain.from_iterable(runs)))}
        # The key of a run is the number of its words in a system of so many digits.
        self._base = len(self._tokens) + 1
        self._keys: list[NDArray[np.int64]] = []
        self._numbers: list[NDArray[np.intp]] = []
        for size in range(1, LONGEST + 1):
            numbers = np.array([number for number, run in enumerate(runs) if len(run) == size], np.intp)
            tokens = np.array([self._tokens[token] for number in numbers.tolist() for token in runs[number]], np.int64)
            keys = tokens.reshape(-1, size) @ np.array([self._base**place for place in range(size - 1, -1, -1)], np.int64)
            order = np.argsort(keys)
            self._keys.append(keys[order])
            self._numbers.append(numbers[order])

    def find(self, call: Call) -> Spoken:
        """The features of the words of a call, each once a turn for every place where it stands."""
        import numpy as np

        plain, framed, plain_at, framed_at, plain_turns, framed_turns = _laid_out(call)
        names, starts = self._classes.placed(framed)
        unknown = len(self._tokens)
        tokens = np.fromiter(map(self._tokens.get, chain(plain, names), repeat(unknown)), np.int64, len(plain) + len(names))
        begins = np.array(starts, np.intp)
        ends = np.append(begins[1:], len(framed))[: len(begins)] - 1
        places = np.array(framed_at, np.intp)
        first = np.concatenate((plain_at, places[begins]))
        last = np.concatenate((plain_at, places[ends]))
        turns = np.concatenate((plain_turns, np.array(framed_turns, np.intp)[begins]))
        found = []
        for size, (keys, numbers) in enumerate(zip(self._keys, self._numbers, strict=True), 1):
            if not len(keys) or len(tokens) < size:
                continue
            count = len(tokens) - size + 1
            key, known = tokens[:count], tokens[:count] < unknown
            for step in range(1, size):
                later = tokens[step : count + step]
                key, known = key * self._base + later, known & (later < unknown)
            there = np.flatnonzero(known)
            at = np.searchsorted(keys, key[there])
            hit = keys[np.minimum(at, len(keys) - 1)] == key[there]
            there, at = there[hit], at[hit]
            found.append(np.stack((numbers[at], turns[there], first[there], last[there + size - 1])))
        every = np.concatenate(found, axis=1) if found else np.zeros((4, 0), np.intp)
        return Spoken(*every[:, np.argsort(every[1] * self._count + every[0])])


def _laid_out(call: Call) -> tuple[list[str], list[str], list[int], list[int], list[int], list[int]]:
    """The words of all turns one behind the other, with their places in the call and their turns: as they are, and framed for classes."""
    plain: list[str] = []
    framed: list[str] = []
    plain_at: list[int] = []
    framed_at: list[int] = []
    plain_turns: list[int] = []
    framed_turns: list[int] = []
    words = call.words
    for turn, (first, last) in enumerate(call.bounds):
        at = [i for i in range(first, last) if words[i] not in BOUNDARIES]
        own = [words[i] for i in at]
        plain += own
        plain.append(_BETWEEN)
        plain_at += at
        plain_at.append(-1)
        plain_turns += [turn] * (len(at) + 1)
        if at:
            framed += (BEGIN, *own, END, _BETWEEN)
            framed_at += (at[0], *at, at[-1], -1)
            framed_turns += [turn] * (len(at) + 3)
    return plain, framed, plain_at, framed_at, plain_turns, framed_turns
