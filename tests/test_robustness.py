"""Hostile input: only errors of the library's own, bounded messages, bounded pages, no network, private files."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import listening_coach as lc
from listening_coach.cli import main
from listening_coach.errors import BehaviourError, ListeningCoachError, RubricError

BASE = [("agent", "hello, how can I help"), ("customer", "hi, my order is late")] * 3
CHAT = "@UTF8\n@Begin\n@Participants:\tAGT Agent, CUS Customer\n*AGT:\thello . \x150_{}\x15\n*CUS:\thi . \x15500_900\x15\n@End\n"
BEHAVIOUR = 'title="T"\neffect="helps"\ndetector="phrases"\nmeaning="m"\nadvice="a"\nsource="s"\n'
NINES = "9" * 5000


@pytest.mark.parametrize(
    "content",
    [
        CHAT.format("9" * 400),
        CHAT.format(NINES),
        f'[{{"speaker":"a","text":"hi","start":{NINES[:400]}}},{{"speaker":"b","text":"yo","start":2}}]',
        f'[{{"speaker":"a","text":"hi","start":{NINES}}},{{"speaker":"b","text":"yo","start":2}}]',
        f"WEBVTT\n\n{NINES}:00:00.000 --> 00:00:02.000\n<v A>hi</v>\n",
        json.dumps([{"speaker": "a", "text": "hi", "start": "1e999"}, {"speaker": "b", "text": "yo", "start": "2"}]),
        json.dumps([{"speaker": "a", "text": "hi", "start": NINES}, {"speaker": "b", "text": "yo", "start": "2"}]),
        json.dumps({"id": "x", "": "Agent: hello how are you\nCustomer: fine thanks\nAgent: good\nCustomer: bye"}),
        "[" * 900 + '{"turns":[]}' + "]" * 900,
        '{"calls":' * 300 + "[]" + "}" * 300,
        "[" * 100_000,
    ],
    ids=lambda content: content[:20],
)
def test_content_is_refused_by_an_error_of_ours(content: str) -> None:
    """Content that no parser can take is read, or refused with one of the library's own errors of bounded length."""
    for read in (lambda: lc.read(content), lambda: list(lc.read_many(content))):
        said = ""
        try:
            read()
        except ListeningCoachError as error:
            said = str(error)
        assert len(said) < 1500


def test_read_many_goes_on_after_a_bad_file(tmp_path: Path) -> None:
    """A folder's other files are read after one that no parser can take."""
    for name, content in (
        ("a", CHAT.format(NINES)),
        ("b", "Agent: hello\nCustomer: hi\n"),
        ("c", "[" * 9000),
        ("d", "Agent: bye\nCustomer: bye\n"),
    ):
        (tmp_path / f"{name}.txt").write_text(content)
    found: list[Any] = []
    calls = lc.read_many(tmp_path)
    while True:
        try:
            found.append(next(calls).id)
        except StopIteration:
            break
        except ListeningCoachError:
            found.append(None)
    assert found == [None, "b", None, "d"]


@pytest.mark.slow  # every line that runs is counted
@pytest.mark.parametrize("speaker", ["agent", "customer"])
@pytest.mark.parametrize(
    "said",
    ["I will ", "how about add ", "how do you spell that ", "I am on it ", "hopefully ", "I could probably ", "leave that with me "]
    + ["date of birth the first of the second ", "A for alpha 1 "],
)  # fmt: skip
def test_work_grows_with_the_input(said: str, speaker: str) -> None:
    """Eight times as much of the same in one turn takes about eight times as many steps, counted in lines that run."""
    steps = []
    coach = shared_coach()
    for n in (60, 60, 480):
        call = lc.Transcript.from_turns([*BASE, (speaker, said * n)])
        steps.append(_steps(lambda call=call: coach.review(call).to_json()))  # type: ignore[misc]  # bound at once
    assert steps[2] <= 14 * steps[1]


@cache
def shared_coach() -> lc.Coach:
    """One coach for all."""
    return lc.Coach()


def _steps(work: Callable[[], object]) -> int:
    """How many lines of the library's run while something is done."""
    count = 0

    def traced(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return traced if "listening_coach" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("began", [datetime.max, datetime.min, datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))], ids=str)
def test_promises_at_the_ends_of_time(began: datetime) -> None:
    """A promise whose day no calendar holds has its words, and no day."""
    talk = [("agent", f"I will call you back {when}.") for when in ("tomorrow", "next week", "in two days", "in 5000 years")]
    report = lc.review(lc.Transcript.from_turns([*talk, ("customer", "ok")], started_at=began))
    assert "in two days" in {point.due_text for point in report.action_points}
    report.to_html()


def damaged() -> Iterator[tuple[str, bytes]]:
    """Archives with a byte turned, cut off, with odd names, and nested."""
    text = "Agent: hello\nCustomer: hi\n"
    whole = zipped(("a.txt", text), ("b.txt", text))
    for at in range(0, len(whole), 9):
        yield f"turned{at}.zip", whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]
    for size in (0, 3, 20, 60, len(whole) - 30):
        yield f"cut{size}.zip", whole[:size]
    yield "names.zip", zipped(("../../a.txt", text), ("/etc/b.txt", text), ("c\x1b[31m\u202e.txt", text))
    nested = whole
    for _ in range(12):
        nested = zipped(("inner.zip", nested))
    yield "nested.zip", nested
    yield "cut.txt.gz", gzip.compress(text.encode())[:-5]
    yield "junk.txt.gz", b"\x1f\x8b\x08\0junk"


