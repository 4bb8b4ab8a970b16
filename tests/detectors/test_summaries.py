"""Saying back: what counts as echo, paraphrase, reflection and recap, whose words they are, and where they were called for."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Moment, Occasion, Transcript
from listening_coach.behaviours import builtin
from listening_coach.detectors import summaries
from listening_coach.detectors.content_keys import said
from listening_coach.errors import BehaviourError
from listening_coach.language.call import PhraseFinder

SUMMARY = builtin()["summary"]


@functools.cache
def language() -> PhraseFinder:
    return PhraseFinder({name: builtin()[name] for name in ("summary", "understanding_check")})


def transcript(*lines: str) -> Transcript:
    """A call from lines such as "customer: It leaks."."""
    return Transcript.from_turns([(speaker, text) for speaker, _, text in (line.partition(": ") for line in lines)])


def found(*lines: str) -> list[Moment]:
    return summaries.detect(language().call(transcript(*lines)), SUMMARY).moments


def last(*lines: str) -> list[Moment]:
    return [m for m in found(*lines) if m.turn == len(lines) - 1]


def occasions(*lines: str) -> list[Occasion]:
    return summaries.detect(language().call(transcript(*lines)), SUMMARY).occasions


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["agent: What day suits you?", "customer: Friday the 9th.", "agent: Friday the 9th, lovely."], "echo"),
        (["customer: My reference is 8 5 0 double 1.", "agent: 85011, got it."], "echo"),
        (["customer: it's K T 4 9", "agent: kt49 thank you"], "echo"),
        (["agent: Have you had the letter?", "customer: I haven't.", "agent: You haven't, right."], "echo"),
        (["agent: It'll be with you Thursday.", "customer: Thursday."], "echo"),
        (["customer: They sent two coats and billed me for four.", "agent: So they billed you for four coats and sent two."], "paraphrase"),
        (["agent: There is nobody here who can change it.", "customer: So you're telling me nobody can change it."], "paraphrase"),
        (["agent: You can collect it from the depot.", "customer: So I've got to drive to the depot."], "paraphrase"),
        (["customer: I've rung five times about my pension.", "agent: It sounds like you've had enough of ringing us."], "reflection"),
        (["customer: I just want a quiet seat for my mother.", "agent: So you want her to be comfortable, and that's important to you."], "reflection"),
    ],
)  # fmt: skip
def test_kinds(lines: list[str], kind: str) -> None:
    """Each way of saying back is found and named."""
    assert [m.kind for m in last(*lines)] == [kind]


@pytest.mark.parametrize(
    "lines",
    [
        ["customer: Good morning.", "agent: Good morning!"],
        ["customer: Thank you, bye.", "agent: Thank you, bye."],
        ["customer: It was no big deal.", "agent: It was a big deal."],
        ["customer: My card is blocked.", "agent: You should call the card line, they can unblock your card."],
        ["customer: My card is blocked.", "agent: When did you last use your card?"],
        ["customer: My card is blocked.", "agent: I'll unblock your card now."],
        ["customer: My card is blocked and nobody helps.", "agent: I understand your frustration."],
        ["customer: How do I pay?", "agent: You pay on the website."],
        ["customer: @helpdesk where is my order", "agent: @115858 Please send us your order number."],
    ],
)
def test_not_said_back(lines: list[str]) -> None:
    """Courtesy, contradiction, advice, questions, promises and canned phrases say nothing back."""
    assert last(*lines) == []


def test_details() -> None:
    """A moment names what decided, whose turn was said back, and the words that were taken up."""
    (moment,) = last(
        "customer: The boiler went off on Sunday and the flat is freezing.",
        "agent: Oh no.",
        "customer: Yes.",
        "agent: So the boiler's been off since Sunday and you're freezing.",
    )
    assert moment.quote == "the boiler's been off since Sunday and you're freezing"
    assert moment.details["of_turn"] == 0
    assert moment.details["overlap"] == ("boiler", "sunday", "freezing")
    assert moment.details["because"][0] == "opens with “so”"
    assert moment.details["because"][-1] == "takes up their words: boiler, sunday, freezing"
    assert moment.rule == "opens with “so”"


def test_span_is_tight() -> None:
    """An unpunctuated turn is not taken whole: the echo ends where it ends."""
    (moment,) = last("agent: what time", "customer: um six forty five", "agent: six forty five hold on please right that's booked for you")
    assert moment.quote == "six forty five"


def test_manner_decides() -> None:
    """A doubtful statement counts for a speaker who keeps speaking of the customer, not for one who keeps advising."""
    doubtful = ["customer: I get home late.", "agent: It is a long evening for you."]
    reflecting = [
        "customer: I work nights.",
        "agent: So you work nights and you're tired.",
        "customer: I sleep badly.",
        "agent: So you feel worn out.",
    ] * 3
    advising = [
        "customer: I work nights.",
        "agent: You should try to rest.",
        "customer: I sleep badly.",
        "agent: If you can, you need to go to bed early.",
    ] * 3
    assert last(*reflecting, *doubtful)
    assert not last(*advising, *doubtful)


RECAP = [
    "agent: Harbour Insurance, this is Lena.",
    "customer: Hi, a tree came down on my garage last night and the roof is smashed.",
    "agent: I'm sorry to hear that. Is the car inside?",
    "customer: It is, and I can't get it out. I need it for work on Monday.",
    "agent: Okay. An assessor can come on Thursday at ten.",
    "customer: Thursday is fine. Can he ring my wife first? She's at home.",
    "agent: He can.",
    "customer: And will you pay for a hire car?",
    "agent: You have cover for fourteen days.",
    "customer: Great.",
]
CLOSING = ["customer: Yes, thank you.", "agent: Thanks for calling."]


def recap(*lines: str) -> Moment:
    (moment,) = [m for m in found(*lines) if m.kind == "recap"]
    return moment


def test_full_recap() -> None:
    """A recap that takes up every point covers the whole, and misses none."""
    moment = recap(
        *RECAP,
        "agent: So just to recap, a tree smashed your garage roof, the car's stuck and you need it for work on Monday, the assessor rings your "
        "wife and comes Thursday at ten, and we pay for a hire car.",
        *CLOSING,
    )
    assert moment.details["coverage"] == 1.0
    assert moment.details["missed"] == ()
    assert "will you pay for a hire car" in moment.details["covered"]


def test_partial_recap() -> None:
    """A recap that takes up some points names the others in the customer's own words."""
    moment = recap(*RECAP, "agent: Let me just run back over that: the assessor rings your wife first.", *CLOSING)
    assert 0.0 < moment.details["coverage"] < 0.5
    assert "will you pay for a hire car" in moment.details["missed"]
    assert set(moment.details["missed"]).isdisjoint(moment.details["covered"])


