"""Query suggestions, made of the queries that were asked and of attributes, and their settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.engines import search
from aiservices_mocks.service import keywords, stateful
from aiservices_mocks.store import Record, Table

from .filters import wrapped
from .searching import Searching

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


_COUNT = 5
"""Suggestions, unless more are asked for; 10 at most.
Source: https://docs.aws.amazon.com/kendra/latest/APIReference/API_GetQuerySuggestions.html"""


class Suggestions(Searching):
    """What many have asked is suggested to others, unless a list of blocked words has it."""

    @stateful
    def get_query_suggestions(
        self,
        index_id: str,
        query_text: str,
        max_suggestions_count: int = _COUNT,
        suggestion_types: list[str] | None = None,
        attribute_suggestions_config: dict[str, Any] | None = None,
    ) -> Reply:
        """What goes on from a beginning: popular queries, or values of attributes."""
        self._active(index_id)
        if not 1 <= max_suggestions_count <= 10:
            raise self.error("ValidationException", "MaxSuggestionsCount is 1 to 10.")
        settings = self._settings(index_id)
        begin = query_text.strip().casefold()
        found: list[dict[str, Any]] = []
        types = suggestion_types or ["QUERY"]
        if "QUERY" in types and settings["Mode"] == "ENABLED":
            popular = self._popular(index_id, settings)
            found += [{"text": text} for text in popular if _begins(text, begin)]
        if "DOCUMENT_ATTRIBUTES" in types:
            found += self._attribute_values(index_id, settings, attribute_suggestions_config or {}, begin)
        id = self.world.new_id()
        shown = [self._suggestion(id, one, begin) for one in found[:max_suggestions_count]]
        return {"QuerySuggestionsId": id, "Suggestions": shown}

    def _settings(self, index_id: str) -> dict[str, Any]:
        return {**_DEFAULTS, **self._suggestions.get(index_id, {}).get("settings", {})}

    def _popular(self, index_id: str, settings: Mapping[str, Any]) -> list[str]:
        """The queries that found something and were asked often enough, by enough users; the most asked first."""
        now = self.world.clock.now()
        since = now - timedelta(days=settings["QueryLogLookBackWindowInDays"])
        cleared = self._suggestions.get(index_id, {}).get("cleared", since)
        asked: dict[str, list[Record]] = {}
        for one in self._asked(index_id):
            known = one["user"] is not None or settings["IncludeQueriesWithoutUserInformation"]
            if one["at"] > max(since, cleared) and one["total"] and one["text"].strip() and known:
                asked.setdefault(" ".join(one["text"].lower().split()), []).append(one)
        often = {
            text: len(queries)
            for text, queries in asked.items()
            if len(queries) >= settings["MinimumQueryCount"]
            and len(_users(queries)) >= settings["MinimumNumberOfQueryingUsers"]
        }
        blocked = self.blocked(index_id)
        allowed = [text for text in often if not any(search.spots(item, text) for item in blocked)]
        return sorted(allowed, key=lambda text: (-often[text], text))

    def _attribute_values(
        self, index_id: str, settings: Mapping[str, Any], asked: Mapping[str, Any], begin: str
    ) -> list[dict[str, Any]]:
        """Values of attributes that may be suggested, each with the documents that have it."""
        config = settings["AttributeSuggestionsConfig"]
        if config["AttributeSuggestionsMode"] != "ACTIVE":
            raise self.error("ValidationException", "Suggestions from attributes are not active in this index.")
        allowed = [one["AttributeName"] for one in config["SuggestableConfigList"] if one.get("Suggestable")]
        names = [name for name in asked.get("SuggestionAttributes", allowed) if name in allowed]
        visible = self._visible(index_id, asked.get("AttributeFilter"), asked.get("UserContext"))
        found: dict[str, dict[str, Any]] = {}
        for document in visible:
            for name, text in _texts(document, names):
                if _begins(text, begin):
                    one = found.setdefault(text, {"text": text, "documents": []})
                    one["documents"].append(_source(document, name, asked.get("AdditionalResponseAttributes", ())))
        return sorted(found.values(), key=lambda one: (-len(one["documents"]), one["text"]))

    def _suggestion(self, query: str, one: Mapping[str, Any], begin: str) -> dict[str, Any]:
        text = one["text"]
        place = text.casefold().find(begin)
        marks = [{"BeginOffset": place, "EndOffset": place + len(begin)}] if begin and place >= 0 else []
        value = {"Text": {"Text": text, "Highlights": marks}}
        sources = {"SourceDocuments": one["documents"]} if "documents" in one else {}
        return {"Id": f"{query}-{self.world.new_id()}", "Value": value, **sources}

    @stateful
    def describe_query_suggestions_config(self, index_id: str) -> Reply:
        """The settings: the defaults, with what was changed."""
        self._found("Index", Id=index_id)
        kept = self._suggestions.get(index_id, {})
        status = "ACTIVE" if self._in_force(kept, look=True) else "UPDATING"
        settings = self._settings(index_id)
        cleared = {"LastClearTime": kept["cleared"]} if "cleared" in kept else {}
        total = len(self._popular(index_id, settings))
        return {**settings, "Status": status, **cleared, "TotalSuggestionsCount": total}

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
        """What was asked until now is suggested no longer."""
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


def _begins(text: str, begin: str) -> bool:
    """Whether a text, or one of its words, goes on from a beginning."""
    return f" {text.casefold()}".find(f" {begin}") >= 0


def _users(queries: Sequence[Record]) -> set[Any]:
    """Who asked; of those who did not say, each is another."""
    return {one["user"] if one["user"] is not None else ("unknown", one["id"]) for one in queries}


def _texts(document: Record, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        content = document["attributes"].get(name)
        if name == "_document_title":
            content = content or document["title"]
        for text in content if isinstance(content, list) else [content]:
            if isinstance(text, str) and text:
                yield name, text


def _source(document: Record, name: str, further: Sequence[str]) -> dict[str, Any]:
    kept = document["attributes"]
    shown = [{"Key": key, "Value": wrapped(kept[key])} for key in further if key in kept]
    about: dict[str, Any] = {"DocumentId": document["id"], "SuggestionAttributes": [name]}
    return about | ({"AdditionalAttributes": shown} if shown else {})
