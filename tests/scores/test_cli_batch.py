"""``listening-coach batch`` as people run it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import listening_coach as lc

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from made_calls import write_lines

pytestmark = pytest.mark.slow  # the command in processes of its own

GOOD = "Agent: Thank you for calling, how can I help?\nCustomer: My parcel is lost.\nAgent: I'll look into it.\n"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "listening_coach", "batch", *map(str, arguments)]


def batch(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=300)


def test_a_batch_and_the_same_again(tmp_path: Path) -> None:
    """A batch ends with a summary; a call that fails is named on standard error and makes the exit code 1; the next run does nothing twice."""
    (tmp_path / "calls").mkdir()
    for n in range(3):
        (tmp_path / "calls" / f"good{n}.txt").write_text(GOOD)
    (tmp_path / "calls" / "bad.json").write_text('{"turns": [')
    first = batch(tmp_path / "calls", "--out", tmp_path / "scores", "--workers", "1", "--format", "csv")
    assert first.returncode == 1
    assert first.stderr.startswith(f"{tmp_path / 'calls' / 'bad.json'}")
    assert first.stderr.endswith("The file was cut off: fetch it again.\n")
    assert first.stderr.count("\n") == 1
    said = first.stdout.splitlines()
    assert said[0].startswith("4 calls in ")
    assert said[0].endswith("0 scored, 3 not scored, 1 failed.")
    assert said[2] == "Failures by kind: 1 ReadError. The view failures has them all, with the remedies."
    assert said[-1].endswith(f"open_scores('{tmp_path / 'scores'}').")
    assert (tmp_path / "scores" / "calls.csv").read_text(encoding="utf-8-sig").count("\n") == 5
    (tmp_path / "calls" / "bad.json").unlink()
    again = batch(tmp_path / "calls", "--out", tmp_path / "scores", "--workers", "1")
    assert again.returncode == 0
    assert again.stderr == ""
    assert "Done before: 3 calls." in again.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["{here}/none", "--out", "{here}/scores"], 2, "{here}/none: there is no such file or folder, and no file matches.\n"),
        (["{here}/*.json", "--out", "{here}/scores"], 2, "{here}/*.json: there is no such file or folder, and no file matches.\n"),
        (["{here}", "--out", "{here}"], 1, "{here}: the folder holds other files. Name a new folder, or one of earlier scores.\n"),
        (["{here}", "--out", "{here}/scores", "--rubric", "{here}/none.toml"], 2, "{here}/none.toml"),
        (["{here}", "--out", "{here}/scores", "--role", "spk_0=boss"], 2, "there is no role 'boss'"),
        (
            ["{here}", "--out", "{here}/scores", "--format", "xlsx"],
            2,
            "--format 'xlsx': there is no such format. The formats are: parquet, csv, jsonl.\n",
        ),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    """What cannot be is told in a sentence, and nothing is scored."""
    (tmp_path / "call.txt").write_text(GOOD)
    done = batch(*(a.format(here=tmp_path) for a in arguments))
    assert done.returncode == code
    assert message.format(here=tmp_path) in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.parquet"))


WAITS = """
title = "Waits"
meaning = "Stands for a call that takes its time."
effect = "helps"
detector = "wait_here:detect"
advice = "None."
source = "This test."
"""
WAIT_HERE = """
import time
from pathlib import Path

from listening_coach.detectors import Found


def detect(call, behaviour):
    while "wait here" in call.turns[0].text and not Path({go!r}).exists():
        time.sleep(0.05)
    return Found([], [])
