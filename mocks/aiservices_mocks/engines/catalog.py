"""Every engine there is: what it computes, its tier, its licence, and how to install it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Engine:
    """One engine.

    name: as `reply.meta.engine` says it.
    modules: the importable packages it needs; program: or a program on the PATH that serves instead.
    install: the exact command; empty when it comes with the package.
    """

    name: str
    product: str
    computes: str
    tier: Literal["built-in", "extra"]
    licence: str
    modules: tuple[str, ...] = ()
    program: str = ""
    install: str = ""

    @property
    def installed(self) -> bool:
        """Whether it can answer here."""
        if self.program and shutil.which(self.program):
            return True
        return all(find_spec(module) is not None for module in self.modules)

    @property
    def figure(self) -> str:
        """Its measured quality; empty when none was measured."""
        return _figures().get(self.name, "")


@cache
def _figures() -> dict[str, str]:
    """What `mocks/training/quality.py` measured, by engine."""
    rows: dict[str, str] = json.loads(Path(__file__).with_name("figures.json").read_text("utf-8"))["figures"]
    return rows
