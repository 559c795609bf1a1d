"""Smithy's published protocol tests: requests as clients must write them, replies as they must read them."""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from aiservices.api.model import Operation, Service, Shape
from aiservices.api.wire import Request, Route
from aiservices.api.wire.bindings import Template
from aiservices.api.wire.documents import read_cbor, read_json, read_structure
from aiservices.api.wire.values import CBOR, JSON, timestamp

CBOR_PROTOCOL = "smithy-rpc-v2-cbor"
FILE = Path(__file__).parent.parent / "data" / "protocols" / "vectors.json.gz"
_UNTOLD = "the vector has no body: its data is for clients to compress"
_UNSENT = "what the caller passed and the client does not send cannot be read"
_CONNECTIONS = "a header of the connection or of the request, not of the reply"
_NULLS = "clients skip such nulls; a server writes none"
_LENIENT = replace(JSON, read_moment=lambda value, shape: timestamp(value))
"""As clients read replies: moments with any offset too."""
LEFT_OUT = {
    **{f"SDKAppliedContentEncoding_{protocol}": _UNTOLD for protocol in ("awsJson1_0", "awsJson1_1", "restJson1")},
    "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0": _UNTOLD,
    "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1": _UNTOLD,
    "SDKAppendedGzipAfterProvidedEncoding_restJson1": _UNTOLD,
    "RestJsonOmitsEmptyListQueryValues": _UNSENT,
    "RestJsonNullAndEmptyHeaders": _UNSENT,
    "AwsJson11StructuresDontSerializeNullValues": _UNSENT,
    "RestJsonQueryPrecedence": _UNSENT,
    "RestJsonQueryParamsStringListMap": "the map of all parameters has the named one, too",
    "RestJsonQueryIdempotencyTokenAutoFill": "the client makes the token",
    "RestJsonHttpWithEmptyStructurePayload": "an empty structure is there",
    "RestJsonHttpWithHeadersButNoPayload": "an empty structure is there",
    "AwsJson11IntEnums": _CONNECTIONS,
    "parses_the_request_id_from_the_response": _CONNECTIONS,
    "RestJsonHttpPayloadWithUnsetUnion": _CONNECTIONS,
    "RpcV2CborPayloadWithUnsetUnion": _CONNECTIONS,
    "RestJsonDeserializesDenseSetMapAndSkipsNull": _NULLS,
    "RpcV2CborDeserializesDenseSetMapAndSkipsNull": _NULLS,
}


class Case(NamedTuple):
    protocol: str
    operation: Operation
    content: dict[str, Any]


def cases(kind: str, holds: str) -> Iterator[Any]:
    for protocol, suites in json.loads(gzip.decompress(FILE.read_bytes()))[kind].items():
        for suite in suites:
            for case in suite["cases"]:
                if case["id"] in LEFT_OUT or holds not in case or kind not in case["given"]:
                    continue
                name = case["given"]["name"]
                raw = {**suite, "service": "vectors", "botocore": "", "operations": {name: case["given"]}}
                spoken = protocol.removesuffix("_1_0")
                yield pytest.param(Case(spoken, Operation(Service(raw), name, case["given"]), case), id=case["id"])


def boto3(shape: Shape, value: Any) -> Any:
    """boto3's value for the vector's, in which bytes are text and moments are numbers."""
    if value is None or shape.document:
        return value
    if shape.type == "structure":
        return {name: boto3(shape.members[name], it) for name, it in value.items() if it is not None}
    if shape.type == "list":
        return [boto3(shape.member, it) for it in value]
    if shape.type == "map":
        return {key: boto3(shape.value, it) for key, it in value.items()}
    if shape.type == "blob":
        return value.encode() if isinstance(value, str) else value
    if shape.type == "timestamp":
        return datetime.fromtimestamp(value, UTC) if not isinstance(value, str) else parsedate_to_datetime(value)
    if shape.type in ("float", "double"):
        number = float(value)
        return "NaN" if math.isnan(number) else number
    return value


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(it) for key, it in value.items()}
    if isinstance(value, list):
        return [plain(it) for it in value]
    if hasattr(value, "read"):
        return value.read()
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


@pytest.mark.parametrize("case", list(cases("input", "params")))
def test_a_client_s_request_is_read(case: Case) -> None:
    told = case.content["serialized"]
    assert case.operation.input is not None
    body = told.get("body", "").encode()
    body = base64.b64decode(body) if case.protocol == CBOR_PROTOCOL else body
    request = Request(told.get("method", "POST"), told.get("uri", "/"), told.get("headers", {}), body)
    labels = Template(case.operation).labels(request) if case.protocol == "rest-json" else {}
    assert labels is not None
    read = Route(case.operation, case.protocol, labels).read(request).params
    assert plain(read) == plain(boto3(case.operation.input, case.content["params"]))


@pytest.mark.parametrize("case", list(cases("output", "result")))
def test_a_reply_is_written_as_clients_read_it(case: Case) -> None:
    shape, told = case.operation.output, case.content["response"]
    assert shape is not None
    response = Route(case.operation, case.protocol).answer(boto3(shape, case.content["result"]))
    assert response.status == told["status_code"]
    ours = {name.lower(): value for name, value in response.headers.items()}
    for name, value in told.get("headers", {}).items():
        if name.lower() != "content-type":
            assert ours[name.lower()] == value
    body = told.get("body", "").encode()
    body = base64.b64decode(body) if case.protocol == CBOR_PROTOCOL else body
    assert inside(case, shape, response.body) == inside(case, shape, body)


def inside(case: Case, shape: Shape, body: Any) -> Any:
    """What a body says."""
    data = body.read() if hasattr(body, "read") else body
    if case.protocol == CBOR_PROTOCOL:
        return plain(CBOR.read(shape, read_structure(data, read_cbor)))
    payload = shape.members[shape.payload] if shape.payload else None
    if payload is not None and payload.type in ("blob", "string"):
        return data
    return plain(_LENIENT.read(payload or shape, read_json(data) if data else {}))
