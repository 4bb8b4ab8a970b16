"""Steps that a speaker commits themselves to: who will do what, by when, and how surely.

A head ("I'll", "let me", "someone will") is found by its phrase; from there a handful of words are read: adverbs are
passed over, the deed must be one of the file's, and what follows to the end of the clause is its object. Deeds joined
by "and" are steps of their own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..action_points import DATED, IMMEDIATE, PROMISE, UNDATED, merged
from ..behaviours import Behaviour
from ..language.automaton import forms, parse
from ..language.call import Call, Hit
from ..language.clauses import sentence_end
from ..language.language import Language, WordClasses
from ..language.normaliser import BOUNDARIES, SENTENCE_ENDS
from ..moments import Moment, Occasion
from ..transcript import AGENT, UNKNOWN, Role
from . import Found, lists_of, per_behaviour, setting
from .phrases import standing

_OWN = ("will", "need", "let", "like", "soft", "doing", "meanwhile", "bare")
_OF_OTHERS = ("others", "passive", "arrives", "you_will")
# From anyone else these are wishes, needs and news: "I need to change my flight", "they'll call".
_AGENT_ONLY = ("need", "like", *_OF_OTHERS)
# Heads that can only mean this moment.
_AT_ONCE = ("let", "meanwhile", "bare")
_Table = Mapping[str, tuple[tuple[int, ...], frozenset[tuple[str, ...]]]]


class _Lists(NamedTuple):
    """What the file tells the detector.

    Of its word lists, those of phrases by their first word (the lengths that occur, longest first, and the entries), and all of
    them as sets of words (``own``); then its settings.
    """

    adverbs: _Table
    soft: _Table
    now: _Table
    later: _Table
    nots: _Table
    not_we: _Table
    us: _Table
    done: _Table
    own: WordClasses
    most_words: int
    due_reach_words: int
    due_before_words: int


class _Deed(NamedTuple):
    """What is done: its words ``first`` to before ``last``, its own words ``act``, and whether it takes place after the call."""

    first: int
    last: int
    act: tuple[str, ...]
    later: bool


class _Step(NamedTuple):
    """One step in the making: the word its head begins at, the words quoted, its deed, and what was seen on the way to it."""

    turn: int
    head: int
    first: int
    last: int
    group: str
    rule: str
    deed: _Deed
    soft: bool
    just: bool
    we: bool


_WORD_LISTS = ("adverbs", "soft", "now_acts", "later_acts", "not_acts", "not_we", "us_acts", "done")


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Steps committed to, with owner, action, due date and firmness; an occasion for each promise of the agent's, met where it has a date."""
    lists = _lists(behaviour, call.language)
    moments: list[Moment] = []
    for turn, heads in _heads(call, behaviour.id).items():
        moments += _moments(call, behaviour.id, turn, heads, lists)
    # The characters of each turn that belong to a step: a turn may hold thousands.
    taken: dict[int, bytearray] = {}
    for moment in moments:
        _take(call, moment, taken)
    for hit in standing(call, behaviour):
        moment = _whole(call, behaviour.id, hit)
        if not any(taken.get(moment.turn, b"")[moment.start : moment.end]):
            moments.append(moment)
            _take(call, moment, taken)
    return Found(moments, _occasions(moments, behaviour.id, call.language))


def _take(call: Call, moment: Moment, taken: dict[int, bytearray]) -> None:
    """Marks the characters of a moment."""
    marks = taken.setdefault(moment.turn, bytearray(len(call.turns[moment.turn].text)))
    marks[moment.start : moment.end] = b"\1" * (moment.end - moment.start)


def _occasions(moments: Sequence[Moment], behaviour: str, language: Language) -> list[Occasion]:
    """For each promise of the agent's, once however often said: does it have a date?"""
    return [
        Occasion(
            behaviour, p.turn, p.start, p.end, p.quote, DATED if p.due_text else UNDATED,
            bool(p.due_text), p.turn if p.due_text else None, Role.AGENT.value, AGENT, p.time_s,
        )
        for p in merged([m for m in moments if m.role is AGENT and m.kind == PROMISE], language)
    ]  # fmt: skip


