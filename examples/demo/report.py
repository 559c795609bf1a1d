"""One self-contained HTML page."""

from __future__ import annotations

import html
from collections.abc import Sequence

from aiservices.observers.costs import Costs

from .section import Section

STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem}
h1{margin-bottom:.2rem}section{margin:2.5rem 0}table{border-collapse:collapse;width:100%;font-size:.9rem;margin:1rem 0}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
thead th{border-bottom:2px solid #8888}img{max-width:100%;border:1px solid #8886;margin:1rem 0}audio{width:100%}
.joined{display:inline-block;padding:.1rem .6rem;margin:.15rem;border-radius:1rem;border:1px solid #8886}
.joined.yes{background:#2a7d4f;color:#fff;border-color:#2a7d4f}
"""


def page(sections: Sequence[Section], costs: Costs, joined: dict[str, bool]) -> str:
    """The report: the sections, what the run would have cost, and which products have joined."""
    marks = "".join(
        f'<span class="joined{" yes" if yes else ""}">{html.escape(name)}{"" if yes else " (not yet)"}</span>'
        for name, yes in joined.items()
    )
    body = "".join(section.to_html() for section in sections)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>aiservices: the main job</title>'
        f"<style>{STYLE}</style><h1>aiservices: the main job</h1><p>Computed locally; nothing was sent to AWS.</p>"
        f"{body}<section><h2>What it would have cost on AWS</h2>{costs._repr_html_()}</section>"
        f"<section><h2>Products</h2>{marks}</section></html>\n"
    )
