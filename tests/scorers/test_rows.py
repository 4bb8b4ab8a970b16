"""Rows of numbers: each number once a row, and sums of a table's rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.scorers.rows import Rows

ROWS = st.lists(st.lists(st.integers(0, 6), max_size=6), min_size=1, max_size=8)


def made(rows: list[list[int]]) -> Rows:
    numbers = [number for row in rows for number in sorted(row)]
    return Rows(np.array(numbers, np.intp), np.repeat(np.arange(len(rows)), list(map(len, rows))), len(rows))


@given(ROWS)
def test_each_number_once(rows: list[list[int]]) -> None:
    """Each row holds its numbers in order and once, whatever stands in the rows beside it."""
    found = made(rows)
    assert len(found) == len(rows)
    assert [row.tolist() for row in found] == [sorted(set(row)) for row in rows]
    assert [found[i].tolist() for i in range(len(rows))] == [sorted(set(row)) for row in rows]


@given(ROWS)
def test_sums(rows: list[list[int]]) -> None:
    """A row's sum adds the table's rows of its numbers; a row without numbers comes to nothing."""
    table = np.array([[2.0**number, -number] for number in range(7)] + [[0, 0]], np.float32)
    sums = [[sum(2**number for number in set(row)), -sum(set(row))] for row in rows]
    assert made(rows).summed(table).tolist() == sums


def test_many_rows_are_summed_alike() -> None:
    """A call of thousands of turns is summed in pieces, which changes no sum: neither of short rows nor of one that is longer than a piece."""
    rows = [[i % 7] * (i % 3 > 0) for i in range(3000)]
    long = list(range(2000))
    table = np.append(np.arange(2000, dtype=np.float32), np.float32(0))[:, np.newaxis]
    assert made([*rows, long, *rows]).summed(table)[:, 0].tolist() == [*map(sum, rows), sum(long), *map(sum, rows)]
