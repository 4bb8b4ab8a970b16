"""The old name of ``listening_coach.scores``, kept for scripts that import it."""

from __future__ import annotations

import warnings
from typing import Any


def __getattr__(name: str) -> Any:
    from . import scores

    if name.startswith("__") or not hasattr(scores, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn("listening_coach.batch is now listening_coach.scores", DeprecationWarning, stacklevel=2)
    return getattr(scores, name)
