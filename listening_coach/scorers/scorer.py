"""Scores every turn of a call for every target at once."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..detectors import Found
from ..language.call import Call
from ..language.clauses import clauses
from ..language.language import Language, load
from ..language.normaliser import BOUNDARIES
from ..transcript import AGENT, CUSTOMER
from .ending import PREFIX as ENDING
from .ending import SIDE
from .features import BEFORE, CLASSES_FILE, NEXT, PARTS, PREVIOUS, REPLY, SIGN, Classes, Names, Neighbours, neighbours, signs
from .rows import Rows
from .second_look import CONTEXT, SecondLook, around, sure
from .talk import PART as TALK_PART
from .talk import TARGET as TALK
from .talk import Talk
from .vocabulary import Spoken, Vocabulary
from .weights import Weights, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Where a language keeps what its scorers have learned.
FOLDER = "scorers"
# So many of the weightiest features are looked at for reasons that say different things.
_MOST_LOOKED_AT = 24
# Signs around words that are no part of them.
_SIGNS = ' \t\n.,;:!?…"“”()[]-–—'
# What weighs less than this part of the weightiest reason is none.
_LEAST_PART = 0.2
# A finding's reason names at most so many words and signs.
_MOST_REASONS = 4
# What is found elsewhere in the call is a reason from so many log odds on.
_LEAST_OF_CONTEXT = 0.5
# The parts whose features are words.
_OF_WORDS = frozenset((*PARTS, TALK_PART))
_ROLES = {"agent": AGENT, "customer": CUSTOMER}


class Scorers:
    """The scorers of a language: built once from their weights, then used for any number of calls; holds nothing of a call."""

    def __init__(self, weights: Sequence[Weights], classes: Classes) -> None:
        import numpy as np

        self.endings = {each.target: each for each in weights if each.target.startswith(ENDING)}
        talk = next((each for each in weights if each.target == TALK), None)
        weights = [each for each in weights if each.side != SIDE]
        self.weights = {each.target: each for each in weights}
        self.classes = classes
        with_words = [*weights, talk] if talk else weights
        names = list(
            dict.fromkeys(name for each in with_words for part, words in each.by_part.items() if part in _OF_WORDS for name in words)
        )
        numbers = {name: i for i, name in enumerate(names)}
        self._names = names
        self._vocabulary = Vocabulary(names, classes)
        self._talk = Talk(talk, numbers)
        self._sign_names = sorted({name for each in weights for name in each.by_part.get(SIGN, ())})
        self._signs = {name: i for i, name in enumerate(self._sign_names)}
        self._sign_numbers = _Numbers(self._signs)
        self._words = np.zeros((len(names) + 1, len(PARTS), len(weights)), np.float32)
        self._marks = np.zeros((len(self._signs) + 1, len(weights)), np.float32)
        for k, each in enumerate(weights):
            for part, features in each.by_part.items():
                if part == CONTEXT:
                    continue
                rows = list(map((self._signs if part == SIGN else numbers).__getitem__, features))
                table = self._marks[:, k] if part == SIGN else self._words[:, PARTS.index(part), k]
                table[rows] = list(features.values())
        self._side = [list(_ROLES).index(each.side) for each in weights]
        self._intercept, self._scale, self._shift = (
            np.array([getattr(each, key) for each in weights], np.float32) for key in ("intercept", "scale", "shift")
        )

        self.second = SecondLook(list(self.weights), [each.by_part.get(CONTEXT, {}) for each in weights])

    def score(self, call: Call, found: Found) -> Scores:
        """The confidence of each target in each turn of a call, given what the rules found in it."""
        import numpy as np

        beside = neighbours(call)
        spoken = self._vocabulary.find(call)
        words = spoken.by_turn(len(beside))
        named = self._named(signs(call, beside, found.moments, found.occasions))
        kind = self._talk.kind(words.numbers, sum(map(bool, call.all_spoken())))
        said = words.summed(self._words)
        totals = self._intercept + named.summed(self._marks) + said[:, 0]
        # A last row of nothing, where -1 points.
        parts = np.concatenate((said, np.zeros((1, *said.shape[1:]), np.float32)))
        at = {part: i for i, part in enumerate(PARTS)}
        before = np.array([(*near.before, -1, -1)[:2] for near in beside])
        totals += parts[before[:, 0], 1] + parts[before[:, 1], 1]
        for part, places in (
            (REPLY, [n.reply for n in beside]),
            (NEXT, [n.next for n in beside]),
            (PREVIOUS, [n.previous for n in beside]),
        ):
            totals += parts[places, at[part]]
        first = self._scale * totals + self._shift
        sides = np.array([[turn.role is role for turn in call.turns] for role in _ROLES.values()])
        own_side = sides[self._side].T
        near = around(sure(first) * own_side)
        confidence = sure(self.second.log_odds(first, near)) * own_side
        return Scores(self, call, beside, spoken, words, named, near, confidence, kind)

    def _named(self, groups: Sequence[Sequence[Names]]) -> Rows:
        """The numbers of each turn's signs, given in groups."""
        import numpy as np

        numbers = [self._sign_numbers[group] for own in groups for group in own]
        sizes = np.fromiter(map(len, numbers), np.intp, len(numbers))
        rows = np.repeat(np.repeat(np.arange(len(groups)), list(map(len, groups))), sizes)
        # Sums of floats depend on their order: that of the numbers.
        keys = rows * len(self._marks) + np.fromiter(chain.from_iterable(numbers), np.intp, len(rows))
        keys.sort()
        return Rows(keys % len(self._marks), keys // len(self._marks), len(groups))

    def heaviest(self, target: int, parts: Sequence[NDArray[np.intp]], signs: NDArray[np.intp]) -> Iterator[tuple[str, str, int]]:
        """The part, name and number of each feature that speaks most for the target of this number, the weightiest first.

        ``parts`` holds the numbers of the words of each part, ``signs`` those of the signs.
        """
        import numpy as np

        weights = np.concatenate([self._words[numbers, i, target] for i, numbers in enumerate(parts)] + [self._marks[signs, target]])
        begins = list(accumulate(map(len, parts), initial=0))
        for i in np.argsort(-weights, kind="stable")[:_MOST_LOOKED_AT].tolist():
            if weights[i] <= 0:
                return
            at = bisect_right(begins, i) - 1
            part, names, numbers = (PARTS[at], self._names, parts[at]) if at < len(parts) else (SIGN, self._sign_names, signs)
            number = int(numbers[i - begins[at]])
            yield part, names[number], number

    def own_weight(self, target: int, numbers: NDArray[np.intp]) -> float:
        """How much words weigh by themselves for the target of this number."""
        return float(self._words[numbers, 0, target].sum())


class _Numbers(dict[Names, tuple[int, ...]]):
    """The numbers of the signs of a group that have weights; the group is the key. There are some thousands of groups at the most."""

    def __init__(self, signs: Mapping[str, int]) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, names: Names) -> tuple[int, ...]:
        numbers = self[names] = tuple(self._signs[name] for name in names if name in self._signs)
        return numbers


