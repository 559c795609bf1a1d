"""The base of the products: a class per botocore service, a method per operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal, ParamSpec, Self, TypeVar

from aiservices.api.model import load, snake
from aiservices.call import Reply
from aiservices.errors import ServiceError, service_error

from .paging import PageTokenError
from .resources import VERBS, Verb

if TYPE_CHECKING:
    from .keeper import Keeper
    from .resources import Resource
    from .world import World

P = ParamSpec("P")
Item = TypeVar("Item")

Fidelity = Literal["computed", "stateful", "schema"]


def computed(handler: Callable[P, Reply]) -> Callable[P, Reply]:
    """Mark an answer that is computed from the content of the request."""
    return _marked(handler, "computed")


def stateful(handler: Callable[P, Reply]) -> Callable[P, Reply]:
    """Mark an answer that is read from, or changes, what the world remembers."""
    return _marked(handler, "stateful")


def schema(handler: Callable[P, Reply]) -> Callable[P, Reply]:
    """Mark an answer whose content is made up from the model (`Service.made_up`); strict mode refuses it."""
    return _marked(handler, "schema")


def _marked(handler: Callable[P, Reply], fidelity: Fidelity) -> Callable[P, Reply]:
    handler.fidelity = fidelity  # type: ignore[attr-defined]  # functions take attributes
    return handler


class Service:
    """One botocore service as the mock answers it.

    A handler is a method named after the operation (`detect_sentiment`) and marked `computed`, `stateful` or
    `schema`. It takes the members of the request in snake case, already held against the model, with defaults for
    the optional ones; blobs are bytes, timestamps aware datetimes. It returns a plain dict in boto3's shape.
    """

    name: ClassVar[str]
    """botocore's service name."""
    token_error: ClassVar[str] = "InvalidNextTokenException"
    """The code for a page token that is not of this list."""
    resources: ClassVar[tuple[Resource, ...]] = ()
    """What it keeps: a row per kind of thing."""
    hidden: ClassVar[tuple[Resource, ...]] = ()
    """Rows of what only other things make: they are kept and shown like those of `resources`."""
    schemas: ClassVar[tuple[str, ...]] = ()
    """Operations that are answered from the model alone, until an engine computes their answer."""
    arn_name: ClassVar[str] = ""
    """The service as its ARNs have it; empty: its own name."""

    def __init__(self, world: World) -> None:
        self.world = world

    @classmethod
    def of(cls, world: World) -> Self:
        """This service of a world; there is one, made when first asked for."""
        with world.lock:
            if cls.name not in world.services:
                world.services[cls.name] = cls(world)
        found: Self = world.services[cls.name]
        return found

    def error(self, code: str, message: str = "", **details: Any) -> ServiceError:
        """The service's error for a code, to be raised; details are further members of its model (`Reason=`).

        The dispatcher adds the operation and the request id.
        """
        status = load(self.name).error_status(code)
        return service_error(self.name, "", code, message, status=status if status != 400 else None, details=details)

    @cached_property
    def keepers(self) -> Mapping[str, Keeper]:
        """Who keeps the things of each row, by its noun."""
        from .keeper import Keeper, Keepers

        return Keepers(self, Keeper)

    @cached_property
    def kept(self) -> Mapping[str, Callable[[Mapping[str, Any]], Reply]]:
        """The operations that the rows answer; a handler method comes before them."""
        if not self.resources:
            return {}
        from .tags import Tags

        kept = dict(Tags(self).operations())
        for operation, noun, verb in _plan(type(self)):
            kept[operation] = partial(self._by_row, noun, verb, operation)
        return kept

    def _by_row(self, noun: str, verb: Verb, operation: str, params: Mapping[str, Any]) -> Reply:
        """What a row answers; who keeps its things is found when first asked."""
        return self.keepers[noun].answer(verb, operation, params)

    def named(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """A handler's keywords under AWS's names."""
        names = _members(self.name, operation)
        return {names[keyword]: value for keyword, value in request.items() if value is not None}

    def keep(self, operation: str, request: Mapping[str, Any], **further: Any) -> Reply:
        """What the row answers to a handler's keywords; further members are kept with those of the request."""
        return self.kept[operation]({**self.named(operation, request), **further})

    def makes_up(self, operation: str) -> bool:
        """Whether an operation begins work whose output is made up from the model."""
        creates = (row.operation("create", load(self.name)) for row in self.resources if row.made_up)
        return any(create is not None and create.name == operation for create in creates)

    def made_up(self, operation: str, params: Mapping[str, Any], *parts: object) -> Reply:
        """A reply that the model allows: the same for the same seed, request and parts.

        params: the request under AWS's names; what the reply shows under the same name is taken from it.
        """
        from .made_up import made_up

        return made_up(load(self.name).operations[operation], params, self.world.seed, *parts)

    def page(
        self, operation: str, params: Mapping[str, Any], items: Sequence[Item], size: int | None = None
    ) -> tuple[list[Item], str | None]:
        """As `World.page`, but a foreign token is the service's own error."""
        try:
            return self.world.page(operation, params, items, size)
        except PageTokenError:
            raise self.foreign_token() from None

    def listed(
        self, operation: str, params: Mapping[str, Any], items: Sequence[Any], member: str, size: int | None = None
    ) -> Reply:
        """A reply with a page of items under their member, and the token of the next page where there is one.

        size: items of a page; None takes what the request asks for, at most what the model allows.
        """
        from .listing import page_size

        model = load(self.name).operations[operation]
        page, token = self.page(operation, params, items, size or page_size(model, params))
        reply: Reply = {member: page}
        if token is not None and model.page_tokens is not None:
            reply[model.page_tokens[1]] = token
        return reply

    def foreign_token(self) -> ServiceError:
        """The error for a page token that is not of this list."""
        return self.error(self.token_error, "The specified next token is not valid.")


_plans: dict[type[Service], tuple[Sequence[Resource], Sequence[tuple[str, str, Verb]]]] = {}


def _plan(kind: type[Service]) -> Sequence[tuple[str, str, Verb]]:
    """The operations that the rows of a service answer, with noun and verb: the same in every world."""
    known = _plans.get(kind)
    if known is None or known[0] is not kind.resources:
        model = load(kind.name)
        plan = [
            (operation.name, row.noun, verb)
            for row in (*kind.resources, *kind.hidden)
            for verb in VERBS
            if (operation := row.operation(verb, model)) is not None
        ]
        known = _plans[kind] = (kind.resources, plan)
    return known[1]


class Handler:
    """One operation of one service, ready to be called with AWS's names."""

    __slots__ = ("fidelity", "method", "names")

    def __init__(self, method: Callable[..., Reply], fidelity: Fidelity, names: Mapping[str, str]) -> None:
        self.method = method
        self.fidelity = fidelity
        self.names = names

    def __call__(self, params: Mapping[str, Any]) -> Reply:
        """Answer a request; its members are those of the model and none is None."""
        names = self.names
        return self.method(**{names[name]: value for name, value in params.items()})


class Kept:
    """One operation that needs no handler: a row of resources answers it, or the model alone."""

    __slots__ = ("fidelity", "method")

    def __init__(self, method: Callable[[Mapping[str, Any]], Reply], fidelity: Fidelity = "stateful") -> None:
        self.method = method
        self.fidelity = fidelity

    def __call__(self, params: Mapping[str, Any]) -> Reply:
        """Answer a request."""
        return self.method(params)


def find_handler(service: Service, operation: str) -> Handler | Kept | None:
    """The handler of AWS's operation; None when the service does not answer it."""
    method = getattr(service, load(service.name).operations[operation].python_name, None)
    fidelity = getattr(method, "fidelity", None)
    if method is None or fidelity is None:
        kept = service.kept.get(operation)
        if kept is None and operation in service.schemas:
            return Kept(lambda params: service.made_up(operation, params), "schema")
        return Kept(kept) if kept else None
    return Handler(method, fidelity, keywords(service.name, operation))


@cache
def keywords(service: str, operation: str) -> Mapping[str, str]:
    """The members of an operation's request as keywords: AWS's name -> snake case."""
    shape = load(service).operations[operation].input
    return {name: snake(name) for name in shape.members} if shape else {}


@cache
def _members(service: str, operation: str) -> Mapping[str, str]:
    """The other way round: snake case -> AWS's name."""
    return {keyword: name for name, keyword in keywords(service, operation).items()}
