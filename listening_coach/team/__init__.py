"""Many reports together: groups, calibration with people's scores, picks for review, and a team's pages."""

from __future__ import annotations

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
