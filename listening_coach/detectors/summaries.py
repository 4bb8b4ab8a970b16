"""Summaries: one side gives back what the other said, as an echo, a paraphrase, a reflection or a closing recap.

Every statement is weighed in points that the behaviour file sets. For it speak phrases such as "it sounds like", that it
is about the other person ("you", "your"), an opening "so", and above all words taken from what the other side said just
before; against it that it asks, advises, instructs, informs or speaks of the speaker. How the speaker's other statements
weigh decides the doubtful ones. Repeating the last words as the first thing said is an echo. Recaps are found in ``recaps``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..behaviours import Behaviour
from ..language import Call
from ..moments import Moment, Occasion
from ..text import BOUNDARIES, NUMBER, SENTENCE_ENDS
from ..transcript import Role
from . import Found
from .recaps import recaps
from .said import (
    NUMBERS,
    QUESTION_WORDS,
    SUBJECTS,
    VERBS_FIRST,
    asks,
    clauses,
    code,
    ends_in_tag,
    key,
    key_at,
    keys,
    need_settings,
    number,
    said,
    spells,
)

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
_BIT = {name: 1 << n for n, name in enumerate(_SIGNS)}


def _mask(*names: str) -> int:
    return sum(_BIT[name] for name in names)


_TELLING = _mask("advice", "modal", "condition", "subject_i", "subject_we", "instruction", "information")
_ABOUT_THEM = _mask("you", "sure", "likely")
_SAYS_BACK = _mask("so", "sure", "likely", "maybe", "matters")
# What a first look at a clause leaves open.
_LATER = ("tag", "themselves", "answers", "continues", "after_nod")
_MOST_TAKEN = 3
_QUESTION, _STATE, _SO, _YOU, _I, _WE = (_BIT[name] for name in ("question", "state", "so", "you", "i", "we"))

_SETTINGS = frozenset(_SIGNS) | frozenset(
    ("enough", "share", "share_last", "taken", "telling", "manner", "recap_words", "explanation_words", "recap_from", "short_recap_from")
    + ("recap_points", "point_wish", "point_first", "point_number", "point_trouble", "point_name", "point_topic", "topic_turns")
    + ("point_enough", "most_points", "echo", "echo_number", "echo_code", "echo_asked", "echo_short", "echo_words", "echo_final")
    + ("echo_alone", "echo_turned")
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

_ASKED = frozenset(("you", "your", "i"))
_BEING = frozenset(("is", "are", "was", "were", "have", "had", "has", "feel", "feels", "seem", "seems", "want", "like"))
# "You know, …", "thank you, …": what follows counts, unless it belongs to them.
_OPENING_PAIRS = frozenset((("you", "know"), ("thank", "you")))
_GOES_WITH_PAIR = frozenset(("that", "what", "how", "for", "so", "very"))
# Words that an echo may hold beside what it repeats, those with which speech goes on after one, and what may trail the words repeated.
_ECHO_FILL = frozenset(
    ("the", "a", "an", "in", "on", "at", "for", "to", "of", "it", "that", "is", "this", "and", "so", "with", "by", "from", "your")
    + ("my", "you", "are", "be", "or", "not", "was")
)
_AFTER_ECHO = frozenset(
    ("okay", "right", "yeah", "yes", "thank", "thanks", "lovely", "hold", "if", "i", "just", "one", "bear", "that", "we", "what")
    + ("let", "this", "all", "great", "perfect", "and", "so", "now", "sure", "how", "which", "could", "can", "do", "have", "did")
    + ("please", "but", "got", "no", "it", "in", "when", "there", "then", "brilliant", "fine", "sir", "righty", "gotcha")
)
_TRAILING = frozenset((".", "?", "!", "please", "yeah", "yes", "then", "mate", "love", "dear", "sir", "okay", "right", "though", "now"))
# An echo of more words keeps their order.
_LONGEST_ECHO, _FREE_ORDER = 12, 6
_SHORT_CLAIM = 10
_NEGATIONS = frozenset(("not", "no", "never", "nothing"))
# Pronouns and their verbs, turned round: what "you" say is what "I" said.
_TURNED = {"you": "i", "your": "my", "yours": "mine", "are": "am", "were": "was", "i": "you", "my": "your", "am": "are", "was": "were"}
_TURNED_HEADS = frozenset(("you", "it", "that", "there", "they", "he", "she"))

# How far back, in turns, the other side's words are looked for, and in how many of their turns.
_REACH_TURNS, _REACH = 10, 3
# A turn of no more words, its closing sign among them, is a nod.
_NOD = 3
# A speaker's manner is drawn towards that of most agents by so many statements of this weight; it is stretched and bounded.
_USUAL_COUNT, _USUAL = 8.0, -0.2
_STRETCH, _LEAST_MANNER, _MOST_MANNER = 2.5, -0.5, 1.0
# Statements shorter than this do not tell how someone speaks; from this many words a clause can advise or inform.
_TELLS_MANNER, _TELLS = 4, 3
_MOST_TELLING = 3
# A call with fewer turns by the customer is too short to need a recap.
_CUSTOMER_TURNS = 6


class Statement(NamedTuple):
    """A clause that was weighed: its turn, its words, where they begin after "okay, so", its points and what gave them."""

    turn: int
    first: int
    last: int
    body: int
    points: float
    signs: tuple[str, ...]
    shared: frozenset[str]
    of_turn: int
    is_echo: bool


# A clause at first sight: its words, where they begin after "okay, so", and its signs but for those of what stands before the turn.
_Part = tuple[int, int, int, int]


class _Before(NamedTuple):
    """What the other side said before a turn: its latest words, all words near by, its latest turn, and the signs that gives."""

    last: set[str]
    near: set[str]
    nearest: int
    signs: int
    asked: bool


_NOTHING = _Before(set(), set(), -1, _BIT["after_nod"], False)


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments of saying back, and the occasions that called for it.

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
        if not any(moment.turn == turn and moment.start < end and start < moment.end for turn, start, end in spans):
            moments.append(moment)
    return Found(moments, list(_occasions(call, behaviour, moments, closing)))


def statements(call: Call, behaviour: Behaviour, least: float) -> list[Statement]:
    """The clauses of a call that weigh at least so much, in order."""
    return list(_Weighing(call, behaviour).statements(least))


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
    best = max(group, key=lambda s: s.points)
    shared: set[str] = set().union(*(s.shared for s in group))
    signs = {sign for s in group for sign in s.signs}
    turn, first, last = best.turn, group[0].body, group[-1].last
    overlap = tuple(dict.fromkeys(call.raw(turn, i).lower() for i in range(first, last) if key_at(call, turn, i) in shared))
    because = [text for sign, text in _REASONS.items() if sign in signs]
    if overlap and not best.is_echo:
        because.append(_TAKES_UP + ", ".join(overlap))
    kind = "echo" if best.is_echo else "reflection" if _is_inner(signs) and len(shared) <= 2 * len(group) else "paraphrase"
    return call.moment(
        behaviour.id, turn, first, last, kind=kind, rule=because[0] if because else _MANNER, because=tuple(because) or (_MANNER,),
        of_turn=_whose(call, best), overlap=overlap, points=round(best.points, 2),
    )  # fmt: skip


def _is_inner(signs: set[str]) -> bool:
    """Whether a statement is about what the other person feels, wants or values."""
    return "likely" in signs or "matters" in signs or ("you" in signs and ("feeling" in signs or "state" in signs))


def _whose(call: Call, s: Statement) -> int | None:
    """The turn whose words are said back: the one near by that shares most, else the latest of the other side that is no nod."""
    if s.of_turn < 0:
        return None
    heard, turns = said(call), call.turns
    near = [i for i in range(s.turn - 1, max(-1, s.turn - 1 - _REACH_TURNS), -1) if turns[i].speaker != turns[s.turn].speaker]
    best = max(near, key=lambda i: len(heard[i] & s.shared))
    if heard[best] & s.shared:
        return best
    return next((i for i in near if call.bounds[i][1] - call.bounds[i][0] > _NOD), s.of_turn)


@lru_cache(maxsize=8)
def _table(lists: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    """For each word of the file's lists the signs that it gives, as bits."""
    table: dict[str, int] = {}
    for name, words in zip(_LISTS, lists, strict=True):
        for word in words:
            table[word] = table.get(word, 0) | _BIT[name]
    for word in ("you", "your"):
        table[word] = table.get(word, 0) | _YOU
    return table


