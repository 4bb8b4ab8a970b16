"""One normaliser for what was said and for the phrases we look for, so that both sides are spelled alike.

``Normaliser.words`` turns a text into canonical words with the span of characters each came from: lower case,
contractions in full ("can't" is "can not"), one spelling for British and American, fillers and noise tags left out,
every number as "0", sentence ends as words of their own. Quotes are cut from the untouched text by those spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, chain, compress, count
from operator import add, eq, itemgetter
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

TURN_END = "\n"
SENTENCE_ENDS = (".", "?", "!")
BOUNDARIES = frozenset((TURN_END, *SENTENCE_ENDS))
NUMBER = "0"

# One character for one, so that offsets into the text stay true.
_ONE_FOR_ONE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4\u0060\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u2012\u2013\u2014\u2015\u2212", "\u2014"),
        **dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\u3000\ufeff", " "),
    }
)

# What recognisers and transcribers write for sounds and for what they took out: never words.
_HEARD = "laugh|chuckl|sigh|inaudible|pause|crosstalk|unclear|noise|music|cough|silence|overlap"
_TAG = (
    r"\[[^\[\]]{1,60}\]|<[^<>]{1,60}>|\{[^{}]{1,60}\}|\*[a-z ]{1,30}\*|"
    rf"\((?:{_HEARD})[^()]{{0,40}}\)|#[A-Z_]{{2,30}}#|%"
)
_LISTENING_SOUND = r"(?:uh|um|mm+|m|a)[\s\-]*hu?[hm]+\b"
_CHUNK = re.compile(rf"(?:{_TAG})|{_LISTENING_SOUND}\S*|\S+?(?=[\[<{{])|\S+", re.IGNORECASE)
_IS_TAG = re.compile(rf"(?:{_TAG})[.,?!]*", re.IGNORECASE)
_TAG_OPENS = frozenset("[<{(*#%")
_LAUGHTER = re.compile(r"laugh|chuckl|giggl|\bhaha", re.IGNORECASE)
_REDACTED = re.compile(r"[\[<{#](?:[A-Z][A-Z_ -]*\d*|pii|redacted|name|phone|address|email|account|card)[\]>}#]")
# Chunks for which a text may have to be cut otherwise than at its spaces: where a tag may begin, which may hold spaces itself, and what
# may follow "uh" and "mm" as their second half.
_NEEDS_CARE = re.compile(rf"[\[<{{]|^%|^\*(?:[a-z]|$)|^\((?:{_HEARD})|^#[A-Z_]", re.IGNORECASE)
_SECOND_HALF = re.compile(r"-*hu?[hm]+\b", re.IGNORECASE)
_FIRST_HALF = re.compile(r"(?:(?:uh|um|mm+|m|a)?-*)", re.IGNORECASE)
_ON_ONE_LINE = str.maketrans("\n\t\r", "   ")
_BETWEEN = f" {TURN_END} "

_FILLERS = frozenset(("um", "umm", "uhm", "uh", "uhh", "er", "err", "erm", "em", "ehm", "hm-"))
# Words that false starts double without meaning to.
_STUTTERED = frozenset(
    ("i", "we", "you", "they", "he", "she", "it", "the", "a", "an", "to", "of", "in", "and", "or", "but", "so", "is", "am", "are", "will")
    + ("can", "my", "your", "our", "if", "for", "on", "with", "as", "what", "let", "just", "would", "could", "do", "this", "there")
)
_ONCE = _STUTTERED | frozenset(SENTENCE_ENDS)
# After these, "like" is the verb or the comparison; elsewhere it only fills a pause.
_BEFORE_REAL_LIKE = frozenset(
    (
        "would",
        "look",
        "looks",
        "looked",
        "looking",
        "feel",
        "feels",
        "felt",
        "feeling",
        "sound",
        "sounds",
        "sounded",
        "seem",
        "seems",
        "seemed",
    )
    + (
        "something",
        "anything",
        "nothing",
        "things",
        "stuff",
        "places",
        "much",
        "more",
        "just",
        "not",
        "really",
        "is",
        "was",
        "to",
        "who",
        "how",
    )
    + (
        "people",
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "do",
        "did",
        "does",
        "also",
        "quite",
        "might",
        "may",
        "could",
        "some",
        "days",
        "times",
    )
)
_AFTER_FILLER_LIKE = frozenset(
    ("am", "is", "are", "was", "were", "will", "can", "could", "would", "have", "has", "had", "do", "did", "not", "really", "just")
)
# "you know" says something after these; elsewhere it fills.
_BEFORE_REAL_KNOW = frozenset(
    (
        "do",
        "did",
        "let",
        "if",
        "as",
        "would",
        "when",
        "will",
        "how",
        "what",
        "whether",
        "that",
        "because",
        "so",
        "like",
        "once",
        "until",
        "till",
    )
)
# "Like I said" is said, not filled.
_SUBJECTS = frozenset(("i", "we", "you", "they", "he", "she"))
_SAYING = frozenset(("said", "say", "mentioned", "told", "explained", "were", "was", "am", "are"))
_WORTH_A_LOOK = frozenset(("like", "know", "mean"))

_AFTER_FILLER_KNOW = frozenset(("i", "we", "it", "you", "the", "like", "and", "so", "but", "a", "my"))

# One token of spaCy's to canonical words.
_SPELLED = {
    "n't": ("not",), "'m": ("am",), "'re": ("are",), "'ve": ("have",), "'ll": ("will",), "'d": ("would",), "'s": ("is",),
    "ok": ("okay",), "o.k.": ("okay",), "k": ("okay",), "okey": ("okay",), "cos": ("because",), "cuz": ("because",), "'cause": ("because",),
    "coz": ("because",), "ya": ("you",), "u": ("you",), "ur": ("your",), "r": ("are",), "thx": ("thanks",), "pls": ("please",), "plz": ("please",),
    "wanna": ("want", "to"), "gonna": ("going", "to"), "gotta": ("got", "to"), "lemme": ("let", "me"), "gimme": ("give", "me"),
    "dunno": ("do", "not", "know"), "kinda": ("kind", "of"), "sorta": ("sort", "of"), "outta": ("out", "of"), "shoulda": ("should", "have"),
    "coulda": ("could", "have"), "woulda": ("would", "have"), "y'all": ("you",), "yall": ("you",), "cannot": ("can", "not"), "ain't": ("is", "not"),
    "'em": ("them",), "em": ("them",), "goin'": ("going",), "till": ("until",), "'til": ("until",), "til": ("until",),
    "yea": ("yeah",), "yah": ("yeah",), "yeh": ("yeah",), "yup": ("yep",), "alright": ("all", "right"), "goodbye": ("good", "bye"),
    "thankyou": ("thank", "you"), "ta": ("ta",), "mum": ("mom",), "cheque": ("check",), "cheques": ("checks",), "grey": ("gray",),
    "programme": ("program",), "programmes": ("programs",), "licence": ("license",), "practise": ("practice",), "defence": ("defense",),
    "offence": ("offense",), "whilst": ("while",), "amongst": ("among",), "tyre": ("tire",), "tyres": ("tires",), "fulfil": ("fulfill",),
    "learnt": ("learned",), "judgement": ("judgment",), "towards": ("toward",), "afterwards": ("afterward",), "maths": ("math",),
    "&": ("and",), "w/": ("with",), "w/o": ("without",), "mins": ("minutes",), "hrs": ("hours",), "secs": ("seconds",),
    "everytime": ("every", "time"), "shan't": ("shall", "not"), "tho": ("though",), "sry": ("sorry",), "srry": ("sorry",), "appt": ("appointment",),
}  # fmt: skip
# Written with a hyphen or as one word; other hyphens part two words.
_JOINED = frozenset(("email", "emails", "emailed", "emailing", "wifi", "online", "offline", "ebill", "preorder", "preorders"))
# What spaCy cuts off a contraction that was written without its apostrophe ("dont", "im", "youre").
_BARE_ENDINGS = {"nt": ("not",), "m": ("am",), "re": ("are",), "ve": ("have",), "ll": ("will",), "d": ("would",), "s": ("is",)}
_BARE_STEMS = {"ca": "can", "wo": "will", "sha": "shall", "gon": "going", "na": "to", "got": "got", "ta": "to"}
_LISTENING_FORMS = (
    (re.compile(r"m+[\s\-]*h(?:m+|u[hm]+)|mhm+|um[\s\-]*hum+|uhm[\s\-]*hmm?|um[\s\-]*hm+|mm+[\s\-]*mm+"), "mm-hmm"),
    (re.compile(r"u+h+[\s\-]*h(?:u+h+|m+)|a+h+[\s\-]*h(?:u+h+|a+)|a[ \-]hu+h+"), "uh-huh"),
    (re.compile(r"m{2,}"), "mm"),
    (re.compile(r"h+m+"), "hmm"),
    (re.compile(r"(?:ha|he){2,}h?|lol"), ""),
)
_LISTENING_LETTERS = frozenset("mhualoe- \t\n")
# Signs that close a word and that the tokeniser always cuts off, a full stop behind a small letter.
_CLOSING = frozenset(".,?!;:")
_LONGEST_WORD = 40
_MAY_BE_BRITISH = re.compile("(?:[iy]s(?:e|ed|es|ing|er|ers|ation|ations)|tres?|ll(?:ed|ing|er|ers))$|our|ogue|^enquir")
_AMERICAN = (
    (re.compile(r"(\w{2,})is(e|ed|es|ing|er|ers|ation|ations)$"), r"\1iz\2"),
    (re.compile(r"(\w{2,})ys(e|ed|es|ing)$"), r"\1yz\2"),
    (re.compile(r"(col|fav|hon|lab|neighb|behavi|hum|rum|flav|harb|vap|endeav|arm|sav)our"), r"\1or"),
    (re.compile(r"(cen|me|thea|fib|lit)tre(s?)$"), r"\1ter\2"),
    (re.compile(r"(\w{4,})ll(ed|ing|er|ers)$"), r"\1l\2"),
    (re.compile(r"(catal|dial|anal)ogue"), r"\1og"),
    (re.compile(r"^enquir"), "inquir"),
)


class Piece(NamedTuple):
    """What one chunk between spaces gives: canonical words, where each starts and ends in it, and the mark behind the last."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    mark: str


