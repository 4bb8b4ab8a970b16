"""How much more a speaker's words are an agent's than another's: learned weights of words, kept as data.

``role_weights.tsv`` holds a weight and one to three words a line; ``^`` marks words of a call's first turns, ``<first>`` who speaks first.
``tests/benchmarks/fit_roles.py`` fits it on service conversations that may be learned from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

_TOKEN = re.compile(r"[a-z']+|\d+|\?")
# A call's first turns, in which an agent greets and a customer says why they call.
_OPENING_TURNS = 4
# How often the same words count.
_MOST = 3


def signs(turns: Iterable[tuple[int, str]]) -> Counter[str]:
    """The words, pairs and triples in a speaker's turns, each given with its number in the call; each counts a few times at most."""
    found: Counter[str] = Counter()
    for number, text in turns:
        words = ["#" if word.isdigit() else word for word in _TOKEN.findall(text.casefold().replace("\u2019", "'"))]
        seen = {*words, *map(" ".join, pairwise(words)), *map(" ".join, zip(words, words[1:], words[2:], strict=False))}
        if number == 0:
            seen.add("<first>")
        if number < _OPENING_TURNS:
            seen |= {f"^{sign}" for sign in seen}
        found.update(seen)
    return Counter({sign: min(count, _MOST) for sign, count in found.items()})


@cache
def _weights() -> dict[str, float]:
    """The weights, read when the first role is inferred."""
    lines = (Path(__file__).parent / "role_weights.tsv").read_text(encoding="utf-8").splitlines()
    return {sign: float(weight) for weight, _, sign in (line.partition("\t") for line in lines)}


def agent_margin(one: Iterable[tuple[int, str]], other: Iterable[tuple[int, str]]) -> float:
    """The log-odds by which the first speaker rather than the other is the agent."""
    weights = _weights()
    difference = signs(one)
    difference.subtract(signs(other))
    return sum(weights[sign] * count for sign, count in difference.items() if sign in weights)
