"""Detectors: each finds the moments, and the occasions, of one behaviour in a call.

A detector is a module here with a function ``detect(call, behaviour) -> Found``. A behaviour file names it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import NamedTuple

from ..behaviours import Behaviour
from ..errors import BehaviourError
from ..language import Call
from ..moments import Moment, Occasion


class Found(NamedTuple):
    """What a detector returns: moments and occasions, in any order."""

    moments: list[Moment]
    occasions: list[Occasion]


Detector = Callable[[Call, Behaviour], Found]


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
