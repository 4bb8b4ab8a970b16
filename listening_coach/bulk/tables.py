"""Arrow tables of calls and of turns, cut into pieces and turned into transcripts.

A table of calls has a row a call with a list ``turns``; a table of turns has a row a turn with a call id. The first is
what engines take (``call_schema`` gives it), since a call there is never parted.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import ListeningCoachError, MissingExtraError, ReadError
from ..transcript import Transcript
from .failure import Failure

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

# So many calls travel together: few enough that little is lost with them, enough that sending them costs nothing.
CALLS_A_PIECE = 32
# Rows of more bytes than this are turned into transcripts one by one.
_MOST_AT_ONCE = 16 * 2**20
_TURN_FIELDS = ("speaker", "role", "text", "start", "end", "words")
_WORD_FIELDS = ("text", "start", "end")
_TURNS = ("turns", "utterances", "segments", "messages")
_DOCUMENTS = ("transcript", "content", "document", "value", "bytes", "text")
_IDS = ("call_id", "id", "conversation_id", "contact_id", "interaction_id", "session_id", "recording_id", "transcript_id")


class Info(Protocol):
    """What adds metadata to a call that has been read."""

    def applied(self, call: Transcript, source: str, *, alone: bool = True) -> Transcript:
        """The call with its metadata."""

    def mark(self, source: str, call_id: str | None, *, alone: bool = True) -> str:
        """A mark that changes when what is known of a call does."""


@dataclass(frozen=True, slots=True)
class Options:
    """How sources are read: ``format`` and ``roles`` as in ``read``; ``info`` is what is known of the calls beside their files."""

    format: str | None = None
    roles: Mapping[str, str] | None = None
    info: Info | None = None


def arrow() -> Any:
    """The module pyarrow.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError.of("pyarrow", "batch", "A table of calls") from error
    return pyarrow


def call_schema() -> pyarrow.Schema:
    """The schema of a table of calls: what ``score_batches`` takes and ``batch`` reads.

    Only ``turns`` is needed, and in it only ``text`` and one of ``speaker`` and ``role``; the rest may be null or left out. Times are
    seconds from the call's start. Further columns of texts and numbers, such as ``agent``, become the call's metadata. Instead of ``turns``
    there may be a column ``transcript`` with what a transcript file holds, text or bytes, in any format that is read.
    """
    pa = arrow()
    word = pa.struct([("text", pa.string()), ("start", pa.float64()), ("end", pa.float64())])
    turn = pa.struct(
        [
            ("speaker", pa.string()), ("role", pa.string()), ("text", pa.string()), ("start", pa.float64()), ("end", pa.float64()),
            ("words", pa.list_(word)),
        ]
    )  # fmt: skip
    return pa.schema([("call_id", pa.string()), ("started_at", pa.timestamp("us")), ("turns", pa.list_(turn))])


def row(call: Transcript) -> dict[str, Any]:
    """A transcript as a row of a table of calls."""
    turns = [
        {
            "speaker": t.speaker, "role": t.role.value, "text": t.text, "start": t.start, "end": t.end,
            "words": [{"text": w.text, "start": w.start, "end": w.end} for w in t.words] or None,
        }
        for t in call.turns
    ]  # fmt: skip
    at = None if call.started_at is None else call.started_at.replace(tzinfo=None)
    return {"call_id": call.id, "started_at": at, "turns": turns}


