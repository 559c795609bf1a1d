"""How results show themselves: as a DataFrame, as HTML in a notebook, as a number of things."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError

if TYPE_CHECKING:
    from pandas import DataFrame


def frame(
    rows: Sequence[Mapping[str, Any] | Sequence[Any]], columns: Sequence[str] | None = None, index: Any = None
) -> DataFrame:
    """The rows as a DataFrame. columns: None takes the rows' own. index: None counts them."""
    try:
        import pandas
    except ImportError as error:
        raise MissingExtraError("A DataFrame", "pandas") from error
    return pandas.DataFrame(list(rows), columns=list(columns) if columns else None, index=index)


def table(rows: Iterable[Sequence[object]], head: Sequence[str] = (), caption: str = "") -> str:
    """An HTML table of texts and numbers; the first cell of a row names it."""
    parts = [f"<caption>{html.escape(caption)}</caption>"] * bool(caption)
    if head:
        parts.append(f"<thead><tr>{''.join(f'<th>{html.escape(name)}</th>' for name in head)}</tr></thead>")
    body = (
        f"<tr><th>{_cell(name)}</th>{''.join(f'<td>{_cell(value)}</td>' for value in values)}</tr>"
        for name, *values in rows
    )
    return f"<table>{''.join(parts)}<tbody>{''.join(body)}</tbody></table>"


def bars(scores: Mapping[str, float], caption: str = "") -> str:
    """Scores (0..1) as an HTML table with a bar each."""
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th><td><progress value='{score:.3f}'></progress></td><td>{score:.3f}</td></tr>"
        for name, score in scores.items()
    )
    return f"<table>{f'<caption>{html.escape(caption)}</caption>' * bool(caption)}{rows}</table>"


def plural(count: int, thing: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{count:,} {thing}{'s' * (count != 1)}"


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    return html.escape(text)
