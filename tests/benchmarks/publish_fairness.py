"""Writes ``data/FAIRNESS.md``: how much a score moves when nothing moves that should matter.

    python tests/benchmarks/publish_fairness.py

Every call of ``data/gold/round_*.jsonl`` is scored as it is and told otherwise: with a message split in two or two joined, with other people's names, in dialect and
second-language phrasing, with and without fillers. The page gives the mean of the differences (a bias, in either direction) and the mean of their sizes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from scipy.stats import spearmanr

import listening_coach as lc
from listening_coach.fitting.labelled import LabelledCall, load

ROOT = Path(__file__).resolve().parents[2]
GOLD = sorted((ROOT / "data" / "gold").glob("round_*.jsonl"))
PAGE = ROOT / "data" / "FAIRNESS.md"

Turns = Sequence[tuple[str, str]]
Change = Callable[[Turns, random.Random], Turns]
# Messages of fewer words than these are not split.
_LEAST_SPLIT = 6
_SEED = 11
# Names and phrasings are measured on one call of so many, for there are many of them.
EACH = 6


# --- messages split and joined ---------------------------------------------------------------------------------------


def halves(text: str) -> tuple[str, str] | None:
    """A message in two: at the sign, else before the joining word, that stands nearest to its middle, else in the middle."""
    words = text.split()
    if len(words) < _LEAST_SPLIT:
        return None
    places = range(2, len(words) - 1)
    ends = [i for i in places if words[i - 1][-1] in ".?!"] or [i for i in places if words[i - 1][-1] in ",;:"]
    ends = ends or [i for i in places if words[i].casefold() in ("and", "but", "so", "because", "then", "or")] or [len(words) // 2]
    at = min(ends, key=lambda i: abs(i - len(words) / 2))
    return " ".join(words[:at]), " ".join(words[at:])


def split_one(turns: Turns, rng: random.Random) -> Turns:
    """One message in two."""
    at = rng.choice([i for i, (_, text) in enumerate(turns) if halves(text)])
    return _split(turns, {at})


def split_all(turns: Turns, rng: random.Random) -> Turns:
    """Every message in two that is long enough."""
    return _split(turns, range(len(turns)))


def _split(turns: Turns, places: Iterable[int]) -> Turns:
    chosen = set(places)
    return [(role, part) for i, (role, text) in enumerate(turns) for part in ((halves(text) if i in chosen else None) or (text,))]


def join_one(turns: Turns, rng: random.Random) -> Turns:
    """Two neighbouring messages of one speaker in one; the call as it is where it has none."""
    places = [i for i in range(1, len(turns)) if turns[i][0] == turns[i - 1][0]]
    return _joined(turns, {rng.choice(places)} if places else set())


def join_all(turns: Turns, rng: random.Random) -> Turns:
    """All neighbouring messages of one speaker in one."""
    return _joined(turns, range(1, len(turns)))


def _joined(turns: Turns, places: Iterable[int]) -> Turns:
    chosen, made = set(places), list(turns[:1])
    for i, (role, text) in enumerate(turns[1:], 1):
        if i in chosen and role == made[-1][0]:
            made[-1] = (role, f"{made[-1][1]} {text}")
        else:
            made.append((role, text))
    return made


# --- names -------------------------------------------------------------------------------------------------------------

# Given and family names, for agent and customer, a culture a line.
NAMES: Mapping[str, Sequence[str]] = {
    "English": ("Emily Carter", "Jack Thompson"),
    "African American": ("Lakisha Washington", "Jamal Robinson"),
    "Nigerian": ("Chiamaka Okonkwo", "Oluwaseun Adeyemi"),
    "Ghanaian": ("Akosua Mensah", "Kwabena Boateng"),
    "Somali": ("Hodan Warsame", "Abdirahman Ali"),
    "Arabic": ("Fatima Al-Masri", "Mohammed Haddad"),
    "Turkish": ("Ayşe Yılmaz", "Mehmet Demir"),
    "Persian": ("Shirin Hosseini", "Reza Karimi"),
    "Indian": ("Lakshmi Venkataraman", "Rajesh Patel"),
    "Pakistani": ("Ayesha Qureshi", "Bilal Chaudhry"),
    "Chinese": ("Xiuying Zhang", "Wei Chen"),
    "Vietnamese": ("Nguyet Tran", "Minh Nguyen"),
    "Korean": ("Seo-yeon Kim", "Min-jun Park"),
    "Japanese": ("Yuki Tanaka", "Haruto Sato"),
    "Filipino": ("Maricel Santos", "Jejomar Reyes"),
    "Polish": ("Agnieszka Wiśniewska", "Krzysztof Nowak"),
    "Russian": ("Svetlana Ivanova", "Dmitri Volkov"),
    "Greek": ("Eleni Papadopoulou", "Giorgos Nikolaidis"),
    "Irish": ("Saoirse Ní Bhriain", "Caoimhín Doyle"),
    "Mexican": ("Guadalupe Hernández", "José Ramírez"),
    "Brazilian": ("Beatriz Oliveira", "João da Silva"),
    "Jewish": ("Rivka Goldberg", "Moshe Cohen"),
}


def named(agent: str, customer: str) -> Change:
    """Both say who they are, and the agent thanks the customer by name."""

    def change(turns: Turns, rng: random.Random) -> Turns:
        made, said = [], set()
        for role, text in turns:
            if role not in said and role in ("agent", "customer"):
                text = f"{text} You're speaking to {agent}." if role == "agent" else f"{text} My name is {customer}."
                said.add(role)
            made.append((role, text))
        return made

    return change


# --- phrasing ----------------------------------------------------------------------------------------------------------


def reworded(words: Mapping[str, str], *patterns: tuple[str, str], roles: Sequence[str] = ("agent", "customer")) -> Change:
    """Words in the place of others, whole words only, then patterns; in the turns of these roles."""
    found = re.compile(r"\b(" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")\b", re.IGNORECASE) if words else None

    def told(text: str) -> str:
        text = text.replace("\u2019", "'")
        if found:
            text = found.sub(lambda match: words[match.group().lower()], text)
        for pattern, instead in patterns:
            text = re.sub(pattern, instead, text)
        return " ".join(text.split()) or "um"

    return lambda turns, rng: [(role, told(text) if role in roles else text) for role, text in turns]


NORTHERN = {
    "something": "summat", "nothing": "nowt", "anything": "owt", "my": "me", "isn't": "in't", "wasn't": "weren't", "yes": "aye", "very": "dead",
    "child": "bairn", "children": "bairns", "you": "ya", "myself": "meself", "going to": "gonna", "was": "were", "it is": "it's", "the": "t'",
}  # fmt: skip
SCOTTISH = {
    "yes": "aye", "little": "wee", "small": "wee", "don't": "dinnae", "can't": "cannae", "isn't": "isnae", "wasn't": "wasnae", "didn't": "didnae", "know": "ken",
    "you": "ye", "your": "yer", "my": "ma", "to": "tae", "of": "o'", "not": "no", "going": "gaun", "doesn't": "doesnae", "won't": "willnae",
}  # fmt: skip
SOUTHERN = {
    "isn't": "ain't", "aren't": "ain't", "haven't": "ain't", "going to": "fixin' to", "you": "y'all", "think": "reckon", "those": "them", "were": "was",
    "doesn't": "don't", "very": "real", "really": "right",
}  # fmt: skip
AFRICAN_AMERICAN = {
    "isn't": "ain't", "aren't": "ain't", "haven't": "ain't", "hasn't": "ain't", "didn't": "ain't", "doesn't": "don't", "going to": "finna", "they are": "they",
    "you are": "you", "you're": "you", "he is": "he", "she is": "she", "that's": "thas", "with": "wit", "them": "dem", "anything": "nothing", "were": "was",
}  # fmt: skip
INDIAN = {
    "know": "am knowing", "understand": "am understanding", "want": "am wanting", "have": "are having", "back": "back only", "please": "kindly",
    "do that": "do the needful", "today": "today itself", "isn't it": "no", "discuss": "discuss about", "soon": "at the earliest",
}  # fmt: skip
NO_ARTICLES = ((r"\b(?:[Tt]he|[Aa]n?)\s+", ""),)
PLAIN_VERBS = {
    "doesn't": "not", "don't": "no", "didn't": "not", "has": "have", "is": "", "are": "", "was": "is", "were": "are", "been": "", "went": "go", "sent": "send",
    "told": "tell", "said": "say", "came": "come", "got": "get", "does": "do", "did": "do",
}  # fmt: skip
FILLERS = re.compile(r"\b(?:um+|uh+|erm?|you know|i mean|sort of|kind of|well|basically|actually|literally)\b,?\s*", re.IGNORECASE)


def filled(turns: Turns, rng: random.Random) -> Turns:
    """A filler behind one word in eight."""
    kinds = (" um", " uh", " erm,", ", like,", ", you know,")
    return [
        (role, " ".join(w + rng.choice(kinds) if rng.random() < 1 / 8 and w[-1:].isalpha() else w for w in text.split()))
        for role, text in turns
    ]


def bare(turns: Turns, rng: random.Random) -> Turns:
    """No fillers at all."""
    return [(role, " ".join(FILLERS.sub("", text).split()) or "um") for role, text in turns]


_DROPPED_G = (r"(?<=[a-z])ing\b", "in'")
PHRASINGS: Mapping[str, Change] = {
    f"{name}, {who}": reworded(words, *patterns, roles=roles)
    for name, words, patterns in (
        ("Northern English", NORTHERN, ()),
        ("Scots", SCOTTISH, (_DROPPED_G,)),
        ("Southern American", SOUTHERN, (_DROPPED_G,)),
        ("African American", AFRICAN_AMERICAN, (_DROPPED_G,)),
        ("Indian English", INDIAN, ()),
        ("second language: no articles", {}, NO_ARTICLES),
        ("second language: plain verbs, no articles", PLAIN_VERBS, NO_ARTICLES),
    )
    for who, roles in (("customer", ("customer",)), ("agent", ("agent",)))
}
SPLITS: Mapping[str, Change] = {
    "one message split in two": split_one,
    "two messages joined (where one speaker has two in a row)": join_one,
    "every message split in two": split_all,
    "all messages joined that follow each other": join_all,
}
FILLED: Mapping[str, Change] = {"a filler behind one word in eight": filled, "no fillers at all": bare}


class Figure(NamedTuple):
    """How scores moved over the calls that changed: their number, the mean difference, the mean size, and how many moved by more than five points."""

    calls: int
    bias: float
    size: float
    far: int

    def row(self, name: str) -> str:
        """The figure as a row of a table."""
        return f"| {name} | {self.calls} | {self.bias:+.2f} | {self.size:.2f} | {self.far} |"


def score(coach: lc.Coach, turns: Turns) -> float | None:
    """The score of a call."""
    return coach.review(lc.Transcript.from_turns([{"speaker": role, "role": role, "text": text} for role, text in turns])).score


def figure(coach: lc.Coach, calls: Sequence[LabelledCall], before: Mapping[str, float], change: Change) -> Figure:
    """How a change moves the scores of the calls that it changes."""
    moved = []
    for call in calls:
        turns = change(call.turns, random.Random(f"{_SEED} {call.id}"))
        if call.id in before and list(turns) != list(call.turns) and (after := score(coach, turns)) is not None:
            moved.append(after - before[call.id])
    sizes = [abs(each) for each in moved]
    return Figure(len(moved), mean(moved), mean(sizes), sum(size > 5 for size in sizes))


def spread(coach: lc.Coach, calls: Sequence[LabelledCall]) -> tuple[list[str], float]:
    """A row a culture: the mean score of the calls with its names, and how far it lies from the mean of all; and the widest distance."""
    means = {}
    for culture, (agent, customer) in NAMES.items():
        scores = [score(coach, named(agent, customer)(call.turns, random.Random(0))) for call in calls]
        means[culture] = mean(each for each in scores if each is not None)
    middle = mean(means.values())
    rows = [f"| {culture} | {value:.2f} | {value - middle:+.2f} |" for culture, value in means.items()]
    return rows, max(means.values()) - min(means.values())


_HEAD = ("| what changes | calls | mean difference | mean size | moved by more than 5 |", "|---|---:|---:|---:|---:|")


def page(coach: lc.Coach) -> str:
    """The text of the page."""
    calls = [call for path in GOLD for call in load(path)]
    before = {call.id: value for call in calls if (value := score(coach, call.turns)) is not None}
    some = calls[::EACH]
    of_names, widest = spread(coach, some)
    rated = [call for call in calls if call.id in before and call.ratings.get("overall") is not None]
    words = [sum(len(text.split()) for _, text in call.turns) for call in rated]
    with_length = spearmanr(words, [before[call.id] for call in rated])[0]
    ratings_with_length = spearmanr(words, [call.ratings["overall"] for call in rated])[0]

    def table(changes: Mapping[str, Change], of: Sequence[LabelledCall] = calls) -> list[str]:
        return [*_HEAD, *(figure(coach, of, before, change).row(name) for name, change in changes.items())]

    lines = [
        "# Fairness",
        "",
        "How much the score moves when something changes that should not matter. Written by `python tests/benchmarks/publish_fairness.py`; no figure is typed by",
        f"hand. Measured on the {len(before)} scored calls of `data/gold/round_*.jsonl`, with the rubric `default`.",
        "",
        "*Mean difference* is the score after the change less the score before: a bias that would hurt or favour a group. *Mean size* leaves the direction out:",
        "how much a single call may move. The aim: a bias of at most 3 points; a message split or joined moves the score by at most 1 on average.",
        "",
        "## A message split in two, or two joined",
        "",
        *table(SPLITS),
        "",
        "## Names",
        "",
        "Both sides say who they are in their first turn, each time with names of one culture",
        f"({len(some)} calls).",
        "",
        "| names | mean score | from the mean of all |",
        "|---|---:|---:|",
        *of_names,
        "",
        f"The widest distance between two is {widest:.2f} points.",
        "",
        "## Dialect and second-language phrasing",
        "",
        "Words and endings are changed by rule, on one side of the call at a time. That is rougher than how people talk; it shows where the wording that is",
        "looked for is too narrow.",
        "",
        *table(PHRASINGS, some),
        "",
        "## Fillers",
        "",
        *table(FILLED),
        "",
        "## Length",
        "",
        f"The rank correlation of score and number of words is {with_length:+.2f}. That of people's overall ratings of the same calls and their number of words is",
        f"{ratings_with_length:+.2f}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """The command."""
    PAGE.write_text(page(lc.Coach()), encoding="utf-8")


if __name__ == "__main__":
    main()
