"""One normaliser for what was said and for the phrases we look for, so that both sides are spelled alike.

``Normaliser.words`` turns a text into canonical words with the span of characters each came from: lower case,
contractions in full ("can't" is "can not"), one spelling for British and American, fillers and noise tags left out,
every number as "0", sentence ends as words of their own. What differs by language stands in its ``spelling.toml``.
 Quotes are cut from the untouched text by those spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from sys import intern
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokenizer import Tokenizer

    from .language import Language

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
        # Halves of surrogate pairs, which the tokeniser does not take.
        **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\N{REPLACEMENT CHARACTER}"),
        **dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\u3000\ufeff", " "),
    }
)

_TAG_OPENS = frozenset("[<{(*#%")
_REDACTED = re.compile(r"[\[<{#](?:[A-Z][A-Z_ -]*\d*|pii|redacted|name|phone|address|email|account|card)[\]>}#]")
_ON_ONE_LINE = str.maketrans("\n\t\r", "   ")
_BETWEEN = f" {TURN_END} "
# Signs that close a word and that the tokeniser always cuts off, a full stop behind a small letter.
_CLOSING = frozenset(".,?!;:")
# The longest sound of listening, such as "mmmm"; the time of some patterns grows with the square of a longer one.
_LONGEST_SOUND = 40
# The tokeniser's time grows with the square of a run of signs, so it is given no more characters than this in one piece.
_TOKENISER_CHARS = 64
# The tables are begun anew when the chunks in them have come to this many characters.
_REMEMBERED_CHARS = 2**24


class Piece(NamedTuple):
    """What one chunk between spaces gives: canonical words, where each starts and ends in it, and the mark behind the last."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    mark: str


class _Tables:
    """What chunks became, by their numbers, in arrays: a call of thousands is put together by a few passes over them.

    Words have numbers too. The arrays grow as chunks are met; entries are never changed, so that who holds the tables may go
    on reading them.
    """

    def __init__(self, cut: Callable[[str], Piece], needs_care: Callable[[str], bool], language: Language) -> None:
        import numpy as np

        self._cut = cut
        self._needs_care = needs_care
        self.language = language
        # Words that are left out where they are said twice in a row.
        self.once = language.spelling.doubled | frozenset(SENTENCE_ENDS)
        self._lock = Lock()
        self.numbers = _Numbers(self._learn)
        self.pieces: list[Piece] = []
        # Of each chunk: its length, how many words it gives, where they stand in ``given``, whether a mark follows, whether it needs care.
        self.sizes, self.counts, self.offsets = (np.zeros(1024, np.int32) for _ in range(3))
        self.marked, self.careful = (np.zeros(1024, bool) for _ in range(2))
        # Of each word that a chunk gives: its number, and where in the chunk it begins and ends.
        self.given, self.starts, self.ends = (np.zeros(1024, np.int32) for _ in range(3))
        self._given = 0
        self.chars = 0
        # Of each word: itself, and whether it is worth a look as a filler.
        self.words = np.empty(1024, object)
        self.look = np.zeros(1024, bool)
        self._words: dict[str, int] = {}
        self.turn_end = self._word(TURN_END)
        # What has been asked of words: of which it is known, and what it is.
        self._columns: dict[Callable[[str], Any], tuple[NDArray[Any], NDArray[Any]]] = {}

    def _learn(self, chunk: str) -> int:
        with self._lock:
            number = self.numbers.get(chunk)
            return self._added(chunk) if number is None else number

    def _added(self, chunk: str) -> int:
        piece = self._cut(chunk)
        number = len(self.pieces)
        if number == len(self.sizes):
            self.sizes, self.counts, self.offsets, self.marked, self.careful = (
                _grown(table) for table in (self.sizes, self.counts, self.offsets, self.marked, self.careful)
            )
        end = self._given + len(piece.words)
        while end > len(self.given):
            self.given, self.starts, self.ends = _grown(self.given), _grown(self.starts), _grown(self.ends)
        self.given[self._given : end] = [self._word(word) for word in piece.words]
        self.starts[self._given : end], self.ends[self._given : end] = piece.starts, piece.ends
        self.sizes[number], self.counts[number], self.offsets[number] = len(chunk), len(piece.words), self._given
        self.marked[number], self.careful[number] = bool(piece.mark), self._needs_care(chunk)
        self._given = end
        self.chars += len(chunk)
        self.pieces.append(piece)
        self.numbers[chunk] = number
        return number

    def each(self, of: Callable[[str], Any], kind: Any, numbers: NDArray[Any]) -> NDArray[Any]:
        """What ``of`` gives for the words of these numbers, as an array of that kind."""
        import numpy as np

        column = self._columns.get(of)
        if column is None or len(column[0]) < len(self.words) or not column[0][numbers].all():
            with self._lock:
                known, values = self._columns.get(of) or (np.zeros(len(self.words), bool), np.zeros(len(self.words), kind))
                while len(known) < len(self.words):
                    known, values = _grown(known), _grown(values)
                for number in np.unique(numbers[~known[numbers]]).tolist():
                    values[number], known[number] = of(self.words[number]), True
                column = self._columns[of] = known, values
        found: NDArray[Any] = column[1][numbers]
        return found

    def _word(self, word: str) -> int:
        number = self._words.get(word)
        if number is None:
            number = self._words[word] = len(self._words)
            if number == len(self.words):
                self.words, self.look = _grown(self.words), _grown(self.look)
            self.words[number] = word
            self.look[number] = word in self.language.spelling.may_fill
        return number


