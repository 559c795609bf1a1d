"""Files of training data: CSV or Parquet in S3, held against a dataset's schema."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib import import_module
from statistics import fmean, stdev
from typing import Any

from aiservices.errors import ServiceError
from aiservices_mocks.places import place
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.world import World

FILES = 10_000
"""Files of one import."""
YEARS = range(1700, 2262)
INTEGER, FLOAT, LEAST = 1 << 63, 1e50, 1e-100
"""What dates and numbers can be: far enough from where dates end and from where sums, squares and shares do."""
DEFAULT_FORMAT = "yyyy-MM-dd HH:mm:ss"
_FORMATS = {"yyyy-MM-dd": "%Y-%m-%d", DEFAULT_FORMAT: "%Y-%m-%d %H:%M:%S"}
_PARQUET = (".parquet", ".parq", ".pqt")
_REQUIRED = ("item_id", "timestamp", "instance_type", "workforce_type", "metric_name")
"""Columns in which every row has a value."""

Row = tuple[Any, ...]
"""The cells of a row: tuples, which the copies of a world share."""


def is_format(text: str) -> bool:
    """Whether timestamps can be written this way."""
    return text in _FORMATS


def read(
    world: World,
    path: str,
    attributes: Sequence[Mapping[str, str]],
    moments: str | None = None,
    kind: str | None = None,
) -> tuple[tuple[Row, ...], int]:
    """The rows of the files under a path, as the schema has them, and how many bytes they were.

    moments: the format of timestamps. kind: `CSV` or `PARQUET`; a file's name can say the latter too.
    """
    rows: list[Row] = []
    size = 0
    for name, data in _files(world, path):
        size += len(data)
        parquet = kind == "PARQUET" or name.lower().endswith(_PARQUET)
        found = _parquet(data, name, attributes) if parquet else _csv(data, name)
        written = moments or DEFAULT_FORMAT
        rows.extend(_row(cells, attributes, written, f"row {number} of {name}") for number, cells in found)
    if not rows:
        raise WorkFailed(f"The input data at {path} is empty.")
    return tuple(rows), size


def _files(world: World, path: str) -> Iterator[tuple[str, bytes]]:
    """The file that a path names, or all in its folder."""
    where = place(path)
    if where is None:
        raise WorkFailed(f"The S3 path {path} is not valid.")
    folder = where.key if not where.key or where.key.endswith("/") else f"{where.key}/"
    try:
        keys = world.s3.keys(where.bucket, where.key)
        within = [key for key in keys if key.startswith(folder) and not key.endswith("/")]
        keys = [where.key] if where.key in keys and where.key != folder else within
        if not keys:
            raise WorkFailed(f"No files were found at the S3 path {path}.")
        if len(keys) > FILES:
            raise WorkFailed(f"There are {len(keys)} files at the S3 path {path}, at most {FILES} are imported.")
        for key in keys:
            yield key, world.s3.get(where.bucket, key)
    except ServiceError as error:
        raise WorkFailed(f"The S3 path {path} cannot be read: {error.code}.") from None


def _csv(data: bytes, name: str) -> Iterator[tuple[int, Sequence[Any]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkFailed(f"The file {name} is not encoded in UTF-8.") from None
    try:
        yield from ((number, cells) for number, cells in enumerate(csv.reader(io.StringIO(text)), 1) if cells)
    except csv.Error as error:
        raise WorkFailed(f"The file {name} is not a CSV file: {error}.") from None


def _parquet(data: bytes, name: str, attributes: Sequence[Mapping[str, str]]) -> Iterator[tuple[int, Sequence[Any]]]:
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise WorkFailed(f"Reading the Parquet file {name} needs the package pyarrow.") from None
    try:
        table = parquet.read_table(io.BytesIO(data))
    except (ValueError, OSError) as error:
        raise WorkFailed(f"The file {name} is not a Parquet file: {error}.") from None
    names = [attribute["AttributeName"] for attribute in attributes]
    if missing := [one for one in names if one not in table.column_names]:
        raise WorkFailed(f"The file {name} has no column {missing[0]}, which the schema has.")
    for number, record in enumerate(table.select(names).to_pylist(), 1):
        yield number, list(record.values())


def _row(cells: Sequence[Any], attributes: Sequence[Mapping[str, str]], moments: str, where: str) -> Row:
    if len(cells) != len(attributes):
        raise WorkFailed(
            f"The number of columns in the data does not match the schema: {where} has {len(cells)} columns, the "
            f"schema has {len(attributes)}."
        )
    return tuple(
        _value(cell, attribute["AttributeName"], attribute["AttributeType"], moments, where)
        for cell, attribute in zip(cells, attributes, strict=True)
    )


def _value(cell: Any, name: str, kind: str, moments: str, where: str) -> Any:
    text = "" if cell is None else str(cell).strip()
    if not text:
        if name in _REQUIRED:
            raise WorkFailed(f"The column {name} must have a value in every row: it is empty in {where}.")
        return None
    try:
        if kind == "timestamp":
            moment = _moment(cell, moments)
            if moment.year not in YEARS:
                raise ValueError("far away")
            return moment
        if kind == "integer":
            return math.nan if text.lower() == "nan" else _within(int(text), INTEGER)
        if kind == "float":
            return _within(float(text), FLOAT)
    except ValueError:
        wanted = f"the format {moments}" if kind == "timestamp" else f"the type {kind}"
        raise WorkFailed(f"The value in column {name} is not of {wanted}: {where}.") from None
    return text


def _within(number: float, most: float) -> float:
    if abs(number) > most:
        raise ValueError("too large")
    return number if abs(number) > LEAST or math.isnan(number) else number * 0


def _moment(cell: Any, moments: str) -> datetime:
    """A timestamp; a day alone is midnight, and where the format is a day there can be a time too."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime.combine(cell, datetime.min.time())
    return _written(str(cell).strip(), moments)


@lru_cache(maxsize=1 << 14)
def _written(text: str, moments: str) -> datetime:
    """Series of one dataset share their dates: each is read once."""
    try:
        return datetime.strptime(text, _FORMATS[moments])
    except ValueError:
        if moments == DEFAULT_FORMAT:
            raise
        return datetime.strptime(text, _FORMATS[DEFAULT_FORMAT])


def statistics(rows: Sequence[Row], attributes: Sequence[Mapping[str, str]]) -> dict[str, dict[str, Any]]:
    """What an import shows of each column."""
    return {
        attribute["AttributeName"]: _column([row[place] for row in rows], attribute["AttributeType"])
        for place, attribute in enumerate(attributes)
    }


def _column(cells: Sequence[Any], kind: str) -> dict[str, Any]:
    known = [cell for cell in cells if cell is not None]
    counts = {"Count": len(cells), "CountDistinct": len(set(known)), "CountNull": len(cells) - len(known)}
    more: dict[str, Any] = {}
    if kind in ("integer", "float"):
        numbers = [cell for cell in known if not math.isnan(cell)]
        counts["CountNan"] = len(known) - len(numbers)
        counts["CountDistinct"] = len(set(numbers))
        if numbers:
            more = {
                "Min": str(min(numbers)),
                "Max": str(max(numbers)),
                "Avg": fmean(numbers),
                "Stddev": stdev(numbers) if len(numbers) > 1 else 0.0,
            }
    elif kind == "timestamp" and known:
        more = {"Min": f"{min(known).isoformat()}Z", "Max": f"{max(known).isoformat()}Z"}
    return {**counts, **more, **{f"{name}Long": number for name, number in counts.items()}}
