"""What stands in transcripts and is not said: notices of joining and leaving, lines of an export, markup."""

from __future__ import annotations

import html
import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

# A notice is short; what is longer is speech even where it begins like one.
_MOST_LETTERS = 400
# Somebody's name: "I left the meeting" is said.
_WHO = r"(?!(?:i|we|he|she|they|it|who|everyone|everybody|somebody|nobody|my|our|his|her|their)\b)(?:[\w.@'’+()<>-]+ ){0,5}?[\w.@'’+()<>-]+"
_WRAPPED = re.compile(r"^[\s\u200e\u200f*_\[\]()<>~\-=—–]+|[\s\u200e\u200f*_\[\]()~\-=—–]+$")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The notices, and the notices with the headings, compiled when the first text may be one."""
    data = tomllib.loads((Path(__file__).parent / "notices.toml").read_text(encoding="utf-8"))
    notices = [line.replace("{who}", _WHO) for line in data["notices"]]
    both = ("|".join(notices), "|".join([*notices, *data["headings"]]))
    first, second = (re.compile(rf"(?:{lines})[.!]?", re.IGNORECASE) for lines in both)
    return first, second


@lru_cache(maxsize=2048)
def _is_notice(text: str, headings: bool) -> bool:
    bare = " ".join(text.replace("\u200e", "").replace("\u200f", "").split())
    pattern = _patterns()[headings]
    return pattern.fullmatch(bare) is not None or pattern.fullmatch(_WRAPPED.sub("", bare)) is not None


# Words of which every notice has one: most turns have none, and are not looked at further.
_HINT_WORDS = (  # noqa: SIM905 - words read best as words
    "joined left entered exited started stopped ended paused resumed transcription recording transferred routed connected accepted assigned handed added removed"
    " invited created renamed changed encrypted secured security disappearing privacy business omitted included attached attachment deleted waiting missed voice"
    " video liked loved laughed emphasized disliked reacted transcript generated transcribed powered subtitles subtitle captions caption page participants"
    " attendees chat image audio media gif sticker document photo file picture saved closed end start beginning transcribing meeting message messages updated turned"
).split()


@cache
def _hints() -> frozenset[str]:
    """The words as they stand in a text, with the marks around them: looked up many times, and built once."""
    forms = (form for word in _HINT_WORDS for form in (word, word.capitalize(), word.upper()))
    befores, afters = ("", "<", "[", "(", "*", "_"), ("", ".", ",", ":", "!", ">", "]", ")", "*", "_")
    return frozenset(f"{before}{form}{after}" for form in forms for before in befores for after in afters)


def is_furniture(text: str, *, headings: bool = False) -> bool:
    """Whether a text is a notice, which nobody says: "Dana joined the call", "<Media omitted>"; with ``headings`` also a heading or a footer."""
    return len(text) <= _MOST_LETTERS and not _hints().isdisjoint(text.split()) and _is_notice(text, headings)


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


_MARKED = re.compile(r"<([A-Z][A-Z_-]{2,20})>(.*?)</\1>", re.DOTALL)
_MARK_ALONE = re.compile(r"<[A-Z][A-Z_-]{1,20}\s?/>|</?(?:UNSURE|UNIN|UNINTELLIGIBLE|OVERLAP|LAUGH|LAUGHTER|NOISE|FILL)>")


def without_tags(text: str) -> str:
    """The text without a transcriber's tags: "<UNSURE>Hello</UNSURE> there <UNIN/>" is "Hello there". Marks of redaction stay."""
    if "<" not in text:
        return text
    return " ".join(_MARK_ALONE.sub(" ", _MARKED.sub(r"\2", text)).split())
