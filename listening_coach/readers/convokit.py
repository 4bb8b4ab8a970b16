"""ConvoKit corpora: a folder or archive with utterances.jsonl, speakers.json and conversations.json."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ReadError
from ..safe_text import excerpt
from ..transcript import Role
from . import times
from .parsed_call import ParsedCall
from .roles import role_of
from .source import MAX_BYTES, Document
from .walker import CORPUS_FILE

_ROLE_FIELDS = ("role", "speaker_role", "speaker_type", "type", "user_type", "participant_role", "interlocutor")


def is_convokit(doc: Document) -> bool:
    """Lines of utterances with a speaker, a conversation and the utterance that they reply to."""
    if not doc.looks_json_lines:
        return False
    if (doc.path or "").replace("\\", "/").rsplit("/", 1)[-1] == CORPUS_FILE:
        return True
    first = next((line for line in doc.start_text.split("\n") if line.strip()), "")
    return all(f'"{key}"' in first for key in ("id", "text", "meta")) and ('"reply-to"' in first or '"reply_to"' in first)


def parse(doc: Document) -> Iterator[ParsedCall | ReadError]:
    """The calls of a corpus, a conversation each, in the order in which they begin.

    Utterances of a conversation may stand apart, so a first pass notes where each stands, and none is held in memory.
    """
    speakers = _object(doc.beside("speakers.json") or doc.beside("users.json"))
    about = _object(doc.beside("conversations.json"))
    places: dict[str, array[int]] = {}
    with doc.opened() as stream:
        at = 0
        for number, line in enumerate(stream, 1):
            if line.strip():
                value = _utterance(doc, line, number)
                places.setdefault(str(value.get("conversation_id", value.get("root"))), array("Q")).extend((at, number))
            at += len(line)
    with doc.opened() as stream:
        seekable = stream.seekable()
    whole = None if seekable else doc.data
    for conversation, found in places.items():
        rows = []
        if whole is not None:
            rows = [(found[n + 1], whole[found[n] : whole.find(b"\n", found[n]) % (len(whole) + 1)]) for n in range(0, len(found), 2)]
        else:
            with doc.opened() as stream:
                for n in range(0, len(found), 2):
                    stream.seek(found[n])
                    rows.append((found[n + 1], stream.readline()))
        try:
            yield _conversation(doc, conversation, [(n, _utterance(doc, line, n)) for n, line in rows], speakers, about)
        except ReadError as error:
            yield error


def _utterance(doc: Document, line: bytes, number: int) -> Mapping[str, Any]:
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise doc.fail("the line is not UTF-8", at=f"line {number}", remedy="Save the corpus again.") from None
    value = doc.parse_json(text, number)
    if not isinstance(value, Mapping) or not ("conversation_id" in value or "root" in value):
        raise doc.fail("it lacks the required field `conversation_id`", at=f"line {number}", remedy="Save the corpus again with ConvoKit.")
    return value


def _object(doc: Document | None) -> Mapping[str, Any]:
    """A corpus's side file; nothing where it is missing or beyond measure, for it only adds to what was said."""
    if doc is None or len(doc.head) >= MAX_BYTES:
        return {}
    value = doc.value
    return value if isinstance(value, Mapping) else {}


def _conversation(
    doc: Document, conversation: str, rows: list[tuple[int, Mapping[str, Any]]], speakers: Mapping[str, Any], about: Mapping[str, Any]
) -> ParsedCall:
    stamps = [_stamp(doc, value.get("timestamp"), number) for number, value in rows]
    if all(s is not None for s in stamps):
        order = sorted(range(len(rows)), key=lambda n: stamps[n].value if stamps[n] is not None else 0.0)  # type: ignore[union-attr]
        rows, stamps = [rows[n] for n in order], [stamps[n] for n in order]
    known = [s for s in stamps if s is not None]
    # A corpus counts replies in seconds since 1970, or numbers them: the same stamp for all says nothing.
    timed = len({s.value for s in known}) > 1
    zero = times.zero(known, 0, 1.0)
    first = min((zero.seconds(s) or 0.0 for s in known), default=0.0)
    turns = []
    for (number, value), stamp in zip(rows, stamps, strict=True):
        text = value.get("text")
        if not isinstance(text, str):
            raise doc.fail(f"the text is {text!r}", at=f"line {number}", remedy="Give every utterance a text, if only an empty string.")
        speaker = value.get("speaker", value.get("user"))
        if isinstance(speaker, Mapping):
            speaker = speaker.get("id")
        turns.append(
            {
                "place": f"line {number}",
                "speaker": None if speaker is None else str(speaker),
                "role": _role(value.get("meta"), speakers.get(str(speaker))),
                "text": text.strip(),
                "start": None if stamp is None or not timed else round((zero.seconds(stamp) or 0.0) - first, 6),
                "id": None if value.get("id") is None else str(value["id"]),
            }
        )
    found = about.get(conversation)
    meta = found.get("meta", found) if isinstance(found, Mapping) else {}
    return ParsedCall(
        turns, id=conversation, started_at=zero.date, metadata={"meta": dict(meta)} if isinstance(meta, Mapping) and meta else {}
    )


def _stamp(doc: Document, value: Any, number: int) -> times.Stamp | None:
    try:
        return times.stamp(value)
    except (ValueError, TypeError):
        raise doc.fail(
            f"the timestamp {excerpt(value)} is no time", at=f"line {number}", remedy="Write seconds, or leave it out."
        ) from None


def _role(*metas: Any) -> str | None:
    for meta in metas:
        inner = meta.get("meta", meta) if isinstance(meta, Mapping) else {}
        for field in _ROLE_FIELDS if isinstance(inner, Mapping) else ():
            role = role_of(str(inner.get(field)))
            if role is not Role.UNKNOWN:
                return role.value
    return None
