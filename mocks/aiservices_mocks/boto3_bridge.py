"""Raw boto3 answered by a mock, or by another backend.

Patched on botocore's classes, so that clients made before and after are caught alike, with and without moto. On the
wire (`Endpoint._do_get_response`) everything of botocore runs but the network: serialization, signing, parsing, errors,
retries, whose waits pass on the mock's clock. The fast way (`BaseClient._make_api_call`) runs botocore's handlers and
parameter validation, and gives the answer botocore's own shape. S3 in memory is always answered in the fast way.
aiobotocore is patched beside it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar, cast

from aiservices.call import Backend
from aiservices.errors import InvalidCallError

from . import aiobotocore_bridge
from .asking import answers
from .patch import Patch

if TYPE_CHECKING:
    from .backend import Mock

_lock = threading.Lock()

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Answerer = TypeVar("Answerer", bound=Backend)
ApiCall = Callable[[Any, str, Mapping[str, Any]], Any]


@contextmanager
def bridge(backend: Answerer, *, fast: bool = False) -> Iterator[Answerer]:
    """Let a mock, or another backend, answer every boto3 client of the process, in every thread, while the block runs.

    aiobotocore's clients, and so aioboto3's, too.

    The twelve products and S3 are answered; other services (sts, iam ...) pass through to whatever answers them
    without the bridge. So does S3 while moto is active, and when the mock keeps its objects behind a boto3 client: the
    mock's jobs use the same objects. Bridges nest: the innermost answers. A client sees what there is in its region.
    fast: answer where a client's call begins; signing, serialization and botocore's retries do not run.
    """
    with _lock:
        _no_credentials_looked_for()
        opened = _Opened(backend, fast)
        _open.append(opened)
        _meet_aiobotocore()
    try:
        yield backend
    finally:
        with _lock:
            _open.remove(opened)
            opened.close()
            _credentials_looked_for()


class _Opened:
    """An open bridge: its patches, and how it answers."""

    def __init__(self, backend: Backend, fast: bool) -> None:
        from botocore.client import BaseClient
        from botocore.endpoint import Endpoint

        self._backend = backend
        self._fast = fast
        self._patches = [
            Patch(BaseClient, "_make_api_call", partial(_api_call, backend, fast)),
            Patch(Endpoint, "__init__", _init),
        ]
        if not fast:
            self._patches.append(Patch(Endpoint, "_do_get_response", partial(_attempt, backend)))
            self._patches.append(Patch(Endpoint, "_needs_retry", partial(_needs_retry, backend)))
        self._of_aiobotocore: list[Patch] = []

    def meet_aiobotocore(self) -> None:
        """Patch aiobotocore, if it is imported by now."""
        if not self._of_aiobotocore:
            self._of_aiobotocore = aiobotocore_bridge.patches(self._backend, self._fast)

    def close(self) -> None:
        for patch in (*self._patches, *self._of_aiobotocore):
            patch.close()


_open: list[_Opened] = []
"""The open bridges, the innermost last."""


def _meet_aiobotocore() -> None:
    for opened in _open:
        opened.meet_aiobotocore()


def _init(below: Any, patch: Patch) -> Any:
    """An endpoint of aiobotocore is one of botocore's: when its first is made, aiobotocore has been imported."""

    def init(endpoint: Any, *args: Any, **named: Any) -> None:
        below(endpoint, *args, **named)
        if not patch.closed:
            with _lock:
                _meet_aiobotocore()

    return init


_KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
_set: list[str] = []


def _no_credentials_looked_for() -> None:
    """Give clients that are made now keys of nobody's, if the environment has none: looking for them is a network call.

    They sign with them, as they would with real ones.
    """
    if not _open and not any(name in os.environ for name in (*_KEYS, "AWS_PROFILE")):
        os.environ.update(_KEYS)
        _set.extend(_KEYS)


def _credentials_looked_for() -> None:
    """The environment as it was."""
    if not _open:
        for name in _set:
            os.environ.pop(name, None)
        _set.clear()


class mock_ai:
    """Let a fresh mock, or the one given, answer every boto3 client of the process; see `bridge`.

    A context manager that gives the mock, and a decorator of functions, coroutine functions and test classes: each call
    of the function, each test of a class with its setUp and tearDown, has a mock of its own unless one is given.
    world: of the fresh mock, as `Mock` takes it: seed, clock, strict, region ...
    """

    def __init__(self, mock: Mock | None = None, *, fast: bool = False, **world: Any) -> None:
        if mock is not None and world:
            raise InvalidCallError(f"mock_ai: give a mock or what a fresh one is like ({', '.join(world)}), not both")
        self._mock = mock
        self._fast = fast
        self._world = world
        self._open: list[AbstractContextManager[Mock]] = []

    def _bridge(self) -> AbstractContextManager[Mock]:
        from .backend import Mock

        return bridge(self._mock or Mock(**self._world), fast=self._fast)

    def __enter__(self) -> Mock:
        opened = self._bridge()
        mock = opened.__enter__()
        self._open.append(opened)
        return mock

    def __exit__(self, *raised: Any) -> None:
        self._open.pop().__exit__(*raised)

    def __call__(self, decorated: Decorated) -> Decorated:
        """The same function or class, in which boto3 is answered."""
        bridged = self._decorated_class if isinstance(decorated, type) else self._decorated_function
        return cast(Decorated, bridged(decorated))

    def _decorated_class(self, tests: Any) -> Any:
        if hasattr(tests, "run") and hasattr(tests, "setUp"):  # unittest's: setUp, the test and tearDown in one world
            tests.run = self._decorated_function(tests.run)
            return tests
        for name, method in list(vars(tests).items()):
            if not name.startswith("test"):
                continue
            if isinstance(method, staticmethod | classmethod):
                setattr(tests, name, type(method)(self._decorated_function(method.__func__)))
            elif callable(method) and not isinstance(method, type):
                setattr(tests, name, self._decorated_function(method))
        return tests

    def _decorated_function(self, function: Any) -> Any:
        if iscoroutinefunction(function):

            @wraps(function)
            async def run_async(*args: Any, **kwargs: Any) -> Any:
                with self._bridge():
                    return await function(*args, **kwargs)

            return run_async

        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with self._bridge():
                return function(*args, **kwargs)

        return run


def _api_call(backend: Backend, fast: bool, below: ApiCall, patch: Patch) -> ApiCall:
    def api_call(client: Any, operation_name: str, api_params: Mapping[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        if patch.closed or not (fast or service == "s3") or not answers(backend, service):
            return below(client, operation_name, api_params)
        from .boto3_fast import answer

        return answer(backend, client, operation_name, api_params)

    return api_call


def _attempt(backend: Backend, below: Any, patch: Patch) -> Any:
    def do_get_response(endpoint: Any, request: Any, operation_model: Any, context: Mapping[str, Any]) -> Any:
        if not patch.closed and answers(backend, operation_model.service_model.service_name):
            from .boto3_wire import Answering, sending

            if not isinstance(endpoint, Answering):  # an inner bridge answers already
                endpoint = sending(backend, endpoint, request, operation_model, context)
        return below(endpoint, request, operation_model, context)

    return do_get_response


def _needs_retry(backend: Backend, below: Any, patch: Patch) -> Any:
    def needs_retry(endpoint: Any, attempts: int, operation_model: Any, *told: Any, **named: Any) -> Any:
        if not patch.closed and answers(backend, operation_model.service_model.service_name):
            from .boto3_wire import Answering, retrying

            if not isinstance(endpoint, Answering):
                endpoint = retrying(backend, endpoint)
        return below(endpoint, attempts, operation_model, *told, **named)

    return needs_retry
