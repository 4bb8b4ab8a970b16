"""Use of the other person's name, for names learned from the talk itself.

A name is learned where its owner says it ("my name is", "Sarah Jones speaking", the answer to "can I take your name?"),
or where it is called ("hello Mr Jones", "thanks, Sarah"). After that, every mention of it by someone else is a use. In
text without capitals, names that are words too (rose, mark, will) count only where they are called.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress, count
from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call
from ..language.language import Language
from ..language.normaliser import BOUNDARIES, TURN_END
from ..moments import Moment, Occasion
from ..transcript import CUSTOMER
from . import Found, lists_of, per_behaviour, setting

# "Is that Mr Jones?" asks for somebody within so many words of its turn's beginning.
_ASKED_WITHIN_WORDS = 8


class _Use(NamedTuple):
    turn: int
    first: int
    last: int
    name: str
    called: bool  # stands where one calls somebody
    near: bool  # stands at an edge of its clause, at least
    ends: bool  # ends its turn, as nothing but a call or an object does


class _Learned(NamedTuple):
    turn: int
    first: int
    last: int


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments in which someone uses another's name, and the occasion that a customer's name was given."""
    lists = _lists(behaviour, call.language)
    doubtful = lists.doubtful
    cased = _cased(call)
    told = _told(call, behaviour, lists, cased)
    names = {name for own in told.values() for name in own}
    uses = [u for u in _mentions(call, lists, names, cased) if u.name not in told.get(call.turns[u.turn].speaker, ())]
    if cased:
        # A common first name that its owner gave is one in small letters too; any other word needs its capital.
        uses = [
            u
            for u in uses
            if not (names & lists.given).isdisjoint(call.words[u.first : u.last]) or call.raw(u.turn, u.last - 1)[:1].isupper()
        ]
    moments: list[Moment] = []
    called: set[str] = set()
    for use in sorted(uses):
        known = use.name in names
        word = use.name in doubtful and not cased
        calls = use.called or (use.ends and not cased and not word)
        if not known and (use.name in lists.months or (word and call.words[use.last] not in BOUNDARIES)):
            continue
        # A name that nobody gave may be anybody's; it counts where the agent calls it, and from there on.
        if not calls and not (known or use.name in called):
            continue
        if word and not calls and not (known and use.near):
            continue
        if not known and calls and call.turns[use.turn].role is CUSTOMER:
            continue
        called.add(use.name)
        rule = "a name learned in the call" if known else "a name that is called"
        moments.append(call.moment(behaviour.id, use.turn, use.first, use.last, rule=rule))
    return Found(moments, _occasions(call, behaviour, told, moments))


def _cased(call: Call) -> bool:
    """Whether capitals mean anything: most turns begin with one, and not everything is written so."""
    begin = len([t for t in call.turns if t.text[:1].isupper()])
    return 2 * begin > len(call.turns) and any(t.text != t.text.upper() for t in call.turns)


class _Lists(NamedTuple):
    """The file's lists: names, names that are words too, either, either with the titles; and the words around names."""

    given: frozenset[str]
    doubtful: frozenset[str]
    either: frozenset[str]
    called: frozenset[str]
    titles: frozenset[str]
    calls: frozenset[str]
    leads: frozenset[str]
    no_names: frozenset[str]
    mentions: frozenset[str]
    months: frozenset[str]
    asked: frozenset[str]

    def may_be_name(self, word: str) -> bool:
        """Whether a word that no list of names holds may be one."""
        return (
            word not in BOUNDARIES
            and word not in self.no_names
            and word not in self.titles
            and len(word) > 1
            and word.replace("-", "").replace("'", "").isalpha()
        )


@per_behaviour
def _lists(behaviour: Behaviour, language: Language) -> _Lists:
    """The file's names as our normaliser spells words (it takes "Denise" for a British verb), and with the titles."""
    lists = lists_of(behaviour)
    names, words = (frozenset(language.spelled(n)[0] for n in lists.get(name, ())) for name in ("given", "given_or_word"))
    around = [frozenset(lists.get(name, ())) for name in ("titles", "calls", "leads", "no_names", "mentions", "months", "asked")]
    return _Lists(names, words, names | words, names | words | around[0], *around)


def _told(call: Call, behaviour: Behaviour, lists: _Lists, cased: bool) -> dict[str, dict[str, _Learned]]:
    """Each speaker's own names, with where they were first told."""
    learner = _Learner(call, lists, cased)
    turns = call.turns
    # "This is Sarah" introduces someone only early in a call.
    early = _early(call, int(setting(behaviour, "early_turns")))
    for h in call.hits_of(behaviour.id, "says_name"):
        learner.learn(h.turn, h.last, None)
    for h in call.hits_of(behaviour.id, "says_who"):
        if h.turn in early:
            capital = turns[h.turn].role is CUSTOMER and h.rule.pattern == "this is"
            learner.learn(h.turn, h.last, lists.either if cased else lists.given, capital=capital)
    for h in call.hits_of(behaviour.id, "speaking"):
        if h.turn in early and call.words[h.first - 1] not in BOUNDARIES:
            at = h.first - 1
            at -= call.words[at - 1] in lists.either
            learner.learn(h.turn, at, lists.either)
    last_words, short = int(setting(behaviour, "asked_last_words")), int(setting(behaviour, "short_answer_words"))
    for h in call.hits_of(behaviour.id, "asks_name"):
        answer = h.turn + 1
        if answer < len(turns) and turns[answer].speaker != turns[h.turn].speaker and h.last >= call.bounds[h.turn][1] - last_words:
            i, end = call.bounds[answer]
            while i < end and (call.words[i] in lists.leads or call.words[i] in BOUNDARIES):
                i += 1
            learner.learn(answer, i, None if call.spoken(answer) <= short else lists.either, capital=True)
    return learner.told


