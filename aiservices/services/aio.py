"""The products for `AsyncAI`: the same operations and verbs as coroutines; `aio.pyi` lists them."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from importlib import import_module
from threading import RLock
from typing import Any

from ..api.operations import Operations
from ..call import PRODUCTS

Run = Callable[..., Any]
"""A coroutine function that runs `function(*arguments)` on a pool: `AsyncAI.run`."""


class AsyncProduct:
    """A product whose methods are coroutines; all that is no method stays as it is."""

    _product: Operations
    _run: Run

    def __new__(cls, product: Operations, run: Run) -> AsyncProduct:
        """An instance of the product's own class: `AsyncComprehend` for a `Comprehend`."""
        found: AsyncProduct = object.__new__(_class(type(product)))
        found._product, found._run = product, run
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __dir__(self) -> list[str]:
        return dir(self._product)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        found = getattr(self._product, name)
        if isinstance(found, Operations):  # ai.kendra.ranking
            found = AsyncProduct(found, self._run)
        elif callable(found) and getattr(found, "__self__", None) is self._product:
            found = _coroutine(found, self._run)
        else:
            return found
        setattr(self, name, found)
        return found


def _coroutine(method: Callable[..., Any], run: Run) -> Callable[..., Any]:
    async def call(*arguments: Any, **parameters: Any) -> Any:
        return await run(method, *arguments, **parameters)

    return update_wrapper(call, method, updated=())


_lock = RLock()
_classes: dict[type, type[AsyncProduct]] = {}


def _class(product: type) -> type[AsyncProduct]:
    with _lock:
        if product not in _classes:
            about = {"__module__": __name__, "__doc__": product.__doc__}
            _classes[product] = type(f"Async{product.__name__}", (AsyncProduct,), about)
        return _classes[product]


def __getattr__(name: str) -> Any:
    modules = {product.replace("_", ""): product for product in PRODUCTS}
    sync = name.removeprefix("Async")
    if sync == name or sync.lower() not in modules:
        raise AttributeError(f'module {__name__} has no attribute "{name}"')
    return _class(getattr(import_module(f"{__package__}.{modules[sync.lower()]}"), sync))
