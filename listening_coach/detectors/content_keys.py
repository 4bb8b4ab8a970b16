"""What each turn said, made comparable: its content words by stem, its numbers by their digits, its clauses, and whether one asks.

Shared by the detectors that compare what one side says with what the other said before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import compress, count, islice
from string import ascii_lowercase

from ..behaviours import Behaviour
from ..errors import BehaviourError
from ..language.call import Call, is_content, stem
from ..language.normaliser import NUMBER, SENTENCE_ENDS, TURN_END, spelling

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_ORDINALS = ("fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# Numbers said in words, and what digits they stand for.
NUMBERS: dict[str, str] = {
    **{word: str(n) for n, word in enumerate(_UNITS + _TEENS)},
    # "Two" is not "the 2nd"; of larger numbers few mean anything else.
    **{word: f"{n}th" if n < 10 else str(n) for n, word in enumerate(_ORDINALS, 4)},
    **{word: str(n * 10) for n, word in enumerate(_TENS, 2)},
    "hundred": "100",
    "thousand": "1000",
    "twentieth": "20",
    "thirtieth": "30",
    **{word: word for word in ("noon", "midnight", "half", "quarter", "double", "treble", "triple", "dozen", "million")},
}
_DIGITS = re.compile(r"\d+")
_REFERENCE = re.compile(r"^[a-z]+\d|\d[a-z]+\d")
_HANDLES = ("@", "#")
_TIMES = {"double": 2, "treble": 3, "triple": 3}

# What a letter that stands alone is read as: "k" as "okay", "u" as "you".
MAYBE_LETTERS = frozenset(word for letter in ascii_lowercase if letter not in "ia" for word in spelling(letter))

QUESTION_WORDS = frozenset(("what", "how", "why", "where", "when", "who", "which", "whose"))
VERBS_FIRST = frozenset(
    ("do", "does", "did", "is", "are", "was", "were", "can", "could", "would", "will", "have", "has", "had", "should", "may")
    + ("shall", "am", "might")
)
SUBJECTS = frozenset(
    ("i", "you", "we", "they", "he", "she", "it", "that", "there", "let", "this", "your", "my", "what", "if", "when", "how")
)
_ASKED = frozenset(("you", "your", "i"))
_NOT_BEFORE_VERB = frozenset(("so", "than", "as"))
_PERSONS = frozenset(("i", "you", "we", "they", "he", "she", "it"))
_TAGS = frozenset(
    (("is", "it"), ("are", "you"), ("do", "you"), ("have", "you"), ("did", "you"), ("is", "not"), ("not", "it"), ("not", "you"))
    + (("was", "it"), ("not", "they"), ("can", "you"), ("will", "you"))
)
_TAG_WORDS = frozenset(("yeah", "right", "okay", "then", "huh", "yes", "correct"))

_JOINTS = frozenset(("so", "but", "because", "and", "or"))
_AFTER_MARK = _JOINTS | SUBJECTS | frozenset(("okay", "yeah"))
# Words that stand alone, between which unpunctuated speech is cut.
_ALONE = frozenset(("okay", "yeah", "yes", "oh", "thank", "thanks"))
_AFTER_ALONE = frozenset(("okay", "yeah", "thanks", "yes", "oh", "please"))
_FINITE = VERBS_FIRST | frozenset(
    ("not", "got", "get", "need", "want", "feel", "think", "know", "just", "really", "said", "like", "go", "going", "must", "put")
    + ("take", "find", "see", "call", "try")
)
# After these a subject continues the clause in which it stands.
_GOVERNS = frozenset(
    ("that", "what", "if", "when", "because", "think", "say", "said", "know", "hope", "guess", "mean", "see", "hear", "so", "and")
    + ("but", "or", "than", "how", "where", "who", "which", "like", "while", "until", "before", "after", "as", "whatever", "wish")
    + ("sure", "believe", "suppose", "feel", "sounds", "seems", "why", "is", "are", "was", "do", "did", "can", "could", "would")
    + ("will", "have", "were", "does", "should", "told", "tell", "everything", "something", "anything", "all", "things", "way")
    + ("time", "thing", "one", "the", "to", "for", "with", "of", "about")
)
_DETERMINERS = frozenset(("the", "that", "this", "a", "any", "all", "which", "what", "some"))
_SENTENCE_ENDS = frozenset(SENTENCE_ENDS)


def need_settings(behaviour: Behaviour, names: frozenset[str]) -> None:
    """Sees to it that a behaviour's file sets all that its detector reads.

    Raises:
        BehaviourError: one of ``names`` is not among the file's settings.
    """
    missing = names - behaviour.settings.keys()
    if missing:
        name = min(missing)
        raise BehaviourError(
            f"settings.{name} is missing",
            where=behaviour.id,
            remedy=f"The detector {behaviour.detector!r} reads it; copy it from the library's own file.",
        )


class _Keys(dict[str, str]):
    """The key of each word met, so that a whole call is looked up in one go; emptied when full."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_KEYS:
            self.clear()
        found = NUMBERS.get(word)
        if found is None:
            found = stem(word) if is_content(word) else ""
        self[word] = found
        return found


