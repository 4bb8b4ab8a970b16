"""What a behaviour file may hold: the type that checks it and that its JSON Schema is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_type_hints

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
