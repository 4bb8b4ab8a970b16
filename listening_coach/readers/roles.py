"""Who is the agent and who the customer: as names tell, or as the talk does."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ..language.language import RoleCue
from ..language.language import load as load_language
from ..transcript import Role, Transcript
from .role_words import agent_margin

_PARTS = re.compile(r"[()\[\]/|,:]|\s[-–—]\s")
# In brackets behind a name these say how somebody joined, not what part they have.
_NO_PART = frozenset(("guest", "user", "member", "contact", "host", "external", "internal", "other", "recording"))
# "Customer" before these words is what the agent serves.
_SERVICE = ("service", "care", "support", "success", "experience", "relations", "rep", "representative", "advocate")


class _Words(NamedTuple):
    """The words that tell a role, as roles.toml has them."""

    roles: Mapping[str, Role]
    bots: frozenset[str]
    field_only: frozenset[str]
    prefixes: tuple[str, ...]


@cache
def _words() -> _Words:
    """The words, read when the first role is asked for."""
    data = tomllib.loads((Path(__file__).parent / "roles.toml").read_text(encoding="utf-8"))
    sides = {"agent": Role.AGENT, "customer": Role.CUSTOMER, "other": Role.OTHER}
    roles = {word: role for side, role in sides.items() for word in data[side]}
    return _Words(roles, frozenset(data["bot"]), frozenset(data["field_only"]), tuple(data["prefixes"]))


def _bare(value: str) -> str:
    """A role as words in small letters: HUMAN_AGENT, humanAgent and "Human agent 2" are all "human agent"."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", value.strip())
    plain = re.sub(r"[^0-9a-z]+", "_", split.casefold()).strip("_")
    prefix = next((p for p in _words().prefixes if plain.startswith(p) and len(plain) > len(p)), "")
    return plain[len(prefix) :].replace("_", " ").rstrip(" 0123456789")


@lru_cache(maxsize=4096)
def role_of_field(value: str) -> Role:
    """The role that a value of a field for roles tells; a bot's is unknown, for it depends on who else speaks."""
    bare = _bare(value)
    if bare in _words().bots:
        return Role.UNKNOWN
    found = Role.of(bare)
    if found is Role.UNKNOWN:
        found = _words().roles.get(bare, Role.UNKNOWN)
    return found if found is not Role.UNKNOWN else role_of(value)


@lru_cache(maxsize=4096)
def is_bot(value: str) -> bool:
    """Whether a role or a name is that of a bot: bot, assistant, virtual agent, "Ada (bot)"."""
    words = _words()
    if _bare(value) in words.bots and value.strip().casefold() not in words.field_only:
        return True
    inner = re.fullmatch(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]", value.strip())
    return inner is not None and any(_bare(part) in words.bots for part in inner.groups())


def field_says_bot(value: str) -> bool:
    """Whether a value of a field for roles is a bot's."""
    return _bare(value) in _words().bots or is_bot(value)


@lru_cache(maxsize=4096)
def role_of(name: str) -> Role:
    """The role that a speaker's name tells: "Agent", "Agent (Sarah)", "Sarah - customer", "Customer Service Rep Tom"."""
    if is_bot(name):
        return Role.UNKNOWN
    found = _one_role(name)
    if found is not Role.UNKNOWN:
        return found
    parts = [part for part in (p.strip() for p in _PARTS.split(name)) if part and part.casefold() not in _NO_PART]
    told = {role for role in (_one_role(part) for part in parts) if role is not Role.UNKNOWN}
    if len(told) == 1:
        return told.pop()
    words = name.replace("_", " ").split()
    if len(words) > 1 and words[0].casefold() == "customer" and words[1].casefold().rstrip("0123456789") in _SERVICE:
        return Role.AGENT
    # "Agent Sarah": the role and a name, which has a capital.
    if len(words) in (2, 3) and words[1][:1].isupper():
        return Role.of(words[0])
    return Role.UNKNOWN


def _one_role(word: str) -> Role:
    """The role of a word or a few that may stand for a speaker."""
    found = Role.of(word)
    if found is not Role.UNKNOWN:
        return found
    bare = _bare(word)
    return Role.UNKNOWN if bare in _words().field_only else _words().roles.get(bare, Role.UNKNOWN)


