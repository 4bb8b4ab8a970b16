"""Labelled calls: both forms of a line say the same, and what is wrong in one is refused by file and line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from listening_coach.errors import ScorerError
from listening_coach.fitting.labelled import TARGETS, LabelledCall, load

COMPACT: dict[str, Any] = {
    "id": "t1",
    "source": "test",
    "turns": ["A: Hello: how can I help?", "C: It's broken, I'm so cross!", "A: That's our policy.", "O: Please hold."],
    "labels": {"1": "UP", "2": "PH DM"},
    "open": {"0": "OQ"},
    "call": {"overall": 2},
}
WHOLE: dict[str, Any] = {
    "id": "t1",
    "source": "test",
    "turns": [
        {"role": "agent", "text": "Hello: how can I help?"},
        {"role": "customer", "text": "It's broken, I'm so cross!"},
        {"role": "agent", "text": "That's our policy."},
        {"role": "other", "text": "Please hold."},
    ],
    "units": [
        {"turn": 0, "labels": [], "open": ["OQ"]},
        {"turn": 1, "labels": ["UP"], "open": []},
        {"turn": 2, "labels": ["PH", "DM"], "open": []},
    ],
    "call": {"overall": 2},
}
GOLD = sorted((Path(__file__).parents[2] / "data" / "gold").glob("*.jsonl"))


def loaded(folder: Path, *lines: dict[str, Any] | str, name: str = "calls.jsonl") -> list[LabelledCall]:
    path = folder / name
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return list(load(path))


@pytest.mark.parametrize("name", ["calls.jsonl", "calls.jsonl.gz"])
def test_both_forms(tmp_path: Path, name: str) -> None:
    """The compact and the whole form of a call, plain or gzipped, hold the same turns and give each turn the same labels."""
    short, whole = loaded(tmp_path, COMPACT, WHOLE, name=name)
    assert short.turns == whole.turns
    assert (short.id, short.source, short.ratings) == (whole.id, whole.source, whole.ratings) == ("t1", "test", {"overall": 2})
    for label in TARGETS:
        assert [short.label_of(turn, label) for turn in range(4)] == [whole.label_of(turn, label) for turn in range(4)]


def test_what_a_label_says(tmp_path: Path) -> None:
    """A label is there, is not, or is unknown: where annotators differ, where nobody looked for it, and on the other side's turns."""
    (call,) = loaded(tmp_path, {**COMPACT, "labelled": ["PH", "UP", "OQ"]})
    assert [call.label_of(turn, "PH") for turn in range(4)] == [False, None, True, False]
    assert [call.label_of(turn, "UP") for turn in range(4)] == [None, True, None, None]
    assert [call.label_of(turn, "OQ") for turn in range(4)] == [None, None, False, False]
    assert [call.label_of(turn, "DM") for turn in range(4)] == [None] * 4


def test_as_a_recogniser_writes_it(tmp_path: Path) -> None:
    """Without punctuation a call is in small letters and keeps its apostrophes, its labels and its id; a turn of signs alone is "um"."""
    (call,) = loaded(tmp_path, {**COMPACT, "turns": ["A: It\u2019s PAID, Ms O'Neill \u2014 number 4471.", "C: ?!", "A: Yes.", "O: -"]})
    plain = call.plain()
    assert [text for _, text in plain.turns] == ["it's paid ms o'neill number 4471", "um", "yes", "um"]
    assert (plain.id, plain.labels, plain.open) == (call.id, call.labels, call.open)
    assert plain.plain() == plain


def test_the_transcript(tmp_path: Path) -> None:
    """A labelled call's transcript has its turns by role and its id, and nothing of the labels."""
    (call,) = loaded(tmp_path, COMPACT)
    transcript = call.transcript()
    assert transcript.id == "t1"
    assert [(turn.role, turn.text) for turn in transcript.turns] == list(call.turns)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "AttributeError"),
        ("7", "AttributeError"),
        ("", "JSONDecodeError"),
        ({"turns": ["A: Hi"]}, "KeyError\\('id'\\)"),
        ({"id": "a"}, "KeyError\\('turns'\\)"),
        ({**COMPACT, "turns": ["Hello"]}, "'Hello' is not a turn such as 'A: Hello'"),
        ({**COMPACT, "turns": ["X: Hello"]}, "KeyError\\('X'\\)"),
        ({**COMPACT, "labels": {"9": "PH"}}, "there is no turn 9"),
        ({**COMPACT, "labels": {"-1": "PH"}}, "there is no turn -1"),
        ({**COMPACT, "open": {"0": "QQ"}}, "turn 0 has the unknown label 'QQ'"),
        ({**COMPACT, "labels": {"two": "PH"}}, "ValueError"),
        ({**COMPACT, "labels": ["PH"]}, "AttributeError"),
        ({**WHOLE, "units": None}, "TypeError"),
        ({**WHOLE, "units": [{"turn": 7, "labels": ["PH"], "open": []}]}, "there is no turn 7"),
        ({**COMPACT, "turns": ["H" * 500]}, "ValueError"),
    ],
)
def test_refused(tmp_path: Path, line: dict[str, Any] | str, message: str) -> None:
    """A line that is no labelled call is refused with file, line and remedy, in bounded length; no label is dropped silently."""
    with pytest.raises(ScorerError, match=rf"calls\.jsonl, line 2: it is not a labelled call: .*{message}") as caught:
        loaded(tmp_path, COMPACT, line, COMPACT)
    assert caught.value.remedy == "Write one of the two forms that the module describes."
    assert len(caught.value.problem) <= 200


@pytest.mark.parametrize(
    ("name", "content"), [("gone.jsonl", None), ("bad.jsonl.gz", b"no gzip"), ("cut.jsonl.gz", ...), ("odd.jsonl", b"\xff")]
)
def test_unreadable(tmp_path: Path, name: str, content: Any) -> None:
    """A file that is missing, damaged or not UTF-8 is an error that names it."""
    if content is not None:
        (tmp_path / name).write_bytes(gzip.compress(b"x" * 99_999)[:-12] if content is ... else content)
    with pytest.raises(ScorerError, match=rf"{name}: it cannot be read: "):
        list(load(tmp_path / name))


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
def test_ours(path: Path) -> None:
    """Our own labelled calls load, each with an id of its own, turns of both sides, and labels on the side they belong to."""
    calls = list(load(path))
    assert len({call.id for call in calls}) == len(calls) > 0
    for call in calls:
        assert {"agent", "customer"} <= {role for role, _ in call.turns}
        for turn, labels in call.labels.items():
            assert all(call.label_of(turn, label) is not None for label in labels if label in call.labelled), (call.id, turn)
