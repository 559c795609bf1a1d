"""Bots as files, and files as bots again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.limits import checker
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import keywords
from aiservices_mocks.store import Record

from .archive import ArchiveError
from .bot_files import IntentFiles, LocaleFiles, read_bot, read_vocabulary, write_bot, write_locale
from .definition import FALLBACK, by_intent
from .locales import FALLBACK_ID
from .of_bot import DRAFT
from .vocabulary import BATCH, ITEMS, Vocabularies, items_of

_PARTS = ("Bot", "BotAlias", "BotLocale", "Intent", "SlotType", "Slot")
_SESSION_SECONDS = 300
"""How long a session of an imported bot lasts when nobody says."""


class Restoring(Vocabularies):
    """Writes what rows have into files, and makes rows of files."""

    def bot_files(self, bot: Mapping[str, Any], version: str) -> dict[str, bytes]:
        """A bot in one version, with all its locales."""
        name = bot["botName"]
        files = {f"{name}/Bot.json": write_bot({**bot, "botVersion": version})}
        for record in self.keepers["BotLocale"].all({"botId": bot["botId"], "botVersion": version}):
            locale = record["members"]
            files |= self.locale_files(f"{name}/BotLocales/{locale['localeId']}", locale)
        return files

    def locale_files(self, folder: str, locale: Mapping[str, Any]) -> dict[str, bytes]:
        """A locale with everything in it."""
        named = {name: locale[name] for name in ("botId", "botVersion", "localeId")}
        parts = {noun: [r["members"] for r in self.keepers[noun].all(named)] for noun in ("Intent", "SlotType", "Slot")}
        slots = by_intent(parts["Slot"])
        intents = [IntentFiles(intent, slots[intent["intentId"]]) for intent in parts["Intent"]]
        vocabulary = locale.get("customVocabulary")
        shown = self.kept["DescribeBotLocale"](named)
        files = LocaleFiles(
            {**locale, "localeName": shown.get("localeName")},
            intents,
            parts["SlotType"],
            vocabulary["items"] if vocabulary else None,
        )
        names = {kind["slotTypeId"]: kind["slotTypeName"] for kind in parts["SlotType"]}
        return dict(write_locale(folder, files, names))

    def restore(self, kind: str, what: Mapping[str, Any], strategy: str, files: Mapping[str, bytes]) -> dict[str, Any]:
        """Make what an archive holds: a bot, a locale of a bot, or its custom vocabulary."""
        with self.world.lock:
            if kind == "Bot":
                return self._restore_bot(what, strategy, files)
            if kind == "BotLocale":
                return self._restore_one_locale(what, strategy, files)
            return self._restore_vocabulary(what, strategy, files)

    def _restore_bot(self, what: Mapping[str, Any], strategy: str, files: Mapping[str, bytes]) -> dict[str, Any]:
        found = read_bot(files)
        if found.bot is None:
            raise ArchiveError("The archive holds a locale, not a bot: it has no Bot.json.")
        name = what["botName"]
        old = next(iter(self.keepers["Bot"].all({"botName": name})), None)
        if old is not None and strategy == "FailOnConflict":
            raise WorkFailed(f"A bot with the name {name} exists already. Import under another name, or overwrite it.")
        members = {"idleSessionTTLInSeconds": _SESSION_SECONDS, **found.bot, **what}
        with self._whole(old):
            if old is None:
                bot_id = self._made("CreateBot", members)["botId"]
            else:
                bot_id = old["members"]["botId"]
                self.keepers["Bot"].enter(old, ("Available", 0.0))  # what is done with it ends before it is changed
                members.pop("botTags", None)
                members.pop("testBotAliasTags", None)
                self._made("UpdateBot", {**members, "botId": bot_id})
            for locale in found.locales:
                self._restore_locale({"botId": bot_id, "botVersion": DRAFT}, locale)
        return {"importedResourceId": bot_id, "importedResourceName": name}

    def _restore_one_locale(self, what: Mapping[str, Any], strategy: str, files: Mapping[str, bytes]) -> dict[str, Any]:
        bot = self.still("Bot", what)
        found = read_bot(files)
        named = {name: what[name] for name in ("botId", "botVersion", "localeId")}
        if self.keepers["BotLocale"].find(named) is not None and strategy == "FailOnConflict":
            raise WorkFailed(f"The bot has the locale {what['localeId']} already. Overwrite it, or delete it first.")
        fitting = [one for one in found.locales if one.locale.get("localeId") == what["localeId"]] or found.locales
        if len(fitting) != 1:
            raise ArchiveError(f"The archive holds {len(fitting)} locales, and none is the one that is wanted.")
        with self._whole(bot):
            fitting[0].locale |= {name: value for name, value in what.items() if name not in named}
            fitting[0].locale["localeId"] = what["localeId"]
            self._restore_locale({"botId": what["botId"], "botVersion": DRAFT}, fitting[0])
        return {"importedResourceId": what["localeId"], "importedResourceName": what["localeId"]}

    def _restore_vocabulary(self, what: Mapping[str, Any], strategy: str, files: Mapping[str, bytes]) -> dict[str, Any]:
        self.still("BotLocale", what)
        items = self._checked_items(what, read_vocabulary(files))
        with self._editing("BatchCreateCustomVocabularyItem", what) as locale:
            old = items_of(locale)
            if old and strategy == "FailOnConflict":
                raise WorkFailed("The locale has a custom vocabulary already. Overwrite it, or delete it first.")
            phrases = {item["phrase"] for item in items}
            stay = [item for item in old if item["phrase"] not in phrases] if strategy == "Append" else []
            self.put_vocabulary(locale, [*stay, *items])
        return {"importedResourceId": what["localeId"], "importedResourceName": what["localeId"]}

    def _restore_locale(self, of: Mapping[str, str], files: LocaleFiles) -> None:
        if "localeId" not in files.locale:
            raise ArchiveError("BotLocale.json has no identifier.")
        named = {**of, "localeId": files.locale["localeId"]}
        members = {"nluIntentConfidenceThreshold": 0.4, **files.locale, **named}
        if self.keepers["BotLocale"].find(named) is None:
            self._made("CreateBotLocale", members)
        else:
            self._made("UpdateBotLocale", members)
            self._empty(named)
        ids: dict[str, str] = {}
        for kind in sorted(files.types, key=lambda kind: "compositeSlotTypeSetting" in kind):
            made = self._made("CreateSlotType", {**_with_ids(kind, ids), **named})
            ids[kind["slotTypeName"]] = made["slotTypeId"]
        for one in files.intents:
            self._restore_intent(named, one, ids)
        if files.vocabulary is not None:
            locale = self.keepers["BotLocale"].find(named)
            assert locale is not None
            self.put_vocabulary(locale, self._checked_items(named, files.vocabulary))

    def _restore_intent(self, named: Mapping[str, str], files: IntentFiles, ids: Mapping[str, str]) -> None:
        fallback = {**named, "intentId": FALLBACK_ID}
        if files.intent.get("parentIntentSignature") == FALLBACK and self.keepers["Intent"].find(fallback) is not None:
            intent_id = FALLBACK_ID
            self._made("UpdateIntent", {**files.intent, **fallback})
        else:
            intent_id = self._made("CreateIntent", {**files.intent, **named})["intentId"]
        slots: dict[str, str] = {}
        for slot in files.slots:
            made = self._made("CreateSlot", {**_with_ids(slot, ids), **named, "intentId": intent_id})
            slots[slot["slotName"]] = made["slotId"]
        if slots:
            order = [
                {"priority": place["priority"], "slotId": slots[place["slotName"]]}
                for place in files.priorities
                if place["slotName"] in slots and "priority" in place
            ]
            intent = {**files.intent, **named, "intentId": intent_id, "slotPriorities": order}
            self._made("UpdateIntent", intent)

    def _checked_items(self, named: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Items of a custom vocabulary, held against the model like a caller's."""
        operation = "BatchCreateCustomVocabularyItem"
        checked: list[dict[str, Any]] = []
        of = {name: named[name] for name in ("botId", "botVersion", "localeId")}
        for begin in range(0, len(items), BATCH):
            params = {**of, "customVocabularyItemList": list(items[begin : begin + BATCH])}
            checked += checker(self.name, operation)(params)["customVocabularyItemList"]
        if len(checked) > ITEMS:
            raise ArchiveError(f"The custom vocabulary has {len(checked)} items, at most {ITEMS}.")
        return checked

    def _empty(self, named: Mapping[str, str]) -> None:
        """Take everything out of a locale but its fallback intent."""
        for noun in ("Slot", "Intent", "SlotType"):
            for record in self.keepers[noun].all(named):
                if record["members"].get("parentIntentSignature") != FALLBACK:
                    self.keepers[noun].remove(record)

    def _made(self, operation: str, params: Mapping[str, Any]) -> Reply:
        """What the operation answers to members from a file, which are held against the model like a caller's."""
        accepted = keywords(self.name, operation)
        given = {name: value for name, value in params.items() if name in accepted and value is not None}
        try:
            return self._asked(operation, checker(self.name, operation)(given))
        except ServiceError as error:
            raise WorkFailed(f"{operation}: {error.message}") from error

    @contextmanager
    def _whole(self, bot: Record | None) -> Iterator[None]:
        """Undo what was done to a bot, or that it was made, when the rest fails."""
        bots = [one["members"]["botId"] for one in self.keepers["Bot"].all({})]
        before = deepcopy(self._parts(bot["members"]["botId"])) if bot is not None else []
        try:
            yield
        except BaseException:
            if bot is not None:
                for noun, record in self._parts(bot["members"]["botId"]):
                    if noun != "Bot":
                        self.keepers[noun].remove(record)
                for noun, record in before:
                    self.keepers[noun].copy(record)
            for record in self.keepers["Bot"].all({}):
                if record["members"]["botId"] not in bots:
                    self.keepers["Bot"].remove(record)
            raise

    def _parts(self, bot_id: str) -> list[tuple[str, Record]]:
        return [(noun, record) for noun in _PARTS for record in self.keepers[noun].all({"botId": bot_id})]


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    """A slot or slot type with the slot types that it names by their ids."""
    if isinstance(value, Mapping):
        return {
            name: ids.get(inner, inner) if name == "slotTypeId" and isinstance(inner, str) else _with_ids(inner, ids)
            for name, inner in value.items()
        }
    return [_with_ids(item, ids) for item in value] if isinstance(value, list) else value
