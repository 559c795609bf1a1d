"""Parts of bots that a language model would write: what they say is made up, the bookkeeping is true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.resources import Resource
from aiservices_mocks.service import schema, stateful
from aiservices_mocks.views import RECORD, changed

from . import archive, downloads
from .asking import Asking, derived, job
from .bot_files import IntentFiles, LocaleFiles, manifest, write_locale
from .of_bot import DRAFT


def _times(view: Mapping[str, Any]) -> dict[str, Any]:
    """Its times as orders call them."""
    return {"creationStartTime": view[RECORD]["created"], "lastUpdatedTime": changed(view[RECORD])}


def _generated(service: Generations, members: Mapping[str, Any]) -> dict[str, Any]:
    """A locale with an intent, made up from the model."""
    prompt, key = members["generationInputPrompt"], members["generationId"]
    made = service.made_up("DescribeIntent", {"intentId": key}, prompt)
    intent = {
        "intentId": key,
        "intentName": made["intentName"],
        "description": made.get("description"),
        "sampleUtterances": made.get("sampleUtterances", []),
    }
    locale = {"localeId": members["localeId"], "nluIntentConfidenceThreshold": 0.4}
    files = dict(write_locale(members["localeId"], LocaleFiles(locale, [IntentFiles(intent)]), {}))
    data = archive.write({**manifest("BOT_LOCALE"), **files})
    name = f"generations/{key}/locale.zip"
    return {"generatedBotLocaleUrl": downloads.offer(service.world, name, data, "application/zip")}


class Generations(Asking):
    """Generated locales and sample utterances."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "BotResourceGeneration",
            "generationId",
            made="{hex10}",
            parents={"botId": "Bot", "localeId": "BotLocale"},
            keys=("botVersion",),
            life=job("generationStatus", ("InProgress", 120), ("Complete", 0)),
            work=_generated,
            made_up=True,
            derived=derived(_times),
        ),
    )

    @stateful
    def start_bot_resource_generation(self, **request: Any) -> Reply:
        """Begin to make a locale of a description."""
        operation = "StartBotResourceGeneration"
        with self.world.lock:
            locale = self.keepers["BotLocale"].find(self.named(operation, request))
            settings = locale["members"].get("generativeAISettings", {}) if locale else {}
            builder = settings.get("buildtimeSettings", {}).get("descriptiveBotBuilder", {})
            model = builder.get("bedrockModelSpecification", {}).get("modelArn")
            return self.keep(operation, request, **({"modelArn": model} if model else {}))

    @schema
    def generate_bot_element(self, intent_id: str, bot_id: str, bot_version: str, locale_id: str) -> Reply:
        """Sample utterances for an intent."""
        named = {"botId": bot_id, "botVersion": bot_version, "localeId": locale_id, "intentId": intent_id}
        if bot_version != DRAFT:
            raise self._invalid("Sample utterances are generated for the DRAFT version only.")
        self.keepers["Intent"].named("GenerateBotElement", named)
        return self.made_up("GenerateBotElement", named)
