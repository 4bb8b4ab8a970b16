"""Where a transcript comes from: paths, open files, bytes and strings, decoded and with a name for errors."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import os
import re
import weakref
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Any

import msgspec

from ..errors import ListeningCoachError, ReadError, SourceNotFoundError
from . import walker
from .walker import GROWTH_FREE_BYTES, MOST_GROWTH, WORD_DOCUMENT, WORKBOOK

# What detection looks at, and what a single document or line may take in memory.
HEAD_BYTES = 65_536
MAX_BYTES = 512 * 2**20
MAX_LINE = 64 * 2**20
# Text of a Western language in Windows-1252 has an accented letter now and then; other 8-bit encodings nothing else.
_MOST_HIGH_BYTES = 0.25
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = {
    b"%PDF": "a PDF document",
    b"RIFF": "a sound file (WAV)",
    b"ID3": "a sound file (MP3)",
    b"OggS": "a sound file (Ogg)",
    b"fLaC": "a sound file (FLAC)",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"\xff\xfb": "a sound file (MP3)",
    b"\xd0\xcf\x11\xe0": "an old Office document (.doc, .xls)",
    b"PAR1": "a Parquet table",
    b"ARROW1": "an Arrow table",
    b"SQLite format 3": "an SQLite database",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\xff\xf3": "a sound file (MP3)",
    b"\xff\xf2": "a sound file (MP3)",
    b"\xff\xf1": "a sound file (AAC)",
    b"#!AMR": "a sound file (AMR)",
    b"FORM": "a sound file (AIFF)",
    b".snd": "a sound file (AU)",
    b"caff": "a sound file (CAF)",
    b"\x30\x26\xb2\x75": "a sound or video file (WMA, WMV)",
    b"\x1a\x45\xdf\xa3": "a sound or video file (WebM, Matroska)",
    b"GIF8": "a picture (GIF)",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
}


_LONGEST_MARK = 64
# Marks that a text would not begin with.
_SURE_MARKS = (b"%PDF", b"#!AMR", b"SQLite format 3")


def _binary_kind(start: bytes) -> str | None:
    """What a file is that begins with these bytes, by its mark; None for what may be text, which may begin with the letters of a mark too."""
    if start[4:8] == b"ftyp":
        return "a sound or video file (MP4, M4A)"
    binary = any(byte < 9 or 13 < byte < 32 for byte in start)
    return next(
        (what for mark, what in _BINARY.items() if start.startswith(mark) and (binary or not mark.isascii() or mark in _SURE_MARKS)), None
    )


# The apostrophe of "it’s" as old Macs write it, and as Windows does.
_MAC_APOSTROPHE = re.compile(rb"[A-Za-z]\xd5[a-z]")
_WINDOWS_APOSTROPHE = re.compile(rb"[A-Za-z]\x92[a-z]")
# "[Jane Doe] 11:02" and "[00:12] Agent:" start with a bracket too.
_JSON_START = re.compile(r"\ufeff?\s*(?:\{\s*(?:[\"}]|$)|\[\s*(?:[\[{\"\]]|$))")


class Document:
    """One document to read, opened as often as needed and held in memory only where a parser asks for the whole of it."""

    def __init__(
        self, name: str, opener: Callable[[], IO[bytes]], *, path: str | None = None, beside: Callable[[str], Document | None] | None = None
    ) -> None:
        self.name = name
        self.path = path
        self.taken_for = ""
        # What detection found out and parsing needs again.
        self.found: dict[str, Any] = {}
        self._open = opener
        self._beside = beside

    def beside(self, name: str) -> Document | None:
        """The document of that name in the same folder or archive; None where there is none."""
        if self._beside is not None:
            return self._beside(name)
        path = None if self.path is None else Path(self.path).parent / name
        return Document(str(path), lambda: path.open("rb"), path=str(path)) if path is not None and path.is_file() else None

    def opened(self) -> IO[bytes]:
        """The document's bytes from the start, to be closed after use."""
        return self._opened()

    @property
    def where(self) -> str:
        """The name for errors, with the format that the document is taken for once that is known."""
        return f"{self.name} (read as {self.taken_for})" if self.taken_for else self.name

    @property
    def suffix(self) -> str:
        """The name's last suffix in small letters, without that of a compression."""
        return Path(self._bare_name).suffix.casefold()

    @property
    def stem(self) -> str | None:
        """The name without its suffix; None for a string or bytes."""
        return Path(self._bare_name).stem if self.path else None

    @property
    def _bare_name(self) -> str:
        name = (self.path or "").rsplit("::", 1)[-1]
        return name[:-3] if name.casefold().endswith(".gz") else name

    @cached_property
    def head(self) -> bytes:
        """The first bytes, for detection."""
        with self._opened() as stream:
            return stream.read(HEAD_BYTES)

    @cached_property
    def data(self) -> bytes:
        """All bytes.

        Raises:
            ReadError: there are more than one document may have.
        """
        with self._opened() as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise self.fail(
                f"it has more than {MAX_BYTES // 2**20} MB in one piece",
                remedy="Write one call a line (JSON Lines) or one call a file, and use read_many.",
                use=("read_many",),
            )
        return data

    @cached_property
    def encoding(self) -> str:
        """The encoding of the text.

        Raises:
            ReadError: the document is binary, or in an encoding that is not read.
        """
        return self._encoding_of(self.head if len(self.head) == HEAD_BYTES else self.data)

    @cached_property
    def text(self) -> str:
        """The whole text, line ends as newlines.

        Raises:
            ReadError: the document is binary, too large, or in an encoding that is not read.
        """
        encoding = self._encoding_of(self.data)
        try:
            text = self.data.decode(encoding)
        except UnicodeDecodeError as error:
            raise self._undecodable(encoding, self.data, error.start) from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def start_text(self) -> str:
        """The first part of the text, for detection; a character cut in two at its end is left out."""
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        return decoder.decode(self.head).replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def looks_json(self) -> bool:
        """Whether the text starts as JSON does."""
        return _JSON_START.match(self.start_text) is not None

    @cached_property
    def looks_json_lines(self) -> bool:
        """Whether the first line with text is a JSON value of its own and more follow."""
        if not self.looks_json:
            return False
        if self.suffix in (".jsonl", ".ndjson"):
            return True
        try:
            filled = list(islice((line for _, line in self.lines() if line.strip()), 2))
        except ReadError:
            # A line beyond measure is no line of JSON Lines.
            return False
        return len(filled) > 1 and filled[1].lstrip()[:1] in ("{", "[") and _is_json(filled[0])

    @cached_property
    def value(self) -> Any:
        """The parsed JSON; None where the text is none, or is JSON Lines.

        Raises:
            ReadError: the text starts as JSON and is broken.
        """
        if not self.looks_json or self.looks_json_lines:
            return None
        return self.parse_json(self.text)

    def parse_json(self, text: str, line: int | None = None) -> Any:
        """The value of a JSON text, NaN as None; ``line`` is the text's place in JSON Lines.

        Raises:
            ReadError: the text is broken; line and column are named.
        """
        try:
            # Three times faster, and stricter: what it refuses, the other reads or names the place of.
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            pass
        try:
            value = json.loads(text, parse_constant=_no_number)
        except json.JSONDecodeError as error:
            row = line if line is not None else error.lineno
            column = error.colno
            if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
                raise self.fail(
                    "the JSON ends in the middle", at=f"line {row}, column {column}", remedy="The file was cut off: fetch it again."
                ) from None
            raise self.fail(
                f"the JSON is broken: {error.msg}", at=f"line {row}, column {column}", remedy="Correct it there, or export it again."
            ) from None
        except (RecursionError, ValueError) as error:
            raise self.fail(
                f"the JSON cannot be read: {error}", at="" if line is None else f"line {line}", remedy="Export it again."
            ) from None
        return _without_surrogates(value) if "\\ud" in text or "\\uD" in text else value

    def lines(self) -> Iterator[tuple[int, str]]:
        """Number and text of each line, without its end, read as they are asked for.

        Raises:
            ReadError: a line is longer than memory should hold, or cannot be decoded.
        """
        encoding = self.encoding
        with self._opened() as raw, io.TextIOWrapper(raw, encoding=encoding, newline=None) as stream:
            number = 0
            while True:
                number += 1
                try:
                    line = stream.readline(MAX_LINE)
                except UnicodeDecodeError as error:
                    raise self.fail(
                        f"a byte that is not {encoding}: {error.object[error.start]:#04x}", at=f"line {number} or later", remedy=_CONVERT
                    ) from None
                if not line:
                    return
                if len(line) >= MAX_LINE and not line.endswith("\n"):
                    raise self.fail(f"the line has more than {MAX_LINE // 2**20} MB", at=f"line {number}", remedy="Write one call a line.")
                yield number, line.rstrip("\n")

    def fail(self, problem: str, *, at: str = "", remedy: str = "", use: tuple[str, ...] = ()) -> ReadError:
        """The error to raise for this document, with the place ``at`` within it."""
        return ReadError(problem, where=", ".join(p for p in (self.where, at) if p), remedy=remedy, use=use)

    def _opened(self) -> IO[bytes]:
        try:
            return self._open()
        except ListeningCoachError:
            raise
        except OSError as error:
            raise ReadError(
                f"it cannot be opened: {error.strerror or error}", where=self.name, remedy="Check the file and its permissions."
            ) from error

    def _encoding_of(self, data: bytes) -> str:
        if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
            raise self.fail(
                "the file is empty" if not data else "the file holds only blanks", remedy="Check the export: there is no transcript in it."
            )
        for bom, encoding in _BOMS:
            if data.startswith(bom):
                return encoding
        what = _binary_kind(data[:_LONGEST_MARK])
        if what is not None:
            raise self.fail(
                f"it is {what}, not text", remedy="Give the transcript that the service wrote of it, as text, JSON, CSV or subtitles."
            )
        sample = data[:HEAD_BYTES]
        if b"\x00" in sample:
            # UTF-16 without a mark: of Western text every second byte is nil.
            even, odd = sample[::2].count(0), sample[1::2].count(0)
            if odd > 0.4 * len(sample[1::2]) and not even:
                return "utf-16-le"
            if even > 0.4 * len(sample[::2]) and not odd:
                return "utf-16-be"
            raise self.fail(
                "it is binary, not text", at=f"byte {data.index(0)}", remedy="Give a transcript as text, JSON, CSV or subtitles."
            )
        try:
            codecs.getincrementaldecoder("utf-8")().decode(data)
        except UnicodeDecodeError as error:
            control = sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1b" for byte in sample)
            if control > 0.01 * len(sample):
                raise self.fail("it is binary, not text", remedy="Give a transcript as text, JSON, CSV or subtitles.") from None
            high = sum(byte > 127 for byte in sample)
            solid = sum(byte > 32 for byte in sample)
            try:
                data.decode("cp1252")
            except UnicodeDecodeError as inner:
                raise self._undecodable("cp1252", data, inner.start) from None
            if high > _MOST_HIGH_BYTES * solid:
                raise self._undecodable("utf-8", data, error.start) from None
            return "mac_roman" if _MAC_APOSTROPHE.search(data) and not _WINDOWS_APOSTROPHE.search(data) else "cp1252"
        return "utf-8"

    def _undecodable(self, encoding: str, data: bytes, position: int) -> ReadError:
        line = data.count(b"\n", 0, position) + 1
        known = "UTF-8, UTF-16 or Windows-1252" if encoding in ("utf-8", "cp1252") else encoding
        return self.fail(f"the text is not {known}: byte {data[position]:#04x} at position {position}", at=f"line {line}", remedy=_CONVERT)


