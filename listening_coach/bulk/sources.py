"""Where calls come from: files, folders, patterns, archives, JSON Lines, tables of turns and calls in memory, cut into units.

A unit is small enough to send to a worker and holds one call or a few: a file, a line, a member of an archive, some rows of a table.
The parent only enumerates and cuts; the worker reads. Nothing holds more than a folder's names at a time.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

from ..errors import ListeningCoachError, ReadError
from ..readers.source import Document, document, is_content, member
from ..readers.walker import CORPUS_FILE, WORD_DOCUMENT, WORKBOOK, files, members, special_file
from ..transcript import Transcript
from . import tables
from .failure import Failure
from .pool import Known, Tick
from .tables import Options

# A larger file is read by the parent, call by call, so that no worker holds it whole and all have their part of it.
_WHOLE_BYTES = 32 * 2**20
# A call, or what is wrong with it.
Found = Transcript | ListeningCoachError | Failure
_LINES = (".jsonl", ".ndjson")
_PARQUET = (".parquet", ".pq")
# How many lines at the start may be broken before a file counts as no list of calls.
_TRIED_LINES = 20


@dataclass(frozen=True, slots=True)
class Unit:
    """Some calls of one source.

    ``source`` is the file or what stands for it, ``first`` the number of the unit's first call within it, from 0. ``size`` is in
    bytes. ``fingerprint`` changes when the source's content does. ``content`` is what the worker opens. ``several`` tells
    that it may hold more than one call, ``calls`` how many where that is known; ``skip`` are numbers of calls, from the unit's first, that are
    not wanted. ``whole`` tells that the unit is all there is in its source. ``label`` is what to call it where it has no file.
    """

    source: str
    first: int
    fingerprint: str
    size: int
    content: Content
    several: bool = False
    calls: int | None = 1
    skip: frozenset[int] = frozenset()
    whole: bool = False
    label: str = ""

    @property
    def stem(self) -> str:
        """The source's bare name."""
        if self.label:
            return self.label
        return Path(self.source.rpartition("::")[2] or self.source).name.split(".")[0] or "call"

    def call_id(self, call: int) -> str:
        """The id of the unit's n-th call where its source gives none."""
        number = self.first + call
        return self.stem if self.whole and not number else f"{self.stem}-{number + 1}"

    def is_alone(self, call: int) -> bool:
        """Whether the unit's n-th call may be known by the name of its source, as its only or its first call."""
        return self.whole and not self.first and not call

    def name(self, call: int) -> str:
        """What to call the unit's n-th call in messages."""
        if self.label:
            return self.label
        return self.source if self.whole and not call else f"{self.source}, call {self.first + call + 1}"


class Content:
    """What a unit holds, ready to be sent to a worker and opened there."""

    __slots__ = ()

    def open(self, options: Options) -> Iterator[Found]:
        """The calls, each read or as the error of its own.

        Raises:
            ListeningCoachError: it cannot be read, or not any further.
        """
        raise NotImplementedError

    def after(self, call: int) -> Content | None:
        """What holds the calls behind the n-th, where they can be had without reading that one; else None."""
        return None


@dataclass(frozen=True, slots=True)
class Whole(Content):
    """All that ``read_many`` finds in a path, bytes or a string."""

    given: Any

    def open(self, options: Options) -> Iterator[Found]:
        """The calls of the file."""
        return _read(self.given, options)


@dataclass(frozen=True, slots=True)
class Together(Content):
    """Files that hold one speaker each of the same call."""

    paths: tuple[str, ...]

    def open(self, options: Options) -> Iterator[Found]:
        """The call."""
        from ..readers import finish, format_named, one_per_speaker

        docs = [document(path) for path in self.paths]
        row = None if options.format is None else format_named(options.format)
        name, call = one_per_speaker.together(docs, row)
        yield finish(call, name, docs[0], roles=options.roles, alone=True)


