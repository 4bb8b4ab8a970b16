"""Summaries: one side gives back what the other said, as an echo, a paraphrase, a reflection or a closing recap.

Every statement is weighed in points that the behaviour file sets. For it speak phrases such as "it sounds like", that it
is about the other person ("you", "your"), an opening "so", and above all words taken from what the other side said just
before; against it that it asks, advises, instructs, informs or speaks of the speaker. How the speaker's other statements
weigh decides the doubtful ones. Repeating the last words as the first thing said is an echo. Recaps are found in ``recaps``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from itertools import pairwise
from math import fsum
from operator import eq, or_
from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call
from ..language.clauses import asks, clauses, ends_in_tag
from ..language.language import Language, WordClasses
from ..language.normaliser import BOUNDARIES, NUMBER, SENTENCE_ENDS
from ..moments import Moment, Occasion
from ..transcript import Role
from . import Found, lists_of, per_behaviour, setting
from .content_keys import code, key_row, keys, keys_in, keys_of, maybe_letters, need_settings, said, spells
from .recaps import NOD_WORDS, recaps
from .sides import others_before

# Lists of the behaviour file whose single words, and whose phrases, are signs by themselves.
_LISTS = (
    ("modal", "i", "we", "past", "hedge", "others", "feeling", "state", "information", "people", "adds")
    + ("courtesy", "future", "condition", "invites")
)  # fmt: skip
_CUES = ("sure", "likely", "maybe", "matters", "courtesy", "verdict", "canned", "advice", "future", "condition", "invites", "information")
# Further signs that the form of a statement gives, or what stands before it.
_FORMS = (
    ("so", "oh", "joins", "objection", "you", "subject_you", "subject_i", "subject_we", "mirrored", "instruction", "question", "asked")
    + ("asks_new", "tag", "one_word", "few_words", "some_words", "many_words", "answers", "continues", "after_nod", "themselves", "contradicts")
)  # fmt: skip
_SIGNS = tuple(dict.fromkeys(_LISTS + _CUES + _FORMS))
_ECHO_SIGNS = ("echo", "echo_number", "echo_code", "echo_asked", "echo_short", "echo_words", "echo_final", "echo_alone", "echo_turned")
# What a word may be where a clause opens stands in the lowest bits: none of the signs, but looked up with them.
_OPENER, _OPENS_PAIR, _HEAD_YOU, _HEAD_I, _HEAD_WE, _HEAD_ASKS, _STEP, _HEARING, _NUMBER, _LETTER, _IN_CODE = (1 << n for n in range(11))
_MAY_OPEN = _OPENER | _OPENS_PAIR
_HEADS = _HEAD_YOU | _HEAD_I | _HEAD_WE | _HEAD_ASKS
_BIT = {name: 1 << n for n, name in enumerate(_SIGNS + _ECHO_SIGNS, 11)}


def _mask(*names: str) -> int:
    return sum(_BIT[name] for name in names)


_TELLING = _mask("advice", "modal", "condition", "subject_i", "subject_we", "instruction", "information")
_ABOUT_THEM = _mask("you", "sure", "likely")
_INNER, _FELT = _mask("likely", "matters"), _mask("feeling", "state")
_SAYS_BACK = _mask("so", "sure", "likely", "maybe", "matters")
# What a first look at a clause leaves open.
_LATER = ("tag", "themselves", "answers", "continues", "after_nod")
_QUESTION, _STATE, _SO, _YOU, _I, _WE = (_BIT[name] for name in ("question", "state", "so", "you", "i", "we"))
_COURTESY, _TAG, _ASKED_BACK, _ASKS_NEW, _CONTRADICTS = (_BIT[name] for name in ("courtesy", "tag", "asked", "asks_new", "contradicts"))
_SUBJECT_YOU, _SUBJECT_I, _SUBJECT_WE, _INSTRUCTION, _MIRRORED = (
    _BIT[name] for name in ("subject_you", "subject_i", "subject_we", "instruction", "mirrored")
)
_ANSWERS, _CONTINUES, _AFTER_NOD, _THEMSELVES = (_BIT[name] for name in ("answers", "continues", "after_nod", "themselves"))
_ALL_SIGNS = _mask(*_SIGNS)
# The sign that a clause's length gives, by its words; the last one stands for all longer ones.
_LENGTHS = (0, _BIT["one_word"], *[_BIT["few_words"]] * 2, *[0] * 4, *[_BIT["some_words"]] * 17, _BIT["many_words"])

# The weights of shared words, and of other clauses that advise.
_ADDED = ("taken", "share", "share_last", "telling")

_SETTINGS = frozenset(_SIGNS + _ADDED + _ECHO_SIGNS) | frozenset(
    ("enough", "manner", "recap_words", "explanation_words", "recap_from", "short_recap_from")
    + ("recap_points", "point_wish", "point_first", "point_number", "point_trouble", "point_name", "point_topic", "topic_turns")
    + ("point_enough", "most_points")
)

# What the report says of a sign that spoke for a moment, the weightiest first.
_REASONS = {
    "sure": "a phrase that says back",
    "likely": "a phrase that names what they mean or feel",
    "matters": "names what matters to them",
    "maybe": "a phrase that offers a reading",
    "so": "opens with “so”",
    "mirrored": "says “I” where the other said “you”",
    "subject_you": "a statement about them",
    "you": "speaks of “you”",
    "feeling": "names a feeling",
    "state": "names what they think, want or feel",
    "asked": "offers it as a question",
    "tag": "ends in a tag",
    "past": "tells what happened",
    "echo": "repeats their last words",
    "echo_number": "repeats a number",
    "echo_code": "reads a number or reference back",
    "echo_asked": "repeats the answer to a question",
    "echo_turned": "turns their short answer round",
}
_TAKES_UP = "takes up their words: "
_MANNER = "the speaker often says things back in this call"

# An echo of so many words of content repeats several.
_SOME_WORDS = 2
# Sums of weights in another order may differ by less.
_ROUNDING = 1e-9
# Numbers of the file that decide, beside the weights.
_LIMITS = (
    ("taken_words", "telling_clauses", "short_claim_words", "longest_echo_words", "free_order_words", "short_answer_words", "reach_turns")
    + ("heard_turns", "usual_statements", "usual_weight", "manner_stretch", "manner_least", "manner_most", "manner_words", "telling_words")
)  # fmt: skip


class _Limits(NamedTuple):
    """The numbers of ``_LIMITS``, as the file sets them."""

    taken_words: int
    telling_clauses: int
    short_claim_words: int
    longest_echo_words: int
    free_order_words: int
    short_answer_words: int
    reach_turns: int
    heard_turns: int
    usual_statements: float
    usual_weight: float
    manner_stretch: float
    manner_least: float
    manner_most: float
    manner_words: int
    telling_words: int


class Statement(NamedTuple):
    """A clause that was weighed: its turn, its words, where they begin after "okay, so", its points and what gave them, as bits."""

    turn: int
    first: int
    last: int
    body: int
    points: float
    signs: int
    shared: frozenset[str]
    of_turn: int
    is_echo: bool


# A clause at first sight: its words, where they begin after "okay, so", and its signs but for those of what stands before the turn.
_Part = tuple[int, int, int, int]


# What the other side said before a turn: its latest words, the words of its turns near by, its latest turn, the signs that
# gives, and whether it asked.
_Before = tuple[set[str], list[set[str]], int, int, bool]
_NOTHING: _Before = (set(), [], -1, _AFTER_NOD, False)


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of saying back, and the occasions that called for it; reads ``understanding_check``, which meets them too.

    Raises:
        BehaviourError: the behaviour's file lacks a setting.
    """
    need_settings(behaviour, _SETTINGS)
    counted = statements(call, behaviour, behaviour.settings["enough"])
    closing = recaps(call, behaviour)
    spans = [(m.turn, m.start, m.end) for m in closing]
    moments = list(closing)
    for group in _joined(counted):
        moment = _moment(call, behaviour, group)
        if not spans or not any(moment.turn == turn and moment.start < end and start < moment.end for turn, start, end in spans):
            moments.append(moment)
    return Found(moments, list(_occasions(call, behaviour, moments, closing)))


