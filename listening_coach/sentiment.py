"""The customer's mood through the call, from what they say: TextBlob's lexicon, joined by our own cues.

Only the customer's: what the agent feels is none of our business. A mood is a number from -1 (low) to 1 (high) on words
alone; tone of voice is not heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from .language.call import Call
from .language.normaliser import BOUNDARIES, TURN_END
from .moments import Moment, Occasion
from .transcript import CUSTOMER

# A mood this far from nothing is called one.
_NOTABLE = 0.15
# What our own cues say outweighs single words.
_UPSET = -0.7
_THANKFUL = 0.4
# A change of at least this much between neighbouring notable moods is a turning point.
_TURN = 0.5


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


def customer_mood(call: Call, moments: Iterable[Moment], occasions: Iterable[Occasion]) -> Sentiment:
    """The mood of the customer's turns."""
    upset: dict[int, Occasion] = {}
    for o in occasions:
        if o.behaviour == "empathy" and o.role is CUSTOMER:
            upset.setdefault(o.turn, o)
    thankful = {m.turn for m in moments if m.behaviour == "gratitude" and m.role is CUSTOMER}
    turns = [i for i, (t, (first, last)) in enumerate(zip(call.turns, call.bounds, strict=True)) if t.role is CUSTOMER and last - first > 1]
    values: dict[int, Mood] = {}
    for i in turns:
        value, first, last = _polarity(call, i, call.language.mood_words)
        if i in upset:
            o = upset[i]
            values[i] = Mood(i, min(value, _UPSET), o.quote, o.time_s)
            continue
        if i in thankful and value >= 0:
            value = max(value, _THANKFUL)
            first, last = (first, last) if last else call.bounds[i]
        if abs(value) >= _NOTABLE:
            start, end = call.span(i, first, last)
            turn = call.turns[i]
            values[i] = Mood(i, value, turn.text[start:end], turn.time_at(start))
    if len(turns) < 3:
        return Sentiment(None, None, tuple(values.values()))
    third = max(1, len(turns) // 3)
    moods = tuple(values.values())
    return Sentiment(_mean(turns[:third], values), _mean(turns[-third:], values), moods, _turning_points(moods))


def _mean(turns: Sequence[int], values: dict[int, Mood]) -> float:
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


def _polarity(call: Call, turn: int, lexicon: frozenset[str]) -> tuple[float, int, int]:
    """The strongest sentence of a turn by TextBlob's lexicon: its mood and its words."""
    its = call.language.words
    best = (0.0, 0, 0)
    first, last = call.bounds[turn]
    row = call.words[first:last]
    if lexicon.isdisjoint(row):
        return best
    row.append(TURN_END)
    begin = 0
    for end in [at for at, word in enumerate(row) if word in BOUNDARIES]:
        words = row[begin:end]
        if not lexicon.isdisjoint(words):
            value = call.language.polarity_of_words([w for w in words if w not in its["mood.no_mood"]])
            if abs(value) > abs(best[0]):
                best = (value, first + begin, first + end)
        begin = end + 1
    return best