def _heads(call: Call, behaviour: str) -> dict[int, list[tuple[str, Hit]]]:
    """The heads of each turn in order, the longest where several begin together."""
    by_turn: dict[int, dict[int, tuple[str, Hit]]] = {}
    for group in (*_OWN, *_OF_OTHERS):
        for hit in call.hits_of(behaviour, group):
            if group in _AGENT_ONLY and call.turns[hit.turn].role is not AGENT:
                continue
            at = by_turn.setdefault(hit.turn, {})
            if hit.first not in at or at[hit.first][1].last < hit.last:
                at[hit.first] = group, hit
    heads: dict[int, list[tuple[str, Hit]]] = {}
    for turn, at in sorted(by_turn.items()):
        row = heads[turn] = [at[min(at)]]
        for i in sorted(at):
            # "I will" holds the "will" of "will be in touch".
            if i >= row[-1][1].last:
                row.append(at[i])
    return heads


def _next_of(places: Sequence[int], at: int) -> int | None:
    """The first of the sorted places from ``at`` on."""
    found = bisect_left(places, at)
    return places[found] if found < len(places) else None


def _moments(call: Call, behaviour: str, turn: int, heads: list[tuple[str, Hit]], lists: _Lists) -> list[Moment]:
    stops = call.memo(f"where a step stops {behaviour}", lambda: {h.first for h in call.hits_of(behaviour, "stop")})
    steps: list[_Step] = []
    for number, (group, hit) in enumerate(heads):
        end = sentence_end(call, hit.last)
        following = heads[number + 1][1].first if number + 1 < len(heads) else end
        if _refused(call, group, hit, end, lists):
            continue
        steps += _steps(call, turn, group, hit, min(end, max(following, hit.last)), lists, stops)
    begins = sorted({s.first for s in steps} | {h.first for _, h in heads})
    dues = []
    for i, step in enumerate(steps):
        before = steps[i - 1].last if i else call.bounds[turn][0]
        dues.append(_due(call, step, before, _next_of(begins, step.deed.last), lists))
    for i in range(len(steps) - 2, -1, -1):
        # "I'll ring them and let you know by five": one date for both.
        if dues[i] is None and steps[i].deed.later and steps[i + 1].head == steps[i].head:
            dues[i] = dues[i + 1]
    moments = (_moment(call, behaviour, step, due, lists) for step, due in zip(steps, dues, strict=True))
    return [m for m in moments if m is not None]


def _refused(call: Call, group: str, hit: Hit, end: int, lists: _Lists) -> bool:
    """Whether a head does not commit: a condition, somebody's words retold, a question."""
    words, own = call.words, lists.own
    before = words[hit.first - 1]
    second = words[hit.first - 2] if hit.first > 1 else ""
    if _is_retold(words, hit.first, own["retold"]):
        return True
    if before in own["condition"] or before in own["reason"] or (before == "way" and second in ("the", "only", "one")):
        return True
    if group == "doing" and before not in BOUNDARIES and before not in own["before_doing"] and not call.marks.get(hit.first - 1):
        return True  # "the form we are sending you"
    if before == "think" and second == "not":
        return True
    if group == "let":
        return before in own["before_let"] and not (before == "please" and second in BOUNDARIES)
    if group in ("need", "like", "soft") and (before in own["asking"] or before == "what"):
        return True
    if group in _OF_OTHERS:
        back = max(call.bounds[hit.turn][0], hit.first - _CONDITION_WORDS)
        for i in range(hit.first - 1, back - 1, -1):
            if words[i] in BOUNDARIES:
                break
            if words[i] in own["condition"] or words[i] in own["retold"]:
                return True
    return words[end] == "?" and _asks(call, hit, end, own["tags"])


def _is_retold(words: Sequence[str], first: int, retold: frozenset[str]) -> bool:
    """Whether a head retells somebody's words: "said I'll", "told me I'll", "said that I'll", "told me that I'll"."""
    before, second, third = (words[first - k] if first >= k else "" for k in (1, 2, 3))
    if before in retold or (before == "that" and (second in retold or third in retold)):
        return True
    return second in retold and before in ("me", "us", "them", "him", "her")


# So many words at a sentence's end are looked at as tags.
_MOST_TAG_WORDS = 8