def statements(call: Call, behaviour: Behaviour, least: float) -> list[Statement]:
    """The clauses of a call that weigh at least so much, in order."""
    return _Weighing(call, behaviour).statements(least)


def _joined(counted: list[Statement]) -> list[list[Statement]]:
    """Statements that follow each other in one turn, taken together; an echo stands for itself."""
    groups: list[list[Statement]] = []
    for s in counted:
        before = groups[-1][-1] if groups else None
        if before and before.turn == s.turn and 0 <= s.first - before.last <= 1 and not before.is_echo and not s.is_echo:
            groups[-1].append(s)
        else:
            groups.append([s])
    return groups


def _moment(call: Call, behaviour: Behaviour, group: list[Statement]) -> Moment:
    """The moment of one or several statements; its details name what decided, whose words were said back, and which."""
    if len(group) == 1:
        best = group[0]
        shared, signs = best.shared, best.signs
    else:
        best = max(group, key=lambda s: s.points)
        shared = frozenset().union(*[s.shared for s in group])
        signs = reduce(or_, [s.signs for s in group])
    turn, first, last = best.turn, group[0].body, group[-1].last
    overlap: tuple[str, ...] = ()
    if shared:
        row = key_row(call)
        overlap = tuple(dict.fromkeys([call.raw(turn, i).lower() for i in range(first, last) if row[i] in shared]))
    because = _reasons(signs & _TOLD)
    if overlap and not best.is_echo:
        because = (*because, _TAKES_UP + ", ".join(overlap))
    because = because or (_MANNER,)
    kind = "echo" if best.is_echo else "reflection" if _is_inner(signs) and len(shared) <= 2 * len(group) else "paraphrase"
    return call.moment(
        behaviour.id, turn, first, last, kind=kind, rule=because[0], because=because,
        of_turn=_whose(call, best, int(setting(behaviour, "reach_turns"))), overlap=overlap, points=round(best.points, 2),
    )  # fmt: skip


