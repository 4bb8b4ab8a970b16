"""Scores every turn of a call for every target at once."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..detectors import Found
from ..language.call import Call
from ..language.clauses import clauses
from ..language.language import Language, load
from ..language.normaliser import BOUNDARIES
from ..transcript import AGENT, CUSTOMER
from .ending import SIDE
from .features import BEFORE, NEXT, PARTS, PREVIOUS, REPLY, SELF, SIGN, Classes, Neighbours, grams, neighbours, signs, turn_words
from .weights import Weights, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Where a language keeps what its scorers have learned, and its word classes.
FOLDER, CLASSES_FILE = "scorers", "classes.toml"
_NO_FEATURES: Mapping[str, float] = {}
# So many of the weightiest features are looked at for reasons that say different things.
_MOST_LOOKED_AT = 24
# A finding's reason names at most so many words and signs.
_MOST_REASONS = 4
_ROLES = {"agent": AGENT, "customer": CUSTOMER}


class Scorers:
    """The scorers of a language: built once from their weights, then used for any number of calls; holds nothing of a call."""

    def __init__(self, weights: Sequence[Weights], classes: Classes) -> None:
        import numpy as np

        self.endings = {each.target: each for each in weights if each.side == SIDE}
        weights = [each for each in weights if each.side != SIDE]
        self.weights = {each.target: each for each in weights}
        self.classes = classes
        names: dict[str, int] = {}
        for each in weights:
            for part, name in each.features:
                if part != SIGN:
                    names.setdefault(name, len(names))
        self._names = names
        self._signs = {name: i for i, name in enumerate(sorted({name for each in weights for part, name in each.features if part == SIGN}))}
        self._words = np.zeros((len(names) + 1, len(PARTS), len(weights)), np.float32)
        self._marks = np.zeros((len(self._signs) + 1, len(weights)), np.float32)
        part_at = {part: i for i, part in enumerate(PARTS)}
        for k, each in enumerate(weights):
            for (part, name), weight in each.features.items():
                if part == SIGN:
                    self._marks[self._signs[name], k] = weight
                else:
                    self._words[names[name], part_at[part], k] = weight
        self._intercept, self._scale, self._shift = (
            np.array([getattr(each, key) for each in weights], np.float32) for key in ("intercept", "scale", "shift")
        )

    def score(self, call: Call, found: Found) -> Scores:
        """The confidence of each target in each turn of a call, given what the rules found in it."""
        import numpy as np

        around = neighbours(call)
        words = [grams(own, self.classes.of(own))[0] for own in turn_words(call)]
        named = signs(call, around, found.moments, found.occasions)
        said = self._summed(self._words, self._names, words)
        totals = self._intercept + self._summed(self._marks, self._signs, named) + said[:, 0]
        # A last row of nothing, where -1 points.
        parts = np.concatenate((said, np.zeros((1, *said.shape[1:]), np.float32)))
        at = {part: i for i, part in enumerate(PARTS)}
        before = np.array([(*near.before, -1, -1)[:2] for near in around])
        totals += parts[before[:, 0], 1] + parts[before[:, 1], 1]
        for part, places in (
            (REPLY, [n.reply for n in around]),
            (NEXT, [n.next for n in around]),
            (PREVIOUS, [n.previous for n in around]),
        ):
            totals += parts[places, at[part]]
        confidence = 1 / (1 + np.exp(np.clip(-self._scale * totals - self._shift, -50, 50)))
        for k, each in enumerate(self.weights.values()):
            role = _ROLES[each.side]
            confidence[[turn.role is not role for turn in call.turns], k] = 0.0
        return Scores(self, call, around, words, named, confidence)

    def _summed(
        self, table: NDArray[np.float32], rows: dict[str, int], features: Sequence[Sequence[str] | set[str]]
    ) -> NDArray[np.float32]:
        """The sums of the weights of each turn's features; the last row of a table weighs nothing."""
        import numpy as np

        numbers: list[int] = []
        begins: list[int] = []
        nothing = len(table) - 1
        get = rows.get
        for names in features:
            begins.append(len(numbers))
            numbers.append(nothing)
            # Sorted, because sets come in another order in each process and sums of floats depend on it.
            numbers += sorted(number for number in map(get, names) if number is not None)
        summed: NDArray[np.float32] = np.add.reduceat(table[numbers], begins, axis=0)
        return summed


