"""The library's own JSON, which `Transcript.to_json` writes and which is read back exactly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..transcript import SCHEMA
from . import times
from .models import Lax, build
from .parsed_call import ParsedCall
from .source import Document


class _Turn(Lax):
    speaker: str
    text: str
    role: str
    start: float | None = None
    end: float | None = None
    words: tuple[tuple[str, float, float], ...] = ()
    id: str | None = None


class _Own(Lax):
    schema: str
    turns: tuple[_Turn, ...]
    id: str | None = None
    started_at: str | None = None
    metadata: dict[str, Any] | None = None


def is_own(doc: Document) -> bool:
    """A schema of ours."""
    schema = doc.value.get("schema") if isinstance(doc.value, dict) else None
    return isinstance(schema, str) and schema.startswith(SCHEMA.rpartition("/")[0] + "/")


def parse(doc: Document) -> Iterator[ParsedCall]:
    """The call as it was written.

    Raises:
        ReadError: a later version of the library wrote it, or a field is wrong.
    """
    call = build(doc, doc.value, _Own)
    if call.schema != SCHEMA:
        raise doc.fail(
            f"the schema {call.schema!r} is not {SCHEMA!r}", at="$.schema", remedy="Read it with the version of the library that wrote it."
        )
    turns = [
        {
            "place": f"$.turns[{n}]",
            "speaker": turn.speaker,
            "role": turn.role,
            "text": turn.text,
            "start": turn.start,
            "end": turn.end,
            "words": turn.words,
            "id": turn.id,
        }
        for n, turn in enumerate(call.turns)
    ]
    yield ParsedCall(turns, id=call.id, started_at=times.moment(call.started_at), metadata=call.metadata or {}, exact=True)
