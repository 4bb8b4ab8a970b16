"""The report as it prints: the text itself, its width, and what must not get into a terminal."""

from __future__ import annotations

import pytest
from hand_made import ATTACK, hostile, report, unscored, untimed, worldly
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.report import Report
from listening_coach.report.terminal import cells, wrap

EXPECTED = """\
Coaching report: call-7
Agent: Dana · Customer: Mr Osei · Date: 17 June 2025, 16:22 · Length: 1:15, 6 turns · Format:
csv · File: call-7.csv · Queue: repairs · Rubric: default, version 1

Score  50 of 100, developing
  Listening   50  ██████████··········
  Empathy      0  ····················
  Ownership  100  ████████████████████
  Courtesy   not called for

WHAT TO WORK ON NEXT
  1. Shows empathy (0 of 100)
     0 of 1 occasion met.
     What called for it, and what followed:
       0:10     Mr Osei (customer): I need it for work on Monday. “I'm really worried.”
       0:11     Dana (agent): What's the order number?
     Why it matters: Upset people hear nothing else before.
     What to do: Name the feeling.
     What to say, for instance:
       - “That must be a worry.”
  2. Interrupts (0 of 100)
     Once, 3.3 for every 10 of the customer's turns; 2 or more scores 0.
     What was said:
       0:04     Mr Osei (customer): …on Monday. I'm really worried.
       0:11     Dana (agent): “What's the order number?”
     Why it matters: People who are cut off stop telling.
     What to do: Wait for the end of the sentence.
     What to say instead:
       - “Sorry, go on.”

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

SCORECARD
  The call's score is the mean of its sections' scores by their weights, and a section's that of
  its items. A weight of “1.33 of 4” is a weight of 4 of which 1.33 is in effect: little
  evidence counts little, and what was not called for or cannot be measured counts nothing.

  Listening: 50 (weight 40)
    The section is held down by “Interrupts”, which the rubric names as critical.
    0    Interrupts                        Once, 3.3 for every 10 of the customer's turns; 2 or
                                           more scores 0. Weight 3.
    100  Says back what they heard         Once, 3.3 for every 10 of the agent's turns; full
                                           marks at 3. Weight 4.
    65   Lets the customer talk            67%; full marks from 25% to 55%. Weight 1.
    –    Asks open questions (not counted) Not measurable: it needs the times of single words,
                                           which this transcript does not have. Weight 0.

  Empathy: 0 (weight 20)
    0    Shows empathy                     0 of 1 occasion met. Weight 4.

  Ownership: 100 (weight 20)
    100  Names the next step               1 of 1 occasion met. Weight 2.

  Courtesy: not called for (weight 0 of 10)
    –    Says thank you                    Not called for: no occasion for it in this call.
                                           Weight 0 of 1.

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
    quote before acting on a point."""


def test_whole_text() -> None:
    """The small report prints exactly as written here."""
    assert str(report()) == EXPECTED


@pytest.mark.parametrize("made", [report, unscored, untimed, hostile, worldly])
def test_width(made: object) -> None:
    """No line is wider than 100 columns, whatever the letters."""
    text = str(made())  # type: ignore[operator]
    assert max(map(cells, text.splitlines())) <= 100


def test_no_control_characters() -> None:
    """Control characters in a transcript, which could drive a terminal, do not reach it."""
    text = str(hostile())
    assert "\x1b" not in text
    assert "\x00" not in text
    assert ATTACK[:30] in text


def test_not_scored() -> None:
    """A call that is not scored says why, shows no score of any part, and still shows what was found."""
    text = str(unscored())
    assert "Not scored. The agent says 12 words; at least 30 are needed." in text
    assert "of 100" not in text
    assert "weight" not in text
    assert "The call is not scored, so nothing is picked out to work on." in text
    assert "0:18     Dana (agent): “Our policy is” (names a rule)" in text


def test_without_times() -> None:
    """Without times moments are placed by their turn, and what needs times is not measurable, never 0."""
    text = str(untimed())
    assert "    turn 5   Dana (agent): “Our policy is” (names a rule)" in text
    assert "  Response delay              not measurable (it needs the start and end times of turns)" in text
    assert "  Words a minute              not measurable (it needs the start and end times of turns)" in text
    assert "  Silences                    not measurable (it needs the start and end times of turns)" in text
    assert "The transcript has no times: interruptions, silences and pace cannot be judged." in text
    assert "0:0" not in text


def test_nothing_found() -> None:
    """A call in which nothing was found says so."""
    text = str(report(moments=(), occasions=(), action_points=()))
    assert "EVERY MOMENT\n  None was found.\n" in text
    assert "WHAT WAS AGREED\n  Nobody said what they would do next.\n" in text


def test_other_scripts() -> None:
    """Names and quotes in other scripts, and emoji, are shown as they are."""
    text = str(worldly())
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
    assert str(made) == str(made) == EXPECTED
