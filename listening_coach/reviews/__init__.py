"""People's verdicts on what the library found: values, the append-only file they are kept in, and both scores side by side."""

from __future__ import annotations

from .both import Reviewed as Reviewed
from .both import ReviewedItem as ReviewedItem
from .both import both as both
from .file import REVIEWS_FILE as REVIEWS_FILE
from .file import Loaded as Loaded
from .file import append as append
from .file import load as load
from .file import reviews_of as reviews_of
from .matching import Attached as Attached
from .matching import Match as Match
from .matching import attach as attach
from .values import Review as Review
from .values import Reviews as Reviews
from .values import Spot as Spot
from .values import Status as Status
from .values import Verdict as Verdict