def _asks(call: Call, hit: Hit, end: int, tags: frozenset[str]) -> bool:
    """Whether a head's sentence, which ends in a question mark, asks: "I'll put you through, okay?" commits; "I'll be charged for that?" asks."""
    tail = end
    while tail > max(hit.last, end - _MOST_TAG_WORDS) and call.words[tail - 1] in tags:
        tail -= 1
    tagged = call.marks.get(tail - 1) == "," or call.words[tail] in ("okay", "right", "yeah", "yes")
    return not (hit.last < tail < end and tagged)


# A condition for what others do is looked for in so many words before it.
_CONDITION_WORDS = 7


def _steps(call: Call, turn: int, group: str, hit: Hit, end: int, lists: _Lists, stops: set[int]) -> list[_Step]:
    """The deed behind a head, and those joined to it by "and"."""
    words = call.words
    we = words[hit.first] == "we" or (group == "let" and words[hit.first + 1] != "me")
    if group in ("passive", "arrives", "you_will"):
        first = _subject(call, turn, hit.first)
        told = _Deed(first, hit.last, tuple(words[hit.last - 1 : hit.last]), True)
        last = _end(call, hit.last, end, lists, stops)
        return [_Step(turn, hit.first, first, last, group, hit.rule.pattern, told, False, False, True)]
    at = hit.last - 1 if group == "doing" else hit.first + 1 if group == "bare" else hit.last
    at, soft, just = _skip(words, at, end, lists)
    asked_what = words[hit.first - 1] == "what"
    if at + 1 < end and words[at] == "do":
        at_is = next((i for i in range(at + 1, min(at + 6, end)) if words[i] == "is"), None)
        if at_is is not None and (asked_what or words[at + 1] == "is"):
            at, more_soft, more_just = _skip(words, at_is + 1, end, lists, ("to", "that"))
            soft, just, asked_what = soft or more_soft, just or more_just, False
    if asked_what or at >= end:
        return []
    deed: _Deed | None = _deed(words, at, end, lists)
    if deed is None or not _fits(call, turn, group, deed, words, end, lists, we):
        return []
    soft = soft or group in ("like", "soft")
    steps: list[_Step] = []
    first = hit.first
    while deed is not None:
        last = _end(call, deed.last, min(end, first + lists.most_words + _MORE_WORDS), lists, stops)
        steps.append(_Step(turn, hit.first, first, last, group, hit.rule.pattern, deed, soft, just, we))
        deed, just = None, False
        if last < end and words[last] in ("and", "then", "or", "but"):
            begin, more, just = _skip(words, last, end, lists, ("and", "then", "or", "but", "also"))
            deed = _deed(words, begin, end, lists)
            if deed is not None and not _is_verb(words, deed, end, lists):
                deed = None
            if deed is not None:
                first, soft = begin, soft or more
    return steps


def _skip(words: Sequence[str], at: int, end: int, lists: _Lists, more: tuple[str, ...] = ()) -> tuple[int, bool, bool]:
    """The word after adverbs and hedges from ``at``, whether one of them was a hedge, and whether "just" was among them."""
    soft = just = False
    while at < end:
        if words[at] in more:
            at += 1
        elif n := _longest_at(lists.soft, words, at, end):
            # "look at" and "try and" are hedges only before a deed.
            if words[at] == "look" and not words[at + n].endswith("ing"):
                break
            soft, at = True, at + n
        elif n := _longest_at(lists.adverbs, words, at, end):
            just = just or words[at] == "just"
            at += n
        else:
            break
    return at, soft, just


def _deed(words: Sequence[str], at: int, end: int, lists: _Lists) -> _Deed | None:
    """The deed that begins at a word; None where there is none, or where the words mean something else."""
    if at >= end:
        return None
    begin = at
    row: Sequence[str] = words
    if words[at] == "be" and at + 1 < end and words[at + 1].endswith("ing"):
        begin = at + 1  # "I'll be sending"
    if words[begin].endswith("ing") and words[begin] not in lists.now and words[begin] not in lists.later:
        for verb in _bases(words[begin]):
            if verb in lists.now or verb in lists.later:
                row = [*words[:begin], verb, *words[begin + 1 : begin + 8]]
                break
        else:
            return None
        end = min(end, len(row))
    now, later = _longest_at(lists.now, row, begin, end), _longest_at(lists.later, row, begin, end)
    if not now and not later:
        return _spread(row, begin, end, lists)
    if _longest_at(lists.nots, row, begin, end) >= max(now, later, 1):
        return None
    length = max(now, later)
    return _Deed(begin, begin + length, tuple(row[begin : begin + length]), later > now or (later == now and later > 0))


