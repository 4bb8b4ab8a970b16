"""What is wrong with behaviour files and rubrics, as the command ``check`` tells it.

Beside its form, a behaviour file is tried: its detector on a short call, and each of its examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .behaviours import HERE, WORDS_FILE, Behaviour, builtin, is_rubric, load, load_words, shared_words
from .coach import Coach
from .detectors import detector
from .errors import ListeningCoachError
from .language.call import PhraseFinder, read_as
from .language.language import Language
from .language.language import load as load_language
from .rubric import Rubric
from .rubric import load as load_rubric
from .transcript import Transcript


def checked_files(files: Sequence[Path], others: Mapping[str, Behaviour]) -> Iterator[tuple[Path, list[str], str]]:
    """Each file with what is wrong with it, and what to say of it if nothing is."""
    wrong: dict[Path, list[str]] = {}
    found, rubrics = _loaded(files, wrong)
    language = load_language()
    for file, behaviour in list(found.items()):
        try:
            # Each alone, so that a fault in one does not hide those of the others.
            _try_out(behaviour, language)
        except ListeningCoachError as error:
            wrong[file] = [str(error)]
            del found[file]
    try:
        every = {**builtin(), **others, **{b.id: b for b in found.values()}}
    except ListeningCoachError:
        if not wrong:
            raise
        # A file of the package itself is wrong: no call can be read before that is corrected.
        yield from ((file, wrong[file], "") for file in files if file in wrong)
        return
    coach = _build(every)
    for file, rubric in rubrics:
        try:
            _build(every, rubric)
        except ListeningCoachError as error:
            wrong[file] = [str(error)]
    for file in files:
        if file in wrong:
            yield file, wrong[file], ""
        elif file in found:
            examples = len(found[file].fires) + len(found[file].silent)
            praise = (
                f"good, {examples} {'example holds' if examples == 1 else 'examples hold'}" if examples else "good, but it has no examples"
            )
            yield file, [*_wrong_examples(coach, found[file]), *_lacking(file, found[file])], praise
        else:
            yield file, [], "good"


def _loaded(files: Sequence[Path], wrong: dict[Path, list[str]]) -> tuple[dict[Path, Behaviour], list[tuple[Path, Rubric]]]:
    """The behaviours and the rubrics in files; what is wrong with a file is added to ``wrong``."""
    lists = dict(shared_words())
    beside = files[0].parent / WORDS_FILE
    if beside.is_file():
        try:
            lists.update(load_words(beside))
        except ListeningCoachError as error:
            wrong[beside] = [str(error)]
    found: dict[Path, Behaviour] = {}
    rubrics = []
    for file in files:
        if file.name == WORDS_FILE:
            continue
        try:
            if is_rubric(file):
                rubrics.append((file, load_rubric(file)))
            else:
                found[file] = load(file, lists)
        except ListeningCoachError as error:
            wrong[file] = [str(error)]
    return found, rubrics


# A call on which each detector is tried, so that one that fails is named even where the file has no examples.
_TRIED_ON = (
    ("agent", "Hello, how can I help?"),
    ("customer", "My order hasn't come, and I'm worried. What happened?"),
    ("agent", "I'm sorry. Please hold on while I look. It will be with you tomorrow."),
    ("customer", "Thank you, bye."),
)


def _try_out(behaviour: Behaviour, language: Language) -> None:
    """Finds a behaviour by itself in a short call; what is found does not matter."""
    detect = detector(behaviour, language)
    finder = PhraseFinder({behaviour.id: behaviour}, {behaviour.id}, language)
    detect(finder.call(Transcript.from_turns(_TRIED_ON)), behaviour)


def _build(behaviours: Mapping[str, Behaviour], rubric: Rubric | None = None) -> Coach:
    return Coach(rubric=rubric, behaviours=behaviours)


_FROM_0 = "Examples are counted from 0."


def _wrong_examples(coach: Coach, behaviour: Behaviour) -> Iterator[str]:
    for name, conversations, must in (("fires", behaviour.fires, True), ("silent", behaviour.silent, False)):
        for number, conversation in enumerate(conversations):
            shown = f"{name}[{number}] {conversation[-1][1]!r}"
            try:
                found = coach.find_by_rules(Transcript.from_turns(conversation))
            except ListeningCoachError as error:
                yield f"{shown} cannot be tried: {error}"
                continue
            hit = next((m for m in found.moments if m.behaviour == behaviour.id and m.turn == len(conversation) - 1), None)
            if must and hit is None:
                read = read_as(conversation[-1][1], coach.language)
                yield f"{shown} is not found. We read it as: {read!r}. Add a phrase that finds it, or take the example out. {_FROM_0}"
            elif not must and hit is not None:
                by = f" by {hit.rule!r}" if hit.rule else ""
                yield f"{shown} is found: {hit.quote!r}{by}. Narrow the phrase, add a blocker, or take the example out. {_FROM_0}"


# What the package's own files have, beside what every file must have; tests/behaviours/test_examples.py holds it.
_OWN_EXAMPLES = 10


def _lacking(file: Path, behaviour: Behaviour) -> Iterator[str]:
    """What a file of the package itself still lacks."""
    if file.resolve().parent != HERE.resolve():
        return
    for name, examples in (("fires", behaviour.fires), ("silent", behaviour.silent)):
        missing = _OWN_EXAMPLES - len(examples)
        if missing > 0:
            given = f"{len(examples)} example{'' if len(examples) == 1 else 's'}"
            yield f"{name} has {given}. Files of the package have at least {_OWN_EXAMPLES}: add {missing}."
    for name, text in (("why", behaviour.why), ("instead", behaviour.instead)):
        if not text:
            yield f"{name}: this key is missing. Files of the package have it: add it."
