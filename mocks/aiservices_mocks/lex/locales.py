"""The languages of a bot: what is said in each is made as a draft, and built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import computed, stateful

from .building import problems
from .definition import FALLBACK
from .languages import LOCALES, intents, slot_types
from .of_bot import DRAFT, OfBot
from .voices import fits, is_known

BUILDS = 5
"""Locales that are built at a time."""
FALLBACK_ID = "FALLBCKINT"
"""The id of the intent that every locale begins with."""

_FAILS = (("Building", 60), ("Failed", 0))
_SUCCEEDS = (("Building", 60), ("ReadyExpressTesting", 60), ("Built", 0))


def _locale(view: Mapping[str, Any]) -> dict[str, Any]:
    """Its name, also as filters and orders call it; and why its build failed, once it has."""
    name = LOCALES[view["localeId"]]
    failed = view["botLocaleStatus"] == "Failed"
    return {
        "localeName": name,
        "botLocaleName": name,
        **({"failureReasons": view.get("problems", [])} if failed else {}),
    }


class Locales(OfBot):
    """Locales of bots, and what Lex has built in for them."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "BotLocale",
            "localeId",
            parents={"botId": "Bot"},
            keys=("botVersion",),
            life=Life("botLocaleStatus", (("Creating", 10), ("NotBuilt", 0))),
            derived=_locale,
        ),
    )

    @stateful
    def create_bot_locale(self, **request: Any) -> Reply:
        """A language of the draft; it begins with the intent for what is not understood."""
        self._check_locale(request["locale_id"])
        self._check_voice(request)
        with self.world.lock:
            reply = self.keep("CreateBotLocale", request)
            self.kept["CreateIntent"](
                {
                    **{name: reply[name] for name in ("botId", "botVersion", "localeId")},
                    "intentId": FALLBACK_ID,
                    "intentName": "FallbackIntent",
                    "description": intents(reply["localeId"])[FALLBACK],
                    "parentIntentSignature": FALLBACK,
                }
            )
        return reply

    @stateful
    def update_bot_locale(self, **request: Any) -> Reply:
        """Other settings; it must be built again."""
        self._check_voice(request)
        with self._editing("UpdateBotLocale", self.named("UpdateBotLocale", request)) as locale:
            reply = self.keep("UpdateBotLocale", request)
        reply.pop("failureReasons", None)
        return {**reply, "botLocaleStatus": self.keepers["BotLocale"].status(locale)}

    @stateful
    def describe_bot_locale(self, bot_id: str, bot_version: str, locale_id: str) -> Reply:
        """A locale, its state, and how much is in it."""
        named = {"botId": bot_id, "botVersion": bot_version, "localeId": locale_id}
        with self.world.lock:
            reply = self.kept["DescribeBotLocale"](named)
            counts = {noun: len(self.keepers[noun].all(named)) for noun in ("Intent", "SlotType")}
        return {**reply, "intentsCount": counts["Intent"], "slotTypesCount": counts["SlotType"]}

    @stateful
    def list_bot_locales(self, bot_id: str, bot_version: str, **asked: Any) -> Reply:
        """The languages of a version."""
        named = {"botId": bot_id, "botVersion": bot_version}
        self.keepers["Bot"].named("ListBotLocales", named)
        if bot_version != DRAFT:
            self.keepers["BotVersion"].named("ListBotLocales", named)
        return self.keep("ListBotLocales", {"bot_id": bot_id, "bot_version": bot_version, **asked})

    @stateful
    def delete_bot_locale(self, bot_id: str, bot_version: str, locale_id: str) -> Reply:
        """A language of the draft goes, with everything in it."""
        named = {"botId": bot_id, "botVersion": bot_version, "localeId": locale_id}
        with self.world.lock:
            self._free("DeleteBotLocale", named)
            return self.kept["DeleteBotLocale"](named)

    @stateful
    def build_bot_locale(self, bot_id: str, bot_version: str, locale_id: str) -> Reply:
        """Begin to make the draft ready for conversations; what is missing in it lets that fail."""
        named = {"botId": bot_id, "botVersion": bot_version, "localeId": locale_id}
        keeper = self.keepers["BotLocale"]
        with self.world.lock:
            locale = self._free("BuildBotLocale", named)
            if sum(keeper.status(other) == "Building" for other in keeper.all({})) >= BUILDS:
                raise self._full(f"{BUILDS} locales are being built. Wait until one is done, then try again.")
            parts = ([r["members"] for r in self.keepers[noun].all(named)] for noun in ("Intent", "Slot", "SlotType"))
            found = problems(locale_id, *parts)
            now = self.world.clock.now()
            keeper.change(locale, {"problems": found, "lastBuildSubmittedDateTime": now})
            keeper.enter(locale, *(_FAILS if found else _SUCCEEDS))
        return {**named, "botLocaleStatus": "Building", "lastBuildSubmittedDateTime": now}

    @computed
    def list_built_in_intents(self, locale_id: str, **asked: Any) -> Reply:
        """The intents that can be the base of one's own."""
        return self._built_in("ListBuiltInIntents", "builtInIntentSummaries", locale_id, asked, intents(locale_id))

    @computed
    def list_built_in_slot_types(self, locale_id: str, **asked: Any) -> Reply:
        """The slot types that need not be made."""
        found = slot_types(locale_id)
        return self._built_in("ListBuiltInSlotTypes", "builtInSlotTypeSummaries", locale_id, asked, found)

    def _built_in(
        self, operation: str, member: str, locale: str, asked: Mapping[str, Any], found: Mapping[str, str]
    ) -> Reply:
        self._check_locale(locale)
        params = {"localeId": locale, **self.named(operation, asked)}
        signature = "slotTypeSignature" if "SlotType" in operation else "intentSignature"
        items = [{signature: name, "description": what} for name, what in found.items()]
        if params.get("sortBy", {}).get("order") == "Descending":
            items.reverse()
        return {"localeId": locale, **self.listed(operation, params, items, member)}

    def _check_locale(self, locale: str) -> None:
        if locale not in LOCALES:
            raise self._invalid(f"The locale isn't supported. Use one of {', '.join(LOCALES)}.")

    def _check_voice(self, request: Mapping[str, Any]) -> None:
        voice = request.get("voice_settings") or {}
        name, engine = voice.get("voiceId"), voice.get("engine")
        if name is not None and not fits(request["locale_id"], name, engine):
            values = f"{name if is_known(name) else 'This name'} and {engine or 'standard'}"
            raise self._invalid(f"{values} are not valid values for Voice Id and Engine respectively.")
