"""Rubrics: what a call is scored on, as a checked data file.

A rubric has sections, and each section has items. An item is a behaviour or a metric with its weight and the way it is measured. The
library's own rubrics are in ``rubrics/``. A team's own file is a whole rubric, or says ``extends = "default"`` (the name of one of ours,
or a path) and holds only what differs:

- tables are merged key by key, any other value replaces the one in the base;
- ``when`` is not taken over;
- an item or section with ``remove = true`` is left out; an item with ``weight = 0`` is shown but not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta

from .checking import Number, Text, WrongValueError, checked, read_toml
from .errors import RubricError, not_taken, own_errors

HERE = Path(__file__).parent / "rubrics"

Weight = Annotated[float, Meta(ge=0, le=1e6)]
Positive = Annotated[float, Meta(gt=0, le=1e6)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Share = Annotated[float, Meta(gt=0, le=1)]
# What a key of a call's metadata may have to be.
Wanted = Text | bool | Number

# Each measure and the keys it needs.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "rate": ("target", "per"),
    "limit": ("target", "per"),
    "occasions": (),
    "share": ("target",),
    "range": ("metric", "best", "worst"),
    "breaches": (),
    "once": (),
    "outcome": (),
    "within": ("within_s",),
    "said": ("sentences",),
}


class ItemRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one item is scored.

    ``measure`` is one of: ``rate`` (hits for each ``per``; full marks at ``target``), ``limit`` (the same for what
    hinders: full marks at none, nothing at ``target``), ``occasions`` (the share of the occasions that were met),
    ``share`` (hits of these ``kinds`` as a share of all hits; full marks at ``target``), ``range`` (a metric: full marks within
    ``best``, nothing outside ``worst``), ``breaches`` (what hinders: the first costs most, each further one less, by ``severity`` of its
    kind and by its confidence), ``once`` (full marks for ``target`` moments in the call, however long it
    is), ``outcome`` (how the matter ended), ``within`` (a moment within the first, or ``of`` the last, ``within_s`` seconds of the call: all or
    nothing), ``said`` (the share of the ``sentences`` that the agent says: with ``wording`` "words" word for word, with "meaning" at least the share
    ``likeness`` of the words that carry content; ``in_order`` counts a sentence only behind those before it, and ``within_s`` sets a deadline).

    ``full_at`` is how many occasions, or how grave breaches, cost two thirds of the item. ``needs`` names behaviours of which the call
    must hold a moment or an occasion for the item to be called for.
    """

    weight: Weight = 1.0
    measure: Literal["rate", "limit", "occasions", "share", "range", "breaches", "once", "outcome", "within", "said"]
    full_at: Positive = 1.0
    severity: Mapping[Text, Positive] = {}
    needs: tuple[Text, ...] = ()
    per: Literal["call", "10 agent turns", "10 customer turns", "100 agent words", "10 minutes"] | None = None
    target: Positive | None = None
    kinds: tuple[Text, ...] = ()
    repeats_count: bool = False
    evidence: Literal["words", "turns", "starts", "none"] = "none"
    metric: Text | None = None
    best: tuple[Number, Number] | None = None
    worst: tuple[Number, Number] | None = None
    within_s: Positive | None = None
    of: Literal["start", "end"] = "start"
    sentences: Annotated[tuple[Text, ...], Meta(min_length=1)] | None = None
    wording: Literal["words", "meaning"] = "words"
    likeness: Share = 0.7
    in_order: bool = False
    title: Text | None = None
    needs_occasion: bool = False
    critical: Literal["section", "call"] | None = None
    fails_below: Percent = 0.0
    cap: Percent = 50.0

    def __post_init__(self) -> None:
        for key in _NEEDS.get(self.measure, ()):
            if getattr(self, key) is None:
                raise WrongValueError(f"measure {self.measure!r} needs the key {key!r}", "Add it.")
        if self.best and self.worst and not self.worst[0] <= self.best[0] <= self.best[1] <= self.worst[1]:
            raise WrongValueError("best is not a range within worst", "Write each as [low, high], with best inside worst.")


class SectionRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A weighted group of items."""

    title: Text
    weight: Weight
    items: Annotated[Mapping[str, ItemRule], Meta(min_length=1)]

    def __post_init__(self) -> None:
        if not any(item.weight for item in self.items.values()):
            raise WrongValueError("all items weigh nothing", "Give one a weight above 0.")


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name for scores from ``at`` upward."""

    name: Text
    at: Percent


class Gate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The least a call must hold to be scored."""

    agent_turns: Annotated[int, Meta(ge=1)] = 3
    customer_turns: Annotated[int, Meta(ge=0)] = 3
    agent_words: Annotated[int, Meta(ge=1)] = 30
    customer_words: Annotated[int, Meta(ge=0)] = 15


class FocusRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How likely a coach is to work on an item: the log odds, from what it ``lost`` (0 to 1) and how ``unhelped`` the customer is (0 to 1)."""

    base: Number
    lost: Number = 0.0
    unhelped: Number = 0.0


class StrengthRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How likely a coach is to praise an item: the log odds.

    ``counted`` and ``shown`` weigh the summed confidence of its moments, up to four and five of them, ``surest`` that of the surest one, ``score``
    the call's score; each runs from 0 to 1.
    """

    base: Number
    counted: Number = 0.0
    shown: Number = 0.0
    surest: Number = 0.0
    score: Number = 0.0


class Rubric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sections, weights, targets, bands and the gate.

    ``weights_are`` says how items add up. "shares": the score is the mean of the items by their weights, and an item that a call did not call
    for or cannot show is left out. "points": an item costs at most its weight, in every call alike, and the score is 100 less what all items
    cost, 0 at the least; the weights of sections say nothing then. ``when`` says which calls a rubric is for, where a coach has several: each key of the
    call's metadata with its value or a list of values, of which capitals do not count. ``focus`` and ``strengths`` say how likely a coach is to pick an item.
    """

    name: Text
    title: Text
    version: int = 1
    meaning: str = ""
    when: Mapping[Text, Wanted | Annotated[tuple[Wanted, ...], Meta(min_length=1)]] = {}
    gate: Gate = Gate()
    bands: Annotated[tuple[Band, ...], Meta(min_length=1)]
    weights_are: Literal["shares", "points"] = "shares"
    focus: Mapping[Text, FocusRule] = {}
    strengths: Mapping[Text, StrengthRule] = {}
    sections: Annotated[Mapping[str, SectionRule], Meta(min_length=1)]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for name in (key for section in self.sections.values() for key in section.items):
            if name in seen:
                raise WrongValueError(f"the item {name!r} stands in two sections", "Take it out of one.")
            seen.add(name)
        if min(band.at for band in self.bands) != 0:
            raise WrongValueError("no band begins at 0", "Add one with at = 0.")
        if not any(section.weight for section in self.sections.values()):
            raise WrongValueError("all sections weigh nothing", "Give one a weight above 0.")

    def fits(self, metadata: Mapping[str, Any]) -> bool:
        """Whether a call with this metadata is one that the rubric is for."""
        return all(_wanted(wanted, metadata.get(key)) for key, wanted in self.when.items())

    def items(self) -> Iterator[tuple[str, ItemRule]]:
        """Every item's id with its rule."""
        for section in self.sections.values():
            yield from section.items.items()

    def band(self, score: float) -> str:
        """The name of the band in which a score lies."""
        return max((b for b in self.bands if score >= b.at), key=_at).name


def _wanted(wanted: Wanted | tuple[Wanted, ...], value: Any) -> bool:
    """Whether a value of the metadata is the one wanted, or one of those."""
    return _plain(value) in map(_plain, wanted if isinstance(wanted, tuple) else (wanted,))


def _plain(value: Any) -> tuple[bool, Any]:
    """A value as it is compared: texts without capitals and space around; yes and no are not 1 and 0."""
    return isinstance(value, bool), value.strip().casefold() if isinstance(value, str) else value


