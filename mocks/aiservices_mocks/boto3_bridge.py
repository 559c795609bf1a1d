"""Raw boto3 answered by a mock, or by another backend.

Patched on botocore's classes, so that clients made before and after are caught alike, with and without moto. On the
wire (`Endpoint._do_get_response`) everything of botocore runs but the network: serialization, signing, parsing, errors,
retries, whose waits pass on the mock's clock. The fast way (`BaseClient._make_api_call`) runs botocore's handlers and
parameter validation, and gives the answer botocore's own shape. S3 in memory is always answered in the fast way.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from inspect import iscoroutinefunction
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar, cast

from aiservices.api.model import load
from aiservices.call import SERVICES, Backend, Call, Reply
from aiservices.errors import InvalidCallError, ServiceError, TransportError

from .s3 import outside

if TYPE_CHECKING:
    from .backend import Mock

_lock = threading.Lock()
_asking: ContextVar[frozenset[int]] = ContextVar("aiservices_mocks_asking", default=frozenset())
"""The backends that are being asked: what they ask boto3 for is not for themselves to answer."""

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Answerer = TypeVar("Answerer", bound=Backend)
ApiCall = Callable[[Any, str, Mapping[str, Any]], Any]


@contextmanager
def bridge(backend: Answerer, *, fast: bool = False) -> Iterator[Answerer]:
    """Let a mock, or another backend, answer every boto3 client of the process, in every thread, while the block runs.

    The twelve products and S3 are answered; other services (sts, iam ...) pass through to whatever answers them
    without the bridge. So does S3 while moto is active, and when the mock keeps its objects behind a boto3 client: the
    mock's jobs use the same objects. Bridges nest: the innermost answers. A client sees what there is in its region.
    fast: answer where a client's call begins; signing, serialization and botocore's retries do not run.
    """
    from botocore.client import BaseClient
    from botocore.endpoint import Endpoint

    patches: list[_Patch] = []
    with _lock:
        _no_credentials_looked_for()
        patches.append(_Patch(BaseClient, "_make_api_call", partial(_api_call, backend, fast)))
        if not fast:
            patches.append(_Patch(Endpoint, "_do_get_response", partial(_attempt, backend)))
            patches.append(_Patch(Endpoint, "_needs_retry", partial(_needs_retry, backend)))
    try:
        yield backend
    finally:
        with _lock:
            for patch in patches:
                patch.close()
            _credentials_looked_for()


_KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
_bridges = 0
_set: list[str] = []


def _no_credentials_looked_for() -> None:
    """Give clients that are made now keys of nobody's, if the environment has none: looking for them is a network call.

    They sign with them, as they would with real ones.
    """
    global _bridges
    _bridges += 1
    if _bridges == 1 and not any(name in os.environ for name in (*_KEYS, "AWS_PROFILE")):
        os.environ.update(_KEYS)
        _set.extend(_KEYS)


def _credentials_looked_for() -> None:
    """The environment as it was."""
    global _bridges
    _bridges -= 1
    if not _bridges:
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
            if name.startswith("test") and callable(method):
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


class _Patch:
    """One replacement of a method, and what it replaced."""

    def __init__(self, owner: Any, name: str, make: Callable[[Any, _Patch], Any]) -> None:
        self.closed = False
        self.below = getattr(owner, name)
        self._owner = owner
        self._name = name
        made = make(self.below, self)
        made.patch = self
        setattr(owner, name, made)

    def close(self) -> None:
        """A patch that is not on top stays, and passes everything through, until what lies above it is gone."""
        self.closed = True
        while (top := getattr(getattr(self._owner, self._name), "patch", None)) is not None and top.closed:
            setattr(self._owner, self._name, top.below)


def _api_call(backend: Backend, fast: bool, below: ApiCall, patch: _Patch) -> ApiCall:
    def api_call(client: Any, operation_name: str, api_params: Mapping[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        if patch.closed or not (fast or service == "s3") or not _answers(backend, service):
            return below(client, operation_name, api_params)
        return _answer(backend, client, service, operation_name, api_params)

    return api_call


def _attempt(backend: Backend, below: Any, patch: _Patch) -> Any:
    def do_get_response(endpoint: Any, request: Any, operation_model: Any, context: Mapping[str, Any]) -> Any:
        if not patch.closed and _answers(backend, operation_model.service_model.service_name):
            from .boto3_wire import Answering, sending

            if not isinstance(endpoint, Answering):  # an inner bridge answers already
                endpoint = sending(backend, endpoint, request, operation_model, context)
        return below(endpoint, request, operation_model, context)

    return do_get_response


def _needs_retry(backend: Backend, below: Any, patch: _Patch) -> Any:
    def needs_retry(endpoint: Any, attempts: int, operation_model: Any, *told: Any, **named: Any) -> Any:
        if not patch.closed and _answers(backend, operation_model.service_model.service_name):
            from .boto3_wire import Answering, retrying

            if not isinstance(endpoint, Answering):
                endpoint = retrying(backend, endpoint)
        return below(endpoint, attempts, operation_model, *told, **named)

    return needs_retry


def _answers(backend: Backend, service: str) -> bool:
    if id(backend) in _asking.get():
        return False
    if service == "s3":
        return not outside.get() and not getattr(getattr(backend, "s3", None), "remote", False)
    return service in SERVICES


def ask(backend: Backend, region: str, call: Call) -> Reply:
    """The backend's answer, a mock's in the client's region; what another backend asks boto3 for itself passes."""
    at = getattr(backend, "at", None)
    if at is not None:
        answer: Reply = at(region).send(call)
        return answer
    token = _asking.set(_asking.get() | {id(backend)})
    try:
        return backend.send(call)
    finally:
        _asking.reset(token)