_CONVERT = "Save it as UTF-8."


def _no_number(_: str) -> None:
    """NaN and Infinity, which some writers put for a number they lack."""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _without_surrogates(value: Any) -> Any:
    """The value with half characters, which no text may hold, replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(v) for v in value]
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    return value


def document(source: object) -> Document:
    """The one document that a path, an open file, bytes or a string of content stands for.

    Raises:
        SourceNotFoundError: there is no such file.
        ReadError: the source is of a kind that cannot be read, or holds several documents.
    """
    found = list(islice(documents(source), 2))
    if len(found) == 1:
        return found[0]
    where = found[0].where.split("::")[0] if found else str(source)[:200]
    if not found:
        raise ReadError("it holds no files", where=where, remedy="Put transcripts into it.")
    raise ReadError("it holds several files", where=where, remedy="Use read_many, which yields their calls one by one.", use=("read_many",))


def documents(source: object) -> Iterator[Document]:
    """The documents of a source one by one: a file, the files of an archive or a folder, each of several sources.

    Raises:
        SourceNotFoundError: there is no such file.
        ReadError: the source is of a kind that cannot be read, or an archive is broken or hostile.
    """
    if isinstance(source, Document):
        yield source
    elif isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        yield from _unpacked("<bytes>", lambda: io.BytesIO(data), None, len(data))
    elif isinstance(source, str) and is_content(source):
        content = source.encode("utf-8", "replace")
        yield Document("<text>", lambda: io.BytesIO(content))
    elif isinstance(source, str | os.PathLike):
        yield from _from_path(Path(os.fsdecode(source)))
    elif hasattr(source, "read"):
        yield from _from_file(source)
    elif isinstance(source, Iterable):
        for one in source:
            yield from documents(one)
    else:
        raise ReadError(
            f"a {type(source).__name__} cannot be read as a transcript",
            where="source",
            remedy="Pass a path, an open file, bytes, a string of content or a table; for turns in memory use Transcript.from_turns.",
        )


def is_content(source: str) -> bool:
    """Whether a string is a transcript itself: one with a line break, or that starts as JSON does, is no path."""
    return "\n" in source or (_JSON_START.match(source) is not None and not _exists(source))


def _exists(path: str) -> bool:
    try:
        return os.path.exists(path)
    except ValueError:
        return False


def _from_path(path: Path) -> Iterator[Document]:
    try:
        found, folder = path.exists(), path.is_dir()
    except (OSError, ValueError) as error:
        raise SourceNotFoundError(f"it is no path: {error}", where=repr(str(path)[:80]), remedy="Pass the path of a file.") from None
    if not found and walker.is_there(str(path)):
        for name in walker.files(str(path)):
            yield from _in_folder(name)
        return
    if not found:
        raise SourceNotFoundError(
            "there is no such file", where=str(path), remedy="Check the path; a transcript as a string needs a line break or JSON."
        )
    if not folder and not path.is_file():
        yield from _piped(path)
        return
    if not folder:
        yield from _unpacked(str(path), lambda: path.open("rb"), str(path), path.stat().st_size)
        return
    files = list(walker.files(str(path)))
    if not files:
        raise ReadError("it holds no files", where=str(path), remedy="Put transcripts into it.")
    for name in files:
        yield from _in_folder(name)


def _in_folder(name: str) -> Iterator[Document]:
    """The documents of a file of a folder; what is wrong with it does not keep the others from being read."""
    problem = walker.special_file(name)
    if problem is None and os.path.isdir(name):
        problem = ReadError("the folder cannot be opened", where=name, remedy="Check its permissions.")
    if problem is not None:
        yield _broken(name, problem)
        return
    if name.rpartition(os.sep)[2] == walker.CORPUS_FILE:
        path = Path(name)
        yield Document(name, lambda: path.open("rb"), path=name)
        return
    try:
        yield from _from_path(Path(name))
    except ReadError as error:
        yield _broken(name, error)


def _piped(path: Path) -> Iterator[Document]:
    """What a pipe gives, which can be read only once: ``/dev/stdin``, or what a shell puts for ``<(command)``."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ReadError(
            f"it cannot be opened: {error.strerror or error}", where=str(path), remedy="Check the file and its permissions."
        ) from error
    if len(data) > MAX_BYTES:
        raise ReadError(f"it gives more than {MAX_BYTES // 2**20} MB", where=str(path), remedy="Write it to a file, one call a line.")
    yield from _unpacked(str(path), lambda: io.BytesIO(data), str(path), len(data))


