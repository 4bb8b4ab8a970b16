"""The notation of phrases, and the automaton that finds long ones.

A phrase is read into a small tree. One that stands for few texts is spelled out; one that stands for many runs in an
automaton over words, built as it is used: its cost depends on the words of the call, not on how many texts the phrases
stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

from .errors import BehaviourError
from .text import BOUNDARIES

Form = tuple[str, ...]
Canonical = Callable[[str], Form]


class Node(NamedTuple):
    """A piece of a phrase: a "word", a "gap", or a "sequence" or "choice" of pieces."""

    kind: str
    word: str = ""
    pieces: tuple[Node, ...] = ()


_GAP = Node("gap")
_SIGN = re.compile(r"\(|\)|\||\{[^{}]*\}|\.\.\.|[^(){}|\s]+")


def parse(pattern: str, words: Mapping[str, tuple[str, ...]], where: str, trees: dict[str, Node] | None = None) -> Node:
    """The tree of a phrase; ``words`` holds the lists that it may name in braces, ``trees`` those of them read before.

    Raises:
        BehaviourError: brackets do not pair, a list is not defined, or the phrase can be empty or begins or ends with a gap.
    """
    tree = _parse(pattern, words, where, (), {} if trees is None else trees)
    empty = _can_be(tree, _EMPTY)
    if empty or (("..." in pattern or "{" in pattern) and (_can_be(tree, _GAP_FIRST) or _can_be(tree, _GAP_LAST))):
        problem = "can be empty" if empty else "begins or ends with a gap"
        raise BehaviourError(
            f"the phrase {pattern!r} {problem}", where=where, remedy="Leave at least one word outside the optional brackets."
        )
    if _may_anchor(pattern) and not _anchors_at_edges(tree, True, True):
        raise BehaviourError(f"the phrase {pattern!r} has an anchor in its middle", where=where, remedy="Let '^' come first and '$' last.")
    return tree


def _may_anchor(pattern: str) -> bool:
    """Whether a phrase may hold an anchor, in itself or in a list it names."""
    return "^" in pattern or "$" in pattern or "{" in pattern


def anchors(pattern: str, node: Node) -> tuple[bool, bool]:
    """Whether a phrase may begin with "^", and whether it may end with "$"."""
    return (has_anchor(node, "^"), has_anchor(node, "$")) if _may_anchor(pattern) else (False, False)


def has_anchor(node: Node, sign: str) -> bool:
    """Whether a piece holds the anchor ``sign``."""
    return node.word == sign or any(has_anchor(piece, sign) for piece in node.pieces)


def _anchors_at_edges(node: Node, first: bool, last: bool) -> bool:
    if node.kind == "sequence":
        end = len(node.pieces) - 1
        return all(_anchors_at_edges(piece, first and k == 0, last and k == end) for k, piece in enumerate(node.pieces))
    if node.kind == "choice":
        return all(_anchors_at_edges(piece, first, last) for piece in node.pieces)
    return not ((node.word == "^" and not first) or (node.word == "$" and not last))


def _parse(pattern: str, words: Mapping[str, tuple[str, ...]], where: str, within: Form, trees: dict[str, Node]) -> Node:
    signs = _SIGN.findall(pattern)
    position = 0

    def choice(depth: int) -> Node:
        nonlocal position
        options: list[Node] = []
        pieces: list[Node] = []
        while position < len(signs):
            sign = signs[position]
            position += 1
            if sign == "(":
                pieces.append(choice(depth + 1))
            elif sign == ")":
                if not depth:
                    raise BehaviourError(f"the phrase {pattern!r} has a ')' too many", where=where, remedy="Pair the brackets.")
                return _choice([*options, _sequence(pieces)])
            elif sign == "|":
                options.append(_sequence(pieces))
                pieces = []
            elif sign == "...":
                pieces.append(_GAP)
            elif sign.startswith("{"):
                pieces.append(_named(sign[1:-1]))
            else:
                pieces.append(Node("word", sign))
        if depth:
            raise BehaviourError(f"the phrase {pattern!r} has a '(' without its ')'", where=where, remedy="Pair the brackets.")
        return _choice([*options, _sequence(pieces)])

    def _named(name: str) -> Node:
        if name in trees:
            return trees[name]
        if name not in words or name in within:
            problem = "is not defined" if name not in words else "contains itself"
            raise BehaviourError(f"the list {{{name}}} in the phrase {pattern!r} {problem}", where=where, remedy="Define it under [words].")
        trees[name] = _choice([_parse(entry, words, where, (*within, name), trees) for entry in words[name]])
        return trees[name]

    return choice(0)


def _sequence(pieces: list[Node]) -> Node:
    return pieces[0] if len(pieces) == 1 else Node("sequence", pieces=tuple(pieces))


def _choice(options: list[Node]) -> Node:
    return options[0] if len(options) == 1 else Node("choice", pieces=tuple(options))


_EMPTY, _GAP_FIRST, _GAP_LAST = "empty", "gap first", "gap last"


def _can_be(node: Node, what: str) -> bool:
    """Whether a piece can stand for no word at all, or for texts that begin or end with a gap."""
    if node.kind == "word":
        return False
    if node.kind == "gap":
        return what != _EMPTY
    if node.kind == "choice":
        return any(_can_be(piece, what) for piece in node.pieces)
    if what == _EMPTY:
        return all(_can_be(piece, what) for piece in node.pieces)
    for piece in node.pieces if what == _GAP_FIRST else reversed(node.pieces):
        if _can_be(piece, what):
            return True
        if not _can_be(piece, _EMPTY):
            return False
    return False


def forms(node: Node, most: int, canonical: Canonical) -> list[Form] | None:
    """All texts of a phrase as canonical words; None where it has a gap or there are more than ``most``."""
    if node.kind == "word":
        return [(node.word,)] if node.word in ("^", "$") else [canonical(node.word)]
    if node.kind == "gap":
        return None
    found: list[Form] = [()] if node.kind == "sequence" else []
    for piece in node.pieces:
        part = forms(piece, most, canonical)
        if part is None:
            return None
        found = [a + b for a in found for b in part] if node.kind == "sequence" else found + part
        if len(found) > most:
            return None
    return list(dict.fromkeys(found))


def sample(node: Node, canonical: Canonical, *, longest: bool) -> Form:
    """One text that the phrase stands for, the longest or the shortest choices taken, as canonical words without gaps."""
    if node.kind == "word":
        return () if node.word in ("^", "$") else canonical(node.word)
    pieces = [sample(piece, canonical, longest=longest) for piece in node.pieces]
    if node.kind == "choice":
        return max(pieces, key=len) if longest else min(pieces, key=len)
    return tuple(word for piece in pieces for word in piece)


# The tables of an automaton are begun anew past this many entries, so that memory stays bounded.
_MOST_STEPS = 400_000


class _Tables:
    """What an automaton has learnt on its way: states, each a set of places, and where each word leads from them."""

    __slots__ = ("count", "first", "known", "rules", "sets", "steps")

    def __init__(self) -> None:
        self.first: dict[str, int] = {}
        self.steps: list[dict[str, int]] = [{}]
        self.rules: list[tuple[int, ...]] = [()]
        self.sets: list[frozenset[int]] = [frozenset()]
        self.known: dict[frozenset[int], int] = {frozenset(): 0}
        self.count = 0


class Automaton:
    """Finds many phrases in a row of words in one pass.

    Phrases are laid out as places joined by words. States, sets of places, are made when first reached and kept. Safe
    to share between threads once all phrases are added.
    """

    def __init__(self) -> None:
        # Of each place: where words lead, where no word is needed to go, and where any word leads.
        self._next: dict[int, dict[str, list[int]]] = {}
        self._free: dict[int, list[int]] = {}
        self._wild: dict[int, int] = {}
        self._places = 0
        self._accept: dict[int, int] = {}
        self._begin: list[int] = []
        self._openings: dict[str, list[int]] | None = None
        self._tables = _Tables()
        self._lock = Lock()

    def add(self, rule: int, node: Node, gap_words: int, canonical: Canonical) -> None:
        """Adds a phrase under the number ``rule``."""
        begin = self._place()
        self._begin.append(begin)
        self._accept[self._lay(node, begin, gap_words, canonical)] = rule

    def _place(self) -> int:
        self._places += 1
        return self._places

    def _join(self, begin: int, word: str, end: int) -> None:
        self._next.setdefault(begin, {}).setdefault(word, []).append(end)

    def _skip(self, begin: int, end: int) -> None:
        self._free.setdefault(begin, []).append(end)

    def _lay(self, node: Node, begin: int, gap_words: int, canonical: Canonical) -> int:
        """Lays the places of a piece behind ``begin``; returns the place at its end."""
        if node.kind == "sequence":
            for piece in node.pieces:
                begin = self._lay(piece, begin, gap_words, canonical)
            return begin
        end = self._place()
        if node.kind == "choice":
            for piece in node.pieces:
                self._skip(self._lay(piece, begin, gap_words, canonical), end)
        elif node.kind == "gap":
            self._skip(begin, end)
            for _ in range(gap_words):
                step = self._place()
                self._skip(begin, step)
                begin = self._wild[step] = self._place()
                self._skip(begin, end)
        elif node.word in ("^", "$"):
            for sign in BOUNDARIES:
                self._join(begin, sign, end)
        else:
            *inner, last = canonical(node.word)
            for word in inner:
                after = self._place()
                self._join(begin, word, after)
                begin = after
            self._join(begin, last, end)
        return end

    def find(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Where phrases stand: rule, first word, and the word behind the last; of one rule at one word the longest."""
        tables = self._tables
        if tables.count > _MOST_STEPS:
            tables = self._tables = _Tables()
        first, steps, rules = tables.first, tables.steps, tables.rules
        found: list[tuple[int, int, int]] = []
        last = len(words)
        for i, word in enumerate(words):
            state = first.get(word)
            if state is None:
                state = self._enter(word, tables)
            if not state:
                continue
            j = i + 1
            best: dict[int, int] = {}
            while state:
                for rule in rules[state]:
                    best[rule] = j
                if j == last:
                    break
                ahead = words[j]
                after = steps[state].get(ahead)
                state = self._step(state, ahead, tables) if after is None else after
                j += 1
            for rule, end in best.items():
                found.append((rule, i, end))
        return found

    def _enter(self, word: str, tables: _Tables) -> int:
        """The state that a first word leads to."""
        with self._lock:
            if self._openings is None:
                self._openings = {}
                for place in self._closed(self._begin):
                    for opening, targets in self._next.get(place, {}).items():
                        self._openings.setdefault(opening, []).extend(targets)
            state = self._state(self._openings.get(word, ()), tables)
            tables.first[word] = state
            tables.count += 1
        return state

    def _step(self, state: int, word: str, tables: _Tables) -> int:
        """The state that a word leads to from another."""
        with self._lock:
            places = tables.sets[state]
            ahead = [target for place in places if place in self._next for target in self._next[place].get(word, ())]
            if word not in BOUNDARIES:
                ahead += [self._wild[place] for place in places if place in self._wild]
            after = self._state(ahead, tables)
            tables.steps[state][word] = after
            tables.count += 1
        return after

    def _closed(self, places: Iterable[int]) -> frozenset[int]:
        """The places and all that can be reached from them without a word."""
        reached = set(places)
        waiting = list(reached)
        while waiting:
            for target in self._free.get(waiting.pop(), ()):
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)
        return frozenset(reached)

    def _state(self, places: Iterable[int], tables: _Tables) -> int:
        members = self._closed(places)
        state = tables.known.get(members)
        if state is None:
            tables.steps.append({})
            tables.sets.append(members)
            tables.rules.append(tuple(sorted({self._accept[place] for place in members if place in self._accept})))
            state = tables.known[members] = len(tables.sets) - 1
        return state
