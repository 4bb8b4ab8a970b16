"""Fits what a rubric in points weighs to people's ratings of whole calls, and prints a rubric that extends it.

    python -m listening_coach.fitting.score CALLS.jsonl[.gz] … [--rubric FILE] [--fixed ITEM=WEIGHT …] [--cross-fit]

Needs scikit-learn (``pip install 'listening-coach[fit]'``). The weight of an item is the points that it costs when all of it is lost. Weights
are found by non-negative least squares: what the items of a call lost, times their weights, shall be the points that its ``overall``
rating (1 to 5) lacks. The tables of the focus and of the strengths are logistic regressions on what raters would ``coach`` and find ``good``.
Enter into the rubric what makes sense: a weight that a coach cannot explain is better set by hand (``--fixed``).

The scorers find more in calls that they were fitted on than in new ones. For such calls, ``--cross-fit`` fits the scorers five times, and
reviews each call by those that have not seen it. That takes minutes for each hundred calls.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..coach import Coach
from ..errors import MissingExtraError, ScorerError
from ..language.language import load as load_language
from ..report import Report
from ..report.choice import praise_signs
from ..rubric import Rubric
from ..rubric import load as load_rubric
from ..scorers.scorer import FOLDER as SCORERS
from ..scorers.weights import Weights, write
from ..transcript import AGENT
from . import outcome
from .labelled import TARGETS, LabelledCall, load
from .scorers import FILE as TURNS
from .scorers import learned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FOLDS = 5
_OUTCOME = "outcome"
_BEST_RATING, _RATING_RANGE = 5.0, 4.0
# How little the weights of focus and strengths are held down.
_STRENGTH = 3.0
# What fewer raters coached or praised is left out of the tables.
_LEAST_CHOSEN = 5


@dataclass(frozen=True)
class Fit:
    """What was fitted: the weight of each item, and Spearman's rho between ratings and scores by weights that had not seen the call."""

    weights: Mapping[str, float]
    rho: float


def reviewed(calls: Sequence[LabelledCall], rubric: Rubric) -> list[Report]:
    """The reports on some calls by the installed scorers."""
    coach = Coach(rubric)
    return [coach.review(call.transcript()) for call in calls]


def cross_reviewed(calls: Sequence[LabelledCall], rubric: Rubric) -> list[Report]:
    """The reports on some calls, each by scorers that were fitted without the call."""
    plain = Coach()
    reports: dict[str, Report] = {}
    for k in range(_FOLDS):
        others = [call for i, call in enumerate(calls) if i % _FOLDS != k]
        found = learned(plain, others)
        endings = outcome.fitted(outcome.endings(plain, others, found), [outcome.verdicts(call) for call in others])
        with TemporaryDirectory() as folder:
            coach = Coach(rubric, language=language_with((*found.weights, *endings), Path(folder) / "en"))
            reports.update((call.id, coach.review(call.transcript())) for call in calls[k::_FOLDS])
    return [reports[call.id] for call in calls]


def language_with(weights: Iterable[Weights], folder: Path) -> Path:
    """A folder of English whose scorers have these weights."""
    copytree(load_language().folder, folder, ignore=ignore_patterns(SCORERS, "__pycache__"))
    (folder / SCORERS).mkdir()
    write(list(weights), folder / SCORERS / TURNS, "Fitted on a part of the calls.")
    return folder


def losses(reports: Iterable[Report], items: Sequence[str]) -> NDArray[np.float64]:
    """What each item lost in each call, 0 to 1, a row a call; an item without a score lost nothing."""
    import numpy as np

    return np.array([[_lost(report, name) for name in items] for report in reports])


def _lost(report: Report, name: str) -> float:
    found = report.items[name].score if name in report.items else None
    return 0.0 if found is None else 1.0 - found / 100.0


def fitted(lost: NDArray[np.float64], ratings: Sequence[float], items: Sequence[str], fixed: Mapping[str, float]) -> Fit:
    """The weights by which losses explain ratings best; those that are ``fixed`` stay as they are.

    Raises:
        ScorerError: there are too few calls, or a fixed item is not among the items.
    """
    try:
        from scipy.stats import spearmanr
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "fit", "fitting a score") from error
    import numpy as np

    unknown = next((name for name in fixed if name not in items), None)
    if unknown is not None:
        raise ScorerError(f"there is no item {unknown[:60]!r}", where="the fixed weights", remedy=f"The items are: {', '.join(items)}.")
    if len(ratings) < 2 * _FOLDS:
        raise ScorerError(f"only {len(ratings)} calls are rated", where="rated calls", remedy=f"Rate {2 * _FOLDS} or more.")
    lacking = 100.0 * (_BEST_RATING - np.array(ratings)) / _RATING_RANGE
    held = np.array([fixed.get(name, 0.0) for name in items])
    free = np.array([name not in fixed for name in items])
    fold = np.arange(len(ratings)) % _FOLDS
    scores = np.zeros(len(ratings))
    for k in range(_FOLDS):
        others = fold != k
        scores[~others] = np.clip(100.0 - lost[~others] @ _weights(lost[others], lacking[others], held, free), 0.0, 100.0)
    weights = _weights(lost, lacking, held, free).tolist()
    rho = float(spearmanr(scores, ratings)[0])
    return Fit(dict(zip(items, weights, strict=True)), rho)


