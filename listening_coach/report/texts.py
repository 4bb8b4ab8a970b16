"""Texts as every page writes them: on one line, cut where they are long, with speakers, places and quotes in one form.

Turns count from 1 here, as a reader of the file counts them; in the data they count from 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ..ledger import DIGITS
from ..moments import Moment, Occasion
from ..safe_text import without_unsafe
from ..scoring import rounded
from ..transcript import Role
from .values import Context, Evidence

if TYPE_CHECKING:
    from . import Report

# Longer texts are cut in headings and lists; the transcript itself is shown whole.
_MOST_QUOTE = 400
_MOST_NAME = 60


class Spoken(NamedTuple):
    """A turn shown beside a quote."""

    when: str
    who: str
    text: str
    turn: int


class Quote(NamedTuple):
    """Words with their speaker and place. ``when`` is m:ss, or "turn 14" without times; ``turn`` counts from 1.

    ``before`` and ``after`` are the words of the same turn around it, with the space that parts them; ``prior`` is what it answers and
    ``reply`` what was answered to it.
    """

    when: str
    who: str
    quote: str
    turn: int
    before: str = ""
    after: str = ""
    prior: Spoken | None = None
    reply: Spoken | None = None


def clean(text: str) -> str:
    """A text on one line: runs of white space become a space; control characters, which could drive a terminal, and signs that change the
    direction of writing go.
    """
    words = " ".join(text.split())
    return words if words.isprintable() else " ".join(without_unsafe(words).split())


def cut(text: str, most: int = _MOST_QUOTE) -> str:
    """A text of at most ``most`` characters; what is left out of its middle is marked, and words stay whole where they can."""
    if len(text) <= most:
        return text
    half = (most - 3) // 2
    first, last = text[:half], text[-half:]
    # A word that is cut through goes, unless it is all there is.
    if not text[half].isspace():
        first = first.rpartition(" ")[0] or first
    if not text[-half - 1].isspace():
        last = last.partition(" ")[2] or last
    return f"{first.rstrip()} … {last.lstrip()}"


def sentence(text: str) -> str:
    """A text with a capital at its beginning and a stop at its end."""
    text = clean(text)
    if not text:
        return ""
    ended = text.rstrip("'\"’”)")[-1:] in (".", "!", "?", "…")
    return text[0].upper() + text[1:] + ("" if ended else ".")


def exact(points: float) -> str:
    """A call's score, or points of it, to the last digit that the ledger adds up to."""
    return f"{points:.{DIGITS}f}"


def clock(seconds: float) -> str:
    """Seconds as m:ss, rounded down as a player shows them: 75.9 is "1:15"."""
    total = max(0, math.floor(seconds))
    return f"{total // 60}:{total % 60:02d}"


def whole(score: float) -> str:
    """A score as a whole number, rounded; its band is chosen by the same number."""
    return str(rounded(score))


def who(speaker: str, role: Role) -> str:
    """A speaker's name with the role, where the name does not tell it already."""
    name = name_of(speaker) or "unnamed speaker"
    if name.casefold() == role.value:
        return name.capitalize()
    if role is Role.UNKNOWN or Role.of(name) is role:
        return name
    return f"{name} ({role.value})"


def name_of(text: str) -> str:
    """A name on one line, cut where it is very long."""
    return cut(clean(text), _MOST_NAME)


def place(turn: int, time_s: float | None) -> str:
    """The time of a place, or the number of its turn where there is none; ``turn`` counts from 0."""
    return clock(time_s) if time_s is not None else f"turn {turn + 1}"


def plural(number: int, noun: str) -> str:
    """A number with its noun: "1 turn", "2 turns"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def day(value: date) -> str:
    """A date as people write it: "17 June 2025"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


# strftime would follow the machine's locale.
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def quoted(report: Report, at: Evidence | Moment | Occasion) -> Quote:
    """The words of a finding with their speaker and place; of evidence, with the turns beside it."""
    role = report.transcript.turns[at.turn].role
    bare = Quote(place(at.turn, at.time_s), who(at.speaker, role), cut(clean(at.quote)), at.turn + 1)
    if not isinstance(at, Evidence):
        return bare
    # A span ends before the sign that ends its sentence; the quote reads better with it.
    sign = at.after[:1] if at.after[:1] in (".", "?", "!", "…") else ""
    return bare._replace(
        quote=bare.quote + sign, before=_joined(at.before), after=_joined(at.after[len(sign) :]),
        prior=spoken(report, at.prior), reply=spoken(report, at.reply),
    )  # fmt: skip


def _joined(text: str) -> str:
    """The words beside a quote, with one space where they are parted from it."""
    found = clean(text)
    return (" " if text[:1].isspace() else "") + found + (" " if found and text[-1:].isspace() else "") if text else ""


def spoken(report: Report, context: Context | None) -> Spoken | None:
    """A turn shown beside a quote."""
    if context is None:
        return None
    role = report.transcript.turns[context.turn].role
    return Spoken(place(context.turn, context.time_s), who(context.speaker, role), clean(context.text), context.turn + 1)
