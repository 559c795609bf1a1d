"""What calls cost, for other programs and for people: rows, CSV, JSON, and a page with a plot."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidCallError

if TYPE_CHECKING:
    from .costs import Costs

COLUMNS = ("operation", "product", "calls", "failed", "unpriced", "billed", "saved")
_STYLE = (
    "body{font:15px system-ui,sans-serif;margin:2em;max-width:60em}table{border-collapse:collapse;margin:1em 0}"
    "th,td{padding:.25em .8em;text-align:right;border-bottom:1px solid #ddd}th:first-child,td:first-child"
    "{text-align:left}.bar{background:#3b7dd8;height:1em;min-width:1px}td.plot{width:24em;text-align:left}"
)


def rows(costs: Costs) -> list[dict[str, Any]]:
    """A dict per operation; amounts are Decimal."""
    return [{name: getattr(line, name) for name in COLUMNS} for line in costs.lines]


def save(costs: Costs, path: str | os.PathLike[str]) -> Path:
    """Write the costs to a file, in the format of its suffix: .csv, .json or .html."""
    place = Path(path)
    writers = {".csv": as_csv, ".json": as_json, ".html": as_html}
    write = writers.get(place.suffix.lower())
    if write is None:
        raise InvalidCallError(f"costs are saved as {', '.join(writers)}; {place.name!r} says none of them")
    part = place.with_name(place.name + ".part")
    part.write_text(write(costs), "utf-8")
    part.replace(place)
    return place


def as_csv(costs: Costs) -> str:
    """A line per operation, amounts exact."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_plain(value) for value in row.values()] for row in rows(costs))
    return out.getvalue()


def as_json(costs: Costs) -> str:
    """Everything; amounts are strings, which are exact."""
    told = {
        "total": _plain(costs.total),
        "would_cost": _plain(costs.would_cost),
        "operations": [{name: _plain(value) for name, value in row.items()} for row in rows(costs)],
        "by_day": _plain_map(costs.by_day),
        "by_tag": {tag: _plain_map(costs.by_tag(tag)) for tag in costs.tags},
        "notes": costs.notes,
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def as_html(costs: Costs) -> str:
    """A page that needs nothing else: the table, and a bar for each product, day and value of a tag."""
    plots = {
        "By product": costs.by_product,
        "By day": costs.by_day,
        **{f"By {tag}": costs.by_tag(tag) for tag in costs.tags},
    }
    told = f"${costs.total:,f} billed, ${costs.would_cost:,f} saved by mocks, recordings and caches"
    body = "".join(_plot(title, amounts) for title, amounts in plots.items() if amounts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Costs</title><style>{_STYLE}</style>'
        f"<h1>Costs</h1><p>{escape(told)}</p>{body}<h2>By operation</h2>{costs._repr_html_()}</html>\n"
    )


def _plot(title: str, amounts: Mapping[str, Decimal]) -> str:
    most = max(amounts.values()) or Decimal(1)
    return f"<h2>{escape(title)}</h2><table>{''.join(_bars(amounts, most))}</table>"


def _bars(amounts: Mapping[str, Decimal], most: Decimal) -> Sequence[str]:
    return [
        f"<tr><td>{escape(name)}</td><td>${amount:,f}</td>"
        f'<td class="plot"><div class="bar" style="width:{float(100 * amount / most):.1f}%"></div></td></tr>'
        for name, amount in amounts.items()
    ]


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value


def _plain_map(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: format(amount, "f") for name, amount in amounts.items()}
