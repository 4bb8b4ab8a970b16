"""Finds what identifies people or opens their accounts, in what was written and in what was said.

Numbers are found as digits and as words ("four one double one"), within a turn and spread over the turns of one speaker. What a number
is follows from its own checks (Luhn, IBAN, telephone plans, by python-stdnum and phonenumbers) and from the words before it: "account number"
makes it sensitive, "order number" does not. ``masking`` puts labels in the place of what is found here.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

CARD, SECURITY_CODE, PASSWORD, IDENTITY, ACCOUNT, IBAN = "card", "security_code", "password", "identity", "account", "iban"
PHONE, EMAIL, BIRTH_DATE, ADDRESS, NUMBER = "phone", "email", "birth_date", "address", "number"

# What stands in the place of each kind.
LABELS = {
    CARD: "[card number]", SECURITY_CODE: "[security code]", PASSWORD: "[password]", IDENTITY: "[identity number]", ACCOUNT: "[account number]",
    IBAN: "[IBAN]", PHONE: "[phone number]", EMAIL: "[email address]", BIRTH_DATE: "[date of birth]", ADDRESS: "[address]", NUMBER: "[number]",
}  # fmt: skip


def label(kind: str) -> str:
    """The label of a kind."""
    return LABELS.get(kind, f"[{kind}]")


class Span(NamedTuple):
    """A half-open range of characters in one text, and the kind of what stands there."""

    start: int
    end: int
    kind: str


_PATTERNS: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


# --- numbers as they are written and said ----------------------------------------------------------------------------

_SINGLES = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "niner": "9",
}  # fmt: skip
_TEENS = dict(
    zip(
        ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        map(str, range(10, 20)),
        strict=True,
    )
)
_TENS = dict(zip(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), "23456789", strict=True)) | {"fourty": "4"}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
# "four ones" is 1111.
_PLURALS = {"zeros": "0", "zeroes": "0", "ones": "1", "twos": "2", "threes": "3", "fours": "4", "fives": "5", "sixes": "6", "sevens": "7"} | {
    "eights": "8", "nines": "9"
}  # fmt: skip
_HUNDRED = "hundred"
_NUMBER_PARTS = (*_SINGLES, *_TEENS, *_TENS, *_TIMES, *_PLURALS, _HUNDRED)
_SPOKEN = "|".join(sorted(_NUMBER_PARTS, key=len, reverse=True))
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_UNIT = (
    r"(?:%|percent|per\s+cent|dollars?|pounds?|euros?|quid|bucks?|cents?|pence|degrees|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?"
    r"|seconds?|secs?|miles?|km|kilomet|kg|kilo|lbs?|mb|gb|tb|mbps|meg|ml|mg|inch|feet|foot|points?|times|people|users?|items?|units?|pieces"
    r"|watts?|volts?|kwh|kilowatt|steps|calls|customers)"
)
# Numbers that are plainly a price, a quantity, a time or a date, whatever stands before them.
_HARMLESS = (
    r"[$£€¥]\s?\d[\d,]*(?:\.\d+)?"
    r"|(?<![\d,.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])"
    r"|(?<![\d.])\d+\.\d+(?![\d.]|\.\d)"
    r"|(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?![\d:])"
    r"|(?<![\d/.-])(?:(?:19|20)\d\d(?P<by>[-/.])\d{1,2}(?P=by)\d{1,2}|\d{1,2}(?P<sep>[-/.])\d{1,2}(?P=sep)(?:(?:19|20)\d\d|\d\d))(?![\d]|[/.-]\d)"
    rf"|(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:,?\s+(?:19|20)\d\d\b)?"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
    # Versions: one of their parts has a single digit, which telephone numbers have only as the 1 of "1.202.555.0143".
    r"|(?<![\d.])(?!1\.\d{3}\.\d{3}\.)(?=(?:\d{1,5}\.){0,2}\d\.|(?:\d{1,5}\.){2,3}\d(?![\d.]))\d{1,5}(?:\.\d{1,5}){2,3}(?![\d]|\.\d)"
    # Years from and to; sets of a match.
    r"|(?<![\d/-])(?:19|20)\d\d\s?[\u2013/-]\s?(?:19|20)\d\d(?![\d/-])"
    r"|(?<![\d-])\d-\d(?:\s?\(\d{1,2}-\d{1,2}\))?(?:,\s?\d-\d(?:\s?\(\d{1,2}-\d{1,2}\))?)+(?![\d-])"
    rf"|(?<![\d-])\d+\s?{_UNIT}\b"
)
_SCAN = re.compile(rf"(?=[\d$£€¥])(?:(?P<harmless>{_HARMLESS})|(?P<digits>\d+))|\b(?P<word>{_SPOKEN})\b")
# "The last four": the word counts digits and is none of them.
_COUNTS_DIGITS = re.compile(r"\b(?:last|first|final)\s+$", re.IGNORECASE)
_DIGITS_COUNTED = frozenset(("two", "three", "four", "five", "six", "eight"))
_BEHIND_MONTH = re.compile(rf"\b{_MONTH}\.?\s+(?:the\s+)?$", re.IGNORECASE)
# "From 2021": a year.
_BEFORE_YEAR = re.compile(r"\b(?:in|since|from|until|till|by|during|before|after)\s+$", re.IGNORECASE)
_A_YEAR = re.compile(r"(?:19|20)\d\d(?![\d/-]|\s\d)")
# What may stand between the parts of one number.
_NEXT_PART = r"(?:and )?(?:then )?the (?:last|next) (?:bit|four|part|lot|ones?)(?: is| are)?"
_BETWEEN = re.compile(
    rf"[\s,.;()+\-\u2010-\u2015/]*(?:(?:(?:{_NEXT_PART}|and|um+|uh+|er|erm|then|space|dash|hyphen|okay|ok|so|yeah)\b[\s,.;\-\u2010-\u2015]*){{0,3}}"
    r"|(?:it's|that's)\b[\s,.;\-\u2010-\u2015]*)",
    re.IGNORECASE,
)
_MOST_BETWEEN = 30


class Run(NamedTuple):
    """Digits that stand together in one text: where, which, and how many of them were said one by one.

    ``written`` tells that some are figures, ``glued`` that letters touch them, ``listed`` that longer figures are parted by commas.
    """

    text: int
    start: int
    end: int
    digits: str
    singles: int
    written: bool
    glued: bool
    listed: bool


def _in_lower_case(text: str) -> str:
    """A text in lower case, each character in its place; a character whose small letter is longer stays."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _runs(number: int, text: str) -> Iterator[Run]:
    """The numbers of a text, each with all its parts."""
    parts: list[tuple[int, int, str, str]] = []
    for match in _SCAN.finditer(_in_lower_case(text)):
        kind = match.lastgroup
        day = kind == "digits" and len(match[0]) < 3 and _BEHIND_MONTH.search(text, max(0, match.start() - 15), match.start())
        year = (
            kind == "digits" and _A_YEAR.match(text, match.start()) and _BEFORE_YEAR.search(text, max(0, match.start() - 9), match.start())
        )
        if match["harmless"] is not None or day or year:
            if parts:
                yield _run(number, text, parts)
            parts = []
            continue
        if match[0].lower() in _DIGITS_COUNTED and _COUNTS_DIGITS.search(text, max(0, match.start() - 10), match.start()):
            continue
        part = (match.start(), match.end(), "digits" if kind == "digits" else "word", match[0])
        if parts and not _joined(text, parts[-1], part):
            yield _run(number, text, parts)
            parts = []
        parts.append(part)
    if parts:
        yield _run(number, text, parts)


def _joined(text: str, before: tuple[int, int, str, str], after: tuple[int, int, str, str]) -> bool:
    """Whether two parts belong to one number."""
    gap = text[before[1] : after[0]]
    if len(gap) > _MOST_BETWEEN or not _BETWEEN.fullmatch(gap):
        return False
    if "/" in gap:
        return False
    if "," in gap and before[2] == after[2] == "digits":
        # "10, 20, 30" lists figures; "4, 1, 1, 1" and "4111, 1111" spell one out.
        sizes = (len(before[3]), len(after[3]))
        return max(sizes) == 1 or sizes in ((4, 4), (3, 3), (3, 4), (2, 2))
    return True