def test_recap_goes_on() -> None:
    """A recap in several turns, with nods between, is one recap with the points of all."""
    whole = recap(
        *RECAP, "agent: Just to recap, the assessor comes on Thursday at ten.", "customer: Mm.", "agent: And he rings your wife first.",
        "customer: Yes.", "agent: And the hire car is paid.", *CLOSING,
    )  # fmt: skip
    alone = recap(*RECAP, "agent: Just to recap, the assessor comes on Thursday at ten.", *CLOSING)
    assert whole.details["coverage"] > alone.details["coverage"]


def test_recap_unsaid() -> None:
    """Near the end a statement that gathers several points is a recap, though it does not say so."""
    moment = recap(
        *RECAP,
        "agent: So that's the assessor Thursday at ten for the garage roof, he'll ring your wife, and the hire car is paid.",
        *CLOSING,
    )
    assert moment.quote.startswith("So that's the assessor")


def test_no_recap_at_first() -> None:
    """What sums up in the first half of a call is no closing recap."""
    lines = ["customer: My roof leaks.", "agent: So just to recap, your roof leaks and it is raining in.", *RECAP, *RECAP, *CLOSING]
    assert all(m.kind != "recap" for m in found(*lines))


PIECES = [
    "a tree smashed your garage roof", "the car is stuck", "you need it for work on Monday", "the assessor comes Thursday at ten",
    "he rings your wife first", "the hire car is paid for",
]  # fmt: skip


@given(st.sets(st.sampled_from(PIECES)), st.sampled_from(PIECES))
def test_more_said_covers_no_less(some: set[str], one: str) -> None:
    """A recap that says one thing more never covers less; coverage lies between 0 and 1."""

    def coverage(pieces: set[str]) -> float:
        share: float = recap(*RECAP, "agent: Just to recap what we have said today: " + ", ".join(sorted(pieces)) + ".", *CLOSING).details[
            "coverage"
        ]
        return share

    less, more = coverage(some), coverage(some | {one})
    assert 0.0 <= less <= more <= 1.0


LONG = (
    "customer: So I ordered the table in March and they said six weeks, and then somebody rang and said it was broken in the van, and a new one "
    "would come, and nothing came, and I have had people round eating off their knees."
)


@pytest.mark.parametrize(
    ("answer", "met"),
    [
        ("So the first table broke in the van and the new one never came.", True),
        ("Have I got that right, it never came?", True),
        ("What is your order number, please?", False),
        ("I'll put you through to the warehouse.", False),
    ],
)
def test_explanation_occasion(answer: str, met: bool) -> None:
    """A customer's long turn calls for saying back, or a check, in the agent's next two turns."""
    (occasion,) = occasions("agent: How can I help?", LONG, f"agent: {answer}", "customer: Well.", "agent: Let me look at it for you.")
    assert (occasion.kind, occasion.turn, occasion.met) == ("explanation", 1, met)


