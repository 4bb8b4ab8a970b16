"""Fits the weights by which a call's outcome is read, from rated calls.

    python -m listening_coach.fitting.outcome CALLS.jsonl[.gz] … --out FOLDER

Needs scikit-learn (``pip install 'listening-coach[fit]'``). Each outcome gets a logistic regression over the features of
``scorers.ending``: the last words of both sides, and how much was found in the call. What was found comes from turn scorers that have
not seen the call, as it does when a new call is reviewed. A call whose ``resolved`` names two verdicts counts half for each.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..coach import Coach
from ..errors import MissingExtraError, ScorerError
from ..outcome import OutcomeValue
from ..scorers.ending import AGENT_PART, CUSTOMER_PART, PREFIX, SIDE, SIGN_PART
from ..scorers.weights import Weights, by_part, write
from .labelled import LabelledCall, load
from .scorers import Learned, learned

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The file of a language's folder of scorers that the weights go to.
FILE = "outcome.tsv"
_COMMAND = "python -m listening_coach.fitting.outcome"
# The verdicts of the labelling guide.
VERDICTS = {"yes": OutcomeValue.RESOLVED, "part": OutcomeValue.PARTLY, "no": OutcomeValue.NOT, "unclear": OutcomeValue.UNCLEAR}
# How heavy the features of each part are before fitting: what was found in the call says most.
_SCALES = {CUSTOMER_PART: 0.25, AGENT_PART: 0.2, SIGN_PART: 0.35}
# There are many more words than calls, so that weights are held small.
_STRENGTH = 0.3
# Features seen in fewer calls are not learned.
_LEAST_CALLS = 4
# The weights of an outcome are so many; all others together are light.
_MOST_FEATURES = 1500
# The outcomes are compared with each other, so that their weights have no thresholds of their own.
_NO_THRESHOLD = 0.5

# The features of one call by part.
Ending = Mapping[str, Collection[str]]


def verdicts(call: LabelledCall) -> frozenset[OutcomeValue]:
    """How the raters say that the matter ended; more than one value where they differ."""
    return frozenset(VERDICTS[name] for name in call.ratings.get("resolved") or () if name in VERDICTS)


def endings(coach: Coach, calls: Iterable[LabelledCall], found: Learned) -> list[Ending]:
    """The features of how each call ended, given what was found in it."""
    return [coach.ending(call.transcript(), found.confidence[call.id]) for call in calls]


def fitted(features: Sequence[Ending], said: Sequence[Collection[OutcomeValue]]) -> list[Weights]:
    """The weights of every outcome. Calls without a verdict are left out.

    Raises:
        ScorerError: an outcome occurs in none of the calls, or in all of them.
    """
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "fit", "fitting the outcome") from error
    import numpy as np

    rated = [i for i, values in enumerate(said) if values]
    matrix, names = _table([features[i] for i in rated])
    share = np.array([1.0 / len(said[i]) for i in rated])
    scales = np.array([_SCALES[part] for part, _ in names])
    found = []
    for value in OutcomeValue:
        so = np.array([value in said[i] for i in rated], dtype=bool)
        if not so.any() or so.all():
            raise ScorerError(
                f"{'none' if not so.any() else 'all'} of the {len(rated)} rated calls ended {value!s}", where="rated calls",
                remedy="Rate more calls: every outcome must occur, and none in all calls.",
            )  # fmt: skip
        model = LogisticRegression(C=_STRENGTH, solver="liblinear", max_iter=500, random_state=0).fit(matrix, so, sample_weight=share)
        weights = model.coef_[0] * scales
        heaviest = np.argsort(-np.abs(weights), kind="stable")[:_MOST_FEATURES].tolist()
        kept = by_part({names[i]: float(weights[i]) for i in sorted(heaviest)})
        limits = (_NO_THRESHOLD, _NO_THRESHOLD, _NO_THRESHOLD)
        found.append(Weights(f"{PREFIX}{value}", SIDE, float(model.intercept_[0]), 1.0, 0.0, *limits, kept))
    return found


def _table(features: Sequence[Ending]) -> tuple[Any, list[tuple[str, str]]]:
    """The features of calls as a sparse matrix, a row a call, and the part and name of each column."""
    import numpy as np
    from scipy.sparse import csr_matrix

    rows = [sorted({(part, name) for part, names in ending.items() for name in names}) for ending in features]
    counts = Counter(feature for row in rows for feature in row)
    names = sorted(feature for feature, count in counts.items() if count >= _LEAST_CALLS)
    column = {feature: i for i, feature in enumerate(names)}
    places = [[column[feature] for feature in row if feature in column] for row in rows]
    ends = np.cumsum([0, *map(len, places)])
    flat: NDArray[np.intp] = np.array([place for row in places for place in row], dtype=np.intp)
    values = np.array([_SCALES[names[place][0]] for place in flat])
    return csr_matrix((values, flat, ends), shape=(len(rows), len(names))), names


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="+", type=Path, help="labelled and rated calls")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the weights")
    args = parser.parse_args()
    calls = [call for path in args.calls for call in load(path)]
    coach = Coach()
    found = fitted(endings(coach, calls, learned(coach, calls)), [verdicts(call) for call in calls])
    args.out.mkdir(parents=True, exist_ok=True)
    count = sum(1 for call in calls if verdicts(call))
    note = f"Weights of the scorers for the outcome, fitted from {count} labelled calls.\nWritten by {_COMMAND}; do not edit."
    write(found, args.out / FILE, note)


if __name__ == "__main__":
    main()