def _run(number: int, text: str, parts: list[tuple[int, int, str, str]]) -> Run:
    digits: list[str] = []
    singles = times = 0
    tens = ""
    last = len(parts) - 1
    for at, (start, _end, kind, raw) in enumerate(parts):
        word = raw.lower()
        if kind == "word" and word in _TIMES:
            times, tens = _TIMES[word], ""
            continue
        if kind == "word" and (word in _PLURALS or word == _HUNDRED):
            _repeat(digits, word)
            times, tens = 0, ""
            continue
        if kind == "digits":
            said, tens = raw, ""
            singles += len(raw) == 1
        elif word in _SINGLES:
            said = _SINGLES[word]
            singles += times or 1
            if tens and said != "0" and text[start - 1 : start] in (" ", "-"):
                # "forty one" is 41.
                digits[-1] = tens + said
                tens, times = "", 0
                continue
            tens = ""
        elif word in _TEENS:
            said, tens = _TEENS[word], ""
        else:
            said, tens = _TENS[word] + "0", _TENS[word] if at < last else ""
        digits.append(said * times if times and len(said) == 1 else said)
        times = 0
    start, end = parts[0][0], parts[-1][1]
    while text[start - 1 : start] in ("+", "("):
        start -= 1
    if (plus := _PLUS.search(text, max(0, start - 8), start)) is not None:
        start = plus.start()
    gaps = [text[a[1] : b[0]] for a, b in pairwise(parts) if len(a[3]) > 2 and a[2] == b[2] == "digits"]
    listed = any("," in gap or any(map(str.isalpha, gap)) for gap in gaps)
    glued = text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()
    return Run(number, start, end, "".join(digits), singles, any(p[2] == "digits" for p in parts), glued, listed)


# The sign of a number with its country's code, said: "plus four nine".
_PLUS = re.compile(r"\bplus\s+$", re.IGNORECASE)


def _repeat(digits: list[str], word: str) -> None:
    """Adds what "ones" or "hundred" says behind the digits before it."""
    count = digits[-1] if digits and len(digits[-1]) == 1 else ""
    if word == _HUNDRED:
        digits.append("00" if count else "")
    elif count not in ("", "0", "1"):
        digits[-1] = _PLURALS[word] * int(count)
    else:
        digits.append(_PLURALS[word])


# --- what the words before a number say of it ------------------------------------------------------------------------

_CONTEXTS: tuple[tuple[str, str], ...] = tuple(
    ("" if kind == "harmless" else kind, "|".join(patterns)) for kind, patterns in _PATTERNS["before"].items()
)
_CONTEXT = re.compile("|".join(rf"(?P<k{n}>\b(?:{pattern}))" for n, (_, pattern) in enumerate(_CONTEXTS)))
_BEFORE_CHARS = 90
_QUESTION_CHARS = 160
_ANSWER_STARTS = 60
_LAST_DIGITS = re.compile(
    r"(?:end(?:ing|s)?(?:\s+(?:in|with))?|last (?:four|4|three|3|two|2)(?:\s+digits?)?(?:\s+(?:is|are|being|of \w+(?: \w+)?))?)[\s:,]*$",
    re.IGNORECASE,
)
_OF_IDENTITY = re.compile(r"social|ssn|passport|insurance number", re.IGNORECASE)
# A head word right behind the number: "4471 is my account number".
_BEHIND = re.compile(r"[\s,]*(?:is|was|that's|for)\s+(?:my|the|your|our|a)\s+(?P<what>[\w ]{3,30})", re.IGNORECASE)


class _Context(NamedTuple):
    """What the nearest telling words before a number say it is: a kind, "" for nothing sensitive, None where they say nothing."""

    kind: str | None
    before: str


def nearest(text: str) -> str | None:
    """What the last telling words of a text say of a number behind them: a kind, "" for nothing sensitive, None where there are none."""
    found: str | None = None
    end = -1
    # Alternatives are tried several times faster on lower case than without regard to case.
    for match in _CONTEXT.finditer(text.lower()):
        if match.end() > end:
            end = match.end()
            found = _CONTEXTS[int(str(match.lastgroup)[1:])][0]
    return found


# --- what a number is ------------------------------------------------------------------------------------------------

_CARD_DIGITS = range(13, 20)
_LONG_RUN = 7
_SURELY_LONG = 9
_DAY_STAMP = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def _holds_card(digits: str) -> bool:
    """Whether digits are those of a payment card, or begin with them, as when its expiry date follows."""
    from stdnum import luhn

    for size in (16, 15, 19, 14, 13, 18, 17):
        for first in range(min(3, max(0, len(digits) - size) + 1)):
            part = digits[first : first + size]
            if (
                len(part) == size
                and part[0] in "23456"
                and len(set(part)) > 1
                and (size == 16 or len(digits) == size)
                and luhn.is_valid(part)
            ):
                return True
    return False


