"""The notation of phrases, and the automaton that finds them.

A phrase is read into a small tree. All phrases run in one automaton over words, built as it is used: its cost depends on the
words of the call, not on how many phrases there are nor on how many texts they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import compress, count
from operator import getitem, or_
from threading import Lock
from typing import NamedTuple

from ..errors import BehaviourError
from ..safe_text import excerpt
from .normaliser import BOUNDARIES

Form = tuple[str, ...]
Canonical = Callable[[str], Form]


class Node(NamedTuple):
    """A piece of a phrase: a "word", a "gap", or a "sequence" or "choice" of pieces."""

    kind: str
    word: str = ""
    pieces: tuple[Node, ...] = ()


class Rule(NamedTuple):
    """One phrase of a behaviour file: which list it stands in, its kind, its written form and its tree."""

    behaviour: str
    group: str
    kind: str | None
    pattern: str
    gap_words: int = 4
    tree: Node = Node("sequence")


_GAP = Node("gap")


@lru_cache(maxsize=20_000)
def _word(word: str) -> Node:
    """The piece of one word, made once: phrases share most of theirs."""
    return Node("word", word)


_ANCHORS = frozenset(("^", "$"))
_NO_WORDS: frozenset[str] = frozenset()
_IS_PLAIN = re.compile(r"[^(){}|.]+")
_SIGN = re.compile(r"\(|\)|\||\{[^{}]*\}|\.\.\.|[^(){}|\s]+")


# A phrase is written by hand: longer ones, deeper ones, and those that stand for more than these many words all told, are mistakes.
_MOST_PATTERN_CHARS = 5_000
_MOST_DEPTH = 24
_MOST_WORDS_ALL_TOLD = 20_000


def parse(
    pattern: str,
    words: Mapping[str, tuple[str, ...]],
    where: str,
    trees: dict[str, Node] | None = None,
    sizes: dict[int, int] | None = None,
) -> Node:
    """The tree of a phrase; ``words`` holds the lists that it may name in braces, ``trees`` those of them read before.

    ``sizes`` keeps the sizes of the lists in ``trees``, as ``size_of`` does.

    Raises:
        BehaviourError: brackets do not pair, a list is not defined, or the phrase can be empty or begins or ends with a gap.
    """
    if len(pattern) > _MOST_PATTERN_CHARS:
        raise BehaviourError(
            f"the phrase {excerpt(pattern)} has {len(pattern)} characters", where=where, remedy=f"Write at most {_MOST_PATTERN_CHARS}."
        )
    tree = _parse(pattern, words, where, (), {} if trees is None else trees)
    # A phrase that names no list stands for no more words than it has.
    if "{" in pattern and (size := size_of(tree, {} if sizes is None else sizes)) > _MOST_WORDS_ALL_TOLD:
        raise BehaviourError(
            f"the phrase {excerpt(pattern)} stands for {size:,} words all told",
            where=where,
            remedy=f"Name fewer or shorter lists: a phrase may have {_MOST_WORDS_ALL_TOLD:,}.",
        )
    empty = _can_be(tree, _EMPTY)
    if empty or (("..." in pattern or "{" in pattern) and (_can_be(tree, _GAP_FIRST) or _can_be(tree, _GAP_LAST))):
        problem = "can be empty" if empty else "begins or ends with a gap"
        raise BehaviourError(
            f"the phrase {pattern!r} {problem}", where=where, remedy="Leave at least one word outside the optional brackets."
        )
    if _may_anchor(pattern) and not _anchors_at_edges(tree, True, True):
        raise BehaviourError(f"the phrase {pattern!r} has an anchor in its middle", where=where, remedy="Let '^' come first and '$' last.")
    return tree


def size_of(node: Node, known: dict[int, int]) -> int:
    """How many words a phrase has with every list that it names written out; ``known`` keeps that of its pieces, which lists share."""
    size = known.get(id(node))
    if size is None:
        size = known[id(node)] = 1 + sum(size_of(piece, known) for piece in node.pieces)
    return size


def _may_anchor(pattern: str) -> bool:
    """Whether a phrase may hold an anchor, in itself or in a list it names."""
    return "^" in pattern or "$" in pattern or "{" in pattern


def anchors(node: Node, known: dict[int, frozenset[str]]) -> frozenset[str]:
    """The anchors that a phrase may begin or end with; ``known`` keeps those of its pieces, for phrases that share them."""
    found = known.get(id(node))
    if found is None:
        own = frozenset((node.word,)) if node.word in _ANCHORS else _NO_WORDS
        found = known[id(node)] = own.union(*(anchors(piece, known) for piece in node.pieces)) if node.pieces else own
    return found


def _anchors_at_edges(node: Node, first: bool, last: bool) -> bool:
    if node.kind == "sequence":
        end = len(node.pieces) - 1
        return all(_anchors_at_edges(piece, first and k == 0, last and k == end) for k, piece in enumerate(node.pieces))
    if node.kind == "choice":
        return all(_anchors_at_edges(piece, first, last) for piece in node.pieces)
    return not ((node.word == "^" and not first) or (node.word == "$" and not last))


def _parse(pattern: str, words: Mapping[str, tuple[str, ...]], where: str, within: Form, trees: dict[str, Node]) -> Node:
    if _IS_PLAIN.fullmatch(pattern):
        return _sequence([_word(word) for word in pattern.split()])
    signs = _SIGN.findall(pattern)
    position = 0

    def choice(depth: int) -> Node:
        nonlocal position
        options: list[Node] = []
        pieces: list[Node] = []
        while position < len(signs):
            sign = signs[position]
            position += 1
            if sign[0] not in "(|).{":
                pieces.append(_word(sign))
            elif sign == "(":
                if depth == _MOST_DEPTH:
                    raise BehaviourError(
                        f"the phrase {excerpt(pattern)} has brackets {depth + 1} deep", where=where, remedy=f"Write at most {_MOST_DEPTH}."
                    )
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
                pieces.append(_word(sign))
        if depth:
            raise BehaviourError(f"the phrase {pattern!r} has a '(' without its ')'", where=where, remedy="Pair the brackets.")
        return _choice([*options, _sequence(pieces)])

    def _named(name: str) -> Node:
        if name in trees:
            return trees[name]
        if name not in words or name in within:
            problem = "is not defined" if name not in words else "contains itself"
            raise BehaviourError(f"the list {{{name}}} in the phrase {pattern!r} {problem}", where=where, remedy="Define it under [words].")
        if not words[name] or len(within) == _MOST_DEPTH:
            problem = f"stands {len(within) + 1} lists deep" if words[name] else "is empty"
            raise BehaviourError(
                f"the list {{{name}}} in the phrase {excerpt(pattern)} {problem}", where=where, remedy="Correct it under [words]."
            )
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
        return [(node.word,)] if node.word in _ANCHORS else [canonical(node.word)]
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
        return () if node.word in _ANCHORS else canonical(node.word)
    pieces = [sample(piece, canonical, longest=longest) for piece in node.pieces]
    if node.kind == "choice":
        return max(pieces, key=len) if longest else min(pieces, key=len)
    return tuple(word for piece in pieces for word in piece)


def words_of(node: Node) -> Iterator[str]:
    """Every word of a phrase as it is written there, anchors and gaps left out."""
    if node.kind == "word" and node.word not in _ANCHORS:
        yield node.word
    for piece in node.pieces:
        yield from words_of(piece)


# The tables of an automaton are begun anew past this many entries, so that memory stays bounded.
_MOST_STEPS = 400_000
# Stands in the set of first words of a piece that may begin with any word, that is with a gap.
_ANY_WORD = "..."
# Stands behind the last word; no text holds it, since texts are cut at spaces.
_NO_WORD = " "
# What no gap crosses.
_NO_GAP = BOUNDARIES | {_NO_WORD}
_DEAD, _BEGIN = 0, 1
# The key under which gaps stand among the pieces made here; no piece's identity is below zero.
_GAP_KEY = -1


class _Row(dict[str, int]):
    """Where each word leads from one state; a word met for the first time is worked out and kept.

    ``live`` are the words that some phrase expects next; all others lead to one state, ``otherwise``: mostly nowhere, or on
    through a gap.
    """

    __slots__ = ("_state", "_tables", "live", "otherwise")

    def __init__(self, state: int, tables: _Tables) -> None:
        self._state = state
        self._tables = tables
        self.live: frozenset[str] | None = None
        self.otherwise = _DEAD

    def __missing__(self, word: str) -> int:
        live = self.live
        if live is None or word in live:
            return self._tables.learn(self._state, word)
        self._tables.count += 1
        self[word] = self.otherwise
        return self.otherwise


class _Tables:
    """What an automaton has learnt on its way: states, each a set of remainders, where words lead from them, and what ends there."""

    __slots__ = ("count", "ends", "known", "lock", "phrases", "rows", "rules", "sets")

    def __init__(self, phrases: _Phrases, lock: Lock) -> None:
        self.phrases = phrases
        self.lock = lock
        self.count = 0
        nothing: frozenset[int] = frozenset()
        self.sets: list[frozenset[int]] = [nothing, nothing]
        self.known = {nothing: _DEAD}
        self.rows = [_Row(_DEAD, self), _Row(_BEGIN, self)]
        self.rows[_DEAD].live = frozenset()
        # Of each state: the rules that end there, and whether there are any.
        self.rules: list[tuple[int, ...]] = [(), ()]
        self.ends = [False, False]

    def learn(self, state: int, word: str) -> int:
        """The state that a word leads to from another, from now on in its row."""
        with self.lock:
            row = self.rows[state]
            if row.live is None:
                # Known before any word is looked up there, so that the others need not be worked out one by one.
                if state == _BEGIN:
                    row.live = self.phrases.first_words()
                else:
                    row.otherwise = self._state(self.phrases.after(self.sets[state], _ANY_WORD))
                    row.live = self.phrases.expected(self.sets[state])
            if word in row.live:
                after = self.phrases.beginnings(word) if state == _BEGIN else self.phrases.after(self.sets[state], word)
                row[word] = self._state(after)
            else:
                row[word] = row.otherwise
            self.count += 1
            return row[word]

    def _state(self, remainders: set[int]) -> int:
        members = frozenset(remainders)
        state = self.known.get(members)
        if state is None:
            rules = tuple(sorted({rule for rule in map(self.phrases.ended, members) if rule is not None}))
            state = len(self.sets)
            self.sets.append(members)
            self.rules.append(rules)
            self.ends.append(bool(rules))
            self.rows.append(_Row(state, self))
            self.known[members] = state
        return state


class _Phrases:
    """The trees of an automaton's phrases, and what is left of them after some of their words.

    A remainder is a number: of a piece still to come and the remainder behind it, or, below zero, of a phrase that is
    complete. Only remainders that are reached are made: a phrase that stands for a million texts costs no more than a short one.
    """

    def __init__(self, canonical: Canonical) -> None:
        self._canonical = canonical
        self._trees: list[Node] = []
        self._gap_words: list[int] = []
        # Of each remainder: its piece, what is behind, the words it can go on with once they are known, and its phrase.
        self._pieces: list[Node] = []
        self._going_on: list[frozenset[str] | None] = []
        self._behind: list[int] = []
        self._phrase: list[int] = []
        self._numbers: dict[tuple[int, int], int] = {}
        # What is known of pieces, by their identity; the phrases' trees keep them alive, and ``_tails`` those made here.
        self._first_words: dict[int, frozenset[str]] = {}
        self._empty: dict[int, bool] = {}
        self._options: dict[int, dict[str, list[Node]]] = {}
        self._tails: dict[tuple[int, int], Node] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._beginning: dict[str, list[list[int]]] = {}

    def add(self, tree: Node, gap_words: int) -> None:
        """Adds a phrase; phrases are numbered in the order in which they come."""
        self._trees.append(tree)
        self._gap_words.append(gap_words)

    def beginnings(self, word: str) -> set[int]:
        """The remainders of all phrases after a first word."""
        found: set[int] = set()
        for phrases in self._index().get(word, ()):
            for phrase in phrases:
                self._walk(self._trees[phrase], word, -1 - phrase, found)
        return found

    def first_words(self) -> frozenset[str]:
        """Every word that a phrase can begin with."""
        return frozenset(self._index())

    def _index(self) -> dict[str, list[list[int]]]:
        """Phrases by each word that they can begin with; made when the first call is read, since many a coach is built to be sent elsewhere."""
        if not self._beginning:
            by_firsts: dict[frozenset[str], list[int]] = {}
            for phrase, tree in enumerate(self._trees):
                by_firsts.setdefault(self._firsts(tree), []).append(phrase)
            for firsts, phrases in by_firsts.items():
                for first in firsts:
                    self._beginning.setdefault(first, []).append(phrases)
        return self._beginning

    def expected(self, remainders: Iterable[int]) -> frozenset[str]:
        """The words for which some remainder waits; the ends of sentences too, which no gap crosses."""
        return _NO_GAP.union(*map(self._firsts_of, remainders))

    def after(self, remainders: Iterable[int], word: str) -> set[int]:
        """The remainders after one word more; after ``_ANY_WORD``, those after a word for which none waits."""
        found: set[int] = set()
        for remainder in remainders:
            firsts = self._firsts_of(remainder)
            if word not in firsts and _ANY_WORD not in firsts:
                continue
            while remainder >= 0:
                piece = self._pieces[remainder]
                self._walk(piece, word, self._behind[remainder], found)
                if not self._can_be_empty(piece):
                    break
                remainder = self._behind[remainder]
        return found

    def _firsts_of(self, remainder: int) -> frozenset[str]:
        """The words that a remainder can go on with."""
        if remainder < 0:
            return _NO_WORDS
        firsts = self._going_on[remainder]
        if firsts is None:
            piece = self._pieces[remainder]
            firsts = self._firsts(piece)
            if self._can_be_empty(piece):
                firsts |= self._firsts_of(self._behind[remainder])
            self._going_on[remainder] = firsts = self._sets.setdefault(firsts, firsts)
        return firsts

    def ended(self, remainder: int) -> int | None:
        """The phrase that a remainder may already be the end of."""
        while remainder >= 0:
            if not self._can_be_empty(self._pieces[remainder]):
                return None
            remainder = self._behind[remainder]
        return -1 - remainder

    def _walk(self, piece: Node, word: str, behind: int, found: set[int]) -> None:
        """Adds what is left after ``word`` of a piece with ``behind`` following, where the piece can begin with it."""
        if piece.kind == "word":
            form = self._form(piece)
            if word in BOUNDARIES if piece.word in _ANCHORS else form[0] == word:
                found.add(behind if len(form) == 1 else self._remainder(self._rest_of(piece, form), behind))
        elif piece.kind == "choice":
            options = self._by_first_word(piece)
            for option in (*options.get(word, ()), *options.get(_ANY_WORD, ())):
                self._walk(option, word, behind, found)
        elif piece.kind == "gap":
            words = int(piece.word) if piece.word else self._gap_words[self._phrase_of(behind)]
            if words and word not in _NO_GAP:
                found.add(self._remainder(self._smaller(words), behind) if words > 1 else behind)
        else:
            for k, part in enumerate(piece.pieces, 1):
                firsts = self._firsts(part)
                if word in firsts or _ANY_WORD in firsts:
                    self._walk(part, word, self._remainder(self._tail(piece, k), behind) if k < len(piece.pieces) else behind, found)
                if not self._can_be_empty(part):
                    break

    def _remainder(self, piece: Node, behind: int) -> int:
        key = id(piece), behind
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._pieces)
            self._pieces.append(piece)
            self._behind.append(behind)
            self._going_on.append(None)
            self._phrase.append(self._phrase_of(behind))
        return number

    def _phrase_of(self, remainder: int) -> int:
        return self._phrase[remainder] if remainder >= 0 else -1 - remainder

    def _form(self, piece: Node) -> Form:
        return (piece.word,) if piece.word in _ANCHORS else self._canonical(piece.word)

    def _tail(self, sequence: Node, k: int) -> Node:
        """The pieces of a sequence from the ``k``-th on."""
        tail = self._tails.get((id(sequence), k))
        if tail is None:
            tail = self._tails[id(sequence), k] = _sequence(list(sequence.pieces[k:]))
        return tail

    def _rest_of(self, piece: Node, form: Form) -> Node:
        """The words behind the first of one that is written as one and read as several ("can't")."""
        rest = self._tails.get((id(piece), 0))
        if rest is None:
            rest = self._tails[id(piece), 0] = _sequence([_word(word) for word in form[1:]])
        return rest

    def _smaller(self, words: int) -> Node:
        """The gap with one word less than ``words``."""
        gap = self._tails.get((_GAP_KEY, words))
        if gap is None:
            gap = self._tails[_GAP_KEY, words] = Node("gap", str(words - 1))
        return gap

    def _firsts(self, piece: Node) -> frozenset[str]:
        """The words that a piece can begin with."""
        firsts = self._first_words.get(id(piece))
        if firsts is None:
            if piece.kind == "word":
                firsts = BOUNDARIES if piece.word in _ANCHORS else frozenset(self._form(piece)[:1])
            elif piece.kind == "gap":
                firsts = frozenset((_ANY_WORD,))
            elif piece.kind == "choice":
                firsts = frozenset().union(*map(self._firsts, piece.pieces))
            else:
                parts = []
                for part in piece.pieces:
                    parts.append(self._firsts(part))
                    if not self._can_be_empty(part):
                        break
                firsts = parts[0] if len(parts) == 1 else frozenset().union(*parts)
            # Equal sets are one: many phrases begin with the same list.
            firsts = self._first_words[id(piece)] = self._sets.setdefault(firsts, firsts)
        return firsts

    def _can_be_empty(self, piece: Node) -> bool:
        empty = self._empty.get(id(piece))
        if empty is None:
            parts = map(self._can_be_empty, piece.pieces)
            empty = piece.kind == "gap" or (any(parts) if piece.kind == "choice" else piece.kind == "sequence" and all(parts))
            self._empty[id(piece)] = empty
        return empty

    def _by_first_word(self, choice: Node) -> dict[str, list[Node]]:
        """The options of a choice by the words that they can begin with."""
        options = self._options.get(id(choice))
        if options is None:
            options = self._options[id(choice)] = {}
            for option in choice.pieces:
                for word in self._firsts(option):
                    options.setdefault(word, []).append(option)
        return options


class Automaton:
    """Finds many phrases in a row of words in one pass.

    States are made when first reached and kept. Safe to share between threads once all phrases are added.
    """

    def __init__(self, canonical: Canonical) -> None:
        self._phrases = _Phrases(canonical)
        self._lock = Lock()
        self._tables = _Tables(self._phrases, self._lock)

    def add(self, node: Node, gap_words: int) -> None:
        """Adds a phrase; phrases are numbered from 0 in the order in which they come."""
        self._phrases.add(node, gap_words)

    def find(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Where phrases stand, in order: first word, the word behind the last, and the phrase; of one phrase at one word the longest."""
        tables = self._tables
        if tables.count > _MOST_STEPS:
            tables = self._tables = _Tables(self._phrases, self._lock)
        rows, rules, ends = tables.rows, tables.rules, tables.ends
        # Where every word leads by itself, and where it leads with the next: most go no further. Both by passes that run in C.
        # Behind the last stands what no phrase expects, so that the loop need not look for the end.
        ahead = [*words[1:], _NO_WORD, _NO_WORD]
        firsts = list(map(rows[_BEGIN].__getitem__, words))
        seconds = list(map(getitem, map(rows.__getitem__, firsts), ahead))
        found: list[tuple[int, int, int]] = []
        add = found.append
        for i in compress(count(), map(or_, seconds, map(ends.__getitem__, firsts))):
            first, state = firsts[i], seconds[i]
            if not state:
                for rule in rules[first]:
                    add((i, i + 1, rule))
                continue
            best = dict.fromkeys(rules[first], i + 1) if ends[first] else {}
            j = i + 1
            while state:
                if ends[state]:
                    for rule in rules[state]:
                        best[rule] = j + 1
                state = rows[state][ahead[j]]
                j += 1
            for rule, end in best.items():
                add((i, end, rule))
        found.sort()
        return found
