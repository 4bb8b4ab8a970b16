"""The public protocol of detectors: what a detector is given, and what it returns.

A detector is a function ``detect(call, behaviour) -> Found`` that finds the moments and the occasions of one behaviour
in one call. A behaviour file names it in ``detector``:

- a bare name is one of the library's own (``BUILTIN``), or one that an installed package offers under that name in the
  entry-point group ``listening_coach.detectors``;
- ``"my_package.module:function"`` is a function of any module that can be imported.

What a detector may rely on:

- ``call.words`` is the whole call as one row of canonical words; ``call.bounds[turn]`` is the half-open range of a turn's
  words; ``call.turns`` are the turns themselves; ``call.marks`` holds the commas and dashes behind words.
- Sentence ends (``"."``, ``"?"``, ``"!"``) are words of their own. ``call.bounds`` includes them; ``call.spoken(turn)``, the number of a turn's
  words, leaves them out. ``call.sentence_end(word)`` is the place of the next one.
- ``call.hits_of(behaviour.id, group)`` are the hits of one list of the behaviour's phrases: ``"phrases"``, ``"blockers"``, or
  the name of a list under ``[cues]``.
- ``behaviour.settings`` are its numbers, ``behaviour.words`` its lists of words, and ``behaviour.reads_from("apology")`` is the
  id of the behaviour whose hits this one reads under the name ``apology``.
- ``call.language.words["clauses.subjects"]`` is a word class of the language, ``word_sets(call, behaviour)["leads"]`` a list under
  ``[words]`` of the behaviour's file; both are sets that are made once.
- ``in_context(call, behaviour, hits)`` leaves out the hits that the file's ``[[context]]`` tables cancel.
- ``setting(behaviour, "most_words")`` is a number under ``[settings]``; where it is missing, the error names the file and the key.
- ``questions(call, "open_question", "closed_question")`` in ``questions.py`` gives the questions of a call, each with its turn, its words and
  whether it is open. The work of other detectors is used in this way: import the function, or read hits by ``reads_from``.
- ``call.moment(behaviour.id, turn, first, last, kind=…, rule=…)`` makes a moment of the words from ``first`` to before ``last``, with quote,
  speaker and time filled in. A moment is where the agent did it.
- ``call.occasion(behaviour.id, turn, first, last, met=…, answer=…)`` makes an occasion in the same way. An occasion is where the behaviour was
  called for: ``met`` says whether the agent did it, ``answer`` in which turn. ``status.py`` is a short example.

A detector must not keep anything of a call, must not change what it is given, and may be called from several threads.
Moments and occasions carry ``behaviour.id``, so that one detector serves any number of behaviours.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from importlib.metadata import entry_points
from typing import Any, NamedTuple, TypeVar

from ..behaviours import Behaviour, builtin
from ..errors import BehaviourError, own_errors
from ..language.call import Call, Hit
from ..language.context import Condition, conditions
from ..language.language import Language, WordClasses
from ..moments import Moment, Occasion

__all__ = [
    "BUILTIN", "GROUP", "Behaviour", "Call", "Detector", "Found", "Hit", "Language", "Moment", "Occasion", "detector", "in_context",
    "lists_of", "per_behaviour", "setting", "word_sets",
]  # fmt: skip

# The entry-point group in which an installed package offers detectors.
GROUP = "listening_coach.detectors"
# The library's own detectors: the name that a behaviour file writes, and the module and function behind it.
BUILTIN = {
    "apologies": "apologies:detect",
    "clauses": "clauses:detect",
    "closed_questions": "questions:detect_closed",
    "closing": "greeting_and_closing:detect_closing",
    "commitments": "commitments:detect",
    "empathy": "empathy:detect",
    "greeting": "greeting_and_closing:detect_greeting",
    "hold": "hold:detect",
    "names": "names:detect",
    "nods": "nods:detect",
    "open_questions": "questions:detect_open",
    "personal": "personal:detect",
    "phrases": "phrases:detect",
    "policy": "policy:detect",
    "pressure": "pressure:detect",
    "repeats": "repeats:detect",
    "status": "status:detect",
    "summaries": "summaries:detect",
    "turn_taking": "turn_taking:detect",
    "understanding": "understanding:detect",
    "wording": "wording:detect",
}


class Found(NamedTuple):
    """What a detector returns: moments and occasions, in any order."""

    moments: list[Moment]
    occasions: list[Occasion]


Detector = Callable[[Call, Behaviour], Found]
T = TypeVar("T")
_DETECTOR_FAILED = "Correct the function, or the behaviour's file if it lacks something."
# More behaviours than a process ever has at once.
_MOST_KEPT = 256


def per_behaviour(make: Callable[[Behaviour, Language], T]) -> Callable[[Behaviour, Language], T]:
    """``make``, worked out once for each behaviour and language, and kept: a detector's tables do not change from call to call.

    Both are known by their identity, since comparing them whole would cost more than most tables; they are kept with
    what was made of them, so that no others can take that identity.
    """
    kept: dict[tuple[int, int], tuple[Behaviour, Language, T]] = {}

    @wraps(make)
    def made(behaviour: Behaviour, language: Language) -> T:
        key = id(behaviour), id(language)
        found = kept.get(key)
        if found is None:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            found = kept[key] = behaviour, language, make(behaviour, language)
        return found[2]

    return made


def setting(behaviour: Behaviour, name: str) -> float:
    """A number that decides, from the behaviour's file; one that the file leaves out is that of our own file with its detector.

    Raises:
        BehaviourError: neither file has it.
    """
    found = behaviour.settings.get(name)
    if found is None:
        ours = _ours(behaviour.detector)
        found = ours.settings.get(name) if ours else None
    if found is None:
        raise BehaviourError(f"settings.{name} is missing", where=behaviour.id, remedy=f"The detector {behaviour.detector!r} reads it.")
    return found


def lists_of(behaviour: Behaviour) -> Mapping[str, tuple[str, ...]]:
    """The lists under ``[words]`` of a behaviour; one that the file leaves out is that of our own file with its detector."""
    ours = _ours(behaviour.detector)
    return {**ours.words, **behaviour.words} if ours else behaviour.words


@per_behaviour
def _word_sets(behaviour: Behaviour, _: Language) -> WordClasses:
    return WordClasses({name: frozenset(entries) for name, entries in lists_of(behaviour).items()})


def word_sets(call: Call, behaviour: Behaviour) -> WordClasses:
    """The lists under ``[words]`` of a behaviour as sets of entries, by name.

    One that the file leaves out is that of our own file with its detector; one that neither has is empty.
    """
    return _word_sets(behaviour, call.language)


@cache
def _ours(name: str) -> Behaviour | None:
    """The library's own behaviour that a detector of that name finds, where there is just one."""
    found = [behaviour for behaviour in builtin().values() if behaviour.detector == name]
    return found[0] if len(found) == 1 else None


