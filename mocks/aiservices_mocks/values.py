"""A request's values: their JSON types, and what handlers get for them.

The wording for a wrong type is what AWS's Java front end answers, as quoted in public test suites (dynalite).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn


class WrongTypeError(ValueError):
    """A value whose JSON type is not the model's. The message is AWS's and holds no contents."""


def _string(value: Any) -> str:
    return value if isinstance(value, str) else wrong_type(value, "string")


def _boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else wrong_type(value, "boolean")


def _integer(value: Any, bits: int = 32, name: str = "integer") -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not math.isfinite(value):
        wrong_type(value, name)
    number = int(value)
    if not -(1 << bits - 1) <= number < 1 << bits - 1:
        wrong_type(value, name)
    return number


def _long(value: Any) -> int:
    return _integer(value, 64, "long")


def _float(value: Any, name: str = "float") -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not math.isfinite(value):
        wrong_type(value, name)
    return float(value)


def _blob(value: Any) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, str):
        return value.encode("utf-8")
    if hasattr(value, "read"):
        content = value.read()
        return content.encode("utf-8") if isinstance(content, str) else bytes(content)
    wrong_type(value, "blob")


def _timestamp(value: Any) -> datetime:
    """Naive dates are UTC, and numbers seconds since 1970, as in botocore."""
    try:
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), UTC)
        if isinstance(value, str):
            return _timestamp(datetime.fromisoformat(value))
    except (ValueError, OverflowError, OSError):
        pass
    wrong_type(value, "timestamp")


CONVERT: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "long": _long,
    "float": _float,
    "double": lambda value: _float(value, "double"),
    "blob": _blob,
    "timestamp": _timestamp,
}
"""By the model's type: the value as handlers get it, or WrongTypeError."""


def plain_json(value: Any) -> Any:
    """A copy of any JSON value."""
    if isinstance(value, Mapping):
        return {key: plain_json(content) for key, content in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_json(item) for item in value]
    if value is None or isinstance(value, (str, bool, int, float, Decimal)):
        return value
    wrong_type(value, "document")


_EXPECTED = {"list": "Expected list or null", "map": "Expected map or null", "structure": "Expected null"}


def wrong_type(value: Any, expected: str) -> NoReturn:
    """Refuse a value in AWS's words."""
    if isinstance(value, Mapping):
        raise WrongTypeError("Start of structure or map found where not expected.")
    if isinstance(value, (list, tuple)):
        raise WrongTypeError("Start of list found where not expected")
    if expected in _EXPECTED:
        raise WrongTypeError(_EXPECTED[expected])
    article = "a" if expected == "blob" else "an"
    raise WrongTypeError(f"{_java_class(value)} can not be converted to {article} {expected.capitalize()}")


def _java_class(value: Any) -> str:
    names = {bool: "class java.lang.Boolean", str: "class java.lang.String", float: "class java.lang.Double"}
    if isinstance(value, int) and not isinstance(value, bool):
        size = "Short" if -(2**15) <= value < 2**15 else "Integer" if -(2**31) <= value < 2**31 else "Long"
        return f"class java.lang.{size}"
    return names.get(type(value), f"a Python {type(value).__name__}")


def is_list(value: Any) -> bool:
    """Whether JSON would have a list for it."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview))
