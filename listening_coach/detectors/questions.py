"""Questions, open and closed, from the syntax of the clause; a question mark helps and is not needed.

Three things single out a clause: a question word, a verb before its subject ("do you", "is it"), and a question mark.
Only there are the words looked at. What is found serves both behaviours and is worked out once a call.

An open question lets the customer choose what to say: a question word at its head ("what", "how", "why", "where",
"who"), or an invitation ("tell me about", "walk me through"). A closed one is answered by yes, no, one of the offered
choices, or a detail for the form (a number, a date, a name, how it is spelled).

Source: the counselling codes (open and closed questions of the Motivational Interviewing Skill Code) for the idea, the
switchboard dialogue acts (wh-questions, yes-no questions) for the forms.
"""

from __future__ import annotations

from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.normaliser import BOUNDARIES, word_set
from . import Found
from .sides import others_before


class Question(NamedTuple):
    """A question: its turn, its words (``first`` to before ``last``), whether it is open, its kind, and what showed it."""

    turn: int
    first: int
    last: int
    is_open: bool
    kind: str
    rule: str


_DO = word_set("do does did would will can could should have has had might shall may")
_BE = word_set("is are was were am")
_AUX = _DO | _BE
_PRONOUNS = word_set("you i we they he she it that this there these those")
_PERSONS = word_set("you i we they he she")
_DETERMINERS = word_set(
    """
    your my our their his her its the a an some any anyone anybody anything everything everyone someone somebody people things
    one all most each both
    """
)
_SUBJECTS = _PRONOUNS | _DETERMINERS
# What may stand before a question that begins a new clause.
_LEADS = word_set(
    """
    and so but well okay right yeah yes yep no oh ah now then or hmm mm mm-hmm uh-huh sure great good perfect lovely thanks
    please sorry sir madam actually again first anyway cool excellent hey hi hello plus also wow brilliant curious fine alright
    certainly absolutely there really
    """
)
_LEAD_PAIRS = frozenset((("thank", "you"), ("no", "problem"), ("of", "course"), ("excuse", "me"), ("no", "worries"), ("let", "see")))


# Before "what is", these make it part of their own clause: "I know what is wrong", "that is what is missing".
_GOVERNORS = word_set(
    """
    know knows knew known is was are be see saw about to of understand that for from on with at in by remember forgot forget
    exactly sure check find out than matter depends depending regardless just say said says tell told not me you him her them us
    show shows understood explain explains into as like over guess do does did hear heard mean means discuss decide asking asked
    wonder wondering understanding seeing knowing
    """
)
# After a question word that is its own subject.
_SUBJECT_VERBS = word_set(
    """
    brings brought made makes happened happens caused causes prompted led helped helps worked works changed changes got gets goes
    went stops stopped keeps kept matters took takes told worries bothers drew triggers triggered gave gives motivates motivated
    else comes came seems said says wants needs sounds feels felt looks stands stood might may
    """
)
_NOT_IN_NOUN = _PRONOUNS | word_set("me him us them to who why when where because if and but so or not goes know ever")
_ENDS_NOUN = _NOT_IN_NOUN | BOUNDARIES
_SUGGESTING = word_set("i we if us")
_WANTED = word_set("like want think feel need have know believe use trust")
_FACT_WORDS = word_set("when which whose")
_QUANTITY = word_set("many much old long far soon often")
_JOINTS = word_set("and but because so okay")
_JOINT_SUBJECTS = word_set("i we you they he she it that there let this what how the if do did is are")
_OFTEN = word_set("usually normally really actually sometimes then just else exactly")
# Before "do you", "is it" and their like, these say that no question begins there: "so do I", "what I can do is it".
_NOT_BEFORE_VERB = word_set(
    """
    what how why where when who which whose nor neither as than only never i we you they he she it to the a an my your our not
    will would can could should might may must hardly rarely if whether that there this
    """
)
_ELLIPTIC_HEADS = word_set("what how why where who which when")
_PREPOSITIONS = word_set("in to for from of at on with like about by such as")
_CLAUSE_STARTS = word_set("that the i we you they he she it a because if when what my your")
# A question mark behind these alone asks nothing: "Yeah?"
_NODS = word_set("really huh pardon me excuse you know what is that i see all true eh")
_LEADS_AND_NODS = _LEADS | _NODS
_SAYING = word_set("say said says saying thought think asked ask asking goes wonder wondering wondered")
# How many points a question word needs to ask, and what its place and the sign behind it add to what its form shows.
_ENOUGH, _ENOUGH_UNMARKED, _FIRST, _FRESH, _MARKED, _STATED = 2.5, 2.0, 1.5, 0.5, 1.5, 0.5
# A question rarely runs longer than this; in text without signs something must end it.
_LONGEST = 24


