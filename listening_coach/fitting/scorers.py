"""Fits the weights of the scorers from labelled calls.

    python -m listening_coach.fitting.scorers CALLS.jsonl[.gz] … --out FOLDER

Needs scikit-learn (``pip install 'listening-coach[fit]'``). Each label gets a logistic regression over the features of ``features``. Calls
that carry punctuation are learned from twice, once without it. The confidence is calibrated, and the thresholds are chosen, on sums that
come from weights which have not seen the call (cross-fitting by call).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..coach import Coach
from ..errors import MissingExtraError, ScorerError
from ..scorers.features import PARTS, SIGN, TurnFeatures
from ..scorers.second_look import ALWAYS, CONTEXT, OWN, PLACES, around, sure
from ..scorers.weights import Weights, by_part, write
from .labelled import CUSTOMER_LABELS, TARGETS, LabelledCall, load

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# How heavy the words of each part are before fitting: what stands in the turn itself says most.
_SCALES = {"self": 0.2, "before": 0.1, "reply": 0.14, "next": 0.12, "previous": 0.08, SIGN: 0.2}
# The file of a language's folder of scorers that the weights go to.
FILE = "turns.tsv"
_MORE = "Label more calls."
_COMMAND = "python -m listening_coach.fitting.scorers"
_STRENGTH = 4.0
# How far a feature's own scale follows how unevenly the label is spread over turns with and without it, and the turns that each feature
# is taken to have had on either side beforehand.
_UNEVEN_SHARE, _TURNS_BEFOREHAND = 0.5, 0.2
# The second look has few weights, and they are held small.
_STRENGTH_OF_CONTEXT = 0.05
_FOLDS = 5
# Calls of fewer turns are exchanges cut out of calls, in which labels stand closer together. Weights are learned from them too. Calibration,
# second look and thresholds, which depend on how often a label occurs, are not.
_LEAST_TURNS_OF_CALL = 7
# Features seen in fewer turns are not learned.
_LEAST_TURNS = 3
# A scorer keeps so many weights; all scorers together take less than 2 MB.
_MOST_FEATURES = 8800
# Findings count towards a score from the confidence on at which this share of those above it is right.
_COUNTING_PRECISION = 0.75
# Where F1 is hardly lower, the higher threshold is taken: it finds less, and more of that is right.
_PRECISION_COSTS = 0.003
# What a rule has found is kept below the least confidence for others as long as this costs no more F1 on our calls: on talk of other kinds rules hold better.
_KEEP_COSTS = 0.02
# For what accuses the agent it may cost less.
_KEEP_COSTS_OF_BREACHES = 0.005
_BREACHES = frozenset(("PH", "HE", "PR", "RA", "DM"))
# An apology is hardly ever made without its words, so it may cost more, and be kept from further below.
_KEEP_COSTS_OF_APOLOGIES, _LEAST_STEP_OF_APOLOGIES = 0.05, 0.2
# How far below the threshold what a rule has found may be kept, as a share of it.
_KEEP_STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


class Table:
    """The features of every turn of some labelled calls, as one sparse matrix.

    ``vocabulary`` numbers the features by part and name; None makes it from these calls.
    """

    def __init__(
        self,
        calls: Sequence[LabelledCall],
        turns: Sequence[Sequence[TurnFeatures]],
        vocabulary: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        import numpy as np

        try:
            from scipy.sparse import csr_matrix
        except ImportError as error:
            raise MissingExtraError.of("scikit-learn", "fit", "fitting scorers") from error
        self.calls = calls
        self.place = [(c, t) for c, call in enumerate(calls) for t in range(len(call.turns))]
        self.group = np.array([c for c, _ in self.place])
        rows = [_named(turn) for call in turns for turn in call]
        if vocabulary is None:
            counts = Counter(feature for row in rows for feature in row)
            vocabulary = {feature: i for i, feature in enumerate(sorted(f for f, n in counts.items() if n >= _LEAST_TURNS))}
        self.vocabulary = vocabulary
        places: list[int] = []
        values: list[float] = []
        ends = [0]
        for row in rows:
            for feature in row:
                at = vocabulary.get(feature)
                if at is not None:
                    places.append(at)
                    values.append(_SCALES[feature[0]])
            ends.append(len(places))
        self.matrix = csr_matrix((np.array(values), np.array(places), np.array(ends)), shape=(len(rows), len(vocabulary)))

    def folds(self) -> NDArray[np.intp]:
        """The fold of every turn, in which it is left out; calls of one id share theirs."""
        import numpy as np

        ids = {name: i % _FOLDS for i, name in enumerate(dict.fromkeys(call.id for call in self.calls))}
        return np.array([ids[self.calls[c].id] for c in self.group], dtype=np.intp)

    def whole(self, rows: NDArray[np.intp], labels: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of some rows stand in whole calls; all of them where whole calls hardly hold the label."""
        import numpy as np

        long = np.array([len(call.turns) >= _LEAST_TURNS_OF_CALL for call in self.calls], dtype=bool)[self.group[rows]]
        return long if labels[long].sum() >= _FOLDS else np.ones_like(long)

    def labels(self, label: str) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The rows on which annotators agree about a label, and what they say."""
        import numpy as np

        told = [(row, self.calls[c].label_of(t, label)) for row, (c, t) in enumerate(self.place)]
        rows = [row for row, value in told if value is not None]
        return np.array(rows, dtype=np.intp), np.array([value for _, value in told if value is not None], dtype=bool)


def _named(turn: TurnFeatures) -> list[tuple[str, str]]:
    return [(part, name) for part in (*PARTS, SIGN) for name in turn[part]]


def featured(coach: Coach, calls: Iterable[LabelledCall]) -> list[list[TurnFeatures]]:
    """The features of every turn of some calls."""
    return [coach.features(call.transcript()) for call in calls]


def both_spellings(calls: Sequence[LabelledCall]) -> list[LabelledCall]:
    """The calls, each that has punctuation or capitals a second time without them and under the same id."""
    return [each for call in calls for each in ((call, call.plain()) if call.plain().turns != call.turns else (call,))]


class Sums(NamedTuple):
    """A linear sum: the weight of each column of a table, and what is added."""

    weights: NDArray[np.float64]
    intercept: float

    def of(self, matrix: Any) -> NDArray[np.float64]:
        """The sum of each row."""
        summed: NDArray[np.float64] = matrix @ self.weights + self.intercept
        return summed


def regression(matrix: Any, labels: NDArray[np.bool_]) -> Sums:
    """A logistic regression in which few positives weigh as much as many negatives, with the weights that matter most.

    Features that are much more frequent on one side are regularised less.

    Source: Wang and Manning (2012), Baselines and Bigrams: Simple, Good Sentiment and Topic Classification.
    """
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "fit", "fitting scorers") from error
    import numpy as np
    from scipy.sparse import diags

    count = matrix.shape[1]
    with_label = np.bincount(matrix[labels].indices, minlength=count)
    without = np.bincount(matrix[~labels].indices, minlength=count)
    own = uneven(with_label, without)
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", solver="liblinear", dual=True, max_iter=2000, tol=0.05, random_state=0)
    model.fit(matrix @ diags(own), labels)
    return Sums(pruned(model.coef_[0] * own, matrix), float(model.intercept_[0]))


def uneven(with_label: NDArray[np.intp], without: NDArray[np.intp]) -> NDArray[np.float64]:
    """The scale of each feature, 1 in the mean, from the number of turns on either side that hold it."""
    import numpy as np

    on, off = with_label + _TURNS_BEFOREHAND, without + _TURNS_BEFOREHAND
    ratio = np.abs(np.log((on / on.sum()) / (off / off.sum())))
    scale: NDArray[np.float64] = (1 - _UNEVEN_SHARE) + _UNEVEN_SHARE * ratio / ratio.mean()
    return scale


def cross_fitted(table: Table, rows: NDArray[np.intp], labels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The sum of every turn by weights that were fitted on ``rows`` without the turn's call.

    Raises:
        ScorerError: too few calls hold the label, or hold turns without it.
    """
    import numpy as np

    fold = table.folds()
    sums = np.zeros(len(fold))
    for k in range(_FOLDS):
        train, test = fold[rows] != k, fold == k
        if len(set(labels[train].tolist())) < 2:
            raise ScorerError("nearly all turns with the label, or without it, are in the same calls", where="labelled calls", remedy=_MORE)
        if test.any():
            sums[test] = regression(table.matrix[rows[train]], labels[train]).of(table.matrix[test])
    return sums


