"""Numbers of features in rows of different lengths, a row a turn: one array for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# So many rows of a table are summed at a time: what is copied for that stays in the processor's cache, however long a call is.
_AT_A_TIME = 512


class Rows:
    """Numbers in so many rows, each number once a row and in order.

    ``numbers`` are given row by row and in order; those that come a second time in a row of theirs are left out. ``rows`` holds the row of each.
    """

    __slots__ = ("_begins", "_rows", "numbers")

    def __init__(self, numbers: NDArray[np.intp], rows: NDArray[np.intp], count: int) -> None:
        import numpy as np

        new = np.ones(len(numbers), bool)
        new[1:] = (numbers[1:] != numbers[:-1]) | (rows[1:] != rows[:-1])
        self.numbers = numbers[new]
        self._rows = rows[new]
        # Where each row begins, and the end of the last.
        self._begins: list[int] = self._rows.searchsorted(np.arange(count + 1)).tolist()

    def __len__(self) -> int:
        return len(self._begins) - 1

    def __getitem__(self, row: int) -> NDArray[np.intp]:
        return self.numbers[self._begins[row] : self._begins[row + 1]]

    def __iter__(self) -> Iterator[NDArray[np.intp]]:
        return map(self.__getitem__, range(len(self)))

    def summed(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each row the sum of a table's rows of these numbers, in their order; the last row of the table weighs nothing."""
        import numpy as np

        count = len(self)
        # A row that weighs nothing stands before each of ours: a sum needs something to add.
        every = np.full(len(self.numbers) + count, len(table) - 1, np.intp)
        every[np.arange(1, len(self.numbers) + 1) + self._rows] = self.numbers
        begins = np.array(self._begins, np.intp) + np.arange(count + 1)
        found = np.empty((count, *table.shape[1:]), table.dtype)
        done = 0
        while done < count:
            upto = max(done + 1, int(begins.searchsorted(begins[done] + _AT_A_TIME, "right")) - 1)
            some = table.take(every[begins[done] : begins[upto]], axis=0)
            np.add.reduceat(some, begins[done:upto] - begins[done], axis=0, out=found[done:upto])
            done = upto
        return found
