"""What a report's values become in the tables."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.coach import Coach
from listening_coach.report.as_dict import jsonable
from listening_coach.scores.schema import Rows, _json
from listening_coach.transcript import Role, Transcript

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.text(st.characters(categories=["Cs", "Lu"])), st.dates(),
    st.sampled_from(Role), st.frozensets(st.integers(0, 9)), st.binary(max_size=5),
)  # fmt: skip
VALUES = st.recursive(
    PLAIN, lambda inner: st.one_of(st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.text(), inner, max_size=3))
)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5))
def test_law_json_is_what_reports_say(values: dict[str, Any]) -> None:
    """Details are written as JSON that reads back as the plain values of a report, whatever they are."""
    assert json.loads(_json(values)) == jsonable(values)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"a": 1, "b": [1.5, None], "c": "é"}, '{"a":1,"b":[1.5,null],"c":"é"}'),
        ({"a": float("nan"), "b": float("-inf"), "c": ("x", 1)}, '{"a":null,"b":null,"c":["x",1]}'),
        ({"a": 10**30, "b": True}, '{"a":1000000000000000000000000000000,"b":true}'),
        ({"a": "\ud83d", "b": date(2025, 3, 1), "c": Role.AGENT}, '{"a":"?","b":"2025-03-01","c":"agent"}'),
    ],
)
def test_one_form_of_json(values: dict[str, Any], text: str) -> None:
    """The fast writer and the slow one give the same form, without blanks."""
    assert _json(values) == text


def test_half_a_character(coach: Coach) -> None:
    """A name that cannot be written in any encoding costs a question mark, not the call."""
    rows = Rows()
    call = Transcript.from_turns([("agent\ud83d", "agent", "thanks"), ("customer", "hi")], id="c\ud83d", metadata={"note": "\ud83d"})
    rows.add(coach.review(call), source="a", source_index=0, fingerprint="", call_id="")
    (row,) = rows.tables()["calls"].to_pylist()
    assert (row["call_id"], row["status"], row["metadata"]) == ("c?", "scored", '{"note":"?"}')
