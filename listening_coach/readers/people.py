"""What lists of speakers beside the turns tell of those whom the turns name by an id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..transcript import Role
from .field_names import Columns, flatten, plain_key
from .roles import role_of
from .rows import Person, flagged


def people_around(around: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], columns: Columns) -> dict[str, Person]:
    """What lists of speakers around the turns tell of those whom the turns name by an id."""
    if columns.speaker is None:
        return {}
    wanted = {str(v) for row in rows if (v := row.get(columns.speaker)) is not None and isinstance(v, str | int)}
    if all(role_of(name) is not Role.UNKNOWN for name in wanted):
        return {}
    for holder in reversed(around):
        for value in _lists_of_people(holder, 2):
            found = _people(value, wanted)
            if found:
                return found
    return {}


def _lists_of_people(holder: Mapping[str, Any], depth: int) -> Iterator[list[Mapping[str, Any]]]:
    for value in holder.values():
        if isinstance(value, list) and value and len(value) <= 200 and all(isinstance(v, Mapping) for v in value):
            yield [flatten(v) for v in value]
        elif isinstance(value, Mapping) and value and len(value) <= 200:
            if all(isinstance(v, Mapping) for v in value.values()):
                yield [{"id": k, **flatten(v)} for k, v in value.items()]
            elif all(isinstance(v, str) for v in value.values()):
                yield [{"id": k, "name": v} for k, v in value.items()]
            if depth:
                yield from _lists_of_people(value, depth - 1)


_IDENTS = (
    "id",
    "speaker_id",
    "speaker",
    "participant_id",
    "user_id",
    "label",
    "key",
    "channel",
    "channel_id",
    "index",
    "uid",
    "tag",
    "identity",
    "identifier",
    "sid",
    "ref",
    "email",
    "name",
)


_NAMES = (
    "name",
    "display_name",
    "full_name",
    "real_name",
    "speaker_name",
    "participant_name",
    "user_name",
    "username",
    "label",
    "email",
    "identity",
)


def _people(objects: list[Mapping[str, Any]], wanted: set[str]) -> dict[str, Person]:
    """The people in a list of objects, by the id under which the turns name them; nothing where the list does not know all of them."""
    keys = {plain_key(k): k for person in objects for k in person}
    for ident in _IDENTS:
        if ident not in keys:
            continue
        by_id = {str(person[keys[ident]]): person for person in objects if person.get(keys[ident]) is not None}
        if not wanted or not wanted <= by_id.keys():
            continue
        columns = Columns(list(keys.values()), rows=objects)
        found = {}
        for name, person in by_id.items():
            own = next(
                (str(person[keys[n]]) for n in _NAMES if n in keys and isinstance(person.get(keys[n]), str) and person[keys[n]].strip()),
                None,
            )
            role = person.get(columns.role) if columns.role is not None else None
            found[name] = Person(own, str(role) if role else flagged(person, columns))
        if any(p.role or (p.name and p.name != n) for n, p in found.items()):
            return found
    return {}
