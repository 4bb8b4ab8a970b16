"""The folder of scores: parts that are whole or not there, what has been done already, and one run at a time.

A part is three Parquet files of one name, one for each table. They are written aside and renamed, ``calls`` last: a call
counts as done once its row stands in ``calls``. So the parts themselves say how far a run has come, and there is no record beside
them that could disagree.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NoReturn, Self

from .. import __version__
from ..bulk.sources import is_gone
from ..bulk.tables import Info, Options, arrow
from ..coach import Coach
from ..errors import OutputError
from ..private_files import make_private_folder, private_opener
from ..readers.walker import SCORES_FILE
from .schema import FAILED, SCHEMA_VERSION, TABLES

# In this order they are put in place; the last makes the part count.
_ORDER = ("moments", "action_points", "calls")
_LOCK = ".lock"
_ASIDE = ".aside"
_DAMAGED = ".damaged"


def scorer(coach: Coach, options: Options) -> dict[str, Any]:
    """What the scores of a coach depend on, and on how the sources are read, to tell whether two runs belong together."""
    return {
        "library": __version__,
        "rubric": coach.rubric.name,
        "rubric_version": coach.rubric.version,
        "rubric_digest": coach.rubric_digest,
        "behaviours_digest": coach.behaviours_digest,
        "roles": dict(sorted((options.roles or {}).items())),
        "input_format": options.format,
        "masking": coach.mask,
    }


@dataclass
class Index:
    """Which calls are done, 20 bytes a call: hashes of where each comes from, of its content, its part, and whether its metadata still holds."""

    places: Any
    contents: Any
    parts: Any
    failed: Any
    fresh: Any

    def find(self, source: str, call: int) -> int | None:
        """The row of a call, None where it is not done."""
        import numpy as np

        place = _place(source, call)
        at = int(np.searchsorted(self.places, place))
        return at if at < len(self.places) and self.places[at] == place else None


# The columns that tell what is done.
_INDEXED = ("source", "source_index", "fingerprint", "status", "call_id")
# Behind this sign a fingerprint tells the call's metadata: a plus where the call may be known by the name of its source.
_MARK = re.compile(r"[+*]")


def marked(content: str, info: Info | None, source: str, call_id: str | None, *, alone: bool) -> str:
    """The fingerprint of a call's content with the mark of its metadata."""
    return content if info is None else f"{content}{'+' if alone else '*'}{info.mark(source, call_id, alone=alone)}"


def is_alone(fingerprint: str) -> bool:
    """Whether a call may be known by the name of its source, as its fingerprint tells."""
    return "+" in fingerprint


def holds(fingerprint: str, info: Info, source: str, call_id: str | None) -> bool:
    """Whether the metadata is the same as when the call was scored."""
    content = _MARK.split(fingerprint, maxsplit=1)[0]
    if content == fingerprint:
        return not any(info.mark(source, call_id, alone=alone) for alone in (True, False))
    return marked(content, info, source, call_id, alone=is_alone(fingerprint)) == fingerprint


def _place(source: str, call: int) -> Any:
    return _hash(f"{source}\0{call}")


def _hash(text: str) -> Any:
    import numpy as np

    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big"))


