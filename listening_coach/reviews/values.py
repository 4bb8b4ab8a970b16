"""Reviews as values: who said what of which finding, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ..errors import ReviewError

_Name = Annotated[str, Meta(min_length=1, max_length=500)]


class Verdict(StrEnum):
    """What a person says of a finding. It prints as its bare word.

    ``agree`` and ``disagree`` with it; ``score``, their own score in its place; ``not_applicable``, it should not count here;
    ``comment``, a remark without a verdict. ``withdraw`` takes an earlier review back and ``resolve`` settles a dispute: both are
    about another review.
    """

    AGREE = "agree"
    DISAGREE = "disagree"
    SCORE = "score"
    NOT_APPLICABLE = "not_applicable"
    COMMENT = "comment"
    WITHDRAW = "withdraw"
    RESOLVE = "resolve"


class Status(StrEnum):
    """What became of a review. It prints as its bare word.

    ``standing``: it counts. ``disputed``: it counts, and the agent disagrees. ``open``: a dispute that nobody has settled, ``resolved`` one that
    somebody has. ``superseded``: its author has judged the same again. ``withdrawn``: its author has taken it back.
    """

    STANDING = "standing"
    DISPUTED = "disputed"
    OPEN = "open"
    RESOLVED = "resolved"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


_ABOUT_OTHERS = (Verdict.WITHDRAW, Verdict.RESOLVE)
_GONE = (Status.WITHDRAWN, Status.SUPERSEDED)


class Spot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A moment or an occasion that a review is about: its behaviour, turn, span of characters and quote."""

    behaviour: _Name
    turn: Annotated[int, Meta(ge=0)]
    start: Annotated[int, Meta(ge=0)] = 0
    end: Annotated[int, Meta(ge=0)] = 0
    quote: str = ""