@dataclass(frozen=True, slots=True)
class Line(Content):
    """One line of JSON Lines that is a call."""

    path: str
    number: int
    text: str

    def open(self, options: Options) -> Iterator[Found]:
        """The call of the line."""
        data = self.text.encode("utf-8", "replace")
        return _read(Document(f"{self.path}, line {self.number}", lambda: io.BytesIO(data)), options)


@dataclass(frozen=True, slots=True)
class Member(Content):
    """One file of an archive: the archive and its mark, the file's number in its directory, its name and the checksum of what it holds."""

    archive: str
    mark: str
    number: int
    filename: str
    checksum: int

    def open(self, options: Options) -> Iterator[Found]:
        """The calls of the file."""
        where = f"{self.archive}::{self.filename}"
        try:
            archive = _archive(self.archive, self.mark)
            infos = archive.infolist()
            info = infos[self.number] if self.number < len(infos) else None
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise ReadError(f"the archive is broken: {error}", where=where, remedy="Fetch it again.") from error
        if info is None or (info.filename, info.CRC) != (self.filename, self.checksum):
            raise ReadError("the archive was changed while it was read", where=where, remedy="Run it again.")
        return _read(member(archive, info, where), options)


@dataclass(frozen=True, slots=True)
class Rows(Content):
    """Some rows of a table of calls or turns, as an Arrow stream."""

    data: bytes
    nested: bool
    where: str
    first: int

    def open(self, options: Options) -> Iterator[Found]:
        """The calls of the rows."""
        batch = tables.unpacked(self.data)
        if self.nested:
            return tables.transcripts(batch, options, where=self.where, first=self.first)
        return _read(batch, options)

    def after(self, call: int) -> Content | None:
        """The rows of the calls behind that one."""
        rest = tables.behind(tables.unpacked(self.data), call, nested=self.nested)
        return None if rest is None else replace(self, data=tables.packed(rest), first=self.first + call + 1)


@dataclass(frozen=True, slots=True)
class Ready(Content):
    """Calls in memory."""

    found: tuple[Transcript | ListeningCoachError, ...]

    def open(self, options: Options) -> Iterator[Found]:
        """The calls themselves."""
        return iter(self.found)


@lru_cache(maxsize=2)
def _archive(path: str, _mark: str) -> zipfile.ZipFile:
    # Opened once a worker: reading the directory of a large archive again for each file would take longer than the reviews. The mark
    # tells the archive from another that has taken its place since.
    return zipfile.ZipFile(path)


def _read(given: Any, options: Options) -> Iterator[Transcript | ListeningCoachError]:
    """The calls of a source, an error in the place of one that cannot be read."""
    from ..readers import read_many

    found = read_many(given, format=options.format, roles=options.roles)
    while True:
        try:
            yield next(found)
        except StopIteration:
            return
        except ListeningCoachError as error:
            yield error


def calls(unit: Unit, options: Options, known: Known, tick: Tick) -> Iterator[tuple[int, Transcript | Failure]]:
    """Number and transcript of each call of a unit, or the failure in its place; never raises for what is in the source."""
    n = begins = 0
    content = unit.content
    reading: Iterator[Found] | None = None
    while True:
        blame = known.get(n)
        found: Found | None = None
        failure: Failure | None = None
        if blame is not None and blame.stage == "read":
            failure = blame.failure
        else:
            tick(n, "read")
            try:
                reading = content.open(options) if reading is None else reading
                found = next(reading, None)
            except Exception as error:
                failure = Failure.of(error, unit.name(n))
        if failure is not None:
            rest = content.after(n - begins)
            if rest is None and n and unit.calls is None:
                failure = replace(failure, error=f"{failure.error}; what stands behind it there could not be read either")
            if n not in unit.skip:
                yield n, failure
            if rest is None:
                return
            n += 1
            content, begins, reading = rest, n, None
            continue
        if found is None:
            if not n:
                name = unit.name(0)
                yield 0, Failure(name, "it holds no calls", name, "Check the export: there is no transcript in it.", "ReadError")
            return
        if n in unit.skip:
            pass
        elif isinstance(found, Exception):
            yield n, Failure.of(found, unit.name(n))
        elif blame is not None and isinstance(found, Transcript):
            yield n, replace(blame.failure, call_id=found.id)
        elif options.info is not None and isinstance(found, Transcript):
            named = found if found.id is not None else replace(found, id=unit.call_id(n))
            yield n, options.info.applied(named, unit.source, alone=unit.is_alone(n))
        else:
            yield n, found
        n += 1
        if not unit.several:
            return


