"""Write the published accuracy from the benchmark's own output; no figure is typed by hand.

    python tests/benchmarks/publish_accuracy.py --tasks tasks.toml --reference reference.json punctuated.json [plain.json [misheard.json]]

Each JSON is what ``accuracy.py --json`` wrote: as transcribed, with ``--plain``, and with ``--plain --wer 0.1``. Writes
``data/ACCURACY.md`` for people and ``listening_coach/report/reliability.toml`` for the word that reports show.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# The mean F1 of a behaviour's tasks from which the report calls it so.
HIGH, FAIR = 0.70, 0.45

CANNOT_HEAR = """## What the library cannot hear

- Tone of voice, sarcasm, warmth, sighs: it reads words and times. A kind word said coldly counts as kind.
- Whether what was said is true, or the right answer.
- Faces, screens, and what happened before or after the call.
- Anything the transcript lost: words misheard, speakers mixed up, turns without times. What a transcript cannot show is
  reported as not measurable, never as 0.
- Languages other than English.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+", type=Path)
    parser.add_argument("--tasks", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    args = parser.parse_args()
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in args.results]
    tasks = {t["id"]: t for t in tomllib.loads(args.tasks.read_text(encoding="utf-8"))["task"]}
    reference: dict[str, float] = json.loads(args.reference.read_text(encoding="utf-8"))
    corpora = tomllib.loads(Path(__file__).with_name("corpora.toml").read_text(encoding="utf-8"))
    (ROOT / "data" / "ACCURACY.md").write_text(page(runs, tasks, reference, corpora), encoding="utf-8")
    (ROOT / "listening_coach" / "report" / "reliability.toml").write_text(words(runs[0], tasks), encoding="utf-8")


def page(runs: list[dict[str, Any]], tasks: dict[str, Any], reference: dict[str, float], corpora: dict[str, Any]) -> str:
    """The page for people."""
    first, *others = (run["tasks"] for run in runs)
    heads = ["plain", "misheard"][: len(others)]
    lines = [
        "# Accuracy",
        "",
        "How well the library finds what people labelled in public conversations that nobody wrote for it. None of these",
        "conversations is part of the library, and it is not trained on them. Written by `tests/benchmarks/publish_accuracy.py`",
        "from the benchmark's own output.",
        "",
        "- **P**, precision: of what the library points out, how much people labelled too. **R**, recall: of what people labelled,",
        "  how much the library finds. **F1** joins both; beside it the 95 % interval over conversations.",
        "- **trained**: F1 of a classifier of word sequences that was trained on labels of the same corpus. To reach it without",
        "  training is hard.",
    ]
    if heads:
        lines += ["- **plain**: F1 on the same words in lower case without punctuation."]
    if len(heads) > 1:
        lines += ["- **misheard**: the same, and one word in ten dropped or misheard."]
    lines += [
        "",
        "These are the halves of the corpora whose errors were read while the phrases were written, so expect less on talk that",
        "nobody here has seen; turns of our own that were labelled before anything was measured on them give a blind estimate",
        "(`data/README.md`, single turns). People agree with each other only in part, so no figure can reach 1.",
        "",
        f"| behaviour | corpus | labelled | P | R | F1 | 95 % | trained |{''.join(f' {h} |' for h in heads)}",
        f"|---|---|---:|---:|---:|---:|---|---:|{'---:|' * len(heads)}",
    ]
    for name, got in sorted(first.items(), key=lambda pair: pair[0]):
        behaviour = " or ".join(f"`{b}`" for b in tasks[name]["found"]) + (" with a date" if tasks[name].get("where") else "")
        trained = f"{reference[name]:.2f}" if name in reference else "–"
        row = [
            behaviour,
            corpora[tasks[name]["corpus"]]["title"],
            str(got["gold"]),
            f"{got['p']:.2f}",
            f"{got['r']:.2f}",
            f"**{got['f']:.2f}**",
        ]
        row += [f"{got['low']:.2f} to {got['high']:.2f}", trained, *(f"{o[name]['f']:.2f}" if name in o else "–" for o in others)]
        lines.append(f"| {' | '.join(row)} |")
    above = sum(got["f"] >= reference[name] for name, got in first.items() if name in reference)
    means = [sum(got["f"] for got in run.values()) / len(run) for run in (first, *others)]
    lines += [
        "",
        f"Mean F1 over {len(first)} tasks: **{means[0]:.3f}**"
        + "".join(f", {head} {mean:.3f}" for head, mean in zip(heads, means[1:], strict=True))
        + f". At or above the trained classifier on {above} of {sum(n in reference for n in first)}.",
    ]
    quality = runs[0].get("quality", {})
    if quality:
        lines += [
            "",
            "## The score",
            "",
            "How well the score orders counselling sessions that experts called good or poor: the chance that a good one scores",
            "above a poor one (ROC AUC; 0.5 is chance).",
            "",
            "| score | AUC |",
            "|---|---:|",
            *(f"| {name.partition('/')[2]} | {value:.2f} |" for name, value in quality.items() if value == value),
        ]
    lines += ["", "## What the labels are worth", "", "| corpus | what it is | what its labels are worth |", "|---|---|---|"]
    used = {tasks[name]["corpus"] for name in first}
    lines += [f"| {c['title']} | {c['what']} | {c['worth']} |" for name, c in corpora.items() if name in used]
    return "\n".join([*lines, "", CANNOT_HEAR])


def words(run: dict[str, Any], tasks: dict[str, Any]) -> str:
    """How reliable each behaviour is, in a word."""
    by: defaultdict[str, list[float]] = defaultdict(list)
    for name, got in run["tasks"].items():
        if not tasks[name].get("where"):
            by[tasks[name]["found"][0]].append(got["f"])
    lines = [
        "# How reliably each behaviour is found, from the mean F1 on public conversations. Written by",
        "# tests/benchmarks/publish_accuracy.py; do not edit. Behaviours that no public labels measure are not listed.",
        "",
    ]
    for behaviour, values in sorted(by.items()):
        mean = sum(values) / len(values)
        word = "high" if mean >= HIGH else "fair" if mean >= FAIR else "low"
        lines.append(f'{behaviour} = {{ word = "{word}", mean_f1 = {mean:.2f}, corpora = {len(values)} }}')
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