# ------------------------------------------------------------------------------------------------------- from the talk

# What stands for the speaker of turns that name none.
NAMELESS = "unknown"
# A call's first turns, in which an agent greets.
_EARLY_TURNS = 8
# How often one cue counts for a speaker.
_MOST = 2
# Learned weights decide from this margin on, alone or beside some cue. Of eighty talks of friends three pass, of a hundred calls none wrongly.
_LEARNED_ALONE = 4.0
_LEARNED = 2.5
_LEAST_CUES = 0.5
_CONTRADICTED = 1.0
# Below this confidence a role stays unknown.
THRESHOLD = 0.9
# Beyond the margin that the threshold needs, an agent must sound like one, with one cue that is strong by itself:
# colleagues look things up for each other too.
_LEAST_AGENT = 2.0
_STRONG = 2.0
_MOST_CONFIDENCE = 0.99


class Guess(NamedTuple):
    """A role guessed from what a speaker said, how sure it is (0 to 1), and the cues."""

    role: Role
    confidence: float
    cues: tuple[str, ...]


def infer(call: Transcript) -> dict[str, Guess]:
    """Roles of speakers whose role is unknown, as far as the talk tells them; nothing below the threshold.

    Two speakers are weighed against each other: one greets for a company and asks for particulars, the other says why
    they call. A third who says little stays unknown.
    """
    known = {t.speaker: t.role for t in call.turns}
    # Turns that name nobody may be anybody's.
    unknown = [s for s in call.speakers if known[s] is Role.UNKNOWN and s != NAMELESS]
    if not unknown or len(call.speakers) < 2:
        return {}
    agents = [s for s, role in known.items() if role is Role.AGENT]
    customers = [s for s, role in known.items() if role is Role.CUSTOMER]
    if agents and customers:
        return {}
    scores, cues = _scores(call)
    if agents or customers:
        # The file names one side; with a single speaker left, the other side is plain.
        if len(unknown) != 1:
            return {}
        role, sign = (Role.CUSTOMER, -1.0) if agents else (Role.AGENT, 1.0)
        confidence = _confidence(2.5 + sign * scores[unknown[0]])
        return {unknown[0]: Guess(role, confidence, ("the only other speaker", *cues[unknown[0]]))} if confidence >= THRESHOLD else {}
    named = [s for s in call.speakers if s != NAMELESS]
    return _weighed(call, unknown if len(named) == 2 else _main(call, unknown), scores, cues)


@cache
def _greeting() -> re.Pattern[str]:
    """Any of the cues by which an agent greets, in one pattern."""
    return re.compile(
        "|".join(f"(?:{cue.pattern})" for cue in _cues() if cue.role == Role.AGENT.value and cue.early and cue.weight >= _STRONG),
        re.IGNORECASE,
    )


def infer_anew(call: Transcript) -> dict[str, Guess]:
    """Roles of the agent's and the customer's speakers by the talk alone, as if nothing said them; nothing below the threshold.

    Only calls are weighed in which one who is called the customer greets as agents do: most are as they say, and there are many.
    """
    early = (t for t in call.turns[:_EARLY_TURNS] if t.role is Role.CUSTOMER)
    if not any(_greeting().search(t.text.replace("\u2019", "'")) for t in early):
        return {}
    speakers = [s for s in call.speakers if any(t.speaker == s and t.role in (Role.AGENT, Role.CUSTOMER) for t in call.turns)]
    return _weighed(call, speakers, *_scores(call)) if len(speakers) == 2 else {}


