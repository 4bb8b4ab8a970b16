"""Reports built by hand, so that what detectors find does not change what the renderings are held to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from listening_coach.action_points import ActionPoint
from listening_coach.ledger import Entry, LossKind
from listening_coach.metrics import Metrics
from listening_coach.moments import Details, Moment, Occasion
from listening_coach.outcome import Outcome, OutcomeQuote, OutcomeValue
from listening_coach.report import BehaviourInfo, Context, Evidence, Focus, Report, Strength
from listening_coach.scoring import ItemScore, NotScoredCode, Scorecard, SectionScore, Status
from listening_coach.sentiment import Mood, Sentiment
from listening_coach.transcript import Role, Transcript

TURNS = [
    ("Dana", "agent", "Harbour Bikes, Dana speaking. How can I help?", 0.0, 4.0),
    ("Mr Osei", "customer", "My bike came with a bent wheel, and I need it for work on Monday. I'm really worried.", 4.5, 12.0),
    ("Dana", "agent", "What's the order number?", 11.0, 15.0),
    ("Mr Osei", "customer", "It's 4471.", 15.4, 18.0),
    (
        "Dana",
        "agent",
        "Our policy is thirty days for repairs. I'll email you a label by Friday. So that's the wheel, and a label.",
        18.5,
        27.0,
    ),
    ("Mr Osei", "customer", "Thank you, that's great.", 27.5, 75.9),
]

ABOUT = {
    "interruption": BehaviourInfo(
        "Interrupts",
        False,
        "The agent takes the floor while the customer is in mid-sentence.",
        "People who are cut off stop telling.",
        "Wait for the end of the sentence.",
        ("Sorry, go on.",),
        "A book",
    ),
    "summary": BehaviourInfo(
        "Says back what they heard",
        True,
        "The agent repeats the point.",
        "It shows that it was heard.",
        "Say it back.",
        ("So the wheel is bent.",),
        "A book",
        {"recap": "sums up"},
        "fair",
    ),
    "empathy": BehaviourInfo(
        "Shows empathy",
        True,
        "The agent answers a feeling.",
        "Upset people hear nothing else before.",
        "Name the feeling.",
        ("That must be a worry.",),
        "A book",
        {"feeling": "names the feeling"},
    ),
    "open_question": BehaviourInfo(
        "Asks open questions", True, "A question that invites telling.", "It lets them tell.", "Ask how.", ("What happened?",), "A book"
    ),
    "policy_hiding": BehaviourInfo(
        "Hides behind policy",
        False,
        "The agent gives a rule as the reason.",
        "Rules are no help.",
        "Say what you can do.",
        ("Here is what I can do.",),
        "A book",
        {"policy": "names a rule"},
    ),
    "action_point": BehaviourInfo(
        "Names the next step",
        True,
        "A promise of a step.",
        "It lets them let go.",
        "Say who does what by when.",
        ("I'll ring by five.",),
        "A book",
    ),
    "gratitude": BehaviourInfo("Says thank you", True, "Thanks.", "It is polite.", "Thank them.", ("Thank you.",), "A book"),
    "unused": BehaviourInfo("Never occurs", True, "Nothing.", "None.", "None.", (), "A book"),
}


def transcript(**changes: Any) -> Transcript:
    call = Transcript.from_turns(
        TURNS,
        id="call-7",
        started_at=datetime(2025, 6, 17, 16, 22),
        metadata={"format": "csv", "source": "/calls/june/call-7.csv", "queue": "repairs"},
    )
    return replace(call, **changes)


def moment(behaviour: str, turn: int, quote: str, **more: Any) -> Moment:
    speaker, role, text, start, _ = TURNS[turn]
    at = text.index(quote)
    return Moment(behaviour, turn, at, at + len(quote), quote, speaker=speaker, role=Role(role), time_s=start, **more)


MOMENTS = (
    moment("open_question", 0, "How can I help", rule="how can i help"),
    moment(
        "interruption",
        2,
        "What's the order number",
        rule="takes the floor",
        details=Details(of_turn=1, by="Dana", of="Mr Osei", overlap_s=1.0),
    ),
    moment("policy_hiding", 4, "Our policy is", kind="policy", rule="our policy (is|says)"),
    moment(
        "action_point",
        4,
        "I'll email you a label by Friday",
        kind="promise",
        rule="i will",
        details=Details(owner="agent", action="email you a label", due_text="by Friday", due="2025-06-20", firmness="firm"),
    ),
    moment("summary", 4, "So that's the wheel, and a label", kind="recap", details=Details(coverage=0.5, missed=("Monday", "order 4471"))),
    moment("gratitude", 5, "Thank you"),
)
UNCERTAIN = moment(
    "summary", 4, "thirty days for repairs", confidence=0.4, perhaps=True,
    details=Details(why=("self: so is it", "sign: near shared 2", "sign: +0 open_question.what", "sign: place after 0.1")),
)  # fmt: skip
LEDGER = (
    Entry(
        "empathy", "Shows empathy", "empathy", LossKind.MISSED, 20.0, "0 of 1 occasion met", "an answer to this in one of the agent's next two turns",
        1, 66, 84, "I'm really worried", 10.4, 0.8,
    ),
    Entry(
        "interruption", "Interrupts", "listening", LossKind.BREACH, 15.5, "once", "leaving this out", 2, 0, 23, "What's the order number", 11.0,
    ),
    Entry(
        "outcome", "Helps with the matter", "ownership", LossKind.OUTCOME, 10.0, "the matter seems to be settled in part",
        "a solution, or a next step that the customer accepts", 5, 0, 24, "Thank you, that's great.", 27.5, 0.6,
    ),
    Entry("balance", "Lets the customer talk", "listening", LossKind.MEASURE, 4.5, "67%; full marks from 25% to 55%", "a value within the range"),
)  # fmt: skip
OUTCOME = Outcome(
    {OutcomeValue.RESOLVED: 0.3, OutcomeValue.PARTLY: 0.6, OutcomeValue.NOT: 0.05, OutcomeValue.UNCLEAR: 0.05},
    (OutcomeQuote(5, 0, 24, "Thank you, that's great.", "Mr Osei", 27.5),),
)

OCCASIONS = (
    Occasion("empathy", 1, 66, 84, "I'm really worried", speaker="Mr Osei", role=Role.CUSTOMER, time_s=10.4),
    Occasion(
        "action_point", 4, 39, 71, "I'll email you a label by Friday", met=True, answer=4, speaker="Dana", role=Role.AGENT, time_s=18.5
    ),
)


def item(
    name: str,
    section: str,
    weight: float,
    score: float | None,
    hits: int,
    occasions: int,
    met: int,
    reason: str,
    status: Status | None = None,
    points: float = 0.0,
) -> ItemScore:
    about = ABOUT.get(name)
    if status is None:
        status = Status.NOT_CALLED_FOR if score is None else Status.SCORED
    return ItemScore(
        name,
        about.title if about else "Lets the customer talk",
        section,
        weight,
        score,
        hits,
        occasions,
        met,
        reason,
        status,
        about.helps if about else True,
        counts_as=weight if score is not None else 0.0,
        points=points,
    )


SECTIONS = {
    "listening": SectionScore(
        "listening",
        "Listening",
        40.0,
        50.0,
        (
            item(
                "interruption",
                "listening",
                3.0,
                0.0,
                1,
                0,
                0,
                "once, 3.3 for every 10 of the customer's turns; 2 or more scores 0",
                points=20.0,
            ),
            item("summary", "listening", 4.0, 100.0, 1, 0, 0, "once, 3.3 for every 10 of the agent's turns; full marks at 3", points=5.0),
            item("balance", "listening", 1.0, 64.99, 0, 0, 0, "67%; full marks from 25% to 55%", points=10.0),
            item(
                "open_question",
                "listening",
                0.0,
                None,
                0,
                0,
                0,
                "it needs the times of single words, which this transcript does not have",
                Status.NOT_MEASURABLE,
            ),
        ),
        "interruption",
        40.0,
    ),
    "empathy": SectionScore(
        "empathy",
        "Empathy",
        20.0,
        0.0,
        (item("empathy", "empathy", 4.0, 0.0, 0, 1, 0, "0 of 1 occasion met", points=25.0),),
        counts_as=20.0,
    ),
    "ownership": SectionScore(
        "ownership",
        "Ownership",
        20.0,
        100.0,
        (item("action_point", "ownership", 2.0, 100.0, 1, 1, 1, "1 of 1 occasion met", points=10.0),),
        counts_as=20.0,
    ),
    "courtesy": SectionScore(
        "courtesy", "Courtesy", 10.0, None, (item("gratitude", "courtesy", 1.0, None, 0, 0, 0, "no occasion for it in this call"),)
    ),
}

METRICS = Metrics(
    turns=6,
    agent_turns=3,
    customer_turns=3,
    agent_words=30,
    customer_words=24,
    duration_s=75.9,
    agent_talk_share=0.21,
    talk_share_of="time",
    longest_monologue_words=21,
    longest_monologue_s=8.5,
    longest_monologue_turn=4,
    response_delay_s=-0.25,
    agent_words_a_minute=110.4,
    customer_words_a_minute=None,
    overlap_share=0.01,
    silences=0,
    longest_silence_s=0.0,
)


def report(**changes: Any) -> Report:
    """The report on a small call of six turns, scored 49.99, with something of everything in it."""
    made = Report(
        transcript=transcript(),
        scorecard=Scorecard(49.99, "developing", None, SECTIONS, None, ledger=LEDGER),
        moments=(*MOMENTS[:3], UNCERTAIN, *MOMENTS[3:]),
        occasions=OCCASIONS,
        action_points=(
            ActionPoint("agent", "email you a label", "by Friday", "2025-06-20", "firm", "I'll email you a label by Friday", 4, 20.6, (5,)),
            ActionPoint("customer", "send it back", None, None, "soft", "It's 4471", 3, 15.4),
        ),
        strengths=(
            Strength(
                "summary",
                "Says back what they heard",
                100.0,
                "once, 3.3 for every 10 of the agent's turns; full marks at 3",
                Evidence(
                    4,
                    "So that's the wheel, and a label",
                    "Dana",
                    25.0,
                    "…a label by Friday. ",
                    ".",
                    prior=Context(3, "It's 4471.", "Mr Osei", 15.4),
                ),
            ),
        ),
        focus=(
            Focus(
                "empathy",
                "Shows empathy",
                0.0,
                "0 of 1 occasion met",
                Evidence(
                    1,
                    "I'm really worried",
                    "Mr Osei",
                    10.4,
                    "I need it for work on Monday. ",
                    ".",
                    reply=Context(2, "What's the order number?", "Dana", 11.0),
                ),
                "unanswered",
                "Upset people hear nothing else before.",
                "Name the feeling.",
                ("That must be a worry.",),
                points=20.0,
            ),
            Focus(
                "interruption",
                "Interrupts",
                0.0,
                "once, 3.3 for every 10 of the customer's turns; 2 or more scores 0",
                Evidence(
                    2, "What's the order number", "Dana", 11.0, "", "?", prior=Context(1, "…on Monday. I'm really worried.", "Mr Osei", 4.5)
                ),
                "said",
                "People who are cut off stop telling.",
                "Wait for the end of the sentence.",
                ("Sorry, go on.",),
                points=15.5,
            ),
        ),
        metrics=METRICS,
        sentiment=Sentiment(
            -0.7, 0.4, (Mood(1, -0.7, "I'm really worried", 10.4), Mood(5, 0.4, "Thank you", 27.5)), (Mood(5, 0.4, "Thank you", 27.5),)
        ),
        about=ABOUT,
        rubric="default",
        rubric_version=1,
        notes=("a note on this call",),
        outcome=OUTCOME,
    )
    return replace(made, **changes)


def unscored() -> Report:
    """The same call, refused by the gate."""
    card = Scorecard(None, None, "the agent says 12 words; at least 30 are needed", SECTIONS, not_scored_code=NotScoredCode.TOO_SHORT)
    return report(scorecard=card, strengths=(), focus=())


def untimed() -> Report:
    """The same call from a transcript without times."""
    turns = Transcript.from_turns([turn[:3] for turn in TURNS], id="call-7")
    moments = tuple(replace(m, time_s=None) for m in MOMENTS)
    first, second = report().focus
    focus = (
        replace(first, evidence=replace(first.evidence, time_s=None, reply=Context(2, "What's the order number?", "Dana", None))),
        replace(second, evidence=None, shows=""),
    )
    metrics = Metrics(
        turns=6,
        agent_turns=3,
        customer_turns=3,
        agent_words=30,
        customer_words=24,
        agent_talk_share=0.56,
        longest_monologue_words=21,
        longest_monologue_turn=4,
    )
    occasions = tuple(replace(o, time_s=None) for o in OCCASIONS)
    ledger = tuple(replace(e, time_s=None) for e in LEDGER)
    outcome = replace(OUTCOME, quotes=tuple(q._replace(time_s=None) for q in OUTCOME.quotes))
    points = (ActionPoint("agent", "email you a label", None, None, "firm", "I'll email you a label by Friday", 4, None),)
    return report(
        transcript=turns,
        scorecard=replace(report().scorecard, ledger=ledger),
        outcome=outcome,
        moments=moments,
        occasions=occasions,
        focus=focus,
        strengths=(),
        metrics=metrics,
        action_points=points,
        sentiment=Sentiment(None, None),
        notes=("The transcript has no times: interruptions, silences and pace cannot be judged.",),
    )


ATTACK = '<script>document.title = "broken"</script><img src="x" onerror="document.title=1">'


def hostile() -> Report:
    """A report in which every text that comes from outside tries to be HTML."""
    name = f'Eve"{ATTACK}'
    text = f"{ATTACK} </p></div></style></title> &lt;b&gt; \x1b[2J\x00 it's {{{{ 7*7 }}}}"
    call = Transcript.from_turns(
        [(name, "agent", text, 0.0, 5.0), (name + "2", "customer", text, 5.0, 9.0)], id=ATTACK, metadata={"source": ATTACK, ATTACK: ATTACK}
    )
    quote = text[:30]
    found = Moment(
        ATTACK,
        0,
        0,
        30,
        quote,
        kind=ATTACK,
        rule=ATTACK,
        speaker=name,
        role=Role.AGENT,
        time_s=0.0,
        details=Details(why=(ATTACK,), of=ATTACK, due_text=ATTACK, missed=(ATTACK,), coverage=0.1),
    )
    recap = replace(found, behaviour="summary", kind="recap", start=10, end=40, quote=text[10:40])
    about = {
        name: BehaviourInfo(ATTACK, False, ATTACK, ATTACK, ATTACK, (ATTACK,), ATTACK, {ATTACK: ATTACK}, ATTACK)
        for name in (ATTACK, "summary")
    }
    quoted = Evidence(0, quote, name, 0.0, ATTACK, ATTACK, Context(1, ATTACK, name, 1.0), Context(1, ATTACK, name, 1.0))
    scored = ItemScore(ATTACK, ATTACK, ATTACK, 1.0, 10.0, 1, 1, 0, ATTACK, Status.SCORED, False)
    entry = Entry(ATTACK, ATTACK, ATTACK, LossKind.BREACH, 90.0, ATTACK, ATTACK, 0, 0, 30, quote, 0.0, 0.7)
    outcome = Outcome({OutcomeValue.NOT: 1.0}, (OutcomeQuote(1, 0, 30, ATTACK, name, 5.0),))
    perhaps = replace(found, start=5, end=35, quote=text[5:35], perhaps=True, confidence=0.2)
    return report(
        transcript=call,
        outcome=outcome,
        closest=Strength(ATTACK, ATTACK, 90.0, ATTACK, quoted, ATTACK),
        moments=(found, perhaps, recap),
        occasions=(Occasion(ATTACK, 1, 0, 30, quote, speaker=name, role=Role.CUSTOMER, time_s=5.0),),
        scorecard=Scorecard(
            10.0, ATTACK, None, {ATTACK: SectionScore(ATTACK, ATTACK, 1.0, 10.0, (scored,), ATTACK)}, ATTACK, ledger=(entry,)
        ),
        action_points=(ActionPoint(ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, 0, 0.0),),
        strengths=(Strength(ATTACK, ATTACK, 90.0, ATTACK, quoted),),
        focus=(Focus(ATTACK, ATTACK, 10.0, ATTACK, quoted, "said", ATTACK, ATTACK, (ATTACK,)),),
        sentiment=Sentiment(-1.0, 1.0, (Mood(1, -1.0, ATTACK, 5.0),), (Mood(1, -1.0, ATTACK, 5.0),)),
        about=about,
        metrics=replace(METRICS, longest_monologue_turn=0),
        rubric=ATTACK,
        notes=(ATTACK,),
    )


def worldly() -> Report:
    """A call with emoji, right-to-left and double-width letters, and an apostrophe that is curly."""
    call = Transcript.from_turns(
        [
            ("Amélie 🙂", "agent", "Bonjour ! Ça va ? Je m’en occupe tout de suite 👍🏽.", 0.0, 4.0),
            ("محمد", "customer", "شكرا جزيلا على المساعدة", 4.0, 8.0),
            ("田中", "customer", "ありがとうございます、" * 12, 8.0, 12.0),
        ],
        id="世界",
    )
    found = Moment("gratitude", 2, 0, 10, "ありがとうございます", speaker="田中", role=Role.CUSTOMER, time_s=8.0)
    mine = Moment("empathy", 0, 18, 45, "Je m’en occupe tout de suite", speaker="Amélie 🙂", role=Role.AGENT, time_s=1.0)
    return report(
        transcript=call,
        scorecard=replace(report().scorecard, ledger=()),
        outcome=None,
        moments=(mine, found),
        occasions=(),
        action_points=(),
        strengths=(),
        focus=(),
        sentiment=Sentiment(None, None, (Mood(2, 0.4, "ありがとう", 8.0),)),
        notes=(),
        metrics=replace(METRICS, longest_monologue_turn=0),
    )
