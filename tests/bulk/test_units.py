"""Sources cut into units: every call once, found whichever way it comes, and what is broken costs itself only."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import listening_coach as lc
from listening_coach.bulk import Failure, sources
from listening_coach.bulk.sources import Options, Plan, calls
from listening_coach.bulk.tables import CALLS_A_PIECE, call_schema, row

TURNS = [{"speaker": "agent", "text": "Thanks for calling."}, {"speaker": "customer", "text": "Hi there."}]


def turns(number: int) -> list[dict[str, str]]:
    return [*TURNS, {"speaker": "customer", "text": f"I am number {number}."}]


def found(given: Any, once: bool = False, options: Options | None = None) -> list[tuple[str, int, str]]:
    """Source, number and last words of each call, or its error."""
    result = []
    for unit in Plan(given, options or Options(), once=once).units():
        for n, call in calls(unit, options or Options(), {}, lambda *_: None):
            said = f"{call.kind}: {call.error}" if isinstance(call, Failure) else call.turns[-1].text
            result.append((os.path.basename(unit.source.replace("::", "/")), unit.first + n, said))
    return result


def said(number: int) -> str:
    return f"I am number {number}."


def lines(path: Path, numbers: range) -> Path:
    text = "".join(json.dumps({"call_id": f"c{n}", "turns": turns(n)}) + "\n" for n in numbers)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["calls.jsonl", "calls.ndjson", "calls.jsonl.gz"])
def test_a_call_a_line(tmp_path: Path, name: str) -> None:
    """JSON Lines of calls are a unit a line, packed or not."""
    path = lines(tmp_path / name, range(3))
    assert found(path) == [(name, n, said(n)) for n in range(3)]
    assert len(list(Plan(path).units())) == 3


def test_a_turn_a_line(tmp_path: Path) -> None:
    """JSON Lines of turns are read as a whole, together by call id."""
    path = tmp_path / "turns.jsonl"
    path.write_text("".join(json.dumps({"call_id": f"c{n}", **turn}) + "\n" for n in range(2) for turn in turns(n)))
    assert found(path) == [("turns.jsonl", 0, said(0)), ("turns.jsonl", 1, said(1))]


def test_a_turn_a_line_with_its_words(tmp_path: Path) -> None:
    """A turn with timed words, which reads as a call by itself, is a turn of the one call that the lines are."""
    path = tmp_path / "words.jsonl"
    lines = [
        {"speaker": who, "start": n, "end": n + 0.9, "text": text, "words": [{"word": text, "start": n, "end": n + 0.9}]}
        for n, (who, text) in enumerate([("agent", "hello"), ("customer", "hi"), ("agent", "goodbye")])
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert found(path) == [("words.jsonl", 0, "goodbye")]


def test_broken_lines(tmp_path: Path) -> None:
    """A broken line costs its call, and its error names file and line; blank lines are none."""
    path = tmp_path / "calls.jsonl"
    good = [json.dumps({"turns": turns(n)}) for n in range(2)]
    path.write_text(f'{{"turns": [\n\n{good[0]}\n[]\n{good[1]}\n')
    got = found(path)
    assert [g[:2] for g in got] == [("calls.jsonl", n) for n in range(4)]
    assert [g[2] for g in got if not g[2].startswith("ReadError")] == [said(0), said(1)]
    errors = [f for u in Plan(path).units() for _, f in calls(u, Options(), {}, lambda *_: None) if isinstance(f, Failure)]
    assert "calls.jsonl, line 1" in errors[0].where
    assert "calls.jsonl, line 4" in errors[1].where


def test_large_files_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of many calls that is too large for one worker is read call by call, the same calls by the same numbers."""
    path = tmp_path / "calls.csv"
    path.write_text("call_id,speaker,text\n" + "".join(f"c{n},{t['speaker']},{t['text']}\n" for n in range(5) for t in turns(n)))
    whole = found(path)
    assert len(list(Plan(path).units())) == 1
    monkeypatch.setattr(sources, "_WHOLE_BYTES", 10)
    assert len(list(Plan(path).units())) == 5
    assert found(path) == whole == [("calls.csv", n, said(n)) for n in range(5)]


