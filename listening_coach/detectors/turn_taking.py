"""Who speaks when: overlaps in time, and which of them are interruptions.

Two people often speak at once without either interrupting: a nod, laughter, a word finished together, a reply that
starts on the other's last syllable. An interruption takes the floor while the other still has something to say. What
can be seen of that depends on the times. Where every word is timed, it is known what the other said after the
interrupter came in, and whether their sentence broke off there; where only turns are timed, any real contribution that
starts before the other's end counts; without times only the text can tell, by a turn that a dash cuts off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from ..behaviours import Behaviour
from ..errors import BehaviourError
from ..language.call import Call
from ..language.language import Language
from ..language.normaliser import BOUNDARIES, NUMBER, SENTENCE_ENDS
from ..moments import Moment
from ..transcript import OTHER, Turn
from . import Found, per_behaviour, setting

# Of more speakers at once than this the rest are left out: no meeting has so many, only a broken file.
_MOST_AT_ONCE = 32
# Times come in hundredths or thousandths; a difference smaller than this is none.
_EPSILON_S = 0.005
# Fewer times than this may be whole seconds by chance.
_ENOUGH_TIMES = 10
_DASHES = ("-", "\u2014", "\u2013")
# Numbers of the file that decide; what each means stands there.
_LIMITS = (
    ("pause_s", "held_pause_s", "cut_off_within_s", "held_s", "attempt_words", "same_breath_s", "pause_taken_s", "floor_s", "edge_words")
    + ("resumed_within_own_turns", "resumed_within_turns", "bleed_s", "bleed_share", "bleed_words", "recent_words", "taken_up_words")
    + ("response_words", "last_words")
)  # fmt: skip


class Limits(NamedTuple):
    """The numbers of ``_LIMITS``, as the file sets them: times in seconds, words and turns as counts."""

    pause_s: float
    held_pause_s: float
    cut_off_within_s: float
    held_s: float
    attempt_words: float
    same_breath_s: float
    pause_taken_s: float
    floor_s: float
    edge_words: int
    resumed_within_own_turns: float
    resumed_within_turns: int
    bleed_s: float
    bleed_share: float
    bleed_words: float
    recent_words: int
    taken_up_words: int
    response_words: float
    last_words: int

    @classmethod
    def of(cls, behaviour: Behaviour) -> Limits:
        """The limits of a behaviour's file."""
        values = {name: setting(behaviour, name) for name in _LIMITS}
        return cls._make(int(value) if name.endswith(("_words", "_turns")) else value for name, value in values.items())


class Stretch(NamedTuple):
    """Speech of one turn without a long pause in it: its times in seconds and its range of the turn's timed words.

    Where words are not timed it is the whole turn, and the range is empty.
    """

    turn: int
    start: float
    end: float
    first: int
    last: int


class Cut(NamedTuple):
    """One interruption: the turn that interrupts, the turn interrupted, and what the times and words show of it."""

    turn: int
    of_turn: int
    kind: str
    rule: str
    overlap_s: float | None
    words_over: int | None
    unfinished: bool
    at: Stretch | None
    resumed_at_once: bool = False


def meetings(turns: Sequence[Turn], reach_s: float) -> Iterator[tuple[int, int]]:
    """Pairs of turns by different speakers of which the later starts before the earlier is over.

    Each pair is (earlier, later) by start; a later turn may start up to ``reach_s`` seconds after the earlier's end.
    Turns without both times take no part. The cost grows with the turns and the speakers, not with their product.
    """
    timed = [(t.start, i, t.end, t.speaker) for i, t in enumerate(turns) if t.start is not None and t.end is not None]
    timed.sort()
    speaking: dict[str, tuple[float, int]] = {}
    over: list[str] = []
    for start, index, end, speaker in timed:
        for other, (until, earlier) in speaking.items():
            if until + reach_s <= start:
                over.append(other)
            elif other != speaker:
                yield earlier, index
        if over:
            for other in over:
                del speaking[other]
            over.clear()
        before = speaking.get(speaker)
        if before[0] < end if before is not None else len(speaking) < _MOST_AT_ONCE:
            speaking[speaker] = end, index


