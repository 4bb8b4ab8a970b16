"""Rules and scorers joined: the confidence decides, the rule quotes; files switch a scorer off or set its threshold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import listening_coach as lc
from listening_coach import Coach, Moment, Transcript
from listening_coach.action_points import DATED, UNDATED
from listening_coach.behaviours import builtin, load
from listening_coach.scorers.merge import RULE
from listening_coach.scorers.weights import Weights, by_part

MakeCoach = Callable[..., Coach]


def scorer(target: str, features: dict[tuple[str, str], float], *, side: str = "agent", base: float = -3.0, keep: float = 0.5) -> Weights:
    return Weights(target, side, base, 1.0, 0.0, 0.5, keep, 0.8, by_part(features))


def whole(*turns: tuple[str, str], **known: Any) -> Transcript:
    """A call of these turns; bystanders make up for those that are missing, as scorers keep silent in fragments."""
    return Transcript.from_turns([*turns, *[(f"spk_{n}", "Hm.") for n in range(len(turns), 4)]], **known)


def found(coach: Coach, behaviour: str, *turns: tuple[str, str]) -> list[Moment]:
    return [m for m in coach.annotate(whole(*turns)) if m.behaviour == behaviour]


def test_fragments(coach_with: MakeCoach) -> None:
    """In a call of fewer than four turns the scorers keep silent."""
    coach = coach_with(EMPATHY)
    for count, confidences in ((2, []), (3, []), (4, [pytest.approx(0.881, abs=0.001)])):
        turns = [(f"spk_{n}", "Hm.") for n in range(2, count)] + [RING, ("agent", "A kettle for you.")]
        assert [m.confidence for m in coach.annotate(Transcript.from_turns(turns)) if m.behaviour == "empathy"] == confidences


RING = ("customer", "My parcel is gone.")
# Words of our weights: "parcel" before lifts a turn to even odds, "kettle" says that empathy is there, "policy" that it is not.
EMPATHY = scorer("empathy", {("before", "parcel"): 1.0, ("self", "kettle"): 4.0, ("self", "sorry"): 2.5, ("self", "policy"): -9.0})
UPSET = scorer("empathy.occasion", {("self", "gone"): 4.0, ("self", "scared"): 6.0}, side="customer")


def test_what_only_the_scorer_sees(coach_with: MakeCoach) -> None:
    """A turn above the threshold in which no rule finds anything is a finding: its clause is quoted, its reasons are told."""
    (moment,) = found(coach_with(EMPATHY), "empathy", RING, ("agent", "Let me look. A kettle for you."))
    assert (moment.turn, moment.quote, moment.rule) == (1, "A kettle for you", RULE)
    assert moment.confidence == pytest.approx(0.881, abs=0.001)
    assert moment.perhaps is False
    assert moment.details["why"] == ("self: kettle", "before: parcel")


def test_what_is_surer_to_be_another(coach_with: MakeCoach) -> None:
    """A turn that is surer to be empathy is not told as waving feelings away, which is outweighed by it; one that is less sure is."""
    assert "empathy" in builtin()["dismissal"].outweighed_by
    for weight, expected in ((2.0, []), (8.0, ["kettle is just a kettle"])):
        dismissal = scorer("dismissal", {("self", "kettle"): weight}, base=0.0)
        assert [m.quote for m in found(coach_with(EMPATHY, dismissal), "dismissal", RING, ("agent", "kettle is just a kettle"))] == expected


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        # A sentence that is not long is quoted whole.
        ("I looked. I rang the depot, and I told them about the kettle. Bye.", "I rang the depot, and I told them about the kettle"),
        # In talk without signs, as many clauses as make sense by themselves.
        (
            "well nobody rang you back on the tuesday and so what i would like to do is get the kettle over to you and then i will ring you when it is there",
            "so what i would like to do is get the kettle over to you",
        ),
    ],
)
def test_a_quote_makes_sense_by_itself(coach_with: MakeCoach, text: str, quote: str) -> None:
    """What a scorer finds is quoted with as much around the weightiest clause as is understood alone."""
    (moment,) = found(coach_with(EMPATHY), "empathy", RING, ("agent", text))
    assert moment.quote == quote


def test_what_a_rule_sees_too(coach_with: MakeCoach) -> None:
    """What a rule found keeps its quote, kind and rule, and takes on the confidence and the reasons; too little confidence is "perhaps"."""
    turns = (RING, ("agent", "I'm so sorry to hear that."))
    (by_rule,) = [m for m in Coach().find_by_rules(Transcript.from_turns(turns)).moments if m.behaviour == "empathy"]
    (moment,) = found(coach_with(EMPATHY), "empathy", *turns)
    assert (moment.quote, moment.kind, moment.rule) == (by_rule.quote, by_rule.kind, by_rule.rule)
    assert moment.confidence == pytest.approx(0.622, abs=0.001)
    assert moment.perhaps is True
    assert moment.details == {**by_rule.details, "why": ("self: sorry", "before: parcel")}


def test_what_the_scorer_does_not_believe(coach_with: MakeCoach) -> None:
    """Below the threshold what a rule found in an agent's turn is dropped; a softened limit stays, as one that does not count."""
    coach = coach_with(EMPATHY, scorer("policy_hiding", {}))
    assert found(coach, "empathy", RING, ("agent", "I'm so sorry to hear that, it's our policy.")) == []
    turns = (RING, ("agent", "I'm afraid it's our policy not to send it twice, but what I can do is refund you today."))
    softened = [m for m in Coach().find_by_rules(Transcript.from_turns(turns)).moments if m.details.get("softened")]
    kept = found(coach, "policy_hiding", *turns)
    assert softened
    assert [(m.quote, m.perhaps, m.details["softened"]) for m in kept] == [(m.quote, True, True) for m in softened]


