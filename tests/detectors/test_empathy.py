"""Empathy: what counts as it and of which kind, what called for it, and whether the call got it."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Coach, Transcript
from listening_coach.behaviours import builtin
from listening_coach.detectors import Found
from listening_coach.moments import Moment, Occasion

IDS = ("empathy", "apology", "ownership")


@functools.cache
def coach() -> Coach:
    return Coach(behaviours={name: builtin()[name] for name in IDS})


def found(*turns: tuple[str, ...]) -> Found:
    return coach().find_by_rules(Transcript.from_turns(turns))


def empathy(*turns: tuple[str, ...]) -> list[Moment]:
    return [m for m in found(*turns).moments if m.behaviour == "empathy"]


def occasions(*turns: tuple[str, ...]) -> list[Occasion]:
    return [o for o in found(*turns).occasions if o.behaviour == "empathy"]


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("Right. That must have been terrifying for you.", "feeling", "That must have been terrifying for you"),
        ("it sounds like you're really fed up and I get that", "feeling", "it sounds like you're really fed up"),
        ("I can hear how worried you are.", "feeling", "I can hear how worried you are"),
        ("I understand your frustration.", "feeling", "I understand your frustration"),
        ("I can see why you'd think that.", "perspective", "I can see why you'd think that"),
        ("We completely understand, sir.", "perspective", "We completely understand"),
        ("I'd feel the same.", "perspective", "I'd feel the same"),
        ("I'm so sorry to hear that, Mr Abara.", "sympathy", "I'm so sorry to hear that"),
        ("Please accept our condolences.", "sympathy", "Please accept our condolences"),
        ("What a shame.", "sympathy", "What a shame"),
        ("Don't worry, we'll sort this out.", "reassurance", "Don't worry"),
        ("You've done the right thing ringing us.", "reassurance", "You've done the right thing ringing us"),
    ],
)
def test_kinds_and_quotes(text: str, kind: str, quote: str) -> None:
    """Each kind of empathy is told apart, and the quote is its clause as it stands in the text."""
    moment = empathy(("agent", text))[0]
    assert (moment.kind, moment.quote) == (kind, quote)
    assert text[moment.start : moment.end] == quote


@pytest.mark.parametrize(
    "text",
    [
        "Are you worried about the price?",
        "If you feel unhappy with it, send it back.",
        "Is there anything else that's worrying you?",
        "The line is difficult to hear today.",
        "It would be hard to park there.",
        "I understand, but it's too late.",
        "Sorry?",
        "I don't understand how it works.",
        "",
    ],
)
def test_what_is_none(text: str) -> None:
    """Questions about feelings, words of difficulty said of things, and understanding taken back at once are no empathy."""
    assert empathy(("agent", text)) == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("I understand.", "perspective"),
        ("I'm really sorry about that.", "sympathy"),
        ("Oh no.", "sympathy"),
        ("That is hard.", "feeling"),
        ("Take your time.", "reassurance"),
    ],
)
def test_plain_words_count_as_an_answer_only(answer: str, kind: str) -> None:
    """Some words are empathy to somebody who has just shown trouble, and mere courtesy to everybody else."""
    upset = ("customer", "This is ridiculous, it's the third time I've called about it.")
    assert [m.kind for m in empathy(upset, ("agent", answer))] == [kind]
    assert empathy(("customer", "I'd like to change my address."), ("agent", answer)) == []


def test_because_quotes_what_called_for_it() -> None:
    """A moment that answers an upset turn says which words called for it, where, and of what kind they are."""
    (moment,) = empathy(
        ("customer", "My mother passed away in March. I need to close her account."),
        ("agent", "I'm so sorry to hear that."),
    )
    assert moment.details["because"] == "My mother passed away in March"
    assert moment.details["because_turn"] == 0
    assert moment.details["because_kind"] == "blow"


def test_without_an_upset_turn_there_is_no_because() -> None:
    """Empathy that nothing in the words before called for stands without a reason."""
    (moment,) = empathy(("customer", "It's the blue one."), ("agent", "Don't worry."))
    assert "because" not in moment.details


def test_taken_back() -> None:
    """Understanding that a "but" follows at once is marked as taken back."""
    (but,) = empathy(("agent", "I understand your frustration, but the fee stands."))
    (kept,) = empathy(("agent", "I understand your frustration, and I'll look at the fee."))
    assert but.details["taken_back"] is True
    assert "taken_back" not in kept.details


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("My husband died last month.", "blow", "My husband died last month"),
        ("I've just been made redundant.", "blow", "I've just been made redundant"),
        ("there's water all over my kitchen", "blow", "there's water all over my kitchen"),
        ("This is absolutely ridiculous.", "anger", "This is absolutely ridiculous"),
        ("I've been on hold for an hour, nobody ever calls back.", "anger", None),
        ("it's the third time I've rung about this", "anger", "it's the third time I've rung about this"),
        ("I'm really worried about the money.", "worry", "I'm really worried about the money"),
        ("Someone has used my card in another country.", "worry", "Someone has used my card in another country"),
        ("I don't know what to do any more.", "distress", None),
        ("I feel so stressed with all these letters.", "distress", "I feel so stressed with all these letters"),
        ("The seats were nasty and the food was horrible.", "distress", None),
    ],
)
def test_occasions(text: str, kind: str, quote: str | None) -> None:
    """A blow, anger, worry and distress of the customer's are occasions, quoted by the words that show them."""
    (occasion,) = occasions(("customer", text), ("agent", "What's the account number?"))
    assert (occasion.kind, occasion.turn, occasion.met, occasion.answer) == (kind, 0, False, None)
    assert quote is None or occasion.quote == quote