def _broken(name: str, error: ReadError) -> Document:
    def opener() -> IO[bytes]:
        raise error

    return Document(name, opener, path=name)


def _from_file(stream: Any) -> Iterator[Document]:
    name = getattr(stream, "name", None)
    path = name if isinstance(name, str) and not name.startswith("<") else None
    where = path or "<file>"
    try:
        if isinstance(stream.read(0), bytes) and stream.seekable():
            start = stream.tell()
            size = stream.seek(0, os.SEEK_END) - start
            content: Any = None
        else:
            content = stream.read()
    except (OSError, ValueError) as error:
        raise ReadError(f"the open file cannot be read: {error}", where=where, remedy="Open it anew, for reading.") from error
    if content is None:
        yield from _unpacked(where, lambda: io.BufferedReader(_Again(stream, start, size)), path, size)
        return
    data = content.encode("utf-8", "replace") if isinstance(content, str) else bytes(content)
    yield from _unpacked(where, lambda: io.BytesIO(data), path, len(data))


class _Again(io.RawIOBase):
    """Somebody's open file read from where it stood, and left open."""

    def __init__(self, stream: Any, start: int, size: int) -> None:
        self._stream = stream
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        self._stream.seek(self._start + self._at)
        data: bytes = self._stream.read(len(buffer))
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)