def _answer(backend: Backend, client: Any, service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
    from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

    call = Call(service, operation, _prepared(client, operation, params))
    try:
        reply = ask(backend, client.meta.region_name, call)
    except ServiceError as error:
        raised = client.exceptions.from_code(error.code)
        raise raised(_error_response(error), operation) from error
    except TransportError as error:
        kind = ConnectionClosedError if error.sent else EndpointConnectionError
        raise kind(endpoint_url=client.meta.endpoint_url) from error
    return {name: _as_botocore(value) for name, value in reply.items()}


def _prepared(client: Any, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters as botocore would serialize them: its handlers run (idempotency tokens ...), then its checks."""
    from botocore.exceptions import ParamValidationError
    from botocore.validate import ParamValidator

    model = client.meta.service_model.operation_model(operation)
    context = {
        "client_region": client.meta.region_name,
        "client_config": client.meta.config,
        "has_streaming_input": model.has_streaming_input,
        "auth_type": model.auth_type,
    }
    prepared: Mapping[str, Any] = client._emit_api_params(api_params=params, operation_model=model, context=context)
    if model.input_shape is not None and client.meta.config.parameter_validation:
        report = ParamValidator().validate(prepared, model.input_shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
    return prepared


def _as_botocore(value: Any) -> Any:
    """A stream as botocore's; everything else has its shape already."""
    from botocore.response import StreamingBody

    if not hasattr(value, "read") or isinstance(value, StreamingBody):
        return value
    data = value.read()
    return StreamingBody(BytesIO(data), len(data))


def _error_response(error: ServiceError) -> dict[str, Any]:
    """The error as botocore's parser gives it: S3's details stand beside its message, the others' at the top."""
    message = getattr(error, "wire_message", "") or error.message
    said: dict[str, Any] = {"Message": message, "Code": error.code}
    response: dict[str, Any] = {
        "Error": said,
        "ResponseMetadata": {
            "RequestId": error.request_id,
            "HTTPStatusCode": error.status,
            "HTTPHeaders": {},
            "RetryAttempts": 0,
        },
    }
    if error.service == "s3":
        said.update(error.details)
        return response
    response.update(error.details)
    modelled = load(error.service).operation(error.operation).errors.get(error.code)
    for name in modelled.members if modelled else ():
        if name.lower() == "message":
            response[name] = message
    return response