def test_a_recap_stands(coach_with: MakeCoach) -> None:
    """A recap that a rule has found is shown however little its words weigh, as one that does not count."""
    turns = (
        ("customer", "A tree smashed my garage roof in the storm, the car is stuck inside and I need it for work on Monday."),
        ("agent", "Let me see who is free. The assessor can come tomorrow, and he rings before he comes."),
        ("customer", "He should ring my wife on her mobile, because I am at work and cannot take calls there."),
        ("agent", "I have put that on the sheet for him, and the number that we have for her is the right one."),
        ("customer", "Good, thank you."),
        ("agent", "So just to recap, a tree smashed your garage roof, the car is stuck, and the assessor rings your wife tomorrow."),
        ("customer", "That's it."),
    )
    (moment,) = [m for m in found(coach_with(scorer("summary", {})), "summary", *turns) if m.kind == "recap"]
    assert (moment.turn, moment.perhaps, moment.confidence) == (5, True, pytest.approx(0.047, abs=0.001))


def test_less_is_asked_of_what_a_rule_found(coach_with: MakeCoach) -> None:
    """What a rule found is kept from a confidence on at which the scorer alone would show nothing."""
    coach = coach_with(replace(EMPATHY, keep=0.2, intercept=-4.5), replace(UPSET, keep=0.01))
    turns = (("customer", "My parcel is lost, I am so worried."), ("agent", "I'm so sorry to hear that."))
    assert [(m.turn, m.confidence, m.perhaps) for m in found(coach, "empathy", *turns)] == [(1, pytest.approx(0.269, abs=0.001), True)]
    assert [o[0] for o in occasions(coach, *turns)] == [0]
    assert found(coach, "empathy", RING, ("agent", "A kettle.")) != []
    assert found(coach_with(replace(EMPATHY, keep=0.2, intercept=-6.0)), "empathy", RING, ("agent", "A kettle.")) == []


def test_speakers_who_are_not_scored(coach_with: MakeCoach) -> None:
    """The rules decide alone about other speakers, about calls in which one side is not known, and about behaviours without a scorer."""
    coach = coach_with(EMPATHY)
    sorry = "I'm so sorry to hear that, it's our policy."
    assert [m.turn for m in found(coach, "empathy", ("agent", "Hello."), ("customer", sorry), ("spk_3", sorry))] == [1, 2]
    assert [m.confidence for m in found(coach, "empathy", ("agent", sorry))] == [1.0]
    assert [m.confidence for m in found(coach, "gratitude", RING, ("agent", "Thank you so much."))] == [1.0]


def changed(tmp_path: Path, line: str) -> dict[str, lc.behaviours.Behaviour]:
    """Our behaviours, with one line more in the file on empathy."""
    text = (Path(lc.behaviours.__file__).parent / "empathy.toml").read_text(encoding="utf-8")
    path = tmp_path / "empathy.toml"
    path.write_text(f"{line}\n{text}", encoding="utf-8")
    return {**builtin(), "empathy": load(path, lc.behaviours.shared_words())}


