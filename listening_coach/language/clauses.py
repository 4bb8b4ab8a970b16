"""Where sentences and clauses begin and end, and whether they ask: the one reader of them for all detectors.

A sentence ends at a sign or with its turn. A clause is cut out of a sentence where a new one must begin: in punctuated text at
a joint before a subject or behind a comma, in speech without signs where words say so. The word classes stand in the language's
``clauses.toml`` and ``questions.toml``. All looking is bounded, so that a turn of a megabyte without punctuation costs no more
than any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress, count, islice

from .call import Call, Hit
from .language import Language
from .normaliser import BOUNDARIES, SENTENCE_ENDS, TURN_END

Ranges = list[tuple[int, int]]

_SENTENCE_ENDS = frozenset(SENTENCE_ENDS)
_PAUSES = (",", "\u2014", "\u2026")
_QUOTE_MARKS = frozenset((",", ";", ":", "\u2014", "\u2026"))
# A sentence of at most so many words is quoted whole; of a longer one, clauses until there are so many words.
_WHOLE_SENTENCE, _ENOUGH_WORDS = 24, 9
# A quote follows its clause for so many words to either side; cut off in its middle it would read as if it ended.
_QUOTED_WORDS = 8
# A clause parted by a joint has at least so many words.
_LEAST_WORDS = 3
# A tag ends a statement of at least so many words, itself among them.
_TAGGED_WORDS = 4
# A question in text without signs lies among a turn's last words.
_ENDING_WORDS = 14
# How far before a hit the head of its sentence is looked for, to see whether it asks.
_ASKING_WORDS = 4


# -------------------------------------------------------------------------------------------------------------- sentences


def sentence_end(call: Call, word: int) -> int:
    """The place of the sign or turn end that closes the sentence of a word."""
    return call.sentence_end(word)


def sentence(call: Call, hit: Hit, most: int) -> tuple[int, int]:
    """The words of a hit's sentence, at most ``most`` more on either side."""
    words = call.words
    first, last = hit.first, hit.last
    while words[first - 1] not in BOUNDARIES and hit.first - first < most:
        first -= 1
    while words[last] not in BOUNDARIES and last - hit.last < most:
        last += 1
    return first, last


def before(call: Call, hit: Hit, most: int) -> list[str]:
    """Up to ``most`` words of the sentence before a hit, nearest first."""
    return call.words[sentence(call, hit, most)[0] : hit.first][::-1]


def after(call: Call, hit: Hit, most: int) -> list[str]:
    """Up to ``most`` words of the sentence behind a hit."""
    return call.words[hit.last : sentence(call, hit, most)[1]]


def sentences(call: Call, first: int, last: int) -> Ranges:
    """The sentences in a range of words, without their closing signs."""
    row = call.words[first:last]
    if _SENTENCE_ENDS.isdisjoint(row):
        return [(first, last)] if last > first else []
    found, begin = [], first
    for i, word in enumerate(row, first):
        if word in _SENTENCE_ENDS:
            if i > begin:
                found.append((begin, i))
            begin = i + 1
    if last > begin:
        found.append((begin, last))
    return found


def turn_sentences(call: Call) -> list[Ranges]:
    """For each turn its sentences as ranges of words, without their closing signs."""
    return _cut(call)[0]


def clauses(call: Call) -> list[Ranges]:
    """For each turn its clauses as ranges of words; speech without punctuation is cut where a new clause must begin."""
    return _cut(call)[1]


def readable(call: Call, turn: int, clause: tuple[int, int]) -> tuple[int, int]:
    """As much around a clause of a turn as is understood by itself: its sentence, or the clauses beside it where that is long.

    It does not end in a word that leads to more, such as "and".
    """
    begin, end = next((each for each in turn_sentences(call)[turn] if each[0] <= clause[0] < each[1]), clause)
    if end - begin <= _WHOLE_SENTENCE:
        return min(begin, clause[0]), max(end, clause[1])
    beside = [each for each in clauses(call)[turn] if begin <= each[0] < end]
    joints = call.language.words["clauses.quote_joints"]
    first = last = next((i for i, each in enumerate(beside) if each[0] <= clause[0] < each[1]), -1)
    if first < 0:
        return clause
    while beside[last][1] - beside[first][0] < _ENOUGH_WORDS and last - first < len(beside) - 1:
        if first and (call.words[beside[first][0]] in joints or last == len(beside) - 1):
            first -= 1
        else:
            last += 1
    end = beside[last][1]
    while end - beside[first][0] > 1 and call.words[end - 1] in joints:
        end -= 1
    return beside[first][0], end


# ------------------------------------------------------------------------------------------------- the clause around a hit


