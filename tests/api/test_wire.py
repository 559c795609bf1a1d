"""The protocols, held against botocore: what it writes is read, and what is written it reads, for every operation."""

from __future__ import annotations

import gzip
import json
import math
import re
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import botocore.parsers
import botocore.serialize
import botocore.session
import pytest
from aiservices_mocks import Mock
from aiservices_mocks.examples import example
from botocore.awsrequest import HeadersDict, prepare_request_dict
from botocore.model import OperationModel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiservices.api.model import Operation, Shape, load
from aiservices.api.wire import Malformed, Request, Route, Router
from aiservices.call import SERVICES
from aiservices.errors import BadRequestError, service_error

OPERATIONS = [operation for service in SERVICES for operation in load(service).operations.values()]
ROUTER = Router()
_SESSION = botocore.session.Session()


def model_of(operation: Operation) -> OperationModel:
    return _models[operation.service.name].operation_model(operation.name)


_models = {service: _SESSION.get_service_model(service) for service in SERVICES}


def protocols_of(operation: Operation) -> list[str]:
    """Those that clients speak with the service, botocore's choice first."""
    return list(operation.service.metadata.get("protocols") or [operation.service.metadata["protocol"]])


def written_by_botocore(operation: Operation, params: dict[str, Any], protocol: str) -> Request:
    serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
    made = serializer.serialize_to_request(params, model_of(operation))
    prepare_request_dict(made, endpoint_url="https://localhost", context={"client_region": "us-east-1"})
    url = urlsplit(made["url"])
    name = operation.service.metadata.get("signingName") or operation.service.metadata["endpointPrefix"]
    signed = f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/{name}/aws4_request, SignedHeaders=host"
    headers = {**made["headers"], "Authorization": signed}
    body = made["body"]
    target = url.path + (f"?{url.query}" if url.query else "")
    return Request(made["method"], target, headers, body.encode() if isinstance(body, str) else body)


def plain(value: Any) -> Any:
    """A value that compares: streams as bytes, moments in whole milliseconds, numbers that are none by name."""
    if isinstance(value, dict):
        return {key: plain(it) for key, it in value.items() if it is not None}
    if isinstance(value, list | tuple):
        return [plain(it) for it in value]
    if hasattr(value, "read"):
        return value.read()
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    if isinstance(value, float):  # botocore writes a `float` in CBOR with 32 bits
        return "NaN" if math.isnan(value) else float(f"{value:.6g}")
    return value


def values(shape: Shape, inside: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    """Any value of the type, whatever its constraints on length, range and pattern."""
    here = (*inside, shape.name)
    placed = shape.traits.get("location")
    if shape.type == "structure":
        members = {name: m for name, m in shape.members.items() if inside.count(m.name) < 1 and not m.eventstream}
        must = {name for name, m in members.items() if name in shape.required or m.traits.get("location") == "uri"}
        if shape.union:
            return st.one_of([st.fixed_dictionaries({name: values(m, here)}) for name, m in members.items()])
        return st.fixed_dictionaries(
            {name: values(m, here) for name, m in members.items() if name in must},
            optional={name: values(m, here) for name, m in members.items() if name not in must},
        )
    if shape.type == "list":
        return st.lists(values(shape.member, here), max_size=2, min_size=1 if placed else 0)
    if shape.type == "map":
        return st.dictionaries(values(shape.key, here), values(shape.value, here), max_size=2)
    return _scalars(shape, placed)


def _scalars(shape: Shape, placed: str | None) -> st.SearchStrategy[Any]:
    visible = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
    if shape.document:
        return st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=2)
    if shape.type == "string":
        if shape.traits.get("jsonvalue") and placed == "header":
            return st.text(max_size=5)
        return st.text(visible, min_size=1, max_size=8) if placed else st.text(max_size=8)
    if shape.type in ("integer", "long"):
        bits = 31 if shape.type == "integer" else 63
        return st.integers(-(2**bits), 2**bits - 1)
    if shape.type in ("float", "double"):
        return st.floats(allow_nan=False, allow_infinity=False, width=32)
    if shape.type == "boolean":
        return st.booleans()
    if shape.type == "blob":
        return st.binary(max_size=8)
    return st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=0)
    )