class Reason(NamedTuple):
    """One thing that spoke for a finding: where it stands, the words that were said or the name of the sign, and its weight."""

    part: str
    name: str
    weight: float


class Scores:
    """The scores of one call; ``kind`` says whether it is service talk, which the scorers know, or other talk."""

    def __init__(
        self,
        scorers: Scorers,
        call: Call,
        beside: Sequence[Neighbours],
        spoken: Spoken,
        words: Rows,
        named: Rows,
        near: NDArray[np.floating[Any]],
        confidence: NDArray[np.floating[Any]],
        kind: str,
    ) -> None:
        self._scorers = scorers
        self._call = call
        self._beside = beside
        self._spoken = spoken
        self._words = words
        self._named = named
        self._near = near
        self.kind = kind
        self._columns = {target: k for k, target in enumerate(scorers.weights)}
        self._confidence = confidence
        self._clauses: dict[int, list[tuple[tuple[int, int], NDArray[np.intp]]]] = {}

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
        """What spoke most for a target in a turn, the weightiest first; what is found elsewhere in the call stands last."""
        import numpy as np

        near, nothing = self._beside[turn], self._words[turn][:0]
        parts = [self._words[turn], *(self._words[j] if j >= 0 else nothing for j in (near.reply, near.next, near.previous))]
        before = [self._words[j] for j in near.before]
        parts.insert(PARTS.index(BEFORE), before[0] if len(before) == 1 else np.concatenate(before) if before else nothing)
        places = {BEFORE: near.before, REPLY: (near.reply,), NEXT: (near.next,), PREVIOUS: (near.previous,)}
        small = self._call.language.words["small_words.grammatical"]
        kept: list[Reason] = []
        empty: list[Reason] = []
        weights = self.weights[target].by_part
        for part, name, number in self._scorers.heaviest(self._columns[target], parts, self._named[turn]):
            said = name if part == SIGN else self._said(number, places.get(part, (turn,))) or name
            reason = Reason(part, said, weights[part][name])
            if kept and reason.weight < _LEAST_PART * kept[0].weight:
                break
            if part != SIGN and small.issuperset(said.lower().split()):
                empty.append(reason)
            elif not any(part == other.part and (said in other.name or other.name in said) for other in kept):
                kept.append(reason)
                if len(kept) == _MOST_REASONS:
                    break
        # Words such as "are" or "the" tell a reader little; they stand in where there is nothing else.
        kept = kept or empty[:1]
        name, speaks = self._scorers.second.heaviest(self._near[turn], self._columns[target])
        if speaks >= _LEAST_OF_CONTEXT:
            kept.append(Reason(CONTEXT, name, weights[CONTEXT][name]))
        return tuple(kept)

    def _said(self, number: int, turns: Iterable[int]) -> str:
        """The words in one of these turns that are the feature of this number; empty where digits are among them, as these may identify people."""
        for turn in turns:
            own = self._spoken.of_turn(turn)
            for at in (own.numbers == number).nonzero()[0][:1].tolist():
                start, end = self._call.span(turn, int(own.first[at]), int(own.last[at]) + 1)
                text = _whole_words(self._call.turns[turn].text, start, end)
                return "" if any(map(str.isdigit, text)) else text
        return ""

    def clause(self, turn: int, target: str) -> tuple[int, int]:
        """The words of the clause of a turn that weighs most for a target."""
        column = self._columns[target]
        ranges = self._clauses.get(turn)
        if ranges is None:
            ranges = self._clauses[turn] = self._clauses_of(turn)
        best, _ = max(ranges, key=lambda each: self._scorers.own_weight(column, each[1])) if len(ranges) > 1 else ranges[0]
        return _trimmed(self._call, best)

    def _clauses_of(self, turn: int) -> list[tuple[tuple[int, int], NDArray[np.intp]]]:
        """The clauses of a turn, as ranges of words, each with the numbers of its features; those without words only where no clause has any."""
        ranges = clauses(self._call)[turn]
        if len(ranges) > 1:
            own = self._spoken.of_turn(turn)
            words = self._call.words
            spoken = [each for each in ranges if any(word not in BOUNDARIES for word in words[slice(*each)])]
            if spoken:
                return list(zip(spoken, own.within(spoken), strict=True))
        return [(ranges[0] if len(ranges) == 1 else self._call.bounds[turn], self._words[turn][:0])]


