"""What Voiceflow writes: a log of what its agent said and did, and of what users wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .parsed_call import ParsedCall
from .rows import call_of, columns_of_rows
from .source import Document

_USER, _BOT = "user", "assistant"
# Who acts in a row, by its field "format" (older exports) or "type" (newer ones).
_SIDES = {"request": _USER, "launch": _USER, "action": _USER, "trace": _BOT}
# What the agent says; other traces are steps of its program.
_SPEECH = frozenset(("text", "speak", "message"))
# Where a payload keeps the words: the agent's message, what a user wrote, the button that they pressed.
_WORDS = ("message", "query", "label", "text")
_FIRST_ROWS = 20


class _Row(NamedTuple):
    """A row of a log: who acts, what kind of thing it is, its words and its time."""

    side: str
    kind: str
    text: str
    start: Any


def is_voiceflow(doc: Document) -> bool:
    """A list of rows that are all traces or requests with a payload, and of which one at least is a trace."""
    _, log = _log(doc.value)
    first = log[:_FIRST_ROWS]
    kinds = [_kind(row) for row in first]
    return "trace" in kinds and all(kind in _SIDES for kind in kinds)


def voiceflow(doc: Document) -> Iterator[ParsedCall]:
    """The call: what the agent says and the user writes; other rows are counted in the metadata.

    Raises:
        ReadError: no row holds words, or a time is none.
    """
    at, log = _log(doc.value)
    rows: list[dict[str, Any]] = []
    places: list[str] = []
    skipped: Counter[str] = Counter()
    for number, value in enumerate(log):
        row = _row(value) if isinstance(value, Mapping) else None
        if row is None or not row.text.strip():
            skipped[row.kind if row else "no text"] += 1
            continue
        rows.append({"role": row.side, "text": row.text, "time": row.start})
        places.append(f"{at}[{number}]")
    if not rows:
        raise doc.fail(
            f"none of the {len(log)} rows of the log holds words", at=at, remedy="Check that somebody wrote in the conversation."
        )
    holder = doc.value.get("transcript", doc.value) if isinstance(doc.value, Mapping) else {}
    parsed = call_of(doc, rows, places, columns=columns_of_rows(rows), call=_id(holder))
    if skipped:
        parsed.metadata["skipped"] = {**parsed.metadata.get("skipped", {}), **skipped}
    yield parsed


def _log(value: Any) -> tuple[str, list[Any]]:
    """Where the rows stand, and the rows: a list, or the logs of a transcript."""
    at = "$"
    for key in ("transcript", "logs"):
        if isinstance(value, Mapping) and key in value:
            at, value = f"{at}.{key}", value[key]
    return at, value if isinstance(value, list) else []


def _kind(row: Any) -> str | None:
    """Whether a row is a trace, a request, an action or a launch; None where it is no row of Voiceflow's."""
    if not isinstance(row, Mapping):
        return None
    of_old = "format" if "turnID" in row and "payload" in row else None
    found = row.get("type" if _is_new(row) else of_old)
    return found if isinstance(found, str) else None


def _is_new(row: Mapping[str, Any]) -> bool:
    """Whether a row keeps type and payload in an object of their own, as newer exports do."""
    return isinstance(row.get("data"), Mapping) and "payload" in row["data"]


def _row(row: Mapping[str, Any]) -> _Row | None:
    side = _SIDES.get(_kind(row) or "")
    if side is None:
        return None
    inner = row["data"] if _is_new(row) else row
    kind, payload = str(inner.get("type")), inner.get("payload")
    while isinstance(payload, Mapping) and "payload" in payload:
        kind, payload = str(payload.get("type", kind)), payload["payload"]
    start = row.get("startTime") or row.get("createdAt")
    if side == _BOT and kind not in _SPEECH:
        return _Row(side, kind, "", start)
    words = [payload] if isinstance(payload, str) else [payload.get(key) for key in _WORDS] if isinstance(payload, Mapping) else []
    return _Row(side, kind, next((word for word in words if isinstance(word, str)), ""), start)


def _id(holder: Any) -> str | None:
    found = holder.get("id") if isinstance(holder, Mapping) else None
    return found if isinstance(found, str) else None
