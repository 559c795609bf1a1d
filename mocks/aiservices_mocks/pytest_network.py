"""AWS's hosts out of reach: their names are not looked up."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_AWS = re.compile(r"(?:.+\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws|aws\.dev)\.?|169\.254\.169\.254|fd00:ec2::254", re.I)


class NetworkBlockedError(RuntimeError):
    """A test wanted to reach AWS in a suite that says `ai_block_network = true`."""


@contextmanager
def closed() -> Iterator[None]:
    """Refuse every connection to AWS, the instance metadata service included, in all threads."""
    found = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        if _AWS.fullmatch(name):
            raise NetworkBlockedError(
                f"{name}: this suite keeps AWS out of reach (ai_block_network). Use the fixture ai, ai_boto3 or "
                "ai_mock, or run with --ai-backend=aws"
            )
        return found(host, *args, **kwargs)

    socket.getaddrinfo = getaddrinfo
    try:
        yield
    finally:
        socket.getaddrinfo = found