_WORDS_OF, _MARK_OF = itemgetter(0), itemgetter(3)


class Words:
    """The canonical words of a row of texts.

    ``bounds`` holds each text's words as a half-open range; before the first text and behind each stands ``TURN_END``.
    ``marks`` are the signs behind words, ``laughter`` the texts in which a tag tells of it, ``redacted`` counts what was
    blacked out. ``start`` and ``end`` tell a word's characters in its text, when asked: few are.
    """

    __slots__ = ("_bases", "_firsts", "_kept", "_pieces", "_places", "_sizes", "bounds", "laughter", "marks", "redacted", "words")

    def __init__(self, cut: _Cut) -> None:
        pieces = self._pieces = cut.pieces
        # Where in the joined texts each text and each chunk begins, and the number of its first word.
        self._bases, self._places, self._sizes = cut.bases, cut.places, cut.sizes
        rows = list(map(_WORDS_OF, pieces))
        words: list[str] = list(chain.from_iterable(rows))
        self._firsts = list(accumulate(map(len, rows), initial=0))
        signs = list(map(_MARK_OF, pieces))
        marks: dict[int, str] = {}
        for k in compress(count(), signs):
            last = self._firsts[k + 1] - 1
            if words[last] != TURN_END:
                marks[last] = signs[k]
        # Which words are left, by their numbers before any was taken out.
        kept: Sequence[int] = range(len(words))
        drop = {i for i in compress(count(), map(eq, words, words[1:])) if words[i] in _ONCE}
        if drop:
            words, kept, marks = _without(drop, words, kept, marks)
        drop = _fillers(words, marks)
        if drop:
            for i in drop:
                # "I, like, did": the commas belong to the filler.
                if marks.get(i) == "," and marks.get(i - 1) == "," and i - 1 not in drop:
                    del marks[i - 1]
            words, kept, marks = _without(drop, words, kept, marks)
        self._kept = kept
        self.words = words
        self.marks = marks
        self.laughter = cut.laughter
        self.redacted = cut.redacted
        self.bounds = []
        first = 1
        for _ in cut.bases[1:]:
            last = words.index(TURN_END, first)
            self.bounds.append((first, last))
            first = last + 1

    def start(self, text: int, word: int) -> int:
        """The character of a text at which one of its words begins."""
        old = self._kept[word]
        chunk = bisect_right(self._firsts, old) - 1
        return self._places[chunk] - self._bases[text] + self._pieces[chunk].starts[old - self._firsts[chunk]]

    def end(self, text: int, word: int) -> int:
        """The character of a text behind one of its words."""
        old = self._kept[word]
        chunk = bisect_right(self._firsts, old) - 1
        return self._places[chunk] - self._bases[text] + self._pieces[chunk].ends[old - self._firsts[chunk]]

    def span(self, text: int, first: int, last: int) -> tuple[int, int]:
        """The characters of a text from the beginning of its word ``first`` to the end of that before ``last``."""
        kept, firsts = self._kept, self._firsts
        old = kept[first]
        chunk = bisect_right(firsts, old) - 1
        base = self._bases[text]
        start = self._places[chunk] - base + self._pieces[chunk].starts[old - firsts[chunk]]
        old = kept[last - 1]
        if old >= firsts[chunk + 1]:
            chunk = bisect_right(firsts, old, chunk + 1) - 1
        end = self._places[chunk] - base + self._pieces[chunk].ends[old - firsts[chunk]]
        return start, end if end < self._sizes[text] else self._sizes[text]


