"""Some items of a batch that fail while the others are answered: by the model's list of errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from aiservices.api.model import Operation, Shape, load
from aiservices.call import Reply
from aiservices.errors import InvalidCallError

_ERRORS = re.compile(r"(?i)error|fail|unsuccessful")
_NAMES_IT = re.compile(r"(?i)\w*id$|name$")
Which = Iterable[int] | Callable[[Any], Any]


@dataclass(frozen=True)
class Batch:
    """An operation that takes a list and tells which of its items failed."""

    items: str
    """The member of the request."""
    errors: str
    """The member of the reply."""
    error: Shape
    """What is told of one item."""

    def answer(
        self,
        params: Mapping[str, Any],
        which: Which,
        code: str,
        message: str,
        usual: Callable[[Mapping[str, Any]], Reply],
    ) -> Reply:
        """The usual answer to the items that do not fail, and the errors of those that do."""
        items: Sequence[Any] = params.get(self.items, ())
        chosen = (
            {i for i, it in enumerate(items) if which(it)} if callable(which) else set(which) & {*range(len(items))}
        )
        if not chosen:
            return usual(params)
        left = [number for number in range(len(items)) if number not in chosen]
        reply = usual({**params, self.items: [items[number] for number in left]})
        for name, value in reply.items():
            if isinstance(value, list):
                reply[name] = [_renumbered(entry, left) for entry in value]
        failed = [self._entry(number, items[number], params, code, message) for number in sorted(chosen)]
        told = [*reply.get(self.errors, ()), *failed]
        return {**reply, self.errors: sorted(told, key=lambda entry: entry.get("Index", 0))}

    def _entry(self, number: int, item: Any, params: Mapping[str, Any], code: str, message: str) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        for name, shape in self.error.members.items():
            lower = name.lower()
            if name == "Index":
                entry[name] = number
            elif lower.endswith("code"):
                entry |= _coded(name, shape, code)
            elif lower.endswith("message"):
                entry[name] = message
            elif name == "Reasons":
                entry[name] = [code]
            elif isinstance(item, Mapping) and name in item:
                entry[name] = item[name]
            elif isinstance(params.get(name), str):
                entry[name] = params[name]
            elif isinstance(item, str) and _NAMES_IT.match(name) and item not in entry.values():
                entry[name] = item
        return entry


def _coded(name: str, shape: Shape, code: str) -> dict[str, Any]:
    """Some services count their codes."""
    if shape.type == "string":
        return {name: code}
    return {name: int(code)} if code.isdecimal() else {}


def _renumbered(entry: Any, left: Sequence[int]) -> Any:
    if isinstance(entry, Mapping) and isinstance(entry.get("Index"), int):
        return {**entry, "Index": left[entry["Index"]]}
    return entry


@cache
def batch(service: str, operation: str) -> Batch:
    """How an operation tells which items failed; InvalidCallError when it does not."""
    found = _batch(load(service).operation(operation))
    if found is None:
        those = [name for name, one in load(service).operations.items() if _batch(one) is not None]
        told = f"of {service} those that do: {', '.join(those)}" if those else f"none of {service} does"
        raise InvalidCallError(f"{service}.{operation} does not tell which items failed; {told}")
    return found


def _batch(operation: Operation) -> Batch | None:
    taken = operation.input.members.items() if operation.input else ()
    told = operation.output.members.items() if operation.output else ()
    items = next((name for name, shape in taken if shape.type == "list" and name.lower() != "tags"), None)
    errors = ((name, shape.member) for name, shape in told if shape.type == "list" and _ERRORS.search(name))
    found = next(((name, one) for name, one in errors if one.type == "structure"), None)
    return Batch(items, *found) if items and found else None
