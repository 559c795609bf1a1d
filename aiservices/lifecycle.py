"""Which services and features AWS has closed to new customers or ended, and what it recommends instead."""

from __future__ import annotations

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .call import Call
from .errors import LifecycleWarning


class Notice(NamedTuple):
    """What AWS says of a service, or of some of its operations."""

    services: tuple[str, ...]
    """botocore's names."""
    operations: tuple[str, ...]
    """None: all of them."""
    what: str
    state: str
    """`closed`: open only to customers who used it before; `gone`: no longer reachable."""
    since: str
    """The day."""
    instead: str
    """What AWS recommends; empty where it says nothing."""
    sources: tuple[str, ...]
    """Addresses."""

    def __str__(self) -> str:
        state = "is closed to new customers" if self.state == "closed" else "no longer exists"
        instead = f"; AWS recommends {self.instead}" if self.instead else ""
        return f"{self.what} {state} since {self.since}{instead}"


@cache
def notices() -> tuple[Notice, ...]:
    """All that is known, as of `as_of()`."""
    content = _content()
    sources = content["meta"]["sources"]
    return tuple(
        Notice(
            tuple(row["services"]), tuple(row.get("operations", ())), row["what"], row["state"], row["since"],
            row["instead"], tuple(sources[name] for name in row["source"]),
        )
        for row in content["rows"]
    )  # fmt: skip


def as_of() -> str:
    """When the notices were read."""
    return str(_content()["meta"]["compiled"])


def about(call: Call) -> Notice | None:
    """What concerns a call."""
    for notice in notices():
        if call.service in notice.services and (not notice.operations or call.operation in notice.operations):
            return notice
    return None


def warn(call: Call) -> None:
    """Warn of a call to AWS that a new account cannot make: once a process for each notice. It is sent all the same."""
    notice = about(call)
    if notice is not None and notice not in _warned:
        _warned.add(notice)
        warnings.warn(
            f'{notice}. AWS decides about this call; AI(backend="mock") answers it without an account',
            LifecycleWarning, stacklevel=2,
        )  # fmt: skip


_warned: set[Notice] = set()


@cache
def _content() -> Any:
    return json.loads(Path(__file__).with_name("lifecycle.json").read_text("utf-8"))