def stretches(turn: Turn, index: int, pause_s: float, held_pause_s: float, hesitations: frozenset[str]) -> list[Stretch]:
    """The stretches of speech of a timed turn, parted at silences of ``pause_s`` seconds where its words are timed.

    A speaker who says one of the ``hesitations`` and pauses means to go on: only ``held_pause_s`` seconds after it part what they say.
    """
    if turn.start is None or turn.end is None:
        return []
    words = turn.words
    if not words:
        return [Stretch(index, turn.start, turn.end, 0, 0)]
    found = []
    first, until = 0, words[0].end
    for i, (_, start, end) in enumerate(words):
        gap = start - until
        if gap >= pause_s and i and (gap >= held_pause_s or _plain(words[i - 1].text) not in hesitations):
            found.append(Stretch(index, words[first].start, until, first, i))
            first, until = i, end
        elif end > until:
            until = end
    found.append(Stretch(index, words[first].start, until, first, len(words)))
    return found


def _side_by_side(a: Sequence[Stretch], b: Sequence[Stretch], within_s: float) -> Iterator[tuple[Stretch, Stretch]]:
    """Pairs of stretches of two speakers that overlap or lie less than ``within_s`` seconds apart, the earlier first."""
    begin = 0
    for x in a:
        while begin < len(b) and b[begin].end + within_s <= x.start:
            begin += 1
        for k in range(begin, len(b)):
            y = b[k]
            if y.start >= x.end + within_s:
                break
            yield (x, y) if x.start <= y.start else (y, x)


def detect(call: Call, behaviour: Behaviour) -> Found:
    """Moments in which a speaker interrupts another, every speaker's."""
    judge = _Judge(call, behaviour)
    cuts: dict[tuple[int, int], Cut] = {}
    for earlier, later in meetings(call.turns, judge.limits.cut_off_within_s):
        if judge.in_turn(earlier, later):
            continue
        for cut in judge.times(earlier, later):
            key = cut.turn, cut.of_turn
            if key not in cuts:
                cuts[key] = cut
    for cut in judge.text():
        cuts.setdefault((cut.turn, cut.of_turn), cut)
    return Found([judge.moment(cut) for cut in cuts.values()], [])


class _Lists(NamedTuple):
    """What a behaviour's file tells the judge: its settings, and its lists of words as sets.

    ``in_responses`` are the words that responses are made of, with the signs that may stand between them; ``may_be_open``
    every word of the four lists of words with which a sentence may break off.
    """

    last_instant_s: float
    talked_over_s: float
    talked_over_words: float
    responses: frozenset[tuple[str, ...]]
    response_words: frozenset[str]
    in_responses: frozenset[str]
    longest_response: int
    nods: frozenset[str]
    open_words: frozenset[str]
    open_verbs: frozenset[str]
    open_but_in_questions: frozenset[str]
    open_pronouns: frozenset[str]
    may_be_open: frozenset[str]
    open_even_with_stop: frozenset[str]
    open_endings: tuple[str, ...]
    limits: Limits


@per_behaviour
def _lists(behaviour: Behaviour, _: Language) -> _Lists:
    def words(name: str) -> frozenset[str]:
        return frozenset(_list(behaviour, name))

    responses = frozenset(tuple(p.split()) for p in _list(behaviour, "responses"))
    in_responses = frozenset(w for p in responses for w in p)
    may_be_open = [words(f"open_{name}") for name in ("words", "verbs", "but_in_questions", "pronouns")]
    return _Lists(
        last_instant_s=_setting(behaviour, "last_instant_s"),
        talked_over_s=_setting(behaviour, "talked_over_s"),
        talked_over_words=_setting(behaviour, "talked_over_words"),
        responses=responses,
        response_words=in_responses,
        in_responses=in_responses | BOUNDARIES,
        longest_response=max(map(len, responses)),
        nods=words("nods"),
        open_words=may_be_open[0],
        open_verbs=may_be_open[1],
        open_but_in_questions=may_be_open[2],
        open_pronouns=may_be_open[3],
        may_be_open=frozenset(("like",)).union(*may_be_open),
        open_even_with_stop=words("open_even_with_stop"),
        open_endings=_list(behaviour, "open_endings"),
        limits=Limits.of(behaviour),
    )