def _grown(table: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    grown = np.zeros(2 * len(table), table.dtype)
    grown[: len(table)] = table
    return grown


class _Numbers(dict[str, int]):
    """The numbers of chunks; one met for the first time is learnt."""

    def __init__(self, learn: Callable[[str], int]) -> None:
        self._learn = learn

    def __missing__(self, chunk: str) -> int:
        return self._learn(chunk)


class _Cut(NamedTuple):
    """Texts cut at their spaces: the numbers of the chunks, where each begins in the joined texts, where each text does, and its length.

    ``bases`` and ``sizes`` have one entry more, for what stands before the first text.
    """

    tables: _Tables
    chunks: NDArray[Any]
    places: NDArray[Any]
    bases: NDArray[Any]
    sizes: NDArray[Any]
    laughter: frozenset[int] = frozenset()
    redacted: int = 0


class Words:
    """The canonical words of a row of texts.

    ``starts`` and ``ends`` are each word's characters in its own text. ``bounds`` holds each text's words as a half-open
    range; before the first text and behind each stands ``TURN_END``. ``marks`` are the signs behind words, ``laughter`` the
    texts in which a tag tells of it, ``redacted`` counts what was blacked out.
    """

    __slots__ = ("_numbers", "_tables", "bounds", "ends", "laughter", "marks", "redacted", "starts", "words")

    def __init__(self, cut: _Cut) -> None:
        import numpy as np

        tables, chunks = cut.tables, cut.chunks
        counts = tables.counts[chunks]
        ends = np.cumsum(counts)
        given = np.repeat(tables.offsets[chunks] - ends + counts, counts) + np.arange(ends[-1])
        numbers = tables.given[given]
        words: list[str] = tables.words[numbers].tolist()
        marks: dict[int, str] = {}
        for k in np.flatnonzero(tables.marked[chunks]).tolist():
            last = int(ends[k]) - 1
            if words[last] != TURN_END:
                marks[last] = tables.pieces[chunks[k]].mark
        # Which words are left, by their numbers before any was taken out.
        kept = np.arange(len(words))
        drop = {i for i in np.flatnonzero(numbers[1:] == numbers[:-1]).tolist() if words[i] in tables.once}
        if drop:
            numbers, kept, marks = _without(drop, numbers, kept, marks)
            words = tables.words[numbers].tolist()
        drop = tables.language.fillers(words, np.flatnonzero(tables.look[numbers]).tolist(), marks)
        if drop:
            for i in drop:
                # "I, like, did": the commas belong to the filler.
                if marks.get(i) == "," and marks.get(i - 1) == "," and i - 1 not in drop:
                    del marks[i - 1]
            numbers, kept, marks = _without(drop, numbers, kept, marks)
            words = tables.words[numbers].tolist()
        self.words = words
        self.marks = marks
        self.laughter = cut.laughter
        self.redacted = cut.redacted
        stops = np.flatnonzero(numbers == tables.turn_end)
        self.bounds: list[tuple[int, int]] = list(zip((stops[:-1] + 1).tolist(), stops[1:].tolist(), strict=True))
        # A turn's words end behind the last of its characters at the most: a full stop stands there even where a tag took its place.
        texts = np.repeat(np.arange(len(stops)), np.diff(stops, prepend=-1)) - 1
        given, places = given[kept], np.repeat(cut.places, counts)[kept] - cut.bases[texts]
        self.starts: list[int] = (places + tables.starts[given]).tolist()
        self.ends: list[int] = np.minimum(places + tables.ends[given], cut.sizes[texts]).tolist()
        self._tables, self._numbers = tables, numbers

    def each(self, of: Callable[[str], Any], kind: Any) -> NDArray[Any]:
        """What ``of`` gives for each of the words, as an array of that kind; worked out once for every word met, in any call.

        ``of`` is asked for as long as the words are remembered: a function that lives on, not one made for the call.
        """
        return self._tables.each(of, kind, self._numbers)


def _joined(rows: list[str]) -> str:
    return f"{TURN_END} {_BETWEEN.join(rows)} {TURN_END}" if rows else TURN_END


def straighten(text: str) -> str:
    """The text with one kind of apostrophe, quote, dash and space; of the same length, so that offsets hold."""
    return text.translate(_ONE_FOR_ONE)


class Normaliser:
    """Canonical words of texts; what a chunk between spaces becomes is remembered, since calls repeat themselves.

    The tokeniser of the language cuts a chunk it has not met before. What is remembered is begun anew when it has come to
    ``remembered`` chunks.
    """

    def __init__(self, language: Language, remembered: int = 200_000) -> None:
        self._language = language
        self._spelling = language.spelling
        self._tokeniser: Tokenizer | None = None
        self._special: frozenset[str] = frozenset()
        self._tables: _Tables | None = None
        self._remembered = remembered

    def words(self, texts: Iterable[str]) -> Words:
        """The canonical words of texts, one after the other; what a row begins with stands behind a ``TURN_END`` too."""
        import numpy as np

        tables = self._with_room()
        rows = [text if text.isascii() else straighten(text) for text in texts]
        joined = _joined(rows)
        if joined.count(TURN_END) > len(rows) + 1 or "\t" in joined or "\r" in joined:
            joined = _joined([row.translate(_ON_ONE_LINE) for row in rows])
        written = joined.split(" ")
        chunks = np.array(list(map(tables.numbers.__getitem__, written)), np.int32)
        ends = np.cumsum(tables.sizes[chunks]) + np.arange(len(chunks))
        sizes = np.array([*map(len, rows), 0], np.int64)
        bases = np.cumsum(sizes + len(_BETWEEN)) - sizes - len(_BETWEEN) + len(TURN_END) + 1
        cut = _Cut(tables, chunks, ends - tables.sizes[chunks], bases, sizes)
        doubtful = np.flatnonzero(tables.careful[chunks]).tolist()
        needs_care, first_half = self._spelling.needs_care, self._spelling.first_half
        careful = [k for k in doubtful if needs_care.search(written[k]) or first_half.fullmatch(written[k - 1])]
        return Words(self._with_care(rows, careful, cut) if careful else cut)

    def _with_care(self, rows: list[str], careful: list[int], cut: _Cut) -> _Cut:
        """The cut in which texts that hold tags, or sounds written as two words, are not simply cut at their spaces.

        ``careful`` are the chunks that tell of them.
        """
        import numpy as np

        tables, chunks, places = cut.tables, cut.chunks, cut.places
        stops = np.flatnonzero(chunks == tables.numbers[TURN_END]).tolist()
        pieces: list[NDArray[Any]] = []
        where: list[NDArray[Any]] = []
        laughter: set[int] = set()
        redacted = done = 0
        for number in sorted({bisect_left(stops, k) - 1 for k in careful}):
            first, last = stops[number] + 1, stops[number + 1]
            own: list[int] = []
            own_places: list[int] = []
            for match in self._spelling.chunk.finditer(rows[number]):
                chunk = match.group()
                own.append(tables.numbers[chunk])
                own_places.append(int(cut.bases[number]) + match.start())
                if chunk[0] in _TAG_OPENS and self._spelling.is_tag.fullmatch(chunk):
                    redacted += bool(_REDACTED.match(chunk))
                    if self._spelling.laughter.search(chunk):
                        laughter.add(number)
            pieces += chunks[done:first], np.array(own, np.int32)
            where += places[done:first], np.array(own_places, places.dtype)
            done = last
        chunks, places = np.concatenate([*pieces, chunks[done:]]), np.concatenate([*where, places[done:]])
        return _Cut(tables, chunks, places, cut.bases, cut.sizes, frozenset(laughter), redacted)

    def spelled(self, word: str) -> tuple[str, ...]:
        """The canonical words of one written word by itself; none for a filler."""
        tables = self._with_room()
        return tables.pieces[tables.numbers[word]].words

    def canonical(self, phrase: str) -> tuple[str, ...]:
        """The canonical words of a phrase from a behaviour file."""
        return tuple(self.words([phrase]).words[1:-1])

    def _with_room(self) -> _Tables:
        """The tables of what is remembered, begun anew when they are full."""
        tables = self._tables
        if tables is None or len(tables.pieces) >= self._remembered or tables.chars >= _REMEMBERED_CHARS:
            tables = self._tables = _Tables(self._cut, self._is_careful, self._language)
        return tables

    def _is_careful(self, chunk: str) -> bool:
        """Whether a text that holds a chunk may have to be cut otherwise than at its spaces."""
        return bool(self._spelling.needs_care.search(chunk) or self._spelling.second_half.match(chunk))

    def _cut(self, chunk: str) -> Piece:
        if chunk == TURN_END:
            return Piece((TURN_END,), (0,), (0,), "")
        spelling = self._spelling
        if not chunk or spelling.is_tag.fullmatch(chunk):
            return Piece((), (), (), "")
        bare = chunk.strip(".,?!;:\"'-\u2014\u2026").lower()
        for pattern, form in spelling.sounds if 0 < len(bare) <= _LONGEST_SOUND and spelling.listening_letters.issuperset(bare) else ():
            if pattern.fullmatch(bare):
                at = chunk.lower().find(bare)
                return _piece([form] if form else [], [at] if form else [], [at + len(bare)] if form else [], chunk[at + len(bare) :])
        if "-" in bare and (joined := bare.replace("-", "")) in spelling.joined:
            at = chunk.lower().find(bare)
            return _piece([joined], [at], [at + len(bare)], chunk[at + len(bare) :])
        return self._cut_words(chunk, bare)

    def _cut_words(self, chunk: str, bare: str) -> Piece:
        """The words of a chunk that is neither tag nor sound; ``bare`` is the chunk without the signs around it."""
        tokens, whole = self._tokens(chunk)
        contracted = not whole and "'" not in chunk and bare.isalpha() and sum(text.isalnum() for text, _ in tokens) > 1
        apart = len(tokens) > 1 and "'" in chunk
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        tail = ""
        for text, at in tokens:
            if not text.isalnum() and text != "&" and not any(c.isalnum() for c in text):
                tail = text if not tail else tail + text
                continue
            tail = ""
            spelled = self._spelled(text, contracted=contracted, apart=apart)
            if spelled[0] in self._spelling.fillers:
                continue
            step = len(text) / len(spelled)
            for k, word in enumerate(spelled):
                words.append(word)
                starts.append(at + round(k * step))
                ends.append(at + round((k + 1) * step))
        return _piece(words, starts, ends, tail)

    def _tokens(self, chunk: str) -> tuple[list[tuple[str, int]], bool]:
        """The tokens of a chunk in small letters with where they begin, and whether they are no more than one word and its sign."""
        if self._tokeniser is None:
            self._tokeniser = self._language.tokeniser()
            self._special = frozenset(self._tokeniser.rules or ())
        # The tokeniser knows "I'll" and "i'll", but not a call written in capitals.
        known = chunk.capitalize() if chunk.isupper() else chunk
        # Letters alone are one token, and a sign behind them another, unless the tokeniser has a rule for just this word.
        stem = known[:-1] if known[-1] in _CLOSING else known
        if stem.isalpha() and known not in self._special and stem not in self._special and (known[-1] != "." or stem[-1].islower()):
            return ([(stem.lower(), 0)] if stem is known else [(stem.lower(), 0), (known[-1], len(stem))]), True
        tokeniser = self._tokeniser
        return [(t.text.lower(), at + t.idx) for at, part in _parts(known) for t in tokeniser(part)], False

    def _spelled(self, text: str, *, contracted: bool, apart: bool) -> tuple[str, ...]:
        """The canonical words of a token: of a word "contracted" without its apostrophe, or cut "apart" at one, its parts in full."""
        spelling = self._spelling
        if contracted:
            return spelling.bare_endings.get(text) or (spelling.bare_stems.get(text, text),)
        if apart and text in spelling.bare_stems:
            return (spelling.bare_stems[text],)
        return spelling.one_for_many.get(text) or (spelling.respell(text),)


def _parts(chunk: str) -> Iterator[tuple[int, str]]:
    """A chunk in pieces that the tokeniser takes, each with its place; a long one is cut where letters and signs meet, if it can be."""
    at = 0
    while len(chunk) - at > _TOKENISER_CHARS:
        most = at + _TOKENISER_CHARS
        cut = next((k for k in range(most, at + _TOKENISER_CHARS // 2, -1) if chunk[k].isalnum() != chunk[k - 1].isalnum()), most)
        yield at, chunk[at:cut]
        at = cut
    yield at, chunk[at:]


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


def _without(
    drop: set[int], numbers: NDArray[Any], kept: NDArray[Any], marks: dict[int, str]
) -> tuple[NDArray[Any], NDArray[Any], dict[int, str]]:
    """The words left, the numbers kept, and the marks at their new places, without the words of ``drop``."""
    import numpy as np

    gone = sorted(drop)
    keep = np.ones(len(numbers), bool)
    keep[gone] = False
    return numbers[keep], kept[keep], {i - bisect_left(gone, i): mark for i, mark in marks.items() if i not in drop}