# --- enumerating ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Plan:
    """The units of some sources, in a fixed order: as given, folders by name.

    ``wanted`` says which calls of a source are to be done: it is given the source, the numbers of the first and of the
    call after the last (None where that is not known), and the fingerprint, and returns those to skip, or None to leave
    the unit out. ``ended`` is told of a source that has been gone through how many calls it holds, where these are known by their
    numbers. With ``once`` a file that several sources name, as a folder and a file in it do, is taken once.
    ``left_bytes`` grows by the size of units that are left out.
    """

    sources: Any
    options: Options = field(default_factory=Options)
    wanted: Callable[[str, int, int | None, str], frozenset[int] | None] | None = None
    ended: Callable[[str, int], None] | None = None
    once: bool = False
    left_bytes: int = 0

    def total_bytes(self) -> int:
        """The size of all files, for a progress bar; sources in memory count nothing."""
        total = 0
        for given in _given(self.sources):
            if _is_path(given):
                for path in files(os.fsdecode(given)):
                    try:
                        total += os.path.getsize(path)
                    except OSError:
                        continue
        return total

    def units(self) -> Iterator[Unit]:
        """The units that are wanted."""
        seen: set[str] = set()
        memory = 0
        for given in _given(self.sources):
            found = self._paths(os.fsdecode(given), seen) if _is_path(given) else _in_memory(given, memory, self.options)
            for unit in found if self.ended is None else _told(found, self.ended):
                if unit.label:
                    memory += 1
                    if self.once:
                        if unit.source in seen:
                            continue
                        seen.add(unit.source)
                if self.wanted is None:
                    yield unit
                    continue
                last = None if unit.calls is None else unit.first + unit.calls
                skip = self.wanted(unit.source, unit.first, last, unit.fingerprint)
                if skip is None:
                    self.left_bytes += unit.size
                else:
                    yield replace(unit, skip=skip) if skip else unit

    def _paths(self, given: str, seen: set[str]) -> Iterator[Unit]:
        from ..readers import one_per_speaker

        nothing = True
        found = files(given)
        groups = one_per_speaker.grouped_paths(found) if one_per_speaker.is_folder(given) else ((path,) for path in found)
        for group in groups:
            nothing = False
            # The same file through a link is the same source.
            places = [os.path.realpath(path) if os.path.exists(path) else os.path.abspath(path) for path in group]
            if self.once:
                places = [place for place in places if place not in seen]
                seen.update(places)
            if len(places) > 1:
                yield _together(places)
            elif places:
                yield from _file(places[0], self.options)
        if nothing:
            folder = os.path.isdir(given)
            error = ReadError(
                "there are no files in it" if folder else "no file matches",
                where=given,
                remedy="Name a folder, a file or a pattern with files.",
            )
            yield Unit(os.path.abspath(given), 0, "", 0, Ready((error,)), whole=True)


def _told(units: Iterator[Unit], ended: Callable[[str, int], None]) -> Iterator[Unit]:
    """The units; ``ended`` is told of each source that ends, unless it may be an error that ends it, and how many calls it holds."""
    last: Unit | None = None
    for unit in units:
        if last is not None and last.source != unit.source:
            _tell(last, ended)
        last = unit
        yield unit
    if last is not None:
        _tell(last, ended)


def _tell(last: Unit, ended: Callable[[str, int], None]) -> None:
    broken = isinstance(last.content, Ready) and any(isinstance(found, Exception) for found in last.content.found)
    if last.calls is not None and not last.label and not broken:
        ended(last.source, last.first + last.calls)


