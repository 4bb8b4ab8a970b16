"""Scoring a call: confidences are probabilities, sums are those of the features, reasons and clauses are the turn's own."""

from __future__ import annotations

import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from as_shipped import coach, finder
from hypothesis import given, settings
from hypothesis import strategies as st

import listening_coach as lc
from listening_coach import Coach, Transcript
from listening_coach.detectors import Found
from listening_coach.language.call import Call
from listening_coach.language.language import load
from listening_coach.scorers.features import PARTS, SELF, SIGN, Classes
from listening_coach.scorers.scorer import Scorers, Scores, classes_of, of_language
from listening_coach.scorers.second_look import CONTEXT, SecondLook, around
from listening_coach.scorers.second_look import sure as likely
from listening_coach.scorers.weights import Weights, by_part

SAMPLES = sorted((Path(__file__).parents[2] / "data" / "samples").iterdir())
NO_CLASSES = Classes({})


def weights(features: dict[tuple[str, str], float], target: str = "empathy", side: str = "agent") -> Weights:
    return Weights(target, side, -1.0, 1.0, 0.0, 0.5, 0.5, 0.8, by_part(features))


def scored(transcript: Transcript) -> tuple[Call, Scores]:
    """A call and its scores by the weights that come with the library."""
    call = finder().call(transcript)
    return call, of_language(load()).score(call, coach().find_by_rules(transcript))


def test_the_sum_of_a_turn() -> None:
    """The confidence is the logistic function of intercept and weights: of the turn, those around it, and its signs."""
    made = weights(
        {("self", "sorry"): 2.0, ("before", "broke"): 0.5, ("reply", "thanks"): 0.25, ("next", "bye"): 1.0, ("sign", "asks"): -4.0}
    )
    turns = [("customer", "It broke, it broke."), ("agent", "I am sorry."), ("customer", "Thanks."), ("agent", "Bye, or are you sorry?")]
    call = finder().call(Transcript.from_turns(turns))
    found = Scorers([made], NO_CLASSES).score(call, Found([], [])).of("empathy")
    sums = [-1 + 2 + 0.5 + 0.25 + 1, -1 + 2 + 0.5 - 4]
    assert found == pytest.approx([0.0, 1 / (1 + math.exp(-sums[0])), 0.0, 1 / (1 + math.exp(-sums[1]))], abs=1e-6)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.name)
def test_the_sums_are_those_of_the_features(sample: Path) -> None:
    """What the first look adds up are the weights of the features that it is fitted on, each as often as it stands; the second starts from it."""
    transcript = lc.read(sample)
    call, scores = scored(transcript)
    turns = coach().features(transcript)
    weights = list(scores.weights.values())
    first = np.array(
        [
            [
                each.scale
                * (each.intercept + sum(each.by_part.get(part, {}).get(name, 0.0) for part in (*PARTS, SIGN) for name in names[part]))
                + each.shift
                for each in weights
            ]
            for names in turns
        ]
    )
    own_side = np.array([[turn.role == each.side for each in weights] for turn in call.turns])
    second = SecondLook(list(scores.weights), [each.by_part[CONTEXT] for each in weights])
    expected = likely(second.log_odds(first, around(likely(first) * own_side))) * own_side
    assert pytest.approx(expected, abs=2e-4) == np.array(list(scores.all().values())).T


TEXTS = st.sampled_from(
    (
        "", "...", "I'm so sorry to hear that.", "That's our policy, I'm afraid, there is nothing I can do!", "you charged me twice and I am furious",
        "Calm down, please; what was your number again?", "My order number is 4471.", "um", "I'll send it by Friday, and then I'll call you.",
    )
)  # fmt: skip
CALLS = st.lists(st.tuples(st.sampled_from(("agent", "customer", "other")), TEXTS), min_size=1, max_size=10).map(
    lambda turns: Transcript.from_turns([(role, role, text) for role, text in turns])
)


@settings(max_examples=50)
@given(CALLS)
def test_confidence_is_a_probability(transcript: Transcript) -> None:
    """Every confidence lies between 0 and 1, and is 0 in turns of another side than the target's."""
    call, scores = scored(transcript)
    assert set(scores.all()) == set(scores.weights)
    for target, column in scores.all().items():
        assert len(column) == len(call.turns)
        for turn, sure in zip(call.turns, column, strict=True):
            assert 0 <= sure <= 1
            assert sure == 0 or turn.role == scores.weights[target].side


