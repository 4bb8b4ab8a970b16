"""What stands around a hit: the clause to quote, the words before and behind it.

All looking is bounded, so that a turn of a megabyte without punctuation costs no more than any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..language.call import Call, Hit
from ..language.normaliser import BOUNDARIES

_JOINTS = frozenset(("and", "but", "so", "because", "or", "then", "which", "although", "though", "however"))
# In speech without punctuation these open something new behind a clause, and asides stand before one.
_OPENERS = frozenset(("what", "where", "who", "okay", "yeah", "yes", "oh", "well", "please"))
_ASIDES = frozenset(("okay", "yeah", "yes", "no", "oh", "well", "right"))
_MARKS = frozenset((",", ";", ":", "\u2014", "\u2026"))
_MOST = 8


def clauses(call: Call, hits: Sequence[Hit]) -> Iterator[tuple[Hit, tuple[int, int]]]:
    """Each hit with the words of its clause; no two share a word.

    ``hits`` stand in the order of the call and do not overlap. A clause that goes on for more than eight words on one
    side of its hit is not followed there: cut off in its middle it would read as if it ended.
    """
    floor = 0
    for k, hit in enumerate(hits):
        ceiling = hits[k + 1].first if k + 1 < len(hits) and hits[k + 1].turn == hit.turn else len(call.words)
        begin = _begin(call, hit.first, floor)
        floor = end = _end(call, hit.last, ceiling)
        yield hit, (begin, end)


def _begin(call: Call, first: int, floor: int) -> int:
    words, marks = call.words, call.marks
    for at in range(first, max(first - _MOST, floor) - 1, -1):
        word = words[at - 1]
        if at == floor or word in BOUNDARIES or word in _JOINTS or word in _ASIDES or marks.get(at - 1) in _MARKS:
            return at
    return first


def _end(call: Call, last: int, ceiling: int) -> int:
    words, marks = call.words, call.marks
    for at in range(last, min(last + _MOST, ceiling) + 1):
        word = words[at] if at < ceiling else ""
        if at == ceiling or word in BOUNDARIES or word in _JOINTS or word in _OPENERS or marks.get(at - 1) in _MARKS:
            return at
    return last


def sentence(call: Call, hit: Hit, most: int) -> tuple[int, int]:
    """The words of a hit's sentence, at most ``most`` more on either side."""
    words = call.words
    first, last = hit.first, hit.last
    while words[first - 1] not in BOUNDARIES and hit.first - first < most:
        first -= 1
    while words[last] not in BOUNDARIES and last - hit.last < most:
        last += 1
    return first, last


def before(call: Call, hit: Hit, most: int) -> list[str]:
    """Up to ``most`` words of the sentence before a hit, nearest first."""
    return call.words[sentence(call, hit, most)[0] : hit.first][::-1]


def after(call: Call, hit: Hit, most: int) -> list[str]:
    """Up to ``most`` words of the sentence behind a hit."""
    return call.words[hit.last : sentence(call, hit, most)[1]]
