"""The catalog as people and programs read it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from .catalog import ENGINES, Engine, measured

_UNMEASURED = "not measured"
_INDENT = 13


def rows() -> list[dict[str, Any]]:
    """The engines as plain values."""
    return [
        {
            "engine": engine.name,
            "product": engine.product,
            "computes": engine.computes,
            "tier": engine.tier,
            "installed": engine.installed,
            "licence": engine.licence,
            "figure": engine.figure,
            "install": engine.install,
            "modules": list(engine.modules),
            "program": engine.program,
        }
        for engine in ENGINES
    ]


def blocks(width: int) -> str:
    """A block per engine, at most `width` characters wide."""
    parts = []
    for product, engines in groupby(ENGINES, key=lambda engine: engine.product):
        parts.append(f"{product}\n{'=' * len(product)}")
        parts += [_block(engine, width) for engine in engines]
    return "\n\n".join([*parts, f"Figures measured on {measured()}."])


def _block(engine: Engine, width: int) -> str:
    state = "installed" if engine.installed else "not installed"
    facts = {
        "computes": engine.computes,
        "licence": engine.licence,
        "install": _install(engine),
        "figure": engine.figure or _UNMEASURED,
    }
    return "\n".join([f"{engine.name}  ({engine.tier}, {state})", *_wrapped(facts, width)])


def _wrapped(facts: dict[str, str], width: int) -> Iterator[str]:
    for name, fact in facts.items():
        yield textwrap.fill(
            fact,
            width,
            initial_indent=f"  {name}".ljust(_INDENT),
            subsequent_indent=" " * _INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _install(engine: Engine, quote: str = "") -> str:
    command = f"{quote}{engine.install}{quote}"
    return f"{command}, or the program {quote}{engine.program}{quote}" if engine.program else command


def markdown() -> str:
    """A table of the engines and one of their figures; what is installed here is left out."""
    heads = ("product", "engine", "computes", "tier", "install", "licence")
    facts = [(e.product, f"`{e.name}`", e.computes, e.tier, _install(e, "`"), e.licence) for e in ENGINES]
    reached = [(f"`{e.name}`", e.computes, e.figure or _UNMEASURED) for e in ENGINES]
    return (
        f"{_table(heads, facts)}\n\nFigures measured on {measured()}:\n\n"
        f"{_table(('engine', 'computes', 'figure'), reached)}"
    )


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *lines))
