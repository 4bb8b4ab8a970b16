"""Behaviours as data: what a behaviour file may say, and the reader that checks it.

One TOML file a behaviour, named by its id. Phrases are written in a small notation:

- words as people say them; capitals, contractions, British and American spelling do not matter;
- ``(a|b c|)`` alternatives, an empty one makes the rest optional;
- ``{feeling}`` any phrase of the list ``feeling`` under ``[words]`` in the file, or of the shared ``words.toml``;
- ``...`` up to ``gap_words`` other words of the same sentence;
- ``^`` the beginning of a sentence or turn, ``$`` its end;
- ``0`` any number written with digits.
"""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from ..checking import checked, read_toml
from ..errors import BehaviourError, not_taken
from ..language.automaton import Node, Rule, parse, size_of
from ..language.context import Context
from .file import BehaviourFile, ByClass, OccasionWeights, Situation, WordsFile, misplaced

HERE = Path(__file__).parent
# The entry-point group in which an installed package offers folders of behaviour files.
GROUP = "listening_coach.behaviours"
WORDS_FILE = "words.toml"


@dataclass(frozen=True)
class Behaviour:
    """Something an agent does that is worth coaching, as its file defines it.

    ``effect`` is "helps" or "hinders". ``detector`` names the function that finds it (see ``listening_coach.detectors``).
    ``speakers`` tells whose a report shows: "agent" for what only an agent is coached on, else "all". ``phrases`` are the rules
    that find it, ``blockers`` those that cancel a hit they touch, ``cues`` further lists by name for the detector.
    ``settings`` are numbers that the detector uses, ``reads`` the ids of other behaviours whose hits it uses, by the name under
    which it knows them. ``scorer`` says whether the fitted scorer of the behaviour decides too, or from which confidence on. A turn in
    which a behaviour of ``outweighed_by`` is surer is not told as this one.
    ``absent`` is what a report says of a call that has none of it.
    ``by_class`` tells the kinds of what the scorer found, ``weights`` how much occasions matter, and ``situations`` what calls for the behaviour.
    ``contexts`` are conditions on the hits of its lists (see ``language.context``). ``fires`` and ``silent`` are
    conversations whose last turn must, or must not, hold the behaviour: each is a row of (speaker, text). In the file an example is one
    text, which the agent says, or a list of lines such as "customer: It broke again." and "agent: I'm sorry.".
    """

    id: str
    title: str
    effect: str
    detector: str
    meaning: str
    speakers: str = "all"
    phrases: tuple[Rule, ...] = ()
    blockers: tuple[Rule, ...] = ()
    cues: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    fires: tuple[tuple[tuple[str, str], ...], ...] = ()
    silent: tuple[tuple[tuple[str, str], ...], ...] = ()
    why: str = ""
    advice: str = ""
    instead: tuple[str, ...] = ()
    absent: str = ""
    source: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)
    scorer: bool | float = True
    outweighed_by: tuple[str, ...] = ()
    by_class: ByClass = field(default_factory=ByClass)
    weights: OccasionWeights = field(default_factory=OccasionWeights)
    situations: tuple[Situation, ...] = ()
    contexts: tuple[Context, ...] = ()

    def reads_from(self, name: str) -> str:
        """The id of the behaviour that this one's detector reads as ``name``: what ``[reads]`` says, else ``name`` itself."""
        return self.reads.get(name, name)

    def rules(self) -> Iterator[Rule]:
        """Every rule of the file, whatever its list."""
        yield from self.phrases
        yield from self.blockers
        for rules in self.cues.values():
            yield from rules


# How many words the phrases of a file may have with every list that they name written out.
_MOST_WORDS_ALL_TOLD = 500_000


def load(path: Path, shared: Mapping[str, tuple[str, ...]] | None = None) -> Behaviour:
    """One behaviour from its file.

    Raises:
        BehaviourError: the file is not TOML, lacks a key, has one too many, or holds a value that cannot be.
    """
    where = str(path)
    data = read_toml(path, BehaviourError)
    if (found := misplaced(data)) is not None:
        heading, key = found
        raise BehaviourError(f"{heading}.{key}: `{key}` is a key of the file", where=where, remedy=f"Move it above [{heading}].")
    file: BehaviourFile = checked(BehaviourFile, data, where=where, error=BehaviourError)
    words = {**(shared or {}), **_lists(file.words)}
    trees: dict[str, Node] = {}
    sizes: dict[int, int] = {}

    def rules(group: str, kind: str | None, patterns: Sequence[str]) -> tuple[Rule, ...]:
        place = f"{where}, {group}" + (f".{kind}" if kind else "")
        return tuple(Rule(path.stem, group, kind, p, file.gap_words, parse(p, words, place, trees, sizes)) for p in patterns)

    by_kind = file.phrases.items() if isinstance(file.phrases, Mapping) else [(None, file.phrases)]
    behaviour = Behaviour(
        id=path.stem,
        title=file.title,
        effect=file.effect,
        detector=file.detector,
        meaning=file.meaning,
        speakers=file.speakers,
        phrases=tuple(rule for kind, patterns in by_kind for rule in rules("phrases", kind, patterns)),
        blockers=rules("blockers", None, file.blockers),
        cues={name: rules(name, None, patterns) for name, patterns in file.cues.items()},
        settings=file.settings,
        kinds=file.kinds,
        fires=tuple(map(_conversation, file.fires)),
        silent=tuple(map(_conversation, file.silent)),
        why=file.why,
        advice=file.advice,
        instead=tuple(file.instead),
        absent=file.absent,
        source=file.source,
        words=words,
        reads=file.reads,
        scorer=file.scorer,
        outweighed_by=tuple(file.outweighed_by),
        by_class=file.by_class,
        weights=file.weights,
        situations=tuple(file.situation),
        contexts=_contexts(file, where),
    )
    if sum(size_of(rule.tree, sizes) for rule in behaviour.rules()) > _MOST_WORDS_ALL_TOLD:
        raise BehaviourError(
            f"its phrases stand for more than {_MOST_WORDS_ALL_TOLD} words all told",
            where=where,
            remedy="Name fewer or shorter lists in them.",
        )
    return behaviour


