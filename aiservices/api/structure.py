"""What every type of the AWS surface can do: Structure, and the Request and Response made of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict

from ..call import Reply


class Readable(Protocol):
    """Bytes as a stream: read once, from the start."""

    def read(self, amt: int | None = None, /) -> bytes:
        """The next `amt` bytes; all that are left with None."""
        ...

    def close(self) -> None:
        """Let go of the source."""
        ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Meta:
    """What we know about a reply besides its members; None where nobody said."""

    request_id: str | None = None
    """AWS's id of the request, for its support."""
    backend: str | None = None
    """Who answered: `aws`, `mock` ..."""
    arm: str | None = None
    """Which side of a rollout or fallback."""
    engine: str | None = None
    """What computed a mock's answer."""
    fidelity: str | None = None
    """Of a mock's answer: `computed`, `stateful`, `schema` (made up from the model) or `scripted` (by a test)."""
    output: str | None = None
    """`schema` when a mock's job was begun whose output in S3 will be made up."""
    attempts: int | None = None
    """How often it was sent, the last time included."""
    cached: bool | None = None
    """Whether it came from a cache."""
    fallback: str | None = None
    """Why the second backend of a `Fallback` answered: the error of the first, and its code."""
    cost: Decimal | None = None
    """US dollars at list price."""
    dollars_an_hour: Decimal | None = None
    """Of what begins to cost until it is ended, an endpoint say: US dollars an hour."""
    until: str | None = None
    """The operation that ends it."""

    @classmethod
    def of(cls, reply: Mapping[str, Any]) -> Meta:
        """The facts that stand in a reply's `ResponseMetadata`."""
        metadata = reply.get("ResponseMetadata", {})
        facts = metadata.get("AIServices", {})
        return cls(metadata.get("RequestId"), *(facts.get(name) for name in _FACTS))


_FACTS = [field.name for field in fields(Meta)][1:]


class Structure(BaseModel, frozen=True):
    """A structure of the service's model as a frozen value.

    Fields are AWS's names in snake case; it can be made by either name. A member that is not there is `[]` for a
    list, `{}` for a map, else None, whatever its type says; members that the model does not know are kept.
    """

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),  # members are called model_arn, model_name ...
        defer_build=True,
        hide_input_in_errors=True,
    )

    def to_aws(self) -> dict[str, Any]:
        """AWS's dict in boto3's shape, with the members that are set."""
        known, present = type(self).model_fields, self.model_fields_set
        found = {
            known[name].alias or name: _plain(value)
            for name, value in self.__dict__.items()
            if value is not None and name in present
        }
        return found | (self.__pydantic_extra__ or {})

    def __repr__(self) -> str:
        return _short(self, depth=0)[:_LONGEST]

    __str__ = __repr__


def _plain(value: Any) -> Any:
    if isinstance(value, Structure):
        return value.to_aws()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


class Request(Structure, frozen=True):
    """What an operation takes. `ai.comprehend.detect_sentiment(**request)` sends it."""

    def keys(self) -> list[str]:
        """The parameters that are set, as the operation's method calls them."""
        return [name for name in type(self).model_fields if name in self.model_fields_set]

    def __getitem__(self, parameter: str) -> Any:
        return getattr(self, parameter)


class Response(Structure, frozen=True):
    """What an operation answers."""

    __slots__ = ("_raw",)

    if TYPE_CHECKING:
        _raw: Reply

    @property
    def raw(self) -> Reply:
        """AWS's own answer as it came, a dict in boto3's shape."""
        try:
            found: Reply = self._raw
        except AttributeError:  # made by hand
            return self.to_aws()
        return found

    @property
    def meta(self) -> Meta:
        """Who answered, in how many attempts, at what cost."""
        return Meta.of(self.raw)

    def __copy__(self) -> Response:
        return self._with_raw(super().__copy__(), getattr(self, "_raw", None))

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Response:
        return self._with_raw(super().__deepcopy__(memo), copy.deepcopy(getattr(self, "_raw", None), memo))

    def __getstate__(self) -> dict[Any, Any]:
        return {**super().__getstate__(), "_raw": getattr(self, "_raw", None)}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        super().__setstate__(state)
        self._with_raw(self, state["_raw"])

    @staticmethod
    def _with_raw(response: Response, raw: Reply | None) -> Response:
        if raw is not None:
            set_raw(response, raw)
        return response


set_raw = Response.__dict__["_raw"].__set__
"""`set_raw(response, reply)`: past the frozen model's own `__setattr__`, which costs microseconds."""

_LONGEST, _DEPTH, _ITEMS, _CHARACTERS = 600, 2, 3, 48  # of a repr: characters, levels, items, characters of a string


def _short(value: Any, depth: int) -> str:
    """The value in a few words: for people who look at it, not for all its contents."""
    if isinstance(value, Structure):
        if depth > _DEPTH:
            return f"{type(value).__name__}(...)"
        known, present = type(value).model_fields, value.model_fields_set
        members = [(n, v) for n, v in value.__dict__.items() if n in present and v is not None]
        shown = [f"{n}={_short(v, depth + 1) if known[n].repr else _size(v)}" for n, v in members]
        extra = [f"{n}={_size(v)}" for n, v in (value.__pydantic_extra__ or {}).items()]
        return f"{type(value).__name__}({', '.join(shown + extra)})"
    if isinstance(value, str) and len(value) > _CHARACTERS:
        return f"{value[:_CHARACTERS]!r}... {len(value):,} characters"
    if isinstance(value, list):
        more = [f"... {len(value) - _ITEMS} more"] if len(value) > _ITEMS else []
        return f"[{', '.join([_short(item, depth) for item in value[:_ITEMS]] + more)}]"
    if isinstance(value, dict):
        more = [f"... {len(value) - _ITEMS} more"] if len(value) > _ITEMS else []
        first = [f"{key!r}: {_short(value[key], depth)}" for key in list(value)[:_ITEMS]]
        return f"{{{', '.join(first + more)}}}"
    if isinstance(value, str | int | float | None):
        return repr(value)
    return _size(value)


def _size(value: Any) -> str:
    """A value that is not shown: a sensitive one, bytes, a stream."""
    if isinstance(value, str):
        return f"<{len(value):,} characters>"
    if isinstance(value, bytes):
        return f"<{len(value):,} bytes>"
    return f"<{len(value):,} items>" if isinstance(value, list | dict) else f"<{type(value).__name__}>"
