"""Many calls: where they come from, and the worker processes that see to them one by one."""

from __future__ import annotations

from .failure import Failure as Failure