@given(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15))
def test_extreme_weights(weight: float, scale: float) -> None:
    """Weights of any size give a confidence between 0 and 1."""
    made = Weights("empathy", "agent", 0.0, scale, 0.0, 0.5, 0.5, 0.8, {"self": {"sorry": weight}})
    call = finder().call(Transcript.from_turns([("agent", "Sorry, sorry."), ("customer", "Sorry.")]))
    assert all(0 <= sure <= 1 for sure in Scorers([made], NO_CLASSES).score(call, Found([], [])).of("empathy"))


@settings(max_examples=50)
@given(CALLS)
def test_reasons_and_clauses_are_the_turns_own(transcript: Transcript) -> None:
    """Reasons are at most four features with weights above 0, of parts that the turn has; a clause lies within its turn."""
    call, scores = scored(transcript)
    turns = coach().features(transcript)
    for target, each in scores.weights.items():
        for turn, at in enumerate(call.turns):
            if at.role != each.side:
                continue
            reasons = [reason for reason in scores.reasons(turn, target) if reason.part != CONTEXT]
            assert len(reasons) <= 4
            assert [r.weight for r in reasons] == sorted((r.weight for r in reasons), reverse=True)
            for reason in reasons:
                known = each.by_part[reason.part]
                assert reason.weight > 0
                if reason.part == SIGN:
                    assert reason.weight == known[reason.name]
                    assert reason.name in turns[turn][SIGN]
                else:
                    assert reason.weight in known.values()
                    assert reason.name in turns[turn][reason.part] or any(reason.name in said.text for said in call.turns)
            first, last = scores.clause(turn, target)
            assert call.bounds[turn][0] <= first <= last <= call.bounds[turn][1]


def test_the_clause_that_weighs_most() -> None:
    """The clause with the heaviest words of a turn is told, without the signs around it, in pointed and in plain text."""
    made = weights({("self", "sorry"): 2.0, ("self", "friday"): 0.5})
    scorers = Scorers([made], NO_CLASSES)
    for text, quote in (
        ("The van comes on Friday. I'm so sorry about that! Is there more?", "I'm so sorry about that"),
        ("the van comes on friday and i am so sorry about that", "i am so sorry about that"),
        ("Sorry!", "Sorry"),
        ("Nothing of that.", "Nothing of that"),
    ):
        call = finder().call(Transcript.from_turns([("agent", text)]))
        start, end = call.span(0, *scorers.score(call, Found([], [])).clause(0, "empathy"))
        assert text[start:end].removeprefix("and ") == quote


def test_what_is_found_elsewhere_is_a_reason() -> None:
    """What the first look finds elsewhere in the call stands last among the reasons where it adds half a log odds or more."""
    turns = [("customer", "It broke."), ("agent", "Calm down."), ("customer", "What?"), ("agent", "So sorry.")]
    call = finder().call(Transcript.from_turns(turns))
    dismissal = weights({("self", "calm"): 9.0}, target="dismissal")
    for weight, reasons in ((3.0, [("self", "sorry", 2.0), ("context", "call dismissal", 3.0)]), (0.2, [("self", "sorry", 2.0)])):
        empathy = weights({("self", "sorry"): 2.0, ("context", "own"): 1.0, ("context", "call dismissal"): weight})
        assert list(Scorers([empathy, dismissal], NO_CLASSES).score(call, Found([], [])).reasons(3, "empathy")) == reasons


def test_reasons_do_not_repeat_each_other() -> None:
    """Of features that hold one another only the weightiest is a reason; those of other parts stand beside it."""
    made = weights(
        {("self", "so sorry"): 2.0, ("self", "sorry"): 1.0, ("before", "sorry"): 0.6, ("self", "that"): -3.0, ("sign", "asks"): 0.5}
    )
    call = finder().call(Transcript.from_turns([("customer", "Sorry?"), ("agent", "So sorry, what was that?")]))
    reasons = Scorers([made], NO_CLASSES).score(call, Found([], [])).reasons(1, "empathy")
    assert reasons == (("self", "So sorry", 2.0), ("before", "Sorry", 0.6), ("sign", "asks", 0.5))