@cache
def _is_phone(digits: str) -> bool:
    """Whether digits are a telephone number of North America, Britain or, with its country code, anywhere."""
    import phonenumbers

    for region in ("US", "GB", None):
        try:
            number = phonenumbers.parse(digits if region else f"+{digits}", region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False


def _kind_of(digits: str, context: _Context, *, singles: int, written: bool, glued: bool, behind: str) -> str | None:
    """What a number is; None where it is nothing to be masked."""
    size = len(digits)
    if size >= _CARD_DIGITS.start and _holds_card(digits):
        return CARD
    if glued or size < 3:
        return None
    kind = context.kind
    if kind in (None, "", PHONE) and (named := _BEHIND.match(behind)) is not None and (after := nearest(named["what"])) is not None:
        kind = after
    if _LAST_DIGITS.search(context.before):
        if size > 4:
            return NUMBER if size >= _LONG_RUN else None
        return IDENTITY if _OF_IDENTITY.search(context.before) else None
    if kind is not None and kind in _LEAST:
        least, most = _LEAST[kind]
        if least <= size <= most:
            return kind
        if size < least:
            return None
    if kind == "":
        return None
    return _bare(digits, singles=singles, written=written)


# How few and how many digits each kind has where the words before name it.
_LEAST = {
    SECURITY_CODE: (3, 4), CARD: (8, 24), PASSWORD: (3, 12), IDENTITY: (4, 20), ACCOUNT: (5, 40), BIRTH_DATE: (4, 8), ADDRESS: (5, 9), PHONE: (7, 15), IBAN: (4, 34),
}  # fmt: skip


_COUNTING = "".join(map(str, range(21)))


# How telephone numbers of most countries begin at home. Those that are kept for fiction, and new ranges, are in no plan.
_HOME_NUMBER = re.compile(r"0[1-9]\d{7,9}")


def _counts_on(digits: str) -> bool:
    """Whether digits are numbers that count on: 101, 102, 103."""
    for width in (2, 3, 4):
        first, second, third = (int(digits[n * width : (n + 1) * width] or 0) for n in range(3))
        if len(digits) >= 3 * width and second - first == third - second == 1:
            return True
    return False


def _bare(digits: str, *, singles: int, written: bool) -> str | None:
    """What a number is of which the words around it say nothing."""
    size = len(digits)
    if size < _LONG_RUN or (size == 8 and written and _DAY_STAMP.fullmatch(digits)):
        return None
    if not written and (singles < 5 or digits in _COUNTING or digits.startswith("123456") or _counts_on(digits)):
        return None  # "ten, twenty, thirty, forty"; "one, two, three …"
    if _HOME_NUMBER.fullmatch(digits) or (size in range(_LONG_RUN, 16) and _is_phone(digits)):
        return PHONE
    return NUMBER


# --- other patterns --------------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}", re.IGNORECASE)
_DOMAIN = r"(?:com|net|org|edu|gov|info|biz|io|me|ca|us|uk|de|fr|au|ie|co(?:\s*(?:dot|\.)\s*uk)?)"
_SPOKEN_DOMAIN = re.compile(
    rf"\s(?:at|@)\s+(?:[\w-]{{1,30}}\s+){{0,2}}?[\w-]{{1,30}}\s*(?:dot|\.)\s*{_DOMAIN}\b(?:\s+(?:dot|\.)\s+uk\b)?", re.IGNORECASE
)
# A domain of any name, where "dot" is said or put in brackets: "at lindvale dot test", "(at) post (dot) example".
_IN_BRACKETS = r"[(\[{<]\s?%s\s?[)\]}>]"
_DOMAIN_OF_ANY_NAME = re.compile(
    rf"(?:\s(?:at|@)\s+|\s?{_IN_BRACKETS % 'at'}\s?)(?:[\w-]{{1,30}}\s+){{0,2}}?[\w-]{{1,30}}"
    rf"(?:\s?(?:\bdot\b|{_IN_BRACKETS % 'dot'})\s?[a-z][\w-]{{1,20}}){{1,4}}",
    re.IGNORECASE,
)
# What is said of the name before it: "all one word".
_HOW_WRITTEN = re.compile(rf"[\s,]+(?:{'|'.join(_PATTERNS['words']['joined'])})[\s,]*$", re.IGNORECASE)
_LOCAL_WORD = re.compile(r"\S+$")
_CONNECTORS = frozenset(("dot", "underscore", "dash", "hyphen", "period", "plus", "point"))
_NO_LOCAL = frozenset(
    ("look", "looking", "go", "shop", "shopping", "order", "ordered", "me", "us", "it", "website", "online", "page", "visit", "here", "is", "be", "bought", "buy")
    + ("available", "site", "up", "you", "them", "that", "are", "find", "found", "read", "work", "works", "there", "out", "information", "details", "store")
)  # fmt: skip
# A letter with a word that begins with it: "F for Freddie, I, ".
_SPELLED_FOR = re.compile(r"\b(?:[a-z](?:,?\s+(?:for|as\s+in)\s+[a-z]+)?[\s,.]+)+$", re.IGNORECASE)
# "B as in", before the word.
_AS_IN = re.compile(r"\b([a-z]),?\s+(?:as\s+in|for|like)\s+$", re.IGNORECASE)
_MOST_OF_LOCAL = 160
# A word of some length right before a number: "kate forty two".
_ENDS_A_NAME = re.compile(r"\b(?!(?:is|it's|its|to|the|and|that's|email|address)\b)[a-z]{2,}\s+$", re.IGNORECASE)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,8}(?![A-Za-z0-9])", re.IGNORECASE)
_SSN = re.compile(r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])")
_NATIONAL_INSURANCE = re.compile(r"\b[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D]\b")
_SORT_CODE = re.compile(r"(?<![\d-])\d\d-\d\d-\d\d(?![\d-])")
# Not "36-year-old", "24-hour".
_CODE = re.compile(r"(?<![\w-])(?!\d{1,3}-[a-z]{3})(?=[A-Za-z-]{0,19}\d)(?=[\d-]{0,19}[A-Za-z])[A-Za-z0-9-]{5,20}(?![\w-])")
_NAMES_A_SECRET = re.compile(
    r"\b(?:pass ?words?|pass ?phrase|pass ?code|memorable (?:word|name|place)|maiden name"
    r"|security (?:word|answer)|secret (?:word|answer)|safe ?word|(?:first|favou?rite|childhood) (?:pet|school|teacher|car|street|friend)"
    r"|name of your (?:pet|dog|cat|school|teacher)|street you grew up on)\b",
    re.IGNORECASE,
)  # fmt: skip
_TOLD = re.compile(
    r"\s*(?:(?:for|on) (?:it|that|the account|my account)\s+)?(?:is|was|'s|:|=|would be|should be)\s*[\"“'‘]?", re.IGNORECASE
)
_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[\s,-]+|\b)){3,24}|[^\s\"”’,;]{2,40}")
# Letters, figures and signs in one: a password wherever it stands soon behind the word.
_MIXED_VALUE = re.compile(
    r"[\s,:;(-]+(?:[a-z']{1,12}\s+){0,4}?[\"“'‘]?(?P<value>(?=[^\s\d]{0,30}\d)(?=[^\sA-Za-z]{0,30}[A-Za-z])(?=[\w.-]{0,30}[^\w\s,.;:?'’-])"
    r"[^\s\"“”]{5,39}[^\s\"“”.,;:?])"
)
_NO_VALUE = frozenset(
    [
        "not",
        "wrong",
        "incorrect",
        "expired",
        "reset",
        "working",
        "the",
        "a",
        "an",
        "being",
        "case",
        "too",
        "locked",
        "required",
        "invalid",
        "correct",
        "still",
        "always",
        "now",
        "on",
        "in",
        "sent",
        "blocked",
        "my",
        "your",
        "what",
        "that",
        "it",
        "for",
        "to",
        "no",
        "fine",
        "good",
        "right",
        "okay",
        "ok",
        "changed",
        "something",
        "stored",
        "saved",
        "encrypted",
        "different",
        "same",
        "set",
        "needed",
        "important",
        "only",
        "also",
        "just",
        "going",
        "supposed",
        "case-sensitive",
        "one",
        "i",
        "we",
        "you",
        "they",
        "he",
        "she",
        "getting",
        "coming",
        "taking",
        "at",
        "least",
        "really",
        "very",
        "so",
        "definitely",
        "there",
        "here",
        "where",
        "when",
        "how",
        "why",
        "this",
    ]
)
_ASKS = re.compile(r"\?|\b(?:what|can|could|may|give|tell|provide|confirm|enter|say|need|please)\b", re.IGNORECASE)
_NOD_WORDS = frozenset(
    [
        "yes",
        "yeah",
        "yep",
        "no",
        "nope",
        "okay",
        "ok",
        "sure",
        "um",
        "uh",
        "er",
        "so",
        "well",
        "it",
        "is",
        "it's",
        "its",
        "that's",
        "thats",
        "that",
        "the",
        "my",
        "mother's",
        "right",
        "hold",
        "on",
        "moment",
        "one",
        "sec",
        "second",
        "let",
        "me",
        "see",
        "think",
        "i",
    ]
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMERAL = (
    rf"(?:\d{{1,4}}(?:st|nd|rd|th)?|{_SPOKEN}|hundred|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|\w+teenth|eleventh|twelfth|twentieth|thirtieth)"
)
_ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|(?:twenty|thirty)?[\s-]?(?:{'|'.join(_ORDINALS)})|\w+teenth|eleventh|twelfth|twentieth|thirtieth)"
_YEAR_SAID = rf"(?:(?:{_NUMERAL}|thousand|and)\b[\s-]*){{1,5}}"
_DATE = re.compile(
    rf"(?<!\d)\d{{1,4}}[/.\- ]\d{{1,2}}[/.\- ]\d{{2,4}}(?!\d)"
    rf"|(?:\bthe\s+)?\b{_NUMERAL}(?:[\s-]+{_NUMERAL})?(?:\s+of)?\s+{_MONTH}\b\.?(?:[\s,]+(?:of\s+)?'?{_YEAR_SAID})?"
    rf"|\b{_MONTH}\.?\s+(?:the\s+)?{_NUMERAL}\b(?:[\s-]+{_NUMERAL}\b)?(?:[\s,-]+'?{_YEAR_SAID})?"
    rf"|(?:\bthe\s+)?\b{_ORDINAL}\s+(?:of\s+)?(?:the\s+)?{_ORDINAL}\b(?:[\s,]+'?{_YEAR_SAID})?"
    rf"|\b(?:nineteen|twenty)[\s-]+{_NUMERAL}\b(?:[\s-]+{_NUMERAL}\b)?|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_ASKS_BIRTH = re.compile(
    r"(?:date|year|day)s? of birth|(?:when|date|year|day) (?:were|was|are|is) (?:\w+ ){1,3}born|\bd\.? ?o\.? ?b\b|birth ?date",
    re.IGNORECASE,
)
_TELLS_BIRTH = re.compile(r"\bborn\b|\bbirthday\b", re.IGNORECASE)
_YEAR = re.compile(
    r"(?:19|20)\d\d|[/.-]\d\d$|\b(?:nineteen|twenty|two thousand)\b[\s-]+\w+|\b(?:thirty|forty|fifty|sixty|seventy|eighty|ninety)\b",
    re.IGNORECASE,
)
_STREETS = ("street", "avenue", "road", "lane", "boulevard", "crescent", "terrace", "highway", "parkway", "cul-de-sac", "mews")
_STREETS_IN_CAPITALS = (
    r"St|Ave|Rd|Ln|Blvd|Drive|Dr|Court|Ct|Way|Place|Pl|Close|Square|Sq|Gardens|Grove|Hill|Park|Row|Circle|Cir|Terrace|Loop|Trail|Walk"
)
_NUMBER_WORDS = rf"(?:\d{{1,5}}[A-Za-z]?|(?:{_SPOKEN}|hundred|thousand)\b(?:[\s-]+(?:{_SPOKEN}|hundred|thousand|and)\b){{0,5}})"
_STREETS_SAID = "|".join(_PATTERNS["streets"]["said"])
_BEFORE_STREET = re.compile(r"\b(?:apartment|apt|unit|flat|suite)\.?\s+\w{1,4},?\s+$", re.IGNORECASE)
_BOX = re.compile(r"\bP\.?\s?O\.?\s?Box\s+\d{1,7}\b", re.IGNORECASE)
_NO_STREET_NAME = rf"(?!(?:{'|'.join(_PATTERNS['streets']['no_name'])})\b)"
_STREET = re.compile(
    rf"\b{_NUMBER_WORDS},?\s+(?:{_NO_STREET_NAME}[A-Za-z][\w'.-]{{0,20}}\s+){{1,3}}?(?:{'|'.join(_STREETS)})\b", re.IGNORECASE
)
_HOUSE_LETTER = r"(?:\s?[b-hj-z]\b)?"
_STREET_SAID = re.compile(
    # "One" alone hardly ever is a house: "that's one way".
    rf"\b(?!(?:one|oh?)\s+(?!{_SPOKEN})){_NUMBER_WORDS}{_HOUSE_LETTER},?\s+(?:{_NO_STREET_NAME}[A-Za-z][\w'.-]{{1,20}}\s+){{1,3}}?(?:{_STREETS_SAID})\b",
    re.IGNORECASE,
)
_STREET_ABROAD = re.compile(
    rf"\b(?:{'|'.join(_PATTERNS['streets']['abroad'])}),?\s+\d{{1,4}}\s?[A-Za-z]?\b(?:,?\s+(?:[A-Z]{{1,2}}-)?\d{{4,5}}\b(?:\s[A-Z]{{2}}\b)?)?"
    rf"|\b\d{{1,4}}(?:\s(?:bis|ter))?,?\s+(?:{_PATTERNS['streets']['abroad'][-1]})"
)
_FLAT = re.compile(rf"\b(?:flat|apartment|apt|unit|suite)\.?\s+(?:number\s+)?(?:{_NUMBER_WORDS}|[A-Z]\b){_HOUSE_LETTER}", re.IGNORECASE)
_ASKS_ADDRESS = re.compile(
    r"(?<!e-mail )(?<!mail )(?<!ip )(?<!web )\baddress\b"
    r"|\bwhere (?:do|are|should|shall|can|would|did) (?:you|we|i) [\w' ]{0,30}(?:live|living|based|send|sending|deliver|ship|shipping)"
    r"|\bwhere(?:'s| is| are) (?:it|that|they|we) (?:going|to go|sending)|\bwhere to\b|\bwhich street|\b(?:house|door) number",
    re.IGNORECASE,
)
_TELLS_ADDRESS = re.compile(
    r"\b(?:(?:live|living|lives|based|staying|moved?|moving|sent?|send|sending|ship|shipped|deliver\w*|go|goes|going)"
    r" (?:it |them |that |this |everything )?(?:is |are )?(?:now )?(?:at|to|on)"
    r"|(?:i've|we've|we|i|have|has) (?:just )?moved|(?:my|our|the|new|home|billing|delivery|shipping|postal) address"
    r"|we're at|i'm at|house is|resid\w+ at|post ?code|zip)\b",
    re.IGNORECASE,
)
_STREET_IN_CAPITALS = re.compile(
    rf"\b(?i:{_NUMBER_WORDS}),?\s+(?:(?:[A-Z][\w'.-]{{0,20}}|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,3}}?(?:{_STREETS_IN_CAPITALS})\b\.?"
    rf"|\b\d{{1,5}}\s+The\s+(?:{'|'.join(map(str.capitalize, _STREETS))}|{_STREETS_IN_CAPITALS})\b"
)
_REST_OF_ADDRESS = re.compile(
    r",?\s+(?:(?:apartment|apt|unit|flat|suite|number)\.?\s*#?\s*(?:(?:"
    rf"{_SPOKEN}"
    r")(?:[\s-]+(?:"
    rf"{_SPOKEN}"
    r")){0,3}(?:\s?[b-hj-z]\b)?|\w{1,5}\b))"
    r"|,?\s+(?:[A-Z][a-z]+\s){0,2}[A-Z][a-z]+,?\s+[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b", re.IGNORECASE
)  # fmt: skip
_STATE_AND_ZIP = re.compile(
    r"\b(?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|DC),?\s+\d{5}(?:-\d{4})?\b"
)
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2})\b")