@pytest.mark.parametrize(
    ("line", "turns"),
    [
        ("", [1, 3]),
        ("scorer = true", [1, 3]),
        ("scorer = 0.85", [1]),
        ("scorer = 1.0", []),
        ("scorer = 0.0", [1, 3, 5, 7]),
        ("scorer = false", [3]),
    ],
)
def test_a_files_own_threshold(tmp_path: Path, coach_with: MakeCoach, line: str, turns: list[int]) -> None:
    """A behaviour file sets the least confidence for its findings, or switches the scorer off; 0 takes every turn of the agent's with words."""
    coach = coach_with(EMPATHY, behaviours=changed(tmp_path, line))
    call = [
        RING,
        ("agent", "A kettle for you."),
        RING,
        ("agent", "I'm so sorry to hear that."),
        RING,
        ("agent", "Fine."),
        RING,
        ("agent", "Yes."),
    ]
    assert sorted({m.turn for m in found(coach, "empathy", *call, RING, ("agent", "..."))}) == turns


@pytest.mark.parametrize("value", ["-0.1", "1.5", '"often"', "[]"])
def test_wrong_thresholds(tmp_path: Path, value: str) -> None:
    """A threshold that is neither true nor false nor from 0 to 1 is refused by file and key."""
    with pytest.raises(lc.BehaviourError, match=r"empathy\.toml: scorer: the value is "):
        changed(tmp_path, f"scorer = {value}")


def occasions(coach: Coach, *turns: tuple[str, str]) -> list[tuple[int, str, bool, int | None, bool]]:
    return [(o.turn, o.quote, o.met, o.answer, o.perhaps) for o in coach.find(whole(*turns)).occasions if o.behaviour == "empathy"]


def test_what_called_for_it(coach_with: MakeCoach) -> None:
    """A customer's turn above the threshold is an occasion, met where one of the agent's next two turns holds the behaviour."""
    coach = coach_with(EMPATHY, UPSET)
    look, kettle = ("agent", "Let me look."), ("agent", "A kettle for you.")
    scared = ("customer", "The dog is gone. I am scared.")
    assert occasions(coach, RING, kettle) == [(0, "My parcel is gone", True, 1, True)]
    assert occasions(coach, RING, look, ("customer", "Hm."), kettle) == [(0, "My parcel is gone", True, 3, True)]
    assert occasions(coach, scared, look, ("customer", "Hm."), look, ("customer", "Well."), kettle) == [
        (0, "I am scared", False, None, False)
    ]


def test_what_did_not_call_for_it(tmp_path: Path, coach_with: MakeCoach) -> None:
    """Below the threshold a rule's occasion is dropped, unless the behaviour's file switches the scorer off."""
    turns = (("customer", "I am really worried about my mother."), ("agent", "Okay."))
    by_rules = [o for o in Coach().find_by_rules(Transcript.from_turns(turns)).occasions if o.behaviour == "empathy"]
    assert by_rules
    assert occasions(coach_with(EMPATHY, UPSET), *turns) == []
    off = coach_with(EMPATHY, UPSET, behaviours=changed(tmp_path, "scorer = false"))
    assert [o for o in off.find(whole(*turns)).occasions if o.behaviour == "empathy"] == by_rules


PROMISE = scorer("action_point", {("self", "van"): 4.0, ("self", "will"): 4.0})
DUE = scorer("action_point.due", {("self", "tuesday"): 4.0, ("self", "soon"): 4.0, ("self", "maybe"): -9.0})


@pytest.mark.parametrize(
    ("text", "due_text", "due"),
    [
        ("The van is yours on Tuesday.", "on Tuesday", "2025-06-24"),
        ("I will bring the van soon.", None, None),
        ("I will bring the van as soon as she is in.", "as soon as she is in", None),
        ("I will bring it by Friday, maybe.", "by Friday", "2025-06-27"),
        ("The van is yours soon, five working days.", "five working days", "2025-06-27"),
        ("The van is yours.", None, None),
    ],
)
def test_the_day_of_a_promise(coach_with: MakeCoach, text: str, due_text: str | None, due: str | None) -> None:
    """A promise names the day that a rule has read, else a date or an event in its words that its own scorer believes in; then it is not left open."""
    call = whole(RING, ("agent", text), started_at=datetime(2025, 6, 20))
    found = coach_with(PROMISE, DUE).find(call)
    (moment,) = [m for m in found.moments if m.behaviour == "action_point"]
    assert moment.kind == "promise"
    assert (moment.details.get("due_text"), moment.details.get("due")) == (due_text, due)
    assert [(o.met, o.kind) for o in found.occasions if o.behaviour == "action_point" and o.kind in (DATED, UNDATED)] in (
        [],
        [(due_text is not None, DATED if due_text else UNDATED)],
    )


