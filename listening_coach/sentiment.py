"""The customer's mood through the call, from what they say.

Only the customer's: what the agent feels is none of our business. A mood is a number from -1 (low) to 1 (high) on words
alone; tone of voice is not heard. Where a language has scorers, how surely a turn is an upset one weighs most, and how the matter ended decides
what thanks are worth; the language's own words for pleasure and displeasure (``words/mood.toml``) say the rest. Words that only describe things are
no mood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from .language.call import Call
from .language.language import Language
from .language.normaliser import BOUNDARIES
from .moments import Moment, Occasion
from .outcome import Outcome, OutcomeValue
from .transcript import CUSTOMER

# A mood this far from nothing is called one.
_NOTABLE = 0.15
# What the rules call upset, where there is no scorer; what words for displeasure and pleasure say, and thanks for a matter that is settled.
_UPSET, _DISPLEASED, _DELIGHTED, _PLEASED, _THANKFUL = -0.7, -0.6, 0.7, 0.3, 0.4
# Pleasure denied ("I'm not happy").
_DENIED = -0.4
# From this confidence on delight in an upset turn is not believed: "brilliant, so I wait again".
_SURELY_UPSET = 0.8
# A customer who is left without help and shows nothing at the end is not content.
_UNHELPED, _SURELY_NOT = -0.3, 0.5
# Thanks are for help where a customer is helped so far; else they are manners.
_HELPED = 0.5
# A scorer looks at the turns around too: shorter turns show no mood by themselves.
_LEAST_WORDS = 4
# A change of at least this much between neighbouring notable moods is a turning point.
_TURN = 0.5
# A word that denies stands at most so many words before what it denies.
_REACH = 3


class Upset(NamedTuple):
    """How surely each turn is that of an upset customer, 0 to 1, and from which value on it counts as one."""

    confidence: Sequence[float]
    least: float


@dataclass(frozen=True, slots=True)
class Mood:
    """The customer's mood in one turn, -1 to 1, with the words that show it."""

    turn: int
    value: float
    quote: str
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The customer's mood over the call.

    ``start`` and ``end`` are the means over the first and last third of the customer's turns, -1 to 1, None where the
    customer says too little. ``moods`` holds the turns that show one, ``turning_points`` those at which it changed.
    """

    start: float | None
    end: float | None
    moods: tuple[Mood, ...] = ()
    turning_points: tuple[Mood, ...] = ()

    @property
    def change(self) -> float | None:
        """End less start; None where either is."""
        return None if self.start is None or self.end is None else self.end - self.start

    @staticmethod
    def word(value: float | None) -> str:
        """A mood as a word: low, mixed or even, high; "not shown" for None."""
        if value is None:
            return "not shown"
        return "low" if value <= -_NOTABLE else "high" if value >= _NOTABLE else "even"


def customer_mood(
    call: Call,
    moments: Iterable[Moment],
    occasions: Iterable[Occasion],
    upset: Upset | None = None,
    outcome: Outcome | None = None,
) -> Sentiment:
    """The mood of the customer's turns.

    ``occasions`` are those of the rules; they say who is upset where there is no scorer's ``upset``. ``outcome`` is how the matter ended.
    """
    places: dict[int, Occasion] = {}
    for o in occasions:
        if o.behaviour == "empathy" and o.role is CUSTOMER:
            places.setdefault(o.turn, o)
    sure = _sure(call, places, upset)
    thankful = {m.turn for m in moments if m.behaviour == "gratitude" and m.role is CUSTOMER}
    if outcome is not None and outcome.helped < _HELPED:
        thankful = set()
    turns = [i for i, (t, (first, last)) in enumerate(zip(call.turns, call.bounds, strict=True)) if t.role is CUSTOMER and last - first > 1]
    cues = _cues(call.language)
    may_show = call.in_turns(cues.may_begin)
    values: dict[int, Mood] = {}
    for i in turns:
        found = cues.in_turn(call, i) if may_show[i] else []
        shown = _shown(_Shown(0.0, *call.bounds[i]), found, sure.get(i), i in thankful)
        if abs(shown.value) >= _NOTABLE:
            place = places.get(i)
            if place is not None and shown.value < 0:
                values[i] = Mood(i, shown.value, place.quote, place.time_s)
                continue
            begin, until = call.span(i, shown.first, shown.last)
            turn = call.turns[i]
            values[i] = Mood(i, shown.value, turn.text[begin:until], turn.time_at(begin))
    moods = tuple(values.values())
    if len(turns) < 3:
        return Sentiment(None, None, moods)
    third = max(1, len(turns) // 3)
    start, end = _mean(turns[:third], values), _mean(turns[-third:], values)
    if end == 0 and outcome is not None and outcome.likely[OutcomeValue.NOT] >= _SURELY_NOT:
        end = _UNHELPED
    return Sentiment(start, end, moods, _turning_points(moods))


def _sure(call: Call, places: Mapping[int, Occasion], upset: Upset | None) -> dict[int, float]:
    """The upset turns, each with how low its mood is at least."""
    if upset is None:
        return dict.fromkeys(places, -_UPSET)
    return {i: sure for i, sure in enumerate(upset.confidence) if sure >= upset.least and call.spoken(i) >= _LEAST_WORDS}


def _mean(turns: Sequence[int], values: Mapping[int, Mood]) -> float:
    """The mean of the moods shown; 0 where none is."""
    shown = [values[i].value for i in turns if i in values]
    return fsum(shown) / len(shown) if shown else 0.0


def _turning_points(moods: Sequence[Mood]) -> tuple[Mood, ...]:
    points = []
    level = 0.0
    for mood in moods:
        if abs(mood.value - level) >= _TURN and (mood.value < 0) != (level < 0):
            points.append(mood)
        if abs(mood.value) >= _NOTABLE:
            level = mood.value
    return tuple(points)


class _Shown(NamedTuple):
    """The mood of a turn and the words that show it, as a range of the call's words."""

    value: float
    first: int
    last: int


