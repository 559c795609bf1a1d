"""Polly's presigned URL: a GET whose query holds what the operation takes in its body, so that browsers can play it.

Source: botocore.signers.generate_presigned_url and botocore.auth.SigV4QueryAuth, as they write it for SynthesizeSpeech.
"""

from __future__ import annotations

import json
from typing import Any

from ..api.model import load
from ..api.wire import Request

_PATH = "/v1/speech"


def as_posted(request: Request) -> Request:
    """The request that a presigned one stands for; every other one as it is."""
    if request.method != "GET" or request.path != _PATH:
        return request
    shape = load("polly").operation("SynthesizeSpeech").input
    members = shape.members if shape else {}
    params: dict[str, Any] = {}
    for name, value in request.query:
        if name in members and members[name].type == "list":
            params.setdefault(name, []).append(value)
        elif name in members:
            params[name] = value
    posted = Request("POST", _PATH, request.headers, json.dumps(params).encode())
    posted.query = request.query
    return posted
