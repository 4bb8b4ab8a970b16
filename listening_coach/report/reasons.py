"""Why a finding was made, in plain words: what a scorer's reasons mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .texts import clean, cut

if TYPE_CHECKING:
    from . import Report

_MOST_REASON = 120
# Whose words they are, seen from the turn that was weighed.
_PARTS: Mapping[str, str] = {
    "self": "the turn has {}",
    "before": "the other side had said {}",
    "reply": "the reply has {}",
    "next": "the speaker's next turn has {}",
    "previous": "the speaker's turn before has {}",
}
_PLACES = {
    "+0": "in the same turn",
    "+1": "in the turn after",
    "+2": "two turns later",
    "-1": "in the turn before",
    "-2": "two turns before",
}
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        # How long a turn is and where it stands weigh a little everywhere, and explain nothing.
        (r"length up to \d+|place after [\d.]+|near the (?:end|beginning)|\w+ new \d+", ""),
        (r"asks", r"the turn asks something"),
        (r"(?:near|last) (?:shared \d+|of own [\d.]+|of theirs [\d.]+)", r"it takes up words that the other side had just said"),
        (r"told (?:shared \d+|of own [\d.]+|of theirs [\d.]+)", r"it takes up words that the other side had said earlier"),
        (r"\w+ number", r"it repeats a number that was said"),
        (r"own words again [\d.]+", r"it says again what the speaker had said before"),
    )
)
_FINDING = re.compile(r"([+-]\d) (occasion )?([^.]+)(?:\.(.*))?")


def plain(report: Report, why: Iterable[object]) -> list[str]:
    """A finding's reasons in words, each once, the weightiest first."""
    found = (_plain(report, cut(clean(str(each)), _MOST_REASON)) for each in why)
    return list(dict.fromkeys(text for text in found if text))


def _plain(report: Report, reason: str) -> str:
    part, colon, name = reason.partition(": ")
    if not colon:
        return reason
    if part == "context":
        return _elsewhere(report, *name.split(" ", 1))
    if part != "sign":
        return _PARTS.get(part, f"{part} has {{}}").format(_words(name))
    for pattern, words in _SIGNS:
        if match := pattern.fullmatch(name):
            return match.expand(words)
    match = _FINDING.fullmatch(name)
    return _found(report, *match.groups()) if match else name


def _found(report: Report, step: str, occasion: str | None, behaviour: str, kind: str | None) -> str:
    """What the rules found in a turn or near it."""
    info = report.about.get(behaviour)
    title = clean(info.title if info else behaviour.replace("_", " "))
    where = _PLACES.get(step, f"{step} turns away")
    if occasion:
        return f"something called for “{title}” {where}"
    shown = info.kinds.get(kind, kind.replace("_", " ")) if info and kind else ""
    return f"“{title}” was found {where}" + (f" ({clean(shown)})" if shown else "")


def _elsewhere(report: Report, place: str, target: str) -> str:
    """What a first look has found around the turn, or in the rest of the call."""
    behaviour, _, part = target.partition(".")
    info = report.about.get(behaviour)
    title = clean(info.title if info else behaviour.replace("_", " "))
    what = f"something calls for “{title}”" if part == "occasion" else f"“{title}” seems to be"
    return f"{what} {'elsewhere in the call' if place == 'call' else _PLACES.get(place, f'{place} turns away')}"


def _words(name: str) -> str:
    """The words of a feature: a word class is told by its name, the beginning and the end of the turn by their place."""
    parts = name.split()
    at = " at its beginning" if parts[:1] == ["^"] else " at its end" if parts[-1:] == ["$"] else ""
    bare = [part for part in parts if part not in ("^", "$")]
    if len(bare) == 1 and bare[0].startswith("@"):
        return f"a word for “{_class(bare[0])}”{at}"
    shown = " ".join(f"[{_class(part)}]" if part.startswith("@") else part for part in bare)
    return f"“{shown}”{at}"


def _class(name: str) -> str:
    """The name of a word class in words."""
    return name[1:].replace("_", " ")