# ------------------------------------------------------------------------------------------------------------ archives


class _Unpacked(io.RawIOBase):
    """A packed stream whose faults are ours to name, and which may not grow beyond all measure."""

    def __init__(self, inner: IO[bytes], name: str, packed_bytes: int, archive: object = None) -> None:
        self._inner = inner
        # Held, so that what the stream reads from stays open for as long as the stream does.
        self._archive = archive
        self._name = name
        self._packed = packed_bytes
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except ListeningCoachError:
            raise
        except Exception as error:  # each way of packing has errors of its own
            raise ReadError(f"the archive is broken: {error}", where=self._name, remedy="Fetch it again.") from error
        self._total += len(data)
        if self._total > GROWTH_FREE_BYTES and self._total > MOST_GROWTH * self._packed:
            raise walker.too_large(self._name)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _gunzip(packed: IO[bytes], name: str, packed_bytes: int) -> IO[bytes]:
    stream: Any = gzip.GzipFile(fileobj=packed)
    return io.BufferedReader(_Unpacked(stream, name, packed_bytes))


def _unpacked(name: str, opener: Callable[[], IO[bytes]], path: str | None, size: int) -> Iterator[Document]:
    """A document, unpacked where it is an archive."""
    whole = Document(name, opener, path=path)
    if whole.head.startswith(b"\x1f\x8b"):
        inner = Document(name, lambda: _gunzip(opener(), name, size), path=path)
        if _is_zip(inner.head):
            raise ReadError("it is an archive in an archive", where=name, remedy="Unpack the outer one.")
        yield inner
    elif _is_zip(whole.head):
        archive = _Archive.of(whole, opener)
        if _is_office(archive.zip):
            yield whole
        else:
            yield from _members(name, archive)
    else:
        yield whole


