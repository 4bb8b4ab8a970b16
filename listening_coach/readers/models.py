"""What the declarative models of the JSON families share: conversion with a path in every error."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

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


def _found(value: Any, path: str) -> str:
    """What stands at a path of msgspec's, in brackets; nothing where it is an object or a list."""
    for name, index in re.findall(r"\.([^.\[]+)|\[(\d+)\]", path):
        try:
            value = value[int(index)] if index else value[name]
        except (KeyError, IndexError, TypeError):
            return ""
    return "" if isinstance(value, dict | list) else f" (found {value!r})"[:80]


def dig(value: Any, *keys: str) -> Any:
    """What stands under ``keys``, one inside the other; None where one is missing or its holder is no object."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
