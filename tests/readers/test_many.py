"""Many calls: files of several, archives, folders, and sources one after the other."""

from __future__ import annotations

import gc
import gzip
import io
import json
import os
import random
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest

from listening_coach.errors import FormatUnknownError, ReadError
from listening_coach.readers import read, read_many
from listening_coach.readers.source import documents

TEXT = "Agent: Good day.\nCustomer: Hello.\n"


def _turns(call: str, *texts: str) -> dict[str, Any]:
    return {"id": call, "turns": [{"speaker": "agent", "text": t} for t in texts]}


@pytest.mark.parametrize(
    "document",
    [
        "".join(json.dumps(_turns(i, "a", "b")) + "\n" for i in ("c1", "c2")),
        json.dumps([_turns("c1", "a", "b"), _turns("c2", "a", "b")]),
        json.dumps({"calls": [_turns("c1", "a", "b"), _turns("c2", "a", "b")]}),
        json.dumps([{"call_id": i, "speaker": "agent", "text": t} for i in ("c1", "c2") for t in "ab"]),
        "".join(json.dumps({"conversation_id": i, "speaker": "agent", "text": t}) + "\n" for i in ("c1", "c2") for t in "ab"),
        "call_id,speaker,text\nc1,agent,a\nc1,agent,b\nc2,agent,a\nc2,agent,b\n",
        'call_id,transcript\nc1,"agent: a\nagent: b"\nc2,"agent: a\nagent: b"\n',
    ],
    ids=["json-lines", "json-list", "json-object", "json-records", "json-lines-of-turns", "csv-of-turns", "csv-of-calls"],
)
def test_several_in_a_file(tmp_path: Path, document: str) -> None:
    """A file of several calls yields each with its own id, and `read` says to use `read_many`."""
    path = tmp_path / "calls.txt"
    path.write_text(document)
    calls = list(read_many(path))
    assert [(c.id, [t.text for t in c.turns], c.metadata["source"]) for c in calls] == [(i, ["a", "b"], str(path)) for i in ("c1", "c2")]
    with pytest.raises(ReadError, match=r"it holds several calls\. Use read_many"):
        read(path)


def test_services_in_json_lines() -> None:
    """Each line may be any service's document."""
    amazon = {"Participants": [], "JobName": "j", "Transcript": [{"ParticipantRole": "AGENT", "Content": "Good day."}]}
    deepgram = {
        "metadata": {"request_id": "d"},
        "results": {"channels": [{"alternatives": [{"words": [{"word": "hello", "start": 0, "end": 1}]}]}]},
    }
    calls = list(read_many(json.dumps(amazon) + "\n" + json.dumps(deepgram) + "\n"))
    assert [(c.id, c.metadata["format"], c.turns[0].text) for c in calls] == [
        ("j", "amazon-call-analytics", "Good day."),
        ("d", "deepgram", "hello"),
    ]


def test_stream_of_events() -> None:
    """The events of a contact in real time are one call, and the next contact's another."""
    said = {"Id": "1", "ParticipantId": "AGENT", "ParticipantRole": "AGENT", "BeginOffsetMillis": 0, "EndOffsetMillis": 9}
    steps: list[tuple[str, list[dict[str, Any]] | None]] = [
        ("STARTED", None),
        ("SEGMENTS", [{"Utterance": {**said, "PartialContent": "Good"}}]),
        ("SEGMENTS", [{"Transcript": {**said, "Content": "Good day."}}]),
        ("COMPLETED", None),
    ]
    events = [
        {"Version": "1", "EventType": kind, "ContactId": contact, "Segments": segments}
        for contact in ("x", "y")
        for kind, segments in steps
    ]
    calls = list(read_many("".join(json.dumps(e) + "\n" for e in events)))
    assert [(c.id, [t.text for t in c.turns]) for c in calls] == [("x", ["Good day."]), ("y", ["Good day."])]


