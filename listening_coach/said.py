"""Where the agent says a sentence that a rubric asks for: word for word, or by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .language.call import Call
from .language.language import Language
from .language.normaliser import BOUNDARIES
from .transcript import AGENT


class Place(NamedTuple):
    """Words in a turn, as in a moment."""

    turn: int
    start: int
    end: int
    quote: str
    time_s: float | None = None


def words_of(call: Call, turn: int) -> tuple[str, ...]:
    """The canonical words of a turn."""
    first, last = call.bounds[turn]
    return tuple(word for word in call.words[first:last] if word not in BOUNDARIES)


def places(call: Call, wanted: Sequence[str], likeness: float | None = None) -> tuple[Place, ...]:
    """Where the agent says a sentence, each turn once, in order; ``wanted`` are its canonical words.

    Without ``likeness`` its words must stand there in a row; signs, capitals and short forms ("we're") do not count. With it, at least this share of the words
    that carry content must, in any form and order.
    """
    stems = _stems(wanted, call.language)
    found = []
    for i, (turn, (first, last)) in enumerate(zip(call.turns, call.bounds, strict=True)):
        if turn.role is not AGENT:
            continue
        at = [n for n in range(first, last) if call.words[n] not in BOUNDARIES]
        own = [call.words[n] for n in at]
        span = _in_a_row(own, wanted) if likeness is None else _alike(own, stems, likeness, call.language)
        if span is not None:
            start, end = call.span(i, at[span[0]], at[span[1] - 1] + 1)
            found.append(Place(i, start, end, turn.text[start:end], turn.time_at(start)))
    return tuple(found)


def _stems(words: Sequence[str], language: Language) -> set[str]:
    return {language.stem(word) for word in words if language.is_content(word)} or {language.stem(word) for word in words}


def _in_a_row(own: Sequence[str], wanted: Sequence[str]) -> tuple[int, int] | None:
    size = len(wanted)
    return next(((n, n + size) for n in range(len(own) - size + 1) if list(own[n : n + size]) == list(wanted)), None) if size else None


def _alike(own: Sequence[str], stems: set[str], likeness: float, language: Language) -> tuple[int, int] | None:
    there = [(n, stem) for n, word in enumerate(own) if (stem := language.stem(word)) in stems]
    if not there or len({stem for _, stem in there}) < likeness * len(stems):
        return None
    return there[0][0], there[-1][0] + 1