_TOLD = _mask(*_REASONS)


@lru_cache(maxsize=4096)
def _reasons(signs: int) -> tuple[str, ...]:
    """What the report says of signs."""
    return tuple([text for sign, text in _REASONS.items() if signs & _BIT[sign]])


def _is_inner(signs: int) -> bool:
    """Whether a statement is about what the other person feels, wants or values."""
    return bool(signs & _INNER or (signs & _YOU and signs & _FELT))


def _whose(call: Call, s: Statement, reach: int) -> int | None:
    """The turn whose words are said back: the one near by that shares most, else the latest of the other side that is no nod."""
    if s.of_turn < 0:
        return None
    heard, turns, shared = said(call), call.turns, s.shared
    speaker = turns[s.turn].speaker
    near = [i for i in range(s.turn - 1, max(-1, s.turn - 1 - reach), -1) if turns[i].speaker != speaker]
    if shared:
        common = [len(heard[i] & shared) for i in near]
        most = max(common)
        if most:
            return near[common.index(most)]
    return next((i for i in near if call.bounds[i][1] - call.bounds[i][0] > NOD_WORDS), s.of_turn)


class _Sums(dict[int, float]):
    """Sums of the weights of signs, by the signs; filled as they come up, emptied when full."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__()
        self._weights = {_BIT[name]: weights[name] for name in _SIGNS}

    def __missing__(self, signs: int) -> float:
        if len(self) >= _MOST_SUMS:
            self.clear()
        points, left = 0.0, signs
        while left:
            lowest = left & -left
            points += self._weights[lowest]
            left ^= lowest
        self[signs] = points
        return points


_MOST_SUMS = 50_000


class _Lexicon:
    """What a behaviour file's lists and weights come to in a language; the same for every call."""

    __slots__ = (
        "bits", "idle", "is_idle", "is_self", "limits", "most_form", "most_left", "most_sharing", "most_taken", "openings", "own", "pair_ends",
        "polite", "sums", "turned",
    )  # fmt: skip

    def __init__(self, behaviour: Behaviour, language: Language) -> None:
        lists = lists_of(behaviour)
        self.own = WordClasses({name: frozenset(entries) for name, entries in lists.items()})
        self.limits = _Limits._make(_number(setting(behaviour, name)) for name in _LIMITS)
        self.turned = language.table("turned")
        # "You know, …", "thank you, …": what follows counts, unless it belongs to them.
        self.openings = frozenset(tuple(pair.split()) for pair in lists.get("opening_pairs", ()))
        self.pair_ends = frozenset(last for _, last in self.openings)
        self.idle = BOUNDARIES | self.own["openers"]
        self.is_idle = self.idle.__contains__
        self.is_self = self.own["self"].__contains__
        self.polite = self.own["echo_fill"] | self.own["greetings"]
        self.bits = self._bits(language)
        weights = {name: behaviour.settings[name] for name in (*_SIGNS, *_ADDED)}
        self.sums = _Sums(weights)
        # The most that shared words can add, and each of them; the form of a clause with what stands before it; and what is left
        # when the latter is known.
        self.most_sharing = max(0.0, weights["share"]) + max(0.0, weights["share_last"])
        self.most_taken = max(0.0, weights["taken"])
        self.most_form = fsum(max(0.0, weights[name]) for name in _LATER)
        self.most_left = (
            max(0.0, weights["tag"])
            + max(0.0, weights["question"], weights["asked"], weights["asks_new"])
            + max(0.0, weights["contradicts"])
            + self.limits.telling_clauses * max(0.0, weights["telling"])
        )

    def _bits(self, language: Language) -> dict[str, int]:
        """For each word the signs that it gives, and what it may be where a clause opens, as bits."""
        own, found = self.own, dict[str, int]()
        for bit, words in (
            *((_BIT[name], own[name]) for name in _LISTS),
            (_YOU, own["you"]),
            (_OPENER, own["openers"] | {NUMBER}),
            (_OPENS_PAIR, frozenset(first for first, _ in self.openings)),
            (_HEAD_YOU, own["head_you"]),
            (_HEAD_I, own["self"]),
            (_HEAD_WE, own["head_we"]),
            (_HEAD_ASKS, own["instruction"]),
            (_STEP, own["steps"]),
            (_HEARING, own["hearing"]),
            (_NUMBER | _IN_CODE, language.table("numbers").keys() | {NUMBER}),
            (_LETTER | _IN_CODE, maybe_letters(language)),
            (_IN_CODE, own["in_codes"]),
        ):
            for word in words:
                found[word] = found.get(word, 0) | bit
        return found

    def bits_of(self, word: str) -> int:
        """The bits of a word."""
        return self.bits.get(word, 0)


