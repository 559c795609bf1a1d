"""The types of a service, made from its model when they are first touched.

`DetectSentiment` has `DetectSentimentRequest` and `DetectSentimentResponse`, whatever the model calls these two;
all structures inside them have the model's names. `aiservices.api.<service>` hands them out.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from threading import RLock
from typing import Any, ForwardRef, Literal

from pydantic import BaseModel, Field, ValidationError, create_model

from ..call import Reply
from .model import Operation, Service, Shape, load, snake
from .present import present
from .structure import Request, Response, Structure, set_raw

_SCALARS: Mapping[str, Any] = {
    "string": str, "integer": int, "long": int, "float": float, "double": float, "boolean": bool,
    "blob": bytes, "timestamp": datetime,
}  # fmt: skip

# One lock for all types of all services: building is short, and pydantic's own building is not made for threads.
_lock = RLock()
_services: dict[str, Types] = {}


def types(service: str) -> Types:
    """The types of a service; the same object each time."""
    with _lock:
        if service not in _services:
            _services[service] = Types(load(service))
        return _services[service]


def module_name(service: str) -> str:
    """`aiservices.api.lexv2_models` for `lexv2-models`."""
    return f"aiservices.api.{service.replace('-', '_')}"


class Types:
    """The types of one service by name."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._built: dict[str, type[Structure]] = {}
        self._building: set[str] = set()
        self._loose: list[type[Structure]] = []

    def __getitem__(self, name: str) -> Any:
        """The type of this name, for an enum `Literal[...] | str`; KeyError when there is none."""
        if name in self.enums:
            return Literal[self.enums[name].enum] | str
        base, shape = self.sources[name]
        return self._whole(name, shape, base)

    def _whole(self, name: str, shape: Shape | None, base: type[Structure]) -> type[Structure]:
        """The type, ready for use."""
        with _lock:
            kind = self._structure(name, shape, base)
            kind.model_rebuild()
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter([*self.sources, *self.enums])

    @cached_property
    def sources(self) -> dict[str, tuple[type[Structure], Shape | None]]:
        """Every structure type by name: the base and the shape it is made of; None has no members."""
        found: dict[str, tuple[type[Structure], Shape | None]] = {}
        for operation in self.service.operations.values():
            found[operation.request_name] = (Request, operation.input)
            found[operation.response_name] = (Response, operation.output)
        found |= {name: (Structure, shape) for name, shape in self._inner.items() if shape.type == "structure"}
        return dict(sorted(found.items()))

    @cached_property
    def enums(self) -> dict[str, Shape]:
        """The strings with a closed list of values, by the model's name."""
        return dict(sorted((name, shape) for name, shape in self._inner.items() if shape.enum))

    @cached_property
    def _inner(self) -> dict[str, Shape]:
        """All that the offered operations take and answer, under the model's names; the two outermost left out."""
        found: dict[str, Shape] = {}
        todo = [
            member
            for operation in self.service.operations.values()
            for outer in (operation.input, operation.output)
            if outer
            for member in outer.members.values()
        ]
        while todo:
            shape = todo.pop()
            if shape.name not in found:
                found[shape.name] = shape
                todo += parts(shape)
        return found

    def plain(self, name: str, shape: Shape) -> frozenset[str]:
        """The members of a type that are always there: the model requires them, or AWS is known to send them."""
        return present(shape, name)

    def parser(self, operation: Operation) -> Callable[[Reply], Response]:
        """A function that turns the operation's reply into its typed response."""
        kind = self._whole(operation.response_name, operation.output, Response)
        validate = kind.__pydantic_validator__.validate_python

        def parse(reply: Reply) -> Response:
            members = reply.copy()
            members.pop("ResponseMetadata", None)
            try:
                response: Response = validate(members)
            except ValidationError:
                response = self._forgiving(operation.output, members, kind)
            set_raw(response, reply)
            return response

        return parse

    def _forgiving(self, shape: Shape | None, value: Any, kind: type[Structure] | None = None) -> Any:
        """The value as far as the model goes; what is of another type than it says stays as it is.

        An answer that was paid for is not lost because one member of it surprises.
        """
        if shape is None or (shape.type == "structure" and not shape.document):
            if not isinstance(value, dict):
                return value
            if kind is None:
                with _lock:
                    kind = self._structure(shape.name, shape, Structure)  # type: ignore[union-attr]  # a type made at run time, which no checker can follow
            members = shape.members if shape else {}
            known = {name: item for name, item in value.items() if item is not None}
            return kind.model_construct(
                **{n: self._forgiving(members[n], v) if n in members else v for n, v in known.items()}
            )
        if shape.type == "list" and isinstance(value, list):
            return [self._forgiving(shape.member, item) for item in value]
        if shape.type == "map" and isinstance(value, dict):
            return {key: self._forgiving(shape.value, item) for key, item in value.items()}
        return value

    def _structure(self, name: str, shape: Shape | None, base: type[Structure]) -> type[Structure]:
        if name not in self._built:
            self._building.add(name)
            try:
                self._built[name] = self._create(name, shape, base)
            finally:
                self._building.discard(name)
            if not self._building:
                self._close_circles()
        return self._built[name]

    def _create(self, name: str, shape: Shape | None, base: type[Structure]) -> type[Structure]:
        plain = self.plain(name, shape) if shape else frozenset()
        members = shape.members if shape else {}
        fields: dict[str, Any] = {snake(n): self._field(n, m, n in plain) for n, m in members.items()}
        with warnings.catch_warnings():
            if any(hasattr(BaseModel, field) for field in fields):  # `schema`, in Forecast and Personalize
                warnings.filterwarnings("ignore", "Field name .* shadows an attribute")
            created = create_model(name, __base__=base, __module__=module_name(self.service.name), **fields)
        if any(_innermost(member).name in self._building for member in members.values()):
            self._loose.append(created)
        return created

    def _close_circles(self) -> None:
        """Resolve the references of recursive structures, now that all of a circle are built."""
        loose, self._loose = self._loose, []
        for kind in loose:
            kind.model_rebuild(force=True, _types_namespace=dict(self._built))

    def _field(self, name: str, shape: Shape, plain: bool) -> tuple[Any, Any]:
        shown = not _sensitive(shape)
        if shape.type == "list":
            return self._hint(shape), Field(default_factory=list, alias=name, repr=shown)
        if shape.type == "map":
            return self._hint(shape), Field(default_factory=dict, alias=name, repr=shown)
        hint = self._hint(shape)
        return hint if plain else hint | None, Field(default=None, alias=name, repr=shown)

    def _hint(self, shape: Shape) -> Any:
        if shape.document or shape.streaming or shape.eventstream:
            return Any
        if shape.type == "structure":
            if shape.name in self._building:
                return ForwardRef(shape.name)
            return self._structure(shape.name, shape, Structure)
        if shape.type == "list":
            return list[self._hint(shape.member)]  # type: ignore[misc]  # a type made at run time, which no checker can follow
        if shape.type == "map":
            return dict[str, self._hint(shape.value)]  # type: ignore[misc]  # a type made at run time, which no checker can follow
        return _SCALARS[shape.type]


def parts(shape: Shape) -> list[Shape]:
    """The shapes that a structure, list or map is made of."""
    if shape.type == "list":
        return [shape.member]
    if shape.type == "map":
        return [shape.key, shape.value]
    return list(shape.members.values()) if shape.type == "structure" else []


def _innermost(shape: Shape) -> Shape:
    while shape.type in ("list", "map"):
        shape = shape.member if shape.type == "list" else shape.value
    return shape


def _sensitive(shape: Shape) -> bool:
    return shape.sensitive or _innermost(shape).sensitive
