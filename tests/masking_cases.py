"""The labelled cases of masking, read, and how well a finder does on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from listening_coach import sensitive
from listening_coach.sensitive import Span

FOLDER = Path(__file__).parents[1] / "data" / "masking"
_MARK = re.compile(r"\{(\w+)\|([^}]*)\}")
_SPEAKER = re.compile(r"(agent|customer): ")
Find = Callable[[Sequence[str], Sequence[str]], list[list[Span]]]


class Case(NamedTuple):
    """Turns of a call with what must be masked in each, and the heading that the case stands under."""

    heading: str
    line: int
    speakers: tuple[str, ...]
    texts: tuple[str, ...]
    labels: tuple[tuple[Span, ...], ...]


def read(path: Path) -> list[Case]:
    """The cases of a file; lines with speakers go together up to an empty line."""
    cases: list[Case] = []
    heading = ""
    block: list[tuple[int, str, str, tuple[Span, ...]]] = []

    def close() -> None:
        if block:
            cases.append(Case(heading, block[0][0], *(tuple(column) for column in list(zip(*block, strict=True))[1:])))
            block.clear()

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            close()
            heading = line[3:]
        elif line.startswith("#") or not line.strip():
            close()
        else:
            named = _SPEAKER.match(line)
            if named is None:
                close()
            text, spans = unmarked(line[named.end() :] if named else line)
            block.append((number, named[1] if named else "customer", text, spans))
            if named is None:
                close()
    close()
    return cases


def unmarked(line: str) -> tuple[str, tuple[Span, ...]]:
    """A line without its marks, and the spans that they mark."""
    text, at = "", 0
    spans = []
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        at = match.end()
    return text + line[at:], tuple(spans)


@dataclass
class Figures:
    """Counts of one kind: places labelled, of them masked whole, masked and called by their right kind, and places masked that are not labelled."""

    labelled: int = 0
    masked: int = 0
    right_kind: int = 0
    false: int = 0
    wrong: list[str] = field(default_factory=list)


def measure(cases: Sequence[Case], find: Find = sensitive.find) -> dict[str, Figures]:
    """The figures by kind; a false alarm counts for the kind that it was taken for."""
    by_kind: dict[str, Figures] = {}
    for case in cases:
        found = find(case.texts, case.speakers)
        for text, labels, spans in zip(case.texts, case.labels, found, strict=True):
            for label in labels:
                figures = by_kind.setdefault(label.kind, Figures())
                figures.labelled += 1
                if covered(text, label, spans):
                    figures.masked += 1
                    figures.right_kind += any(s.kind == label.kind for s in spans if s.start < label.end and label.start < s.end)
                else:
                    figures.wrong.append(f"line {case.line}: {text[label.start : label.end]!r} is not masked whole in {text!r}")
            for span in spans:
                if not any(span.start < label.end and label.start < span.end for label in labels):
                    figures = by_kind.setdefault(span.kind, Figures())
                    figures.false += 1
                    figures.wrong.append(f"line {case.line}: {text[span.start : span.end]!r} is masked as {span.kind} in {text!r}")
    return by_kind


def covered(text: str, label: Span, spans: Sequence[Span]) -> bool:
    """Whether every letter and digit of a labelled place is masked."""
    return all(any(s.start <= at < s.end for s in spans) for at in _solid(text, label))


def _solid(text: str, label: Span) -> Iterator[int]:
    return (at for at in range(label.start, label.end) if text[at].isalnum())