@lru_cache(maxsize=50_000)
def _names(signs: int) -> tuple[str, ...]:
    return tuple(name for name, bit in _BIT.items() if signs & bit)


@lru_cache(maxsize=8)
def _known_sums(weights: tuple[float, ...]) -> dict[int, float]:
    """Sums of the weights of signs, by the signs; filled as they come up."""
    return {}


class _Weighing:
    """The weighing of one call's statements."""

    def __init__(self, call: Call, behaviour: Behaviour) -> None:
        self.call = call
        self.weights = behaviour.settings
        words = behaviour.words
        self.table = _table(tuple(words.get(name, ()) for name in _LISTS))
        self.sums = _known_sums(tuple(self.weights[name] for name in _SIGNS))
        self.openers, self.hearing, self.steps, self.instruction = (
            frozenset(words.get(name, ())) for name in ("openers", "hearing", "steps", "instruction")
        )
        self.polite = frozenset(words.get("greetings", ())) | _ECHO_FILL
        self.idle = self.openers | BOUNDARIES
        self.heard = said(call)
        self.is_idle = [self.idle.issuperset(call.words[first:last]) for first, last in call.bounds]
        self.selves = [-1] * len(call.bounds)
        # The most that shared words, and the form of a clause with what stands before it, can add.
        self.most_shared = (
            _MOST_TAKEN * max(0.0, self.weights["taken"]) + max(0.0, self.weights["share"]) + max(0.0, self.weights["share_last"])
        )
        self.most_form = sum(max(0.0, self.weights[name]) for name in _LATER)
        self.before: list[_Before | None] = [None] * len(call.bounds)
        self.cues: dict[int, list[tuple[int, int]]] = {}
        for name in _CUES:
            for hit in call.found(behaviour.id, name):
                if name == "sure" and call.words[hit.first] == "you" and call.words[hit.first - 1] == "what":
                    continue  # "I will pass on what you said"
                self.cues.setdefault(hit.turn, []).append((hit.first, _BIT[name]))

    def statements(self, least: float) -> Iterator[Statement]:
        """The statements that weigh at least so much.

        A first look at every clause tells its speaker's manner; only a clause that can reach ``least`` is weighed in full.
        """
        turns, words = self.call.turns, self.call.words
        asked = max(0.0, self.weights["asked"])
        parts = clauses(self.call)
        looked: list[tuple[int, Statement | None, int, list[_Part]]] = []
        manner: dict[str, list[float]] = {}
        for turn in range(len(turns)):
            if self.is_idle[turn]:
                continue
            echo = self._repeats(turn)
            after = echo.last if echo else -1
            found: list[_Part] = []
            telling = 0
            spoken = manner.setdefault(turns[turn].speaker, [0.0, 0.0])
            for first, last in parts[turn]:
                if first < after or (part := self._look(turn, first, last)) is None:
                    continue
                found.append(part)
                _, _, body, signs = part
                if last - body >= _TELLS_MANNER:
                    spoken[0] += self._bearing(body, last, signs)
                    spoken[1] += 1
                if signs & _TELLING and last - body >= _TELLS:
                    telling += 1
            looked.append((turn, echo, telling, found))
        bearing = {name: _manner(total, count) * self.weights["manner"] for name, (total, count) in manner.items()}
        for turn, echo, telling, found in looked:
            if echo:
                yield echo
            needed = least - bearing[turns[turn].speaker]
            # What form and shared words may add at the most tells which clauses need no second look.
            bound = needed - self.most_form - self.most_shared
            found = [p for p in found if self._sum(p[3]) + (asked if words[p[1]] == "?" else 0.0) >= bound]
            if not found:
                continue
            before = self._before(turn)
            if before.near.isdisjoint(self.heard[turn]):
                bound += self.most_shared
            for part in found:
                if self._sum(part[3] | before.signs) + (asked if words[part[1]] == "?" else 0.0) < bound:
                    continue
                if statement := self._weigh(turn, part, before, telling, needed, least):
                    yield statement

    def _before(self, turn: int) -> _Before:
        before = self.before[turn]
        if before is None:
            before = self.before[turn] = self._look_back(turn)
        return before

    def _look_back(self, turn: int) -> _Before:
        call, heard = self.call, self.heard
        turns, bounds, words = call.turns, call.bounds, call.words
        speaker = turns[turn].speaker
        nearest, spoke, about_self, found = -1, 0, 0, 0
        near: set[str] = set()
        for i in range(turn - 1, max(-1, turn - 1 - _REACH_TURNS), -1):
            if turns[i].speaker == speaker:
                if nearest < 0 and not self.is_idle[i]:
                    spoke += bounds[i][1] - bounds[i][0]
                continue
            if nearest < 0:
                nearest = i
            elif not heard[i]:
                continue
            about_self += self._of_self(i)
            near = near | heard[i] if near else heard[i]
            found += 1
            if found == _REACH:
                break
        if nearest < 0:
            return _NOTHING
        latest = heard[nearest]
        if nearest and turns[nearest - 1].speaker == turns[nearest].speaker:
            latest = latest | heard[nearest - 1]
        first, last = bounds[nearest]
        asked = last > first and (words[last - 1] == "?" or words[first] in QUESTION_WORDS or words[first] in VERBS_FIRST)
        signs = _BIT["answers"] if asked else 0
        if spoke >= _NOD:
            signs |= _BIT["continues"]
        if last - first <= _NOD:
            signs |= _BIT["after_nod"]
        if about_self >= 2:
            signs |= _BIT["themselves"]
        return _Before(latest, near, nearest, signs, asked)

    def _of_self(self, turn: int) -> int:
        """How often a turn's speaker says "I", "my", "me"."""
        count = self.selves[turn]
        if count < 0:
            row = self.call.turn_words(turn)
            count = self.selves[turn] = row.count("i") + row.count("my") + row.count("me")
        return count

    def _body(self, turn: int, first: int, last: int) -> int:
        """Where a clause begins after "okay, so", "thank you" and a handle."""
        words = self.call.words
        while first < last:
            word = words[first]
            if (word, words[first + 1]) in _OPENING_PAIRS and words[first + 2] not in _GOES_WITH_PAIR:
                first += 2
            elif word in self.openers or (word == NUMBER and not number(self.call.raw(turn, first))):
                first += 1
            else:
                break
        return first

    def _look(self, turn: int, first: int, last: int) -> _Part | None:
        """A clause at first sight; None where nothing follows its opening words."""
        words = self.call.words
        body = self._body(turn, first, last)
        if body >= last:
            return None
        signs = _opening_signs(words[first:body]) if body > first else 0
        get = self.table.get
        for word in words[body:last]:
            signs |= get(word, 0)
        if turn in self.cues:
            for at, bit in self.cues[turn]:
                if first <= at < last:
                    signs |= bit
        head = words[body]
        if head == "you":
            signs |= _BIT["subject_you"]
            if not self.steps.isdisjoint(words[body + 1 : min(last, body + 3)]):
                signs |= _BIT["instruction"]
        elif head in ("i", "my", "me"):
            signs &= ~_I
            if head != "i" or self.hearing.isdisjoint(words[body + 1 : min(last, body + 3)]):
                # The customer's "so I …" says back the agent's "you …".
                mirrored = signs & _SO and self.call.turns[turn].role is Role.CUSTOMER and not self._before(turn).asked
                signs |= _BIT["mirrored"] if mirrored else _BIT["subject_i"]
        elif head in ("we", "our"):
            signs = (signs & ~_WE) | _BIT["subject_we"]
        elif head in self.instruction:
            signs |= _BIT["instruction"]
        length = last - body
        if length < 4:
            signs |= _BIT["one_word"] if length == 1 else _BIT["few_words"]
        elif length >= 8:
            signs |= _BIT["many_words"] if length >= 25 else _BIT["some_words"]
        return first, last, body, signs

    def _bearing(self, body: int, last: int, signs: int) -> float:
        """How one clause tells of its speaker's manner: for saying back what is about the other side, against it what tells or advises."""
        if signs & _TELLING:
            return -1.0
        so = 0.5 if signs & _SO else 0.0
        if not signs & _ABOUT_THEM or asks(self.call.words[body:last], ends_in_tag(self.call.words, body, last)):
            return so
        return so + (1.5 if signs & _STATE else 1.0)

    def _weigh(self, turn: int, part: _Part, before: _Before, telling: int, needed: float, least: float) -> Statement | None:
        """A clause weighed in full, if it weighs enough; ``needed`` is what it must weigh without its speaker's manner."""
        call, weights, words = self.call, self.weights, self.call.words
        first, last, body, signs = part
        points = 0.0
        if telling:
            others = telling - (1 if signs & _TELLING and last - body >= _TELLS else 0)
            points = weights["telling"] * min(_MOST_TELLING, others)
        signs |= before.signs
        own = keys(call, turn, body, last)
        shared = own & before.near
        if shared:
            points += weights["share"] * len(shared) / len(own) + weights["share_last"] * len(before.last & own) / len(own)
            points += weights["taken"] * min(_MOST_TAKEN, len(shared))
            if 2 * len(shared) >= len(own) and self._contradicts(words[body:last], before.nearest):
                signs |= _BIT["contradicts"]
        row = words[body:last]
        tag = ends_in_tag(words, body, last)
        if tag:
            signs |= _BIT["tag"]
        if asks(row, tag):
            signs |= _QUESTION
        elif words[last] == "?":
            if shared or signs & _SAYS_BACK:
                signs |= _BIT["asked"]
            elif row[0] not in SUBJECTS and not (signs & _YOU and not _BEING.isdisjoint(row)):
                signs |= _BIT["asks_new"]
        points += self._sum(signs)
        if points < needed:
            return None
        return Statement(turn, first, last, body, points - needed + least, _names(signs), frozenset(shared), before.nearest, False)

    def _contradicts(self, row: list[str], nearest: int) -> bool:
        """Whether a clause says with "not" what the other side's short turn said without it, or the other way round."""
        first, last = self.call.bounds[nearest]
        return last - first <= _SHORT_CLAIM and _NEGATIONS.isdisjoint(row) != _NEGATIONS.isdisjoint(self.call.words[first:last])

    def _sum(self, signs: int) -> float:
        points = self.sums.get(signs)
        if points is None:
            points = self.sums[signs] = sum(self.weights[name] for name in _names(signs))
        return points

    def _repeats(self, turn: int) -> Statement | None:
        """What a turn repeats of the other side's last words as the first thing it says."""
        call = self.call
        speaker = call.turns[turn].speaker
        nearest = next((i for i in (turn - 1, turn - 2) if i >= 0 and call.turns[i].speaker != speaker), -1)
        if nearest < 0:
            return None
        begin, stop = call.bounds[turn]
        body = self._body(turn, begin, stop)
        if body >= stop:
            return None
        word = call.words[body]
        code_first = begin if spells(call, turn, begin) else body
        if spells(call, turn, code_first) and (found := self._reads_back(turn, begin, code_first, self._before(turn))):
            return found
        before_it = nearest - 1 if nearest and call.turns[nearest - 1].speaker != speaker else nearest
        if not (self.heard[nearest].isdisjoint(self.heard[turn]) and self.heard[before_it].isdisjoint(self.heard[turn])):
            found = self._echo(turn, begin, body, self._before(turn))
            if found:
                return found
        return self._turned(turn, begin, body, self._before(turn)) if word in _TURNED_HEADS and turn - nearest == 1 else None

    def _reads_back(self, turn: int, begin: int, body: int, before: _Before) -> Statement | None:
        """A number or reference read back: its digits and single letters are, in their order, among those the other side said."""
        call = self.call
        own, end = code(call, turn, body, call.bounds[turn][1], stop=True)
        if len(own) < (4 if own.isdigit() else 3):
            return None
        heard, _ = code(call, before.nearest, *call.bounds[before.nearest])
        rest = iter(heard)
        if own not in heard and not (len(own) > 3 and all(sign in rest for sign in own)):
            return None
        return self._repeated(turn, begin, body, end, keys(call, turn, body, end), before, ("echo", "echo_code"))

    def _echo(self, turn: int, begin: int, body: int, before: _Before) -> Statement | None:
        """The other side's last words repeated at the beginning of a turn."""
        call = self.call
        words = call.words
        heard_first, heard_last = call.bounds[before.nearest]
        latest = words[heard_first:heard_last]
        stop = min(call.bounds[turn][1], body + _LONGEST_ECHO)
        repeated: set[str] = set()
        a_number = False
        end = i = body
        while i < stop and words[i] not in SENTENCE_ENDS:
            word = words[i]
            k = key_at(call, turn, i)
            if k:
                if k not in before.last:
                    break
                repeated.add(k)
                a_number = a_number or word == NUMBER or word in NUMBERS
                end = i + 1
            elif word not in _ECHO_FILL and word not in latest:
                break
            i += 1
        if not repeated or words[body] in QUESTION_WORDS or words[body] in VERBS_FIRST:
            return None
        row = words[body:end]
        if len(row) > _FREE_ORDER and not _in_order(row, latest):
            return None  # put anew, and no echo
        if _NEGATIONS.isdisjoint(row) != _NEGATIONS.isdisjoint(latest) and not _BEING.isdisjoint(row):
            return None  # "it was no big deal", "it is a big deal"
        if self._is_polite(turn, body, end):
            return None
        marked = (end - 1) in call.marks
        if words[end] not in BOUNDARIES and words[end] not in _AFTER_ECHO and not marked:
            return None
        signs = ["echo"]
        if a_number:
            signs.append("echo_number")
        if _asked_before(call, turn, before.nearest):
            signs.append("echo_asked")
        if len(latest) <= _NOD + 1:
            signs.append("echo_short")
        if len(repeated) >= 2:
            signs.append("echo_words")
        if _ends_with(latest, row):
            signs.append("echo_final")
        if marked or words[i] in BOUNDARIES:
            signs.append("echo_alone")
        if before.asked:
            signs.append("answers")
        return self._repeated(turn, begin, body, end, repeated, before, signs)

    def _is_polite(self, turn: int, first: int, last: int) -> bool:
        """Whether words only greet, thank or apologise."""
        row, courtesy = self.call.words[first:last], _BIT["courtesy"]
        return (
            self.polite.issuperset(row)
            or any(self.table.get(word, 0) & courtesy for word in row)
            or any(first <= at < last and bit == courtesy for at, bit in self.cues.get(turn, ()))
        )

    def _turned(self, turn: int, begin: int, body: int, before: _Before) -> Statement | None:
        """A short answer given back with its pronouns turned round: "I haven't", "you haven't"."""
        call = self.call
        latest = call.turn_words(before.nearest)
        if len(latest) > 8:
            return None
        end, stop = body, call.bounds[turn][1]
        while end < stop and end - body < 5 and call.words[end] not in self.idle:
            end += 1
        turned = [_TURNED.get(word, word) for word in call.words[body:end]]
        if len(turned) < 2 or not any(latest[i : i + len(turned)] == turned for i in range(len(latest) - len(turned) + 1)):
            return None
        return self._repeated(turn, begin, body, end, set(), before, ("echo", "echo_short", "echo_turned"))

    def _repeated(
        self, turn: int, begin: int, body: int, end: int, shared: Iterable[str], before: _Before, signs: Iterable[str]
    ) -> Statement | None:
        points = sum(self.weights[sign] for sign in signs)
        if points < self.weights["enough"]:
            return None
        return Statement(turn, begin, end, body, points, tuple(signs), frozenset(shared), before.nearest, True)


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


