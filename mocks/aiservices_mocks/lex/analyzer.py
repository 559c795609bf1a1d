"""The bot analyzer: what in a draft is likely to confuse those who talk to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from .asking import Asking
from .definition import FALLBACK, Members
from .of_bot import DRAFT

_FEW = 5
"""Fewer sample utterances than this are not enough."""


def _analyzed(service: Analyzer, members: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: members[name] for name in ("botId", "botVersion", "localeId") if name in members}
    found: list[dict[str, Any]] = []
    with service.world.lock:
        for locale in service.keepers["BotLocale"].all(named):
            of = {name: locale["members"][name] for name in ("botId", "botVersion", "localeId")}
            intents = [one["members"] for one in service.keepers["Intent"].all(of)]
            slots = [one["members"] for one in service.keepers["Slot"].all(of)]
            found += _issues(of["localeId"], intents, slots)
    order = ("High", "Medium", "Low")
    return {"issues": sorted(found, key=lambda issue: order.index(issue["priority"]))}


class Analyzer(Asking):
    """Analyses of drafts."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "BotAnalyzer",
            "botAnalyzerRequestId",
            made="{uuid}",
            parents={"botId": "Bot"},
            life=Life(
                "botAnalyzerStatus",
                (("Processing", 60), ("Available", 0)),
                stopped=(("Stopping", 5), ("Stopped", 0)),
                failed="Failed",
            ),
            work=_analyzed,
            defaults={"botVersion": DRAFT},
            operations={
                "read": "DescribeBotAnalyzerRecommendation",
                "list": "ListBotAnalyzerHistory",
                "delete": "",
            },
        ),
    )

    @stateful
    def start_bot_analyzer(self, bot_id: str, locale_id: str | None = None, **request: Any) -> Reply:
        """Begin to look at a draft in one language, or in all; one analysis at a time."""
        operation, keeper = "StartBotAnalyzer", self.keepers["BotAnalyzer"]
        with self.world.lock:
            if locale_id is not None:
                named = {"botId": bot_id, "botVersion": DRAFT, "localeId": locale_id}
                self.keepers["BotLocale"].named(operation, named)
            if any(keeper.look(one) in ("Processing", "Stopping") for one in keeper.all({"botId": bot_id})):
                raise self._conflict("The bot is being analyzed. Wait until that is done, or stop it.")
            return self.keep(operation, {"bot_id": bot_id, "locale_id": locale_id, **request})

    @stateful
    def describe_bot_analyzer_recommendation(self, **request: Any) -> Reply:
        """What an analysis has found."""
        operation = "DescribeBotAnalyzerRecommendation"
        params = self.named(operation, request)
        analysis = self._analysis(operation, params)
        reply = self.kept[operation](params)
        issues = analysis["members"].get("issues", [])
        return {**reply, **self.listed(operation, params, list(issues), "botAnalyzerRecommendationList")}

    @stateful
    def delete_bot_analyzer_recommendation(self, **request: Any) -> Reply:
        """What an analysis has found goes; that it took place stays in the history."""
        operation = "DeleteBotAnalyzerRecommendation"
        with self.world.lock:
            analysis = self._analysis(operation, self.named(operation, request))
            self.keepers["BotAnalyzer"].change(analysis, {"deleted": True})
        return {}

    def _analysis(self, operation: str, params: Mapping[str, Any]) -> Record:
        """An analysis whose results were not deleted."""
        found = self.keepers["BotAnalyzer"].named(operation, params)
        if "deleted" in found["members"]:
            raise self._missing("The results of this analysis were deleted. Start another one.")
        return found


def _issues(locale: str, intents: Sequence[Members], slots: Sequence[Members]) -> Iterator[dict[str, Any]]:
    """What is wrong in a locale: `issueLocation`, `priority`, `issueDescription` and `proposedFix` each."""
    spoken: dict[str, Members] = {}
    for intent in intents:
        if intent.get("parentIntentSignature") == FALLBACK:
            continue
        where = {"botLocale": locale, "intentId": intent["intentId"]}
        texts = [sample["utterance"] for sample in intent.get("sampleUtterances") or ()]
        if not texts and not intent.get("parentIntentSignature"):
            yield _issue(where, "High", "The intent has no sample utterances.", "Add sample utterances.")
        elif len(texts) < _FEW and not intent.get("parentIntentSignature"):
            yield _issue(
                where,
                "Medium",
                f"The intent has only {len(texts)} sample utterances.",
                f"Add sample utterances until there are at least {_FEW}.",
            )
        for text in texts:
            other = spoken.setdefault(" ".join(text.casefold().split()), intent)
            if other is not intent:
                yield _issue(
                    where,
                    "High",
                    f"A sample utterance is also one of the intent {other['intentName']}.",
                    "Keep it in one of the two intents only.",
                )
        if not intent.get("description"):
            yield _issue(where, "Low", "The intent has no description.", "Describe what the intent is for.")
    for slot in slots:
        where = {"botLocale": locale, "intentId": slot["intentId"], "slotId": slot["slotId"]}
        prompt = slot["valueElicitationSetting"].get("promptSpecification")
        if prompt is not None and len(prompt.get("messageGroups", ())) == 1 and prompt.get("maxRetries", 0) == 0:
            yield _issue(where, "Medium", "The slot is asked for only once.", "Allow retries of its prompt.")


def _issue(where: Mapping[str, str], priority: str, what: str, fix: str) -> dict[str, Any]:
    return {"issueLocation": dict(where), "priority": priority, "issueDescription": what, "proposedFix": fix}
