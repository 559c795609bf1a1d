"""Tokens of pages: opaque, bound to one list and its parameters, good while items come and go."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeVar

from aiservices.api.model import snake

Item = TypeVar("Item")

_TOKENS = frozenset(("next_token", "next_page_token", "pagination_token"))
_SIZES = frozenset(("max_results", "max_items", "page_size", "max_page_size", "limit"))
_DIGEST = 20


class PageTokenError(ValueError):
    """A token that belongs to another operation, to other parameters, or to no page at all."""


class Tokens:
    """The tokens of one request's list. A token holds a position: plain values that say after what the page begins.

    params: the request's members in either spelling, the token among them.
    """

    def __init__(self, seed: int, operation: str, params: Mapping[str, Any]) -> None:
        self._list = (seed, operation)
        self._params = {snake(name): value for name, value in params.items() if value is not None}
        self._token = next((self._params[name] for name in _TOKENS if name in self._params), None)

    @cached_property
    def _mark(self) -> bytes:
        """What the token is bound to."""
        bound = [pair for pair in self._params.items() if pair[0] not in _TOKENS and pair[0] not in _SIZES]
        return repr((self._list, sorted(bound))).encode("utf-8", "surrogatepass")

    @property
    def position(self) -> Any:
        """Where the page that is asked for begins; None: at the first item. PageTokenError for a foreign token."""
        if self._token is None:
            return None
        try:
            position = json.loads(bytes.fromhex(self._token[2 * _DIGEST :]))
        except ValueError:
            position = None
        if position is None or self.write(position) != self._token:
            raise PageTokenError("this token belongs to another list")
        return position

    def write(self, position: Any) -> str:
        """The token of the page that begins there."""
        text = json.dumps(position, separators=(",", ":")).encode()
        return blake2b(self._mark + text, digest_size=_DIGEST).hexdigest() + text.hex()


def page(
    seed: int, operation: str, params: Mapping[str, Any], items: Sequence[Item], size: int | None
) -> tuple[list[Item], str | None]:
    """The page of a fixed list that `params` ask for, and the token of the next one.

    A token is bound to the operation and to every other parameter but the page's size; any other token raises
    PageTokenError.
    """
    fits = size is None or len(items) <= size
    if fits and not any(params.values()):
        return list(items), None
    tokens = Tokens(seed, operation, params)
    begin = tokens.position or 0
    end = len(items) if size is None else begin + max(size, 1)
    return list(items[begin:end]), (tokens.write(end) if end < len(items) else None)
