"""Which operation a request asks for, and how its answer is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import Any

from ...call import FACT_HEADERS, SERVICES, Call
from ...errors import ServiceError
from ..model import Operation, Service, load
from . import bindings
from .documents import content, read_cbor, read_json, read_structure, write_cbor, write_json
from .messages import Malformed, Request, Response
from .values import CBOR, JSON

_CREDENTIAL = re.compile(r"Credential=[^,\s/]+/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
_PRESIGNED = re.compile(r"[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
_RPC = re.compile(r"/service/([^/]+)/operation/([^/]+)")
_CBOR = "smithy-rpc-v2-cbor"
_CBOR_MARK = "rpc-v2-cbor"


def scope(request: Request) -> tuple[str, str] | None:
    """The region and the service that a request is signed for; None when it is not signed."""
    found = _CREDENTIAL.search(request.headers.get("authorization", ""))
    if found is None:
        found = _PRESIGNED.fullmatch(dict(request.query).get("X-Amz-Credential", ""))
    return (found[1], found[2]) if found else None


class Route:
    """An operation, asked for in a protocol: `json`, `rest-json` or `smithy-rpc-v2-cbor`."""

    def __init__(self, operation: Operation, protocol: str, labels: Mapping[str, str] | None = None) -> None:
        self.operation = operation
        self.protocol = protocol
        self._labels = labels or {}

    def read(self, request: Request) -> Call:
        """What is called, with its parameters; raises Malformed when the request cannot be read."""
        operation = self.operation
        if self.protocol == "rest-json":
            params = bindings.read(operation, request, self._labels)
        elif operation.input is None:
            params = {}
        else:
            form, document = (CBOR, read_cbor) if self.protocol == _CBOR else (JSON, read_json)
            params = form.read_members(operation.input.members, read_structure(content(request), document))
        return Call(operation.service.name, operation.name, params)

    def answer(self, reply: Mapping[str, Any]) -> Response:
        """What the caller gets."""
        metadata = reply.get("ResponseMetadata", {})
        facts = metadata.get("AIServices", {})
        told = _told(str(metadata.get("RequestId", "")))
        told |= {header: facts[fact] for fact, header in FACT_HEADERS.items() if facts.get(fact)}
        if self.protocol == "rest-json":
            status, headers, body = bindings.write(self.operation, reply)
            return Response(status, {**told, **headers}, body)
        form = CBOR if self.protocol == _CBOR else JSON
        value = form.write(self.operation.output, reply) if self.operation.output else {}
        return Response(200, {**told, **self._content}, _document(self.protocol, value))

    def fault(self, error: ServiceError) -> Response:
        """An error of the service, with the members that the model knows of it."""
        shape = self.operation.errors.get(error.code)
        known = shape.members if shape else {}
        name = next((name for name in known if name.lower() == "message"), "message")
        members = {**error.details, name: getattr(error, "wire_message", "") or error.message}
        headers = {**_told(error.request_id or ""), **self._content}
        form = CBOR if self.protocol == _CBOR else JSON
        inside = {name: member for name, member in known.items() if "location" not in member.traits}
        value = {name: members[name], **form.write_members(inside, members)}  # some errors are modelled without it
        if self.protocol == "rest-json":
            headers["x-amzn-ErrorType"] = error.code
            headers |= bindings.headers(known, members)
        else:
            value = {"__type": self._type(error.code), **value}
        return Response(error.status, headers, _document(self.protocol, value))

    def refusal(self, problem: Malformed, request_id: str = "") -> Response:
        """A request that cannot be read."""
        return refusal(problem, self.protocol, request_id)

    def _type(self, code: str) -> str:
        if self.protocol == "json":
            return code
        return f"com.amazonaws.{self.operation.service.name.replace('-', '')}#{code}"

    @cached_property
    def _content(self) -> dict[str, str]:
        return _content_type(self.protocol, str(self.operation.service.metadata.get("jsonVersion", "1.1")))


class Router:
    """Finds the operation that a request asks for, among all services of the twelve products."""

    @cached_property
    def _services(self) -> list[Service]:
        return [load(name) for name in SERVICES]

    @cached_property
    def _by_target(self) -> dict[str, Service]:
        known = ((service.metadata.get("targetPrefix"), service) for service in self._services)
        return {prefix: service for prefix, service in known if prefix}

    @cached_property
    def _templates(self) -> dict[str, list[bindings.Template]]:
        """By signing name; the paths that tell more come first."""
        found: dict[str, list[bindings.Template]] = {}
        for service in self._services:
            if service.metadata["protocol"] == "rest-json":
                made = map(bindings.Template, service.operations.values())
                found.setdefault(signing_name(service), []).extend(made)
        for templates in found.values():
            templates.sort(key=lambda template: template.plain, reverse=True)
        return found

    @cached_property
    def signing_names(self) -> frozenset[str]:
        """The names that requests to our services are signed for."""
        return frozenset(map(signing_name, self._services))

    def route(self, request: Request) -> Route | None:
        """The operation asked for; None when the request is for no service of ours.

        Raises Malformed when it is for one of ours that has no such operation.
        """
        signed = scope(request)
        if signed is not None and signed[1] not in self.signing_names:
            return None
        rpc = _RPC.fullmatch(request.path)
        if rpc is not None and request.headers.get("smithy-protocol", _CBOR_MARK) == _CBOR_MARK:
            return self._named(rpc[1], rpc[2], _CBOR)
        target = request.headers.get("x-amz-target")
        if target is not None:
            prefix, _, operation = target.rpartition(".")
            return self._named(prefix, operation, "json")
        if signed is not None:
            return self._by_path(self._templates.get(signed[1], ()), request) or _unknown("rest-json")
        every = [template for templates in self._templates.values() for template in templates]
        host = request.headers.get("host", "")
        named = [it for it in every if str(it.operation.service.metadata["endpointPrefix"]) in host.split(".")]
        return self._by_path(named or every, request)

    def _named(self, prefix: str, operation: str, protocol: str) -> Route | None:
        service = self._by_target.get(prefix)
        if service is None:
            return None
        found = service.operations.get(operation)
        return _route(found, protocol) if found else _unknown(protocol)

    def _by_path(self, templates: Iterable[bindings.Template], request: Request) -> Route | None:
        for template in templates:
            labels = template.labels(request)
            if labels is not None:
                return Route(template.operation, "rest-json", labels)
        return None


@cache
def _route(operation: Operation, protocol: str) -> Route:
    """That of an operation without labels."""
    return Route(operation, protocol)


def signing_name(service: Service) -> str:
    """What requests to a service are signed for."""
    return str(service.metadata.get("signingName") or service.metadata["endpointPrefix"])


def _unknown(protocol: str) -> Route:
    raise Malformed("The operation is not known", "UnknownOperationException", 404 if protocol == "rest-json" else 400)


def refusal(problem: Malformed, protocol: str, request_id: str = "") -> Response:
    """The answer to a request that cannot be read, or that no operation is found for."""
    value = {"__type": problem.code, "message": problem.message}
    headers = {**_told(request_id), **_content_type(protocol, "1.1")}
    if protocol == "rest-json":
        headers["x-amzn-ErrorType"] = problem.code
    return Response(problem.status, headers, _document(protocol, value))


def _told(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id} if request_id else {}


def _content_type(protocol: str, version: str) -> dict[str, str]:
    if protocol == "json":
        return {"Content-Type": f"application/x-amz-json-{version}"}
    if protocol == "rest-json":
        return {"Content-Type": "application/json"}
    return {"Content-Type": "application/cbor", "smithy-protocol": _CBOR_MARK}


def _document(protocol: str, value: Mapping[str, Any]) -> bytes:
    return write_cbor(value) if protocol == _CBOR else write_json(value)