def same_request(operation: Operation, params: dict[str, Any], protocol: str) -> None:
    route = ROUTER.route(written_by_botocore(operation, params, protocol))
    assert route is not None
    assert (route.operation.service.name, route.operation.name) == (operation.service.name, operation.name)
    assert route.protocol == protocol
    read = route.read(written_by_botocore(operation, params, protocol)).params
    assert plain(read) == plain(params)


def same_reply(operation: Operation, reply: dict[str, Any], protocol: str) -> None:
    response = Route(operation, protocol).answer({**reply, "ResponseMetadata": {"RequestId": "one"}})
    body = response.body.read() if hasattr(response.body, "read") else response.body
    if model_of(operation).has_streaming_output:
        body = BytesIO(body)  # botocore hands the stream on
    parser = botocore.parsers.create_parser(protocol)
    shape = model_of(operation).output_shape
    parsed = parser.parse(
        {"status_code": response.status, "headers": HeadersDict(response.headers), "body": body}, shape
    )
    assert parsed.pop("ResponseMetadata")["RequestId"] == "one"
    assert said(shape, parsed) == said(shape, reply)


def said(shape: Any, value: dict[str, Any]) -> Any:
    """A reply that compares; a body that is a stream is there, if only with nothing in it."""
    payload = shape.serialization.get("payload")
    found = plain(value)
    return (
        {**found, payload: found.get(payload, b"")} if payload and shape.members[payload].type_name == "blob" else found
    )


def test_every_operation_is_compared(record_property: Any) -> None:
    record_property("operations compared with botocore", len(OPERATIONS))
    assert len(OPERATIONS) == 714


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.service.name}.{o.name}")
def test_examples_cross_the_wire_as_botocore_reads_and_writes_them(operation: Operation) -> None:
    for protocol in protocols_of(operation):
        for seed, optional in ((0, True), (1, True), (0, False)):
            if operation.input is not None:
                same_request(operation, example(operation.input, seed, optional), protocol)
            if operation.output is not None:
                same_reply(operation, example(operation.output, seed, optional), protocol)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_any_values_cross_the_wire(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(OPERATIONS))
    protocol = data.draw(st.sampled_from(protocols_of(operation)))
    if operation.input is not None:
        same_request(operation, data.draw(values(operation.input)), protocol)
    if operation.output is not None:
        same_reply(operation, data.draw(values(operation.output)), protocol)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.service.name}.{o.name}")
def test_errors_are_read_by_botocore(operation: Operation) -> None:
    service = operation.service
    for code, shape in operation.errors.items():
        error = service_error(
            service.name, operation.name, code, "It is so.", status=service.error_status(code), request_id="one"
        )
        for protocol in protocols_of(operation):
            response = Route(operation, protocol).fault(error)
            parse = partial(
                botocore.parsers.create_parser(protocol).parse,
                {"status_code": response.status, "headers": HeadersDict(response.headers), "body": response.body},
            )
            parsed = parse(model_of(operation).output_shape)
            assert (parsed["Error"]["Code"], parsed["Error"]["Message"]) == (code, "It is so.")
            assert parsed["ResponseMetadata"]["HTTPStatusCode"] == service.error_status(code)
            assert parsed["ResponseMetadata"]["RequestId"] == "one"
            members = parse(model_of(operation).service_model.shape_for_error_code(code))
            assert {name.lower() for name in members} <= {"message"} | {name.lower() for name in shape.members}


