"""Coaches active listening on calls: reads a transcript, finds the listening behaviour, scores it, explains it.

Importing this does nothing; the parts load when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import detectors as detectors
    from .bulk import Failure as Failure
    from .coach import Coach as Coach
    from .coach import review as review
    from .errors import BehaviourError as BehaviourError
    from .errors import CalibrationError as CalibrationError
    from .errors import FormatUnknownError as FormatUnknownError
    from .errors import LanguageError as LanguageError
    from .errors import ListeningCoachError as ListeningCoachError
    from .errors import MissingExtraError as MissingExtraError
    from .errors import OpinionError as OpinionError
    from .errors import OutputError as OutputError
    from .errors import ReaderError as ReaderError
    from .errors import ReadError as ReadError
    from .errors import ReportError as ReportError
    from .errors import ReviewError as ReviewError
    from .errors import RubricError as RubricError
    from .errors import ScorerError as ScorerError
    from .errors import SourceNotFoundError as SourceNotFoundError
    from .errors import TranscriptError as TranscriptError
    from .errors import WorkerError as WorkerError
    from .masking import mask as mask
    from .moments import Moment as Moment
    from .moments import Occasion as Occasion
    from .readers import Format as Format
    from .readers import formats as formats
    from .readers import read as read
    from .readers import read_many as read_many
    from .readers import register_format as register_format
    from .report import Report as Report
    from .reviews import Review as Review
    from .reviews import Reviews as Reviews
    from .scores import OpenScores as OpenScores
    from .scores import call_schema as call_schema
    from .scores import open_scores as open_scores
    from .scores import score_batches as score_batches
    from .scores import scored_schema as scored_schema
    from .scoring import NotScoredCode as NotScoredCode
    from .scoring import Status as Status
    from .team import Calibration as Calibration
    from .team import Pick as Pick
    from .team import Team as Team
    from .team import by_agent as by_agent
    from .team import by_customer as by_customer
    from .team import by_day as by_day
    from .team import calibrate as calibrate
    from .team import pick as pick
    from .team import review_sheet as review_sheet
    from .team.view import team as team
    from .transcript import EvidenceTier as EvidenceTier
    from .transcript import Role as Role
    from .transcript import Transcript as Transcript
    from .transcript import Turn as Turn
    from .transcript import Word as Word

__version__ = "0.2.0"

# Where each public name lives; PEP 562 loads the module when the name is first asked for.
_HOME = {
    "BehaviourError": "errors",
    "by_agent": "team",
    "by_customer": "team",
    "by_day": "team",
    "calibrate": "team",
    "Calibration": "team",
    "CalibrationError": "errors",
    "call_schema": "scores",
    "Coach": "coach",
    "EvidenceTier": "transcript",
    "Failure": "bulk",
    "Format": "readers",
    "mask": "masking",
    "formats": "readers",
    "FormatUnknownError": "errors",
    "LanguageError": "errors",
    "ListeningCoachError": "errors",
    "MissingExtraError": "errors",
    "Moment": "moments",
    "NotScoredCode": "scoring",
    "Occasion": "moments",
    "open_scores": "scores",
    "OpenScores": "scores",
    "pick": "team",
    "Pick": "team",
    "OpinionError": "errors",
    "OutputError": "errors",
    "read": "readers",
    "read_many": "readers",
    "ReaderError": "errors",
    "ReadError": "errors",
    "register_format": "readers",
    "Report": "report",
    "ReportError": "errors",
    "review": "coach",
    "Review": "reviews",
    "ReviewError": "errors",
    "review_sheet": "team",
    "Reviews": "reviews",
    "Role": "transcript",
    "RubricError": "errors",
    "score_batches": "scores",
    "scored_schema": "scores",
    "ScorerError": "errors",
    "SourceNotFoundError": "errors",
    "Status": "scoring",
    "Team": "team",
    "Transcript": "transcript",
    "TranscriptError": "errors",
    "Turn": "transcript",
    "Word": "transcript",
    "WorkerError": "errors",
}

# Public modules: ``listening_coach.detectors`` is the protocol of detectors; ``listening_coach.team`` can be called.
_MODULES = ("detectors", "team")

__all__ = [*sorted(_HOME), *_MODULES, "__version__"]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOME) | set(_MODULES))