def _shown(whole: _Shown, found: Sequence[_Shown], upset: float | None, thankful: bool) -> _Shown:
    """The mood of a turn, given what its sentences show: upset before words, words before thanks; the sentence that says most is its quote."""
    low = min(found, key=_value, default=whole)
    high = max(found, key=_value, default=whole)
    if upset is not None and (high.value < _DELIGHTED or upset >= _SURELY_UPSET or low.value < 0):
        place = low if low.value < 0 else whole
        return place._replace(value=min(-upset, low.value))
    if low.value < 0:
        return low
    return whole._replace(value=_THANKFUL) if thankful and high.value < _THANKFUL else high


def _value(shown: _Shown) -> float:
    return shown.value


def _sentences(call: Call, turn: int) -> Iterator[tuple[int, int]]:
    """The sentences of a turn as ranges of words."""
    first, last = call.bounds[turn]
    begin = first
    for at in range(first, last):
        if call.words[at] in BOUNDARIES:
            if at > begin:
                yield begin, at
            begin = at + 1
    if last > begin:
        yield begin, last


class _Cues:
    """A language's words for mood, each with what it says and whether it needs a frame, by their first word."""

    def __init__(self, language: Language) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], float, bool]]] = {}
        for value, words, rows in (
            (_DISPLEASED, language.words["mood.displeased"], language.rows["mood.displeased"]),
            (_DELIGHTED, language.words["mood.delighted"], language.rows["mood.delighted"]),
            (_PLEASED, language.words["mood.pleased"], language.rows["mood.pleased"]),
        ):
            for row in [*((word,) for word in words), *rows]:
                self._by_first.setdefault(row[0], []).append((row, value, value == _PLEASED))
        self._frames, self._between = language.words["mood.frames"], language.words["mood.between"]
        self._denied = language.words["context.denied"]

    def may_begin(self, word: str) -> bool:
        """Whether a word for mood begins with this one."""
        return word in self._by_first

    def in_turn(self, call: Call, turn: int) -> list[_Shown]:
        """The moods of the sentences of a turn that show one."""
        return [shown for sentence in _sentences(call, turn) if (shown := self.read(call.words, *sentence))]

    def read(self, words: Sequence[str], first: int, last: int) -> _Shown | None:
        """The mood of a sentence: its lowest word where it has one, else its highest; None without any."""
        values = [value for at in range(first, last) if words[at] in self._by_first for value in self._at(words, at, first, last)]
        if not values:
            return None
        return _Shown(min(values) if min(values) < 0 else max(values), first, last)

    def _at(self, words: Sequence[str], at: int, first: int, last: int) -> Iterator[float]:
        for row, value, needs_frame in self._by_first[words[at]]:
            if at + len(row) > last or tuple(words[at : at + len(row)]) != row or (needs_frame and not self._framed(words, at, first)):
                continue
            denied = not self._denied.isdisjoint(words[max(first, at - _REACH) : at])
            if not denied:
                yield value
            elif value > 0:
                yield _DENIED

    def _framed(self, words: Sequence[str], at: int, first: int) -> bool:
        """Whether one of the frames stands before a word, with nothing but words that strengthen it between."""
        before = at - 1
        while before >= first and words[before] in self._between and words[before] not in self._frames:
            before -= 1
        return before >= first and words[before] in self._frames


@lru_cache(maxsize=16)
def _cues(language: Language) -> _Cues:
    """The cues of a language, made once."""
    return _Cues(language)
