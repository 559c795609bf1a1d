"""What can go wrong, by what the caller can do about it.

AIServicesError
├── ServiceError                 the service answered with an error
│   ├── BadRequestError          the request is wrong: change it
│   ├── AccessDeniedError        credentials or permissions
│   ├── NotFoundError            also a LookupError
│   ├── ConflictError            exists already, is in use, or is busy
│   ├── QuotaError               a limit of the account or of the service
│   ├── ThrottledError           too many requests for now
│   └── ServiceFaultError        the service failed
├── InvalidCallError             also a ValueError; nothing was sent
├── TransportError               also a ConnectionError; no readable answer came back
├── DeadlineExceededError        also a TimeoutError
├── JobFailedError               a job or resource ended in failure
├── BudgetExceededError          the call would cost more than its budget allows
├── MissingExtraError            also an ImportError; says what to install
└── NotMockedError               the mock has no answer to give
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal

Retry = Literal["throttle", "transient", "once", "wait", "never"]
"""`throttle` and `transient`: again after a while; `once`: one more attempt; `wait`: a job or resource must finish
first; `never`: the same request fails again."""


class AIServicesError(Exception):
    """Everything this library raises on purpose."""


class ServiceError(AIServicesError):
    """The service answered with an error. `code` is AWS's own word for it."""

    def __init__(
        self,
        message: str,
        *,
        service: str,
        operation: str,
        code: str,
        status: int = 400,
        request_id: str | None = None,
        retry: Retry = "never",
        retry_after: float | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{service}.{operation}: {code}: {message}" if message else f"{service}.{operation}: {code}")
        self.message = message
        """The service's own words."""
        self.service = service
        self.operation = operation
        self.code = code
        self.status = status
        """HTTP status."""
        self.request_id = request_id
        self.retry: Retry = retry
        self.retry_after = retry_after
        """Seconds the service asked us to wait; None when it did not say."""
        self.details: Mapping[str, Any] = details or {}
        """Further members of the error as the model has them (`Reason`, `ResourceId` ...)."""

    def __reduce__(self) -> tuple[Any, ...]:
        state = {k: v for k, v in self.__dict__.items() if k != "message"}
        return _rebuild, (type(self), self.message, state)


class BadRequestError(ServiceError):
    """The request is wrong; the same request fails again."""


class AccessDeniedError(ServiceError):
    """Credentials or permissions are missing, wrong or expired."""


class NotFoundError(ServiceError, LookupError):
    """What the request names does not exist."""


class ConflictError(ServiceError):
    """What the request names exists already, is in use, or is busy."""


class QuotaError(ServiceError):
    """A limit of the account or of the service is reached."""


class ThrottledError(ServiceError):
    """Too many requests for now; later it works."""


class ServiceFaultError(ServiceError):
    """The service failed."""


class InvalidCallError(AIServicesError, ValueError):
    """The call cannot be sent as it is; nothing was sent."""


class TransportError(AIServicesError, ConnectionError):
    """No readable answer came back. `sent` says whether the request may have reached the service."""

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_transport, (str(self), self.sent)


class DeadlineExceededError(AIServicesError, TimeoutError):
    """The time given for a call or a wait is over."""


class JobFailedError(AIServicesError):
    """A job or resource ended in failure, for the reason AWS gives."""

    def __init__(self, message: str, *, status: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_job, (str(self), self.status, self.reason)


class BudgetExceededError(AIServicesError):
    """The call would cost more than its budget allows; nothing was sent."""


class MissingExtraError(AIServicesError, ImportError):
    """An optional package is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f'{what} needs a package that is not installed. Install it: pip install "aiservices[{extra}]"')
        self.what = what
        self.extra = extra

    def __reduce__(self) -> tuple[Any, ...]:
        return MissingExtraError, (self.what, self.extra)


class NotMockedError(AIServicesError):
    """The mock has no answer to this operation, or strict mode refuses one made up from the model."""


def _rebuild(kind: type[ServiceError], message: str, state: dict[str, Any]) -> ServiceError:
    error = kind(message, service=state["service"], operation=state["operation"], code=state["code"])
    error.__dict__.update(state)
    return error


def _rebuild_transport(message: str, sent: bool) -> TransportError:
    return TransportError(message, sent=sent)


def _rebuild_job(message: str, status: str, reason: str) -> JobFailedError:
    return JobFailedError(message, status=status, reason=reason)


def service_error(
    service: str,
    operation: str,
    code: str,
    message: str,
    *,
    status: int | None = None,
    request_id: str | None = None,
    retry_after: float | None = None,
    details: Mapping[str, Any] | None = None,
) -> ServiceError:
    """The error for a service's code: its class and whether a retry helps, from the table `errors.json`."""
    retry, default_status = classify(service, code, message, status)
    kind = _kind(code, retry, status or default_status)
    return kind(
        message,
        service=service,
        operation=operation,
        code=code,
        status=status or default_status,
        request_id=request_id,
        retry=retry,
        retry_after=retry_after,
        details=details,
    )


def classify(service: str, code: str, message: str, status: int | None = None) -> tuple[Retry, int]:
    """Whether a retry helps, and the HTTP status the table knows.

    One code can mean several things: the row of the service comes before the row for all services (`*`), a row
    whose message pattern matches before one without. A code the table lacks is judged by its status.
    """
    table = _table()
    for row in (*table.get((service, code), ()), *table.get(("*", code), ())):
        pattern = row.get("message")
        if pattern is None or re.search(pattern, message):
            return row["retry"], row["status"]
    if status == 429:
        return "throttle", status
    if status is not None and status >= 500:
        return "transient", status
    return "never", status or 400


@cache
def _table() -> dict[tuple[str, str], list[dict[str, Any]]]:
    table: dict[tuple[str, str], list[dict[str, Any]]] = {}
    import json
    from pathlib import Path

    data = json.loads(Path(__file__).with_name("errors.json").read_text("utf-8"))
    for row in data["rows"]:
        for service in row["services"]:
            for code in row["codes"]:
                table.setdefault((service, code), []).append(row)
    for rows in table.values():
        rows.sort(key=lambda row: row.get("message") is None)
    return table


_ACCESS = {
    "AccessDeniedException", "AccessDenied", "UnrecognizedClientException", "InvalidSignatureException",
    "ExpiredTokenException", "ExpiredToken", "IncompleteSignature", "MissingAuthenticationToken",
    "SignatureDoesNotMatch", "InvalidClientTokenId", "InvalidAccessKeyId", "RequestExpired",
}  # fmt: skip
_CONFLICT = re.compile(
    r"Conflict|InUse|AlreadyExist|NotReady|ResourceUnavailable|ConcurrentModification|Precondition|IdempotentParameter"
)
_QUOTA = re.compile(r"QuotaExceeded|^LimitExceeded|ResourceLimitExceeded|TooManyTag|MaxLexiconsNumber")
_MISSING = re.compile(r"NotFound|NoSuch")


def _kind(code: str, retry: Retry, status: int) -> type[ServiceError]:
    if retry == "throttle":
        return ThrottledError
    if code in _ACCESS:
        return AccessDeniedError
    if _MISSING.search(code):
        return NotFoundError
    if _CONFLICT.search(code):
        return ConflictError
    if _QUOTA.search(code):
        return QuotaError
    if retry == "transient" or status >= 500:
        return ServiceFaultError
    return BadRequestError


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "polly"?` for the end of a message, or nothing when no known word is near."""
    import difflib

    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""
