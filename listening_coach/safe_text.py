"""Texts that are safe to show: without signs that drive a terminal or turn the direction of writing, and of bounded length."""

from __future__ import annotations

import re

# An error shows no more of a file's content than this.
EXCERPT_CHARS = 200
# Signs that change the direction of the text behind them, with which a name can pass for another.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Control characters but for the line break and the tab, halves of surrogate pairs, and separators that break a line.
_UNSAFE = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_BIDI}]")
_UNSAFE_ON_A_LINE = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_BIDI}]")
_HALVES = re.compile(r"[\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# What file systems or shells do not take in a name.
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|]')


def printable(text: str) -> str:
    """The text with each unsafe sign replaced by U+FFFD; line breaks and tabs stay."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(_REPLACEMENT, text)


def whole_signs(text: str) -> str:
    """The text with each half of a surrogate pair, which no file can hold, replaced by U+FFFD; of the same length."""
    return text if text.isascii() else _HALVES.sub(_REPLACEMENT, text)


def one_line(text: str) -> str:
    """The text on one line, runs of white space as one space, each unsafe sign replaced by U+FFFD."""
    line = " ".join(text.split())
    return line if line.isascii() and line.isprintable() else _UNSAFE_ON_A_LINE.sub(_REPLACEMENT, line)


def one_line_as_is(text: str) -> str:
    """The text with each sign that breaks the line or is unsafe replaced by U+FFFD; its spaces stay as they are."""
    return _UNSAFE_ON_A_LINE.sub(_REPLACEMENT, text)


def without_unsafe(text: str) -> str:
    """The text without unsafe signs."""
    return _UNSAFE_ON_A_LINE.sub("", text)


def file_name(text: str) -> str:
    """A file's bare name made of a text: on one line, without signs that a name cannot hold, of at most 120 characters."""
    name = _NOT_IN_A_NAME.sub("_", one_line(text).replace(_REPLACEMENT, "_")).strip(". ")
    return name[:120] or "call"


def shortened(text: str, most: int) -> str:
    """A text of at most ``most`` characters; what is left out of its middle is marked by an ellipsis."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def excerpt(value: object, most: int = EXCERPT_CHARS) -> str:
    """A value as an error shows it: its ``repr`` on one line, of at most ``most`` characters, with sensitive data masked.

    Never raises, whatever the value's own ``repr`` does.
    """
    if isinstance(value, str | bytes):
        # A repr of a gigabyte would take as much again.
        value = value[: 4 * most]
    try:
        shown = repr(value)
    except Exception:
        # Whole numbers of thousands of digits and values nested too deeply have none.
        shown = f"a {type(value).__name__} that cannot be shown"
    return masked_line(shown, most)


def masked_line(text: str, most: int = EXCERPT_CHARS) -> str:
    """A text on one line, of at most ``most`` characters, with sensitive data masked."""
    from . import sensitive  # its patterns take time to build, and most runs meet no error

    return shortened(sensitive.masked(one_line(text[: 8 * most])), most)