class Scores:
    """A folder of scores that is being written; a context manager that holds the lock.

    Raises:
        OutputError: the folder cannot be written, is in use by another run, or holds something else.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.aside = self.folder / _ASIDE
        self.damaged: list[str] = []
        self._lock: IO[str] | None = None
        self._last = 0

    def __enter__(self) -> Self:
        if self.folder.exists() and not self.folder.is_dir():
            raise OutputError("it is a file, not a folder", where=str(self.folder), remedy="Name a folder; it is made where there is none.")
        try:
            make_private_folder(self.folder)
            if not (self.folder / SCORES_FILE).exists() and any(not _is_ours(p) for p in self.folder.iterdir()):
                raise OutputError(
                    "the folder holds other files", where=str(self.folder), remedy="Name a new folder, or one of earlier scores."
                )
            self._lock = _locked(self.folder / _LOCK)
            shutil.rmtree(self.aside, ignore_errors=True)
            self.aside.mkdir(exist_ok=True)
            self._settle()
        except OSError as error:
            self._unlock()
            failed(error, self.folder)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.aside, ignore_errors=True)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _settle(self) -> None:
        """Takes away what a run that was ended left half done, and sets aside what has been damaged since."""
        whole = {p.name for p in (self.folder / "calls").glob("*.parquet")}
        for name in _ORDER:
            for path in (self.folder / name).glob("*.parquet"):
                if path.name not in whole:
                    path.unlink()
        for name in sorted(whole):
            bad = [table for table in _ORDER if not _readable(self.folder / table / name)]
            if bad:
                # Its calls count as not done and are scored again.
                place = self.folder / _DAMAGED
                place.mkdir(exist_ok=True)
                for table in reversed(_ORDER):
                    with contextlib.suppress(FileNotFoundError):
                        (self.folder / table / name).replace(place / f"{table}-{name}")
                self.damaged.append(f"{bad[0]}/{name}")

    def begin(self, by: Mapping[str, Any], *, overwrite: bool = False) -> None:
        """Makes sure that the folder's scores are by the same rubric, behaviours and library, or that it is new.

        Raises:
            OutputError: they are not; with ``overwrite`` they are deleted instead.
        """
        path = self.folder / SCORES_FILE
        if path.exists() and not overwrite:
            there = manifest(self.folder)
            for key, what in (
                ("rubric_digest", "rubric"),
                ("behaviours_digest", "behaviours"),
                ("library", "version of the library"),
                ("roles", "roles of the speakers"),
                ("input_format", "input format"),
                ("masking", "masking"),
            ):
                if there["scored_by"].get(key) != by.get(key) and any(self.parts()):
                    before, now = (_told(d, key) for d in (there["scored_by"], by))
                    raise OutputError(
                        f"its calls were scored by another {what} ({before}) than this run's ({now})",
                        where=str(self.folder),
                        remedy="Write to another folder, use what was used then, or score all of them again with overwrite.",
                    )
        elif overwrite:
            for name in reversed(_ORDER):
                for part in (self.folder / name).glob("*.parquet"):
                    part.unlink()
        text = json.dumps({"what": "scores of listening_coach", "schema_version": SCHEMA_VERSION, "scored_by": dict(by)}, indent=2)
        self.write(SCORES_FILE, text + "\n")
        try:
            # After the file that says whose they are: a run that is ended in between leaves a folder that it knows again.
            for name in _ORDER:
                (self.folder / name).mkdir(exist_ok=True)
        except OSError as error:
            failed(error, self.folder)

    def write(self, name: str, text: str) -> None:
        """Writes a small file of the folder as a whole."""
        try:
            aside = self.aside / name
            with open(aside, "w", encoding="utf-8", newline="\n", opener=private_opener) as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(self.folder / name)
        except OSError as error:
            failed(error, self.folder)

    def parts(self) -> Iterator[Path]:
        """The files of ``calls``, in order."""
        yield from sorted((self.folder / "calls").glob("*.parquet"))

    def index(self, info: Info | None = None) -> tuple[Index, list[str]]:
        """What is done, and the names of the parts that it counts by; ``info`` is this run's metadata, None for what was there."""
        import numpy as np

        names = [p.name for p in self.parts()]
        places, contents, of, bad, fresh = [], [], [], [], []
        for number, name in enumerate(names):
            table = _read(self.folder / "calls" / name, _INDEXED)
            rows = list(zip(*(table.column(c).to_pylist() for c in _INDEXED), strict=True))
            places.append(np.array([_place(s, n) for s, n, *_ in rows], dtype=np.uint64))
            contents.append(np.array([_hash(_MARK.split(f or "", maxsplit=1)[0]) for _, _, f, _, _ in rows], dtype=np.uint64))
            bad.append(np.array([st == FAILED for _, _, _, st, _ in rows], dtype=bool))
            fresh.append(np.array([info is None or holds(f or "", info, s, c) for s, _, f, _, c in rows], dtype=bool))
            of.append(np.full(len(rows), number, dtype=np.uint32))
        joined = [
            np.concatenate(v) if v else np.array([], dtype=t)
            for v, t in ((places, np.uint64), (contents, np.uint64), (of, np.uint32), (bad, bool), (fresh, bool))
        ]
        order = np.argsort(joined[0], kind="stable")
        return Index(*(v[order] for v in joined)), names

    def keys(self) -> Iterator[tuple[str, int, str | None, str | None]]:
        """Source, number, id and fingerprint of each call that is done."""
        names = ("source", "source_index", "call_id", "fingerprint")
        for path in self.parts():
            table = _read(path, names)
            yield from zip(*(table.column(name).to_pylist() for name in names), strict=True)

    def commit(self, files: Mapping[str, str]) -> str:
        """Puts a part that stands aside in its place and returns its name; ``files`` holds the path of each table."""
        if not self._last:
            self._last = max((int(p.stem.rpartition("-")[2]) for p in (self.folder / "calls").glob("part-*.parquet")), default=0)
        self._last += 1
        name = f"part-{self._last:07d}.parquet"
        try:
            for table in _ORDER:
                os.replace(files[table], self.folder / table / name)
                _settled(self.folder / table)
        except OSError as error:
            failed(error, self.folder)
        return name

    def gone(self) -> dict[str, set[tuple[str, int]]]:
        """The calls whose sources are there no more, by the part in which their rows stand."""
        found: dict[str, set[tuple[str, int]]] = {}
        for path in self.parts():
            table = _read(path, ["source", "source_index"])
            sources, numbers = table.column("source").to_pylist(), table.column("source_index").to_pylist()
            missing = {source for source in set(sources) if is_gone(source)}
            if missing:
                found[path.name] = {(s, n) for s, n in zip(sources, numbers, strict=True) if s in missing}
        return found

    def drop(self, part: str, calls: Set[tuple[str, int]]) -> int:
        """Takes the rows of some calls, each by its source and number, out of a part. Returns how many calls it was."""
        pa = arrow()
        gone: list[bool] = []
        try:
            for table in _ORDER:
                path = self.folder / table / part
                rows = _read(path)
                keys = zip(rows.column("source").to_pylist(), rows.column("source_index").to_pylist(), strict=True)
                gone = [key in calls for key in keys]
                if any(gone):
                    aside = self.aside / f"rewritten-{table}-{part}"
                    write_table(rows.filter(pa.array([not g for g in gone], pa.bool_())), aside)
                    aside.replace(path)
                    _settled(path.parent)
        except OSError as error:
            failed(error, self.folder)
        return sum(gone)


