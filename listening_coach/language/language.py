"""A language as data: a folder of word classes, spellings, tables and cues, with the modules of what must be code.

``load("en")`` reads the folder ``en`` beside this file; a path reads any other. ``en/language.toml`` says what a folder may hold.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..checking import checked
from ..errors import LanguageError, not_taken
from .file import LanguageFile, RolesFile, SpellingFile, TablesFile, WeightsFile, WordsFile
from .normaliser import BOUNDARIES, SENTENCE_ENDS
from .spelling import Spelling

if TYPE_CHECKING:
    from spacy.language import Language as SpacyLanguage
    from spacy.tokenizer import Tokenizer

HERE = Path(__file__).parent
# The language that is used where none is named.
DEFAULT = "en"
_NO_WORDS: frozenset[str] = frozenset()
_NO_PAIRS: frozenset[tuple[str, ...]] = frozenset()
# Stems and decisions about words are remembered up to so many words.
_MOST_KEPT = 200_000
# A class of words may name these too; they are signs, not words.
_SIGNS = {"sentence_ends": tuple(SENTENCE_ENDS), "boundaries": tuple(sorted(BOUNDARIES))}


class WordClasses(dict[str, frozenset[str]]):
    """Word classes by name; one that a language does not have is empty."""

    def __missing__(self, name: str) -> frozenset[str]:
        return _NO_WORDS


class WordRows(dict[str, frozenset[tuple[str, ...]]]):
    """The entries of several words of each class, as rows of words; empty where a class has none."""

    def __missing__(self, name: str) -> frozenset[tuple[str, ...]]:
        return _NO_PAIRS


class RoleCue(NamedTuple):
    """What one side of a service call says and the other hardly ever.

    ``weight`` is its log-odds, ``early`` whether it counts only in a call's first turns; ``patterns`` are regular expressions.
    """

    name: str
    role: str
    weight: float
    early: bool
    patterns: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """All patterns as one, which begins at a word."""
        return rf"\b(?:{'|'.join(self.patterns)})"


class Language:
    """A language, as its folder defines it; made by ``load``.

    ``words`` holds the classes of single words as sets, ``rows`` the entries of several words in the same classes, ``tables``
    mappings such as that of number words to digits, ``weights`` the numbers of its grammar, ``lists`` the classes in their written order.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        about: LanguageFile = _read(folder / "language.toml", LanguageFile)
        self.code = about.code
        self.name = about.name
        self._spacy = about.spacy
        self._stemmer = about.stemmer
        self._code: dict[str, str] = {str(name): module for name, module in about.modules.items()}
        self.spelling = Spelling.of(_read(folder / "spelling.toml", SpellingFile), folder / "spelling.toml")
        self.lists = _classes(folder)
        self.words = WordClasses()
        self.rows = WordRows()
        for name, entries in self.lists.items():
            self.words[name] = frozenset(entry for entry in entries if " " not in entry)
            if several := [tuple(entry.split(" ")) for entry in entries if " " in entry]:
                self.rows[name] = frozenset(several)
        self.tables: Mapping[str, Mapping[str, str]] = _read(folder / "tables.toml", TablesFile)
        self.weights: Mapping[str, Mapping[str, float]] = _read(folder / "weights.toml", WeightsFile)
        self._stems: dict[str, str] = {}
        self._content: dict[str, bool] = {}

    def __repr__(self) -> str:
        return f"Language({self.code!r}, {self.name!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return load, (str(self.folder),)

    def table(self, name: str) -> Mapping[str, str]:
        """A mapping of words; empty where the language has none of that name."""
        return self.tables.get(name, {})

    def weights_of(self, name: str) -> Mapping[str, float]:
        """The numbers of one part of the grammar.

        Raises:
            LanguageError: the language has none of that name.
        """
        if name not in self.weights:
            raise LanguageError(f"the language {self.name} has no weights of {name}", remedy=f"Write [{name}] in its weights.toml.")
        return self.weights[name]

    # Spelling, stems and content.

    def spelled(self, word: str) -> tuple[str, ...]:
        """The canonical words of one plain written word: "organise" is "organize", "gonna" is "going to"."""
        return self.spelling.spelled(word)

    def stem(self, word: str) -> str:
        """The stem by which words of one family are compared (NLTK's Snowball stemmer); the word itself without a stemmer."""
        found = self._stems.get(word)
        if found is None:
            if len(self._stems) >= _MOST_KEPT:
                self._stems.clear()
            found = self._stems[word] = self._snowball.stem(word) if self._snowball is not None else word
        return found

    def is_content(self, word: str) -> bool:
        """Whether a canonical word carries content: not a function word, a nod or a sign."""
        found = self._content.get(word)
        if found is None:
            if len(self._content) >= _MOST_KEPT:
                self._content.clear()
            found = self._content[word] = word not in self.stop_words and any(c.isalpha() for c in word) and len(word) > 1
        return found

    def is_small(self, word: str) -> bool:
        """Whether a canonical word is one of those without content that make up about half of all talk."""
        return word in self.stop_words

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """The words without content: spaCy's list and the class ``small_words.stop_words``."""
        try:
            listed: Collection[str] = importlib.import_module(f"spacy.lang.{self._spacy}.stop_words").STOP_WORDS
        except ModuleNotFoundError:
            listed = ()
        return frozenset(listed) | self.words["small_words.stop_words"]

    @cached_property
    def _snowball(self) -> Any:
        if not self._stemmer:
            return None
        from nltk.stem.snowball import SnowballStemmer

        return SnowballStemmer(self._stemmer)

    @cached_property
    def blank(self) -> SpacyLanguage:
        """spaCy's blank model of the language, for its tokeniser; made when a word is first met that needs it."""
        import spacy

        return spacy.blank(self._spacy)

    def tokeniser(self) -> Tokenizer:
        """spaCy's tokeniser of the language."""
        tokeniser: Any = self.blank.tokenizer
        made: Tokenizer = tokeniser
        return made

    # What must be code.

    def module(self, name: str) -> Any:
        """The language's module for ``name``, such as ``dates``; None where it has none."""
        if name not in self._modules:
            target = self._code.get(name)
            self._modules[name] = importlib.import_module(target) if target else None
        return self._modules[name]

    @cached_property
    def _modules(self) -> dict[str, Any]:
        return {}

    def find_dates(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Where a row of canonical words names a day or time to come, as half-open ranges of words."""
        dates = self.module("dates")
        return dates.find(words) if dates else []

    def find_lengths(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Where a row of canonical words names a stretch of time, such as "five working days", as half-open ranges of words."""
        dates = self.module("dates")
        return dates.find_lengths(words) if dates else []

    def find_events(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Where words tell a time by what happens then ("as soon as she is in"), as half-open ranges."""
        dates = self.module("dates")
        return dates.find_events(words) if dates else []

    def resolve_date(self, said: str, started_at: datetime) -> date | None:
        """The day that ``said`` means in a call that began at ``started_at``; None where it cannot be told."""
        dates = self.module("dates")
        try:
            return dates.resolve(said, started_at) if dates else None
        except OverflowError:  # a day before the year 1 or after 9999
            return None

    def fillers(self, words: list[str], places: Sequence[int], marks: Mapping[int, str]) -> set[int]:
        """Which of the words at ``places`` (and those beside them) only fill a pause."""
        fillers = self.module("fillers")
        return fillers.find(words, places, marks, self) if fillers else set()

    def polarity_of_text(self, text: str) -> float:
        """How negative (-1) or positive (1) a text is; 0 without a lexicon."""
        polarity = self.module("polarity")
        return polarity.of_text(text) if polarity else 0.0

    @cached_property
    def role_cues(self) -> tuple[RoleCue, ...]:
        """What agents and customers say and the other side hardly ever."""
        roles: RolesFile = _read(self.folder / "roles.toml", RolesFile)
        return tuple(
            RoleCue(cue.name, cue.role, cue.weight, cue.early, tuple(_filled(pattern, roles.parts) for pattern in cue.patterns))
            for cue in roles.cue
        )


def load(language: str | Path | None = None) -> Language:
    """A language by its code ("en"), or from a folder of its files.

    Raises:
        LanguageError: there is no such language, or a file of its folder is wrong.
    """
    remedy = f"The library knows: {', '.join(known())}. A folder of another language holds a language.toml."
    name = DEFAULT if language is None else language
    if not isinstance(name, str | Path):
        raise not_taken(LanguageError, "language", name, remedy)
    folder = HERE / name if isinstance(name, str) and name.isidentifier() else Path(name)
    try:
        there = (folder / "language.toml").is_file()
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if not there:
        raise LanguageError(f"there is no language {str(name)[:60]!r}", remedy=remedy)
    return _loaded(folder.resolve())


@lru_cache(maxsize=16)
def _loaded(folder: Path) -> Language:
    return Language(folder)


def known() -> list[str]:
    """The codes of the languages that the library holds."""
    return sorted(path.parent.name for path in HERE.glob("*/language.toml"))


def _classes(folder: Path) -> dict[str, tuple[str, ...]]:
    """The word classes of a folder's ``words``: "file.class", with the classes that entries in braces name put in their place."""
    raw: dict[str, list[str]] = {}
    for path in sorted((folder / "words").glob("*.toml")):
        words: WordsFile = _read(path, WordsFile)
        raw |= {f"{path.stem}.{name}": entries for name, entries in words.items()}
    return {name: _resolved(name, raw, (), folder) for name in raw}


def _resolved(name: str, raw: Mapping[str, list[str]], within: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    found: list[str] = []
    for entry in raw[name]:
        if not (entry.startswith("{") and entry.endswith("}")):
            found.append(entry)
            continue
        other = entry[1:-1]
        if other in _SIGNS:
            found += _SIGNS[other]
            continue
        other = other if "." in other else f"{name.partition('.')[0]}.{other}"
        if other not in raw or other in (name, *within):
            problem = "is not defined" if other not in raw else "contains itself"
            raise LanguageError(f"the class {entry} in {name} {problem}", where=str(folder), remedy="Define it in a file of words/.")
        found += _resolved(other, raw, (*within, name), folder)
    return tuple(dict.fromkeys(found))


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"<{name}>", part)
    return pattern


def _read(path: Path, shape: Any) -> Any:
    """The content of a file of a language; of one that is missing, nothing."""
    table = {}
    if path.is_file():
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LanguageError(f"it is not TOML: {error}", where=str(path), remedy="Correct the file there.") from error
        except OSError as error:
            raise LanguageError(f"it cannot be read: {error.strerror}", where=str(path), remedy="Name a readable file.") from error
    return checked(shape, table, where=str(path), error=LanguageError)