@pytest.mark.parametrize(("text", "firmness"), [("The van is yours.", None), ("The van is probably yours.", "soft")])
def test_a_promise_beside_a_hedge_is_soft(coach_with: MakeCoach, text: str, firmness: str | None) -> None:
    """A promise that only the scorer sees is soft where its words hedge."""
    (moment,) = [m for m in coach_with(PROMISE, DUE).annotate(whole(RING, ("agent", text))) if m.behaviour == "action_point"]
    assert moment.details.get("firmness") == firmness


TEXTS = st.sampled_from(
    (
        "",
        "...",
        "I'm so sorry, that must be awful.",
        "It's our policy.",
        "It broke again and I am furious.",
        "Calm down.",
        "I'll call you on Friday.",
    )
)
CALLS = st.lists(st.tuples(st.sampled_from(("agent", "customer", "spk_3")), TEXTS), min_size=1, max_size=10)
OURS = Coach()


@settings(max_examples=60)
@given(CALLS)
def test_what_is_found_has_a_place_and_a_confidence(turns: list[tuple[str, str]]) -> None:
    """Every moment and occasion quotes words of its turn with a confidence above 0, in order, no two of a behaviour at one place."""
    transcript = Transcript.from_turns(turns)
    result = OURS.find(transcript)
    for place in (*result.moments, *result.occasions):
        assert place.quote == transcript.turns[place.turn].text[place.start : place.end] != ""
        assert 0 < place.confidence <= 1
    for listed in (result.moments, result.occasions):
        places = [(p.turn, p.start, p.behaviour, p.end) for p in listed]
        assert places == sorted(places)
        assert len(set(places)) == len(places)
    assert all(not o.met or o.answer is not None for o in result.occasions if o.behaviour == "empathy")


@settings(max_examples=30)
@given(CALLS)
def test_names_ids_and_spaces_change_nothing(turns: list[tuple[str, str]]) -> None:
    """Ids, the speakers' names and the width of spaces change neither what is found nor its confidence."""
    roles = {"agent": "agent", "customer": "customer", "spk_3": None}
    plain = Transcript.from_turns([{"speaker": s, "role": roles[s], "text": t} for s, t in turns], id="a")
    other = Transcript.from_turns([{"speaker": f"S {s}", "role": roles[s], "text": t.replace(" ", "  ") + " "} for s, t in turns], id="b")
    one, two = OURS.find(plain), OURS.find(other)
    assert [(m.behaviour, m.kind, m.turn, m.quote.split(), m.confidence) for m in one.moments] == [
        (m.behaviour, m.kind, m.turn, m.quote.split(), m.confidence) for m in two.moments
    ]
    assert [(o.behaviour, o.turn, o.met, o.answer, o.confidence) for o in one.occasions] == [
        (o.behaviour, o.turn, o.met, o.answer, o.confidence) for o in two.occasions
    ]


@pytest.mark.parametrize("sample", sorted((Path(__file__).parents[2] / "data" / "samples").iterdir()), ids=lambda p: p.name)
def test_a_report_holds_what_annotate_finds(sample: Path) -> None:
    """A report judges what ``annotate`` finds, with the same confidence; of what only an agent is coached on it leaves out the customer's."""
    call = lc.read(sample)
    agents = {name for name, behaviour in OURS.behaviours.items() if behaviour.speakers == "agent"}
    expected = tuple(m for m in OURS.annotate(call) if m.role is not lc.Role.CUSTOMER or m.behaviour not in agents)
    assert OURS.review(call).moments == expected


def test_nothing_passed_in_is_changed() -> None:
    """The findings of the rules stay as they were when a scorer overrules them."""
    call = whole(RING, ("agent", "I'm so sorry to hear that."))
    before = OURS.find_by_rules(call)
    copies = [replace(m) for m in before.moments]
    OURS.find(call)
    assert before.moments == copies
    assert all(m.confidence == 1.0 and not m.perhaps for m in before.moments)