def _emails(text: str, question: str = "") -> Iterator[Span]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Span(match.start(), match.end(), EMAIL)
    for match in _SPOKEN_DOMAIN.finditer(text):
        start = _local_part(text, match.start())
        if start is not None:
            yield Span(start, match.end(), EMAIL)
    lowered = text.lower()
    if "dot" not in lowered:
        return
    of_mail = "mail" in lowered or "mail" in question.lower()
    for match in _DOMAIN_OF_ANY_NAME.finditer(text):
        start = _local_part(text, match.start())
        if start is not None and (
            of_mail or match[0].lstrip()[0] in "([{<" or not _CONNECTORS.isdisjoint(text[start : match.start()].lower().split())
        ):
            yield Span(start, match.end(), EMAIL)


def _local_part(text: str, end: int) -> int | None:
    """Where the spoken name before "at" begins; None where the word there is no name of a mailbox."""
    begin: int | None = None
    joined = spelled_out = False
    floor = max(0, end - _MOST_OF_LOCAL)
    while (how := _HOW_WRITTEN.search(text, max(floor, end - 40), end)) is not None:
        end = how.start()
    while (match := _LOCAL_WORD.search(text, max(floor, end - 40), end)) is not None:
        word = match[0].lower().strip(",.")
        letter = _AS_IN.search(text, max(floor, match.start() - 16), match.start())
        spelled = letter is not None and letter[1].lower() == word[:1]
        if word in _NO_LOCAL:
            if begin is None:
                return None
            break
        if begin is not None and not (joined or spelled or _belongs_to_a_name(word) or (word == "like" and spelled_out)):
            break
        spelled_out = _LETTER_WORD.fullmatch(word) is not None
        joined = word in _CONNECTORS or (
            word in _SAID_WORDS and _ENDS_A_NAME.search(text, max(floor, match.start() - 40), match.start()) is not None
        )
        begin = letter.start() if letter is not None and spelled else match.start()
        end = begin
        while end > floor and text[end - 1].isspace():
            end -= 1
        if end == floor:
            break
    before = None if begin is None else _SPELLED_FOR.search(text, max(0, begin - 60), begin)
    return begin if before is None else before.start()