def _manner(total: float, count: float) -> float:
    """A speaker's manner through the call, from the bearing of so many statements."""
    mean = (total + _USUAL * _USUAL_COUNT) / (count + _USUAL_COUNT)
    return max(_LEAST_MANNER, min(_MOST_MANNER, _STRETCH * mean))


def _in_order(part: list[str], row: list[str]) -> bool:
    """Whether the content words of ``part`` stand in ``row`` in the same order."""
    rest = iter([k for word in row if (k := key(word))])
    return all(k in rest for word in part if (k := key(word)))


def _ends_with(row: list[str], part: list[str]) -> bool:
    """Whether a row of words ends in ``part``, but for a word such as "please" after it."""
    end = len(row)
    while end and row[end - 1] in _TRAILING:
        end -= 1
    return end >= len(part) and row[end - len(part) : end] == part


def _asked_before(call: Call, turn: int, answer: int) -> bool:
    """Whether the speaker of a turn had asked for the other side's answer."""
    speaker = call.turns[turn].speaker
    for i in range(answer - 1, max(-1, answer - 4), -1):
        if call.turns[i].speaker == speaker:
            row = call.turn_words(i)
            if len(row) >= _NOD:
                return (
                    "?" in row
                    or not QUESTION_WORDS.isdisjoint(row)
                    or any(verb in VERBS_FIRST and word in _ASKED for verb, word in pairwise(row))
                )
    return False


