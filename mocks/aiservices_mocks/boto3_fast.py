"""Calls of a boto3 client answered where its method begins, in botocore's own shape.

botocore's handlers and parameter validation run; signing, serialization, parsing and retries do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from aiservices.api.model import load
from aiservices.call import Backend, Call
from aiservices.errors import ServiceError, TransportError

from .asking import ask


def answer(backend: Backend, client: Any, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The backend's answer to one call of a client."""
    prepared: Mapping[str, Any] = client._emit_api_params(**handled(client, operation, params))
    return answer_prepared(backend, client, operation, prepared, _as_botocore)


def handled(client: Any, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """What botocore's handlers of parameters (idempotency tokens ...) are told."""
    model = client.meta.service_model.operation_model(operation)
    context = {
        "client_region": client.meta.region_name,
        "client_config": client.meta.config,
        "has_streaming_input": model.has_streaming_input,
        "auth_type": model.auth_type,
    }
    return {"api_params": params, "operation_model": model, "context": context}


def answer_prepared(
    backend: Backend, client: Any, operation: str, params: Mapping[str, Any], stream: Callable[[Any], Any]
) -> dict[str, Any]:
    """The answer to parameters that the handlers have seen.

    stream: makes of a reply's body what the client's users read it from.
    """
    from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

    _validate(client, operation, params)
    call = Call(client.meta.service_model.service_name, operation, params)
    try:
        reply = ask(backend, client.meta.region_name, call)
    except ServiceError as error:
        raised = client.exceptions.from_code(error.code)
        raise raised(_error_response(error), operation) from error
    except TransportError as error:
        kind = ConnectionClosedError if error.sent else EndpointConnectionError
        raise kind(endpoint_url=client.meta.endpoint_url) from error
    return {name: stream(value) if hasattr(value, "read") else value for name, value in reply.items()}


def _validate(client: Any, operation: str, params: Mapping[str, Any]) -> None:
    from botocore.exceptions import ParamValidationError
    from botocore.validate import ParamValidator

    shape = client.meta.service_model.operation_model(operation).input_shape
    if shape is not None and client.meta.config.parameter_validation:
        report = ParamValidator().validate(params, shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())


def _as_botocore(body: Any) -> Any:
    from botocore.response import StreamingBody

    if isinstance(body, StreamingBody):
        return body
    data = body.read()
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
