"""The report as it prints: the text itself, its width, and what must not get into a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hand_made import ATTACK, METRICS, SECTIONS, hostile, report, unscored, untimed, worldly
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Review, Transcript
from listening_coach.action_points import ActionPoint
from listening_coach.ledger import Entry, LossKind
from listening_coach.report import Evidence, Focus, Report, Strength
from listening_coach.report.terminal import cells, table, wrap
from listening_coach.reviews import Verdict
from listening_coach.sentiment import Sentiment

EXPECTED = """\
Coaching report: call-7
Agent: Dana · Customer: Mr Osei · Date: 17 June 2025, 16:22 · Length: 1:15, 6 turns · Format:
csv · File: call-7.csv · Queue: repairs · Rubric: default, version 1

Score  50.0 of 100, developing
  Listening   50  ██████████··········
  Empathy      0  ····················
  Ownership  100  ████████████████████
  Courtesy   not called for

HOW IT ENDED
  The matter seems to be settled in part (60% sure).
       0:27     Mr Osei (customer): “Thank you, that's great.”
  This is what the customer was left with. Not all of it may have been in the agent's hands.

WHAT TO WORK ON NEXT
  1. Shows empathy (−20.0)
     0 of 1 occasion met.
     What called for it, and what followed:
       0:10     Mr Osei (customer): I need it for work on Monday. “I'm really worried.”
       0:11     Dana (agent): What's the order number?
     Why it matters: Upset people hear nothing else before.
     What to do: Name the feeling.
  2. Interrupts (−15.5)
     Once, 3.3 for every 10 of the customer's turns; 2 or more scores 0.
     What was said:
       0:04     Mr Osei (customer): …on Monday. I'm really worried.
       0:11     Dana (agent): “What's the order number?”
     Why it matters: People who are cut off stop telling.
     What to do: Wait for the end of the sentence.

WHAT WENT WELL
  + Says back what they heard (100 of 100)
    Once, 3.3 for every 10 of the agent's turns; full marks at 3.
       0:15     Mr Osei (customer): It's 4471.
       0:25     Dana (agent): …a label by Friday. “So that's the wheel, and a label.”

WHAT WAS AGREED
  Who             What                                By when               Firm? Said at
  Dana (agent)    email you a label                   by Friday             firm  0:20 (said
                                                      (2025-06-20)                again at 0:27)
  Mr Osei         send it back                        no date given         soft  0:15
  (customer)

  Recap at 0:18: It covers 50% of the points that the customer made. Not said back:
  - Monday
  - order 4471

WHERE THE POINTS WENT
  100 − 50.0 lost = 50.0

  −20.0  Shows empathy
         0 of 1 occasion met.
           0:10     Mr Osei (customer): “I'm really worried” (called for it, did not get it; 80%
                    sure)
           0:11     Dana (agent): What's the order number?
           0:15     Mr Osei (customer): It's 4471.
         What would have kept the points: an answer to this in one of the agent's next two
         turns.

  −15.5  Interrupts
         Once, 3.3 for every 10 of the customer's turns; 2 or more scores 0.
           0:04     Mr Osei (customer): My bike came with a bent wheel, and I need it for work
                    on Monday. I'm really worried.
           0:11     Dana (agent): “What's the order number”
           0:15     Mr Osei (customer): It's 4471.
         What would have kept the points: leaving this out.

  −10.0  Helps with the matter
           0:27     Mr Osei (customer): “Thank you, that's great.” (the matter seems to be
                    settled in part)
         What would have kept the points: a solution, or a next step that the customer accepts.

   −4.5  Lets the customer talk
         67%; full marks from 25% to 55%.
         What would have kept the points: a value within the range.

PERHAPS
  These may be there, but are too uncertain to count. They cost nothing and earn nothing.
  0:18     Dana (agent): “thirty days for repairs” (Says back what they heard; 40% sure)

SCORECARD
  An item costs the call at most so many points, and the call's score is 100 less what all of
  them lost; beyond 70 points, more costs less. What was not called for, or cannot be measured,
  costs nothing.

  Listening: 50 (lost 20 of 35 points)
    The section is held down by “Interrupts”, which the rubric names as critical.
    0    Interrupts                        Once, 3.3 for every 10 of the customer's turns; 2 or
                                           more scores 0. Lost 15.5 of 20 points.
    100  Says back what they heard         Once, 3.3 for every 10 of the agent's turns; full
                                           marks at 3. Lost 0 of 5 points.
    65   Lets the customer talk            67%; full marks from 25% to 55%. Lost 4.5 of 10
                                           points.
    –    Asks open questions (not counted) Not measurable: it needs the times of single words,
                                           which this transcript does not have.

  Empathy: 0 (lost 20 of 25 points)
    0    Shows empathy                     0 of 1 occasion met. Lost 20 of 25 points.

  Ownership: 100 (lost 0 of 10 points)
    100  Names the next step               1 of 1 occasion met. Lost 0 of 10 points.

  Courtesy: not called for
    –    Says thank you                    Not called for: no occasion for it in this call.

