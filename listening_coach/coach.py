"""The coach: built once from behaviours and a rubric, then used for any number of calls."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from . import __version__, scoring
from .action_points import action_points
from .agents import WholeCall, agent_scores, hand_overs
from .behaviours import Behaviour, builtin, folder_of, load_folder, shared_words
from .bulk.failure import Failure
from .detectors import Detector, Found, detector
from .errors import BehaviourError, LanguageError, OpinionError, RubricError, TranscriptError, UnforeseenError, not_taken, own_errors
from .joined import Joined, joined
from .language.call import Call, PhraseFinder
from .language.identify import other_language
from .language.language import DEFAULT, Language
from .language.language import load as load_language
from .masking import checked, name_finder
from .masking import mask as mask_talk
from .metrics import Metrics, measure, waits_s
from .moments import Moment, Occasion
from .occasions import completed
from .outcome import Outcome
from .report import BehaviourInfo, MadeBy, Report
from .report.findings import Praise, focuses, praised
from .report.reliability import reliability
from .rubric import Rubric, choose, parse
from .rubric import load as load_rubric
from .rubric import names as rubric_names
from .said import Place, places, words_of
from .scorers.ending import ending_features, outcome
from .scorers.features import TurnFeatures, features
from .scorers.kinds import check_names
from .scorers.merge import merged
from .scorers.scorer import of_language
from .scorers.talk import OTHER, SERVICE, talk_features
from .second_opinion import SecondOpinion, with_second_opinions
from .sentiment import Upset, customer_mood
from .transcript import AGENT, CUSTOMER, EvidenceTier, Role, Transcript

# What may be given as a rubric.
RubricLike = str | Path | Mapping[str, Any] | Rubric | Sequence[str | Path | Mapping[str, Any] | Rubric] | None


class Coach:
    """Finds listening behaviour in calls and scores it.

    ``rubric`` is the name of one of the library's rubrics, a rubric file, or a file's content as a mapping; None is "default", "bot" for calls whose agent is a
    bot, and "conversation" for talk that is no service call. Of several rubrics in a list, each call is scored by the first whose ``when`` fits its
    metadata, or by the last.
    ``behaviours`` is None for the library's own, or a folder of behaviour files that are added to them; a file with
    the id of one of ours takes its place. A folder is a path, or the name under which an installed package offers one in the
    entry-point group ``listening_coach.behaviours``. ``language`` is the code of a language that the library knows, or a
    folder of one (see ``listening_coach.language``): calls are then read in it whatever they say of themselves. None is
    English, and calls that are plainly in another language are not scored. Safe to pickle and to share between threads.

    What is shown or written of a report is masked: card numbers, passwords, addresses and the like are labels there, as ``masking`` describes.
    ``mask="names"`` masks names of people and places too, by Presidio; ``mask=False`` masks nothing, and the report says so.

    ``second_opinion`` is a function that is asked about findings of middling confidence, as ``listening_coach.second_opinion`` describes.
    """

    def __init__(
        self,
        rubric: RubricLike = None,
        behaviours: str | Path | Mapping[str, Behaviour] | None = None,
        language: str | Path | None = None,
        *,
        mask: bool | str = True,
        second_opinion: SecondOpinion | None = None,
    ) -> None:
        self.mask = checked(mask)
        if second_opinion is not None and not callable(second_opinion):
            raise not_taken(OpinionError, "second_opinion", second_opinion, "Give a function that takes a Question.")
        self.second_opinion = second_opinion
        self.language: Language = load_language(language)
        self.checks_language = language is None
        self.behaviours: Mapping[str, Behaviour] = _behaviours(behaviours, self.language)
        self.rubrics = _rubrics(rubric)
        self.rubric = self.rubrics[-1]
        self._check(own_choice=rubric is not None)
        self._build()

    def _check(self, *, own_choice: bool) -> None:
        """Refuses rubric items without a behaviour or metric; items of the default rubric whose behaviours are not loaded are left out."""
        for rubric in self.rubrics:
            self._check_one(rubric, own_choice=own_choice)

    def _check_one(self, rubric: Rubric, *, own_choice: bool) -> None:
        for name, rule in rubric.items():
            if rule.measure == "range":
                if rule.metric not in Metrics.__dataclass_fields__:
                    raise RubricError(
                        f"there is no metric {rule.metric!r}", where=f"rubric {rubric.name}, item {name}",
                        remedy=f"The metrics are: {', '.join(Metrics.__dataclass_fields__)}.",
                    )  # fmt: skip
            elif own_choice:
                named = (*rule.needs, *(() if rule.measure in ("outcome", "said") else (name,)))
                missing = next((each for each in named if each not in self.behaviours), None)
                if missing is not None:
                    raise RubricError(
                        f"there is no behaviour {missing!r}",
                        where=f"rubric {rubric.name}" if missing == name else f"rubric {rubric.name}, item {name}",
                        remedy=f"The behaviours are: {', '.join(self.behaviours)}.",
                    )

    def _build(self) -> None:
        with own_errors(BehaviourError, "building the coach", "behaviours", "Correct the behaviour files."):
            self._prepare()

    def _prepare(self) -> None:
        # Our own phrases are held by a test; a user's are checked here.
        unchecked = {name for name, behaviour in self.behaviours.items() if behaviour is not builtin().get(name)}
        self._finder = PhraseFinder(self.behaviours, unchecked, self.language)
        if self.mask == "names":
            name_finder()  # what is missing shows now, not with the first page
        self._detectors: list[tuple[Behaviour, Detector]] = [(b, detector(b, self.language)) for b in self.behaviours.values()]
        self._scorers = of_language(self._finder.language)
        check_names((self.behaviours[name] for name in unchecked), self._scorers.classes, {**builtin(), **self.behaviours})
        words = reliability()
        self._about = {
            b.id: BehaviourInfo(
                b.title, b.effect == "helps", b.meaning, b.why, b.advice, b.instead, b.source, b.kinds, words.get(b.id, ""), b.absent
            )
            for b in self.behaviours.values()
        }  # fmt: skip

    @cached_property
    def rubric_digest(self) -> str:
        """A digest of the rubrics' content."""
        content = self.rubric if len(self.rubrics) == 1 else self.rubrics
        return hashlib.blake2b(msgspec.json.encode(content), digest_size=8).hexdigest()

    @cached_property
    def behaviours_digest(self) -> str:
        """A digest of the behaviours' content, and of the language where it was chosen."""
        digest = hashlib.blake2b(digest_size=8)
        for behaviour in self.behaviours.values():
            digest.update(repr(behaviour).encode("utf-8", "replace"))
        if not self.checks_language:
            digest.update(self.language.code.encode())
        return digest.hexdigest()

    @cached_property
    def made_by(self) -> MadeBy:
        """What a report says made it."""
        parts = (__version__, self.rubric_digest, self.behaviours_digest, str(self.mask))
        return MadeBy(__version__, hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest())

    def __getstate__(self) -> dict[str, Any]:
        # spaCy's matcher and the detectors' functions are rebuilt from the behaviours on the other side.
        return {k: v for k, v in self.__dict__.items() if k not in ("_finder", "_detectors", "_about", "_scorers")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._build()

    def find(self, transcript: Transcript) -> Found:
        """Every moment and every occasion of a call, in order of turn and start."""
        return self._judged(self._finder.call(transcript)).found

    def find_by_rules(self, transcript: Transcript) -> Found:
        """What the phrases and tests of the behaviour files find by themselves, without the scorers.

        This is what the examples of a behaviour file are held to: what a scorer makes of a text depends on the calls it was fitted on.
        """
        moments, occasions = self._by_rules(self._finder.call(transcript))
        return Found(moments, completed(transcript.turns, moments, occasions, self.behaviours))

    def _judged(self, call: Call) -> _Judged:
        """What rules and scorers find in a call, and how the matter ended."""
        judged = self._judged_as_a_whole(call)
        moments, occasions = judged.found
        return judged._replace(found=Found(moments, completed(call.turns, moments, occasions, self.behaviours)))

    def _judged_as_a_whole(self, call: Call) -> _Judged:
        """The same without what is known of occasions once all is found; a call in pieces is judged with its pieces joined."""
        whole = joined(call.transcript) if self._scored(call.transcript) else None
        if whole is None:
            return self._judged_as_is(call)
        found, by_rules, ending, upset, talk = self._judged_as_is(self._finder.call(whole.call))
        # What is read from times, and what no scorer looks at, is found in the turns as they are.
        as_is = self._by_rules(call)
        if talk == OTHER:
            return _Judged(as_is, as_is, talk=OTHER)
        return _Judged(
            self._as_told(found, whole, as_is),
            self._as_told(by_rules, whole, as_is),
            whole.outcome(ending) if ending is not None else None,
            Upset(whole.each(upset.confidence), upset.least) if upset is not None else None,
            talk,
        )

    def _as_told(self, found: Found, whole: Joined, as_is: Found) -> Found:
        """What was found in a call in pieces, told in the pieces: of behaviours with scorers what the joined call holds, of others what the pieces hold."""
        learned = {target.partition(".")[0] for target in self._scorers.weights}
        moments = [whole.moment(m) for m in found.moments if m.behaviour in learned]
        occasions = [whole.occasion(o, found.moments) for o in found.occasions if o.behaviour in learned]
        moments += [m for m in as_is.moments if m.behaviour not in learned]
        occasions += [o for o in as_is.occasions if o.behaviour not in learned]
        return Found(sorted(moments, key=_place), sorted(occasions, key=_place))

    def _judged_as_is(self, call: Call) -> _Judged:
        found = by_rules = self._by_rules(call)
        ending = upset = None
        if self._scored(call.transcript):
            scores = self._scorers.score(call, found)
            if scores.kind == OTHER:
                return _Judged(found, by_rules, talk=OTHER)
            found = merged(call, found, scores, self.behaviours)
            found.moments.sort(key=_place)
            found.occasions.sort(key=_place)
            ending = outcome(call, scores, scores.endings)
            if _UPSET in scores.weights:
                upset = Upset(scores.of(_UPSET), scores.weights[_UPSET].count)
        return _Judged(found, by_rules, ending, upset)

    def _sentences_said(self, call: Call, rubric: Rubric) -> dict[str, list[tuple[Place, ...]]]:
        """Where the agent says each sentence that an item of the rubric asks for."""
        found = {}
        for name, rule in rubric.items():
            if rule.sentences:
                asked = self._finder.call(Transcript.from_turns([("agent", sentence) for sentence in rule.sentences]))
                likeness = rule.likeness if rule.wording == "meaning" else None
                found[name] = [places(call, words_of(asked, i), likeness) for i in range(len(rule.sentences))]
        return found

    def _scored(self, transcript: Transcript) -> bool:
        """Whether the scorers have a say: both sides of the call are known, and it is more than a fragment."""
        turns = transcript.turns
        return bool(self._scorers.weights) and len(turns) >= _LEAST_SCORED_TURNS and {turn.role for turn in turns} >= _SIDES

    def _by_rules(self, call: Call) -> Found:
        moments: list[Moment] = []
        occasions: list[Occasion] = []
        for behaviour, detect in self._detectors:
            found = detect(call, behaviour)
            out = call.left_out(behaviour)
            moments += [m for m in found.moments if m.turn not in out] if out else found.moments
            occasions += found.occasions
        moments.sort(key=_place)
        occasions.sort(key=_place)
        return Found(moments, occasions)

    def _shown(self, transcript: Transcript, moments: list[Moment]) -> list[Moment]:
        """The moments that a report shows: the customer's only where both sides do a thing."""
        agents = {name for name, behaviour in self.behaviours.items() if behaviour.speakers == "agent"}
        return [m for m in moments if m.behaviour not in agents or transcript.turns[m.turn].role is not CUSTOMER]

    def _asked_about(self, moments: list[Moment], transcript: Transcript) -> list[Moment]:
        """The moments, uncertain ones with a second opinion where somebody is asked for it."""
        if self.second_opinion is None:
            return moments
        shown = mask_talk(transcript, names=self.mask == "names") if self.mask else transcript
        told = {name: (info.title, info.meaning) for name, info in self._about.items()}
        return with_second_opinions(moments, shown, told, self.second_opinion)

    def features(self, transcript: Transcript) -> list[TurnFeatures]:
        """What the scorers see of each turn of a call; what they are fitted on."""
        call = self._finder.call(transcript)
        return features(call, *self._by_rules(call), self._scorers.classes)

    def ending(self, transcript: Transcript, confidence: Mapping[str, Sequence[float]]) -> Mapping[str, Collection[str]]:
        """What the outcome of a call is read from, given each target's confidence in each turn; what its weights are fitted on."""
        return ending_features(self._finder.call(transcript), confidence, self._scorers.classes)

    def talk(self, transcript: Transcript) -> Mapping[str, float]:
        """What the kind of a talk is read from; what its weights are fitted on."""
        return talk_features(self._finder.call(transcript), self._scorers.classes)

    def annotate(self, transcript: Transcript) -> tuple[Moment, ...]:
        """The moments of a call, every speaker's, in order of turn and start, with the words as they were said.

        Raises:
            TranscriptError: it is not a transcript.
            UnforeseenError: the search failed.
        """
        if not isinstance(transcript, Transcript):
            raise not_taken(TranscriptError, "transcript", transcript, "Pass a Transcript, such as listening_coach.read gives.")
        with own_errors(UnforeseenError, "annotating the call", f"call {transcript.id}" if transcript.id else "call", _REPORT_IT):
            return tuple(self.find(transcript).moments)

    def review(
        self,
        source: Any,
        *,
        roles: Mapping[str, str] | None = None,
        format: str | None = None,  # noqa: A002 - as in read
        language: str | None = None,
    ) -> Report:
        """The coaching report on a call: a transcript, or whatever ``listening_coach.read`` takes.

        ``roles`` and ``format`` are those of ``read``; a transcript takes ``roles`` only. A call that names another language than the coach's, or
        whose words are plainly in another, is not scored, and the report says so; ``language``, the code of the coach's language, has it read
        as that.

        The report's moments are everybody's where both sides do a thing, such as nods, interruptions, thanks and promises. Of what only an
        agent is coached on, as the behaviours' files say, they are the agent's alone. ``annotate`` gives all.

        Raises:
            ReadError: the source cannot be read.
            TranscriptError: ``roles`` names a speaker who does not occur, or ``format`` is given with a transcript.
            LanguageError: ``language`` is not the coach's.
            UnforeseenError: the review failed.
        """
        if language is not None and _main_language(language) != self.language.code:
            raise LanguageError(
                f"this coach reads {self.language.name} ({self.language.code}), not {language[:60]!r}",
                remedy="Build a Coach(language=…) for another language.",
            )
        transcript = _transcript(source, roles, format, language)
        with own_errors(UnforeseenError, "reviewing the call", f"call {transcript.id}" if transcript.id else "call", _REPORT_IT):
            return self._reviewed(transcript, checks_language=self.checks_language and language is None)

    def _reviewed(self, transcript: Transcript, *, checks_language: bool) -> Report:
        # Rules skip what no report shows, but not where the scorers read signs from it.
        call = self._finder.call(transcript, for_report=not self._scored(transcript))
        other = other_language(call, transcript.metadata, self._finder.vocabulary) if checks_language else None
        found, by_rules, ending, upset, talk = self._judged(call) if other is None else _Judged(Found([], []), Found([], []))
        rubric = choose(self.rubrics, {_TALK: talk, **transcript.metadata})
        found = Found(self._asked_about(self._shown(transcript, found.moments), transcript), found.occasions)
        spoken = call.all_spoken()
        nods = _nods(call, found.moments, spoken)
        metrics = measure(transcript, spoken, nods, waits_s(found.moments))
        tier = transcript.evidence_tier
        about = self._about
        known = {name: (a.title, a.helps) for name, a in about.items()}
        saw = replace(
            scoring.seen(found.moments, found.occasions, ending), said=self._sentences_said(call, rubric), span_s=_span_s(transcript)
        )
        card = scoring.score(rubric, scoring.tally(found.moments, found.occasions), metrics, tier, known, saw)
        if other is not None:
            code = scoring.NotScoredCode.OTHER_LANGUAGE
            card = replace(card, score=None, band=None, capped_by=None, not_scored=_refusal(other, self.language), not_scored_code=code)
        whole = WholeCall(transcript, found.moments, found.occasions, spoken, nods, saw, rubric, known)
        praise = praised(call, card, found.moments, found.occasions, about, rubric) if card.score is not None else Praise()
        return Report(
            transcript=transcript,
            scorecard=card,
            moments=tuple(found.moments),
            occasions=tuple(found.occasions),
            action_points=action_points(found.moments, language=self.language),
            strengths=praise.strengths,
            closest=praise.closest,
            focus=focuses(call, card, found.moments, found.occasions, about, rubric) if card.score is not None else (),
            metrics=metrics,
            sentiment=customer_mood(call, by_rules.moments, by_rules.occasions, upset, ending),
            about=about,
            outcome=ending,
            agents=agent_scores(whole) if other is None else (),
            hand_overs=hand_overs(transcript),
            rubric=rubric.name,
            rubric_version=rubric.version,
            notes=(
                *_notes(transcript, tier),
                *([_OTHER_TALK.format(rubric.title)] if talk == OTHER else []),
                *(() if self.mask else (_UNMASKED,)),
            ),
            mask=self.mask,
            made_by=self.made_by,
        )

    def review_many(
        self,
        sources: Any,
        *,
        workers: int | None = 1,
        timeout_s: float | None = None,
        format: str | None = None,  # noqa: A002 - as in read
        roles: Mapping[str, str] | None = None,
        metadata: Any = None,
        path: str | None = None,
    ) -> Iterator[Report | Failure]:
        """The reports on many calls: lazy, in order, each as soon as it is there, a ``Failure`` in the place of a call that fails.

        ``sources`` are transcripts, paths, folders, patterns such as "calls/**/*.json", or whatever else ``read`` and ``read_many`` take; a
        source that holds several calls gives as many reports. Sources are drawn as needed: memory does not grow with their number.
        ``format`` and ``roles`` are those of ``read``. ``metadata`` is a table with what is known of each call (a file, a frame, or mappings), a row a call,
        named by a column ``call_id`` or ``file``; ``path`` is a pattern such as ``"{agent}/{date}_{call_id}.json"`` for the files' paths.

        With ``workers`` above 1, or a ``timeout_s``, worker processes do the work, each with its own copy of this coach: a
        call that ends its process or takes longer than ``timeout_s`` seconds to read or to review costs that call only. With one worker and no
        limit all happens in this process. ``workers=None`` means one a core. In a script that starts workers, the call belongs under
        ``if __name__ == "__main__":``.

        Raises:
            WorkerError: the number of workers is none, or they cannot start.
        """
        from .bulk.metadata import call_info
        from .bulk.reviews import review_many
        from .bulk.tables import Options

        options = Options(format, roles, call_info(metadata, path))
        return review_many(self, sources, workers=workers, timeout_s=timeout_s, options=options)


_REPORT_IT = "Please report it, with the transcript if you may."
_UNMASKED = "Nothing is masked in this report: it holds what was said word for word (mask=False)."


class _Judged(NamedTuple):
    """What rules and scorers found together, what the rules found, how the matter ended, how surely the customer is upset where, and what talk it is."""

    found: Found
    by_rules: Found
    ending: Outcome | None = None
    upset: Upset | None = None
    talk: str = SERVICE


# The scorer that tells how surely a turn is an upset customer's.
_UPSET = "empathy.occasion"
# The key under which a rubric's ``when`` finds what talk a call is.
_TALK = "talk"
_OTHER_TALK = "It does not read like a service call, which the learned weights know. Only rules looked for behaviour, and the score is by the rubric “{}”."
# Scorers have learned from whole calls, and weigh a turn by what stands around it: of a fragment with fewer turns they know too little.
_LEAST_SCORED_TURNS = 4
# Scorers weigh what an agent says to a customer.
_SIDES = frozenset((AGENT, CUSTOMER))
_place = attrgetter("turn", "start", "behaviour", "end")


# What calls are scored by where no rubric is named.
_BY_DEFAULT = ("bot", "conversation", "default")


def _rubrics(given: RubricLike) -> tuple[Rubric, ...]:
    """The rubrics that are given, the library's own choice where none is.

    Raises:
        RubricError: a rubric is wrong, or a list of them is empty.
    """
    if isinstance(given, str | Path | Mapping | Rubric):
        return (_rubric(given),)
    if given is not None and (not isinstance(given, Iterable) or isinstance(given, bytes)):
        raise not_taken(RubricError, "rubric", given, f"Name a file, or one of: {', '.join(rubric_names())}.")
    made = tuple(map(_rubric, _BY_DEFAULT if given is None else given))
    if not made:
        raise RubricError("the list of rubrics is empty", where="rubric", remedy="Name one, or leave rubric= out.")
    return made


def _rubric(given: str | Path | Mapping[str, Any] | Rubric) -> Rubric:
    if isinstance(given, Rubric):
        return given
    return parse(given) if isinstance(given, Mapping) else load_rubric(given)


def _behaviours(given: str | Path | Mapping[str, Behaviour] | None, language: Language) -> Mapping[str, Behaviour]:
    if isinstance(given, Mapping):
        return dict(given)
    ours, shared = _behaviours_of(language)
    return ours if given is None else {**ours, **load_folder(folder_of(given), shared)}


def review(
    source: Any,
    *,
    rubric: RubricLike = None,
    behaviours: str | Path | Mapping[str, Behaviour] | None = None,
    roles: Mapping[str, str] | None = None,
    format: str | None = None,  # noqa: A002 - as in read
    language: str | None = None,
) -> Report:
    """The coaching report on one call.

    ``rubric`` and ``behaviours`` are those of ``Coach``; ``source``, ``roles`` and ``format`` those of ``Coach.review``. ``language`` is the code
    of the language in which the call is read, whatever it says of itself. A coach of the library's own behaviours and one of its rubrics
    is built once and kept. For anything else, and many calls, build a ``Coach``.

    Raises:
        ReadError: the source cannot be read.
        RubricError: there is no such rubric, or it is wrong.
        BehaviourError: a behaviour file is wrong.
        LanguageError: the language is not known.
        TranscriptError: ``roles`` names a speaker who does not occur, or ``format`` is given with a transcript.
    """
    if language is not None and _main_language(language) != DEFAULT:
        return Coach(rubric, behaviours, language).review(source, roles=roles, format=format)
    ours = behaviours is None and (rubric is None or (isinstance(rubric, str) and rubric in rubric_names()))
    coach = _kept(rubric if isinstance(rubric, str) else None) if ours else Coach(rubric, behaviours)
    return coach.review(source, roles=roles, format=format, language=language)


def _behaviours_of(language: Language) -> tuple[Mapping[str, Behaviour], Mapping[str, tuple[str, ...]]]:
    """The behaviours of a language and its shared lists: the library's own of English, else those in the folder ``behaviours`` of the language."""
    if language.code == DEFAULT:
        return builtin(), shared_words()
    folder = language.folder / "behaviours"
    return (load_folder(folder), {}) if folder.is_dir() else ({}, {})


def _main_language(code: str) -> str:
    """The language of a code such as "en-GB", without its region."""
    if not isinstance(code, str):
        raise not_taken(LanguageError, "language", code, 'Give a code such as "en".')
    return code.partition("-")[0].casefold()


def _refusal(other: str, language: Language) -> str:
    return f"{other}; have it read as {language.name} all the same with language={language.code!r} or --language {language.code}"


@cache
def _kept(rubric: str | None) -> Coach:
    """A coach of the library's own behaviours and rubrics, whose files do not change."""
    return Coach(rubric)


def _transcript(source: Any, roles: Mapping[str, str] | None, format: str | None, language: str | None) -> Transcript:  # noqa: A002 - as in read
    if not isinstance(source, Transcript):
        from .readers import read

        call = read(source, format=format, roles=roles)
    elif format is not None:
        raise TranscriptError(
            f"the format {format!r} is given for a call that has been read", remedy="Leave out format=.", use=("format=",)
        )
    else:
        call = source.with_roles(roles) if roles else source
    return call if language is None else replace(call, metadata={**call.metadata, "language": language})


def _span_s(transcript: Transcript) -> tuple[float, float | None] | None:
    """When a call begins and ends, in seconds; None without times."""
    starts = [turn.start for turn in transcript.turns if turn.start is not None]
    ends = [turn.end for turn in transcript.turns if turn.end is not None]
    return (min(starts), max(ends, default=None)) if starts else None


def _nods(call: Call, moments: list[Moment], spoken: list[int]) -> frozenset[int]:
    """Turns that are nothing but a nod."""
    inside: dict[int, int] = {}
    for m in moments:
        if m.behaviour == "verbal_nod":
            inside[m.turn] = inside.get(m.turn, 0) + m.end - m.start
    return frozenset(i for i, size in inside.items() if spoken[i] <= 3 and size >= 0.6 * len(call.turns[i].text.strip()))


def _notes(transcript: Transcript, tier: EvidenceTier) -> tuple[str, ...]:
    """What the reader of the report should know about the transcript itself."""
    notes = []
    if tier is EvidenceTier.NONE:
        notes.append("The transcript has no times: interruptions, silences and pace cannot be judged.")
    elif tier is EvidenceTier.STARTS:
        notes.append("The transcript tells when turns start but not when they end: interruptions, silences and pace cannot be judged.")
    guesses: Mapping[str, Mapping[str, Any]] = transcript.metadata.get("roles_inferred") or {}
    for speaker, guess in guesses.items():
        sure = f"{guess['confidence']:.0%}"
        notes.append(
            f"The file does not say who is who. From the talk, {speaker} is taken to be the {guess['role']} ({sure} sure: {', '.join(guess['cues'])})."
        )
    unknown = sorted({t.speaker for t in transcript.turns if t.role is Role.UNKNOWN})
    if unknown:
        shown = ", ".join(unknown[:4]) + ("…" if len(unknown) > 4 else "")
        notes.append(f"Not known to be agent or customer: {shown}. Name them with roles={{…}}, or --role, to have them counted.")
    return tuple(notes)
