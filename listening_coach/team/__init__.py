"""Many reports together: groups, calibration with people's scores, picks for review, and a team's pages."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from .calibration import Calibration as Calibration
from .calibration import calibrate as calibrate
from .groups import Customer as Customer
from .groups import Evenness as Evenness
from .groups import Group as Group
from .groups import by_agent as by_agent
from .groups import by_customer as by_customer
from .groups import by_day as by_day
from .picks import Pick as Pick
from .picks import pick as pick
from .sheet import review_sheet as review_sheet
from .view import Team as Team
from .view import team as _team


class _Callable(ModuleType):
    """This module, which may be called: ``listening_coach.team(scores)``, a name that it shares with the function."""

    def __call__(self, scores: Any, *, coached: Any = None) -> Team:
        return _team(scores, coached=coached)


sys.modules[__name__].__class__ = _Callable