def manifest(folder: Path) -> dict[str, Any]:
    """What the folder says of itself.

    Raises:
        OutputError: it is no folder of scores, or of a later version's.
    """
    path = folder / SCORES_FILE
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = str(found["schema_version"])
        dict(found["scored_by"])
    except FileNotFoundError:
        raise OutputError(
            "it is no folder of scores", where=str(folder), remedy=f"Name one that batch has written; it holds {SCORES_FILE}."
        ) from None
    except OSError as error:
        failed(error, path)
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(f"the file is damaged: {error}", where=str(path), remedy="Score into another folder.") from error
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise OutputError(
            f"its tables are of version {version}, and this library knows {SCHEMA_VERSION}",
            where=str(folder),
            remedy="Install a matching version.",
        )
    return found


def _told(by: Mapping[str, Any], key: str) -> str:
    if key == "rubric_digest":
        return f"{by.get('rubric')} version {by.get('rubric_version')}, digest {by.get(key)}"
    return str(by.get(key))


def failed(error: OSError, where: Path) -> NoReturn:
    """Raises what an error of the operating system means for the scores."""
    if isinstance(error, OutputError):
        raise error
    place = str(error.filename or where)
    remedy = "Name a folder that can be written to."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        remedy = "Make room and run the same again: it goes on where it was."
    elif error.errno == errno.EFBIG:
        remedy = "Raise the limit on the size of files and run the same again: it goes on where it was."
    raise OutputError(f"it cannot be written: {(error.strerror or str(error)).lower()}", where=place, remedy=remedy) from error


