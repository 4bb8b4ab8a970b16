"""Whether a call is in the language that is expected: by what its metadata say, and by its words.

Only plain cases are told: a call that is refused wrongly is worse than one that is scored doubtfully. The metadata must name
another language by its code or its name; the words must hold hardly any of the small words that make up about half of all talk,
and few of the words that our phrases are made of, since telegraphic English has no small words either.
"""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Callable, Collection, Container, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .call import Call
from .language import Language

_CODES = Path(__file__).parent / "codes.toml"
# Where transcripts tell their language; capitals, "_" and "-" do not matter.
_KEYS = frozenset(("language", "languagecode", "languages", "lang", "detectedlanguage", "languageid"))
# Fewer words than this, or fewer letters, tell nothing.
_LEAST_WORDS = 40
_LEAST_LETTERS = 100
# Of 3,700 English calls, chats and posts of 40 words and more, no one has less than 0.43 small words; terse speech that was made up for the
# purpose has 0.35. Of fifteen other languages none has more than 0.13, but for texts made up to be like English.
_PLAINLY_OTHER = 0.2
_DOUBTFUL = 0.4
# Of English without small words ("Booking cancelled. Thanks.") our phrases know 0.78 and more, of other languages 0.37 and less.
_KNOWN_SHARE = 0.5
# In a doubtful text, this share of another language's small words, so many times that of ours, decides.
_OTHERS_SHARE = 0.35
_TIMES = 1.5
# A language whose list is shorter than this cannot be told by it.
_LEAST_LISTED = 50
# Languages whose small words are looked for, so that the reason can name one.
_LOOKED_FOR = ("de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl", "cs", "ro", "hu", "tr", "id", "vi", "ru", "uk", "ar")
# The share of letters of other scripts above which a text is not written in Latin letters.
_OTHER_SCRIPT = 0.5
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def other_language(call: Call, metadata: Mapping[str, Any], vocabulary: Callable[[], Container[str]]) -> str | None:
    """Why a call is not in the language that it is read as, as part of a sentence; None where nothing says so.

    ``vocabulary`` gives the canonical words that phrases of the language are made of; it is asked only where there is doubt.
    """
    language = call.language
    named = named_language(metadata, language)
    if named is not None:
        return f"the transcript says that its language is {named}"
    seen = seen_language(call, vocabulary)
    if seen is not None:
        return f"its words are not {language.name}" + (f" but look like {seen}" if seen else "")
    return None


def named_language(metadata: Mapping[str, Any], language: Language) -> str | None:
    """The other language that the metadata name, such as "German (de-DE)"; None where they name ours, none, or nothing that is known."""
    found: str | None = None
    for key, value in metadata.items():
        if str(key).casefold().replace("_", "").replace("-", "") not in _KEYS:
            continue
        for tag in _tags(value):
            code = _code(tag)
            if code == language.code or tag.casefold() == language.name.casefold():
                return None
            if code is not None and found is None:
                name = _table("names")[code]
                found = name if name.casefold() == tag.casefold() else f"{name} ({tag})"
    return found


def seen_language(call: Call, vocabulary: Callable[[], Container[str]]) -> str | None:
    """The other language that the words of a call are plainly in; "" for one that is not recognised, None where they may be in ours."""
    language = call.language
    if len(language.stop_words) < _LEAST_LISTED:
        return None
    counted = int(call.each(_has_letters, bool).sum())
    share = float(call.each(language.is_small, bool).sum()) / counted if counted else 0.0
    if share >= _DOUBTFUL:
        return None
    if _is_other_script(call):
        return ""
    if counted < _LEAST_WORDS:
        return None
    known = vocabulary()
    if len([word for word in call.words if word in known or language.is_small(word)]) >= _KNOWN_SHARE * counted:
        return None
    best, name = max((_share_of(call, code) / counted, code) for code in _LOOKED_FOR if code != language.code)
    if best >= _OTHERS_SHARE and best >= _TIMES * share:
        return _table("names")[name]
    return "" if share < _PLAINLY_OTHER else None


def _tags(value: object) -> Iterator[str]:
    """The languages in a value: "en-US", "en, es", or a list of such."""
    if isinstance(value, str):
        yield from (part.strip() for part in re.split(r"[,;/|]", value) if part.strip())
    elif isinstance(value, Collection) and not isinstance(value, (bytes, Mapping)):
        for part in value:
            if isinstance(part, str):
                yield from _tags(part)


def _code(tag: str) -> str | None:
    """The two letters (or three) of a language tag or name; None for what is none: "multi", "und", "auto"."""
    first = re.split(r"[-_ ]", tag.casefold(), maxsplit=1)[0]
    first = _table("three_letters").get(first, first)
    if first in _table("names") and re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", tag):
        return first
    return _by_name().get(tag.casefold())


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_CODES.read_text(encoding="utf-8"))


def _table(name: str) -> Mapping[str, str]:
    return _tables()[name]


@cache
def _by_name() -> Mapping[str, str]:
    return {name.casefold(): code for code, name in reversed(list(_table("names").items()))}


@cache
def _small_words(code: str) -> frozenset[str]:
    """spaCy's list of a language's small words."""
    found: Collection[str] = importlib.import_module(f"spacy.lang.{code}.stop_words").STOP_WORDS
    return frozenset(found)


def _share_of(call: Call, code: str) -> int:
    """How many words of a call are small words of a language."""
    return len([word for word in call.words if word in _small_words(code)])


def _has_letters(word: str) -> bool:
    return any(c.isalpha() for c in word)


def _is_other_script(call: Call) -> bool:
    """Whether most of a text's letters are not Latin."""
    letters = [c for turn in call.turns for c in turn.text if c.isalpha()]
    others = len(letters) - len(_LATIN.findall("".join(letters)))
    return len(letters) >= _LEAST_LETTERS and others > _OTHER_SCRIPT * len(letters)
