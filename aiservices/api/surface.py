"""What `aiservices.api.<service>` hands out: the types and the operations' class of a service, made on first touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import nearest
from .operations import class_name, operations_class


def surface(service: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a service's module."""
    operations = class_name(service)

    def __getattr__(name: str) -> Any:
        if name == operations:
            return operations_class(service)
        if name.startswith("_"):
            raise AttributeError(name)
        from .shapes import types

        known = types(service)
        try:
            return known[name]
        except KeyError:
            raise AttributeError(f'{service} has no type "{name}"{nearest(name, known)}') from None

    def __dir__() -> list[str]:
        from .shapes import types

        return [operations, *types(service)]

    return __getattr__, __dir__