def pruned(weights: NDArray[np.float64], matrix: Any) -> NDArray[np.float64]:
    """The weights that move the sums of a table most; the others are zero.

    A weight that is heavy but seldom met moves little. Fitting those that are left again does worse: the others have shaped them.
    """
    import numpy as np

    kept = np.zeros_like(weights)
    moves = np.abs(weights) * np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel())
    first = np.argsort(-moves, kind="stable")[:_MOST_FEATURES]
    kept[first] = weights[first]
    return kept


def calibration(sums: NDArray[np.float64], labels: NDArray[np.bool_]) -> tuple[float, float]:
    """The scale and shift that make sums into log odds (Platt's method)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6, max_iter=1000).fit(sums[:, None], labels)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


@dataclass(frozen=True)
class Thresholds:
    """The least confidence to show a finding, to keep one that a rule has found, and to count either."""

    show: float
    keep: float
    count: float


def thresholds(
    confidence: NDArray[np.float64],
    labels: NDArray[np.bool_],
    by_rule: NDArray[np.bool_],
    keep_costs: float,
    keep_steps: Sequence[float] = _KEEP_STEPS,
) -> Thresholds:
    """Where F1 is about at its best, how far below that a rule's finding costs at most ``keep_costs`` of F1, and where enough above is right."""
    import numpy as np

    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum(labels[order])
    found = np.arange(1, len(labels) + 1)
    f1 = 2 * right / (found + labels.sum())
    show = _below(confidence[order], int(np.argmax(f1 >= f1.max() - _PRECISION_COSTS)))
    enough = np.flatnonzero(right / found >= _COUNTING_PRECISION)
    count = _below(confidence[order], int(enough[-1])) if len(enough) else 0.95
    reached = _f1(confidence >= show, labels)
    steps = [
        step for step in keep_steps if _f1((confidence >= show) | (by_rule & (confidence >= step * show)), labels) >= reached - keep_costs
    ]
    return Thresholds(show, show * min(steps, default=1.0), max(show, count))


