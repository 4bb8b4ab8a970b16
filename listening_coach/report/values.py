"""The parts of a report: what it quotes, praises and picks to work on, and what it says of each behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Raised when a key of to_dict() changes its meaning or goes.
SCHEMA_VERSION = "2.0"


@dataclass(frozen=True, slots=True)
class BehaviourInfo:
    """What the report says of a behaviour wherever it occurs, from its file.

    ``reliability`` is how well it is found, in a word ("high", "fair", "low"); empty where that was not measured. ``absent`` is the sentence
    for a call that has none of it.
    """

    title: str
    helps: bool
    meaning: str
    why: str
    advice: str
    instead: tuple[str, ...]
    source: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    reliability: str = ""
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """A turn that helps to understand a quote: its index, speaker, time in seconds where known, and text, shortened where long."""

    turn: int
    text: str
    speaker: str
    time_s: float | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote with its place: the turn's index, the speaker, the time in seconds where known, and the words around it.

    ``prior`` is what an agent's words answer, ``reply`` what the agent answered to a customer's words; None where there is none.
    """

    turn: int
    quote: str
    speaker: str
    time_s: float | None
    before: str = ""
    after: str = ""
    prior: Context | None = None
    reply: Context | None = None


@dataclass(frozen=True, slots=True)
class Strength:
    """Something that went well: the item, its score, what was found in words, and the quote it rests on.

    ``remark`` is empty, or says why this only comes close to a strength.
    """

    item: str
    title: str
    score: float
    sentence: str
    evidence: Evidence | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Focus:
    """What to coach next: the item, the quote, why it matters, what to do, and what to say instead.

    ``shows`` tells what the quote is: "said", the agent's words that hinder; "unanswered", the customer's words that called for
    it; "open", the agent's words that were left incomplete, as a promise without a date; "place", customer's words after which it
    would have fitted; "example", where the agent did it and more of it would help; "" without a quote. ``kind`` is that of the
    moment or the occasion, and ``points`` what the item cost the call, as in the ledger.
    """

    item: str
    title: str
    score: float
    sentence: str
    evidence: Evidence | None
    shows: str
    why: str
    advice: str
    instead: tuple[str, ...]
    kind: str | None = None
    points: float = 0.0

    @property
    def missed(self) -> bool:
        """Whether the quote is what the customer said and went unanswered, not what the agent said."""
        return self.shows in ("unanswered", "place")


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made a report: the library's version, and a fingerprint of the rubric, the behaviours, the language and the masking.

    Reports of one call with the same ``library`` and ``fingerprint`` are the same, byte for byte.
    """

    library: str = ""
    fingerprint: str = ""


UNKNOWN_MAKER = MadeBy()