THE CUSTOMER'S MOOD
  By the customer's words, the mood is low at the start and high at the end.
  0:27     it rises: “Thank you”

THE CALL IN NUMBERS
  Turns                       agent 3, customer 3 (words: agent 30, customer 24)
  Agent's share of the talk   21% (of the time spoken)
  Agent's longest stretch     21 words, 0:08 (from 0:18, with no more than a nod from the
                              customer)
  Response delay              −0.2 s (the median; below 0 means starting before the customer has
                              finished)
  Words a minute              agent 110, customer not measurable (while speaking)
  Silences                    none (pauses of 5 seconds or more)
  Both speaking at once       1% (of the time spoken)

EVERY MOMENT
  - Interrupts (hinders)
    0:11     Dana (agent): “What's the order number” (while Mr Osei (customer) was speaking; 1.0
             s together)
  + Says back what they heard (helps)
    Reliability of finding it: fair.
    0:18     Dana (agent): “thirty days for repairs” (perhaps, 40% sure, not counted)
    0:18     Dana (agent): “So that's the wheel, and a label” (sums up; covers 50% of the
             customer's points; leaves out “Monday” and “order 4471”)
  + Asks open questions (helps; not scored by this rubric)
    0:00     Dana (agent): “How can I help”
  + Shows empathy (helps; 0 of 1 occasion met)
    The agent: none.
    0:10     Mr Osei (customer): “I'm really worried” (called for it, did not get it)
  + Names the next step (helps; 1 of 1 occasion met)
    0:18     Dana (agent): “I'll email you a label by Friday” (promise; firm; due by Friday)
  + Says thank you (helps)
    The agent: none.
    0:27     Mr Osei (customer): “Thank you” [not the agent, not counted]
  - Hides behind policy (hinders; not scored by this rubric)
    0:18     Dana (agent): “Our policy is” (names a rule)

WHAT THIS REPORT RESTS ON
  - Each turn has its start and end time. Interruptions, silences and pace are measured from
    these times.
  - A note on this call.
  - This report describes wording and timing in this one call. Its findings are indicators, not
    a judgement of a person.
  - It cannot hear tone of voice, warmth or irony, and it cannot know what anyone felt. Read the
    quote before acting on a point.

Score  50.0 of 100, developing"""

BRIEF = """\
Score  50.0 of 100, developing · call-7
Outcome: settled in part  0:27 Mr Osei (customer): “Thank you, that's great.”
What cost most
  −20.0  Shows empathy
         0:10 Mr Osei (customer): “I'm really worried”
  −15.5  Interrupts
         0:11 Dana (agent): “What's the order number”
  −10.0  Helps with the matter
         The matter seems to be settled in part.
   −4.5  1 other item
What to do (shows empathy): Name the feeling.
Went well: Says back what they heard
  0:25 Dana (agent): “So that's the wheel, and a label.”
Promised
  Dana (agent): email you a label, by Friday (2025-06-20) (0:20)
  Mr Osei (customer): send it back, no date given (0:15)
