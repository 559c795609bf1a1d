"""All pages of an operation that answers page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..errors import AIServicesError, InvalidCallError
from .model import Operation, Shape, snake
from .structure import Response


def pages(method: Callable[..., Any], /, **params: Any) -> Pages:
    """The items of all pages; `.pages` of it are the replies themselves.

    Each iteration starts where the last one stopped. Raises InvalidCallError when the operation takes no page token.
    """
    return Pages(method, params)


class Pages(Iterator[Any]):
    """The items of an operation's pages, asked for as they are needed."""

    def __init__(self, method: Callable[..., Any], params: dict[str, Any]) -> None:
        operation = getattr(method, "operation", None)
        if not isinstance(operation, Operation):
            raise InvalidCallError(
                "only operations have pages: give the method itself, as in ai.pages(ai.polly.describe_voices)"
            )
        if operation.page_tokens is None:
            raise InvalidCallError(f"{operation.service.name}.{operation.name} has no pages: it takes no page token")
        self._operation = operation
        self._path = items_path(operation)
        self._tokens = operation.page_tokens
        self._method = method
        self._params = params
        self.pages: Iterator[Response] = self._replies()
        """The whole replies; whoever takes from here takes the items away from the iteration."""
        self._items = (item for page in self.pages for item in self.items(page))

    def __repr__(self) -> str:
        return f"<Pages of {self._operation.service.name}.{self._operation.name}>"

    def __next__(self) -> Any:
        return next(self._items)

    def items(self, page: Response) -> Iterable[Any]:
        """What one of the replies lists; a reply without a list is itself the item."""
        if not self._path:
            return [page]
        found: Any = page
        for name in self._path:
            found = getattr(found, snake(name), None)
        return found or ()

    def _replies(self) -> Iterator[Response]:
        ours, theirs = self._tokens
        params = dict(self._params)
        seen: set[Any] = {params.get(snake(ours))}
        while True:
            page: Response = self._method(**params)
            yield page
            token = page.raw.get(theirs)
            if not token:
                return
            if token in seen:
                raise AIServicesError(
                    f"{self._operation.service.name}.{self._operation.name} gave the same page token twice: "
                    "the pages after it can't be read"
                )
            seen.add(token)
            params[snake(ours)] = token


def items_path(operation: Operation) -> tuple[str, ...]:
    """The members that lead from a reply to what it lists, by AWS's names; empty when it has no list.

    botocore's paginator says it for some. Of the others it is the top member of the kind that most likely lists:
    structures in a list, else any list; among several the one whose name is most like the operation's, then the
    shorter. A reply without a list (three operations) is itself the item.
    """
    paginator = operation.service.raw.get("paginators", {}).get(operation.name, {})
    told = paginator.get("result_key", ())
    if told:
        return tuple((told if isinstance(told, str) else told[0]).split("."))
    members = operation.output.members if operation.output else {}
    for listing in (_structures, _anything):
        found = [name for name, shape in members.items() if listing(shape)]
        if found:
            return (max(found, key=lambda name: (_likeness(name, operation.name), -len(name))),)
    return ()


def _structures(shape: Shape) -> bool:
    return shape.type == "list" and shape.member.type == "structure"


def _anything(shape: Shape) -> bool:
    return shape.type == "list"


def _likeness(member: str, operation: str) -> int:
    """How many words of the operation's name the member's name has."""
    words = {word.rstrip("s") for word in snake(operation).split("_")}
    return len(words & {word.rstrip("s") for word in snake(member).split("_")})
