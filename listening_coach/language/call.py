"""The phrase finder, built once for a set of behaviours, and the call as words.

A ``Call`` is a transcript with its canonical words in one row and every phrase hit in it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Set
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ..errors import BehaviourError
from ..moments import NO_DETAILS, Details, Moment, Occasion
from ..transcript import CUSTOMER, Transcript, Turn
from .automaton import Automaton, Rule, anchors, sample, words_of
from .language import Language, load
from .normaliser import BOUNDARIES, NUMBER, Normaliser, Words

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

    from ..behaviours import Behaviour

T = TypeVar("T")

_NO_TURNS: frozenset[int] = frozenset()


class Hit(NamedTuple):
    """A phrase found: its turn, its words (``first`` to before ``last``, counted through the call), and its rule."""

    turn: int
    first: int
    last: int
    rule: Rule


class PhraseFinder:
    """Reads calls in one language and finds the phrases of a set of behaviours; built once and reused; holds no state of a call.

    ``unchecked`` names the behaviours whose phrases no test of ours has seen: they are checked here.
    """

    def __init__(self, behaviours: Mapping[str, Behaviour], unchecked: Set[str] = frozenset(), language: Language | None = None) -> None:
        self.language = language or load()
        self.normaliser = Normaliser(self.language)
        self._spelled: dict[str, tuple[str, ...]] = {}
        self._vocabulary: frozenset[str] | None = None
        self._automaton = Automaton(self._canonical)
        # Of each rule: the number of its list, itself, and whether it may begin or end with a sentence's edge.
        self._rules: list[tuple[int, Rule, bool, bool]] = []
        edges: dict[int, frozenset[str]] = {}
        self._lists: dict[tuple[str, str], int] = {}
        for behaviour in behaviours.values():
            for rule in behaviour.rules():
                number = self._lists.setdefault((rule.behaviour, rule.group), len(self._lists))
                found = anchors(rule.tree, edges)
                self._rules.append((number, rule, "^" in found, "$" in found))
                self._automaton.add(rule.tree, rule.gap_words)
        if unchecked:
            self._refuse_unreadable(unchecked)

    def _refuse_unreadable(self, unchecked: Set[str]) -> None:
        """Refuses a phrase that our reading of a call can never hold, because it leaves out a filler in it."""
        rules = [rule for _, rule, _, _ in self._rules if rule.behaviour in unchecked]
        for rule in rules:
            for word in words_of(rule.tree):
                self._canonical(word)
        rules = [rule for rule in rules if "..." not in rule.pattern]
        samples = [sample(rule.tree, self._canonical, longest=False) for rule in rules]
        written = [" ".join(form) for form in samples]
        read = self.normaliser.words(written)
        for form, text, rule, (first, last) in zip(samples, written, rules, read.bounds, strict=True):
            if tuple(read.words[first:last]) == form or self._readable(rule):
                continue
            raise BehaviourError(
                f"the phrase {rule.pattern!r} can never match: {text!r} is read as {' '.join(read.words[first:last])!r}",
                where=f"{rule.behaviour}, {rule.group}",
                remedy="Fillers, doubled words and noise tags are left out of what we read; write the words that remain.",
            )

    def _readable(self, rule: Rule) -> bool:
        """Whether any form of a phrase can be read, on second thoughts: the longest, or with a word before it.

        "like" is left out at the start of a text, but not after "would".
        """
        forms_ = (sample(rule.tree, self._canonical, longest=longest) for longest in (False, True))
        return any(
            form in (self.normaliser.canonical(" ".join(form)), self.normaliser.canonical(" ".join(("we", "would", *form)))[2:])
            for form in forms_
        )

    def _canonical(self, word: str) -> tuple[str, ...]:
        found = self._spelled.get(word)
        if found is None:
            found = self._spelled[word] = self.normaliser.spelled(word)
            if not found:
                raise BehaviourError(
                    f"the word {word!r} can never match", where="phrases", remedy="Fillers and signs are left out of what we read."
                )
        return found

    def vocabulary(self) -> frozenset[str]:
        """The canonical words that the phrases are made of."""
        if self._vocabulary is None:
            written = {word for _, rule, _, _ in self._rules for word in words_of(rule.tree)}
            self._vocabulary = frozenset(word for one in written for word in self._canonical(one))
        return self._vocabulary

    def call(self, transcript: Transcript, *, for_report: bool = False) -> Call:
        """The transcript as words with all phrase hits; ``for_report`` leaves out what no report shows, as ``Call.left_out`` tells."""
        read = self.normaliser.words([turn.text for turn in transcript.turns])
        return Call(transcript, read, self._hits(read), self.language, for_report=for_report)

    def _hits(self, read: Words) -> dict[tuple[str, str], list[Hit]]:
        words, bounds, rules = read.words, read.bounds, self._rules
        lists: list[list[Hit]] = [[] for _ in self._lists]
        turn, last_turn, until = 0, len(bounds) - 1, bounds[0][1] if bounds else 0
        for i, j, rule in self._automaton.find(words):
            number, found, lead, trail = rules[rule]
            # What "^" and "$" stand on is no part of the phrase.
            if lead and words[i] in BOUNDARIES:
                i += 1
            if trail and words[j - 1] in BOUNDARIES:
                j -= 1
            while i > until and turn < last_turn:
                turn += 1
                until = bounds[turn][1]
            lists[number].append(_new(Hit, (turn, i, j, found)))
        return {key: lists[number] for key, number in self._lists.items() if lists[number]}


def read_as(text: str, language: Language) -> str:
    """A text as phrases see it: its canonical words, without sentence ends."""
    return " ".join(word for word in Normaliser(language).canonical(text) if word not in BOUNDARIES)


# A named tuple from its values, without the detour through its constructor: there are a thousand a call.
_new = tuple.__new__

# Signs that belong to the number they stand at: before it, and behind it.
_MONEY = frozenset("£$€¥₹")
_UNITS = _MONEY | {"%"}
_APOSTROPHES = frozenset("'’")


class Call:
    """A transcript as one row of canonical words, and what was found in it.

    Word numbers run through the whole call; ``bounds[turn]`` is the half-open range of a turn's words. Between turns
    stands the word ``TURN_END``; sentence ends are words of their own.
    """

    __slots__ = (
        "_customers",
        "_memo",
        "_read",
        "bounds",
        "ends",
        "hits",
        "language",
        "laughter",
        "marks",
        "starts",
        "transcript",
        "turns",
        "words",
    )

    def __init__(
        self,
        transcript: Transcript,
        read: Words,
        hits: dict[tuple[str, str], list[Hit]],
        language: Language,
        *,
        for_report: bool = False,
    ) -> None:
        self.transcript = transcript
        self.language = language
        self.turns: tuple[Turn, ...] = transcript.turns
        self.words = read.words
        self.bounds = read.bounds
        # Each word's characters in its turn's text.
        self.starts = read.starts
        self.ends = read.ends
        self.marks = read.marks
        self.laughter = read.laughter
        self.hits = hits
        self._read = read
        self._customers = frozenset([i for i, turn in enumerate(self.turns) if turn.role is CUSTOMER]) if for_report else _NO_TURNS
        self._memo: dict[str, Any] = {}

    @property
    def doc(self) -> Doc:
        """The call's words as one spaCy ``Doc`` whose sentences are ours, for those who look on with spaCy's own tools."""
        return self.memo("doc", self._doc)

    def _doc(self) -> Doc:
        from spacy.tokens import Doc

        begins: list[bool | int | None] = [False, *(word in BOUNDARIES for word in self.words[:-1])]
        return Doc(self.language.blank.vocab, words=self.words, sent_starts=begins)

    def hits_of(self, behaviour: str, group: str = "phrases") -> list[Hit]:
        """Hits of one list of a behaviour's phrases, in order."""
        return self.hits.get((behaviour, group), [])

    def hits_in(self, turn: int, behaviour: str, group: str = "phrases") -> list[Hit]:
        """Hits of one list of a behaviour's phrases in one turn, in order."""
        by_turn = self.memo(f"by turn {behaviour} {group}", lambda: _by_turn(self.hits_of(behaviour, group)))
        return by_turn.get(turn, [])

    def left_out(self, behaviour: Behaviour) -> frozenset[int]:
        """The turns in which a behaviour need not be looked for: the customer's, where only a report is made and shows the agent's alone."""
        return self._customers if behaviour.speakers == "agent" else _NO_TURNS

    def memo(self, key: str, make: Callable[[], T]) -> T:
        """What ``make`` gives, computed once a call; for what several detectors need."""
        if key not in self._memo:
            self._memo[key] = make()
        value: T = self._memo[key]
        return value

    def turn_words(self, turn: int) -> list[str]:
        """The canonical words of a turn, sentence ends among them."""
        first, last = self.bounds[turn]
        return self.words[first:last]

    def sentence_end(self, word: int) -> int:
        """The place of the sentence end at a word or behind it."""
        ends = self.memo("sentence ends", lambda: [i for i, w in enumerate(self.words) if w in BOUNDARIES])
        return ends[bisect_left(ends, word)]

    def spoken(self, turn: int) -> int:
        """How many words a turn has, sentence ends not counted."""
        return self.all_spoken()[turn]

    def all_spoken(self) -> list[int]:
        """How many words each turn has, sentence ends not counted; not to be changed."""
        return self.memo("spoken", self._all_spoken)

    def _all_spoken(self) -> list[int]:
        signs = self.in_turns(BOUNDARIES.__contains__)
        return [last - first - count for (first, last), count in zip(self.bounds, signs, strict=True)]

    def each(self, of: Callable[[str], Any], kind: Any) -> NDArray[Any]:
        """What ``of`` gives for each word of the call, as an array of that kind; ``of`` must be a function that lives on (``Words.each``)."""
        return self._read.each(of, kind)

    def in_turns(self, of: Callable[[str], bool]) -> list[int]:
        """How many words of each turn ``of`` holds for; for ``of`` see ``each``."""
        import numpy as np

        if not self.bounds:
            return []
        before = np.concatenate(((0,), self._read.each(of, bool).cumsum()))
        firsts, lasts = np.array(self.bounds).T
        counts: list[int] = (before[lasts] - before[firsts]).tolist()
        return counts

    def span(self, turn: int, first: int, last: int) -> tuple[int, int]:
        """The characters of a turn's text that the words from ``first`` to before ``last`` cover, with the signs of money and shares at them."""
        if last <= first:
            return 0, 0
        start, end, text = self.starts[first], self.ends[last - 1], self.turns[turn].text
        if start and text[start - 1] in _MONEY:
            start -= 1
        if text[end : end + 1] in _UNITS:
            end += 1
        elif text[end : end + 1] in _APOSTROPHES and text[end + 1 : end + 2].isalpha():
            # "the baby's" is one word to a reader.
            end += 1
            while end < len(text) and text[end].isalpha():
                end += 1
        return start, end

    def raw(self, turn: int, word: int) -> str:
        """A word as it stands in the text."""
        return self.turns[turn].text[self.starts[word] : self.ends[word]]

    def moment(
        self,
        behaviour: str,
        turn: int,
        first: int,
        last: int,
        *,
        kind: str | None = None,
        rule: str = "",
        inferred: bool = False,
        confidence: float = 1.0,
        perhaps: bool = False,
        **details: Any,
    ) -> Moment:
        """A moment on the words from ``first`` to before ``last`` of a turn."""
        start, end = self.span(turn, first, last)
        at = self.turns[turn]
        return Moment(
            behaviour, turn, start, end, at.text[start:end], kind, rule, at.speaker, at.role,
            at.time_at(start), inferred, Details(details) if details else NO_DETAILS, confidence, perhaps,
        )  # fmt: skip

    def occasion(
        self, behaviour: str, turn: int, first: int, last: int, *, kind: str | None = None, met: bool = False, answer: int | None = None
    ) -> Occasion:
        """An occasion on the words from ``first`` to before ``last`` of a turn."""
        start, end = self.span(turn, first, last)
        at = self.turns[turn]
        return Occasion(behaviour, turn, start, end, at.text[start:end], kind, met, answer, at.speaker, at.role, at.time_at(start))

    def other_side_before(self, turn: int, count: int) -> list[int]:
        """Up to ``count`` turns before ``turn`` spoken by someone else, nearest first."""
        speaker = self.turns[turn].speaker
        found: list[int] = []
        for i in range(turn - 1, -1, -1):
            if len(found) == count:
                break
            if self.turns[i].speaker != speaker:
                found.append(i)
        return found

    def stems(self, first: int, last: int) -> list[str]:
        """Stems of the content words in a range of words; numbers stand as they were written."""
        out = []
        for i in range(first, last):
            word = self.words[i]
            if word == NUMBER:
                turn = bisect_right([a for a, _ in self.bounds], i) - 1
                out.append(self.raw(turn, i).strip("$£€,."))
            elif self.language.is_content(word):
                out.append(self.language.stem(word))
        return out


def _by_turn(hits: Iterable[Hit]) -> dict[int, list[Hit]]:
    found: dict[int, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.turn, []).append(hit)
    return found
