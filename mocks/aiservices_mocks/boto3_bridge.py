"""Raw boto3 answered by a mock.

`BaseClient._make_api_call` is replaced on the class, so that clients made before and after are caught alike, with and
without moto. Each call is prepared by botocore's own handlers and parameter validation, and the answer has botocore's
own shape. What lies below that method does not run: signing, endpoints, and botocore's retries.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiservices.api.model import load
from aiservices.call import SERVICES, Call
from aiservices.errors import ServiceError, TransportError

from .s3 import Remote, outside

if TYPE_CHECKING:
    from .backend import Mock

_lock = threading.Lock()

ApiCall = Callable[[Any, str, Mapping[str, Any]], Any]


@contextmanager
def bridge(mock: Mock) -> Iterator[Mock]:
    """Let a mock answer every boto3 client of the process, in every thread, while the block runs.

    The twelve products and S3 are answered; other services (sts, iam ...) pass through to whatever answers them
    without the bridge. S3 passes through too when the mock keeps its objects behind a boto3 client. Bridges nest: the
    innermost answers. A client sees what there is in its region.
    """
    from botocore.client import BaseClient

    clients: Any = BaseClient
    with _lock:
        patch = _Patch(mock, clients._make_api_call)
        clients._make_api_call = patch.api_call
    try:
        yield mock
    finally:
        with _lock:
            patch.closed = True
            # a patch that is not on top stays, and passes everything through, until what lies above it is gone
            while (top := getattr(clients._make_api_call, "patch", None)) is not None and top.closed:
                clients._make_api_call = top.below


class _Patch:
    """One replacement of the method, and what it replaced."""

    def __init__(self, mock: Mock, below: ApiCall) -> None:
        self.mock = mock
        self.below = below
        self.closed = False

        def api_call(client: Any, operation_name: str, api_params: Mapping[str, Any]) -> Any:
            service = client.meta.service_model.service_name
            if self.closed or not _answers(mock, service):
                return below(client, operation_name, api_params)
            return _answer(mock, client, service, operation_name, api_params)

        api_call.patch = self  # type: ignore[attr-defined]  # functions take attributes
        self.api_call: ApiCall = api_call


def _answers(mock: Mock, service: str) -> bool:
    if service == "s3":
        return not outside.get() and not isinstance(mock.s3, Remote)
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
