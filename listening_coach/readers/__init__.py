"""Reading transcripts: `read`, `read_many` and the table of `formats`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ReadError
from ..transcript import Transcript
from . import table
from .draft import Draft
from .source import Document, document

__all__ = ["read"]


def read(source: Any, *, format: str | None = None, roles: Mapping[str, str] | None = None) -> Transcript:  # noqa: A002 - the contract's name
    """The transcript of one call.

    ``source`` is a path, an open file, bytes or a string of content. The format is found from the content, unless
    ``format`` names it. ``roles`` gives speakers their role, ``{"spk_0": "agent"}``, over what the file says.

    Raises:
        SourceNotFoundError: there is no such file.
        FormatUnknownError: the content is of no format that is known.
        ReadError: the content is broken; the file, the place in it and what to do are named. Or it holds several calls.
    """
    doc = document(source)
    row = table.by_name(format) if format is not None else table.find(doc)
    drafts = _drafts(row, doc)
    first = next(drafts, None)
    if first is None:
        raise doc.fail("it holds no turns", remedy="Check that the service finished and that the call has speech.")
    if next(drafts, None) is not None:
        raise ReadError("it holds several calls", where=doc.where, remedy="Use read_many, which yields them one by one.")
    return _finish(first, row, doc, roles, strict=True)


def _drafts(row: table.Format, doc: Document) -> Iterator[Draft]:
    doc.taken_for = row.title
    if row.json and doc.value is None:
        raise doc.fail("the content is no JSON document", remedy="Leave out format= to have the format found.")
    return row.parse(doc)


def _finish(draft: Draft, row: table.Format, doc: Document, roles: Mapping[str, str] | None, *, strict: bool) -> Transcript:
    return draft.finish(
        where=doc.where,
        default_id=doc.stem,
        metadata={"format": draft.metadata.get("format", row.name), "source": doc.path},
        roles=roles,
        strict=strict,
    )
