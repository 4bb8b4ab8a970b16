"""Why a finding was made, in plain words: what a scorer's reasons mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..moments import Moment
from .texts import clean, cut, listed

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
_HERE = "+0"


def plain(report: Report, moment: Moment, *, single_words: bool = True) -> tuple[str, ...]:
    """Why a moment was found, in words, the weightiest first; words of one turn stand together, and nothing is told twice.

    A word by itself weighs much and explains little; without ``single_words`` only what says more is told.
    """
    heard: dict[str, list[str]] = {}
    found: dict[str, None] = {}
    for each in moment.details.get("why") or ():
        reason = cut(clean(str(each)), _MOST_REASON)
        part, colon, name = reason.partition(": ")
        if not colon:
            found[reason] = None
        elif part in _PARTS:
            if not single_words and len(_shown(name).split()) == 1:
                continue
            # The part keeps the place of its first words.
            found[part] = None
            heard.setdefault(part, []).append(f"“{_shown(name)}”")
        elif text := _of_a_sign(report, moment, part, name):
            found[text] = None
    return tuple(_PARTS[text].format(listed(list(dict.fromkeys(heard[text])))) if text in heard else text for text in found)


def _of_a_sign(report: Report, moment: Moment, part: str, name: str) -> str:
    """What a sign or a finding nearby means; empty for what explains nothing."""
    if part == "context":
        where, _, target = name.partition(" ")
        behaviour, _, what = target.partition(".")
        # What there is elsewhere in the call hardly explains a turn.
        return "" if where == "call" else _nearby(report, moment, where, behaviour, called_for=what == "occasion")
    if part != "sign":
        return f"{part} has “{_shown(name)}”"
    for pattern, words in _SIGNS:
        if match := pattern.fullmatch(name):
            return match.expand(words)
    match = _FINDING.fullmatch(name)
    if match is None:
        return name
    where, occasion, behaviour, kind = match.groups()
    return _nearby(report, moment, where, behaviour, called_for=bool(occasion), kind=kind)


def _nearby(report: Report, moment: Moment, where: str, behaviour: str, *, called_for: bool, kind: str | None = None) -> str:
    """What was found in a turn or near it."""
    info = report.about.get(behaviour)
    title = clean(info.title if info else behaviour.replace("_", " "))
    place = _PLACES.get(where, f"{where} turns away")
    if called_for:
        return f"something called for “{title}” {place}"
    shown = clean(info.kinds.get(kind, kind.replace("_", " "))) if info and kind else ""
    if behaviour == moment.behaviour and where == _HERE:
        return "it is worded in a way that is known for it" + (f" ({shown})" if shown else "")
    return f"“{title}” was found {place}" + (f" ({shown})" if shown else "")


def _shown(name: str) -> str:
    """The words of a reason; of a word class, whose words hold digits, the name is shown."""
    bare = [part for part in name.split() if part not in ("^", "$")]
    return " ".join(f"[{part[1:].replace('_', ' ')}]" if part.startswith("@") else part for part in bare)
