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
from typing import Any, NamedTuple

from ..errors import BehaviourError
from .call import Call, Hit
from .clauses import after, before, hit_is_asked
from .language import Language

_LISTS_OF_WORDS = ("not_after", "not_before", "needs_after", "needs_before")
_KEYS = ("lists", *_LISTS_OF_WORDS, "reach_words", "from_word", "asked", "words_before")
# A supposition reaches over a sentence; in speech without signs this bounds it.
_REACH_WORDS = 25


class Context(NamedTuple):
    """One condition, as a behaviour file states it; see the module."""

    lists: tuple[str, ...] = ("phrases",)
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    needs_after: tuple[str, ...] = ()
    needs_before: tuple[str, ...] = ()
    reach_words: int = _REACH_WORDS
    from_word: str = ""
    asked: bool = True
    words_before: int = 0


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


def read(table: object, where: str, lists: Iterable[str]) -> Context:
    """A context from its table in a behaviour file, whose lists of phrases are ``lists``.

    Raises:
        BehaviourError: a key is unknown, or a value is not of its kind.
    """
    if not isinstance(table, dict):
        raise BehaviourError(f"a {type(table).__name__} where a table belongs", where=where, remedy="Write [[context]].")
    for key in table:
        if key not in _KEYS:
            raise BehaviourError(f"unknown key {key!r}", where=where, remedy=f"The keys are: {', '.join(_KEYS)}.")
    values: dict[str, Any] = {}
    for key in ("lists", *_LISTS_OF_WORDS):
        given = table.get(key, [])
        if not isinstance(given, list) or not all(isinstance(each, str) and each for each in given):
            raise BehaviourError(f"{key} is {given!r}", where=where, remedy="Write a list of texts.")
        if given:
            values[key] = tuple(given)
    for key, kind in (("reach_words", int), ("words_before", int), ("from_word", str), ("asked", bool)):
        given = table.get(key)
        if given is not None and (not isinstance(given, kind) or (kind is int and isinstance(given, bool))):
            raise BehaviourError(f"{key} is {given!r}", where=where, remedy=f"Write a value of the kind {kind.__name__}.")
        if given is not None:
            values[key] = given
    known = {"phrases", "blockers", *lists}
    for name in values.get("lists", ()):
        if name not in known:
            raise BehaviourError(f"there is no list {name!r}", where=where, remedy=f"The lists are: {', '.join(sorted(known))}.")
    return Context(**values)


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
        elif "." in name:
            yield from language.words[name]
        elif name in own:
            yield from own[name]
        else:
            raise BehaviourError(
                f"the list {entry} in a context is not defined",
                where=where,
                remedy="Define it under [words], or name a class of the language.",
            )
