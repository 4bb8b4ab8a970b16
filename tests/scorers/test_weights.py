"""The files of weights: what is written is read again, and whatever is damaged is refused by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import ListeningCoachError, ScorerError
from listening_coach.language.language import HERE
from listening_coach.scorers.weights import SIDES, Weights, read, write

OURS = sorted((HERE / "en" / "scorers").glob("*.tsv"))
NOTE = "Weights for a test."
GOOD = "# Made up.\ntarget\tempathy\nside\tagent\nintercept\t-1\nscale\t1\nshift\t0\nshow\t0.5\nkeep\t0.25\ncount\t0.8\n\n[self]\nsorry\t.500\n"

# Features are words of our own reading: they hold no tabs and no ends of lines.
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
THREE_DIGITS = st.integers(-99_999, 99_999).map(lambda n: n / 1000)
FOUR_DIGITS = st.integers(-9999, 9999).map(lambda n: n / 1000)
SHARES = st.integers(0, 1000).map(lambda n: n / 1000)
WEIGHTS = st.builds(
    Weights,
    target=st.sampled_from(("empathy", "empathy.occasion", "outcome.not")),
    side=st.sampled_from(SIDES),
    intercept=FOUR_DIGITS,
    scale=FOUR_DIGITS,
    shift=FOUR_DIGITS,
    show=SHARES,
    keep=SHARES,
    count=SHARES,
    features=st.dictionaries(
        st.tuples(st.sampled_from(("self", "before", "reply", "next", "previous", "sign", "customer", "agent")), NAMES), THREE_DIGITS
    ),
)


@given(WEIGHTS)
def test_written_and_read(tmp_path_factory: pytest.TempPathFactory, weights: Weights) -> None:
    """Weights of as many digits as a file keeps are the same after writing and reading, and are written alike again."""
    path = tmp_path_factory.mktemp("weights") / "some.tsv"
    write(weights, path, NOTE)
    first = path.read_text(encoding="utf-8")
    assert read(path) == weights
    write(read(path), path, NOTE)
    assert path.read_text(encoding="utf-8") == first


def test_layout(tmp_path: Path) -> None:
    """A file says where it comes from, then its head, then each part with its heaviest weights first and no zero before the point."""
    features = {("sign", "asks"): -1.25, ("self", "am sorry"): 0.5, ("self", "fee"): -0.75, ("self", "a"): 0.5}
    write(Weights("empathy", "agent", -2.0, 0.8, 0.1, 0.25, 0.125, 0.75, features), tmp_path / "empathy.tsv", "Made up.\nDo not edit.")
    assert (tmp_path / "empathy.tsv").read_text(encoding="utf-8") == (
        "# Made up.\n# Do not edit.\ntarget\tempathy\nside\tagent\nintercept\t-2\nscale\t0.8\nshift\t0.1\nshow\t0.25\nkeep\t0.125\ncount\t0.75\n"
        "\n[self]\nfee\t-.750\na\t.500\nam sorry\t.500\n\n[sign]\nasks\t-1.250\n"
    )


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.stem)
def test_ours(path: Path) -> None:
    """Each of our files is sound, is named by its target, keeps before it shows and shows before it counts, and holds a few thousand weights."""
    weights = read(path)
    assert weights.target == path.stem
    assert weights.keep <= weights.show <= weights.count
    assert weights.scale > 0
    assert 0 < len(weights.features) <= 5000


def test_ours_are_small() -> None:
    """All our weights together take less than 2.5 MB."""
    assert sum(path.stat().st_size for path in OURS) < 2_500_000


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("sorry\t.500", "sorry\tmuch"), r"line 12: 'sorry\\tmuch' is not a weight\. Fit the weights again"),
        (("sorry\t.500", "sorry\tnan"), r"line 12: 'sorry\\tnan' is not a weight"),
        (("sorry\t.500", "sorry\t1e999"), r"line 12: 'sorry\\t1e999' is not a weight"),
        (("sorry\t.500", "sorry .500"), r"line 12: 'sorry \.500' is neither a part nor a weight"),
        (("sorry\t.500", "sorry\t.5\t.6"), r"line 12: 'sorry\\t\.5\\t\.6' is not a weight"),
        (("sorry\t.500", "sorry\t.500\nsorry\t.600"), r"line 13: 'sorry\\t\.600' stands there a second time"),
        (("[self]", "[elsewhere]"), r"line 11: '\[elsewhere\]' is neither a part nor a weight"),
        (("[self]\n", ""), r"line 11: 'sorry\\t\.500' is no line of a head"),
        (("scale\t1", "scale\tbig"), r"line 5: 'scale\\tbig' is not a number"),
        (("scale\t1", "scale\t1\nscale\t2"), r"line 6: 'scale\\t2' stands there a second time"),
        (("show\t0.5", "show\t5"), r"line 7: 'show\\t5' is not a share from 0 to 1"),
        (("side\tagent", "side\tmiddle"), r"line 3: 'side\\tmiddle' names no side"),
        (("scale\t1\nshift\t0\n", ""), r"empathy\.tsv: the head lacks scale, shift"),
        ((GOOD, ""), r"empathy\.tsv: the head lacks target, side, intercept"),
        (("sorry\t.500", "s" * 500), r"line 12: '" + "s" * 80 + "' is neither"),
    ],
)
def test_damaged(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    """A damaged file is refused with file, line and remedy, in bounded length; the error is a ValueError too."""
    path = tmp_path / "empathy.tsv"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(ScorerError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ListeningCoachError)
    assert caught.value.remedy
    assert len(caught.value.problem) < 200


@pytest.mark.parametrize("content", [None, b"target\t\xff\xfe"])
def test_unreadable(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing, or is not UTF-8, is an error that names it."""
    path = tmp_path / "gone.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ScorerError, match=r"gone\.tsv: the weights cannot be read: "):
        read(path)


# A line of the last part that lacks its weight.
SORRY = tuple("\n" + "sorry\t."[:size] for size in range(1, 8))


@given(st.integers(0, len(GOOD)))
def test_cut_short(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    """A file that is cut off anywhere is refused, unless the cut leaves whole lines or a shorter number."""
    path = tmp_path_factory.mktemp("weights") / "cut.tsv"
    path.write_text(GOOD[:size], encoding="utf-8")
    whole = "count\t0" in GOOD[:size] and not GOOD[:size].endswith(("\n[", "\n[s", "\n[se", "\n[sel", "\n[self", *SORRY))
    if not whole:
        with pytest.raises(ScorerError, match=r"cut\.tsv"):
            read(path)
    else:
        assert set(read(path).features) <= {("self", "sorry")}
