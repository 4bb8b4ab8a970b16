"""Made-up rated calls of every outcome, for the tests of fitting what concerns a whole call."""

from __future__ import annotations

from listening_coach.fitting.labelled import LabelledCall

# How each kind of call ends, its verdict, its rating, and what raters coach and praise in it.
ENDINGS = {
    "yes": ("That works now, splendid.", "Good, it is mended.", 5.0, (), ("EM",)),
    "part": ("So one is still missing then.", "The other follows next week.", 3.0, ("EM",), ()),
    "no": ("Then you leave me stranded.", "We cannot change the rule.", 1.0, ("PH",), ()),
    "unclear": ("Hold on, the doorbell.", "Are you there?", 3.0, ("EM",), ()),
}
THINGS = ("kettle", "lamp", "parcel", "heater", "router", "invoice")


def made_calls(each: int = 6) -> list[LabelledCall]:
    """Calls of four kinds, ``each`` times: their last turns tell the outcome; an agent who is kind or refuses is rated so."""
    calls = []
    for n in range(each):
        for verdict, (last, answer, overall, coach, good) in ENDINGS.items():
            kind = verdict == "yes"
            turns = (
                ("agent", "Hello, you are through to the shop, what can I do for you?"),
                ("customer", f"The {THINGS[n % len(THINGS)]} has failed again and I am dismal about it."),
                (
                    "agent",
                    "Poor you, what a beastly nuisance, I am so sorry to hear that." if kind else "What is the order number, please?",
                ),
                ("customer", f"It is four four seven {n}."),
                (
                    "agent",
                    "That is our policy, there is nothing we can do." if verdict == "no" else "Thank you, I have it here in front of me.",
                ),
                ("customer", last),
                ("agent", answer),
            )
            labels = {
                1: frozenset({"UP"}),
                **({2: frozenset({"EM"})} if kind else {}),
                **({4: frozenset({"PH"})} if verdict == "no" else {}),
            }
            ratings = {"overall": overall, "resolved": [verdict], "coach": list(coach), "good": list(good)}
            calls.append(LabelledCall(f"{verdict}{n}", "made", turns, labels, {}, frozenset({"EM", "PH", "UP"}), ratings))
    return calls
