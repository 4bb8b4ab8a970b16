"""Checks the content of a data file against a type, and says what is wrong in terms of the file.

The types are msgspec's, so that one definition checks a file, builds the value and gives the JSON Schema. msgspec's own
messages leave out the keys of tables and name Python types; the messages here name the key, the value and the remedy.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeGuard

import msgspec
from msgspec import Meta, inspect

from .errors import ListeningCoachError
from .safe_text import excerpt

# Types for the fields of data files. Upper bounds keep out infinity, and a bound of any kind keeps out NaN.
Text = Annotated[str, Meta(pattern=r"\S", description="a text that is not empty")]
Number = Annotated[float, Meta(ge=-1e9, le=1e9, description="a number")]

_MOST_SHOWN = 80
# Types of tables with fixed keys.
_TABLES = (inspect.StructType, inspect.DataclassType)


class WrongValueError(ValueError):
    """Raised in a type's ``__post_init__``: what is wrong with values together, and what to do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


class Fault(NamedTuple):
    """One thing wrong in a file: the key (empty for the file as a whole), the problem and the remedy."""

    key: str
    problem: str
    remedy: str


# A file of rules that a person wrote is far smaller; one that is larger is a mistake, or meant to do harm.
_MOST_FILE_BYTES = 2**20


def read_toml(path: Path, error: type[ListeningCoachError], remedy: str = "Name a readable file.") -> dict[str, Any]:
    """The content of a TOML file of rules; ``remedy`` says what to do where it cannot be opened.

    Raises:
        ListeningCoachError: of the kind ``error``, where it cannot be read, is too large or is not TOML.
    """
    where = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_FILE_BYTES + 1)
    except (OSError, ValueError) as problem:
        said = (problem.strerror if isinstance(problem, OSError) else None) or str(problem)
        raise error(f"it cannot be read: {said}", where=where, remedy=remedy) from problem
    if len(data) > _MOST_FILE_BYTES:
        raise error(
            f"it has more than {_MOST_FILE_BYTES // 2**20} MB", where=where, remedy="Leave out what is not needed, or make several files."
        )
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError as problem:
        raise error("it is nested too deeply", where=where, remedy="Write flat lists and tables.") from problem
    except ValueError as problem:  # of the syntax, of the encoding, and of numbers of thousands of digits
        raise error(f"it is not TOML: {problem}", where=where, remedy="Correct the file there.") from problem


def checked(shape: Any, value: object, *, where: str, error: type[ListeningCoachError]) -> Any:
    """``value``, the plain content of a file, as a ``shape``: a msgspec type.

    Raises:
        ListeningCoachError: of the kind ``error``, where the content does not fit.
    """
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as found:
        fault = next(_faults(inspect.type_info(shape), value, ""), Fault("", str(found), "Correct it there."))
        raise error(f"{fault.key}: {fault.problem}" if fault.key else fault.problem, where=where, remedy=fault.remedy) from found


def _faults(kind: inspect.Type, value: object, key: str) -> Iterator[Fault]:
    """What is wrong with a value, from its first key on."""
    wanted = expected(kind)
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        kind = _member(kind, value)
    if isinstance(kind, _TABLES) and isinstance(value, Mapping):
        yield from _struct_faults(kind, value, key)
    elif isinstance(kind, inspect.DictType) and isinstance(value, Mapping):
        for name, part in value.items():
            yield from _faults(kind.value_type, part, _inside(key, str(name)))
        yield from _size_faults(kind, value, key)
    elif isinstance(kind, (inspect.ListType, inspect.VarTupleType)) and _is_list(value):
        for position, part in enumerate(value):
            yield from _faults(kind.item_type, part, f"{key}[{position}]")
        yield from _size_faults(kind, value, key)
    elif isinstance(kind, inspect.TupleType) and _is_list(value) and len(value) == len(kind.item_types):
        for position, (of, part) in enumerate(zip(kind.item_types, value, strict=True)):
            yield from _faults(of, part, f"{key}[{position}]")
    elif not _fits(kind, value):
        yield Fault(key, f"the value is {_shown(value)}", f"Write {wanted}.")


def _struct_faults(kind: inspect.StructType | inspect.DataclassType, value: Mapping[str, Any], key: str) -> Iterator[Fault]:
    fields = {field.encode_name: field for field in kind.fields}
    closed = isinstance(kind, inspect.StructType) and kind.forbid_unknown_fields
    whole = True
    for name in value:
        if closed and name not in fields:
            whole = False
            near = difflib.get_close_matches(str(name), fields, 1)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            yield Fault(_inside(key, str(name)), "this key is not known", f"{hint}The keys are: {', '.join(fields)}.")
    for name, field in fields.items():
        if name not in value:
            if field.required:
                whole = False
                yield Fault(_inside(key, name), "this key is missing", f"Add it: {expected(field.type)}.")
            continue
        for fault in _faults(field.type, value[name], _inside(key, name)):
            whole = False
            yield fault
    if whole:
        yield from _rule_faults(kind.cls, value, key)


