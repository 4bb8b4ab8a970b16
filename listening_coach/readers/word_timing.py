"""Timed words into turns: punctuation joined, speakers told apart, displayed text matched with the words that were timed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

# Two channels hold no turns, only words: a pause this long ends one.
CHANNEL_PAUSE_S = 0.8

Timed = tuple[str, float, float]


class Item(NamedTuple):
    """A word or a mark as a service lists it.

    Times are seconds, None for a mark. ``key`` tells stretches apart: the speaker, or a segment's number. ``after`` is
    whether a mark goes with the word before it (as most do), ``before`` with the next; ``space`` is what stands in
    front of a word.
    """

    text: str
    start: float | None
    end: float | None
    key: Any = None
    mark: bool = False
    before: bool = False
    space: str = " "
    place: str = ""


class Stretch(NamedTuple):
    """Words of one key in a row."""

    key: Any
    text: str
    words: list[Timed]
    place: str

    def record(self, **more: Any) -> dict[str, Any]:
        """A record for a ParsedCall; start and end follow from the words unless given."""
        return {"text": self.text, "words": self.words, "place": self.place, **more}


def stretches(items: Iterable[Item], *, pause_s: float | None = None) -> list[Stretch]:
    """Consecutive items of one key as a stretch; a pause longer than ``pause_s`` ends one as well."""
    found: list[Stretch] = []
    texts: list[str] = []
    pending = ""
    last_end: float | None = None

    def close() -> None:
        if found and texts:
            found[-1] = found[-1]._replace(text="".join(texts).strip())
            texts.clear()

    for item in items:
        text = item.text.strip()
        if not text:
            continue
        if item.mark and not item.before:
            if not found:
                continue
            texts.append(text)
            if found[-1].words:
                word = found[-1].words[-1]
                found[-1].words[-1] = (word[0] + text, word[1], word[2])
            continue
        paused = pause_s is not None and item.start is not None and last_end is not None and item.start - last_end > pause_s
        if not found or item.key != found[-1].key or paused:
            close()
            found.append(Stretch(item.key, "", [], item.place))
        if item.mark:
            pending += text
            continue
        texts.append((item.space if texts else "") + pending + text)
        if item.start is not None and item.end is not None:
            found[-1].words.append((pending + text, item.start, item.end))
            last_end = item.end
        pending = ""
    close()
    return found


def align(text: str, timed: Sequence[Timed]) -> list[Timed]:
    """The words of a displayed text with the times of the words that were recognised.

    A service may time the bare words and show others: "twenty dollars" as "$20". Where both agree a word has its own
    time; a stretch in which they differ is shared out evenly; a word with no counterpart has none.
    """
    shown = text.split()
    if not timed or not shown:
        return []
    if len(shown) == len(timed):
        return [(word, start, end) for word, (_, start, end) in zip(shown, timed, strict=True)]
    found: list[Timed] = []
    matcher = SequenceMatcher(None, [_plain(w) for w in shown], [_plain(w[0]) for w in timed], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            found += [(word, start, end) for word, (_, start, end) in zip(shown[i:j], timed[k:m], strict=True)]
        elif tag == "replace":
            first, last = timed[k][1], max(t[2] for t in timed[k:m])
            step = (last - first) / (j - i)
            found += [(word, round(first + n * step, 3), round(first + (n + 1) * step, 3)) for n, word in enumerate(shown[i:j])]
    return found


def _plain(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum()) or word
