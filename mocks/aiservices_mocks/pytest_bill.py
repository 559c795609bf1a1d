"""What a suite asked its mocks, and what AWS would have billed for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .backend import Mock


class Bill:
    """Adds up the calls of many mocks."""

    def __init__(self) -> None:
        self.calls = 0
        self.dollars = Decimal(0)
        self.unpriced = 0

    def add(self, mock: Mock) -> None:
        """The calls of a mock that were answered."""
        from aiservices.money.meter import Meter
        from aiservices.money.prices import PriceBook

        meter = Meter(PriceBook(), mock.clock)
        for recorded in mock.calls():
            self.calls += 1
            if recorded.reply is None:
                continue
            cost = meter.charge(recorded.call, recorded.reply).cost  # of S3: what stands there may price a job
            if recorded.call.service == "s3":
                continue
            if cost is None:
                self.unpriced += 1
            else:
                self.dollars += cost

    def told(self) -> list[Any]:
        """As another process can add it."""
        return [self.calls, str(self.dollars), self.unpriced]

    def add_told(self, told: list[Any]) -> None:
        """What another process told."""
        calls, dollars, unpriced = told
        self.calls, self.dollars, self.unpriced = (
            self.calls + calls,
            self.dollars + Decimal(dollars),
            self.unpriced + unpriced,
        )

    def __str__(self) -> str:
        unknown = f", {self.unpriced} calls of unknown price" if self.unpriced else ""
        return f"{self.calls:,} calls answered by mocks; on AWS ${self.dollars:.4f}{unknown}"
