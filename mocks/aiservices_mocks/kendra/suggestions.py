"""The settings of query suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import keywords, stateful
from aiservices_mocks.store import Table

from .of_index import OfIndex

_DEFAULTS: Mapping[str, Any] = {
    "Mode": "ENABLED",
    "QueryLogLookBackWindowInDays": 180,
    "IncludeQueriesWithoutUserInformation": True,
    "MinimumNumberOfQueryingUsers": 3,
    "MinimumQueryCount": 3,
    "AttributeSuggestionsConfig": {"SuggestableConfigList": [], "AttributeSuggestionsMode": "INACTIVE"},
}
"""Settings of an index nobody has changed.

Source: https://docs.aws.amazon.com/kendra/latest/APIReference/API_UpdateQuerySuggestionsConfig.html
"""
_SECONDS = 300
"""Until new settings are in force."""


class Suggestions(OfIndex):
    """How suggestions are made; making them is not answered here."""

    @stateful
    def describe_query_suggestions_config(self, index_id: str) -> Reply:
        """The settings: the defaults, with what was changed."""
        self._found("Index", Id=index_id)
        kept = self._suggestions.get(index_id, {})
        status = "ACTIVE" if self._in_force(kept, look=True) else "UPDATING"
        settings = {**_DEFAULTS, **kept.get("settings", {})}
        cleared = {"LastClearTime": kept["cleared"]} if "cleared" in kept else {}
        return {**settings, "Status": status, **cleared, "TotalSuggestionsCount": 0}

    @stateful
    def update_query_suggestions_config(self, index_id: str, **members: Any) -> Reply:
        """Settings that are not given stay; one update at a time."""
        names = keywords(self.name, "UpdateQuerySuggestionsConfig")
        given = {name: members[word] for name, word in names.items() if word in members}
        with self.world.lock:
            self._found("Index", Id=index_id)
            kept = self._suggestions.get(index_id, {})
            if not self._in_force(kept, look=False):
                raise self.error("ConflictException", "An update of the settings is under way; wait until it is done.")
            settings = {**kept.get("settings", {}), **given}
            self._suggestions[index_id] = {**kept, "settings": settings, "updated": self.world.clock.now()}
        return {}

    @stateful
    def clear_query_suggestions(self, index_id: str) -> Reply:
        """When they were cleared shows in the settings."""
        with self.world.lock:
            self._found("Index", Id=index_id)
            self._suggestions[index_id] = {**self._suggestions.get(index_id, {}), "cleared": self.world.clock.now()}
        return {}

    def _in_force(self, kept: Mapping[str, Any], *, look: bool) -> bool:
        since = kept.get("updated")
        if since is None:
            return True
        if look:
            return self.world.clock.passed(since, _SECONDS)
        return bool((self.world.clock.now() - since).total_seconds() >= _SECONDS)

    @property
    def _suggestions(self) -> Table:
        return self.world.store.table(self.name, "suggestions")