def quotes(call: Call, hits: Sequence[Hit]) -> Iterator[tuple[Hit, tuple[int, int]]]:
    """Each hit with the words of its clause, as they are quoted; no two share a word.

    ``hits`` stand in the order of the call and do not overlap. A clause that goes on for more than eight words on one
    side of its hit is not followed there: cut off in its middle it would read as if it ended.
    """
    its = call.language.words
    begins = its["clauses.quote_joints"] | its["clauses.quote_asides"] | BOUNDARIES
    ends = its["clauses.quote_joints"] | its["clauses.quote_openers"] | BOUNDARIES
    floor = 0
    for k, hit in enumerate(hits):
        ceiling = hits[k + 1].first if k + 1 < len(hits) and hits[k + 1].turn == hit.turn else len(call.words)
        begin = _quote_begin(call, hit.first, floor, begins)
        floor = end = _quote_end(call, hit.last, ceiling, ends)
        yield hit, (begin, end)


def _quote_begin(call: Call, first: int, floor: int, begins: frozenset[str]) -> int:
    words, marks = call.words, call.marks
    for at in range(first, max(first - _QUOTED_WORDS, floor) - 1, -1):
        if at == floor or words[at - 1] in begins or marks.get(at - 1) in _QUOTE_MARKS:
            return at
    return first


def _quote_end(call: Call, last: int, ceiling: int, ends: frozenset[str]) -> int:
    words, marks = call.words, call.marks
    for at in range(last, min(last + _QUOTED_WORDS, ceiling) + 1):
        if at == ceiling or words[at] in ends or marks.get(at - 1) in _QUOTE_MARKS:
            return at
    return last


def phrase_end(call: Call, last: int, most: int) -> int:
    """Where the clause ends that goes on at the word ``last`` behind a phrase such as "I can", at most ``most`` words on."""
    words, marks, its = call.words, call.marks, call.language.words
    joints, subjects = its["clauses.short_joints"], its["clauses.short_subjects"]
    for i in range(last, last + most):
        word = words[i]
        if word in BOUNDARIES or (i > last and ((i - 1) in marks or (word in joints and words[i + 1] in subjects))):
            return i
    return last + most


def clause_end(call: Call, hit: Hit, most: int) -> int:
    """The word behind the clause in which a hit ends, at most ``most`` words from where the hit begins."""
    words, closers = call.words, call.language.words["clauses.closers"]
    limit = hit.first + most
    end = min(_long_clause_end(call, hit.turn, hit.last - 1, limit), limit)
    while end > hit.last and words[end - 1] in closers:
        end -= 1
    return max(hit.last, end)


def _long_clause_end(call: Call, turn: int, word: int, limit: int) -> int:
    """Where the clause of a word ends, looked for up to ``limit``; a sentence's sign stands in no clause.

    Clauses are sentences cut, at the third word or later, where a new clause may begin.
    """
    words = call.words
    first, last = call.bounds[turn]
    if words[word] in BOUNDARIES:
        return last
    # Of words side by side that may each begin a clause every other one does: where they begin says which.
    at = word
    while at > first and words[at - 1] not in BOUNDARIES and _may_begin(call, at, last):
        at -= 1
    begin = at if at == first or words[at - 1] in BOUNDARIES else at - 1
    for i in range(at + 1, min(limit, last)):
        if words[i] in BOUNDARIES:
            return i
        if i - begin >= _LEAST_WORDS - 1 and _may_begin(call, i, last):
            if i > word:
                return i
            begin = i
    return min(limit, last)


def _may_begin(call: Call, i: int, last: int) -> bool:
    """Whether a word may begin a clause: a joint before a subject, or either of them behind a comma or dash."""
    words, its = call.words, call.language.words
    joints, subjects = its["clauses.long_joints"], its["clauses.long_subjects"]
    word = words[i]
    if call.marks.get(i - 1) in _PAUSES and (word in subjects or word in joints):
        return True
    return word in joints and i + 1 < last and words[i + 1] in subjects


# ------------------------------------------------------------------------------------------------------- whether one asks


def asks(language: Language, row: Sequence[str], tag: bool = False) -> bool:
    """Whether a clause has the form of a question: a question word, or a verb before its subject; a ``tag`` at its end does not count."""
    its = language.words
    verbs, question_words = its["clauses.verbs_first"], its["clauses.question_words"]
    head = row[0]
    if head in verbs or head in its["clauses.questions_themselves"]:
        return True
    if len(row) == 1:
        return False
    if row[-1] in question_words or (head in question_words and row[1] not in its["clauses.persons"]):
        return True  # "what I hear is …", "when you came in" ask nothing
    if verbs.isdisjoint(row):
        return False
    asked, not_before = its["clauses.asked"], its["clauses.not_before_verb"]
    previous, word = "", head
    for i, following in enumerate(islice(row, 1, len(row) - (2 if tag else 0))):
        if i and word in verbs and following in asked and previous not in not_before:
            return True
        if i < 3 and following in verbs and word in question_words:
            return True
        previous, word = word, following
    return False