# What stands for the path of calls that were given in memory.
MEMORY = "<memory>"


def _given(sources: Any) -> Iterator[Any]:
    """The sources one by one; a single one may be given as it is."""
    single = isinstance(sources, str | os.PathLike | bytes | bytearray | memoryview | Transcript) or hasattr(sources, "read")
    if single or not isinstance(sources, Iterable) or isinstance(sources, Mapping) or tables.is_table(sources):
        yield sources
    else:
        yield from sources


def _is_path(given: Any) -> bool:
    return isinstance(given, os.PathLike) or (isinstance(given, str) and not is_content(given))


def _file(path: str, options: Options) -> Iterator[Unit]:
    try:
        stat = os.stat(path)
    except (OSError, ValueError):
        # Reading it says what is wrong with it.
        yield Unit(path, 0, "", 0, Whole(path), whole=True)
        return
    special = special_file(path)
    if special is not None:
        yield Unit(path, 0, "", 0, Ready((special,)), whole=True)
        return
    mark = _mark(path, stat)
    whole = Unit(path, 0, mark, stat.st_size, Whole(path), several=True, calls=None, whole=True)
    bare = path[:-3] if path.endswith(".gz") else path
    suffix = os.path.splitext(bare)[1].casefold()
    try:
        if os.path.isdir(path) or (os.path.basename(path) == CORPUS_FILE and stat.st_size <= _WHOLE_BYTES):
            yield whole
        elif suffix in _PARQUET:
            yield from _parquet(path, mark, stat.st_size)
        elif suffix == ".zip" or _starts(path, b"PK\x03\x04"):
            yield from _zip(path, mark, stat.st_size, whole)
        elif suffix in _LINES or (stat.st_size > _WHOLE_BYTES and document(path).looks_json_lines):
            yield from _lines(path, mark, stat.st_size, whole, options)
        elif stat.st_size > _WHOLE_BYTES:
            yield from _streamed(path, mark, stat.st_size, options)
        else:
            yield whole
    except ListeningCoachError as error:
        yield Unit(path, 0, mark, stat.st_size, Ready((error,)), whole=True)


def _together(paths: list[str]) -> Unit:
    """The one call of files that hold one speaker each, which is known by the first of them and changes with any."""
    try:
        found = [os.stat(path) for path in paths]
    except OSError:
        found = []  # reading them says what is wrong
    marks = "".join(_mark(path, stat) for path, stat in zip(paths, found, strict=False))
    digest = hashlib.blake2b(marks.encode(), digest_size=16).hexdigest()
    return Unit(paths[0], 0, digest, sum(stat.st_size for stat in found), Together(tuple(paths)), whole=True)


def _mark(path: str, stat: os.stat_result) -> str:
    """What changes when a file's content does, whatever its size and date say; of a folder, when it last changed."""
    if not S_ISREG(stat.st_mode):
        return f"{stat.st_size}-{stat.st_mtime_ns}"
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, _blake).hexdigest()
    except OSError:
        return ""  # reading it says what is wrong with it


def _blake() -> Any:
    return hashlib.blake2b(digest_size=16)


def is_gone(source: str) -> bool:
    """Whether the file that a call came from, or the archive, is there no more, or the archive holds the file no more."""
    path, inside, name = source.partition("::")
    if path.startswith(MEMORY):
        return False
    if not os.path.lexists(path):
        return True
    return bool(inside) and os.path.isfile(path) and not _holds(path, name)


def _holds(path: str, name: str) -> bool:
    there = os.stat(path)
    names = _names_in(path, f"{there.st_ino}-{there.st_size}-{there.st_mtime_ns}")
    # The second file of a name has its number behind it.
    return names is None or name in names or name.rpartition(" (")[0] in names


@lru_cache(maxsize=4)
def _names_in(path: str, _mark: str) -> frozenset[str] | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except Exception:
        return None  # what cannot be opened is not known to be gone


def _starts(path: str, magic: bytes) -> bool:
    try:
        with open(path, "rb") as stream:
            return stream.read(len(magic)) == magic
    except OSError:
        return False


