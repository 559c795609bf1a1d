"""AWS's service models as we read them: operations, shapes, constraints, HTTP bindings, errors.

The files `models/<service>.json` are botocore's own models without their prose, written by `snapshot.py`; nothing
here imports botocore.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ..call import SERVICES
from ..errors import InvalidCallError, nearest

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[^_])(?=[A-Z][a-z])")
_PLURAL = re.compile(r"[A-Z]{2,}s$")


@cache
def snake(name: str) -> str:
    """AWS's name in snake case: `LanguageCode` -> `language_code`, `resourceARNs` -> `resource_arns`.

    Operation names come out as boto3's method names. A Python keyword gets an underscore behind it.
    """
    plural = _PLURAL.search(name)
    if plural:
        begin = plural.start()
        name = (name[:begin] + "_" if begin else "") + plural.group().lower()
    words = _WORDS.sub("_", name).lower().replace("-", "_")
    words = re.sub(r"__+", "_", words)
    return words + "_" if keyword.iskeyword(words) else words


class Shape:
    """A type of the model, with the traits of the place it is used in."""

    __slots__ = ("__dict__", "name", "raw", "service", "traits")

    def __init__(self, service: Service, reference: Mapping[str, Any]) -> None:
        self.service = service
        self.name: str = reference["shape"]
        self.raw: Mapping[str, Any] = service.raw["shapes"][self.name]
        self.traits: Mapping[str, Any] = reference
        """Traits of the use: `location`, `locationName`, `idempotencyToken`, `deprecated`, `jsonvalue`."""

    def __repr__(self) -> str:
        return f"<Shape {self.service.name}.{self.name}: {self.type}>"

    @cached_property
    def type(self) -> str:
        """One of structure list map string integer long float double boolean blob timestamp."""
        return str(self.raw["type"])

    @cached_property
    def members(self) -> dict[str, Shape]:
        """Of a structure: its members by AWS's name, in the model's order."""
        return {name: Shape(self.service, self._use(name, ref)) for name, ref in self.raw.get("members", {}).items()}

    def _use(self, name: str, reference: Mapping[str, Any]) -> Mapping[str, Any]:
        # botocore hands out a blob that is the whole body as a stream even where the model does not call it one.
        blob = name == self.payload and self.service.raw["shapes"][reference["shape"]]["type"] == "blob"
        return {**reference, "streaming": True} if blob else reference

    @cached_property
    def required(self) -> frozenset[str]:
        """Of a structure: the members that must be there."""
        return frozenset(self.raw.get("required", ()))

    @cached_property
    def member(self) -> Shape:
        """Of a list: its elements."""
        return Shape(self.service, self.raw["member"])

    @cached_property
    def key(self) -> Shape:
        """Of a map: its keys."""
        return Shape(self.service, self.raw["key"])

    @cached_property
    def value(self) -> Shape:
        """Of a map: its values."""
        return Shape(self.service, self.raw["value"])

    @property
    def min(self) -> float | None:
        """Least length (string, blob, list, map) or value (number)."""
        return self.raw.get("min")

    @property
    def max(self) -> float | None:
        """Greatest length or value."""
        return self.raw.get("max")

    @property
    def pattern(self) -> str | None:
        """The pattern of the whole string, in Java's syntax."""
        return self.raw.get("pattern")

    @property
    def enum(self) -> tuple[str, ...]:
        """The allowed strings; empty when any is."""
        return tuple(self.raw.get("enum", ()))

    @property
    def sensitive(self) -> bool:
        """Its value never shows in messages."""
        return bool(self.raw.get("sensitive"))

    @property
    def streaming(self) -> bool:
        """A blob that is read or written as a stream."""
        return bool(self.raw.get("streaming") or self.traits.get("streaming"))

    @property
    def union(self) -> bool:
        """A structure with exactly one member set."""
        return bool(self.raw.get("union"))

    @property
    def document(self) -> bool:
        """Any JSON value."""
        return bool(self.raw.get("document"))

    @property
    def eventstream(self) -> bool:
        """A stream of events."""
        return bool(self.raw.get("eventstream"))

    @property
    def payload(self) -> str | None:
        """Of a structure: the member that is the whole HTTP body."""
        return self.raw.get("payload")