def detect_open(call: Call, behaviour: Behaviour) -> Found:
    """Moments of open questions; reads ``closed_question``, whose questions are not open."""
    return _moments(call, behaviour, questions(call, behaviour.id, behaviour.reads_from("closed_question")), is_open=True)


def detect_closed(call: Call, behaviour: Behaviour) -> Found:
    """Moments of closed questions; reads ``open_question``, whose questions are not closed."""
    return _moments(call, behaviour, questions(call, behaviour.reads_from("open_question"), behaviour.id), is_open=False)


def _moments(call: Call, behaviour: Behaviour, asked: tuple[Question, ...], *, is_open: bool) -> Found:
    out = call.left_out(behaviour)
    return Found(
        [
            call.moment(behaviour.id, q.turn, q.first, q.last, kind=q.kind, rule=q.rule)
            for q in asked
            if q.is_open == is_open and q.turn not in out
        ],
        [],
    )


def questions(call: Call, open_id: str, closed_id: str) -> tuple[Question, ...]:
    """Every question of a call, in order, by the phrases of the behaviours with these ids; what one finds the other does not."""
    return call.memo(f"questions {open_id} {closed_id}", lambda: _questions(call, open_id, closed_id))


def _questions(call: Call, open_id: str, closed_id: str) -> tuple[Question, ...]:
    marked = "?" in call.words
    blocked = _spans([*call.hits_of(open_id, "blockers"), *call.hits_of(closed_id, "blockers")])
    facts = {h.first for h in call.hits_of(closed_id, "facts")}
    wondering = {h.last: h for group in ("wondering", "asking") for h in call.hits_of(open_id, group)}
    found: list[Question] = []
    # Words that belong to the head of a question already found.
    taken: set[int] = set()

    def add(turn: int, first: int, head: int, is_open: bool, kind: str, rule: str) -> None:
        place = range(first, head + 1)
        if not taken.isdisjoint(place) or not blocked.isdisjoint(place):
            return
        taken.update(place)
        found.append(Question(turn, first, _end(call, turn, head), is_open, kind, rule))

    for h in call.hits_of(closed_id, "asks_fact"):
        add(h.turn, h.first, h.last - 1, False, "fact", h.rule.pattern)
    for h in sorted(call.hits_of(open_id, "invitations"), key=lambda h: (h.first, -h.last)):
        add(h.turn, h.first, h.last - 1, True, "invitation", h.rule.pattern)
    for h in call.hits_of(open_id, "openings"):
        add(h.turn, h.first, h.last - 1, True, "opening", h.rule.pattern)
    for h in call.hits_of(open_id, "question_words"):
        if h.first in taken:
            continue
        head = _asked(call, h, wondering, facts, marked)
        if head is None:
            continue
        first = wondering[h.first].first if h.first in wondering else h.first
        word = call.words[h.first]
        if h.first in facts or word in _FACT_WORDS or (word == "how" and call.words[h.first + 1] in _QUANTITY):
            add(h.turn, first, head, False, "fact", f"{word} (a detail)")
        else:
            add(h.turn, first, head, True, word if word in ("what", "how", "why") else "other", word)
    open_ones = {i for q in found if q.is_open for i in range(q.first, q.last)}
    for h in call.hits_of(closed_id, "inversions"):
        if not taken.isdisjoint(range(h.first, h.last)):
            continue
        kind = _inverted(call, h, open_ones, marked)
        if kind:
            add(h.turn, h.first, h.last - 1, False, kind, " ".join(call.words[h.first : h.last]))
    words = call.words
    for h in call.hits_of(closed_id, "right_tags"):
        first = h.first
        while words[first - 1] not in BOUNDARIES and h.last - first < _LONGEST:
            first -= 1
        if h.last - first >= 5 and taken.isdisjoint(range(first, h.last)):
            add(h.turn, h.last - 1, h.last - 1, False, "tag", "right")
    for h in call.hits_of(closed_id, "phrases"):
        add(h.turn, h.first, h.last - 1, False, h.rule.kind or "yes_no", h.rule.pattern)
    found.sort()
    asked = _last_words(found)
    for h in call.hits_of(closed_id, "question_mark"):
        _marked(call, h, asked, taken, blocked, facts, found)
    found.sort()
    return tuple(_tight(found))