def _is_ours(path: Path) -> bool:
    """Whether what stands in a folder without the file of scores may be left by a run that was ended before it wrote that file."""
    if path.name.startswith("."):
        return True
    return path.name in _ORDER and path.is_dir() and all(p.name.startswith("part-") and p.suffix == ".parquet" for p in path.iterdir())


def _locked(path: Path) -> IO[str]:
    """The lock file, held until it is closed or the process ends, however it ends."""
    stream = path.open("a+", encoding="utf-8")
    try:
        _lock(stream)
    except OSError:
        stream.seek(0)
        holder = stream.read(200).strip()
        stream.close()
        raise OutputError(
            "another run writes to this folder" + (f" ({holder})" if holder else ""),
            where=str(path.parent),
            remedy="Wait until it is done, or write to another folder.",
        ) from None
    stream.seek(0)
    stream.truncate()
    stream.write(f"process {os.getpid()}\n")
    stream.flush()
    return stream


def _lock(stream: IO[str]) -> None:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # where fcntl is not, this is
    else:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def _readable(path: Path) -> bool:
    pa = arrow()
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            return bool(file.schema_arrow.names == [name.rstrip("*") for name, _, _ in TABLES[path.parent.name]])
    except (OSError, pa.ArrowException):
        return False


def _read(path: Path, columns: Sequence[str] | None = None) -> Any:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        return file.read(columns=None if columns is None else list(columns))


def write_table(table: Any, path: Path) -> None:
    """Writes a Parquet file that is on the disk when this returns."""
    import pyarrow.parquet

    with open(path, "wb", opener=private_opener) as stream:
        pyarrow.parquet.write_table(table, stream, compression="zstd")
        stream.flush()
        os.fsync(stream.fileno())


def _settled(folder: Path) -> None:
    """Makes the names in a folder survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass
class Progress:
    """What is known of earlier runs, and which calls of this one take the place of their rows."""

    scores: Scores
    retry_failed: bool = False
    info: Info | None = None
    changed: int = 0
    skipped: int = 0
    replaced: int = 0
    stale: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._index, self._names = self.scores.index(self.info)

    def wanted(self, source: str, first: int, last: int | None, fingerprint: str) -> frozenset[int] | None:
        """Which calls of a unit are done and the same; None where that is all of them. What changed is noted as stale."""
        mark = _hash(fingerprint)
        done: set[int] = set()
        stale: dict[int, int] = {}
        call = first
        while last is None or call < last:
            row = self._index.find(source, call)
            if row is None and last is None:
                break
            if row is not None:
                same = self._index.contents[row] == mark and self._index.fresh[row] and not (self.retry_failed and self._index.failed[row])
                if same:
                    done.add(call - first)
                else:
                    stale[call] = int(self._index.parts[row])
            call += 1
        if last is None and stale:
            # The file is read anew as a whole, whatever of it is the same.
            stale.update({first + n: int(self._index.parts[self._index.find(source, first + n)]) for n in done})
            done = set()
        for at, part in stale.items():
            self.stale.setdefault(source, []).append((self._names[part], at))
        self.changed += bool(stale)
        self.skipped += len(done)
        if done and (last is None or len(done) == last - first):
            return None
        return frozenset(done)

    def ended(self, source: str, calls: int) -> None:
        """Notes as stale the rows of calls that a source holds no more: those from that number on."""
        row = self._index.find(source, calls)
        while row is not None:
            self.stale.setdefault(source, []).append((self._names[int(self._index.parts[row])], calls))
            calls += 1
            row = self._index.find(source, calls)

    def settle(self, sources: Iterable[str]) -> None:
        """Takes the rows that are stale out of the parts they stand in, before those that replace them are put in."""
        by_part: dict[str, set[tuple[str, int]]] = {}
        for source in sources:
            for part, call in self.stale.pop(source, ()):
                by_part.setdefault(part, set()).add((source, call))
        for part, calls in by_part.items():
            self.replaced += self.scores.drop(part, calls)
