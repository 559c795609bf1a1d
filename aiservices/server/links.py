"""Addresses that a mock gives out to read a result or to upload a file: they lead to the S3 at this server's port.

A service on AWS signs them for its own bucket, and callers fetch and put there without more ado: a transcript that was
given no bucket, a bot's export and import, code to be scanned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..api.model import Operation
from ..api.wire import Request, Response
from .signatures import Keys

_GIVERS = {"codeguru-security", "lexv2-models", "transcribe"}
_SERVICES_OWN = re.compile(
    r"https://s3\.([a-z0-9-]+)\.amazonaws\.com(/aws-[a-z0-9-]+-prod[^/?]*/[^?]+)(\?\S*X-Amz-Signature=\S*)"
)
_NOWHERE = re.compile(r"https://([a-z0-9-]+)\.s3\.([a-z0-9-]+)\.invalid(/[^?]+)")
_UNCHECKED = "?X-Amz-Signature=unchecked"
"""Without any, moto takes a request for one of somebody unknown, and refuses it."""


def leads_away(operation: Operation, response: Response) -> bool:
    """Whether there may be such an address in an answer; told without looking through it."""
    body = response.body
    if operation.service.name not in _GIVERS or not isinstance(body, bytes):
        return False
    return b"X-Amz-Signature=" in body or b".invalid/" in body


def led_here(reply: Mapping[str, Any], operation: Operation, request: Request, keys: Keys | None) -> dict[str, Any]:
    """The reply with such addresses at the host that the request was sent to.

    keys: signatures are demanded, so they are signed, with the key of the request's sender.
    """
    scheme = "https" if request.headers.get("x-forwarded-proto") == "https" else "http"
    method = "PUT" if operation.name == "CreateUploadUrl" else "GET"
    host = request.headers.get("host", "")

    def address(text: str) -> str:
        if found := _SERVICES_OWN.fullmatch(text):
            region, path, query = found.groups()
        elif found := _NOWHERE.fullmatch(text):
            bucket, region, key = found.groups()
            path, query = f"/{bucket}{key}", _UNCHECKED
        else:
            return text
        return f"{scheme}://{host}{keys.presigned(request, method, path, region) if keys else path + query}"

    found: dict[str, Any] = _each_text(reply, address)
    return found


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each_text(it, change) for name, it in value.items()}
    return [_each_text(it, change) for it in value] if isinstance(value, list) else value
