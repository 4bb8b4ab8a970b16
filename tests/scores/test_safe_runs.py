"""A folder of scores is never wedged, and says so when what it was scored with or from has changed."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from helpers_many import Poisonable, call, small_parts
from test_run import HERE, everything, ids, line, rows, write

from listening_coach.errors import OutputError
from listening_coach.scores import run, store

# How often the test kills a run; a hundred times before a release.
KILLS = int(os.environ.get("LISTENING_COACH_KILLS", "3"))


def test_a_folder_whose_manifest_was_not_written_is_gone_on_with(batch: Any, out: Path, tmp_path: Path) -> None:
    """A run that ended before it wrote what the folder is leaves one that the next run takes for its own."""
    write(tmp_path / "a.jsonl", [call(1), call(2)])
    for folder in (out, out / ".aside", out / "calls", out / "moments", out / "action_points"):
        folder.mkdir()
    (out / ".lock").write_text("process 1\n")
    (out / "moments" / "part-0000001.parquet").write_bytes(b"half")
    assert batch(tmp_path / "a.jsonl").calls == 2
    assert len(rows(out)) == 2


def test_a_folder_of_something_else_is_refused(batch: Any, out: Path, tmp_path: Path) -> None:
    """A folder that holds what no run of ours has written is left as it is."""
    write(tmp_path / "a.jsonl", [call(1)])
    (out / "calls").mkdir(parents=True)
    (out / "calls" / "call.txt").write_text("Agent: hello\n")
    with pytest.raises(OutputError, match="holds other files"):
        batch(tmp_path / "a.jsonl")
    assert sorted(p.name for p in out.iterdir()) == ["calls"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [({"roles": {"agent": "customer", "customer": "agent"}}, "roles"), ({"format": "jsonl"}, "input format")],
    ids=["roles", "format"],
)
def test_changed_options_are_noticed(batch: Any, out: Path, tmp_path: Path, changed: dict[str, Any], what: str) -> None:
    """Scores with other roles or of another input format do not go into the same folder, unless all are scored again."""
    source = write(tmp_path / "a.jsonl", [call(1)])
    batch(source)
    before = everything(out)
    with pytest.raises(OutputError, match=what):
        batch(source, **changed)
    assert everything(out) == before
    assert batch(source, overwrite=True, **changed).calls == 1
    assert batch(source, **changed).skipped == 1


def test_changed_masking_is_noticed(out: Path, tmp_path: Path) -> None:
    """Masked and unmasked scores do not go into one folder."""
    (tmp_path / "parts").mkdir()
    parts = small_parts(tmp_path / "parts")
    source = write(tmp_path / "a.jsonl", [call(1)])
    run(source, out, coach=Poisonable(**parts), workers=0)
    with pytest.raises(OutputError, match="masking"):
        run(source, out, coach=Poisonable(**parts, mask=False), workers=0)


def test_the_same_folder_through_a_link(batch: Any, out: Path, tmp_path: Path) -> None:
    """Calls that are found through a link to their folder are done already."""
    write(tmp_path / "real" / "a.jsonl", [call(1), call(2)])
    (tmp_path / "link").symlink_to(tmp_path / "real")
    batch(tmp_path / "real")
    summary = batch(tmp_path / "link")
    assert (summary.calls, summary.skipped, len(rows(out))) == (0, 2, 2)


def test_edits_are_seen_by_content(batch: Any, out: Path, tmp_path: Path) -> None:
    """An edit that keeps a file's size and date is seen; a new date alone is none."""
    path = tmp_path / "a.txt"
    path.write_text("Agent: hello there\nCustomer: thanks for it\n")
    batch(path)
    then = path.stat()
    path.write_text("Agent: thanks for it\nCustomer: hello there\n")
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert path.stat().st_size == then.st_size
    assert batch(path).replaced == 1
    os.utime(path, (1, 1))
    assert batch(path).skipped == 1
    assert len(rows(out)) == 1


def test_deleted_sources_are_told_and_pruned(batch: Any, out: Path, tmp_path: Path) -> None:
    """Calls whose file, or whose place in an archive, is gone are counted, and deleted when asked."""
    for name in ("a", "b"):
        write(tmp_path / "s" / f"{name}.jsonl", [call(1), call(2)])
    with zipfile.ZipFile(tmp_path / "s" / "z.zip", "w") as archive:
        archive.writestr("x.jsonl", line(call(3)))
        archive.writestr("y.jsonl", line(call(4)))
    assert batch(tmp_path / "s").calls == 6
    (tmp_path / "s" / "b.jsonl").unlink()
    with zipfile.ZipFile(tmp_path / "s" / "z.zip", "w") as archive:
        archive.writestr("x.jsonl", line(call(3)))
    summary = batch(tmp_path / "s")
    assert (summary.gone, summary.pruned, len(rows(out))) == (3, False, 6)
    assert "--prune" in " ".join(summary.lines())
    summary = batch(tmp_path / "s", prune=True)
    assert (summary.gone, summary.pruned, len(rows(out))) == (3, True, 3)
    assert batch(tmp_path / "s").gone == 0
    assert {Path(r["source"]).name for table in ("calls", "moments") for r in rows(out, table)} <= {"a.jsonl", "z.zip::x.jsonl"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_scores_are_private(batch: Any, out: Path, tmp_path: Path) -> None:
    """Tables that hold quotes may be read by their owner only, and nothing is left aside."""
    batch(write(tmp_path / "a.jsonl", [call(1)]), write="csv")
    files = [p for p in out.rglob("*") if p.is_file() and p.suffix in (".parquet", ".csv")]
    assert len(files) == 6
    assert {stat.S_IMODE(p.stat().st_mode) for p in files} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert not (out / ".aside").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="process groups are killed by POSIX signals")
def test_random_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    """Parent and workers killed at random moments, again and again: in the end every row is there once, as if nothing had happened."""
    (tmp_path / "parts").mkdir()
    parts = small_parts(tmp_path / "parts")
    source, out, other = write(tmp_path / "s" / "a.jsonl", [call(n) for n in range(150)]), tmp_path / "scores", tmp_path / "other"
    run(source, other, coach=Poisonable(**parts), workers=0)
    chance = random.Random(14)
    command = [sys.executable, str(HERE / "drive.py"), str(tmp_path / "parts"), str(source), str(out), "2"]
    for _ in range(KILLS):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        time.sleep(chance.uniform(0.1, 6.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        # Every other time a good deal is done anew, so that there is work left to be killed in.
        if chance.random() < 0.5:
            source.write_text("".join(line(call(n, *("again",) * chance.randint(0, 1))) for n in range(150)))
            run(source, other, coach=Poisonable(**parts), workers=0)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert everything(out) == everything(other)
    assert len(ids(out)) == len(set(ids(out))) == 150
    assert not store.Scores(out).damaged