def test_archives(tmp_path: Path) -> None:
    """An archive is a unit a file, folders and all; what the system put there is left out."""
    path = tmp_path / "calls.zip"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("one.json", json.dumps({"turns": turns(1)}))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b/one.json", json.dumps({"turns": turns(1)}))
        archive.writestr("b/broken.json", '{"turns": [')
        archive.writestr("__MACOSX/b/._one.json", "junk")
        archive.writestr(".hidden", "junk")
        archive.writestr("../away.json", json.dumps({"turns": turns(2)}))
        archive.writestr("many.jsonl", "".join(json.dumps({"turns": turns(n)}) + "\n" for n in (3, 4)))
        archive.writestr("packed.json.gz", gzip.compress(json.dumps({"turns": turns(5)}).encode()))
        archive.writestr("inner.zip", inner.getvalue())
    got = found(path)
    assert got[0] == ("one.json", 0, said(1))
    assert got[1][2].startswith("ReadError: the JSON ends in the middle")
    assert got[2] == ("away.json", 0, "ReadError: its path leaves the archive")
    assert got[3:6] == [("many.jsonl", 0, said(3)), ("many.jsonl", 1, said(4)), ("packed.json.gz", 0, said(5))]
    assert got[6:] == [("inner.zip", 0, "ReadError: it is an archive in an archive")]


def test_a_broken_archive(tmp_path: Path) -> None:
    """An archive that is cut off is one failure."""
    path = tmp_path / "calls.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.json", json.dumps({"turns": turns(1)}))
    path.write_bytes(path.read_bytes()[:60])
    got = found(path)
    assert len(got) == 1
    assert got[0][2].startswith("ReadError: the archive is broken")


def test_files_of_one_name_in_an_archive(tmp_path: Path) -> None:
    """Members of one name are sources of their own, each with its own content."""
    path = tmp_path / "calls.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", json.dumps({"turns": turns(0)}))
        for n in (1, 2):
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("a.json", json.dumps({"turns": turns(n)}))
    assert found(path) == [("a.json", 0, said(0)), ("a.json (2)", 0, said(1)), ("a.json (3)", 0, said(2))]


def test_an_archive_in_the_place_of_another(tmp_path: Path) -> None:
    """An archive that takes the place of one that was read before is read anew; one that does so meanwhile is refused, not misread."""
    path = tmp_path / "calls.zip"

    def pack(**numbers: int) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, n in numbers.items():
                archive.writestr(f"{name}.json", json.dumps({"turns": turns(n)}))

    pack(a=0, b=1, c=2, d=3)
    assert found(path) == [("a.json", 0, said(0)), ("b.json", 0, said(1)), ("c.json", 0, said(2)), ("d.json", 0, said(3))]
    units = list(Plan(path).units())
    # In the place of the four: another file, one of that name with other content, the same, and none.
    pack(x=0, b=7, c=2)
    assert found(path) == [("x.json", 0, said(0)), ("b.json", 0, said(7)), ("c.json", 0, said(2))]
    sources._archive.cache_clear()
    got = [f for u in units for _, f in calls(u, Options(), {}, lambda *_: None)]
    changed = "the archive was changed while it was read"
    assert [f.error if isinstance(f, Failure) else f.turns[-1].text for f in got] == [changed, changed, said(2), changed]