def _spread(words: Sequence[str], at: int, end: int, lists: _Lists) -> _Deed | None:
    """A deed with its object in its midst: "let the school know", "have a new one sent", "have my manager call you"."""
    if words[at] not in ("let", "have"):
        return None
    for i in range(at + 2, min(at + 7, end)):
        if words[at] == "let" and words[i] == "know":
            return _Deed(at, i + 1, ("let", "know"), True)
        if words[at] == "have" and (words[i] in lists.done or (words[i] in lists.later and words[i - 1] not in lists.own["objects"])):
            return _Deed(at, i + 1, (words[i],), True)
    return None


def _bases(word: str) -> tuple[str, ...]:
    """What a word in "-ing" may be a form of."""
    stem = word[:-3]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        return stem, stem[:-1]
    return stem, stem + "e"


def _fits(call: Call, turn: int, group: str, deed: _Deed, words: Sequence[str], end: int, lists: _Lists, we: bool) -> bool:
    """Whether a deed is one that this head can commit to."""
    role = call.turns[turn].role
    if group == "let" and we:
        return role is AGENT and bool(_longest_at(lists.us, words, deed.first, end))
    if group in ("will", "need", "soft") and we and _longest_at(lists.not_we, words, deed.first, end) >= len(deed.act):
        return False
    if role is not AGENT and deed.act == ("get",) and words[deed.last] not in ("it", "that", "this", "them", "those", "my", "you"):
        return False  # "I'm going to get charged"
    if group == "need" and we and role is not AGENT:
        return False
    return group != "like" or (deed.later and role is AGENT)


def _is_verb(words: Sequence[str], deed: _Deed, end: int, lists: _Lists) -> bool:
    """Whether a deed after "and" is one, and no noun ("your name and phone number")."""
    if len(deed.act) > 1:
        return True
    if deed.last >= end:
        return False
    return words[deed.last] in lists.own["objects"] or (deed.last + 1 < end and words[deed.last + 1] in ("you", "it", "them"))


def _end(call: Call, at: int, end: int, lists: _Lists, stops: set[int]) -> int:
    """Where the clause that goes on at ``at`` ends."""
    words, marks = call.words, call.marks
    limit = min(end, at + lists.most_words)
    if words[at - 1] in ("look", "peek") and at < limit and words[at] not in lists.own["after_look"]:
        return at
    for j in range(at, limit):
        word = words[j]
        if word in BOUNDARIES:
            return j
        after = words[j + 1]
        mark = marks.get(j - 1)
        if mark and word in lists.own["auxiliaries"] and after in lists.own["new_subjects"]:
            return j
        if mark and (
            word in lists.own["new_subjects"] or word in lists.own["cuts"] or word in ("and", "or", "please", "which") or j in stops
        ):
            return j
        if word in ("and", "or"):
            nxt, _, _ = _skip(words, j + 1, end, lists, ("then", "also"))
            if nxt >= end or words[nxt] in lists.own["new_subjects"] or words[nxt] in lists.own["cuts"]:
                return j
            deed = _deed(words, nxt, end, lists)
            if deed is not None and _is_verb(words, deed, end, lists):
                return j
            if nxt + 1 < end and words[nxt] in lists.own["auxiliaries"] and words[nxt + 1] in lists.own["new_subjects"]:
                return j
            continue
        if word == "then" and (after in lists.own["new_subjects"] or after in BOUNDARIES or _deed(words, j + 1, end, lists) is not None):
            return j
        if j == at and word in lists.own["cuts"] and word != "if":
            return j
        if j > at:
            if word in lists.own["cuts"] or j in stops:
                return j
            if words[j - 1] not in lists.own["governs"] and (
                word in ("i", "we") or (word in lists.own["new_subjects"] and after in lists.own["auxiliaries"])
            ):
                return j
            if word == "right" and (j + 1 in stops or after in ("just", "okay", "so", "well", "what", "can", "if", "i")):
                return j
            if word == "you" and words[j - 1] == "for" and after != "to":
                return j + 1
    return limit