def _is_office(archive: zipfile.ZipFile) -> bool:
    """Whether an archive is an Office document, which is read as a whole."""
    return not {WORKBOOK, WORD_DOCUMENT}.isdisjoint(archive.namelist())


def _is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


class _Archive:
    """A zip whose directory is read once, however many members it has; open until nobody holds a member of it any more."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(stream)
        # The stream is ours to close: a zip leaves open what it was handed.
        weakref.finalize(self, stream.close)

    @classmethod
    def of(cls, whole: Document, opener: Callable[[], IO[bytes]]) -> _Archive:
        """The archive in a document.

        Raises:
            ReadError: it is broken.
        """
        try:
            stream = opener()
            try:
                return cls(stream)
            except BaseException:
                stream.close()
                raise
        except ListeningCoachError:
            raise
        except Exception as error:  # a damaged directory shows in many errors
            raise whole.fail(f"the archive is broken: {error}", remedy="Fetch it again.") from error


def member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    where: str,
    *,
    holder: object = None,
    beside: Callable[[str], Document | None] | None = None,
) -> Document:
    """The document that a file of an archive is, unpacked where it is packed itself; named ``where`` in errors.

    One that is not to be opened is a document that says why when it is read. ``holder`` is kept for as long as the document is, or what is
    read from it.
    """

    def opened() -> IO[bytes]:
        try:
            return io.BufferedReader(_Unpacked(archive.open(info), where, info.compress_size, holder))
        except ListeningCoachError:
            raise
        except Exception as error:  # a damaged directory shows in many errors
            raise ReadError(f"the archive is broken: {error}", where=where, remedy="Fetch it again.") from error

    problem = walker.unsafe(info, where)
    if problem is not None:
        return _broken(where, problem)
    try:
        found = Document(where, opened, path=where, beside=beside)
        if found.head.startswith(b"\x1f\x8b"):
            return Document(where, lambda: _gunzip(opened(), where, info.compress_size), path=where, beside=beside)
        if _is_zip(found.head):
            data = found.data
            if not _is_office(_Archive.of(found, lambda: io.BytesIO(data)).zip):
                raise ReadError("it is an archive in an archive", where=where, remedy="Unpack the outer one.")
    except ReadError as error:
        # The other files of the archive are still to be read.
        return _broken(where, error)
    return found


def _members(name: str, archive: _Archive) -> Iterator[Document]:
    infos = [i for i in archive.zip.infolist() if not i.is_dir()]
    if not infos:
        raise ReadError("it holds no files", where=name, remedy="Put transcripts into it.")
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for info in infos:
        folder, _, bare = info.filename.rpartition("/")
        folders.setdefault(folder, {})[bare] = info
    for found in walker.members(archive.zip, name):

        def beside(
            wanted: str, siblings: Mapping[str, zipfile.ZipInfo] = folders[found.info.filename.rpartition("/")[0]]
        ) -> Document | None:
            there = siblings.get(wanted)
            return None if there is None else member(archive.zip, there, f"{name}::{there.filename}", holder=archive)

        yield member(archive.zip, found.info, f"{name}::{found.info.filename}", holder=archive, beside=beside)