class Reason(NamedTuple):
    """One thing that spoke for a finding: where it stands, its name, and its weight."""

    part: str
    name: str
    weight: float


class Scores:
    """The scores of one call."""

    def __init__(
        self,
        scorers: Scorers,
        call: Call,
        around: Sequence[Neighbours],
        words: Sequence[set[str]],
        named: Sequence[Sequence[str]],
        confidence: NDArray[np.floating[Any]],
    ) -> None:
        self._scorers = scorers
        self._call = call
        self._around = around
        self._words = words
        self._named = named
        self._columns = {target: k for k, target in enumerate(scorers.weights)}
        self._confidence = confidence

    @property
    def weights(self) -> Mapping[str, Weights]:
        """The weights by target."""
        return self._scorers.weights

    def of(self, target: str) -> list[float]:
        """The confidence of one target in each turn; 0 in turns of another side."""
        column: list[float] = self._confidence[:, self._columns[target]].tolist()
        return column

    def all(self) -> dict[str, list[float]]:
        """The confidence of every target in each turn."""
        return {target: self.of(target) for target in self._columns}

    @property
    def classes(self) -> Classes:
        """The word classes of the language."""
        return self._scorers.classes

    @property
    def endings(self) -> Mapping[str, Weights]:
        """The weights by which the outcome is read."""
        return self._scorers.endings

    def reasons(self, turn: int, target: str) -> tuple[Reason, ...]:
        """What spoke most for a target in a turn, the weightiest first."""
        by_part = self._scorers.weights[target].by_part
        near = self._around[turn]
        parts: list[tuple[str, Collection[str]]] = [(SELF, self._words[turn]), (SIGN, self._named[turn])]
        parts += [(BEFORE, self._words[j]) for j in near.before]
        parts += [(part, self._words[j]) for part, j in ((REPLY, near.reply), (NEXT, near.next), (PREVIOUS, near.previous)) if j >= 0]
        weighed: list[tuple[float, str, str]] = []
        for part, names in parts:
            features = by_part.get(part, _NO_FEATURES)
            weighed += [(-features[name], part, name) for name in features.keys() & names if features[name] > 0]
        kept: list[Reason] = []
        for weight, part, name in nsmallest(_MOST_LOOKED_AT, weighed):
            if not any(part == other.part and (name in other.name or other.name in name) for other in kept):
                kept.append(Reason(part, name, -weight))
                if len(kept) == _MOST_REASONS:
                    break
        return tuple(kept)

    def clause(self, turn: int, target: str) -> tuple[int, int]:
        """The words of the clause of a turn that weighs most for a target."""
        features = self._scorers.weights[target].by_part.get(SELF, _NO_FEATURES)
        call = self._call
        first, last = call.bounds[turn]
        ranges = clauses(call)[turn] or [(first, last)]
        if len(ranges) == 1:
            return _trimmed(call, ranges[0])
        best, most = (first, last), float("-inf")
        for a, b in ranges:
            words = [word for word in call.words[a:b] if word not in BOUNDARIES]
            if not words:
                continue
            own, _ = grams(words, self._scorers.classes.of(words))
            weight = math.fsum(features[name] for name in features.keys() & own)
            if weight > most:
                best, most = (a, b), weight
        return _trimmed(call, best)


def _trimmed(call: Call, words: tuple[int, int]) -> tuple[int, int]:
    """A range of words without the sentence ends around it."""
    first, last = words
    while last - first > 1 and call.words[last - 1] in BOUNDARIES:
        last -= 1
    while last - first > 1 and call.words[first] in BOUNDARIES:
        first += 1
    return first, last


def of_language(language: Language) -> Scorers:
    """The scorers and word classes of a language's folder, read once; none where it has no such files."""
    return _loaded(language.folder)


@cache
def _loaded(folder: Path) -> Scorers:
    weights = [read(path) for path in sorted((folder / FOLDER).glob("*.tsv"))]
    return Scorers(weights, classes_of(load(folder)))


def classes_of(language: Language) -> Classes:
    """The word classes of a language, spelled as its normaliser spells what is said."""
    path = language.folder / CLASSES_FILE
    if not path.is_file():
        return Classes({})
    lists: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Classes({name: [_spelled(entry, language) for entry in entries] for name, entries in lists.items()})


def _spelled(entry: str, language: Language) -> tuple[str, ...]:
    return tuple(word for part in entry.split() for word in language.spelled(part))
