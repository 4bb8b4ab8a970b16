"""The files of weights: what is written is read again, and whatever is damaged is refused by file and line."""

from __future__ import annotations

import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import ListeningCoachError, ScorerError
from listening_coach.language.language import HERE
from listening_coach.scorers.weights import SIDES, Weights, by_part, read, write

OURS = sorted((HERE / "en" / "scorers").glob("*.tsv"))
NOTE = "Weights for a test."
GOOD = (
    "# Made up.\nkey\ttarget\tside\tintercept\tscale\tshift\tshow\tkeep\tcount\na\tempathy\tagent\t-1\t1\t0\t0.5\t0.25\t0.8\n"
    "b\thold\tagent\t-2\t1\t0\t0.5\t0.25\t0.8\n\n[self]\nsorry\ta500 b-20\n"
)

# Features are words of our own reading: they hold no tabs and no ends of lines.
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
THREE_DIGITS = st.integers(-99_999, 99_999).filter(bool).map(lambda n: n / 1000)
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
    by_part=st.dictionaries(
        st.sampled_from(("self", "before", "reply", "next", "previous", "sign", "customer", "agent")),
        st.dictionaries(NAMES, THREE_DIGITS, min_size=1),
    ),
)


@given(st.lists(WEIGHTS, min_size=1, max_size=4))
def test_written_and_read(tmp_path_factory: pytest.TempPathFactory, scorers: list[Weights]) -> None:
    """Weights of as many digits as a file keeps are the same after writing and reading, and are written alike again."""
    path = tmp_path_factory.mktemp("weights") / "some.tsv"
    write(scorers, path, NOTE)
    first = path.read_text(encoding="utf-8")
    assert read(path) == tuple(scorers)
    write(read(path), path, NOTE)
    assert path.read_text(encoding="utf-8") == first


def test_layout(tmp_path: Path) -> None:
    """A file says where it comes from, then what scorers it holds, then each part with its heaviest weights first and none that is zero."""
    empathy = by_part({("sign", "asks"): -1.25, ("self", "am sorry"): 0.5, ("self", "fee"): -0.75, ("self", "a"): 0.0004})
    hold = by_part({("self", "am sorry"): 0.031, ("self", "moment"): 2.0})
    scorers = [
        Weights("empathy", "agent", -2.0, 0.8, 0.1, 0.25, 0.125, 0.75, empathy),
        Weights("hold", "agent", -3.21987, 1.0, 0.0, 0.5, 0.5, 0.5, hold),
    ]
    write(scorers, tmp_path / "both.tsv", "Made up.\nDo not edit.")
    assert (tmp_path / "both.tsv").read_text(encoding="utf-8") == (
        "# Made up.\n# Do not edit.\nkey\ttarget\tside\tintercept\tscale\tshift\tshow\tkeep\tcount\n"
        "a\tempathy\tagent\t-2\t0.8\t0.1\t0.25\t0.125\t0.75\nb\thold\tagent\t-3.22\t1\t0\t0.5\t0.5\t0.5\n"
        "\n[self]\nmoment\tb2000\nfee\ta-750\nam sorry\ta500 b31\n\n[sign]\nasks\ta-1250\n"
    )


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.stem)
def test_ours(path: Path) -> None:
    """Each of our scorers keeps before it shows and shows before it counts, and holds some thousands of weights."""
    for each in read(path):
        assert each.keep <= each.show <= each.count, each.target
        assert each.scale > 0, each.target
        assert 0 < sum(map(len, each.by_part.values())) <= 20_000, each.target


def test_ours_are_small() -> None:
    """All our weights together take less than 2 MB, and no two are for the same target."""
    assert sum(path.stat().st_size for path in OURS) < 2_000_000
    targets = [each.target for path in OURS for each in read(path)]
    assert len(targets) == len(set(targets)) > 20