def _trimmed(call: Call, words: tuple[int, int]) -> tuple[int, int]:
    """A range of words without the sentence ends around it."""
    first, last = words
    while last - first > 1 and call.words[last - 1] in BOUNDARIES:
        last -= 1
    while last - first > 1 and call.words[first] in BOUNDARIES:
        first += 1
    return first, last


def _whole_words(text: str, start: int, end: int) -> str:
    """A piece of a text with the rest of the words that it cuts through ("won't" for "wo"), without the signs around it."""
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end].strip(_SIGNS)


def of_language(language: Language) -> Scorers:
    """The scorers and word classes of a language's folder, read once; none where it has no such files."""
    return _loaded(language.folder)


@cache
def _loaded(folder: Path) -> Scorers:
    weights = [each for path in sorted((folder / FOLDER).glob("*.tsv")) for each in read(path)]
    return Scorers(weights, classes_of(load(folder)))


def classes_of(language: Language) -> Classes:
    """The word classes of a language, spelled as its normaliser spells what is said."""
    path = language.folder / CLASSES_FILE
    if not path.is_file():
        return Classes({})
    lists: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Classes({name: [_spelled(entry, language) for entry in entries.split(",")] for name, entries in lists.items()})


def _spelled(entry: str, language: Language) -> tuple[str, ...]:
    return tuple(word for part in entry.split() for word in language.spelled(part))
