"""Amazon Kendra: enterprise search."""

from __future__ import annotations

from functools import cached_property

from ..api.kendra import KendraOperations
from ..api.kendra_ranking import KendraRankingOperations


class Kendra(KendraOperations):
    """Amazon Kendra: enterprise search."""

    @cached_property
    def ranking(self) -> KendraRankingOperations:
        """Kendra Intelligent Ranking: other engines' results in a better order."""
        return KendraRankingOperations(self._caller)