def _occasions(call: Call, behaviour: Behaviour, moments: list[Moment], closing: list[Moment]) -> Iterator[Occasion]:
    """Where saying back was called for: a customer's long turn, and the end of a call of some length."""
    turns, bounds = call.turns, call.bounds
    sizes = [last - first for first, last in bounds]
    agents = [i for i, t in enumerate(turns) if t.role is Role.AGENT and sizes[i] > _NOD]
    customers = [i for i, t in enumerate(turns) if t.role is Role.CUSTOMER and sizes[i]]
    if not agents or not customers:
        return
    answers = {m.turn for m in moments} | {
        h.turn for group in ("phrases", "after_statement") for h in call.found("understanding_check", group)
    }
    long = behaviour.settings["explanation_words"]
    for stretch in _stretches(call, customers, sizes):
        if sum(sizes[i] for i in stretch) < long:
            continue
        after = bisect_right(agents, stretch[-1])
        following = agents[after : after + 2]
        if following:
            met = next((i for i in following if i in answers), None)
            longest = max(stretch, key=sizes.__getitem__)
            yield call.occasion(behaviour.id, longest, *bounds[longest], kind="explanation", met=met is not None, answer=met)
    if len(customers) >= _CUSTOMER_TURNS and sum(sizes[i] for i in (*agents, *customers)) >= behaviour.settings["recap_words"]:
        at = closing[0].turn if closing else agents[-1]
        yield call.occasion(behaviour.id, at, *bounds[at], kind="recap", met=bool(closing), answer=at if closing else None)


def _stretches(call: Call, customers: list[int], sizes: list[int]) -> list[list[int]]:
    """The customer's turns, together where no more than nods stand between them."""
    stretches: list[list[int]] = []
    for i in customers:
        if stretches and all(sizes[j] <= _NOD for j in range(stretches[-1][-1] + 1, i)):
            stretches[-1].append(i)
        else:
            stretches.append([i])
    return stretches