class _Cut(NamedTuple):
    """Texts cut at their spaces: what each chunk gives, where it begins in the joined texts, where each text does, and its length."""

    pieces: list[Piece]
    places: list[int]
    bases: list[int]
    sizes: list[int]
    laughter: frozenset[int] = frozenset()
    redacted: int = 0


def _joined(rows: list[str]) -> str:
    return f"{TURN_END} {_BETWEEN.join(rows)} {TURN_END}" if rows else TURN_END


def straighten(text: str) -> str:
    """The text with one kind of apostrophe, quote, dash and space; of the same length, so that offsets hold."""
    return text.translate(_ONE_FOR_ONE)


class _Known(dict[str, "Piece"]):
    """What chunks became; one met for the first time is cut, and kept where there is room."""

    def __init__(self, cut: Callable[[str], Piece], most: int) -> None:
        self._cut = cut
        self._most = most

    def __missing__(self, chunk: str) -> Piece:
        piece = self._cut(chunk)
        if len(self) < self._most:
            self[chunk] = piece
        return piece


class Normaliser:
    """Canonical words of texts; what a chunk between spaces becomes is remembered, since calls repeat themselves.

    ``tokeniser`` cuts a chunk it has not met before. At most ``remembered`` chunks are kept.
    """

    def __init__(self, tokeniser: Callable[[], Tokenizer], remembered: int = 200_000) -> None:
        self._make = tokeniser
        self._tokeniser: Tokenizer | None = None
        self._special: frozenset[str] = frozenset()
        self._known = _Known(self._cut, remembered)
        # The chunks among them by which a text may have to be cut otherwise than at its spaces.
        self._careful: set[str] = set()
        self._remembered = remembered

    def words(self, texts: Iterable[str]) -> Words:
        """The canonical words of texts, one after the other; what a row begins with stands behind a ``TURN_END`` too."""
        self._forget()
        rows = [text if text.isascii() else straighten(text) for text in texts]
        joined = _joined(rows)
        if joined.count(TURN_END) > len(rows) + 1 or "\t" in joined or "\r" in joined:
            joined = _joined([row.translate(_ON_ONE_LINE) for row in rows])
        chunks = joined.split(" ")
        places = list(map(add, accumulate(map(len, chunks), initial=0), range(len(chunks))))
        sizes = list(map(len, rows))
        bases = list(accumulate([size + len(_BETWEEN) for size in sizes], initial=len(TURN_END) + 1))
        pieces = list(map(self._known.__getitem__, chunks))
        cut = _Cut(pieces, places, bases, sizes)
        return Words(cut if self._careful.isdisjoint(chunks) else self._with_care(rows, chunks, cut))

    def _with_care(self, rows: list[str], chunks: list[str], cut: _Cut) -> _Cut:
        """The cut in which texts that hold tags, or sounds written as two words, are not simply cut at their spaces."""
        doubtful = compress(count(), map(self._careful.__contains__, chunks))
        at = [k for k in doubtful if _NEEDS_CARE.search(chunks[k]) or _FIRST_HALF.fullmatch(chunks[k - 1])]
        if not at:
            return cut
        stops = [k for k, chunk in enumerate(chunks) if chunk == TURN_END]
        careful = {bisect_left(stops, k) - 1 for k in at}
        pieces: list[Piece] = []
        places: list[int] = []
        laughter: set[int] = set()
        redacted = done = 0
        for number in sorted(careful):
            first, last = stops[number] + 1, stops[number + 1]
            pieces += cut.pieces[done:first]
            places += cut.places[done:first]
            done = last
            for match in _CHUNK.finditer(rows[number]):
                chunk = match.group()
                pieces.append(self._known[chunk])
                places.append(cut.bases[number] + match.start())
                if chunk[0] in _TAG_OPENS and _IS_TAG.fullmatch(chunk):
                    redacted += bool(_REDACTED.match(chunk))
                    if _LAUGHTER.search(chunk):
                        laughter.add(number)
        pieces += cut.pieces[done:]
        places += cut.places[done:]
        return _Cut(pieces, places, cut.bases, cut.sizes, frozenset(laughter), redacted)

    def spelled(self, word: str) -> tuple[str, ...]:
        """The canonical words of one written word by itself; none for a filler."""
        self._forget()
        return self._known[word].words

    def canonical(self, phrase: str) -> tuple[str, ...]:
        """The canonical words of a phrase from a behaviour file."""
        return tuple(self.words([phrase]).words[1:-1])

    def _forget(self) -> None:
        """Begins what is remembered anew when there is no more room."""
        if len(self._known) >= self._remembered:
            self._known.clear()
            self._careful.clear()

    def _cut(self, chunk: str) -> Piece:
        if chunk == TURN_END:
            return Piece((TURN_END,), (0,), (0,), "")
        if _NEEDS_CARE.search(chunk) or _SECOND_HALF.match(chunk):
            self._careful.add(chunk)
        if not chunk or _IS_TAG.fullmatch(chunk):
            return Piece((), (), (), "")
        bare = chunk.strip(".,?!;:\"'-\u2014\u2026").lower()
        for pattern, form in _LISTENING_FORMS if bare and _LISTENING_LETTERS.issuperset(bare) else ():
            if pattern.fullmatch(bare):
                at = chunk.lower().find(bare)
                return _piece([form] if form else [], [at] if form else [], [at + len(bare)] if form else [], chunk[at + len(bare) :])
        if "-" in bare and (joined := bare.replace("-", "")) in _JOINED:
            at = chunk.lower().find(bare)
            return _piece([joined], [at], [at + len(bare)], chunk[at + len(bare) :])
        if self._tokeniser is None:
            self._tokeniser = self._make()
            self._special = frozenset(self._tokeniser.rules or ())
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        # The tokeniser knows "I'll" and "i'll", but not a call written in capitals.
        known = chunk.capitalize() if chunk.isupper() else chunk
        # Letters alone are one token, and a sign behind them another, unless the tokeniser has a rule for just this word.
        stem = known[:-1] if known[-1] in _CLOSING else known
        whole = stem.isalpha() and known not in self._special and stem not in self._special and (known[-1] != "." or stem[-1].islower())
        if whole:
            tokens = [(stem.lower(), 0)] if stem is known else [(stem.lower(), 0), (known[-1], len(stem))]
        else:
            tokens = [(t.text.lower(), t.idx) for t in self._tokeniser(known)]
        contracted = not whole and "'" not in chunk and bare.isalpha() and sum(text.isalnum() for text, _ in tokens) > 1
        tail = ""
        for text, at in tokens:
            if not text.isalnum() and text != "&" and not any(c.isalnum() for c in text):
                tail = text if not tail else tail + text
                continue
            tail = ""
            spelled: tuple[str, ...]
            if contracted:
                spelled = _BARE_ENDINGS.get(text) or (_BARE_STEMS.get(text, text),)
            elif len(tokens) > 1 and text in _BARE_STEMS and "'" in chunk:
                spelled = (_BARE_STEMS[text],)
            else:
                spelled = _SPELLED.get(text) or (_american(text),)
            if spelled[0] in _FILLERS:
                continue
            step = len(text) / len(spelled)
            for k, word in enumerate(spelled):
                words.append(word)
                starts.append(at + round(k * step))
                ends.append(at + round((k + 1) * step))
        return _piece(words, starts, ends, tail)