_MOST_KEYS = 200_000
_KEYS = _Keys()


def key(word: str) -> str:
    """What a canonical word is compared by: its stem, a number's digits, or "" where it carries no content."""
    return _KEYS[word]


def number(written: str) -> str:
    """A number as it is compared: its digits, without currency or a zero fraction; "" for a handle or a tag."""
    digits: list[str] = _DIGITS.findall(written.replace(",", "")) if written[:1] not in _HANDLES else []
    if not digits:
        return ""
    if len(digits) > 1 and "." in written and not digits[-1].strip("0"):
        digits = digits[:-1]
    if len(digits) == 1 and len(digits[0]) == 1 and written[-2:].lower() in ("st", "nd", "rd", "th"):
        return digits[0] + "th"
    return ":".join(digits)


def is_number(k: str) -> bool:
    """Whether a key is a number's."""
    return k[0].isdigit()


def key_row(call: Call) -> list[str]:
    """The key of every word of a call, by word number; not to be changed."""
    return call.memo("keys", lambda: _key_row(call))


def _key_row(call: Call) -> list[str]:
    words = call.words
    row: list[str] = call.each(_KEYS.__getitem__, object).tolist()
    begins = [first for first, _ in call.bounds]
    at = -1
    for _ in range(words.count(NUMBER)):
        at = words.index(NUMBER, at + 1)
        row[at] = number(call.raw(bisect_right(begins, at) - 1, at))
    return row


def key_at(call: Call, turn: int, word: int) -> str:
    """The key of one word of a turn."""
    return number(call.raw(turn, word)) if call.words[word] == NUMBER else key(call.words[word])


def keys(call: Call, turn: int, first: int, last: int) -> set[str]:
    """The keys of the words from ``first`` to before ``last`` of a turn."""
    return keys_in(key_row(call), call.words, first, last)


def keys_in(row: list[str], words: list[str], first: int, last: int) -> set[str]:
    """The keys of the words from ``first`` to before ``last``, from a call's row of keys and its words."""
    found = set(row[first:last])
    found.discard("")
    if "0" in found and NUMBER in words[first:last] and not any(row[i] == "0" for i in range(first, last) if words[i] == NUMBER):
        found.discard("0")  # beside numbers in digits "zero" is no number of its own
    return found


def said(call: Call) -> list[set[str]]:
    """For each turn of a call the keys of its words; not to be changed."""
    return call.memo("said", lambda: _said(call))


def _said(call: Call) -> list[set[str]]:
    row, words = key_row(call), call.words
    return [keys_in(row, words, first, last) for first, last in call.bounds]


def spells(call: Call, turn: int, word: int) -> bool:
    """Whether a word may stand in a code read out: a number or a single letter."""
    canonical = call.words[word]
    return canonical in NUMBERS or (canonical == NUMBER and call.raw(turn, word)[:1] not in _HANDLES) or bool(_letter(call, turn, word))


def _letter(call: Call, turn: int, word: int) -> str:
    """The letter that stands alone in the text, whatever the canonical word made of it ("K" may mean okay); "" for "I" and "a"."""
    written = call.raw(turn, word)
    return written.lower() if len(written) == 1 and written.isalpha() and written not in "Iia" else ""


