"""Personalize's schemas, which are Avro's, and records that are held against them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "INTERACTIONS": ("USER_ID", "ITEM_ID", "TIMESTAMP"),
    "ITEMS": ("ITEM_ID",),
    "USERS": ("USER_ID",),
    "ACTIONS": ("ACTION_ID",),
    "ACTION_INTERACTIONS": ("USER_ID", "ACTION_ID", "TIMESTAMP", "EVENT_TYPE"),
}
"""The types of datasets, and the columns that each must have."""
_CATEGORY, _TEXT, _ID = 1000, 20_000, 256
"""Characters of a category, of a text, of an id."""
_GUIDE = "https://docs.aws.amazon.com/personalize/latest/dg/data-prep-formatting.html"
_MOST = {"int": 2**31, "long": 2**63}
_TYPES = ("null", "boolean", "int", "long", "float", "double", "string")
_TRUTHS = {"true": True, "false": False}

Row = dict[str, Any]
"""A record by the names of its columns; what it has not is None."""


class RecordError(ValueError):
    """A record, or a file of them, that does not match its schema; the text says why."""


class Column(NamedTuple):
    """One field of a schema."""

    name: str
    types: tuple[str, ...]
    length: int

    @property
    def optional(self) -> bool:
        """Whether a record may be without."""
        return "null" in self.types


def object_of(text: str) -> Mapping[str, Any] | None:
    """The object that a text of JSON is; None when it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, Mapping) else None


def is_record(text: str) -> bool:
    """Whether it is an Avro schema of a record whose fields have names and Personalize's types."""
    schema = object_of(text) or {}
    fields = schema.get("fields")
    if schema.get("type") != "record" or not isinstance(fields, list) or not fields:
        return False
    return all(isinstance(field, Mapping) and _is_field(field) for field in fields)


def _is_field(field: Mapping[str, Any]) -> bool:
    types = _types(field)
    return isinstance(field.get("name"), str) and bool(types) and all(one in _TYPES for one in types)


def _types(field: Mapping[str, Any]) -> list[Any]:
    given = field.get("type")
    return given if isinstance(given, list) else [given]


def columns(text: str) -> dict[str, Column]:
    """The columns of a schema by name."""
    found = {}
    for field in json.loads(text)["fields"]:
        name = field["name"]
        length = _ID if name.endswith("_ID") else _TEXT if field.get("textual") else _CATEGORY
        found[name] = Column(name, tuple(_types(field)), length)
    return found


def typed(value: Any, column: Column) -> Any:
    """A value, or its text, as the column has it."""
    if value is None or value == "":
        if column.optional:
            return None
        raise RecordError(f"{column.name} has no value, and must have one.")
    for kind in column.types:
        try:
            return _as_type(value, kind)
        except (TypeError, ValueError, OverflowError):
            continue
    types = " or ".join(kind for kind in column.types if kind != "null")
    raise RecordError(f"A value of {column.name} is not of the type {types}.")


def _as_type(value: Any, kind: str) -> Any:
    """The value as this type; ValueError, TypeError or OverflowError when it is none."""
    if kind == "boolean" and str(value).lower() in _TRUTHS:
        return _TRUTHS[str(value).lower()]
    if kind in _MOST and not isinstance(value, bool):
        number, whole = int(value), not isinstance(value, float) or value.is_integer()
        if whole and -_MOST[kind] <= number < _MOST[kind]:
            return number
    if kind in ("float", "double") and not isinstance(value, bool):
        return float(value)
    if kind != "string" or isinstance(value, Mapping):
        raise ValueError(kind)
    return "|".join(map(str, value)) if isinstance(value, list) else _written(value)


def _written(value: Any) -> str:
    """A value as files have it."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def checked(given: Mapping[str, Any], known: Mapping[str, Column]) -> Row:
    """A record of the columns of a schema; what the schema has not is left out."""
    row = {name: typed(given.get(name), column) for name, column in known.items()}
    for name, value in row.items():
        if isinstance(value, str) and len(value) > known[name].length:
            raise RecordError(
                f"Length cannot be more than {known[name].length} characters for {name}. If no values exceed the "
                f"character limit, make sure your data follows the formatting guidelines listed in {_GUIDE}."
            )
    return row


def from_properties(properties: str, known: Mapping[str, Column]) -> Row:
    """What the JSON of a Put names in camel case (`numberOfRatings`), by the names of columns."""
    given = object_of(properties)
    if given is None:
        raise RecordError("The properties are not a JSON object.")
    names = {_bare(name): name for name in known}
    unknown = [name for name in given if _bare(name) not in names]
    if unknown:
        raise RecordError(f"{len(unknown)} of the properties are not columns of the schema.")
    return {names[_bare(name)]: value for name, value in given.items()}


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def read_csv(data: bytes, known: Mapping[str, Column]) -> list[Row]:
    """The records of a CSV file with a header."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordError("Input CSV is not encoded in UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), escapechar="\\", restval="")
    try:
        header = reader.fieldnames or ()
    except csv.Error as error:
        raise RecordError(f"Line 1: {error}") from error
    missing = [name for name, column in known.items() if name not in header and not column.optional]
    if missing:
        raise RecordError(f"Input CSV is missing the following columns: [{', '.join(missing)}].")
    rows = []
    try:
        for record in reader:
            rows.append(checked(record, known))
    except (RecordError, csv.Error) as error:
        raise RecordError(f"Line {reader.line_num}: {error}") from error
    return rows


def write_csv(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A CSV file with a header."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n", escapechar="\\")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_written(row.get(name)) for name in names])
    return file.getvalue().encode()
