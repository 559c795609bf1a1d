"""Values of the model as JSON or CBOR has them, and as boto3 has them.

boto3's side: str, int, float, bool, bytes, datetime (aware), list, dict by AWS's member names.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from ..model import Shape
from .messages import Malformed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AS_IT_IS = frozenset(("string", "boolean", "integer", "long"))
"""Types whose values look the same everywhere."""
_FRACTION = re.compile(r"\.\d+")
_FORMS = {
    "unixTimestamp": re.compile(r"-?\d+(\.\d+)?"),
    "iso8601": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    "rfc822": re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(\.\d+)? GMT"),
}
_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def moment(text: str, form: str) -> datetime:
    """A moment as clients write it, in one of the model's forms; raises Malformed for any other text."""
    if not _FORMS[form].fullmatch(text):
        raise Malformed("Expected a timestamp")
    return timestamp(_FRACTION.sub("", text) if form == "rfc822" else text)


def timestamp(text: str | float) -> datetime:
    """A moment from seconds since 1970, ISO 8601, or HTTP's form."""
    try:
        if not isinstance(text, str):
            return _EPOCH + timedelta(seconds=text)
        if _is_number(text):
            return _EPOCH + timedelta(seconds=float(text))
        found = datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        raise Malformed("Expected a timestamp") from None


def timestamp_text(moment: datetime, form: str) -> str:
    """A moment in one of the model's forms: `iso8601`, `rfc822`, `unixTimestamp`."""
    utc = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    if form == "rfc822":
        return format_datetime(utc, usegmt=True)
    if form == "iso8601":
        return utc.isoformat().replace("+00:00", "Z")
    return repr(seconds(utc)) if utc.microsecond else str(int(seconds(utc)))


def seconds(moment: datetime) -> float:
    """Since 1970."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) / timedelta(seconds=1)


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


@dataclass(frozen=True)
class Form:
    """What differs between JSON and CBOR: how bytes and moments look."""

    read_blob: Callable[[Any], Any]
    write_blob: Callable[[bytes], Any]
    read_moment: Callable[[Any, Shape], Any]
    write_moment: Callable[[datetime, Shape], Any]
    spelt_numbers: bool
    """Whether numbers that are none, such as NaN, are spelt as strings."""

    def read(self, shape: Shape, value: Any) -> Any:
        """boto3's value. One of another type stays as it is: refusing it is for whoever answers the call.

        Members that the model lacks are left out.
        """
        kind = shape.type
        if kind in _AS_IT_IS or value is None or shape.document:
            return value
        if kind == "structure" and isinstance(value, Mapping):
            if shape.union and sum(it is not None and name != "__type" for name, it in value.items()) > 1:
                raise Malformed("Union must have exactly one member set")
            return self.read_members(shape.members, value)
        if kind == "list" and isinstance(value, list):
            return [self.read(shape.member, it) for it in value]
        if kind == "map" and isinstance(value, Mapping):
            return {key: self.read(shape.value, it) for key, it in value.items()}
        if kind == "blob":
            return self.read_blob(value)
        if kind == "timestamp":
            return self.read_moment(value, shape)
        if kind in ("float", "double") and isinstance(value, str):
            return _NUMBERS.get(value, value)
        return value

    def read_members(self, members: Mapping[str, Shape], value: Mapping[str, Any]) -> dict[str, Any]:
        """The members that a structure has."""
        found = {}
        for name, member in members.items():
            it = value.get(wire_name(name, member))
            if it is not None:
                found[name] = it if member.type in _AS_IT_IS else self.read(member, it)
        return found

    def write(self, shape: Shape, value: Any) -> Any:
        """What JSON or CBOR takes for boto3's value."""
        kind = shape.type
        if kind in _AS_IT_IS or shape.document:
            return value
        if kind == "structure":
            return self.write_members(shape.members, value)
        if kind == "list":
            return [None if it is None else self.write(shape.member, it) for it in value]
        if kind == "map":
            return {key: None if it is None else self.write(shape.value, it) for key, it in value.items()}
        if kind == "blob":
            return self.write_blob(value.read() if hasattr(value, "read") else bytes(value))
        if kind == "timestamp":
            return self.write_moment(value, shape)
        if kind in ("float", "double"):
            return _spelt(float(value)) if self.spelt_numbers else float(value)
        return value

    def write_members(self, members: Mapping[str, Shape], value: Mapping[str, Any]) -> dict[str, Any]:
        """The members that a structure has."""
        found = {}
        for name, it in value.items():
            member = members.get(name)
            if member is not None and it is not None:
                found[wire_name(name, member)] = it if member.type in _AS_IT_IS else self.write(member, it)
        return found


def wire_name(name: str, member: Shape) -> str:
    """What a member is called in a message."""
    return str(member.traits.get("locationName", name))


def _spelt(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


def read_base64(value: Any) -> Any:
    """Bytes that a message has as Base64."""
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("Invalid Base64 in a Blob") from None


def _json_moment(value: Any, shape: Shape) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    form = moment_form(shape, "unixTimestamp")
    if isinstance(value, str) == (form == "unixTimestamp"):
        raise Malformed("Expected a timestamp")
    return moment(value, form) if isinstance(value, str) else timestamp(value)


def _to_json_moment(moment: datetime, shape: Shape) -> Any:
    form = moment_form(shape, "unixTimestamp")
    if form != "unixTimestamp":
        return timestamp_text(moment, form)
    since = seconds(moment)
    return int(since) if since.is_integer() else since


def moment_form(shape: Shape, usual: str) -> str:
    """How a timestamp is written at its place."""
    return str(shape.traits.get("timestampFormat") or shape.raw.get("timestampFormat") or usual)


def _cbor_moment(value: Any, shape: Shape) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _to_cbor_moment(moment: datetime, shape: Shape) -> Any:
    import cbor2

    return cbor2.CBORTag(1, seconds(moment))


JSON = Form(
    read_base64, lambda data: base64.b64encode(data).decode(), _json_moment, _to_json_moment, spelt_numbers=True
)
CBOR = Form(lambda value: value, bytes, _cbor_moment, _to_cbor_moment, spelt_numbers=False)
