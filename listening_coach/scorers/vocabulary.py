"""Finds the features of all words of a call at once, as numbers in arrays.

``features`` gives the same features by name, turn by turn. Scorers are fitted on those, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ..language.call import Call
from ..language.normaliser import SENTENCE_ENDS, TURN_END
from .features import BEGIN, END, LONGEST, Classes
from .rows import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Stands for words that are left out: ends of sentences, and words that are part of an entry of several.
_LEFT_OUT = -1
# Stands for a run of words that begins a feature and is none itself.
_NO_FEATURE = -1


class Spoken(NamedTuple):
    """The features of a call's words: their numbers, and the turn, first word and last word of each, in the order of turns."""

    numbers: NDArray[np.intp]
    turns: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]

    def within(self, ranges: Sequence[tuple[int, int]]) -> Rows:
        """The numbers of one turn's features that lie within each of these ranges of words.

        The ranges stand in the order of the words and do not overlap.
        """
        import numpy as np

        begins, ends = np.array(ranges, np.intp).T
        at = begins.searchsorted(self.first, "right") - 1
        inside = (at >= 0) & (self.last < ends[at])
        numbers, at = self.numbers[inside], at[inside]
        order = at.argsort(kind="stable")
        return Rows(numbers[order], at[order], len(ranges))

    def by_turn(self, count: int) -> Rows:
        """The numbers of the features of each of so many turns."""
        return Rows(self.numbers, self.turns, count)

    def of_turn(self, turn: int) -> Spoken:
        """The features of one turn, in the order of their numbers."""
        begin, end = self.turns.searchsorted((turn, turn + 1)).tolist()
        return Spoken(*(column[begin:end] for column in self))


class _Row(NamedTuple):
    """Words one behind the other as numbers of tokens, with the turn of each, and the first and the last word of the call that it stands for."""

    tokens: NDArray[np.intp]
    turns: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]


def _numbered(words: Iterable[str]) -> dict[str, int]:
    """The words with their numbers, in the order in which they first come."""
    return {word: i for i, word in enumerate(dict.fromkeys(words))}


