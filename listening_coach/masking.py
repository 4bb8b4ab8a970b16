"""Masks what identifies people or opens their accounts, in texts, in transcripts and in reports made of them.

Finding listening behaviour uses the original words. What is shown or written afterwards carries labels such as "[card number]" in their
place, and the spans of moments are moved so that they cover the same words, or the label, in the masked text. ``sensitive`` says what is found.

Kept as they are: ids of calls and people and names of files, by which results are joined; the last four digits of a card.
"""

from __future__ import annotations

import operator
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar, overload

import msgspec

from . import sensitive
from .errors import ListeningCoachError, TranscriptError, not_taken
from .sensitive import Span
from .transcript import Transcript, Turn, Word

# What looks for more than patterns do: the spans of each text.
Finder = Callable[[Sequence[str]], Sequence[Sequence[Span]]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MaskingRecord:
    """What a report says of its masking: whether it is masked, whether names are, and how many places of each kind were."""

    on: bool = False
    names: bool = False
    found: Mapping[str, int] = field(default_factory=dict)


NOT_MASKED = MaskingRecord()


@overload
def mask(source: Transcript, *, names: bool = False) -> Transcript: ...
@overload
def mask(source: str, *, names: bool = False) -> str: ...
def mask(source: Transcript | str, *, names: bool = False) -> Transcript | str:
    """The transcript, or the text, with labels in the place of what identifies people or opens their accounts.

    ``names`` masks the names of people and places too, for which ``listening-coach[masking]`` must be installed.

    Raises:
        TranscriptError: it is neither a transcript nor a text.
        MissingExtraError: Presidio or its language model is not installed.
    """
    if not isinstance(source, str | Transcript):
        raise not_taken(TranscriptError, "source", source, "Pass a Transcript or a text.")
    finder = name_finder() if names else None
    if isinstance(source, str):
        spans = _together(sensitive.find([source]), finder([source]) if finder else ())
        return sensitive.replaced(source, spans[0])
    return Masking(source, finder).transcript


def name_finder() -> Finder:
    """What finds names, by Presidio.

    Raises:
        MissingExtraError: Presidio or its language model is not installed.
    """
    from .names_by_presidio import finder

    found: Finder = finder()
    return found


def _together(*found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """The spans of each text by several finders, apart from each other."""
    rows = [spans for spans in found if len(spans)]
    return [sensitive.apart([span for spans in of_text for span in spans]) for of_text in zip(*rows, strict=True)]


# Fields that hold ids and words of the library's own or of a rubric, never what was said.
_OURS = frozenset(
    ("behaviour", "kind", "rule", "item", "id", "role", "why", "advice", "instead", "absent", "meaning", "rubric", "rubric_version", "firmness",
     "shows", "band", "status")
    + ("section", "metric", "metrics", "about", "masking", "title", "limits", "evidence_tier")
)  # fmt: skip
# What spoke for a moment may be words of the call.
_OUR_KEYS = _OURS - {"why"}
# Keys of the metadata whose values say how the file is made, or that results are joined by.
_KEPT_KEY = re.compile(
    r"(?:^|_)(?:id|ids|uuid|guid|sid|key|format|language|source|schema|version|started_at|date|time|timestamp)$", re.IGNORECASE
)
_SENSITIVE_KEY_KINDS = frozenset(
    (sensitive.CARD, sensitive.SECURITY_CODE, sensitive.PASSWORD, sensitive.IDENTITY, sensitive.ACCOUNT, sensitive.PHONE)
)
_ELLIPSIS = "…"
# How often a short quote is looked for in its turn, and how much of a sensitive text cut through at a quote's edge is recognised.
_MOST_PLACES = 50
_LEAST_CUT = 3


class Masking:
    """The masking of one call: its masked transcript, and what turns texts and values that were taken from the original into masked ones."""

    def __init__(self, original: Transcript, finder: Finder | None = None) -> None:
        self.original = original
        texts = [turn.text for turn in original.turns]
        found = sensitive.find(texts, [turn.speaker for turn in original.turns])
        self._spans = _together(found, finder(texts)) if finder else found
        self._names = finder is not None
        self._speakers = _masked_speakers(original.speakers, finder)
        self._done: dict[tuple[str, int | None], str] = {}

    @property
    def found(self) -> dict[str, int]:
        """How many places of each kind there are, by kind in order."""
        return dict(sorted(Counter(span.kind for spans in self._spans for span in spans).items()))

    @property
    def record(self) -> MaskingRecord:
        """What a report says of it."""
        return MaskingRecord(on=True, names=self._names, found=self.found)

    @cached_property
    def transcript(self) -> Transcript:
        """The masked call."""
        turns = tuple(self._turn(turn, spans) for turn, spans in zip(self.original.turns, self._spans, strict=True))
        return replace(self.original, turns=turns, metadata=masked_metadata(self.original.metadata))

    def _turn(self, turn: Turn, spans: list[Span]) -> Turn:
        speaker = self._speakers.get(turn.speaker, turn.speaker)
        if not spans:
            return turn if speaker == turn.speaker else replace(turn, speaker=speaker)
        words = _masked_words(turn, spans) if turn.words else ()
        return replace(turn, speaker=speaker, text=sensitive.replaced(turn.text, spans), words=words)

    def span(self, turn: int, start: int, end: int) -> tuple[int, int]:
        """A span of a turn's original text in its masked text; one that touches a label takes it in whole."""
        spans = self._spans[turn]
        return (
            (_moved(spans, start, at_end=False), _moved(spans, end, at_end=True))
            if end > start
            else (_moved(spans, start, at_end=False),) * 2
        )

    def text(self, text: str, turn: int | None = None) -> str:
        """A text that was taken from the call, masked; ``turn`` is the one it was taken from, where that is known."""
        if not text or not self._surfaces:
            return text
        key = (text, turn)
        if key not in self._done:
            self._done[key] = self._text(text, turn)
        return self._done[key]

    def _text(self, text: str, turn: int | None) -> str:
        if turn is not None and 0 <= turn < len(self._spans) and (masked := self._slice(text, turn)) is not None:
            return masked
        for surface, label in self._surfaces:
            if surface in text:
                text = text.replace(surface, label)
        if not sensitive.says_numbers(text):
            return text
        for surface, label in self._surfaces:
            text = _without_cut(text, surface, label)
        return sensitive.masked(text)

    def _slice(self, text: str, turn: int) -> str | None:
        """A piece of a turn's text, which may be marked as cut by an ellipsis, as it stands in the masked text; None where it is no piece of it."""
        head, core, tail = _parts(text)
        whole = self.original.turns[turn].text
        if not core:
            return text
        places = _places(whole, core)
        if not places:
            return None
        # Of several places one that is masked, to be safe.
        at = next((p for p in places if any(s.start < p + len(core) and p < s.end for s in self._spans[turn])), places[0])
        start, end = self.span(turn, at, at + len(core))
        return f"{head}{self.transcript.turns[turn].text[start:end]}{tail}"

    @cached_property
    def _surfaces(self) -> list[tuple[str, str]]:
        """Each sensitive text of the call with its label, the longest first."""
        found = {
            turn.text[span.start : span.end]: sensitive.label(span.kind)
            for turn, spans in zip(self.original.turns, self._spans, strict=True)
            for span in spans
        } | self._speakers
        return sorted(((k, v) for k, v in found.items() if len(k) > 2), key=lambda pair: (-len(pair[0]), pair[0]))

    def value(self, value: T, turn: int | None = None) -> T:
        """A value made of the call, such as its report, with all it holds of the call's words masked.

        Dataclasses, named tuples, structs, mappings, sequences and texts are gone through. A record's ``turn`` says where its texts come from; where it has
        ``start``, ``end`` and ``quote`` the span is moved and the quote cut anew.
        """
        if not self._surfaces and is_dataclass(value) and not isinstance(value, type | Transcript):
            # Nothing that was said is sensitive: what the source says of the call may still be.
            calls = {f.name: self.transcript for f in fields(value) if f.init and getattr(value, f.name) is self.original}
            return replace(value, **calls)
        masked: T = self._value(value, turn)
        return masked

    def _value(self, value: Any, turn: int | None) -> Any:
        kind: Any = type(value)
        if kind is str:
            return self.text(value, turn)
        if value is None or kind in (int, float, bool) or isinstance(value, Enum):
            return value
        if isinstance(value, Transcript):
            return self.transcript if value is self.original else Masking(value).transcript
        if _fields(kind) is not None:
            return self._record(value, turn)
        if isinstance(value, Mapping):
            masked = {k: v if k in _OUR_KEYS else self._value(v, turn) for k, v in value.items()}
            return kind(masked) if isinstance(value, dict) else masked
        if kind in (tuple, list):
            masked = kind(self._value(v, turn) for v in value)
            return value if all(map(operator.is_, masked, value)) else masked
        if isinstance(value, Set):
            return frozenset(self._value(v, turn) for v in value)
        return value

    def _record(self, value: Any, turn: int | None) -> Any:
        """A dataclass, a named tuple or a struct, masked."""
        kind: Any = type(value)
        names, is_place = _fields(kind) or ((), False)
        own = value.turn if "turn" in names else None
        turn = own if isinstance(own, int) and 0 <= own < len(self._spans) else turn
        changed: dict[str, Any] = {}
        if own is not None and turn is not None and is_place:
            if not self._spans[turn] and not self._speakers and not getattr(value, "details", None):
                return value  # as most moments are
            if value.quote == self.original.turns[turn].text[value.start : value.end]:
                start, end = self.span(turn, value.start, value.end)
                changed = {"start": start, "end": end, "quote": self.transcript.turns[turn].text[start:end]}
        for name in names:
            if name in changed:
                continue
            before = getattr(value, name)
            named = name in ("speaker", "owner") and isinstance(before, str)
            after = self._speakers.get(before, before) if named else self._value(before, turn)
            if after is not before:
                changed[name] = after
        return _changed(value, changed) if changed else value


@cache
def _fields(kind: Any) -> tuple[tuple[str, ...], bool] | None:
    """The fields of a record that may hold words of a call, and whether it is a place in one, with a span and a quote.

    None where the type is no dataclass, named tuple or struct.
    """
    if is_dataclass(kind):
        every = tuple(f.name for f in fields(kind) if f.init)
    elif issubclass(kind, tuple) and hasattr(kind, "_fields"):
        every = kind._fields
    elif issubclass(kind, msgspec.Struct):
        every = kind.__struct_fields__
    else:
        return None
    return tuple(name for name in every if name not in _OURS), {"turn", "start", "end", "quote"}.issubset(every)


def _changed(value: Any, changed: Mapping[str, Any]) -> Any:
    """A record with other values in some fields."""
    if isinstance(value, tuple):
        return value._replace(**changed)  # type: ignore[attr-defined]  # a named tuple
    return msgspec.structs.replace(value, **changed) if isinstance(value, msgspec.Struct) else replace(value, **changed)


def _moved(spans: Sequence[Span], at: int, *, at_end: bool) -> int:
    """An offset into a text as one into its masked text; inside a label, its beginning or its end."""
    shift = 0
    for span in spans:
        size = len(sensitive.label(span.kind))
        if at <= span.start:
            break
        if at < span.end:
            return span.start + shift + (size if at_end else 0)
        shift += size - (span.end - span.start)
    return at + shift


def _masked_words(turn: Turn, spans: Sequence[Span]) -> tuple[Word, ...]:
    """A turn's timed words, those of each sensitive span as one."""
    starts = [span.start for span in spans]
    out: list[Word] = []
    last: Span | None = None
    position = 0
    for word in turn.words:
        at = turn.text.find(word.text, position)
        if at < 0:
            # It cannot be told which words of the text these are.
            out.append(word._replace(text="[word]") if any(c.isalnum() for c in word.text) else word)
            continue
        position = at + len(word.text)
        near = bisect_right(starts, position - 1) - 1
        span = spans[near] if near >= 0 and spans[near].end > at else None
        if span is None:
            out.append(word)
        elif span == last:
            out[-1] = out[-1]._replace(end=max(out[-1].end, word.end))
        else:
            out.append(word._replace(text=sensitive.label(span.kind)))
        last = span
    return tuple(out)


def _masked_speakers(speakers: Iterable[str], finder: Finder | None) -> dict[str, str]:
    """Speakers whose names are sensitive, as telephone systems put a number there, with what they are called instead."""
    found: dict[str, str] = {}
    taken = set(speakers)
    for name in taken if finder is None else sorted(taken):
        masked = sensitive.masked(name)
        if masked != name:
            found[name] = masked
    return _told_apart({name: found[name] for name in sorted(found)}, taken)


def _told_apart(found: dict[str, str], taken: Set[str]) -> dict[str, str]:
    """The names with a number where two would be the same."""
    used = Counter(found.values())
    number: Counter[str] = Counter()
    out: dict[str, str] = {}
    for name, masked in found.items():
        if used[masked] > 1 or masked in taken:
            number[masked] += 1
            masked = f"{masked} {number[masked]}"
        out[name] = masked
    return out


def masked_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What a source says of its call, masked; a key such as ``account_number`` says what its value is."""
    return {key: value if _KEPT_KEY.search(str(key)) else _masked_entry(str(key), value) for key, value in metadata.items()}


def _masked_entry(key: str, value: Any, depth: int = 0) -> Any:
    if depth > 8 or value is None or isinstance(value, bool | Enum):
        return value
    if isinstance(value, Mapping):
        return {k: v if _KEPT_KEY.search(str(k)) else _masked_entry(str(k), v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_masked_entry(key, v, depth + 1) for v in value]
    if isinstance(value, str):
        # Only a key that says what its value is belongs before it.
        lead = _lead(key) if _kind_of_key(key) is not None else ""
        return sensitive.masked(lead + value)[len(lead) :] if len(value) > 2 else value
    if isinstance(value, int) and abs(value) >= 100 and (kind := _kind_of_key(key)) in _SENSITIVE_KEY_KINDS:
        return sensitive.label(kind or sensitive.NUMBER)
    return value


def _lead(key: str) -> str:
    return key.replace("_", " ").replace("-", " ") + ": "


@lru_cache(maxsize=4096)
def _kind_of_key(key: str) -> str | None:
    return sensitive.nearest(_lead(key))


def _parts(text: str) -> tuple[str, str, str]:
    """The mark of what was left out before a quote, the quote, and the mark behind it."""
    core = text.removeprefix(_ELLIPSIS)
    head = text[: len(text) - len(core)]
    inner = core.removesuffix(_ELLIPSIS)
    return head, inner, core[len(inner) :]


def _places(whole: str, part: str) -> list[int]:
    found: list[int] = []
    at = whole.find(part)
    while at >= 0 and len(found) < _MOST_PLACES:
        found.append(at)
        at = whole.find(part, at + 1)
    return found


def _without_cut(text: str, surface: str, label: str) -> str:
    """A text whose edges cut through a sensitive one, with the label there."""
    bare = text.strip(_ELLIPSIS)
    for size in range(min(len(surface) - 1, len(bare)), _LEAST_CUT, -1):
        if bare.endswith(surface[:size]) and any(c.isdigit() for c in surface[:size]):
            text = text[: text.rindex(surface[:size])] + label + text[text.rindex(surface[:size]) + size :]
            break
    for size in range(min(len(surface) - 1, len(bare)), _LEAST_CUT, -1):
        if bare.startswith(surface[-size:]) and any(c.isdigit() for c in surface[-size:]):
            return text.replace(surface[-size:], label, 1)
    return text


def checked(mask: object) -> bool | str:
    """What ``mask=`` may be: True, False or "names".

    Raises:
        ListeningCoachError: it is something else.
    """
    if mask is True or mask is False or mask == "names":
        return mask if isinstance(mask, bool) else "names"
    raise not_taken(ListeningCoachError, "mask", mask, 'Use True, False, or "names" for the names of people and places too.')