def _subject(call: Call, turn: int, at: int) -> int:
    """Where the clause begins whose verb stands at ``at``; at most eight words back."""
    first = max(call.bounds[turn][0], at - 8)
    for j in range(at - 1, first - 1, -1):
        if (
            call.words[j] in BOUNDARIES
            or call.words[j] in ("and", "but", "so", "because", "then", "okay")
            or call.marks.get(j) in (",", "—", "…")
        ):
            return j + 1
    return first


def _due(call: Call, step: _Step, before: int, following: int | None, lists: _Lists) -> tuple[int, int] | None:
    """The words that say by when: behind the deed, right before its head, or in a next sentence such as "You'll have it by Friday."."""
    if step.group in _AT_ONCE:
        return None
    words = call.words
    sentence = sentence_end(call, step.deed.last)
    after = min(sentence, following if following is not None and following < sentence else sentence, step.deed.last + lists.due_reach_words)
    for a, b in call.language.find_dates(words[step.deed.last : after]):
        a, b = step.deed.last + a, step.deed.last + b
        if words[a] in lists.own["firm_time"] or not any(w in lists.own["past"] for w in words[step.deed.last : a]):
            return a, b
    back = max(before, step.first - lists.due_before_words)
    for i in range(step.first - 1, back - 1, -1):
        if words[i] in BOUNDARIES:
            back = i + 1
            break
    for a, b in reversed(call.language.find_dates(words[back : step.first])):
        if step.first - (back + b) <= 2:
            return back + a, back + b
    end_of_turn = call.bounds[step.turn][1]
    if (
        words[sentence] in SENTENCE_ENDS
        and sentence + 3 < end_of_turn
        and (following is None or following > sentence)
        and words[sentence] != "?"
    ):
        begin, end = sentence + 1, sentence_end(call, sentence + 1)
        if following is not None:
            end = min(end, following)
        if words[begin] in ("you", "it", "that", "they", "this") and words[begin + 1] in lists.own["consequence"]:
            for a, b in call.language.find_dates(words[begin:end]):
                return begin + a, begin + b
    return None


def _moment(call: Call, behaviour: str, step: _Step, due: tuple[int, int] | None, lists: _Lists) -> Moment | None:
    turn = step.turn
    near = range(step.first - 3, step.last + 3)
    if any(h.first in range(step.first, step.last + 4) for h in call.hits_in(turn, behaviour, "habit")):
        return None
    soft = step.soft or any(h.first in near for h in call.hits_in(turn, behaviour, "unsure"))
    if step.deed.act[0] == "see" and not lists.own["may"].isdisjoint(call.words[step.first : step.last]):
        soft = True  # "I'll see what I can do"
    if step.group == "others" and due is None and call.words[step.first] in lists.own["third"]:
        return None  # what a third party will do, undated, is information
    if due is None and (step.group == "arrives" or (step.group == "will" and "able" in call.words[step.first : step.deed.first])):
        return None  # "you'll be able to", "it will be ready": what may be, until a day is named
    now = any(step.first <= h.first <= step.last for h in call.hits_in(turn, behaviour, "now"))
    if due is not None:
        kind = PROMISE
    elif step.group in _AT_ONCE or step.group == "doing" or (now or step.just):
        kind = IMMEDIATE
    else:
        kind = PROMISE if step.deed.later or step.group in _OF_OTHERS else IMMEDIATE
    last = step.last
    if due is not None and step.last <= due[0] <= step.last + 2 and due[1] <= sentence_end(call, step.deed.last):
        last = due[1]
    due_text = _raw(call, turn, *due) if due else None
    return call.moment(
        behaviour, turn, step.first, last, kind=kind, rule=step.rule,
        owner=_owner(call, step, lists), action=_action(call, step, due), due_text=due_text, due=_resolved(call, due_text),
        firmness="soft" if soft else "firm", act=" ".join(step.deed.act),
    )  # fmt: skip


