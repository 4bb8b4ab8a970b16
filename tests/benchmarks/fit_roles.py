"""Fit the weights by which roles are inferred from the talk, and measure the inference.

python tests/benchmarks/fit_roles.py fit POOL.jsonl.gz LEARN.jsonl.gz      (pip install 'listening-coach[fit]'; only text that may be learned from)
python tests/benchmarks/fit_roles.py measure SERVICE.jsonl.gz …            (conversations that were not learned from)

Each line of a file is a conversation with ``id``, ``source`` and ``turns`` of role and text.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import listening_coach as lc
from listening_coach.readers import role_words
from listening_coach.readers.roles import infer

WEIGHTS = Path(role_words.__file__).with_name("role_weights.tsv")
# Sources differ in size and kind: what a conversation of each counts.
SOURCE_WEIGHTS = {"star": 0.15, "mts": 0.2, "aci": 0.3, "ms": 0.6, "learn": 2.0}
FEWEST_CALLS, REGULARISATION, KEPT = 8, 0.03, 1000


def conversations(path: str) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def fit(paths: list[str]) -> None:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    pairs, weights = [], []
    for call in (c for path in paths for c in conversations(path)):
        sides = {r: role_words.signs((n, t["text"]) for n, t in enumerate(call["turns"]) if t["role"] == r) for r in ("agent", "customer")}
        if all(sides.values()):
            pairs.append((sides["agent"], sides["customer"]))
            weights.append(SOURCE_WEIGHTS.get(call["source"], 1.0))
    common = Counter(sign for agent, customer in pairs for sign in agent.keys() | customer.keys())
    rows, labels = [], []
    for pair in pairs:
        for one, other, label in ((*pair, 1), (*pair[::-1], 0)):
            rows.append({s: one[s] - other[s] for s in one.keys() | other.keys() if common[s] >= FEWEST_CALLS and one[s] != other[s]})
            labels.append(label)
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=REGULARISATION, fit_intercept=False, max_iter=500)
    model.fit(vectorizer.fit_transform(rows), labels, sample_weight=[w for w in weights for _ in (0, 1)])
    ranked = sorted(zip(model.coef_[0], vectorizer.get_feature_names_out(), strict=True), key=lambda row: -abs(row[0]))[:KEPT]
    WEIGHTS.write_text("".join(f"{weight:+.3f}\t{sign}\n" for weight, sign in sorted(ranked, reverse=True)), encoding="utf-8")
    print(f"{len(pairs)} conversations, {len(ranked)} weights")


def measure(path: str) -> None:
    found: Counter[str] = Counter()
    for call in conversations(path):
        names: dict[str, str] = {}
        turns = [(names.setdefault(t["role"], f"S{len(names) + 1}"), t["text"]) for t in call["turns"]]
        guesses = infer(lc.Transcript.from_turns(turns))
        sides = [role for role in ("agent", "customer") if role in names]
        wrong = [role for role in sides if names[role] in guesses and guesses[names[role]].role.value != role]
        swapped = len(wrong) == len(sides) > 1
        found["swapped" if swapped else "wrong" if wrong else "right" if all(names[r] in guesses for r in sides) else "unknown"] += 1
    total = found.total()
    print(
        f"{Path(path).name}: {total} conversations; "
        + ", ".join(f"{kind} {found[kind]} ({found[kind] / total:.2f})" for kind in ("right", "unknown", "wrong", "swapped"))
    )


if __name__ == "__main__":
    if sys.argv[1] == "fit":
        fit(sys.argv[2:])
    else:
        for name in sys.argv[2:]:
            measure(name)
