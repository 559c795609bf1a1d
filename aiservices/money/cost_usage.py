"""AWS's Cost and Usage Reports: the line items of CUR and CUR 2.0, CSV (as it is, .gz or .zip) or Parquet.

Their columns: https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html and
https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-line-item.html
"""

from __future__ import annotations

import csv
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, NamedTuple

from ..errors import InvalidCallError, MissingExtraError


class Item(NamedTuple):
    """One line item."""

    kind: str
    """`Usage`, or what else a bill has: `Tax`, `Credit` ..."""
    product: str
    """An offer code (`AmazonPolly`), or the product's name where the report has no codes."""
    usage_type: str
    """With the region's prefix: `USE1-DetectSentiment`."""
    group: str
    """What tells usage types apart that AWS lumps together; empty where the report does not say."""
    unit: str
    quantity: Decimal
    dollars: Decimal
    """Unblended."""
    month: date | None
    """The first day of the billing period."""
    first: date
    last: date
    """Days of UTC, both included."""
    account: str
    region: str


def read(path: str | Path) -> Iterator[Item]:
    """The line items of a report's file. Raises InvalidCallError where it cannot be read, or has not what is needed."""
    try:
        with _table(Path(path)) as (names, rows):
            places = _places([_plain(name) for name in names], path)
            for number, row in enumerate(rows, 1):
                yield _item({name: row[place] for name, place in places.items()}, f"{path}, line item {number}")
    except _BROKEN as error:
        if isinstance(error, InvalidCallError):
            raise
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is damaged, cut off or encrypted"
        raise InvalidCallError(f"the report {path} cannot be read: {why}") from None


_BROKEN = (
    OSError, EOFError, ValueError, IndexError, OverflowError, RuntimeError, csv.Error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What the readers of the formats raise."""
_NEEDED = (
    "line_item_line_item_type", "line_item_usage_type", "line_item_usage_amount", "line_item_unblended_cost",
    "line_item_usage_start_date",
)  # fmt: skip
_PRODUCT = ("line_item_product_code", "product_servicecode", "product_product_name")
_REGION = ("product_region_code", "product_region")
_MORE = (
    "line_item_usage_end_date", "line_item_usage_account_id", "line_item_currency_code", "pricing_unit",
    "product_group_description", "bill_billing_period_start_date",
)  # fmt: skip
_WIDEST = 30
"""Digits before or after the point that a quantity or an amount of money can begin at."""
_AS_SAID = Context(prec=_WIDEST, traps=[InvalidOperation, Inexact])
_BEFORE_A_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _plain(name: str) -> str:
    """CUR 2.0's name of a column: `line_item_usage_type` for `lineItem/UsageType`."""
    return _BEFORE_A_CAPITAL.sub("_", name.strip()).replace("/", "_").lower()


def _places(names: Sequence[str], path: str | Path) -> dict[str, int]:
    """Where the columns are that are read."""
    missing = [name for name in _NEEDED if name not in names]
    if not any(name in names for name in _PRODUCT):
        missing.append(" or ".join(_PRODUCT))
    if missing:
        raise InvalidCallError(
            f"{path} is no Cost and Usage Report, or was exported without columns that are needed: {', '.join(missing)}"
        )
    return {name: names.index(name) for name in (*_NEEDED, *_PRODUCT, *_REGION, *_MORE) if name in names}


def _item(told: Mapping[str, Any], where: str) -> Item:
    def text(*names: str) -> str:
        return next((str(told[name]) for name in names if told.get(name)), "")

    first = _moment(told["line_item_usage_start_date"], where)
    ended = told.get("line_item_usage_end_date")
    end = _moment(ended, where) - timedelta(microseconds=1) if ended else first
    month = told.get("bill_billing_period_start_date")
    item = Item(
        text("line_item_line_item_type"), text(*_PRODUCT), text("line_item_usage_type"),
        text("product_group_description"), text("pricing_unit"),
        _number(told["line_item_usage_amount"], where), _number(told["line_item_unblended_cost"], where),
        _moment(month, where).date() if month else None, first.date(), max(first, end).date(),
        text("line_item_usage_account_id"), text(*_REGION),
    )  # fmt: skip
    currency = text("line_item_currency_code")
    if currency not in ("", "USD") and item.dollars:
        raise InvalidCallError(f"{where} is in {currency}; a ledger is in US dollars")
    return item


def _moment(value: Any, where: str) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise InvalidCallError(f"{where}: {value!r} is no time, as 2026-11-01T00:00:00Z is one") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _number(value: Any, where: str) -> Decimal:
    """Exactly what the report says; a fee or a tax can have no quantity."""
    try:
        number = _AS_SAID.create_decimal(str(value)) if value not in (None, "") else Decimal(0)
    except (InvalidOperation, Inexact):
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > _WIDEST or number.adjusted() < -_WIDEST:
        raise InvalidCallError(f"{where}: {value!r} is no number")
    return number


_Table = tuple[Sequence[str], Iterator[Sequence[Any]]]
"""The names of the columns, and the rows."""


@contextmanager
def _table(path: Path) -> Iterator[_Table]:
    with ExitStack() as stack:
        file: Any = stack.enter_context(path.open("rb"))
        magic = file.read(4)
        file.seek(0)
        if magic == b"PAR1":
            yield _parquet(stack.enter_context(_opened(path)))
            return
        if magic[:2] == b"\x1f\x8b":
            file = stack.enter_context(gzip.open(file))
        elif magic == b"PK\x03\x04":
            file = stack.enter_context(_only_member(stack.enter_context(zipfile.ZipFile(file)), path))
        text = stack.enter_context(TextIOWrapper(file, "utf-8-sig", newline=""))
        rows = csv.reader(text, strict=True)
        yield next(rows, []), (row for row in rows if row)


def _only_member(archive: zipfile.ZipFile, path: Path) -> IO[bytes]:
    tables = [name for name in archive.namelist() if name.endswith(".csv")]
    if len(tables) != 1:
        raise InvalidCallError(f"{path} holds {len(tables)} files .csv, not one")
    return archive.open(tables[0])


def _opened(path: Path) -> Any:
    try:
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError as missing:
        raise MissingExtraError("A report in Parquet", "parquet") from missing
    return parquet.ParquetFile(path)


def _parquet(table: Any) -> _Table:
    known = {*_NEEDED, *_PRODUCT, *_REGION, *_MORE}
    names = [name for name in table.schema_arrow.names if _plain(name) in known]
    batches = table.iter_batches(columns=names)
    return names, (row for batch in batches for row in zip(*(it.to_pylist() for it in batch.columns), strict=True))
