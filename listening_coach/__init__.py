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
    from .errors import ListeningCoachError as ListeningCoachError
    from .moments import Moment as Moment
    from .moments import Occasion as Occasion
    from .readers import Format as Format
    from .readers import formats as formats
    from .readers import read as read
    from .readers import read_many as read_many
    from .readers import register_format as register_format
    from .report import Report as Report
    from .scores import call_schema as call_schema
    from .scores import open_scores as open_scores
    from .scores import score_batches as score_batches
    from .scores import scored_schema as scored_schema
    from .transcript import EvidenceTier as EvidenceTier
    from .transcript import Role as Role
    from .transcript import Transcript as Transcript
    from .transcript import Turn as Turn
    from .transcript import Word as Word

__version__ = "0.1.0"

# Where each public name lives; PEP 562 loads the module when the name is first asked for.
_HOME = {
    "Coach": "coach",
    "EvidenceTier": "transcript",
    "Failure": "bulk",
    "Format": "readers",
    "ListeningCoachError": "errors",
    "Moment": "moments",
    "Occasion": "moments",
    "Report": "report",
    "Role": "transcript",
    "Transcript": "transcript",
    "Turn": "transcript",
    "Word": "transcript",
    "call_schema": "scores",
    "open_scores": "scores",
    "formats": "readers",
    "read": "readers",
    "read_many": "readers",
    "register_format": "readers",
    "review": "coach",
    "score_batches": "scores",
    "scored_schema": "scores",
}

# Public modules: ``listening_coach.detectors`` is the protocol of detectors.
_MODULES = ("detectors",)

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