Score  50.0 of 100, developing"""


def test_whole_text() -> None:
    """The whole of the small report is exactly as written here."""
    assert report().to_text() == EXPECTED


def test_brief_text() -> None:
    """In brief, the small report prints exactly as written here: the score first and last, what cost most, one strength, the promises."""
    assert str(report()) == report().to_text(full=False) == BRIEF


LONG = "a rather long text that goes on and on, " * 40
TURN = Transcript.from_turns([("A", "agent", LONG), ("C", "customer", LONG)], id=LONG)
STEP = ActionPoint("agent", LONG, LONG, None, "firm", LONG, 0, None)
ENTRIES = tuple(Entry(name, LONG, "all", LossKind.BREACH, 9.0, LONG, LONG, 0, 0, len(LONG), LONG) for name in ("a", "b", "c", "d", "e"))
FOCUS = Focus("a", LONG, 0.0, LONG, None, "", LONG, LONG, (LONG,))
STRENGTH = Strength("b", LONG, 90.0, LONG, Evidence(0, LONG, "A", None))


@pytest.mark.parametrize("praise", [{"strengths": (STRENGTH,)}, {"strengths": (), "closest": replace(STRENGTH, remark=LONG)}])
def test_brief_is_brief(praise: dict[str, Any]) -> None:
    """However long the texts and however many the findings, the report in brief is 25 lines at most, and none is wider than 100 columns."""
    card = replace(report().scorecard, ledger=ENTRIES, band=LONG)
    made = report(
        transcript=TURN, scorecard=card, moments=(), occasions=(), action_points=(STEP,) * 9, focus=(FOCUS,), outcome=None,
        metrics=replace(METRICS, longest_monologue_turn=0), sentiment=Sentiment(None, None), **praise,
    )  # fmt: skip
    shown = str(made).splitlines()
    assert len(shown) <= 25
    assert max(map(cells, shown)) <= 100
    assert shown[0].startswith("Score  50.0 of 100, a rather long")
    assert shown[-1].startswith("Score  50.0 of 100, a rather long")


@pytest.mark.parametrize("made", [report, unscored, untimed, hostile, worldly])
def test_the_score_stands_first_and_last(made: Any) -> None:
    """The first line in brief and the last line of either form say the score, or that there is none."""
    brief, full = made().to_text(full=False).splitlines(), made().to_text().splitlines()
    said = "Not scored" if made is unscored else "Score  "
    assert [line.startswith(said) for line in (brief[0], brief[-1], full[-1])] == [True, True, True]


def test_table() -> None:
    """Several reports are a table, a line each."""
    shown = ["".join(part.text for part in line).rstrip() for line in table([("a.json", report()), ("b.json", unscored())])]
    assert shown == [
        "Score  Outcome         What cost most                Call",
        "50.0   settled in part −20.0 Shows empathy           a.json",
        "not    –               The agent says 12 words; at   b.json",
        "scored                 least 30 are needed.",
    ]


def test_table_with_reviews() -> None:
    """Where people have judged a call, the score with their verdicts stands beside ours; calls that nobody judged have a dash."""
    theirs = Review(call="call-7", by="Ines", at=datetime(2026, 4, 13, tzinfo=UTC), verdict=Verdict.SCORE, score=62)
    reports = [("a.json", report().with_reviews([theirs])), ("b.json", report())]
    shown = ["".join(part.text for part in line).rstrip() for line in table(reports)]
    assert shown == [
        "Score  People Outcome         What cost most                Call",
        "50.0   62.0   settled in part −20.0 Shows empathy           a.json",
        "50.0   –      settled in part −20.0 Shows empathy           b.json",
    ]


def test_nothing_of_it_found() -> None:
    """Of what hinders and was not found, the scorecard says that none was found."""
    listening = SECTIONS["listening"]
    none = replace(listening.items[0], id="policy_hiding", score=100.0, hits=0, reason="none found")
    card = replace(report().scorecard, sections={"listening": replace(listening, items=(none, *listening.items[1:]), capped_by=None)})
    text = report(scorecard=card).to_text()
    assert "100  No policy hiding found " in text
    assert "Hides behind policy (100" not in text


@pytest.mark.parametrize("made", [report, unscored, untimed, hostile, worldly])
def test_width(made: object) -> None:
    """No line is wider than 100 columns, whatever the letters."""
    text = made().to_text()  # type: ignore[attr-defined]
    assert max(map(cells, text.splitlines())) <= 100


def test_no_control_characters() -> None:
    """Control characters in a transcript, which could drive a terminal, do not reach it."""
    text = hostile().to_text()
    assert "\x1b" not in text
    assert "\x00" not in text
    assert ATTACK[:30] in text


def test_not_scored() -> None:
    """A call that is not scored says why, shows no score of any part, and still shows what was found."""
    text = unscored().to_text()
    assert "Not scored. The agent says 12 words; at least 30 are needed." in text
    assert "of 100" not in text
    assert "WHERE THE POINTS WENT" not in text
    assert "The call is not scored, so nothing is picked out to work on." in text
    assert "0:18     Dana (agent): “Our policy is” (names a rule)" in text


def test_without_times() -> None:
    """Without times moments are placed by their turn, and what needs times is not measurable, never 0."""
    text = untimed().to_text()
    assert "    turn 5   Dana (agent): “Our policy is” (names a rule)" in text
    assert "  Response delay              not measurable (it needs the start and end times of turns)" in text
    assert "  Words a minute              not measurable (it needs the start and end times of turns)" in text
    assert "  Silences                    not measurable (it needs the start and end times of turns)" in text
    assert "The transcript has no times: interruptions, silences and pace cannot be judged." in text
    assert "0:0" not in text


def test_nothing_found() -> None:
    """A call in which nothing was found says so."""
    text = report(moments=(), occasions=(), action_points=()).to_text()
    assert "EVERY MOMENT\n  None was found.\n" in text
    assert "WHAT WAS AGREED\n  No promise of a next step was found.\n" in text


def test_other_scripts() -> None:
    """Names and quotes in other scripts, and emoji, are shown as they are."""
    text = worldly().to_text()
    assert "Agent: Amélie 🙂 · Customer: محمد and 田中" in text
    assert "0:01     Amélie 🙂 (agent): “Je m’en occupe tout de suite”" in text
    assert "0:08     田中 (customer): “ありがとうございます” [not the agent, not counted]" in text


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("é", 1), ("e\u0301", 1), ("🙂", 2), ("", 0)])
def test_cells(text: str, width: int) -> None:
    """Double-width letters take two columns, marks on a letter none."""
    assert cells(text) == width


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), include_characters=" "), max_size=200),
    st.integers(2, 40),
)
def test_wrap_loses_nothing(text: str, width: int) -> None:
    """Wrapping keeps every sign but the spaces at breaks, and no line is wider than asked for."""
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(cells(line) <= width for line in lines)


def test_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing twice, and in another language setting, gives the same text."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    made: Report = report()
    assert made.to_text() == made.to_text() == EXPECTED
    assert str(made) == BRIEF
