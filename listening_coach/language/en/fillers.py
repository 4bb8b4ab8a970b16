"""Words that only fill a pause: "like", "you know" and "I mean" are speech in one place and nothing in another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from ..normaliser import BOUNDARIES, TURN_END

if TYPE_CHECKING:
    from ..language import Language


def find(words: Sequence[str], places: Sequence[int], marks: Mapping[int, str], language: Language) -> set[int]:
    """Where "like", "you know" and "I mean" only fill a pause; ``places`` are those of "like", "know" and "mean"."""
    its = language.words
    drop: set[int] = set()
    for i in places:
        word = words[i]
        before, after = words[i - 1], words[i + 1]
        if word == "like":
            if after in BOUNDARIES or (after in its["small_words.subjects_of_saying"] and words[i + 2] in its["small_words.saying"]):
                continue
            between_commas = marks.get(i - 1) == "," and marks.get(i) == ","
            if between_commas or before not in its["small_words.before_like"] or after in its["small_words.after_filling_like"]:
                drop.add(i)
        elif word == "know" and before == "you":
            ends = marks.get(i) or after in its["small_words.after_filling_know"] or after in BOUNDARIES
            if words[i - 2] not in its["small_words.before_know"] and ends:
                drop.update((i - 1, i))
        elif word == "mean" and before == "i" and words[i - 2] not in its["small_words.before_mean"]:
            drop.update((i - 1, i))
    return _beside_others(words, drop) if drop else drop


def _beside_others(words: Sequence[str], drop: set[int]) -> set[int]:
    """The fillers whose turn holds another word; a turn that is nothing else keeps what it has."""
    beside: set[int] = set()
    gone = sorted(drop)
    at = 0
    while at < len(gone):
        end = words.index(TURN_END, gone[at])
        behind = bisect_left(gone, end)
        before = takewhile(lambda i: words[i] != TURN_END, range(gone[at] - 1, -1, -1))
        # The nearest come first: mostly one of the two words beside a filler stays.
        if any(i not in drop and words[i] not in BOUNDARIES for i in chain(before, range(gone[at] + 1, end))):
            beside.update(gone[at:behind])
        at = behind
    return beside
