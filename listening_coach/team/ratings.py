"""People's scores as ratings: one value for one call, or one of its items, by one person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..bulk.rows_of_files import TableRow, table_rows
from ..errors import CalibrationError
from ..readers.field_names import plain_key
from ..readers.times import moment
from ..reviews import Reviews, Verdict, reviews_of

_WHO = ("by", "coach", "reviewer", "rater", "evaluator", "scorer", "assessor", "analyst", "judge")
_WHEN = ("at", "reviewed_at", "scored_at", "rated_at", "review_date", "evaluated_at")
_ITEM = ("item", "question", "criterion", "behaviour", "behavior")
_WHOLE = ("score", "overall", "total", "overall_score", "total_score", "qa_score", "rating")
_CALL = ("call_id", "call", "id", "conversation_id", "contact_id", "interaction_id")
_YES, _NO, _NOT_APPLICABLE = (
    ("yes", "y", "true", "pass", "met"),
    ("no", "n", "false", "fail", "missed"),
    ("n/a", "na", "-", "not applicable", "x"),
)
# A scale that ends below this is none of 0 to 100.
_SMALL_SCALE = 10.0
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?\s*%?")


@dataclass(frozen=True, slots=True)
class Rating:
    """One person's view of one call, or one of its items.

    ``score`` is 0 to 100; None where they say that the item does not apply, or only ``agrees``: whether they agree with the library,
    None where they gave a score of their own.
    """

    call: str
    by: str
    item: str | None = None
    score: float | None = None
    agrees: bool | None = None
    at: datetime | None = None

    @property
    def not_applicable(self) -> bool:
        """Whether they say that the item does not apply."""
        return self.score is None and self.agrees is None


def ratings_of(given: Any, titles: Mapping[str, str], scale: tuple[float, float] = (0.0, 100.0)) -> tuple[Rating, ...]:
    """Ratings from a table of people's scores, or from reviews.

    ``titles`` are the rubric's items with their titles. A table has a row for each call and person with a column for each item (its id or
    title) and ``score`` for the whole call, or a row for each item with the columns ``item`` and ``score``. ``scale`` is the lowest and
    the highest value of the table.

    Raises:
        CalibrationError: no column names the calls or holds a score, a value is none, or the scale is not 0 to 100 and was not given.
        ReviewError: a review cannot be read.
    """
    if isinstance(given, Reviews) or (isinstance(given, str | Path) and (Path(given).is_dir() or Path(given).suffix == ".jsonl")):
        return _of_reviews(reviews_of(given))
    return _Table(table_rows(given), titles, scale).ratings()


def _of_reviews(reviews: Reviews) -> tuple[Rating, ...]:
    found = []
    for review in reviews.counting:
        if review.moment is None:
            agrees = {Verdict.AGREE: True, Verdict.DISAGREE: False}.get(review.verdict)
            found.append(Rating(review.call, review.by, review.item, review.score, agrees, review.at))
    return tuple(found)


class _Table:
    """Rows of people's scores being read."""

    def __init__(self, rows: Sequence[TableRow], titles: Mapping[str, str], scale: tuple[float, float]) -> None:
        self._rows = rows
        self._low, self._high = scale
        self._items = {plain_key(name): name for name in titles} | {plain_key(title): name for name, title in titles.items()}
        columns = list(dict.fromkeys(key for row in rows for key in row.values))
        self._call = self._column(columns, _CALL)
        self._who = self._column(columns, _WHO)
        self._when = self._column(columns, _WHEN)
        self._item = self._column(columns, _ITEM)
        self._whole = self._column(columns, _WHOLE)
        self._wide = {column: self._items[plain_key(column)] for column in columns if plain_key(column) in self._items}
        if rows and self._call is None:
            raise CalibrationError(
                f"no column names the calls; there are {', '.join(columns[:12])}", where="people's scores", remedy="Name one call_id."
            )
        if rows and self._whole is None and not self._wide:
            raise CalibrationError(
                f"no column holds a score; there are {', '.join(columns[:12])}",
                where="people's scores",
                remedy="Name it score, or after an item of the rubric, such as empathy.",
            )

    @staticmethod
    def _column(columns: Sequence[str], names: Sequence[str]) -> str | None:
        return next((column for name in names for column in columns if plain_key(column) == name), None)

    def ratings(self) -> tuple[Rating, ...]:
        """The ratings of all rows."""
        self._check_scale()
        return tuple(rating for row in self._rows for rating in self._of_row(row))

    def _check_scale(self) -> None:
        if (self._low, self._high) != (0.0, 100.0):
            return
        numbers = [n for row in self._rows for column in self._columns() if (n := _number(row.values.get(column))) is not None]
        if numbers and 1 < max(numbers) <= _SMALL_SCALE:
            raise CalibrationError(
                f"the highest score is {max(numbers):g}, so they are not 0 to 100",
                where="people's scores",
                remedy="Name the scale, lowest to highest: scale=(1, 5), or --scale 1-5.",
            )

    def _columns(self) -> list[str]:
        return [*([self._whole] if self._whole is not None else []), *self._wide]

    def _of_row(self, row: TableRow) -> list[Rating]:
        values = row.values
        call = values.get(self._call or "")
        if call is None:
            raise CalibrationError("it names no call", where=row.place, remedy="Give its call_id.")
        by = str(values.get(self._who or "", "unnamed"))
        when = moment(values.get(self._when or ""))
        at = None if when is None else when if when.tzinfo else when.replace(tzinfo=UTC)
        call = str(int(call)) if isinstance(call, float) and call.is_integer() else str(call)
        found = []
        for column in self._columns():
            if column not in values:
                continue
            item = self._wide.get(column)
            if column == self._whole and self._item is not None:
                item = self._item_of(values.get(self._item), row.place)
            found.append(Rating(call, by, item, self._score(values[column], f"{row.place}, {column}"), None, at))
        return found

    def _item_of(self, value: Any, place: str) -> str | None:
        if value is None or plain_key(value) in _WHOLE:
            return None
        found = self._items.get(plain_key(value))
        if found is None:
            raise CalibrationError(
                f"the rubric has no item {str(value)[:60]!r}",
                where=place,
                remedy=f"The items are: {', '.join(sorted(set(self._items.values())))}.",
            )
        return found

    def _score(self, value: Any, place: str) -> float | None:
        text = str(value).strip().casefold()
        if text in _NOT_APPLICABLE:
            return None
        if text in _YES or value is True:
            return 100.0
        if text in _NO or value is False:
            return 0.0
        number = _number(value)
        if number is None or not self._low <= number <= self._high:
            raise CalibrationError(
                f"{str(value)[:40]!r} is no score from {self._low:g} to {self._high:g}",
                where=place,
                remedy="Give a number on the scale, yes, no, or n/a; name another scale with scale=(1, 5), or --scale 1-5.",
            )
        return 100.0 * (number - self._low) / (self._high - self._low)


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = str(value).strip()
    return float(text.rstrip("% ").replace(",", ".")) if _NUMBER.fullmatch(text) else None
