"""The report as Markdown: the page itself, and that nothing said can become markup."""

from __future__ import annotations

import pytest
from hand_made import ATTACK, hostile, report, unscored, untimed, worldly
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.report.markdown import escape

EXPECTED = """\
# Coaching report: call-7

- Agent: Dana
- Customer: Mr Osei
- Date: 17 June 2025, 16:22
- Length: 1:15, 6 turns
- Format: csv
- File: call-7.csv
- Queue: repairs
- Rubric: default, version 1

**Score: 50.0 of 100, developing**

## How it ended

The matter seems to be settled in part (60% sure).

> Mr Osei (customer), 0:27: **“Thank you, that's great.”**

This is what the customer was left with. Not all of it may have been in the agent's hands.

## Where the points went

**100 − 50.0 lost = 50.0**

| Points | What | Places |
| --- | --- | --- |
| −20.0 | Shows empathy | 1 |
| −15.5 | Interrupts | 1 |
| −10.0 | Helps with the matter | 1 |
| −4.5 | Lets the customer talk | 1 |

### −20.0 Shows empathy

0 of 1 occasion met.

- 0:10 Mr Osei (customer): **“I'm really worried”** (called for it, did not get it; 80% sure)
  - then: Dana (agent), 0:11: What's the order number?
  - then: Mr Osei (customer), 0:15: It's 4471.

What would have kept the points: an answer to this in one of the agent's next two turns.

### −15.5 Interrupts

Once, 3.3 for every 10 of the customer's turns; 2 or more scores 0.

- 0:11 Dana (agent): **“What's the order number”**
  - before: Mr Osei (customer), 0:04: My bike came with a bent wheel, and I need it for work on Monday. I'm really worried.
  - then: Mr Osei (customer), 0:15: It's 4471.

What would have kept the points: leaving this out.

### −10.0 Helps with the matter



- 0:27 Mr Osei (customer): **“Thank you, that's great.”** (the matter seems to be settled in part)

What would have kept the points: a solution, or a next step that the customer accepts.

### −4.5 Lets the customer talk

67%; full marks from 25% to 55%.

What would have kept the points: a value within the range.

## What to work on next

### 1. Shows empathy (−20.0)

0 of 1 occasion met.

What called for it, and what followed:

> Mr Osei (customer), 0:10: I need it for work on Monday. **“I'm really worried.”**
>
> Dana (agent), 0:11: What's the order number?

- Why it matters: Upset people hear nothing else before.
- What to do: Name the feeling.

### 2. Interrupts (−15.5)

Once, 3.3 for every 10 of the customer's turns; 2 or more scores 0.

What was said:

> Mr Osei (customer), 0:04: …on Monday. I'm really worried.
>
> Dana (agent), 0:11: **“What's the order number?”**

- Why it matters: People who are cut off stop telling.
- What to do: Wait for the end of the sentence.

## What went well

### Says back what they heard (100 of 100)

Once, 3.3 for every 10 of the agent's turns; full marks at 3.

> Mr Osei (customer), 0:15: It's 4471.
>
> Dana (agent), 0:25: …a label by Friday. **“So that's the wheel, and a label.”**

## What was agreed

| Who | What | By when | Firm or soft | Said |
| --- | --- | --- | --- | --- |
| Dana (agent) | email you a label | by Friday (2025-06-20) | firm | “I'll email you a label by Friday” Dana (agent), 0:20, said again at 0:27 |
| Mr Osei (customer) | send it back | no date given | soft | “It's 4471” Mr Osei (customer), 0:15 |

Recap at 0:18: “So that's the wheel, and a label” It covers 50% of the points that the customer made. Not said back:

- Monday
- order 4471

## Perhaps

These may be there, but are too uncertain to count. They cost nothing and earn nothing.

- 0:18 Dana (agent): “thirty days for repairs” (Says back what they heard; 40% sure)

## Scorecard

An item costs the call at most so many points, and the call's score is 100 less what all of them lost; beyond 70 points, more costs less. What was not called for, or cannot be measured, costs nothing.

### Listening: 50 (lost 20 of 35 points)

The section is held down by “Interrupts”, which the rubric names as critical.

| Item | Effect | Lost | Score | Found | Called for | Why |
| --- | --- | --- | --- | --- | --- | --- |
| Interrupts | hinders | 15.5 of 20 | 0 | 1 | – | Once, 3.3 for every 10 of the customer's turns; 2 or more scores 0. |
| Says back what they heard | helps | 0 of 5 | 100 | 1 | – | Once, 3.3 for every 10 of the agent's turns; full marks at 3. |
| Lets the customer talk | – | 4.5 of 10 | 65 | – | – | 67%; full marks from 25% to 55%. |
| Asks open questions (not counted) | helps | – | not measurable | – | – | It needs the times of single words, which this transcript does not have. |

### Empathy: 0 (lost 20 of 25 points)

| Item | Effect | Lost | Score | Found | Called for | Why |
| --- | --- | --- | --- | --- | --- | --- |
| Shows empathy | helps | 20 of 25 | 0 | 0 | 0 of 1 | 0 of 1 occasion met. |

### Ownership: 100 (lost 0 of 10 points)

| Item | Effect | Lost | Score | Found | Called for | Why |
| --- | --- | --- | --- | --- | --- | --- |
| Names the next step | helps | 0 of 10 | 100 | 1 | 1 of 1 | 1 of 1 occasion met. |

### Courtesy: not called for

| Item | Effect | Lost | Score | Found | Called for | Why |
| --- | --- | --- | --- | --- | --- | --- |
| Says thank you | helps | – | not called for | 0 | – | No occasion for it in this call. |

## The customer's mood

By the customer's words, the mood is low at the start and high at the end.

- 0:27, it rises: “Thank you”

## The call in numbers

| What | Value | Meaning |
| --- | --- | --- |
| Turns | agent 3, customer 3 | words: agent 30, customer 24 |
| Agent's share of the talk | 21% | of the time spoken |
| Agent's longest stretch | 21 words, 0:08 | from 0:18, with no more than a nod from the customer |
| Response delay | −0.2 s | the median; below 0 means starting before the customer has finished |
| Words a minute | agent 110, customer not measurable | while speaking |
| Silences | none | pauses of 5 seconds or more |
| Both speaking at once | 1% | of the time spoken |

## Every moment

### Interrupts (hinders)

The agent takes the floor while the customer is in mid-sentence.

- 0:11 Dana (agent): “What's the order number” (while Mr Osei (customer) was speaking; 1.0 s together)

### Says back what they heard (helps)

The agent repeats the point. Reliability of finding it: fair.

- 0:18 Dana (agent): “thirty days for repairs” (perhaps, 40% sure, not counted)
- 0:18 Dana (agent): “So that's the wheel, and a label” (sums up; covers 50% of the customer's points; leaves out “Monday” and “order 4471”)

### Asks open questions (helps)

A question that invites telling. This rubric does not score it.

- 0:00 Dana (agent): “How can I help”

### Shows empathy (helps)

The agent answers a feeling. 0 of 1 occasion met.

- The agent: none.
- 0:10 Mr Osei (customer): “I'm really worried” (called for it, did not get it)

### Names the next step (helps)

A promise of a step. 1 of 1 occasion met.

- 0:18 Dana (agent): “I'll email you a label by Friday” (promise; firm; due by Friday)

### Says thank you (helps)

Thanks.

- The agent: none.
- 0:27 Mr Osei (customer): “Thank you” (not the agent, not counted)

### Hides behind policy (hinders)

The agent gives a rule as the reason. This rubric does not score it.

- 0:18 Dana (agent): “Our policy is” (names a rule)

## What this report rests on

- Each turn has its start and end time. Interruptions, silences and pace are measured from these times.
- A note on this call.
- This report describes wording and timing in this one call. Its findings are indicators, not a judgement of a person.
- It cannot hear tone of voice, warmth or irony, and it cannot know what anyone felt. Read the quote before acting on a point.
"""  # noqa: E501 - a paragraph of Markdown is one line