def asked(body: bytes, target: str = "Comprehend_20171127.DetectSentiment", **headers: str) -> Request:
    return Request("POST", "/", {"X-Amz-Target": target, **headers}, body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "Unable to parse the body: it is no JSON"),
        (b"\xff\xfe", "Unable to parse the body: it is no JSON"),
        (b"[" * 100_000, "Unable to parse the body: it is no JSON"),
        (b"[]", "Start of list found where not expected"),
        (b'"text"', "Start of value found where not expected"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_serialization_exception(body: bytes, message: str) -> None:
    route = ROUTER.route(asked(body))
    assert route is not None
    with pytest.raises(Malformed) as refused:
        route.read(asked(body))
    response = route.refusal(refused.value, "one")
    assert (refused.value.message, response.status) == (message, 400)
    assert b"SerializationException" in response.body


def test_values_of_another_type_are_for_the_backend_to_refuse() -> None:
    route = ROUTER.route(asked(b""))
    assert route is not None
    for wrong, message in (
        (b'{"Text": 1, "LanguageCode": "en"}', "class java.lang.Short can not be converted to an String"),
        (b'{"Text": true, "LanguageCode": "en"}', "class java.lang.Boolean can not be converted to an String"),
        (b'{"Text": {}, "LanguageCode": "en"}', "Start of structure or map found where not expected."),
    ):
        with pytest.raises(BadRequestError) as refused:
            Mock().send(route.read(asked(wrong)))
        response = route.fault(refused.value)
        assert (response.status, json.loads(response.body)["message"]) == (400, message)
        assert json.loads(response.body)["__type"] == "SerializationException"


def test_members_that_the_model_lacks_are_left_out() -> None:
    route = ROUTER.route(asked(b""))
    assert route is not None
    read = route.read(asked(b'{"Text": "fine", "LanguageCode": null, "Tone": 1}'))
    assert read.params == {"Text": "fine"}


def test_an_operation_that_nobody_knows_is_refused_and_a_service_that_is_not_ours_is_passed_on() -> None:
    with pytest.raises(Malformed) as refused:
        ROUTER.route(asked(b"{}", "Comprehend_20171127.DetectMood"))
    assert refused.value.code == "UnknownOperationException"
    assert ROUTER.route(asked(b"{}", "DynamoDB_20120810.GetItem")) is None
    s3 = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/s3/aws4_request, SignedHeaders=host"
    assert ROUTER.route(Request("GET", "/bots/", {"Authorization": s3})) is None


def test_numbers_that_are_none_are_spelt_in_json() -> None:
    route = Route(load("comprehend").operation("DetectSentiment"), "json")
    reply = {"SentimentScore": {"Positive": math.nan, "Negative": math.inf, "Neutral": -math.inf}}
    written = b'{"SentimentScore":{"Positive":"NaN","Negative":"Infinity","Neutral":"-Infinity"}}'
    assert route.answer(reply).body == written


def test_a_packed_body_is_unpacked_within_a_limit() -> None:
    packed = gzip.compress(b'{"Text": "fine"}')
    request = asked(packed, **{"Content-Encoding": "gzip"})
    route = ROUTER.route(request)
    assert route is not None
    assert route.read(request).params == {"Text": "fine"}
    for body in (packed[:-9], b"{}"):
        with pytest.raises(Malformed):
            route.read(asked(body, **{"Content-Encoding": "gzip"}))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(OPERATIONS), st.binary(max_size=40) | st.text(max_size=20).map(str.encode), st.data())
def test_garbage_is_read_or_refused(operation: Operation, body: bytes, data: st.DataObject) -> None:
    route = Route(
        operation, data.draw(st.sampled_from(protocols_of(operation))), dict.fromkeys(_labels(operation), "x")
    )
    try:
        route.read(Request(operation.http_method, f"/?{data.draw(st.text(max_size=8))}", {}, body))
    except Malformed as refused:
        assert refused.status == 400  # noqa: PT017 - refusing is not a must


def _labels(operation: Operation) -> list[str]:
    return re.findall(r"\{(\w+)\+?\}", operation.request_uri)
