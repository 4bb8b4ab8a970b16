"""What every parser hands over: one call's turns as plain records, each with its place in the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..errors import ReadError, TranscriptError
from ..transcript import Role, Transcript
from .furniture import encoded_once, is_encoded_twice, without_program_marks
from .roles import field_says_bot, is_bot, role_of, role_of_field


@dataclass(slots=True)
class ParsedCall:
    """One call as a parser found it.

    ``turns`` are records as `Transcript.from_turns` takes them, plus ``place``: the line or JSON path that an error
    names. ``by_time`` says that the source keeps its speakers apart (channels, tiers) and that the order spoken is the
    order of the starts. ``exact`` says that the source is a transcript of our own, to which nothing is added.
    """

    turns: list[dict[str, Any]]
    id: str | None = None
    started_at: datetime | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    by_time: bool = False
    exact: bool = False

    def finish(
        self,
        *,
        where: str,
        default_id: str | None,
        metadata: Mapping[str, Any],
        roles: Mapping[str, str] | None,
        strict: bool,
        turns_at: str = "",
    ) -> Transcript:
        """The call as a Transcript.

        ``where`` names the file in errors, ``turns_at`` where in it turns belong; ``metadata`` is added to the parser's own. With ``strict`` a name in
        ``roles`` that does not occur is an error, without it (one of many calls) it is passed over.

        Raises:
            ReadError: there is no turn, or a turn's text or times cannot be.
        """
        if not self.turns and not self.exact:
            raise ReadError(
                "it holds no turns",
                where=", ".join(p for p in (where, turns_at) if p),
                remedy="Check that the service finished and that the call has speech.",
            )
        if not self.exact:
            self._drop_silent(where)
            self._decode_once()
            for turn in self.turns:
                if isinstance(turn.get("text"), str):
                    turn["text"] = without_program_marks(turn["text"])
            if _settle_roles(self.turns):
                self.metadata = {"agent_kind": "bot", **self.metadata}
        records = sorted(self.turns, key=_start) if self.by_time else self.turns
        current: dict[str, Any] = {}

        def watched() -> Iterator[dict[str, Any]]:
            nonlocal current
            for record in records:
                current = record
                yield record

        try:
            call = Transcript.from_turns(
                watched(),
                id=self.id if self.exact else self.id or default_id,
                started_at=self.started_at,
                metadata=self.metadata
                if self.exact
                else {key: value for key, value in {**self.metadata, **metadata}.items() if value is not None},
            )
        except TranscriptError as error:
            # The value knows the turn's number, the parser knows where that turn stands in the file.
            _, _, inner = error.where.partition(", ")
            place = ", ".join(part for part in (where, str(current.get("place", "")), inner) if part)
            raise ReadError(error.problem, where=place, remedy=error.remedy) from error
        if roles:
            try:
                call = call.with_roles(_named(roles, call, strict))
            except TranscriptError as error:
                raise ReadError(error.problem, where=where, remedy=error.remedy) from error
        return call

    def _decode_once(self) -> None:
        """Mends letters that were encoded twice, in names, texts and words."""
        if not any(isinstance(text := turn.get("text"), str) and is_encoded_twice(text) for turn in self.turns):
            return
        for number, turn in enumerate(self.turns):
            text = turn.get("text")
            if not isinstance(text, str):
                continue
            mended = {**turn, "text": encoded_once(text)}
            if isinstance(turn.get("speaker"), str):
                mended["speaker"] = encoded_once(turn["speaker"])
            if mended["text"] != text and turn.get("words"):
                mended["words"] = [(encoded_once(word), *rest) for word, *rest in turn["words"]]
            self.turns[number] = mended

    def _drop_silent(self, where: str) -> None:
        """Leaves out the turns without a text, and counts them in the metadata.

        Raises:
            ReadError: no turn has a text.
        """
        spoken = [turn for turn in self.turns if turn.get("words") or not isinstance(turn.get("text"), str) or turn["text"].strip()]
        silent = len(self.turns) - len(spoken)
        if not silent:
            return
        if not spoken:
            raise ReadError(
                f"it holds no turns with a text ({silent} without)",
                where=where,
                remedy="Check that the service finished and that the call has speech.",
            )
        self.turns = spoken
        skipped = dict(self.metadata.get("skipped") or {})
        skipped["no text"] = skipped.get("no text", 0) + silent
        self.metadata = {**self.metadata, "skipped": skipped}


def _settle_roles(turns: list[dict[str, Any]]) -> bool:
    """Sets each record's role: what the file says first, then what the name tells; a bot is the agent where no human agent speaks.

    Tells whether it is.
    """
    bots: list[dict[str, Any]] = []
    human_agent = False
    staff = _users_are_staff(turns)
    told: dict[tuple[str, str], Role | None] = {}
    for record in turns:
        said, name = record.get("role"), record.get("speaker")
        who = "" if said is None else str(said), "" if name is None else str(name)
        if who not in told:
            told[who] = _told_role(*who, staff=staff)
        role = told[who]
        if role is None:
            bots.append(record)
            continue
        record["role"] = role
        human_agent = human_agent or role is Role.AGENT
    for record in bots:
        record["role"] = Role.OTHER if human_agent else Role.AGENT
    if bots and not human_agent:
        # Beside a bot "human" is the customer.
        for record in turns:
            if (
                record["role"] is Role.UNKNOWN
                and record.get("speaker") is not None
                and role_of_field(str(record["speaker"])) is Role.CUSTOMER
            ):
                record["role"] = Role.CUSTOMER
    return bool(bots) and not human_agent


def _told_role(said: str, name: str, *, staff: bool) -> Role | None:
    """The role that a record's role and name tell; None for a bot's. With ``staff`` the role "user" is the company's side."""
    role = role_of_field(said) if said else Role.UNKNOWN
    if staff and said.casefold() == "user":
        role = Role.AGENT
    if role is Role.UNKNOWN and said and field_says_bot(said):
        return None
    if role is Role.UNKNOWN and name:
        role = role_of(name)
        if role is Role.UNKNOWN and is_bot(name):
            return None
    return role


# Where the other side is called one of these, "user" is who uses the company's software.
_OUTSIDE = frozenset(("contact", "customer", "lead", "visitor", "requester", "end-user", "external", "prospect", "client", "consumer"))


def _users_are_staff(turns: list[dict[str, Any]]) -> bool:
    """Whether the role "user" is the company's side."""
    said = {str(record.get("role")).casefold() for record in turns}
    return "user" in said and not said.isdisjoint(_OUTSIDE) and not any(role_of_field(s) is Role.AGENT for s in said)


def _start(record: Mapping[str, Any]) -> float:
    start = record.get("start")
    if start is None and record.get("words"):
        start = record["words"][0][1]
    return float(start) if isinstance(start, int | float) else 0.0


def _named(roles: Mapping[str, str], call: Transcript, strict: bool) -> dict[str, str]:
    """``roles`` by the speakers' names; a bare number or a difference of case means the one speaker that fits."""
    found: dict[str, str] = {}
    for name, role in roles.items():
        if str(name) in call.speakers:
            found[str(name)] = role
            continue
        plain = str(name).casefold().strip()
        alike = [s for s in call.speakers if s.casefold() == plain or s.casefold().replace("_", " ").split(" ")[-1] == plain]
        if len(alike) == 1:
            found[alike[0]] = role
        elif strict or Role.of(role) is Role.UNKNOWN:
            found[str(name)] = role
    return found
