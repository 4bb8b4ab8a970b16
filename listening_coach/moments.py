"""What detectors return: moments and occasions, as frozen values that pickle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
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


@dataclass(frozen=True, slots=True, init=False)
class Moment:
    """One occurrence of a behaviour.

    ``turn`` is the index of the turn; ``start`` and ``end`` are a half-open span of characters in its text, and
    ``quote`` is what stands there. ``time_s`` is when it is said, in seconds from the call's start, None without times.
    ``rule`` is the phrase or the test that found it. ``inferred`` marks what was concluded from text where only times
    could have shown it. ``confidence``, 0 to 1, is how likely it is that a person would see it too; 1 where only a rule was asked. ``perhaps`` marks what is
    too uncertain to count: it is shown as such and costs or earns nothing.
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
    confidence: float = 1.0
    perhaps: bool = False

    # A call has hundreds of moments, and the dataclass's own way past its frozen ``__setattr__`` takes twice as long.
    def __init__(
        self,
        behaviour: str,
        turn: int,
        start: int,
        end: int,
        quote: str,
        kind: str | None = None,
        rule: str = "",
        speaker: str = "",
        role: Role = Role.UNKNOWN,
        time_s: float | None = None,
        inferred: bool = False,
        details: Mapping[str, Any] = NO_DETAILS,
        confidence: float = 1.0,
        perhaps: bool = False,
    ) -> None:
        _set_behaviour(self, behaviour)
        _set_turn(self, turn)
        _set_start(self, start)
        _set_end(self, end)
        _set_quote(self, quote)
        _set_kind(self, kind)
        _set_rule(self, rule)
        _set_speaker(self, speaker)
        _set_role(self, role)
        _set_time_s(self, time_s)
        _set_inferred(self, inferred)
        _set_details(self, details)
        _set_confidence(self, confidence)
        _set_perhaps(self, perhaps)


# What fills a moment's slots, in the order of its fields.
(
    _set_behaviour, _set_turn, _set_start, _set_end, _set_quote, _set_kind,
    _set_rule, _set_speaker, _set_role, _set_time_s, _set_inferred, _set_details, _set_confidence, _set_perhaps,
) = (vars(Moment)[each.name].__set__ for each in fields(Moment))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Occasion:
    """A place where a behaviour was called for.

    ``turn``, ``start``, ``end`` and ``quote`` say where, as in a moment: for empathy, the customer's upset words.
    ``met`` tells whether the agent did it, ``answer`` the index of the turn in which. ``weight`` is how much it mattered, and
    ``confidence``, 0 to 1, how likely it is that a person would see it too. ``perhaps`` marks what is too uncertain to count.

    ``answered_by`` is the speaker of the answer, ``answer_after_turns`` how many turns after these words it came, and ``answer_after_s`` how many
    seconds, None without times. ``answer_confidence``, 0 to 1, is how surely it is an answer; 0 where there is none.
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
    weight: float = 1.0
    confidence: float = 1.0
    perhaps: bool = False
    answered_by: str | None = None
    answer_after_turns: int | None = None
    answer_after_s: float | None = None
    answer_confidence: float = 0.0