def code(call: Call, turn: int, first: int, last: int, stop: bool = False) -> tuple[str, int]:
    """The digits and single letters of a range of words in one string, and where they end; with ``stop`` at the first other word."""
    signs: list[str] = []
    end, times = first, 1
    for i in range(first, last):
        word = call.words[i]
        if word in _TIMES:
            times = _TIMES[word]
            continue
        if word == NUMBER and call.raw(turn, i)[:1] not in _HANDLES:
            sign = _in_code(call.raw(turn, i))
        elif word in NUMBERS:
            sign = NUMBERS[word] if NUMBERS[word].isdigit() else ""
        elif word in ("oh", "o"):
            sign = "0"
        elif letter := _letter(call, turn, i):
            sign = letter
        elif stop and not (signs and word == "and"):
            break
        else:
            times = 1
            continue
        signs.append(sign * times)
        times, end = 1, i + 1
    return "".join(signs), end


def _in_code(written: str) -> str:
    """What a word with digits adds to a code: "KT49" with its letters, "14th" and "9pm" without."""
    signs = "".join(c for c in written.lower() if c.isalnum())
    return signs if _REFERENCE.search(signs) else "".join(_DIGITS.findall(signs))


def ends_in_tag(words: list[str], first: int, last: int, least: int = 4) -> bool:
    """Whether a range of at least so many words ends in "is it", "do you", "right", "yes" and the like."""
    return last - first >= least and (words[last - 1] in _TAG_WORDS or (words[last - 2], words[last - 1]) in _TAGS)


def asks(row: list[str], tag: bool = False) -> bool:
    """Whether a clause has the form of a question: a question word, or a verb before its subject; a ``tag`` at its end does not count."""
    head = row[0]
    if head in VERBS_FIRST or head in ("any", "anything"):
        return True
    if len(row) == 1:
        return False
    if row[-1] in QUESTION_WORDS or (head in QUESTION_WORDS and row[1] not in _PERSONS):
        return True  # "what I hear is …", "when you came in" ask nothing
    if VERBS_FIRST.isdisjoint(row):
        return False
    before, word = "", head
    for i, after in enumerate(islice(row, 1, len(row) - (2 if tag else 0))):
        if i and word in VERBS_FIRST and after in _ASKED and before not in _NOT_BEFORE_VERB:
            return True
        if i < 3 and after in VERBS_FIRST and word in QUESTION_WORDS:
            return True
        before, word = word, after
    return False


# What stands at a word where a sentence or a punctuated clause may end, as bits; from _ENDS on a sentence does end.
_JOINS, _MARKED, _ENDS, _TURN_ENDS = (1 << n for n in range(4))
_BREAKS = {TURN_END: _TURN_ENDS, **dict.fromkeys(SENTENCE_ENDS, _ENDS), **dict.fromkeys(_JOINTS, _JOINS)}

# In speech without punctuation a clause may begin at a word of such a kind before a word of such another, or behind one
# that stands alone; kinds as bits. What a kind goes with is the same bit of the next word.
_JOINT, _ASKING_WORD, _ASKING_VERB, _SUBJECT, _LONE, _BEFORE_ANY = (1 << n for n in range(6))
_WITH_ANY = _LONE | _BEFORE_ANY


def _kinds(*kinds: tuple[int, frozenset[str]], always: int = 0) -> dict[str, int]:
    found: dict[str, int] = {}
    for bit, words in kinds:
        for word in words:
            found[word] = found.get(word, always) | bit
    return found


_KIND = _kinds(
    (_JOINT, _JOINTS),
    (_ASKING_WORD, QUESTION_WORDS),
    (_ASKING_VERB, VERBS_FIRST),
    (_SUBJECT, SUBJECTS - QUESTION_WORDS - VERBS_FIRST - {"that"}),
    (_LONE, _ALONE),
    (_BEFORE_ANY, _AFTER_ALONE),
)
_GOES_WITH = _kinds(
    (_JOINT, SUBJECTS),
    (_ASKING_WORD, VERBS_FIRST | {"time", "number", "code"}),
    (_ASKING_VERB, frozenset(("you", "i", "we", "your"))),
    (_SUBJECT, _FINITE),
    always=_WITH_ANY,
)


def _break(word: str) -> int:
    return _BREAKS.get(word, 0)


def _kind(word: str) -> int:
    return _KIND.get(word, 0)


def _goes_with(word: str) -> int:
    return _GOES_WITH.get(word, _WITH_ANY)


_Ranges = list[tuple[int, int]]


def clauses(call: Call) -> list[list[tuple[int, int]]]:
    """For each turn its clauses as ranges of words; speech without punctuation is cut where a new clause must begin."""
    return _cut(call)[1]


