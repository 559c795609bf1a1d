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
├── LedgerError                  the ledger cannot be opened, read or written
├── BreakerOpenError             the service failed several times in a row and is not called for a while
├── MissingExtraError            also an ImportError; says what to install
├── NotMockedError               the mock has no answer to give
└── NotRecordedError             also a LookupError; the recording has no such call
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal

Retry = Literal["throttle", "transient", "once", "wait", "never"]
"""`throttle` and `transient`: again after a while; `once`: one more attempt; `wait`: a job or resource must finish
first; `never`: the same request fails again."""


class AIServicesError(Exception):
    """Everything this library raises on purpose. Errors can be pickled and copied."""

    attempts: int | None = None
    """How often the call was tried; None where the retry policy did not see it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


class ServiceError(AIServicesError):
    """The service answered with an error. `code` is AWS's own word for it.

    Its text says what was asked, the code, the service's words and what to do where that is known. Values of the
    request that the service quotes back are replaced by their length there; `message` has the words as they came.
    """

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
        hint: str = "",
    ) -> None:
        super().__init__(_told(service, operation, code, message, hint))
        self.message = message
        """The service's own words, exactly; they may quote the request."""
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
        self.hint = hint
        """What to do, in our words; empty when we do not know."""

    def of(self, operation: str) -> None:
        """Name the operation that was asked, when whoever raised the error did not know it."""
        self.operation = operation
        self.args = (_told(self.service, operation, self.code, self.message, self.hint),)


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


class DeadlineExceededError(AIServicesError, TimeoutError):
    """The time given for a call or a wait is over."""


