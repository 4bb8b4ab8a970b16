"""The files that hold what a scorer has learned: plain text, a weight a line.

A file begins with ``#`` comments and a head of ``key<TAB>value`` lines (``target``, ``side``, ``intercept``, ``scale`` and ``shift`` of the
calibration, ``show`` and ``count``), then an empty line, then ``part<TAB>feature<TAB>weight`` lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("# "):
            continue
        parts = line.split("\t")
        try:
            if len(parts) == 2:
                head[parts[0]] = parts[1]
            else:
                part, name, weight = parts
                features[part, name] = float(weight)
        except ValueError as error:
            raise ScorerError(
                f"{line[:80]!r} is not a weight", where=f"{path}, line {number}", remedy="Write part, feature and number, parted by tabs."
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
    lines.append("")
    ordered = sorted(weights.features.items(), key=lambda item: (item[0][0], -abs(item[1]), item[0][1]))
    lines += [f"{part}\t{name}\t{weight:.3f}" for (part, name), weight in ordered]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
