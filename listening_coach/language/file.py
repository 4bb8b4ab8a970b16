"""What the files of a language's folder may hold: the types that check them. ``en`` is the example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ..checking import Number, Text

# A word, several words, a sign, or a class in braces.
Entry = Annotated[str, Meta(min_length=1, description="a word, or a class in braces")]


class LanguageFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``language.toml``: the language's code and name, the tools it uses, and the modules of what must be code.

    ``spacy`` is the spaCy language whose tokeniser and stop words are used, "xx" for any; ``stemmer`` a Snowball stemmer of NLTK's.
    ``modules`` may name ``dates`` (find, resolve), ``fillers`` (find) and ``polarity`` (of_text).
    """

    code: Text
    name: Text
    spacy: Text = "xx"
    stemmer: Text | None = None
    modules: Mapping[Literal["dates", "fillers", "polarity"], Text] = {}


class Sound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A listening sound: how it is written, as a regular expression, and its canonical word; "" where it is left out."""

    pattern: Text
    word: str


class Respelling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One spelling made another: a regular expression and what takes its place."""

    pattern: Text
    becomes: str


class SpellingFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``spelling.toml``; that of English says what each key means. Patterns are regular expressions."""

    fillers: list[Text] = []
    doubled: list[Text] = []
    may_fill: list[Text] = []
    joined: list[Text] = []
    noise: list[Text] = []
    laughter: list[Text] = []
    listening: str = ""
    first_half: str = ""
    second_half: str = ""
    listening_letters: str = ""
    may_be_respelled: str = ""
    spelled: Mapping[str, Text] = {}
    bare_endings: Mapping[str, Text] = {}
    bare_stems: Mapping[str, Text] = {}
    sounds: list[Sound] = []
    respelled: list[Respelling] = []


class CueTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ``[[cue]]`` of ``roles.toml``."""

    name: Text
    role: Literal["agent", "customer"]
    weight: Number
    early: bool = False
    patterns: Annotated[list[Text], Meta(min_length=1)]


class RolesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``roles.toml``: the cues, and the parts that their patterns name in angle brackets."""

    parts: Mapping[str, Text] = {}
    cue: list[CueTable] = []


# A file of ``words``, ``tables.toml`` and ``weights.toml``.
WordsFile = Mapping[str, list[Entry]]
TablesFile = Mapping[str, Mapping[str, Text]]
WeightsFile = Mapping[str, Mapping[str, Number]]