"""


def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C stops it in a sentence and with its own exit code; what is done stays, and the same command completes it.

    A detector waits at the last calls for as long as there is no file of this name, so that the run cannot be over before the signal.
    """
    source, out, go = tmp_path / "calls.jsonl", tmp_path / "scores", tmp_path / "go"
    write_lines(source, 400, 50)
    last = [{"id": f"last{n}", "turns": [{"speaker": "agent", "text": "please wait here"}]} for n in range(4)]
    with source.open("a", encoding="utf-8") as stream:
        stream.writelines(json.dumps(one) + "\n" for one in last)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "waits.toml").write_text(WAITS, encoding="utf-8")
    (tmp_path / "wait_here.py").write_text(WAIT_HERE.format(go=str(go)), encoding="utf-8")
    arguments = (source, "--out", out, "--workers", "2", "--behaviours", tmp_path / "own", "--timeout", "600")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])}
    with subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as running:
        while running.poll() is None and not list((out / "calls").glob("*.parquet")):
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        said, erred = running.communicate(timeout=300)
    assert running.returncode == 130
    assert said == ""
    assert erred == f"Stopped. What is done stays in {out}; the same command goes on from there.\n"
    with lc.open_scores(out) as scores:
        done = scores.sql("select count(*) from calls").fetchall()[0][0]
    assert 0 < done < 404
    go.touch()
    again = subprocess.run(command(*arguments), capture_output=True, text=True, env=environment, timeout=300)
    assert again.returncode == 0, again.stderr
    assert f"Done before: {done} calls." in again.stdout
    with lc.open_scores(out) as scores:
        assert scores.sql("select count(*), count(distinct call_id) from calls").fetchall() == [(404, 404)]


WAIT_ONCE = """
import time
from pathlib import Path

from listening_coach.detectors import Found


def detect(call, behaviour):
    if "wait here" in call.turns[0].text:
        Path({go!r}).with_suffix(".at").touch()
        while not Path({go!r}).exists():
            time.sleep(0.02)
    return Found([], [])
"""


@pytest.mark.parametrize("workers", [0, 1])
def test_interrupted_in_the_first_part(tmp_path: Path, workers: int) -> None:
    """Ctrl-C keeps the calls of a part that is not full: those before the one at hand, and that one where a worker can end it."""
    source, out, go = tmp_path / "calls.jsonl", tmp_path / "scores", tmp_path / "go"
    texts = ["hello there", "good morning", "please wait here", "good evening", "good night"]
    source.write_text(
        "".join(json.dumps({"id": f"c{n}", "turns": [{"speaker": "agent", "text": text}]}) + "\n" for n, text in enumerate(texts))
    )
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "waits.toml").write_text(WAITS.replace("wait_here", "wait_once"), encoding="utf-8")
    (tmp_path / "wait_once.py").write_text(WAIT_ONCE.format(go=str(go)), encoding="utf-8")
    arguments = (source, "--out", out, "--workers", str(workers), "--behaviours", tmp_path / "own", "--timeout", "600")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])}
    with subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as running:
        while running.poll() is None and not go.with_suffix(".at").exists():
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        if workers:
            # The signal is in the parent's hands before the call goes on.
            time.sleep(1.0)
            go.touch()
        _, erred = running.communicate(timeout=300)
    assert running.returncode == 130, erred
    with lc.open_scores(out) as scores:
        done = [row["call_id"] for row in scores.rows("select call_id from calls order by call_id")]
    assert done == (["c0", "c1", "c2"] if workers else ["c0", "c1"])
    go.touch()
    again = subprocess.run(command(*arguments), capture_output=True, text=True, env=environment, timeout=300)
    assert f"Done before: {len(done)} calls." in again.stdout


def test_the_bar(tmp_path: Path) -> None:
    """On a terminal a bar tells calls, calls a second and failures while it works."""
    write_lines(tmp_path / "calls.jsonl", 60, 300)
    master, slave = pty.openpty()
    with subprocess.Popen(
        command(tmp_path / "calls.jsonl", "--out", tmp_path / "scores", "--workers", "1"), stdout=subprocess.PIPE, stderr=slave
    ) as running:
        os.close(slave)
        shown = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        running.communicate(timeout=120)
    os.close(master)
    assert running.returncode == 0
    assert b" calls, " in shown
    assert b" a second, 0 failed" in shown
