"""Where transcripts come from, and what is refused before any format is looked at."""

from __future__ import annotations

import io
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from listening_coach.errors import FormatUnknownError, ListeningCoachError, ReadError, SourceNotFoundError
from listening_coach.readers import read

TEXT = "Agent: Hello, “Café Noir”.\nCustomer: Hi – it’s me.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with and without a mark, UTF-16, UTF-32 and Windows-1252 are read alike."""
    text = TEXT if not encoding.endswith(("le", "be")) else TEXT.replace("“", '"').replace("”", '"').replace("’", "'").replace("–", "-")
    (tmp_path / "call.txt").write_bytes(text.encode(encoding))
    assert [f"{t.speaker}: {t.text}" for t in read(tmp_path / "call.txt").turns] == text.splitlines()


def test_kinds_of_source(tmp_path: Path) -> None:
    """A path, its string, an open file of bytes or text, bytes and the content itself give the same turns."""
    path = tmp_path / "call.txt"
    path.write_text(TEXT, encoding="utf-8")
    with path.open("rb") as raw, path.open(encoding="utf-8") as text:
        calls = [read(s) for s in (path, str(path), raw, text, TEXT.encode(), TEXT, io.BytesIO(TEXT.encode()), io.StringIO(TEXT))]
    assert {c.turns for c in calls} == {calls[0].turns}
    assert [c.id for c in calls] == ["call", "call", "call", "call", None, None, None, None]
    assert calls[0].metadata == {"format": "text", "source": str(path)}


def test_a_pipe(tmp_path: Path) -> None:
    """A pipe, such as a shell gives for <(command), is read once and whole; one that gives beyond measure is refused."""
    path = tmp_path / "call"
    os.mkfifo(path)
    with ThreadPoolExecutor() as other:
        written = other.submit(path.write_text, TEXT, encoding="utf-8")
        assert [t.text for t in read(path).turns] == ["Hello, “Café Noir”.", "Hi – it’s me."]
        assert written.result() == len(TEXT)
    with pytest.raises(ReadError, match=r"^/dev/zero: it gives more than 512 MB\. Write it to a file, one call a line\.$"):
        read("/dev/zero")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"  \n\t\n", "the file holds only blanks"),
        (b"\xef\xbb\xbf", "the file holds only blanks"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", r"it is a sound file \(WAV\), not text"),
        (b"%PDF-1.7 ...", "it is a PDF document"),
        (bytes(range(256)) * 20, "byte 0: it is binary, not text"),
        ("Agent: こんにちは、お元気ですか\nCustomer: はい\n".encode("shift-jis"), "line 1: the text is not UTF-8, UTF-16 or Windows-1252"),
        ("Агент: добрый день, чем помочь\n".encode("cp1251"), "line 1: the text is not UTF-8, UTF-16 or Windows-1252"),
        (b"Agent: hi\n" * 5 + "naïve".encode("utf-16-le"), "it is binary, not text"),
    ],
)
def test_refused(tmp_path: Path, data: bytes, message: str) -> None:
    """Empty, binary and undecodable files are refused by name, with a remedy."""
    path = tmp_path / "call.json"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=message) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert caught.value.remedy


def test_not_there(tmp_path: Path) -> None:
    """A missing file is a FileNotFoundError, a folder and a number are refused in words."""
    with pytest.raises(FileNotFoundError, match="there is no such file") as caught:
        read(tmp_path / "none.json")
    assert isinstance(caught.value, SourceNotFoundError)
    with pytest.raises(ReadError, match="it holds no files"):
        read(tmp_path)
    with pytest.raises(ReadError, match="a int cannot be read as a transcript"):
        read(7)


def test_suffix_promises_content_decides(tmp_path: Path) -> None:
    """Content wins over the suffix; where no format fits, the error says what the suffix promised."""
    path = tmp_path / "call.srt"
    path.write_text('[{"speaker": "a", "text": "x"}]')
    assert read(path).metadata["format"] == "json"
    path.write_text("hello world\n")
    unfit = r"line 1 does not fit it \('hello world'\), and no line of the content names a speaker \(it starts 'hello world'\)\."
    with pytest.raises(FormatUnknownError, match=rf"the suffix \.srt promises SubRip subtitles, but {unfit}"):
        read(path)
    lines = tmp_path / "call.stm"
    lines.write_text("c1 1 agent 0.0 2.0 Hello there\n\nnothing here\nnor here\nand nor here\n")
    with pytest.raises(FormatUnknownError, match=r"the suffix \.stm promises STM, but line 3 does not fit it \('nothing here'\), and"):
        read(lines)
    path.with_suffix(".txt").write_text("hello world\n")
    with pytest.raises(
        FormatUnknownError, match=r"the suffix \.txt promises Plain text with names, but no line of the content names a speaker"
    ):
        read(path.with_suffix(".txt"))


@pytest.mark.parametrize(
    ("format", "message"),
    [("nonsense", "there is no format 'nonsense'"), ("json", "the content is no JSON"), ("csv", "no column for the text")],
)
def test_format_named_wrongly(format: str, message: str) -> None:  # noqa: A002 - the contract's name
    """A format that is not, or that the content is not in, is said."""
    with pytest.raises(ReadError, match=message):
        read(TEXT, format=format)


def test_errors_cross_processes() -> None:
    """A read error survives pickling with its parts, for batches in several processes."""
    with pytest.raises(ListeningCoachError) as caught:
        read(b"")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (type(again), str(again), again.where) == (type(caught.value), str(caught.value), caught.value.where)


@pytest.mark.slow
def test_large_and_odd_content() -> None:
    """Ten thousand turns, a turn of a megabyte, markup, emoji and other scripts come through whole."""
    assert len(read("Agent: hi\nCustomer: ho\n" * 5000).turns) == 10_000
    long = "word " * 200_000
    assert read(f"Agent: {long}\nCustomer: ok\n").turns[0].text == long.strip()
    said = ["<b>bold</b> & <script>alert(1)</script>", "😀 Привет 你好 مرحبا"]
    assert [t.text for t in read(f"Agent: {said[0]}\nCustomer: {said[1]}\n").turns] == said