def _list(behaviour: Behaviour, name: str) -> tuple[str, ...]:
    found = behaviour.words.get(name)
    if not found:
        raise BehaviourError(f"the list words.{name} is missing", where=behaviour.id, remedy="The detector turn_taking needs it.")
    return found


def _setting(behaviour: Behaviour, name: str) -> float:
    found = behaviour.settings.get(name)
    if found is None:
        raise BehaviourError(f"settings.{name} is missing", where=behaviour.id, remedy="The detector turn_taking needs it.")
    return found


def _coarseness_s(turns: Sequence[Turn]) -> float:
    """How far two times may be wrong against each other: a second where a transcript counts whole seconds only."""
    times = 0
    for turn in turns:
        for time in (turn.start, turn.end):
            if time is not None:
                if time != int(time):
                    return 0.0
                times += 1
    return 1.0 if times >= _ENOUGH_TIMES else 0.0


class _Judge:
    """Tells interruptions from other overlaps in one call."""

    def __init__(self, call: Call, behaviour: Behaviour) -> None:
        self.call = call
        self.turns = call.turns
        self.behaviour = behaviour
        self.lists = _lists(behaviour, call.language)
        self.limits = self.lists.limits
        self.its = call.language.words
        self.last_instant_s = self.lists.last_instant_s + _coarseness_s(call.turns)
        self._stretches: dict[int, list[Stretch]] = {}
        self._substance: dict[int, bool] = {}
        self._said: dict[int, list[str]] = {}
        self._sentences_marked: dict[int, bool] = {}
        self._pairs: dict[tuple[int, int], bool] = {}

    # What a turn is worth.

    def substance(self, turn: int) -> bool:
        """Whether a turn says more than nods, thanks, laughter and the like."""
        found = self._substance.get(turn)
        if found is None:
            first, last = self.call.bounds[turn]
            # Most turns hold a word that no response has.
            found = not self.lists.in_responses.issuperset(self.call.words[first:last]) or not self._is_response(self.said(turn))
            self._substance[turn] = found
        return found

    def said(self, turn: int) -> list[str]:
        """The canonical words of a turn without sentence ends."""
        found = self._said.get(turn)
        if found is None:
            found = self._said[turn] = [w for w in self.call.turn_words(turn) if w not in BOUNDARIES]
        return found

    def _hesitates(self, turn: int) -> bool:
        """Whether a turn ends in "um": its speaker is about to say more."""
        last = self.turns[turn].text.rsplit(None, 1)[-1:]
        return bool(last) and _plain(last[0]) in self.its["speech.hesitations"]

    def _is_response(self, words: Sequence[str]) -> bool:
        """Whether words are nothing but listener's responses put together."""
        at = 0
        while at < len(words):
            for size in range(min(self.lists.longest_response, len(words) - at), 0, -1):
                if tuple(words[at : at + size]) in self.lists.responses:
                    at += size
                    break
            else:
                return False
        return True

    def stretches(self, turn: int) -> list[Stretch]:
        found = self._stretches.get(turn)
        if found is None:
            found = self._stretches[turn] = stretches(
                self.turns[turn], turn, self.limits.pause_s, self.limits.held_pause_s, self.its["speech.hesitations"]
            )
        return found

    # Overlap in time.

    def in_turn(self, earlier: int, later: int) -> bool:
        """Whether two turns follow one after the other, as they should, and nothing shows that the earlier was cut off."""
        a, b = self.turns[earlier], self.turns[later]
        if a.end is None or b.start is None or b.start < a.end:
            return False
        if a.words and b.words:
            return not self.breaks_off(earlier)
        # Without the times of words only a dash tells.
        return a.end - b.start < self.last_instant_s - _EPSILON_S and not self._ends_in_dash(earlier)

    def times(self, earlier: int, later: int) -> Sequence[Cut]:
        """The interruptions between two turns that overlap in time."""
        a, b = self.turns[earlier], self.turns[later]
        if a.role is OTHER or b.role is OTHER:
            return ()  # a recorded voice is made to be interrupted
        if not self.substance(later) or not (self.substance(earlier) or self._hesitates(earlier)):
            return ()
        if not (a.words and b.words):
            cut = self._by_turns(earlier, later)
            return (cut,) if cut else ()
        pairs = _side_by_side(self.stretches(earlier), self.stretches(later), self.limits.pause_taken_s)
        cuts = (self._comes_in(first, second) or self._holds(first, second) or self._takes_pause(first, second) for first, second in pairs)
        return [cut for cut in cuts if cut]

    def _by_turns(self, earlier: int, later: int) -> Cut | None:
        """An interruption that the times of two turns show."""
        a, b = self.turns[earlier], self.turns[later]
        if a.start is None or a.end is None or b.start is None or b.end is None:
            return None
        overlap = min(a.end, b.end) - b.start
        unfinished = self.breaks_off(earlier)
        dash = unfinished and self._ends_in_dash(earlier)
        if overlap < (-self.limits.cut_off_within_s if dash else self.last_instant_s) - _EPSILON_S or self._together(earlier, later):
            return None
        if unfinished and b.end > a.end:
            kind, rule = "cut_off", "the sentence breaks off as the other comes in"
        elif overlap >= self.lists.talked_over_s:
            kind, rule = "talked_over", "goes on while the other is still speaking"
        else:
            kind, rule = "early_start", "starts before the other's end"
        return Cut(later, earlier, kind, rule, overlap, None, unfinished, None)

    def _comes_in(self, of: Stretch, by: Stretch) -> Cut | None:
        """An interruption by a stretch that starts during another, both of timed words."""
        onset = self._onset(by)
        if (
            onset is None
            or self._only_responds(by)
            or by.end < of.end + self.limits.floor_s
            or (self._speaks_on(of) and not self._in_mid_word(of))
        ):
            return None
        overlap = of.end - onset
        unfinished = self._stretch_breaks_off(of)
        if overlap < -self.limits.cut_off_within_s or not self._says_something(of) or self._together(of.turn, by.turn):
            return None
        if unfinished and not self._bleeds(of, by):
            return Cut(
                by.turn,
                of.turn,
                "cut_off",
                "the sentence breaks off as the other comes in",
                max(0.0, overlap),
                self._words_after(of, onset),
                True,
                by,
            )
        if overlap >= self.lists.talked_over_s:
            words = self._words_after(of, onset)
            if words >= self.lists.talked_over_words and not self._bleeds(of, by):
                return Cut(by.turn, of.turn, "talked_over", "goes on while the other is still speaking", overlap, words, False, by)
        return None

    def _holds(self, by: Stretch, of: Stretch) -> Cut | None:
        """A stretch that goes on until the other, who came in, breaks off."""
        if by.end < of.end + self.limits.held_s or of.start > by.end or not self._says_something(of) or not self._says_something(by):
            return None
        if self._speaks_on(of):
            return None
        if of.last < len(self.turns[of.turn].words) or of.last - of.first > self.limits.attempt_words or not self._stretch_breaks_off(of):
            return None
        return Cut(by.turn, of.turn, "held_floor", "goes on until the other breaks off", of.end - of.start, of.last - of.first, True, by)

    def _in_mid_word(self, stretch: Stretch) -> bool:
        return self.turns[stretch.turn].words[stretch.last - 1].text.endswith("-")

    def _speaks_on(self, stretch: Stretch) -> bool:
        """Whether the speaker goes on at once in their next turn."""
        turn = self.turns[stretch.turn]
        if stretch.last < len(turn.words):
            return False
        for after in self.turns[stretch.turn + 1 : stretch.turn + 6]:
            if after.speaker == turn.speaker:
                return after.start is not None and after.start - stretch.end < self.limits.same_breath_s
        return False

    def _takes_pause(self, of: Stretch, by: Stretch) -> Cut | None:
        """A contribution in a pause within the other's sentence, which they finish only after it."""
        words = self.turns[of.turn].words
        onset = self._onset(by)
        if (
            of.last >= len(words)
            or onset is None
            or self._only_responds(by)
            or not -self.limits.cut_off_within_s <= onset - of.end < self.limits.pause_taken_s
            or not self._says_something(of)
        ):
            return None
        if words[of.last].start < by.end - _EPSILON_S or not self._sentence_goes_on(of) or self._repeats(of, by):
            return None
        return Cut(
            by.turn, of.turn, "cut_off", "comes in on a pause within the other's sentence", max(0.0, of.end - onset), 0, True, by, True
        )

    def _repeats(self, of: Stretch, by: Stretch) -> bool:
        """Whether a stretch only says back words of the other's turn, or nothing but nods."""
        words = self.turns[of.turn].words[max(0, of.last - self.limits.recent_words) : of.last]
        before = {_plain(w.text) for w in words} | self.lists.nods | self.its["speech.hesitations"]
        return all(_plain(w.text) in before for w in self.turns[by.turn].words[by.first : by.last])

    def _sentence_goes_on(self, stretch: Stretch) -> bool:
        """Whether the sentence in which a stretch ends is finished only after it."""
        words = self.turns[stretch.turn].words
        word, after = words[stretch.last - 1].text, words[stretch.last].text
        if self._stretch_breaks_off(stretch):
            return True
        # Where the text has signs and capitals, a small letter after no sign goes on with the sentence.
        if not word[-1:].isalnum() or not after[:1].islower():
            return False
        marked = self._sentences_marked.get(stretch.turn)
        if marked is None:
            marked = self._sentences_marked[stretch.turn] = any(w.text[-1:] in ".?!" for w in words)
        return marked

    def _onset(self, stretch: Stretch) -> float | None:
        """When a stretch comes to its first word that is more than a nod; None where it never does."""
        words = self.turns[stretch.turn].words
        for i in range(stretch.first, stretch.last):
            if _plain(words[i].text) not in self.lists.nods:
                return words[i].start
        return None

    def _only_responds(self, stretch: Stretch) -> bool:
        """Whether a stretch is a short response, such as "thank you" or "no problem"."""
        words = self.turns[stretch.turn].words[stretch.first : stretch.last]
        return len(words) <= self.limits.response_words and all(_plain(w.text) in self.lists.response_words for w in words)

    def _says_something(self, stretch: Stretch) -> bool:
        """Whether a stretch holds a word that is neither nod nor hesitation."""
        words = self.turns[stretch.turn].words[stretch.first : stretch.last]
        return any((plain := _plain(w.text)) not in self.lists.nods and plain not in self.its["speech.hesitations"] for w in words)

    def _words_after(self, stretch: Stretch, time: float) -> int:
        words = self.turns[stretch.turn].words
        return sum(w.end > time for w in words[stretch.first : stretch.last])

    def _bleeds(self, of: Stretch, by: Stretch) -> bool:
        """Whether two stretches are the same words at the same time: one voice on both channels, or a word finished together."""
        a = self.turns[of.turn].words[of.first : of.last]
        b = self.turns[by.turn].words[by.first : by.last]
        over = [w for w in b if w.start < of.end]
        if not over:
            return False
        spoken: dict[str, list[float]] = {}
        for w in a:
            spoken.setdefault(_plain(w.text), []).append(w.start)
        same = sum(any(abs(w.start - s) < self.limits.bleed_s for s in spoken.get(_plain(w.text), ())) for w in over)
        return same >= self.limits.bleed_share * len(over)

    # What the words show.

    def _stretch_breaks_off(self, stretch: Stretch) -> bool:
        """Whether a stretch of speech ends in mid-sentence."""
        turn = self.turns[stretch.turn]
        if stretch.last == len(turn.words) and self._ends_in_dash(stretch.turn):
            return True
        return self._open([w.text for w in turn.words[max(stretch.first, stretch.last - self.limits.last_words) : stretch.last]])

    def breaks_off(self, turn: int) -> bool:
        """Whether a turn ends in mid-sentence."""
        text = self.turns[turn].text
        if text.endswith(("?", "!")):
            return False
        last = text.rsplit(None, 1)[-1] if text and not text.isspace() else ""
        word = last.removesuffix(".")
        if word.isalpha():
            # Most turns end in a plain word, or in one with a full stop; few of these need a look at what stands before.
            word = word.lower()
            if last[-1] == ".":
                return word in self.lists.open_even_with_stop
            if word not in self.lists.may_be_open:
                return word.endswith(self.lists.open_endings)
        return self._open(text.rsplit(None, self.limits.last_words)[-self.limits.last_words :]) or self._ends_in_dash(turn)

    def _open(self, words: Sequence[str]) -> bool:
        """Whether no sentence ends with the last of these words, written as in the text."""
        if not words:
            return False
        last = words[-1].lower().replace("\u2019", "'").strip("\"'()")
        if last.endswith(_DASHES):
            return True
        if last.endswith(("?", "!", "\u2026")):
            return False
        if last.endswith((".", ",", ";", ":")):
            return last.rstrip(".,;:") in self.lists.open_even_with_stop
        if last not in self.lists.may_be_open:
            return last.endswith(self.lists.open_endings)
        before = _plain(words[-2]) if len(words) > 1 else ""
        if last in self.lists.open_verbs:
            return before not in self.its["speech.subjects"] or (len(words) > 2 and _plain(words[-3]) in self.its["speech.joining"])
        if last in self.lists.open_pronouns:
            return before not in self.lists.open_verbs and before not in self.its["speech.before_last_pronoun"]
        if last in self.lists.open_but_in_questions:
            return not any(_plain(w) in self.its["speech.asking"] for w in words)
        if last == "like" and before in self.its["speech.before_last_like"]:
            return False
        return last in self.lists.open_words or last.endswith(self.lists.open_endings)

    def _ends_in_dash(self, turn: int) -> bool:
        text = self.turns[turn].text
        return not text[-1:].isalnum() and text.rstrip().rstrip("\"'\u201d\u2019").endswith(_DASHES)

    def _together(self, of: int, by: int) -> bool:
        """Whether one turn says what the other is saying: a word finished together, a number read back, one voice on both channels."""
        found = self._pairs.get((of, by))
        if found is None:
            found = self._pairs[of, by] = self._says_the_same(of, by)
        return found

    def _says_the_same(self, of: int, by: int) -> bool:
        a, b = self.said(of), [w for w in self.said(by) if w not in self.lists.nods]
        if not a or not b:
            return False
        if len(b) <= 2 and a[-len(b) :] == b:
            return True
        most = min(len(a), len(b) - 1, self.limits.taken_up_words)
        if b[0] in a[-most:-1] and any(a[-k:] == b[:k] for k in range(2, most + 1)):
            return True  # takes the last words up and completes them
        if all(w == NUMBER or len(w) == 1 or w in self.its["speech.digits"] for w in b):
            return True
        if (
            len(b) >= self.limits.bleed_words
            and b[0] in a
            and any(a[k] == b[0] and a[k : k + len(b)] == b for k in range(len(a) - len(b) + 1))
        ):
            return True
        first, second = self.turns[of], self.turns[by]
        near = first.start is not None and second.start is not None and abs(second.start - first.start) < self.limits.bleed_s
        return near and len(set(b) & set(a)) >= self.limits.bleed_share * len(set(b))

    # Text without times.

    def text(self) -> Iterator[Cut]:
        """Interruptions that only the text shows: a turn cut off by a dash before another's."""
        for i, (a, b) in enumerate(pairwise(self.turns), 1):
            if (a.end is not None and b.start is not None) or a.speaker == b.speaker:
                continue
            if not self._ends_in_dash(i - 1) or not self.substance(i - 1) or not self.substance(i):
                continue
            if self.said(i - 1)[-1] != self.said(i)[0] and not self._together(i - 1, i):
                yield Cut(i, i - 1, "cut_off", "a dash cuts the other's turn off", None, None, True, None)

    # The moment.

    def moment(self, cut: Cut) -> Moment:
        call, of = self.call, self.turns[cut.of_turn]
        first, last = self._clause(cut)
        resumed = cut.of_turn if cut.resumed_at_once else self._resumed_in(cut)
        known: Mapping[str, Any] = {"overlap_s": None if cut.overlap_s is None else round(cut.overlap_s, 3), "words_over": cut.words_over}
        moment = call.moment(
            self.behaviour.id, cut.turn, first, last, kind=cut.kind, rule=cut.rule, inferred=cut.overlap_s is None,
            by=self.turns[cut.turn].speaker, of=of.speaker, of_turn=cut.of_turn, unfinished=cut.unfinished,
            left_unsaid=cut.unfinished and resumed is None, resumed=resumed is not None, resumed_in=resumed, **known,
        )  # fmt: skip
        # An "uh" before the first word counts: that is when they came in.
        return replace(moment, time_s=cut.at.start) if cut.at is not None else moment

    def _clause(self, cut: Cut) -> tuple[int, int]:
        """The words of the sentence with which the interrupter comes in."""
        call = self.call
        first, last = call.bounds[cut.turn]
        begin = first
        if cut.at is not None and cut.at.first:
            offset, text = 0, self.turns[cut.turn].text
            for word in self.turns[cut.turn].words[: cut.at.first]:
                found = text.find(word.text, offset)
                offset = found + len(word.text) if found >= 0 else offset
            begin = next((i for i in range(first, last) if call.starts[i] >= offset), first)
        end = next((i for i, word in enumerate(call.words[begin:last], begin) if word in SENTENCE_ENDS), last)
        return begin, max(end, min(begin + 1, last))

    def _stems(self, words: Sequence[str]) -> set[str]:
        """The stems of the words of content."""
        return set(map(self.call.language.stem, filter(self.call.language.is_content, words)))

    def _resumed_in(self, cut: Cut) -> int | None:
        """The turn in which the interrupted speaker takes up what was cut off, if they do."""
        call, turns = self.call, self.turns
        words = call.words
        resumes = call.memo(
            f"turns that resume {self.behaviour.id}", lambda: {hit.turn for hit in call.hits_of(self.behaviour.id, "resumes")}
        )
        speaker = turns[cut.of_turn].speaker
        first, last = call.bounds[cut.of_turn]
        tail = [w for w in words[max(first, last - self.limits.edge_words) : last] if w not in BOUNDARIES]
        points = self._stems(tail)
        # What the interrupter said too is no point of the other's own.
        theirs: set[str] | None = None
        seen = 0
        for i in range(max(cut.turn, cut.of_turn) + 1, min(len(turns), cut.turn + self.limits.resumed_within_turns)):
            if turns[i].speaker != speaker or not self.substance(i):
                continue
            seen += 1
            if seen > self.limits.resumed_within_own_turns:
                break
            if i in resumes:
                return i
            begin, end = call.bounds[i]
            opening = [w for w in words[begin : min(end, begin + self.limits.edge_words)] if w not in BOUNDARIES]
            if len(tail) > 1 and tail[-2:] == opening[:2]:
                return i
            if tail and cut.unfinished and tail[-1] in opening[:3] and tail[-1] not in self.its["speech.too_common"]:
                return i
            shared = points & self._stems(opening)
            if len(shared) >= 2:
                if theirs is None:
                    theirs = self._stems(call.turn_words(cut.turn))
                if len(shared - theirs) >= 2:
                    return i
        return None


def _plain(word: str) -> str:
    """A timed word without the signs around it, in lower case."""
    return word.lower().replace("\u2019", "'").strip(".,?!;:\"'()\u2026-\u2014")
