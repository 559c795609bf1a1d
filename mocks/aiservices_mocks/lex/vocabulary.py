"""Custom vocabularies: words that a locale is to hear rightly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from .asking import Asking, short_id
from .of_bot import DRAFT

ITEMS = 500
"""Items of one vocabulary."""
BATCH = 10
"""Items of one request."""
_OF = ("botId", "botVersion", "localeId")
Items = dict[str, dict[str, Any]]
Problems = list[dict[str, str]]


class Vocabularies(Asking):
    """The custom vocabulary of each locale: kept with it, and so copied and deleted with it.

    It begins with its first item and stays, if empty, until it is deleted.
    """

    @stateful
    def batch_create_custom_vocabulary_item(self, **request: Any) -> Reply:
        """New items; a phrase that is there already, or comes twice, is an error of its own."""

        def create(items: Items, given: Sequence[Mapping[str, Any]], errors: Problems) -> list[dict[str, Any]]:
            before = {item["phrase"] for item in items.values()}
            made: Items = {}
            for one in given:
                if one["phrase"] in before:
                    errors.append(_problem("RESOURCE_ALREADY_EXISTS"))
                elif any(one["phrase"] == item["phrase"] for item in made.values()):
                    errors.append(_problem("DUPLICATE_INPUT"))
                else:
                    key = short_id(self.world)
                    made[key] = {"itemId": key, **one}
            items |= made
            return list(made.values())

        return self._changed("BatchCreateCustomVocabularyItem", request, create, begins=True)

    @stateful
    def batch_update_custom_vocabulary_item(self, **request: Any) -> Reply:
        """Other contents of items; one that is not there is an error of its own."""

        def update(items: Items, given: Sequence[Mapping[str, Any]], errors: Problems) -> list[dict[str, Any]]:
            made = []
            for one in given:
                others = [item["phrase"] for key, item in items.items() if key != one["itemId"]]
                if one["itemId"] not in items:
                    errors.append(_problem("RESOURCE_DOES_NOT_EXIST", one["itemId"]))
                elif one["phrase"] in others:
                    errors.append(_problem("RESOURCE_ALREADY_EXISTS", one["itemId"]))
                else:
                    items[one["itemId"]] = dict(one)
                    made.append(dict(one))
            return made

        return self._changed("BatchUpdateCustomVocabularyItem", request, update)

    @stateful
    def batch_delete_custom_vocabulary_item(self, **request: Any) -> Reply:
        """Items go; one that is not there is an error of its own."""

        def delete(items: Items, given: Sequence[Mapping[str, Any]], errors: Problems) -> list[dict[str, Any]]:
            missing = [one["itemId"] for one in given if one["itemId"] not in items]
            errors.extend(_problem("RESOURCE_DOES_NOT_EXIST", key) for key in missing)
            return [items.pop(one["itemId"]) for one in given if one["itemId"] in items]

        return self._changed("BatchDeleteCustomVocabularyItem", request, delete)

    @stateful
    def list_custom_vocabulary_items(self, **request: Any) -> Reply:
        """The items in the order they came."""
        operation = "ListCustomVocabularyItems"
        params = self.named(operation, request)
        items = list(self._vocabulary(operation, params)["items"])
        return {**_named(params), **self.listed(operation, params, items, "customVocabularyItems")}

    @stateful
    def describe_custom_vocabulary_metadata(self, **request: Any) -> Reply:
        """When it began and was changed last."""
        operation = "DescribeCustomVocabularyMetadata"
        params = self.named(operation, request)
        found = self._vocabulary(operation, params)
        times = {"creationDateTime": found["created"], "lastUpdatedDateTime": found["changed"]}
        return {**_named(params), "customVocabularyStatus": "Ready", **times}

    @stateful
    def delete_custom_vocabulary(self, **request: Any) -> Reply:
        """All items go."""
        operation = "DeleteCustomVocabulary"
        params = self.named(operation, request)
        with self.world.lock:
            self._vocabulary(operation, params)
            with self._editing(operation, params) as locale:
                self.keepers["BotLocale"].change(locale, {"customVocabulary": None})
        return {**_named(params), "customVocabularyStatus": "Deleting"}

    def put_vocabulary(self, locale: Record, items: Sequence[Mapping[str, Any]]) -> None:
        """Give a locale these items; each that has no id gets one."""
        now = self.world.clock.now()
        old = locale["members"].get("customVocabulary") or {"created": now}
        named = [item if "itemId" in item else {"itemId": short_id(self.world), **item} for item in items]
        vocabulary = {"items": named, "created": old["created"], "changed": now}
        self.keepers["BotLocale"].change(locale, {"customVocabulary": vocabulary})

    def _changed(
        self,
        operation: str,
        request: Mapping[str, Any],
        act: Callable[[Items, Sequence[Mapping[str, Any]], Problems], list[dict[str, Any]]],
        begins: bool = False,
    ) -> Reply:
        """What comes of changing the items of a draft; begins: whether that may be the first."""
        params = self.named(operation, request)
        with self.world.lock:
            if params["botVersion"] != DRAFT:
                raise self._invalid("Only the custom vocabulary of the DRAFT version can be changed.")
            if not begins:
                self._vocabulary(operation, params)
            items = {item["itemId"]: item for item in items_of(self.keepers["BotLocale"].named(operation, params))}
            errors: Problems = []
            done = act(items, params["customVocabularyItemList"], errors)
            if len(items) > ITEMS:
                raise self._full(f"The custom vocabulary has {len(items)} items, at most {ITEMS}.")
            with self._editing(operation, params) as locale:
                self.put_vocabulary(locale, list(items.values()))
        return {**_named(params), "errors": errors, "resources": done}

    def _vocabulary(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The vocabulary of the locale that a request names."""
        locale = self.keepers["BotLocale"].named(operation, params)
        found: dict[str, Any] | None = locale["members"].get("customVocabulary")
        if found is None:
            message = "The locale has no custom vocabulary. Create its first item, or import one."
            raise self._unmet(message) if operation == "DeleteCustomVocabulary" else self._missing(message)
        return found


def items_of(locale: Record) -> list[dict[str, Any]]:
    """The items of a locale's custom vocabulary; none if it has no vocabulary."""
    vocabulary = locale["members"].get("customVocabulary")
    return list(vocabulary["items"]) if vocabulary else []


_MESSAGES = {
    "DUPLICATE_INPUT": "The phrase is in the request twice.",
    "RESOURCE_ALREADY_EXISTS": "An item with this phrase exists already.",
    "RESOURCE_DOES_NOT_EXIST": "The item does not exist.",
}


def _problem(code: str, item: str = "") -> dict[str, str]:
    return {**({"itemId": item} if item else {}), "errorMessage": _MESSAGES[code], "errorCode": code}


def _named(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in _OF}
