"""What a product did, ready to be printed and to be put into the report."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Section:
    """One table, and pieces of HTML beside it (a picture, a player)."""

    product: str
    title: str
    rows: list[dict[str, Any]]
    pieces: list[str] = field(default_factory=list)

    def to_text(self, width: int = 46) -> str:
        """The table for a terminal; long cells are cut at `width` characters."""
        if not self.rows:
            return f"{self.title}\n  (nothing found)"
        heads = list(self.rows[0])
        lines = [heads, *([_short(str(row[head]), width) for head in heads] for row in self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
        text = ["  " + "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        text.insert(1, "  " + "  ".join("-" * w for w in widths))
        return "\n".join([self.title, *text])

    def to_html(self) -> str:
        """The table and the pieces."""
        heads = list(self.rows[0]) if self.rows else []
        head = "".join(f"<th>{html.escape(h)}</th>" for h in heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(row[h]))}</td>" for h in heads) + "</tr>" for row in self.rows
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if heads else ""
        return f"<section><h2>{html.escape(self.title)}</h2>{table}{''.join(self.pieces)}</section>"


def _short(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