def test_a_bad_call_does_not_end_the_rest() -> None:
    """The call that cannot be read raises with its place; the calls behind it are still read."""
    lines = [
        json.dumps(_turns("c1", "a")),
        '{"id": "c2", "turns": [{"spea',
        '{"id": "c3", "turns": [{"speaker": "agent"}]}',
        json.dumps(_turns("c4", "a")),
    ]
    calls = read_many("\n".join(lines))
    assert next(calls).id == "c1"
    with pytest.raises(ReadError, match="line 2, column 25: the JSON ends in the middle"):
        next(calls)
    with pytest.raises(ReadError, match=r"line 3, \$\.turns\[0\]: no field holds the text; there are speaker"):
        next(calls)
    assert next(calls).id == "c4"
    with pytest.raises(StopIteration):
        next(calls)


def test_sources_one_after_the_other(tmp_path: Path) -> None:
    """A folder, a list of paths and an archive are read file by file, the missing and the broken named."""
    for name, text in (
        ("a.txt", TEXT),
        ("b.srt", "nothing\n"),
        ("sub/c.json", json.dumps(_turns("c", "x"))),
        (".hidden", "x"),
        ("d.txt.gz", ""),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text) if not name.endswith(".gz") else path.write_bytes(gzip.compress(TEXT.encode()))
    calls = read_many(tmp_path, roles={"Agent": "agent", "nobody": "customer"})
    assert next(calls).id == "a"
    with pytest.raises(FormatUnknownError, match=r"b\.srt"):
        next(calls)
    assert [c.id for c in calls] == ["d", "c"]
    assert [c.id for c in read_many([tmp_path / "a.txt", str(tmp_path / "d.txt.gz")])] == ["a", "d"]
    with pytest.raises(FileNotFoundError, match=r"none\.txt"):
        next(read_many([tmp_path / "none.txt"]))


def _zip(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def test_packed(tmp_path: Path) -> None:
    """What is packed reads as what is not: .gz, a .zip of one file, and many calls of a .zip, from path, bytes and open file."""
    plain = read(TEXT).turns
    (tmp_path / "call.txt.gz").write_bytes(gzip.compress(TEXT.encode("utf-16")))
    (tmp_path / "call.zip").write_bytes(_zip(("in/call.txt", TEXT.encode()), ("__MACOSX/._call.txt", b"\x00\x01")))
    assert read(tmp_path / "call.txt.gz").turns == plain
    assert read(tmp_path / "call.txt.gz").id == "call"
    assert read(tmp_path / "call.zip").turns == plain
    assert read(tmp_path / "call.zip").id == "call"
    assert read(gzip.compress(TEXT.encode())).turns == plain
    with (tmp_path / "call.zip").open("rb") as stream:
        assert read(stream).turns == plain
    two = _zip(
        ("a.txt", TEXT.encode()),
        ("b.jsonl.gz", gzip.compress((json.dumps(_turns("c1", "x")) + "\n" + json.dumps(_turns("c2", "x"))).encode())),
    )
    assert [c.id for c in read_many(two)] == ["a", "c1", "c2"]
    with pytest.raises(ReadError, match=r"it holds several files\. Use read_many"):
        read(two)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (gzip.compress(b"Agent: hi\n")[:-6], "the archive is broken"),
        (gzip.compress(b"Agent: aaaaaaa\n" * 10_000_000, 9), "it unpacks to more than 200 times its size"),
        (_zip(("a.txt", b"Agent: aaaaaa\n" * 10_000_000)), "it unpacks to more than 200 times its size"),
        (_zip(("a.txt", TEXT.encode()))[:60], "the archive is broken"),
        (_zip(("../a.txt", TEXT.encode())), r"::\.\./a\.txt: its path leaves the archive"),
        (_zip(("/etc/a.txt", TEXT.encode())), "its path leaves the archive"),
        (_zip(("C:\\a.txt", TEXT.encode())), "its path leaves the archive"),
        (_zip(("a.zip", _zip(("b.txt", TEXT.encode())))), "it is an archive in an archive"),
        (gzip.compress(_zip(("b.txt", TEXT.encode()))), "it is an archive in an archive"),
        (_zip(("word/document.xml", b"<w/>")), "the Word document is broken"),
        (_zip(), "it holds no files"),
    ],
    ids=["gz-cut", "gz-bomb", "zip-bomb", "zip-cut", "up", "root", "drive", "zip-in-zip", "zip-in-gz", "word", "empty"],
)
def test_packed_badly(data: bytes, message: str) -> None:
    """Broken and hostile archives are refused by name."""
    with pytest.raises(ReadError, match=message):
        list(read_many(data))
    with pytest.raises(ReadError, match=message):
        read(data)