def test_folders(tmp_path: Path) -> None:
    """A folder gives its files by name, those below too; hidden ones and folders of scores are left out."""
    for name in ("b.json", "a/z.json", "a/c.json", ".hidden.json", "c.json", "scores/calls.json", "scores/listening_coach.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps({"turns": turns(0)}))
    assert [f[0] for f in found(tmp_path)] == ["c.json", "z.json", "b.json", "c.json"]


def test_links(tmp_path: Path) -> None:
    """A link to another folder is followed; one to a folder that it stands in is not, and ends nothing."""
    for name in ("in/a.txt", "in/deep/b.txt", "out/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"Agent: Hello.\nCustomer: {said(1)}\n")
    (tmp_path / "in" / "deep" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "here").symlink_to(".")
    (tmp_path / "in" / "other").symlink_to(tmp_path / "out")
    assert [f[0] for f in found(tmp_path / "in")] == ["a.txt", "b.txt", "c.txt"]


def test_sources_that_overlap(tmp_path: Path) -> None:
    """A file that several sources name is taken once where that is asked for, else as often as it is named."""
    path = lines(tmp_path / "calls.jsonl", range(2))
    given = [tmp_path, path, str(tmp_path / "*.jsonl")]
    assert len(found(given, once=True)) == 2
    assert len(found(given)) == 6


def test_a_pipe_in_a_folder(tmp_path: Path) -> None:
    """A pipe among the files is a failure of its own: nobody waits for what may never be written to it."""
    os.mkfifo(tmp_path / "b.txt")
    for name in ("a.txt", "c.txt"):
        (tmp_path / name).write_text(f"Agent: Hello.\nCustomer: {said(1)}\n")
    assert found(tmp_path) == [
        ("a.txt", 0, said(1)),
        ("b.txt", 0, "ReadError: it is a pipe, a socket or a device, not a file"),
        ("c.txt", 0, said(1)),
    ]


@pytest.mark.parametrize("name", ["empty", "*.nothing"])
def test_no_files(tmp_path: Path, name: str) -> None:
    """A folder without files and a pattern that nothing matches are failures, not silence."""
    (tmp_path / "empty").mkdir()
    assert [f[2] for f in found(str(tmp_path / name))] == [
        "ReadError: " + ("there are no files in it" if name == "empty" else "no file matches")
    ]


def table(numbers: range, **more: list[Any]) -> pa.Table:
    columns: dict[str, Any] = {"call_id": [f"c{n}" for n in numbers], "turns": [turns(n) for n in numbers], **more}
    return pa.table(columns)


def test_parquet_of_calls(tmp_path: Path) -> None:
    """A Parquet table of calls is cut into a few calls a unit; further columns are the call's metadata, dates its date."""
    path = tmp_path / "calls.parquet"
    count = CALLS_A_PIECE + 5
    began = [f"2025-03-{1 + n % 28:02d}T10:00:00" for n in range(count)]
    pq.write_table(table(range(count), agent=[f"agent {n % 2}" for n in range(count)], started_at=began), path)
    assert found(path) == [("calls.parquet", n, said(n)) for n in range(count)]
    assert len(list(Plan(path).units())) == 2
    last = [c for u in Plan(path).units() for _, c in calls(u, Options(), {}, lambda *_: None)][-1]
    assert isinstance(last, lc.Transcript)
    assert (last.id, last.metadata["agent"], str(last.started_at)) == (f"c{count - 1}", f"agent {(count - 1) % 2}", "2025-03-09 10:00:00")


def test_parquet_of_turns(tmp_path: Path) -> None:
    """A Parquet table with a row a turn is cut where the call changes, however the rows lie in the file."""
    path = tmp_path / "turns.parquet"
    count = 2 * CALLS_A_PIECE + 3
    rows = [{"call_id": f"c{n}", **turn} for n in range(count) for turn in turns(n)]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=50)
    assert found(path) == [("turns.parquet", n, said(n)) for n in range(count)]


def test_parquet_of_documents(tmp_path: Path) -> None:
    """A Parquet table may hold whole transcript files in a column, text or bytes."""
    path = tmp_path / "files.parquet"
    pq.write_table(
        pa.table({"id": ["x", "y"], "content": [b"Agent: Hi.\nCustomer: I am number 0.", json.dumps({"turns": turns(1)}).encode()]}), path
    )
    assert found(path) == [("files.parquet", 0, said(0)), ("files.parquet", 1, said(1))]


def test_rows_that_are_wrong(tmp_path: Path) -> None:
    """A row without turns, or with times that cannot be, costs its call; its error names the row."""
    path = tmp_path / "calls.parquet"
    bad = [None, [], [{"speaker": "agent", "role": None, "text": "x", "start": 5.0, "end": 1.0, "words": None}], [row(made(3))["turns"][0]]]
    pq.write_table(pa.table({"call_id": list("abcd"), "turns": pa.array(bad, call_schema().field("turns").type)}), path)
    got = found(path)
    assert [g[2] for g in got[:3]] == [
        "ReadError: its turns are null",
        "ReadError: it holds no turns",
        "ReadError: it ends at 1.0 s, before it starts at 5.0 s",
    ]
    assert got[3][2] == "Thanks for calling."


def made(number: int) -> lc.Transcript:
    return lc.Transcript.from_turns(
        [("agent", "Thanks for calling.", 0.5, 2.0, [["Thanks", 0.5, 1.0], ["for", 1.0, 1.5], ["calling.", 1.5, 2.0]]), ("customer", said(number), 2.5, 3.0)],
        id=f"c{number}",
    )  # fmt: skip


def test_words_and_times_survive(tmp_path: Path) -> None:
    """A transcript written as a row is the same when it is read, words and times included."""
    path = tmp_path / "calls.parquet"
    pq.write_table(pa.Table.from_pylist([row(made(1))], schema=call_schema()), path)
    back = next(c for u in Plan(path).units() for _, c in calls(u, Options(), {}, lambda *_: None))
    assert isinstance(back, lc.Transcript)
    assert back.turns == made(1).turns


def test_a_table_that_is_none(tmp_path: Path) -> None:
    """A Parquet file without what was said, or that is cut off, is one failure that says what it lacks."""
    pq.write_table(pa.table({"a": [1], "b": ["x"]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1" + bytes(50))
    got = [f[2] for f in found(tmp_path)]
    assert got[0] == "ReadError: no column holds the turns or the text; there are a, b"
    assert got[1].startswith("ReadError: the Parquet file cannot be read: ")


def test_in_memory() -> None:
    """Transcripts, text and tables in memory give their calls."""
    got = found([made(1), "Agent: Hello.\nCustomer: I am number 2.", b"Agent: Hello.\nCustomer: I am number 3."])
    assert [g[2] for g in got] == [said(1), said(2), said(3)]
    frame = pa.table({"call_id": ["a", "a", "b"], "speaker": ["agent", "customer", "agent"], "text": ["hi", said(4), said(5)]})
    assert [g[2] for g in found(frame)] == [said(4), said(5)]


def test_files_of_a_speaker_each_are_one_call(tmp_path: Path) -> None:
    """Files that hold one speaker each are one call, as reading takes them; those that hold both sides stay apart."""
    talk = [("agent", 0.0, 3.0, "Thanks for calling."), ("customer", 3.5, 6.0, "My bike broke."), ("agent", 7.0, 9.0, "I am sorry.")]
    for side in ("agent", "customer"):
        rows = [{"start": a, "end": b, "text": text} for who, a, b, text in talk if who == side]
        (tmp_path / f"c7_{side}.json").write_text(json.dumps(rows))
        (tmp_path / f"c8_{side}.json").write_text(json.dumps(turns(8)))
    assert found(tmp_path) == found(str(tmp_path / "*.json")) == [
        ("c7_agent.json", 0, "I am sorry."),
        ("c8_agent.json", 0, said(8)),
        ("c8_customer.json", 0, said(8)),
    ]  # fmt: skip
    unit = next(Plan(tmp_path).units())
    call = next(call for _, call in calls(unit, Options(), {}, lambda *_: None))
    assert (call.id, [t.speaker for t in call.turns]) == ("c7", ["agent", "customer", "agent"])
    (tmp_path / "c7_customer.json").write_text(json.dumps([{"start": 3.5, "end": 6.0, "text": "My boat broke."}]))
    assert next(Plan(tmp_path).units()).fingerprint != unit.fingerprint


def test_lines_that_are_turns_with_words_are_one_call(tmp_path: Path) -> None:
    """JSON Lines of turns are one call, though each line with its timed words would read as a call of its own."""
    path = tmp_path / "call.jsonl"
    words = [{"word": "hello", "start": 0.0, "end": 0.4}, {"word": "there", "start": 0.5, "end": 0.9}]
    rows = [{"speaker": side, "start": 0.0, "end": 0.9, "text": "hello there", "words": words} for side in ("agent", "customer")]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert found(path) == [("call.jsonl", 0, "hello there")]
