"""The report on one call: a frozen value, and the pages and rows made of it.

Everything in it is plain data. ``markdown``, ``html``, ``terminal`` and ``frame`` render it; none changes it.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..action_points import ActionPoint
from ..agents import AgentScore, HandOver
from ..errors import ReviewError, UnforeseenError, own_errors
from ..ledger import Entry
from ..masking import NOT_MASKED, Masking, MaskingRecord, mask, name_finder
from ..metrics import Metrics
from ..moments import Moment, Occasion
from ..outcome import Outcome
from ..private_files import write_private
from ..reviews import Reviewed, Reviews, both, reviews_of
from ..scoring import ItemScore, NotScoredCode, Scorecard, SectionScore
from ..sentiment import Sentiment
from ..transcript import EvidenceTier, Transcript
from .values import SCHEMA_VERSION as SCHEMA_VERSION
from .values import UNKNOWN_MAKER
from .values import BehaviourInfo as BehaviourInfo
from .values import Context as Context
from .values import Evidence as Evidence
from .values import Focus as Focus
from .values import MadeBy as MadeBy
from .values import Strength as Strength

if TYPE_CHECKING:
    import pandas


def __getattr__(name: str) -> Any:
    if name == "About":
        warnings.warn("listening_coach.report.About is now BehaviourInfo", DeprecationWarning, stacklevel=2)
        return BehaviourInfo
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _rendering() -> own_errors:
    return own_errors(UnforeseenError, "rendering the report", "report", "Please report it, with the transcript if you may.")


@dataclass(frozen=True)
class Report:
    """Everything about one call.

    ``score`` is 0 to 100, or None with ``not_scored`` saying why in words and ``not_scored_code`` as a code. ``sections`` and ``items`` go by id. ``moments`` are
    every speaker's, in order of turn and start. ``outcome`` is how the matter ended, None where it cannot be read. ``closest`` is what comes closest to
    a strength where there is none. ``agents`` are the parts of several agents, each with its own score, and ``hand_overs`` where one follows another; both are
    empty where a single agent speaks. ``reviews`` are people's verdicts on the call, where ``with_reviews`` has added some.

    Its values hold the call's own words. Pages, JSON, rows and what is printed are made of ``masked``, as ``mask`` says: True, "names" for
    names of people and places too, or False.
    """

    transcript: Transcript
    scorecard: Scorecard
    moments: tuple[Moment, ...]
    occasions: tuple[Occasion, ...]
    action_points: tuple[ActionPoint, ...]
    strengths: tuple[Strength, ...]
    focus: tuple[Focus, ...]
    metrics: Metrics
    sentiment: Sentiment
    about: Mapping[str, BehaviourInfo]
    rubric: str
    rubric_version: int
    notes: tuple[str, ...] = ()
    outcome: Outcome | None = None
    closest: Strength | None = None
    reviews: Reviews = field(default_factory=Reviews)
    mask: bool | str = True
    masking: MaskingRecord = NOT_MASKED
    made_by: MadeBy = UNKNOWN_MAKER
    agents: tuple[AgentScore, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()

    @cached_property
    def masked(self) -> Report:
        """The report as it leaves the library: with labels in the place of what identifies people; itself where it is masked or is not to be."""
        if self.masking.on or not self.mask:
            return self
        masking = Masking(self.transcript, name_finder() if self.mask == "names" else None)
        # A review names its call by the id as it is, and its moment as a page shows it, which is masked already; only comments may tell anything.
        reviews = self.reviews.with_comments(lambda comment: mask(masking.text(comment)))
        return replace(masking.value(replace(self, reviews=Reviews())), reviews=reviews, masking=masking.record)

    @property
    def ledger(self) -> tuple[Entry, ...]:
        """Where the call lost its points; they add up to 100 less the score."""
        return self.scorecard.ledger

    @property
    def score(self) -> float | None:
        """The call's score, 0 to 100; None where it is not scored."""
        return self.scorecard.score

    @property
    def band(self) -> str | None:
        """The rubric's name for the score."""
        return self.scorecard.band

    @property
    def not_scored(self) -> str | None:
        """Why the call has no score, in words; None where it has one."""
        return self.scorecard.not_scored

    @property
    def not_scored_code(self) -> NotScoredCode | None:
        """Why the call has no score, as a code; None where it has one."""
        return self.scorecard.not_scored_code

    @property
    def sections(self) -> Mapping[str, SectionScore]:
        """The sections of the scorecard by id."""
        return self.scorecard.sections

    @cached_property
    def items(self) -> Mapping[str, ItemScore]:
        """The items of the scorecard by id."""
        return self.scorecard.items

    @property
    def evidence_tier(self) -> EvidenceTier:
        """How much of the timing the transcript shows."""
        return self.transcript.evidence_tier

    def with_reviews(self, reviews: Any) -> Report:
        """The same report with people's verdicts beside the library's: ``reviewed`` holds both scores.

        ``reviews`` are a file of reviews, ``Reviews``, or single ones; those of other calls are left out, and the report's own stay.

        Raises:
            SourceNotFoundError: there is no such file.
            ReviewError: a line or a mapping is no review, or the call has no id.
        """
        call_id = self.transcript.id
        if call_id is None:
            raise ReviewError(
                "the call has no id by which reviews could be found", where="report", remedy="Read it with metadata={'id': …}."
            )
        return replace(self, reviews=self.reviews | reviews_of(reviews).of_call(call_id))

    @cached_property
    def reviewed(self) -> Reviewed:
        """People's verdicts beside the library's, and the score with them; without reviews the library's alone."""
        # Reviews are made of what is shown, where sensitive words are masked.
        shown = self.masked
        return both(shown.scorecard, (*shown.moments, *shown.occasions), self.reviews)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain dicts, lists, texts and numbers, with ``schema_version``; ``report.as_dict`` lists the keys."""
        from .as_dict import to_dict

        with _rendering():
            return to_dict(self)

    def to_json(self, *, indent: int | None = 2) -> str:
        """The report as JSON."""
        with _rendering():
            return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The report that ``to_dict`` gave as ``data``; it renders the same and gives the same data again.

        Raises:
            ReportError: a key is missing, a value cannot be, or the data is of another version.
        """
        from .as_dict import parts_of

        return cls(**parts_of(data))

    @classmethod
    def from_json(cls, text: str | bytes) -> Report:
        """The report that ``to_json`` wrote.

        Raises:
            ReportError: the text is not JSON, or not a report's.
        """
        from .as_dict import data_of

        return cls.from_dict(data_of(text))

    def to_text(self, *, full: bool = True) -> str:
        """The report as plain text for a terminal: all of it, or in brief as it prints."""
        from .terminal import to_text

        return to_text(self, full=full)

    def to_markdown(self) -> str:
        """The report as a Markdown page."""
        from .markdown import to_markdown

        with _rendering():
            return to_markdown(self)

    def to_html(self, path: str | Path | None = None, *, sheet: str | Path | None = None, sound: str | Path | None = None) -> str:
        """The report as one HTML page, everything escaped; written to ``path`` where one is given.

        ``sheet`` is the place of the call's review sheet, which the page then links to; ``sound`` that of its sound file, which the page then
        plays along with the transcript. A reader can choose a sound file in any case. A new file can be read and written by its owner only.

        Raises:
            OutputError: the file cannot be written.
        """
        from .html import address, to_html

        folder = Path(path).parent if isinstance(path, str | os.PathLike) else None
        with _rendering():
            page = to_html(self, sheet=address(sheet, folder), sound=address(sound, folder))
        if path is not None:
            write_private(path, page)
        return page

    def to_frame(self, rows: str = "moments") -> pandas.DataFrame:
        """One row a moment, as a pandas frame, or with ``"ledger"`` one row a line of the ledger.

        Raises:
            ReportError: there are no such rows.
            MissingExtraError: pandas is not installed.
        """
        from .frame import to_frame

        with _rendering():
            return to_frame(self, rows)

    def __str__(self) -> str:
        with _rendering():
            return self.to_text(full=False)

    def __repr__(self) -> str:
        from .texts import exact

        score = f"{exact(self.score)} ({self.band})" if self.score is not None else f"not scored: {self.not_scored}"
        return f"<Report on {self.transcript.id or 'a call'}: {score}, {len(self.moments)} moments>"

    def _repr_html_(self) -> str:
        from .html import to_fragment

        with _rendering():
            return to_fragment(self)
