"""One line per call on the logger `aiservices`, and two formatters that show it."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from ..call import Event
from ..errors import ConflictError, NotFoundError, ServiceError
from .sizes import sizes

LOGGER = "aiservices"

# Without it Python prints WARNING and above of a logger that nobody set up, bare: "retry", "call failed".
logging.getLogger(LOGGER).addHandler(logging.NullHandler())


class Logs:
    """Logs calls to `logging.getLogger("aiservices")`; handlers and levels are the program's business.

    INFO `call`: answered; also when the answer was that something is not there, or there already (`call failed`).
    ERROR `call failed`: any other failure. WARNING `retry`: an attempt failed and another follows.
    WARNING `breaker`: a product failed so often that it is not called; INFO: it is tried, or called, again.
    WARNING `unpriced`: the first call of an operation whose cost nobody knows, with the reason (told by `Costs`).
    DEBUG `attempt`: every other attempt.

    The message is constant; the data stand in the record's attributes: operation, product, backend, request_id,
    attempts, seconds, cost, units, tags, request (sizes of what was sent), error, code, status, retry_in, state; of a
    call that begins what costs until it is ended, dollars_an_hour (None: unknown) and until (what ends it).
    Contents never show: no text, bytes or names that were sent or received, and of an error its class and code.

    messages: log errors' messages too; they may quote what was sent.
    """

    def __init__(self, messages: bool = False) -> None:
        self.messages = messages
        self._logger = logging.getLogger(LOGGER)

    def see(self, event: Event) -> None:
        """Log it."""
        level, message = _line(event)
        if self._logger.isEnabledFor(level):
            self._logger.log(level, message, extra=self._facts(event))

    def _facts(self, event: Event) -> dict[str, Any]:
        call, metadata = event.call, (event.reply or {}).get("ResponseMetadata", {})
        facts: dict[str, Any] = {
            "operation": call.name,
            "product": call.product,
            "backend": metadata.get("AIServices", {}).get("backend"),
            "request_id": metadata.get("RequestId"),
            "attempts": event.attempts,
            "seconds": event.seconds,
            "tags": dict(call.tags),
            "request": sizes(call),
        }
        if event.kind == "call":
            facts |= {"cost": event.cost, "units": None if event.units is None else dict(event.units)}
            told = metadata.get("AIServices", {})
            facts |= {name: told[name] for name in ("dollars_an_hour", "until") if name in told}
        if event.retry_in is not None:
            facts["retry_in"] = event.retry_in
        if event.state is not None:
            facts["state"] = event.state
        if event.error is not None:
            facts |= self._failure(event.error)
        return facts

    def _failure(self, error: BaseException) -> dict[str, Any]:
        facts: dict[str, Any] = {"error": type(error).__name__}
        if isinstance(error, ServiceError):
            facts |= {"code": error.code, "status": error.status, "request_id": error.request_id}
        if self.messages:
            facts["error_message"] = str(error)
        return facts


def _line(event: Event) -> tuple[int, str]:
    if event.kind == "breaker":
        return logging.WARNING if event.state == "open" else logging.INFO, "breaker"
    if event.kind == "attempt":
        return (logging.DEBUG, "attempt") if event.retry_in is None else (logging.WARNING, "retry")
    if event.error is None:
        return logging.INFO, "call"
    # Programs ask for what may not be there, and make what may be there already.
    asked_for = isinstance(event.error, NotFoundError | ConflictError)
    return logging.INFO if asked_for else logging.ERROR, "call failed"


class JSONFormatter(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message, and the record's data. Amounts are strings."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        data = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_data(record),
        }
        if record.exc_info:
            data["exception"] = self.formatException(record.exc_info)
        return json.dumps(data, default=str)


class TextFormatter(logging.Formatter):
    """One readable line: time, level, and what happened."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        data = _data(record)
        said = _told(record.getMessage(), data) if _is_ours(record) else record.getMessage()
        line = f"{self.formatTime(record, self.datefmt)} {record.levelname:<7} {said}"
        if record.exc_info:
            line += f" [{self.formatException(record.exc_info)}]"
        return _CONTROL.sub(lambda found: repr(found[0])[1:-1], line)


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def _data(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name == LOGGER or record.name.startswith(LOGGER + ".")


def _told(message: str, data: dict[str, Any]) -> str:
    parts = [part for part in (_outcome(message, data), _effort(data), _price(data)) if part]
    parts += [f"request {data['request_id']}"] if data.get("request_id") else []
    parts += [f"{name} {size}" for name, size in data.get("request", {}).items()]
    parts += [f"{name}={value}" for name, value in data.get("tags", {}).items()]
    return f"{data.get('operation', LOGGER)}: {', '.join(parts)}"


def _outcome(message: str, data: dict[str, Any]) -> str:
    told = f"{message} {data['state']}" if data.get("state") else message
    if data.get("observer"):
        return f"{told}: {data['observer']}, {data['error']} at {data['raised_at']}"
    if data.get("reason"):
        return f"{told}: {data['reason']}"
    if data.get("retry_in") is not None:
        told += f" in {data['retry_in']:.3f} s"
    if data.get("error"):
        told += f"{' after' if 'retry_in' in data else ':'} {data['error']}"
        told += f" {data['code']} ({data['status']})" if "code" in data else ""
        told += f": {data['error_message']}" if "error_message" in data else ""
    if data.get("backend"):
        told += f" answered by {data['backend']}"
    return told


def _effort(data: dict[str, Any]) -> str:
    if "attempts" not in data:
        return ""
    attempts = data["attempts"]
    return f"{data['seconds']:.3f} s, {attempts} attempt{'' if attempts == 1 else 's'}"


def _price(data: dict[str, Any]) -> str:
    if "cost" not in data:
        return ""
    told = "unpriced" if data["cost"] is None else f"${data['cost']:f}"
    if "until" in data:
        hour = data["dollars_an_hour"]
        told += f", from now on {'an unknown price' if hour is None else f'${hour:f}'} an hour until {data['until']}"
    return told
