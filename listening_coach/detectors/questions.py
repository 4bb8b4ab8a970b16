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

from bisect import bisect_left
from typing import NamedTuple

from ..behaviours import Behaviour
from ..language.call import Call, Hit
from ..language.clauses import sentence_end
from ..language.normaliser import BOUNDARIES
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


# A question rarely runs longer than this; in text without signs something must end it.
_LONGEST_WORDS = 24
# A statement that "right" closes has at least so many words.
_TAGGED_WORDS = 5
# A question in so few words that only says again what was just said receives it.
_ECHO_WORDS = 5
# What someone asked somewhere else is told of within so many words before the question.
_RETOLD_WORDS = 4


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
    search = _Search(call, open_id, closed_id)
    search.by_phrases()
    search.by_question_words()
    search.by_inversions()
    search.by_tags()
    search.by_question_marks()
    return tuple(_tight(search.found))


class _Search:
    """The search for the questions of one call, the surest signs first; ``found`` gathers them.

    ``taken`` are the words that belong to the head of a question already found, ``blocked`` those that a blocker covers.
    """

    def __init__(self, call: Call, open_id: str, closed_id: str) -> None:
        self.call = call
        self.open_id = open_id
        self.closed_id = closed_id
        self.has_marks = "?" in call.words
        self.blocked = _spans([*call.hits_of(open_id, "blockers"), *call.hits_of(closed_id, "blockers")])
        self.facts = {h.first for h in call.hits_of(closed_id, "facts")}
        self.wondering = {h.last: h for group in ("wondering", "asking") for h in call.hits_of(open_id, group)}
        self.found: list[Question] = []
        self.taken: set[int] = set()

    def _add(self, turn: int, first: int, head: int, *, is_open: bool, kind: str, rule: str) -> None:
        place = range(first, head + 1)
        if not self.taken.isdisjoint(place) or not self.blocked.isdisjoint(place):
            return
        self.taken.update(place)
        self.found.append(Question(turn, first, _end(self.call, turn, head), is_open, kind, rule))

    def by_phrases(self) -> None:
        """Phrases that ask by themselves: "what is your number", "tell me about"."""
        for h in self.call.hits_of(self.closed_id, "asks_fact"):
            self._add(h.turn, h.first, h.last - 1, is_open=False, kind="fact", rule=h.rule.pattern)
        for h in sorted(self.call.hits_of(self.open_id, "invitations"), key=lambda h: (h.first, -h.last)):
            self._add(h.turn, h.first, h.last - 1, is_open=True, kind="invitation", rule=h.rule.pattern)
        for h in self.call.hits_of(self.open_id, "openings"):
            self._add(h.turn, h.first, h.last - 1, is_open=True, kind="opening", rule=h.rule.pattern)

    def by_question_words(self) -> None:
        """Question words that ask; whether for a detail or for whatever the other side wants to say."""
        call, its = self.call, self.call.language.words
        for h in call.hits_of(self.open_id, "question_words"):
            if h.first in self.taken:
                continue
            head = _asked(call, h, self.wondering, self.facts, self.has_marks)
            if head is None:
                continue
            first = self.wondering[h.first].first if h.first in self.wondering else h.first
            word = call.words[h.first]
            of_quantity = word == "how" and call.words[h.first + 1] in its["questions.quantity"]
            if h.first in self.facts or word in its["questions.fact_words"] or of_quantity:
                self._add(h.turn, first, head, is_open=False, kind="fact", rule=f"{word} (a detail)")
            else:
                self._add(h.turn, first, head, is_open=True, kind=word if word in ("what", "how", "why") else "other", rule=word)

    def by_inversions(self) -> None:
        """Verbs before their subjects: "do you", "is it"."""
        open_ones = {i for q in self.found if q.is_open for i in range(q.first, q.last)}
        for h in self.call.hits_of(self.closed_id, "inversions"):
            if self.taken.isdisjoint(range(h.first, h.last)) and (kind := _inverted(self.call, h, open_ones, self.has_marks)):
                self._add(h.turn, h.first, h.last - 1, is_open=False, kind=kind, rule=" ".join(self.call.words[h.first : h.last]))

    def by_tags(self) -> None:
        """Statements that a "right" closes, and the closed phrases of the file."""
        words = self.call.words
        for h in self.call.hits_of(self.closed_id, "right_tags"):
            first = h.first
            while words[first - 1] not in BOUNDARIES and h.last - first < _LONGEST_WORDS:
                first -= 1
            if h.last - first >= _TAGGED_WORDS and self.taken.isdisjoint(range(first, h.last)):
                self._add(h.turn, h.last - 1, h.last - 1, is_open=False, kind="tag", rule="right")
        for h in self.call.hits_of(self.closed_id, "phrases"):
            self._add(h.turn, h.first, h.last - 1, is_open=False, kind=h.rule.kind or "yes_no", rule=h.rule.pattern)

    def by_question_marks(self) -> None:
        """Sentences with a question mark that hold no question yet."""
        self.found.sort()
        asked = _asked_in(self.found)
        for h in self.call.hits_of(self.closed_id, "question_mark"):
            if question := _marked(self.call, h, asked.get(h.turn, _NOTHING_ASKED), self.blocked, self.facts):
                self.found.append(question)
        self.found.sort()