@pytest.mark.parametrize(
    "text",
    [
        "What time do you open on Sunday?",
        "I have a problem with my bill.",
        "I'd like to report a change of address.",
        "I'm not worried about it.",
        "What happens if my card is stolen?",
        "I was worried but it's all fine now.",
        "No problem at all.",
        "It's a white one with a long handle.",
        "Could you tell me whether my order has been delayed?",
        "My account number is four four one.",
        "",
    ],
)
def test_neutral_turns_are_no_occasion(text: str) -> None:
    """Plain questions and facts, what is denied, only supposed or over, call for nothing."""
    assert occasions(("customer", text), ("agent", "Let me check.")) == []


def test_met_within_the_next_two_turns_of_the_agent() -> None:
    """An occasion is met by the agent's first or second answer; a nod does not use one up, a third comes too late."""
    upset = ("customer", "I'm so upset about this.")
    sorry, fact, more, nod = (
        ("agent", "I'm so sorry to hear that."),
        ("agent", "Which branch was it?"),
        ("customer", "The one in Leith."),
        ("agent", "Mm-hmm."),
    )
    assert [(o.met, o.answer) for o in occasions(upset, sorry)] == [(True, 1)]
    assert [(o.met, o.answer) for o in occasions(upset, fact, more, sorry)] == [(True, 3)]
    assert [(o.met, o.answer) for o in occasions(upset, nod, more, fact, more, sorry)] == [(True, 5)]
    assert [(o.met, o.answer) for o in occasions(upset, fact, more, fact, more, sorry)] == [(False, None)]


def test_nobody_to_answer() -> None:
    """An upset turn after which the agent does not speak again is no occasion: nothing could have been said."""
    assert occasions(("agent", "Hello."), ("customer", "I'm furious.")) == []


def test_anger_is_met_by_apology_with_ownership() -> None:
    """Anger is answered by saying sorry and taking the matter on; either alone is not enough, and a blow needs empathy."""
    angry = ("customer", "I want to make a complaint, it never arrived.")
    assert [o.met for o in occasions(angry, ("agent", "Sorry for keeping you on hold, leave it with me."))] == [True]
    assert [o.met for o in occasions(angry, ("agent", "Leave it with me."))] == [False]
    blow = ("customer", "My father died on Monday.")
    assert [o.met for o in occasions(blow, ("agent", "I apologise for the mix-up, leave it with me."))] == [False]


def test_i_understand_alone_does_not_answer_a_blow() -> None:
    """A bereavement asks for more than "I understand"."""
    blow = ("customer", "My father's funeral is tomorrow.")
    assert [o.met for o in occasions(blow, ("agent", "I understand that. Which flight?"))] == [False]
    assert [o.met for o in occasions(blow, ("agent", "I'm so sorry for your loss. Which flight?"))] == [True]


def test_going_on_is_one_occasion() -> None:
    """Trouble told over several turns while the agent only begins to answer is one occasion; the same blow again is none."""
    run = occasions(
        ("customer", "I've been waiting for three weeks."),
        ("agent", "Which order is it?"),
        ("customer", "This is ridiculous, you people never answer."),
        ("agent", "That must be so frustrating."),
    )
    assert [(o.turn, o.met, o.answer) for o in run] == [(0, True, 3)]
    again = occasions(
        ("customer", "It's my dad's funeral tomorrow."),
        ("agent", "The next one is at six."),
        ("customer", "That's too late."),
        ("agent", "It's the first one."),
        ("customer", "But it's a funeral."),
        ("agent", "I'm so sorry."),
    )
    assert [(o.turn, o.met, o.answer) for o in again] == [(0, True, 5)]


def test_the_agents_own_trouble_is_no_occasion() -> None:
    """Only the customer's turns call for empathy where roles are known."""
    assert occasions(("agent", "I'm so upset today, sorry."), ("customer", "Okay."), ("agent", "Right.")) == []


def test_unknown_roles_take_either_side() -> None:
    """Where nobody's role is known, whoever is upset calls for empathy and whoever else speaks may give it."""
    turns = [("Ana", "I'm so worried about the scan."), ("Ben", "I can see why you're worried.")]
    assert [(o.speaker, o.met) for o in occasions(*turns)] == [("Ana", True)]
    assert [(m.speaker, m.details["because_turn"]) for m in empathy(*turns)] == [("Ben", 0)]


