"""Fitting: from a small made-up set of labelled calls the obvious is learned, the same each time, without a look at the call judged."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from listening_coach import Coach, Transcript
from listening_coach.behaviours import builtin
from listening_coach.errors import MissingExtraError, ScorerError
from listening_coach.fitting import scorers as fitting
from listening_coach.fitting.labelled import TARGETS, LabelledCall
from listening_coach.language.call import PhraseFinder
from listening_coach.language.language import load
from listening_coach.scorers.scorer import Scorers, classes_of
from listening_coach.scorers.second_look import PLACES, around
from listening_coach.scorers.weights import Weights, read, write

TELLING = ("My parcel is gone.", "The lamp came broken.", "You billed me twice!", "It has not worked since Monday.")
NEUTRAL = ("Let me look.", "One moment, please.", "What is the order number?", "I see it here.", "It is the blue one.")
KIND = ("What a beastly nuisance, poor you.", "Poor you, that is beastly.", "Oh, how beastly for you.", "A beastly week, then.")
UPSET = ("I am dismal about it.", "It leaves me dismal.", "A dismal day, honestly.")


def made_calls(count: int = 20) -> list[LabelledCall]:
    """Calls in which an agent who says "beastly" shows empathy, and a customer who says "dismal" is upset; nothing else tells them apart."""
    telling, neutral, kind, upset = cycle(TELLING), cycle(NEUTRAL), cycle(KIND), cycle(UPSET)
    calls = []
    for n in range(count):
        turns = [("customer", next(telling)), ("agent", next(neutral)), ("customer", next(upset))]
        turns += [("agent", next(kind) if n % 2 else next(neutral)), ("customer", "The number is 4471."), ("agent", next(neutral))]
        labels = {2: frozenset({"UP"}), **({3: frozenset({"EM"})} if n % 2 else {})}
        calls.append(LabelledCall(f"c{n}", "made", tuple(turns), labels, {}, frozenset({"EM", "UP", "AO"})))
    return calls


@cache
def table() -> fitting.Table:
    calls = fitting.both_spellings(made_calls())
    return fitting.Table(calls, fitting.featured(Coach(), calls))


@cache
def learned() -> dict[str, tuple[Weights, np.ndarray]]:
    return {label: (weights, sure) for label, weights, sure in fitting.fitted(table())}


@pytest.mark.parametrize(("label", "word", "side"), [("EM", "beastly", "agent"), ("UP", "dismal", "customer")])
def test_the_obvious_is_learned(label: str, word: str, side: str) -> None:
    """The word that tells the label is among the heaviest of the turn itself, and each turn's confidence falls on its side of the threshold."""
    weights, sure = learned()[label]
    assert (weights.target, weights.side) == (TARGETS[label], side)
    own = sorted((weight, name) for name, weight in weights.by_part["self"].items())
    assert any(word in name for _, name in own[-5:])
    assert weights.by_part["self"][word] > 0
    rows, labels = table().labels(label)
    assert ((sure[rows] >= weights.show) == labels).all()
    assert 0 <= weights.keep <= weights.show <= weights.count < 1


def test_what_is_learned_scores_new_calls(tmp_path: Path) -> None:
    """Weights that are fitted, written and read again find the label in a call that fitting has not seen."""
    weights, _ = learned()["EM"]
    write([weights], tmp_path / "empathy.tsv", "Made up.")
    scorers = Scorers(read(tmp_path / "empathy.tsv"), classes_of(load()))
    finder = PhraseFinder(builtin(), (), load())
    for last, held in (("What a beastly week, poor you.", True), ("Let me see what it says.", False)):
        turns = [("customer", "The kettle leaks."), ("agent", "Let me look."), ("customer", "A dismal thing."), ("agent", last)]
        transcript = Transcript.from_turns(turns)
        by_rules = Coach().find_by_rules(transcript)
        assert (scorers.score(finder.call(transcript), by_rules).of("empathy")[3] >= weights.show) is held


def test_the_same_each_time() -> None:
    """Fitting the same calls again gives the same weights and confidences."""
    for label, weights, sure in fitting.fitted(table()):
        assert weights == learned()[label][0]
        assert (sure == learned()[label][1]).all()


def test_the_second_look() -> None:
    """It starts from the first look's log odds, and weighs what the first look says around the turn, by names that a scorer reads."""
    for weights, _ in learned().values():
        context = set(weights.by_part["context"])
        targets = {each.target for each, _ in learned().values()}
        assert weights.by_part["context"]["own"] > 0
        assert context - {"own", "always"} <= {f"{place} {target}" for place in PLACES for target in targets}


