"""What a document seems to be that holds no talk: a program's log, YAML, a page of notes, a failed job; so that the error can say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .source import Document


class What(NamedTuple):
    """What content seems to be, and what to do about it."""

    name: str
    remedy: str


_LOG_LINE = re.compile(
    r"^[\[(]?(?:\d{4}[-/]\d\d[-/]\d\d|\d\d/\w{3}/\d{4}|\w{3} +\d{1,2})[T ,:]+\d\d:\d\d:\d\d\S*"
    r".{0,60}?\b(?:DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|TRACE|SEVERE)\b"
    r"|^\s*[\[(]?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL|TRACE)[\])]?[: ]\s*\S+[.:]"
    r"|^[\[(]?\d\d:\d\d:\d\d\S*[\])]?\s+[\[(]?(?:DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|TRACE)\b"
    r"|^[DIWEF]\d{4} \d\d:\d\d:\d\d"
    r"|^\d{1,3}(?:\.\d{1,3}){3} \S+ \S+ \["
    r"|^\w{3} +\d{1,2} \d\d:\d\d:\d\d \S+ \S+(?:\[\d+\])?:",
)
_YAML_LINE = re.compile(r"^\s*(?:- )?[A-Za-z_][\w-]*:(?:\s|$)|^\s*- \S|^---$|^\s*#")
_YAML_SIGN = re.compile(
    r"^(?:%YAML|---\s*$)|^[ \t]+- [A-Za-z_][\w-]*:\s|^- [A-Za-z_][\w-]*:.*\n[ \t]+[A-Za-z_][\w-]*:|^[A-Za-z_][\w-]*:[ \t]*\n[ \t]*- ",
    re.MULTILINE,
)
_INI_SIGN = re.compile(r"^\[[\w .:-]+\]\s*\n\s*[\w.-]+\s*=", re.MULTILINE)
_CODE_SIGN = re.compile(
    r"^(?:#!/|import [\w.]+;?$|from [\w.]+ import |def \w+\(|class \w+[(:{]|function \w+\(|#include [<\"]|package \w+;?$|(?:const|let|var) \w+ =)",
    re.MULTILINE,
)
_SQL_SIGN = re.compile(r"^(?:CREATE TABLE|INSERT INTO|SELECT .+ FROM|DROP TABLE)\b", re.MULTILINE | re.IGNORECASE)
_MARKDOWN_SIGN = re.compile(r"^#{1,6} \S|^```|\[[^\]\n]+\]\([^)\n]+\)|^\s*[-*] \[[ x]\]|^={3,}$|^-{3,}$", re.MULTILINE)
_EMAIL_SIGN = re.compile(
    r"^(?:From|To|Cc|Subject|Date|Reply-To|Message-ID|MIME-Version|Received|Content-Type): \S", re.MULTILINE | re.IGNORECASE
)
_LATEX_SIGN = re.compile(r"^\\(?:documentclass|begin\{|usepackage|section\{)", re.MULTILINE)
_DIFF_SIGN = re.compile(r"^(?:diff --git|@@ -\d+|--- a/|\+\+\+ b/)", re.MULTILINE)
_EXPORT = "Export the transcript as text, JSON, CSV or subtitles, with a name in front of each turn."
# The states in which a service's job has no transcript yet, or never will.
_PENDING = frozenset(
    (
        "queued",
        "pending",
        "processing",
        "in_progress",
        "running",
        "started",
        "submitted",
        "created",
        "waiting",
        "transcribing",
        "notstarted",
        "not_started",
        "scheduled",
    )
)
_FAILED = frozenset(("failed", "error", "errored", "canceled", "cancelled", "aborted", "rejected", "expired", "timeout", "timed_out"))
_STATUS_KEYS = (
    "status",
    "state",
    "jobstatus",
    "job_status",
    "transcriptionjobstatus",
    "recognitionstatus",
    "call_status",
    "transcript_status",
)
_ERROR_KEYS = ("error", "errors", "error_message", "errormessage", "err_msg", "failurereason", "failure_reason", "detail", "fault")


def looks_like(doc: Document) -> What | None:
    """What the document seems to be; None where nothing can be said."""
    if doc.looks_json:
        return _json_kind(doc.value) if not doc.looks_json_lines else None
    return text_kind(doc.start_text, doc.suffix)


def text_kind(text: str, suffix: str = "") -> What | None:
    """What a text seems to be that is no talk."""
    start = text.lstrip("\ufeff \t\n")
    if start.startswith("{\\rtf"):
        return What("an RTF document", "Save it as plain text (.txt).")
    if re.match(r"<!doctype html|<html", start, re.IGNORECASE):
        return What("an HTML page without lines that name a speaker", _EXPORT)
    if re.match(r"<\?xml|<!DOCTYPE|<[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>\s*<", start):
        root = re.search(r"<([A-Za-z][\w:.-]*)", start)
        return What(f"XML (its root is {root[1] if root else '?'!r}) of no kind that is known", _EXPORT)
    lines = [line for line in text.split("\n")[:400] if line.strip()]
    if start.startswith("Traceback (most recent call last)"):
        return What("a program's report of an error", _EXPORT)
    if len(lines) > 1 and sum(_LOG_LINE.match(line) is not None for line in lines) > 0.5 * len(lines):
        return What("a program's log, which does not say who speaks", _EXPORT)
    if len(_EMAIL_SIGN.findall("\n".join(lines[:15]))) > 2:
        return What("an e-mail", "Give the conversation with a name in front of each turn.")
    if start.startswith("BEGIN:V"):
        return What("a card of an address book or a calendar", _EXPORT)
    if _LATEX_SIGN.search(text):
        return What("a LaTeX document", _EXPORT)
    if _DIFF_SIGN.search(text):
        return What("a patch of a program", _EXPORT)
    if _YAML_SIGN.search(text) and sum(_YAML_LINE.match(line) is not None for line in lines) > 0.6 * len(lines):
        return What("YAML", "Convert it to JSON: a list of turns with speaker and text.")
    if suffix in (".yaml", ".yml"):
        return What("YAML", "Convert it to JSON: a list of turns with speaker and text.")
    if _INI_SIGN.search(text) and not start.startswith("[Script Info]"):
        return What("a file of settings", _EXPORT)
    if _are_settings(lines):
        return What("a file of settings, a key and a value a line", _EXPORT)
    if len(_SQL_SIGN.findall(text)) > 0 and ";" in text:
        return What("SQL", "Export the rows as CSV with the columns speaker, text, start and end.")
    if len(_CODE_SIGN.findall(text)) > 1:
        return What("the source text of a program", _EXPORT)
    if len(_MARKDOWN_SIGN.findall(text)) > 2 or suffix == ".md":
        return What("a page of notes (Markdown) without lines that name a speaker", _EXPORT)
    return None


_SETTING = re.compile(r"\s*(?:export )?([a-z][\w.-]*\s*[:=]|[A-Za-z][\w.-]*\s*=)\s*(\S+(?: \S+)?)\s*")
_FEWEST_SETTINGS = 4


def _are_settings(lines: list[str]) -> bool:
    """Whether all lines are a key in small letters and a short value, no key twice."""
    found = [_SETTING.fullmatch(line) for line in lines]
    keys = {match[1] for match in found if match is not None}
    return len(lines) >= _FEWEST_SETTINGS and None not in found and len(keys) == len(lines)


def _json_kind(value: Any) -> What | None:
    """A job that is not done, an error of a service, or the request for a transcription."""
    if not isinstance(value, Mapping):
        return None
    for holder in _holders(value, 3):
        keys = {str(k).casefold().replace("-", "_"): k for k in holder}
        status = next((str(holder[keys[k]]) for k in _STATUS_KEYS if k in keys and isinstance(holder[keys[k]], str)), "")
        plain = status.casefold().replace(" ", "_").replace("-", "_")
        if plain in _PENDING:
            return What(
                f"a job that is not finished (its status is {status!r})",
                "Wait until the service has finished, and fetch the transcript then.",
            )
        told = next((_told(holder[keys[k]]) for k in _ERROR_KEYS if k in keys and holder[keys[k]]), "")
        if plain in _FAILED:
            return What(
                f"a job that failed (its status is {status!r}{'; ' + told if told else ''})", "Correct the cause and start the job again."
            )
        if told:
            return What(f"an error of a service: {told}", "Repeat the request that fetches the transcript.")
    by_name = {str(k).casefold(): v for k, v in value.items()}
    if isinstance(by_name.get("message"), str) and by_name.keys() <= {
        "message",
        "__type",
        "code",
        "status",
        "statuscode",
        "requestid",
        "request_id",
        "type",
        "success",
    }:
        return What(
            f"an answer of a service without a transcript: {_told(by_name['message'])}", "Repeat the request that fetches the transcript."
        )
    return None


def _holders(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """The objects in which a service may say how a job stands: the value, those in it, and the one in a list of one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, Mapping) and depth:
        yield value
        for inner in value.values():
            yield from _holders(inner, depth - 1)


