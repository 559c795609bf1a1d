"""How often a time series has a value, and where its steps begin."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

_FREQUENCY = re.compile(r"(\d{0,2})(Y|M|W|D|H|min)\Z")
_MOST = {"Y": 1, "M": 11, "W": 4, "D": 6, "H": 23, "min": 59}
"""How many of a unit one step can have at most."""
_HOURS = {"min": 1 / 60, "H": 1.0, "D": 24.0, "W": 168.0, "M": 730.0, "Y": 8760.0}
_MONDAY = datetime(1970, 1, 5)
_WEEKDAYS = [name.upper() for name in day_name]
_MONTHS = [name.upper() for name in month_name]


class Frequency(NamedTuple):
    """Steps of a number of units, and what they are aligned to."""

    number: int
    unit: str
    month: int = 1
    day: int = 1
    weekday: int = 0
    hour: int = 0

    @property
    def hours(self) -> float:
        """About how long a step is."""
        return self.number * _HOURS[self.unit]

    @property
    def season(self) -> int:
        """The steps after which a series is likely to repeat itself: a day, a week or a year."""
        whole = {"min": 1440, "H": 24, "D": 7, "W": 52, "M": 12, "Y": 1}[self.unit]
        return max(whole // self.number, 1)

    def start(self, moment: datetime) -> datetime:
        """The beginning of the step that a moment is in."""
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.unit == "min":
            minutes = moment.hour * 60 + moment.minute
            return day + timedelta(minutes=minutes - minutes % self.number)
        if self.unit == "H":
            return day + timedelta(hours=moment.hour - moment.hour % self.number)
        if self.unit in "DW":
            days = self.number if self.unit == "D" else 7 * self.number
            first = _MONDAY + timedelta(days=self.weekday if self.unit == "W" else 0, hours=self.hour)
            return moment - (moment - first) % timedelta(days=days)
        months = moment.year * 12 + moment.month - 1
        if self.unit == "M":
            months -= moment.day < self.day
            return _month(months - months % self.number).replace(day=self.day)
        months -= self.month - 1
        return _month(months - months % 12 + self.month - 1)

    def after(self, start: datetime, steps: int) -> datetime:
        """The beginning of the step that comes so many steps later."""
        units = steps * self.number
        if self.unit == "min":
            return start + timedelta(minutes=units)
        if self.unit in "HDW":
            return start + units * timedelta(hours=_HOURS[self.unit])
        months = start.year * 12 + start.month - 1 + units * (12 if self.unit == "Y" else 1)
        return _month(months).replace(day=start.day)

    def between(self, start: datetime, end: datetime) -> int:
        """How many steps after one beginning another is."""
        if self.unit in ("M", "Y"):
            months = (end.year - start.year) * 12 + end.month - start.month
            return months // (self.number * (12 if self.unit == "Y" else 1))
        return int((end - start) / timedelta(hours=1) / self.hours + 0.5)


def _month(months: int) -> datetime:
    return datetime(months // 12, months % 12 + 1, 1)


def parse(text: str, boundary: Mapping[str, Any] | None = None) -> Frequency | None:
    """`D`, `30min`, `2W`, aligned to the boundary that a predictor was given; None when it is not a frequency."""
    found = _FREQUENCY.match(text)
    count = int(found[1] or 1) if found else 0
    if found is None or not 1 <= count <= _MOST[found[2]]:
        return None
    given = boundary or {}
    return Frequency(
        count,
        found[2],
        month=_MONTHS.index(given["Month"]) if "Month" in given else 1,
        day=given.get("DayOfMonth", 1),
        weekday=_WEEKDAYS.index(given["DayOfWeek"]) if "DayOfWeek" in given else 0,
        hour=given.get("Hour", 0),
    )
