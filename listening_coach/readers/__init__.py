"""Reading transcripts: `read`, `read_many` and the table of `formats`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import ReadError, own_errors
from ..transcript import Transcript
from . import catalogue as table
from . import frames, textgrid
from .catalogue import Format
from .parsed_call import Draft
from .roles import as_metadata, infer
from .source import Document, documents

__all__ = ["Format", "formats", "read", "read_many"]


def read(source: Any, *, format: str | None = None, roles: Mapping[str, str] | None = None) -> Transcript:  # noqa: A002 - the contract's name
    """The transcript of one call.

    ``source`` is a path, an open file, bytes, a string of content, or a table of pandas, polars or Arrow; archives
    (.gz, .zip) are unpacked. Several TextGrids, one a speaker, are given as a list. The format is found from the
    content, unless ``format`` names it. ``roles`` gives speakers their role, ``{"spk_0": "agent"}``, over what the file
    says. A role that neither says is inferred from the talk where that is plain, and noted in
    ``metadata["roles_inferred"]`` with its confidence.

    Raises:
        SourceNotFoundError: there is no such file.
        FormatUnknownError: the content is of no format that is known.
        ReadError: the content is broken; the file, the place in it and what to do are named. Or it holds several calls.
        MissingExtraError: a package that this format needs is not installed.
    """
    with own_errors(ReadError, _READING, _named(source), _CHECK_IT):
        return _read(source, format, roles)


# What a failure that no parser foresaw is called.
_READING = "reading the transcript"
_CHECK_IT = "Check the file against its format, or export it again."


def _named(source: object) -> str:
    return str(source)[:200] if isinstance(source, str | Path) and "\n" not in str(source)[:200] else "<source>"


def _read(source: Any, format: str | None, roles: Mapping[str, str] | None) -> Transcript:  # noqa: A002 - as in read
    row = None if format is None else table.by_name(format)
    if format is None and frames.is_frame(source):
        doc, found = frames.parse(source)
        drafts: Iterator[Draft | ReadError] = iter(list(islice(found, 2)))
        name = "table"
    else:
        docs = list(islice(documents(source), 1000 if _is_several(source) else 2))
        if not docs:
            raise ReadError("it holds no files", where=str(source)[:200], remedy="Put a transcript into it.")
        doc = docs[0]
        if len(docs) > 1:
            if not all(textgrid.is_textgrid(d) for d in docs):
                raise ReadError(
                    "it holds several files", where=doc.name.split("::")[0], remedy="Use read_many, which yields their calls one by one."
                )
            row = table.by_name("textgrid")
            drafts = iter([textgrid.parse_together(docs)])
        else:
            row = row or table.find(doc)
            drafts = _drafts(row, doc)
        name = row.name
    first = next(drafts, None)
    if first is None:
        raise doc.fail("it holds no turns", remedy="Check that the service finished and that the call has speech.")
    if isinstance(first, ReadError):
        raise first
    if next(drafts, None) is not None:
        raise ReadError("it holds several calls", where=doc.where, remedy="Use read_many, which yields them one by one.")
    return _finish(first, name, doc, roles, strict=True, alone=True)


def read_many(source: Any, *, format: str | None = None, roles: Mapping[str, str] | None = None) -> Iterator[Transcript]:  # noqa: A002
    """The transcripts of many calls, one after the other, without holding them all in memory.

    ``source`` is what `read` takes, with several calls in it: JSON Lines, a table with a call id, a ConvoKit corpus, an
    archive, a folder; or an iterable of sources. A speaker in ``roles`` who does not occur in a call is passed over.
    A call that cannot be read raises when it is asked for; asking for the next goes on behind it.

    Raises:
        ReadError: as `read` does, for the call asked for.
    """
    return _Calls(source, None if format is None else table.by_name(format), roles)


def formats() -> tuple[Format, ...]:
    """What can be read: a row for each format, with its name, suffixes, best evidence tier and origin."""
    return table.FORMATS


class _Calls(Iterator[Transcript]):
    """The calls of a source; an error for one of them does not end it, as it would end a generator."""

    def __init__(self, source: Any, row: Format | None, roles: Mapping[str, str] | None) -> None:
        self._row = row
        self._roles = roles
        self._sources = iter(source) if _is_several(source) and not frames.is_frame(source) else iter([source])
        self._documents: Iterator[Any] = iter(())
        self._drafts: Iterator[tuple[Draft | ReadError, str, Document, bool]] = iter(())
        self._at = "<source>"

    def __next__(self) -> Transcript:
        while True:
            with own_errors(ReadError, _READING, self._at, _CHECK_IT):
                found = next(self._drafts, None)
            if found is not None:
                draft, name, doc, alone = found
                if isinstance(draft, ReadError):
                    raise draft
                with own_errors(ReadError, _READING, doc.where, _CHECK_IT):
                    return _finish(draft, name, doc, self._roles, strict=False, alone=alone)
            with own_errors(ReadError, _READING, self._at, _CHECK_IT):
                one = next(self._documents, None)
            if one is None:
                source = next(self._sources)
                self._at = _named(source)
                one = source
                if not frames.is_frame(source):
                    self._documents = documents(source)
                    continue
            self._at = one.where if isinstance(one, Document) else self._at
            self._drafts = self._of(one)

    def _of(self, one: Any) -> Iterator[tuple[Draft | ReadError, str, Document, bool]]:
        if not isinstance(one, Document):
            doc, drafts = frames.parse(one)
            yield from ((draft, "table", doc, False) for draft in drafts)
            return
        row = self._row or table.find(one)
        drafts = _drafts(row, one)
        # Whether a document holds one call or several shows with the second: only a sole call is named by its file.
        first, second = next(drafts, None), next(drafts, None)
        if first is None:
            raise one.fail("it holds no turns", remedy="Check that the service finished and that the call has speech.")
        yield first, row.name, one, second is None
        if second is not None:
            yield second, row.name, one, False
            yield from ((draft, row.name, one, False) for draft in drafts)


def _is_several(source: Any) -> bool:
    """Whether the source is a collection of sources."""
    return (
        isinstance(source, Iterable)
        and not isinstance(source, str | bytes | bytearray | memoryview | Path | Document)
        and not hasattr(source, "read")
    )


def _drafts(row: Format, doc: Document) -> Iterator[Draft | ReadError]:
    doc.taken_for = row.title
    if row.json and doc.value is None:
        raise doc.fail("the content is no JSON document", remedy="Leave out format= to have the format found.")
    return row.parse(doc)


def _finish(draft: Draft, name: str, doc: Document, roles: Mapping[str, str] | None, *, strict: bool, alone: bool) -> Transcript:
    call = draft.finish(
        where=doc.where,
        default_id=doc.stem if alone else None,
        metadata={"format": draft.metadata.get("format", name), "source": doc.path},
        roles=roles,
        strict=strict,
        turns_at=next((row.turns_at for row in table.FORMATS if row.name == name), ""),
    )
    guesses = {} if draft.exact else infer(call)
    if not guesses:
        return call
    call = call.with_roles({speaker: guess.role.value for speaker, guess in guesses.items()})
    return replace(call, metadata={**call.metadata, "roles_inferred": as_metadata(guesses)})
