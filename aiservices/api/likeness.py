"""Whether two replies of an operation are alike: in their members, types and states, not in contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from .model import Shape
from .status import is_status


class Unlike(NamedTuple):
    """One thing in which the second reply is not like the first."""

    kind: str
    """`missing`: a member the first has; `more`: one it has not; `type`; `state`."""
    where: str
    """`FaceDetails[].Gender`."""
    first: str = ""
    """The type or the state in the first reply."""
    second: str = ""
    """And in the second."""


def unlike(shape: Shape, first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Unlike]:
    """Where a reply is unlike another one of the same operation.

    Of a list it counts what its elements have in common: a member that some of them lack is missing nowhere. Elements
    of several kinds (Textract's blocks) are held against those of their kind. An empty list is like any other.
    """
    yield from _unlike(shape, _Two([first], [second]), "")


class _Two(NamedTuple):
    """What stands at one place of the first reply, and of the second."""

    first: list[Any]
    second: list[Any]

    def under(self, name: str) -> _Two:
        """What they have under a member."""
        return _Two(*([value[name] for value in values if name in value] for values in self))

    def inside(self) -> _Two:
        """The elements of the lists, or the values of the maps."""
        return _Two(*([one for value in values for one in _contents(value)] for values in self))

    def of(self, kind: str, wanted: Any) -> _Two:
        """Those of a kind."""
        return _Two(*([value for value in values if value.get(kind) == wanted] for values in self))


def _contents(value: Any) -> Iterable[Any]:
    contents: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
    return contents


def _unlike(shape: Shape, two: _Two, where: str) -> Iterator[Unlike]:
    if not two.first or not two.second:
        return
    first, second = ({_type(value) for value in values} for values in two)
    if first != second:
        yield Unlike("type", where, " or ".join(sorted(first)), " or ".join(sorted(second)))
    elif shape.type == "structure" and not shape.document and first == {"structure"}:
        yield from _unlike_members(shape, two, where)
    elif shape.type == "list" and first == {"list"}:
        yield from _unlike_elements(shape.member, two.inside(), f"{where}[]")
    elif shape.type == "map" and first == {"structure"}:
        yield from _unlike(shape.value, two.inside(), f"{where}{{}}")
    elif shape.enum and is_status(where.rpartition(".")[2].removesuffix("[]")):
        one, other = (", ".join(sorted(set(values))) for values in two)
        if one != other:
            yield Unlike("state", where, one, other)


def _unlike_members(shape: Shape, two: _Two, where: str) -> Iterator[Unlike]:
    always = [set.intersection(*map(_names, values)) for values in two]
    ever = [set.union(*map(_names, values)) for values in two]
    before = f"{where}." if where else ""
    yield from (Unlike("missing", f"{before}{name}") for name in sorted(always[0] - ever[1]))
    yield from (Unlike("more", f"{before}{name}") for name in sorted(always[1] - ever[0]))
    for name, member in shape.members.items():
        if name in ever[0] & ever[1]:
            yield from _unlike(member, two.under(name), before + name)


def _unlike_elements(shape: Shape, two: _Two, where: str) -> Iterator[Unlike]:
    kind = _kind_of(shape)
    if kind is None:
        yield from _unlike(shape, two, where)
        return
    first, second = ({value.get(kind) for value in values} for values in two)
    for one in sorted(first & second, key=str):
        yield from _unlike(shape, two.of(kind, one), f"{where[:-1]}{one or ''}]")


def _kind_of(shape: Shape) -> str | None:
    """The member that says of what kind an element is."""
    if shape.type != "structure":
        return None
    wanted = ("type", f"{shape.name}type".lower())  # of a Block its BlockType, not its TextType
    return next((name for name, member in shape.members.items() if member.enum and name.lower() in wanted), None)


def _names(value: Any) -> set[str]:
    return {name for name, it in value.items() if it is not None and it != [] and it != {}}


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    for kinds, name in _TYPES:
        if isinstance(value, kinds):
            return name
    return "bytes"


_TYPES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "string"),
    ((int, float, Decimal), "number"),
    ((datetime, date), "timestamp"),
    (Mapping, "structure"),
    ((list, tuple), "list"),
)
