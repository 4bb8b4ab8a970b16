"""The files that hold what a scorer has learned: plain text, a weight a line.

A file begins with ``#`` comments and a head of ``key<TAB>value`` lines (``target``, ``side``, ``intercept``, ``scale`` and ``shift`` of the
calibration, ``show`` and ``count``). Then follow the parts: a line ``[part]``, and under it ``feature<TAB>weight`` lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from ..errors import ScorerError

_NUMBERS = ("intercept", "scale", "shift", "show", "count")


@dataclass(frozen=True)
class Weights:
    """What one scorer has learned.

    ``target`` is the behaviour, or the occasion of it, that is scored; ``side`` whose turns, "agent" or "customer". The sum of ``intercept``
    and the weights of a turn's features, times ``scale`` plus ``shift``, is the log odds of the target. ``show`` is the least confidence at
    which a finding is told, ``count`` the least at which it counts towards a score. ``features`` holds the weights by part and name.
    """

    target: str
    side: str
    intercept: float
    scale: float
    shift: float
    show: float
    count: float
    features: Mapping[tuple[str, str], float] = field(repr=False)


def read(path: Path) -> Weights:
    """The weights in a file.

    Raises:
        ScorerError: the file cannot be read, or a line of it is not of the form that is expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScorerError(
            f"the weights cannot be read: {error}", where=str(path), remedy="Fit them again, or name a readable file."
        ) from error
    head: dict[str, str] = {}
    features: dict[tuple[str, str], float] = {}
    part = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("# "):
            continue
        name, tab, value = line.partition("\t")
        try:
            if not tab and name[0] + name[-1] == "[]":
                part = name[1:-1]
            elif part:
                features[part, name] = float(value)
            elif tab:
                head[name] = value
            else:
                raise ValueError(name)
        except ValueError as error:
            raise ScorerError(
                f"{line[:80]!r} is not a weight", where=f"{path}, line {number}", remedy="Write a feature and a number, parted by a tab."
            ) from error
    try:
        numbers = {key: float(head[key]) for key in _NUMBERS}
        return Weights(head["target"], head["side"], **numbers, features=features)
    except (KeyError, ValueError) as error:
        raise ScorerError(f"the head lacks {error}", where=str(path), remedy="Fit the weights again.") from error


def write(weights: Weights, path: Path, note: str) -> None:
    """Writes weights to a file, the heaviest of each part first; ``note`` says where they come from."""
    lines = [f"# {line}" for line in note.splitlines()]
    lines += [f"target\t{weights.target}", f"side\t{weights.side}"]
    lines += [f"{key}\t{getattr(weights, key):.4g}" for key in _NUMBERS]
    ordered = sorted(weights.features.items(), key=lambda item: (item[0][0], -abs(item[1]), item[0][1]))
    for part, rows in groupby(ordered, key=lambda item: item[0][0]):
        lines += ["", f"[{part}]", *(f"{name}\t{_short(weight)}" for (_, name), weight in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _short(weight: float) -> str:
    """A weight to three digits behind the point, without the zero before it: there are a hundred thousand."""
    return f"{weight:.3f}".replace("0.", ".", 1) if abs(weight) < 1 else f"{weight:.3f}"
