"""Reading transcripts: `read`, `read_many`, the `formats` that are known, and `register_format` for one of your own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import ReadError, own_errors
from ..transcript import Transcript
from . import catalogue, frames, generic_json, one_per_speaker, registry
from .checks import noted
from .parsed_call import ParsedCall
from .registry import Format, formats, register_format
from .registry import by_name as format_named
from .roles import as_metadata, infer
from .source import Document, documents
from .times import moment

__all__ = ["Document", "Format", "ParsedCall", "finish", "format_named", "formats", "read", "read_many", "register_format"]

registry.add_builtin(catalogue.FORMATS)


def read(
    source: Any,
    *,
    format: str | None = None,  # noqa: A002 - the contract's name
    roles: Mapping[str, str] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Transcript:
    """The transcript of one call.

    ``source`` is a path, an open file, bytes, a string of content, or a table of pandas, polars or Arrow; archives
    (.gz, .zip) are unpacked. Several files, one a speaker, are given as a list or a folder. The format is found from the
    content, unless ``format`` names it (or points to one of yours as ``"module:attribute"``). ``roles`` gives speakers their role, ``{"spk_0": "agent"}``, over what
    the file says. A role that neither says is inferred from the talk where that is plain, and noted in
    ``metadata["roles_inferred"]`` with its confidence. ``metadata`` is added to what the file says of the call, and replaces
    it; an ``id`` in it is the call's id, and ``started_at`` when it began, as a datetime or written as a date. ``metadata["skipped"]`` counts the
    rows that hold no speech, by reason; ``metadata["notes"]`` lists what looks wrong.

    Raises:
        SourceNotFoundError: there is no such file.
        FormatUnknownError: the content is of no format that is known.
        ReadError: the content is broken; the file, the place in it and what to do are named. Or it holds several calls.
        MissingExtraError: a package that this format needs is not installed.
    """
    with own_errors(ReadError, _READING, _named(source), _CHECK_IT):
        return _read(source, format, roles, metadata)


# What a failure that no parser foresaw is called.
_READING = "reading the transcript"
_CHECK_IT = "Check the file against its format, or export it again."


def _named(source: object) -> str:
    return str(source)[:200] if isinstance(source, str | Path) and "\n" not in str(source)[:200] else "<source>"


def _read(
    source: Any,
    format: str | None,  # noqa: A002 - as in read
    roles: Mapping[str, str] | None,
    metadata: Mapping[str, Any] | None,
) -> Transcript:
    row = None if format is None else format_named(format)
    if format is None and frames.is_frame(source):
        doc, found = frames.parse(source)
        calls: Iterator[ParsedCall | ReadError] = iter(list(islice(found, 2)))
        name = "table"
    else:
        docs = list(islice(documents(source), 1000 if _is_several(source) or one_per_speaker.is_folder(source) else 2))
        if not docs:
            raise ReadError("it holds no files", where=str(source)[:200], remedy="Put a transcript into it.")
        doc = docs[0]
        if len(docs) > 1:
            name, call = one_per_speaker.together(docs, row)
            calls = iter([call])
        else:
            row = row or registry.find(doc)
            calls = _calls(row, doc)
            name = row.name
    first = next(calls, None)
    if first is None:
        raise doc.fail("it holds no turns", remedy="Check that the service finished and that the call has speech.")
    if isinstance(first, ReadError):
        raise first
    if next(calls, None) is not None:
        raise ReadError(
            "it holds several calls", where=doc.where, remedy="Use read_many, which yields them one by one.", use=("read_many",)
        )
    return finish(first, name, doc, roles=roles, metadata=metadata, strict=True, alone=True)


def read_many(
    source: Any,
    *,
    format: str | None = None,  # noqa: A002 - the contract's name
    roles: Mapping[str, str] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Iterator[Transcript]:
    """The transcripts of many calls, one after the other, without holding them all in memory.

    ``source`` is what `read` takes, with several calls in it: JSON Lines, a table with a call id, a ConvoKit corpus, an
    archive, a folder, a pattern such as ``"calls/*.vtt"``; or an iterable of sources. Files of a folder that differ only in the speaker their names tell
    (``c7_agent.vtt``, ``c7_customer.vtt``) are one call. A speaker in ``roles`` who does not occur in a call is passed over; ``metadata`` is added to every call.
    A call that cannot be read raises when it is asked for; asking for the next goes on behind it.

    Raises:
        ReadError: as `read` does, for the call asked for.
    """
    return _Calls(source, None if format is None else format_named(format), roles, metadata)


class _Calls(Iterator[Transcript]):
    """The calls of a source; an error for one of them does not end it, as it would end a generator."""

    def __init__(self, source: Any, row: Format | None, roles: Mapping[str, str] | None, metadata: Mapping[str, Any] | None) -> None:
        self._row = row
        self._roles = roles
        self._metadata = metadata
        self._sources = iter(source) if _is_several(source) and not frames.is_frame(source) else iter([source])
        self._documents: Iterator[Any] = iter(())
        self._found: Iterator[tuple[ParsedCall | ReadError, str, Document, bool]] = iter(())
        self._at = "<source>"

    def __next__(self) -> Transcript:
        while True:
            with own_errors(ReadError, _READING, self._at, _CHECK_IT):
                found = next(self._found, None)
            if found is not None:
                call, name, doc, alone = found
                if isinstance(call, ReadError):
                    raise call
                with own_errors(ReadError, _READING, doc.where, _CHECK_IT):
                    return finish(call, name, doc, roles=self._roles, metadata=self._metadata, strict=False, alone=alone)
            with own_errors(ReadError, _READING, self._at, _CHECK_IT):
                one = next(self._documents, None)
            if one is None:
                source = next(self._sources)
                one = source
                self._at = _named(source)
                if not frames.is_frame(source):
                    self._documents = documents(source)
                    if one_per_speaker.is_folder(source):
                        self._documents = one_per_speaker.grouped(self._documents)
                    continue
            self._at = one.where if isinstance(one, Document) else self._at
            self._found = self._of(one)

    def _of(self, one: Any) -> Iterator[tuple[ParsedCall | ReadError, str, Document, bool]]:
        if isinstance(one, list) and isinstance(one[0], Document):
            name, together = one_per_speaker.together(one, self._row)
            yield together, name, one[0], True
            return
        if not isinstance(one, Document):
            doc, calls = frames.parse(one)
            yield from ((call, "table", doc, False) for call in calls)
            return
        row = self._row or registry.find(one)
        calls = _calls(row, one)
        # Whether a document holds one call or several shows with the second: only a sole call is named by its file.
        first, second = next(calls, None), next(calls, None)
        if first is None:
            raise one.fail("it holds no turns", remedy="Check that the service finished and that the call has speech.")
        yield first, row.name, one, second is None
        if second is not None:
            yield second, row.name, one, False
            yield from ((call, row.name, one, False) for call in calls)


def are_turns_of_a_call(doc: Document) -> bool:
    """Whether the lines of a document of JSON Lines are parts of calls, such as turns, and no calls of their own."""
    row = registry.find(doc)
    return row.name != "jsonl" or generic_json.is_turn_a_line(doc)


def _is_several(source: Any) -> bool:
    """Whether the source is a collection of sources."""
    return (
        isinstance(source, Iterable)
        and not isinstance(source, str | bytes | bytearray | memoryview | Path | Document)
        and not hasattr(source, "read")
    )


def _calls(row: Format, doc: Document) -> Iterator[ParsedCall | ReadError]:
    doc.taken_for = row.title
    if row.json and doc.value is None:
        raise doc.fail("the content is no JSON document", remedy="Leave out format= to have the format found.", use=("format=",))
    return row.parse(doc)


def finish(
    parsed: ParsedCall,
    name: str,
    doc: Document,
    *,
    roles: Mapping[str, str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    strict: bool = False,
    alone: bool = False,
) -> Transcript:
    """A parsed call as the transcript that `read` returns: named, with its roles, inferred where the talk tells them, and its notes.

    ``name`` is the format's; ``alone`` tells that the document holds this call only, so that the call may have its name. The rest is as in `read`.

    Raises:
        ReadError: there is no turn, or a turn's text or times cannot be.
    """
    given = dict(metadata or {})
    own_id = given.pop("id", None)
    began = moment(given.get("started_at"))
    if began is not None:
        del given["started_at"]
    call = parsed.finish(
        where=doc.where,
        default_id=doc.stem if alone else None,
        metadata={"format": parsed.metadata.get("format", name), "source": doc.path},
        roles=roles,
        strict=strict,
        turns_at=next((row.turns_at for row in formats() if row.name == name), ""),
    )
    if given or own_id is not None or began is not None:
        own = call.id if own_id is None else str(own_id)
        call = replace(call, id=own, started_at=began or call.started_at, metadata={**call.metadata, **given})
    if parsed.exact:
        return call
    guesses = infer(call)
    if guesses:
        call = call.with_roles({speaker: guess.role.value for speaker, guess in guesses.items()})
        call = replace(call, metadata={**call.metadata, "roles_inferred": as_metadata(guesses)})
    notes = noted(call)
    return replace(call, metadata={**call.metadata, "notes": notes}) if notes else call