def test_lying_archive() -> None:
    """An archive that says less of a member than it unpacks to is cut off or refused, and does not fill the memory."""
    data = bytearray(_zip(("a.txt", TEXT.encode() + b"Agent: aaaaaaa\n" * 4_000_000)))
    size = (len(TEXT) + 15 * 4_000_000).to_bytes(4, "little")
    assert size in data
    with pytest.raises(ReadError, match="the archive is broken"):
        read(bytes(data.replace(size, (40).to_bytes(4, "little"))))


class _Counted(io.BytesIO):
    """An open file that counts the bytes that are read from it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def _large_zip(members: int) -> _Counted:
    said = random.Random(members)
    texts = ("".join(f"Agent: number {said.random()}\nCustomer: {said.random()}\n" for _ in range(20)) for _ in range(members))
    return _Counted(_zip(*((f"calls/{n:06}.txt", text.encode()) for n, text in enumerate(texts))))


@pytest.mark.slow
def test_cost_of_an_archive_is_linear() -> None:
    """Twice the members cost twice the reading: the directory is not read again for each of them."""
    few, many = _large_zip(200), _large_zip(400)
    assert (len(list(read_many(few))), len(list(read_many(many)))) == (200, 400)
    assert many.count < 2.2 * few.count


def test_an_archive_is_read_as_it_is_asked_for() -> None:
    """The first call of an archive is there before the others are read."""
    archive = _large_zip(400)
    whole = len(archive.getvalue())
    assert next(read_many(archive)).id == "000000"
    assert archive.count < whole / 2


def test_an_archive_is_closed(tmp_path: Path) -> None:
    """The file of an archive stays open while one of its members is held or read, and no longer."""
    path = tmp_path / "calls.zip"
    path.write_bytes(_large_zip(5).getvalue())

    def is_open() -> bool:
        gc.collect()
        return str(path) in {file.path for file in psutil.Process().open_files()}

    found = list(documents(path))
    assert [d.text.count("Agent") for d in reversed(found)] == [20] * 5
    stream = found[2].opened()
    assert is_open()
    del found
    assert stream.read().count(b"Agent") == 20
    stream.close()
    del stream
    assert not is_open()
    assert len(list(read_many(path))) == 5
    assert not is_open()


def test_files_of_one_name_in_an_archive() -> None:
    """Two members of one name, as tools that append write them, are both read, each by its own content."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = _zip(("a.txt", TEXT.encode()), ("a.txt", TEXT.replace("Good", "Bad").encode()))
    assert [c.turns[0].text for c in read_many(data)] == ["Good day.", "Bad day."]


def test_a_bad_file_of_an_archive_does_not_end_the_rest() -> None:
    """An archive in the archive, and a member that would unpack beyond all measure, raise in their place; those behind them are read."""
    inner = _zip(("b.txt", TEXT.encode()))
    calls = read_many(_zip(("a.zip", inner), ("b.txt", b"Agent: aaaaaa\n" * 10_000_000), ("c.txt", TEXT.encode())))
    with pytest.raises(ReadError, match=r"^<bytes>::a\.zip: it is an archive in an archive\. Unpack the outer one\.$"):
        next(calls)
    with pytest.raises(ReadError, match=r"^<bytes>::b\.txt: it unpacks to more than 200 times its size"):
        next(calls)
    assert [c.id for c in calls] == ["c"]