def _belongs_to_a_name(word: str) -> bool:
    """Whether a word before others of a mailbox's name is more of it, whatever those are."""
    return (
        (len(word) == 1 and word != "a")
        or word.isdigit()
        or word in _CONNECTORS
        or word in _SINGLES
        or word in _TIMES
        or _LETTER_WORD.fullmatch(word) is not None
    )


def _valid_iban(number: str) -> bool:
    """Whether a number has an IBAN's length and check digits; what a bank's own check says of the rest does not count."""
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        iban.validate(number, check_country=False)
    except ValidationError:
        return False
    return True


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        # What follows the number may look like more of it.
        for end in range(match.end(), match.start() + 14, -1):
            if not text[end - 1].isspace() and (end == len(text) or not text[end].isalnum()) and _valid_iban(text[match.start() : end]):
                yield Span(match.start(), end, IBAN)
                break


def _addresses(text: str, lowered: str, question: str | None) -> Iterator[Span]:
    """Addresses; ``question`` is None where the text has no word of a street."""
    if question is not None and (_ASKS_ADDRESS.search(question) or _TELLS_ADDRESS.search(text)):
        for pattern in (_STREET_SAID, _FLAT):
            for match in pattern.finditer(text):
                yield Span(_begin_of_address(text, match.start()), _end_of_address(text, match.end()), ADDRESS)
    if any(street in lowered for street in _STREETS):
        for match in _STREET.finditer(text):
            yield Span(_begin_of_address(text, match.start()), _end_of_address(text, match.end()), ADDRESS)
    for match in _STREET_IN_CAPITALS.finditer(text):
        yield Span(_begin_of_address(text, match.start()), _end_of_address(text, match.end()), ADDRESS)
    for pattern in (_STATE_AND_ZIP, _POSTCODE, _BOX, _STREET_ABROAD):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), ADDRESS)


def _begin_of_address(text: str, begin: int) -> int:
    before = _BEFORE_STREET.search(text, max(0, begin - 24), begin)
    return begin if before is None else before.start()


def _end_of_address(text: str, end: int) -> int:
    while (more := _REST_OF_ADDRESS.match(text, end)) is not None:
        end = more.end()
    return end


def _secrets(text: str, question: str) -> Iterator[Span]:
    """Passwords and the like: what follows "my password is", and the short answer to a question for one."""
    for named in _NAMES_A_SECRET.finditer(text):
        told = _TOLD.match(text, named.end())
        value = None if told is None else _VALUE.match(text, told.end())
        if (
            value is not None
            and value[0].strip(".!?,").lower() not in _NO_VALUE
            and value[0].split()[0].lower().strip(".,!?") not in _NO_VALUE
        ):
            yield Span(value.start(), value.start() + len(value[0].rstrip(" .!?,-")), PASSWORD)
        elif (mixed := _MIXED_VALUE.match(text, named.end())) is not None:
            yield Span(mixed.start("value"), mixed.end("value"), PASSWORD)
    asked = list(_NAMES_A_SECRET.finditer(question))
    # "And the memorable word": a question that ends with what it asks for needs no word of asking.
    asks = bool(asked) and (_ASKS.search(question) or not question[asked[-1].end() :].strip(" ?.!,"))
    if not asks or _NEVER.search(question) or _NAMES_A_SECRET.search(text):
        return
    words = list(re.finditer(r"\S+", text))
    # "Fitzgerald, with an F": what explains the answer is none of it.
    said = next((n for n, w in enumerate(words) if w[0][-1] in ",;" and w[0].lower().strip(".,!?;") not in _NOD_WORDS), None)
    if said is not None and len(words[said][0]) > 2:
        words = words[: said + 1]
    kept = [w for w in words if w[0].lower().strip(".,!?") not in _NOD_WORDS]
    spelled = len(words) > 2 and sum(len(w[0].strip(".,")) == 1 for w in words) >= 0.6 * len(words)
    if (
        kept
        and (len(kept) <= 3 or spelled)
        and not text.rstrip().endswith("?")
        and not any(w[0].lower().strip(".,") in _DECLINES for w in kept)
    ):
        yield Span(kept[0].start(), kept[-1].start() + len(kept[-1][0].rstrip(".!?,")), PASSWORD)


# "Please don't tell me your password."
_NEVER = re.compile(r"\b(?:don't|do not|never|needn't)\b", re.IGNORECASE)
_DECLINES = frozenset(
    [
        "don't",
        "dont",
        "know",
        "remember",
        "forgot",
        "forgotten",
        "can't",
        "cannot",
        "thanks",
        "thank",
        "you",
        "sorry",
        "what",
        "have",
        "wait",
    ]
)


# How many characters away a date may stand from the words that call it one of birth.
_NEAR_BIRTH = 60


def _any_within(places: Sequence[int], first: int, last: int) -> bool:
    """Whether one of the sorted places lies between two, these included."""
    found = bisect_left(places, first)
    return found < len(places) and places[found] <= last


# How long a turn is at most that says a piece of an e-mail address, and over how many turns such pieces lie.
_MOST_OF_ADDRESS_PIECE = 60
_ADDRESS_TURNS = 9
_SAYS_AT = re.compile(r"(?:^|\s)(?:at|@)(?:\s|$)", re.IGNORECASE)
_FEWEST_WORDS = 3


def _emails_in_pieces(texts: Sequence[str], who: Sequence[str], found: list[list[Span]]) -> None:
    """Adds e-mail addresses that are said over several short turns: "tobias", "dot rennick", "at example dot org"."""
    for number, text in enumerate(texts):
        if len(text) > _MOST_OF_ADDRESS_PIECE or not _SAYS_AT.search(text):
            continue
        pieces, question = _pieces_around(texts, who, number)
        if len(pieces) < 2:
            continue
        joined = " ".join(texts[n] for n in pieces)
        spans = list(_emails(joined, question))
        at = 0
        for n in pieces:
            size = len(texts[n])
            for span in spans:
                start, end = max(span.start, at), min(span.end, at + size)
                if start < end:
                    found[n].append(Span(start - at, end - at, EMAIL))
                if at < span.start and n < number and "mail" in question.lower():
                    found[n] += _all_but_nods(texts[n])
            at += size + 1


def _pieces_around(texts: Sequence[str], who: Sequence[str], number: int) -> tuple[list[int], str]:
    """The short turns of a speaker around one, and what the other side said at some length before them."""
    pieces, question = [number], ""
    for before in range(number - 1, max(-1, number - _ADDRESS_TURNS), -1):
        text = texts[before]
        if who[before] != who[number]:
            if len(text) > _MOST_OF_ADDRESS_PIECE or "mail" in text.lower() or text.rstrip().endswith("?"):
                question = text
                break
        elif len(text) > _MOST_OF_ADDRESS_PIECE:
            break
        else:
            pieces.insert(0, before)
    for after in range(number + 1, min(len(texts), number + 4)):
        if who[after] == who[number]:
            if len(texts[after]) > _MOST_OF_ADDRESS_PIECE:
                break
            pieces.append(after)
    return pieces, question


def _all_but_nods(text: str) -> list[Span]:
    """The words of a piece of an e-mail address, without the nods before them; nothing where they are more than a piece has."""
    kept = [w for w in re.finditer(r"\S+", text) if w[0].lower().strip(".,!?") not in _NOD_WORDS]
    return [Span(kept[0].start(), kept[-1].end(), EMAIL)] if 0 < len(kept) <= _FEWEST_WORDS else []


