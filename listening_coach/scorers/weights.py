"""The files that hold what scorers have learned: plain text, a feature a line.

A file begins with ``#`` comments. Then comes a table of its scorers: the line ``key target side intercept scale shift show keep count``,
tabs between, and a line for each, whose ``key`` is a letter. Then follow the parts: a line ``[part]``, and under it
``feature<TAB>weights`` lines, such as ``sorry<TAB>a250 c-31``: the key of each scorer that the feature has a weight for, and the weight in
thousandths. A feature that several scorers share so stands once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_letters

from ..errors import ScorerError

_SHARES = ("show", "keep", "count")
_NUMBERS = ("intercept", "scale", "shift", *_SHARES)
_HEAD = ("key", "target", "side", *_NUMBERS)
# Whose turns are scored; "call" for what is read from the whole of it.
SIDES = ("agent", "customer", "call")
# Where a feature may stand: around a turn, in the confidences around it, in all of a talk, or on either side
# at the end of a call.
_PARTS = frozenset(("self", "before", "reply", "next", "previous", "sign", "context", "talk", "agent", "customer"))
# What lies beyond is as good as certain, and its exponential has no number.
MOST_LOG_ODDS = 50.0
# What a weight of 1 is in a file, and the heaviest that a file can hold.
_UNIT, _HEAVIEST = 1000, 1_000_000
_REMEDY = "Fit the weights again, or take the file as it was released."


@dataclass(frozen=True)
class Weights:
    """What one scorer has learned.

    ``target`` is the behaviour, or the occasion of it, that is scored; ``side`` whose turns, "agent" or "customer", or "call" for how a
    call ended. The sum of ``intercept`` and the weights of a turn's features, times ``scale`` plus ``shift``, is the log odds of the target at
    the first look; the features of the part "context" are those of the second look at it.
    ``by_part`` holds the weights of features by part, and there by name. A finding is shown from the confidence ``show`` on, one that a rule
    has made from ``keep`` on; either counts towards a score from ``count`` on.
    """

    target: str
    side: str
    intercept: float
    scale: float
    shift: float
    show: float
    keep: float
    count: float
    by_part: Mapping[str, Mapping[str, float]] = field(repr=False)

    def likelihood(self, total: float) -> float:
        """How likely the target is, 0 to 1, where the intercept and the weights of what was found add up to ``total``."""
        log_odds = self.scale * total + self.shift
        return 1 / (1 + math.exp(-min(MOST_LOG_ODDS, max(-MOST_LOG_ODDS, log_odds))))


def by_part(features: Mapping[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    """Weights that are given by part and name, as ``Weights.by_part`` holds them."""
    parts: dict[str, dict[str, float]] = {}
    for (part, name), weight in features.items():
        parts.setdefault(part, {})[name] = weight
    return parts


def read(path: Path) -> tuple[Weights, ...]:
    """The weights of every scorer in a file.

    Raises:
        ScorerError: the file cannot be read, or a line of it is damaged.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScorerError(f"the weights cannot be read: {error!r}"[:200], where=str(path), remedy=_REMEDY) from error
    rows: list[list[str]] = []
    # The weights by key of the scorer, part and name, and those of the part that is being read.
    found: dict[str, dict[str, dict[str, float]]] = {}
    here: dict[str, dict[str, float]] = {}
    part, seen = "", set[str]()
    # Other signs that end a line, such as a form feed, may stand in a feature.
    for number, line in enumerate(text.split("\n"), 1):
        if not line or (line.startswith("# ") and not rows):
            continue
        name, tab, value = line.partition("\t")
        if part and tab:
            problem = "stands there a second time" if name in seen else _wrong_weights(name, value, here)
            seen.add(name)
        elif rows and not tab:
            part, seen = line[1:-1], set()
            problem = "" if line == f"[{part}]" and part in _PARTS else "is neither a part nor a list of weights"
            here = {key: parts.setdefault(part, {}) for key, parts in found.items()}
        else:
            rows.append(line.split("\t"))
            problem = _wrong_row(rows, found)
            if len(rows) > 1:
                found[rows[-1][0]] = {}
        if problem:
            raise ScorerError(f"{line[:80]!r} {problem}", where=f"{path}, line {number}", remedy=_REMEDY)
    if len(rows) < 2:
        raise ScorerError("the file holds no scorer", where=str(path), remedy=_REMEDY)
    return tuple(
        Weights(
            target, side, **dict(zip(_NUMBERS, map(float, numbers), strict=True)),
            by_part={part: weights for part, weights in found[key].items() if weights},
        )
        for key, target, side, *numbers in rows[1:]
    )  # fmt: skip


def _wrong_weights(name: str, value: str, here: Mapping[str, dict[str, float]]) -> str:
    """Adds the weights of a feature to those of its part; what is wrong with them, if anything."""
    for each in value.split(" "):
        weights, weight = here.get(each[:1]), _weight(each[1:])
        if weights is None or weight is None:
            return "is not a list of weights" if weight is None else f"names no scorer by {each[:1]!r}"
        weights[name] = weight
    return ""


def _weight(text: str) -> float | None:
    """A weight that is written in thousandths, or None."""
    try:
        number = int(text)
    except ValueError:
        return None
    return number / _UNIT if abs(number) <= _HEAVIEST else None


def _wrong_row(rows: Sequence[Sequence[str]], found: Mapping[str, object]) -> str:
    """What is wrong with the last row of the table of scorers, if anything."""
    row = rows[-1]
    if len(rows) == 1:
        return "" if tuple(row) == _HEAD else f"is not the line {' '.join(_HEAD)!r}"
    if len(row) != len(_HEAD):
        return f"has not the {len(_HEAD)} columns of the table"
    values = dict(zip(_HEAD, row, strict=True))
    if row[0] in found or row[0] not in ascii_letters or len(row[0]) != 1:
        return f"needs a letter of its own, not {row[0][:20]!r}"
    if values["side"] not in SIDES:
        return f"names no side by {values['side'][:20]!r}"
    for name in _NUMBERS:
        number = _number(values[name])
        if number is None or (name in _SHARES and not 0 <= number <= 1):
            return f"has {values[name][:20]!r} as {name}, which is not a {'share from 0 to 1' if name in _SHARES else 'number'}"
    return ""


def _number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def write(scorers: Sequence[Weights], path: Path, note: str) -> None:
    """Writes the weights of some scorers to a file, the heaviest of each part first; ``note`` says where they come from.

    Numbers of the table keep four digits, weights three behind the point.

    Raises:
        ScorerError: there are more scorers than letters to name them by.
    """
    if len(scorers) > len(ascii_letters):
        raise ScorerError(f"{len(scorers)} scorers are too many for one file", where=str(path), remedy="Write several files.")
    parts: dict[str, dict[str, list[tuple[str, int]]]] = {}
    lines = [*(f"# {line}" for line in note.splitlines()), "\t".join(_HEAD)]
    for key, each in zip(ascii_letters, scorers, strict=False):
        lines.append("\t".join((key, each.target, each.side, *(f"{getattr(each, name):.4g}" for name in _NUMBERS))))
        for part, weights in each.by_part.items():
            for name, weight in weights.items():
                if thousandths := round(weight * _UNIT):
                    parts.setdefault(part, {}).setdefault(name, []).append((key, thousandths))
    for part, features in sorted(parts.items()):
        ordered = sorted(features.items(), key=lambda item: (-max(abs(weight) for _, weight in item[1]), item[0]))
        lines += ["", f"[{part}]", *(f"{name}\t{' '.join(f'{key}{weight}' for key, weight in weights)}" for name, weights in ordered)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
