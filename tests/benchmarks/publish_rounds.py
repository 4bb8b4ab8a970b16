"""Write what the blind rounds say, from ``data/rounds.json``; no figure is typed by hand.

    python tests/benchmarks/publish_rounds.py

Writes the tables between the marks in ``data/ACCURACY.md``, the table of every round in ``data/rounds.md``, and
``listening_coach/report/reliability.toml`` for the word that reports show. ``data/rounds.json`` holds a round each: who measured it, and precision,
recall, F1, its 95 % interval and the number of cases of each label, then how the score compares with the ratings.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean
from typing import Any

from listening_coach.fitting.labelled import TARGETS

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = ROOT / "data" / "rounds.json"
PAGE = ROOT / "data" / "ACCURACY.md"
EVERY_ROUND = ROOT / "data" / "rounds.md"
RELIABILITY = ROOT / "listening_coach" / "report" / "reliability.toml"
BEGIN, END = "<!-- rounds: written by tests/benchmarks/publish_rounds.py -->", "<!-- end of rounds -->"
# The mean F1 of the last rounds from which the report calls a behaviour so.
HIGH, FAIR = 0.70, 0.45
LAST = 3
TITLES = {
    "action_point.due": "`action_point`: says by when",
    "empathy.occasion": "occasion for `empathy` (upset customer)",
    "personal_touch.occasion": "occasion for `personal_touch` (event told)",
    "SU|UC": "`summary` or `understanding_check`",
}

Round = dict[str, Any]


def rounds() -> list[Round]:
    """The rounds in order."""
    found: list[Round] = json.loads(ROUNDS.read_text(encoding="utf-8"))
    return found


def last_means(measured: list[Round], *, old: bool = False) -> dict[str, float]:
    """The mean F1 of each label over the last rounds; ``old`` gives those of version 0.1 on the same calls."""
    last = [each["version_0_1"] if old else each for each in measured[-LAST:]]
    return {label: mean(each["labels"][label]["f"] for each in last) for label in last[0]["labels"]}


def tables(measured: list[Round]) -> str:
    """The tables for people."""
    lines = [
        "| round | measured by | mean F1 |",
        "|---|---|---:|",
        *(f"| {each['round']} | {each['measured_by']} | {mean(v['f'] for v in each['labels'].values()):.3f} |" for each in measured),
        "",
        "The last three rounds, label by label, the best first. *Cases* are the turns that carry the label in the three rounds. The range is that of the",
        "three rounds, beside the lowest and the highest end of their 95 % intervals (bootstrap over calls).",
        "",
        "| what is found | cases | mean F1 | by round | intervals | version 0.1 |",
        "|---|---:|---:|---|---|---:|",
    ]
    now, before = last_means(measured), last_means(measured, old=True)
    for label in sorted(now, key=lambda label: -now[label]):
        each = [found["labels"][label] for found in measured[-LAST:]]
        by_round = ", ".join(f"{e['f']:.2f}" for e in each)
        lines.append(
            f"| {title(label)} | {sum(e['gold'] for e in each)} | **{now[label]:.2f}** | {by_round} "
            f"| {min(e['low'] for e in each):.2f} to {max(e['high'] for e in each):.2f} | {before[label]:.2f} |"
        )
    lines.append(f"| **mean of {len(now)}** | | **{mean(now.values()):.3f}** | | | {mean(before.values()):.3f} |")
    return "\n".join(lines)


# What is told of the score, from the round on in which it was measured so.
OF_THE_SCORE = {
    "rho": "score: rho with overall rating",
    "auc": "score: AUC good against poor",
    "first_focus": "first focus is among what raters coach",
    "strengths": "strengths are among what raters praise",
    "outcome": "outcome as raters say",
}


def every_round(measured: list[Round]) -> str:
    """The table of all rounds."""
    lines = [
        "| label | " + " | ".join(f"round {each['round']}" for each in measured) + " |",
        "|---|" + "---|" * len(measured),
        f"| measured by | {' | '.join(each['measured_by'] for each in measured)} |",
    ]
    for label in measured[0]["labels"]:
        cells = [_cell(each["labels"][label]) for each in measured]
        lines.append(f"| {label.replace('|', ' or ')} | {' | '.join(cells)} |")
    means = [f"**{mean(v['f'] for v in each['labels'].values()):.3f}**" for each in measured]
    lines.append(f"| **mean F1** | {' | '.join(means)} |")
    for key, words in OF_THE_SCORE.items():
        cells = [f"{each['score'][key]:.2f}" if key in each["score"] else "–" for each in measured]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(got: dict[str, float]) -> str:
    return f"{got['f']:.2f} ({got['gold']}; P {got['p']:.2f} R {got['r']:.2f})"


def title(label: str) -> str:
    """A label in words."""
    target = TARGETS.get(label, label)
    return TITLES.get(target, f"`{target}`")


def reliability(measured: list[Round]) -> str:
    """How reliable each behaviour is, in a word."""
    lines = [
        "# How reliably each behaviour is found: the mean F1 of the last three blind rounds (data/rounds.json). Written by",
        "# tests/benchmarks/publish_rounds.py; do not edit. Behaviours that the rounds do not label are not listed.",
        "",
    ]
    means = last_means(measured)
    for label, behaviour in sorted(TARGETS.items(), key=lambda pair: pair[1]):
        if label not in means or "." in behaviour or behaviour == "customer_repeats":
            continue
        value = means[label]
        word = "high" if value >= HIGH else "fair" if value >= FAIR else "low"
        cases = sum(each["labels"][label]["gold"] for each in measured[-LAST:])
        lines.append(f'{behaviour} = {{ word = "{word}", mean_f1 = {value:.2f}, cases = {cases} }}')
    return "\n".join([*lines, ""])


def published(page: str, made: str) -> str:
    """The page with its tables written anew; what stands outside the marks stays."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def main() -> None:
    """The command."""
    measured = rounds()
    for page, made in ((PAGE, tables(measured)), (EVERY_ROUND, every_round(measured))):
        page.write_text(published(page.read_text(encoding="utf-8"), made), encoding="utf-8")
    RELIABILITY.write_text(reliability(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
