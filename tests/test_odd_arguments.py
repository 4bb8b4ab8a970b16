"""Arguments of wrong types and with odd values: public functions take them, or refuse them with an error of the library's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import listening_coach as lc
from listening_coach.errors import LanguageError, ListeningCoachError, RubricError, TranscriptError

CALL = lc.Transcript.from_turns([("agent", "hello, how can I help"), ("customer", "hi, my order is late")] * 3, id="c")
ODD = [None, 0, -1, 1.5, float("nan"), object(), b"\xff", " ", "\0", "\ud800", "x" * 5000, [None], {1: 2}, 10**5000, iter([1]), int, lc, 1j]
COACH = lc.Coach()

TAKERS: dict[str, Callable[[Any], object]] = {
    "from_turns": lc.Transcript.from_turns,
    "text": lambda odd: COACH.review(lc.Transcript.from_turns([*CALL, ("agent", odd)])).to_json(),
    "speaker": lambda odd: COACH.review(lc.Transcript.from_turns([("agent", "hi"), (odd, "hi")])).to_html(),
    "id": lambda odd: COACH.review(lc.Transcript.from_turns([("agent", "hi")], id=odd)).to_html(),
    "metadata": lambda odd: lc.Transcript.from_turns([("agent", "hi")], metadata=odd).to_json(),
    "key of metadata": lambda odd: (
        lc.Transcript.from_turns([("agent", "hi")], metadata={odd: 1}).to_json() if odd != [None] and odd != {1: 2} else None
    ),
    "started_at": lambda odd: lc.Transcript.from_turns([("agent", "hi")], started_at=odd),
    "start": lambda odd: lc.Transcript.from_turns([("agent", "hi", odd, 2.0)]),
    "roles": lambda odd: lc.Transcript.from_turns([("agent", "hi")], roles=odd),
    "role": lambda odd: CALL.with_roles({"agent": odd}),
    "with_roles": CALL.with_roles,
    "rubric": lambda odd: lc.Coach(rubric=odd) if odd is not None else None,
    "behaviours": lambda odd: lc.Coach(behaviours=odd) if odd is not None else None,
    "language": lambda odd: lc.review(CALL, language=odd),
    "format": lambda odd: lc.read("agent: hi\ncustomer: ho", format=odd),
    "mask": lc.mask,
    "mask=": lambda odd: lc.Coach(mask=odd),
    "annotate": COACH.annotate,
    "path": lambda odd: list(COACH.review_many([CALL], path=odd)),
    "table of metadata": lambda odd: list(COACH.review_many([CALL], metadata=odd)),
    "sources": lambda odd: list(COACH.review_many(odd)),
    "timeout_s": lambda odd: list(COACH.review_many([CALL], timeout_s=odd)) if odd not in (None, 1.5, 10**5000) else None,
    "from_json": lc.Report.from_json,
    "from_dict": lc.Report.from_dict,
    "to_html": lambda odd: COACH.review(CALL).to_html(odd) if not isinstance(odd, str) else None,
    "to_frame": lambda odd: COACH.review(CALL).to_frame(odd),
    "with_reviews": COACH.review(CALL).with_reviews,
    "open_scores": lc.open_scores,
    "score_batches": lambda odd: list(lc.score_batches(odd)),
    "by_day": lc.by_day,
    "by_agent": lambda odd: lc.by_agent(odd, lambda report: "x"),
    "by_customer": lambda odd: lc.by_customer([COACH.review(CALL)], odd),
    "calibrate": lambda odd: lc.calibrate(odd, odd),
    "pick": lc.pick,
    "team": lc.team,
    "review_sheet": lc.review_sheet,
}


@pytest.mark.parametrize("taker", TAKERS)
def test_odd_values_are_taken_or_refused(taker: str) -> None:
    """Whatever a public function is given, no exception of another library's or of Python's comes out, and messages are bounded."""
    for odd in ODD:
        said = ""
        try:
            TAKERS[taker](odd)
        except ListeningCoachError as error:
            said = str(error)
        assert len(said) < 1500
        said.encode()


def test_the_error_names_the_argument() -> None:
    """What is of a wrong type is named with its value, its type and what may be given."""
    with pytest.raises(RubricError, match=r"rubric: rubric is 5, of the type int\. Name a file, or one of: "):
        lc.Coach(rubric=5)  # type: ignore[arg-type]
    with pytest.raises(TranscriptError, match="roles is 'agent', of the type str"):
        CALL.with_roles("agent")  # type: ignore[arg-type]
    with pytest.raises(LanguageError, match="there is no language 'xxx"):
        lc.Coach(language="x" * 5000)


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    """A sign that no file can hold becomes U+FFFD, one for one, so that spans stay right and the report can be written."""
    call = lc.Transcript.from_turns([("agent\udc00", "thank \ud800 you, thank you"), ("customer", "hi")])
    report = COACH.review(call.with_roles({call[0].speaker: "agent"}))
    assert call[0].text == "thank \ufffd you, thank you"
    assert all(m.quote == call[m.turn].text[m.start : m.end] for m in report.moments)
    report.to_json().encode()
    direct = lc.Transcript((lc.Turn("agent", "thank you \ud800"), lc.Turn("customer", "hi")))
    assert [m.quote for m in COACH.annotate(direct)] == [
        m.quote for m in COACH.annotate(lc.Transcript.from_turns([("agent", "thank you"), ("customer", "hi")]))
    ]
