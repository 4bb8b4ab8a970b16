"""What detectors return: moments and occasions, as frozen values that pickle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .transcript import Role


class Details(dict[str, Any]):
    """A mapping that cannot be changed: what a moment knows beyond its place."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("the details of a moment cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # frozen, so it may be hashed
        return hash(frozenset((k, repr(v)) for k, v in self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return Details, (dict(self),)


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class Moment:
    """One occurrence of a behaviour.

    ``turn`` is the index of the turn; ``start`` and ``end`` are a half-open span of characters in its text, and
    ``quote`` is what stands there. ``time_s`` is when it is said, in seconds from the call's start, None without times.
    ``rule`` is the phrase or the test that found it. ``inferred`` marks what was concluded from text where only times
    could have shown it.
    """

    behaviour: str
    turn: int
    start: int
    end: int
    quote: str
    kind: str | None = None
    rule: str = ""
    speaker: str = ""
    role: Role = Role.UNKNOWN
    time_s: float | None = None
    inferred: bool = False
    details: Mapping[str, Any] = field(default=NO_DETAILS)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A place where a behaviour was called for.

    ``turn``, ``start``, ``end`` and ``quote`` say where, as in a moment: for empathy, the customer's upset words.
    ``met`` tells whether the agent did it, ``answer`` the index of the turn in which.
    """

    behaviour: str
    turn: int
    start: int
    end: int
    quote: str
    kind: str | None = None
    met: bool = False
    answer: int | None = None
    speaker: str = ""
    role: Role = Role.UNKNOWN
    time_s: float | None = None