def _below(falling: NDArray[np.float64], last: int) -> float:
    """Half-way between the last confidence that is still above a threshold and the next, so that neither depends on the last digit."""
    return float(falling[last : last + 2].mean())


def _f1(found: NDArray[np.bool_], labels: NDArray[np.bool_]) -> float:
    return float(2 * (found & labels).sum() / max(1, found.sum() + labels.sum()))


def rule_sign(target: str) -> str:
    """The sign that tells that a rule has found a target in the turn itself."""
    behaviour, _, part = target.partition(".")
    if part == "occasion":
        return f"+0 occasion {behaviour}"
    return f"+0 {behaviour}.promise" if behaviour == "action_point" else f"+0 {behaviour}"


@dataclass(frozen=True)
class FirstLook:
    """What was fitted for one label from the features of a turn.

    ``log_odds`` holds those of every turn by weights that were fitted without its call.
    """

    intercept: float
    by_part: Mapping[str, Mapping[str, float]]
    scale: float
    shift: float
    log_odds: NDArray[np.float64]


def first_look(table: Table, label: str) -> FirstLook:
    """The weights of a label's features.

    Raises:
        ScorerError: hardly any turn carries the label, or they are all in the same calls.
    """
    import numpy as np

    rows, labels = table.labels(label)
    if labels.sum() < _FOLDS:
        raise ScorerError(f"only {labels.sum()} turns carry {label}", where="labelled calls", remedy=_MORE)
    every = cross_fitted(table, rows, labels)
    whole = table.whole(rows, labels)
    scale, shift = calibration(every[rows[whole]], labels[whole])
    found = regression(table.matrix[rows], labels)
    names = list(table.vocabulary)
    weights = found.weights * np.array([_SCALES[part] for part, _ in names])
    learned = by_part({names[i]: float(weights[i]) for i in np.flatnonzero(weights).tolist()})
    return FirstLook(found.intercept, learned, scale, shift, scale * every + shift)


def near(table: Table, looks: Mapping[str, FirstLook]) -> NDArray[np.float64]:
    """What the first look at each target says around every turn, a column a place and target as ``SecondLook`` names them."""
    import numpy as np

    roles = np.array([table.calls[c].turns[t][0] for c, t in table.place])
    first = np.stack([sure(look.log_odds) * (roles == _side(label)) for label, look in looks.items()], axis=1)
    begins = np.flatnonzero(np.diff(table.group, prepend=-1))
    return np.concatenate([around(of_call).reshape(len(of_call), -1) for of_call in np.split(first, begins[1:])])


def _side(label: str) -> str:
    return "customer" if label in CUSTOMER_LABELS else "agent"


