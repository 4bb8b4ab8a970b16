"""Quotes that reach to the end of their clause."""

from __future__ import annotations

import pytest

from listening_coach import Transcript
from listening_coach.behaviours import builtin
from listening_coach.detectors.clauses import clause_end
from listening_coach.language.automaton import Rule
from listening_coach.language.call import Hit, Language

LANGUAGE = Language(builtin())
RULE = Rule("any", "phrases", None, "any")


@pytest.mark.parametrize(
    ("text", "phrase", "quote"),
    [
        ("i can't do that but i can send you a form and then we call you", "i can't", "i can't do that"),
        ("i can't do that but i can send you a form and then we call you", "i can send", "i can send you a form"),
        ("i can't do that but i can send you a form and then we call you", "we call", "we call you"),
        ("I checked, it works", "I checked", "I checked"),
        ("we sell salt and pepper here", "we sell", "we sell salt and pepper here"),
        ("I will check. It is late", "I will", "I will check"),
        ("it is late so okay", "it is", "it is late"),
        ("because one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen", "because",
         "because one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"),
    ],
)  # fmt: skip
def test_a_quote_ends_with_its_clause(text: str, phrase: str, quote: str) -> None:
    """A quote goes on to a joint that begins a new statement, with and without punctuation, and to no more than sixteen words."""
    call = LANGUAGE.call(Transcript.from_turns([("agent", text)]))
    first = next(i for i in range(*call.bounds[0]) if call.starts[i] == text.index(phrase))
    last = next(i for i in range(first, call.bounds[0][1]) if call.ends[i] == text.index(phrase) + len(phrase)) + 1
    start, end = call.span(0, first, clause_end(call, Hit(0, first, last, RULE)))
    assert text[start:end] == quote
