"""Many calls into tables: on one machine with ``run``, on engines with ``score_batches``; ``open_scores`` looks into the result."""

from __future__ import annotations

from ..bulk.tables import call_schema as call_schema
from .engines import score_batches as score_batches
from .run import State as State
from .run import Summary as Summary
from .run import run as run
from .schema import SCHEMA_VERSION as SCHEMA_VERSION
from .schema import scored_schema as scored_schema
from .schema import table_schema as table_schema
from .views import OpenScores as OpenScores
from .views import open_scores as open_scores
