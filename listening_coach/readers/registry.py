"""The registry of formats: which there are, and which one a document is in.

It knows no parser. The package's own formats are added from the catalogue; others come from `register_format`, from the entry-point group
``listening_coach.readers``, or by name as ``format="my_package.module:FORMAT"``.
"""

from __future__ import annotations

import importlib
import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from threading import RLock
from typing import Any

from ..errors import FormatUnknownError, ReaderError, ReadError, own_errors
from ..transcript import EvidenceTier
from .parsed_call import ParsedCall
from .sniff import looks_like, nearest
from .source import Document

ENTRY_POINTS = "listening_coach.readers"

Detect = Callable[[Document], bool]
# A parser of several calls yields the error of one in its place, so that the others are read.
Parse = Callable[[Document], Iterator[ParsedCall | ReadError]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format that is read.

    ``name`` is what ``format=`` takes; ``suffixes`` are the usual ones; ``tier`` is the best evidence that such a file
    can carry; ``origin`` says who writes it. ``extra`` names the extra to install, ``turns_at`` the JSON path of
    the turns, ``aliases`` other names for ``format=``. A ``json`` format is offered JSON values only, also those inside other documents.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    tier: EvidenceTier
    origin: str
    detect: Detect
    parse: Parse
    json: bool = False
    extra: str | None = None
    turns_at: str = ""
    aliases: tuple[str, ...] = ()


class Inner(Document):
    """A JSON value inside a document, as a document."""

    def __init__(self, doc: Document, value: Any, at: str) -> None:
        super().__init__(f"{doc.where}, {at}", io.BytesIO)
        self.__dict__.update(value=value, looks_json=True, looks_json_lines=False, start_text="", head=b"")


_lock = RLock()
_builtin: list[Format] = []
_added: list[Format] = []
_loaded: set[str] = set()


def add_builtin(rows: Iterable[Format]) -> None:
    """Add the formats of the catalogue, in the order of detection."""
    with _lock:
        _builtin.extend(row for row in rows if row not in _builtin)


def formats() -> tuple[Format, ...]:
    """All formats in the order of detection: those added from outside come first."""
    _load_entry_points()
    return (*_added, *_builtin)


def register(row: Format) -> Format:
    """Add a format from outside the package; it is tried before the package's own.

    Raises:
        ReaderError: another format has that name.
    """
    with _lock:
        if any(row.name == other.name and row != other for other in (*_builtin, *_added)):
            raise ReaderError(f"there is a format {row.name!r} already", where="register_format", remedy="Give yours another name.")
        if row not in _added:
            _added.insert(0, row)
    return row


def register_format(
    name: str,
    parse: Callable[[Document], Iterable[Any]],
    *,
    detect: Detect | None = None,
    suffixes: Iterable[str] = (),
    title: str | None = None,
    json: bool = False,
    tier: EvidenceTier = EvidenceTier.TURNS,
    origin: str = "registered by the user",
) -> Format:
    """Teach `read`, `read_many` and `review` a format of your own, for this process.

    ``parse`` gets a `Document` (``text``, ``lines()``, ``value`` for JSON, ``fail()`` for errors) and returns the call's turns as
    `Transcript.from_turns` takes them, or yields a `ParsedCall` for each of several calls. ``detect`` says whether a document is in the format;
    without it the suffixes decide, and without suffixes only ``format=name`` does.

    Worker processes do not see what was registered here. For them, name the format as ``format="my_package.module:FORMAT"`` or publish it under the entry-point
    group ``listening_coach.readers``.

    Raises:
        ReaderError: another format has that name.
    """
    ends = tuple(end.casefold() for end in suffixes)
    accept: Detect = detect or (lambda doc: doc.suffix in ends)
    return register(Format(name, title or name, ends, tier, origin, accept, parser(parse), json=json))


def parser(parse: Callable[[Document], Iterable[Any]]) -> Parse:
    """A parse function of the plain kind, which may return turns, as the registry wants it."""

    def calls(doc: Document) -> Iterator[ParsedCall | ReadError]:
        turns: list[dict[str, Any]] = []
        for number, item in enumerate(parse(doc)):
            if isinstance(item, ParsedCall | ReadError):
                yield item
            elif isinstance(item, Mapping):
                turns.append({"place": f"turn {number}", **item})
            elif isinstance(item, list | tuple) and len(item) >= 2:
                turns.append({"place": f"turn {number}", **_record(item)})
            else:
                raise doc.fail(f"the parser gave {item!r}"[:120], remedy="Return turns as mappings or tuples, or ParsedCall values.")
        if turns:
            yield ParsedCall(turns)

    return calls


def _record(item: list[Any] | tuple[Any, ...]) -> dict[str, Any]:
    with_role = len(item) > 2 and isinstance(item[2], str)
    names = ("speaker", "role", "text", "start", "end", "words") if with_role else ("speaker", "text", "start", "end", "words")
    return dict(zip(names, item, strict=False))


def _load_entry_points() -> None:
    with _lock:
        if ENTRY_POINTS in _loaded:
            return
        _loaded.add(ENTRY_POINTS)
    for point in entry_points(group=ENTRY_POINTS):
        try:
            found = point.load()
            rows = [found] if isinstance(found, Format) else list(found() if callable(found) else found)
            if not all(isinstance(row, Format) for row in rows):
                raise TypeError(f"{point.value} is no Format")
            for row in rows:
                register(row)
        except Exception as error:  # a broken plug-in must not stop the reading of other formats
            warnings.warn(
                f"the reader {point.name!r} ({point.value}) could not be loaded: {type(error).__name__}: {error}"[:300], stacklevel=2
            )


def by_name(name: str) -> Format:
    """The format that ``format=`` names, or that ``module:attribute`` points to.

    Raises:
        FormatUnknownError: there is none.
        ReaderError: ``module:attribute`` cannot be loaded, or is no `Format`.
    """
    if ":" in name:
        return _from_module(name)
    plain = name.strip().casefold().replace("_", "-").replace(" ", "-")
    rows = formats()
    row = next((r for r in rows if r.name == plain), None) or next((r for r in rows if plain in r.aliases), None)
    if row is None:
        raise FormatUnknownError(
            f"there is no format {name!r}"[:120], where="format", remedy=f"The formats are: {', '.join(r.name for r in rows)}."
        )
    return row


def _from_module(name: str) -> Format:
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module.strip()), attribute.strip())
    except (ImportError, AttributeError, ValueError) as error:
        raise ReaderError(
            f"{name!r} cannot be loaded: {error}"[:200], where="format", remedy="Write module:attribute of an importable module."
        ) from error
    if not isinstance(found, Format):
        raise ReaderError(
            f"{name!r} is a {type(found).__name__}, not a Format"[:200],
            where="format",
            remedy="Build one with listening_coach.readers.Format.",
        )
    return found


