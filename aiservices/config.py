"""Settings, and the only reader of the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import Any

from .errors import InvalidCallError


@dataclass(frozen=True)
class Settings:
    """How an `AI` behaves. Arguments beat the environment (`AISERVICES_<FIELD>`), which beats the defaults.

    Credentials are not here: boto3's own chain finds them.
    """

    backend: str = "aws"
    """`aws` or `mock`."""
    region: str | None = None
    """None: boto3's chain decides; the mock is in us-east-1."""
    profile: str | None = None
    """Profile of the AWS configuration files; None: boto3's chain decides."""
    endpoint_url: str | None = None
    """Where to send every call instead of AWS; None: AWS."""
    fips: bool | None = None
    """Use FIPS endpoints; None: boto3's chain decides."""
    dual_stack: bool | None = None
    """Use dual-stack (IPv6) endpoints; None: boto3's chain decides."""
    bucket: str | None = None
    """S3 bucket where files are staged for jobs; the mock makes one when it is None."""
    role: str | None = None
    """ARN of the IAM role that a service assumes to read and write S3 for jobs and training; the mock needs none."""
    attempts: int = 4
    """Tries per call, the first one included (1-20)."""
    breaker: int = 0
    """Failed calls of a product in a row after which it is not called for half a minute; 0: it always is."""
    timeout: float = 60.0
    """Seconds without a byte before an attempt is given up."""
    connect_timeout: float = 10.0
    """Seconds to open a connection."""
    deadline: float | None = None
    """Seconds for a whole call with its retries and waits; None: no bound."""
    concurrency: int = 10
    """Calls at once: connections per service, and threads of a verb over many inputs or of AsyncAI (1-1000)."""

    def __post_init__(self) -> None:
        for name, least, most in (("attempts", 1, 20), ("breaker", 0, 1000), ("concurrency", 1, 1000)):
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise InvalidCallError(f"{name}={value!r}: give a whole number from {least} to {most}")
        for name in ("timeout", "connect_timeout", "deadline"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int | float) or not value > 0):
                raise InvalidCallError(f"{name}={value!r}: give seconds above 0")

    @classmethod
    def from_env(cls, **arguments: Any) -> Settings:
        """Settings from `AISERVICES_BACKEND`, `AISERVICES_REGION` and so on; arguments that are not None win."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            text = os.environ.get(f"AISERVICES_{field.name.upper()}")
            if text:
                values[field.name] = _parse(field.name, str(field.type), text)
        values.update({name: value for name, value in arguments.items() if value is not None})
        return cls(**values)


def _parse(name: str, kind: str, text: str) -> Any:
    try:
        if kind.startswith("int"):
            return int(text)
        if kind.startswith("float"):
            return float(text)
        if kind.startswith("bool"):
            return {"1": True, "true": True, "0": False, "false": False}[text.lower()]
    except (ValueError, KeyError):
        wanted = {"i": "a whole number", "f": "a number", "b": "1 or 0"}[kind[0]]
        raise InvalidCallError(f"AISERVICES_{name.upper()}={text!r}: give {wanted}") from None
    return text
