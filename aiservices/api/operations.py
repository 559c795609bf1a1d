"""The operations of a service as methods, all made from the model by one class."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from inspect import Parameter, Signature
from threading import RLock
from types import MethodType
from typing import TYPE_CHECKING, Any

from ..call import Reply
from ..errors import nearest
from .check import RequestCheck
from .facts import facts
from .hints import parameters
from .model import Operation, load
from .versions import newer_installed

if TYPE_CHECKING:
    from ..caller import Caller
    from .structure import Response


class Operations:
    """A product, or a part of one: AWS's operations as methods."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            hint = "" if name.startswith("_") else self._hint(name)
            raise AttributeError(f'{type(self).__name__} has no operation or attribute "{name}"{hint}')

    def _hint(self, name: str) -> str:
        methods = (method for kind in type(self).__mro__ for method in vars(kind).values())
        services = {method.operation.service for method in methods if isinstance(method, Method)}
        newer = next((hint for service in services if (hint := newer_installed(service))), "")
        return nearest(name, (known for known in dir(self) if known[0] != "_")) + newer


class Method:
    """One operation as a method: it checks the parameters, sends the call and types the reply.

    Keyword-only parameters in snake case; None means "not sent".
    """

    def __init__(self, operation: Operation, owner: str) -> None:
        self.operation = operation
        self.__name__ = operation.python_name
        self.__qualname__ = f"{owner}.{operation.python_name}"
        self._service = operation.service.name
        self._operation = operation.name

    def __get__(self, product: Operations | None, owner: type | None = None) -> Any:
        return self if product is None else MethodType(self, product)

    def __call__(self, product: Operations, /, *arguments: Any, **parameters: Any) -> Response:
        """Send it."""
        if arguments:
            raise self.check.positional()
        reply = product._caller.send(self._service, self._operation, self.check(parameters))
        return self.parse(reply)

    def __repr__(self) -> str:
        return f"<operation {self._service}.{self._operation}>"

    @cached_property
    def check(self) -> RequestCheck:
        """Makes a request of the parameters, under AWS's names."""
        return RequestCheck(self.operation)

    @cached_property
    def parse(self) -> Callable[[Reply], Response]:
        """Types a raw reply."""
        from .shapes import types

        return types(self._service).parser(self.operation)

    @cached_property
    def __signature__(self) -> Signature:
        own = [Parameter("self", Parameter.POSITIONAL_ONLY)]
        for name, (hint, must) in parameters(self.operation).items():
            default = Parameter.empty if must else None
            own.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hint))
        return Signature(own, return_annotation=self.operation.response_name)

    @property
    def __doc__(self) -> str:  # type: ignore[override]  # a property, so that the facts are read when asked for
        """The facts about the operation."""
        return facts(self.operation)


def class_name(service: str) -> str:
    """`Lexv2ModelsOperations` for `lexv2-models`."""
    return "".join(word.capitalize() for word in service.split("-")) + "Operations"


_lock = RLock()
_classes: dict[str, type[Operations]] = {}


def operations_class(service: str) -> type[Operations]:
    """The class of a service's operations; the same each time."""
    with _lock:
        if service not in _classes:
            name = class_name(service)
            methods = {o.python_name: Method(o, name) for o in load(service).operations.values()}
            about = {
                "__doc__": f"The operations of {service}.",
                "__module__": f"aiservices.api.{service.replace('-', '_')}",
            }
            _classes[service] = type(name, (Operations,), {**methods, **about})
        return _classes[service]
