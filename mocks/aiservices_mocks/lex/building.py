"""What keeps a locale from being built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .definition import Members, by_intent

_SLOT_IN_UTTERANCE = re.compile(r"{([^{}]+)}")


def problems(locale: str, intents: Sequence[Members], slots: Sequence[Members], types: Sequence[Members]) -> list[str]:
    """The reasons why a build of these intents, slots and custom slot types fails; none: it succeeds."""
    found = [] if any(map(_utterances, intents)) else [f"The locale '{locale}' doesn't have any utterances."]
    own = by_intent(slots)
    for intent in intents:
        found += _of_intent(intent, own[intent["intentId"]])
    known = {kind["slotTypeId"] for kind in types}
    for slot in slots:
        kind = slot.get("slotTypeId", "AMAZON.")
        if not kind.startswith("AMAZON.") and kind not in known:
            found.append(f"Slot {slot['slotName']} uses the slot type {kind}, which doesn't exist.")
    return [*found, *(f"Slot type {kind['slotTypeName']} doesn't have any values." for kind in types if _empty(kind))]


def _utterances(intent: Members) -> list[str]:
    return [one["utterance"] for one in intent.get("sampleUtterances", ())]


def _of_intent(intent: Members, slots: Sequence[Members]) -> Iterator[str]:
    name = intent["intentName"]
    ordered = {one["slotId"] for one in intent.get("slotPriorities", ())}
    if unordered := [slot["slotName"] for slot in slots if slot["slotId"] not in ordered]:
        yield (
            f"Slot ids [{', '.join(unordered)}] in intent {name} don't define a slot priority. "
            "Update the intent to add a priority to these slots."
        )
    own = {slot["slotName"] for slot in slots}
    used = {part.split(".")[0] for text in _utterances(intent) for part in _SLOT_IN_UTTERANCE.findall(text)}
    if unknown := sorted(used - own):
        yield f"The sample utterances of intent {name} use slots that it doesn't have: [{', '.join(unknown)}]."
    for slot in slots:
        setting = slot["valueElicitationSetting"]
        if setting["slotConstraint"] == "Required" and "promptSpecification" not in setting:
            yield f"Slot {slot['slotName']} in intent {name} is required and doesn't have a prompt."


def _empty(kind: Members) -> bool:
    """Whether a slot type takes its values from its own list, and the list is empty."""
    elsewhere = ("parentSlotTypeSignature", "externalSourceSetting", "compositeSlotTypeSetting")
    return not kind.get("slotTypeValues") and not any(name in kind for name in elsewhere)