# Over how many turns what was told may be given back or spelled, how many things of a turn are looked for, and in how much of a later turn.
_BACK_TURNS = 4
_MOST_TOLD = 8
_BACK_CHARS = 2000
_BACK_KINDS = frozenset((EMAIL, PASSWORD, ADDRESS))
_LETTER_BY_LETTER = re.compile(r"(?<![\w'’])(?:[a-z][\s,.-]{1,3}){2,30}[a-z]\b", re.IGNORECASE)
_CONNECTED = re.compile(r"\b\w{1,30}(?:\s(?:dot|underscore|dash|hyphen|point)\s\w{1,30}){1,6}", re.IGNORECASE)
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def _told_again(texts: Sequence[str], found: list[list[Span]]) -> None:
    """Adds what gives an e-mail address, a password or a street back soon after it, in the same words or letter by letter."""
    for number in range(len(texts)):
        told = [s for s in found[number] if s.kind in _BACK_KINDS][:_MOST_TOLD]
        for span in told:
            value = _in_lower_case(texts[number][span.start : span.end])
            if len(value) < _SHORT:
                continue
            found[number] += _again(texts[number], value, span.kind, span.end)
            for later in range(number + 1, min(len(texts), number + 1 + _BACK_TURNS)):
                found[later] += _again(texts[later], value, span.kind, 0)


def _again(text: str, value: str, kind: str, first: int) -> Iterator[Span]:
    """Where a text gives a value back behind a place."""
    last = min(len(text), first + _BACK_CHARS)
    lowered = _in_lower_case(text[first:last])
    at = lowered.find(value)
    while at >= 0:
        end = at + len(value)
        if not lowered[at - 1 : at].isalnum() and not lowered[end : end + 1].isalnum():
            yield Span(first + at, first + end, kind)
        at = lowered.find(value, end)
    if kind == ADDRESS:
        return
    letters = _NO_LETTER.sub("", value)
    for match in _LETTER_BY_LETTER.finditer(text, first, last):
        if _NO_LETTER.sub("", match[0].lower()) in letters:
            yield Span(match.start(), _end_of_again(text, match.end(), value) if kind == EMAIL else match.end(), kind)
    if kind == EMAIL:
        for match in _CONNECTED.finditer(text, first, last):
            if match[0].lower() in value:
                yield Span(match.start(), match.end(), kind)


def _end_of_again(text: str, end: int, value: str) -> int:
    """Where the words of an e-mail address end that go on behind its spelled ones."""
    words = frozenset(value.split())
    while (word := _NEXT_WORD.match(text, end)) is not None and word[1].lower() in words:
        end = word.end()
    return end


_NEXT_WORD = re.compile(r"\s+([\w-]{1,30})")


def _births_given_back(texts: Sequence[str], who: Sequence[str], found: list[list[Span]]) -> None:
    """Adds dates with a year that begin the turn behind a date of birth: the other side gives it back, or puts it right."""
    for number in range(1, len(texts)):
        if who[number] == who[number - 1] or not any(s.kind == BIRTH_DATE for s in found[number - 1]):
            continue
        match = _DATE.search(texts[number], 0, 120)
        if match is not None and match.start() <= _STARTS and _YEAR.search(match[0]) and len(_DATE_PART.findall(match[0])) > 2:
            found[number].append(Span(match.start(), match.start() + len(match[0].rstrip(" ,.-")), BIRTH_DATE))


_DATE_PART = re.compile(r"\w+")
# Within how many characters a turn begins with what it gives back.
_STARTS = 16


def _births(text: str, question: str) -> Iterator[Span]:
    """Dates of birth: where the turn names one, or the question before it asks for one."""
    named = [m.end() for m in _ASKS_BIRTH.finditer(text)]
    told = [m.end() for m in _TELLS_BIRTH.finditer(text)]
    birthday = "birthday" in question.lower()
    asked = bool(_ASKS_BIRTH.search(question)) or (birthday and "?" in question)
    # Asked for a birthday without a question mark, a day of some other year may be meant: "for a birthday, I need the date".
    asked_year = birthday and _ASKS.search(question) is not None
    if not (named or told or asked or asked_year):
        return
    for match in _DATE.finditer(text):
        at = match.start()
        answers = at <= _ANSWER_STARTS and (asked or (asked_year and _YEAR.search(match[0]) is not None))
        near = _any_within(named, at - _NEAR_BIRTH, at) or answers
        told_near = _any_within(told, at - _NEAR_BIRTH, at + _NEAR_BIRTH) and _YEAR.search(match[0])
        if near or told_near:
            yield Span(match.start(), match.start() + len(match[0].rstrip(" ,.-")), BIRTH_DATE)


# --- a whole call ----------------------------------------------------------------------------------------------------

# Over how many turns a speaker's number may go on, how many words may stand beside its parts, and how many the other may say between.
_MOST_TURNS_BETWEEN = 3
_MOST_WORDS_BESIDE = 4
_MOST_WORDS_BETWEEN = 7
# For how many turns the other side may be giving a number back.
_ECHO_TURNS = 6
_DIGIT = re.compile(r"\d")
_SAID_WORDS = frozenset(_NUMBER_PARTS)
_SIGNS_AS_SPACES = str.maketrans(dict.fromkeys(",.;:-?!\u2013\u2014()", " "))
_TRIGGER = re.compile(rf"\d|@|\b(?:{_SPOKEN})\b", re.IGNORECASE)


def find(texts: Sequence[str], speakers: Sequence[str] = ()) -> list[list[Span]]:
    """The sensitive spans of each text, in order and apart from each other.

    ``texts`` are the turns of a call, ``speakers`` who says each; without them every text counts as another speaker's.
    """
    who: Sequence[str] = speakers or [str(n) for n in range(len(texts))]
    found: list[list[Span]] = [[] for _ in texts]
    all_runs: list[list[Run]] = []
    said: list[int] = []
    there = _Hints.of("\n".join(texts).lower())
    for number, text in enumerate(texts):
        lowered = text.lower()
        has_digit = _DIGIT.search(text) is not None
        said.append(_number_words(lowered) + 2 * has_digit)
        all_runs.append(list(_runs(number, text)) if said[number] > 1 else [])
        if there.any or all_runs[number]:
            found[number] += _patterns(texts, who, number, lowered, has_digit, said[number], there)
    if there.emails:
        _emails_in_pieces(texts, who, found)
    _told_again(texts, found)
    if there.births:
        _births_given_back(texts, who, found)
    _numbers(texts, who, all_runs, found)
    _cards_in_pieces(texts, who, all_runs, found)
    _codes_digit_by_digit(texts, who, said, found)
    return [apart(spans) for spans in found]


def masked(text: str) -> str:
    """One text with labels in the place of what is sensitive in it."""
    lowered = text.lower()
    if not _DIGIT.search(text) and not _Hints.of(lowered).any and not _says_numbers(lowered):
        return text
    return replaced(text, find([text])[0])


def replaced(text: str, spans: Iterable[Span]) -> str:
    """The text with the label of each span in its place; spans are in order and apart."""
    out: list[str] = []
    at = 0
    for span in spans:
        out += text[at : span.start], label(span.kind)
        at = span.end
    return "".join((*out, text[at:]))


class _Hints(NamedTuple):
    """Parts of words that are in a call: a pattern is tried only where a part of what it needs is there."""

    emails: tuple[str, ...]
    streets: tuple[str, ...]
    secrets: tuple[str, ...]
    births: tuple[str, ...]
    sorts: tuple[str, ...]
    any: bool

    @classmethod
    def of(cls, lowered: str) -> _Hints:
        """The parts that are in a text."""
        emails, streets, secrets, births, sorts = (tuple(part for part in parts if part in lowered) for parts in _HINTS)
        return cls(emails, streets, secrets, births, sorts, bool(emails or streets or secrets or births or sorts))


_HINTS = (
    ("@", " dot ", " at ", "(at", "[at", "(dot", "[dot", "( at", "[ at"),
    (*_STREETS, *(f" {street.rstrip('?')}" for street in _PATTERNS["streets"]["said"]), "flat ", "apartment", "unit ", "suite "),
    (
        "pass",
        " word",
        "maiden",
        "memorable",
        "answer",
        "safeword",
        "first ",
        "favorite",
        "favourite",
        "childhood",
        "name of your",
        "grew up",
    ),
    ("birth", "born", "dob", "d o b", "d.o.b", "d. o. b"),
    ("sort",),
)