def zipped(*files: tuple[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def test_damaged_archives(tmp_path: Path) -> None:
    """Whatever is wrong with an archive is a call that failed, or an error of ours; nothing is written beside it."""
    for name, content in damaged():
        (tmp_path / name).write_bytes(content)
        said = ""
        try:
            turns = {len(call) for call in lc.read_many(tmp_path / name)}
        except ListeningCoachError as error:
            turns, said = set(), str(error)
        assert turns <= {2}
        assert len(said) < 1500
        assert "\u202e" not in said
    assert {path.name for path in tmp_path.iterdir()} == {name for name, _ in damaged()}


@pytest.mark.parametrize("end", [1e9, 1.7e9, 1e15, 1e300])
def test_pages_are_bounded_however_long_a_call_claims_to_be(end: float) -> None:
    """The time axis has a handful of marks whatever the times are."""
    turns = [
        {"speaker": s, "text": "hello there I am sorry to hear that", "start": float(i), "end": i + 0.9}
        for i, (s, _) in enumerate(BASE * 2)
    ]
    turns[-1]["end"] = end
    assert len(lc.review(lc.Transcript.from_turns(turns)).to_html()) < 500_000


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('phrases=["{e} a"]\n[words]\ne=[]\n', "empty"),
        ('[phrases]\nk=["hello"]\n[kinds]\nk=["x"]\n', "kinds.k"),
        (f'phrases=["{"(" * 5000}"]\n', "brackets 25 deep"),
        (f'phrases=["{"a" * 6000}"]\n', "6000 characters"),
        ('phrases=["{w0} x"]\n[words]\n' + "".join(f'w{i}=["{{w{i + 1}}} {{w{i + 1}}}"]\n' for i in range(20)) + 'w20=["a"]\n', "words all told"),
        ('phrases=["{w0} x"]\n[words]\n' + "".join(f'w{i}=["{{w{i + 1}}}"]\n' for i in range(900)) + 'w900=["a"]\n', "lists deep"),
        (f"settings.x={NINES}\n", "not TOML"),
        (f"x={'[' * 5000}", "TOML|nested"),
        ("#" * (2**20 + 1), "more than 1 MB"),
    ],
    ids=["empty list", "kind no text", "brackets", "long", "doubling", "chain", "digits", "nested", "huge"],
)  # fmt: skip
def test_behaviour_files_are_bounded(tmp_path: Path, body: str, message: str) -> None:
    """A behaviour file that stands for too much, or nests too deeply, is refused with its place and a remedy."""
    (tmp_path / "mine.toml").write_text(BEHAVIOUR + body)
    with pytest.raises(BehaviourError, match=message) as caught:
        lc.Coach(behaviours=tmp_path)
    assert "mine.toml" in str(caught.value)
    assert caught.value.remedy
    assert len(str(caught.value)) < 1500


def test_rubric_files_are_bounded(tmp_path: Path) -> None:
    """A rubric file that is too large or nested too deeply is refused."""
    path = tmp_path / "r.toml"
    for content in ("#" * (2**20 + 1), f"x={'[' * 5000}", f"version={NINES}"):
        path.write_text(content)
        with pytest.raises(RubricError, match=r"r\.toml"):
            lc.Coach(rubric=path)


def test_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing opens a socket: reading, reviewing, rendering and masking work where sockets are forbidden."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    report = lc.Coach().review("Agent: hello, how can I help?\nCustomer: my card is 4111 1111 1111 1111\n")
    report.to_html(tmp_path / "page.html")
    assert "[card number]" in report.to_json() + report.to_markdown() + str(report)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_files_with_talk_are_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Reports are written for their owner only, and nothing is left beside them."""
    (tmp_path / "call.txt").write_text("Agent: hello, how can I help?\nCustomer: hi\n")
    out = tmp_path / "out"
    monkeypatch.setattr("sys.argv", ["listening-coach", "review", str(tmp_path / "call.txt"), "--html", f"{out}/", "--json", f"{out}/"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 0, capsys.readouterr().err
    assert sorted(p.name for p in out.iterdir()) == ["call.html", "call.json"]
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_names_cannot_drive_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and signs that turn the direction of writing are replaced in what is printed and in names of files."""
    name = "evil\x1b[31m\u202etxt.exe"
    (tmp_path / f"{name}.txt").write_text("Agent \u202e\x1b]0;x\x07: hello, how can I help?\nCustomer: hi \x1b[2J there\n")
    out = tmp_path / "out"
    for extra in ([], ["--html", f"{out}/"]):
        monkeypatch.setattr("sys.argv", ["listening-coach", "review", str(tmp_path / f"{name}.txt"), *extra])
        with pytest.raises(SystemExit):
            main()
    said = capsys.readouterr()
    for sign in ("\x1b", "\u202e", "\x07"):
        assert sign not in said.out + said.err
        assert all(sign not in path.name for path in out.iterdir())


def test_message_of_any_value_is_bounded() -> None:
    """An error of ours bounds and cleans whatever it is made of."""
    error = ListeningCoachError("x\x1b[31m" * 10_000, where="y\u202e" * 9999, remedy="z\n" * 9999)
    assert len(str(error)) < 1500
    assert "\x1b" not in str(error) + error.where
    with pytest.raises(ListeningCoachError):
        lc.Transcript.from_turns([("a", 10**5000)])  # type: ignore[list-item]