def _spans(hits: list[Hit]) -> set[int]:
    return {i for h in hits for i in range(h.first, h.last)}


def _asked(call: Call, h: Hit, wondering: dict[int, Hit], facts: set[int], marked: bool) -> int | None:
    """The last word of a question's head if the question word asks one, else None."""
    its, weights = call.language.words, call.language.weights_of("questions")
    words, i = call.words, h.first
    after = words[i + 1]
    if i in wondering:
        if words[i] == "when" and after in its["questions.persons"]:
            return None  # "tell me when I call"
        aloud = wondering[i].rule.group == "wondering"
        return i if after not in BOUNDARIES and (not aloud or _addressed(words, i)) else None
    if after in BOUNDARIES:
        # "Why?" as a whole; "what?" alone asks to hear it again.
        asks = words[i] != "what" and (after == "?" or words[i] == "why")
        return i if asks and words[_beginning(call, i) - 1] in BOUNDARIES else None
    points, head = _form(call, i)
    if head < 0:
        return None
    start = _beginning(call, i)
    first = words[start - 1] in BOUNDARIES
    fresh = first or (start - 1) in call.marks
    sign = words[sentence_end(call, head)]
    points += weights["first"] if first else weights["fresh"] if fresh else 0.0
    if i in facts:
        points += weights["fact"]
    if sign == "?":
        points += weights["marked"]
    elif sign == "." and marked:
        points += weights["stated"]
    plain_inversion = words[head - 1] in its["questions.do"] and words[head] in its["questions.pronouns"]
    if words[i - 1] in its["questions.governors"] and not fresh and not plain_inversion:
        points += weights["governed"]
    if words[i] in ("who", "which", "whose") and words[head] not in its["questions.persons"] and not first and sign != "?":
        points += weights["relative"]  # a relative clause
    if not its["questions.saying"].isdisjoint(words[max(start - _RETOLD_WORDS, 0) : start]) and not first:
        points += weights["retold"]  # what someone asked somewhere else
    if _free_relative(call, head):
        points += weights["subject"]
    return head if points >= weights["enough" if marked else "enough_unmarked"] else None


def _beginning(call: Call, i: int) -> int:
    """Where a question begins whose question word stands at ``i``, with what leads up to it."""
    words, its = call.words, call.language.words
    start = _after_leads(call, i)
    if words[start - 2 : start] == words[i : i + 2]:
        start -= 2  # "what was, what was the other one"
    if words[start - 1] in its["questions.prepositions"] and words[i] in ("what", "which") and words[i + 1] not in its["questions.aux"]:
        start = _after_leads(call, start - 1)  # "in what way"
    return start


def _after_leads(call: Call, i: int) -> int:
    """Where the words begin that only lead up to the word at ``i``: "okay, and so", "thank you", a word broken off, the word itself said before."""
    words, leads, lead_pairs = call.words, call.language.words["questions.leads"], call.language.rows["questions.lead_pairs"]
    while True:
        before = words[i - 1]
        if before in leads or before == words[i] or (len(before) == 1 and before.isalpha() and before not in "ia"):
            i -= 1
        elif (words[i - 2], before) in lead_pairs:
            i -= 2
        else:
            return i


def _form(call: Call, i: int) -> tuple[float, int]:
    """How surely the words after a question word make a question of it, in points, and the last word of its head (-1: none)."""
    its = call.language.words
    words = call.words
    word, after = words[i], words[i + 1]
    if after in its["questions.aux"]:
        return _verb_at(call, i, i + 1)
    if i in call.marks and after != word:
        return 0.0, -1  # "about, what, five years"
    if after in ("about", "else") and word in ("what", "how", "who", "where"):
        beyond = words[i + 2]
        if after == "about" and (
            beyond in its["questions.suggesting"]
            or beyond.endswith("ing")
            or (word == "how" and beyond == "that" and words[i + 3] in BOUNDARIES)
        ):
            return 0.0, -1
        return 2.0, i + 1
    if word == "how" and after == "come":
        return 2.0, i + 1
    verb = i + 1 + (after in its["questions.often"])
    if words[verb] in its["questions.subject_verbs"] and word in ("what", "who"):
        return 1.0, verb
    if word in ("what", "which", "how", "whose") and (after == "one" or after not in its["questions.determiners"]):
        # "what kind of music do you like", "how confident are you"
        for j in range(i + 2, i + 9):
            if words[j - 1] in its["questions.ends_noun"]:
                break
            if words[j] in its["questions.aux"]:
                return _verb_at(call, i, j)
    return 0.0, -1