class Operation:
    """One operation of a service."""

    def __init__(self, service: Service, name: str, raw: Mapping[str, Any]) -> None:
        self.service = service
        self.name = name
        self.raw = raw

    def __repr__(self) -> str:
        return f"<Operation {self.service.name}.{self.name}>"

    @cached_property
    def python_name(self) -> str:
        """`detect_sentiment`."""
        return snake(self.name)

    @property
    def request_name(self) -> str:
        """`DetectSentimentRequest`, whatever the model calls it."""
        return f"{self.name}Request"

    @property
    def response_name(self) -> str:
        """`DetectSentimentResponse`, whatever the model calls it."""
        return f"{self.name}Response"

    @cached_property
    def input(self) -> Shape | None:
        """The structure of the request; None when it takes nothing."""
        return Shape(self.service, self.raw["input"]) if "input" in self.raw else None

    @cached_property
    def output(self) -> Shape | None:
        """The structure of the reply; None when it returns nothing."""
        return Shape(self.service, self.raw["output"]) if "output" in self.raw else None

    @cached_property
    def errors(self) -> dict[str, Shape]:
        """The modelled errors by code."""
        shapes = [Shape(self.service, ref) for ref in self.raw.get("errors", ())]
        return {self.service.error_code(shape): shape for shape in shapes}

    @cached_property
    def http_method(self) -> str:
        """`POST`, `GET` ..."""
        return str(self.raw["http"]["method"])

    @cached_property
    def request_uri(self) -> str:
        """`/bots/{botId}/`."""
        return str(self.raw["http"]["requestUri"])

    @cached_property
    def idempotency_token(self) -> str | None:
        """The input member that makes a repeated request harmless, as the model marks it."""
        members = self.input.members if self.input else {}
        return next((name for name, shape in members.items() if shape.traits.get("idempotencyToken")), None)

    @cached_property
    def two_way_stream(self) -> bool:
        """Needs an event stream in both directions, which boto3 has not."""
        return self.input is not None and any(shape.eventstream for shape in self.input.members.values())

    @cached_property
    def page_tokens(self) -> tuple[str, str] | None:
        """The input and output members that hold the token of the next page; None when it takes none.

        The model of QueryForecast and QueryWhatIfForecast knows no token in the reply: they are asked for theirs
        under the input's name all the same, and without one there is one page.
        """
        if self.input is None or self.output is None:
            return None
        ours = next((n for n in self.input.members if n.lower() in _PAGE_TOKENS), None)
        theirs = next((n for n in self.output.members if n.lower() in _PAGE_TOKENS), ours)
        return (ours, theirs) if ours and theirs else None


_PAGE_TOKENS = {"nexttoken", "nextpagetoken", "paginationtoken"}


class Service:
    """One botocore service: its operations and shapes."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.name: str = raw["service"]
        self.botocore: str = raw["botocore"]
        """The botocore version the snapshot came from."""
        self.metadata: Mapping[str, Any] = raw["metadata"]

    def __repr__(self) -> str:
        return f"<Service {self.name}>"

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """The callable operations by AWS's name."""
        all_ = {name: Operation(self, name, raw) for name, raw in self.raw["operations"].items()}
        return {name: operation for name, operation in all_.items() if not operation.two_way_stream}

    @cached_property
    def not_offered(self) -> tuple[str, ...]:
        """Operations that need two-way event streams."""
        return tuple(name for name in self.raw["operations"] if name not in self.operations)

    @cached_property
    def by_python_name(self) -> dict[str, Operation]:
        """The operations by Python's name."""
        return {operation.python_name: operation for operation in self.operations.values()}

    def operation(self, name: str) -> Operation:
        """The operation of AWS's name; an unknown one raises InvalidCallError with the nearest right name."""
        try:
            return self.operations[name]
        except KeyError:
            if name in self.not_offered:
                raise InvalidCallError(
                    f"{self.name}.{name} needs a two-way event stream, which boto3 does not have: it is not offered"
                ) from None
            raise InvalidCallError(f'{self.name} has no operation "{name}"{nearest(name, self.operations)}') from None

    def shape(self, name: str) -> Shape:
        """The shape of this name."""
        return Shape(self, {"shape": name})

    def shapes(self) -> Iterator[Shape]:
        """All shapes."""
        return (self.shape(name) for name in self.raw["shapes"])

    def error_code(self, shape: Shape) -> str:
        """The code on the wire of an error shape."""
        return str(shape.raw.get("error", {}).get("code") or shape.name)

    def error_status(self, code: str) -> int:
        """The HTTP status of an error code: the model's, else 500 for faults and 400 for the rest."""
        return self._statuses.get(code, 400)

    @cached_property
    def _statuses(self) -> dict[str, int]:
        statuses = {}
        for shape in self.shapes():
            if shape.raw.get("exception"):
                fallback = 500 if shape.raw.get("fault") else 400
                statuses[self.error_code(shape)] = int(shape.raw.get("error", {}).get("httpStatusCode") or fallback)
        return statuses


@cache
def load(service: str) -> Service:
    """The model of a service; an unknown one raises InvalidCallError with the nearest right name."""
    if service not in SERVICES:
        raise InvalidCallError(f'there is no service "{service}"{nearest(service, SERVICES)}')
    file = Path(__file__).parent / "models" / f"{service}.json"
    return Service(json.loads(file.read_text("utf-8")))