def _rule_faults(shape: type, value: Mapping[str, Any], key: str) -> Iterator[Fault]:
    """What the type's own ``__post_init__`` finds, where each value by itself is right."""
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        cause = error.__cause__
        yield Fault(key, str(cause or error), cause.remedy if isinstance(cause, WrongValueError) else "Correct it there.")


def _size_faults(kind: inspect.DictType | inspect.ListType | inspect.VarTupleType, value: Any, key: str) -> Iterator[Fault]:
    if kind.min_length and len(value) < kind.min_length:
        yield Fault(key, "it is empty", f"Write at least {kind.min_length}.")


def _member(kind: inspect.UnionType, value: object) -> inspect.Type:
    """The member of a union that a value is most likely meant for; a union itself where none is."""
    wanted: tuple[type, ...] = (*_TABLES, inspect.DictType) if isinstance(value, Mapping) else ()
    if _is_list(value):
        wanted = (inspect.ListType, inspect.VarTupleType, inspect.TupleType)
    members = [member.type if isinstance(member, inspect.Metadata) else member for member in kind.types]
    fitting = [member for member in members if isinstance(member, wanted)] if wanted else [m for m in members if _fits(m, value)]
    return fitting[0] if fitting else kind


def _fits(kind: inspect.Type, value: object) -> bool:
    """Whether a value that is no table and no list fits."""
    if isinstance(kind, inspect.AnyType):
        return True
    if isinstance(kind, inspect.NoneType):
        return value is None
    if isinstance(kind, inspect.BoolType):
        return isinstance(value, bool)
    if isinstance(kind, inspect.LiteralType):
        return value in kind.values
    if isinstance(kind, inspect.EnumType):
        return value in _members(kind)
    if isinstance(kind, inspect.StrType):
        return isinstance(value, str) and (kind.pattern is None or re.search(kind.pattern, value) is not None)
    if isinstance(kind, (inspect.IntType, inspect.FloatType)):
        whole = isinstance(kind, inspect.IntType)
        return isinstance(value, int if whole else (int, float)) and not isinstance(value, bool) and _within(kind, value)
    return False


def _members(kind: inspect.EnumType) -> list[Any]:
    return [member.value for member in kind.cls]


def _within(kind: inspect.IntType | inspect.FloatType, value: Any) -> bool:
    return bool(
        (kind.ge is None or value >= kind.ge)
        and (kind.gt is None or value > kind.gt)
        and (kind.le is None or value <= kind.le)
        and (kind.lt is None or value < kind.lt)
    )


def expected(kind: inspect.Type) -> str:
    """What a type asks for, in words: "a number from 0 to 100"."""
    if isinstance(kind, inspect.Metadata):
        said = (kind.extra_json_schema or {}).get("description")
        return str(said) if said else expected(kind.type)
    if isinstance(kind, inspect.UnionType):
        members = [expected(member) for member in kind.types if not isinstance(member, inspect.NoneType)]
        return _either(list(dict.fromkeys(members)))
    if isinstance(kind, inspect.LiteralType):
        return _either([repr(one) for one in kind.values])
    if isinstance(kind, inspect.EnumType):
        return _either([repr(one) for one in _members(kind)])
    if isinstance(kind, (inspect.ListType, inspect.VarTupleType)):
        return "a list, each entry " + expected(kind.item_type)
    if isinstance(kind, inspect.TupleType):
        return f"a list of {len(kind.item_types)}, each {expected(kind.item_types[0])}"
    if isinstance(kind, (inspect.IntType, inspect.FloatType)):
        return ("a whole number" if isinstance(kind, inspect.IntType) else "a number") + _bounds(kind)
    if isinstance(kind, inspect.BoolType):
        return "true or false"
    return "a table" if isinstance(kind, (*_TABLES, inspect.DictType)) else "a text"


def _bounds(kind: inspect.IntType | inspect.FloatType) -> str:
    if kind.gt is not None:
        return f" above {kind.gt:g}"
    if kind.ge is None:
        return ""
    # A bound that only keeps out infinity is not worth telling.
    return f" from {kind.ge:g} to {kind.le:g}" if kind.le is not None and kind.le < 1e6 else f" of at least {kind.ge:g}"


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _inside(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, (list, tuple))


def _shown(value: object) -> str:
    text = excerpt(value)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
