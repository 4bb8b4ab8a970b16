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
    """The page on the rounds holds the tables that the data give, and a line for each round with the F1 of each label."""
    text = (ROOT / "data" / "rounds.md").read_text(encoding="utf-8")
    assert PUBLISH.published(text, PUBLISH.every_round(ROUNDS)) == text
    rows = {
        row[1]: row[2:-1] for row in (re.split(r"\s*\|\s*", line) for line in text.splitlines() if re.match(r"\| (?:round|\d+) \|", line))
    }
    head = rows.pop("round")
    assert list(rows) == [str(each["round"]) for each in ROUNDS]
    for each in ROUNDS:
        cells = dict(zip(head, rows[str(each["round"])], strict=True))
        for label, got in each["labels"].items():
            assert float(cells[label.replace("|", " or ")]) == pytest.approx(got["f"], abs=0.0051)
        assert float(cells["mean F1"].strip("*")) == pytest.approx(mean(got["f"] for got in each["labels"].values()), abs=0.00051)


def test_a_column_is_what_the_same_weights_measured() -> None:
    """Rounds that the same weights measured stand in one column, with the mean of each figure and all cases."""
    (head, line), wide = ROUNDS[-2:], PUBLISH.every_round(ROUNDS).splitlines()
    assert head["measured_by"] == line["measured_by"]
    hold = re.split(r"\s*\|\s*", next(row for row in wide if row.startswith("| HO |")))[-2]
    both = [each["labels"]["HO"] for each in ROUNDS[-2:]]
    assert hold == "{:.2f} ({}; P {:.2f} R {:.2f})".format(
        mean(each["f"] for each in both),
        sum(each["gold"] for each in both),
        mean(each["p"] for each in both),
        mean(each["r"] for each in both),
    )


def test_the_worst_is_named() -> None:
    """The README names the behaviour that is found worst."""
    means = PUBLISH.last_means(ROUNDS)
    worst = PUBLISH.title(min(means, key=lambda label: means[label]))
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## How accurate it is")[2].partition("\n## ")[0]
    assert worst in section
    assert f"{min(means.values()):.2f}".lstrip("0") in section