def _number(value: float) -> float:
    """A setting as it is used: whole ones count words and turns."""
    return int(value) if value == int(value) else value


@per_behaviour
def _lexicon(behaviour: Behaviour, language: Language) -> _Lexicon:
    return _Lexicon(behaviour, language)


class _Weighing:
    """The weighing of one call's statements."""

    def __init__(self, call: Call, behaviour: Behaviour) -> None:
        self.call = call
        self.weights = behaviour.settings
        all_words = call.words
        self.lexicon = _lexicon(behaviour, call.language)
        self.limits = self.lexicon.limits
        self.key = keys_of(call.language)
        self.sums = self.lexicon.sums
        self.left_out = call.left_out(behaviour)
        self.heard = said(call)
        self.keys = key_row(call)
        self.speakers = [turn.speaker for turn in call.turns]
        self.sizes = [last - first for first, last in call.bounds]
        self.other_before = others_before(call)
        self.is_idle = list(map(eq, call.in_turns(self.lexicon.is_idle), self.sizes))
        # How often each turn's speaker says "I", "my", "me".
        self.selves = call.in_turns(self.lexicon.is_self)
        self.before: list[_Before | None] = [None] * len(call.bounds)
        # Each word's bits, with those of the phrases that begin at it; the latter by themselves too.
        self.bits: list[int] = call.each(self.lexicon.bits_of, int).tolist()
        self.cues: dict[int, int] = {}
        for name in _CUES:
            bit = _BIT[name]
            for hit in call.hits_of(behaviour.id, name):
                at = hit.first
                if name == "sure" and all_words[at] == "you" and all_words[at - 1] == "what":
                    continue  # "I will pass on what you said"
                self.cues[at] = self.cues.get(at, 0) | bit
                self.bits[at] |= bit

    def statements(self, least: float) -> list[Statement]:
        """The statements that weigh at least so much.

        A first look at every clause tells its speaker's manner; only a clause that can reach ``least`` is weighed in full.
        """
        words, sums, heard, speakers = self.call.words, self.sums, self.heard, self.speakers
        asked = max(0.0, self.weights["asked"])
        # What form and shared words may add at the most tells which clauses need no second look.
        most_left, most_sharing, most_taken = self.lexicon.most_left, self.lexicon.most_sharing, self.lexicon.most_taken
        most = self.lexicon.most_form + most_sharing + most_taken * self.limits.taken_words
        looked, manner = self._first_look()
        bearing = {name: _manner(total, count, self.limits) * self.weights["manner"] for name, (total, count) in manner.items()}
        found: list[Statement] = []
        for turn, echo, telling, parts in looked:
            if echo:
                found.append(echo)
            needed = least - bearing[speakers[turn]]
            bound = needed - most - _ROUNDING
            before: _Before | None = None
            for part in parts:
                points = sums[part[3]]
                if points < bound and (words[part[1]] != "?" or points + asked < bound):
                    continue
                if before is None:
                    before = self.before[turn] or self._look_back(turn)
                    mine, signs_before = heard[turn], before[3]
                    taken: set[str] = set()
                    for of_turn in before[1]:
                        if not mine.isdisjoint(of_turn):
                            taken = taken | (mine & of_turn)
                    reached = needed - most_left - _ROUNDING
                    if taken:
                        reached -= most_sharing + most_taken * min(self.limits.taken_words, len(taken))
                if sums[part[3] | signs_before] < reached:
                    continue
                if statement := self._weigh(turn, part, before, taken, telling, needed, least):
                    found.append(statement)
        return found

    def _first_look(self) -> tuple[list[tuple[int, Statement | None, int, list[_Part]]], dict[str, list[float]]]:
        """For each turn its echo, how many of its clauses tell or advise, and its clauses with their signs; and each speaker's bearing.

        A speaker's bearing is how their clauses tell of their manner, summed, and how many they are: for saying back what is
        about the other side, against it what tells or advises.
        """
        words, limits = self.call.words, self.limits
        looked: list[tuple[int, Statement | None, int, list[_Part]]] = []
        manner: dict[str, list[float]] = {}
        for turn, parts in enumerate(clauses(self.call)):
            if self.is_idle[turn] or turn in self.left_out:
                continue
            echo = self._repeats(turn)
            after = echo.last if echo else -1
            found: list[_Part] = []
            telling = count = 0
            total = 0.0
            for first, last in parts:
                if first < after:
                    continue
                body = first
                opens = self.bits[first] & _MAY_OPEN
                if opens and (opens != _OPENS_PAIR or words[first + 1] in self.lexicon.pair_ends):
                    body = self._body(first, last)
                    if body >= last:
                        continue  # nothing but opening words
                signs = self._signs(turn, first, body, last)
                found.append((first, last, body, signs))
                length = last - body
                if signs & _TELLING and length >= limits.telling_words:
                    telling += 1
                if length >= limits.manner_words:
                    count += 1
                    total += self._bearing(signs, words[body:last])
            spoken = manner.setdefault(self.speakers[turn], [0.0, 0.0])
            spoken[0] += total
            spoken[1] += count
            looked.append((turn, echo, telling, found))
        return looked, manner

    def _signs(self, turn: int, first: int, body: int, last: int) -> int:
        """The signs that a clause gives by its words and their form, without those of what stands before its turn."""
        words, bits, cues = self.call.words, self.bits, self.cues
        length = last - body
        signs = reduce(or_, bits[body:last])
        if body > first:
            signs |= _opening_signs(words[first:body])
            for at in range(first, body):
                if at in cues:
                    signs |= cues[at]
        head = bits[body] & _HEADS
        if head & _HEAD_YOU:
            signs |= _SUBJECT_YOU
            if length > 1 and (bits[body + 1] & _STEP or (length > 2 and bits[body + 2] & _STEP)):
                signs |= _INSTRUCTION
        elif head & _HEAD_I:
            signs &= ~_I
            hears = length > 1 and (bits[body + 1] & _HEARING or (length > 2 and bits[body + 2] & _HEARING))
            if not hears or words[body] != "i":
                signs |= _MIRRORED if signs & _SO and self._mirrors(turn) else _SUBJECT_I
        elif head & _HEAD_WE:
            signs = (signs & ~_WE) | _SUBJECT_WE
        elif head:
            signs |= _INSTRUCTION
        return (signs & _ALL_SIGNS) | _LENGTHS[min(length, len(_LENGTHS) - 1)]

    def _bearing(self, signs: int, row: list[str]) -> float:
        """How a clause tells of its speaker's manner: for saying back, against it, or not at all."""
        if signs & _TELLING:
            return -1.0
        bearing = 0.5 if signs & _SO else 0.0
        language = self.call.language
        if signs & _ABOUT_THEM and not asks(language, row, ends_in_tag(language, row, 0, len(row))):
            bearing += 1.5 if signs & _STATE else 1.0
        return bearing

    def _mirrors(self, turn: int) -> bool:
        """Whether "so I …" says back the agent's "you …": the customer says it, and was asked nothing."""
        return self.call.turns[turn].role is Role.CUSTOMER and not (self.before[turn] or self._look_back(turn))[4]

    def _look_back(self, turn: int) -> _Before:
        its = self.call.language.words
        heard, speakers, others = self.heard, self.speakers, self.other_before
        nearest, farthest = others[turn], max(0, turn - self.limits.reach_turns)
        if nearest < farthest:
            self.before[turn] = _NOTHING
            return _NOTHING
        speaker = speakers[turn]
        signs = 0
        if nearest < turn - 1:
            own = range(nearest + 1, turn)
            if sum([self.sizes[i] for i in own if not self.is_idle[i]]) >= NOD_WORDS:
                signs = _CONTINUES
        about_self = self.selves[nearest]
        near = [heard[nearest]]
        i = nearest
        while len(near) < self.limits.heard_turns:
            i = i - 1 if i and speakers[i - 1] != speaker else others[i - 1] if i else -1
            if i < farthest:
                break
            if heard[i]:
                near.append(heard[i])
                if about_self < 2:
                    about_self += self.selves[i]
        latest = near[0]
        if nearest and speakers[nearest - 1] == speakers[nearest]:
            latest = latest | heard[nearest - 1]
        first, last = self.call.bounds[nearest]
        words = self.call.words
        asked = last > first and (
            words[last - 1] == "?" or words[first] in its["clauses.question_words"] or words[first] in its["clauses.verbs_first"]
        )
        if asked:
            signs |= _ANSWERS
        if last - first <= NOD_WORDS:
            signs |= _AFTER_NOD
        if about_self >= 2:
            signs |= _THEMSELVES
        found = self.before[turn] = (latest, near, nearest, signs, asked)
        return found

    def _body(self, first: int, last: int) -> int:
        """Where a clause begins after "okay, so", "thank you" and a handle."""
        words, bits, goes_with = self.call.words, self.bits, self.lexicon.own["goes_with_pair"]
        while first < last:
            at = bits[first]
            if not at & _MAY_OPEN:
                break
            if at & _OPENS_PAIR and (words[first], words[first + 1]) in self.lexicon.openings and words[first + 2] not in goes_with:
                first += 2
            elif at & _OPENER and (words[first] != NUMBER or not self.keys[first]):
                first += 1
            else:
                break
        return first

    def _weigh(
        self, turn: int, part: _Part, before: _Before, taken: set[str], telling: int, needed: float, least: float
    ) -> Statement | None:
        """A clause weighed in full, if it weighs enough.

        ``taken`` are the turn's words that the other side said before, ``needed`` is what the clause must weigh without its
        speaker's manner.
        """
        its = self.call.language.words
        weights, words, sums = self.weights, self.call.words, self.sums
        first, last, body, signs = part
        latest, _, nearest, signs_before, _ = before
        signs |= signs_before
        points = 0.0
        if telling:
            others = telling - (1 if signs & _TELLING and last - body >= self.limits.telling_words else 0)
            points = weights["telling"] * min(self.limits.telling_clauses, others)
        shared: set[str] = set()
        if taken:
            own = keys_in(self.keys, words, body, last)
            shared = own & taken
            if shared:
                points += weights["share"] * len(shared) / len(own) + weights["share_last"] * len(latest & own) / len(own)
                points += weights["taken"] * min(self.limits.taken_words, len(shared))
                if 2 * len(shared) >= len(own) and self._contradicts(words[body:last], nearest):
                    signs |= _CONTRADICTS
        if points + sums[signs] + self.lexicon.most_left < needed - _ROUNDING:
            return None
        row = words[body:last]
        tag = ends_in_tag(self.call.language, words, body, last)
        if tag:
            signs |= _TAG
        if asks(self.call.language, row, tag):
            signs |= _QUESTION
        elif words[last] == "?":
            if shared or signs & _SAYS_BACK:
                signs |= _ASKED_BACK
            elif row[0] not in its["clauses.subjects"] and not (signs & _YOU and not self.lexicon.own["being"].isdisjoint(row)):
                signs |= _ASKS_NEW
        points += sums[signs]
        if points < needed:
            return None
        return Statement(turn, first, last, body, points - needed + least, signs, frozenset(shared), nearest, False)

    def _contradicts(self, row: list[str], nearest: int) -> bool:
        """Whether a clause says with "not" what the other side's short turn said without it, or the other way round."""
        nots = self.lexicon.own["negations"]
        first, last = self.call.bounds[nearest]
        return last - first <= self.limits.short_claim_words and nots.isdisjoint(row) != nots.isdisjoint(self.call.words[first:last])

    def _repeats(self, turn: int) -> Statement | None:
        """What a turn repeats of the other side's last words as the first thing it says."""
        call, heard, bits = self.call, self.heard, self.bits
        nearest = self.other_before[turn]
        if nearest < 0 or turn - nearest > 2:
            return None
        begin, stop = call.bounds[turn]
        body = self._body(begin, stop) if bits[begin] & _MAY_OPEN else begin
        if body >= stop:
            return None
        if self._may_spell(begin) or (body > begin and self._may_spell(body)):
            at = begin if spells(call, turn, begin) else body
            if spells(call, turn, at) and (found := self._reads_back(turn, begin, at, nearest)):
                return found
        # An echo begins with a word of content that the other side said.
        before_it = nearest - 1 if nearest and self.speakers[nearest - 1] != self.speakers[turn] else nearest
        for k in self.keys[body : min(stop, body + self.limits.longest_echo_words)]:
            if k:
                if (k in heard[nearest] or k in heard[before_it]) and (
                    found := self._echo(turn, begin, body, self.before[turn] or self._look_back(turn))
                ):
                    return found
                break
        if (
            turn - nearest == 1
            and self.sizes[nearest] <= self.limits.short_answer_words
            and call.words[body] in self.lexicon.own["turned_heads"]
        ):
            return self._turned(turn, begin, body, nearest)
        return None

    def _may_spell(self, at: int) -> bool:
        """Whether a code may begin at a word: a number does by itself, a letter only before another sign."""
        bits = self.bits
        return bool(bits[at] & _NUMBER or (bits[at + 1] & _IN_CODE and (bits[at] & _LETTER or len(self.call.words[at]) == 1)))

    def _reads_back(self, turn: int, begin: int, body: int, nearest: int) -> Statement | None:
        """A number or reference read back: its digits and single letters are, in their order, among those the other side said."""
        call = self.call
        own, end = code(call, turn, body, call.bounds[turn][1], stop=True)
        if len(own) < (4 if own.isdigit() else 3):
            return None
        heard, _ = code(call, nearest, *call.bounds[nearest])
        rest = iter(heard)
        if own not in heard and not (len(own) > 3 and all(sign in rest for sign in own)):
            return None
        return self._repeated(turn, begin, body, end, keys(call, turn, body, end), nearest, ("echo", "echo_code"))

    def _echo(self, turn: int, begin: int, body: int, before: _Before) -> Statement | None:
        """The other side's last words repeated at the beginning of a turn."""
        its, own = self.call.language.words, self.lexicon.own
        call, words = self.call, self.call.words
        _, _, nearest, _, asked = before
        latest = call.turn_words(nearest)
        repeated, end, stop = self._repeated_words(turn, body, before[0], latest)
        if not repeated or words[body] in its["clauses.question_words"] or words[body] in its["clauses.verbs_first"]:
            return None
        row = words[body:end]
        if len(row) > self.limits.free_order_words and not self._in_order(row, latest):
            return None  # put anew, and no echo
        if own["negations"].isdisjoint(row) != own["negations"].isdisjoint(latest) and not own["being"].isdisjoint(row):
            return None  # "it was no big deal", "it is a big deal"
        marked = (end - 1) in call.marks
        if self._is_polite(turn, body, end) or (words[end] not in BOUNDARIES and words[end] not in own["after_echo"] and not marked):
            return None
        numbers = call.language.table("numbers")
        told = {
            "echo": True,
            "echo_number": any(words[i] == NUMBER or words[i] in numbers for i in range(body, end) if self.keys[i]),
            "echo_asked": _asked_before(call, turn, nearest),
            "echo_short": len(latest) <= NOD_WORDS + 1,
            "echo_words": len(repeated) >= _SOME_WORDS,
            "echo_final": _ends_with(latest, row, own["trailing"]),
            "echo_alone": marked or words[stop] in BOUNDARIES,
            "answers": asked,
        }
        return self._repeated(turn, begin, body, end, repeated, nearest, [sign for sign, holds in told.items() if holds])

    def _repeated_words(self, turn: int, body: int, heard: set[str], latest: list[str]) -> tuple[set[str], int, int]:
        """The keys that a turn repeats from ``body`` on, the word behind the last of them, and the word at which it says something else."""
        words, fill = self.call.words, self.lexicon.own["echo_fill"]
        limit = min(self.call.bounds[turn][1], body + self.limits.longest_echo_words)
        repeated: set[str] = set()
        end = i = body
        while i < limit and words[i] not in SENTENCE_ENDS:
            k = self.keys[i]
            if k:
                if k not in heard:
                    break
                repeated.add(k)
                end = i + 1
            elif words[i] not in fill and words[i] not in latest:
                break
            i += 1
        return repeated, end, i

    def _in_order(self, part: list[str], row: list[str]) -> bool:
        """Whether the content words of ``part`` stand in ``row`` in the same order."""
        key = self.key
        rest = iter([k for word in row if (k := key[word])])
        return all(k in rest for word in part if (k := key[word]))

    def _is_polite(self, turn: int, first: int, last: int) -> bool:
        """Whether words only greet, thank or apologise."""
        return self.lexicon.polite.issuperset(self.call.words[first:last]) or any(bits & _COURTESY for bits in self.bits[first:last])

    def _turned(self, turn: int, begin: int, body: int, nearest: int) -> Statement | None:
        """A short answer given back with its pronouns turned round: "I haven't", "you haven't"."""
        call = self.call
        latest = call.turn_words(nearest)
        end, stop = body, call.bounds[turn][1]
        while end < stop and end - body < 5 and call.words[end] not in self.lexicon.idle:
            end += 1
        turned = [self.lexicon.turned.get(word, word) for word in call.words[body:end]]
        if len(turned) < 2 or not any(latest[i : i + len(turned)] == turned for i in range(len(latest) - len(turned) + 1)):
            return None
        return self._repeated(turn, begin, body, end, set(), nearest, ("echo", "echo_short", "echo_turned"))

    def _repeated(
        self, turn: int, begin: int, body: int, end: int, shared: Iterable[str], nearest: int, signs: Iterable[str]
    ) -> Statement | None:
        points = fsum(self.weights[sign] for sign in signs)
        if points < self.weights["enough"]:
            return None
        return Statement(turn, begin, end, body, points, _mask(*signs), frozenset(shared), nearest, True)