def _in(parts: tuple[str, ...], *texts: str) -> bool:
    return any(part in text for part in parts for text in texts)


def says_numbers(text: str) -> bool:
    """Whether a text holds digits, or more than one word of a number."""
    return _DIGIT.search(text) is not None or _says_numbers(text.lower())


def _says_numbers(lowered: str) -> bool:
    return _number_words(lowered) > 1


def _number_words(lowered: str) -> int:
    """How many words of numbers a text has."""
    return sum(map(_SAID_WORDS.__contains__, lowered.translate(_SIGNS_AS_SPACES).split()))


def _patterns(texts: Sequence[str], who: Sequence[str], number: int, lowered: str, has_digit: bool, said: int, there: _Hints) -> list[Span]:
    """What other patterns than those of numbers find in a text; ``said`` is how many numbers it may have, at least."""
    text = texts[number]
    spans: list[Span] = []
    question = _question(texts, who, number) if number else ""
    if _in(there.emails, lowered):
        spans += _emails(text, question)
    asked = question.lower()
    if has_digit:
        spans += _ibans(text)
        spans += (Span(m.start(), m.end(), IDENTITY) for m in _NATIONAL_INSURANCE.finditer(text))
        spans += (
            Span(m.start(), m.end(), IDENTITY)
            for m in _SSN.finditer(text)
            if nearest(text[max(0, m.start() - _BEFORE_CHARS) : m.start()]) != ""
        )
        if _in(there.sorts, lowered, asked):
            spans += (Span(m.start(), m.end(), ACCOUNT) for m in _SORT_CODE.finditer(text))
        spans += _shaped(text)
        spans += _codes(text, question)
    if said > 1:
        spans += _spelled(text, question)
    street = said > 0 and _in(there.streets, lowered)
    if said > 1 or street:
        spans += _addresses(text, lowered, question if street else None)
    if _in(there.secrets, lowered, asked):
        spans += _secrets(text, question)
    if _in(there.births, lowered, asked):
        spans += _births(text, question)
    return spans


# Codes that are spelled: letters and digits one by one or in small groups, "C as in Charlie, 7 7 1".
_LETTER_WORDS = "|".join(_PATTERNS["words"]["letters"])
_LETTER_WORD = re.compile(_LETTER_WORDS, re.IGNORECASE)
_LETTER = (
    rf"(?:[A-Z]{{1,3}}|[b-hj-np-z]|[ai](?=[\s,-]+[b-hj-z]\b)|(?<=\b[b-hj-z]\s)[ai]|(?i:{_LETTER_WORDS}))"
    r"(?:,?\s+(?:as\s+in|for|like)\s+[A-Za-z]+)?"
)
_SPELLED = re.compile(
    rf"\b(?:(?:(?:{_LETTER}|\d{{1,4}}[A-Z]?|(?i:{_SPOKEN})|(?i:dash|hyphen))\b[\s,-]*){{3,40}})", re.ASCII
)  # fmt: skip
_SPELLED_KINDS = frozenset((IDENTITY, ACCOUNT, ADDRESS, IBAN))
_FEWEST_SPELLED = 5


def _spelled(text: str, question: str) -> Iterator[Span]:
    """Codes that are spelled in letters and numbers, which the words before them call an identity, an account or a postcode."""
    for match in _SPELLED.finditer(text):
        said = match[0].rstrip(" ,-")
        words = re.findall(r"\w+", said)
        letters = [
            "x" if len(w) > 2 else w for w in words if (len(w) < 3 and w.isalpha() and w.lower() != "o") or _LETTER_WORD.fullmatch(w)
        ]
        numbers = [w for w in words if w.isdigit() or w.lower() in _SAID_WORDS]
        if (
            not letters
            or not numbers
            or (letters == ["x"] and "november" in said.lower())
            or len("".join(letters)) + sum(len(w) if w.isdigit() else 1 for w in numbers) < _FEWEST_SPELLED
        ):
            continue
        kind = nearest(text[max(0, match.start() - _BEFORE_CHARS) : match.start()])
        if kind is None and match.start() <= _ANSWER_STARTS:
            kind = nearest(question)
        if kind in _SPELLED_KINDS:
            yield Span(match.start(), match.start() + len(said), str(kind))


_SHAPES = re.compile(rf"(?<![\w-])(?:{'|'.join(_PATTERNS['shapes']['identity'])})(?![\w-])")


def _shaped(text: str) -> Iterator[Span]:
    """Identity numbers that their form alone tells, where the words before do not say that they are something else."""
    for match in _SHAPES.finditer(text):
        if nearest(text[max(0, match.start() - _BEFORE_CHARS) : match.start()]) != "":
            yield Span(match.start(), match.end(), IDENTITY)


def _codes(text: str, question: str) -> Iterator[Span]:
    """Codes of letters and digits that the words before them call an identity or an account."""
    for match in _CODE.finditer(text):
        before = text[max(0, match.start() - _BEFORE_CHARS) : match.start()]
        kind = nearest(before)
        if kind is None and match.start() <= _ANSWER_STARTS:
            kind = nearest(question)
        if kind in (IDENTITY, ACCOUNT, IBAN):
            yield Span(match.start(), match.end(), str(kind))
        elif kind == PASSWORD and not match[0].isdigit():
            yield Span(match.start(), match.end(), PASSWORD)


# What a question of one or two words is about: "DOB?", "and your email".
_ASKS_BRIEFLY = re.compile(r"e-?mail|\bborn\b|\baddress\b|\bpass|\bword\b", re.IGNORECASE)


def _question(texts: Sequence[str], who: Sequence[str], number: int) -> str:
    """The end of what another speaker said right before a text, nods passed over."""
    for before in range(number - 1, max(-1, number - 4), -1):
        text = texts[before]
        if who[before] != who[number] and (len(text) > 12 or _ASKS_BRIEFLY.search(text) or nearest(text) is not None):
            return text[-_QUESTION_CHARS:]
    return ""


def _numbers(texts: Sequence[str], who: Sequence[str], all_runs: list[list[Run]], found: list[list[Span]]) -> None:
    """Adds the numbers that are sensitive, those that go on over several turns as a whole."""
    chain_of = _chains(texts, who, all_runs)
    known: list[tuple[int, str, str]] = []
    harmless: set[str] = set()
    for number, runs in enumerate(all_runs):
        for run in runs:
            chain = chain_of.get((run.text, run.start), (run,))
            if chain[0] is not run:
                continue
            digits = "".join(r.digits for r in chain)
            if len(digits) < 3:
                continue
            if (
                len(digits) < _SHORT
                and not _TELLS_OF_SHORT_ONES.search(texts[number][: run.start])
                and (run.start > _ANSWER_STARTS or not _TELLS_OF_SHORT_ONES.search(_question(texts, who, number)))
            ):
                continue
            singles = sum(r.singles for r in chain)
            written = any(r.written for r in chain)
            context = _context(texts, who, run)
            behind = texts[chain[-1].text][chain[-1].end : chain[-1].end + 60]
            if context.kind is None and digits in harmless:
                continue  # the agent gives the order number back
            if _is_iban(texts[chain[0].text][: chain[0].start], digits):
                found[chain[0].text].append(Span(chain[0].start - 4, chain[0].start, IBAN))
                for part in chain:
                    found[part.text].append(Span(part.start, part.end, IBAN))
                continue
            kind = _kind_of(digits, context, singles=singles, written=written, glued=run.glued, behind=behind)
            if (kind == NUMBER or (kind == PHONE and context.kind is None)) and any(r.listed for r in chain):
                continue  # "500, 1000, 2000"
            if kind is None:
                if context.kind == "":
                    harmless.add(digits)
                continue
            for part in chain:
                found[part.text].append(Span(part.start, part.end, kind))
            known.append((number, digits, kind))
    _echoes(texts, all_runs, known, found)


