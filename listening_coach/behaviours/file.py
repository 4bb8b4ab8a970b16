"""What a behaviour file may hold: the type that checks it and that its JSON Schema is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

from ..checking import Number, Text
from ..language.context import Context

Line = Annotated[str, Meta(pattern=": ", description="a line such as 'agent: …' or 'customer: …'")]
Weight = Annotated[float, Meta(ge=0, le=100, description="how much it counts: 1 is usual")]
# One text of the agent's, or a conversation of which the last line is judged.
Example = str | Annotated[list[Line], Meta(min_length=1)]


class KindsByClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which kind a scorer's finding is of: the first of ``kinds`` of which a word class stands in its quote, else in its turn; else ``default``."""

    kinds: Mapping[str, list[Text]]
    default: Text | None = None


class ByClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The kinds of the moments and of the occasions that a scorer found; what a rule has found keeps its own."""

    moments: KindsByClass | None = None
    occasions: KindsByClass | None = None


class OccasionWeights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much an occasion matters by its kind, 1 where none is named; the ``first`` of a call that is certain weighs at least that."""

    kinds: Mapping[str, Weight] = {}
    first: Weight = 0.0


class Situation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found of another behaviour and calls for this one.

    ``at`` is the other behaviour's id and ``found`` says whether its occasions or its moments are meant: the customer's, or the agent's where
    ``by`` says so, and only those of ``kinds`` where some are named. ``needs`` are lists of words, and of word classes in braces: one of each
    list must stand in the words found, or in other words of their turn. ``likely`` is how often such words call for the behaviour.

    A moment of ``answered_by`` answers, behaviours with or without a kind ("action_point.promise"): in one of the agent's next ``turns``, behind
    the agent's own words in the same turn, and where it may come ``later``, in any turn after these. A kind that is ``once_a_call`` calls for
    the behaviour once, however often it is told.
    """

    kind: Text
    at: Text
    found: Literal["occasions", "moments"] = "occasions"
    by: Literal["customer", "agent"] = "customer"
    kinds: list[Text] = []
    needs: list[Annotated[list[Text], Meta(min_length=1)]] = []
    answered_by: Annotated[list[Text], Meta(min_length=1)]
    turns: Annotated[int, Meta(ge=1, le=100)] = 2
    likely: Annotated[float, Meta(gt=0, le=1)] = 1.0
    later: bool = False
    once_a_call: bool = True


class BehaviourFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of a behaviour file, with what each may hold; ``Behaviour`` says what they mean."""

    title: Text
    meaning: Text
    effect: Literal["helps", "hinders"]
    detector: Text
    advice: Text
    source: Text
    speakers: Literal["all", "agent"] = "all"
    phrases: list[Text] | Mapping[str, list[Text]] = []
    blockers: list[Text] = []
    cues: Mapping[str, list[Text]] = {}
    settings: Mapping[str, Number] = {}
    reads: Mapping[str, Text] = {}
    scorer: bool | Annotated[float, Meta(ge=0, le=1)] = True
    outweighed_by: list[Text] = []
    by_class: ByClass = ByClass()
    weights: OccasionWeights = OccasionWeights()
    situation: list[Situation] = []
    context: list[Context] = []
    kinds: Mapping[str, Text] = {}
    words: Mapping[str, list[Text]] = {}
    fires: list[Example] = []
    silent: list[Example] = []
    why: str = ""
    instead: list[Text] = []
    absent: str = ""
    gap_words: Annotated[int, Meta(ge=0, le=50)] = 4


_TYPES = get_type_hints(BehaviourFile, include_extras=True)


def misplaced(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first key of the file that stands below a heading such as ``[words]``, where TOML takes it for an entry: heading and key.

    Only an entry that would do as the key is one: a list of words called ``title`` is no title.
    """
    for heading in ("words", "cues", "settings", "phrases"):
        table = data.get(heading)
        for name, value in table.items() if isinstance(table, Mapping) else ():
            if name in _TYPES and _fits(value, _TYPES[name]):
                return heading, name
    return None


def _fits(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


# A ``words.toml``: each key a list of phrases.
WordsFile = Mapping[str, list[Text]]