def turn_sentences(call: Call) -> list[list[tuple[int, int]]]:
    """For each turn its sentences as ranges of words, without their closing signs."""
    return _cut(call)[0]


def _cut(call: Call) -> tuple[list[_Ranges], list[_Ranges]]:
    return call.memo("clauses said", lambda: _sentences_and_clauses(call))


def _sentences_and_clauses(call: Call) -> tuple[list[_Ranges], list[_Ranges]]:
    """The sentences and the clauses of each turn, in one walk over the words at which one may end."""
    words = call.words
    breaks: list[int] = call.each(_break, int).tolist()
    # Whether a word of one kind stands before one it goes with: only there a clause of speech without punctuation may begin or end.
    kinds = call.each(_kind, int)
    kinds[:-1] &= call.each(_goes_with, int)[1:]
    bare: list[int] = kinds.tolist()
    for mark in call.marks:
        breaks[mark + 1] |= _MARKED
    all_sentences: list[_Ranges] = []
    all_clauses: list[_Ranges] = []
    whole: _Ranges = []
    parts: _Ranges = []
    places: list[int] = []
    begin = 1
    for i in islice(compress(count(), breaks), 1, None):
        at = breaks[i]
        if at < _ENDS:
            places.append(i)
            continue
        if i > begin:
            sentence = (begin, i)
            whole.append(sentence)
            if at < _TURN_ENDS and (not places or i - begin <= 3):
                parts.append(sentence)
            elif at < _TURN_ENDS or at & _MARKED or any(breaks[place] & _MARKED and place > begin for place in places):
                parts += _cut_punctuated(call, breaks, places, begin, i)
            else:
                parts += _cut_bare(words, bare, begin, i)
        begin = i + 1
        if places:
            places = []
        if at >= _TURN_ENDS:
            all_sentences.append(whole)
            all_clauses.append(parts)
            whole, parts = [], []
    return all_sentences, all_clauses


def _cut_punctuated(call: Call, breaks: list[int], places: list[int], first: int, last: int) -> _Ranges:
    """The clauses of a sentence that has a sign in it or behind it: cut at a joint before a subject and behind a comma or dash."""
    words = call.words
    found: _Ranges = []
    begin = first
    for i in places:
        if i - begin < 3:
            continue
        word, at = words[i], breaks[i]
        if not (at & _JOINS and words[i + 1] in SUBJECTS) and not (
            at & _MARKED and (word in _AFTER_MARK or (word in VERBS_FIRST and call.marks[i - 1] != ","))
        ):
            continue
        found.append((begin, i))
        begin = i
    found.append((begin, last))
    return found


def _cut_bare(words: list[str], kinds: list[int], first: int, last: int) -> _Ranges:
    """The clauses of speech without punctuation: cut where a clause must begin."""
    found: _Ranges = []
    begin, settled = first, first
    for i in compress(range(first, last), kinds[first:last]):
        kind = kinds[i]
        if i > settled and _starts(words, kind, begin, i, last):
            found.append((begin, i))
            begin = i
        if kind & _BEFORE_ANY:
            # Behind "okay", "please" any word begins a clause.
            settled = i + 1
            if settled < last and (settled - begin >= 2 or words[settled] in _ALONE):
                found.append((begin, settled))
                begin = settled
    found.append((begin, last))
    return found


def _starts(words: list[str], kind: int, begin: int, i: int, last: int) -> bool:
    """Whether a clause must begin at a word of unpunctuated speech that is of such a kind."""
    if kind & _LONE:
        return True
    if kind & _JOINT:
        return i - begin >= 3
    before = words[i - 1]
    if before in _GOVERNS:
        return False
    if kind & _ASKING_WORD:
        return True
    word, after = words[i], words[i + 1]
    if kind & _ASKING_VERB:
        if (word, after) in _TAGS and (i + 2 >= last or words[i + 2] in _ALONE):
            return False
        return i - begin >= 2 and before not in VERBS_FIRST
    if not kind & _SUBJECT:
        return False
    if word in ("you", "i", "we", "they") and (words[i - 2] in _DETERMINERS or (before == "it" and words[i - 2] in ("is", "was"))):
        return False  # "the number you called from", "what is it you are after"
    return i - begin >= 3 and before not in VERBS_FIRST


def sentences(call: Call, first: int, last: int) -> list[tuple[int, int]]:
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