class Review(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One person's verdict on a call, one of its items, or one of its moments.

    ``call`` is the call's id. ``item`` is the rubric's item, ``moment`` the moment; without either the review is of the call as a
    whole. ``score``, 0 to 100, belongs to the verdict "score". ``by`` names the person, ``role`` tells whether as a coach or as the agent
    of the call. ``at`` is when; a time without an offset is UTC. ``about`` is the ``id`` of the review that this one answers, withdraws or resolves.
    """

    call: _Name
    by: _Name
    at: datetime
    verdict: Verdict
    item: _Name | None = None
    moment: Spot | None = None
    score: Annotated[float, Meta(ge=0, le=100)] | None = None
    comment: Annotated[str, Meta(max_length=20_000)] = ""
    role: Literal["coach", "agent"] = "coach"
    about: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            msgspec.structs.force_setattr(self, "at", self.at.replace(tzinfo=UTC))
        if self.score is not None:
            # A file gives 30.0 where a script said 30; the id must be the same.
            msgspec.structs.force_setattr(self, "score", float(self.score))
        if (self.verdict is Verdict.SCORE) != (self.score is not None):
            raise ValueError("a score belongs to the verdict 'score', and to no other")
        if self.verdict in _ABOUT_OTHERS and not self.about:
            raise ValueError(f"the verdict {self.verdict.value!r} needs the id of a review in 'about'")

    @property
    def id(self) -> str:
        """A mark of the content: the same review has the same id wherever it is kept."""
        utc = msgspec.structs.replace(self, at=self.at.astimezone(UTC))
        return hashlib.blake2b(msgspec.json.encode(utc, order="sorted"), digest_size=8).hexdigest()

    @property
    def target(self) -> tuple[str, str | None, Spot | None]:
        """What it is about: the call, the item, the moment."""
        return self.call, self.item, self.moment

    @property
    def judges(self) -> bool:
        """Whether it is a verdict on a finding, and no remark or act on another review."""
        return self.verdict not in (*_ABOUT_OTHERS, Verdict.COMMENT)


@dataclass(frozen=True)
class Reviews:
    """Some reviews, each once, in the order in which they were made; ``Reviews.of`` builds them.

    ``|`` merges: in any order, and however often, with the same result. Nothing is ever taken out: a review that is withdrawn or
    superseded stays, and ``status`` tells what became of it.
    """

    entries: tuple[Review, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Review]) -> Reviews:
        """The reviews, each once, in order of time."""
        by_id = {review.id: review for review in entries}
        return cls(tuple(by_id[key] for key in sorted(by_id, key=lambda key: (by_id[key].at, key))))

    def __or__(self, other: Reviews) -> Reviews:
        return Reviews.of((*self.entries, *other.entries))

    def __iter__(self) -> Iterator[Review]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def of_call(self, call_id: str) -> Reviews:
        """The reviews of one call."""
        return Reviews(self._by_call.get(call_id, ()))

    def with_comments(self, change: Callable[[str], str]) -> Reviews:
        """The same reviews with their comments changed; those about a changed one are about it still."""
        own = {review.id: review for review in self.entries}
        changed: dict[str, Review] = {}
        for key in own:
            # An id is made of the content, so that chains of answers end; clocks differ, so that an answer may stand before what it answers.
            chain = [key]
            while (about := own[chain[-1]].about) in own and about is not None and about not in changed:
                chain.append(about)
            for each in reversed(chain):
                review = own[each]
                about = review.about
                new = changed[about].id if about is not None and about in changed else about
                comment = change(review.comment) if review.comment else ""
                changed[each] = msgspec.structs.replace(review, comment=comment, about=new)
        return Reviews(tuple(changed[key] for key in own))

    def status(self, review: Review) -> Status:
        """What became of a review.

        Raises:
            ReviewError: it is not one of these.
        """
        found = self.statuses.get(review.id)
        if found is None:
            raise ReviewError(f"there is no review {review.id!r}", where="reviews", remedy="Ask only of reviews that are among these.")
        return found

    @property
    def calls(self) -> tuple[str, ...]:
        """The ids of the calls that they are about."""
        return tuple(self._by_call)

    @cached_property
    def counting(self) -> tuple[Review, ...]:
        """The coaches' verdicts that count: neither withdrawn nor superseded."""
        return tuple(r for r in self.entries if r.role == "coach" and r.judges and self.statuses[r.id] not in _GONE)

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        """What became of each review, by its id."""
        withdrawn = self._withdrawn()
        latest: dict[tuple[object, ...], str] = {}
        for review in self.entries:
            if review.judges and review.id not in withdrawn:
                latest[review.by, review.role, review.about, *review.target] = review.id
        settled = {r.about for r in self.entries if r.verdict is Verdict.RESOLVE and r.id not in withdrawn}
        disputes = {
            r.id: r.about
            for r in self.entries
            if r.role == "agent" and r.verdict is Verdict.DISAGREE and r.id in latest.values() and r.id not in withdrawn
        }
        # A dispute is settled by itself, or by way of the review that it is about.
        unsettled = {about for own, about in disputes.items() if not {own, about} & settled}
        found = {}
        for review in self.entries:
            key = review.id
            if key in withdrawn:
                found[key] = Status.WITHDRAWN
            elif review.judges and key not in latest.values():
                found[key] = Status.SUPERSEDED
            elif key in disputes:
                found[key] = Status.RESOLVED if {key, disputes[key]} & settled else Status.OPEN
            elif key in unsettled:
                found[key] = Status.DISPUTED
            else:
                found[key] = Status.STANDING
        return found

    def _withdrawn(self) -> set[str]:
        """Ids of the reviews that their authors have taken back; a withdrawal may be taken back too."""
        authors = {r.id: r.by for r in self.entries}
        gone: set[str] = set()
        # An id is made of the content, so that a review can only be about an older one: going back from the ends settles all.
        acts: dict[str, list[str]] = {}
        for review in self.entries:
            if review.verdict is Verdict.WITHDRAW and review.about is not None and authors.get(review.about) == review.by:
                acts.setdefault(review.about, []).append(review.id)

        def is_gone(key: str) -> bool:
            return any(not is_gone(act) for act in acts.get(key, ()))

        for key in authors:
            if is_gone(key):
                gone.add(key)
        return gone

    @cached_property
    def _by_call(self) -> dict[str, tuple[Review, ...]]:
        found: dict[str, list[Review]] = {}
        for review in self.entries:
            found.setdefault(review.call, []).append(review)
        return {call: tuple(reviews) for call, reviews in found.items()}