def test_what_stands_around_in_fitting_is_what_a_scorer_sees() -> None:
    """The columns of the second look are the first look's confidences, of the target's own side, in the turns around and in the call."""
    looks = {label: fitting.first_look(table(), label) for label in ("EM", "UP")}
    columns = fitting.near(table(), looks)
    first = np.array([1 / (1 + np.exp(-look.log_odds)) for look in looks.values()]).T
    call = [row for row, (c, _) in enumerate(table().place) if c == 4]
    own = first[call] * [[role == "agent", role == "customer"] for role, _ in table().calls[4].turns]
    assert columns[call] == pytest.approx(around(own).reshape(len(call), -1))


def test_cross_fitting_has_not_seen_the_call() -> None:
    """A turn's sum comes from weights fitted without its call and without that call's plain form: its own labels do not change it."""
    calls = fitting.both_spellings(made_calls())
    rows, labels = table().labels("EM")
    before = fitting.cross_fitted(table(), rows, labels)
    mine = np.array([calls[table().place[row][0]].id == "c3" for row in rows])
    after = fitting.cross_fitted(table(), rows, np.where(mine, ~labels, labels))
    fold = np.array([int(calls[c].id[1:]) % 5 for c, _ in table().place])
    assert (before[fold == 3] == after[fold == 3]).all()
    assert (before[fold != 3] != after[fold != 3]).any()


def test_both_spellings() -> None:
    """Each call with punctuation or capitals stands a second time in plain words, under the same id; one that is plain stands once."""
    plain = LabelledCall("p", "", (("agent", "hello there"),), {}, {}, frozenset())
    pointed = LabelledCall("q", "", (("agent", "Hello there."),), {}, {}, frozenset())
    assert [(call.id, call.turns[0][1]) for call in fitting.both_spellings([plain, pointed])] == [
        ("p", "hello there"), ("q", "Hello there."), ("q", "hello there"),
    ]  # fmt: skip


def test_rows_on_which_annotators_differ() -> None:
    """Turns on which annotators differ, of the other side, or in calls in which nobody looked for the label, are left out of fitting."""
    calls = [
        LabelledCall("a", "", (("agent", "One."), ("customer", "Two."), ("agent", "Three.")), {0: frozenset({"EM"})}, {2: frozenset({"EM"})}, frozenset({"EM"})),
        LabelledCall("b", "", (("agent", "One."),), {0: frozenset({"EM"})}, {}, frozenset({"AO"})),
    ]  # fmt: skip
    rows, labels = fitting.Table(calls, fitting.featured(Coach(), calls)).labels("EM")
    assert (rows.tolist(), labels.tolist()) == ([0], [True])


def test_rare_features_are_not_learned() -> None:
    """A feature of fewer than three turns is not in the vocabulary; a vocabulary that is given is kept."""
    calls = made_calls(2)
    turns = fitting.featured(Coach(), calls)
    own = fitting.Table(calls, turns)
    assert ("self", "beastly") not in own.vocabulary
    assert ("self", "beastly") in table().vocabulary
    given = fitting.Table(calls, turns, table().vocabulary)
    assert given.matrix.shape == (12, len(table().vocabulary))
    assert given.matrix[9, table().vocabulary["self", "beastly"]] > 0


@pytest.mark.parametrize(
    ("turns", "message"),
    [
        ({}, "only 0 turns carry AO"),
        ({("c1", t) for t in (1, 3)}, "only 4 turns carry AO"),
        ({("c1", t) for t in (1, 3, 5)}, "nearly all turns with the label, or without it, are in the same calls"),
    ],
)
def test_too_little_to_learn_from(turns: set[tuple[str, int]], message: str) -> None:
    """A label of hardly any turns, or of a single call, is refused with what to do about it."""
    calls = fitting.both_spellings(
        [
            LabelledCall(c.id, c.source, c.turns, {t: frozenset({"AO"}) for name, t in turns if name == c.id}, {}, c.labelled)
            for c in made_calls()
        ]
    )
    with pytest.raises(ScorerError, match=f"labelled calls: {message}. Label more calls"):
        fitting.first_look(fitting.Table(calls, fitting.featured(Coach(), calls), table().vocabulary), "AO")


