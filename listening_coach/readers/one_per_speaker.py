"""Files that hold one speaker each: which of them are one call, and that call."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from ..errors import ListeningCoachError, ReadError, own_errors
from ..transcript import Role
from . import textgrid
from .parsed_call import ParsedCall
from .registry import Format, find
from .roles import role_of
from .source import Document, document, is_content
from .walker import is_there, special_file

# In pairs of files, one a speaker, names differ in what names the speaker.
_SEPARATORS = "_-. ()[]"
_SPEAKER_PART = re.compile(
    r"(?:ch|channel|chan|spk|spkr|speaker|track|side|participant|person|party|line)[_-]?(?:\d{1,2}|[a-d])|left|right|caller|callee|inbound|outbound|tx|rx|mic|near|far|local|remote",
    re.IGNORECASE,
)
_MOST_SPEAKERS = 12


def is_folder(source: object) -> bool:
    """Whether a source is a folder or a pattern, whose files may hold one speaker each."""
    try:
        if not isinstance(source, str | os.PathLike) or (isinstance(source, str) and is_content(source)):
            return False
        given = os.fsdecode(source)
        return os.path.isdir(given) or (glob.has_magic(given) and not os.path.exists(given) and is_there(given))
    except (OSError, ValueError):
        return False


def _parts(stem: str) -> tuple[str, str] | None:
    """What a file's name tells apart from the speaker it names, and the speaker: "c7_agent" is c7 and agent."""
    pieces = [p for p in re.split(r"[_\-. ()\[\]]+", stem) if p]
    for at in (len(pieces) - 1, 0):
        if not pieces or not (len(pieces) > 1 or at == 0):
            continue
        word = pieces[at]
        if role_of(word) in (Role.AGENT, Role.CUSTOMER) or _SPEAKER_PART.fullmatch(word):
            return "-".join(pieces[:at] + pieces[at + 1 :]), word
    if (
        len(pieces) > 1
        and re.fullmatch(r"(?:ch|channel|spk|speaker|track)", pieces[-2], re.IGNORECASE)
        and re.fullmatch(r"\d{1,2}", pieces[-1])
    ):
        return "-".join(pieces[:-2]), f"{pieces[-2]}-{pieces[-1]}"
    return None


Place = TypeVar("Place")


def _neighbours(places: Iterable[Place], told: Callable[[Place], tuple[str, str, str]]) -> Iterator[list[Place]]:
    """Places whose names differ only in the speaker that they tell, together in a list; the others alone.

    ``told`` gives a place's folder, bare name and suffix. Only neighbours in the order of names belong together, so that no
    more than one call's files are held at a time.
    """
    held: list[Place] = []
    names: set[str] = set()
    call: Any = None
    for place in places:
        folder, stem, suffix = told(place)
        parts = _parts(stem)
        here = None if parts is None else (folder, parts[0].casefold(), suffix)
        if parts is not None and held and here == call and parts[1].casefold() not in names and len(held) < _MOST_SPEAKERS:
            held.append(place)
            names.add(parts[1].casefold())
            continue
        if held:
            yield held
        held, names, call = [place], set() if parts is None else {parts[1].casefold()}, here
    if held:
        yield held


def grouped(docs: Iterator[Document]) -> Iterator[Document | list[Document]]:
    """The documents of a folder in their order, those that hold one speaker each of the same call together in a list."""
    for held in _neighbours(docs, lambda doc: (str(Path(doc.path or "").parent), doc.stem or "", doc.suffix)):
        if _are_one_call(held):
            yield held
        else:
            yield from held


