"""restJson1: where the members of a request and of a reply stand in path, query, headers, status and body."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from ...call import Stream
from ..model import Operation, Shape
from .documents import content, read_json, read_structure, write_json
from .messages import Malformed, Request
from .values import JSON, moment, moment_form, timestamp_text, wire_name

_LABEL = re.compile(r"\{([^{}+]+)(\+?)\}")
_ITEMS = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,]+))\s*,?')
_DATES = re.compile(r"\s*(?:()(?!)|([^,]+,[^,]+)),?")  # a comma stands in each
_JSON = "application/json"
_MOMENTS = {"header": "rfc822", "headers": "rfc822", "querystring": "iso8601", "uri": "iso8601"}


class Template:
    """An operation's method and path."""

    def __init__(self, operation: Operation) -> None:
        path, _, query = operation.request_uri.partition("?")
        self.operation = operation
        self.query = dict(parse_qsl(query, keep_blank_values=True))
        """What the query must say."""
        parts = [part for part in path.split("/") if part]
        self.plain = tuple("{" not in part for part in parts)
        """Part by part, whether it is told: the path with more of them fits better."""
        self._labels = [match[1] for match in _LABEL.finditer(path)]
        pattern = "".join("/" + "".join(_parts(part)) for part in parts)
        self._path = re.compile(f"{pattern}/?")

    def labels(self, request: Request) -> dict[str, str] | None:
        """What stands at the labels of the path; None when the request does not fit."""
        if request.method != self.operation.http_method:
            return None
        found = self._path.fullmatch(request.path)
        if found is None or any(item not in request.query for item in self.query.items()):
            return None
        return dict(zip(self._labels, map(unquote, found.groups()), strict=True))


def _parts(part: str) -> Iterator[str]:
    end = 0
    for match in _LABEL.finditer(part):
        yield re.escape(part[end : match.start()])
        yield "(.+)" if match[2] else "([^/]+)"
        end = match.end()
    yield re.escape(part[end:])


def read(operation: Operation, request: Request, labels: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a request."""
    shape = operation.input
    if shape is None:
        return {}
    params: dict[str, Any] = {}
    for name, member in shape.members.items():
        location, called = member.traits.get("location"), wire_name(name, member)
        if location == "uri":
            params[name] = _from_text(member, labels[called], location)
        elif location == "querystring":
            params |= _from_query(name, member, request)
        elif location == "header" and called.lower() in request.headers:
            params[name] = _from_text(member, request.headers[called.lower()], location)
        elif location == "headers":
            params |= {name: _prefixed(request.headers, called)}
    return params | _body(shape, request)


def _from_query(name: str, member: Shape, request: Request) -> dict[str, Any]:
    """A member of the query; a map has every parameter."""
    values = [value for key, value in request.query if key == wire_name(name, member)]
    if member.type == "map":
        several = member.value.type == "list"
        found: dict[str, Any] = {}
        for key, value in request.query:
            found[key] = [*found.get(key, ()), value] if several else value
        return {name: found}
    if not values:
        return {}
    if member.type == "list":
        return {name: [_from_text(member.member, value, "querystring") for value in values]}
    return {name: _from_text(member, values[-1], "querystring")}


def _from_text(shape: Shape, text: str, location: str) -> Any:
    """A value from a path, query or header."""
    kind = shape.type
    if shape.traits.get("jsonvalue") and location == "header":
        try:
            return base64.b64decode(text, validate=True).decode()
        except (binascii.Error, ValueError):
            raise Malformed("Invalid Base64 in a header") from None
    if kind == "list":
        pattern = _DATES if _form_of(shape.member) == "rfc822" else _ITEMS
        parts = [match[1] if match[1] is not None else match[2].strip() for match in pattern.finditer(text)]
        return [_from_text(shape.member, re.sub(r"\\(.)", r"\1", part), location) for part in parts]
    if kind == "timestamp":
        return moment(text, moment_form(shape, _MOMENTS[location]))
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in ("integer", "long", "float", "double"):
        try:
            return int(text) if kind in ("integer", "long") else float(text)
        except ValueError:
            return text
    return JSON.read(shape, text)


def _form_of(shape: Shape) -> str:
    return moment_form(shape, "rfc822") if shape.type == "timestamp" else ""


def _prefixed(headers: Mapping[str, str], prefix: str) -> dict[str, str]:
    low = prefix.lower()
    return {name[len(low) :]: value for name, value in headers.items() if name.startswith(low)}


def _body(shape: Shape, request: Request) -> dict[str, Any]:
    payload = shape.payload
    if payload is None:
        inside = {name: member for name, member in shape.members.items() if "location" not in member.traits}
        if not inside:
            return {}
        return JSON.read_members(inside, read_structure(content(request), read_json))
    member = shape.members[payload]
    if member.raw.get("streaming") and request.body:
        return {payload: request.body if hasattr(request.body, "read") else Stream(request.body)}
    data = content(request)
    if not data:
        return {}
    if member.type == "blob":
        return {payload: data}
    if member.type == "string":
        try:
            return {payload: data.decode()}
        except UnicodeDecodeError:
            raise Malformed("The body is no UTF-8") from None
    return {payload: JSON.read(member, read_json(data))}


def write(operation: Operation, reply: Mapping[str, Any]) -> tuple[int, dict[str, str], Any]:
    """Status, headers and body of a reply."""
    status, shape = int(operation.raw["http"].get("responseCode", 200)), operation.output
    if shape is None:
        return status, {}, b""
    for name, member in shape.members.items():
        if member.traits.get("location") == "statusCode" and reply.get(name) is not None:
            status = int(reply[name])
    told = headers(shape.members, reply)
    inside = {name: member for name, member in shape.members.items() if "location" not in member.traits}
    if shape.payload is None:
        return status, {"Content-Type": _JSON, **told}, write_json(JSON.write_members(inside, reply))
    inner, value = shape.members[shape.payload], reply.get(shape.payload)
    if inner.type == "blob":
        return status, told, b"" if value is None else value
    if inner.type == "string":
        return status, told, b"" if value is None else str(value).encode()
    return status, {"Content-Type": _JSON, **told}, write_json(JSON.write(inner, value or {}))


def headers(members: Mapping[str, Shape], reply: Mapping[str, Any]) -> dict[str, str]:
    """The members that stand in headers."""
    found: dict[str, str] = {}
    for name, member in members.items():
        location, value = member.traits.get("location"), reply.get(name)
        if location == "header" and value is not None:
            found[wire_name(name, member)] = _to_text(member, value)
        elif location == "headers":
            found |= {f"{wire_name(name, member)}{key}": str(it) for key, it in (value or {}).items()}
    return found


def _to_text(shape: Shape, value: Any) -> str:
    if shape.traits.get("jsonvalue"):
        text = value if isinstance(value, str) else json.dumps(value)
        return base64.b64encode(text.encode()).decode()
    if shape.type == "timestamp":
        return timestamp_text(value, moment_form(shape, "rfc822"))
    if shape.type == "boolean":
        return "true" if value else "false"
    if shape.type == "list":
        return (
            ", ".join(map(_quoted, (_to_text(shape.member, item) for item in value)))
            if shape.member.type == "string"
            else ", ".join(_to_text(shape.member, item) for item in value)
        )
    return str(JSON.write(shape, value))


def _quoted(text: str) -> str:
    """An item of a list in a header, in quotes where it would be taken for several."""
    if not re.search(r'[",]', text):
        return text
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'