def find(doc: Document) -> Format:
    """The format whose content the document has.

    Raises:
        FormatUnknownError: none fits.
        ReadError: the document is empty, binary or broken.
    """
    rows = formats()
    for row in rows:
        if row.detect(doc):
            return row
    raise unknown(doc, rows)


_EXAMPLE = "Agent: Hello, how can I help?\nCustomer: My parcel is late.\nAgent: Let me look into that."


def unknown(doc: Document, rows: Iterable[Format]) -> FormatUnknownError:
    """The error for a document of no known format: what it seems to be, what was nearest to turns, and what would be read."""
    start = " ".join(doc.start_text.split())[:60]
    expected = next((row for row in reversed(tuple(rows)) if doc.suffix in row.suffixes), None)
    what = looks_like(doc)
    if what is not None:
        problem = f"it is {what.name}"
        remedy = what.remedy
        return FormatUnknownError(problem, where=doc.name, remedy=f"{remedy} For instance:\n{_EXAMPLE}")
    if doc.looks_json:
        problem = f"the JSON is of no format that is known ({nearest(doc.value)})"
        remedy = 'Write [{"speaker": "Agent", "text": "Hello", "start": 0.5}, …], name the format with format=, or register yours with register_format.'
        return FormatUnknownError(problem, where=doc.name, remedy=remedy, use=("format=",))
    problem = f"the content is of no format that is known, and no line of it names a speaker (it starts {start!r})"
    if expected is not None:
        wrong = _unfitting_line(doc, expected)
        but = "" if wrong is None else f"line {wrong[0]} does not fit it ({wrong[1]!r}), and "
        problem = (
            f"the suffix {doc.suffix} promises {expected.title}, but {but}no line of the content names a speaker (it starts {start!r})"
        )
    return FormatUnknownError(
        problem,
        where=doc.name,
        remedy=f"Name the format with format= (listening_coach.formats() lists them), register yours with register_format, or write it like this:\n{_EXAMPLE}",
        use=("format=", "listening_coach.formats()"),
    )


