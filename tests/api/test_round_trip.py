"""Every operation there and back: our request, botocore's serializer and parser, our response."""

import base64
import json
from datetime import datetime

import pytest
from aiservices_mocks.examples import example
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from aiservices.api.model import load
from aiservices.api.operations import operations_class
from aiservices.api.shapes import types
from aiservices.call import SERVICES, Stream

PROTOCOLS = ("json", "rest-json")


class Kept:
    """A caller that keeps what is sent and answers nothing."""

    def __init__(self):
        self.sent = None

    def send(self, service, operation, params):
        self.sent = (service, operation, params)
        return {}


def protocol(service):
    return next(p for p in PROTOCOLS if p in (service.metadata.get("protocols") or [service.metadata["protocol"]]))


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("optional", [True, False])
def test_every_request_is_one_that_botocore_serializes(name, optional):
    service, caller = load(name), Kept()
    foreign = ServiceModel(service.raw, name)
    serializer = create_serializer(protocol(service), include_validation=True)
    product = operations_class(name)(caller)
    for operation in service.operations.values():
        value = example(operation.input, optional=optional) if operation.input else {}
        request = types(name)[operation.request_name].model_validate(value)
        getattr(product, operation.python_name)(**request)
        assert caller.sent == (name, operation.name, value)
        serialized = serializer.serialize_to_request(caller.sent[2], foreign.operation_model(operation.name))
        assert serialized["method"] == operation.http_method


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("optional", [True, False])
def test_every_reply_that_botocore_parses_is_typed_without_loss(name, optional):
    service = load(name)
    foreign = ServiceModel(service.raw, name)
    parser = create_parser(protocol(service))
    for operation in service.operations.values():
        value = example(operation.output, optional=optional) if operation.output else {}
        shape = foreign.operation_model(operation.name).output_shape
        parsed = parser.parse(_http(operation, value), shape)
        metadata = parsed.pop("ResponseMetadata")
        assert metadata["HTTPStatusCode"] == 200
        typed = types(name).parser(operation)({**parsed, "ResponseMetadata": metadata})
        assert typed.to_aws() == parsed, operation
        assert set(value) <= set(parsed), operation
        plain = {key: item for key, item in parsed.items() if not operation.output.members[key].streaming}
        assert plain == {key: value[key] for key in plain}, operation


def _http(operation, value):
    """The HTTP response that a service would give with this output."""
    headers, body, whole, status = {"x-amzn-requestid": "r"}, {}, None, 200
    for name, item in value.items():
        shape = operation.output.members[name]
        place, key = shape.traits.get("location"), shape.traits.get("locationName", name)
        if name == operation.output.payload:
            whole = Stream(item) if shape.streaming else json.dumps(_wire(shape, item)).encode()
        elif place == "header":
            headers[key] = _header(shape, item)
        elif place == "statusCode":
            status = 200
            value[name] = status
        else:
            assert place is None, (operation, name, place)
            body[key] = _wire(shape, item)
    return {"headers": headers, "body": whole or json.dumps(body).encode(), "status_code": status}


def _header(shape, item):
    if shape.traits.get("jsonvalue"):
        return base64.b64encode(json.dumps(item).encode()).decode()
    if isinstance(item, datetime):
        return item.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return str(item).lower() if isinstance(item, bool) else str(item)


def _wire(shape, item):
    if shape.document:
        return item
    if shape.type == "structure":
        members = shape.members
        return {members[n].traits.get("locationName", n): _wire(members[n], v) for n, v in item.items()}
    if shape.type == "list":
        return [_wire(shape.member, part) for part in item]
    if shape.type == "map":
        return {key: _wire(shape.value, part) for key, part in item.items()}
    if shape.type == "blob":
        return base64.b64encode(item).decode()
    if shape.type == "timestamp":
        style = shape.traits.get("timestampFormat") or shape.raw.get("timestampFormat")
        return item.isoformat() if style == "iso8601" else item.timestamp()
    return item