def ends_in_tag(language: Language, words: Sequence[str], first: int, last: int, least: int = _TAGGED_WORDS) -> bool:
    """Whether a range of at least so many words ends in "is it", "do you", "right", "yes" and the like."""
    return last - first >= least and (
        words[last - 1] in language.words["clauses.tag_words"] or (words[last - 2], words[last - 1]) in language.rows["clauses.tags"]
    )


def hit_is_asked(call: Call, hit: Hit) -> bool:
    """Whether the sentence around a hit asks, or only supposes: by its sign, or by how its clause begins."""
    words = call.words
    if words[sentence_end(call, hit.last)] == "?":
        return True
    begin = hit.first
    while words[begin - 1] not in BOUNDARIES and hit.first - begin < _ASKING_WORDS:
        begin -= 1
    return words[begin] in call.language.words["questions.asks_or_supposes"] and words[begin - 1] in BOUNDARIES and begin < hit.first


def turn_ends_asking(call: Call, turn: int) -> bool:
    """Whether a turn ends in a question: by its sign, or where there are none by words in the order of a yes-or-no question."""
    first, last = call.bounds[turn]
    words = call.words
    if last > first and words[last - 1] in SENTENCE_ENDS:
        return words[last - 1] == "?"
    its = call.language.words
    verbs, tag_subjects = its["questions.end_verbs"], its["questions.end_tag_subjects"]
    begin = max(first, last - _ENDING_WORDS)
    if not verbs.isdisjoint(words[begin:last]) and any(_asks_at(call, k, first, last) for k in range(begin, last - 1)):
        return True
    if last - first > 3 and words[last - 1] in tag_subjects and words[last - 2] == "not" and words[last - 3] in verbs:
        return True  # "…, isn't it"
    return last > first and words[last - 1] == "or"


def _asks_at(call: Call, k: int, first: int, last: int) -> bool:
    """Whether a yes-or-no question begins with the verb at ``k`` of a turn without signs at its end."""
    words, its = call.words, call.language.words
    word, following = words[k], words[k + 1]
    if word not in its["questions.end_verbs"] or following not in its["questions.end_subjects"]:
        return False
    previous = words[k - 1] if k > first else TURN_END
    at_end = k == last - 2
    if at_end and previous in its["questions.not_asking_after"]:
        return False  # "so do I"
    if previous in its["questions.before_end"] or previous in BOUNDARIES:
        return True
    if at_end and following in its["questions.end_tag_subjects"]:
        return True  # "…, is it"
    return (
        following in its["questions.end_spoken_to"]
        and word not in its["questions.end_be"]
        and previous not in its["clauses.question_words"]
        and previous not in its["questions.not_asking_after"]
    )


# ---------------------------------------------------------------------------------------- all sentences and clauses at once

# What stands at a word where a sentence or a punctuated clause may end, as bits; from _ENDS on a sentence does end.
_JOINS, _MARKED, _ENDS, _TURN_ENDS = (1 << n for n in range(4))
# In speech without punctuation a clause may begin at a word of such a kind before a word of such another, or behind one
# that stands alone; kinds as bits. What a kind goes with is the same bit of the next word.
_JOINT, _ASKING_WORD, _ASKING_VERB, _SUBJECT, _LONE, _BEFORE_ANY = (1 << n for n in range(6))
_WITH_ANY = _LONE | _BEFORE_ANY


class _Kinds:
    """What each word of a language is where clauses are cut, as bits; one for a language."""

    def __init__(self, language: Language) -> None:
        its = language.words
        joints, subjects = its["clauses.joints"], its["clauses.subjects"]
        verbs, question_words = its["clauses.verbs_first"], its["clauses.question_words"]
        self._breaks = {TURN_END: _TURN_ENDS, **dict.fromkeys(SENTENCE_ENDS, _ENDS), **dict.fromkeys(joints, _JOINS)}
        self._kind = _bits(
            (_JOINT, joints),
            (_ASKING_WORD, question_words),
            (_ASKING_VERB, verbs),
            (_SUBJECT, its["clauses.bare_subjects"]),
            (_LONE, its["clauses.alone"]),
            (_BEFORE_ANY, its["clauses.after_alone"]),
        )
        self._goes_with = _bits(
            (_JOINT, subjects),
            (_ASKING_WORD, its["clauses.after_question_word"]),
            (_ASKING_VERB, its["clauses.after_question_verb"]),
            (_SUBJECT, its["clauses.finite"]),
            always=_WITH_ANY,
        )

    def breaks(self, word: str) -> int:
        return self._breaks.get(word, 0)

    def kind(self, word: str) -> int:
        return self._kind.get(word, 0)

    def goes_with(self, word: str) -> int:
        return self._goes_with.get(word, _WITH_ANY)