# Formats that take almost any line; what is wrong with one is not to be told by their detection.
_ALMOST_ANYTHING = frozenset(("csv", "text"))
_LOOKED_AT = 5


def _unfitting_line(doc: Document, row: Format) -> tuple[int, str] | None:
    """The number and the beginning of the first of a few lines that is not of a format of text, where one by itself can tell."""
    if row.json or row.name in _ALMOST_ANYTHING:
        return None
    lines = [(number, line.strip()) for number, line in enumerate(doc.start_text.split("\n"), 1) if line.strip()]
    for number, line in lines[:_LOOKED_AT]:
        alone = Document(doc.name, partial(io.BytesIO, line.encode("utf-8", "replace")), path=doc.path)
        if not row.detect(alone):
            return number, line[:40]
    return None


def find_json(doc: Document, value: Any, number: int, line: str) -> Iterator[ParsedCall]:
    """The calls in one line of JSON Lines that is a document of its own.

    Raises:
        ReadError: the line is of no format that is known.
    """
    found = False
    for call in _inner(Inner(doc, value, f"line {number}")):
        found = True
        if isinstance(call, ReadError):
            raise call
        yield call
    if not found:
        raise ReadError(
            f"the JSON is of no format that is known (it starts {line[:60]!r}; {nearest(value)})",
            where=f"{doc.name}, line {number}",
            remedy='Write a turn {"speaker": …, "text": …} or a call {"turns": […]} a line.',
        )


def find_value(doc: Document, value: Any, at: str) -> Iterator[ParsedCall]:
    """The calls in a value inside a JSON document, such as the transcript in a container; none where no format fits."""
    for call in _inner(Inner(doc, value, at)):
        if isinstance(call, ReadError):
            raise call
        yield call


def find_text(doc: Document, text: str, at: str) -> Iterator[ParsedCall]:
    """The calls in a text inside a table, such as a cell with a whole transcript.

    Raises:
        ReadError: the text is of no format that is known, or broken.
    """
    data = text.encode("utf-8", "replace")
    inner = Document(f"{doc.where}, {at}", lambda: io.BytesIO(data))
    row = find(inner)
    for call in row.parse(inner):
        if isinstance(call, ReadError):
            raise call
        call.metadata.setdefault("format", row.name)
        yield call


def knows(doc: Document, value: Any, at: str) -> bool:
    """Whether a value inside a JSON document is a call of its own in some format."""
    inner = Inner(doc, value, at)
    return any(row.json and row.detect(inner) for row in formats())


def _inner(inner: Inner) -> Iterator[ParsedCall | ReadError]:
    with own_errors(ReadError, "reading the call", inner.where, "Check it against its format, or export it again."):
        for row in formats():
            if row.json and row.detect(inner):
                for call in row.parse(inner):
                    if isinstance(call, ParsedCall) and not call.exact:
                        call.metadata.setdefault("format", row.name)
                    yield call
                return
