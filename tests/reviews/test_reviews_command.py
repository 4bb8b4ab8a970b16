"""``listening-coach reviews`` as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from listening_coach.cli import app
from listening_coach.reviews import Status, load

RUN = CliRunner()
ONE = {
    "call": "c-7",
    "by": "Ines",
    "at": "2026-04-13T12:00:00Z",
    "verdict": "score",
    "score": 40,
    "item": "empathy",
    "comment": "Twice, I heard it.",
}
MOMENT = {
    "call": "c-7", "by": "Dana", "role": "agent", "at": "2026-04-13T13:00:00Z", "verdict": "disagree", "comment": "That is the law.",
    "moment": {"behaviour": "policy_hiding", "turn": 3, "start": 0, "end": 14, "quote": "That's policy."},
}  # fmt: skip


def saved(path: Path, *reviews: object) -> Path:
    path.write_text(json.dumps({"reviews": reviews}))
    return path


def test_add_list_withdraw(tmp_path: Path) -> None:
    """Files of pages are taken in, listed with what became of each, and taken back, all in one file of the scores' folder."""
    (tmp_path / "scores").mkdir()
    a, b = saved(tmp_path / "a.json", ONE), saved(tmp_path / "b.json", ONE, MOMENT)
    done = RUN.invoke(app, ["reviews", "add", str(a), str(b), "--to", str(tmp_path / "scores")])
    place = tmp_path / "scores" / "reviews.jsonl"
    assert done.output.splitlines() == [f"{a}: 1 review added → {place}", f"{b}: 1 review added, 1 known before → {place}"]
    reviews = load(place).reviews
    first, second = reviews
    shown = RUN.invoke(app, ["reviews", "list", str(place)]).output.splitlines()
    assert shown == [
        f"{first.id}  2026-04-13 12:00  c-7  Ines (coach)  empathy: score 40, standing: Twice, I heard it.",
        f'{second.id}  2026-04-13 13:00  c-7  Dana (agent)  policy_hiding "That\'s policy.": disagree, open: That is the law.',
    ]
    assert RUN.invoke(app, ["reviews", "list", str(place), "--call", "c-8"]).output == ""
    other = RUN.invoke(app, ["reviews", "withdraw", first.id, "--to", str(place), "--by", "Omar"])
    assert (other.exit_code, "only Ines can take it back" in other.output) == (2, True)
    assert RUN.invoke(app, ["reviews", "withdraw", first.id, "--to", str(place), "--by", "Ines"]).exit_code == 0
    after = load(place).reviews
    assert after.status(first) is Status.WITHDRAWN
    assert len(after) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"reviews": [{"call": "c-7"}]}', "review 1: it is no review: Object missing required field `by`"),
        ("hello", "line 1: it is no review"),
    ],
)
def test_wrong_files(content: str, message: str, tmp_path: Path) -> None:
    """A review that is none is named, and the command says that something was wrong."""
    (tmp_path / "a.json").write_text(content)
    done = RUN.invoke(app, ["reviews", "add", str(tmp_path / "a.json"), "--to", str(tmp_path / "r.jsonl")])
    assert done.exit_code == 1
    assert message in done.output


def test_no_such_review(tmp_path: Path) -> None:
    """An id that is not there is wrong usage, and so is a file that is not."""
    (tmp_path / "r.jsonl").write_text("")
    for arguments in (["withdraw", "abc", "--to", str(tmp_path / "r.jsonl"), "--by", "Ines"], ["list", str(tmp_path / "gone.jsonl")]):
        done = RUN.invoke(app, ["reviews", *arguments])
        assert done.exit_code == 2
        assert "there is no such" in done.output
