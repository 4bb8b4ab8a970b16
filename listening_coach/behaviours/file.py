"""What a behaviour file may hold: the type that checks it and that its JSON Schema is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ..checking import Number, Text
from ..language.context import Context

Line = Annotated[str, Meta(pattern=": ", description="a line such as 'agent: …' or 'customer: …'")]
# One text of the agent's, or a conversation of which the last line is judged.
Example = str | Annotated[list[Line], Meta(min_length=1)]


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
    context: list[Context] = []
    kinds: Mapping[str, Text] = {}
    words: Mapping[str, list[Text]] = {}
    fires: list[Example] = []
    silent: list[Example] = []
    why: str = ""
    instead: list[Text] = []
    gap_words: Annotated[int, Meta(ge=0, le=50)] = 4


# A ``words.toml``: each key a list of phrases.
WordsFile = Mapping[str, list[Text]]
