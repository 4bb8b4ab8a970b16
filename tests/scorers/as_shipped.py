"""The phrases and the coach that come with the library, made once for the tests of the scorers."""

from __future__ import annotations

from functools import cache

from listening_coach import Coach
from listening_coach.behaviours import builtin
from listening_coach.language.call import PhraseFinder
from listening_coach.language.language import load


@cache
def finder() -> PhraseFinder:
    return PhraseFinder(builtin(), (), load())


@cache
def coach() -> Coach:
    return Coach()