class JobFailedError(AIServicesError):
    """A job or resource ended in failure, for the reason AWS gives."""

    def __init__(self, message: str, *, status: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class BudgetExceededError(AIServicesError):
    """The call would cost more than its budget allows; nothing was sent."""

    def __init__(
        self, message: str, *, budget: str = "", cost: Decimal | None = None, left: Decimal | None = None
    ) -> None:
        super().__init__(message)
        self.budget = budget
        """Which one, in words."""
        self.cost = cost
        """US dollars that the call might have cost at most; None when nobody knows."""
        self.left = left
        """US dollars that the budget had left."""


class LedgerError(AIServicesError):
    """The ledger cannot be opened, read or written. `sent` says whether the call had been answered by then."""

    def __init__(self, message: str, *, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent


class BreakerOpenError(AIServicesError):
    """A service failed several times in a row and is not called for a while; nothing was sent."""

    attempts = 0

    def __init__(self, product: str, failures: int, retry_after: float) -> None:
        when = f"in {retry_after:.1f} s" if retry_after else "after the call that tries it just now"
        super().__init__(f"{product} failed {failures} times in a row and is not called; it may be again {when}")
        self.product = product
        self.retry_after = retry_after
        """Seconds until a call tries whether it is back; 0 while one does."""


class MissingExtraError(AIServicesError, ImportError):
    """An optional package is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f'{what} needs a package that is not installed. Install it: pip install "aiservices[{extra}]"')
        self.what = what
        self.extra = extra


class NotMockedError(AIServicesError):
    """The mock has no answer to this operation, or strict mode refuses one made up from the model."""


class LifecycleWarning(UserWarning):
    """A call goes to a service or feature that AWS has closed to new customers, or ended."""


class NotRecordedError(AIServicesError, LookupError):
    """The recording has no such call; nothing was sent."""


def _told(service: str, operation: str, code: str, message: str, hint: str) -> str:
    told = f"{service}.{operation}: {code}"
    if message:
        told += f": {without_values(message)}"
    if hint:
        told += f" {hint}" if told[-1] in ".!?" else f". {hint}"
    return told


def _rebuild(kind: type[AIServicesError], args: tuple[Any, ...], state: dict[str, Any]) -> AIServicesError:
    error = kind.__new__(kind, *args)
    super(AIServicesError, error).__init__(*args)
    error.__dict__.update(state)
    return error


_QUOTED = re.compile(
    r"Value '(?P<value>.*?)' at '(?P<path>[^'\n]*)' failed to satisfy constraint: "
    r"(?P<constraint>(?:Member|Map) \w+ \w+ \w+)",
    re.DOTALL,
)
_TELLING = ("Member must satisfy enum", "Member must have value")


def without_values(message: str) -> str:
    """A validation message of AWS with the values it quotes replaced by their lengths.

    Values of enumerations and numbers stay: they hold no contents, and one wants to see them.
    """

    def length(found: re.Match[str]) -> str:
        if found["constraint"].startswith(_TELLING):
            return found[0]
        size = f"{len(found['value']):,} characters"
        return f"Value ({size}) at '{found['path']}' failed to satisfy constraint: {found['constraint']}"

    return _QUOTED.sub(length, message)


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
    """The error for a service's code: its class, whether a retry helps and what to do, from `errors.json`."""
    retry, default_status = classify(service, code, message, status)
    row = _row(service, code, message)
    return _kind(code, retry, status or default_status)(
        message,
        service=service,
        operation=operation,
        code=code,
        status=status or default_status,
        request_id=request_id,
        retry=retry,
        retry_after=retry_after,
        details=details,
        hint=row.get("hint", "") if row else "",
    )


def classify(service: str, code: str, message: str, status: int | None = None) -> tuple[Retry, int]:
    """Whether a retry helps, and the HTTP status the table knows.

    One code can mean several things: the row of the service comes before the row for all services (`*`), a row
    whose message pattern matches before one without. A code the table lacks is judged by its status.
    """
    row = _row(service, code, message)
    if row is not None:
        return row["retry"], row["status"]
    if status == 429:
        return "throttle", status
    if status is not None and status >= 500:
        return "transient", status
    return "never", status or 400


def _row(service: str, code: str, message: str) -> dict[str, Any] | None:
    table = _table()
    rows: list[dict[str, Any]] = [*table.get((service, code), ()), *table.get(("*", code), ())]
    for row in rows:
        if "message" not in row or re.search(row["message"], message):
            return row
    return None


@cache
def _table() -> dict[tuple[str, str], list[dict[str, Any]]]:
    import json
    from pathlib import Path

    table: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in json.loads(Path(__file__).with_name("errors.json").read_text("utf-8"))["rows"]:
        for service in row["services"]:
            for code in row["codes"]:
                table.setdefault((service, code), []).append(row)
    for rows in table.values():
        rows.sort(key=lambda row: row.get("message") is None)
    return table


_ACCESS = re.compile(
    r"AccessDenied|AccessKey|UnrecognizedClient|ClientTokenId|ExpiredToken|AuthenticationToken|IncompleteSignature"
    r"|InvalidSignature|SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed|OptInRequired|SubscriptionRequired"
    r"|TEXTRACT_ACCESS_DENIED"
)
_MISSING = re.compile(r"NotFound|NoSuch")
_CONFLICT = re.compile(
    r"Conflict|InUse|AlreadyExist|AlreadyOwned|NotReady|NotEmpty|ResourceUnavailable|ConcurrentModification"
    r"|Precondition|IdempotentParameter|OperationAborted"
)
_QUOTA = re.compile(r"QuotaExceeded|^LimitExceeded|ResourceLimitExceeded|TooManyTag|MaxLexiconsNumber")
_BY_STATUS: Mapping[int, type[ServiceError]] = {
    401: AccessDeniedError,
    402: QuotaError,
    403: AccessDeniedError,
    404: NotFoundError,
    409: ConflictError,
    412: ConflictError,
}


def _kind(code: str, retry: Retry, status: int) -> type[ServiceError]:
    if retry == "throttle":
        return ThrottledError
    for pattern, kind in (
        (_ACCESS, AccessDeniedError),
        (_MISSING, NotFoundError),
        (_CONFLICT, ConflictError),
        (_QUOTA, QuotaError),
    ):
        if pattern.search(code):
            return kind
    if retry in ("transient", "once") or status >= 500:
        return ServiceFaultError
    if retry == "wait":
        return ConflictError
    # S3 answers HEAD without a body: botocore gives the status as the code.
    return BadRequestError if code == "UnknownOperationException" else _BY_STATUS.get(status, BadRequestError)


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "polly"?` for the end of a message, or nothing when no known word is near."""
    import difflib

    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""
