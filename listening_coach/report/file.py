"""What the report as data holds: the types that a report is written from and read back into, and that give its JSON Schema.

Most rows are the fields of the report's own values with a few keys changed, so they are made from those values: a field added to one of
them is written, read back and in the schema without a change here. Unknown keys are passed over when a report is read, as a later
version may add some.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any, Literal, get_type_hints

import msgspec

from ..action_points import ActionPoint
from ..agents import AgentScore, HandOver
from ..ledger import Entry
from ..masking import MaskingRecord
from ..metrics import Metrics
from ..moments import Moment, Occasion
from ..outcome import OutcomeValue
from ..reviews import Review
from ..scoring import ItemScore, NotScoredCode, SectionScore
from ..sentiment import Sentiment
from ..transcript import EvidenceTier, Role
from .values import BehaviourInfo, Focus, MadeBy, Strength

Effect = Literal["helps", "hinders"]


def _row(of: type, *, without: Iterable[str] = (), **extra: Any) -> Any:
    """A type with the fields of a dataclass, less those of ``without``, and with those of ``extra``, which must be there."""
    hints = get_type_hints(of)
    left_out = set(without)
    rows: list[Any] = [*extra.items()]
    for each in fields(of):
        if each.name in left_out:
            continue
        if each.default is not MISSING:
            rows.append((each.name, hints[each.name], each.default))
        elif each.default_factory is not MISSING:
            rows.append((each.name, hints[each.name], msgspec.field(default_factory=each.default_factory)))
        else:
            rows.append((each.name, hints[each.name]))
    return msgspec.defstruct(f"{of.__name__}Row", rows, kw_only=True, module=__name__)


SectionRow: Any = _row(SectionScore, without=("id", "items"), items=list[str])
ItemRow: Any = _row(ItemScore, without=("id", "helps"), effect=Effect)
FocusRow: Any = _row(Focus, missed=bool)
SentimentRow: Any = _row(Sentiment, change=float | None)
MomentRow: Any = _row(Moment, counted=bool)
BehaviourRow: Any = _row(BehaviourInfo, without=("helps",), effect=Effect)


class TurnRow(msgspec.Struct, omit_defaults=True):
    """A turn of the call; ``words`` are ``[text, start, end]``, and there where single words are timed."""

    speaker: str
    role: Role
    text: str
    start: float | None
    end: float | None
    words: list[tuple[str, float, float]] = []
    id: str | None = None


class CallRow(msgspec.Struct):
    """The call; ``started_at`` is in ISO 8601, times are seconds."""

    id: str | None
    started_at: str | None
    duration_s: float | None
    evidence_tier: EvidenceTier
    metadata: Mapping[str, Any]
    turns: list[TurnRow]


class OutcomeQuoteRow(msgspec.Struct):
    """Words that the outcome rests on; ``start`` and ``end`` are characters of the turn's text."""

    turn: int
    start: int
    end: int
    quote: str
    speaker: str
    time_s: float | None = None


class OutcomeRow(msgspec.Struct):
    """How the matter ended; ``likely`` says how likely each outcome is, and ``helped`` how far the customer was helped, 0 to 1."""

    value: OutcomeValue
    confidence: float
    helped: float
    sentence: str
    likely: Mapping[OutcomeValue, float]
    quotes: list[OutcomeQuoteRow]


class RubricRow(msgspec.Struct):
    """The rubric's name and version."""

    name: str
    version: int


# The whole report; ``as_dict`` tells what the keys mean.
ReportFile: Any = msgspec.defstruct(
    "ReportFile",
    [
        ("schema_version", str),
        ("call", CallRow),
        ("rubric", RubricRow),
        ("score", float | None),
        ("band", str | None),
        ("not_scored", str | None),
        ("not_scored_code", NotScoredCode | None),
        ("capped_by", str | None),
        ("outcome", OutcomeRow | None, None),
        ("ledger", list[Entry], msgspec.field(default_factory=list)),
        ("sections", Mapping[str, SectionRow]),
        ("items", Mapping[str, ItemRow]),
        ("focus", list[FocusRow]),
        ("strengths", list[Strength]),
        ("closest", Strength | None, None),
        ("action_points", list[ActionPoint]),
        ("metrics", Metrics),
        ("sentiment", SentimentRow),
        ("moments", list[MomentRow]),
        ("occasions", list[Occasion]),
        ("behaviours", Mapping[str, BehaviourRow]),
        ("made_by", MadeBy, msgspec.field(default_factory=MadeBy)),
        ("masking", MaskingRecord, msgspec.field(default_factory=MaskingRecord)),
        ("agents", list[AgentScore], msgspec.field(default_factory=list)),
        ("hand_overs", list[HandOver], msgspec.field(default_factory=list)),
        ("notes", list[str]),
        ("limits", list[str]),
        ("reviews", list[Review], msgspec.field(default_factory=list)),
        ("reviewed_score", float | None, None),
    ],
    kw_only=True,
    module=__name__,
)