def test_a_line_beyond_measure(tmp_path: Path) -> None:
    """A line that never ends is refused before it is in memory."""
    path = tmp_path / "calls.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"id": "c1", "text": "')
        # A hole in the file: two thousand million bytes that need no room on the disk.
        stream.seek(2 * 10**9, os.SEEK_CUR)
        stream.write(b'"}\n')
    tracemalloc.start()
    with pytest.raises(ReadError):
        list(read_many(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 700 * 2**20


@pytest.mark.slow
def test_constant_memory(tmp_path: Path) -> None:
    """Reading a file of many calls takes the memory of one."""
    path = tmp_path / "calls.jsonl"
    with path.open("w") as stream:
        for n in range(300):
            stream.write(json.dumps(_turns(f"c{n}", *["some words that were said"] * 200)) + "\n")
    assert path.stat().st_size > 3_000_000
    tracemalloc.start()
    assert sum(len(c.turns) for c in read_many(path)) == 60_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_500_000


def _corpus(folder: Path, *, speaker: str = "speaker") -> None:
    folder.mkdir()
    utterances = [
        {"id": "u1", "conversation_id": "u1", "text": "Hello?", speaker: "bo", "meta": {}, "reply-to": None, "timestamp": 100.0},
        {"id": "v1", "conversation_id": "v1", "text": "Anyone?", speaker: "mo", "meta": {}, "reply-to": None, "timestamp": None},
        {"id": "u3", "conversation_id": "u1", "text": "Late.", speaker: "bo", "meta": {}, "reply-to": "u2", "timestamp": 109.5},
        {"id": "u2", "conversation_id": "u1", "text": "Good day.", speaker: "ines", "meta": {}, "reply-to": "u1", "timestamp": 104.0},
    ]
    (folder / "utterances.jsonl").write_text("".join(json.dumps(u) + "\n" for u in utterances))
    (folder / "speakers.json").write_text(
        json.dumps({"bo": {"meta": {"role": "customer"}}, "ines": {"meta": {"role": "agent"}}, "mo": {"meta": {}}})
    )
    (folder / "conversations.json").write_text(
        json.dumps({"u1": {"meta": {"topic": "parcel"}, "vectors": []}, "v1": {"meta": {}, "vectors": []}})
    )
    (folder / "corpus.json").write_text("{}")
    (folder / "index.json").write_text("{}")


@pytest.mark.parametrize("packed", [False, True])
def test_convokit(tmp_path: Path, packed: bool) -> None:
    """A corpus yields its conversations, in time's order, with roles and what is known of each; packed as well."""
    folder = tmp_path / "corpus"
    _corpus(folder)
    source: Any = folder if not packed else _zip(*((f"corpus/{p.name}", p.read_bytes()) for p in sorted(folder.iterdir())))
    first, second = read_many(source)
    assert [(t.id, t.speaker, str(t.role), t.text, t.start) for t in first.turns] == [
        ("u1", "bo", "customer", "Hello?", 0.0),
        ("u2", "ines", "agent", "Good day.", 4.0),
        ("u3", "bo", "customer", "Late.", 9.5),
    ]
    assert (first.id, first.metadata["format"], first.metadata["meta"]) == ("u1", "convokit", {"topic": "parcel"})
    assert (second.id, [t.start for t in second.turns]) == ("v1", [None])


def test_convokit_broken(tmp_path: Path) -> None:
    """An utterance without its conversation is named by its line."""
    folder = tmp_path / "corpus"
    _corpus(folder)
    with (folder / "utterances.jsonl").open("a") as stream:
        stream.write('{"id": "w", "text": "x", "speaker": "bo", "meta": {}}\n')
    with pytest.raises(ReadError, match="line 5: it lacks the required field `conversation_id`"):
        next(read_many(folder))