def test_thresholds() -> None:
    """What is shown is where F1 is best, what counts where three in four are right, and a rule's finding is kept where that costs little, but never far below."""
    sure = np.array([0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
    labels = np.array([True, True, True, False, True, False, False, False, False, False])
    nothing = np.zeros(10, bool)
    # Down to 0.6 four in five are right, and all that are right are found: both thresholds lie half-way to the next.
    got = fitting.thresholds(sure, labels, nothing, 0.02)
    assert (got.show, got.keep, got.count) == pytest.approx((0.55, 0.3 * 0.55, 0.55))
    # A rule that is wrong far below the threshold is kept down to where it begins to cost more than it may.
    wrong = sure == 0.4
    assert fitting.thresholds(sure, labels, wrong, 0.02).keep == pytest.approx(0.8 * 0.55)
    assert fitting.thresholds(sure, labels, wrong, 0.2).keep == pytest.approx(0.3 * 0.55)
    assert fitting.thresholds(sure, ~labels, nothing, 0.02).count == 0.95


def test_precision_comes_first() -> None:
    """Where a lower threshold wins next to nothing, the higher one is taken."""
    labels = np.array([True] * 500 + [False, True])
    sure = np.linspace(0.9, 0.2, 502)
    got = fitting.thresholds(sure, labels, np.zeros(502, bool), 0.02)
    # F1 is a little better with all of them, and hardly worse without the last ones.
    assert got.show > 0.2
    found = sure >= got.show
    assert labels[found].all()
    assert 2 * found.sum() / (found.sum() + labels.sum()) >= 1002 / 1003 - 0.003


def test_calibration() -> None:
    """Scale and shift turn sums into probabilities: among turns of equal sum the confidence is the share that carries the label."""
    sums = np.repeat([-1.0, 1.0], 100)
    labels = np.concatenate((np.arange(100) < 20, np.arange(100) < 70))
    scale, shift = fitting.calibration(sums, labels)
    assert 1 / (1 + np.exp(-scale * np.array([-1.0, 1.0]) - shift)) == pytest.approx([0.2, 0.7], abs=0.01)


def test_pruning() -> None:
    """The weights that move the sums of a table most stay as they are, whatever their sign, and all others are zero."""
    count = 12_000
    often = np.resize([1, 4, 9], count)
    matrix = csr_matrix(np.arange(9)[:, None] < often, dtype=float)
    weights = np.linspace(-3, 2, count)
    kept = fitting.pruned(weights, matrix)
    moves = np.abs(weights) * np.sqrt(often)
    assert np.count_nonzero(kept) == 8800
    assert moves[kept == 0].max() <= moves[kept != 0].min()
    assert (kept[kept != 0] == weights[kept != 0]).all()
    assert np.abs(weights[kept == 0]).max() > np.abs(kept[kept != 0]).min()


def test_exchanges_teach_weights_but_not_how_often() -> None:
    """Rows of exchanges are learned from; calibration and thresholds leave them out, unless the calls hardly hold the label."""
    call = LabelledCall(
        "a", "", tuple(("agent", f"Turn {n}.") for n in range(7)), {n: frozenset({"EM"}) for n in range(5)}, {}, frozenset({"EM"})
    )
    exchange = LabelledCall("b", "", (("agent", "One."), ("agent", "Two.")), {0: frozenset({"EM"})}, {}, frozenset({"EM"}))
    for calls, expected in (([call, exchange], 7), ([exchange, exchange], 4)):
        made = fitting.Table(calls, fitting.featured(Coach(), calls))
        rows, labels = made.labels("EM")
        assert len(rows) == sum(len(each.turns) for each in calls)
        assert made.whole(rows, labels).sum() == expected


def test_the_uneven_are_held_less() -> None:
    """A feature that is spread over both sides alike has a smaller scale than one of one side, and the scales are 1 in the mean."""
    scale = fitting.uneven(np.array([50, 50, 0]), np.array([500, 10, 400]))
    assert scale[0] < scale[1] < scale[2]
    assert scale.mean() == pytest.approx(1)


@pytest.mark.parametrize(
    ("target", "sign"),
    [
        ("empathy", "+0 empathy"),
        ("empathy.occasion", "+0 occasion empathy"),
        ("action_point", "+0 action_point.promise"),
        ("action_point.due", "+0 action_point.promise"),
    ],
)
def test_the_sign_of_a_rule(target: str, sign: str) -> None:
    """The sign by which fitting knows what a rule has found is one that the features hold."""
    assert fitting.rule_sign(target) == sign
    call = LabelledCall(
        "s", "", (("customer", "I am so worried."), ("agent", "I am so sorry to hear that, I will call you today.")), {}, {}, frozenset()
    )
    assert any(sign in turn["sign"] for turn in Coach().features(call.transcript()))


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without scikit-learn, fitting is an error that names the pip command."""
    for name in ("sklearn", "sklearn.linear_model", "scipy", "scipy.sparse"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'listening-coach\[fit\]'"):
        fitting.regression(None, np.array([True]))
    with pytest.raises(MissingExtraError, match=r"pip install 'listening-coach\[fit\]'"):
        fitting.Table([], [])


def test_the_command_says_what_it_needs() -> None:
    """The command tells its arguments and where they come from."""
    done = subprocess.run([sys.executable, "-m", "listening_coach.fitting.scorers", "--help"], capture_output=True, text=True, check=True)
    assert "--out" in done.stdout
    assert "listening-coach[fit]" in done.stdout