def _early(call: Call, count: int) -> set[int]:
    """The first turns of the call, and the first of each speaker's own, half as many."""
    early = set(range(count))
    own_turns = dict.fromkeys((turn.speaker for turn in call.turns), 0)
    waiting = set(own_turns)
    for index, turn in enumerate(call.turns):
        if turn.speaker in waiting:
            early.add(index)
            own_turns[turn.speaker] += 1
            if own_turns[turn.speaker] == count // 2:
                waiting.discard(turn.speaker)
                if not waiting:
                    break
    return early


class _Learner:
    """Gathers the names that their owners say: ``told`` holds them by speaker, with where each was first told."""

    def __init__(self, call: Call, lists: _Lists, cased: bool) -> None:
        self.call = call
        self.lists = lists
        self.cased = cased
        self.told: dict[str, dict[str, _Learned]] = {}

    def learn(self, turn: int, i: int, enough: frozenset[str] | None, capital: bool = False) -> None:
        """Learns the name at a word: any word that may be one (``enough`` None), else one of those names, or one with a capital."""
        call, lists, cased = self.call, self.lists, self.cased
        words, end = call.words, call.bounds[turn][1]
        while i < end and (words[i] in lists.titles or len(words[i]) == 1):
            i += 1
        for k in range(i, min(i + _MOST_NAMES, end)):
            upper = cased and call.raw(turn, k)[:1].isupper()
            if not lists.may_be_name(words[k]) or (cased and not upper):
                break
            if k == i and enough is not None and words[k] not in enough and not (capital and upper):
                break
            # A surname in text without capitals: a word that nothing else explains.
            if k > i and not cased and (words[k].endswith("ing") or not call.language.is_content(words[k])):
                break
            self.told.setdefault(call.turns[turn].speaker, {}).setdefault(words[k], _Learned(turn, k, k + 1))
            if k in call.marks and call.marks[k] != "-":
                break


# First name, middle name, surname.
_MOST_NAMES = 3


def _mentions(call: Call, lists: _Lists, told: set[str], cased: bool) -> Iterator[_Use]:
    """Every name in the call, with a title before and a second name behind it, and whether it is called."""
    words, marks = call.words, call.marks
    present = lists.called.intersection(words) | told
    if not present:
        return
    places = compress(count(), map(present.__contains__, words))
    bounds = iter(call.bounds)
    turn, last = -1, -1
    done = -1
    for i in places:
        while i >= last:
            last = next(bounds)[1]
            turn += 1
        if i < done or (cased and words[i] in lists.doubtful and not call.raw(turn, i)[:1].isupper()):
            continue
        first, j = i, i
        if words[i] in lists.titles:
            j = i + 1
            if words[i] == "madam" or not lists.may_be_name(words[j]) or i in marks:
                continue
        end = j + 1
        if (words[end] in lists.given or words[end] in lists.doubtful or words[end] in told) and j not in marks:
            end += 1
        before, after = words[first - 1], words[end]
        greeted = before in lists.calls or (before == "you" and words[first - 2] == "thank")
        closed = after in BOUNDARIES or (end - 1) in marks
        alone = before in BOUNDARIES and after in BOUNDARIES
        opened = (before in BOUNDARIES or (first - 1) in marks or before in lists.leads) and not alone
        asked = closed and words[i] in lists.titles and before in lists.asked and first < call.bounds[turn][0] + _ASKED_WITHIN_WORDS
        signed = after == TURN_END and marks.get(first - 1) == "\u2014"
        called = greeted or (opened and closed and not signed) or asked
        ends = after == TURN_END and not opened and before not in lists.mentions and before not in BOUNDARIES
        done = end
        yield _Use(turn, first, end, words[j], called, greeted or opened or closed, ends)


def _occasions(call: Call, behaviour: Behaviour, told: dict[str, dict[str, _Learned]], moments: list[Moment]) -> list[Occasion]:
    """One occasion for each customer whose name was told: has anybody used it after that?"""
    found = []
    for speaker, names in told.items():
        at = min(names.values())
        if call.turns[at.turn].role is not CUSTOMER:
            continue
        answer = next((m.turn for m in moments if m.turn > at.turn and m.speaker != speaker), None)
        found.append(call.occasion(behaviour.id, at.turn, at.first, at.last, kind="name_told", met=answer is not None, answer=answer))
    return found
