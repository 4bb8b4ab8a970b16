"""The kinds of what a scorer found, told by the word classes that stand in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..behaviours import Behaviour
from ..behaviours.file import KindsByClass
from ..errors import BehaviourError
from ..language.call import Call
from ..language.normaliser import BOUNDARIES
from .features import CLASSES_FILE, Classes


def kind_of(call: Call, classes: Classes, by: KindsByClass | None, turn: int, quoted: tuple[int, int]) -> str | None:
    """The kind of a finding in the words ``quoted`` of a turn: the first that has a class there, else in the turn; else the default."""
    if by is None:
        return None
    own = [(word, name) for word, name in placed(call, classes, turn) if name.startswith("@")]
    for first, last in (quoted, call.bounds[turn]):
        there = {name for word, name in own if first <= word < last}
        for kind, names in by.kinds.items():
            if any(f"@{name}" in there for name in names):
                return kind
    return by.default


def check_names(behaviours: Iterable[Behaviour], classes: Classes, known: Collection[str]) -> None:
    """Refuses a behaviour whose file names a word class or, as what calls for it or answers it, a behaviour that there is not.

    Raises:
        BehaviourError: there is no such class or behaviour.
    """
    for behaviour in behaviours:
        told = [each for each in (behaviour.by_class.moments, behaviour.by_class.occasions) if each is not None]
        named = [("by_class", name) for each in told for names in each.kinds.values() for name in names]
        braced = (entry for each in behaviour.situations for entries in each.needs for entry in entries)
        named += [("situation", entry.strip("{}")) for entry in braced if entry.startswith("{")]
        for place, name in named:
            if name not in classes.names:
                raise BehaviourError(
                    f"there is no word class {name!r:.60}",
                    where=f"{behaviour.id}, {place}",
                    remedy=f"The classes are those of {CLASSES_FILE} in the language's folder.",
                )
        for situation in behaviour.situations:
            for name in (situation.at, *situation.answered_by):
                if name.partition(".")[0] not in known:
                    raise BehaviourError(
                        f"there is no behaviour {name!r:.60}",
                        where=f"{behaviour.id}, situation {situation.kind!r:.60}",
                        remedy=f"The behaviours are: {', '.join(known)}.",
                    )


def placed(call: Call, classes: Classes, turn: int) -> list[tuple[int, str]]:
    """The words of a turn with their places, those of a class as its name behind an "@"; several words of one class stand at their first."""

    def read() -> list[tuple[int, str]]:
        places = [i for i in range(*call.bounds[turn]) if call.words[i] not in BOUNDARIES]
        found = classes.in_place([call.words[i] for i in places])
        return [(place, name) for place, name in zip(places, found, strict=True) if name is not None]

    return call.memo(f"classes of turn {turn}", read)


def all_stand(call: Call, classes: Classes, needs: Iterable[Iterable[str]], turn: int, words: tuple[int, int]) -> bool:
    """Whether one entry of each list, a word or a class in braces, stands in these words of a turn."""
    first, last = words
    there = {f"{{{name[1:]}}}" if name.startswith("@") else name for word, name in placed(call, classes, turn) if first <= word < last}
    there.update(call.words[first:last])
    return all(not there.isdisjoint(entries) for entries in needs)