def load_folder(folder: Path, shared: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, Behaviour]:
    """Every behaviour of a folder by id, or that of one file; a ``words.toml`` beside them holds lists for all of them.

    Rubrics may lie in the folder, too; they are left out.

    Raises:
        BehaviourError: there is no such place, it holds no behaviour file, or one that is wrong.
    """
    if not folder.exists():
        raise BehaviourError("there is no such folder or file", where=str(folder), remedy="Check the path, or the name of the package.")
    words = (folder if folder.is_dir() else folder.parent) / WORDS_FILE
    lists = dict(shared or {})
    if words.is_file():
        lists.update(load_words(words))
    found = {path.stem: load(path, lists) for path in behaviour_files(folder)}
    if not found:
        raise BehaviourError("there is no behaviour file (*.toml)", where=str(folder), remedy="Name a folder of behaviour files.")
    return found


def behaviour_files(place: Path) -> list[Path]:
    """The behaviour files of a folder, in order; a file stands for itself."""
    files = sorted(place.glob("*.toml")) if place.is_dir() else [place]
    return [path for path in files if path.name != WORDS_FILE and not (place.is_dir() and is_rubric(path))]


_ONLY_IN_RUBRICS = frozenset(("sections", "extends"))


def is_rubric(path: Path) -> bool:
    """Whether a TOML file is a rubric rather than a behaviour, by the keys that only rubrics have."""
    try:
        text = path.read_text(encoding="utf-8")
        # A file that does not even hold one of these words need not be parsed twice.
        return any(key in text for key in _ONLY_IN_RUBRICS) and not _ONLY_IN_RUBRICS.isdisjoint(tomllib.loads(text))
    except (OSError, ValueError, RecursionError):
        # Whoever loads it says what is wrong with it.
        return False


_NAME_A_FOLDER = "Name a folder of behaviour files, or what an installed package offers."


def folder_of(name: str | Path) -> Path:
    """The folder of behaviour files that ``name`` means: a path, or the name under which an installed package offers one.

    A package offers a folder by an entry point of the group ``listening_coach.behaviours`` whose value is the package
    (a folder with an ``__init__.py``) in which the files lie. Installed packages change nothing until they are named.

    Raises:
        BehaviourError: it is no path, or the entry point's value is not a package.
    """
    if not isinstance(name, str | Path):
        raise not_taken(BehaviourError, "behaviours", name, _NAME_A_FOLDER)
    path = Path(name)
    try:
        if path.exists():
            return path
    except (OSError, ValueError) as error:
        raise BehaviourError(f"the path cannot be used: {error}", where="behaviours", remedy=_NAME_A_FOLDER) from error
    for entry in entry_points(group=GROUP, name=str(name)):
        try:
            found = importlib.util.find_spec(entry.value)
        except ModuleNotFoundError:
            found = None
        if found is None or not found.submodule_search_locations:
            raise BehaviourError(
                f"the entry point {entry.value!r} is not a package",
                where=f"{GROUP}, {name}",
                remedy="Name the package that holds the files.",
            )
        return Path(found.submodule_search_locations[0])
    return path


def load_words(path: Path) -> dict[str, tuple[str, ...]]:
    """The shared lists of a ``words.toml``: each key a list of phrases.

    Raises:
        BehaviourError: the file is not TOML, or a key is no list of texts.
    """
    return _lists(checked(WordsFile, read_toml(path, BehaviourError), where=str(path), error=BehaviourError))


@cache
def builtin() -> Mapping[str, Behaviour]:
    """The library's own behaviours by id."""
    return load_folder(HERE)


@cache
def shared_words() -> Mapping[str, tuple[str, ...]]:
    """The library's own word lists, which a user's behaviour files may use too."""
    return load_words(HERE / WORDS_FILE)


def _lists(words: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(phrases) for name, phrases in words.items()}


def _contexts(file: BehaviourFile, where: str) -> tuple[Context, ...]:
    known = {"phrases", "blockers", *file.cues}
    for number, context in enumerate(file.context):
        for name in context.lists:
            if name not in known:
                raise BehaviourError(
                    f"context[{number}]: there is no list {name!r}", where=where, remedy=f"The lists are: {', '.join(sorted(known))}."
                )
    return tuple(file.context)


def _conversation(example: str | Sequence[str]) -> tuple[tuple[str, str], ...]:
    """An example: one text of the agent's, or a list of "speaker: text" lines whose last is judged."""
    lines = ["agent: " + example] if isinstance(example, str) else example
    return tuple((speaker.strip(), text) for speaker, _, text in (line.partition(": ") for line in lines))
