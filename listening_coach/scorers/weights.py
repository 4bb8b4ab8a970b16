"""The files that hold what a scorer has learned: plain text, a weight a line.

A file begins with ``#`` comments and a head of ``key<TAB>value`` lines (``target``, ``side``, ``intercept``, ``scale`` and ``shift`` of the
calibration, ``show``, ``keep`` and ``count``). Then follow the parts: a line ``[part]``, and under it ``feature<TAB>weight`` lines.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, repeat
from pathlib import Path

from ..errors import ScorerError

_SHARES = ("show", "keep", "count")
_NUMBERS = ("intercept", "scale", "shift", *_SHARES)
_HEAD = ("target", "side", *_NUMBERS)
# Whose turns are scored; "call" for what is read from the whole of it.
SIDES = ("agent", "customer", "call")
# Where a feature may stand: around a turn, in the confidences around it, in all of a talk, or on either side
# at the end of a call.
_PARTS = frozenset(("self", "before", "reply", "next", "previous", "sign", "context", "talk", "agent", "customer"))
# What lies beyond is as good as certain, and its exponential has no number.
MOST_LOG_ODDS = 50.0
_REMEDY = "Fit the weights again, or take the file as it was released."


@dataclass(frozen=True)
class Weights:
    """What one scorer has learned.

    ``target`` is the behaviour, or the occasion of it, that is scored; ``side`` whose turns, "agent" or "customer", or "call" for how a
    call ended. The sum of ``intercept`` and the weights of a turn's features, times ``scale`` plus ``shift``, is the log odds of the target at
    the first look; the features of the part "context" are those of the second look at it.
    ``features`` holds the weights by part and name. A finding is shown from the confidence ``show`` on, one that a rule has made from ``keep``
    on; either counts towards a score from ``count`` on.
    """

    target: str
    side: str
    intercept: float
    scale: float
    shift: float
    show: float
    keep: float
    count: float
    features: Mapping[tuple[str, str], float] = field(repr=False)

    @cached_property
    def by_part(self) -> Mapping[str, Mapping[str, float]]:
        """The weights of features by part, and there by name."""
        parts: dict[str, dict[str, float]] = {}
        for (part, name), weight in self.features.items():
            parts.setdefault(part, {})[name] = weight
        return parts

    def likelihood(self, total: float) -> float:
        """How likely the target is, 0 to 1, where the intercept and the weights of what was found add up to ``total``."""
        log_odds = self.scale * total + self.shift
        return 1 / (1 + math.exp(-min(MOST_LOG_ODDS, max(-MOST_LOG_ODDS, log_odds))))


def read(path: Path) -> Weights:
    """The weights in a file.

    Raises:
        ScorerError: the file cannot be read, or a line of it is damaged.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScorerError(f"the weights cannot be read: {error!r}"[:200], where=str(path), remedy=_REMEDY) from error
    begin, *blocks = text.split("\n\n[")
    sound = _in_blocks(blocks)
    features = {} if sound is None else sound
    head: dict[str, str] = {}
    part = ""
    # Other signs that end a line, such as a form feed, may stand in a feature.
    for number, line in enumerate((text if sound is None else begin).split("\n"), 1):
        name, tab, value = line.partition("\t")
        if tab and part:
            weight = _number(value)
            if weight is None or (part, name) in features:
                problem = "is not a weight" if weight is None else "stands there a second time"
                raise ScorerError(f"{line[:80]!r} {problem}", where=f"{path}, line {number}", remedy=_REMEDY)
            features[part, name] = weight
        elif tab:
            if problem := _wrong_head(name, value) or ("stands there a second time" if name in head else ""):
                raise ScorerError(f"{line[:80]!r} {problem}", where=f"{path}, line {number}", remedy=_REMEDY)
            head[name] = value
        elif line and (head or not line.startswith("# ")):
            part = line[1:-1] if line[:1] + line[-1:] == "[]" else ""
            if part not in _PARTS:
                raise ScorerError(f"{line[:80]!r} is neither a part nor a weight", where=f"{path}, line {number}", remedy=_REMEDY)
    if missing := [key for key in _HEAD if key not in head]:
        raise ScorerError(f"the head lacks {', '.join(missing)}", where=str(path), remedy=_REMEDY)
    return Weights(head["target"], head["side"], **{key: float(head[key]) for key in _NUMBERS}, features=features)


def _in_blocks(blocks: Sequence[str]) -> dict[tuple[str, str], float] | None:
    """The weights of parts that are written as ``write`` writes them, or None: line by line it can be told what is wrong with them.

    There are a hundred thousand lines, and a look at each takes twice as long.
    """
    features: dict[tuple[str, str], float] = {}
    count = 0
    for block in blocks:
        part, _, rows = block.removesuffix("\n").partition("]\n")
        lines = rows.split("\n")
        if part not in _PARTS or set(map(str.count, lines, repeat("\t"))) != {1}:
            return None
        cells = rows.replace("\n", "\t").split("\t")
        try:
            features.update(zip(zip(repeat(part), cells[::2]), map(float, cells[1::2])))  # noqa: B905 - one side is endless
        except ValueError:
            return None
        count += len(lines)
    return features if len(features) == count and all(map(math.isfinite, features.values())) else None


def _wrong_head(key: str, value: str) -> str:
    """What is wrong with a line of the head, if anything."""
    if key not in _HEAD:
        return "is no line of a head"
    if key in _NUMBERS and _number(value) is None:
        return "is not a number"
    if key in _SHARES and not 0 <= float(value) <= 1:
        return "is not a share from 0 to 1"
    return "names no side" if key == "side" and value not in SIDES else ""


def _number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def write(weights: Weights, path: Path, note: str) -> None:
    """Writes weights to a file, the heaviest of each part first; ``note`` says where they come from.

    The numbers of the head keep four digits, weights three behind the point.
    """
    lines = [f"# {line}" for line in note.splitlines()]
    lines += [f"target\t{weights.target}", f"side\t{weights.side}"]
    lines += [f"{key}\t{getattr(weights, key):.4g}" for key in _NUMBERS]
    ordered = sorted(weights.features.items(), key=lambda item: (item[0][0], -abs(round(item[1], 3)), item[0][1]))
    for part, rows in groupby(ordered, key=lambda item: item[0][0]):
        lines += ["", f"[{part}]", *(f"{name}\t{_short(weight)}" for (_, name), weight in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _short(weight: float) -> str:
    """A weight to three digits behind the point, without the zero before it: there are a hundred thousand."""
    return f"{weight:.3f}".replace("0.", ".", 1) if abs(weight) < 1 else f"{weight:.3f}"
