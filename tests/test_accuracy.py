"""The accuracy page tells what was measured: its tables and the words in reports come from the rounds, and every page agrees with them."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

import pytest

from listening_coach.report.reliability import reliability

ROOT = Path(__file__).parents[1]


def publish() -> ModuleType:
    spec = importlib.util.spec_from_file_location("publish_rounds", ROOT / "tests" / "benchmarks" / "publish_rounds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PUBLISH = publish()
ROUNDS: list[dict[str, Any]] = PUBLISH.rounds()


def test_the_page_holds_the_rounds() -> None:
    """The tables on the page are those that the rounds give."""
    page = (ROOT / "data" / "ACCURACY.md").read_text(encoding="utf-8")
    assert PUBLISH.published(page, PUBLISH.tables(ROUNDS)) == page


def test_what_is_written_by_hand_stays() -> None:
    """Publishing replaces what stands between the marks and nothing else."""
    page = f"before\n{PUBLISH.BEGIN}\nold\n{PUBLISH.END}\nafter\n"
    assert PUBLISH.published(page, "new") == f"before\n{PUBLISH.BEGIN}\nnew\n{PUBLISH.END}\nafter\n"


def test_reliability_comes_from_the_rounds() -> None:
    """The word that reports show is that of the mean F1 of the last three rounds."""
    assert PUBLISH.RELIABILITY.read_text(encoding="utf-8") == PUBLISH.reliability(ROUNDS)
    words = reliability()
    assert (words["hold"], words["summary"], words["understanding_check"]) == ("high", "fair", "low")


def test_the_round_table_agrees() -> None:
    """The page on the rounds and the data hold the same figures, for every label and every round."""
    text = (ROOT / "data" / "rounds.md").read_text(encoding="utf-8")
    rows = {row[1]: row[2:-1] for row in (re.split(r"\s*\|\s*", line) for line in text.splitlines() if line.startswith("| "))}
    for at, each in enumerate(ROUNDS):
        for label, got in each["labels"].items():
            cell = rows[label.replace("|", " or ")][at]
            f1, cases = re.match(r"([\d.]+) \((\d+);", cell).groups()  # type: ignore[union-attr]
            assert (float(f1), int(cases)) == (pytest.approx(got["f"], abs=0.0051), got["gold"])
        whole = mean(got["f"] for got in each["labels"].values())
        assert float(rows["**mean F1**"][at].strip("*")) == pytest.approx(whole, abs=0.00051)


def test_the_worst_is_named() -> None:
    """The README names the behaviour that is found worst."""
    means = PUBLISH.last_means(ROUNDS)
    worst = PUBLISH.title(min(means, key=lambda label: means[label]))
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## How accurate it is")[2].partition("\n## ")[0]
    assert worst in section
    assert f"{min(means.values()):.2f}".lstrip("0") in section
