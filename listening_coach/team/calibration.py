"""Calibration: how people's scores and the library's go together, item by item, and what rubric would bring them closer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import CalibrationError, MissingExtraError
from ..rubric import Rubric
from ..rubric import load as load_rubric
from ..scores.views import OpenScores, open_scores
from .ratings import Rating, ratings_of
from .statistics import Figure, kappa, mean, resampled, share, spearman
from .suggest import FEWEST_CALLS, CallItems, Suggestion, suggestion

if TYPE_CHECKING:
    import pandas

# From this score on an item counts as met, where people and library are compared as categories.
_MET = 50.0
_MOST_DIFFERING = 8
_WHOLE_CALL = "whole call"


class _Own(NamedTuple):
    """What the library says of an item of a call: its score, and how far it counts."""

    score: float | None
    counts: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How people's scores and the library's go together on one item, or on whole calls.

    ``agreement`` is the share of pairs in the same category: met (a score of 50 or more), not met, not applicable. ``kappa`` is that beyond chance.
    ``bias`` is how many points people score higher than the library, ``distance`` how far apart they are on average. Each comes with its
    interval; None where nothing can be said.
    """

    id: str
    title: str
    calls: int
    agreement: Figure | None
    kappa: Figure | None
    bias: Figure | None
    distance: float | None


@dataclass(frozen=True, slots=True)
class Between:
    """How two people's scores go together on what both judged; ``bias`` is how many points the first scores higher."""

    first: str
    second: str
    pairs: int
    agreement: Figure | None
    kappa: Figure | None
    bias: Figure | None


@dataclass(frozen=True, slots=True)
class Differing:
    """A call on which people and library differ: both scores, the item that differs most, and a quote of it."""

    call: str
    agent: str | None
    people: float | None
    library: float | None
    by: tuple[str, ...]
    item: str | None
    item_people: float | None
    item_library: float | None
    quote: str | None
    time_s: float | None