def is_table(source: object) -> bool:
    """Whether a source is a table in memory, of Arrow or what gives itself as such."""
    from ..readers import frames

    return not isinstance(source, list | tuple) and frames.is_frame(source)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a table as an Arrow stream: the number of their first call, how many calls and rows, and of how many rows in all."""

    data: bytes
    nested: bool
    first: int
    calls: int
    rows: int
    of_rows: int


def pieces(path: str) -> Iterator[Piece]:
    """The rows of a Parquet file, a few calls at a time, calls whole.

    Raises:
        ReadError: the file is broken, or no column holds what was said.
        MissingExtraError: pyarrow is not installed.
    """
    pa = arrow()
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            columns = file.schema_arrow
            total = file.metadata.num_rows
            if _held(columns) is not None:
                yield from _nested(file, total)
            else:
                yield from _flat(file, total, _call_column(columns, path))
    except (OSError, pa.ArrowException) as error:
        raise ReadError(f"the Parquet file cannot be read: {_one_line(error)}", where=path, remedy="Fetch it again.") from error


def _nested(file: pyarrow.parquet.ParquetFile, total: int) -> Iterator[Piece]:
    first = 0
    for group in range(file.num_row_groups):
        for batch in file.iter_batches(batch_size=CALLS_A_PIECE, row_groups=[group]):
            yield Piece(packed(batch), True, first, batch.num_rows, batch.num_rows, total)
            first += batch.num_rows


def _flat(file: pyarrow.parquet.ParquetFile, total: int, column: str | None) -> Iterator[Piece]:
    """Rows of turns: cut where the call id changes, after every so many calls."""
    pa = arrow()
    kept: Any = None
    first = 0
    for batch in file.iter_batches(batch_size=4096):
        kept = batch if kept is None else pa.Table.from_batches([kept, batch]).combine_chunks().to_batches()[0]
        if column is None:
            continue
        starts = _starts(kept.column(column))
        # The last call may go on in the next rows.
        for at in range(0, len(starts) - 1, CALLS_A_PIECE):
            calls = min(CALLS_A_PIECE, len(starts) - 1 - at)
            part = kept.slice(starts[at], starts[at + calls] - starts[at])
            yield Piece(packed(part), False, first, calls, part.num_rows, total)
            first += calls
        kept = kept.slice(starts[-1])
    if kept is not None and kept.num_rows:
        yield Piece(packed(kept), False, first, 1, kept.num_rows, total)


def _starts(ids: Any) -> list[int]:
    """The rows at which a call begins: the first, and those whose id is not that of the row before."""
    import pyarrow.compute as pc

    changed = pc.indices_nonzero(pc.fill_null(pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)), True)).to_pylist()
    return [0, *(n + 1 for n in changed)]


def behind(batch: pyarrow.RecordBatch, call: int, *, nested: bool) -> pyarrow.RecordBatch | None:
    """The rows behind those of the n-th call of a piece; None where there are none."""
    if nested:
        return batch.slice(call + 1) if call + 1 < batch.num_rows else None
    column = _call_column(batch.schema, "table")
    starts = [0] if column is None else _starts(batch.column(column))
    return batch.slice(starts[call + 1]) if call + 1 < len(starts) else None


def _call_column(columns: pyarrow.Schema, path: str) -> str | None:
    from ..readers.tabular import columns_of

    found = columns_of(columns.names)
    if found is None:
        raise ReadError(
            f"no column holds the turns or the text; there are {', '.join(columns.names) or 'none'}",
            where=path,
            remedy="Write a list `turns` a call, or a turn a row with the columns call_id, speaker, text.",
        )
    return found.call


def packed(batch: pyarrow.RecordBatch) -> bytes:
    """A batch as an Arrow stream, of its own rows only."""
    pa = arrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def unpacked(data: bytes) -> pyarrow.RecordBatch:
    """The batch of an Arrow stream."""
    with arrow().ipc.open_stream(data) as reader:
        return reader.read_next_batch()


def _held(columns: pyarrow.Schema) -> tuple[str, bool] | None:
    """The column that holds whole calls, and whether as a list of turns or as a document."""
    types = arrow().types
    by_name = {name.casefold(): name for name in columns.names}
    for name in _TURNS:
        if name in by_name:
            kind = columns.field(by_name[name]).type
            if (types.is_list(kind) or types.is_large_list(kind)) and types.is_struct(kind.value_type):
                return by_name[name], True
    speakers = {"speaker", "role", "speaker_name", "participant", "start", "channel"} & set(by_name)
    for name in _DOCUMENTS:
        if name in by_name and not speakers:
            kind = columns.field(by_name[name]).type
            if any(test(kind) for test in (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)):
                return by_name[name], False
    return None


def holding(columns: pyarrow.Schema, where: str) -> tuple[str, bool]:
    """The column of a table of calls that holds them, and whether as a list of turns or as a document.

    Raises:
        ReadError: there is none.
    """
    held = _held(columns)
    if held is None:
        raise ReadError(
            f"no column holds the turns; there are {', '.join(columns.names) or 'none'}",
            where=where,
            remedy="The column `turns` is a list of structs with speaker, role, text, start, end; listening_coach.call_schema() gives it whole.",
        )
    return held


def transcripts(batch: pyarrow.RecordBatch, options: Options, *, where: str = "table", first: int = 0) -> Iterator[Transcript | Failure]:
    """The calls of a table of calls, a row each; what is wrong with one row is given in its place.

    ``where`` names the table in errors, ``first`` is the number of its first row there.

    Raises:
        ReadError: no column holds the turns.
    """
    name, listed = holding(batch.schema, where)
    if batch.num_rows > 1 and batch.nbytes > _MOST_AT_ONCE:
        # Each by itself, so that one that is too large for the memory is not taken for another.
        return (one for n in range(batch.num_rows) for one in transcripts(batch.slice(n, 1), options, where=where, first=first + n))
    about = _about(batch, name)
    if not listed:
        return _documents(batch.column(name).to_pylist(), about, options, where, first)
    return _turns(batch.column(name), about, options.roles, where, first)


def _about(batch: pyarrow.RecordBatch, held: str) -> list[dict[str, Any]]:
    """What the other columns say of each call."""
    types = arrow().types
    plain = {
        name: batch.column(index).to_pylist()
        for index, name in enumerate(batch.schema.names)
        if name != held and not types.is_nested(batch.schema.field(index).type) and not types.is_binary(batch.schema.field(index).type)
    }
    return [{name: values[n] for name, values in plain.items() if values[n] is not None} for n in range(batch.num_rows)]


def _documents(
    values: Sequence[Any], about: Sequence[Mapping[str, Any]], options: Options, where: str, first: int
) -> Iterator[Transcript | Failure]:
    from dataclasses import replace

    from ..readers import read
    from ..readers.source import Document

    for n, value in enumerate(values):
        place = f"{where}, row {first + n}"
        known, rest = _known(about[n])
        data = value if isinstance(value, bytes) else str(value or "").encode("utf-8", "replace")
        try:
            call = read(Document(place, lambda data=data: io.BytesIO(data)), format=options.format, roles=options.roles)  # type: ignore[misc]  # the default binds it
        except ListeningCoachError as error:
            yield Failure.of(error, place, known.get("id"))
            continue
        yield replace(
            call,
            id=known.get("id") or call.id,
            started_at=known.get("started_at") or call.started_at,
            metadata={**call.metadata, **rest},
        )


def _known(about: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Id and date of a call, and the rest of its columns."""
    from ..readers.field_names import names as field_names
    from ..readers.times import moment

    plain = {key.casefold(): key for key in about}
    own = next((plain[name] for name in _IDS if name in plain), None)
    began = next((plain[name] for name in field_names().lists["started"] if name in plain), None)
    at = None if began is None else about[began]
    known = {"id": None if own is None else str(about[own]), "started_at": at if isinstance(at, datetime) else moment(at)}
    rest = {key: value if isinstance(value, str | int | float) else str(value) for key, value in about.items() if key not in (own, began)}
    return known, rest