def _told(value: Any) -> str:
    """What an error says, in a few words."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping):
        value = next(
            (value[k] for k in ("message", "detail", "msg", "description", "title", "reason") if isinstance(value.get(k), str)),
            str(dict(value)),
        )
    return repr(" ".join(str(value).split())[:80])


def nearest(value: Any) -> str:
    """The fields of a JSON value, and the list in it that comes nearest to turns."""
    fields = f"its fields are {', '.join(map(str, list(value)[:8])) or 'none'}" if isinstance(value, Mapping) else f"it is a {_kind(value)}"
    best = max(_lists(value, "$", 4), key=lambda found: found[1], default=None)
    if best is None:
        return fields
    path, count, names = best
    return f"{fields}; nearest to turns is {path}, {count} objects with {', '.join(names[:8])}"[:400]


def _kind(value: Any) -> str:
    names = {list: "list", str: "text", int: "number", float: "number", bool: "truth value", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def _lists(value: Any, path: str, depth: int) -> Iterator[tuple[str, int, list[str]]]:
    if depth < 0:
        return
    if isinstance(value, list):
        rows = [v for v in value[:50] if isinstance(v, Mapping)]
        if rows:
            yield path, len(value), [str(k) for k in dict.fromkeys(k for row in rows for k in row)]
            yield from _lists(rows[0], f"{path}[0]", depth - 1)
    elif isinstance(value, Mapping):
        for key, inner in list(value.items())[:50]:
            yield from _lists(inner, f"{path}.{key}", depth - 1)