def _verb_at(call: Call, i: int, j: int) -> tuple[float, int]:
    its = call.language.words
    words = call.words
    word, verb = words[i], words[j]
    negated = words[j + 1] == "not"
    s = j + 1 + negated
    subject = words[s]
    if subject in BOUNDARIES:
        return (0.5, j) if subject == "?" else (0.0, -1)
    if (
        word == "why"
        and negated
        and verb == "do"
        and (subject in ("we", "i") or (subject == "you" and words[s + 1] not in its["questions.wanted"]))
    ):
        return 0.0, -1  # "why don't we start": a proposal
    if subject == "you":
        return 3.0, s
    if subject in ("we", "they", "he", "she", "i") or (subject in its["questions.pronouns"] and verb in its["questions.do"]):
        return 2.5, s
    if j == i + 1 and subject in ("it", "that") and s in call.marks and call.marks[s] == ",":
        return 0.0, -1  # looking for a word: "what was it, a Tuesday"
    if (
        word in ("which", "when")
        and j == i + 1
        and (word == "which" or verb not in its["questions.do"])
        and words[sentence_end(call, s)] != "?"
    ):
        return 0.0, -1  # "which is why", "when was it"
    if subject in its["questions.pronouns"]:
        return 1.5, s
    if subject in its["questions.determiners"]:
        return (2.0 if subject == "your" or verb in its["questions.do"] else 1.5), s
    if verb in ("do", "does", "did"):
        return 2.0, s
    return (1.5 if word == "how" and j > i + 1 else 1.0 if verb in its["questions.do"] else 0.5), s


def _addressed(words: list[str], i: int) -> bool:
    """Whether "you" or a question mark stands near: wondering aloud about others asks nothing."""
    for j in range(i + 1, i + 14):
        if words[j] in ("you", "your", "yourself", "?"):
            return True
        if words[j] in BOUNDARIES:
            return False
    return False


def _free_relative(call: Call, head: int) -> bool:
    """Whether a clause that a question word begins is the subject of another: "what happened is that …"."""
    words, starts = call.words, call.language.words["questions.clause_starts"]
    row = words[head + 1 : head + 8]
    if "is" not in row and "was" not in row:
        return False
    for j, word in enumerate(row, head + 1):
        if word in BOUNDARIES:
            return False
        if word in ("is", "was") and words[j + 1] in starts:
            return True
    return False


def _inverted(call: Call, h: Hit, open_ones: set[int], has_marks: bool) -> str | None:
    """The kind of closed question that a verb before its subject begins, or None where it begins none."""
    its = call.language.words
    words, i = call.words, h.first
    verb, before, subject, after = words[i], words[i - 1], words[h.last - 1], words[h.last]
    marked = (i - 1) in call.marks
    if (
        (before in its["questions.not_before_verb"] and not marked)
        or before in its["questions.aux"]
        or after in its["questions.persons"]
        or after == "oh"
    ):
        return None  # "what I can do is it"; "oh do you, they …"
    fresh = marked or before in BOUNDARIES or _after_leads(call, i) < i
    if after in BOUNDARIES or after == "really" or (before == "so" and subject == "i"):
        return "tag" if (after == "?" or not has_marks) and _is_tag(call, before, subject) else None
    if (h.last - 1) in call.marks and words[i + 1] == "not" and before not in BOUNDARIES:
        return None  # "isn't it, …" in passing
    if not fresh and i in open_ones:
        return None  # "what do you think", "what about it do you like"
    ended = words[sentence_end(call, h.last)]
    if (
        verb in ("should", "were", "had")
        and ended != "?"
        and (after in ("to", "known") or (verb == "should" and subject in ("you", "there")) or (verb == "had" and not fresh))
    ):
        return None  # "should you need", "were you to"
    if verb in ("do", "had", "were", "are") and subject not in its["questions.persons"] and ended != "?" and before not in BOUNDARIES:
        return None  # "had the final say"
    if subject == "there" and after in ("any", "anything", "a", "anyone", "someone", "something", "another"):
        return "choice" if _has_choice(words, h.last) else "yes_no"
    if (
        not fresh
        and ended != "?"
        and (verb in its["questions.be"] or subject not in its["questions.persons"])
        and not (subject == "you" and verb in ("are", "were"))
    ):
        return None
    if after in ("is", "was", "will", "would", "can") and ended != "?":
        return None  # "the point is it is …"
    return "choice" if _has_choice(words, h.last) else "yes_no"


