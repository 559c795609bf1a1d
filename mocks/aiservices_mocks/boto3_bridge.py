"""Raw boto3 answered by a mock.

Patched on botocore's classes, so that clients made before and after are caught alike, with and without moto. On the
wire (`Endpoint._do_get_response`) everything of botocore runs but the network: serialization, signing, parsing, errors,
retries, whose waits pass on the mock's clock. The fast way (`BaseClient._make_api_call`) runs botocore's handlers and
parameter validation, and gives the answer botocore's own shape. S3 in memory is always answered in the fast way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from inspect import iscoroutinefunction
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar, cast

from aiservices.api.model import load
from aiservices.call import SERVICES, Call
from aiservices.errors import InvalidCallError, ServiceError, TransportError

from .s3 import outside

if TYPE_CHECKING:
    from .backend import Mock

_lock = threading.Lock()

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
ApiCall = Callable[[Any, str, Mapping[str, Any]], Any]


@contextmanager
def bridge(mock: Mock, *, fast: bool = False) -> Iterator[Mock]:
    """Let a mock answer every boto3 client of the process, in every thread, while the block runs.

    The twelve products and S3 are answered; other services (sts, iam ...) pass through to whatever answers them
    without the bridge. So does S3 while moto is active, and when the mock keeps its objects behind a boto3 client: the
    mock's jobs use the same objects. Bridges nest: the innermost answers. A client sees what there is in its region.
    fast: answer where a client's call begins; signing, serialization and botocore's retries do not run.
    """
    from botocore.client import BaseClient
    from botocore.endpoint import Endpoint

    patches: list[_Patch] = []
    with _lock:
        patches.append(_Patch(BaseClient, "_make_api_call", lambda below, patch: _api_call(mock, below, patch, fast)))
        if not fast:
            patches.append(_Patch(Endpoint, "_do_get_response", lambda below, patch: _attempt(mock, below, patch)))
            patches.append(_Patch(Endpoint, "_needs_retry", lambda below, patch: _needs_retry(mock, below, patch)))
    try:
        yield mock
    finally:
        with _lock:
            for patch in patches:
                patch.close()


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


def _api_call(mock: Mock, below: ApiCall, patch: _Patch, fast: bool) -> ApiCall:
    def api_call(client: Any, operation_name: str, api_params: Mapping[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        if patch.closed or not (fast or service == "s3") or not _answers(mock, service):
            return below(client, operation_name, api_params)
        return _answer(mock, client, service, operation_name, api_params)

    return api_call


def _attempt(mock: Mock, below: Any, patch: _Patch) -> Any:
    def do_get_response(endpoint: Any, request: Any, operation_model: Any, context: Mapping[str, Any]) -> Any:
        if not patch.closed and operation_model.service_model.service_name in SERVICES:
            from .boto3_wire import Answering, sending

            if not isinstance(endpoint, Answering):  # an inner bridge answers already
                endpoint = sending(mock, endpoint, request, operation_model, context)
        return below(endpoint, request, operation_model, context)

    return do_get_response


def _needs_retry(mock: Mock, below: Any, patch: _Patch) -> Any:
    def needs_retry(endpoint: Any, attempts: int, operation_model: Any, *told: Any, **named: Any) -> Any:
        if not patch.closed and operation_model.service_model.service_name in SERVICES:
            from .boto3_wire import Answering, retrying

            if not isinstance(endpoint, Answering):
                endpoint = retrying(mock, endpoint)
        return below(endpoint, attempts, operation_model, *told, **named)

    return needs_retry


def _answers(mock: Mock, service: str) -> bool:
    if service == "s3":
        return not outside.get() and not mock.s3.remote
    return service in SERVICES


def _answer(mock: Mock, client: Any, service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
    from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

    call = Call(service, operation, _prepared(client, operation, params))
    try:
        reply = mock.at(client.meta.region_name).send(call)
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
