"""Smithy's published malformed requests: each is refused with the status and the code that it should be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import limits

from aiservices.api.model import Service
from aiservices.api.wire import Malformed, Request, Route
from aiservices.api.wire.bindings import Template
from aiservices.errors import ServiceError

FILE = Path(__file__).parent.parent / "data" / "protocols" / "malformed.json.gz"
_MEDIA = "what a body says it is, and what a reply should be, is not looked at: requests written by hand say anything"
_SMALL = "the models of our services have no numbers of 8 or 16 bits"
_FRACTIONS = "AWS's front end takes the whole part of a number"
_NULLS = "AWS's services speak of a broken constraint"
LEFT_OUT = {
    "malformed-accept": _MEDIA,
    "malformed-content-type": _MEDIA,
    "http-string-payload": _MEDIA,
    "malformed-uniqueItems": "the models of our services do not tell that items are unique",
    "RestJsonBodyByteUnderflowOverflow": _SMALL,
    "RestJsonPathByteUnderflowOverflow": _SMALL,
    "RestJsonQueryByteUnderflowOverflow": _SMALL,
    "RestJsonHeaderByteUnderflowOverflow": _SMALL,
    "RestJsonBodyShortUnderflowOverflow": _SMALL,
    "RestJsonPathShortUnderflowOverflow": _SMALL,
    "RestJsonQueryShortUnderflowOverflow": _SMALL,
    "RestJsonHeaderShortUnderflowOverflow": _SMALL,
    "RestJsonBodyByteMalformedValueRejected_case2": _FRACTIONS,
    "RestJsonBodyShortMalformedValueRejected_case2": _FRACTIONS,
    "RestJsonBodyIntegerMalformedValueRejected_case2": _FRACTIONS,
    "RestJsonBodyLongMalformedValueRejected_case2": _FRACTIONS,
    "RestJsonBodyMalformedListNullItem": _NULLS,
    "RestJsonBodyMalformedMapNullValue": "a null in a map is left out, as a member that is null is",
}


def cases() -> Iterator[Any]:
    for suite in json.loads(gzip.decompress(FILE.read_bytes()))["malformed"]:
        metadata = {"protocol": "rest-json"}
        raw = {"service": suite["file"], "botocore": "", "metadata": metadata, **suite}
        service = Service(raw)
        for case in suite["cases"]:
            names = {suite["file"], case["id"], case["id"].partition("_case")[0]}
            if not names & LEFT_OUT.keys():
                yield pytest.param(service, case, id=case["id"])


@pytest.fixture(autouse=True)
def _knows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What judges requests knows the vector's shapes as long as they are asked about."""
    service = request.node.callspec.params["service"]
    made = (limits.checker, limits._named_structure)
    monkeypatch.setattr(limits, "load", lambda name: service)
    for each in made:
        each.cache_clear()
    yield
    for each in made:
        each.cache_clear()


@pytest.mark.parametrize(("service", "case"), list(cases()))
def test_a_malformed_request_is_refused(service: Service, case: dict[str, Any]) -> None:
    operation, told = service.operations[case["operation"]], case["request"]
    query = "&".join(told.get("queryParams", ()))
    target = f"{told['uri']}?{query}" if query else told["uri"]
    request = Request(told["method"], target, told.get("headers", {}), told.get("body", "").encode())
    labels = Template(operation).labels(request)
    assert labels is not None
    with pytest.raises((Malformed, ServiceError)) as refused:
        read(Route(operation, "rest-json", labels), request)
    error: Any = refused.value
    assert (error.code, error.status) == (case["response"]["error"], case["response"]["code"])


def read(route: Route, request: Request) -> None:
    """Both who reads requests and who judges them may refuse one."""
    operation = route.operation
    limits.checker(operation.service.name, operation.name)(route.read(request).params)
