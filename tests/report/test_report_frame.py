"""The report as a pandas frame: one row a moment."""

from __future__ import annotations

import json
import math
import sys

import pytest
from hand_made import report, unscored, untimed

from listening_coach.errors import MissingExtraError, ReportError

COLUMNS = [
    "call", "turn", "time_s", "speaker", "role", "behaviour", "title", "effect", "kind", "kind_title", "quote", "start", "end", "rule", "inferred",
    "confidence", "perhaps", "counted", "points", "details",
]  # fmt: skip


def test_rows() -> None:
    """Each moment is a row, in order, with what the report says of its behaviour."""
    frame = report().to_frame()
    assert list(frame.columns) == COLUMNS
    assert len(frame) == 7
    row = frame.iloc[2].to_dict()
    assert json.loads(row.pop("details")) == {}
    assert row == {
        "call": "call-7", "turn": 4, "time_s": 18.5, "speaker": "Dana", "role": "agent", "behaviour": "policy_hiding", "title": "Hides behind policy",
        "effect": "hinders", "kind": "policy", "kind_title": "names a rule", "quote": "Our policy is", "start": 0, "end": 13,
        "rule": "our policy (is|says)", "inferred": False, "confidence": 1.0, "perhaps": False, "counted": True, "points": 0.0,
    }  # fmt: skip
    assert json.loads(frame.iloc[5]["details"]) == {"coverage": 0.5, "missed": ["Monday", "order 4471"]}
    assert list(frame["counted"]) == [True, True, True, False, True, True, False]
    assert list(frame["perhaps"]) == [False, False, False, True, False, False, False]
    assert list(frame["points"]) == [0.0, 15.5, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert frame.attrs == {"score": 49.99, "outcome": "partly"}


def test_ledger() -> None:
    """The ledger is a frame too, a row a line; what has no place has no turn."""
    frame = report().to_frame("ledger")
    assert list(frame["item"]) == ["empathy", "interruption", "outcome", "balance"]
    assert frame["points"].sum() == 50.0
    assert frame["turn"].isna().tolist() == [False, False, False, True]
    assert frame.iloc[0].to_dict() == {
        "call": "call-7", "item": "empathy", "title": "Shows empathy", "section": "empathy", "kind": "missed", "points": 20.0, "turn": 1, "time_s": 10.4,
        "quote": "I'm really worried", "reason": "0 of 1 occasion met", "earned_by": "an answer to this in one of the agent's next two turns",
        "confidence": 0.8,
    }  # fmt: skip
    assert str(report(scorecard=unscored().scorecard).to_frame("ledger")["turn"].dtype) == "Int64"
    with pytest.raises(ReportError, match=r"there are no rows 'turns'\. Use one of: moments, ledger"):
        report().to_frame("turns")


def test_without_times() -> None:
    """A time that is not known is NaN, not 0."""
    assert all(math.isnan(t) for t in untimed().to_frame()["time_s"])


@pytest.mark.parametrize("made", [report(), report(moments=())])
def test_types(made: object) -> None:
    """The columns' types are the same with and without moments."""
    frame = made.to_frame()  # type: ignore[attr-defined]
    kinds = {name: str(frame[name].dtype) for name in ("turn", "time_s", "start", "end", "inferred", "counted")}
    assert kinds == {"turn": "int64", "time_s": "float64", "start": "int64", "end": "int64", "inferred": "bool", "counted": "bool"}
    assert list(frame.columns) == COLUMNS


def test_pandas_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pandas the error names the package and the command that installs it, and is an ImportError too."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"needs the package pandas.*pip install 'listening-coach\[frames\]'") as caught:
        report().to_frame()
    assert isinstance(caught.value, ImportError)
