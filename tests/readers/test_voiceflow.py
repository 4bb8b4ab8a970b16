"""Logs of Voiceflow: both sides are read, steps of the program are counted, and the bot is the agent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from listening_coach.errors import ReadError
from listening_coach.readers import read

SAID = [
    ("agent", "Hello, this is Fern. How can I help?", 0.0),
    ("customer", "My kettle leaks", 8.0),
    ("agent", "I'm sorry. When did you buy it?", 9.0),
    ("customer", "In March", 19.0),
    ("customer", "Send a new one", 25.0),
    ("agent", "It is on its way.", 26.0),
]


def old(kind: str, form: str, second: int, payload: Any) -> dict[str, Any]:
    outer = "request" if form == "request" else kind
    return {
        "turnID": f"t{second}",
        "type": outer,
        "format": form,
        "startTime": f"2031-05-06T10:00:{second:02}.000Z",
        "payload": {"type": kind, "payload": payload},
    }


def new(kind: str, form: str, second: int, payload: Any) -> dict[str, Any]:
    side = "trace" if form == "trace" else "action"
    return {"type": side, "createdAt": f"2031-05-06T10:00:{second:02}.000Z", "data": {"type": kind, "payload": payload}}


def log(row: Any) -> list[dict[str, Any]]:
    return [
        row("launch", "launch", 0, {}),
        row("text", "trace", 1, {"message": "Hello, this is Fern. How can I help?", "slate": {"content": []}}),
        row("intent", "request", 9, {"query": "My kettle leaks", "intent": {"name": "repair"}, "entities": []}),
        row("debug", "trace", 9, {"message": "matched the intent repair"}),
        row("speak", "trace", 10, {"type": "message", "message": "I'm sorry. When did you buy it?"}),
        row("text", "request", 20, "In March"),
        row("choice", "trace", 21, {"buttons": [{"name": "Send a new one"}]}),
        row("path-7f", "request", 26, {"label": "Send a new one"}),
        row("text", "trace", 27, {"message": "It is on its way."}),
    ]


@pytest.mark.parametrize("value", [log(old), {"transcript": {"logs": log(new)}}], ids=["old", "new"])
def test_both_sides(tmp_path: Path, value: Any) -> None:
    """What users write, choose and press is read as what the agent says is; debugging and buttons on offer are no talk."""
    path = tmp_path / "call.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    call = read(path)
    assert [(t.role, t.text, t.start) for t in call.turns] == SAID
    assert call.metadata["format"] == "voiceflow"
    assert call.metadata["agent_kind"] == "bot"
    assert call.metadata["skipped"] == {"launch": 1, "debug": 1, "choice": 1}


def test_a_log_without_words() -> None:
    """A log in which nobody says anything is an error that says so."""
    with pytest.raises(ReadError, match="none of the 2 rows of the log holds words"):
        read(json.dumps([old("launch", "launch", 0, {}), old("debug", "trace", 1, {"message": "started"})]))
