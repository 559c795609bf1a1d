"""The attributes of one SSML tag: each is taken by name, none may be left, and values are read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from aiservices.errors import nearest

T = TypeVar("T")

_VOLUMES = {"silent": -120.0, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "loud": 6.0, "x-loud": 10.0}


class SsmlError(ValueError):
    """The SSML is not well-formed, or not Polly's; the message says where and what, never the text."""


class Attributes:
    """What stands in one tag."""

    def __init__(self, tag: str, values: dict[str, str]) -> None:
        self._tag = tag
        self._values = values

    def take(self, *names: str) -> list[str | None]:
        """The values of all attributes there may be; any other is an error."""
        found = [self._values.pop(name, None) for name in names]
        if self._values:
            raise SsmlError(f"<{self._tag}> has an unknown attribute{nearest(next(iter(self._values)), names)}")
        return found

    def _wrong(self, name: str) -> SsmlError:
        return SsmlError(f"<{self._tag} {name}> has a value that is not allowed")

    def one_of(self, name: str, value: str, known: Mapping[str, T]) -> T:
        """What stands for a word."""
        if value not in known:
            raise self._wrong(name)
        return known[value]

    def seconds(self, name: str, value: str) -> float:
        """`3s` or `300ms`."""
        found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(ms|s)", value.strip())
        if not found:
            raise self._wrong(name)
        return float(found[1]) / (1000 if found[2] == "ms" else 1)

    def decibels(self, value: str) -> float:
        """A volume: a word, or `+6dB`."""
        if value in _VOLUMES:
            return _VOLUMES[value]
        found = re.fullmatch(r"([+-][0-9]+(?:\.[0-9]+)?)dB", value.strip())
        if not found:
            raise self._wrong("volume")
        return float(found[1])

    def factor(self, name: str, value: str, known: Mapping[str, float], signed: bool = False) -> float:
        """A word or a percentage as a factor above 0: `120%` and `+20%` are 1.2; signed: the sign must be there."""
        if value in known:
            return known[value]
        found = re.fullmatch(r"([+-]?)([0-9]+(?:\.[0-9]+)?)%", value.strip())
        if not found or (signed and not found[1]):
            raise self._wrong(name)
        amount = float(found[2]) / 100
        if found[1]:
            amount = 1 + amount if found[1] == "+" else 1 - amount
        if amount <= 0:
            raise self._wrong(name)
        return amount