class Vocabulary:
    """The features that scorers know, as runs of tokens, which are words and classes; the number of a feature is its place in ``names``.

    Runs are looked up word by word: each run that a feature begins with, or is, has a number among those of its length.
    """

    def __init__(self, names: Sequence[str], classes: Classes) -> None:
        import numpy as np

        self._classes = classes
        # The two words with which entries of several begin, each by its number, and the keys of those pairs in order.
        self._openers, self._followers = (
            (_numbered(words) for words in zip(*classes.openings(), strict=True)) if classes.openings() else ({}, {})
        )
        pairs = [self._opener(one) * len(self._followers) + self._follower(two) for one, two in classes.openings()]
        self._openings = np.sort(np.array(pairs, np.intp))
        self._count = len(names)
        runs = [name.split(" ") for name in names]
        self._tokens = _numbered(chain.from_iterable(runs))
        # What no feature holds, and what stands between turns.
        self._unknown, self._between = len(self._tokens), len(self._tokens) + 1
        self._base = len(self._tokens) + 2
        # Of each length: the keys of its runs, in order, and the feature that each run is. The key of a run is the number of the run
        # without its last token, times the base, plus that token; a run of one token has the token's number.
        self._keys: list[NDArray[np.intp]] = []
        self._features: list[NDArray[np.intp]] = []
        tokens = np.fromiter(map(self._tokens.__getitem__, chain.from_iterable(runs)), np.intp)
        sizes = np.fromiter(map(len, runs), np.intp, len(runs))
        begins = np.cumsum(sizes) - sizes
        numbers = np.arange(len(runs))
        keys, nodes = np.arange(self._base), tokens[begins]
        for size in range(1, LONGEST + 1):
            if size > 1:
                longer = sizes >= size
                numbers, begins, sizes = numbers[longer], begins[longer], sizes[longer]
                keys, nodes = np.unique(nodes[longer] * self._base + tokens[begins + size - 1], return_inverse=True)
            features = np.full(len(keys), _NO_FEATURE)
            features[nodes[sizes == size]] = numbers[sizes == size]
            self._keys.append(keys)
            self._features.append(features)

    def find(self, call: Call) -> Spoken:
        """The features of the words of a call, each once a turn for every place where it stands."""
        import numpy as np

        plain = self._plain(call)
        tokens, turns, first, last = (np.concatenate(both) for both in zip(plain, self._framed(call, plain), strict=True))
        at = np.flatnonzero(tokens < self._unknown)
        nodes = tokens[at]
        found = []
        for size, (keys, features) in enumerate(zip(self._keys, self._features, strict=True), 1):
            if not len(keys):
                break
            if size > 1:
                fit = at.searchsorted(len(tokens) - size + 1)
                at, nodes = at[:fit], nodes[:fit]
                key = nodes * self._base + tokens[at + size - 1]
                place = keys.searchsorted(key)
                hit = keys.take(place, mode="clip") == key
                at, nodes = at[hit], place[hit]
            numbers = features[nodes]
            there = numbers != _NO_FEATURE
            begin = at[there]
            found.append((numbers[there], turns[begin], first[begin], last[begin + size - 1]))
        every = [np.concatenate(column) for column in zip(*found, strict=True)]
        order = np.argsort(every[1] * self._count + every[0])
        return Spoken(*(column[order] for column in every))

    def _token(self, word: str) -> int:
        """The number of a canonical word."""
        if word in SENTENCE_ENDS:
            return _LEFT_OUT
        return self._between if word == TURN_END else self._tokens.get(word, self._unknown)

    def _class_token(self, word: str) -> int:
        """The number of a canonical word, or of its class if it has one."""
        return self._token(self._classes.of_word(word))

    def _opener(self, word: str) -> int:
        """The number of a word with which entries of several words begin; -1 for others."""
        return self._openers.get(word, -1)

    def _follower(self, word: str) -> int:
        """The number of a word that is the second of an entry of several words; -1 for others."""
        return self._followers.get(word, -1)

    def _places(self, call: Call, at: NDArray[np.intp]) -> list[int]:
        """At which of a call's words ``at`` entries of several words may begin, since two of theirs stand there."""
        import numpy as np

        one, two = call.each(self._opener, np.intp)[at[:-1]], call.each(self._follower, np.intp)[at[1:]]
        places = np.flatnonzero((one >= 0) & (two >= 0))
        pairs = one[places] * len(self._followers) + two[places]
        begins, ends = (self._openings.searchsorted(pairs, side) for side in ("left", "right"))
        there: list[int] = places[begins < ends].tolist()
        return there

    def _plain(self, call: Call) -> _Row:
        """The words of a call as they are, without the ends of sentences."""
        import numpy as np

        tokens = call.each(self._token, np.intp)
        at = np.flatnonzero(tokens != _LEFT_OUT)
        tokens = tokens[at]
        return _Row(tokens, np.cumsum(tokens == self._between) - 1, at, at)

    def _framed(self, call: Call, plain: _Row) -> _Row:
        """The words of a call with those that belong to a class replaced by it, and with the beginnings and ends of turns."""
        import numpy as np

        at = plain.first
        tokens = call.each(self._class_token, np.intp)[at]
        words = list(map(call.words.__getitem__, at.tolist()))
        for i, size, name in self._classes.several(words, self._places(call, at)):
            tokens[i] = self._token(name)
            tokens[i + 1 : i + size] = _LEFT_OUT
        kept = np.flatnonzero(tokens != _LEFT_OUT)
        tokens = tokens[kept]
        last = at[np.append(kept[1:], len(at)) - 1]
        # A turn's beginning and end stand at its first and at its last token; a turn without words has neither.
        between = tokens == self._between
        begins = np.flatnonzero(between[:-1] & ~between[1:]) + 1
        ends = np.flatnonzero(~between[:-1] & between[1:]) + 1
        places = np.concatenate((begins, ends))
        edges = np.repeat((self._token(BEGIN), self._token(END)), (len(begins), len(ends)))
        source = np.insert(np.arange(len(tokens)), places, np.concatenate((begins, ends - 1)))
        return _Row(np.insert(tokens, places, edges), plain.turns[kept][source], at[kept][source], last[source])