def _weights(
    lost: NDArray[np.float64], lacking: NDArray[np.float64], held: NDArray[np.float64], free: NDArray[np.bool_]
) -> NDArray[np.float64]:
    from scipy.optimize import nnls

    found = held.copy()
    if free.any():
        found[free] = nnls(lost[:, free], lacking - lost @ held)[0]
    return found


def chosen(signs: NDArray[np.float64], picked: NDArray[np.bool_], names: Sequence[str]) -> dict[str, float]:
    """A line of the table of focus or strengths: the log odds that raters pick an item, from its signs."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH).fit(signs, picked)
    return {"base": float(model.intercept_[0]), **dict(zip(names, model.coef_[0].tolist(), strict=True))}


def focus(calls: Sequence[LabelledCall], reports: Sequence[Report]) -> dict[str, dict[str, float]]:
    """The table of the focus: how likely a coach is to work on each item."""
    import numpy as np

    found = {}
    for label, name in TARGETS.items():
        picked = np.array([label in (call.ratings.get("coach") or ()) for call in calls])
        if name in reports[0].items and _LEAST_CHOSEN <= picked.sum() < len(calls):
            found[name] = chosen(losses(reports, (name, _OUTCOME)), picked, ("lost", "unhelped"))
    return found


def strengths(calls: Sequence[LabelledCall], reports: Sequence[Report]) -> dict[str, dict[str, float]]:
    """The table of the strengths: how likely a coach is to praise each item. Calls without a score are left out."""
    import numpy as np

    scored = [(call, report, report.score) for call, report in zip(calls, reports, strict=True) if report.score is not None]
    found = {}
    for label, name in TARGETS.items():
        picked = np.array([label in (call.ratings.get("good") or ()) for call, _, _ in scored])
        if not _LEAST_CHOSEN <= picked.sum() < len(scored) or name not in reports[0].items:
            continue
        signs = np.array(
            [praise_signs((m for m in report.moments if m.behaviour == name and m.role is AGENT), score) for _, report, score in scored]
        )
        found[name] = chosen(signs, picked, ("counted", "shown", "surest", "score"))
    return found


def as_rubric(rubric: Rubric, base: str, fit: Fit, tables: Mapping[str, Mapping[str, Mapping[str, float]]], count: int) -> Iterator[str]:
    """A rubric file that extends ``base``, which is the one that was weighed. A section that weighs nothing is left out of it."""
    yield f"# Fitted to the ratings of {count} calls. Rank correlation with the ratings of calls kept back: {fit.rho:.2f}."
    yield f"extends = {json.dumps(base)}"
    for name, section in rubric.sections.items():
        weights = {item: round(fit.weights[item], 1) for item in section.items if item in fit.weights}
        if not any(weights.values()):
            yield f"\n[sections.{name}]\nremove = true"
        else:
            yield f"\n[sections.{name}]\nweight = {math.fsum(weights.values()):.1f}\n\n[sections.{name}.items]"
            yield from (f"{item}.weight = {weight:.1f}" for item, weight in weights.items())
    for title, lines in tables.items():
        if lines:
            yield f"\n[{title}]"
        for name, numbers in lines.items():
            yield f"{name} = {{ {', '.join(f'{key} = {value:.2f}' for key, value in numbers.items())} }}"


def _fixed(text: str) -> tuple[str, float]:
    name, _, weight = text.partition("=")
    return name, float(weight)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="+", type=Path, help="rated calls")
    parser.add_argument("--rubric", default="default", help="the rubric whose items are weighed: a file, or one of ours by its name")
    parser.add_argument("--fixed", nargs="*", type=_fixed, default=[], metavar="ITEM=WEIGHT", help="weights that are not fitted")
    parser.add_argument("--cross-fit", action="store_true", help="for calls that the scorers have learned from")
    args = parser.parse_args()
    rubric = load_rubric(args.rubric)
    calls = [call for path in args.calls for call in load(path) if call.ratings.get("overall") is not None]
    reports = (cross_reviewed if args.cross_fit else reviewed)(calls, rubric)
    items = [name for name, rule in rubric.items() if rule.weight]
    fit = fitted(losses(reports, items), [float(call.ratings["overall"]) for call in calls], items, dict(args.fixed))
    tables = {"focus": focus(calls, reports), "strengths": strengths(calls, reports)}
    for line in as_rubric(rubric, args.rubric, fit, tables, len(calls)):
        print(line)


if __name__ == "__main__":
    main()
