"""How a language is written: what counts as one word, which spellings are one, which sounds and tags are no words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import LanguageError
from .file import SpellingFile
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
    def of(cls, table: SpellingFile, path: Path) -> Spelling:
        """The spellings of a ``spelling.toml`` at ``path``.

        Raises:
            LanguageError: a pattern is no regular expression.
        """
        try:
            return _made(table)
        except re.error as error:
            raise LanguageError(
                f"the pattern {str(error.pattern)[:80]!r} is no regular expression: {error.msg}",
                where=str(path),
                remedy="Correct it there.",
            ) from error

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


_SHORTEST_RESPELLED = 5
_LONGEST_WORD = 40


def _made(table: SpellingFile) -> Spelling:
    noise = "|".join(table.noise) or _NEVER
    tag = rf"{_BRACKETED}|\((?:{noise})[^()]{{0,40}}\)|{_BLACKED_OUT}"

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern or _NEVER, re.IGNORECASE)

    return Spelling(
        fillers=frozenset(table.fillers),
        doubled=frozenset(table.doubled),
        may_fill=frozenset(table.may_fill),
        joined=frozenset(table.joined),
        sounds=tuple((re.compile(sound.pattern), sound.word) for sound in table.sounds),
        listening_letters=frozenset(table.listening_letters) | frozenset(" \t\n"),
        first_half=compiled(table.first_half),
        second_half=compiled(table.second_half),
        chunk=compiled(rf"(?:{tag})|{table.listening or _NEVER}\S*|\S+?(?=[\[<{{])|\S+"),
        is_tag=compiled(rf"(?:{tag})[.,?!]*"),
        needs_care=compiled(rf"[\[<{{]|^%|^\*(?:[a-z]|$)|^\((?:{noise})|^#[A-Z_]"),
        laughter=compiled("|".join(table.laughter)),
        may_be_respelled=re.compile(table.may_be_respelled or _NEVER),
        respelled=tuple((re.compile(each.pattern), each.becomes) for each in table.respelled),
        one_for_many={word: tuple(read.split()) for word, read in table.spelled.items()},
        bare_endings={word: tuple(read.split()) for word, read in table.bare_endings.items()},
        bare_stems=table.bare_stems,
    )
