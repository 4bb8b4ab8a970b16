"""Tells service talk from other talk: counselling, lessons, chats among friends.

The scorers have learned from service calls. What they make of other talk means little, so they keep silent there, and the rules decide alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..language.call import Call
from .features import Classes, grams_around, turn_words
from .weights import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The target of the weights, the side they say, and the part in which they stand.
TARGET, SIDE, PART = "talk.service", "call", "talk"
SERVICE, OTHER = "service", "other"
# Fewer turns say too little about what a talk is: they are taken for service talk.
_LEAST_TURNS = 8


def talk_features(call: Call, classes: Classes) -> dict[str, float]:
    """What the kind of a talk is read from: in what share of its turns each word, word class and pair of them stands."""
    counts: Counter[str] = Counter()
    spoken = [words for words in turn_words(call) if words]
    for words in spoken:
        counts.update(grams_around(words, classes.of(words)))
    return {name: count / len(spoken) for name, count in counts.items()}


class Talk:
    """The weights that tell service talk, by the number that a vocabulary gives each feature."""

    def __init__(self, weights: Weights | None, numbers: Mapping[str, int]) -> None:
        import numpy as np

        self._weights = weights
        self._table = np.zeros(len(numbers) + 1, np.float64)
        for name, weight in weights.by_part[PART].items() if weights else ():
            self._table[numbers[name]] = weight

    def kind(self, numbers: NDArray[np.intp], turns: int) -> str:
        """What a talk is, given the features of all of its turns, those of one turn each once, and how many turns hold words."""
        if self._weights is None or turns < _LEAST_TURNS:
            return SERVICE
        total = self._weights.intercept + float(self._table[numbers].sum()) / turns
        return SERVICE if self._weights.likelihood(total) >= self._weights.show else OTHER