def test_whole_page() -> None:
    """The small report is exactly the page written here."""
    assert report().to_markdown() == EXPECTED


def test_not_scored() -> None:
    """A call that is not scored says why, and has no score of any part."""
    page = unscored().to_markdown()
    assert "**Not scored.** The agent says 12 words; at least 30 are needed." in page
    assert "of 100" not in page
    assert "Where the points went" not in page


def test_without_times() -> None:
    """Without times moments are placed by their turn, and what needs times is not measurable."""
    page = untimed().to_markdown()
    assert "- turn 5 Dana (agent): “Our policy is” (names a rule)" in page
    assert "| Silences | not measurable | it needs the start and end times of turns |" in page


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("it cost $40 and then $50", "it cost \\$40 and then \\$50"),
        ("a * b _c_ `d`", "a \\* b \\_c\\_ \\`d\\`"),
        ("<b>now</b> & later", "\\<b\\>now\\</b\\> \\& later"),
        ("[here](https://example.org)", "\\[here\\](https://example.org)"),
        ("a | b", "a \\| b"),
        ("# one", "\\# one"),
        ("1. one", "1\\. one"),
        ("- one", "\\- one"),
        ("3.5 kilos", "3.5 kilos"),
        ("don’t 🙂 日本", "don’t 🙂 日本"),
    ],
)
def test_escape(said: str, written: str) -> None:
    """What means something to Markdown is escaped, and nothing else is touched."""
    assert escape(said) == written


@given(st.text(max_size=60))
def test_escape_can_be_undone(text: str) -> None:
    """Taking the backslashes before signs away gives what was said: escaping loses nothing."""
    escaped, found, skip = escape(text), [], False
    for sign in escaped:
        if sign == "\\" and not skip:
            skip = True
            continue
        found.append(sign)
        skip = False
    assert "".join(found) == text


def test_no_raw_html() -> None:
    """No tag that came with the call stands unescaped, and tables keep their columns."""
    page = hostile().to_markdown()
    assert ATTACK not in page
    assert all(page[at - 1] == "\\" for at, sign in enumerate(page) if sign == "<")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {row.replace("\\|", "").count("|") for row in rows} <= {4, 6, 8}


def test_other_scripts() -> None:
    """Names and quotes in other scripts, and emoji, are shown as they are."""
    assert "- 0:08 田中 (customer): “ありがとうございます” (not the agent, not counted)" in worldly().to_markdown()
