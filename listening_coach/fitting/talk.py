"""Fits the weights that tell service talk from other talk.

    python -m listening_coach.fitting.talk --service CALLS.jsonl[.gz] … --other TALKS.jsonl[.gz] … --out FOLDER

Needs scikit-learn (``pip install 'listening-coach[fit]'``). Both kinds of files hold conversations as labelled calls do; labels are not read. A
logistic regression weighs in what share of the turns a word or word class stands. Each conversation is learned from twice where it has
punctuation, once without it. A talk is taken for other talk only where that is likely: a service call that is mistaken loses more.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..coach import Coach
from ..errors import MissingExtraError, ScorerError
from ..scorers.talk import PART, SIDE, TARGET
from ..scorers.weights import Weights, write
from .labelled import LabelledCall, load
from .scorers import both_spellings

# The file of a language's folder of scorers that the weights go to.
FILE = "talk.tsv"
_COMMAND = "python -m listening_coach.fitting.talk"
# Shares are small numbers: so much are they enlarged before fitting.
_SCALE = 10.0
_STRENGTH = 0.3
# Features of fewer conversations are not learned, and so many weights are kept.
_LEAST_TALKS = 6
_MOST_FEATURES = 1200
# A talk is service talk from this likelihood on.
_LEAST_LIKELY = 0.25


def fitted(coach: Coach, service: Sequence[LabelledCall], other: Sequence[LabelledCall]) -> Weights:
    """The weights that tell service talk.

    Raises:
        ScorerError: conversations of one of the kinds are missing.
    """
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "fit", "fitting what is service talk") from error
    import numpy as np
    from scipy.sparse import csr_matrix

    if not service or not other:
        raise ScorerError(
            f"{len(service)} service calls and {len(other)} other talks are too few",
            where="conversations",
            remedy="Give some of both kinds.",
        )
    kinds = [(call, kind) for kind, calls in ((True, service), (False, other)) for call in both_spellings(calls)]
    rows = [coach.talk(call.transcript()) for call, _ in kinds]
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= _LEAST_TALKS)
    column = {name: i for i, name in enumerate(names)}
    kept = [sorted((column[name], _SCALE * share) for name, share in row.items() if name in column) for row in rows]
    ends = np.cumsum([0, *map(len, kept)])
    flat = [cell for row in kept for cell in row]
    matrix = csr_matrix(([v for _, v in flat], [i for i, _ in flat], ends), shape=(len(rows), len(names)))
    labels = np.array([kind for _, kind in kinds])
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", solver="liblinear", random_state=0).fit(matrix, labels)
    weights = model.coef_[0] * _SCALE
    heaviest = np.argsort(-np.abs(weights), kind="stable")[:_MOST_FEATURES].tolist()
    by_part = {PART: {names[i]: float(weights[i]) for i in sorted(heaviest)}}
    return Weights(TARGET, SIDE, float(model.intercept_[0]), 1.0, 0.0, _LEAST_LIKELY, _LEAST_LIKELY, _LEAST_LIKELY, by_part)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--service", nargs="+", type=Path, required=True, help="service calls")
    parser.add_argument("--other", nargs="+", type=Path, required=True, help="other talk")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the weights")
    args = parser.parse_args()
    service, other = ([call for path in paths for call in load(path)] for paths in (args.service, args.other))
    note = f"Weights that tell service talk, fitted from {len(service)} calls and {len(other)} other talks.\nWritten by {_COMMAND}; do not edit."
    args.out.mkdir(parents=True, exist_ok=True)
    write([fitted(Coach(), service, other)], args.out / FILE, note)


if __name__ == "__main__":
    main()
