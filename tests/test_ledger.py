"""The ledger: points are rounded so that they add up, and an entry costs about what it lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.ledger import DIGITS, Entry, LossKind, settled


def entry(points: float, item: str = "empathy", turn: int | None = None) -> Entry:
    return Entry(item, "Empathy", "empathy", LossKind.MISSED, points, "missed", "an answer", turn)


ENTRIES = st.lists(
    st.builds(entry, st.floats(0, 40), st.sampled_from(("empathy", "hold", "pressure")), st.none() | st.integers(0, 50)),
    min_size=1,
    max_size=25,
)


@given(ENTRIES)
def test_they_add_up(entries: list[Entry]) -> None:
    """Settled points add up to the total, each a multiple of the last digit, none below 0, and each within two digits of what was lost."""
    total = round(sum(each.points for each in entries), DIGITS)
    got = settled(entries, total)
    assert round(10 * sum(each.points for each in got)) == round(10 * total)
    assert all(each.points > 0 and each.points == round(each.points, DIGITS) for each in got)
    left = list(entries)
    for each in got:
        alike = [old for old in left if (old.item, old.turn) == (each.item, each.turn)]
        was = min(alike, key=lambda old, each=each: abs(old.points - each.points))  # type: ignore[misc]  # bound at once
        assert abs(was.points - each.points) <= 0.2
        left.remove(was)
    assert all(each.points <= 0.1 + 1e-9 for each in left)


@given(ENTRIES)
def test_order_changes_nothing(entries: list[Entry]) -> None:
    """Entries come with the heaviest first, whatever their order was, where no two are alike."""
    distinct = {(each.points, each.item, each.turn): each for each in entries}
    total = round(sum(each.points for each in distinct.values()), DIGITS)
    forward, backward = settled(distinct.values(), total), settled(reversed(distinct.values()), total)
    assert forward == backward
    assert [each.points for each in forward] == sorted((each.points for each in forward), reverse=True)


@pytest.mark.parametrize(
    ("points", "total", "shown"),
    [
        ([], 0.0, []),
        ([0.0, 0.04], 0.0, []),
        ([10 / 3] * 3, 10.0, [3.4, 3.3, 3.3]),
        ([0.06, 0.05, 0.04], 0.2, [0.1, 0.1]),
        ([12.5, 0.1 + 0.2], 12.8, [12.5, 0.3]),
        ([55.55, 44.45], 100.0, [55.6, 44.4]),
    ],
)
def test_rounding(points: list[float], total: float, shown: list[float]) -> None:
    """Each is rounded down, and what is missing then goes to those that lost most by rounding; entries of no points are left out."""
    assert [each.points for each in settled(map(entry, points), total)] == shown


def test_kinds_print_bare() -> None:
    """The kind of a loss prints as its bare word."""
    assert [f"{kind}" for kind in LossKind] == ["missed", "breach", "absent", "measure", "outcome", "late", "unsaid", "cap"]