@pytest.mark.parametrize(
    ("weighed", "said", "told"),
    [
        ({("self", "will not"): 2.0, ("self", "the"): 3.0}, "The van won't come.", ["won't"]),
        ({("self", "the"): 3.0}, "The van won't come.", ["The"]),
        ({("self", "section 0"): 2.0, ("self", "say"): 1.0}, "They say section 14.", ["section 0", "say"]),
        ({("self", "say"): 2.0, ("self", "van"): 0.3}, "They say the van.", ["say"]),
    ],
)
def test_reasons_are_what_was_said(weighed: dict[tuple[str, str], float], said: str, told: list[str]) -> None:
    """Words are told as they were said and whole, but never digits; words that say little stand in only where there is nothing else."""
    call = finder().call(Transcript.from_turns([("customer", "Hm."), ("agent", said)]))
    reasons = Scorers([weights(weighed)], NO_CLASSES).score(call, Found([], [])).reasons(1, "empathy")
    assert [reason.name for reason in reasons] == told


PLAIN = (
    [
        ("customer", "hi you charged me twice for june and i am really upset about it"),
        ("agent", "i am so sorry about that it must be very frustrating let me check"),
        ("customer", "okay thank you"),
        ("agent", "so you were charged twice for june i will refund the second charge by friday"),
        ("customer", "great thanks"),
    ],
    [
        ("customer", "Hi. You charged me twice for June, and I am really upset about it."),
        ("agent", "I am so sorry about that. It must be very frustrating. Let me check."),
        ("customer", "Okay. Thank you."),
        ("agent", "So, you were charged twice for June. I will refund the second charge by Friday."),
        ("customer", "Great, thanks!"),
    ],
)


def test_plain_and_pointed_text() -> None:
    """The same words with and without punctuation give nearly the same confidence."""
    one, other = (scored(Transcript.from_turns(turns))[1].all() for turns in PLAIN)
    for target in one:
        assert one[target] == pytest.approx(other[target], abs=0.2), target


@pytest.mark.parametrize(("written", "other"), [("apologise", "apologize"), ("favourite colour", "favorite color"), ("gonna", "going to")])
def test_classes_of_a_language(written: str, other: str) -> None:
    """Word classes are spelled as our reading spells what is said, so that other spellings of a word belong to the same class."""
    language = load()
    one, two = ([word for part in text.split() for word in language.spelled(part)] for text in (written, other))
    assert classes_of(language).of(one) == classes_of(language).of(two)
    assert classes_of(language).of(["apologize"])[0].startswith("@")


def test_a_language_without_classes_and_weights(tmp_path: Path) -> None:
    """A language whose folder has neither word classes nor weights has scorers that say nothing: the rules decide alone."""
    (tmp_path / "language.toml").write_text('code = "xq"\nname = "Toyish"\n', encoding="utf-8")
    scorers = of_language(load(tmp_path))
    assert not scorers.weights
    assert not scorers.endings
    assert scorers.classes.of(["sorry"]) == ["sorry"]


def test_threads_agree() -> None:
    """Two coaches, in several threads at once, find the same with the same confidence."""
    calls = [lc.read(path) for path in SAMPLES]
    one_by_one = [coach().find(call) for call in calls]
    coaches = (Coach(), Coach())
    with ThreadPoolExecutor(4) as pool:
        both = list(pool.map(lambda n: coaches[n % 2].find(calls[n // 2]), range(2 * len(calls))))
    assert both == [found for found in one_by_one for _ in coaches]


def test_pickles() -> None:
    """A pickled coach scores alike, and its bytes leave out the weights, which each process reads from their files."""
    call = lc.read(SAMPLES[0])
    packed = pickle.dumps(coach())
    assert pickle.loads(packed).find(call) == coach().find(call)  # noqa: S301 - our own bytes
    assert len(packed) < 2_000_000


def test_learned_findings_say_why() -> None:
    """A finding of the scorers names the words and signs that weighed most, and its quote stands in its turn."""
    seen = 0
    for path in SAMPLES:
        call = lc.read(path)
        for moment in coach().annotate(call):
            assert moment.quote == call.turns[moment.turn].text[moment.start : moment.end] != ""
            if moment.rule == "weighed words and signs":
                seen += 1
                assert moment.details["why"]
                assert all(reason.partition(": ")[0] in (*PARTS, SIGN, CONTEXT) for reason in moment.details["why"])
                assert 0 < moment.confidence <= 1
    assert seen > 10


def test_self_is_heaviest_in_reasons_of_its_own_words() -> None:
    """A plain word of regret in a turn is a reason from the turn itself."""
    _, scores = scored(Transcript.from_turns(PLAIN[1]))
    assert any(reason.part == SELF for reason in scores.reasons(1, "empathy"))