def test_nods_part_nothing() -> None:
    """A long turn with the agent's nods in it is one occasion, and a short turn none."""
    lines = [
        "agent: Hello, how can I help?",
        LONG,
        "agent: Mm-hmm.",
        LONG,
        "agent: Right.",
        "customer: That's it.",
        "agent: Let me look at it now.",
    ]
    assert len(occasions(*lines)) == 1
    assert occasions("agent: Hello, how can I help?", "customer: My table is broken.", "agent: Let me look at it now.") == []


def test_recap_occasion() -> None:
    """A call of some length calls for one recap: met where it is there, missed where it is not, and a short call for none."""
    long_call = [
        *RECAP[:2],
        LONG,
        *RECAP[2:],
        LONG,
        "agent: That is all noted down here.",
        LONG,
        "agent: I have that too, thank you.",
        LONG,
    ]
    closing = "agent: Just to recap, the assessor comes Thursday at ten and rings your wife."

    def kinds(*lines: str) -> list[bool]:
        return [o.met for o in occasions(*lines) if o.kind == "recap"]

    assert kinds(*long_call, closing, *CLOSING) == [True]
    assert kinds(*long_call, *CLOSING) == [False]
    assert kinds(*RECAP[:5]) == []


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["agent: "],
        ["agent: So you said it leaks."],
        ["customer: ", "agent: ", "customer: ?!", "agent: 🙂 …"],
        ["customer: <b>So</b> &amp; you said <script>alert(1)</script>", "agent: <i>So you said it</i>"],
        ["A: So you said it leaks every day.", "B: It leaks every day."],
        ["customer: 鍵をなくしました", "agent: 鍵をなくしたんですね"],
        ["agent: " + "so you said it leaks and " * 400, "customer: yes " * 400],
    ],
)
def test_odd_calls(lines: list[str]) -> None:
    """Empty turns, one speaker, speakers without a role, markup, emoji, other scripts and endless turns raise nothing and quote truly."""
    call = transcript(*lines)
    result = summaries.detect(language().call(call), SUMMARY)
    for value in (*result.moments, *result.occasions):
        assert call.turns[value.turn].text[value.start : value.end] == value.quote
    assert all(o.kind == "explanation" for o in result.occasions)


@pytest.mark.parametrize(("start", "end"), [(None, None), (1.0, None), (1.0, 2.0)])
def test_times_do_not_matter(start: float | None, end: float | None) -> None:
    """The same words are found with and without times."""
    call = Transcript.from_turns(
        [("customer", "customer", "Two tickets, please.", start, end), ("agent", "agent", "Two tickets.", start, end)]
    )
    assert [m.kind for m in summaries.detect(language().call(call), SUMMARY).moments] == ["echo"]


def test_settings_rule() -> None:
    """What must be reached stands in the file: with more needed, less is found."""
    strict = replace(SUMMARY, settings={**SUMMARY.settings, "enough": 50.0})
    call = language().call(transcript("customer: They sent two coats and billed me for four.", "agent: So they billed you for four coats."))
    assert summaries.detect(call, SUMMARY).moments
    assert summaries.detect(call, strict).moments == []


@pytest.mark.parametrize("name", ["enough", "so", "manner", "echo_code", "point_wish", "recap_from"])
def test_missing_setting(name: str) -> None:
    """A file that does not set what is read is refused with the setting's name."""
    lacking = replace(SUMMARY, settings={k: v for k, v in SUMMARY.settings.items() if k != name})
    with pytest.raises(BehaviourError, match=rf"settings\.{name} is missing"):
        summaries.detect(language().call(transcript("agent: Hello.")), lacking)


def test_full_weighing_is_the_same() -> None:
    """What a first look leaves out would not have counted: weighing everything finds the same statements."""
    lines = [
        *RECAP,
        LONG,
        "agent: So the table broke in the van and it never came?",
        "customer: Yes. I'm fed up.",
        "agent: It sounds like you feel let down.",
    ]
    call = language().call(transcript(*lines))
    enough = SUMMARY.settings["enough"]
    some = {(s.turn, s.first, round(s.points, 6)) for s in summaries.statements(call, SUMMARY, enough)}
    assert some == {(s.turn, s.first, round(s.points, 6)) for s in summaries.statements(call, SUMMARY, -50.0) if s.points >= enough}
    assert some


def test_words_said_are_kept() -> None:
    """Finding summaries leaves what each turn said as it was."""
    call = language().call(transcript(*RECAP, *CLOSING))
    before = [set(keys) for keys in said(call)]
    summaries.detect(call, SUMMARY)
    assert said(call) == before
