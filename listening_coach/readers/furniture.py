"""What stands in transcripts and is not said: notices of joining and leaving, lines of an export, markup."""

from __future__ import annotations

import html
import re
from functools import lru_cache

# A notice is short; what is longer is speech even where it begins like one.
_MOST_LETTERS = 400
# Somebody's name: "I left the meeting" is said.
_WHO = r"(?!(?:i|we|he|she|they|it|who|everyone|everybody|somebody|nobody|my|our|his|her|their)\b)(?:[\w.@'’+()<>-]+ ){0,5}?[\w.@'’+()<>-]+"
_NOTICES = re.compile(
    r"(?:"
    + "|".join(
        (
            # joining, leaving, recording
            rf"{_WHO} (?:has |have )?(?:joined|left|entered|exited)(?: (?:the|this|your) (?:call|chat|meeting|conversation|channel|group|room|session|queue|conference))(?: using .{{1,40}}| at .{{1,20}})?",
            rf"{_WHO} (?:has|have) (?:joined|left)|[*\[(]{_WHO} (?:joined|left)[*\])]",
            rf"(?:{_WHO} )?(?:has |have )?(?:started|stopped|ended|paused|resumed) (?:the )?(?:transcription|transcribing|recording|call|meeting|chat|screen sharing)(?: at .{{1,20}})?",
            r"(?:the )?(?:transcription|recording|meeting|chat|conversation|session)(?: has| was)?(?: been)? (?:started|stopped|ended|closed|resumed|paused)(?: (?:at|by|after) .{1,40})?",
            rf"(?:chat|call|conversation) (?:was |has been )?(?:assigned|transferred|routed|connected|accepted|handed over)(?: to| by)? {_WHO}",
            rf"{_WHO} (?:was|were|has been) (?:added|removed|assigned|invited)(?: (?:to|from) .{{1,40}})?(?: by .{{1,40}})?",
            rf"{_WHO} (?:added|removed|invited) {_WHO}(?: to .{{1,40}})?",
            rf"{_WHO} (?:created|renamed|changed) (?:the |this )?(?:group|channel|subject|topic)\b.{{0,60}}",
            # messengers
            r"messages(?: and calls)? (?:are|to this (?:chat|group) (?:and calls )?are(?: now)?|you send to this .{1,20} are(?: now)?) (?:now )?(?:end-to-end encrypted|secured).{0,200}",
            r".{0,40}(?:security code|disappearing messages|advanced chat privacy)\b.{0,140}(?:changed|turned on|turned off|tap to .{1,30})\.?",
            r"this business (?:uses|is now|works|account).{0,160}",
            r"[<\[(]?\s*(?:media|image|video|audio|gif|sticker|document|photo|voice (?:message|note)|contact card|file|location|attachment|picture)s?\s+(?:omitted|not included|attached|removed|message)\s*[>\])]?",
            r"[<\[(](?:attached|attachment|image|video|audio|file|photo|sticker|document|picture)(?:: ?.{0,120})?[>\])]",
            r"\S{1,80}\.(?:jpe?g|png|webp|mp4|opus|ogg|pdf|vcf|gif|m4a|docx?) \((?:file|datei) attached\)",
            r"(?:this|you deleted this|the) message(?: was)?(?: deleted)?(?: by (?:its |the )?(?:author|admin|sender))?",
            r"waiting for this message.{0,80}",
            r"missed (?:voice|video|group)? ?call.{0,40}|(?:voice|video) call[,.] .{0,40}|(?:voice|video) call",
            r"(?:liked|loved|laughed at|emphasized|disliked|reacted .{1,12} to) (?:a|your|[“\"]).{0,160}",
            # exports
            r"transcript (?:saved|generated|created|exported|provided|by)\b.{0,120}|(?:auto-?generated|ai-generated)\b.{0,100}|this (?:editable )?transcript was .{0,160}",
            r"transcribed (?:by|with|using) .{1,80}|powered by .{1,40}|generated (?:by|with|using) .{1,60}|subtitles? (?:by|provided by) .{1,60}|captions? (?:by|provided by) .{1,60}",
            r"(?:end|start|beginning) of (?:the )?(?:transcript|transcription|call|recording|chat|conversation|meeting|file)",
            r"page \d+(?: of \d+)?|(?:chat messages|transcript|full transcript|call transcript|transcription|meeting transcript|attendees|participants)",
        )
    )
    + r")[.!]?",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"^[\s\u200e\u200f*_\[\]()<>~\-=—–]+|[\s\u200e\u200f*_\[\]()~\-=—–]+$")


@lru_cache(maxsize=2048)
def _is_notice(text: str) -> bool:
    bare = " ".join(text.replace("\u200e", "").replace("\u200f", "").split())
    return _NOTICES.fullmatch(bare) is not None or _NOTICES.fullmatch(_WRAPPED.sub("", bare)) is not None


# Words of which every notice has one: most turns have none, and are not looked at further.
_HINTS = frozenset(
    ["joined", "left", "entered", "exited", "started", "stopped", "ended", "paused", "resumed", "transcription", "recording", "transferred", "routed", "connected", "accepted", "assigned", "handed", "added", "removed", "invited", "created", "renamed", "changed", "encrypted", "secured", "security", "disappearing", "privacy", "business", "omitted", "included", "attached", "attachment", "deleted", "waiting", "missed", "voice", "video", "liked", "loved", "laughed", "emphasized", "disliked", "reacted", "transcript", "generated", "transcribed", "powered", "subtitles", "subtitle", "captions", "caption", "page", "participants", "attendees", "chat", "image", "audio", "media", "gif", "sticker", "document", "photo", "file", "picture", "saved", "closed", "end", "start", "beginning", "transcribing", "meeting", "message"]
)
_BARE = str.maketrans(dict.fromkeys("<>[]()*_~.,!:;–—-\u200e\u200f\u202f", " "))


def is_furniture(text: str) -> bool:
    """Whether a text is a notice or a line of an export, which nobody says: "Dana joined the call", "<Media omitted>"."""
    return len(text) <= _MOST_LETTERS and not _HINTS.isdisjoint(text.casefold().translate(_BARE).split()) and _is_notice(text)


# -------------------------------------------------------------------------------------------------------------------- markup

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|apos|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:/?p|/?div|br|/?li|/?tr|/?h\d)\b[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"^\s*<(?:p|div|html|body|span|ul|ol)\b", re.IGNORECASE)


def without_markup(text: str) -> str:
    """The text of a message in HTML; a text that only mentions a tag stays as it is."""
    if _BLOCK.match(text) or re.search(r"<br\s*/?>", text, re.IGNORECASE):
        text = _ANY_TAG.sub("", _BREAKS.sub(" ", text))
        return " ".join(html.unescape(text).split())
    return html.unescape(text) if _ENTITY.search(text) else text