def _opening_signs(opening: list[str]) -> int:
    """What the words before a clause say of it: "so", "and", "but", "oh", "well"."""
    signs = 0
    if "so" in opening:
        signs |= _SO
    elif "and" in opening or "but" in opening or "because" in opening:
        signs |= _BIT["joins"]
    if "oh" in opening:
        signs |= _BIT["oh"]
    if "well" in opening:
        signs |= _BIT["objection"]
    return signs


def _manner(total: float, count: float, limits: _Limits) -> float:
    """A speaker's manner through the call, from the bearing of so many statements."""
    mean = (total + limits.usual_weight * limits.usual_statements) / (count + limits.usual_statements)
    return max(limits.manner_least, min(limits.manner_most, limits.manner_stretch * mean))


def _ends_with(row: list[str], part: list[str], trailing: frozenset[str]) -> bool:
    """Whether a row of words ends in ``part``, but for a word such as "please" after it."""
    end = len(row)
    while end and row[end - 1] in trailing:
        end -= 1
    return end >= len(part) and row[end - len(part) : end] == part


def _asked_before(call: Call, turn: int, answer: int) -> bool:
    """Whether the speaker of a turn had asked for the other side's answer."""
    its = call.language.words
    speaker = call.turns[turn].speaker
    for i in range(answer - 1, max(-1, answer - 4), -1):
        if call.turns[i].speaker == speaker:
            row = call.turn_words(i)
            if len(row) >= NOD_WORDS:
                return (
                    "?" in row
                    or not its["clauses.question_words"].isdisjoint(row)
                    or any(verb in its["clauses.verbs_first"] and word in its["clauses.asked"] for verb, word in pairwise(row))
                )
    return False


