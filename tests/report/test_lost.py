"""Where points went, in words: what a call lacks is told truly, also where something uncertain may be it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hand_made import MOMENTS, SECTIONS, UNCERTAIN, report

from listening_coach import review
from listening_coach.ledger import Entry, LossKind
from listening_coach.moments import Moment
from listening_coach.report import Report
from listening_coach.report.lost import ledger

ABSENT = Entry("summary", "Says back what they heard", "listening", LossKind.ABSENT, 5.0, "none found", "doing this once in the call")
SAID = "Nothing certain enough; perhaps at 0:18: “thirty days for repairs”"


def lacking(*moments: Moment, hits: int = 0) -> Report:
    """A report that lost five points because the call lacks saying back, with these moments."""
    listening = SECTIONS["listening"]
    items = tuple(
        replace(item, hits=hits, reason="once" if hits else "none found") if item.id == "summary" else item for item in listening.items
    )
    card = replace(report().scorecard, sections={**SECTIONS, "listening": replace(listening, items=items)}, ledger=(ABSENT,))
    return report(scorecard=card, moments=moments)


@pytest.mark.parametrize(
    ("moments", "hits", "told"),
    [
        ((), 0, "None found."),
        ((UNCERTAIN,), 0, f"{SAID}."),
        ((replace(UNCERTAIN, time_s=None),), 0, "Nothing certain enough; perhaps in turn 5: “thirty days for repairs”."),
        ((UNCERTAIN, replace(UNCERTAIN, quote="repairs", confidence=0.3)), 0, f"{SAID}."),
        ((UNCERTAIN,), 1, "Once. Too little that is certain enough; perhaps at 0:18: “thirty days for repairs”."),
        ((replace(UNCERTAIN, perhaps=False),), 1, "Once."),
        (MOMENTS, 0, "None found."),
    ],
)
def test_absent(moments: tuple[Moment, ...], hits: int, told: str) -> None:
    """The surest moment that is too uncertain to count is named in the place of "none"; others' moments are not."""
    (item,) = ledger(lacking(*moments, hits=hits))
    assert item.sentence == told


def test_a_behaviour_tells_its_absence() -> None:
    """Where the behaviour's file has a sentence for a call without it, the report says that."""
    made = lacking()
    told = replace(made.about["summary"], absent="The agent gives no recap.")
    (item,) = ledger(replace(made, about={**made.about, "summary": told}))
    assert item.sentence == "The agent gives no recap."


def test_nods_are_passed_over() -> None:
    """The turn shown after the customer's words is the next one that says something; a bare nod is shown only where nothing else follows."""
    call = "Agent: Harbour Bank, how can I help?\nCustomer: My card was stolen and I am so upset, somebody spent all my money!\nAgent: Mm-hmm.\n"
    call += "Customer: It was in my purse.\nAgent: What is the number of the card that you want me to look up for you today?\nCustomer: Four two.\n"
    call += "Agent: Thank you. A new card will be sent to your address by post.\nCustomer: Bye then.\n"
    lines = [line for item in ledger(review(call)) for line in item.lines if line.said and line.said.turn == 2 and line.after]
    assert lines
    assert {line.after[0].text for line in lines} == {"What is the number of the card that you want me to look up for you today?"}


def test_every_page_says_so() -> None:
    """The page, the terminal and Markdown say what may be there, and none says that it is nowhere."""
    made = lacking(UNCERTAIN)
    for page in (made.to_html(), made.to_markdown(), made.to_text(), made.to_text(full=True)):
        assert SAID.partition("“")[0].strip() in " ".join(page.split())
        assert "owhere in the call" not in page
