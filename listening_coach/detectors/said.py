"""What each turn said, made comparable: its content words by stem, its numbers by their digits, its clauses, and whether one asks.

Shared by the detectors that compare what one side says with what the other said before.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..behaviours import Behaviour
from ..errors import BehaviourError
from ..language import Call, is_content, stem
from ..text import NUMBER, SENTENCE_ENDS

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
# The words at which a clause may begin at all; only there is more looked at.
_MAY_START = _AFTER_MARK | _ALONE | QUESTION_WORDS | VERBS_FIRST


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


@lru_cache(maxsize=200_000)
def key(word: str) -> str:
    """What a canonical word is compared by: its stem, a number's digits, or "" where it carries no content."""
    number_ = NUMBERS.get(word)
    if number_ is not None:
        return number_
    return stem(word) if is_content(word) else ""


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


def key_at(call: Call, turn: int, word: int) -> str:
    """The key of one word of a turn."""
    return number(call.raw(turn, word)) if call.words[word] == NUMBER else key(call.words[word])


def keys(call: Call, turn: int, first: int, last: int) -> set[str]:
    """The keys of the words from ``first`` to before ``last`` of a turn."""
    words = call.words[first:last]
    found = set(map(key, words))
    found.discard("")
    if NUMBER in words:
        found.discard(NUMBER)
        found.update(number(call.raw(turn, i)) for i in range(first, last) if call.words[i] == NUMBER)
        found.discard("")
    return found


def said(call: Call) -> list[set[str]]:
    """For each turn of a call the keys of its words; not to be changed."""
    return call.memo("said", lambda: [keys(call, turn, first, last) for turn, (first, last) in enumerate(call.bounds)])


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
    stop = len(row) - (2 if tag else 0) - 1
    for i in range(min(3, stop)):
        if row[i] in QUESTION_WORDS and row[i + 1] in VERBS_FIRST:
            return True
    return any(row[i] in VERBS_FIRST and row[i + 1] in _ASKED and row[i - 1] not in _NOT_BEFORE_VERB for i in range(1, stop))


def clauses(call: Call) -> list[list[tuple[int, int]]]:
    """For each turn its clauses as ranges of words; speech without punctuation is cut where a new clause must begin."""
    return call.memo("clauses said", lambda: [_clauses(call, first, last) for first, last in call.bounds])


def sentences(call: Call, first: int, last: int) -> list[tuple[int, int]]:
    """The sentences in a range of words, without their closing signs."""
    row = call.words[first:last]
    if SENTENCE_ENDS_SET.isdisjoint(row):
        return [(first, last)] if last > first else []
    found, begin = [], first
    for i, word in enumerate(row, first):
        if word in SENTENCE_ENDS_SET:
            if i > begin:
                found.append((begin, i))
            begin = i + 1
    if last > begin:
        found.append((begin, last))
    return found


SENTENCE_ENDS_SET = frozenset(SENTENCE_ENDS)


def _clauses(call: Call, turn_first: int, turn_last: int) -> list[tuple[int, int]]:
    words, marks = call.words, call.marks
    found: list[tuple[int, int]] = []
    for first, last in sentences(call, turn_first, turn_last):
        if last - first <= 3 and words[last] in SENTENCE_ENDS_SET:
            found.append((first, last))
            continue
        punctuated = words[last] in SENTENCE_ENDS_SET or (bool(marks) and any(i in marks for i in range(first, last)))
        begin = first
        for i in range(first + 1, last):
            word = words[i]
            if word not in _MAY_START and (punctuated or words[i - 1] not in _AFTER_ALONE):
                continue
            if word in _JOINTS and i - begin >= 3 and i + 1 < last and words[i + 1] in SUBJECTS:
                cut = True
            elif (i - 1) in marks:
                cut = i - begin >= 3 and (word in _AFTER_MARK or (word in VERBS_FIRST and marks[i - 1] != ","))
            else:
                cut = not punctuated and _starts(words, begin, i, last)
            if cut:
                found.append((begin, i))
                begin = i
        found.append((begin, last))
    return found


def _starts(words: list[str], begin: int, i: int, last: int) -> bool:
    """Whether a clause must begin at a word of unpunctuated speech."""
    word, before = words[i], words[i - 1]
    if word in _ALONE:
        return True
    if before in _AFTER_ALONE:
        return i - begin >= 2
    if i + 1 >= last or before in _GOVERNS:
        return False
    after = words[i + 1]
    if word in QUESTION_WORDS:
        return after in VERBS_FIRST or after in ("time", "number", "code")
    if word in VERBS_FIRST:
        if (word, after) in _TAGS and (i + 2 >= last or words[i + 2] in _ALONE):
            return False
        return i - begin >= 2 and after in ("you", "i", "we", "your") and before not in VERBS_FIRST
    if word in ("you", "i", "we", "they") and (words[i - 2] in _DETERMINERS or (before == "it" and words[i - 2] in ("is", "was"))):
        return False  # "the number you called from", "what is it you are after"
    return word in SUBJECTS and word != "that" and i - begin >= 3 and after in _FINITE and before not in VERBS_FIRST
