"""What the declarative models of the JSON families share: conversion with a path in every error."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from ..safe_text import excerpt
from .field_names import names, plain_key
from .source import Document


class Lax(msgspec.Struct):
    """A model of what we need of a service's object; other fields are passed over."""


class Camel(msgspec.Struct, rename="camel"):
    """A model of an object whose fields are written likeThis."""


class Pascal(msgspec.Struct, rename="pascal"):
    """A model of an object whose fields are written LikeThis."""


T = TypeVar("T")
_PLACE = re.compile(r" - at `([^`]*)`")


def build(doc: Document, value: Any, model: type[T], *, at: str = "$", format: str = "") -> T:  # noqa: A002 - the word of the whole package
    """``value`` as a ``model``; numbers in strings are taken as numbers.

    Raises:
        ReadError: a field is missing or of another type; its path is named.
    """
    for _ in range(_MOST_PATCHES):
        try:
            return msgspec.convert(value, model, strict=False)
        except msgspec.ValidationError as error:
            patched = _with_texts(value, str(error))
            if patched is None:
                break
            value = patched
    try:
        return msgspec.convert(value, model, strict=False)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        problem = _PLACE.sub("", str(error)).replace("Object missing", "it lacks the")
        path = place[1].replace("$", at, 1) if place else at
        raise doc.fail(
            f"{problem}{_found(value, place[1]) if place else ''}",
            at=path,
            remedy="Correct the field, or export the file again; if it is another format, name it with format=.",
            use=("format=",),
        ) from None


# A row without speech, such as an event, lacks its text; several lists of a document may have some.
_MOST_PATCHES = 4
_LACKS_TEXT = re.compile(r"Expected `str`, got `null` - at `(.+)\.(\w+)`|Object missing required field `(\w+)` - at `(.+)`")


def _with_texts(value: Any, problem: str) -> Any:
    """The value with empty texts in the rows of a list that lack theirs, as a problem of msgspec's tells; None where it is another problem."""
    told = _LACKS_TEXT.search(problem)
    if told is None:
        return None
    path, name = (told[1], told[2]) if told[2] else (told[4], told[3])
    if plain_key(name) not in names().ranks["text"] or not path.endswith("]"):
        return None
    steps = re.findall(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]", path)
    return _filled(value, [key or None for key, _ in steps], name)


def _filled(value: Any, steps: list[str | None], name: str) -> Any:
    """A copy of the value in which each object at the end of the steps has a text; None for a step stands for every item of a list."""
    if not steps:
        return {**value, name: ""} if isinstance(value, dict) and value.get(name) is None else value
    if steps[0] is None:
        return [_filled(v, steps[1:], name) for v in value] if isinstance(value, list) else value
    return {**value, steps[0]: _filled(value[steps[0]], steps[1:], name)} if isinstance(value, dict) and steps[0] in value else value


def _found(value: Any, path: str) -> str:
    """What stands at a path of msgspec's, in brackets; nothing where it is an object or a list."""
    for name, index in re.findall(r"\.([^.\[]+)|\[(\d+)\]", path):
        try:
            value = value[int(index)] if index else value[name]
        except (KeyError, IndexError, TypeError):
            return ""
    return "" if isinstance(value, dict | list) else f" (found {excerpt(value, 70)})"


def dig(value: Any, *keys: str) -> Any:
    """What stands under ``keys``, one inside the other; None where one is missing or its holder is no object."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