# Over how many turns of one speaker the pieces of a card number may lie, however much else is said between them.
_CARD_PIECES_TURNS = 8
_CARD_PIECES = frozenset(((4, 4, 4, 4), (4, 6, 5), (4, 4, 8), (4, 8, 4), (8, 4, 4), (8, 8), (6, 10), (4, 12), (12, 4), (4, 4, 7), (4, 11)))


def _cards_in_pieces(texts: Sequence[str], who: Sequence[str], all_runs: list[list[Run]], found: list[list[Span]]) -> None:
    """Adds card numbers whose pieces have asides between them: pieces of the usual lengths whose digits hold a card's check digit."""
    said: dict[str, list[Run]] = {}
    for runs in all_runs:
        for run in runs:
            if not 4 <= len(run.digits) <= 12 or nearest(texts[run.text][max(0, run.start - _BEFORE_CHARS) : run.start]) not in (
                None,
                CARD,
            ):
                continue
            pieces = said.setdefault(who[run.text], [])
            pieces.append(run)
            for count in (4, 3, 2):
                some = pieces[-count:]
                if (
                    run.text - some[0].text <= _CARD_PIECES_TURNS
                    and tuple(len(r.digits) for r in some) in _CARD_PIECES
                    and _holds_card("".join(r.digits for r in some))
                ):
                    for piece in some:
                        found[piece.text] = [s for s in found[piece.text] if not (piece.start <= s.start < piece.end and s.kind == NUMBER)]
                        found[piece.text].append(Span(piece.start, piece.end, CARD))
                    break
            del pieces[:-4]


# How many turns the digits of a code may take where they are said one by one, and how many digits such a code has.
_CODE_TURNS = 5
_CODE_DIGITS = range(3, 9)
_NO_DIGIT = re.compile(r"\s+(?:second|sec|moment|minute|more|of|is|isn't|was|that|thing|time|please|day|way)\b", re.IGNORECASE)


def _codes_digit_by_digit(texts: Sequence[str], who: Sequence[str], said: Sequence[int], found: list[list[Span]]) -> None:
    """Adds security codes and passcodes that are said in pieces of one or two digits, over several short turns."""
    for number in range(len(texts) - 1):
        if not said[number + 1] or who[number + 1] == who[number]:
            continue
        if all(len(r.digits) > 2 for r in _short_pieces(texts[number + 1], number + 1)):
            continue
        kind = nearest(texts[number][-_QUESTION_CHARS:])
        if kind not in (SECURITY_CODE, PASSWORD):
            continue
        pieces: list[Run] = []
        for later in range(number + 1, min(len(texts), number + 1 + _CODE_TURNS)):
            runs = _short_pieces(texts[later], later)
            if not runs and len(texts[later]) > _NOD_CHARS:
                break
            pieces += runs
        if sum(len(r.digits) for r in pieces if who[r.text] != who[number]) in _CODE_DIGITS:
            for piece in pieces:
                found[piece.text].append(Span(piece.start, piece.end, kind))


_MOST_DIGITS_OF_PIECE = 4
# How many characters a nod between the pieces has at most.
_NOD_CHARS = 12
# How many characters a turn has at most that says a piece of a code.
_MOST_OF_PIECE = 60


def _short_pieces(text: str, number: int) -> list[Run]:
    """The numbers of a short text that count nothing; none where one is too long to be a piece of a code."""
    if len(text) > _MOST_OF_PIECE:
        return []
    runs = list(_runs(number, text))
    # "Six fifteen" is a time; a longer piece of a code is said digit by digit.
    if any(len(r.digits) > (_MOST_DIGITS_OF_PIECE if r.singles == len(r.digits) else 2) for r in runs):
        return []
    return [r for r in runs if r.digits and not _NO_DIGIT.match(text, r.end)]


def _is_iban(before: str, digits: str) -> bool:
    """Whether digits behind two spelled letters are an IBAN."""
    country = _COUNTRY.search(before[-8:])
    return country is not None and _valid_iban(country[1] + country[2] + digits)


_COUNTRY = re.compile(r"\b([A-Za-z]) ([A-Za-z]) $")
# Numbers of fewer digits than this are sensitive only behind words that have one of these parts.
_SHORT = 5
_TELLS_OF_SHORT_ONES = re.compile(
    r"cv|c v|cid|code|digits|back|front|strip|otp|pin|pass|memorable|social|ssn|insurance|birth|d\.?o\.?b|licen|medica|last|passport",
    re.IGNORECASE,
)


def _context(texts: Sequence[str], who: Sequence[str], run: Run) -> _Context:
    before = texts[run.text][max(0, run.start - _BEFORE_CHARS) : run.start]
    kind = nearest(before)
    if kind is None and run.start <= _ANSWER_STARTS:
        question = _question(texts, who, run.text)
        kind = nearest(question)
        if _LAST_DIGITS.search(question.rstrip(" ?.!")):
            before = question.rstrip(" ?.!") + " "
    return _Context(kind, before)


def _chains(texts: Sequence[str], who: Sequence[str], all_runs: list[list[Run]]) -> dict[tuple[int, int], tuple[Run, ...]]:
    """Numbers that a speaker goes on with in a later turn, by text and start of each part."""
    found: dict[tuple[int, int], tuple[Run, ...]] = {}
    open_ones: dict[str, tuple[Run, ...]] = {}
    for number, runs in enumerate(all_runs):
        speaker = who[number]
        if not runs:
            continue
        text = texts[number]
        before = open_ones.pop(speaker, ())
        if before and _goes_on(texts, who, before[-1], runs[0]):
            chain = (*before, runs[0])
            found.update(((r.text, r.start), chain) for r in chain)
            last_chain = chain
        else:
            last_chain = (runs[0],)
        last = runs[-1]
        if last is not runs[0]:
            last_chain = (last,)
        if len(text[last.end :].split()) <= _MOST_WORDS_BESIDE:
            open_ones[speaker] = last_chain
    return found


_EVERY_CONTEXT = frozenset(kind for kind, _ in _CONTEXTS)


def _goes_on(texts: Sequence[str], who: Sequence[str], last: Run, run: Run) -> bool:
    """Whether a number that ends a turn goes on in a later one of the same speaker."""
    if not 1 <= run.text - last.text <= _MOST_TURNS_BETWEEN + 1 or len(texts[run.text][: run.start].split()) > _MOST_WORDS_BESIDE:
        return False
    if nearest(texts[run.text][: run.start]) is not None or texts[run.text].startswith(("hundred", "Hundred"), run.start):
        return False
    for between in range(last.text + 1, run.text):
        words = texts[between].split()
        if len(words) > _MOST_WORDS_BETWEEN and sum(bool(_TRIGGER.search(w)) for w in words) < 0.6 * len(words):
            return False
        if nearest(texts[between]) in (
            ("", SECURITY_CODE, BIRTH_DATE, PASSWORD) if not texts[between].rstrip().endswith("?") else _EVERY_CONTEXT
        ):
            return False
    return True


def _echoes(texts: Sequence[str], all_runs: list[list[Run]], known: list[tuple[int, str, str]], found: list[list[Span]]) -> None:
    """Adds the numbers that give a sensitive one back, in whole or in part, soon after it."""
    for number, digits, kind in known:
        for later in range(number, min(len(texts), number + _ECHO_TURNS + 1)):
            for run in all_runs[later]:
                if len(run.digits) < 3 or run.digits not in digits or any(s.start <= run.start < s.end for s in found[later]):
                    continue
                if len(run.digits) < len(digits) and (
                    len(run.digits) < 4 or _LAST_DIGITS.search(texts[later][max(0, run.start - 40) : run.start])
                ):
                    continue
                found[later].append(Span(run.start, run.end, kind))


def apart(spans: list[Span]) -> list[Span]:
    """Spans in order; of those that touch the same characters one, of the kind of the longest."""
    if len(spans) < 2:
        return spans
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start < out[-1].end:
            before = out[-1]
            kind = before.kind if before.end - before.start >= span.end - span.start else span.kind
            out[-1] = Span(before.start, max(before.end, span.end), kind)
        else:
            out.append(span)
    return out