def _whole(call: Call, behaviour: str, hit: Hit) -> Moment:
    """A moment of a phrase that is a step as it stands: "leave it with me"."""
    at = call.turns[hit.turn]
    owner = at.role.value if at.role is not UNKNOWN else at.speaker
    text = _raw(call, hit.turn, hit.first, hit.last)
    return call.moment(
        behaviour, hit.turn, hit.first, hit.last, kind=hit.rule.kind or PROMISE, rule=hit.rule.pattern,
        owner=owner, action=text, due_text=None, due=None, firmness="firm", act="",
    )  # fmt: skip


def _owner(call: Call, step: _Step, lists: _Lists) -> str:
    turn = call.turns[step.turn]
    if step.group == "others" or (step.group == "passive" and call.words[step.first] in lists.own["third"]):
        return Role.OTHER.value
    if turn.role is UNKNOWN:
        return turn.speaker
    if step.we and turn.role is AGENT and step.group != "let":
        return "we"
    return turn.role.value


def _action(call: Call, step: _Step, due: tuple[int, int] | None) -> str:
    """The deed and its object as said, without hesitation and without the date at its end."""
    first = step.first if step.group in _OF_OTHERS else step.deed.first
    last = step.last
    trailing = {"and", "now", "then", "okay", "so", "just", "or", "the", "please"}
    if due is not None and first < due[0] < last <= due[1]:
        last = due[0]
        trailing |= {"on", "at", "by", "for"}
    while last - 1 > step.deed.last and call.words[last - 1] in trailing:
        last -= 1
    return _raw(call, step.turn, first, max(last, step.deed.last))


def _raw(call: Call, turn: int, first: int, last: int) -> str:
    """Words as written, without the fillers between them."""
    out = ""
    for i in range(first, last):
        if call.words[i] in BOUNDARIES:
            continue
        between = call.turns[turn].text[call.ends[i - 1] : call.starts[i]] if out else ""
        # "24-48" and "I'll" stand together; "$" belongs to its figure; commas and fillers go.
        joined = between if between in ("", "-", "/", ":") else " " + between[-1] if between[-1] in "$£€" else " "
        out += joined + call.raw(turn, i)
    return out


def _resolved(call: Call, due_text: str | None) -> str | None:
    started = call.transcript.started_at
    if due_text is None or started is None:
        return None
    day = call.language.resolve_date(due_text, started)
    return None if day is None else day.isoformat()


def _longest_at(table: _Table, words: Sequence[str], at: int, end: int) -> int:
    """How many words the longest entry of a list covers at ``at``; 0 where none begins there."""
    entries = table.get(words[at])
    if entries is None:
        return 0
    lengths, forms_here = entries
    for n in lengths:
        if at + n <= end:
            row = tuple(words[at : at + n])
            if row in forms_here or (at + n == end and (*row, "$") in forms_here):
                return n
    return 0


@per_behaviour
def _lists(behaviour: Behaviour, language: Language) -> _Lists:
    lists = lists_of(behaviour)
    tables = [_table(lists.get(name, ()), f"{behaviour.id}, words.{name}", language) for name in _WORD_LISTS]
    own = WordClasses({name: frozenset(entries) for name, entries in lists.items()})
    numbers = [int(setting(behaviour, name)) for name in ("most_words", "due_reach_words", "due_before_words")]
    return _Lists._make((*tables, own, *numbers))


# Behind the longest quote, so many more words are read for deeds that are joined to it.
_MORE_WORDS = 12
# A list's entry with brackets stands for at most so many texts.
_MOST_FORMS = 5_000


def _table(entries: tuple[str, ...], where: str, language: Language) -> _Table:
    by_first: dict[str, set[tuple[str, ...]]] = {}
    for entry in entries:
        for words in forms(parse(entry, {}, where), _MOST_FORMS, language.spelled) or ():
            by_first.setdefault(words[0], set()).add(words)
    return {
        first: (tuple(sorted({len(row) - (row[-1] == "$") for row in rows}, reverse=True)), frozenset(rows))
        for first, rows in by_first.items()
    }