@per_behaviour
def _conditions(behaviour: Behaviour, language: Language) -> Mapping[str, tuple[Condition, ...]]:
    return conditions(behaviour.contexts, behaviour.words, language, behaviour.id)


def in_context(call: Call, behaviour: Behaviour, hits: Iterable[Hit]) -> list[Hit]:
    """The hits that stand in the contexts which the behaviour's file demands for their lists."""
    if not behaviour.contexts:
        return list(hits)
    of_list = _conditions(behaviour, call.language)
    return [hit for hit in hits if all(condition.holds(call, hit) for condition in of_list.get(hit.rule.group, ()))]


def detector(behaviour: Behaviour, language: Language) -> Detector:
    """The function that finds a behaviour in calls of a language.

    Raises:
        BehaviourError: the behaviour's file names a detector that does not exist or cannot be imported, or a context in it
            names a list that does not exist.
    """
    _conditions(behaviour, language)
    name = behaviour.detector
    where = f"{behaviour.id}, detector"
    if name in BUILTIN:
        module, _, function = BUILTIN[name].partition(":")
        found: Detector = getattr(importlib.import_module(f"{__name__}.{module}"), function)
        return found
    if ":" in name:
        return _checked(_imported(name, where), name, where)
    for entry in entry_points(group=GROUP, name=name):
        return _checked(_imported(entry.value, where), name, where)
    raise BehaviourError(
        f"there is no detector {name!r}",
        where=behaviour.id,
        remedy="Use 'phrases' for a behaviour of words only, 'module:function' for a detector of your own, or one of: "
        + ", ".join(BUILTIN) + ".",
    )  # fmt: skip


def _imported(target: str, where: str) -> Callable[..., Any]:
    """The function that "module:function" names."""
    module, _, path = (part.strip() for part in target.partition(":"))
    remedy = (
        "Write 'module:function', and make sure that the module is installed or on sys.path. "
        "For a module in the folder where you are, set PYTHONPATH=. before the command."
    )
    try:
        found: Any = importlib.import_module(module)
    except (ImportError, TypeError, ValueError) as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if missing and module and f"{module}.".startswith(f"{missing}."):
            raise BehaviourError(f"there is no module {module!r} for the detector {target!r}", where=where, remedy=remedy) from error
        raise BehaviourError(f"the module of the detector {target!r} cannot be imported: {error}", where=where, remedy=remedy) from error
    for name in path.split("."):
        found = getattr(found, name, None)
    if not callable(found):
        raise BehaviourError(f"the module {module!r} has no function {path!r}", where=where, remedy=remedy)
    function: Callable[..., Any] = found
    return function


def _checked(function: Callable[..., Any], name: str, where: str) -> Detector:
    """A detector from outside the library, whose result is checked so that a mistake in it is named where it was made.

    A function that does not take a call and a behaviour, such as one that a file names by mistake or with intent, is never called.
    """
    try:
        inspect.signature(function).bind(None, None)
    except TypeError as error:
        raise BehaviourError(
            f"{name!r} is no detector: it does not take a call and a behaviour", where=where, remedy="Name a function (call, behaviour)."
        ) from error
    except ValueError:
        pass  # a function in C that does not tell what it takes

    @wraps(function)
    def detect(call: Call, behaviour: Behaviour) -> Found:
        with own_errors(BehaviourError, f"the detector {name!r}", where, _DETECTOR_FAILED):
            found = function(call, behaviour)
        if not isinstance(found, tuple) or len(found) != 2:
            raise BehaviourError(
                f"the detector {name!r} returned a {type(found).__name__}", where=where, remedy="Return Found(moments, occasions)."
            )
        moments, occasions = list(found[0]), list(found[1])
        for kind, values in ((Moment, moments), (Occasion, occasions)):
            for value in values:
                if not isinstance(value, kind):
                    raise BehaviourError(
                        f"the detector {name!r} returned a {type(value).__name__} where a {kind.__name__} belongs",
                        where=where,
                        remedy="Make them with call.moment(…) and call.occasion(…).",
                    )
        return Found(moments, occasions)

    return detect