def test_more_scorers_than_letters(tmp_path: Path) -> None:
    """More scorers than there are letters for are refused before anything is written."""
    scorers = [Weights(str(n), "agent", 0.0, 1.0, 0.0, 0.5, 0.5, 0.5, {}) for n in range(len(string.ascii_letters) + 1)]
    with pytest.raises(ScorerError, match=r"53 scorers are too many for one file\. Write several files\."):
        write(scorers, tmp_path / "many.tsv", NOTE)
    assert not list(tmp_path.iterdir())
    write(scorers[1:], tmp_path / "most.tsv", NOTE)
    assert read(tmp_path / "most.tsv") == tuple(scorers[1:])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("a500", "amuch"), r"line 7: 'sorry\\tamuch b-20' is not a list of weights\. Fit the weights again"),
        (("a500", "anan"), r"line 7: 'sorry\\tanan b-20' is not a list of weights"),
        (("a500", "a.5"), r"line 7: 'sorry\\ta\.5 b-20' is not a list of weights"),
        (("a500", "a" + "9" * 5000), r"line 7: 'sorry\\ta9+' is not a list of weights"),
        (("a500", ""), r"line 7: 'sorry\\t b-20' is not a list of weights"),
        (("a500", "c500"), r"line 7: 'sorry\\tc500 b-20' names no scorer by 'c'"),
        (("sorry\ta500", "sorry a500"), r"line 7: 'sorry a500 b-20' is neither a part nor a list of weights"),
        (("b-20\n", "b-20\nsorry\ta600\n"), r"line 8: 'sorry\\ta600' stands there a second time"),
        (("[self]", "[elsewhere]"), r"line 6: '\[elsewhere\]' is neither a part nor a list of weights"),
        (("[self]\n", ""), r"line 6: 'sorry\\ta500 b-20' has not the 9 columns of the table"),
        (("\t-1\t1\t", "\t-1\tbig\t"), r"line 3: '.*' has 'big' as scale, which is not a number"),
        (("0.5\t0.25\t0.8\nb", "5\t0.25\t0.8\nb"), r"line 3: '.*' has '5' as show, which is not a share from 0 to 1"),
        (("agent\t-1", "middle\t-1"), r"line 3: '.*' names no side by 'middle'"),
        (("b\thold", "a\thold"), r"line 4: '.*' needs a letter of its own, not 'a'"),
        (("b\thold", "bb\thold"), r"line 4: '.*' needs a letter of its own, not 'bb'"),
        (("key\t", ""), r"line 2: '.*' is not the line 'key target side intercept scale shift show keep count'"),
        ((GOOD, ""), r"cut\.tsv: the file holds no scorer"),
        (("sorry\ta500 b-20", "s" * 500), r"line 7: '" + "s" * 80 + "' is neither"),
    ],
)
def test_damaged(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    """A damaged file is refused with file, line and remedy, in bounded length; the error is a ValueError too."""
    path = tmp_path / "cut.tsv"
    path.write_text(GOOD.replace(*change, 1), encoding="utf-8")
    with pytest.raises(ScorerError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ListeningCoachError)
    assert caught.value.remedy
    assert len(caught.value.problem) < 200


@pytest.mark.parametrize("content", [None, b"key\t\xff\xfe"])
def test_unreadable(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing, or is not UTF-8, is an error that names it."""
    path = tmp_path / "gone.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ScorerError, match=r"gone\.tsv: the weights cannot be read: "):
        read(path)


@given(st.integers(0, len(GOOD)))
def test_cut_short(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    """A file that is cut off anywhere is refused with its name, or gives no weight that it does not hold."""
    path = tmp_path_factory.mktemp("weights") / "cut.tsv"
    path.write_text(GOOD[:size], encoding="utf-8")
    if GOOD[:size].count("\n") < 2:
        with pytest.raises(ScorerError, match=r"cut\.tsv"):
            read(path)
    with suppress(ScorerError):
        scorers = read(path)
        assert [each.target for each in scorers] == ["empathy", "hold"][: len(scorers)]
        assert {name for each in scorers for part in each.by_part.values() for name in part} <= {"sorry"}
    if size == len(GOOD):
        assert read(path)[1].by_part == {"self": {"sorry": -0.02}}