def _spans(hits: list[Hit]) -> set[int]:
    return {i for h in hits for i in range(h.first, h.last)}


def _asked(call: Call, h: Hit, wondering: dict[int, Hit], facts: set[int], marked: bool) -> int | None:
    """The last word of a question's head if the question word asks one, else None."""
    words, i = call.words, h.first
    after = words[i + 1]
    if i in wondering:
        if words[i] == "when" and after in _PERSONS:
            return None  # "tell me when I call"
        aloud = wondering[i].rule.group == "wondering"
        return i if after not in BOUNDARIES and (not aloud or _addressed(words, i)) else None
    if after in BOUNDARIES:
        # "Why?" as a whole; "what?" alone asks to hear it again.
        asks = words[i] != "what" and (after == "?" or words[i] == "why")
        return i if asks and words[_beginning(words, i) - 1] in BOUNDARIES else None
    points, head = _form(call, i)
    if head < 0:
        return None
    start = _beginning(words, i)
    first = words[start - 1] in BOUNDARIES
    fresh = first or (start - 1) in call.marks
    sign = _sentence_end(call, head)
    points += _FIRST if first else _FRESH if fresh else 0.0
    if i in facts:
        points += 1.0
    if sign == "?":
        points += _MARKED
    elif sign == "." and marked:
        points -= _STATED
    plain_inversion = words[head - 1] in _DO and words[head] in _PRONOUNS
    if words[i - 1] in _GOVERNORS and not fresh and not plain_inversion:
        points -= 2.0
    if words[i] in ("who", "which", "whose") and words[head] not in _PERSONS and not first and sign != "?":
        points -= 2.0  # a relative clause
    if not _SAYING.isdisjoint(words[max(start - 4, 0) : start]) and not first:
        points -= 1.5  # what someone asked somewhere else
    if _free_relative(words, head):
        points -= 2.0
    return head if points >= (_ENOUGH if marked else _ENOUGH_UNMARKED) else None


def _beginning(words: list[str], i: int) -> int:
    """Where a question begins whose question word stands at ``i``, with what leads up to it."""
    start = _after_leads(words, i)
    if words[start - 2 : start] == words[i : i + 2]:
        start -= 2  # "what was, what was the other one"
    if words[start - 1] in _PREPOSITIONS and words[i] in ("what", "which") and words[i + 1] not in _AUX:
        start = _after_leads(words, start - 1)  # "in what way"
    return start


def _after_leads(words: list[str], i: int) -> int:
    """Where the words begin that only lead up to the word at ``i``: "okay, and so", "thank you", a word broken off, the word itself said before."""
    while True:
        before = words[i - 1]
        if before in _LEADS or before == words[i] or (len(before) == 1 and before.isalpha() and before not in "ia"):
            i -= 1
        elif (words[i - 2], before) in _LEAD_PAIRS:
            i -= 2
        else:
            return i


def _form(call: Call, i: int) -> tuple[float, int]:
    """How surely the words after a question word make a question of it, in points, and the last word of its head (-1: none)."""
    words = call.words
    word, after = words[i], words[i + 1]
    if after in _AUX:
        return _verb_at(call, i, i + 1)
    if i in call.marks and after != word:
        return 0.0, -1  # "about, what, five years"
    if after in ("about", "else") and word in ("what", "how", "who", "where"):
        beyond = words[i + 2]
        if after == "about" and (
            beyond in _SUGGESTING or beyond.endswith("ing") or (word == "how" and beyond == "that" and words[i + 3] in BOUNDARIES)
        ):
            return 0.0, -1
        return 2.0, i + 1
    if word == "how" and after == "come":
        return 2.0, i + 1
    verb = i + 1 + (after in _OFTEN)
    if words[verb] in _SUBJECT_VERBS and word in ("what", "who"):
        return 1.0, verb
    if word in ("what", "which", "how", "whose") and (after == "one" or after not in _DETERMINERS):
        # "what kind of music do you like", "how confident are you"
        for j in range(i + 2, i + 9):
            if words[j - 1] in _ENDS_NOUN:
                break
            if words[j] in _AUX:
                return _verb_at(call, i, j)
    return 0.0, -1


