"""One normaliser for what was said and for the phrases we look for, so that both sides are spelled alike.

``Normaliser.words`` turns a text into canonical words with the span of characters each came from: lower case,
contractions in full ("can't" is "can not"), one spelling for British and American, fillers and noise tags left out,
every number as "0", sentence ends as words of their own. Quotes are cut from the untouched text by those spans.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import accumulate, pairwise
from operator import eq
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
_NEEDS_CARE = re.compile(r"[\[<{(*#%\n\t\r]|  |h[hum]|H[HUM]")

_FILLERS = frozenset(("um", "umm", "uhm", "uh", "uhh", "er", "err", "erm", "em", "ehm", "hm-"))
# Words that false starts double without meaning to.
_STUTTERED = frozenset(
    ("i", "we", "you", "they", "he", "she", "it", "the", "a", "an", "to", "of", "in", "and", "or", "but", "so", "is", "am", "are", "will")
    + ("can", "my", "your", "our", "if", "for", "on", "with", "as", "what", "let", "just", "would", "could", "do", "this", "there")
)
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
    """What one chunk between spaces gives: canonical words, where each starts, how many characters it has, and the mark behind the last."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    sizes: tuple[int, ...]
    mark: str


class Words(NamedTuple):
    """The canonical words of one text with their character spans, marks behind words, and what the tags told."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    marks: dict[int, str]
    laughter: bool
    redacted: int


def straighten(text: str) -> str:
    """The text with one kind of apostrophe, quote, dash and space; of the same length, so that offsets hold."""
    return text.translate(_ONE_FOR_ONE)


class Normaliser:
    """Canonical words of texts; what a chunk between spaces becomes is remembered, since calls repeat themselves.

    ``tokeniser`` cuts a chunk it has not met before. At most ``remembered`` chunks are kept.
    """

    def __init__(self, tokeniser: Callable[[], Tokenizer], remembered: int = 200_000) -> None:
        self._make = tokeniser
        self._tokeniser: Tokenizer | None = None
        self._known: dict[str, Piece] = {}
        self._remembered = remembered

    def words(self, text: str) -> Words:
        """The canonical words of ``text``."""
        if not text.isascii():
            text = straighten(text)
        if _NEEDS_CARE.search(text):
            found = [(m.group(), m.start()) for m in _CHUNK.finditer(text)]
            chunks = [c for c, _ in found]
            places: Iterable[int] = [p for _, p in found]
            tagged = True
        else:
            chunks = text.split(" ")
            places = accumulate((len(c) + 1 for c in chunks), initial=0)
            tagged = False
        get, learn = self._known.get, self._learn
        pieces = [get(chunk) or learn(chunk) for chunk in chunks]
        words = [word for piece in pieces for word in piece[0]]
        starts = [place + a for piece, place in zip(pieces, places, strict=False) for a in piece[1]]
        ends = [start + size for start, size in zip(starts, [size for piece in pieces for size in piece[2]], strict=True)]
        marks: dict[int, str] = {}
        if any(piece[3] for piece in pieces):
            count = 0
            for piece in pieces:
                count += len(piece[0])
                if piece[3] and count:
                    marks[count - 1] = piece[3]
        laughter, redacted = False, 0
        if tagged:
            for chunk, piece in zip(chunks, pieces, strict=True):
                if not piece[0] and chunk[:1] in _TAG_OPENS:
                    laughter = laughter or bool(_LAUGHTER.search(chunk))
                    redacted += bool(_REDACTED.match(chunk))
        if any(map(eq, words, words[1:])):
            marks = _without(_stuttered(words), words, starts, ends, marks)
        if not _WORTH_A_LOOK.isdisjoint(words):
            fillers = _fillers(words, marks)
            for i in fillers:
                # "I, like, did": the commas belong to the filler.
                if marks.get(i) == "," and marks.get(i - 1) == "," and i - 1 not in fillers:
                    del marks[i - 1]
            marks = _without(fillers, words, starts, ends, marks)
        return Words(words, starts, ends, marks, laughter, redacted)

    def canonical(self, phrase: str) -> tuple[str, ...]:
        """The canonical words of a phrase from a behaviour file."""
        return tuple(self.words(phrase).words)

    def _learn(self, chunk: str) -> Piece:
        if len(self._known) >= self._remembered:
            self._known.clear()
        piece = self._known[chunk] = self._cut(chunk)
        return piece

    def _cut(self, chunk: str) -> Piece:
        if not chunk or _IS_TAG.fullmatch(chunk):
            return Piece((), (), (), "")
        bare = chunk.strip(".,?!;:\"'-\u2014\u2026").lower()
        for pattern, form in _LISTENING_FORMS:
            if bare and pattern.fullmatch(bare):
                at = chunk.lower().find(bare)
                return _piece([form] if form else [], [at] if form else [], [at + len(bare)] if form else [], chunk[at + len(bare) :])
        if "-" in bare and (joined := bare.replace("-", "")) in _JOINED:
            at = chunk.lower().find(bare)
            return _piece([joined], [at], [at + len(bare)], chunk[at + len(bare) :])
        if self._tokeniser is None:
            self._tokeniser = self._make()
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        # The tokeniser knows "I'll" and "i'll", but not a call written in capitals.
        known = chunk.capitalize() if chunk.isupper() else chunk
        tokens = [(t.text.lower(), t.idx) for t in self._tokeniser(known)]
        contracted = len(tokens) > 1 and "'" not in chunk and chunk.isalpha()
        tail = ""
        for text, at in tokens:
            if not any(c.isalnum() for c in text) and text != "&":
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
    return Piece(tuple(words), tuple(starts), tuple(b - a for a, b in zip(starts, ends, strict=True)), mark)


def word_set(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


def spelling(word: str) -> tuple[str, ...]:
    """The canonical words of one plain written word, without the tokeniser: "organise" is "organize", "gonna" is "going to"."""
    word = word.lower()
    return _SPELLED.get(word) or (_american(word),)


def _american(word: str) -> str:
    if any(c.isdigit() for c in word):
        return NUMBER
    if len(word) > 4:
        for pattern, form in _AMERICAN:
            word = pattern.sub(form, word)
    return word


def _stuttered(words: list[str]) -> set[int]:
    """Words said twice by a false start: "I I I'll send it" means the last."""
    return {i for i, (word, after) in enumerate(pairwise(words)) if word == after and (word in _STUTTERED or word in BOUNDARIES)}


def _fillers(words: list[str], marks: dict[int, str]) -> set[int]:
    """Where "like", "you know" and "I mean" only fill a pause."""
    drop: set[int] = set()
    for i, word in enumerate(words):
        if word not in _WORTH_A_LOOK:
            continue
        before = words[i - 1] if i else TURN_END
        after = words[i + 1] if i + 1 < len(words) else TURN_END
        if word == "like":
            if after in BOUNDARIES or (after in _SUBJECTS and i + 2 < len(words) and words[i + 2] in _SAYING):
                continue
            if (marks.get(i - 1) == "," and marks.get(i) == ",") or before not in _BEFORE_REAL_LIKE or after in _AFTER_FILLER_LIKE:
                drop.add(i)
        elif word == "know" and before == "you":
            lead = words[i - 2] if i > 1 else TURN_END
            if lead not in _BEFORE_REAL_KNOW and (marks.get(i) or after in _AFTER_FILLER_KNOW or after in BOUNDARIES):
                drop.update((i - 1, i))
        elif word == "mean" and before == "i" and (i < 2 or words[i - 2] not in ("what", "do", "did", "that", "if", "know")):
            drop.update((i - 1, i))
    # A turn that is nothing else keeps what it has.
    return drop if any(i not in drop and word not in BOUNDARIES for i, word in enumerate(words)) else set()


def _without(drop: set[int], words: list[str], starts: list[int], ends: list[int], marks: dict[int, str]) -> dict[int, str]:
    """Takes words out of the three rows; returns the marks at their new places."""
    if not drop:
        return marks
    kept = [i for i in range(len(words)) if i not in drop]
    words[:] = [words[i] for i in kept]
    starts[:] = [starts[i] for i in kept]
    ends[:] = [ends[i] for i in kept]
    return {new: marks[old] for new, old in enumerate(kept) if old in marks}