def choose(rubrics: Sequence[Rubric], metadata: Mapping[str, Any]) -> Rubric:
    """The first rubric that fits a call with this metadata; the last where none does."""
    return next((rubric for rubric in rubrics if rubric.fits(metadata)), rubrics[-1])


# How many rubrics may extend each other one by one.
_MOST_BASES = 20


def _at(band: Band) -> float:
    return band.at


def load(source: str | Path) -> Rubric:
    """A rubric by the name of one of ours ("default") or from a TOML file.

    Raises:
        RubricError: there is no such rubric, or the file is wrong. The message names file, key, value and remedy.
    """
    if not isinstance(source, str | Path):
        raise not_taken(RubricError, "rubric", source, f"Name a file, or one of: {', '.join(names())}.")
    path = _path(source, Path())
    return parse(_toml(path), str(path), beside=path.parent, name=path.stem)


def parse(table: Mapping[str, Any], where: str = "rubric", *, beside: Path = Path(), name: str = "custom") -> Rubric:
    """A rubric from the content of its file.

    ``beside`` is the folder in which ``extends`` finds files, ``name`` the name of a rubric that extends another without giving one.

    Raises:
        RubricError: a key is unknown or missing, a value cannot be, or what it extends cannot be found.
    """
    with own_errors(RubricError, "reading the rubric", where, "Correct it there."):
        whole = _extended(table, where, beside, name, ())
        return cast(Rubric, checked(Rubric, whole, where=where, error=RubricError))


def _path(source: str | Path, beside: Path) -> Path:
    return HERE / f"{source}.toml" if str(source) in names() else beside / source


def _toml(path: Path) -> dict[str, Any]:
    return read_toml(path, RubricError, f"Name a file, or one of: {', '.join(names())}.")


def _extended(table: Mapping[str, Any], where: str, beside: Path, name: str, before: tuple[Path, ...]) -> Mapping[str, Any]:
    """A table laid over the one that it extends, if any. ``before`` are the files that led here."""
    if "extends" not in table:
        return table
    base = table["extends"]
    if not isinstance(base, str) or not base.strip():
        raise RubricError(
            f"extends: the value is {base!r}", where=where, remedy=f"Write the path of a rubric file, or one of: {', '.join(names())}."
        )
    if len(before) > _MOST_BASES:
        raise RubricError(f"more than {_MOST_BASES} rubrics extend each other", where=where, remedy="Let one of them be a whole rubric.")
    path = _path(base, beside).resolve()
    if path in before:
        chain = " → ".join(p.name for p in (*before[before.index(path) :], path))
        raise RubricError(f"extends goes round in a circle: {chain}", where=where, remedy="Let one of them be a whole rubric.")
    own = {key: value for key, value in table.items() if key != "extends"}
    below = _extended(_toml(path), str(path), path.parent, path.stem, (*before, path))
    # Which calls a rubric is for is its own affair.
    below = {key: value for key, value in below.items() if key != "when"}
    return {**_merged(below, own, where, ""), "name": own.get("name", name)}


def _merged(base: Mapping[str, Any], own: Mapping[str, Any], where: str, key: str) -> dict[str, Any]:
    """Two tables as one; what ``own`` says goes before what ``base`` says."""
    merged = dict(base)
    for name, value in own.items():
        place = f"{key}.{name}" if key else name
        if isinstance(value, Mapping) and value.get("remove") is True:
            if name not in merged:
                raise RubricError(
                    f"{place}: there is nothing of this name to remove", where=where, remedy=f"The names there are: {', '.join(merged)}."
                )
            del merged[name]
        elif isinstance(value, Mapping) and isinstance(merged.get(name), Mapping):
            merged[name] = _merged(merged[name], value, where, place)
        else:
            merged[name] = value
    return merged


@cache
def names() -> tuple[str, ...]:
    """The rubrics that come with the library."""
    return tuple(sorted(p.stem for p in HERE.glob("*.toml")))