def _verb_at(call: Call, i: int, j: int) -> tuple[float, int]:
    words = call.words
    word, verb = words[i], words[j]
    negated = words[j + 1] == "not"
    s = j + 1 + negated
    subject = words[s]
    if subject in BOUNDARIES:
        return (0.5, j) if subject == "?" else (0.0, -1)
    if word == "why" and negated and verb == "do" and (subject in ("we", "i") or (subject == "you" and words[s + 1] not in _WANTED)):
        return 0.0, -1  # "why don't we start": a proposal
    if subject == "you":
        return 3.0, s
    if subject in ("we", "they", "he", "she", "i") or (subject in _PRONOUNS and verb in _DO):
        return 2.5, s
    if j == i + 1 and subject in ("it", "that") and s in call.marks and call.marks[s] == ",":
        return 0.0, -1  # looking for a word: "what was it, a Tuesday"
    if word in ("which", "when") and j == i + 1 and (word == "which" or verb not in _DO) and _sentence_end(call, s) != "?":
        return 0.0, -1  # "which is why", "when was it"
    if subject in _PRONOUNS:
        return 1.5, s
    if subject in _DETERMINERS:
        return (2.0 if subject == "your" or verb in _DO else 1.5), s
    if verb in ("do", "does", "did"):
        return 2.0, s
    return (1.5 if word == "how" and j > i + 1 else 1.0 if verb in _DO else 0.5), s


def _addressed(words: list[str], i: int) -> bool:
    """Whether "you" or a question mark stands near: wondering aloud about others asks nothing."""
    for j in range(i + 1, i + 14):
        if words[j] in ("you", "your", "yourself", "?"):
            return True
        if words[j] in BOUNDARIES:
            return False
    return False


def _free_relative(words: list[str], head: int) -> bool:
    """Whether a clause that a question word begins is the subject of another: "what happened is that …"."""
    row = words[head + 1 : head + 8]
    if "is" not in row and "was" not in row:
        return False
    for j, word in enumerate(row, head + 1):
        if word in BOUNDARIES:
            return False
        if word in ("is", "was") and words[j + 1] in _CLAUSE_STARTS:
            return True
    return False


def _inverted(call: Call, h: Hit, open_ones: set[int], has_marks: bool) -> str | None:
    """The kind of closed question that a verb before its subject begins, or None where it begins none."""
    words, i = call.words, h.first
    verb, before, subject, after = words[i], words[i - 1], words[h.last - 1], words[h.last]
    marked = (i - 1) in call.marks
    if (before in _NOT_BEFORE_VERB and not marked) or before in _AUX or after in _PERSONS or after == "oh":
        return None  # "what I can do is it"; "oh do you, they …"
    fresh = marked or before in BOUNDARIES or _after_leads(words, i) < i
    if after in BOUNDARIES or after == "really" or (before == "so" and subject == "i"):
        if before in ("so", "nor", "neither", "as", "than", "and", "oh", "or", "what", "how") or before in BOUNDARIES or before in _LEADS:
            return None  # "so do I"; "oh, is it?" only receives the news
        asks = after == "?" or not has_marks
        return "tag" if asks and (subject in _PERSONS or subject == "it") and before not in _NOT_BEFORE_VERB else None
    if (h.last - 1) in call.marks and words[i + 1] == "not" and before not in BOUNDARIES:
        return None  # "isn't it, …" in passing
    if not fresh and i in open_ones:
        return None  # "what do you think", "what about it do you like"
    ended = _sentence_end(call, h.last)
    if (
        verb in ("should", "were", "had")
        and ended != "?"
        and (after in ("to", "known") or (verb == "should" and subject in ("you", "there")) or (verb == "had" and not fresh))
    ):
        return None  # "should you need", "were you to"
    if verb in ("do", "had", "were", "are") and subject not in _PERSONS and ended != "?" and before not in BOUNDARIES:
        return None  # "had the final say"
    if subject == "there" and after in ("any", "anything", "a", "anyone", "someone", "something", "another"):
        return "choice" if _has_choice(words, h.last) else "yes_no"
    if not fresh and ended != "?" and (verb in _BE or subject not in _PERSONS) and not (subject == "you" and verb in ("are", "were")):
        return None
    if after in ("is", "was", "will", "would", "can") and ended != "?":
        return None  # "the point is it is …"
    return "choice" if _has_choice(words, h.last) else "yes_no"


