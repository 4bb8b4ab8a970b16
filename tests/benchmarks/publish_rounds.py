"""Write what the blind rounds say, from ``data/rounds.json``; no figure is typed by hand.

    python tests/benchmarks/publish_rounds.py

Writes the tables between the marks in ``data/ACCURACY.md``, the tables of every round in ``data/rounds.md``, and
``listening_coach/report/reliability.toml`` for the word that reports show. ``data/rounds.json`` holds a round each: who measured it, and precision,
recall, F1, its 95 % interval and the number of cases of each label, then how the score compares with the ratings.
"""

from __future__ import annotations

import json
from itertools import groupby
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
    "rho": "rho",
    "auc": "AUC",
    "first_focus": "first focus",
    "strengths": "strengths",
    "outcome": "outcome",
}


def every_round(measured: list[Round]) -> str:
    """The tables of all rounds: label by label for the rounds that the same weights measured, and a line for each round."""
    groups = {by: list(of) for by, of in groupby(measured, key=lambda each: each["measured_by"])}
    named = [_range([each["round"] for each in of]) for of in groups.values()]
    labels = list(measured[0]["labels"])
    lines = [
        "| label | " + " | ".join(named) + " |",
        "|---|" + "---|" * len(groups),
        f"| measured by | {' | '.join(groups)} |",
        *(
            f"| {_shown(label)} | {' | '.join(_cell([each['labels'][label] for each in of]) for of in groups.values())} |"
            for label in labels
        ),
    ]
    means = [mean(_mean_f1(each) for each in of) for of in groups.values()]
    lines.append(f"| **mean F1** | {' | '.join(f'**{value:.3f}**' for value in means)} |")
    lines += ["", "F1 of every round, and how its score compares with the ratings:", ""]
    lines += [
        f"| round | mean F1 | {' | '.join(map(_shown, labels))} | {' | '.join(OF_THE_SCORE.values())} |",
        "|---:|---:|" + "---:|" * (len(labels) + len(OF_THE_SCORE)),
    ]
    for each in measured:
        scores = [f"{each['score'][key]:.2f}" if key in each["score"] else "–" for key in OF_THE_SCORE]
        figures = [f"{each['labels'][label]['f']:.2f}" for label in labels]
        lines.append(f"| {each['round']} | **{_mean_f1(each):.3f}** | {' | '.join(figures)} | {' | '.join(scores)} |")
    return "\n".join(lines)


def _range(numbers: list[int]) -> str:
    return f"round {numbers[0]}" if len(numbers) == 1 else f"rounds {numbers[0]} to {numbers[-1]}"


def _shown(label: str) -> str:
    return label.replace("|", " or ")


def _mean_f1(each: Round) -> float:
    return mean(v["f"] for v in each["labels"].values())


def _cell(got: list[dict[str, float]]) -> str:
    means = (mean(each[key] for each in got) for key in ("f", "p", "r"))
    return "{:.2f} ({:.0f}; P {:.2f} R {:.2f})".format(next(means), sum(each["gold"] for each in got), *means)


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
