"""What a bot understands in one language: intents, the slots that they need, and the values of slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.resources import Resource
from aiservices_mocks.service import stateful

from .definition import FALLBACK
from .languages import intents, slot_types
from .locales import FALLBACK_ID
from .of_bot import OfBot

MORE_ROOM = ("en_AU", "en_GB", "en_US")
"""The locales with the higher quotas."""
INTENTS, SLOT_TYPES = (1000, 250), (250, 100)
"""In one locale: in those, and in the others."""
SLOTS = 100
"""Slots of one intent."""
MULTIPLE = "en_US"
"""The locale in which a slot can have several values."""

_LOCALE = {"botId": "Bot", "localeId": "BotLocale"}
_CHECKED = ("botId", "botVersion", "localeId")


def _slot(view: Mapping[str, Any]) -> dict[str, Any]:
    """What lists show of how a slot is asked for."""
    setting = view["valueElicitationSetting"]
    prompt = {"valueElicitationPromptSpecification": setting.get("promptSpecification")}
    return {"slotConstraint": setting["slotConstraint"], **({} if None in prompt.values() else prompt)}


def _slot_type(view: Mapping[str, Any]) -> dict[str, Any]:
    """Which kind of slot type it is, also as filters call it."""
    kinds = {
        "compositeSlotTypeSetting": "Composite",
        "externalSourceSetting": "ExternalGrammar",
        "parentSlotTypeSignature": "Extended",
    }
    kind = next((kind for member, kind in kinds.items() if member in view), "Custom")
    return {"slotTypeCategory": kind, "externalSourceType": kind if kind == "ExternalGrammar" else ""}


class Intents(OfBot):
    """Intents, slots and slot types."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource("Intent", "intentId", made="{hex10}", unique="intentName", parents=_LOCALE, keys=("botVersion",)),
        Resource(
            "SlotType",
            "slotTypeId",
            made="{hex10}",
            unique="slotTypeName",
            parents=_LOCALE,
            keys=("botVersion",),
            defaults={"valueSelectionSetting": {"resolutionStrategy": "OriginalValue"}},
            derived=_slot_type,
        ),
        Resource(
            "Slot",
            "slotId",
            made="{hex10}",
            unique="slotName",
            parents={**_LOCALE, "intentId": "Intent"},
            keys=("botVersion",),
            defaults={"multipleValuesSetting": {"allowMultipleValues": False}},
            derived=_slot,
        ),
    )

    @stateful
    def create_intent(self, **request: Any) -> Reply:
        """Something that a user can want."""
        params = self.named("CreateIntent", request)
        with self._editing("CreateIntent", params):
            self._check_intent(params)
            self._check_room("Intent", params, INTENTS)
            fallback = params.get("parentIntentSignature") == FALLBACK
            return self.kept["CreateIntent"]({**params, **({"intentId": FALLBACK_ID} if fallback else {})})

    @stateful
    def update_intent(self, **request: Any) -> Reply:
        """An intent is as the request says from now on; what that leaves out is gone."""
        params = self.named("UpdateIntent", request)
        with self._editing("UpdateIntent", params):
            self.keepers["Intent"].named("UpdateIntent", params)
            self._check_intent(params)
            named = {name: params[name] for name in (*_CHECKED, "intentId")}
            for place in params.get("slotPriorities", ()):
                if self.keepers["Slot"].find({**named, "slotId": place["slotId"]}) is None:
                    raise self._unmet(f"The intent has no slot {place['slotId']}, which slotPriorities names.")
            return self.kept["UpdateIntent"](params)

    @stateful
    def delete_intent(self, **request: Any) -> Reply:
        """An intent goes, with its slots."""
        return self._delete_part("DeleteIntent", request)

    @stateful
    def create_slot(self, **request: Any) -> Reply:
        """Something that an intent has to know."""
        params = self.named("CreateSlot", request)
        with self._editing("CreateSlot", params):
            intent = self.keepers["Intent"].named("CreateSlot", params)["members"]
            self._check_slot(params)
            of_intent = {name: intent[name] for name in (*_CHECKED, "intentId")}
            if len(self.keepers["Slot"].all(of_intent)) >= SLOTS:
                raise self._full(f"The intent has {SLOTS} slots, the most there can be.")
            return self.kept["CreateSlot"](params)

    @stateful
    def update_slot(self, **request: Any) -> Reply:
        """A slot is as the request says from now on."""
        params = self.named("UpdateSlot", request)
        with self._editing("UpdateSlot", params):
            self.keepers["Slot"].named("UpdateSlot", params)
            self._check_slot(params)
            return self.kept["UpdateSlot"](params)

    @stateful
    def delete_slot(self, **request: Any) -> Reply:
        """A slot goes; its intent asks for it no more."""
        params = self.named("DeleteSlot", request)
        with self._editing("DeleteSlot", params):
            reply = self.kept["DeleteSlot"](params)
            intent = self.keepers["Intent"].named("DeleteSlot", params)
            places = intent["members"].get("slotPriorities", [])
            left = [place for place in places if place["slotId"] != params["slotId"]]
            if left != places:
                self.keepers["Intent"].change(intent, {"slotPriorities": left})
        return reply

    @stateful
    def create_slot_type(self, **request: Any) -> Reply:
        """Values that slots can have."""
        params = self.named("CreateSlotType", request)
        with self._editing("CreateSlotType", params):
            self._check_slot_type(params)
            self._check_room("SlotType", params, SLOT_TYPES)
            return self.kept["CreateSlotType"](params)

    @stateful
    def update_slot_type(self, **request: Any) -> Reply:
        """A slot type is as the request says from now on."""
        params = self.named("UpdateSlotType", request)
        with self._editing("UpdateSlotType", params):
            self.keepers["SlotType"].named("UpdateSlotType", params)
            self._check_slot_type(params)
            return self.kept["UpdateSlotType"](params)

    @stateful
    def delete_slot_type(self, skip_resource_in_use_check: bool = False, **request: Any) -> Reply:
        """A slot type goes, if no slot has it."""
        params = self.named("DeleteSlotType", request)
        with self.world.lock:
            self.keepers["SlotType"].named("DeleteSlotType", params)
            users = () if skip_resource_in_use_check else self._users_of_type(params)
            if (user := next(iter(users), None)) is not None:
                raise self._conflict(f"The slot type is used by {user}. Change or delete that first.")
            return self._delete_part("DeleteSlotType", request)

    def _delete_part(self, operation: str, request: Mapping[str, Any]) -> Reply:
        params = self.named(operation, request)
        with self._editing(operation, params):
            return self.kept[operation](params)

    def _users_of_type(self, params: Mapping[str, Any]) -> Iterator[str]:
        """The names of slots and composite types beside a slot type that use it."""
        beside, kind = {name: params[name] for name in _CHECKED}, params["slotTypeId"]
        for noun, name in (("Slot", "slotName"), ("SlotType", "slotTypeName")):
            for record in self.keepers[noun].all(beside):
                members = record["members"]
                own = members.get("slotTypeId") if noun == "Slot" else None
                if kind in (own, *_parts(members)):
                    yield str(members[name])

    def _check_intent(self, params: Mapping[str, Any]) -> None:
        built_in, parent = intents(params["localeId"]), params.get("parentIntentSignature")
        if parent is not None and parent not in built_in:
            raise self._invalid("parentIntentSignature is no built-in intent of the locale: see ListBuiltInIntents.")
        if parent is not None and params.get("sampleUtterances"):
            raise self._invalid("An intent that is based on a built-in one can't have utterances.")
        name = params["intentName"].lower()
        if parent != FALLBACK and any(one.lower() == f"amazon.{name}" for one in built_in):
            raise self._invalid("The specified intent name conflicts with a built-in intent name. Use another one.")
        sources = [name for name in ("kendraConfiguration", "qnAIntentConfiguration") if name in params]
        if len(sources) > 1:
            raise self._invalid(f"An intent has one of {' and '.join(sources)}, not both.")

    def _check_slot(self, params: Mapping[str, Any]) -> None:
        kinds = [params["slotTypeId"]] if "slotTypeId" in params else []
        self._check_kinds(params, [*kinds, *_parts(params)])
        if params.get("multipleValuesSetting", {}).get("allowMultipleValues") and params["localeId"] != MULTIPLE:
            raise self._invalid(f"Slots with multiple values are available in {MULTIPLE} only.")

    def _check_slot_type(self, params: Mapping[str, Any]) -> None:
        if params.get("parentSlotTypeSignature", "AMAZON.AlphaNumeric") != "AMAZON.AlphaNumeric":
            raise self._invalid("Only AMAZON.AlphaNumeric can be the parent of a slot type.")
        self._check_kinds(params, _parts(params))

    def _check_kinds(self, params: Mapping[str, Any], kinds: list[str]) -> None:
        """The slot types that a request names are there, built in or one's own."""
        beside = {name: params[name] for name in _CHECKED}
        for kind in kinds:
            own = self.keepers["SlotType"].find({**beside, "slotTypeId": kind})
            if own is None and kind not in slot_types(params["localeId"]):
                raise self._unmet("slotTypeId names no slot type of the locale, of its own or built in.")

    def _check_room(self, noun: str, params: Mapping[str, Any], quotas: tuple[int, int]) -> None:
        quota = quotas[0] if params["localeId"] in MORE_ROOM else quotas[1]
        if len(self.keepers[noun].all({name: params[name] for name in _CHECKED})) >= quota:
            raise self._full(f"There are {quota} of {noun} in {params['localeId']}, the most there can be.")


def _parts(members: Mapping[str, Any]) -> list[str]:
    """The slot types of what a composite slot or slot type is made of."""
    subs = members.get("compositeSlotTypeSetting", {}).get("subSlots", ())
    specified = members.get("subSlotSetting", {}).get("slotSpecifications", {})
    return [sub["slotTypeId"] for sub in (*subs, *specified.values())]
