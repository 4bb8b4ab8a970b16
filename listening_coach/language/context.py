"""What stands around a phrase and decides whether it counts: conditions that behaviour files state as data.

A file holds them as ``[[context]]`` tables, each with one condition on the hits of some of its lists:

- ``lists``: the lists of phrases it holds for; without it, ``["phrases"]``;
- ``not_after``, ``not_before``: words that cancel a hit where one stands before or behind it in the same sentence;
- ``needs_after``, ``needs_before``: words of which one must stand there;
- ``reach_words``: how many words of the sentence are looked at, 25 without it;
- ``from_word``: with ``not_before`` or ``needs_before``, only what stands from this word on is looked at ("but");
- ``asked = false``: cancels a hit in a question or a supposition;
- ``words_before``: how many words of its turn must stand before a hit.

An entry in braces names a list under ``[words]`` of the file, or a word class of the language ("{context.denied}").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from ..checking import Text
from ..errors import BehaviourError
from .call import Call, Hit
from .clauses import after, before, hit_is_asked
from .language import Language

_LISTS_OF_WORDS = ("not_after", "not_before", "needs_after", "needs_before")
Count = Annotated[int, Meta(ge=0, le=1_000_000, description="a whole number, 0 or more")]
# A supposition reaches over a sentence; in speech without signs this bounds it.
_REACH_WORDS = 25


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One condition, as a behaviour file states it; see the module."""

    lists: tuple[Text, ...] = ("phrases",)
    not_after: tuple[Text, ...] = ()
    not_before: tuple[Text, ...] = ()
    needs_after: tuple[Text, ...] = ()
    needs_before: tuple[Text, ...] = ()
    reach_words: Count = _REACH_WORDS
    from_word: str = ""
    asked: bool = True
    words_before: Count = 0


class Condition(NamedTuple):
    """A context whose word lists have been looked up in one language."""

    context: Context
    not_after: frozenset[str]
    not_before: frozenset[str]
    needs_after: frozenset[str]
    needs_before: frozenset[str]

    def holds(self, call: Call, hit: Hit) -> bool:
        """Whether a hit stands in this context."""
        context = self.context
        if hit.first - call.bounds[hit.turn][0] < context.words_before:
            return False
        if not context.asked and hit_is_asked(call, hit):
            return False
        if self.not_after or self.needs_after:
            lead = before(call, hit, context.reach_words)
            if not self.not_after.isdisjoint(lead) or (self.needs_after and self.needs_after.isdisjoint(lead)):
                return False
        if self.not_before or self.needs_before:
            rest = after(call, hit, context.reach_words)
            if context.from_word:
                rest = rest[rest.index(context.from_word) :] if context.from_word in rest else []
            if not self.not_before.isdisjoint(rest) or (self.needs_before and self.needs_before.isdisjoint(rest)):
                return False
        return True


def conditions(
    contexts: Iterable[Context], own: Mapping[str, tuple[str, ...]], language: Language, where: str
) -> Mapping[str, tuple[Condition, ...]]:
    """The conditions on the hits of each list of a behaviour; ``own`` are the lists under its ``[words]``.

    Raises:
        BehaviourError: an entry in braces names no list.
    """
    found: dict[str, tuple[Condition, ...]] = {}
    for context in contexts:
        words = [frozenset(_looked_up(getattr(context, name), own, language, where)) for name in _LISTS_OF_WORDS]
        condition = Condition(context, *words)
        for name in context.lists:
            found[name] = (*found.get(name, ()), condition)
    return found


def _looked_up(entries: Iterable[str], own: Mapping[str, tuple[str, ...]], language: Language, where: str) -> Iterable[str]:
    for entry in entries:
        name = entry[1:-1]
        if not (entry.startswith("{") and entry.endswith("}")):
            yield entry
        elif name in language.lists:
            yield from language.words[name]
        elif name in own:
            yield from own[name]
        else:
            raise BehaviourError(
                f"the list {entry} in a context is not defined",
                where=where,
                remedy="Define it under [words], or name a class of the language.",
            )