def test_every_speakers_empathy_is_found() -> None:
    """A customer who is kind to the agent shows empathy too; there is no occasion in it."""
    assert [(m.speaker, m.kind) for m in empathy(("customer", "That must be such a stressful job."))] == [("customer", "feeling")]


@pytest.mark.parametrize(
    "text",
    [
        "THAT MUST BE REALLY FRUSTRATING FOR YOU",
        "That must be, um, really frustrating for you.",
        "That must be like really frustrating for you",
        "that must be really really frustrating for you",
        "That must be <b>really</b> frustrating for you \U0001f614",
        "That  must be\nreally frustrating\u00a0for you.",
    ],
)
def test_spoken_and_marked_up_forms(text: str) -> None:
    """Capitals, fillers, doubled words, mark-up, emoji and odd spaces change nothing."""
    assert [m.kind for m in empathy(("agent", text))] == ["feeling"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I apologise for the trouble.", "I apologize for the trouble."),
        ("I can't imagine how hard it is.", "I cannot imagine how hard it is."),
        ("I\u2019m so sorry to hear that.", "I'm so sorry to hear that."),
        ("You've done everything right.", "You have done everything right."),
    ],
)
def test_spelling_does_not_matter(one: str, other: str) -> None:
    """British and American spelling, curly and straight apostrophes, short and full forms give the same kinds."""
    assert [m.kind for m in empathy(("agent", one))] == [m.kind for m in empathy(("agent", other))] != []


def test_times_do_not_matter() -> None:
    """The same words without times, with starts only and with both ends hold the same moments and occasions."""
    texts = [("customer", "I'm so worried."), ("agent", "I can see why.  I'd be worried too.")]
    plain = found(*texts)
    starts = coach().find_by_rules(Transcript.from_turns([{"speaker": s, "text": t, "start": 5.0 * i} for i, (s, t) in enumerate(texts)]))
    both = coach().find_by_rules(
        Transcript.from_turns([{"speaker": s, "text": t, "start": 5.0 * i, "end": 5.0 * i + 4} for i, (s, t) in enumerate(texts)])
    )
    places = [[(m.turn, m.start, m.end, m.kind) for m in f.moments] for f in (plain, starts, both)]
    assert places[0] == places[1] == places[2] != []
    assert [[(o.turn, o.met) for o in f.occasions] for f in (plain, starts, both)] == [[(0, True)]] * 3
    assert starts.moments[0].time_s is not None


def test_one_speaker() -> None:
    """A recording of one voice holds moments but no occasions: nobody was there to answer."""
    turns = [("agent", "I'm so worried."), ("agent", "I understand.")]
    assert occasions(*turns) == []


def test_a_long_turn_without_punctuation_is_read() -> None:
    """A turn of a hundred thousand words keeps its moments, each with a short quote."""
    moments = empathy(("agent", "so i said that must be frustrating and then we went on with the rest of the form " * 5_000))
    assert len(moments) == 5_000
    assert max(len(m.quote) for m in moments) < 60


WORDS = st.sampled_from(
    [
        "i",
        "am",
        "so",
        "sorry",
        "to",
        "hear",
        "that",
        "must",
        "be",
        "frustrating",
        "worried",
        "not",
        "but",
        "understand",
        "died",
        "you",
        ".",
        "?",
        "ridiculous",
        "\n",
        "um",
    ]
)


@given(st.lists(st.tuples(st.sampled_from(["agent", "customer", "Ana", ""]), st.lists(WORDS, max_size=12).map(" ".join)), max_size=6))
def test_spans_lie_in_their_turns(turns: list[tuple[str, str]]) -> None:
    """Whatever is said, moments do not overlap within a turn, and every quote is what stands at its span."""
    transcript = Transcript.from_turns(turns)
    result = coach().find_by_rules(transcript)
    last: dict[int, int] = {}
    for m in [m for m in result.moments if m.behaviour == "empathy"]:
        assert transcript.turns[m.turn].text[m.start : m.end] == m.quote != ""
        assert m.start >= last.get(m.turn, 0)
        last[m.turn] = m.end
    for o in result.occasions:
        assert transcript.turns[o.turn].text[o.start : o.end] == o.quote != ""
        assert o.met == (o.answer is not None)
        assert o.answer is None or o.answer > o.turn


@given(
    st.lists(
        st.sampled_from(["Which order is it?", "I'm so sorry to hear that.", "Mm-hmm.", "That must be upsetting.", "I understand."]),
        max_size=4,
    )
)
def test_one_more_sign_of_empathy_never_unmeets(answers: list[str]) -> None:
    """An occasion that was met stays met when empathy is shown once more."""

    def met(said: list[str]) -> bool:
        turns = [("customer", "I'm absolutely furious about this."), *(("agent", text) for text in said)]
        return all(o.met for o in occasions(*turns))

    if met(answers):
        assert met([*answers, "I can see why you're upset."])
