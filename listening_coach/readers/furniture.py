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
    " weggelassen ausgeschlossen weggelaten omitido omitida omitidos omesso omessa omessi absent absente"
    " omis oculto oculta ocultado ocultada ♪ ♫ music applause beep beeps beeping"
    " ring rings ringing silence noise noises tone static"
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


# ------------------------------------------------------------------------------------------------------------------ encoding

# UTF-8 that a program took for Latin-1 or Windows-1252 and wrote as UTF-8 once more: "itâ€™s".
_TWICE = re.compile(
    r"[\u00c2-\u00f4](?:[\u0080-\u00bf]|[\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]){1,3}"
)


# Marks such as an apostrophe or a dash, encoded twice: nobody writes these letters side by side.
_SURELY_TWICE = re.compile(r"\u00e2(?:\u0080[\u0080-\u00bf]|\u20ac[\u0080-\u00bf\u2018-\u201d\u2122\u0153\u0160\u02dc])")


def is_encoded_twice(text: str) -> bool:
    """Whether a text holds letters that only encoding it twice gives."""
    return not text.isascii() and _SURELY_TWICE.search(text) is not None


def encoded_once(text: str) -> str:
    """The text, whose letters were encoded twice, as it was written."""
    return text if text.isascii() else _TWICE.sub(_decoded, text)


def _decoded(match: re.Match[str]) -> str:
    found = match[0]
    data = b"".join(_byte(letter) for letter in found)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return found


def _byte(letter: str) -> bytes:
    """The byte that stands for a letter in Latin-1, or in Windows-1252."""
    return bytes((ord(letter),)) if ord(letter) < 256 else letter.encode("cp1252")


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


# What a recogniser writes between words for programs: a change of speaker, tokens.
_OF_PROGRAMS = re.compile(r"\s*(?:\[SPEAKER_TURN\]|\[_[A-Z]{2,8}_\w{0,8}\]|<\|[^|<>\n]{1,30}\|>)")


def without_program_marks(text: str) -> str:
    """The text without the marks that a recogniser leaves in it: "[SPEAKER_TURN]", "<|en|>"."""
    return _OF_PROGRAMS.sub("", text).strip() if "[" in text or "<|" in text else text


_MARKED = re.compile(r"<([A-Z][A-Z_-]{2,20})>(.*?)</\1>", re.DOTALL)
_MARK_ALONE = re.compile(r"<[A-Z][A-Z_-]{1,20}\s?/>|</?(?:UNSURE|UNIN|UNINTELLIGIBLE|OVERLAP|LAUGH|LAUGHTER|NOISE|FILL)>")


def without_tags(text: str) -> str:
    """The text without a transcriber's tags: "<UNSURE>Hello</UNSURE> there <UNIN/>" is "Hello there". Marks of redaction stay."""
    if "<" not in text:
        return text
    return " ".join(_MARK_ALONE.sub(" ", _MARKED.sub(r"\2", text)).split())
