"""How a language is written: what counts as one word, which spellings are one, which sounds and tags are no words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import LanguageError
from .normaliser import NUMBER

# A pattern that nothing matches, for what a language does not have.
_NEVER = "(?!)"
# What stands in brackets is taken out whatever the language.
_BRACKETED = r"\[[^\[\]]{1,60}\]|<[^<>]{1,60}>|\{[^{}]{1,60}\}|\*[a-z ]{1,30}\*"
_BLACKED_OUT = r"#[A-Z_]{2,30}#|%"


@dataclass(frozen=True, eq=False)
class Spelling:
    """A language's spellings, as its ``spelling.toml`` gives them.

    ``chunk`` cuts a text into the stretches between its spaces, a tag being one; ``is_tag`` tells tags; ``needs_care`` finds the
    chunks for which a text may have to be cut otherwise than at its spaces; ``first_half`` and ``second_half`` match the parts of
    a listening sound that is written as two words.
    """

    fillers: frozenset[str]
    doubled: frozenset[str]
    may_fill: frozenset[str]
    joined: frozenset[str]
    sounds: tuple[tuple[re.Pattern[str], str], ...]
    listening_letters: frozenset[str]
    first_half: re.Pattern[str]
    second_half: re.Pattern[str]
    chunk: re.Pattern[str]
    is_tag: re.Pattern[str]
    needs_care: re.Pattern[str]
    laughter: re.Pattern[str]
    may_be_respelled: re.Pattern[str]
    respelled: tuple[tuple[re.Pattern[str], str], ...]
    one_for_many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bare_endings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bare_stems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[str, Any], path: Path) -> Spelling:
        """The spellings of a ``spelling.toml`` that was read; all of its keys are optional.

        Raises:
            LanguageError: a key is unknown, or a value is not of its kind.
        """
        unknown = table.keys() - _KEYS
        if unknown:
            raise LanguageError(f"unknown key {min(unknown)!r}", where=str(path), remedy=f"The keys are: {', '.join(sorted(_KEYS))}.")
        try:
            return _made(table)
        except (re.error, AttributeError, KeyError, TypeError, ValueError) as error:
            raise LanguageError(f"a value is wrong: {error}", where=str(path), remedy="See the spelling.toml of English.") from error

    def spelled(self, word: str) -> tuple[str, ...]:
        """The canonical words of one plain written word."""
        word = word.lower()
        return self.one_for_many.get(word) or (self.respell(word),)

    def respell(self, word: str) -> str:
        """The one spelling of a word in small letters; a word with digits is a number."""
        if not word.isalpha() and any(c.isdigit() for c in word):
            return NUMBER
        # No word is longer; the patterns' time grows with the square of a letter run, such as a megabyte of "x".
        if _SHORTEST_RESPELLED <= len(word) <= _LONGEST_WORD and self.may_be_respelled.search(word):
            for pattern, form in self.respelled:
                word = pattern.sub(form, word)
        return word


_KEYS = {f.name for f in fields(Spelling)} - {"chunk", "is_tag", "needs_care", "one_for_many"} | {"spelled", "noise", "listening"}
_SHORTEST_RESPELLED = 5
_LONGEST_WORD = 40


def _made(table: Mapping[str, Any]) -> Spelling:
    noise = "|".join(table.get("noise", ())) or _NEVER
    tag = rf"{_BRACKETED}|\((?:{noise})[^()]{{0,40}}\)|{_BLACKED_OUT}"

    def compiled(name: str) -> re.Pattern[str]:
        return re.compile(table.get(name, _NEVER), re.IGNORECASE)

    return Spelling(
        fillers=frozenset(table.get("fillers", ())),
        doubled=frozenset(table.get("doubled", ())),
        may_fill=frozenset(table.get("may_fill", ())),
        joined=frozenset(table.get("joined", ())),
        sounds=tuple((re.compile(sound["pattern"]), sound["word"]) for sound in table.get("sounds", ())),
        listening_letters=frozenset(table.get("listening_letters", "")) | frozenset(" \t\n"),
        first_half=compiled("first_half"),
        second_half=compiled("second_half"),
        chunk=re.compile(rf"(?:{tag})|{table.get('listening', _NEVER)}\S*|\S+?(?=[\[<{{])|\S+", re.IGNORECASE),
        is_tag=re.compile(rf"(?:{tag})[.,?!]*", re.IGNORECASE),
        needs_care=re.compile(rf"[\[<{{]|^%|^\*(?:[a-z]|$)|^\((?:{noise})|^#[A-Z_]", re.IGNORECASE),
        laughter=re.compile("|".join(table.get("laughter", ())) or _NEVER, re.IGNORECASE),
        may_be_respelled=re.compile(table.get("may_be_respelled", _NEVER)),
        respelled=tuple((re.compile(each["pattern"]), each["becomes"]) for each in table.get("respelled", ())),
        one_for_many={word: tuple(read.split()) for word, read in table.get("spelled", {}).items()},
        bare_endings={word: tuple(read.split()) for word, read in table.get("bare_endings", {}).items()},
        bare_stems=dict(table.get("bare_stems", {})),
    )
