"""Answers made from the model alone: valid, the same for the same request, and true of nothing."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from aiservices.api.model import Operation, Shape
from aiservices.call import Reply, Stream

from .examples import example

_TOKENS = frozenset(("ClientRequestToken", "ClientToken", "clientRequestToken", "clientToken"))


def made_up(operation: Operation, params: Mapping[str, Any], seed: int, *parts: object) -> Reply:
    """A reply that the operation's model allows; what the request names under the same name is taken from it.

    A list ends with its first page: a made-up token would lead nowhere.
    """
    if operation.output is None:
        return {}
    asked = sorted((name, value) for name, value in params.items() if name not in _TOKENS)
    digest = blake2b(repr((seed, operation.name, asked, parts)).encode("utf-8", "surrogatepass"), digest_size=6)
    reply: Reply = example(operation.output, int.from_bytes(digest.digest(), "big"))
    if operation.page_tokens is not None:
        reply.pop(operation.page_tokens[1], None)
    for name, shape in operation.output.members.items():
        if name in params and _is_same(shape, operation.input.members[name] if operation.input else None):
            reply[name] = params[name]
        if shape.streaming:
            reply[name] = Stream(reply[name])
    return reply


def _is_same(shape: Shape, other: Shape | None) -> bool:
    return other is not None and shape.name == other.name and shape.type not in ("blob",)
