"""What a conversation needs to know of a bot: its intents, slots and slot types in one version and language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiservices_mocks.engines.intents import Intent

if TYPE_CHECKING:
    from aiservices_mocks.keeper import Keeper

Members = Mapping[str, Any]

FALLBACK = "AMAZON.FallbackIntent"
BUILT_IN: Mapping[str, tuple[str, ...]] = {
    "AMAZON.CancelIntent": ("cancel", "never mind", "forget it"),
    "AMAZON.HelpIntent": ("help", "help me", "can you help me"),
    "AMAZON.PauseIntent": ("pause", "pause that"),
    "AMAZON.RepeatIntent": ("repeat", "say that again", "repeat that"),
    "AMAZON.ResumeIntent": ("resume", "continue", "keep going"),
    "AMAZON.StartOverIntent": ("start over", "restart", "start again"),
    "AMAZON.StopIntent": ("stop", "off", "shut up"),
}
"""What built-in intents are recognised by besides their own samples.

Source: https://docs.aws.amazon.com/lexv2/latest/dg/built-in-intents.html
"""


@dataclass(frozen=True)
class Definition:
    """A bot in one version and locale, as its rows have it."""

    bot: Members
    version: str
    locale: Members
    intents: Mapping[str, Members]
    """By name."""
    slots: Mapping[str, Sequence[Members]] = field(default_factory=dict)
    """By the intent's name, in the order of their priorities."""
    types: Mapping[str, Members] = field(default_factory=dict)
    """Slot types of one's own, by id."""
    detects_sentiment: bool = False
    """Whether its alias wants to know how what is said is meant."""

    @property
    def language(self) -> str:
        """The language that its locale begins with: `en`."""
        return str(self.locale["localeId"]).partition("_")[0]

    @property
    def fallback(self) -> str | None:
        """The name of the intent for what is not understood."""
        return next((name for name, intent in self.intents.items() if _parent(intent) == FALLBACK), None)

    def slot(self, intent: str, name: str | None) -> Members | None:
        """A slot of an intent, by its name."""
        return next((slot for slot in self.slots.get(intent, ()) if slot["slotName"] == name), None)

    def values(self, slot: Members) -> list[list[str]]:
        """The values that a slot's type has, each with its synonyms; none for built-in types."""
        kind = self.types.get(str(slot.get("slotTypeId", "")), {})
        return [
            [value["sampleValue"]["value"], *(synonym["value"] for synonym in value.get("synonyms", ()))]
            for value in kind.get("slotTypeValues", ())
            if "sampleValue" in value
        ]

    def is_strict(self, slot: Members) -> bool:
        """Whether only its type's own values fill a slot."""
        kind = self.types.get(str(slot.get("slotTypeId", "")), {})
        return bool(kind.get("valueSelectionSetting", {}).get("resolutionStrategy") == "TopResolution")

    def pattern(self, slot: Members) -> str | None:
        """The regular expression that a slot's value must match."""
        kind = self.types.get(str(slot.get("slotTypeId", "")), {})
        found: str | None = kind.get("valueSelectionSetting", {}).get("regexFilter", {}).get("pattern")
        return found

    def recognisable(self, contexts: Sequence[str]) -> list[Intent]:
        """The intents that can be meant while these contexts are active."""
        found = []
        for name, intent in self.intents.items():
            needs = {context["name"] for context in intent.get("inputContexts") or ()}
            if _parent(intent) != FALLBACK and needs <= {*contexts}:
                samples = [sample["utterance"] for sample in intent.get("sampleUtterances") or ()]
                slots = {slot["slotName"]: self.values(slot) for slot in self.slots.get(name, ())}
                found.append(Intent(name, [*samples, *BUILT_IN.get(_parent(intent), ())], slots))
        return found


def define(keepers: Mapping[str, Keeper], bot: Members, version: str, locale: Members) -> Definition:
    """A bot as its rows have it in one version and locale."""
    named = {"botId": bot["botId"], "botVersion": version, "localeId": locale["localeId"]}
    intents = [record["members"] for record in keepers["Intent"].all(named)]
    types = [record["members"] for record in keepers["SlotType"].all(named)]
    slots = by_intent(record["members"] for record in keepers["Slot"].all(named))
    return Definition(
        bot,
        version,
        locale,
        {intent["intentName"]: intent for intent in intents},
        {intent["intentName"]: _ordered(intent, slots[intent["intentId"]]) for intent in intents},
        {kind["slotTypeId"]: kind for kind in types},
    )


def by_intent(slots: Iterable[Members]) -> Mapping[str, list[Any]]:
    """Slots by the id of their intent; of any other intent there are none."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for slot in slots:
        found[slot["intentId"]].append(slot)
    return found


def _ordered(intent: Members, slots: Sequence[Members]) -> list[Members]:
    """The slots of an intent in the order in which they are asked for: by priority, then as they were made."""
    places = {place["slotId"]: place["priority"] for place in intent.get("slotPriorities") or ()}
    return sorted(slots, key=lambda slot: places.get(slot["slotId"], len(places) + 1))


def _parent(intent: Members) -> str:
    return str(intent.get("parentIntentSignature") or "")