def _bits(*kinds: tuple[int, frozenset[str]], always: int = 0) -> dict[str, int]:
    found: dict[str, int] = {}
    for bit, words in kinds:
        for word in words:
            found[word] = found.get(word, always) | bit
    return found


@lru_cache(maxsize=16)
def _kinds(language: Language) -> _Kinds:
    return _Kinds(language)


def _cut(call: Call) -> tuple[list[Ranges], list[Ranges]]:
    return call.memo("clauses said", lambda: _sentences_and_clauses(call))


def _sentences_and_clauses(call: Call) -> tuple[list[Ranges], list[Ranges]]:
    """The sentences and the clauses of each turn, in one walk over the words at which one may end."""
    of = _kinds(call.language)
    breaks: list[int] = call.each(of.breaks, int).tolist()
    # Whether a word of one kind stands before one it goes with: only there a clause of speech without punctuation may begin or end.
    kinds = call.each(of.kind, int)
    kinds[:-1] &= call.each(of.goes_with, int)[1:]
    bare: list[int] = kinds.tolist()
    for mark in call.marks:
        breaks[mark + 1] |= _MARKED
    all_sentences: list[Ranges] = []
    all_clauses: list[Ranges] = []
    whole: Ranges = []
    parts: Ranges = []
    places: list[int] = []
    begin = 1
    for i in islice(compress(count(), breaks), 1, None):
        at = breaks[i]
        if at < _ENDS:
            places.append(i)
            continue
        if i > begin:
            found = (begin, i)
            whole.append(found)
            if at < _TURN_ENDS and (not places or i - begin <= _LEAST_WORDS):
                parts.append(found)
            elif at < _TURN_ENDS or at & _MARKED or any(breaks[place] & _MARKED and place > begin for place in places):
                parts += _cut_punctuated(call, breaks, places, begin, i)
            else:
                parts += _cut_bare(call, bare, begin, i)
        begin = i + 1
        if places:
            places = []
        if at >= _TURN_ENDS:
            all_sentences.append(whole)
            all_clauses.append(parts)
            whole, parts = [], []
    return all_sentences, all_clauses


def _cut_punctuated(call: Call, breaks: list[int], places: list[int], first: int, last: int) -> Ranges:
    """The clauses of a sentence that has a sign in it or behind it: cut at a joint before a subject and behind a comma or dash."""
    words, its = call.words, call.language.words
    subjects, after_mark, verbs = its["clauses.subjects"], its["clauses.after_mark"], its["clauses.verbs_first"]
    found: Ranges = []
    begin = first
    for i in places:
        if i - begin < _LEAST_WORDS:
            continue
        word, at = words[i], breaks[i]
        if not (at & _JOINS and words[i + 1] in subjects) and not (
            at & _MARKED and (word in after_mark or (word in verbs and call.marks[i - 1] != ","))
        ):
            continue
        found.append((begin, i))
        begin = i
    found.append((begin, last))
    return found


def _cut_bare(call: Call, kinds: list[int], first: int, last: int) -> Ranges:
    """The clauses of speech without punctuation: cut where a clause must begin."""
    words, alone = call.words, call.language.words["clauses.alone"]
    found: Ranges = []
    begin, settled = first, first
    for i in compress(range(first, last), kinds[first:last]):
        kind = kinds[i]
        if i > settled and _starts(call, kind, begin, i, last):
            found.append((begin, i))
            begin = i
        if kind & _BEFORE_ANY:
            # Behind "okay", "please" any word begins a clause.
            settled = i + 1
            if settled < last and (settled - begin >= _LEAST_WORDS - 1 or words[settled] in alone):
                found.append((begin, settled))
                begin = settled
    found.append((begin, last))
    return found


def _starts(call: Call, kind: int, begin: int, i: int, last: int) -> bool:
    """Whether a clause must begin at a word of unpunctuated speech that is of such a kind."""
    if kind & _LONE:
        return True
    if kind & _JOINT:
        return i - begin >= _LEAST_WORDS
    words, its = call.words, call.language.words
    previous = words[i - 1]
    if previous in its["clauses.governs"]:
        return False
    if kind & _ASKING_WORD:
        return True
    verbs = its["clauses.verbs_first"]
    word, following = words[i], words[i + 1]
    if kind & _ASKING_VERB:
        if (word, following) in call.language.rows["clauses.tags"] and (i + 2 >= last or words[i + 2] in its["clauses.alone"]):
            return False
        return i - begin >= _LEAST_WORDS - 1 and previous not in verbs
    if not kind & _SUBJECT:
        return False
    if word in its["clauses.subjects_of_relatives"] and (
        words[i - 2] in its["clauses.determiners"] or (previous == "it" and words[i - 2] in ("is", "was"))
    ):
        return False  # "the number you called from", "what is it you are after"
    return i - begin >= _LEAST_WORDS and previous not in verbs
