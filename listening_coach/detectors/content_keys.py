"""What each turn said, made comparable: its content words by stem, its numbers by their digits.

Shared by the detectors that compare what one side says with what the other said before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from string import ascii_lowercase

from ..behaviours import Behaviour
from ..errors import BehaviourError
from ..language.call import Call
from ..language.language import Language
from ..language.normaliser import NUMBER

_DIGITS = re.compile(r"\d+")
_REFERENCE = re.compile(r"^[a-z]+\d|\d[a-z]+\d")
_HANDLES = ("@", "#")
_MOST_KEYS = 200_000


def need_settings(behaviour: Behaviour, names: frozenset[str]) -> None:
    """Sees to it that a behaviour's file sets all that its detector reads.

    Raises:
        BehaviourError: one of ``names`` is not among the file's settings.
    """
    missing = names - behaviour.settings.keys()
    if missing:
        name = min(missing)
        raise BehaviourError(
            f"settings.{name} is missing",
            where=behaviour.id,
            remedy=f"The detector {behaviour.detector!r} reads it; copy it from the library's own file.",
        )


class _Keys(dict[str, str]):
    """The key of each word met in a language, so that a whole call is looked up in one go; emptied when full."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._numbers = language.table("numbers")

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_KEYS:
            self.clear()
        found = self._numbers.get(word)
        if found is None:
            found = self._language.stem(word) if self._language.is_content(word) else ""
        self[word] = found
        return found


@lru_cache(maxsize=16)
def keys_of(language: Language) -> _Keys:
    """What each canonical word of a language is compared by: its stem, a number's digits, or "" where it carries no content."""
    return _Keys(language)


@lru_cache(maxsize=16)
def maybe_letters(language: Language) -> frozenset[str]:
    """What a letter that stands alone is read as: "k" as "okay", "u" as "you"."""
    return frozenset(word for letter in ascii_lowercase if letter not in "ia" for word in language.spelled(letter))


def number(written: str) -> str:
    """A number as it is compared: its digits, without currency or a zero fraction; "" for a handle or a tag."""
    digits: list[str] = _DIGITS.findall(written.replace(",", "")) if written[:1] not in _HANDLES else []
    if not digits:
        return ""
    if len(digits) > 1 and "." in written and not digits[-1].strip("0"):
        digits = digits[:-1]
    if len(digits) == 1 and len(digits[0]) == 1 and written[-2:].lower() in ("st", "nd", "rd", "th"):
        return digits[0] + "th"
    return ":".join(digits)


def is_number(k: str) -> bool:
    """Whether a key is a number's."""
    return k[0].isdigit()


def key_row(call: Call) -> list[str]:
    """The key of every word of a call, by word number; not to be changed."""
    return call.memo("keys", lambda: _key_row(call))


def _key_row(call: Call) -> list[str]:
    words = call.words
    row: list[str] = call.each(keys_of(call.language).__getitem__, object).tolist()
    begins = [first for first, _ in call.bounds]
    at = -1
    for _ in range(words.count(NUMBER)):
        at = words.index(NUMBER, at + 1)
        row[at] = number(call.raw(bisect_right(begins, at) - 1, at))
    return row


def key_at(call: Call, turn: int, word: int) -> str:
    """The key of one word of a turn."""
    return number(call.raw(turn, word)) if call.words[word] == NUMBER else keys_of(call.language)[call.words[word]]


def keys(call: Call, turn: int, first: int, last: int) -> set[str]:
    """The keys of the words from ``first`` to before ``last`` of a turn."""
    return keys_in(key_row(call), call.words, first, last)


def keys_in(row: list[str], words: list[str], first: int, last: int) -> set[str]:
    """The keys of the words from ``first`` to before ``last``, from a call's row of keys and its words."""
    found = set(row[first:last])
    found.discard("")
    if "0" in found and NUMBER in words[first:last] and not any(row[i] == "0" for i in range(first, last) if words[i] == NUMBER):
        found.discard("0")  # beside numbers in digits "zero" is no number of its own
    return found


def said(call: Call) -> list[set[str]]:
    """For each turn of a call the keys of its words; not to be changed."""
    return call.memo("said", lambda: _said(call))


def _said(call: Call) -> list[set[str]]:
    row, words = key_row(call), call.words
    return [keys_in(row, words, first, last) for first, last in call.bounds]


def spells(call: Call, turn: int, word: int) -> bool:
    """Whether a word may stand in a code read out: a number or a single letter."""
    canonical = call.words[word]
    return (
        canonical in call.language.table("numbers")
        or (canonical == NUMBER and call.raw(turn, word)[:1] not in _HANDLES)
        or bool(_letter(call, turn, word))
    )


def _letter(call: Call, turn: int, word: int) -> str:
    """The letter that stands alone in the text, whatever the canonical word made of it ("K" may mean okay); "" for "I" and "a"."""
    written = call.raw(turn, word)
    return written.lower() if len(written) == 1 and written.isalpha() and written not in "Iia" else ""


def code(call: Call, turn: int, first: int, last: int, stop: bool = False) -> tuple[str, int]:
    """The digits and single letters of a range of words in one string, and where they end; with ``stop`` at the first other word."""
    numbers, repeats = call.language.table("numbers"), call.language.table("times")
    signs: list[str] = []
    end, times = first, 1
    for i in range(first, last):
        word = call.words[i]
        if word in repeats:
            times = int(repeats[word])
            continue
        if word == NUMBER and call.raw(turn, i)[:1] not in _HANDLES:
            sign = _in_code(call.raw(turn, i))
        elif word in numbers:
            sign = numbers[word] if numbers[word].isdigit() else ""
        elif word in ("oh", "o"):
            sign = "0"
        elif letter := _letter(call, turn, i):
            sign = letter
        elif stop and not (signs and word == "and"):
            break
        else:
            times = 1
            continue
        signs.append(sign * times)
        times, end = 1, i + 1
    return "".join(signs), end


def _in_code(written: str) -> str:
    """What a word with digits adds to a code: "KT49" with its letters, "14th" and "9pm" without."""
    signs = "".join(c for c in written.lower() if c.isalnum())
    return signs if _REFERENCE.search(signs) else "".join(_DIGITS.findall(signs))