def _lines(path: str, mark: str, size: int, whole: Unit, options: Options) -> Iterator[Unit]:
    """A unit a line where a line is a call; else the file as it is."""
    whole_file = document(path)
    if not _line_is_call(whole_file, path, options):
        yield from (whole,) if size <= _WHOLE_BYTES else _streamed(path, mark, size, options)
        return
    n = 0
    try:
        for number, line in whole_file.lines():
            if line.strip():
                digest = hashlib.blake2b(line.encode("utf-8", "replace"), digest_size=12).hexdigest()
                yield Unit(path, n, digest, len(line), Line(path, number, line))
                n += 1
    except ListeningCoachError as error:
        yield Unit(path, n, mark, 0, Ready((error,)))


def _line_is_call(lines: Document, path: str, options: Options) -> bool:
    """Whether one of the first lines reads as a call, where the lines are not turns of one."""
    from ..readers import are_turns_of_a_call

    if options.format is None and are_turns_of_a_call(lines):
        return False
    tried = 0
    for number, line in lines.lines():
        if not line.strip():
            continue
        try:
            if any(isinstance(found, Transcript) for found in Line(path, number, line).open(options)):
                return True
        except ListeningCoachError:
            pass
        tried += 1
        if tried >= _TRIED_LINES:
            break
    return False


def _streamed(path: str, mark: str, size: int, options: Options) -> Iterator[Unit]:
    """The calls of a large file, read here one by one."""
    n = 0
    try:
        for n, found in enumerate(_read(path, options)):
            # The size is spread over as many calls as there may be, by what each takes.
            share = sum(len(t.text) for t in found.turns) if isinstance(found, Transcript) else 0
            yield Unit(path, n, mark, min(share, size), Ready((found,)))
    except ListeningCoachError as error:
        yield Unit(path, n + 1 if n else 0, mark, 0, Ready((error,)))


def _zip(path: str, mark: str, size: int, whole: Unit) -> Iterator[Unit]:
    """A unit a file of the archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            packed = sum(info.compress_size for info in archive.infolist()) or 1
            found = list(members(archive, path))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield whole  # reading it says what is wrong with it
        return
    if names & {WORKBOOK, WORD_DOCUMENT} or any(n.rpartition("/")[2] == CORPUS_FILE for n in names):
        yield whole
        return
    for number, info, place, problem in found:
        content: Content = Ready((problem,)) if problem is not None else Member(path, mark, number, info.filename, info.CRC)
        content_mark = f"{info.CRC:08x}-{info.file_size}"
        yield Unit(place, 0, content_mark, size * info.compress_size // packed, content, several=True, calls=None, whole=True)


def _parquet(path: str, mark: str, size: int) -> Iterator[Unit]:
    """A unit for each few calls of a table of calls or turns."""
    rows = 0
    for piece in tables.pieces(path):
        rows += piece.rows
        share = size * piece.rows // max(piece.of_rows, 1)
        yield Unit(path, piece.first, mark, share, Rows(piece.data, piece.nested, path, piece.first), several=True, calls=piece.calls)


def _in_memory(given: Any, first: int, options: Options) -> Iterator[Unit]:
    """Calls that were given as they are, or in a form that cannot be sent to a worker unread."""
    if isinstance(given, Transcript):
        yield _ready(given, first)
        return
    n = first
    try:
        for n, found in enumerate(_read(given, options), first):
            yield _ready(found, n)
    except ListeningCoachError as error:
        yield _ready(error, n + 1 if n > first else first)


def _ready(found: Transcript | ListeningCoachError, number: int) -> Unit:
    # What has no place is known by its content.
    text = repr((found.id, found.started_at, found.turns)) if isinstance(found, Transcript) else str(found)
    mark = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
    name = (found.id if isinstance(found, Transcript) else None) or f"call {number + 1} of those in memory"
    return Unit(f"{MEMORY}:{mark}", 0, mark, 0, Ready((found,)), whole=True, label=name)