def _weighed(call: Transcript, speakers: list[str], scores: Mapping[str, float], cues: Mapping[str, tuple[str, ...]]) -> dict[str, Guess]:
    """The agent and the customer among speakers, weighed against each other."""
    ranked = sorted(speakers, key=lambda s: -scores[s])
    if len(ranked) < 2:
        return {}
    if len(ranked) == 2:
        learned = _learned(call, ranked, scores, cues)
        if learned is not None:
            return learned
    agent, customer = ranked[0], ranked[-1]
    if scores[agent] < _LEAST_AGENT or not any(
        c.name in cues[agent] for c in _cues() if c.role == Role.AGENT.value and c.weight >= _STRONG
    ):
        return {}
    found: dict[str, Guess] = {}
    # The next best is what the agent must stand out from. That they sound like a customer counts half: most of what
    # customers say sounds like nobody in particular.
    second = scores[ranked[1]]
    confidence = _confidence(scores[agent] - (second if second > 0 else second / 2))
    if confidence >= THRESHOLD:
        found[agent] = Guess(Role.AGENT, confidence, cues[agent])
        if len(ranked) == 2:
            found[customer] = Guess(Role.CUSTOMER, confidence, cues[customer])
        elif scores[customer] <= -1.5:
            found[customer] = Guess(Role.CUSTOMER, _confidence(1.0 - scores[customer]), cues[customer])
    return {s: g for s, g in found.items() if g.confidence >= THRESHOLD}


def _learned(
    call: Transcript, ranked: list[str], scores: Mapping[str, float], cues: Mapping[str, tuple[str, ...]]
) -> dict[str, Guess] | None:
    """The roles of two speakers by the weights of their words; nothing where these contradict the cues, None where the cues decide alone."""
    turns = list(enumerate(call.turns))
    first, second = ([(n, t.text) for n, t in turns if t.speaker == s] for s in ranked)
    margin = agent_margin(first, second)
    if margin < -_CONTRADICTED:
        return {}
    cue_margin = scores[ranked[0]] - scores[ranked[1]]
    if margin >= _LEARNED_ALONE or (margin >= _LEARNED and cue_margin >= _LEAST_CUES):
        confidence = _confidence(margin + max(0.0, cue_margin) / 2)
        return {
            ranked[0]: Guess(Role.AGENT, confidence, ("words of agents", *cues[ranked[0]])),
            ranked[1]: Guess(Role.CUSTOMER, confidence, ("words of customers", *cues[ranked[1]])),
        }
    return None


def as_metadata(guesses: Mapping[str, Guess]) -> dict[str, Any]:
    """Guesses as plain values, for a transcript's metadata."""
    return {s: {"role": g.role.value, "confidence": g.confidence, "cues": list(g.cues)} for s, g in guesses.items()}


def _confidence(margin: float) -> float:
    return round(min(_MOST_CONFIDENCE, 1 / (1 + math.exp(-margin))), 2)


def _main(call: Transcript, speakers: list[str]) -> list[str]:
    """Speakers who say a tenth of the words or more; the rest are bystanders."""
    words = dict.fromkeys(speakers, 0)
    for turn in call.turns:
        if turn.speaker in words:
            words[turn.speaker] += len(turn.text.split())
    total = sum(words.values())
    return [s for s in speakers if words[s] * 10 >= total > 0]


def _cues() -> tuple[RoleCue, ...]:
    """What agents and customers say, in the library's default language."""
    return load_language().role_cues


@cache
def _patterns() -> tuple[tuple[RoleCue, re.Pattern[str]], ...]:
    """The cues, compiled when the first roles are inferred."""
    return tuple((cue, re.compile(cue.pattern, re.IGNORECASE)) for cue in _cues())


def _scores(call: Transcript) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    """For each speaker how much more they sound like the agent, in log-odds, and the cues."""
    counts: dict[str, dict[RoleCue, int]] = {s: {} for s in call.speakers}
    for number, turn in enumerate(call.turns):
        text = turn.text.replace("\u2019", "'")
        for cue, pattern in _patterns():
            if (not cue.early or number < _EARLY_TURNS) and pattern.search(text):
                counts[turn.speaker][cue] = min(_MOST, counts[turn.speaker].get(cue, 0) + 1)
    scores = {
        s: sum((-c.weight if c.role == Role.CUSTOMER.value else c.weight) * (1.0 + 0.3 * (n - 1)) for c, n in found.items())
        for s, found in counts.items()
    }
    return scores, {s: tuple(c.name for c in found) for s, found in counts.items()}