def _is_tag(call: Call, before: str, subject: str) -> bool:
    """Whether a verb and its subject at a sentence's end tag a statement: "so do I", and "oh, is it?", which only receives the news, do not."""
    its = call.language.words
    if before in its["questions.before_no_tag"] or before in BOUNDARIES or before in its["questions.leads"]:
        return False
    return (subject in its["questions.persons"] or subject == "it") and before not in its["questions.not_before_verb"]


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


def _end(call: Call, turn: int, head: int) -> int:
    """Where a question ends: at its sentence's end, or where a new clause joins on."""
    its = call.language.words
    words, marks = call.words, call.marks
    last = min(call.bounds[turn][1], head + _LONGEST_WORDS)
    for i in range(head + 1, last):
        word = words[i]
        if word in BOUNDARIES:
            return i
        if i > head + 2 and word in its["questions.joints"] and words[i + 1] in its["questions.joint_subjects"]:
            return i
        if i > head + 1 and (i - 1) in marks and word in ("i", "we", "because", "so", "but", "do", "did", "is", "are", "have", "if"):
            return i
    return last


class _Asked(NamedTuple):
    """The questions of a turn by their first words, and how far those up to each reach."""

    firsts: list[int]
    reach: list[int]


_NOTHING_ASKED = _Asked([], [])


def _asked_in(found: list[Question]) -> dict[int, _Asked]:
    """The questions found so far, in order, by turn."""
    by_turn: dict[int, _Asked] = {}
    for q in found:
        asked = by_turn.setdefault(q.turn, _Asked([], []))
        asked.firsts.append(q.first)
        asked.reach.append(max(q.last, asked.reach[-1]) if asked.reach else q.last)
    return by_turn


def _marked(call: Call, h: Hit, asked: _Asked, blocked: set[int], facts: set[int]) -> Question | None:
    """The question that a question mark alone shows, where its sentence holds none yet."""
    words, end, its = call.words, h.first, call.language.words
    first = end
    while words[first - 1] not in BOUNDARIES:
        first -= 1
    before = bisect_left(asked.firsts, end)
    if before and asked.reach[before - 1] > first:
        return None
    if its["questions.leads_and_nods"].issuperset(words[first:end]) or not blocked.isdisjoint(range(first, end)):
        return None
    begin = first
    while begin < end - 1 and words[begin] in its["questions.leads"]:
        begin += 1
    if elliptic := _elliptic(call, h.turn, begin, end, facts):
        return elliptic
    if _ends_in_question_word(call, begin, end):
        return Question(h.turn, begin, end, True, "other", "ends in a question word")
    if end - begin == 2 and words[begin] in its["questions.aux"] and words[begin + 1] in its["questions.pronouns"]:
        return None  # "Oh, are you?"
    if end - begin <= _ECHO_WORDS and _echoes(call, h.turn, begin, end):
        return None
    return Question(h.turn, begin, end, False, "check", "a statement with a question mark")


def _elliptic(call: Call, turn: int, begin: int, end: int, facts: set[int]) -> Question | None:
    """The question that a question word without a verb asks: "And how much?", "From where?"."""
    words, its = call.words, call.language.words
    heads = its["questions.elliptic_heads"]
    head = begin
    if words[head] in its["questions.prepositions"] and head + 1 < end and words[head + 1] in heads:
        head += 1
    word, after = words[head], words[head + 1]
    proposal = after == "if" or (after == "about" and (words[head + 2] in its["questions.suggesting"] or words[head + 2].endswith("ing")))
    aside = word == "when" and after in its["questions.pronouns"]
    if word not in heads or proposal or aside or (end - head == 1 and word == "what"):
        return None
    if head in facts or word in its["questions.fact_words"] or (word == "how" and after in its["questions.quantity"]):
        return Question(turn, begin, end, False, "fact", word)
    return Question(turn, begin, end, True, word if word in ("what", "how", "why") else "other", word)


def _ends_in_question_word(call: Call, begin: int, end: int) -> bool:
    """Whether a sentence's last word or last but one asks: "You went from where?"."""
    words, its = call.words, call.language.words
    heads = its["questions.elliptic_heads"]
    return not heads.isdisjoint(words[end - 2 : end]) and any(
        words[k] in heads and words[k - 1] in its["questions.before_last_head"] for k in range(max(begin + 1, end - 2), end)
    )


def _echoes(call: Call, turn: int, first: int, last: int) -> bool:
    """Whether the words only say again what the other side just said: "Thursday?" receives it."""
    other = others_before(call)[turn]
    if other < 0:
        return False
    heard = call.memo(f"all words of turn {other}", lambda: set(call.turn_words(other)))
    return heard.issuperset(call.words[first:last])


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