def grouped_paths(paths: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The paths of files in their order, those that hold one speaker each of the same call together, as `grouped` puts documents."""

    def told(path: str) -> tuple[str, str, str]:
        bare = path.removesuffix(".gz")
        return os.path.dirname(path), Path(bare).stem, Path(bare).suffix.casefold()

    for held in _neighbours(paths, told):
        if len(held) > 1 and _are_one_call(_documents(held)):
            yield tuple(held)
        else:
            yield from ((path,) for path in held)


def _documents(paths: Iterable[str]) -> list[Document]:
    """The documents of paths; none where one of them cannot be opened, which reading it then says."""
    try:
        return [] if any(special_file(path) for path in paths) else [document(path) for path in paths]
    except ListeningCoachError:
        return []


def _are_one_call(held: list[Document]) -> bool:
    """Whether several documents hold one speaker each."""
    return len(held) > 1 and all(_is_one_speaker(doc) for doc in held)


def _is_one_speaker(doc: Document) -> bool:
    """Whether a document holds one call of one speaker, with times by which it can be put together with others."""
    try:
        with own_errors(ReadError, "reading the call", doc.where, "Check it against its format."):
            call = _sole(doc, None)[1]
    except ListeningCoachError:
        return False
    speakers = {turn.get("speaker") for turn in call.turns}
    return len(speakers) == 1 and all(turn.get("start") is not None or turn.get("words") for turn in call.turns)


def _sole(doc: Document, row: Format | None) -> tuple[str, ParsedCall]:
    """The format and the one call of a document."""
    row = row or find(doc)
    found = list(row.parse(doc))
    if len(found) != 1:
        raise doc.fail(
            "it holds no call" if not found else "it holds several calls",
            remedy="Use read_many, which yields calls one by one.",
            use=("read_many",),
        )
    if isinstance(found[0], ReadError):
        raise found[0]
    return row.name, found[0]


def together(docs: list[Document], row: Format | None) -> tuple[str, ParsedCall]:
    """The format and the call of several documents that hold one speaker each, named by what tells the files apart.

    Raises:
        ReadError: they hold more than one speaker each, or no times, so that they are several calls.
    """
    if all(textgrid.is_textgrid(doc) for doc in docs):
        stems = [doc.stem or doc.name for doc in docs]
        turns = [turn for doc, name in zip(docs, told_apart(stems), strict=True) for turn in textgrid.turns_of(doc, name)]
        return "textgrid", ParsedCall(turns, id=common(stems) or None, by_time=True)
    several = ReadError(
        "it holds several files",
        where=docs[0].name.split("::")[0],
        remedy="Use read_many, which yields their calls one by one.",
        use=("read_many",),
    )
    if (
        len(docs) > _MOST_SPEAKERS
        or len({doc.suffix for doc in docs}) > 1
        or (row is None and not all(_is_one_speaker(doc) for doc in docs))
    ):
        raise several
    stems = [doc.stem or doc.name for doc in docs]
    told = [_parts(stem) for stem in stems]
    if len(set(stems)) < len(stems) or (
        any(t is None for t in told) and not any(role_of(n) is not Role.UNKNOWN for n in told_apart(stems))
    ):
        raise several
    names = [t[1] for t in told if t is not None] if all(told) else told_apart(stems)
    turns = []
    found = [_sole(doc, row) for doc in docs]
    for doc, name, (_, call) in zip(docs, names, found, strict=True):
        for turn in call.turns:
            own = turn.get("speaker")
            speaker = own if own and role_of(str(own)) is not Role.UNKNOWN else name
            turns.append({**turn, "speaker": speaker, "place": f"{doc.name}, {turn.get('place', '')}"})
    metadata = {key: value for _, call in found for key, value in call.metadata.items()}
    return found[0][0], ParsedCall(
        turns, id=common(stems) or None, metadata={**metadata, "files": [doc.name for doc in docs]}, by_time=True
    )


def common(names: list[str]) -> str:
    """What names have in common at their start, without a separator at its end."""
    first, last = min(names), max(names)
    length = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length].rstrip(_SEPARATORS)


def told_apart(names: list[str]) -> list[str]:
    """What tells names apart: without what they have in common at either end."""
    start = len(common(names)) if len(names) > 1 else 0
    ends = [name[::-1] for name in names]
    end = len(common(ends)) if len(names) > 1 else 0
    cut = [name[start : len(name) - end if end else None].strip(_SEPARATORS) or name for name in names]
    return cut if len(set(cut)) == len(cut) else [Path(n).stem for n in names]
