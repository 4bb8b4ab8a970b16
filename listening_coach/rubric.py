"""Rubrics: what a call is scored on, as a checked data file.

A rubric has sections, each with items; an item is a behaviour or a metric with its weight and how it is measured. The
library's own lie in ``rubrics/``; a team's own file takes their place whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .errors import RubricError

HERE = Path(__file__).parent / "rubrics"

Weight = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Percent = Annotated[float, Field(ge=0, le=100)]

# Each measure and the keys it needs.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "rate": ("target", "per"),
    "limit": ("target", "per"),
    "occasions": (),
    "share": ("target",),
    "range": ("metric", "best", "worst"),
}


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemRule(_Table):
    """How one item is scored.

    ``measure`` is one of: ``rate`` (hits for each ``per``, full marks at ``target``), ``limit`` (the same for what
    hinders: full marks at none, nothing at ``target``), ``occasions`` (the share of the occasions that were met),
    ``share`` (hits of these ``kinds`` as a share of all hits, full marks at ``target``), ``range`` (a metric: full marks within
    ``best``, nothing outside ``worst``).
    """

    weight: Weight = 1.0
    measure: Literal["rate", "limit", "occasions", "share", "range"]
    per: Literal["call", "10 agent turns", "10 customer turns", "100 agent words", "10 minutes"] | None = None
    target: Positive | None = None
    kinds: tuple[str, ...] = ()
    repeats_count: bool = False
    evidence: Literal["words", "turns", "starts", "none"] = "none"
    metric: str | None = None
    best: tuple[float, float] | None = None
    worst: tuple[float, float] | None = None
    title: str | None = None
    needs_occasion: bool = False
    critical: Literal["section", "call"] | None = None
    fails_below: Percent = 0.0
    cap: Percent = 50.0

    @model_validator(mode="after")
    def _complete(self) -> ItemRule:
        for key in _NEEDS[self.measure]:
            if getattr(self, key) is None:
                raise ValueError(f"measure {self.measure!r} needs the key {key!r}")
        if self.best and self.worst and not self.worst[0] <= self.best[0] <= self.best[1] <= self.worst[1]:
            raise ValueError("best must be a range within worst, each from low to high")
        return self


class SectionRule(_Table):
    """A weighted group of items."""

    title: str
    weight: Weight
    items: Annotated[Mapping[str, ItemRule], Field(min_length=1)]

    @model_validator(mode="after")
    def _weighed(self) -> SectionRule:
        if not any(item.weight for item in self.items.values()):
            raise ValueError("all items weigh nothing; give one a weight above 0")
        return self


class Band(_Table):
    """A name for scores from ``at`` upward."""

    name: str
    at: Percent


class Gate(_Table):
    """The least a call must hold to be scored."""

    agent_turns: Annotated[int, Field(ge=1)] = 3
    customer_turns: Annotated[int, Field(ge=0)] = 3
    agent_words: Annotated[int, Field(ge=1)] = 30
    customer_words: Annotated[int, Field(ge=0)] = 15


class Rubric(_Table):
    """Sections, weights, targets, bands and the gate."""

    name: str
    title: str
    version: int = 1
    meaning: str = ""
    gate: Gate = Gate()
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    sections: Annotated[Mapping[str, SectionRule], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Rubric:
        seen: set[str] = set()
        for name in (key for section in self.sections.values() for key in section.items):
            if name in seen:
                raise ValueError(f"the item {name!r} stands in two sections")
            seen.add(name)
        if min(band.at for band in self.bands) != 0:
            raise ValueError("one band must begin at 0")
        if not any(section.weight for section in self.sections.values()):
            raise ValueError("all sections weigh nothing; give one a weight above 0")
        return self

    def items(self) -> Iterator[tuple[str, ItemRule]]:
        """Every item's id with its rule."""
        for section in self.sections.values():
            yield from section.items.items()

    def band(self, score: float) -> str:
        """The name of the band in which a score lies."""
        return max((b for b in self.bands if score >= b.at), key=_at).name


def _at(band: Band) -> float:
    return band.at


def load(source: str | Path) -> Rubric:
    """A rubric by the name of one of ours ("default") or from a TOML file.

    Raises:
        RubricError: there is no such rubric, or the file is wrong; the message names key and remedy.
    """
    path = HERE / f"{source}.toml" if str(source) in names() else Path(source)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RubricError(f"it is not TOML: {error}", where=str(path), remedy="Correct the file there.") from error
    except OSError as error:
        raise RubricError(
            f"it cannot be read: {error.strerror}", where=str(path), remedy=f"Name a file, or one of: {', '.join(names())}."
        ) from error
    return parse(table, where=str(path))


def parse(table: Mapping[str, Any], where: str = "rubric") -> Rubric:
    """A rubric from the content of its file.

    Raises:
        RubricError: a key is unknown or missing, or a value cannot be.
    """
    try:
        return Rubric.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the rubric"
        problem, remedy = _plain(first["type"], first["msg"], first.get("input"))
        raise RubricError(f"{key}: {problem}", where=where, remedy=remedy) from error


def _plain(kind: str, message: str, value: object) -> tuple[str, str]:
    """Pydantic's finding in our words, and what to do."""
    if kind == "extra_forbidden":
        return "this key is not known", "Take it out or correct its spelling."
    if kind == "missing":
        return "this key is missing", "Add it."
    if kind == "value_error":
        return message.removeprefix("Value error, "), "Correct it there."
    shown = repr(value)
    return f"{shown if len(shown) < 80 else shown[:77] + '…'}: {message[0].lower()}{message[1:]}", "Correct the value."


@cache
def names() -> tuple[str, ...]:
    """The rubrics that come with the library."""
    return tuple(sorted(p.stem for p in HERE.glob("*.toml")))