def _turns(
    column: Any, about: Sequence[Mapping[str, Any]], roles: Mapping[str, str] | None, where: str, first: int
) -> Iterator[Transcript | Failure]:
    from ..readers import finish
    from ..readers.parsed_call import ParsedCall
    from ..readers.source import Document

    records = _records(column)
    for n, turns in enumerate(records):
        known, rest = _known(about[n])
        document = Document(f"{where}, row {first + n}", io.BytesIO)
        try:
            if turns is None:
                raise document.fail("its turns are null", remedy="Leave the row out, or give it its turns.")
            if turns and not ("text" in turns[0] and set(turns[0]) <= set(_TURN_FIELDS)):
                yield _by_names(turns, known, rest, document.name, roles)
                continue
            draft = ParsedCall(turns, id=known["id"], started_at=known["started_at"], metadata={"format": "table", **rest})
            yield finish(draft, "table", document, roles=roles)
        except ListeningCoachError as error:
            yield Failure.of(error, document.name, known["id"])


def _records(column: Any) -> list[list[dict[str, Any]] | None]:
    """The lists of a column of structs as lists of dicts, made column by column: several times faster than row by row."""
    lengths = column.value_lengths().to_pylist()
    flat = column.flatten()
    names = [field.name for field in flat.type]
    values = [_values(child) for child in flat.flatten()]
    rows = [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in zip(*values, strict=True)]
    found: list[list[dict[str, Any]] | None] = []
    at = 0
    for length in lengths:
        found.append(None if length is None else rows[at : at + length])
        at += length or 0
    return found


def _values(child: Any) -> list[Any]:
    types = arrow().types
    if (types.is_list(child.type) or types.is_large_list(child.type)) and types.is_struct(child.type.value_type):
        fields = {field.name for field in child.type.value_type}
        if fields == set(_WORD_FIELDS):
            lengths = child.value_lengths().to_pylist()
            flat = child.flatten()
            parts = dict(zip([f.name for f in flat.type], (c.to_pylist() for c in flat.flatten()), strict=True))
            words = list(zip(parts["text"], parts["start"], parts["end"], strict=True))
            found: list[Any] = []
            at = 0
            for length in lengths:
                found.append(words[at : at + length] if length else None)
                at += length or 0
            return found
    values: list[Any] = child.to_pylist()
    return values


def _by_names(
    turns: list[dict[str, Any]], known: Mapping[str, Any], rest: Mapping[str, Any], where: str, roles: Mapping[str, str] | None
) -> Transcript:
    """A call whose turns have other names for their fields: read as JSON, which knows them."""
    from dataclasses import replace

    from ..readers import read
    from ..readers.source import Document

    text = json.dumps({"turns": turns}, default=str).encode()
    call = read(Document(where, lambda: io.BytesIO(text)), roles=roles)
    return replace(
        call,
        id=known["id"] or call.id,
        started_at=known["started_at"] or call.started_at,
        metadata={**call.metadata, **rest, "format": "table"},
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
