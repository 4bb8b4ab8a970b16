"""Many reports together: groups, calibration with people's scores, picks for review, and a team's pages."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from .calibration import Calibration, calibrate
from .groups import Customer, Evenness, Group, by_agent, by_customer, by_day
from .picks import Pick, pick
from .sheet import review_sheet
from .view import Team
from .view import team as _team

__all__ = [
    "Calibration",
    "Customer",
    "Evenness",
    "Group",
    "Pick",
    "Team",
    "by_agent",
    "by_customer",
    "by_day",
    "calibrate",
    "pick",
    "review_sheet",
]


class _Callable(ModuleType):
    """This module, which may be called: ``listening_coach.team(scores)``, a name that it shares with the function."""

    def __call__(self, scores: Any, *, coached: Any = None) -> Team:
        return _team(scores, coached=coached)


sys.modules[__name__].__class__ = _Callable