def second_look(
    table: Table, label: str, looks: Mapping[str, FirstLook], around_turns: NDArray[np.float64]
) -> tuple[Weights, NDArray[np.float64]]:
    """The weights of a label's scorer, and each turn's confidence by weights that were fitted without its call."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    def model(rows: NDArray[np.intp], labels: NDArray[np.bool_]) -> Any:
        return LogisticRegression(C=_STRENGTH_OF_CONTEXT, solver="newton-cholesky", max_iter=100).fit(matrix[rows], labels)

    look = looks[label]
    rows, labels = table.labels(label)
    whole = table.whole(rows, labels)
    rows, labels = rows[whole], labels[whole]
    matrix = np.hstack((look.log_odds[:, None], around_turns))
    fold = table.folds()
    confidence = np.zeros(len(matrix))
    for k in range(_FOLDS):
        learning = fold[rows] != k
        confidence[fold == k] = model(rows[learning], labels[learning]).predict_proba(matrix[fold == k])[:, 1]
    column = table.vocabulary.get((SIGN, rule_sign(TARGETS[label])))
    by_rule = np.zeros(len(rows), bool) if column is None else table.matrix[rows][:, [column]].toarray().ravel() > 0
    costs = _KEEP_COSTS_OF_BREACHES if label in _BREACHES else _KEEP_COSTS_OF_APOLOGIES if label == "AO" else _KEEP_COSTS
    steps = (_LEAST_STEP_OF_APOLOGIES, *_KEEP_STEPS) if label == "AO" else _KEEP_STEPS
    chosen = thresholds(confidence[rows], labels, by_rule, costs, steps)
    final = model(rows, labels)
    places = [f"{place} {TARGETS[other]}" for place in PLACES for other in looks]
    context = dict(zip((OWN, *places), map(float, final.coef_[0]), strict=True))
    context[ALWAYS] = float(final.intercept_[0])
    weights = Weights(
        TARGETS[label], _side(label), look.intercept, look.scale, look.shift, chosen.show, chosen.keep, chosen.count,
        {**look.by_part, CONTEXT: context},
    )  # fmt: skip
    return weights, confidence


def fitted(table: Table) -> Iterator[tuple[str, Weights, NDArray[np.float64]]]:
    """The weights of every scorer by label, each with the confidence of every turn by weights that were fitted without its call.

    A label that hardly any turn carries gets no scorer.
    """
    looks = {label: first_look(table, label) for label in TARGETS if table.labels(label)[1].sum() >= _FOLDS}
    around_turns = near(table, looks)
    for label in looks:
        yield label, *second_look(table, label, looks, around_turns)


class Learned(NamedTuple):
    """What was learned from some calls: the ``weights``, and the ``confidence`` of each call by target and turn, fitted without the call."""

    weights: tuple[Weights, ...]
    confidence: Mapping[str, Mapping[str, Sequence[float]]]


def learned(coach: Coach, calls: Sequence[LabelledCall]) -> Learned:
    """The weights of the scorers, and the confidence of each target in each turn by weights that have not seen the call.

    A label that hardly any turn carries gets no scorer. ``confidence`` is by the call's id; turns of the side that a target does not
    concern have the confidence 0, as in a review.
    """
    both = both_spellings(calls)
    table = Table(both, featured(coach, both))
    weights: list[Weights] = []
    confidence: dict[str, dict[str, list[float]]] = {call.id: {} for call in calls}
    begins: dict[str, int] = {}
    row = 0
    for call in both:
        # A call that is there in both spellings is read in its own, which comes first.
        begins.setdefault(call.id, row)
        row += len(call.turns)
    for label, each, every in fitted(table):
        weights.append(each)
        for call in calls:
            values = every[begins[call.id] : begins[call.id] + len(call.turns)].tolist()
            confidence[call.id][TARGETS[label]] = [
                value if role == _side(label) else 0.0 for value, (role, _) in zip(values, call.turns, strict=True)
            ]
    return Learned(tuple(weights), confidence)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="+", type=Path, help="labelled calls")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the weights")
    args = parser.parse_args()
    calls = both_spellings([call for path in args.calls for call in load(path)])
    table = Table(calls, featured(Coach(), calls))
    args.out.mkdir(parents=True, exist_ok=True)
    count = len({call.id for call in calls})
    note = f"Weights of the scorers that look at turns, fitted from {count} labelled calls.\nWritten by {_COMMAND}; do not edit."
    write([weights for _, weights, _ in fitted(table)], args.out / FILE, note)


if __name__ == "__main__":
    main()
