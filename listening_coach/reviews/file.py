"""The file of reviews: JSON Lines to which lines are added and from which none is ever taken."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ..errors import OutputError, ReviewError, SourceNotFoundError, own_errors
from ..private_files import private_opener
from .values import Review, Reviews

REVIEWS_FILE = "reviews.jsonl"
_MOST_BYTES = 256 * 2**20
_reading = own_errors(ReviewError, "reading the reviews", "reviews", "Name a file of reviews.")
_WHOLE = "Write one review a line, as the page and `listening-coach reviews` do."


@dataclass(frozen=True, slots=True)
class Loaded:
    """The reviews of a file, and what is wrong with its other lines, a sentence each."""

    reviews: Reviews
    problems: tuple[str, ...] = ()


@_reading
def load(path: str | Path) -> Loaded:
    """The reviews of a file: JSON Lines, or what a call's page saved. A line that is no review is named and left out.

    Raises:
        SourceNotFoundError: there is no such file.
        ReviewError: it is no text, or larger than reviews can be.
    """
    place = Path(path)
    try:
        if place.stat().st_size > _MOST_BYTES:
            raise ReviewError("it has more than 256 MB", where=str(place), remedy="Name a file of reviews.")
        text = place.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceNotFoundError("there is no such file", where=str(place), remedy="Check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"it cannot be read: {error}", where=str(place), remedy="Name a file of reviews.") from error
    found: list[Review] = []
    problems: list[str] = []
    whole = _saved(text)
    rows = [(f"{place}, review {n}", row) for n, row in enumerate(whole, 1)] if whole is not None else list(_lines(text, place))
    for where, row in rows:
        try:
            found.append(_review(row, where))
        except ReviewError as error:
            problems.append(str(error))
    return Loaded(Reviews.of(found), tuple(problems))


def _saved(text: str) -> list[Any] | None:
    """The reviews of a file that a page saved; None where it is JSON Lines."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    if isinstance(value, Mapping) and isinstance(value.get("reviews"), list):
        return list(value["reviews"])
    return value if isinstance(value, list) else None


def _lines(text: str, place: Path) -> Iterable[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{place}, line {number}", line


def _review(row: Any, where: str) -> Review:
    try:
        values = msgspec.json.decode(row) if isinstance(row, str) else row
        if not isinstance(values, Mapping):
            raise ReviewError(f"a {type(values).__name__} where a review belongs", where=where, remedy=_WHOLE)
        own = {key: value for key, value in values.items() if key != "id"}
        review = msgspec.convert(own, Review)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeEncodeError) as error:
        raise ReviewError(f"it is no review: {error}"[:400], where=where, remedy=_WHOLE) from error
    given = values.get("id")
    if given is not None and given != review.id:
        raise ReviewError(
            f"it was changed after it was written: its id is {str(given)[:40]!r}, and its content has {review.id!r}",
            where=where,
            remedy="Put it back, and write another review instead; without its id it counts as a new one.",
        )
    return review


@_reading
def reviews_of(given: Any) -> Reviews:
    """Reviews as they may be given to a function: a file or several, ``Reviews``, or single ones, also as mappings.

    Raises:
        SourceNotFoundError: there is no such file.
        ReviewError: a line or a mapping is no review.
    """
    if isinstance(given, Reviews):
        return given
    if isinstance(given, Review):
        return Reviews.of((given,))
    if isinstance(given, str | Path):
        loaded = load(Path(given) / REVIEWS_FILE if Path(given).is_dir() else given)
        if loaded.problems:
            raise ReviewError(
                loaded.problems[0].rstrip(".") + (f" (and {len(loaded.problems) - 1} more)" if len(loaded.problems) > 1 else ""),
                remedy="Use listening_coach.reviews.load to read the others.",
            )
        return loaded.reviews
    if isinstance(given, Mapping) or not isinstance(given, Iterable):
        return Reviews.of((_review(given, "reviews"),))
    found = Reviews()
    for n, one in enumerate(given, 1):
        found |= Reviews.of((_review(one, f"reviews, number {n}"),)) if isinstance(one, Mapping) else reviews_of(one)
    return found


def append(path: str | Path, reviews: Iterable[Review]) -> tuple[Review, ...]:
    """Adds the reviews that a file does not hold yet, and returns these; the file is made where there is none.

    Raises:
        OutputError: it cannot be written.
        ReviewError: what is there is no text.
    """
    place = Path(path)
    there = load(place).reviews if place.exists() else Reviews()
    known = there.statuses.keys()
    new = tuple(r for r in Reviews.of(reviews) if r.id not in known)
    if not new:
        return ()
    lines = b"".join(msgspec.json.encode({"id": r.id, **msgspec.to_builtins(r)}) + b"\n" for r in new)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place, "ab+", opener=private_opener) as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                # A last line that was cut off stays a line of its own.
                lines = lines if stream.read(1) == b"\n" else b"\n" + lines
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise OutputError(
            f"it cannot be written: {(error.strerror or str(error)).lower()}",
            where=str(place),
            remedy="Name a place that can be written to.",
        ) from error
    return new