def _piece(words: list[str], starts: list[int], ends: list[int], tail: str) -> Piece:
    """The piece with its closing punctuation: a sentence end becomes a word, other signs a mark."""
    mark = ""
    tail = tail.strip("\"')")
    if tail:
        close = ends[-1] if ends else 0
        if "?" in tail:
            end = "?"
        elif "!" in tail:
            end = "!"
        elif ".." in tail or "\u2026" in tail:
            end, mark = "", "\u2026"
        elif "." in tail and "-" not in tail:
            end = "."
        else:
            end, mark = "", "\u2014" if ("\u2014" in tail or "-" in tail) else ("," if tail[0] in ",;:" else "")
        if end and (words or tail):
            words, starts, ends = [*words, end], [*starts, close], [*ends, close + 1]
    return Piece(tuple(map(intern, words)), tuple(starts), tuple(ends), mark)


def word_set(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


def spelling(word: str) -> tuple[str, ...]:
    """The canonical words of one plain written word, without the tokeniser: "organise" is "organize", "gonna" is "going to"."""
    word = word.lower()
    return _SPELLED.get(word) or (_american(word),)


def _american(word: str) -> str:
    if not word.isalpha() and any(c.isdigit() for c in word):
        return NUMBER
    # No word of the language is longer; the patterns' time grows with the square of a letter run, such as a megabyte of "x".
    if 4 < len(word) <= _LONGEST_WORD and _MAY_BE_BRITISH.search(word):
        for pattern, form in _AMERICAN:
            word = pattern.sub(form, word)
    return word


def _fillers(words: list[str], marks: dict[int, str]) -> set[int]:
    """Where "like", "you know" and "I mean" only fill a pause."""
    drop: set[int] = set()
    for i in [i for i, word in enumerate(words) if word in _WORTH_A_LOOK]:
        word = words[i]
        before, after = words[i - 1], words[i + 1]
        if word == "like":
            if after in BOUNDARIES or (after in _SUBJECTS and words[i + 2] in _SAYING):
                continue
            if (marks.get(i - 1) == "," and marks.get(i) == ",") or before not in _BEFORE_REAL_LIKE or after in _AFTER_FILLER_LIKE:
                drop.add(i)
        elif word == "know" and before == "you":
            if words[i - 2] not in _BEFORE_REAL_KNOW and (marks.get(i) or after in _AFTER_FILLER_KNOW or after in BOUNDARIES):
                drop.update((i - 1, i))
        elif word == "mean" and before == "i" and (words[i - 2] not in ("what", "do", "did", "that", "if", "know")):
            drop.update((i - 1, i))
    return {i for i in drop if _says_more(words, i, drop)}


def _says_more(words: list[str], at: int, drop: set[int]) -> bool:
    """Whether the turn around a filler holds another word; one that is nothing else keeps what it has."""
    for step in (-1, 1):
        i = at + step
        while 0 <= i < len(words) and words[i] != TURN_END:
            if i not in drop and words[i] not in BOUNDARIES:
                return True
            i += step
    return False


def _without(drop: set[int], words: list[str], kept: Sequence[int], marks: dict[int, str]) -> tuple[list[str], list[int], dict[int, str]]:
    """The words left, the numbers kept, and the marks at their new places, without the words of ``drop``."""
    keep = bytearray(b"\1") * len(words)
    for i in drop:
        keep[i] = 0
    gone = sorted(drop)
    moved = {i - bisect_left(gone, i): mark for i, mark in marks.items() if i not in drop}
    return list(compress(words, keep)), list(compress(kept, keep)), moved