@dataclass(frozen=True)
class Calibration:
    """People's scores against the library's.

    ``whole`` is of calls' scores, ``items`` of each item that people judged, ``between`` of people among themselves, ``differing`` are the
    calls that differ most. ``ranks`` is the correlation of the ranks of calls. ``suggestion`` is a rubric that fits better, None where there is none, and
    then ``refused`` says why. ``unknown`` are ids that people scored and of which there are no scores.
    """

    calls: int
    people: tuple[str, ...]
    whole: Agreement | None
    ranks: Figure | None
    items: tuple[Agreement, ...]
    between: tuple[Between, ...]
    differing: tuple[Differing, ...]
    suggestion: Suggestion | None
    refused: str
    unknown: tuple[str, ...] = ()
    rubric: Rubric | None = field(default=None, repr=False)

    def lines(self) -> list[str]:
        """The calibration as lines of text."""
        from .calibration_pages import lines

        return lines(self)

    def to_html(self, path: str | Path | None = None) -> str:
        """The calibration as one self-contained page; written to ``path`` where one is given."""
        from .calibration_pages import page as rendered

        page = rendered(self)
        if path is not None:
            Path(path).write_text(page, encoding="utf-8", newline="\n")
        return page

    def to_frame(self) -> pandas.DataFrame:
        """A row an item, the whole call first, as a pandas frame; columns end in ``_low`` and ``_high`` for intervals.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtraError.of("pandas", "frames", "to_frame()") from error
        rows = [_frame_row(a) for a in (*([self.whole] if self.whole else []), *self.items)]
        return pandas.DataFrame(rows)

    def write_rubric(self, path: str | Path, extends: str | Path) -> Path:
        """Writes the suggested rubric; ``extends`` is the one that it starts from, as for ``calibrate``.

        Raises:
            CalibrationError: there is no suggestion, or it gains no more than chance would.
        """
        if self.suggestion is None or self.rubric is None or not self.suggestion.supported:
            raise CalibrationError(self.refused or "there is no suggestion", where=str(path), remedy="Score more calls by hand.")
        return self.suggestion.write(path, self.rubric, extends)

    def _repr_html_(self) -> str:
        from .calibration_pages import fragment

        return fragment(self)


def calibrate(
    human: Any,
    scores: str | Path | OpenScores,
    *,
    rubric: str | Path = "default",
    last: int | None = None,
    scale: tuple[float, float] = (0.0, 100.0),
) -> Calibration:
    """Compares people's scores with the library's on the calls that both scored.

    ``human`` is a table of people's scores (a file, a frame, mappings), with a row for each call and person, a column for each item and ``score`` for
    the call; or reviews, as a file or a folder of scores that holds some. ``scores`` is a folder that ``batch`` wrote. ``rubric`` is the one
    that scored it. ``last`` takes the latest calls only, that many. ``scale`` is the lowest and the highest score of the table.

    Raises:
        CalibrationError: no call is in both, a value is no score, or the calls were scored by another rubric.
        OutputError: there are no scores in the folder.
    """
    base = load_rubric(rubric)
    if isinstance(scores, OpenScores):
        return _Comparison(scores, base, human, last, scale).made()
    with open_scores(scores) as opened:
        return _Comparison(opened, base, human, last, scale).made()


class _Comparison:
    """People's ratings beside the library's scores of the same calls."""

    def __init__(self, scores: OpenScores, rubric: Rubric, human: Any, last: int | None, scale: tuple[float, float]) -> None:
        self._scores, self._rubric = scores, rubric
        titles = {row["id"]: row["title"] for row in scores.rows("select distinct id, title from items")}
        given = ratings_of(human, titles, scale)
        known = {
            row["call_id"]: row
            for row in scores.rows(
                "select call_id, agent, score, started_at from calls where status <> 'failed' order by source, source_index"
            )
        }
        self._unknown = tuple(dict.fromkeys(r.call for r in given if r.call not in known))
        ids = list(dict.fromkeys(r.call for r in given if r.call in known))
        if not ids:
            raise CalibrationError(
                f"none of the {len(set(self._unknown))} calls that people scored is among the scores",
                where=str(scores.folder),
                remedy="Give call ids as the view calls has them.",
            )
        if last is not None:
            ids = _latest(ids, known, given)[-last:]
        self._calls = {call: known[call] for call in ids}
        self._ratings = [r for r in given if r.call in self._calls]
        self._titles = titles
        self._own: dict[str, dict[str, _Own]] = defaultdict(dict)
        self._weights: dict[str, float] = {}
        for row in scores.rows("select call_id, id, score, weight, counts_as from items where list_contains(?, call_id)", [ids]):
            counts = row["counts_as"] / row["weight"] if row["weight"] else 0.0
            self._own[row["call_id"]][row["id"]] = _Own(row["score"], counts)
            self._weights[row["id"]] = row["weight"]

    def made(self) -> Calibration:
        """The comparison."""
        whole = [r for r in self._ratings if r.item is None]
        by_item: dict[str, list[Rating]] = defaultdict(list)
        for rating in self._ratings:
            if rating.item is not None and rating.item in self._titles:
                by_item[rating.item].append(rating)
        items = tuple(self._agreement(item, self._titles[item], by_item[item]) for item in self._titles if item in by_item)
        found, refused = self._suggested(whole)
        pairs = [(score, own) for call, score in _means(whole).items() if (own := self._calls[call]["score"]) is not None]
        ranks = resampled([[pair] for pair in pairs], spearman)
        return Calibration(
            len(self._calls), tuple(dict.fromkeys(r.by for r in self._ratings)), self._agreement("", _WHOLE_CALL, whole) if whole else None,
            ranks, tuple(sorted(items, key=lambda a: (-(a.distance or 0.0), a.id))), self._between(), self._differing(), found, refused,
            self._unknown, self._rubric,
        )  # fmt: skip

    def _library(self, rating: Rating) -> float | None:
        """The library's score of what a rating is of."""
        if rating.item is None:
            score: float | None = self._calls[rating.call]["score"]
            return score
        own = self._own[rating.call].get(rating.item)
        return None if own is None else own.score

    def _agreement(self, item: str, title: str, ratings: Sequence[Rating]) -> Agreement:
        by_call: dict[str, list[tuple[str, str]]] = defaultdict(list)
        differences: list[float] = []
        for rating in ratings:
            own = self._library(rating)
            mine, theirs = _category(own), _people(rating, own)
            by_call[rating.call].append((theirs, mine))
            score = own if rating.agrees else rating.score
            if score is not None and own is not None:
                differences.append(score - own)
        groups = list(by_call.values())
        same = sum(a == b for group in groups for a, b in group)
        return Agreement(
            item, title, len(by_call), share(same, sum(map(len, groups))), resampled(groups, kappa), mean(differences),
            fmean(map(abs, differences)) if differences else None,
        )  # fmt: skip

    def _between(self) -> tuple[Between, ...]:
        """Each two people on what both judged."""
        views: dict[str, dict[tuple[str, str | None], Rating]] = defaultdict(dict)
        for rating in self._ratings:
            views[rating.by][rating.call, rating.item] = rating
        found = []
        for first, second in combinations(sorted(views), 2):
            common = sorted(views[first].keys() & views[second].keys(), key=str)
            if not common:
                continue
            by_call: dict[str, list[tuple[str, str]]] = defaultdict(list)
            differences = []
            for key in common:
                one, two = views[first][key], views[second][key]
                own = self._library(one)
                by_call[key[0]].append((_people(one, own), _people(two, own)))
                scores = [own if r.agrees else r.score for r in (one, two)]
                if scores[0] is not None and scores[1] is not None:
                    differences.append(scores[0] - scores[1])
            groups = list(by_call.values())
            same = sum(a == b for group in groups for a, b in group)
            found.append(Between(first, second, len(common), share(same, len(common)), resampled(groups, kappa), mean(differences)))
        return tuple(found)

    def _differing(self) -> tuple[Differing, ...]:
        """The calls that differ most, each with the item that does."""
        by_call: dict[str, list[Rating]] = defaultdict(list)
        for rating in self._ratings:
            by_call[rating.call].append(rating)
        found = []
        for call, ratings in by_call.items():
            people = _means(r for r in ratings if r.item is None).get(call)
            library = self._calls[call]["score"]
            gaps = [
                (abs(r.score - own), r.item, r.score, own)
                for r in ratings
                if r.item is not None and r.score is not None and (own := self._library(r)) is not None
            ]
            gap, item, theirs, mine = max(gaps, default=(0.0, None, None, None), key=lambda g: g[0])
            size = abs(people - library) if people is not None and library is not None else gap
            if size > 0:
                found.append((size, call, people, library, tuple(dict.fromkeys(r.by for r in ratings)), item, theirs, mine))
        found.sort(key=lambda f: (-f[0], f[1]))
        return tuple(self._shown(*rest) for _, *rest in found[:_MOST_DIFFERING])

    def _shown(
        self,
        call: str,
        people: float | None,
        library: float | None,
        by: tuple[str, ...],
        item: str | None,
        theirs: float | None,
        mine: float | None,
    ) -> Differing:
        """A call with a quote: what the item lost most by, else what the whole call did, else a moment of the item."""
        lost = self._scores.rows(
            "select item, quote, time_s from ledger where call_id = ? and quote is not null order by item is not distinct from ? desc, points desc limit 1",
            [call, item],
        )
        said = self._scores.rows(
            "select behaviour as item, quote, time_s from moments where call_id = ? and behaviour = ? and counted order by number limit 1",
            [call, item],
        )
        quotes = [q for q in (*lost, *said) if item is None or q["item"] == item] or lost
        quote = quotes[0] if quotes else {"quote": None, "time_s": None}
        return Differing(
            call, self._calls[call]["agent"], people, library, by, None if item is None else self._titles.get(item, item), theirs, mine,
            quote["quote"], quote["time_s"],
        )  # fmt: skip

    def _suggested(self, whole: Sequence[Rating]) -> tuple[Suggestion | None, str]:
        people = {call: score for call, score in _means(whole, self._library).items() if self._calls[call]["score"] is not None}
        if len(people) < FEWEST_CALLS:
            return None, (
                f"A rubric is suggested from {FEWEST_CALLS} calls on that people scored as a whole; there "
                + ("is 1." if len(people) == 1 else f"are {len(people)}.")
            )
        other = next((n for n, rule in self._rubric.items() if n in self._weights and self._weights[n] != rule.weight), None)
        if other is not None:
            raise CalibrationError(
                f"the calls were scored by another rubric than {self._rubric.name!r}: there {other} weighs {self._weights[other]:g}",
                where="rubric",
                remedy="Name the rubric that batch was given: rubric=…, or --rubric.",
            )
        rows = [CallItems(*self._for_fitting(call), score) for call, score in people.items()]
        found = suggestion(rows, self._rubric)
        if not found.supported:
            return found, (
                f"On calls kept back the best rubric is {found.gain.text(1)} points closer to people's scores, which may be chance: "
                "none is suggested. More scored calls would tell."
            )
        return found, ""

    def _for_fitting(self, call: str) -> tuple[dict[str, float], dict[str, float]]:
        """An item without a score that counts all the same keeps full marks."""
        own = self._own[call]
        return {n: 100.0 if o.score is None else o.score for n, o in own.items()}, {n: o.counts for n, o in own.items()}