def _has_choice(words: list[str], i: int) -> bool:
    row = words[i : i + 14]
    if "or" not in row:
        return False
    for j, word in enumerate(row, i):
        if word in BOUNDARIES:
            return False
        if word == "or" and words[j + 1] not in BOUNDARIES and words[j + 1] not in ("not", "anything", "something", "so", "whatever"):
            return True
    return False


def _sentence_end(call: Call, i: int) -> str:
    words = call.words
    while words[i] not in BOUNDARIES:
        i += 1
    return words[i]


def _end(call: Call, turn: int, head: int) -> int:
    """Where a question ends: at its sentence's end, or where a new clause joins on."""
    words, marks = call.words, call.marks
    last = min(call.bounds[turn][1], head + _LONGEST)
    for i in range(head + 1, last):
        word = words[i]
        if word in BOUNDARIES:
            return i
        if i > head + 2 and word in _JOINTS and words[i + 1] in _JOINT_SUBJECTS:
            return i
        if i > head + 1 and (i - 1) in marks and word in ("i", "we", "because", "so", "but", "do", "did", "is", "are", "have", "if"):
            return i
    return last


def _last_words(found: list[Question]) -> dict[int, list[Question]]:
    by_turn: dict[int, list[Question]] = {}
    for q in found:
        by_turn.setdefault(q.turn, []).append(q)
    return by_turn


def _marked(
    call: Call, h: Hit, asked: dict[int, list[Question]], taken: set[int], blocked: set[int], facts: set[int], found: list[Question]
) -> None:
    """Adds the question that a question mark alone shows, where its sentence holds none yet."""
    words, end = call.words, h.first
    first = end
    while words[first - 1] not in BOUNDARIES:
        first -= 1
    for q in asked.get(h.turn, ()):
        if q.first < end and q.last > first:
            return
    if _LEADS_AND_NODS.issuperset(words[first:end]) or not blocked.isdisjoint(range(first, end)):
        return
    begin = first
    while begin < end - 1 and words[begin] in _LEADS:
        begin += 1
    head = begin
    if words[head] in _PREPOSITIONS and head + 1 < end and words[head + 1] in _ELLIPTIC_HEADS:
        head += 1
    proposal = words[head + 1] == "if" or (
        words[head + 1] == "about" and (words[head + 2] in _SUGGESTING or words[head + 2].endswith("ing"))
    )
    aside = words[head] == "when" and words[head + 1] in _PRONOUNS
    if words[head] in _ELLIPTIC_HEADS and not proposal and not aside and not (end - head == 1 and words[head] == "what"):
        quantity = head in facts or words[head] in _FACT_WORDS or (words[head] == "how" and words[head + 1] in _QUANTITY)
        kind = words[head] if words[head] in ("what", "how", "why") else "other"
        found.append(Question(h.turn, begin, end, not quantity, "fact" if quantity else kind, words[head]))
        return
    if not _ELLIPTIC_HEADS.isdisjoint(words[end - 2 : end]) and any(
        words[k] in _ELLIPTIC_HEADS and words[k - 1] in ("like", "is", "or", "for", "to", "from", "then")
        for k in range(max(begin + 1, end - 2), end)
    ):
        found.append(Question(h.turn, begin, end, True, "other", "ends in a question word"))
        return
    if end - begin == 2 and words[begin] in _AUX and words[begin + 1] in _PRONOUNS:
        return  # "Oh, are you?"
    if end - begin <= 5 and _echoes(call, h.turn, begin, end):
        return
    found.append(Question(h.turn, begin, end, False, "check", "a statement with a question mark"))


def _echoes(call: Call, turn: int, first: int, last: int) -> bool:
    """Whether the words only say again what the other side just said: "Thursday?" receives it."""
    other = others_before(call)[turn]
    if other < 0:
        return False
    begin, end = call.bounds[other]
    return set(call.words[begin:end]).issuperset(call.words[first:last])


def _tight(found: list[Question]) -> list[Question]:
    """The questions with each ending where the next one of its turn begins.

    Of several in one turn the customer answers the last: a closed question that gives way to an open one is left out.
    """
    out: list[Question] = []
    for q in found:
        if out and out[-1].turn == q.turn and out[-1].last > q.first:
            out[-1] = out[-1]._replace(last=q.first)
        out.append(q)
    last_of = {q.turn: q for q in out}
    return [q for q in out if q.last > q.first and (q.is_open or not last_of[q.turn].is_open)]
