"""Who is the agent and who the customer: as names tell, or as the talk does."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

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


class _Cue(NamedTuple):
    """What one side of a service call says and the other hardly ever; ``weight`` is its log-odds, ``early`` where it counts."""

    name: str
    pattern: str
    weight: float
    early: bool = False


def _cue(name: str, weight: float, *patterns: str, early: bool = False) -> _Cue:
    return _Cue(name, rf"\b(?:{'|'.join(patterns)})", weight, early)


_THINGS = (
    "account|bill|order|card|policy|internet|phone|broadband|router|package|parcel|payment|statement|contract|subscription|booking|delivery|claim"
    "|appointment|password|boiler|invoice"
)
_PARTICULARS = "name|number|address|postcode|post code|zip|email|e-mail|date of birth|account|reference|order|policy|phone|details"
_THANKS = "thank(?:s| you) (?:so much |very much )?for"
_CALLING = "calling|your call|contacting|phoning|ringing|reaching out to"
_DO = "cancel|return|change|report|check|order|pay|know|make|speak"
_AGENT = (
    # At the end friends thank each other for calling too.
    _cue("greets with thanks for calling", 2.5, rf"{_THANKS} (?:{_CALLING})", early=True),
    _cue("thanks for calling", 0.5, rf"{_THANKS} (?:{_CALLING})"),
    _cue("thanks for holding", 1.5, rf"{_THANKS} (?:holding|waiting)"),
    _cue("offers help", 2.5, r"how (?:can|may|could) i (?:help|assist|be of)", r"what can i (?:do for|help) you", early=True),
    _cue("names the company", 1.5,
         r"you(?:'re| are) (?:through to|speaking (?:to|with))", r"you've reached", r"this is \w+ (?:from|with|at) ", early=True),
    _cue("gives a name and asks", 2.0, r"(?:my name is|this is|i'm) \w+(?: speaking)?[,.]? (?:and )?(?:how|what) (?:can|may)", early=True),
    _cue("asks for particulars", 2.0,
         rf"(?:can|could|may) i (?:please |just )?(?:have|get|take|ask for) (?:your|the|a) (?:\w+ ){{0,3}}(?:{_PARTICULARS})"),
    _cue("asks to confirm", 2.0,
         r"(?:can|could) you (?:please |just )?(?:confirm|verify|spell) (?:your|the|that) ", r"for (?:security|verification) (?:purposes|reasons)"),
    _cue("asks for a number", 1.5,
         r"what(?:'s| is) (?:your|the) (?:\w+ ){0,2}(?:account|order|reference|policy|phone|card) number", r"who am i speaking"),
    _cue("looks it up", 1.0,
         r"let me (?:just |quickly )?(?:check|look|pull|see if|have a look|bring|get that|go ahead)", r"i(?:'ll| will) (?:just )?pull (?:that|your|it) up"),
    _cue("asks to hold", 1.5, r"bear with me", r"(?:place|put) you on (?:a (?:brief |quick |short )?)?hold", r"one moment (?:please|while)"),
    _cue("anything else", 2.5, r"anything else (?:that )?i can (?:do|help|assist)", r"anything else (?:for you )?today"),
    _cue("reads the system", 1.0, r"(?:our|the) (?:system|records) (?:show|say|indicate)", r"i(?:'m| am) (?:able|unable) to (?:offer|process|issue)"),
    _cue("wishes a good day", 0.5, r"have a (?:great|good|nice|lovely|wonderful) (?:rest of (?:your|the) )?(?:day|evening|afternoon|weekend|one)"),
)  # fmt: skip
_CUSTOMER = (
    _cue("says why they call", 2.0, r"i(?:'m| am) (?:calling|ringing|phoning) (?:about|because|to |regarding|in regards|for)"),
    _cue("has a question", 1.5, r"i(?:'ve| have)(?: got)? an? (?:question|problem|query|issue) (?:about|with|on|regarding)"),
    _cue("wants something done", 1.5,
         rf"i (?:want|need|wanted|was hoping) to (?:\w+ )?(?:{_DO})", rf"i(?:'d| would) like to (?:\w+ )?(?:{_DO})", r"i was wondering if you"),
    _cue("speaks of their own", 0.7, rf"my (?:\w+ )?(?:{_THINGS})\b"),
    _cue("was charged", 2.0,
         r"i(?:'ve| have)? (?:been|was|got) (?:over)?(?:charged|billed|cut off|transferred)", r"you(?:'ve| have| guys)? (?:charged|billed|sent|cut) me"),
    _cue("asks for help", 1.0,
         r"(?:can|could) you (?:please )?(?:help me|tell me (?:why|when|if|how))", r"i (?:never )?(?:received|ordered|bought) (?:a|an|the|my|it)\b"),
    _cue("asks for somebody", 1.5,
         r"(?:can|could|may) i (?:please )?(?:speak|talk) (?:to|with)", r"let me (?:speak|talk) to (?:a|your|the) (?:manager|supervisor)"),
)  # fmt: skip
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
    return re.compile("|".join(f"(?:{cue.pattern})" for cue in _AGENT if cue.early and cue.weight >= _STRONG), re.IGNORECASE)


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
    if scores[agent] < _LEAST_AGENT or not any(c.name in cues[agent] for c in _AGENT if c.weight >= _STRONG):
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


@cache
def _patterns() -> tuple[tuple[_Cue, re.Pattern[str]], ...]:
    """The cues, compiled when the first roles are inferred."""
    return tuple((cue, re.compile(cue.pattern, re.IGNORECASE)) for cue in (*_AGENT, *_CUSTOMER))


def _scores(call: Transcript) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    """For each speaker how much more they sound like the agent, in log-odds, and the cues."""
    counts: dict[str, dict[_Cue, int]] = {s: {} for s in call.speakers}
    for number, turn in enumerate(call.turns):
        text = turn.text.replace("\u2019", "'")
        for cue, pattern in _patterns():
            if (not cue.early or number < _EARLY_TURNS) and pattern.search(text):
                counts[turn.speaker][cue] = min(_MOST, counts[turn.speaker].get(cue, 0) + 1)
    customer = set(_CUSTOMER)
    scores = {
        s: sum((-c.weight if c in customer else c.weight) * (1.0 + 0.3 * (n - 1)) for c, n in found.items()) for s, found in counts.items()
    }
    return scores, {s: tuple(c.name for c in found) for s, found in counts.items()}