def _latest(ids: Sequence[str], known: Mapping[str, Any], given: Sequence[Rating]) -> list[str]:
    """The calls in order of their own dates, else of when people scored them, else as given."""
    began = {call: known[call]["started_at"] for call in ids}
    if all(began.values()):
        return sorted(ids, key=lambda call: began[call])
    rated = {r.call: r.at for r in given if r.at is not None}
    return sorted(ids, key=lambda call: rated[call]) if all(call in rated for call in ids) else list(ids)


def _means(ratings: Iterable[Rating], library: Any = None) -> dict[str, float]:
    """People's mean score for each call; one who agrees gave the library's score where that is told."""
    found: dict[str, list[float]] = defaultdict(list)
    for rating in ratings:
        score = library(rating) if rating.agrees and library is not None else rating.score
        if score is not None:
            found[rating.call].append(score)
    return {call: fmean(scores) for call, scores in found.items()}


def _category(score: float | None) -> str:
    return "not applicable" if score is None else "met" if score >= _MET else "not met"


def _people(rating: Rating, own: float | None) -> str:
    """The category a person puts something in; who only disagrees means the other side of it."""
    if rating.agrees is None:
        return _category(rating.score)
    mine = _category(own)
    if rating.agrees:
        return mine
    return "not met" if mine == "met" else "met"


def _frame_row(a: Agreement) -> dict[str, Any]:
    row: dict[str, Any] = {"item": a.id or None, "title": a.title, "calls": a.calls}
    for name in ("agreement", "kappa", "bias"):
        figure: Figure | None = getattr(a, name)
        row |= {name: figure and figure.value, f"{name}_low": figure and figure.low, f"{name}_high": figure and figure.high}
    return {**row, "distance": a.distance}