def _occasions(call: Call, behaviour: Behaviour, moments: list[Moment], closing: list[Moment]) -> Iterator[Occasion]:
    """Where saying back was called for: a customer's long turn, and the end of a call of some length."""
    turns, bounds = call.turns, call.bounds
    sizes = [last - first for first, last in bounds]
    agents = [i for i, t in enumerate(turns) if t.role is Role.AGENT and sizes[i] > NOD_WORDS]
    customers = [i for i, t in enumerate(turns) if t.role is Role.CUSTOMER and sizes[i]]
    if not agents or not customers:
        return
    check = behaviour.reads_from("understanding_check")
    answers = {m.turn for m in moments} | {h.turn for group in ("phrases", "after_statement") for h in call.hits_of(check, group)}
    long = behaviour.settings["explanation_words"]
    for stretch in _stretches(call, customers, sizes):
        if sum([sizes[i] for i in stretch]) < long:
            continue
        after = bisect_right(agents, stretch[-1])
        following = agents[after : after + 2]
        if following:
            met = next((i for i in following if i in answers), None)
            longest = max(stretch, key=sizes.__getitem__)
            yield call.occasion(behaviour.id, longest, *bounds[longest], kind="explanation", met=met is not None, answer=met)
    if (
        len(customers) >= setting(behaviour, "recap_customer_turns")
        and sum(sizes[i] for i in (*agents, *customers)) >= behaviour.settings["recap_words"]
    ):
        at = closing[0].turn if closing else agents[-1]
        yield call.occasion(behaviour.id, at, *bounds[at], kind="recap", met=bool(closing), answer=at if closing else None)


def _stretches(call: Call, customers: list[int], sizes: list[int]) -> list[list[int]]:
    """The customer's turns, together where no more than nods stand between them."""
    stretches: list[list[int]] = []
    for i in customers:
        if stretches and max(sizes[stretches[-1][-1] + 1 : i], default=0) <= NOD_WORDS:
            stretches[-1].append(i)
        else:
            stretches.append([i])
    return stretches
