"""Detectors: each finds the moments, and the occasions, of one behaviour in a call.

A detector is a module here with a function ``detect(call, behaviour) -> Found``. A behaviour file names it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import wraps
from typing import NamedTuple, TypeVar

from ..behaviours import Behaviour
from ..errors import BehaviourError
from ..language.call import Call
from ..moments import Moment, Occasion


class Found(NamedTuple):
    """What a detector returns: moments and occasions, in any order."""

    moments: list[Moment]
    occasions: list[Occasion]


Detector = Callable[[Call, Behaviour], Found]
T = TypeVar("T")
# More behaviours than a process ever has at once.
_MOST_KEPT = 256


def per_behaviour(make: Callable[[Behaviour], T]) -> Callable[[Behaviour], T]:
    """``make``, worked out once for each behaviour and kept: a detector's sets and tables do not change from call to call.

    A behaviour is known by its identity, since comparing it whole would cost more than most tables; the behaviour is kept with
    what was made of it, so that no other can take that identity.
    """
    kept: dict[int, tuple[Behaviour, T]] = {}

    @wraps(make)
    def made(behaviour: Behaviour) -> T:
        found = kept.get(id(behaviour))
        if found is None:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            found = kept[id(behaviour)] = behaviour, make(behaviour)
        return found[1]

    return made


def detector(behaviour: Behaviour) -> Detector:
    """The function that finds a behaviour.

    Raises:
        BehaviourError: the behaviour's file names a detector that there is not.
    """
    name = behaviour.detector
    try:
        if not name.isidentifier():
            raise ModuleNotFoundError(name=f"{__name__}.{name}")
        found: Detector = importlib.import_module(f"{__name__}.{name}").detect
    except (ModuleNotFoundError, AttributeError) as error:
        if isinstance(error, ModuleNotFoundError) and error.name != f"{__name__}.{name}":
            raise
        raise BehaviourError(
            f"there is no detector {name!r}", where=behaviour.id, remedy="Use 'phrases' for a behaviour of words only."
        ) from error
    return found
