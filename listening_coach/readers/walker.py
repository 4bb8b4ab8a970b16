"""The one walker of sources: which files a path stands for, and which members of an archive may be read.

Reading and batches both use it, so that both see the same files in the same order under the same safety checks.
"""

from __future__ import annotations

import glob
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

from ..errors import ReadError

# A folder that holds this file is full of scores of our own, and no source of calls.
SCORES_FILE = "listening_coach.json"
# The file of a ConvoKit corpus that holds what was said; a folder with it is one source.
CORPUS_FILE = "utterances.jsonl"
# Text packs ten to twenty times smaller, a long repetition a thousand times.
MOST_GROWTH = 200
GROWTH_FREE_BYTES = 64 * 2**20
# The files that tell an Office document from an archive of calls.
WORKBOOK, WORD_DOCUMENT = "xl/workbook.xml", "word/document.xml"


def holds_member(data: bytes, name: str) -> bool:
    """Whether bytes are a zip archive that has a member of that name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return name in archive.namelist()
    except (zipfile.BadZipFile, ReadError, ValueError, NotImplementedError):
        return False


def is_there(given: str) -> bool:
    """Whether a path stands for any file: it exists, or a pattern matches one."""
    try:
        return os.path.exists(given) or (glob.has_magic(given) and next(glob.iglob(given, recursive=True), None) is not None)
    except ValueError:
        return False


def files(given: str) -> Iterator[str]:
    """The files that a path stands for, in order: itself, those of the folder and the folders below, those that match a pattern."""
    if os.path.isdir(given):
        yield from _folder(given)
    elif glob.has_magic(given) and not os.path.exists(given):
        for path in sorted(glob.iglob(given, recursive=True)):
            if not os.path.isdir(path):
                yield path
            elif "**" not in given:  # which finds the files in it too
                yield from _folder(path)
    else:
        yield given


def _folder(path: str) -> Iterator[str]:
    """The files of a folder and those below, by name, hidden ones and our own scores left out."""
    try:
        with os.scandir(path) as found:
            # Names only: there may be a million.
            entries = sorted((entry.name, entry.is_dir()) for entry in found if not _leads_back(entry))
    except OSError:
        yield path  # reading it says what is wrong with it
        return
    names = {name for name, _ in entries} & {SCORES_FILE, CORPUS_FILE}
    if SCORES_FILE in names:
        return
    if names:
        yield os.path.join(path, CORPUS_FILE)
        return
    for name, is_folder in entries:
        if name.startswith("."):
            continue
        place = os.path.join(path, name)
        if is_folder:
            yield from _folder(place)
        else:
            yield place


def _leads_back(entry: os.DirEntry[str]) -> bool:
    """Whether a folder is a link to one that it stands in, where the same files would be found without end."""
    if not (entry.is_symlink() and entry.is_dir()):
        return False
    here, there = os.path.realpath(os.path.dirname(entry.path)), os.path.realpath(entry.path)
    return os.path.commonpath((here, there)) == there


def special_file(path: str) -> ReadError | None:
    """The error for a pipe, socket or device found in a folder: opening one waits until somebody writes to it."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return None  # opening it says what is wrong with it
    if S_ISREG(mode) or S_ISDIR(mode):
        return None
    return ReadError("it is a pipe, a socket or a device, not a file", where=path, remedy="Leave it out, or write what it gives to a file.")


class Member(NamedTuple):
    """A file of an archive: its number in the directory, what the archive says of it, its place, and why it must not be read."""

    number: int
    info: zipfile.ZipInfo
    place: str
    problem: ReadError | None


def members(archive: zipfile.ZipFile, name: str) -> Iterator[Member]:
    """The files of an archive in its order; hidden ones are left out, and those that must not be opened have their ``problem``.

    Of several members with one name, which tools that append leave there, the later ones have their number in ``place``.
    """
    infos = [(n, info) for n, info in enumerate(archive.infolist()) if not info.is_dir()]
    counts = Counter(info.filename for _, info in infos)
    corpora = any(_bare(info) == CORPUS_FILE for _, info in infos)
    taken: Counter[str] = Counter()
    for number, info in infos:
        if _is_hidden(info.filename) or (corpora and _bare(info) != CORPUS_FILE):
            continue
        where = place = f"{name}::{info.filename}"
        if counts[info.filename] > 1:
            taken[info.filename] += 1
            place = where if taken[info.filename] == 1 else f"{where} ({taken[info.filename]})"
        yield Member(number, info, place, unsafe(info, where))


def _bare(info: zipfile.ZipInfo) -> str:
    return info.filename.rpartition("/")[2]


def _is_hidden(filename: str) -> bool:
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in filename.replace("\\", "/").split("/"))


def unsafe(info: zipfile.ZipInfo, where: str) -> ReadError | None:
    """Why a file of an archive must not be opened; None where it may."""
    parts = info.filename.replace("\\", "/").split("/")
    if ".." in parts or info.filename.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", info.filename):
        return ReadError("its path leaves the archive", where=where, remedy="The archive is not to be trusted; pack the files anew.")
    if info.flag_bits & 1:
        return ReadError("it is encrypted", where=where, remedy="Unpack the archive with its password first.")
    if info.file_size > GROWTH_FREE_BYTES and info.file_size > MOST_GROWTH * max(info.compress_size, 1):
        return too_large(where)
    return None


def too_large(where: str) -> ReadError:
    """The error for what unpacks beyond all measure."""
    return ReadError(
        f"it unpacks to more than {MOST_GROWTH} times its size", where=where, remedy="Unpack it yourself if you know where it comes from."
    )
