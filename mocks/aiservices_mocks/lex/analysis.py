"""What can be learned about a bot: analytics, recommendations, generated parts, and test sets."""

from __future__ import annotations

from typing import ClassVar

from aiservices_mocks.resources import Resource

from .analytics import Analytics
from .analyzer import Analyzer
from .generations import Generations
from .recommendations import Recommendations
from .workbench_runs import TestRuns


class Analysis(Analytics, Recommendations, Generations, Analyzer, TestRuns):
    """Everything about bots that is found out, not made."""

    rows: ClassVar[tuple[Resource, ...]] = (
        *(*Recommendations.rows, *Generations.rows, *Analyzer.rows, *TestRuns.rows),
    )
